/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random small cases against every choice there is: each is written as a proposal, loaded like any other, and judged by
 * assess; prices are worked out here anew. The plan has to have the same verdict and the same cost.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plan/plan.h"

enum { CASES = 330, ELEMENTS = 5, OFFERS = 7, STATES = 160, TEXT = 8192, RULES = 4 };

/* ---- chance ------------------------------------------------------------------------------------------------------------ */

struct chance {
	uint64_t at;
};

static uint32_t below(struct chance *c, uint32_t n)
{
	c->at = c->at * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((c->at >> 33) % n);
}

/* ---- a case ------------------------------------------------------------------------------------------------------------- */

static const char *const vendors[] = { "acme", "bolt", "core" };
static const char *const functions[] = { "gNB", "AMF", "UPF" };
static const char *const versions[] = { "1", "2", "" };

struct element {
	int site, function, vendor, product, version; /* vendor, product -1: unknown */
	int group;                                    /* -1: none */
	bool old;                                     /* since 2000 */
};
struct offer {
	int what; /* 0 element, 1 upgrade, 2 evidence */
	int vendor, product, version, function;
	int cost, fixed, minimum;
	bool north;
};
struct state { /* of an element */
	int vendor, product, version, offer;
};
struct small {
	struct element elements[ELEMENTS];
	int element_count, site_count;
	struct offer offers[OFFERS];
	int offer_count;
	int removal, visit, off; /* costs.csv; off: write-off of gNB */
	bool has_costs, measure_gap, links;
	int rules[RULES], rule_count;
	char policy[TEXT], sites[512], links_text[1024], offers_text[2048], costs_text[512], evidence[1024];
};

/* The product of a vendor: p0 of acme is acme-0; two each. */
static const char *product_name(int vendor, int product, char out[32])
{
	snprintf(out, 32, "%s-%d", vendors[vendor], product);
	return out;
}

static const char *const products_text =
	"product,vendor,lifetime_years\nacme-0,acme,10\nacme-1,acme,\nbolt-0,bolt,10\nbolt-1,bolt,\n"
	"core-0,core,10\ncore-1,core,\n";
static const char *const vendors_text = "vendor,jurisdiction,owner\nacme,XA,holding\nbolt,XB,none\ncore,,none\n";

/* Statements; each kind is counted below. */
static const struct {
	const char *kind, *text;
} statements[] = {
	{ "forbid", "forbid vendor is acme in function is AMF" },
	{ "forbid", "forbid version is 1 in layer is access" },
	{ "forbid", "forbid vendor.designated in layer is core" },
	{ "forbid", "forbid jurisdiction-a when changed" },
	{ "limit", "limit vendor is acme to 40% of sites in layer is access" },
	{ "limit", "limit any vendor to 60% of elements" },
	{ "limit", "limit any vendor to 67% of population per region" },
	{ "limit", "limit any jurisdiction to 50% of load" },
	{ "limit", "limit vendor is bolt to 1 sites" },
	{ "limit", "limit any owner to 2 elements per site" },
	{ "limit", "limit vendor is acme to 2 vendors" },
	{ "limit", "limit layer is access or layer is core to 2 vendors" },
	{ "limit", "limit version is 1 to 50% of sites in vendor is acme or vendor is core" },
	{ "distinct", "require 2 vendors in layer is access" },
	{ "distinct", "require 2 vendors per region" },
	{ "distinct", "require 2 jurisdictions" },
	{ "distinct", "require 3 vendors" },
	{ "distinct", "require 2 vendors in version is 2 per site" },
	{ "distinct", "require 2 owners in layer is access per region" },
	{ "served", "require 50% of population served without any vendor" },
	{ "served", "require 100% of sites served without vendor is acme" },
	{ "served", "require 40% of sites served for 5g-sa without any jurisdiction" },
	{ "served", "require 30% of elements served without any version" },
	{ "evidence", "require evidence test-report for layer is core" },
	{ "evidence", "require evidence test-report for vendor is acme or vendor is core independent" },
	{ "evidence", "require evidence audit for layer is access" },
	{ "link", "deny vendor is acme to vendor is bolt" },
	{ "reach", "forbid vendor is core reaching function is AMF" },
};
enum { STATEMENTS = sizeof statements / sizeof *statements };

