/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The planner's view of a case, private to the room: every element also as everything it might become (a "state", an element
 * row of the wide network: rows below `elements` are as things stand), units of elements that choose together, their options
 * with prices, the quarters in which it can be done, and the rows of rules over them.
 */
#ifndef PROVISO_PLAN_MODEL_H
#define PROVISO_PLAN_MODEL_H

#include "plan/plan.h"

#define MOST_MONEY                                                                                                     \
	((int64_t)1 << 53) /* one price: 9 thousand million, in micro units; solve wants sums of options below 2^56 */

#define MOST_SUM INT64_MAX /* of all that could be done; sums of prices are told in micro units */

enum {
	MOST_OFFERS = 100000, /* rows of offers.csv: more is no list that people keep */
	MOST_CHOICES = 1024,  /* options of one unit; a group of many kinds of elements multiplies them */
	MOST_ROUNDS = 400,    /* of solving, judging and cutting */
	MOST_TRIALS = 48,     /* judgements that make one cut sharper */
	MOST_QUARTERS = PLAN_MOST_QUARTERS,
	NO_OFFER = UINT32_MAX,
	NO_UNIT = UINT32_MAX,
	NO_LINK = UINT32_MAX,
	ANY_STATE = UINT32_MAX,
	NEVER = UINT32_MAX, /* a quarter: as things stand for ever */
};

enum tier {
	TIER_HOLDS,      /* every rule surely holds: the upper bound of what is unknown counts */
	TIER_NOT_BROKEN, /* no rule is surely broken */
};

/* When the network is looked at: after all that is done in a quarter, or at the end, by what holds then and holds today. */
enum { AT_END = -1 };
typedef int moment;

struct unit {
	uint32_t first_member, members; /* into planning.members */
	uint32_t first_option, options; /* into planning.options; the first is: as things stand */
	uint32_t link;                  /* a link that can be restricted, and no members; NO_LINK */
};

struct option {
	uint32_t unit;
	size_t first_state; /* into planning.states: one for each member of the unit */
	uint32_t offer;     /* of a link: that restricts it; NO_OFFER */
	struct plan_money cost;
};

/* At least one of these has to be so; behind our options come the offers, for evidence that is obtained. */
struct cut {
	uint32_t rule; /* statement */
	enum tier tier;
	moment at;         /* the options are as the network is then */
	uint32_t *options; /* one of these is chosen then */
	size_t count;
	bool served; /* it is about who is served without a party, or a set ("") */
	const char *without;
	uint32_t *units; /* or one of these is not changed in that quarter */
	size_t unit_count;
	uint32_t *before; /* or one of these was chosen before it */
	size_t before_count;
	/* By element, of a cut about what is found while a quarter lasts: or one of them can't be found in this state then. */
	const uint32_t *mixed; /* ANY_STATE: whatever it is found in */
};

struct border { /* between two units that have one vendor as things stand */
	uint32_t a, b;
};

struct statements {               /* of all policies, at a moment */
	struct policy_row **rows; /* by policy */
	bool *binds;              /* by statement, numbered through: it has to hold then */
};

struct planning {
	struct arena *arena; /* of the result */
	struct arena *scratch;
	const struct plan_task *task;
	struct diagnostics *diagnostics;
	bool library_told;  /* that it is missing */
	uint64_t work_done; /* looks at elements and options so far */
	size_t round;
	bool certifies;           /* the search that is on is the one that counts */
	struct sink *certificate; /* of its last model, if the task asks for it: certify.h */
	struct json certificate_json;
	const struct net
		*base;     /* task->net, with elements that might be added behind its own: absent as things stand */
	uint32_t real;     /* elements of task->net */
	uint32_t elements; /* of base */
	struct {           /* its columns that are asked for by element and offer, of sites the last */
		const uint32_t *site, *function, *vendor, *product, *version, *since, *region;
	} cells;
	struct { /* by site, behind them of elements without one: offers for its region, or for all */
		const uint32_t **offers, *counts;
	} there;
	const struct net *wide;
	uint32_t *origin;   /* wide row -> element */
	uint32_t *offer_of; /* wide row -> offer, NO_OFFER: as things stand */
	bool *gone;         /* wide row: there is no such element */
	bool shapes;        /* something can be added, removed or restricted */
	struct {
		uint32_t *items;
		size_t count, room;
	} clones;              /* offers of the rows behind the elements */
	uint32_t *first_clone; /* element -> its clones begin, elements + 1 of them */
	uint32_t *unit_of;     /* element -> unit, NO_UNIT: nothing is offered for it */
	uint32_t *place_of;    /* element -> its place among the unit's members */
	uint32_t *members;
	const bool *removable;   /* by element; NULL: none is */
	uint32_t *first_related; /* related.c; NULL: nobody asked yet */
	uint32_t *extra_vendor;  /* of what might be added: whose it has to be; CODE_UNKNOWN: anybody's */
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

