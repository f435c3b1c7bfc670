/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an inventory: the balance adds up, what is written can be loaded, a second import over the first changes
 * no byte, and a plan is read without harm too.
 */
#ifndef PROVISO_FUZZ_INVENTORY_H
#define PROVISO_FUZZ_INVENTORY_H

#include <stdlib.h>
#include <string.h>

#include "net/net.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static inline void check(bool holds)
{
	if (!holds)
		abort();
}

/* What contradicts itself in the file is refused when it is loaded, and that is as it should be. */
static inline bool is_contradiction(const char *code)
{
	return !strcmp(code, "host-circle") || !strcmp(code, "part-circle");
}

static inline void check_balance(const struct net_import_balance *balance)
{
	size_t left_out = 0;

	for (size_t i = 0; i < balance->left_out.count; i++) {
		left_out += balance->left_out.items[i].count;
		check(balance->left_out.items[i].example_count >= 1);
	}
	check(balance->read == balance->used + balance->merged + left_out);
}

static inline const char *printed(struct arena *arena, const struct net_imported *imported, size_t file, size_t *bytes)
{
	struct sink *sink = sink_to_memory(arena);

	net_imported_print(imported, file, sink);
	return sink_memory(sink, bytes);
}

/* The files as sources, in `inputs`. */
static inline size_t files_of(struct arena *arena, const struct net_imported *imported, struct net_input *inputs)
{
	for (size_t i = 0; i < imported->file_count; i++) {
		size_t bytes;
		const char *text = printed(arena, imported, i, &bytes);

		inputs[i].table = imported->files[i].table;
		inputs[i].source = source_of_memory(arena, imported->files[i].name, text, bytes);
	}
	return imported->file_count;
}

static inline void check_loads(struct arena *arena, const struct net_imported *imported)
{
	struct net_input inputs[2 * NET_TABLES];
	struct diagnostics diagnostics;
	size_t count = files_of(arena, imported, inputs);

	diagnostics_init(&diagnostics, arena);
	net_load(arena, strs_new(arena), &diagnostics, inputs, count, NULL, 0, NULL);
	for (size_t i = 0; i < diagnostics.count; i++)
		check(diagnostics.items[i].severity != SEVERITY_ERROR || is_contradiction(diagnostics.items[i].code));
	diagnostics_free(&diagnostics);
}

static inline struct net_imported *run(struct arena *arena, const char *format, const uint8_t *bytes, size_t count,
				       struct net_import_job *job)
{
	struct source *sources[] = { source_of_memory(arena, "fuzz", bytes, count) };
	struct diagnostics diagnostics;
	struct net_imported *imported;

	diagnostics_init(&diagnostics, arena);
	job->importer = net_importer_find(format);
	job->sources = sources;
	job->source_count = 1;
	imported = net_import(arena, job, &diagnostics);
	check(imported || diagnostics.errors);
	if (imported)
		check_balance(&imported->balance);
	diagnostics_free(&diagnostics);
	return imported;
}

static inline void check_again(struct arena *arena, const char *format, const uint8_t *bytes, size_t count,
			       const struct net_imported *first)
{
	struct net_input inputs[2 * NET_TABLES];
	struct net_import_job job = { .found = inputs, .found_count = files_of(arena, first, inputs) };
	struct net_imported *second = run(arena, format, bytes, count, &job);

	check(second && second->file_count == first->file_count);
	for (size_t i = 0; i < first->file_count; i++) {
		size_t before_bytes, bytes_now;
		const char *before = printed(arena, first, i, &before_bytes), *now = printed(arena, second, i, &bytes_now);

		check(before_bytes == bytes_now && memcmp(before, now, bytes_now) == 0);
		check(second->files[i].added == 0 && second->files[i].changed == 0);
	}
}

static inline int import_inventory(const char *format, const uint8_t *bytes, size_t count)
{
	struct arena *arena = arena_new();
	struct net_import_job present = { 0 }, proposal = { .as_proposal = true };
	struct net_imported *imported;

	net_import_hopeless((const char *)bytes, count);
	net_importer_find(format)->recognise((const char *)bytes, count);
	imported = run(arena, format, bytes, count, &present);
	if (imported) {
		check_loads(arena, imported);
		check_again(arena, format, bytes, count, imported);
	}
	run(arena, format, bytes, count, &proposal);
	arena_free(arena);
	return 0;
}

#endif
