/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CycloneDX: parts inside products, who makes them and where; VEX statuses; what is left out, what is refused.
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
	r.imported = import_text(r.arena, "cyclonedx", text, &r.diagnostics);
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

#define HEAD "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"version\": 1"
#define RADIO                                                                                                          \
	HEAD ", \"metadata\": {\"timestamp\": \"2024-03-01T00:00:00Z\", \"manufacturer\": {\"name\": \"Acme\"},"       \
	     " \"component\": {\"type\": \"device\", \"name\": \"acme-gnb\", \"version\": \"1.2\", \"bom-ref\": "      \
	     "\"gnb\"}},"                                                                                              \
	     " \"components\": [{\"type\": \"device\", \"name\": \"board\", \"version\": \"B\", \"bom-ref\": \"b\","   \
	     "   \"supplier\": {\"name\": \"Board Works\"},"                                                           \
	     "   \"components\": [{\"type\": \"device\", \"group\": \"chips\", \"name\": \"modem\","                   \
	     "     \"manufacturer\": {\"name\": \"Chip Co\", \"address\": {\"country\": \"CN\"}}}]}]"

static const struct claim *claim_about(const struct imported *imported, const char *subject, const char *attribute)
{
	for (size_t i = 0; i < imported->count; i++)
		if (!strcmp(imported->claims[i].subject, subject) && !strcmp(imported->claims[i].attribute, attribute))
			return &imported->claims[i];
	fail_msg("no claim %s of %s", attribute, subject);
	return NULL;
}

static void components_become_parts(void **state)
{
	struct result r = run(RADIO "}");
	const struct claim *claim = claim_about(r.imported, "acme-gnb", "contains:board@B");

	(void)state;
	assert_int_equal(r.diagnostics.count, 0);
	assert_int_equal(r.imported->count, 5);
	assert_int_equal(r.imported->balance.read, 2);
	assert_int_equal(r.imported->balance.used, 2);
	assert_string_equal(claim->version, "1.2");
	assert_string_equal(claim->value, "yes");
	assert_string_equal(claim->kind, "bill-of-materials");
	assert_string_equal(claim->from, "Acme");
	assert_int_equal(claim->dated, day("2024-03-01"));
	assert_string_equal(claim_about(r.imported, "board", "contains:chips/modem")->version, "B");
	assert_string_equal(claim_about(r.imported, "board", "vendor")->value, "Board Works");
	assert_string_equal(claim_about(r.imported, "chips/modem", "vendor")->value, "Chip Co");
	claim = claim_about(r.imported, "Chip Co", "jurisdiction");
	assert_int_equal(claim->about, ABOUT_VENDOR);
	assert_string_equal(claim->value, "CN");
	assert_reads_back(r.arena, r.imported);
	done(&r);
}

static void parts_are_found_two_levels_down(void **state)
{
	struct result r = run(RADIO "}");
	struct evidence_case *c = case_clean("");
	struct part *parts;
	size_t count;

	(void)state;
	for (size_t i = 0; i < r.imported->count; i++)
		assert_true(evidence_add_claim(c->evidence, &r.imported->claims[i]));
	case_weigh(c, NULL);
	parts = evidence_parts(c->evidence, c->arena, "acme-gnb", "1.2", &count);
	assert_int_equal(count, 2);
	assert_string_equal(parts[0].product, "board");
	assert_string_equal(parts[0].version, "B");
	assert_string_equal(parts[0].vendor, "Board Works");
	assert_null(parts[0].jurisdiction);
	assert_int_equal(parts[0].depth, 1);
	assert_string_equal(parts[1].product, "chips/modem");
	assert_string_equal(parts[1].inside, "board");
	assert_string_equal(parts[1].vendor, "Chip Co");
	assert_string_equal(parts[1].jurisdiction, "CN");
	assert_int_equal(parts[1].depth, 2);
	assert_null(evidence_parts(c->evidence, c->arena, "acme-gnb", "1.3", &count));
	assert_int_equal(count, 0);
	case_free(c);
	done(&r);
}

