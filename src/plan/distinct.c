/* SPDX-License-Identifier: Apache-2.0 */
/* distinct: so many different vendors, jurisdictions or owners - at least (a count over marks) or at most (a row). */
#include <stdlib.h>

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

/* One or other of the elements in a group, by units. */
static void any_of_all(struct building *x, uint32_t group, uint32_t party, test is, struct any_of *a)
{
	struct planning *p = x->p;

	for (uint32_t e = 0; e < p->elements && !a->always; e++)
		a->always = p->unit_of[e] == NO_UNIT && group_of_state(x->row, e) == group && is(x, party, e);
	for (uint32_t u = 0; u < p->units.count && !a->always; u++) {
		uint32_t first = x->b->first_var[u], count = x->b->first_var[u + 1] - first;

		for (uint32_t v = 0; v < count; v++) {
			x->so[v] = false;
			for (uint32_t k = 0; k < p->units.items[u].members && !x->so[v]; k++)
				x->so[v] = var_is(x, &x->b->vars.items[first + v], k, group, party, is);
		}
		any_of_unit(x, a, u);
	}
}

/* Elements of an unknown party: each might be one more. They are as things stand; whoever offers is known, its owner may not be. */
static void unknown_ones(struct building *x, uint32_t group, void (*each)(struct building *, struct any_of *, void *),
			 void *context)
{
	for (uint32_t e = 0; e < x->p->elements; e++) {
		struct any_of a = { .always = false };

		any_of_thing(x, &(struct thing){ &e, 1, 1 }, group, CODE_UNKNOWN, is_party_high, &a);
		if (a.always || a.options.count)
			each(x, &a, context);
		any_of_free(&a);
	}
}

static void add_to_line(struct building *x, struct any_of *a, void *context)
{
	any_of_to_line(x, a, context, 1);
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

static void distinct_in_group(struct building *x, uint32_t g)
{
	const struct policy_row *r = x->row;
	bool high = r->at_least == (x->tier == TIER_NOT_BROKEN);
	struct any_of there = { .always = false };
	struct line line = { .constant = 0 };
	struct marks marks = { .wanted = r->bound / MICRO };

	any_of_all(x, g, 0, is_there, &there);
	bool sure = there.always;
	any_of_free(&there);
	if (r->at_least && !sure)
		return; /* whether the group is there at all is itself a choice: judged */
	for (uint32_t p = 0; p < r->party_count; p++) {
		struct any_of a = { .always = false };

		any_of_all(x, g, p, high ? is_party_high : is_party_low, &a);
		if (r->at_least)
			add_mark(x, &a, &marks);
		else
			any_of_to_line(x, &a, &line, 1);
		any_of_free(&a);
	}
	if (high)
		unknown_ones(x, g, r->at_least ? add_mark : add_to_line, r->at_least ? (void *)&marks : (void *)&line);
	if (!r->at_least)
		line_to_row(x, &line, SOLVE_AT_MOST, r->bound / MICRO, x->rule);
	else if (marks.wanted > (int64_t)marks.items.count)
		solve_forbid_add(x->m, x->b->constant, x->rule);
	else if (marks.wanted > 0)
		solve_count_add(x->m, (uint32_t)marks.wanted, x->rule, marks.items.items, marks.items.count);
	line_free(&line, 1);
	free(marks.items.items);
}

void build_distinct(struct building *x)
{
	for (uint32_t g = 0; g < x->row->group_count; g++)
		distinct_in_group(x, g);
}
