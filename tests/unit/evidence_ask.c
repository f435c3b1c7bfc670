/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a valid document on file: versions, age, independence, coverage, grade, result - and what the answer says where it
 * is not.
 *
 * # proviso-deps: base lang net evidence
 */
#include "evidence_case.h"

#define REPORT                                                                                                         \
	"evidence lab-3\n  about product gnb at 1.2\n  kind test-report\n  from \"Lab North\"\n  dated 2024-01-15\n"

static struct evidence_need need_of(const struct evidence_case *c, const char *kind, const char *version)
{
	return (struct evidence_need){
		.kind = kind,
		.vendor = "acme",
		.product = "gnb",
		.version = version,
		.element = "e-1",
		.function = "gNB",
		.on = c->on,
		.not_before = DATE_NONE,
		.covers = -1,
	};
}

static void assert_met(const struct evidence_case *c, const struct evidence_need *need, const char *claim)
{
	struct evidence_answer answer = evidence_ask(c->evidence, need, c->arena);

	if (!answer.met)
		fail_msg("not met: %s", answer.why);
	assert_string_equal(c->evidence->claims[answer.claim].name, claim);
	assert_string_equal(answer.why, "");
	assert_false(answer.conflict);
}

static void assert_not_met(const struct evidence_case *c, const struct evidence_need *need, const char *why)
{
	struct evidence_answer answer = evidence_ask(c->evidence, need, c->arena);

	assert_false(answer.met);
	assert_string_equal(answer.why, why);
}

static void a_report_speaks_for_its_version(void **state)
{
	struct evidence_case *c = case_clean(REPORT);
	struct evidence_need need = need_of(c, "test-report", "1.2");

	(void)state;
	assert_met(c, &need, "lab-3");
	need.version = "1.3";
	assert_not_met(c, &need, "test-report lab-3 is for version 1.2, not 1.3");
	need.version = NULL;
	assert_not_met(c, &need, "test-report lab-3 is for version 1.2, and what is installed is not known");
	need = need_of(c, "test-report", "1.2");
	need.product = "amf";
	assert_not_met(c, &need, "no test-report for product amf at 1.2 is on file");
	need.kind = "audit";
	assert_not_met(c, &need, "no audit for product amf at 1.2 is on file");
	need.product = NULL;
	assert_not_met(c, &need, "no audit for element e-1 is on file");
	case_free(c);

	c = case_clean("evidence any\n  about product gnb\n  kind test-report\n  from L\n");
	need = need_of(c, "test-report", "1.2");
	assert_not_met(c, &need, "test-report any names no version, so it speaks for none");
	case_free(c);

	/* about the vendor as a whole a test report says nothing */
	c = case_clean("evidence any\n  about vendor acme\n  kind test-report\n  from L\n");
	need = need_of(c, "test-report", "1.2");
	assert_not_met(c, &need, "test-report any names no version, so it speaks for none");
	case_free(c);
}

static void other_documents_speak_for_what_they_are_about(void **state)
{
	static const char *const abouts[] = { "product gnb", "vendor acme", "element e-1", "function gNB",
					      "product gnb at 1.2" };

	(void)state;
	for (size_t i = 0; i < sizeof abouts / sizeof *abouts; i++) {
		char text[200];
		struct evidence_case *c;
		struct evidence_need need;

		snprintf(text, sizeof text, "evidence plan\n  about %s\n  kind mitigation-strategy\n  from operator\n",
			 abouts[i]);
		c = case_clean(text);
		need = need_of(c, "mitigation-strategy", "1.2");
		assert_met(c, &need, "plan");
		case_free(c);
	}
}

