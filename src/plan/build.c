/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build: rules become rows of a model for `solve`. What is no sum over elements is left to cuts (cut.c). A row is exact: a
 * choice keeps it if and only if `policy` finds the statement holding (or, in the weaker tier, not surely broken).
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

struct entry {
	uint32_t option; /* solve's */
	int64_t value;
};

struct line { /* sum over options + constant */
	struct {
		struct entry *items;
		size_t count, room;
	} entries;
	wide constant;
};

struct need { /* of an option for evidence that can be obtained */
	uint32_t offer, option;
};

struct building {
	struct planning *p;
	struct built *b;
	struct solve_model *m;
	struct arena *arena;
	enum tier tier;
	const struct policy_row *row;
	uint32_t rule;
	int64_t n_weight, d_weight; /* of one unit of the measure */
	int64_t divisor;            /* of the measure's values */
	struct line *lines;         /* by group */
	struct {
		struct need *items;
		size_t count, room;
	} needs;
};

static void line_free(struct line *l, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(l[i].entries.items);
}

static void line_to_row(struct building *x, struct line *l, enum solve_sense sense, wide bound, uint32_t rule)
{
	uint32_t *options = arena_array(x->arena, l->entries.count + 1, sizeof *options);
	int64_t *values = arena_array(x->arena, l->entries.count + 1, sizeof *values);
	wide most = l->constant, least = l->constant;

	for (size_t i = 0; i < l->entries.count; i++) {
		options[i] = l->entries.items[i].option;
		values[i] = l->entries.items[i].value;
		most += values[i] > 0 ? values[i] : 0;
		least += values[i] < 0 ? values[i] : 0;
	}
	if (sense == SOLVE_AT_MOST ? most <= bound : least >= bound)
		return; /* can't be broken */
	if (sense == SOLVE_AT_MOST ? least > bound : most < bound) {
		solve_forbid_add(x->m, x->b->constant, rule); /* can't be kept */
		return;
	}
	solve_row_add(x->m, sense, bound - l->constant, rule, options, values, l->entries.count);
}

/* ---- what a state is to a row ---------------------------------------------------------------------------------------- */

static uint8_t subject_value(const struct policy_row *r, uint32_t party, uint32_t state)
{
	uint32_t of;

	if (!r->any)
		return r->subject[state];
	of = r->party[state];
	return of == CODE_UNKNOWN ? 2 : of == party ? 3 : 0;
}

/* In the numerator, in the denominator: the bound that the tier looks at, jointly. */
static bool in_numerator(const struct building *x, uint32_t party, uint32_t state)
{
	uint8_t n = x->row->target[state] & subject_value(x->row, party, state);

	return x->tier == TIER_HOLDS ? n != 0 : n == 3;
}

static bool in_denominator(const struct building *x, uint32_t party, uint32_t state)
{
	uint8_t t = x->row->target[state], s = subject_value(x->row, party, state);

	if (t == 3)
		return true;
	return x->tier == TIER_HOLDS ? (t & s) != 0 : t && s != 3;
}

static uint32_t group_of(const struct policy_row *r, uint32_t state)
{
	return r->group ? r->group[state] : 0;
}

typedef bool (*test)(const struct building *, uint32_t party, uint32_t state);

/* ---- "at least one of these": of a site, of a party ------------------------------------------------------------------- */

struct any_of {
	bool always;
	struct {
		uint32_t *items;
		size_t count, room;
	} options; /* solve's, in order of their unit */
	struct {
		size_t *items;
		size_t count, room;
	} starts; /* where a unit's options begin */
};

static void any_of_free(struct any_of *a)
{
	free(a->options.items);
	free(a->starts.items);
}

/* Options of one unit in which it is so. */
static void any_of_unit(struct building *x, struct any_of *a, const struct unit *u, const bool *so)
{
	uint32_t count = 0;

	for (uint32_t o = 0; o < u->options; o++)
		count += so[o];
	if (count == u->options)
		a->always = true;
	if (!count || a->always)
		return;
	*array_add(&a->starts) = a->options.count;
	for (uint32_t o = 0; o < u->options; o++)
		if (so[o])
			*array_add(&a->options) = x->b->option[u->first_option + o];
}

