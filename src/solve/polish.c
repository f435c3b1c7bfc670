/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With multipliers y and prices away(o) >= 0 of options above their unit's best, the cost of any choice that keeps all rules
 * is the bound, plus away of all chosen options, plus y(i) * slack(i) of all rows, plus further terms >= 0 of counts, fees
 * and borders. Where only the units of a neighbourhood N change, the terms outside stay, so a cheaper choice has
 *
 *     sum of away over N + sum of y * slack over the rows that N touches  <  what these are now + the further terms  =: budget
 *
 * and a branch of the search ends where its own sum reaches the budget, or where a row can't be kept any more.
 */
#include "solve/polish.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_UNITS = 48,   /* of a neighbourhood */
	MOST_OPTIONS = 16, /* of a unit in it */
	MOST_ROWS = 256,   /* that it touches */
	NODES = 6000,      /* of one search */
	MOST_ROUNDS = 60,
	SPARE = 4, /* units looked at for each one taken */
};

struct change {
	uint32_t row; /* the neighbourhood's own number */
	wide value;   /* against what the unit chooses now */
};

struct variant {
	uint32_t option;
	double away;
	uint32_t from, count; /* in changes */
};

struct member {
	uint32_t unit, variants;
	double next; /* away of its nearest other option */
	struct variant variant[MOST_OPTIONS];
};

struct polish {
	struct run *run;
	struct search *s;
	const struct problem *p;
	struct arena *arena;
	double *y;          /* of each row, micro-money */
	double further;     /* terms of counts, fees and borders now */
	uint32_t *row_here; /* of each row: its number in the neighbourhood, or NONE */
	bool *unit_here;
	uint32_t members, rows;
	struct member *member;
	uint32_t row[MOST_ROWS];
	wide use[MOST_ROWS], bound[MOST_ROWS];
	double local_y[MOST_ROWS];
	wide (*least)[MOST_ROWS]; /* by depth: what the units from there on can add to each row at least */
	wide (*most)[MOST_ROWS];
	struct {
		struct change *items;
		size_t count, room;
	} changes;
	struct {
		struct member *items;
		size_t count, room;
	} found;
	double budget;
	uint32_t chosen[MOST_UNITS], best[MOST_UNITS];
	bool any;
	uint64_t nodes, random;
};

static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* ---- the neighbourhood ------------------------------------------------------------------------------------------------- */

static double slack_value(const struct polish *q, uint32_t row)
{
	return q->y[row] * (double)(q->p->bound[row] - q->s->use[row]);
}

/* The terms that are neither options' nor rows'. */
static void weigh_further(struct polish *q)
{
	const struct problem *p = q->p;
	double total = ldexp((double)q->run->total, -(int)q->run->certificate->shift);
	double sum = 0;

	for (uint32_t u = 0; u < p->units; u++)
		sum += q->run->away[q->s->choice[u]];
	for (uint32_t i = 0; i < p->rows; i++)
		sum += slack_value(q, i);
	q->further = (double)q->s->cost - total - sum;
	q->further = q->further > 0 ? q->further : 0;
}

static bool touch(struct polish *q, uint32_t unit)
{
	const struct problem *p = q->p;

	for (size_t k = p->entry_first[p->first[unit]]; k < p->entry_first[p->first[unit + 1]]; k++) {
		uint32_t row = p->entry_row[k];

		if (q->row_here[row] != NONE)
			continue;
		if (q->rows == MOST_ROWS)
			return false;
		q->row_here[row] = q->rows;
		q->row[q->rows] = row;
		q->use[q->rows] = q->s->use[row];
		q->bound[q->rows] = p->bound[row];
		q->local_y[q->rows++] = q->y[row];
	}
	return true;
}

static void clear(struct polish *q)
{
	for (uint32_t i = 0; i < q->rows; i++)
		q->row_here[q->row[i]] = NONE;
	for (uint32_t i = 0; i < q->members; i++)
		q->unit_here[q->member[i].unit] = false;
	q->members = q->rows = 0;
	q->changes.count = 0;
}

static int by_next(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->next != y->next)
		return x->next < y->next ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

/* How far the unit's nearest other option is, or a large number. */
static double nearest(const struct polish *q, uint32_t unit)
{
	const struct problem *p = q->p;
	double least = INFINITY;

	for (uint32_t o = p->first[unit]; o < p->first[unit + 1]; o++)
		if (o != q->s->choice[unit] && q->run->away[o] < least)
			least = q->run->away[o];
	return least;
}

/* Units of a row whose next option is near, the nearest first; those that pay something now come before. */
static void find_units(struct polish *q, uint32_t row, double most)
{
	const struct problem *p = q->p;

	for (size_t i = p->row_first[row]; i < p->row_first[row + 1]; i++) {
		uint32_t u = p->row_unit[i];
		double next = nearest(q, u);

		if (next <= most && !q->unit_here[u]) {
			struct member *m = array_add(&q->found);

			m->unit = u;
			m->next = next - q->run->away[q->s->choice[u]];
		}
	}
	q->run->work += p->row_first[row + 1] - p->row_first[row];
	if (q->found.count)
		qsort(q->found.items, q->found.count, sizeof *q->found.items, by_next);
}

