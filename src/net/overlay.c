/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proposal laid over the present network, both staged: a row with a new id is added, one with a known id replaces
 * the cells that it fills (an empty cell keeps, `none` clears), `-id` takes a row away. What an element's going does
 * to its links, and a site's to its elements, is settled here; whether the references still hold is seen when the
 * network is built.
 */
#include "net/stage.h"

#include <stdlib.h>
#include <string.h>

enum { NOTES_BY_NAME = 20 };

/* ---- the same columns ---- */

static void unify_table(struct load *load, struct stage_table *to, const struct stage_table *from)
{
	for (size_t i = 0; i < from->columns.count; i++) {
		const struct stage_column *there = &from->columns.items[i];
		struct stage_column *here = stage_column_find(to, there->name);

		if (!here && stage_too_wide(to, to->rows, 1)) {
			diagnose(load->diagnostics, SEVERITY_ERROR, "too-wide", (struct place){ NULL, 0, 0 },
				 "column \"%s\" is one too many for the %u rows that %s has", there->name, to->rows,
				 net_table_file(to->name));
			continue;
		}
		if (!here)
			here = stage_column_add(to, there->name, there->known);
		if (here->type == TYPE_MEASURE && there->type != TYPE_MEASURE)
			stage_to_words(load, to, here);
	}
}

void overlay_unify(struct load *load, struct stage *present, struct stage *proposal)
{
	for (int t = 0; t < NET_TABLES; t++) {
		struct stage_table *a = &present->table[t], *b = &proposal->table[t];

		unify_table(load, a, b);
		unify_table(load, b, a);
		unify_table(load, a, b);
		if (a->keyed != b->keyed) {
			if (!a->keyed)
				stage_key(load, a);
			else
				stage_key(load, b);
		}
	}
}

/* ---- one table ---- */

/* What the overlay knows of a row of the present table while it goes on. */
enum { ROW_KEPT = 1, ROW_TOUCHED = 2 /* the proposal names it, so it answers for its references */ };

struct overlay {
	struct load *load;
	struct stage_table *to, *from;
	uint8_t *marks; /* by row of to; 0: goes away */
};

static void replace_cells(struct stage_column *to, uint32_t row, const struct stage_column *from, uint32_t from_row,
			  bool new)
{
	if (to->type == TYPE_MEASURE) {
		if (new || from->measures[from_row] != MEASURE_UNKNOWN)
			to->measures[row] = from->measures[from_row];
	} else if (new || from->codes[from_row] != CODE_UNKNOWN) {
		to->codes[row] = from->codes[from_row];
		if (to->at)
			to->at[row] = from->at[from_row];
	} else if (to->at) {
		to->at[row] = 0; /* the row's place is the proposal's now, and the cell stands elsewhere */
	}
}

static void put_row(struct overlay *o, uint32_t row, uint32_t from_row, bool new)
{
	for (size_t i = 0; i < o->to->columns.count; i++) {
		struct stage_column *to = &o->to->columns.items[i];

		const struct stage_column *from = stage_column_find(o->from, to->name);

		if (from)
			replace_cells(to, row, from, from_row, new);
		else if (new) /* the column was too much for the proposal, which has been told */
			stage_fill(to, row, row + 1);
	}
	o->to->lines[row] = o->from->lines[from_row];
	o->to->files[row] = o->from->files[from_row];
	if (o->to->keyed)
		o->to->ids[row] = o->from->ids[from_row];
	if (new)
		o->to->origins[row] = CODE_UNKNOWN;
	o->marks[row] |= ROW_TOUCHED;
}

/* `-id` stands in the first column. */
static struct place place_of_removal(const struct overlay *o, uint32_t from_row)
{
	struct place place = stage_place(o->load, o->from, NULL, from_row);

	place.column = 1;
	return place;
}

