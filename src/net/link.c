/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links without a `link` column are known by their ends and reference point. Millions of them can't each have an interned
 * id: the text is made when somebody asks, and doubles are found by an index over the columns.
 */
#include "net/stage.h"

#include <string.h>

const char *link_id(struct arena *a, const char *from, const char *to, uint32_t reference_point)
{
	if (reference_point >= CODE_BAD)
		return arena_printf(a, "%s|%s", from, to);
	return arena_printf(a, "%s|%s|%s", from, to, net_reference_points[reference_point].name);
}

static uint32_t ends_hash(uint32_t a, uint32_t b, uint32_t point)
{
	uint64_t h = (a * UINT64_C(0x9E3779B97F4A7C15)) ^ (b + UINT64_C(0xD6E8FEB86659FD93)) * UINT64_C(0xC2B2AE3D27D4EB4F);

	h = (h ^ point ^ h >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
	return (uint32_t)(h >> 32);
}

static bool same_ends(const struct link_ends *l, uint32_t row, const struct link_ends *m, uint32_t other)
{
	return l->a[row] == m->a[other] && l->b[row] == m->b[other] &&
	       (l->point ? l->point[row] : CODE_UNKNOWN) == (m->point ? m->point[other] : CODE_UNKNOWN);
}

static uint32_t row_hash(const struct link_ends *l, uint32_t row)
{
	return ends_hash(l->a[row], l->b[row], l->point ? l->point[row] : CODE_UNKNOWN);
}

void link_index_make(struct link_index *index, struct arena *arena, struct link_ends ends, uint32_t rows)
{
	size_t room = 64;

	while (room < (size_t)rows * 3 / 2)
		room *= 2;
	*index = (struct link_index){ arena, ends, arena_array(arena, room, sizeof *index->slots), (uint32_t)room - 1 };
}

void link_index_free(struct link_index *index)
{
	arena_release(index->arena, index->slots, ((size_t)index->mask + 1) * sizeof *index->slots);
	index->slots = NULL;
}

uint32_t link_index_find(const struct link_index *index, const struct link_ends *ends, uint32_t row)
{
	uint32_t at = row_hash(ends, row) & index->mask;

	for (; index->slots[at]; at = (at + 1) & index->mask)
		if (same_ends(&index->ends, index->slots[at] - 1, ends, row))
			return index->slots[at] - 1;
	return CODE_UNKNOWN;
}

/* The row that has these ends already, or CODE_UNKNOWN where it was put in. */
static uint32_t link_index_add(struct link_index *index, uint32_t row)
{
	uint32_t at = row_hash(&index->ends, row) & index->mask;

	/* What is wrong with an end is told elsewhere. */
	if (index->ends.a[row] >= CODE_BAD || index->ends.b[row] >= CODE_BAD)
		return CODE_UNKNOWN;
	for (; index->slots[at]; at = (at + 1) & index->mask)
		if (same_ends(&index->ends, index->slots[at] - 1, &index->ends, row))
			return index->slots[at] - 1;
	index->slots[at] = row + 1;
	return CODE_UNKNOWN;
}

uint32_t link_index_fill(struct link_index *index, uint32_t from, uint32_t rows, uint32_t *twin)
{
	enum { AHEAD = 16 };

	for (uint32_t row = from; row < rows; row++) {
		if (row + AHEAD < rows)
			__builtin_prefetch(&index->slots[row_hash(&index->ends, row + AHEAD) & index->mask]);
		*twin = link_index_add(index, row);
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
		diagnose(load->diagnostics, SEVERITY_ERROR, "duplicate-id", stage_place(load, table, NULL, row),
			 "link \"%s\" is already at %s:%u", stage_id(load, table, row), load->files[table->files[twin]],
			 table->lines[twin]);
		table->lines[row++] = 0;
		table->dead++;
	}
	link_index_free(&index);
}
