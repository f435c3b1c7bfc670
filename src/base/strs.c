/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interned strings. Four arrays, together about 12 bytes a string besides its text:
 *
 *     slots     open addressing; a slot is 32 bits: the id in the low bits (as many as the table's size needs), a tag
 *               from the hash in the bits above; 0 is free. A lookup reads one slot and almost never a wrong text.
 *     offsets   where text id begins; text id ends where text id + 1 begins
 *     granules  address of each 16 KiB of text, so that texts never move while the text grows by ever larger runs
 *     ends      for a granule that begins a run: where the text before it really ended
 *
 * The hash has a secret seed, and ids are given in order of arrival, so nothing visible depends on it.
 */
#include "base/base.h"
#include "base/pages.h"

#include <assert.h>
#include <string.h>

enum {
	GRANULE_BITS = 14,
	GRANULE = 1 << GRANULE_BITS,
	LARGEST_RUN = 16 << 20,
	FIRST_SLOT_BITS = 8,
	LARGEST_SLOT_BITS = 30,
	FIRST_OFFSETS = 64,
	TOGETHER = 64, /* look-ups that wait for memory together */
	MOVED_TOGETHER = 32,
};

struct strs {
	struct arena *arena;
	uint64_t seed;
	uint32_t *slots;
	unsigned slot_bits;
	uint32_t count;
	uint32_t grow_at;  /* count at which the slots are too full */
	uint32_t *offsets; /* count + 1 of them */
	size_t offsets_room;
	char **granules;
	uint32_t *ends;
	size_t granule_count, granule_room;
	uint32_t run_end; /* offset behind the newest run */
};

static uint32_t slot_mask(const struct strs *s)
{
	return (1u << s->slot_bits) - 1;
}

static uint32_t tag_of(const struct strs *s, uint64_t hash)
{
	return (uint32_t)(hash >> 32) & ~slot_mask(s);
}

static inline uint32_t end_of(const struct strs *s, uint32_t id)
{
	uint32_t next = s->offsets[id + 1];

	return (next & (GRANULE - 1)) ? next : s->ends[next >> GRANULE_BITS];
}

static inline char *address_of(const struct strs *s, uint32_t offset)
{
	return s->granules[offset >> GRANULE_BITS] + (offset & (GRANULE - 1));
}

static void add_granules(struct strs *s, char *at, size_t bytes)
{
	size_t count = bytes >> GRANULE_BITS, needed = s->granule_count + count + 1;

	if (needed > s->granule_room) {
		size_t room = s->granule_room ? s->granule_room : 16;

		while (room < needed)
			room *= 2;
		s->granules = arena_grow(s->arena, s->granules, s->granule_room * sizeof *s->granules,
					 room * sizeof *s->granules);
		s->ends = arena_grow(s->arena, s->ends, s->granule_room * sizeof *s->ends, room * sizeof *s->ends);
		s->granule_room = room;
	}
	for (size_t i = 0; i < count; i++) {
		s->granules[s->granule_count + i] = at + (i << GRANULE_BITS);
		s->ends[s->granule_count + i] = (uint32_t)((s->granule_count + i) << GRANULE_BITS);
	}
	s->granule_count += count;
	/* The text may end exactly where the run does: then the next text's offset names a granule that is not there yet. */
	s->ends[s->granule_count] = (uint32_t)(s->granule_count << GRANULE_BITS);
}

/* Begins a new run that holds at least needed bytes; the text so far ends at used. */
static void add_run(struct strs *s, uint32_t used, size_t needed)
{
	size_t bytes = s->run_end < GRANULE ? GRANULE : s->run_end < LARGEST_RUN ? s->run_end : LARGEST_RUN;
	uint32_t begin = s->run_end;

	while (bytes < needed)
		bytes *= 2;
	if (bytes > UINT32_MAX - begin)
		memory_out("more than 4 GiB of distinct names");
	add_granules(s, arena_alloc(s->arena, bytes), bytes);
	s->ends[begin >> GRANULE_BITS] = used;
	s->run_end = begin + (uint32_t)bytes;
	s->offsets[s->count] = begin;
}

static void set_slots(struct strs *s, unsigned bits)
{
	if (bits > LARGEST_SLOT_BITS)
		memory_out("too many distinct names");
	s->slots = arena_array(s->arena, (size_t)1 << bits, sizeof *s->slots);
	s->slot_bits = bits;
	s->grow_at = (uint32_t)(((uint64_t)3 << bits) / 4);
}

static void put_slot(struct strs *s, uint32_t id, uint64_t hash)
{
	uint32_t mask = slot_mask(s), at = (uint32_t)hash & mask;

	while (s->slots[at])
		at = (at + 1) & mask;
	s->slots[at] = tag_of(s, hash) | id;
}

static void grow_slots(struct strs *s)
{
	uint32_t *old = s->slots;
	size_t old_bytes = sizeof *old << s->slot_bits;

	set_slots(s, s->slot_bits + (s->slot_bits < 16 ? 2 : 1));
	arena_release(s->arena, old, old_bytes);
	/* A few at a time, so that their slots are on the way from memory while the next texts are hashed. */
	for (uint32_t first = 1; first < s->count; first += MOVED_TOGETHER) {
		uint32_t last = s->count - first < MOVED_TOGETHER ? s->count : first + MOVED_TOGETHER;
		uint64_t hashes[MOVED_TOGETHER];

		for (uint32_t id = first; id < last; id++) {
			uint32_t from = s->offsets[id];

			hashes[id - first] = hash_seeded(address_of(s, from), end_of(s, id) - from - 1, s->seed);
			__builtin_prefetch(&s->slots[hashes[id - first] & slot_mask(s)], 1);
		}
		for (uint32_t id = first; id < last; id++)
			put_slot(s, id, hashes[id - first]);
	}
}

struct strs *strs_new(struct arena *a)
{
	struct strs *s = arena_alloc(a, sizeof *s);

	s->arena = a;
	s->seed = hash_seed();
	s->offsets_room = FIRST_OFFSETS;
	s->offsets = arena_array(a, FIRST_OFFSETS, sizeof *s->offsets);
	set_slots(s, FIRST_SLOT_BITS);
	add_run(s, 0, 1);
	/* "" is id 0: one zero byte of text and no slot. */
	s->count = 1;
	s->offsets[1] = 1;
	return s;
}

/* Names mostly have 8 to 16 bytes, and comparing them is what a look-up does: two overlapping words each cost less than a call. */
static inline bool same_text(const char *a, const char *b, size_t bytes)
{
	uint64_t left[2], right[2];

	if (bytes < 8 || bytes > 16)
		return memcmp(a, b, bytes) == 0;
	memcpy(&left[0], a, 8);
	memcpy(&right[0], b, 8);
	memcpy(&left[1], a + bytes - 8, 8);
	memcpy(&right[1], b + bytes - 8, 8);
	return left[0] == right[0] && left[1] == right[1];
}

/* The id, or 0 where the text is not in the table. */
static inline uint32_t look_up(const struct strs *s, const char *text, size_t bytes, uint64_t hash)
{
	uint32_t mask = slot_mask(s), tag = tag_of(s, hash), at = (uint32_t)hash & mask, slot;

	for (; (slot = s->slots[at]) != 0; at = (at + 1) & mask) {
		uint32_t id = slot & mask, from;

		if ((slot & ~mask) != tag)
			continue;
		from = s->offsets[id];
		if (end_of(s, id) - from - 1 == bytes && same_text(address_of(s, from), text, bytes))
			return id;
	}
	return 0;
}

static uint32_t append(struct strs *s, const char *text, size_t bytes)
{
	uint32_t id = s->count, from;

	if (bytes >= UINT32_MAX / 2)
		memory_out("a name of more than 2 GiB");
	if (bytes + 1 > s->run_end - s->offsets[id])
		add_run(s, s->offsets[id], bytes + 1);
	if ((size_t)id + 2 > s->offsets_room) {
		s->offsets = arena_grow(s->arena, s->offsets, s->offsets_room * sizeof *s->offsets,
					2 * s->offsets_room * sizeof *s->offsets);
		s->offsets_room *= 2;
	}
	from = s->offsets[id];
	memcpy(address_of(s, from), text, bytes); /* the zero behind it is there: arenas hand out zeros */
	s->offsets[id + 1] = from + (uint32_t)bytes + 1;
	s->count++;
	return id;
}

static uint32_t add_hashed(struct strs *s, const char *text, size_t bytes, uint64_t hash)
{
	uint32_t id = look_up(s, text, bytes, hash);

	if (id)
		return id;
	if (s->count >= s->grow_at)
		grow_slots(s);
	id = append(s, text, bytes);
	put_slot(s, id, hash);
	return id;
}

uint32_t strs_add(struct strs *s, const char *text, size_t bytes)
{
	return bytes ? add_hashed(s, text, bytes, hash_seeded(text, bytes, s->seed)) : STR_EMPTY;
}

/* The slot, then where its text lies, then the text: three waits, each for all pieces at once. */
static void add_together(struct strs *s, struct strs_piece *pieces, size_t count)
{
	uint64_t hashes[TOGETHER];
	uint32_t mask = slot_mask(s);

	for (size_t i = 0; i < count; i++) {
		hashes[i] = hash_seeded(pieces[i].text, pieces[i].bytes, s->seed);
		__builtin_prefetch(&s->slots[(uint32_t)hashes[i] & mask]);
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t slot = s->slots[(uint32_t)hashes[i] & mask];

		pieces[i].id = slot && (slot & ~mask) == tag_of(s, hashes[i]) ? slot & mask : 0;
		__builtin_prefetch(&s->offsets[pieces[i].id]);
	}
	for (size_t i = 0; i < count; i++) {
		const char *there = address_of(s, s->offsets[pieces[i].id]);

		__builtin_prefetch(there);
		__builtin_prefetch(there + pieces[i].bytes);
	}
	for (size_t i = 0; i < count; i++)
		pieces[i].id = pieces[i].bytes ? add_hashed(s, pieces[i].text, pieces[i].bytes, hashes[i]) : STR_EMPTY;
}

void strs_add_all(struct strs *s, struct strs_piece *pieces, size_t count)
{
	for (size_t from = 0; from < count; from += TOGETHER)
		add_together(s, pieces + from, count - from < TOGETHER ? count - from : TOGETHER);
}

uint32_t strs_id(struct strs *s, const char *text)
{
	return strs_add(s, text, strlen(text));
}

uint32_t strs_find(const struct strs *s, const char *text, size_t bytes)
{
	uint32_t id;

	if (!bytes)
		return STR_EMPTY;
	id = look_up(s, text, bytes, hash_seeded(text, bytes, s->seed));
	return id ? id : STR_ABSENT;
}

const char *strs_text(const struct strs *s, uint32_t id)
{
	assert(id < s->count);
	return address_of(s, s->offsets[id]);
}

size_t strs_length(const struct strs *s, uint32_t id)
{
	assert(id < s->count);
	return end_of(s, id) - s->offsets[id] - 1;
}

uint32_t strs_count(const struct strs *s)
{
	return s->count;
}
