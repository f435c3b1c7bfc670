/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swaps: planning instances of any size for the benchmark of solve. N sites in R regions, 4 vendors of which the first is
 * the one to be limited; each site has a 4G and (60 %) a 5G layer that end with one vendor. The limited vendor has at most
 * 35 % of sites and of traffic; each vendor at most 50 % of a region's population; at least 3 vendors in each region.
 *
 * The numbers come from a shift register, so that a seed means the same instance everywhere.
 */
#ifndef PROVISO_BENCH_SWAPS_H
#define PROVISO_BENCH_SWAPS_H

#include "solve/solve.h"

enum { SWAP_VENDORS = 4 };

struct swap_site {
	uint32_t region;
	int64_t population, traffic; /* people; hundredths of a unit */
	int64_t cost[SWAP_VENDORS];  /* money */
};

struct swaps {
	uint32_t sites, regions;
	struct swap_site *site; /* by region */
};

struct swaps swaps_make(struct arena *, uint32_t sites, uint32_t regions, uint64_t seed);
struct solve_model *swaps_model(struct arena *, const struct swaps *);

#endif
