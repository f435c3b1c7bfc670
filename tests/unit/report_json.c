/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The assessment as JSON, byte for byte, and the two other lists that machines read: diagnostics and questions.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan report
 */
#include "report_case.h"

static void fill(struct report_case *c)
{
	static const struct assessment_input inputs[] = { { "case.proviso", "ab12" } };
	static const char *const settles[] = { "nz-5g/access-share" };
	static struct unknown_fact unknown[] = { { "vendor/kauri", "designated", settles, 1, 12 } };
	static const struct policy_silence silences[] = { { "vendor/rata", "designated", "no" } };
	static struct metric_share shares[] = { { "kauri", 600000000, 6 * (wide)MICRO },
						{ "rata", 400000000, 4 * (wide)MICRO } };
	static struct metric metrics[] = { { "access", "sites", shares, 2, 520000000, 1923076 } };
	static struct proviso provisos[] = { { "nz-5g", "core", "replace it", "operator", DATE_NONE, "none left", NULL,
					       "gnb-1", true, 1200500000, NULL } };
	struct finding *f = case_finding(c, "access-share", FINDING_UNKNOWN);

	f->group = "Auckland";
	f->low = 333333333;
	f->high = 500000000;
	f->numerator = MICRO;
	f->denominator = 3 * (wide)MICRO;
	f->by = day("2026-12-31");
	f->grade = "A1";
	f->explanation = "33.3% to 50%";
	f->witnesses[0] = "gnb-1";
	f->witnesses_kept = 1;
	f->witness_count = 24;
	f = case_finding(c, "core", FINDING_HOLDS);
	f->statement = "forbid high-risk in core-part";
	f->kind = "forbid";
	f->measured = UNIT_COUNT;
	f->unit = "elements";
	f->low = f->high = f->bound = 0;
	f->source = NULL;
	f->vacuous = true;
	f = case_finding(c, "tell", FINDING_NOTIFIABLE);
	f->statement = "notify \"GCSB\" of core-part when new";
	f->kind = "notify";
	f->measured = UNIT_NONE;
	f->bound_op = NULL;
	c->a.inputs = inputs;
	c->a.input_count = 1;
	c->a.findings.unknown = unknown;
	c->a.findings.unknown_count = 1;
	c->a.silences = silences;
	c->a.silence_count = 1;
	c->a.metrics = metrics;
	c->a.metric_count = 1;
	c->a.provisos = provisos;
	c->a.proviso_count = 1;
	c->a.confirmation = (struct confirmation){ .elements = 8,
						   .confirmed = { 3, 1, 0 },
						   .traffic_of = "elements",
						   .traffic = 40 * (wide)MICRO,
						   .traffic_confirmed = { 10 * (wide)MICRO, 4 * (wide)MICRO, 0 },
						   .traffic_missing = 2 };
	c->a.synthetic = true;
}

