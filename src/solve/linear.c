/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building the linear program: first its entries row after row, then the same by columns.
 *
 * Rows:   unit    sum of x = 1
 *         row     sum of value * x <= bound, divided by its greatest common divisor and then by a power of two, so that
 *                 integers stay exact and the library's tolerances mean the same everywhere
 *         link    z - sum of x over the mark's options <= 0
 *         count   sum of z >= at_least
 *         fee     x - w <= 0, one for each option that bears the mark
 *         border  x(a has the label) - x(b has it) - v <= 0: the sum of v's over labels is 1 where the labels differ
 */
#include "solve/linear.h"

#include <math.h>
#include <string.h>

struct entry {
	int row, column;
	double value;
};

struct building {
	const struct problem *p;
	const uint32_t *choice;
	const bool *shut;
	struct arena *scratch;
	struct linear *l;
	int *column; /* of each option, or -1 */
	bool *borne; /* marks that a fixed unit bears */
	int *link;   /* column of each link, -1: borne already, or nobody can */
	struct {
		struct entry *items;
		size_t count, room;
	} entries;
	size_t columns_room, rows_room, most;
};

static bool is_left(const struct building *b, uint32_t unit)
{
	return !b->choice || b->choice[unit] == NONE;
}

static void *longer(struct building *b, void *items, size_t count, size_t room, size_t size)
{
	return arena_grow(b->scratch, items, count * size, room * size);
}

static int add_column(struct building *b, double cost, double high)
{
	struct linear *l = b->l;
	size_t room = b->columns_room;

	if ((size_t)l->columns == room) {
		b->columns_room = room ? 2 * room : 64;
		l->low = longer(b, l->low, room, b->columns_room, sizeof *l->low);
		l->high = longer(b, l->high, room, b->columns_room, sizeof *l->high);
		l->objective = longer(b, l->objective, room, b->columns_room, sizeof *l->objective);
		l->option = longer(b, l->option, room, b->columns_room, sizeof *l->option);
	}
	l->low[l->columns] = 0;
	l->high[l->columns] = high;
	l->objective[l->columns] = cost;
	return l->columns++;
}

static int add_row(struct building *b, struct linear_row what, double low, double high)
{
	struct linear *l = b->l;
	size_t room = b->rows_room;

	if ((size_t)l->rows == room) {
		b->rows_room = room ? 2 * room : 64;
		l->row = longer(b, l->row, room, b->rows_room, sizeof *l->row);
		l->row_low = longer(b, l->row_low, room, b->rows_room, sizeof *l->row_low);
		l->row_high = longer(b, l->row_high, room, b->rows_room, sizeof *l->row_high);
	}
	l->row[l->rows] = what;
	l->row_low[l->rows] = low;
	l->row_high[l->rows] = high;
	return l->rows++;
}

static void add_entry(struct building *b, int row, int column, double value)
{
	if (b->entries.count == b->entries.room) {
		size_t room = b->entries.room ? 2 * b->entries.room : 256;

		b->entries.items = longer(b, b->entries.items, b->entries.room, room, sizeof *b->entries.items);
		b->entries.room = room;
	}
	b->entries.items[b->entries.count++] = (struct entry){ row, column, value };
	b->l->too_large = b->l->too_large || b->entries.count > b->most;
}

/* What a unit's option costs here: its own cost, and borders to units that have chosen. */
static double option_cost(const struct building *b, uint32_t option)
{
	const struct problem *p = b->p;
	uint32_t unit = p->owner[option];
	wide cost = p->cost[option];

	for (size_t i = p->neighbour_first[unit]; i < p->neighbour_first[unit + 1]; i++) {
		const struct problem_neighbour *n = &p->neighbour[i];

		if (!is_left(b, n->unit) && p->label[b->choice[n->unit]] != p->label[option])
			cost += n->cost;
	}
	return (double)cost / b->l->unit;
}

static void add_units(struct building *b)
{
	const struct problem *p = b->p;

	for (uint32_t u = 0; u < p->units && !b->l->too_large; u++) {
		int row;

		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++)
			b->column[o] = -1;
		if (!is_left(b, u)) {
			uint32_t o = b->choice[u];

			b->l->constant += p->cost[o];
			for (size_t k = p->mark_first[o]; k < p->mark_first[o + 1]; k++)
				b->borne[p->option_mark[k]] = true;
			continue;
		}
		row = add_row(b, (struct linear_row){ LINEAR_UNIT, u, b->l->unit }, 1, 1);
		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++) {
			if (b->shut && b->shut[o])
				continue;
			b->column[o] = add_column(b, option_cost(b, o), 1);
			b->l->option[b->column[o]] = o;
			add_entry(b, row, b->column[o], 1);
		}
	}
	b->l->options = b->l->columns;
}