	uint32_t *cluster_of; /* element -> cluster, CODE_UNKNOWN; NULL: there are none */
	uint32_t cluster_count;
	size_t clusters_formed;
	uint32_t (*neighbours)[2]; /* clusters side by side, the smaller first */
	size_t neighbour_count;
	struct {
		struct border *items;
		size_t count, room;
	} borders;
	struct plan_money border_cost;

	struct plan_quarter quarters[MOST_QUARTERS];
	size_t quarter_count; /* 0: no schedule */

	struct statements end, *in_quarter;
	size_t *row_counts;                      /* by policy */
	uint32_t rule_count;                     /* statements of all policies, numbered through */
	bool *unwritten;                         /* by statement: the model built last has no rows for it */
	bool *left_out;                          /* by statement: not asked for, while a conflict is made smaller */
	bool any_will_do;                        /* whether there is a plan is the question, not what it costs */
	bool trial;                              /* not to be sought for long */
	double reserve; /* seconds of the time that are kept for when, once what is done is known; 0: none */
	uint32_t lifted_offer;                   /* whose deliveries are not asked for; NO_OFFER */
	const char *lifted_region;               /* whose crews are not; NULL */
	uint32_t hypothetical;                   /* offers from this one on were made by nobody; NO_OFFER */
	bool no_deliveries, no_crews, no_budget; /* not asked for, to see which is short */

	uint8_t *earliest, *latest; /* by option: the quarters in which it can be carried out lie between these */
	bool no_windows;            /* not asked for: they rest on rules that are left out one by one */

	struct evidence *full; /* with everything that is offered; NULL: nothing is */
	uint32_t *claim_of;    /* offer -> claim of full, UINT32_MAX: not worth asking about */
	uint32_t *rank_of;     /* offer -> its number among those of its product and kind of document */
	uint32_t rank_count;
	const struct evidence **of_rank; /* the case's with all documents of a rank; NULL: nobody asked yet */
	struct {
		struct cut *items;
		size_t count, room;
	} cuts;
};

static inline bool time_is_over(const struct planning *p)
{
	const struct plan_task *t = p->task;

	return t->stop && (t->stop(t->context) || (p->reserve > 0 && t->seconds_left(t->context) < p->reserve));
}

static inline bool is_over(const struct planning *p)
{
	const struct plan_task *t = p->task;

	return (t->work && p->work_done >= t->work) || time_is_over(p);
}

static inline uint32_t state_of(const struct planning *p, const struct option *o, uint32_t place)
{
	return p->states.items[o->first_state + place];
}

/* Does the option of a link take it out? Else it stays, or is narrowed to another reference point. */
static inline bool takes_out(const struct planning *p, const struct option *o)
{
	return o->offer != NO_OFFER && !CODE_IS_KNOWN(p->task->offers->offers[o->offer].reference_point);
}

static inline uint32_t element_code(const struct planning *p, const char *column, uint32_t element)
{
	return net_column(p->base, NET_ELEMENTS, column)->codes[element];
}

static inline const struct statements *statements_at(const struct planning *p, moment at)
{
	return at == AT_END ? &p->end : &p->in_quarter[at];
}

/* ---- state.c: what elements may become ---------------------------------------------------------------------------- */

void cells_make(struct planning *); /* whenever base is another */
void states_make(struct planning *);
void removable_make(struct planning *); /* what a policy's rules let one take away */
/* Is an offer for this element? */
bool offer_fits(const struct planning *, const struct plan_offer *, uint32_t element);
/* Offers that may be: no other is for its region. */
const uint32_t *offers_there(const struct planning *, uint32_t element, uint32_t *count);
bool offer_fits_link(const struct planning *, const struct plan_offer *, uint32_t link);
uint32_t region_of(const struct planning *, uint32_t element); /* text, CODE_UNKNOWN */

/* ---- shape.c: networks that other elements and links stand in --------------------------------------------------------- */

/* More rows of elements: row i of the result is row from[i] of the net; what it is called may be set afterwards. */
struct net *net_with_rows(struct arena *, const struct net *, const uint32_t *from, uint32_t rows);
void net_index_sites(struct arena *, struct net *);
/* The network as a choice (an option a unit) leaves it; links NULL: all but those that the choice restricts, else those. */
const struct net *net_of_choice(struct planning *, struct arena *, const uint32_t *choice);
/* By element of base its state; the choice says which links are restricted. */
const struct net *net_of_states(struct planning *, struct arena *, const uint32_t *states, const uint32_t *choice);
const struct net *net_with_links(struct arena *, const struct net *, const bool *kept);

