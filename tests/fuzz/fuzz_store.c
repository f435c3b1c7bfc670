/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a segment of observations. So that the fuzzer gets behind the checksum and zstd, what it gives is also
 * taken for the inside of a block: packed and sealed here, then read.
 *
 * # proviso-deps: base store
 */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/base.h"
#include "store/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void read_segment(const void *bytes, size_t count)
{
	struct arena *a = arena_new();
	struct diagnostics d;
	struct store_reader *r;
	struct store_row row;
	uint64_t rows = 0;

	diagnostics_init(&d, a);
	r = store_open(a, source_of_memory(a, "fuzz", bytes, count), &d);
	while (r && store_next(r, &row)) {
		rows++;
		if (strlen(row.from_element) + strlen(row.to_element) + strlen(row.reference_point) +
			    strlen(row.protocol) >
		    4 * 65536)
			abort();
	}
	if (rows > count * 65536)
		abort();
	diagnostics_free(&d);
	arena_free(a);
}

static void put(uint8_t *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	uint8_t *segment, *header;
	size_t room, packed;

	read_segment(bytes, count);
	if (count < 12)
		return 0;
	room = ZSTD_compressBound(count);
	segment = malloc(SEGMENT_HEADER + BLOCK_HEADER + room);
	header = segment + SEGMENT_HEADER;
	memcpy(segment, SEGMENT_MAGIC, SEGMENT_HEADER);
	packed = ZSTD_compress(header + BLOCK_HEADER, room, bytes + 12, count - 12, 1);
	memcpy(header, BLOCK_MAGIC, 4);
	memcpy(header + 4, bytes, 12); /* rows, texts, addresses: the fuzzer's */
	header[6] = header[7] = header[10] = header[11] = header[14] = header[15] = 0;
	put(header + 16, count - 12, 4);
	put(header + 20, packed, 4);
	put(header + BLOCK_CHECKED, block_checksum(header, header + BLOCK_HEADER, packed), 8);
	read_segment(segment, SEGMENT_HEADER + BLOCK_HEADER + packed);
	free(segment);
	return 0;
}
