/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change: a choice as people read it - what is done to which elements, from what to what, at what price, because of which
 * rules, by when; and as files that can be judged again.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

struct done {
	uint32_t state; /* of offers to restrict: the link */
	uint32_t quarter;
	struct plan_money cost; /* with the fee that it is the first to ask for */
};

struct bundle { /* elements that get the same offer and were the same */
	uint32_t offer;
	uint32_t vendor, product, version; /* before */
	struct {
		struct done *items;
		size_t count, room;
	} done;
	struct plan_money cost;
};

struct bundles {
	struct bundle *items;
	size_t count, room;
};

struct fees { /* offer and region that were paid for */
	struct {
		uint32_t offer, region;
	} * items;
	size_t count, room;
};

/* Statements that are bad as things stand, by policy. */
struct complaints {
	bool **bad;
};

static uint32_t code_of(const struct net *net, const char *column, uint32_t i)
{
	return net_column(net, NET_ELEMENTS, column)->codes[i];
}

static struct bundle *bundle_for(struct bundles *all, struct bundle key)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct bundle *b = &all->items[i];

		if (b->offer == key.offer && b->vendor == key.vendor && b->product == key.product &&
		    b->version == key.version)
			return &all->items[i];
	}
	*array_add(all) = key;
	return &all->items[all->count - 1];
}

/* What a region asks for the first time that an offer is used in it. */
static void add_fee(struct planning *p, struct fees *paid, uint32_t offer, uint32_t state, struct plan_money *cost)
{
	int64_t fee = p->task->offers->offers[offer].region_fixed;
	uint32_t region = region_of(p, p->origin[state]);

	for (size_t i = 0; i < paid->count; i++)
		if (paid->items[i].offer == offer && paid->items[i].region == region)
			return;
	array_add(paid);
	paid->items[paid->count - 1].offer = offer;
	paid->items[paid->count - 1].region = region;
	money_add(cost, &(struct plan_money){ fee, fee, fee });
}

static void add_done(struct bundle *b, struct done d)
{
	*array_add(&b->done) = d;
	money_add(&b->cost, &d.cost);
}

static void bundle_unit(struct planning *p, const struct chosen *c, uint32_t u, struct fees *paid, struct bundles *all)
{
	const struct option *o = &p->options.items[c->option[u]];

	for (uint32_t k = 0; k < p->units.items[u].members; k++) {
		uint32_t state = state_of(p, o, k), e = p->origin[state];
		struct done d = { state, c->quarter[u], { 0, 0, 0 } };

		if (p->offer_of[state] == NO_OFFER)
			continue;
		d.cost = price_of_member(p, o, k);
		add_fee(p, paid, p->offer_of[state], state, &d.cost);
		add_done(bundle_for(all, (struct bundle){ .offer = p->offer_of[state],
							  .vendor = code_of(p->base, "vendor", e),
							  .product = code_of(p->base, "product", e),
							  .version = code_of(p->base, "version", e) }),
			 d);
	}
	if (o->offer != NO_OFFER)
		add_done(bundle_for(all, (struct bundle){ .offer = o->offer }),
			 (struct done){ p->units.items[u].link, c->quarter[u], o->cost });
}

/* Unit by unit; with a schedule in order of time, so that a fee is paid with what comes first. */
static void bundles_make(struct planning *p, const struct chosen *c, struct bundles *all)
{
	struct fees paid = { 0 };

	for (size_t q = 0; q <= p->quarter_count; q++)
		for (uint32_t u = 0; u < p->units.count; u++)
			if (q < p->quarter_count ? c->quarter[u] == q : c->quarter[u] >= q)
				bundle_unit(p, c, u, &paid, all);
	free(paid.items);
}

/* ---- why ---------------------------------------------------------------------------------------------------------------- */

static struct complaints complaints_make(struct planning *p)
{
	struct complaints c = { .bad = arena_array(p->scratch, p->task->policy_count + 1, sizeof *c.bad) };
	struct arena *a = arena_new();
	const struct net *net = net_of_choice(p, a, chosen_new(p).option);
	int32_t days[2] = { 0, day_of(p, AT_END) - p->task->on };

