/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base: what every room stands on, and nothing about telecoms.
 *
 * Arenas, interned strings, diagnostics with a place, byte cursors, dates, exact numbers, files (read whole, read as
 * rows, written whole or not at all), SHA-256, JSON out (JSON in is jansson's job), CSV in, threads over ranges.
 *
 *     struct arena *a = arena_new();
 *     struct strs *names = strs_new(a);
 *     uint32_t akl = strs_add(names, "Auckland", 8);
 *     puts(strs_text(names, akl));
 *     arena_free(a);
 *
 * Errors are of three kinds. Bad input adds a diagnostic and the work goes on. A failure of the world (disk, closed
 * pipe) comes back as a status. A bug of ours is an assert. Running out of memory ends the process with status 70:
 * every input is bounded, so it means the machine is too small, and no caller could do better.
 */
#ifndef PROVISO_BASE_H
#define PROVISO_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- limits: each is reached with a diagnostic, never silently -------------------------------------------------- */

enum {
	LIMIT_LINE = 1 << 20,         /* bytes in one line of a text file or one CSV record: longer is no hand's work */
	LIMIT_CELL = 64 << 10,        /* bytes in one CSV cell */
	LIMIT_COLUMNS = 512,          /* columns in one CSV file */
	LIMIT_POLICY_FILE = 16 << 20, /* bytes in one .proviso file */
	LIMIT_DOCUMENT = 256 << 20,   /* bytes in one JSON document that is read as a tree */
	LIMIT_NESTING = 200,          /* parentheses within parentheses, includes within includes */
	LIMIT_DIAGNOSTICS = 1000,     /* errors, and others, kept and printed; what comes after is counted */
	LIMIT_ROWS = 200 * 1000 * 1000, /* rows in one table: ids are 32 bits wide */
};

/* ---- exit statuses: the same for every operation (sysexits.h numbers) -------------------------------------------- */

enum {
	EXIT_USAGE = 64,
	EXIT_BAD_INPUT = 65,
	EXIT_MISSING_INPUT = 66,
	EXIT_UNAVAILABLE = 69,
	EXIT_INTERNAL = 70,
	EXIT_CANT_CREATE = 73,
	EXIT_WRITE_FAILED = 74,
	EXIT_NO_PERMISSION = 77,
};

/* ---- arenas ------------------------------------------------------------------------------------------------------ */

struct arena; /* memory with one life; freed as a whole */

struct arena *arena_new(void);
void arena_free(struct arena *); /* NULL is fine */
/* Zeroed, aligned to 16 bytes, never NULL. What is over 256 KiB is mapped on its own, populated and huge-page advised. */
void *arena_alloc(struct arena *, size_t bytes);
/* The same for what is seldom used to its end: a page of memory is taken when it is touched first. Never grown. */
void *arena_sparse(struct arena *, size_t count, size_t size);
/* The same for count things of size bytes each; a product that overflows is our own bug (assert). */
void *arena_array(struct arena *, size_t count, size_t size);
/* A zero-terminated copy. */
char *arena_text(struct arena *, const char *text, size_t bytes);
char *arena_printf(struct arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));
size_t arena_bytes(const struct arena *); /* bytes held, for the memory line of a benchmark */
/*
 * A larger place for what arena_alloc gave, contents kept, the rest zeroed; old may be NULL. Over 256 KiB pages move instead
 * of bytes; below, the old place stays used until the arena goes. Both sizes in bytes; old_bytes exactly as asked for.
 */
void *arena_grow(struct arena *, void *old, size_t old_bytes, size_t bytes);
/* Gives a block back early where that is possible (over 256 KiB); otherwise the arena's end does. */
void arena_release(struct arena *, void *old, size_t bytes);
/* call(context) runs when the arena is freed, newest first: closes what an owner in this arena holds outside of it. */
void arena_at_free(struct arena *, void (*call)(void *context), void *context);

/*
 * A growing array: struct { T *items; size_t count, room; } begun as zeros, grown with array_add, which makes place for
 * one more and returns it, zeroed. Memory from malloc, because arenas can't give back: the owner frees items with free().
 * The address of an item holds until the next array_add.
 */
