/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster: neighbouring sites whose radio comes from one vendor. Where the elements have no column `cluster`, the sites with
 * access elements and coordinates are halved, across the longer side, until none of the parts has more than 150. Two clusters
 * are side by side where a site of one is among the six nearest of a site of the other; a border between two that have one
 * vendor today costs what costs.csv says if the plan gives them two.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

enum { LEAST_SITES = 50, MOST_SITES = 150, NEAREST = 6 };

struct spot {             /* a site with radio */
	int64_t lon, lat; /* micro degrees */
	int64_t x, y;     /* on one map of all: the longitude shrunk as it is where it is shrunk most */
	uint32_t site, cluster;
};

struct spots {
	struct spot *items;
	size_t count, room;
};

/* The cosine of a latitude in thousandths, by its series: exact enough for a map, and the same on every machine. */
static int64_t cosine(int64_t micro_degrees)
{
	int64_t x = micro_degrees / 57296, xx; /* thousandths of a radian */

	x = x < 0 ? -x : x;
	xx = x * x / 1000;
	return 1000 - xx / 2 + xx * xx / 1000 / 24 - xx * xx / 1000 * xx / 1000 / 720;
}

static uint32_t radio_at(const struct planning *p, uint32_t site)
{
	const struct net *net = p->task->net;

	for (uint32_t k = net->site_first[site]; k < net->site_first[site + 1]; k++)
		if (element_code(p, "layer", net->site_elements[k]) == LAYER_ACCESS)
			return net->site_elements[k];
	return CODE_UNKNOWN;
}

static struct spots spots_make(const struct planning *p)
{
	const struct net *net = p->task->net;
	const struct net_column *lat = net_column(net, NET_SITES, "lat"), *lon = net_column(net, NET_SITES, "lon");
	struct spots spots = { 0 };
	int64_t least = 1000;

	for (uint32_t s = 0; lat && lon && lat->measures && lon->measures && s < net->table[NET_SITES].rows; s++) {
		uint32_t radio = radio_at(p, s);
		int64_t y = lat->measures[s], x = lon->measures[s];

		if (!CODE_IS_KNOWN(radio) || x == MEASURE_UNKNOWN || y == MEASURE_UNKNOWN)
			continue;
		*array_add(&spots) =
			(struct spot){ x, y, 0, y, s, p->cluster_of ? p->cluster_of[radio] : CODE_UNKNOWN };
		least = cosine(y) < least ? cosine(y) : least;
	}
	for (size_t i = 0; i < spots.count; i++)
		spots.items[i].x = spots.items[i].lon * least / 1000;
	return spots;
}

/* ---- forming --------------------------------------------------------------------------------------------------------- */

static int by_x(const void *a, const void *b)
{
	const struct spot *s = a, *t = b;

	return s->x != t->x ? (s->x < t->x ? -1 : 1) : s->site < t->site ? -1 : s->site > t->site;
}

static int by_y(const void *a, const void *b)
{
	const struct spot *s = a, *t = b;

	return s->y != t->y ? (s->y < t->y ? -1 : 1) : s->site < t->site ? -1 : s->site > t->site;
}

static void halve(struct planning *p, struct spot *spots, size_t count)
{
	int64_t low[2] = { INT64_MAX, INT64_MAX }, high[2] = { INT64_MIN, INT64_MIN };

	if (count <= MOST_SITES) {
		for (size_t i = 0; i < count; i++)
			spots[i].cluster = p->cluster_count;
		p->cluster_count++;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		int64_t at[2] = { spots[i].x, spots[i].y };

		for (int k = 0; k < 2; k++) {
			low[k] = at[k] < low[k] ? at[k] : low[k];
			high[k] = at[k] > high[k] ? at[k] : high[k];
		}
	}
	qsort(spots, count, sizeof *spots, high[0] - low[0] > high[1] - low[1] ? by_x : by_y);
	halve(p, spots, count / 2);
	halve(p, spots + count / 2, count - count / 2);
}

