/* SPDX-License-Identifier: Apache-2.0 */
/* loaded: a generated network as the program itself would have it - read by net_load from the CSV text, with its evidence. */
#ifndef PROVISO_BENCH_LOADED_H
#define PROVISO_BENCH_LOADED_H

#include "evidence/evidence.h"
#include "generate.h"
#include "policy/policy.h"

struct loaded {
	struct arena *arena;
	struct strs *strs;
	struct diagnostics diagnostics;
	struct net *net;
	struct evidence *evidence;
};

enum { LOADED_ON = 20454 }; /* 2026-01-01: the day on which everything is judged */

/* Ends the process with a message where something is wrong with what was generated. */
struct loaded *load_generated(const struct generated *);
void loaded_free(struct loaded *);
/* Reads a policy from its text and judges; the findings live in the arena that is given. */
void judge_text(const struct loaded *, struct arena *, const char *text, size_t bytes, unsigned threads, struct findings *);
/* The whole file, or the process ends. */
char *file_text(struct arena *, const char *path, size_t *bytes);
void die_of(const struct diagnostics *); /* prints them and ends the process, if one is an error */

#endif
