/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a choice costs and what it breaks, straight from the model and in integers: the engine's own arrays have no say, so
 * a fault in them can't hide one in a result.
 */
#include "solve/model.h"

#include <assert.h>
#include <stdlib.h>

wide solve_row_sum(const struct solve_model *m, uint32_t row, const uint32_t *choice)
{
	const struct model_row *r;
	wide sum = 0;

	assert(row < m->rows.count);
	r = &m->row[row];
	for (size_t i = r->from; i < r->from + r->count; i++)
		if (choice[m->owner[m->entry_option[i]]] == m->entry_option[i])
			sum += m->entry_value[i];
	return sum;
}

static bool is_borne(const struct solve_model *m, uint32_t mark, const uint32_t *choice)
{
	const struct model_mark *k = &m->mark[mark];

	for (size_t i = k->from; i < k->from + k->count; i++)
		if (choice[m->owner[m->mark_option[i]]] == m->mark_option[i])
			return true;
	return false;
}

static wide total_cost(const struct solve_model *m, const uint32_t *choice)
{
	wide cost = 0;

	for (uint32_t u = 0; u < m->units.count; u++) {
		assert(choice[u] >= m->first[u] && choice[u] < model_end(m, u));
		cost += m->cost[choice[u]];
	}
	for (uint32_t k = 0; k < m->marks.count; k++)
		if (m->mark[k].fee && is_borne(m, k, choice))
			cost += m->mark[k].fee;
	for (size_t i = 0; i < m->borders.count; i++)
		if (m->label[choice[m->border[i].a]] != m->label[choice[m->border[i].b]])
			cost += m->border[i].cost;
	return cost;
}

static struct solve_breach first_breach(const struct solve_model *m, const uint32_t *choice)
{
	for (size_t i = 0; i < m->forbids.count; i++)
		if (choice[m->owner[m->forbid[i].option]] == m->forbid[i].option)
			return (struct solve_breach){ SOLVE_PART_FORBID, m->forbid[i].option, m->forbid[i].rule };
	for (uint32_t i = 0; i < m->rows.count; i++) {
		wide sum = solve_row_sum(m, i, choice);

		if (m->row[i].sense == SOLVE_AT_MOST ? sum > m->row[i].bound : sum < m->row[i].bound)
			return (struct solve_breach){ SOLVE_PART_ROW, i, m->row[i].rule };
	}
	for (uint32_t i = 0; i < m->counted.count; i++) {
		const struct model_count *c = &m->counts[i];
		uint32_t borne = 0;

		for (size_t k = c->from; k < c->from + c->count; k++)
			borne += is_borne(m, m->count_mark[k], choice);
		if (borne < c->at_least)
			return (struct solve_breach){ SOLVE_PART_COUNT, i, c->rule };
	}
	return (struct solve_breach){ SOLVE_PART_NONE, 0, SOLVE_NO_RULE };
}

void solve_judge(const struct solve_model *m, const uint32_t *choice, wide *cost, struct solve_breach *first)
{
	if (cost)
		*cost = total_cost(m, choice);
	if (first)
		*first = first_breach(m, choice);
}
