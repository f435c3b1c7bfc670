/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One CSV file to a staged table: its header is compared with the contract's columns, then each row goes in cell by
 * cell. A row is left out only where it has no usable id; a bad cell reads as unknown, so that one mistake is not told
 * again by everything that refers to its row.
 */
#include "net/read.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	LONGEST_OWN_NAME = 100,
	ENOUGH_ROWS = 1000, /* to judge the length of the others by */
};

static struct place place_of(const struct reader *r, const struct csv_cell *cell)
{
	return (struct place){ r->file_name, cell->line, cell->column };
}

/* The spaces inside a quoted cell are no more meant than those around an unquoted one. */
static struct csv_cell trimmed(struct csv_cell cell)
{
	while (cell.bytes && (cell.text[0] == ' ' || cell.text[0] == '\t'))
		cell.text++, cell.bytes--, cell.column++;
	while (cell.bytes && (cell.text[cell.bytes - 1] == ' ' || cell.text[cell.bytes - 1] == '\t'))
		cell.bytes--;
	return cell;
}

/* ---- header ---- */

static void warn_near(struct reader *r, const struct csv_cell *cell, const char *name)
{
	size_t count, names = 0;
	const struct known_column *known = known_columns(r->table->name, &count);
	const char *candidates[32], *nearest;

	for (size_t i = 0; i < count && names < 32; i++)
		if (!(known[i].flags & COLUMN_DERIVED))
			candidates[names++] = known[i].name;
	nearest = nearest_text(name, candidates, names);
	if (nearest)
		diagnose(r->load->diagnostics, SEVERITY_WARNING, "own-column", place_of(r, cell),
			 "column \"%s\" is not known and is read as one of your own (did you mean \"%s\"?)", name,
			 nearest);
}

/* The staged column of a name in the header, made where it is new. */
static uint32_t column_of(struct reader *r, const struct csv_cell *cell)
{
	const struct known_column *known = known_column_find(r->table->name, cell->text, cell->bytes);
	char *name = arena_text(r->load->arena, cell->text, cell->bytes);
	struct stage_column *column;

	if (!known)
		warn_near(r, cell, name);
	column = stage_column_find(r->table, name);
	if (!column && stage_too_wide(r->table, r->table->rows, 1)) {
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "too-wide", place_of(r, cell),
			 "column \"%s\" is one too many for the %u rows that %s has already", name, r->table->rows,
			 net_table_file(r->table->name));
		return BAD_COLUMN;
	}
	if (!column)
		column = stage_column_add(r->table, known ? known->name : name, known);
	return (uint32_t)(column - r->table->columns.items);
}

static uint32_t target_of(struct reader *r, const struct csv_cell *cell)
{
	const struct known_column *known = known_column_find(r->table->name, cell->text, cell->bytes);
	uint32_t target;

	if (!cell->bytes)
		return NO_COLUMN; /* its cells have to be empty; what is wrong in itself is told here and not with each cell */
	if (cell->bytes > LONGEST_OWN_NAME) {
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "bad-column", place_of(r, cell),
			 "this column's name has %u bytes, more than %d", cell->bytes, LONGEST_OWN_NAME);
		return BAD_COLUMN;
	}
	if (known && known->flags & COLUMN_DERIVED) {
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "bad-column", place_of(r, cell),
			 "column \"%s\" is filled in by proviso and can't be given", known->name);
		return BAD_COLUMN;
	}
	target = known && known->flags & COLUMN_KEY ? KEY_COLUMN : column_of(r, cell);
	for (size_t i = 0; i < r->target_count; i++)
		if (r->targets[i].column == target && target != BAD_COLUMN) {
			diagnose(r->load->diagnostics, SEVERITY_ERROR, "duplicate-column", place_of(r, cell),
				 "column \"%.*s\" is there twice", (int)cell->bytes, cell->text);
			return BAD_COLUMN;
		}
	return target;
}

static bool has_target(const struct reader *r, const struct known_column *known)
{
	for (size_t i = 0; i < r->target_count; i++) {
		uint32_t column = r->targets[i].column;

		if (column == KEY_COLUMN ? (known->flags & COLUMN_KEY) != 0
					 : column < KEY_COLUMN && r->table->columns.items[column].known == known)
			return true;
	}
	return false;
}

/* In a proposal a row may name only what changes; but without an id, a link is known by its ends. */
static bool is_needed(const struct reader *r, const struct known_column *known, bool keyed)
{
	if (!r->stage->proposal)
		return known->flags & COLUMN_REQUIRED;
	if (r->table->name == NET_LINKS)
		return !keyed && known->flags & COLUMN_FILLED;
	return known->flags & COLUMN_KEY;
}

