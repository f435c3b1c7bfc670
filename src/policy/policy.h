/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy: named sets and rules, each with its source, compiled to a program over the network's columns, and evaluated in
 * three values. `finding.h` is the one shape of an answer; rule/ has a file for each rule kind. Knows not who asked.
 *
 *     struct policy *p = policy_read(arena, strs, diagnostics, &opener, document);
 *     struct findings f = {0};
 *     policy_judge(p, &question, &f);
 */
#ifndef PROVISO_POLICY_H
#define PROVISO_POLICY_H

#include "base/base.h"
#include "evidence/evidence.h"
#include "lang/lang.h"
#include "net/net.h"
#include "policy/finding.h"

struct policy;

/* How `include` finds a file: given by ops, who may open paths. Returns NULL and diagnoses nothing where it can't. */
struct policy_opener {
	struct document *(*open)(void *context, const char *name, const char *from_file);
	void *context;
};

/* Sets, rules, params, services, waivers, tests of one policy file and what it includes. Mistakes are diagnosed; what could be read
 * is there. Also warns: rule-without-source, rule-names-vendor. */
struct policy *policy_read(struct arena *, struct diagnostics *, const struct policy_opener *, const struct document *);
bool policy_knows_stanza(const char *keyword);

/* Sets a param from the outside ("cap", "40%"); false and diagnosed if there is none of that name or the value does not fit. */
bool policy_set_param(struct policy *, struct diagnostics *, const char *name, const char *value);
bool policy_has_param(const struct policy *, const char *name);
/* The same policy with parameters of its own, to try other values without touching the first. */
struct policy *policy_with_params(struct arena *, const struct policy *);
/* Reads "NAME = EXPR" (the reader stands after the word set) and fills a set that the policy left open. */
void policy_read_set(struct policy *, struct diagnostics *, struct reader *);

/* What a list of policies shows, and reports quote. */
struct policy_about {
	const char *name, *title, *source, *status; /* status: in force, superseded, proposal; NULL: not said */
	int32_t in_force, until;                    /* DATE_NONE: not said */
	size_t rules, tests;
	const char *file;
};
struct policy_about policy_about(const struct policy *);

struct policy_rule_about {
	const char *name, *source, *grade, *note;
	int32_t by, in_force;
	struct place place;
	const char *const *statements;
	size_t statement_count;
};
size_t policy_rule_count(const struct policy *);
struct policy_rule_about policy_rule_at(const struct policy *, size_t);

/* A fact as rules ask for it: the attribute of a kind of subject; and of which kinds the claims are that it rests on. */
struct policy_fact {
	enum about_kind about;
	const char *attribute;
	const char *const *kinds;
	size_t kind_count;
};
/* The rules that rest on such a fact, as "policy/rule", in their order. */
const char **policy_asking(const struct policy *, struct arena *, const struct policy_fact *, size_t *count);

struct policy_question {
	const struct net *net;
	const struct evidence *evidence; /* weighed */
	int32_t on;
	int32_t ahead; /* days after `on` for which dates of rules and waivers are looked at; evidence is as on the day */
	const uint8_t
		*changing; /* by element, not 0: out of service while it is changed; NULL: nothing is being changed */
	unsigned threads;
	struct strs *strs;
	struct arena *arena;             /* findings live here */
	struct diagnostics *diagnostics; /* warnings: vacuous rule, unlinked access element, a name no column has */
	const char *focus; /* an element's id: findings say whether it is among all their witnesses; NULL: none */
	bool brief;        /* numbers and statuses only: no witnesses, no explanations, no unknown facts */
};
/* Binds the policy to the network's columns and evaluates every statement. Findings come sorted by policy, rule, statement, subject,
 * group. Statuses are final but for `due` and `worsened`, which need the present network: policy_settle. */
void policy_judge(const struct policy *, const struct policy_question *, struct findings *);
/* Turns broken into due where the date allows it, and back where the proposal makes it worse. present may be NULL. */
void policy_settle(struct findings *, const struct findings *present, const struct policy *, int32_t on);

/* Is an element in a set (1 yes, 0 no, 2 unknown)? For explain. Returns -1 if there is no such set. */
int policy_member(const struct policy *, const struct policy_question *, const char *set, uint32_t element);

/* ---- rules as primitives, for planners ---------------------------------------------------------------------------------- */