static void form(struct planning *p)
{
	struct spots spots = spots_make(p);
	const struct net *net = p->task->net;

	if (spots.count >= LEAST_SITES) {
		p->cluster_of = arena_array(p->arena, (size_t)p->elements + 1, sizeof *p->cluster_of);
		memset(p->cluster_of, 0xff, (size_t)p->elements * sizeof *p->cluster_of);
		halve(p, spots.items, spots.count);
		p->clusters_formed = p->cluster_count;
		for (size_t i = 0; i < spots.count; i++)
			for (uint32_t k = net->site_first[spots.items[i].site];
			     k < net->site_first[spots.items[i].site + 1]; k++)
				if (element_code(p, "layer", net->site_elements[k]) == LAYER_ACCESS)
					p->cluster_of[net->site_elements[k]] = spots.items[i].cluster;
		diagnose(p->diagnostics, SEVERITY_NOTE, "clusters-formed", (struct place){ NULL, 0, 0 },
			 "no column says which sites form a cluster: %zu sites were put together by their "
			 "coordinates as %u clusters of %d to %d, each of which gets one radio vendor",
			 spots.count, p->cluster_count, LEAST_SITES, MOST_SITES);
	}
	free(spots.items);
}

/* ---- side by side ------------------------------------------------------------------------------------------------------ */

struct grid {
	const struct spot *spots;
	size_t count;
	int64_t left, bottom, cell; /* the side of a cell, micro degrees */
	uint32_t wide, high;
	uint32_t *first, *spot; /* of a cell: spot[first[c]] .. */
};

static uint32_t column_of(const struct grid *g, int64_t x)
{
	return (uint32_t)((x - g->left) / g->cell);
}

static uint32_t row_of(const struct grid *g, int64_t y)
{
	return (uint32_t)((y - g->bottom) / g->cell);
}

static struct grid grid_make(struct arena *a, const struct spots *s)
{
	struct grid g = { .spots = s->items, .count = s->count, .left = INT64_MAX, .bottom = INT64_MAX, .cell = 1 };
	int64_t right = INT64_MIN, top = INT64_MIN;
	uint32_t *fill;

	for (size_t i = 0; i < s->count; i++) {
		const struct spot *t = &s->items[i];

		g.left = t->x < g.left ? t->x : g.left;
		g.bottom = t->y < g.bottom ? t->y : g.bottom;
		right = t->x > right ? t->x : right;
		top = t->y > top ? t->y : top;
	}
	while (((right - g.left) / g.cell + 1) * ((top - g.bottom) / g.cell + 1) > (int64_t)s->count)
		g.cell = g.cell + g.cell / 8 + 1;
	g.wide = column_of(&g, right) + 1;
	g.high = row_of(&g, top) + 1;
	g.first = arena_array(a, (size_t)g.wide * g.high + 2, sizeof *g.first);
	g.spot = arena_array(a, s->count + 1, sizeof *g.spot);
	fill = g.first + 1;
	for (size_t i = 0; i < s->count; i++)
		fill[(size_t)row_of(&g, s->items[i].y) * g.wide + column_of(&g, s->items[i].x) + 1]++;
	for (size_t c = 0; c < (size_t)g.wide * g.high; c++)
		fill[c + 1] += fill[c];
	for (uint32_t i = 0; i < s->count; i++)
		g.spot[fill[(size_t)row_of(&g, s->items[i].y) * g.wide + column_of(&g, s->items[i].x)]++] = i;
	return g;
}

struct near {
	uint32_t spot[NEAREST];
	int64_t distance[NEAREST];
	int count;
};

