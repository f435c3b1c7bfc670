/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form of test results: none is standard, so this one is small. CSV with a header, or JSON whose reports hold
 * specifications that hold cases, each with the columns' names as keys. Both end as the same rows.
 */
#include "evidence/import/scas.h"

#include <string.h>

static const char *const columns[SCAS_COLUMNS] = {
	[SCAS_ARTEFACT] = "artefact",
	[SCAS_VENDOR] = "vendor",
	[SCAS_PRODUCT] = "product",
	[SCAS_VERSION] = "version",
	[SCAS_BUILD] = "build",
	[SCAS_FUNCTION] = "function",
	[SCAS_LABORATORY] = "laboratory",
	[SCAS_ACCREDITATION] = "accreditation",
	[SCAS_SCHEME] = "scheme",
	[SCAS_TS] = "ts",
	[SCAS_TS_VERSION] = "ts_version",
	[SCAS_TEST_CASE] = "test_case",
	[SCAS_RESULT] = "result",
	[SCAS_PASSED] = "passed",
	[SCAS_FAILED] = "failed",
	[SCAS_NOT_APPLICABLE] = "not_applicable",
	[SCAS_DATE] = "date",
	[SCAS_VALID_UNTIL] = "valid_until",
	[SCAS_CHOSEN_BY] = "chosen_by",
	[SCAS_PAID_BY] = "paid_by",
	[SCAS_NOTE] = "note",
};

const char *scas_column_name(enum scas_column column)
{
	return columns[column];
}

static struct scas_row *add_row(struct import_file *file, struct scas_rows *rows, const struct scas_row *row)
{
	if (rows->count == rows->room) {
		struct scas_row *more;

		rows->room = rows->room * 2 + 64;
		more = arena_array(file->arena, rows->room, sizeof *more);
		if (rows->count)
			memcpy(more, rows->items, rows->count * sizeof *more);
		rows->items = more;
	}
	rows->items[rows->count] = *row;
	return &rows->items[rows->count++];
}

/* ---- CSV --------------------------------------------------------------------------------------------------------- */

static int column_of(const char *text, size_t bytes)
{
	for (int i = 0; i < SCAS_COLUMNS; i++)
		if (strlen(columns[i]) == bytes && !memcmp(columns[i], text, bytes))
			return i;
	return -1;
}

static bool read_header(struct import_file *file, const struct csv_cell *cells, size_t count, int *map)
{
	uint32_t seen = 0;

	for (size_t i = 0; i < count; i++) {
		const char *name = arena_text(file->arena, cells[i].text, cells[i].bytes), *nearest;

		map[i] = column_of(name, cells[i].bytes);
		if (map[i] < 0) {
			nearest = nearest_text(name, columns, SCAS_COLUMNS);
			import_refuse(file, "scas", "row 1", "no column is called \"%.60s\"%s%s%s", name,
				      nearest ? " (did you mean \"" : "", nearest ? nearest : "",
				      nearest ? "\"?)" : "");
		} else if (seen >> map[i] & 1) {
			import_refuse(file, "scas", "row 1", "column \"%s\" stands twice", columns[map[i]]);
		} else {
			seen |= 1u << map[i];
		}
	}
	return !file->imported->refused;
}

static bool read_csv(struct import_file *file, struct scas_rows *rows)
{
	struct source *source = source_of_memory(file->arena, file->name, file->text, file->bytes);
	size_t errors = file->diagnostics->errors, width, count;
	struct csv *csv = csv_open(file->arena, source, file->diagnostics);
	int map[LIMIT_COLUMNS];
	const struct csv_cell *cells;

	if (!csv_row(csv, &cells, &width) || width > LIMIT_COLUMNS)
		import_refuse(file, "scas", NULL, "there is no header");
	else if (read_header(file, cells, width, map))
		while (csv_row(csv, &cells, &count)) {
			struct scas_row row = { .where = arena_printf(file->arena, "line %u", cells[0].line) };

			if (count > width) {
				import_refuse(file, "scas", row.where, "%zu cells, the header has %zu", count, width);
				continue;
			}
			for (size_t i = 0; i < count; i++)
				if (cells[i].bytes)
					row.cells[map[i]] = import_copy(
						file, arena_text(file->arena, cells[i].text, cells[i].bytes));
			add_row(file, rows, &row);
		}
	source_close(source);
	if (file->diagnostics->errors > errors)
		file->imported->refused = true;
	return !file->imported->refused;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

/* The cells that an object gives; those of the object around it stay where it says nothing. */
static void take_cells(struct import_file *file, struct scas_row *row, const json_t *object, const char *list)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object)) {
		import_refuse(file, "scas", row->where, "an object is needed");
		return;
	}
	json_object_foreach((json_t *)object, key, value)
	{
		int column = column_of(key, strlen(key));

		if (list && !strcmp(key, list))
			continue;
		if (column < 0)
			import_refuse(file, "scas", row->where, "no column is called \"%.60s\"", key);
		else if (json_is_string(value))
			row->cells[column] =
				json_string_length(value) ? import_copy(file, json_string_value(value)) : NULL;
		else if (json_is_integer(value))
			row->cells[column] = arena_printf(file->arena, "%lld", (long long)json_integer_value(value));
		else if (!json_is_null(value))
			import_refuse(file, "scas", row->where, "%s is neither a text nor a whole number",
				      columns[column]);
	}
}

static void read_specification(struct import_file *file, struct scas_rows *rows, struct scas_row row,
			       const json_t *specification)
{
	const json_t *cases = json_object_get(specification, "cases"), *one;
	size_t i;

	take_cells(file, &row, specification, "cases");
	if (!json_array_size(cases))
		add_row(file, rows, &row);
	json_array_foreach(cases, i, one)
	{
		struct scas_row own = row;

		take_cells(file, &own, one, NULL);
		add_row(file, rows, &own);
	}
}

static bool read_json(struct import_file *file, struct scas_rows *rows)
{
	json_t *root = import_json(file);
	const json_t *reports = json_object_get(root, "reports"), *report, *specification;
	size_t i, k;

	if (!root)
		return false;
	if (!json_is_array(reports))
		import_refuse(file, "scas", NULL, "there is no list \"reports\"");
	json_array_foreach(reports, i, report)
	{
		const json_t *specifications = json_object_get(report, "specifications");
		struct scas_row row = { .where = arena_printf(file->arena, "report %zu", i + 1) };

		take_cells(file, &row, report, "specifications");
		if (!json_array_size(specifications))
			add_row(file, rows, &row);
		json_array_foreach(specifications, k, specification) read_specification(file, rows, row, specification);
	}
	json_decref(root);
	return !file->imported->refused;
}

bool scas_read_rows(struct import_file *file, struct scas_rows *rows)
{
	size_t skip = file->bytes >= 3 && !memcmp(file->text, "\xef\xbb\xbf", 3) ? 3 : 0;

	skip += strspn(file->text + skip, " \t\r\n");
	return file->text[skip] == '{' ? read_json(file, rows) : read_csv(file, rows);
}