enum policy_row_kind {
	POLICY_ROW_FORBID,   /* no element in target */
	POLICY_ROW_LIMIT,    /* so much of the measure of subject (or of each party) in target */
	POLICY_ROW_DISTINCT, /* so many different parties in target */
	POLICY_ROW_EVIDENCE, /* policy_row_evidence is good for each element in target */
	POLICY_ROW_CONFIRMED, /* of the elements in target at least so large a share in subject: of which somebody else said the same */
	POLICY_ROW_SERVED, /* connectivity without subject or each party */
	POLICY_ROW_CHANGING, /* connectivity without what is being changed: says something of a network with `changing` only */
	POLICY_ROW_PATHS, /* links and paths between the subjects and targets of its rule's statements */
	POLICY_ROW_OTHER, /* judge it */
};

/* One statement. Arrays are by element of the question's network, in its arena; values are Kleene's: bit 0 surely, bit 1 possibly. */
struct policy_row {
	enum policy_row_kind kind;
	const char *policy, *rule, *statement, *source;
	int32_t by;
	struct place place;
	bool in_force; /* else it has no weight */
	bool counts;   /* false: it never changes the verdict (notify) */
	bool waived;   /* as a whole: it may be broken */
	bool exact;    /* an element's membership rests on itself alone, not on what it is hosted on or part of */
	bool at_least, share;
	bool bound_known;
	int64_t bound;                   /* ppb of a share, micro of a count */
	const char *bound_param;         /* the bound is this param; NULL: it is written out */
	const uint8_t *subject, *target; /* target of forbid: in S and T, new or changed, not waived */
	const char *confirmed;           /* the column that is confirmed; NULL: another kind */
	bool any;                        /* any vendor, jurisdiction, owner: */
	uint32_t party_count;
	const char **party_names;
	const uint32_t *party; /* CODE_UNKNOWN, CODE_NONE; NULL: a set */
	const uint32_t *group; /* NULL: one group */
	uint32_t group_count;
	const int64_t *values; /* of the measure, by site where by_site, else by element; NULL: each counts one */
	bool by_site, measure_missing;
	bool with_managed;         /* served: those managed by them fall too */
	const uint8_t *asked;      /* served: access elements that the measure is about; NULL: of another kind */
	struct evidence_need need; /* of evidence, without what it is asked for */
};
/*
 * Which elements the rules let an operator take away (`may remove SET`): by element, true where it surely is in the set of a
 * rule in force. NULL: no rule lets any.
 */
const bool *policy_removable(const struct policy *, const struct policy_question *);
/* Every statement in the order of the policy's rules. */
struct policy_row *policy_rows(const struct policy *, const struct policy_question *, size_t *count);

/*
 * The policy with another bound (ppb of a share, micro of a count) on some of its statements, by their numbers among
 * policy_rows. It shares all else with the first, which has to stay.
 */
struct policy *policy_with_bounds(struct arena *, const struct policy *, const size_t *statements, size_t count,
				  int64_t bound);

enum policy_row_answer { POLICY_ROW_BAD, POLICY_ROW_OPEN, POLICY_ROW_GOOD };
/* Is what an evidence row asks for on file for an element? claim: the one that meets it, or the nearest miss, or UINT32_MAX. */
enum policy_row_answer policy_row_evidence(const struct policy_row *, const struct evidence *, uint32_t element,
					   struct arena *, uint32_t *claim);

/*
 * One `allow A to B over I`, `deny A to B over I`, `deny rest` or `forbid A reaching B over I`, for who sees pairs. In the
 * order of the policy's rules; within a rule the first that matches decides, but of `reaching` each for itself. Values are Kleene's, by element, in the question's arena. `deny rest`
 * speaks of pairs with an end in a set that its rule names: in a or b of an earlier row of the rule whose a_is_any or
 * b_is_any does not hold.
 */
struct policy_link {
	const char *policy, *rule, *statement, *source, *grade, *note;
	int32_t by;
	struct place place;
	bool in_force, allow, rest, reach;
	const uint8_t *a, *b;
	bool a_is_any, b_is_any;
	const uint8_t *waived;
	const uint32_t *over; /* rows of net_reference_points; over_count 0: any */
	size_t over_count;
};
struct policy_link *policy_links(const struct policy *, const struct policy_question *, size_t *count);

/* The policy's own tests: stanzas, interpreted by assess (they need networks and verdicts). */
size_t policy_test_count(const struct policy *);
const struct stanza *policy_test_at(const struct policy *, size_t, const struct document **document);

#endif
