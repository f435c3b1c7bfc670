/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run: one call of solve while it lasts: the problem, the best multipliers with their exact prices, the best choice, and
 * what is left of work and patience. The phases take it in turn.
 */
#ifndef PROVISO_SOLVE_RUN_H
#define PROVISO_SOLVE_RUN_H

#include "solve/prices.h"
#include "solve/search.h"

struct run {
	struct arena *keep;    /* of the result */
	struct arena *scratch; /* of the run */
	const struct problem *p;
	const struct solve_settings *settings;
	uint64_t work, most_work;
	bool stopped;
	struct prices *prices;
	struct solve_certificate *certificate; /* of the best bound; in scratch */
	bool has_bound;
	wide total, bound;
	wide *price;   /* of each option: above its unit's best, in 2^-shift micro-money, exact */
	double *away;  /* the same in micro-money, for guiding */
	uint32_t *choice;
	bool has_choice;
	wide cost;
	struct search *search;
};

/* Tells progress, asks for stop; true: go on. */
bool run_goes_on(struct run *, const char *phase);
void run_worked(struct run *, uint64_t looks); /* looks at options */
/* Is the choice good enough by the bound? */
bool run_is_within(const struct run *);
/* Rounds the prices to a certificate; keeps it if its bound is better. */
bool run_offer_prices(struct run *, const struct prices *);
/* Keeps the search's choice if it breaks nothing and is cheaper. */
bool run_offer_choice(struct run *);
double run_seconds_left(const struct run *); /* 0: nobody said; else at least a little */

struct solve_result *run_solve(struct arena *, const struct solve_model *, const bool *off, const struct solve_settings *);

#endif
