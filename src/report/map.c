/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two maps of the same sites: by vendor and by trouble. Each class of mark is one SVG path with all its marks, which
 * keeps a hundred thousand sites below a megabyte; beyond some thousands, a mark stands for all sites of a square.
 *
 * A site is in trouble where one of its elements is what breaks a rule (forbid and the like). A share of a region is
 * nobody's fault in particular, so there the region's name and all its sites are marked, lightly.
 */
#include "report/chart.h"
#include "report/glyph.h"
#include "report/html.h"
#include "report/say.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAP_WIDTH = 5200,
	MAP_HEIGHT = 6600,
	FOOT = 330,       /* below the map, for the scale */
	GRID_FROM = 2500, /* more sites than this are drawn by squares */
	CELL = 70,        /* the side of such a square */
	CLASSES = 16,
	LABELS = 14,
	LETTER = 68, /* width of a letter of a label, about */
	LINE = 150,
};

enum trouble {
	TROUBLE_NONE,
	TROUBLE_REGION_DUE,
	TROUBLE_REGION_UNKNOWN,
	TROUBLE_REGION_BROKEN,
	TROUBLE_WAIVED,
	TROUBLE_DUE,
	TROUBLE_UNKNOWN,
	TROUBLE_BROKEN,
	TROUBLES
};

static const struct {
	const char *name;
	enum shape shape;
	const char *fill, *stroke;
	int32_t stroke_width, radius; /* radius in percent of an ordinary mark's */
} troubles[TROUBLES] = {
	[TROUBLE_NONE] = { "none of these", SHAPE_POINT, "#8c8c8c", "none", 0, 90 },
	[TROUBLE_REGION_DUE] = { "in a region where a rule is due (its name has !)", SHAPE_DIAMOND, "#fff", "#9a5b00",
				 12, 75 },
	[TROUBLE_REGION_UNKNOWN] = { "in a region where a rule can't be decided (?)", SHAPE_CIRCLE, "#fff", "#6a3d9a",
				     12, 70 },
	[TROUBLE_REGION_BROKEN] = { "in a region where a rule is broken (×)", SHAPE_SQUARE, "#fff", "#b3261e", 12, 75 },
	[TROUBLE_WAIVED] = { "equipment that is waived", SHAPE_TRIANGLE, "#3b5b92", "#fff", 8, 115 },
	[TROUBLE_DUE] = { "equipment that has to go by a date", SHAPE_DIAMOND, "#9a5b00", "#fff", 8, 130 },
	[TROUBLE_UNKNOWN] = { "equipment that may break a rule", SHAPE_CIRCLE, "#6a3d9a", "#fff", 8, 115 },
	[TROUBLE_BROKEN] = { "equipment that breaks a rule", SHAPE_CROSS, "none", "#b3261e", 34, 120 },
};

/* ---- marks ------------------------------------------------------------------------------------------------------ */

struct spot { /* a site, or the sites of a square */
	int32_t x, y, radius;
	uint8_t class;
};

struct layer {
	struct spot *spots;
	size_t count;
	uint64_t sites[CLASSES]; /* drawn, by class */
	bool grid;
};

static int32_t radius_of_sites(size_t sites)
{
	return sites < 120 ? 58 : sites < 400 ? 46 : sites < 1200 ? 36 : 28;
}

/* Larger where more sites are: a step for each doubling. */
static int32_t radius_of_square(uint32_t sites)
{
	int32_t radius = 16;

	for (; sites > 1 && radius < CELL / 2; sites /= 2)
		radius += 3;
	return radius;
}

struct square {
	uint32_t sites[CLASSES], all;
	int64_t x, y; /* sums */
};

/* The class a square is drawn as: the most frequent one, or the gravest that occurs at all. */
static uint8_t class_of_square(const struct square *q, bool gravest)
{
	uint8_t best = 0;

	for (uint8_t k = 1; k < CLASSES; k++)
		if (gravest ? q->sites[k] > 0 : q->sites[k] > q->sites[best])
			best = k;
	return best;
}

