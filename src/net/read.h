/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One CSV file on its way into a staged table: shared by read.c (files, rows) and cell.c (cells). Private to this
 * room.
 */
#ifndef PROVISO_NET_READ_H
#define PROVISO_NET_READ_H

#include "net/stage.h"

enum { BATCH = 128, BATCH_TEXT = 64 << 10 };

#define NO_COLUMN  UINT32_MAX
#define BAD_COLUMN (UINT32_MAX - 1)
#define KEY_COLUMN (UINT32_MAX - 2)

enum batch_kind { BATCH_KEY, BATCH_CODE, BATCH_LIST };

/*
 * Cells whose texts differ from row to row (ids, addresses, ends of links) are interned in batches, so that their
 * look-ups wait for memory together. A text that the column had in the row before (links sorted by an end) is looked
 * up once.
 */
struct batch_cell {
	enum batch_kind kind;
	uint32_t text;        /* which of the texts */
	uint32_t column, row; /* of the staged table */
	uint32_t cell_column; /* in the line, for the message about a double */
};

struct reader {
	struct load *load;
	struct stage *stage;
	struct stage_table *table;
	const char *file_name;
	uint16_t file;
	uint32_t line; /* of the row that is being read */
	uint32_t first_row;
	size_t expected, seen; /* bytes of the file, of the rows so far */
	struct {
		uint32_t
			column; /* staged column, KEY_COLUMN, NO_COLUMN where it has no name, BAD_COLUMN where its name is wrong */
		bool may_remove; /* a leading minus takes the row away */
	} targets[LIMIT_COLUMNS];
	size_t target_count;
	uint8_t *reads; /* by staged column: this file has it */
	struct batch_cell cells[2 * BATCH];
	struct strs_piece texts[BATCH];
	size_t cell_count, text_count;
	size_t text_used;
	uint64_t batch; /* its number among all of the load, so that no column takes another's text for its own */
	char text[BATCH_TEXT];
};

struct reader *reader_new(struct load *, struct stage *); /* of no file yet; the one before is done with */
/* Puts the value of a cell that has no spaces at its ends; what is wrong with it is diagnosed and reads as unknown. */
/* No byte, or `(unknown)`: what results call a cell that is empty, so a vendor or a region can't be called so. */
bool cell_is_empty(const struct csv_cell *);
void cell_put(struct reader *, uint32_t column, uint32_t row, const struct csv_cell *);
void batch_add(struct reader *, enum batch_kind, uint32_t column, uint32_t row, const struct csv_cell *);
void batch_flush(struct reader *);

#endif
