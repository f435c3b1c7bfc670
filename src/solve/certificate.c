/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worth of a certificate, recomputed from the model alone: integer sums and minima, in the order that solve.h writes
 * them down. Numbers that would overflow 128 bits make it worthless, not wrong.
 */
#include "solve/model.h"

#include <assert.h>
#include <stdlib.h>

/* |total| stays below this; one addend more never overflows. */
#define WIDE_LIMIT ((wide)1 << 125)

static bool add_product(wide *sum, wide factor, wide value)
{
	wide product;

	if (__builtin_mul_overflow(factor, value, &product) || product > WIDE_LIMIT || product < -WIDE_LIMIT)
		return false;
	*sum += product;
	return *sum <= WIDE_LIMIT && *sum >= -WIDE_LIMIT;
}

static bool add(wide *sum, wide value)
{
	return add_product(sum, 1, value);
}

/* Entries sorted, without doubles, of parts that exist. */
static bool entries_fit(const struct solve_certificate_entry *e, size_t count, size_t indices, bool negative_too)
{
	for (size_t i = 0; i < count; i++) {
		if (e[i].index >= indices || (!negative_too && e[i].value < 0))
			return false;
		if (i && (e[i].index < e[i - 1].index || (e[i].index == e[i - 1].index && e[i].key <= e[i - 1].key)))
			return false;
	}
	return true;
}

static bool fits(const struct solve_model *m, const struct solve_certificate *c)
{
	if (c->rows > m->rows.count || c->shift > 60)
		return false;
	for (uint32_t i = 0; i < c->rows; i++)
		if (c->row[i] < 0)
			return false;
	return entries_fit(c->count_marks, c->count_mark_count, m->counted.count, false) &&
	       entries_fit(c->fees, c->fee_count, m->marks.count, false) &&
	       entries_fit(c->borders, c->border_count, m->borders.count, true);
}

static bool add_rows(const struct solve_model *m, const struct solve_certificate *c, const bool *off, wide *price,
		     wide *total)
{
	for (uint32_t i = 0; i < c->rows; i++) {
		const struct model_row *r = &m->row[i];
		wide factor = r->sense == SOLVE_AT_MOST ? c->row[i] : -c->row[i];

		if (factor == 0 || !model_holds(off, r->rule))
			continue;
		for (size_t k = r->from; k < r->from + r->count; k++)
			if (!add_product(&price[m->entry_option[k]], factor, m->entry_value[k]))
				return false;
		if (!add_product(total, -factor, r->bound))
			return false;
	}
	return true;
}

static int by_value(const void *a, const void *b)
{
	wide x = *(const wide *)a, y = *(const wide *)b;

	return (x > y) - (x < y);
}

/* The at_least smallest of the count's values; marks without an entry give zeros, and those come first. */
static bool add_count(const struct solve_model *m, const struct solve_certificate *c, size_t from, size_t to,
		      wide *price, wide *total)
{
	const struct model_count *q = &m->counts[c->count_marks[from].index];
	size_t count = to - from, zeros = q->count - count;
	wide *values = calloc(count, sizeof *values);
	bool good = values && count <= q->count;

	for (size_t i = 0; good && i < count; i++) {
		const struct solve_certificate_entry *e = &c->count_marks[from + i];
		const struct model_mark *k;
		bool listed = false;

		for (size_t j = q->from; j < q->from + q->count; j++)
			listed = listed || m->count_mark[j] == e->key;
		good = listed;
		k = good ? &m->mark[e->key] : NULL;
		for (size_t j = 0; good && j < k->count; j++)
			good = add(&price[m->mark_option[k->from + j]], -e->value);
		values[i] = e->value;
	}
	if (good)
		qsort(values, count, sizeof *values, by_value);
	for (size_t i = 0; good && zeros + i < q->at_least && i < count; i++)
		good = add(total, values[i]);
	free(values);
	return good;
}

static bool add_counts(const struct solve_model *m, const struct solve_certificate *c, const bool *off, wide *price,
		       wide *total)
{
	for (size_t from = 0, to; from < c->count_mark_count; from = to) {
		uint32_t index = c->count_marks[from].index;

		for (to = from; to < c->count_mark_count && c->count_marks[to].index == index; to++)
			continue;
		if (model_holds(off, m->counts[index].rule) && !add_count(m, c, from, to, price, total))
			return false;
	}
	return true;
}

/* An entry raises every option of its unit that bears the mark; whichever the unit chooses, it pays the entry once. */
static bool raise_unit(const uint32_t *bearer, size_t count, wide value, wide *price)
{
	for (size_t i = 0; i < count; i++)
		if (!add(&price[bearer[i]], value))
			return false;
	return count > 0;
}

