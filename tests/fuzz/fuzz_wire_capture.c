/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a capture file, read and decoded to the last field: nothing may point outside of what was given, every
 * frame is counted once, and every message and field lies in its batch.
 *
 * # proviso-deps: base wire
 */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static uint64_t read_all(const uint8_t *bytes, uint32_t count)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum += bytes[i];
	return sum;
}

static uint64_t check_batch(const struct wire_batch *b)
{
	uint64_t sum = 0;

	check(b->frame_count <= WIRE_BATCH && b->message_count <= WIRE_MESSAGES && b->field_count <= WIRE_FIELDS);
	for (unsigned i = 0; i < b->frame_count; i++) {
		const struct wire_packet *p = &b->packets[i];

		check(p->count <= WIRE_LEVELS && p->fault < WIRE_FAULTS && p->protocol < WIRE_PROTOCOLS);
		for (unsigned l = 0; l < p->count; l++) {
			struct wire_extension x[4];

			check(p->levels[l].payload_bytes <= p->levels[l].payload_length);
			sum += read_all(p->levels[l].payload, p->levels[l].payload_bytes);
			sum += wire_gtpu_extensions(p->levels[l].payload, p->levels[l].payload_bytes, x, 4);
		}
	}
	for (unsigned i = 0; i < b->message_count; i++) {
		const struct wire_message *m = &b->messages[i];

		check(m->frame < b->frame_count && (uint32_t)m->first + m->count <= b->field_count &&
		      m->fault < WIRE_FAULTS);
		check(m->parent == WIRE_NO_PARENT || m->parent < i);
		for (unsigned f = m->first; f < (unsigned)m->first + m->count; f++) {
			const struct wire_field *field = &b->fields[f];

			check(field->what < WIRE_WHATS && field->depth <= WIRE_DEPTH);
			check(field->parent == WIRE_NO_PARENT || field->parent < f - m->first);
			sum += read_all(field->bytes, field->length);
		}
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static volatile uint64_t sink; /* so that the reading is not left out */
	struct arena *a = arena_new();
	struct wire_options options = { .user = {
						[3] = WIRE_S1AP, [5] = WIRE_NGAP, [6] = WIRE_F1AP, [7] = WIRE_PFCP } };
	struct diagnostics d;
	struct wire_capture *c;

	diagnostics_init(&d, a);
	c = wire_capture_open(a, source_of_memory(a, "fuzz", bytes, count), &options, &d);
	if (c) {
		struct wire *w = wire_new(a);
		struct wire_batch *b = wire_batch_new(a);
		uint64_t frames = 0, counted = 0;

		wire_look_inside(w, true);
		while (wire_read(&c, 1, b)) {
			wire_decode(w, b);
			frames += b->frame_count;
			sink = sink + check_batch(b);
		}
		for (unsigned i = 0; i < WIRE_FAULTS; i++)
			counted += wire_counters(w)->frames[i];
		check(counted == frames && frames + wire_capture_skipped(c) == wire_capture_frames(c));
	}
	diagnostics_free(&d);
	arena_free(a);
	return 0;
}