static const char expected[] = "{\n"
			       "  \"verdict\": \"fails-as-it-stands\",\n"
			       "  \"exit\": 4,\n"
			       "  \"on\": \"2024-06-30\",\n"
			       "  \"network\": \"proposed\",\n"
			       "  \"title\": \"Upgrade\",\n"
			       "  \"operator\": \"Aotearoa Mobile\",\n"
			       "  \"planned\": false,\n"
			       "  \"synthetic\": true,\n"
			       "  \"version\": \"0.1.0\",\n"
			       "  \"inputs\": [\n"
			       "    {\n"
			       "      \"path\": \"case.proviso\",\n"
			       "      \"sha256\": \"ab12\"\n"
			       "    }\n"
			       "  ],\n"
			       "  \"findings\": [\n"
			       "    {\n"
			       "      \"policy\": \"nz-5g\",\n"
			       "      \"rule\": \"access-share\",\n"
			       "      \"statement\": \"limit high-risk to 35% of sites in access-part per region\",\n"
			       "      \"kind\": \"limit\",\n"
			       "      \"status\": \"unknown\",\n"
			       "      \"vacuous\": false,\n"
			       "      \"worsened\": false,\n"
			       "      \"subject\": \"\",\n"
			       "      \"group\": \"Auckland\",\n"
			       "      \"measure\": {\n"
			       "        \"low\": 0.333333333,\n"
			       "        \"high\": 0.500000000,\n"
			       "        \"unit\": \"share\",\n"
			       "        \"numerator\": 1,\n"
			       "        \"denominator\": 3\n"
			       "      },\n"
			       "      \"bound\": {\n"
			       "        \"op\": \"<=\",\n"
			       "        \"value\": 0.350000000\n"
			       "      },\n"
			       "      \"by\": \"2026-12-31\",\n"
			       "      \"source\": \"NCSC, 28 January 2020\",\n"
			       "      \"grade\": \"A1\",\n"
			       "      \"explanation\": \"33.3% to 50%\",\n"
			       "      \"witnesses\": {\n"
			       "        \"count\": 24,\n"
			       "        \"elements\": [\n"
			       "          \"gnb-1\"\n"
			       "        ]\n"
			       "      }\n"
			       "    },\n"
			       "    {\n"
			       "      \"policy\": \"nz-5g\",\n"
			       "      \"rule\": \"core\",\n"
			       "      \"statement\": \"forbid high-risk in core-part\",\n"
			       "      \"kind\": \"forbid\",\n"
			       "      \"status\": \"holds\",\n"
			       "      \"vacuous\": true,\n"
			       "      \"worsened\": false,\n"
			       "      \"subject\": \"\",\n"
			       "      \"group\": \"\",\n"
			       "      \"measure\": {\n"
			       "        \"low\": 0,\n"
			       "        \"high\": 0,\n"
			       "        \"unit\": \"elements\",\n"
			       "        \"numerator\": null,\n"
			       "        \"denominator\": null\n"
			       "      },\n"
			       "      \"bound\": {\n"
			       "        \"op\": \"<=\",\n"
			       "        \"value\": 0\n"
			       "      },\n"
			       "      \"by\": null,\n"
			       "      \"source\": null,\n"
			       "      \"grade\": null,\n"
			       "      \"explanation\": \"\",\n"
			       "      \"witnesses\": {\n"
			       "        \"count\": 0,\n"
			       "        \"elements\": []\n"
			       "      }\n"
			       "    },\n"
			       "    {\n"
			       "      \"policy\": \"nz-5g\",\n"
			       "      \"rule\": \"tell\",\n"
			       "      \"statement\": \"notify \\\"GCSB\\\" of core-part when new\",\n"
			       "      \"kind\": \"notify\",\n"
			       "      \"status\": \"notifiable\",\n"
			       "      \"vacuous\": false,\n"
			       "      \"worsened\": false,\n"
			       "      \"subject\": \"\",\n"
			       "      \"group\": \"\",\n"
			       "      \"measure\": null,\n"
			       "      \"bound\": null,\n"
			       "      \"by\": null,\n"
			       "      \"source\": \"NCSC, 28 January 2020\",\n"
			       "      \"grade\": null,\n"
			       "      \"explanation\": \"\",\n"
			       "      \"witnesses\": {\n"
			       "        \"count\": 0,\n"
			       "        \"elements\": []\n"
			       "      }\n"
			       "    }\n"
			       "  ],\n"
			       "  \"provisos\": [\n"
			       "    {\n"
			       "      \"policy\": \"nz-5g\",\n"
			       "      \"rule\": \"core\",\n"
			       "      \"what\": \"replace it\",\n"
			       "      \"who\": \"operator\",\n"
			       "      \"by\": null,\n"
			       "      \"closes\": \"none left\",\n"
			       "      \"source\": null,\n"
			       "      \"where\": \"gnb-1\",\n"
			       "      \"cost\": 1200.5\n"
			       "    }\n"
			       "  ],\n"
			       "  \"plan\": null,\n"
			       "  \"unknown_facts\": [\n"
			       "    {\n"
			       "      \"subject\": \"vendor/kauri\",\n"
			       "      \"attribute\": \"designated\",\n"
			       "      \"settles\": [\n"
			       "        \"nz-5g/access-share\"\n"
			       "      ],\n"
			       "      \"elements\": 12\n"
			       "    }\n"
			       "  ],\n"
			       "  \"unknown_facts_dropped\": 0,\n"
			       "  \"silences\": [\n"
			       "    {\n"
			       "      \"subject\": \"vendor/rata\",\n"
			       "      \"attribute\": \"designated\",\n"
			       "      \"value\": \"no\"\n"
			       "    }\n"
			       "  ],\n"
			       "  \"metrics\": {\n"
			       "    \"access\": {\n"
			       "      \"sites\": {\n"
			       "        \"shares\": {\n"
			       "          \"kauri\": 0.600000000,\n"
			       "          \"rata\": 0.400000000\n"
			       "        },\n"
			       "        \"effective_vendors\": 1.923076,\n"
			       "        \"hhi\": 0.520000000\n"
			       "      }\n"
			       "    }\n"
			       "  },\n"
			       "  \"confirmed\": {\n"
			       "    \"elements\": 8,\n"
			       "    \"traffic_of\": \"elements\",\n"
			       "    \"traffic_missing\": 2,\n"
			       "    \"vendor\": {\n"
			       "      \"elements\": 3,\n"
			       "      \"share\": 0.375000000,\n"
			       "      \"traffic_share\": 0.250000000\n"
			       "    },\n"
			       "    \"version\": {\n"
			       "      \"elements\": 1,\n"
			       "      \"share\": 0.125000000,\n"
			       "      \"traffic_share\": 0.100000000\n"
			       "    },\n"
			       "    \"both\": {\n"
			       "      \"elements\": 0,\n"
			       "      \"share\": 0.000000000,\n"
			       "      \"traffic_share\": 0.000000000\n"
			       "    }\n"
			       "  }\n"
			       "}\n";

