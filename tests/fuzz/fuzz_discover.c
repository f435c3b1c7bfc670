/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a capture, taken for an inventory: every element has an address and a function of the table, links are
 * between elements that are there, and nothing is counted twice.
 *
 * # proviso-deps: base lang wire net evidence policy watch
 */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "watch/watch.h"
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_result(const struct watch_discovered *f, uint64_t frames)
{
	uint64_t packets = 0;

	check(f->frames == frames);
	for (size_t i = 0; i < f->element_count; i++) {
		check(f->elements[i].address_count > 0 && f->elements[i].id[0]);
		check(net_function_find(f->elements[i].function) < net_function_count);
		for (size_t k = 0; k < i; k++)
			check(strcmp(f->elements[i].id, f->elements[k].id) != 0);
	}
	for (size_t i = 0; i < f->link_count; i++) {
		check(f->links[i].a < f->element_count && f->links[i].b < f->element_count);
		check(!*f->links[i].reference_point ||
		      net_reference_point_find(f->links[i].reference_point) < net_reference_point_count);
		packets += f->links[i].packets;
	}
	check(packets <= frames);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct arena *a = arena_new();
	struct wire_options options = { .user = { [3] = WIRE_S1AP, [5] = WIRE_NGAP } };
	struct diagnostics d;
	struct wire_capture *c;

	diagnostics_init(&d, a);
	c = wire_capture_open(a, source_of_memory(a, "fuzz", bytes, count), &options, &d);
	if (c) {
		struct wire *w = wire_new(a);
		struct wire_batch *b = wire_batch_new(a);
		struct watch_discovery *found = watch_discovery_new(a);
		uint64_t frames = 0;

		while (wire_read(&c, 1, b)) {
			wire_decode(w, b);
			watch_discovery_batch(found, b);
			frames += b->frame_count;
		}
		check_result(watch_discovery_finish(found), frames);
	}
	diagnostics_free(&d);
	arena_free(a);
	return 0;
}
