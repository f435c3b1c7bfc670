/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supply: what can be had - so many elements of an offer or none, so many a quarter; so many elements a quarter for the people of
 * a region; so much money a quarter; a fee for each region in which an offer is used. Where only what is done is looked at,
 * a quarter's amounts are those of all quarters together: no schedule has more.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/build.h"

static uint32_t uses(const struct planning *p, const struct option *o, size_t offer)
{
	uint32_t count = o->offer == offer;

	for (uint32_t k = 0; k < p->units.items[o->unit].members; k++)
		count += p->offer_of[state_of(p, o, k)] == offer;
	return count;
}

/* Vars of each offer, each once; counted first, then written down. */
static void users_make(struct building *x)
{
	struct planning *p = x->p;
	size_t offers = p->task->offers->offer_count;
	uint32_t *last = arena_array(x->arena, offers + 1, sizeof *last), *fill = NULL; /* the var seen last, + 1 */

	x->first_user = arena_array(x->arena, offers + 2, sizeof *x->first_user);
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t v = 0; v < x->b->vars.count; v++) {
			const struct option *o = &p->options.items[x->b->vars.items[v].option];
			uint32_t members = p->units.items[o->unit].members;

			for (uint32_t k = 0; k <= members; k++) {
				uint32_t offer = k < members ? p->offer_of[state_of(p, o, k)] : o->offer;

				if (offer == NO_OFFER || last[offer] == v + 1)
					continue;
				last[offer] = v + 1;
				if (fill)
					x->users[fill[offer]++] = v;
				else
					x->first_user[offer + 1]++;
			}
		}
		if (fill)
			return;
		for (size_t k = 0; k < offers; k++)
			x->first_user[k + 1] += x->first_user[k];
		x->users = arena_array(x->arena, (size_t)x->first_user[offers] + 1, sizeof *x->users);
		fill = arena_array(x->arena, offers + 1, sizeof *fill);
		memcpy(fill, x->first_user, offers * sizeof *fill);
		memset(last, 0, offers * sizeof *last);
	}
}

static const struct option *option_of(const struct building *x, uint32_t var)
{
	return &x->p->options.items[x->b->vars.items[var].option];
}

static bool is_in(const struct building *x, uint32_t var, size_t quarter)
{
	return x->b->mode == MODE_WHAT || x->b->vars.items[var].quarter == quarter;
}

/* How many rows an amount a quarter takes, and how many quarters the one of MODE_WHAT stands for. */
static size_t row_count(const struct building *x)
{
	return x->b->mode == MODE_WHAT ? 1 : x->p->quarter_count;
}

/* A row of what can be had in a quarter. Numbers of flows: offers, then crews, then money. */
static void flow_to_row(struct building *x, struct line *line, wide most, size_t flow, size_t quarter)
{
	uint32_t row = solve_rows(x->m);

	line_to_row(x, line, SOLVE_AT_MOST, most, SOLVE_NO_RULE);
	if (x->b->mode != MODE_WHAT && solve_rows(x->m) > row)
		*array_add(&x->b->flows) = (struct flow_row){ row, (uint32_t)flow, (uint32_t)quarter };
}

/*
 * At least `minimum` elements or none at all. One row for all units: a row each would say more of a part of a choice, and
 * join tens of thousands of units to each other.
 */
static void offer_minimum(struct building *x, size_t offer, int64_t minimum)
{
	struct planning *p = x->p;
	struct line none = { .constant = 0 }, enough = { .constant = 0 };
	int64_t most = 0;
	uint32_t z;

	solve_unit_add(x->m);
	solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	z = solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	for (uint32_t i = x->first_user[offer], end = x->first_user[offer + 1]; i < end;) {
		uint32_t unit = option_of(x, x->users[i])->unit;
		int64_t largest = 0;

		for (; i < end && option_of(x, x->users[i])->unit == unit; i++) {
			int64_t count = uses(p, option_of(x, x->users[i]), offer);

			line_add(&none, x->users[i], count);
			line_add(&enough, x->users[i], -count);
			largest = count > largest ? count : largest;
		}
		most += largest;
	}
	line_add(&none, z, -most);
	line_add(&enough, z, minimum);
	x->because = (struct place){ 0 }; /* what z is */
	line_to_row(x, &none, SOLVE_AT_MOST, 0, SOLVE_NO_RULE);
	x->because = p->task->offers->offers[offer].place;
	line_to_row(x, &enough, SOLVE_AT_MOST, 0, SOLVE_NO_RULE);
	line_free(&none, 1);
	line_free(&enough, 1);
}