static void assessment_as_json(void **state)
{
	struct report_case *c = case_new();

	(void)state;
	fill(c);
	assert_string_equal(case_json(c), expected);
	case_free(c);
}

static void count_without_upper_bound(void **state)
{
	struct report_case *c = case_new();
	struct finding *f = case_finding(c, "core", FINDING_UNKNOWN);

	(void)state;
	f->measured = UNIT_COUNT;
	f->unit = "capacity";
	f->low = 2500000;
	f->high = INT64_MAX;
	assert_has(case_json(c), "\"low\": 2.5,\n        \"high\": null,");
	case_free(c);
}

static void diagnostics_as_json(void **state)
{
	struct arena *arena = arena_new();
	struct sink *s = sink_to_memory(arena);
	struct diagnostics all;

	(void)state;
	diagnostics_init(&all, arena);
	diagnose(&all, SEVERITY_ERROR, "dangling-reference", (struct place){ "elements.csv", 14, 8 },
		 "vendor \"acmee\" is not in vendors.csv");
	diagnose(&all, SEVERITY_WARNING, "rule-without-source", (struct place){ 0 }, "no source");
	report_diagnostics_json(&all, EXIT_BAD_INPUT, s);
	assert_string_equal(sink_memory(s, NULL), "{\n"
						  "  \"exit\": 65,\n"
						  "  \"diagnostics\": [\n"
						  "    {\n"
						  "      \"code\": \"dangling-reference\",\n"
						  "      \"severity\": \"error\",\n"
						  "      \"file\": \"elements.csv\",\n"
						  "      \"line\": 14,\n"
						  "      \"column\": 8,\n"
						  "      \"text\": \"vendor \\\"acmee\\\" is not in vendors.csv\"\n"
						  "    },\n"
						  "    {\n"
						  "      \"code\": \"rule-without-source\",\n"
						  "      \"severity\": \"warning\",\n"
						  "      \"file\": null,\n"
						  "      \"line\": 0,\n"
						  "      \"column\": 0,\n"
						  "      \"text\": \"no source\"\n"
						  "    }\n"
						  "  ]\n"
						  "}\n");
	diagnostics_free(&all);
	arena_free(arena);
}

static void questions_as_csv(void **state)
{
	static const char *const settles[] = { "a/b", "a/c" };
	struct unknown_fact unknown[] = {
		{ "element/gnb-1", "vendor", settles, 2, 1 }, { "site/Te \"Anau\", 1", "floor", settles, 1, 3 },
		{ "=cmd|' /C calc'!A0", "@x", NULL, 0, 0 },   { "param/cap", "value", NULL, 0, 0 },
		{ "network", "traffic", NULL, 0, 0 },
	};
	struct report_case *c = case_new();
	struct sink *s = sink_to_memory(c->arena);

	(void)state;
	c->a.findings.unknown = unknown;
	c->a.findings.unknown_count = 5;
	report_questions(&c->a, s);
	assert_string_equal(
		sink_memory(s, NULL),
		"subject,attribute,question,settles,elements,value,source\n"
		"element/gnb-1,vendor,Which vendor supplies element gnb-1?,a/b a/c,1,,\n"
		"\"site/Te \"\"Anau\"\", 1\",floor,\"What is the floor of site Te \"\"Anau\"\", 1?\",a/b,3,,\n"
		"'=cmd|' /C calc'!A0,'@x,What is the @x of =cmd|' /C calc'!A0?,,0,,\n"
		"param/cap,value,Which value has the policy's parameter cap?,,0,,\n"
		"network,traffic,What is the traffic of each site or element? No file has a column of numbers so called.,,0,,\n");
	case_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(assessment_as_json),
		cmocka_unit_test(count_without_upper_bound),
		cmocka_unit_test(diagnostics_as_json),
		cmocka_unit_test(questions_as_csv),
	};

	return cmocka_run_group_tests_name("report json", tests, NULL, NULL);
}
