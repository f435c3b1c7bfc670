/* SPDX-License-Identifier: Apache-2.0 */
/* program: a policy as it was read - sets, rules, statements, params - before it meets a network. Private to the room. */
#ifndef PROVISO_POLICY_PROGRAM_H
#define PROVISO_POLICY_PROGRAM_H

#include "policy/policy.h"

struct evaluation;
struct statement;

/* A rule kind is a file in rule/ and a row in rule/kinds.c; whoever lists what the language can say reads the rows. */
struct rule_kind {
	const char *name;    /* goes into findings: "forbid" */
	const char *keyword; /* first word of the clause */
	const char *form;    /* as the documentation shows it */
	const char *help;
	/* The reader stands after the keyword. False: it is not this kind after all (nothing diagnosed, reader unmoved), so the next
	 * row with the keyword is tried; true with reader->bad set: it is, and was wrong. */
	bool (*parse)(struct reader *, struct policy *, struct statement *);
	void (*prepare)(struct evaluation *, struct statement *); /* binds its sets, before the elements have classes */
	void (*ask)(struct evaluation *, struct statement *);     /* asks for sums, before they are made; may be NULL */
	void (*judge)(struct evaluation *,
		      struct statement *); /* writes findings; NULL: it is judged with another statement */
	bool waived_by_element; /* a waiver `for S` takes witnesses out; else the statement is waived whole or not at all */
};
extern const struct rule_kind rule_kinds[];
extern const size_t rule_kind_count;

/* What is counted for each of: a set, or every one of them. */
enum subject_kind { SUBJECT_SET, SUBJECT_VENDOR, SUBJECT_JURISDICTION, SUBJECT_OWNER, SUBJECT_VERSION };

/* A number in a rule: written out, or a param's. */
struct amount {
	const struct param *param; /* NULL: written out */
	int64_t value;             /* ppb of a share, micro of a count */
	bool share;
};

struct set {
	const char *name;
	const struct expr *expr;
	const struct document *document;
	struct place place;
	int state, height; /* of sets_check: how far it is, how deep what it rests on nests */
};

struct param {
	const char *name;
	bool given;
	struct token value; /* TOKEN_PERCENT, TOKEN_NUMBER, TOKEN_DATE or a word */
	struct place place;
};

struct service {
	const char *name;
	uint32_t functions[16];
	size_t function_count;
	uint32_t technology; /* enum net_technology, CODE_UNKNOWN: any */
};

struct waiver {
	const char *rule;
	const struct expr *set; /* NULL: whole */
	int32_t until;
	const char *because, *by;
	const struct document *document;
	struct place place;
	const struct token *named; /* the rule's name, for messages */
};

struct absent {
	const char *path; /* "vendor.designated" */
	const char *value;
};

struct rule;

struct statement {
	const struct rule_kind *kind;
	struct rule *rule;
	struct policy *policy;
	const struct document *document;
	const char *text;
	struct place place;
	struct statement *next;

	enum subject_kind any;
	const struct expr *subject; /* S; SUBJECT_SET only; NULL: everything */
	const char *subject_text;
	const struct expr *target; /* T; NULL: everything */
	bool when_new, when_changed;
	int32_t from;  /* installed since */
	bool at_least; /* >= instead of <= */
	bool share;    /* a share of the measure, else a count of it */
	struct amount bound;
	const char *measure; /* "sites", "elements", "vendors", "traffic", "site.traffic" */
	const struct token *measure_token;
	const char *per; /* a column, NULL: the whole network */
	const struct token *per_token;
	uint32_t *over; /* reference points; over_count 0: any */
	size_t over_count;
	const char *service; /* served: NULL any */
	bool with_managed;   /* served: those managed by them fall too */
	bool during_change;  /* served: while elements are being changed */
	const char *evidence_kind;
	struct duration within;
	bool within_given, independent;
	int64_t covers;          /* ppb, -1 not asked */
	const char *covers_what; /* "code", NULL: of anything */
	enum evidence_extends extends;
	struct duration extends_for;
	bool allow, rest;
	const char *authority;

	/* while judging */
	void *work;
};

struct rule {
	const char *name;
	const char *source, *grade, *note;
	int32_t by, in_force, until;
	bool may_grow;
	const struct expr *may_remove; /* NULL: nothing */
	struct place place;
	struct statement *statements, *last;
	size_t statement_count;
	const struct document *document;
};

struct policy_test {
	const struct stanza *stanza;
	const struct document *document;
};

struct policy {
	struct arena *arena;
	const char *name, *title, *source, *status, *file;
	int32_t in_force, until;
	struct {
		struct set **items;
		size_t count, room;
	} sets;
	struct {
		struct rule **items;
		size_t count, room;
	} rules;
	struct {
		struct param **items;
		size_t count, room;
	} params;
	struct {
		struct service *items;
		size_t count, room;
	} services;
	struct {
		struct waiver *items;
		size_t count, room;
	} waivers;
	struct {
		struct absent *items;
		size_t count, room;
	} absents;
	struct {
		struct policy_test *items;
		size_t count, room;
	} tests;
	struct {
		const char **items;
		size_t count, room;
	} included;
};

const struct set *policy_find_set(const struct policy *, const char *name);
const struct param *policy_find_param(const struct policy *, const char *name);
const struct service *policy_find_service(const struct policy *, const char *name);

/* That no set rests on itself, and none nests too deep; false and diagnosed otherwise. */
bool sets_check(const struct policy *, struct diagnostics *);
/* Checks the names of an expression that can be known without a network, and warns of vendors' names. */
void expr_check(const struct policy *, const struct document *, struct diagnostics *, const struct expr *);

/* Pieces of clauses that several kinds share. Each leaves reader->bad set on a mistake. */
bool parse_target(struct reader *, struct statement *); /* [ "in" T ] */
bool parse_per(struct reader *, struct statement *);    /* [ "per" D ] */
bool parse_any(struct reader *, struct statement *);    /* "any" vendor|jurisdiction|owner|version, or S */
bool parse_over(struct reader *, struct statement *);   /* [ "over" I, I ] */
bool parse_when(struct reader *, struct statement *);   /* [ "when" new|changed ] */
bool parse_amount(struct reader *, const struct policy *, struct statement *, bool *percent); /* 35% | 3 | PARAM */

#endif
