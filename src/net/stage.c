/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Staged tables: columns that grow together. Those of the present network lie in the network's own arena, because what
 * the last network is built of is handed over to it, array by array; large blocks that are not needed go back at once.
 */
#include "net/stage.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64, LARGE_ROOM = 1 << 20, FIRST_SEEN = 1024 };

void stage_init(struct stage *stage, struct arena *arena, bool proposal)
{
	memset(stage, 0, sizeof *stage);
	stage->proposal = proposal;
	for (int t = 0; t < NET_TABLES; t++) {
		stage->table[t].name = (enum net_table_name)t;
		stage->table[t].arena = arena;
		stage->table[t].keyed = t != NET_LINKS;
		stage->table[t].proposal = proposal;
	}
}

static void column_free(struct stage_table *table, struct stage_column *column)
{
	arena_release(table->arena, column->codes, table->room * sizeof *column->codes);
	arena_release(table->arena, column->measures, table->room * sizeof *column->measures);
	arena_release(table->arena, column->at, table->room * sizeof *column->at);
	free(column->odd.items);
}

void stage_table_free(struct stage_table *table)
{
	struct arena *a = table->arena;

	for (size_t i = 0; i < table->columns.count; i++)
		column_free(table, &table->columns.items[i]);
	free(table->columns.items);
	arena_release(a, table->ids, table->room * sizeof *table->ids);
	arena_release(a, table->lines, table->room * sizeof *table->lines);
	arena_release(a, table->files, table->room * sizeof *table->files);
	arena_release(a, table->removes, table->room * sizeof *table->removes);
	arena_release(a, table->origins, table->room * sizeof *table->origins);
	arena_release(a, table->seen, table->seen_words * sizeof *table->seen);
	*table = (struct stage_table){ .name = table->name,
				       .arena = a,
				       .rows = table->rows,
				       .keyed = table->keyed,
				       .proposal = table->proposal,
				       .broken = table->broken };
}

struct stage_column *stage_column_find(const struct stage_table *table, const char *name)
{
	for (size_t i = 0; i < table->columns.count; i++)
		if (strcmp(table->columns.items[i].name, name) == 0)
			return &table->columns.items[i];
	return NULL;
}

void stage_fill(struct stage_column *column, uint32_t from, uint32_t to)
{
	if (from >= to)
		return;
	if (column->measures)
		for (uint32_t row = from; row < to; row++)
			column->measures[row] = MEASURE_UNKNOWN;
	else
		memset(column->codes + from, 0xff, (to - from) * sizeof *column->codes);
	if (column->at)
		memset(column->at + from, 0, (to - from) * sizeof *column->at);
}

static bool is_reference(const struct known_column *known)
{
	return known && known->type >= TYPE_VENDOR && known->type <= TYPE_ELEMENT;
}

struct stage_column *stage_column_add(struct stage_table *table, const char *name, const struct known_column *known)
{
	struct stage_column *column = array_add(&table->columns);
	uint32_t room = table->room ? table->room : FIRST_ROOM;

	*column = (struct stage_column){ .name = name, .known = known, .type = known ? known->type : TYPE_MEASURE };
	if (!table->room)
		stage_room(table, FIRST_ROOM);
	if (column->codes || column->measures)
		return column;
	if (column->type == TYPE_MEASURE)
		column->measures = arena_array(table->arena, room, sizeof *column->measures);
	else
		column->codes = arena_array(table->arena, room, sizeof *column->codes);
	if (is_reference(known))
		column->at = arena_array(table->arena, room, sizeof *column->at);
	stage_fill(column, 0, table->rows);
	return column;
}

bool stage_too_wide(const struct stage_table *table, uint32_t rows, size_t more_columns)
{
	/* A full row has a comma for each cell, and a cell takes at most ten bytes. */
	enum { FREE = 64 << 20, BYTES_A_BYTE = 32 };
	uint64_t row =
		sizeof *table->lines + sizeof *table->files + sizeof *table->ids + more_columns * sizeof(int64_t);

	for (size_t i = 0; i < table->columns.count; i++)
		row += table->columns.items[i].type == TYPE_MEASURE ? sizeof(int64_t) : sizeof(uint32_t);
	return rows * row > FREE + (uint64_t)table->text_bytes * BYTES_A_BYTE;
}

static void *grown(struct stage_table *table, void *old, uint64_t room, size_t size)
{
	return arena_grow(table->arena, old, table->room * size, room * size);
}

void stage_room(struct stage_table *table, uint32_t count)
{
	uint64_t room = table->room ? table->room : FIRST_ROOM;

	while (room < count)
		room += room < LARGE_ROOM ? room : room / 8;
	stage_room_exactly(table, (uint32_t)room);
}

void stage_room_exactly(struct stage_table *table, uint32_t room)
{
	if (room <= table->room)
		return;
	for (size_t i = 0; i < table->columns.count; i++) {
		struct stage_column *column = &table->columns.items[i];

		if (column->type == TYPE_MEASURE)
			column->measures = grown(table, column->measures, room, sizeof *column->measures);
		else
			column->codes = grown(table, column->codes, room, sizeof *column->codes);
		if (is_reference(column->known))
			column->at = grown(table, column->at, room, sizeof *column->at);
	}
	if (table->keyed)
		table->ids = grown(table, table->ids, room, sizeof *table->ids);
	table->lines = grown(table, table->lines, room, sizeof *table->lines);
	table->files = grown(table, table->files, room, sizeof *table->files);
	if (table->proposal)
		table->removes = grown(table, table->removes, room, sizeof *table->removes);
	if (table->origins)
		table->origins = grown(table, table->origins, room, sizeof *table->origins);
	table->room = room;
}

