/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results of SCAS tests and NESAS audits: the form in CSV and JSON, what becomes a claim, which specification applies
 * to which function.
 *
 * # proviso-deps: base lang net evidence
 */
#include "evidence_corpus.h"

struct result {
	struct arena *arena;
	struct diagnostics diagnostics;
	struct imported *imported;
};

static struct result run(const char *text)
{
	struct result r = { .arena = arena_new() };

	diagnostics_init(&r.diagnostics, r.arena);
	r.imported = import_text(r.arena, "scas", text, &r.diagnostics);
	assert_non_null(r.imported);
	return r;
}

static void done(struct result *r)
{
	diagnostics_free(&r->diagnostics);
	arena_free(r->arena);
}

static void assert_refused(const char *text, const char *words)
{
	struct result r = run(text);

	assert_true(r.imported->refused);
	assert_int_equal(r.imported->count, 0);
	if (!strstr(r.diagnostics.items[0].text, words))
		fail_msg("\"%s\" is not in \"%s\"", words, r.diagnostics.items[0].text);
	done(&r);
}

static const struct claim *claim_that(const struct imported *imported, const char *attribute)
{
	for (size_t i = 0; i < imported->count; i++)
		if (!strcmp(imported->claims[i].attribute, attribute))
			return &imported->claims[i];
	fail_msg("no claim %s", attribute);
	return NULL;
}

static const char table[] =
	"product,version,function,laboratory,accreditation,ts,ts_version,test_case,result,date,valid_until,build\n"
	"acme-amf,1.2,AMF,Lab North,D-PL-1,33.117,17.2.0,TC_A,passed,2024-01-15,2026-01-15,beef01\n"
	"acme-amf,1.2,AMF,Lab North,D-PL-1,TS 33.512,17.2.0,TC_C,passed,2024-01-15,2026-01-15,beef01\n"
	"acme-amf,1.2,AMF,Lab North,D-PL-1,3GPP TS 33.117,17.2.0,TC_B,not-applicable,2024-01-15,2026-01-15,beef01\n";

static const char tree[] = "{\"reports\": [{\"product\": \"acme-amf\", \"version\": \"1.2\", \"function\": \"AMF\","
			   " \"laboratory\": \"Lab North\", \"accreditation\": \"D-PL-1\", \"date\": \"2024-01-15\","
			   " \"valid_until\": \"2026-01-15\", \"build\": \"beef01\", \"specifications\": ["
			   "  {\"ts\": \"33.117\", \"ts_version\": \"17.2.0\", \"cases\": [{\"test_case\": \"TC_A\", "
			   "\"result\": \"passed\"},"
			   "    {\"test_case\": \"TC_B\", \"result\": \"not-applicable\"}]},"
			   "  {\"ts\": \"33.512\", \"ts_version\": \"17.2.0\", \"passed\": 1}]}]}";

static void a_table_and_a_tree_say_the_same(void **state)
{
	const char *texts[] = { table, tree };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct result r = run(texts[i]);
		const struct claim *claim;

		assert_false(r.imported->refused);
		assert_int_equal(r.diagnostics.count, 0);
		assert_int_equal(r.imported->count, 5);
		claim = claim_that(r.imported, "result");
		assert_string_equal(claim->kind, "test-report");
		assert_string_equal(claim->value, "passed");
		assert_string_equal(claim->subject, "acme-amf");
		assert_string_equal(claim->version, "1.2");
		assert_string_equal(claim->from, "Lab North");
		assert_string_equal(claim->build, "beef01");
		assert_int_equal(claim->dated, day("2024-01-15"));
		assert_int_equal(claim->valid_until, day("2026-01-15"));
		assert_string_equal(claim->note,
				    "TS 33.117 version 17.2.0; TS 33.512 version 17.2.0; accreditation D-PL-1");
		claim = claim_that(r.imported, "scas:33.117");
		assert_string_equal(claim->kind, "scas");
		assert_string_equal(claim->value, "passed");
		assert_string_equal(claim_that(r.imported, "scas:33.117:cases")->value,
				    "1 passed, 0 failed, 1 not applicable");
		assert_reads_back(r.arena, r.imported);
		done(&r);
	}
}

static void one_failed_case_fails_the_report(void **state)
{
	struct result r = run("product,version,laboratory,ts,passed,failed,not_applicable\np,1,L,33.117,40,2,1\np,1,L,"
			      "33.511,10,0,0\n");

	(void)state;
	assert_string_equal(claim_that(r.imported, "scas:33.117")->value, "failed");
	assert_string_equal(claim_that(r.imported, "scas:33.117:cases")->value,
			    "40 passed, 2 failed, 1 not applicable");
	assert_string_equal(claim_that(r.imported, "scas:33.511")->value, "passed");
	assert_string_equal(claim_that(r.imported, "result")->value, "failed");
	done(&r);
}

static void an_audit_is_about_the_vendor(void **state)
{
	struct result r = run("artefact,vendor,product,laboratory,scheme,ts,result,date\n"
			      "audit,acme,5G core line,Auditor,NESAS 2.3,FS.16,passed,2024-01-15\n");
	const struct claim *claim = claim_that(r.imported, "nesas:FS.16");

	(void)state;
	assert_int_equal(r.imported->count, 2);
	assert_string_equal(claim->kind, "nesas-audit");
	assert_int_equal(claim->about, ABOUT_VENDOR);
	assert_string_equal(claim->subject, "acme");
	assert_null(claim->version);
	assert_string_equal(claim->note, "FS.16: 1 passed, 0 failed, 0 not applicable; 5G core line; NESAS 2.3");
	done(&r);
}

