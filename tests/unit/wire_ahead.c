/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading ahead on a thread of its own: the same frames, levels and messages in the same order as without, over many
 * turns of the buffers, with fragments that the decoder joins in memory of its own.
 *
 * # proviso-deps: base wire
 */
#include "wire_frames.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { FRAMES = 60000, RECORD = 16, LONGEST = 200, ONE = 28 };

static void nap(long us)
{
	nanosleep(&(struct timespec){ .tv_nsec = us * 1000 }, NULL);
}

/* Instead of the library's: a thread that is slow to get a lock lets the other one go on between a look and the lock. */
static pthread_t slow;
static bool any_slow;

int pthread_mutex_lock(pthread_mutex_t *m)
{
	int error;

	if (any_slow && pthread_equal(pthread_self(), slow))
		nap(50);
	while ((error = pthread_mutex_trylock(m)) == EBUSY)
		sched_yield();
	return error;
}

static void put32(uint8_t *p, uint32_t v) /* little-endian, as the file has it */
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* A capture of raw IP: whole datagrams of differing length, and every hundredth in two fragments. */
static size_t make(uint8_t *out)
{
	static const char *const head = "d4c3b2a1 0200 0400 00000000 00000000 00000400 65000000";
	uint8_t *p = out + from_hex(head, out);

	for (uint32_t n = 0; n < FRAMES; n++) {
		uint32_t piece = n % 100, length = piece < 2 ? 20 + 64 : 28 + n % 100;

		put32(p, n);
		put32(p + 4, 0);
		put32(p + 8, length);
		put32(p + 12, length);
		p += RECORD;
		memset(p, 0, length);
		from_hex("4500 0000 0000 0000 40 11 0000 0a000001 0a000002 3039 2345", p);
		p[2] = 0;
		p[3] = (uint8_t)length;
		p[4] = (uint8_t)(n / 100 >> 8);
		p[5] = (uint8_t)(n / 100);
		if (piece == 0) { /* first of two fragments: 64 bytes of a datagram of 128 */
			p[6] = 0x20;
			p[25] = 128;
		} else if (piece == 1) {
			p[7] = 8;
			memset(p + 20, (int)(n / 100), 64);
		} else {
			p[25] = (uint8_t)(length - 20);
			put32(p + 28 - 4, (uint32_t)(length - 20) << 8);
		}
		p += length;
	}
	return (size_t)(p - out);
}

/* What was read, as one number that depends on the order: places, lengths, the bytes that were joined. */
static uint64_t digest(const struct wire_batch *b, uint64_t before)
{
	for (unsigned i = 0; i < b->frame_count; i++) {
		const struct wire_packet *p = &b->packets[i];
		const struct wire_level *l = &p->levels[0];
		uint64_t key[5] = { before, b->frames[i].number, p->fault, l->payload_bytes,
				    p->count ? hash_bytes(l->payload, l->payload_bytes) : 0 };

		before = hash_bytes(key, sizeof key);
	}
	return before;
}

static uint64_t read_all(const uint8_t *bytes, size_t count, bool ahead, uint64_t *frames, uint64_t *joined)
{
	struct arena *a = arena_new();
	struct diagnostics d;
	struct source *source = source_of_memory(a, "made", bytes, count);
	struct wire_capture *c;
	struct wire *w = wire_new(a);
	struct wire_batch *own = wire_batch_new(a);
	struct wire_ahead *other;
	uint64_t result = 0;

	diagnostics_init(&d, a);
	c = wire_capture_open(a, source, NULL, &d);
	assert_non_null(c);
	other = ahead ? wire_ahead_new(a, w, &c, 1) : NULL;
	*frames = *joined = 0;
	for (;;) {
		const struct wire_batch *b = own;

		if (ahead)
			b = wire_ahead_next(other);
		else if (wire_read(&c, 1, own))
			wire_decode(w, own);
		else
			break;
		if (!b)
			break;
		result = digest(b, result);
		*frames += b->frame_count;
		for (unsigned i = 0; i < b->frame_count; i++)
			*joined += (b->packets[i].levels[0].flags & WIRE_LEVEL_JOINED) != 0;
	}
	assert_int_equal(d.count, 0);
	diagnostics_free(&d);
	arena_free(a);
	return result;
}

static void same_as_without(void **state)
{
	uint8_t *bytes = malloc((size_t)FRAMES * (RECORD + LONGEST) + 24);
	size_t count = make(bytes);
	uint64_t frames, joined, without = read_all(bytes, count, false, &frames, &joined);

	(void)state;
	assert_int_equal(frames, FRAMES);
	assert_int_equal(joined, FRAMES / 100);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(read_all(bytes, count, true, &frames, &joined), without);
		assert_int_equal(frames, FRAMES);
	}
	free(bytes);
}

