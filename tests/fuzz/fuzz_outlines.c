/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a case's outlines of regions: refused with an error, or what is printed of them reads as the same text.
 *
 * # proviso-deps: base net
 */
#include <stdlib.h>
#include <string.h>

#include "net/net.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static const char *printed(struct arena *arena, const struct net_outlines *outlines, size_t *bytes)
{
	struct sink *sink = sink_to_memory(arena);

	net_outlines_print(outlines, sink);
	return sink_memory(sink, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct arena *arena = arena_new();
	struct diagnostics diagnostics;
	struct net_outlines *first, *second;

	diagnostics_init(&diagnostics, arena);
	first = net_outlines_read(arena, source_of_memory(arena, "fuzz", bytes, count), &diagnostics);
	check(first || diagnostics.errors);
	if (first) {
		size_t before_bytes, now_bytes;
		const char *before = printed(arena, first, &before_bytes), *now;

		for (size_t i = 0; i < first->count; i++)
			net_outline_holds(&first->items[i], 0.5, 0.5);
		second = net_outlines_read(arena, source_of_memory(arena, "again", before, before_bytes), &diagnostics);
		check(second != NULL);
		now = printed(arena, second, &now_bytes);
		check(before_bytes == now_bytes && memcmp(before, now, now_bytes) == 0);
	}
	diagnostics_free(&diagnostics);
	arena_free(arena);
	return 0;
}
