/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wireloop: reading and decoding alone, without attribution, sessions or rules: what of the time of `proviso watch`
 * goes to the room wire.
 *
 *     bench-wireloop FILE.pcap
 */
#include "wire/wire.h"

int main(int count, char **words)
{
	struct arena *a = arena_new();
	struct diagnostics d;
	struct source *source;
	struct wire_capture *c;
	struct wire *w = wire_new(a);
	struct wire_batch *b = wire_batch_new(a);
	uint64_t frames = 0, inner = 0;
	int error;

	if (count != 2)
		return EXIT_USAGE;
	diagnostics_init(&d, a);
	source = source_open(a, words[1], words[1], &error);
	if (!source)
		return EXIT_MISSING_INPUT;
	source_without_hash(source);
	c = wire_capture_open(a, source, NULL, &d);
	if (!c)
		return EXIT_BAD_INPUT;
	wire_be_brief(w, true);
	while (wire_read(&c, 1, b)) {
		wire_decode(w, b);
		frames += b->frame_count;
		for (unsigned i = 0; i < b->frame_count; i++)
			inner += b->brief >> i & 1 || b->packets[i].count > 1;
	}
	printf("frames %llu inner %llu fine %llu\n", (unsigned long long)frames, (unsigned long long)inner,
	       (unsigned long long)wire_counters(w)->frames[WIRE_FINE]);
	diagnostics_free(&d);
	arena_free(a);
	return 0;
}