void *array_more(void *items, size_t *room, size_t count, size_t size);
#define array_add(array)                                                                                               \
	((array)->count < (array)->room ? (void)0                                                                      \
					: (void)((array)->items = array_more((array)->items, &(array)->room,           \
									     (array)->count, sizeof *(array)->items)), \
	 __builtin_memset(&(array)->items[(array)->count], 0, sizeof *(array)->items),                                 \
	 &(array)->items[(array)->count++])

/* ---- interned strings: one number a distinct text ----------------------------------------------------------------- */

struct strs;

#define STR_EMPTY  0u         /* the id of "" in every table */
#define STR_ABSENT UINT32_MAX /* not in the table */

struct strs *strs_new(struct arena *); /* lives and dies with the arena */
uint32_t strs_add(struct strs *, const char *text, size_t bytes);
uint32_t strs_id(struct strs *, const char *text); /* strs_add of a zero-terminated text */
/*
 * strs_add of many texts, in their order. Where a table is larger than the cache each look-up waits for memory; here they
 * wait together, which is several times as fast.
 */
struct strs_piece {
	const char *text;
	uint32_t bytes;
	uint32_t id; /* comes out */
};
void strs_add_all(struct strs *, struct strs_piece *pieces, size_t count);
uint32_t strs_find(const struct strs *, const char *text, size_t bytes); /* STR_ABSENT if never added */
const char *strs_text(const struct strs *, uint32_t id); /* zero-terminated; stays where it is until the arena goes */
size_t strs_length(const struct strs *, uint32_t id);    /* bytes */
uint32_t strs_count(const struct strs *);

/* ---- hashes --------------------------------------------------------------------------------------------------------- */

/* 64 bits, the same everywhere and always: for tables whose keys are ours. */
uint64_t hash_bytes(const void *bytes, size_t count);
/* For tables that strangers fill: with a seed from hash_seed nobody can choose colliding keys. Never print in its order. */
uint64_t hash_seeded(const void *bytes, size_t count, uint64_t seed);
uint64_t hash_seed(void); /* from the kernel's random numbers */
void sha256_hex(const void *bytes, size_t count, char hex[65]);
void sha512_hex(const void *bytes, size_t count, char hex[129]);
/* Two lower-case digits a byte and a zero; out takes 2 * count + 1. */
void hex_print(const void *bytes, size_t count, char *out);

/* ---- words that were meant ------------------------------------------------------------------------------------------ */

/*
 * The candidate nearest to text by edit distance (transpositions count one, case nothing), the first of equals, or NULL
 * where none is near enough to suggest.
 */
const char *nearest_text(const char *text, const char *const *candidates, size_t count);

/* ---- diagnostics ---------------------------------------------------------------------------------------------------- */

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

/* A place in an input. line and column count from 1, columns in bytes; 0 is "as a whole". */
struct place {
	const char *file; /* as the user named it, or NULL */
	uint32_t line, column;
};

struct diagnostic {
	const char *
		code; /* a stable short name such as "dangling-reference": part of --json, listed in doc/diagnostics.md */
	enum severity severity;
	struct place place;
	const char *text;   /* one line, the fact, the value, the limit; no final full stop, no newline */
	const char *source; /* the line of the input, for the caret, or NULL */
	uint32_t width;     /* how many bytes the caret underlines, at least 1 where source is there */
};

struct diagnostics {
	struct arena *arena;
	struct diagnostic *items;
	size_t count, room;
	size_t errors, warnings; /* all there were, kept or not */
	size_t errors_kept;      /* warnings and notes never crowd out an error */
	size_t dropped;          /* came after LIMIT_DIAGNOSTICS */
};

void diagnostics_init(struct diagnostics *, struct arena *);
void diagnostics_free(struct diagnostics *);
/*
 * Adds one; the text is copied, place.file is not. Returns it (to add source and width; valid until the next one is
 * added), or NULL when it was only counted. Each %s is cut to 200 bytes, controls and wrong UTF-8 are escaped: words from
 * files can be passed as they are. Formats know d i u x X o c s f g e with h l ll z j t, width and precision.
 */
struct diagnostic *diagnose(struct diagnostics *, enum severity, const char *code, struct place, const char *format,
			    ...) __attribute__((format(printf, 5, 6)));
