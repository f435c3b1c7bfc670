/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A staged network becomes `struct net`: references become rows, what is derived is filled in, indexes are made. A
 * reference that points nowhere is told once and reads as unknown.
 */
#include "net/stage.h"

#include <stdlib.h>
#include <string.h>

enum { PREFETCH = 16 };

const char *nearest_id(struct load *load, const uint32_t *ids, uint32_t rows, const char *text)
{
	const char **candidates, *nearest;

	if (!rows || rows > load->compares_left)
		return NULL;
	load->compares_left -= rows;
	candidates = malloc(rows * sizeof *candidates);
	if (!candidates)
		return NULL;
	for (uint32_t row = 0; row < rows; row++)
		candidates[row] = strs_text(load->strs, ids[row]);
	nearest = nearest_text(text, candidates, rows);
	free(candidates);
	return nearest;
}

/* ---- columns ---- */

struct build {
	struct load *load;
	struct stage *stage;
	struct net *net;
	bool last;
	uint32_t *unknown; /* shared by the columns of a table that no file has */
};

static struct arena *arena_of(const struct build *b)
{
	return b->net->arena;
}

static uint32_t *unknown_codes(struct build *b, uint32_t rows)
{
	if (!b->unknown) {
		b->unknown = arena_array(arena_of(b), rows ? rows : 1, sizeof *b->unknown);
		memset(b->unknown, 0xff, rows * sizeof *b->unknown);
	}
	return b->unknown;
}

/* An end of a link, whose column may still be staged or be built already. */
static const char *end_text(const struct build *b, const struct stage_table *table, const char *name, uint32_t row)
{
	const struct stage_column *staged = stage_column_find(table, name);
	const struct net_column *built = net_column(b->net, table->name, name);

	if (staged && staged->codes)
		return staged->codes[row] < CODE_BAD ? strs_text(b->load->strs, staged->codes[row]) : "";
	return built && CODE_IS_KNOWN(built->codes[row]) ? net_id(b->net, NET_ELEMENTS, built->codes[row]) : "";
}

static const char *row_id(const struct build *b, const struct stage_table *table, uint32_t row)
{
	const struct stage_column *point = stage_column_find(table, "reference_point");

	if (table->keyed)
		return strs_text(b->load->strs, table->ids[row]);
	/* The column of points is built behind those of the ends. */
	return link_id(b->load->staging, end_text(b, table, "a", row), end_text(b, table, "b", row),
		       point && point->codes ? point->codes[row] : CODE_UNKNOWN);
}

