/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One cell to one code. Most columns repeat a few texts, so each has a small cache of them; where it does not pay (ids,
 * addresses, ends of links) the texts are interned in batches instead, so that their look-ups wait for memory together.
 */
#include "net/read.h"

#include <stdlib.h>
#include <string.h>

enum {
	CACHE_WORTH = 32,   /* looks before a column gets a cache: small cases need none */
	CACHE_TRIAL = 1024, /* looks before it is judged */
};

/* ---- what is wrong with a cell ---- */

static struct place place_of(const struct reader *r, const struct csv_cell *cell)
{
	return (struct place){ r->file_name, cell->line, cell->column };
}

static const char *copy(const struct reader *r, const struct csv_cell *cell)
{
	return arena_text(r->load->staging, cell->text, cell->bytes);
}

static void complain(const struct reader *r, const struct csv_cell *cell, const char *code, const char *what,
		     const char *problem, const char *nearest)
{
	diagnose(r->load->diagnostics, SEVERITY_ERROR, code, place_of(r, cell), "%s \"%s\" %s%s%s%s", what,
		 copy(r, cell), problem, nearest ? " (did you mean \"" : "", nearest ? nearest : "",
		 nearest ? "\"?)" : "");
}

/* ---- values ---- */

/* A number with more decimals than a measure has: cut to six, rounded half away from zero. */
static enum number_status parse_fine(const char *text, uint32_t bytes, int64_t *micro)
{
	const char *point = memchr(text, '.', bytes);
	enum number_status status = measure_parse(text, (size_t)(point - text) + 7, micro);

	if (status == NUMBER_OK && point[7] >= '5')
		*micro += *text == '-' ? -1 : 1;
	return status;
}

/* The shortest way to write the number: what micro_print would give. */
static bool is_shortest(const char *text, uint32_t bytes)
{
	bool minus = *text == '-';
	const char *digits = text + minus, *end = text + bytes, *point = memchr(text, '.', bytes);

	if (digits == end || *digits == '+' || *digits == '.' || (minus && *digits == '0' && bytes == 2))
		return false;
	if (*digits == '0' && digits + 1 < end && digits[1] != '.')
		return false;
	return !point || (end[-1] != '0' && end[-1] != '.');
}

static enum number_status parse_number(struct reader *r, struct stage_column *column, const struct csv_cell *cell,
				       int64_t *micro)
{
	enum number_status status = measure_parse(cell->text, cell->bytes, micro);
	bool place_on_earth = column->known && column->known->flags & COLUMN_NO_ZERO;

	if (status != NUMBER_TOO_FINE)
		return status;
	/* 10^-6 of a degree is a hand's breadth: nobody needs to hear that the rest was dropped. */
	if (!column->rounded.line && !place_on_earth)
		column->rounded = place_of(r, cell);
	return parse_fine(cell->text, cell->bytes, micro);
}

static void put_known_measure(struct reader *r, struct stage_column *column, uint32_t row, const struct csv_cell *cell)
{
	const struct known_column *known = column->known;
	int64_t micro = MEASURE_UNKNOWN;
	enum number_status status = parse_number(r, column, cell, &micro);
	char least[48], most[48];

	column->measures[row] = MEASURE_UNKNOWN;
	if (status == NUMBER_OVERFLOW)
		complain(r, cell, "number-overflow", known->name, "is more than 9223372036854", NULL);
	else if (status == NUMBER_BAD && cell->text[cell->bytes - 1] == '%')
		complain(r, cell, "bad-number", known->name, "is a share, not a number", NULL);
	else if (status == NUMBER_BAD)
		complain(r, cell, "bad-number", known->name, "is not a number", NULL);
	else if (micro >= known->least && micro <= known->most)
		column->measures[row] = micro;
	else if (known->most == INT64_MAX)
		complain(r, cell, "number-range", known->name, "is negative", NULL);
	else {
		micro_print(known->least, least);
		micro_print(known->most, most);
		diagnose(r->load->diagnostics, SEVERITY_ERROR, "number-range", place_of(r, cell),
			 "%s \"%s\" is not within %s to %s", known->name, copy(r, cell), least, most);
	}
}

/* False: not a number, the column is one of words. */
static bool put_own_measure(struct reader *r, struct stage_column *column, uint32_t row, const struct csv_cell *cell)
{
	int64_t micro = MEASURE_UNKNOWN;
	enum number_status status = parse_number(r, column, cell, &micro);

	if (status == NUMBER_BAD) {
		column->measures[row] = MEASURE_UNKNOWN;
		return false;
	}
	if (status == NUMBER_OVERFLOW && !column->overflow.line)
		column->overflow = place_of(r, cell);
	if (status != NUMBER_OK || !is_shortest(cell->text, cell->bytes)) {
		struct odd_number *odd = array_add(&column->odd);

		*odd = (struct odd_number){ row, strs_add(r->load->strs, cell->text, cell->bytes) };
	}
	column->measures[row] = status == NUMBER_OVERFLOW ? MEASURE_UNKNOWN : micro;
	return true;
}

