/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run: multipliers first, because they bound from below and guide everything after; then a choice by rounding, repair
 * and local search; then, where the gap is still open, what the bound leaves open is enumerated or handed to CBC.
 */
#include "solve/dual.h"
#include "solve/enumerate.h"
#include "solve/library.h"
#include "solve/polish.h"
#include "solve/run.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEFAULT_WORK = 20000, /* times the number of options, at least of DEFAULT_LEAST options */
	DEFAULT_LEAST = 1000,
	LP_ENTRIES = 200000,	  /* entries of a linear program that is solved whole */
	LIBRARY_ENTRIES = 400000, /* of one that CBC gets */
	LIBRARY_NODES = 20000,
	ENUMERATION_NODES = 50000,
	ENUMERATION_OPTIONS = 400,
	REPAIR_ROUNDS = 60,
};

static const char *const status_names[] = {
	[SOLVE_OPTIMAL] = "optimal",	   [SOLVE_WITHIN] = "within",	[SOLVE_FEASIBLE] = "feasible",
	[SOLVE_INFEASIBLE] = "infeasible", [SOLVE_UNKNOWN] = "unknown",
};
static const char *const proof_names[] = {
	[SOLVE_PROOF_NONE] = "none",
	[SOLVE_PROOF_CERTIFICATE] = "certificate",
	[SOLVE_PROOF_ENUMERATION] = "enumeration",
	[SOLVE_PROOF_LIBRARY] = "solver",
};

const char *solve_status_name(enum solve_status status)
{
	return status_names[status];
}

const char *solve_proof_name(enum solve_proof proof)
{
	return proof_names[proof];
}

bool run_goes_on(struct run *r, const char *phase)
{
	const struct solve_settings *s = r->settings;

	if (s->progress) {
		struct solve_progress now = { phase, r->work, r->has_choice, r->has_bound, r->cost, r->bound };

		s->progress(s->context, &now);
	}
	if (!r->stopped && s->stop)
		r->stopped = s->stop(s->context);
	return !r->stopped && r->work < r->most_work;
}

void run_worked(struct run *r, uint64_t looks)
{
	r->work += 1 + looks;
}

double run_seconds_left(const struct run *r)
{
	double left;

	if (!r->settings->seconds_left)
		return 0;
	left = r->settings->seconds_left(r->settings->context);
	return left > 0.01 ? left : 0.01;
}

/* (cost - bound) * 10^9 <= gap * |cost|, in two parts so that nothing overflows. */
static bool within(wide cost, wide bound, int64_t gap_ppb)
{
	wide size = cost < 0 ? -cost : cost;

	return cost - bound <= size / PPB * gap_ppb + size % PPB * gap_ppb / PPB;
}

bool run_is_within(const struct run *r)
{
	return r->has_choice && r->has_bound && within(r->cost, r->bound, r->settings->gap_ppb);
}

static void spread_prices(struct run *r, const wide *price, unsigned shift)
{
	const struct problem *p = r->p;

	for (uint32_t u = 0; u < p->units; u++) {
		wide least = price[p->origin[p->first[u]]];

		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++)
			least = price[p->origin[o]] < least ? price[p->origin[o]] : least;
		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++) {
			r->price[o] = price[p->origin[o]] - least;
			r->away[o] = ldexp((double)r->price[o], -(int)shift);
		}
	}
}

bool run_offer_prices(struct run *r, const struct prices *prices)
{
	const struct problem *p = r->p;
	struct arena *a = arena_new();
	wide *price = arena_array(a, p->model->costs.count + 1, sizeof *price), total = 0, bound;
	struct solve_certificate *c = prices_certificate(r->scratch, p, prices, false);
	bool closed, better = certificate_total(p->model, c, p->off, price, &total, &closed);

	run_worked(r, p->options);
	bound = certificate_round_up(total, c->shift, p->step);
	better = better && (!r->has_bound || bound > r->bound);
	if (better) {
		r->certificate = c;
		r->has_bound = true;
		r->total = total;
		r->bound = bound;
		spread_prices(r, price, c->shift);
	}
	arena_free(a);
	return better;
}

bool run_offer_choice(struct run *r)
{
	if (r->search->broken || (r->has_choice && r->search->cost >= r->cost))
		return false;
	r->has_choice = true;
	r->cost = r->search->cost;
	memcpy(r->choice, r->search->choice, (size_t)r->p->units * sizeof *r->choice);
	return true;
}

