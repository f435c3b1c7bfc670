/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Large blocks from the kernel, and what happens when there are none left. See pages.h for why they are populated.
 */
#include "base/pages.h"

#include "base/base.h"

#include <string.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#if PAGES_FROM_MALLOC
#include <sanitizer/lsan_interface.h>
#endif

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; older kernels answer EINVAL and the pages come one by one */
#endif

enum {
	PAGE = 4096, /* the least there is: larger pages make some of the arithmetic below a smaller hint */
	HUGE = 2 << 20, /* a huge page */
	/*
	 * From here on blocks begin and end at multiples of HUGE, so that all of them can be huge pages: to clear one takes
	 * no longer than to hand out a quarter of it in small pages, and a table that grows into it need not be moved.
	 */
	WHOLE = HUGE / 4,
};

void memory_out(const char *what)
{
	/* No stdio: it may want memory. What can't be written here can't be told to anybody. */
	ssize_t done = write(STDERR_FILENO, "proviso: ", 9);

	if (done == 9)
		done = write(STDERR_FILENO, what, strlen(what));
	if (done > 0)
		done = write(STDERR_FILENO, "\n", 1);
	(void)done;
	_exit(EXIT_INTERNAL);
}

void *memory_new(size_t bytes)
{
	void *at = calloc(1, bytes ? bytes : 1);

	if (!at)
		memory_out("out of memory");
	return at;
}

void *memory_resize(void *old, size_t bytes)
{
	void *at = realloc(old, bytes ? bytes : 1);

	if (!at)
		memory_out("out of memory");
	return at;
}

void pages_populate(void *block, size_t old_bytes, size_t bytes)
{
	uintptr_t first = (uintptr_t)block & ~(uintptr_t)(PAGE - 1);
	uintptr_t from = ((uintptr_t)block + old_bytes + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
	uintptr_t end = ((uintptr_t)block + bytes + PAGE - 1) & ~(uintptr_t)(PAGE - 1);

	if (PAGES_FROM_MALLOC)
		return;
	/* The whole block every time: advice for a part would cut the mapping in two, and mremap moves only one. */
	madvise((void *)first, end - first, MADV_HUGEPAGE);
	if (from < end)
		madvise((void *)from, end - from, MADV_POPULATE_WRITE);
}

#if PAGES_FROM_MALLOC

/*
 * To mark the bytes of a large block as good and then as freed takes the sanitizer longer than a small input is read in. So
 * these are mapped after all, up to a page that nobody may touch: where a block is written past its end the process stops.
 */
enum { LARGE = 1 << 20 };

static size_t whole_pages(size_t bytes)
{
	return (bytes + PAGE - 1) & ~(size_t)(PAGE - 1);
}

/* So that its last byte lies before the guard, but for what alignment takes. */
static size_t before_block(size_t bytes)
{
	return (whole_pages(bytes) - bytes) & ~(size_t)15;
}

static bool is_large(size_t bytes)
{
	return bytes >= LARGE && bytes < SIZE_MAX / 2;
}

static void *map_guarded(size_t bytes)
{
	size_t pages = whole_pages(bytes);
	char *at = mmap(NULL, pages + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || mprotect(at + pages, PAGE, PROT_NONE) < 0)
		memory_out("out of memory");
	__lsan_register_root_region(at, pages);
	return at + before_block(bytes);
}

void *pages_map(size_t bytes)
{
	return is_large(bytes) ? map_guarded(bytes) : memory_new(bytes);
}

void *pages_map_sparse(size_t bytes)
{
	return pages_map(bytes);
}

void *pages_resize(void *old, size_t old_bytes, size_t bytes)
{
	void *at = pages_map(bytes);

	memcpy(at, old, old_bytes < bytes ? old_bytes : bytes);
	pages_unmap(old, old_bytes);
	return at;
}

void pages_unmap(void *at, size_t bytes)
{
	char *first = (char *)at - before_block(bytes);

	if (!is_large(bytes)) {
		free(at);
		return;
	}
	__lsan_unregister_root_region(first, whole_pages(bytes));
	munmap(first, whole_pages(bytes) + PAGE);
}

#else

static size_t rounded(size_t bytes)
{
	return bytes < WHOLE || bytes > SIZE_MAX - 2 * (size_t)HUGE ? bytes : (bytes + HUGE - 1) & ~(size_t)(HUGE - 1);
}

static void *map(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		memory_out("out of memory");
	return at;
}

/* Not touched yet; at a multiple of HUGE where it is large. */
static void *map_aligned(size_t bytes)
{
	char *at;
	size_t before;

	if (bytes < HUGE)
		return map(bytes);
	at = map(bytes + HUGE);
	before = (HUGE - (uintptr_t)at % HUGE) % HUGE;
	if (before)
		munmap(at, before);
	munmap(at + before + bytes, HUGE - before);
	return at + before;
}

void *pages_map(size_t bytes)
{
	void *at;

	bytes = rounded(bytes);
	at = map_aligned(bytes);
	pages_populate(at, 0, bytes);
	return at;
}

void *pages_map_sparse(size_t bytes)
{
	return map_aligned(rounded(bytes));
}

void *pages_resize(void *old, size_t old_bytes, size_t bytes)
{
	size_t from = rounded(old_bytes), to = rounded(bytes);
	void *at = old;

	if (from == to)
		return old;
	if (from < HUGE && to >= HUGE) { /* its small pages would stay small */
		at = pages_map(bytes);
		memcpy(at, old, from);
		munmap(old, from);
		return at;
	}
	at = mremap(old, from, to, to < HUGE ? MREMAP_MAYMOVE : 0);
	if (at == MAP_FAILED && to >= HUGE)
		at = mremap(old, from, to, MREMAP_MAYMOVE | MREMAP_FIXED, map_aligned(to));
	if (at == MAP_FAILED)
		memory_out("out of memory");
	if (to > from)
		pages_populate(at, from, to);
	return at;
}

void pages_unmap(void *at, size_t bytes)
{
	munmap(at, rounded(bytes));
}

#endif
