/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arenas: memory with one life. Small things are cut from blocks that grow with the arena, so that a tiny case touches
 * a few pages only; a thing over 256 KiB is mapped on its own, so that growing it can move pages instead of bytes.
 *
 * Under AddressSanitizer each allocation stands alone: then a write past its end is found where it happens.
 */
#include "base/base.h"
#include "base/pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_BLOCK = 64 << 10, /* a small case fits into one or two */
	MAPPED_BLOCK = 256 << 10, /* from here on blocks are mapped and populated in one go */
	LARGEST_BLOCK = 2 << 20,  /* the next one: a huge page, which a quarter of it in small ones takes as long as */
	ALONE = 256 << 10,        /* larger things have their own mapping */
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
	struct {
		struct alone *items;
		size_t count, room;
	} alone;
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
	for (size_t i = 0; i < a->alone.count; i++)
		pages_unmap(a->alone.items[i].at, a->alone.items[i].bytes);
	free(a->alone.items);
	free(a);
}

static void *alloc_alone(struct arena *a, void *pages, size_t bytes)
{
	struct alone *alone = array_add(&a->alone);

	*alone = (struct alone){ pages, bytes };
	a->bytes += bytes;
	return pages;
}

static void add_block(struct arena *a, size_t needed)
{
	size_t bytes = a->next_block;
	struct block *b;

	while (bytes < needed + ALIGNMENT)
		bytes *= 2;
	b = bytes >= MAPPED_BLOCK ? pages_map(bytes) : memory_new(bytes);
	b->next = a->blocks;
	b->bytes = bytes;
	a->blocks = b;
	a->bytes += bytes;
	a->at = (char *)b + ALIGNMENT;
	a->end = (char *)b + bytes;
	a->next_block = a->next_block < MAPPED_BLOCK ? 2 * a->next_block : LARGEST_BLOCK;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	size_t rounded = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	void *at;

	if (bytes > PTRDIFF_MAX)
		memory_out("out of memory");
	bytes = bytes ? bytes : 1;
	if (stands_alone(bytes))
		return alloc_alone(a, pages_map(bytes), bytes);
	if (!a->at || rounded > (size_t)(a->end - a->at))
		add_block(a, rounded);
	at = a->at;
	a->at += rounded;
	return at;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t bytes;
	bool overflows = __builtin_mul_overflow(count, size, &bytes);

	assert(!overflows);
	return arena_alloc(a, overflows ? SIZE_MAX : bytes);
}

void *arena_sparse(struct arena *a, size_t count, size_t size)
{
	size_t bytes;
	bool overflows = __builtin_mul_overflow(count, size, &bytes);

	assert(!overflows);
	if (overflows || !stands_alone(bytes))
		return arena_alloc(a, overflows ? SIZE_MAX : bytes);
	return alloc_alone(a, pages_map_sparse(bytes), bytes);
}

/* The newest ones are the ones that grow, so the search starts there. */
static struct alone *find_alone(struct arena *a, const void *at)
{
	for (size_t i = a->alone.count; i-- > 0;)
		if (a->alone.items[i].at == at)
			return &a->alone.items[i];
	assert(!"the block is not of this arena");
	return NULL;
}

void *arena_grow(struct arena *a, void *old, size_t old_bytes, size_t bytes)
{
	struct alone *alone;
	void *at;

	assert(bytes >= old_bytes);
	if (bytes > PTRDIFF_MAX)
		memory_out("out of memory");
	if (!old || !stands_alone(old_bytes)) {
		at = arena_alloc(a, bytes);
		if (old && old_bytes)
			memcpy(at, old, old_bytes);
		return at;
	}
	if (bytes <= old_bytes)
		return old;
	alone = find_alone(a, old);
	alone->at = pages_resize(old, alone->bytes, bytes);
	a->bytes += bytes - alone->bytes;
	alone->bytes = bytes;
	return alone->at;
}

void arena_release(struct arena *a, void *old, size_t bytes)
{
	struct alone *alone;

	if (!old || !stands_alone(bytes))
		return;
	alone = find_alone(a, old);
	a->bytes -= alone->bytes;
	pages_unmap(alone->at, alone->bytes);
	*alone = a->alone.items[--a->alone.count];
}

void arena_at_free(struct arena *a, void (*call)(void *context), void *context)
{
	struct last_call *last = arena_alloc(a, sizeof *last);

	*last = (struct last_call){ a->last_calls, call, context };
	a->last_calls = last;
}

char *arena_text(struct arena *a, const char *text, size_t bytes)
{
	char *copy = arena_alloc(a, bytes + 1);

	if (bytes)
		memcpy(copy, text, bytes);
	return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list list;
	char *text;
	int bytes;

	assert(format);

	va_start(list, format);
	bytes = vsnprintf(NULL, 0, format, list);
	va_end(list);
	assert(bytes >= 0);
	text = arena_alloc(a, (size_t)bytes + 1);
	va_start(list, format);
	vsnprintf(text, (size_t)bytes + 1, format, list);
	va_end(list);
	return text;
}

size_t arena_bytes(const struct arena *a)
{
	return a->bytes;
}
