/* SPDX-License-Identifier: Apache-2.0 */
/* Small cases as the files that a user would write, and loaded from them. */
#ifndef PROVISO_TESTS_PLAN_WRITTEN_H
#define PROVISO_TESTS_PLAN_WRITTEN_H

#include "plan_small.h"

static void number_or_none(char out[16], int number)
{
	*out = 0;
	if (number >= 0)
		snprintf(out, 16, "%d", number);
}

static void write_offers(const struct small *s, char *out)
{
	static const char *const whats[] = { "element", "upgrade", "evidence", "restrict", "remove" };
	static const char *const words[] = { "", "low", "high" };
	char name[32], per[16], lead[16];

	*out = 0;
	add_text(out, "offer,vendor,product,version,function,what,cost_likely,currency,region,region_fixed,minimum,per_"
		      "quarter,"
		      "evidence_kind,lead_days,source,for,from,available_until,running_per_year,reference_point\n");
	for (int k = 0; k < s->offer_count; k++) {
		int i = s->order ? s->offer_count - 1 - k : k;
		const struct offer *o = &s->offers[i];
		bool of_product = o->what <= EVIDENCE;

		number_or_none(per, o->per_quarter);
		number_or_none(lead, o->lead);
		add_text(out, "o%d,%s,%s,%s,%s,%s,%d,EUR,%s,%d,%d,%s,%s,%s,list,%s,%s,%s,%d,%s\n", i,
			 of_product           ? s->vendors[o->vendor]
			 : o->end_vendor >= 0 ? s->vendors[o->end_vendor]
					      : "",
			 !of_product || o->product < 0 ? "" : product_name(s, o->vendor, o->product, name),
			 of_product ? versions[o->version] : "", o->what == EVIDENCE ? "" : functions[o->function],
			 whats[o->what], o->cost * s->price_factor, o->north && o->what != EVIDENCE ? "north" : "",
			 o->fixed * s->price_factor, o->minimum, per,
			 o->what == EVIDENCE ? (o->cost % 20 > 10 ? "audit" : "test-report") : "", lead, words[o->word],
			 froms[o->from].text, untils[o->until].text, 73 * o->running * s->price_factor,
			 o->narrows ? "N3" : "");
	}
}

static void write_costs(const struct small *s, char *out)
{
	int f = s->price_factor;

	snprintf(out, TEXT,
		 "item,function,region,likely\nremoval,,,%d\nsite-visit,,,%d\nwrite-off,gNB,,%d\nremoval,gNB,north,%d\n"
		 "border,,,%d\ndual-running,AMF,,%d\ncontract-exit,,north,%d\n",
		 s->removal * f, s->visit * f, s->off * f, (s->removal + 2) * f, s->border * f, s->dual * f,
		 s->exit * f);
}

static void write_pairs(const struct small *s, char *out)
{
	static const char *const scopes[] = { "site", "cluster", "region", "link" };
	size_t n = (size_t)snprintf(out, TEXT, "vendor_a,function_a,vendor_b,function_b,scope,relation\n");

	for (int i = 0; i < s->pair_count; i++) {
		const struct pair *p = &s->pairs[i];

		n += (size_t)snprintf(out + n, TEXT - n, "%s,%s,%s,%s,%s,%s\n",
				      p->vendor_a < 0 ? "" : s->vendors[p->vendor_a], functions[p->function_a],
				      p->vendor_b < 0 ? "" : s->vendors[p->vendor_b], functions[p->function_b],
				      scopes[p->scope], p->needs ? "needs" : "excludes");
	}
}

static void write_crews(const struct small *s, char *out)
{
	static const char *const names[] = { "", "2026-Q1", "2026-Q2", "2026-Q3" };
	size_t n = (size_t)snprintf(out, TEXT, "region,quarter,elements\n");

	for (int i = 0; i < s->crew_count; i++)
		n += (size_t)snprintf(out + n, TEXT - n, "%s,%s,%d\n", s->crews[i].north ? "north" : "",
				      names[s->crews[i].quarter + 1], s->crews[i].elements);
}

/* What an element is: a state of an offer, as things stand (-1), both at once (while it is changed). */
struct state {
	int offer; /* -1: as things stand */
	bool both;
};

static bool stands(const struct small *s, int i, int offer)
{
	return offer < 0 ? !s->elements[i].extra : s->offers[offer].what != REMOVE;
}

static int vendor_now(const struct small *s, int i, int offer)
{
	return offer >= 0 && s->offers[offer].what == ELEMENT ? s->offers[offer].vendor : s->elements[i].vendor;
}

