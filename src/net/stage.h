/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stage: a network while it is being read. The same columns as in `struct net`, except that a reference is still the
 * interned text of the id it names (the row it will point to may not have been read yet), that columns grow, and that
 * the place of each reference is kept for the message should it point nowhere. Private to this room.
 *
 *     csv -> read.c, cell.c -> stage -> overlay.c -> stage -> build.c -> struct net -> check.c
 */
#ifndef PROVISO_NET_STAGE_H
#define PROVISO_NET_STAGE_H

#include "net/net.h"

#define CODE_BAD     (UINT32_MAX - 2) /* diagnosed already: becomes CODE_UNKNOWN without another word */
#define MEASURE_NONE (INT64_MIN + 1)  /* `none` in a column of measures */
#define ROW_DEAD     UINT32_MAX       /* as the id of a row that was left out, until stage_compact */

struct load;

/* ---- the contract's columns (column.c) ---- */

enum {
	COLUMN_KEY = 1,
	COLUMN_REQUIRED = 2,    /* the file must have it */
	COLUMN_FILLED = 4,      /* and no cell may be empty after the overlay */
	COLUMN_ALWAYS = 8,      /* there after loading, whatever the files hold */
	COLUMN_DERIVED = 16,    /* made by loading; a file can't have it */
	COLUMN_NO_ZERO = 32,    /* `none` is unknown, not 0: a place has no zero */
	COLUMN_COUNTRY = 64,    /* ISO 3166-1 alpha-2 */
	COLUMN_FUNCTIONS = 128, /* its words are functions */
	COLUMN_ADDRESSES = 256, /* its words are addresses */
};

struct known_column {
	const char *name;
	enum net_type type;
	unsigned flags;
	int64_t least, most; /* TYPE_MEASURE: micro, inclusive */
};

const struct known_column *known_columns(enum net_table_name, size_t *count);
const struct known_column *known_column_find(enum net_table_name, const char *name, size_t bytes);
/*
 * A word of `addresses`: an IP address or prefix, a MAC address, or a name; false where it is made like one but is
 * none.
 */
bool address_valid(const char *word, size_t bytes); /* (address.c) */

/* ---- staged tables (stage.c) ---- */

enum { CACHE_SLOTS = 256, CACHE_TEXT = 26 };

/* The last value and the frequent ones of a column: most columns repeat a few texts, and a hit costs one compare. */
struct cell_cache {
	struct {
		uint32_t code;
		uint8_t bytes; /* 0: free */
		char text[CACHE_TEXT + 1];
	} slots[CACHE_SLOTS];
	uint32_t looks, misses;
};

/*
 * A number in a column of one's own whose text is not the shortest one ("007"), in case the column turns out to be
 * words.
 */
struct odd_number {
	uint32_t row, text;
};

struct stage_column {
	const char *name;
	const struct known_column *known; /* NULL: one's own */
	enum net_type type;
	uint32_t *codes;
	int64_t *measures;
	uint16_t *at; /* references: column in the line, 0 where not known */
	struct {
		struct odd_number *items;
		size_t count, room;
	} odd;
	struct place overflow, rounded; /* the first number that was too large, too fine; line 0: none */
	struct cell_cache *cache;
	uint32_t first_looks;  /* before there was a cache */
	uint64_t newest_batch; /* the batch that newest_text is in (read.h) */
	uint32_t newest_text;
	bool uncached; /* too many different texts: the cache only costs */
};

struct stage_table {
	enum net_table_name name;
	struct arena *arena;
	uint32_t rows, room;
	struct {
		struct stage_column *items;
		size_t count, room;
	} columns;
	uint32_t *ids; /* interned key; NULL for links that have no `link` column */
	uint32_t *lines;
	uint16_t *files;
	uint8_t *removes;  /* proposals: the row takes its id away; NULL in a present network */
	uint32_t *origins; /* after an overlay: the row of the present network; NULL before */
	uint32_t *seen;    /* bits: interned texts that are ids of this table */
	size_t seen_words;
	bool keyed;        /* ids are there; links without `link` column do without */
	bool proposal;     /* removes is there */
	bool broken;       /* a file could not be read: nothing is said about what might have been in it */
	size_t text_bytes; /* of the rows so far, in the files */
	uint32_t dead;     /* rows that were left out, until read_finish */
};

struct stage {
	struct stage_table table[NET_TABLES];
	bool proposal;
	bool has_links;
};

void stage_init(struct stage *, struct arena *, bool proposal);
/* Gives back what is still there; rows, name and broken stay. */
void stage_table_free(struct stage_table *);
struct stage_column *stage_column_find(const struct stage_table *, const char *name);
/* Adds a column, unknown in all rows so far. Pointers to columns do not survive it. */
struct stage_column *stage_column_add(struct stage_table *, const char *name, const struct known_column *known);
/* The first count rows have a place, with room to spare; or exactly as many as a file is likely to bring. */
void stage_room(struct stage_table *, uint32_t count);
void stage_room_exactly(struct stage_table *, uint32_t count);
/*
 * Whether so many rows, with so many more columns, would take memory out of all proportion to the text that they were read
 * from: short rows under a wide header are a way to fill a machine with a small file.
 */
