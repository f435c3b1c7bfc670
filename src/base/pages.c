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

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; older kernels answer EINVAL and the pages come one by one */
#endif

enum { PAGE = 4096 }; /* the least there is: larger pages make some of the arithmetic below a smaller hint */

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

void *pages_map(size_t bytes)
{
	return memory_new(bytes);
}

void *pages_resize(void *old, size_t old_bytes, size_t bytes)
{
	char *at = memory_resize(old, bytes);

	if (bytes > old_bytes)
		memset(at + old_bytes, 0, bytes - old_bytes);
	return at;
}

void pages_unmap(void *at, size_t bytes)
{
	(void)bytes;
	free(at);
}

#else

void *pages_map(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		memory_out("out of memory");
	pages_populate(at, 0, bytes);
	return at;
}

void *pages_resize(void *old, size_t old_bytes, size_t bytes)
{
	char *at = mremap(old, old_bytes, bytes, MREMAP_MAYMOVE);

	if (at == MAP_FAILED)
		memory_out("out of memory");
	if (bytes > old_bytes)
		pages_populate(at, old_bytes, bytes);
	return at;
}

void pages_unmap(void *at, size_t bytes)
{
	munmap(at, bytes);
}

#endif
