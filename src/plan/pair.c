/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pair: what goes together and what does not, within a site, a cluster, a region or over a link. Pairs bind what is changed:
 * what stands side by side today may stay so. Where something that is changed needs a neighbour that is not there - a radio network
 * its element manager - one may be added: an element that does not exist yet, with the offers for its function.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/build.h"

struct pair_asked {
	const struct plan_pair *pairs; /* one, or several that differ in vendor_b alone: each will do */
	const uint32_t *same;
	size_t count;
};

enum { IS_A, IS_B, IS_A_CHANGED, IS_B_CHANGED };

/* ---- where elements meet -------------------------------------------------------------------------------------------- */

static uint32_t place_in(const struct planning *p, enum plan_scope scope, uint32_t element)
{
	uint32_t site = element_code(p, "site", element);

	if (scope == PLAN_SCOPE_SITE)
		return CODE_IS_KNOWN(site) ? site : CODE_UNKNOWN;
	if (scope == PLAN_SCOPE_CLUSTER)
		return p->cluster_of ? p->cluster_of[element] : CODE_UNKNOWN;
	return region_of(p, element);
}

struct meeting { /* elements by where they are */
	uint32_t place, element;
};

static int by_place(const void *a, const void *b)
{
	const struct meeting *x = a, *y = b;

	return x->place != y->place      ? (x->place < y->place ? -1 : 1)
	       : x->element < y->element ? -1
					 : x->element > y->element;
}

static struct meeting *meetings_make(struct planning *p, struct arena *a, enum plan_scope scope, uint32_t elements,
				     size_t *count)
{
	struct meeting *all = arena_array(a, (size_t)elements + 1, sizeof *all);

	*count = 0;
	for (uint32_t i = 0; i < elements; i++) {
		uint32_t at = place_in(p, scope, i);

		if (CODE_IS_KNOWN(at))
			all[(*count)++] = (struct meeting){ at, i };
	}
	if (*count)
		qsort(all, *count, sizeof *all, by_place);
	return all;
}

/* ---- what might have to be added ------------------------------------------------------------------------------------ */

struct extra {
	uint32_t function, vendor, site, cluster;
};

struct extras {
	struct extra *items;
	size_t count, room;
};

static bool is_offered(const struct planning *p, uint32_t function, uint32_t vendor)
{
	for (size_t k = 0; k < p->task->offers->offer_count; k++) {
		const struct plan_offer *o = &p->task->offers->offers[k];

		if (o->what == PLAN_SWAP && o->function == function && (!CODE_IS_KNOWN(vendor) || o->vendor == vendor))
			return true;
	}
	return false;
}

/* Beside one like it; else where the management is; else at the first site. */
static uint32_t best_site(const struct planning *p, const struct meeting *m, size_t count, uint32_t function)
{
	uint32_t site = CODE_UNKNOWN;
	int best = -1;

	for (size_t i = 0; i < count; i++) {
		uint32_t at = element_code(p, "site", m[i].element);
		int score = element_code(p, "function", m[i].element) == function        ? 2
			    : element_code(p, "layer", m[i].element) == LAYER_MANAGEMENT ? 1
											 : 0;

		if (CODE_IS_KNOWN(at) && score > best) {
			best = score;
			site = at;
		}
	}
	return site;
}

static void want_extra(struct extras *all, struct extra x)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].function == x.function && all->items[i].vendor == x.vendor &&
		    all->items[i].site == x.site && all->items[i].cluster == x.cluster)
			return;
	*array_add(all) = x;
}

static void extras_of_pair(struct planning *p, const struct plan_pair *pair, struct extras *all)
{
	struct arena *a = arena_new();
	size_t count, from = 0;
	struct meeting *m = meetings_make(p, a, pair->scope, p->real, &count);

	for (size_t i = 0; i < count; i++) {
		bool asking = false;
		uint32_t site;

		if (i + 1 < count && m[i + 1].place == m[i].place)
			continue;
		for (size_t k = from; k <= i; k++)
			asking = asking || element_code(p, "function", m[k].element) == pair->function_a;
		site = asking ? best_site(p, m + from, i + 1 - from, pair->function_b) : CODE_UNKNOWN;
		if (site != CODE_UNKNOWN)
			want_extra(all,
				   (struct extra){ pair->function_b, pair->vendor_b, site,
						   pair->scope == PLAN_SCOPE_CLUSTER ? m[i].place : CODE_UNKNOWN });
		from = i + 1;
	}
	arena_free(a);
}

static uint32_t id_of_extra(struct planning *p, const struct extra *x)
{
	const struct net *net = p->task->net;
	const char *id = arena_printf(p->arena, "new-%s-%s%s%s", net_functions[x->function].name,
				      CODE_IS_KNOWN(x->vendor) ? net_id(net, NET_VENDORS, x->vendor) : "",
				      CODE_IS_KNOWN(x->vendor) ? "-" : "", net_id(net, NET_SITES, x->site));

	for (int n = 2; CODE_IS_KNOWN(net_find_text(net, NET_ELEMENTS, id)); n++)
		id = arena_printf(p->arena, "%s-%d", id, n);
	return strs_id(net->strs, id);
}