/* Those of another, behind those that are there; the texts are copied. */
void diagnostics_append(struct diagnostics *, const struct diagnostics *);
/* Of those from this index on, what was said before it in the same words about the same place. */
void diagnostics_forget_repeated(struct diagnostics *, size_t from);
/* By file in order of first appearance, then line, column; stable. Errors before warnings is not implied. */
void diagnostics_sort(struct diagnostics *);

/* ---- sinks: where bytes go ------------------------------------------------------------------------------------------- */

/* A buffered writer with a sticky error: check sink_flush once at the end. */
struct sink;

struct sink *sink_to_fd(struct arena *, int fd); /* does not own fd */
struct sink *sink_to_memory(struct arena *);     /* grows; read it with sink_memory */
void sink_put(struct sink *, const void *bytes, size_t count);
void sink_text(struct sink *, const char *text); /* zero-terminated */
void sink_char(struct sink *, char);
void sink_printf(struct sink *, const char *format, ...) __attribute__((format(printf, 2, 3)));
int sink_flush(struct sink *);                         /* 0, or the errno of the first failure */
const char *sink_memory(struct sink *, size_t *count); /* of a memory sink; zero-terminated; valid until the next put */

/* ---- files ------------------------------------------------------------------------------------------------------------ */

/*
 * An input that is read once, front to back, hashed on the way. Made by the one who may open paths (`ops`), read by
 * anybody. Also made from memory, for tests and fuzzing.
 */
struct source;

struct source *source_open(struct arena *, const char *path, const char *shown,
			   int *error); /* NULL and errno on failure */
struct source *source_of_memory(struct arena *, const char *shown, const void *bytes, size_t count);
struct source *source_of_descriptor(struct arena *, int fd, const char *shown); /* which it closes */
/*
 * For a pipe: reading ends, as at the end of a file, when this descriptor (signalfd(2), non-blocking) is readable and nothing
 * more comes for half a second, or is so once more.
 */
void source_stop_at(struct source *, int fd);
const char *source_name(const struct source *); /* the path as the user named it: goes into diagnostics */
size_t source_expected(const struct source *);  /* bytes, as far as known beforehand, else 0: a hint only */
/* Up to room bytes; 0 at the end, -1 on a read error (errno kept in source_error). */
ptrdiff_t source_read(struct source *, void *into, size_t room);
int source_error(const struct source *);
/* The whole rest, zero-terminated (the zero is not counted), or NULL if it fails or is larger than limit (source_error: EFBIG). */
char *source_all(struct source *, struct arena *, size_t limit, size_t *count);
/* Before the first read: for bulk inputs whose hash nobody records; hashing takes several times as long as reading. */
void source_without_hash(struct source *);
void source_close(struct source *); /* the arena's end does it too; twice is fine */
/*
 * SHA-256 of everything read so far: 64 lower-case hex digits and a zero, "" where it was not wanted. Whoever opened it reads
 * it at the end.
 */
void source_sha256(const struct source *, char hex[65]);

/*
 * A file that appears whole or not at all: written beside its final name, renamed by outfile_keep. outfile_drop removes
 * the temporary file. Both free nothing (the arena does) and close the descriptor; neither called, the arena's end drops.
 * /dev/stdout and what is no regular file are written directly.
 */
struct outfile;

struct outfile *outfile_open(struct arena *, const char *path, int *error);
struct sink *outfile_sink(struct outfile *);
/* All is written and closed, and waits for outfile_keep: of several files all appear, or none. 0 or errno, then it is dropped. */
int outfile_settle(struct outfile *);
int outfile_keep(struct outfile *); /* 0, or errno; on failure the temporary file is gone and the old file stands */
void outfile_drop(struct outfile *);

/* Names in a folder, sorted bytewise, without "." and ".."; -1 and errno if it can't be read. Kinds: 'f', 'd', 'o'. */
struct dirent_name {
	const char *name;
	char kind;
};
int directory_list(struct arena *, const char *path, struct dirent_name **names, size_t *count);

/* ---- checked cursor over foreign bytes -------------------------------------------------------------------------------- */

struct cursor {
	const uint8_t *at, *end;
	bool bad; /* sticky: a read past the end sets it and yields zeros */
};

