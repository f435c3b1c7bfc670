/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a clause word by word. What was not found is diagnosed with what stands before it, what stands there instead,
 * and the nearest word that would have done. The first mistake of a clause moves the reader to its end: whatever loop
 * the caller is in ends there, and what was only a consequence is not said.
 */
#include "lang/token.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_OF_WORD = 60 }; /* bytes of a word that are quoted in a message */

struct reader reader_of(const struct document *document, const struct clause *clause, struct arena *arena,
			struct diagnostics *diagnostics)
{
	return (struct reader){
		.document = document,
		.diagnostics = diagnostics,
		.arena = arena,
		.at = clause->tokens,
		.first = clause->tokens,
	};
}

bool reader_ended(const struct reader *reader)
{
	return reader->at->kind == TOKEN_END;
}

bool reader_sees(const struct reader *reader, const char *word)
{
	return token_is_word(reader->at, word) || token_is_sign(reader->at, word);
}

bool reader_take(struct reader *reader, const char *word)
{
	if (!reader_sees(reader, word))
		return false;
	reader->at++;
	return true;
}

/* ---- messages --------------------------------------------------------------------------------------------------- */

/* The token as a message quotes it: `"tp"`, `the text "x"`, `the number 24`, `the end of the line`. */
static const char *quoted(struct reader *reader, const struct token *token)
{
	size_t bytes = strlen(token->text);
	size_t shown = bytes > SHOWN_OF_WORD ? utf8_check(token->text, SHOWN_OF_WORD) : bytes;
	const char *more = shown < bytes ? "..." : "";

	switch (token->kind) {
	case TOKEN_END:
		return "the end of the line";
	case TOKEN_STRING:
		return arena_printf(reader->arena, "the text \"%.*s%s\"", (int)shown, token->text, more);
	case TOKEN_NUMBER:
		return arena_printf(reader->arena, "the number %.*s%s", (int)shown, token->text, more);
	case TOKEN_DATE:
		return arena_printf(reader->arena, "the date %s", token->text);
	case TOKEN_PERCENT:
		return arena_printf(reader->arena, "%.*s%s", (int)shown, token->text, more);
	case TOKEN_WORD:
	case TOKEN_SIGN:
		break;
	}
	return arena_printf(reader->arena, "\"%.*s%s\"", (int)shown, token->text, more);
}

static const char *after_what(struct reader *reader)
{
	if (reader->at == reader->first)
		return "";
	if (reader->after_at == reader->at)
		return " after the set";
	return arena_printf(reader->arena, " after %s", quoted(reader, reader->at - 1));
}

static size_t indent_of(const struct document *document, uint32_t line)
{
	return line && line <= document->line_count ? strspn(document->lines[line - 1], " \t") : 0;
}

/*
 * Whether the next line looks as if it was meant to go on this one: it has more indentation and is no comment. Under a
 * head clauses are indented anyway; there only a head that had begun to say something counts.
 */
static bool meant_to_go_on(const struct reader *reader)
{
	const struct document *document = reader->document;
	uint32_t line = reader->at->place.line;
	size_t here, there;

	if (reader->at->kind != TOKEN_END || line >= document->line_count || reader->at == reader->first)
		return false;
	here = indent_of(document, reader->first->place.line);
	there = indent_of(document, line + 1);
	if (there <= here || !document->lines[line][there] || document->lines[line][there] == '#')
		return false;
	return here || reader->at - reader->first > 2;
}

static const char *nearest_word(const struct token *token, const char *const *candidates, size_t count)
{
	const char *nearest = NULL;

	if (count && token->kind == TOKEN_WORD && strlen(token->text) <= SHOWN_OF_WORD)
		nearest = nearest_text(token->text, candidates, count);
	return nearest && strcmp(nearest, token->text) != 0 ? nearest : NULL;
}

/*
 * Two letters of which one is right are too little to guess a name by, but where just one word can stand ("tp" for
 * "to") that is no guess.
 */
static bool is_slip_of(const char *found, const char *word)
{
	if (strlen(found) != 2 || strlen(word) != 2)
		return false;
	return (found[0] == word[0]) != (found[1] == word[1]) || (found[0] == word[1] && found[1] == word[0]);
}

/* Says the mistake, unless the clause has one already, and gives the rest of the clause up. */
static void fail(struct reader *reader, const struct token *token, const char *code, const char *nearest,
		 const char *text)
{
	if (!reader->bad && nearest)
		document_diagnose(reader->document, reader->diagnostics, SEVERITY_ERROR, code, token,
				  "%s (did you mean \"%s\"?)", text, nearest);
	else if (!reader->bad)
		document_diagnose(reader->document, reader->diagnostics, SEVERITY_ERROR, code, token, "%s", text);
	reader->bad = true;
	while (reader->at->kind != TOKEN_END)
		reader->at++;
}

