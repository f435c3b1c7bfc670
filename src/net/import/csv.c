/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any table as CSV, by a mapping (--map): a line for each column of proviso's tables that it fills, of one column of the
 * file or an expression over several. One row of the file makes at most one row of each table.
 *
 *     sites.site = Site ID             elements.element = "gnb-" & [Site ID]
 *     sites.lat = Latitude             elements.site = Site ID
 */
#include "net/import/csv.h"
#include "net/stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct line {
	enum net_table_name table;
	const char *column;
	enum net_type type;
	bool is_key;
	size_t rank; /* within its table: the key first, then the vendor, which a product wants to know */
	struct csv_expr *expr;
};

struct mapping {
	struct line *lines;
	size_t count;
	struct csv_expr *only; /* NULL: every row */
	struct csv_lookup *lookups;
	char delimiter, decimal;
	const char *encoding; /* NULL: UTF-8 */
};

/* ---- the mapping ------------------------------------------------------------------------------------------------- */

static void wrong(struct intake *in, struct place place, const char *what, const char *text)
{
	diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", place, "%s \"%s\"", what, text);
	in->refused = true;
}

/* "sites.lat"; false where it begins with no table's name. */
static bool split(const char *words, enum net_table_name *table, const char **column)
{
	static const char *const names[NET_TABLES] = { [NET_VENDORS] = "vendors.",
						       [NET_PRODUCTS] = "products.",
						       [NET_SITES] = "sites.",
						       [NET_ELEMENTS] = "elements.",
						       [NET_LINKS] = "links." };

	for (int t = 0; t < NET_TABLES; t++)
		if (strncmp(words, names[t], strlen(names[t])) == 0) {
			*table = (enum net_table_name)t;
			*column = words + strlen(names[t]);
			return true;
		}
	return false;
}

static bool is_column_name(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

static enum net_type type_of(enum net_table_name table, const char *column)
{
	size_t count;
	const struct known_column *known = known_columns(table, &count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(known[i].name, column) == 0)
			return known[i].type;
	return TYPE_TEXT;
}

static void add_line(struct intake *in, struct mapping *m, const char *words, const char *text, struct place place)
{
	struct line *line = &m->lines[m->count];

	if (!split(words, &line->table, &line->column)) {
		wrong(in, place,
		      "expected TABLE.COLUMN = EXPRESSION (of vendors, products, sites, elements, links), "
		      "or another line that csv knows, not",
		      words);
		return;
	}
	if (!is_column_name(line->column)) {
		wrong(in, place, "a column is named in small letters, digits and _, not", line->column);
		return;
	}
	line->type = type_of(line->table, line->column);
	line->is_key = strcmp(line->column, net_table_singular(line->table)) == 0;
	line->rank = line->is_key ? 0 : line->type == TYPE_VENDOR ? 1 : 2 + m->count;
	line->expr = csv_expr_parse(in, text, place, m->lookups);
	m->count += line->expr != NULL;
}

/* Lines of the map that are no columns. */
static bool is_setting(const char *words)
{
	static const char *const all[] = { "vendor ", "function ", "word ",   "lookup ",
					   "only",    "delimiter", "decimal", "encoding" };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strncasecmp(words, all[i], strlen(all[i])) == 0)
			return true;
	return false;
}

static char setting(struct intake *in, const char *kind, const char *const *names, const char *values, char usual)
{
	struct place place;
	const char *text = intake_mapped(in, kind, NULL, &place);

	for (size_t i = 0; text && values[i]; i++)
		if (strcasecmp(text, names[i]) == 0 || (text[0] == values[i] && !text[1]))
			return values[i];
	if (text)
		wrong(in, place, arena_printf(in->arena, "%s can't be", kind), text);
	return usual;
}

