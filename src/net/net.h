/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net: the network as columns - vendors, products, sites, elements, links - read from CSV and checked; the tables of
 * functions and reference points; the difference of two networks. Knows no rules and no packets.
 *
 *     net->table[NET_ELEMENTS]                      one table: rows, columns, places
 *     net_column(net, NET_ELEMENTS, "function")     its column by name, NULL if no file has it
 *     column->codes[row]                            u32: a row, an interned text, a word list, a date ... by column->type
 *
 * Everything but measures is a 32-bit code, so that a predicate over a column is a look-up in a table over its codes.
 * Two codes are reserved in every column: CODE_UNKNOWN (an empty cell: nobody said) and CODE_NONE (`none`: known to be none).
 *
 * Memory: a net lives in the arena it was loaded into, with the case's interned strings beside it.
 */
#ifndef PROVISO_NET_H
#define PROVISO_NET_H

#include "base/base.h"

#define CODE_UNKNOWN UINT32_MAX	     /* empty cell */
#define CODE_NONE (UINT32_MAX - 1)   /* `none` */
#define CODE_IS_KNOWN(code) ((code) < CODE_NONE)

/* ---- functions: what an element does (3GPP TS 23.501, 23.401, 38.401 and others; each row names its clause) ---------- */

enum net_layer { /* the words of elements.csv's column `layer` */
	LAYER_CORE,
	LAYER_ACCESS,
	LAYER_TRANSPORT,
	LAYER_MANAGEMENT,
	LAYER_INTERCEPTION,
	LAYER_SECURITY,
	LAYER_EXTERNAL,
	LAYER_COUNT,
};
enum net_plane { PLANE_CONTROL, PLANE_USER, PLANE_BOTH, PLANE_MANAGEMENT, PLANE_NONE };
/* EU coordinated risk assessment of 9 October 2019, section B */
enum net_sensitivity { SENSITIVITY_CRITICAL, SENSITIVITY_HIGH, SENSITIVITY_MODERATE_HIGH, SENSITIVITY_NONE };

struct net_function {
	const char *name;  /* as files and policies spell it: AMF, gNB-CU-CP, 5G-EIR */
	const char *title; /* Access and Mobility Management Function */
	enum net_layer layer;
	enum net_plane plane;
	bool security_critical;	  /* a function whose compromise materially affects the network (UK SI 2022/933 reg 2) */
	bool oversees;		  /* network oversight function: controls security critical ones */
	enum net_sensitivity eu_sensitivity;
	bool routes_user_traffic; /* the capability test of 47 U.S.C. 1601(b)(2) / s889(a)(2)(B): three questions */
	bool sees_payload;
	bool remotely_disruptable;
	bool external;		  /* stands outside the operator's network: internet, vendor support, roaming partner ... */
	bool unverified;	  /* our knowledge of this row is not certain enough to be called a fact: shown as such */
	const char *source;	  /* document and clause */
};

extern const struct net_function net_functions[];
extern const size_t net_function_count;
uint32_t net_function_find(const char *name); /* exact spelling first, then without regard to case; CODE_UNKNOWN if none */
const char *net_function_nearest(const char *name); /* for "did you mean", or NULL */

const char *net_layer_name(enum net_layer);	  /* "core" ... */
uint32_t net_layer_find(const char *name);	  /* CODE_UNKNOWN if none */
const char *net_plane_name(enum net_plane);	  /* control user both management none */
const char *net_sensitivity_name(enum net_sensitivity); /* critical high moderate-high none */

/* ---- technologies: 2G 3G 4G 5G-NSA 5G-SA fixed --------------------------------------------------------------------------- */

enum net_technology { TECHNOLOGY_2G, TECHNOLOGY_3G, TECHNOLOGY_4G, TECHNOLOGY_5G_NSA, TECHNOLOGY_5G_SA, TECHNOLOGY_FIXED, TECHNOLOGY_COUNT };
const char *net_technology_name(enum net_technology);
uint32_t net_technology_find(const char *name);
bool net_country_known(const char *two_letters); /* a code of ISO 3166-1 alpha-2, or one that it leaves to its users */

/* ---- reference points --------------------------------------------------------------------------------------------------------- */

