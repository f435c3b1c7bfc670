/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cholesky: a sparse symmetric positive matrix, factored and solved. The pattern is fixed once; values change often.
 *
 * What touches few others is eliminated first. Where some rows touch all and the rest falls into small blocks, as limits
 * on a nation and on its regions do, nothing fills up; where regions touch their neighbours, little.
 */
#ifndef PROVISO_SOLVE_CHOLESKY_H
#define PROVISO_SOLVE_CHOLESKY_H

#include "base/base.h"

struct cholesky {
	uint32_t n;
	size_t entries;  /* places for values: the diagonal's first, [0, n), then the others */
	double *value;   /* filled by the caller before each factoring */
	uint32_t *order; /* position to variable */
	uint32_t *rank;  /* variable to position */
	size_t *column;  /* n + 1, by position: entries (row position < column position) of the upper triangle */
	uint32_t *row;
	size_t *place;    /* of each such entry, in value */
	uint32_t *parent; /* elimination tree */
	size_t *factor_column;
	uint32_t *factor_row;
	double *factor;
	double *work;
	uint32_t *mark, *stack;
	size_t *next;
	uint64_t looks, done; /* that factoring is worth; that the last one took */
};

/*
 * Pairs of different variables that touch, as (larger << 32 | smaller), sorted without doubles. goes_on (NULL: always) is asked
 * at each variable. NULL where the factor would have more than most entries, or it was ended.
 */
struct cholesky *cholesky_new(struct arena *, uint32_t n, const uint64_t *pairs, size_t count, size_t most,
			      bool (*goes_on)(void *context, uint64_t looks), void *context);
/* Where the value of a pair lies; the pair is one of those given. Sorted pairs without doubles: see cholesky_new. */
size_t cholesky_place(const struct cholesky *, const uint64_t *pairs, size_t count, uint32_t a, uint32_t b);
/*
 * value = L L^T; a pivot that is not positive is replaced by a very large one, which keeps its variable where it is. Every some
 * hundredth of a second goes_on is asked, with the looks that it took so far; false: it was ended, and there is no factor.
 */
bool cholesky_factor(struct cholesky *, bool (*goes_on)(void *context, uint64_t looks), void *context);
void cholesky_solve(struct cholesky *, double *x); /* in: the right-hand side, by variable */

/* The order of elimination that cholesky_new takes; false: the factor would have more than most entries, or it was ended. */
bool cholesky_order(struct arena *scratch, uint32_t n, const uint64_t *pairs, size_t count, size_t most, uint32_t *order,
		    bool (*goes_on)(void *context, uint64_t looks), void *context);

/* Sorts pairs of variables below n and removes doubles; returns how many are left. */
size_t cholesky_sort_pairs(uint32_t n, uint64_t *pairs, size_t count);

#endif
