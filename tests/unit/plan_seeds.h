/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random cases from one seed after the other, as the environment says:
 *
 *     PLAN_CASES=N    so many cases    PLAN_FIRST=N    beginning with this seed    PLAN_SEED=N    this one alone
 */
#ifndef PROVISO_TESTS_PLAN_SEEDS_H
#define PROVISO_TESTS_PLAN_SEEDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

/* Until so many cases (what else PLAN_CASES says) are counted in done. How many were asked for; 0: one alone. */
static int each_seed(int cases, void (*one_case)(uint64_t seed, void *tally), const int *done, void *tally)
{
	const char *only = getenv("PLAN_SEED"), *many = getenv("PLAN_CASES"), *first = getenv("PLAN_FIRST");
	uint64_t seed = first ? strtoull(first, NULL, 10) : 1;

	if (only) {
		one_case(strtoull(only, NULL, 10), tally);
		return 0;
	}
	cases = many ? atoi(many) : cases;
	for (; *done < cases; seed++)
		one_case(seed, tally);
	print_message("the next seed is %llu\n", (unsigned long long)seed);
	return cases;
}

#endif
