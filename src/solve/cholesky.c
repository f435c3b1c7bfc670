/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Up-looking sparse Cholesky factorisation by rows over the elimination tree (T. A. Davis, Direct Methods for Sparse Linear
 * Systems, 2006, chapter 4), in the order of order.c.
 */
#include "solve/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HUGE_PIVOT 1e64

enum {
	PRODUCTS_A_LOOK = 400, /* products and sums in the time of a look at an option: measured */
	LOOKS_AT_ONCE = 50000, /* between two questions */
};

/* By one variable of each, in one pass: there are tens of millions. */
static void sort_by(unsigned shift, size_t *at, uint32_t n, const uint64_t *from, size_t count, uint64_t *to)
{
	memset(at, 0, ((size_t)n + 1) * sizeof *at);
	for (size_t i = 0; i < count; i++)
		at[(uint32_t)(from[i] >> shift) + 1]++;
	for (uint32_t v = 0; v < n; v++)
		at[v + 1] += at[v];
	for (size_t i = 0; i < count; i++)
		to[at[(uint32_t)(from[i] >> shift)]++] = from[i];
}

size_t cholesky_sort_pairs(uint32_t n, uint64_t *pairs, size_t count)
{
	struct arena *scratch = arena_new();
	uint64_t *other = arena_array(scratch, count + 1, sizeof *other);
	size_t kept = 0, *at = arena_array(scratch, (size_t)n + 1, sizeof *at);

	sort_by(0, at, n, pairs, count, other);
	sort_by(32, at, n, other, count, pairs);
	arena_free(scratch);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || pairs[kept - 1] != pairs[i])
			pairs[kept++] = pairs[i];
	return kept;
}

static void place_upper(struct cholesky *c, struct arena *scratch, const uint64_t *pairs, size_t count)
{
	size_t *at = arena_array(scratch, (size_t)c->n + 1, sizeof *at);

	for (size_t i = 0; i < count; i++) {
		uint32_t a = c->rank[pairs[i] >> 32], b = c->rank[(uint32_t)pairs[i]];

		c->column[(a > b ? a : b) + 1]++;
	}
	for (uint32_t i = 0; i < c->n; i++) {
		c->column[i + 1] += c->column[i];
		at[i] = c->column[i];
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t a = c->rank[pairs[i] >> 32], b = c->rank[(uint32_t)pairs[i]];
		size_t k = at[a > b ? a : b]++;

		c->row[k] = a > b ? b : a;
		c->place[k] = c->n + i;
	}
}

static void grow_tree(struct cholesky *c, struct arena *scratch)
{
	uint32_t *ancestor = arena_array(scratch, (size_t)c->n + 1, sizeof *ancestor);

	for (uint32_t k = 0; k < c->n; k++) {
		c->parent[k] = ancestor[k] = UINT32_MAX;
		for (size_t p = c->column[k]; p < c->column[k + 1]; p++)
			for (uint32_t i = c->row[p], next; i != UINT32_MAX && i < k; i = next) {
				next = ancestor[i];
				ancestor[i] = k;
				if (next == UINT32_MAX)
					c->parent[i] = k;
			}
	}
}

/* The columns that have an entry in row k of the factor, in an order in which they can be used: stack[top..n). */
static uint32_t reach(struct cholesky *c, uint32_t k)
{
	uint32_t top = c->n;

	c->mark[k] = k + 1;
	for (size_t p = c->column[k]; p < c->column[k + 1]; p++) {
		uint32_t length = 0;

		for (uint32_t i = c->row[p]; c->mark[i] != k + 1; i = c->parent[i]) {
			c->stack[length++] = i;
			c->mark[i] = k + 1;
		}
		while (length)
			c->stack[--top] = c->stack[--length];
	}
	return top;
}

static void count_columns(struct cholesky *c)
{
	for (uint32_t k = 0; k < c->n; k++) {
		c->factor_column[k + 1]++;
		for (uint32_t top = reach(c, k); top < c->n; top++)
			c->factor_column[c->stack[top] + 1]++;
	}
	for (uint32_t k = 0; k < c->n; k++)
		c->factor_column[k + 1] += c->factor_column[k];
	memset(c->mark, 0, (size_t)c->n * sizeof *c->mark);
	for (uint32_t k = 0; k < c->n; k++) {
		uint64_t entries = c->factor_column[k + 1] - c->factor_column[k];

		c->looks += entries * entries;
	}
	c->looks = c->looks / PRODUCTS_A_LOOK + 1;
}

