/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing a segment: rows gather as columns until a block is full, then the block goes out whole. Texts and addresses
 * are numbered anew in each block, so that a block can be read without those before it.
 */
#include "store/segment.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum { LEVEL = 3, SLOTS = 1 << 17 }; /* slots: twice what a block can hold of either */

struct store_writer {
	struct arena *arena;
	int fd, error;
	bool begun;
	uint32_t rows, texts, addresses;
	uint64_t written;
	struct store_row *waiting; /* numbers only; texts by number below */
	uint32_t (*columns)[6];    /* from, to, from element, to element, reference point, protocol */
	uint8_t *text;             /* as it will stand in the block */
	uint32_t text_bytes, *text_at;
	uint8_t (*address)[16];
	uint32_t *text_slots, *address_slots; /* number + 1; 0 free */
	uint8_t *raw, *packed;
	size_t packed_room;
	ZSTD_CCtx *zstd;
};

static void free_zstd(void *context)
{
	ZSTD_freeCCtx(context);
}

struct store_writer *store_writer_new(struct arena *a, int fd)
{
	struct store_writer *w = arena_alloc(a, sizeof *w);

	*w = (struct store_writer){
		.arena = a,
		.fd = fd,
		.waiting = arena_array(a, STORE_BLOCK_ROWS, sizeof *w->waiting),
		.columns = arena_array(a, STORE_BLOCK_ROWS, sizeof *w->columns),
		.text = arena_alloc(a, STORE_BLOCK_BYTES / 2),
		.text_at = arena_array(a, STORE_TEXTS, sizeof *w->text_at),
		.address = arena_array(a, STORE_TEXTS, sizeof *w->address),
		.text_slots = arena_array(a, SLOTS, sizeof *w->text_slots),
		.address_slots = arena_array(a, SLOTS, sizeof *w->address_slots),
		.raw = arena_alloc(a, STORE_BLOCK_BYTES),
		.packed_room = ZSTD_compressBound(STORE_BLOCK_BYTES),
		.zstd = ZSTD_createCCtx(),
	};
	w->packed = arena_alloc(a, w->packed_room);
	if (w->zstd)
		arena_at_free(a, free_zstd, w->zstd);
	else
		w->error = ENOMEM;
	return w;
}

static uint32_t number_text(struct store_writer *w, const char *text)
{
	size_t bytes = strnlen(text, STORE_TEXT);
	uint32_t slot = (uint32_t)hash_bytes(text, bytes) % SLOTS;
	uint8_t *at;

	for (; w->text_slots[slot]; slot = (slot + 1) % SLOTS) {
		at = w->text + w->text_at[w->text_slots[slot] - 1];
		if ((size_t)(at[0] | at[1] << 8) == bytes && memcmp(at + 2, text, bytes) == 0)
			return w->text_slots[slot] - 1;
	}
	at = w->text + w->text_bytes;
	at[0] = (uint8_t)bytes;
	at[1] = (uint8_t)(bytes >> 8);
	memcpy(at + 2, text, bytes);
	w->text_at[w->texts] = w->text_bytes;
	w->text_bytes += 2 + (uint32_t)bytes;
	w->text_slots[slot] = ++w->texts;
	return w->texts - 1;
}

static uint32_t number_address(struct store_writer *w, const uint8_t address[16])
{
	uint32_t slot = (uint32_t)hash_bytes(address, 16) % SLOTS;

	for (; w->address_slots[slot]; slot = (slot + 1) % SLOTS)
		if (memcmp(w->address[w->address_slots[slot] - 1], address, 16) == 0)
			return w->address_slots[slot] - 1;
	memcpy(w->address[w->addresses], address, 16);
	w->address_slots[slot] = ++w->addresses;
	return w->addresses - 1;
}

/* ---- a block ------------------------------------------------------------------------------------------------------- */

static uint8_t *put(uint8_t *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> (8 * i));
	return at + bytes;
}

static uint8_t *put_columns(const struct store_writer *w, uint8_t *at)
{
	for (uint32_t i = 0; i < w->rows; i++)
		at = put(at, (uint64_t)w->waiting[i].minute, 8);
	for (unsigned k = 0; k < 6; k++)
		for (uint32_t i = 0; i < w->rows; i++)
			at = put(at, w->columns[i][k], 4);
	for (uint32_t i = 0; i < w->rows; i++)
		at = put(at, w->waiting[i].port, 2);
	for (uint32_t i = 0; i < w->rows; i++)
		at = put(at, w->waiting[i].packets, 8);
	for (uint32_t i = 0; i < w->rows; i++)
		at = put(at, w->waiting[i].bytes, 8);
	return at;
}

static void write_all(struct store_writer *w, const void *bytes, size_t count)
{
	const uint8_t *at = bytes;

	while (count && !w->error) {
		ssize_t n = write(w->fd, at, count);

		if (n < 0 && errno != EINTR)
			w->error = errno;
		else if (n > 0)
			at += n, count -= (size_t)n;
	}
}

static void clear(struct store_writer *w)
{
	w->rows = w->texts = w->addresses = w->text_bytes = 0;
	memset(w->text_slots, 0, SLOTS * sizeof *w->text_slots);
	memset(w->address_slots, 0, SLOTS * sizeof *w->address_slots);
}

int store_flush(struct store_writer *w)
{
	uint8_t header[BLOCK_HEADER], *at = w->raw;
	size_t packed;

	if (!w->begun)
		write_all(w, SEGMENT_MAGIC, SEGMENT_HEADER);
	w->begun = true;
	if (!w->rows || w->error)
		return w->error;
	memcpy(at, w->text, w->text_bytes);
	at += w->text_bytes;
	memcpy(at, w->address, (size_t)w->addresses * 16);
	at = put_columns(w, at + (size_t)w->addresses * 16);
	packed = ZSTD_compressCCtx(w->zstd, w->packed, w->packed_room, w->raw, (size_t)(at - w->raw), LEVEL);
	if (ZSTD_isError(packed))
		return w->error = ENOMEM;
	memcpy(header, BLOCK_MAGIC, 4);
	put(put(put(put(put(header + 4, w->rows, 4), w->texts, 4), w->addresses, 4), (uint64_t)(at - w->raw), 4),
	    packed, 4);
	put(header + BLOCK_CHECKED, block_checksum(header, w->packed, packed), 8);
	write_all(w, header, sizeof header);
	write_all(w, w->packed, packed);
	if (!w->error)
		w->written += w->rows;
	clear(w);
	return w->error;
}

void store_add(struct store_writer *w, const struct store_row *row)
{
	const char *texts[] = { row->from_element, row->to_element, row->reference_point, row->protocol };
	uint32_t *column;

	/* A row adds four texts and two addresses at most. */
	if (w->rows == STORE_BLOCK_ROWS || w->text_bytes + 4 * (2 + STORE_TEXT) > STORE_BLOCK_BYTES / 2)
		store_flush(w);
	column = w->columns[w->rows];
	column[0] = number_address(w, row->from);
	column[1] = number_address(w, row->to);
	for (unsigned k = 0; k < 4; k++)
		column[2 + k] = number_text(w, texts[k] ? texts[k] : "");
	w->waiting[w->rows++] = *row;
}

int store_close(struct store_writer *w)
{
	store_flush(w);
	if (!w->error && fdatasync(w->fd) < 0 && errno != EINVAL && errno != EROFS)
		w->error = errno;
	return w->error;
}

uint64_t store_rows(const struct store_writer *w)
{
	return w->written;
}