/* What the header has instead of name: a name that is no known column and is written much like it. */
static const struct csv_cell *nearest_header(const struct reader *r, const struct csv_cell *cells, size_t count,
					     const char *name)
{
	const char *candidates[LIMIT_COLUMNS], *nearest;
	size_t n = 0, from[LIMIT_COLUMNS];

	for (size_t i = 0; i < count; i++) {
		struct csv_cell cell = trimmed(cells[i]);

		if (!cell.bytes || known_column_find(r->table->name, cell.text, cell.bytes))
			continue;
		from[n] = i;
		candidates[n++] = arena_text(r->load->staging, cell.text, cell.bytes);
	}
	nearest = n ? nearest_text(name, candidates, n) : NULL;
	for (size_t i = 0; nearest && i < n; i++)
		if (candidates[i] == nearest)
			return &cells[from[i]];
	return NULL;
}

/* A header of one cell that another program has cut into several. */
static const char *other_separators(const struct csv_cell *cells, size_t cell_count)
{
	if (cell_count == 1 && memchr(cells[0].text, ';', cells[0].bytes))
		return " (cells are separated by commas here, not by semicolons)";
	if (cell_count == 1 && memchr(cells[0].text, '\t', cells[0].bytes))
		return " (cells are separated by commas here, not by tabs)";
	return "";
}

/* One error for all columns that are missing. */
static bool check_required(struct reader *r, const struct csv_cell *cells, size_t cell_count)
{
	size_t count, missing = 0;
	const struct known_column *known = known_columns(r->table->name, &count);
	struct sink *names = sink_to_memory(r->load->staging);
	struct place place = { r->file_name, cell_count ? cells[0].line : 1, 1 };
	const struct csv_cell *near = NULL;
	const char *near_name = NULL;
	bool keyed = has_target(r, &known[0]);

	for (size_t i = 0; i < count; i++) {
		if (!is_needed(r, &known[i], keyed) || has_target(r, &known[i]))
			continue;
		sink_printf(names, "%s\"%s\"", missing++ ? ", " : "", known[i].name);
		if (!near && (near = nearest_header(r, cells, cell_count, known[i].name)) != NULL)
			near_name = known[i].name;
	}
	if (!missing)
		return true;
	if (near) {
		struct csv_cell cell = trimmed(*near);

		place.line = cell.line;
		place.column = cell.column;
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "missing-column", place,
			 "%s misses column%s %s (did you mean \"%s\" by \"%.*s\"?)", net_table_file(r->table->name),
			 missing > 1 ? "s" : "", sink_memory(names, &(size_t){ 0 }), near_name, (int)cell.bytes,
			 cell.text);
	} else {
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "missing-column", place, "%s misses column%s %s%s",
			 net_table_file(r->table->name), missing > 1 ? "s" : "", sink_memory(names, &(size_t){ 0 }),
			 other_separators(cells, cell_count));
	}
	return false;
}

/* Which cell may begin with the minus that takes a row away: the id, or the first end of a link without one. */
static void mark_removing(struct reader *r)
{
	for (int keyed = 1; r->stage->proposal && keyed >= 0; keyed--)
		for (size_t i = 0; i < r->target_count; i++) {
			uint32_t column = r->targets[i].column;

			if (keyed ? column == KEY_COLUMN
				  : column < KEY_COLUMN && r->table->columns.items[column].type == TYPE_ELEMENT) {
				r->targets[i].may_remove = true;
				return;
			}
		}
}

static bool read_header(struct reader *r, const struct csv_cell *cells, size_t count)
{
	struct load *load = r->load;
	bool keyed = false;

	for (size_t i = 0; i < count; i++) {
		struct csv_cell cell = trimmed(cells[i]);
		uint32_t target = target_of(r, &cell);

		r->targets[i].column = target;
		r->targets[i].may_remove = false;
		r->target_count = i + 1;
		keyed |= target == KEY_COLUMN;
	}
	if (!check_required(r, cells, count))
		return false;
	if (keyed && !r->table->keyed)
		stage_key(load, r->table);
	r->reads = arena_alloc(load->staging, r->table->columns.count + 1);
	for (size_t i = 0; i < r->target_count; i++)
		if (r->targets[i].column < KEY_COLUMN)
			r->reads[r->targets[i].column] = 1;
	mark_removing(r);
	return true;
}

/* ---- rows ---- */

