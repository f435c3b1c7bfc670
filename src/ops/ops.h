/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ops: the operations, one file each: load, run, render. One table of them that the command line, the help, the man
 * pages and the completion all read. Knows files and folders, but neither terminals nor sockets: where bytes go is
 * given.
 *
 *     struct ops_world world = { .out = sink_to_fd(arena, 1), .err = sink_to_fd(arena, 2), .threads = 2 };
 *     char *words[] = { "assess", "examples/aotearoa", "--json" };
 *     return ops_run(&world, 3, words);
 *
 * An operation writes its result when it has all of it: what fails halfway leaves no half of an answer.
 */
#ifndef PROVISO_OPS_H
#define PROVISO_OPS_H

#include "base/base.h"
#include "report/report.h"

/* What the caller lets an operation have. */
struct ops_world {
	struct sink *out, *err;                   /* results; diagnostics */
	struct report_style out_style, err_style; /* how they are shown */
	unsigned threads;                         /* to use where --threads says nothing, at least 1 */
	bool err_is_terminal;                     /* long work may show how far it is, in a line that it rewrites */
	/* Long work that has something to show for it asks for interrupts; the second one ends the program. May be NULL. */
	void (*catch_interrupts)(void);
	bool (*interrupted)(void);
};

struct call; /* one run of one operation, see call.h */

struct ops_option {
	const char *name;  /* "policy": given as --policy VALUE or --policy=VALUE */
	char letter;       /* also given as -o VALUE; 0: not */
	const char *value; /* what it takes, as people read it: "FILE", "present|proposed"; NULL: it is a switch */
	enum {
		OPS_ONCE,
		OPS_SEVERAL, /* may be given more than once */
		OPS_WRITTEN, /* once; the path of what is written: never "-", nor that of another such option */
	} kind;
	const char *help; /* one line */
};

enum { OPS_ANY = 1000 * 1000 }; /* any number of operands */

struct ops_exit {
	int status;
	const char *meaning;
};

struct operation {
	const char *name;
	const char *help;                 /* one line */
	const char *operands;             /* for the synopsis: "CASE", "FILE.proviso..." */
	size_t least, most;               /* how many operands */
	const struct ops_option *options; /* ends with a row without a name */
	const struct ops_exit *exits;     /* its own statuses; ends with a row without a meaning */
	const char *page;                 /* plain paragraphs; lines indented by four are shown as they are */
	int (*run)(struct call *);        /* the exit status */
	bool hidden;                      /* for the build, not for people */
};

extern const struct operation ops_table[];
extern const size_t ops_table_count;

/* Statuses that any operation may end with, after its own. */
extern const struct ops_exit ops_exits[];

const struct operation *ops_find(const char *name); /* NULL if none */

/* Runs words[0] with the rest as its arguments, prints its diagnostics, flushes both sinks. Returns the exit status. */
int ops_run(const struct ops_world *, size_t count, char *const *words);

#endif