/* Each waits for the other only while that one has something to do: else both sleep for good, and the alarm ends it. */
static void judge_is_slow_to_sleep(void **state)
{
	uint8_t *bytes = malloc((size_t)FRAMES * (RECORD + LONGEST) + 24);
	size_t count = make(bytes);
	uint64_t frames, joined, without = read_all(bytes, count, false, &frames, &joined);

	(void)state;
	alarm(60);
	slow = pthread_self();
	any_slow = true;
	assert_int_equal(read_all(bytes, count, true, &frames, &joined), without);
	any_slow = false;
	alarm(0);
	free(bytes);
}

/* pcapng: a section, an interface of raw IP, datagrams, and in the midst of them blocks without packets. */
enum { NG_FRAMES = 400, NG_BLOCK = 1 << 16, NG_BLOCKS = 128, NG_FRAME = 32 + ONE };

static uint8_t *put_block(uint8_t *p, uint32_t type, uint32_t length)
{
	put32(p, type);
	put32(p + 4, length);
	put32(p + length - 4, length);
	return p + length;
}

static size_t make_ng(uint8_t *out)
{
	uint8_t *p = out;

	put32(p + 8, 0x1a2b3c4d);
	put32(p + 12, 1);
	memset(p + 16, 0xff, 8);
	p = put_block(p, 0x0a0d0d0a, 28);
	put32(p + 8, 101);
	put32(p + 12, 0);
	p = put_block(p, 1, 20);
	for (uint32_t n = 0; n < NG_FRAMES; n++) {
		memset(p, 0, NG_FRAME);
		put32(p + 20, ONE);
		put32(p + 24, ONE);
		from_hex("4500 001c 0000 0000 40 11 0000 0a000001 0a000002 3039 2345 0008 0000", p + 28);
		put32(p + 28 + 16, n);
		p = put_block(p, 6, NG_FRAME);
		for (uint32_t k = 0; n == NG_FRAMES / 2 && k < NG_BLOCKS; k++) {
			memset(p, 0xee, NG_BLOCK);
			p = put_block(p, 0xbad, NG_BLOCK);
		}
	}
	return (size_t)(p - out);
}

/* What lies between packets is read through, but not over the packets that somebody still looks at. */
static void much_without_packets(void **state)
{
	uint8_t *bytes = malloc(64 + NG_FRAMES * NG_FRAME + NG_BLOCKS * NG_BLOCK);
	size_t count = make_ng(bytes);
	struct arena *a = arena_new();
	struct diagnostics d;
	struct wire_capture *c;
	struct wire_ahead *ahead;
	struct wire_batch *b;
	uint32_t frames = 0;

	(void)state;
	diagnostics_init(&d, a);
	c = wire_capture_open(a, source_of_memory(a, "made", bytes, count), NULL, &d);
	assert_non_null(c);
	ahead = wire_ahead_new(a, wire_new(a), &c, 1);
	while ((b = wire_ahead_next(ahead))) {
		nap(20000); /* the other thread goes on as far as it can */
		for (unsigned i = 0; i < b->frame_count; i++, frames++) {
			uint8_t number[4];

			put32(number, frames);
			assert_memory_equal(b->frames[i].bytes + 16, number, 4);
		}
	}
	assert_int_equal(frames, NG_FRAMES);
	diagnostics_free(&d);
	arena_free(a);
	free(bytes);
}

/* Frames about as long as what is read at once: of each, part lies in the piece before or in several. */
enum { LONG_FRAMES = 100, LONG = 250000 };

static void long_frames(void **state)
{
	uint8_t *bytes = malloc(24 + (size_t)LONG_FRAMES * (RECORD + LONG)), *p = bytes;
	struct arena *a = arena_new();
	struct diagnostics d;
	struct wire_capture *c;
	struct wire_ahead *ahead;
	struct wire_batch *b;
	uint32_t frames = 0;

	(void)state;
	p += from_hex("d4c3b2a1 0200 0400 00000000 00000000 00000400 65000000", p);
	for (uint32_t n = 0; n < LONG_FRAMES; n++) {
		memset(p, 0, RECORD);
		put32(p + 8, LONG - n);
		put32(p + 12, LONG - n);
		memset(p + RECORD, (int)(n + 1), LONG - n);
		p += RECORD + LONG - n;
	}
	diagnostics_init(&d, a);
	c = wire_capture_open(a, source_of_memory(a, "made", bytes, (size_t)(p - bytes)), NULL, &d);
	assert_non_null(c);
	ahead = wire_ahead_new(a, wire_new(a), &c, 1);
	p = bytes + 24;
	while ((b = wire_ahead_next(ahead))) {
		nap(2000);
		for (unsigned i = 0; i < b->frame_count; i++, frames++) {
			assert_int_equal(b->frames[i].captured, LONG - frames);
			assert_memory_equal(b->frames[i].bytes, p + RECORD, LONG - frames);
			p += RECORD + LONG - frames;
		}
	}
	assert_int_equal(frames, LONG_FRAMES);
	diagnostics_free(&d);
	arena_free(a);
	free(bytes);
}

