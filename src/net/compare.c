/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The difference of two networks, row by row and cell by cell. They may have nothing in common but the texts: rows
 * meet by their id, cells by what they say, lists of words whatever their order.
 */
#include "net/stage.h"

#include <stdlib.h>
#include <string.h>

struct compare {
	struct arena *arena;
	const struct net *a, *b;
	enum net_table_name table;
	struct {
		struct net_change *items;
		size_t count, room;
	} changes;
};

static void add(struct compare *c, struct net_change change)
{
	struct net_change *added = array_add(&c->changes);

	*added = change;
}

static const char *id_of(struct compare *c, const struct net *net, uint32_t row)
{
	return c->table == NET_LINKS ? net_link_id(net, row, c->arena) : net_id(net, c->table, row);
}

/* ---- cells ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char **sorted_words(const struct net *net, uint32_t list, size_t *count)
{
	const uint32_t *words = net_words(net, list, count);
	const char **texts = malloc((*count + 1) * sizeof *texts);

	for (size_t i = 0; texts && i < *count; i++)
		texts[i] = strs_text(net->strs, words[i]);
	if (texts)
		qsort(texts, *count, sizeof *texts, by_text);
	return texts;
}

static bool same_words(const struct compare *c, uint32_t a, uint32_t b)
{
	size_t a_count, b_count;
	const char **left = sorted_words(c->a, a, &a_count), **right = sorted_words(c->b, b, &b_count);
	bool same = left && right && a_count == b_count;

	for (size_t i = 0; same && i < a_count; i++)
		same = strcmp(left[i], right[i]) == 0;
	free(left);
	free(right);
	return same;
}

static bool number_of(const char *text, int64_t *number)
{
	*number = 0;
	return strcmp(text, "none") == 0 || measure_parse(text, strlen(text), number) == NUMBER_OK;
}

/* One's own column may be of numbers in one network and of words in the other, for the sake of another row. */
static bool same_number(const char *a, const char *b)
{
	int64_t left, right;

	return number_of(a, &left) && number_of(b, &right) && left == right;
}

static bool same_cell(const struct compare *c, const struct net_column *a, uint32_t a_row, const struct net_column *b,
		      uint32_t b_row, const char *before, const char *after)
{
	if (strcmp(before, after) == 0)
		return true;
	if (!a || !b)
		return false;
	if (a->type == TYPE_WORDS && b->type == TYPE_WORDS && CODE_IS_KNOWN(a->codes[a_row]) &&
	    CODE_IS_KNOWN(b->codes[b_row]))
		return same_words(c, a->codes[a_row], b->codes[b_row]);
	return (a->type == TYPE_MEASURE) != (b->type == TYPE_MEASURE) && same_number(before, after);
}

static bool is_compared(enum net_table_name table, const struct net_column *column)
{
	const struct known_column *known =
		column->known ? known_column_find(table, column->name, strlen(column->name)) : NULL;

	return !known || !(known->flags & COLUMN_DERIVED);
}

/* Two columns of one name; either may be absent. Rows of b by rows of a in other. */
static void compare_column(struct compare *c, const struct net_column *a, const struct net_column *b,
			   const uint32_t *other)
{
	char a_text[48], b_text[48];

	for (uint32_t row = 0; row < c->a->table[c->table].rows; row++) {
		const char *before, *after;

		if (other[row] == CODE_UNKNOWN)
			continue;
		before = a ? net_cell(c->a, c->table, a, row, a_text) : "";
		after = b ? net_cell(c->b, c->table, b, other[row], b_text) : "";
		if (!same_cell(c, a, row, b, other[row], before, after))
			add(c, (struct net_change){ CHANGE_CELL, c->table, id_of(c, c->a, row), a ? a->name : b->name,
						    arena_text(c->arena, before, strlen(before)),
						    arena_text(c->arena, after, strlen(after)) });
	}
}

/* ---- rows ---- */

