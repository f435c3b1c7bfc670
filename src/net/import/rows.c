/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of a run: those that the importer makes and those that lie in the folder, how they come together, and how
 * they are written. Cells stay the texts they are; what they mean is the business of loading.
 */
#include "net/import/intake.h"
#include "net/stage.h"

#include <stdlib.h>
#include <string.h>

static const char *text_of(const struct intake *in, uint32_t id)
{
	return strs_text(in->strs, id);
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

static struct intake_column *column_find(const struct intake_table *table, const char *name)
{
	for (size_t i = 0; i < table->columns.count; i++)
		if (*table->columns.items[i].name == *name && strcmp(table->columns.items[i].name, name) == 0)
			return &table->columns.items[i];
	return NULL;
}

static struct intake_column *column_make(struct intake *in, struct intake_table *table, const char *name)
{
	struct intake_column *column = column_find(table, name), *more;

	if (column)
		return column;
	if (table->columns.count == table->columns.room) {
		size_t room = table->columns.room * 2 + 16;

		more = arena_array(table->arena, room, sizeof *more);
		if (table->columns.count)
			memcpy(more, table->columns.items, table->columns.count * sizeof *more);
		table->columns.items = more;
		table->columns.room = room;
	}
	column = &table->columns.items[table->columns.count++];
	column->name_id = strs_id(in->strs, name);
	column->name = text_of(in, column->name_id);
	column->cells = arena_array(table->arena, table->room ? table->room : 1, sizeof *column->cells);
	return column;
}

static void *grow(struct arena *arena, void *old, uint32_t from, uint32_t to, size_t size)
{
	return arena_grow(arena, old, from * size, to * size);
}

static void make_room(struct intake_table *table)
{
	uint32_t room = table->room ? table->room * 2 : 64;

	table->ids = grow(table->arena, table->ids, table->room, room, sizeof *table->ids);
	table->files = grow(table->arena, table->files, table->room, room, sizeof *table->files);
	for (size_t i = 0; i < table->columns.count; i++) {
		struct intake_column *column = &table->columns.items[i];

		column->cells =
			grow(table->arena, column->cells, table->room ? table->room : 1, room, sizeof *column->cells);
	}
	table->room = room;
}

/* The place of an id in row_of, which is as long as there are texts. */
static uint32_t *place_of_id(struct intake_table *table, uint32_t id)
{
	if (id >= table->row_of_room) {
		uint32_t room = id < UINT32_MAX / 4 ? id * 2 + 256 : UINT32_MAX;

		table->row_of = grow(table->arena, table->row_of, table->row_of_room, room, sizeof *table->row_of);
		table->row_of_room = room;
	}
	return &table->row_of[id];
}

static uint32_t row_add(struct intake_table *table, uint32_t id)
{
	if (table->rows == table->room)
		make_room(table);
	table->ids[table->rows] = id;
	*place_of_id(table, id) = table->rows + 1;
	return table->rows++;
}

static uint32_t row_of(const struct intake_table *table, uint32_t id)
{
	return id < table->row_of_room && table->row_of[id] ? table->row_of[id] - 1 : CODE_UNKNOWN;
}

/* ---- what importers call ----------------------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

/* The text without spaces around it, runs of spaces and controls within as one space, at most INTAKE_TEXT bytes. */
static uint32_t clean(struct intake *in, const char *text, size_t bytes)
{
	char out[INTAKE_TEXT];
	size_t n = 0, at = 0;

	while (bytes && is_space(text[bytes - 1]))
		bytes--;
	while (at < bytes && is_space(text[at]))
		at++;
	for (; at < bytes && n < sizeof out; at++) {
		if (!is_space(text[at]))
			out[n++] = text[at];
		else if (out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (at < bytes)
		intake_note(in, "a text is longer than 1000 bytes and is cut", in->name);
	return strs_add(in->strs, out, utf8_check(out, n));
}

/* No id may be `none` or begin with a minus: they mean something in a table. */
static uint32_t clean_id(struct intake *in, const char *id, size_t bytes)
{
	uint32_t text = clean(in, id, bytes);
	const char *plain = text_of(in, text);

	if (*plain != '-' && *plain && strcmp(plain, "none") != 0)
		return text;
	intake_note(in, "an id that no table can have: a _ is put before it", *plain ? plain : "(empty)");
	return strs_id(in->strs, arena_printf(in->arena, "_%s", plain));
}

const char *intake_clean(struct intake *in, const char *text)
{
	return text_of(in, clean(in, text, strlen(text)));
}

uint32_t intake_row_n(struct intake *in, enum net_table_name name, const char *id, size_t bytes, bool *new)
{
	struct intake_table *table = &in->made[name];
	/* The key of a link is put together from ids, and may be longer than a text. */
	uint32_t text = name == NET_LINKS ? strs_add(in->strs, id, bytes) : clean_id(in, id, bytes);
	uint32_t row = row_of(table, text);

	if (new)
		*new = row == CODE_UNKNOWN;
	return row == CODE_UNKNOWN ? row_add(table, text) : row;
}

uint32_t intake_row(struct intake *in, enum net_table_name name, const char *id, bool *new)
{
	return intake_row_n(in, name, id, strlen(id), new);
}

static void differs(struct intake *in, enum net_table_name name, uint32_t row, const char *column, uint32_t old,
		    uint32_t new)
{
	char reason[128];
	struct sink *s = sink_to_memory(in->arena);
	size_t bytes;

	snprintf(reason, sizeof reason, "%s: said twice and differently; the first is kept", column);
	sink_printf(s, "%s: %s, then %s", intake_id(in, name, row), text_of(in, old), text_of(in, new));
	intake_note(in, reason, sink_memory(s, &bytes));
}

void intake_cell_n(struct intake *in, enum net_table_name name, uint32_t row, const char *column, const char *text,
		   size_t bytes)
{
	uint32_t new = clean(in, text, bytes), *cell;

	if (new == STR_EMPTY)
		return;
	cell = &column_make(in, &in->made[name], column)->cells[row];
	if (*cell == STR_EMPTY)
		*cell = new;
	else if (*cell != new &&strcmp(column, "source") != 0)
		differs(in, name, row, column, *cell, new);
}

void intake_cell(struct intake *in, enum net_table_name name, uint32_t row, const char *column, const char *text)
{
	if (text)
		intake_cell_n(in, name, row, column, text, strlen(text));
}

void intake_put(struct intake *in, enum net_table_name name, uint32_t row, const char *column, const char *text)
{
	column_make(in, &in->made[name], column)->cells[row] = clean(in, text, strlen(text));
}

void intake_put_id(struct intake *in, enum net_table_name name, uint32_t row, const char *column, uint32_t text)
{
	if (text != STR_EMPTY)
		column_make(in, &in->made[name], column)->cells[row] = text;
}

static const char *get(const struct intake *in, const struct intake_table *table, uint32_t row, const char *column)
{
	const struct intake_column *found = column_find(table, column);

	return found ? text_of(in, found->cells[row]) : "";
}

const char *intake_get(const struct intake *in, enum net_table_name name, uint32_t row, const char *column)
{
	return get(in, &in->made[name], row, column);
}

const char *intake_found_get(const struct intake *in, enum net_table_name name, uint32_t row, const char *column)
{
	return get(in, &in->found[name], row, column);
}

const char *intake_id(const struct intake *in, enum net_table_name name, uint32_t row)
{
	return text_of(in, in->made[name].ids[row]);
}

uint32_t intake_find(const struct intake *in, const struct intake_table *table, const char *id)
{
	uint32_t text = strs_find(in->strs, id, strlen(id));

	return text == STR_ABSENT ? CODE_UNKNOWN : row_of(table, text);
}

void intake_word(struct intake *in, enum net_table_name name, uint32_t row, const char *column, const char *word)
{
	uint32_t *cell = &column_make(in, &in->made[name], column)->cells[row];
	const char *text = text_of(in, *cell);
	size_t bytes = strlen(word);

	for (const char *at = text; *at;) {
		size_t length = strcspn(at, " ");

		if (length == bytes && memcmp(at, word, bytes) == 0)
			return;
		at += length + (at[length] == ' ');
	}
	if (strlen(text) + bytes + 1 > INTAKE_TEXT) {
		intake_note(in, "a list is longer than 1000 bytes and is cut", intake_id(in, name, row));
		return;
	}
	*cell = strs_id(in->strs, *text ? arena_printf(in->arena, "%s %s", text, word) : word);
}

/* ---- what lies in the folder ------------------------------------------------------------------------------------- */

static const char *canonical_point(const char *name)
{
	uint32_t point = net_reference_point_find(name);

	return point == CODE_UNKNOWN ? name : net_reference_points[point].name;
}

static uint32_t found_key(struct intake *in, const struct intake_file *file, const struct csv_cell *cells, size_t count)
{
	const char *key = net_table_singular(file->table), *part[3] = { "", "", "" };

	for (size_t i = 0; i < count && i < file->column_count; i++) {
		const char *name = text_of(in, file->columns[i]);

		if (file->keyed && strcmp(name, key) == 0)
			return strs_add(in->strs, cells[i].text, cells[i].bytes);
		for (size_t k = 0; k < 3; k++)
			if (strcmp(name, k == 0 ? "a" : k == 1 ? "b" : "reference_point") == 0)
				part[k] = arena_text(in->arena, cells[i].text, cells[i].bytes);
	}
	if (file->keyed)
		return STR_EMPTY;
	return strs_id(in->strs, arena_printf(in->arena, "%s|%s|%s", part[0], part[1], canonical_point(part[2])));
}

static void read_header(struct intake *in, struct intake_file *file, const struct csv_cell *cells, size_t count)
{
	const char *key = net_table_singular(file->table);

	file->columns = arena_array(in->arena, count + 1, sizeof *file->columns);
	file->column_count = count;
	for (size_t i = 0; i < count; i++) {
		file->columns[i] = strs_add(in->strs, cells[i].text, cells[i].bytes);
		file->keyed |= strcmp(text_of(in, file->columns[i]), key) == 0;
	}
	if (!file->keyed && file->table != NET_LINKS)
		diagnose(in->diagnostics, SEVERITY_ERROR, "missing-column", (struct place){ file->name, 1, 0 },
			 "%s misses column \"%s\"", net_table_file(file->table), key);
}

static void read_row(struct intake *in, struct intake_table *table, struct intake_file *file,
		     const struct csv_cell *cells, size_t count)
{
	uint32_t id = found_key(in, file, cells, count), row = row_add(table, id);

	table->files[row] = file->number;
	/* What has no column could not be written again. */
	for (size_t i = file->column_count; i < count; i++)
		if (cells[i].bytes) {
			diagnose(in->diagnostics, SEVERITY_ERROR, "too-many-cells",
				 (struct place){ file->name, cells[i].line, cells[i].column },
				 "this row has %zu cells, its header %zu", count, file->column_count);
			break;
		}
	for (size_t i = 0; i < count && i < file->column_count; i++) {
		const char *name = text_of(in, file->columns[i]);

		if (cells[i].bytes && !(file->keyed && strcmp(name, net_table_singular(file->table)) == 0))
			column_make(in, table, name)->cells[row] = strs_add(in->strs, cells[i].text, cells[i].bytes);
	}
}

static void read_file(struct intake *in, struct intake_table *tables, struct intake_file *file,
		      const struct net_input *input)
{
	struct csv *csv = csv_open(in->arena, input->source, in->diagnostics);
	const struct csv_cell *cells;
	size_t count;

	file->name = source_name(input->source);
	file->table = input->table;
	file->keyed = file->table != NET_LINKS; /* of a file without a header */
	if (!csv_row(csv, &cells, &count))
		return;
	file->keyed = false;
	read_header(in, file, cells, count);
	while (csv_row(csv, &cells, &count))
		read_row(in, &tables[file->table], file, cells, count);
}

bool intake_read_found(struct intake *in)
{
	size_t errors = in->diagnostics->errors;

	if (in->job->found_count > UINT16_MAX - NET_TABLES) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "too-many-files", (struct place){ 0 },
			 "%zu files, more than %d", in->job->found_count, UINT16_MAX - NET_TABLES);
		return false;
	}
	in->files = arena_array(in->arena, in->job->found_count + NET_TABLES, sizeof *in->files);
	for (size_t i = 0; i < in->job->found_count; i++) {
		in->files[i].number = (uint16_t)in->file_count++;
		read_file(in, in->found, &in->files[i], &in->job->found[i]);
	}
	for (size_t i = 0; i < in->job->present_count; i++) {
		struct intake_file file = { 0 };

		read_file(in, in->present, &file, &in->job->present[i]);
	}
	return in->diagnostics->errors == errors;
}

bool intake_has_element(const struct intake *in, const char *id)
{
	return intake_find(in, &in->made[NET_ELEMENTS], id) != CODE_UNKNOWN ||
	       intake_find(in, &in->found[NET_ELEMENTS], id) != CODE_UNKNOWN ||
	       intake_find(in, &in->present[NET_ELEMENTS], id) != CODE_UNKNOWN;
}

void intake_remove(struct intake *in, const char *id)
{
	uint32_t text;

	if (in->job->present_count && intake_find(in, &in->present[NET_ELEMENTS], id) == CODE_UNKNOWN) {
		intake_left_out(in, "to be taken away, but the present network does not have it", id);
		return;
	}
	text = strs_id(in->strs, arena_printf(in->arena, "-%s", id));
	if (row_of(&in->made[NET_ELEMENTS], text) == CODE_UNKNOWN)
		row_add(&in->made[NET_ELEMENTS], text);
	intake_used(in);
}

/* ---- laying the one over the other ------------------------------------------------------------------------------- */

/* The file that new rows of a table go to. */
static uint16_t main_file(struct intake *in, enum net_table_name name)
{
	const char *main = net_table_file(name);

	for (size_t i = 0; i < in->file_count; i++) {
		const char *slash = strrchr(in->files[i].name, '/');

		if (in->files[i].table == name && strcmp(slash ? slash + 1 : in->files[i].name, main) == 0)
			return (uint16_t)i;
	}
	in->files[in->file_count] = (struct intake_file){
		.name = main, .table = name, .keyed = name != NET_LINKS, .number = (uint16_t)in->file_count
	};
	return (uint16_t)in->file_count++;
}

static void tell_change(struct intake *in, enum net_table_name name, uint32_t row, const char *column, uint32_t old,
			uint32_t new)
{
	const char *reason = arena_printf(in->arena, "%s of %ss", column, net_table_singular(name));

	intake_reason(in->arena, &in->imported->changes, reason,
		      arena_printf(in->arena, "%s: \"%s\" becomes \"%s\"", text_of(in, in->found[name].ids[row]),
				   text_of(in, old), text_of(in, new)));
}

/* True where a cell is another now. */
static bool lay_row(struct intake *in, enum net_table_name name, uint32_t from, uint32_t to)
{
	struct intake_table *made = &in->made[name], *found = &in->found[name];
	bool changed = false;

	for (size_t i = 0; i < made->columns.count; i++) {
		const struct intake_column *column = &made->columns.items[i];
		uint32_t new = column->cells[from], *cell;

		if (new == STR_EMPTY)
			continue;
		cell = &column_make(in, found, column->name)->cells[to];
		if (*cell == new)
			continue;
		if (*cell != STR_EMPTY)
			tell_change(in, name, to, column->name, *cell, new);
		*cell = new;
		changed = true;
	}
	return changed;
}

static void lay_table(struct intake *in, enum net_table_name name, uint32_t *added, uint32_t *changed)
{
	struct intake_table *made = &in->made[name], *found = &in->found[name];
	uint16_t main = made->rows ? main_file(in, name) : 0;

	for (uint32_t row = 0; row < made->rows; row++) {
		uint32_t to = row_of(found, made->ids[row]);

		if (to != CODE_UNKNOWN) {
			changed[found->files[to]] += lay_row(in, name, row, to);
			continue;
		}
		to = row_add(found, made->ids[row]);
		found->files[to] = main;
		lay_row(in, name, row, to);
		added[main]++;
	}
}

void intake_lay_over(struct intake *in)
{
	size_t most = in->job->found_count + NET_TABLES;
	uint32_t *added = arena_array(in->arena, most, sizeof *added);
	uint32_t *changed = arena_array(in->arena, most, sizeof *changed);
	struct net_imported *out = in->imported;

	for (int t = 0; t < NET_TABLES; t++)
		lay_table(in, (enum net_table_name)t, added, changed);
	out->file_count = in->file_count;
	out->files = arena_array(in->arena, in->file_count + 1, sizeof *out->files);
	for (size_t i = 0; i < in->file_count; i++)
		out->files[i] = (struct net_import_file){
			.table = in->files[i].table, .name = in->files[i].name, .added = added[i], .changed = changed[i]
		};
	for (int t = 0; t < NET_TABLES; t++)
		for (uint32_t row = 0; row < in->found[t].rows; row++)
			out->files[in->found[t].files[row]].rows++;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

struct header {
	const struct intake_column **columns; /* NULL: the key */
	const char **names;
	size_t count;
};

static bool in_header(const struct header *header, const char *name)
{
	for (size_t i = 0; i < header->count; i++)
		if (strcmp(header->names[i], name) == 0)
			return true;
	return false;
}

static bool has_cells(const struct intake_table *table, const struct intake_column *column, uint16_t file)
{
	for (uint32_t row = 0; row < table->rows; row++)
		if (table->files[row] == file && column->cells[row] != STR_EMPTY)
			return true;
	return false;
}

static void header_add(struct header *header, const char *name, const struct intake_column *column)
{
	header->names[header->count] = name;
	header->columns[header->count++] = column;
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Columns of one's own in the order of their names, so that what was imported first does not matter. */
static void add_own(const struct intake *in, struct header *header, uint16_t file)
{
	const struct intake_table *table = &in->found[in->files[file].table];
	const char **own = arena_array(in->arena, table->columns.count + 1, sizeof *own);
	size_t count = 0;

	for (size_t i = 0; i < table->columns.count; i++)
		if (!in_header(header, table->columns.items[i].name) &&
		    has_cells(table, &table->columns.items[i], file))
			own[count++] = table->columns.items[i].name;
	qsort(own, count, sizeof *own, by_text);
	for (size_t i = 0; i < count; i++)
		header_add(header, own[i], column_find(table, own[i]));
}

/* The header as it was, then the contract's columns that have something, then the others. */
static struct header make_header(const struct intake *in, uint16_t number)
{
	const struct intake_file *file = &in->files[number];
	const struct intake_table *table = &in->found[file->table];
	const char *key = net_table_singular(file->table);
	size_t known_count, most;
	const struct known_column *known = known_columns(file->table, &known_count);
	struct header header = { 0 };

	most = file->column_count + known_count + table->columns.count + 1;
	header.columns = arena_array(in->arena, most, sizeof *header.columns);
	header.names = arena_array(in->arena, most, sizeof *header.names);
	for (size_t i = 0; i < file->column_count; i++) {
		const char *name = text_of(in, file->columns[i]);

		header_add(&header, name, file->keyed && strcmp(name, key) == 0 ? NULL : column_find(table, name));
	}
	for (size_t i = 0; i < known_count; i++) {
		const struct intake_column *column = column_find(table, known[i].name);
		bool is_key = known[i].flags & COLUMN_KEY;

		if (in_header(&header, known[i].name) || (is_key && !file->keyed))
			continue;
		if (is_key || known[i].flags & COLUMN_REQUIRED || (column && has_cells(table, column, number)))
			header_add(&header, known[i].name, is_key ? NULL : column);
	}
	add_own(in, &header, number);
	return header;
}

void net_imported_print(const struct net_imported *imported, size_t number, struct sink *sink)
{
	const struct intake *in = imported->intake;
	const struct intake_file *file = &in->files[number];
	const struct intake_table *table = &in->found[file->table];
	struct header header = make_header(in, (uint16_t)number);

	for (size_t i = 0; i < header.count; i++) {
		if (i)
			sink_char(sink, ',');
		sink_csv(sink, header.names[i]);
	}
	sink_char(sink, '\n');
	for (uint32_t row = 0; row < table->rows; row++) {
		if (table->files[row] != number)
			continue;
		for (size_t i = 0; i < header.count; i++) {
			const struct intake_column *column = header.columns[i];
			bool is_key = file->keyed && strcmp(header.names[i], net_table_singular(file->table)) == 0;

			if (i)
				sink_char(sink, ',');
			sink_csv(sink, is_key   ? text_of(in, table->ids[row])
				       : column ? text_of(in, column->cells[row])
						: "");
		}
		sink_char(sink, '\n');
	}
}
