/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who stands in the pictures: which vendors get a look of their own, whose equipment is at a site, how many elements
 * each has in a region. Counted over access elements, which are what a map of sites shows; over all where there are
 * none.
 */
#include "report/html.h"

#include <stdlib.h>
#include <string.h>

struct vendor_count {
	uint64_t elements;
	uint32_t vendor;
	const char *id;
};

static int compare_vendors(const void *left, const void *right)
{
	const struct vendor_count *a = left, *b = right;

	if (a->elements != b->elements)
		return a->elements > b->elements ? -1 : 1;
	return strcmp(a->id, b->id);
}

static const uint32_t *codes_of(const struct net *net, enum net_table_name table, const char *name)
{
	const struct net_column *column = net_column(net, table, name);

	return column ? column->codes : NULL;
}

struct counting {
	const struct net *net;
	const uint32_t *site, *vendor, *layer; /* columns of the elements */
	bool access_only;
	uint8_t *look_of_vendor;
};

static bool counts(const struct counting *c, uint32_t element)
{
	return !c->access_only || (c->layer && c->layer[element] == LAYER_ACCESS);
}

static const char *vendor_label(struct arena *arena, const struct net *net, uint32_t vendor)
{
	const struct net_column *names = net_column(net, NET_VENDORS, "name");
	const char *id = net_id(net, NET_VENDORS, vendor);

	if (!names || names->type != TYPE_TEXT || !CODE_IS_KNOWN(names->codes[vendor]))
		return id;
	return arena_printf(arena, "%s (%s)", strs_text(net->strs, names->codes[vendor]), id);
}

/* A vendor that has a look in the model keeps it. */
static unsigned look_in(const struct cast *model, const char *label)
{
	for (unsigned i = 0; i < model->vendors; i++)
		if (!strcmp(model->names[i], label))
			return i;
	return LOOK_OTHER;
}

static void choose_looks(struct arena *arena, struct cast *cast, struct counting *c, const struct vendor_count *vendors,
			 uint32_t count, const struct cast *model)
{
	if (model) {
		memcpy(cast->names, model->names, sizeof cast->names);
		cast->vendors = model->vendors;
	}
	for (uint32_t v = 0; v < count && vendors[v].elements; v++) {
		const char *label = vendor_label(arena, c->net, vendors[v].vendor);
		unsigned look = model ? look_in(model, label) : (unsigned)LOOK_OTHER;

		if (look == LOOK_OTHER && cast->vendors < LOOK_VENDORS) {
			look = cast->vendors++;
			cast->names[look] = label;
		}
		c->look_of_vendor[vendors[v].vendor] = (uint8_t)look;
	}
}

static void choose_vendors(struct arena *arena, struct cast *cast, struct counting *c, const struct cast *model)
{
	const struct net_table *elements = &c->net->table[NET_ELEMENTS];
	uint32_t count = c->net->table[NET_VENDORS].rows;
	struct vendor_count *vendors = arena_array(arena, (size_t)count + 1, sizeof *vendors);

	c->look_of_vendor = arena_alloc(arena, (size_t)count + 1);
	for (uint32_t v = 0; v < count; v++) {
		vendors[v] = (struct vendor_count){ 0, v, net_id(c->net, NET_VENDORS, v) };
		c->look_of_vendor[v] = LOOK_OTHER;
	}
	for (uint32_t e = 0; e < elements->rows; e++)
		if (counts(c, e) && c->vendor[e] < count)
			vendors[c->vendor[e]].elements++;
	qsort(vendors, count, sizeof *vendors, compare_vendors);
	choose_looks(arena, cast, c, vendors, count, model);
	cast->names[LOOK_OTHER] = "other vendors";
	cast->names[LOOK_SEVERAL] = "several vendors";
	cast->names[LOOK_UNKNOWN] = "vendor unknown";
	cast->names[LOOK_BARE] = "no equipment listed";
}

static uint8_t look_of_element(const struct counting *c, uint32_t element)
{
	uint32_t vendor = c->vendor[element];

	if (vendor == CODE_NONE)
		return LOOK_OTHER;
	return vendor < c->net->table[NET_VENDORS].rows ? c->look_of_vendor[vendor] : LOOK_UNKNOWN;
}

