/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is inside a product, at all depths. A bill of materials says `contains:PART = yes` of a product at a version; a
 * part is a product of its own, with claims of its own about its vendor. A part inside itself (a mistake, or malice) is
 * listed once.
 */
#include "evidence/index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char contains[] = "contains:";

/* Names of parts may say their version: "libssl@3.0.11". */
static void split_version(struct arena *arena, const char *part, const char **product, const char **version)
{
	const char *at = strrchr(part, '@');

	if (!at || at == part || !at[1]) {
		*product = part;
		*version = NULL;
		return;
	}
	*product = arena_text(arena, part, (size_t)(at - part));
	*version = at + 1;
}

static const char *known(const struct fact *fact)
{
	return fact && fact->status == FACT_KNOWN ? fact->value : NULL;
}

struct gathering {
	const struct evidence *evidence;
	struct arena *arena;
	struct strs *seen;
	struct part *parts;
	size_t count, room;
};

static void add_part(struct gathering *g, const char *name, const char *inside, uint32_t depth)
{
	const char *jurisdiction, *vendor;
	struct part *part;
	uint32_t before = strs_count(g->seen);

	if (strs_id(g->seen, name) < before)
		return;
	if (g->count == g->room) {
		struct part *more = arena_array(g->arena, g->room * 2 + 16, sizeof *more);

		if (g->count)
			memcpy(more, g->parts, g->count * sizeof *more);
		g->parts = more;
		g->room = g->room * 2 + 16;
	}
	part = &g->parts[g->count++];
	part->inside = inside;
	part->depth = depth;
	split_version(g->arena, name, &part->product, &part->version);
	vendor = known(evidence_fact_at(g->evidence, part->product, part->version, "vendor"));
	jurisdiction = vendor ? known(evidence_fact(g->evidence, ABOUT_VENDOR, vendor, "jurisdiction")) : NULL;
	part->vendor = vendor;
	part->jurisdiction = jurisdiction;
}

/* The parts right inside one product: known facts `contains:X = yes`, of this version or of the product as a whole. */
static void add_parts_of(struct gathering *g, const char *product, const char *version, uint32_t depth)
{
	size_t count;
	const uint32_t *claims = evidence_about(g->evidence, ABOUT_PRODUCT, product, &count);

	for (size_t i = 0; i < count; i++) {
		const struct claim *claim = &g->evidence->claims[claims[i]];
		const char *value;

		if (!claim->attribute || strncmp(claim->attribute, contains, sizeof contains - 1))
			continue;
		if (claim->version && (!version || strcmp(claim->version, version)))
			continue;
		value = known(evidence_fact_at(g->evidence, product, version, claim->attribute));
		if (value && !strcmp(value, "yes"))
			add_part(g, claim->attribute + sizeof contains - 1, product, depth);
	}
}

static int by_depth(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int order;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	order = strcmp(x->product, y->product);
	if (order)
		return order;
	order = strcmp(x->version ? x->version : "", y->version ? y->version : "");
	return order ? order : strcmp(x->inside, y->inside);
}

struct part *evidence_parts(const struct evidence *evidence, struct arena *arena, const char *product,
			    const char *version, size_t *count)
{
	struct gathering g = { .evidence = evidence, .arena = arena, .seen = strs_new(arena) };
	const char *whole = version ? arena_printf(arena, "%s@%s", product, version) : product;
	uint32_t depth = 1;

	assert(index_of(evidence)->weighed);
	strs_id(g.seen, whole);
	add_parts_of(&g, product, version, depth);
	/* Level by level, each in order, so that a part's place does not depend on the order of reading. */
	for (size_t from = 0; from < g.count;) {
		size_t to = g.count;

		qsort(g.parts + from, to - from, sizeof *g.parts, by_depth);
		depth++;
		for (; from < to; from++)
			add_parts_of(&g, g.parts[from].product, g.parts[from].version, depth);
	}
	*count = g.count;
	return g.parts;
}
