/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what is known before a capture is read: the first byte says which of the three they are, rows of taps (t),
 * addresses of interception (l), profiles of an NRF (n). What is read holds what its header promises.
 *
 * # proviso-deps: base lang wire net evidence policy watch
 */
#include <stdlib.h>
#include <string.h>

#include "watch/watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void taps(struct arena *arena, struct source *source, struct diagnostics *diagnostics)
{
	size_t count = 0;
	struct watch_tap *taps = watch_taps_read(arena, source, NULL, diagnostics, &count);

	for (size_t i = 0; taps && i < count && !diagnostics->errors; i++)
		check(*taps[i].name && *taps[i].input && taps[i].sampled >= 1 && taps[i].declared &&
		      (taps[i].links || !taps[i].link_count));
}

static void interception(struct arena *arena, struct source *source, struct diagnostics *diagnostics)
{
	struct watch_li *li = watch_li_read(arena, source, diagnostics);

	for (size_t i = 1; li && i < li->count; i++)
		check(memcmp(&li->addresses[i - 1], &li->addresses[i], sizeof *li->addresses) <= 0);
}

static void profiles(struct arena *arena, struct source *source, struct diagnostics *diagnostics)
{
	struct watch_nrf *nrf = watch_nrf_read(arena, source, diagnostics);

	for (size_t i = 0; nrf && i < nrf->count; i++) {
		for (size_t k = 0; k < nrf->items[i].service_count; k++)
			check(nrf->items[i].services[k] != NULL);
		check(nrf->items[i].addresses || !nrf->items[i].address_count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct arena *arena = arena_new();
	struct diagnostics diagnostics;

	diagnostics_init(&diagnostics, arena);
	if (count) {
		struct source *source = source_of_memory(arena, "fuzz", bytes + 1, count - 1);

		(bytes[0] == 't' ? taps : bytes[0] == 'l' ? interception : profiles)(arena, source, &diagnostics);
	}
	diagnostics_free(&diagnostics);
	arena_free(arena);
	return 0;
}
