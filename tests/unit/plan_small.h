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

enum {
	ELEMENTS = 10,
	REAL = 5,
	LARGE = 7,
	OFFERS = 8,
	LINKS = 4,
	TEXT = 8192,
	RULES = 4,
	PAIRS = 2,
	CREWS = 2,
	QUARTERS = 3
};

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
static const char *const versions[] = { "1.1", "1.2", "" };
static const char *const ends[QUARTERS] = { "2026-03-31", "2026-06-30", "2026-09-30" };
static const int last_day[QUARTERS] = { 89, 180, 272 }; /* from the first of the year */
static const int first_day[QUARTERS] = { 0, 90, 181 };
/* From when to when offers are there: days from the plan's date. */
static const struct {
	const char *text;
	int day;
} froms[] = { { "", 0 }, { "2026-02-15", 45 }, { "2026-05-01", 120 }, { "2026-07-10", 190 } },
  untils[] = { { "", 1000 }, { "2026-03-15", 73 }, { "2025-12-31", -1 } };
static const char *const region_names[] = { "south", "north", "" };

enum what { ELEMENT, UPGRADE, EVIDENCE, RESTRICT, REMOVE };

struct element {
	int site, function, vendor, product, version; /* vendor, product -1: unknown */
	int group, cluster;                           /* -1: none */
	bool old;                                     /* since 2000 */
	bool extra;                                   /* not there: a pair might want it; vendor: whose, -1 anybody's */
	int manager, host; /* a vendor that manages it, an element that it runs on; -1: none */
	bool low, shared;  /* the words low or high; another operator's too */
	bool fresh;        /* of a proposal: not there today */
	int was;           /* of a proposal: whose product 0 it is today; -1: as it is proposed */
};
struct offer {
	int what, vendor, product, version, function;
	int cost, fixed, minimum, per_quarter, lead; /* per_quarter -1: not said */
	int from, until, running;                    /* running: 73 a year, so many times */
	int word, end_vendor;                        /* 1 low, 2 high; of a link's end, -1: any */
	int narrows;                                 /* a restricted link carries N3 afterwards; 0: it is taken out */
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
	int may_remove; /* 0 nothing; removable */
	bool may_grow;
};
struct limit { /* of the time that all plans of a case take together */
	double seconds;
	bool passed;
};
struct small {
	struct element elements[ELEMENTS];
	int element_count, site_count; /* extras behind the others */
	int region[3];                 /* 0 south, 1 north, 2: nobody says */
	struct offer offers[OFFERS];
	int offer_count;
	int link_a[LINKS], link_b[LINKS], link_count;
	struct pair pairs[PAIRS];
	int pair_count;
	struct crew crews[CREWS];
	int crew_count, budget, quarters; /* budget 0: none */
	int removal, visit, off, border;  /* costs.csv; off: write-off of gNB */
	int dual, exit;                   /* dual-running of AMF, contract-exit in the north */
	bool has_costs, measure_gap, links, proposal;
	int over[LINKS]; /* N2 or N3 */
	int split;       /* rules from this one on are of a second policy */
	bool wide;       /* more of everything that the language has */
	struct rule rules[RULES];
	int rule_count;
	int price_factor; /* all prices times this */
	int order;        /* another order of rows */
	const char *const *vendors;
	char policy[TEXT], more[TEXT], sites[512], evidence[2048];
	struct limit *limit; /* NULL: none */
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
	{ "forbid", "forbid version is \"1.1\" in layer is access" },
	{ "forbid", "forbid vendor.designated in layer is core" },
	{ "forbid", "forbid jurisdiction-a when changed" },
	{ "limit", "limit vendor.tag is A to 40% of sites in layer is access" },
	{ "limit", "limit any vendor to 60% of elements" },
	{ "limit", "limit any vendor to 67% of population per region" },
	{ "limit", "limit any jurisdiction to 50% of load" },
	{ "limit", "limit vendor.tag is B to 1 sites" },
	{ "limit", "limit any owner to 2 elements per site" },
	{ "limit", "limit version is \"1.1\" to 50% of sites in vendor.tag is A or vendor.tag is C" },
	{ "at-most", "limit vendor.tag is A to 2 vendors" },
	{ "at-most", "limit layer is access or layer is core to 2 vendors" },
	{ "distinct", "require 2 vendors in layer is access" },
	{ "distinct", "require 2 vendors per region" },
	{ "distinct", "require 2 jurisdictions" },
	{ "distinct", "require 3 vendors" },
	{ "distinct", "require 2 vendors in version is \"1.2\" per site" },
	{ "distinct", "require 2 owners in layer is access per region" },
	{ "served", "require 50% of population served without any vendor" },
	{ "served", "require 100% of sites served without vendor.tag is A" },
	{ "served", "require 40% of sites served for 5g-sa without any jurisdiction" },
	{ "served", "require 30% of elements served without any version" },
	{ "evidence", "require evidence test-report for layer is core" },
	{ "evidence", "require evidence test-report for vendor.tag is A or vendor.tag is C independent" },
	{ "evidence", "require evidence audit for layer is access" },
	{ "link", "deny vendor.tag is A to vendor.tag is B" },
	{ "link", "deny version is \"1.1\" to layer is core over N2" },
	{ "reach", "forbid vendor.tag is C reaching function is AMF" },
	{ "reach", "forbid version is \"1.1\" reaching layer is core over N2, N4" },
	{ "change", "require 50% of sites served during change" },
	{ "change", "require 100% of elements served during change" },
	/* of wide cases alone */
	{ "forbid", "forbid vendor.tag is B in site.region is \"north\"" },
	{ "forbid", "forbid vendor.tag is A when new" },
	{ "forbid", "forbid vendor.tag is B when new or changed" },
	{ "forbid", "forbid vendor.tag is C from 2026-02-01" },
	{ "forbid", "forbid managed by (vendor.tag is A) in layer is core" },
	{ "forbid", "forbid vendor.tag is C and not shared_with is other" },
	{ "relation", "forbid hosted on (vendor.tag is A)" },
	{ "relation", "limit hosted on (version is \"1.1\") to 40% of elements" },
	{ "limit", "limit vendor.tag is A to cap of sites in layer is access" },
	{ "limit", "limit vendor.tag is B to open of elements" },
	{ "limit", "limit any vendor to 1 elements per function" },
	{ "limit", "limit any jurisdiction to 2 sites" },
	{ "limit", "limit any owner to 75% of load in layer is access per region" },
	{ "limit", "limit version is \"1.1\" to 30% of population per region" },
	{ "limit", "limit vendor.tag is A or vendor.tag is B to 0% of load in class is low" },
	{ "at-most", "limit layer is access to 1 owners" },
	{ "at-most", "limit vendor.tag is A or vendor.tag is B to 1 jurisdictions" },
	{ "distinct", "require 2 vendors in layer is access per class" },
	{ "served", "require 50% of population served for tiny without any owner" },
	{ "served", "require 60% of load served without any vendor or managed by" },
	{ "served", "require 100% of sites served for tiny without managed by (vendor.tag is B)" },
	{ "evidence", "require evidence audit for layer is access within 6 months" },
	{ "evidence", "require evidence test-report for vendor.tag is A covering 50%" },
	{ "evidence",
	  "require evidence test-report for version is \"1.1\" or version is \"1.2\" extends to same release" },
	{ "evidence", "require evidence test-report for function is gNB extends to later patches for 12 months" },
	{ "confirmed", "require confirmed vendor for 50% of layer is access" },
	{ "confirmed", "require confirmed version for 20% of vendor.tag is A or vendor.tag is B" },
	{ "link", "allow function is gNB to function is AMF over N2\n  allow vendor.tag is B to any\n  deny rest" },
	{ "link", "allow vendor.tag is A to vendor.tag is A\n  deny vendor.tag is A to any over N3" },
	{ "reach", "forbid vendor.tag is A reaching layer is core over N2" },
	{ "notify", "notify \"GCSB\" of layer is core when new or changed" },
	{ "several", "forbid vendor.tag is A in layer is core\n  limit vendor.tag is A to 50% of sites" },
};
enum { STATEMENTS = sizeof statements / sizeof *statements, NARROW = 32 };

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
		s->region[i] = s->wide && !below(c, 10) ? 2 : (int)below(c, 2);
	s->links = below(c, 2);
	for (int i = 0; i + 1 < s->element_count && s->link_count < LINKS && s->links; i++)
		if (below(c, 4)) {
			s->over[s->link_count] = 2 + (s->wide && !below(c, 3));
			s->link_a[s->link_count] = i;
			s->link_b[s->link_count++] = i + 1 + (int)below(c, (uint32_t)(s->element_count - i - 1));
		}
}

