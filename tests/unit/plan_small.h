/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random small cases for plans: a few elements, links, offers of every kind, pairs, crews, a budget, and a policy of a few
 * statements; written as the files that a user would write, and loaded from them. plan_brute.c tries every choice.
 */
#ifndef PROVISO_TESTS_PLAN_SMALL_H
#define PROVISO_TESTS_PLAN_SMALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

enum { ELEMENTS = 10, REAL = 5, LARGE = 7, OFFERS = 8, LINKS = 4, TEXT = 8192, RULES = 4, PAIRS = 2, CREWS = 2, QUARTERS = 2 };

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

static const char *const vendor_names[] = { "acme", "bolt", "core", "elms" };
static const char *const functions[] = { "gNB", "AMF", "UPF" };
static const char *const versions[] = { "1", "2", "" };
static const char *const ends[QUARTERS] = { "2026-03-31", "2026-06-30" };

enum what { ELEMENT, UPGRADE, EVIDENCE, RESTRICT, REMOVE };

struct element {
	int site, function, vendor, product, version; /* vendor, product -1: unknown */
	int group, cluster;                           /* -1: none */
	bool old;                                     /* since 2000 */
	bool extra;                                   /* not there: a pair might want it; vendor: whose, -1 anybody's */
};
struct offer {
	int what, vendor, product, version, function;
	int cost, fixed, minimum, per_quarter, lead; /* per_quarter -1: not said */
	bool north;
};
struct pair {
	int vendor_a, function_a, vendor_b, function_b; /* vendors -1: any */
	int scope;                                      /* 0 site 1 cluster 2 region 3 link */
	bool needs;
};
struct crew {
	bool north;  /* else all together */
	int quarter; /* -1: each */
	int elements;
};
struct rule {
	int statement, by,
		in_force; /* 0: none; by: 1 2026-02-15, 2 2026-03-31, 3 2030-01-01; in force: 1 2026-05-01, 2 2026-02-01 */
	bool may_remove;
};
struct small {
	struct element elements[ELEMENTS];
	int element_count, site_count; /* extras behind the others */
	bool north[3];
	struct offer offers[OFFERS];
	int offer_count;
	int link_a[LINKS], link_b[LINKS], link_count;
	struct pair pairs[PAIRS];
	int pair_count;
	struct crew crews[CREWS];
	int crew_count, budget, quarters; /* budget 0: none */
	int removal, visit, off, border;  /* costs.csv; off: write-off of gNB */
	bool has_costs, measure_gap, links;
	struct rule rules[RULES];
	int rule_count;
	int price_factor; /* all prices times this */
	int order;        /* another order of rows */
	const char *const *vendors;
	char policy[TEXT], sites[512], evidence[1024];
};

static const char *product_name(const struct small *s, int vendor, int product, char out[32])
{
	snprintf(out, 32, "%s-%d", s->vendors[vendor], product);
	return out;
}

/* Statements; each kind is counted. during: how it is looked at while something is changed. */
static const struct {
	const char *kind, *text;
} statements[] = {
	{ "forbid", "forbid vendor.tag is A in function is AMF" },
	{ "forbid", "forbid version is 1 in layer is access" },
	{ "forbid", "forbid vendor.designated in layer is core" },
	{ "forbid", "forbid jurisdiction-a when changed" },
	{ "limit", "limit vendor.tag is A to 40% of sites in layer is access" },
	{ "limit", "limit any vendor to 60% of elements" },
	{ "limit", "limit any vendor to 67% of population per region" },
	{ "limit", "limit any jurisdiction to 50% of load" },
	{ "limit", "limit vendor.tag is B to 1 sites" },
	{ "limit", "limit any owner to 2 elements per site" },
	{ "limit", "limit version is 1 to 50% of sites in vendor.tag is A or vendor.tag is C" },
	{ "at-most", "limit vendor.tag is A to 2 vendors" },
	{ "at-most", "limit layer is access or layer is core to 2 vendors" },
	{ "distinct", "require 2 vendors in layer is access" },
	{ "distinct", "require 2 vendors per region" },
	{ "distinct", "require 2 jurisdictions" },
	{ "distinct", "require 3 vendors" },
	{ "distinct", "require 2 vendors in version is 2 per site" },
	{ "distinct", "require 2 owners in layer is access per region" },
	{ "served", "require 50% of population served without any vendor" },
	{ "served", "require 100% of sites served without vendor.tag is A" },
	{ "served", "require 40% of sites served for 5g-sa without any jurisdiction" },
	{ "served", "require 30% of elements served without any version" },
	{ "evidence", "require evidence test-report for layer is core" },
	{ "evidence", "require evidence test-report for vendor.tag is A or vendor.tag is C independent" },
	{ "evidence", "require evidence audit for layer is access" },
	{ "link", "deny vendor.tag is A to vendor.tag is B" },
	{ "link", "deny version is 1 to layer is core" },
	{ "reach", "forbid vendor.tag is C reaching function is AMF" },
	{ "reach", "forbid version is 1 reaching layer is core" },
	{ "change", "require 50% of sites served during change" },
	{ "change", "require 100% of elements served during change" },
};
enum { STATEMENTS = sizeof statements / sizeof *statements };

