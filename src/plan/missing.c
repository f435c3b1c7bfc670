/* SPDX-License-Identifier: Apache-2.0 */
/*
 * missing: what would have made a plan possible - more deliveries, more people, more money, more time; or an offer that nobody
 * made, for one function, from a vendor of whom nothing is known: then the fewest elements that it would have to be for. Each
 * alone would leave a plan in which no rule is surely broken.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

enum {
	MOST_MISSING = 16,        /* told */
	MOST_ELEMENTS = 20000,    /* beyond, offers that nobody made are not tried: each is a plan of its own */
	MOST_MORE_QUARTERS = 8,   /* that a later horizon is looked for */
	NEAR_ENOUGH = PPB / 1000, /* of the fewest elements */
};

static void tell(struct planning *p, struct plan *plan, const char *what, const char *text)
{
	if (!plan->missing)
		plan->missing = arena_array(p->arena, MOST_MISSING, sizeof *plan->missing);
	if (plan->missing_count < MOST_MISSING)
		plan->missing[plan->missing_count++] = (struct plan_missing){ what, text };
}

static bool would_do(struct planning *p)
{
	return settle(p, TIER_NOT_BROKEN).outcome == OUTCOME_PASSES;
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
			tell(p, plan, "deliveries",
			     arena_printf(p->arena, "more than %lld elements a quarter of offer %s",
					  (long long)o->per_quarter, o->name));
		}
		p->lifted_offer = NO_OFFER;
		if (!one)
			tell(p, plan, "deliveries", "more elements a quarter, of several offers");
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
			tell(p, plan, "crews",
			     *region ? arena_printf(p->arena, "more crews in region %s", region)
				     : "more crews in all regions together");
		}
		p->lifted_region = NULL;
		if (!one)
			tell(p, plan, "crews", "more crews, in several regions");
	}
	p->no_crews = false;
}

static void try_budget(struct planning *p, struct plan *plan)
{
	char money[64];

	p->no_budget = true;
	if (p->task->budget > 0 && would_do(p)) {
		micro_print_grouped(p->task->budget, money);
		tell(p, plan, "budget",
		     arena_printf(p->arena, "a budget of more than %s%s%s a quarter", money, *plan->currency ? " " : "",
				  plan->currency));
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
			tell(p, plan, "time", arena_printf(p->arena, "time until %s", day));
		diagnostics_free(&silent);
		arena_free(a);
		if (enough)
			return;
	}
}

/* ---- an offer that nobody made ------------------------------------------------------------------------------------------ */

static void *one_more(struct arena *a, const void *items, size_t count, size_t size)
{
	char *new = arena_array(a, count + 2, size);

	if (count)
		memcpy(new, items, count * size);
	return new;
}

/* The network with a vendor of whom nothing is known. */
static struct net *net_with_vendor(struct arena *a, const struct net *net)
{
	struct net *out = arena_alloc(a, sizeof *out);
	struct net_table *t = &out->table[NET_VENDORS];
	uint32_t row = t->rows;

	*out = *net;
	row = t->rows;
	t->columns = one_more(a, t->columns, t->column_count, sizeof *t->columns);
	for (size_t i = 0; i < t->column_count; i++) {
		struct net_column *c = &t->columns[i];

		if (c->codes) {
			c->codes = one_more(a, c->codes, row, sizeof *c->codes);
			c->codes[row] = CODE_UNKNOWN;
		}
		if (c->measures) {
			c->measures = one_more(a, c->measures, row, sizeof *c->measures);
			c->measures[row] = MEASURE_UNKNOWN;
		}
	}
	t->ids = one_more(a, t->ids, row, sizeof *t->ids);
	t->ids[row] = strs_id(net->strs, "another vendor");
	t->lines = one_more(a, t->lines, row, sizeof *t->lines);
	t->files = one_more(a, t->files, row, sizeof *t->files);
	t->rows = row + 1;
	return out;
}

