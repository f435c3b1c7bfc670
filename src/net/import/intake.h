/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake: what the importers share. A run has rows that it makes (`made`) and rows that lie in the folder already
 * (`found`); an importer makes rows and fills cells, keeps the balance, and ends. How the two come together is in
 * rows.c. Private to this room.
 *
 *     uint32_t row = intake_row(in, NET_ELEMENTS, "SubNetwork=1,ManagedElement=7", NULL);
 *     intake_cell(in, NET_ELEMENTS, row, "function", "gNB");
 *     intake_used(in);
 */
#ifndef PROVISO_NET_INTAKE_H
#define PROVISO_NET_INTAKE_H

#include <jansson.h>

#include "net/net.h"

enum {
	INTAKE_TEXT = 1000,                /* bytes in a cell: a name or an address list, not a chapter */
	INTAKE_REASONS = 200,              /* distinct reasons; what comes after is counted as "other reasons" */
	INTAKE_DEPTH = 100,                /* objects or elements inside each other */
	INTAKE_OBJECTS = 50 * 1000 * 1000, /* that are kept until the end of a run: ids are 32 bits wide */
};

/* ---- rows (rows.c) ----------------------------------------------------------------------------------------------- */

struct intake_column {
	const char *name;
	uint32_t *cells; /* interned texts, STR_EMPTY: nothing */
	uint32_t name_id;
};

struct intake_table {
	struct arena *arena;
	uint32_t rows, room;
	uint32_t *ids;   /* interned keys */
	uint16_t *files; /* found rows: number of their file */
	struct {
		struct intake_column *items;
		size_t count, room;
	} columns;        /* without the key's */
	uint32_t *row_of; /* by interned text: row + 1, 0 none */
	uint32_t row_of_room;
};

struct intake_file { /* one file of the folder */
	const char *name;
	enum net_table_name table;
	uint32_t *columns; /* interned names in the order of its header, the key's too */
	size_t column_count;
	bool keyed; /* false: links without a `link` column */
	uint16_t number;
};

struct intake_map;

struct intake {
	struct arena *arena;
	struct strs *strs;
	struct diagnostics *diagnostics;
	const struct net_import_job *job;
	struct net_imported *imported;
	struct intake_table made[NET_TABLES], found[NET_TABLES];
	struct intake_table present[NET_TABLES]; /* of a proposal: what it is laid over */
	struct intake_file *files;               /* of the folder: those that were found, then those that are new */
	size_t file_count;
	struct intake_map *map; /* NULL without --map */
	const char *name;       /* the file that is being read, as the user named it */
	uint32_t base_name;     /* interned, without folders: the column `source` */
	bool refused;           /* a file can't be read as this format */
	void *reader;           /* the importer's own, from file to file */
};

/* The row of an id, made where it is new (*new, if not NULL, says so). Ids are cleaned as cells are. */
uint32_t intake_row(struct intake *, enum net_table_name, const char *id, bool *new);
uint32_t intake_row_n(struct intake *, enum net_table_name, const char *id, size_t bytes, bool *new);
/*
 * Fills a cell: spaces around and line ends within are dropped, an empty text says nothing. The first word stays; another
 * one is a note ("... says something else").
 */
void intake_cell(struct intake *, enum net_table_name, uint32_t row, const char *column, const char *text);
void intake_cell_n(struct intake *, enum net_table_name, uint32_t row, const char *column, const char *text,
		   size_t bytes);
/* A text as a cell or id of it will be: what refers to an id has to be cleaned like it. */
const char *intake_clean(struct intake *, const char *text);
/* Replaces what the cell says. */
void intake_put(struct intake *, enum net_table_name, uint32_t row, const char *column, const char *text);
/* As intake_put, of a text that is interned and clean: what many rows have in common. */
void intake_put_id(struct intake *, enum net_table_name, uint32_t row, const char *column, uint32_t text);
/* The cell ("" where it says nothing) and the id of a row made by this run. */
const char *intake_get(const struct intake *, enum net_table_name, uint32_t row, const char *column);
const char *intake_id(const struct intake *, enum net_table_name, uint32_t row);
/* The row of an id, made or found; CODE_UNKNOWN if none. */
uint32_t intake_find(const struct intake *, const struct intake_table *, const char *id);
const char *intake_found_get(const struct intake *, enum net_table_name, uint32_t row, const char *column);
/* Adds a word to a list in a cell ("10.0.0.1 10.0.0.2"), once. */
void intake_word(struct intake *, enum net_table_name, uint32_t row, const char *column, const char *word);

/* Is there an element of this id: made, in the folder, or in the network that a proposal is laid over? */
bool intake_has_element(const struct intake *, const char *id);
/* A plan takes an element away: counted as used, or as left out where the present network does not have it. */
void intake_remove(struct intake *, const char *id);

bool intake_read_found(struct intake *);
void intake_lay_over(struct intake *);

/* ---- things that several formats have (things.c) --------------------------------------------------------------------- */

/*
 * The vendor of a name: its id is the name in small letters with "-" between words, so that spellings come together; the
 * map may say otherwise ("vendor Acme Networks Ltd = acme"). NULL for names that say nobody knows ("", "n/a", "unknown").
 */
