/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CLP through its C interface. A program without a point is solved again for the least sum of breaches: its multipliers
 * are the ray, and they come from an ordinary optimum, which CLP's own ray after an infeasible end does not always do.
 */
#include "solve/lp.h"

#include <math.h>
#include <string.h>

static Clp_Simplex *load(const struct coin *coin, const struct linear *l, const double *objective, int most_iterations,
			 double seconds)
{
	Clp_Simplex *clp = coin->Clp_newModel();

	coin->Clp_setLogLevel(clp, 0);
	coin->Clp_loadProblem(clp, l->columns, l->rows, l->start, l->index, l->value, l->low, l->high, objective,
			      l->row_low, l->row_high);
	coin->Clp_setMaximumIterations(clp, most_iterations);
	if (seconds > 0)
		coin->Clp_setMaximumSeconds(clp, seconds);
	return clp;
}

/* A column for each coupling row that may be broken, at cost 1; units still choose, and links still bind. */
static void add_breaches(const struct coin *coin, struct arena *a, Clp_Simplex *clp, const struct linear *l)
{
	size_t room = (size_t)l->rows + 1;
	double *low = arena_array(a, room, sizeof *low), *high = arena_array(a, room, sizeof *high);
	double *cost = arena_array(a, room, sizeof *cost), *value = arena_array(a, room, sizeof *value);
	int *start = arena_array(a, room + 1, sizeof *start), *row = arena_array(a, room, sizeof *row), count = 0;

	for (int i = 0; i < l->rows; i++) {
		if (l->row[i].part != LINEAR_ROW && l->row[i].part != LINEAR_COUNT)
			continue;
		high[count] = INFINITY;
		cost[count] = 1;
		row[count] = i;
		value[count] = l->row[i].part == LINEAR_ROW ? -1 : 1;
		count++;
		start[count] = count;
	}
	coin->Clp_addColumns(clp, count, low, high, cost, start, row, value);
}

static void take(const struct coin *coin, struct arena *a, const struct linear *l, Clp_Simplex *clp,
		 struct lp_answer *answer)
{
	answer->x = arena_array(a, (size_t)l->columns + 1, sizeof *answer->x);
	answer->dual = arena_array(a, (size_t)l->rows + 1, sizeof *answer->dual);
	memcpy(answer->x, coin->Clp_primalColumnSolution(clp), (size_t)l->columns * sizeof *answer->x);
	memcpy(answer->dual, coin->Clp_dualRowSolution(clp), (size_t)l->rows * sizeof *answer->dual);
}

enum lp_status lp_solve(const struct coin *coin, struct arena *a, const struct linear *l, int most_iterations,
			double seconds, struct lp_answer *answer)
{
	Clp_Simplex *clp = load(coin, l, l->objective, most_iterations, seconds);
	int status;

	coin->Clp_dual(clp, 0);
	status = coin->Clp_status(clp);
	answer->iterations = coin->Clp_numberIterations(clp);
	if (status == 0)
		take(coin, a, l, clp, answer);
	coin->Clp_deleteModel(clp);
	if (status != 1)
		return status == 0 ? LP_OPTIMAL : LP_FAILED;
	clp = load(coin, l, NULL, most_iterations, seconds);
	add_breaches(coin, a, clp, l);
	coin->Clp_primal(clp, 0);
	answer->iterations += coin->Clp_numberIterations(clp);
	status = coin->Clp_status(clp);
	if (status == 0)
		take(coin, a, l, clp, answer);
	coin->Clp_deleteModel(clp);
	return status == 0 ? LP_INFEASIBLE : LP_FAILED;
}
