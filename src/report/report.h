/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report: what people see - the terminal page, JSON, one HTML file. Knows how to show, not how to compute.
 */
#ifndef PROVISO_REPORT_H
#define PROVISO_REPORT_H

#include "assess/assess.h"
#include "base/base.h"
#include "plan/plan.h"
#include "policy/policy.h"
#include "watch/watch.h"

struct report_style {
	bool colour;    /* a terminal that wants it; the page is legible without */
	unsigned width; /* columns, 80 where unknown; 0 counts as 80 */
};

/* Verdict first, then rules by status with measure, bound and source, then what to look at next. */
void report_text(const struct assessment *, const struct report_style *, struct sink *);
/* doc/json.md; also doc/schema/assess.json */
void report_json(const struct assessment *, struct sink *);
/* One HTML file: no network access, no script needed to read it. */
void report_html(const struct assessment *, const struct plan *, struct sink *); /* plan: that was sought, or NULL */
/* One finding as JSON: the shape that assess, plan and watch share. */
void report_finding_json(const struct finding *, struct json *);
/* What is unknown and would settle something, as a CSV to send to the operator:
 * columns subject, attribute, question, settles, elements, value, source (the last two empty, to be filled in). */
void report_questions(const struct assessment *, struct sink *);

/* A plan, with the assessment of the network as it stands. */
void report_plan_text(const struct plan *, const struct assessment *, const struct report_style *, struct sink *);
/* certificate: the file that it was written to, as the user named it, or NULL */
void report_plan_json(const struct plan *, const struct assessment *, const char *certificate, struct sink *);

/* Diagnostics with file:line:column, the line and a caret. */
void report_diagnostics(const struct diagnostics *, const struct report_style *, struct sink *);
/* {"exit", "diagnostics": [...]} */
void report_diagnostics_json(const struct diagnostics *, int exit_status, struct sink *);

/* "manageable with provisos": the verdict as people say it. */
const char *report_verdict_words(enum verdict);

/*
 * Words from files, made harmless for a terminal and folded at the width: the first line begins at column `first`, already
 * reached, the others are indented. Ends with a newline.
 */
void report_fold(struct sink *, unsigned width, unsigned first, unsigned indent, const char *text);

/* ---- two assessments side by side ------------------------------------------------------------------------------------- */

struct report_side {
	const char *name; /* as the user named it: a case's folder, a policy */
	const struct assessment *of;
};

/* What is not the same on both sides; NULL: is on the other side only. */
struct report_difference {
	const struct finding *before, *after;
};
struct report_fact_difference {
	const struct fact *before, *after;
};
struct report_input_difference {
	const char *path, *before, *after; /* SHA-256 in hex */
};

struct report_diff {
	struct report_side before, after;
	bool two_policies; /* on one case; else two cases */
	const struct report_difference *findings;
	size_t finding_count;
	size_t same; /* findings that do not differ */
	const struct net_change *rows;
	size_t row_count;
	const struct report_fact_difference *facts;
	size_t fact_count;
	const struct report_input_difference *inputs;
	size_t input_count;
};

void report_diff_text(const struct report_diff *, const struct report_style *, struct sink *);
void report_diff_json(const struct report_diff *, struct sink *);

/* ---- one rule, one element -------------------------------------------------------------------------------------------- */

/* A set of a policy, and whether an element is in it. */
struct report_membership {
	const char *policy, *set;
	int member;         /* 1 yes, 0 no, 2 unknown */
	struct place place; /* of the set */
};

struct report_explanation {
	const struct assessment *of;
	const char *policy, *rule; /* a rule; or NULL: an element */
	uint32_t element;          /* its row in the network that was judged, which had it as focus */
	const struct report_membership *sets;
	size_t set_count;
};

void report_explanation_text(const struct report_explanation *, const struct report_style *, struct sink *);
void report_explanation_json(const struct report_explanation *, struct sink *);

/* ---- what is known, and by whom --------------------------------------------------------------------------------------- */

struct report_asking { /* the rules that rest on a fact, as "policy/rule" */
	const char *const *rules;
	size_t count;
};

struct report_evidence {
	const struct evidence *evidence;              /* weighed */
	const struct report_asking *asking;           /* by fact; NULL: there is no policy */
	const struct report_asking *asking_documents; /* by claim, of those that only say that a document is there */
	int32_t on;                                   /* DATE_NONE: no date was given */
	const char *title;                            /* of the case */
	const char *const *without;
	size_t without_count;
	bool one_subject; /* only this one, as a tree */
	enum about_kind about;
	const char *subject;
	int64_t prior;                           /* the reader's, ppb; -1: none. Not the program's to guess */
	const struct confirmation *confirmation; /* NULL: there is no inventory */
};

void report_evidence_text(const struct report_evidence *, const struct report_style *, struct sink *);
void report_evidence_json(const struct report_evidence *, struct sink *);

/* ---- what the wire showed --------------------------------------------------------------------------------------------- */

struct report_watch {
	const struct watch_result *result;
	const char *title;         /* of the case, NULL: none was given */
	const char *const *inputs; /* captures and interfaces, as the user named them */
	size_t input_count;
	const struct assessment_input *hashed; /* every input with its hash */
	size_t hashed_count;
};

enum { REPORT_TIME = 48 };
/* UTC to the nanosecond: "2024-01-31T12:00:00.000000001Z". */
void report_time(int64_t ns, char out[REPORT_TIME]);
void report_watch_text(const struct report_watch *, const struct report_style *, struct sink *);
/* One HTML file, as that of an assessment. */
void report_watch_html(const struct report_watch *, struct sink *);
void report_watch_json(const struct report_watch *, struct sink *);

/* ---- observations that were kept -------------------------------------------------------------------------------------- */

enum report_observed_by {
	REPORT_BY_PAIR,
	REPORT_BY_ELEMENT,
	REPORT_BY_POINT,
	REPORT_BY_MINUTE,
	REPORT_BY_HOUR,
	REPORT_BY_DAY
};

struct report_observed {              /* one group; by time only `first` says which */
	const char *from, *to;        /* pair: ids or addresses; element, point: its name is `from` */
	const char *point, *protocol; /* pair */
	int64_t first, last;          /* minutes since 1970 UTC */
	uint64_t packets_sent, bytes_sent;
	uint64_t packets_received, bytes_received; /* element */
};

struct report_observations {
	const char *folder;
	enum report_observed_by by;
	const char *by_name;
	uint64_t segments, rows;              /* that were read */
	struct report_observed all;           /* what was asked for, added up */
	const struct report_observed *groups; /* in the order they are shown in */
	size_t group_count, shown;
};

void report_observations_text(const struct report_observations *, const struct report_style *, struct sink *);
void report_observations_json(const struct report_observations *, struct sink *);

/* ---- an inventory proposed from traffic -------------------------------------------------------------------------------- */

struct report_discovered {
	const struct watch_discovered *found;
	const char *output; /* the folder that was written, NULL none */
	const struct assessment_input *inputs;
	size_t input_count;
	uint64_t encrypted, truncated, malformed, not_understood, dropped; /* frames */
};

void report_discovered_text(const struct report_discovered *, const struct report_style *, struct sink *);
void report_discovered_json(const struct report_discovered *, struct sink *);

#endif
