/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical form. Where comments go is worked out from line numbers alone: a comment on the line of a token trails
 * it, one on a line of its own precedes what comes next. A comment within a clause that goes on over several lines
 * holds the line break it stands at; all other breaks are set anew. Nothing here depends on what was printed before by
 * accident, so that printing what was parsed from a print gives the same bytes.
 */
#include "lang/token.h"

#include <string.h>

enum {
	COLUMNS = 100, /* a line is broken after a comma rather than reach past them */
	INDENT_CLAUSE = 2,
	INDENT_CONTINUED = 4, /* of a head, too: its clauses stand at two */
};

struct printer {
	struct sink *sink;
	const struct comment *at, *end; /* comments that are not printed yet */
	size_t column;                  /* columns filled in the line */
};

/* ---- tokens ----------------------------------------------------------------------------------------------------- */

bool token_apart(const struct token *before, const struct token *after)
{
	return !token_is_sign(before, "(") && !token_is_sign(after, ")") && !token_is_sign(after, ",");
}

void token_put(struct sink *sink, const struct token *token)
{
	if (token->kind != TOKEN_STRING) {
		sink_text(sink, token->text);
		return;
	}
	sink_char(sink, '"');
	for (const char *c = token->text; *c; c++) {
		if (*c == '"' || *c == '\\')
			sink_char(sink, '\\');
		sink_char(sink, *c);
	}
	sink_char(sink, '"');
}

static size_t token_columns(const struct token *token)
{
	size_t columns = utf8_width(token->text, strlen(token->text));

	if (token->kind != TOKEN_STRING)
		return columns;
	for (const char *c = token->text; *c; c++)
		columns += *c == '"' || *c == '\\';
	return columns + 2;
}

const char *clause_text(struct arena *arena, const struct token *from, const struct token *to)
{
	struct sink *sink = sink_to_memory(arena);
	const char *text;
	size_t bytes;

	for (const struct token *token = from; token < to && token->kind != TOKEN_END; token++) {
		if (token > from && token_apart(token - 1, token))
			sink_char(sink, ' ');
		token_put(sink, token);
	}
	text = sink_memory(sink, &bytes);
	return arena_text(arena, text, bytes);
}

/* ---- lines ------------------------------------------------------------------------------------------------------ */

static void put_indent(struct printer *p, size_t columns)
{
	for (size_t i = 0; i < columns; i++)
		sink_char(p->sink, ' ');
	p->column = columns;
}

static void put_comment(struct printer *p)
{
	sink_put(p->sink, p->at->text, p->at->bytes);
	p->at++;
}

/* Comments on lines of their own before `line`, indented like what follows them. */
static void put_comments_before(struct printer *p, uint32_t line, size_t indent)
{
	while (p->at < p->end && p->at->line < line) {
		put_indent(p, indent);
		put_comment(p);
		sink_char(p->sink, '\n');
	}
}

static void put_trailing_comment(struct printer *p, uint32_t line)
{
	if (p->at < p->end && p->at->line == line) {
		sink_text(p->sink, "  ");
		put_comment(p);
	}
}

/* Columns of the tokens up to the next comma or the end: what a line break keeps together. */
static size_t columns_to_comma(const struct token *token)
{
	size_t columns = 0;

	for (const struct token *first = token; token->kind != TOKEN_END; token++) {
		columns += token_columns(token) + (token > first && token_apart(token - 1, token));
		if (token_is_sign(token, ","))
			break;
	}
	return columns;
}

/* Whatever stands between a token and the next one of its clause: a space, nothing, or a line break with its comments.
 */
static void put_between(struct printer *p, const struct token *before, const struct token *after)
{
	bool comment = p->at < p->end && p->at->line < after->place.line;

	if (comment) {
		put_trailing_comment(p, before->place.line);
		sink_char(p->sink, '\n');
		put_comments_before(p, after->place.line, INDENT_CONTINUED);
		put_indent(p, INDENT_CONTINUED);
	} else if (token_is_sign(before, ",") && p->column + 1 + columns_to_comma(after) > COLUMNS) {
		sink_char(p->sink, '\n');
		put_indent(p, INDENT_CONTINUED);
	} else if (token_apart(before, after)) {
		sink_char(p->sink, ' ');
		p->column++;
	}
}

static void put_clause(struct printer *p, const struct clause *clause, size_t indent)
{
	put_indent(p, indent);
	for (size_t i = 0; i < clause->count; i++) {
		const struct token *token = &clause->tokens[i];

		if (i)
			put_between(p, token - 1, token);
		token_put(p->sink, token);
		p->column += token_columns(token);
	}
	put_trailing_comment(p, clause->tokens[clause->count].place.line);
	sink_char(p->sink, '\n');
}

/*
 * Comments between the clauses of one stanza and the next head: indented ones still belong to the stanza before, those
 * from the first in column 1 on to what follows. Groups of them stay apart by one empty line, such as a licence at the
 * top.
 */
static void put_comments_between(struct printer *p, uint32_t line, bool first, bool last)
{
	uint32_t before = 0;

	while (!first && p->at < p->end && p->at->line < line && p->at->column > 1) {
		put_indent(p, INDENT_CLAUSE);
		put_comment(p);
		sink_char(p->sink, '\n');
	}
	if (!first && (!last || p->at < p->end))
		sink_char(p->sink, '\n');
	while (p->at < p->end && p->at->line < line) {
		if (before && p->at->line > before + 1)
			sink_char(p->sink, '\n');
		before = p->at->line;
		put_comment(p);
		sink_char(p->sink, '\n');
	}
	if (before && !last && line > before + 1)
		sink_char(p->sink, '\n');
}

void document_print(const struct document *document, struct sink *sink)
{
	const struct comments *comments = document->comments;
	struct printer p = { .sink = sink, .at = comments->items, .end = comments->items + comments->count };

	for (size_t s = 0; s < document->count; s++) {
		const struct stanza *stanza = &document->stanzas[s];

		put_comments_between(&p, stanza->head.tokens->place.line, s == 0, false);
		put_clause(&p, &stanza->head, 0);
		for (size_t c = 0; c < stanza->count; c++) {
			put_comments_before(&p, stanza->clauses[c].tokens->place.line, INDENT_CLAUSE);
			put_clause(&p, &stanza->clauses[c], INDENT_CLAUSE);
		}
	}
	put_comments_between(&p, UINT32_MAX, document->count == 0, true);
}
