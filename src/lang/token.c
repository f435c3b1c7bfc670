/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of a `.proviso` file becomes tokens. A line is judged as a whole first (length, encoding, characters nobody
 * can see), so that what is underlined later is text that can be shown; then it is read from left to right. Words may
 * begin with digits (2G, 5G-EIR, 1.2.3), therefore the longest run of word characters is taken before it is asked what
 * it is.
 */
#include "lang/token.h"

#include <assert.h>
#include <string.h>

/* How much of a line that is too long is kept to be shown. */
enum { SHOWN_OF_LONG_LINE = 60 };

/*
 * Characters that look like something else, or like nothing. Those that reorder or hide text are refused everywhere,
 * also in strings and comments: a rule must read as it works (CVE-2021-42574). The others are refused outside strings
 * and comments, where an editor put them in place of the plain character.
 */
static const struct odd_character {
	uint32_t from, to;
	bool everywhere;
	const char *text;
} odd_characters[] = {
	{ 0x80, 0x9f, true, "a control character" },
	{ 0xa0, 0xa0, false, "a no-break space: write a plain one" },
	{ 0xad, 0xad, false, "a soft hyphen, which can't be seen" },
	{ 0x2000, 0x200a, false, "a space of special width: write a plain one" },
	{ 0x200b, 0x200f, false, "a character that can't be seen" },
	{ 0x2010, 0x2015, false, "a dash: write -" },
	{ 0x2018, 0x201b, false, "a curly quotation mark: write \"" },
	{ 0x201c, 0x201f, false, "a curly quotation mark: write \"" },
	{ 0x2028, 0x2029, true, "a line separator that editors do not show as one" },
	{ 0x202a, 0x202e, true, "a character that reorders the text around it" },
	{ 0x202f, 0x202f, false, "a no-break space: write a plain one" },
	{ 0x2060, 0x2064, false, "a character that can't be seen" },
	{ 0x2066, 0x2069, true, "a character that reorders the text around it" },
	{ 0x2212, 0x2212, false, "a minus sign: write -" },
	{ 0x2260, 0x2260, false, "write: is not" },
	{ 0x2264, 0x2264, false, "write <=" },
	{ 0x2265, 0x2265, false, "write >=" },
	{ 0x3000, 0x3000, false, "a wide space: write a plain one" },
	{ 0xfeff, 0xfeff, true, "a byte order mark, which can stand only at the beginning of the file" },
};

static const struct plain_hint {
	char character;
	const char *text;
} plain_hints[] = {
	{ '\'', "strings stand in double quotation marks" },
	{ '%', "a percentage is written without a space: 35%" },
	{ '&', "write: and" },
	{ '|', "write: or" },
	{ '!', "write: not" },
	{ '*', "write: any" },
	{ ';', "a clause ends with its line" },
	{ '{', "clauses are indented, not bracketed" },
	{ '}', "clauses are indented, not bracketed" },
	{ '[', "lists stand in parentheses" },
	{ ']', "lists stand in parentheses" },
	{ '\r', "a carriage return in the middle of a line" },
};

static const char *const signs[] = { "<=", ">=", "(", ")", ",", "=", "<", ">" }; /* the longer ones first */

/* One line while it is read. */
struct line {
	struct tokenizer *tokenizer;
	const char *text;
	size_t bytes, at;
	uint32_t number;
	bool bad; /* it has its diagnostic */
	struct tokens *out;
};

bool token_is_sign(const struct token *token, const char *sign)
{
	return token->kind == TOKEN_SIGN && !strcmp(token->text, sign);
}

bool token_is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && !strcmp(token->text, word);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_' || c == '.' ||
	       c == '/' || c == ':' || c == '+' || (unsigned char)c >= 0x80;
}