/* PLAN_LARGE: more elements, and more choices (plan_brute.c). */
static bool is_large(void)
{
	return getenv("PLAN_LARGE") != NULL;
}

static void make_elements(struct small *s, struct chance *c)
{
	bool clusters = !below(c, 2);

	s->site_count = 1 + (int)below(c, 3);
	s->element_count = is_large() ? REAL + (int)below(c, LARGE - REAL + 1) : 2 + (int)below(c, REAL - 1);
	for (int i = 0; i < s->element_count; i++) {
		struct element *e = &s->elements[i];

		e->site = (int)below(c, (uint32_t)s->site_count);
		e->function = below(c, 3) ? 0 : (int)below(c, 3);
		e->vendor = below(c, 25) ? (int)below(c, 3) : -1;
		e->product = e->vendor >= 0 && below(c, 20) ? (int)below(c, 2) : -1;
		e->version = (int)(below(c, 20) ? below(c, 2) : 2);
		e->group = below(c, 3) ? -1 : (int)below(c, 2);
		e->cluster = clusters && e->function == 0 ? e->site % 2 : -1;
		e->group = clusters && below(c, 3) ? -1 : e->group;
		e->old = below(c, 4) == 0;
	}
	for (int i = 0; i < 3; i++)
		s->north[i] = below(c, 2);
	s->links = below(c, 2);
	for (int i = 0; i + 1 < s->element_count && s->link_count < LINKS && s->links; i++)
		if (below(c, 4)) {
			s->link_a[s->link_count] = i;
			s->link_b[s->link_count++] = i + 1 + (int)below(c, (uint32_t)(s->element_count - i - 1));
		}
}

/* Two clusters of one vendor side by side: to swap one of them makes a border. */
static void make_clusters(struct small *s, struct chance *c)
{
	s->site_count = 2 + (int)below(c, 2);
	for (int i = 0; i < s->element_count; i++) {
		struct element *e = &s->elements[i];

		e->site = i % 2;
		e->function = 0;
		e->vendor = 0;
		e->product = (int)below(c, 2);
		e->group = -1;
		e->cluster = i % 2;
	}
}

static void make_offers(struct small *s, struct chance *c)
{
	static const int whats[] = { ELEMENT, ELEMENT, ELEMENT, ELEMENT,  ELEMENT,  ELEMENT,  ELEMENT,  ELEMENT,
				     UPGRADE, UPGRADE, UPGRADE, EVIDENCE, EVIDENCE, RESTRICT, RESTRICT, REMOVE };

	s->offer_count = below(c, 8) ? OFFERS - 1 - (int)below(c, 3) : (int)below(c, OFFERS + 1);
	for (int i = 0; i < s->offer_count; i++) {
		struct offer *o = &s->offers[i];

		o->what = whats[below(c, sizeof whats / sizeof *whats)];
		o->vendor = (int)below(c, 3);
		o->product = o->what == ELEMENT && !below(c, 8) ? -1 : (int)below(c, 2);
		o->version = o->what == ELEMENT && !below(c, 6) ? 2 : (int)below(c, 2);
		o->function = below(c, 3) ? 0 : (int)below(c, 3);
		o->cost = (int)below(c, 9) * 10 + 1;
		o->fixed = o->what == ELEMENT && !below(c, 5) ? 7 : 0;
		o->minimum = o->what == ELEMENT && !below(c, 8) ? 2 : 0;
		o->north = !below(c, 9);
		o->per_quarter = o->what != EVIDENCE && !below(c, 3) ? 1 : -1;
		o->lead = o->what == EVIDENCE ? (below(c, 3) ? 30 : 120) : below(c, 8) ? -1 : 100;
	}
	s->has_costs = below(c, 2);
	s->removal = (int)below(c, 5);
	s->visit = (int)below(c, 4);
	s->off = (int)below(c, 4);
	s->border = 1 + (int)below(c, 30);
}

