/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swaps: solves one planning instance and prints what it took; or writes it as MPS, for CBC.
 *
 *     bench-swaps SITES REGIONS SEED [--gap PPB] [--threads N] [--mps FILE]
 *
 * Prints one line: seconds status proof cost bound gap megabytes (money in whole units; the time includes taking the arrays
 * into a model).
 */
#include "stopwatch.h"
#include "swaps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static int write_mps(struct arena *a, const struct solve_model *m, const char *path)
{
	int error = 0;
	struct outfile *file = outfile_open(a, path, &error);

	if (file) {
		solve_mps_print(m, outfile_sink(file));
		error = outfile_keep(file);
	}
	if (error)
		fprintf(stderr, "bench-swaps: %s: %s\n", path, strerror(error));
	return error ? EXIT_CANT_CREATE : 0;
}

static bool chatty;

static void tell(void *context, const struct solve_progress *p)
{
	double *begun = context;

	if (chatty)
		fprintf(stderr, "%8.3f  %-10s work %-12llu cost %.3f bound %.3f\n", stopwatch_s() - *begun, p->phase,
			(unsigned long long)p->work, (double)p->cost / MICRO, (double)p->bound / MICRO);
}

static void solve_and_print(struct arena *a, const struct swaps *w, struct solve_settings *s)
{
	double begun = stopwatch_s(), seconds;
	struct solve_model *m = swaps_model(a, w);
	struct solve_result *r;
	struct rusage use;

	s->progress = tell;
	s->context = &begun;
	r = solve(a, m, s);
	seconds = stopwatch_s() - begun;
	getrusage(RUSAGE_SELF, &use);
	printf("%.4f %s %s %.6f %.6f %.3g %ld\n", seconds, solve_status_name(r->status), solve_proof_name(r->proof),
	       (double)r->cost / MICRO, (double)r->bound / MICRO,
	       r->cost ? (double)(r->cost - r->bound) / (double)r->cost : 0, use.ru_maxrss / 1024);
}

int main(int argc, char **argv)
{
	struct solve_settings settings = { .gap_ppb = 100000 };
	struct arena *a = arena_new();
	const char *mps = NULL;
	struct swaps w;
	int status = 0;

	if (argc < 4) {
		fprintf(stderr, "usage: bench-swaps SITES REGIONS SEED [--gap PPB] [--threads N] [--mps FILE]\n");
		return EXIT_USAGE;
	}
	for (int i = 4; i < argc; i++) {
		if (strcmp(argv[i], "--verbose") == 0)
			chatty = true;
		else if (i + 1 < argc && strcmp(argv[i], "--gap") == 0)
			settings.gap_ppb = atoll(argv[++i]);
		else if (i + 1 < argc && strcmp(argv[i], "--threads") == 0)
			settings.threads = (unsigned)atoi(argv[++i]);
		else if (i + 1 < argc && strcmp(argv[i], "--mps") == 0)
			mps = argv[++i];
	}
	w = swaps_make(a, (uint32_t)atoi(argv[1]), (uint32_t)atoi(argv[2]), (uint64_t)atoll(argv[3]));
	if (mps)
		status = write_mps(a, swaps_model(a, &w), mps);
	else
		solve_and_print(a, &w, &settings);
	arena_free(a);
	return status;
}