static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* The code point at text, which is known to be well-formed, and how many bytes it has. */
static uint32_t code_point(const char *text, size_t *bytes)
{
	const unsigned char *u = (const unsigned char *)text;
	uint32_t value;

	if (u[0] < 0x80) {
		*bytes = 1;
		return u[0];
	}
	*bytes = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	value = u[0] & (0xffu >> (*bytes + 1));
	for (size_t i = 1; i < *bytes; i++)
		value = value << 6 | (u[i] & 0x3f);
	return value;
}

static const struct odd_character *odd_character(uint32_t code, bool everywhere)
{
	for (size_t i = 0; i < sizeof odd_characters / sizeof *odd_characters; i++) {
		const struct odd_character *odd = &odd_characters[i];

		if (code >= odd->from && code <= odd->to && (odd->everywhere || !everywhere))
			return odd;
	}
	return NULL;
}

/* ---- diagnostics: one a line, the first ------------------------------------------------------------------------- */

static struct token spot(const struct line *line, size_t at, size_t bytes)
{
	struct token token = { .kind = TOKEN_WORD, .text = "" };

	token.place.file = line->tokenizer->document->file;
	token.place.line = line->number;
	token.place.column = (uint32_t)at + 1;
	token.width = (uint32_t)bytes;
	return token;
}

/* The message is whole already: whoever calls prints it into place with the spelling of what stands there. */
static void complain(struct line *line, const char *code, size_t at, size_t bytes, const char *before,
		     const char *after)
{
	struct token token = spot(line, at, bytes);
	/* Nobody reads a word of a megabyte in a message. */
	size_t shown = bytes > SHOWN_OF_LONG_LINE ? utf8_check(line->text + at, SHOWN_OF_LONG_LINE) : bytes;

	if (!line->bad)
		document_diagnose(line->tokenizer->document, line->tokenizer->diagnostics, SEVERITY_ERROR, code, &token,
				  "%s%.*s%s%s", before, (int)shown, line->text + at, shown < bytes ? "..." : "", after);
	line->bad = true;
}

static void complain_odd(struct line *line, size_t at, size_t bytes, uint32_t code, const char *text)
{
	struct token token = spot(line, at, bytes);

	if (!line->bad)
		document_diagnose(line->tokenizer->document, line->tokenizer->diagnostics, SEVERITY_ERROR,
				  "bad-character", &token, "U+%04X can't stand here (%s)", (unsigned)code, text);
	line->bad = true;
}

static void complain_plain(struct line *line, size_t at)
{
	char c = line->text[at];

	if (is_control(c)) {
		complain_odd(line, at, 1, (unsigned char)c,
			     c == '\r' ? "a carriage return within a line" : "a control character");
		return;
	}
	for (size_t i = 0; i < sizeof plain_hints / sizeof *plain_hints; i++) {
		struct token token = spot(line, at, 1);

		if (plain_hints[i].character != c || line->bad)
			continue;
		document_diagnose(line->tokenizer->document, line->tokenizer->diagnostics, SEVERITY_ERROR,
				  "bad-character", &token, "%c can't stand here (%s)", c, plain_hints[i].text);
		line->bad = true;
	}
	complain(line, "bad-character", at, 1, "", " can't stand here");
}

/* ---- the line as a whole ---------------------------------------------------------------------------------------- */

/* The line is also what carets point into: what a terminal or a JSON reader could not take is replaced, byte for byte.
 */
static void make_showable(char *text, size_t bytes)
{
	size_t at = 0;

	while ((at += utf8_check(text + at, bytes - at)) < bytes)
		text[at++] = '?';
	for (at = 0; at < bytes; at++) {
		if (is_control(text[at]))
			text[at] = '?';
	}
}

static bool check_length(struct line *line, char *text)
{
	struct token token = spot(line, 0, 1);
	size_t cut;

	if (line->bytes <= LIMIT_LINE)
		return true;
	make_showable(text, SHOWN_OF_LONG_LINE);
	cut = utf8_check(text, SHOWN_OF_LONG_LINE);
	text[cut] = '\0';
	document_diagnose(line->tokenizer->document, line->tokenizer->diagnostics, SEVERITY_ERROR, "line-too-long",
			  &token, "the line has %zu bytes, more than %d", line->bytes, (int)LIMIT_LINE);
	return false;
}

