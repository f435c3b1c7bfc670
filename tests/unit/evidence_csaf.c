/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSAF 2.0: what becomes a claim, what is left out, what is refused and why. The standard's own test documents are run
 * where the corpus is.
 *
 * # proviso-deps: base lang net evidence
 */
#include "evidence_corpus.h"

#include <stdio.h>

/* A whole VEX document by hand; each test puts something else into it. */
static const char whole[] =
	"{\"document\": {\"category\": \"%s\", \"csaf_version\": \"2.0\", \"title\": \"T\","
	"  \"distribution\": {\"tlp\": {\"label\": \"WHITE\"}},"
	"  \"publisher\": {\"category\": \"vendor\", \"name\": \"Acme PSIRT\", \"namespace\": "
	"\"https://acme.example\"},"
	"  \"tracking\": {\"current_release_date\": \"2024-03-01T23:30:00-02:00\", \"id\": \"ACME-SA-7\","
	"    \"initial_release_date\": \"2024-01-01T00:00:00Z\", \"status\": \"%s\", \"version\": \"%s\","
	"    \"revision_history\": [%s]}},"
	" \"product_tree\": {\"branches\": [{\"category\": \"vendor\", \"name\": \"Acme\", \"branches\": ["
	"   {\"category\": \"product_name\", \"name\": \"acme-gnb\", \"branches\": ["
	"    {\"category\": \"product_version\", \"name\": \"1.2\", \"product\": {\"name\": \"Acme gNB 1.2\", "
	"\"product_id\": \"P1\"}},"
	"    {\"category\": \"product_version\", \"name\": \"1.3\", \"product\": {\"name\": \"Acme gNB 1.3\", "
	"\"product_id\": \"P2\"}},"
	"    {\"category\": \"product_version_range\", \"name\": \"<1.0\", \"product\": {\"name\": \"Acme gNB old\", "
	"\"product_id\": "
	"\"P3\"}}]}]}]},"
	" \"vulnerabilities\": [%s]}";

static const char history[] = "{\"date\": \"2024-01-01T00:00:00Z\", \"number\": \"1\", \"summary\": \"first\"}";
static const char statuses[] = "{\"cve\": \"CVE-2024-0001\", \"title\": \"Overflow\", \"product_status\": "
			       "{\"known_affected\": [\"P1\", \"P3\"],"
			       " \"first_fixed\": [\"P2\"], \"recommended\": [\"P2\"]}}";

struct result {
	struct arena *arena;
	struct diagnostics diagnostics;
	struct imported *imported;
};

static struct result run(const char *text)
{
	struct result r = { .arena = arena_new() };

	diagnostics_init(&r.diagnostics, r.arena);
	r.imported = import_text(r.arena, "csaf", text, &r.diagnostics);
	assert_non_null(r.imported);
	return r;
}

static void done(struct result *r)
{
	diagnostics_free(&r->diagnostics);
	arena_free(r->arena);
}

static struct result run_whole(const char *category, const char *status, const char *version, const char *revisions,
			       const char *v)
{
	struct arena *arena = arena_new();
	struct result r = run(arena_printf(arena, whole, category, status, version, revisions, v));

	arena_free(arena);
	return r;
}

static void assert_refused(struct result r, const char *words)
{
	assert_true(r.imported->refused);
	assert_int_equal(r.imported->count, 0);
	assert_true(r.diagnostics.errors > 0);
	for (size_t i = 0; i < r.diagnostics.count; i++)
		if (strstr(r.diagnostics.items[i].text, words)) {
			done(&r);
			return;
		}
	fail_msg("\"%s\" is not in \"%s\"", words, r.diagnostics.items[0].text);
}

static void statuses_become_claims(void **state)
{
	struct result r = run_whole("csaf_base", "final", "1", history, statuses);
	const struct claim *claims = r.imported->claims;

	(void)state;
	assert_int_equal(r.diagnostics.count, 0);
	assert_int_equal(r.imported->count, 2); /* first fixed and recommended are one: it is fixed */
	assert_int_equal(r.imported->balance.read, 4);
	assert_int_equal(r.imported->balance.used, 3);
	assert_int_equal(r.imported->balance.reason_count, 1);
	assert_int_equal(r.imported->balance.reasons[0].count, 1);
	assert_string_equal(r.imported->balance.reasons[0].example, "Acme gNB old CVE-2024-0001");
	assert_int_equal(claims[0].about, ABOUT_PRODUCT);
	assert_string_equal(claims[0].subject, "acme-gnb");
	assert_string_equal(claims[0].version, "1.2");
	assert_string_equal(claims[0].attribute, "CVE-2024-0001");
	assert_string_equal(claims[0].value, "known-affected");
	assert_string_equal(claims[0].kind, "advisory");
	assert_string_equal(claims[0].from, "Acme PSIRT");
	assert_int_equal(claims[0].dated, day("2024-03-02")); /* 01:30 in Greenwich */
	assert_string_equal(claims[0].tlp, "CLEAR");
	assert_string_equal(claims[0].note, "Overflow");
	assert_string_equal(claims[0].source, "ACME-SA-7, version 1");
	assert_string_equal(claims[0].file, "document.json");
	assert_int_equal(strlen(claims[0].sha256), 64);
	assert_string_equal(claims[1].version, "1.3");
	assert_string_equal(claims[1].value, "fixed");
	assert_string_not_equal(claims[0].name, claims[1].name);
	assert_reads_back(r.arena, r.imported);
	done(&r);
}