static void layer_of_squares(struct arena *arena, const struct chart *c, const uint8_t *class, uint32_t sites,
			     bool gravest, struct layer *l)
{
	int32_t across = c->width / CELL + 1, down = c->height / CELL + 1;
	size_t count = (size_t)across * (size_t)down;
	struct square *squares = arena_array(arena, count, sizeof *squares);

	l->spots = arena_array(arena, count, sizeof *l->spots);
	for (uint32_t s = 0; s < sites; s++) {
		struct square *q;

		if (c->x[s] == CHART_NOWHERE)
			continue;
		q = &squares[(size_t)(c->y[s] / CELL) * (size_t)across + (size_t)(c->x[s] / CELL)];
		q->sites[class[s]]++;
		q->all++;
		q->x += c->x[s];
		q->y += c->y[s];
	}
	for (size_t i = 0; i < count; i++) {
		struct square *q = &squares[i];
		uint8_t as = class_of_square(q, gravest);

		if (q->all)
			l->spots[l->count++] = (struct spot){ (int32_t)(q->x / q->all), (int32_t)(q->y / q->all),
							      radius_of_square(gravest ? q->sites[as] : q->all), as };
	}
}

/* From north to south, so that the page does not depend on the order of rows. */
static int compare_spots(const void *left, const void *right)
{
	const struct spot *a = left, *b = right;

	if (a->y != b->y)
		return a->y < b->y ? -1 : 1;
	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return (a->class > b->class) - (a->class < b->class);
}

static struct layer layer_of(struct arena *arena, const struct chart *c, const uint8_t *class, uint32_t sites,
			     bool gravest)
{
	struct layer l = { .grid = c->drawn > GRID_FROM };

	for (uint32_t s = 0; s < sites; s++)
		l.sites[class[s]] += c->x[s] != CHART_NOWHERE;
	if (l.grid) {
		layer_of_squares(arena, c, class, sites, gravest, &l);
		return l;
	}
	l.spots = arena_array(arena, c->drawn + 1, sizeof *l.spots);
	for (uint32_t s = 0; s < sites; s++)
		if (c->x[s] != CHART_NOWHERE)
			l.spots[l.count++] = (struct spot){ c->x[s], c->y[s], radius_of_sites(c->drawn), class[s] };
	qsort(l.spots, l.count, sizeof *l.spots, compare_spots);
	return l;
}

/* ---- what surrounds the marks ----------------------------------------------------------------------------------- */

static double graticule_step(const struct chart *c)
{
	static const double steps[] = { 30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005 };
	double extent = c->east - c->west;
	size_t i = 0;

	while (i + 1 < sizeof steps / sizeof *steps && extent / steps[i] < 3)
		i++;
	return steps[i];
}

/* "172°E"; degrees in thousandths, so that no sum of steps is printed. */
static void put_degrees(struct html *h, long thousandths, const char *plus, const char *minus)
{
	long size = thousandths < 0 ? -thousandths : thousandths;
	char digits[64];

	micro_print_grouped((wide)size * 1000, digits);
	html_raw(h, "%s°%s", digits, thousandths < 0 ? minus : thousandths > 0 ? plus : "");
}