static int by_option(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Entries of one mark. Its options sorted, those of one unit lie together, in the order of the entries' units. */
static bool add_fee(const struct solve_model *m, const struct solve_certificate *c, size_t from, size_t to, wide *price,
		    wide *total)
{
	const struct model_mark *k = &m->mark[c->fees[from].index];
	uint32_t *bearer = calloc(k->count + 1, sizeof *bearer);
	wide left = c->ray ? 0 : (wide)k->fee << c->shift;
	bool good = bearer != NULL;
	size_t at = 0, end;

	for (size_t i = 0; good && i < k->count; i++)
		bearer[i] = m->mark_option[k->from + i];
	if (good)
		qsort(bearer, k->count, sizeof *bearer, by_option);
	for (size_t i = from; good && i < to; i++) {
		while (at < k->count && m->owner[bearer[at]] < c->fees[i].key)
			at++;
		for (end = at; end < k->count && m->owner[bearer[end]] == c->fees[i].key; end++)
			continue;
		good = raise_unit(bearer + at, end - at, c->fees[i].value, price) && add(&left, -c->fees[i].value);
	}
	free(bearer);
	return good && (left >= 0 || add(total, left));
}

static bool add_fees(const struct solve_model *m, const struct solve_certificate *c, wide *price, wide *total)
{
	for (size_t from = 0, to; from < c->fee_count; from = to) {
		for (to = from; to < c->fee_count && c->fees[to].index == c->fees[from].index; to++)
			continue;
		if (!add_fee(m, c, from, to, price, total))
			return false;
	}
	return true;
}

static bool add_label(const struct solve_model *m, uint32_t unit, uint32_t label, wide value, wide *price)
{
	for (uint32_t o = m->first[unit]; o < model_end(m, unit); o++)
		if (m->label[o] == label && !add(&price[o], value))
			return false;
	return true;
}

static bool add_borders(const struct solve_model *m, const struct solve_certificate *c, wide *price, wide *total)
{
	for (size_t from = 0, to; from < c->border_count; from = to) {
		const struct model_border *b = &m->border[c->borders[from].index];
		wide least = 0, most = 0, left = c->ray ? 0 : (wide)b->cost << c->shift;

		for (to = from; to < c->border_count && c->borders[to].index == c->borders[from].index; to++) {
			const struct solve_certificate_entry *e = &c->borders[to];

			if (e->value > WIDE_LIMIT || e->value < -WIDE_LIMIT ||
			    !add_label(m, b->a, e->key, e->value, price) ||
			    !add_label(m, b->b, e->key, -e->value, price))
				return false;
			least = e->value < least ? e->value : least;
			most = e->value > most ? e->value : most;
		}
		left -= most - least;
		if (left < 0 && !add(total, left))
			return false;
	}
	return true;
}

static bool add_minima(const struct solve_model *m, const wide *price, const bool *shut, wide *total, bool *closed)
{
	for (uint32_t u = 0; u < m->units.count; u++) {
		bool any = false;
		wide least = 0;

		for (uint32_t o = m->first[u]; o < model_end(m, u); o++)
			if (!shut[o] && (!any || price[o] < least)) {
				least = price[o];
				any = true;
			}
		*closed = *closed || !any;
		if (!add(total, least))
			return false;
	}
	return true;
}

/* Prices of all options, and everything of the total but the units' minima. */
static bool certificate_prices(const struct solve_model *m, const struct solve_certificate *c, const bool *off,
			       wide *price, wide *total)
{
	if (!fits(m, c))
		return false;
	for (size_t i = 0; i < m->costs.count; i++)
		price[i] = c->ray ? 0 : (wide)m->cost[i] * ((wide)1 << c->shift);
	return add_rows(m, c, off, price, total) && add_counts(m, c, off, price, total) &&
	       add_fees(m, c, price, total) && add_borders(m, c, price, total);
}

bool certificate_total(const struct solve_model *m, const struct solve_certificate *c, const bool *off, wide *price,
		       wide *total, bool *closed)
{
	struct arena *a = arena_new();
	bool good, *shut = arena_array(a, m->costs.count + 1, sizeof *shut);

	*total = 0;
	*closed = false;
	if (!price)
		price = arena_array(a, m->costs.count + 1, sizeof *price);
	for (size_t i = 0; i < m->forbids.count; i++)
		if (model_holds(off, m->forbid[i].rule))
			shut[m->forbid[i].option] = true;
	for (size_t i = 0; i < m->counted.count; i++)
		if (model_holds(off, m->counts[i].rule) && m->counts[i].at_least > m->counts[i].count)
			*closed = true;
	good = certificate_prices(m, c, off, price, total) && add_minima(m, price, shut, total, closed);
	arena_free(a);
	return good;
}

wide certificate_round_up(wide total, unsigned shift, int64_t step)
{
	wide unit = (wide)step << shift, whole = total / unit;

	if (whole * unit < total)
		whole++;
	return whole * step;
}

bool certificate_bound(const struct solve_model *m, const struct solve_certificate *c, const bool *off, wide *bound)
{
	bool closed;
	wide total;

	if (!certificate_total(m, c, off, NULL, &total, &closed))
		return false;
	*bound = c->ray ? 0 : certificate_round_up(total, c->shift, solve_cost_step(m));
	return !c->ray || total > 0 || closed;
}

bool solve_certificate_bound(const struct solve_model *m, const struct solve_certificate *c, wide *bound)
{
	return certificate_bound(m, c, NULL, bound);
}