static void what_can_not_be_used_is_counted(void **state)
{
	struct result r =
		run("artefact,vendor,product,version,laboratory,ts,result\n,,p,,L,33.117,passed\n,,,1,L,33.117,passed\n"
		    "audit,,p,1,L,FS.16,passed\n,,p,1,L,ISO "
		    "15408,passed\nreview,,p,1,L,33.117,passed\n,,p,1,L,33.117,passed\n");

	(void)state;
	assert_false(r.imported->refused);
	assert_int_equal(r.imported->balance.read, 6);
	assert_int_equal(r.imported->balance.used, 1);
	assert_int_equal(r.imported->balance.reason_count, 5);
	assert_string_equal(r.imported->balance.reasons[0].example, "line 2");
	done(&r);
}

static void mistakes_are_refused(void **state)
{
	(void)state;
	assert_refused("", "there is no header");
	assert_refused("produkt,version\n", "no column is called \"produkt\" (did you mean \"product\"?)");
	assert_refused("ts,ts\n", "column \"ts\" stands twice");
	assert_refused("product,version,ts,result\np,1,33.117,ok\n",
		       "\"ok\" is none of passed, failed, not-applicable");
	assert_refused("product,version,ts,passed\np,1,33.117,-1\n", "passed is no number of test cases");
	assert_refused("product,version,ts,result,date\np,1,33.117,passed,2024-02-30\n", "date is no day");
	assert_refused("product,version,ts\np,1,33.117\n", "neither a result nor a number");
	assert_refused("product,version\np,1,3\n", "3 cells, the header has 2");
	assert_refused("{\"reports\": 1}", "there is no list \"reports\"");
	assert_refused("{\"reports\": [1]}", "an object is needed");
	assert_refused("{\"reports\": [{\"produkt\": \"p\"}]}", "no column is called \"produkt\"");
	assert_refused("{\"reports\": [{\"product\": []}]}", "neither a text nor a whole number");
}

static void the_specification_of_the_function_should_be_there(void **state)
{
	struct result r = run("product,version,function,laboratory,ts,result\np,1,AMF,L,33.117,passed\n");

	(void)state;
	assert_int_equal(r.diagnostics.warnings, 1);
	assert_non_null(strstr(r.diagnostics.items[0].text, "TS 33.512 applies to AMF"));
	assert_false(r.imported->refused);
	done(&r);
}

static void each_function_has_its_specification(void **state)
{
	(void)state;
	assert_string_equal(scas_of_function("AMF").ts, "33.512");
	assert_true(scas_of_function("AMF").own);
	assert_false(scas_of_function("AMF").unverified);
	assert_true(scas_of_function("NWDAF").unverified);
	assert_string_equal(scas_of_function("NSSF").ts, "33.117");
	assert_false(scas_of_function("NSSF").own);
	for (size_t i = 0, own = 0; i < net_function_count; i++) {
		own += scas_of_function(net_functions[i].name).own;
		if (i + 1 == net_function_count)
			assert_true(own >= 30); /* no row of the table is about a function that nobody knows */
	}
}

/* `require evidence scas`: only the specification that applies to the element's function counts. */
static void a_need_looks_at_the_function(void **state)
{
	struct result r = run("product,version,laboratory,ts,result\np,1,L,33.117,passed\np,1,L,33.512,failed\n");
	struct evidence_case *c = case_clean("");
	struct evidence_need need = { .kind = "scas",
				      .vendor = "v",
				      .product = "p",
				      .version = "1",
				      .on = c->on,
				      .not_before = DATE_NONE,
				      .covers = -1 };
	struct evidence_answer answer;

	(void)state;
	for (size_t i = 0; i < r.imported->count; i++)
		assert_true(evidence_add_claim(c->evidence, &r.imported->claims[i]));
	case_weigh(c, NULL);
	need.function = "NSSF";
	assert_true(evidence_ask(c->evidence, &need, c->arena).met);
	need.function = "AMF";
	answer = evidence_ask(c->evidence, &need, c->arena);
	assert_false(answer.met);
	assert_non_null(strstr(answer.why, "says scas:33.512 = failed"));
	need.function = "SMF";
	assert_false(evidence_ask(c->evidence, &need, c->arena).met);
	need.kind = "test-report";
	answer = evidence_ask(c->evidence, &need, c->arena);
	assert_false(answer.met);
	assert_non_null(strstr(answer.why, "says result = failed"));
	case_free(c);
	done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_and_a_tree_say_the_same),
		cmocka_unit_test(one_failed_case_fails_the_report),
		cmocka_unit_test(an_audit_is_about_the_vendor),
		cmocka_unit_test(what_can_not_be_used_is_counted),
		cmocka_unit_test(mistakes_are_refused),
		cmocka_unit_test(the_specification_of_the_function_should_be_there),
		cmocka_unit_test(each_function_has_its_specification),
		cmocka_unit_test(a_need_looks_at_the_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
