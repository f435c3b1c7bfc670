/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a case's tables: form feeds split them into vendors, products, sites, elements, links, and the same
 * five of a proposal; what is not there is not given. Loading must hold its promises about codes and indexes whatever
 * it says, and a network without errors has to be read back from what is written of it.
 *
 * # proviso-deps: base net
 */
#include <stdlib.h>
#include <string.h>

#include "net/net.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static uint32_t limit_of(const struct net *net, const struct net_column *column)
{
	switch (column->type) {
	case TYPE_TEXT:
		return strs_count(net->strs);
	case TYPE_WORDS:
		return net->list_count;
	case TYPE_DATE:
		return (uint32_t)(DATE_LAST - DATE_FIRST) + 1;
	case TYPE_YESNO:
		return 2;
	case TYPE_VENDOR:
		return net->table[NET_VENDORS].rows;
	case TYPE_PRODUCT:
		return net->table[NET_PRODUCTS].rows;
	case TYPE_SITE:
		return net->table[NET_SITES].rows;
	case TYPE_ELEMENT:
		return net->table[NET_ELEMENTS].rows;
	case TYPE_FUNCTION:
		return (uint32_t)net_function_count;
	case TYPE_LAYER:
		return LAYER_COUNT;
	case TYPE_TECHNOLOGY:
		return TECHNOLOGY_COUNT;
	default:
		return (uint32_t)net_reference_point_count;
	}
}

static void check_table(const struct net *net, enum net_table_name name)
{
	const struct net_table *table = &net->table[name];
	char text[48];

	for (uint32_t row = 0; row < table->rows; row++) {
		check(net_find_text(net, name, net_id(net, name, row)) == row || name == NET_LINKS);
		check(table->files[row] < net->file_count && table->lines[row] >= 1);
	}
	for (size_t i = 0; i < table->column_count; i++) {
		const struct net_column *column = &table->columns[i];

		check((column->type == TYPE_MEASURE) == (column->codes == NULL));
		for (uint32_t row = 0; row < table->rows; row++) {
			check(column->type == TYPE_MEASURE || !CODE_IS_KNOWN(column->codes[row]) ||
			      column->codes[row] < limit_of(net, column));
			check(net_cell(net, name, column, row, text) != NULL);
		}
	}
}

static void check_net(const struct net *net)
{
	for (int t = 0; t < NET_TABLES; t++)
		check_table(net, (enum net_table_name)t);
	for (uint32_t list = 0; list < net->list_count; list++)
		for (uint32_t i = net->list_first[list]; i + 1 < net->list_first[list + 1]; i++)
			check(net->list_words[i] < net->list_words[i + 1]);
	for (uint32_t vendor = 0; vendor < net->table[NET_VENDORS].rows; vendor++)
		check(net_group_of(net, vendor) < net->table[NET_VENDORS].rows);
	for (uint32_t site = 0; site < net->table[NET_SITES].rows; site++)
		for (uint32_t i = net->site_first[site]; i < net->site_first[site + 1]; i++)
			check(net_column(net, NET_ELEMENTS, "site")->codes[net->site_elements[i]] == site);
	for (uint32_t row = 0; net->present && row < net->table[NET_ELEMENTS].rows; row++)
		check(!net_element_changed(net, row) || CODE_IS_KNOWN(net->present_element[row]));
}

/*
 * A group of words whose last word went away with a row of it would be read as numbers, which may be too fine or too
 * large.
 */
static bool words_stay_words(const struct net *net)
{
	int64_t micro;
	char text[48];

	for (int t = 0; t < NET_TABLES; t++)
		for (size_t i = 0; i < net->table[t].column_count; i++) {
			const struct net_column *column = &net->table[t].columns[i];
			bool word = column->known || column->type != TYPE_WORDS;

			for (uint32_t row = 0; !word && row < net->table[t].rows; row++) {
				const char *cell = net_cell(net, (enum net_table_name)t, column, row, text);

				word = *cell && strcmp(cell, "none") != 0 &&
				       measure_parse(cell, strlen(cell), &micro) == NUMBER_BAD;
			}
			if (!word)
				return false;
		}
	return true;
}

static void check_printed(struct arena *a, struct strs *strs, const struct net *net)
{
	struct net_input inputs[NET_TABLES];
	struct diagnostics d;
	struct net *again;
	size_t changes;

	for (int t = 0; t < NET_TABLES; t++) {
		struct sink *s = sink_to_memory(a);
		const char *text;
		size_t bytes;

		net_print(net, (enum net_table_name)t, s);
		text = sink_memory(s, &bytes);
		inputs[t] =
			(struct net_input){ (enum net_table_name)t,
					    source_of_memory(a, net_table_file((enum net_table_name)t), text, bytes) };
	}
	diagnostics_init(&d, a);
	again = net_load(a, strs, &d, inputs, NET_TABLES, NULL, 0, NULL);
	check(d.errors == 0);
	diagnostics_free(&d);
	net_compare(a, net, again, &changes);
	check(changes == 0);
	net_compare(a, again, net, &changes);
	check(changes == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct arena *a = arena_new();
	struct strs *strs = strs_new(a);
	struct net_input inputs[2 * NET_TABLES];
	struct diagnostics d;
	struct net *net, *proposed;
	size_t files = 0;

	for (const uint8_t *at = bytes, *end = bytes + count; at < end && files < 2 * NET_TABLES; files++) {
		const uint8_t *feed = memchr(at, '\f', (size_t)(end - at)), *stop = feed ? feed : end;
		enum net_table_name table = (enum net_table_name)(files % NET_TABLES);

		inputs[files] = (struct net_input){
			table, source_of_memory(a,
						arena_printf(a, "%s%s", files < NET_TABLES ? "" : "proposal/",
							     net_table_file(table)),
						at, (size_t)(stop - at))
		};
		at = feed ? feed + 1 : end;
	}
	diagnostics_init(&d, a);
	net = net_load(a, strs, &d, inputs, files < NET_TABLES ? files : NET_TABLES, inputs + NET_TABLES,
		       files < NET_TABLES ? 0 : files - NET_TABLES, &proposed);
	check_net(net);
	if (proposed)
		check_net(proposed);
	if (!d.errors && words_stay_words(net))
		check_printed(a, strs, net);
	if (!d.errors && proposed && words_stay_words(proposed))
		check_printed(a, strs, proposed);
	diagnostics_free(&d);
	arena_free(a);
	return 0;
}