/* ---- phases ---------------------------------------------------------------------------------------------------------- */

static struct solve_certificate *checked_ray(struct run *r, const struct prices *prices)
{
	struct solve_certificate *c = prices_certificate(r->keep, r->p, prices, true);
	wide bound;

	return certificate_bound(r->p->model, c, r->p->off, &bound) ? c : NULL;
}

/* What a program's answer says to choose: the largest part of each unit that it holds. */
static void round_off(struct run *r, const struct linear *l, const double *x, uint32_t *choice)
{
	const struct problem *p = r->p;

	for (int i = 0; i < l->options;) {
		int best = i, end = i;

		for (; end < l->options && p->owner[l->option[end]] == p->owner[l->option[i]]; end++)
			if (x[end] > x[best])
				best = end;
		choice[p->owner[l->option[i]]] = l->option[best];
		i = end;
	}
}

/* The whole problem's linear program, where it is small. *ray: it has no point, and this proves it. */
static void solve_relaxation(struct run *r, uint32_t *choice, struct solve_certificate **ray)
{
	struct arena *a = arena_new();
	struct linear *l = linear_new(a, r->p, NULL, NULL, LP_ENTRIES);
	struct lp_answer answer = { 0 };
	struct prices *prices = prices_new(a, r->p);
	enum lp_status status = LP_FAILED;

	if (!l->too_large && run_goes_on(r, "dual"))
		status = lp_solve(a, l, 100 * (l->rows + l->columns) + 1000, run_seconds_left(r), &answer);
	run_worked(r, (uint64_t)answer.iterations * 10);
	if (status == LP_OPTIMAL) {
		round_off(r, l, answer.x, choice);
		prices_take(prices, r->p, l, answer.dual);
		run_offer_prices(r, prices);
	} else if (status == LP_INFEASIBLE) {
		prices_take(prices, r->p, l, answer.dual);
		*ray = checked_ray(r, prices);
	}
	arena_free(a);
}

static void climb_dual(struct run *r)
{
	struct arena *a = arena_new();
	struct dual *d = dual_new(a, r->p, r->search->size, NULL, NULL, r->settings->threads);

	if (d->matrix)
		dual_climb(r, d, 0.2, 1e-5, r->prices);
	run_offer_prices(r, r->prices);
	arena_free(a);
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

static void search_from(struct run *r, const uint32_t *choice, uint64_t seed)
{
	search_set(r->search, choice);
	if (search_repair(r->search, r->away, REPAIR_ROUNDS, seed)) {
		search_descend(r->search, r->away, r->p->scale * 1e9);
		run_offer_choice(r);
	}
	run_worked(r, r->search->work);
	r->search->work = 0;
}

/* The choice of an earlier result, units that came since at their cheapest. */
static bool earlier_choice(const struct run *r, uint32_t *choice)
{
	const struct solve_result *s = r->settings->start;
	const struct problem *p = r->p;

	if (!s || !s->choice)
		return false;
	for (uint32_t o = 0; o < p->options; o++)
		if (s->choice[p->owner[o]] == p->origin[o])
			choice[p->owner[o]] = o;
	return true;
}

/* Options that no choice cheaper than ours can use. Returns how many options are left, over units with a choice left. */
static uint32_t shut_options(const struct run *r, bool *shut, uint32_t *only)
{
	const struct problem *p = r->p;
	uint32_t left = 0;

	for (uint32_t u = 0; u < p->units; u++) {
		uint32_t open = 0;

		only[u] = NONE;
		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++) {
			shut[o] = r->has_choice && r->has_bound &&
				  r->total + r->price[o] > (r->cost - p->step) * ((wide)1 << r->certificate->shift);
			if (!shut[o]) {
				only[u] = o;
				open++;
			}
		}
		left += open > 1 ? open : 0;
		if (open != 1)
			only[u] = NONE;
	}
	return left;
}