static void make_elements(struct small *s, struct chance *c)
{
	s->site_count = 1 + (int)below(c, 3);
	s->element_count = 2 + (int)below(c, ELEMENTS - 1);
	for (int i = 0; i < s->element_count; i++) {
		struct element *e = &s->elements[i];

		e->site = (int)below(c, (uint32_t)s->site_count);
		e->function = below(c, 3) ? 0 : (int)below(c, 3);
		e->vendor = below(c, 25) ? (int)below(c, 3) : -1;
		e->product = e->vendor >= 0 && below(c, 20) ? (int)below(c, 2) : -1;
		e->version = (int)(below(c, 20) ? below(c, 2) : 2);
		e->group = below(c, 3) ? -1 : (int)below(c, 2);
		e->old = below(c, 4) == 0;
	}
}

static void make_offers(struct small *s, struct chance *c)
{
	s->offer_count = below(c, 8) ? OFFERS - (int)below(c, 3) : (int)below(c, OFFERS + 1);
	for (int i = 0; i < s->offer_count; i++) {
		struct offer *o = &s->offers[i];
		uint32_t what = below(c, 10);

		o->what = what < 6 ? 0 : what < 8 ? 1 : 2;
		o->vendor = (int)below(c, 3);
		o->product = o->what == 0 && !below(c, 8) ? -1 : (int)below(c, 2);
		o->version = o->what == 0 && !below(c, 6) ? 2 : (int)below(c, 2);
		o->function = below(c, 3) ? 0 : (int)below(c, 3);
		o->cost = (int)below(c, 9) * 10 + 1;
		o->fixed = o->what == 0 && !below(c, 5) ? 7 : 0;
		o->minimum = o->what == 0 && !below(c, 8) ? 2 : 0;
		o->north = !below(c, 9);
	}
	s->has_costs = below(c, 2);
	s->removal = (int)below(c, 5);
	s->visit = (int)below(c, 4);
	s->off = (int)below(c, 4);
}

