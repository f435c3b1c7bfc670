/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change: a choice as people read it - what is done to which elements, from what to what, at what price, because of which
 * rules, by when; and as files that can be judged again.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

struct bundle { /* elements that get the same offer and were the same */
	uint32_t offer;
	uint32_t vendor, product, version; /* before */
	struct {
		uint32_t *items;
		size_t count, room;
	} states;
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

static struct bundle *bundle_for(struct planning *p, struct bundles *all, uint32_t state)
{
	const struct net *net = p->task->net;
	uint32_t e = p->origin[state];
	struct bundle key = { .offer = p->offer_of[state],
			      .vendor = code_of(net, "vendor", e),
			      .product = code_of(net, "product", e),
			      .version = code_of(net, "version", e) };

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
static void add_fee(struct planning *p, struct fees *paid, struct bundle *b, uint32_t state)
{
	const struct net *net = p->task->net;
	int64_t fee = p->task->offers->offers[b->offer].region_fixed;
	uint32_t site = code_of(net, "site", p->origin[state]);
	uint32_t region = CODE_IS_KNOWN(site) ? net_column(net, NET_SITES, "region")->codes[site] : CODE_UNKNOWN;

	for (size_t i = 0; i < paid->count; i++)
		if (paid->items[i].offer == b->offer && paid->items[i].region == region)
			return;
	array_add(paid);
	paid->items[paid->count - 1].offer = b->offer;
	paid->items[paid->count - 1].region = region;
	money_add(&b->cost, &(struct plan_money){ fee, fee, fee });
}

static void bundles_make(struct planning *p, const uint32_t *choice, struct bundles *all)
{
	struct fees paid = { 0 };

	for (uint32_t u = 0; u < p->units.count; u++) {
		const struct option *o = &p->options.items[choice[u]];

		for (uint32_t k = 0; k < p->units.items[u].members; k++) {
			uint32_t state = state_of(p, o, k);
			struct plan_money cost;
			struct bundle *b;

			if (p->offer_of[state] == NO_OFFER)
				continue;
			b = bundle_for(p, all, state);
			*array_add(&b->states) = state;
			cost = price_of_member(p, o, k);
			money_add(&b->cost, &cost);
			add_fee(p, &paid, b, state);
		}
	}
	free(paid.items);
}

/* ---- why ---------------------------------------------------------------------------------------------------------------- */

static struct complaints complaints_make(struct planning *p)
{
	struct complaints c = { .bad = arena_array(p->scratch, p->task->policy_count + 1, sizeof *c.bad) };
	struct arena *a = arena_new();

	for (size_t i = 0; i < p->task->policy_count; i++) {
		struct findings all;

		c.bad[i] = arena_alloc(p->scratch, p->row_counts[i] + 1);
		findings_by_policy(p, a, i, p->task->net, p->task->evidence, true, &all);
		for (size_t k = 0; k < all.count; k++) {
			size_t row = finding_is_bad(&all.items[k], TIER_HOLDS) ? row_of_finding(p, i, &all.items[k])
									       : SIZE_MAX;

			if (row != SIZE_MAX)
				c.bad[i][row] = true;
		}
		free(all.items);
	}
	arena_free(a);
	return c;
}

static bool bundle_mends(const struct planning *p, size_t policy, const struct policy_row *r, const struct bundle *b)
{
	const struct plan_offer *o = &p->task->offers->offers[b->offer];

	if (o->what == PLAN_EVIDENCE)
		return r->kind == POLICY_ROW_EVIDENCE && !strcmp(r->need.kind, o->evidence_kind);
	for (size_t i = 0; i < b->states.count; i++) {
		uint32_t now = b->states.items[i], before = p->origin[now];

		if ((r->target[before] || r->target[now]) && state_matters(p, policy, r, before, now))
			return true;
	}
	return false;
}

static void change_why(struct planning *p, const struct complaints *c, const struct bundle *b,
		       struct plan_change *change, struct proviso *proviso)
{
	const char **mends = arena_array(p->arena, p->rule_count + 1, sizeof *mends);
	bool later = true;

