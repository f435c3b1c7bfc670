/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every choice that a small case leaves, and with a horizon every quarter in which it can be done: each is written as a proposal,
 * loaded like any other, and judged by the policies; prices and what can be delivered, done and paid are worked out here anew.
 */
#ifndef PROVISO_TESTS_PLAN_EVERY_H
#define PROVISO_TESTS_PLAN_EVERY_H

#include "plan_written.h"

enum { STATES = 4096, LARGE_STATES = 16384, SEEN = 1 << 17, SLOTS = 1 << 18, DAYS = 4, NORTH = 1, NOWHERE = 3 };

/* ---- judging ------------------------------------------------------------------------------------------------------------ */

/* Bits by rule: surely broken; broken or unknown; due, and made worse than it is as things stand. */
struct judgement {
	unsigned broken, bad, worse;
};

struct seen { /* a network that was judged: judging it again would be the same */
	char key[64];
	struct judgement by_day[DAYS];
};

struct search {
	const struct small *s;
	struct state now[ELEMENTS];
	bool restricted[LINKS], obtained[OFFERS];
	int link_offer[LINKS];
	int unit[ELEMENTS]; /* of the elements: the first member */
	struct seen *seen;
	uint32_t *slots;
	size_t seen_count;
	int64_t best[3]; /* by tier 1 and 2; -1: none */
	int states;
	bool too_many;
};

static const char *const days[DAYS] = { "2026-01-01", "2026-03-31", "2026-06-30", "2026-09-30" };

static struct policy_question question(struct loaded *l, const struct net *net, const char *day)
{
	struct policy_question q = { .net = net,
				     .evidence = l->evidence,
				     .threads = 1,
				     .strs = l->strs,
				     .arena = l->arena,
				     .diagnostics = &l->diagnostics,
				     .brief = true };

	q.on = l->weighing.on; /* evidence is weighed as on that day throughout */
	assert_true(date_parse(day, 10, &q.ahead));
	q.ahead -= q.on;
	return q;
}

/* before: as things stand; NULL: nobody asks what is worse than it was. */
static struct judgement judge(struct loaded *l, const struct net *net, const char *day, const uint8_t *changing,
			      struct loaded *before)
{
	struct policy_question q = question(l, net, day);
	struct judgement v = { 0 };

	q.changing = changing;
	for (size_t p = 0; p < l->policy_count; p++) {
		struct findings all = { 0 }, present = { 0 };

		policy_judge(l->policies[p], &q, &all);
		for (size_t i = 0; i < all.count; i++) {
			unsigned bit = 1u << (all.items[i].rule[1] - '0'); /* rules are called r0, r1 ... */
			bool broken = all.items[i].status == FINDING_BROKEN;

			v.broken |= broken ? bit : 0;
			v.bad |= broken || all.items[i].status == FINDING_UNKNOWN ? bit : 0;
		}
		if (before) {
			struct policy_question then =
				question(before, before->proposed ? before->proposed : before->present, day);

			policy_judge(before->policies[p], &then, &present);
			policy_settle(&all, &present, l->policies[p], q.on + q.ahead);
		}
		for (size_t i = 0; i < all.count; i++)
			v.worse |= all.items[i].worsened ? 1u << (all.items[i].rule[1] - '0') : 0;
		free(present.items);
		free(all.items);
	}
	return v;
}

/* Is a document there by the end of a quarter? Without quarters: some day. */
static bool is_there(const struct small *s, const struct offer *o, int quarter)
{
	return !s->quarters || o->lead <= last_day[quarter];
}

static void claims_of(const struct search *x, int quarter, char *out)
{
	size_t n = 0;
	char name[32];

	*out = 0;
	for (int k = 0; k < x->s->offer_count; k++) {
		const struct offer *o = &x->s->offers[k];

		if (x->obtained[k] && is_there(x->s, o, quarter))
			n += (size_t)snprintf(out + n, TEXT - n,
					      "evidence plan-o%d\n  about product %s%s%s\n  kind planned %s\n  from "
					      "\"list\"\n  due 2026-01-31\n\n",
					      k, product_name(x->s, o->vendor, o->product, name),
					      o->version < 2 ? " at " : "", versions[o->version],
					      o->cost % 20 > 10 ? "audit" : "test-report");
	}
}

