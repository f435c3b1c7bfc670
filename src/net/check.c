/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only a whole table or network shows: owners and hosts that go round in circles, an element whose vendor is not
 * its product's, access elements that no link leads to; and what follows from another column (an element's vendor and
 * layer).
 *
 * A network with a proposal is built twice from one stage, so what was told the first time is marked there as
 * CODE_BAD: it reads as unknown and is not told again. The second time the stage's columns have been handed over to
 * the network.
 */
#include "net/stage.h"

#include <stdlib.h>
#include <string.h>

enum { UNLINKED_BY_NAME = 10, CIRCLE_SHOWN = 8 };

static struct net_column *column_of(struct net *net, enum net_table_name table, const char *name)
{
	return (struct net_column *)net_column(net, table, name);
}

/* ---- circles ---- */

static const char *circle_text(struct load *load, const struct net *net, enum net_table_name table,
			       const uint32_t *next, uint32_t row)
{
	struct sink *text = sink_to_memory(load->staging);
	uint32_t at = row;
	size_t bytes;

	sink_text(text, net_id(net, table, row));
	for (int shown = 0; at != row || shown == 0; shown++) {
		at = next[at];
		if (shown == CIRCLE_SHOWN && at != row) {
			sink_text(text, ", ...");
			break;
		}
		sink_printf(text, ", %s", net_id(net, table, at));
	}
	return sink_memory(text, &bytes);
}

struct circle {
	const char *column, *code, *words;
};

/* The row in the circle that comes first in the table is told and its reference cut. */
static void cut(struct load *load, struct stage *stage, struct net *net, enum net_table_name table, uint32_t *next,
		uint32_t row, const struct circle *circle)
{
	struct stage_table *staged = &stage->table[table];
	struct stage_column *column = stage_column_find(staged, circle->column);
	uint32_t first = row;

	for (uint32_t at = next[row]; at != row; at = next[at])
		if (at < first)
			first = at;
	diagnose(load->diagnostics, SEVERITY_ERROR, circle->code, stage_place(load, staged, column, first),
		 "%s \"%s\" %s: %s", net_table_singular(table), net_id(net, table, first), circle->words,
		 circle_text(load, net, table, next, first));
	next[first] = CODE_UNKNOWN;
	if (column->codes)
		column->codes[first] = CODE_BAD;
}

static void check_circles(struct load *load, struct stage *stage, struct net *net, enum net_table_name table,
			  const struct circle *circle)
{
	uint32_t *next = column_of(net, table, circle->column)->codes, rows = net->table[table].rows, *seen;

	if (!stage_column_find(&stage->table[table], circle->column))
		return;
	seen = arena_array(load->staging, rows ? rows : 1, sizeof *seen);
	for (uint32_t start = 0; start < rows; start++) {
		uint32_t at = start;

		while (CODE_IS_KNOWN(at) && !seen[at]) {
			seen[at] = start + 1;
			at = next[at];
		}
		if (CODE_IS_KNOWN(at) && seen[at] == start + 1)
			cut(load, stage, net, table, next, at, circle);
	}
	arena_release(load->staging, seen, (rows ? rows : 1) * sizeof *seen);
}

/* ---- vendors ---- */

void check_vendors(struct load *load, struct stage *stage, struct net *net)
{
	static const struct circle circle = { "owner", "owner-circle", "owns itself" };
	struct net_column *owner = column_of(net, NET_VENDORS, "owner"),
			  *name = column_of(net, NET_VENDORS, "owner_name");
	const struct net_table *table = &net->table[NET_VENDORS];
	uint32_t *rows;

	if (!stage_column_find(&stage->table[NET_VENDORS], "owner"))
		return;
	rows = arena_array(net->arena, table->rows ? table->rows : 1, sizeof *rows);
	for (uint32_t row = 0; row < table->rows; row++) {
		uint32_t text = owner->codes[row], found;

		if (!CODE_IS_KNOWN(text)) {
			rows[row] = text;
			continue;
		}
		found = id_index_find(table->find_slots, table->find_mask, table->ids, text);
		/* A person, a state, a fund: an owner without a row of its own. */
		rows[row] = found == CODE_UNKNOWN ? CODE_NONE : found;
	}
	name->codes = owner->codes;
	owner->codes = rows;
	check_circles(load, stage, net, NET_VENDORS, &circle);
}

/* ---- elements ---- */

/* A column of its own where it was shared with the others that no file has. */
static uint32_t *own_codes(const struct stage *stage, struct net *net, const char *name)
{
	struct net_column *column = column_of(net, NET_ELEMENTS, name);
	uint32_t rows = net->table[NET_ELEMENTS].rows;

	if (!stage_column_find(&stage->table[NET_ELEMENTS], name)) {
		column->codes = arena_array(net->arena, rows ? rows : 1, sizeof *column->codes);
		memset(column->codes, 0xff, rows * sizeof *column->codes);
	}
	return column->codes;
}

static void vendor_differs(struct load *load, struct stage *stage, struct net *net, uint32_t row, uint32_t vendor,
			   uint32_t product, uint32_t products_vendor)
{
	struct stage_table *table = &stage->table[NET_ELEMENTS];
	struct stage_column *column = stage_column_find(table, "vendor");

	diagnose(load->diagnostics, SEVERITY_ERROR, "vendor-differs", stage_place(load, table, column, row),
		 "vendor \"%s\" of element \"%s\" is not \"%s\", the vendor of its product \"%s\"",
		 CODE_IS_KNOWN(vendor) ? net_id(net, NET_VENDORS, vendor) : "none", net_id(net, NET_ELEMENTS, row),
		 CODE_IS_KNOWN(products_vendor) ? net_id(net, NET_VENDORS, products_vendor) : "none",
		 net_id(net, NET_PRODUCTS, product));
	if (column->codes)
		column->codes[row] = CODE_BAD;
}

