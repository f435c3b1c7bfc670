/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store: where observations are kept, as columns in segments; not what they mean.
 *
 *     struct store_writer *w = store_writer_new(a, fd);        a new file, opened by the caller
 *     store_add(w, &row);                                      one pair, direction, reference point and minute
 *     error = store_close(w);
 *
 *     struct store_reader *r = store_open(a, source, &d);
 *     while (store_next(r, &row))
 *             use(&row);
 *
 * A segment is a header and then blocks, each whole in itself: its own texts and addresses, its columns, compressed, and
 * a checksum. Blocks are only ever appended, so whatever ends the writer (a full disk, a kill) leaves all blocks before
 * it readable. doc/observations.md has a picture of the bytes.
 */
#ifndef PROVISO_STORE_H
#define PROVISO_STORE_H

#include "base/base.h"

enum {
	STORE_BLOCK_ROWS = 1 << 14,         /* rows in one block: enough to compress well, few enough to lose */
	STORE_BLOCK_BYTES = 4 << 20,        /* of one block, unpacked: a longer one is damage */
	STORE_TEXT = 1024,                  /* bytes of one text: longer ones are cut */
	STORE_TEXTS = STORE_BLOCK_ROWS * 4, /* texts in one block; and addresses */
};

struct store_row {
	int64_t minute;                        /* since 1970-01-01 UTC */
	uint8_t from[16], to[16];              /* addresses, IPv4 as ::ffff:a.b.c.d */
	const char *from_element, *to_element; /* ids; "" not known */
	const char *reference_point;           /* "N3" */
	const char *protocol;                  /* "GTP-U" */
	uint16_t port;                         /* the service's, 0: none */
	uint64_t packets, bytes;
};

struct store_writer;

/* Writes to fd, which is empty and the caller's. */
struct store_writer *store_writer_new(struct arena *, int fd);
void store_add(struct store_writer *, const struct store_row *); /* texts are copied */
/* What is waiting becomes a block now: before a long silence. 0, or the errno of the first failure. */
int store_flush(struct store_writer *);
/* The last block, and all of it on the disk. 0, or the errno of the first failure. */
int store_close(struct store_writer *);
uint64_t store_rows(const struct store_writer *); /* in blocks that were written */

struct store_reader;

/* NULL and a diagnostic (segment-format) where it is no segment; one that had hardly begun has no rows (segment-cut). */
struct store_reader *store_open(struct arena *, struct source *, struct diagnostics *);
/*
 * The next row; its texts hold until the arena goes. false at the end: a block that is not whole or does not fit its
 * checksum ends the segment and is diagnosed (segment-cut, segment-damaged: warnings; what came before counts).
 */
bool store_next(struct store_reader *, struct store_row *);

#endif
