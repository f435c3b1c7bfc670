/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A watch that is told frames one after the other: PFCP, G-PDUs and the like between addresses 10.0.0.N, written as
 * hexadecimal digits, at times in milliseconds.
 */
#ifndef PROVISO_TESTS_WATCH_STORY_H
#define PROVISO_TESTS_WATCH_STORY_H

#include "wire_frames.h"
#include "watch/watch.h"

#include <stdio.h>
#include <stdlib.h>

enum { SMF = 3, UPF = 4, GNB = 9, STRANGER = 66, PFCP_PORT = 8805, GTPU_PORT = 2152, HOPS = 60 };

#define ACCEPTED "0013 0001 01" /* 8.2.1 cause */
#define NO_CONTEXT "0013 0001 41"
#define NODE(octet)  "003c 0005 00 0a0000" octet
#define START_2024   "0060 0004 e9435280" /* 8.2.65: NTP seconds, 2024-01-01 */
#define START_2025   "0060 0004 eb1dff00" /* later */

struct story {
	struct bench t;
	struct watch *watch;
	struct watch_options options;
	struct watch_tap tap;
	struct diagnostics diagnostics;
	uint64_t number;
	uint64_t dropped; /* what the capture says that it has lost */
	int64_t offset_ns;
	uint8_t hops;
	const struct watch_result *result;
};

/* options may have been set in s before; what is here is filled in. */
static inline void story_begin(struct story *s)
{
	bench_open(&s->t);
	diagnostics_init(&s->diagnostics, s->t.arena);
	s->options.diagnostics = &s->diagnostics;
	if (!s->tap.name)
		s->tap = (struct watch_tap){ .name = "tap", .input = "tap", .sampled = 1 };
	s->options.taps = &s->tap;
	s->options.tap_count = 1;
	s->options.seed = 42;
	s->hops = HOPS;
	s->offset_ns = 1735689600000000000; /* 2025-01-01 */
	s->watch = watch_new(s->t.arena, &s->options);
}

static inline void story_end(struct story *s)
{
	diagnostics_free(&s->diagnostics);
	bench_close(&s->t);
}

static inline void say(struct story *s, int64_t ms, unsigned from, unsigned to, unsigned port, const char *payload)
{
	static char hex[2 * FRAME_MOST + 128];
	static uint8_t bytes[FRAME_MOST];
	unsigned length = (unsigned)from_hex(payload, bytes);

	snprintf(hex, sizeof hex, "4500 %04x 0000 0000 %02x 11 0000 0a0000%02x 0a0000%02x %04x %04x %04x 0000 %s", 28 + length, s->hops,
		 from, to, port, port, 8 + length, payload);
	s->t.b->frame_count = 0;
	add_frame(&s->t, LINK_RAW, WIRE_NONE, hex, 0);
	s->t.b->frames[0].time_ns = s->offset_ns + ms * 1000000;
	s->t.b->frames[0].number = ++s->number;
	wire_decode(s->t.wire, s->t.b);
	watch_batch(s->watch, s->t.b);
}

/* A PFCP message; seid -1: of a node. */
static inline void pfcp(struct story *s, int64_t ms, unsigned from, unsigned to, unsigned type, long seid, unsigned sequence,
			const char *elements)
{
	static char hex[2 * FRAME_MOST];
	static uint8_t bytes[FRAME_MOST];
	unsigned length = (unsigned)from_hex(elements, bytes);

	if (seid < 0)
		snprintf(hex, sizeof hex, "20 %02x %04x %06x 00 %s", type, 4 + length, sequence, elements);
	else
		snprintf(hex, sizeof hex, "21 %02x %04x %016lx %06x 00 %s", type, 12 + length, (unsigned long)seid, sequence, elements);
	say(s, ms, from, to, PFCP_PORT, hex);
}

/* A request and its answer, one ms later. */
static inline void ask(struct story *s, int64_t ms, unsigned from, unsigned to, unsigned type, long to_seid, long from_seid,
		       unsigned sequence, const char *elements, const char *answer)
{
	pfcp(s, ms, from, to, type, to_seid, sequence, elements);
	pfcp(s, ms + 1, to, from, type + 1, from_seid, sequence, answer);
}

static inline void associate(struct story *s, int64_t ms, unsigned sequence)
{
	ask(s, ms, SMF, UPF, 5, -1, -1, sequence, NODE("03") START_2024, NODE("04") ACCEPTED START_2024 "002b 0002 0000");
}

/*
 * A session with these numbers: the user plane chooses the F-TEID (CHOOSE), so that only the answer has it; its UE address
 * is 10.45.0.ue, in the instance "a" (one label).
 */
static inline void establish(struct story *s, int64_t ms, unsigned sequence, unsigned number, unsigned ue, const char *instance)
{
	char request[1024], answer[256];

	snprintf(request, sizeof request,
		 NODE("03") "0039 000d 02 %016x 0a000003"
			    "0001 0033 0038 0002 0001 001d 0004 000000ff 0002 0019 0014 0001 00 0015 0001 05 0016 0002 01%s 005d 0005 02 0a2d00%02x"
			    " 006c 0004 00000001"
			    "0003 000d 006c 0004 00000001 002c 0001 02",
		 number, instance, ue);
	snprintf(answer, sizeof answer, NODE("04") ACCEPTED "0039 000d 02 %016x 0a000004 0008 0013 0038 0002 0001 0015 0009 01 %08x 0a000004",
		 0x1000 + number, 0x500 + number);
	ask(s, ms, SMF, UPF, 50, 0, (long)number, sequence, request, answer);
}

static inline void g_pdu(struct story *s, int64_t ms, unsigned from, unsigned to, unsigned teid)
{
	char hex[256];

	snprintf(hex, sizeof hex, "30 ff 0014 %08x 4500 0014 0000 0000 40 3b 0000 0a2d0001 08080808", teid);
	say(s, ms, from, to, GTPU_PORT, hex);
}

static inline void story_finish(struct story *s)
{
	const struct watch_counters *n;
	uint64_t sum;

	s->result = watch_finish(s->watch, wire_counters(s->t.wire), s->dropped);
	n = &s->result->counters;
	sum = n->judged;
	for (unsigned i = 0; i < WATCH_REASONS; i++)
		sum += n->not_judged[i];
	assert_int_equal(sum, n->read);
	assert_int_equal(n->not_judged[WATCH_JUDGED], 0);
}

/* The first finding of a check, NULL where there is none. */
static inline const struct watch_finding *found(const struct story *s, const char *check)
{
	for (size_t i = 0; i < s->result->finding_count; i++)
		if (s->result->findings[i].check && strcmp(s->result->findings[i].check->name, check) == 0)
			return &s->result->findings[i];
	return NULL;
}

static inline void expect(const struct story *s, const char *check, const char *certainty)
{
	const struct watch_finding *f = found(s, check);

	if (!certainty && f)
		fail_msg("%s is found after %lld ns: %s", check, (long long)(f->wire.first_ns - s->offset_ns), f->finding.explanation);
	if (certainty && !f)
		fail_msg("%s is not found", check);
	if (certainty)
		assert_string_equal(f->wire.certainty, certainty);
}

#endif