static void a_policy_says_what_a_report_extends_to(void **state)
{
	struct evidence_case *c =
		case_clean("evidence lab-3\n  about product gnb at 22.1.3\n  kind test-report\n  from Lab\n"
			   "  dated 2024-01-15\n  build 4F2A\n");
	struct evidence_need need = need_of(c, "test-report", "22.1.9");

	(void)state;
	assert_not_met(c, &need, "test-report lab-3 is for version 22.1.3, not 22.1.9");
	need.extends = EXTENDS_RELEASE;
	assert_met(c, &need, "lab-3");
	need.version = "22.1.1"; /* the same release, earlier */
	assert_met(c, &need, "lab-3");
	need.version = "22.2.3";
	assert_not_met(c, &need, "test-report lab-3 is for version 22.1.3, not 22.2.3");

	need.extends = EXTENDS_PATCHES;
	need.extends_for = (struct duration){ .months = 12 };
	need.version = "22.1.10";
	assert_met(c, &need, "lab-3");
	need.version = "22.1.3";
	assert_met(c, &need, "lab-3");
	need.version = "22.1.2";
	assert_not_met(c, &need, "test-report lab-3 is for version 22.1.3, not 22.1.2");
	need.version = "22.1.10";
	need.on = day("2025-01-15");
	assert_met(c, &need, "lab-3");
	need.on = day("2025-01-16");
	assert_not_met(c, &need, "test-report lab-3 is for version 22.1.3, too long ago to extend to 22.1.10");

	need = need_of(c, "test-report", "22.1.3");
	need.extends = EXTENDS_BUILD;
	assert_not_met(c, &need, "test-report lab-3 is for build 4F2A, not (not known)");
	need.build = "4f2b";
	assert_not_met(c, &need, "test-report lab-3 is for build 4F2A, not 4f2b");
	need.build = "4f2a";
	assert_met(c, &need, "lab-3");
	case_free(c);
}

static void versions_are_compared_by_components(void **state)
{
	static const char *const ascending[] = { "1",    "1.2",     "1.2.1", "1.2a", "1.9",
						 "1.10", "1.010.1", "2.R1",  "2.R2", "10" };

	(void)state;
	for (size_t i = 0; i < sizeof ascending / sizeof *ascending; i++)
		for (size_t k = 0; k < sizeof ascending / sizeof *ascending; k++)
			if (version_compare(ascending[i], ascending[k]) != (i < k ? -1 : i > k))
				fail_msg("%s and %s", ascending[i], ascending[k]);
	assert_int_equal(version_compare("1.02", "1.2"), 0);
	assert_int_equal(version_compare("99999999999999999999998", "99999999999999999999999"), -1);
	assert_true(version_same_release("22.1.3", "22.1.9"));
	assert_false(version_same_release("22.1.3", "22.1"));
	assert_false(version_same_release("22.1", "22.2.1"));
	assert_true(version_same_release("22", "22"));
	assert_false(version_same_release("22", "23"));
}

static void age_and_validity_are_asked_for(void **state)
{
	struct evidence_case *c =
		case_clean(REPORT "  valid until 2024-12-31\n"
				  "evidence undated\n  about product gnb at 2.0\n  kind test-report\n  from Lab\n"
				  "evidence range\n  about product gnb at 3.0\n  kind test-report\n  from Lab\n"
				  "  dated 2024-01-01 to 2024-02-01\n");
	struct evidence_need need = need_of(c, "test-report", "1.2");

	(void)state;
	need.not_before = day("2024-01-15");
	assert_met(c, &need, "lab-3");
	need.not_before = day("2024-01-16");
	assert_not_met(c, &need, "test-report lab-3 is of 2024-01-15, before 2024-01-16");
	need.not_before = DATE_NONE;
	need.on = day("2025-01-01");
	assert_not_met(c, &need, "test-report lab-3 was valid until 2024-12-31");
	need.on = day("2024-01-14");
	assert_not_met(c, &need, "test-report lab-3 is dated later, 2024-01-15");
	need = need_of(c, "test-report", "2.0");
	assert_met(c, &need, "undated");
	need.not_before = day("2000-01-01");
	assert_not_met(c, &need, "test-report undated is not dated");
	need.version = "3.0"; /* of a range the first day counts */
	need.not_before = day("2024-01-02");
	assert_not_met(c, &need, "test-report range is of 2024-01-01, before 2024-01-02");
	case_free(c);
}

static struct net *net_of(struct evidence_case *c, const char *vendors)
{
	struct net_input input = { NET_VENDORS, source_of_memory(c->arena, "vendors.csv", vendors, strlen(vendors)) };

	return net_load(c->arena, strs_new(c->arena), &c->diagnostics, &input, 1, NULL, 0, NULL);
}