	for (size_t i = 0; i < p->task->policy_count; i++)
		for (size_t k = 0; k < p->row_counts[i]; k++) {
			const struct policy_row *r = &p->rows[i][k];
			const char *name;

			if (!c->bad[i][k] || !bundle_mends(p, i, r, b))
				continue;
			if (r->by == DATE_NONE || r->by < p->task->on)
				later = false;
			else if (change->due == DATE_NONE || r->by < change->due)
				change->due = r->by;
			if (!change->mend_count) {
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

static void change_elements(struct planning *p, const struct bundle *b, struct plan_change *c)
{
	const char **ids = arena_array(p->arena, b->states.count + 1, sizeof *ids);

	for (size_t i = 0; i < b->states.count; i++)
		ids[i] = net_id(p->task->net, NET_ELEMENTS, p->origin[b->states.items[i]]);
	if (b->states.count)
		qsort(ids, b->states.count, sizeof *ids, by_text);
	c->elements = ids;
	c->element_count = b->states.count;
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
	for (size_t i = 0; i < b->states.count && c->element_count > NAMES && !evidence; i++) {
		const char *name = region_name(p->task->net, p->origin[b->states.items[i]]);
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
		sink_printf(s, " and %zu more regions", all.count - REGIONS);
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
	about.cost = c->cost.likely;
	if (c->what == PLAN_EVIDENCE) {
		about.what = arena_printf(p->arena, "obtain a %s for %s (offer %s)", c->to, c->from, c->offer->name);
		about.closes = arena_printf(p->arena, "a %s on file that an assessment accepts", c->to);
	} else {
		about.what = arena_printf(p->arena, "%s %zu element%s of %s %s %s (offer %s)",
					  c->what == PLAN_SWAP ? "replace" : "upgrade", c->element_count, s, c->from,
					  c->what == PLAN_SWAP ? "by" : "to", c->to, c->offer->name);
		about.closes = "an inventory that shows it, and an assessment in which the rules hold";
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
	change_elements(p, b, c);
	if (o->what == PLAN_EVIDENCE) {
		c->from = build_text(p, o->vendor, o->product, o->version);
		c->to = o->evidence_kind;
	} else {
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

static void promises_add(struct planning *p, struct plan *plan, struct bundles *all, const bool *evidence)
{
	struct claim *claims = arena_array(p->arena, p->task->offers->offer_count + 1, sizeof *claims);

	for (uint32_t k = 0; k < p->task->offers->offer_count; k++) {
		const struct plan_offer *o = &p->task->offers->offers[k];
		struct bundle *b;

		if (!evidence[k])
			continue;
		b = array_add(all);
		b->offer = k;
		b->cost = o->cost;
		for (uint32_t e = 0; e < p->elements; e++)
			if (is_about(plan->net, o, e))
				*array_add(&b->states) = e;
		claims[plan->claim_count++] = claim_of_offer(p, o);
	}
	plan->claims = claims;
	plan->assume_plan = plan->claim_count > 0 || p->task->weighing.assume_plan;
}

static void keep_findings(struct planning *p, struct plan *plan, const struct evidence *e)
{
	struct findings *out = &plan->findings;
	struct {
		struct finding *items;
		size_t count, room;
	} kept = { 0 };

	for (size_t i = 0; i < p->task->policy_count; i++) {
		struct findings all;

		findings_by_policy(p, p->arena, i, plan->net, e, false, &all);
		for (size_t k = 0; k < all.count; k++)
			*array_add(&kept) = all.items[k];
		if (!out->unknown_count) {
			out->unknown = all.unknown;
			out->unknown_count = all.unknown_count;
		}
		free(all.items);
	}
	out->items = arena_array(p->arena, kept.count + 1, sizeof *out->items);
	if (kept.count)
		memcpy(out->items, kept.items, kept.count * sizeof *kept.items);
	out->count = out->room = kept.count;
	free(kept.items);
	plan->unknown = out->unknown;
	plan->unknown_count = out->unknown_count;
}

void changes_make(struct planning *p, struct plan *plan, const uint32_t *choice, const bool *evidence)
{
	struct complaints why = complaints_make(p);
	struct bundles all = { 0 };

	plan->net = net_of_choice(p, p->arena, choice);
	bundles_make(p, choice, &all);
	promises_add(p, plan, &all, evidence);
	plan->changes = arena_array(p->arena, all.count + 1, sizeof *plan->changes);
	plan->provisos = arena_array(p->arena, all.count + 1, sizeof *plan->provisos);
	for (size_t i = 0; i < all.count; i++) {
		change_add(p, plan, &why, &all.items[i]);
		free(all.items[i].states.items);
	}
	free(all.items);
	keep_findings(p, plan, evidence_with(p, p->arena, evidence, NULL));
}

/* ---- as files ------------------------------------------------------------------------------------------------------------------ */

/* A column that the loader makes up itself, or that holds nothing, is not written. */
static bool is_written(const struct net *net, const struct net_column *c)
{
	if (c->measures) {
		for (uint32_t i = 0; i < net->table[NET_ELEMENTS].rows; i++)
			if (c->measures[i] != MEASURE_UNKNOWN)
				return true;
		return false;
	}
	for (uint32_t i = 0; i < net->table[NET_ELEMENTS].rows; i++)
		if (c->codes[i] != CODE_UNKNOWN)
			return true;
	return !strcmp(c->name, "site") || !strcmp(c->name, "function");
}

static bool differs(const struct net *net, const struct net *present, uint32_t row, uint32_t old)
{
	const struct net_table *t = &net->table[NET_ELEMENTS];
	char a[48], b[48];

	for (size_t i = 0; i < t->column_count; i++) {
		const struct net_column *c = net_column(present, NET_ELEMENTS, t->columns[i].name);
		const char *after = net_cell(net, NET_ELEMENTS, &t->columns[i], row, a);

		if (strcmp(after, c ? net_cell(present, NET_ELEMENTS, c, old, b) : ""))
			return true;
	}
	return false;
}

static void print_row(const struct net *net, const bool *written, uint32_t row, struct sink *sink)
{
	const struct net_table *t = &net->table[NET_ELEMENTS];
	char text[48];

	sink_csv(sink, net_id(net, NET_ELEMENTS, row));
	for (size_t i = 0; i < t->column_count; i++)
		if (written[i]) {
			sink_char(sink, ',');
			sink_csv(sink, net_cell(net, NET_ELEMENTS, &t->columns[i], row, text));
		}
	sink_char(sink, '\n');
}

void plan_print_elements(const struct plan *plan, const struct net *present, struct sink *sink)
{
	const struct net *net = plan->net;
	const struct net_table *t = &net->table[NET_ELEMENTS];
	uint32_t old_rows = present->table[NET_ELEMENTS].rows;
	struct arena *a = arena_new();
	bool *written = arena_alloc(a, t->column_count + 1), *kept = arena_alloc(a, (size_t)old_rows + 1);

	sink_text(sink, "element");
	for (size_t i = 0; i < t->column_count; i++) {
		written[i] = is_written(net, &t->columns[i]);
		if (written[i]) {
			sink_char(sink, ',');
			sink_csv(sink, t->columns[i].name);
		}
	}
	sink_char(sink, '\n');
	for (uint32_t i = 0; i < t->rows; i++) {
		uint32_t old = net->present_element[i];

		if (CODE_IS_KNOWN(old))
			kept[old] = true;
		if (!CODE_IS_KNOWN(old) || differs(net, present, i, old))
			print_row(net, written, i, sink);
	}
	for (uint32_t i = 0; i < old_rows; i++)
		if (!kept[i]) {
			sink_csv(sink, arena_printf(a, "-%s", net_id(present, NET_ELEMENTS, i)));
			for (size_t c = 0; c < t->column_count; c++)
				if (written[c])
					sink_char(sink, ',');
			sink_char(sink, '\n');
		}
	arena_free(a);
}

void plan_print_evidence(const struct plan *plan, struct sink *sink)
{
	for (size_t i = 0; i < plan->claim_count; i++)
		claim_print(&plan->claims[i], sink);
}
