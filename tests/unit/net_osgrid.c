/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The British National Grid to WGS 84, by the 40 test points that Ordnance Survey publishes with its transformation
 * (OSTN15_OSGM15 test files: easting and northing against latitude and longitude of ETRS89), Scilly to Shetland.
 *
 * # proviso-deps: base net
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "net/net.h"

static const struct {
	double lat, lon, easting, northing;
} points[] = {
	{ 49.92226394, -6.29977752, 91492.146, 11318.804 },
	{ 49.96006138, -5.20304610, 170370.718, 11572.405 },
	{ 50.43885826, -4.10864564, 250359.811, 62016.569 },
	{ 50.57563665, -1.29782277, 449816.371, 75335.861 },
	{ 50.93127938, -1.45051434, 438710.920, 114792.250 },
	{ 51.40078220, -3.55128349, 292184.870, 168003.465 },
	{ 51.37447026, 1.44454730, 639821.835, 169565.858 },
	{ 51.42754743, -2.54407618, 362269.991, 169978.690 },
	{ 51.48936565, -0.11992557, 530624.974, 178388.464 },
	{ 51.85890896, -4.30852477, 241124.584, 220332.641 },
	{ 51.89436637, 0.89724327, 599445.590, 225722.826 },
	{ 52.25529382, -2.15458614, 389544.190, 261912.153 },
	{ 52.25160951, -0.91248957, 474335.969, 262047.755 },
	{ 52.75136687, 0.40153547, 562180.547, 319784.995 },
	{ 52.96219109, -1.19747656, 454002.834, 340834.943 },
	{ 53.34480280, -2.64049321, 357455.843, 383290.436 },
	{ 53.41628516, -4.28918070, 247958.971, 393492.909 },
	{ 53.41630925, -4.28917793, 247959.241, 393495.583 },
	{ 53.77911026, -3.04045491, 331534.564, 431920.794 },
	{ 53.80021520, -1.66379168, 422242.186, 433818.701 },
	{ 54.08666318, -4.63452168, 227778.330, 468847.388 },
	{ 54.11685144, -0.07773133, 525745.670, 470703.214 },
	{ 54.32919541, -4.38849118, 244780.636, 495254.887 },
	{ 54.89542340, -2.93827741, 339921.145, 556034.761 },
	{ 54.97912274, -1.61657685, 424639.355, 565012.703 },
	{ 55.85399953, -4.29649016, 256340.925, 664697.269 },
	{ 55.92478266, -3.29479219, 319188.434, 670947.534 },
	{ 57.00606696, -5.82836692, 167634.202, 797067.144 },
	{ 57.13902519, -2.04856031, 397160.491, 805349.736 },
	{ 57.48625001, -4.21926399, 267056.768, 846176.972 },
	{ 57.81351838, -8.57854456, 9587.909, 899448.996 },
	{ 58.21262247, -7.59255561, 71713.132, 938516.404 },
	{ 58.51560361, -6.26091456, 151968.652, 966483.780 },
	{ 58.58120461, -3.72631022, 299721.891, 967202.992 },
	{ 59.03743871, -3.21454001, 330398.323, 1017347.016 },
	{ 59.09335035, -4.41757675, 261596.778, 1025447.602 },
	{ 59.09671617, -5.82799340, 180862.461, 1029604.114 },
	{ 59.53470794, -1.62516966, 421300.525, 1072147.239 },
	{ 59.85409914, -1.27486910, 440725.073, 1107878.448 },
	{ 60.13308092, -2.07382823, 395999.668, 1138728.951 },
};
enum { POINT_COUNT = sizeof points / sizeof *points };

/* Metres between two places that are near each other. */
static double apart(double lat, double lon, double other_lat, double other_lon)
{
	return hypot((lat - other_lat) * 111200, (lon - other_lon) * 111320 * cos(lat / 57.29577951308232));
}

static void published_points(void **state)
{
	struct arena *arena = arena_new();
	struct diagnostics diagnostics;
	struct sink *csv = sink_to_memory(arena);
	struct source *source;
	struct net_import_job job = { .importer = net_importer_find("osgrid"), .sources = &source, .source_count = 1 };
	struct net_imported *imported;
	struct net_input input = { NET_SITES, NULL };
	const struct net_column *lat, *lon;
	struct net *net;
	const char *text;
	double worst = 0;
	size_t bytes;

	(void)state;
	diagnostics_init(&diagnostics, arena);
	sink_text(csv, "site,easting,northing\n");
	for (size_t i = 0; i < POINT_COUNT; i++)
		sink_printf(csv, "TP%02zu,%.3f,%.3f\n", i + 1, points[i].easting, points[i].northing);
	text = sink_memory(csv, &bytes);
	source = source_of_memory(arena, "points.csv", text, bytes);
	imported = net_import(arena, &job, &diagnostics);
	assert_non_null(imported);
	assert_int_equal(imported->file_count, 1);
	csv = sink_to_memory(arena);
	net_imported_print(imported, 0, csv);
	text = sink_memory(csv, &bytes);
	input.source = source_of_memory(arena, "sites.csv", text, bytes);
	net = net_load(arena, strs_new(arena), &diagnostics, &input, 1, NULL, 0, NULL);
	assert_int_equal(diagnostics.errors, 0);
	assert_int_equal(net->table[NET_SITES].rows, POINT_COUNT);
	lat = net_column(net, NET_SITES, "lat");
	lon = net_column(net, NET_SITES, "lon");
	for (size_t i = 0; i < POINT_COUNT; i++) {
		double metres = apart(points[i].lat, points[i].lon, (double)lat->measures[i] / MICRO,
				      (double)lon->measures[i] / MICRO);

		worst = fmax(worst, metres);
	}
	printf("furthest off: %.1f m\n", worst);
	assert_true(worst < 10);
	diagnostics_free(&diagnostics);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(published_points) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
