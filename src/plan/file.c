/* SPDX-License-Identifier: Apache-2.0 */
/* file: a plan as files of a case that can be judged again - elements and links of a proposal, claims of evidence. */
#include <string.h>

#include "plan/model.h"

/* A column that the loader makes up itself, or that holds nothing, is not written. */
static bool is_written(const struct net *net, const struct net_column *c)
{
	if (c->measures) {
		for (uint32_t i = 0; i < net->table[NET_ELEMENTS].rows; i++)
			if (c->measures[i] != MEASURE_UNKNOWN)
				return true;
		return false;
	}
	for (uint32_t i = 0; i < net->table[NET_ELEMENTS].rows; i++)
		if (c->codes[i] != CODE_UNKNOWN)
			return true;
	return !strcmp(c->name, "site") || !strcmp(c->name, "function");
}

static bool differs(const struct net *net, const struct net *present, uint32_t row, uint32_t old)
{
	const struct net_table *t = &net->table[NET_ELEMENTS];
	char a[48], b[48];

	for (size_t i = 0; i < t->column_count; i++) {
		const struct net_column *c = net_column(present, NET_ELEMENTS, t->columns[i].name);
		const char *after = net_cell(net, NET_ELEMENTS, &t->columns[i], row, a);

		if (strcmp(after, c ? net_cell(present, NET_ELEMENTS, c, old, b) : ""))
			return true;
	}
	return false;
}

static void print_row(const struct net *net, const bool *written, uint32_t row, struct sink *sink)
{
	const struct net_table *t = &net->table[NET_ELEMENTS];
	char text[48];

	sink_csv(sink, net_id(net, NET_ELEMENTS, row));
	for (size_t i = 0; i < t->column_count; i++)
		if (written[i]) {
			sink_char(sink, ',');
			sink_csv(sink, net_cell(net, NET_ELEMENTS, &t->columns[i], row, text));
		}
	sink_char(sink, '\n');
}

void plan_print_elements(const struct plan *plan, const struct net *present, struct sink *sink)
{
	const struct net *net = plan->net;
	const struct net_table *t = &net->table[NET_ELEMENTS];
	uint32_t old_rows = present->table[NET_ELEMENTS].rows;
	struct arena *a = arena_new();
	bool *written = arena_alloc(a, t->column_count + 1), *kept = arena_alloc(a, (size_t)old_rows + 1);

	sink_text(sink, "element");
	for (size_t i = 0; i < t->column_count; i++) {
		written[i] = is_written(net, &t->columns[i]);
		if (written[i]) {
			sink_char(sink, ',');
			sink_csv(sink, t->columns[i].name);
		}
	}
	sink_char(sink, '\n');
	for (uint32_t i = 0; i < t->rows; i++) {
		uint32_t old = net->present_element[i];

		if (CODE_IS_KNOWN(old))
			kept[old] = true;
		if (!CODE_IS_KNOWN(old) || differs(net, present, i, old))
			print_row(net, written, i, sink);
	}
	for (uint32_t i = 0; i < old_rows; i++)
		if (!kept[i]) {
			sink_csv(sink, arena_printf(a, "-%s", net_id(present, NET_ELEMENTS, i)));
			for (size_t c = 0; c < t->column_count; c++)
				if (written[c])
					sink_char(sink, ',');
			sink_char(sink, '\n');
		}
	arena_free(a);
}

/* ---- links ------------------------------------------------------------------------------------------------------------- */

bool plan_restricts(const struct plan *plan)
{
	for (size_t i = 0; i < plan->change_count; i++)
		if (plan->changes[i].what == PLAN_RESTRICT)
			return true;
	return false;
}

struct link_file {
	const struct net *net; /* whose columns are written */
	bool keyed;            /* a column `link` comes first */
	struct arena *arena;
	struct sink *sink;
};

static bool is_end(const struct net_column *c)
{
	return !strcmp(c->name, "a") || !strcmp(c->name, "b");
}

static bool link_column_written(const struct net *net, const struct net_column *c)
{
	for (uint32_t i = 0; i < net->table[NET_LINKS].rows; i++)
		if (c->measures ? c->measures[i] != MEASURE_UNKNOWN : c->codes[i] != CODE_UNKNOWN)
			return true;
	return is_end(c);
}

