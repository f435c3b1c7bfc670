/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole model as free MPS, columns one after the other as the format wants them, money in whole units. Forbidden options
 * have the upper bound 0.
 */
#include "solve/model.h"

#include <stdlib.h>

struct cell {
	uint32_t column;
	char kind;
	uint32_t row, sub; /* the row's name: kind, row and, for some, sub */
	int64_t value;
};

struct cells {
	struct cell *items;
	size_t count, room;
};

static void add(struct cells *c, uint32_t column, char kind, uint32_t row, uint32_t sub, int64_t value)
{
	struct cell *e = array_add(c);

	*e = (struct cell){ column, kind, row, sub, value };
}

static void print_row_name(struct sink *s, const struct cell *e)
{
	if (e->kind == 'L' || e->kind == 'F' || e->kind == 'B')
		sink_printf(s, "%c%u_%u", e->kind, e->row, e->sub);
	else
		sink_printf(s, "%c%u", e->kind, e->row);
}

static int by_column(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->sub > y->sub) - (x->sub < y->sub);
}

static void print_cost(struct sink *s, int64_t cost)
{
	char text[48];

	micro_print(cost, text);
	sink_text(s, text);
}

/* Columns of one kind, in order, with their costs and cells. */
static void print_columns(struct sink *s, char kind, uint32_t count, struct cells *c,
			  int64_t (*cost)(const struct solve_model *, uint32_t), const struct solve_model *m)
{
	size_t at = 0;

	if (c->count)
		qsort(c->items, c->count, sizeof *c->items, by_column);
	for (uint32_t i = 0; i < count; i++) {
		sink_printf(s, " %c%u COST ", kind, i);
		print_cost(s, cost(m, i));
		sink_char(s, '\n');
		for (; at < c->count && c->items[at].column == i; at++) {
			sink_printf(s, " %c%u ", kind, i);
			print_row_name(s, &c->items[at]);
			sink_printf(s, " %lld\n", (long long)c->items[at].value);
		}
	}
	free(c->items);
}

static int64_t option_cost(const struct solve_model *m, uint32_t option)
{
	return m->cost[option];
}

static int64_t fee(const struct solve_model *m, uint32_t mark)
{
	return m->mark[mark].fee;
}

static int64_t no_cost(const struct solve_model *m, uint32_t link)
{
	(void)m;
	(void)link;
	return 0;
}

static uint32_t label_count(const struct solve_model *m)
{
	uint32_t labels = 0;

	for (size_t o = 0; o < m->costs.count; o++)
		if (m->label[o] != SOLVE_NO_LABEL && m->label[o] >= labels)
			labels = m->label[o] + 1;
	return labels;
}

static void print_options(const struct solve_model *m, struct sink *s)
{
	struct cells c = { 0 };

	for (uint32_t o = 0; o < m->costs.count; o++)
		add(&c, o, 'S', m->owner[o], 0, 1);
	for (uint32_t i = 0; i < m->rows.count; i++)
		for (size_t k = m->row[i].from; k < m->row[i].from + m->row[i].count; k++)
			add(&c, m->entry_option[k], 'R', i, 0, m->entry_value[k]);
	for (uint32_t i = 0; i < m->counted.count; i++)
		for (size_t k = m->counts[i].from; k < m->counts[i].from + m->counts[i].count; k++) {
			const struct model_mark *mark = &m->mark[m->count_mark[k]];

			for (size_t n = mark->from; n < mark->from + mark->count; n++)
				add(&c, m->mark_option[n], 'L', i, m->count_mark[k], -1);
		}
	for (uint32_t k = 0; k < m->marks.count; k++)
		for (size_t n = m->mark[k].from; m->mark[k].fee && n < m->mark[k].from + m->mark[k].count; n++)
			add(&c, m->mark_option[n], 'F', k, m->mark_option[n], 1);
	for (uint32_t i = 0; i < m->borders.count; i++) {
		const struct model_border *b = &m->border[i];

		for (uint32_t o = m->first[b->a]; o < model_end(m, b->a); o++)
			add(&c, o, 'B', i, m->label[o] == SOLVE_NO_LABEL ? label_count(m) : m->label[o], 1);
		for (uint32_t o = m->first[b->b]; o < model_end(m, b->b); o++)
			add(&c, o, 'B', i, m->label[o] == SOLVE_NO_LABEL ? label_count(m) : m->label[o], -1);
	}
	print_columns(s, 'X', (uint32_t)m->costs.count, &c, option_cost, m);
}

