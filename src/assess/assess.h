/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assess: (network, policies, evidence, date) to findings and a verdict. Pure: no clock, no files, no output.
 */
#ifndef PROVISO_ASSESS_H
#define PROVISO_ASSESS_H

#include "base/base.h"
#include "evidence/evidence.h"
#include "lang/lang.h"
#include "net/net.h"
#include "policy/policy.h"

enum verdict { VERDICT_MANAGEABLE, VERDICT_WITH_PROVISOS, VERDICT_NOT_MANAGEABLE, VERDICT_UNDETERMINED, VERDICT_FAILS };
const char *verdict_name(
	enum verdict); /* "manageable" "manageable-with-provisos" "not-manageable" "undetermined" "fails-as-it-stands" */
int verdict_exit(enum verdict); /* 0 1 2 3 4 */

/* A condition under which the answer is yes. */
struct proviso {
	const char *policy, *rule;
	const char *what;   /* what has to be done */
	const char *who;    /* who acts: "operator", the authority, a vendor */
	int32_t by;         /* DATE_NONE: before the proposal is carried out */
	const char *closes; /* what closes it */
	const char *source; /* of the rule */
	const char *where;  /* of a plan's: how many elements in which regions, or their names; NULL: not said */
	bool has_cost;
	wide cost;      /* of a plan's: likely, micro units of its currency */
	const char *id; /* of a plan's change: "c1"; NULL */
};

/* What a planner found; filled by ops so that assess and plan need not know each other. NULL: none was sought. */
struct remedy {
	bool found; /* with its changes nothing is surely broken */
	bool whole; /* with them every rule surely holds, whatever is unknown today */
	bool proven_impossible;
	const struct proviso *provisos;
	size_t proviso_count;
	const char *currency;   /* of what it costs; "": nobody said */
	wide low, likely, high; /* micro units of the currency */
	bool has_bound;
	wide bound;      /* no plan costs less, proven */
	int64_t gap_ppb; /* (likely - bound) / likely */
	bool assumed;    /* a price without a source took part */
	bool time_limited;
	const char *status, *proof; /* as the planner calls them */
	const struct conflict_rule {
		const char *policy, *rule, *source;
	} * conflict; /* proven_impossible: these can't hold together; proof says by what */
	size_t conflict_count;
	const char *conflict_proof; /* "dual-ray", "enumeration", "solver" */
	bool conflict_minimal;      /* fewer of them could hold */
	const struct remedy_missing {
		const char *what, *text; /* "offer", "an offer for function gNB of another vendor ..." */
	} * missing;                     /* proven_impossible: each alone would leave a plan */
	size_t missing_count;
	const struct unknown_fact
		*unknown; /* found, not whole: what decides, with the changes, whether every rule holds */
	size_t unknown_count;
};

struct metric { /* concentration of one measure in one layer */
	const char *layer, *measure;
	struct metric_share {
		const char *vendor; /* "(unknown)" last */
		int64_t share;      /* ppb */
		wide amount;        /* micro */
	} * shares;                 /* largest first, then by name */
	size_t share_count;
	int64_t hhi;             /* ppb, 0..10^9 */
	int64_t effective_micro; /* 1/hhi in micro */
};

struct assessment_input {
	const char *path, *sha256;
};

struct assessment_case {
	const char *title, *operator_name;
	const struct net *net;     /* the one that is judged */
	const struct net *present; /* what stands today where net is a proposal, else NULL */
	const char *network;       /* "present" or "proposed" */
	const struct policy *const *policies;
	size_t policy_count;
	struct evidence *evidence; /* weighed */
	int32_t on;
	unsigned threads;
	struct strs *strs;
	bool assume_plan;
	const char *focus; /* an element's id: findings say whether it is among their witnesses; NULL: none */
};

struct assessment {
	enum verdict verdict;
	const struct assessment_case *of;
	bool planned;   /* evidence that is only planned was counted: caps the verdict */
	bool synthetic; /* some of the data is invented */
	struct findings findings;
	struct proviso *provisos;
	size_t proviso_count;
	struct metric *metrics;
	size_t metric_count;
	struct confirmation confirmation; /* of the network that is judged */
	const struct policy_silence *silences;
	size_t silence_count;
	size_t by_status[FINDING_STATUSES];
	const struct assessment_input *inputs; /* ops fills these */
	size_t input_count;
	const char *version;
	const struct remedy *remedy; /* that was taken into account; NULL: none was sought */
};

struct assessment *assess(struct arena *, const struct assessment_case *, const struct remedy *, struct diagnostics *);
/* What a remedy makes of an assessment that was made without one: another verdict, other provisos. */
void assess_mend(struct arena *, struct assessment *, const struct remedy *);

/* What another policy found, behind what is there: for who judges policies one by one. The items are the caller's to free. */
void assess_join(struct arena *, struct findings *all, const struct findings *more);
/* The same fact may be wanted by several policies: one line, all that it settles; what settles most comes first. */
void assess_rank_unknown(struct arena *, struct findings *all);

/* The policy's own `test` stanzas. */
struct policy_test_result {
	const char *name;
	bool passed;
	const char *expected, *got; /* one line each; of the first expectation that failed */
	struct place place;
};
struct policy_test_result *assess_run_tests(struct arena *, const struct policy *, struct diagnostics *, size_t *count);

#endif
