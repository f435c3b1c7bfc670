/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the mapping of a CSV file shares: its expressions and the tables that they look things up in. Private to the
 * importer.
 *
 *     sites.lat = osgrid_lat(easting, northing)
 *     elements.element = "enb-" & [Site ID]
 */
#ifndef PROVISO_NET_CSV_H
#define PROVISO_NET_CSV_H

#include "net/import/intake.h"

enum { CSV_TEXT = INTAKE_TEXT + 1 }; /* bytes of a value and its zero */

struct csv_lookup { /* a file that others look things up in: "lookup sectors = sectors.csv by id" */
	struct csv_lookup *next;
	const char *name, *file, *key;
	struct place place;
	struct csv_entry *entries; /* open addressing by the key's text */
	size_t entry_count, room;  /* room 0: the file has not been read yet */
	const char *const *columns;
	size_t column_count;
};
struct csv_entry {
	uint32_t key;          /* interned; STR_EMPTY: free */
	const uint32_t *cells; /* interned, by column */
};

/* The lines `lookup NAME = FILE by COLUMN` of the map, in their order. */
struct csv_lookup *csv_lookups(struct intake *);
/* The one whose file this is, or NULL. */
struct csv_lookup *csv_lookup_of_file(struct csv_lookup *, const char *file);
void csv_lookup_read(struct intake *, struct csv_lookup *, struct intake_sheet *);
/* The cell in the row of a key; "" where there is none. */
const char *csv_lookup_get(const struct intake *, const struct csv_lookup *, const char *key, size_t column);

struct csv_expr;

/* NULL and diagnosed (bad-map) where it is none. */
struct csv_expr *csv_expr_parse(struct intake *, const char *text, struct place, struct csv_lookup *);
/* Finds the columns in a file's header; diagnosed (bad-map) where it has not got one. */
bool csv_expr_bind(struct intake *, struct csv_expr *, const struct intake_sheet *);
/* The value for the sheet's row; what can't be worked out is empty. */
void csv_expr_value(struct intake *, const struct csv_expr *, const struct intake_sheet *, char decimal,
		    char out[CSV_TEXT]);

/* A mapping proposed from the header, as text. */
void csv_guess(struct intake *, const struct intake_sheet *, struct sink *);

#endif