/* All that is offered costs nothing, and the new one a piece: so the fewest pieces are sought. */
static struct plan_offers *offers_with(struct arena *a, const struct plan_offers *all, uint32_t vendor,
				       uint32_t function)
{
	struct plan_offers *out = arena_alloc(a, sizeof *out);

	*out = *all;
	out->line_count = 0;
	out->offers = one_more(a, all->offers, all->offer_count, sizeof *all->offers);
	for (size_t k = 0; k < all->offer_count; k++) {
		out->offers[k].cost = (struct plan_money){ 0, 0, 0 };
		out->offers[k].region_fixed = out->offers[k].running_per_year = 0;
	}
	out->offers[all->offer_count] = (struct plan_offer){ .name = "missing",
							     .what = PLAN_SWAP,
							     .vendor = vendor,
							     .product = CODE_UNKNOWN,
							     .version = CODE_UNKNOWN,
							     .function = function,
							     .words = "",
							     .cost = { MICRO, MICRO, MICRO },
							     .from = DATE_NONE,
							     .until = DATE_NONE,
							     .per_quarter = -1,
							     .minimum = -1,
							     .regions = "",
							     .evidence_kind = "",
							     .lead_days = -1,
							     .source = "" };
	out->offer_count++;
	return out;
}

struct wanted {
	size_t elements;
	bool fewest; /* proven to be */
	struct {
		uint32_t *items;
		size_t count, room;
	} regions; /* texts, each once */
};

static struct wanted count_wanted(struct planning *p, const struct chosen *c)
{
	struct wanted w = { .elements = 0 };

	for (uint32_t u = 0; u < p->units.count; u++)
		for (uint32_t k = 0; k < p->units.items[u].members; k++) {
			uint32_t s = state_of(p, &p->options.items[c->option[u]], k), region;
			size_t i = 0;

			if (p->offer_of[s] != p->hypothetical)
				continue;
			w.elements++;
			region = region_of(p, p->origin[s]);
			while (i < w.regions.count && w.regions.items[i] != region)
				i++;
			if (i == w.regions.count)
				*array_add(&w.regions) = region;
		}
	return w;
}

static const char *wanted_text(struct planning *p, struct arena *a, uint32_t function, const struct wanted *w)
{
	enum { NAMED = 5 };
	struct sink *s = sink_to_memory(a);

	sink_printf(s, "an offer for function %s of another vendor", net_functions[function].name);
	for (size_t i = 0; i < w->regions.count && w->regions.count <= NAMED; i++) {
		uint32_t region = w->regions.items[i];

		sink_text(s, i ? (i + 1 == w->regions.count ? " and " : ", ")
			       : (w->regions.count == 1 ? " in region " : " in regions "));
		sink_text(s, CODE_IS_KNOWN(region) ? strs_text(p->base->strs, region) : "(unknown)");
	}
	if (w->regions.count > NAMED)
		sink_printf(s, " in %zu regions", w->regions.count);
	sink_printf(s, ", for %s%zu element%s", w->fewest ? "at least " : "", w->elements, w->elements == 1 ? "" : "s");
	return sink_memory(s, NULL);
}

static void try_offer(struct planning *p, struct plan *plan, uint32_t function)
{
	struct arena *a = arena_new();
	struct plan_task task = *p->task;
	uint32_t vendor = task.net->table[NET_VENDORS].rows;
	struct diagnostics silent;
	struct planning *other;

	diagnostics_init(&silent, a);
	task.net = net_with_vendor(a, task.net);
	task.offers = offers_with(a, p->task->offers, vendor, function);
	task.budget = 0;
	task.gap_ppb = NEAR_ENOUGH;
	other = planning_new(a, &task, &silent, (uint32_t)p->task->offers->offer_count);
	if (other) {
		struct wanted w = { .elements = 0 };
		struct answer x;

		other->trial = true;
		x = settle(other, TIER_NOT_BROKEN);
		if (x.outcome == OUTCOME_PASSES)
			w = count_wanted(other, &x.chosen);
		w.fewest = x.has_bound && x.bound > (wide)(w.elements - 1) * MICRO;
		if (w.elements)
			tell(p, plan, "offer", wanted_text(other, p->arena, function, &w));
		free(w.regions.items);
	}
	diagnostics_free(&silent);
	arena_free(a);
}

static void try_offers(struct planning *p, struct plan *plan)
{
	bool *seen = arena_array(p->scratch, net_function_count + 1, sizeof *seen);

	if (p->real > MOST_ELEMENTS)
		return;
	for (uint32_t e = 0; e < p->real && !is_over(p); e++) {
		uint32_t function = element_code(p, "function", e);

		if (!CODE_IS_KNOWN(function) || seen[function])
			continue;
		seen[function] = true;
		try_offer(p, plan, function);
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
	try_offers(p, plan);
	p->any_will_do = p->trial = false;
}
