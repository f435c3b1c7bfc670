/* SPDX-License-Identifier: Apache-2.0 */
/*
 * generate: invented national networks of any size, as arrays. No public inventory names a vendor for each site, so what
 * benchmarks run on is drawn: regions in blocks with vendors by region (operators buy by region, and independent draws
 * would make diversity rules trivially easy), and access - aggregation - metro - core links, about three an element.
 *
 *     struct generated *g = generate(&(struct shape){ .elements = 1000000, .per_site = 4, .seed = 1 });
 *     generated_csv(g, NET_ELEMENTS, sink);
 *
 * The same shape gives the same network on every machine. Everything it writes says that it is synthetic.
 */
#ifndef PROVISO_BENCH_GENERATE_H
#define PROVISO_BENCH_GENERATE_H

#include "net/net.h"

enum { GENERATED_VENDORS = 8, GENERATED_DESIGNATED = 2 /* the vendors 1 and 2 */, VENDOR_NOT_SAID = 255 };

struct shape {
	uint32_t elements; /* at least 200 */
	uint32_t per_site; /* elements at one access site: 1 to this many, at most 4 */
	uint32_t unknown;  /* of 1,000 access elements, how many do not say their vendor */
	uint64_t seed;
};

/* What stands in the arrays below; the order of the enum is the order of the elements. */
enum tier { TIER_CORE, TIER_METRO, TIER_AGGREGATION, TIER_ACCESS, TIER_COUNT };

struct generated {
	struct shape shape;
	uint32_t regions, sites, elements, links;
	uint32_t tier_from[TIER_COUNT + 1]; /* elements of a tier: tier_from[t] .. tier_from[t + 1] - 1 */
	struct generated_site {
		uint32_t region, population, households;
		uint64_t traffic; /* gigabytes a year: 50 to 150 for each of the population */
		float lat, lon;
		bool sensitive;
	} *site;
	struct generated_element {
		uint32_t site;
		uint8_t function;   /* row of generated_functions */
		uint8_t technology; /* enum net_technology, TECHNOLOGY_COUNT: none */
		uint8_t vendor;	    /* 0..7, or VENDOR_NOT_SAID */
		uint8_t version;    /* 15.0 + version / 4 . version % 4 */
		uint8_t managed_by; /* a vendor, or VENDOR_NOT_SAID: `none` */
		uint16_t since;	    /* months after 2015-01 */
		uint64_t traffic;   /* gigabytes a year */
	} *element;
	struct generated_link {
		uint32_t a, b;
		const char *reference_point;
	} *link;
};

struct generated_function {
	const char *name;
	enum net_layer layer;
};
extern const struct generated_function generated_functions[];

struct generated *generate(const struct shape *);
void generated_free(struct generated *);

/* A table as CSV; the columns are the same at every size. */
void generated_csv(const struct generated *, enum net_table_name, struct sink *);
/* The designation of the vendors 1 and 2, as an evidence file. */
void generated_evidence(struct sink *);

#endif
