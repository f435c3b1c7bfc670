/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables that grow by doubling up to a capacity, and an index over them. Growth is amortised over the packets that
 * caused it; what comes after the capacity is turned away and counted by whoever asked.
 */
#include "watch/internal.h"

#include <string.h>

enum {
	INDEX_FIRST = 1024,
	ROWS_FIRST = 64,
	ROWS_STEP_BYTES =
		2 << 20, /* the most that is added at once: all of it is touched, and a larger block only moves */
};

void watch_index_init_for(struct watch_index *index, struct arena *a, uint32_t rows)
{
	uint32_t room = INDEX_FIRST;

	assert(rows <= UINT32_MAX / 4);
	while (room < 2 * rows)
		room *= 2;
	index->slots = arena_array(a, room, sizeof *index->slots);
	index->mask = room - 1;
	index->used = 0;
}

void watch_index_init(struct watch_index *index, struct arena *a)
{
	watch_index_init_for(index, a, 0);
}

static void place(uint64_t *slots, uint32_t mask, uint64_t hash, uint32_t row)
{
	uint32_t at = (uint32_t)hash & mask;

	while (slots[at])
		at = (at + 1) & mask;
	slots[at] = hash >> 32 << 32 | (row + 1);
}

static void grow(struct watch_index *index, struct arena *a)
{
	uint32_t room = index->mask + 1, mask = 2 * room - 1;
	uint64_t *slots = arena_array(a, 2 * (size_t)room, sizeof *slots);

	for (uint32_t i = 0; i < room; i++)
		if (index->slots[i])
			place(slots, mask, watch_index_hash(index->slots[i] >> 32), (uint32_t)index->slots[i] - 1);
	arena_release(a, index->slots, room * sizeof *slots);
	index->slots = slots;
	index->mask = mask;
}

void watch_index_put(struct watch_index *index, struct arena *a, uint64_t hash, uint32_t row)
{
	if (2 * index->used > index->mask)
		grow(index, a);
	place(index->slots, index->mask, hash, row);
	index->used++;
}

/* What stands behind the freed slot moves up as far as its own chain allows, so that no chain is cut. */
void watch_index_remove(struct watch_index *index, uint64_t hash, uint32_t row)
{
	uint64_t wanted = hash >> 32 << 32 | (row + 1);
	uint32_t at = (uint32_t)hash & index->mask;

	while (index->slots[at] && index->slots[at] != wanted)
		at = (at + 1) & index->mask;
	if (!index->slots[at])
		return;
	for (uint32_t next = (at + 1) & index->mask; index->slots[next]; next = (next + 1) & index->mask) {
		uint32_t home = (uint32_t)(index->slots[next] >> 32) & index->mask;

		if (((next - home) & index->mask) < ((next - at) & index->mask))
			continue;
		index->slots[at] = index->slots[next];
		at = next;
	}
	index->slots[at] = 0;
	index->used--;
}

void watch_rows_init(struct watch_rows *rows, uint32_t size, uint32_t most)
{
	*rows = (struct watch_rows){ .size = size, .most = most };
}

uint32_t watch_rows_add(struct watch_rows *rows, struct arena *a)
{
	if (rows->count == rows->most)
		return WATCH_NONE;
	if (rows->count == rows->room) {
		uint32_t step = rows->room ? rows->room / 2 : ROWS_FIRST, most = ROWS_STEP_BYTES / rows->size;
		uint32_t room = rows->room + (step > most ? most : step);

		room = room > rows->most ? rows->most : room;
		rows->items = arena_grow(a, rows->items, (size_t)rows->room * rows->size, (size_t)room * rows->size);
		rows->room = room;
	}
	return rows->count++;
}