/* ---- pair.c: what goes together ---------------------------------------------------------------------------------------- */

/* Elements that might have to be added because a pair needs them: base grows. */
void extras_make(struct planning *);

/* ---- cluster.c --------------------------------------------------------------------------------------------------------- */

void clusters_make(struct planning *);
/* Which clusters are side by side, and which of these have one vendor; after the units. */
void borders_make(struct planning *);
uint32_t label_of_option(const struct planning *, uint32_t option);
void borders_count(struct planning *, const uint32_t *choice, struct plan *);

/* ---- unit.c ------------------------------------------------------------------------------------------------------- */

bool units_make(struct planning *); /* false: diagnosed */
/* Of the unit's member i in an option, with its visit where it is the first at its site. */
struct plan_money price_of_member(const struct planning *, const struct option *, uint32_t i);
bool option_changes(const struct planning *, uint32_t option);            /* it is not: as things stand */
uint32_t option_elements(const struct planning *, const struct option *); /* that are changed with it */

/* ---- price.c ------------------------------------------------------------------------------------------------------ */

struct plan_money price_of_state(const struct planning *, uint32_t state);
/* A visit to the site, however many elements are swapped at it. */
struct plan_money price_of_visit(const struct planning *, uint32_t state);
bool price_of_border(const struct planning *, struct plan_money *); /* false: nobody says */
struct plan_money price_of_restriction(const struct planning *, uint32_t offer);
void money_add(struct plan_money *, const struct plan_money *);

/* ---- promise.c: evidence that can be obtained ----------------------------------------------------------------------- */

void promises_make(struct planning *);
/* The case's evidence with what these offers would bring by a day; NULL chosen: none of it. */
const struct evidence *evidence_with(struct planning *, struct arena *, const bool *chosen, uint32_t *claim_of,
				     int32_t by);
/* The case's evidence with the documents of one rank: of each product and kind one at most. */
const struct evidence *evidence_of_rank(struct planning *, uint32_t rank);
struct claim claim_of_offer(struct planning *, const struct plan_offer *);

/* ---- quarter.c: the time there is ------------------------------------------------------------------------------------- */

void quarters_make(struct planning *);
/* Can what an offer brings be done in the quarter? */
bool offer_in_quarter(const struct planning *, const struct plan_offer *, size_t quarter);
bool option_in_quarter(const struct planning *, const struct option *, size_t quarter);
/* The quarter in which evidence is there. */
size_t quarter_of_evidence(const struct planning *, const struct plan_offer *);
void statements_make(struct planning *);
/* Which statements bind in a quarter depends on what counts as holding today. */
void statements_bind(struct planning *, enum tier);
int32_t day_of(const struct planning *, moment);

/* ---- build.c: a model for solve -------------------------------------------------------------------------------------- */

enum mode {
	MODE_WHAT, /* what is done; the time is not looked at but for what can be done in all of it */
	MODE_WHEN, /* what is done is settled: when */
	MODE_BOTH,
};

struct var {                      /* of a unit: solve's options, in the same order */
	uint32_t option, quarter; /* NEVER: as things stand, or no schedule */
};

struct chosen {
	uint32_t *option;  /* by unit */
	uint32_t *quarter; /* by unit, NEVER */
	bool *evidence;    /* by offer */
};

struct built {
	struct solve_model *model;
	enum mode mode;
	struct {
		struct var *items;
		size_t count, room;
	} vars;              /* option i of solve is vars[i] */
	uint32_t *first_var; /* by unit, units + 1 */
	uint32_t *obtained;  /* offer of evidence -> solve's option that obtains it without need, UINT32_MAX */
	uint32_t *obtain_unit;
	uint32_t **needed_by; /* -> solve's options that rest on it, ascending: if one is chosen, it is obtained */
	uint32_t *needed_count;
	uint32_t constant; /* solve's option that is always chosen */
	struct {
		struct cut_row {
			uint32_t row, cut;
		} * items;
		size_t count, room;
	} cut_rows; /* rows of the model that are cuts */
	struct {
		struct flow_row { /* what can be had in a quarter: rows of one flow differ in the quarter alone */
			uint32_t row, flow, quarter;
		} * items;
		size_t count, room;
	} flows; /* rows of the model in MODE_WHEN and MODE_BOTH */
	struct {
		struct row_place {
			uint32_t row;
			struct place place;
		} * items;
		size_t count, room;
	} row_places; /* the line of a file behind a row that no statement asks for */
};
void built_free(struct built *); /* what is not in the arena */
/*
 * What is asked for by a moment, whatever there is: all can be done before the quarter (or by the end), and costs its number
 * of elements (of a region), or its price.
 */