static size_t write_element(const struct small *s, int i, int offer, const char *mark, char *out, size_t room)
{
	const struct element *e = &s->elements[i];
	const struct offer *o = offer < 0 ? NULL : &s->offers[offer];
	bool swapped = o && o->what == ELEMENT;
	int vendor = swapped ? o->vendor : e->vendor, product = swapped ? o->product : e->product,
	    version = o ? o->version : e->version;
	char name[32], id[32], load[16], host[16];

	if (e->extra)
		snprintf(id, sizeof id, "extra%d%s", i, mark);
	else
		snprintf(id, sizeof id, "e%d%s", i, mark);
	number_or_none(load, e->extra ? -1 : 10 * (i + 1));
	snprintf(host, sizeof host, e->host < 0 ? "none" : "e%d", e->host);
	return (size_t)snprintf(out, room, "%s,s%d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", id, e->site,
				functions[e->function], e->function || e->extra ? "" : "5G-SA",
				vendor < 0 ? "" : s->vendors[vendor],
				product >= 0 ? product_name(s, vendor, product, name)
				: swapped    ? "none"
					     : "",
				*versions[version] ? versions[version]
				: o                ? "none"
						   : "",
				e->group < 0 ? ""
				: e->group   ? "g1"
					     : "g0",
				e->cluster < 0 ? ""
				: e->cluster   ? "c1"
					       : "c0",
				swapped  ? (o->from ? froms[o->from].text : "2026-01-01")
				: e->old ? "2000-01-01"
					 : "2024-01-01",
				load,
				e->manager >= 0       ? s->vendors[e->manager]
				: e->extra || s->wide ? "none"
						      : "",
				host,
				e->extra    ? ""
				: e->shared ? "other"
					    : "none",
				e->extra ? ""
				: e->low ? "low"
					 : "high");
}

/* Where a proposal has not been carried out. */
static size_t write_element_today(const struct small *s, int i, char *out, size_t room)
{
	struct small today = *s;

	if (s->elements[i].fresh)
		return 0;
	if (s->elements[i].was >= 0) {
		today.elements[i].vendor = s->elements[i].was;
		today.elements[i].product = 0;
	}
	return write_element(&today, i, -1, "", out, room);
}

static const char elements_header[] = "element,site,function,technology,vendor,product,version,group,cluster,since,"
				      "load,managed_by,hosted_on,shared_with,"
				      "class\n";

/* elements.csv as things stand. */
static void write_elements(const struct small *s, char *out)
{
	size_t n = (size_t)snprintf(out, TEXT, "%s", elements_header);

	for (int k = 0; k < s->element_count; k++) {
		int i = s->order ? s->element_count - 1 - k : k;

		if (!s->elements[i].extra)
			n += write_element_today(s, i, out + n, TEXT - n);
	}
}

/* The proposal's: whatever is not as things stand. */
static void write_proposal(const struct small *s, const struct state *now, char *out)
{
	size_t n = (size_t)snprintf(out, TEXT, "%s", elements_header);

	for (int i = 0; i < s->element_count; i++) {
		bool differs = s->elements[i].fresh || s->elements[i].was >= 0;

		if ((now[i].offer < 0 || now[i].both) && differs)
			n += write_element(s, i, -1, "", out + n, TEXT - n);
		if (now[i].offer < 0)
			continue;
		if (!stands(s, i, now[i].offer)) {
			if (!now[i].both && !s->elements[i].fresh)
				n += (size_t)snprintf(out + n, TEXT - n, "-e%d,,,,,,,,,,,,,,\n", i);
		} else {
			n += write_element(s, i, now[i].offer, now[i].both ? "-new" : "", out + n, TEXT - n);
		}
	}
}

/* restricted: NULL as things stand, else what the proposal says of those that are, by an offer each. */
static void write_links(const struct small *s, const struct state *now, const bool *restricted, const int *offer,
			char *out)
{
	size_t n = (size_t)snprintf(out, TEXT, "link,a,b,reference_point\n");

	for (int i = 0; i < s->link_count; i++) {
		int a = s->link_a[i], b = s->link_b[i];

		if (restricted && (!restricted[i] || !stands(s, a, now[a].offer) || !stands(s, b, now[b].offer)))
			continue; /* what stands at neither end went with it */
		if (restricted && !s->offers[offer[i]].narrows)
			n += (size_t)snprintf(out + n, TEXT - n, "-l%d,,,\n", i);
		else
			n += (size_t)snprintf(out + n, TEXT - n, "l%d,e%d,e%d,N%d\n", i, a, b,
					      restricted ? s->offers[offer[i]].narrows : s->over[i]);
	}
}

/* ---- pairs -------------------------------------------------------------------------------------------------------------------- */

