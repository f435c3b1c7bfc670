/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-schedule: solves one planning instance in time and prints what it took.
 *
 *     bench-schedule SITES REGIONS SEED [--gap PPB] [--threads N] [--seconds S]
 *
 * Prints one line: seconds status proof cost bound gap islands clusters (an island: a cluster unlike all its neighbours).
 */
#include "schedule.h"
#include "stopwatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct clock {
	double begun, seconds;
};

static double left(void *context)
{
	const struct clock *c = context;

	return c->seconds - (stopwatch_s() - c->begun);
}

static bool stop(void *context)
{
	return left(context) <= 0;
}

int main(int argc, char **argv)
{
	struct solve_settings settings = { .gap_ppb = 10000000, .stop = stop, .seconds_left = left };
	struct clock clock = { stopwatch_s(), 120 };
	struct arena *a = arena_new();
	struct schedule w;
	struct solve_model *m;
	struct solve_result *r;

	if (argc < 4) {
		fprintf(stderr, "usage: bench-schedule SITES REGIONS SEED [--gap PPB] [--threads N] [--seconds S]\n");
		return EXIT_USAGE;
	}
	for (int i = 4; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--gap") == 0)
			settings.gap_ppb = atoll(argv[i + 1]);
		else if (strcmp(argv[i], "--threads") == 0)
			settings.threads = (unsigned)atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--seconds") == 0)
			clock.seconds = atof(argv[i + 1]);
	}
	settings.context = &clock;
	w = schedule_make(a, (uint32_t)atoi(argv[1]), (uint32_t)atoi(argv[2]), (uint64_t)atoll(argv[3]));
	clock.begun = stopwatch_s();
	m = schedule_model(a, &w);
	r = solve(a, m, &settings);
	printf("%.4f %s %s %.6f %.6f %.3g %u %u\n", stopwatch_s() - clock.begun, solve_status_name(r->status),
	       solve_proof_name(r->proof), (double)r->cost / MICRO,
	       (double)(r->has_library_bound ? r->library_bound : r->bound) / MICRO,
	       r->cost ? (double)(r->cost - (r->has_library_bound ? r->library_bound : r->bound)) / (double)r->cost : 0,
	       r->choice ? schedule_islands(&w, r->choice) : 0, w.clusters);
	arena_free(a);
	return 0;
}
