/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capture files: pcap in its orders and resolutions, pcapng with its blocks, damage, files merged by time.
 *
 * # proviso-deps: base wire
 */
#include "wire_frames.h"

#define PCAP_LITTLE "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 65000000"
#define PCAP_BIG    "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000065"
#define PCAP_NANO   "4d3cb2a1 0200 0400 00000000 00000000 ffff0000 65000000"
/* pcapng, little endian: section (28 bytes), interface (20 bytes, link 101, microseconds) */
#define SECTION           "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
#define INTERFACE         "01000000 14000000 6500 0000 00000000 14000000"
#define PACKET(high, low) "06000000 24000000 00000000 " high low "04000000 04000000 45000001 24000000"

struct file {
	struct arena *arena;
	struct diagnostics d;
	struct wire_capture *capture;
	struct wire_batch *b;
	uint8_t bytes[FRAME_MOST];
};

static bool file_open(struct file *f, const char *hex)
{
	size_t count = from_hex(hex, f->bytes);

	f->arena = arena_new();
	diagnostics_init(&f->d, f->arena);
	f->b = wire_batch_new(f->arena);
	f->capture = wire_capture_open(f->arena, source_of_memory(f->arena, "made", f->bytes, count), NULL, &f->d);
	return f->capture;
}

static void file_close(struct file *f)
{
	diagnostics_free(&f->d);
	arena_free(f->arena);
}

