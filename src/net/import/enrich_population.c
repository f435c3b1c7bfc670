/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People to sites. Of places with a latitude and longitude: a place's people are shared equally among the sites within
 * the radius, or all go to the nearest. Of rows with a key (a region, a postcode sector): shared equally among the sites
 * whose column has it; by region, the outline that a place lies in stands for a key that the rows do not have. What does not go up evenly goes one by one to the first, the nearest ones. Sites without access
 * elements get nobody, unless no site has any.
 */
#include "net/import/enrich.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double km_per_degree = 111.195;
static const double radian = 0.017453292519943295;

struct at { /* a site that people may go to, from south to north */
	double lat, lon;
	uint32_t site;
};
struct near {
	double km;
	uint32_t site;
};

struct population {
	struct intake *in;
	struct at *sites;
	size_t site_count;
	bool *has_access;
	int64_t *people; /* by site; -1: nobody spoke of it */
	struct near *near;
	struct keyed { /* sites in the order of a column's cells */
		uint32_t key, site;
	} * keyed;
	size_t keyed_count;
	int64_t total;
	bool by_outline; /* the key is the region whose outline the place lies in */
};

static int from_south(const void *left, const void *right)
{
	const struct at *a = left, *b = right;

	return a->lat != b->lat ? (a->lat < b->lat ? -1 : 1) : (a->site > b->site) - (a->site < b->site);
}

static int by_distance(const void *left, const void *right)
{
	const struct near *a = left, *b = right;

	return a->km != b->km ? (a->km < b->km ? -1 : 1) : (a->site > b->site) - (a->site < b->site);
}

static int by_key(const void *left, const void *right)
{
	const struct keyed *a = left, *b = right;

	return a->key != b->key ? (a->key < b->key ? -1 : 1) : (a->site > b->site) - (a->site < b->site);
}

static struct population *population_of(struct intake *in)
{
	struct population *p = in->reader;
	uint32_t sites = in->found[NET_SITES].rows;

	if (p)
		return p;
	in->reader = p = arena_alloc(in->arena, sizeof *p);
	p->in = in;
	p->has_access = enrich_sites_of_layer(in, LAYER_ACCESS);
	p->people = arena_array(in->arena, (size_t)sites + 1, sizeof *p->people);
	p->sites = arena_array(in->arena, (size_t)sites + 1, sizeof *p->sites);
	p->near = arena_array(in->arena, (size_t)sites + 1, sizeof *p->near);
	p->keyed = arena_array(in->arena, (size_t)sites + 1, sizeof *p->keyed);
	for (uint32_t s = 0; s < sites; s++) {
		const char *lat = intake_found_get(in, NET_SITES, s, "lat"),
			   *lon = intake_found_get(in, NET_SITES, s, "lon");

		p->people[s] = -1;
		if (!p->has_access[s])
			continue;
		if (*lat && *lon)
			p->sites[p->site_count++] = (struct at){ strtod(lat, NULL), strtod(lon, NULL), s };
		if (in->job->by)
			p->keyed[p->keyed_count++] =
				(struct keyed){ strs_id(in->strs, intake_found_get(in, NET_SITES, s, in->job->by)), s };
	}
	qsort(p->sites, p->site_count, sizeof *p->sites, from_south);
	qsort(p->keyed, p->keyed_count, sizeof *p->keyed, by_key);
	return p;
}

/* ---- sharing out ------------------------------------------------------------------------------------------------- */

static void give(struct population *p, size_t count, int64_t people)
{
	for (size_t i = 0; i < count; i++) {
		int64_t *to = &p->people[p->near[i].site];

		*to = (*to < 0 ? 0 : *to) + people / (int64_t)count + ((int64_t)i < people % (int64_t)count);
	}
	p->total += people;
	intake_used(p->in);
}

static double distance_km(const struct at *site, double lat, double lon)
{
	double north = (site->lat - lat) * km_per_degree, turn = fabs(site->lon - lon);
	double east = (turn > 180 ? 360 - turn : turn) * km_per_degree * cos((site->lat + lat) / 2 * radian);

	return sqrt(north * north + east * east);
}

/* The sites within the radius, nearest first; else the nearest one. The sites are looked at from the place's latitude on. */
static size_t sites_near(struct population *p, double lat, double lon, double radius)
{
	size_t from = 0, to = p->site_count, count = 0;
	struct near best = { INFINITY, CODE_UNKNOWN };

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (p->sites[middle].lat < lat)
			from = middle + 1;
		else
			to = middle;
	}
	for (int way = -1; way <= 1; way += 2)
		for (size_t i = way < 0 ? from - 1 : from; i < p->site_count; i += (size_t)way) {
			const struct at *site = &p->sites[i];
			struct near here = { distance_km(site, lat, lon), site->site };

			if (fabs(site->lat - lat) * km_per_degree > fmax(radius, best.km))
				break;
			if (here.km <= radius)
				p->near[count++] = here;
			if (by_distance(&here, &best) < 0)
				best = here;
		}
	if (!count && best.site != CODE_UNKNOWN)
		p->near[count++] = best;
	qsort(p->near, count, sizeof *p->near, by_distance);
	return count;
}

