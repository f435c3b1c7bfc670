/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a mapping and a table: before a form feed stands the map. Without one, the table is read as osgrid and a
 * mapping is proposed for it.
 *
 * # proviso-deps: base net
 */
#include "fuzz_inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	const uint8_t *feed = count ? memchr(bytes, '\f', count) : NULL;
	struct arena *arena = arena_new();
	struct net_import_job job = { 0 };
	struct diagnostics diagnostics;
	struct net_imported *imported;

	diagnostics_init(&diagnostics, arena);
	if (feed) {
		job.map = source_of_memory(arena, "map", bytes, (size_t)(feed - bytes));
		count -= (size_t)(feed + 1 - bytes);
		bytes = feed + 1;
	} else {
		net_import_guess(arena, source_of_memory(arena, "fuzz", bytes, count), sink_to_memory(arena), &diagnostics);
	}
	imported = run(arena, feed ? "csv" : "osgrid", bytes, count, &job);
	if (imported)
		for (size_t i = 0; i < imported->file_count; i++)
			printed(arena, imported, i, &count);
	diagnostics_free(&diagnostics);
	arena_free(arena);
	return 0;
}
