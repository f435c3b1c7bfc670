/* SPDX-License-Identifier: Apache-2.0 */
/*
 * distinct: so many different vendors, jurisdictions or owners - at least (a count over marks; a row, where whether anything is
 * there at all is itself a choice) or at most (a row).
 */
#include <stdlib.h>
#include <string.h>

#include "plan/build.h"

/* ---- so many different ones ------------------------------------------------------------------------------------------------ */

/* Is a state surely (or, in the other reading, possibly) one of the party? */
static bool is_party_low(const struct building *x, uint32_t party, uint32_t state)
{
	return x->row->target[state] == 3 && x->row->party[state] == party;
}

static bool is_party_high(const struct building *x, uint32_t party, uint32_t state)
{
	return x->row->target[state] && x->row->party[state] == party;
}

static bool is_there(const struct building *x, uint32_t party, uint32_t state)
{
	(void)party;
	return x->row->target[state] != 0;
}

/* Who may be in a group at all, as an element in one of its states: nobody else is looked at for it. */
struct crowd {
	uint32_t *first; /* by group, into elements; groups + 1 of them */
	uint32_t *elements;
	uint32_t *units, unit_count; /* of the group that is built */
	bool *there;                 /* by unit: among these */
};

/* Counts, and if elements is there lists, the element in each group that a state of it is in: once, as last[] remembers. */
static void each_group(struct building *x, uint32_t e, uint32_t *last, uint32_t *count, uint32_t *elements)
{
	struct planning *p = x->p;

	for (uint32_t s = e;; s = s == e ? p->first_clone[e] : s + 1) {
		uint32_t g;

		if (s != e && s >= p->first_clone[e + 1])
			return;
		g = x->row->target[s] ? group_of_state(x->row, s) : CODE_UNKNOWN;
		if (g >= x->row->group_count || last[g] == e + 1)
			continue;
		last[g] = e + 1;
		if (elements)
			elements[count[g]] = e;
		count[g]++;
	}
}

static struct crowd crowd_make(struct building *x)
{
	struct planning *p = x->p;
	uint32_t groups = x->row->group_count, *fill = arena_array(x->arena, (size_t)groups + 1, sizeof *fill),
		 *last = arena_array(x->arena, (size_t)groups + 1, sizeof *last);
	struct crowd c = { .first = arena_array(x->arena, (size_t)groups + 1, sizeof *c.first),
			   .units = arena_array(x->arena, p->units.count + 1, sizeof *c.units),
			   .there = arena_alloc(x->arena, p->units.count + 1) };

	for (uint32_t e = 0; e < p->elements; e++)
		each_group(x, e, last, fill, NULL);
	for (uint32_t g = 0; g < groups; g++) {
		c.first[g + 1] = c.first[g] + fill[g];
		fill[g] = c.first[g];
	}
	c.elements = arena_array(x->arena, (size_t)c.first[groups] + 1, sizeof *c.elements);
	memset(last, 0, groups * sizeof *last);
	for (uint32_t e = 0; e < p->elements; e++)
		each_group(x, e, last, fill, c.elements);
	return c;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The units of the group's elements, ascending. */
static void crowd_units(struct building *x, struct crowd *c, uint32_t group)
{
	c->unit_count = 0;
	for (uint32_t i = c->first[group]; i < c->first[group + 1]; i++) {
		uint32_t u = x->p->unit_of[c->elements[i]];

		if (u == NO_UNIT || c->there[u])
			continue;
		c->there[u] = true;
		c->units[c->unit_count++] = u;
	}
	if (c->unit_count)
		qsort(c->units, c->unit_count, sizeof *c->units, by_number);
	for (uint32_t i = 0; i < c->unit_count; i++)
		c->there[c->units[i]] = false;
}

/* One or other of the elements in a group, by units. */
static void any_of_all(struct building *x, const struct crowd *c, uint32_t group, uint32_t party, test is,
		       struct any_of *a)
{
	struct planning *p = x->p;