	for (size_t i = 0; i < p->task->policy_count; i++)
		c.bad[i] = arena_alloc(p->scratch, p->row_counts[i] + 1);
	for (size_t i = 0; i < p->task->policy_count; i++)
		for (int d = 0; d < 2; d++) {
			struct findings all;

			findings_by_policy(p, a, i, net, p->task->evidence, true, days[d], NULL, &all);
			for (size_t k = 0; k < all.count; k++) {
				bool bad = finding_is_bad(&all.items[k], TIER_HOLDS);
				size_t row = bad ? row_of_finding(p, i, &all.items[k]) : SIZE_MAX;

				if (row != SIZE_MAX)
					c.bad[i][row] = true;
			}
			free(all.items);
		}
	arena_free(a);
	return c;
}

/* How many of its elements the statement asks for. */
static size_t bundle_mends(struct planning *p, size_t policy, const struct policy_row *r, const struct bundle *b)
{
	const struct plan_offer *o = &p->task->offers->offers[b->offer];
	const bool *spoken;
	size_t mended = 0;

	if (o->what == PLAN_EVIDENCE)
		return r->kind == POLICY_ROW_EVIDENCE && !strcmp(r->need.kind, o->evidence_kind);
	if (o->what == PLAN_RESTRICT)
		return r->kind == POLICY_ROW_PATHS;
	spoken = r->exact ? NULL : spoken_of(p, p->scratch, r);
	for (size_t i = 0; i < b->done.count; i++) {
		uint32_t now = b->done.items[i].state, before = p->origin[now];

		mended += (spoken ? spoken[before] : r->target[before] || r->target[now]) &&
			  state_matters(p, policy, r, before, now);
	}
	return mended;
}

static void change_why(struct planning *p, const struct complaints *c, const struct bundle *b,
		       struct plan_change *change, struct proviso *proviso)
{
	const char **mends = arena_array(p->arena, p->rule_count + 1, sizeof *mends);
	bool later = true, told_now = false;
	size_t most = 0;

	for (size_t i = 0; i < p->task->policy_count; i++)
		for (size_t k = 0; k < p->row_counts[i]; k++) {
			const struct policy_row *r = &p->end.rows[i][k];
			size_t mended = c->bad[i][k] ? bundle_mends(p, i, r, b) : 0;
			bool now = r->by == DATE_NONE || r->by < p->task->on;
			const char *name;

			if (!mended)
				continue;
			if (now)
				later = false;
			else if (change->due == DATE_NONE || r->by < change->due)
				change->due = r->by;
			/* told as the reason is a rule that is broken today, if any, and of these who asks for most of it */
			if (now != told_now ? now : mended > most) {
				most = mended;
				told_now = now;
				proviso->policy = r->policy;
				proviso->rule = r->rule;
				proviso->source = r->source;
			}
			name = arena_printf(p->arena, "%s/%s", r->policy, r->rule);
			if (!change->mend_count || strcmp(mends[change->mend_count - 1], name))
				mends[change->mend_count++] = name;
		}
	if (!later)
		change->due = DATE_NONE;
	change->mends = mends;
}

/* ---- in words -------------------------------------------------------------------------------------------------------------- */

