/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search: a choice that changes unit by unit, with everything that depends on it kept at hand in exact integers; finding a
 * choice that keeps all rules (repair) and cheaper ones (descend). What guides it - prices - is floating point;
 * what it claims is not.
 */
#ifndef PROVISO_SOLVE_SEARCH_H
#define PROVISO_SOLVE_SEARCH_H

#include "solve/problem.h"

struct search {
	const struct problem *p;
	uint32_t *choice;  /* of each unit, an option */
	wide *use;         /* of each row */
	uint32_t *bearers; /* of each mark, how many bear it */
	uint32_t *borne;   /* of each count, how many of its marks are borne */
	wide cost;
	uint32_t broken; /* how many rows and counts are */
	double *size;    /* of each row: a typical value, > 0 */
	uint64_t work;
	bool (*goes_on)(void *context, uint64_t looks); /* asked now and then, with the looks since work was 0; NULL: always */
	void *context;
};

/* A walk over the rows that change when one option takes another's place (from NONE: added; to NONE: taken away). */
struct row_walk {
	size_t from, from_end, to, to_end;
};

static inline struct row_walk row_walk(const struct problem *p, uint32_t from, uint32_t to)
{
	struct row_walk w = { 0 };

	if (from != NONE) {
		w.from = p->entry_first[from];
		w.from_end = p->entry_first[from + 1];
	}
	if (to != NONE) {
		w.to = p->entry_first[to];
		w.to_end = p->entry_first[to + 1];
	}
	return w;
}

static inline bool row_walk_next(const struct problem *p, struct row_walk *w, uint32_t *row, wide *change)
{
	uint32_t a = w->from < w->from_end ? p->entry_row[w->from] : NONE;
	uint32_t b = w->to < w->to_end ? p->entry_row[w->to] : NONE;

	if (a == NONE && b == NONE)
		return false;
	*row = a < b ? a : b;
	*change = (b <= a ? (wide)p->entry_value[w->to] : 0) - (a <= b ? (wide)p->entry_value[w->from] : 0);
	w->from += a <= b;
	w->to += b <= a;
	return true;
}

struct search *search_new(struct arena *, const struct problem *);
void search_set(struct search *, const uint32_t *choice);
void search_move(struct search *, uint32_t option); /* the option's unit now chooses it */
wide search_cost_change(const struct search *, uint32_t option);
/* Would the move break anything that holds, or make worse what is broken? */
bool search_allows(const struct search *, uint32_t option);

/*
 * Until nothing is broken, at most rounds times through everything that is. away[option]: how much dearer the option is than
 * its unit's best, by the multipliers, in micro-money. seed varies what is tried. true: nothing is broken; false: given up, or
 * told to end.
 */
bool search_repair(struct search *, const double *away, unsigned rounds, uint64_t seed);
/* Single moves that cost less and keep all rules, until there are none. Nothing may be broken. */
void search_descend(struct search *, const double *away, double most_away);

#endif