static uint32_t parse_date(struct reader *r, const struct stage_column *column, const struct csv_cell *cell)
{
	int32_t days;

	if (date_parse(cell->text, cell->bytes, &days))
		return (uint32_t)(days - DATE_FIRST);
	complain(r, cell, "bad-date", column->name, "is not a date (YYYY-MM-DD)", NULL);
	return CODE_BAD;
}

static uint32_t parse_yesno(struct reader *r, const struct stage_column *column, const struct csv_cell *cell)
{
	if (cell->bytes == 3 && memcmp(cell->text, "yes", 3) == 0)
		return 1;
	if (cell->bytes == 2 && memcmp(cell->text, "no", 2) == 0)
		return 0;
	complain(r, cell, "bad-word", column->name, "is neither yes nor no", NULL);
	return CODE_BAD;
}

static uint32_t parse_layer(struct reader *r, const struct csv_cell *cell)
{
	const char *text = copy(r, cell), *names[LAYER_COUNT];
	uint32_t code = net_layer_find(text);

	if (code != CODE_UNKNOWN)
		return code;
	for (int i = 0; i < LAYER_COUNT; i++)
		names[i] = net_layer_name((enum net_layer)i);
	complain(r, cell, "bad-word", "layer",
		 "is none of core, access, transport, management, interception, security, external",
		 nearest_text(text, names, LAYER_COUNT));
	return CODE_BAD;
}

static uint32_t parse_technology(struct reader *r, const struct csv_cell *cell)
{
	const char *text = copy(r, cell), *names[TECHNOLOGY_COUNT];
	uint32_t code = net_technology_find(text);

	if (code != CODE_UNKNOWN)
		return code;
	for (int i = 0; i < TECHNOLOGY_COUNT; i++)
		names[i] = net_technology_name((enum net_technology)i);
	complain(r, cell, "bad-word", "technology", "is none of 2G, 3G, 4G, 5G-NSA, 5G-SA, fixed",
		 nearest_text(text, names, TECHNOLOGY_COUNT));
	return CODE_BAD;
}

static uint32_t parse_function(struct reader *r, const struct csv_cell *cell)
{
	const char *text = copy(r, cell);
	uint32_t code = net_function_find(text);

	if (code == CODE_UNKNOWN) {
		complain(r, cell, "unknown-function", "function", "is not known", net_function_nearest(text));
		return CODE_BAD;
	}
	return code;
}

static uint32_t parse_reference_point(struct reader *r, const struct csv_cell *cell)
{
	const char *text = copy(r, cell);
	uint32_t code = net_reference_point_find(text);

	if (code == CODE_UNKNOWN) {
		complain(r, cell, "unknown-reference-point", "reference point", "is not known",
			 net_reference_point_nearest(text));
		return CODE_BAD;
	}
	return code;
}

/*
 * Two capital letters; a code that ISO has not given away is probably a slip, but laws change faster than this table.
 */
static uint32_t parse_country(struct reader *r, const struct csv_cell *cell)
{
	const char *t = cell->text;

	if (cell->bytes != 2 || t[0] < 'A' || t[0] > 'Z' || t[1] < 'A' || t[1] > 'Z') {
		complain(r, cell, "bad-word", "jurisdiction", "is not two capital letters (ISO 3166-1 alpha-2)", NULL);
		return CODE_BAD;
	}
	if (!net_country_known(t))
		diagnose(r->load->diagnostics, SEVERITY_WARNING, "unknown-jurisdiction", place_of(r, cell),
			 "jurisdiction \"%s\" is no code of ISO 3166-1%s", copy(r, cell),
			 memcmp(t, "UK", 2) == 0 ? " (did you mean \"GB\"?)" : "");
	return strs_add(r->load->strs, t, cell->bytes);
}

/* A list of functions in the spelling of the table, so that policies find them. */
static uint32_t parse_functions(struct reader *r, const struct csv_cell *cell)
{
	struct sink *spelled = sink_to_memory(r->load->staging);
	const char *at = cell->text, *end = at + cell->bytes, *text;
	size_t bytes;

	for (bool first = true;; first = false) {
		struct csv_cell word = { NULL, 0, cell->line, 0 };
		uint32_t code;

		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		if (at == end)
			break;
		word.text = at;
		word.column = cell->column + (uint32_t)(at - cell->text);
		while (at < end && *at != ' ' && *at != '\t')
			at++;
		word.bytes = (uint32_t)(at - word.text);
		code = parse_function(r, &word);
		if (!first)
			sink_char(spelled, ' ');
		sink_text(spelled, code < CODE_BAD ? net_functions[code].name : copy(r, &word));
	}
	text = sink_memory(spelled, &bytes);
	return lists_code(r->load, strs_add(r->load->strs, text, bytes));
}