static const char *build_text(const struct planning *p, uint32_t vendor, uint32_t product, uint32_t version)
{
	const struct net *net = p->task->net;
	const char *what = CODE_IS_KNOWN(product) ? net_id(net, NET_PRODUCTS, product)
			   : CODE_IS_KNOWN(vendor)
				   ? arena_printf(p->arena, "%s (unknown product)", net_id(net, NET_VENDORS, vendor))
				   : "(unknown)";

	return CODE_IS_KNOWN(version) ? arena_printf(p->arena, "%s %s", what, strs_text(net->strs, version)) : what;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *id_of_done(struct planning *p, const struct bundle *b, const struct done *d)
{
	if (p->task->offers->offers[b->offer].what == PLAN_RESTRICT)
		return net_link_id(p->base, d->state, p->arena);
	return net_id(p->base, NET_ELEMENTS, p->origin[d->state]);
}

/* Of a quarter, or of all. */
static const char *const *ids_of(struct planning *p, const struct bundle *b, uint32_t quarter, bool all, size_t *count)
{
	const char **ids = arena_array(p->arena, b->done.count + 1, sizeof *ids);

	*count = 0;
	for (size_t i = 0; i < b->done.count; i++)
		if (all || b->done.items[i].quarter == quarter)
			ids[(*count)++] = id_of_done(p, b, &b->done.items[i]);
	if (*count)
		qsort(ids, *count, sizeof *ids, by_text);
	return ids;
}

struct region_tally {
	const char *name;
	size_t count;
};

static int by_count(const void *a, const void *b)
{
	const struct region_tally *x = a, *y = b;

	return x->count != y->count ? (x->count > y->count ? -1 : 1) : strcmp(x->name, y->name);
}

static const char *region_name(const struct net *net, uint32_t element)
{
	uint32_t site = code_of(net, "site", element);
	uint32_t region = CODE_IS_KNOWN(site) ? net_column(net, NET_SITES, "region")->codes[site] : CODE_UNKNOWN;

	return CODE_IS_KNOWN(region) ? strs_text(net->strs, region) : "(unknown)";
}

/* Their names where they are few; else how many in which regions, most first. */
static const char *where_text(struct planning *p, const struct bundle *b, const struct plan_change *c)
{
	enum { NAMES = 6, REGIONS = 5 };
	struct sink *s = sink_to_memory(p->arena);
	bool evidence = c->what == PLAN_EVIDENCE;
	struct {
		struct region_tally *items;
		size_t count, room;
	} all = { 0 };

	for (size_t i = 0; i < c->element_count && c->element_count <= NAMES; i++)
		sink_printf(s, "%s%s", i ? ", " : "", c->elements[i]);
	if (evidence && c->element_count > NAMES)
		sink_printf(s, "needed by %zu elements", c->element_count);
	for (size_t i = 0; i < b->done.count && c->element_count > NAMES && !evidence; i++) {
		uint32_t at = b->done.items[i].state;
		bool link = c->what == PLAN_RESTRICT;
		const char *name =
			region_name(p->base, link ? net_column(p->base, NET_LINKS, "a")->codes[at] : p->origin[at]);
		size_t k = 0;

		while (k < all.count && strcmp(all.items[k].name, name))
			k++;
		if (k == all.count)
			*array_add(&all) = (struct region_tally){ name, 0 };
		all.items[k].count++;
	}
	if (all.count)
		qsort(all.items, all.count, sizeof *all.items, by_count);
	for (size_t i = 0; i < all.count && i < REGIONS; i++)
		sink_printf(s, "%s%s (%zu)", i ? ", " : "", all.items[i].name, all.items[i].count);
	if (all.count > REGIONS)
		sink_printf(s, " and %zu more region%s", all.count - REGIONS, all.count == REGIONS + 1 ? "" : "s");
	free(all.items);
	return sink_memory(s, NULL);
}

static struct proviso proviso_of(struct planning *p, const struct bundle *b, const struct plan_change *c,
				 struct proviso about)
{
	const char *s = c->element_count == 1 ? "" : "s";

	about.who = "operator";
	about.by = c->due;
	about.where = where_text(p, b, c);
	about.has_cost = true;
	about.id = c->id;
	about.cost = c->cost.likely;
	about.closes = "an inventory that shows it, and an assessment in which the rules hold";
	if (c->what == PLAN_EVIDENCE) {
		about.what = arena_printf(p->arena, "obtain a %s for %s (offer %s)", c->to, c->from, c->offer->name);
		about.closes = arena_printf(p->arena, "a %s on file that an assessment accepts", c->to);
	} else if (c->what == PLAN_RESTRICT) {
		about.what = *c->to ? arena_printf(p->arena, "narrow %zu link%s to %s (offer %s)", c->element_count, s,
						   c->to, c->offer->name)
				    : arena_printf(p->arena, "take out %zu link%s (offer %s)", c->element_count, s,
						   c->offer->name);
	} else if (c->what == PLAN_REMOVE) {
		about.what = arena_printf(p->arena, "take away %zu element%s of %s (offer %s)", c->element_count, s,
					  c->from, c->offer->name);
	} else if (!*c->from) {
		about.what = arena_printf(p->arena, "add %zu element%s of %s (offer %s)", c->element_count, s, c->to,
					  c->offer->name);
	} else {
		about.what = arena_printf(p->arena, "%s %zu element%s of %s %s %s (offer %s)",
					  c->what == PLAN_SWAP ? "replace" : "upgrade", c->element_count, s, c->from,
					  c->what == PLAN_SWAP ? "by" : "to", c->to, c->offer->name);
	}
	return about;
}

static void change_add(struct planning *p, struct plan *plan, const struct complaints *why, const struct bundle *b)
{
	const struct plan_offer *o = &p->task->offers->offers[b->offer];
	struct plan_change *c = &plan->changes[plan->change_count++];
	struct proviso about = { .policy = "", .rule = "" };

	*c = (struct plan_change){ .id = arena_printf(p->arena, "c%zu", plan->change_count),
				   .what = o->what,
				   .offer = o,
				   .cost = b->cost,
				   .due = DATE_NONE };
	c->elements = ids_of(p, b, 0, true, &c->element_count);
	c->from = c->to = "";
	if (o->what == PLAN_EVIDENCE) {
		c->from = build_text(p, o->vendor, o->product, o->version);
		c->to = o->evidence_kind;
	} else if (o->what == PLAN_REMOVE) {
		c->from = build_text(p, b->vendor, b->product, b->version);
	} else if (o->what == PLAN_RESTRICT) {
		c->to = CODE_IS_KNOWN(o->reference_point) ? net_reference_points[o->reference_point].name : "";
	} else {
		if (p->origin[b->done.items[0].state] < p->real)
			c->from = build_text(p, b->vendor, b->product, b->version);
		c->to = build_text(p, o->vendor,
				   o->what == PLAN_UPGRADE && !CODE_IS_KNOWN(o->product) ? b->product : o->product,
				   o->version);
	}
	change_why(p, why, b, c, &about);
	money_add(&plan->cost, &c->cost);
	plan->assumed |= !*o->source;
	plan->provisos[plan->proviso_count++] = proviso_of(p, b, c, about);
}

static bool is_about(const struct net *net, const struct plan_offer *o, uint32_t element)
{
	return code_of(net, "product", element) == o->product &&
	       (!CODE_IS_KNOWN(o->version) || code_of(net, "version", element) == o->version);
}

static void promises_add(struct planning *p, struct plan *plan, struct bundles *all, const struct chosen *chosen)
{
	struct claim *claims = arena_array(p->arena, p->task->offers->offer_count + 1, sizeof *claims);

	for (uint32_t k = 0; k < p->task->offers->offer_count; k++) {
		const struct plan_offer *o = &p->task->offers->offers[k];
		struct bundle *b;

		if (!chosen->evidence[k])
			continue;
		b = array_add(all);
		b->offer = k;
		b->cost = o->cost;
		for (uint32_t e = 0; e < p->elements; e++) {
			uint32_t u = p->unit_of[e];
			uint32_t s =
				u == NO_UNIT ? e : state_of(p, &p->options.items[chosen->option[u]], p->place_of[e]);

			if (!p->gone[s] && is_about(p->wide, o, s))
				*array_add(&b->done) = (struct done){ s, (uint32_t)quarter_of_evidence(p, o), { 0 } };
		}
		claims[plan->claim_count++] = claim_of_offer(p, o);
	}
	plan->claims = claims;
	plan->assume_plan = plan->claim_count > 0 || p->task->weighing.assume_plan;
}

static void keep_findings(struct planning *p, struct plan *plan, const struct evidence *e)
{
	struct findings *out = &plan->findings, all = { 0 };

	for (size_t i = 0; i < p->task->policy_count; i++) {
		struct findings one;

		findings_by_policy(p, p->arena, i, plan->net, e, false, day_of(p, AT_END) - p->task->on, NULL, &one);
		assess_join(p->arena, &all, &one);
		free(one.items);
	}
	assess_rank_unknown(p->arena, &all);
	*out = all;
	out->items = arena_array(p->arena, all.count + 1, sizeof *out->items);
	if (all.count)
		memcpy(out->items, all.items, all.count * sizeof *all.items);
	out->room = all.count;
	free(all.items);
	plan->unknown = out->unknown;
	plan->unknown_count = out->unknown_count;
}

/* ---- when ------------------------------------------------------------------------------------------------------------------ */

static void step_add(struct planning *p, struct plan *plan, const struct bundle *b, size_t change, uint32_t quarter)
{
	struct plan_step *s = &plan->steps[plan->step_count];
	struct plan_quarter *q = &plan->quarters[quarter];
	bool evidence = plan->changes[change].what == PLAN_EVIDENCE;

	*s = (struct plan_step){ .quarter = quarter, .change = change };
	for (size_t i = 0; i < b->done.count; i++)
		if (b->done.items[i].quarter == quarter)
			money_add(&s->cost, &b->done.items[i].cost);
	s->elements = ids_of(p, b, quarter, false, &s->element_count);
	if (evidence)
		s->cost = b->cost;
	if (!s->element_count && !evidence)
		return;
	plan->step_count++;
	money_add(&q->cost, &s->cost);
	if (!evidence && plan->changes[change].what != PLAN_RESTRICT)
		q->elements += s->element_count;
}

/* Evidence that is there after the last quarter is paid for in it. */
static void steps_make(struct planning *p, struct plan *plan, const struct bundles *all)
{
	struct plan_money total = { 0, 0, 0 };

	plan->quarter_count = p->quarter_count;
	plan->scheduled = p->quarter_count > 0;
	if (!plan->scheduled)
		return;
	plan->quarters = arena_array(p->arena, p->quarter_count, sizeof *plan->quarters);
	memcpy(plan->quarters, p->quarters, p->quarter_count * sizeof *plan->quarters);
	plan->steps = arena_array(p->arena, all->count * p->quarter_count + 1, sizeof *plan->steps);
	for (uint32_t q = 0; q < p->quarter_count; q++) {
		for (size_t i = 0; i < all->count; i++) {
			const struct plan_offer *o = &p->task->offers->offers[all->items[i].offer];
			size_t when = o->what == PLAN_EVIDENCE ? quarter_of_evidence(p, o) : q;

			when = when < p->quarter_count ? when : p->quarter_count - 1;
			if (when == q)
				step_add(p, plan, &all->items[i], i, q);
		}
		money_add(&total, &plan->quarters[q].cost);
		plan->quarters[q].total = total;
	}
}

/* By how much the bill may differ: plans that are nearer to it are as good. */
static int64_t uncertainty(const struct plan_money *m)
{
	int64_t below = m->likely - m->low, above = m->high - m->likely, most = below > above ? below : above;

	return m->likely > 0 && most > 0 ? (int64_t)share_ppb(most, m->likely) : 0;
}

void changes_make(struct planning *p, struct plan *plan, const struct chosen *chosen)
{
	struct complaints why = complaints_make(p);
	struct bundles all = { 0 };

	plan->net = net_of_choice(p, p->arena, chosen->option);
	bundles_make(p, chosen, &all);
	promises_add(p, plan, &all, chosen);
	plan->changes = arena_array(p->arena, all.count + 1, sizeof *plan->changes);
	plan->provisos = arena_array(p->arena, all.count + 1, sizeof *plan->provisos);
	for (size_t i = 0; i < all.count; i++)
		change_add(p, plan, &why, &all.items[i]);
	steps_make(p, plan, &all);
	for (size_t i = 0; i < all.count; i++)
		free(all.items[i].done.items);
	free(all.items);
	borders_count(p, chosen->option, plan);
	plan->uncertain_ppb = uncertainty(&plan->cost);
	keep_findings(p, plan, evidence_with(p, p->arena, chosen->evidence, NULL, INT32_MAX));
}
