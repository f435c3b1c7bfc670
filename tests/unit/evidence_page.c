/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doc/evidence.md holds what it says: every example in it is read without a complaint, every kind of claim is in its
 * table, every clause has an example that is a clause, and every function with a specification of its own is in the
 * table of doc/import-evidence.md.
 *
 * # proviso-deps: base lang net evidence
 */
#include "evidence_case.h"

static char *page_of(struct arena *arena, const char *name)
{
	const char *root = getenv("PROVISO_SOURCE");
	const char *path = arena_printf(arena, "%s/doc/%s", root ? root : ".", name);
	struct source *source;
	size_t count;
	int error;

	source = source_open(arena, path, path, &error);
	if (!source) {
		arena_free(arena);
		skip();
	}
	return source_all(source, arena, 1 << 20, &count);
}

static void read_block(const char *text, size_t bytes)
{
	struct evidence_case *c = case_new("");
	struct document *document =
		document_parse(c->arena, source_of_memory(c->arena, "page", text, bytes), &c->diagnostics);

	evidence_add(c->evidence, document);
	for (size_t i = 0; i < document->count; i++)
		for (size_t k = 0; k < document->stanzas[i].count; k++) {
			struct reader reader =
				reader_of(document, &document->stanzas[i].clauses[k], c->arena, &c->diagnostics);

			if (reader_take(&reader, "believe"))
				evidence_believe(c->evidence, &reader);
		}
	case_weigh(c, NULL);
	for (size_t i = 0; i < c->diagnostics.count; i++)
		fail_msg("%s\n%.*s", c->diagnostics.items[i].text, (int)bytes, text);
	case_free(c);
}

static void examples_are_read(void **state)
{
	static const char fence[] = "```proviso\n";
	struct arena *arena = arena_new();
	const char *at = page_of(arena, "evidence.md");
	int blocks = 0;

	(void)state;
	while ((at = strstr(at, fence))) {
		const char *end;

		at += strlen(fence);
		end = strstr(at, "```");
		assert_non_null(end);
		read_block(at, (size_t)(end - at));
		blocks++;
		at = end + 3;
	}
	assert_true(blocks >= 5);
	arena_free(arena);
}

/* A clause as the only one of its word in a stanza that says everything else it needs. */
static void read_clause(const char *clause, size_t bytes)
{
	static const char *const others[] = { "about product acme-gnb at 1.2", "says z = yes", "kind audit" };
	struct arena *arena = arena_new();
	size_t word = strcspn(clause, " ");
	const char *text = arena_printf(arena, "evidence x\n  %.*s\n", (int)bytes, clause);

	for (size_t i = 0; i < 3; i++)
		if (strncmp(others[i], clause, word) || others[i][word] != ' ')
			text = arena_printf(arena, "%s  %s\n", text, others[i]);
	if (!strncmp(clause, "says designated", 15)) /* of a product it is an attribute like others */
		assert_non_null(strstr(text, "about product"));
	read_block(text, strlen(text));
	arena_free(arena);
}

static void clauses_have_examples(void **state)
{
	struct arena *arena = arena_new();
	const char *at = strstr(page_of(arena, "evidence.md"), "| clause | says | example |");
	int rows = 0;

	(void)state;
	assert_non_null(at);
	at = strchr(strchr(at, '\n') + 1, '\n') + 1; /* past the header and the line below it */
	for (; *at == '|'; at = strchr(at, '\n') + 1, rows++) {
		const char *end = strchr(at, '\n'), *last = end;

		while (last > at && strncmp(last, "| `", 3))
			last--;
		assert_true(last > at);
		read_clause(last + 3, (size_t)(strchr(last + 3, '`') - last - 3));
	}
	assert_true(rows >= 20);
	arena_free(arena);
}

static void kinds_are_in_the_table(void **state)
{
	struct arena *arena = arena_new();
	const char *page = page_of(arena, "evidence.md");

	(void)state;
	for (size_t i = 0; i < claim_kind_count; i++)
		if (!strstr(page, arena_printf(arena, "`%s`", claim_kinds[i].name)))
			fail_msg("%s is not in doc/evidence.md", claim_kinds[i].name);
	arena_free(arena);
}

static void specifications_are_in_the_table(void **state)
{
	struct arena *arena = arena_new();
	const char *page = page_of(arena, "import-evidence.md");

	(void)state;
	for (size_t i = 0; i < net_function_count; i++) {
		struct scas scas = scas_of_function(net_functions[i].name);
		const char *row = scas.own ? strstr(page, arena_printf(arena, "| %s ", scas.ts)) : page;

		if (!row || (scas.own && !strstr(row, scas.function)))
			fail_msg("TS %s of %s is not in doc/import-evidence.md", scas.ts, scas.function);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_are_read),
		cmocka_unit_test(clauses_have_examples),
		cmocka_unit_test(kinds_are_in_the_table),
		cmocka_unit_test(specifications_are_in_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
