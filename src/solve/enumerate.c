/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Depth first, the unit whose options differ most first, its cheapest option first. A branch ends where the certificate's
 * bound with the prices of what is chosen reaches the best cost, where a row can't be kept even by the most sparing options
 * of the units that are still open, or where a count can't be reached. All of it integers: what ends here is proven.
 */
#include "solve/enumerate.h"
#include "solve/search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct trial {
	uint32_t option;
	wide price;
};

struct level {
	uint32_t unit;
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
	wide *use;	/* of each row: what is chosen, and the least that the open units can use */
	uint32_t *bearers, *possible; /* of each mark: chosen options that bear it; open options that could */
	wide cost;	/* of chosen options, fees and borders, and the least of the open units' costs */
	wide price;	/* of chosen options */
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

/* The least that a unit can use of each row that it touches, added (sign 1) or taken away (-1). */
static void add_least(struct descent *d, const struct level *v, int sign)
{
	const struct problem *p = d->p;

	for (uint32_t i = 0; i < v->count; i++)
		for (size_t k = p->entry_first[v->trials[i].option]; k < p->entry_first[v->trials[i].option + 1]; k++) {
			uint32_t row = p->entry_row[k];
			wide least = p->entry_value[k];
			bool first = true;

			for (uint32_t j = 0; j < v->count && first; j++) {
				wide value = 0;

				for (size_t n = p->entry_first[v->trials[j].option];
				     n < p->entry_first[v->trials[j].option + 1]; n++)
					if (p->entry_row[n] == row) {
						value = p->entry_value[n];
						first = j >= i;
					}
				least = value < least ? value : least;
			}
			if (first)
				d->use[row] += sign * least;
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

	add_least(d, v, -1);
	add_possible(d, v, (uint32_t)-1);
	d->cost += p->cost[o] - least_cost(p, v) + borders_of(d, v->unit, o);
	d->price += t->price;
	for (size_t k = p->entry_first[o]; k < p->entry_first[o + 1]; k++)
		d->use[p->entry_row[k]] += p->entry_value[k];
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
	for (size_t k = p->entry_first[o]; k < p->entry_first[o + 1]; k++)
		d->use[p->entry_row[k]] -= p->entry_value[k];
	d->price -= t->price;
	d->cost -= p->cost[o] - least_cost(p, v) + borders_of(d, v->unit, o);
	add_possible(d, v, 1);
	add_least(d, v, 1);
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

static bool promising(const struct descent *d)
{
	const struct problem *p = d->p;
	const struct enumeration *e = d->e;

	if (e->has_best && d->cost > e->best_cost - e->less)
		return false;
	if (e->has_best && e->has_total && e->total + d->price > (e->best_cost - e->less) * ((wide)1 << e->shift))
		return false;
	for (uint32_t i = 0; i < p->rows; i++)
		if (d->use[i] > p->bound[i])
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
		add_least(d, v, 1);
		add_possible(d, v, 1);
		d->cost += least_cost(p, v);
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
			if (promising(d)) {
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
	d.bearers = arena_array(a, (size_t)p->marks + 1, sizeof *d.bearers);
	d.possible = arena_array(a, (size_t)p->marks + 1, sizeof *d.possible);
	prepare(&d, a);
	more = promising(&d);
	while (more && nodes++ < e->nodes)
		more = step(&d);
	e->nodes = nodes;
	arena_free(a);
	return !more;
}
