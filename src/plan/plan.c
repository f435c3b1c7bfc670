/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan: first every rule has to hold for sure; where that can't be had, none may be surely broken, and what is unknown decides;
 * where that can't be had either, which rules can't hold together, and what would have helped.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/certify.h"

enum { LOOKS_ALONE = 200 }; /* at each option, to see whether one rule alone is impossible */

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
			const struct policy_row *r = &p->end.rows[i][k];
			bool same = k && !strcmp(p->end.rows[i][k - 1].rule, r->rule);

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
	struct solve_settings settings = settings_of(p, MODE_WHAT);
	struct solve_conflict *c;
	struct built *b;

	p->no_windows = true; /* they rest on rules, and don't name them */
	b = build_model(p, a, TIER_NOT_BROKEN, MODE_WHAT, NULL);
	p->no_windows = false;
	c = solve_conflict(a, b->model, &settings);
	p->work_done += c->work_done;
	plan->conflict_proof = c->proof != SOLVE_PROOF_NONE ? c->proof : plan->conflict_proof;
	for (size_t i = 0; i < rules->count && c->proof != SOLVE_PROOF_NONE; i++) {
		bool named = false;

		for (size_t k = 0; k < c->count; k++)
			named = named || (c->rules[k] >= rules->items[i].first && c->rules[k] <= rules->items[i].last);
		if (!named)
			leave_out(p, rules, i, true);
	}
	built_free(b);
	arena_free(a);
}

/* Is a rule impossible by itself? Without its companions that is soon told, where it can be told at all. */
static bool is_alone_impossible(struct planning *p, struct plan *plan)
{
	struct arena *a = arena_new();
	struct solve_settings settings = settings_of(p, MODE_WHAT);
	struct solve_result *r;
	struct built *b;
	bool impossible;

	p->no_windows = true;
	b = build_model(p, a, TIER_NOT_BROKEN, MODE_WHAT, NULL);
	p->no_windows = false;
	settings.work = (uint64_t)LOOKS_ALONE * (solve_options(b->model) + 1);
	r = solve(a, b->model, &settings);
	p->work_done += r->work_done + solve_options(b->model);
	impossible = r->status == SOLVE_INFEASIBLE;
	if (impossible)
		plan->conflict_proof = r->proof;
	built_free(b);
	arena_free(a);
	return impossible;
}

/* All but one are left out, one after the other; true: and so they stay. */
static bool leave_out_all_but_one(struct planning *p, struct plan *plan, const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		leave_out(p, rules, i, true);
	for (size_t i = rules->count; i-- > 0 && rules->count > 1 && !is_over(p);) {
		leave_out(p, rules, i, false);
		if (is_alone_impossible(p, plan))
			return true;
		leave_out(p, rules, i, true);
	}
	for (size_t i = 0; i < rules->count; i++)
		leave_out(p, rules, i, false);
	return false;
}

/* One by one, as long as it stays impossible. */
static void leave_out_more(struct planning *p, struct plan *plan, const struct rules *rules)
{
	leave_out_bystanders(p, plan, rules);
	for (size_t i = 0; i < rules->count; i++) {
		struct answer without;

		if (p->left_out[rules->items[i].first])
			continue;
		if (is_over(p)) {
			plan->conflict_minimal = false;
			break;
		}
		leave_out(p, rules, i, true);
		without = settle(p, TIER_NOT_BROKEN);
		if (without.outcome == OUTCOME_IMPOSSIBLE) {
			plan->conflict_proof = without.proof;
			continue;
		}
		plan->conflict_minimal &= without.outcome == OUTCOME_PASSES;
		leave_out(p, rules, i, false);
	}
}

