/* SPDX-License-Identifier: Apache-2.0 */
/* claim: one claim with all that was said of it, as lines of a tree and as JSON. prior: the reader's, ppb; -1: none. */
#ifndef PROVISO_REPORT_CLAIM_H
#define PROVISO_REPORT_CLAIM_H

#include "evidence/evidence.h"
#include "report/terminal.h"

void claim_put(struct terminal *, const struct evidence *, const struct claim *, unsigned indent, int32_t on,
	       int64_t prior);
bool claim_is_promise(const struct claim *);
/* "2 bn USD, due 2020-12-31, overdue: open" */
const char *claim_terms(struct arena *, const struct evidence *, const struct claim *, int32_t on);
/* What a search that found nothing leaves of a prior; "" where the claim does not say what it would have found. */
const char *claim_chance(struct arena *, const struct claim *, int64_t prior);
void claim_json(struct json *, const struct evidence *, const struct claim *, struct arena *, int64_t prior);

#endif
