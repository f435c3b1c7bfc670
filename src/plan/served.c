/* SPDX-License-Identifier: Apache-2.0 */
/*
 * served: a network without a party, or a set, does not serve what it should. The more falls with the party, the less is served:
 * so of those that fell something must not be the party's. The cut names as few of them as will do.
 */
#include <string.h>

#include "plan/cut.h"

static uint32_t party_of(const struct policy_row *r, const char *name)
{
	for (uint32_t i = 0; i < r->party_count; i++)
		if (!strcmp(r->party_names[i], name))
			return i;
	return CODE_UNKNOWN;
}

/* The subject is "PRODUCT VERSION", or "PRODUCT (unknown)", or "(unknown)"; what is open may be of any that it could be. */
static bool falls_with_version(const struct breach *f, uint32_t state)
{
	const struct net *net = f->p->wide;
	uint32_t product = net_column(net, NET_ELEMENTS, "product")->codes[state],
		 version = net_column(net, NET_ELEMENTS, "version")->codes[state];
	const char *subject = f->finding->subject, *name;
	size_t bytes;

	if (product == CODE_UNKNOWN)
		return f->tier == TIER_HOLDS;
	if (product == CODE_NONE)
		return false;
	if (subject[0] == '(')
		return f->tier == TIER_HOLDS && version == CODE_UNKNOWN;
	name = net_id(net, NET_PRODUCTS, product);
	bytes = strlen(name);
	if (strncmp(subject, name, bytes) || subject[bytes] != ' ')
		return false;
	if (version == CODE_UNKNOWN)
		return f->tier == TIER_HOLDS;
	return CODE_IS_KNOWN(version) && !strcmp(subject + bytes + 1, strs_text(net->strs, version));
}

static bool falls(const struct breach *f, uint32_t state)
{
	const struct policy_row *r = f->row;

	if (f->p->gone[state])
		return true;
	if (r->kind == POLICY_ROW_OTHER)
		return falls_with_version(f, state);
	if (!r->any)
		return f->tier == TIER_HOLDS ? r->subject[state] != 0 : r->subject[state] == 3;
	return r->party[state] == f->party || (f->tier == TIER_HOLDS && r->party[state] == CODE_UNKNOWN);
}

/* An option of the unit in which something that fell with the choice does not, or NO_OFFER. */
static bool escapes(const struct breach *f, uint32_t unit, uint32_t option)
{
	const struct planning *p = f->p;
	const struct unit *u = &p->units.items[unit];

	for (uint32_t k = 0; k < u->members; k++)
		if (falls(f, state_of(p, &p->options.items[f->choice[unit]], k)) &&
		    !falls(f, state_of(p, &p->options.items[option], k)))
			return true;
	return false;
}

/*
 * Units without whose fall it is as bad are not named. A unit stands in a trial where an option keeps all that fell of it from
 * falling; it is judged with that option, so what else the option changes could matter only to other parties.
 */
static void name_fewer(struct breach *f, uint32_t *trial)
{
	struct planning *p = f->p;
	uint32_t tried = 0;

	for (uint32_t u = 0; u < p->units.count && tried < MOST_TRIALS && !is_over(p); u++) {
		const struct unit *unit = &p->units.items[u];
		uint32_t stands = UINT32_MAX;

		for (uint32_t o = unit->first_option;
		     f->named[u] && o < unit->first_option + unit->options && stands == UINT32_MAX; o++) {
			bool any = false;

			for (uint32_t k = 0; k < unit->members; k++)
				any = any || falls(f, state_of(p, &p->options.items[o], k));
			stands = any ? UINT32_MAX : o;
		}
		if (stands == UINT32_MAX)
			continue;
		tried++;
		trial[u] = stands;
		struct arena *a = arena_new();
		if (still_bad(f, net_of_choice(p, a, trial), NULL))
			f->named[u] = false;
		else
			trial[u] = f->choice[u];
		arena_free(a);
	}
}

/*
 * A link that is there again, an element less that has to be served; in the weaker tier whatever takes a link away, because an
 * element without any is not surely unserved.
 */
static bool shape_helps(const struct breach *f, uint32_t unit, uint32_t option)
{
	const struct planning *p = f->p;
	const struct option *o = &p->options.items[option], *now = &p->options.items[f->choice[unit]];

	if (p->units.items[unit].link != NO_LINK)
		return takes_out(p, o) != takes_out(p, now) && (!takes_out(p, o) || f->tier == TIER_NOT_BROKEN);
	for (uint32_t k = 0; k < p->units.items[unit].members; k++)
		if (p->gone[state_of(p, o, k)] && !p->gone[state_of(p, now, k)])
			return true;
	return false;
}

void cut_served(struct breach *f, struct cut *cut)
{
	struct planning *p = f->p;
	struct numbers options = { 0 };
	uint32_t *trial = arena_array(p->scratch, p->units.count + 1, sizeof *trial);

	f->party = f->row->any ? party_of(f->row, f->finding->subject) : 0;
	f->named = arena_alloc(p->scratch, p->units.count + 1);
	for (uint32_t u = 0; u < p->units.count; u++) {
		trial[u] = f->choice[u];
		for (uint32_t k = 0; k < p->units.items[u].members; k++)
			f->named[u] |= falls(f, state_of(p, &p->options.items[f->choice[u]], k));
	}
	name_fewer(f, trial);
	for (uint32_t u = 0; u < p->units.count; u++)
		for (uint32_t o = p->units.items[u].first_option;
		     o < p->units.items[u].first_option + p->units.items[u].options; o++)
			if ((f->named[u] && escapes(f, u, o)) || (p->shapes && shape_helps(f, u, o)))
				*array_add(&options) = o;
	take_options(p, &options, &cut->options, &cut->count);
}
