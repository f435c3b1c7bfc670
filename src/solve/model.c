/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building a model and asking what stands in it. Things are only ever added, so a number once given stays valid, and a
 * result of the smaller model can start the search in the larger one.
 */
#include "solve/model.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_ROOM = 16,
	LABEL_LIMIT = 1 << 24,
	RULE_LIMIT = 1 << 24, /* conflicts keep a flag for each */
};

static bool is_rule(uint32_t rule)
{
	return rule < RULE_LIMIT || rule == SOLVE_NO_RULE;
}

struct solve_model *solve_model_new(struct arena *arena)
{
	struct solve_model *m = arena_alloc(arena, sizeof *m);

	m->arena = arena;
	return m;
}

/* Makes place for `more` items behind those that are there; returns where the array lies now. */
static void *grow(struct arena *arena, void *items, struct model_room *r, size_t more, size_t size)
{
	size_t room = r->room ? r->room : FIRST_ROOM;

	if (r->room - r->count >= more && items)
		return items;
	while (room - r->count < more)
		room *= 2;
	items = arena_grow(arena, items, r->room * size, room * size);
	r->room = room;
	return items;
}

#define MAKE_ROOM(m, array, place, more)                                                                               \
	((m)->array = grow((m)->arena, (m)->array, &(m)->place, (more), sizeof *(m)->array))

uint32_t solve_unit_add(struct solve_model *m)
{
	assert(m->units.count == 0 || m->first[m->units.count - 1] < m->costs.count);
	MAKE_ROOM(m, first, units, 1);
	m->first[m->units.count] = (uint32_t)m->costs.count;
	return (uint32_t)m->units.count++;
}

uint32_t solve_option_add(struct solve_model *m, int64_t cost, uint32_t label)
{
	size_t option = m->costs.count;

	assert(m->units.count > 0 && option < SOLVE_MOST_OPTIONS);
	assert(option - m->first[m->units.count - 1] < SOLVE_MOST_UNIT_OPTIONS);
	assert(cost <= SOLVE_MOST_COST && cost >= -SOLVE_MOST_COST);
	assert(label < LABEL_LIMIT || label == SOLVE_NO_LABEL);
	MAKE_ROOM(m, cost, costs, 1);
	MAKE_ROOM(m, label, labels, 1);
	MAKE_ROOM(m, owner, owners, 1);
	m->cost[option] = cost;
	m->label[option] = label;
	m->owner[option] = (uint32_t)m->units.count - 1;
	m->costs.count = m->labels.count = m->owners.count = option + 1;
	return (uint32_t)option;
}

void solve_forbid_add(struct solve_model *m, uint32_t option, uint32_t rule)
{
	assert(option < m->costs.count && is_rule(rule));
	MAKE_ROOM(m, forbid, forbids, 1);
	m->forbid[m->forbids.count++] = (struct model_forbid){ option, rule };
}

uint32_t solve_row_add(struct solve_model *m, enum solve_sense sense, wide bound, uint32_t rule,
		       const uint32_t *options, const int64_t *values, size_t count)
{
	size_t from = m->entry_options.count;

	assert(is_rule(rule));
	MAKE_ROOM(m, row, rows, 1);
	MAKE_ROOM(m, entry_option, entry_options, count);
	MAKE_ROOM(m, entry_value, entry_values, count);
	for (size_t i = 0; i < count; i++) {
		assert(options[i] < m->costs.count && values[i] <= SOLVE_MOST_VALUE && values[i] >= -SOLVE_MOST_VALUE);
		m->entry_option[from + i] = options[i];
		m->entry_value[from + i] = values[i];
	}
	m->entry_options.count = m->entry_values.count = from + count;
	m->row[m->rows.count] = (struct model_row){ sense, rule, 0, from, count };
	m->rows.count++;
	solve_row_set_bound(m, (uint32_t)m->rows.count - 1, bound);
	return (uint32_t)m->rows.count - 1;
}

void solve_row_set_bound(struct solve_model *m, uint32_t row, wide bound)
{
	assert(row < m->rows.count && bound < (wide)1 << 100 && bound > -((wide)1 << 100));
	m->row[row].bound = bound;
}

