/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terminal page: what stands where, that nothing is wider than the terminal whatever strangers call their things,
 * and that a rounded number never contradicts the status beside it.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan report
 */
#include "report_case.h"

#include "report/say.h"

static void verdict_comes_first(void **state)
{
	struct report_case *c = case_new();
	const char *text;

	(void)state;
	case_finding(c, "access-share", FINDING_BROKEN)->surplus = 66 * MICRO;
	c->a.synthetic = true;
	text = case_text(c, 80, false);
	assert_memory_equal(text, "FAILS AS IT STANDS\n", 19);
	assert_has(text, "\n  Upgrade\n  Operator: Aotearoa Mobile\n  Judged as of 2024-06-30, the proposed network\n  "
			 "SYNTHETIC DATA");
	assert_has(text, "\nBROKEN ------------------------------------------------------- 1 rule, 1 finding\n");
	assert_has(text, "\n      48.2%  at most 35%  66 sites too many\n    \"NCSC, 28 January 2020\"\n");
	assert_has(text, "Next: proviso explain CASE access-share\n");
	case_free(c);
}

/* What only the solver's tree says is never called proven. */
static void the_solver_is_named(void **state)
{
	static const char *const words[] = { "solver", "enumeration", "dual-ray", "certificate", "none" };
	struct conflict_rule conflict = { "policy", "access-share", NULL };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		for (size_t k = 0; k < 5; k++) {
			struct report_case *c = case_new();
			struct remedy remedy = { .proven_impossible = true,
						 .currency = "",
						 .proof = words[i],
						 .conflict_proof = words[k],
						 .conflict = &conflict,
						 .conflict_count = 1 };
			bool exact = (i && i < 4) || (k && k < 4);
			const char *pages[2];

			case_finding(c, "access-share", FINDING_BROKEN);
			c->a.remedy = &remedy;
			c->a.verdict = VERDICT_NOT_MANAGEABLE;
			pages[0] = case_text(c, 200, false);
			pages[1] = case_html(c);
			for (int p = 0; p < 2; p++) {
				if (!exact && i == 0) {
					assert_lacks(pages[p], "proven that");
					assert_has(pages[p],
						   "nothing on offer mends this: that is what the solver CBC says.");
				} else if (exact) {
					assert_has(pages[p], "it is proven that nothing on offer mends this.");
				}
				if (k == 0)
					assert_has(pages[p], "That it can't is what the solver CBC says.");
				else
					assert_lacks(pages[p], "That it can't is what the solver CBC says.");
			}
			case_free(c);
		}
}

static void what_others_confirm_of_the_inventory(void **state)
{
	struct report_case *c = case_new();
	const char *text;

	(void)state;
	assert_lacks(case_text(c, 80, false), "operator's word"); /* no inventory */
	c->a.confirmation = (struct confirmation){ .elements = 1 };
	text = case_text(c, 80, false);
	assert_has(text, "\n  The inventory is the operator's word: of its 1 element nobody else (a probe,\n"
			 "    an audit) confirms vendor or version.\n");
	assert_has(case_html(c), "of its 1 element nobody else (a probe, an audit) confirms vendor or version.");
	c->a.confirmation = (struct confirmation){ .elements = 3, .confirmed = { 1, 2, 1 }, .traffic_of = NULL };
	text = case_text(c, 80, false);
	assert_has(text, "\n    the vendor: 1 of 3 elements (33.3%)\n    the version: 2 of 3 elements (66.7%)\n"
			 "    vendor and version: 1 of 3 elements (33.3%)\n"
			 "    By traffic it can't be said: no element and no site states any.\n");
	c->a.confirmation.traffic_of = "elements";
	c->a.confirmation.traffic = 1000 * (wide)MICRO;
	c->a.confirmation.traffic_confirmed[CONFIRMED_VENDOR] = 125 * (wide)MICRO;
	c->a.confirmation.traffic_missing = 2;
	text = case_text(c, 80, false);
	assert_has(text, "\n    the vendor: 1 of 3 elements (33.3%), 12.5% of the traffic\n");
	assert_has(text, "\n    2 elements state no traffic and are left out of it.\n");
	assert_has(case_html(c), "<li>the vendor: 1 of 3 elements (33.3%), 12.5% of the traffic</li>");
	c->a.confirmation.traffic_of = "sites";
	c->a.confirmation.traffic_missing = 1;
	text = case_text(c, 80, false);
	assert_has(text, "\n    A site's traffic counts where all its elements are confirmed. 1 site states\n"
			 "    no traffic and is left out of it.\n");
	case_free(c);
}