/* quarter: of the evidence that is there. changing: by element, or NULL. Judged on each day. */
static void judge_state(const struct search *x, const struct state *now, const bool *restricted, int quarter,
			const bool *changing, struct judgement out[DAYS])
{
	char elements[TEXT], links[TEXT], claims[TEXT];
	bool asked = x->s->quarters > 0; /* what is worse */
	struct loaded l, before;
	uint8_t *rows;

	write_proposal(x->s, now, elements);
	write_links(x->s, now, restricted, x->link_offer, links);
	claims_of(x, quarter, claims);
	load(&l, x->s, elements, x->s->links ? links : NULL, claims);
	if (asked)
		load(&before, x->s, NULL, NULL, claims);
	rows = arena_array(l.arena, ELEMENTS * 2 + 1, 1);
	for (int i = 0; changing && i < x->s->element_count; i++) {
		char id[16];
		uint32_t row;

		snprintf(id, sizeof id, x->s->elements[i].extra ? "extra%d" : "e%d", i);
		row = net_find_text(l.proposed, NET_ELEMENTS, id);
		if (changing[i] && CODE_IS_KNOWN(row))
			rows[row] = 1;
	}
	for (int d = 0; d < DAYS; d++)
		out[d] = judge(&l, l.proposed, days[d], changing ? rows : NULL, asked ? &before : NULL);
	if (asked)
		unload(&before);
	unload(&l);
}

static uint32_t hash(const char *key)
{
	uint32_t h = 2166136261u;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 16777619u;
	return h % SLOTS;
}

static const struct judgement *judged(struct search *x, const struct state *now, const bool *restricted, int quarter,
				      const bool *changing)
{
	struct seen key = { .key = { 0 } };
	uint32_t *slot;
	int n = 0;

	for (int i = 0; i < x->s->element_count; i++)
		n += snprintf(key.key + n, sizeof key.key - (size_t)n, "%c%s",
			      now[i].offer < 0 ? '.' : 'a' + now[i].offer, now[i].both ? "!" : "");
	for (int i = 0; i < x->s->link_count; i++)
		key.key[n++] = !restricted[i] ? '0' : x->s->offers[x->link_offer[i]].narrows ? 'n' : '1';
	for (int k = 0; k < x->s->offer_count; k++)
		if (x->s->offers[k].what == EVIDENCE)
			key.key[n++] = x->obtained[k] && is_there(x->s, &x->s->offers[k], quarter) ? '1' : '0';
	for (int i = 0; changing && i < x->s->element_count; i++)
		key.key[n++] = changing[i] ? 'y' : 'n';
	assert_true(n < (int)sizeof key.key);
	slot = &x->slots[hash(key.key)];
	while (*slot) {
		if (!strcmp(x->seen[*slot - 1].key, key.key))
			return x->seen[*slot - 1].by_day;
		slot = slot + 1 == x->slots + SLOTS ? x->slots : slot + 1;
	}
	assert_true(x->seen_count < SEEN);
	judge_state(x, now, restricted, quarter, changing, key.by_day);
	x->seen[x->seen_count++] = key;
	*slot = (uint32_t)x->seen_count;
	return x->seen[x->seen_count - 1].by_day;
}

static unsigned bits(const struct judgement *v, int tier)
{
	return tier == 2 ? v->bad : v->broken;
}

/* ---- what is allowed ---------------------------------------------------------------------------------------------------------- */

/* Is it there at some time before the horizon, and not over yet? */
static bool in_time(const struct small *s, const struct offer *o)
{
	return untils[o->until].day >= 0 && (!s->quarters || froms[o->from].day <= last_day[s->quarters - 1]);
}

/* What the rules that are in force on the day of the plan let one take away; unknown is no. */
static bool can_be_removed(const struct small *s, int element)
{
	const struct element *e = &s->elements[element];
	bool removable = false;

	for (int r = 0; r < s->rule_count; r++)
		removable |= !s->rules[r].in_force && ((s->rules[r].may_remove == 1 && e->function == 0) ||
						       (s->rules[r].may_remove == 2 && e->vendor == 0) ||
						       (s->rules[r].may_remove == 3 && e->function == 2));
	for (int i = 0; i < s->element_count; i++) /* what runs on it would hang in the air */
		removable &= s->elements[i].host != element;
	return removable;
}

