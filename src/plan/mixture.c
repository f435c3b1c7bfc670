/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mixture: while a quarter lasts, what is changed in it is found as it was or as it will be. Rows hold for every mixture of the
 * two (build.c); statements that no row stands for are judged: in each mixture where few elements are changed, else as all of them
 * were, with each alone as it will be, and with each alone as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/cut.h"

enum { FEW = 6 };

struct mixing {
	struct planning *p;
	struct arena *arena;
	enum tier tier;
	moment at;
	size_t policy;
	const struct chosen *chosen;
	const uint32_t *choice, *before, *after; /* by unit; by element its state */
	uint32_t *states;                        /* by element: as they are mixed */
	uint32_t *changed, count;                /* elements */
};

/* Has to hold in every mixture, and is not held by rows. */
static bool is_asked(const struct mixing *m, size_t row)
{
	const struct planning *p = m->p;
	const struct policy_row *r = &statements_at(p, m->at)->rows[m->policy][row];
	uint32_t number = statement_number(p, m->policy, row);

	return p->unwritten[number] && !p->left_out[number] && statements_at(p, m->at)->binds[number] &&
	       (r->kind == POLICY_ROW_FORBID || r->kind == POLICY_ROW_LIMIT || r->kind == POLICY_ROW_EVIDENCE);
}

static const uint32_t *states_at(struct mixing *m, const uint32_t *choice)
{
	struct planning *p = m->p;
	uint32_t *states = arena_array(m->arena, (size_t)p->elements + 1, sizeof *states);

	for (uint32_t e = 0; e < p->elements; e++)
		states[e] = p->unit_of[e] == NO_UNIT
				    ? e
				    : state_of(p, &p->options.items[choice[p->unit_of[e]]], p->place_of[e]);
	return states;
}

static void changed_make(struct mixing *m)
{
	struct planning *p = m->p;

	m->count = 0;
	for (uint32_t e = 0; e < p->elements; e++) {
		bool matters = false;

		for (size_t k = 0; k < p->row_counts[m->policy] && !matters && m->before[e] != m->after[e]; k++)
			matters = is_asked(m, k) &&
				  state_matters(p, m->policy, &statements_at(p, m->at)->rows[m->policy][k],
						m->before[e], m->after[e]);
		if (matters)
			m->changed[m->count++] = e;
	}
}

/* Documents that are not obtained might help as well. related: all that the statement rests on; NULL: whatever. */
static void add_cut(struct mixing *m, uint32_t number, const struct policy_row *row, const bool *related)
{
	struct planning *p = m->p;
	size_t offers = p->task->offers->offer_count;
	uint32_t *mixed = arena_array(p->arena, (size_t)p->elements + 1, sizeof *mixed);
	struct cut cut = { .rule = number, .tier = m->tier, .at = m->at, .mixed = mixed };

	for (uint32_t e = 0; e < p->elements; e++)
		mixed[e] = !related || related[e] ? m->states[e] : ANY_STATE;
	cut.options = arena_array(p->arena, offers + 1, sizeof *cut.options);
	for (size_t k = 0; k < offers && row->kind == POLICY_ROW_EVIDENCE; k++)
		if (!m->chosen->evidence[k])
			cut.options[cut.count++] = (uint32_t)(p->options.count + k);
	*array_add(&p->cuts) = cut;
}

static void add_cuts(struct mixing *m, struct breach *b, size_t row)
{
	struct arena *a = arena_new();
	uint32_t number = statement_number(m->p, m->policy, row);
	bool *related[MOST_WITNESSES];
	size_t count;

	b->row = &statements_at(m->p, m->at)->rows[m->policy][row];
	count = b->row->exact ? 0 : witnesses_related(b, a, row, related);
	for (size_t i = 0; i < count; i++)
		add_cut(m, number, b->row, related[i]);
	if (!count)
		add_cut(m, number, b->row, NULL);
	arena_free(a);
}

/* false: something does not hold as the states are mixed now. */
static bool judge_mixture(struct mixing *m, const struct evidence *evidence, bool cut)
{
	struct planning *p = m->p;
	struct arena *a = arena_new();
	struct breach b = { .p = p,
			    .policy = m->policy,
			    .tier = m->tier,
			    .at = m->at,
			    .ahead = day_of(p, m->at) - p->task->on,
			    .net = net_of_states(p, a, m->states, m->choice),
			    .evidence = evidence };
	struct findings all;
	size_t last = SIZE_MAX;
	bool passes = true;

	findings_by_policy(p, a, m->policy, b.net, evidence, true, b.ahead, NULL, &all);
	for (size_t i = 0; i < all.count; i++) {
		size_t row =
			finding_is_bad(&all.items[i], m->tier) ? row_of_finding(p, m->policy, &all.items[i]) : SIZE_MAX;

		if (row == SIZE_MAX || row == last || !is_asked(m, row))
			continue;
		last = row;
		passes = false;
		if (cut)
			add_cuts(m, &b, row);
	}
	free(all.items);
	arena_free(a);
	return passes;
}

static void mix(struct mixing *m, uint32_t which, bool new)
{
	m->states[m->changed[which]] = new ? m->after[m->changed[which]] : m->before[m->changed[which]];
}

/* One that does not hold is enough for now. */
static bool judge_policy(struct mixing *m, const struct evidence *evidence, bool cut)
{
	uint32_t count;

	changed_make(m);
	count = m->count > FEW ? 1 + 2 * m->count : m->count ? (1u << m->count) - 1 : 0; /* all of them new is judged */
	for (uint32_t i = 0; i < count && i < MOST_TRIALS * 2; i++) {
		bool mostly_old = m->count <= FEW || i <= m->count;

		for (uint32_t k = 0; k < m->count; k++)
			if (m->count <= FEW)
				mix(m, k, i >> k & 1);
			else
				mix(m, k, mostly_old ? i == k + 1 : i != m->count + 1 + k);
		if (!judge_mixture(m, evidence, cut))
			return false;
	}
	return true;
}

bool judge_mixtures(struct planning *p, enum tier tier, moment at, const struct chosen *c, bool cut)
{
	struct mixing m = { .p = p, .arena = arena_new(), .tier = tier, .at = at, .chosen = c };
	const struct evidence *evidence;
	bool passes = true;

	m.choice = choice_at(p, m.arena, c, at);
	m.after = states_at(&m, m.choice);
	m.before = states_at(&m, at ? choice_at(p, m.arena, c, at - 1) : chosen_new(p).option);
	m.states = arena_array(m.arena, (size_t)p->elements + 1, sizeof *m.states);
	m.changed = arena_array(m.arena, (size_t)p->elements + 1, sizeof *m.changed);
	evidence = evidence_with(p, m.arena, c->evidence, NULL, day_of(p, at));
	for (m.policy = 0; m.policy < p->task->policy_count; m.policy++) {
		memcpy(m.states, m.after, p->elements * sizeof *m.states);
		passes &= judge_policy(&m, evidence, cut);
	}
	arena_free(m.arena);
	return passes;
}