static void offer_near(const struct grid *g, struct near *n, uint32_t from, uint32_t to)
{
	const struct spot *a = &g->spots[from], *b = &g->spots[to];
	int64_t dx = (a->lon - b->lon) * cosine(a->lat) / 1000, dy = a->lat - b->lat, d = dx * dx + dy * dy;
	int at = n->count;

	while (at > 0 && (d < n->distance[at - 1] || (d == n->distance[at - 1] && to < n->spot[at - 1])))
		at--;
	if (at == NEAREST)
		return;
	n->count += n->count < NEAREST;
	for (int i = n->count - 1; i > at; i--) {
		n->spot[i] = n->spot[i - 1];
		n->distance[i] = n->distance[i - 1];
	}
	n->spot[at] = to;
	n->distance[at] = d;
}

/* Cells at a distance of `ring` cells, as far as they are on the map. */
static void look_in_ring(const struct grid *g, struct near *n, uint32_t from, int64_t ring)
{
	int64_t cx = column_of(g, g->spots[from].x), cy = row_of(g, g->spots[from].y);

	for (int64_t y = cy - ring; y <= cy + ring; y++)
		for (int64_t x = cx - ring; x <= cx + ring;
		     x += (y == cy - ring || y == cy + ring || !ring) ? 1 : 2 * ring) {
			size_t cell;

			if (x < 0 || y < 0 || x >= g->wide || y >= g->high)
				continue;
			cell = (size_t)y * g->wide + (size_t)x;
			for (uint32_t k = g->first[cell]; k < g->first[cell + 1]; k++)
				if (g->spot[k] != from)
					offer_near(g, n, from, g->spot[k]);
		}
}

static void near_make(const struct grid *g, uint32_t from, struct near *n)
{
	int64_t most = g->wide > g->high ? g->wide : g->high;

	n->count = 0;
	for (int64_t ring = 0; ring <= most; ring++) {
		if (n->count == NEAREST && (ring - 1) * g->cell * (ring - 1) * g->cell > n->distance[NEAREST - 1])
			return;
		look_in_ring(g, n, from, ring);
	}
}

static int by_pair(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return x[0] != y[0] ? (x[0] < y[0] ? -1 : 1) : x[1] < y[1] ? -1 : x[1] > y[1];
}

struct sides {
	uint32_t (*items)[2];
	size_t count, room;
};

static void neighbours_make(struct planning *p)
{
	struct spots spots = spots_make(p);
	struct arena *a = arena_new();
	struct sides sides = { 0 };

	if (spots.count > 1) {
		struct grid g = grid_make(a, &spots);
		struct near n;

		for (uint32_t i = 0; i < spots.count; i++) {
			near_make(&g, i, &n);
			for (int k = 0; k < n.count; k++) {
				uint32_t c = spots.items[i].cluster, d = spots.items[n.spot[k]].cluster, *pair;

				if (c == d || !CODE_IS_KNOWN(c) || !CODE_IS_KNOWN(d))
					continue;
				pair = *array_add(&sides);
				pair[0] = c < d ? c : d;
				pair[1] = c < d ? d : c;
			}
		}
	}
	if (sides.count)
		qsort(sides.items, sides.count, sizeof *sides.items, by_pair);
	p->neighbours = arena_array(p->arena, sides.count + 1, sizeof *p->neighbours);
	for (size_t i = 0; i < sides.count; i++)
		if (!i || by_pair(sides.items[i - 1], sides.items[i]))
			memcpy(p->neighbours[p->neighbour_count++], sides.items[i], sizeof *p->neighbours);
	free(sides.items);
	free(spots.items);
	arena_free(a);
}

void clusters_make(struct planning *p)
{
	const struct net_column *c = net_column(p->task->net, NET_ELEMENTS, "cluster");
	bool said = c && c->codes && c->type == TYPE_TEXT, priced = price_of_border(p, &p->border_cost);

	if (said) {
		uint32_t *number = arena_array(p->scratch, (size_t)strs_count(p->task->net->strs) + 1, sizeof *number);

		p->cluster_of = arena_array(p->arena, (size_t)p->elements + 1, sizeof *p->cluster_of);
		for (uint32_t i = 0; i < p->elements; i++) {
			uint32_t code = c->codes[i];

			if (CODE_IS_KNOWN(code) && !number[code])
				number[code] = ++p->cluster_count;
			p->cluster_of[i] = CODE_IS_KNOWN(code) ? number[code] - 1 : CODE_UNKNOWN;
		}
	} else {
		form(p);
	}
	if (priced && p->cluster_of)
		neighbours_make(p);
	if (priced && !p->neighbour_count)
		diagnose(p->diagnostics, SEVERITY_NOTE, "no-borders", (struct place){ NULL, 0, 0 },
			 "costs.csv says what a border costs, but no two clusters of sites with coordinates lie side "
			 "by side");
}

