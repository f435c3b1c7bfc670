/* SPDX-License-Identifier: Apache-2.0 */
/*
 * price: what it costs to turn an element into a state: the offer, its running cost until the horizon, and the lines of
 * costs.csv. What is at its life's end would have been replaced anyhow: then only the difference counts.
 */
#include <string.h>

#include "plan/model.h"

void money_add(struct plan_money *to, const struct plan_money *more)
{
	to->low += more->low;
	to->likely += more->likely;
	to->high += more->high;
}

/* The line that fits best: function and region, function, region, neither. */
static struct plan_money line_for(const struct planning *p, enum plan_cost_item item, uint32_t element)
{
	uint32_t function = p->cells.function[element], code = region_of(p, element);
	const char *region = CODE_IS_KNOWN(code) ? strs_text(p->base->strs, code) : "";
	struct plan_money best = { 0, 0, 0 };
	int score = -1;

	for (size_t i = 0; i < p->task->offers->line_count; i++) {
		const struct plan_cost_line *l = &p->task->offers->lines[i];
		int fits = (CODE_IS_KNOWN(l->function) ? 2 : 0) + (*l->region ? 1 : 0);

		if (l->item != item || (CODE_IS_KNOWN(l->function) && l->function != function) ||
		    (*l->region && strcmp(l->region, region)))
			continue;
		if (fits > score) {
			score = fits;
			best = l->cost;
		}
	}
	return best;
}

/* Years are of 365 days here; rounded down to a micro unit. */
static void add_running(const struct planning *p, const struct plan_offer *o, struct plan_money *m)
{
	int32_t from = o->from != DATE_NONE && o->from > p->task->on ? o->from : p->task->on;
	int64_t cost;

	if (p->task->until == DATE_NONE || p->task->until <= from)
		return;
	cost = (int64_t)((wide)o->running_per_year * (p->task->until - from) / 365);
	cost = cost > MOST_MONEY ? MOST_MONEY : cost;
	money_add(m, &(struct plan_money){ cost, cost, cost });
}

static bool due_anyhow(const struct planning *p, uint32_t i)
{
	uint32_t since = p->cells.since[i], product = p->cells.product[i];
	const struct net_column *life = net_column(p->base, NET_PRODUCTS, "lifetime_years");
	int32_t horizon = p->task->until != DATE_NONE ? p->task->until : p->task->on;
	int64_t months;

	if (!life || !life->measures || !CODE_IS_KNOWN(product) || !CODE_IS_KNOWN(since) ||
	    life->measures[product] == MEASURE_UNKNOWN)
		return false;
	months = (int64_t)((wide)life->measures[product] * 12 / MICRO);
	return months < 12000 && date_add_months(net_date(since), (int32_t)months) <= horizon;
}

/* The cheapest way to replace it by its own vendor's; false: nobody offers that. */
static bool like_for_like(const struct planning *p, uint32_t i, int64_t *likely)
{
	uint32_t vendor = p->cells.vendor[i], count;
	const uint32_t *offers = offers_there(p, i, &count);
	bool found = false;

	for (uint32_t k = 0; k < count; k++) {
		const struct plan_offer *o = &p->task->offers->offers[offers[k]];

		if (o->what != PLAN_SWAP || o->vendor != vendor || !offer_fits(p, o, i))
			continue;
		if (!found || o->cost.likely < *likely)
			*likely = o->cost.likely;
		found = true;
	}
	return found;
}

static int64_t less(int64_t a, int64_t b)
{
	return a > b ? a - b : 0;
}

struct plan_money price_of_state(const struct planning *p, uint32_t state)
{
	static const enum plan_cost_item items[] = { PLAN_REMOVAL, PLAN_DUAL_RUNNING, PLAN_CONTRACT_EXIT,
						     PLAN_WRITE_OFF };
	uint32_t i = p->origin[state];
	struct plan_money m = { 0, 0, 0 };
	const struct plan_offer *o;
	bool old;
	int64_t own = 0;

	if (p->offer_of[state] == NO_OFFER)
		return m;
	o = &p->task->offers->offers[p->offer_of[state]];
	m = o->cost;
	if ((o->what != PLAN_SWAP && o->what != PLAN_REMOVE) || i >= p->real) {
		add_running(p, o, &m);
		return m;
	}
	old = due_anyhow(p, i);
	for (size_t k = 0; k < sizeof items / sizeof *items; k++) {
		struct plan_money line = line_for(p, items[k], i);

		if (!(old && items[k] == PLAN_WRITE_OFF))
			money_add(&m, &line);
	}
	if (old && like_for_like(p, i, &own)) {
		own += line_for(p, PLAN_REMOVAL, i).likely;
		m = (struct plan_money){ less(m.low, own), less(m.likely, own), less(m.high, own) };
	}
	add_running(p, o, &m);
	return m;
}

struct plan_money price_of_visit(const struct planning *p, uint32_t state)
{
	uint32_t offer = p->offer_of[state];

	if (offer == NO_OFFER || p->task->offers->offers[offer].what == PLAN_UPGRADE || due_anyhow(p, p->origin[state]))
		return (struct plan_money){ 0, 0, 0 };
	return line_for(p, PLAN_SITE_VISIT, p->origin[state]);
}

struct plan_money price_of_restriction(const struct planning *p, uint32_t offer)
{
	struct plan_money m = p->task->offers->offers[offer].cost;

	add_running(p, &p->task->offers->offers[offer], &m);
	return m;
}

/* The line that is for all; what stands between two regions is in neither. */
bool price_of_border(const struct planning *p, struct plan_money *m)
{
	const struct plan_cost_line *best = NULL;

	for (size_t i = 0; i < p->task->offers->line_count; i++) {
		const struct plan_cost_line *l = &p->task->offers->lines[i];

		if (l->item == PLAN_BORDER && (!best || (!*l->region && !CODE_IS_KNOWN(l->function))))
			best = l;
	}
	*m = best ? best->cost : (struct plan_money){ 0, 0, 0 };
	return best != NULL;
}
