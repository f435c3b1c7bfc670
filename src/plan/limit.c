/* SPDX-License-Identifier: Apache-2.0 */
/* limit: shares and counts as rows, a row for each party and group; so a share that is confirmed. */
#include <stdlib.h>

#include "plan/build.h"

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
bool in_numerator(const struct building *x, uint32_t party, uint32_t state)
{
	uint8_t n = x->row->target[state] & subject_value(x->row, party, state);

	return x->tier == TIER_HOLDS ? n != 0 : n == 3;
}

bool in_denominator(const struct building *x, uint32_t party, uint32_t state)
{
	uint8_t t = x->row->target[state], s = subject_value(x->row, party, state);

	if (t == 3)
		return true;
	return x->tier == TIER_HOLDS ? (t & s) != 0 : t && s != 3;
}

/* ---- limits ------------------------------------------------------------------------------------------------------------ */

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
			g = group_of_state(x->row, s);
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

void each_thing(struct building *x, void (*call)(struct building *, const struct thing *, void *), void *context)
{
	const struct net *net = x->p->base;

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
	bool negative, unknown, large;
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
	const uint8_t *of = x->row->asked ? x->row->asked : x->row->target;
	struct span *span = context;
	bool spoken = false;

	for (uint32_t i = 0; i < t->count && !spoken; i++) {
		spoken = of[t->elements[i]] != 0;
		for (uint32_t s = x->p->first_clone[t->elements[i]]; s < x->p->first_clone[t->elements[i] + 1]; s++)
			spoken = spoken || of[s];
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

static struct span weights_make(struct building *x)
{
	const struct policy_row *r = x->row;
	struct span span = { 0 };

	each_thing(x, measure_span, &span);
	x->divisor = r->values && span.divisor ? span.divisor : 1;
	x->n_weight = 1;
	x->d_weight = 0;
	if (r->share) {
		int64_t common = greatest_common(PPB, r->bound);

		x->n_weight = PPB / common;
		x->d_weight = r->bound / common;
	}
	span.large = (wide)(span.most / x->divisor) * x->n_weight > SOLVE_MOST_VALUE / 2;
	return span;
}

bool share_to_weights(struct building *x)
{
	struct span span = weights_make(x);

	return !span.negative && !span.unknown && !span.large;
}

/* Where it can't be written as rows in this tier, it is judged and cut. */
void build_limit(struct building *x)
{
	const struct policy_row *r = x->row;
	struct span span = weights_make(x);
	wide bound = r->share ? 0 : r->values ? r->bound / x->divisor : r->bound / MICRO;

	x->p->unwritten[x->rule] = true;
	if (r->measure_missing || span.negative || span.large || (span.unknown && x->tier == TIER_NOT_BROKEN))
		return;
	x->p->unwritten[x->rule] = false;
	if (!r->any) {
		limit_of_party(x, 0, bound);
		return;
	}
	for (uint32_t p = 0; p < r->party_count; p++)
		limit_of_party(x, p, bound);
	limit_of_party(x, CODE_UNKNOWN, bound);
}

/* At least p % is confirmed: that is, at most the rest is not. */
void build_confirmed(struct building *x)
{
	const struct policy_row *asked = x->row;
	struct policy_row rest = *asked;
	uint32_t states = x->p->wide->table[NET_ELEMENTS].rows;
	uint8_t *subject = arena_array(x->arena, (size_t)states + 1, sizeof *subject);

	for (uint32_t s = 0; s < states; s++)
		subject[s] = asked->subject[s] ? 0 : 3;
	rest.subject = subject;
	rest.bound = PPB - asked->bound;
	x->row = &rest;
	build_limit(x);
	x->row = asked;
}
