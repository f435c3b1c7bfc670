/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smoothed dual: building its columns, and its value and derivatives.
 *
 * A unit with prices r(o) = cost(o) + sum of y(i) * value(i, o) contributes  m - eps * log(sum of exp((m - r(o)) / eps)),
 * m its least price. With q(o) the parts of that sum, the gradient is the mean of the values under q and the second
 * derivative minus their covariance over eps. Sums run in a fixed order in fixed slices, exp and log are written out here
 * from the four operations: the same bits on any machine, with any number of threads.
 */
#include "solve/dual.h"
#include "solve/search.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK = 64,	    /* units that go through together: their prices stay in the first cache */
	MOST_SLICES = 16,
	LEAST_SLICE = 4096, /* units: below this a thread costs more than it brings */
	MOST_PAIRS = 40000000,
};

struct dual_class {
	size_t from, count; /* in the order of units by class */
	uint32_t options, locals, entries;
	uint32_t *local;	 /* the variables that these units touch */
	uint32_t *entry_first;	 /* options + 1 */
	uint32_t *entry_local;
	const double **column;	 /* of each entry, by unit; NULL: constant */
	double *constant;
	double **cost;		 /* of each option, by unit */
	size_t *place;		 /* of the pair of locals (a, b <= a) at a * (a + 1) / 2 + b: in the matrix's values */
};

/* ---- building ----------------------------------------------------------------------------------------------------------- */

struct sorting {
	struct dual *d;
	struct arena *scratch;
	uint32_t *table, table_bits; /* class number + 1 by hash */
	uint32_t *class_of, *sample; /* of each unit; of each class its first unit */
	uint32_t *counted;
	struct {
		uint32_t *items;
		size_t count, room;
	} one, other;
};

static void put(uint32_t **items, size_t *count, size_t *room, uint32_t value)
{
	if (*count == *room)
		*items = array_more(*items, room, *count, sizeof **items);
	(*items)[(*count)++] = value;
}

/* The pattern of a unit: for each option how many entries, and their variables. */
static void pattern(const struct dual *d, uint32_t unit, uint32_t **items, size_t *count, size_t *room)
{
	const struct problem *p = d->p;

	*count = 0;
	for (uint32_t o = p->first[unit]; o < p->first[unit + 1]; o++) {
		size_t at = *count;

		put(items, count, room, 0);
		for (size_t k = p->entry_first[o]; k < p->entry_first[o + 1]; k++)
			put(items, count, room, p->entry_row[k]);
		for (size_t k = p->mark_first[o]; k < p->mark_first[o + 1]; k++)
			for (size_t i = p->mark_link_first[p->option_mark[k]]; i < p->mark_link_first[p->option_mark[k] + 1]; i++)
				if (d->link_variable[p->mark_link[i]] != NONE)
					put(items, count, room, d->link_variable[p->mark_link[i]]);
		(*items)[at] = (uint32_t)(*count - at - 1);
	}
}

static uint32_t class_of(struct sorting *s, uint32_t unit)
{
	uint32_t mask = (1u << s->table_bits) - 1, at;

	pattern(s->d, unit, &s->one.items, &s->one.count, &s->one.room);
	at = (uint32_t)hash_bytes(s->one.items, s->one.count * sizeof *s->one.items) & mask;
	for (; s->table[at]; at = (at + 1) & mask) {
		uint32_t class = s->table[at] - 1;

		pattern(s->d, s->sample[class], &s->other.items, &s->other.count, &s->other.room);
		if (s->one.count == s->other.count &&
		    memcmp(s->one.items, s->other.items, s->one.count * sizeof *s->one.items) == 0)
			return class;
	}
	s->sample[s->d->classes] = unit;
	s->table[at] = ++s->d->classes;
	return s->d->classes - 1;
}

