/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Depth first, the unit whose options differ most first, its cheapest option first. A branch ends where the certificate's
 * bound, with the prices of what is chosen and of the room in rows that nobody can use any more, reaches the best cost;
 * where a row can't be kept even by the most sparing options of the units that are still open; or where a count can't be
 * reached. All of it integers: what ends here is proven.
 */
#include "solve/enumerate.h"
#include "solve/search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_AT_ONCE = 256 }; /* between two questions whether it goes on */

struct trial {
	uint32_t option;
	wide price;
};

/* What a unit can use of a row at least and at most. */
struct extent {
	uint32_t row;
	wide least, most;
};

struct level {
	uint32_t unit;
	struct extent *extents; /* of every row that its options touch */
	uint32_t extent_count;
	wide least_cost;
	bool marked;          /* some option bears a mark */
	struct trial *trials; /* ascending by price */
	uint32_t count, next;
	wide spread;
};

struct descent {
	const struct problem *p;
	struct enumeration *e;
	struct level *level;
	uint32_t depth, levels;
	uint32_t *choice;
	wide *use;                    /* of each row: what is chosen, and the least that the open units can use */
	wide *most;                   /* the same with the most */
	wide idle;                    /* what room that nobody can use costs by the certificate */
	uint32_t *bearers, *possible; /* of each mark: chosen options that bear it; open options that could */
	wide cost;                    /* of chosen options, fees and borders, and the least of the open units' costs */
	wide price;                   /* of chosen options */
};

static int by_price(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;

	if (x->price != y->price)
		return x->price < y->price ? -1 : 1;
	return (x->option > y->option) - (x->option < y->option);
}

