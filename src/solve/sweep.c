/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smoothed dual's value and derivatives at a point.
 *
 * A unit with prices r(o) = cost(o) + sum of y(i) * value(i, o) contributes  m - eps * log(sum of exp((m - r(o)) / eps)),
 * m its least price. With q(o) the parts of that sum, the gradient is the mean of the values under q and the second
 * derivative minus their covariance over eps. Sums run in a fixed order in fixed slices, exp and log are written out here
 * from the four operations: the same bits on any machine, with any number of threads.
 */
#include "solve/dual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64 }; /* units that go through together: their prices stay in the first cache */

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
	double *price;                 /* options x BLOCK: prices, then the parts q */
	double *mean;                  /* locals x BLOCK */
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
static inline double block_parts(const struct dual_class *c, const struct bench *w, size_t n,
				 const double *restrict least, double eps)
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

static inline void block_second(const struct dual_class *c, struct bench *w, size_t at, size_t n)
{
	double part[BLOCK];

	for (uint32_t o = 0; o < c->options; o++) {
		const double *restrict q = w->price + (size_t)o * BLOCK;

		for (uint32_t e = c->entry_first[o]; e < c->entry_first[o + 1]; e++) {
			for (size_t b = 0; b < n; b++)
				part[b] = q[b] * (c->column[e] ? c->column[e][at + b] : c->constant[e]);
			for (uint32_t f = c->entry_first[o]; f <= e; f++)
				w->second[dual_pair(c->entry_local[e], c->entry_local[f])] +=
					c->column[f] ? dot(part, c->column[f] + at, n)
						     : sum_of(part, n) * c->constant[f];
		}
	}
	for (uint32_t a = 0; a < c->locals; a++)
		for (uint32_t b = 0; b <= a; b++)
			w->second[dual_pair(a, b)] -= dot(w->mean + (size_t)a * BLOCK, w->mean + (size_t)b * BLOCK, n);
}

/* The same, of each variable with itself alone: kept at the place of its own pair. An option may have two entries of one. */
static inline void block_diagonal(const struct dual_class *c, struct bench *w, size_t at, size_t n)
{
	double part[BLOCK];

	for (uint32_t o = 0; o < c->options; o++)
		for (uint32_t e = c->entry_first[o]; e < c->entry_first[o + 1]; e++)
			for (uint32_t f = c->entry_first[o]; f <= e; f++) {
				const double *restrict q = w->price + (size_t)o * BLOCK;

				if (c->entry_local[e] != c->entry_local[f])
					continue;
				for (size_t b = 0; b < n; b++)
					part[b] = q[b] * (c->column[e] ? c->column[e][at + b] : c->constant[e]) *
						  (c->column[f] ? c->column[f][at + b] : c->constant[f]);
				w->second[dual_pair(c->entry_local[e], c->entry_local[e])] +=
					(e == f ? 1 : 2) * sum_of(part, n);
			}
	for (uint32_t a = 0; a < c->locals; a++)
		w->second[dual_pair(a, a)] -= dot(w->mean + (size_t)a * BLOCK, w->mean + (size_t)a * BLOCK, n);
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
	if (s->second && s->d->diagonal)
		block_diagonal(c, w, at, n);
	else if (s->second)
		block_second(c, w, at, n);
}

/* The units [from, to) of a class, counted within it; the sums go to the slice's. */
static void sweep_class(const struct sweep *s, const struct dual_class *c, struct bench *w, size_t from, size_t to,
			double *sums)
{
	double *gradient = sums + 1, *second = gradient + s->d->variables;
	size_t pairs = dual_pair(c->locals, 0);

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
	for (uint32_t l = 0; s->second && s->d->diagonal && l < c->locals; l++)
		second[c->local[l]] += w->second[dual_pair(l, l)];
	for (size_t k = 0; s->second && !s->d->diagonal && k < pairs; k++)
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
	w.second = arena_array(a, dual_pair(locals, 0) + 1, sizeof *w.second);
	memset(sums, 0, s->width * sizeof *sums);
	while (c < d->classes && d->class[c].from + d->class[c].count <= from)
		c++;
	for (; c < d->classes && d->class[c].from < to; c++) {
		size_t begin = d->class[c].from, end = begin + d->class[c].count;

		sweep_class(s, &d->class[c], &w, (from > begin ? from : begin) - begin, (to < end ? to : end) - begin,
			    sums);
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
			if (!d->diagonal)
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

	s.width = 1 + d->variables + d->matrix->entries;
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