static void offer_deliveries(struct building *x, size_t offer, const struct plan_offer *o)
{
	int64_t has[MOST_QUARTERS], all = 0;
	bool whole = x->b->mode == MODE_WHAT;

	for (size_t q = 0; q < x->p->quarter_count; q++) {
		has[q] = offer_in_quarter(x->p, o, q) ? o->per_quarter : 0;
		all += has[q];
	}
	for (size_t q = 0; q < row_count(x); q++) {
		struct line line = { .constant = 0 };

		for (uint32_t i = x->first_user[offer]; i < x->first_user[offer + 1]; i++)
			if (is_in(x, x->users[i], q))
				line_add(&line, x->users[i], uses(x->p, option_of(x, x->users[i]), offer));
		flow_to_row(x, &line, whole ? all : o->per_quarter, offer, q);
		if (whole)
			windows_to_rows(x, &line, has);
		line_free(&line, 1);
	}
}

/* ---- fees ------------------------------------------------------------------------------------------------------------ */

struct use { /* of an offer in a region */
	uint32_t region, var;
};

struct uses_of_offer {
	struct use *items;
	size_t count, room;
};

static int by_region(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	return x->region != y->region ? (x->region < y->region ? -1 : 1) : x->var < y->var ? -1 : x->var > y->var;
}

/* Paid in the quarter in which the offer is first used: a choice of its own, so that a budget can hold it. */
static void timed_fee(struct building *x, int64_t fee, const struct use *uses_here, size_t count, struct line *money)
{
	size_t quarters = x->p->quarter_count;
	uint32_t *paid = arena_array(x->arena, quarters + 1, sizeof *paid);

	solve_unit_add(x->m);
	solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	for (size_t q = 0; q < quarters; q++) {
		struct line used = { .constant = 0 };

		paid[q] = solve_option_add(x->m, x->b->mode == MODE_BOTH ? fee : 0, SOLVE_NO_LABEL);
		line_add(&money[q], paid[q], fee);
		line_add(&used, paid[q], 1);
		for (size_t i = 0; i < count; i++)
			if (is_in(x, uses_here[i].var, q))
				line_add(&used, uses_here[i].var, -1);
		line_to_row(x, &used, SOLVE_AT_MOST, 0, SOLVE_NO_RULE);
		line_free(&used, 1);
	}
	for (size_t i = 0; i < count; i++) {
		struct line row = { .constant = 0 };

		line_add(&row, uses_here[i].var, 1);
		for (size_t q = 0; q <= x->b->vars.items[uses_here[i].var].quarter; q++)
			line_add(&row, paid[q], -1);
		line_to_row(x, &row, SOLVE_AT_MOST, 0, SOLVE_NO_RULE);
		line_free(&row, 1);
	}
}

static void plain_fee(struct building *x, int64_t fee, const struct use *uses_here, size_t count)
{
	uint32_t *options = arena_array(x->arena, count + 1, sizeof *options);

	for (size_t i = 0; i < count; i++)
		options[i] = uses_here[i].var;
	if (x->b->mode != MODE_WHEN)
		solve_mark_add(x->m, fee, options, count);
}

/* A fee for each region in which the offer is used. money: by quarter, where a budget is asked for. */
static void offer_fee(struct building *x, size_t offer, int64_t fee, struct line *money)
{
	struct planning *p = x->p;
	struct uses_of_offer used = { 0 };
	size_t from = 0;

	for (uint32_t i = x->first_user[offer]; i < x->first_user[offer + 1]; i++) {
		uint32_t v = x->users[i];
		const struct option *o = option_of(x, v);

		for (uint32_t k = 0; k < p->units.items[o->unit].members; k++) {
			uint32_t s = state_of(p, o, k);
			struct use use = { p->offer_of[s] == offer ? region_of(p, p->origin[s]) : 0, v };
			const struct use *last = used.count ? &used.items[used.count - 1] : NULL;

			if (p->offer_of[s] == offer && !(last && !by_region(last, &use)))
				*array_add(&used) = use;
		}
	}
	if (used.count)
		qsort(used.items, used.count, sizeof *used.items, by_region);
	for (size_t i = 1, n = 1; i <= used.count; i++) {
		if (i < used.count && used.items[i].region == used.items[from].region) {
			if (by_region(&used.items[i - 1], &used.items[i]))
				used.items[from + n++] = used.items[i];
			continue;
		}
		if (money)
			timed_fee(x, fee, used.items + from, n, money);
		else
			plain_fee(x, fee, used.items + from, n);
		from = i;
		n = 1;
	}
	free(used.items);
}

