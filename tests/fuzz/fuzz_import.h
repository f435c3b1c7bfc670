/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a foreign document: the balance adds up, a refusal leaves nothing, claims can be read back. */
#ifndef PROVISO_FUZZ_IMPORT_H
#define PROVISO_FUZZ_IMPORT_H

#include <stdlib.h>
#include <string.h>

#include "evidence/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static inline void check(bool holds)
{
	if (!holds)
		abort();
}

static inline void read_back(struct arena *arena, const struct imported *imported)
{
	struct sink *sink = sink_to_memory(arena);
	struct diagnostics diagnostics;
	struct evidence *evidence;
	struct document *document;
	const char *text;
	size_t bytes;

	diagnostics_init(&diagnostics, arena);
	imported_print(imported, sink);
	text = sink_memory(sink, &bytes);
	document = document_parse(arena, source_of_memory(arena, "claims", text, bytes), &diagnostics);
	evidence = evidence_new(arena, &diagnostics);
	check(document != NULL);
	evidence_add(evidence, document);
	check(diagnostics.errors == 0 && evidence->claim_count == imported->count);
	diagnostics_free(&diagnostics);
}

static inline int import_bytes(const char *format, const uint8_t *bytes, size_t count)
{
	struct arena *arena = arena_new();
	struct diagnostics diagnostics;
	struct imported *imported;
	size_t left_out = 0;

	diagnostics_init(&diagnostics, arena);
	imported = evidence_import(arena, evidence_importer_find(format), source_of_memory(arena, "fuzz", bytes, count),
				   NULL, &diagnostics);
	check(imported != NULL);
	check(!imported->refused || (imported->count == 0 && diagnostics.errors));
	for (size_t i = 0; i < imported->balance.reason_count; i++)
		left_out += imported->balance.reasons[i].count;
	check(imported->balance.read == imported->balance.used + left_out);
	read_back(arena, imported);
	diagnostics_free(&diagnostics);
	arena_free(arena);
	return 0;
}

#endif