static bool check_encoding(struct line *line, char *text)
{
	size_t at = utf8_check(text, line->bytes);
	struct token token;
	unsigned char byte;

	if (at == line->bytes)
		return true;
	token = spot(line, at, 1);
	byte = (unsigned char)text[at];
	make_showable(text, line->bytes);
	if (byte)
		document_diagnose(line->tokenizer->document, line->tokenizer->diagnostics, SEVERITY_ERROR, "encoding",
				  &token, "the byte 0x%02x is not UTF-8 here", byte);
	else
		document_diagnose(line->tokenizer->document, line->tokenizer->diagnostics, SEVERITY_ERROR, "nul-byte",
				  &token, "a NUL byte can't stand in a text");
	return false;
}

/* Control characters and what hides or reorders text, wherever it stands. */
static bool check_characters(struct line *line, char *text)
{
	size_t step;

	for (size_t at = 0; at < line->bytes; at += step) {
		const struct odd_character *odd;
		uint32_t code;

		step = 1;
		if ((unsigned char)text[at] < 0x80) {
			if (is_control(text[at]))
				complain_plain(line, at);
			continue;
		}
		code = code_point(text + at, &step);
		odd = odd_character(code, true);
		if (odd)
			complain_odd(line, at, step, code, odd->text);
	}
	if (line->bad)
		make_showable(text, line->bytes);
	return !line->bad;
}

/* ---- tokens ----------------------------------------------------------------------------------------------------- */

static struct token *add_token(struct line *line, enum token_kind kind, size_t at, size_t bytes)
{
	struct token *token = array_add(line->out);

	*token = spot(line, at, bytes);
	token->kind = kind;
	return token;
}

static char *keep_text(struct line *line, size_t bytes)
{
	struct tokenizer *t = line->tokenizer;
	char *text = t->texts;

	assert(bytes < (size_t)(t->texts_end - t->texts));
	t->texts += bytes + 1;
	text[bytes] = '\0';
	return text;
}

bool token_numeric(const char *text, size_t bytes)
{
	size_t points = 0;

	for (size_t i = 0; i < bytes; i++) {
		if (text[i] == '.')
			points++;
		else if (!is_digit(text[i]))
			return false;
	}
	return bytes && points <= 1 && text[0] != '.' && text[bytes - 1] != '.';
}

static bool has_date_shape(const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (i == 4 || i == 7 ? text[i] != '-' : !is_digit(text[i]))
			return false;
	}
	return bytes == 10;
}

static void read_percent(struct line *line, struct token *token, size_t at, size_t bytes)
{
	enum number_status status = NUMBER_BAD;

	if (token_numeric(token->text, bytes - 1))
		status = percent_parse(token->text, bytes, &token->number);
	token->kind = TOKEN_PERCENT;
	if (status == NUMBER_BAD)
		complain(line, "bad-number", at, bytes, "", " is not a percentage");
	else if (status == NUMBER_TOO_FINE)
		complain(line, "bad-number", at, bytes, "", " has more than seven decimals");
	else if (status == NUMBER_OVERFLOW)
		complain(line, "bad-number", at, bytes, "", " is too large");
}

/* What a run of word characters is. A number too large or too fine for one may still be a version: it stays a word. */
static void classify(struct line *line, struct token *token, size_t at, size_t bytes)
{
	int32_t days;

	if (token->text[bytes - 1] == '%') {
		read_percent(line, token, at, bytes);
	} else if (has_date_shape(token->text, bytes)) {
		if (!date_parse(token->text, bytes, &days))
			complain(line, "bad-date", at, bytes, "", " is not a day of the calendar");
		else
			token->number = days;
		token->kind = TOKEN_DATE;
	} else if (token_numeric(token->text, bytes) &&
		   measure_parse(token->text, bytes, &token->number) == NUMBER_OK) {
		token->kind = TOKEN_NUMBER;
	} else {
		token->number = 0;
	}
}

