/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inventory is the operator's claim. What of it has somebody else seen: of one element, and how much of the whole,
 * by count and by traffic. A plan has seen nothing yet, whatever is assumed of it, and a voice without a name may be the
 * operator's own.
 */
#include "evidence/index.h"

#include <assert.h>
#include <string.h>

static bool is_operator(const struct evidence *evidence, const char *name)
{
	const struct strs *strs = index_of(evidence)->strs;
	uint32_t knower = find_folded(strs, name);

	return knower == find_folded(strs, "operator") ||
	       (evidence->operator_name && knower == find_folded(strs, evidence->operator_name));
}

bool evidence_confirmed(const struct evidence *evidence, const struct net *net, uint32_t element, const char *attribute)
{
	const struct net_column *column = net_column(net, NET_ELEMENTS, attribute);
	const struct fact *fact;
	const char *cell;
	char text[48];

	fact = evidence_fact(evidence, ABOUT_ELEMENT, net_id(net, NET_ELEMENTS, element), attribute);
	if (!fact || fact->status != FACT_KNOWN || fact->planned || !column)
		return false;
	cell = net_cell(net, NET_ELEMENTS, column, element, text);
	if (!cell[0] || strcmp(cell, fact->value))
		return false;
	for (size_t i = 0; i < fact->origin_count; i++)
		if (fact->origins[i].supports && !strcmp(fact->origins[i].value, fact->value) &&
		    !name_is_anonymous(fact->origins[i].name) && !is_operator(evidence, fact->origins[i].name))
			return true;
	return false;
}

/* ---- how much of the whole --------------------------------------------------------------------------------------- */

enum { SEEN_VENDOR = 1, SEEN_VERSION = 2 };

/* By element: which of its cells are confirmed. Goes by the facts, which are fewer than the elements of a nation. */
static uint8_t *seen_cells(const struct evidence *evidence, const struct net *net, struct arena *arena)
{
	uint8_t *seen = arena_array(arena, (size_t)net->table[NET_ELEMENTS].rows + 1, 1);

	for (size_t i = 0; i < evidence->fact_count; i++) {
		const struct fact *fact = &evidence->facts[i];
		bool vendor = !strcmp(fact->attribute, "vendor");
		uint32_t element;

		if (fact->about != ABOUT_ELEMENT || fact->version || (!vendor && strcmp(fact->attribute, "version")))
			continue;
		element = net_find_text(net, NET_ELEMENTS, fact->subject);
		if (element != CODE_UNKNOWN && evidence_confirmed(evidence, net, element, fact->attribute))
			seen[element] |= vendor ? SEEN_VENDOR : SEEN_VERSION;
	}
	return seen;
}

static bool is_seen(uint8_t seen, enum confirmed_of of)
{
	static const uint8_t wanted[CONFIRMED_KINDS] = { SEEN_VENDOR, SEEN_VERSION, SEEN_VENDOR | SEEN_VERSION };

	return (seen & wanted[of]) == wanted[of];
}

static void add_traffic(struct confirmation *c, int64_t traffic, uint8_t seen)
{
	if (traffic == MEASURE_UNKNOWN) {
		c->traffic_missing++;
		return;
	}
	c->traffic += traffic;
	for (int of = 0; of < CONFIRMED_KINDS; of++)
		c->traffic_confirmed[of] += is_seen(seen, (enum confirmed_of)of) ? traffic : 0;
}

/* Each site once; it is seen as far as all its elements are, so that the share never promises too much. */
static void add_sites(struct confirmation *c, const struct net *net, const int64_t *traffic, const uint8_t *seen)
{
	for (uint32_t s = 0; s < net->table[NET_SITES].rows; s++) {
		uint8_t all = SEEN_VENDOR | SEEN_VERSION;

		for (uint32_t k = net->site_first[s]; k < net->site_first[s + 1]; k++)
			all &= seen[net->site_elements[k]];
		if (net->site_first[s] < net->site_first[s + 1])
			add_traffic(c, traffic[s], all);
	}
}

struct confirmation evidence_confirmation(const struct evidence *evidence, const struct net *net)
{
	const struct net_column *own = net_column(net, NET_ELEMENTS, "traffic"),
				*site = net_column(net, NET_SITES, "traffic");
	uint32_t elements = net->table[NET_ELEMENTS].rows;
	struct confirmation c = { .elements = elements };
	struct arena *scratch = arena_new();
	const uint8_t *seen;

	assert(index_of(evidence)->weighed);
	seen = seen_cells(evidence, net, scratch);
	for (uint32_t i = 0; i < elements; i++) {
		for (int of = 0; of < CONFIRMED_KINDS; of++)
			c.confirmed[of] += is_seen(seen[i], (enum confirmed_of)of);
		if (own && own->measures)
			add_traffic(&c, own->measures[i], seen[i]);
	}
	if (own && own->measures)
		c.traffic_of = "elements";
	else if (site && site->measures) {
		c.traffic_of = "sites";
		add_sites(&c, net, site->measures, seen);
	}
	if (c.traffic <= 0)
		c.traffic_of = NULL;
	arena_free(scratch);
	return c;
}
