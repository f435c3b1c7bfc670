/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run: multipliers first, because they bound from below and guide everything after; then a choice by rounding, repair
 * and local search; then, where the gap is still open, what the bound leaves open is enumerated or handed to CBC.
 */
#include "solve/polish.h"
#include "solve/run.h"

#include <assert.h>
#include <string.h>

enum {
	DEFAULT_WORK = 20000, /* looks at each option, of DEFAULT_LEAST options at least */
	DEFAULT_LEAST = 1000,
	POLISH_ROUNDS = 4, /* without a gain */
};

static const char *const status_names[] = {
	[SOLVE_OPTIMAL] = "optimal",       [SOLVE_WITHIN] = "within",   [SOLVE_FEASIBLE] = "feasible",
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

/* ---- the result -------------------------------------------------------------------------------------------------------- */

static void give_choice(struct run *r, struct solve_result *result)
{
	const struct problem *p = r->p;
	uint32_t *choice = arena_array(r->keep, (size_t)p->units + 1, sizeof *choice);
	struct solve_breach breach;

	for (uint32_t u = 0; u < p->units; u++)
		choice[u] = p->origin[r->choice[u]];
	result->choice = choice;
	result->units = p->units;
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

/* Was every single step looked for, or only what is worth more than the gap? */
static bool is_exact(const struct run *r)
{
	return r->cost - run_worth(r) <= r->p->step;
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
	} else if (run_is_within(r) && !(finished != SOLVE_PROOF_NONE && is_exact(r))) {
		result->status = SOLVE_WITHIN;
		result->proof = SOLVE_PROOF_CERTIFICATE;
	} else if (finished != SOLVE_PROOF_NONE) {
		result->status = !r->has_choice ? SOLVE_INFEASIBLE : is_exact(r) ? SOLVE_OPTIMAL : SOLVE_WITHIN;
		result->proof = finished;
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
	struct solve_certificate *ray = ascend(r);
	enum solve_proof finished = SOLVE_PROOF_NONE;

	if (ray) {
		give_infeasible(r, result, ray);
		return;
	}
	if (r->has_choice && r->has_bound && !run_is_within(r))
		polish(r, POLISH_ROUNDS);
	if (!run_is_within(r))
		finished = finish(r, result);
	settle(r, result, finished);
}

struct solve_result *run_solve(struct arena *a, const struct solve_model *m, const bool *off,
			       const struct solve_settings *s)
{
	struct solve_result *result = arena_alloc(a, sizeof *result);
	struct run r = { .keep = a, .scratch = arena_new(), .settings = s };
	struct problem *p = problem_new(r.scratch, m, off);

	r.p = p;
	r.most_work =
		s->work ? s->work : (uint64_t)DEFAULT_WORK * (p->options > DEFAULT_LEAST ? p->options : DEFAULT_LEAST);
	r.prices = prices_new(r.scratch, p);
	if (p->closed) {
		give_infeasible(&r, result, NULL);
	} else {
		r.price = arena_array(r.scratch, (size_t)p->options + 1, sizeof *r.price);
		r.away = arena_array(r.scratch, (size_t)p->options + 1, sizeof *r.away);
		r.choice = arena_array(r.scratch, (size_t)p->units + 1, sizeof *r.choice);
		r.search = search_new(r.scratch, p);
		r.search->goes_on = run_goes_on_within;
		r.search->context = &r;
		go(&r, result);
	}
	if (r.coin_state == COIN_MISSING)
		result->library_missing = arena_text(a, r.coin_why, strlen(r.coin_why));
	result->stopped = r.stopped;
	result->exhausted =
		r.work >= r.most_work && result->status != SOLVE_OPTIMAL && result->status != SOLVE_INFEASIBLE;
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
