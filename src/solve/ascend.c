/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The multipliers: of small problems by their linear program, which is exact; of others by climbing the smoothed dual in
 * legs, each nearer to the true one. Behind each leg a choice is rounded off, and where that is good enough the climb ends.
 * Patience may end at any time: where there is no choice yet and one is owed, the first leg is climbed, as far as some hundred
 * looks at each option lead, and one is rounded off all the same.
 *
 * Counts come in where they are needed only: a region that has three vendors anyway needs no multiplier for that.
 */
#include "solve/dual.h"
#include "solve/run.h"
#include "solve/spread.h"

#include <stdlib.h>
#include <string.h>

enum {
	SMALL_ENTRIES = 4000,    /* a linear program of this size takes some milliseconds */
	SPREAD_ENTRIES = 60000,  /* with fees or borders, which the climb is slower at */
	LARGE_ENTRIES = 1000000, /* where the climb led to no choice */
	LOOKS_A_PIVOT = 10,
};

static const double leg_from[] = { 0.2, 2e-3, 2e-4 }, leg_until[] = { 2e-3, 2e-4, 1e-5 };
enum { LEGS = 3 };

/* What a program's answer says to choose: the largest part of each unit. */
static void round_off(const struct problem *p, const struct linear *l, const double *x, uint32_t *choice)
{
	for (int i = 0; i < l->options;) {
		int best = i, end = i;

		for (; end < l->options && p->owner[l->option[end]] == p->owner[l->option[i]]; end++)
			if (x[end] > x[best])
				best = end;
		choice[p->owner[l->option[i]]] = l->option[best];
		i = end;
	}
}

/* The whole problem's linear program. *ray: it has no point, and this proves it. false: too large, or no CLP, or it failed. */
static bool by_program(struct run *r, size_t most, struct solve_certificate **ray)
{
	struct arena *a;
	struct linear *l;
	struct lp_answer answer = { 0 };
	uint32_t *choice;
	enum lp_status status = LP_FAILED;

	if (!run_is_patient(r, 0))
		return false;
	a = arena_new();
	l = linear_new(a, r->p, NULL, NULL, most);
	choice = arena_array(a, (size_t)r->p->units + 1, sizeof *choice);

	if (!l->too_large && run_coin(r) && run_goes_on(r, "dual"))
		status = lp_solve(&r->coin, a, l, 100 * (l->rows + l->columns) + 1000, run_seconds_left(r), &answer);
	run_worked(r, (uint64_t)answer.iterations * LOOKS_A_PIVOT);
	if (status != LP_FAILED)
		prices_take(r->prices, r->p, l, answer.dual);
	if (status == LP_OPTIMAL) {
		round_off(r->p, l, answer.x, choice);
		run_offer_prices(r, r->prices);
		if (run_goes_on(r, "round"))
			run_round(r, choice, r->settings->seed);
	} else if (status == LP_INFEASIBLE) {
		*ray = run_ray(r, r->prices);
	}
	arena_free(a);
	return status == LP_OPTIMAL || *ray;
}

static void cheapest(const struct run *r, uint32_t *choice)
{
	const struct problem *p = r->p;

	for (uint32_t u = 0; u < p->units; u++) {
		choice[u] = p->first[u];
		for (uint32_t o = p->first[u] + 1; o < p->first[u + 1]; o++)
			if (r->price[o] < r->price[choice[u]])
				choice[u] = o;
	}
}

/* Counts that the cheapest choices miss come into the dual. true: there are new ones. */
static bool bring_counts(struct run *r, const uint32_t *choice, bool *in)
{
	bool any = false;

	search_set(r->search, choice);
	for (uint32_t i = 0; i < r->p->counts; i++)
		if (!in[i] && r->search->borne[i] < r->p->count[i].at_least)
			any = in[i] = true;
	return any;
}

struct legs {
	struct arena *arena;
	struct dual *d;
	struct spread *spread;
	uint32_t *choice;
	bool *in; /* counts */
};

static void build(struct run *r, struct legs *g)
{
	if (g->arena)
		arena_free(g->arena);
	g->arena = arena_new();
	g->d = dual_new(g->arena, r, g->in);
	g->spread = spread_new(g->arena, r->p, r->prices);
	run_worked(r, 4 * (uint64_t)r->p->options);
}

/* One leg; again from a middle eps while counts turn out to be missed. */
static enum dual_end climb_leg(struct run *r, struct legs *g, int leg)
{
	double from = leg_from[leg];
	enum dual_end end;

	for (int again = 0;; again++) {
		end = dual_climb(r, g->d, g->spread, from, leg_until[leg], r->prices);
		run_offer_prices(r, r->prices);
		cheapest(r, g->choice);
		if (end != DUAL_DONE || again == LEGS || !bring_counts(r, g->choice, g->in))
			return end;
		build(r, g);
		from = leg_from[leg] < 0.02 ? 0.02 : leg_from[leg];
	}
}

static struct solve_certificate *by_climbing(struct run *r)
{
	struct legs g = { 0 };
	struct arena *a = arena_new();
	struct solve_certificate *ray = NULL;

	g.choice = arena_array(a, (size_t)r->p->units + 1, sizeof *g.choice);
	g.in = arena_array(a, (size_t)r->p->counts + 1, sizeof *g.in);
	build(r, &g);
	for (int leg = 0; leg < LEGS; leg++) {
		enum dual_end end;

		if (!leg)
			run_owes(r);
		end = climb_leg(r, &g, leg);
		r->owes = false;
		if (end == DUAL_UNBOUNDED && (ray = run_ray(r, r->prices)))
			break;
		run_owes(r);
		if (run_goes_on(r, "round") || (!r->has_choice && !(r->stopped && r->settings->at_once)))
			run_round(r, g.choice, r->settings->seed);
		if (end != DUAL_DONE || run_is_within(r))
			break;
	}
	r->owes = false;
	arena_free(g.arena);
	arena_free(a);
	return ray;
}

/* The choice of an earlier result, units that came since at their cheapest. */
static void take_earlier(struct run *r)
{
	const struct solve_result *s = r->settings->start;
	const struct problem *p = r->p;
	struct arena *a = arena_new();
	uint32_t *choice = arena_array(a, (size_t)p->units + 1, sizeof *choice);

	cheapest(r, choice);
	for (uint32_t o = 0; o < p->options; o++)
		if (p->owner[o] < s->units && s->choice[p->owner[o]] == p->origin[o])
			choice[p->owner[o]] = o;
	run_round(r, choice, r->settings->seed);
	arena_free(a);
}

struct solve_certificate *ascend(struct run *r)
{
	const struct solve_result *s = r->settings->start;
	const struct problem *p = r->p;
	bool spread = p->holder_first[p->marks] > 0 || p->model->borders.count > 0;
	struct solve_certificate *ray = NULL;

	if (s && s->certificate && !s->certificate->ray)
		prices_start(r->prices, p, s->certificate);
	run_offer_prices(r, r->prices);
	if (s && s->choice)
		take_earlier(r);
	if (run_is_within(r) || (r->has_choice && !run_goes_on(r, "dual")))
		return NULL;
	if (!r->settings->no_library && by_program(r, spread ? SPREAD_ENTRIES : SMALL_ENTRIES, &ray))
		return ray;
	ray = by_climbing(r);
	if (!ray && !r->has_choice && !r->settings->no_library)
		by_program(r, LARGE_ENTRIES, &ray);
	return ray;
}