/* Who has a hand in them, what they run on, and what a proposal would change already. */
static void widen_elements(struct small *s, struct chance *c)
{
	s->proposal = s->wide && !below(c, 3);
	for (int i = 0; i < ELEMENTS; i++) {
		struct element *e = &s->elements[i];

		e->manager = e->host = e->was = -1;
		if (!s->wide || i >= s->element_count)
			continue;
		e->manager = below(c, 3) ? -1 : (int)below(c, 3);
		e->host = i && !below(c, 5) ? (int)below(c, (uint32_t)i) : -1;
		e->low = below(c, 2);
		e->shared = !below(c, 6);
	}
	for (int i = 0; i < s->element_count && s->proposal; i++) {
		struct element *e = &s->elements[i];

		e->fresh = !s->links && i && !below(c, 4);
		for (int k = 0; k < s->element_count && e->fresh; k++)
			e->fresh = s->elements[k].host != i;
		if (!e->fresh && e->vendor >= 0 && e->product >= 0 && e->version < 2 && !below(c, 3))
			e->was = (e->vendor + 1 + (int)below(c, 2)) % 3;
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

static void widen_offer(struct offer *o, struct chance *c)
{
	if (!below(c, 3))
		o->cost = (int)below(c, 4) * 10; /* nothing, and the same as another */
	o->per_quarter = o->per_quarter == 1 && below(c, 2) ? 2 : o->per_quarter;
	o->until = below(c, 12) ? 0 : 1 + (int)below(c, 2);
	if (o->what == EVIDENCE) {
		o->version = below(c, 3) ? o->version : 2;
		o->lead = below(c, 6) ? o->lead : below(c, 2) ? -1 : 200;
		return;
	}
	o->from = below(c, 8) ? 0 : 1 + (int)below(c, 3);
	if (untils[o->until].day < froms[o->from].day) /* refused: it ends before it begins */
		o->from = 0;
	o->running = below(c, 6) ? 0 : 1 + (int)below(c, 4);
	o->word = below(c, 6) ? 0 : 1 + (int)below(c, 2);
	o->end_vendor = o->what == RESTRICT && !below(c, 3) ? (int)below(c, 3) : -1;
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
		o->end_vendor = -1;
		o->narrows = o->what == RESTRICT && o->cost / 10 % 2 ? 3 : 0;
		if (s->wide)
			widen_offer(o, c);
	}
	s->has_costs = below(c, 2);
	s->removal = (int)below(c, 5);
	s->visit = (int)below(c, 4);
	s->off = (int)below(c, 4);
	s->border = 1 + (int)below(c, 30);
	s->dual = s->wide ? (int)below(c, 4) : 0;
	s->exit = s->wide ? (int)below(c, 4) : 0;
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
			     .cluster = p->scope == 1 ? s->elements[members[0]].cluster : -1,
			     .manager = -1,
			     .host = -1,
			     .was = -1 };

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

	return scope == 0 ? e->site : scope == 1 ? e->cluster : s->region[e->site] < 2 ? s->region[e->site] : -1;
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
	s->quarters = below(c, 5) < 2 ? 0 : !s->wide || below(c, 4) ? 2 : below(c, 2) ? 1 : 3;
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

		r->statement = !s->wide      ? (int)below(c, NARROW)
			       : below(c, 3) ? NARROW + (int)below(c, STATEMENTS - NARROW)
					     : (int)below(c, STATEMENTS);
		r->by = below(c, 3) ? 0 : 1 + (int)below(c, 3);
		r->in_force = below(c, 8) ? 0 : 1 + (int)below(c, 2);
		r->may_remove = below(c, 3) ? 0 : s->wide ? 1 + (int)below(c, 3) : 1;
		r->may_grow = s->wide && !below(c, 6);
	}
	s->split = s->wide && !below(c, 3) ? 1 : RULES;
}

