/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stopwatch: seconds, medians, and one way to print a comparison, so that all benchmarks read alike. Seconds are those the
 * processor spent on this process, user and system: both sides run on one thread, and other load does not disturb them.
 */
#ifndef PROVISO_BENCH_STOPWATCH_H
#define PROVISO_BENCH_STOPWATCH_H

#include <stddef.h>

double stopwatch_s(void);		   /* processor seconds of this process */
double median(double *values, size_t count); /* sorts them; count > 0 */
/* "what   0.0024 s   rival   0.7700 s   321 x   (wanted: 50 x)   yes" */
void print_ratio(const char *what, double ours_s, const char *rival, double rival_s, double wanted);

#endif
