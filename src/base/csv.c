/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV in (RFC 4180) and out. Sixty-four bytes at a time become a bit mask of the bytes that mean something (delimiter,
 * newline, quote); a record is walked from mark to mark. The buffer holds whole records: what is cut off at its end moves
 * to the front and is walked again with more behind it, so a record lies in one piece and its cells are parts of it.
 *
 *      buffer          at              block       end
 *      | done records  | this record   | 64 bytes  | 64 bytes of padding
 *
 * A quote means something only where a cell begins; elsewhere it is a letter like others (5" antenna).
 */
#include "base/base.h"

#include <assert.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	BLOCK = 64,
	FIRST_BUFFER = 4 << 10,
	USUAL_BUFFER = 256 << 10, /* fits the second-level cache beside what the caller builds */
};

enum record { RECORD_READ, RECORD_BLANK, RECORD_CUT, RECORD_BAD };

struct csv {
	struct arena *arena;
	struct source *source;
	struct diagnostics *diagnostics;
	char *buffer;
	size_t room;
	char *at, *end;   /* the next record, the end of what was read */
	uint64_t offset;  /* in the file, of buffer[0] */
	char *block;      /* the marks are of these 64 bytes */
	uint64_t marks;   /* still to be visited */
	char *suspect;    /* before here may be bytes that are NUL or not ASCII */
	char *line_begin; /* of the line that is being walked; counts columns */
	uint32_t line;
	bool begun, ended, last_read; /* last_read: the source has no more */
	char delimiter;               /* 0: not chosen yet */
	char blank;                   /* what is trimmed besides spaces: a tab, unless tabs stand between cells */
	uint32_t rows;
	char *bad_at;      /* RECORD_BAD: go on behind the next newline from here */
	uint32_t bad_line; /* the line of bad_at */
	size_t count;
	struct csv_cell cells[LIMIT_COLUMNS];
	bool doubled[LIMIT_COLUMNS]; /* the cell holds doubled quotes */
};

/* ---- marks ---- */

#ifdef __SSE2__

static inline uint64_t sixteen(const char *at, char delimiter, __m128i *odd)
{
	__m128i v = _mm_loadu_si128((const __m128i *)at);
	__m128i comma = _mm_cmpeq_epi8(v, _mm_set1_epi8(delimiter));
	__m128i newline = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'));
	__m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));

	*odd = _mm_or_si128(*odd, _mm_or_si128(v, _mm_cmpeq_epi8(v, _mm_setzero_si128())));
	return (unsigned)_mm_movemask_epi8(_mm_or_si128(comma, _mm_or_si128(newline, quote)));
}

static inline uint64_t marks_of(const char *at, char delimiter, bool *odd)
{
	__m128i seen = _mm_setzero_si128();
	uint64_t marks = sixteen(at, delimiter, &seen);

	marks |= sixteen(at + 16, delimiter, &seen) << 16;
	marks |= sixteen(at + 32, delimiter, &seen) << 32;
	marks |= sixteen(at + 48, delimiter, &seen) << 48;
	*odd = _mm_movemask_epi8(seen) != 0;
	return marks;
}

#else

static inline uint64_t marks_of(const char *at, char delimiter, bool *odd)
{
	uint64_t marks = 0;
	bool seen = false;

	for (unsigned i = 0; i < BLOCK; i++) {
		unsigned char c = (unsigned char)at[i];

		marks |= (uint64_t)(c == (unsigned char)delimiter || c == '\n' || c == '"') << i;
		seen |= c == 0 || c >= 0x80;
	}
	*odd = seen;
	return marks;
}

#endif

static inline void load_block(struct csv *c)
{
	size_t left = (size_t)(c->end - c->block);
	bool odd;

	c->marks = marks_of(c->block, c->delimiter, &odd);
	if (left < BLOCK)
		c->marks &= ((uint64_t)1 << left) - 1;
	if (odd)
		c->suspect = c->block + BLOCK;
}

/* Makes at the next byte whose mark is visited. */
static void seek(struct csv *c, char *at)
{
	size_t inside = (size_t)(at - c->buffer) % BLOCK;

	c->block = at - inside;
	if (c->block < c->end) {
		load_block(c);
		c->marks &= ~(uint64_t)0 << inside;
	} else {
		c->marks = 0;
	}
}

