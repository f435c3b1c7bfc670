/* SPDX-License-Identifier: Apache-2.0 */
/* A foreign table: CSV with any delimiter, its header, columns by name; and numbers as people write them. */
#include "net/import/intake.h"

#include <string.h>
#include <strings.h>

struct intake_sheet {
	struct intake *in;
	struct csv *csv;
	const struct csv_cell *cells;
	size_t count, column_count;
	const char **names;
	bool again; /* the header is the next row */
};

struct intake_sheet *intake_sheet_open(struct intake *in, struct source *source, char delimiter)
{
	struct intake_sheet *sheet = arena_alloc(in->arena, sizeof *sheet);
	size_t errors = in->diagnostics->errors;

	sheet->in = in;
	sheet->csv = csv_open_with(in->arena, source, in->diagnostics, delimiter);
	if (!csv_row(sheet->csv, &sheet->cells, &sheet->count)) {
		if (in->diagnostics->errors == errors)
			intake_refuse(in, "wrong-format", 0, "has no header");
		in->refused = true;
		return NULL;
	}
	sheet->column_count = sheet->count;
	sheet->names = arena_array(in->arena, sheet->count, sizeof *sheet->names);
	for (size_t i = 0; i < sheet->count; i++)
		sheet->names[i] = arena_text(in->arena, sheet->cells[i].text, sheet->cells[i].bytes);
	sheet->count = 0;
	return sheet;
}

bool intake_sheet_row(struct intake_sheet *sheet)
{
	if (sheet->again) {
		sheet->again = false;
		sheet->count = sheet->column_count;
		return true;
	}
	return csv_row(sheet->csv, &sheet->cells, &sheet->count);
}

void intake_sheet_again(struct intake_sheet *sheet)
{
	sheet->again = true;
}

size_t intake_sheet_column(const struct intake_sheet *sheet, const char *name)
{
	for (size_t i = 0; i < sheet->column_count; i++)
		if (strcasecmp(sheet->names[i], name) == 0)
			return i;
	return INTAKE_NO_COLUMN;
}

size_t intake_sheet_columns(const struct intake_sheet *sheet, const char *const **names)
{
	*names = sheet->names;
	return sheet->column_count;
}

uint32_t intake_sheet_line(const struct intake_sheet *sheet)
{
	return sheet->count ? sheet->cells[0].line : 1;
}

struct place intake_sheet_place(const struct intake_sheet *sheet, size_t column)
{
	const struct csv_cell *cell = &sheet->cells[column < sheet->count ? column : 0];

	return (struct place){ sheet->in->name, cell->line, cell->column };
}

const char *intake_sheet_cell(const struct intake_sheet *sheet, size_t column, size_t *bytes)
{
	if (column >= sheet->count) {
		*bytes = 0;
		return "";
	}
	*bytes = sheet->cells[column].bytes;
	return sheet->cells[column].text;
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

/* Digits only are left, one point and a sign; false where something else stands in the text. */
static bool plain_number(const char *text, size_t bytes, char decimal, char *out, size_t room)
{
	char groups = decimal == ',' ? '.' : ',';
	size_t n = 0;

	for (size_t i = 0; i < bytes; i++) {
		char c = text[i];

		if (c == groups || c == ' ' || c == '\'')
			continue;
		if (c == '\xc2' && i + 1 < bytes && text[i + 1] == '\xa0') { /* a space that keeps words together */
			i++;
			continue;
		}
		if (n + 1 == room)
			return false;
		out[n++] = c == decimal ? '.' : c;
	}
	out[n] = '\0';
	return n > 0;
}

bool intake_number(const char *text, size_t bytes, char decimal, char out[48])
{
	enum { DECIMALS = 6 };
	char plain[64], *point;
	int64_t micro;
	enum number_status status;
	bool up = false;

	if (!plain_number(text, bytes, decimal, plain, sizeof plain))
		return false;
	point = strchr(plain, '.');
	if (point && strlen(point + 1) > DECIMALS) {
		up = point[DECIMALS + 1] >= '5';
		for (const char *at = point + DECIMALS + 1; *at; at++)
			if (*at < '0' || *at > '9')
				return false;
		point[DECIMALS + 1] = '\0';
	}
	status = measure_parse(plain, strlen(plain), &micro);
	if (status != NUMBER_OK || micro > INT64_MAX - 1 || micro < INT64_MIN + 2)
		return false;
	micro_print((wide)micro + (up ? (*plain == '-' ? -1 : 1) : 0), out);
	return true;
}
