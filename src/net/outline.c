/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outlines of regions: polygons of GeoJSON (IETF RFC 7946), longitude before latitude. What is inside is decided by how
 * many edges a line to the east crosses, over all rings: holes are outside.
 */
#include <jansson.h>

#include "net/outline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST = 4, DEEPEST = 2 }; /* places of a ring, the first one twice; a collection of collections */

struct shape {
	struct arena *arena;
	struct net_outline *outline;
	size_t room;
	const char *wrong;
};

static bool read_place(const json_t *value, struct net_place *place)
{
	const json_t *lon = json_array_get(value, 0), *lat = json_array_get(value, 1);

	if (!json_is_number(lon) || !json_is_number(lat))
		return false;
	place->lon = json_number_value(lon);
	place->lat = json_number_value(lat);
	return fabs(place->lat) <= 90 && fabs(place->lon) <= 360;
}

bool net_place_of(const json_t *value, struct net_place *place)
{
	return read_place(value, place);
}

static void widen(struct net_outline *outline, const struct net_place *place)
{
	outline->south = fmin(outline->south, place->lat);
	outline->north = fmax(outline->north, place->lat);
	outline->west = fmin(outline->west, place->lon);
	outline->east = fmax(outline->east, place->lon);
}

static void read_ring(struct shape *s, const json_t *places)
{
	size_t count = json_array_size(places);
	struct net_ring *ring;

	if (count < FEWEST) {
		s->wrong = "a ring of less than four places";
		return;
	}
	if (s->outline->ring_count == s->room) {
		size_t room = s->room * 2 + 4;

		s->outline->rings =
			arena_grow(s->arena, s->outline->rings, s->room * sizeof *ring, room * sizeof *ring);
		s->room = room;
	}
	ring = &s->outline->rings[s->outline->ring_count++];
	ring->places = arena_array(s->arena, count, sizeof *ring->places);
	ring->count = count;
	for (size_t i = 0; i < count; i++) {
		if (!read_place(json_array_get(places, i), &ring->places[i])) {
			s->wrong = "a place that is no longitude and latitude";
			return;
		}
		widen(s->outline, &ring->places[i]);
	}
}

static void read_polygon(struct shape *s, const json_t *rings)
{
	const json_t *ring;
	size_t i;

	json_array_foreach(rings, i, ring)
	{
		if (!s->wrong)
			read_ring(s, ring);
	}
}

static void read_shape(struct shape *s, const json_t *geometry, int depth)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *coordinates = json_object_get(geometry, "coordinates"), *part;
	size_t i;

	if (type && strcmp(type, "Polygon") == 0) {
		read_polygon(s, coordinates);
	} else if (type && strcmp(type, "MultiPolygon") == 0) {
		json_array_foreach(coordinates, i, part)
		{
			read_polygon(s, part);
		}
	} else if (type && strcmp(type, "GeometryCollection") == 0 && depth < DEEPEST) {
		json_array_foreach(json_object_get(geometry, "geometries"), i, part)
		{
			read_shape(s, part, depth + 1);
		}
	}
}

const char *net_outline_of(struct arena *arena, const json_t *geometry, struct net_outline *outline)
{
	struct shape s = { .arena = arena, .outline = outline };

	*outline = (struct net_outline){ .south = 90, .north = -90, .west = 360, .east = -360 };
	read_shape(&s, geometry, 0);
	if (!s.wrong && !outline->ring_count)
		s.wrong = "no polygon";
	return s.wrong;
}

bool net_outline_holds(const struct net_outline *outline, double lat, double lon)
{
	bool inside = false;

	if (lat < outline->south || lat > outline->north || lon < outline->west || lon > outline->east)
		return false;
	for (size_t r = 0; r < outline->ring_count; r++) {
		const struct net_ring *ring = &outline->rings[r];

		for (size_t i = 0, before = ring->count - 1; i < ring->count; before = i++) {
			const struct net_place *a = &ring->places[i], *b = &ring->places[before];

			if ((a->lat > lat) != (b->lat > lat) &&
			    lon < (b->lon - a->lon) * (lat - a->lat) / (b->lat - a->lat) + a->lon)
				inside = !inside;
		}
	}
	return inside;
}