static bool fits(const struct small *s, const struct offer *o, int element)
{
	const struct element *e = &s->elements[element];

	if (o->what == EVIDENCE || o->what == RESTRICT || o->function != e->function || !in_time(s, o) ||
	    (o->north && s->region[e->site] != NORTH) || (o->word && (e->extra || e->low != (o->word == 1))))
		return false;
	if (e->extra)
		return o->what == ELEMENT && (e->vendor < 0 || o->vendor == e->vendor);
	if (o->what == REMOVE)
		return can_be_removed(s, element);
	if (o->what == UPGRADE)
		return e->vendor == o->vendor && e->product == o->product && e->version != o->version;
	return !(e->vendor == o->vendor && e->product == o->product && e->version == o->version && o->product >= 0 &&
		 o->version != 2);
}

static bool same_kind(const struct small *s, int a, int b)
{
	const struct element *x = &s->elements[a], *y = &s->elements[b];

	if (x->function != y->function || x->vendor != y->vendor || x->product != y->product ||
	    x->version != y->version || x->extra != y->extra)
		return false;
	for (int k = 0; k < s->offer_count; k++)
		if (fits(s, &s->offers[k], a) != fits(s, &s->offers[k], b))
			return false;
	return true;
}

static bool unit_allowed(const struct search *x, int unit)
{
	const struct small *s = x->s;
	bool changes = false, one = true;
	int vendor = -2;

	for (int i = 0; i < s->element_count; i++) {
		if (x->unit[i] != unit)
			continue;
		for (int k = 0; k < i; k++)
			if (x->unit[k] == unit && same_kind(s, i, k) && x->now[i].offer != x->now[k].offer)
				return false;
		if (!stands(s, i, x->now[i].offer))
			continue;
		changes |= vendor_now(s, i, x->now[i].offer) != s->elements[i].vendor;
		one &= vendor == -2 || vendor == vendor_now(s, i, x->now[i].offer);
		vendor = vendor_now(s, i, x->now[i].offer);
	}
	return !changes || one;
}

static bool minimum_kept(const struct search *x)
{
	for (int k = 0; k < x->s->offer_count; k++) {
		int used = 0;

		for (int i = 0; i < x->s->element_count; i++)
			used += x->now[i].offer == k;
		for (int i = 0; i < x->s->link_count; i++)
			used += x->restricted[i] && x->link_offer[i] == k;
		if (x->s->offers[k].what != EVIDENCE && used && used < x->s->offers[k].minimum)
			return false;
	}
	return true;
}

/* Where radio stands that has a link at its site today, one is left. */
static bool linked_kept(const struct small *s, const struct state *now, const bool *restricted, const int *offer)
{
	for (int i = 0; i < s->element_count; i++) {
		bool had = false, has = false;

		if (s->elements[i].function || s->elements[i].extra || !stands(s, i, now[i].offer))
			continue;
		for (int k = 0; k < s->link_count; k++) {
			int a = s->link_a[k], b = s->link_b[k];

			if (s->elements[a].site != s->elements[i].site && s->elements[b].site != s->elements[i].site)
				continue;
			had = true;
			has |= (!restricted[k] || s->offers[offer[k]].narrows) && stands(s, a, now[a].offer) &&
			       stands(s, b, now[b].offer);
		}
		if (had && !has)
			return false;
	}
	return true;
}

/* ---- prices ------------------------------------------------------------------------------------------------------------------- */

static int64_t line_removal(const struct small *s, const struct element *e)
{
	return !s->has_costs ? 0 : e->function == 0 && s->region[e->site] == NORTH ? s->removal + 2 : s->removal;
}

/* What a swap or a removal costs besides, but for the write-off and the visit. */
static int64_t lines_of(const struct small *s, const struct element *e)
{
	int64_t lines = line_removal(s, e);

	if (s->has_costs)
		lines += (e->function == 1 ? s->dual : 0) + (s->region[e->site] == NORTH ? s->exit : 0);
	return lines;
}

static bool is_old(const struct element *e)
{
	return e->old && e->product == 0 && e->vendor >= 0; /* products -0 live ten years */
}

/* From the plan's date, or when the offer begins, to the horizon. Micro. */
static int64_t running(const struct small *s, const struct offer *o)
{
	int days = s->quarters ? last_day[s->quarters - 1] - froms[o->from].day : 0;

	return days > 0 ? (int64_t)73 * o->running * s->price_factor * MICRO * days / 365 : 0;
}

