/* SPDX-License-Identifier: Apache-2.0 */
/* library: what is left of a problem, finished by CBC's branch and cut. */
#ifndef PROVISO_SOLVE_LIBRARY_H
#define PROVISO_SOLVE_LIBRARY_H

#include "solve/coin.h"
#include "solve/linear.h"

enum library_status {
	LIBRARY_OPTIMAL,    /* x is the best below the cutoff */
	LIBRARY_NONE_BELOW, /* nothing below the cutoff; without a cutoff: nothing at all */
	LIBRARY_STOPPED,    /* by a limit; x may be there */
};

struct library_answer {
	enum library_status status;
	bool has_x;
	uint32_t *chosen; /* of each unit that was left, in order of units: its option; has_x only */
	size_t chosen_count;
	double bound; /* micro-money, of the whole problem */
	uint64_t nodes;
};

struct library_limits {
	int nodes;
	double seconds; /* 0: none */
	bool has_cutoff;
	wide cutoff; /* only choices that cost at most this much are wanted */
	double gap;  /* absolute, micro-money */
};

void library_solve(const struct coin *, struct arena *, const struct problem *, const struct linear *,
		   const struct library_limits *, struct library_answer *);

#endif