static void wrong(struct diagnostics *diagnostics, struct source *source, struct place place, const char *what)
{
	place.file = source_name(source);
	diagnose(diagnostics, SEVERITY_ERROR, "bad-regions", place, "%s", what);
}

struct net_outlines *net_outlines_read(struct arena *arena, struct source *source, struct diagnostics *diagnostics)
{
	struct net_outlines *all = arena_alloc(arena, sizeof *all);
	size_t bytes, i;
	char *text = source_all(source, arena, LIMIT_DOCUMENT, &bytes);
	json_error_t error;
	json_t *root, *feature, *features;

	if (!text) {
		wrong(diagnostics, source, (struct place){ 0 }, "can't be read, or is larger than 256 MiB");
		return NULL;
	}
	root = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
	arena_release(arena, text, bytes + 1);
	if (!root) {
		struct place place = { .line = error.line > 0 ? (uint32_t)error.line : 0,
				       .column = error.column > 0 ? (uint32_t)error.column : 0 };

		wrong(diagnostics, source, place, error.text);
		return NULL;
	}
	features = json_object_get(root, "features");
	all->items = arena_array(arena, json_array_size(features) + 1, sizeof *all->items);
	json_array_foreach(features, i, feature)
	{
		const char *name = json_string_value(json_object_get(json_object_get(feature, "properties"), "region"));
		struct net_outline *outline = &all->items[all->count];
		const char *what = net_outline_of(arena, json_object_get(feature, "geometry"), outline);

		if (!what && name) {
			outline->region = arena_text(arena, name, strlen(name));
			all->count++;
		} else {
			wrong(diagnostics, source, (struct place){ 0 },
			      what ? what : "a feature has no property \"region\" with the region's name");
		}
	}
	if (!all->count)
		wrong(diagnostics, source, (struct place){ 0 },
		      "has no regions (a FeatureCollection of polygons with a property region)");
	json_decref(root);
	return all->count ? all : NULL;
}

/* Five decimals are a metre. */
static void print_place(struct sink *out, const struct net_place *place)
{
	char lon[48], lat[48];

	micro_print((wide)llround(place->lon * 1e5) * 10, lon);
	micro_print((wide)llround(place->lat * 1e5) * 10, lat);
	sink_printf(out, "[%s,%s]", lon, lat);
}

static void print_outline(struct sink *out, const struct net_outline *outline)
{
	json_t *name = json_string(outline->region);
	char *text = name ? json_dumps(name, JSON_ENCODE_ANY) : NULL;

	sink_printf(out,
		    "{\"type\":\"Feature\",\"properties\":{\"region\":%s},\"geometry\":{\"type\":\"Polygon\","
		    "\"coordinates\":[",
		    text ? text : "\"\"");
	free(text);
	json_decref(name);
	for (size_t r = 0; r < outline->ring_count; r++) {
		sink_text(out, r ? ",[" : "[");
		for (size_t i = 0; i < outline->rings[r].count; i++) {
			if (i)
				sink_char(out, ',');
			print_place(out, &outline->rings[r].places[i]);
		}
		sink_char(out, ']');
	}
	sink_text(out, "]}}");
}

/* All rings of a region in one polygon: what is inside is decided over all of them, so it does not matter. */
void net_outlines_print(const struct net_outlines *all, struct sink *out)
{
	sink_text(out, "{\"type\":\"FeatureCollection\",\"features\":[");
	for (size_t i = 0; i < all->count; i++) {
		sink_text(out, i ? ",\n" : "\n");
		print_outline(out, &all->items[i]);
	}
	sink_text(out, "\n]}\n");
}
