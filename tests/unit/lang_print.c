/* SPDX-License-Identifier: Apache-2.0 */
/*
 * # proviso-deps: base lang
 *
 * The canonical form: what it looks like, that comments stay where they are meant, and that printing again changes
 * nothing.
 */
#include "lang_text.h"

/* Prints text as expected, and expected as itself; nothing is said of either. */
static void expect(const char *text, const char *expected)
{
	struct text t;

	text_open(&t, text);
	assert_string_equal(text_said(&t), "");
	assert_string_equal(text_printed(&t), expected);
	text_close(&t);
	text_open(&t, expected);
	assert_string_equal(text_said(&t), "");
	assert_string_equal(text_printed(&t), expected);
	text_close(&t);
}

/* All that the language is for, in one policy and the evidence that it asks for. */
static const char example[] =
	"policy ncsc-2020\n"
	"  title  \"Equipment from high risk vendors in UK telecoms networks\"\n"
	"  source \"NCSC, advice of 28 January 2020\"\n"
	"  absent vendor.designated means no\n"
	"\n"
	"set high-risk = vendor.designated\n"
	"set core-part = layer is core or function in (OSS, EMS, NFVI, MANO)\n"
	"set access-part = layer is access\n"
	"\n"
	"rule core-exclusion\n"
	"  forbid high-risk in core-part\n"
	"\n"
	"rule access-share\n"
	"  limit high-risk to 35% of sites in access-part\n"
	"  limit high-risk to 35% of traffic in access-part\n"
	"  by 2023-01-28\n"
	"\n"
	"rule suppliers\n"
	"  require 2 vendors in access-part per region\n"
	"  limit any vendor to 60% of population in access-part per region\n"
	"\n"
	"rule continuity\n"
	"  require 65% of population served without any vendor\n"
	"\n"
	"rule tested\n"
	"  require evidence test-report for core-part within 24 months independent\n"
	"\n"
	"rule as-declared\n"
	"  allow gNB to AMF over N2\n"
	"  allow gNB to UPF over N3\n"
	"  allow OSS to any over ssh, netconf\n"
	"  deny rest\n"
	"\n"
	"rule tell\n"
	"  notify \"GCSB\" of core-part when new or changed\n"
	"\n"
	"evidence probe-2019\n"
	"  about   vendor acme\n"
	"  says    exfiltration = none-found\n"
	"  kind    probe\n"
	"  from    \"agency\"            # who knows it\n"
	"  through \"newspaper\"         # who reports it; the chain decides what is independent of what\n"
	"  dated   2019-02-20\n"
	"  grade   B2                  # source reliability A-F, credibility 1-6\n"
	"  covers  30%\n";

static const char canonical[] =
	"policy ncsc-2020\n"
	"  title \"Equipment from high risk vendors in UK telecoms networks\"\n"
	"  source \"NCSC, advice of 28 January 2020\"\n"
	"  absent vendor.designated means no\n"
	"\n"
	"set high-risk = vendor.designated\n"
	"\n"
	"set core-part = layer is core or function in (OSS, EMS, NFVI, MANO)\n"
	"\n"
	"set access-part = layer is access\n"
	"\n"
	"rule core-exclusion\n"
	"  forbid high-risk in core-part\n"
	"\n"
	"rule access-share\n"
	"  limit high-risk to 35% of sites in access-part\n"
	"  limit high-risk to 35% of traffic in access-part\n"
	"  by 2023-01-28\n"
	"\n"
	"rule suppliers\n"
	"  require 2 vendors in access-part per region\n"
	"  limit any vendor to 60% of population in access-part per region\n"
	"\n"
	"rule continuity\n"
	"  require 65% of population served without any vendor\n"
	"\n"
	"rule tested\n"
	"  require evidence test-report for core-part within 24 months independent\n"
	"\n"
	"rule as-declared\n"
	"  allow gNB to AMF over N2\n"
	"  allow gNB to UPF over N3\n"
	"  allow OSS to any over ssh, netconf\n"
	"  deny rest\n"
	"\n"
	"rule tell\n"
	"  notify \"GCSB\" of core-part when new or changed\n"
	"\n"
	"evidence probe-2019\n"
	"  about vendor acme\n"
	"  says exfiltration = none-found\n"
	"  kind probe\n"
	"  from \"agency\"  # who knows it\n"
	"  through \"newspaper\"  # who reports it; the chain decides what is independent of what\n"
	"  dated 2019-02-20\n"
	"  grade B2  # source reliability A-F, credibility 1-6\n"
	"  covers 30%\n";

