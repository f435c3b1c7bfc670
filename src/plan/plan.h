/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan: the cheapest changes among what is offered under which a network passes its policies, with a proof of how near that
 * is to the best possible - or the proof that nothing offered can do it, and which rules can't hold together.
 *
 *     struct plan_offers *offers = plan_offers_load(arena, net, &(struct plan_sources){ .offers = source }, diagnostics);
 *     struct plan_task task = { .net = net, .policies = p, .policy_count = 1, .evidence = e, .on = day, .offers = offers };
 *     struct plan *plan = plan_make(arena, &task, diagnostics);
 *     if (plan->status == PLAN_FOUND) ... plan->changes, plan->cost, plan->bound
 *
 * A plan passes when no rule is broken or due any more, and none is unknown where that can be had. Rules about amounts become
 * rows of `solve`; what is no sum (a network without a vendor, a path, a denied link) is judged by `policy` and becomes a cut.
 * Whatever comes out has been judged again by the policies themselves.
 *
 * Money is micro units of the one currency of the case. Everything lives in the arena that plan_make is given.
 */
#ifndef PROVISO_PLAN_H
#define PROVISO_PLAN_H

#include "assess/assess.h"
#include "base/base.h"
#include "evidence/evidence.h"
#include "net/net.h"
#include "policy/policy.h"
#include "solve/solve.h"

/* ---- offers.csv, costs.csv ---------------------------------------------------------------------------------------- */

enum plan_what { PLAN_SWAP, PLAN_UPGRADE, PLAN_EVIDENCE, PLAN_RESTRICT, PLAN_REMOVE, PLAN_WHATS };
const char *plan_what_name(enum plan_what); /* "swap" "upgrade" "evidence" "restrict" "remove": the words of results */

struct plan_money { /* micro units */
	int64_t low, likely, high;
};

struct plan_offer {
	const char *name;
	enum plan_what what;
	uint32_t vendor, product, version, function; /* rows and codes of the network; CODE_UNKNOWN: not said */
	const char *words;                           /* an element (or its site) has to carry all of them */
	struct plan_money cost;                      /* an element; of evidence once */
	int64_t region_fixed, running_per_year;      /* 0: none */
	int32_t from, until;                         /* DATE_NONE: not said */
	int64_t per_quarter, minimum;                /* elements; -1: not said */
	const char *regions;                         /* words; "" all */
	const char *evidence_kind;                   /* of evidence */
	uint32_t reference_point; /* of restrict: what the link carries afterwards; CODE_UNKNOWN: it is taken out */
	int64_t lead_days;        /* -1: not said */
	const char *source;       /* "": the price is assumed */
	struct place place;
};

enum { PLAN_MOST_QUARTERS = 80 }; /* of a schedule: twenty years, because nobody knows prices for longer */

enum plan_cost_item {
	PLAN_REMOVAL,
	PLAN_SITE_VISIT,
	PLAN_DUAL_RUNNING,
	PLAN_WRITE_OFF,
	PLAN_CONTRACT_EXIT,
	PLAN_BORDER, /* between neighbouring clusters of different vendors */
	PLAN_COST_ITEMS
};

struct plan_cost_line {
	enum plan_cost_item item;
	uint32_t function;  /* CODE_UNKNOWN: any */
	const char *region; /* "": any */
	struct plan_money cost;
	const char *source;
	struct place place;
};

/* ---- pairs.csv, crews.csv ------------------------------------------------------------------------------------------ */

enum plan_scope { PLAN_SCOPE_SITE, PLAN_SCOPE_CLUSTER, PLAN_SCOPE_REGION, PLAN_SCOPE_LINK, PLAN_SCOPES };
enum plan_relation { PLAN_EXCLUDES, PLAN_NEEDS, PLAN_RELATIONS };

/* Within a scope, whoever has a either may not have b beside it, or needs b there. */
struct plan_pair {
	uint32_t vendor_a, function_a, vendor_b, function_b; /* vendors CODE_UNKNOWN: any */
	enum plan_scope scope;
	enum plan_relation relation;
	struct place place;
};

struct plan_crew {           /* so many elements can be changed in a region in a quarter */
	const char *region;  /* "": in all together */
	const char *quarter; /* "2026-Q3"; "": in each */
	int64_t elements;
	struct place place;
};

struct plan_offers {
	const char *currency; /* "": nobody said */
	struct plan_offer *offers;
	size_t offer_count;
	struct plan_cost_line *lines;
	size_t line_count;
	struct plan_pair *pairs;
	size_t pair_count;
	struct plan_crew *crews;
	size_t crew_count;
	size_t offer_room, line_room, pair_room, crew_room;
};

