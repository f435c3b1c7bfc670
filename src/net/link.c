/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links without a `link` column are known by their ends and reference point. Millions of them can't each have an
 * interned id: the text is made when somebody asks, and doubles are found by an index over the columns.
 */
#include "net/stage.h"

#include <string.h>

enum { AHEAD = 16 };

const char *link_id(struct arena *a, const char *from, const char *to, uint32_t reference_point)
{
	const char *parts[3] = { from, to,
				 reference_point >= CODE_BAD ? NULL : net_reference_points[reference_point].name };
	size_t bytes[3], all = 0;
	char *text, *at;

	for (unsigned i = 0; i < 3; i++)
		all += 1 + (bytes[i] = parts[i] ? strlen(parts[i]) : 0);
	text = at = arena_alloc(a, all);
	for (unsigned i = 0; i < 3 && parts[i]; i++) {
		if (i)
			*at++ = '|';
		memcpy(at, parts[i], bytes[i]);
		at += bytes[i];
	}
	*at = 0;
	return text;
}

/* Seeded, because whoever writes the files knows in which order ids are given. */
static uint64_t row_hash(const struct link_index *index, const struct link_ends *l, uint32_t row)
{
	uint32_t point = l->point ? l->point[row] : CODE_UNKNOWN;
	uint64_t h = (((uint64_t)l->a[row] << 32 | l->b[row]) ^ index->seed) * UINT64_C(0x9E3779B97F4A7C15);

	return (h ^ h >> 32 ^ point) * UINT64_C(0xD6E8FEB86659FD93);
}

static uint32_t slot_of(const struct link_index *index, uint64_t hash)
{
	return (uint32_t)(hash >> 32) & index->mask;
}

static uint32_t tag_of(const struct link_index *index, uint64_t hash)
{
	return (uint32_t)hash & ~index->row_mask;
}

static bool same_ends(const struct link_ends *l, uint32_t row, const struct link_ends *m, uint32_t other)
{
	return l->a[row] == m->a[other] && l->b[row] == m->b[other] &&
	       (l->point ? l->point[row] : CODE_UNKNOWN) == (m->point ? m->point[other] : CODE_UNKNOWN);
}

void link_index_make(struct link_index *index, struct arena *arena, struct link_ends ends, uint32_t rows)
{
	size_t room = 64;
	uint32_t row_mask = 63;

	while (room < (size_t)rows + rows / 3)
		room *= 2;
	while (row_mask <= rows)
		row_mask = row_mask * 2 + 1;
	*index = (struct link_index){
		arena, hash_seed(), ends, arena_array(arena, room, sizeof *index->slots), (uint32_t)room - 1, row_mask
	};
}

void link_index_free(struct link_index *index)
{
	arena_release(index->arena, index->slots, ((size_t)index->mask + 1) * sizeof *index->slots);
	index->slots = NULL;
}

/*
 * The row with the same ends, or CODE_UNKNOWN and the free slot. A wrong tag saves looking at a row, which is far
 * away.
 */
static uint32_t probe(const struct link_index *index, const struct link_ends *ends, uint32_t row, uint64_t hash,
		      uint32_t *at)
{
	uint32_t tag = tag_of(index, hash), slot;

	for (*at = slot_of(index, hash); (slot = index->slots[*at]) != 0; *at = (*at + 1) & index->mask)
		if ((slot & ~index->row_mask) == tag &&
		    same_ends(&index->ends, (slot & index->row_mask) - 1, ends, row))
			return (slot & index->row_mask) - 1;
	return CODE_UNKNOWN;
}

uint32_t link_index_find(const struct link_index *index, const struct link_ends *ends, uint32_t row)
{
	uint32_t at;

	return probe(index, ends, row, row_hash(index, ends, row), &at);
}

/* The row that has these ends already, or CODE_UNKNOWN where it was put in. */
static uint32_t link_index_add(struct link_index *index, uint32_t row, uint64_t hash)
{
	uint32_t at, twin;

	/* What is wrong with an end is told elsewhere. */
	if (index->ends.a[row] >= CODE_BAD || index->ends.b[row] >= CODE_BAD)
		return CODE_UNKNOWN;
	twin = probe(index, &index->ends, row, hash, &at);
	if (twin == CODE_UNKNOWN)
		index->slots[at] = tag_of(index, hash) | (row + 1);
	return twin;
}

uint32_t link_index_fill(struct link_index *index, uint32_t from, uint32_t rows, uint32_t *twin)
{
	uint64_t ahead[AHEAD]; /* hashes of the rows to come, whose slots are on their way */

	for (uint32_t row = from; row < rows && row < from + AHEAD; row++)
		ahead[row % AHEAD] = row_hash(index, &index->ends, row);
	for (uint32_t row = from; row < rows; row++) {
		uint64_t hash = ahead[row % AHEAD];

		if (row + AHEAD < rows) {
			ahead[row % AHEAD] = row_hash(index, &index->ends, row + AHEAD);
			__builtin_prefetch(&index->slots[slot_of(index, ahead[row % AHEAD])]);
		}
		*twin = link_index_add(index, row, hash);
		if (*twin != CODE_UNKNOWN)
			return row;
	}
	return rows;
}

struct link_ends stage_ends(const struct stage_table *table)
{
	const struct stage_column *a = stage_column_find(table, "a"), *b = stage_column_find(table, "b");
	const struct stage_column *point = stage_column_find(table, "reference_point");

	return (struct link_ends){ a ? a->codes : NULL, b ? b->codes : NULL, point ? point->codes : NULL };
}

void links_check_double(struct load *load, struct stage_table *table)
{
	struct link_index index;
	uint32_t row = 0, twin;

	if (!table->rows || !stage_ends(table).a || !stage_ends(table).b)
		return;
	link_index_make(&index, table->arena, stage_ends(table), table->rows);
	while ((row = link_index_fill(&index, row, table->rows, &twin)) < table->rows) {
		diagnose(load->diagnostics, SEVERITY_ERROR, "duplicate-id",
			 stage_place(load, table, stage_column_find(table, "a"), row),
			 "link \"%s\" is already at %s:%u", stage_id(load, table, row), load->files[table->files[twin]],
			 table->lines[twin]);
		table->lines[row++] = 0;
		table->dead++;
	}
	link_index_free(&index);
}
