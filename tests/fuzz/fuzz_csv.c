/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as CSV: what is read has to be well-formed, within its limits and inside the file, and what sink_csv writes of
 * it has to be read back the same.
 *
 * # proviso-deps: base
 */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(bool holds)
{
	if (!holds)
		abort();
}

struct texts {
	char **items; /* the cells of one record */
	size_t count, room;
};

/* A row of one empty cell would be a blank line. */
static bool is_blank(const struct texts *row)
{
	return row->count == 1 && !*row->items[0];
}

static void write_row(struct sink *s, const struct texts *row)
{
	for (size_t i = 0; i < row->count; i++) {
		if (i)
			sink_char(s, ',');
		sink_csv(s, row->items[i]);
	}
	sink_char(s, '\n');
}

static void read_rows(struct arena *a, struct csv *csv, struct sink *again)
{
	const struct csv_cell *cells;
	struct texts row = { 0 };
	size_t count;
	uint32_t line = 1;

	while (csv_row(csv, &cells, &count)) {
		check(count > 0 && count <= LIMIT_COLUMNS);
		row.count = 0;
		for (size_t i = 0; i < count; i++) {
			check(cells[i].line >= line && cells[i].column >= 1 && cells[i].bytes <= LIMIT_CELL);
			check(utf8_check(cells[i].text, cells[i].bytes) == cells[i].bytes);
			line = cells[i].line;
			*array_add(&row) = arena_text(a, cells[i].text, cells[i].bytes);
		}
		if (!is_blank(&row))
			write_row(again, &row);
	}
	free(row.items);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct arena *a = arena_new();
	struct sink *first = sink_to_memory(a), *second = sink_to_memory(a);
	struct diagnostics d;
	const char *text, *again;
	size_t text_bytes, again_bytes;

	diagnostics_init(&d, a);
	read_rows(a, csv_open(a, source_of_memory(a, "first", bytes, count), &d), first);
	for (size_t i = 0; i < d.count; i++)
		check(d.items[i].place.line >= 1 && d.items[i].text[0]);
	diagnostics_free(&d);

	diagnostics_init(&d, a);
	text = sink_memory(first, &text_bytes);
	read_rows(a, csv_open(a, source_of_memory(a, "second", text, text_bytes), &d), second);
	again = sink_memory(second, &again_bytes);
	/* Doubling quotes may make a record that was just short enough too long. */
	check(d.errors == 0 || text_bytes > LIMIT_LINE);
	check(d.errors || (text_bytes == again_bytes && memcmp(text, again, text_bytes) == 0));
	diagnostics_free(&d);
	arena_free(a);
	return 0;
}
