/* SPDX-License-Identifier: Apache-2.0 */
/*
 * solve: the cheapest choice of one option for each of many units, under rows that couple them, with a proof in integers
 * that anyone can recompute. Knows plain arrays, nothing of networks.
 *
 *     struct solve_model *m = solve_model_new(arena);
 *     uint32_t site = solve_unit_add(m);
 *     uint32_t keep = solve_option_add(m, 0, ACME), swap = solve_option_add(m, 40000 * MICRO, OTHER);
 *     solve_row_add(m, SOLVE_AT_MOST, limit, SHARE_RULE, options, values, count);       (sum of values of chosen options)
 *     struct solve_result *r = solve(arena, m, &(struct solve_settings){ .gap_ppb = 100000 });
 *     if (r->choice) ... r->choice[site] == swap, r->cost, r->bound
 *
 * The model: min  sum of the costs of the chosen options  +  fees of the marks that are borne  +  costs of crossed borders
 *
 *   unit     chooses exactly one of its options, none of which is forbidden to it
 *   row      sum over chosen options of an integer value, at most or at least an integer bound
 *   mark     a set of options; it is borne when one of them is chosen ("vendor v somewhere in region r"). A mark can cost a
 *            fee, paid once however many bear it
 *   count    of a list of marks at least so many are borne ("at least 3 vendors in region r")
 *   border   a cost between two units, paid when the labels of their chosen options differ
 *   rule     a number of the caller's, below 2^24, on rows, counts and forbids: what a conflict is told in
 *
 * Money is micro-money, int64_t; sums are wide. Everything is exact: floating point only finds good multipliers and good
 * choices, and never enters a cost, a bound or a check. The same model and settings give the same bytes with any number of
 * threads; the work is limited by counts, and only a stop that the caller asks for depends on a clock.
 *
 * Misuse (an index out of range, an option added to no unit, a number beyond the limits below) is the caller's bug: assert.
 *
 * Method: Lagrangian dual of rows, counts, fees and borders, smoothed and maximised by Newton with a sparse Hessian;
 * rounding, repair, local search; reduced costs close options; what is left is enumerated or handed to CBC.
 */
#ifndef PROVISO_SOLVE_H
#define PROVISO_SOLVE_H

#include "base/base.h"

/* ---- limits: the caller keeps within them ------------------------------------------------------------------------ */

#define SOLVE_MOST_OPTIONS      200000000u         /* of all units together */
#define SOLVE_MOST_UNIT_OPTIONS 4096u              /* of one unit */
#define SOLVE_MOST_COST         ((int64_t)1 << 56) /* of an option, a fee, a border, either sign for options */
#define SOLVE_MOST_VALUE        ((int64_t)1 << 60) /* of a value in a row, either sign. Divide rows by common factors first */
#define SOLVE_NO_RULE           UINT32_MAX         /* a part that always holds: conflicts never name it */
#define SOLVE_NO_LABEL          UINT32_MAX         /* the option of a unit that has no borders */
#define SOLVE_NO_OPTION         UINT32_MAX

/* ---- the model --------------------------------------------------------------------------------------------------- */

struct solve_model; /* lives in its arena; may grow between two calls of solve (cuts), nothing is ever taken out */

struct solve_model *solve_model_new(struct arena *);

/* Numbers come from 0 in the order of adding. An option belongs to the unit added last; units need at least one option. */
uint32_t solve_unit_add(struct solve_model *);
uint32_t solve_option_add(struct solve_model *, int64_t cost, uint32_t label);
/* The same option may be forbidden by several rules; it is closed while one of them counts. A unit can lose all options. */
void solve_forbid_add(struct solve_model *, uint32_t option, uint32_t rule);

enum solve_sense { SOLVE_AT_MOST, SOLVE_AT_LEAST };
/* Options in any order; one named twice counts with the sum of its values. The arrays are copied. Returns the row's number. */
uint32_t solve_row_add(struct solve_model *, enum solve_sense, wide bound, uint32_t rule, const uint32_t *options,
		       const int64_t *values, size_t count);
void solve_row_set_bound(struct solve_model *, uint32_t row, wide bound);
/* fee >= 0, 0 for none. Options in any order, each at most once. */
uint32_t solve_mark_add(struct solve_model *, int64_t fee, const uint32_t *options, size_t count);
/* Marks each at most once. More wanted than there are marks: the model is infeasible, and the conflict names the rule. */
uint32_t solve_count_add(struct solve_model *, uint32_t at_least, uint32_t rule, const uint32_t *marks, size_t count);
void solve_count_set_bound(struct solve_model *, uint32_t count, uint32_t at_least);
/* Two different units; cost >= 0. The same pair may come several times: costs add up. Labels below 2^24. */
uint32_t solve_border_add(struct solve_model *, uint32_t unit_a, uint32_t unit_b, int64_t cost);

