/* SPDX-License-Identifier: Apache-2.0 */
/* loaded: see loaded.h */
#include "loaded.h"

#include <stdlib.h>
#include <string.h>

void die_of(const struct diagnostics *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].severity == SEVERITY_ERROR)
			fprintf(stderr, "%s:%u:%u: %s\n", d->items[i].place.file, d->items[i].place.line, d->items[i].place.column,
				d->items[i].text);
	if (d->errors)
		exit(EXIT_BAD_INPUT);
}

struct loaded *load_generated(const struct generated *g)
{
	struct arena *a = arena_new(), *texts = arena_new();
	struct loaded *l = arena_alloc(a, sizeof *l);
	l->arena = a;
	l->strs = strs_new(a);
	diagnostics_init(&l->diagnostics, a);
	struct net_input inputs[NET_TABLES];
	for (enum net_table_name t = 0; t < NET_TABLES; t++) {
		struct sink *sink = sink_to_memory(texts);
		generated_csv(g, t, sink);
		size_t bytes = 0;
		const char *text = sink_memory(sink, &bytes);
		inputs[t] = (struct net_input){ t, source_of_memory(a, net_table_file(t), text, bytes) };
	}
	struct net *proposed = NULL;
	l->net = net_load(a, l->strs, &l->diagnostics, inputs, NET_TABLES, NULL, 0, &proposed);
	die_of(&l->diagnostics);

	struct sink *sink = sink_to_memory(a);
	generated_evidence(sink);
	size_t bytes = 0;
	const char *text = sink_memory(sink, &bytes);
	struct document *d = document_parse(a, source_of_memory(a, "designations.proviso", text, bytes), &l->diagnostics);
	l->evidence = evidence_new(a, &l->diagnostics);
	evidence_add(l->evidence, d);
	evidence_weigh(l->evidence, &(struct weighing){ .on = LOADED_ON });
	die_of(&l->diagnostics);
	arena_free(texts);
	return l;
}

void loaded_free(struct loaded *l)
{
	diagnostics_free(&l->diagnostics);
	arena_free(l->arena);
}

void judge_text(const struct loaded *l, struct arena *a, const char *text, size_t bytes, unsigned threads, struct findings *findings)
{
	struct diagnostics diagnostics;
	diagnostics_init(&diagnostics, a);
	struct document *d = document_parse(a, source_of_memory(a, "policy", text, bytes), &diagnostics);
	struct policy *p = policy_read(a, &diagnostics, &(struct policy_opener){ 0 }, d);
	struct policy_question question = { .net = l->net, .evidence = l->evidence, .on = LOADED_ON, .threads = threads,
					    .strs = l->strs, .arena = a, .diagnostics = &diagnostics, .brief = true };
	policy_judge(p, &question, findings);
	die_of(&diagnostics);
	diagnostics_free(&diagnostics);
}

char *file_text(struct arena *a, const char *path, size_t *bytes)
{
	int error = 0;
	struct source *source = source_open(a, path, path, &error);
	char *text = source ? source_all(source, a, LIMIT_POLICY_FILE, bytes) : NULL;
	if (!text) {
		fprintf(stderr, "can't read %s: %s\n", path, strerror(error));
		exit(EXIT_MISSING_INPUT);
	}
	source_close(source);
	return text;
}