static void conflict_make(struct planning *p, struct plan *plan)
{
	struct rules rules = rules_make(p);

	plan->conflict = arena_array(p->arena, rules.count + 1, sizeof *plan->conflict);
	plan->conflict_minimal = true;
	plan->conflict_proof = plan->proof;
	p->any_will_do = true;
	if (!leave_out_all_but_one(p, plan, &rules))
		leave_out_more(p, plan, &rules);
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
	free(p->borders.items);
	arena_free(p->scratch);
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

/* With a schedule a proviso is due when the last of it is to be done. */
static void provisos_date(struct plan *plan)
{
	for (size_t i = 0; i < plan->step_count && plan->scheduled; i++) {
		const struct plan_step *s = &plan->steps[i];
		int32_t *by = &plan->provisos[s->change].by;

		if (*by == DATE_NONE || *by < plan->quarters[s->quarter].to)
			*by = plan->quarters[s->quarter].to;
	}
}

static bool is_obstacle(const struct plan *plan, const struct policy_row *r)
{
	for (size_t i = 0; i < plan->obstacle_count; i++)
		if (!strcmp(plan->obstacles[i].policy, r->policy) && !strcmp(plan->obstacles[i].rule, r->rule))
			return true;
	return false;
}

/* Rules for which the last schedule tried had to be cut off: these cuts are the last. */
static void obstacles_make(struct planning *p, struct plan *plan, size_t tried)
{
	plan->undated = true;
	plan->obstacles = arena_array(p->arena, p->cuts.count - tried + 1, sizeof *plan->obstacles);
	for (size_t k = tried; k < p->cuts.count; k++) {
		const struct cut *cut = &p->cuts.items[k];
		size_t policy;
		const struct policy_row *r = row_of_statement(p, AT_END, cut->rule, &policy);

		if (cut->at != AT_END && !is_obstacle(plan, r))
			plan->obstacles[plan->obstacle_count++] =
				(struct plan_obstacle){ r->policy, r->rule, p->quarters[cut->at].name };
	}
}

static void finish(struct planning *p, struct plan *plan, const struct answer *x)
{
	wide over;

	take_answer(p, plan, x);
	if (x->undated)
		obstacles_make(p, plan, x->tried);
	if (x->outcome != OUTCOME_PASSES && !x->undated)
		return;
	changes_make(p, plan, &x->chosen);
	plan->scheduled = plan->scheduled && !x->undated;
	provisos_date(plan);
	plan->schedule_decides = x->both;
	over = plan->cost.likely - plan->bound;
	plan->gap_ppb = plan->has_bound && plan->cost.likely > 0 && over > 0 ? share_ppb(over, plan->cost.likely) : 0;
	if (plan->has_bound && over > 0 && (wide)plan->gap_ppb * plan->cost.likely < over * PPB)
		plan->gap_ppb++; /* upwards: a gap that is left is never called none */
}

static bool prepare(struct planning *p)
{
	quarters_make(p);
	clusters_make(p);
	cells_make(p);
	extras_make(p);
	cells_make(p);
	removable_make(p);
	states_make(p);
	if (!units_make(p))
		return false;
	borders_make(p);
	units_too_large(p);
	statements_make(p);
	promises_make(p);
	return true;
}

struct planning *planning_new(struct arena *a, const struct plan_task *task, struct diagnostics *d,
			      uint32_t hypothetical)
{
	struct planning *p = arena_alloc(a, sizeof *p);

	p->arena = a;
	p->scratch = arena_new();
	p->task = task;
	p->diagnostics = d;
	p->base = task->net;
	p->lifted_offer = NO_OFFER;
	p->hypothetical = hypothetical;
	p->real = p->elements = task->net->table[NET_ELEMENTS].rows;
	arena_at_free(a, planning_free, p);
	return prepare(p) ? p : NULL;
}

static void seek(struct planning *p, struct plan *plan)
{
	struct answer x = { .outcome = OUTCOME_PASSES, .chosen = chosen_new(p) };

	if (judge_choice(p, TIER_HOLDS, AT_END, &x.chosen, false)) {
		plan->status = PLAN_NOTHING;
		x.has_bound = true;
		x.proof = SOLVE_PROOF_ENUMERATION;
		finish(p, plan, &x);
		return;
	}
	p->certifies = true;
	x = settle(p, TIER_HOLDS);
	plan->status = x.outcome == OUTCOME_PASSES ? PLAN_FOUND : PLAN_NONE_FOUND;
	if (x.outcome == OUTCOME_IMPOSSIBLE) {
		x = settle(p, TIER_NOT_BROKEN);
		plan->status = x.outcome == OUTCOME_PASSES       ? PLAN_UNDETERMINED
			       : x.outcome == OUTCOME_IMPOSSIBLE ? PLAN_IMPOSSIBLE
								 : PLAN_NONE_FOUND;
	}
	p->certifies = false;
	plan->certificate =
		certify_end(p, p->quarter_count && x.outcome == OUTCOME_PASSES && !x.undated ? &x.chosen : NULL);
	finish(p, plan, &x);
	if (p->quarter_count && !p->task->brief && (plan->status == PLAN_IMPOSSIBLE || plan->undated))
		shortages_make(p, plan->undated ? TIER_HOLDS : TIER_NOT_BROKEN, plan);
	if (plan->status == PLAN_IMPOSSIBLE && !p->task->brief) {
		conflict_make(p, plan);
		missing_make(p, plan);
	}
}

struct plan *plan_make(struct arena *a, const struct plan_task *task, struct diagnostics *d)
{
	struct plan *plan = arena_alloc(a, sizeof *plan);
	struct planning *p = planning_new(a, task, d, NO_OFFER);

	plan->currency = task->offers->currency;
	plan->status = PLAN_NONE_FOUND;
	if (!p)
		return NULL;
	seek(p, plan);
	return plan;
}
