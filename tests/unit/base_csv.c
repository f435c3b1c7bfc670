/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV in and out. A test is an input and its transcript: a line for each record with cells as LINE:COLUMN=TEXT, then a
 * line for each diagnostic, as CODE@LINE:COLUMN.
 *
 * # proviso-deps: base
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/base.h"

/* Lines up to skip are filler: not shown, and the lines behind are counted from there. */
static void print_rows(struct sink *s, struct csv *csv, uint32_t skip)
{
	const struct csv_cell *cells;
	size_t count;

	while (csv_row(csv, &cells, &count)) {
		if (cells[0].line <= skip)
			continue;
		for (size_t i = 0; i < count; i++)
			sink_printf(s, "%s%u:%u=%.*s", i ? "|" : "", cells[i].line - skip, cells[i].column,
				    (int)cells[i].bytes, cells[i].text);
		sink_char(s, '\n');
	}
	/* The end stays the end. */
	assert_false(csv_row(csv, &cells, &count));
	assert_int_equal(count, 0);
}

static const char *read_from(struct arena *a, struct source *source, uint32_t skip)
{
	struct sink *s = sink_to_memory(a);
	struct diagnostics d;

	diagnostics_init(&d, a);
	print_rows(s, csv_open(a, source, &d), skip);
	for (size_t i = 0; i < d.count; i++) {
		assert_string_equal(d.items[i].place.file, "t.csv");
		sink_printf(s, "%s@%u:%u\n", d.items[i].code, d.items[i].place.line - skip, d.items[i].place.column);
	}
	diagnostics_free(&d);
	return sink_memory(s, NULL);
}

static const struct {
	const char *name, *input, *transcript;
	size_t bytes; /* of the input where it holds zeros, else 0 */
} rows[] = {
	{ "empty", "", "", 0 },
	{ "only newlines", "\n\r\n  \n", "", 0 },
	{ "only a mark", "\xEF\xBB\xBF", "", 0 },
	{ "plain", "a,b\n1,2\n", "1:1=a|1:3=b\n2:1=1|2:3=2\n", 0 },
	{ "no last newline", "a,b\n1,2", "1:1=a|1:3=b\n2:1=1|2:3=2\n", 0 },
	{ "ends in a comma", "a,b\n1,", "1:1=a|1:3=b\n2:1=1|2:3=\n", 0 },
	{ "ends in CR", "a,b\r\n1,2\r", "1:1=a|1:3=b\n2:1=1|2:3=2\n", 0 },
	{ "CRLF", "a,b\r\n1,2\r\n", "1:1=a|1:3=b\n2:1=1|2:3=2\n", 0 },
	{ "byte order mark", "\xEF\xBB\xBFid,b\n1,2\n", "1:1=id|1:4=b\n2:1=1|2:3=2\n", 0 },
	{ "mark, then a quote", "\xEF\xBB\xBF\"id\",b\n", "1:1=id|1:6=b\n", 0 },
	{ "blank lines", "a\n\n\r\n  \n1\n\n", "1:1=a\n5:1=1\n", 0 },
	{ "commas alone are cells", "a,b\n,\n", "1:1=a|1:3=b\n2:1=|2:2=\n", 0 },
	{ "a quoted nothing is no blank line", "a\n\"\"\n", "1:1=a\n2:1=\n", 0 },
	{ "spaces", " a ,\tb c\t, \n", "1:2=a|1:6=b c|1:12=\n", 0 },
	{ "spaces before CRLF", "a , b \r\n", "1:1=a|1:5=b\n", 0 },
	{ "quoted spaces stay", "\" a \" , \"b\" \r\n", "1:1= a |1:9=b\n", 0 },
	{ "quoted comma", "\"a,b\",c\n", "1:1=a,b|1:7=c\n", 0 },
	{ "quoted newline", "a,\"x\ny\",b\nc\n", "1:1=a|1:3=x\ny|2:4=b\n3:1=c\n", 0 },
	{ "quoted CRLF stays", "\"x\r\ny\"\r\nc\n", "1:1=x\r\ny\n3:1=c\n", 0 },
	{ "doubled quotes", "\"a\"\"b\",\"\"\"\",\"\"\"c\"\"\"\n", "1:1=a\"b|1:8=\"|1:13=\"c\"\n", 0 },
	{ "quoted at the end", "a,\"b\"", "1:1=a|1:3=b\n", 0 },
	{ "a quote within a plain cell is a letter", "5\" pipe,a\"\"b\n", "1:1=5\" pipe|1:9=a\"\"b\n", 0 },
	{ "a CR within a plain cell is a letter", "a\rb,c\n", "1:1=a\rb|1:5=c\n", 0 },
	{ "letters of more bytes", "T\xC4\x81maki,b\n", "1:1=T\xC4\x81maki|1:9=b\n", 0 },
	{ "text after a quote", "h\n\"a\"b,c\nd\n", "1:1=h\n3:1=d\ncsv-quote@2:4\n", 0 },
	{ "text after a quote and spaces", "h\n\"a\"  b\nd\n", "1:1=h\n3:1=d\ncsv-quote@2:6\n", 0 },
	{ "a CR after a quote", "h\n\"a\"\rb\nd\n", "1:1=h\n3:1=d\ncsv-quote@2:5\n", 0 },
	{ "unclosed", "h\na,\"b\nc\nd\n", "1:1=h\n3:1=c\n4:1=d\ncsv-quote@2:3\n", 0 },
	{ "unclosed at the very end", "h\nd\n\"", "1:1=h\n2:1=d\ncsv-quote@3:1\n", 0 },
	{ "unclosed in the last line", "h\n\"ab", "1:1=h\ncsv-quote@2:1\n", 0 },
	{ "closed by the next one's quote", "h,x\na,\"b\nc,\"d\"\ne,f\n", "1:1=h|1:3=x\n3:1=c|3:3=d\n4:1=e|4:3=f\ncsv-quote@2:3\n",
	  0 },
	{ "NUL", "h\na\0b\nc\n", "1:1=h\n3:1=c\ncsv-nul-byte@2:2\n", 8 },
	{ "NUL in quotes, second line", "h\nx,\"a\n\0b\",y\nc\n", "1:1=h\n4:1=c\ncsv-nul-byte@3:1\n", 15 },
	{ "NUL at the end", "h\nc\0", "1:1=h\ncsv-nul-byte@2:2\n", 4 },
	{ "Latin-1", "h\nOr\xE9gon,1\nc\n", "1:1=h\n3:1=c\ncsv-encoding@2:3\n", 0 },
	{ "Latin-1 header", "n\xE9,x\nc,d\n", "csv-encoding@1:2\n", 0 },
	{ "cut letter at the end", "h\nc\xC4", "1:1=h\ncsv-encoding@2:2\n", 0 },
	{ "letter cut by a comma", "h\nc\xC4,\x81\n", "1:1=h\ncsv-encoding@2:2\n", 0 },
	{ "a bad header ends it", "\"h\"x\nc\nd\n", "csv-quote@1:4\n", 0 },
	{ "UTF-16", "\xFF\xFEi\0d\0\n\0", "csv-encoding@1:1\n", 8 },
	{ "UTF-16, big end first", "\xFE\xFF\0i\0d\0\n", "csv-encoding@1:1\n", 8 },
};

