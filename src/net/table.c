/* SPDX-License-Identifier: Apache-2.0 */
/* A loaded network, asked: columns by name, rows by id, cells as text. */
#include "net/stage.h"

#include <string.h>

uint32_t *id_index_make(struct arena *arena, const uint32_t *ids, uint32_t rows, uint32_t *mask)
{
	size_t room = 16;
	uint32_t *slots;

	while (room < (size_t)rows * 3 / 2)
		room *= 2;
	slots = arena_array(arena, room, sizeof *slots);
	*mask = (uint32_t)room - 1;
	for (uint32_t row = 0; row < rows; row++) {
		uint32_t at = ids[row] & *mask;

		while (slots[at])
			at = (at + 1) & *mask;
		slots[at] = row + 1;
	}
	return slots;
}

const struct net_column *net_column(const struct net *net, enum net_table_name name, const char *column)
{
	const struct net_table *table = &net->table[name];

	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].name, column) == 0)
			return &table->columns[i];
	return NULL;
}

uint32_t net_find(const struct net *net, enum net_table_name name, uint32_t id)
{
	const struct net_table *table = &net->table[name];

	if (table->find_slots)
		return id_index_find(table->find_slots, table->find_mask, table->ids, id);
	return id < strs_count(net->strs) ? net_find_text(net, name, strs_text(net->strs, id)) : CODE_UNKNOWN;
}

/* A link by the text that link_id makes; few ask, so the rows are looked through. */
static uint32_t find_link(const struct net *net, const char *id)
{
	const struct net_column *a = net_column(net, NET_LINKS, "a");
	size_t bytes = strlen(id);

	for (uint32_t row = 0; row < net->table[NET_LINKS].rows; row++) {
		const char *from = CODE_IS_KNOWN(a->codes[row]) ? net_id(net, NET_ELEMENTS, a->codes[row]) : "";
		size_t from_bytes = strlen(from);
		struct arena *scratch;
		bool same;

		if (from_bytes >= bytes || memcmp(from, id, from_bytes) != 0 || id[from_bytes] != '|')
			continue;
		scratch = arena_new();
		same = strcmp(net_link_id(net, row, scratch), id) == 0;
		arena_free(scratch);
		if (same)
			return row;
	}
	return CODE_UNKNOWN;
}

uint32_t net_find_text(const struct net *net, enum net_table_name name, const char *id)
{
	uint32_t text;

	if (!net->table[name].find_slots)
		return name == NET_LINKS ? find_link(net, id) : CODE_UNKNOWN;
	text = strs_find(net->strs, id, strlen(id));
	return text == STR_ABSENT ? CODE_UNKNOWN : net_find(net, name, text);
}

const char *net_link_id(const struct net *net, uint32_t row, struct arena *arena)
{
	const struct net_table *links = &net->table[NET_LINKS];
	uint32_t a, b;

	if (links->ids)
		return strs_text(net->strs, links->ids[row]);
	a = net_column(net, NET_LINKS, "a")->codes[row];
	b = net_column(net, NET_LINKS, "b")->codes[row];
	return link_id(arena, CODE_IS_KNOWN(a) ? net_id(net, NET_ELEMENTS, a) : "",
		       CODE_IS_KNOWN(b) ? net_id(net, NET_ELEMENTS, b) : "",
		       net_column(net, NET_LINKS, "reference_point")->codes[row]);
}

const char *net_id(const struct net *net, enum net_table_name name, uint32_t row)
{
	if (!net->table[name].ids)
		return net_link_id(net, row, net->arena);
	return strs_text(net->strs, net->table[name].ids[row]);
}

struct place net_place(const struct net *net, enum net_table_name name, uint32_t row)
{
	const struct net_table *table = &net->table[name];

	return (struct place){ net->files[table->files[row]], table->lines[row], 0 };
}

const uint32_t *net_words(const struct net *net, uint32_t list, size_t *count)
{
	*count = net->list_first[list + 1] - net->list_first[list];
	return net->list_words + net->list_first[list];
}

static const char *owner_text(const struct net *net, uint32_t row)
{
	const struct net_column *name = net_column(net, NET_VENDORS, "owner_name");

	return CODE_IS_KNOWN(name->codes[row]) ? strs_text(net->strs, name->codes[row]) : "none";
}

static const char *code_text(const struct net *net, enum net_type type, uint32_t code, char text[48])
{
	switch (type) {
	case TYPE_WORDS:
		return strs_text(net->strs, net->list_text[code]);
	case TYPE_DATE:
		date_print(net_date(code), text);
		return text;
	case TYPE_YESNO:
		return code ? "yes" : "no";
	case TYPE_VENDOR:
		return net_id(net, NET_VENDORS, code);
	case TYPE_PRODUCT:
		return net_id(net, NET_PRODUCTS, code);
	case TYPE_SITE:
		return net_id(net, NET_SITES, code);
	case TYPE_ELEMENT:
		return net_id(net, NET_ELEMENTS, code);
	case TYPE_FUNCTION:
		return net_functions[code].name;
	case TYPE_LAYER:
		return net_layer_name((enum net_layer)code);
	case TYPE_TECHNOLOGY:
		return net_technology_name((enum net_technology)code);
	case TYPE_REFERENCE:
		return net_reference_points[code].name;
	default:
		return strs_text(net->strs, code);
	}
}

const char *net_cell(const struct net *net, enum net_table_name table, const struct net_column *column, uint32_t row,
		     char text[48])
{
	uint32_t code;

	if (column->type == TYPE_MEASURE) {
		if (column->measures[row] == MEASURE_UNKNOWN)
			return "";
		micro_print(column->measures[row], text);
		return text;
	}
	code = column->codes[row];
	if (code == CODE_UNKNOWN)
		return "";
	/* An owner that is no vendor has no row, but a name. */
	if (code == CODE_NONE)
		return table == NET_VENDORS && column->type == TYPE_VENDOR ? owner_text(net, row) : "none";
	return code_text(net, column->type, code, text);
}

uint32_t net_group_of(const struct net *net, uint32_t vendor)
{
	const struct net_column *owner = net_column(net, NET_VENDORS, "owner");

	while (CODE_IS_KNOWN(owner->codes[vendor]))
		vendor = owner->codes[vendor];
	return vendor;
}

/* A reference to the same id, whatever rows it has in the two networks. */
static bool same_reference(const struct net *net, enum net_table_name target, uint32_t now, uint32_t before)
{
	if (!CODE_IS_KNOWN(now) || !CODE_IS_KNOWN(before))
		return now == before;
	return net->table[target].ids[now] == net->present->table[target].ids[before];
}

bool net_element_changed(const struct net *net, uint32_t element)
{
	static const char *const columns[] = { "vendor", "product", "version", "function", "managed_by" };
	uint32_t before;

	if (!net->present || (before = net->present_element[element]) == CODE_UNKNOWN)
		return false;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		const struct net_column *now = net_column(net, NET_ELEMENTS, columns[i]);
		const struct net_column *then = net_column(net->present, NET_ELEMENTS, columns[i]);
		uint32_t a = now->codes[element], b = then->codes[before];

		if (now->type == TYPE_VENDOR    ? !same_reference(net, NET_VENDORS, a, b)
		    : now->type == TYPE_PRODUCT ? !same_reference(net, NET_PRODUCTS, a, b)
						: a != b)
			return true;
	}
	return false;
}
