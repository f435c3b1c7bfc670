/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill: what each bound of a policy costs - the cheapest plan once more under a bound that is a step laxer or stricter. A
 * stricter one that the plan keeps anyhow needs no solving: nothing cheaper was there under the laxer one either.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

enum { POINT = PPB / 100 };

struct bill {
	struct arena *arena;
	const struct plan_task *task;
	const struct plan *plan;
	struct diagnostics silent;
};

/* Statements of a policy that share a bound. */
struct bound_of {
	size_t policy;
	const struct policy_row *rows, *row; /* of the policy; the first of them */
	size_t *statements;
	size_t count;
};

static bool is_priced(const struct policy_row *r)
{
	return r->in_force && r->counts && !r->waived && r->bound_known &&
	       (r->kind == POLICY_ROW_LIMIT || r->kind == POLICY_ROW_DISTINCT || r->kind == POLICY_ROW_CONFIRMED ||
		r->kind == POLICY_ROW_SERVED);
}

static bool same_bound(const struct policy_row *a, const struct policy_row *b)
{
	if (strcmp(a->rule, b->rule) || a->kind != b->kind || a->share != b->share || a->at_least != b->at_least ||
	    a->bound != b->bound)
		return false;
	return a->bound_param && b->bound_param ? !strcmp(a->bound_param, b->bound_param)
						: !a->bound_param && !b->bound_param;
}

/* A percentage point; one of what is told apart; of sites and elements a hundredth, at least one. */
static int64_t step_of(const struct policy_row *r)
{
	int64_t hundredth = r->bound / 100 / MICRO * MICRO;

	if (r->share)
		return POINT;
	return r->kind == POLICY_ROW_DISTINCT || hundredth < MICRO ? MICRO : hundredth;
}

static struct policy_row *rows_of(struct bill *b, struct arena *a, size_t policy, size_t *count)
{
	struct policy_question q = { .net = b->task->net,
				     .evidence = b->task->evidence,
				     .on = b->task->on,
				     .threads = b->task->threads,
				     .strs = b->task->strs,
				     .arena = a,
				     .diagnostics = &b->silent,
				     .brief = true };

	return policy_rows(b->task->policies[policy], &q, count);
}

/* The task with the bound changed in one of its policies. */
static struct plan_task task_with(struct bill *b, struct arena *a, const struct bound_of *what, int64_t bound)
{
	struct plan_task task = *b->task;
	const struct policy **policies = arena_array(a, task.policy_count + 1, sizeof *policies);

	for (size_t i = 0; i < task.policy_count; i++)
		policies[i] = task.policies[i];
	policies[what->policy] = policy_with_bounds(a, policies[what->policy], what->statements, what->count, bound);
	task.policies = policies;
	task.brief = true;
	task.certificate = false;
	return task;
}

static bool is_meant(const struct bound_of *what, const struct finding *f)
{
	for (size_t i = 0; i < what->count; i++) {
		const struct policy_row *r = &what->rows[what->statements[i]];

		if (r->place.line == f->place.line && !strcmp(r->rule, f->rule) && !strcmp(r->statement, f->statement))
			return true;
	}
	return false;
}

/* Does the plan keep the bound as it is? A schedule would have to be looked at quarter by quarter: solved again. */
static bool is_kept(struct bill *b, struct arena *a, const struct plan_task *task, const struct bound_of *what)
{
	struct policy_question q = { .net = b->plan->net,
				     .evidence = task->evidence,
				     .on = task->on,
				     .threads = task->threads,
				     .strs = task->strs,
				     .arena = a,
				     .diagnostics = &b->silent,
				     .brief = true };
	struct findings all = { 0 };
	bool kept = b->plan->net && !b->plan->scheduled;

	if (!kept)
		return false;
	policy_judge(task->policies[what->policy], &q, &all);
	for (size_t i = 0; i < all.count && kept; i++)
		kept = !is_meant(what, &all.items[i]) || all.items[i].status == FINDING_HOLDS;
	free(all.items);
	return kept;
}