static bool join(struct polish *q, uint32_t unit)
{
	if (q->members == MOST_UNITS || q->unit_here[unit] || !touch(q, unit))
		return false;
	q->member[q->members].unit = unit;
	q->unit_here[unit] = true;
	q->members++;
	return true;
}

/* Some of a row's near units, every near one with the same chance when there are more than places. */
static void join_row(struct polish *q, uint32_t row, double most, uint32_t places)
{
	size_t count;

	q->found.count = 0;
	find_units(q, row, most);
	count = q->found.count < (size_t)places * SPARE ? q->found.count : (size_t)places * SPARE;
	for (size_t i = 0; i < count && places; i++) {
		size_t left = count - i, k = i;

		if (left > places)
			k = i + draw(&q->random) % left;
		if (k != i) {
			struct member swap = q->found.items[k];

			q->found.items[k] = q->found.items[i];
			q->found.items[i] = swap;
		}
		places -= join(q, q->found.items[i].unit);
	}
}

/* ---- the search -------------------------------------------------------------------------------------------------------------- */

static int by_away(const void *a, const void *b)
{
	const struct variant *x = a, *y = b;

	if (x->away != y->away)
		return x->away < y->away ? -1 : 1;
	return (x->option > y->option) - (x->option < y->option);
}

static void list_changes(struct polish *q, struct variant *v, uint32_t from)
{
	struct row_walk w = row_walk(q->p, from, v->option);
	uint32_t row;
	wide value;

	v->from = (uint32_t)q->changes.count;
	while (row_walk_next(q->p, &w, &row, &value))
		if (value) {
			struct change *c = array_add(&q->changes);

			*c = (struct change){ q->row_here[row], value };
		}
	v->count = (uint32_t)q->changes.count - v->from;
}

static void list_variants(struct polish *q, struct member *m)
{
	const struct problem *p = q->p;
	uint32_t now = q->s->choice[m->unit];

	m->variants = 0;
	for (uint32_t o = p->first[m->unit]; o < p->first[m->unit + 1]; o++)
		if (o == now || (q->run->away[o] < q->budget && m->variants < MOST_OPTIONS - 1))
			m->variant[m->variants++] = (struct variant){ .option = o, .away = q->run->away[o] };
	qsort(m->variant, m->variants, sizeof *m->variant, by_away);
	for (uint32_t i = 0; i < m->variants; i++)
		list_changes(q, &m->variant[i], now);
	m->next = m->variants > 1 ? m->variant[1].away - m->variant[0].away : INFINITY;
}

/* Farthest choices first: a wrong one ends its branch at once. */
static int by_next_down(const void *a, const void *b)
{
	return by_next(b, a);
}

static void add_extremes(struct polish *q, uint32_t depth)
{
	const struct member *m = &q->member[depth];
	wide least[MOST_ROWS], most[MOST_ROWS], times[MOST_ROWS];

	memset(times, 0, q->rows * sizeof *times);
	for (uint32_t i = 0; i < m->variants; i++)
		for (uint32_t k = 0; k < m->variant[i].count; k++) {
			const struct change *c = &q->changes.items[m->variant[i].from + k];

			if (times[c->row] == 0)
				least[c->row] = most[c->row] = c->value;
			least[c->row] = c->value < least[c->row] ? c->value : least[c->row];
			most[c->row] = c->value > most[c->row] ? c->value : most[c->row];
			times[c->row]++;
		}
	for (uint32_t r = 0; r < q->rows; r++) {
		wide low = 0, high = 0;

		if (times[r]) { /* a variant without a change in the row changes it by 0 */
			low = times[r] < m->variants && least[r] > 0 ? 0 : least[r];
			high = times[r] < m->variants && most[r] < 0 ? 0 : most[r];
		}
		q->least[depth][r] = q->least[depth + 1][r] + low;
		q->most[depth][r] = q->most[depth + 1][r] + high;
	}
}

static void leaf(struct polish *q, double sum)
{
	struct search *s = q->s;
	uint32_t before[MOST_UNITS];
	wide cost = s->cost;

	(void)sum;
	for (uint32_t i = 0; i < q->members; i++) {
		before[i] = s->choice[q->member[i].unit];
		search_move(s, q->member[i].variant[q->chosen[i]].option);
	}
	if (!s->broken && s->cost < cost) {
		q->budget -= (double)(cost - s->cost);
		q->any = true;
		memcpy(q->best, q->chosen, sizeof q->best);
	}
	for (uint32_t i = q->members; i-- > 0;)
		search_move(s, before[i]);
}

/* What slack will cost at least, and whether all rows can still be kept. */
static bool holds(const struct polish *q, uint32_t depth, double *slack)
{
	*slack = 0;
	for (uint32_t r = 0; r < q->rows; r++) {
		wide left = q->bound[r] - q->use[r];

		if (left < q->least[depth][r])
			return false;
		if (q->local_y[r] > 0 && left > q->most[depth][r])
			*slack += q->local_y[r] * (double)(left - q->most[depth][r]);
	}
	return true;
}

