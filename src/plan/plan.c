/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan: solve, judge, cut, again - until the policies themselves find nothing wrong with the cheapest choice, or until no
 * choice is left. First every rule has to hold for sure; where that can't be had, none may be surely broken, and what is
 * unknown decides.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

static const struct {
	const char *name;
	int exit;
} statuses[] = {
	[PLAN_NOTHING] = { "nothing-to-mend", 0 }, [PLAN_FOUND] = { "found", 1 },
	[PLAN_IMPOSSIBLE] = { "impossible", 2 },   [PLAN_UNDETERMINED] = { "undetermined", 3 },
	[PLAN_NONE_FOUND] = { "none-found", 5 },
};

const char *plan_status_name(enum plan_status s)
{
	return statuses[s].name;
}

int plan_status_exit(enum plan_status s)
{
	return statuses[s].exit;
}

const char *plan_what_name(enum plan_what w)
{
	static const char *const names[] = { "swap", "upgrade", "evidence", "restrict", "remove" };

	return names[w];
}

const char *plan_conflict_proof(const struct plan *plan)
{
	return plan->conflict_proof == SOLVE_PROOF_CERTIFICATE ? "dual-ray" : solve_proof_name(plan->conflict_proof);
}

enum { LEAST_WORK = 100000 }; /* of one call of solve */

enum outcome { OUTCOME_PASSES, OUTCOME_IMPOSSIBLE, OUTCOME_OPEN };

struct answer {
	enum outcome outcome;
	uint32_t *choice;
	bool *evidence;
	bool has_bound, has_solver_bound, stopped;
	wide bound, solver_bound;
	enum solve_proof proof;
	size_t rounds, rows, options, units;
};

static void take_choice(struct planning *p, struct arena *a, const struct built *b, const struct solve_result *r, struct answer *out)
{
	bool *chosen;

	for (uint32_t u = 0; u < p->units.count; u++) {
		uint32_t first = p->units.items[u].first_option;

		out->choice[u] = first + (r->choice[u] - b->option[first]);
	}
	chosen = arena_alloc(a, (size_t)solve_options(b->model) + 1);
	for (uint32_t u = 0; u < r->units; u++)
		chosen[r->choice[u]] = true;
	for (size_t k = 0; k < p->task->offers->offer_count; k++) {
		out->evidence[k] = false;
		for (uint32_t i = 0; i < b->needed_count[k] && !out->evidence[k]; i++)
			out->evidence[k] = chosen[b->needed_by[k][i]];
	}
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
	const struct plan_task *t = ((struct planning *)context)->task;

	return t->stop && t->stop(t->context);
}

static double solving_seconds_left(void *context)
{
	const struct plan_task *t = ((struct planning *)context)->task;

	return t->seconds_left(t->context);
}

static struct solve_settings settings_of(struct planning *p)
{
	const struct plan_task *t = p->task;
	struct solve_settings s = { .gap_ppb = t->gap_ppb,
				    .threads = t->threads,
				    .stop = solving_stops,
				    .seconds_left = t->seconds_left ? solving_seconds_left : NULL,
				    .progress = tell_progress,
				    .context = p };

	if (t->work) /* something is left for each call: an answer beats none */
		s.work = t->work > p->work_done + LEAST_WORK ? t->work - p->work_done : LEAST_WORK;
	return s;
}

static void tell_missing_library(struct planning *p, const struct solve_result *r)
{
	if (r->library_missing && !p->library_told)
		diagnose(p->diagnostics, SEVERITY_WARNING, "no-solver-library", (struct place){ 0 },
			 "CLP and CBC could not be loaded, so the plan may be dearer, or less is proven, than it could be (%s)",
			 r->library_missing);
	p->library_told |= r->library_missing != NULL;
}

/* true: settled one way or the other. */
static bool one_round(struct planning *p, enum tier tier, struct answer *out)
{
	struct arena *a = arena_new();
	struct built *b = build_model(p, a, tier);
	struct solve_settings settings = settings_of(p);
	struct solve_result *r = solve(a, b->model, &settings);
	bool settled = true;

	tell_missing_library(p, r);
	out->rows = solve_rows(b->model);
	out->options = solve_options(b->model);
	out->units = solve_units(b->model);
	out->stopped |= r->stopped;
	p->work_done += r->work_done;
	out->proof = r->proof;
	out->has_bound = r->has_bound;
	out->bound = r->bound;
	out->has_solver_bound = r->has_library_bound;
	out->solver_bound = r->library_bound;
	if (r->status == SOLVE_INFEASIBLE) {
		out->outcome = OUTCOME_IMPOSSIBLE;
	} else if (!r->choice) {
		out->outcome = OUTCOME_OPEN;
	} else {
		take_choice(p, a, b, r, out);
		settled = judge_choice(p, tier, out->choice, out->evidence, true);
		if (settled)
			out->outcome = OUTCOME_PASSES;
		if (settled && r->status == SOLVE_OPTIMAL && r->proof == SOLVE_PROOF_ENUMERATION) {
			out->has_bound = true;
			out->bound = r->cost;
		}
	}
	arena_free(a);
	return settled;
}