static int by_spread(const void *a, const void *b)
{
	const struct level *x = a, *y = b;

	if (x->spread != y->spread)
		return x->spread > y->spread ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

static bool is_shut(const struct enumeration *e, uint32_t option)
{
	return e->shut && e->shut[option];
}

/* Extents of a level: entries sorted by row, a row that an option leaves out counts as 0 for it. */
static int by_row(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	return (x->row > y->row) - (x->row < y->row);
}

static void find_extents(const struct problem *p, struct level *v, struct arena *a)
{
	size_t entries = 0;
	struct extent *e;

	for (uint32_t i = 0; i < v->count; i++)
		entries += p->entry_first[v->trials[i].option + 1] - p->entry_first[v->trials[i].option];
	e = arena_array(a, entries + 1, sizeof *e);
	entries = 0;
	for (uint32_t i = 0; i < v->count; i++)
		for (size_t k = p->entry_first[v->trials[i].option]; k < p->entry_first[v->trials[i].option + 1]; k++)
			e[entries++] = (struct extent){ p->entry_row[k], p->entry_value[k], p->entry_value[k] };
	qsort(e, entries, sizeof *e, by_row);
	v->extents = e;
	for (size_t from = 0, to; from < entries; from = to) {
		struct extent all = e[from];

		for (to = from; to < entries && e[to].row == all.row; to++) {
			all.least = e[to].least < all.least ? e[to].least : all.least;
			all.most = e[to].most > all.most ? e[to].most : all.most;
		}
		if (to - from < v->count) {
			all.least = all.least > 0 ? 0 : all.least;
			all.most = all.most < 0 ? 0 : all.most;
		}
		e[v->extent_count++] = all;
	}
}

static wide idle_of(const struct descent *d, uint32_t row)
{
	wide room = d->p->bound[row] - d->most[row];

	return d->e->has_total && room > 0 ? d->e->weight[row] * room : 0;
}

static void add_extents(struct descent *d, const struct level *v, int sign)
{
	for (uint32_t i = 0; i < v->extent_count; i++) {
		d->use[v->extents[i].row] += sign * v->extents[i].least;
		d->most[v->extents[i].row] += sign * v->extents[i].most;
	}
}

static void add_idle(struct descent *d, const struct level *v, int sign)
{
	for (uint32_t i = 0; i < v->extent_count; i++)
		d->idle += sign * idle_of(d, v->extents[i].row);
}

static void add_entries(struct descent *d, uint32_t option, int sign)
{
	const struct problem *p = d->p;

	for (size_t k = p->entry_first[option]; k < p->entry_first[option + 1]; k++) {
		d->use[p->entry_row[k]] += sign * (wide)p->entry_value[k];
		d->most[p->entry_row[k]] += sign * (wide)p->entry_value[k];
	}
}

static wide least_cost(const struct problem *p, const struct level *v)
{
	wide least = p->cost[v->trials[0].option];

	for (uint32_t i = 1; i < v->count; i++)
		least = p->cost[v->trials[i].option] < least ? p->cost[v->trials[i].option] : least;
	return least;
}

static void add_possible(struct descent *d, const struct level *v, uint32_t sign)
{
	const struct problem *p = d->p;

	for (uint32_t i = 0; i < v->count; i++)
		for (size_t k = p->mark_first[v->trials[i].option]; k < p->mark_first[v->trials[i].option + 1]; k++)
			d->possible[p->option_mark[k]] += sign;
}

static wide borders_of(const struct descent *d, uint32_t unit, uint32_t option)
{
	const struct problem *p = d->p;
	wide cost = 0;

	for (size_t i = p->neighbour_first[unit]; i < p->neighbour_first[unit + 1]; i++) {
		uint32_t other = d->choice[p->neighbour[i].unit];

		if (other != NONE && p->label[other] != p->label[option])
			cost += p->neighbour[i].cost;
	}
	return cost;
}

static void take(struct descent *d, const struct level *v, const struct trial *t)
{
	const struct problem *p = d->p;
	uint32_t o = t->option;

	add_idle(d, v, -1);
	add_extents(d, v, -1);
	add_entries(d, o, 1);
	add_idle(d, v, 1);
	if (v->marked)
		add_possible(d, v, (uint32_t)-1);
	d->cost += p->cost[o] - v->least_cost + borders_of(d, v->unit, o);
	d->price += t->price;
	for (size_t k = p->mark_first[o]; k < p->mark_first[o + 1]; k++)
		if (d->bearers[p->option_mark[k]]++ == 0)
			d->cost += p->fee[p->option_mark[k]];
	d->choice[v->unit] = o;
}

static void give_back(struct descent *d, const struct level *v, const struct trial *t)
{
	const struct problem *p = d->p;
	uint32_t o = t->option;

	d->choice[v->unit] = NONE;
	for (size_t k = p->mark_first[o]; k < p->mark_first[o + 1]; k++)
		if (--d->bearers[p->option_mark[k]] == 0)
			d->cost -= p->fee[p->option_mark[k]];
	d->price -= t->price;
	d->cost -= p->cost[o] - v->least_cost + borders_of(d, v->unit, o);
	if (v->marked)
		add_possible(d, v, 1);
	add_idle(d, v, -1);
	add_entries(d, o, -1);
	add_extents(d, v, 1);
	add_idle(d, v, 1);
}

static bool counts_reachable(const struct descent *d)
{
	const struct problem *p = d->p;

	for (uint32_t i = 0; i < p->counts; i++) {
		uint32_t reachable = 0;

		for (size_t k = p->count[i].from; k < p->count[i].from + p->count[i].count; k++)
			reachable += d->bearers[p->count_mark[k]] > 0 || d->possible[p->count_mark[k]] > 0;
		if (reachable < p->count[i].at_least)
			return false;
	}
	return true;
}

/* v: the level whose unit has just chosen; only its rows and marks can have become worse. */
static bool promising(const struct descent *d, const struct level *v)
{
	const struct problem *p = d->p;
	const struct enumeration *e = d->e;

	if (e->has_best && d->cost > e->best_cost - e->less)
		return false;
	if (e->has_best && e->has_total &&
	    e->total + d->price + d->idle > (e->best_cost - e->less) * ((wide)1 << e->shift))
		return false;
	for (uint32_t i = 0; i < v->extent_count; i++)
		if (d->use[v->extents[i].row] > p->bound[v->extents[i].row])
			return false;
	return !v->marked || counts_reachable(d);
}

/* Before anything is chosen: rows that no unit touches, counts that nobody can bear. */
static bool possible_at_all(struct descent *d)
{
	const struct problem *p = d->p;

	for (uint32_t i = 0; i < p->rows; i++) {
		if (d->use[i] > p->bound[i])
			return false;
		d->idle += idle_of(d, i);
	}
	for (uint32_t i = 0; i < d->levels; i++)
		if (d->level[i].count == 0)
			return false;
	return counts_reachable(d);
}

static void prepare(struct descent *d, struct arena *a)
{
	const struct problem *p = d->p;
	struct trial *trials = arena_array(a, (size_t)p->options + 1, sizeof *trials);

	d->level = arena_array(a, (size_t)p->units + 1, sizeof *d->level);
	for (uint32_t u = 0; u < p->units; u++) {
		struct level *v = &d->level[d->levels++];

		d->choice[u] = NONE;
		v->unit = u;
		v->trials = trials;
		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++)
			if (!is_shut(d->e, o))
				v->trials[v->count++] = (struct trial){ o, d->e->price ? d->e->price[o] : p->cost[o] };
		trials += v->count;
		if (v->count == 0)
			continue;
		qsort(v->trials, v->count, sizeof *v->trials, by_price);
		v->spread = v->count == 1 ? (wide)1 << 126 : v->trials[1].price - v->trials[0].price;
		if (!d->e->price)
			for (uint32_t i = 0; i < v->count; i++)
				v->trials[i].price = 0;
		find_extents(p, v, a);
		add_extents(d, v, 1);
		add_possible(d, v, 1);
		v->least_cost = least_cost(p, v);
		d->cost += v->least_cost;
		for (uint32_t i = 0; i < v->count; i++)
			v->marked = v->marked ||
				    p->mark_first[v->trials[i].option] < p->mark_first[v->trials[i].option + 1];
	}
	qsort(d->level, d->levels, sizeof *d->level, by_spread);
}