uint32_t solve_units(const struct solve_model *);
uint32_t solve_options(const struct solve_model *);
uint32_t solve_first_option(const struct solve_model *, uint32_t unit); /* of unit + 1: one behind the last of unit */
uint32_t solve_rows(const struct solve_model *);
wide solve_row_bound(const struct solve_model *, uint32_t row);
struct solve_row_view { /* as it was added; the arrays stay the model's, until something is added to it */
	enum solve_sense sense;
	uint32_t rule;
	wide bound;
	const uint32_t *options;
	const int64_t *values;
	size_t count;
};
struct solve_row_view solve_row(const struct solve_model *, uint32_t row);
void solve_forbidden(const struct solve_model *, bool *out); /* by option, whatever the rule */
uint32_t solve_marks(const struct solve_model *);
uint32_t solve_counts(const struct solve_model *);
uint32_t solve_borders(const struct solve_model *);

/* ---- what a choice costs and breaks ------------------------------------------------------------------------------ */

enum solve_part { SOLVE_PART_NONE, SOLVE_PART_FORBID, SOLVE_PART_ROW, SOLVE_PART_COUNT };
struct solve_breach {
	enum solve_part part; /* NONE: nothing is broken */
	uint32_t index;       /* the row, the count; the option that is forbidden */
	uint32_t rule;
};
/*
 * Exactly, in integers: the cost of choice[unit] (an option's number each), and the first part that it breaks (forbids first,
 * then rows, then counts). NULL arguments are left out.
 */
void solve_judge(const struct solve_model *, const uint32_t *choice, wide *cost, struct solve_breach *first);
/* The sum of a row's values over the choice. */
wide solve_row_sum(const struct solve_model *, uint32_t row, const uint32_t *choice);

/* ---- certificates: a lower bound by integer arithmetic ----------------------------------------------------------- */

/*
 * Whatever integers stand in here, the bound holds (multipliers of rows, counts and fees have to be >= 0); good integers make
 * it high. Everything is in units of 2^-shift micro-money. With C = 2^shift (0 for a ray) and the sums over all there are:
 *
 *   price(option)   = C * cost  +- sum of row[i] * value   (+ for AT_MOST rows, - for AT_LEAST rows that hold the option)
 *                     - sum of count_marks of (count, mark) entries whose mark the option is in
 *                     + sum of fees of (mark, unit) entries of the option's unit whose mark the option is in
 *                     + sum of borders of (border, label) entries: where the option's unit is the border's unit_a and has
 *                       the label: + ; where it is the border's unit_b: -
 *   total =  sum over units of the least price among its options that are not forbidden
 *         -  sum over AT_MOST rows of row[i] * bound  +  sum over AT_LEAST rows of row[i] * bound
 *         +  sum over counts of the at_least smallest of its marks' values (marks without an entry: 0)
 *         +  sum over marks with a fee of min(0, C * fee - sum of the mark's entries in fees)
 *         +  sum over borders of min(0, C * cost - (largest - smallest of the border's values, labels without entry: 0))
 *
 * Then no choice that keeps all rules costs less than total / 2^shift; as every cost is a multiple of `step` (the greatest
 * common divisor of all costs, fees and border costs), that may be rounded up to such a multiple: this is the bound.
 * For a ray, total > 0 proves that no choice keeps all rules. A unit with no option left, or a count that wants more marks
 * than it has, proves the same by itself.
 */
struct solve_certificate_entry {
	uint32_t index; /* the count, the mark, the border */
	uint32_t key;   /* the mark, the unit, the label */
	wide value;
};
struct solve_certificate {
	unsigned shift;
	bool ray;
	uint32_t rows;
	wide *row; /* for each row, >= 0 */
	/* Sorted by index, then key, values not 0. */
	struct solve_certificate_entry *count_marks, *fees, *borders;
	size_t count_mark_count, fee_count, border_count;
};
/* Recomputes it from the model alone. false: the certificate does not fit the model, or it is a ray that proves nothing. */
bool solve_certificate_bound(const struct solve_model *, const struct solve_certificate *, wide *bound);
int64_t solve_cost_step(const struct solve_model *); /* at least 1 */

/* ---- solving ----------------------------------------------------------------------------------------------------- */

enum solve_status {
	SOLVE_OPTIMAL,  /* choice is the cheapest; proof says who says so */
	SOLVE_WITHIN,   /* nothing is cheaper by more than gap_ppb of the cost; proof says who says so */
	SOLVE_FEASIBLE, /* choice keeps all rules; the work or the caller's patience ended before the gap was reached */
	SOLVE_INFEASIBLE, /* no choice keeps all rules; proof says who says so */
	SOLVE_UNKNOWN,    /* nothing found and nothing proven within the work */
};
enum solve_proof {
	SOLVE_PROOF_NONE,
	SOLVE_PROOF_CERTIFICATE, /* integers: certificate, bound (a ray where infeasible) */
	SOLVE_PROOF_ENUMERATION, /* every choice was tried or cut off by exact integer bounds */
	SOLVE_PROOF_LIBRARY,     /* CBC's tree, in floating point */
};
const char *solve_status_name(enum solve_status); /* optimal within feasible infeasible unknown */
const char *solve_proof_name(enum solve_proof);   /* none certificate enumeration solver */

