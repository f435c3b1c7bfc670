/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers about cells of the inventory, laid into the stage before a network is built of it, so that what is derived
 * from a cell and what is checked of it go the same way as if the file had said it. An answer fills what nobody said;
 * where the file says something else, one of the two is wrong, and that is for people to settle.
 */
#include "net/read.h"

#include <string.h>

struct answering {
	struct reader *reader;
	struct stage *stage;
	bool last; /* no proposal comes after: what is not found now is nowhere */
	struct {
		uint32_t *slots, mask;
	} index[NET_TABLES];
};

/* A link that nobody named is "a|b" as long as its reference point is unknown; an id may have such a stroke itself. */
static uint32_t find_open_link(struct answering *a, const char *id)
{
	const struct stage_table *links = &a->stage->table[NET_LINKS];
	const struct stage_column *from = stage_column_find(links, "a"), *to = stage_column_find(links, "b");
	const struct stage_column *point = stage_column_find(links, "reference_point");

	for (const char *stroke = strchr(id, '|'); from && to && stroke; stroke = strchr(stroke + 1, '|')) {
		uint32_t left = strs_find(a->reader->load->strs, id, (size_t)(stroke - id));
		uint32_t right = strs_find(a->reader->load->strs, stroke + 1, strlen(stroke + 1));

		for (uint32_t row = 0; left != STR_ABSENT && right != STR_ABSENT && row < links->rows; row++)
			if (from->codes[row] == left && to->codes[row] == right &&
			    (!point || point->codes[row] == CODE_UNKNOWN))
				return row;
	}
	return CODE_UNKNOWN;
}

static uint32_t find_row(struct answering *a, enum net_table_name table, const char *id)
{
	struct stage_table *t = &a->stage->table[table];
	struct load *load = a->reader->load;
	uint32_t code = strs_find(load->strs, id, strlen(id));

	if (!t->keyed)
		return find_open_link(a, id);
	if (code == STR_ABSENT)
		return CODE_UNKNOWN;
	if (!a->index[table].slots)
		a->index[table].slots = id_index_make(load->staging, t->ids, t->rows, &a->index[table].mask);
	return id_index_find(a->index[table].slots, a->index[table].mask, t->ids, code);
}

/* The column an answer means, made where the contract knows it and no file has it; NULL: it means no cell. */
static struct stage_column *find_column(struct answering *a, const struct net_answer *answer)
{
	struct stage_table *table = &a->stage->table[answer->table];
	struct stage_column *column = stage_column_find(table, answer->column);
	const struct known_column *known = known_column_find(answer->table, answer->column, strlen(answer->column));

	if (column || !known || known->flags & (COLUMN_KEY | COLUMN_DERIVED))
		return column;
	return stage_column_add(table, known->name, known);
}

static const enum net_table_name *table_of(enum net_type type)
{
	static const enum net_table_name tables[] = {
		[TYPE_VENDOR] = NET_VENDORS,
		[TYPE_PRODUCT] = NET_PRODUCTS,
		[TYPE_SITE] = NET_SITES,
		[TYPE_ELEMENT] = NET_ELEMENTS,
	};

	return type >= TYPE_VENDOR && type <= TYPE_ELEMENT ? &tables[type] : NULL;
}

/* A row that the answer names has to be there: told here, where the answer's place is known. */
static bool refers_well(struct answering *a, const struct stage_column *column, const struct net_answer *answer)
{
	const enum net_table_name *target = table_of(column->type);
	struct load *load = a->reader->load;
	struct stage_table *table;
	const char *near;

	/* An owner may be a name of its own. */
	if (!target || strcmp(answer->value, "none") == 0 ||
	    (answer->table == NET_VENDORS && strcmp(column->name, "owner") == 0))
		return true;
	if (CODE_IS_KNOWN(find_row(a, *target, answer->value)))
		return true;
	table = &a->stage->table[*target];
	near = nearest_id(load, table->ids, table->rows, answer->value);
	if (a->last)
		diagnose(load->diagnostics, SEVERITY_ERROR, "dangling-reference", answer->place,
			 "%s \"%s\" is not in %s%s%s%s", net_table_singular(*target), answer->value,
			 net_table_file(*target), near ? " (did you mean \"" : "", near ? near : "",
			 near ? "\"?)" : "");
	return false;
}