static void statuses_in_order_of_gravity(void **state)
{
	static const char *const headings[] = { "\nBROKEN ",         "\nUNKNOWN ", "\nDUE ",         "\nWAIVED ",
						"\nTO BE NOTIFIED ", "\nHOLDS ",   "\nNOT IN FORCE " };
	struct report_case *c = case_new();
	const char *text, *before;

	(void)state;
	for (int status = 0; status < FINDING_STATUSES; status++)
		case_finding(c, "rule", (enum finding_status)status);
	before = text = case_text(c, 80, false);
	for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
		const char *at = strstr(text, headings[i]);

		assert_non_null(at);
		assert_true(at > before || !i);
		before = at;
	}
	case_free(c);
}

static void many_findings_are_summarised(void **state)
{
	struct report_case *c = case_new();
	const char *text;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct finding *f = case_finding(c, "access-share", FINDING_BROKEN);

		f->group = arena_printf(c->arena, "region-%03d", i);
		f->low = f->high = 400000000 + (i * 37 % 400) * 1000000;
	}
	text = case_text(c, 80, false);
	/* The worst is i * 37 = 399 modulo 400. */
	assert_has(text, "per region\n      region-227  79.9%  at most 35%\n");
	assert_has(text, "\n      and 395 more regions\n");
	assert_lacks(text, "40%  at most");
	case_free(c);
}

