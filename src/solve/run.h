/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run: one call of solve while it lasts: the problem, the best multipliers with their exact prices, the best choice, and
 * what is left of work and patience. The phases take it in turn.
 */
#ifndef PROVISO_SOLVE_RUN_H
#define PROVISO_SOLVE_RUN_H

#include "solve/coin.h"
#include "solve/prices.h"
#include "solve/search.h"

struct run {
	struct arena *keep;    /* of the result */
	struct arena *scratch; /* of the run */
	const struct problem *p;
	const struct solve_settings *settings;
	uint64_t work, most_work;
	bool stopped;
	bool owes; /* a first choice: patience may end, but what leads to one goes on until so much work is done */
	uint64_t owed_work;
	struct prices *prices;
	struct solve_certificate *certificate; /* of the best bound; in scratch */
	bool has_bound;
	wide total, bound;
	wide *price;  /* of each option: above its unit's best, in 2^-shift micro-money, exact */
	double *away; /* the same in micro-money, for guiding */
	uint32_t *choice;
	bool has_choice;
	wide cost;
	struct search *search;
	struct coin coin;
	enum { COIN_NOT_TRIED, COIN_MISSING, COIN_HERE } coin_state;
	char coin_why[LATE_WHY_BYTES]; /* COIN_MISSING */
};

/* Tells progress, asks for stop; true: go on. */
bool run_goes_on(struct run *, const char *phase);
/* The same within a step that has taken so many looks: only patience ends it. */
bool run_is_patient(struct run *, uint64_t looks);
bool run_goes_on_within(void *run, uint64_t looks); /* the same, for those who know no run */
/* What comes now leads to a first choice, if there is none: where patience has ended or ends, some work is left for it. */
void run_owes(struct run *);
void run_worked(struct run *, uint64_t looks); /* looks at options */
bool run_is_within(const struct run *);        /* is the choice good enough by the bound? */
/* With a choice: what another has to cost at most to be worth having - less by a step, and by more than the gap. */
wide run_worth(const struct run *);
/* Rounds the prices to a certificate; keeps it if its bound is better. */
bool run_offer_prices(struct run *, const struct prices *);
/* The ray that the prices make, in the result's arena, or NULL where exact arithmetic does not bear it out. */
struct solve_certificate *run_ray(struct run *, const struct prices *);
/* Keeps the search's choice if it breaks nothing and is cheaper. */
bool run_offer_choice(struct run *);
/* Repairs a choice and takes it downhill. */
void run_round(struct run *, const uint32_t *choice, uint64_t seed);
/* CLP and CBC, loaded at the first call; NULL where they are not wanted or not there. */
const struct coin *run_coin(struct run *);
double run_seconds_left(const struct run *); /* 0: nobody said; else at least a little */

/* ---- phases, each in its file ---------------------------------------------------------------------------------------- */

/* The multipliers, and a choice where they lead to one. Not NULL: nothing is possible, and this ray proves it. */
struct solve_certificate *ascend(struct run *);
/*
 * What bound and choice leave open is tried or handed to CBC. PROOF_NONE: it stays open; else nothing is cheaper than the
 * choice by more than the gap, or, without one, there is none.
 */
enum solve_proof finish(struct run *, struct solve_result *);

struct solve_result *run_solve(struct arena *, const struct solve_model *, const bool *off,
			       const struct solve_settings *);

#endif