static const char *end_text(const struct load *load, const struct stage_table *table, const char *name, uint32_t row)
{
	const struct stage_column *column = stage_column_find(table, name);
	uint32_t code = column ? column->codes[row] : CODE_UNKNOWN;

	return code < CODE_BAD ? strs_text(load->strs, code) : "";
}

const char *stage_id(const struct load *load, const struct stage_table *table, uint32_t row)
{
	const struct stage_column *point;

	if (table->keyed)
		return strs_text(load->strs, table->ids[row]);
	point = stage_column_find(table, "reference_point");
	return link_id(load->staging, end_text(load, table, "a", row), end_text(load, table, "b", row),
		       point ? point->codes[row] : CODE_UNKNOWN);
}

struct place stage_place(const struct load *load, const struct stage_table *table, const struct stage_column *column,
			 uint32_t row)
{
	return (struct place){ load->files[table->files[row]], table->lines[row],
			       column && column->at ? column->at[row] : 0 };
}

/* Whether the id is there already; from now on it is. */
static bool was_seen(struct stage_table *table, uint32_t id)
{
	size_t word = id / 32, words = table->seen_words;
	uint32_t bit = 1u << id % 32;

	if (word >= words) {
		while (words <= word)
			words = words ? words * 2 : FIRST_SEEN;
		table->seen = arena_grow(table->arena, table->seen, table->seen_words * sizeof *table->seen,
					 words * sizeof *table->seen);
		table->seen_words = words;
	}
	if (table->seen[word] & bit)
		return true;
	table->seen[word] |= bit;
	return false;
}

void stage_put_id(struct load *load, struct stage_table *table, uint32_t row, uint32_t id, uint32_t column)
{
	uint32_t first = 0;

	table->ids[row] = id;
	if (!was_seen(table, id))
		return;
	/* Past the limit nobody sees the message, and looking for the first one costs. */
	if (load->diagnostics->count < LIMIT_DIAGNOSTICS)
		while (table->ids[first] != id || !table->lines[first])
			first++;
	diagnose(load->diagnostics, SEVERITY_ERROR, "duplicate-id",
		 (struct place){ load->files[table->files[row]], table->lines[row], column },
		 "%s \"%s\" is already at %s:%u", net_table_singular(table->name), strs_text(load->strs, id),
		 load->files[table->files[first]], table->lines[first]);
	table->lines[row] = 0;
	table->dead++;
}

void stage_key(struct load *load, struct stage_table *table)
{
	uint32_t *ids = arena_array(table->arena, table->room ? table->room : 1, sizeof *ids);

	for (uint32_t row = 0; row < table->rows; row++)
		ids[row] = strs_id(load->strs, stage_id(load, table, row));
	table->ids = ids;
	table->keyed = true;
	for (uint32_t row = 0; row < table->rows; row++)
		stage_put_id(load, table, row, ids[row], 0);
}

/* ---- one's own columns: measures until a word is met ---- */

static uint32_t number_text(struct load *load, int64_t measure)
{
	char text[48];

	if (measure == MEASURE_UNKNOWN)
		return CODE_UNKNOWN;
	if (measure == MEASURE_NONE)
		return CODE_NONE;
	micro_print(measure, text);
	return strs_id(load->strs, text);
}

void stage_to_words(struct load *load, struct stage_table *table, struct stage_column *column)
{
	uint32_t *codes = arena_array(table->arena, table->room, sizeof *codes);
	size_t odd = 0;

	for (uint32_t row = 0; row < table->rows; row++) {
		uint32_t text;

		while (odd < column->odd.count && column->odd.items[odd].row < row)
			odd++;
		if (odd < column->odd.count && column->odd.items[odd].row == row)
			text = column->odd.items[odd].text;
		else
			text = number_text(load, column->measures[row]);
		codes[row] = text < CODE_BAD ? lists_code(load, text) : text;
	}
	arena_release(table->arena, column->measures, table->room * sizeof *column->measures);
	column->measures = NULL;
	column->codes = codes;
	column->type = TYPE_WORDS;
	free(column->odd.items);
	memset(&column->odd, 0, sizeof column->odd);
}

/* ---- throwing rows out ---- */

static void compact_odd(struct stage_column *column, const uint8_t *keep)
{
	size_t kept = 0;
	uint32_t row = 0, new_row = 0;

	for (size_t i = 0; i < column->odd.count; i++) {
		struct odd_number odd = column->odd.items[i];

		for (; row < odd.row; row++)
			new_row += keep[row] != 0;
		if (keep[odd.row])
			column->odd.items[kept++] = (struct odd_number){ new_row, odd.text };
	}
	column->odd.count = kept;
}

#define COMPACT(array, keep, rows)                                                                                     \
	do {                                                                                                           \
		uint32_t to_ = 0;                                                                                      \
		for (uint32_t from_ = 0; (array) && from_ < (rows); from_++)                                           \
			if ((keep)[from_])                                                                             \
				(array)[to_++] = (array)[from_];                                                       \
	} while (0)

void stage_compact(struct stage_table *table, const uint8_t *keep)
{
	uint32_t kept = 0;

	for (size_t i = 0; i < table->columns.count; i++) {
		struct stage_column *column = &table->columns.items[i];

		compact_odd(column, keep);
		COMPACT(column->codes, keep, table->rows);
		COMPACT(column->measures, keep, table->rows);
		COMPACT(column->at, keep, table->rows);
	}
	COMPACT(table->ids, keep, table->rows);
	COMPACT(table->lines, keep, table->rows);
	COMPACT(table->files, keep, table->rows);
	COMPACT(table->removes, keep, table->rows);
	COMPACT(table->origins, keep, table->rows);
	for (uint32_t row = 0; row < table->rows; row++)
		kept += keep[row] != 0;
	table->rows = kept;
}