static void write_case(struct small *s, struct chance *c)
{
	char name[32];
	size_t n = 0;

	n = (size_t)snprintf(s->sites, sizeof s->sites, "site,region,population\n");
	s->measure_gap = !below(c, 10);
	for (int i = 0; i < s->site_count; i++) {
		char population[16];

		snprintf(population, sizeof population, "%u", 10 + below(c, 90));
		n += (size_t)snprintf(s->sites + n, sizeof s->sites - n, "s%d,%s,%s\n", i,
				      below(c, 2) ? "north" : "south", s->measure_gap && i == 0 ? "" : population);
	}
	n = (size_t)snprintf(s->offers_text, sizeof s->offers_text,
			     "offer,vendor,product,version,function,what,cost_likely,currency,region,region_fixed,"
			     "minimum,evidence_kind,lead_days,source\n");
	for (int i = 0; i < s->offer_count; i++) {
		const struct offer *o = &s->offers[i];

		n += (size_t)snprintf(s->offers_text + n, sizeof s->offers_text - n,
				      "o%d,%s,%s,%s,%s,%s,%d,EUR,%s,%d,%d,%s,30,list\n", i, vendors[o->vendor],
				      o->product < 0 ? "" : product_name(o->vendor, o->product, name),
				      versions[o->version], o->what == 2 ? "" : functions[o->function],
				      o->what == 0   ? "element"
				      : o->what == 1 ? "upgrade"
						     : "evidence",
				      o->cost, o->north && o->what != 2 ? "north" : "", o->fixed, o->minimum,
				      o->what == 2 ? (o->cost % 20 > 10 ? "audit" : "test-report") : "");
	}
	snprintf(
		s->costs_text, sizeof s->costs_text,
		"item,function,region,likely\nremoval,,,%d\nsite-visit,,,%d\nwrite-off,gNB,,%d\nremoval,gNB,north,%d\n",
		s->removal, s->visit, s->off, s->removal + 2);
	n = (size_t)snprintf(s->policy, sizeof s->policy,
			     "policy p\n  source \"s\"\n\nset jurisdiction-a = vendor.jurisdiction is XA\n");
	s->rule_count = 1 + (int)(below(c, 3) ? below(c, 2) : below(c, RULES));
	for (int i = 0; i < s->rule_count; i++) {
		s->rules[i] = (int)below(c, STATEMENTS);
		n += (size_t)snprintf(s->policy + n, sizeof s->policy - n, "\nrule r%d\n  %s\n%s", i,
				      statements[s->rules[i]].text, below(c, 6) ? "" : "  by 2030-01-01\n");
	}
	if (!below(c, 12))
		n += (size_t)snprintf(s->policy + n, sizeof s->policy - n,
				      "\nwaive r0 until 2027-01-01 because \"b\" by \"c\"\n");
	s->links = below(c, 2);
	n = (size_t)snprintf(s->links_text, sizeof s->links_text, "a,b,reference_point\n");
	for (int i = 0; i + 1 < s->element_count; i++)
		if (below(c, 4))
			n += (size_t)snprintf(s->links_text + n, sizeof s->links_text - n, "e%d,e%u,N2\n", i,
					      (uint32_t)i + 1 + below(c, (uint32_t)(s->element_count - i - 1)));
	n = (size_t)snprintf(
		s->evidence, sizeof s->evidence,
		"evidence d1\n  about vendor acme\n  says designated = %s\n  kind decision\n  authority \"Ministry\"\n"
		"  from \"Ministry\"\n  dated 2025-01-01\n  grade A1\n",
		below(c, 2) ? "yes" : "no");
	n += (size_t)snprintf(s->evidence + n, sizeof s->evidence - n,
			      "\nevidence d2\n  about vendor bolt\n  says designated = no\n  kind decision\n"
			      "  authority \"Ministry\"\n  from \"Ministry\"\n  dated 2025-01-01\n  grade A1\n");
	if (below(c, 2))
		snprintf(s->evidence + n, sizeof s->evidence - n,
			 "\nevidence t1\n  about product %s at 1\n  kind test-report\n  from \"lab\"\n  dated "
			 "2025-06-01\n  grade A1\n",
			 product_name((int)below(c, 3), (int)below(c, 2), name));
}

/* elements.csv in a state; NULL: as things stand. */
static void write_elements(const struct small *s, const struct state *now, char *out)
{
	size_t n = (size_t)snprintf(out, TEXT,
				    "element,site,function,technology,vendor,product,version,group,since,load\n");
	char name[32];

	for (int i = 0; i < s->element_count; i++) {
		const struct element *e = &s->elements[i];
		struct state as = now ? now[i] : (struct state){ e->vendor, e->product, e->version, -1 };
		bool changed = now && now[i].offer >= 0, swapped = changed && s->offers[now[i].offer].what == 0;

		n += (size_t)snprintf(out + n, TEXT - n, "e%d,s%d,%s,%s,%s,%s,%s,%s,%s,%d\n", i, e->site,
				      functions[e->function], e->function ? "" : "5G-SA",
				      as.vendor < 0 ? "" : vendors[as.vendor],
				      as.product >= 0 ? product_name(as.vendor, as.product, name)
				      : changed       ? "none"
						      : "",
				      *versions[as.version] ? versions[as.version]
				      : changed             ? "none"
							    : "",
				      e->group < 0 ? ""
				      : e->group   ? "g1"
						   : "g0",
				      swapped  ? "2026-01-01"
				      : e->old ? "2000-01-01"
					       : "2024-01-01",
				      10 * (i + 1));
	}
}

/* ---- loading and judging -------------------------------------------------------------------------------------------------- */

struct loaded {
	struct arena *arena;
	struct diagnostics diagnostics;
	struct strs *strs;
	struct net *present, *proposed;
	struct evidence *evidence;
	struct policy *policy;
	struct weighing weighing;
};

static struct source *memory(struct loaded *l, const char *name, const char *text)
{
	return source_of_memory(l->arena, name, arena_text(l->arena, text, strlen(text)), strlen(text));
}

