/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segments of observations: what is written comes back, row for row; a segment cut at any byte gives the rows of the blocks
 * before that, one with any byte changed those of all other blocks, or of those before it where the damage hides the next
 * one's place; and says so.
 *
 * # proviso-deps: base store
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/base.h"
#include "store/store.h"

static struct store_row row_of(struct arena *a, uint64_t i)
{
	struct store_row r = {
		.minute = 29166666 + (int64_t)(i / 3),
		.from_element = i % 5 ? arena_printf(a, "element-%llu", (unsigned long long)(i % 7)) : "",
		.to_element = "upf-1",
		.reference_point = i % 2 ? "N3" : "N4",
		.protocol = i % 2 ? "GTP-U" : "PFCP",
		.port = (uint16_t)(i * 31),
		.packets = i * i + 1,
		.bytes = UINT64_MAX - i,
	};

	memset(r.from, (int)(i % 251), sizeof r.from);
	memset(r.to, (int)(i % 13), sizeof r.to);
	return r;
}

static bool same(const struct store_row *a, const struct store_row *b)
{
	return a->minute == b->minute && memcmp(a->from, b->from, 16) == 0 && memcmp(a->to, b->to, 16) == 0 &&
	       strcmp(a->from_element, b->from_element) == 0 && strcmp(a->to_element, b->to_element) == 0 &&
	       strcmp(a->reference_point, b->reference_point) == 0 && strcmp(a->protocol, b->protocol) == 0 &&
	       a->port == b->port && a->packets == b->packets && a->bytes == b->bytes;
}

/* A segment of rows, a block after each `every`; its bytes are the arena's. */
static uint8_t *write_segment(struct arena *a, uint64_t rows, uint64_t every, size_t *count)
{
	int fd = memfd_create("segment", 0);
	struct store_writer *w = store_writer_new(a, fd);
	uint8_t *bytes;

	assert_true(fd >= 0);
	for (uint64_t i = 0; i < rows; i++) {
		struct store_row r = row_of(a, i);

		store_add(w, &r);
		if (every && i % every == every - 1)
			assert_int_equal(store_flush(w), 0);
	}
	assert_int_equal(store_close(w), 0);
	assert_int_equal(store_rows(w), rows);
	*count = (size_t)lseek(fd, 0, SEEK_END);
	bytes = arena_alloc(a, *count);
	assert_int_equal(pread(fd, bytes, *count, 0), *count);
	close(fd);
	return bytes;
}

/* How many rows come back, all of them right; code: of the first diagnostic, NULL none. */
static uint64_t read_segment(const uint8_t *bytes, size_t count, const char **code)
{
	struct arena *a = arena_new();
	struct diagnostics d;
	struct store_reader *r;
	struct store_row row;
	uint64_t rows = 0, next = 0;

	diagnostics_init(&d, a);
	r = store_open(a, source_of_memory(a, "segment", bytes, count), &d);
	while (r && store_next(r, &row)) {
		struct store_row want;

		while (next * next + 1 < row.packets) /* rows of a block that was left out */
			next++;
		want = row_of(a, next++);
		assert_true(same(&row, &want));
		rows++;
	}
	assert_true(d.count <= 2); /* a block is left out, and by its length the next begins where none does */
	*code = d.count ? strcmp(d.items[0].code, "segment-cut") == 0       ? "segment-cut"
			  : strcmp(d.items[0].code, "segment-damaged") == 0 ? "segment-damaged"
									    : "segment-format"
			: NULL;
	diagnostics_free(&d);
	arena_free(a);
	return rows;
}

static void what_is_written_comes_back(void **state)
{
	static const uint64_t sizes[] = { 0, 1, 2, STORE_BLOCK_ROWS, STORE_BLOCK_ROWS + 1, 50000 };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const char *code;
		size_t count;
		uint8_t *bytes = write_segment(a, sizes[i], 0, &count);

		assert_int_equal(read_segment(bytes, count, &code), sizes[i]);
		assert_null(code);
	}
	arena_free(a);
}

static void cut_at_every_byte(void **state)
{
	struct arena *a = arena_new();
	size_t count;
	uint8_t *bytes = write_segment(a, 40, 10, &count);
	uint64_t before = 0;

	(void)state;
	for (size_t cut = 0; cut < count; cut++) {
		const char *code;
		uint64_t rows = read_segment(bytes, cut, &code);

		assert_int_equal(rows % 10, 0);
		assert_true(rows >= before && rows <= 30);
		/* Between two blocks a cut can't be seen; anywhere else it is said. */
		if (cut < 23)
			assert_string_equal(code, "segment-cut");
		else if (code)
			assert_string_equal(code, "segment-cut");
		else
			assert_true(cut == 23 || rows == before + 10);
		before = rows;
	}
	arena_free(a);
}

static void any_byte_changed(void **state)
{
	struct arena *a = arena_new();
	size_t count;
	uint8_t *bytes = write_segment(a, 40, 10, &count);
	unsigned others = 0;

	(void)state;
	for (size_t at = 0; at < count; at++) {
		const char *code;
		uint64_t rows;

		bytes[at] ^= 0x41;
		rows = read_segment(bytes, count, &code);
		assert_true(rows < 40 && rows % 10 == 0);
		assert_non_null(code);
		others += rows == 30;
		bytes[at] ^= 0x41;
	}
	/* all but the line, and of each block's 32 bytes in front those that say where it ends, and in the last all */
	assert_true(others > count - 23 - 4 * 32);
	arena_free(a);
}

static void long_texts_are_cut(void **state)
{
	struct arena *a = arena_new();
	struct diagnostics d;
	struct store_reader *r;
	struct store_row row = row_of(a, 1);
	struct store_writer *w;
	uint8_t bytes[8192];
	int fd = memfd_create("segment", 0);
	ssize_t count;
	char *text = arena_alloc(a, 5000);

	(void)state;
	memset(text, 'x', 4999);
	row.from_element = text;
	w = store_writer_new(a, fd);
	store_add(w, &row);
	assert_int_equal(store_close(w), 0);
	count = pread(fd, bytes, sizeof bytes, 0);
	assert_true(count > 0);
	diagnostics_init(&d, a);
	r = store_open(a, source_of_memory(a, "segment", bytes, (size_t)count), &d);
	assert_non_null(r);
	assert_true(store_next(r, &row));
	assert_int_equal(strlen(row.from_element), STORE_TEXT);
	diagnostics_free(&d);
	close(fd);
	arena_free(a);
}

static void a_full_disk_is_said(void **state)
{
	struct arena *a = arena_new();
	FILE *full = fopen("/dev/full", "w");
	struct store_writer *w;
	struct store_row row = row_of(a, 1);

	(void)state;
	assert_non_null(full);
	w = store_writer_new(a, fileno(full));
	store_add(w, &row);
	assert_int_not_equal(store_flush(w), 0);
	store_add(w, &row);
	assert_int_not_equal(store_close(w), 0);
	assert_int_equal(store_rows(w), 0);
	fclose(full);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_comes_back), cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(any_byte_changed),           cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(a_full_disk_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
