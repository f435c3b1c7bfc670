/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chart: sites on paper. Mercator, so that directions and shapes are right; the longitudes are cut where most of the
 * world is empty, so that a country across the 180th meridian stays in one piece; a handful of sites very far from all
 * others (an empty cell read as 0, 0) don't shrink the rest to a spot, but are counted as outside.
 */
#ifndef PROVISO_REPORT_CHART_H
#define PROVISO_REPORT_CHART_H

#include "net/net.h"

#define CHART_NOWHERE INT32_MIN

struct chart {
	int32_t width, height;          /* of the map, in its units */
	int32_t *x, *y;                 /* by site row; CHART_NOWHERE: not drawn */
	size_t drawn, outside, without; /* sites on the map, beyond its edge, without coordinates */
	double west, east;              /* degrees, east > west, may pass 180 */
	double south, north;            /* degrees */
	double km_per_unit;             /* at the middle latitude */
};

/* false where no site has coordinates. */
bool chart_sites(struct arena *, const struct net *, int32_t width, int32_t greatest_height, struct chart *);
/* Where a place is on the chart. */
int32_t chart_x(const struct chart *, double degrees);
int32_t chart_y(const struct chart *, double degrees);

#endif
