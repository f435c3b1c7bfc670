/* SPDX-License-Identifier: Apache-2.0 */
/* lp: a linear program solved by CLP: its best point and its multipliers, or, where there is none, the rows' ray. */
#ifndef PROVISO_SOLVE_LP_H
#define PROVISO_SOLVE_LP_H

#include "solve/coin.h"
#include "solve/linear.h"

enum lp_status { LP_OPTIMAL, LP_INFEASIBLE, LP_FAILED };

struct lp_answer {
	double *x; /* of each column */
	double *dual; /* of each row, in CLP's sign: <= 0 for "at most" rows. LP_INFEASIBLE: of the least sum of breaches */
	int iterations;
};

enum lp_status lp_solve(const struct coin *, struct arena *, const struct linear *, int most_iterations, double seconds,
			struct lp_answer *);

#endif
