/* SPDX-License-Identifier: Apache-2.0 */
/* Public documents that lie beside the sources on some machines: tests that want them are skipped elsewhere. */
#ifndef PROVISO_TESTS_EVIDENCE_CORPUS_H
#define PROVISO_TESTS_EVIDENCE_CORPUS_H

#include "evidence_case.h"

#include <stdio.h>

/* A folder of the corpus as a path of the arena's; skips the test where there is none. */
static inline const char *corpus_folder(struct arena *arena, const char *below)
{
	const char *corpus = getenv("PROVISO_CORPUS"), *source = getenv("PROVISO_SOURCE");
	struct dirent_name *names;
	const char *path;
	size_t count;

	if (corpus)
		path = arena_printf(arena, "%s/%s", corpus, below);
	else
		path = arena_printf(arena, "%s/../shared/corpus/%s", source ? source : ".", below);
	if (directory_list(arena, path, &names, &count)) {
		print_message("no corpus at %s\n", path);
		arena_free(arena);
		skip();
	}
	return path;
}

static inline struct imported *import_path(struct arena *arena, const char *format, const char *path,
					   struct diagnostics *diagnostics)
{
	int error;
	struct source *source = source_open(arena, path, path, &error);
	struct imported *imported;

	assert_non_null(source);
	imported = evidence_import(arena, evidence_importer_find(format), source, NULL, diagnostics);
	source_close(source);
	return imported;
}

static inline struct imported *import_text(struct arena *arena, const char *format, const char *text,
					   struct diagnostics *diagnostics)
{
	struct source *source = source_of_memory(arena, "document.json", text, strlen(text));

	return evidence_import(arena, evidence_importer_find(format), source, NULL, diagnostics);
}

/* Claims are printed, read back, and are the same again. */
static inline void assert_reads_back(struct arena *arena, const struct imported *imported)
{
	struct diagnostics diagnostics;
	struct sink *first = sink_to_memory(arena), *second = sink_to_memory(arena);
	struct evidence *evidence;
	const char *text;
	size_t bytes, bytes_again;

	diagnostics_init(&diagnostics, arena);
	evidence = evidence_new(arena, &diagnostics);
	for (size_t i = 0; i < imported->count; i++)
		claim_print(&imported->claims[i], first);
	text = sink_memory(first, &bytes);
	evidence_add(evidence,
		     document_parse(arena, source_of_memory(arena, "out.proviso", text, bytes), &diagnostics));
	for (size_t i = 0; i < diagnostics.count; i++)
		print_error("%u: %s\n", diagnostics.items[i].place.line, diagnostics.items[i].text);
	assert_int_equal(diagnostics.count, 0);
	assert_int_equal(evidence->claim_count, imported->count);
	for (size_t i = 0; i < evidence->claim_count; i++)
		claim_print(&evidence->claims[i], second);
	assert_string_equal(text, sink_memory(second, &bytes_again));
	diagnostics_free(&diagnostics);
}

#endif
