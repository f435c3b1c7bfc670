/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What claims add up to: a small document by hand for each rule of the model, with the answer worked out by hand.
 *
 * # proviso-deps: base lang net evidence
 */
#include "evidence_case.h"

#define SAYS(name, attribute, value, kind, more)                                                                       \
	"evidence " name "\n  about vendor acme\n  says " attribute " = " value "\n  kind " kind "\n" more

static void assert_known(const struct fact *fact, const char *value, uint32_t support)
{
	assert_int_equal(fact->status, FACT_KNOWN);
	assert_string_equal(fact->value, value);
	assert_int_equal(fact->support, support);
}

/* ---- who knows --------------------------------------------------------------------------------------------------- */

static void five_reports_of_one_source_are_one_origin(void **state)
{
	struct evidence_case *c = case_clean(
		SAYS("r0", "x", "yes", "report", "  from NCSC\n  through FT, P0\n  grade B2\n")
			SAYS("r1", "x", "yes", "report", "  from ncsc\n  through FT, P1\n  grade B2\n")
				SAYS("r2", "x", "yes", "report", "  from \" NCSC \"\n  through P2\n  grade B2\n")
					SAYS("r3", "x", "yes", "report",
					     "  from NCSC\n  through \"anonymous 1\", FT\n  grade B2\n")
						SAYS("r4", "x", "yes", "report", "  from NCSC\n  grade B2\n"));
	const struct fact *fact = vendor_fact(c, "x");

	(void)state;
	assert_int_equal(fact->origin_names, 1);
	assert_int_equal(fact->origin_count, 1);
	assert_int_equal(fact->origins[0].claim_count, 5);
	assert_int_equal(fact->support, 1);
	assert_int_equal(fact->status, FACT_UNKNOWN); /* a report needs two */
	assert_null(fact->value);
	case_free(c);
}

static void a_second_knower_makes_it_known(void **state)
{
	struct evidence_case *c =
		case_clean(SAYS("r0", "x", "yes", "report", "  from NCSC\n  through FT\n  grade C3\n")
				   SAYS("r1", "x", "yes", "statement", "  from BSI\n  through FT\n  grade C3\n"));

	(void)state;
	assert_known(vendor_fact(c, "x"), "yes", 2);
	case_free(c);
}

static void the_publisher_stands_in_for_the_anonymous(void **state)
{
	struct evidence_case *c = case_clean(
		SAYS("a", "x", "yes", "report", "  from anonymous\n  through FT, P0\n  grade B2\n")
			SAYS("b", "x", "yes", "report", "  from \"anonymous 2\"\n  through FT, P1\n  grade B2\n")
				SAYS("c", "x", "yes", "report", "  through \"anonymous 1\", FT\n  grade B2\n"));
	const struct fact *fact = vendor_fact(c, "x");

	(void)state;
	assert_int_equal(fact->origin_names, 1);
	assert_string_equal(fact->origins[0].name, "anonymous via FT");
	assert_int_equal(fact->support, 1);
	case_free(c);

	c = case_clean(SAYS("a", "x", "yes", "report", "  through FT\n  grade B2\n")
			       SAYS("b", "x", "yes", "report", "  through WSJ\n  grade B2\n")
				       SAYS("c", "x", "yes", "report", "  grade B2\n"));
	fact = vendor_fact(c, "x");
	assert_known(fact, "yes", 3);
	assert_string_equal(fact->origins[0].name, "anonymous");
	case_free(c);
}

static void confirmed_by_others_needs_others(void **state)
{
	const char *alone = SAYS("a", "x", "yes", "report", "  from A\n  through P1\n  grade B1\n")
		SAYS("b", "x", "yes", "report", "  from A\n  through P2\n  grade B1\n");
	struct evidence_case *c = case_clean(alone);

	(void)state;
	assert_true(case_claim(c, "a")->capped);
	assert_true(case_claim(c, "b")->capped);
	case_read(c, SAYS("c", "x", "yes", "report", "  from B\n  grade B2\n"));
	case_weigh(c, NULL);
	assert_false(case_claim(c, "a")->capped);
	assert_false(case_claim(c, "c")->capped); /* it does not say 1 */
	case_weigh(c, "B");
	assert_true(case_claim(c, "a")->capped);
	case_free(c);
}

