/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of report share: an assessment built by hand, and what was printed of it. */
#ifndef PROVISO_TESTS_REPORT_CASE_H
#define PROVISO_TESTS_REPORT_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "report/report.h"

/* What strangers would call their vendor: markup, quotes, terminal sequences, a right-to-left override, wide
 * characters. */
#define HOSTILE_MARKUP   "<script>alert('x')</script>\"&"
#define HOSTILE_TERMINAL "evil\033[2J\033]0;owned\007\302\233m\342\200\256txt.\177"
#define HOSTILE_WIDE                                                                                                   \
	"\xE9\x80\x9A\xE4\xBF\xA1\xE8\xAE\xBE\xE5\xA4\x87\xE9\x80\x9A\xE4\xBF\xA1\xE8\xAE\xBE\xE5\xA4\x87\xE9\x80\x9A" \
	"\xE4\xBF\xA1"                                                                                                 \
	"\xE8\xAE\xBE\xE5\xA4\x87\xE9\x80\x9A\xE4\xBF\xA1\xE8\xAE\xBE\xE5\xA4\x87\xE9\x80\x9A\xE4\xBF\xA1\xE8\xAE\xBE" \
	"\xE5\xA4\x87"                                                                                                 \
	"\xE9\x80\x9A\xE4\xBF\xA1\xE8\xAE\xBE\xE5\xA4\x87\xE9\x80\x9A\xE4\xBF\xA1\xE8\xAE\xBE\xE5\xA4\x87"
#define HOSTILE_LONG                                                                                                   \
	"averylongnamewithoutanyspacethatgoesonandonbeyondthewidthofanyterminalthatanybodyhaseverhadinanydatacentrein" \
	"theworld"

struct report_case {
	struct arena *arena;
	struct assessment_case of;
	struct assessment a;
	struct plan *plan; /* NULL: none was sought */
};

static inline int32_t day(const char *text)
{
	int32_t days = DATE_NONE;

	assert_true(date_parse(text, strlen(text), &days));
	return days;
}

static inline struct report_case *case_new(void)
{
	struct report_case *c = calloc(1, sizeof *c);

	c->arena = arena_new();
	c->of = (struct assessment_case){
		.title = "Upgrade", .operator_name = "Aotearoa Mobile", .network = "proposed", .on = day("2024-06-30")
	};
	c->a = (struct assessment){ .verdict = VERDICT_FAILS, .of = &c->of, .version = "0.1.0" };
	return c;
}

static inline void case_free(struct report_case *c)
{
	free(c->a.findings.items);
	arena_free(c->arena);
	free(c);
}

/* A finding of a share that is not given a status by any rule: the test sets what it is about. */
static inline struct finding *case_finding(struct report_case *c, const char *rule, enum finding_status status)
{
	struct finding *f = array_add(&c->a.findings);

	*f = (struct finding){ .policy = "nz-5g",
			       .rule = rule,
			       .statement = "limit high-risk to 35% of sites in access-part per region",
			       .kind = "limit",
			       .status = status,
			       .subject = "",
			       .group = "",
			       .measured = UNIT_SHARE,
			       .unit = "share",
			       .low = 482000000,
			       .high = 482000000,
			       .numerator = 241 * (wide)MICRO,
			       .denominator = 500 * (wide)MICRO,
			       .numerator_unit = "sites",
			       .bound_op = "<=",
			       .bound = 350000000,
			       .by = DATE_NONE,
			       .in_force = DATE_NONE,
			       .source = "NCSC, 28 January 2020",
			       .explanation = "" };
	c->a.by_status[status]++;
	return f;
}

/* One waiver, whose every text is the same. */
static inline const struct finding_waiver *case_waiver(struct report_case *c, int32_t until, const char *text)
{
	struct finding_waiver *waiver = arena_alloc(c->arena, sizeof *waiver);

	*waiver = (struct finding_waiver){ until, text, text };
	return waiver;
}

