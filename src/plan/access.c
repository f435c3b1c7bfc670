/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access: what can be said of `served without` before anything is judged. Whatever else of the network stands, a site is served
 * only by an access element at it that does not fall: so of the measure enough has to be where one stands. Whether it then
 * reaches what it needs is judged, and cut.
 */
#include "plan/build.h"

static bool is_asked(const struct building *x, uint32_t party, uint32_t state)
{
	(void)party;
	return x->row->asked[state] && !x->p->gone[state];
}

static bool stands(const struct building *x, uint32_t party, uint32_t state)
{
	const struct policy_row *r = x->row;
	bool strict = x->tier == TIER_HOLDS;

	if (!is_asked(x, party, state))
		return false;
	if (!r->any)
		return strict ? r->subject[state] == 0 : r->subject[state] != 3;
	return r->party[state] != party && !(strict && r->party[state] == CODE_UNKNOWN);
}

struct access {
	uint32_t party;
	struct line line;
};

static void add_thing(struct building *x, const struct thing *t, void *context)
{
	struct access *c = context;
	struct any_of up = { .always = false }, all = { .always = false };

	any_of_thing(x, t, 0, c->party, stands, &up);
	any_of_thing(x, t, 0, c->party, is_asked, &all);
	if (all.always || all.starts.count) { /* of what is never asked nobody has to know the value */
		int64_t value = t->value / x->divisor;

		any_of_to_line(x, &up, &c->line, -value * x->n_weight);
		any_of_to_line(x, &all, &c->line, value * x->d_weight);
	}
	any_of_free(&up);
	any_of_free(&all);
}

static void access_without(struct building *x, uint32_t party)
{
	struct access c = { .party = party };

	each_thing(x, add_thing, &c);
	line_to_row(x, &c.line, SOLVE_AT_MOST, 0, x->rule);
	line_free(&c.line, 1);
}

void build_access(struct building *x)
{
	const struct policy_row *r = x->row;

	if (!r->asked || !r->bound_known || r->measure_missing || !share_to_weights(x))
		return;
	if (!r->any)
		access_without(x, 0);
	for (uint32_t p = 0; p < r->party_count && r->any; p++)
		access_without(x, p);
}
