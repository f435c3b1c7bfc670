/* SPDX-License-Identifier: Apache-2.0 */
/*
 * missing: what would have made a plan possible - more deliveries, more people, more money, more time; or offers that nobody
 * made (wanted.c). Each alone would leave a plan in which no rule is surely broken.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

enum {
	MOST_MISSING = 16,      /* told */
	MOST_MORE_QUARTERS = 8, /* that a later horizon is looked for */
};

void missing_tell(struct planning *p, struct plan *plan, const char *what, const char *text)
{
	if (!plan->missing)
		plan->missing = arena_array(p->arena, MOST_MISSING, sizeof *plan->missing);
	if (plan->missing_count < MOST_MISSING)
		plan->missing[plan->missing_count++] = (struct plan_missing){ what, text };
}

static bool would_do(struct planning *p)
{
	return !time_is_over(p) && settle(p, TIER_NOT_BROKEN).outcome == OUTCOME_PASSES;
}

/* ---- of what there is, more ------------------------------------------------------------------------------------------- */

static void try_deliveries(struct planning *p, struct plan *plan)
{
	const struct plan_offers *all = p->task->offers;
	bool one = false;

	p->no_deliveries = true;
	if (would_do(p)) {
		p->no_deliveries = false;
		for (uint32_t k = 0; k < all->offer_count; k++) {
			const struct plan_offer *o = &all->offers[k];

			if (o->what == PLAN_EVIDENCE || o->per_quarter < 0)
				continue;
			p->lifted_offer = k;
			if (!would_do(p))
				continue;
			one = true;
			missing_tell(p, plan, "deliveries",
				     arena_printf(p->arena, "more than %lld element%s a quarter of offer %s",
						  (long long)o->per_quarter, o->per_quarter == 1 ? "" : "s", o->name));
		}
		p->lifted_offer = NO_OFFER;
		if (!one && !time_is_over(p))
			missing_tell(p, plan, "deliveries", "more elements a quarter, of several offers");
	}
	p->no_deliveries = false;
}

static void try_crews(struct planning *p, struct plan *plan)
{
	const struct plan_offers *all = p->task->offers;
	bool one = false;

	p->no_crews = true;
	if (all->crew_count && would_do(p)) {
		p->no_crews = false;
		for (size_t i = 0; i < all->crew_count; i++) {
			const char *region = all->crews[i].region;
			bool before = false;

			for (size_t k = 0; k < i; k++)
				before = before || !strcmp(all->crews[k].region, region);
			p->lifted_region = region;
			if (before || !would_do(p))
				continue;
			one = true;
			missing_tell(p, plan, "crews",
				     *region ? arena_printf(p->arena, "more crews in region %s", region)
					     : "more crews in all regions together");
		}
		p->lifted_region = NULL;
		if (!one && !time_is_over(p))
			missing_tell(p, plan, "crews", "more crews, in several regions");
	}
	p->no_crews = false;
}

static void try_budget(struct planning *p, struct plan *plan)
{
	char money[64];

	p->no_budget = true;
	if (p->task->budget > 0 && would_do(p)) {
		micro_print_grouped(p->task->budget, money);
		missing_tell(p, plan, "budget",
			     arena_printf(p->arena, "a budget of more than %s%s%s a quarter", money,
					  *plan->currency ? " " : "", plan->currency));
	}
	p->no_budget = false;
}

static void try_time(struct planning *p, struct plan *plan)
{
	for (size_t more = 1; more <= MOST_MORE_QUARTERS && p->quarter_count + more <= MOST_QUARTERS; more *= 2) {
		struct arena *a = arena_new();
		struct plan_task task = *p->task;
		struct diagnostics silent;
		struct planning *later;
		bool enough;
		char day[11];

		diagnostics_init(&silent, a);
		task.until = date_add_months(task.on, (int32_t)(p->quarter_count + more) * 3) - 1;
		later = planning_new(a, &task, &silent, NO_OFFER);
		if (later)
			later->any_will_do = later->trial = true;
		enough = later && would_do(later);
		date_print(task.until, day);
		if (enough)
			missing_tell(p, plan, "time", arena_printf(p->arena, "time until %s", day));
		diagnostics_free(&silent);
		arena_free(a);
		if (enough)
			return;
	}
}

void missing_make(struct planning *p, struct plan *plan)
{
	p->any_will_do = p->trial = true;
	if (p->quarter_count) {
		try_deliveries(p, plan);
		try_crews(p, plan);
		try_budget(p, plan);
		try_time(p, plan);
	}
	wanted_make(p, plan);
	plan->time_limited |= time_is_over(p);
	p->any_will_do = p->trial = false;
}