static wide divisor(wide a, wide b)
{
	a = a < 0 ? -a : a;
	b = b < 0 ? -b : b;
	while (b) {
		wide rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static wide floor_divide(wide n, wide d)
{
	wide q = n / d;

	return q * d > n ? q - 1 : q;
}

/* What is left of a row: the bound less what fixed units use, the divisor of the values, the largest of them. */
struct rest {
	wide bound, divisor, largest;
};

static struct rest row_rest(const struct building *b, uint32_t row)
{
	const struct problem *p = b->p;
	struct rest r = { p->bound[row], 0, 0 };

	for (size_t i = p->row_first[row]; i < p->row_first[row + 1]; i++) {
		uint32_t u = p->row_unit[i], from = p->first[u], to = p->first[u + 1];

		if (!is_left(b, u)) {
			from = b->choice[u];
			to = from + 1;
		}
		for (size_t k = p->entry_first[from]; k < p->entry_first[to]; k++) {
			wide value = p->entry_value[k];

			if (p->entry_row[k] != row)
				continue;
			if (!is_left(b, u)) {
				r.bound -= value;
				continue;
			}
			if (r.divisor != 1)
				r.divisor = divisor(r.divisor, value);
			value = value < 0 ? -value : value;
			r.largest = value > r.largest ? value : r.largest;
		}
	}
	return r;
}

static void add_coupling(struct building *b)
{
	const struct problem *p = b->p;

	for (uint32_t i = 0; i < p->rows && !b->l->too_large; i++) {
		struct rest r = row_rest(b, i);
		double by;
		int row;

		if (r.largest == 0) {
			b->l->impossible = b->l->impossible || r.bound < 0;
			continue;
		}
		by = ldexp(1, ilogb((double)(r.largest / r.divisor)));
		row = add_row(b, (struct linear_row){ LINEAR_ROW, i, b->l->unit / by / (double)r.divisor }, -INFINITY,
			      (double)floor_divide(r.bound, r.divisor) / by);
		for (size_t k = p->row_first[i]; k < p->row_first[i + 1]; k++) {
			uint32_t u = p->row_unit[k];

			for (size_t e = p->entry_first[p->first[u]], o = p->first[u];
			     is_left(b, u) && o < p->first[u + 1]; o++)
				for (; e < p->entry_first[o + 1]; e++)
					if (p->entry_row[e] == i && p->entry_value[e] && b->column[o] >= 0)
						add_entry(b, row, b->column[o],
							  (double)(p->entry_value[e] / r.divisor) / by);
		}
	}
}

static bool has_columns(const struct building *b, uint32_t mark)
{
	const struct problem *p = b->p;

	for (size_t i = p->bearer_first[mark]; i < p->bearer_first[mark + 1]; i++)
		if (b->column[p->bearer[i]] >= 0)
			return true;
	return false;
}

static void add_link(struct building *b, uint32_t link)
{
	const struct problem *p = b->p;
	uint32_t mark = p->count_mark[link];
	int row;

	b->link[link] = -1;
	if (b->borne[mark] || !has_columns(b, mark))
		return;
	b->link[link] = add_column(b, 0, 1);
	row = add_row(b, (struct linear_row){ LINEAR_LINK, link, b->l->unit }, -INFINITY, 0);
	add_entry(b, row, b->link[link], 1);
	for (size_t i = p->bearer_first[mark]; i < p->bearer_first[mark + 1]; i++)
		if (b->column[p->bearer[i]] >= 0)
			add_entry(b, row, b->column[p->bearer[i]], -1);
}

static void add_counts(struct building *b)
{
	const struct problem *p = b->p;

	b->link = arena_array(b->scratch, (size_t)p->links + 1, sizeof *b->link);
	for (uint32_t i = 0; i < p->counts && !b->l->too_large; i++) {
		const struct problem_count *c = &p->count[i];
		uint32_t wanted = c->at_least;
		int row;

		for (size_t k = c->from; k < c->from + c->count && wanted; k++)
			wanted -= b->borne[p->count_mark[k]];
		if (wanted == 0)
			continue;
		for (size_t k = c->from; k < c->from + c->count; k++)
			add_link(b, (uint32_t)k);
		row = add_row(b, (struct linear_row){ LINEAR_COUNT, i, b->l->unit }, wanted, INFINITY);
		for (size_t k = c->from; k < c->from + c->count; k++)
			if (b->link[k] >= 0)
				add_entry(b, row, b->link[k], 1);
	}
}

static void add_holder(struct building *b, uint32_t mark, size_t holder, int column)
{
	const struct problem *p = b->p;
	int row = -1;

	for (size_t i = p->holder_bearer[holder]; i < problem_holder_end(p, mark, holder); i++) {
		int x = b->column[p->bearer[i]];

		if (x < 0)
			continue;
		if (row < 0) {
			row = add_row(b, (struct linear_row){ LINEAR_FEE, holder, b->l->unit }, -INFINITY, 0);
			add_entry(b, row, column, -1);
		}
		add_entry(b, row, x, 1);
	}
}

static void add_fees(struct building *b)
{
	const struct problem *p = b->p;

	for (uint32_t k = 0; k < p->marks && !b->l->too_large; k++) {
		int column;

		if (p->fee[k] == 0)
			continue;
		if (b->borne[k]) {
			b->l->constant += p->fee[k];
			continue;
		}
		if (!has_columns(b, k))
			continue;
		column = add_column(b, (double)p->fee[k] / b->l->unit, INFINITY);
		for (size_t i = p->holder_first[k]; i < p->holder_first[k + 1]; i++)
			add_holder(b, k, i, column);
	}
}

static void add_side(struct building *b, int row, uint32_t unit, uint32_t label, double value)
{
	const struct problem *p = b->p;

	for (uint32_t o = p->first[unit]; o < p->first[unit + 1]; o++)
		if (p->label[o] == label && b->column[o] >= 0)
			add_entry(b, row, b->column[o], value);
}

static void add_borders(struct building *b)
{
	const struct problem *p = b->p;

	for (size_t i = 0; i < p->model->borders.count && !b->l->too_large; i++) {
		const struct model_border *border = &p->model->border[i];
		bool left = is_left(b, border->a), other = is_left(b, border->b);

		if (border->cost == 0)
			continue;
		if (!left && !other && p->label[b->choice[border->a]] != p->label[b->choice[border->b]])
			b->l->constant += border->cost;
		for (size_t s = p->slot_first[i]; left && other && s < p->slot_first[i + 1]; s++) {
			int column = add_column(b, (double)border->cost / b->l->unit, INFINITY);
			int row = add_row(b, (struct linear_row){ LINEAR_BORDER, s, b->l->unit }, -INFINITY, 0);

			add_side(b, row, border->a, p->slot_label[s], 1);
			add_side(b, row, border->b, p->slot_label[s], -1);
			add_entry(b, row, column, -1);
		}
	}
}

static void sort_by_column(struct building *b, struct arena *arena)
{
	struct linear *l = b->l;
	int *at = arena_array(b->scratch, (size_t)l->columns + 1, sizeof *at);

	l->start = arena_array(arena, (size_t)l->columns + 2, sizeof *l->start);
	l->index = arena_array(arena, b->entries.count + 1, sizeof *l->index);
	l->value = arena_array(arena, b->entries.count + 1, sizeof *l->value);
	for (size_t i = 0; i < b->entries.count; i++)
		l->start[b->entries.items[i].column + 1]++;
	for (int c = 0; c < l->columns; c++) {
		l->start[c + 1] += l->start[c];
		at[c] = l->start[c];
	}
	for (size_t i = 0; i < b->entries.count; i++) {
		const struct entry *e = &b->entries.items[i];

		l->index[at[e->column]] = e->row;
		l->value[at[e->column]++] = e->value;
	}
}

static void *kept(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *copy = arena_array(arena, count + 1, size);

	if (count)
		memcpy(copy, items, count * size);
	return copy;
}

static void keep(struct arena *arena, struct linear *l)
{
	size_t columns = (size_t)l->columns, rows = (size_t)l->rows;

	l->low = kept(arena, l->low, columns, sizeof *l->low);
	l->high = kept(arena, l->high, columns, sizeof *l->high);
	l->objective = kept(arena, l->objective, columns, sizeof *l->objective);
	l->option = kept(arena, l->option, (size_t)l->options, sizeof *l->option);
	l->row = kept(arena, l->row, rows, sizeof *l->row);
	l->row_low = kept(arena, l->row_low, rows, sizeof *l->row_low);
	l->row_high = kept(arena, l->row_high, rows, sizeof *l->row_high);
}

struct linear *linear_new(struct arena *arena, const struct problem *p, const uint32_t *choice, const bool *shut,
			  size_t most)
{
	struct building b = { .p = p, .choice = choice, .shut = shut, .scratch = arena_new(), .most = most };

	b.l = arena_alloc(arena, sizeof *b.l);
	b.l->unit = ldexp(1, ilogb(p->scale > 1 ? p->scale : 1));
	b.column = arena_array(b.scratch, (size_t)p->options + 1, sizeof *b.column);
	b.borne = arena_array(b.scratch, (size_t)p->marks + 1, sizeof *b.borne);
	add_units(&b);
	add_coupling(&b);
	add_counts(&b);
	add_fees(&b);
	add_borders(&b);
	if (!b.l->too_large) {
		sort_by_column(&b, arena);
		keep(arena, b.l);
	}
	arena_free(b.scratch);
	return b.l;
}