static void put_graticule(struct html *h, const struct chart *c)
{
	long step = lround(graticule_step(c) * 1000);

	html_raw(h, "<g class=\"grid\">");
	for (long at = (long)ceil(c->west * 1000 / step) * step; at < c->east * 1000; at += step) {
		int32_t x = chart_x(c, at / 1000.0);

		html_raw(h, "<path d=\"M%d 0v%d\"/>", x, c->height);
		if (x > 200 && x < c->width - 200) {
			html_raw(h, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", x, c->height - 30);
			put_degrees(h, at > 180000 ? at - 360000 : at, "E", "W");
			html_raw(h, "</text>");
		}
	}
	for (long at = (long)ceil(c->south * 1000 / step) * step; at <= c->north * 1000; at += step) {
		int32_t y = chart_y(c, at / 1000.0);

		html_raw(h, "<path d=\"M0 %dh%d\"/>", y, c->width);
		if (y > 140 && y < c->height - 240) {
			html_raw(h, "<text x=\"30\" y=\"%d\">", y - 25);
			put_degrees(h, at, "N", "S");
			html_raw(h, "</text>");
		}
	}
	html_raw(h, "</g>\n");
}

/* Half a turn from the map's middle at most, so that a country across the 180th meridian stays in one piece. */
static double turned(const struct chart *c, double lon)
{
	double middle = (c->west + c->east) / 2;

	return lon < middle - 180 ? lon + 360 : lon > middle + 180 ? lon - 360 : lon;
}

/* Places nearer to the last drawn one than `least` are left out; how many were drawn. */
static size_t draw_ring(struct html *h, const struct chart *c, const struct net_ring *ring, int32_t least, bool draw)
{
	int32_t last_x = INT32_MIN / 2, last_y = 0;
	size_t drawn = 0;

	for (size_t i = 0; i < ring->count; i++) {
		double lat = ring->places[i].lat > 85 ? 85 : ring->places[i].lat < -85 ? -85 : ring->places[i].lat;
		int32_t x = chart_x(c, turned(c, ring->places[i].lon)), y = chart_y(c, lat);

		if (abs(x - last_x) + abs(y - last_y) < least)
			continue;
		if (draw)
			html_raw(h, "%c%d %d", drawn ? 'L' : 'M', x, y);
		last_x = x;
		last_y = y;
		drawn++;
	}
	if (draw && drawn)
		html_raw(h, "z");
	return drawn;
}

static size_t draw_outlines(struct html *h, const struct chart *c, int32_t least, bool draw)
{
	const struct net_outlines *all = h->a->of->net->outlines;
	size_t drawn = 0;

	for (size_t i = 0; i < all->count; i++)
		for (size_t r = 0; r < all->items[i].ring_count; r++)
			drawn += draw_ring(h, c, &all->items[i].rings[r], least, draw);
	return drawn;
}

/* The regions' outlines, over the marks, as fine as the page's size allows; what lies beyond the map is cut off by the inner picture. */
static void put_outlines(struct html *h, const struct chart *c)
{
	enum { MOST_PLACES = 20000, COARSEST = 4096 };
	int32_t least = 10;

	if (!h->a->of->net->outlines)
		return;
	while (least < COARSEST && draw_outlines(h, c, least, false) > MOST_PLACES)
		least *= 2;
	html_raw(h,
		 "<svg class=\"regions\" width=\"%d\" height=\"%d\"><path fill=\"none\" stroke=\"#333\" "
		 "stroke-width=\"1.2\" vector-effect=\"non-scaling-stroke\" d=\"",
		 c->width, c->height);
	draw_outlines(h, c, least, true);
	html_raw(h, "\"/></svg>\n");
}

/* A bar of 1, 2 or 5 times a power of ten kilometres, a fifth of the map at most, and north. */
static void put_scale(struct html *h, const struct chart *c)
{
	double room = c->width / 4.0 * c->km_per_unit, km = 1000;
	char digits[64];
	int32_t length;

	while (km > room) {
		if (km / 2 <= room)
			km /= 2;
		else if (km / 5 <= room)
			km /= 5;
		else
			km /= 10;
	}
	length = (int32_t)lround(km / c->km_per_unit);
	micro_print_grouped((wide)llround(km * MICRO), digits);
	html_raw(h, "<g class=\"scale\"><path d=\"M60 %dv70h%dv-70\"/><text x=\"%d\" y=\"%d\">%s km</text>",
		 c->height + 90, length, length + 130, c->height + 170, digits);
	html_raw(h,
		 "<path d=\"M%d %dv-170l-50 60m50-60l50 60\"/><text x=\"%d\" y=\"%d\" "
		 "text-anchor=\"end\">N</text></g>\n",
		 c->width - 130, c->height + 240, c->width - 210, c->height + 200);
}

/* ---- names of regions ------------------------------------------------------------------------------------------- */

struct label {
	const char *text;
	int32_t x, y, half; /* middle of the text, half its width */
	uint64_t weight;
	enum trouble trouble;
};

/* How many marks stand in each square of the map: names are put where they cover few. */
struct crowd {
	int32_t across, down;
	uint32_t *marks;
};

enum { CROWD = 60 };

static struct crowd crowd_of(struct arena *arena, const struct chart *c, const struct layer *l)
{
	struct crowd crowd = { c->width / CROWD + 1, c->height / CROWD + 1, NULL };

	crowd.marks = arena_array(arena, (size_t)crowd.across * (size_t)crowd.down, sizeof *crowd.marks);
	for (size_t i = 0; i < l->count; i++)
		crowd.marks[(l->spots[i].y / CROWD) * crowd.across + l->spots[i].x / CROWD]++;
	return crowd;
}

static uint32_t covered(const struct crowd *crowd, const struct label *l)
{
	int32_t left = (l->x - l->half) / CROWD, right = (l->x + l->half) / CROWD, top = (l->y - LINE / 2) / CROWD,
		low = (l->y + LINE / 2) / CROWD;
	uint32_t marks = 0;

	for (int32_t y = top; y <= low; y++)
		for (int32_t x = left; x <= right; x++)
			if (x >= 0 && y >= 0 && x < crowd->across && y < crowd->down)
				marks += crowd->marks[y * crowd->across + x];
	return marks;
}

static bool labels_overlap(const struct label *a, const struct label *b)
{
	int32_t across = a->x > b->x ? a->x - b->x : b->x - a->x, up = a->y > b->y ? a->y - b->y : b->y - a->y;

	return across < a->half + b->half + LETTER && up < LINE;
}

static bool has_room(const struct chart *c, const struct label *l, const struct label *others, size_t count)
{
	if (l->x - l->half < LETTER / 2 || l->x + l->half > c->width - LETTER / 2 || l->y < LINE ||
	    l->y > c->height - 2 * LINE)
		return false;
	for (size_t i = 0; i < count; i++)
		if (labels_overlap(&others[i], l))
			return false;
	return true;
}

/* Moves a name near the middle of its region to where it covers fewest marks; false where there is no room at all. */
static bool place_label(const struct chart *c, const struct crowd *crowd, struct label *l, const struct label *others,
			size_t count)
{
	static const int8_t ways[][2] = { { 1, 0 },  { -1, 0 },  { 0, -1 }, { 0, 1 },
					  { 1, -1 }, { -1, -1 }, { 1, 1 },  { -1, 1 } };
	struct label best = *l, at = *l;
	uint32_t least = UINT32_MAX;

	for (int32_t ring = 0; ring <= 5; ring++)
		for (size_t way = 0; way < (ring ? sizeof ways / sizeof *ways : 1); way++) {
			uint32_t cost;

			/* Sideways, a name has to leave the middle by half its own width first. */
			at.x = l->x + (ring ? ways[way][0] * (l->half + ring * LINE / 2) : 0);
			at.y = l->y + (ring ? ways[way][1] * ring * LINE : 0);
			cost = covered(crowd, &at) * 2 + (uint32_t)ring;
			if (cost < least && has_room(c, &at, others, count)) {
				least = cost;
				best = at;
			}
		}
	*l = best;
	return least != UINT32_MAX;
}

/* Every region that is on the map, its name in the middle of its sites. */
static struct label *labels_of(struct html *h, const struct chart *c, const uint8_t *trouble_of_region)
{
	const struct cast *cast = h->cast;
	struct label *all = arena_array(h->arena, (size_t)cast->region_count + 1, sizeof *all);
	int64_t(*sums)[2] = arena_array(h->arena, (size_t)cast->region_count + 1, sizeof *sums);
	uint32_t sites = h->a->of->net->table[NET_SITES].rows;

	for (uint32_t s = 0; s < sites; s++) {
		uint32_t r = cast->region_of_site[s];

		if (c->x[s] == CHART_NOWHERE)
			continue;
		all[r].weight++;
		sums[r][0] += c->x[s];
		sums[r][1] += c->y[s];
	}
	for (uint32_t r = 0; r < cast->region_count; r++) {
		static const char *const marks[] = { "", " !", " ?", " \u00d7" };
		struct label *l = &all[r];

		if (!l->weight)
			continue;
		l->trouble = trouble_of_region ? trouble_of_region[r] : TROUBLE_NONE;
		l->text = arena_printf(h->arena, "%s%s", cast->region_names[r], marks[l->trouble]);
		l->half = (int32_t)glyph_cells(l->text) * LETTER / 2;
		l->x = (int32_t)(sums[r][0] / (int64_t)l->weight);
		l->y = (int32_t)(sums[r][1] / (int64_t)l->weight);
		l->weight += (uint64_t)l->trouble << 32;
	}
	return all;
}

/* The regions in trouble first, then those with most sites, where their names have room. Returns how many. */
static size_t choose_labels(struct html *h, const struct chart *c, const struct crowd *crowd,
			    const uint8_t *trouble_of_region, struct label chosen[LABELS])
{
	struct label *all = labels_of(h, c, trouble_of_region);
	size_t count = 0;

	while (count < LABELS) {
		struct label *best = NULL;

		for (uint32_t r = 0; r < h->cast->region_count; r++)
			if (all[r].weight && (!best || all[r].weight > best->weight))
				best = &all[r];
		if (!best)
			break;
		chosen[count] = *best;
		best->weight = 0;
		count += best->half < c->width / 4 && place_label(c, crowd, &chosen[count], chosen, count);
	}
	return count;
}

static void put_labels(struct html *h, const struct chart *c, const struct layer *marks,
		       const uint8_t *trouble_of_region)
{
	struct crowd crowd = crowd_of(h->arena, c, marks);
	struct label labels[LABELS];
	size_t count;

	/* One region is the whole map: its name says nothing. */
	if (h->cast->region_count < 2)
		return;
	count = choose_labels(h, c, &crowd, trouble_of_region, labels);
	html_raw(h, "<g class=\"names\" text-anchor=\"middle\">");
	for (size_t i = 0; i < count; i++) {
		enum trouble t = labels[i].trouble;

		html_raw(h, "<text x=\"%d\" y=\"%d\"", labels[i].x, labels[i].y + LINE / 4);
		if (t)
			html_raw(h, " class=\"bad\" style=\"fill:%s\"", troubles[t].stroke);
		html_raw(h, ">");
		html_put(h, labels[i].text);
		html_raw(h, "</text>");
	}
	html_raw(h, "</g>\n");
}

/* ---- trouble ---------------------------------------------------------------------------------------------------- */

struct trouble_map {
	uint8_t *of_site, *of_region;
	uint64_t unmarked; /* elements that findings count but do not name */
	size_t nationwide; /* broken findings that are nobody's in particular */
};

static void mark_site(struct trouble_map *m, uint32_t site, uint32_t sites, uint8_t trouble)
{
	if (site < sites && m->of_site[site] < trouble)
		m->of_site[site] = trouble;
}

/* A witness is an element, a link or a site. */
static void mark_witness(struct trouble_map *m, const struct net *net, const char *id, uint8_t trouble)
{
	const struct net_column *site = net_column(net, NET_ELEMENTS, "site");
	uint32_t sites = net->table[NET_SITES].rows, elements = net->table[NET_ELEMENTS].rows;
	uint32_t row = net_find_text(net, NET_ELEMENTS, id);

	if (row != CODE_UNKNOWN) {
		mark_site(m, site->codes[row], sites, trouble);
		return;
	}
	row = net_find_text(net, NET_LINKS, id);
	if (row != CODE_UNKNOWN) {
		static const char *const ends[] = { "a", "b" };

		for (size_t i = 0; i < 2; i++) {
			const struct net_column *end = net_column(net, NET_LINKS, ends[i]);

			if (end && end->codes[row] < elements)
				mark_site(m, site->codes[end->codes[row]], sites, trouble);
		}
		return;
	}
	mark_site(m, net_find_text(net, NET_SITES, id), sites, trouble);
}

static uint32_t find_region(const struct cast *cast, const char *name)
{
	uint32_t from = 0, to = cast->region_count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = strcmp(cast->region_names[middle], name);

		if (!order)
			return middle;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return CODE_UNKNOWN;
}

static void mark_finding(struct html *h, struct trouble_map *m, const struct finding *f)
{
	static const uint8_t of_site[FINDING_STATUSES] = { [FINDING_BROKEN] = TROUBLE_BROKEN,
							   [FINDING_DUE] = TROUBLE_DUE,
							   [FINDING_UNKNOWN] = TROUBLE_UNKNOWN,
							   [FINDING_WAIVED] = TROUBLE_WAIVED };
	static const uint8_t of_region[FINDING_STATUSES] = { [FINDING_BROKEN] = TROUBLE_REGION_BROKEN,
							     [FINDING_DUE] = TROUBLE_REGION_DUE,
							     [FINDING_UNKNOWN] = TROUBLE_REGION_UNKNOWN };
	/* Where nothing is allowed, each witness breaks the rule by itself. */
	bool each = f->bound_op && f->measured == UNIT_COUNT && f->bound_op[0] == '<' && !f->bound;
	uint32_t region =
		strstr(f->statement, " per region") && *f->group ? find_region(h->cast, f->group) : CODE_UNKNOWN;

	if (!of_site[f->status])
		return;
	if (each) {
		for (size_t i = 0; i < f->witnesses_kept; i++)
			mark_witness(m, h->a->of->net, f->witnesses[i], of_site[f->status]);
		m->unmarked += f->witness_count - f->witnesses_kept;
	} else if (region != CODE_UNKNOWN) {
		if (m->of_region[region] < of_region[f->status])
			m->of_region[region] = of_region[f->status];
	} else {
		m->nationwide += f->status == FINDING_BROKEN;
	}
}

static struct trouble_map find_trouble(struct html *h)
{
	const struct findings *all = &h->a->findings;
	uint32_t sites = h->a->of->net->table[NET_SITES].rows;
	struct trouble_map m = { .of_site = arena_alloc(h->arena, (size_t)sites + 1),
				 .of_region = arena_alloc(h->arena, (size_t)h->cast->region_count + 1) };

	for (size_t i = 0; i < all->count; i++)
		mark_finding(h, &m, &all->items[i]);
	for (uint32_t s = 0; s < sites; s++)
		if (m.of_site[s] < m.of_region[h->cast->region_of_site[s]])
			m.of_site[s] = m.of_region[h->cast->region_of_site[s]];
	return m;
}

/* ---- the two figures -------------------------------------------------------------------------------------------- */

static void open_figure(struct html *h, const struct chart *c, const char *title, const char *description)
{
	html_raw(h, "<figure class=\"map\">\n<h3>%s</h3>\n", title);
	html_raw(h,
		 "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\"><title>%s</title><desc>%s</desc>\n"
		 "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n",
		 c->width, c->height + FOOT, title, title, description, c->width, c->height);
	put_graticule(h, c);
}

static void close_figure(struct html *h, const struct chart *c, const struct layer *marks,
			 const uint8_t *trouble_of_region)
{
	put_outlines(h, c);
	put_labels(h, c, marks, trouble_of_region);
	html_raw(h, "<rect class=\"frame\" x=\"5\" y=\"5\" width=\"%d\" height=\"%d\"/>", c->width - 10,
		 c->height - 10);
	put_scale(h, c);
	html_raw(h, "</svg>\n");
}

/* " (+12)", " (-3)": against the map before; "" where there is none. */
static const char *difference(struct html *h, uint64_t now, uint64_t before)
{
	if (now == before)
		return "";
	return arena_printf(h->arena, " (%s%s)", now > before ? "+" : "\u2212",
			    say_number(h->arena, now > before ? now - before : before - now));
}

/* cast: who stands where; before: the sites of each look on the map that this one is compared with, or NULL. */
static void put_vendor_map(struct html *h, const struct chart *c, const struct cast *cast, const char *title,
			   const uint64_t *before, uint64_t *counted)
{
	struct layer l = layer_of(h->arena, c, cast->look_of_site, h->a->of->net->table[NET_SITES].rows, false);

	memcpy(counted, l.sites, sizeof l.sites);
	open_figure(h, c, title, "Each site is drawn in the shape of the vendor of its access equipment.");
	for (unsigned look = LOOKS; look-- > 0;) {
		if (!l.sites[look])
			continue;
		html_raw(h, "<path ");
		look_path(h, look);
		html_raw(h, " d=\"");
		for (size_t i = 0; i < l.count; i++)
			if (l.spots[i].class == look)
				look_mark(h, look, l.spots[i].x, l.spots[i].y, l.spots[i].radius);
		html_raw(h, "\"/>\n");
	}
	close_figure(h, c, &l, NULL);
	html_raw(h, "<ul class=\"legend\">");
	for (unsigned look = 0; look < LOOKS; look++) {
		if (!l.sites[look])
			continue;
		html_raw(h, "<li>");
		look_swatch(h, look, true, false);
		html_put(h, cast->names[look]);
		html_raw(h, " <span class=\"n\">%s%s</span></li>", say_number(h->arena, l.sites[look]),
			 before ? difference(h, l.sites[look], before[look]) : "");
	}
	html_raw(h, "</ul>\n<figcaption>%s%s</figcaption>\n</figure>\n",
		 cast->access_only ? "The vendor of a site is that of its access equipment. Numbers are sites."
				   : "The vendor of a site is that of its equipment. Numbers are sites.",
		 l.grid ? " A mark stands for all sites of a small square, in the shape of the vendor with most of "
			  "them; it is larger where there are more."
			: "");
}

static void trouble_path(struct html *h, enum trouble t)
{
	html_raw(h, "<path fill=\"%s\" stroke=\"%s\" stroke-width=\"%d\" d=\"", troubles[t].fill, troubles[t].stroke,
		 troubles[t].stroke_width);
}

static void put_trouble_legend(struct html *h, const struct layer *l, const struct trouble_map *m)
{
	html_raw(h, "<ul class=\"legend\">");
	for (unsigned t = TROUBLES; t-- > 0;) {
		if (!l->sites[t])
			continue;
		html_raw(h, "<li><svg class=\"swatch\" width=\"16\" height=\"16\" viewBox=\"0 0 160 160\" "
			    "aria-hidden=\"true\">");
		trouble_path(h, t);
		shape_path(h, troubles[t].shape, 80, 80, 50 * troubles[t].radius / 100);
		html_raw(h, "\"/></svg>%s <span class=\"n\">%s</span></li>", troubles[t].name,
			 say_number(h->arena, l->sites[t]));
	}
	html_raw(h, "</ul>\n<figcaption>Numbers are sites.");
	if (l->grid)
		html_raw(h, " A mark stands for all sites of a small square and shows the gravest.");
	if (m->unmarked)
		html_raw(h, " %s more that rules count are not marked: a finding names its first %d.",
			 say_count(h->arena, m->unmarked, "element"), FINDING_WITNESSES);
	if (m->nationwide)
		html_raw(h, " %s of the network as a whole cannot be shown on a map.",
			 m->nationwide == 1 ? "1 broken rule" : arena_printf(h->arena, "%zu breaches", m->nationwide));
	html_raw(h, "</figcaption>\n</figure>\n");
}

static void put_trouble_map(struct html *h, const struct chart *c)
{
	struct trouble_map m = find_trouble(h);
	struct layer l = layer_of(h->arena, c, m.of_site, h->a->of->net->table[NET_SITES].rows, true);

	open_figure(h, c, "Sites by trouble",
		    "Sites with equipment that breaks a rule, and sites of regions in which one is broken.");
	for (unsigned t = 0; t < TROUBLES; t++) {
		if (!l.sites[t])
			continue;
		trouble_path(h, t);
		for (size_t i = 0; i < l.count; i++)
			if (l.spots[i].class == t)
				shape_path(h, troubles[t].shape, l.spots[i].x, l.spots[i].y,
					   l.spots[i].radius * troubles[t].radius / 100 +
						   (t >= TROUBLE_WAIVED ? 16 : 0));
		html_raw(h, "\"/>\n");
	}
	close_figure(h, c, &l, m.of_region);
	put_trouble_legend(h, &l, &m);
}

void html_map(struct html *h)
{
	uint64_t before[CLASSES], after[CLASSES];
	struct chart c;

	html_section(h, "map", "Where", true);
	if (!h->cast || !chart_sites(h->arena, h->a->of->net, MAP_WIDTH, MAP_HEIGHT, &c)) {
		html_raw(h, "<p>No site has coordinates, so there is no map.</p>\n</section>\n");
		return;
	}
	html_raw(h, "<div class=\"maps\">\n");
	put_vendor_map(h, &c, h->cast, html_has_plan(h) ? "Before: sites by vendor" : "Sites by vendor", NULL, before);
	if (html_has_plan(h))
		put_vendor_map(h, &c, cast_like(h->arena, h->plan->net, h->cast), "After: with the plan", before,
			       after);
	put_trouble_map(h, &c);
	html_raw(h, "</div>\n<p class=\"small\">Mercator projection, scale true at the middle latitude.");
	if (c.without)
		html_raw(h, " %s without coordinates not drawn.", say_count(h->arena, c.without, "site"));
	if (c.outside)
		html_raw(h, " %s too far from all others to be drawn on the same map.",
			 say_count(h->arena, c.outside, "site"));
	html_raw(h, "</p>\n</section>\n");
}