static void keep_best(struct descent *d)
{
	struct enumeration *e = d->e;

	e->has_best = true;
	e->best_cost = d->cost;
	memcpy(e->best, d->choice, (size_t)d->p->units * sizeof *e->best);
}

/* One step down, sideways or up; false when all was seen. */
static bool step(struct descent *d)
{
	struct level *v;

	if (d->depth == d->levels) {
		keep_best(d);
	} else {
		v = &d->level[d->depth];
		if (v->next < v->count) {
			take(d, v, &v->trials[v->next++]);
			if (promising(d, v)) {
				d->depth++;
				if (d->depth < d->levels)
					d->level[d->depth].next = 0;
			} else {
				give_back(d, v, &v->trials[v->next - 1]);
			}
			return true;
		}
	}
	if (d->depth == 0)
		return false;
	v = &d->level[--d->depth];
	give_back(d, v, &v->trials[v->next - 1]);
	return true;
}

bool enumerate(const struct problem *p, struct enumeration *e)
{
	struct arena *a = arena_new();
	struct descent d = { .p = p, .e = e };
	uint64_t nodes = 0;
	bool more;

	d.choice = arena_array(a, (size_t)p->units + 1, sizeof *d.choice);
	d.use = arena_array(a, (size_t)p->rows + 1, sizeof *d.use);
	d.most = arena_array(a, (size_t)p->rows + 1, sizeof *d.most);
	d.bearers = arena_array(a, (size_t)p->marks + 1, sizeof *d.bearers);
	d.possible = arena_array(a, (size_t)p->marks + 1, sizeof *d.possible);
	prepare(&d, a);
	more = possible_at_all(&d);
	while (more && nodes++ < e->nodes) {
		more = step(&d);
		if (more && nodes % NODES_AT_ONCE == 0 && e->goes_on && !e->goes_on(e->context, nodes))
			break;
	}
	e->nodes = nodes;
	arena_free(a);
	return !more;
}
