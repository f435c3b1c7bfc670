/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rounding multipliers to a certificate. The shift is as fine as the values of the rows ask for and as coarse as 128 bits
 * need it: doubled costs give the same integers with a shift of one less, so the bound doubles exactly.
 */
#include "solve/prices.h"

#include <math.h>
#include <stdlib.h>

enum {
	FINEST = 60,
	TOTAL_BITS = 118, /* of a sum over all units, in 2^-shift micro-money */
	SPARE_BITS = 24,  /* how much finer than one value in a typical cost */
};

struct prices *prices_new(struct arena *a, const struct problem *p)
{
	struct prices *q = arena_alloc(a, sizeof *q);

	q->row = arena_array(a, (size_t)p->rows + 1, sizeof *q->row);
	q->link = arena_array(a, (size_t)p->links + 1, sizeof *q->link);
	q->fee = arena_array(a, p->holder_first[p->marks] + 1, sizeof *q->fee);
	q->border = arena_array(a, p->slot_first[p->model->borders.count] + 1, sizeof *q->border);
	return q;
}

void prices_take(struct prices *q, const struct problem *p, const struct linear *l, const double *dual)
{
	(void)p;
	for (int i = 0; i < l->rows; i++) {
		const struct linear_row *r = &l->row[i];
		double value = dual[i] < 0 ? -dual[i] * r->factor : 0;

		if (r->part == LINEAR_ROW)
			q->row[r->index] = value;
		else if (r->part == LINEAR_LINK)
			q->link[r->index] = value;
		else if (r->part == LINEAR_FEE)
			q->fee[r->index] = value;
		else if (r->part == LINEAR_BORDER)
			q->border[r->index] = value;
	}
}

static double from_wide(wide value, unsigned shift)
{
	return ldexp((double)value, -(int)shift);
}

static void start_links(struct prices *q, const struct problem *p, const struct solve_certificate *c)
{
	size_t at = 0;

	for (uint32_t i = 0; i < p->counts; i++) {
		const struct problem_count *count = &p->count[i];

		while (at < c->count_mark_count && c->count_marks[at].index < count->origin)
			at++;
		for (; at < c->count_mark_count && c->count_marks[at].index == count->origin; at++)
			for (size_t k = count->from; k < count->from + count->count; k++)
				if (p->count_mark[k] == c->count_marks[at].key)
					q->link[k] = from_wide(c->count_marks[at].value, c->shift);
	}
}

/* Holders and entries ascend alike. */
static void start_fees(struct prices *q, const struct problem *p, const struct solve_certificate *c)
{
	size_t at = 0;

	for (uint32_t k = 0; k < p->marks; k++) {
		while (at < c->fee_count && c->fees[at].index < k)
			at++;
		for (size_t i = p->holder_first[k]; i < p->holder_first[k + 1]; i++) {
			while (at < c->fee_count && c->fees[at].index == k && c->fees[at].key < p->holder_unit[i])
				at++;
			if (at < c->fee_count && c->fees[at].index == k && c->fees[at].key == p->holder_unit[i])
				q->fee[i] = from_wide(c->fees[at].value, c->shift);
		}
	}
}

void prices_start(struct prices *q, const struct problem *p, const struct solve_certificate *c)
{
	for (uint32_t i = 0; i < c->rows && i < p->model->rows.count; i++)
		if (p->row_here[i] != NONE)
			q->row[p->row_here[i]] = from_wide(c->row[i], c->shift);
	start_links(q, p, c);
	start_fees(q, p, c);
	for (size_t i = 0; i < c->border_count; i++) {
		uint32_t border = c->borders[i].index;

		for (size_t s = p->slot_first[border]; s < p->slot_first[border + 1]; s++)
			if (p->slot_label[s] == c->borders[i].key)
				q->border[s] = from_wide(c->borders[i].value, c->shift);
	}
}

/* Bits of the largest sum of costs that a choice could have. */
static int cost_bits(const struct problem *p)
{
	double most = 1;

	for (uint32_t o = 0; o < p->options; o++)
		most += fabs((double)p->cost[o]);
	for (uint32_t k = 0; k < p->marks; k++)
		most += (double)p->fee[k];
	for (size_t i = 0; i < p->model->borders.count; i++)
		most += (double)p->model->border[i].cost;
	return ilogb(most) + 1;
}

static double largest(const double *values, size_t count)
{
	double most = 0;

	for (size_t i = 0; i < count; i++)
		most = fabs(values[i]) > most ? fabs(values[i]) : most;
	return most;
}

/* Bits of the largest sum that the multipliers can make, in micro-money. */
static int product_bits(const struct problem *p, const struct prices *q)
{
	double most = 1 + largest(q->link, p->links) * (double)(p->bearer_first[p->marks] + p->links + 1);

	most += largest(q->fee, p->holder_first[p->marks]) * (double)p->bearer_first[p->marks];
	most += largest(q->border, p->slot_first[p->model->borders.count]) * (double)p->options * 2;
	for (uint32_t o = 0; o < p->options; o++)
		for (size_t k = p->entry_first[o]; k < p->entry_first[o + 1]; k++)
			most += q->row[p->entry_row[k]] * fabs((double)p->entry_value[k]);
	for (uint32_t i = 0; i < p->rows; i++)
		most += q->row[i] * fabs((double)p->bound[i]);
	return ilogb(most) + 1;
}

