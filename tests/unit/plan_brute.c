/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random small cases against every choice there is, and with a horizon every quarter in which it can be done: each is written
 * as a proposal, loaded like any other, and judged by the policy; prices and what can be delivered, done and paid are worked
 * out here anew. The plan has to have the same verdict and the same cost.
 *
 *     PLAN_CASES=N    so many cases    PLAN_SEED=N    this one alone    PLAN_TRACE=1    a line each
 *     PLAN_LARGE=1    of 5 to 7 elements and up to 16,384 choices, instead of 2 to 5 and 4,096
 *
 * # proviso-deps: base lang solve net evidence policy assess plan
 */
#include "plan_small.h"

#include <time.h>

#ifdef __SANITIZE_ADDRESS__
enum { CASES = 200, ENOUGH = 2000 }; /* they take twenty times as long */
#else
enum { CASES = 2000, ENOUGH = CASES };
#endif
enum { STATES = 4096, LARGE_STATES = 16384, SEEN = 1 << 17, SLOTS = 1 << 18, DAYS = 3 };

/* ---- judging ------------------------------------------------------------------------------------------------------------ */

/* Bits by rule: surely broken; broken or unknown. */
struct judgement {
	unsigned broken, bad;
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

static const char *const days[DAYS] = { "2026-01-01", "2026-03-31", "2026-06-30" };

static struct judgement judge(const struct small *s, struct loaded *l, const struct net *net, const char *day,
			      const uint8_t *changing)
{
	struct findings all = { 0 };
	struct policy_question q = { .net = net,
				     .evidence = l->evidence,
				     .changing = changing,
				     .threads = 1,
				     .strs = l->strs,
				     .arena = l->arena,
				     .diagnostics = &l->diagnostics,
				     .brief = true };
	struct judgement v = { 0, 0 };

	assert_true(date_parse(day, 10, &q.on));
	policy_judge(l->policy, &q, &all);
	for (size_t i = 0; i < all.count; i++)
		for (int r = 0; r < s->rule_count; r++) {
			char name[16];

			snprintf(name, sizeof name, "r%d", r);
			if (strcmp(all.items[i].rule, name))
				continue;
			v.broken |= (unsigned)(all.items[i].status == FINDING_BROKEN) << r;
			v.bad |= (unsigned)(all.items[i].status == FINDING_BROKEN ||
					    all.items[i].status == FINDING_UNKNOWN)
				 << r;
		}
	free(all.items);
	return v;
}

static void claims_of(const struct search *x, int quarter, char *out)
{
	size_t n = 0;
	char name[32];

	*out = 0;
	for (int k = 0; k < x->s->offer_count; k++) {
		const struct offer *o = &x->s->offers[k];

		if (x->obtained[k] && (quarter || o->lead <= 89))
			n += (size_t)snprintf(out + n, TEXT - n,
					      "evidence plan-o%d\n  about product %s at %s\n  kind planned %s\n  from "
					      "\"list\"\n  due 2026-01-31\n\n",
					      k, product_name(x->s, o->vendor, o->product, name), versions[o->version],
					      o->cost % 20 > 10 ? "audit" : "test-report");
	}
}

/* quarter: of the evidence that is there. changing: by element, or NULL. Judged on each day. */
static void judge_state(const struct search *x, const struct state *now, const bool *restricted, int quarter,
			const bool *changing, struct judgement out[DAYS])
{
	char elements[TEXT], links[TEXT], claims[TEXT];
	struct loaded l;
	uint8_t *rows;

	write_proposal(x->s, now, elements);
	write_links(x->s, restricted, links);
	claims_of(x, quarter, claims);
	load(&l, x->s, elements, x->s->links ? links : NULL, claims);
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
		out[d] = judge(x->s, &l, l.proposed, days[d], changing ? rows : NULL);
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
		key.key[n++] = restricted[i] ? '1' : '0';
	for (int k = 0; k < x->s->offer_count; k++)
		if (x->s->offers[k].what == EVIDENCE)
			key.key[n++] = x->obtained[k] && (quarter || x->s->offers[k].lead <= 89) ? '1' : '0';
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

static bool fits(const struct small *s, const struct offer *o, const struct element *e)
{
	bool removable = false;

	for (int r = 0; r < s->rule_count; r++) /* in force on the day of the plan */
		removable |= s->rules[r].may_remove && !s->rules[r].in_force;
	if (o->what == EVIDENCE || o->what == RESTRICT || o->function != e->function ||
	    (o->north && !s->north[e->site]))
		return false;
	if (e->extra)
		return o->what == ELEMENT && (e->vendor < 0 || o->vendor == e->vendor);
	if (o->what == REMOVE)
		return removable && e->function == 0;
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
		if (fits(s, &s->offers[k], x) != fits(s, &s->offers[k], y))
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
static bool linked_kept(const struct small *s, const struct state *now, const bool *restricted)
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
			has |= !restricted[k] && stands(s, a, now[a].offer) && stands(s, b, now[b].offer);
		}
		if (had && !has)
			return false;
	}
	return true;
}