struct solve_progress {
	const char *phase; /* "dual", "round", "polish", "enumerate", "library" */
	uint64_t work;
	bool has_cost, has_bound;
	wide cost, bound;
};

struct solve_settings {
	int64_t gap_ppb; /* good enough: (cost - bound) / |cost|. 0: as far as the work goes */
	uint64_t
		work; /* 0: the default. 1 is about one look at every option; solve_result.work_done tells what was used */
	unsigned threads; /* 0 is 1 */
	uint64_t seed;    /* another seed searches elsewhere */
	bool no_enumeration,
		no_library; /* leave out: every proof is a certificate then. no_library: neither CBC nor CLP */
	const struct solve_result
		*start; /* of the same model before something was added or a bound was set; NULL: afresh */
	/*
	 * Called between steps, in the caller's thread. true: end with the best so far; where there is none, what leads to a first
	 * choice goes on for some hundred looks at each option, unless at_once.
	 */
	bool (*stop)(void *context);
	bool at_once;
	/* CBC can't be stopped while it runs; this many seconds are its limit. NULL: it is limited by counts only. */
	double (*seconds_left)(void *context);
	void (*progress)(void *context, const struct solve_progress *);
	void *context;
};

struct solve_result {
	enum solve_status status;
	enum solve_proof proof; /* of the status OPTIMAL, WITHIN and INFEASIBLE */
	const uint32_t *choice; /* an option's number for each unit; NULL if none was found */
	uint32_t units;         /* that choice speaks of */
	wide cost;              /* of choice, exact */
	bool has_bound;         /* always, unless INFEASIBLE or stopped before the first pass */
	wide bound;             /* of certificate, exact */
	bool has_library_bound; /* what CBC's tree says beyond it: never called proven without naming it */
	wide library_bound;
	const struct solve_certificate
		*certificate; /* NULL only where nothing was computed or ENUMERATION proved the rest */
	bool stopped;         /* by stop(): the result depends on the machine */
	bool exhausted;       /* the work ended */
	uint64_t work_done;
	const char *
		library_missing; /* CLP and CBC were wanted and could not be loaded: why. The result is as with no_library */
};
/* The result is the arena's; working memory is given back. Never NULL. */
struct solve_result *solve(struct arena *, const struct solve_model *, const struct solve_settings *);

/* ---- what a bound costs ------------------------------------------------------------------------------------------ */

/*
 * The same model with another bound on one row, started from a result of the model as it stands (settings->start, needed).
 * For a rule whose step changes values too (a share), build the other model and solve it with `start`.
 */
struct solve_result *solve_row_price(struct arena *, struct solve_model *, uint32_t row, wide bound,
				     const struct solve_settings *);

/* ---- which rules can't hold together ----------------------------------------------------------------------------- */

struct solve_conflict {
	enum solve_proof
		proof; /* that the rules below can't hold together: CERTIFICATE (a ray), ENUMERATION, LIBRARY; NONE: no
				   conflict, or it was not settled */
	const uint32_t *rules; /* ascending */
	size_t count;
	bool minimal; /* leaving out any one was shown to leave a choice; false: work, patience, or one that was not settled */
	const struct solve_certificate
		*certificate; /* of proof CERTIFICATE: a ray whose entries use these rules' parts only */
	uint64_t work_done;
};
/* settings->work is for all questions together. A smallest set in the sense that none of its rules can be left out. Rules are tried in ascending order. */
struct solve_conflict *solve_conflict(struct arena *, const struct solve_model *, const struct solve_settings *);
/*
 * Which single forbids, were they lifted, would make a choice possible: tries each option of candidates alone, gives those
 * back that would. "Which offer would have made it possible" is this question with the missing offers as forbidden options.
 */
size_t solve_reliefs(struct arena *, const struct solve_model *, const struct solve_settings *,
		     const uint32_t *candidates, size_t count, uint32_t **reliefs);

/* ---- for benchmarks and for other solvers ------------------------------------------------------------------------ */

/*
 * The model, and what a certificate says of it, as JSON values: for readers that share nothing with this program. Amounts are
 * micro-money; what may not fit a double is a text of digits.
 */
void solve_model_json(const struct solve_model *, struct json *);
void solve_certificate_json(const struct solve_certificate *, struct json *);

/* The whole model as free MPS: units S, options X, rows R, marks Y, counts N, borders B. */
void solve_mps_print(const struct solve_model *, struct sink *);

#endif
