/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GeoJSON (IETF RFC 7946): points are sites, polygons are regions. Each site - of this run, or of the folder - is of the
 * region that its place lies in, the first of the file where several do.
 */
#include "net/import/intake.h"
#include "net/outline.h"
#include "net/stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct geojson {
	struct net_outlines regions;
	size_t room;
};

/* ---- properties -------------------------------------------------------------------------------------------------- */

static const char *value_text(struct intake *in, const json_t *value)
{
	double number;
	char text[48];

	if (!json_is_real(value))
		return json_is_true(value) ? "yes" : json_is_false(value) ? "no" : intake_json_value(in, value);
	number = json_real_value(value);
	if (fabs(number) > 9e12)
		return "";
	micro_print((wide)llround(number * MICRO), text);
	return arena_text(in->arena, text, strlen(text));
}

/* The first of these properties that says something, or one that the map calls so ("property NAME_1 = region"). */
static const char *property(struct intake *in, const json_t *properties, const char *const *names)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)properties, key, value)
	{
		const char *mapped = intake_mapped(in, "property", key, NULL);

		if (mapped && strcmp(mapped, names[0]) == 0 && *value_text(in, value))
			return value_text(in, value);
	}
	for (; *names; names++) {
		const char *text = value_text(in, json_object_get(properties, *names));

		if (*text)
			return text;
	}
	return "";
}

static const char *example(struct intake *in, size_t number)
{
	return arena_printf(in->arena, "%s: feature %zu", in->name, number + 1);
}

/* ---- points ------------------------------------------------------------------------------------------------------ */

static const struct wanted {
	const char *column;
	const char *names[6]; /* the column's own first */
} of_site[] = { { "name", { "name" } },
		{ "region", { "region" } },
		{ "population", { "population" } },
		{ "households", { "households" } },
		{ "operator", { "operator" } } },
  of_element[] = { { "technology", { "technology" } },
		   { "vendor", { "vendor", "manufacturer" } },
		   { "version", { "version" } },
		   { "since", { "since" } } };

/* Does the column take such a word? What it does not take is noted. */
static bool is_taken(struct intake *in, const char *column, const char *text)
{
	size_t bytes = strlen(text);
	int64_t micro;
	int32_t day;
	bool good = true;

	if (!bytes)
		return false;
	if (strcmp(column, "technology") == 0)
		good = net_technology_find(text) != CODE_UNKNOWN;
	else if (strcmp(column, "since") == 0)
		good = date_parse(text, bytes, &day);
	else if (strcmp(column, "population") == 0 || strcmp(column, "households") == 0)
		good = measure_parse(text, bytes, &micro) == NUMBER_OK && micro >= 0;
	if (!good)
		intake_note(in, arena_printf(in->arena, "%s is none and is not kept", column), text);
	return good;
}

static void put_element(struct intake *in, const json_t *properties, const char *site)
{
	static const char *const function_names[] = { "function", "type", NULL }, *const element_names[] = { "element",
													     NULL };
	const char *word = property(in, properties, function_names), *id = property(in, properties, element_names);
	const char *function = *word ? intake_function(in, "function", word) : NULL;
	uint32_t row;

	if (!function && !*id)
		return;
	row = intake_element(in, *id ? id : arena_printf(in->arena, "%s-%s", site, function), NULL);
	intake_cell(in, NET_ELEMENTS, row, "site", site);
	intake_cell(in, NET_ELEMENTS, row, "function", function);
	for (size_t i = 0; i < sizeof of_element / sizeof *of_element; i++) {
		const char *text = property(in, properties, of_element[i].names);

		if (!is_taken(in, of_element[i].column, text))
			continue;
		intake_cell(in, NET_ELEMENTS, row, of_element[i].column,
			    strcmp(of_element[i].column, "vendor") == 0 ? intake_vendor(in, text) : text);
	}
}

static void put_degrees(struct intake *in, uint32_t row, const char *column, double degrees)
{
	char text[48];

	micro_print((wide)llround(degrees * MICRO), text);
	intake_cell(in, NET_SITES, row, column, text);
}

static void read_point(struct intake *in, const json_t *feature, const json_t *geometry, size_t number)
{
	static const char *const id_names[] = { "site", "id", "@id", "ref", "code", "name", NULL };
	const json_t *properties = json_object_get(feature, "properties");
	const char *id = property(in, properties, id_names);
	struct net_place place;
	uint32_t row;
	bool new;

	if (!*id)
		id = value_text(in, json_object_get(feature, "id"));
	if (!net_place_of(json_object_get(geometry, "coordinates"), &place) || fabs(place.lon) > 180) {
		intake_left_out(in, "a point that is no longitude and latitude", example(in, number));
		return;
	}
	if (!*id) {
		intake_left_out(in, "a point without a name (--map: property NAME = site)", example(in, number));
		return;
	}
	row = intake_row(in, NET_SITES, id, &new);
	if (new)
		intake_used(in);
	else
		intake_merged(in);
	put_degrees(in, row, "lat", place.lat);
	put_degrees(in, row, "lon", place.lon);
	for (size_t i = 0; i < sizeof of_site / sizeof *of_site; i++)
		if (is_taken(in, of_site[i].column, property(in, properties, of_site[i].names)))
			intake_cell(in, NET_SITES, row, of_site[i].column, property(in, properties, of_site[i].names));
	intake_cell(in, NET_SITES, row, "source", strs_text(in->strs, in->base_name));
	put_element(in, properties, intake_id(in, NET_SITES, row));
}