struct plan_sources {
	struct source *offers, *costs, *pairs, *crews; /* all but offers may be NULL */
};
/*
 * Reads them all. Vendors, products and functions are looked up in the network. NULL where something was wrong;
 * codes: missing-column, duplicate-id, dangling-reference, bad-number, bad-word, vendor-differs, incomplete-offer ...
 */
struct plan_offers *plan_offers_load(struct arena *, const struct net *, const struct plan_sources *,
				     struct diagnostics *);

/* ---- the task ----------------------------------------------------------------------------------------------------- */

struct plan_progress {
	const char *phase; /* "dual", "round", "polish", "enumerate", "library", "judge", "conflict" */
	size_t round, cuts;
	bool has_cost, has_bound;
	wide cost, bound; /* micro units, of the round */
};

struct plan_task {
	const struct net *net;     /* that is to pass */
	const struct net *present; /* where net is a proposal, else NULL */
	const struct policy *const *policies;
	size_t policy_count;
	const struct evidence *evidence; /* weighed */
	struct weighing weighing;        /* as it was weighed */
	const struct plan_offers *offers;
	int32_t on, until; /* until: DATE_NONE: no schedule; running costs and deliveries a quarter are not counted */
	int64_t budget;    /* micro money a quarter; 0: none */
	int64_t gap_ppb;   /* good enough; 0: as far as it goes */
	bool brief;        /* of an impossible one neither the smallest conflict nor what would have helped is sought */
	unsigned threads;
	struct strs *strs;
	uint64_t work;    /* 0: as much as the solving takes; else about so many looks at an element or an option */
	bool certificate; /* is wanted */
	bool (*stop)(void *context); /* NULL: limited by work alone */
	double (*seconds_left)(void *context);
	void (*progress)(void *context, const struct plan_progress *); /* NULL: nobody watches */
	void *context;
};

enum plan_status {
	PLAN_NOTHING, /* no rule is broken, due or unknown: nothing to mend */
	PLAN_FOUND,
	PLAN_IMPOSSIBLE,   /* proven: nothing offered mends it */
	PLAN_UNDETERMINED, /* changes mend what is broken, but what is unknown decides the rest */
	PLAN_NONE_FOUND,   /* neither found nor proven within the work or the time */
};
const char *plan_status_name(enum plan_status);
int plan_status_exit(enum plan_status); /* 0 1 2 3 5 */

struct plan_change {
	const char *id; /* "c1" ... */
	enum plan_what what;
	const struct plan_offer *offer;
	const char *const *elements; /* ids, sorted; of evidence: those that need it */
	size_t element_count;
	const char *from, *to;  /* product and version; of evidence: "" and the kind; of remove: to is ""; of restrict:
				     what the links carry afterwards, "" if they are taken out */
	struct plan_money cost; /* with its lines of costs.csv and fees; the sum over changes is the plan's cost */
	int32_t due;            /* DATE_NONE: before the proposal is carried out */
	const char *const *mends; /* "policy/rule" */
	size_t mend_count;
};

struct plan_conflict_rule {
	const char *policy, *rule, *source;
};

/* A quarter of the time from the plan's date to its horizon: three months, named after the calendar quarter it begins in. */
struct plan_quarter {
	const char *name;        /* "2026-Q3" */
	int32_t from, to;        /* first and last day */
	size_t elements;         /* that are changed in it */
	struct plan_money cost;  /* of what is changed or obtained in it; the cost of borders is in none */
	struct plan_money total; /* up to its end */
};

/* A part of a change that is done in one quarter. */
struct plan_step {
	size_t quarter, change;      /* indexes */
	const char *const *elements; /* ids, sorted; of restrict: links */
	size_t element_count;
	struct plan_money cost;
};

/* A plan under another bound. */
struct plan_price_side {
	bool asked; /* false: the bound can't go that way */
	int64_t bound;
	enum plan_status status;
	bool same;      /* the plan keeps this bound as it is: nothing had to be solved */
	int64_t likely; /* micro units; of NOTHING, FOUND and UNDETERMINED */
	bool has_at_least;
	wide at_least; /* no plan under it costs less, proven */
	bool time_limited;
};

/* What a rule's bound costs: statements of one rule whose bound is one param, or the same number of the same measure. */
struct plan_price {
	const char *policy, *rule, *source;
	const char *statement; /* the first of them */
	const char *param;     /* or NULL */
	bool share, at_least;
	int64_t bound; /* ppb of a share, micro of a count */
	struct plan_price_side laxer, stricter;
};

/* What would have made a plan possible. */
struct plan_missing {
	const char *what; /* "offer" "offers" (together) "deliveries" "crews" "budget" "time" */
	const char *
		text; /* "an offer for function gNB of a vendor other than acme in region Auckland, for at least 12 elements" */
};