const char *intake_vendor(struct intake *, const char *name);
/* The product of a name; vendor may be NULL (then there is no row: a product has a vendor) and so may the result be. */
const char *intake_product(struct intake *, const char *name, const char *vendor);
uint32_t intake_site(struct intake *, const char *id); /* row */
/* Degrees of a site; what lies outside of the earth is noted. */
void intake_place(struct intake *, uint32_t site, const char *latitude, const char *longitude);
/* A row of elements, from this file. */
uint32_t intake_element(struct intake *, const char *id, bool *new);
/*
 * The function that a foreign word names, as proviso spells it: by the map ("kind WORD = FUNCTION"), else by the table of
 * functions. NULL where neither has it.
 */
const char *intake_function(struct intake *, const char *kind, const char *word);
/* A link, once; reference_point "" where it is not known. False where it was there before or a = b. */
bool intake_link(struct intake *, const char *a, const char *b, const char *reference_point);
/* Adds an address to an element; what is none is noted. */
void intake_address(struct intake *, uint32_t element, const char *address);

/* ---- the balance (balance.c) -------------------------------------------------------------------------------------------- */

void intake_used(struct intake *);
void intake_merged(struct intake *);
size_t intake_left_out(struct intake *, const char *reason, const char *example); /* the number of its reason */
void intake_note(struct intake *, const char *reason, const char *example);
/* Counts one more; both copy the example only where it is one of the first. The second wants the first one's number. */
size_t intake_reason(struct arena *, struct net_import_reasons *, const char *reason, const char *example);
void intake_reason_again(struct arena *, struct net_import_reasons *, size_t number, const char *example);
/* The file is not what the format says. line 0: the file as a whole. */
void intake_refuse(struct intake *, const char *code, uint32_t line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* ---- the map of --map (map.c) --------------------------------------------------------------------------------------------- */

/*
 * A line is `WORDS = TEXT`, # begins a comment. What the words are is the importer's: "vendor Acme Ltd = acme", "role
 * spine = core-router", "traffic = DRB.PdcpSduVolumeDL * 1000". A line that nothing asks for is warned about at the end.
 */
struct intake_map *intake_map_read(struct intake *, struct source *);
/* The text behind the words ("kind word", or kind alone where word is NULL); NULL where the map has none. */
const char *intake_mapped(struct intake *, const char *kind, const char *word, struct place *);
/* Each line whose words begin with kind, in the order of the file: its number from 0; false at the end. */
bool intake_map_line(struct intake *, const char *kind, size_t number, const char **rest, const char **text,
		     struct place *);
/* Every line, by its number from 0, without marking it as used; false at the end. */
bool intake_map_any(const struct intake *, size_t number, const char **words, const char **text, struct place *place);
void intake_map_end(struct intake *);

/* ---- foreign tables (sheet.c) -------------------------------------------------------------------------------------------------- */

#define INTAKE_NO_COLUMN SIZE_MAX

struct intake_sheet;

/* Reads the header; NULL and refused where there is none. delimiter 0: the one that the header has. */
struct intake_sheet *intake_sheet_open(struct intake *, struct source *, char delimiter);
bool intake_sheet_row(struct intake_sheet *); /* the next one; what is wrong with it is diagnosed */
/* Before the first row: what was taken for a header is a row too, the next one. */
void intake_sheet_again(struct intake_sheet *);
/* By name, without regard to case; INTAKE_NO_COLUMN. */
size_t intake_sheet_column(const struct intake_sheet *, const char *name);
size_t intake_sheet_columns(const struct intake_sheet *, const char *const **names);
uint32_t intake_sheet_line(const struct intake_sheet *);
/* Of a cell of the row; of the first where the row is shorter. */
struct place intake_sheet_place(const struct intake_sheet *, size_t column);
/* Not zero-terminated; valid until the next row. Empty where the row is shorter. */
const char *intake_sheet_cell(const struct intake_sheet *, size_t column, size_t *bytes);
/*
 * A number as people write them ("1 234,50" with the decimal sign ','), as a decimal of at most six places; false where it
 * is none.
 */
bool intake_number(const char *text, size_t bytes, char decimal, char out[48]);

/* Degrees of WGS 84, good to about 5 m, of a place on the British National Grid in metres; false outside of it (osgrid.c). */
bool osgrid_degrees(double easting, double northing, double *latitude, double *longitude);

/* ---- XML by libxml2's SAX2 (xml.c) -------------------------------------------------------------------------------------------- */

struct intake_xml;

/* What a reader does at each element. Names are local names, whatever the namespace; they live as long as the file. */
struct intake_xml_reader {
	void (*open)(void *reader, struct intake_xml *, const char *name);
	void (*close)(void *reader, struct intake_xml *, const char *name, const char *text, size_t bytes);
};
/*
 * Reads the source to its end; false and refused where it is not well-formed, has a document type, is nested more than
 * INTAKE_DEPTH deep. The parser touches neither files nor the network.
 */
bool intake_xml(struct intake *, struct source *, const struct intake_xml_reader *, void *reader);
/* In open: keep the text up to the end of this element for its close; without it close gets an empty text. */
void intake_xml_keep(struct intake_xml *);
/* In open: nothing inside this element, nor its end, is of interest. */
void intake_xml_skip(struct intake_xml *);
/* In open: an attribute's value by local name, not zero-terminated, or NULL; valid while open runs. */
const char *intake_xml_attribute(const struct intake_xml *, const char *name, size_t *bytes);
uint32_t intake_xml_line(const struct intake_xml *);
/* Stops reading; the reader has refused the file or has seen enough. */
void intake_xml_stop(struct intake_xml *);
/* The local name of the first element in the head of an XML file, into name (64 bytes); false where it is no XML. */
bool intake_xml_root(const char *head, size_t bytes, char name[64]);

/* ---- JSON by jansson (json.c) -------------------------------------------------------------------------------------------------- */

/*
 * The whole source as a tree (json_decref it): duplicate keys, wrong UTF-8, more than LIMIT_DOCUMENT bytes and more than
 * INTAKE_DEPTH levels are refused, and NULL comes out.
 */
json_t *intake_json(struct intake *, struct source *);
/* The text or number under a key, as text; "" where it is not there or is something else. */
const char *intake_json_word(struct intake *, const json_t *object, const char *key);
/* A value that is a text or a number, as text; "" where it is something else. */
const char *intake_json_value(struct intake *, const json_t *);
/* Does the head of a file look like JSON, and hold this key? */
bool intake_json_has(const char *head, size_t bytes, const char *key);

/* ---- the classes of the 3GPP network resource models (nrm.c): bulkcm and tmf639 name them alike -------------------------------- */

enum nrm_kind {
	NRM_OTHER,     /* no place in a network of elements and links */
	NRM_CONTAINER, /* SubNetwork, MeContext: its name is in the names of what is inside */
	NRM_MANAGED_ELEMENT,
	NRM_MANAGEMENT_NODE, /* an element management system */
	NRM_ELEMENT,         /* a function: an element of a case */
	NRM_CELL,            /* counted at its element */
	NRM_ENDPOINT,        /* EP_N2: one end of a link */
	NRM_LINK,            /* Link_MME_ServingGW, IubLink */
	NRM_UNIT,            /* InventoryUnit and its kin */
	NRM_LICENCE,
	NRM_VENDOR_DATA, /* VsDataContainer */
	NRM_EXTERNAL,    /* stands for something that another file has */
};

struct nrm_class {
	enum nrm_kind kind;
	const char *function;          /* NRM_ELEMENT: as proviso spells it, NULL where it is not known */
	const char *point;             /* NRM_ENDPOINT, NRM_LINK: the reference point, "" where it is not known */
	bool own_site;                 /* stands at a place of its own: a base station of a base station controller */
	bool radio_to_5g, radio_to_4g; /* an end point of a 5G base station at the 5G core, at the 4G network */
};

/* By local name, whatever the namespace ("AMFFunction", "EP_NgC"). */
struct nrm_class nrm_class(struct intake *, const char *name);
/* What a ManagedElement of this type is ("RNC"): as proviso spells it, or NULL. */
const char *nrm_type(struct intake *, const char *type);
/*
 * A distinguished name without its DC parts and without spaces around its commas; without a last EP_ part where asked.
 * False where it is empty or too long to be one.
 */
enum { NRM_NAME = 1000 }; /* bytes, and a zero */
bool nrm_name(const char *name, size_t bytes, bool without_end, char out[NRM_NAME]);
const char *nrm_technology(const char *function); /* "4G" of eNB; NULL where the function does not tell */

/* ---- formats: a file each -------------------------------------------------------------------------------------------------------- */

const char *inventory_recognise(const char *head, size_t bytes);
const char *bulkcm_recognise(const char *head, size_t bytes);
void bulkcm_read(struct intake *, struct source *);
void bulkcm_finish(struct intake *);
const char *tmf639_recognise(const char *head, size_t bytes);
void tmf639_read(struct intake *, struct source *);
void tmf639_finish(struct intake *);
const char *pm_recognise(const char *head, size_t bytes);
void pm_read(struct intake *, struct source *);
void pm_finish(struct intake *);
const char *netbox_recognise(const char *head, size_t bytes);
void netbox_read(struct intake *, struct source *);
void netbox_finish(struct intake *);
void csv_read(struct intake *, struct source *);
const char *compose_recognise(const char *head, size_t bytes);
void compose_read(struct intake *, struct source *);
void compose_finish(struct intake *);
const char *geojson_recognise(const char *head, size_t bytes);
void geojson_read(struct intake *, struct source *);
void geojson_finish(struct intake *);
const char *nodelink_recognise(const char *head, size_t bytes);
void nodelink_read(struct intake *, struct source *);
const char *opencellid_recognise(const char *head, size_t bytes);
void opencellid_read(struct intake *, struct source *);
void opencellid_finish(struct intake *);
const char *osgrid_recognise(const char *head, size_t bytes);
void osgrid_read(struct intake *, struct source *);

#endif