/* ---- prices ------------------------------------------------------------------------------------------------------------------- */

static int64_t line_removal(const struct small *s, const struct element *e)
{
	return !s->has_costs ? 0 : e->function == 0 && s->north[e->site] ? s->removal + 2 : s->removal;
}

static bool is_old(const struct element *e)
{
	return e->old && e->product == 0 && e->vendor >= 0; /* products -0 live ten years */
}

static int64_t cost_of_element(const struct search *x, int i)
{
	const struct small *s = x->s;
	const struct element *e = &s->elements[i];
	const struct offer *o = &s->offers[x->now[i].offer];
	bool old = is_old(e), visited = false;
	int64_t one = o->cost, own = -1;

	if (o->what == UPGRADE || e->extra) {
		for (int k = 0; k < i && !visited; k++)
			visited = x->unit[k] == x->unit[i];
		return one + (e->extra && s->has_costs ? s->visit : 0);
	}
	one += line_removal(s, e) + (s->has_costs && e->function == 0 && !old ? s->off : 0);
	for (int k = 0; k < s->offer_count && old; k++)
		if (s->offers[k].what == ELEMENT && s->offers[k].vendor == e->vendor &&
		    s->offers[k].function == e->function && (!s->offers[k].north || s->north[e->site]) &&
		    (own < 0 || s->offers[k].cost < own))
			own = s->offers[k].cost;
	if (own >= 0)
		one = one > own + line_removal(s, e) ? one - own - line_removal(s, e) : 0;
	for (int k = 0; k < i; k++) /* one visit for a unit at a site */
		visited |= x->unit[k] == x->unit[i] && s->elements[k].site == e->site && x->now[k].offer >= 0 &&
			   s->offers[x->now[k].offer].what != UPGRADE && !is_old(&s->elements[k]);
	return one + (s->has_costs && !old && !visited ? s->visit : 0);
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
	return label_of(x, x->now, unit[0]) != label_of(x, x->now, unit[1]) ? s->border : 0;
}

static int64_t cost_of(const struct search *x)
{
	const struct small *s = x->s;
	int64_t cost = cost_of_border(x);
	bool paid[OFFERS][2] = { { false } };

	for (int i = 0; i < s->element_count; i++) {
		int k = x->now[i].offer, north = s->north[s->elements[i].site];

		if (k < 0)
			continue;
		cost += cost_of_element(x, i) + (paid[k][north] ? 0 : s->offers[k].fixed);
		paid[k][north] = true;
	}
	for (int i = 0; i < s->link_count; i++)
		cost += x->restricted[i] ? s->offers[x->link_offer[i]].cost : 0;
	for (int k = 0; k < s->offer_count; k++)
		cost += x->obtained[k] ? s->offers[k].cost : 0;
	return cost;
}

/* ---- time ------------------------------------------------------------------------------------------------------------------------ */

struct timing {
	int element[ELEMENTS], link[LINKS]; /* quarter; -1: nothing is done */
};

/* From the first day of the year, with what it takes to deliver, to the last of the quarter. */
static bool in_quarter(const struct offer *o, int quarter)
{
	static const int last_day[QUARTERS] = { 89, 180 };

	return o->lead <= last_day[quarter];
}