static void load(struct loaded *l, const struct small *s, const struct state *now, const char *more_evidence)
{
	char *text = malloc(TEXT), *after = malloc(TEXT);
	struct net_input inputs[5], change;
	size_t count = 0;

	*l = (struct loaded){ .arena = arena_new() };
	diagnostics_init(&l->diagnostics, l->arena);
	l->strs = strs_new(l->arena);
	write_elements(s, NULL, text);
	inputs[count++] = (struct net_input){ NET_VENDORS, memory(l, "vendors.csv", vendors_text) };
	inputs[count++] = (struct net_input){ NET_PRODUCTS, memory(l, "products.csv", products_text) };
	inputs[count++] = (struct net_input){ NET_SITES, memory(l, "sites.csv", s->sites) };
	inputs[count++] = (struct net_input){ NET_ELEMENTS, memory(l, "elements.csv", text) };
	if (s->links)
		inputs[count++] = (struct net_input){ NET_LINKS, memory(l, "links.csv", s->links_text) };
	if (now) {
		write_elements(s, now, after);
		change = (struct net_input){ NET_ELEMENTS, memory(l, "proposal/elements.csv", after) };
	}
	l->present = net_load(l->arena, l->strs, &l->diagnostics, inputs, count, &change, now ? 1 : 0, &l->proposed);
	l->evidence = evidence_new(l->arena, &l->diagnostics);
	evidence_add(l->evidence, document_parse(l->arena, memory(l, "e.proviso", s->evidence), &l->diagnostics));
	if (more_evidence && *more_evidence)
		evidence_add(l->evidence,
			     document_parse(l->arena, memory(l, "m.proviso", more_evidence), &l->diagnostics));
	l->weighing = (struct weighing){ .assume_plan = more_evidence && *more_evidence };
	assert_true(date_parse("2026-01-01", 10, &l->weighing.on));
	evidence_weigh(l->evidence, &l->weighing);
	l->policy = policy_read(l->arena, &l->diagnostics, NULL,
				document_parse(l->arena, memory(l, "p.proviso", s->policy), &l->diagnostics));
	for (size_t i = 0; i < l->diagnostics.count; i++)
		if (l->diagnostics.items[i].severity == SEVERITY_ERROR)
			fail_msg("%s: %s", l->diagnostics.items[i].place.file, l->diagnostics.items[i].text);
	free(text);
	free(after);
}

static void unload(struct loaded *l)
{
	diagnostics_free(&l->diagnostics);
	arena_free(l->arena);
}

/* 0: something is broken or due, 1: nothing is, but something is unknown, 2: all holds */
static int judge(struct loaded *l, const struct net *net, const struct net *present, const struct evidence *evidence,
		 bool assume_plan)
{
	const struct policy *policies[] = { l->policy };
	struct assessment_case c = { .title = "t",
				     .net = net,
				     .present = present,
				     .network = present ? "proposed" : "present",
				     .policies = policies,
				     .policy_count = 1,
				     .evidence = (struct evidence *)evidence,
				     .on = l->weighing.on,
				     .threads = 1,
				     .strs = l->strs,
				     .assume_plan = assume_plan };
	struct assessment *a = assess(l->arena, &c, NULL, &l->diagnostics);

	if (a->by_status[FINDING_BROKEN] || a->by_status[FINDING_DUE])
		return 0;
	return a->by_status[FINDING_UNKNOWN] ? 1 : 2;
}

/* ---- every choice ------------------------------------------------------------------------------------------------------------- */

struct search {
	const struct small *s;
	struct state now[ELEMENTS];
	bool obtained[OFFERS];
	int64_t best[3]; /* by tier 1 and 2; -1: none */
	int states;
	bool too_many;
};

static bool in_north(const struct small *s, int site)
{
	char key[16];
	const char *at;

	snprintf(key, sizeof key, "\ns%d,", site);
	at = strstr(s->sites, key);
	return at && !strncmp(at + strlen(key), "north", 5);
}

static bool fits(const struct small *s, const struct offer *o, const struct element *e)
{
	if (o->what == 2 || o->function != e->function || (o->north && !in_north(s, e->site)))
		return false;
	if (o->what == 1)
		return e->vendor == o->vendor && e->product == o->product && e->version != o->version;
	return !(e->vendor == o->vendor && e->product == o->product && e->version == o->version && o->product >= 0 &&
		 o->version != 2);
}

