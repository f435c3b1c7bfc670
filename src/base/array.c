/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arrays that grow one item at a time. They come from malloc, so that free() is all their owner has to know; what is
 * large is populated ahead, because touching fresh pages one by one would cost more than filling them.
 */
#include "base/base.h"
#include "base/pages.h"

#include <assert.h>
#include <string.h>

enum {
	FIRST_ITEMS = 8,
	POPULATED = 1 << 20, /* bytes from which the new part is made present in one call */
};

static void *make_room(void *items, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : FIRST_ITEMS;
	size_t old_bytes = *room * size, bytes;
	bool overflows = __builtin_mul_overflow(more, size, &bytes);

	assert(!overflows && bytes <= PTRDIFF_MAX);
	items = memory_resize(items, bytes);
	if (bytes >= POPULATED)
		pages_populate(items, old_bytes, bytes);
	*room = more;
	return items;
}

void *array_more(void *items, size_t *room, size_t count, size_t size)
{
	assert(count <= *room);
	if (count == *room)
		items = make_room(items, room, size);
	memset((char *)items + count * size, 0, size);
	return items;
}
