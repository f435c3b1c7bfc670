/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a segment: block by block, each checked before a byte of it is used. Segments may come from anywhere: every
 * count is held against the bytes that are there.
 */
#include "store/segment.h"

#include <string.h>
#include <zstd.h>

struct store_reader {
	struct arena *arena;
	struct source *source;
	struct diagnostics *diagnostics;
	struct strs *strs;
	bool ended;
	uint64_t blocks, total; /* whole ones, and their rows */
	uint64_t damaged;       /* blocks that were left out */
	uint32_t rows, at, texts, addresses;
	uint32_t *text; /* number in the block to interned text */
	uint8_t (*address)[16];
	const uint8_t *columns;
	uint8_t *raw, *packed;
	size_t raw_room, packed_room, text_room, address_room; /* bytes; grown to what the blocks need */
};

static void *reserve(struct store_reader *r, void *old, size_t *room, size_t bytes)
{
	size_t more = *room ? *room : 1024;

	if (bytes <= *room)
		return old;
	while (more < bytes)
		more *= 2;
	old = arena_grow(r->arena, old, *room, more);
	*room = more;
	return old;
}

/* Up to count bytes, fewer only at the end. */
static size_t fill(struct store_reader *r, uint8_t *into, size_t count)
{
	size_t got = 0;

	while (got < count) {
		ptrdiff_t n = source_read(r->source, into + got, count - got);

		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

static uint64_t get(const uint8_t *at, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

struct store_reader *store_open(struct arena *a, struct source *source, struct diagnostics *d)
{
	struct store_reader *r = arena_alloc(a, sizeof *r);
	uint8_t header[SEGMENT_HEADER];
	size_t got;

	*r = (struct store_reader){ .arena = a, .source = source, .diagnostics = d };
	got = fill(r, header, sizeof header);
	if (got < sizeof header && memcmp(header, SEGMENT_MAGIC, got) == 0 && !source_error(source)) {
		r->ended = true;
		diagnose(d, SEVERITY_WARNING, "segment-cut", (struct place){ source_name(source), 0, 0 },
			 "ends before its first block: the run that wrote it had hardly begun");
		return r;
	}
	if (got < sizeof header || memcmp(header, SEGMENT_MAGIC, sizeof header) != 0) {
		diagnose(d, SEVERITY_ERROR, "segment-format", (struct place){ source_name(source), 0, 0 },
			 "is no segment of observations");
		return NULL;
	}
	r->strs = strs_new(a);
	return r;
}

static void stop(struct store_reader *r, const char *code, const char *what)
{
	r->ended = true;
	diagnose(r->diagnostics, SEVERITY_WARNING, code, (struct place){ source_name(r->source), 0, 0 },
		 "%s behind its %llu row%s in %llu block%s; these count", what, (unsigned long long)r->total,
		 r->total == 1 ? "" : "s", (unsigned long long)r->blocks, r->blocks == 1 ? "" : "s");
}

static bool read_texts(struct store_reader *r, struct cursor *c)
{
	for (uint32_t i = 0; i < r->texts; i++) {
		const uint8_t *length = cursor_take(c, 2), *text;

		text = length ? cursor_take(c, (size_t)get(length, 2)) : NULL;
		if (!text)
			return false;
		r->text[i] = strs_add(r->strs, (const char *)text, (size_t)get(length, 2));
	}
	for (uint32_t i = 0; i < r->addresses; i++) {
		const uint8_t *bytes = cursor_take(c, 16);

		if (!bytes)
			return false;
		memcpy(r->address[i], bytes, 16);
	}
	return true;
}

/* Every number of a text or address is one that the block has. */
static bool numbers_hold(const struct store_reader *r)
{
	const uint8_t *at = r->columns + (size_t)8 * r->rows;

	for (unsigned k = 0; k < 6; k++)
		for (uint32_t i = 0; i < r->rows; i++, at += 4)
			if (get(at, 4) >= (k < 2 ? r->addresses : r->texts))
				return false;
	return true;
}

static bool unpack(struct store_reader *r, const uint8_t *header, size_t packed)
{
	size_t unpacked = get(header + 16, 4);
	struct cursor c;

	if (block_checksum(header, r->packed, packed) != get(header + BLOCK_CHECKED, 8) ||
	    ZSTD_decompress(r->raw, unpacked, r->packed, packed) != unpacked)
		return false;
	c = cursor_of(r->raw, unpacked);
	if (!read_texts(r, &c))
		return false;
	r->columns = c.at;
	return cursor_left(&c) == (size_t)r->rows * ROW_BYTES && numbers_hold(r);
}

/* Where the block ends is known, and what comes after may be whole. */
static void leave_out(struct store_reader *r)
{
	r->damaged++;
	r->rows = r->at = 0;
	diagnose(r->diagnostics, SEVERITY_WARNING, "segment-damaged", (struct place){ source_name(r->source), 0, 0 },
		 "its block %llu is damaged: it is left out, and those behind it count",
		 (unsigned long long)(r->blocks + r->damaged));
}

/* Ends the segment, or has the next block's rows; a block that is left out has none. */
static void next_block(struct store_reader *r)
{
	uint8_t header[BLOCK_HEADER];
	size_t got = fill(r, header, sizeof header), packed, unpacked;

	if (got == 0 && !source_error(r->source)) {
		r->ended = true;
		return;
	}
	if (got < sizeof header) {
		stop(r, "segment-cut", "ends in the middle of a block");
		return;
	}
	r->rows = (uint32_t)get(header + 4, 4);
	r->texts = (uint32_t)get(header + 8, 4);
	r->addresses = (uint32_t)get(header + 12, 4);
	unpacked = get(header + 16, 4);
	packed = get(header + 20, 4);
	if (memcmp(header, BLOCK_MAGIC, 4) != 0 || r->rows == 0 || r->rows > STORE_BLOCK_ROWS ||
	    r->texts > STORE_TEXTS || r->addresses > STORE_TEXTS || unpacked > STORE_BLOCK_BYTES ||
	    packed > ZSTD_compressBound(STORE_BLOCK_BYTES)) {
		stop(r, "segment-damaged", "is damaged");
		return;
	}
	r->text = reserve(r, r->text, &r->text_room, r->texts * sizeof *r->text);
	r->address = reserve(r, r->address, &r->address_room, r->addresses * sizeof *r->address);
	r->raw = reserve(r, r->raw, &r->raw_room, unpacked);
	r->packed = reserve(r, r->packed, &r->packed_room, packed);
	if (fill(r, r->packed, packed) < packed) {
		stop(r, "segment-cut", "ends in the middle of a block");
		return;
	}
	if (!unpack(r, header, packed)) {
		leave_out(r);
		return;
	}
	r->at = 0;
	r->blocks++;
	r->total += r->rows;
}

bool store_next(struct store_reader *r, struct store_row *row)
{
	const uint8_t *c;
	uint32_t number[6];
	size_t n, i;

	while (!r->ended && r->at == r->rows)
		next_block(r);
	if (r->ended)
		return false;
	n = r->rows;
	i = r->at++;
	c = r->columns;
	row->minute = (int64_t)get(c + 8 * i, 8);
	for (unsigned k = 0; k < 6; k++)
		number[k] = (uint32_t)get(c + 8 * n + 4 * n * k + 4 * i, 4);
	memcpy(row->from, r->address[number[0]], 16);
	memcpy(row->to, r->address[number[1]], 16);
	row->from_element = strs_text(r->strs, r->text[number[2]]);
	row->to_element = strs_text(r->strs, r->text[number[3]]);
	row->reference_point = strs_text(r->strs, r->text[number[4]]);
	row->protocol = strs_text(r->strs, r->text[number[5]]);
	c += 32 * n;
	row->port = (uint16_t)get(c + 2 * i, 2);
	row->packets = get(c + 2 * n + 8 * i, 8);
	row->bytes = get(c + 10 * n + 8 * i, 8);
	return true;
}