static int64_t cost_of_element(const struct search *x, int i)
{
	const struct small *s = x->s;
	const struct element *e = &s->elements[i];
	const struct offer *o = &s->offers[x->now[i].offer];
	bool old = is_old(e), visited = false;
	int64_t one = o->cost, own = -1;

	if (o->what == UPGRADE)
		return one * MICRO + running(s, o);
	if (!e->extra)
		one += lines_of(s, e) + (s->has_costs && e->function == 0 && !old ? s->off : 0);
	for (int k = 0; k < s->offer_count && old && !e->extra; k++) {
		const struct offer *like = &s->offers[k];

		if (like->what == ELEMENT && like->vendor == e->vendor && like->function == e->function &&
		    in_time(s, like) && (!like->north || s->region[e->site] == NORTH) &&
		    (!like->word || e->low == (like->word == 1)) && (own < 0 || like->cost < own))
			own = like->cost;
	}
	if (own >= 0)
		one = one > own + line_removal(s, e) ? one - own - line_removal(s, e) : 0;
	for (int k = 0; k < i; k++) /* one visit for a unit at a site */
		visited |= x->unit[k] == x->unit[i] && s->elements[k].site == e->site && x->now[k].offer >= 0 &&
			   s->offers[x->now[k].offer].what != UPGRADE && !is_old(&s->elements[k]);
	return (one + (s->has_costs && !old && !visited ? s->visit : 0)) * MICRO + running(s, o);
}

/* Which vendor a unit's clusters show; 90: none is there; beyond 100: more than one, unlike any other. */
static int label_of(const struct search *x, const struct state *now, int unit)
{
	int vendor = 90;

	for (int i = 0; i < x->s->element_count; i++) {
		int of = vendor_now(x->s, i, now[i].offer);

		if (x->unit[i] != unit || x->s->elements[i].cluster < 0 || !stands(x->s, i, now[i].offer))
			continue;
		if (of < 0 || (vendor != 90 && vendor != of))
			return 100 + unit;
		vendor = of;
	}
	return vendor;
}

/* The only two clusters there can be: side by side where both are the first radio of some site. */
static int64_t cost_of_border(const struct search *x)
{
	const struct small *s = x->s;
	struct state today[ELEMENTS];
	int unit[2] = { -1, -1 };
	bool shown[2] = { false, false };

	for (int i = 0; i < ELEMENTS; i++)
		today[i] = (struct state){ -1, false };
	for (int i = s->element_count; i-- > 0;)
		if (s->elements[i].cluster >= 0)
			unit[s->elements[i].cluster] = x->unit[i];
	for (int site = 0; site < s->site_count; site++)
		for (int i = 0; i < s->element_count; i++)
			if (s->elements[i].site == site && s->elements[i].function == 0 && !s->elements[i].extra) {
				if (s->elements[i].cluster >= 0)
					shown[s->elements[i].cluster] = true;
				break;
			}
	if (!s->has_costs || !shown[0] || !shown[1] || unit[0] == unit[1] ||
	    label_of(x, today, unit[0]) != label_of(x, today, unit[1]))
		return 0;
	return label_of(x, x->now, unit[0]) != label_of(x, x->now, unit[1]) ? s->border * MICRO : 0;
}

static int64_t cost_of_link(const struct search *x, int i)
{
	const struct offer *o = &x->s->offers[x->link_offer[i]];

	return o->cost * MICRO + running(x->s, o);
}

static int64_t cost_of(const struct search *x)
{
	const struct small *s = x->s;
	int64_t cost = cost_of_border(x);
	bool paid[OFFERS][NOWHERE] = { { false } };

	for (int i = 0; i < s->element_count; i++) {
		int k = x->now[i].offer, region = s->region[s->elements[i].site];

		if (k < 0)
			continue;
		cost += cost_of_element(x, i) + (paid[k][region] ? 0 : s->offers[k].fixed * MICRO);
		paid[k][region] = true;
	}
	for (int i = 0; i < s->link_count; i++)
		cost += x->restricted[i] ? cost_of_link(x, i) : 0;
	for (int k = 0; k < s->offer_count; k++)
		cost += x->obtained[k] ? s->offers[k].cost * MICRO : 0;
	return cost;
}

/* ---- time ------------------------------------------------------------------------------------------------------------------------ */

