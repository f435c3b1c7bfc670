/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case as one text, for the tests of net: "-- elements.csv" begins a file, "-- proposal/elements.csv" one of the
 * proposal.
 */
#ifndef NET_CASE_H
#define NET_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "net/net.h"

struct net_case {
	struct arena *arena;
	struct strs *strs;
	struct diagnostics diagnostics;
	struct net *net, *proposed;
};

static inline void case_load(struct net_case *c, const char *text)
{
	struct net_input inputs[2][32];
	size_t counts[2] = { 0, 0 };
	const char *at = text;

	memset(c, 0, sizeof *c);
	c->arena = arena_new();
	c->strs = strs_new(c->arena);
	diagnostics_init(&c->diagnostics, c->arena);
	while (*at) {
		const char *name, *end, *body;
		bool proposal;
		struct net_input *input;

		assert_memory_equal(at, "-- ", 3);
		end = strchr(at, '\n');
		name = arena_text(c->arena, at + 3, (size_t)(end - at) - 3);
		proposal = strncmp(name, "proposal/", 9) == 0;
		body = end + 1;
		at = strncmp(body, "-- ", 3) == 0 ? body : strstr(body, "\n-- ");
		at = !at ? body + strlen(body) : at == body ? at : at + 1;
		input = &inputs[proposal][counts[proposal]++];
		assert_true(net_table_of_file(name, &input->table));
		input->source = source_of_memory(c->arena, name, body, (size_t)(at - body));
	}
	c->net = net_load(c->arena, c->strs, &c->diagnostics, inputs[0], counts[0], inputs[1], counts[1], &c->proposed);
	diagnostics_sort(&c->diagnostics);
}

static inline void case_free(struct net_case *c)
{
	diagnostics_free(&c->diagnostics);
	arena_free(c->arena);
}

/* Each diagnostic as FILE:LINE:COLUMN: SEVERITY CODE: TEXT. */
static inline const char *case_told(struct net_case *c)
{
	static const char *const severities[] = { "error", "warning", "note" };
	struct sink *s = sink_to_memory(c->arena);
	size_t bytes;

	for (size_t i = 0; i < c->diagnostics.count; i++) {
		const struct diagnostic *d = &c->diagnostics.items[i];

		sink_printf(s, "%s:%u:%u: %s %s: %s\n", d->place.file, d->place.line, d->place.column,
			    severities[d->severity], d->code, d->text);
	}
	return sink_memory(s, &bytes);
}

/* All tables as they would be written, those without rows left out. */
static inline const char *case_printed(struct net_case *c, const struct net *net)
{
	struct sink *s = sink_to_memory(c->arena);
	size_t bytes;

	for (int t = 0; t < NET_TABLES; t++) {
		if (!net->table[t].rows)
			continue;
		sink_printf(s, "-- %s\n", net_table_file((enum net_table_name)t));
		net_print(net, (enum net_table_name)t, s);
	}
	return sink_memory(s, &bytes);
}

static inline const char *cell_of(const struct net *net, enum net_table_name table, const char *id, const char *column)
{
	static char text[48];
	uint32_t row = net_find_text(net, table, id);

	assert_true(CODE_IS_KNOWN(row));
	assert_non_null(net_column(net, table, column));
	return net_cell(net, table, net_column(net, table, column), row, text);
}

#endif