void reader_error(struct reader *reader, const struct token *token, const char *code, const char *const *candidates,
		  size_t candidate_count, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = text_formatted(reader->arena, format, arguments);
	va_end(arguments);
	fail(reader, token, code, nearest_word(token, candidates, candidate_count), text);
}

void reader_warning(struct reader *reader, const struct token *token, const char *code, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = text_formatted(reader->arena, format, arguments);
	va_end(arguments);
	document_diagnose(reader->document, reader->diagnostics, SEVERITY_WARNING, code, token, "%s", text);
}

/* only is the single word that can stand here, or NULL. */
static void expected(struct reader *reader, const char *code, const char *only, const char *nearest, const char *what)
{
	static const char *const operators[] = { "is", "in", "not", "and", "or" };
	const char *text;

	if (!nearest && only)
		nearest = reader->at->kind == TOKEN_WORD && is_slip_of(reader->at->text, only) ? only : NULL;
	/* After a set, the word may have been meant to go on with it: "layer iss core". */
	if (!nearest && reader->after_at == reader->at)
		nearest = nearest_word(reader->at, operators, sizeof operators / sizeof *operators);
	text = arena_printf(reader->arena, "expected %s%s, found %s%s", what, after_what(reader),
			    quoted(reader, reader->at),
			    meant_to_go_on(reader) ? " (a line goes on only after a comma)" : "");
	fail(reader, reader->at, code, nearest, text);
}

void reader_expected(struct reader *reader, const char *code, const char *const *candidates, size_t candidate_count,
		     const char *what)
{
	expected(reader, code, NULL, nearest_word(reader->at, candidates, candidate_count), what);
}

/* ---- expecting -------------------------------------------------------------------------------------------------- */

bool reader_expect(struct reader *reader, const char *word)
{
	if (reader_take(reader, word))
		return true;
	expected(reader, "expected-word", word, nearest_word(reader->at, &word, 1),
		 arena_printf(reader->arena, "\"%s\"", word));
	return false;
}

static const struct token *take_kind(struct reader *reader, enum token_kind kind, const char *code, const char *what)
{
	if (reader->at->kind == kind)
		return reader->at++;
	reader_expected(reader, code, NULL, 0, what);
	return NULL;
}

const struct token *reader_name(struct reader *reader, const char *what)
{
	return take_kind(reader, TOKEN_WORD, "expected-name", what);
}

const struct token *reader_string(struct reader *reader, const char *what)
{
	return take_kind(reader, TOKEN_STRING, "expected-string", what);
}

const struct token *reader_value(struct reader *reader, const char *what)
{
	if (reader->at->kind != TOKEN_END && reader->at->kind != TOKEN_SIGN)
		return reader->at++;
	reader_expected(reader, "expected-value", NULL, 0, what);
	return NULL;
}

bool reader_number(struct reader *reader, const char *what, int64_t *micro)
{
	const struct token *token = reader->at;

	*micro = 0;
	/* Such a word might have been a version, so that only here it is known to be a mistake. */
	if (token->kind == TOKEN_WORD && token_numeric(token->text, strlen(token->text))) {
		int64_t ignored;
		bool fine = measure_parse(token->text, strlen(token->text), &ignored) == NUMBER_TOO_FINE;

		reader_error(reader, token, "bad-number", NULL, 0, "%s %s", quoted(reader, token),
			     fine ? "has more than six decimals" : "is too large for a number");
		return false;
	}
	token = take_kind(reader, TOKEN_NUMBER, "expected-number", what);
	if (token)
		*micro = token->number;
	return token;
}

bool reader_percent(struct reader *reader, const char *what, int64_t *ppb)
{
	const struct token *token = take_kind(reader, TOKEN_PERCENT, "expected-percent", what);

	*ppb = token ? token->number : 0;
	return token;
}

bool reader_date(struct reader *reader, const char *what, int32_t *days)
{
	const struct token *token = take_kind(reader, TOKEN_DATE, "expected-date", what);

	*days = token ? (int32_t)token->number : DATE_NONE;
	return token;
}

const struct token **reader_list(struct reader *reader, const char *what, size_t *count)
{
	struct {
		const struct token **items;
		size_t count, room;
	} found = { 0 };
	const struct token **kept = NULL;

	do {
		if (reader->at->kind != TOKEN_WORD && reader->at->kind != TOKEN_STRING) {
			reader_expected(reader, "expected-name", NULL, 0, what);
			found.count = 0;
			break;
		}
		*array_add(&found) = reader->at++;
	} while (reader_take(reader, ","));
	*count = found.count;
	if (found.count) {
		kept = arena_array(reader->arena, found.count, sizeof *kept);
		memcpy(kept, found.items, found.count * sizeof *kept);
	}
	free(found.items);
	return kept;
}

bool reader_end(struct reader *reader)
{
	if (reader->bad)
		return false;
	if (reader->at->kind == TOKEN_END)
		return true;
	reader_expected(reader, "expected-end", NULL, 0, "the end of the line");
	return false;
}
