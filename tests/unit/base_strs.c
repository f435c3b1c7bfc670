/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interned strings: one number a text, dense, in order of arrival; texts that never move.
 *
 * # proviso-deps: base
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"

static void few(void **state)
{
	struct arena *a = arena_new();
	struct strs *s = strs_new(a);

	(void)state;
	assert_int_equal(strs_count(s), 1);
	assert_int_equal(strs_add(s, "", 0), STR_EMPTY);
	assert_int_equal(strs_add(s, NULL, 0), STR_EMPTY);
	assert_int_equal(strs_find(s, "x", 0), STR_EMPTY);
	assert_int_equal(strs_find(s, "acme", 4), STR_ABSENT);
	assert_int_equal(strs_add(s, "acme!", 4), 1);
	assert_int_equal(strs_id(s, "borealis"), 2);
	assert_int_equal(strs_id(s, "acme"), 1);
	assert_int_equal(strs_find(s, "acme", 4), 1);
	assert_int_equal(strs_find(s, "acme", 3), STR_ABSENT);
	assert_string_equal(strs_text(s, 0), "");
	assert_string_equal(strs_text(s, 1), "acme");
	assert_int_equal(strs_length(s, 0), 0);
	assert_int_equal(strs_length(s, 2), 8);
	assert_int_equal(strs_count(s), 3);
	arena_free(a);
}

static void many(void **state)
{
	enum { COUNT = 200000 };
	struct arena *a = arena_new();
	struct strs *s = strs_new(a);
	const char **seen = calloc(COUNT, sizeof *seen);
	char text[32];

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++) {
		int n = snprintf(text, sizeof text, "site-%u", i * 31);

		assert_int_equal(strs_add(s, text, (size_t)n), i + 1);
		seen[i] = strs_text(s, i + 1);
	}
	for (uint32_t i = COUNT; i-- > 0;) {
		int n = snprintf(text, sizeof text, "site-%u", i * 31);

		assert_int_equal(strs_find(s, text, (size_t)n), i + 1);
		assert_ptr_equal(strs_text(s, i + 1), seen[i]);
		assert_string_equal(seen[i], text);
		assert_int_equal(strs_length(s, i + 1), n);
	}
	for (uint32_t i = 0; i < COUNT; i++) {
		int n = snprintf(text, sizeof text, "size-%u", i);

		assert_int_equal(strs_find(s, text, (size_t)n), STR_ABSENT);
	}
	free(seen);
	arena_free(a);
}

/* Texts of all lengths around the borders where the memory for texts is cut, with zeros inside. */
static void lengths(void **state)
{
	enum { LONGEST = 70000 };
	struct arena *a = arena_new();
	struct strs *s = strs_new(a);
	char *text = malloc(LONGEST);
	uint32_t count = 0;

	(void)state;
	for (size_t n = 0; n < LONGEST; n++)
		text[n] = (char)(n * n >> 3);
	for (size_t n = 1; n < LONGEST; n += n < 100 || (n > 16300 && n < 16450) ? 1 : 997)
		assert_int_equal(strs_add(s, text, n), ++count);
	count = 0;
	for (size_t n = 1; n < LONGEST; n += n < 100 || (n > 16300 && n < 16450) ? 1 : 997) {
		assert_int_equal(strs_find(s, text, n), ++count);
		assert_int_equal(strs_length(s, count), n);
		assert_memory_equal(strs_text(s, count), text, n);
		assert_int_equal(strs_text(s, count)[n], 0);
	}
	free(text);
	arena_free(a);
}

/* A text that fills a run of memory to its last byte. The first run has 16 KiB, of which "" takes one. */
static void full_run(void **state)
{
	struct arena *a = arena_new();
	struct strs *s = strs_new(a);
	char *text = calloc(1, 1 << 14);

	(void)state;
	memset(text, 'f', 1 << 14);
	assert_int_equal(strs_add(s, text, (1 << 14) - 2), 1);
	assert_int_equal(strs_length(s, 1), (1 << 14) - 2);
	assert_int_equal(strs_add(s, "next", 4), 2);
	assert_int_equal(strs_length(s, 1), (1 << 14) - 2);
	assert_string_equal(strs_text(s, 2), "next");
	assert_int_equal(strs_find(s, text, (1 << 14) - 2), 1);
	free(text);
	arena_free(a);
}

static void memory(void **state)
{
	enum { COUNT = 1000000, BYTES = 8 };
	struct arena *a = arena_new();
	struct strs *s = strs_new(a);
	char text[BYTES + 1];

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		snprintf(text, sizeof text, "%08u", i);
		strs_add(s, text, BYTES);
	}
	assert_int_equal(strs_count(s), COUNT + 1);
	/* Text and its zero, four bytes of offset, at most 11 of slots; the newest run may be half empty. */
	assert_true(arena_bytes(a) < (size_t)COUNT * 2 * (BYTES + 1) + (size_t)COUNT * 20);
	arena_free(a);
}

static void hashes(void **state)
{
	uint64_t seed = hash_seed();
	char hex[65];

	(void)state;
	assert_true(hash_bytes("abc", 3) == hash_bytes("abcd", 3));
	assert_true(hash_bytes("abc", 3) != hash_bytes("abd", 3));
	assert_true(hash_seeded("abc", 3, seed) == hash_seeded("abc", 3, seed));
	assert_true(hash_seeded("abc", 3, seed) != hash_seeded("abc", 3, seed + 1));
	assert_true(hash_seed() != seed);
	/* FIPS 180-4, the examples of SHA-256. */
	sha256_hex("abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_hex("", 0, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few),	    cmocka_unit_test(many),   cmocka_unit_test(lengths),
		cmocka_unit_test(full_run), cmocka_unit_test(memory), cmocka_unit_test(hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
