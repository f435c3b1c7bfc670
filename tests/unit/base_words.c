/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words: suggestions for mistyped ones, UTF-8 checked strictly and measured; cursors; threads over ranges.
 *
 * # proviso-deps: base
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"

static void nearest(void **state)
{
	static const char *const known[] = { "acme", "acne", "borealis", "AMF", "SMF", "N2", "access-share" };
	static const struct {
		const char *text, *meant;
	} rows[] = {
		{ "acmee", "acme" }, { "acme", "acme" },     { "came", "acme" },	     { "acxe", "acme" },
		{ "acn", "acne" },   { "amf", "AMF" },	     { "SFM", "SMF" },		     { "n2", "N2" },
		{ "N3", NULL },	     { "boraelis", "borealis" }, { "borelias", "borealis" }, { "zebra", NULL },
		{ "", NULL },	     { "x", NULL },	     { "acess-shares", "access-share" },
	};
	size_t count = sizeof known / sizeof *known;
	char endless[5000];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = nearest_text(rows[i].text, known, count);

		if (got != rows[i].meant && (!got || !rows[i].meant || strcmp(got, rows[i].meant) != 0))
			fail_msg("%s: %s", rows[i].text, got ? got : "nothing");
	}
	assert_null(nearest_text("acme", known, 0));
	memset(endless, 'a', sizeof endless - 1);
	endless[sizeof endless - 1] = 0;
	assert_null(nearest_text(endless, known, count));
	assert_null(nearest_text("aaaaaaaa", (const char *const[]){ endless }, 1));
}

static void utf8(void **state)
{
	static const struct {
		const char *text;
		size_t bytes, good;
	} rows[] = {
		{ "", 0, 0 },
		{ "plain ASCII, long enough", 24, 24 },
		{ "12345678\0", 9, 8 },
		{ "1234567\0abcdefgh", 16, 7 },
		{ "\xC4\x81", 2, 2 },
		{ "\xC4", 1, 0 },
		{ "a\xC4!", 3, 1 },
		{ "\x80", 1, 0 },
		{ "\xC0\xAF", 2, 0 },	      /* overlong / */
		{ "\xC1\xBF", 2, 0 },
		{ "\xE0\x9F\xBF", 3, 0 },     /* overlong */
		{ "\xE0\xA0\x80", 3, 3 },
		{ "\xED\x9F\xBF", 3, 3 },
		{ "\xED\xA0\x80", 3, 0 },     /* surrogate */
		{ "\xEF\xBF\xBF", 3, 3 },
		{ "\xF0\x8F\xBF\xBF", 4, 0 }, /* overlong */
		{ "\xF0\x90\x80\x80", 4, 4 },
		{ "\xF4\x8F\xBF\xBF", 4, 4 }, /* U+10FFFF */
		{ "\xF4\x90\x80\x80", 4, 0 },
		{ "\xF5\x80\x80\x80", 4, 0 },
		{ "\xF0\x90\x80", 3, 0 },
		{ "12345678abcdefg\xFF", 16, 15 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (utf8_check(rows[i].text, rows[i].bytes) != rows[i].good)
			fail_msg("row %zu: %zu", i, utf8_check(rows[i].text, rows[i].bytes));
	assert_int_equal(utf8_width("abc", 3), 3);
	assert_int_equal(utf8_width("T\xC4\x81maki", 7), 6);
	assert_int_equal(utf8_width("a\xCC\x84", 3), 1); /* a letter and its macron apart */
	assert_int_equal(utf8_width("\xF0\x9F\x93\xA1", 4), 1);
	assert_int_equal(utf8_width("\xFF\xC4", 2), 2);
	assert_int_equal(utf8_width("", 0), 0);
}

static void cursors(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 0xFF };
	struct cursor c = cursor_of(bytes, sizeof bytes), part;

	(void)state;
	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_u16(&c), 0x0203);
	assert_int_equal(cursor_u24(&c), 0x040506);
	assert_int_equal(cursor_u32(&c), 0x0708090A);
	assert_true(cursor_u64(&c) == 0x0B0C0D0E0F101112u);
	assert_int_equal(cursor_left(&c), 1);
	assert_false(c.bad);
	assert_int_equal(cursor_u16(&c), 0);
	assert_true(c.bad);
	assert_int_equal(cursor_left(&c), 0);
	assert_int_equal(cursor_u8(&c), 0);
	c = cursor_of(bytes, 4);
	part = cursor_part(&c, 3);
	assert_int_equal(cursor_left(&part), 3);
	assert_int_equal(cursor_left(&c), 1);
	part = cursor_part(&c, 2);
	assert_true(c.bad && part.bad);
	assert_int_equal(cursor_left(&part), 0);
	c = cursor_of(bytes, 4);
	assert_null(cursor_take(&c, SIZE_MAX));
	c = cursor_of(bytes, 0);
	assert_ptr_equal(cursor_take(&c, 0), bytes);
	assert_false(c.bad);
}

struct sums {
	uint64_t parts[1000];
	unsigned calls[1000];
};

static void add_up(void *context, size_t slice, size_t from, size_t to)
{
	struct sums *s = context;

	s->calls[slice]++;
	for (size_t i = from; i < to; i++)
		s->parts[slice] += i;
}

static void threads(void **state)
{
	static const unsigned numbers[] = { 0, 1, 2, 7, 100000 };

	(void)state;
	for (size_t t = 0; t < sizeof numbers / sizeof *numbers; t++) {
		struct sums s = { 0 };
		uint64_t sum = 0;

		parallel(numbers[t], 99999, 100, add_up, &s);
		for (size_t i = 0; i < 1000; i++) {
			assert_int_equal(s.calls[i], 1);
			sum += s.parts[i];
		}
		assert_true(sum == (uint64_t)99999 * 99998 / 2);
		assert_true(s.parts[3] == (300 + 399) * 50);
		memset(&s, 0, sizeof s);
		parallel(numbers[t], 0, 100, add_up, &s);
		assert_int_equal(s.calls[0], 0);
		parallel(numbers[t], 5, SIZE_MAX, add_up, &s);
		assert_int_equal(s.calls[0], 1);
		assert_int_equal(s.parts[0], 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nearest),
		cmocka_unit_test(utf8),
		cmocka_unit_test(cursors),
		cmocka_unit_test(threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
