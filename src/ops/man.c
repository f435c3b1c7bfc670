/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso man: a manual page in the form that scdoc turns into man pages. The build calls it for each operation, so
 * that the pages are the table.
 */
#include "ops/call.h"

#include <string.h>

const struct ops_option man_options[] = { OPTIONS_END };
const struct ops_exit man_exits[] = { { 0, "always" }, EXITS_END };
const char man_page[] = "Without an operand the page of proviso itself. Read with scdoc.\n";

enum { LITERAL = 4 }; /* columns of indentation that make a line of a page literal */

/* What scdoc would take for markup is escaped. */
static void put_escaped(struct sink *sink, const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (strchr("_*\\#[]~<>|.-", text[i]) && text[i])
			sink_char(sink, '\\');
		sink_char(sink, text[i]);
	}
}

static void put_text(struct sink *sink, const char *text)
{
	put_escaped(sink, text, strlen(text));
}

/* Paragraphs as they are, literal lines between fences. */
static void put_page(struct sink *sink, const char *page)
{
	bool literal = false;

	while (*page) {
		size_t bytes = strcspn(page, "\n");
		bool is_literal = strncmp(page, "    ", LITERAL) == 0;

		if (is_literal != literal && bytes)
			sink_text(sink, "```\n");
		if (bytes)
			literal = is_literal;
		if (literal && bytes)
			sink_put(sink, page + LITERAL, bytes - LITERAL);
		else if (!literal)
			put_escaped(sink, page, bytes);
		else {
			sink_text(sink, "```\n");
			literal = false;
		}
		sink_char(sink, '\n');
		page += bytes + (page[bytes] == '\n');
	}
	if (literal)
		sink_text(sink, "```\n");
}

static void put_exits(struct sink *sink, const struct ops_exit *exits)
{
	for (; exits->meaning; exits++) {
		sink_printf(sink, "*%d*\n\t", exits->status);
		put_text(sink, exits->meaning);
		sink_text(sink, "\n\n");
	}
}

static void put_options(struct sink *sink, const struct ops_option *options)
{
	if (!options->name)
		return;
	sink_text(sink, "# OPTIONS\n\nOptions stand before, between or behind the operands.\n\n");
	for (; options->name; options++) {
		if (options->letter)
			sink_printf(sink, "*\\-%c*, ", options->letter);
		sink_text(sink, "*\\-\\-");
		put_text(sink, options->name);
		sink_text(sink, options->value ? "* " : "*");
		if (options->value)
			put_text(sink, options->value);
		sink_text(sink, "\n\t");
		put_text(sink, options->help);
		sink_text(sink, options->kind == OPS_SEVERAL ? "; may be given several times\n\n" : "\n\n");
	}
}

static void print_operation(struct sink *sink, const struct operation *o)
{
	sink_printf(sink, "proviso-%s(1) \"\" \"proviso " PROVISO_VERSION "\"\n\n# NAME\n\nproviso-%s - ", o->name,
		    o->name);
	put_text(sink, o->help);
	sink_printf(sink, "\n\n# SYNOPSIS\n\n*proviso %s* ", o->name);
	put_text(sink, o->operands);
	sink_text(sink, o->options->name ? " \\[OPTION]...\n\n# DESCRIPTION\n\n" : "\n\n# DESCRIPTION\n\n");
	put_page(sink, o->page);
	sink_char(sink, '\n');
	put_options(sink, o->options);
	sink_text(sink, "# EXIT STATUS\n\n");
	put_exits(sink, o->exits);
	put_exits(sink, ops_exits);
	sink_text(sink, "# SEE ALSO\n\n*proviso*(1)\n");
}

static void print_program(struct sink *sink)
{
	sink_text(sink,
		  "proviso(1) \"\" \"proviso " PROVISO_VERSION "\"\n\n# NAME\n\nproviso - "
		  "judge whether suppliers' equipment is an acceptable risk in a mobile network\n\n"
		  "# SYNOPSIS\n\n*proviso* OPERATION ...\n\n# DESCRIPTION\n\n"
		  "Reads a network, policies and evidence, says for every rule whether it holds, and gives a verdict. "
		  "Each operation has a page of its own.\n\n# OPERATIONS\n\n");
	for (size_t i = 0; i < ops_table_count; i++) {
		if (ops_table[i].hidden)
			continue;
		sink_printf(sink, "*proviso-%s*(1)\n\t", ops_table[i].name);
		put_text(sink, ops_table[i].help);
		sink_text(sink, "\n\n");
	}
	sink_text(sink, "# ENVIRONMENT\n\n*PROVISO\\_POLICIES*\n\tthe folder of the policies that are known by name, "
			"instead of the "
			"installed one\n\n*NO\\_COLOR*\n\tif set, no colour on a terminal\n\n# EXIT STATUS\n\n");
	put_exits(sink, ops_exits);
	sink_text(sink, "Lower statuses are answers; each operation's page lists its own.\n");
}

int man_run(struct call *call)
{
	const struct operation *o;

	if (!call->operand_count) {
		print_program(call->world->out);
		return 0;
	}
	o = ops_find(call->operands[0]);
	if (!o) {
		call_fail(call, EXIT_USAGE, "unknown-operation", "there is no operation \"%s\"", call->operands[0]);
		return EXIT_USAGE;
	}
	print_operation(call->world->out, o);
	return 0;
}
