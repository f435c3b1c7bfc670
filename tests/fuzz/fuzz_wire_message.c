/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as one message: the first byte says of which protocol, so that the fuzzer need not find its way through
 * headers. Frames go through wire_decode as a live capture's would.
 *
 * # proviso-deps: base wire
 */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

enum { HEADERS = 64, MOST = 4096, USER0 = 147, RAW = 101 };

/* An IPv4 header and one of UDP (a port for each protocol) or TCP before the bytes. */
static size_t wrap(uint8_t *frame, uint8_t kind, const uint8_t *bytes, size_t count)
{
	static const uint16_t udp[] = { 2152, 8805, 2123, 53, 123, 161, 514, 4789 };
	static const uint16_t tcp[] = { 7777, 443, 22, 3868 };
	size_t transport = kind & 8 ? 20 : 8, total = 20 + transport + count;
	uint16_t port = kind & 8 ? tcp[kind & 3] : udp[kind & 7];

	memset(frame, 0, HEADERS);
	frame[0] = 0x45;
	frame[2] = (uint8_t)(total >> 8);
	frame[3] = (uint8_t)total;
	frame[8] = 64;
	frame[9] = kind & 8 ? 6 : 17;
	frame[15] = 1;
	frame[19] = 2;
	frame[20] = frame[22] = (uint8_t)(port >> 8);
	frame[21] = frame[23] = (uint8_t)port;
	frame[24] = (uint8_t)((8 + count) >> 8);
	frame[25] = (uint8_t)(8 + count);
	if (kind & 8) {
		memset(frame + 24, 0, 8);
		frame[32] = 0x50;
	}
	memcpy(frame + 20 + transport, bytes, count);
	return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static const uint8_t bare[] = { WIRE_NGAP, WIRE_S1AP, WIRE_F1AP, WIRE_PFCP, WIRE_DIAMETER, WIRE_SNMP };
	static struct arena *batches; /* a batch remembers nothing, and is too large to be made for each input */
	static struct wire_batch *b;
	struct arena *a;
	struct wire *w;
	uint8_t *frame;
	uint8_t kind;

	if (count < 2 || count > MOST)
		return 0;
	if (!b) {
		batches = arena_new();
		b = wire_batch_new(batches);
	}
	a = arena_new();
	w = wire_new(a);
	kind = bytes[0];
	frame = malloc(HEADERS + count);
	b->frame_count = 1;
	b->frames[0] = (struct wire_frame){ .bytes = frame,
					    .number = 1,
					    .link = kind & 0x80 ? USER0 : RAW,
					    .user = kind & 0x80 ? bare[kind % sizeof bare] : WIRE_NONE };
	if (kind & 0x80) {
		memcpy(frame, bytes + 1, count - 1);
		b->frames[0].captured = b->frames[0].length = (uint32_t)(count - 1);
	} else {
		b->frames[0].captured = b->frames[0].length = (uint32_t)wrap(frame, kind, bytes + 1, count - 1);
	}
	wire_decode(w, b);
	wire_decode(w, b); /* again: duplicates must not disturb what is remembered */
	for (unsigned i = 0; i < b->message_count; i++)
		if ((uint32_t)b->messages[i].first + b->messages[i].count > b->field_count)
			abort();
	free(frame);
	arena_free(a);
	return 0;
}