static void descend(struct polish *q, uint32_t depth, double sum)
{
	const struct member *m = &q->member[depth];
	double slack;

	if (depth == q->members) {
		leaf(q, sum);
		return;
	}
	for (uint32_t i = 0; i < m->variants && q->nodes < NODES; i++) {
		const struct variant *v = &m->variant[i];

		if (sum + v->away >= q->budget)
			return;
		q->nodes++;
		for (uint32_t k = 0; k < v->count; k++)
			q->use[q->changes.items[v->from + k].row] += q->changes.items[v->from + k].value;
		q->chosen[depth] = i;
		if (holds(q, depth + 1, &slack) && sum + v->away + slack < q->budget)
			descend(q, depth + 1, sum + v->away);
		for (uint32_t k = 0; k < v->count; k++)
			q->use[q->changes.items[v->from + k].row] -= q->changes.items[v->from + k].value;
	}
}

/* The terms of this neighbourhood's options and rows. */
static double own_terms(const struct polish *q)
{
	double sum = 0;

	for (uint32_t i = 0; i < q->members; i++)
		sum += q->run->away[q->s->choice[q->member[i].unit]];
	for (uint32_t r = 0; r < q->rows; r++)
		sum += slack_value(q, q->row[r]);
	return sum;
}

static void take_best(struct polish *q)
{
	double own = own_terms(q);
	wide cost = q->s->cost;

	for (uint32_t i = 0; i < q->members; i++)
		search_move(q->s, q->member[i].variant[q->best[i]].option);
	q->further += own - own_terms(q) - (double)(cost - q->s->cost);
	q->further = q->further > 0 ? q->further : 0;
	run_offer_choice(q->run);
}

/* Looks at all combinations that could be cheaper; takes the cheapest. */
static bool try_neighbourhood(struct polish *q)
{
	q->budget = q->further + own_terms(q);
	q->changes.count = 0;
	q->any = false;
	q->nodes = 0;
	for (uint32_t i = 0; i < q->members; i++)
		list_variants(q, &q->member[i]);
	qsort(q->member, q->members, sizeof *q->member, by_next_down);
	memset(q->least[q->members], 0, sizeof *q->least);
	memset(q->most[q->members], 0, sizeof *q->most);
	for (uint32_t i = q->members; i-- > 0;)
		add_extremes(q, i);
	descend(q, 0, 0);
	q->run->work += q->nodes;
	if (q->any)
		take_best(q);
	return q->any;
}

/* How much one row's neighbourhood could gain at most: options farther away than this are no part of it. */
static double reach(const struct polish *q, uint32_t row)
{
	const struct problem *p = q->p;
	double sum = q->further + slack_value(q, row);

	for (size_t i = p->row_first[row]; i < p->row_first[row + 1]; i++)
		sum += q->run->away[q->s->choice[p->row_unit[i]]];
	return sum;
}

static bool go_through_rows(struct polish *q, unsigned round)
{
	const struct problem *p = q->p;
	bool gained = false;

	for (uint32_t i = 0; i < p->rows; i++) {
		uint32_t other = (uint32_t)(draw(&q->random) % p->rows);

		if (!run_goes_on(q->run, "polish") || run_is_within(q->run))
			return false;
		join_row(q, i, reach(q, i) + p->scale / 8, round % 2 ? MOST_UNITS / 2 : MOST_UNITS);
		if (round % 2)
			join_row(q, other, reach(q, other) + p->scale / 8, MOST_UNITS / 2);
		gained = try_neighbourhood(q) || gained;
		clear(q);
	}
	return gained;
}

void polish(struct run *r, unsigned rounds)
{
	const struct problem *p = r->p;
	struct polish q = { .run = r, .s = r->search, .p = p, .arena = arena_new(), .random = r->settings->seed };

	q.y = arena_array(q.arena, (size_t)p->rows + 1, sizeof *q.y);
	q.row_here = arena_array(q.arena, (size_t)p->rows + 1, sizeof *q.row_here);
	q.unit_here = arena_array(q.arena, (size_t)p->units + 1, sizeof *q.unit_here);
	q.member = arena_array(q.arena, MOST_UNITS + 1, sizeof *q.member);
	q.least = arena_array(q.arena, MOST_UNITS + 1, sizeof *q.least);
	q.most = arena_array(q.arena, MOST_UNITS + 1, sizeof *q.most);
	for (uint32_t i = 0; i < p->rows; i++) {
		q.row_here[i] = NONE;
		q.y[i] = ldexp((double)r->certificate->row[p->row_origin[i]], -(int)r->certificate->shift);
	}
	search_set(r->search, r->choice);
	weigh_further(&q);
	for (unsigned round = 0, idle = 0;
	     idle < rounds && round < MOST_ROUNDS && p->rows && run_goes_on(r, "polish") && !run_is_within(r); round++)
		idle = go_through_rows(&q, round) ? 0 : idle + 1;
	free(q.changes.items);
	free(q.found.items);
	arena_free(q.arena);
}
