/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole file becomes stanzas of clauses. A clause with a mistake in its spelling is left out after its diagnostic; a
 * stanza whose head has one is left out whole, because its clauses would otherwise fall to the stanza before it.
 */
#include "lang/token.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct building {
	struct document *document;
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct tokenizer tokenizer;
	struct tokens tokens; /* of the clause that is being read */
	struct {
		struct clause *items;
		size_t count, room;
	} clauses; /* of the stanza that is being read */
	struct {
		struct stanza *items;
		size_t count, room;
	} stanzas;
	struct {
		struct comment *items;
		size_t count, room;
	} comments;
	struct clause head;
	bool head_begun;   /* the clause that is being read is a stanza's head */
	bool continuing;   /* the last line ended in a comma */
	bool broken;       /* the clause that is being read has a mistake */
	bool any_stanza;   /* a head has been seen */
	bool keeping;      /* and had no mistake */
	bool left_out;     /* a clause of its stanza was */
	bool told_nothing; /* that a clause stands before any stanza has been said */
};

/* The line of a place as it is shown, or NULL for the file as a whole. */
static const char *shown_line(const struct document *document, uint32_t line)
{
	return line && line <= document->line_count ? document->lines[line - 1] : NULL;
}

const char *text_formatted(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int bytes;

	assert(format);
	va_copy(again, arguments);
	bytes = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(bytes >= 0);
	text = arena_alloc(arena, (size_t)bytes + 1);
	vsnprintf(text, (size_t)bytes + 1, format, arguments);
	return text;
}

struct diagnostic *document_diagnose(const struct document *document, struct diagnostics *diagnostics,
				     enum severity severity, const char *code, const struct token *token,
				     const char *format, ...)
{
	struct diagnostic *diagnostic;
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = text_formatted(diagnostics->arena, format, arguments);
	va_end(arguments);
	diagnostic = diagnose(diagnostics, severity, code, token->place, "%s", text);
	if (diagnostic) {
		diagnostic->source = shown_line(document, token->place.line);
		diagnostic->width = token->width ? token->width : 1;
	}
	return diagnostic;
}

/* ---- clauses and stanzas ---------------------------------------------------------------------------------------- */

static struct clause keep_clause(struct building *b)
{
	size_t count = b->tokens.count;
	struct token *tokens = arena_array(b->arena, count + 1, sizeof *tokens);
	struct token *end = &tokens[count];

	memcpy(tokens, b->tokens.items, count * sizeof *tokens);
	*end = (struct token){ .kind = TOKEN_END, .text = "", .place = tokens[count - 1].place };
	end->place.column += tokens[count - 1].width;
	return (struct clause){ tokens, count };
}

static void close_stanza(struct building *b)
{
	struct clause *clauses;
	struct stanza *stanza;

	if (!b->keeping)
		return;
	clauses = arena_array(b->arena, b->clauses.count + 1, sizeof *clauses);
	if (b->clauses.count)
		memcpy(clauses, b->clauses.items, b->clauses.count * sizeof *clauses);
	stanza = array_add(&b->stanzas);
	*stanza = (struct stanza){ b->head, clauses, b->clauses.count, b->left_out };
	b->clauses.count = 0;
	b->keeping = false;
}

static void finish_head(struct building *b)
{
	close_stanza(b);
	b->any_stanza = true;
	if (b->broken)
		return;
	if (b->tokens.items[0].kind != TOKEN_WORD) {
		document_diagnose(b->document, b->diagnostics, SEVERITY_ERROR, "expected-keyword", &b->tokens.items[0],
				  "expected the keyword of a stanza in column 1 (clauses are indented)");
		return;
	}
	b->head = keep_clause(b);
	b->left_out = false;
	b->keeping = true;
}

static void finish_clause(struct building *b)
{
	if (b->head_begun) {
		finish_head(b);
	} else if (!b->any_stanza) {
		if (!b->broken && !b->told_nothing)
			document_diagnose(
				b->document, b->diagnostics, SEVERITY_ERROR, "indented-nothing", &b->tokens.items[0],
				"the line is indented, but no stanza has begun (its keyword stands in column 1)");
		b->told_nothing = true;
	} else if (b->broken) {
		b->left_out = true;
	} else if (b->keeping) {
		*array_add(&b->clauses) = keep_clause(b);
	}
	b->tokens.count = 0;
	b->continuing = false;
}

/* A comma at the end with nothing after it: were it kept, the canonical form would draw in the next clause. */
static void finish_dangling(struct building *b, const char *found)
{
	if (!b->broken)
		document_diagnose(b->document, b->diagnostics, SEVERITY_ERROR, "expected-continuation",
				  &b->tokens.items[b->tokens.count - 1],
				  "expected more in the next line after the comma, found %s", found);
	b->broken = true;
	finish_clause(b);
}

