/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang: the text of `.proviso` files - tokens, stanzas, clauses, set expressions, canonical form - and not what a
 * stanza means. Policies, evidence and cases share this one grammar (doc/language.md).
 *
 *     document   = { stanza }
 *     stanza     = KEYWORD head NEWLINE { INDENT clause NEWLINE }      keyword in column 1, clauses indented
 *     head       = { token }        a line that ends in a comma goes on in the next
 *     clause     = token { token }
 *
 * Whoever knows a stanza reads its clauses through a `reader`, which expects words, names and expressions, and
 * diagnoses what it did not find with the place, the line, what was expected and the nearest word that would have done.
 * After a mistake in a clause the reader of the stanza goes on with the next clause, so one run shows them all.
 */
#ifndef PROVISO_LANG_H
#define PROVISO_LANG_H

#include "base/base.h"

enum token_kind {
	TOKEN_END,     /* after the last token of every clause */
	TOKEN_WORD,    /* a name, keyword, path or version: letters, digits, - _ . / : + and bytes over 127 */
	TOKEN_STRING,  /* "..." on one line; \" and \\ are the escapes; text has them resolved */
	TOKEN_NUMBER,  /* 24, 0.5: number in micro (10^-6); too large or fine for one, it is a TOKEN_WORD */
	TOKEN_PERCENT, /* 35%: number in ppb (10^-9) */
	TOKEN_DATE,    /* 2023-01-28 (a real day; 2023-02-30 is diagnosed where it stands) */
	TOKEN_SIGN,    /* ( ) , = < <= > >= */
};

struct token {
	enum token_kind kind;
	const char *text; /* as spelled ("1.20", "35%"), zero-terminated; TOKEN_STRING without quotes; TOKEN_END "" */
	int64_t number;   /* TOKEN_NUMBER micro, TOKEN_PERCENT ppb, TOKEN_DATE days since 1970-01-01 */
	struct place place;
	uint32_t width; /* bytes in the file; 0 for TOKEN_END */
};

/* One logical line. tokens[count] is a TOKEN_END with the place just after the last one. */
struct clause {
	const struct token *tokens;
	size_t count;
};

struct stanza {
	struct clause head; /* head.tokens[0] is the keyword */
	const struct clause *clauses;
	size_t count;
	bool broken; /* a clause was left out after its diagnostic: what seems to be missing may stand in it */
};

struct document {
	const char *file;
	const struct stanza *stanzas;
	size_t count;
	/* lines[0] is line 1, zero-terminated without newline; for carets: what can't be shown (bytes that are not
	 * UTF-8, control characters) is a `?`, and a line over LIMIT_LINE is cut. */
	const char *const *lines;
	size_t line_count;
	const void *comments; /* for document_print */
};

/*
 * Reads a whole file. Never NULL unless it can't be read at all, is UTF-16, or is over LIMIT_POLICY_FILE (diagnosed);
 * broken clauses are left out after their diagnostic, and so is a whole stanza whose head is broken. head.tokens[0] is
 * a TOKEN_WORD; no clause is empty or ends in a comma. Codes: bad-character, bad-string, bad-number, bad-date,
 * indented-nothing (a clause before any stanza), nul-byte, encoding, line-too-long, expected-keyword (a head that
 * begins with no word), expected-continuation (nothing after a comma at the line's end: an empty line does not go on),
 * unreadable, too-large.
 */
struct document *document_parse(struct arena *, struct source *, struct diagnostics *);
/* Canonical form: stanzas apart by one empty line, clauses indented by two, single spaces, comments kept, lines wrapped
 * after commas at 100 columns. Printing what was parsed from a print gives the same bytes. */
void document_print(const struct document *, struct sink *);

/* ---- reading a clause ------------------------------------------------------------------------------------------ */

struct reader {
	const struct document *document;
	struct diagnostics *diagnostics;
	struct arena *arena;
	const struct token *at; /* the next token; stops at TOKEN_END */
	bool bad; /* something in this clause was diagnosed: the first mistake only, the rest would be noise */
	const struct token *first;    /* the clause's */
	const struct token *after_at; /* where the last set expression ended, for "after the set" */
};

struct reader reader_of(const struct document *, const struct clause *, struct arena *, struct diagnostics *);

/* Looking and taking without a diagnostic. */
bool reader_ended(const struct reader *);
bool reader_sees(const struct reader *, const char *word); /* a word or a sign with just this text */
bool reader_take(struct reader *, const char *word);

/*
 * Expecting: diagnosed and false/NULL where absent. `what` is a noun with its article, "the name of the set":
 *     expected "to" after the set, found "tp" (did you mean "to"?)
 * Codes: expected-word, -name, -string, -value, -number, -percent, -date, -unit (of a duration), -set, -end;
 * bad-number, bad-duration, too-deep. After a mistake the reader stands at the clause's end: every loop over it ends,
 * later mistakes of the same clause are not said, and what expects something fails in silence.
 */
