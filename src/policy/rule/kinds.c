/* SPDX-License-Identifier: Apache-2.0 */
/* kinds: every statement the language has, a row each. A new one is a file beside this and a row here. */
#include "policy/rule/kinds.h"

const struct rule_kind rule_kinds[] = {
	{ "reach", "forbid", "forbid S reaching T [over I, ...]",
	  "no path from S to T whose links' reference points are all in I", reach_parse, reach_prepare, NULL,
	  reach_judge, true },
	{ "forbid", "forbid", "forbid S [in T] [when new|changed] [from DATE]", "no element in S and T", forbid_parse,
	  forbid_prepare, forbid_ask, forbid_judge, true },
	{ "limit", "limit",
	  "limit S|any vendor|any jurisdiction|any owner to p% of M|N sites|N elements|N vendors [in T] [per D]",
	  "at most so much of a measure", limit_parse, limit_prepare, limit_ask, limit_judge, false },
	{ "evidence", "require", "require evidence KIND for T [within DURATION] [independent] [covering p%]",
	  "a valid claim on file for each product and version", evidence_parse, evidence_prepare, NULL, evidence_judge,
	  true },
	{ "confirmed", "require", "require confirmed vendor|version for p% of T",
	  "the inventory, confirmed by somebody else", confirmed_parse, confirmed_prepare, NULL, confirmed_judge,
	  false },
	{ "served", "require",
	  "require p% of M served [for SERVICE] without any vendor|any jurisdiction|any owner|any version|SET [or "
	  "managed by] | during change",
	  "take each away: what still reaches what it needs", served_parse, served_prepare, NULL, served_judge, false },
	{ "diversity", "require", "require N vendors|jurisdictions|owners [in T] [per D]",
	  "at least so many different ones", diversity_parse, diversity_prepare, diversity_ask, diversity_judge,
	  false },
	{ "link", "allow", "allow A to B [over I, ...]", "declared links that are allowed; the first match counts",
	  link_parse_allow, link_prepare, NULL, NULL, true },
	{ "link", "deny", "deny A to B [over I, ...] | deny rest", "declared links that are not", link_parse_deny,
	  link_prepare, NULL, link_judge, true },
	{ "notify", "notify", "notify \"AUTHORITY\" of T [when new|changed]",
	  "what an authority has to be told; never changes the verdict", notify_parse, notify_prepare, NULL,
	  notify_judge, false },
};
const size_t rule_kind_count = sizeof rule_kinds / sizeof *rule_kinds;
