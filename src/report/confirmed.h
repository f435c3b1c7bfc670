/* SPDX-License-Identifier: Apache-2.0 */
/* confirmed: how much of the inventory somebody else than the operator has seen, in words and as JSON. */
#ifndef PROVISO_REPORT_CONFIRMED_H
#define PROVISO_REPORT_CONFIRMED_H

#include "evidence/evidence.h"

bool confirmed_any(const struct confirmation *); /* of vendor or version of any element */
/* One sentence; where anything is confirmed, it leads to the three lines. */
const char *confirmed_head(struct arena *, const struct confirmation *);
const char *confirmed_line(struct arena *, const struct confirmation *, enum confirmed_of);
const char *confirmed_foot(struct arena *, const struct confirmation *); /* what the traffic is of; "" where plain */
/* "confirmed": {...}, null where there is no element. */
void confirmed_json(struct json *, const struct confirmation *);

#endif