static inline struct cursor cursor_of(const void *bytes, size_t count)
{
	return (struct cursor){ bytes, count ? (const uint8_t *)bytes + count : bytes, false }; /* NULL: of no bytes */
}
static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}
/* The next count bytes, or NULL (and bad) where there are fewer. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t count)
{
	const uint8_t *at = c->at;

	if (c->bad || count > cursor_left(c)) {
		c->bad = true;
		c->at = c->end;
		return NULL;
	}
	c->at += count;
	return at;
}
/* A cursor over the next count bytes, which this one steps over; empty and bad where there are fewer. */
static inline struct cursor cursor_part(struct cursor *c, size_t count)
{
	const uint8_t *at = cursor_take(c, count);

	return at ? cursor_of(at, count) : (struct cursor){ c->end, c->end, true };
}
/* Unsigned numbers in network order. */
static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *at = cursor_take(c, 1);

	return at ? *at : 0;
}
static inline uint16_t cursor_u16(struct cursor *c)
{
	const uint8_t *at = cursor_take(c, 2);

	return at ? (uint16_t)(at[0] << 8 | at[1]) : 0;
}
static inline uint32_t cursor_u24(struct cursor *c)
{
	const uint8_t *at = cursor_take(c, 3);

	return at ? (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2] : 0;
}
static inline uint32_t cursor_u32(struct cursor *c)
{
	const uint8_t *at = cursor_take(c, 4);

	return at ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3] : 0;
}
static inline uint64_t cursor_u64(struct cursor *c)
{
	uint64_t high = cursor_u32(c);

	return high << 32 | cursor_u32(c);
}

/* ---- UTF-8 -------------------------------------------------------------------------------------------------------------- */

/* Offset of the first byte that is not well-formed UTF-8 (or is NUL), or count where all is well. */
size_t utf8_check(const char *text, size_t count);
/* Columns on a terminal: code points, combining marks not counted. */
size_t utf8_width(const char *text, size_t count);

/* ---- dates: days since 1970-01-01, proleptic Gregorian ------------------------------------------------------------------ */

#define DATE_NONE  INT32_MIN
#define DATE_FIRST (-719162) /* 0001-01-01 */
#define DATE_LAST  2932896   /* 9999-12-31 */

bool date_parse(const char *text, size_t count,
		int32_t *days);              /* YYYY-MM-DD only, 0001-01-01 to 9999-12-31, real days only */
void date_print(int32_t days, char out[11]); /* YYYY-MM-DD and a zero; "unknown" for DATE_NONE */
/* n months later, the day clipped to the month's last (2024-01-31 + 1 = 2024-02-29), the date to DATE_FIRST..DATE_LAST. */
int32_t date_add_months(int32_t days, int32_t months);
void date_parts(int32_t days, int *year, int *month, int *day);

/* ---- exact numbers ------------------------------------------------------------------------------------------------------- */

typedef __int128 wide;

#define MICRO           1000000    /* measures are integers of 10^-6 */
#define MEASURE_UNKNOWN INT64_MIN  /* no value */
#define PPB             1000000000 /* shares and percentages are integers of 10^-9: 35 % = 350000000 */

enum number_status { NUMBER_OK, NUMBER_BAD, NUMBER_OVERFLOW, NUMBER_TOO_FINE };
/* Decimal digits with an optional sign and point, no exponent, no spaces; more than six decimals is TOO_FINE unless zeros. */
enum number_status measure_parse(const char *text, size_t count, int64_t *micro);
/* "35%", "12.5%": at most seven decimals; without the percent sign, or with a plus or minus, it is BAD. */
enum number_status percent_parse(const char *text, size_t count, int64_t *ppb);
/* Shortest exact decimal, at least one digit: 1250000 -> "1.25". out takes 48 bytes. */
void micro_print(wide micro, char out[48]);
/* Grouped for people: 1234567.5 -> "1,234,567.5". */
void micro_print_grouped(wide micro, char out[64]);
void ppb_print_percent(int64_t ppb, char out[32]); /* "35%", "12.5%" */
/*
 * The share n/d (d > 0, both below 2^97) rounded half up to 10^-9, at most INT64_MAX. A negative n gives the negative share.
 */
int64_t share_ppb(wide numerator, wide denominator);
/* -1, 0, 1: n/d against ppb, exactly (cross-multiplied). d > 0. */
int share_compare(wide numerator, wide denominator, int64_t ppb);

/* ---- JSON out -------------------------------------------------------------------------------------------------------------- */

