/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of lang share and nobody else sees: one line becomes tokens, a token becomes its spelling again, and
 * where a document keeps its comments.
 */
#ifndef PROVISO_LANG_TOKEN_H
#define PROVISO_LANG_TOKEN_H

#include "lang/lang.h"

struct tokens {
	struct token *items; /* array_add */
	size_t count, room;
};

/* From `#` to the end of the line, without the blanks at its end; points into the document's lines. */
struct comment {
	const char *text;
	size_t bytes;
	uint32_t line, column;
};

/* document.comments; ordered by line, at most one a line. */
struct comments {
	const struct comment *items;
	size_t count;
};

struct tokenizer {
	const struct document *document;
	struct diagnostics *diagnostics;
	char *texts, *texts_end; /* where the next token's text goes; never needs more than the file's bytes plus one */
};

/*
 * Appends the tokens of one line to out. comment->text is NULL where there is none. False after the one diagnostic of a
 * line that has a mistake; what is appended then only tells whether the line ends in a comma.
 */
bool token_line(struct tokenizer *, char *line, size_t bytes, uint32_t number, struct tokens *out,
		struct comment *comment);

bool token_is_sign(const struct token *, const char *sign);
bool token_is_word(const struct token *, const char *word);
/* Digits, and at most one point between them: what is a number unless it is too large or too fine for one. */
bool token_numeric(const char *text, size_t bytes);
/* Whether the canonical form has a space between two tokens. */
bool token_apart(const struct token *before, const struct token *after);
void token_put(struct sink *, const struct token *);

/* What vsnprintf makes of it, in the arena. */
const char *text_formatted(struct arena *, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

#endif