/* Units by class, in their order within each. */
static uint32_t *sort_units(struct sorting *s)
{
	const struct problem *p = s->d->p;
	uint32_t *order = arena_array(s->d->arena, (size_t)p->units + 1, sizeof *order);
	size_t *at;

	while ((1u << s->table_bits) < 2 * p->units + 16)
		s->table_bits++;
	s->table = arena_array(s->scratch, (size_t)1 << s->table_bits, sizeof *s->table);
	s->class_of = arena_array(s->scratch, (size_t)p->units + 1, sizeof *s->class_of);
	s->sample = arena_array(s->scratch, (size_t)p->units + 1, sizeof *s->sample);
	for (uint32_t u = 0; u < p->units; u++)
		s->class_of[u] = class_of(s, u);
	at = arena_array(s->scratch, (size_t)s->d->classes + 2, sizeof *at);
	for (uint32_t u = 0; u < p->units; u++)
		at[s->class_of[u] + 1]++;
	for (uint32_t c = 0; c < s->d->classes; c++)
		at[c + 1] += at[c];
	s->d->class = arena_array(s->d->arena, (size_t)s->d->classes + 1, sizeof *s->d->class);
	for (uint32_t c = 0; c < s->d->classes; c++) {
		s->d->class[c].from = at[c];
		s->d->class[c].count = at[c + 1] - at[c];
	}
	for (uint32_t u = 0; u < p->units; u++)
		order[at[s->class_of[u]]++] = u;
	free(s->one.items);
	return order;
}

static double entry_value(const struct dual *d, uint32_t option, uint32_t entry)
{
	const struct problem *p = d->p;
	size_t k = p->entry_first[option] + entry;

	/* Behind the rows' entries come the links'. */
	return k < p->entry_first[option + 1] ? (double)p->entry_value[k] / d->size[p->entry_row[k]] : -1;
}

static bool same_column(const double *a, const double *b, size_t count)
{
	return memcmp(a, b, count * sizeof *a) == 0;
}

static void fill_column(struct dual *d, struct dual_class *c, const uint32_t *unit, uint32_t option, uint32_t entry, double *spare)
{
	uint32_t at = c->entry_first[option] + entry;
	double *column = spare;
	bool constant = true;

	for (size_t i = 0; i < c->count; i++) {
		column[i] = entry_value(d, d->p->first[unit[i]] + option, entry);
		constant = constant && column[i] == column[0];
	}
	if (constant) {
		c->constant[at] = column[0];
		return;
	}
	/* Options of one unit often weigh the same in rows of the same kind. */
	for (uint32_t e = 0; e < at; e++)
		if (c->column[e] && same_column(c->column[e], column, c->count)) {
			c->column[at] = c->column[e];
			return;
		}
	column = arena_array(d->arena, c->count, sizeof *column);
	memcpy(column, spare, c->count * sizeof *column);
	c->column[at] = column;
}

static uint32_t local_of(struct dual_class *c, uint32_t variable)
{
	uint32_t i = 0;

	while (i < c->locals && c->local[i] != variable)
		i++;
	if (i == c->locals)
		c->local[c->locals++] = variable;
	return i;
}

