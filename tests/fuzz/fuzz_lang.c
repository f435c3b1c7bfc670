/* SPDX-License-Identifier: Apache-2.0 */
/*
 * # proviso-deps: base lang
 *
 * Any bytes as a `.proviso` file: it is parsed, printed, parsed and printed again. What was printed must parse without
 * a mistake, to the same tokens and the same bytes. Expressions, lists and durations are read from every place of every
 * clause they could begin at, and must span tokens of that clause.
 */
#include "base/base.h"
#include "lang/lang.h"

#include <assert.h>
#include <string.h>

/* What a run keeps; one arena, so that a leak of lang's own shows. */
struct reading {
	struct arena *arena;
	struct diagnostics diagnostics;
	struct document *document;
	const char *printed;
	size_t bytes;
};

static void read_text(struct reading *r, const void *bytes, size_t count)
{
	struct source *source;
	struct sink *sink;

	r->arena = arena_new();
	diagnostics_init(&r->diagnostics, r->arena);
	source = source_of_memory(r->arena, "fuzz.proviso", bytes, count);
	r->document = document_parse(r->arena, source, &r->diagnostics);
	source_close(source);
	if (!r->document)
		return;
	sink = sink_to_memory(r->arena);
	document_print(r->document, sink);
	assert(sink_flush(sink) == 0);
	r->printed = sink_memory(sink, &r->bytes);
}

static void forget(struct reading *r)
{
	diagnostics_free(&r->diagnostics);
	arena_free(r->arena);
}

static void compare_clauses(const struct clause *a, const struct clause *b)
{
	assert(a->count == b->count);
	for (size_t i = 0; i <= a->count; i++) {
		assert(a->tokens[i].kind == b->tokens[i].kind);
		assert(a->tokens[i].number == b->tokens[i].number);
		assert(!strcmp(a->tokens[i].text, b->tokens[i].text));
	}
}

static void compare(const struct document *a, const struct document *b)
{
	assert(a->count == b->count);
	for (size_t s = 0; s < a->count; s++) {
		compare_clauses(&a->stanzas[s].head, &b->stanzas[s].head);
		assert(a->stanzas[s].count == b->stanzas[s].count);
		for (size_t c = 0; c < a->stanzas[s].count; c++)
			compare_clauses(&a->stanzas[s].clauses[c], &b->stanzas[s].clauses[c]);
	}
}

/* Depth of an expression, which recursion must bear: no more than nesting times the height of balanced chains. */
static unsigned walk(const struct expr *expr, const struct clause *clause)
{
	unsigned left, right;

	if (!expr)
		return 0;
	assert(expr->first >= clause->tokens && expr->first <= expr->last);
	assert(expr->last < clause->tokens + clause->count);
	assert(!expr->path == (expr->kind <= EXPR_RELATION));
	assert(!expr->value_count == (expr->kind < EXPR_IN));
	left = walk(expr->left, clause);
	right = walk(expr->right, clause);
	return 1 + (left > right ? left : right);
}

static void read_clause(struct reading *r, const struct clause *clause)
{
	for (size_t i = 0; i < clause->count && i < 8; i++) {
		struct reader reader = reader_of(r->document, clause, r->arena, &r->diagnostics);
		struct duration duration;
		size_t count;

		reader.at = clause->tokens + i;
		assert(walk(reader_expr(&reader), clause) < LIMIT_NESTING * 20);
		reader_end(&reader);
		reader.at = clause->tokens + i;
		reader.bad = false;
		if (reader_duration(&reader, &duration)) {
			int32_t later = date_add_duration(0, duration, 1), sooner = date_add_duration(0, duration, -1);
			char text[11];

			assert(sooner <= 0 && later >= 0);
			date_print(later, text);
			date_print(sooner, text);
		}
		reader.at = clause->tokens + i;
		reader.bad = false;
		reader_list(&reader, "a name", &count);
	}
	clause_text(r->arena, clause->tokens, clause->tokens + clause->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading first = { 0 }, second = { 0 };

	read_text(&first, data, size);
	if (!first.document) {
		assert(first.diagnostics.errors);
		forget(&first);
		return 0;
	}
	read_text(&second, first.printed, first.bytes);
	assert(second.document && !second.diagnostics.errors);
	compare(first.document, second.document);
	assert(first.bytes == second.bytes && !memcmp(first.printed, second.printed, first.bytes));
	for (size_t s = 0; s < first.document->count; s++) {
		const struct stanza *stanza = &first.document->stanzas[s];

		read_clause(&first, &stanza->head);
		for (size_t c = 0; c < stanza->count; c++)
			read_clause(&first, &stanza->clauses[c]);
	}
	forget(&first);
	forget(&second);
	return 0;
}