static bool finish_by_enumeration(struct run *r, const bool *shut, uint32_t left)
{
	struct enumeration e = { .price = r->has_bound ? r->price : NULL, .shut = shut, .total = r->total,
				 .has_total = r->has_bound, .best = r->choice, .has_best = r->has_choice,
				 .best_cost = r->cost, .nodes = ENUMERATION_NODES };
	bool all;

	if (r->settings->no_enumeration || left > ENUMERATION_OPTIONS || !run_goes_on(r, "enumerate"))
		return false;
	e.shift = r->has_bound ? r->certificate->shift : 0;
	all = enumerate(r->p, &e);
	r->has_choice = e.has_best;
	r->cost = e.has_best ? e.best_cost : 0;
	run_worked(r, e.nodes);
	return all;
}

/* CBC over what is open. true: it says that nothing is better than what we have now. */
static bool finish_by_library(struct run *r, const bool *shut, const uint32_t *only, struct solve_result *result)
{
	struct arena *a = arena_new();
	struct linear *l = linear_new(a, r->p, only, shut, LIBRARY_ENTRIES);
	struct library_limits limits = { .nodes = LIBRARY_NODES, .has_cutoff = r->has_choice, .cutoff = r->cost - r->p->step };
	struct library_answer answer = { 0 };
	bool done = false;

	if (r->settings->no_library || l->too_large || !run_goes_on(r, "library"))
		goto out;
	limits.seconds = run_seconds_left(r);
	limits.gap = 0.99 * (double)r->p->step;
	library_solve(a, r->p, l, r->has_choice ? r->choice : NULL, &limits, &answer);
	run_worked(r, answer.nodes * 100);
	if (answer.has_x) {
		for (uint32_t u = 0; u < r->p->units; u++)
			r->search->choice[u] = only[u] != NONE ? only[u] : 0;
		for (size_t i = 0; i < answer.chosen_count; i++)
			r->search->choice[r->p->owner[answer.chosen[i]]] = answer.chosen[i];
		search_set(r->search, r->search->choice);
		run_offer_choice(r);
		/* What it calls best may be what we had: its doubles don't tell a last step of the cost. */
		done = answer.status == LIBRARY_OPTIMAL && !r->search->broken;
	} else {
		done = answer.status == LIBRARY_NONE_BELOW;
	}
	if (done && r->has_choice) {
		result->has_library_bound = true;
		result->library_bound = r->cost;
	}
out:
	arena_free(a);
	return done;
}

/* ---- the result -------------------------------------------------------------------------------------------------------- */

static void give_choice(struct run *r, struct solve_result *result)
{
	const struct problem *p = r->p;
	uint32_t *choice = arena_array(r->keep, (size_t)p->units + 1, sizeof *choice);
	struct solve_breach breach;

	for (uint32_t u = 0; u < p->units; u++)
		choice[u] = p->origin[r->choice[u]];
	result->choice = choice;
	if (p->off) {
		result->cost = r->cost;
		return;
	}
	/* The engine's sums against the model's: a difference is a bug of ours, and nothing wrong leaves this room. */
	solve_judge(p->model, choice, &result->cost, &breach);
	assert(breach.part == SOLVE_PART_NONE && result->cost == r->cost);
}

static void *copied(struct arena *a, const void *items, size_t count, size_t size)
{
	void *copy = arena_array(a, count + 1, size);

	if (count)
		memcpy(copy, items, count * size);
	return copy;
}

static const struct solve_certificate *kept_certificate(struct arena *a, const struct solve_certificate *c)
{
	struct solve_certificate *copy = copied(a, c, 1, sizeof *c);

	copy->row = copied(a, c->row, c->rows, sizeof *c->row);
	copy->count_marks = copied(a, c->count_marks, c->count_mark_count, sizeof *c->count_marks);
	copy->fees = copied(a, c->fees, c->fee_count, sizeof *c->fees);
	copy->borders = copied(a, c->borders, c->border_count, sizeof *c->borders);
	return copy;
}

static void settle(struct run *r, struct solve_result *result, enum solve_proof finished)
{
	if (r->has_choice)
		give_choice(r, result);
	result->has_bound = r->has_bound && (r->has_choice || finished == SOLVE_PROOF_NONE);
	if (result->has_bound) {
		result->bound = r->bound;
		result->certificate = kept_certificate(r->keep, r->certificate);
	}
	result->proof = SOLVE_PROOF_NONE;
	if (r->has_choice && r->has_bound && r->cost <= r->bound) {
		result->status = SOLVE_OPTIMAL;
		result->proof = SOLVE_PROOF_CERTIFICATE;
	} else if (finished != SOLVE_PROOF_NONE) {
		result->status = r->has_choice ? SOLVE_OPTIMAL : SOLVE_INFEASIBLE;
		result->proof = finished;
	} else if (run_is_within(r)) {
		result->status = SOLVE_WITHIN;
		result->proof = SOLVE_PROOF_CERTIFICATE;
	} else {
		result->status = r->has_choice ? SOLVE_FEASIBLE : SOLVE_UNKNOWN;
	}
}