/* ---- as files ------------------------------------------------------------------------------------------------------------- */

static const char *const by_dates[] = { "", "2026-02-15", "2026-03-31", "2030-01-01" };
static const char *const in_force_dates[] = { "", "2026-05-01", "2026-02-01" };

static const char *const removable[] = { "", "function is gNB", "vendor.tag is A", "function is UPF" };

static void add_text(char *to, const char *format, ...)
{
	size_t n = strlen(to);
	va_list list;

	va_start(list, format);
	vsnprintf(to + n, TEXT - n, format, list);
	va_end(list);
}

static void write_rule(const struct rule *r, int number, char *out)
{
	add_text(out, "\nrule r%d\n  %s\n", number, statements[r->statement].text);
	if (r->by)
		add_text(out, "  by %s\n", by_dates[r->by]);
	if (r->in_force)
		add_text(out, "  in-force %s\n", in_force_dates[r->in_force]);
	if (r->may_remove)
		add_text(out, "  may remove %s\n", removable[r->may_remove]);
	if (r->may_grow)
		add_text(out, "  may grow\n");
}

static void write_policy(struct small *s, struct chance *c)
{
	static const char *const until[] = { "2027-01-01", "2026-02-01" };
	static const char head[] = "policy %s\n  source \"s\"\n\nset jurisdiction-a = vendor.jurisdiction is XA\n"
				   "\nparam cap = 40%%\n\nparam open\n\nservice tiny needs UPF\n";

	*s->policy = *s->more = 0;
	add_text(s->policy, head, "p");
	if (s->split < s->rule_count)
		add_text(s->more, head, "q");
	for (int i = 0; i < s->rule_count; i++)
		write_rule(&s->rules[i], i, i < s->split ? s->policy : s->more);
	if (!below(c, 12))
		add_text(s->policy, "\nwaive r0 until %s because \"b\" by \"c\"\n", until[below(c, 2)]);
	else if (s->wide && !below(c, 10))
		add_text(s->policy,
			 "\nwaive r0 for site.region is \"north\" until 2027-01-01 because \"b\" by \"c\"\n");
}

