/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search: solve, judge, cut, again - until the policies themselves find nothing wrong with the cheapest choice, or until no
 * choice is left. Each round begins where the one before ended. Where time is limited, first anything that passes is sought;
 * where there is none yet when it ends, what was cut off last is mended a few times more.
 *
 * With a horizon first what is done is sought as if time were no matter (all quarters together have to be enough), then when:
 * the choice is settled, and a model of its own says in which quarter each unit is changed. Where that can be done, nothing
 * that keeps to a schedule is cheaper than what was found without one. Where it can't, both are sought together.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/certify.h"

#define ANY_GAP ((int64_t)PPB * 1000000) /* whatever it costs */

enum {
	LEAST_WORK = 100000, /* of one call of solve */
	TRIAL_WORK = 200000, /* of one call, where only whether something would help is asked */
	TRIAL_ROUNDS = 24,
	TIGHT_ROUNDS = 5,       /* the best is sought in each of them; then first anything that passes */
	HURRIED_ROUNDS = 12,    /* when time or work are over, and nothing has passed */
	HURRIED_OPTIONS = 200000, /* of the models of all these together, about a second, when time is over */
	ROUNDS_FOR_WHEN = 4,    /* of what is done: so many take as long as a first one of when */
	LOOKS_FOR_SOONER = 300, /* at each option of a schedule */
};

struct chosen chosen_new(struct planning *p)
{
	struct chosen c = { .option = arena_array(p->arena, p->units.count + 1, sizeof *c.option),
			    .quarter = arena_array(p->arena, p->units.count + 1, sizeof *c.quarter),
			    .evidence = arena_array(p->arena, p->task->offers->offer_count + 1, sizeof *c.evidence) };

	for (uint32_t u = 0; u < p->units.count; u++) {
		c.option[u] = p->units.items[u].first_option;
		c.quarter[u] = NEVER;
	}
	return c;
}

static void take_evidence(struct planning *p, struct arena *a, const struct built *b, const struct solve_result *r,
			  struct chosen *out)
{
	bool *taken = arena_array(a, (size_t)solve_options(b->model) + 1, sizeof *taken);

	for (uint32_t u = 0; u < r->units; u++)
		taken[r->choice[u]] = true;
	for (size_t k = 0; k < p->task->offers->offer_count; k++) {
		out->evidence[k] = false;
		for (uint32_t i = 0; i < b->needed_count[k] && !out->evidence[k]; i++)
			out->evidence[k] = taken[b->needed_by[k][i]];
	}
}

static void take_choice(struct planning *p, struct arena *a, const struct built *b, const struct solve_result *r,
			struct chosen *out)
{
	for (uint32_t u = 0; u < p->units.count; u++) {
		const struct var *v = &b->vars.items[r->choice[u]];

		out->option[u] = v->option;
		out->quarter[u] = b->mode == MODE_WHAT ? NEVER : v->quarter;
	}
	if (b->mode != MODE_WHEN)
		take_evidence(p, a, b, r, out);
}

static void tell_progress(void *context, const struct solve_progress *now)
{
	const struct planning *p = context;
	struct plan_progress told = { now->phase,     p->round,  p->cuts.count, now->has_cost,
				      now->has_bound, now->cost, now->bound };

	if (p->task->progress)
		p->task->progress(p->task->context, &told);
}

static bool solving_stops(void *context)
{
	return time_is_over(context);
}

/* 0: the time is not limited. */
static double seconds_left(const struct planning *p)
{
	const struct plan_task *t = p->task;

	return t->seconds_left ? t->seconds_left(t->context) : 0;
}

static double solving_seconds_left(void *context)
{
	const struct planning *p = context;
	double left = seconds_left(p) - p->reserve;

	return left > 0.01 ? left : 0.01;
}

struct solve_settings settings_of(struct planning *p, enum mode mode)
{
	const struct plan_task *t = p->task;
	struct solve_settings s = { .gap_ppb = mode == MODE_WHEN || p->any_will_do ? ANY_GAP : t->gap_ppb,
				    .threads = t->threads,
				    .stop = solving_stops,
				    /* Elsewhere the answer is no plan, or one is known: what is done, if not when. */
				    .at_once = mode != MODE_WHAT || p->trial || p->any_will_do,
				    .seconds_left = t->seconds_left ? solving_seconds_left : NULL,
				    .progress = tell_progress,
				    .context = p };