struct net_reference_point {
	const char *name;      /* N2, S1-MME, ssh, netconf: as links.csv and `over` spell it */
	const char *a, *b;     /* which functions stand at its ends, for people: "gNB, ng-eNB, N3IWF" / "AMF" */
	const char *transport; /* "SCTP", "UDP", "TCP", "IP" ... */
	uint16_t port;	       /* 0: none fixed */
	uint16_t ppid;	       /* SCTP payload protocol identifier, 0: none */
	const char *protocol;  /* NGAP, GTP-U, PFCP ... */
	bool unverified;
	const char *source;
};

extern const struct net_reference_point net_reference_points[];
extern const size_t net_reference_point_count;
uint32_t net_reference_point_find(const char *name); /* CODE_UNKNOWN if none; N2 = NG-C and the like are aliases */
const char *net_reference_point_nearest(const char *name);

/* ---- tables and columns -------------------------------------------------------------------------------------------------------- */

enum net_table_name { NET_VENDORS, NET_PRODUCTS, NET_SITES, NET_ELEMENTS, NET_LINKS, NET_TABLES };
const char *net_table_file(enum net_table_name);     /* "vendors.csv" */
const char *net_table_singular(enum net_table_name); /* "vendor", which is also its key column */

enum net_type {		 /* what a code means */
	TYPE_TEXT,	 /* id of an interned text, the whole cell */
	TYPE_WORDS,	 /* number of a word list, see net_words */
	TYPE_DATE,	 /* days since 0001-01-01, so that it is never negative: net_date turns it back */
	TYPE_YESNO,	 /* 0 no, 1 yes */
	TYPE_VENDOR,	 /* a row of the vendors' table */
	TYPE_PRODUCT,	 /* a row of the products' table */
	TYPE_SITE,	 /* a row of the sites' table */
	TYPE_ELEMENT,	 /* a row of the elements' table */
	TYPE_FUNCTION,	 /* a row of net_functions */
	TYPE_LAYER,	 /* enum net_layer */
	TYPE_TECHNOLOGY, /* enum net_technology */
	TYPE_REFERENCE,	 /* a row of net_reference_points */
	TYPE_MEASURE,	 /* int64_t micro in measures[], MEASURE_UNKNOWN where empty; codes is NULL */
};

struct net_column {
	const char *name;
	enum net_type type;
	bool known;	   /* one of the contract's columns; false: found in the file, a measure or a group of words */
	uint32_t *codes;   /* NULL for TYPE_MEASURE */
	int64_t *measures; /* TYPE_MEASURE only */
};

struct net_table {
	uint32_t rows;
	struct net_column *columns; /* those that some file has, and those that are derived: see below */
	size_t column_count;
	uint32_t *ids;		    /* rows: interned text of the key; NULL for links of files without `link`: use net_id */
	uint32_t *lines;	    /* rows: line in the file the row last came from */
	uint16_t *files;	    /* rows: index into net->files */
	uint32_t *find_slots;	    /* open addressing over ids; use net_find */
	uint32_t find_mask;
};

/*
 * Columns that are always there after loading, whatever the files hold (codes CODE_UNKNOWN where nobody says):
 *   elements: site function technology layer vendor product version managed_by hosted_on part_of anchor since
 *   products: vendor      links: a b reference_point      vendors: jurisdiction owner     sites: region
 * An empty layer is filled from the function; an empty vendor from the product. `owner` is TYPE_VENDOR where the cell names a
 * vendor of the table, else CODE_NONE/CODE_UNKNOWN, with the name in the TEXT column `owner_name` (always filled where known).
 */
struct net {
	struct arena *arena;
	struct strs *strs;
	struct net_table table[NET_TABLES];
	const char **files; /* names of the inputs, as the user named them */
	size_t file_count;
	bool has_links;		/* a links.csv was given: service is judged by paths, not by site alone */
	bool synthetic;		/* some row says synthetic = yes */
	const struct net_outlines *outlines; /* of its regions, for maps; NULL: none. Who loads a case sets it */
	/* distinct word lists: list i holds words[first[i]] .. words[first[i+1]-1] (interned ids, sorted); text[i] is the cell */
	uint32_t list_count, *list_first, *list_words, *list_text;
	/* elements in order of their site: site s has site_elements[site_first[s]] .. [site_first[s+1]-1] (element rows ascending) */
	uint32_t *site_first, *site_elements;
	/* which row of the present network an element (site) of a proposal is; CODE_UNKNOWN: new. NULL in a present network. */
	const struct net *present;
	uint32_t *present_element;
	uint32_t removed_elements, removed_links; /* by the overlay: by name, and with their element */
};