static void print_marks(const struct solve_model *m, struct sink *s)
{
	struct cells c = { 0 };
	uint32_t link = 0;

	for (uint32_t k = 0; k < m->marks.count; k++)
		for (size_t n = m->mark[k].from; m->mark[k].fee && n < m->mark[k].from + m->mark[k].count; n++)
			add(&c, k, 'F', k, m->mark_option[n], -1);
	print_columns(s, 'W', (uint32_t)m->marks.count, &c, fee, m);
	c = (struct cells){ 0 };
	for (uint32_t i = 0; i < m->counted.count; i++)
		for (size_t k = m->counts[i].from; k < m->counts[i].from + m->counts[i].count; k++, link++) {
			add(&c, link, 'L', i, m->count_mark[k], 1);
			add(&c, link, 'N', i, 0, 1);
		}
	print_columns(s, 'Y', link, &c, no_cost, m);
}

/* One continuous column a border and label: the part of the cost that this label brings. */
static void print_borders(const struct solve_model *m, struct sink *s)
{
	uint32_t labels = label_count(m) + 1;

	for (uint32_t i = 0; i < m->borders.count; i++)
		for (uint32_t l = 0; l < labels; l++) {
			sink_printf(s, " V%u_%u COST ", i, l);
			print_cost(s, m->border[i].cost);
			sink_printf(s, "\n V%u_%u B%u_%u -1\n", i, l, i, l);
		}
}

static void print_rows(const struct solve_model *m, struct sink *s)
{
	sink_text(s, "NAME PROVISO FREE\nROWS\n N COST\n");
	for (uint32_t u = 0; u < m->units.count; u++)
		sink_printf(s, " E S%u\n", u);
	for (uint32_t i = 0; i < m->rows.count; i++)
		sink_printf(s, " %c R%u\n", m->row[i].sense == SOLVE_AT_MOST ? 'L' : 'G', i);
	for (uint32_t i = 0; i < m->counted.count; i++) {
		sink_printf(s, " G N%u\n", i);
		for (size_t k = m->counts[i].from; k < m->counts[i].from + m->counts[i].count; k++)
			sink_printf(s, " L L%u_%u\n", i, m->count_mark[k]);
	}
	for (uint32_t k = 0; k < m->marks.count; k++)
		for (size_t n = m->mark[k].from; m->mark[k].fee && n < m->mark[k].from + m->mark[k].count; n++)
			sink_printf(s, " L F%u_%u\n", k, m->mark_option[n]);
	for (uint32_t i = 0; i < m->borders.count; i++)
		for (uint32_t l = 0; l <= label_count(m); l++)
			sink_printf(s, " L B%u_%u\n", i, l);
}

static void print_bound(struct sink *s, wide value)
{
	char text[48];

	/* micro_print knows 128 bits: a whole number is its millionfold. */
	micro_print(value * MICRO, text);
	sink_text(s, text);
}

static void print_bounds(const struct solve_model *m, struct sink *s)
{
	uint32_t links = 0;

	for (uint32_t i = 0; i < m->counted.count; i++)
		links += (uint32_t)m->counts[i].count;
	sink_text(s, "RHS\n");
	for (uint32_t u = 0; u < m->units.count; u++)
		sink_printf(s, " RHS S%u 1\n", u);
	for (uint32_t i = 0; i < m->rows.count; i++) {
		sink_printf(s, " RHS R%u ", i);
		print_bound(s, m->row[i].bound);
		sink_char(s, '\n');
	}
	for (uint32_t i = 0; i < m->counted.count; i++)
		sink_printf(s, " RHS N%u %u\n", i, m->counts[i].at_least);
	sink_text(s, "BOUNDS\n");
	for (uint32_t o = 0; o < m->costs.count; o++)
		sink_printf(s, " UP BND X%u 1\n", o);
	for (size_t i = 0; i < m->forbids.count; i++)
		sink_printf(s, " FX BND X%u 0\n", m->forbid[i].option);
	for (uint32_t i = 0; i < links; i++)
		sink_printf(s, " UP BND Y%u 1\n", i);
	for (uint32_t k = 0; k < m->marks.count; k++)
		sink_printf(s, " UP BND W%u 1\n", k);
}

void solve_mps_print(const struct solve_model *m, struct sink *s)
{
	print_rows(m, s);
	sink_text(s, "COLUMNS\n MK 'MARKER' 'INTORG'\n");
	print_options(m, s);
	print_marks(m, s);
	sink_text(s, " MK 'MARKER' 'INTEND'\n");
	print_borders(m, s);
	print_bounds(m, s);
	sink_text(s, "ENDATA\n");
}