uint32_t solve_mark_add(struct solve_model *m, int64_t fee, const uint32_t *options, size_t count)
{
	size_t from = m->mark_options.count;

	assert(fee >= 0 && fee <= SOLVE_MOST_COST);
	MAKE_ROOM(m, mark, marks, 1);
	MAKE_ROOM(m, mark_option, mark_options, count);
	for (size_t i = 0; i < count; i++) {
		assert(options[i] < m->costs.count);
		m->mark_option[from + i] = options[i];
	}
	m->mark_options.count = from + count;
	m->mark[m->marks.count] = (struct model_mark){ fee, from, count };
	return (uint32_t)m->marks.count++;
}

uint32_t solve_count_add(struct solve_model *m, uint32_t at_least, uint32_t rule, const uint32_t *marks, size_t count)
{
	size_t from = m->count_marks.count;

	assert(is_rule(rule));
	MAKE_ROOM(m, counts, counted, 1);
	MAKE_ROOM(m, count_mark, count_marks, count);
	for (size_t i = 0; i < count; i++) {
		assert(marks[i] < m->marks.count);
		m->count_mark[from + i] = marks[i];
	}
	m->count_marks.count = from + count;
	m->counts[m->counted.count] = (struct model_count){ at_least, rule, from, count };
	return (uint32_t)m->counted.count++;
}

void solve_count_set_bound(struct solve_model *m, uint32_t count, uint32_t at_least)
{
	assert(count < m->counted.count);
	m->counts[count].at_least = at_least;
}

uint32_t solve_border_add(struct solve_model *m, uint32_t unit_a, uint32_t unit_b, int64_t cost)
{
	assert(unit_a < m->units.count && unit_b < m->units.count && unit_a != unit_b);
	assert(cost >= 0 && cost <= SOLVE_MOST_COST);
	MAKE_ROOM(m, border, borders, 1);
	m->border[m->borders.count] = (struct model_border){ unit_a, unit_b, cost };
	return (uint32_t)m->borders.count++;
}

uint32_t solve_units(const struct solve_model *m)
{
	return (uint32_t)m->units.count;
}

uint32_t solve_options(const struct solve_model *m)
{
	return (uint32_t)m->costs.count;
}

uint32_t solve_first_option(const struct solve_model *m, uint32_t unit)
{
	assert(unit <= m->units.count);
	return unit < m->units.count ? m->first[unit] : (uint32_t)m->costs.count;
}

uint32_t solve_rows(const struct solve_model *m)
{
	return (uint32_t)m->rows.count;
}

struct solve_row_view solve_row(const struct solve_model *m, uint32_t row)
{
	const struct model_row *r;

	assert(row < m->rows.count);
	r = &m->row[row];
	return (struct solve_row_view){
		r->sense, r->rule, r->bound, m->entry_option + r->from, m->entry_value + r->from, r->count
	};
}

void solve_forbidden(const struct solve_model *m, bool *out)
{
	memset(out, 0, m->costs.count * sizeof *out);
	for (size_t i = 0; i < m->forbids.count; i++)
		out[m->forbid[i].option] = true;
}

wide solve_row_bound(const struct solve_model *m, uint32_t row)
{
	assert(row < m->rows.count);
	return m->row[row].bound;
}

uint32_t solve_marks(const struct solve_model *m)
{
	return (uint32_t)m->marks.count;
}

uint32_t solve_counts(const struct solve_model *m)
{
	return (uint32_t)m->counted.count;
}

uint32_t solve_borders(const struct solve_model *m)
{
	return (uint32_t)m->borders.count;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
	a = a < 0 ? -a : a;
	b = b < 0 ? -b : b;
	while (b) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

int64_t solve_cost_step(const struct solve_model *m)
{
	int64_t step = 0;

	for (size_t i = 0; i < m->costs.count && step != 1; i++)
		step = common_divisor(step, m->cost[i]);
	for (size_t i = 0; i < m->marks.count && step != 1; i++)
		step = common_divisor(step, m->mark[i].fee);
	for (size_t i = 0; i < m->borders.count && step != 1; i++)
		step = common_divisor(step, m->border[i].cost);
	return step ? step : 1;
}