static bool has_control(const struct csv_cell *cell)
{
	for (uint32_t i = 0; i < cell->bytes; i++)
		if ((unsigned char)cell->text[i] < 0x20 || cell->text[i] == 0x7f)
			return true;
	return false;
}

static void leave_out(struct reader *r, uint32_t row)
{
	r->table->ids[row] = ROW_DEAD;
	r->table->lines[row] = 0;
	r->table->dead++;
}

static void put_id(struct reader *r, uint32_t row, const struct csv_cell *cell)
{
	const char *name = net_table_singular(r->table->name);

	if (cell_is_empty(cell)) {
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "empty-key", place_of(r, cell), "this %s has no id",
			 name);
	} else if (cell->bytes == 4 && memcmp(cell->text, "none", 4) == 0) {
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "bad-id", place_of(r, cell),
			 "\"none\" can't be the id of %s %s: it means that there is none", name[0] == 'e' ? "an" : "a",
			 name);
	} else if (cell->text[0] == '-') {
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "bad-id", place_of(r, cell),
			 "the id of this %s begins with a minus, which takes a row away and stands in proposals only",
			 name);
	} else if (has_control(cell)) {
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "bad-id", place_of(r, cell),
			 "the id of this %s holds a control character", name);
	} else {
		batch_add(r, BATCH_KEY, 0, row, cell);
		return;
	}
	leave_out(r, row);
}

/* A link whose `link` is empty in a file that has the column: its ends make its id. */
static void put_made_id(struct reader *r, uint32_t row)
{
	const struct stage_column *a, *b, *point = stage_column_find(r->table, "reference_point");
	struct csv_cell cell = { NULL, 0, r->line, 1 };

	batch_flush(r);
	r->table->ids[row] = STR_EMPTY;
	a = stage_column_find(r->table, "a");
	b = stage_column_find(r->table, "b");
	if (a && b && a->codes[row] < CODE_BAD && b->codes[row] < CODE_BAD) {
		cell.text = link_id(r->load->staging, strs_text(r->load->strs, a->codes[row]),
				    strs_text(r->load->strs, b->codes[row]), point ? point->codes[row] : CODE_UNKNOWN);
		cell.bytes = (uint32_t)strlen(cell.text);
	}
	put_id(r, row, &cell);
}

static void too_many_cells(struct reader *r, const struct csv_cell *cell, size_t count)
{
	diagnose(r->load->diagnostics, SEVERITY_ERROR, "too-many-cells", place_of(r, cell),
		 "this row has %zu cells, its header %zu", count, r->target_count);
}

/* Cells that no column of the header names have to be empty. */
static void check_surplus(struct reader *r, const struct csv_cell *cells, size_t count)
{
	for (size_t i = r->target_count; i < count; i++)
		if (trimmed(cells[i]).bytes) {
			too_many_cells(r, &cells[i], count);
			return;
		}
}

static inline bool has_edge_space(const struct csv_cell *cell)
{
	return cell->bytes &&
	       ((unsigned char)cell->text[0] <= ' ' || (unsigned char)cell->text[cell->bytes - 1] <= ' ');
}

static inline void put_target(struct reader *r, size_t i, uint32_t row, const struct csv_cell *cell, bool *made_id)
{
	uint32_t column = r->targets[i].column;
	struct csv_cell part;

	if (has_edge_space(cell)) {
		part = trimmed(*cell);
		cell = &part;
	}
	if (r->targets[i].may_remove && cell->bytes && cell->text[0] == '-') {
		r->table->removes[row] = 1;
		part = trimmed((struct csv_cell){ cell->text + 1, cell->bytes - 1, cell->line, cell->column + 1 });
		cell = &part;
	}
	if (column < KEY_COLUMN)
		cell_put(r, column, row, cell);
	else if (column == KEY_COLUMN && !cell->bytes && r->table->name == NET_LINKS)
		*made_id = true;
	else if (column == KEY_COLUMN)
		put_id(r, row, cell);
	else if (cell->bytes && column == NO_COLUMN)
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "too-many-cells", place_of(r, cell),
			 "this cell stands in a column without a name");
}

/*
 * Room for the rows that the rest of the file will bring if they are like those so far: growing step by step would
 * touch twice the memory.
 */