struct timing {
	int element[ELEMENTS], link[LINKS]; /* quarter; -1: nothing is done */
};

/* There by the last day of the quarter, with what it takes to deliver, and offered on some day of it. */
static bool in_quarter(const struct offer *o, int quarter)
{
	return untils[o->until].day >= first_day[quarter] &&
	       froms[o->from].day + (o->lead > 0 ? o->lead : 0) <= last_day[quarter];
}

static bool supplied(const struct search *x, const struct timing *t, int quarter)
{
	const struct small *s = x->s;
	int64_t money = 0;
	int used[OFFERS] = { 0 }, people[2] = { 0, 0 };
	bool paid[OFFERS][NOWHERE] = { { false } };

	for (int i = 0; i < s->element_count; i++) {
		int k = x->now[i].offer, region = s->region[s->elements[i].site];
		bool before = false;

		if (k < 0 || t->element[i] != quarter)
			continue;
		if (!in_quarter(&s->offers[k], quarter))
			return false;
		used[k]++;
		people[0]++;
		people[1] += region == NORTH;
		for (int j = 0; j < s->element_count; j++)
			before |= x->now[j].offer == k && s->region[s->elements[j].site] == region &&
				  t->element[j] < quarter;
		money += cost_of_element(x, i) + (before || paid[k][region] ? 0 : s->offers[k].fixed * MICRO);
		paid[k][region] = true;
	}
	for (int i = 0; i < s->link_count; i++)
		if (x->restricted[i] && t->link[i] == quarter) {
			if (!in_quarter(&s->offers[x->link_offer[i]], quarter))
				return false;
			used[x->link_offer[i]]++;
			money += cost_of_link(x, i);
		}
	for (int k = 0; k < s->offer_count; k++) {
		if (x->obtained[k] && is_there(s, &s->offers[k], quarter) &&
		    !(quarter && is_there(s, &s->offers[k], quarter - 1)))
			money += s->offers[k].cost * MICRO;
		if (s->offers[k].what != EVIDENCE && s->offers[k].per_quarter >= 0 &&
		    used[k] > s->offers[k].per_quarter)
			return false;
	}
	for (int north = 0; north < 2; north++) {
		int most = -1;

		for (int c = 0; c < s->crew_count; c++)
			if (s->crews[c].north == north && s->crews[c].quarter == -1)
				most = s->crews[c].elements;
		for (int c = 0; c < s->crew_count; c++)
			if (s->crews[c].north == north && s->crews[c].quarter == quarter)
				most = s->crews[c].elements;
		if (most >= 0 && people[north] > most)
			return false;
	}
	return !s->budget || money <= s->budget * MICRO;
}

static bool is_kind(const struct rule *r, const char *kind)
{
	return !strcmp(statements[r->statement].kind, kind);
}

/* Which rules have to hold in a quarter, for a tier. */
static unsigned binding(struct search *x, int quarter, int tier)
{
	struct state today[ELEMENTS];
	bool none[LINKS] = { false }, had[OFFERS];
	unsigned out = 0, bad_then;
	bool waived_then = false, waived_now = strstr(x->s->policy, "waive r0 until") != NULL;

	memcpy(had, x->obtained, sizeof had);
	memset(x->obtained, 0, sizeof x->obtained);
	for (int i = 0; i < ELEMENTS; i++)
		today[i] = (struct state){ -1, false };
	bad_then = bits(&judged(x, today, none, 0, NULL)[quarter + 1], tier);
	memcpy(x->obtained, had, sizeof had);
	waived_then = waived_now && !strstr(x->s->policy, "until 2026-02-01");
	for (int r = 0; r < x->s->rule_count; r++) {
		const struct rule *rule = &x->s->rules[r];
		bool in_force = !rule->in_force || strcmp(in_force_dates[rule->in_force], days[quarter + 1]) <= 0;
		bool weighs = in_force && !(r == 0 && waived_then);
		bool weighed = !rule->in_force && !(r == 0 && waived_now);
		bool passed = rule->by && strcmp(by_dates[rule->by], days[quarter + 1]) < 0;

		if (weighs && (!(bad_then >> r & 1) || passed || (!rule->by && !weighed) || is_kind(rule, "change")))
			out |= 1u << r;
	}
	return out;
}