/* Where what a pair needs would stand: beside one like it, else at the first element's site. */
static void add_extra(struct small *s, const struct pair *p, const int *members, int count)
{
	struct element e = { .extra = true,
			     .function = p->function_b,
			     .vendor = p->vendor_b,
			     .product = -1,
			     .version = 2,
			     .group = -1,
			     .cluster = p->scope == 1 ? s->elements[members[0]].cluster : -1 };

	e.site = s->elements[members[0]].site;
	for (int i = count; i-- > 0;)
		if (s->elements[members[i]].function == p->function_b)
			e.site = s->elements[members[i]].site;
	for (int i = 0; i < s->element_count; i++) {
		const struct element *x = &s->elements[i];

		if (x->extra && x->function == e.function && x->vendor == e.vendor && x->site == e.site &&
		    x->cluster == e.cluster)
			return;
	}
	if (s->element_count < ELEMENTS)
		s->elements[s->element_count++] = e;
	else
		s->element_count = ELEMENTS + 1; /* too many */
}

/* Where elements meet; -1: nowhere. */
static int place_of(const struct small *s, int scope, int element)
{
	const struct element *e = &s->elements[element];

	return scope == 0 ? e->site : scope == 1 ? e->cluster : s->north[e->site];
}

static bool is_offered(const struct small *s, int function, int vendor)
{
	for (int k = 0; k < s->offer_count; k++)
		if (s->offers[k].what == ELEMENT && s->offers[k].function == function &&
		    (vendor < 0 || s->offers[k].vendor == vendor))
			return true;
	return false;
}

static void make_pairs(struct small *s, struct chance *c)
{
	int real = s->element_count;

	int given = s->pair_count;

	s->pair_count = given ? given : below(c, 2) ? 0 : 1 + (int)below(c, PAIRS);
	for (int i = 0; i < s->pair_count; i++) {
		struct pair *p = &s->pairs[i], as_given = *p;

		p->function_a = (int)below(c, 3);
		p->function_b = (p->function_a + 1 + (int)below(c, 2)) % 3;
		p->vendor_a = (int)below(c, 4) - 1;
		p->vendor_b = below(c, 2) ? -1 : (int)below(c, 3);
		p->needs = below(c, 3);
		p->scope = (int)below(c, 4);
		*p = given ? as_given : *p;
		if (!p->needs || p->scope == 3 || !is_offered(s, p->function_a, p->vendor_a) ||
		    !is_offered(s, p->function_b, p->vendor_b))
			continue;
		for (int at = 0; at < 4; at++) {
			int members[ELEMENTS], count = 0;
			bool asking = false;

			for (int e = 0; e < real; e++)
				if (place_of(s, p->scope, e) == at) {
					members[count++] = e;
					asking |= s->elements[e].function == p->function_a;
				}
			if (asking && s->element_count <= ELEMENTS)
				add_extra(s, p, members, count);
		}
	}
}

static void make_time(struct small *s, struct chance *c)
{
	s->quarters = below(c, 5) < 2 ? 0 : QUARTERS;
	s->crew_count = s->quarters && below(c, 2) ? (int)below(c, CREWS + 1) : 0;
	for (int i = 0; i < s->crew_count; i++)
		s->crews[i] = (struct crew){ i, (int)below(c, 3) - 1, 1 + (int)below(c, 2) };
	s->budget = s->quarters && below(c, 2) ? 30 + (int)below(c, 120) : 0;
}

