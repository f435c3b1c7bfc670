/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames for the wire room's tests, written as hexadecimal digits so that they can be compared with the standard's
 * pictures.
 */
#ifndef PROVISO_TESTS_WIRE_FRAMES_H
#define PROVISO_TESTS_WIRE_FRAMES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"
#include "wire/wire.h"

enum { FRAME_MOST = 4096, LINK_ETHERNET = 1, LINK_RAW = 101, LINK_USER0 = 147 };

struct bench { /* one decoder and its batch */
	struct arena *arena;
	struct wire *wire;
	struct wire_batch *b;
	uint8_t bytes[8][FRAME_MOST];
};

static inline size_t from_hex(const char *hex, uint8_t *out)
{
	size_t digits = 0;

	for (; *hex; hex++) {
		unsigned v = *hex >= '0' && *hex <= '9'   ? (unsigned)(*hex - '0')
			     : *hex >= 'a' && *hex <= 'f' ? (unsigned)(*hex - 'a' + 10)
							  : 16;

		if (v == 16)
			continue; /* spaces and bars between the parts */
		assert_true(digits / 2 < FRAME_MOST);
		out[digits / 2] = (uint8_t)(digits % 2 ? out[digits / 2] | v : v << 4);
		digits++;
	}
	assert_int_equal(digits % 2, 0);
	return digits / 2;
}

static inline void bench_open(struct bench *t)
{
	t->arena = arena_new();
	t->wire = wire_new(t->arena);
	t->b = wire_batch_new(t->arena);
}

static inline void bench_close(struct bench *t)
{
	arena_free(t->arena);
}

/* Adds a frame of these bytes to the batch; captured 0: all of them. */
static inline void add_frame(struct bench *t, uint16_t link, enum wire_protocol user, const char *hex,
			     uint32_t captured)
{
	unsigned i = t->b->frame_count++;
	uint32_t length = (uint32_t)from_hex(hex, t->bytes[i]);

	t->b->frames[i] = (struct wire_frame){ .bytes = t->bytes[i],
					       .captured = captured ? captured : length,
					       .length = length,
					       .number = i + 1,
					       .link = link,
					       .user = (uint8_t)user,
					       .time_ns = i };
}

/* One frame, decoded. */
static inline const struct wire_packet *decode(struct bench *t, uint16_t link, enum wire_protocol user, const char *hex)
{
	t->b->frame_count = 0;
	add_frame(t, link, user, hex, 0);
	wire_decode(t->wire, t->b);
	return &t->b->packets[0];
}

/* A message alone, as DLT_USER0 with a declared protocol brings it. */
static inline const struct wire_message *decode_message(struct bench *t, enum wire_protocol protocol, const char *hex)
{
	decode(t, LINK_USER0, protocol, hex);
	assert_int_not_equal(t->b->message_count, 0);
	return &t->b->messages[0];
}

static inline const struct wire_field *field(const struct bench *t, const struct wire_message *m, unsigned index)
{
	assert_true(index < m->count);
	return &t->b->fields[m->first + index];
}

static inline void assert_v4(const struct wire_address *a, const char *text)
{
	char shown[46];

	wire_address_print(a, shown);
	assert_string_equal(shown, text);
}

#endif
