/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cut: a choice is judged by the policies themselves. Where a statement does not hold that no row stands for, what was chosen
 * is ruled out together with all that is at least as bad for the statement:
 *
 *   served     the more falls with a party, the less is served. So of those that fell at least one must not be the party's;
 *              the fewer have to be named, the sharper the cut, so each is tried without.
 *   the others look only at which sets elements are in: at least one element must be in other sets than it was.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

bool finding_is_bad(const struct finding *f, enum tier tier)
{
	if (f->authority)
		return false;
	return f->status == FINDING_BROKEN || f->status == FINDING_DUE ||
	       (tier == TIER_HOLDS && f->status == FINDING_UNKNOWN);
}

void findings_by_policy(struct planning *p, struct arena *a, size_t policy, const struct net *net,
			const struct evidence *e, bool brief, struct findings *out)
{
	struct diagnostics silent;
	struct policy_question q = { .net = net,
				     .evidence = e,
				     .on = p->task->on,
				     .threads = p->task->threads,
				     .strs = p->task->strs,
				     .arena = a,
				     .diagnostics = &silent,
				     .brief = brief };

	p->work_done += p->elements + net->table[NET_LINKS].rows;
	diagnostics_init(&silent, a);
	*out = (struct findings){ 0 };
	policy_judge(p->task->policies[policy], &q, out);
	diagnostics_free(&silent);
}

size_t row_of_finding(const struct planning *p, size_t policy, const struct finding *f)
{
	for (size_t k = 0; k < p->row_counts[policy]; k++) {
		const struct policy_row *r = &p->rows[policy][k];

		if (r->place.line == f->place.line && !strcmp(r->rule, f->rule) && !strcmp(r->statement, f->statement))
			return k;
	}
	return SIZE_MAX;
}

/* ---- served: the fallen ----------------------------------------------------------------------------------------------- */

static uint32_t party_of(const struct policy_row *r, const char *name)
{
	for (uint32_t i = 0; i < r->party_count; i++)
		if (!strcmp(r->party_names[i], name))
			return i;
	return CODE_UNKNOWN;
}

static bool falls(const struct policy_row *r, enum tier tier, uint32_t party, uint32_t state)
{
	if (!r->any)
		return tier == TIER_HOLDS ? r->subject[state] != 0 : r->subject[state] == 3;
	return r->party[state] == party || (tier == TIER_HOLDS && r->party[state] == CODE_UNKNOWN);
}

struct fallen {
	struct planning *p;
	const struct policy_row *row;
	size_t policy;
	enum tier tier;
	uint32_t party;
	const struct finding *finding;
	const uint32_t *choice;
	bool *named; /* by unit: the cut rests on its fall */
};

/* An option of the unit in which something that fell with the choice does not, or NO_OFFER. */
static bool escapes(const struct fallen *f, uint32_t unit, uint32_t option)
{
	const struct planning *p = f->p;
	const struct unit *u = &p->units.items[unit];

	for (uint32_t k = 0; k < u->members; k++)
		if (falls(f->row, f->tier, f->party, state_of(p, &p->options.items[f->choice[unit]], k)) &&
		    !falls(f->row, f->tier, f->party, state_of(p, &p->options.items[option], k)))
			return true;
	return false;
}

/* Is the same finding still bad where this network is judged? */
static bool still_bad(const struct fallen *f, const struct net *net)
{
	struct arena *a = arena_new();
	struct findings all;
	bool bad = false;

	findings_by_policy(f->p, a, f->policy, net, f->p->task->evidence, true, &all);
	for (size_t i = 0; i < all.count; i++) {
		const struct finding *x = &all.items[i];

		if (x->place.line == f->finding->place.line && !strcmp(x->rule, f->finding->rule) &&
		    !strcmp(x->statement, f->finding->statement) && !strcmp(x->subject, f->finding->subject) &&
		    !strcmp(x->group, f->finding->group))
			bad = finding_is_bad(x, f->tier);
	}
	free(all.items);
	arena_free(a);
	return bad;
}

/*
 * Units without whose fall it is as bad are not named. A unit stands in a trial where an option keeps all that fell of it from
 * falling; it is judged with that option, so what else the option changes could matter only to other parties.
 */
static void name_fewer(struct fallen *f, uint32_t *trial)
{
	struct planning *p = f->p;
	uint32_t tried = 0;

	for (uint32_t u = 0; u < p->units.count && tried < MOST_TRIALS && !is_over(p); u++) {
		const struct unit *unit = &p->units.items[u];
		uint32_t stands = UINT32_MAX;

		for (uint32_t o = unit->first_option;
		     f->named[u] && o < unit->first_option + unit->options && stands == UINT32_MAX; o++) {
			bool any = false;

			for (uint32_t k = 0; k < unit->members; k++)
				any = any || falls(f->row, f->tier, f->party, state_of(p, &p->options.items[o], k));
			stands = any ? UINT32_MAX : o;
		}
		if (stands == UINT32_MAX)
			continue;
		tried++;
		trial[u] = stands;
		struct arena *a = arena_new();
		if (still_bad(f, net_of_choice(p, a, trial)))
			f->named[u] = false;
		else
			trial[u] = f->choice[u];
		arena_free(a);
	}
}

