/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of words in a cell: each distinct cell text is one list, its words sorted by their interned number, so that a
 * predicate over a column of lists is worked out once a list and looked up by row. Both networks of a case share them.
 */
#include "net/stage.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_LISTS = 256, FIRST_SLOTS = 1024, LARGE_ROOM = 1 << 20 };

static uint32_t more(uint32_t room)
{
	return room < FIRST_LISTS ? FIRST_LISTS : room < LARGE_ROOM ? room * 2 : room + room / 8;
}

static void grow(struct load *load)
{
	struct lists *l = &load->lists;
	uint32_t room = more(l->room);

	l->first = arena_grow(load->arena, l->first, l->room ? (l->room + 1) * sizeof *l->first : 0,
			      (room + 1) * sizeof *l->first);
	l->text = arena_grow(load->arena, l->text, l->room * sizeof *l->text, room * sizeof *l->text);
	l->room = room;
}

static void put_slot(struct lists *l, uint32_t list)
{
	uint32_t at = l->text[list] & l->mask;

	while (l->slots[at])
		at = (at + 1) & l->mask;
	l->slots[at] = list + 1;
}

static void grow_slots(struct load *load)
{
	struct lists *l = &load->lists;
	size_t old = l->slots ? (size_t)l->mask + 1 : 0, room = old ? old * 2 : FIRST_SLOTS;

	arena_release(load->staging, l->slots, old * sizeof *l->slots);
	l->slots = arena_array(load->staging, room, sizeof *l->slots);
	l->mask = (uint32_t)room - 1;
	for (uint32_t list = 0; list < l->count; list++)
		put_slot(l, list);
}

static void put_word(struct load *load, uint32_t word)
{
	struct lists *l = &load->lists;

	if (l->word_count == l->word_room) {
		uint32_t room = more(l->word_room);

		l->words = arena_grow(load->arena, l->words, l->word_room * sizeof *l->words, room * sizeof *l->words);
		l->word_room = room;
	}
	l->words[l->word_count++] = word;
}

static int by_number(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

/* Sorts the words from first on and drops doubles. */
static void sort_words(struct lists *l, uint32_t first)
{
	uint32_t kept = first;

	if (l->word_count - first < 2)
		return;
	qsort(l->words + first, l->word_count - first, sizeof *l->words, by_number);
	for (uint32_t i = first; i < l->word_count; i++)
		if (i == first || l->words[i] != l->words[kept - 1])
			l->words[kept++] = l->words[i];
	l->word_count = kept;
}

static void split(struct load *load, uint32_t text)
{
	const char *at = strs_text(load->strs, text);

	if (!strpbrk(at, " \t\r\n")) {
		put_word(load, text);
		return;
	}
	while (*(at += strspn(at, " \t\r\n"))) {
		size_t bytes = strcspn(at, " \t\r\n");

		put_word(load, strs_add(load->strs, at, bytes));
		at += bytes;
	}
}

uint32_t lists_code(struct load *load, uint32_t text)
{
	struct lists *l = &load->lists;
	uint32_t first = l->word_count;

	if (l->slots)
		for (uint32_t at = text & l->mask; l->slots[at]; at = (at + 1) & l->mask)
			if (l->text[l->slots[at] - 1] == text)
				return l->slots[at] - 1;
	if (l->count == l->room)
		grow(load);
	if (!l->slots || l->count >= l->mask / 2)
		grow_slots(load);
	split(load, text);
	sort_words(l, first);
	l->first[l->count] = first;
	l->first[l->count + 1] = l->word_count;
	l->text[l->count] = text;
	put_slot(l, l->count);
	return l->count++;
}