static void independent_is_neither_the_vendor_nor_its_group(void **state)
{
	static const struct {
		const char *from;
		bool independent;
	} rows[] = {
		{ "Lab North", true },           { "acme", false },         { "ACME", false },
		{ "Acme  Networks Ltd", false }, { "acme labs", false },    { "acme-labs", false },
		{ "Acme Holding", false },       { "acme-holding", false }, { "beta", true },
		{ "anonymous", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[300];
		struct evidence_case *c;
		struct evidence_need need;
		struct evidence_answer answer;

		snprintf(text, sizeof text,
			 "evidence e\n  about product gnb at 1.2\n  kind test-report\n  from \"%s\"\n", rows[i].from);
		c = case_clean(text);
		need = need_of(c, "test-report", "1.2");
		need.net =
			net_of(c, "vendor,name,owner\nacme,Acme Networks Ltd,acme-holding\nacme-labs,Acme Labs,acme\n"
				  "acme-holding,Acme Holding,\nbeta,Beta,\n");
		assert_met(c, &need, "e");
		need.independent = true;
		answer = evidence_ask(c->evidence, &need, c->arena);
		if (answer.met != rows[i].independent)
			fail_msg("%s: %s", rows[i].from, answer.why);
		case_free(c);
	}
}

static void an_owner_need_not_be_a_vendor(void **state)
{
	struct evidence_case *c =
		case_clean("evidence e\n  about product gnb at 1.2\n  kind test-report\n  from \"mega corp\"\n");
	struct evidence_need need = need_of(c, "test-report", "1.2");

	(void)state;
	need.independent = true;
	need.net = net_of(c, "vendor,owner\nacme,Mega Corp\n");
	assert_not_met(c, &need, "test-report e is from mega corp, which is not independent of vendor acme");
	case_free(c);
}

/* A group is told by the name of its owner where the owner has no row of its own. */
static void sisters_under_an_owner_that_is_no_vendor_are_one_group(void **state)
{
	static const struct {
		const char *vendors;
		bool independent;
	} rows[] = {
		{ "vendor,owner\nacme,Mega Corp\nbeta,Mega Corp\n", false },
		{ "vendor,owner\nacme,sub\nsub,Mega Corp\nbeta,Mega Corp\n", false },
		{ "vendor,owner\nacme,Mega Corp\nbeta,Other Corp\n", true },
		{ "vendor,owner\nacme,none\nbeta,none\n", true },
		{ "vendor,owner\nacme,\nbeta,\n", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct evidence_case *c =
			case_clean("evidence e\n  about product gnb at 1.2\n  kind test-report\n  from beta\n");
		struct evidence_need need = need_of(c, "test-report", "1.2");

		need.independent = true;
		need.net = net_of(c, rows[i].vendors);
		if (evidence_ask(c->evidence, &need, c->arena).met != rows[i].independent)
			fail_msg("%s", rows[i].vendors);
		case_free(c);
	}
}

static void a_denied_independence_is_none(void **state)
{
	struct evidence_case *c = case_clean(REPORT "  independent no\n  paid by acme\n");
	struct evidence_need need = need_of(c, "test-report", "1.2");

	(void)state;
	assert_met(c, &need, "lab-3");
	need.independent = true;
	assert_not_met(c, &need, "test-report lab-3 is from Lab North, which is not independent of vendor acme");
	case_free(c);
}

static void coverage_that_is_not_stated_is_unknown(void **state)
{
	struct evidence_case *c =
		case_clean(REPORT "evidence lab-4\n  about product gnb at 2.0\n  kind test-report\n  from Lab\n"
				  "  covers 30% of code\n");
	struct evidence_need need = need_of(c, "test-report", "1.2");

	(void)state;
	need.covers = 0;
	assert_not_met(c, &need, "test-report lab-3 does not say how much it covers");
	need.version = "2.0";
	need.covers = 300000000;
	assert_met(c, &need, "lab-4");
	need.covers = 300000001;
	assert_not_met(c, &need, "test-report lab-4 covers 30% of code, 30.0000001% is needed");
	need.covers = 300000000;
	need.covers_what = "code";
	assert_met(c, &need, "lab-4");
	need.covers_what = "elements";
	assert_not_met(c, &need, "test-report lab-4 covers 30% of code, 30% of elements is needed");
	case_free(c);
}

static void a_document_below_its_threshold_is_not_valid(void **state)
{
	struct evidence_case *c =
		case_clean(REPORT "  grade C2\n"
				  "evidence s1\n  about vendor acme\n  kind statement\n  from A\n  grade B2\n");
	struct evidence_need need = need_of(c, "test-report", "1.2");

	(void)state;
	assert_not_met(c, &need, "test-report lab-3 is graded C2, B2 or better is needed");
	need.kind = "statement";
	assert_not_met(c, &need, "statement s1 has 1 independent origin, 2 are needed");
	case_read(c, "evidence s2\n  about vendor acme\n  kind statement\n  from a\n  grade B2\n");
	case_weigh(c, NULL);
	assert_not_met(c, &need, "statement s1 has 1 independent origin, 2 are needed");
	case_read(c, "evidence s3\n  about vendor acme\n  kind statement\n  from B\n  grade B2\n");
	case_weigh(c, NULL);
	assert_met(c, &need, "s1");
	case_free(c);
}

static void a_failed_test_is_not_what_was_asked_for(void **state)
{
	struct evidence_case *c = case_clean(REPORT "  says result = failed\n");
	struct evidence_need need = need_of(c, "test-report", "1.2");
	struct evidence_answer answer;

	(void)state;
	assert_not_met(c, &need, "test-report lab-3 says result = failed");
	case_read(c, "evidence lab-4\n  about product gnb at 1.2\n  says result = passed\n  kind test-report\n  from "
		     "\"Lab South\"\n");
	case_weigh(c, NULL);
	answer = evidence_ask(c->evidence, &need, c->arena);
	assert_true(answer.conflict);
	/* the same laboratory later: the earlier run is replaced */
	case_read(c, "evidence lab-5\n  about product gnb at 1.2\n  says result = passed\n  kind test-report\n  from "
		     "\"Lab North\"\n"
		     "  dated 2024-05-01\n");
	case_weigh(c, NULL);
	assert_met(c, &need, "lab-5");
	case_free(c);
}

static void different_things_do_not_contradict(void **state)
{
	struct evidence_case *c = case_clean(REPORT "  says encrypted = yes\n"
						    "evidence lab-4\n  about product gnb at 1.2\n  says backdoor = no\n"
						    "  kind test-report\n  from X\n  dated 2024-01-01\n");
	struct evidence_need need = need_of(c, "test-report", "1.2");

	(void)state;
	assert_met(c, &need, "lab-3");
	case_free(c);
}

static void what_is_planned_counts_only_if_assumed(void **state)
{
	struct evidence_case *c =
		case_clean("evidence p\n  about product gnb at 1.2\n  kind planned test-report\n  from Lab\n"
			   "  due 2025-01-01\n");
	struct evidence_need need = need_of(c, "test-report", "1.2");
	struct weighing assumed = { .on = c->on, .assume_plan = true };

	(void)state;
	assert_not_met(c, &need, "no test-report for product gnb at 1.2 is on file");
	evidence_weigh(c->evidence, &assumed);
	need.not_before = day("2024-01-01");
	assert_met(c, &need, "p");
	assert_true(evidence_ask(c->evidence, &need, c->arena).planned);
	case_read(c, REPORT);
	evidence_weigh(c->evidence, &assumed);
	assert_met(c, &need, "lab-3");
	assert_false(evidence_ask(c->evidence, &need, c->arena).planned);
	case_free(c);
}

static void what_is_left_out_is_not_on_file(void **state)
{
	struct evidence_case *c = case_clean(REPORT);
	struct evidence_need need = need_of(c, "test-report", "1.2");

	(void)state;
	case_weigh(c, "lab north");
	assert_not_met(c, &need, "no test-report for product gnb at 1.2 is on file");
	case_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_speaks_for_its_version),
		cmocka_unit_test(other_documents_speak_for_what_they_are_about),
		cmocka_unit_test(a_policy_says_what_a_report_extends_to),
		cmocka_unit_test(versions_are_compared_by_components),
		cmocka_unit_test(age_and_validity_are_asked_for),
		cmocka_unit_test(independent_is_neither_the_vendor_nor_its_group),
		cmocka_unit_test(an_owner_need_not_be_a_vendor),
		cmocka_unit_test(sisters_under_an_owner_that_is_no_vendor_are_one_group),
		cmocka_unit_test(a_denied_independence_is_none),
		cmocka_unit_test(coverage_that_is_not_stated_is_unknown),
		cmocka_unit_test(a_document_below_its_threshold_is_not_valid),
		cmocka_unit_test(a_failed_test_is_not_what_was_asked_for),
		cmocka_unit_test(different_things_do_not_contradict),
		cmocka_unit_test(what_is_planned_counts_only_if_assumed),
		cmocka_unit_test(what_is_left_out_is_not_on_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