bool stage_too_wide(const struct stage_table *, uint32_t rows, size_t more_columns);
/* Links that had no `link` column so far get ids made of their ends, because a file has one. */
void stage_key(struct load *, struct stage_table *);
/*
 * The row gets its id; one that another row has is diagnosed and the row is dead. column: where the id stands in the
 * line.
 */
void stage_put_id(struct load *, struct stage_table *, uint32_t row, uint32_t id, uint32_t column);
/* Rows from..to become unknown. */
void stage_fill(struct stage_column *, uint32_t from, uint32_t to);
/* One's own measure becomes words: each number its text again. */
void stage_to_words(struct load *, struct stage_table *, struct stage_column *);
/* Throws the rows out for which keep says 0; order is kept. */
void stage_compact(struct stage_table *, const uint8_t *keep);
/* The id for people; links without `link` get one made of their ends. */
const char *stage_id(const struct load *, const struct stage_table *, uint32_t row);
/* column may be NULL: the row as a whole. */
struct place stage_place(const struct load *, const struct stage_table *, const struct stage_column *, uint32_t row);
/* Where the text of `link` is missing: a|b|N2. */
const char *link_id(struct arena *, const char *a, const char *b, uint32_t reference_point);

/* ---- the load (load.c) ---- */

struct lists { /* distinct word lists, by the text of the cell; in the network's arena but for the slots */
	uint32_t count, room, word_count, word_room;
	uint32_t *first, *words, *text;
	uint32_t *slots, mask;
};

struct load {
	struct arena *arena;   /* the network's */
	struct arena *staging; /* goes when loading ends */
	struct strs *strs;
	struct diagnostics *diagnostics;
	const char **files;
	size_t file_count;
	struct lists lists;
	struct removed { /* by the proposal */
		uint32_t *ids, count, room;
		struct place *places;
		uint32_t *slots, mask; /* an id_index */
	} removed[NET_TABLES];
	uint32_t removed_elements, removed_links;
	struct reader *reader;
	uint64_t batches;     /* begun so far, see read.h */
	size_t compares_left; /* for "did you mean" among ids: bounded, so that many mistakes stay cheap */
};

/* The number of the list of words that an interned text holds. (list.c) */
uint32_t lists_code(struct load *, uint32_t text);

/* Reads one file into its table. (read.c) */
void read_input(struct load *, struct stage *, const struct net_input *);
/* After the last file of a table: dead rows go, links without `link` are looked through for doubles. (read.c) */
void read_finish(struct load *, struct stage_table *);

/* The ends of links as columns, point NULL where no file has one; and an index over rows of them. (link.c) */
struct link_ends {
	const uint32_t *a, *b, *point;
};
struct link_index {
	struct arena *arena;
	uint64_t seed;
	struct link_ends ends;
	uint32_t *slots; /* row + 1 in the low bits, a tag from the hash above; 0: free */
	uint32_t mask, row_mask;
};
struct link_ends stage_ends(const struct stage_table *);
void link_index_make(struct link_index *, struct arena *, struct link_ends, uint32_t rows);
void link_index_free(struct link_index *);
/* Puts rows from..rows in; stops at one whose ends another row, the twin, has already. */
uint32_t link_index_fill(struct link_index *, uint32_t from, uint32_t rows, uint32_t *twin);
/* Diagnoses links with the ends of an earlier one and marks them as dead. */
void links_check_double(struct load *, struct stage_table *);
/* The indexed row with the ends of another set's row, or CODE_UNKNOWN. */
uint32_t link_index_find(const struct link_index *, const struct link_ends *, uint32_t row);

/*
 * An open index over ids, interned texts. Their low bits are the hash: ids are given in order of arrival, so
 * neighbours in the file are neighbours here, and whoever wanted them to collide would need the square of their number
 * in texts. (table.c)
 */
uint32_t *id_index_make(struct arena *, const uint32_t *ids, uint32_t rows, uint32_t *mask);
static inline uint32_t id_index_find(const uint32_t *slots, uint32_t mask, const uint32_t *ids, uint32_t id)
{
	for (uint32_t at = id & mask; slots[at]; at = (at + 1) & mask)
		if (ids[slots[at] - 1] == id)
			return slots[at] - 1;
	return CODE_UNKNOWN;
}

/* Lays the proposal over the present stage. (overlay.c) */
void overlay_apply(struct load *, struct stage *present, struct stage *proposal);
/* Before that: both get the same columns of the same types. */
void overlay_unify(struct load *, struct stage *present, struct stage *proposal);

/* Lays answers into a stage: once over what stands, once (last) over what is proposed, if anything is. (answer.c) */
void answers_apply(struct load *, struct stage *, struct net_answer *, size_t count, bool last);

/* Builds a network out of a stage; with last, the stage is given back on the way. (build.c) */
struct net *build_net(struct load *, struct stage *, bool last, const struct net *present);
/* The id nearest to text for "did you mean", or NULL. (build.c) */
const char *nearest_id(struct load *, const uint32_t *ids, uint32_t rows, const char *text);

/*
 * What only a whole table or network shows. With a stage that is read again later, what was told is marked in it.
 * (check.c)
 */
void check_vendors(struct load *, struct stage *, struct net *);
void check_elements(struct load *, struct stage *, struct net *);
void check_links(struct load *, struct stage *, struct net *, bool last);

#endif