/* Reads the value into the row behind the last one, which no one looks at. */
static void read_value(struct answering *a, struct stage_table *table, struct stage_column *column,
		       const struct net_answer *answer)
{
	struct csv_cell cell = { answer->value, (uint32_t)strlen(answer->value), answer->place.line,
				 answer->place.column };
	struct reader *r = a->reader;

	stage_room(table, table->rows + 1);
	r->table = table;
	r->file_name = answer->place.file;
	r->line = answer->place.line;
	cell_put(r, (uint32_t)(column - table->columns.items), table->rows, &cell);
	batch_flush(r);
	/* "007" is a number like 7: how it was written matters to nobody here. */
	if (column->odd.count && column->odd.items[column->odd.count - 1].row == table->rows)
		column->odd.count--;
}

static void contradict(struct answering *a, struct stage_table *table, uint32_t row, const struct net_answer *answer)
{
	struct place place = stage_place(a->reader->load, table, NULL, row);

	diagnose(a->reader->load->diagnostics, SEVERITY_ERROR, "answer-differs", answer->place,
		 "%s \"%s\": the answer for %s is \"%s\", but %s:%u says something else",
		 net_table_singular(table->name), answer->id, answer->column, answer->value, place.file, place.line);
}

static void put_answer(struct answering *a, struct stage_table *table, struct stage_column *column, uint32_t row,
		       const struct net_answer *answer)
{
	/* A row of the present network was answered before; what a proposal makes of it is the proposal's. */
	bool answered_before = table->origins && table->origins[row] != CODE_UNKNOWN;
	uint32_t scratch = table->rows;

	if (column->type == TYPE_MEASURE && !column->known && strcmp(answer->value, "none") != 0 &&
	    measure_parse(answer->value, strlen(answer->value), &(int64_t){ 0 }) == NUMBER_BAD) {
		diagnose(a->reader->load->diagnostics, SEVERITY_ERROR, "bad-number", answer->place,
			 "%s \"%s\" is not a number", answer->column, answer->value);
		return;
	}
	read_value(a, table, column, answer);
	if (column->type == TYPE_MEASURE) {
		if (column->measures[row] == MEASURE_UNKNOWN)
			column->measures[row] = column->measures[scratch];
		else if (!answered_before && column->measures[scratch] != MEASURE_UNKNOWN &&
			 column->measures[row] != column->measures[scratch])
			contradict(a, table, row, answer);
	} else if (column->codes[row] == CODE_UNKNOWN) {
		column->codes[row] = column->codes[scratch];
	} else if (!answered_before && column->codes[row] != CODE_BAD && column->codes[scratch] != CODE_BAD &&
		   column->codes[row] != column->codes[scratch]) {
		contradict(a, table, row, answer);
	}
}

static void absent(struct answering *a, const struct net_answer *answer)
{
	struct stage_table *table = &a->stage->table[answer->table];
	const char *near = table->keyed ? nearest_id(a->reader->load, table->ids, table->rows, answer->id) : NULL;

	diagnose(a->reader->load->diagnostics, SEVERITY_ERROR, "absent-id", answer->place,
		 "%s \"%s\" is not in this network%s%s%s", net_table_singular(answer->table), answer->id,
		 near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
}

void answers_apply(struct load *load, struct stage *stage, struct net_answer *answers, size_t count, bool last)
{
	struct answering a = { .stage = stage, .last = last };

	if (!count)
		return;
	a.reader = reader_new(load, stage);
	for (size_t i = 0; i < count; i++) {
		struct net_answer *answer = &answers[i];
		struct stage_column *column = find_column(&a, answer);
		uint32_t row = find_row(&a, answer->table, answer->id);

		if (!column)
			continue;
		answer->taken = true;
		if (!CODE_IS_KNOWN(row)) {
			if (last && !answer->found && !stage->table[answer->table].broken)
				absent(&a, answer);
		} else {
			if (refers_well(&a, column, answer))
				put_answer(&a, &stage->table[answer->table], column, row, answer);
			answer->found = true;
		}
	}
}
