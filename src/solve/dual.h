/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dual: the Lagrangian dual of rows and counts, smoothed: each unit's least price becomes a soft minimum of width eps, which
 * has first and second derivatives, and eps falls step by step. What the prices of fees and borders add to options is given
 * (spread.h finds it between the steps).
 *
 * A variable is the multiplier of a row, of a link, or of a count, in the scale where a typical cost and a typical value of
 * the row are 1.
 */
#ifndef PROVISO_SOLVE_DUAL_H
#define PROVISO_SOLVE_DUAL_H

#include "solve/cholesky.h"
#include "solve/prices.h"

/* Units whose options have entries in the same rows in the same pattern: they are computed together. */
struct dual_class {
	size_t from, count; /* in the order of units by class */
	uint32_t options, locals, entries;
	uint32_t *local;       /* the variables that these units touch */
	uint32_t *entry_first; /* options + 1 */
	uint32_t *entry_local;
	const double **column; /* of each entry, by unit; NULL: constant */
	double *constant;
	double **cost; /* of each option, by unit */
	size_t *place; /* of the pair of locals (a, b <= a) at dual_pair(a, b): in the matrix's values */
};

static inline size_t dual_pair(uint32_t a, uint32_t b)
{
	return a > b ? (size_t)a * (a + 1) / 2 + b : (size_t)b * (b + 1) / 2 + a;
}

struct dual {
	const struct problem *p;
	struct arena *arena;
	unsigned threads;
	uint32_t variables;
	const double *size;       /* of each row, see search.h */
	uint32_t *link_variable;  /* of each link, NONE where its count is left out */
	uint32_t *count_variable; /* of each count */
	uint32_t *order;          /* units by class */
	struct dual_class *class;
	uint32_t classes;
	size_t step; /* units in a slice */
	size_t slices;
	double *sums; /* of each slice: value, gradient, second derivatives */
	struct cholesky *matrix;
	bool diagonal; /* too many rows touch each other: the matrix has its diagonal only */
	const uint64_t *pairs;
	size_t pair_count;
	uint64_t passes;
	double constant; /* of the units: what was taken off their costs, in the scale */
};

struct run;
/* count_in[count]: is it part; NULL: none is. */
struct dual *dual_new(struct arena *, struct run *, const bool *count_in);

struct dual_point {
	double *y;        /* of each variable, > 0 */
	double value;     /* of the smoothed function with its barrier; with eps 0 the true one */
	double *gradient; /* with eps 0: not filled */
};

/* Value and gradient at y; with second also the matrix (second derivatives, sign turned), ready to be factored. */
void dual_evaluate(struct dual *, double eps, struct dual_point *, bool second);

/* What fees and borders add to each option's price, in the scale. */
void dual_set_extra(struct dual *, const double *extra);
double dual_exp(double x); /* e^x for x <= 0, the same bits everywhere */
double dual_log(double x); /* for x > 0 */

void dual_from_prices(const struct dual *, const struct prices *, double *y);
void dual_to_prices(const struct dual *, const double *y, struct prices *);

struct spread;
/*
 * Climbs from the prices, eps falling from `from` to `until` (1 is a typical cost); prices become the best that was seen.
 * DUAL_UNBOUNDED: the dual grew beyond what any choice can cost, so the prices are a ray.
 */
enum dual_end { DUAL_DONE, DUAL_UNBOUNDED, DUAL_STOPPED };
enum dual_end dual_climb(struct run *, struct dual *, struct spread *, double from, double until, struct prices *);

#endif
