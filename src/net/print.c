/* SPDX-License-Identifier: Apache-2.0 */
/* A table written as the CSV that it would be read from: columns in the contract's order, then one's own. */
#include "net/stage.h"

#include <string.h>

static bool is_empty(const struct net_table *table, const struct net_column *column)
{
	for (uint32_t row = 0; row < table->rows; row++)
		if (column->type == TYPE_MEASURE ? column->measures[row] != MEASURE_UNKNOWN
						 : column->codes[row] != CODE_UNKNOWN)
			return false;
	return true;
}

static bool is_printed(const struct net *net, enum net_table_name name, const struct net_column *column)
{
	const struct known_column *known =
		column->known ? known_column_find(name, column->name, strlen(column->name)) : NULL;

	if (known && known->flags & (COLUMN_REQUIRED | COLUMN_DERIVED))
		return known->flags & COLUMN_REQUIRED;
	return !is_empty(&net->table[name], column);
}

static void print_row(const struct net *net, enum net_table_name name, const struct net_column **columns, size_t count,
		      uint32_t row, struct sink *sink)
{
	const struct net_table *table = &net->table[name];
	char text[48];

	if (table->ids)
		sink_csv(sink, strs_text(net->strs, table->ids[row]));
	for (size_t i = 0; i < count; i++) {
		if (i || table->ids)
			sink_char(sink, ',');
		sink_csv(sink, net_cell(net, name, columns[i], row, text));
	}
	sink_char(sink, '\n');
}

void net_print(const struct net *net, enum net_table_name name, struct sink *sink)
{
	const struct net_table *table = &net->table[name];
	struct arena *scratch = arena_new();
	const struct net_column **columns = arena_array(scratch, table->column_count + 1, sizeof *columns);
	size_t count = 0;

	for (size_t i = 0; i < table->column_count; i++)
		if (is_printed(net, name, &table->columns[i]))
			columns[count++] = &table->columns[i];
	if (table->ids)
		sink_text(sink, net_table_singular(name));
	for (size_t i = 0; i < count; i++) {
		if (i || table->ids)
			sink_char(sink, ',');
		sink_csv(sink, columns[i]->name);
	}
	sink_char(sink, '\n');
	for (uint32_t row = 0; row < table->rows; row++)
		print_row(net, name, columns, count, row, sink);
	arena_free(scratch);
}