/* A streaming writer: two-space indent, keys in the order written, UTF-8 kept, control characters escaped. */
struct json {
	struct sink *sink;
	int depth;
	bool after;   /* a value precedes on this level */
	bool keyed;   /* a key was just written */
	bool compact; /* no newlines, for one-line records */
};

/*
 * jansson, which reads JSON, has functions of three of these names: ours have others to the compiler and the linker. A file
 * that needs both includes <jansson.h> before base.h.
 */
#define json_object json_begin_object
#define json_array  json_begin_array
#define json_null   json_put_null

void json_init(struct json *, struct sink *);
void json_object(struct json *);
void json_object_end(struct json *);
void json_array(struct json *);
void json_array_end(struct json *);
void json_key(struct json *, const char *key);
void json_text(struct json *, const char *text); /* NULL writes null */
void json_text_n(struct json *, const char *text, size_t bytes);
void json_int(struct json *, int64_t);
void json_bool(struct json *, bool);
void json_null(struct json *);
void json_micro(struct json *, wide micro);  /* a decimal number, exact */
void json_share(struct json *, int64_t ppb); /* nine decimals: 0.350000000 */
void json_date(struct json *, int32_t days); /* "2024-01-31", or null for DATE_NONE */
void json_end(struct json *);                /* the final newline; asserts that everything is closed */

/* HTML and XML text, escaped: & < > " ' */
void sink_html(struct sink *, const char *text);

/* ---- CSV in ------------------------------------------------------------------------------------------------------------------ */

/*
 * RFC 4180 with comma, streaming, positions kept. A byte order mark is skipped; CRLF, LF and a missing last newline are
 * the same; quoted cells may hold newlines, commas and doubled quotes. Spaces around an unquoted cell are trimmed.
 * Blank lines are skipped. NUL bytes, wrong UTF-8, an unclosed quote, text after a closing quote, a record longer than
 * LIMIT_LINE: a diagnostic each, and the record is skipped; after a fault in a quoted cell the reading goes on at the line
 * behind the one where its quote opened. If the first record is bad the file has no header: its end is told at once.
 * Codes: csv-nul-byte csv-encoding csv-quote csv-cell-too-long csv-line-too-long csv-too-many-columns csv-too-many-rows
 * csv-carriage-return read-failed.
 */
struct csv;

struct csv_cell {
	const char *text; /* not zero-terminated; valid until the next csv_row */
	uint32_t bytes;
	uint32_t line, column; /* where the cell begins (its quote, if quoted) */
};

struct csv *csv_open(struct arena *, struct source *, struct diagnostics *);
/*
 * The same with another delimiter: ; tab |. 0: that of , ; tab | which stands most often in the first line, outside of
 * quotes. Where tabs stand between cells, only spaces are trimmed.
 */
struct csv *csv_open_with(struct arena *, struct source *, struct diagnostics *, char delimiter);
/* The next record, or false at the end (or after a read error, which is diagnosed). Fewer or more cells than the header are
 * the caller's to judge. */
bool csv_row(struct csv *, const struct csv_cell **cells, size_t *count);
/*
 * A CSV cell written so that csv_row reads it back: quoted where needed, wrong UTF-8 replaced by U+FFFD. Commas and newlines
 * between cells are the caller's; a row of one empty cell would be a blank line.
 */
void sink_csv(struct sink *, const char *text);

/* ---- libraries that few runs need --------------------------------------------------------------------------------------------------- */

struct late_call {
	const char *name;
	size_t at; /* of its pointer in what the calls are bound into */
};
enum { LATE_WHY_BYTES = 256 };

/*
 * Loads a shared library (its name has the version of the interface that the headers describe) and binds calls of it. It stays
 * loaded. false: it or one of them is missing on this machine, and why says what, as the loader does.
 */
bool late_bind(const char *library, const struct late_call *, size_t count, void *into, char why[LATE_WHY_BYTES]);

/* ---- threads --------------------------------------------------------------------------------------------------------------------- */

/*
 * Calls work(context, slice, from, to) for slices of [0, count), slices of at most step items, on up to threads threads.
 * Slice numbers ascend with from: results merged by slice number do not depend on the number of threads.
 */
void parallel(unsigned threads, size_t count, size_t step,
	      void (*work)(void *context, size_t slice, size_t from, size_t to), void *context);

#endif
