/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shortage: which of what there is can't be enough, whatever is chosen. The rules that count in a quarter ask for some elements
 * to be changed before it, and the rules that count at the end for some until then: the fewest of them, or the least money,
 * is a model of its own, whose bound is proven. Where deliveries, people or money until then are less, that is told.
 */
#include <string.h>

#include "plan/build.h"

enum {
	MOST_SHORT = 16,
	MOST_REGIONS = 64, /* that are looked at one by one, each at the end only */
	LOOKS = 2000,      /* at each option */
	OVERTIME = 4000000, /* looks at options that all of it may take when time is over: about a second */
};

struct asking {
	struct planning *p;
	struct plan *plan;
	enum tier tier;
	moment at;
	size_t quarters; /* before it */
	uint64_t overtime;
};

static const char *until_text(const struct asking *x)
{
	const struct planning *p = x->p;

	return x->quarters ? arena_printf(p->arena, "by the end of %s", p->quarters[x->quarters - 1].name)
			   : arena_printf(p->arena, "before %s", p->quarters[0].name);
}

static struct plan_shortage *tell(struct asking *x, const char *what, wide needed, wide there)
{
	struct plan *plan = x->plan;
	struct plan_shortage *s;

	if (!plan->shortages)
		plan->shortages = arena_array(x->p->arena, MOST_SHORT, sizeof *plan->shortages);
	if (plan->shortage_count == MOST_SHORT)
		return NULL;
	s = &plan->shortages[plan->shortage_count++];
	*s = (struct plan_shortage){ .what = what,
				     .quarter = x->quarters ? x->p->quarters[x->quarters - 1].name : "",
				     .needed = needed,
				     .available = there };
	return s;
}

/* The least that the rules ask for, in elements (of a region) or in money; 0: nothing is known. */
static wide least(struct asking *x, const char *region, bool money)
{
	struct arena *a = arena_new();
	struct burden burden = { region_code(x->p, region), money };
	bool over = time_is_over(x->p);
	struct built *b = over && x->overtime >= OVERTIME ? NULL : build_burden(x->p, a, x->tier, x->at, &burden);
	struct solve_settings settings = settings_of(x->p, MODE_WHAT);
	wide bound = 0;

	x->plan->time_limited |= over;
	settings.gap_ppb = PPB / 1000;
	settings.progress = NULL;
	settings.at_once = true;
	if (b) {
		struct solve_result *r;

		settings.work = (uint64_t)LOOKS * (b->vars.count + 100);
		if (over && settings.work > OVERTIME - x->overtime)
			settings.work = OVERTIME - x->overtime;
		if (over) {
			settings.stop = NULL;
			settings.seconds_left = NULL;
		}
		r = solve(a, b->model, &settings);
		x->overtime += over ? r->work_done : 0;
		x->plan->time_limited |= r->stopped;
		bound = r->has_bound && r->bound > 0 ? r->bound : 0;
		built_free(b);
	}
	arena_free(a);
	return money ? bound : (bound + MICRO - 1) / MICRO * MICRO;
}

/* -1: no limit. */
static wide people(const struct asking *x, const char *region)
{
	wide sum = 0;

	for (size_t q = 0; q < x->quarters; q++) {
		int64_t crew = crew_in(x->p, region, q);

		if (crew < 0)
			return -1;
		sum += (wide)crew * MICRO;
	}
	return sum;
}

static wide deliveries(const struct asking *x)
{
	const struct plan_offers *all = x->p->task->offers;
	wide sum = 0;

	for (size_t k = 0; k < all->offer_count; k++) {
		const struct plan_offer *o = &all->offers[k];

		if (o->what == PLAN_EVIDENCE || o->what == PLAN_RESTRICT)
			continue;
		if (o->per_quarter < 0)
			return -1;
		for (size_t q = 0; q < x->quarters; q++)
			sum += offer_in_quarter(x->p, o, q) ? (wide)o->per_quarter * MICRO : 0;
	}
	return sum;
}

static void ask_elements(struct asking *x, wide needed, wide there, const char *what, const char *region)
{
	struct arena *a = x->p->arena;
	struct plan_shortage *s = there >= 0 && needed > there ? tell(x, what, needed, there) : NULL;
	const char *in = *region ? arena_printf(a, " in region %s", region) : "";

	if (!s)
		return;
	s->region = region;
	s->text = arena_printf(a, "the rules ask for at least %lld element%s%s to be changed %s, and %s %lld",
			       (long long)(needed / MICRO), needed == MICRO ? "" : "s", in, until_text(x),
			       strcmp(what, "crews") ? "the offers deliver" : "there are people for",
			       (long long)(there / MICRO));
}

