/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the operation, runs it, and ends it: diagnostics to stderr, with --json also the failure itself to stdout, both
 * flushed, and a result that could not be written turned into a status of its own.
 */
#include "ops/call.h"

#include <string.h>

const struct operation *ops_find(const char *name)
{
	for (size_t i = 0; i < ops_table_count; i++)
		if (strcmp(ops_table[i].name, name) == 0)
			return &ops_table[i];
	return NULL;
}

int call_unknown_operation(struct call *call, const char *name)
{
	const char **names = arena_array(call->arena, ops_table_count, sizeof *names), *nearest;
	size_t count = 0;

	for (size_t i = 0; i < ops_table_count; i++)
		if (!ops_table[i].hidden)
			names[count++] = ops_table[i].name;
	nearest = nearest_text(name, names, count);
	if (nearest)
		call_fail(call, EXIT_USAGE, "unknown-operation", "there is no operation \"%s\" (did you mean \"%s\"?)",
			  name, nearest);
	else
		call_fail(call, EXIT_USAGE, "unknown-operation", "there is no operation \"%s\" (see proviso help)",
			  name);
	return EXIT_USAGE;
}

static int no_operation(struct call *call, const char *option)
{
	call_fail(call, EXIT_USAGE, "unknown-operation",
		  "an operation comes before its options, and %s is one (see proviso help)", option);
	return EXIT_USAGE;
}

/* The words that people try first, before they know the operations. */
static const char *name_of(const char *word)
{
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return "help";
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return "version";
	return word;
}

static int run(struct call *call, size_t count, char *const *words)
{
	if (!count) {
		help_print_all(call->world->err_style.width, call->world->err);
		return EXIT_USAGE;
	}
	call->operation = ops_find(name_of(words[0]));
	if (!call->operation) {
		for (size_t i = 0; i < count; i++)
			call->json |= strcmp(words[i], "--json") == 0;
		return words[0][0] == '-' ? no_operation(call, words[0]) : call_unknown_operation(call, words[0]);
	}
	call_parse(call, count - 1, words + 1);
	if (call->failure)
		return call->failure;
	if (call->wants_help) {
		help_print(call->operation, call->world->out_style.width, call->world->out);
		return 0;
	}
	return call->operation->run(call);
}

static void print_diagnostics(struct call *call, int status)
{
	const struct ops_world *w = call->world;

	diagnostics_sort(&call->diagnostics);
	if (call->diagnostics.count || call->diagnostics.dropped)
		report_diagnostics(&call->diagnostics, &w->err_style, w->err);
	if (call->json && status >= EXIT_USAGE)
		report_diagnostics_json(&call->diagnostics, status, w->out);
}

int ops_run(const struct ops_world *world, size_t count, char *const *words)
{
	struct call call = { .world = world, .arena = arena_new() };
	int status, error;

	diagnostics_init(&call.diagnostics, call.arena);
	status = run(&call, count, words);
	print_diagnostics(&call, status);
	error = sink_flush(world->out);
	if (error) {
		sink_printf(world->err, "proviso: the result can't be written: %s\n", strerror(error));
		status = EXIT_WRITE_FAILED;
	}
	sink_flush(world->err);
	diagnostics_free(&call.diagnostics);
	arena_free(call.arena);
	return status;
}
