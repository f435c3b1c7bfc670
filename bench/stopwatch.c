/* SPDX-License-Identifier: Apache-2.0 */
/* stopwatch: see stopwatch.h */
#include "stopwatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double stopwatch_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, by_value);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

void print_ratio(const char *what, double ours_s, const char *rival, double rival_s, double wanted)
{
	double ratio = rival_s / ours_s;
	printf("  %-34s %9.4f s   %-22s %9.4f s   %7.1f x   (wanted: %g x)   %s\n", what, ours_s, rival, rival_s, ratio, wanted,
	       ratio >= wanted ? "yes" : "NO");
	fflush(stdout);
}
