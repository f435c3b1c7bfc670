/* SPDX-License-Identifier: Apache-2.0 */
/* groups: `per D` - the group of each site or element, by a column of its own, its site's or its vendor's. */
#include <stdlib.h>
#include <string.h>

#include "policy/eval.h"

struct group_slots { /* code -> group + 1 */
	uint32_t *codes, *groups;
	size_t room, count;
};

static size_t group_slot(const struct group_slots *t, uint32_t code)
{
	size_t i = (code * 0x9E3779B9u) >> 7 & (t->room - 1);
	while (t->groups[i] && t->codes[i] != code)
		i = (i + 1) & (t->room - 1);
	return i;
}

static void group_slots_grow(struct evaluation *e, struct group_slots *t)
{
	struct group_slots more = { .room = t->room ? t->room * 4 : 1024, .count = t->count };
	more.codes = arena_array(e->scratch, more.room, sizeof *more.codes);
	more.groups = arena_array(e->scratch, more.room, sizeof *more.groups);
	for (size_t i = 0; i < t->room; i++)
		if (t->groups[i]) {
			size_t at = group_slot(&more, t->codes[i]);
			more.codes[at] = t->codes[i];
			more.groups[at] = t->groups[i];
		}
	*t = more;
}

static const char *group_name(struct evaluation *e, enum net_table_name table, const struct net_column *c, uint32_t row)
{
	char text[48];
	if (!CODE_IS_KNOWN(c->codes[row]))
		return c->codes[row] == CODE_UNKNOWN ? "(unknown)" : "(none)";
	const char *cell = net_cell(e->net, table, c, row, text);
	return cell == text ? arena_text(e->arena, text, strlen(text)) : cell;
}

/* How many codes a column can have at most, where that is few: the groups are then told by the code. 0: nobody knows. */
static uint32_t few_codes(const struct net *net, const struct net_column *c)
{
	enum { FEW = 1 << 16 };
	uint32_t count = 0;
	switch (c->type) {
	case TYPE_YESNO:
		count = 2;
		break;
	case TYPE_FUNCTION:
		count = (uint32_t)net_function_count;
		break;
	case TYPE_LAYER:
		count = LAYER_COUNT;
		break;
	case TYPE_TECHNOLOGY:
		count = TECHNOLOGY_COUNT;
		break;
	case TYPE_VENDOR:
		count = net->table[NET_VENDORS].rows;
		break;
	case TYPE_PRODUCT:
		count = net->table[NET_PRODUCTS].rows;
		break;
	default:
		break;
	}
	return count <= FEW ? count : 0;
}

struct group_names {
	const char **items;
	size_t count, room;
};

static void group_by_code(struct evaluation *e, struct grouping *g, enum net_table_name table,
			  const struct net_column *c, uint32_t codes, struct group_names *names)
{
	uint32_t *of_slot = arena_array(e->scratch, (size_t)codes + SLOT_ROWS, sizeof *of_slot);
	memset(of_slot, 0xff, ((size_t)codes + SLOT_ROWS) * sizeof *of_slot);
	for (uint32_t i = 0; i < e->net->table[table].rows; i++) {
		uint32_t *group = &of_slot[slot_of_code(c->codes[i])];
		if (*group != UINT32_MAX)
			continue;
		*group = (uint32_t)names->count;
		*array_add(names) = group_name(e, table, c, i);
	}
	g->codes = c->codes;
	g->of_slot = of_slot;
}

static void group_by_text(struct evaluation *e, struct grouping *g, enum net_table_name table,
			  const struct net_column *c, struct group_names *names)
{
	uint32_t rows = e->net->table[table].rows, last = 0, last_group = UINT32_MAX;
	uint32_t *group = arena_array(e->scratch, (size_t)rows + 1, sizeof *group);
	struct group_slots slots = { 0 };
	for (uint32_t i = 0; i < rows; i++) {
		uint32_t code = c->codes[i];
		if (code == last && last_group != UINT32_MAX) { /* rows mostly come in blocks */
			group[i] = last_group;
			continue;
		}
		if (slots.count * 2 >= slots.room)
			group_slots_grow(e, &slots);
		size_t at = group_slot(&slots, code);
		if (!slots.groups[at]) {
			*array_add(names) = group_name(e, table, c, i);
			slots.codes[at] = code;
			slots.groups[at] = (uint32_t)names->count;
			slots.count++;
		}
		last = code;
		group[i] = last_group = slots.groups[at] - 1;
	}
	g->codes = group;
}

