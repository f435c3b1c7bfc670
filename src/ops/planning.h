/* SPDX-License-Identifier: Apache-2.0 */
/* A plan for a loaded case: the offers it brings, how long may be sought, who is told. Private to ops. */
#ifndef PROVISO_OPS_PLANNING_H
#define PROVISO_OPS_PLANNING_H

#include "ops/case.h"
#include "plan/plan.h"

/* Does the case bring offers: a clause that names them, or offers.csv in its folder? */
bool case_has_offers(const struct case_loaded *);

/* Finds their mistakes, and those of what lies beside them. */
void case_check_offers(struct case_loaded *);

struct budget {
	int64_t micro;        /* money a quarter, 0: none */
	const char *currency; /* "": that of the offers */
};

/* "5000000", "10,000,000 NZD", "2.5M EUR/quarter": false where it is none of these. */
bool budget_parse(struct arena *, const char *text, struct budget *);

struct planning_limits {
	int64_t gap_ppb;
	int32_t until;    /* DATE_NONE: no schedule */
	struct budget budget;
	uint64_t work;    /* 0: as much as it takes */
	bool price;       /* what each bound costs, too */
	bool certificate; /* is wanted */
};

/* NULL where something was wrong: diagnosed. */
struct plan *case_plan(struct case_loaded *, const struct planning_limits *);

/* What an assessment takes of a plan. */
struct remedy *remedy_of_plan(struct arena *, const struct plan *);

#endif