static int by_variable(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The variables of a class, ascending, and which of them each entry speaks of. */
static void fill_pattern(struct dual *d, struct dual_class *c, const uint32_t *items)
{
	const uint32_t *at = items;

	c->entry_first = arena_array(d->arena, (size_t)c->options + 1, sizeof *c->entry_first);
	for (uint32_t o = 0; o < c->options; o++) {
		c->entry_first[o + 1] = c->entry_first[o] + *at;
		at += *at + 1;
	}
	c->entries = c->entry_first[c->options];
	c->local = arena_array(d->arena, (size_t)c->entries + 1, sizeof *c->local);
	c->entry_local = arena_array(d->arena, (size_t)c->entries + 1, sizeof *c->entry_local);
	at = items;
	for (uint32_t o = 0; o < c->options; o++, at += *at + 1)
		memcpy(c->local + c->entry_first[o], at + 1, *at * sizeof *at);
	qsort(c->local, c->entries, sizeof *c->local, by_variable);
	for (uint32_t i = 0; i < c->entries; i++)
		if (c->locals == 0 || c->local[c->locals - 1] != c->local[i])
			c->local[c->locals++] = c->local[i];
	at = items;
	for (uint32_t o = 0; o < c->options; o++, at += *at + 1)
		for (uint32_t e = 0; e < *at; e++)
			c->entry_local[c->entry_first[o] + e] = local_of(c, at[1 + e]);
}

static void fill_costs(struct dual *d, struct dual_class *c, const double *extra)
{
	const struct problem *p = d->p;
	const uint32_t *unit = d->order + c->from;

	for (size_t i = 0; i < c->count; i++) {
		uint32_t from = p->first[unit[i]];
		int64_t least = p->cost[from];

		for (uint32_t o = 1; o < c->options; o++)
			least = p->cost[from + o] < least ? p->cost[from + o] : least;
		for (uint32_t o = 0; o < c->options; o++)
			c->cost[o][i] = (double)(p->cost[from + o] - least) / p->scale + (extra ? extra[from + o] : 0);
		d->constant += (double)least / p->scale;
	}
}

void dual_set_extra(struct dual *d, const double *extra)
{
	d->constant = 0;
	for (uint32_t c = 0; c < d->classes; c++)
		fill_costs(d, &d->class[c], extra);
}

static void fill_class(struct sorting *s, struct dual_class *c, double *spare)
{
	struct dual *d = s->d;
	const uint32_t *unit = d->order + c->from;

	pattern(d, unit[0], &s->other.items, &s->other.count, &s->other.room);
	c->options = d->p->first[unit[0] + 1] - d->p->first[unit[0]];
	fill_pattern(d, c, s->other.items);
	c->column = arena_array(d->arena, (size_t)c->entries + 1, sizeof *c->column);
	c->constant = arena_array(d->arena, (size_t)c->entries + 1, sizeof *c->constant);
	c->cost = arena_array(d->arena, (size_t)c->options + 1, sizeof *c->cost);
	for (uint32_t o = 0; o < c->options; o++)
		for (uint32_t e = 0; c->entry_first[o] + e < c->entry_first[o + 1]; e++)
			fill_column(d, c, unit, o, e, spare);
	for (uint32_t o = 0; o < c->options; o++)
		c->cost[o] = arena_array(d->arena, c->count, sizeof **c->cost);
	fill_costs(d, c, NULL);
}

static void number_variables(struct dual *d, const bool *count_in)
{
	const struct problem *p = d->p;

	d->variables = p->rows;
	d->link_variable = arena_array(d->arena, (size_t)p->links + 1, sizeof *d->link_variable);
	d->count_variable = arena_array(d->arena, (size_t)p->counts + 1, sizeof *d->count_variable);
	for (uint32_t i = 0; i < p->counts; i++) {
		bool in = count_in && count_in[i];

		for (size_t k = p->count[i].from; k < p->count[i].from + p->count[i].count; k++)
			d->link_variable[k] = in ? d->variables++ : NONE;
		d->count_variable[i] = in ? d->variables++ : NONE;
	}
}

static uint64_t pair_of(uint32_t a, uint32_t b)
{
	return a > b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

/* The matrix, unless it would be too large: then there is none, and the climb does without. */
static void make_matrix(struct dual *d)
{
	const struct problem *p = d->p;
	size_t count = p->links, at = 0;
	uint64_t *pairs;

	for (uint32_t i = 0; i < d->classes; i++)
		count += (size_t)d->class[i].locals * d->class[i].locals / 2;
	if (count > MOST_PAIRS)
		return;
	pairs = arena_array(d->arena, count + 1, sizeof *pairs);
	for (uint32_t i = 0; i < d->classes; i++)
		for (uint32_t a = 0; a < d->class[i].locals; a++)
			for (uint32_t b = 0; b < a; b++)
				pairs[at++] = pair_of(d->class[i].local[a], d->class[i].local[b]);
	for (uint32_t i = 0; i < p->links; i++)
		if (d->link_variable[i] != NONE)
			pairs[at++] = pair_of(d->link_variable[i], d->count_variable[p->link_count[i]]);
	d->pair_count = cholesky_sort_pairs(pairs, at);
	d->pairs = pairs;
	d->matrix = cholesky_new(d->arena, d->variables, pairs, d->pair_count, MOST_PAIRS);
	for (uint32_t i = 0; d->matrix && i < d->classes; i++) {
		struct dual_class *c = &d->class[i];

		c->place = arena_array(d->arena, (size_t)c->locals * (c->locals + 1) / 2 + 1, sizeof *c->place);
		for (uint32_t a = 0; a < c->locals; a++)
			for (uint32_t b = 0; b <= a; b++)
				c->place[(size_t)a * (a + 1) / 2 + b] =
					cholesky_place(d->matrix, pairs, d->pair_count, c->local[a], c->local[b]);
	}
}

struct dual *dual_new(struct arena *arena, const struct problem *p, const double *size, const bool *count_in, unsigned threads)
{
	struct dual *d = arena_alloc(arena, sizeof *d);
	struct sorting s = { .d = d, .scratch = arena_new() };
	double *spare;

	d->p = p;
	d->arena = arena;
	d->threads = threads ? threads : 1;
	d->size = size;
	number_variables(d, count_in);
	d->order = sort_units(&s);
	spare = arena_array(s.scratch, (size_t)p->units + 1, sizeof *spare);
	for (uint32_t c = 0; c < d->classes; c++)
		fill_class(&s, &d->class[c], spare);
	make_matrix(d);
	d->step = ((size_t)p->units + MOST_SLICES - 1) / MOST_SLICES;
	d->step = d->step < LEAST_SLICE ? LEAST_SLICE : d->step;
	d->slices = ((size_t)p->units + d->step - 1) / d->step;
	d->sums = arena_array(arena, d->slices * (1 + d->variables + (d->matrix ? d->matrix->entries : 0)) + 1, sizeof *d->sums);
	free(s.other.items);
	arena_free(s.scratch);
	return d;
}

/* ---- four operations ------------------------------------------------------------------------------------------------------ */

/* e^x for x <= 0, to some 10^-11: powers of two apart, and a series for the rest. */
static inline double exp_below(double x)
{
	const double shift = 0x1.8p52;
	double k, f, y;
	int64_t bits, power;

	x = x < -700 ? -700 : x;
	k = x * 0x1.71547652b82fep0 + shift;
	memcpy(&power, &k, sizeof power);
	f = k - shift;
	f = (x - f * 0x1.62e42fefa3800p-1) - f * 0x1.ef35793c76730p-45;
	y = 1.0 / 362880;
	y = y * f + 1.0 / 40320;
	y = y * f + 1.0 / 5040;
	y = y * f + 1.0 / 720;
	y = y * f + 1.0 / 120;
	y = y * f + 1.0 / 24;
	y = y * f + 1.0 / 6;
	y = y * f + 0.5;
	y = y * f + 1;
	y = y * f + 1;
	memcpy(&bits, &y, sizeof bits);
	bits += (int64_t)((uint64_t)power << 52);
	memcpy(&y, &bits, sizeof y);
	return y;
}

/* log x for x > 0, to some 10^-15. */
static double log_of(double x)
{
	int power;
	double f = frexp(x, &power), s, s2, sum = 0;

	if (f < 0x1.6a09e667f3bcdp-1) {
		f *= 2;
		power--;
	}
	s = (f - 1) / (f + 1);
	s2 = s * s;
	for (int i = 23; i >= 1; i -= 2)
		sum = sum * s2 + 1.0 / i;
	return 2 * s * sum + power * 0x1.62e42fefa39efp-1;
}

double dual_exp(double x)
{
	return exp_below(x);
}

double dual_log(double x)
{
	return log_of(x);
}

/* Sums in four lanes: an order that vectors can keep. */
static inline double sum_of(const double *a, size_t n)
{
	double lane[4] = { 0 };
	size_t i = 0;

	for (; i + 4 <= n; i += 4)
		for (size_t j = 0; j < 4; j++)
			lane[j] += a[i + j];
	for (; i < n; i++)
		lane[i % 4] += a[i];
	return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

static inline double dot(const double *a, const double *b, size_t n)
{
	double lane[4] = { 0 };
	size_t i = 0;

	for (; i + 4 <= n; i += 4)
		for (size_t j = 0; j < 4; j++)
			lane[j] += a[i + j] * b[i + j];
	for (; i < n; i++)
		lane[i % 4] += a[i] * b[i];
	return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

/* ---- value and derivatives -------------------------------------------------------------------------------------------------- */

struct sweep {
	struct dual *d;
	const double *y;
	double eps;
	bool second;
	size_t width; /* of a slice's sums */
};

/* What one thread needs while it goes through units of a class. */
struct bench {
	double *price;	/* options x BLOCK: prices, then the parts q */
	double *mean;	/* locals x BLOCK */
	double *y, *gradient, *second; /* of the class's locals, and pairs of them */
	double value;
};

static inline void block_prices(const struct dual_class *c, const struct bench *w, size_t at, size_t n)
{
	for (uint32_t o = 0; o < c->options; o++) {
		double *restrict r = w->price + (size_t)o * BLOCK;
		const double *restrict cost = c->cost[o] + at;
		double base = 0;

		for (uint32_t e = c->entry_first[o]; e < c->entry_first[o + 1]; e++)
			base += c->column[e] ? 0 : c->constant[e] * w->y[c->entry_local[e]];
		for (size_t b = 0; b < n; b++)
			r[b] = cost[b] + base;
		for (uint32_t e = c->entry_first[o]; e < c->entry_first[o + 1]; e++) {
			const double *restrict column = c->column[e];
			double y = w->y[c->entry_local[e]];

			for (size_t b = 0; column && b < n; b++)
				r[b] += column[at + b] * y;
		}
	}
}

static inline void block_least(const struct dual_class *c, const struct bench *w, size_t n, double *restrict least)
{
	for (size_t b = 0; b < n; b++)
		least[b] = w->price[b];
	for (uint32_t o = 1; o < c->options; o++) {
		const double *restrict r = w->price + (size_t)o * BLOCK;

		for (size_t b = 0; b < n; b++)
			least[b] = r[b] < least[b] ? r[b] : least[b];
	}
}

/* Prices become parts; returns the soft minima's sum. */
static inline double block_parts(const struct dual_class *c, const struct bench *w, size_t n, const double *restrict least,
				 double eps)
{
	double whole[BLOCK] = { 0 }, product[4] = { 1, 1, 1, 1 }, by = 1 / eps;

	for (uint32_t o = 0; o < c->options; o++) {
		double *restrict r = w->price + (size_t)o * BLOCK;

		for (size_t b = 0; b < n; b++) {
			r[b] = exp_below((least[b] - r[b]) * by);
			whole[b] += r[b];
		}
	}
	/* 64 factors of at most 4096 options stay far below the largest double: one logarithm a block. */
	for (size_t b = 0; b < n; b++) {
		product[b % 4] *= whole[b];
		whole[b] = 1 / whole[b];
	}
	for (uint32_t o = 0; o < c->options; o++) {
		double *restrict r = w->price + (size_t)o * BLOCK;

		for (size_t b = 0; b < n; b++)
			r[b] *= whole[b];
	}
	return sum_of(least, n) - eps * log_of((product[0] * product[1]) * (product[2] * product[3]));
}

static inline void block_means(const struct dual_class *c, struct bench *w, size_t at, size_t n)
{
	for (uint32_t l = 0; l < c->locals; l++)
		memset(w->mean + (size_t)l * BLOCK, 0, n * sizeof *w->mean);
	for (uint32_t o = 0; o < c->options; o++) {
		const double *restrict q = w->price + (size_t)o * BLOCK;

		for (uint32_t e = c->entry_first[o]; e < c->entry_first[o + 1]; e++) {
			double *restrict mean = w->mean + (size_t)c->entry_local[e] * BLOCK;
			const double *restrict column = c->column[e];
			double constant = c->constant[e];

			if (column)
				for (size_t b = 0; b < n; b++)
					mean[b] += q[b] * column[at + b];
			else
				for (size_t b = 0; b < n; b++)
					mean[b] += q[b] * constant;
		}
	}
	for (uint32_t l = 0; l < c->locals; l++)
		w->gradient[l] += sum_of(w->mean + (size_t)l * BLOCK, n);
}

static inline size_t pair_at(uint32_t a, uint32_t b)
{
	return a > b ? (size_t)a * (a + 1) / 2 + b : (size_t)b * (b + 1) / 2 + a;
}

static inline void block_second(const struct dual_class *c, struct bench *w, size_t at, size_t n)
{
	double part[BLOCK];

	for (uint32_t o = 0; o < c->options; o++) {
		const double *restrict q = w->price + (size_t)o * BLOCK;

		for (uint32_t e = c->entry_first[o]; e < c->entry_first[o + 1]; e++) {
			for (size_t b = 0; b < n; b++)
				part[b] = q[b] * (c->column[e] ? c->column[e][at + b] : c->constant[e]);
			for (uint32_t f = c->entry_first[o]; f <= e; f++)
				w->second[pair_at(c->entry_local[e], c->entry_local[f])] +=
					c->column[f] ? dot(part, c->column[f] + at, n) : sum_of(part, n) * c->constant[f];
		}
	}
	for (uint32_t a = 0; a < c->locals; a++)
		for (uint32_t b = 0; b <= a; b++)
			w->second[(size_t)a * (a + 1) / 2 + b] -=
				dot(w->mean + (size_t)a * BLOCK, w->mean + (size_t)b * BLOCK, n);
}

static inline void block(const struct sweep *s, const struct dual_class *c, struct bench *w, size_t at, size_t n)
{
	double least[BLOCK];

	block_prices(c, w, at, n);
	block_least(c, w, n, least);
	if (s->eps == 0) {
		w->value += sum_of(least, n);
		return;
	}
	w->value += block_parts(c, w, n, least, s->eps);
	block_means(c, w, at, n);
	if (s->second)
		block_second(c, w, at, n);
}

/* The units [from, to) of a class, counted within it; the sums go to the slice's. */
static void sweep_class(const struct sweep *s, const struct dual_class *c, struct bench *w, size_t from, size_t to, double *sums)
{
	double *gradient = sums + 1, *second = gradient + s->d->variables;
	size_t pairs = (size_t)c->locals * (c->locals + 1) / 2;

	for (uint32_t l = 0; l < c->locals; l++) {
		w->y[l] = s->y[c->local[l]];
		w->gradient[l] = 0;
	}
	w->value = 0;
	if (s->second)
		memset(w->second, 0, pairs * sizeof *w->second);
	for (size_t at = from; at < to; at += BLOCK)
		block(s, c, w, at, to - at < BLOCK ? to - at : BLOCK);
	sums[0] += w->value;
	for (uint32_t l = 0; l < c->locals; l++)
		gradient[c->local[l]] += w->gradient[l];
	for (size_t k = 0; s->second && k < pairs; k++)
		second[c->place[k]] += w->second[k];
}

static void sweep_slice(void *context, size_t slice, size_t from, size_t to)
{
	const struct sweep *s = context;
	const struct dual *d = s->d;
	double *sums = d->sums + slice * s->width;
	struct arena *a = arena_new();
	uint32_t options = 0, locals = 0, c = 0;
	struct bench w = { 0 };

	for (uint32_t i = 0; i < d->classes; i++) {
		options = d->class[i].options > options ? d->class[i].options : options;
		locals = d->class[i].locals > locals ? d->class[i].locals : locals;
	}
	w.price = arena_array(a, (size_t)options * BLOCK + 1, sizeof *w.price);
	w.mean = arena_array(a, (size_t)locals * BLOCK + 1, sizeof *w.mean);
	w.y = arena_array(a, (size_t)locals + 1, sizeof *w.y);
	w.gradient = arena_array(a, (size_t)locals + 1, sizeof *w.gradient);
	w.second = arena_array(a, (size_t)locals * (locals + 1) / 2 + 1, sizeof *w.second);
	memset(sums, 0, s->width * sizeof *sums);
	while (c < d->classes && d->class[c].from + d->class[c].count <= from)
		c++;
	for (; c < d->classes && d->class[c].from < to; c++) {
		size_t begin = d->class[c].from, end = begin + d->class[c].count;

		sweep_class(s, &d->class[c], &w, (from > begin ? from : begin) - begin, (to < end ? to : end) - begin, sums);
	}
	arena_free(a);
}

/* A link's mark is borne or not at the price nu - theta: the same soft minimum over two. */
static void add_links(struct dual *d, double eps, struct dual_point *at, bool second)
{
	const struct problem *p = d->p;

	for (uint32_t i = 0; i < p->links; i++) {
		uint32_t nu = d->link_variable[i], theta;
		double price, e, part;

		if (nu == NONE)
			continue;
		theta = d->count_variable[p->link_count[i]];
		price = at->y[nu] - at->y[theta];
		e = exp_below(-fabs(price) / eps);
		part = (price < 0 ? 1 : e) / (1 + e);
		at->value += (price < 0 ? price : 0) - eps * log_of(1 + e);
		at->gradient[nu] += part;
		at->gradient[theta] -= part;
		if (second) {
			double bend = part * (1 - part) / eps;

			d->matrix->value[nu] += bend;
			d->matrix->value[theta] += bend;
			d->matrix->value[cholesky_place(d->matrix, d->pairs, d->pair_count, nu, theta)] -= bend;
		}
	}
	for (uint32_t i = 0; i < p->counts; i++)
		if (d->count_variable[i] != NONE) {
			at->value += p->count[i].at_least * at->y[d->count_variable[i]];
			at->gradient[d->count_variable[i]] += p->count[i].at_least;
		}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Without smoothing: the at_least smallest multipliers of each count's links. */
static double true_counts(const struct dual *d, const double *y)
{
	const struct problem *p = d->p;
	struct arena *a = arena_new();
	double *nu = arena_array(a, (size_t)p->links + 1, sizeof *nu), sum = 0;

	for (uint32_t i = 0; i < p->counts; i++) {
		const struct problem_count *c = &p->count[i];

		if (d->count_variable[i] == NONE)
			continue;
		for (size_t k = 0; k < c->count; k++)
			nu[k] = y[d->link_variable[c->from + k]];
		qsort(nu, c->count, sizeof *nu, by_size);
		for (uint32_t k = 0; k < c->at_least; k++)
			sum += nu[k];
	}
	arena_free(a);
	return sum;
}

static void add_slices(struct dual *d, const struct sweep *s, struct dual_point *at, double eps, bool second)
{
	for (size_t i = 0; i < d->slices; i++) {
		const double *sums = d->sums + i * s->width;

		at->value += sums[0];
		for (uint32_t v = 0; eps > 0 && v < d->variables; v++)
			at->gradient[v] += sums[1 + v];
		for (size_t k = 0; second && k < d->matrix->entries; k++)
			d->matrix->value[k] += sums[1 + d->variables + k] / eps;
	}
}

void dual_evaluate(struct dual *d, double eps, struct dual_point *at, bool second)
{
	const struct problem *p = d->p;
	struct sweep s = { .d = d, .y = at->y, .eps = eps, .second = second };

	s.width = 1 + d->variables + (d->matrix ? d->matrix->entries : 0);
	parallel(d->threads, p->units, d->step, sweep_slice, &s);
	d->passes++;
	at->value = d->constant;
	if (eps > 0)
		memset(at->gradient, 0, (size_t)d->variables * sizeof *at->gradient);
	if (second)
		memset(d->matrix->value, 0, d->matrix->entries * sizeof *d->matrix->value);
	add_slices(d, &s, at, eps, second);
	for (uint32_t i = 0; i < p->rows; i++) {
		double bound = (double)p->bound[i] / d->size[i];

		at->value -= at->y[i] * bound;
		if (eps > 0)
			at->gradient[i] -= bound;
	}
	if (eps == 0) {
		at->value += true_counts(d, at->y);
		return;
	}
	add_links(d, eps, at, second);
	for (uint32_t v = 0; v < d->variables; v++) {
		at->value += eps * log_of(at->y[v]);
		at->gradient[v] += eps / at->y[v];
		if (second)
			d->matrix->value[v] += eps / (at->y[v] * at->y[v]);
	}
}

void dual_from_prices(const struct dual *d, const struct prices *q, double *y)
{
	const struct problem *p = d->p;

	for (uint32_t i = 0; i < p->rows; i++)
		y[i] = q->row[i] * d->size[i] / p->scale;
	for (uint32_t i = 0; i < p->links; i++)
		if (d->link_variable[i] != NONE) {
			uint32_t theta = d->count_variable[p->link_count[i]];

			y[d->link_variable[i]] = q->link[i] / p->scale;
			y[theta] = y[d->link_variable[i]] > y[theta] ? y[d->link_variable[i]] : y[theta];
		}
}

void dual_to_prices(const struct dual *d, const double *y, struct prices *q)
{
	const struct problem *p = d->p;

	for (uint32_t i = 0; i < p->rows; i++)
		q->row[i] = y[i] / d->size[i] * p->scale;
	for (uint32_t i = 0; i < p->links; i++)
		q->link[i] = d->link_variable[i] == NONE ? 0 : y[d->link_variable[i]] * p->scale;
}
