/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The planner's view of a case, private to the room: every element also as everything it might become (a "state", an element
 * row of the wide network: rows below `elements` are as things stand), units of elements that choose together, their options
 * with prices, and the rows of rules over them.
 */
#ifndef PROVISO_PLAN_MODEL_H
#define PROVISO_PLAN_MODEL_H

#include "plan/plan.h"

#define MOST_MONEY                                                                                                     \
	((int64_t)1 << 53) /* one price: 9 thousand million, in micro units; solve wants sums of options below 2^56 */

enum {
	MOST_OFFERS = 100000, /* rows of offers.csv: more is no list that people keep */
	MOST_CHOICES = 1024,  /* options of one unit; a group of many kinds of elements multiplies them */
	MOST_ROUNDS = 400,    /* of solving, judging and cutting */
	MOST_TRIALS = 48,     /* judgements that make one cut sharper */
	NO_OFFER = UINT32_MAX,
	NO_UNIT = UINT32_MAX,
};

enum tier {
	TIER_HOLDS,      /* every rule surely holds: the upper bound of what is unknown counts */
	TIER_NOT_BROKEN, /* no rule is surely broken */
};

struct unit {
	uint32_t first_member, members; /* into planning.members */
	uint32_t first_option, options; /* into planning.options; the first is: as things stand */
};

struct option {
	uint32_t unit;
	size_t first_state; /* into planning.states: one for each member of the unit */
	struct plan_money cost;
};

struct planning {
	struct arena *arena; /* of the result */
	struct arena *scratch;
	const struct plan_task *task;
	struct diagnostics *diagnostics;
	bool library_told; /* that it is missing */
	uint32_t elements; /* of task->net */
	const struct net *wide;
	uint32_t *origin;   /* wide row -> element */
	uint32_t *offer_of; /* wide row -> offer, NO_OFFER: as things stand */
	struct {
		uint32_t *items;
		size_t count, room;
	} clones;              /* offers of the rows behind the elements */
	uint32_t *first_clone; /* element -> its clones begin, elements + 1 of them */
	uint32_t *unit_of;     /* element -> unit, NO_UNIT: nothing is offered for it */
	uint32_t *place_of;    /* element -> its place among the unit's members */
	uint32_t *members;
	struct {
		struct unit *items;
		size_t count, room;
	} units;
	struct {
		struct option *items;
		size_t count, room;
	} options;
	struct {
		uint32_t *items;
		size_t count, room;
	} states;
	const struct net_column
		*words[64]; /* columns whose words an offer's `for` may mean; of sites behind site_words */
	size_t word_count, site_words;

	struct policy_row **rows; /* by policy */
	size_t *row_counts;
	uint32_t rule_count; /* statements of all policies, numbered through */
	bool *left_out;      /* by statement: not asked for, while a conflict is made smaller */

	struct evidence *full; /* with everything that is offered; NULL: nothing is */
	uint32_t *claim_of;    /* offer -> claim of full, UINT32_MAX */
	struct {
		struct cut *items;
		size_t count, room;
	} cuts;
	uint64_t work_done; /* looks at elements and options so far */
	size_t round;
};

/* The caller's patience or the work that it allows is used up. */
static inline bool is_over(const struct planning *p)
{
	const struct plan_task *t = p->task;

	return (t->work && p->work_done >= t->work) || (t->stop && t->stop(t->context));
}

/* At least one of these options has to be chosen; behind our options come the offers, for evidence that is obtained. */
struct cut {
	uint32_t rule; /* statement */
	enum tier tier;
	uint32_t *options;
	size_t count;
};

static inline uint32_t state_of(const struct planning *p, const struct option *o, uint32_t place)
{
	return p->states.items[o->first_state + place];
}

/* ---- state.c: what elements may become ---------------------------------------------------------------------------- */

void states_make(struct planning *);
/* Is an offer for this element? */
bool offer_fits(const struct planning *, const struct plan_offer *, uint32_t element);
/* The network as a choice (an option a unit) leaves it. */
const struct net *net_of_choice(struct planning *, struct arena *, const uint32_t *choice);

/* ---- unit.c ------------------------------------------------------------------------------------------------------- */

bool units_make(struct planning *); /* false: diagnosed */
/* Of the unit's member i in an option, with its visit where it is the first at its site. */
struct plan_money price_of_member(const struct planning *, const struct option *, uint32_t i);

/* ---- price.c ------------------------------------------------------------------------------------------------------ */

struct plan_money price_of_state(const struct planning *, uint32_t state);
/* A visit to the site, however many elements are swapped at it. */
struct plan_money price_of_visit(const struct planning *, uint32_t state);
void money_add(struct plan_money *, const struct plan_money *);

/* ---- promise.c: evidence that can be obtained ----------------------------------------------------------------------- */

void promises_make(struct planning *);
/* The case's evidence with what these offers would bring; NULL chosen: none of it. */
const struct evidence *evidence_with(struct planning *, struct arena *, const bool *chosen, uint32_t *claim_of);
struct claim claim_of_offer(struct planning *, const struct plan_offer *);

/* ---- build.c: a model for solve -------------------------------------------------------------------------------------- */

struct built {
	struct solve_model *model;
	uint32_t *option;   /* our option -> solve's. Our units are solve's first ones, in our order */
	uint32_t *obtained; /* offer of evidence -> solve's option that obtains it without need, UINT32_MAX */
	uint32_t *obtain_unit;
	uint32_t **
		needed_by; /* offer of evidence -> solve's options that rest on it, ascending: if one is chosen, it is obtained */
	uint32_t *needed_count;
	uint32_t constant; /* solve's option that is always chosen */
};
struct built *build_model(struct planning *, struct arena *, enum tier);

/* ---- cut.c ------------------------------------------------------------------------------------------------------------ */

/* Judges a choice by every policy that counts; where it does not pass, adds cuts. */
bool judge_choice(struct planning *, enum tier, const uint32_t *choice, const bool *evidence, bool cut);
/* The findings of a network by one policy, in the arena; the items are the caller's to free. */
void findings_by_policy(struct planning *, struct arena *, size_t policy, const struct net *, const struct evidence *,
			bool brief, struct findings *);
bool finding_is_bad(const struct finding *, enum tier);
/* The statement that a finding is about, by its number within the policy; SIZE_MAX: none. */
size_t row_of_finding(const struct planning *, size_t policy, const struct finding *);
/* Could a statement look different with another state of an element? */
bool state_matters(const struct planning *, size_t policy, const struct policy_row *, uint32_t a, uint32_t b);

/* ---- change.c --------------------------------------------------------------------------------------------------------- */

void changes_make(struct planning *, struct plan *, const uint32_t *choice, const bool *evidence);

#endif