const struct net_column *net_column(const struct net *, enum net_table_name, const char *name); /* NULL if absent */
uint32_t net_find(const struct net *, enum net_table_name, uint32_t id);    /* row, CODE_UNKNOWN if none */
uint32_t net_find_text(const struct net *, enum net_table_name, const char *id);
/*
 * Text of the key. Links of files without `link` are called a|b|N2 (a|b where no reference point is known): that text is made
 * on demand in the net's arena, so many links want net_link_id with an arena of the caller's, and threads need it.
 */
const char *net_id(const struct net *, enum net_table_name, uint32_t row);
const char *net_link_id(const struct net *, uint32_t row, struct arena *);
struct place net_place(const struct net *, enum net_table_name, uint32_t row);
static inline int32_t net_date(uint32_t code) /* code of a TYPE_DATE to days since 1970-01-01 */
{
	return (int32_t)code - 719162;
}
/* The words of a list (interned ids). */
const uint32_t *net_words(const struct net *, uint32_t list, size_t *count);
/* The cell as people wrote it (never NULL; "" for unknown, "none" for none). text is used for measures and dates. */
const char *net_cell(const struct net *, enum net_table_name, const struct net_column *, uint32_t row, char text[48]);
/* The last owner up the chain of owners (a vendor's group); itself where it has none. Circles are refused at loading. */
uint32_t net_group_of(const struct net *, uint32_t vendor);
/* `changed`: vendor, product, version, function or managed_by differs from the present row. */
bool net_element_changed(const struct net *, uint32_t element);

/* ---- loading ----------------------------------------------------------------------------------------------------------------------- */

/* One file of one table; several files of one table are read as one, in the order given. */
struct net_input {
	enum net_table_name table;
	struct source *source; /* NULL: it could not be opened; nothing is said about what might have been in it */
};
/* "elements.csv" and "elements-north.csv" are files of the elements table; false for a name that is no table's. */
bool net_table_of_file(const char *file_name, enum net_table_name *);

/*
 * Reads, overlays and checks. What is wrong is diagnosed and everything is read to the end, so that one run shows all errors
 * of all files: a bad cell reads as unknown, a row without a usable id is left out. diagnostics->errors says whether the
 * network may be judged. Missing tables are empty. Codes: see doc/diagnostics.md - duplicate-id, dangling-reference,
 * unknown-function, bad-number, number-overflow, bad-date, bad-word, missing-column, duplicate-column, too-many-cells,
 * vendor-differs, site-keeps-elements, absent-id, owner-circle, host-circle, empty-key, unlinked-access ...
 * With a proposal, `*proposed` is the overlaid network whose ->present is the result; else it is NULL.
 */
struct net *net_load(struct arena *, struct strs *, struct diagnostics *, const struct net_input *present, size_t present_count,
		     const struct net_input *proposal, size_t proposal_count, struct net **proposed);

/*
 * An answer about one cell of the inventory: fills it where no file says anything, in the present network and in a
 * proposal's new rows. Codes: answer-differs where a file says something else, absent-id, dangling-reference, bad-...
 */
struct net_answer {
	enum net_table_name table;
	const char *id, *column, *value;
	struct place place;
	bool taken; /* out: it is about a cell. What is not (vendor/acme designated) is evidence, and somebody else's */
	bool found; /* its row is there; used while loading */
};
/* net_load with such answers. */
struct net *net_load_answered(struct arena *, struct strs *, struct diagnostics *, const struct net_input *present, size_t present_count,
			      const struct net_input *proposal, size_t proposal_count, struct net_answer *answers, size_t answer_count,
			      struct net **proposed);

/* ---- building by hand: policy tests, importers, generators --------------------------------------------------------------------- */

/* CSV text of a table, as it would be written to a folder: header, rows in table order. */
void net_print(const struct net *, enum net_table_name, struct sink *);

/* ---- outlines of regions ----------------------------------------------------------------------------------------------------- */

struct net_place {
	double lat, lon; /* degrees */
};
struct net_ring {
	struct net_place *places; /* the first one again at the end */
	size_t count;
};
struct net_outline {
	const char *region;
	struct net_ring *rings; /* of all its polygons, holes too */
	size_t ring_count;
	double south, north, west, east; /* degrees */
};
struct net_outlines {
	struct net_outline *items;
	size_t count;
};
/* regions.geojson of a case; NULL and diagnosed (bad-regions) where it is none. */
struct net_outlines *net_outlines_read(struct arena *, struct source *, struct diagnostics *);
void net_outlines_print(const struct net_outlines *, struct sink *);
bool net_outline_holds(const struct net_outline *, double lat, double lon);

