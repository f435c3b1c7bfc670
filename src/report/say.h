/* SPDX-License-Identifier: Apache-2.0 */
/*
 * say: findings, verdicts and unknown facts in the words people use. Everything returned is the arena's, and may hold
 * text from files: print it through glyph.
 */
#ifndef PROVISO_REPORT_SAY_H
#define PROVISO_REPORT_SAY_H

#include "plan/plan.h"
#include "report/digest.h"

/* Counts. say_count(a, 2, "site") is "2 sites"; nouns in y are declined. */
const char *say_count(struct arena *, size_t count, const char *noun);
const char *say_plural(struct arena *, const char *noun);
/* "from 2025-06-15T15:06:40 UTC, 2.6 seconds" */
const char *say_period(struct arena *, int64_t first_ns, int64_t last_ns);
/* "1,234 more" and the like: digits grouped. */
const char *say_number(struct arena *, size_t count);
/* ASCII letters in capitals, for headings where there is no bold. */
const char *say_capitals(struct arena *, const char *text);
/* "a, b, c and 4 more". */
const char *say_list(struct arena *, const char *const *names, size_t kept, size_t count, size_t shown);
/* An amount with as many digits as people read: 1,234,567 or 12.3. */
const char *say_amount(struct arena *, wide micro);
/* "48.2%": one decimal, more only where one would put the share on the wrong side of the bound (-1: none), 0 % or 100
 * %. */
const char *say_share(struct arena *, int64_t ppb, int64_t bound);

/* One finding. */
const char *say_rule(struct arena *, const struct finding *);     /* "policy/rule" */
const char *say_label(struct arena *, const struct finding *);    /* "acme, Auckland"; "whole network" */
const char *say_measure(struct arena *, const struct finding *);  /* "48.2%", "20% to 48.2%", "3 vendors", "" */
const char *say_fraction(struct arena *, const struct finding *); /* "197 of 409 sites", "" */
const char *say_bound(struct arena *, const struct finding *);    /* "at most 35%", "none allowed", "" */
const char *say_excess(struct arena *, const struct finding *);   /* "54 sites too many", "" */
/* True where measure, bound and excess are all there is to say; other kinds of rule have more in their explanation. */
bool say_is_all(const struct finding *);
/* What stands beside the status: "the proposal makes it worse", a waiver's end ... or "". */
const char *say_remark(struct arena *, const struct finding *);
/* "in force from 2024-06-01 until 2030-12-31", "". */
const char *say_in_force(struct arena *, const struct finding *);
/* "gnb-1, gnb-2, gnb-3 and 51 more"; "" where there are none. */
const char *say_witnesses(struct arena *, const struct finding *, size_t shown);
/* "and 37 more regions", for an entry of which some were shown. */
const char *say_more(struct arena *, const struct entry *, size_t shown);

/* Statuses and verdicts. */
const char *say_status(enum finding_status);                  /* "broken", "can't be decided" ... a heading */
const char *say_status_meaning(enum finding_status);          /* one sentence */
const char *say_tally(struct arena *, const struct digest *); /* "2 broken, 1 unknown, 14 hold" */
/* planned: it is a plan's, not an assessment's, whose search may end sooner */
const char *say_verdict_reason(struct arena *, const struct assessment *, const struct digest *, bool planned);
const char *say_money(struct arena *, const char *currency, wide micro); /* "1,200.50 NZD" */
/* Of a plan that was found: what it costs, and how much cheaper one could be at most. */
const char *say_cost(struct arena *, const struct remedy *);
/* Rules that can't hold together, or one that can't hold; and what is known of their number: "" where nothing is. */
const char *say_conflict(size_t rules);
const char *say_conflict_minimal(size_t rules, bool minimal);
const char *say_conflict_by_cbc(size_t rules);      /* that they can't is what the solver CBC says */
bool say_conflict_by_solver(const struct remedy *); /* that the rules can't hold is what the solver CBC says */
const char *say_gap(struct arena *, const struct remedy *); /* "No plan can be more than 0.01% cheaper."; "" */
const char *say_scope(struct arena *, const struct assessment *,
		      const struct digest *); /* what was judged against what */

const char *say_shortage(struct arena *, const struct plan_shortage *); /* as a sentence */
/* Quarters from the first on in which nothing is done: the number of them, 0 if something is. */
size_t say_idle(const struct plan *, size_t first);
const char *say_undated_cost(struct arena *, const struct plan *); /* what of a dated plan's cost is in no quarter; "" */
const char *say_plan_undated(void);                                /* what changes without dates are worth */
/* Of a rule's bound, what the cheapest plan under another one costs: "31,964,355 GBP, 4,697,395 GBP less". */
const char *say_price(struct arena *, const struct plan *, const struct plan_price_side *);
const char *say_price_bound(struct arena *, const struct plan_price *, int64_t bound); /* "36%", "2" */
/* By when: a date, or "now" and the like where it has none. */
const char *say_by(struct arena *, const struct assessment *, int32_t by);

/* Unknown facts. */
const char *say_question(struct arena *, const struct unknown_fact *); /* "Which vendor supplies element gnb-1?" */

#endif