static void remove_row(struct overlay *o, uint32_t row, uint32_t from_row)
{
	struct removed *removed = &o->load->removed[o->to->name];
	const char *near;

	if (row == CODE_UNKNOWN) {
		near = o->to->keyed ? nearest_id(o->load, o->to->ids, o->to->rows, stage_id(o->load, o->from, from_row))
				    : NULL;
		diagnose(o->load->diagnostics, SEVERITY_ERROR, "absent-id",
			 place_of_removal(o, from_row),
			 "%s \"%s\" can't be removed: it is not in the present network%s%s%s",
			 net_table_singular(o->to->name), stage_id(o->load, o->from, from_row),
			 near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
		return;
	}
	o->marks[row] = 0;
	if (o->to->name == NET_ELEMENTS)
		o->load->removed_elements++;
	if (o->to->name == NET_LINKS)
		o->load->removed_links++;
	if (!o->to->keyed)
		return;
	removed->ids[removed->count] = o->from->ids[from_row];
	removed->places[removed->count++] = place_of_removal(o, from_row);
}

static void removed_room(struct load *load, enum net_table_name name, const struct stage_table *from)
{
	struct removed *removed = &load->removed[name];

	for (uint32_t row = 0; row < from->rows; row++)
		removed->room += from->removes[row];
	removed->ids = arena_array(load->staging, removed->room + 1, sizeof *removed->ids);
	removed->places = arena_array(load->staging, removed->room + 1, sizeof *removed->places);
}

static void index_removed(struct load *load, enum net_table_name name)
{
	struct removed *removed = &load->removed[name];

	removed->slots = id_index_make(load->staging, removed->ids, removed->count, &removed->mask);
}

/* New rows come behind the old ones, so that neither moves the other. */
static uint8_t *overlay_table(struct load *load, struct stage_table *to, struct stage_table *from)
{
	struct overlay o = { load, to, from, arena_alloc(load->staging, (size_t)to->rows + from->rows + 1) };
	struct link_index links = { 0 };
	struct link_ends ends = stage_ends(from);
	uint32_t mask = 0, old_rows = to->rows, twin, *index = NULL;

	memset(o.marks, ROW_KEPT, (size_t)to->rows + from->rows);
	removed_room(load, to->name, from);
	stage_room(to, to->rows + from->rows);
	to->origins = arena_array(to->arena, to->room ? to->room : 1, sizeof *to->origins);
	for (uint32_t row = 0; row < to->rows; row++)
		to->origins[row] = row;
	if (to->keyed) {
		index = id_index_make(load->staging, to->ids, old_rows, &mask);
	} else if (from->rows) {
		link_index_make(&links, load->staging, stage_ends(to), old_rows);
		link_index_fill(&links, 0, old_rows, &twin);
	}
	for (uint32_t i = 0; i < from->rows; i++) {
		uint32_t row = to->keyed ? id_index_find(index, mask, to->ids, from->ids[i])
					 : link_index_find(&links, &ends, i);

		if (from->removes[i])
			remove_row(&o, row, i);
		else
			put_row(&o, row == CODE_UNKNOWN ? to->rows++ : row, i, row == CODE_UNKNOWN);
	}
	index_removed(load, to->name);
	return o.marks;
}

/* ---- what goes with what ---- */

/* How many rows of another table had to do with each removed one, and the first of them. */
struct gone {
	const struct removed *removed;
	uint32_t *count, *first;
};

static struct gone gone_make(struct load *load, enum net_table_name name)
{
	const struct removed *removed = &load->removed[name];

	return (struct gone){ removed, arena_array(load->staging, removed->count + 1, sizeof(uint32_t)),
			      arena_array(load->staging, removed->count + 1, sizeof(uint32_t)) };
}

/* Counts the row with the removed one that id names; false where it names none. */
static bool gone_count(struct gone *gone, uint32_t id, uint32_t row)
{
	uint32_t which = id_index_find(gone->removed->slots, gone->removed->mask, gone->removed->ids, id);

	if (which == CODE_UNKNOWN)
		return false;
	if (!gone->count[which]++)
		gone->first[which] = row;
	return true;
}

static void keep_sites(struct load *load, struct stage_table *elements, const uint8_t *marks)
{
	struct gone gone = gone_make(load, NET_SITES);
	struct stage_column *site = stage_column_find(elements, "site");
	const struct removed *removed = gone.removed;

	for (uint32_t row = 0; site && removed->count && row < elements->rows; row++)
		if (marks[row] && site->codes[row] < CODE_BAD && gone_count(&gone, site->codes[row], row))
			site->codes[row] = CODE_BAD;
	for (uint32_t i = 0; i < removed->count; i++)
		if (gone.count[i])
			diagnose(load->diagnostics, SEVERITY_ERROR, "site-keeps-elements", removed->places[i],
				 "site \"%s\" can't be removed: %u element%s at it, \"%s\" first",
				 strs_text(load->strs, removed->ids[i]), gone.count[i],
				 gone.count[i] > 1 ? "s are" : " is",
				 strs_text(load->strs, elements->ids[gone.first[i]]));
}

static void tell_links(struct load *load, const struct gone *gone)
{
	const struct removed *removed = gone->removed;
	uint32_t told = 0, rest = 0, rest_links = 0;
	struct place rest_place = { NULL, 0, 0 };

	for (uint32_t i = 0; i < removed->count; i++) {
		if (!gone->count[i])
			continue;
		if (told++ < NOTES_BY_NAME) {
			diagnose(load->diagnostics, SEVERITY_NOTE, "links-removed", removed->places[i],
				 "%u link%s with element \"%s\"", gone->count[i], gone->count[i] > 1 ? "s go" : " goes",
				 strs_text(load->strs, removed->ids[i]));
			continue;
		}
		if (!rest++)
			rest_place = removed->places[i];
		rest_links += gone->count[i];
	}
	if (rest)
		diagnose(load->diagnostics, SEVERITY_NOTE, "links-removed", rest_place,
			 "%u links go with %u more elements", rest_links, rest);
}

static void remove_links(struct load *load, struct stage_table *links, uint8_t *marks)
{
	struct gone gone = gone_make(load, NET_ELEMENTS);
	struct link_ends ends = stage_ends(links);

	if (!gone.removed->count || !ends.a || !ends.b)
		return;
	for (uint32_t row = 0; row < links->rows; row++)
		if (marks[row] == ROW_KEPT &&
		    (gone_count(&gone, ends.a[row], row) || gone_count(&gone, ends.b[row], row))) {
			marks[row] = 0;
			load->removed_links++;
		}
	tell_links(load, &gone);
}

void overlay_apply(struct load *load, struct stage *present, struct stage *proposal)
{
	uint8_t *marks[NET_TABLES];

	for (int t = 0; t < NET_TABLES; t++) {
		marks[t] = overlay_table(load, &present->table[t], &proposal->table[t]);
		present->table[t].broken |= proposal->table[t].broken;
	}
	keep_sites(load, &present->table[NET_ELEMENTS], marks[NET_ELEMENTS]);
	remove_links(load, &present->table[NET_LINKS], marks[NET_LINKS]);
	for (int t = 0; t < NET_TABLES; t++) {
		stage_compact(&present->table[t], marks[t]);
		stage_table_free(&proposal->table[t]);
	}
	present->has_links |= proposal->has_links;
}
