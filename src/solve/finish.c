/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last part of the gap. An option whose price alone lifts the bound to the cost of the best choice is shut; what is left
 * open is often small enough to be tried completely, or to be finished by CBC.
 */
#include "solve/enumerate.h"
#include "solve/library.h"
#include "solve/run.h"

#include <math.h>
#include <string.h>

enum {
	LIBRARY_ENTRIES = 60000, /* of a program that CBC gets */
	LIBRARY_NODES = 20000,
	ENTRIES_TIMES_NODES = 40000000, /* a large program's nodes take longer */
	LOOKS_A_NODE = 100,
	ENUMERATION_NODES = 400000,
	ENUMERATION_STEPS = 20000000, /* nodes times what a node looks at */
	ENUMERATION_OPTIONS =
		400, /* open ones, of units that have more than one; or so few choices that all are looked at */
};

struct open {
	bool *shut;       /* of each option: no choice that is worth having uses it */
	uint32_t *only;   /* of each unit: the option that is left, or NONE where there are more */
	uint32_t options; /* that are open in units with more than one */
	uint64_t choices; /* of all units together; no more than UINT32_MAX is told */
	bool none;        /* a unit has none left: nothing is cheaper */
};

static void shut_options(const struct run *r, struct open *open)
{
	const struct problem *p = r->p;
	wide limit = 0;

	open->options = 0;
	open->choices = 1;
	open->none = false;
	if (r->has_choice && r->has_bound)
		limit = run_worth(r) * ((wide)1 << r->certificate->shift);
	for (uint32_t u = 0; u < p->units; u++) {
		uint32_t left = 0;

		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++) {
			open->shut[o] = r->has_choice && r->has_bound && r->total + r->price[o] > limit;
			if (!open->shut[o]) {
				open->only[u] = o;
				left++;
			}
		}
		open->options += left > 1 ? left : 0;
		open->choices = open->choices * left < UINT32_MAX ? open->choices * left : UINT32_MAX;
		open->none = open->none || left == 0;
		if (left != 1)
			open->only[u] = NONE;
	}
}

static bool by_enumeration(struct run *r, const struct open *open)
{
	wide *weight = arena_array(r->scratch, (size_t)r->p->rows + 1, sizeof *weight);
	struct enumeration e = { .price = r->has_bound ? r->price : NULL,
				 .shut = open->shut,
				 .total = r->total,
				 .has_total = r->has_bound,
				 .best = r->choice,
				 .has_best = r->has_choice,
				 .best_cost = r->cost,
				 .weight = weight,
				 .goes_on = run_goes_on_within,
				 .context = r,
				 .less = r->has_choice ? r->cost - run_worth(r) : r->p->step };
	size_t looks = 8 + r->p->links + 4 * r->p->entry_first[r->p->options] / (r->p->options + 1);
	bool all;

	e.nodes = ENUMERATION_STEPS / looks < ENUMERATION_NODES ? ENUMERATION_STEPS / looks : ENUMERATION_NODES;
	for (uint32_t i = 0; i < r->p->rows && r->has_bound; i++)
		weight[i] = r->certificate->row[r->p->row_origin[i]];
	if (r->settings->no_enumeration || (open->options > ENUMERATION_OPTIONS && open->choices > e.nodes) ||
	    !run_goes_on(r, "enumerate"))
		return false;
	e.shift = r->has_bound ? r->certificate->shift : 0;
	all = enumerate(r->p, &e);
	r->has_choice = e.has_best;
	r->cost = e.has_best ? e.best_cost : 0;
	run_worked(r, e.nodes);
	return all;
}

/* CBC's choice, judged in integers. */
static bool take_answer(struct run *r, const struct open *open, const struct library_answer *answer)
{
	uint32_t *choice = r->search->choice;

	for (uint32_t u = 0; u < r->p->units; u++)
		choice[u] = open->only[u] != NONE ? open->only[u] : r->p->first[u];
	for (size_t i = 0; i < answer->chosen_count; i++)
		choice[r->p->owner[answer->chosen[i]]] = answer->chosen[i];
	search_set(r->search, choice);
	if (r->search->broken)
		return false;
	run_offer_choice(r);
	return true;
}

/* The highest of what CBC says that no choice can be below: its tree's bound, and what it would have found. */
static void say_bound(const struct run *r, const struct library_answer *answer, wide found, struct solve_result *result)
{
	wide bound = found;

	if (fabs(answer->bound) < 0x1p100 && (wide)floor(answer->bound) > bound)
		bound = (wide)floor(answer->bound);
	bound = bound > r->cost ? r->cost : bound;
	if (r->has_bound && bound <= r->bound)
		return;
	result->has_library_bound = true;
	result->library_bound = bound;
}

/* CBC over what is open. true: it says that nothing is cheaper than what we have now, by more than the gap. */
static bool by_library(struct run *r, const struct open *open, struct solve_result *result)
{
	struct arena *a;
	struct linear *l;
	struct library_limits limits = { .has_cutoff = r->has_choice, .cutoff = r->has_choice ? run_worth(r) : 0 };
	struct library_answer answer = { 0 };
	wide less = r->has_choice ? r->cost - run_worth(r) : r->p->step;
	bool done = false;

	if (!run_is_patient(r, 0))
		return false;
	a = arena_new();
	l = linear_new(a, r->p, open->only, open->shut, LIBRARY_ENTRIES);
	if (l->too_large || !run_coin(r) || !run_goes_on(r, "library"))
		goto out;
	limits.seconds = run_seconds_left(r);
	limits.gap = 0.99 * (double)less;
	limits.nodes = l->start[l->columns] < ENTRIES_TIMES_NODES / LIBRARY_NODES
			       ? LIBRARY_NODES
			       : ENTRIES_TIMES_NODES / l->start[l->columns];
	library_solve(&r->coin, a, r->p, l, &limits, &answer);
	run_worked(r, answer.nodes * LOOKS_A_NODE);
	/* What it calls best may be what we had: its doubles don't tell a last step of the cost. */
	if (answer.has_x)
		done = take_answer(r, open, &answer) && answer.status == LIBRARY_OPTIMAL;
	else
		done = answer.status == LIBRARY_NONE_BELOW;
	if (r->has_choice && (done || r->has_bound))
		say_bound(r, &answer, done ? r->cost - less + r->p->step : r->bound, result);
out:
	arena_free(a);
	return done;
}

enum solve_proof finish(struct run *r, struct solve_result *result)
{
	struct arena *a = arena_new();
	struct open open = { .shut = arena_array(a, (size_t)r->p->options + 1, sizeof *open.shut),
			     .only = arena_array(a, (size_t)r->p->units + 1, sizeof *open.only) };
	enum solve_proof proof = SOLVE_PROOF_NONE;

	shut_options(r, &open);
	if (open.none || by_enumeration(r, &open)) {
		proof = SOLVE_PROOF_ENUMERATION;
	} else if (!run_is_within(r)) {
		shut_options(r, &open);
		if (by_library(r, &open, result))
			proof = SOLVE_PROOF_LIBRARY;
	}
	arena_free(a);
	return proof;
}