	for (uint32_t i = c->first[group]; i < c->first[group + 1] && !a->always; i++) {
		uint32_t e = c->elements[i];

		a->always = p->unit_of[e] == NO_UNIT && group_of_state(x->row, e) == group && is(x, party, e);
	}
	for (uint32_t i = 0; i < c->unit_count && !a->always; i++) {
		uint32_t u = c->units[i], first = x->b->first_var[u], count = x->b->first_var[u + 1] - first;

		for (uint32_t v = 0; v < count; v++) {
			x->so[v] = false;
			for (uint32_t k = 0; k < p->units.items[u].members && !x->so[v]; k++)
				x->so[v] = var_is(x, &x->b->vars.items[first + v], k, group, party, is);
		}
		any_of_unit(x, a, u);
	}
}

/* Elements of an unknown party: each might be one more. They are as things stand; whoever offers is known, its owner may not be. */
static void unknown_ones(struct building *x, const struct crowd *c, uint32_t group,
			 void (*each)(struct building *, struct any_of *, void *), void *context)
{
	for (uint32_t i = c->first[group]; i < c->first[group + 1]; i++) {
		uint32_t e = c->elements[i];
		struct any_of a = { .always = false };

		any_of_thing(x, &(struct thing){ &e, 1, 1 }, group, CODE_UNKNOWN, is_party_high, &a);
		if (a.always || a.options.count)
			each(x, &a, context);
		any_of_free(&a);
	}
}

struct sum {
	struct line line;
	int64_t weight; /* of each party */
};

static void add_to_sum(struct building *x, struct any_of *a, void *context)
{
	struct sum *sum = context;

	any_of_to_line(x, a, &sum->line, sum->weight);
}

struct marks {
	struct {
		uint32_t *items;
		size_t count, room;
	} items;
	int64_t wanted;
};

static void add_mark(struct building *x, struct any_of *a, void *context)
{
	struct marks *marks = context;

	if (a->always)
		marks->wanted--;
	else if (a->options.count)
		*array_add(&marks->items) = solve_mark_add(x->m, 0, a->options.items, a->options.count);
}

static void distinct_in_group(struct building *x, struct crowd *c, uint32_t g)
{
	const struct policy_row *r = x->row;
	bool high = r->at_least == (x->tier == TIER_NOT_BROKEN), counted;
	struct any_of there = { .always = false };
	struct sum sum = { .weight = r->at_least ? -1 : 1 };
	struct marks marks = { .wanted = r->bound / MICRO };

	crowd_units(x, c, g);
	any_of_all(x, c, g, 0, is_there, &there);
	counted = r->at_least && there.always;
	if (r->at_least && !counted) /* where everything may be gone: so many if anything is there */
		any_of_to_line(x, &there, &sum.line, marks.wanted);
	any_of_free(&there);
	for (uint32_t p = 0; p < r->party_count; p++) {
		struct any_of a = { .always = false };

		any_of_all(x, c, g, p, high ? is_party_high : is_party_low, &a);
		if (counted)
			add_mark(x, &a, &marks);
		else
			add_to_sum(x, &a, &sum);
		any_of_free(&a);
	}
	if (high)
		unknown_ones(x, c, g, counted ? add_mark : add_to_sum, counted ? (void *)&marks : (void *)&sum);
	if (!counted)
		line_to_row(x, &sum.line, SOLVE_AT_MOST, r->at_least ? 0 : r->bound / MICRO, x->rule);
	else if (marks.wanted > (int64_t)marks.items.count)
		solve_forbid_add(x->m, x->b->constant, x->rule);
	else if (marks.wanted > 0)
		solve_count_add(x->m, (uint32_t)marks.wanted, x->rule, marks.items.items, marks.items.count);
	line_free(&sum.line, 1);
	free(marks.items.items);
}

void build_distinct(struct building *x)
{
	struct crowd c = crowd_make(x);

	for (uint32_t g = 0; g < x->row->group_count; g++)
		distinct_in_group(x, &c, g);
}