static bool supplied(const struct search *x, const struct timing *t, int quarter)
{
	const struct small *s = x->s;
	int64_t money = 0;
	int used[OFFERS] = { 0 }, people[2] = { 0, 0 };
	bool paid[OFFERS][2] = { { false } };

	for (int i = 0; i < s->element_count; i++) {
		int k = x->now[i].offer, north = s->north[s->elements[i].site];
		bool before = false;

		if (k < 0 || t->element[i] != quarter)
			continue;
		if (!in_quarter(&s->offers[k], quarter))
			return false;
		used[k]++;
		people[0]++;
		people[1] += north;
		for (int j = 0; j < s->element_count; j++)
			before |= x->now[j].offer == k && s->north[s->elements[j].site] == north &&
				  t->element[j] < quarter;
		money += cost_of_element(x, i) + (before || paid[k][north] ? 0 : s->offers[k].fixed);
		paid[k][north] = true;
	}
	for (int i = 0; i < s->link_count; i++)
		if (x->restricted[i] && t->link[i] == quarter) {
			if (!in_quarter(&s->offers[x->link_offer[i]], quarter))
				return false;
			used[x->link_offer[i]]++;
			money += s->offers[x->link_offer[i]].cost;
		}
	for (int k = 0; k < s->offer_count; k++) {
		if (x->obtained[k] && (s->offers[k].lead <= 89 ? 0 : 1) == quarter)
			money += s->offers[k].cost;
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
	return !s->budget || money <= s->budget;
}

static bool is_kind(const struct rule *r, const char *kind)
{
	return !strcmp(statements[r->statement].kind, kind);
}

/* Which rules have to hold in a quarter, for a tier. */
static unsigned binding(struct search *x, int quarter, int tier)
{
	static const char *const dates[] = { "", "2026-02-15", "2026-03-31", "2030-01-01" };
	struct state today[ELEMENTS];
	bool none[LINKS] = { false }, had[OFFERS];
	unsigned out = 0, bad_then;
	bool waived_then = false, waived_now = strstr(x->s->policy, "waive r0") != NULL;

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
		bool passed = rule->by && strcmp(dates[rule->by], days[quarter + 1]) < 0;

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

		mixed |= is_kind(rule, "forbid") || is_kind(rule, "limit") || is_kind(rule, "evidence") ? bit : 0;
		both |= is_kind(rule, "at-most") ? bit : 0;
		change |= is_kind(rule, "change") && any ? bit : 0;
		after |= bit;
	}
	if (!pairs_kept(s, then) || !linked_kept(s, then, restricted) ||
	    bits(&judged(x, then, restricted, quarter, NULL)[quarter + 1], tier) & after)
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
	bool later = x->s->quarters > 0;
	const struct judgement *v = judged(x, x->now, x->restricted, 1, NULL);
	struct timing t;

	if (bits(&v[0], tier) || (later && bits(&v[2], tier)))
		return false;
	return !x->s->quarters || can_be_done(x, &t, tier, 0);
}