/* The next comma, newline or quote, or the end of what was read. */
static inline char *next_mark(struct csv *c)
{
	char *mark;

	while (!c->marks) {
		if (c->end - c->block <= BLOCK)
			return c->end;
		c->block += BLOCK;
		load_block(c);
	}
	mark = c->block + __builtin_ctzll(c->marks);
	c->marks &= c->marks - 1;
	return mark;
}

/* ---- filling ---- */

static struct place place_of(const struct csv *c, uint32_t line, size_t column)
{
	return (struct place){ source_name(c->source), line, (uint32_t)column };
}

/* Moves the record at c->at to the front and reads behind it; false on a failure, which is diagnosed. */
static bool fill(struct csv *c)
{
	size_t kept = (size_t)(c->end - c->at);

	c->offset += (uint64_t)(c->at - c->buffer);
	if (kept > c->room / 2) {
		char *larger = arena_alloc(c->arena, c->room * 2 + BLOCK);

		memcpy(larger, c->at, kept);
		arena_release(c->arena, c->buffer, c->room + BLOCK);
		c->buffer = larger;
		c->room *= 2;
	} else {
		memmove(c->buffer, c->at, kept);
	}
	c->line_begin = c->at = c->buffer;
	c->end = c->buffer + kept;
	/* Full or at the end: a pipe that delivers in drops must not have a record walked for each drop. */
	while (!c->last_read && c->end < c->buffer + c->room) {
		ptrdiff_t n = source_read(c->source, c->end, (size_t)(c->buffer + c->room - c->end));

		if (n < 0) {
			diagnose(c->diagnostics, SEVERITY_ERROR, "read-failed", place_of(c, c->line, 0),
				 "can't be read: %s", strerror(source_error(c->source)));
			return false;
		}
		c->last_read = n == 0;
		c->end += n;
	}
	memset(c->end, 0, BLOCK);
	c->suspect = c->buffer;
	seek(c, c->at);
	return true;
}

/* Goes on behind the next newline from c->bad_at, however far that is. */
static bool skip_line(struct csv *c)
{
	char *newline;

	c->at = c->bad_at;
	c->line = c->bad_line;
	while (!(newline = memchr(c->at, '\n', (size_t)(c->end - c->at)))) {
		c->at = c->end;
		if (c->last_read)
			return true;
		if (!fill(c))
			return false;
	}
	c->at = newline + 1;
	c->line++;
	seek(c, c->at);
	return true;
}

/* ---- one record ---- */

static enum record bad(struct csv *c, char *go_on, uint32_t line)
{
	c->bad_at = go_on;
	c->bad_line = line;
	return RECORD_BAD;
}

/*
 * Goes on at the line behind the one where the quote opened: what follows a forgotten quote is most likely meant as rows.
 * No file can make this read the same bytes over and over: between a quote and its fault all quotes are doubled, and a
 * pair opens and closes a cell at once.
 */
static enum record bad_quote(struct csv *c, const struct csv_cell *cell)
{
	return bad(c, (char *)cell->text - 1, cell->line);
}

static enum record unclosed(struct csv *c, const struct csv_cell *cell, char *fault)
{
	struct place place = place_of(c, cell->line, cell->column);

	if (fault - cell->text > LIMIT_CELL)
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-quote", place,
			 "this quote is not closed within %d bytes, the most a cell may have", LIMIT_CELL);
	else
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-quote", place, "this quote is never closed");
	return bad_quote(c, cell);
}

static inline char *skip_spaces(const struct csv *c, char *at)
{
	while (at < c->end && (*at == ' ' || *at == c->blank))
		at++;
	return at;
}

/* What may follow a closing quote: spaces, then comma, newline, CR LF or the end. *next becomes the mark that ends the cell. */
static enum record after_quote(struct csv *c, const struct csv_cell *cell, char *at, char **next)
{
	uint32_t quote = (uint32_t)(at - c->line_begin); /* its column */

