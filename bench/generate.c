/* SPDX-License-Identifier: Apache-2.0 */
/* generate: see generate.h. The arrays; their text is in generate_csv.c. */
#include "generate.h"

#include <stdlib.h>

/* Core functions are dealt out in this order, so that each has its pool; then what the other tiers have. */
enum { CORE_FUNCTIONS = 11, FUNCTION_ROUTER = CORE_FUNCTIONS, FUNCTION_ENB, FUNCTION_GNB };

const struct generated_function generated_functions[] = {
	{ "AMF", LAYER_CORE },	 { "SMF", LAYER_CORE },	  { "UPF", LAYER_CORE },  { "UDM", LAYER_CORE },
	{ "AUSF", LAYER_CORE },	 { "MME", LAYER_CORE },	  { "SGW", LAYER_CORE },  { "PGW", LAYER_CORE },
	{ "HSS", LAYER_CORE },	 { "EMS", LAYER_MANAGEMENT }, { "OSS", LAYER_MANAGEMENT }, { "router", LAYER_TRANSPORT },
	{ "eNB", LAYER_ACCESS }, { "gNB", LAYER_ACCESS },
};

/* ---- dice ------------------------------------------------------------------------------------------------------------ */

struct dice {
	uint64_t state;
};

static uint64_t roll(struct dice *d) /* splitmix64 */
{
	uint64_t z = d->state += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static uint32_t below(struct dice *d, uint32_t limit) /* limit > 0 */
{
	return (uint32_t)(((roll(d) >> 32) * limit) >> 32);
}

/* ---- vendors by region ------------------------------------------------------------------------------------------------ */

/* A national market, in per mille. What a region buys is one main vendor, one second, and a rest. */
static const uint16_t market[GENERATED_VENDORS] = { 310, 240, 180, 110, 70, 45, 30, 15 };

struct taste { /* of a region, for one tier */
	uint8_t main, second;
};

static uint8_t market_vendor(struct dice *d)
{
	uint32_t z = below(d, 1000);
	uint8_t v = 0;
	while (v < GENERATED_VENDORS - 1 && z >= market[v])
		z -= market[v++];
	return v;
}

static struct taste draw_taste(struct dice *d)
{
	struct taste t = { market_vendor(d), market_vendor(d) };
	while (t.second == t.main)
		t.second = market_vendor(d);
	return t;
}

static uint8_t taste_vendor(struct dice *d, struct taste t)
{
	uint32_t z = below(d, 100);
	return z < 70 ? t.main : z < 94 ? t.second : market_vendor(d);
}

/* ---- sites and elements ------------------------------------------------------------------------------------------------- */

static uint32_t add_site(struct generated *g, struct dice *d, uint32_t region, bool with_people)
{
	struct generated_site *s = &g->site[g->sites];
	s->region = region;
	s->lat = -34.0f - (float)(region % 40) * 0.3f - (float)below(d, 1000) * 0.0003f;
	s->lon = 166.0f + (float)(region / 40 % 40) * 0.3f + (float)below(d, 1000) * 0.0003f;
	s->sensitive = below(d, 500) == 0;
	if (with_people) {
		s->population = 20 + below(d, 2400);
		s->households = s->population * 10 / (22 + below(d, 8));
		s->traffic = (uint64_t)s->population * (50 + below(d, 100));
	}
	return g->sites++;
}

static struct generated_element *add_element(struct generated *g, struct dice *d, uint32_t site, uint8_t function, uint8_t vendor)
{
	struct generated_element *e = &g->element[g->elements++];
	*e = (struct generated_element){ .site = site, .function = function, .technology = TECHNOLOGY_COUNT, .vendor = vendor,
					 .version = (uint8_t)below(d, 16), .since = (uint16_t)below(d, 130),
					 .managed_by = below(d, 20) ? VENDOR_NOT_SAID : market_vendor(d) };
	return e;
}

static void add_core(struct generated *g, struct dice *d, uint32_t count)
{
	uint32_t site = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (i % g->shape.per_site == 0)
			site = add_site(g, d, below(d, g->regions), false);
		/* Every pool has the three largest vendors in turn, so that losing one never takes a function away. */
		add_element(g, d, site, (uint8_t)(i % CORE_FUNCTIONS), (uint8_t)((i / CORE_FUNCTIONS + i % CORE_FUNCTIONS) % 3));
	}
}

static void add_routers(struct generated *g, struct dice *d, uint32_t count, const struct taste *tastes)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t region = (uint32_t)((uint64_t)i * g->regions / count);
		uint32_t site = add_site(g, d, region, false);
		add_element(g, d, site, FUNCTION_ROUTER, taste_vendor(d, tastes[region]))->traffic = 10000u * (1 + below(d, 500));
	}
}