static void make_rules(struct small *s, struct chance *c)
{
	s->rule_count = 1 + (int)(below(c, 3) ? below(c, 2) : below(c, RULES));
	for (int i = 0; i < s->rule_count; i++) {
		struct rule *r = &s->rules[i];

		r->statement = (int)below(c, STATEMENTS);
		r->by = below(c, 3) ? 0 : 1 + (int)below(c, 3);
		r->in_force = below(c, 8) ? 0 : 1 + (int)below(c, 2);
		r->may_remove = !below(c, 3);
	}
}

/* ---- as files ------------------------------------------------------------------------------------------------------------- */

static const char *const by_dates[] = { "", "2026-02-15", "2026-03-31", "2030-01-01" };
static const char *const in_force_dates[] = { "", "2026-05-01", "2026-02-01" };

static void write_policy(struct small *s, struct chance *c)
{
	size_t n = (size_t)snprintf(s->policy, sizeof s->policy,
				    "policy p\n  source \"s\"\n\nset jurisdiction-a = vendor.jurisdiction is XA\n");
	static const char *const until[] = { "2027-01-01", "2026-02-01" };

	for (int i = 0; i < s->rule_count; i++) {
		const struct rule *r = &s->rules[i];

		n += (size_t)snprintf(s->policy + n, sizeof s->policy - n, "\nrule r%d\n  %s\n", i,
				      statements[r->statement].text);
		if (r->by)
			n += (size_t)snprintf(s->policy + n, sizeof s->policy - n, "  by %s\n", by_dates[r->by]);
		if (r->in_force)
			n += (size_t)snprintf(s->policy + n, sizeof s->policy - n, "  in-force %s\n",
					      in_force_dates[r->in_force]);
		if (r->may_remove)
			n += (size_t)snprintf(s->policy + n, sizeof s->policy - n, "  may remove function is gNB\n");
	}
	if (!below(c, 12))
		n += (size_t)snprintf(s->policy + n, sizeof s->policy - n,
				      "\nwaive r0 until %s because \"b\" by \"c\"\n", until[below(c, 2)]);
}

static void write_case(struct small *s, struct chance *c)
{
	size_t n = (size_t)snprintf(s->sites, sizeof s->sites, "site,region,population,lat,lon\n");
	char name[32];

	s->measure_gap = !below(c, 10);
	for (int i = 0; i < s->site_count; i++) {
		char population[16];

		snprintf(population, sizeof population, "%u", 10 + below(c, 90));
		n += (size_t)snprintf(s->sites + n, sizeof s->sites - n, "s%d,%s,%s,%d,%d\n", i,
				      s->north[i] ? "north" : "south", s->measure_gap && i == 0 ? "" : population,
				      50 + i, i * i);
	}
	write_policy(s, c);
	n = 0;
	for (int v = 0; v < 2; v++)
		n += (size_t)snprintf(
			s->evidence + n, sizeof s->evidence - n,
			"evidence d%d\n  about vendor %s\n  says designated = %s\n  kind decision\n"
			"  authority \"Ministry\"\n  from \"Ministry\"\n  dated 2025-01-01\n  grade A1\n\n",
			v, s->vendors[v], v == 0 && below(c, 2) ? "yes" : "no");
	if (below(c, 2))
		snprintf(s->evidence + n, sizeof s->evidence - n,
			 "evidence t1\n  about product %s at 1\n  kind test-report\n  from \"lab\"\n  dated "
			 "2025-06-01\n  grade A1\n",
			 product_name(s, (int)below(c, 3), (int)below(c, 2), name));
}

static void make_case(struct small *s, uint64_t seed)
{
	struct chance c = { seed * 7919 + 17 };

	*s = (struct small){ .price_factor = 1, .vendors = vendor_names };
	make_elements(s, &c);
	if (seed % 10 == 3)
		make_clusters(s, &c);
	make_offers(s, &c);
	s->has_costs |= seed % 10 == 3;
	if (seed % 10 == 7 && s->offer_count) { /* somebody offers what a pair needs */
		s->offers[0] = (struct offer){ ELEMENT, (int)below(&c, 3), 0, 0, 1, 12, 0, 0, -1, -1, false };
		s->pairs[0] =
			(struct pair){ -1, 0, below(&c, 2) ? -1 : s->offers[0].vendor, 1, 2 * (int)below(&c, 2), true };
		s->pair_count = 1;
	}
	make_pairs(s, &c);
	make_time(s, &c);
	make_rules(s, &c);
	write_case(s, &c);
}

