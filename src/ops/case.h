/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case as it is loaded from its folder: the case file, its networks, policies and evidence, and the hash of each
 * input. Private to ops. Everything lives in the arena of the call.
 */
#ifndef PROVISO_OPS_CASE_H
#define PROVISO_OPS_CASE_H

#include "ops/call.h"

/* ---- inputs: what was read, and its hash ------------------------------------------------------------------------- */

struct inputs {
	struct call *call;
	const char *folder; /* paths are told relative to it; NULL: as they are */
	struct input {
		const char *path; /* as results name it: the same on any machine */
		struct source *source;
	} * items;
	size_t count, room;
};

struct inputs *inputs_new(struct call *, const char *folder); /* the arena's */
/* A pipe in a case's folder would be waited for, for ever perhaps: refused. False and failed. */
bool inputs_is_file(struct inputs *, const char *path);
/* NULL and failed where it can't be opened; only what is named on the command line may be a pipe. */
struct source *inputs_open(struct inputs *, const char *path);
struct source *inputs_open_capture(struct inputs *, const char *path); /* "-" is standard input, and pipes may be */
/* Sorted by path. All sources have been read by now. */
const struct assessment_input *inputs_list(struct inputs *, size_t *count);

/* folder/name, or name alone where it is absolute or the folder is "". */
const char *path_join(struct arena *, const char *folder, const char *name);
/* The folder that a file lies in: "a/b" of "a/b/c", "" of "c". */
const char *path_folder(struct arena *, const char *path);
/* A file that is named in another starts from there. */
const char *path_beside(struct arena *, const char *name, const char *from_file);
bool path_exists(const char *path); /* a link that leads nowhere does, and is told where it is opened */
bool path_is_folder(const char *path);
bool path_is_pipe(const char *path); /* or a terminal, a socket: what can be read but once */
/* Two captures of one run are one file: fails, because each of its frames would count twice. */
void inputs_refuse_twice(struct call *, const char *const *paths, size_t count);

/* ---- policies: by name from the shelf, by path from the file that names them ------------------------------------- */

/* The folder of the policies that are known by name: PROVISO_POLICIES, else beside the program, else as installed. */
const char *shelf_folder(struct arena *);
/*
 * The path of the policy that a word names: NAME is looked up on the shelf, a path starts beside from_file (NULL:
 * here).
 */
const char *shelf_path(struct arena *, const char *word, const char *from_file);

/* Documents that have been opened, each parsed (and diagnosed) once. */
struct documents {
	struct inputs *inputs;
	struct opened {
		const char *path;
		uint64_t device, file;     /* whichever name led to it; 0: there is no such file */
		struct document *document; /* NULL: could not be read */
	} * items;
	size_t count, room;
	struct policy_opener opener; /* what `include` goes through */
};

struct documents *documents_new(struct inputs *); /* the arena's */
/* NULL and failed where it can't be read. */
struct document *documents_open(struct documents *, const char *path);

/*
 * The policy that a word names, or NULL and failed: a word of the command line (from NULL), or a token of a document.
 */
struct policy *policy_load(struct documents *, const char *word, const struct document *from, const struct token *at);
/* Sets every --param in the policies; one that no policy has is an error. */
void policies_set_params(struct call *, struct policy *const *, size_t count);

/* ---- the case ---------------------------------------------------------------------------------------------------- */

/* case.proviso, as far as it is the case's own. */
struct case_file {
	const struct document *document;
	const char *name, *title, *operator_name;
	int32_t on; /* DATE_NONE: not said */
	const struct token **policies;
	size_t policy_count;
	const struct token *offers;
	bool assume_plan;
};

/* Reads the `case` stanza of a document; `believe` clauses go to the evidence. Other stanzas are errors. */
void case_file_read(struct call *, const struct document *, struct evidence *, struct case_file *);

/* Adds the claims of a document to the evidence; stanzas of another kind are errors. */
void evidence_read(struct call *, struct evidence *, const struct document *);

enum case_network { NETWORK_BY_CASE, NETWORK_PRESENT, NETWORK_PROPOSED };

/* One row of a filled-in list. */
struct answer {
	struct net_answer cell; /* table NET_TABLES: about nothing that has a table */
	enum about_kind about;
	const char *source; /* what the operator says it rests on, or NULL */
	size_t number;      /* of its cell among those given to the network */
};

struct case_loaded {
	struct call *call;
	const char *folder;
	struct case_file file;
	struct inputs *inputs;
	struct documents *documents;
	struct strs *strs;
	struct net *present;
	struct net *proposed;  /* NULL: no proposal, or not asked for; or one that changes nothing */
	bool by_proposal;      /* the network that is judged is the proposed one */
	const struct net *net; /* the one that is judged */
	const struct policy **policies;
	size_t policy_count;
	struct evidence *evidence;
	int32_t on;
	struct { /* filled-in lists of questions in evidence/ */
		struct answer *items;
		size_t count, room;
	} answers;
};

/* What of a case is wanted: each part that is left out is not read. */
struct case_wants {
	bool network, policies;
	bool elements; /* there has to be one */
	bool judged; /* it is going to be: there have to be a date and a policy */
	const char *const
		*instead; /* policies as the command line names them, instead of the case's own; NULL: its own */
	size_t instead_count;
	const char *const *without; /* names whose reports do not count */
	size_t without_count;
};

/*
 * Loads, checks and weighs; options (--on, --network, --param, --assume-plan) are the call's. NULL where anything was
 * wrong: all of it is diagnosed.
 */
struct case_loaded *case_load(struct call *, const char *folder, const struct case_wants *);
/* Judges a loaded case; findings say whether the element `focus` (an id, or NULL) is among their witnesses. */
struct assessment *case_assess(struct case_loaded *, const char *focus);
/*
 * A filled-in list of questions; what it says of cells goes into the network, what is left becomes claims. See
 * answers.c.
 */
void answers_read(struct case_loaded *, const char *path);
struct net_answer *answers_cells(struct case_loaded *, size_t *count);
void answers_claim(struct case_loaded *, const struct net_answer *cells);
/* What assess and explain judge: the network by the policies that the call names, else the case's. */
struct case_wants case_wants_judged(struct call *);

/* --threads, or as the world says. 0 and failed where it is no number. */
unsigned call_threads(struct call *);

#endif