/* ---- borders -------------------------------------------------------------------------------------------------------------- */

uint32_t label_of_option(const struct planning *p, uint32_t option)
{
	const struct option *o = &p->options.items[option];
	const struct unit *u = &p->units.items[o->unit];
	uint32_t vendor = CODE_UNKNOWN, seen = 0;

	if (!p->neighbour_count || u->link != NO_LINK)
		return SOLVE_NO_LABEL;
	for (uint32_t k = 0; k < u->members; k++) {
		uint32_t s = state_of(p, o, k), of = net_column(p->wide, NET_ELEMENTS, "vendor")->codes[s];

		if (!CODE_IS_KNOWN(p->cluster_of[p->origin[s]]) || p->gone[s])
			continue;
		if (!CODE_IS_KNOWN(of) || (seen++ && of != vendor)) /* like no other */
			return p->base->table[NET_VENDORS].rows + 1 + o->unit;
		vendor = of;
	}
	return seen ? vendor : p->base->table[NET_VENDORS].rows;
}

/* The unit that a cluster is in. */
static uint32_t *units_of_clusters(const struct planning *p, struct arena *a)
{
	uint32_t *unit = arena_array(a, (size_t)p->cluster_count + 1, sizeof *unit);

	for (uint32_t i = p->elements; i-- > 0;)
		if (CODE_IS_KNOWN(p->cluster_of[i]))
			unit[p->cluster_of[i]] = p->unit_of[i];
	return unit;
}

void borders_make(struct planning *p)
{
	uint32_t *unit;

	if (!p->neighbour_count)
		return;
	unit = units_of_clusters(p, p->scratch);
	for (size_t i = 0; i < p->neighbour_count; i++) {
		uint32_t a = unit[p->neighbours[i][0]], b = unit[p->neighbours[i][1]];

		if (a != b && label_of_option(p, p->units.items[a].first_option) ==
				      label_of_option(p, p->units.items[b].first_option))
			*array_add(&p->borders) = (struct border){ a, b };
	}
}

void borders_count(struct planning *p, const uint32_t *choice, struct plan *plan)
{
	uint32_t *unit, *alike, *beside;

	plan->clusters_formed = p->clusters_formed;
	if (!p->neighbour_count)
		return;
	unit = units_of_clusters(p, p->scratch);
	alike = arena_array(p->scratch, (size_t)p->cluster_count + 1, sizeof *alike);
	beside = arena_array(p->scratch, (size_t)p->cluster_count + 1, sizeof *beside);
	plan->border_count = p->neighbour_count;
	for (size_t i = 0; i < p->neighbour_count; i++) {
		uint32_t a = p->neighbours[i][0], b = p->neighbours[i][1];
		bool same = label_of_option(p, choice[unit[a]]) == label_of_option(p, choice[unit[b]]);

		plan->borders += !same;
		beside[a]++, beside[b]++;
		alike[a] += same, alike[b] += same;
	}
	for (uint32_t c = 0; c < p->cluster_count; c++)
		plan->islands += beside[c] && !alike[c];
	for (size_t i = 0; i < p->borders.count; i++)
		if (label_of_option(p, choice[p->borders.items[i].a]) !=
		    label_of_option(p, choice[p->borders.items[i].b]))
			money_add(&plan->border_cost, &p->border_cost);
	money_add(&plan->cost, &plan->border_cost);
}