static void side_make(struct bill *b, const struct bound_of *what, int64_t bound, bool stricter,
		      struct plan_price_side *side)
{
	const struct plan *plan = b->plan;
	struct arena *a = arena_new();
	struct plan_task task = task_with(b, a, what, bound);
	struct plan *other;

	*side = (struct plan_price_side){ .asked = true, .bound = bound };
	if (stricter && is_kept(b, a, &task, what)) {
		side->same = true;
		side->status = plan->status;
		side->likely = plan->cost.likely;
		side->has_at_least = plan->has_bound;
		side->at_least = plan->bound;
	} else if (task.stop && task.stop(task.context)) {
		side->status = PLAN_NONE_FOUND;
		side->time_limited = true;
	} else {
		other = plan_make(a, &task, &b->silent);
		side->status = other ? other->status : PLAN_NONE_FOUND;
		if (other) {
			side->likely = other->cost.likely;
			side->has_at_least = other->has_bound;
			side->at_least = other->bound;
			side->time_limited = other->time_limited;
		}
	}
	arena_free(a);
}

static void price_make(struct bill *b, const struct bound_of *what, struct plan_price *price)
{
	const struct policy_row *r = what->row;
	int64_t step = step_of(r), least = r->share || !r->at_least ? 0 : MICRO,
		most = r->share ? PPB : INT64_MAX - step, up = r->bound + step, down = r->bound - step;
	int64_t laxer = r->at_least ? down : up, stricter = r->at_least ? up : down;

	*price = (struct plan_price){ .policy = r->policy,
				      .rule = r->rule,
				      .source = r->source,
				      .statement = r->statement,
				      .param = r->bound_param,
				      .share = r->share,
				      .at_least = r->at_least,
				      .bound = r->bound };
	if (laxer >= least && laxer <= most)
		side_make(b, what, laxer, false, &price->laxer);
	if (stricter >= least && stricter <= most && b->plan->status != PLAN_IMPOSSIBLE)
		side_make(b, what, stricter, true, &price->stricter);
}

static void policy_prices(struct bill *b, size_t policy, struct plan *plan)
{
	struct arena *a = arena_new();
	size_t count;
	struct policy_row *rows = rows_of(b, a, policy, &count);
	bool *done = arena_alloc(a, count + 1);

	for (size_t i = 0; i < count; i++) {
		struct bound_of what = { .policy = policy, .rows = rows, .row = &rows[i] };

		if (done[i] || !is_priced(&rows[i]))
			continue;
		what.statements = arena_array(a, count + 1, sizeof *what.statements);
		for (size_t k = i; k < count; k++)
			if (!done[k] && is_priced(&rows[k]) && same_bound(&rows[i], &rows[k])) {
				done[k] = true;
				what.statements[what.count++] = k;
			}
		price_make(b, &what, &plan->prices[plan->price_count]);
		plan->time_limited |= plan->prices[plan->price_count].laxer.time_limited |
				      plan->prices[plan->price_count].stricter.time_limited;
		plan->price_count++;
	}
	arena_free(a);
}

void plan_prices(struct arena *arena, const struct plan_task *task, struct plan *plan)
{
	struct bill b = { .arena = arena, .task = task, .plan = plan };
	size_t statements = 0;

	diagnostics_init(&b.silent, arena);
	for (size_t i = 0; i < task->policy_count; i++)
		for (size_t k = 0; k < policy_rule_count(task->policies[i]); k++)
			statements += policy_rule_at(task->policies[i], k).statement_count;
	plan->prices = arena_array(arena, statements + 1, sizeof *plan->prices);
	for (size_t i = 0; i < task->policy_count && plan->status != PLAN_NONE_FOUND; i++)
		policy_prices(&b, i, plan);
	diagnostics_free(&b.silent);
}
