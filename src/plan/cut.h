/* SPDX-License-Identifier: Apache-2.0 */
/* cut: what the files share that turn a finding into a cut. Private to the room. */
#ifndef PROVISO_PLAN_CUT_H
#define PROVISO_PLAN_CUT_H

#include "plan/model.h"

enum { MOST_WITNESSES = 32 };

/* A finding that is bad where a choice is judged, and what its cut is made of. */
struct breach {
	struct planning *p;
	const struct policy_row *row;
	size_t policy;
	enum tier tier;
	moment at;
	int32_t ahead;
	bool worse; /* it is due, and worse than as things stand */
	const struct finding *finding;
	const uint32_t *choice; /* at the moment */
	const struct net *net;  /* that it makes */
	const struct evidence *evidence;
	uint32_t party;
	bool *named;         /* by unit: the cut rests on its fall */
	const bool *related; /* by element: all that the finding rests on; NULL: whatever */
};

struct numbers {
	uint32_t *items;
	size_t count, room;
};

/* Is the same finding still bad where this network is judged? */
bool still_bad(const struct breach *, const struct net *, const uint8_t *changing);
/* The list becomes the arena's. */
void take_options(struct planning *, struct numbers *from, uint32_t **to, size_t *count);
/*
 * Of a statement about single elements (its row within the policy) that is bad in the breach's network: for each witness the
 * elements of base that it rests on. 0: another kind of statement.
 */
size_t witnesses_related(const struct breach *, struct arena *, size_t row, bool *related[MOST_WITNESSES]);
void cut_served(struct breach *, struct cut *); /* served.c */

#endif