static double *scaled(struct arena *a, const double *values, size_t count, double by)
{
	double *copy = arena_array(a, count + 1, sizeof *copy);

	for (size_t i = 0; i < count; i++)
		copy[i] = values[i] * by;
	return copy;
}

struct prices *prices_scaled(struct arena *a, const struct problem *p, const struct prices *q)
{
	struct prices *copy = arena_alloc(a, sizeof *copy);
	double most = largest(q->link, p->links), by;

	most = fmax(most, largest(q->fee, p->holder_first[p->marks]));
	most = fmax(most, largest(q->border, p->slot_first[p->model->borders.count]));
	for (uint32_t o = 0; o < p->options; o++)
		for (size_t k = p->entry_first[o]; k < p->entry_first[o + 1]; k++)
			most = fmax(most, q->row[p->entry_row[k]] * fabs((double)p->entry_value[k]));
	/* A power of two: nothing is rounded. */
	by = most > 0 ? ldexp(1, 20 - ilogb(most)) : 1;
	copy->row = scaled(a, q->row, p->rows, by);
	copy->link = scaled(a, q->link, p->links, by);
	copy->fee = scaled(a, q->fee, p->holder_first[p->marks], by);
	copy->border = scaled(a, q->border, p->slot_first[p->model->borders.count], by);
	return copy;
}

static unsigned choose_shift(const struct problem *p, const struct prices *q, bool ray)
{
	int64_t most = 1;
	int wanted, allowed = cost_bits(p), products = product_bits(p, q);

	for (size_t k = 0; k < p->entry_first[p->options]; k++) {
		int64_t value = p->entry_value[k] < 0 ? -p->entry_value[k] : p->entry_value[k];

		most = value > most ? value : most;
	}
	allowed = TOTAL_BITS - (products > allowed ? products : allowed);
	wanted = ilogb((double)most) + SPARE_BITS - (ray ? 0 : ilogb(p->scale));
	wanted = wanted > allowed ? allowed : wanted;
	return wanted < 0 ? 0 : wanted > FINEST ? FINEST : (unsigned)wanted;
}

static wide rounded(double value, unsigned shift)
{
	double scaled = ldexp(value, (int)shift);

	if (!(fabs(scaled) < 0x1p120))
		return 0;
	return (wide)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

static int by_key(const void *a, const void *b)
{
	const struct solve_certificate_entry *x = a, *y = b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

static size_t keep_entries(struct solve_certificate_entry *e, size_t count)
{
	size_t kept = 0;

	qsort(e, count, sizeof *e, by_key);
	for (size_t i = 0; i < count; i++)
		if (e[i].value != 0)
			e[kept++] = e[i];
	return kept;
}

static void round_links(struct arena *a, const struct problem *p, const struct prices *q, struct solve_certificate *c)
{
	c->count_marks = arena_array(a, (size_t)p->links + 1, sizeof *c->count_marks);
	for (uint32_t i = 0; i < p->links; i++)
		c->count_marks[i] = (struct solve_certificate_entry){ p->count[p->link_count[i]].origin,
								      p->count_mark[i], rounded(q->link[i], c->shift) };
	c->count_mark_count = keep_entries(c->count_marks, p->links);
}

/* Only what is not 0 gets a place: marks can have very many holders. */
static void round_fees(struct arena *a, const struct problem *p, const struct prices *q, struct solve_certificate *c)
{
	size_t count = 0;

	for (size_t i = 0; i < p->holder_first[p->marks]; i++)
		count += rounded(q->fee[i], c->shift) != 0;
	c->fees = arena_array(a, count + 1, sizeof *c->fees);
	for (uint32_t k = 0; k < p->marks; k++)
		for (size_t i = p->holder_first[k]; i < p->holder_first[k + 1]; i++) {
			wide value = rounded(q->fee[i], c->shift);

			if (value)
				c->fees[c->fee_count++] =
					(struct solve_certificate_entry){ k, p->holder_unit[i], value };
		}
	c->fee_count = keep_entries(c->fees, c->fee_count);
}

static void round_borders(struct arena *a, const struct problem *p, const struct prices *q, struct solve_certificate *c)
{
	uint32_t borders = (uint32_t)p->model->borders.count;

	c->borders = arena_array(a, p->slot_first[borders] + 1, sizeof *c->borders);
	for (uint32_t i = 0; i < borders; i++)
		for (size_t s = p->slot_first[i]; s < p->slot_first[i + 1]; s++)
			c->borders[s] = (struct solve_certificate_entry){ i, p->slot_label[s],
									  rounded(q->border[s], c->shift) };
	c->border_count = keep_entries(c->borders, p->slot_first[borders]);
}

struct solve_certificate *prices_certificate(struct arena *a, const struct problem *p, const struct prices *q, bool ray)
{
	struct solve_certificate *c = arena_alloc(a, sizeof *c);

	c->ray = ray;
	c->shift = choose_shift(p, q, ray);
	c->rows = (uint32_t)p->model->rows.count;
	c->row = arena_array(a, (size_t)c->rows + 1, sizeof *c->row);
	for (uint32_t i = 0; i < p->rows; i++)
		c->row[p->row_origin[i]] = rounded(q->row[i], c->shift);
	round_links(a, p, q, c);
	round_fees(a, p, q, c);
	round_borders(a, p, q, c);
	return c;
}
