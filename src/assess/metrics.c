/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metrics: how concentrated each layer is - the share of each vendor in elements, sites and every measure, the
 * Herfindahl-Hirschman index (sum of squared shares, 0..1) and its inverse, the effective number of vendors.
 */
#include <stdlib.h>
#include <string.h>

#include "assess/internal.h"

struct metric_list {
	struct metric *items;
	size_t count, room;
};

struct counting {
	const struct net *net;
	struct arena *arena;
	const uint32_t *layer, *vendor, *site;
	uint32_t vendors; /* slot vendors is the unknown one */
	wide *amounts;    /* [layer * (vendors + 1) + slot] */
	wide *totals;     /* by layer; sites count once in it however many vendors they have */
};

static uint32_t slot_of(const struct counting *c, uint32_t element)
{
	uint32_t v = c->vendor[element];
	return v < c->vendors ? v : v == CODE_UNKNOWN ? c->vendors : CODE_NONE;
}

static void count_elements(struct counting *c, const int64_t *values)
{
	for (uint32_t i = 0; i < c->net->table[NET_ELEMENTS].rows; i++) {
		uint32_t slot = slot_of(c, i);
		int64_t v = values ? values[i] : MICRO;
		if (slot == CODE_NONE || c->layer[i] >= LAYER_COUNT || v == MEASURE_UNKNOWN)
			continue;
		c->amounts[(size_t)c->layer[i] * (c->vendors + 1) + slot] += v;
		c->totals[c->layer[i]] += v;
	}
}

static bool earlier_same(const struct counting *c, uint32_t from, uint32_t k, bool vendor_too)
{
	uint32_t i = c->net->site_elements[k];
	for (uint32_t j = from; j < k; j++) {
		uint32_t o = c->net->site_elements[j];
		if (c->layer[o] == c->layer[i] && (!vendor_too || c->vendor[o] == c->vendor[i]) &&
		    slot_of(c, o) != CODE_NONE)
			return true;
	}
	return false;
}

static void count_sites(struct counting *c, const int64_t *values)
{
	const struct net *n = c->net;
	for (uint32_t s = 0; s < n->table[NET_SITES].rows; s++) {
		int64_t v = values ? values[s] : MICRO;
		uint32_t from = n->site_first[s], to = n->site_first[s + 1];
		if (v == MEASURE_UNKNOWN)
			continue;
		if (to - from > 4096)
			to = from + 4096; /* no site has so many elements: its vendors and layers are all among them */
		for (uint32_t k = from; k < to; k++) {
			uint32_t i = n->site_elements[k], slot = slot_of(c, i);
			if (slot == CODE_NONE || c->layer[i] >= LAYER_COUNT)
				continue;
			if (!earlier_same(c, from, k, true))
				c->amounts[(size_t)c->layer[i] * (c->vendors + 1) + slot] += v;
			if (!earlier_same(c, from, k, false))
				c->totals[c->layer[i]] += v;
		}
	}
}

static int by_share(const void *a, const void *b)
{
	const struct metric_share *x = a, *y = b;
	if (x->amount != y->amount)
		return x->amount > y->amount ? -1 : 1;
	return strcmp(x->vendor, y->vendor);
}

enum { FINE = 1000 };

/* Concentration is of the vendors' parts among themselves: where sites have several vendors the parts add up to more than all. */
static void concentration(struct metric *m)
{
	wide sum = 0;
	for (size_t i = 0; i < m->share_count; i++)
		sum += m->shares[i].amount;
	wide squares = 0; /* of parts of 10^12: thirds of ppb alone would not add up to a third */
	for (size_t i = 0; i < m->share_count && sum > 0; i++) {
		wide amount = m->shares[i].amount, ppb = amount * PPB / sum;
		wide part = ppb * FINE + (amount * PPB - ppb * sum) * FINE / sum;
		squares += part * part;
	}
	m->hhi = (int64_t)((squares + (wide)PPB * FINE * FINE / 2) / ((wide)PPB * FINE * FINE));
	m->effective_micro =
		squares > 0 ? (int64_t)(((wide)PPB * PPB * FINE * FINE * MICRO + squares / 2) / squares) : 0;
}