/* weight > 0: counts where any is chosen; weight < 0 where the model may rely on it only if one is. */
static void any_of_to_line(struct building *x, struct any_of *a, struct line *l, int64_t weight)
{
	if (!weight || (!a->always && !a->starts.count))
		return;
	if (a->always) {
		l->constant += weight;
		return;
	}
	if (a->starts.count == 1) {
		for (size_t i = 0; i < a->options.count; i++)
			*array_add(&l->entries) = (struct entry){ a->options.items[i], weight };
		return;
	}
	solve_unit_add(x->m);
	solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	uint32_t z = solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	*array_add(&l->entries) = (struct entry){ z, weight };
	for (size_t s = 0; s < (weight > 0 ? a->starts.count : 1); s++) {
		size_t from = a->starts.items[s],
		       to = s + 1 < a->starts.count ? a->starts.items[s + 1] : a->options.count;
		struct line row = { .constant = 0 };

		to = weight > 0 ? to : a->options.count;
		for (size_t i = from; i < to; i++)
			*array_add(&row.entries) = (struct entry){ a->options.items[i], weight > 0 ? 1 : -1 };
		*array_add(&row.entries) = (struct entry){ z, weight > 0 ? -1 : 1 };
		line_to_row(x, &row, SOLVE_AT_MOST, 0, SOLVE_NO_RULE);
		line_free(&row, 1);
	}
}

/* ---- limits ------------------------------------------------------------------------------------------------------------ */

/* What is weighed once: an element, or the elements of a site. */
struct thing {
	const uint32_t *elements;
	uint32_t count;
	int64_t value; /* MEASURE_UNKNOWN: nobody knows */
};

static void any_of_thing(struct building *x, const struct thing *t, uint32_t group, uint32_t party, test is,
			 struct any_of *a)
{
	struct planning *p = x->p;
	bool so[MOST_CHOICES];

	for (uint32_t i = 0; i < t->count && !a->always; i++) {
		uint32_t e = t->elements[i], unit = p->unit_of[e];
		bool before = false;

		if (unit == NO_UNIT) {
			a->always |= group_of(x->row, e) == group && is(x, party, e);
			continue;
		}
		for (uint32_t k = 0; k < i; k++)
			before |= p->unit_of[t->elements[k]] == unit;
		if (before)
			continue;
		const struct unit *u = &p->units.items[unit];
		for (uint32_t o = 0; o < u->options; o++) {
			so[o] = false;
			for (uint32_t k = i; k < t->count && !so[o]; k++) {
				uint32_t f = t->elements[k], s;

				if (p->unit_of[f] != unit)
					continue;
				s = state_of(p, &p->options.items[u->first_option + o], p->place_of[f]);
				so[o] = group_of(x->row, s) == group && is(x, party, s);
			}
		}
		any_of_unit(x, a, u, so);
	}
}

static void forbid_any(struct building *x, const struct any_of *a)
{
	if (a->always)
		solve_forbid_add(x->m, x->b->constant, x->rule);
	for (size_t i = 0; i < a->options.count && !a->always; i++)
		solve_forbid_add(x->m, a->options.items[i], x->rule);
}

static void thing_in_group(struct building *x, const struct thing *t, uint32_t group, uint32_t party)
{
	struct any_of n = { .always = false }, d = { .always = false };
	int64_t value = t->value == MEASURE_UNKNOWN ? 0 : t->value / x->divisor;

	any_of_thing(x, t, group, party, in_numerator, &n);
	if (t->value == MEASURE_UNKNOWN && x->row->share && x->tier == TIER_HOLDS && x->row->bound < PPB)
		forbid_any(x, &n); /* what has no number may weigh anything */
	any_of_to_line(x, &n, &x->lines[group], value * x->n_weight);
	if (x->d_weight) {
		any_of_thing(x, t, group, party, in_denominator, &d);
		any_of_to_line(x, &d, &x->lines[group], -value * x->d_weight);
	}
	any_of_free(&n);
	any_of_free(&d);
}