static bool is_side(const struct small *s, const struct state *now, int i, int vendor, int function)
{
	return stands(s, i, now[i].offer) && s->elements[i].function == function &&
	       (vendor < 0 || vendor_now(s, i, now[i].offer) == vendor);
}

static bool is_swapped(const struct small *s, const struct state *now, int i)
{
	return now[i].offer >= 0 && s->offers[now[i].offer].what == ELEMENT;
}

/* Are two elements in one place of the scope? */
static bool meet(const struct small *s, int scope, int a, int b)
{
	if (scope < 3)
		return place_of(s, scope, a) >= 0 && place_of(s, scope, a) == place_of(s, scope, b);
	for (int i = 0; i < s->link_count; i++)
		if ((s->link_a[i] == a && s->link_b[i] == b) || (s->link_a[i] == b && s->link_b[i] == a))
			return true;
	return false;
}

static bool has_neighbour(const struct small *s, const struct state *now, int p, int a)
{
	const struct pair *first = &s->pairs[p];

	for (int q = 0; q < s->pair_count; q++) {
		const struct pair *pair = &s->pairs[q];

		if (!pair->needs || pair->vendor_a != first->vendor_a || pair->function_a != first->function_a ||
		    pair->function_b != first->function_b || pair->scope != first->scope)
			continue;
		for (int b = 0; b < s->element_count; b++)
			if (meet(s, pair->scope, a, b) && is_side(s, now, b, pair->vendor_b, pair->function_b))
				return true;
	}
	return false;
}

static bool pairs_kept(const struct small *s, const struct state *now)
{
	struct state today[ELEMENTS];

	for (int i = 0; i < ELEMENTS; i++)
		today[i] = (struct state){ -1, false };
	for (int p = 0; p < s->pair_count; p++)
		for (int a = 0; a < s->element_count; a++) {
			const struct pair *pair = &s->pairs[p];

			if (!is_side(s, now, a, pair->vendor_a, pair->function_a) ||
			    (pair->scope < 3 && place_of(s, pair->scope, a) < 0))
				continue;
			if (pair->needs && (is_swapped(s, now, a) || has_neighbour(s, today, p, a)) &&
			    !has_neighbour(s, now, p, a))
				return false;
			for (int b = 0; b < s->element_count && !pair->needs; b++)
				if (meet(s, pair->scope, a, b) &&
				    is_side(s, now, b, pair->vendor_b, pair->function_b) &&
				    (is_swapped(s, now, a) || is_swapped(s, now, b)))
					return false;
		}
	return true;
}

/* ---- loading -------------------------------------------------------------------------------------------------------------- */

struct loaded {
	struct arena *arena;
	struct diagnostics diagnostics;
	struct strs *strs;
	struct net *present, *proposed;
	struct evidence *evidence;
	struct policy *policies[2];
	size_t policy_count;
	struct weighing weighing;
};

static struct source *memory(struct loaded *l, const char *name, const char *text)
{
	return source_of_memory(l->arena, name, arena_text(l->arena, text, strlen(text)), strlen(text));
}

static void no_errors(const struct loaded *l)
{
	for (size_t i = 0; i < l->diagnostics.count; i++)
		if (l->diagnostics.items[i].severity == SEVERITY_ERROR)
			fail_msg("%s: %s", l->diagnostics.items[i].place.file, l->diagnostics.items[i].text);
}

static void load_network(struct loaded *l, const struct small *s, const char *elements, const char *links)
{
	char text[TEXT];
	struct net_input inputs[5], changes[2];
	size_t count = 0, change_count = 0;
	int n = 0;

	n = snprintf(text, sizeof text, "vendor,jurisdiction,owner,tag\n");
	for (int v = 0; v < 3; v++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s,%s,%s,%c\n", s->vendors[v],
			      v == 0   ? "XA"
			      : v == 1 ? "XB"
				       : "",
			      v == 0 ? "holding" : "none", 'A' + v);
	inputs[count++] = (struct net_input){ NET_VENDORS, memory(l, "vendors.csv", text) };
	n = snprintf(text, sizeof text, "product,vendor,lifetime_years\n");
	for (int v = 0; v < 3; v++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s-0,%s,10\n%s-1,%s,\n", s->vendors[v], s->vendors[v],
			      s->vendors[v], s->vendors[v]);
	inputs[count++] = (struct net_input){ NET_PRODUCTS, memory(l, "products.csv", text) };
	inputs[count++] = (struct net_input){ NET_SITES, memory(l, "sites.csv", s->sites) };
	write_elements(s, text);
	inputs[count++] = (struct net_input){ NET_ELEMENTS, memory(l, "elements.csv", text) };
	if (s->links) {
		write_links(s, NULL, NULL, NULL, text);
		inputs[count++] = (struct net_input){ NET_LINKS, memory(l, "links.csv", text) };
	}
	if (elements)
		changes[change_count++] =
			(struct net_input){ NET_ELEMENTS, memory(l, "proposal/elements.csv", elements) };
	if (links)
		changes[change_count++] = (struct net_input){ NET_LINKS, memory(l, "proposal/links.csv", links) };
	l->present = net_load(l->arena, l->strs, &l->diagnostics, inputs, count, changes, change_count, &l->proposed);
}