static void fill_vendors(struct load *load, struct stage *stage, struct net *net)
{
	const uint32_t *product = column_of(net, NET_ELEMENTS, "product")->codes;
	const uint32_t *made_by = column_of(net, NET_PRODUCTS, "vendor")->codes;
	uint32_t *vendor;

	if (!stage_column_find(&stage->table[NET_ELEMENTS], "product"))
		return;
	vendor = own_codes(stage, net, "vendor");
	for (uint32_t row = 0; row < net->table[NET_ELEMENTS].rows; row++) {
		uint32_t products_vendor = CODE_IS_KNOWN(product[row]) ? made_by[product[row]] : CODE_UNKNOWN;

		if (products_vendor == CODE_UNKNOWN)
			continue;
		if (vendor[row] == CODE_UNKNOWN)
			vendor[row] = products_vendor;
		else if (vendor[row] != products_vendor)
			vendor_differs(load, stage, net, row, vendor[row], product[row], products_vendor);
	}
}

static void fill_layers(struct stage *stage, struct net *net)
{
	const uint32_t *function = column_of(net, NET_ELEMENTS, "function")->codes;
	uint32_t *layer = own_codes(stage, net, "layer");

	for (uint32_t row = 0; row < net->table[NET_ELEMENTS].rows; row++)
		if (layer[row] == CODE_UNKNOWN && CODE_IS_KNOWN(function[row]))
			layer[row] = net_functions[function[row]].layer;
}

void check_elements(struct load *load, struct stage *stage, struct net *net)
{
	static const struct circle circles[] = {
		{ "hosted_on", "host-circle", "is hosted on itself" },
		{ "part_of", "part-circle", "is part of itself" },
		{ "anchor", "anchor-circle", "is its own anchor" },
	};

	fill_vendors(load, stage, net);
	fill_layers(stage, net);
	for (size_t i = 0; i < sizeof circles / sizeof *circles; i++)
		check_circles(load, stage, net, NET_ELEMENTS, &circles[i]);
}

/* ---- links ---- */

static void warn_unlinked(struct load *load, struct stage *stage, struct net *net, const uint8_t *linked)
{
	const uint32_t *layer = column_of(net, NET_ELEMENTS, "layer")->codes;
	uint32_t count = 0, first = 0, told = 0;

	for (uint32_t row = 0; row < net->table[NET_ELEMENTS].rows; row++)
		if (layer[row] == LAYER_ACCESS && !linked[row] && !count++)
			first = row;
	if (count > UNLINKED_BY_NAME) {
		diagnose(load->diagnostics, SEVERITY_WARNING, "unlinked-access", net_place(net, NET_ELEMENTS, first),
			 "%u access elements have no link, nor has their site, \"%s\" first: whether they are served "
			 "is unknown",
			 count, net_id(net, NET_ELEMENTS, first));
		return;
	}
	for (uint32_t row = first; told < count; row++)
		if (layer[row] == LAYER_ACCESS && !linked[row]) {
			diagnose(load->diagnostics, SEVERITY_WARNING, "unlinked-access",
				 net_place(net, NET_ELEMENTS, row),
				 "access element \"%s\" has no link, nor has its site: whether it is served is unknown",
				 net_id(net, NET_ELEMENTS, row));
			told++;
		}
	(void)stage;
}

/* Elements of one site are joined: a link of one is a link of all. */
static void link_sites(struct load *load, struct net *net, uint8_t *linked)
{
	const uint32_t *site = column_of(net, NET_ELEMENTS, "site")->codes;
	uint32_t sites = net->table[NET_SITES].rows, elements = net->table[NET_ELEMENTS].rows;
	uint8_t *there = arena_alloc(load->staging, (size_t)sites + 1);

	for (uint32_t row = 0; row < elements; row++)
		if (linked[row] && site[row] < sites)
			there[site[row]] = 1;
	for (uint32_t row = 0; row < elements; row++)
		if (site[row] < sites)
			linked[row] |= there[site[row]];
	arena_release(load->staging, there, (size_t)sites + 1);
}

void check_links(struct load *load, struct stage *stage, struct net *net, bool last)
{
	const uint32_t *a = column_of(net, NET_LINKS, "a")->codes, *b = column_of(net, NET_LINKS, "b")->codes;
	uint32_t elements = net->table[NET_ELEMENTS].rows;
	uint8_t *linked;

	/* The network that is judged is the last one; the other would only say the same again. */
	if (!stage->has_links || stage->table[NET_LINKS].broken || stage->table[NET_ELEMENTS].broken || !last)
		return;
	linked = arena_alloc(load->staging, elements ? elements : 1);
	for (uint32_t row = 0; row < net->table[NET_LINKS].rows; row++) {
		if (CODE_IS_KNOWN(a[row]))
			linked[a[row]] = 1;
		if (CODE_IS_KNOWN(b[row]))
			linked[b[row]] = 1;
	}
	link_sites(load, net, linked);
	warn_unlinked(load, stage, net, linked);
	arena_release(load->staging, linked, elements ? elements : 1);
}
