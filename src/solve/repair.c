/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Repair: from a choice that the multipliers like to one that keeps all rules. Every broken row is mended in turn by the
 * moves that give it most for least; what stays broken weighs more in the next round, so that rows which pull against each
 * other find an order. Descent: afterwards, what became dearer than needed comes back.
 */
#include "solve/search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct candidate {
	double rank;
	uint32_t option;
};

struct candidates {
	struct candidate *items;
	size_t count, room;
};

struct repair {
	struct search *s;
	const double *away;
	double *row_weight, *count_weight; /* micro-money for a breach of one typical value */
	uint64_t random;
	struct candidates found;
};

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int by_rank(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->option > y->option) - (x->option < y->option);
}

static double breach(const struct search *s, uint32_t row, wide change)
{
	wide over = s->use[row] + change - s->p->bound[row];

	return over > 0 ? (double)over / s->size[row] : 0;
}

/* How the weighted sum of breaches changes. */
static double breach_change(const struct repair *r, uint32_t option)
{
	const struct search *s = r->s;
	const struct problem *p = s->p;
	uint32_t from = s->choice[p->owner[option]], row;
	struct row_walk w = row_walk(p, from, option);
	double sum = 0;
	wide change;

	while (row_walk_next(p, &w, &row, &change))
		if (s->use[row] + (change > 0 ? change : 0) > p->bound[row])
			sum += r->row_weight[row] * (breach(s, row, change) - breach(s, row, 0));
	for (size_t k = p->mark_first[option]; k < p->mark_first[option + 1]; k++)
		for (size_t i = p->mark_link_first[p->option_mark[k]]; i < p->mark_link_first[p->option_mark[k] + 1]; i++) {
			uint32_t c = p->link_count[p->mark_link[i]];

			if (s->bearers[p->option_mark[k]] == 0 && s->borne[c] < p->count[c].at_least)
				sum -= r->count_weight[c];
		}
	for (size_t k = p->mark_first[from]; k < p->mark_first[from + 1]; k++)
		for (size_t i = p->mark_link_first[p->option_mark[k]]; i < p->mark_link_first[p->option_mark[k] + 1]; i++) {
			uint32_t c = p->link_count[p->mark_link[i]];

			if (s->bearers[p->option_mark[k]] == 1 && s->borne[c] <= p->count[c].at_least)
				sum += r->count_weight[c];
		}
	return sum;
}

static void offer(struct repair *r, uint32_t option, double rank)
{
	struct candidate *c = array_add(&r->found);

	*c = (struct candidate){ rank, option };
}

static wide value_in_row(const struct problem *p, uint32_t option, uint32_t row)
{
	for (size_t k = p->entry_first[option]; k < p->entry_first[option + 1]; k++)
		if (p->entry_row[k] == row)
			return p->entry_value[k];
	return 0;
}

/* Moves of a row's units that relieve it and cost at most `most` by the multipliers. Returns what they could relieve. */
static wide gather(struct repair *r, uint32_t row, double most)
{
	struct search *s = r->s;
	const struct problem *p = s->p;
	wide relief = 0;

	r->found.count = 0;
	for (size_t i = p->row_first[row]; i < p->row_first[row + 1]; i++) {
		uint32_t u = p->row_unit[i], from = s->choice[u];
		wide here = value_in_row(p, from, row), best = 0;

		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++) {
			double dearer = r->away[o] - r->away[from];
			wide less;

			if (o == from || dearer > most)
				continue;
			less = here - value_in_row(p, o, row);
			if (less <= 0)
				continue;
			best = less > best ? less : best;
			offer(r, o, (dearer + breach_change(r, o)) / ((double)less / s->size[row]));
		}
		relief += best;
	}
	s->work += p->row_first[row + 1] - p->row_first[row];
	return relief;
}

static void mend_row(struct repair *r, uint32_t row)
{
	struct search *s = r->s;
	const struct problem *p = s->p;
	wide over = s->use[row] - p->bound[row];
	double most = p->scale / 16;

	/* Few moves are needed as a rule: look at cheap ones first, and have some in hand that others forbid. */
	while (gather(r, row, most) < 4 * over && most < 1e18 * p->scale)
		most = most < 64 * p->scale ? 4 * most : 1e30 * p->scale;
	if (r->found.count)
		qsort(r->found.items, r->found.count, sizeof *r->found.items, by_rank);
	for (size_t i = 0; i < r->found.count && s->use[row] > p->bound[row]; i++) {
		uint32_t o = r->found.items[i].option, from = s->choice[p->owner[o]];

		if (value_in_row(p, o, row) < value_in_row(p, from, row) && breach_change(r, o) < 0)
			search_move(s, o);
	}
}