/* What others saw, and documents about an element alone. */
static void write_more_evidence(struct small *s, struct chance *c)
{
	size_t n = strlen(s->evidence);

	for (int i = 0; i < s->element_count && i < 3; i++) {
		const struct element *e = &s->elements[i];

		if (below(c, 3) || e->vendor < 0 || e->version == 2 || e->extra)
			continue;
		n += (size_t)snprintf(s->evidence + n, sizeof s->evidence - n,
				      "evidence seen-%d\n  about element e%d\n  says %s = %s%s%s\n  kind probe\n  from "
				      "\"monitor\"\n\n",
				      i, i, i % 2 ? "version" : "vendor", i % 2 ? "\"" : "",
				      i % 2 ? versions[e->version] : s->vendors[e->vendor], i % 2 ? "\"" : "");
	}
	if (!below(c, 3))
		snprintf(s->evidence + n, sizeof s->evidence - n,
			 "evidence t2\n  about element e%u\n  kind %s\n  from \"lab\"\n  dated 2025-10-01\n  grade A1\n"
			 "  covers 60%% of code\n\n",
			 below(c, 2), below(c, 2) ? "audit" : "test-report");
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
				      region_names[s->region[i]], s->measure_gap && i == 0 ? "" : population, 50 + i,
				      i * i);
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
			 "evidence t1\n  about product %s at 1.1\n  kind test-report\n  from \"lab\"\n  dated "
			 "2025-06-01\n  grade A1\n\n",
			 product_name(s, (int)below(c, 3), (int)below(c, 2), name));
	if (s->wide)
		write_more_evidence(s, c);
}

/* One of the statements of a kind. */
static int statement_of(const char *kind, struct chance *c)
{
	int at = (int)below(c, STATEMENTS);

	while (strcmp(statements[at].kind, kind))
		at = (int)below(c, STATEMENTS);
	return at;
}

