/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress: many instances too large to try every choice, each solved three ways - as a user would, by CBC at the end instead
 * of enumeration, and by certificates alone - which have to agree.
 *
 *     stress [COUNT [FIRST]]
 */
#include "swaps.h"

#include <stdio.h>
#include <stdlib.h>

struct seen {
	unsigned optimal, infeasible, open, certificate, wrong;
};

/* Sites of a few regions; bounds moved up and down, so that a part of the instances has no choice. */
static struct solve_model *make(struct arena *a, uint64_t seed)
{
	uint32_t sites = 10 + (uint32_t)(seed * 7919 % 30), regions = 1 + (uint32_t)(seed % 3);
	struct swaps w = swaps_make(a, sites, regions, seed);
	struct solve_model *m = swaps_model(a, &w);

	for (uint32_t i = 0; i < solve_rows(m); i++)
		solve_row_set_bound(m, i, solve_row_bound(m, i) * (20 + (wide)((seed + 13 * i) * 104729 % 90)) / 100);
	for (uint32_t i = 0; i < solve_counts(m); i++)
		solve_count_set_bound(m, i, 2 + (uint32_t)(seed / 3 % 3));
	return m;
}

static bool keeps(const struct solve_model *m, const struct solve_result *r)
{
	struct solve_breach breach;
	wide cost, bound;

	if (r->choice) {
		solve_judge(m, r->choice, &cost, &breach);
		if (breach.part != SOLVE_PART_NONE || cost != r->cost)
			return false;
	}
	return !r->certificate ||
	       (solve_certificate_bound(m, r->certificate, &bound) && (!r->choice || bound <= r->cost));
}

static bool agree(const struct solve_result *a, const struct solve_result *b)
{
	if (a->status == SOLVE_INFEASIBLE || b->status == SOLVE_INFEASIBLE)
		return !a->choice && !b->choice;
	if (a->status == SOLVE_OPTIMAL && b->status == SOLVE_OPTIMAL)
		return a->cost == b->cost;
	if (a->status == SOLVE_OPTIMAL)
		return !b->choice || b->cost >= a->cost;
	return b->status != SOLVE_OPTIMAL || !a->choice || a->cost >= b->cost;
}

static void look(struct seen *seen, uint64_t seed)
{
	struct arena *a = arena_new();
	struct solve_model *m = make(a, seed);
	const struct solve_result *plain = solve(a, m, NULL);
	const struct solve_result *library = solve(a, m, &(struct solve_settings){ .no_enumeration = true });
	const struct solve_result *alone =
		solve(a, m, &(struct solve_settings){ .no_enumeration = true, .no_library = true });

	seen->optimal += plain->status == SOLVE_OPTIMAL;
	seen->infeasible += plain->status == SOLVE_INFEASIBLE;
	seen->open += plain->status != SOLVE_OPTIMAL && plain->status != SOLVE_INFEASIBLE;
	seen->certificate += plain->proof == SOLVE_PROOF_CERTIFICATE;
	if (!keeps(m, plain) || !keeps(m, library) || !keeps(m, alone) || !agree(plain, library) ||
	    !agree(plain, alone)) {
		printf("seed %llu: %s %s %s\n", (unsigned long long)seed, solve_status_name(plain->status),
		       solve_status_name(library->status), solve_status_name(alone->status));
		seen->wrong++;
	}
	arena_free(a);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 1000, first = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
	struct seen seen = { 0 };

	for (unsigned i = 0; i < count; i++)
		look(&seen, first + i);
	printf("%u instances: %u optimal, %u impossible, %u open, %u by certificate; %u disagree\n", count,
	       seen.optimal, seen.infeasible, seen.open, seen.certificate, seen.wrong);
	return seen.wrong > 0;
}