static void ask_money(struct asking *x)
{
	struct planning *p = x->p;
	wide needed = least(x, "", true), there = (wide)p->task->budget * (wide)x->quarters;
	struct plan_shortage *s = needed > there ? tell(x, "budget", needed, there) : NULL;
	char need[64], have[64];

	if (!s)
		return;
	micro_print_grouped(needed, need);
	micro_print_grouped(there, have);
	s->region = "";
	s->text = arena_printf(p->arena,
			       "what the rules ask for %s costs at least %s%s%s, and the budget until then is %s%s%s",
			       until_text(x), need, *x->plan->currency ? " " : "", x->plan->currency, have,
			       *x->plan->currency ? " " : "", x->plan->currency);
}

static void ask_regions(struct asking *x)
{
	const struct plan_offers *all = x->p->task->offers;
	size_t looked = 0;

	for (size_t i = 0; i < all->crew_count && looked < MOST_REGIONS; i++) {
		const char *region = all->crews[i].region;
		bool before = !*region;

		for (size_t k = 0; k < i && !before; k++)
			before = !strcmp(all->crews[k].region, region);
		if (before)
			continue;
		looked++;
		ask_elements(x, least(x, region, false), people(x, region), "crews", region);
	}
}

static void ask_all(struct asking *x)
{
	wide elements;

	x->quarters = x->at == AT_END ? x->p->quarter_count : (size_t)x->at;
	elements = least(x, "", false);
	ask_elements(x, elements, people(x, ""), "crews", "");
	ask_elements(x, elements, deliveries(x), "deliveries", "");
	if (x->p->task->budget > 0)
		ask_money(x);
	if (x->at == AT_END)
		ask_regions(x);
}

/* ---- what is too large for any quarter ------------------------------------------------------------------------------------ */

/* In no quarter in which the option can be carried out are there people for it. */
static bool too_many_for_crews(const struct planning *p, const struct option *o)
{
	bool possible = false;

	for (size_t q = 0; q < p->quarter_count; q++) {
		bool enough = option_in_quarter(p, o, q);

		possible = possible || enough;
		for (size_t i = 0; i < p->task->offers->crew_count && enough; i++) {
			const char *region = p->task->offers->crews[i].region;
			int64_t crew = crew_in(p, region, q);

			enough = crew < 0 || elements_in(p, o, region_code(p, region)) <= crew;
		}
		if (enough)
			return false;
	}
	return possible;
}

void units_too_large(struct planning *p)
{
	size_t count = 0;
	uint32_t first = 0;

	for (uint32_t u = 0; u < p->units.count && p->quarter_count && p->task->offers->crew_count; u++) {
		const struct unit *unit = &p->units.items[u];
		bool all = unit->options > 1 && unit->members > 1;

		for (uint32_t o = 1; o < unit->options && all; o++)
			all = too_many_for_crews(p, &p->options.items[unit->first_option + o]);
		first = all && !count ? u : first;
		count += all;
	}
	if (count)
		diagnose(p->diagnostics, SEVERITY_WARNING, "larger-than-crews",
			 net_place(p->base, NET_ELEMENTS, p->members[p->units.items[first].first_member]),
			 "the %u elements that are changed together with \"%s\" (same cluster or group) are more than "
			 "there are people for in any quarter, so they can't be changed%s: divide them into smaller "
			 "clusters, or see crews.csv",
			 p->units.items[first].members,
			 net_id(p->base, NET_ELEMENTS, p->members[p->units.items[first].first_member]),
			 count > 1 ? arena_printf(p->arena, " (and so with %zu more)", count - 1) : "");
}

/* ---- the whole --------------------------------------------------------------------------------------------------------------- */

/* Only where a rule begins to count something more is asked for. */
void shortages_make(struct planning *p, enum tier tier, struct plan *plan)
{
	struct asking x = { .p = p, .plan = plan, .tier = tier };

	statements_bind(p, tier);
	for (size_t q = 0; q < p->quarter_count; q++) {
		x.at = (moment)q;
		if (!q || memcmp(p->in_quarter[q].binds, p->in_quarter[q - 1].binds, p->rule_count * sizeof(bool)))
			ask_all(&x);
	}
	x.at = AT_END;
	ask_all(&x);
}