	at = skip_spaces(c, at);
	if (at < c->end && *at == '\r')
		at++;
	if (at == c->end) {
		*next = c->end;
		return c->last_read ? RECORD_READ : RECORD_CUT;
	}
	if (*at == '\n' || (*at == c->delimiter && at[-1] != '\r')) {
		*next = next_mark(c);
		assert(*next == at);
		return RECORD_READ;
	}
	if (c->line != cell->line)
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-quote", place_of(c, cell->line, cell->column),
			 "this quote is not closed before the one at %u:%u, and text follows that", c->line, quote);
	else
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-quote",
			 place_of(c, c->line, (size_t)(at - c->line_begin) + 1),
			 "text after the closing quote; a quote within a cell is written twice");
	return bad_quote(c, cell);
}

/* A cell that begins with a quote at cell->text; *next becomes the mark behind it. */
static enum record quoted_cell(struct csv *c, struct csv_cell *cell, bool *doubled, char **next)
{
	char *open = next_mark(c), *mark;

	assert(open == cell->text);
	cell->text = open + 1;
	for (;;) {
		mark = next_mark(c);
		if (mark - open > LIMIT_CELL + 1)
			return unclosed(c, cell, mark);
		if (mark == c->end)
			return c->last_read ? unclosed(c, cell, mark) : RECORD_CUT;
		if (*mark == '\n') {
			c->line++;
			c->line_begin = mark + 1;
		} else if (*mark == '"') {
			if (mark + 1 == c->end && !c->last_read)
				return RECORD_CUT;
			if (mark + 1 == c->end || mark[1] != '"')
				break;
			next_mark(c);
			*doubled = true;
		}
	}
	cell->bytes = (uint32_t)(mark - cell->text);
	return after_quote(c, cell, mark + 1, next);
}

static enum record plain_cell(struct csv *c, struct csv_cell *cell, char **next)
{
	char *mark = next_mark(c);
	const char *last;

	while (mark < c->end && *mark == '"')
		mark = next_mark(c);
	if (mark == c->end && !c->last_read)
		return RECORD_CUT;
	last = mark;
	if ((mark == c->end || *mark == '\n') && last > cell->text && last[-1] == '\r')
		last--;
	while (last > cell->text && (last[-1] == ' ' || last[-1] == c->blank))
		last--;
	*next = mark;
	if (last - cell->text > LIMIT_CELL) {
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-cell-too-long", place_of(c, cell->line, cell->column),
			 "this cell has %td bytes, more than %d", last - cell->text, LIMIT_CELL);
		return bad(c, mark, c->line);
	}
	cell->bytes = (uint32_t)(last - cell->text);
	return RECORD_READ;
}

/* Walks the record at c->at; on RECORD_READ and RECORD_BLANK *behind is the byte after its newline. */
static enum record walk(struct csv *c, char **behind)
{
	char *at = c->at, *next = at;

	for (c->count = 0;; c->count++) {
		struct csv_cell *cell = &c->cells[c->count];
		enum record outcome;

		at = skip_spaces(c, at);
		if (c->count == LIMIT_COLUMNS) {
			diagnose(c->diagnostics, SEVERITY_ERROR, "csv-too-many-columns",
				 place_of(c, c->line, (size_t)(at - c->line_begin) + 1), "more than %d columns",
				 LIMIT_COLUMNS);
			return bad(c, next, c->line);
		}
		*cell = (struct csv_cell){ at, 0, c->line, (uint32_t)(at - c->line_begin) + 1 };
		c->doubled[c->count] = false;
		if (at < c->end && *at == '"')
			outcome = quoted_cell(c, cell, &c->doubled[c->count], &next);
		else
			outcome = plain_cell(c, cell, &next);
		if (outcome != RECORD_READ)
			return outcome;
		at = next + 1;
		if (next == c->end || *next == '\n')
			break;
	}
	*behind = next == c->end ? next : at;
	if (c->count++ == 0 && c->cells[0].bytes == 0 && (c->cells[0].text == c->at || c->cells[0].text[-1] != '"'))
		return RECORD_BLANK;
	return RECORD_READ;
}

/* A record whose bytes were not all plain: looks closely. */
static enum record check_bytes(struct csv *c, uint32_t line, char *behind)
{
	size_t count = (size_t)(behind - c->at), wrong = utf8_check(c->at, count);
	const char *line_begin = c->at;
	unsigned char byte;
	struct place place;
	unsigned long long offset;

