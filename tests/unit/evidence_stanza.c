/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clauses of an `evidence` stanza: each is read into the claim, each mistake is named with its place and the
 * nearest word.
 *
 * # proviso-deps: base lang net evidence
 */
#include "evidence_case.h"

static void every_clause_is_read(void **state)
{
	struct evidence_case *c = case_clean("evidence lab-3\n"
					     "  about product acme-gnb at 1.2\n"
					     "  says result = passed\n"
					     "  kind test-report\n"
					     "  from \"Lab North\"\n"
					     "  through \"A\", \"B\"\n"
					     "  through C\n"
					     "  dated inferred from 2024-01-01 to 2024-01-31\n"
					     "  grade B2\n"
					     "  graded by \"desk 4\"\n"
					     "  graded on 2024-02-01\n"
					     "  covers 30% of code\n"
					     "  detects 60% given \"an implant in the boot loader\"\n"
					     "  valid until 2025-12-31\n"
					     "  for version 1.2\n"
					     "  build 4f2a9c\n"
					     "  file \"lab/report 3.pdf\" sha256 "
					     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\n"
					     "  tlp AMBER+STRICT\n"
					     "  independent yes\n"
					     "  chosen by operator\n"
					     "  paid by acme\n"
					     "  source \"section 4\"\n"
					     "  note \"second run\"\n");
	const struct claim *claim = case_claim(c, "lab-3");

	(void)state;
	assert_int_equal(claim->about, ABOUT_PRODUCT);
	assert_string_equal(claim->subject, "acme-gnb");
	assert_string_equal(claim->version, "1.2");
	assert_string_equal(claim->attribute, "result");
	assert_string_equal(claim->value, "passed");
	assert_string_equal(claim->kind, "test-report");
	assert_string_equal(claim->from, "Lab North");
	assert_int_equal(claim->through_count, 3);
	assert_string_equal(claim->through[0], "A");
	assert_string_equal(claim->through[2], "C");
	assert_true(claim->date_inferred);
	assert_int_equal(claim->dated, day("2024-01-01"));
	assert_int_equal(claim->dated_to, day("2024-01-31"));
	assert_int_equal(claim->reliability, 'B');
	assert_int_equal(claim->credibility, 2);
	assert_string_equal(claim->graded_by, "desk 4");
	assert_int_equal(claim->graded_on, day("2024-02-01"));
	assert_int_equal(claim->covers, 300000000);
	assert_string_equal(claim->covers_what, "code");
	assert_int_equal(claim->detects, 600000000);
	assert_string_equal(claim->detects_given, "an implant in the boot loader");
	assert_int_equal(claim->valid_until, day("2025-12-31"));
	assert_string_equal(claim->build, "4f2a9c");
	assert_string_equal(claim->file, "lab/report 3.pdf");
	assert_string_equal(claim->sha256, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
	assert_string_equal(claim->tlp, "AMBER+STRICT");
	assert_int_equal(claim->independence, INDEPENDENCE_CLAIMED);
	assert_string_equal(claim->chosen_by, "operator");
	assert_string_equal(claim->paid_by, "acme");
	assert_string_equal(claim->source, "section 4");
	assert_string_equal(claim->note, "second run");
	assert_int_equal(claim->place.line, 1);
	case_free(c);
}

static void a_decision_keeps_its_grounds(void **state)
{
	struct evidence_case *c =
		case_clean("evidence advice\n"
			   "  about conclusion limit-acme\n"
			   "  kind assessment\n"
			   "  from agency\n"
			   "evidence order\n"
			   "  about vendor acme\n"
			   "  says designated is YES\n"
			   "  kind decision\n"
			   "  authority \"Secretary of State\"\n"
			   "  instrument \"Designation notice\"\n"
			   "  scope \"public networks\"\n"
			   "  dated 2022-10-12\n"
			   "  factors \"law of its country\", ownership\n"
			   "  departs from advice because \"the advice came before the sanctions\"\n");
	const struct claim *claim = case_claim(c, "order");

	(void)state;
	assert_string_equal(claim->value, "yes");
	assert_string_equal(claim->from, "Secretary of State");
	assert_string_equal(claim->instrument, "Designation notice");
	assert_string_equal(claim->scope, "public networks");
	assert_int_equal(claim->factor_count, 2);
	assert_string_equal(claim->advice, "advice");
	assert_true(claim->departs);
	assert_string_equal(claim->because, "the advice came before the sanctions");
	case_free(c);
}

static void a_promise_keeps_what_was_promised(void **state)
{
	struct evidence_case *c = case_clean("evidence two-billion\n"
					     "  about vendor acme\n"
					     "  kind promise\n"
					     "  from acme\n"
					     "  amount \"more than 2 bn initial\" USD\n"
					     "  due 2024-01-01\n"
					     "  deliverable \"a new way of building software\"\n");
	const struct claim *claim = case_claim(c, "two-billion");

	(void)state;
	assert_string_equal(claim->amount, "more than 2 bn initial USD");
	assert_int_equal(claim->due, day("2024-01-01"));
	assert_string_equal(claim->deliverable, "a new way of building software");
	assert_int_equal(claim->delivered_by, UINT32_MAX);
	case_free(c);
}

static void other_stanzas_are_left_alone(void **state)
{
	struct evidence_case *c =
		case_clean("policy p\n  title \"x\"\nevidence e\n  about vendor acme\n  kind audit\n  from x\n");

	(void)state;
	assert_int_equal(c->evidence->claim_count, 1);
	assert_string_equal(c->evidence->claims[0].kind, "audit");
	case_free(c);
}

static void statement_is_the_kind_of_what_names_none(void **state)
{
	struct evidence_case *c = case_clean("evidence e\n  about country CN\n  says law = \"on request\"\n  from x\n");

	(void)state;
	assert_string_equal(c->evidence->claims[0].kind, "statement");
	assert_int_equal(c->evidence->claims[0].covers, -1);
	assert_int_equal(c->evidence->claims[0].dated, DATE_NONE);
	case_free(c);
}

#define ABOUT "evidence e\n  about vendor acme\n  says x = yes\n"

static void mistakes_are_named(void **state)
{
	(void)state;
	assert_complaint(ABOUT "  throuhg \"FT\"\n", "unknown-clause", "did you mean \"through\"");
	assert_complaint("evidence e\n  about vendr acme\n  says x = yes\n", "unknown-word", "did you mean \"vendor\"");
	assert_complaint(ABOUT "  grade G2\n", "bad-grade", "\"G2\" is no grade");
	assert_complaint(ABOUT "  grade B7\n", "bad-grade", "\"B7\" is no grade");
	assert_complaint(ABOUT "  grade B\n", "bad-grade", "B2");
	assert_complaint(ABOUT "  tlp BROWN\n", "unknown-word", "TLP 2.0");
	assert_complaint(ABOUT "  covers 130%\n", "bad-share", "between 0% and 100%");
	assert_complaint(ABOUT "  covers 30% of hearts\n", "unknown-word", "\"hearts\"");
	assert_complaint(ABOUT "  dated 2024-02-02 to 2024-02-01\n", "date-order", "before the first");
	assert_complaint(ABOUT "  from \"\"\n", "empty-text", "who knows it");
	assert_complaint(ABOUT "  kind audit\n  kind audit\n", "duplicate-clause", "\"kind\" stands twice");
	assert_complaint(ABOUT "  file x sha256 beef\n", "bad-hash", "64 hexadecimal digits");
	assert_complaint(ABOUT "  for version 1.2\n", "version-of-what", "a vendor has none");
	assert_complaint("evidence e\n  about product p at 1.2\n  kind audit\n  for version 1.3\n", "version-differs",
			 "1.2");
	assert_complaint("evidence e\n  says x = yes\n", "missing-clause", "about whom?");
	assert_complaint("evidence e\n  about vendor acme\n", "missing-clause", "says nothing");
	assert_complaint(ABOUT "evidence e\n  about vendor acme\n  says y = no\n", "duplicate-claim",
			 "first in claims.proviso:1");
	assert_complaint(ABOUT "  kind tst-report\n", "unknown-kind", "did you mean \"test-report\"");
}

static void half_a_claim_is_no_claim(void **state)
{
	struct evidence_case *c = case_new(ABOUT "  grade Z9\nevidence f\n  about vendor acme\n  says y = no\n");

	(void)state;
	assert_int_equal(c->evidence->claim_count, 1);
	assert_string_equal(c->evidence->claims[0].name, "f");
	case_free(c);
}

static void one_run_shows_all_mistakes(void **state)
{
	struct evidence_case *c = case_new("evidence e\n  about vendr acme\n  graed B2\n  covers x\n  tlp red\n");

	(void)state;
	assert_int_equal(c->diagnostics.errors, 4);
	case_free(c);
}

static void only_decisions_designate(void **state)
{
	(void)state;
	assert_complaint("evidence e\n  about vendor acme\n  says designated = yes\n  kind report\n", "not-a-decision",
			 "designates nobody");
	assert_complaint("evidence e\n  about vendor acme\n  says designated = yes\n  kind decision\n  from agency\n",
			 "incomplete-decision", "names no instrument date scope factors");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_clause_is_read),
		cmocka_unit_test(a_decision_keeps_its_grounds),
		cmocka_unit_test(a_promise_keeps_what_was_promised),
		cmocka_unit_test(other_stanzas_are_left_alone),
		cmocka_unit_test(statement_is_the_kind_of_what_names_none),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(half_a_claim_is_no_claim),
		cmocka_unit_test(one_run_shows_all_mistakes),
		cmocka_unit_test(only_decisions_designate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