static void pcap_orders(void **state)
{
	static const struct {
		const char *hex;
		int64_t time_ns;
	} rows[] = {
		{ PCAP_LITTLE "01000000 02000000 04000000 08000000 45000001", 1000002000 },
		{ PCAP_BIG "00000001 00000002 00000004 00000008 45000001", 1000002000 },
		{ PCAP_NANO "01000000 02000000 04000000 08000000 45000001", 1000000002 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct file f;

		assert_true(file_open(&f, rows[i].hex));
		assert_int_equal(wire_read(&f.capture, 1, f.b), 1);
		assert_int_equal(f.b->frames[0].time_ns, rows[i].time_ns);
		assert_int_equal(f.b->frames[0].captured, 4);
		assert_int_equal(f.b->frames[0].length, 8);
		assert_int_equal(f.b->frames[0].link, 101);
		assert_int_equal(f.b->frames[0].number, 1);
		assert_int_equal(f.b->frames[0].bytes[3], 1);
		assert_int_equal(wire_read(&f.capture, 1, f.b), 0);
		assert_int_equal(wire_capture_frames(f.capture), 1);
		assert_false(wire_capture_is_damaged(f.capture));
		file_close(&f);
	}
}

static void pcapng_blocks(void **state)
{
	struct file f;

	(void)state;
	/* an interface with options: resolution 10^-9 (9, one byte), offset 5 s (14, eight bytes), end; a block of another kind;
	 * statistics with 7 dropped (option 5) */
	assert_true(
		file_open(&f, SECTION
			  "01000000 28000000 0100 0000 00000000 0900 0100 09000000 0e00 0800 0500000000000000 28000000"
			  "0b000000 10000000 00000000 10000000" PACKET(
				  "00000000", "02000000") "05000000 24000000 00000000 00000000 00000000 0500 0800 "
							  "0700000000000000 24000000"));
	assert_int_equal(wire_read(&f.capture, 1, f.b), 1);
	assert_int_equal(f.b->frames[0].time_ns, 5000000002);
	assert_int_equal(f.b->frames[0].link, 1);
	assert_int_equal(wire_read(&f.capture, 1, f.b), 0);
	assert_int_equal(wire_capture_lost(f.capture), 7);
	assert_false(wire_capture_is_damaged(f.capture));
	file_close(&f);
}

static void damage(void **state)
{
	static const struct {
		const char *hex, *code;
		unsigned frames;
	} rows[] = {
		{ PCAP_LITTLE "01000000 02000000 04000000 08000000 4500", "capture-cut-short", 0 },
		{ PCAP_LITTLE "01000000 02000000 04000000 04000000 45000001 0100", "capture-cut-short", 1 },
		{ PCAP_LITTLE "01000000 02000000 ffffff7f 08000000 45000001", "capture-damaged", 0 },
		{ SECTION INTERFACE "06000000 22000000 00000000", "capture-damaged", 0 }, /* not a multiple of four */
		{ SECTION INTERFACE PACKET("00000000", "00000000") "06000000 24000000 00000000", "capture-cut-short",
		  1 },
		{ SECTION INTERFACE "06000000 24000000 00000000 0000000000000000 08000000 08000000 45000001 24000000",
		  "capture-damaged", 0 },
		{ SECTION INTERFACE "06000000 24000000 00000000 0000000000000000 04000000 04000000 45000001 28000000",
		  "capture-damaged", 0 },
		{ SECTION "03000000 14000000 04000000 45000001 14000000", "capture-damaged", 0 }, /* no interface */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct file f;
		unsigned frames = 0;

		assert_true(file_open(&f, rows[i].hex));
		while (wire_read(&f.capture, 1, f.b))
			frames += f.b->frame_count;
		assert_int_equal(frames, rows[i].frames);
		assert_true(wire_capture_is_damaged(f.capture));
		assert_int_equal(f.d.count, 1);
		assert_string_equal(f.d.items[0].code, rows[i].code);
		file_close(&f);
	}
}

static void no_capture(void **state)
{
	static const char *const rows[] = { "", "00", "d4c3b2a1 0200",
					    "504b0304 00000000 00000000 00000000 00000000 00000000 00000000",
					    "0a0d0d0a 1c000000 00000000 0100 0000 ffffffffffffffff 1c000000" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct file f;

		assert_false(file_open(&f, rows[i]));
		assert_int_equal(f.d.errors, 1);
		assert_string_equal(f.d.items[0].code, "capture-format");
		file_close(&f);
	}
}

/* Packets of an interface that is not there are counted, and nothing else is lost. */
static void unknown_interface(void **state)
{
	struct file f;

	(void)state;
	assert_true(file_open(&f, SECTION INTERFACE
			      "06000000 24000000 01000000 0000000000000000 04000000 04000000 45000001 24000000" PACKET(
				      "00000000", "00000000")));
	assert_int_equal(wire_read(&f.capture, 1, f.b), 1);
	assert_int_equal(wire_capture_skipped(f.capture), 1);
	assert_int_equal(wire_capture_frames(f.capture), 2);
	file_close(&f);
}

static void merged_by_time(void **state)
{
	static const unsigned taps[] = { 1, 0, 1, 0 };
	struct file f, g;
	struct wire_capture *both[2];
	unsigned seen = 0;

	(void)state;
	assert_true(file_open(&f, PCAP_LITTLE
			      "02000000 00000000 01000000 01000000 45 04000000 00000000 01000000 01000000 45"));
	assert_true(file_open(&g, PCAP_LITTLE
			      "01000000 00000000 01000000 01000000 45 03000000 00000000 01000000 01000000 45"));
	both[0] = f.capture;
	both[1] = g.capture;
	while (wire_read(both, 2, f.b)) /* a batch may end early, where a file has to be read on */
		for (unsigned i = 0; i < f.b->frame_count; i++, seen++) {
			assert_true(seen < 4);
			assert_int_equal(f.b->frames[i].tap, taps[seen]);
			assert_int_equal(f.b->frames[i].time_ns, (seen + 1) * 1000000000ll);
		}
	assert_int_equal(seen, 4);
	file_close(&g);
	file_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcap_orders), cmocka_unit_test(pcapng_blocks),     cmocka_unit_test(damage),
		cmocka_unit_test(no_capture),  cmocka_unit_test(unknown_interface), cmocka_unit_test(merged_by_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