static void mend_count(struct repair *r, uint32_t count)
{
	struct search *s = r->s;
	const struct problem *p = s->p;
	const struct problem_count *c = &p->count[count];

	while (s->borne[count] < c->at_least) {
		r->found.count = 0;
		for (size_t k = c->from; k < c->from + c->count; k++) {
			uint32_t mark = p->count_mark[k];

			for (size_t i = p->bearer_first[mark]; !s->bearers[mark] && i < p->bearer_first[mark + 1]; i++) {
				uint32_t o = p->bearer[i];

				offer(r, o, r->away[o] - r->away[s->choice[p->owner[o]]] + breach_change(r, o));
			}
		}
		s->work += r->found.count;
		if (r->found.count == 0)
			return;
		for (size_t i = 1; i < r->found.count; i++)
			if (by_rank(&r->found.items[i], &r->found.items[0]) < 0)
				r->found.items[0] = r->found.items[i];
		if (breach_change(r, r->found.items[0].option) >= 0)
			return;
		search_move(s, r->found.items[0].option);
	}
}

/* Heavier where it is still broken, by a factor that differs from row to row: two rows that take turns fall out of step. */
static void weigh(struct repair *r)
{
	const struct problem *p = r->s->p;

	for (uint32_t i = 0; i < p->rows; i++)
		if (r->s->use[i] > p->bound[i])
			r->row_weight[i] *= 1.5 + (double)(next_random(&r->random) >> 40) * 0x1p-24;
	for (uint32_t i = 0; i < p->counts; i++)
		if (r->s->borne[i] < p->count[i].at_least)
			r->count_weight[i] *= 1.5 + (double)(next_random(&r->random) >> 40) * 0x1p-24;
}

bool search_repair(struct search *s, const double *away, unsigned rounds, uint64_t seed)
{
	const struct problem *p = s->p;
	struct arena *a = arena_new();
	struct repair r = { .s = s, .away = away, .random = seed };

	r.row_weight = arena_array(a, (size_t)p->rows + 1, sizeof *r.row_weight);
	r.count_weight = arena_array(a, (size_t)p->counts + 1, sizeof *r.count_weight);
	for (uint32_t i = 0; i < p->rows; i++)
		r.row_weight[i] = 4 * p->scale;
	for (uint32_t i = 0; i < p->counts; i++)
		r.count_weight[i] = 4 * p->scale;
	for (unsigned round = 0; round < rounds && s->broken; round++) {
		for (uint32_t i = 0; i < p->counts; i++)
			if (s->borne[i] < p->count[i].at_least)
				mend_count(&r, i);
		for (uint32_t i = 0; i < p->rows; i++)
			if (s->use[i] > p->bound[i])
				mend_row(&r, i);
		if (s->broken)
			weigh(&r);
	}
	free(r.found.items);
	arena_free(a);
	return s->broken == 0;
}

void search_descend(struct search *s, const double *away, double most_away)
{
	const struct problem *p = s->p;
	struct repair r = { .s = s, .away = away };
	bool any = true;

	assert(s->broken == 0);
	while (any) {
		any = false;
		r.found.count = 0;
		for (uint32_t u = 0; u < p->units; u++)
			for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++)
				if (o != s->choice[u] && away[o] <= most_away && search_cost_change(s, o) < 0)
					offer(&r, o, away[o] - away[s->choice[u]]);
		s->work += p->options;
		if (r.found.count)
			qsort(r.found.items, r.found.count, sizeof *r.found.items, by_rank);
		for (size_t i = 0; i < r.found.count; i++) {
			uint32_t o = r.found.items[i].option;

			if (o == s->choice[p->owner[o]] || search_cost_change(s, o) >= 0 || !search_allows(s, o))
				continue;
			search_move(s, o);
			any = true;
		}
	}
	free(r.found.items);
}