static void rounding_keeps_to_its_side(void **state)
{
	static const struct {
		int64_t share;
		const char *shown;
	} cases[] = {
		{ 350000000, "35%" },
		{ 350000001, "35.0000001%" },
		{ 349999999, "34.9999999%" },
		{ 350040000, "35.004%" },
		{ 350400000, "35.04%" },
		{ 354000000, "35.4%" },
		{ 0, "0%" },
		{ 1, "0.0000001%" },
		{ 100000, "0.01%" },
		{ PPB, "100%" },
		{ PPB - 1, "99.9999999%" },
		{ 482345678, "48.2%" },
		{ 999600000, "99.96%" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct report_case *c = case_new();
		struct finding *f = case_finding(c, "access-share", FINDING_BROKEN);

		f->low = f->high = cases[i].share;
		assert_has(case_text(c, 80, false), arena_printf(c->arena, "\n      %s  at most 35%%", cases[i].shown));
		case_free(c);
	}
}

static void excess_in_words(void **state)
{
	static const struct {
		enum finding_unit measured;
		const char *unit, *op;
		int64_t surplus;
		const char *shown;
	} cases[] = {
		{ UNIT_SHARE, "sites", "<=", 54 * (int64_t)MICRO, "54 sites too many" },
		{ UNIT_SHARE, "sites", "<=", MICRO, "1 site too many" },
		{ UNIT_SHARE, "population", ">=", 1234567 * (int64_t)MICRO, "1,234,567 people too few" },
		{ UNIT_SHARE, "traffic", "<=", 1234567500000, "1,234,568 of traffic too much" },
		{ UNIT_COUNT, "vendors", ">=", MICRO, "1 vendor too few" },
		{ UNIT_COUNT, "capacity", ">=", 12345678, "12.3 of capacity too little" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct report_case *c = case_new();
		struct finding *f = case_finding(c, "r", FINDING_BROKEN);

		f->measured = cases[i].measured;
		f->unit = f->numerator_unit = cases[i].unit;
		f->bound_op = cases[i].op;
		f->surplus = cases[i].surplus;
		assert_has(case_text(c, 80, false), cases[i].shown);
		case_free(c);
	}
}

static void intervals_and_counts(void **state)
{
	struct report_case *c = case_new();
	struct finding *f = case_finding(c, "a", FINDING_UNKNOWN);

	(void)state;
	f->low = 200000000;
	f = case_finding(c, "b", FINDING_UNKNOWN);
	f->measured = UNIT_COUNT;
	f->unit = "vendors";
	f->bound_op = ">=";
	f->low = MICRO;
	f->high = 4 * MICRO;
	f->bound = 3 * MICRO;
	f = case_finding(c, "c", FINDING_BROKEN);
	f->measured = UNIT_COUNT;
	f->unit = "elements";
	f->low = f->high = 1234 * (int64_t)MICRO;
	f->bound = 0;
	f = case_finding(c, "d", FINDING_HOLDS);
	f->vacuous = true;
	assert_has(case_text(c, 80, false), "\n      20% to 48.2%  at most 35%\n");
	assert_has(case_text(c, 80, false), "\n      1 to 4 vendors  at least 3\n");
	assert_has(case_text(c, 80, false), "\n      1,234 elements  none allowed\n");
	assert_has(case_text(c, 80, false), "\n      nothing to judge\n");
	case_free(c);
}

static void make_hostile(struct report_case *c, const char *name)
{
	static const char *settles[1];
	static struct unknown_fact unknown[1];
	static struct policy_silence silences[1];
	static struct proviso provisos[1];

	settles[0] = name;
	unknown[0] = (struct unknown_fact){ name, name, settles, 1, 1 };
	silences[0] = (struct policy_silence){ name, name, name };
	provisos[0] = (struct proviso){ name, name, name, name, DATE_NONE, name, name, name, true, MICRO, NULL };
	c->of.title = c->of.operator_name = c->of.network = name;
	for (int status = 0; status < FINDING_STATUSES; status++)
		for (int i = 0; i < 9; i++) {
			struct finding *f = case_finding(c, name, (enum finding_status)status);

			f->policy = f->statement = f->subject = f->unit = f->numerator_unit = f->source = f->grade =
				f->note = name;
			f->explanation = f->authority = name;
			f->waivers = case_waiver(c, day("2026-12-31"), name);
			f->waiver_count = 1;
			f->group = arena_printf(c->arena, "%d%s", i, name);
			f->kind = "served";
			f->by = f->in_force = day("2026-12-31");
			f->surplus = 7 * MICRO;
			f->measured = i % 3 ? UNIT_COUNT : UNIT_SHARE;
			f->worsened = i == 2;
			f->vacuous = i == 8;
			f->witnesses[0] = f->witnesses[1] = name;
			f->witnesses_kept = 2;
			f->witness_count = 7;
		}
	c->a.findings.unknown = unknown;
	c->a.silences = silences;
	c->a.provisos = provisos;
	c->a.findings.unknown_count = c->a.silence_count = c->a.proviso_count = 1;
}

/* Columns of a line as a terminal shows them, apart from the page's own count: two for what lies in the ideographs. */
static unsigned columns_of(const char *line, const char *end)
{
	unsigned columns = (unsigned)utf8_width(line, (size_t)(end - line));

	for (; line < end; line++)
		columns += (unsigned char)*line >= 0xE4 && (unsigned char)*line <= 0xE9;
	return columns;
}

static void assert_fits(const char *text, unsigned width)
{
	for (const char *at = text, *end; (end = strchr(at, '\n')); at = end + 1) {
		if (columns_of(at, end) > width)
			fail_msg("%u columns of %u: %.*s", columns_of(at, end), width, (int)(end - at), at);
		assert_true(end == at || end[-1] != ' ');
	}
}

static void nothing_is_wider_than_the_terminal(void **state)
{
	static const char *const names[] = { HOSTILE_MARKUP, HOSTILE_TERMINAL, HOSTILE_WIDE, HOSTILE_LONG,
					     HOSTILE_LONG " " HOSTILE_WIDE " a b c" };
	static const unsigned widths[] = { 0, 40, 57, 80, 132 };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
			struct report_case *c = case_new();
			unsigned width = widths[w] ? widths[w] : 80;

			make_hostile(c, names[i]);
			case_plan(c, names[i]);
			assert_fits(case_text(c, widths[w], false), width);
			assert_fits(case_plan_text(c, widths[w]), width);
			c->plan->status = PLAN_IMPOSSIBLE;
			assert_fits(case_plan_text(c, widths[w]), width);
			case_free(c);
		}
}

static void strangers_cannot_steer_the_terminal(void **state)
{
	struct report_case *c = case_new();
	const char *text;

	(void)state;
	make_hostile(c, HOSTILE_TERMINAL);
	case_plan(c, HOSTILE_TERMINAL);
	text = arena_printf(c->arena, "%s%s", case_text(c, 80, false), case_plan_text(c, 80));
	for (const char *at = text; *at; at++)
		assert_true((unsigned char)*at >= 0x20 || *at == '\n');
	assert_lacks(text, "\177");
	assert_lacks(text, "\302\233");
	assert_lacks(text, "\342\200\256");
	/* With colour, every escape is one of the page's own. */
	for (const char *at = case_text(c, 80, true); (at = strchr(at, '\033')); at++)
		assert_int_equal(at[strcspn(at, "mABCDJKH")], 'm');
	case_free(c);
}

static void colour_says_nothing_that_words_do_not(void **state)
{
	struct report_case *c = case_new();
	char *bare;
	size_t n = 0;

	(void)state;
	for (int status = 0; status < FINDING_STATUSES; status++)
		case_finding(c, "rule", (enum finding_status)status);
	const char *coloured = case_text(c, 80, true), *plain = case_text(c, 80, false);

	assert_lacks(plain, "\033");
	assert_has(coloured, "\033[1;31mBROKEN\033[0m");
	bare = calloc(1, strlen(coloured) + 1);
	for (const char *at = coloured; *at; at++)
		if (*at == '\033')
			at = strchr(at, 'm');
		else
			bare[n++] = *at;
	assert_string_equal(bare, plain);
	free(bare);
	case_free(c);
}

static void tasks_and_what_it_rests_on(void **state)
{
	static const struct policy_silence silences[] = { { "vendor/b", "designated", "no" },
							  { "vendor/a", "designated", "no" } };
	struct report_case *c = case_new();
	struct finding *f = case_finding(c, "suppliers", FINDING_DUE);
	const char *text;

	(void)state;
	f->by = day("2026-12-31");
	f->group = "Gisborne";
	f = case_finding(c, "tell", FINDING_NOTIFIABLE);
	f->authority = "GCSB";
	f->witnesses[0] = "amf-1";
	f->witnesses_kept = f->witness_count = 1;
	f->bound_op = NULL;
	f = case_finding(c, "empty", FINDING_HOLDS);
	f->vacuous = true;
	c->a.silences = silences;
	c->a.silence_count = 2;
	text = case_text(c, 80, false);
	assert_has(text, "\n  Notify GCSB of 1 element (nz-5g/tell): amf-1\n  By 2026-12-31: meet nz-5g/suppliers "
			 "(Gisborne now 48.2%, at most 35%)\n");
	assert_has(text, "\n    designated = no: vendor/a, vendor/b\n");
	assert_has(text, "1 rule had nothing to judge somewhere, and so holds there: nz-5g/empty\n");
	assert_has(text, "No unknown fact decides whether a rule holds.\n");
	case_free(c);
}

static void plurals(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(say_count(a, 1, "address"), "1 address");
	assert_string_equal(say_count(a, 10, "address"), "10 addresses");
	assert_string_equal(say_count(a, 2, "policy"), "2 policies");
	assert_string_equal(say_count(a, 1200, "day"), "1,200 days");
	arena_free(a);
}

/* Of two addresses that are cut to their first letters nobody can tell which is which. */
static void addresses_are_told_whole(void **state)
{
	static const char one[] = "2001:db8:1000:2000:3000:4000:5000:6001", two[] = "2001:db8:1000:2000:3000:4000:5000:6002";
	static const struct report_observed pairs[] = {
		{ .from = "gnb1", .to = "upf1", .point = "N3", .protocol = "GTP-U", .packets_sent = 9, .bytes_sent = 900 },
		{ .from = one, .to = two, .point = "N4", .protocol = "PFCP", .packets_sent = 1, .bytes_sent = 100 },
		{ .from = HOSTILE_LONG, .to = "x", .point = "N4", .protocol = "PFCP", .packets_sent = 1 },
	};
	struct report_observations o = { .folder = "seen",
					 .by = REPORT_BY_PAIR,
					 .all = { .packets_sent = 10, .bytes_sent = 1000 },
					 .groups = pairs,
					 .group_count = 3,
					 .shown = 3 };
	static const unsigned widths[] = { 60, 80, 132 };
	struct arena *a = arena_new();

	(void)state;
	for (size_t w = 0; w < 3; w++)
		for (int by = 0; by < 2; by++) {
			struct sink *s = sink_to_memory(a);
			struct report_style style = { .width = widths[w] };
			const char *text;

			o.by = by ? REPORT_BY_ELEMENT : REPORT_BY_PAIR;
			report_observations_text(&o, &style, s);
			text = sink_memory(s, NULL);
			assert_fits(text, widths[w]);
			assert_has(text, one);
			if (!by)
				assert_has(text, two);
			if (!by && widths[w] == 80)
				assert_has(text, "\n  gnb1            upf1            N3 ");
		}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdict_comes_first),
		cmocka_unit_test(the_solver_is_named),
		cmocka_unit_test(what_others_confirm_of_the_inventory),
		cmocka_unit_test(statuses_in_order_of_gravity),
		cmocka_unit_test(many_findings_are_summarised),
		cmocka_unit_test(rounding_keeps_to_its_side),
		cmocka_unit_test(excess_in_words),
		cmocka_unit_test(intervals_and_counts),
		cmocka_unit_test(nothing_is_wider_than_the_terminal),
		cmocka_unit_test(strangers_cannot_steer_the_terminal),
		cmocka_unit_test(colour_says_nothing_that_words_do_not),
		cmocka_unit_test(tasks_and_what_it_rests_on),
		cmocka_unit_test(plurals),
		cmocka_unit_test(addresses_are_told_whole),
	};

	return cmocka_run_group_tests_name("report text", tests, NULL, NULL);
}