struct cholesky *cholesky_new(struct arena *a, uint32_t n, const uint64_t *pairs, size_t count, size_t most,
			      bool (*goes_on)(void *context, uint64_t looks), void *context)
{
	struct cholesky *c = arena_alloc(a, sizeof *c);
	struct arena *scratch = arena_new();
	size_t room = (size_t)n + 1;
	bool good;

	c->n = n;
	c->entries = n + count;
	c->value = arena_array(a, c->entries + 1, sizeof *c->value);
	c->order = arena_array(a, room, sizeof *c->order);
	c->rank = arena_array(a, room, sizeof *c->rank);
	c->column = arena_array(a, room, sizeof *c->column);
	c->row = arena_array(a, count + 1, sizeof *c->row);
	c->place = arena_array(a, count + 1, sizeof *c->place);
	c->parent = arena_array(a, room, sizeof *c->parent);
	c->factor_column = arena_array(a, room, sizeof *c->factor_column);
	c->work = arena_array(a, room, sizeof *c->work);
	c->mark = arena_array(a, room, sizeof *c->mark);
	c->stack = arena_array(a, room, sizeof *c->stack);
	c->next = arena_array(a, room, sizeof *c->next);
	good = cholesky_order(scratch, n, pairs, count, most, c->order, goes_on, context);
	for (uint32_t i = 0; i < n && good; i++)
		c->rank[c->order[i]] = i;
	if (good) {
		place_upper(c, scratch, pairs, count);
		grow_tree(c, scratch);
		count_columns(c);
		c->factor_row = arena_array(a, c->factor_column[n] + 1, sizeof *c->factor_row);
		c->factor = arena_array(a, c->factor_column[n] + 1, sizeof *c->factor);
	}
	arena_free(scratch);
	return good ? c : NULL;
}

size_t cholesky_place(const struct cholesky *c, const uint64_t *pairs, size_t count, uint32_t a, uint32_t b)
{
	uint64_t key = a > b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	size_t low = 0, high = count;

	if (a == b)
		return a;
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (pairs[middle] <= key)
			low = middle;
		else
			high = middle;
	}
	return c->n + low;
}

bool cholesky_factor(struct cholesky *c, bool (*goes_on)(void *context, uint64_t looks), void *context)
{
	uint64_t products = 0, asked = 0;

	memset(c->mark, 0, (size_t)c->n * sizeof *c->mark);
	for (uint32_t k = 0; k < c->n; k++) {
		double d = c->value[c->order[k]], whole = d;
		uint32_t top = reach(c, k);

		c->done = products / PRODUCTS_A_LOOK;
		if (c->done >= asked + LOOKS_AT_ONCE) {
			asked = c->done;
			if (!goes_on(context, c->done))
				return false;
		}
		for (size_t p = c->column[k]; p < c->column[k + 1]; p++)
			c->work[c->row[p]] = c->value[c->place[p]];
		for (; top < c->n; top++) {
			uint32_t i = c->stack[top];
			size_t first = c->factor_column[i];
			double x = c->work[i] / c->factor[first];

			c->work[i] = 0;
			for (size_t p = first + 1; p < c->next[i]; p++)
				c->work[c->factor_row[p]] -= c->factor[p] * x;
			products += 2 * (c->next[i] - first);
			d -= x * x;
			c->factor_row[c->next[i]] = k;
			c->factor[c->next[i]++] = x;
		}
		c->next[k] = c->factor_column[k];
		c->factor_row[c->next[k]] = k;
		c->factor[c->next[k]++] = d > 1e-13 * whole && d > 0 ? sqrt(d) : HUGE_PIVOT;
	}
	c->done = c->looks;
	return true;
}

void cholesky_solve(struct cholesky *c, double *x)
{
	double *y = c->work;

	for (uint32_t k = 0; k < c->n; k++)
		y[k] = x[c->order[k]];
	for (uint32_t k = 0; k < c->n; k++) {
		size_t first = c->factor_column[k];

		y[k] /= c->factor[first];
		for (size_t p = first + 1; p < c->factor_column[k + 1]; p++)
			y[c->factor_row[p]] -= c->factor[p] * y[k];
	}
	for (uint32_t k = c->n; k-- > 0;) {
		size_t first = c->factor_column[k];

		for (size_t p = first + 1; p < c->factor_column[k + 1]; p++)
			y[k] -= c->factor[p] * y[c->factor_row[p]];
		y[k] /= c->factor[first];
	}
	for (uint32_t k = 0; k < c->n; k++) {
		x[c->order[k]] = y[k];
		y[k] = 0;
	}
}