/* Groups are numbered in the order of the rows. */
static void group_column(struct evaluation *e, struct grouping *g, enum net_table_name table,
			 const struct net_column *c)
{
	uint32_t codes = few_codes(e->net, c);
	struct group_names names = { 0 };
	if (codes)
		group_by_code(e, g, table, c, codes, &names);
	else
		group_by_text(e, g, table, c, &names);
	g->count = (uint32_t)names.count;
	g->names = arena_array(e->scratch, names.count + 1, sizeof *g->names);
	if (names.count)
		memcpy(g->names, names.items, names.count * sizeof *g->names);
	free(names.items);
}

static void group_by_site(struct evaluation *e, struct grouping *g)
{
	uint32_t rows = e->net->table[NET_SITES].rows;
	g->of_sites = true;
	uint32_t *group = arena_array(e->scratch, (size_t)rows + 1, sizeof *group);
	g->names = arena_array(e->scratch, (size_t)rows + 1, sizeof *g->names);
	g->codes = group;
	g->count = rows;
	for (uint32_t i = 0; i < rows; i++) {
		group[i] = i;
		g->names[i] = net_id(e->net, NET_SITES, i);
	}
}

static const struct net_column *column_of_vendor(struct evaluation *e, const char *name)
{
	const struct net_column *of = net_column(e->net, NET_VENDORS, name),
				*vendor = net_column(e->net, NET_ELEMENTS, "vendor");
	if (!of || !of->codes)
		return NULL;
	struct net_column *c = arena_alloc(e->scratch, sizeof *c);
	*c = *of;
	c->codes = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *c->codes);
	for (uint32_t i = 0; i < e->elements; i++)
		c->codes[i] = CODE_IS_KNOWN(vendor->codes[i]) ? of->codes[vendor->codes[i]] : vendor->codes[i];
	return c;
}

/* What can't be grouped by, and what could. */
static void diagnose_per(struct evaluation *e, const struct statement *s)
{
	static const enum net_table_name tables[] = { NET_ELEMENTS, NET_SITES };
	const char *dot = strchr(s->per, '.'), *name = dot ? dot + 1 : s->per;
	bool there = !strcmp(name, "element");
	size_t room = 1, count = 0;
	for (size_t t = 0; t < 2; t++)
		room += e->net->table[tables[t]].column_count;
	const char **names = arena_array(e->scratch, room, sizeof *names);
	names[count++] = "site";
	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < e->net->table[tables[t]].column_count; i++) {
			const struct net_column *c = &e->net->table[tables[t]].columns[i];
			there = there || !strcmp(c->name, name);
			if (c->codes)
				names[count++] = c->name;
		}
	const char *near = there ? NULL : nearest_text(name, names, count);
	if (!there && column_of_vendor(e, name))
		near = arena_printf(e->scratch, "vendor.%s", name);
	document_diagnose(s->document, e->q->diagnostics, SEVERITY_WARNING, "unknown-column", s->per_token,
			  "%s\"%s\"%s to group by (%s%s%s): everything is in the group (unknown)",
			  there ? "" : "no file of the network has a column ", s->per,
			  there ? " is no column of words" : "",
			  near ? "did you mean \"" : "such as region, site, function, vendor.owner", near ? near : "",
			  near ? "\"?" : "");
}

const struct grouping *grouping_of(struct evaluation *e, const struct statement *s)
{
	const char *per = s->per;
	for (size_t i = 0; i < e->groupings.count; i++) {
		const char *other = e->groupings.items[i]->per;
		if ((!per && !other) || (per && other && !strcmp(per, other)))
			return e->groupings.items[i];
	}
	struct grouping *g = arena_alloc(e->scratch, sizeof *g);
	*g = (struct grouping){ .per = per, .count = 1 };
	*array_add(&e->groupings) = g;
	if (!per)
		return g;
	const char *name = !strncmp(per, "element.", 8) ? per + 8 : per;
	const struct net_column *c = strncmp(per, "site.", 5) ? net_column(e->net, NET_ELEMENTS, name) : NULL;
	if (!strcmp(name, "site")) {
		group_by_site(e, g);
	} else if (c && c->codes) {
		group_column(e, g, NET_ELEMENTS, c);
	} else if (!strncmp(per, "vendor.", 7) && (c = column_of_vendor(e, per + 7))) {
		group_column(e, g, NET_ELEMENTS, c);
	} else if ((c = net_column(e->net, NET_SITES, !strncmp(per, "site.", 5) ? per + 5 : per)) && c->codes) {
		g->of_sites = true;
		group_column(e, g, NET_SITES, c);
	} else {
		g->missing = true;
		diagnose_per(e, s);
		g->names = arena_array(e->scratch, 1, sizeof *g->names);
		g->names[0] = "(unknown)";
	}
	return g;
}