static void read_word(struct line *line)
{
	size_t from = line->at, at = from, step, bytes;
	struct token *token;
	char *text;

	while (at < line->bytes && (is_word_byte(line->text[at]) || (line->text[at] == '%' && at > from))) {
		uint32_t code = code_point(line->text + at, &step);
		const struct odd_character *odd = step > 1 ? odd_character(code, false) : NULL;

		if (odd)
			complain_odd(line, at, step, code, odd->text);
		at += step;
	}
	bytes = at - from;
	line->at = at;
	token = add_token(line, TOKEN_WORD, from, bytes);
	text = keep_text(line, bytes);
	memcpy(text, line->text + from, bytes);
	token->text = text;
	/* `35%of`: the run goes on after the sign, so that the whole of it can be underlined. */
	if (memchr(text, '%', bytes) && text[bytes - 1] != '%')
		complain(line, "bad-number", from, bytes, "", " is not a percentage");
	else
		classify(line, token, from, bytes);
}

static void read_string(struct line *line)
{
	size_t from = line->at, at = from + 1, length = 0;
	struct token *token;
	char *text;

	for (; at < line->bytes && line->text[at] != '"'; at++, length++) {
		if (line->text[at] != '\\')
			continue;
		at++;
		if (at < line->bytes && line->text[at] != '"' && line->text[at] != '\\') {
			size_t step;

			code_point(line->text + at, &step);
			complain(line, "bad-string", at - 1, 1 + step, "", " is no escape: there are \\\" and \\\\");
		}
	}
	if (at >= line->bytes) {
		struct token whole = spot(line, from, line->bytes - from);

		if (!line->bad)
			document_diagnose(line->tokenizer->document, line->tokenizer->diagnostics, SEVERITY_ERROR,
					  "bad-string", &whole, "the string is not closed in its line");
		line->bad = true;
		line->at = line->bytes;
		return;
	}
	line->at = at + 1;
	token = add_token(line, TOKEN_STRING, from, line->at - from);
	text = keep_text(line, length);
	token->text = text;
	for (size_t i = from + 1; i < at; i++) {
		i += line->text[i] == '\\';
		*text++ = line->text[i];
	}
}

static void read_sign(struct line *line)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t bytes = strlen(signs[i]);

		if (line->bytes - line->at < bytes || memcmp(line->text + line->at, signs[i], bytes) != 0)
			continue;
		add_token(line, TOKEN_SIGN, line->at, bytes)->text = signs[i];
		line->at += bytes;
		return;
	}
	complain_plain(line, line->at);
	line->at++;
}

static void read_comment(struct line *line, struct comment *comment)
{
	size_t end = line->bytes;

	while (end > line->at && is_blank(line->text[end - 1]))
		end--;
	comment->text = line->text + line->at;
	comment->bytes = end - line->at;
	comment->line = line->number;
	comment->column = (uint32_t)line->at + 1;
	line->at = line->bytes;
}

bool token_line(struct tokenizer *t, char *text, size_t bytes, uint32_t number, struct tokens *out,
		struct comment *comment)
{
	struct line line = { .tokenizer = t, .text = text, .bytes = bytes, .number = number, .out = out };

	*comment = (struct comment){ 0 };
	if (!check_length(&line, text) || !check_encoding(&line, text) || !check_characters(&line, text))
		return false;
	while (line.at < bytes) {
		char c = text[line.at];

		if (is_blank(c))
			line.at++;
		else if (c == '#')
			read_comment(&line, comment);
		else if (c == '"')
			read_string(&line);
		else if (is_word_byte(c))
			read_word(&line);
		else
			read_sign(&line);
	}
	return !line.bad;
}