/* ---- what is believed -------------------------------------------------------------------------------------------- */

struct threshold {
	const char *kind, *grade;
	const char *value; /* NULL: unknown by one origin */
};

static void each_kind_has_its_threshold(void **state)
{
	static const struct threshold rows[] = {
		{ "law", "", "yes" },
		{ "law", "  grade B2\n", "yes" },
		{ "law", "  grade B3\n", NULL },
		{ "law", "  grade C2\n", NULL },
		{ "decision", "", "yes" },
		{ "audit", "", "yes" },
		{ "nesas-audit", "", "yes" },
		{ "test-report", "  grade A2\n", "yes" },
		{ "test-report", "  grade F6\n", NULL },
		{ "advisory", "", "yes" },
		{ "bill-of-materials", "", "yes" },
		{ "proceeding", "", "yes" },
		{ "probe", "", "yes" },
		{ "probe", "  grade E5\n", "yes" },
		{ "assessment", "", "yes" },
		{ "statement", "  grade A2\n", NULL },
		{ "report", "  grade A2\n", NULL },
		{ "incident", "  grade A2\n", NULL },
		{ "planned", "", NULL },
		{ "promise", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[400];
		struct evidence_case *c;
		const struct fact *fact;

		snprintf(text, sizeof text, "evidence e\n  about vendor acme\n  says x = yes\n  kind %s\n  from A\n%s",
			 rows[i].kind, rows[i].grade);
		c = case_clean(text);
		fact = vendor_fact(c, "x");
		if ((fact->status == FACT_KNOWN) != (rows[i].value != NULL))
			fail_msg("%s %s: %s", rows[i].kind, rows[i].grade, fact->why);
		case_free(c);
	}
}

static void reports_below_the_threshold_do_not_count(void **state)
{
	struct evidence_case *c =
		case_clean(SAYS("a", "x", "yes", "report", "  from A\n  grade C3\n")
				   SAYS("b", "x", "yes", "report", "  from B\n  grade D3\n")
					   SAYS("c", "x", "yes", "report", "  from C\n  grade C4\n")
						   SAYS("d", "x", "yes", "report", "  from D\n")
							   SAYS("e", "x", "yes", "report", "  from E\n  grade F6\n"));
	const struct fact *fact = vendor_fact(c, "x");

	(void)state;
	assert_int_equal(fact->status, FACT_UNKNOWN);
	assert_int_equal(fact->support, 1);
	assert_int_equal(fact->origin_names, 5);
	assert_int_equal(case_claim(c, "b")->standing, CLAIM_BELOW);
	assert_string_equal(fact->why, "1 independent origin, 2 needed");
	case_free(c);
}

static void judgements_need_a_name(void **state)
{
	struct evidence_case *c = case_clean(SAYS("a", "x", "none-found", "probe", "  from BSI\n")
						     SAYS("b", "y", "none-found", "probe", "  through FT\n"));

	(void)state;
	assert_known(vendor_fact(c, "x"), "none-found", 1);
	assert_string_equal(vendor_fact(c, "x")->judgement_of, "BSI");
	assert_int_equal(vendor_fact(c, "y")->status, FACT_UNKNOWN);
	assert_null(vendor_fact(c, "y")->judgement_of);
	case_free(c);
}

static void believe(struct evidence_case *c, const char *text)
{
	struct source *source = source_of_memory(c->arena, "case.proviso", text, strlen(text));
	struct document *document = document_parse(c->arena, source, &c->diagnostics);
	struct reader reader = reader_of(document, &document->stanzas[0].clauses[0], c->arena, &c->diagnostics);

	assert_true(reader_expect(&reader, "believe"));
	evidence_believe(c->evidence, &reader);
	case_weigh(c, NULL);
}

static void a_case_may_believe_otherwise(void **state)
{
	struct evidence_case *c = case_clean(SAYS("a", "x", "yes", "report", "  from A\n  grade C3\n") SAYS(
		"b", "y", "yes", "audit", "  from B\n") SAYS("d", "z", "yes", "report", "  from A\n"));

	(void)state;
	believe(c, "case k\n  believe report with 1 origin at C3\n");
	assert_known(vendor_fact(c, "x"), "yes", 1);
	assert_int_equal(vendor_fact(c, "z")->status, FACT_UNKNOWN);
	believe(c, "case k\n  believe report with 1 origin at C3 or ungraded\n");
	assert_known(vendor_fact(c, "z"), "yes", 1);
	believe(c, "case k\n  believe report with 3 origins at B2\n");
	assert_int_equal(vendor_fact(c, "x")->status, FACT_UNKNOWN);
	assert_known(vendor_fact(c, "y"), "yes", 1);
	believe(c, "case k\n  believe audit never\n");
	assert_int_equal(vendor_fact(c, "y")->status, FACT_UNKNOWN);
	assert_int_equal(c->diagnostics.count, 0);
	believe(c, "case k\n  believe planned with 1 origin\n");
	believe(c, "case k\n  believe report with 0 origins\n");
	believe(c, "case k\n  believe report with 1 origin at Q9\n");
	believe(c, "case k\n  believe audit with 1 origins at B2 or\n");
	assert_int_equal(c->diagnostics.errors, 4);
	case_free(c);
}

static void a_reported_designation_designates_nobody(void **state)
{
	struct evidence_case *c = case_new(SAYS("a", "designated", "yes", "report", "  from A\n  grade A2\n")
						   SAYS("b", "designated", "yes", "report", "  from B\n  grade A2\n"));

	(void)state;
	assert_int_equal(vendor_fact(c, "designated")->status, FACT_UNKNOWN);
	assert_string_equal(vendor_fact(c, "designated")->why, "no decision says so");
	case_read(c, SAYS("o", "designated", "yes", "decision", "  from \"Minister\"\n  dated 2020-01-01\n"));
	case_weigh(c, NULL);
	assert_known(vendor_fact(c, "designated"), "yes", 1);
	case_free(c);
}

static void a_conclusion_is_not_what_was_concluded(void **state)
{
	struct evidence_case *c =
		case_clean("evidence e\n  about conclusion limit-risk\n  says concluded = yes\n  kind assessment\n"
			   "  from NCSC\n");

	(void)state;
	assert_known(case_fact(c, ABOUT_CONCLUSION, "limit-risk", "concluded"), "yes", 1);
	assert_null(evidence_fact(c->evidence, ABOUT_VENDOR, "acme", "concluded"));
	assert_null(evidence_fact(c->evidence, ABOUT_CONCLUSION, "nothing", "concluded"));
	case_free(c);
}

/* ---- conflict, discrepancy, absence ------------------------------------------------------------------------------ */

static void equal_support_is_a_conflict(void **state)
{
	struct evidence_case *c =
		case_clean(SAYS("a", "x", "yes", "audit", "  from A\n") SAYS("b", "x", "no", "audit", "  from B\n"));

	(void)state;
	assert_int_equal(vendor_fact(c, "x")->status, FACT_CONFLICT);
	assert_null(vendor_fact(c, "x")->value);
	assert_int_equal(vendor_fact(c, "x")->support, 1);
	assert_int_equal(vendor_fact(c, "x")->origin_count, 2);
	assert_false(vendor_fact(c, "x")->discrepancy);
	case_read(c, SAYS("d", "x", "yes", "audit", "  from D\n"));
	case_weigh(c, NULL);
	assert_known(vendor_fact(c, "x"), "yes", 2);
	assert_int_equal(vendor_fact(c, "x")->origin_count, 3); /* the other side stays shown */
	case_free(c);
}

static void disagreement_below_the_threshold_is_shown(void **state)
{
	struct evidence_case *c = case_clean(
		"evidence r1\n  about country new-zealand\n  says banned = yes\n  kind report\n  through R1\n"
		"evidence r4\n  about country new-zealand\n  says banned = yes\n  kind report\n  through R4\n"
		"evidence pm\n  about country new-zealand\n  says banned = no\n  kind statement\n"
		"  from \"Prime Minister\"\n  grade B2\n");
	const struct fact *fact = case_fact(c, ABOUT_COUNTRY, "new-zealand", "banned");

	(void)state;
	assert_int_equal(fact->status, FACT_CONFLICT);
	assert_int_equal(fact->origin_count, 3);
	assert_string_equal(fact->why,
			    "claims disagree: yes (anonymous via R1, anonymous via R4); no (Prime Minister)");
	case_free(c);
}

static void one_body_with_two_values_is_a_discrepancy(void **state)
{
	struct evidence_case *c =
		case_clean(SAYS("a", "x", "has", "report", "  from NCSC\n  through FT\n  grade B2\n")
				   SAYS("b", "x", "will", "report", "  from NCSC\n  through P4\n  grade B2\n"));
	const struct fact *fact = vendor_fact(c, "x");

	(void)state;
	assert_true(fact->discrepancy);
	assert_int_equal(fact->status, FACT_UNKNOWN);
	assert_int_equal(fact->support, 0);
	assert_int_equal(fact->origin_names, 1);
	assert_int_equal(fact->origin_count, 2);
	assert_string_equal(fact->why, "one body is reported with different values");
	/* others decide without it */
	case_read(c, SAYS("d", "x", "has", "audit", "  from D\n"));
	case_weigh(c, NULL);
	assert_known(vendor_fact(c, "x"), "has", 1);
	assert_true(vendor_fact(c, "x")->discrepancy);
	case_free(c);
}

static void nothing_found_is_never_none(void **state)
{
	struct evidence_case *c = case_clean(SAYS("a", "x", "none-found", "probe", "  from A\n")
						     SAYS("b", "x", "none-found", "probe", "  from B\n"));

	(void)state;
	assert_known(vendor_fact(c, "x"), "none-found", 2);
	case_read(c, SAYS("d", "x", "yes", "audit", "  from D\n"));
	case_weigh(c, NULL);
	assert_known(vendor_fact(c, "x"), "yes", 1); /* two who did not find it do not outvote one who did */
	assert_int_equal(vendor_fact(c, "x")->origin_count, 3);
	case_free(c);

	/* a rumour does not make a conflict of it */
	c = case_clean(SAYS("a", "x", "none-found", "probe", "  from A\n")
			       SAYS("b", "x", "yes", "report", "  through P\n"));
	assert_known(vendor_fact(c, "x"), "none-found", 1);
	case_free(c);
}

static void chances_need_a_prior_and_a_claim(void **state)
{
	(void)state;
	/* 0.5 * 0.4 / (0.5 * 0.4 + 0.5) = 2/7 */
	assert_int_equal(evidence_posterior(500000000, 600000000), 285714286);
	assert_int_equal(evidence_posterior(500000000, 0), 500000000);
	assert_int_equal(evidence_posterior(500000000, PPB), 0);
	assert_int_equal(evidence_posterior(0, 500000000), 0);
	assert_int_equal(evidence_posterior(PPB, PPB), PPB); /* impossible: the prior stays */
}

/* ---- time, plans, promises --------------------------------------------------------------------------------------- */

static void claims_count_in_their_time(void **state)
{
	struct evidence_case *c = case_clean(
		SAYS("later", "x", "yes", "audit", "  from A\n  dated 2024-07-01\n")
			SAYS("today", "y", "yes", "audit", "  from A\n  dated 2024-06-30\n")
				SAYS("over", "z", "yes", "audit", "  from A\n  valid until 2024-06-29\n")
					SAYS("last-day", "w", "yes", "audit", "  from A\n  valid until 2024-06-30\n"));

	(void)state;
	assert_int_equal(vendor_fact(c, "x")->status, FACT_UNKNOWN);
	assert_string_equal(vendor_fact(c, "x")->why, "every claim is dated later");
	assert_known(vendor_fact(c, "y"), "yes", 1);
	assert_string_equal(vendor_fact(c, "z")->why, "every claim has expired");
	assert_known(vendor_fact(c, "w"), "yes", 1);
	case_free(c);
}

static void what_a_body_issues_replaces_what_it_issued(void **state)
{
	struct evidence_case *c =
		case_new(SAYS("a", "designated", "yes", "decision", "  from Minister\n  dated 2020-07-14\n")
				 SAYS("b", "designated", "no", "decision", "  from minister\n  dated 2023-01-01\n"));

	(void)state;
	assert_known(vendor_fact(c, "designated"), "no", 1);
	assert_false(vendor_fact(c, "designated")->discrepancy);
	assert_int_equal(case_claim(c, "a")->standing, CLAIM_SUPERSEDED);
	c->on = day("2022-12-31");
	case_weigh(c, NULL);
	assert_known(vendor_fact(c, "designated"), "yes", 1);
	case_free(c);

	/* on days that are only inferred nothing can be put in order; and what was said is not taken back by saying
	 * otherwise */
	c = case_clean(SAYS("a", "x", "yes", "audit", "  from A\n  dated inferred from 2020-07-14\n")
			       SAYS("b", "x", "no", "audit", "  from A\n  dated 2023-01-01\n"));
	assert_int_equal(vendor_fact(c, "x")->status, FACT_UNKNOWN);
	assert_true(vendor_fact(c, "x")->discrepancy);
	case_free(c);
	c = case_clean(SAYS("a", "x", "yes", "statement", "  from A\n  grade A2\n  dated 2020-07-14\n")
			       SAYS("b", "x", "no", "statement", "  from A\n  grade A2\n  dated 2023-01-01\n"));
	assert_true(vendor_fact(c, "x")->discrepancy);
	case_free(c);
}

static void plans_are_no_facts(void **state)
{
	struct evidence_case *c = case_clean(SAYS("p", "x", "yes", "planned", "  from acme\n  dated 2025-01-01\n"));
	struct weighing assumed = { .on = c->on, .assume_plan = true };

	(void)state;
	assert_int_equal(vendor_fact(c, "x")->status, FACT_UNKNOWN);
	assert_string_equal(vendor_fact(c, "x")->why, "only plans and promises say so");
	evidence_weigh(c->evidence, &assumed);
	assert_known(vendor_fact(c, "x"), "yes", 1);
	assert_true(vendor_fact(c, "x")->planned);
	case_read(c, SAYS("a", "x", "yes", "audit", "  from A\n"));
	evidence_weigh(c->evidence, &assumed);
	assert_known(vendor_fact(c, "x"), "yes", 2);
	assert_false(vendor_fact(c, "x")->planned); /* it would stand without the plan */
	case_free(c);
}

static void promises_are_closed_by_others(void **state)
{
	struct evidence_case *c =
		case_clean("evidence promise\n  about vendor acme\n  kind promise\n  from acme\n"
			   "evidence own\n  about vendor acme\n  kind statement\n  from ACME\n  delivers promise\n"
			   "evidence nameless\n  about vendor acme\n  kind report\n  through P\n  delivers promise\n"
			   "evidence later\n  about vendor acme\n  kind audit\n  from Lab\n  delivers promise\n"
			   "  dated 2025-01-01\n");

	(void)state;
	assert_int_equal(case_claim(c, "promise")->delivered_by, UINT32_MAX);
	c->on = day("2025-01-01");
	case_weigh(c, NULL);
	assert_ptr_equal(&c->evidence->claims[case_claim(c, "promise")->delivered_by], case_claim(c, "later"));
	case_weigh(c, "lab");
	assert_int_equal(case_claim(c, "promise")->delivered_by, UINT32_MAX);
	case_free(c);
}

/* ---- without ----------------------------------------------------------------------------------------------------- */

static void without_a_name_all_that_came_through_it_is_gone(void **state)
{
	struct evidence_case *c =
		case_clean(SAYS("a", "x", "yes", "audit", "  from A\n  through \"Financial Times\", R0\n")
				   SAYS("b", "y", "yes", "audit", "  from B\n  through R0\n")
					   SAYS("d", "z", "yes", "audit", "  from \"financial  times\"\n"));

	(void)state;
	case_weigh(c, "Financial Times");
	assert_null(evidence_fact(c->evidence, ABOUT_VENDOR, "acme", "x"));
	assert_null(evidence_fact(c->evidence, ABOUT_VENDOR, "acme", "z"));
	assert_known(vendor_fact(c, "y"), "yes", 1);
	assert_int_equal(c->evidence->fact_count, 1);
	case_weigh(c, "Nobody");
	assert_int_equal(c->evidence->fact_count, 3);
	case_free(c);
}

/* ---- versions, look-ups ------------------------------------------------------------------------------------------ */

static void facts_of_a_version_are_its_own(void **state)
{
	struct evidence_case *c =
		case_clean("evidence a\n  about product gnb at 1.2\n  says x = yes\n  kind audit\n  from A\n"
			   "evidence b\n  about product gnb version 1.3\n  says x = no\n  kind audit\n  from A\n"
			   "evidence d\n  about product gnb\n  says x = perhaps\n  kind audit\n  from A\n");

	(void)state;
	assert_string_equal(evidence_fact_at(c->evidence, "gnb", "1.2", "x")->value, "yes");
	assert_string_equal(evidence_fact_at(c->evidence, "gnb", "1.3", "x")->value, "no");
	assert_string_equal(evidence_fact_at(c->evidence, "gnb", "1.4", "x")->value, "perhaps");
	assert_string_equal(evidence_fact_at(c->evidence, "gnb", NULL, "x")->value, "perhaps");
	assert_string_equal(evidence_fact(c->evidence, ABOUT_PRODUCT, "gnb", "x")->value, "perhaps");
	assert_null(evidence_fact_at(c->evidence, "amf", "1.2", "x"));
	case_free(c);
}

static void facts_are_sorted(void **state)
{
	struct evidence_case *c =
		case_clean("evidence a\n  about vendor zed\n  says b = yes\n  kind audit\n  from A\n"
			   "evidence b\n  about country CN\n  says b = yes\n  kind audit\n  from A\n"
			   "evidence d\n  about vendor acme\n  says c = yes\n  kind audit\n  from A\n"
			   "evidence e\n  about vendor acme\n  says a = yes\n  kind audit\n  from A\n");
	const struct fact *facts = c->evidence->facts;
	size_t count;

	(void)state;
	assert_int_equal(c->evidence->fact_count, 4);
	assert_string_equal(facts[0].attribute, "a");
	assert_string_equal(facts[1].attribute, "c");
	assert_string_equal(facts[2].subject, "zed");
	assert_int_equal(facts[3].about, ABOUT_COUNTRY);
	assert_non_null(evidence_about(c->evidence, ABOUT_VENDOR, "acme", &count));
	assert_int_equal(count, 2);
	assert_string_equal(c->evidence->claims[evidence_about(c->evidence, ABOUT_VENDOR, "acme", &count)[0]].name,
			    "d");
	assert_null(evidence_about(c->evidence, ABOUT_VENDOR, "CN", &count));
	assert_int_equal(count, 0);
	case_free(c);
}

static void the_weakest_is_the_worst_that_stands_alone(void **state)
{
	struct evidence_case *c =
		case_clean(SAYS("a1", "x", "yes", "report", "  from A\n  grade C3\n")
				   SAYS("a2", "x", "yes", "report", "  from A\n  grade C3\n")
					   SAYS("b", "x", "yes", "report", "  from B\n  grade B2\n")
						   SAYS("d", "x", "yes", "report", "  from D\n  grade B3\n"));

	(void)state;
	assert_string_equal(c->evidence->claims[vendor_fact(c, "x")->weakest].name, "d");
	assert_string_equal(evidence_would_change(c->evidence, vendor_fact(c, "x"), c->arena),
			    "a conflict, if 3 independent origins as good say something else\n"
			    "unknown, if 2 of A, B, D did not count\n"
			    "weakest: d (report, B3, from D)");
	case_free(c);
}

static void nothing_is_known_of_nothing(void **state)
{
	struct evidence_case *c = case_clean("");

	(void)state;
	assert_int_equal(c->evidence->fact_count, 0);
	assert_null(evidence_fact(c->evidence, ABOUT_VENDOR, "acme", "x"));
	case_free(c);
}

#define VOICE(name, from, through)                                                                                     \
	"evidence " name "\n  about vendor acme\n  says x = yes\n  kind report\n" from through "  grade B2\n"
#define FROM(who)     "  from \"" who "\"\n"
#define THROUGH(list) "  through " list "\n"

static void voices_that_have_it_from_each_other_are_one(void **state)
{
	static const struct {
		const char *what, *text;
		uint32_t support;
		bool circular;
	} rows[] = {
		{ "two knowers, each through its own paper",
		  VOICE("a", FROM("A"), THROUGH("P")) VOICE("b", FROM("B"), THROUGH("Q")), 2, false },
		{ "B passes on what A knows, and knows it too",
		  VOICE("a", FROM("A"), THROUGH("B")) VOICE("b", FROM("B"), THROUGH("Q")), 2, false },
		{ "A has it from B and B from A",
		  VOICE("a", FROM("A"), THROUGH("B")) VOICE("b", FROM("B"), THROUGH("P, A")), 1, true },
		{ "round three corners",
		  VOICE("a", FROM("A"), THROUGH("B")) VOICE("b", FROM("B"), THROUGH("C"))
			  VOICE("c", FROM("c"), THROUGH("a")),
		  1, true },
		{ "a circle and somebody outside it, through one of them",
		  VOICE("a", FROM("A"), THROUGH("B")) VOICE("b", FROM("B"), THROUGH("A"))
			  VOICE("c", FROM("C"), THROUGH("A")),
		  2, true },
		{ "a circle, and somebody who passes it on and knows it too",
		  VOICE("a", FROM("A"), THROUGH("B, C")) VOICE("b", FROM("B"), THROUGH("A")) VOICE("c", FROM("C"), ""),
		  2, true },
		{ "two circles",
		  VOICE("a", FROM("A"), THROUGH("B")) VOICE("b", FROM("B"), THROUGH("A"))
			  VOICE("c", FROM("C"), THROUGH("D")) VOICE("d", FROM("D"), THROUGH("C")),
		  2, true },
		{ "its own word, come back", VOICE("a", FROM("A"), THROUGH("B, A")), 1, false },
		{ "a paper, and an unnamed voice in it", VOICE("a", FROM("P"), "") VOICE("b", "", THROUGH("P, Q")), 1,
		  false },
		{ "unnamed voices in two papers that print each other",
		  VOICE("a", "", THROUGH("P, Q")) VOICE("b", "", THROUGH("Q, P")), 1, true },
		{ "unnamed voices in two papers", VOICE("a", "", THROUGH("P, R")) VOICE("b", "", THROUGH("Q, R")), 2,
		  false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct evidence_case *c = case_clean(rows[i].text);
		const struct fact *fact = case_fact(c, ABOUT_VENDOR, "acme", "x");

		if (fact->support != rows[i].support || fact->circular != rows[i].circular)
			fail_msg("%s: support %u, %scircular", rows[i].what, fact->support,
				 fact->circular ? "" : "not ");
		assert_int_equal(fact->status, rows[i].support > 1 ? FACT_KNOWN : FACT_UNKNOWN);
		if (fact->support == 1)
			assert_string_equal(evidence_would_change(c->evidence, fact, c->arena),
					    "known, if 1 more independent origin says \"yes\"");
		case_free(c);
	}
}

/* A claim that is not good enough closes no circle, and one about another value neither. */
static void only_what_counts_closes_a_circle(void **state)
{
	struct evidence_case *c = case_clean(VOICE("a", FROM("A"), THROUGH("B")) VOICE(
		"b", FROM("B"), "") "evidence low\n  about vendor acme\n  says x = yes\n  kind report\n"
				    "  from B\n  through A\n  grade E5\n"
				    "evidence other\n  about vendor acme\n  says x = no\n  kind report\n"
				    "  from C\n  through A\n  grade B2\n");

	(void)state;
	assert_int_equal(case_fact(c, ABOUT_VENDOR, "acme", "x")->support, 2);
	case_free(c);
}

/* A paper does not confirm its own unnamed voice. */
static void a_paper_is_no_second_source_of_its_voices(void **state)
{
	struct evidence_case *c = case_clean("evidence a\n  about vendor acme\n  says x = yes\n  kind audit\n  from P\n"
					     "  grade B1\n"
					     "evidence b\n  about vendor acme\n  says x = yes\n  kind audit\n"
					     "  through P\n  grade B1\n");

	(void)state;
	assert_true(c->evidence->claims[0].capped);
	assert_true(c->evidence->claims[1].capped);
	case_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(voices_that_have_it_from_each_other_are_one),
		cmocka_unit_test(only_what_counts_closes_a_circle),
		cmocka_unit_test(a_paper_is_no_second_source_of_its_voices),
		cmocka_unit_test(five_reports_of_one_source_are_one_origin),
		cmocka_unit_test(a_second_knower_makes_it_known),
		cmocka_unit_test(the_publisher_stands_in_for_the_anonymous),
		cmocka_unit_test(confirmed_by_others_needs_others),
		cmocka_unit_test(each_kind_has_its_threshold),
		cmocka_unit_test(reports_below_the_threshold_do_not_count),
		cmocka_unit_test(judgements_need_a_name),
		cmocka_unit_test(a_case_may_believe_otherwise),
		cmocka_unit_test(a_reported_designation_designates_nobody),
		cmocka_unit_test(a_conclusion_is_not_what_was_concluded),
		cmocka_unit_test(equal_support_is_a_conflict),
		cmocka_unit_test(disagreement_below_the_threshold_is_shown),
		cmocka_unit_test(one_body_with_two_values_is_a_discrepancy),
		cmocka_unit_test(nothing_found_is_never_none),
		cmocka_unit_test(chances_need_a_prior_and_a_claim),
		cmocka_unit_test(claims_count_in_their_time),
		cmocka_unit_test(what_a_body_issues_replaces_what_it_issued),
		cmocka_unit_test(plans_are_no_facts),
		cmocka_unit_test(promises_are_closed_by_others),
		cmocka_unit_test(without_a_name_all_that_came_through_it_is_gone),
		cmocka_unit_test(facts_of_a_version_are_its_own),
		cmocka_unit_test(facts_are_sorted),
		cmocka_unit_test(the_weakest_is_the_worst_that_stands_alone),
		cmocka_unit_test(nothing_is_known_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