static void read_line(struct building *b, char *text, size_t bytes, uint32_t number)
{
	size_t indent = strspn(text, " \t");
	bool blank = indent == bytes, content = !blank && text[indent] != '#';
	struct comment comment;
	bool good = token_line(&b->tokenizer, text, bytes, number, &b->tokens, &comment);

	if (comment.text)
		*array_add(&b->comments) = comment;
	if (!content) {
		if (blank && b->continuing)
			finish_dangling(b, "an empty line");
		return;
	}
	if (!b->continuing) {
		b->head_begun = indent == 0;
		b->broken = false;
	}
	b->broken |= !good;
	b->continuing = b->tokens.count && token_is_sign(&b->tokens.items[b->tokens.count - 1], ",");
	if (!b->continuing)
		finish_clause(b);
}

/* ---- the file --------------------------------------------------------------------------------------------------- */

static void complain_whole(struct source *source, struct diagnostics *diagnostics)
{
	struct place place = { source_name(source), 0, 0 };
	int error = source_error(source);

	if (error && error != EFBIG)
		diagnose(diagnostics, SEVERITY_ERROR, "unreadable", place, "%s", strerror(error));
	else
		diagnose(diagnostics, SEVERITY_ERROR, "too-large", place, "the file has more than %d bytes",
			 (int)LIMIT_POLICY_FILE);
}

/* Cuts the text at its line ends, in place, and reads line after line. */
static void read_lines(struct building *b, char *text, size_t bytes)
{
	const char **lines;
	size_t count = 1, number = 0;
	char *at = text, *end = text + bytes;

	for (const char *c = text; (c = memchr(c, '\n', (size_t)(end - c))); c++)
		count++;
	lines = arena_array(b->arena, count, sizeof *lines);
	b->document->lines = lines;
	while (at < end) {
		char *newline = memchr(at, '\n', (size_t)(end - at));
		char *stop = newline ? newline : end;
		char *next = newline ? newline + 1 : end;

		if (stop > at && stop[-1] == '\r')
			stop--;
		*stop = '\0';
		lines[number++] = at;
		b->document->line_count = number;
		read_line(b, at, (size_t)(stop - at), (uint32_t)number);
		at = next;
	}
	if (b->continuing)
		finish_dangling(b, "the end of the file");
	close_stanza(b);
}

static void keep_document(struct building *b)
{
	struct stanza *stanzas = arena_array(b->arena, b->stanzas.count + 1, sizeof *stanzas);
	struct comment *items = arena_array(b->arena, b->comments.count + 1, sizeof *items);
	struct comments *comments = arena_alloc(b->arena, sizeof *comments);

	if (b->stanzas.count)
		memcpy(stanzas, b->stanzas.items, b->stanzas.count * sizeof *stanzas);
	if (b->comments.count)
		memcpy(items, b->comments.items, b->comments.count * sizeof *items);
	*comments = (struct comments){ items, b->comments.count };
	b->document->stanzas = stanzas;
	b->document->count = b->stanzas.count;
	b->document->comments = comments;
	free(b->tokens.items);
	free(b->clauses.items);
	free(b->stanzas.items);
	free(b->comments.items);
}

struct document *document_parse(struct arena *arena, struct source *source, struct diagnostics *diagnostics)
{
	size_t bytes = 0;
	char *text = source_all(source, arena, LIMIT_POLICY_FILE, &bytes);
	struct building b = { .arena = arena, .diagnostics = diagnostics };

	if (!text) {
		complain_whole(source, diagnostics);
		return NULL;
	}
	if (bytes >= 2 && (!memcmp(text, "\xff\xfe", 2) || !memcmp(text, "\xfe\xff", 2))) {
		diagnose(diagnostics, SEVERITY_ERROR, "encoding", (struct place){ source_name(source), 0, 0 },
			 "the file is UTF-16: save it as UTF-8");
		return NULL;
	}
	if (bytes >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		text += 3;
		bytes -= 3;
	}
	b.document = arena_alloc(arena, sizeof *b.document);
	b.document->file = source_name(source);
	b.tokenizer.document = b.document;
	b.tokenizer.diagnostics = diagnostics;
	b.tokenizer.texts = arena_alloc(arena, bytes + 1);
	b.tokenizer.texts_end = b.tokenizer.texts + bytes + 1;
	read_lines(&b, text, bytes);
	keep_document(&b);
	return b.document;
}
