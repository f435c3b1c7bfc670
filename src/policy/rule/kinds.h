/* SPDX-License-Identifier: Apache-2.0 */
/* kinds: what the files of this folder give to the table of rule kinds, and words they share. Private to the room. */
#ifndef PROVISO_POLICY_RULE_KINDS_H
#define PROVISO_POLICY_RULE_KINDS_H

#include "policy/eval.h"

#define RULE_PARSE(name) bool name(struct reader *, struct policy *, struct statement *)
#define RULE_STAGE(name) void name(struct evaluation *, struct statement *)

RULE_PARSE(reach_parse);
RULE_STAGE(reach_prepare);
RULE_STAGE(reach_judge);
RULE_PARSE(forbid_parse);
RULE_STAGE(forbid_prepare);
RULE_STAGE(forbid_ask);
RULE_STAGE(forbid_judge);
RULE_PARSE(limit_parse);
RULE_STAGE(limit_prepare);
RULE_STAGE(limit_ask);
RULE_STAGE(limit_judge);
RULE_PARSE(evidence_parse);
RULE_STAGE(evidence_prepare);
RULE_STAGE(evidence_judge);
RULE_PARSE(confirmed_parse);
RULE_STAGE(confirmed_prepare);
RULE_STAGE(confirmed_judge);
RULE_PARSE(served_parse);
RULE_STAGE(served_prepare);
RULE_STAGE(served_judge);
struct policy_row;
void served_row(struct evaluation *, const struct statement *,
		struct policy_row *); /* what it is about, and its measure */
RULE_PARSE(diversity_parse);
RULE_STAGE(diversity_prepare);
RULE_STAGE(diversity_ask);
RULE_STAGE(diversity_judge);
RULE_PARSE(link_parse_allow);
RULE_PARSE(link_parse_deny);
RULE_STAGE(link_prepare);
RULE_STAGE(link_judge);
RULE_PARSE(notify_parse);
RULE_STAGE(notify_prepare);
RULE_STAGE(notify_judge);

/* By column: whether it is what is surely or possibly of one party. The terms are those of `count` parties, then that of the
 * unknown one; no column may come after. */
uint8_t *distinct_columns(struct evaluation *, const struct term *terms, uint32_t count);
/* How many different parties: surely (known members) and possibly (each element of an unknown party might be one more:
 * those of the column `unknown`). */
void distinct_bounds(const struct sum *, const uint8_t *columns, uint32_t unknown, uint32_t group, struct finding *);
bool counts_distinct(const char *measure, enum subject_kind *kind); /* vendors, jurisdictions, owners */

/* ---- say.c: numbers in sentences ------------------------------------------------------------------------------------------ */

/* "412 of 1,000 sites (41.2 %)", with the interval where there is one: "between 30 % and 41.2 % of sites". */
const char *rule_share(struct evaluation *, const struct finding *);
/* "3", "between 3 and 5". */
const char *rule_count(struct evaluation *, const struct finding *);
/* What the finding counts, so many of it: "sites", and "site" where the amount is one. */
const char *rule_units(struct evaluation *, const struct finding *, int64_t amount);
/* " in the group North", "" without a group. */
const char *rule_group(struct evaluation *, const struct statement *, const char *group);
/* A waiver of the whole statement: broken and unknown become waived. */

#endif