/* Links without ids meet by their ends: b's ends and points in terms of a's rows, found through an index over a. */
static uint32_t *links_in_terms_of_a(struct compare *c, struct arena *scratch, const uint32_t *element_of_a)
{
	const struct net_table *a = &c->a->table[NET_LINKS], *b = &c->b->table[NET_LINKS];
	uint32_t *from = arena_array(scratch, b->rows + 1, sizeof *from),
		 *to = arena_array(scratch, b->rows + 1, sizeof *to);
	uint32_t *rows = arena_array(scratch, b->rows + 1, sizeof *rows), twin;
	struct link_ends ends = { from, to, net_column(c->b, NET_LINKS, "reference_point")->codes };
	struct link_index index;

	for (uint32_t row = 0; row < b->rows; row++) {
		uint32_t left = net_column(c->b, NET_LINKS, "a")->codes[row],
			 right = net_column(c->b, NET_LINKS, "b")->codes[row];

		from[row] = CODE_IS_KNOWN(left) ? element_of_a[left] : CODE_UNKNOWN;
		to[row] = CODE_IS_KNOWN(right) ? element_of_a[right] : CODE_UNKNOWN;
	}
	link_index_make(&index, scratch,
			(struct link_ends){ net_column(c->a, NET_LINKS, "a")->codes,
					    net_column(c->a, NET_LINKS, "b")->codes,
					    net_column(c->a, NET_LINKS, "reference_point")->codes },
			a->rows);
	for (uint32_t row = 0; (row = link_index_fill(&index, row, a->rows, &twin)) < a->rows; row++)
		;
	for (uint32_t row = 0; row < b->rows; row++)
		rows[row] = link_index_find(&index, &ends, row);
	return rows;
}

/* For each row of b its row in a. */
static uint32_t *rows_of_a(struct compare *c, struct arena *scratch, const uint32_t *element_of_a)
{
	const struct net_table *b = &c->b->table[c->table];
	uint32_t *rows;

	if (c->table == NET_LINKS && !c->a->table[NET_LINKS].ids && !b->ids)
		return links_in_terms_of_a(c, scratch, element_of_a);
	rows = arena_array(scratch, b->rows + 1, sizeof *rows);
	for (uint32_t row = 0; row < b->rows; row++)
		rows[row] = net_find_text(c->a, c->table,
					  c->table == NET_LINKS ? net_link_id(c->b, row, scratch)
								: net_id(c->b, c->table, row));
	return rows;
}

static void compare_columns(struct compare *c, const uint32_t *other)
{
	const struct net_table *a = &c->a->table[c->table], *b = &c->b->table[c->table];

	for (size_t i = 0; i < a->column_count; i++)
		if (is_compared(c->table, &a->columns[i]))
			compare_column(c, &a->columns[i], net_column(c->b, c->table, a->columns[i].name), other);
	for (size_t i = 0; i < b->column_count; i++)
		if (!net_column(c->a, c->table, b->columns[i].name) && is_compared(c->table, &b->columns[i]))
			compare_column(c, NULL, &b->columns[i], other);
}

static uint32_t *compare_table(struct compare *c, struct arena *scratch, const uint32_t *element_of_a)
{
	const struct net_table *a = &c->a->table[c->table], *b = &c->b->table[c->table];
	uint32_t *of_a = rows_of_a(c, scratch, element_of_a), *of_b = arena_array(scratch, a->rows + 1, sizeof *of_b);

	memset(of_b, 0xff, a->rows * sizeof *of_b);
	for (uint32_t row = 0; row < b->rows; row++) {
		if (of_a[row] == CODE_UNKNOWN)
			add(c,
			    (struct net_change){ .kind = CHANGE_ADDED, .table = c->table, .id = id_of(c, c->b, row) });
		else
			of_b[of_a[row]] = row;
	}
	for (uint32_t row = 0; row < a->rows; row++)
		if (of_b[row] == CODE_UNKNOWN)
			add(c, (struct net_change){
				       .kind = CHANGE_REMOVED, .table = c->table, .id = id_of(c, c->a, row) });
	compare_columns(c, of_b);
	return of_a;
}

static int by_place(const void *left, const void *right)
{
	const struct net_change *a = left, *b = right;
	int order;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	order = strcmp(a->id, b->id);
	if (order || a->kind != b->kind)
		return order ? order : a->kind < b->kind ? -1 : 1;
	return a->kind == CHANGE_CELL ? strcmp(a->column, b->column) : 0;
}

struct net_change *net_compare(struct arena *arena, const struct net *a, const struct net *b, size_t *count)
{
	struct compare c = { .arena = arena, .a = a, .b = b };
	struct arena *scratch = arena_new();
	uint32_t *element_of_a = NULL;
	struct net_change *changes;

	for (int t = 0; t < NET_TABLES; t++) {
		uint32_t *rows;

		c.table = (enum net_table_name)t;
		rows = compare_table(&c, scratch, element_of_a);
		if (t == NET_ELEMENTS)
			element_of_a = rows;
	}
	if (c.changes.count)
		qsort(c.changes.items, c.changes.count, sizeof *c.changes.items, by_place);
	changes = arena_array(arena, c.changes.count + 1, sizeof *changes);
	if (c.changes.count)
		memcpy(changes, c.changes.items, c.changes.count * sizeof *changes);
	free(c.changes.items);
	arena_free(scratch);
	*count = c.changes.count;
	return changes;
}
