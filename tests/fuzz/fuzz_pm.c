/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as measurements, for a network of two elements and with a map of their counters. Before a form feed stands
 * the map, if there is one.
 *
 * # proviso-deps: base net
 */
#include "fuzz_inventory.h"

static void with_map(const uint8_t *map, size_t map_bytes, const uint8_t *bytes, size_t count)
{
	static const char elements[] = "element,site,function\nM=1,s,gNB\n\"M=1,F=1\",s,UPF\n", sites[] = "site\ns\n";
	struct arena *arena = arena_new();
	struct net_input inputs[] = {
		{ NET_ELEMENTS, source_of_memory(arena, "elements.csv", elements, sizeof elements - 1) },
		{ NET_SITES, source_of_memory(arena, "sites.csv", sites, sizeof sites - 1) },
	};
	struct net_import_job job = { .found = inputs, .found_count = 2 };
	struct net_imported *imported;

	if (map)
		job.map = source_of_memory(arena, "map", map, map_bytes);
	imported = run(arena, "pm", bytes, count, &job);
	if (imported)
		check_loads(arena, imported);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	const uint8_t *feed = count ? memchr(bytes, '\f', count) : NULL;

	if (feed)
		with_map(bytes, (size_t)(feed - bytes), feed + 1, (size_t)(bytes + count - feed - 1));
	else
		with_map(NULL, 0, bytes, count);
	return 0;
}