static void add_access(struct generated *g, struct dice *d, uint32_t count, const struct taste *tastes)
{
	static const uint8_t technologies[] = { TECHNOLOGY_4G, TECHNOLOGY_5G_NSA, TECHNOLOGY_5G_SA, TECHNOLOGY_4G };
	for (uint32_t i = 0; i < count;) {
		uint32_t region = (uint32_t)((uint64_t)i * g->regions / count);
		uint32_t site = add_site(g, d, region, true);
		uint32_t here = 1 + below(d, g->shape.per_site);
		uint8_t vendor = taste_vendor(d, tastes[region]);
		/* One element a site: some are 5G standalone, so that the network has both kinds of service. */
		uint32_t first = here == 1 && below(d, 3) == 0 ? 2 : 0;
		for (uint32_t k = 0; k < here && i < count; k++, i++) {
			uint8_t technology = technologies[first + k];
			if (k == 2 && below(d, 2))
				vendor = taste_vendor(d, tastes[region]);
			struct generated_element *e =
				add_element(g, d, site, technology == TECHNOLOGY_4G ? FUNCTION_ENB : FUNCTION_GNB, vendor);
			e->technology = technology;
			e->traffic = g->site[site].traffic / here;
			if (below(d, 1000) < g->shape.unknown)
				e->vendor = VENDOR_NOT_SAID;
		}
	}
}

/* ---- links ------------------------------------------------------------------------------------------------------------------- */

static void add_link(struct generated *g, uint32_t a, uint32_t b, const char *reference_point)
{
	if (a != b)
		g->link[g->links++] = (struct generated_link){ a, b, reference_point };
}

/* Two upward links from each element of a tier, to the part of the tier above that serves the same regions. */
static void link_up(struct generated *g, struct dice *d, enum tier tier, const char *reference_point)
{
	uint32_t from = g->tier_from[tier], count = g->tier_from[tier + 1] - from;
	uint32_t up = g->tier_from[tier - 1], up_count = from - up;
	uint32_t width = up_count / g->regions < 2 ? 2 : up_count / g->regions;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t region = (uint32_t)((uint64_t)i * g->regions / count);
		uint32_t first = (uint32_t)((uint64_t)region * up_count / g->regions);
		if (first + width > up_count)
			first = up_count - width;
		uint32_t one = below(d, width), other = (one + 1 + below(d, width - 1)) % width;
		if (tier == TIER_METRO) { /* the core is one place for all regions */
			one = below(d, up_count);
			other = below(d, up_count);
			first = 0;
		}
		add_link(g, from + i, up + first + one, reference_point);
		if (other != one)
			add_link(g, from + i, up + first + other, reference_point);
	}
}

static void link_ring(struct generated *g, enum tier tier, const char *reference_point)
{
	for (uint32_t i = g->tier_from[tier]; i + 1 < g->tier_from[tier + 1]; i++)
		add_link(g, i, i + 1, reference_point);
}

static void link_all(struct generated *g, struct dice *d)
{
	for (uint32_t i = 0; i < g->tier_from[TIER_METRO]; i++)
		for (uint32_t j = i + 1; j < g->tier_from[TIER_METRO] && j < i + 4; j++)
			add_link(g, i, j, "");
	link_up(g, d, TIER_METRO, "");
	link_ring(g, TIER_METRO, "");
	link_up(g, d, TIER_AGGREGATION, "");
	link_ring(g, TIER_AGGREGATION, "");
	link_up(g, d, TIER_ACCESS, "S1-U");
	link_ring(g, TIER_ACCESS, "X2-C");
}

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count, size);
	if (!p)
		exit(EXIT_INTERNAL);
	return p;
}

struct generated *generate(const struct shape *shape)
{
	struct generated *g = zeroed(1, sizeof *g);
	g->shape = *shape;
	uint32_t n = shape->elements < 200 ? 200 : shape->elements;
	g->shape.per_site = shape->per_site < 1 ? 1 : shape->per_site > 4 ? 4 : shape->per_site;
	g->regions = n / 2500 < 4 ? 4 : n / 2500;
	uint32_t core = n / 20000 < 33 ? 33 : n / 20000, metro = n / 100 < 4 ? 4 : n / 100, aggregation = n * 9ull / 100;
	struct dice d = { shape->seed * 0x2545F4914F6CDD1Du + 1 };
	g->site = zeroed(n, sizeof *g->site);
	g->element = zeroed(n, sizeof *g->element);
	g->link = zeroed((size_t)n * 4, sizeof *g->link);
	struct taste *radio = zeroed(g->regions, sizeof *radio), *transport = zeroed(g->regions, sizeof *transport);
	for (uint32_t r = 0; r < g->regions; r++) {
		radio[r] = draw_taste(&d);
		transport[r] = draw_taste(&d);
	}
	add_core(g, &d, core);
	g->tier_from[TIER_METRO] = g->elements;
	add_routers(g, &d, metro, transport);
	g->tier_from[TIER_AGGREGATION] = g->elements;
	add_routers(g, &d, aggregation, transport);
	g->tier_from[TIER_ACCESS] = g->elements;
	add_access(g, &d, n - core - metro - aggregation, radio);
	g->tier_from[TIER_COUNT] = g->elements;
	link_all(g, &d);
	free(radio);
	free(transport);
	return g;
}

void generated_free(struct generated *g)
{
	if (!g)
		return;
	free(g->site);
	free(g->element);
	free(g->link);
	free(g);
}
