/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dates of a plan, quarter by quarter: what can be had and done in it is enough, and no rule is broken that has to hold - as
 * plan_every.h works them out of the case, without asking the planner.
 */
#ifndef PROVISO_TESTS_PLAN_DATES_H
#define PROVISO_TESTS_PLAN_DATES_H

#include "plan_every.h"

static int offer_number(const struct plan_change *c)
{
	return c->offer->name[1] - '0'; /* o0, o1 ... */
}

/* false: the plan adds elements, whose names are the planner's. */
static bool dates_of(const struct plan *plan, struct search *x, struct timing *t)
{
	for (int i = 0; i < ELEMENTS; i++) {
		x->now[i] = (struct state){ -1, false };
		t->element[i] = -1;
	}
	for (int i = 0; i < LINKS; i++)
		t->link[i] = -1;
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct plan_step *s = &plan->steps[i];
		const struct plan_change *c = &plan->changes[s->change];
		bool link = c->what == PLAN_RESTRICT;

		if (c->what == PLAN_EVIDENCE) {
			x->obtained[offer_number(c)] = true;
			continue;
		}
		for (size_t k = 0; k < s->element_count; k++) {
			int number = atoi(s->elements[k] + 1); /* e0, e1 ...; l0, l1 ... */

			if (!link && (s->elements[k][0] != 'e' || !*c->from))
				return false;
			if (link) {
				x->restricted[number] = true;
				x->link_offer[number] = offer_number(c);
				t->link[number] = (int)s->quarter;
			} else {
				x->now[number].offer = offer_number(c);
				t->element[number] = (int)s->quarter;
			}
		}
	}
	return true;
}

enum dates { DATES_NOT_TOLD, DATES_KEPT, DATES_BROKEN };

static enum dates dates_judged(const struct small *s, const struct plan *plan)
{
	struct search x = { .s = s, .best = { -1, -1, -1 } };
	struct timing t;
	bool kept = true;

	units_make(&x);
	if (!dates_of(plan, &x, &t))
		return DATES_NOT_TOLD;
	x.seen = malloc(SEEN * sizeof *x.seen);
	x.slots = calloc(SLOTS, sizeof *x.slots);
	for (int q = 0; q < s->quarters && kept; q++)
		kept = supplied(&x, &t, q) && quarter_holds(&x, &t, q, plan->status == PLAN_UNDETERMINED ? 1 : 2);
	free(x.seen);
	free(x.slots);
	return kept ? DATES_KEPT : DATES_BROKEN;
}

#endif
