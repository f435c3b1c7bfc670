/* SPDX-License-Identifier: Apache-2.0 */
/* enumerate: every choice that could be better, tried or cut off by exact integer bounds. */
#ifndef PROVISO_SOLVE_ENUMERATE_H
#define PROVISO_SOLVE_ENUMERATE_H

#include "solve/problem.h"

struct enumeration {
	const wide *price;  /* of each option: what it adds to the certificate's total above its unit's best, >= 0 */
	const wide *weight; /* of each row, the certificate's multiplier; with has_total only */
	const bool *shut;   /* options that no better choice uses; NULL: none */
	wide total;         /* the certificate's, in 2^-shift micro-money; has_total false: no certificate */
	unsigned shift;
	bool has_total;
	uint32_t *best; /* in: a choice or nothing; out: the best */
	bool has_best;
	wide best_cost;
	wide less;      /* at least: how much cheaper a choice has to be than the best to count */
	uint64_t nodes; /* in: at most; out: used */
	bool (*goes_on)(void *context, uint64_t looks); /* asked now and then, with the nodes so far; NULL: always */
	void *context;
};

/* true: nothing is cheaper than best by `less` or more (without has_best: there is nothing). false: the nodes ran out, or it was ended. */
bool enumerate(const struct problem *, struct enumeration *);

#endif
