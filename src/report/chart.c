/* SPDX-License-Identifier: Apache-2.0 */
/* Sites on paper: where to cut the globe, what to crop, how large to draw. See chart.h. */
#include "report/chart.h"

#include <math.h>
#include <stdlib.h>

static const double radian = 0.017453292519943295; /* a degree */
static const double earth_km = 6371.0088;          /* mean radius, IUGG */

enum {
	MARGIN = 160,
	FEW = 20,       /* with fewer sites none is called an outlier */
	OUTLIERS = 200, /* one site in so many, at each edge, may be one */
	FAR = 125,      /* percent: and is where the map with it is so much wider than without */
	POLE = 85,      /* degrees: beyond it Mercator has no end */
};

static const double least_extent = 0.02; /* degrees: a single site gets a map of 2 km */

struct point {
	double lat, lon; /* degrees */
	uint32_t site;
};

static int compare_doubles(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

static double mercator(double degrees)
{
	double sine = sin(degrees * radian);

	return 0.5 * log((1 + sine) / (1 - sine));
}

static size_t collect(const struct net *net, struct point *points, struct chart *c)
{
	const struct net_column *lat = net_column(net, NET_SITES, "lat"), *lon = net_column(net, NET_SITES, "lon");
	size_t count = 0;

	for (uint32_t s = 0; s < net->table[NET_SITES].rows; s++) {
		struct point p = { 0, 0, s };

		if (!lat || !lon || !lat->measures || !lon->measures || lat->measures[s] == MEASURE_UNKNOWN ||
		    lon->measures[s] == MEASURE_UNKNOWN) {
			c->without++;
			continue;
		}
		p.lat = (double)lat->measures[s] / MICRO;
		p.lon = (double)lon->measures[s] / MICRO;
		if (p.lat < -POLE || p.lat > POLE || p.lon < -180 || p.lon > 360)
			c->outside++;
		else
			points[count++] = p;
	}
	return count;
}

/* Turns the longitudes so that the widest empty stretch lies outside of the map. sorted is room for count values. */
static void cut_globe(struct point *points, size_t count, double *sorted)
{
	double widest, start;

	for (size_t i = 0; i < count; i++) {
		points[i].lon = points[i].lon >= 180 ? points[i].lon - 360 : points[i].lon;
		sorted[i] = points[i].lon;
	}
	qsort(sorted, count, sizeof *sorted, compare_doubles);
	widest = sorted[0] + 360 - sorted[count - 1];
	start = sorted[0];
	for (size_t i = 1; i < count; i++)
		if (sorted[i] - sorted[i - 1] > widest) {
			widest = sorted[i] - sorted[i - 1];
			start = sorted[i];
		}
	for (size_t i = 0; i < count; i++)
		if (points[i].lon < start)
			points[i].lon += 360;
}

/* From where to where to draw. */
static void choose_range(double *sorted, size_t count, double *from, double *to)
{
	size_t off = count < FEW ? 0 : 1 + count / OUTLIERS;
	double low, high, slack;

	qsort(sorted, count, sizeof *sorted, compare_doubles);
	*from = sorted[0];
	*to = sorted[count - 1];
	low = sorted[off];
	high = sorted[count - 1 - off];
	slack = (high - low) / 5;
	if ((*to - *from) * 100 > FAR * (high - low + 2 * slack)) {
		*from = *from > low - slack ? *from : low - slack;
		*to = *to < high + slack ? *to : high + slack;
	}
	if (*to - *from < least_extent) {
		double middle = (*to + *from) / 2;

		*from = middle - least_extent / 2;
		*to = middle + least_extent / 2;
	}
}

static void choose_scale(struct chart *c, int32_t width, int32_t greatest_height)
{
	double across = (c->east - c->west) * radian, up = mercator(c->north) - mercator(c->south);
	double scale = (width - 2 * MARGIN) / across, by_height = (greatest_height - 2 * MARGIN) / up, spare;

	if (by_height < scale)
		scale = by_height;
	c->width = width;
	c->height = (int32_t)lround(up * scale) + 2 * MARGIN;
	c->km_per_unit = earth_km * cos((c->north + c->south) / 2 * radian) / scale;
	/* The edges are those of the paper from here on. */
	spare = (width - across * scale) / 2 / scale / radian;
	c->west -= spare;
	c->east += spare;
}

int32_t chart_x(const struct chart *c, double degrees)
{
	return (int32_t)lround((degrees - c->west) / (c->east - c->west) * c->width);
}

int32_t chart_y(const struct chart *c, double degrees)
{
	double top = mercator(c->north), share = (top - mercator(degrees)) / (top - mercator(c->south));

	return MARGIN + (int32_t)lround(share * (c->height - 2 * MARGIN));
}

bool chart_sites(struct arena *arena, const struct net *net, int32_t width, int32_t greatest_height, struct chart *c)
{
	uint32_t sites = net->table[NET_SITES].rows;
	struct point *points = arena_array(arena, (size_t)sites + 1, sizeof *points);
	double *sorted = arena_array(arena, (size_t)sites + 1, sizeof *sorted);
	size_t count, across = 0;

	*c = (struct chart){ 0 };
	count = collect(net, points, c);
	if (!count)
		return false;
	cut_globe(points, count, sorted);
	for (size_t i = 0; i < count; i++)
		sorted[i] = points[i].lon;
	choose_range(sorted, count, &c->west, &c->east);
	/* What lies aside says nothing about north and south. */
	for (size_t i = 0; i < count; i++)
		if (points[i].lon >= c->west && points[i].lon <= c->east)
			sorted[across++] = points[i].lat;
	choose_range(sorted, across, &c->south, &c->north);
	c->x = arena_array(arena, (size_t)sites + 1, sizeof *c->x);
	c->y = arena_array(arena, (size_t)sites + 1, sizeof *c->y);
	for (uint32_t s = 0; s < sites; s++)
		c->x[s] = c->y[s] = CHART_NOWHERE;
	for (size_t i = 0; i < count; i++)
		c->drawn += points[i].lon >= c->west && points[i].lon <= c->east && points[i].lat >= c->south &&
			    points[i].lat <= c->north;
	c->outside += count - c->drawn;
	double west = c->west, east = c->east;

	choose_scale(c, width, greatest_height);
	for (size_t i = 0; i < count; i++) {
		if (points[i].lon < west || points[i].lon > east || points[i].lat < c->south ||
		    points[i].lat > c->north)
			continue;
		c->x[points[i].site] = chart_x(c, points[i].lon);
		c->y[points[i].site] = chart_y(c, points[i].lat);
	}
	return true;
}