static void read_settings(struct intake *in, struct mapping *m)
{
	static const char *const delimiters[] = { "comma", "semicolon", "tab", "bar" }, *const points[] = { "point",
													    "comma" };
	struct place place;
	const char *only = intake_mapped(in, "only", NULL, &place);

	m->lookups = csv_lookups(in);
	m->only = only ? csv_expr_parse(in, only, place, m->lookups) : NULL;
	m->delimiter = setting(in, "delimiter", delimiters, ",;\t|", 0);
	m->decimal = setting(in, "decimal", points, ".,", '.');
	m->encoding = intake_mapped(in, "encoding", NULL, &place);
	if (m->encoding && strcasecmp(m->encoding, "utf-8") == 0)
		m->encoding = NULL;
	if (m->encoding && strcasecmp(m->encoding, "windows-1252") != 0 && strcasecmp(m->encoding, "latin-1") != 0)
		wrong(in, place, "encoding is utf-8, windows-1252 or latin-1, not", m->encoding);
}

static int by_table_and_rank(const void *left, const void *right)
{
	const struct line *a = left, *b = right;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Order of tables: what others refer to comes first. NULL where the map is no mapping. */
static struct mapping *read_mapping(struct intake *in)
{
	struct mapping *m = arena_alloc(in->arena, sizeof *m);
	const char *words, *text;
	struct place place;
	size_t lines = 0;

	while (intake_map_any(in, lines, &words, &text, &place))
		lines++;
	m->lines = arena_array(in->arena, lines + 1, sizeof *m->lines);
	read_settings(in, m);
	for (size_t i = 0; i < lines; i++) {
		intake_map_any(in, i, &words, &text, &place);
		if (is_setting(words))
			continue;
		intake_mapped(in, words, NULL, NULL);
		add_line(in, m, words, text, place);
	}
	if (!m->count && !in->refused)
		intake_refuse(in, "bad-map", 0, "%s: no line of the map fills a column (TABLE.COLUMN = EXPRESSION)",
			      in->name);
	qsort(m->lines, m->count, sizeof *m->lines, by_table_and_rank);
	return in->refused ? NULL : m;
}

/* ---- encodings --------------------------------------------------------------------------------------------------- */

/* Bytes 0x80 to 0x9f of Windows-1252 as code points; 0: none. */
static const uint16_t windows[32] = { 0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
				      0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
				      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
				      0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178 };

static struct source *to_utf8(struct intake *in, struct source *source)
{
	size_t bytes, n = 0;
	const char *text = source_all(source, in->arena, LIMIT_DOCUMENT, &bytes);
	char *out;

	if (!text) {
		intake_refuse(in, "unreadable", 0, "can't be read, or has more than %d bytes", LIMIT_DOCUMENT);
		return NULL;
	}
	out = arena_alloc(in->arena, bytes * 3 + 1);
	for (size_t i = 0; i < bytes; i++) {
		unsigned c = (unsigned char)text[i];

		if (c >= 0x80 && c < 0xa0)
			c = windows[c - 0x80] ? windows[c - 0x80] : 0xfffd;
		if (c < 0x80) {
			out[n++] = (char)c;
		} else if (c < 0x800) {
			out[n++] = (char)(0xc0 | c >> 6);
			out[n++] = (char)(0x80 | (c & 0x3f));
		} else {
			out[n++] = (char)(0xe0 | c >> 12);
			out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
			out[n++] = (char)(0x80 | (c & 0x3f));
		}
	}
	return source_of_memory(in->arena, in->name, out, n);
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

struct made {                     /* by one row of the file */
	uint32_t row[NET_TABLES]; /* CODE_UNKNOWN: none */
	bool any_new, any;
};

static const char *row_name(struct intake *in, const struct intake_sheet *sheet)
{
	return arena_printf(in->arena, "%s:%u", in->name, intake_sheet_line(sheet));
}

static void put_list(struct intake *in, const struct line *line, uint32_t row, char *text)
{
	bool is_address = strcmp(line->column, "addresses") == 0;

	for (char *word = strtok_r(text, " ,;|", &text); word; word = strtok_r(NULL, " ,;|", &text)) {
		if (is_address)
			intake_address(in, row, word);
		else
			intake_word(in, line->table, row, line->column, word);
	}
}

static const char *function_of(struct intake *in, const char *text, const struct intake_sheet *sheet)
{
	const char *function = intake_function(in, "function", text);

	if (!function)
		intake_note(in, "a function that is none of proviso's stays unknown (--map: function WORD = FUNCTION)",
			    arena_printf(in->arena, "%s: %s", row_name(in, sheet), text));
	return function;
}

static const char *measure_of(struct intake *in, const struct mapping *m, const struct line *line, const char *text,
			      const struct intake_sheet *sheet, char out[48])
{
	if (intake_number(text, strlen(text), m->decimal, out))
		return out;
	intake_note(in, arena_printf(in->arena, "%s is no number and is not kept", line->column),
		    arena_printf(in->arena, "%s: %s", row_name(in, sheet), text));
	return NULL;
}

/* What a text of the file is in a column of ours. */
static void put_cell(struct intake *in, const struct mapping *m, const struct line *line, const struct made *made,
		     const struct intake_sheet *sheet, char *text)
{
	uint32_t row = made->row[line->table];
	const char *mapped = intake_mapped(
		in, arena_printf(in->arena, "word %ss.%s", net_table_singular(line->table), line->column), text, NULL);
	const char *cell = mapped ? mapped : text;
	char number[48];

	switch (line->type) {
	case TYPE_MEASURE:
		cell = measure_of(in, m, line, cell, sheet, number);
		break;
	case TYPE_FUNCTION:
		cell = function_of(in, cell, sheet);
		break;
	case TYPE_VENDOR:
		cell = intake_vendor(in, cell);
		break;
	case TYPE_SITE:
		cell = intake_id(in, NET_SITES, intake_site(in, cell));
		break;
	case TYPE_PRODUCT:
		cell = intake_product(in, cell, intake_vendor(in, intake_get(in, NET_ELEMENTS, row, "vendor")));
		break;
	case TYPE_WORDS:
		if (!mapped) {
			put_list(in, line, row, text);
			return;
		}
		break;
	default:
		break;
	}
	if (cell)
		intake_cell(in, line->table, row, line->column, cell);
}

static void make_row(struct intake *in, struct made *made, enum net_table_name table, const char *id)
{
	bool new;

	if (table == NET_VENDORS) {
		id = intake_vendor(in, id);
		if (!id)
			return;
	}
	made->row[table] = intake_row(in, table, id, &new);
	made->any = true;
	made->any_new |= new;
	if (new)
		intake_cell(in, table, made->row[table], "source", strs_text(in->strs, in->base_name));
}

/* A place is two cells that are none without each other. */
static void check_place(struct intake *in, const struct made *made)
{
	uint32_t row = made->row[NET_SITES];
	const char *lat, *lon;

	if (row == CODE_UNKNOWN)
		return;
	lat = intake_get(in, NET_SITES, row, "lat");
	lon = intake_get(in, NET_SITES, row, "lon");
	if (!*lat && !*lon)
		return;
	if (*lat && *lon && fabs(strtod(lat, NULL)) <= 90 && fabs(strtod(lon, NULL)) <= 180)
		return;
	intake_note(in, "latitude or longitude is none and is not kept",
		    arena_printf(in->arena, "%s: %s, %s", intake_id(in, NET_SITES, row), lat, lon));
	intake_put(in, NET_SITES, row, "lat", "");
	intake_put(in, NET_SITES, row, "lon", "");
}

/* The link of a row: by its ends. False where they are one. */
static bool make_link(struct intake *in, const struct mapping *m, struct made *made, const struct intake_sheet *sheet)
{
	char ends[3][CSV_TEXT] = { "", "", "" }; /* a, b, reference_point */
	static const char *const columns[3] = { "a", "b", "reference_point" };

	for (size_t i = 0; i < m->count; i++)
		for (size_t k = 0; m->lines[i].table == NET_LINKS && k < 3; k++)
			if (strcmp(m->lines[i].column, columns[k]) == 0)
				csv_expr_value(in, m->lines[i].expr, sheet, m->decimal, ends[k]);
	if (!*ends[0] || !*ends[1])
		return true;
	if (strcmp(ends[0], ends[1]) == 0)
		return false;
	made->any = true;
	if (!intake_link(in, intake_clean(in, ends[0]), intake_clean(in, ends[1]), intake_clean(in, ends[2])))
		return true;
	made->any_new = true;
	made->row[NET_LINKS] = in->made[NET_LINKS].rows - 1;
	return true;
}

static bool is_end(const struct line *line)
{
	return line->table == NET_LINKS &&
	       (!strcmp(line->column, "a") || !strcmp(line->column, "b") || !strcmp(line->column, "reference_point"));
}

static void read_row(struct intake *in, const struct mapping *m, const struct intake_sheet *sheet)
{
	struct made made = { .row = { CODE_UNKNOWN, CODE_UNKNOWN, CODE_UNKNOWN, CODE_UNKNOWN, CODE_UNKNOWN } };
	char text[CSV_TEXT];

	if (m->only) {
		csv_expr_value(in, m->only, sheet, m->decimal, text);
		if (!*text || !strcmp(text, "0") || !strcasecmp(text, "no") || !strcasecmp(text, "false")) {
			intake_left_out(in, "the map's line \"only\" says no", row_name(in, sheet));
			return;
		}
	}
	if (!make_link(in, m, &made, sheet)) {
		intake_left_out(in, "a link of an element with itself", row_name(in, sheet));
		return;
	}
	for (size_t i = 0; i < m->count; i++) {
		const struct line *line = &m->lines[i];

		if (is_end(line) || (!line->is_key && made.row[line->table] == CODE_UNKNOWN))
			continue;
		csv_expr_value(in, line->expr, sheet, m->decimal, text);
		if (!*text)
			continue;
		if (line->is_key)
			make_row(in, &made, line->table, text);
		else
			put_cell(in, m, line, &made, sheet, text);
	}
	check_place(in, &made);
	if (!made.any)
		intake_left_out(in, "a row without an id of anything", row_name(in, sheet));
	else if (made.any_new)
		intake_used(in);
	else
		intake_merged(in);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static void read_sheet(struct intake *in, struct mapping *m, struct intake_sheet *sheet)
{
	struct csv_lookup *lookup = csv_lookup_of_file(m->lookups, strs_text(in->strs, in->base_name));
	bool good = true;

	if (lookup) {
		csv_lookup_read(in, lookup, sheet);
		return;
	}
	if (m->only)
		good = csv_expr_bind(in, m->only, sheet);
	for (size_t i = 0; i < m->count; i++)
		good &= csv_expr_bind(in, m->lines[i].expr, sheet);
	while (good && intake_sheet_row(sheet))
		read_row(in, m, sheet);
}

void csv_read(struct intake *in, struct source *source)
{
	struct mapping *m;
	struct intake_sheet *sheet;

	if (!in->map) {
		intake_refuse(in, "needs-map", 0,
			      "needs --map FILE that says which column is what; "
			      "proviso import csv --guess FILE proposes one");
		return;
	}
	if (!in->reader)
		in->reader = read_mapping(in);
	m = in->reader;
	if (m && m->encoding)
		source = to_utf8(in, source);
	sheet = m && source ? intake_sheet_open(in, source, m->delimiter) : NULL;
	if (sheet)
		read_sheet(in, m, sheet);
}

/* ---- easting and northing: the same by a mapping that the header proposes ---------------------------------------- */

const char *osgrid_recognise(const char *head, size_t bytes)
{
	const char *end = memchr(head, '\n', bytes);
	size_t line = end ? (size_t)(end - head) : bytes;

	return memmem(head, line, "easting", 7) && memmem(head, line, "northing", 8)
		       ? "places on the British National Grid (EPSG:27700)"
		       : NULL;
}

void osgrid_read(struct intake *in, struct source *source)
{
	struct sink *text = sink_to_memory(in->arena);
	struct intake_sheet *sheet;
	struct mapping *m;
	const char *map;
	size_t bytes;

	if (in->map) {
		csv_read(in, source);
		return;
	}
	sheet = intake_sheet_open(in, source, 0);
	if (!sheet)
		return;
	if (intake_sheet_column(sheet, "easting") == INTAKE_NO_COLUMN ||
	    intake_sheet_column(sheet, "northing") == INTAKE_NO_COLUMN) {
		intake_refuse(in, "wrong-format", 1, "has no columns easting and northing");
		return;
	}
	csv_guess(in, sheet, text);
	map = sink_memory(text, &bytes);
	in->map = intake_map_read(in, source_of_memory(in->arena, "(proposed mapping)", map, bytes));
	m = in->map ? read_mapping(in) : NULL;
	in->map = NULL;
	if (m)
		read_sheet(in, m, sheet);
}