static void write_offers(const struct small *s, char *out)
{
	static const char *const whats[] = { "element", "upgrade", "evidence", "restrict", "remove" };
	size_t n =
		(size_t)snprintf(out, TEXT,
				 "offer,vendor,product,version,function,what,cost_likely,currency,region,region_fixed,"
				 "minimum,per_quarter,evidence_kind,lead_days,source\n");
	char name[32], per[16], lead[16];

	for (int k = 0; k < s->offer_count; k++) {
		int i = s->order ? s->offer_count - 1 - k : k;
		const struct offer *o = &s->offers[i];
		bool of_product = o->what <= EVIDENCE;

		snprintf(per, sizeof per, o->per_quarter < 0 ? "" : "%d", o->per_quarter);
		snprintf(lead, sizeof lead, o->lead < 0 ? "" : "%d", o->lead);
		n += (size_t)snprintf(out + n, TEXT - n, "o%d,%s,%s,%s,%s,%s,%d,EUR,%s,%d,%d,%s,%s,%s,list\n", i,
				      of_product ? s->vendors[o->vendor] : "",
				      !of_product || o->product < 0 ? "" : product_name(s, o->vendor, o->product, name),
				      of_product ? versions[o->version] : "",
				      o->what == EVIDENCE ? "" : functions[o->function], whats[o->what],
				      o->cost * s->price_factor, o->north && o->what != EVIDENCE ? "north" : "",
				      o->fixed * s->price_factor, o->minimum, per,
				      o->what == EVIDENCE ? (o->cost % 20 > 10 ? "audit" : "test-report") : "", lead);
	}
}

static void write_costs(const struct small *s, char *out)
{
	int f = s->price_factor;

	snprintf(out, TEXT,
		 "item,function,region,likely\nremoval,,,%d\nsite-visit,,,%d\nwrite-off,gNB,,%d\nremoval,gNB,north,%d\n"
		 "border,,,%d\n",
		 s->removal * f, s->visit * f, s->off * f, (s->removal + 2) * f, s->border * f);
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
	static const char *const names[] = { "", "2026-Q1", "2026-Q2" };
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
	char name[32], id[32], load[16];

	if (e->extra)
		snprintf(id, sizeof id, "extra%d%s", i, mark);
	else
		snprintf(id, sizeof id, "e%d%s", i, mark);
	snprintf(load, sizeof load, e->extra ? "" : "%d", 10 * (i + 1));
	return (size_t)snprintf(out, room, "%s,s%d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", id, e->site,
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
				swapped  ? "2026-01-01"
				: e->old ? "2000-01-01"
					 : "2024-01-01",
				load, e->extra ? "none" : "");
}

static const char elements_header[] =
	"element,site,function,technology,vendor,product,version,group,cluster,since,load,managed_by\n";

/* elements.csv as things stand. */
static void write_elements(const struct small *s, char *out)
{
	size_t n = (size_t)snprintf(out, TEXT, "%s", elements_header);

	for (int k = 0; k < s->element_count; k++) {
		int i = s->order ? s->element_count - 1 - k : k;

		if (!s->elements[i].extra)
			n += write_element(s, i, -1, "", out + n, TEXT - n);
	}
}

/* The proposal's: whatever is not as things stand. */
static void write_proposal(const struct small *s, const struct state *now, char *out)
{
	size_t n = (size_t)snprintf(out, TEXT, "%s", elements_header);

	for (int i = 0; i < s->element_count; i++) {
		if (now[i].offer < 0)
			continue;
		if (!stands(s, i, now[i].offer))
			n += (size_t)snprintf(out + n, TEXT - n, now[i].both ? "" : "-e%d,,,,,,,,,,,\n", i);
		else
			n += write_element(s, i, now[i].offer, now[i].both ? "-new" : "", out + n, TEXT - n);
	}
}