/* ---- polygons ---------------------------------------------------------------------------------------------------- */

static void read_region(struct intake *in, const json_t *feature, const json_t *geometry, size_t number)
{
	static const char *const names[] = { "region", "name", "NAME", "Name", "id", NULL };
	struct geojson *g = in->reader;
	const char *name = property(in, json_object_get(feature, "properties"), names), *what;
	struct net_outline *outline;

	if (g->regions.count == g->room) {
		size_t room = g->room * 2 + 16;

		g->regions.items =
			arena_grow(in->arena, g->regions.items, g->room * sizeof *outline, room * sizeof *outline);
		g->room = room;
	}
	outline = &g->regions.items[g->regions.count];
	what = net_outline_of(in->arena, geometry, outline);
	if (what || !*name) {
		intake_left_out(in, what ? what : "a polygon without a name (--map: property NAME = region)",
				example(in, number));
		return;
	}
	outline->region = name;
	g->regions.count++;
	intake_used(in);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static void read_feature(struct intake *in, const json_t *feature, size_t number)
{
	const json_t *geometry = json_object_get(feature, "geometry");
	const char *type = json_string_value(json_object_get(geometry, "type"));

	if (!type) {
		intake_left_out(in, "a feature without a place", example(in, number));
	} else if (strcmp(type, "Point") == 0) {
		read_point(in, feature, geometry, number);
	} else if (strcmp(type, "Polygon") == 0 || strcmp(type, "MultiPolygon") == 0 ||
		   strcmp(type, "GeometryCollection") == 0) {
		read_region(in, feature, geometry, number);
	} else {
		intake_left_out(in, "a geometry that is no point and no polygon",
				arena_printf(in->arena, "%.40s", type));
	}
}

/* Older files name their system of coordinates; others than longitude and latitude can't be read. */
static bool has_degrees(struct intake *in, const json_t *root)
{
	const json_t *crs = json_object_get(root, "crs");
	const char *name = json_string_value(json_object_get(json_object_get(crs, "properties"), "name"));

	if (!name || strstr(name, "CRS84") || strstr(name, "4326") || strstr(name, "4258") || strstr(name, "4269"))
		return true;
	intake_refuse(in, "wrong-format", 0,
		      "its coordinates are %.60s, not longitude and latitude; convert them: ogr2ogr -t_srs EPSG:4326",
		      name);
	return false;
}

void geojson_read(struct intake *in, struct source *source)
{
	json_t *root = intake_json(in, source), *feature;
	const char *type = json_string_value(json_object_get(root, "type"));
	size_t i;

	if (!in->reader)
		in->reader = arena_alloc(in->arena, sizeof(struct geojson));
	if (root && has_degrees(in, root)) {
		if (type && strcmp(type, "FeatureCollection") == 0) {
			json_array_foreach(json_object_get(root, "features"), i, feature)
			{
				read_feature(in, feature, i);
			}
		} else if (type && strcmp(type, "Feature") == 0) {
			read_feature(in, root, 0);
		} else {
			intake_refuse(in, "wrong-format", 0, "is no FeatureCollection and no Feature of GeoJSON");
		}
	}
	json_decref(root);
}

static const struct net_outline *region_of(const struct geojson *g, double lat, double lon)
{
	for (size_t i = 0; i < g->regions.count; i++)
		if (net_outline_holds(&g->regions.items[i], lat, lon))
			return &g->regions.items[i];
	return NULL;
}

static void put_region(struct intake *in, const char *id, const char *lat, const char *lon)
{
	const struct net_outline *region;

	if (!*lat || !*lon)
		return;
	region = region_of(in->reader, strtod(lat, NULL), strtod(lon, NULL));
	if (!region)
		intake_note(in, "a site lies in none of the regions", id);
	else
		intake_cell(in, NET_SITES, intake_row(in, NET_SITES, id, NULL), "region", region->region);
}

void geojson_finish(struct intake *in)
{
	struct geojson *g = in->reader;
	uint32_t made = in->made[NET_SITES].rows, found = in->found[NET_SITES].rows;
	struct sink *text;

	if (!g || !g->regions.count)
		return;
	for (uint32_t s = 0; s < made; s++)
		put_region(in, intake_id(in, NET_SITES, s), intake_get(in, NET_SITES, s, "lat"),
			   intake_get(in, NET_SITES, s, "lon"));
	for (uint32_t s = 0; s < found; s++) {
		const char *id = strs_text(in->strs, in->found[NET_SITES].ids[s]);

		if (intake_find(in, &in->made[NET_SITES], id) == CODE_UNKNOWN)
			put_region(in, id, intake_found_get(in, NET_SITES, s, "lat"),
				   intake_found_get(in, NET_SITES, s, "lon"));
	}
	text = sink_to_memory(in->arena);
	net_outlines_print(&g->regions, text);
	in->imported->regions = sink_memory(text, &in->imported->regions_bytes);
}

const char *geojson_recognise(const char *head, size_t bytes)
{
	if (!intake_json_has(head, bytes, "type"))
		return NULL;
	return memmem(head, bytes, "\"FeatureCollection\"", 19) || memmem(head, bytes, "\"geometry\"", 10)
		       ? "places and regions (GeoJSON)"
		       : NULL;
}