static void give_infeasible(struct run *r, struct solve_result *result, const struct solve_certificate *ray)
{
	result->status = SOLVE_INFEASIBLE;
	result->proof = SOLVE_PROOF_CERTIFICATE;
	result->certificate = ray ? ray : prices_certificate(r->keep, r->p, prices_new(r->scratch, r->p), true);
}

static void go(struct run *r, struct solve_result *result)
{
	const struct problem *p = r->p;
	uint32_t *choice = arena_array(r->scratch, (size_t)p->units + 1, sizeof *choice);
	uint32_t *only = arena_array(r->scratch, (size_t)p->units + 1, sizeof *only);
	bool *shut = arena_array(r->scratch, (size_t)p->options + 1, sizeof *shut);
	struct solve_certificate *ray = NULL;
	enum solve_proof finished = SOLVE_PROOF_NONE;
	uint32_t left;

	run_offer_prices(r, r->prices);
	climb_dual(r);
	cheapest(r, choice);
	if (getenv("LP")) solve_relaxation(r, choice, &ray);
	if (ray) {
		give_infeasible(r, result, ray);
		return;
	}
	if (run_goes_on(r, "round"))
		search_from(r, choice, r->settings->seed);
	if (earlier_choice(r, choice) && run_goes_on(r, "round"))
		search_from(r, choice, r->settings->seed);
	if (r->has_choice && r->has_bound && !run_is_within(r))
		polish(r, 4);
	if (getenv("NOLP")) return settle(r, result, finished);
	if (!run_is_within(r)) {
		left = shut_options(r, shut, only);
		if (finish_by_enumeration(r, shut, left))
			finished = SOLVE_PROOF_ENUMERATION;
		else if (!run_is_within(r) && (shut_options(r, shut, only), finish_by_library(r, shut, only, result)))
			finished = SOLVE_PROOF_LIBRARY;
	}
	settle(r, result, finished);
}

struct solve_result *run_solve(struct arena *a, const struct solve_model *m, const bool *off, const struct solve_settings *s)
{
	struct solve_result *result = arena_alloc(a, sizeof *result);
	struct run r = { .keep = a, .scratch = arena_new(), .settings = s };
	struct problem *p = problem_new(r.scratch, m, off);

	r.p = p;
	r.most_work = s->work ? s->work : (uint64_t)DEFAULT_WORK * (p->options > DEFAULT_LEAST ? p->options : DEFAULT_LEAST);
	r.prices = prices_new(r.scratch, p);
	if (p->closed) {
		give_infeasible(&r, result, NULL);
	} else {
		r.price = arena_array(r.scratch, (size_t)p->options + 1, sizeof *r.price);
		r.away = arena_array(r.scratch, (size_t)p->options + 1, sizeof *r.away);
		r.choice = arena_array(r.scratch, (size_t)p->units + 1, sizeof *r.choice);
		r.search = search_new(r.scratch, p);
		if (s->start && s->start->certificate && !s->start->certificate->ray)
			prices_start(r.prices, p, s->start->certificate);
		go(&r, result);
	}
	result->stopped = r.stopped;
	result->exhausted = r.work >= r.most_work && result->status != SOLVE_OPTIMAL && result->status != SOLVE_INFEASIBLE;
	result->work_done = r.work;
	arena_free(r.scratch);
	return result;
}

struct solve_result *solve(struct arena *a, const struct solve_model *m, const struct solve_settings *s)
{
	static const struct solve_settings plain = { 0 };

	return run_solve(a, m, NULL, s ? s : &plain);
}

struct solve_result *solve_row_price(struct arena *a, struct solve_model *m, uint32_t row, wide bound,
				     const struct solve_settings *s)
{
	wide before = solve_row_bound(m, row);
	struct solve_result *result;

	assert(s && s->start);
	solve_row_set_bound(m, row, bound);
	result = solve(a, m, s);
	solve_row_set_bound(m, row, before);
	return result;
}
