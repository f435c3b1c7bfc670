/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Topologies in node-link JSON, as networkx writes them and topohub publishes SNDlib's: nodes are sites with a router,
 * edges are links, demands (graph.demands: from, to, amount) are added up at both of their ends.
 */
#include "net/import/intake.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct topology {
	struct intake *in;
	const char *name;
	size_t count;
	const json_t *nodes;
	const char **sites, **keys; /* by node; the key is its id as text */
	bool planar;                /* some position is no longitude and latitude: none is */
	wide *demand;               /* micro-units */
};

static bool micro_of(const json_t *value, int64_t *micro)
{
	double number = json_number_value(value);

	if (!json_is_number(value) || !(fabs(number) < 9e12))
		return false;
	*micro = llround(number * MICRO);
	return true;
}

static void put_measure(struct intake *in, enum net_table_name table, uint32_t row, const char *column, wide micro)
{
	char text[48];

	micro_print(micro, text);
	intake_cell(in, table, row, column, text);
}

static size_t find(const struct topology *t, const char *key)
{
	size_t guess = strtoul(key, NULL, 10);

	/* Mostly numbers in their order. */
	if (guess < t->count && strcmp(t->keys[guess], key) == 0)
		return guess;
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->keys[i], key) == 0)
			return i;
	return SIZE_MAX;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

static bool position(const json_t *node, int64_t *north, int64_t *east)
{
	const json_t *pos = json_object_get(node, "pos");
	const json_t *lon = pos ? json_array_get(pos, 0) : json_object_get(node, "lon");
	const json_t *lat = pos ? json_array_get(pos, 1) : json_object_get(node, "lat");

	return micro_of(lon, east) && micro_of(lat, north);
}

/* A plan's own coordinates are no places on the earth, also where some of them could be. */
static bool is_planar(const struct topology *t)
{
	int64_t north, east;

	for (size_t i = 0; i < t->count; i++)
		if (position(json_array_get(t->nodes, i), &north, &east) &&
		    (llabs(north) > 90 * MICRO || llabs(east) > 180 * MICRO))
			return true;
	return false;
}

static void put_place(const struct topology *t, uint32_t site, const json_t *node)
{
	int64_t north, east;

	if (t->planar || !position(node, &north, &east))
		return;
	put_measure(t->in, NET_SITES, site, "lat", north);
	put_measure(t->in, NET_SITES, site, "lon", east);
}

static void read_node(struct topology *t, size_t i)
{
	struct intake *in = t->in;
	const json_t *node = json_array_get(t->nodes, i);
	const char *name = intake_json_word(in, node, "name"), *id = intake_json_word(in, node, "id"), *function;
	uint32_t site, element;
	bool new;

	t->keys[i] = id;
	if (!*id && !*name) {
		intake_left_out(in, "a node without an id", arena_printf(in->arena, "%s: node %zu", in->name, i + 1));
		return;
	}
	t->sites[i] = arena_printf(in->arena, "%s-%s", t->name, *name ? name : id);
	site = intake_row(in, NET_SITES, t->sites[i], &new);
	if (!new) { /* two of one name */
		t->sites[i] = arena_printf(in->arena, "%s-%s", t->sites[i], id);
		site = intake_row(in, NET_SITES, t->sites[i], &new);
	}
	if (!new) {
		intake_merged(in);
		return;
	}
	t->sites[i] = intake_id(in, NET_SITES, site);
	function = intake_function(in, "function", intake_json_word(in, node, "type"));
	intake_used(in);
	intake_cell(in, NET_SITES, site, "name", name);
	intake_cell(in, NET_SITES, site, "region", t->name);
	intake_cell(in, NET_SITES, site, "source", strs_text(in->strs, in->base_name));
	put_place(t, site, node);
	element = intake_element(in, arena_printf(in->arena, "router-%s", t->sites[i]), NULL);
	intake_cell(in, NET_ELEMENTS, element, "site", t->sites[i]);
	intake_cell(in, NET_ELEMENTS, element, "function", function ? function : "core-router");
}