static size_t bytes_of(size_t i)
{
	return rows[i].bytes ? rows[i].bytes : strlen(rows[i].input);
}

static void transcripts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *a = arena_new();
		const char *got = read_from(a, source_of_memory(a, "t.csv", rows[i].input, bytes_of(i)), 0);

		if (strcmp(got, rows[i].transcript) != 0)
			fail_msg("%s:\n%s", rows[i].name, got);
		arena_free(a);
	}
}

/* Other delimiters: the transcript's comma is a letter like others then. */
static void delimiters(void **state)
{
	static const struct {
		const char *input, *transcript;
		char delimiter;
	} all[] = {
		{ "a;b\n1,5;2\n", "1:1=a|1:3=b\n2:1=1,5|2:5=2\n", 0 },
		{ "a;b\n1,5;2\n", "1:1=a;b\n2:1=1|2:3=5;2\n", ',' },
		{ "a\tb c\t\n1\t \t\"x\ty\"\n", "1:1=a|1:3=b c|1:7=\n2:1=1|2:4=|2:5=x\ty\n", 0 },
		{ "\"a;b;c\",d,e\n1,2,3\n", "1:1=a;b;c|1:9=d|1:11=e\n2:1=1|2:3=2|2:5=3\n", 0 },
		{ "a|b,c|d\r\n1|2|3\r\n", "1:1=a|1:3=b,c|1:7=d\n2:1=1|2:3=2|2:5=3\n", 0 },
		{ "alone\n1,2\n", "1:1=alone\n2:1=1|2:3=2\n", 0 },
		{ "\xEF\xBB\xBF\"a\";b\n", "1:1=a|1:5=b\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct arena *a = arena_new();
		struct sink *s = sink_to_memory(a);
		struct diagnostics d;
		struct source *source = source_of_memory(a, "t.csv", all[i].input, strlen(all[i].input));

		diagnostics_init(&d, a);
		print_rows(s, csv_open_with(a, source, &d, all[i].delimiter), 0);
		assert_int_equal(d.count, 0);
		assert_string_equal(sink_memory(s, NULL), all[i].transcript);
		arena_free(a);
	}
}

/* As many lines of filler that the input begins at any byte around the end of the first reading. */
static char *filled(size_t filler, const char *input, size_t bytes, uint32_t *lines)
{
	char *text = malloc(filler + bytes + 1);

	*lines = 1;
	memset(text, 'f', filler);
	for (size_t at = 99; at + 200 < filler; at += 100) {
		text[at] = '\n';
		++*lines;
	}
	text[filler - 1] = '\n';
	memcpy(text + filler, input, bytes);
	return text;
}

/* Where the buffer ends must not be seen: every input of the table, laid over the border at each of its bytes. */
static void borders(void **state)
{
	enum { BORDER = 256 << 10 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t bytes = bytes_of(i);

		/* What only happens at the front of a file. */
		if (strncmp(rows[i].input, "\xEF\xBB\xBF", 3) == 0 || strstr(rows[i].name, "UTF-16") ||
		    strstr(rows[i].name, "header"))
			continue;
		for (size_t over = 0; over <= bytes + 1; over++) {
			struct arena *a = arena_new();
			uint32_t lines;
			char *text = filled(BORDER - over, rows[i].input, bytes, &lines);
			const char *got = read_from(
				a, source_of_memory(a, "t.csv", text, BORDER - over + bytes), lines);

			if (strcmp(got, rows[i].transcript) != 0)
				fail_msg("%s, %zu bytes over the border:\n%s", rows[i].name, over, got);
			free(text);
			arena_free(a);
		}
	}
}

/* begin, then bytes times fill, then end */
static const char *read_large(struct arena *a, const char *begin, char fill, size_t bytes, const char *end)
{
	size_t head = strlen(begin), tail = strlen(end);
	char *text = malloc(head + bytes + tail);
	const char *got;

	memcpy(text, begin, head);
	memset(text + head, fill, bytes);
	memcpy(text + head + bytes, end, tail);
	got = read_from(a, source_of_memory(a, "t.csv", text, head + bytes + tail), 0);
	free(text);
	return got;
}

static void limits(void **state)
{
	static const size_t over[] = { LIMIT_CELL + 1, LIMIT_LINE - 2, LIMIT_LINE + 100, 10 << 20 };
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(read_large(a, "h\na,", 'x', over[0], ",b\nc\n"), "1:1=h\n3:1=c\ncsv-cell-too-long@2:3\n");
	assert_string_equal(read_large(a, "h\na,", 'x', over[1], "\nc\n"), "1:1=h\n3:1=c\ncsv-cell-too-long@2:3\n");
	assert_string_equal(read_large(a, "h\na,", 'x', over[2], ",b\nc\n"), "1:1=h\n3:1=c\ncsv-cell-too-long@2:3\n");
	assert_string_equal(read_large(a, "h\na,", 'x', over[3], ",b\nc\n"), "1:1=h\n3:1=c\ncsv-line-too-long@2:0\n");
	assert_string_equal(read_large(a, "h\na,", 'x', over[3], ""), "1:1=h\ncsv-line-too-long@2:0\n");
	assert_string_equal(read_large(a, "h\na,\"", 'x', over[0], "\",b\nc\n"), "1:1=h\n3:1=c\ncsv-quote@2:3\n");
	assert_string_equal(read_large(a, "h\na,\"", 'x', over[3], "\",b\nc\n"), "1:1=h\n3:1=c\ncsv-quote@2:3\n");
	/* Ends of lines within an unclosed quote are lines again. */
	assert_string_equal(read_large(a, "h\n\"a", '\n', over[3], "c\n"), "1:1=h\n10485762:1=c\ncsv-quote@2:1\n");
	assert_string_equal(read_large(a, "h\na", '\n', over[3], "c\n"), "1:1=h\n2:1=a\n10485762:1=c\n");
	assert_string_equal(read_large(a, "h\na", ',', LIMIT_COLUMNS, "\nc\n"),
			    "1:1=h\n3:1=c\ncsv-too-many-columns@2:514\n");
	assert_string_equal(read_large(a, "h\na", ',', over[3], "\nc\n"), "1:1=h\n3:1=c\ncsv-too-many-columns@2:514\n");
	assert_string_equal(read_large(a, "h\n", ' ', over[2], "\nc\n"), "1:1=h\n3:1=c\ncsv-line-too-long@2:0\n");
	assert_string_equal(read_large(a, "", 'h', over[3], "\nc\n"), "csv-line-too-long@1:0\n");
	arena_free(a);
}

/* The largest cell and the largest number of columns are still good. */
static void just_within(void **state)
{
	struct arena *a = arena_new();
	size_t got = strlen(read_large(a, "h\na,", 'x', LIMIT_CELL, "\nc\n"));

	(void)state;
	assert_int_equal(got, strlen("1:1=h\n2:1=a|2:3=\n3:1=c\n") + LIMIT_CELL);
	got = strlen(read_large(a, "h\na,\"", 'x', LIMIT_CELL, "\"\nc\n"));
	assert_int_equal(got, strlen("1:1=h\n2:1=a|2:3=\n3:1=c\n") + LIMIT_CELL);
	assert_null(strstr(read_large(a, "h\na", ',', LIMIT_COLUMNS - 1, "\nc\n"), "csv-"));
	arena_free(a);
}

static void small_memory(void **state)
{
	struct arena *a = arena_new();
	size_t count = 10 << 20;
	char *text = malloc(count);
	struct diagnostics d;
	const struct csv_cell *cells;
	size_t n;

	(void)state;
	memset(text, 'x', count);
	text[1] = '\n';
	diagnostics_init(&d, a);
	struct csv *csv = csv_open(a, source_of_memory(a, "t.csv", text, count), &d);
	while (csv_row(csv, &cells, &n))
		;
	assert_int_equal(d.errors, 1);
	assert_true(arena_bytes(a) < 6 << 20);
	diagnostics_free(&d);
	free(text);
	arena_free(a);
}

static void words(void **state)
{
	struct arena *a = arena_new();
	struct diagnostics d;
	const struct csv_cell *cells;
	size_t n;

	(void)state;
	diagnostics_init(&d, a);
	struct csv *csv = csv_open(a, source_of_memory(a, "t.csv", "h\nab\xE9\n\"a\"b\n\"x\n\"y", 17), &d);
	while (csv_row(csv, &cells, &n))
		;
	assert_string_equal(d.items[0].text, "byte 0xE9 at offset 4 is not UTF-8; save the file as UTF-8");
	assert_string_equal(d.items[1].text, "text after the closing quote; a quote within a cell is written twice");
	assert_string_equal(d.items[2].text, "this quote is not closed before the one at 5:1, and text follows that");
	assert_string_equal(d.items[3].text, "this quote is never closed");
	diagnostics_free(&d);
	arena_free(a);
}

static void failing_source(void **state)
{
	struct arena *a = arena_new();
	struct diagnostics d;
	const struct csv_cell *cells;
	struct source *source;
	size_t n;
	int error;

	(void)state;
	diagnostics_init(&d, a);
	/* Its first page is not mapped: read answers EIO. */
	source = source_open(a, "/proc/self/mem", "t.csv", &error);
	assert_non_null(source);
	assert_false(csv_row(csv_open(a, source, &d), &cells, &n));
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.items[0].code, "read-failed");
	assert_string_equal(d.items[0].place.file, "t.csv");
	diagnostics_free(&d);
	arena_free(a);
}

