/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Promises stay open until somebody else than who promised says that they were kept: a claim with `delivers NAME`. A
 * voice without a name closes nothing, because it may be the promiser's own.
 */
#include "evidence/index.h"

#include <string.h>

static bool may_close(const struct evidence *evidence, uint32_t promise, uint32_t delivery)
{
	const struct index *index = index_of(evidence);
	enum claim_standing standing = evidence->claims[delivery].standing;

	if (standing != CLAIM_COUNTS && standing != CLAIM_BELOW && standing != CLAIM_SUPERSEDED)
		return false;
	return !index->filed[delivery].anonymous && index->filed[delivery].knower != index->filed[promise].knower;
}

void close_promises(struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->claim_count; i++)
		evidence->claims[i].delivered_by = NO_CLAIM;
	for (uint32_t i = 0; i < evidence->claim_count; i++) {
		uint32_t promise;
		uint32_t *closer;

		if (!evidence->claims[i].delivers)
			continue;
		promise = evidence_find(evidence, evidence->claims[i].delivers);
		if (promise == NO_CLAIM || !may_close(evidence, promise, i))
			continue;
		closer = &evidence->claims[promise].delivered_by;
		/* Of several the one that comes first by name: the order of reading must not matter. */
		if (*closer == NO_CLAIM || strcmp(evidence->claims[i].name, evidence->claims[*closer].name) < 0)
			*closer = i;
	}
}