static void check_addresses(struct reader *r, const struct csv_cell *cell)
{
	const char *at = cell->text, *end = at + cell->bytes;

	while (at < end) {
		const char *word = at;

		while (at < end && *at != ' ' && *at != '\t')
			at++;
		if (!address_valid(word, (size_t)(at - word)))
			diagnose(r->load->diagnostics, SEVERITY_ERROR, "bad-address",
				 (struct place){ r->file_name, cell->line,
						 cell->column + (uint32_t)(word - cell->text) },
				 "\"%.*s\" is no address", (int)(at - word), word);
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
	}
}

static uint32_t parse_words(struct reader *r, const struct stage_column *column, const struct csv_cell *cell)
{
	if (column->known && column->known->flags & COLUMN_FUNCTIONS)
		return parse_functions(r, cell);
	if (column->known && column->known->flags & COLUMN_ADDRESSES)
		check_addresses(r, cell);
	return lists_code(r->load, strs_add(r->load->strs, cell->text, cell->bytes));
}

static uint32_t parse(struct reader *r, const struct stage_column *column, const struct csv_cell *cell)
{
	switch (column->type) {
	case TYPE_DATE:
		return parse_date(r, column, cell);
	case TYPE_YESNO:
		return parse_yesno(r, column, cell);
	case TYPE_LAYER:
		return parse_layer(r, cell);
	case TYPE_TECHNOLOGY:
		return parse_technology(r, cell);
	case TYPE_FUNCTION:
		return parse_function(r, cell);
	case TYPE_REFERENCE:
		return parse_reference_point(r, cell);
	case TYPE_WORDS:
		return parse_words(r, column, cell);
	default:
		if (column->known && column->known->flags & COLUMN_COUNTRY)
			return parse_country(r, cell);
		return strs_add(r->load->strs, cell->text, cell->bytes);
	}
}

/* ---- the cache ---- */

static inline uint32_t cache_slot(const char *text, uint32_t bytes)
{
	uint64_t first = 0, last = 0;

	if (bytes >= 8) {
		memcpy(&first, text, 8);
		memcpy(&last, text + bytes - 8, 8);
	} else if (bytes >= 4) {
		memcpy(&first, text, 4);
		memcpy(&last, text + bytes - 4, 4);
	} else {
		first = (unsigned char)text[0] | (uint64_t)(unsigned char)text[bytes / 2] << 8 |
			(uint64_t)(unsigned char)text[bytes - 1] << 16;
	}
	first = (first ^ bytes) * 0x9E3779B97F4A7C15u;
	last = (last ^ first >> 32) * 0xC2B2AE3D27D4EB4Fu;
	return (uint32_t)((first ^ last) >> 56) % CACHE_SLOTS;
}

/* Texts of a few bytes, as they mostly are here, cost less than a call of memcmp. Neither reads past its end. */
static inline bool same_bytes(const char *a, const char *b, uint32_t bytes)
{
	uint64_t left[2], right[2];

	if (bytes < 8 || bytes > 16)
		return memcmp(a, b, bytes) == 0;
	memcpy(&left[0], a, 8);
	memcpy(&right[0], b, 8);
	memcpy(&left[1], a + bytes - 8, 8);
	memcpy(&right[1], b + bytes - 8, 8);
	return left[0] == right[0] && left[1] == right[1];
}

static bool can_batch(const struct stage_column *column)
{
	unsigned flags = column->known ? column->known->flags : 0;

	return (column->type == TYPE_TEXT || column->type == TYPE_WORDS || column->at) &&
	       !(flags & (COLUMN_COUNTRY | COLUMN_FUNCTIONS));
}

static uint32_t look_up(struct reader *r, struct stage_column *column, const struct csv_cell *cell)
{
	struct cell_cache *cache = column->cache;
	uint32_t slot, code;

	if (!cache) {
		if (column->first_looks++ < CACHE_WORTH)
			return parse(r, column, cell);
		cache = column->cache = arena_alloc(r->load->staging, sizeof *cache);
	}
	slot = cache_slot(cell->text, cell->bytes);
	cache->looks++;
	if (cache->slots[slot].bytes == cell->bytes && same_bytes(cache->slots[slot].text, cell->text, cell->bytes))
		return cache->slots[slot].code;
	cache->misses++;
	if (cache->looks >= CACHE_TRIAL) {
		column->uncached = cache->misses > cache->looks / 4 && can_batch(column);
		cache->looks = cache->misses = 0;
	}
	code = parse(r, column, cell);
	if (code < CODE_BAD && cell->bytes <= CACHE_TEXT) {
		cache->slots[slot].code = code;
		cache->slots[slot].bytes = (uint8_t)cell->bytes;
		memcpy(cache->slots[slot].text, cell->text, cell->bytes);
	}
	return code;
}