static int64_t line_removal(const struct small *s, const struct element *e)
{
	return !s->has_costs ? 0 : e->function == 0 && in_north(s, e->site) ? s->removal + 2 : s->removal;
}

static int64_t cost_of(const struct search *x)
{
	const struct small *s = x->s;
	int64_t cost = 0;
	bool paid[OFFERS][2] = { { false } };

	for (int i = 0; i < s->element_count; i++) {
		const struct element *e = &s->elements[i];
		const struct offer *o = x->now[i].offer < 0 ? NULL : &s->offers[x->now[i].offer];
		bool old = e->old && e->product == 0 && e->vendor >= 0; /* products -0 live ten years */
		int64_t one, own = -1;
		bool visited = false;

		if (!o)
			continue;
		one = o->cost;
		if (o->fixed && !paid[x->now[i].offer][in_north(s, e->site)])
			cost += o->fixed;
		paid[x->now[i].offer][in_north(s, e->site)] = true;
		if (o->what == 1) {
			cost += one;
			continue;
		}
		one += line_removal(s, e) + (s->has_costs && e->function == 0 && !old ? s->off : 0);
		for (int k = 0; k < s->offer_count && old; k++)
			if (s->offers[k].what == 0 && s->offers[k].vendor == e->vendor &&
			    s->offers[k].function == e->function && (!s->offers[k].north || in_north(s, e->site)) &&
			    (own < 0 || s->offers[k].cost < own))
				own = s->offers[k].cost;
		if (own >= 0)
			one = one > own + line_removal(s, e) ? one - own - line_removal(s, e) : 0;
		cost += one;
		/* one visit for a unit at a site: units are elements of a group, else themselves */
		for (int k = 0; k < i; k++) {
			const struct element *f = &s->elements[k];
			bool f_old = f->old && f->product == 0 && f->vendor >= 0;

			visited |= e->group >= 0 && f->group == e->group && f->site == e->site &&
				   x->now[k].offer >= 0 && s->offers[x->now[k].offer].what == 0 && !f_old;
		}
		if (s->has_costs && !old && !visited)
			cost += s->visit;
	}
	for (int k = 0; k < s->offer_count; k++)
		cost += x->obtained[k] ? s->offers[k].cost : 0;
	return cost;
}

static bool same_kind(const struct small *s, int a, int b)
{
	const struct element *x = &s->elements[a], *y = &s->elements[b];

	if (x->function != y->function || x->vendor != y->vendor || x->product != y->product ||
	    x->version != y->version)
		return false;
	for (int k = 0; k < s->offer_count; k++)
		if (fits(s, &s->offers[k], x) != fits(s, &s->offers[k], y))
			return false;
	return true;
}

static bool allowed(const struct search *x)
{
	const struct small *s = x->s;

	for (int g = 0; g < 2; g++) {
		bool changes = false, one = true;
		int vendor = -2;

		for (int i = 0; i < s->element_count; i++) {
			if (s->elements[i].group != g)
				continue;
			changes |= x->now[i].vendor != s->elements[i].vendor;
			one &= vendor == -2 || vendor == x->now[i].vendor;
			vendor = x->now[i].vendor;
			for (int k = 0; k < i; k++)
				if (s->elements[k].group == g && same_kind(s, i, k) &&
				    x->now[i].offer != x->now[k].offer)
					return false;
		}
		if (changes && !one)
			return false;
	}
	for (int k = 0; k < s->offer_count; k++) {
		int used = 0;

		for (int i = 0; i < s->element_count; i++)
			used += x->now[i].offer == k;
		if (used && used < s->offers[k].minimum)
			return false;
	}
	return true;
}

static void claims_of(const struct search *x, char *out)
{
	size_t n = 0;
	char name[32];

	*out = 0;
	for (int k = 0; k < x->s->offer_count; k++) {
		const struct offer *o = &x->s->offers[k];

		if (x->obtained[k])
			n += (size_t)snprintf(out + n, TEXT - n,
					      "evidence plan-o%d\n  about product %s at %s\n  kind planned %s\n  from "
					      "\"list\"\n  due 2026-01-31\n\n",
					      k, product_name(o->vendor, o->product, name), versions[o->version],
					      o->cost % 20 > 10 ? "audit" : "test-report");
	}
}