bool reader_expect(struct reader *, const char *word);
const struct token *reader_name(struct reader *, const char *what);   /* TOKEN_WORD */
const struct token *reader_string(struct reader *, const char *what); /* TOKEN_STRING */
const struct token *reader_value(struct reader *, const char *what);  /* any token that is not a sign or the end */
bool reader_number(struct reader *, const char *what, int64_t *micro);
bool reader_percent(struct reader *, const char *what, int64_t *ppb);
bool reader_date(struct reader *, const char *what, int32_t *days);
/* "24 months", "90 days", "2 years", "6 weeks": months is set for months and years, days for days and weeks. */
struct duration { /* each at least 0 and no longer than the calendar */
	int32_t months, days;
};
bool reader_duration(struct reader *, struct duration *);
/* sign 1 is later, -1 earlier; months first, then days; clipped to 0001-01-01..9999-12-31. DATE_NONE stays so. */
int32_t date_add_duration(int32_t days, struct duration, int sign);
/* WORD | STRING, and the same again after each comma; count >= 1 unless bad. The array is the arena's. */
const struct token **reader_list(struct reader *, const char *what, size_t *count);
/* Diagnoses what is left over; false where the clause had any mistake. Call it when a clause is understood. */
bool reader_end(struct reader *);
/* For what none of the above says: "expected WHAT after ..., found ...", at the next token. */
void reader_expected(struct reader *, const char *code, const char *const *candidates, size_t candidate_count,
		     const char *what);
/* A mistake at a token: shows the line, underlines the token, suggests the nearest of candidates (may be NULL). Sets
 * bad; says nothing where bad was set. */
void reader_error(struct reader *, const struct token *, const char *code, const char *const *candidates,
		  size_t candidate_count, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The same for a warning; bad is not set. */
void reader_warning(struct reader *, const struct token *, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* For one who holds only a place, e.g. a name that is resolved when all files are read. */
struct diagnostic *document_diagnose(const struct document *, struct diagnostics *, enum severity, const char *code,
				     const struct token *, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* The tokens from `from` to before `to`, in canonical spelling: "limit high-risk to 35% of sites in access-part". */
const char *clause_text(struct arena *, const struct token *from, const struct token *to);

/* ---- set expressions ------------------------------------------------------------------------------------------- */

/*
 *     expression  = conjunction { "or" conjunction }
 *     conjunction = negation { "and" negation }
 *     negation    = "not" negation | primary
 *     primary     = "(" expression ")"
 *                 | relation primary         managed by X, hosted on X, part of X, contains X
 *                 | path                     a set, or a yes/no property: high-risk, vendor.designated, new
 *                 | path "is" [ "not" ] value
 *                 | path [ "not" ] "in" "(" value { "," value } ")"
 *                 | path ( "<" | "<=" | ">" | ">=" ) value
 *     path        = WORD, with dots: function, site.region, vendor.designated
 *     value       = WORD | STRING | NUMBER | PERCENT | DATE
 */
enum expr_kind { EXPR_OR, EXPR_AND, EXPR_NOT, EXPR_RELATION, EXPR_NAME, EXPR_IN, EXPR_COMPARE };
enum expr_op { OP_LESS, OP_LESS_EQUAL, OP_MORE, OP_MORE_EQUAL };
enum expr_relation { RELATION_MANAGED_BY, RELATION_HOSTED_ON, RELATION_PART_OF, RELATION_CONTAINS };

struct expr {
	enum expr_kind kind;
	enum expr_op op;                   /* EXPR_COMPARE */
	enum expr_relation relation;       /* EXPR_RELATION: operand is left */
	const struct expr *left, *right;   /* OR, AND: both; NOT, RELATION: left */
	const struct token *path;          /* NAME, IN, COMPARE */
	const struct token *const *values; /* IN: value_count of them ("is x" is IN with one); COMPARE: one */
	size_t value_count;
	const struct token *first, *last; /* the tokens it spans, with parentheses around it, for messages */
};

/*
 * NULL and diagnosed where it is no expression. Stops before a word that can't go on an expression ("to", "in" after a
 * primary, "per", "when", ...), which is the caller's next word.
 *
 * A bare path followed by `in` is membership only if `(` and a list of values follow: in "forbid high-risk in
 * core-part" and in "forbid high-risk in (core-part or layer is access)" the `in` belongs to the rule, while
 * "high-risk in (core-part)" is membership. `is not` and `not in` are an EXPR_NOT over an EXPR_IN. The words and, or,
 * is, in, to, of, per, over, from, when, by are no path; and, or, not, is, in are values only as a string.
 *
 * Parentheses, `not` and relations nest LIMIT_NESTING deep at most (too-deep); a chain of `or` or `and` becomes a
 * balanced tree in the order of the text, so that walking an expression by recursion is safe.
 */
const struct expr *reader_expr(struct reader *);

#endif