static void an_example_in_canonical_form(void **state)
{
	struct text t;

	(void)state;
	text_open(&t, example);
	assert_string_equal(text_said(&t), "");
	assert_int_equal(t.document->count, 12);
	text_close(&t);
	expect(example, canonical);
}

static void spaces_and_blank_lines(void **state)
{
	(void)state;
	expect("", "");
	expect("\n\n", "");
	expect("set   a=b\n\n\n\n\tnote   \"c  d\"\nset e = ( f or g )and h in(i ,j)\n",
	       "set a = b\n  note \"c  d\"\n\nset e = (f or g) and h in (i, j)\n");
	expect("\357\273\277rule a\r\n forbid b in c\r\n\r\n by 2023-01-28",
	       "rule a\n  forbid b in c\n  by 2023-01-28\n");
	expect("x \"a \\\"b\\\" \\\\ c\" 1.20 035%", "x \"a \\\"b\\\" \\\\ c\" 1.20 035%\n");
	expect("x a<=2 b>c", "x a <= 2 b > c\n");
}

static void comments_of_stanzas_and_clauses(void **state)
{
	(void)state;
	expect("rule a# one\n  # two  \n\n b #three\n# four\n c\n     # five\n# six\n\n# seven\nrule d\n",
	       "rule a  # one\n  # two\n  b  #three\n  # four\n  c\n  # five\n\n# six\n\n# seven\nrule d\n");
}

static void groups_of_comments_stay_apart(void **state)
{
	(void)state;
	expect("# licence\n# more\n\n\n\n# of the file\n\nrule a\n b\n# end\n\n\n# very end",
	       "# licence\n# more\n\n# of the file\n\nrule a\n  b\n\n# end\n\n# very end\n");
	expect("   # indented\nrule a\n", "# indented\nrule a\n");
	expect("# nothing but this", "# nothing but this\n");
	expect("rule a\n  # last", "rule a\n  # last\n");
}

/* A comment within a clause explains what stands there: it holds its line break. */
static void comments_within_a_clause(void **state)
{
	(void)state;
	expect("set a = f in (b,   # one\n c, d,\n# two\n# three\n e,\n g) # four\n",
	       "set a = f in (b,  # one\n    c, d,\n    # two\n    # three\n    e, g)  # four\n");
	expect("rule a\n b c,\n  d,\n  e # one\n", "rule a\n  b c, d, e  # one\n");
}

static void lines_are_wrapped_after_commas(void **state)
{
	(void)state;
	/* 100 columns exactly, and one more. */
	expect("x aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "
	       "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
	       "x aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "
	       "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n");
	expect("x aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "
	       "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
	       "x aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,\n"
	       "    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n");
	/* Columns on the screen count, not bytes. */
	expect("x "
	       "\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274aaaaaaaaaaaaaaaaaaaaaaa"
	       "aaaaaaaaaaaaaaaaaaaaaa, "
	       "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
	       "x "
	       "\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274aaaaaaaaaaaaaaaaaaaaaaa"
	       "aaaaaaaaaaaaaaaaaaaaaa, "
	       "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n");
	/* Only after commas: what can't be broken is long. */
	expect("rule a\n  because "
	       "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "
	       "b\" c, d\n",
	       "rule a\n  because "
	       "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "
	       "b\" c,\n    d\n");
}

/* What was left out is not printed; the rest is in order. */
static void of_a_file_with_mistakes(void **state)
{
	struct text t;

	(void)state;
	text_open(&t, "rule a\n  b @ # c\n  d # e\nrule \"\n  # f\n  g\nrule h\n");
	assert_int_equal(t.diagnostics.errors, 2);
	assert_string_equal(text_printed(&t), "rule a\n  # c\n  d  # e\n  # f\n\nrule h\n");
	text_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_example_in_canonical_form),    cmocka_unit_test(spaces_and_blank_lines),
		cmocka_unit_test(comments_of_stanzas_and_clauses), cmocka_unit_test(groups_of_comments_stay_apart),
		cmocka_unit_test(comments_within_a_clause),        cmocka_unit_test(lines_are_wrapped_after_commas),
		cmocka_unit_test(of_a_file_with_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