/* elements, links: of a proposal, or NULL. */
static void load(struct loaded *l, const struct small *s, const char *elements, const char *links, const char *claims)
{
	char proposal[TEXT];

	*l = (struct loaded){ .arena = arena_new() };
	diagnostics_init(&l->diagnostics, l->arena);
	l->strs = strs_new(l->arena);
	if (s->proposal && !elements) {
		struct state none[ELEMENTS];

		for (int i = 0; i < ELEMENTS; i++)
			none[i] = (struct state){ -1, false };
		write_proposal(s, none, proposal);
		elements = proposal;
	}
	load_network(l, s, elements, links);
	l->evidence = evidence_new(l->arena, &l->diagnostics);
	evidence_add(l->evidence, document_parse(l->arena, memory(l, "e.proviso", s->evidence), &l->diagnostics));
	if (claims && *claims)
		evidence_add(l->evidence, document_parse(l->arena, memory(l, "m.proviso", claims), &l->diagnostics));
	l->weighing = (struct weighing){ .assume_plan = claims && *claims };
	assert_true(date_parse("2026-01-01", 10, &l->weighing.on));
	evidence_weigh(l->evidence, &l->weighing);
	for (int i = 0; i < 1 + (*s->more != 0); i++)
		l->policies[l->policy_count++] = policy_read(
			l->arena, &l->diagnostics, NULL,
			document_parse(l->arena, memory(l, i ? "q.proviso" : "p.proviso", i ? s->more : s->policy),
				       &l->diagnostics));
	no_errors(l);
}

static void unload(struct loaded *l)
{
	diagnostics_free(&l->diagnostics);
	arena_free(l->arena);
}

static struct plan_task *task_of(struct loaded *l, const struct small *s, unsigned threads)
{
	const struct policy **policies = arena_array(l->arena, 2, sizeof *policies);
	struct plan_task *task = arena_alloc(l->arena, sizeof *task);
	struct plan_sources from = { 0 };
	char text[TEXT];

	policies[0] = l->policies[0];
	policies[1] = l->policies[1];
	write_offers(s, text);
	from.offers = memory(l, "offers.csv", text);
	write_costs(s, text);
	from.costs = s->has_costs ? memory(l, "costs.csv", text) : NULL;
	write_pairs(s, text);
	from.pairs = s->pair_count ? memory(l, "pairs.csv", text) : NULL;
	write_crews(s, text);
	from.crews = s->crew_count ? memory(l, "crews.csv", text) : NULL;
	*task = (struct plan_task){ .net = s->proposal ? l->proposed : l->present,
				    .present = s->proposal ? l->present : NULL,
				    .policies = policies,
				    .policy_count = l->policy_count,
				    .evidence = l->evidence,
				    .weighing = l->weighing,
				    .offers = plan_offers_load(l->arena, s->proposal ? l->proposed : l->present, &from,
							       &l->diagnostics),
				    .on = l->weighing.on,
				    .until = DATE_NONE,
				    .budget = (int64_t)s->budget * s->price_factor * MICRO,
				    .threads = threads,
				    .strs = l->strs };
	no_errors(l);
	assert_non_null(task->offers);
	if (s->quarters)
		assert_true(date_parse(ends[s->quarters - 1], 10, &task->until));
	return task;
}

/* The case, as its files. */
static void show(const struct small *s)
{
	char text[4][TEXT];

	write_offers(s, text[0]);
	write_pairs(s, text[1]);
	write_elements(s, text[2]);
	write_links(s, NULL, NULL, NULL, text[3]);
	fprintf(stderr, "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\nquarters %d, budget %d\n", s->policy, s->more, text[0],
		text[1], s->sites, text[2], text[3], s->evidence, s->quarters, s->budget);
	for (int i = 0; i < s->element_count; i++)
		if (s->elements[i].fresh || s->elements[i].was >= 0)
			fprintf(stderr, "e%d is of %s in the proposal\n", i, s->vendors[s->elements[i].vendor]);
}

#endif
