/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flood: what hangs together with what when elements fall, in up to 32 scenarios at once: a word an element, a bit a
 * scenario. Links have no direction, and elements of one site are joined. Private to the room.
 */
#ifndef PROVISO_POLICY_RULE_FLOOD_H
#define PROVISO_POLICY_RULE_FLOOD_H

#include "policy/eval.h"

struct cell {
	uint32_t alive, reach; /* reach is within alive */
};

/* Spreads reach, in each scenario, to all that survives and hangs together with where it stands already. */
void flood(struct evaluation *, struct cell *cells);

#endif