/* The vendors of a site are those of its access elements, of all its elements where it has none of those. */
static uint8_t look_of_site(const struct counting *c, uint32_t site)
{
	const uint32_t *first = c->net->site_elements + c->net->site_first[site];
	uint32_t count = c->net->site_first[site + 1] - c->net->site_first[site], known = CODE_UNKNOWN;
	uint8_t look = count ? LOOK_UNKNOWN : LOOK_BARE;
	bool has_counted = false;

	for (uint32_t i = 0; i < count; i++)
		has_counted |= counts(c, first[i]);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t vendor = c->vendor[first[i]];

		if ((has_counted && !counts(c, first[i])) || vendor == CODE_UNKNOWN)
			continue;
		if (known != CODE_UNKNOWN && known != vendor)
			return LOOK_SEVERAL;
		known = vendor;
		look = look_of_element(c, first[i]);
	}
	return look;
}

static int compare_codes(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

struct region {
	const char *name;
	uint32_t code;
};

static int compare_regions(const void *left, const void *right)
{
	const struct region *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order : compare_codes(&a->code, &b->code);
}

/* Regions by name, so that the order of rows does not matter; a second, sorted by code, finds them. */
static void find_regions(struct arena *arena, struct cast *cast, const struct net *net)
{
	const struct net_column *column = net_column(net, NET_SITES, "region");
	uint32_t sites = net->table[NET_SITES].rows, count = 0;
	uint32_t *codes = arena_array(arena, (size_t)sites + 1, sizeof *codes);
	struct region *regions;
	uint32_t *rank;

	for (uint32_t s = 0; s < sites; s++)
		codes[s] = column && column->codes ? column->codes[s] : CODE_UNKNOWN;
	qsort(codes, sites, sizeof *codes, compare_codes);
	for (uint32_t i = 0; i < sites; i++)
		if (!i || codes[i] != codes[count - 1])
			codes[count++] = codes[i];
	regions = arena_array(arena, (size_t)count + 1, sizeof *regions);
	rank = arena_array(arena, (size_t)count + 1, sizeof *rank);
	for (uint32_t i = 0; i < count; i++)
		regions[i] = (struct region){ codes[i] == CODE_UNKNOWN ? "(unknown)"
					      : codes[i] == CODE_NONE  ? "none"
								       : strs_text(net->strs, codes[i]),
					      codes[i] };
	qsort(regions, count, sizeof *regions, compare_regions);
	cast->region_count = count;
	cast->region_names = arena_array(arena, (size_t)count + 1, sizeof *cast->region_names);
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t *at = bsearch(&regions[i].code, codes, count, sizeof *codes, compare_codes);

		rank[at - codes] = i;
		cast->region_names[i] = regions[i].name;
	}
	cast->region_of_site = arena_array(arena, (size_t)sites + 1, sizeof *cast->region_of_site);
	for (uint32_t s = 0; s < sites; s++) {
		uint32_t code = column && column->codes ? column->codes[s] : CODE_UNKNOWN;
		const uint32_t *at = bsearch(&code, codes, count, sizeof *codes, compare_codes);

		cast->region_of_site[s] = rank[at - codes];
	}
}

static void count_elements(struct arena *arena, struct cast *cast, const struct counting *c)
{
	uint32_t sites = c->net->table[NET_SITES].rows;

	cast->elements = arena_array(arena, (size_t)cast->region_count + 1, sizeof *cast->elements);
	for (uint32_t e = 0; e < c->net->table[NET_ELEMENTS].rows; e++) {
		uint8_t look = look_of_element(c, e);

		if (!counts(c, e))
			continue;
		cast->total[look]++;
		if (c->site[e] < sites)
			cast->elements[cast->region_of_site[c->site[e]]][look]++;
	}
}

struct cast *cast_of(struct arena *arena, const struct net *net)
{
	return cast_like(arena, net, NULL);
}

struct cast *cast_like(struct arena *arena, const struct net *net, const struct cast *model)
{
	struct cast *cast = arena_alloc(arena, sizeof *cast);
	struct counting c = { .net = net,
			      .site = codes_of(net, NET_ELEMENTS, "site"),
			      .vendor = codes_of(net, NET_ELEMENTS, "vendor"),
			      .layer = codes_of(net, NET_ELEMENTS, "layer") };
	uint32_t sites = net->table[NET_SITES].rows;

	if (!c.site || !c.vendor)
		return NULL;
	for (uint32_t e = 0; c.layer && e < net->table[NET_ELEMENTS].rows && !c.access_only; e++)
		c.access_only = c.layer[e] == LAYER_ACCESS;
	cast->access_only = c.access_only;
	choose_vendors(arena, cast, &c, model);
	find_regions(arena, cast, net);
	cast->look_of_site = arena_alloc(arena, (size_t)sites + 1);
	for (uint32_t s = 0; s < sites; s++)
		cast->look_of_site[s] = look_of_site(&c, s);
	count_elements(arena, cast, &c);
	return cast;
}