static void try_choice(struct search *x)
{
	int64_t cost;

	for (int i = 0; i < x->s->element_count; i++)
		if (x->unit[i] == i && !unit_allowed(x, i))
			return;
	if (!minimum_kept(x) || !pairs_kept(x->s, x->now) || !linked_kept(x->s, x->now, x->restricted))
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

	for (int i = 0; i < 2; i++)
		if (o->what == RESTRICT && at[i]->function == o->function && (!o->north || s->north[at[i]->site]))
			return true;
	return false;
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
			if (fits(s, &s->offers[k], &s->elements[at])) {
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
		x->obtained[offer] = s->offers[offer].what == EVIDENCE;
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

/* ---- the plan --------------------------------------------------------------------------------------------------------------------- */

struct tally {
	int cases, skipped, by_status[8], scheduled, together, binds[STATEMENTS], pairs, borders, added, removed,
		restricted, missing;
};

/* What the plan would write is judged as a case of its own. */
static void judge_written(const struct small *s, const struct loaded *of, const struct plan *plan)
{
	struct loaded l;
	struct sink *elements = sink_to_memory(of->arena), *claims = sink_to_memory(of->arena),
		    *links = sink_to_memory(of->arena);
	struct judgement v;

	plan_print_elements(plan, of->present, elements);
	plan_print_evidence(plan, claims);
	if (plan_restricts(plan))
		plan_print_links(plan, of->present, links);
	load(&l, s, sink_memory(elements, NULL), plan_restricts(plan) ? sink_memory(links, NULL) : NULL,
	     sink_memory(claims, NULL));
	v = judge(s, &l, l.proposed, days[s->quarters], NULL);
	assert_int_equal(plan->status == PLAN_UNDETERMINED ? v.broken : v.bad, 0);
	unload(&l);
}

/* ---- which rules, and what would have helped --------------------------------------------------------------------------------------- */

static void check_conflict(const struct small *s, const struct plan *plan, uint64_t seed)
{
	if (strstr(s->policy, "waive"))
		return; /* of a rule that would not be there */
	for (int without = -1; without < (int)plan->conflict_count; without++) {
		struct small other = with_rules(s, plan, without);

		if (other.rule_count && (status_of(&other) == PLAN_IMPOSSIBLE) != (without < 0))
			fail_msg("seed %llu: the conflict without its rule %d", (unsigned long long)seed, without);
	}
}

static void check_missing(const struct small *s, const struct plan *plan, uint64_t seed)
{
	for (size_t i = 0; i < plan->missing_count; i++) {
		const struct plan_missing *m = &plan->missing[i];
		const char *offer = strstr(m->text, "of offer o");
		struct small other = *s;

		if (!strcmp(m->what, "budget"))
			other.budget = 0;
		else if (!strcmp(m->what, "deliveries") && offer)
			other.offers[offer[10] - '0'].per_quarter = -1;
		else if (!strcmp(m->what, "crews"))
			other.crew_count = 0;
		else
			continue;
		if (status_of(&other) == PLAN_IMPOSSIBLE)
			fail_msg("seed %llu: %s would not have helped", (unsigned long long)seed, m->text);
	}
}

static void check_plan(const struct small *s, const struct loaded *l, const struct plan *plan, uint64_t seed)
{
	wide sum = 0;

	if (plan->status == PLAN_IMPOSSIBLE) {
		assert_true(plan->conflict_count > 0);
		assert_true(plan->conflict_minimal);
		if (seed % 8 == 0)
			check_conflict(s, plan, seed);
		check_missing(s, plan, seed);
		return;
	}
	judge_written(s, l, plan);
	assert_true(!plan->has_bound || plan->bound <= plan->cost.likely);
	assert_true(plan->proof != SOLVE_PROOF_NONE);
	for (size_t i = 0; i < plan->step_count; i++)
		sum += plan->steps[i].cost.likely;
	if (s->quarters)
		assert_true(sum + plan->border_cost.likely == plan->cost.likely);
}

static void count_plan(const struct small *s, const struct plan *plan, struct tally *t)
{
	t->by_status[plan->status]++;
	t->scheduled += s->quarters && plan->status == PLAN_FOUND;
	t->together += plan->schedule_decides;
	t->pairs += s->pair_count > 0;
	t->borders += plan->border_cost.likely > 0;
	t->missing += plan->missing_count > 0;
	for (size_t i = 0; i < plan->change_count; i++) {
		t->added += plan->changes[i].what == PLAN_SWAP && !*plan->changes[i].from;
		t->removed += plan->changes[i].what == PLAN_REMOVE;
		t->restricted += plan->changes[i].what == PLAN_RESTRICT;
	}
	for (int i = 0; i < s->rule_count && plan->status != PLAN_NOTHING; i++)
		t->binds[s->rules[i].statement]++;
}

static void compare(const struct small *s, const struct search *x, struct tally *t, uint64_t seed)
{
	struct loaded l;
	struct plan *plan;
	clock_t began = clock();
	int64_t best = x->best[2] >= 0 ? x->best[2] : x->best[1];
	int wanted = x->best[2] == 0   ? PLAN_NOTHING
		     : x->best[2] > 0  ? PLAN_FOUND
		     : x->best[1] >= 0 ? PLAN_UNDETERMINED
				       : PLAN_IMPOSSIBLE;
	char text[4][TEXT];
	bool free_changes;

	load(&l, s, NULL, NULL, NULL);
	plan = plan_of(&l, s, 1);
	if (!plan) { /* a group of many kinds of elements: refused */
		assert_string_equal(l.diagnostics.items[l.diagnostics.count - 1].code, "too-many-choices");
		t->skipped++;
		unload(&l);
		return;
	}
	if (getenv("PLAN_TRACE"))
		fprintf(stderr, "%llu: %.2f s, %s, %zu rounds, %zu cuts, %zu rows, %zu options\n",
			(unsigned long long)seed, (double)(clock() - began) / CLOCKS_PER_SEC,
			plan_status_name(plan->status), plan->rounds, plan->cuts, plan->rows, plan->options);
	free_changes = plan->status == PLAN_FOUND && wanted == PLAN_NOTHING && plan->cost.likely == 0;
	if (((int)plan->status != wanted && !free_changes) ||
	    (wanted != PLAN_IMPOSSIBLE && plan->cost.likely != best * MICRO)) {
		write_offers(s, text[0]);
		write_pairs(s, text[1]);
		write_elements(s, text[2]);
		write_links(s, NULL, text[3]);
		fail_msg("seed %llu: plan %s at %lld, every choice: %s at %lld (rounds %zu, cuts %zu, quarters %d, "
			 "budget %d)\n"
			 "%s\n%s\n%s\n%s\n%s\n%s",
			 (unsigned long long)seed, plan_status_name(plan->status),
			 (long long)(plan->cost.likely / MICRO), plan_status_name((enum plan_status)wanted),
			 (long long)best, plan->rounds, plan->cuts, s->quarters, s->budget, s->policy, text[0], text[1],
			 s->sites, text[2], text[3]);
	}
	check_plan(s, &l, plan, seed);
	count_plan(s, plan, t);
	unload(&l);
}

/* ---- what must not matter ---------------------------------------------------------------------------------------------------------- */

static void same_cost(const struct small *s, const struct small *other, unsigned threads, int64_t factor, uint64_t seed)
{
	struct loaded l, m;
	struct plan *a, *b;

	load(&l, s, NULL, NULL, NULL);
	load(&m, other, NULL, NULL, NULL);
	a = plan_of(&l, s, 1);
	b = plan_of(&m, other, threads);
	if (!a || !b)
		assert_true(!a && !b);
	else if (a->status != b->status || a->cost.likely * factor != b->cost.likely)
		fail_msg("seed %llu: %s at %lld, and with another order, names, prices or threads %s at %lld",
			 (unsigned long long)seed, plan_status_name(a->status), (long long)a->cost.likely,
			 plan_status_name(b->status), (long long)b->cost.likely);
	unload(&l);
	unload(&m);
}

static void check_symmetries(const struct small *s, uint64_t seed)
{
	static const char *const renamed[] = { "zeta", "yell", "x-ray", "" };
	struct small other = *s;

	other.order = 1;
	same_cost(s, &other, 2, 1, seed);
	other = *s;
	other.price_factor = 2;
	same_cost(s, &other, 1, 2, seed);
	other = *s;
	other.vendors = renamed;
	for (int v = 0; v < 2; v++) { /* as the evidence names them */
		char *at = strstr(other.evidence, vendor_names[v]);

		for (; at; at = strstr(at, vendor_names[v]))
			memcpy(at, renamed[v], 4);
	}
	if (!strstr(other.evidence, "t1")) /* the report is about a product, whose name is longer */
		same_cost(s, &other, 1, 1, seed);
}

static bool one_case(uint64_t seed, struct tally *t)
{
	struct small s;
	struct search x = { .s = &s, .best = { -1, -1, -1 } };

	make_case(&s, seed);
	if (s.element_count > ELEMENTS) {
		t->skipped++;
		return false;
	}
	units_make(&x);
	x.seen = malloc(SEEN * sizeof *x.seen);
	x.slots = calloc(SLOTS, sizeof *x.slots);
	enumerate(&x, 0);
	free(x.seen);
	free(x.slots);
	if (x.too_many || (x.best[2] == 0 && seed % 4)) { /* mostly those in which there is something to mend */
		t->skipped += x.too_many;
		return false;
	}
	t->cases++;
	compare(&s, &x, t, seed);
	if (seed % 16 == 0)
		check_symmetries(&s, seed);
	return true;
}

static void of_kind(const struct tally *t, const char *kind)
{
	int count = 0;

	for (int i = 0; i < STATEMENTS; i++)
		count += strcmp(statements[i].kind, kind) ? 0 : t->binds[i];
	if (count < 50)
		fail_msg("rules of the kind %s bind in %d cases only", kind, count);
}

static void test_every_choice(void **state)
{
	const char *only = getenv("PLAN_SEED"), *many = getenv("PLAN_CASES");
	int cases = many ? atoi(many) : CASES;
	struct tally t = { 0 };

	(void)state;
	if (only) {
		one_case(strtoull(only, NULL, 10), &t);
		return;
	}
	for (uint64_t seed = 1; t.cases < cases; seed++)
		one_case(seed, &t);
	print_message(
		"%d cases (%d too large): nothing %d, found %d (%d with a schedule, %d sought together), undetermined "
		"%d, impossible %d; %d with pairs, %d pay for a border, %d add, %d remove, %d restrict; in %d "
		"something would have helped\n",
		t.cases, t.skipped, t.by_status[PLAN_NOTHING], t.by_status[PLAN_FOUND], t.scheduled, t.together,
		t.by_status[PLAN_UNDETERMINED], t.by_status[PLAN_IMPOSSIBLE], t.pairs, t.borders, t.added, t.removed,
		t.restricted, t.missing);
	for (int i = 0; i < STATEMENTS; i++)
		print_message("%5d  %s\n", t.binds[i], statements[i].text);
	if (cases < ENOUGH)
		return;
	for (int i = 0; i < STATEMENTS; i++)
		of_kind(&t, statements[i].kind);
	assert_true(t.by_status[PLAN_IMPOSSIBLE] >= 200 && t.by_status[PLAN_UNDETERMINED] >= 100 && t.scheduled >= 200);
	assert_true(t.together >= 10 && t.borders >= 10 && t.added >= 10 && t.removed >= 50 && t.restricted >= 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_choice) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
