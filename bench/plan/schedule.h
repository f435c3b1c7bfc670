/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schedule: planning instances in time for the benchmark of solve. Sites in clusters of 50 to 150 on a map of regions; a
 * cluster keeps its vendor or goes to another in one of 8 quarters. Budget and deliveries for each quarter, crews for each
 * region and quarter, limits on the first vendor from the sixth quarter on and on every vendor in each region at the end,
 * two vendors a region, a fee for a vendor new to a region, a cost for every border between clusters of different vendors.
 */
#ifndef PROVISO_BENCH_SCHEDULE_H
#define PROVISO_BENCH_SCHEDULE_H

#include "solve/solve.h"

enum { PLAN_VENDORS = 4, PLAN_QUARTERS = 8 };

struct schedule {
	uint32_t clusters, wide; /* clusters stand in rows of so many */
	uint32_t regions;
	uint32_t *region, *now;              /* of each cluster; now: its vendor */
	int64_t *sites, *population, *price; /* price: money a site, to swap it */
};

struct schedule schedule_make(struct arena *, uint32_t sites, uint32_t regions, uint64_t seed);
struct solve_model *schedule_model(struct arena *, const struct schedule *);
/* Clusters that differ from all their neighbours under a choice. */
uint32_t schedule_islands(const struct schedule *, const uint32_t *choice);

#endif