/* ---- batches ---- */

struct reader *reader_new(struct load *load, struct stage *stage)
{
	struct reader *r = load->reader;

	/* One for all files: it is large, and most cases are small. */
	if (!r)
		r = load->reader = arena_alloc(load->staging, sizeof *r);
	r->load = load;
	r->stage = stage;
	r->target_count = r->cell_count = r->text_count = r->text_used = r->seen = 0;
	r->batch = ++load->batches;
	return r;
}

void batch_flush(struct reader *r)
{
	strs_add_all(r->load->strs, r->texts, r->text_count);
	for (size_t i = 0; i < r->cell_count; i++) {
		const struct batch_cell *cell = &r->cells[i];
		uint32_t id = r->texts[cell->text].id;

		if (cell->kind == BATCH_KEY)
			stage_put_id(r->load, r->table, cell->row, id, cell->cell_column);
		else if (cell->kind == BATCH_LIST)
			r->table->columns.items[cell->column].codes[cell->row] = lists_code(r->load, id);
		else
			r->table->columns.items[cell->column].codes[cell->row] = id;
	}
	r->cell_count = r->text_count = 0;
	r->text_used = 0;
	r->batch = ++r->load->batches;
}

static uint32_t keep_text(struct reader *r, const struct csv_cell *cell)
{
	char *text = r->text + r->text_used;

	memcpy(text, cell->text, cell->bytes);
	r->text_used += cell->bytes;
	r->texts[r->text_count] = (struct strs_piece){ text, cell->bytes, 0 };
	return (uint32_t)r->text_count++;
}

static inline bool is_newest(const struct reader *r, const struct stage_column *column, const struct csv_cell *cell)
{
	const struct strs_piece *newest = &r->texts[column->newest_text];

	return column->newest_batch == r->batch && newest->bytes == cell->bytes &&
	       same_bytes(newest->text, cell->text, cell->bytes);
}

void batch_add(struct reader *r, enum batch_kind kind, uint32_t index, uint32_t row, const struct csv_cell *cell)
{
	struct stage_column *column = kind == BATCH_CODE ? &r->table->columns.items[index] : NULL;
	uint32_t text;

	if (r->text_count == BATCH || r->cell_count == 2 * BATCH || cell->bytes > BATCH_TEXT - r->text_used)
		batch_flush(r);
	if (column && is_newest(r, column, cell)) {
		text = column->newest_text;
	} else {
		text = keep_text(r, cell);
		if (column)
			column->newest_text = text, column->newest_batch = r->batch;
	}
	r->cells[r->cell_count++] =
		(struct batch_cell){ kind, text, index, row, cell->line == r->line ? cell->column : 0 };
}

/* ---- one cell ---- */

static void put_missing(struct stage_column *column, uint32_t row, bool none)
{
	if (column->type == TYPE_MEASURE)
		column->measures[row] = none ? MEASURE_NONE : MEASURE_UNKNOWN;
	else
		column->codes[row] = none ? CODE_NONE : CODE_UNKNOWN;
}

bool cell_is_empty(const struct csv_cell *cell)
{
	return !cell->bytes || (cell->bytes == 9 && memcmp(cell->text, "(unknown)", 9) == 0);
}

void cell_put(struct reader *r, uint32_t index, uint32_t row, const struct csv_cell *cell)
{
	struct stage_column *column = &r->table->columns.items[index];

	if (column->at)
		column->at[row] = cell->line == r->line && cell->column <= UINT16_MAX ? (uint16_t)cell->column : 0;
	if (cell_is_empty(cell) || (cell->bytes == 4 && memcmp(cell->text, "none", 4) == 0)) {
		put_missing(column, row, !cell_is_empty(cell));
		return;
	}
	if (column->type == TYPE_MEASURE) {
		if (column->known) {
			put_known_measure(r, column, row, cell);
			return;
		}
		if (put_own_measure(r, column, row, cell))
			return;
		stage_to_words(r->load, r->table, column);
	}
	if (column->uncached && column->known && column->known->flags & COLUMN_ADDRESSES)
		check_addresses(r, cell);
	if (column->type == TYPE_ELEMENT || column->uncached)
		batch_add(r, column->type == TYPE_WORDS ? BATCH_LIST : BATCH_CODE, index, row, cell);
	else if (column->type == TYPE_DATE)
		column->codes[row] = parse_date(r, column, cell); /* costs no more than to look it up */
	else
		column->codes[row] = look_up(r, column, cell);
}