/* Whoever stops early gets everything back: the thread ends with the arena. */
static void stopped_early(void **state)
{
	uint8_t *bytes = malloc((size_t)FRAMES * (RECORD + LONGEST) + 24);
	size_t count = make(bytes);
	struct arena *a = arena_new();
	struct diagnostics d;
	struct wire_capture *c;

	(void)state;
	diagnostics_init(&d, a);
	c = wire_capture_open(a, source_of_memory(a, "made", bytes, count), NULL, &d);
	assert_non_null(wire_ahead_next(wire_ahead_new(a, wire_new(a), &c, 1)));
	diagnostics_free(&d);
	arena_free(a);
	free(bytes);
}

/*
 * A reader as a live capture is one: what a batch looks into is gone when WIRE_AHEAD - 1 others were filled, or, after a
 * pause in which all before it were done with, at once.
 */
enum { BUFFERS = 4000, PAUSE_EVERY = 37 };

struct reader {
	uint8_t buffers[WIRE_AHEAD][WIRE_BATCH][ONE];
	uint32_t filled;
};

static size_t read_made(void *context, struct wire_ahead *ahead, struct wire_batch *b)
{
	struct reader *r = context;
	uint8_t(*buffer)[ONE] = r->buffers[r->filled % WIRE_AHEAD];

	if (r->filled == BUFFERS)
		return 0;
	if (r->filled % PAUSE_EVERY == 0) {
		if (!wire_ahead_settle(ahead))
			return 0;
		memset(r->buffers, 0xee, sizeof r->buffers);
	}
	b->frame_count = (uint16_t)(1 + r->filled % WIRE_BATCH);
	for (unsigned i = 0; i < b->frame_count; i++) {
		memset(buffer[i], 0, ONE);
		from_hex("4500 001c 0000 0000 40 11 0000 0a000001 0a000002 3039 2345 0008 0000", buffer[i]);
		put32(buffer[i] + 16, r->filled);
		b->frames[i] = (struct wire_frame){
			.bytes = buffer[i], .captured = ONE, .length = ONE, .number = i, .link = 101
		};
	}
	r->filled++;
	return b->frame_count;
}

static void of_another_reader(void **state)
{
	struct arena *a = arena_new();
	struct reader *r = calloc(1, sizeof *r);
	struct wire_ahead *ahead = wire_ahead_of(a, wire_new(a), read_made, r);
	struct wire_batch *b;
	uint8_t number[4];
	uint32_t batches = 0;

	(void)state;
	for (; (b = wire_ahead_next(ahead)); batches++) {
		assert_int_equal(b->frame_count, 1 + batches % WIRE_BATCH);
		put32(number, batches);
		for (unsigned i = 0; i < b->frame_count; i++)
			assert_memory_equal(b->packets[i].levels[0].destination.bytes + 12, number, 4);
		for (unsigned i = 0; i < b->frame_count; i++)
			assert_memory_equal(b->frames[i].bytes + 16, number, 4);
	}
	assert_int_equal(batches, BUFFERS);
	arena_free(a);
	free(r);
}

/* Who stops while the reader waits for it gets everything back too. */
static void of_another_reader_stopped(void **state)
{
	struct arena *a = arena_new();
	struct reader *r = calloc(1, sizeof *r);
	struct wire_ahead *ahead = wire_ahead_of(a, wire_new(a), read_made, r);

	(void)state;
	for (unsigned i = 0; i < PAUSE_EVERY; i++)
		assert_non_null(wire_ahead_next(ahead));
	arena_free(a);
	assert_int_equal(r->filled, PAUSE_EVERY);
	free(r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_without),      cmocka_unit_test(judge_is_slow_to_sleep),
		cmocka_unit_test(much_without_packets), cmocka_unit_test(long_frames),
		cmocka_unit_test(stopped_early),
		cmocka_unit_test(of_another_reader),    cmocka_unit_test(of_another_reader_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