static struct answer search(struct planning *p, enum tier tier)
{
	struct answer out = { .outcome = OUTCOME_OPEN };

	out.choice = arena_array(p->arena, p->units.count + 1, sizeof *out.choice);
	out.evidence = arena_array(p->arena, p->task->offers->offer_count + 1, sizeof *out.evidence);
	while (out.rounds++ < MOST_ROUNDS) {
		p->round = out.rounds;
		if (one_round(p, tier, &out))
			return out;
		if (is_over(p)) {
			out.stopped |= solving_stops(p);
			break;
		}
	}
	out.outcome = OUTCOME_OPEN;
	return out;
}

/* ---- which rules can't hold together ------------------------------------------------------------------------------------ */

struct rules { /* statements by rule: a rule is left out whole */
	struct {
		struct plan_conflict_rule about;
		uint32_t first, last;
	} * items;
	size_t count;
};

static struct rules rules_make(struct planning *p)
{
	struct rules rules = { .items = arena_array(p->scratch, p->rule_count + 1, sizeof *rules.items) };
	uint32_t number = 0;

	for (size_t i = 0; i < p->task->policy_count; i++)
		for (size_t k = 0; k < p->row_counts[i]; k++, number++) {
			const struct policy_row *r = &p->rows[i][k];
			bool same = k && !strcmp(p->rows[i][k - 1].rule, r->rule);

			if (!same) {
				rules.items[rules.count].about =
					(struct plan_conflict_rule){ r->policy, r->rule, r->source };
				rules.items[rules.count++].first = number;
			}
			rules.items[rules.count - 1].last = number;
		}
	return rules;
}

static void leave_out(struct planning *p, const struct rules *rules, size_t rule, bool out)
{
	for (uint32_t i = rules->items[rule].first; i <= rules->items[rule].last; i++)
		p->left_out[i] = out;
}

/* Rules that solve does not need for the contradiction are left out before each of the others is tried. */
static void leave_out_bystanders(struct planning *p, struct plan *plan, const struct rules *rules)
{
	struct arena *a = arena_new();
	struct built *b = build_model(p, a, TIER_NOT_BROKEN);
	struct solve_settings settings = settings_of(p);
	struct solve_conflict *c = solve_conflict(a, b->model, &settings);

	plan->conflict_proof = c->proof != SOLVE_PROOF_NONE ? c->proof : plan->conflict_proof;
	for (size_t i = 0; i < rules->count && c->proof != SOLVE_PROOF_NONE; i++) {
		bool named = false;

		for (size_t k = 0; k < c->count; k++)
			named = named || (c->rules[k] >= rules->items[i].first && c->rules[k] <= rules->items[i].last);
		if (!named)
			leave_out(p, rules, i, true);
	}
	arena_free(a);
}

