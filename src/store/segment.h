/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a segment. All numbers are little-endian.
 *
 *     segment   "proviso observations 1\n"  block...
 *     block     "BLCK" | rows 4 | texts 4 | addresses 4 | unpacked bytes 4 | packed bytes 4 | checksum 8 | packed
 *     checksum  hash_bytes of the 24 bytes before it, then of the packed bytes, XORed
 *     packed    one zstd frame; unpacked it is
 *
 *     texts      each: length 2, bytes
 *     addresses  each: 16 bytes
 *     columns    minute 8 x rows | from 4 | to 4 | from element 4 | to element 4 | reference point 4 | protocol 4 |
 *                port 2 | packets 8 | bytes 8, each x rows; addresses and texts by their number in this block
 */
#ifndef PROVISO_STORE_SEGMENT_H
#define PROVISO_STORE_SEGMENT_H

#include "store/store.h"

#define SEGMENT_MAGIC "proviso observations 1\n"
#define BLOCK_MAGIC   "BLCK"

enum {
	SEGMENT_HEADER = sizeof SEGMENT_MAGIC - 1,
	BLOCK_CHECKED = 24, /* bytes of a block's header before the checksum */
	BLOCK_HEADER = BLOCK_CHECKED + 8,
	ROW_BYTES = 8 + 6 * 4 + 2 + 8 + 8,
};

static inline uint64_t block_checksum(const uint8_t *header, const uint8_t *packed, size_t count)
{
	return hash_bytes(header, BLOCK_CHECKED) ^ hash_bytes(packed, count);
}

#endif
