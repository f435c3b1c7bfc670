/* SPDX-License-Identifier: Apache-2.0 */
/* One run of one operation: what it was called with, and what went wrong so far. Private to ops. */
#ifndef PROVISO_OPS_CALL_H
#define PROVISO_OPS_CALL_H

#include "ops/ops.h"

struct given {
	const struct ops_option *option;
	const char *value; /* NULL for a switch */
};

struct call {
	const struct operation *operation;
	const struct ops_world *world;
	struct arena *arena; /* everything of this run lives here */
	struct diagnostics diagnostics;
	const char **operands;
	size_t operand_count;
	struct given *given;
	size_t given_count;
	bool json;
	bool wants_help;
	int failure; /* the first status that was given to call_failed, 0: none */
};

/* Reads the words behind the operation's name into the call. Mistakes are diagnosed as usage errors. */
void call_parse(struct call *, size_t count, char *const *words);

/* The value of an option ("" for a switch), or NULL where it was not given. */
const char *call_option(const struct call *, const char *name);
/* All values of an option, in the order given; the array is the arena's. */
const char **call_options(const struct call *, const char *name, size_t *count);

/* Whether this very word stands on the command line: as an operand or the value of an option. */
bool call_was_given(const struct call *, const char *word);

/* The run is going to end with this status (the first one given stays). */
void call_failed(struct call *, int status);
/*
 * The same, with an error that has no place in an input: code, format, arguments. A macro, because formats do not pass
 * on.
 */
#define call_fail(call, status, code, ...)                                                                             \
	(diagnose(&(call)->diagnostics, SEVERITY_ERROR, code, (struct place){ 0 }, __VA_ARGS__),                       \
	 call_failed(call, status))
/* A file or folder that can't be read, by errno. */
void call_fail_reading(struct call *, const char *path, int error);
/* Says which operation may have been meant; EXIT_USAGE. */
int call_unknown_operation(struct call *, const char *name);
/* The status that a run with these diagnostics ends with: 0 where all is well. */
int call_status(const struct call *);

/* "usage: proviso assess CASE [--json] ..." without a newline, folded at the width with a hanging indent. */
void call_synopsis(const struct operation *, unsigned width, struct sink *);

/* The page of an operation as --help shows it. */
void help_print(const struct operation *, unsigned width, struct sink *);
/* The list of operations. */
void help_print_all(unsigned width, struct sink *);

/* Before long work: what can't be created is told now, and not when the work is done. */
void call_check_output(struct call *, const char *option);
/* A file that an option asks for: NULL where it was not given; failed where it can't be created. */
struct outfile *call_open_output(struct call *, const char *option);
/* What does not fit on the disk is seen before any of several files appears: flush all, then keep all. */
void call_flush_output(struct call *, const char *option, struct outfile *);
void call_keep_output(struct call *, const char *option, struct outfile *);

/* Options that several operations have. */
#define OPTION_JSON                                                                                                    \
	{                                                                                                              \
		"json", 0, NULL, OPS_ONCE, "print the result as JSON (doc/json.md)"                                    \
	}
#define OPTION_ON                                                                                                      \
	{                                                                                                              \
		"on", 0, "DATE", OPS_ONCE, "the date that is judged, YYYY-MM-DD (default: the case's)"                 \
	}
#define OPTION_POLICY                                                                                                  \
	{                                                                                                              \
		"policy", 0, "FILE|NAME", OPS_SEVERAL, "judge by this policy instead of the case's own"                \
	}
#define OPTION_PARAM                                                                                                   \
	{                                                                                                              \
		"param", 0, "NAME=VALUE", OPS_SEVERAL, "try another value of a policy's param"                         \
	}
#define OPTION_NETWORK                                                                                                 \
	{                                                                                                              \
		"network", 0, "present|proposed", OPS_ONCE,                                                            \
			"which network to judge (default: proposed, where there is one)"                               \
	}
#define OPTION_THREADS                                                                                                 \
	{                                                                                                              \
		"threads", 0, "N", OPS_ONCE, "how many threads to use (default: one a core); the result is the same"   \
	}
#define OPTION_PLAN                                                                                                    \
	{                                                                                                              \
		"assume-plan", 0, NULL, OPS_ONCE, "count evidence that is only planned; the verdict says so"           \
	}
#define OPTION_PROGRESS                                                                                                \
	{                                                                                                              \
		"progress", 0, NULL, OPS_ONCE, "tell line by line on stderr how far the search for a plan is"          \
	}
#define OPTIONS_END                                                                                                    \
	{                                                                                                              \
		NULL, 0, NULL, OPS_ONCE, NULL                                                                          \
	}
#define EXITS_END                                                                                                      \
	{                                                                                                              \
		0, NULL                                                                                                \
	}

#endif
