/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The closed forms, with soft minima of width eps (for eps to 0 the plain ones):
 *
 * Fee: a unit's margin is how much its options with the mark are cheaper than those without. The dual rises most where parts
 * of the fee equalise what is left of the margins: each unit gets what its margin has above a level, the level such that
 * the parts add up to the fee.
 *
 * Border between a and b: with A(l), B(l) the least prices of label l on either side, d(l) is added on a's side and taken off
 * on b's, 0 <= d <= cost. Best is d(l) = (B(l) - A(l)) / 2 + c cut to that range, with the one c at which both sides' minima
 * balance.
 */
#include "solve/spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HALVINGS = 40, MOST_LABELS = 64 };

#define FAR 1e6 /* in the scale: farther than any price of use */

struct spread *spread_new(struct arena *a, const struct problem *p, const struct prices *q)
{
	size_t holders = p->holder_first[p->marks], slots = p->slot_first[p->model->borders.count];
	struct spread *s;

	if (holders == 0 && slots == 0)
		return NULL;
	s = arena_alloc(a, sizeof *s);
	s->p = p;
	s->extra = arena_array(a, (size_t)p->options + 1, sizeof *s->extra);
	s->price = arena_array(a, (size_t)p->options + 1, sizeof *s->price);
	s->fee = arena_array(a, holders + 1, sizeof *s->fee);
	s->border = arena_array(a, slots + 1, sizeof *s->border);
	s->margin = arena_array(a, holders + 1, sizeof *s->margin);
	s->rank = arena_array(a, holders + 1, sizeof *s->rank);
	for (size_t i = 0; i < holders; i++)
		s->fee[i] = q->fee[i] / p->scale;
	for (size_t i = 0; i < slots; i++)
		s->border[i] = q->border[i] / p->scale;
	return s;
}

void spread_to_prices(const struct spread *s, struct prices *q)
{
	const struct problem *p = s->p;

	for (size_t i = 0; i < p->holder_first[p->marks]; i++)
		q->fee[i] = s->fee[i] * p->scale;
	for (size_t i = 0; i < p->slot_first[p->model->borders.count]; i++)
		q->border[i] = s->border[i] * p->scale;
}

/* A soft minimum that takes one price after another. */
struct soft {
	double least, sum; /* sum of exp((least - x) / eps) */
};

static const struct soft soft_none = { INFINITY, 0 };

static inline void soft_add(struct soft *s, double x, double eps)
{
	if (x < s->least) {
		s->sum = s->sum > 0 ? s->sum * dual_exp((x - s->least) / eps) + 1 : 1;
		s->least = x;
	} else if (x < INFINITY) {
		s->sum += dual_exp((s->least - x) / eps);
	}
}

static inline double soft_value(const struct soft *s, double eps)
{
	return s->sum > 0 ? s->least - eps * dual_log(s->sum) : INFINITY;
}

/* ---- prices ------------------------------------------------------------------------------------------------------------ */

static double links_of(const struct spread *s, const struct dual *d, const double *y, uint32_t option)
{
	const struct problem *p = s->p;
	double sum = 0;

	for (size_t k = p->mark_first[option]; k < p->mark_first[option + 1]; k++)
		for (size_t i = p->mark_link_first[p->option_mark[k]]; i < p->mark_link_first[p->option_mark[k] + 1];
		     i++)
			if (d->link_variable[p->mark_link[i]] != NONE)
				sum += y[d->link_variable[p->mark_link[i]]];
	return sum;
}

/* Costs, rows and links, then fees and borders on top. */
static void price_options(struct spread *s, const struct dual *d, const double *y)
{
	const struct problem *p = s->p;

	for (uint32_t u = 0; u < p->units; u++)
		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++) {
			double price = (double)(p->cost[o] - p->cost[p->first[u]]) / p->scale - links_of(s, d, y, o);

			for (size_t k = p->entry_first[o]; k < p->entry_first[o + 1]; k++)
				price += (double)p->entry_value[k] / d->size[p->entry_row[k]] * y[p->entry_row[k]];
			s->price[o] = price;
			s->extra[o] = 0;
		}
	s->work += p->options;
}

static void raise_price(struct spread *s, uint32_t option, double by)
{
	s->price[option] += by;
	s->extra[option] += by;
}

static void raise_holder(struct spread *s, uint32_t mark, size_t holder, double by)
{
	const struct problem *p = s->p;

	for (size_t i = p->holder_bearer[holder]; i < problem_holder_end(p, mark, holder); i++)
		raise_price(s, p->bearer[i], by);
}

static void raise_label(struct spread *s, uint32_t unit, uint32_t label, double by)
{
	const struct problem *p = s->p;

	for (uint32_t o = p->first[unit]; o < p->first[unit + 1]; o++)
		if (p->label[o] == label)
			raise_price(s, o, by);
}

static void raise_all(struct spread *s)
{
	const struct problem *p = s->p;

	for (uint32_t k = 0; k < p->marks; k++)
		for (size_t i = p->holder_first[k]; i < p->holder_first[k + 1]; i++)
			if (s->fee[i] > 0)
				raise_holder(s, k, i, s->fee[i]);
	for (size_t i = 0; i < p->model->borders.count; i++)
		for (size_t k = p->slot_first[i]; k < p->slot_first[i + 1]; k++)
			if (s->border[k] != 0) {
				raise_label(s, p->model->border[i].a, p->slot_label[k], s->border[k]);
				raise_label(s, p->model->border[i].b, p->slot_label[k], -s->border[k]);
			}
}