/* Every way in which what is changed in the quarter may be found. */
static bool mixed_hold(struct search *x, struct state *then, const bool *restricted, const bool *changing, int quarter,
		       int tier, unsigned rules, int from)
{
	for (int i = from; i < x->s->element_count; i++)
		if (changing[i]) {
			struct state was = then[i];
			bool good;

			then[i].offer = -1;
			good = mixed_hold(x, then, restricted, changing, quarter, tier, rules, i + 1);
			then[i] = was;
			return good && mixed_hold(x, then, restricted, changing, quarter, tier, rules, i + 1);
		}
	return !(bits(&judged(x, then, restricted, quarter, NULL)[quarter + 1], tier) & rules);
}

static bool quarter_holds(struct search *x, const struct timing *t, int quarter, int tier)
{
	struct state then[ELEMENTS], before[ELEMENTS], doubled[ELEMENTS];
	bool restricted[LINKS] = { false }, had[LINKS] = { false }, changing[ELEMENTS] = { false }, any = false;
	unsigned binds = binding(x, quarter, tier), mixed = 0, both = 0, after = 0, change = 0;
	const struct small *s = x->s;
	const struct judgement *v;

	for (int i = 0; i < s->element_count; i++) {
		bool done = x->now[i].offer >= 0 && t->element[i] <= quarter;

		changing[i] = x->now[i].offer >= 0 && t->element[i] == quarter;
		any |= changing[i];
		then[i] = done ? x->now[i] : (struct state){ -1, false };
		before[i] = changing[i] ? (struct state){ -1, false } : then[i];
		doubled[i] = then[i];
		doubled[i].both = changing[i] && !s->elements[i].extra;
	}
	for (int i = 0; i < s->link_count; i++) {
		restricted[i] = x->restricted[i] && t->link[i] <= quarter;
		had[i] = x->restricted[i] && t->link[i] < quarter;
	}
	for (int r = 0; r < s->rule_count; r++) {
		const struct rule *rule = &s->rules[r];
		unsigned bit = binds & 1u << r;

		mixed |= is_kind(rule, "forbid") || is_kind(rule, "limit") || is_kind(rule, "evidence") ||
					 is_kind(rule, "several") || is_kind(rule, "relation")
				 ? bit
				 : 0;
		both |= is_kind(rule, "at-most") ? bit : 0;
		change |= is_kind(rule, "change") && any ? bit : 0;
		after |= bit;
	}
	v = &judged(x, then, restricted, quarter, NULL)[quarter + 1];
	if (!pairs_kept(s, then) || !linked_kept(s, then, restricted, x->link_offer) || (bits(v, tier) & after) ||
	    v->worse)
		return false;
	if (both && bits(&judged(x, doubled, restricted, quarter, NULL)[quarter + 1], tier) & both)
		return false;
	if (change && bits(&judged(x, before, had, quarter, changing)[quarter + 1], tier) & change)
		return false;
	return !mixed || mixed_hold(x, then, restricted, changing, quarter, tier, mixed, 0);
}

/* Some way to do it in time. */
static bool can_be_done(struct search *x, struct timing *t, int tier, int at)
{
	const struct small *s = x->s;
	bool link = at >= s->element_count;
	int *slot = link ? &t->link[at - s->element_count] : &t->element[at];

	if (at == s->element_count + s->link_count) {
		for (int q = 0; q < s->quarters; q++)
			if (!supplied(x, t, q) || !quarter_holds(x, t, q, tier))
				return false;
		return true;
	}
	if (link ? !x->restricted[at - s->element_count] : x->now[at].offer < 0) {
		*slot = -1;
		return can_be_done(x, t, tier, at + 1);
	}
	for (int i = 0; i < at && !link; i++)
		if (x->unit[i] == x->unit[at] && x->now[i].offer >= 0) { /* a unit is changed in one go */
			*slot = t->element[i];
			return can_be_done(x, t, tier, at + 1);
		}
	for (*slot = 0; *slot < s->quarters; ++*slot)
		if (can_be_done(x, t, tier, at + 1))
			return true;
	return false;
}

/* ---- every choice ------------------------------------------------------------------------------------------------------------- */

static bool passes(struct search *x, int tier)
{
	int last = x->s->quarters;
	const struct judgement *v = judged(x, x->now, x->restricted, last ? last - 1 : 0, NULL);
	struct timing t;

	if (bits(&v[0], tier) || (last && bits(&v[last], tier)))
		return false;
	return !x->s->quarters || can_be_done(x, &t, tier, 0);
}

