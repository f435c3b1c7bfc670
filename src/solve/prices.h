/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prices: multipliers while they are sought, in floating point, micro-money a unit of their part; and what they become: a
 * certificate in integers, and from it the exact price of every option.
 */
#ifndef PROVISO_SOLVE_PRICES_H
#define PROVISO_SOLVE_PRICES_H

#include "solve/linear.h"
#include "solve/lp.h"

struct prices {
	double *row;    /* of each row, >= 0 */
	double *link;   /* of each link, >= 0 */
	double *fee;    /* of each holder, >= 0 */
	double *border; /* of each slot */
};

struct prices *prices_new(struct arena *, const struct problem *);
/* Takes the multipliers of the rows that the program has; the others stay. */
void prices_take(struct prices *, const struct problem *, const struct linear *, const double *dual);
/* A copy whose largest multiplier is of the size of a cost: rays have no size of their own. */
struct prices *prices_scaled(struct arena *, const struct problem *, const struct prices *);
/* From a result of the same model before something was added to it. */
void prices_start(struct prices *, const struct problem *, const struct solve_certificate *);
struct solve_certificate *prices_certificate(struct arena *, const struct problem *, const struct prices *, bool ray);

#endif
