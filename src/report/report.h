/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report: what people see - the terminal page, JSON, one HTML file. Knows how to show, not how to compute.
 */
#ifndef PROVISO_REPORT_H
#define PROVISO_REPORT_H

#include "assess/assess.h"
#include "base/base.h"
#include "policy/policy.h"

struct report_style {
	bool colour;	/* a terminal that wants it; the page is legible without */
	unsigned width; /* columns, 80 where unknown; 0 counts as 80 */
};

/* Verdict first, then rules by status with measure, bound and source, then what to look at next. */
void report_text(const struct assessment *, const struct report_style *, struct sink *);
/* doc/json.md; also doc/schema/assess.json */
void report_json(const struct assessment *, struct sink *);
/* One HTML file: no network access, no script needed to read it. */
void report_html(const struct assessment *, struct sink *);
/* One finding as JSON: the shape that assess, plan and watch share. */
void report_finding_json(const struct finding *, struct json *);
/* What is unknown and would settle something, as a CSV to send to the operator:
 * columns subject, attribute, question, settles, elements, value, source (the last two empty, to be filled in). */
void report_questions(const struct assessment *, struct sink *);

/* Diagnostics with file:line:column, the line and a caret. */
void report_diagnostics(const struct diagnostics *, const struct report_style *, struct sink *);
/* {"exit", "diagnostics": [...]} */
void report_diagnostics_json(const struct diagnostics *, int exit_status, struct sink *);

/* "manageable with provisos": the verdict as people say it. */
const char *report_verdict_words(enum verdict);

#endif
