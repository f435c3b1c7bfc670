/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arenas and growing arrays: zeroed, aligned, kept through growth, given back as a whole.
 *
 * # proviso-deps: base
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"

static void small_and_large(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4000, 70000, 1 << 20, (1 << 20) + 1, 5 << 20 };
	struct arena *a = arena_new();
	char *blocks[sizeof sizes / sizeof *sizes];

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		blocks[i] = arena_alloc(a, sizes[i]);
		assert_non_null(blocks[i]);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(blocks[i][k], 0);
		memset(blocks[i], (int)i + 1, sizes[i]);
	}
	/* None has written into another. */
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(blocks[i][k], i + 1);
	assert_true(arena_bytes(a) >= (6 << 20));
	arena_free(a);
	arena_free(NULL);
}

/* Zeroed to its end, apart from its neighbours, counted and given back like any other. */
static void sparse(void **state)
{
	static const size_t counts[] = { 0, 3, 100000, 3 << 20 };
	struct arena *a = arena_new();
	char *blocks[sizeof counts / sizeof *counts];
	size_t before = arena_bytes(a);

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		blocks[i] = arena_sparse(a, counts[i], 3);
		assert_non_null(blocks[i]);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		for (size_t k = 0; k < 3 * counts[i]; k++)
			assert_int_equal(blocks[i][k], 0);
		memset(blocks[i], (int)i + 1, 3 * counts[i]);
	}
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		for (size_t k = 0; k < 3 * counts[i]; k++)
			assert_int_equal(blocks[i][k], i + 1);
	assert_true(arena_bytes(a) - before >= (9 << 20));
	arena_release(a, blocks[3], 9 << 20);
	assert_true(arena_bytes(a) - before < (9 << 20));
	arena_free(a);
}

static void tiny_stays_tiny(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int i = 0; i < 100; i++)
		arena_alloc(a, 100);
	assert_true(arena_bytes(a) <= 70 << 10);
	arena_free(a);
}

static void grows(void **state)
{
	struct arena *a = arena_new();
	uint32_t *items = NULL;
	size_t bytes = 0;

	(void)state;
	for (size_t more = 64; more <= 16 << 20; more *= 2) {
		items = arena_grow(a, items, bytes, more);
		for (size_t i = bytes / 4; i < more / 4; i++) {
			assert_int_equal(items[i], 0);
			items[i] = (uint32_t)i * 7;
		}
		bytes = more;
	}
	for (size_t i = 0; i < bytes / 4; i++)
		assert_int_equal(items[i], (uint32_t)i * 7);
	assert_true(arena_bytes(a) >= 16 << 20);
	arena_release(a, items, bytes);
	assert_true(arena_bytes(a) < 8 << 20);
	arena_release(a, arena_alloc(a, 5), 5);
	arena_release(a, NULL, 0);
	arena_free(a);
}

static void texts(void **state)
{
	struct arena *a = arena_new();
	char long_word[3000];
	char *text;

	(void)state;
	text = arena_text(a, "abcdef", 3);
	assert_string_equal(text, "abc");
	assert_string_equal(arena_text(a, NULL, 0), "");
	memset(long_word, 'x', sizeof long_word - 1);
	long_word[sizeof long_word - 1] = 0;
	text = arena_printf(a, "%s-%d", long_word, 42);
	assert_int_equal(strlen(text), sizeof long_word - 1 + 3);
	assert_string_equal(text + sizeof long_word - 1, "-42");
	arena_free(a);
}

static void note(void *context)
{
	char **at = context;

	*(*at)++ = 'x';
}

struct order {
	char *log;
	char letter;
};

static void note_letter(void *context)
{
	struct order *o = context;

	o->log[strlen(o->log)] = o->letter;
}

static void last_calls(void **state)
{
	struct arena *a = arena_new();
	char log[8] = "", plain[2] = "", *at = plain;
	struct order first = { log, '1' }, second = { log, '2' };

	(void)state;
	arena_at_free(a, note_letter, &first);
	arena_at_free(a, note_letter, &second);
	arena_at_free(a, note, &at);
	assert_string_equal(log, "");
	arena_free(a);
	assert_string_equal(log, "21");
	assert_string_equal(plain, "x");
}

static void arrays(void **state)
{
	struct {
		struct {
			uint64_t a;
			char b;
		} * items;
		size_t count, room;
	} array = { 0 };

	(void)state;
	for (size_t i = 0; i < 300000; i++) {
		assert_int_equal(array_add(&array)->a, 0);
		assert_int_equal(array.items[i].b, 0);
		array.items[i].a = i;
		array.items[i].b = 'b';
	}
	assert_int_equal(array.count, 300000);
	for (size_t i = 0; i < array.count; i++)
		assert_int_equal(array.items[i].a, i);
	free(array.items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_and_large), cmocka_unit_test(sparse), cmocka_unit_test(tiny_stays_tiny),
		cmocka_unit_test(grows),           cmocka_unit_test(texts),  cmocka_unit_test(last_calls),
		cmocka_unit_test(arrays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
