/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A problem, or what is left of it once some units have chosen, as a linear program by columns: what CLP and CBC read, and
 * the way back from their rows and columns to units, options and multipliers.
 *
 * Columns: x of each open option of the units that are left; z of each link (mark borne, as a count sees it); w of each mark
 * with a fee; v of each slot of a border between two units that are left. Costs are divided by unit, a power of two.
 */
#ifndef PROVISO_SOLVE_LINEAR_H
#define PROVISO_SOLVE_LINEAR_H

#include "solve/problem.h"

enum linear_part { LINEAR_UNIT, LINEAR_ROW, LINEAR_LINK, LINEAR_COUNT, LINEAR_FEE, LINEAR_BORDER };

struct linear_row {
	enum linear_part part;
	size_t index;  /* the unit, row, link, count, holder, slot */
	double factor; /* a multiplier of this row, times factor, is micro-money a unit of the problem's row */
};

struct linear {
	int columns, rows;
	int *start, *index;
	double *value, *low, *high, *objective, *row_low, *row_high;
	double unit;            /* micro-money in 1 of the objective */
	wide constant;          /* micro-money that the fixed units cost anyhow */
	int options;            /* the first columns are x's */
	uint32_t *option;       /* of each such column */
	struct linear_row *row; /* what each row is */
	bool impossible;        /* the fixed units alone break a row */
	bool too_large;
};

/*
 * choice[unit]: an option, or NONE for a unit that is left; NULL: all are. shut[option]: not to be chosen by a unit that is
 * left; NULL: none. most: of entries; more make it too_large and nothing else is filled.
 */
struct linear *linear_new(struct arena *, const struct problem *, const uint32_t *choice, const bool *shut,
			  size_t most);

#endif