/* ---- people ------------------------------------------------------------------------------------------------------------ */

int64_t crew_in(const struct planning *p, const char *region, size_t quarter)
{
	int64_t found = -1;

	for (size_t i = 0; i < p->task->offers->crew_count; i++) {
		const struct plan_crew *c = &p->task->offers->crews[i];

		if (strcmp(c->region, region))
			continue;
		if (!strcmp(c->quarter, p->quarters[quarter].name))
			return c->elements;
		if (!*c->quarter)
			found = c->elements;
	}
	return found;
}

uint32_t region_code(const struct planning *p, const char *region)
{
	return *region ? strs_find(p->base->strs, region, strlen(region)) : ALL_REGIONS;
}

uint32_t elements_in(const struct planning *p, const struct option *o, uint32_t region)
{
	uint32_t count = 0;

	if (region == ALL_REGIONS)
		return option_elements(p, o);
	for (uint32_t k = 0; k < p->units.items[o->unit].members && CODE_IS_KNOWN(region); k++) {
		uint32_t s = state_of(p, o, k);

		count += p->offer_of[s] != NO_OFFER && region_of(p, p->origin[s]) == region;
	}
	return count;
}

struct changing { /* vars that change elements of a region, ascending */
	struct {
		uint32_t var, elements;
	} * items;
	size_t count, room;
};

static void changes_there(struct changing *c, uint32_t var, uint32_t elements)
{
	if (elements && c->count && c->items[c->count - 1].var == var) {
		c->items[c->count - 1].elements += elements;
	} else if (elements) {
		c->items = array_more(c->items, &c->room, c->count, sizeof *c->items);
		c->items[c->count].var = var;
		c->items[c->count++].elements = elements;
	}
}

/* By the first row of crews.csv about each region; one pass over all that is changed, however many regions there are. */
static struct changing *changing_make(struct building *x)
{
	const struct planning *p = x->p;
	const struct plan_offers *all = p->task->offers;
	struct changing *of = arena_array(x->arena, all->crew_count + 1, sizeof *of);
	uint32_t *row = arena_array(x->arena, (size_t)strs_count(p->base->strs) + 1, sizeof *row); /* by code, + 1 */
	size_t everywhere = all->crew_count;

	for (size_t i = all->crew_count; i-- > 0;) {
		uint32_t code = region_code(p, all->crews[i].region);

		if (code == ALL_REGIONS)
			everywhere = i;
		else if (CODE_IS_KNOWN(code))
			row[code] = (uint32_t)i + 1;
	}
	for (uint32_t v = 0; v < x->b->vars.count; v++) {
		const struct option *o = option_of(x, v);

		if (everywhere < all->crew_count)
			changes_there(&of[everywhere], v, option_elements(p, o));
		for (uint32_t k = 0; k < p->units.items[o->unit].members; k++) {
			uint32_t s = state_of(p, o, k);
			uint32_t code = p->offer_of[s] != NO_OFFER ? region_of(p, p->origin[s]) : CODE_UNKNOWN;

			if (CODE_IS_KNOWN(code) && row[code])
				changes_there(&of[row[code] - 1], v, 1);
		}
	}
	return of;
}