static size_t sites_of_key(struct population *p, const char *text, size_t bytes)
{
	uint32_t key = strs_find(p->in->strs, text, bytes);
	size_t from = 0, to = p->keyed_count, count = 0;

	if (key == STR_ABSENT || key == STR_EMPTY)
		return 0;
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (p->keyed[middle].key < key)
			from = middle + 1;
		else
			to = middle;
	}
	for (; from < p->keyed_count && p->keyed[from].key == key; from++)
		p->near[count++] = (struct near){ 0, p->keyed[from].site };
	return count;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static size_t column(const struct intake_sheet *sheet, const char *const *names)
{
	size_t found = INTAKE_NO_COLUMN;

	for (; *names && found == INTAKE_NO_COLUMN; names++)
		found = intake_sheet_column(sheet, *names);
	return found;
}

static bool number_at(const struct intake_sheet *sheet, size_t at, double *number)
{
	size_t bytes;
	const char *text = intake_sheet_cell(sheet, at, &bytes);
	char plain[48];

	if (!intake_number(text, bytes, '.', plain))
		return false;
	*number = strtod(plain, NULL);
	return true;
}

struct columns {
	size_t people, lat, lon, key;
};

static bool read_place(const struct intake_sheet *sheet, const struct columns *c, double *lat, double *lon)
{
	return number_at(sheet, c->lat, lat) && number_at(sheet, c->lon, lon) && fabs(*lat) <= 90 && fabs(*lon) <= 180;
}

/* The first one that holds it, as import geojson puts sites into regions; NULL: none. */
static const char *region_at(const struct net_outlines *all, double lat, double lon)
{
	for (size_t i = 0; i < all->count; i++)
		if (net_outline_holds(&all->items[i], lat, lon))
			return all->items[i].region;
	return NULL;
}

static void read_row(struct population *p, const struct intake_sheet *sheet, const struct columns *c)
{
	struct intake *in = p->in;
	const char *where = arena_printf(in->arena, "%s:%u", in->name, intake_sheet_line(sheet)), *key = NULL;
	double people, lat = 0, lon = 0;
	size_t count, bytes;

	if (!number_at(sheet, c->people, &people) || people < 0 || people > 1e11) {
		intake_left_out(in, "a row without a number of people", where);
		return;
	}
	if (c->key != INTAKE_NO_COLUMN) {
		key = intake_sheet_cell(sheet, c->key, &bytes);
	} else if (!read_place(sheet, c, &lat, &lon)) {
		intake_left_out(in, "a row without a place", where);
		return;
	} else if (p->by_outline) {
		key = region_at(in->job->outlines, lat, lon);
		if (!key) {
			intake_left_out(in, "a place that lies in none of the regions", where);
			return;
		}
		bytes = strlen(key);
	}
	count = key ? sites_of_key(p, key, bytes) : sites_near(p, lat, lon, in->job->radius_km);
	if (!count)
		intake_left_out(in, "people of a place that no site serves", where);
	else
		give(p, count, llround(people));
}

void enrich_population_read(struct intake *in, struct source *source)
{
	static const char *const people[] = { "population", "pop", "people", NULL },
				 *const lat[] = { "lat", "latitude", NULL },
				 *const lon[] = { "lon", "lng", "longitude", NULL };
	struct population *p = population_of(in);
	struct intake_sheet *sheet = intake_sheet_open(in, source, 0);
	struct columns c;

	if (!sheet)
		return;
	c = (struct columns){ column(sheet, people), column(sheet, lat), column(sheet, lon), INTAKE_NO_COLUMN };
	if (in->job->by)
		c.key = intake_sheet_column(sheet, in->job->by_column);
	p->by_outline = c.key == INTAKE_NO_COLUMN && in->job->by && strcmp(in->job->by_column, "region") == 0 &&
			in->job->outlines && c.lat != INTAKE_NO_COLUMN && c.lon != INTAKE_NO_COLUMN;
	if (c.people == INTAKE_NO_COLUMN)
		intake_refuse(in, "wrong-format", 1, "has no column population");
	else if (in->job->by && c.key == INTAKE_NO_COLUMN && !p->by_outline)
		intake_refuse(in, "wrong-format", 1, "has no column %s", in->job->by_column);
	else if (!in->job->by && (c.lat == INTAKE_NO_COLUMN || c.lon == INTAKE_NO_COLUMN))
		intake_refuse(in, "wrong-format", 1, "has no columns lat and lon (or say --by COLUMN)");
	else
		while (intake_sheet_row(sheet))
			read_row(p, sheet, &c);
}

void enrich_population_finish(struct intake *in)
{
	struct population *p = in->reader;

	if (!p || !p->total)
		return;
	for (uint32_t s = 0; s < in->found[NET_SITES].rows; s++)
		if (p->has_access[s])
			enrich_put(in, NET_SITES, s, "population",
				   arena_printf(in->arena, "%lld", (long long)(p->people[s] < 0 ? 0 : p->people[s])),
				   "population");
	intake_note(in,
		    p->by_outline ? "people of the places in a region's outline are shared equally among its sites"
		    : in->job->by ? "people are shared equally among the sites of one key"
				  : "people are shared equally among the sites within a radius, else go to the nearest",
		    in->job->by
			    ? arena_printf(in->arena, "%s: %lld people", in->job->by, (long long)p->total)
			    : arena_printf(in->arena, "%u km: %lld people", in->job->radius_km, (long long)p->total));
}