static void try_choice(struct search *x)
{
	int64_t cost;

	for (int i = 0; i < x->s->element_count; i++)
		if (x->unit[i] == i && !unit_allowed(x, i))
			return;
	if (!minimum_kept(x) || !pairs_kept(x->s, x->now) || !linked_kept(x->s, x->now, x->restricted, x->link_offer))
		return;
	if (++x->states > (is_large() ? LARGE_STATES : STATES)) {
		x->too_many = true;
		return;
	}
	cost = cost_of(x);
	for (int tier = 2; tier > 0; tier--) {
		if (tier == 1 && x->best[2] >= 0)
			return;
		if ((x->best[tier] < 0 || cost < x->best[tier]) && passes(x, tier))
			x->best[tier] = cost;
	}
}

static bool fits_link(const struct small *s, const struct offer *o, int link)
{
	const struct element *at[2] = { &s->elements[s->link_a[link]], &s->elements[s->link_b[link]] };
	bool end = false;

	for (int i = 0; i < 2; i++)
		end |= o->what == RESTRICT && at[i]->function == o->function && in_time(s, o) &&
		       (o->end_vendor < 0 || at[i]->vendor == o->end_vendor) &&
		       (!o->north || s->region[at[i]->site] == NORTH);
	end &= o->narrows != s->over[link];
	return end && (!o->word || at[0]->low == (o->word == 1) || at[1]->low == (o->word == 1));
}

/* Elements, then links, then evidence. */
static void enumerate(struct search *x, int at)
{
	const struct small *s = x->s;
	int link = at - s->element_count, offer = link - s->link_count;

	if (x->too_many)
		return;
	if (link < 0) {
		x->now[at] = (struct state){ -1, false };
		enumerate(x, at + 1);
		for (int k = 0; k < s->offer_count; k++)
			if (fits(s, &s->offers[k], at)) {
				x->now[at].offer = k;
				enumerate(x, at + 1);
			}
	} else if (offer < 0) {
		x->restricted[link] = false;
		enumerate(x, at + 1);
		for (int k = 0; k < s->offer_count; k++)
			if (fits_link(s, &s->offers[k], link)) {
				x->restricted[link] = true;
				x->link_offer[link] = k;
				enumerate(x, at + 1);
			}
	} else if (offer < s->offer_count) {
		x->obtained[offer] = false;
		enumerate(x, at + 1);
		x->obtained[offer] = s->offers[offer].what == EVIDENCE && untils[s->offers[offer].until].day >= 0 &&
				     is_there(s, &s->offers[offer], s->quarters - 1);
		if (x->obtained[offer])
			enumerate(x, at + 1);
		x->obtained[offer] = false;
	} else {
		try_choice(x);
	}
}

static void units_make(struct search *x)
{
	const struct element *e = x->s->elements;

	for (int i = 0; i < x->s->element_count; i++)
		x->unit[i] = i;
	for (int round = 0; round < ELEMENTS; round++)
		for (int i = 0; i < x->s->element_count; i++)
			for (int k = 0; k < x->s->element_count; k++)
				if ((e[i].group >= 0 && e[i].group == e[k].group) ||
				    (e[i].cluster >= 0 && e[i].cluster == e[k].cluster))
					x->unit[i] = x->unit[k] = x->unit[i] < x->unit[k] ? x->unit[i] : x->unit[k];
}

/* All of it: false if there is too much. The caller's to free: seen, slots. */
static bool search_all(struct search *x, const struct small *s)
{
	*x = (struct search){ .s = s, .best = { -1, -1, -1 } };
	units_make(x);
	x->seen = malloc(SEEN * sizeof *x->seen);
	x->slots = calloc(SLOTS, sizeof *x->slots);
	enumerate(x, 0);
	free(x->seen);
	free(x->slots);
	return !x->too_many;
}

/* What a plan has to come to, and its cost (-1: there is none). */
static enum plan_status status_wanted(const struct search *x, int64_t *cost)
{
	*cost = x->best[2] >= 0 ? x->best[2] : x->best[1];
	return x->best[2] == 0   ? PLAN_NOTHING
	       : x->best[2] > 0  ? PLAN_FOUND
	       : x->best[1] >= 0 ? PLAN_UNDETERMINED
				 : PLAN_IMPOSSIBLE;
}

#endif