/* Each group that some state of the thing is in, once. */
static void thing_in_groups(struct building *x, const struct thing *t, uint32_t party)
{
	struct planning *p = x->p;
	struct {
		uint32_t *items;
		size_t count, room;
	} seen = { 0 };

	for (uint32_t i = 0; i < t->count; i++) {
		uint32_t e = t->elements[i];

		for (uint32_t s = e;; s = s == e ? p->first_clone[e] : s + 1) {
			uint32_t g;
			size_t k = 0;

			if (s != e && s >= p->first_clone[e + 1])
				break;
			if (!x->row->target[s])
				continue;
			g = group_of(x->row, s);
			while (k < seen.count && seen.items[k] != g)
				k++;
			if (k < seen.count)
				continue;
			*array_add(&seen) = g;
			thing_in_group(x, t, g, party);
		}
	}
	free(seen.items);
}

static void each_thing(struct building *x, void (*call)(struct building *, const struct thing *, void *), void *context)
{
	const struct net *net = x->p->task->net;

	if (!x->row->by_site) {
		for (uint32_t i = 0; i < x->p->elements; i++)
			call(x, &(struct thing){ &i, 1, x->row->values ? x->row->values[i] : 1 }, context);
		return;
	}
	for (uint32_t s = 0; s < net->table[NET_SITES].rows; s++) {
		uint32_t from = net->site_first[s], count = net->site_first[s + 1] - from;

		if (count)
			call(x,
			     &(struct thing){ net->site_elements + from, count,
					      x->row->values ? x->row->values[s] : 1 },
			     context);
	}
}

struct span { /* of the values of a measure */
	int64_t divisor, most;
	bool negative, unknown;
};

