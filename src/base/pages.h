/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory straight from the kernel, for blocks large enough that page faults dominate their cost. Private to base.
 *
 * A first touch of a fresh 4 KiB page costs microseconds, so big blocks are advised to huge pages and populated in one
 * call; from 512 KiB on they begin and end at huge pages' bounds. Under AddressSanitizer everything below 1 MiB comes from
 * malloc instead: mapped memory has no red zones.
 */
#ifndef PROVISO_BASE_PAGES_H
#define PROVISO_BASE_PAGES_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define PAGES_FROM_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PAGES_FROM_MALLOC 1
#endif
#endif
#ifndef PAGES_FROM_MALLOC
#define PAGES_FROM_MALLOC 0
#endif

/* Ends the process with EXIT_INTERNAL and one line on stderr. */
_Noreturn void memory_out(const char *what);

/* malloc and realloc that never return NULL. */
void *memory_new(size_t bytes); /* zeroed */
void *memory_resize(void *, size_t bytes);

/* Zeroed, page aligned, populated; never NULL. */
void *pages_map(size_t bytes);
/* The same, but its pages come one by one as they are touched. */
void *pages_map_sparse(size_t bytes);
/* Contents kept, the new part zeroed; may move. */
void *pages_resize(void *, size_t old_bytes, size_t bytes);
void pages_unmap(void *, size_t bytes);
/*
 * Makes block[old_bytes .. bytes) present, as huge pages where possible. The block is one that lies alone in its pages: a
 * mapping or a large block of malloc. A hint: failure is fine.
 */
void pages_populate(void *block, size_t old_bytes, size_t bytes);

#endif