/* ---- importing: foreign inventories become the tables' CSV (import/: one file a format, one row in its table) ---------------- */

/*
 * What was in the files and what became of it: read = used + merged + left out. An object is used where it became a row,
 * merged where it went into a row of another object (a cell into its base station), left out by reason. `notes` are about
 * objects that are used and of which something is doubtful; a note is no fourth share.
 */
enum { NET_IMPORT_EXAMPLES = 10 };
struct net_import_reason {
	const char *reason;
	size_t count;
	const char *examples[NET_IMPORT_EXAMPLES]; /* the first of them */
	size_t example_count;
};
struct net_import_reasons {
	struct net_import_reason *items;
	size_t count, room;
};
struct net_import_balance {
	size_t read, used, merged;
	struct net_import_reasons left_out, notes;
};

struct intake; /* one run: import/intake.h */
struct net_importer {
	const char *name, *help, *page;
	const char *(*recognise)(const char *head, size_t bytes); /* by a file's first bytes: what it is, or NULL */
	void (*read)(struct intake *, struct source *);		  /* one file, after the other */
	void (*finish)(struct intake *);			  /* behind the last one; NULL: nothing to do */
};
extern const struct net_importer net_importers[];
extern const size_t net_importer_count;
const struct net_importer *net_importer_find(const char *name); /* NULL if none */
/* The steps that fill cells of a network that is there: "population", "traffic", "vendors". */
const struct net_importer *net_enricher_find(const char *name);
/* What a file is that no importer reads, as the message says it ("a spreadsheet ..."), or NULL. */
const char *net_import_hopeless(const char *head, size_t bytes);
/* What a file may be that nothing recognises, and what to do with it, or NULL. */
const char *net_import_hint(const char *head, size_t bytes);
enum { NET_IMPORT_HEAD = 64 << 10 }; /* bytes of a file that are enough to recognise it */

struct net_import_job {
	const struct net_importer *importer;
	struct source **sources;
	size_t source_count;
	struct source *map;	       /* of --map, or NULL */
	bool as_proposal;	       /* what is planned, as a proposal; else what is there */
	const struct net_input *found; /* the tables' files that are in the folder already; read here */
	size_t found_count;
	const struct net_input *present; /* of a proposal: the files of the network that it will be laid over; read here */
	size_t present_count;
	/* Of a step of enriching: */
	const char *how, *per;	     /* traffic: "population" or "cells", and gigabytes a year for one */
	const char *by, *by_column;  /* people by this column of the sites, as that column of the places says; NULL: by place */
	const struct net_outlines *outlines; /* people by region: where places lie that name none; NULL: not known */
	uint32_t radius_km;
	uint64_t seed;
};
/* One file of the folder as it will be: rows that were there, rows that are new, rows of which a cell is another now. */
struct net_import_file {
	enum net_table_name table;
	const char *name; /* as its input was called, or "elements.csv" */
	uint32_t rows, added, changed;
};
struct net_imported {
	struct net_import_balance balance;
	struct net_import_reasons changes; /* cells of rows that were there before and are another now */
	struct net_import_file *files;
	size_t file_count;
	const char *regions; /* text of the case's regions.geojson, or NULL where the files have no outlines */
	size_t regions_bytes;
	struct intake *intake;
};
/*
 * Reads all, then lays the rows over what is there: a row of a new id is added, a cell that the import has replaces the
 * one that is there, what it does not have stays. NULL where a file can't be read as this format or none of its objects
 * is of use: diagnosed. Codes: see doc/diagnostics.md.
 */
struct net_imported *net_import(struct arena *, const struct net_import_job *, struct diagnostics *);
/* Proposes a mapping for the format csv from the header of a file, as lines of text; false and diagnosed where it has none. */
bool net_import_guess(struct arena *, struct source *, struct sink *, struct diagnostics *);
/* The whole text of a file. Every file that has something new has to be written for the import to be whole. */
void net_imported_print(const struct net_imported *, size_t file, struct sink *);

/* ---- difference of two networks, row by row ---------------------------------------------------------------------------------------- */

enum net_change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_CELL };
struct net_change {
	enum net_change_kind kind;
	enum net_table_name table;
	const char *id;
	const char *column, *before, *after; /* CHANGE_CELL */
};
/* Sorted by table, id, column. Both nets may have different strs. The array is the arena's. */
struct net_change *net_compare(struct arena *, const struct net *a, const struct net *b, size_t *count);

#endif