	if (p->trial)
		s.work = TRIAL_WORK;
	else if (t->work) /* something is left for each call: an answer beats none */
		s.work = t->work > p->work_done + LEAST_WORK ? t->work - p->work_done : LEAST_WORK;
	return s;
}

static void tell_missing_library(struct planning *p, const struct solve_result *r)
{
	if (r->library_missing && !p->library_told)
		diagnose(p->diagnostics, SEVERITY_WARNING, "no-solver-library", (struct place){ 0 },
			 "CLP and CBC could not be loaded, so the plan may be dearer, or less is proven, than it could "
			 "be (%s)",
			 r->library_missing);
	p->library_told |= r->library_missing != NULL;
}

static bool judge_all(struct planning *p, enum tier tier, enum mode mode, const struct chosen *c)
{
	bool passes = mode == MODE_WHEN || judge_choice(p, tier, AT_END, c, true);

	for (size_t q = 0; q < p->quarter_count && mode != MODE_WHAT; q++)
		passes &= judge_choice(p, tier, (moment)q, c, true);
	return passes;
}

/* An order of what was settled, for solve to start from; of rounds that cut something off, the order before. */
static const struct solve_result *start_of(struct planning *p, struct arena *a, const struct built *b,
					   const struct chosen *settled)
{
	struct solve_result *start = arena_alloc(a, sizeof *start);

	start->choice = order_make(p, a, b, settled);
	start->units = (uint32_t)p->units.count;
	return start;
}

/* What the last round came to: the next one's model has more rows behind the same ones. */
struct last {
	struct arena *arena;
	struct solve_result *result;
};

static void last_free(struct last *last)
{
	if (last->arena)
		arena_free(last->arena);
}

/* true: settled one way or the other. */
static bool one_round(struct planning *p, enum tier tier, enum mode mode, const struct chosen *settled,
		      struct last *last, struct answer *out)
{
	struct arena *a = arena_new(), *kept = arena_new();
	struct built *b = build_model(p, a, tier, mode, settled);
	struct solve_settings settings = settings_of(p, mode);
	struct solve_result *r;
	bool done = true;

	out->tried = p->cuts.count;
	settings.gap_ppb = out->loose ? ANY_GAP : settings.gap_ppb;
	settings.start = b && settled ? start_of(p, a, b, settled) : last->result;
	r = b ? solve(kept, b->model, &settings) : NULL;
	last_free(last);
	*last = (struct last){ kept, r };
	if (!r) {
		out->outcome = OUTCOME_OPEN;
		arena_free(a);
		return true;
	}
	tell_missing_library(p, r);
	p->work_done += r->work_done;
	out->rows = solve_rows(b->model);
	out->options = solve_options(b->model);
	out->units = solve_units(b->model);
	out->stopped |= r->stopped;
	out->proof = r->proof;
	out->has_bound = r->has_bound;
	out->bound = r->bound;
	out->has_solver_bound = r->has_library_bound;
	out->solver_bound = r->library_bound;
	out->outcome = r->status == SOLVE_INFEASIBLE ? OUTCOME_IMPOSSIBLE : OUTCOME_OPEN;
	if (r->choice) {
		take_choice(p, a, b, r, &out->chosen);
		done = judge_all(p, tier, mode, &out->chosen);
		out->outcome = done ? OUTCOME_PASSES : OUTCOME_OPEN;
		if (done && r->status == SOLVE_OPTIMAL && r->proof == SOLVE_PROOF_ENUMERATION) {
			out->has_bound = true;
			out->bound = r->cost;
		}
	}
	if (done && p->certifies && p->task->certificate && mode != MODE_WHEN)
		certify(p, tier, b, r);
	built_free(b);
	arena_free(a);
	return done;
}

static void chosen_copy(const struct planning *p, struct chosen *to, const struct chosen *from)
{
	memcpy(to->option, from->option, p->units.count * sizeof *to->option);
	memcpy(to->quarter, from->quarter, p->units.count * sizeof *to->quarter);
	memcpy(to->evidence, from->evidence, p->task->offers->offer_count * sizeof *to->evidence);
}

/*
 * What and when together, or where cuts go on and on: first anything that passes, for the cuts that it brings, then the
 * cheapest.
 */
