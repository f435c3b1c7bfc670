/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of lang: a text in the test becomes a document, a diagnostic becomes one line "LINE:COLUMN+WIDTH code:
 * text", an expression becomes its nesting in parentheses. So a test is the text and what is said of it.
 */
#ifndef PROVISO_TEST_LANG_TEXT_H
#define PROVISO_TEST_LANG_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "lang/lang.h"

struct text {
	struct arena *arena;
	struct diagnostics diagnostics;
	struct document *document;
};

static inline void text_open_bytes(struct text *t, const char *bytes, size_t count)
{
	struct source *source;

	t->arena = arena_new();
	diagnostics_init(&t->diagnostics, t->arena);
	source = source_of_memory(t->arena, "t.proviso", bytes, count);
	t->document = document_parse(t->arena, source, &t->diagnostics);
	source_close(source);
}

static inline void text_open(struct text *t, const char *text)
{
	text_open_bytes(t, text, strlen(text));
}

static inline void text_close(struct text *t)
{
	diagnostics_free(&t->diagnostics);
	arena_free(t->arena);
}

/* A reader of clause c of stanza s; c -1 is the head behind its keyword and `NAME =`, where those are there. */
static inline struct reader text_reader(struct text *t, size_t s, int c)
{
	const struct stanza *stanza;
	struct reader reader;

	assert_non_null(t->document);
	assert_true(s < t->document->count);
	stanza = &t->document->stanzas[s];
	assert_true(c < (int)stanza->count);
	reader = reader_of(t->document, c < 0 ? &stanza->head : &stanza->clauses[c], t->arena, &t->diagnostics);
	if (c < 0 && reader_take(&reader, "set")) {
		reader_name(&reader, "a name");
		reader_expect(&reader, "=");
	}
	return reader;
}

/* All diagnostics so far, one a line. */
static inline const char *text_said(struct text *t)
{
	struct sink *sink = sink_to_memory(t->arena);
	size_t bytes;

	for (size_t i = 0; i < t->diagnostics.count; i++) {
		const struct diagnostic *d = &t->diagnostics.items[i];

		sink_printf(sink, "%u:%u+%u %s%s: %s\n", d->place.line, d->place.column, d->width,
			    d->severity == SEVERITY_WARNING ? "warning " : "", d->code, d->text);
	}
	return sink_memory(sink, &bytes);
}

static inline const char *text_printed(struct text *t)
{
	struct sink *sink = sink_to_memory(t->arena);
	size_t bytes;

	document_print(t->document, sink);
	return sink_memory(sink, &bytes);
}

static inline void text_put_expr(struct sink *sink, const struct expr *e)
{
	static const char *const joints[] = { "or", "and", "not" };
	static const char *const ops[] = { "<", "<=", ">", ">=" };
	static const char *const relations[] = { "managed-by", "hosted-on", "part-of", "contains" };

	if (e->kind == EXPR_NAME) {
		sink_text(sink, e->path->text);
		return;
	}
	sink_char(sink, '(');
	if (e->kind <= EXPR_RELATION) {
		sink_text(sink, e->kind == EXPR_RELATION ? relations[e->relation] : joints[e->kind]);
		sink_char(sink, ' ');
		text_put_expr(sink, e->left);
		if (e->right) {
			sink_char(sink, ' ');
			text_put_expr(sink, e->right);
		}
	} else {
		sink_printf(sink, "%s %s", e->kind == EXPR_IN ? "in" : ops[e->op], e->path->text);
		for (size_t i = 0; i < e->value_count; i++)
			sink_printf(sink, " %s", e->values[i]->text);
	}
	sink_char(sink, ')');
}

static inline const char *text_expr(struct text *t, const struct expr *e)
{
	struct sink *sink = sink_to_memory(t->arena);
	size_t bytes;

	if (e)
		text_put_expr(sink, e);
	return sink_memory(sink, &bytes);
}

#endif