static bool make_room(struct reader *r)
{
	struct stage_table *table = r->table;
	uint64_t read = table->rows - r->first_row, rest = 0;

	if (stage_too_wide(table, table->rows + 1, 0)) {
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "too-wide", (struct place){ r->file_name, r->line, 0 },
			 "%u rows are much shorter than their header of %zu columns; the rest is not read", table->rows,
			 r->target_count);
		return false;
	}
	if (read >= ENOUGH_ROWS && r->seen && r->expected > r->seen) {
		rest = (uint64_t)((double)(r->expected - r->seen) / (double)r->seen * (double)read);
		rest += rest / 64 + ENOUGH_ROWS;
	}
	if (rest && rest + table->rows < LIMIT_ROWS && !stage_too_wide(table, table->rows + (uint32_t)rest, 0))
		stage_room_exactly(table, table->rows + (uint32_t)rest);
	stage_room(table, table->rows + 1);
	return true;
}

/* False where the table can't take it. */
static bool read_row(struct reader *r, const struct csv_cell *cells, size_t count)
{
	struct stage_table *table = r->table;
	uint32_t row = table->rows;
	size_t named = count < r->target_count ? count : r->target_count;
	bool made_id = false;

	size_t bytes = (size_t)(cells[count - 1].text + cells[count - 1].bytes - cells[0].text) + 1;

	r->line = cells[0].line;
	if (row == table->room && !make_room(r))
		return false;
	r->seen += bytes;
	table->text_bytes += bytes;
	table->lines[row] = r->line;
	table->files[row] = r->file;
	if (table->proposal)
		table->removes[row] = 0;
	for (size_t i = 0; i < named; i++)
		put_target(r, i, row, &cells[i], &made_id);
	for (size_t i = named; i < r->target_count; i++)
		put_target(r, i, row, &(struct csv_cell){ "", 0, r->line, 0 }, &made_id);
	if (count > r->target_count)
		check_surplus(r, cells, count);
	if (table->keyed && made_id)
		put_made_id(r, row);
	table->rows++;
	return true;
}

/* A file without `link` column beside one that has it: ids for its rows. */
static void key_rows(struct reader *r, uint32_t from)
{
	for (uint32_t row = from; row < r->table->rows; row++) {
		r->line = r->table->lines[row];
		put_made_id(r, row);
	}
	batch_flush(r);
}

static bool any_key(const struct reader *r)
{
	for (size_t i = 0; i < r->target_count; i++)
		if (r->targets[i].column == KEY_COLUMN)
			return true;
	return false;
}

static void read_rows(struct reader *r, struct csv *csv)
{
	const struct csv_cell *cells;
	uint32_t first = r->table->rows;
	size_t count;

	while (csv_row(csv, &cells, &count)) {
		if (r->table->rows >= LIMIT_ROWS) {
			diagnose(r->load->diagnostics, SEVERITY_ERROR, "too-many-rows", place_of(r, &cells[0]),
				 "%s has more than %d rows", net_table_file(r->table->name), LIMIT_ROWS);
			break;
		}
		if (!read_row(r, cells, count))
			break;
	}
	batch_flush(r);
	for (size_t i = 0; i < r->table->columns.count; i++)
		if (!r->reads[i])
			stage_fill(&r->table->columns.items[i], first, r->table->rows);
	if (r->table->keyed && !any_key(r))
		key_rows(r, first);
}

void read_input(struct load *load, struct stage *stage, const struct net_input *input)
{
	struct reader *r;
	struct csv *csv;
	const struct csv_cell *cells = NULL;
	size_t count = 0, errors = load->diagnostics->errors;

	if (input->table == NET_LINKS)
		stage->has_links = true;
	if (!input->source) {
		stage->table[input->table].broken = true;
		return;
	}
	r = reader_new(load, stage);
	csv = csv_open(load->staging, input->source, load->diagnostics);
	r->table = &stage->table[input->table];
	r->first_row = r->table->rows;
	r->expected = source_expected(input->source);
	r->file_name = source_name(input->source);
	r->file = (uint16_t)load->file_count;
	load->files[load->file_count++] = r->file_name;
	stage_room(r->table, 1);
	if (csv_row(csv, &cells, &count) ? read_header(r, cells, count)
					 : load->diagnostics->errors == errors && check_required(r, NULL, 0))
		read_rows(r, csv);
	else
		r->table->broken = true;
}

/* ---- after the last file of a table ---- */

void read_finish(struct load *load, struct stage_table *table)
{
	uint8_t *keep;

	if (!table->keyed)
		links_check_double(load, table);
	if (!table->dead)
		return;
	keep = arena_alloc(load->staging, table->rows);
	for (uint32_t row = 0; row < table->rows; row++)
		keep[row] = table->lines[row] != 0;
	stage_compact(table, keep);
	table->dead = 0;
}
