/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Climbing the smoothed dual: Newton's method with a logarithmic barrier for y > 0, eps falling by a factor at a time. The
 * function is concave, so a step is judged by the slope at its end alone: where that still rises or falls little, the step
 * was good; where it falls steeply, the step was too long. Differences of large values, which round off, are never needed.
 */
#include "solve/dual.h"
#include "solve/run.h"
#include "solve/spread.h"

#include <math.h>
#include <string.h>

#define EPS_FACTOR 0.3
#define LOOSE      0.05  /* of eps for each variable: how far from a stage's top is near enough to go on */
#define BOUNDARY   0.9   /* how much of the way to y = 0 a step may take */
#define FLOOR      1e-12 /* of y */
#define CEILING    1e9   /* of y: a ray by then */

enum {
	STAGE_STEPS = 25,
	DIAGONAL_STEPS = 60, /* where the matrix has its diagonal only */
	SPREAD_ROUNDS = 8,   /* of a stage: rows, then fees and borders, then rows again */
	SHORTER_STEPS = 6,
	LOOKS = 6, /* a pass with second derivatives, in looks at an option */
};

struct climb {
	struct run *run;
	struct dual *d;
	struct spread *spread; /* or NULL */
	struct prices *prices; /* the best that was seen */
	struct dual_point at, next;
	double *step, best_value, most; /* no choice costs more than most */
};

static double product(const double *a, const double *b, uint32_t n)
{
	double sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* In the scale: no choice can cost more. */
static double most_cost(const struct dual *d)
{
	const struct problem *p = d->p;
	double most = 0;

	for (uint32_t u = 0; u < p->units; u++) {
		int64_t unit = INT64_MIN;

		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++)
			unit = p->cost[o] > unit ? p->cost[o] : unit;
		most += (double)unit;
	}
	for (uint32_t k = 0; k < p->marks; k++)
		most += (double)p->fee[k];
	for (size_t i = 0; i < p->model->borders.count; i++)
		most += (double)p->model->border[i].cost;
	return most / p->scale;
}

static void swap_points(struct climb *c)
{
	struct dual_point at = c->at;

	c->at = c->next;
	c->next = at;
}

static double longest(const struct climb *c)
{
	double length = 1;

	for (uint32_t i = 0; i < c->d->variables; i++)
		if (c->step[i] < 0 && -BOUNDARY * c->at.y[i] / c->step[i] < length)
			length = -BOUNDARY * c->at.y[i] / c->step[i];
	return length;
}

static bool goes_on(void *context, uint64_t looks)
{
	return run_is_patient(((struct climb *)context)->run, looks);
}

/* One step from at to next, which becomes at. The matrix of `at` is in place. false: no step helps, or patience ended. */
static bool newton_step(struct climb *c, double eps, double *rise)
{
	struct dual *d = c->d;
	double length, slope;
	bool whole;

	memcpy(c->step, c->at.gradient, d->variables * sizeof *c->step);
	whole = cholesky_factor(d->matrix, goes_on, c);
	run_worked(c->run, d->matrix->done);
	if (!whole)
		return false;
	cholesky_solve(d->matrix, c->step);
	*rise = product(c->step, c->at.gradient, d->variables);
	if (!(*rise > LOOSE * eps * d->variables))
		return false;
	length = longest(c);
	for (int tries = 0; tries < SHORTER_STEPS && (!tries || run_is_patient(c->run, 0)); tries++) {
		for (uint32_t i = 0; i < d->variables; i++) {
			c->next.y[i] = c->at.y[i] + length * c->step[i];
			c->next.y[i] = c->next.y[i] < FLOOR ? FLOOR : c->next.y[i] > CEILING ? CEILING : c->next.y[i];
		}
		dual_evaluate(d, eps, &c->next, true);
		run_worked(c->run, (uint64_t)LOOKS * d->p->options);
		slope = product(c->step, c->next.gradient, d->variables);
		if (slope >= -0.5 * *rise) {
			swap_points(c);
			return true;
		}
		/* Where the line through both slopes is level, but never less than a tenth of the way. */
		length *= *rise / (*rise - slope) > 0.1 ? *rise / (*rise - slope) : 0.1;
	}
	swap_points(c);
	return true;
}

static void look(struct climb *c)
{
	struct dual_point at = { .y = c->at.y };

	dual_evaluate(c->d, 0, &at, false);
	run_worked(c->run, c->d->p->options);
	if (at.value > c->best_value) {
		c->best_value = at.value;
		dual_to_prices(c->d, c->at.y, c->prices);
		if (c->spread)
			spread_to_prices(c->spread, c->prices);
	}
}

static bool climb_rows(struct climb *c, double eps)
{
	double rise;

	dual_evaluate(c->d, eps, &c->at, true);
	run_worked(c->run, (uint64_t)LOOKS * c->d->p->options);
	for (int k = 0; k < (c->d->diagonal ? DIAGONAL_STEPS : STAGE_STEPS); k++) {
		if (!run_goes_on(c->run, "dual"))
			return false;
		if (!newton_step(c, eps, &rise) || c->at.value > 2 * fabs(c->most) + c->most)
			break;
	}
	return true;
}

static void climb_spread(struct climb *c, double eps)
{
	spread_sweep(c->spread, c->d, c->at.y, eps);
	dual_set_extra(c->d, c->spread->extra);
	run_worked(c->run, c->spread->work);
	c->spread->work = 0;
}

/* Rows alone, or in turn with fees and borders until that brings little. */
static bool climb_stage(struct climb *c, double eps)
{
	double before = -INFINITY;

	if (!climb_rows(c, eps))
		return false;
	for (int round = 0; c->spread && round < SPREAD_ROUNDS; round++) {
		if (c->at.value - before < LOOSE * eps * (c->d->variables + c->d->p->marks))
			break;
		before = c->at.value;
		climb_spread(c, eps);
		if (!climb_rows(c, eps))
			return false;
	}
	return true;
}

enum dual_end dual_climb(struct run *r, struct dual *d, struct spread *spread, double from, double until,
			 struct prices *prices)
{
	struct arena *a = arena_new();
	size_t n = (size_t)d->variables + 1;
	struct climb c = {
		.run = r, .d = d, .spread = spread, .prices = prices, .best_value = -INFINITY, .most = most_cost(d)
	};
	enum dual_end end = DUAL_DONE;

	c.at.y = arena_array(a, n, sizeof *c.at.y);
	c.at.gradient = arena_array(a, n, sizeof *c.at.gradient);
	c.next.y = arena_array(a, n, sizeof *c.next.y);
	c.next.gradient = arena_array(a, n, sizeof *c.next.gradient);
	c.step = arena_array(a, n, sizeof *c.step);
	dual_from_prices(d, prices, c.at.y);
	for (uint32_t i = 0; i < d->variables; i++)
		c.at.y[i] = c.at.y[i] > from ? c.at.y[i] : from;
	if (spread)
		climb_spread(&c, from);
	for (double eps = from; eps >= until && end == DUAL_DONE; eps *= EPS_FACTOR) {
		if (!climb_stage(&c, eps))
			end = DUAL_STOPPED;
		look(&c);
		if (c.best_value > c.most)
			end = DUAL_UNBOUNDED;
	}
	arena_free(a);
	return end;
}
