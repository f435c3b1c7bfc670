/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sparse factorisation: what it solves is multiplied back, and what can be eliminated without any fill is (trees, stars,
 * regions that share a few national rows). A grid of neighbours fills less than half of what its rows in their order do. A large
 * one can be ended while it lasts, and begun anew.
 *
 * # proviso-deps: base solve
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "solve/cholesky.h"

enum { MOST = 4000, PAIRS = 130000 };

struct matrix {
	uint32_t n;
	uint64_t pairs[PAIRS];
	size_t count;
	bool ended; /* when it was asked whether it goes on */
};

static void touch(struct matrix *m, uint32_t a, uint32_t b)
{
	m->pairs[m->count++] = a > b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static bool goes_on(void *context, uint64_t looks)
{
	(void)context;
	(void)looks;
	return true;
}

static bool ends(void *context, uint64_t looks)
{
	uint64_t *ended = context;

	assert_int_equal(*ended, 0);
	*ended = looks;
	return false;
}

/* Entries of the factor. The values: -1 where two touch, and more than their sum on the diagonal. */
static size_t factored(struct matrix *m)
{
	struct arena *a = arena_new();
	struct cholesky *c;
	static double x[MOST], y[MOST];
	size_t entries;
	uint64_t ended = 0;

	m->count = cholesky_sort_pairs(m->n, m->pairs, m->count);
	c = cholesky_new(a, m->n, m->pairs, m->count, SIZE_MAX, NULL, NULL);
	assert_non_null(c);
	entries = c->factor_column[m->n];
	assert_null(cholesky_new(a, m->n, m->pairs, m->count, entries - 1, NULL, NULL));
	for (uint32_t i = 0; i < m->n; i++) {
		c->value[i] = 1;
		x[i] = i % 7;
		y[i] = x[i];
	}
	for (size_t i = 0; i < m->count; i++) {
		uint32_t p = (uint32_t)(m->pairs[i] >> 32), q = (uint32_t)m->pairs[i];

		c->value[cholesky_place(c, m->pairs, m->count, p, q)] = -1;
		c->value[p]++;
		c->value[q]++;
		y[p] += x[p] - x[q];
		y[q] += x[q] - x[p];
	}
	assert_true(cholesky_factor(c, ends, &ended) == !ended);
	assert_true(c->done == (ended ? ended : c->looks) && ended < c->looks);
	m->ended = ended > 0;
	assert_true(cholesky_factor(c, goes_on, NULL));
	cholesky_solve(c, y);
	for (uint32_t i = 0; i < m->n; i++)
		assert_true(fabs(x[i] - y[i]) < 1e-9);
	arena_free(a);
	return entries;
}

static void test_nothing_fills(void **state)
{
	static struct matrix tree, star, regions;

	(void)state;
	tree = (struct matrix){ .n = 2000 };
	for (uint32_t i = 1; i < tree.n; i++)
		touch(&tree, i, (i * 7919u) % i);
	assert_int_equal(factored(&tree), tree.n + tree.count);
	star = (struct matrix){ .n = 500 };
	for (uint32_t i = 1; i < star.n; i++)
		touch(&star, 0, i);
	assert_int_equal(factored(&star), star.n + star.count);
	regions = (struct matrix){ .n = 3 + 5 * 100 }; /* three rows of the nation, five of each of 100 regions */
	for (uint32_t i = 0; i < regions.n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (k < 3 || (i - 3) / 5 == (k - 3) / 5)
				touch(&regions, i, k);
	assert_int_equal(factored(&regions), regions.n + regions.count);
}

static void test_neighbours(void **state)
{
	static struct matrix grid;
	enum { SIDE = 40 };

	(void)state;
	grid = (struct matrix){ .n = SIDE * SIDE };
	for (uint32_t i = 0; i < grid.n; i++) {
		if (i % SIDE)
			touch(&grid, i, i - 1);
		if (i >= SIDE)
			touch(&grid, i, i - SIDE);
	}
	assert_true(factored(&grid) < (size_t)grid.n * SIDE / 2);
}

/* Any pattern at all. */
static void test_random(void **state)
{
	static struct matrix m;
	uint64_t chance = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		m = (struct matrix){ .n = 1 + (uint32_t)round % 60 };
		for (uint32_t i = 0; i < m.n; i++)
			for (uint32_t k = 0; k < i; k++) {
				chance = chance * 6364136223846793005u + 1442695040888963407u;
				if (chance >> 40 < (1u << 24) / (2 + (uint32_t)round % 19))
					touch(&m, i, k);
			}
		factored(&m);
	}
}

static void test_ended(void **state)
{
	static struct matrix small, large;

	(void)state;
	for (uint32_t i = 0; i < 500; i++)
		for (uint32_t k = 0; k < i; k++) {
			if (i < 50)
				touch(&small, i, k);
			touch(&large, i, k);
		}
	small.n = 50;
	large.n = 500;
	factored(&small);
	factored(&large);
	assert_true(!small.ended && large.ended);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_nothing_fills), cmocka_unit_test(test_neighbours),
					    cmocka_unit_test(test_random), cmocka_unit_test(test_ended) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
