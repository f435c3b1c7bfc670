/* SPDX-License-Identifier: Apache-2.0 */
/* Files that a mapping looks things up in: the region of a postcode sector, the name of a region. */
#include "net/import/csv.h"

#include <string.h>
#include <strings.h>

static void add(struct intake *in, struct csv_lookup ***end, const char *name, const char *text, struct place place)
{
	const char *by = strstr(text, " by ");
	struct csv_lookup *l;

	if (!*name || !by || by == text || !by[4]) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", place, "expected lookup NAME = FILE by COLUMN");
		in->refused = true;
		return;
	}
	l = arena_alloc(in->arena, sizeof *l);
	l->name = name;
	l->file = arena_text(in->arena, text, (size_t)(by - text));
	l->key = by + 4;
	l->place = place;
	**end = l;
	*end = &l->next;
}

struct csv_lookup *csv_lookups(struct intake *in)
{
	struct csv_lookup *first = NULL, **end = &first;
	const char *name, *text;
	struct place place;

	for (size_t i = 0; intake_map_line(in, "lookup", i, &name, &text, &place); i++)
		add(in, &end, name, text, place);
	return first;
}

struct csv_lookup *csv_lookup_of_file(struct csv_lookup *first, const char *file)
{
	while (first && strcmp(first->file, file) != 0)
		first = first->next;
	return first;
}

static struct csv_entry *place_of(struct csv_entry *entries, size_t room, uint32_t key)
{
	size_t at = hash_bytes(&key, sizeof key) & (room - 1);

	while (entries[at].key != STR_EMPTY && entries[at].key != key)
		at = (at + 1) & (room - 1);
	return &entries[at];
}

static void make_room(struct intake *in, struct csv_lookup *l)
{
	size_t room = l->room ? l->room * 2 : 64;
	struct csv_entry *entries = arena_array(in->arena, room, sizeof *entries);

	for (size_t i = 0; i < l->room; i++)
		if (l->entries[i].key != STR_EMPTY)
			*place_of(entries, room, l->entries[i].key) = l->entries[i];
	l->entries = entries;
	l->room = room;
}

static void add_row(struct intake *in, struct csv_lookup *l, const struct intake_sheet *sheet, size_t key_column)
{
	uint32_t *cells = arena_array(in->arena, l->column_count, sizeof *cells);
	struct csv_entry *entry;

	for (size_t i = 0; i < l->column_count; i++) {
		size_t bytes;
		const char *text = intake_sheet_cell(sheet, i, &bytes);

		cells[i] = strs_add(in->strs, text, bytes);
	}
	if (cells[key_column] == STR_EMPTY)
		return;
	if (l->entry_count * 2 >= l->room)
		make_room(in, l);
	entry = place_of(l->entries, l->room, cells[key_column]);
	if (entry->key != STR_EMPTY) {
		intake_note(in, "a table to look things up in has a key twice; the first is kept",
			    strs_text(in->strs, cells[key_column]));
		return;
	}
	*entry = (struct csv_entry){ cells[key_column], cells };
	l->entry_count++;
}

void csv_lookup_read(struct intake *in, struct csv_lookup *l, struct intake_sheet *sheet)
{
	size_t key = intake_sheet_column(sheet, l->key);

	l->column_count = intake_sheet_columns(sheet, &l->columns);
	if (key == INTAKE_NO_COLUMN) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", l->place, "%s has no column \"%s\"", l->file,
			 l->key);
		in->refused = true;
		return;
	}
	make_room(in, l);
	while (intake_sheet_row(sheet))
		add_row(in, l, sheet, key);
}

const char *csv_lookup_get(const struct intake *in, const struct csv_lookup *l, const char *key, size_t column)
{
	uint32_t id = strs_find(in->strs, key, strlen(key));
	const struct csv_entry *entry;

	if (!l->room || id == STR_ABSENT || id == STR_EMPTY)
		return "";
	entry = place_of(l->entries, l->room, id);
	return entry->key == STR_EMPTY ? "" : strs_text(in->strs, entry->cells[column]);
}
