/* SPDX-License-Identifier: Apache-2.0 */
/* Frames for the tests of watch, made of parts: what a subscriber says, and what is wrapped around it. */
#ifndef PROVISO_TESTS_WATCH_FRAMES_H
#define PROVISO_TESTS_WATCH_FRAMES_H

#include "net_case.h"
#include "watch/watch.h"

enum {
	FRAME_BYTES = 2048,
	GNB = 0x0a000001,
	UPF = 0x0a000002,
	UPF2 = 0x0a000003,
	SMF = 0x0a000004,
	STRANGER = 0xcb007142
};
enum { UE = 0x0b000001, SERVER = 0xc6336401 };
#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)

struct bytes {
	uint8_t at[FRAME_BYTES];
	size_t count;
};

static inline void put(struct bytes *b, uint64_t v, unsigned bytes)
{
	while (bytes--)
		b->at[b->count++] = bytes < sizeof v ? (uint8_t)(v >> 8 * bytes) : 0;
}

static inline void put_all(struct bytes *b, const struct bytes *more)
{
	memcpy(b->at + b->count, more->at, more->count);
	b->count += more->count;
}

static inline struct bytes in_ip(uint32_t from, uint32_t to, uint8_t protocol, uint8_t hops, const struct bytes *inner)
{
	struct bytes b = { .count = 0 };
	uint32_t sum = 0;

	put(&b, 0x4500, 2);
	put(&b, 20 + inner->count, 2);
	put(&b, 0x00074000, 4);
	put(&b, (uint64_t)hops << 8 | protocol, 2);
	put(&b, 0, 2);
	put(&b, from, 4);
	put(&b, to, 4);
	for (unsigned i = 0; i < 20; i += 2)
		sum += (uint32_t)b.at[i] << 8 | b.at[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	b.at[10] = (uint8_t)(~sum >> 8);
	b.at[11] = (uint8_t)~sum;
	put_all(&b, inner);
	return b;
}

static inline struct bytes in_udp(uint32_t from, uint32_t to, uint16_t source, uint16_t port, const struct bytes *inner)
{
	struct bytes b = { .count = 0 };

	put(&b, source, 2);
	put(&b, port, 2);
	put(&b, 8 + inner->count, 2);
	put(&b, 0, 2);
	put_all(&b, inner);
	return in_ip(from, to, 17, 64, &b);
}

static inline struct bytes in_tcp(uint32_t from, uint32_t to, uint16_t source, uint16_t port, uint32_t sequence,
				  const struct bytes *inner)
{
	struct bytes b = { .count = 0 };

	put(&b, source, 2);
	put(&b, port, 2);
	put(&b, sequence, 4);
	put(&b, 1, 4);
	put(&b, 0x5018ffff, 4);
	put(&b, 0, 4);
	put_all(&b, inner);
	return in_ip(from, to, 6, 64, &b);
}

static inline struct bytes in_gtpu(uint32_t from, uint32_t to, uint32_t teid, const struct bytes *inner)
{
	struct bytes b = { .count = 0 };

	put(&b, 0x30ff, 2);
	put(&b, inner->count, 2);
	put(&b, teid, 4);
	put_all(&b, inner);
	return in_udp(from, to, 2152, 2152, &b);
}

static inline struct bytes of_text(const char *text)
{
	struct bytes b = { .count = strlen(text) };

	memcpy(b.at, text, b.count);
	return b;
}

/* The n-th datagram of a subscriber: UDP, 200 bytes that are like no other's. */
static inline struct bytes user_bytes(uint32_t n, size_t count)
{
	struct bytes b = { .count = 0 };
	uint64_t x = 0x9E3779B97F4A7C15u * (n + 1);

	while (b.count < count) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		put(&b, x & 0xff, 1);
	}
	return b;
}

static inline struct bytes user_datagram(uint32_t n, bool uplink)
{
	struct bytes b = user_bytes(n, 200);

	return uplink ? in_udp(UE, SERVER, 40000, 443, &b) : in_udp(SERVER, UE, 443, 40000, &b);
}

/* ---- a watch that is fed ---- */

struct feed {
	struct arena *arena;
	struct wire *wire;
	struct watch *watch;
	struct wire_batch *b;
	struct watch_options options;
	uint64_t number;
	unsigned batch; /* frames in one; 0: as many as there may be */
	enum { FEED_WHOLE, FEED_BRIEF, FEED_NOTED } way; /* as ordinary G-PDUs are told */
	uint16_t link;
	uint8_t (*kept)[FRAME_BYTES];
};

enum { FEED_ETHERNET = 1, FEED_COOKED = 113 };

static inline void feed_open(struct feed *f)
{
	f->arena = arena_new();
	f->wire = wire_new(f->arena);
	f->b = wire_batch_new(f->arena);
	f->kept = arena_array(f->arena, WIRE_BATCH, sizeof *f->kept);
	f->options.seed = 7;
	f->number = 0;
	f->link = FEED_ETHERNET;
	f->watch = watch_new(f->arena, &f->options);
	wire_be_brief(f->wire, f->way != FEED_WHOLE);
	if (f->way == FEED_NOTED)
		watch_note_ahead(f->watch, f->wire);
}

static inline void feed_flush(struct feed *f)
{
	if (!f->b->frame_count)
		return;
	wire_decode(f->wire, f->b);
	watch_batch(f->watch, f->b);
	f->b->frame_count = 0;
}

static inline void feed(struct feed *f, int64_t time_ns, const struct bytes *ip)
{
	unsigned i = f->b->frame_count++;
	struct bytes b = { .count = 0 };

	if (f->link == FEED_COOKED)
		put(&b, 0, 8), put(&b, 0, 6);
	else
		put(&b, 0x020000000001, 6), put(&b, 0x020000000002, 6);
	put(&b, 0x0800, 2);
	put_all(&b, ip);
	memcpy(f->kept[i], b.at, b.count);
	f->b->frames[i] = (struct wire_frame){ .bytes = f->kept[i],
					       .captured = (uint32_t)b.count,
					       .length = (uint32_t)b.count,
					       .time_ns = S + time_ns,
					       .number = ++f->number,
					       .link = f->link };
	if (f->b->frame_count == (f->batch ? f->batch : WIRE_BATCH))
		feed_flush(f);
}

static inline const struct watch_result *feed_end(struct feed *f)
{
	feed_flush(f);
	return watch_finish(f->watch, wire_counters(f->wire), 0);
}

/* Packets of the findings of a check that are at least so certain; the first of them. */
static inline uint64_t packets_of(const struct watch_result *r, const char *check, enum watch_certainty least,
				  const struct watch_finding **first)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct watch_finding *x = &r->findings[i];

		if (!x->check || strcmp(x->check->name, check) != 0 || x->certainty < least)
			continue;
		if (first && !packets)
			*first = x;
		packets += x->wire.packets;
	}
	return packets;
}

#endif