static int64_t greatest_common(int64_t a, int64_t b)
{
	while (b) {
		int64_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

static void measure_span(struct building *x, const struct thing *t, void *context)
{
	struct span *span = context;
	bool spoken = false;

	for (uint32_t i = 0; i < t->count && !spoken; i++) {
		spoken = x->row->target[t->elements[i]] != 0;
		for (uint32_t s = x->p->first_clone[t->elements[i]]; s < x->p->first_clone[t->elements[i] + 1]; s++)
			spoken = spoken || x->row->target[s];
	}
	if (!spoken)
		return;
	span->unknown |= t->value == MEASURE_UNKNOWN;
	if (t->value == MEASURE_UNKNOWN)
		return;
	span->negative |= t->value < 0;
	span->divisor = t->value < 0 ? span->divisor : greatest_common(t->value, span->divisor);
	span->most = t->value > span->most ? t->value : span->most;
}

static void one_thing(struct building *x, const struct thing *t, void *context)
{
	thing_in_groups(x, t, *(uint32_t *)context);
}

static void limit_of_party(struct building *x, uint32_t party, wide bound)
{
	x->lines = arena_array(x->arena, (size_t)x->row->group_count + 1, sizeof *x->lines);
	each_thing(x, one_thing, &party);
	for (uint32_t g = 0; g < x->row->group_count; g++)
		line_to_row(x, &x->lines[g], SOLVE_AT_MOST, bound, x->rule);
	line_free(x->lines, x->row->group_count);
}

static bool speaks_of_anything(const struct building *x)
{
	for (uint32_t s = 0; s < x->p->wide->table[NET_ELEMENTS].rows; s++)
		if (x->row->target[s])
			return true;
	return false;
}

/* false: it can't be written as rows in this tier, so it is judged and cut. */
static void build_limit(struct building *x)
{
	const struct policy_row *r = x->row;
	struct span span = { 0 };
	wide bound = 0;

	each_thing(x, measure_span, &span);
	x->divisor = r->values && span.divisor ? span.divisor : 1;
	if (r->measure_missing || span.negative || (span.unknown && x->tier == TIER_NOT_BROKEN))
		return;
	x->n_weight = 1;
	x->d_weight = 0;
	if (r->share) {
		int64_t common = greatest_common(PPB, r->bound);

		x->n_weight = PPB / common;
		x->d_weight = r->bound / common;
	} else {
		bound = r->values ? r->bound / x->divisor : r->bound / MICRO;
	}
	if ((wide)(span.most / x->divisor) * x->n_weight > SOLVE_MOST_VALUE / 2)
		return;
	if (!r->any) {
		limit_of_party(x, 0, bound);
		return;
	}
	for (uint32_t p = 0; p < r->party_count; p++)
		limit_of_party(x, p, bound);
	limit_of_party(x, CODE_UNKNOWN, bound);
}

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
	bool so[MOST_CHOICES];

	for (uint32_t e = 0; e < p->elements && !a->always; e++)
		a->always = p->unit_of[e] == NO_UNIT && group_of(x->row, e) == group && is(x, party, e);
	for (size_t u = 0; u < p->units.count && !a->always; u++) {
		const struct unit *unit = &p->units.items[u];

		for (uint32_t o = 0; o < unit->options; o++) {
			so[o] = false;
			for (uint32_t k = 0; k < unit->members && !so[o]; k++) {
				uint32_t s = state_of(p, &p->options.items[unit->first_option + o], k);

				so[o] = group_of(x->row, s) == group && is(x, party, s);
			}
		}
		any_of_unit(x, a, unit, so);
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

/* ---- forbid, evidence ---------------------------------------------------------------------------------------------------------- */

static bool is_forbidden(const struct building *x, uint32_t party, uint32_t state)
{
	(void)party;
	return x->tier == TIER_HOLDS ? x->row->target[state] != 0 : x->row->target[state] == 3;
}

static void forbid_states(struct building *x, test is)
{
	struct planning *p = x->p;

	for (uint32_t e = 0; e < p->elements; e++)
		if (p->unit_of[e] == NO_UNIT && is(x, 0, e)) {
			solve_forbid_add(x->m, x->b->constant, x->rule);
			break;
		}
	for (size_t o = 0; o < p->options.count; o++) {
		const struct option *option = &p->options.items[o];

		for (uint32_t k = 0; k < p->units.items[option->unit].members; k++)
			if (is(x, 0, state_of(p, option, k))) {
				solve_forbid_add(x->m, x->b->option[o], x->rule);
				break;
			}
	}
}

enum { FINE = UINT32_MAX, NEVER = UINT32_MAX - 1 };

/* Which offer of evidence a state needs: FINE none, NEVER: none is enough. */
static uint32_t evidence_needed(struct building *x, uint32_t state)
{
	const struct policy_row *r = x->row;
	enum policy_row_answer answer;
	uint32_t claim;

	if (!r->target[state])
		return FINE;
	answer = policy_row_evidence(r, x->p->task->evidence, state, x->arena, &claim);
	if (answer == POLICY_ROW_GOOD ||
	    (x->tier == TIER_NOT_BROKEN && (r->target[state] != 3 || answer == POLICY_ROW_OPEN)))
		return FINE;
	if (!x->p->full || policy_row_evidence(r, x->p->full, state, x->arena, &claim) != POLICY_ROW_GOOD)
		return NEVER;
	for (uint32_t k = 0; k < x->p->task->offers->offer_count; k++)
		if (x->p->claim_of[k] == claim && claim != UINT32_MAX)
			return k;
	return NEVER;
}

/* Whoever chooses the option has the evidence obtained: it is paid for once, however many need it. */
static void needs_offer(struct building *x, uint32_t option, uint32_t offer)
{
	*array_add(&x->needs) = (struct need){ offer, option };
}

static int by_need(const void *a, const void *b)
{
	const struct need *x = a, *y = b;

	return x->offer != y->offer ? (x->offer < y->offer ? -1 : 1)
				    : (x->option > y->option) - (x->option < y->option);
}

/* A mark for each document, borne by all that need it and by whatever a cut says of obtaining it. */
static void build_needs(struct building *x)
{
	const struct plan_offers *all = x->p->task->offers;
	uint32_t *options, count;
	size_t at = 0;

	for (uint32_t k = 0; k < all->offer_count; k++)
		if (x->b->obtained[k] != UINT32_MAX)
			*array_add(&x->needs) = (struct need){ k, x->b->obtained[k] };
	if (x->needs.count)
		qsort(x->needs.items, x->needs.count, sizeof *x->needs.items, by_need);
	options = arena_array(x->arena, x->needs.count + 1, sizeof *options);
	while (at < x->needs.count) {
		uint32_t offer = x->needs.items[at].offer;

		count = 0;
		for (; at < x->needs.count && x->needs.items[at].offer == offer; at++)
			if (!count || options[count - 1] != x->needs.items[at].option)
				options[count++] = x->needs.items[at].option;
		solve_mark_add(x->m, all->offers[offer].cost.likely, options, count);
		x->b->needed_by[offer] = arena_array(x->arena, (size_t)count + 1, sizeof *options);
		memcpy(x->b->needed_by[offer], options, count * sizeof *options);
		x->b->needed_count[offer] = count;
	}
	free(x->needs.items);
}

/* Answers of alike states are alike: one question for each vendor, product, version and function. */
struct asked {
	uint32_t vendor, product, version, function, target, answer;
};

struct asked_list {
	struct asked *items;
	size_t count, room;
};

static uint32_t evidence_asked(struct building *x, struct asked_list *list, uint32_t s)
{
	const struct net *net = x->p->wide;
	struct asked key = { net_column(net, NET_ELEMENTS, "vendor")->codes[s],
			     net_column(net, NET_ELEMENTS, "product")->codes[s],
			     net_column(net, NET_ELEMENTS, "version")->codes[s],
			     net_column(net, NET_ELEMENTS, "function")->codes[s],
			     x->row->target[s],
			     0 };

	if (!key.target)
		return FINE;
	for (size_t i = 0; i < list->count; i++)
		if (!memcmp(&list->items[i], &key, offsetof(struct asked, answer)))
			return list->items[i].answer;
	key.answer = evidence_needed(x, s);
	*array_add(list) = key;
	return key.answer;
}

static void build_evidence(struct building *x)
{
	struct planning *p = x->p;
	struct asked_list list = { 0 };

	for (uint32_t e = 0; e < p->elements; e++) {
		uint32_t need = p->unit_of[e] == NO_UNIT ? evidence_asked(x, &list, e) : FINE;

		if (need == NEVER)
			solve_forbid_add(x->m, x->b->constant, x->rule);
		else if (need != FINE)
			needs_offer(x, x->b->constant, need);
	}
	for (size_t o = 0; o < p->options.count; o++) {
		const struct option *option = &p->options.items[o];

		for (uint32_t k = 0; k < p->units.items[option->unit].members; k++) {
			uint32_t need = evidence_asked(x, &list, state_of(p, option, k));

			if (need == NEVER)
				solve_forbid_add(x->m, x->b->option[o], x->rule);
			else if (need != FINE)
				needs_offer(x, x->b->option[o], need);
		}
	}
	free(list.items);
}

/* ---- what offers ask for ------------------------------------------------------------------------------------------------------------ */

static uint32_t uses(const struct planning *p, const struct option *o, size_t offer)
{
	uint32_t count = 0;

	for (uint32_t k = 0; k < p->units.items[o->unit].members; k++)
		count += p->offer_of[state_of(p, o, k)] == offer;
	return count;
}

/* At least `minimum` elements or none at all. */
static void offer_minimum(struct building *x, size_t offer, int64_t minimum)
{
	struct planning *p = x->p;
	struct line all = { .constant = 0 };
	uint32_t z;

	solve_unit_add(x->m);
	solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	z = solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	*array_add(&all.entries) = (struct entry){ z, minimum };
	for (size_t u = 0; u < p->units.count; u++) {
		const struct unit *unit = &p->units.items[u];
		struct line row = { .constant = 0 };

		for (uint32_t o = 0; o < unit->options; o++) {
			uint32_t count = uses(p, &p->options.items[unit->first_option + o], offer);

			if (!count)
				continue;
			*array_add(&row.entries) = (struct entry){ x->b->option[unit->first_option + o], 1 };
			*array_add(&all.entries) =
				(struct entry){ x->b->option[unit->first_option + o], -(int64_t)count };
		}
		*array_add(&row.entries) = (struct entry){ z, -1 };
		if (row.entries.count > 1)
			line_to_row(x, &row, SOLVE_AT_MOST, 0, SOLVE_NO_RULE);
		line_free(&row, 1);
	}
	line_to_row(x, &all, SOLVE_AT_MOST, 0, SOLVE_NO_RULE);
	line_free(&all, 1);
}

/* What can be delivered until the horizon. */
static void offer_deliveries(struct building *x, size_t offer, const struct plan_offer *o)
{
	struct planning *p = x->p;
	int32_t from = o->from != DATE_NONE && o->from > p->task->on ? o->from : p->task->on;
	struct line line = { .constant = 0 };
	int64_t quarters = 0;

	while (quarters < 400 && date_add_months(from, (int32_t)(quarters + 1) * 3) <= p->task->until)
		quarters++;
	for (size_t i = 0; i < p->options.count; i++) {
		uint32_t count = uses(p, &p->options.items[i], offer);

		if (count)
			*array_add(&line.entries) = (struct entry){ x->b->option[i], count };
	}
	line_to_row(x, &line, SOLVE_AT_MOST, (wide)o->per_quarter * quarters, SOLVE_NO_RULE);
	line_free(&line, 1);
}

static uint32_t region_of(const struct planning *p, uint32_t element)
{
	uint32_t site = net_column(p->task->net, NET_ELEMENTS, "site")->codes[element];

	return CODE_IS_KNOWN(site) ? net_column(p->task->net, NET_SITES, "region")->codes[site] : CODE_UNKNOWN;
}

static int by_region(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return x[0] != y[0] ? (x[0] < y[0] ? -1 : 1) : x[1] < y[1] ? -1 : x[1] > y[1];
}

/* A fee for each region in which the offer is used. */
static void offer_fee(struct building *x, size_t offer, int64_t fee)
{
	struct planning *p = x->p;
	struct {
		uint32_t (*items)[2];
		size_t count, room;
	} used = { 0 }; /* region, option */
	uint32_t *options;
	size_t n = 0;

	for (size_t i = 0; i < p->options.count; i++) {
		const struct option *o = &p->options.items[i];

		for (uint32_t k = 0; k < p->units.items[o->unit].members; k++) {
			uint32_t s = state_of(p, o, k);

			if (p->offer_of[s] == offer) {
				uint32_t *at = *array_add(&used);

				at[0] = region_of(p, p->origin[s]);
				at[1] = x->b->option[i];
			}
		}
	}
	if (!used.count)
		return;
	qsort(used.items, used.count, sizeof *used.items, by_region);
	options = arena_array(x->arena, used.count + 1, sizeof *options);
	for (size_t i = 0; i < used.count; i++) {
		if (!i || by_region(used.items[i - 1], used.items[i]))
			options[n++] = used.items[i][1];
		if (i + 1 == used.count || used.items[i + 1][0] != used.items[i][0]) {
			solve_mark_add(x->m, fee, options, n);
			n = 0;
		}
	}
	free(used.items);
}

static void build_offers(struct building *x)
{
	const struct plan_task *task = x->p->task;

	for (size_t k = 0; k < task->offers->offer_count; k++) {
		const struct plan_offer *o = &task->offers->offers[k];

		if (o->what == PLAN_EVIDENCE)
			continue;
		if (o->minimum > 1)
			offer_minimum(x, k, o->minimum);
		if (o->per_quarter >= 0 && task->until != DATE_NONE)
			offer_deliveries(x, k, o);
		if (o->region_fixed)
			offer_fee(x, k, o->region_fixed);
	}
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------------------ */

static void build_row(struct building *x)
{
	const struct policy_row *r = x->row;
	bool bounded = r->kind == POLICY_ROW_LIMIT || r->kind == POLICY_ROW_DISTINCT;

	if (!r->in_force || !r->counts || r->waived || !r->exact || x->p->left_out[x->rule])
		return;
	if (bounded && !r->bound_known) {
		if (x->tier == TIER_HOLDS && speaks_of_anything(x))
			solve_forbid_add(x->m, x->b->constant, x->rule);
		return;
	}
	if (r->kind == POLICY_ROW_FORBID)
		forbid_states(x, is_forbidden);
	else if (r->kind == POLICY_ROW_LIMIT)
		build_limit(x);
	else if (r->kind == POLICY_ROW_EVIDENCE)
		build_evidence(x);
	else if (r->kind == POLICY_ROW_DISTINCT)
		for (uint32_t g = 0; g < r->group_count; g++)
			distinct_in_group(x, g);
}

static void build_units(struct building *x)
{
	struct planning *p = x->p;
	const struct plan_offers *all = p->task->offers;

	for (size_t u = 0; u < p->units.count; u++) {
		const struct unit *unit = &p->units.items[u];

		solve_unit_add(x->m);
		for (uint32_t o = 0; o < unit->options; o++)
			x->b->option[unit->first_option + o] = solve_option_add(
				x->m, p->options.items[unit->first_option + o].cost.likely, SOLVE_NO_LABEL);
	}
	solve_unit_add(x->m);
	x->b->constant = solve_option_add(x->m, 0, SOLVE_NO_LABEL);
	for (size_t k = 0; k < all->offer_count; k++) {
		x->b->obtained[k] = UINT32_MAX;
		if (p->claim_of[k] == UINT32_MAX)
			continue;
		x->b->obtain_unit[k] = solve_unit_add(x->m);
		solve_option_add(x->m, 0, SOLVE_NO_LABEL);
		x->b->obtained[k] = solve_option_add(x->m, 0, SOLVE_NO_LABEL); /* its mark has the price */
	}
}

static void build_cuts(struct building *x)
{
	struct planning *p = x->p;

	for (size_t i = 0; i < p->cuts.count; i++) {
		const struct cut *c = &p->cuts.items[i];
		struct line line = { .constant = 0 };

		if (p->left_out[c->rule] || (c->tier == TIER_HOLDS && x->tier == TIER_NOT_BROKEN))
			continue;
		for (size_t k = 0; k < c->count; k++) {
			uint32_t o = c->options[k];
			uint32_t to = o < p->options.count ? x->b->option[o] : x->b->obtained[o - p->options.count];

			if (to != UINT32_MAX)
				*array_add(&line.entries) = (struct entry){ to, 1 };
		}
		line_to_row(x, &line, SOLVE_AT_LEAST, 1, c->rule);
		line_free(&line, 1);
	}
}

struct built *build_model(struct planning *p, struct arena *a, enum tier tier)
{
	struct built *b = arena_alloc(a, sizeof *b);
	size_t offers = p->task->offers->offer_count;
	struct building x = { .p = p, .b = b, .arena = a, .tier = tier, .m = solve_model_new(a) };

	b->model = x.m;
	b->option = arena_array(a, p->options.count + 1, sizeof *b->option);
	b->obtained = arena_array(a, offers + 1, sizeof *b->obtained);
	b->obtain_unit = arena_array(a, offers + 1, sizeof *b->obtain_unit);
	b->needed_by = arena_array(a, offers + 1, sizeof *b->needed_by);
	b->needed_count = arena_array(a, offers + 1, sizeof *b->needed_count);
	build_units(&x);
	for (size_t i = 0; i < p->task->policy_count; i++)
		for (size_t k = 0; k < p->row_counts[i]; k++) {
			x.row = &p->rows[i][k];
			build_row(&x);
			x.rule++;
		}
	build_needs(&x);
	build_offers(&x);
	build_cuts(&x);
	return b;
}