static void write_links(const struct small *s, const bool *restricted, char *out)
{
	size_t n = (size_t)snprintf(out, TEXT, "link,a,b,reference_point\n");

	for (int i = 0; i < s->link_count; i++)
		if (!restricted || restricted[i])
			n += (size_t)snprintf(out + n, TEXT - n, restricted ? "-l%d,,,\n" : "l%d,e%d,e%d,N2\n", i,
					      s->link_a[i], s->link_b[i]);
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
	struct policy *policy;
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
		write_links(s, NULL, text);
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
	*l = (struct loaded){ .arena = arena_new() };
	diagnostics_init(&l->diagnostics, l->arena);
	l->strs = strs_new(l->arena);
	load_network(l, s, elements, links);
	l->evidence = evidence_new(l->arena, &l->diagnostics);
	evidence_add(l->evidence, document_parse(l->arena, memory(l, "e.proviso", s->evidence), &l->diagnostics));
	if (claims && *claims)
		evidence_add(l->evidence, document_parse(l->arena, memory(l, "m.proviso", claims), &l->diagnostics));
	l->weighing = (struct weighing){ .assume_plan = claims && *claims };
	assert_true(date_parse("2026-01-01", 10, &l->weighing.on));
	evidence_weigh(l->evidence, &l->weighing);
	l->policy = policy_read(l->arena, &l->diagnostics, NULL,
				document_parse(l->arena, memory(l, "p.proviso", s->policy), &l->diagnostics));
	no_errors(l);
}

static void unload(struct loaded *l)
{
	diagnostics_free(&l->diagnostics);
	arena_free(l->arena);
}

static struct plan *plan_of(struct loaded *l, const struct small *s, unsigned threads)
{
	const struct policy **policies = arena_array(l->arena, 1, sizeof *policies);
	struct plan_task *task = arena_alloc(l->arena, sizeof *task);
	struct plan_sources from = { NULL };
	char text[TEXT];

	policies[0] = l->policy;
	write_offers(s, text);
	from.offers = memory(l, "offers.csv", text);
	write_costs(s, text);
	from.costs = s->has_costs ? memory(l, "costs.csv", text) : NULL;
	write_pairs(s, text);
	from.pairs = s->pair_count ? memory(l, "pairs.csv", text) : NULL;
	write_crews(s, text);
	from.crews = s->crew_count ? memory(l, "crews.csv", text) : NULL;
	*task = (struct plan_task){ .net = l->present,
				    .policies = policies,
				    .policy_count = 1,
				    .evidence = l->evidence,
				    .weighing = l->weighing,
				    .offers = plan_offers_load(l->arena, l->present, &from, &l->diagnostics),
				    .on = l->weighing.on,
				    .until = DATE_NONE,
				    .budget = (int64_t)s->budget * s->price_factor * MICRO,
				    .threads = threads,
				    .strs = l->strs };
	no_errors(l);
	assert_non_null(task->offers);
	if (s->quarters)
		assert_true(date_parse(ends[s->quarters - 1], 10, &task->until));
	return plan_make(l->arena, task, &l->diagnostics);
}

/* ---- the same with fewer rules ------------------------------------------------------------------------------------------ */

static void drop_rule(struct small *s, int rule)
{
	char name[24];
	char *from, *to;

	snprintf(name, sizeof name, "\nrule r%d\n", rule);
	from = strstr(s->policy, name);
	assert_non_null(from);
	to = strstr(from + 1, "\n\n");
	memmove(from, to ? to + 1 : from + strlen(from), to ? strlen(to + 1) + 1 : 1);
}

static enum plan_status status_of(const struct small *s)
{
	struct loaded l;
	struct plan *plan;
	enum plan_status status;

	load(&l, s, NULL, NULL, NULL);
	plan = plan_of(&l, s, 1);
	assert_non_null(plan);
	status = plan->status;
	unload(&l);
	return status;
}

/* The rules of the conflict alone, and without one of them (-1: with all). */
static struct small with_rules(const struct small *s, const struct plan *plan, int without)
{
	struct small out = *s;

	for (int r = 0; r < s->rule_count; r++) {
		bool named = false;
		char name[16];

		snprintf(name, sizeof name, "r%d", r);
		for (size_t i = 0; i < plan->conflict_count; i++)
			named |= !strcmp(plan->conflict[i].rule, name) && (int)i != without;
		if (!named && !s->rules[r].may_remove)
			drop_rule(&out, r);
		else if (!named) /* it says what may be removed, and that stays */
			return (struct small){ 0 };
	}
	return out;
}

#endif