static void the_claims_say_why_it_is_not_affected(void **state)
{
	struct result r =
		run_whole("csaf_vex", "final", "1", history,
			  "{\"cve\": \"CVE-2024-0001\", \"notes\": [{\"category\": \"summary\", \"text\": \"x\"}],"
			  " \"flags\": [{\"label\": \"component_not_present\", \"product_ids\": [\"P1\"]}],"
			  " \"product_status\": {\"known_not_affected\": [\"P1\"]}}");

	(void)state;
	assert_int_equal(r.imported->count, 1);
	assert_string_equal(r.imported->claims[0].value, "not-affected");
	assert_string_equal(r.imported->claims[0].note, "component_not_present");
	done(&r);
}

static void a_vulnerability_without_a_number_is_left_out(void **state)
{
	struct result r = run_whole("csaf_base", "final", "1", history,
				    "{\"title\": \"Thing\", \"product_status\": {\"fixed\": [\"P1\"]}}");

	(void)state;
	assert_int_equal(r.imported->count, 0);
	assert_false(r.imported->refused);
	assert_string_equal(r.imported->balance.reasons[0].reason, "vulnerability without a number");
	done(&r);
}

static void what_breaks_the_schema_is_refused(void **state)
{
	(void)state;
	assert_refused(run("{"), "");
	assert_refused(run("[]"), "an object is needed (/)");
	assert_refused(run("{\"a\": 1, \"a\": 2}"), "duplicate");
	assert_refused(run("{}"), "\"document\" is missing");
	assert_refused(run("{\"document\": {\"title\": 3}}"), "a text is needed (/document/title)");
	assert_refused(run_whole("csaf_base", "done", "1", history, statuses),
		       "\"done\" is none of: draft final interim");
	assert_refused(run_whole("csaf_base", "final", "01", history, statuses), "\"01\" is not a version");
	assert_refused(run_whole("csaf_base", "final", "1.0", history, statuses), "\"1.0\" is not a version");
	assert_refused(run_whole("csaf_base", "final", "1", "", statuses), "a list of 0 items");
	assert_refused(run_whole("csaf_base", "final", "1",
				 "{\"date\": \"2024-02-30T00:00:00Z\", \"number\": \"1\", \"summary\": \"x\"}",
				 statuses),
		       "not a date and time");
	assert_refused(run_whole("csaf_base", "final", "1", history, "{\"cve\": \"CVE-24-1\"}"),
		       "not a CVE number (/vulnerabilities/0/cve)");
	assert_refused(
		run_whole("csaf_base", "final", "1", history, "{\"product_status\": {\"fixed\": [\"P1\", \"P1\"]}}"),
		"the same item twice in one list (/vulnerabilities/0/product_status/fixed/1)");
}

static void what_breaks_a_test_is_refused_with_its_number(void **state)
{
	(void)state;
	assert_refused(run_whole("csaf_base", "final", "1", history, "{\"product_status\": {\"fixed\": [\"P9\"]}}"),
		       "6.1.1 missing definition of product id: \"P9\" is defined nowhere");
	assert_refused(run_whole("csaf_base", "final", "1", history,
				 "{\"product_status\": {\"fixed\": [\"P1\"], \"known_affected\": [\"P1\"]}}"),
		       "6.1.6 contradicting");
	assert_refused(run_whole("csaf_base", "final", "2", history, statuses), "6.1.16 latest document version");
	assert_refused(run_whole("csaf_vex", "final", "1", history, statuses), "6.1.27.5 vulnerability notes");
	assert_refused(run_whole("csaf_base", "final", "1", history,
				 "{\"cwe\": {\"id\": \"CWE-79\", \"name\": \"Double Free\"}}"),
		       "6.1.11 CWE: CWE-79 is");
}