static void crews_of_region(struct building *x, const char *region, size_t flow, const struct changing *there)
{
	struct planning *p = x->p;
	int64_t has[MOST_QUARTERS];
	wide all = 0;
	bool whole = x->b->mode == MODE_WHAT;

	for (size_t q = 0; q < p->quarter_count; q++) {
		has[q] = crew_in(p, region, q);
		all = has[q] < 0 || all < 0 ? -1 : all + has[q];
	}
	for (size_t q = 0; q < row_count(x); q++) {
		struct line line = { .constant = 0 };

		if (!whole && has[q] < 0)
			continue;
		for (size_t i = 0; i < there->count; i++)
			if (is_in(x, there->items[i].var, q))
				line_add(&line, there->items[i].var, there->items[i].elements);
		if (!whole || all >= 0)
			flow_to_row(x, &line, whole ? all : has[q], flow, q);
		if (whole)
			windows_to_rows(x, &line, has);
		line_free(&line, 1);
	}
}

static void build_crews(struct building *x)
{
	const struct planning *p = x->p;
	const struct plan_offers *all = p->task->offers;
	struct changing *of = changing_make(x);

	for (size_t i = 0; i < all->crew_count; i++) {
		bool before = false;

		for (size_t k = 0; k < i && !before; k++)
			before = !strcmp(all->crews[k].region, all->crews[i].region);
		x->because = all->crews[i].place;
		if (!before && !(p->lifted_region && !strcmp(p->lifted_region, all->crews[i].region)))
			crews_of_region(x, all->crews[i].region, all->offer_count + i, &of[i]);
		free(of[i].items);
	}
}

/* ---- money --------------------------------------------------------------------------------------------------------------- */

static void spend(struct building *x, struct line *money)
{
	struct planning *p = x->p;
	const struct plan_offers *all = p->task->offers;

	for (uint32_t v = 0; v < x->b->vars.count; v++) {
		int64_t cost = option_of(x, v)->cost.likely;
		uint32_t q = x->b->mode == MODE_WHAT ? 0 : x->b->vars.items[v].quarter;

		if (cost && q != NEVER)
			line_add(&money[q], v, cost);
	}
	for (size_t k = 0; k < all->offer_count; k++) {
		size_t q = all->offers[k].what == PLAN_EVIDENCE ? quarter_of_evidence(p, &all->offers[k]) : SIZE_MAX;

		q = x->b->mode == MODE_WHAT ? 0 : q;
		if (q >= p->quarter_count)
			continue;
		if (x->settled && x->settled->evidence[k])
			money[q].constant += all->offers[k].cost.likely;
		else if (x->b->obtained[k] != UINT32_MAX)
			line_add(&money[q], x->b->obtained[k], all->offers[k].cost.likely);
	}
}

static void build_budget(struct building *x, struct line *money)
{
	const struct plan_offers *all = x->p->task->offers;
	bool whole = x->b->mode == MODE_WHAT;
	int64_t has[MOST_QUARTERS];

	for (size_t q = 0; q < x->p->quarter_count; q++)
		has[q] = x->p->task->budget;
	spend(x, money);
	for (size_t q = 0; q < row_count(x); q++)
		flow_to_row(x, &money[q], (wide)x->p->task->budget * (whole ? (wide)x->p->quarter_count : 1),
			    all->offer_count + all->crew_count, q);
	if (whole)
		windows_to_rows(x, money, has);
}

void build_supply(struct building *x)
{
	struct planning *p = x->p;
	bool timed = p->quarter_count > 0;
	struct line *money = arena_array(x->arena, p->quarter_count + 1, sizeof *money);

	users_make(x);
	for (size_t k = 0; k < p->task->offers->offer_count; k++) {
		const struct plan_offer *o = &p->task->offers->offers[k];

		if (o->what == PLAN_EVIDENCE)
			continue;
		x->because = o->place;
		if (o->minimum > 1 && x->b->mode != MODE_WHEN)
			offer_minimum(x, k, o->minimum);
		if (o->per_quarter >= 0 && timed && !p->no_deliveries && k != p->lifted_offer)
			offer_deliveries(x, k, o);
		if (o->region_fixed)
			offer_fee(x, k, o->region_fixed, x->budgeted && x->b->mode != MODE_WHAT ? money : NULL);
	}
	if (timed && !p->no_crews)
		build_crews(x);
	x->because = (struct place){ .file = "--budget" };
	if (x->budgeted)
		build_budget(x, money);
	x->because = (struct place){ 0 };
	line_free(money, p->quarter_count);
}