static void try_choice(struct search *x)
{
	char claims[TEXT];
	struct loaded l;
	int64_t cost;
	int tier;

	if (!allowed(x))
		return;
	if (++x->states > STATES) {
		x->too_many = true;
		return;
	}
	cost = cost_of(x);
	if (x->best[2] >= 0 && cost >= x->best[2])
		return; /* neither tier gains by it: the better one rules */
	claims_of(x, claims);
	load(&l, x->s, x->now, claims);
	tier = judge(&l, l.proposed, l.present, l.evidence, *claims);
	unload(&l);
	if (tier && (x->best[tier] < 0 || cost < x->best[tier]))
		x->best[tier] = cost;
}

static void enumerate(struct search *x, int element, int offer)
{
	const struct small *s = x->s;

	if (x->too_many)
		return;
	if (element < s->element_count) {
		const struct element *e = &s->elements[element];

		x->now[element] = (struct state){ e->vendor, e->product, e->version, -1 };
		enumerate(x, element + 1, offer);
		for (int k = 0; k < s->offer_count; k++)
			if (fits(s, &s->offers[k], e)) {
				x->now[element] = (struct state){ s->offers[k].vendor, s->offers[k].product,
								  s->offers[k].version, k };
				enumerate(x, element + 1, offer);
			}
		return;
	}
	for (; offer < s->offer_count; offer++)
		if (s->offers[offer].what == 2) {
			x->obtained[offer] = false;
			enumerate(x, element, offer + 1);
			x->obtained[offer] = true;
			enumerate(x, element, offer + 1);
			x->obtained[offer] = false;
			return;
		}
	try_choice(x);
}

/* ---- the plan --------------------------------------------------------------------------------------------------------------------- */

struct tally {
	int cases, skipped, nothing, found, impossible, undetermined, binds[STATEMENTS];
};

/* What the plan would write is judged as a case of its own. */
static int judge_written(const struct small *s, const struct loaded *of, const struct plan *plan)
{
	struct loaded l;
	struct sink *elements, *claims;
	struct net_input inputs[5], change;
	char *text = malloc(TEXT);
	size_t count = 0;
	int tier;

	elements = sink_to_memory(of->arena);
	plan_print_elements(plan, of->present, elements);
	claims = sink_to_memory(of->arena);
	plan_print_evidence(plan, claims);
	load(&l, s, NULL, sink_memory(claims, NULL));
	write_elements(s, NULL, text);
	inputs[count++] = (struct net_input){ NET_VENDORS, memory(&l, "vendors.csv", vendors_text) };
	inputs[count++] = (struct net_input){ NET_PRODUCTS, memory(&l, "products.csv", products_text) };
	inputs[count++] = (struct net_input){ NET_SITES, memory(&l, "sites.csv", s->sites) };
	inputs[count++] = (struct net_input){ NET_ELEMENTS, memory(&l, "elements.csv", text) };
	if (s->links)
		inputs[count++] = (struct net_input){ NET_LINKS, memory(&l, "links.csv", s->links_text) };
	change = (struct net_input){ NET_ELEMENTS, memory(&l, "proposal.csv", sink_memory(elements, NULL)) };
	l.present = net_load(l.arena, l.strs, &l.diagnostics, inputs, count, &change, 1, &l.proposed);
	assert_int_equal(l.diagnostics.errors, 0);
	tier = judge(&l, l.proposed, l.present, l.evidence, plan->assume_plan);
	unload(&l);
	free(text);
	return tier;
}