/* Scores worked out with the formulas of the specifications. */
static void scores_are_computed(void **state)
{
	static const struct {
		const char *score, *mistake; /* NULL: right */
	} rows[] = {
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": "
		  "\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\", \"baseScore\": 9.8,"
		  " \"baseSeverity\": \"CRITICAL\"}",
		  NULL },
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": "
		  "\"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H\", \"baseScore\": 9.9,"
		  " \"baseSeverity\": \"CRITICAL\"}",
		  NULL },
		{ "\"cvss_v3\": {\"version\": \"3.0\", \"vectorString\": "
		  "\"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N\", \"baseScore\": 6.1,"
		  " \"baseSeverity\": \"MEDIUM\"}",
		  NULL },
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": "
		  "\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N\", \"baseScore\": 0,"
		  " \"baseSeverity\": \"NONE\"}",
		  NULL },
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": "
		  "\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C\","
		  " \"baseScore\": 9.8, \"baseSeverity\": \"CRITICAL\", \"temporalScore\": 8.8, \"temporalSeverity\": "
		  "\"HIGH\"}",
		  NULL },
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": "
		  "\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:L/MA:N\","
		  " \"baseScore\": 9.8, \"baseSeverity\": \"CRITICAL\", \"environmentalScore\": 7.7}",
		  NULL },
		{ "\"cvss_v2\": {\"version\": \"2.0\", \"vectorString\": \"AV:N/AC:L/Au:N/C:C/I:C/A:C\", "
		  "\"baseScore\": 10}",
		  NULL },
		{ "\"cvss_v2\": {\"version\": \"2.0\", \"vectorString\": \"AV:N/AC:L/Au:N/C:N/I:N/A:C\", "
		  "\"baseScore\": 7.8}",
		  NULL },
		{ "\"cvss_v2\": {\"version\": \"2.0\", \"vectorString\": "
		  "\"AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C\", \"baseScore\": 7.8,"
		  " \"temporalScore\": 6.4}",
		  NULL },
		{ "\"cvss_v2\": {\"version\": \"2.0\", \"vectorString\": \"AV:N/AC:L/Au:N/C:C/I:C/A:C\", "
		  "\"baseScore\": 9.9}",
		  "6.1.9 invalid CVSS computation: baseScore is 9.9, the vector gives 10.0" },
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": \"CVSS:3.1/AV:N/AC:L\", \"baseScore\": 9.9, "
		  "\"baseSeverity\": \"HIGH\"}",
		  "6.1.8 invalid CVSS: the vector does not name PR" },
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": \"CVSS:3.0/AV:N\", \"baseScore\": 9.9, "
		  "\"baseSeverity\": \"HIGH\"}",
		  "does not begin with CVSS:3.1/" },
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": \"CVSS:3.1/AV:N/AV:N\", \"baseScore\": 1, "
		  "\"baseSeverity\": \"LOW\"}",
		  "names AV twice" },
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": \"CVSS:3.1/AV:Q\", \"baseScore\": 1, "
		  "\"baseSeverity\": \"LOW\"}",
		  "\"AV:Q\" is no value of AV" },
		{ "\"cvss_v3\": {\"version\": \"3.1\", \"vectorString\": \"CVSS:3.1/ZZ:Q\", \"baseScore\": 1, "
		  "\"baseSeverity\": \"LOW\"}",
		  "\"ZZ:Q\" is no metric" },
		{ "\"cvss_v2\": {\"version\": \"2.0\", \"vectorString\": \"AV:N\", \"baseScore\": 11}",
		  "no number from 0 to 10" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_new();
		struct result r =
			run_whole("csaf_base", "final", "1", history,
				  arena_printf(arena, "{\"scores\": [{\"products\": [\"P1\"], %s}]}", rows[i].score));

		if (!rows[i].mistake && r.imported->refused)
			fail_msg("%zu: %s", i, r.diagnostics.items[0].text);
		if (rows[i].mistake)
			assert_refused(r, rows[i].mistake);
		else
			done(&r);
		arena_free(arena);
	}
}

