/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spread: the multipliers of fees and borders. A fee is spread over the units that can bear its mark, so that each sees a
 * part of it in its prices; a border's cost is spread over the labels of its two sides. For given prices of rows one fee's
 * or one border's best multipliers are known in closed form, and sweeps over all of them, between the steps of the rows,
 * climb the same smoothed dual.
 */
#ifndef PROVISO_SOLVE_SPREAD_H
#define PROVISO_SOLVE_SPREAD_H

#include "solve/dual.h"

struct spread {
	const struct problem *p;
	double *extra;        /* of each option: what fees and borders add to its price, in the scale */
	double *price;        /* of each option, in the scale, while a sweep runs */
	double *fee, *border; /* in the scale */
	double *margin;       /* of one mark's holders */
	size_t *rank;
	uint64_t work;
};

/* NULL where the problem has neither. */
struct spread *spread_new(struct arena *, const struct problem *, const struct prices *);
/* Once through all fees and borders, at the rows' and links' multipliers y of the dual. */
void spread_sweep(struct spread *, const struct dual *, const double *y, double eps);
void spread_to_prices(const struct spread *, struct prices *);

#endif