/* What can't be enough, whatever is chosen: proven, each by itself. */
struct plan_shortage {
	const char *what;       /* "crews" "deliveries" "budget" */
	const char *region;     /* of crews; "": all together */
	const char *quarter;    /* through its end; "": before the first begins */
	wide needed, available; /* micro elements or micro money: at least needed, at most available */
	const char *text;
};

/* A rule that the last schedule tried would have broken, first in this quarter. */
struct plan_obstacle {
	const char *policy, *rule, *quarter;
};

struct plan {
	enum plan_status status;
	const char *currency;
	struct plan_money cost; /* of FOUND and UNDETERMINED */
	bool has_bound;
	wide bound;      /* no plan costs less, micro; exact where proof is certificate or enumeration */
	int64_t gap_ppb; /* (cost - bound) / cost */
	bool has_solver_bound;
	wide solver_bound; /* what the library's tree says beyond it */
	enum solve_proof proof;
	bool time_limited;
	bool exhausted; /* the task's work ended before all was tried */
	struct plan_change *changes;
	size_t change_count;
	struct proviso *provisos; /* a change each, in words */
	size_t proviso_count;
	struct plan_conflict_rule *conflict; /* IMPOSSIBLE: by themselves; fewer of them could hold, if minimal */
	size_t conflict_count;
	bool conflict_minimal;
	enum solve_proof conflict_proof; /* that they can't hold together; CERTIFICATE: a ray of the dual */
	const char *certificate;         /* JSON, see doc/certificate.md; NULL: not asked for, or nothing was solved */
	struct plan_price *prices;       /* after plan_prices */
	size_t price_count;
	struct plan_missing *missing; /* IMPOSSIBLE: each alone would leave a plan */
	size_t missing_count;

	/* With a horizon: when what is done, so that no rule is broken on the way. Sorted by quarter, then change. */
	bool scheduled;
	struct plan_quarter *quarters;
	size_t quarter_count;
	struct plan_step *steps;
	size_t step_count;
	bool schedule_decides; /* choice and time were sought together: bound and proof are of that problem */
	/*
	 * Of NONE_FOUND with a horizon: every rule holds after these changes, but when they could be done was not found. The
	 * last try failed where obstacles say; none: deliveries, crews, money and rules together left no order.
	 */
	bool undated;
	struct plan_obstacle *obstacles;
	size_t obstacle_count;
	struct plan_shortage *shortages; /* with a horizon, of IMPOSSIBLE and of what has no dates */
	size_t shortage_count;

	size_t clusters_formed;        /* where the elements' column is missing; 0: none were */
	size_t borders, border_count;  /* between clusters of different vendors; pairs of neighbours */
	size_t islands;                /* clusters unlike all their neighbours */
	struct plan_money border_cost; /* part of cost */
	int64_t uncertain_ppb; /* the larger of likely - low and high - likely, as a share of likely: plans nearer are as good */
	const struct unknown_fact *unknown; /* UNDETERMINED: what would settle it */
	size_t unknown_count;
	bool assumed;                              /* a price without a source took part */
	bool assume_plan;                          /* evidence that is still to be obtained is counted */
	size_t rows, cuts, units, options, rounds; /* of the last model, for people who wonder */

	/* The network as the plan leaves it: net with other codes for vendor, product, version and since. */
	const struct net *net;
	const struct claim *claims; /* evidence to be obtained, of kind planned */
	size_t claim_count;
	struct findings findings; /* of that network */
};

struct plan *plan_make(struct arena *, const struct plan_task *, struct diagnostics *);

/*
 * Fills plan->prices: for each bound of a rule that counts, what the cheapest plan costs one step laxer and one stricter (a
 * percentage point; one vendor, jurisdiction or owner; a hundredth of another count, at least one). Each is solved again, as
 * plan_make does with the same task, unless the plan keeps the stricter bound anyhow.
 */
void plan_prices(struct arena *, const struct plan_task *, struct plan *);

/* How it is known that rules can't hold together: "dual-ray", "enumeration", "solver"; "none". */
const char *plan_conflict_proof(const struct plan *);

/* The proposal's elements.csv that turns the present network into the plan's. */
void plan_print_elements(const struct plan *, const struct net *present, struct sink *);
/* Does it take links out? Then the proposal's links.csv holds whatever differs from the present network. */
bool plan_restricts(const struct plan *);
void plan_print_links(const struct plan *, const struct net *present, struct sink *);
/* The plan's claims as stanzas. */
void plan_print_evidence(const struct plan *, struct sink *);

#endif