static void keep(struct counting *c, struct metric_list *l, const char *measure)
{
	for (uint32_t layer = 0; layer < LAYER_COUNT; layer++) {
		const wide *amounts = c->amounts + (size_t)layer * (c->vendors + 1);
		size_t count = 0;
		for (uint32_t v = 0; v <= c->vendors; v++)
			count += amounts[v] > 0;
		if (!count || c->totals[layer] <= 0)
			continue;
		struct metric *m = array_add(l);
		*m = (struct metric){ .layer = net_layer_name((enum net_layer)layer), .measure = measure };
		m->shares = arena_array(c->arena, count, sizeof *m->shares);
		for (uint32_t v = 0; v <= c->vendors; v++) {
			if (amounts[v] <= 0)
				continue;
			const char *name = v < c->vendors ? net_id(c->net, NET_VENDORS, v) : "(unknown)";
			m->shares[m->share_count++] =
				(struct metric_share){ name, share_ppb(amounts[v], c->totals[layer]), amounts[v] };
		}
		qsort(m->shares, m->share_count, sizeof *m->shares, by_share);
		concentration(m);
	}
}

static void clear(struct counting *c)
{
	memset(c->amounts, 0, (size_t)LAYER_COUNT * (c->vendors + 1) * sizeof *c->amounts);
	memset(c->totals, 0, LAYER_COUNT * sizeof *c->totals);
}

static bool is_weight(const struct net_column *c)
{
	return c->type == TYPE_MEASURE && strcmp(c->name, "lat") && strcmp(c->name, "lon");
}

static int by_layer(const void *a, const void *b)
{
	const struct metric *x = a, *y = b;
	int c = strcmp(x->layer, y->layer);
	return c ? c : strcmp(x->measure, y->measure);
}

void metrics_make(struct arena *a, struct assessment *x)
{
	const struct net *net = x->of->net;
	struct counting c = { .net = net, .arena = a, .vendors = net->table[NET_VENDORS].rows };
	struct metric_list l = { 0 };
	c.layer = net_column(net, NET_ELEMENTS, "layer")->codes;
	c.vendor = net_column(net, NET_ELEMENTS, "vendor")->codes;
	c.site = net_column(net, NET_ELEMENTS, "site")->codes;
	c.amounts = arena_array(a, (size_t)LAYER_COUNT * (c.vendors + 1), sizeof *c.amounts);
	c.totals = arena_array(a, LAYER_COUNT, sizeof *c.totals);
	count_elements(&c, NULL);
	keep(&c, &l, "elements");
	clear(&c);
	count_sites(&c, NULL);
	keep(&c, &l, "sites");
	for (size_t i = 0; i < net->table[NET_ELEMENTS].column_count; i++) {
		const struct net_column *col = &net->table[NET_ELEMENTS].columns[i];
		if (!is_weight(col))
			continue;
		clear(&c);
		count_elements(&c, col->measures);
		keep(&c, &l, col->name);
	}
	for (size_t i = 0; i < net->table[NET_SITES].column_count; i++) {
		const struct net_column *col = &net->table[NET_SITES].columns[i],
					*of = net_column(net, NET_ELEMENTS, col->name);
		if (!is_weight(col))
			continue;
		clear(&c);
		count_sites(&c, col->measures);
		keep(&c, &l, of && of->type == TYPE_MEASURE ? arena_printf(a, "site.%s", col->name) : col->name);
	}
	x->metrics = arena_array(a, l.count + 1, sizeof *x->metrics);
	if (l.count)
		memcpy(x->metrics, l.items, l.count * sizeof *l.items);
	x->metric_count = l.count;
	qsort(x->metrics, l.count, sizeof *x->metrics, by_layer);
	free(l.items);
}
