/* SPDX-License-Identifier: Apache-2.0 */
/* stopwatch: seconds, medians, and one way to print a comparison, so that all benchmarks read alike. */
#ifndef PROVISO_BENCH_STOPWATCH_H
#define PROVISO_BENCH_STOPWATCH_H

#include <stddef.h>

double stopwatch_s(void);		   /* a monotonic clock, in seconds */
double median(double *values, size_t count); /* sorts them; count > 0 */
/* "what   0.0024 s   rival   0.7700 s   321 x   (wanted: 50 x)   yes" */
void print_ratio(const char *what, double ours_s, const char *rival, double rival_s, double wanted);

#endif
