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

enum {
	JUMPS = 4000,
	JUMP_LOOKS = 400, /* units of a broken row that are looked at for one jump */
	JUMP_WORK = 60,   /* looks at each option of the problem, at most */
	LEAST_WORK = 2000000,
	LOOKS_AT_ONCE = 50000, /* between two questions whether it goes on */
};

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
	uint32_t *rest; /* of each unit: it may move again from this jump on */
	uint32_t jump;
	uint64_t asked; /* the work done by then */
	bool ended;
};

static bool goes_on(struct repair *r)
{
	struct search *s = r->s;

	if (s->goes_on && !r->ended && s->work >= r->asked + LOOKS_AT_ONCE) {
		r->asked = s->work;
		r->ended = !s->goes_on(s->context, s->work);
	}
	return !r->ended;
}

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
		for (size_t i = p->mark_link_first[p->option_mark[k]]; i < p->mark_link_first[p->option_mark[k] + 1];
		     i++) {
			uint32_t c = p->link_count[p->mark_link[i]];

			if (s->bearers[p->option_mark[k]] == 0 && s->borne[c] < p->count[c].at_least)
				sum -= r->count_weight[c];
		}
	for (size_t k = p->mark_first[from]; k < p->mark_first[from + 1]; k++)
		for (size_t i = p->mark_link_first[p->option_mark[k]]; i < p->mark_link_first[p->option_mark[k] + 1];
		     i++) {
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

/*
 * Moves of a row's units that relieve it and cost at most `most` by the multipliers, with what each relieves for their rank.
 * Returns what they could relieve together.
 */
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
			offer(r, o, (double)less / s->size[row]);
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
	for (size_t i = 0; i < r->found.count; i++) {
		struct candidate *c = &r->found.items[i];

		c->rank = (r->away[c->option] - r->away[s->choice[p->owner[c->option]]] + breach_change(r, c->option)) /
			  c->rank;
	}
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

	/* Each move has to bring the count nearer: one that helps another count may take as much from this one, and so for ever. */
	for (uint32_t least = s->borne[count];
	     s->borne[count] >= least && s->borne[count] < c->at_least && goes_on(r);) {
		least = s->borne[count] + 1;
		r->found.count = 0;
		for (size_t k = c->from; k < c->from + c->count; k++) {
			uint32_t mark = p->count_mark[k];

			for (size_t i = p->bearer_first[mark]; !s->bearers[mark] && i < p->bearer_first[mark + 1];
			     i++) {
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

/* ---- jumps ------------------------------------------------------------------------------------------------------------ */

/* A broken part, any with the same chance: rows first in number, then counts. NONE: nothing is broken. */
static uint32_t broken_part(struct repair *r)
{
	const struct problem *p = r->s->p;
	uint32_t skip;

	if (r->s->broken == 0)
		return NONE;
	skip = (uint32_t)(next_random(&r->random) % r->s->broken);
	for (uint32_t i = 0; i < p->rows; i++)
		if (r->s->use[i] > p->bound[i] && skip-- == 0)
			return i;
	for (uint32_t i = 0; i < p->counts; i++)
		if (r->s->borne[i] < p->count[i].at_least && skip-- == 0)
			return p->rows + i;
	return NONE;
}

static void offer_jump(struct repair *r, uint32_t option)
{
	const struct search *s = r->s;
	uint32_t unit = s->p->owner[option];

	if (option != s->choice[unit] && r->rest[unit] <= r->jump)
		offer(r, option, breach_change(r, option) + (r->away[option] - r->away[s->choice[unit]]) / 64);
}

static void offer_row(struct repair *r, uint32_t row)
{
	const struct problem *p = r->s->p;
	size_t from = p->row_first[row], count = p->row_first[row + 1] - from,
	       looks = count < JUMP_LOOKS ? count : JUMP_LOOKS;
	size_t begin = count ? next_random(&r->random) % count : 0;

	for (size_t i = 0; i < looks; i++) {
		uint32_t u = p->row_unit[from + (begin + i) % count];
		wide here = value_in_row(p, r->s->choice[u], row);

		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++)
			if (value_in_row(p, o, row) < here)
				offer_jump(r, o);
		r->s->work += p->first[u + 1] - p->first[u];
	}
}

static void offer_count(struct repair *r, uint32_t count)
{
	const struct problem *p = r->s->p;
	const struct problem_count *c = &p->count[count];

	for (size_t k = c->from; k < c->from + c->count; k++) {
		uint32_t mark = p->count_mark[k];

		for (size_t i = p->bearer_first[mark]; !r->s->bearers[mark] && i < p->bearer_first[mark + 1]; i++)
			offer_jump(r, p->bearer[i]);
		r->s->work += p->bearer_first[mark + 1] - p->bearer_first[mark];
	}
}

static const struct candidate *best_found(const struct repair *r)
{
	const struct candidate *best = r->found.count ? &r->found.items[0] : NULL;

	for (size_t i = 1; i < r->found.count; i++)
		if (by_rank(&r->found.items[i], best) < 0)
			best = &r->found.items[i];
	return best;
}

static void heavier(struct repair *r, double *weight)
{
	const struct problem *p = r->s->p;

	*weight *= 1.2;
	if (*weight < 0x1p40 * p->scale)
		return;
	for (uint32_t i = 0; i < p->rows; i++)
		r->row_weight[i] = r->row_weight[i] > 0x1p30 * p->scale ? r->row_weight[i] * 0x1p-30 : p->scale;
	for (uint32_t i = 0; i < p->counts; i++)
		r->count_weight[i] = r->count_weight[i] > 0x1p30 * p->scale ? r->count_weight[i] * 0x1p-30 : p->scale;
}

static void jump(struct repair *r)
{
	const struct problem *p = r->s->p;
	uint64_t most = (uint64_t)JUMP_WORK * p->options, end;

	end = r->s->work + (most < LEAST_WORK ? LEAST_WORK : most);
	for (r->jump = 1; r->jump <= JUMPS && r->s->broken && r->s->work < end && goes_on(r); r->jump++) {
		uint32_t part = broken_part(r);
		const struct candidate *best;

		r->found.count = 0;
		if (part < p->rows)
			offer_row(r, part);
		else
			offer_count(r, part - p->rows);
		best = best_found(r);
		if (best) {
			search_move(r->s, best->option);
			r->rest[p->owner[best->option]] = r->jump + 2 + (uint32_t)(next_random(&r->random) % 8);
		}
		if (!best || best->rank >= 0) {
			/* Stuck: this part weighs more from now on. */
			heavier(r, part < p->rows ? &r->row_weight[part] : &r->count_weight[part - p->rows]);
		}
	}
}

bool search_repair(struct search *s, const double *away, unsigned rounds, uint64_t seed)
{
	const struct problem *p = s->p;
	struct arena *a = arena_new();
	struct repair r = { .s = s, .away = away, .random = seed, .asked = s->work };

	r.row_weight = arena_array(a, (size_t)p->rows + 1, sizeof *r.row_weight);
	r.count_weight = arena_array(a, (size_t)p->counts + 1, sizeof *r.count_weight);
	for (uint32_t i = 0; i < p->rows; i++)
		r.row_weight[i] = 4 * p->scale;
	for (uint32_t i = 0; i < p->counts; i++)
		r.count_weight[i] = 4 * p->scale;
	for (unsigned round = 0; round < rounds && s->broken && goes_on(&r); round++) {
		for (uint32_t i = 0; i < p->counts; i++)
			if (s->borne[i] < p->count[i].at_least)
				mend_count(&r, i);
		for (uint32_t i = 0; i < p->rows; i++)
			if (s->use[i] > p->bound[i] && goes_on(&r))
				mend_row(&r, i);
		if (s->broken)
			weigh(&r);
	}
	if (s->broken) {
		r.rest = arena_array(a, (size_t)p->units + 1, sizeof *r.rest);
		jump(&r);
	}
	free(r.found.items);
	arena_free(a);
	return s->broken == 0;
}

void search_descend(struct search *s, const double *away, double most_away)
{
	const struct problem *p = s->p;
	struct repair r = { .s = s, .away = away, .asked = s->work };
	bool any = true;

	assert(s->broken == 0);
	while (any && goes_on(&r)) {
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