static struct answer search(struct planning *p, enum tier tier, enum mode mode, const struct chosen *settled)
{
	struct answer out = { .outcome = OUTCOME_OPEN,
			      .chosen = chosen_new(p),
			      .both = mode == MODE_BOTH,
			      .loose = mode == MODE_BOTH || (mode == MODE_WHAT && p->task->seconds_left) };
	struct chosen passed = chosen_new(p);
	struct last last = { NULL, NULL };
	bool any_passed = false, settled_so = false;
	double began = seconds_left(p);
	int hurried = 0;

	if (settled)
		memcpy(out.chosen.evidence, settled->evidence, p->task->offers->offer_count * sizeof(bool));
	while (out.rounds++ < (p->trial ? TRIAL_ROUNDS : MOST_ROUNDS)) {
		p->round = out.rounds;
		if (one_round(p, tier, mode, settled, &last, &out)) {
			settled_so = out.outcome == OUTCOME_PASSES ? !out.loose || p->any_will_do : !any_passed;
			if (settled_so || out.outcome != OUTCOME_PASSES)
				break;
			out.loose = false;
			any_passed = true;
			chosen_copy(p, &passed, &out.chosen);
		}
		if (out.rounds == TIGHT_ROUNDS && mode == MODE_WHAT && !any_passed)
			out.loose = true;
		if (any_passed && mode == MODE_WHAT && p->quarter_count && p->task->seconds_left)
			p->reserve = ROUNDS_FOR_WHEN * (began - seconds_left(p)) / (double)out.rounds;
		if (is_over(p)) {
			bool late = time_is_over(p);

			out.stopped |= late;
			if (any_passed || out.tried == p->cuts.count || hurried++ == HURRIED_ROUNDS ||
			    (late && (size_t)hurried * out.options > HURRIED_OPTIONS))
				break;
		}
	}
	p->reserve = 0;
	last_free(&last);
	if (settled_so)
		return out;
	out.outcome = any_passed ? OUTCOME_PASSES : OUTCOME_OPEN;
	out.proof = SOLVE_PROOF_NONE; /* what the last round proved is not of the one that passed */
	if (any_passed)
		chosen_copy(p, &out.chosen, &passed);
	return out;
}

/* A schedule is there; an earlier one is sought for as long as some looks at all its options take. */
static void hasten(struct planning *p, enum tier tier, struct chosen *c)
{
	struct arena *a;
	struct built *b;
	struct chosen sooner = chosen_new(p);
	struct solve_settings settings = settings_of(p, MODE_WHEN);
	struct solve_result *r;

	if (time_is_over(p))
		return;
	a = arena_new();
	b = build_model(p, a, tier, MODE_WHEN, c);
	settings.gap_ppb = PPB / 100;
	settings.work = (uint64_t)LOOKS_FOR_SOONER * b->vars.count;
	settings.start = start_of(p, a, b, c);
	r = solve(a, b->model, &settings);
	p->work_done += r->work_done;
	memcpy(sooner.evidence, c->evidence, p->task->offers->offer_count * sizeof(bool));
	if (r->choice) {
		take_choice(p, a, b, r, &sooner);
		if (judge_all(p, tier, MODE_WHEN, &sooner))
			*c = sooner;
	}
	built_free(b);
	arena_free(a);
}

/* What is done is known, when is not. */
static struct answer without_dates(const struct answer *what, const struct answer *when)
{
	struct answer out = *what;

	out.outcome = OUTCOME_OPEN;
	out.undated = true;
	out.stopped |= when->stopped;
	out.tried = when->tried;
	return out;
}

struct answer settle(struct planning *p, enum tier tier)
{
	struct answer what, when, both;

	statements_bind(p, tier);
	if (p->quarter_count)
		windows_make(p, tier);
	what = search(p, tier, MODE_WHAT, NULL);
	if (!p->quarter_count || what.outcome != OUTCOME_PASSES)
		return what;
	when = search(p, tier, MODE_WHEN, &what.chosen);
	if (when.outcome == OUTCOME_PASSES) {
		what.chosen = when.chosen;
		what.stopped |= when.stopped;
		hasten(p, tier, &what.chosen);
		return what;
	}
	if (when.outcome == OUTCOME_OPEN && is_over(p))
		return without_dates(&what, &when);
	both = search(p, tier, MODE_BOTH, NULL);
	if (both.outcome == OUTCOME_OPEN)
		return without_dates(&what, &both);
	if (both.outcome == OUTCOME_PASSES)
		hasten(p, tier, &both.chosen);
	return both;
}