enum { ALL_REGIONS = CODE_NONE };
struct burden {
	uint32_t region; /* text; ALL_REGIONS */
	bool money;
};
struct built *build_burden(struct planning *, struct arena *, enum tier, moment, const struct burden *);
/* Of MODE_BOTH only the units, and what rules forbid of them. */
struct built *build_forbidden(struct planning *, struct arena *, enum tier);
/* settled: of MODE_WHEN, else NULL. */
struct built *build_model(struct planning *, struct arena *, enum tier, enum mode, const struct chosen *settled);

/* ---- window.c ---------------------------------------------------------------------------------------------------------- */

void windows_make(struct planning *, enum tier);

/* ---- order.c: list scheduling ----------------------------------------------------------------------------------------- */

/* What was settled, in an order that is near one in which all can be done: solve's options by unit. */
uint32_t *order_make(struct planning *, struct arena *, const struct built *, const struct chosen *settled);

/* ---- cut.c ------------------------------------------------------------------------------------------------------------ */

/* Judges what is chosen by every policy that counts, at a moment; where it does not pass, adds cuts. */
bool judge_choice(struct planning *, enum tier, moment, const struct chosen *, bool cut);
/* The findings of a network by one policy, in the arena; the items are the caller's to free. ahead, changing: see policy.h. */
void findings_by_policy(struct planning *, struct arena *, size_t policy, const struct net *, const struct evidence *,
			bool brief, int32_t ahead, const uint8_t *changing, struct findings *);
bool finding_is_bad(const struct finding *, enum tier);
/* The statement that a finding is about, by its number within the policy; SIZE_MAX: none. */
size_t row_of_finding(const struct planning *, size_t policy, const struct finding *);
/* Could a statement look different with another state of an element? */
bool state_matters(const struct planning *, size_t policy, const struct policy_row *, uint32_t a, uint32_t b);
uint32_t statement_number(const struct planning *, size_t policy, size_t row);
const struct policy_row *row_of_statement(const struct planning *, moment, uint32_t number, size_t *policy);
/* By element: does a statement that looks at what others run on speak of it, or of one on which it bears? */
bool *spoken_of(struct planning *, struct arena *, const struct policy_row *);
/* mixture.c: what is changed in a quarter, some of it as it was and some as it will be. */
bool judge_mixtures(struct planning *, enum tier, moment, const struct chosen *, bool cut);
/* A unit's option at a moment. */
static inline uint32_t option_then(const struct planning *p, const struct chosen *c, uint32_t unit, moment at)
{
	if (at == AT_END || (c->quarter[unit] != NEVER && c->quarter[unit] <= (uint32_t)at))
		return c->option[unit];
	return p->units.items[unit].first_option;
}
const uint32_t *choice_at(struct planning *, struct arena *, const struct chosen *, moment);

/* ---- search.c: solve, judge, cut, again ------------------------------------------------------------------------------- */

enum outcome { OUTCOME_PASSES, OUTCOME_IMPOSSIBLE, OUTCOME_OPEN };

struct answer {
	enum outcome outcome;
	struct chosen chosen;
	bool has_bound, has_solver_bound, stopped;
	wide bound, solver_bound;
	enum solve_proof proof;
	bool both;    /* what and when were sought together */
	bool loose;   /* so far anything that passes will do */
	bool undated; /* open: chosen passes, but when it is done was not found */
	size_t tried; /* of planning.cuts: those behind are of the last schedule tried */
	size_t rounds, rows, options, units;
};
struct solve_settings settings_of(struct planning *, enum mode);
/* The best choice, and with a schedule when. */
struct answer settle(struct planning *, enum tier);
struct chosen chosen_new(struct planning *); /* as things stand */
/* hypothetical: the first of the offers of which nothing more is known. NULL: diagnosed. */
struct planning *planning_new(struct arena *, const struct plan_task *, struct diagnostics *, uint32_t hypothetical);

/* ---- shortage.c ------------------------------------------------------------------------------------------------------- */

void shortages_make(struct planning *, enum tier, struct plan *);
void units_too_large(struct planning *); /* says so, where people are too few for some in every quarter */

/* ---- missing.c -------------------------------------------------------------------------------------------------------- */

void missing_make(struct planning *, struct plan *);
void missing_tell(struct planning *, struct plan *, const char *what, const char *text);
void wanted_make(struct planning *, struct plan *); /* wanted.c */

/* ---- change.c --------------------------------------------------------------------------------------------------------- */

void changes_make(struct planning *, struct plan *, const struct chosen *);

#endif