static void cut_served(struct fallen *f, struct cut *cut)
{
	struct planning *p = f->p;
	struct {
		uint32_t *items;
		size_t count, room;
	} options = { 0 };
	uint32_t *trial = arena_array(p->scratch, p->units.count + 1, sizeof *trial);

	f->named = arena_alloc(p->scratch, p->units.count + 1);
	for (uint32_t u = 0; u < p->units.count; u++) {
		trial[u] = f->choice[u];
		for (uint32_t k = 0; k < p->units.items[u].members; k++)
			f->named[u] |=
				falls(f->row, f->tier, f->party, state_of(p, &p->options.items[f->choice[u]], k));
	}
	name_fewer(f, trial);
	for (uint32_t u = 0; u < p->units.count; u++)
		for (uint32_t o = 0; f->named[u] && o < p->units.items[u].options; o++)
			if (escapes(f, u, p->units.items[u].first_option + o))
				*array_add(&options) = p->units.items[u].first_option + o;
	cut->options = arena_array(p->arena, options.count + 1, sizeof *cut->options);
	for (size_t i = 0; i < options.count; i++)
		cut->options[i] = options.items[i];
	cut->count = options.count;
	free(options.items);
}

/* ---- the others: something has to be in other sets -------------------------------------------------------------------------- */

static bool same_sets(const struct policy_row *r, uint32_t a, uint32_t b)
{
	return r->subject[a] == r->subject[b] && r->target[a] == r->target[b] &&
	       (!r->group || r->group[a] == r->group[b]) && (!r->party || r->party[a] == r->party[b]);
}

bool state_matters(const struct planning *p, size_t policy, const struct policy_row *r, uint32_t a, uint32_t b)
{
	if (a == b)
		return false;
	if (!r->exact || r->kind == POLICY_ROW_OTHER || r->kind == POLICY_ROW_EVIDENCE)
		return true;
	if (r->kind != POLICY_ROW_PATHS)
		return !same_sets(r, a, b);
	for (size_t k = 0; k < p->row_counts[policy]; k++) {
		const struct policy_row *x = &p->rows[policy][k];

		if (!strcmp(x->rule, r->rule) && (!x->exact || !same_sets(x, a, b)))
			return true;
	}
	return false;
}

static void cut_otherwise(struct planning *p, size_t policy, const struct policy_row *r, const uint32_t *choice,
			  const bool *evidence, struct cut *cut)
{
	struct {
		uint32_t *items;
		size_t count, room;
	} options = { 0 };

	for (uint32_t o = 0; o < p->options.count; o++) {
		const struct option *option = &p->options.items[o], *now = &p->options.items[choice[option->unit]];
		bool other = false;

		for (uint32_t k = 0; k < p->units.items[option->unit].members && !other; k++)
			other = state_matters(p, policy, r, state_of(p, option, k), state_of(p, now, k));
		if (other)
			*array_add(&options) = o;
	}
	for (uint32_t k = 0; k < p->task->offers->offer_count && r->kind == POLICY_ROW_EVIDENCE; k++)
		if (!evidence[k])
			*array_add(&options) = (uint32_t)p->options.count + k;
	cut->options = arena_array(p->arena, options.count + 1, sizeof *cut->options);
	for (size_t i = 0; i < options.count; i++)
		cut->options[i] = options.items[i];
	cut->count = options.count;
	free(options.items);
}

/* ---- judging ------------------------------------------------------------------------------------------------------------------ */

static uint32_t number_of(const struct planning *p, size_t policy, size_t row)
{
	uint32_t number = (uint32_t)row;

	for (size_t i = 0; i < policy; i++)
		number += (uint32_t)p->row_counts[i];
	return number;
}

static void add_cut(struct planning *p, size_t policy, size_t row, const struct finding *f, enum tier tier,
		    const uint32_t *choice, const bool *evidence)
{
	const struct policy_row *r = &p->rows[policy][row];
	struct cut cut = { .rule = number_of(p, policy, row), .tier = tier };

	if (r->kind == POLICY_ROW_SERVED && r->exact) {
		struct fallen fallen = { .p = p,
					 .row = r,
					 .policy = policy,
					 .tier = tier,
					 .finding = f,
					 .choice = choice,
					 .party = r->any ? party_of(r, f->subject) : 0 };

		cut_served(&fallen, &cut);
	} else {
		cut_otherwise(p, policy, r, choice, evidence, &cut);
	}
	*array_add(&p->cuts) = cut;
}

bool judge_choice(struct planning *p, enum tier tier, const uint32_t *choice, const bool *evidence, bool cut)
{
	struct arena *a = arena_new();
	const struct net *net = net_of_choice(p, a, choice);
	const struct evidence *e = evidence_with(p, a, evidence, NULL);
	bool passes = true;

	for (size_t i = 0; i < p->task->policy_count; i++) {
		struct findings all;
		size_t last = SIZE_MAX;

		findings_by_policy(p, a, i, net, e, true, &all);
		for (size_t k = 0; k < all.count; k++) {
			const struct finding *f = &all.items[k];
			size_t row = finding_is_bad(f, tier) ? row_of_finding(p, i, f) : SIZE_MAX;
			bool served = row != SIZE_MAX && p->rows[i][row].kind == POLICY_ROW_SERVED;

			if (row == SIZE_MAX || p->left_out[number_of(p, i, row)])
				continue;
			passes = false;
			if (cut && (served || row != last)) /* the others' cut is the same for each group and subject */
				add_cut(p, i, row, f, tier, choice, evidence);
			last = row;
		}
		free(all.items);
	}
	arena_free(a);
	return passes;
}