/* ---- fees ---------------------------------------------------------------------------------------------------------------- */

/* How much cheaper the unit's options with the mark are than those without, its own part of the fee left out. */
static double margin_of(const struct spread *s, uint32_t mark, size_t holder, double eps)
{
	const struct problem *p = s->p;
	uint32_t unit = p->holder_unit[holder];
	size_t i = p->holder_bearer[holder], end = problem_holder_end(p, mark, holder);
	struct soft with = soft_none, without = soft_none;
	double margin;

	for (uint32_t o = p->first[unit]; o < p->first[unit + 1]; o++)
		if (i < end && p->bearer[i] == o) {
			soft_add(&with, s->price[o] - s->fee[holder], eps);
			i++;
		} else {
			soft_add(&without, s->price[o], eps);
		}
	margin = soft_value(&without, eps) - soft_value(&with, eps);
	return margin < FAR ? margin : FAR;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* The level above which the margins, descending, add up to the fee. */
static double level_of(const double *margin, size_t count, double fee)
{
	double sum = 0, level = 0;

	for (size_t i = 0; i < count; i++) {
		sum += margin[i];
		level = (sum - fee) / (double)(i + 1);
		if (i + 1 == count || margin[i + 1] <= level)
			break;
	}
	return level;
}

static void spread_fee(struct spread *s, uint32_t mark, double eps)
{
	const struct problem *p = s->p;
	size_t from = p->holder_first[mark], count = p->holder_first[mark + 1] - from;
	double fee = (double)p->fee[mark] / p->scale, level, *sorted = s->margin;

	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++)
		sorted[i] = margin_of(s, mark, from + i, eps);
	qsort(sorted, count, sizeof *sorted, by_value);
	level = level_of(sorted, count, fee);
	for (size_t i = from; i < from + count; i++) {
		double margin = margin_of(s, mark, i, eps), part = margin > level ? margin - level : 0;

		raise_holder(s, mark, i, part - s->fee[i]);
		s->fee[i] = part;
	}
	s->work += 2 * (p->bearer_first[mark + 1] - p->bearer_first[mark]);
}

/* ---- borders --------------------------------------------------------------------------------------------------------------- */

struct sides {
	size_t labels;
	double cost, a[MOST_LABELS], b[MOST_LABELS];
};

static double label_price(const struct spread *s, uint32_t unit, uint32_t label, double eps)
{
	const struct problem *p = s->p;
	struct soft least = soft_none;

	for (uint32_t o = p->first[unit]; o < p->first[unit + 1]; o++)
		if (p->label[o] == label)
			soft_add(&least, s->price[o], eps);
	return soft_value(&least, eps);
}

static double part_of(const struct sides *e, size_t label, double c)
{
	double d;

	if (e->a[label] == INFINITY || e->b[label] == INFINITY)
		return e->a[label] == INFINITY ? 0 : e->cost;
	d = (e->b[label] - e->a[label]) / 2 + c;
	return d < 0 ? 0 : d > e->cost ? e->cost : d;
}

/* How far c lies above what balances the two sides; rises with c. */
static double imbalance(const struct sides *e, double c, double eps)
{
	struct soft a = soft_none, b = soft_none;

	for (size_t l = 0; l < e->labels; l++) {
		double d = part_of(e, l, c);

		soft_add(&a, e->a[l] + d, eps);
		soft_add(&b, e->b[l] - d, eps);
	}
	return c - (soft_value(&a, eps) - soft_value(&b, eps)) / 2;
}

static double balance(const struct sides *e, double eps)
{
	double low = -1, high = 1;

	while (imbalance(e, low, eps) > 0 && low > -FAR)
		low *= 4;
	while (imbalance(e, high, eps) < 0 && high < FAR)
		high *= 4;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;

		if (imbalance(e, middle, eps) < 0)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

static void spread_border(struct spread *s, uint32_t border, double eps)
{
	const struct problem *p = s->p;
	const struct model_border *m = &p->model->border[border];
	size_t from = p->slot_first[border];
	struct sides e = { .labels = p->slot_first[border + 1] - from, .cost = (double)m->cost / p->scale };
	double c;

	if (m->cost == 0 || e.labels > MOST_LABELS || e.labels < 2)
		return;
	for (size_t l = 0; l < e.labels; l++) {
		e.a[l] = label_price(s, m->a, p->slot_label[from + l], eps) - s->border[from + l];
		e.b[l] = label_price(s, m->b, p->slot_label[from + l], eps) + s->border[from + l];
	}
	c = balance(&e, eps);
	for (size_t l = 0; l < e.labels; l++) {
		double part = part_of(&e, l, c), by = part - s->border[from + l];

		raise_label(s, m->a, p->slot_label[from + l], by);
		raise_label(s, m->b, p->slot_label[from + l], -by);
		s->border[from + l] = part;
	}
	s->work += e.labels * HALVINGS;
}

void spread_sweep(struct spread *s, const struct dual *d, const double *y, double eps)
{
	const struct problem *p = s->p;

	price_options(s, d, y);
	raise_all(s);
	for (uint32_t k = 0; k < p->marks; k++)
		if (p->fee[k])
			spread_fee(s, k, eps);
	for (uint32_t i = 0; i < p->model->borders.count; i++)
		spread_border(s, i, eps);
}