static void dangling(struct build *b, struct stage_table *table, struct stage_column *column, uint32_t row,
		     uint32_t code, enum net_table_name target)
{
	const struct removed *removed = &b->load->removed[target];
	struct diagnostics *diagnostics = b->load->diagnostics;
	struct place place = stage_place(b->load, table, column, row);
	const char *text = strs_text(b->load->strs, code), *near;
	uint32_t gone =
		b->net->present ? id_index_find(removed->slots, removed->mask, removed->ids, code) : CODE_UNKNOWN;

	if (b->stage->table[target].broken)
		return;
	if (gone != CODE_UNKNOWN) {
		diagnose(diagnostics, SEVERITY_ERROR, "dangling-reference", place,
			 "%s \"%s\" of %s \"%s\" is removed at %s:%u", column->name, text,
			 net_table_singular(table->name), row_id(b, table, row), removed->places[gone].file,
			 removed->places[gone].line);
		return;
	}
	near = nearest_id(b->load, b->net->table[target].ids, b->net->table[target].rows, text);
	diagnose(diagnostics, SEVERITY_ERROR, "dangling-reference", place, "%s \"%s\" is not in %s%s%s%s", column->name,
		 text, net_table_file(target), near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
}

/* Where the codes go: a stage that is not read again hands its own array over. */
static uint32_t *codes_of(struct build *b, const struct stage_table *table, const struct stage_column *column)
{
	return b->last ? column->codes : arena_array(arena_of(b), table->rows ? table->rows : 1, sizeof *column->codes);
}

static uint32_t *resolve(struct build *b, struct stage_table *table, struct stage_column *column,
			 enum net_table_name target)
{
	const struct net_table *to = &b->net->table[target];
	uint32_t *staged = column->codes, *codes = codes_of(b, table, column);
	uint32_t last = CODE_UNKNOWN, last_row = CODE_UNKNOWN;

	for (uint32_t row = 0; row < table->rows; row++) {
		uint32_t code = staged[row];

		if (row + PREFETCH < table->rows)
			__builtin_prefetch(&to->find_slots[staged[row + PREFETCH] & to->find_mask]);
		if (code >= CODE_BAD) {
			codes[row] = code == CODE_BAD ? CODE_UNKNOWN : code;
			continue;
		}
		if (code != last) {
			last_row = id_index_find(to->find_slots, to->find_mask, to->ids, code);
			last = code;
		}
		if (last_row == CODE_UNKNOWN) {
			dangling(b, table, column, row, code, target);
			staged[row] = CODE_BAD;
		}
		codes[row] = last_row;
	}
	return codes;
}

static uint32_t *copy_codes(struct build *b, const struct stage_table *table, const struct stage_column *column)
{
	uint32_t *codes = codes_of(b, table, column);

	if (b->last && !b->load->diagnostics->errors)
		return codes; /* nothing is bad */
	for (uint32_t row = 0; row < table->rows; row++)
		codes[row] = column->codes[row] == CODE_BAD ? CODE_UNKNOWN : column->codes[row];
	return codes;
}

static int64_t *copy_measures(struct build *b, const struct stage_table *table, const struct stage_column *column)
{
	int64_t *measures =
		b->last ? column->measures : arena_array(arena_of(b), table->rows ? table->rows : 1, sizeof *measures);
	int64_t none = column->known && column->known->flags & COLUMN_NO_ZERO ? MEASURE_UNKNOWN : 0;

	for (uint32_t row = 0; row < table->rows; row++)
		measures[row] = column->measures[row] == MEASURE_NONE ? none : column->measures[row];
	return measures;
}

static struct net_column build_column(struct build *b, struct stage_table *table, const struct known_column *known,
				      struct stage_column *column)
{
	struct net_column out = { .name = known ? known->name : column->name,
				  .type = known ? known->type : column->type,
				  .known = known != NULL };

	if (!column)
		out.codes = unknown_codes(b, table->rows);
	else if (out.type == TYPE_MEASURE)
		out.measures = copy_measures(b, table, column);
	else if (column->at && table->name == NET_VENDORS)
		out.codes = copy_codes(b, table, column); /* owner: see check_vendors */
	else if (column->at)
		out.codes = resolve(b, table, column, (enum net_table_name)(NET_VENDORS + (out.type - TYPE_VENDOR)));
	else
		out.codes = copy_codes(b, table, column);
	if (column && b->last)
		column->codes = NULL, column->measures = NULL;
	return out;
}

/* ---- tables ---- */

static void report_numbers(struct build *b, const struct stage_table *table)
{
	for (size_t i = 0; i < table->columns.count; i++) {
		const struct stage_column *column = &table->columns.items[i];

		if (column->type != TYPE_MEASURE)
			continue;
		if (column->overflow.line)
			diagnose(b->load->diagnostics, SEVERITY_ERROR, "number-overflow", column->overflow,
				 "a number in column \"%s\" is more than 9223372036854", column->name);
		if (column->rounded.line)
			diagnose(b->load->diagnostics, SEVERITY_WARNING, "number-rounded", column->rounded,
				 "numbers in column \"%s\" have more than six decimals and are rounded, here first",
				 column->name);
	}
}

/* Cells that may not be empty once proposal and present network are one. */
static void check_filled(struct build *b, struct stage_table *table, const struct known_column *known,
			 struct stage_column *column)
{
	for (uint32_t row = 0; row < table->rows; row++) {
		if (column && (column->codes[row] < CODE_BAD || column->codes[row] == CODE_BAD))
			continue;
		diagnose(b->load->diagnostics, SEVERITY_ERROR, "missing-cell", stage_place(b->load, table, column, row),
			 "%s \"%s\" has no %s", net_table_singular(table->name), row_id(b, table, row), known->name);
		if (column)
			column->codes[row] = CODE_BAD;
	}
}

static void *hand_over(struct build *b, void *staged, uint32_t rows, size_t size)
{
	void *copy;

	if (b->last && staged)
		return staged;
	copy = arena_array(arena_of(b), rows ? rows : 1, size);
	if (rows)
		memcpy(copy, staged, rows * size);
	return copy;
}

static void build_rows(struct build *b, struct stage_table *table, struct net_table *out)
{
	out->rows = table->rows;
	out->lines = hand_over(b, table->lines, table->rows, sizeof *out->lines);
	out->files = hand_over(b, table->files, table->rows, sizeof *out->files);
	if (!table->keyed)
		return;
	out->ids = hand_over(b, table->ids, table->rows, sizeof *out->ids);
	out->find_slots = id_index_make(arena_of(b), out->ids, table->rows, &out->find_mask);
}

/* What the network has now is not the stage's to give back. */
static void let_go(struct stage_table *table)
{
	table->ids = table->lines = NULL;
	table->files = NULL;
	stage_table_free(table);
}

static void add_column(struct net_table *table, struct net_column column)
{
	table->columns[table->column_count++] = column;
}

static void build_table(struct build *b, enum net_table_name name)
{
	struct stage_table *table = &b->stage->table[name];
	struct net_table *out = &b->net->table[name];
	size_t count;
	const struct known_column *known = known_columns(name, &count);

	b->unknown = NULL;
	out->columns = arena_array(arena_of(b), count + table->columns.count, sizeof *out->columns);
	build_rows(b, table, out);
	for (size_t i = 0; i < count; i++) {
		struct stage_column *column = stage_column_find(table, known[i].name);

		if (known[i].flags & COLUMN_KEY || !(column || known[i].flags & (COLUMN_ALWAYS | COLUMN_DERIVED)))
			continue;
		if (known[i].flags & COLUMN_FILLED)
			check_filled(b, table, &known[i], column);
		add_column(out, build_column(b, table, &known[i], column));
	}
	for (size_t i = 0; i < table->columns.count; i++)
		if (!table->columns.items[i].known)
			add_column(out, build_column(b, table, NULL, &table->columns.items[i]));
	if (b->last)
		report_numbers(b, table);
}

/* ---- the rest ---- */

static void index_sites(struct net *net)
{
	const struct net_column *site = net_column(net, NET_ELEMENTS, "site");
	uint32_t sites = net->table[NET_SITES].rows, rows = net->table[NET_ELEMENTS].rows;
	uint32_t *first = net->site_first = arena_array(net->arena, (size_t)sites + 2, sizeof *first);

	net->site_elements = arena_array(net->arena, rows ? rows : 1, sizeof *net->site_elements);
	for (uint32_t row = 0; row < rows; row++)
		if (CODE_IS_KNOWN(site->codes[row]))
			first[site->codes[row] + 2]++;
	for (uint32_t s = 0; s < sites; s++)
		first[s + 2] += first[s + 1];
	/* first[s + 1] is where the next element of site s goes, and in the end where site s ends. */
	for (uint32_t row = 0; row < rows; row++)
		if (CODE_IS_KNOWN(site->codes[row]))
			net->site_elements[first[site->codes[row] + 1]++] = row;
}

static bool any_synthetic(const struct net *net)
{
	for (int t = 0; t < NET_TABLES; t++) {
		const struct net_column *column = net_column(net, (enum net_table_name)t, "synthetic");

		for (uint32_t row = 0; column && row < net->table[t].rows; row++)
			if (column->codes[row] == 1)
				return true;
	}
	return false;
}

static void keep_origins(struct net *net, const struct stage_table *elements)
{
	net->present_element =
		arena_array(net->arena, elements->rows ? elements->rows : 1, sizeof *net->present_element);
	if (elements->rows)
		memcpy(net->present_element, elements->origins, elements->rows * sizeof *net->present_element);
}

struct net *build_net(struct load *load, struct stage *stage, bool last, const struct net *present)
{
	struct net *net = arena_alloc(load->arena, sizeof *net);
	struct build b = { load, stage, net, last, NULL };

	net->arena = load->arena;
	net->strs = load->strs;
	net->files = load->files;
	net->file_count = load->file_count;
	net->has_links = stage->has_links;
	net->present = present;
	for (int t = 0; t < NET_TABLES; t++) {
		build_table(&b, (enum net_table_name)t);
		if (t == NET_VENDORS)
			check_vendors(load, stage, net);
		if (t == NET_ELEMENTS)
			check_elements(load, stage, net);
		if (t == NET_LINKS)
			check_links(load, stage, net, last);
		if (t == NET_ELEMENTS && present)
			keep_origins(net, &stage->table[t]);
		if (last)
			let_go(&stage->table[t]);
	}
	index_sites(net);
	net->synthetic = any_synthetic(net);
	if (present) {
		net->removed_elements = load->removed_elements;
		net->removed_links = load->removed_links;
	}
	return net;
}