static void conflict_make(struct planning *p, struct plan *plan)
{
	struct rules rules = rules_make(p);

	plan->conflict = arena_array(p->arena, rules.count + 1, sizeof *plan->conflict);
	plan->conflict_minimal = true;
	plan->conflict_proof = plan->proof;
	leave_out_bystanders(p, plan, &rules);
	for (size_t i = 0; i < rules.count; i++) {
		struct answer without;

		if (p->left_out[rules.items[i].first])
			continue;
		if (is_over(p)) {
			plan->conflict_minimal = false;
			break;
		}
		leave_out(p, &rules, i, true);
		without = search(p, TIER_NOT_BROKEN);
		if (without.outcome == OUTCOME_IMPOSSIBLE) {
			plan->conflict_proof = without.proof;
			continue;
		}
		plan->conflict_minimal &= without.outcome == OUTCOME_PASSES;
		leave_out(p, &rules, i, false);
	}
	for (size_t i = 0; i < rules.count; i++) {
		if (!p->left_out[rules.items[i].first])
			plan->conflict[plan->conflict_count++] = rules.items[i].about;
		leave_out(p, &rules, i, false);
	}
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------ */

static void planning_free(void *context)
{
	struct planning *p = context;

	free(p->clones.items);
	free(p->units.items);
	free(p->options.items);
	free(p->states.items);
	free(p->cuts.items);
	arena_free(p->scratch);
}

static void rows_make(struct planning *p)
{
	const struct plan_task *t = p->task;
	struct diagnostics silent;
	struct policy_question q = { .net = p->wide,
				     .evidence = t->evidence,
				     .on = t->on,
				     .threads = t->threads,
				     .strs = t->strs,
				     .arena = p->arena,
				     .diagnostics = &silent,
				     .brief = true };

	diagnostics_init(&silent, p->arena);
	p->rows = arena_array(p->arena, t->policy_count + 1, sizeof *p->rows);
	p->row_counts = arena_array(p->arena, t->policy_count + 1, sizeof *p->row_counts);
	for (size_t i = 0; i < t->policy_count; i++) {
		p->rows[i] = policy_rows(t->policies[i], &q, &p->row_counts[i]);
		p->rule_count += (uint32_t)p->row_counts[i];
	}
	p->left_out = arena_alloc(p->arena, (size_t)p->rule_count + 1);
	diagnostics_free(&silent);
}

static void take_answer(struct planning *p, struct plan *plan, const struct answer *x)
{
	plan->proof = x->proof;
	plan->has_bound = x->has_bound;
	plan->bound = x->bound < 0 ? 0 : x->bound;
	plan->has_solver_bound = x->has_solver_bound;
	plan->solver_bound = x->solver_bound;
	plan->rows = x->rows;
	plan->options = x->options;
	plan->units = x->units;
	plan->rounds = x->rounds;
	plan->cuts = p->cuts.count;
	plan->time_limited |= x->stopped;
	plan->exhausted |= p->task->work && p->work_done >= p->task->work;
}

static void finish(struct planning *p, struct plan *plan, const struct answer *x)
{
	wide over;

	take_answer(p, plan, x);
	if (x->outcome != OUTCOME_PASSES)
		return;
	changes_make(p, plan, x->choice, x->evidence);
	over = plan->cost.likely - plan->bound;
	plan->gap_ppb = plan->has_bound && plan->cost.likely > 0 && over > 0 ? share_ppb(over, plan->cost.likely) : 0;
}

static bool prepare(struct planning *p)
{
	p->claim_of = NULL;
	states_make(p);
	if (!units_make(p))
		return false;
	rows_make(p);
	promises_make(p);
	return true;
}

static void seek(struct planning *p, struct plan *plan)
{
	struct answer x = { .choice = arena_array(p->arena, p->units.count + 1, sizeof *x.choice),
			    .evidence = arena_array(p->arena, p->task->offers->offer_count + 1, sizeof *x.evidence) };

	for (uint32_t u = 0; u < p->units.count; u++)
		x.choice[u] = p->units.items[u].first_option;
	if (judge_choice(p, TIER_HOLDS, x.choice, x.evidence, false)) {
		plan->status = PLAN_NOTHING;
		x.outcome = OUTCOME_PASSES;
		x.has_bound = true;
		x.proof = SOLVE_PROOF_ENUMERATION;
		finish(p, plan, &x);
		return;
	}
	x = search(p, TIER_HOLDS);
	plan->status = x.outcome == OUTCOME_PASSES ? PLAN_FOUND : PLAN_NONE_FOUND;
	if (x.outcome == OUTCOME_IMPOSSIBLE) {
		x = search(p, TIER_NOT_BROKEN);
		plan->status = x.outcome == OUTCOME_PASSES       ? PLAN_UNDETERMINED
			       : x.outcome == OUTCOME_IMPOSSIBLE ? PLAN_IMPOSSIBLE
								 : PLAN_NONE_FOUND;
	}
	finish(p, plan, &x);
	if (plan->status == PLAN_IMPOSSIBLE)
		conflict_make(p, plan);
}

struct plan *plan_make(struct arena *a, const struct plan_task *task, struct diagnostics *d)
{
	struct plan *plan = arena_alloc(a, sizeof *plan);
	struct planning *p = arena_alloc(a, sizeof *p);

	p->arena = a;
	p->scratch = arena_new();
	p->task = task;
	p->diagnostics = d;
	p->elements = task->net->table[NET_ELEMENTS].rows;
	arena_at_free(a, planning_free, p);
	plan->currency = task->offers->currency;
	plan->status = PLAN_NONE_FOUND;
	if (!prepare(p))
		return NULL;
	seek(p, plan);
	return plan;
}
