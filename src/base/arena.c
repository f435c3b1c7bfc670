/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arenas: memory with one life. Small things are cut from blocks that grow with the arena, so that a tiny case touches
 * a few pages only; a thing over 1 MiB is mapped on its own, so that growing it can move pages instead of bytes.
 *
 * Under AddressSanitizer each allocation stands alone: then a write past its end is found where it happens.
 */
#include "base/base.h"
#include "base/pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_BLOCK = 64 << 10,	      /* a small case fits into one or two */
	LARGEST_BLOCK = 1 << 20,
	MAPPED_BLOCK = 256 << 10,     /* from here on blocks are mapped and populated in one go */
	ALONE = 1 << 20,	      /* larger things have their own mapping */
	ALIGNMENT = 16,
};

struct block {
	struct block *next;
	size_t bytes;
};

struct alone {
	void *at;
	size_t bytes; /* as mapped */
};

struct last_call {
	struct last_call *next;
	void (*call)(void *context);
	void *context;
};

struct arena {
	char *at, *end; /* the free part of the newest block */
	struct block *blocks;
	size_t next_block; /* bytes of the block to come */
	size_t bytes;
	struct alone *alone;
	size_t alone_count, alone_room;
	struct last_call *last_calls;
};

static bool stands_alone(size_t bytes)
{
	return PAGES_FROM_MALLOC || bytes > ALONE;
}

struct arena *arena_new(void)
{
	struct arena *a = memory_new(sizeof *a);

	a->next_block = FIRST_BLOCK;
	a->bytes = sizeof *a;
	return a;
}

static void free_blocks(struct arena *a)
{
	for (struct block *b = a->blocks, *next; b; b = next) {
		next = b->next;
		if (b->bytes >= MAPPED_BLOCK)
			pages_unmap(b, b->bytes);
		else
			free(b);
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	/* Newest first: what was opened later may rest on what was opened before. */
	for (struct last_call *last = a->last_calls; last; last = last->next)
		last->call(last->context);
	free_blocks(a);
	for (size_t i = 0; i < a->alone_count; i++)
		pages_unmap(a->alone[i].at, a->alone[i].bytes);
	free(a->alone);
	free(a);
}

static void *alloc_alone(struct arena *a, size_t bytes)
{
	void *at = pages_map(bytes ? bytes : 1);

	*array_add(&(struct { struct alone **items; size_t count, room; }){ 0 }) = NULL;
	return at;
}