static void a_part_inside_itself_is_listed_once(void **state)
{
	struct evidence_case *c =
		case_clean("evidence a\n  about product a\n  says contains:b = yes\n  kind bill-of-materials\n"
			   "evidence b\n  about product b\n  says contains:a = yes\n  kind bill-of-materials\n"
			   "evidence d\n  about product b\n  says contains:b = yes\n  kind bill-of-materials\n"
			   "evidence e\n  about product b\n  says contains:d = no\n  kind bill-of-materials\n");
	size_t count;
	struct part *parts = evidence_parts(c->evidence, c->arena, "a", NULL, &count);

	(void)state;
	assert_int_equal(count, 1);
	assert_string_equal(parts[0].product, "b");
	case_free(c);
}

static void an_analysis_becomes_a_status(void **state)
{
	struct result r =
		run(RADIO ", \"vulnerabilities\": ["
			  "{\"id\": \"CVE-1\", \"analysis\": {\"state\": \"not_affected\", \"justification\": "
			  "\"code_not_present\"},"
			  "  \"affects\": [{\"ref\": \"gnb\"}, {\"ref\": \"urn:cdx:x/1#y\"}]},"
			  "{\"id\": \"CVE-2\", \"affects\": [{\"ref\": \"b\", \"versions\": [{\"version\": \"A\"},"
			  "   {\"version\": \"B\", \"status\": \"unaffected\"}, {\"range\": \"vers:generic/<A\"},"
			  "   {\"version\": \"C\", \"status\": \"unknown\"}]}]},"
			  "{\"id\": \"CVE-3\", \"affects\": [{\"ref\": \"gnb\"}]}, {\"affects\": [{\"ref\": \"gnb\"}]},"
			  "{\"id\": \"CVE-4\", \"analysis\": {\"state\": \"in_triage\", \"lastUpdated\": "
			  "\"2024-05-05T00:00:00Z\"},"
			  "  \"affects\": [{\"ref\": \"gnb\"}]}]}");

	(void)state;
	assert_false(r.imported->refused);
	assert_string_equal(claim_about(r.imported, "acme-gnb", "CVE-1")->value, "not-affected");
	assert_string_equal(claim_about(r.imported, "acme-gnb", "CVE-1")->note, "code_not_present");
	assert_string_equal(claim_about(r.imported, "acme-gnb", "CVE-1")->kind, "advisory");
	assert_string_equal(claim_about(r.imported, "board", "CVE-2")->value, "known-affected");
	assert_string_equal(claim_about(r.imported, "board", "CVE-2")->version, "A");
	assert_string_equal(claim_about(r.imported, "acme-gnb", "CVE-4")->value, "under-investigation");
	assert_int_equal(claim_about(r.imported, "acme-gnb", "CVE-4")->dated, day("2024-05-05"));
	assert_int_equal(r.imported->balance.reason_count, 5);
	assert_int_equal(r.imported->balance.read, r.imported->balance.used + 5);
	done(&r);
}

static void what_has_no_place_is_counted(void **state)
{
	struct result r = run(
		HEAD ", \"components\": [{\"type\": \"library\", \"name\": \"x\"}], \"services\": [{\"name\": \"s\"}],"
		     " \"dependencies\": [{\"ref\": \"a\"}]}");

	(void)state;
	assert_false(r.imported->refused);
	assert_int_equal(r.imported->count, 0);
	assert_int_equal(r.imported->balance.read, 3);
	assert_int_equal(r.imported->balance.used, 0);
	assert_int_equal(r.imported->balance.reason_count, 3);
	done(&r);
}