/* Several documents about what stands there, at several prices, sooner and later, of a version or of all. */
static void make_documents(struct small *s, struct chance *c)
{
	for (int k = 0; k < 3; k++) {
		const struct element *e = &s->elements[below(c, (uint32_t)s->element_count)];

		s->offers[k] = (struct offer){ .what = EVIDENCE,
					       .vendor = e->vendor >= 0 ? e->vendor : 0,
					       .product = e->product >= 0 ? e->product : 0,
					       .version = (int)below(c, 3),
					       .cost = (int)below(c, 5) * (below(c, 4) ? 10 : 11),
					       .per_quarter = -1,
					       .lead = below(c, 2)   ? 30
						       : below(c, 2) ? 120
								     : -1,
					       .end_vendor = -1 };
	}
	s->offer_count = s->offer_count < 3 ? 3 : s->offer_count;
	s->rules[0].statement = statement_of("evidence", c);
}

/* Radios that each choose for themselves, and offers of all vendors. */
static void make_radios(struct small *s, struct chance *c)
{
	s->links = false;
	s->link_count = 0;
	for (int i = 0; i < s->element_count; i++) {
		struct element *e = &s->elements[i];

		e->function = 0;
		e->vendor = (int)below(c, 3);
		e->product = e->version = (int)below(c, 2);
		e->group = e->cluster = -1;
	}
}

static void make_radio_offers(struct small *s, struct chance *c)
{
	s->offer_count = 3 + (int)below(c, 2);
	for (int v = 0; v < 3; v++)
		s->offers[v] = (struct offer){ .what = ELEMENT,
					       .vendor = v,
					       .version = 1,
					       .cost = 10 + 10 * (int)below(c, 5) + v,
					       .per_quarter = -1,
					       .lead = -1,
					       .end_vendor = -1 };
}

/* What is to be mended by the end takes two quarters, and on the way rules may break that hold today. */
static void make_order(struct small *s, struct chance *c)
{
	static const char *const kinds[] = { "limit", "distinct", "limit", "at-most" };

	make_radio_offers(s, c);
	s->quarters = 2;
	s->budget = 0;
	s->crew_count = 1;
	s->crews[0] = (struct crew){ false, -1, 1 + (int)below(c, 2) };
	s->rule_count = 3;
	s->split = RULES;
	s->rules[0] = (struct rule){ .statement = statement_of(below(c, 3) ? "forbid" : "several", c), .by = 3 };
	for (int i = 1; i < 3; i++)
		s->rules[i] = (struct rule){ .statement = statement_of(kinds[below(c, 4)], c) };
}

static void make_case(struct small *s, uint64_t seed)
{
	struct chance c = { seed * 7919 + 17 };

	*s = (struct small){ .price_factor = 1, .vendors = vendor_names, .wide = seed % 2 };
	make_elements(s, &c);
	if (seed % 10 == 3)
		make_clusters(s, &c);
	if (seed % 20 == 9)
		make_radios(s, &c);
	widen_elements(s, &c);
	make_offers(s, &c);
	s->has_costs |= seed % 10 == 3;
	if (seed % 10 == 7 && s->offer_count) { /* somebody offers what a pair needs */
		s->offers[0] = (struct offer){ .what = ELEMENT,
					       .vendor = (int)below(&c, 3),
					       .function = 1,
					       .cost = 12,
					       .per_quarter = -1,
					       .lead = -1,
					       .end_vendor = -1 };
		s->pairs[0] =
			(struct pair){ -1, 0, below(&c, 2) ? -1 : s->offers[0].vendor, 1, 2 * (int)below(&c, 2), true };
		s->pair_count = 1;
	}
	make_pairs(s, &c);
	make_time(s, &c);
	make_rules(s, &c);
	if (seed % 10 == 5)
		make_documents(s, &c);
	if (seed % 20 == 9)
		make_order(s, &c);
	if (seed % 20 == 11)
		s->rules[0].statement = statement_of("relation", &c);
	write_case(s, &c);
}

#endif