	if (wrong == count)
		return RECORD_READ;
	for (const char *p = c->at; (p = memchr(p, '\n', wrong - (size_t)(p - c->at))); line_begin = ++p)
		line++;
	byte = (unsigned char)c->at[wrong];
	place = place_of(c, line, (size_t)(c->at + wrong - line_begin) + 1);
	offset = c->offset + (unsigned long long)(c->at + wrong - c->buffer);
	if (byte == 0)
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-nul-byte", place,
			 "NUL byte at offset %llu; is this a text file?", offset);
	else
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-encoding", place,
			 "byte 0x%02X at offset %llu is not UTF-8; save the file as UTF-8", byte, offset);
	return RECORD_BAD;
}

/* Each doubled quote becomes one, in place. */
static void undouble(struct csv_cell *cell)
{
	char *to = (char *)cell->text;
	const char *from = cell->text, *end = from + cell->bytes;

	while (from < end) {
		from += *from == '"';
		*to++ = *from++;
	}
	cell->bytes = (uint32_t)(to - cell->text);
}

/* The record at c->at has been walked to its end. */
static enum record take(struct csv *c, uint32_t line, char *behind)
{
	enum record outcome = RECORD_READ;

	if (behind - c->at > LIMIT_LINE + 2) {
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-line-too-long", place_of(c, line, 0),
			 "this record is longer than %d bytes", LIMIT_LINE);
		outcome = RECORD_BAD;
	} else if (c->suspect > c->at) {
		outcome = check_bytes(c, line, behind);
	}
	for (size_t i = 0; i < c->count; i++)
		if (c->doubled[i])
			undouble(&c->cells[i]);
	if (behind > c->at && behind[-1] == '\n')
		c->line++;
	c->line_begin = c->at = behind;
	return outcome;
}

/* ---- records ---- */

/* The one that stands most often in the first line, outside of quotes; a comma where none does. */
static char choose_delimiter(const char *at, const char *end)
{
	static const char all[] = ",;\t|";
	size_t counts[sizeof all - 1] = { 0 }, best = 0;
	bool quoted = false;

	for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
		const char *found = *at ? strchr(all, *at) : NULL;

		quoted ^= *at == '"';
		if (found && !quoted)
			counts[found - all]++;
	}
	for (size_t i = 1; i < sizeof all - 1; i++)
		best = counts[i] > counts[best] ? i : best;
	return all[best];
}

/* Reads the first bytes; what they say about the encoding comes before anything else. */
static bool begin(struct csv *c)
{
	c->begun = true;
	if (!fill(c))
		return false;
	if (!c->delimiter) {
		c->delimiter = choose_delimiter(c->at, c->end);
		c->blank = c->delimiter == '\t' ? ' ' : '\t';
		seek(c, c->at);
	}
	if (c->end - c->at >= 3 && memcmp(c->at, "\xEF\xBB\xBF", 3) == 0) {
		c->line_begin = c->at += 3;
		seek(c, c->at);
	} else if (c->end - c->at >= 2 && (memcmp(c->at, "\xFF\xFE", 2) == 0 || memcmp(c->at, "\xFE\xFF", 2) == 0)) {
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-encoding", place_of(c, 1, 1),
			 "the file is UTF-16; save the file as UTF-8");
		return false;
	}
	return true;
}

/* A record that goes on behind the buffer; too long a one is given up. */
static enum record go_on_reading(struct csv *c, uint32_t line)
{
	if (c->end - c->at > LIMIT_LINE + 2) {
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-line-too-long", place_of(c, line, 0),
			 "this record is longer than %d bytes", LIMIT_LINE);
		return bad(c, c->end, c->line);
	}
	c->line = line;
	return fill(c) ? RECORD_CUT : RECORD_BLANK;
}

/* RECORD_BLANK stands for the end here. */
static enum record next_record(struct csv *c)
{
	for (;;) {
		uint32_t line = c->line;
		char *behind = NULL;
		enum record outcome;

		if (c->at == c->end && c->last_read)
			return RECORD_BLANK;
		c->line_begin = c->at;
		outcome = walk(c, &behind);
		if (outcome == RECORD_CUT) {
			outcome = go_on_reading(c, line);
			if (outcome == RECORD_CUT)
				continue;
			if (outcome == RECORD_BLANK)
				return outcome;
		}
		if (outcome == RECORD_BAD) {
			if (!skip_line(c))
				return RECORD_BLANK;
			return RECORD_BAD;
		}
		if (take(c, line, behind) == RECORD_BAD)
			return RECORD_BAD;
		if (outcome == RECORD_READ)
			return RECORD_READ;
	}
}