static void written(void **state)
{
	static const struct {
		const char *text, *cell;
	} cells[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "two words", "two words" },
		{ "a,b", "\"a,b\"" },
		{ "say \"x\"", "\"say \"\"x\"\"\"" },
		{ "\"", "\"\"\"\"" },
		{ "a\nb", "\"a\nb\"" },
		{ "a\r", "\"a\r\"" },
		{ " a", "\" a\"" },
		{ "a\t", "\"a\t\"" },
		{ "T\xC4\x81maki", "T\xC4\x81maki" },
		{ "\xEF\xBB\xBFx", "\"\xEF\xBB\xBFx\"" },
		{ "Or\xE9gon", "Or\xEF\xBF\xBDgon" },
		{ "\xE9,\xE9", "\"\xEF\xBF\xBD,\xEF\xBF\xBD\"" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct sink *s = sink_to_memory(a);

		sink_csv(s, cells[i].text);
		assert_string_equal(sink_memory(s, NULL), cells[i].cell);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transcripts),
		cmocka_unit_test(delimiters),	  cmocka_unit_test(borders),	  cmocka_unit_test(limits),
		cmocka_unit_test(just_within),	  cmocka_unit_test(small_memory),
		cmocka_unit_test(words),	  cmocka_unit_test(failing_source), cmocka_unit_test(written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