static void compare(const struct small *s, const struct search *x, struct tally *t, uint64_t seed)
{
	struct loaded l;
	const struct policy *policies[1];
	struct plan_task task;
	struct plan *plan;
	int64_t best;

	load(&l, s, NULL, NULL);
	policies[0] = l.policy;
	struct plan_sources from = { .offers = memory(&l, "offers.csv", s->offers_text),
				     .costs = s->has_costs ? memory(&l, "costs.csv", s->costs_text) : NULL };
	struct plan_offers *offers = plan_offers_load(l.arena, l.present, &from, &l.diagnostics);
	for (size_t i = 0; !offers && i < l.diagnostics.count; i++)
		printf("%s\n", l.diagnostics.items[i].text);
	assert_non_null(offers);
	task = (struct plan_task){ .net = l.present,
				   .policies = policies,
				   .policy_count = 1,
				   .evidence = l.evidence,
				   .weighing = l.weighing,
				   .offers = offers,
				   .on = l.weighing.on,
				   .until = DATE_NONE,
				   .threads = 1,
				   .strs = l.strs };
	clock_t began = clock();
	plan = plan_make(l.arena, &task, &l.diagnostics);
	if (getenv("PLAN_TRACE"))
		fprintf(stderr, "%llu: %.2f s, %s, %zu rounds, %zu cuts, %zu rows, %zu options\n",
			(unsigned long long)seed, (double)(clock() - began) / CLOCKS_PER_SEC,
			plan_status_name(plan->status), plan->rounds, plan->cuts, plan->rows, plan->options);
	assert_non_null(plan);
	best = x->best[2] >= 0 ? x->best[2] : x->best[1];
	int wanted = x->best[2] == 0   ? PLAN_NOTHING
		     : x->best[2] > 0  ? PLAN_FOUND
		     : x->best[1] >= 0 ? PLAN_UNDETERMINED
				       : PLAN_IMPOSSIBLE;
	bool cheap = plan->status == PLAN_FOUND && wanted == PLAN_NOTHING &&
		     plan->cost.likely == 0; /* changes for nothing */
	if (((int)plan->status != wanted && !cheap) || (wanted != PLAN_IMPOSSIBLE && plan->cost.likely != best * MICRO))
		fail_msg("seed %llu: plan %s at %lld, every choice: %s at %lld (rounds %zu, cuts %zu)\n%s\n%s\n%s\n%s",
			 (unsigned long long)seed, plan_status_name(plan->status),
			 (long long)(plan->cost.likely / MICRO), plan_status_name((enum plan_status)wanted),
			 (long long)best, plan->rounds, plan->cuts, s->policy, s->offers_text, s->sites,
			 s->links ? s->links_text : "(no links)");
	t->nothing += wanted == PLAN_NOTHING;
	t->found += wanted == PLAN_FOUND;
	t->impossible += wanted == PLAN_IMPOSSIBLE;
	t->undetermined += wanted == PLAN_UNDETERMINED;
	if (wanted == PLAN_IMPOSSIBLE) {
		assert_true(plan->conflict_count > 0);
		assert_true(plan->conflict_minimal);
	} else {
		assert_int_equal(judge_written(s, &l, plan), wanted == PLAN_UNDETERMINED ? 1 : 2);
		assert_true(!plan->has_bound || plan->bound <= plan->cost.likely);
		assert_true(plan->proof != SOLVE_PROOF_NONE);
	}
	for (int i = 0; i < s->rule_count && wanted != PLAN_NOTHING; i++)
		t->binds[s->rules[i]]++;
	unload(&l);
}

static bool one_case(uint64_t seed, struct tally *t)
{
	struct chance c = { seed * 7919 + 17 };
	struct small s = { 0 };
	struct search x = { .s = &s, .best = { -1, -1, -1 } };

	make_elements(&s, &c);
	make_offers(&s, &c);
	write_case(&s, &c);
	enumerate(&x, 0, 0);
	if (x.too_many) {
		t->skipped++;
		return false;
	}
	t->cases++;
	compare(&s, &x, t, seed);
	return true;
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
	print_message("%d cases (%d too large): nothing %d, found %d, undetermined %d, impossible %d\n", t.cases,
		      t.skipped, t.nothing, t.found, t.undetermined, t.impossible);
	for (int i = 0; i < STATEMENTS; i++)
		print_message("%5d  %s\n", t.binds[i], statements[i].text);
	assert_true(t.found > cases / 20 && t.impossible > cases / 20 && t.undetermined > cases / 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_choice) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