/* Nothing is known of what does not exist; what it might be said to hang on is known to be nothing. */
static void set_extra(struct planning *p, struct net_table *t, uint32_t row, const struct extra *x)
{
	static const char *const none[] = { "managed_by", "hosted_on", "part_of", "anchor" };

	for (size_t c = 0; c < t->column_count; c++) {
		struct net_column *column = &t->columns[c];

		if (column->measures)
			column->measures[row] = MEASURE_UNKNOWN;
		if (!column->codes)
			continue;
		column->codes[row] = CODE_UNKNOWN;
		for (size_t i = 0; i < sizeof none / sizeof *none; i++)
			if (!strcmp(column->name, none[i]))
				column->codes[row] = CODE_NONE;
		if (!strcmp(column->name, "function"))
			column->codes[row] = x->function;
		if (!strcmp(column->name, "layer"))
			column->codes[row] = net_functions[x->function].layer;
		if (!strcmp(column->name, "site"))
			column->codes[row] = x->site;
	}
	t->ids[row] = id_of_extra(p, x);
}

static void add_extras(struct planning *p, const struct extras *all)
{
	uint32_t rows = p->real + (uint32_t)all->count, *from = arena_array(p->scratch, (size_t)rows + 1, sizeof *from);
	uint32_t *cluster_of = arena_array(p->arena, (size_t)rows + 1, sizeof *cluster_of);
	struct net *base;

	for (uint32_t i = 0; i < p->real; i++)
		from[i] = i;
	base = net_with_rows(p->arena, p->task->net, from, rows);
	p->extra_vendor = arena_array(p->arena, all->count + 1, sizeof *p->extra_vendor);
	for (uint32_t i = 0; i < rows; i++)
		cluster_of[i] = p->cluster_of && i < p->real ? p->cluster_of[i] : CODE_UNKNOWN;
	for (uint32_t i = p->real; i < rows; i++) {
		const struct extra *x = &all->items[i - p->real];

		set_extra(p, &base->table[NET_ELEMENTS], i, x);
		base->present_element[i] = CODE_UNKNOWN;
		p->extra_vendor[i - p->real] = x->vendor;
		cluster_of[i] = x->cluster;
	}
	base->present = p->task->present ? p->task->present : p->task->net;
	net_index_sites(p->arena, base);
	p->cluster_of = p->cluster_of ? cluster_of : NULL;
	p->base = base;
	p->elements = rows;
}

void extras_make(struct planning *p)
{
	struct extras all = { 0 };

	for (size_t i = 0; i < p->task->offers->pair_count && p->real; i++) {
		const struct plan_pair *pair = &p->task->offers->pairs[i];

		if (pair->relation == PLAN_NEEDS && pair->scope != PLAN_SCOPE_LINK &&
		    is_offered(p, pair->function_a, pair->vendor_a) && is_offered(p, pair->function_b, pair->vendor_b))
			extras_of_pair(p, pair, &all);
	}
	if (all.count)
		add_extras(p, &all);
	free(all.items);
}

/* ---- rows ---------------------------------------------------------------------------------------------------------------- */

static bool is_side(const struct planning *p, uint32_t state, uint32_t vendor, uint32_t function)
{
	return !p->gone[state] && element_code(p, "function", p->origin[state]) == function &&
	       (!CODE_IS_KNOWN(vendor) || net_column(p->wide, NET_ELEMENTS, "vendor")->codes[state] == vendor);
}

static bool is_b(const struct building *x, uint32_t state)
{
	for (size_t i = 0; i < x->pair->count; i++) {
		const struct plan_pair *pair = &x->pair->pairs[x->pair->same[i]];

		if (is_side(x->p, state, pair->vendor_b, pair->function_b))
			return true;
	}
	return false;
}

/* party says which side is asked about. */
static bool is_of_pair(const struct building *x, uint32_t party, uint32_t state)
{
	const struct plan_pair *pair = &x->pair->pairs[x->pair->same[0]];
	bool changed = x->p->offer_of[state] != NO_OFFER &&
		       x->p->task->offers->offers[x->p->offer_of[state]].what == PLAN_SWAP;

	if ((party == IS_A_CHANGED || party == IS_B_CHANGED) && !changed)
		return false;
	if (party == IS_B || party == IS_B_CHANGED)
		return is_b(x, state);
	return is_side(x->p, state, pair->vendor_a, pair->function_a);
}

static bool any_today(const struct building *x, const uint32_t *list, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (is_b(x, list[i]))
			return true;
	return false;
}

static void any_of_side(struct building *x, const uint32_t *list, uint32_t count, uint32_t side, struct any_of *out)
{
	*out = (struct any_of){ .always = false };
	any_of_thing(x, &(struct thing){ list, count, 1 }, 0, side, is_of_pair, out);
}