struct csv *csv_open(struct arena *a, struct source *source, struct diagnostics *diagnostics)
{
	return csv_open_with(a, source, diagnostics, ',');
}

struct csv *csv_open_with(struct arena *a, struct source *source, struct diagnostics *diagnostics, char delimiter)
{
	struct csv *c = arena_alloc(a, sizeof *c);
	size_t expected = source_expected(source);

	c->arena = a;
	c->source = source;
	c->diagnostics = diagnostics;
	c->line = 1;
	c->delimiter = delimiter;
	c->blank = delimiter == '\t' ? ' ' : '\t';
	c->room = FIRST_BUFFER;
	/* One byte more than the file has: then the end is seen with the first filling. */
	while (c->room < USUAL_BUFFER && (!expected || c->room < expected + 1))
		c->room *= 2;
	c->buffer = arena_alloc(a, c->room + BLOCK);
	c->at = c->end = c->line_begin = c->suspect = c->buffer;
	return c;
}

/* A file whose lines end in carriage returns alone is one long header: its rows would be missed without a word. */
static bool lines_end(struct csv *c)
{
	for (size_t i = 0; i < c->count && c->last_read && c->at == c->end && c->line == 1; i++) {
		const struct csv_cell *cell = &c->cells[i];
		const char *found = cell->bytes ? memchr(cell->text, '\r', cell->bytes) : NULL;

		if (!found)
			continue;
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-carriage-return",
			 place_of(c, cell->line, cell->column + (size_t)(found - cell->text)),
			 "a carriage return alone ends no line, and the file has no other ends: save it with line feeds");
		return false;
	}
	return true;
}

bool csv_row(struct csv *c, const struct csv_cell **cells, size_t *count)
{
	enum record outcome = RECORD_BLANK;

	*cells = c->cells;
	*count = 0;
	if (c->ended || (!c->begun && !begin(c))) {
		c->ended = true;
		return false;
	}
	/* Without its header nothing in the file means anything. */
	do
		outcome = next_record(c);
	while (outcome == RECORD_BAD && c->rows > 0);
	if (outcome == RECORD_READ && c->rows > LIMIT_ROWS) {
		diagnose(c->diagnostics, SEVERITY_ERROR, "csv-too-many-rows", place_of(c, c->cells[0].line, 0),
			 "more than %d rows", LIMIT_ROWS);
		outcome = RECORD_BLANK;
	}
	if (outcome != RECORD_READ || (!c->rows && !lines_end(c))) {
		c->ended = true;
		return false;
	}
	c->rows++;
	*count = c->count;
	return true;
}

/* ---- CSV out ---- */

static bool needs_quotes(const char *text, size_t bytes)
{
	if (!bytes)
		return false;
	/* A byte order mark at the front of a file would be taken for one. */
	return strpbrk(text, ",\"\r\n") || strchr(" \t", *text) || strchr(" \t", text[bytes - 1]) ||
	       strncmp(text, "\xEF\xBB\xBF", 3) == 0;
}

/* What is not UTF-8 would not be read back: it becomes U+FFFD. */
static void put_valid(struct sink *s, const char *text, size_t bytes)
{
	while (bytes) {
		size_t good = utf8_check(text, bytes);

		sink_put(s, text, good);
		if (good == bytes)
			return;
		sink_text(s, "\xEF\xBF\xBD");
		text += good + 1;
		bytes -= good + 1;
	}
}

void sink_csv(struct sink *s, const char *text)
{
	size_t bytes = strlen(text);

	if (!needs_quotes(text, bytes)) {
		put_valid(s, text, bytes);
		return;
	}
	sink_char(s, '"');
	while (bytes) {
		const char *quote = memchr(text, '"', bytes);
		size_t part = quote ? (size_t)(quote - text) : bytes;

		put_valid(s, text, part);
		if (quote)
			sink_put(s, "\"\"", 2);
		part += quote != NULL;
		text += part;
		bytes -= part;
	}
	sink_char(s, '"');
}
