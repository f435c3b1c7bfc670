/* SPDX-License-Identifier: Apache-2.0 */
/* proviso help, and --help behind any operation: printed from the table, so that it can't differ from what is there. */
#include "ops/call.h"

#include <string.h>

const struct ops_option help_options[] = { OPTIONS_END };
const struct ops_exit help_exits[] = { { 0, "always" }, EXITS_END };
const char help_page[] =
	"Without an operand: the operations, one line each. With one: its page, as OPERATION --help prints it.\n";

enum { INDENT = 2, OPTION_COLUMN = 28, NAME_COLUMN = 12, EXIT_COLUMN = 6, SHOWN_AS_IS = 4 };

/* One paragraph or literal line at a time; returns what follows it. */
static const char *print_paragraph(struct sink *sink, const char *text, unsigned width)
{
	const char *end = strstr(text, "\n\n");
	size_t bytes = end ? (size_t)(end - text) + 1 : strlen(text);
	struct arena *scratch;

	if (strncmp(text, "    ", SHOWN_AS_IS) == 0) {
		sink_put(sink, text, bytes);
	} else {
		scratch = arena_new();
		report_fold(sink, width, 0, 0, arena_text(scratch, text, bytes));
		arena_free(scratch);
	}
	return text + bytes;
}

static void print_page(struct sink *sink, const char *page, unsigned width)
{
	while (*page) {
		page = print_paragraph(sink, page, width);
		while (*page == '\n') {
			sink_char(sink, '\n');
			page++;
		}
	}
}

/* "--policy FILE|NAME" */
static const char *option_spelling(struct arena *a, const struct ops_option *o)
{
	const char *letter = o->letter ? arena_printf(a, "-%c, ", o->letter) : "";

	return arena_printf(a, "%s--%s%s%s", letter, o->name, o->value ? " " : "", o->value ? o->value : "");
}

static void print_entry(struct sink *sink, unsigned column, unsigned width, const char *name, const char *help)
{
	unsigned taken = INDENT + (unsigned)utf8_width(name, strlen(name));

	sink_printf(sink, "%*s%s", INDENT, "", name);
	if (taken + 2 > column)
		sink_printf(sink, "\n%*s", (int)column, "");
	else
		sink_printf(sink, "%*s", (int)(column - taken), "");
	report_fold(sink, width, column, column, help);
}

static void print_exits(struct arena *a, struct sink *sink, const struct ops_exit *exits, unsigned width)
{
	for (; exits->meaning; exits++)
		print_entry(sink, EXIT_COLUMN, width, arena_printf(a, "%d", exits->status), exits->meaning);
}

void call_synopsis(const struct operation *o, unsigned width, struct sink *sink)
{
	struct arena *a = arena_new();
	unsigned indent = (unsigned)strlen("usage: proviso ") + (unsigned)strlen(o->name) + 1;
	struct sink *rest = sink_to_memory(a);

	sink_text(rest, o->operands);
	for (const struct ops_option *option = o->options; option->name; option++) {
		/* With "=" an option and its value stay on one line. */
		sink_printf(rest, " [--%s%s%s]%s", option->name, option->value ? "=" : "",
			    option->value ? option->value : "", option->kind == OPS_SEVERAL ? "..." : "");
	}
	sink_printf(sink, "usage: proviso %s ", o->name);
	report_fold(sink, width, indent, indent, sink_memory(rest, NULL));
	arena_free(a);
}

void help_print(const struct operation *o, unsigned width, struct sink *sink)
{
	struct arena *a = arena_new();

	width = width ? width : 80;
	report_fold(sink, width, 0, INDENT, arena_printf(a, "proviso %s - %s", o->name, o->help));
	sink_char(sink, '\n');
	call_synopsis(o, width, sink);
	sink_char(sink, '\n');
	print_page(sink, o->page, width);
	if (o->options->name)
		sink_text(sink, "\nOptions, before or behind the operands:\n");
	for (const struct ops_option *option = o->options; option->name; option++)
		print_entry(sink, OPTION_COLUMN, width, option_spelling(a, option), option->help);
	sink_text(sink, "\nExit status:\n");
	print_exits(a, sink, o->exits, width);
	print_exits(a, sink, ops_exits, width);
	arena_free(a);
}

void help_print_all(unsigned width, struct sink *sink)
{
	width = width ? width : 80;
	report_fold(sink, width, 0, 0,
		    "proviso judges whether suppliers' equipment is an acceptable risk in a mobile network.");
	sink_text(sink, "\nusage: proviso OPERATION ...\n\n");
	for (size_t i = 0; i < ops_table_count; i++)
		if (!ops_table[i].hidden)
			print_entry(sink, NAME_COLUMN, width, ops_table[i].name, ops_table[i].help);
	sink_text(sink, "\nproviso OPERATION --help prints the page of one.\n");
}

int help_run(struct call *call)
{
	const struct operation *o;

	if (!call->operand_count) {
		help_print_all(call->world->out_style.width, call->world->out);
		return 0;
	}
	o = ops_find(call->operands[0]);
	if (!o)
		return call_unknown_operation(call, call->operands[0]);
	help_print(o, call->world->out_style.width, call->world->out);
	return 0;
}