static void what_is_no_bill_is_refused(void **state)
{
	(void)state;
	assert_refused("[1]", "it is not \"CycloneDX\"");
	assert_refused("{\"bomFormat\": \"SPDX\"}", "it is not \"CycloneDX\"");
	assert_refused("{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"9.0\"}", "\"9.0\" is none of 1.2 to 1.6");
	assert_refused("{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.4\", \"version\": 0}", "no number from 1");
	assert_refused(HEAD ", \"serialNumber\": \"urn:uuid:7\"}", "no urn:uuid");
	assert_refused(HEAD ", \"components\": [{\"type\": \"library\"}]}", "a component without a name");
	assert_refused(HEAD ", \"components\": [{\"type\": \"thing\", \"name\": \"x\"}]}",
		       "of no known type: \"thing\"");
	assert_refused(HEAD ", \"components\": {}}", "it is no list");
	assert_refused(HEAD ", \"components\": [{\"type\": \"file\", \"name\": \"x\", \"bom-ref\": \"1\"},"
			    " {\"type\": \"file\", \"name\": \"y\", \"bom-ref\": \"1\"}]}",
		       "\"1\" stands twice");
	assert_refused(HEAD ", \"vulnerabilities\": [{\"id\": \"C\", \"affects\": [{\"ref\": \"q\"}]}]}",
		       "no component has that bom-ref");
	assert_refused(HEAD ", \"vulnerabilities\": [{\"id\": \"C\", \"analysis\": {\"state\": \"fine\"}}]}",
		       "no state of an analysis");
}

static void read_folder(struct arena *arena, const char *folder, size_t *documents, size_t *claims)
{
	struct dirent_name *names;
	size_t count;

	assert_int_equal(directory_list(arena, folder, &names, &count), 0);
	for (size_t i = 0; i < count; i++) {
		const char *path = arena_printf(arena, "%s/%s", folder, names[i].name);
		struct result r = { .arena = arena_new() };

		if (names[i].kind == 'd') {
			read_folder(arena, path, documents, claims);
		} else if (strstr(names[i].name, ".json")) {
			diagnostics_init(&r.diagnostics, r.arena);
			r.imported = import_path(r.arena, "cyclonedx", path, &r.diagnostics);
			if (r.imported->refused)
				fail_msg("%s: %s", path, r.diagnostics.items[0].text);
			assert_reads_back(r.arena, r.imported);
			*claims += r.imported->count;
			++*documents;
			diagnostics_free(&r.diagnostics);
		}
		arena_free(r.arena);
	}
}

static void published_examples_are_read(void **state)
{
	struct arena *arena = arena_new();
	const char *folder = corpus_folder(arena, "formats/CycloneDX+bom-examples");
	size_t documents = 0, claims = 0;

	(void)state;
	read_folder(arena, folder, &documents, &claims);
	assert_true(documents > 40);
	assert_true(claims > 3000);
	arena_free(arena);
}

static void hardware_has_parts_with_makers(void **state)
{
	struct arena *arena = arena_new();
	const char *folder = corpus_folder(arena, "formats/CycloneDX+bom-examples/HBOM/PCIe-SATA-adapter-board");
	struct evidence_case *c = case_clean("");
	struct imported *imported =
		import_path(c->arena, "cyclonedx", arena_printf(c->arena, "%s/bom.json", folder), &c->diagnostics);
	struct part *parts;
	size_t count;

	(void)state;
	for (size_t i = 0; i < imported->count; i++)
		assert_true(evidence_add_claim(c->evidence, &imported->claims[i]));
	case_weigh(c, NULL);
	parts = evidence_parts(c->evidence, c->arena, "pcie-sata-adaptor-board", "rev-1", &count);
	assert_int_equal(count, 6);
	for (size_t i = 0; i < count; i++)
		assert_non_null(parts[i].vendor);
	case_free(c);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(components_become_parts),
		cmocka_unit_test(parts_are_found_two_levels_down),
		cmocka_unit_test(a_part_inside_itself_is_listed_once),
		cmocka_unit_test(an_analysis_becomes_a_status),
		cmocka_unit_test(what_has_no_place_is_counted),
		cmocka_unit_test(what_is_no_bill_is_refused),
		cmocka_unit_test(published_examples_are_read),
		cmocka_unit_test(hardware_has_parts_with_makers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