static void a_checksum_beside_the_file_is_compared(void **state)
{
	struct arena *arena = arena_new();
	struct diagnostics diagnostics;
	const char *sums = "0000000000000000000000000000000000000000000000000000000000000000  other.json\r\n"
			   "ABCDEF0000000000000000000000000000000000000000000000000000000001 *folder/advisory.json\n";
	struct source *source = source_of_memory(arena, "advisory.json", "{}", 2);
	struct checksums sums_beside = { NULL, NULL };
	struct imported *imported;

	(void)state;
	diagnostics_init(&diagnostics, arena);
	assert_string_equal(checksum_of(arena, sums, strlen(sums), "x/advisory.json", 64),
			    "abcdef0000000000000000000000000000000000000000000000000000000001");
	assert_null(checksum_of(arena, sums, strlen(sums), "ry.json", 64));
	assert_null(checksum_of(arena, "abc", 3, "advisory.json", 64));
	assert_non_null(checksum_of(arena, sums, 64, "advisory.json", 64)); /* the digits alone */
	sums_beside.sha256 = checksum_of(arena, sums, strlen(sums), "advisory.json", 64);
	imported = evidence_import(arena, evidence_importer_find("csaf"), source, &sums_beside, &diagnostics);
	assert_true(imported->refused);
	assert_non_null(strstr(diagnostics.items[0].text, "the checksum beside it says abcdef"));
	diagnostics_free(&diagnostics);
	arena_free(arena);
}

/* "...-6-1-27-09-01.json": the test that the document is for; below 10 it fails it, from 11 it holds. */
static void mandatory_tests_of_the_standard(void **state)
{
	struct arena *arena = arena_new();
	const char *folder = corpus_folder(arena, "formats/oasis-tcs+csaf/csaf_2.0/test/validator/data/mandatory");
	struct dirent_name *names;
	size_t count;

	(void)state;
	assert_int_equal(directory_list(arena, folder, &names, &count), 0);
	assert_true(count > 100);
	for (size_t i = 0; i < count; i++) {
		int test, part, number;
		const char *name = strstr(names[i].name, "2021-6-1-");
		struct result r = { .arena = arena_new() };
		const char *path = arena_printf(r.arena, "%s/%s", folder, names[i].name);
		bool three;

		diagnostics_init(&r.diagnostics, r.arena);
		three = sscanf(name, "2021-6-1-%d-%d-%d", &test, &part, &number) == 3;
		number = three ? number : part;
		r.imported = import_path(r.arena, "csaf", path, &r.diagnostics);
		if (number >= 10) {
			if (r.imported->refused)
				fail_msg("%s: %s", name, r.diagnostics.items[0].text);
			assert_reads_back(r.arena, r.imported);
			done(&r);
		} else {
			char words[32];

			snprintf(words, sizeof words, three ? "6.1.%d.%d " : "6.1.%d ", test, part);
			assert_refused(r, words);
		}
	}
	arena_free(arena);
}

/* Documents of the optional and informative tests are valid, but for two that break 6.1.25; and so are real advisories.
 */
static void valid_documents_are_read(void **state)
{
	static const char *const folders[] = { "examples/csaf", "examples/csaf/csaf_vex",
					       "test/validator/data/optional", "test/validator/data/informative" };
	struct arena *arena = arena_new();
	const char *corpus = corpus_folder(arena, "formats/oasis-tcs+csaf/csaf_2.0");
	size_t claims = 0;

	(void)state;
	for (size_t k = 0; k < sizeof folders / sizeof *folders; k++) {
		const char *folder = arena_printf(arena, "%s/%s", corpus, folders[k]);
		struct dirent_name *names;
		size_t count;

		assert_int_equal(directory_list(arena, folder, &names, &count), 0);
		for (size_t i = 0; i < count; i++) {
			struct result r = { .arena = arena_new() };

			diagnostics_init(&r.diagnostics, r.arena);
			if (names[i].kind == 'f') {
				r.imported = import_path(r.arena, "csaf",
							 arena_printf(r.arena, "%s/%s", folder, names[i].name),
							 &r.diagnostics);
				if (strstr(names[i].name, "6-2-08-02") || strstr(names[i].name, "6-2-09-02"))
					assert_non_null(strstr(r.diagnostics.items[0].text, "6.1.25"));
				else if (r.imported->refused)
					fail_msg("%s: %s", names[i].name, r.diagnostics.items[0].text);
				assert_reads_back(r.arena, r.imported);
				claims += r.imported->count;
			}
			done(&r);
		}
	}
	assert_true(claims > 300);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses_become_claims),
		cmocka_unit_test(the_claims_say_why_it_is_not_affected),
		cmocka_unit_test(a_vulnerability_without_a_number_is_left_out),
		cmocka_unit_test(what_breaks_the_schema_is_refused),
		cmocka_unit_test(what_breaks_a_test_is_refused_with_its_number),
		cmocka_unit_test(scores_are_computed),
		cmocka_unit_test(a_checksum_beside_the_file_is_compared),
		cmocka_unit_test(mandatory_tests_of_the_standard),
		cmocka_unit_test(valid_documents_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