static void row_of_two(struct building *x, struct any_of *a, struct any_of *b, int64_t weight_b, wide bound)
{
	struct line line = { .constant = 0 };

	any_of_to_line(x, a, &line, 1);
	any_of_to_line(x, b, &line, weight_b);
	line_to_row(x, &line, SOLVE_AT_MOST, bound, SOLVE_NO_RULE);
	line_free(&line, 1);
}

static void exclude(struct building *x, const uint32_t *list, uint32_t count)
{
	static const uint32_t sides[2][2] = { { IS_A_CHANGED, IS_B }, { IS_A, IS_B_CHANGED } };

	for (int i = 0; i < 2; i++) {
		struct any_of a, b;

		any_of_side(x, list, count, sides[i][0], &a);
		any_of_side(x, list, count, sides[i][1], &b);
		if ((a.always || a.options.count) && (b.always || b.options.count))
			row_of_two(x, &a, &b, 1, 1);
		any_of_free(&a);
		any_of_free(&b);
	}
}

static void need(struct building *x, const uint32_t *from, uint32_t from_count, const uint32_t *list, uint32_t count)
{
	struct any_of a, b;

	any_of_side(x, from, from_count, any_today(x, list, count) ? IS_A : IS_A_CHANGED, &a);
	if (a.always || a.options.count) {
		any_of_side(x, list, count, IS_B, &b);
		row_of_two(x, &a, &b, -1, 0);
		any_of_free(&b);
	}
	any_of_free(&a);
}

static void over_links(struct building *x, const struct plan_pair *pair)
{
	const struct net *net = x->p->base;
	const uint32_t *a = net_column(net, NET_LINKS, "a")->codes, *b = net_column(net, NET_LINKS, "b")->codes;
	uint32_t links = net->table[NET_LINKS].rows;
	struct meeting *ends = arena_array(x->arena, (size_t)links * 2 + 1, sizeof *ends);
	uint32_t *list = arena_array(x->arena, (size_t)links * 2 + 1, sizeof *list), count = 0;

	for (uint32_t i = 0; i < links && pair->relation == PLAN_EXCLUDES; i++)
		exclude(x, (uint32_t[]){ a[i], b[i] }, 2);
	if (pair->relation == PLAN_EXCLUDES)
		return;
	for (uint32_t i = 0; i < links; i++) {
		ends[2 * i] = (struct meeting){ a[i], b[i] };
		ends[2 * i + 1] = (struct meeting){ b[i], a[i] };
	}
	if (links)
		qsort(ends, (size_t)links * 2, sizeof *ends, by_place);
	for (uint32_t e = 0, i = 0; e < x->p->real; e++, count = 0) {
		for (; i < links * 2 && ends[i].place == e; i++)
			list[count++] = ends[i].element;
		if (element_code(x->p, "function", e) == pair->function_a)
			need(x, &e, 1, list, count);
	}
}

static void in_places(struct building *x, const struct plan_pair *pair)
{
	size_t count, n = 0;
	struct meeting *m = meetings_make(x->p, x->arena, pair->scope, x->p->elements, &count);
	uint32_t *list = arena_array(x->arena, count + 1, sizeof *list);

	for (size_t i = 0; i < count; i++) {
		uint32_t function = element_code(x->p, "function", m[i].element);

		if (function == pair->function_a || function == pair->function_b)
			list[n++] = m[i].element;
		if (i + 1 < count && m[i + 1].place == m[i].place)
			continue;
		if (pair->relation == PLAN_EXCLUDES)
			exclude(x, list, (uint32_t)n);
		else
			need(x, list, (uint32_t)n, list, (uint32_t)n);
		n = 0;
	}
}

static bool are_alternatives(const struct plan_pair *a, const struct plan_pair *b)
{
	return a->relation == PLAN_NEEDS && b->relation == PLAN_NEEDS && a->vendor_a == b->vendor_a &&
	       a->function_a == b->function_a && a->function_b == b->function_b && a->scope == b->scope;
}

void build_pairs(struct building *x)
{
	static const struct policy_row no_row = { .group_count = 1 };
	const struct plan_offers *all = x->p->task->offers;
	uint32_t *same = arena_array(x->arena, all->pair_count + 1, sizeof *same);

	for (uint32_t i = 0; i < all->pair_count; i++) {
		struct pair_asked asked = { all->pairs, same, 0 };
		bool before = false;

		for (uint32_t k = 0; k < i; k++)
			before = before || are_alternatives(&all->pairs[k], &all->pairs[i]);
		for (uint32_t k = i; k < all->pair_count; k++)
			if (k == i || are_alternatives(&all->pairs[i], &all->pairs[k]))
				same[asked.count++] = k;
		if (before)
			continue;
		x->row = &no_row;
		x->pair = &asked;
		x->because = all->pairs[i].place;
		if (all->pairs[i].scope == PLAN_SCOPE_LINK)
			over_links(x, &all->pairs[i]);
		else
			in_places(x, &all->pairs[i]);
	}
	x->because = (struct place){ 0 };
}