/* of: the network that the link stands in; its row goes as far as a minus needs, or whole. */
static void put_link(const struct link_file *f, const struct net *of, uint32_t row, bool removes)
{
	const struct net_table *t = &f->net->table[NET_LINKS];
	const char *minus = removes ? "-" : "";
	bool first = true;

	if (f->keyed)
		sink_csv(f->sink, arena_printf(f->arena, "%s%s", minus, net_link_id(of, row, f->arena)));
	for (size_t i = 0; i < t->column_count; i++) {
		const struct net_column *c = net_column(of, NET_LINKS, t->columns[i].name);
		const char *cell;
		char text[48];

		if (!link_column_written(f->net, &t->columns[i]))
			continue;
		cell = c ? net_cell(of, NET_LINKS, c, row, text) : "";
		sink_text(f->sink, f->keyed || !first ? "," : "");
		sink_csv(f->sink, !f->keyed && first ? arena_printf(f->arena, "%s%s", minus, cell) : cell);
		first = false;
	}
	sink_char(f->sink, '\n');
}

static void put_link_header(const struct link_file *f)
{
	const struct net_table *t = &f->net->table[NET_LINKS];
	bool first = true;

	sink_text(f->sink, f->keyed ? "link" : "");
	for (size_t i = 0; i < t->column_count; i++) {
		if (!link_column_written(f->net, &t->columns[i]))
			continue;
		sink_text(f->sink, f->keyed || !first ? "," : "");
		sink_csv(f->sink, t->columns[i].name);
		first = false;
	}
	sink_char(f->sink, '\n');
}

/* Rows of a network's links by their names, 1 more than the row; 0: none has it. */
static uint32_t *links_named(const struct net *net, struct strs *names, struct arena *a, uint32_t *count)
{
	uint32_t rows = net->table[NET_LINKS].rows, *id = arena_array(a, (size_t)rows + 1, sizeof *id), *named;

	for (uint32_t i = 0; i < rows; i++)
		id[i] = strs_id(names, net_link_id(net, i, a));
	*count = strs_count(names);
	named = arena_array(a, (size_t)*count + 1, sizeof *named);
	for (uint32_t i = 0; i < rows; i++)
		named[id[i]] = i + 1;
	return named;
}

static uint32_t row_named(const struct net *net, uint32_t row, struct strs *names, const uint32_t *named,
			  uint32_t count, struct arena *a)
{
	uint32_t id = strs_id(names, net_link_id(net, row, a));

	return id < count ? named[id] : 0;
}

static bool link_differs(const struct net *net, uint32_t row, const struct net *present, uint32_t old)
{
	const struct net_table *t = &net->table[NET_LINKS];

	for (size_t i = 0; i < t->column_count; i++) {
		const struct net_column *c = net_column(present, NET_LINKS, t->columns[i].name);
		char now[48], then[48];

		if (strcmp(net_cell(net, NET_LINKS, &t->columns[i], row, now),
			   c ? net_cell(present, NET_LINKS, c, old, then) : ""))
			return true;
	}
	return false;
}

/* Elements of the present network that the plan's has too. */
static bool *elements_kept(const struct net *net, const struct net *present, struct arena *a)
{
	bool *kept = arena_array(a, (size_t)present->table[NET_ELEMENTS].rows + 1, sizeof *kept);

	for (uint32_t i = 0; i < net->table[NET_ELEMENTS].rows; i++)
		if (CODE_IS_KNOWN(net->present_element[i]))
			kept[net->present_element[i]] = true;
	return kept;
}

void plan_print_links(const struct plan *plan, const struct net *present, struct sink *sink)
{
	const struct net *net = plan->net;
	struct arena *a = arena_new();
	struct link_file f = { present, present->table[NET_LINKS].ids != NULL, a, sink };
	struct strs *names = strs_new(a);
	uint32_t now_count, then_count;
	uint32_t *then = links_named(net, names, a, &then_count), *now = links_named(present, names, a, &now_count);
	bool *kept = elements_kept(net, present, a);
	const uint32_t *from = net_column(present, NET_LINKS, "a")->codes,
		       *to = net_column(present, NET_LINKS, "b")->codes;

	if (net->table[NET_LINKS].column_count > present->table[NET_LINKS].column_count)
		f.net = net;
	put_link_header(&f);
	for (uint32_t i = 0; i < net->table[NET_LINKS].rows; i++) {
		uint32_t old = row_named(net, i, names, now, now_count, a);

		if (!old || link_differs(net, i, present, old - 1))
			put_link(&f, net, i, false);
	}
	for (uint32_t i = 0; i < present->table[NET_LINKS].rows; i++)
		if (kept[from[i]] && kept[to[i]] && !row_named(present, i, names, then, then_count, a))
			put_link(&f, present, i, true);
	arena_free(a);
}

void plan_print_evidence(const struct plan *plan, struct sink *sink)
{
	for (size_t i = 0; i < plan->claim_count; i++)
		claim_print(&plan->claims[i], sink);
}