static inline const char *case_text(struct report_case *c, unsigned width, bool colour)
{
	struct report_style style = { .colour = colour, .width = width };
	struct sink *s = sink_to_memory(c->arena);

	report_text(&c->a, &style, s);
	return sink_memory(s, NULL);
}

static inline const char *case_json(struct report_case *c)
{
	struct sink *s = sink_to_memory(c->arena);

	report_json(&c->a, s);
	return sink_memory(s, NULL);
}

/*
 * A plan of one swap in the second of two quarters, with all that can be said of one: every text in it is `name`. It costs
 * 100 (90 to 130), its bound is 99.5, so its gap is 0.5 %.
 */
static inline struct plan *case_plan(struct report_case *c, const char *name)
{
	static struct plan_offer offer;
	struct plan *p = arena_alloc(c->arena, sizeof *p);
	const struct plan_money all = { 90 * (int64_t)MICRO, 100 * (int64_t)MICRO, 130 * (int64_t)MICRO };
	const char **names = arena_array(c->arena, 1, sizeof *names);

	*names = name;
	offer = (struct plan_offer){ .name = name, .source = "" };
	p->status = PLAN_FOUND;
	p->currency = name;
	p->cost = all;
	p->has_bound = true;
	p->bound = 99500000;
	p->gap_ppb = 5000000;
	p->proof = SOLVE_PROOF_CERTIFICATE;
	p->changes = arena_array(c->arena, 1, sizeof *p->changes);
	p->changes[0] = (struct plan_change){ .id = "c1",
					      .offer = &offer,
					      .elements = names,
					      .element_count = 1,
					      .from = name,
					      .to = name,
					      .cost = all,
					      .due = day("2026-12-31"),
					      .mends = names,
					      .mend_count = 1 };
	p->change_count = p->proviso_count = 1;
	p->provisos = arena_array(c->arena, 1, sizeof *p->provisos);
	p->provisos[0] = (struct proviso){
		.policy = name, .rule = name, .what = name, .who = name, .by = DATE_NONE, .closes = name, .where = name
	};
	p->scheduled = true;
	p->quarters = arena_array(c->arena, 2, sizeof *p->quarters);
	p->quarters[0] = (struct plan_quarter){ .name = "2026-Q3" };
	p->quarters[1] = (struct plan_quarter){ .name = "2026-Q4", .elements = 1, .cost = all, .total = all };
	p->quarter_count = 2;
	p->steps = arena_array(c->arena, 1, sizeof *p->steps);
	p->steps[0] = (struct plan_step){ .quarter = 1, .elements = names, .element_count = 1, .cost = all };
	p->step_count = 1;
	p->prices = arena_array(c->arena, 1, sizeof *p->prices);
	p->prices[0] = (struct plan_price){
		.policy = name,
		.rule = name,
		.statement = name,
		.param = name,
		.share = true,
		.bound = 350000000,
		.laxer = { .asked = true, .bound = 360000000, .status = PLAN_FOUND, .likely = 70 * (int64_t)MICRO },
		.stricter = { .asked = true, .bound = 340000000, .status = PLAN_IMPOSSIBLE }
	};
	p->price_count = 1;
	p->conflict = arena_array(c->arena, 1, sizeof *p->conflict);
	p->conflict[0] = (struct plan_conflict_rule){ name, name, name };
	p->missing = arena_array(c->arena, 1, sizeof *p->missing);
	p->missing[0] = (struct plan_missing){ name, name };
	p->net = c->of.net;
	c->plan = p;
	return p;
}

static inline const char *case_plan_text(struct report_case *c, unsigned width)
{
	struct report_style style = { .width = width };
	struct sink *s = sink_to_memory(c->arena);

	report_plan_text(c->plan, &c->a, &style, s);
	return sink_memory(s, NULL);
}

static inline const char *case_html(struct report_case *c)
{
	struct sink *s = sink_to_memory(c->arena);

	report_html(&c->a, c->plan, s);
	return sink_memory(s, NULL);
}

static inline void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

static inline void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("\"%s\" is in:\n%s", part, text);
}

#endif