/* ---- edges ------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *column;
	const char *keys[4];
} measures[] = {
	{ "capacity", { "capacity", "cap", "bandwidth" } },
	{ "length_km", { "dist", "length", "distance" } },
};

static void read_edge(struct topology *t, const json_t *edge, size_t number)
{
	struct intake *in = t->in;
	const char *from = intake_json_word(in, edge, "source"), *to = intake_json_word(in, edge, "target"), *a, *b;
	size_t x = find(t, from), y = find(t, to);
	const char *name = arena_printf(in->arena, "%s: edge %zu, %.80s to %.80s", in->name, number + 1, from, to);
	uint32_t row;
	int64_t micro;

	if (x == SIZE_MAX || y == SIZE_MAX || !t->sites[x] || !t->sites[y]) {
		intake_left_out(in, "an edge of a node that is not there", name);
		return;
	}
	if (x == y) {
		intake_left_out(in, "an edge from a node to itself", name);
		return;
	}
	a = intake_clean(in, arena_printf(in->arena, "router-%s", t->sites[x]));
	b = intake_clean(in, arena_printf(in->arena, "router-%s", t->sites[y]));
	if (!intake_link(in, a, b, "")) {
		intake_merged(in); /* a second cable, or the way back */
		return;
	}
	intake_used(in);
	row = in->made[NET_LINKS].rows - 1;
	for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
		for (size_t k = 0; k < 4 && measures[i].keys[k]; k++)
			if (micro_of(json_object_get(edge, measures[i].keys[k]), &micro)) {
				put_measure(in, NET_LINKS, row, measures[i].column, micro);
				break;
			}
}

/* ---- demands ----------------------------------------------------------------------------------------------------- */

static void read_demands(struct topology *t, const json_t *demands)
{
	const char *from, *to;
	json_t *of_from, *value;

	json_object_foreach((json_t *)demands, from, of_from)
	{
		size_t a = find(t, from);

		json_object_foreach(of_from, to, value)
		{
			size_t b = find(t, to);
			int64_t micro;

			if (a == SIZE_MAX || b == SIZE_MAX || !micro_of(value, &micro) || micro < 0) {
				intake_left_out(
					t->in, "a demand that is none, or of a node that is not there",
					arena_printf(t->in->arena, "%s: %.80s to %.80s", t->in->name, from, to));
				continue;
			}
			t->demand[a] += micro;
			t->demand[b] += micro;
			intake_merged(t->in);
		}
	}
}

static void put_demands(struct topology *t)
{
	struct intake *in = t->in;
	struct place place;
	const char *map = intake_mapped(in, "traffic", NULL, &place);
	int64_t factor = 0;
	bool any = false;

	if (map && (measure_parse(map, strlen(map), &factor) != NUMBER_OK || factor < 0)) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", place,
			 "traffic is a number of gigabytes a year for one unit of demand, not \"%s\"", map);
		in->refused = true;
		return;
	}
	for (size_t i = 0; i < t->count; i++) {
		uint32_t row =
			t->sites[i] ? intake_element(in, arena_printf(in->arena, "router-%s", t->sites[i]), NULL) : 0;

		if (!t->sites[i] || !t->demand[i])
			continue;
		any = true;
		put_measure(in, NET_ELEMENTS, row, "demand", t->demand[i]);
		if (map)
			put_measure(in, NET_ELEMENTS, row, "traffic", t->demand[i] * factor / MICRO);
	}
	if (any && !map)
		intake_note(in, "demands have no unit, so that they are no traffic (--map: traffic = GIGABYTES)",
			    in->name);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static const char *topology_name(struct intake *in, const json_t *root)
{
	const char *name = intake_json_word(in, json_object_get(root, "graph"), "name"), *base, *dot;

	if (*name)
		return name;
	base = strs_text(in->strs, in->base_name);
	dot = strrchr(base, '.');
	return arena_text(in->arena, base, dot ? (size_t)(dot - base) : strlen(base));
}

void nodelink_read(struct intake *in, struct source *source)
{
	json_t *root = intake_json(in, source), *edges, *edge;
	struct topology t = { .in = in };
	size_t i;

	if (!root)
		return;
	t.nodes = json_object_get(root, "nodes");
	edges = json_object_get(root, "edges");
	edges = edges ? edges : json_object_get(root, "links");
	t.count = json_array_size(t.nodes);
	if (!t.count || !json_is_array(edges)) {
		intake_refuse(in, "wrong-format", 0, "has no lists nodes and edges (or links)");
		json_decref(root);
		return;
	}
	t.name = topology_name(in, root);
	t.sites = arena_array(in->arena, t.count, sizeof *t.sites);
	t.keys = arena_array(in->arena, t.count, sizeof *t.keys);
	t.demand = arena_array(in->arena, t.count, sizeof *t.demand);
	t.planar = is_planar(&t);
	if (t.planar)
		intake_note(in, "positions are no longitudes and latitudes and are not kept", in->name);
	for (i = 0; i < t.count; i++)
		read_node(&t, i);
	json_array_foreach(edges, i, edge)
	{
		read_edge(&t, edge, i);
	}
	read_demands(&t, json_object_get(json_object_get(root, "graph"), "demands"));
	put_demands(&t);
	json_decref(root);
}

const char *nodelink_recognise(const char *head, size_t bytes)
{
	return intake_json_has(head, bytes, "multigraph") ||
			       (intake_json_has(head, bytes, "nodes") &&
				(intake_json_has(head, bytes, "links") || intake_json_has(head, bytes, "edges")))
		       ? "a topology in node-link form"
		       : NULL;
}
