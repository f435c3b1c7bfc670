/* SPDX-License-Identifier: Apache-2.0 */
/* cut: what the files share that turn a finding into a cut. Private to the room. */
#ifndef PROVISO_PLAN_CUT_H
#define PROVISO_PLAN_CUT_H

#include "plan/model.h"

/* A finding that is bad where a choice is judged, and what its cut is made of. */
struct breach {
	struct planning *p;
	const struct policy_row *row;
	size_t policy;
	enum tier tier;
	moment at;
	int32_t ahead;
	const struct finding *finding;
	const uint32_t *choice; /* at the moment */
	const struct net *net;  /* that it makes */
	const struct evidence *evidence;
	uint32_t party;
	bool *named; /* by unit: the cut rests on its fall */
};

struct numbers {
	uint32_t *items;
	size_t count, room;
};

/* Is the same finding still bad where this network is judged? */
bool still_bad(const struct breach *, const struct net *, const uint8_t *changing);
/* The list becomes the arena's. */
void take_options(struct planning *, struct numbers *from, uint32_t **to, size_t *count);
void cut_served(struct breach *, struct cut *); /* served.c */

#endif
