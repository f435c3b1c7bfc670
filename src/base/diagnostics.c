/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics as values. The text is made here with a small formatter of its own over snprintf, because the words that
 * come from a file are a stranger's: each is cut to a sensible length, and nothing in the finished line can move the
 * cursor, end the line or turn the direction of writing.
 */
#include "base/base.h"
#include "base/pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXT_BYTES = 4000, /* a whole diagnostic: several words and what is said about them */
	WORD_BYTES = 200,  /* one %s: longer than any name a person would type */
	SPEC_BYTES = 32,
	NUMBER_BYTES = 400, /* one number: the longest double has 309 digits before its point */
};

/* A line under construction: what does not fit is dropped and ends in "...". */
struct line {
	char text[TEXT_BYTES + 4];
	size_t count;
	bool full;
};

static void line_put(struct line *l, const char *text, size_t bytes)
{
	if (l->full)
		return;
	if (bytes > TEXT_BYTES - l->count) {
		text = "...";
		bytes = 3;
		l->full = true;
	}
	memcpy(l->text + l->count, text, bytes);
	l->count += bytes;
}

/* Bytes of the well-formed UTF-8 sequence at text, 0 if it is none. */
static size_t sequence_bytes(const char *text, size_t left)
{
	unsigned char first = (unsigned char)*text;
	size_t bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

	return bytes <= left && utf8_check(text, bytes) == bytes ? bytes : 0;
}

/* Controls of direction and the invisible separators: U+200B-200F, U+2028-202E, U+2060-2069, U+FEFF. */
static bool is_treacherous(const char *text, size_t bytes)
{
	const unsigned char *u = (const unsigned char *)text;

	if (bytes != 3)
		return bytes == 2 && u[0] == 0xC2 && u[1] < 0xA0; /* C1 controls */
	if (u[0] == 0xEF)
		return u[1] == 0xBB && u[2] == 0xBF;
	if (u[0] != 0xE2)
		return false;
	if (u[1] == 0x80)
		return (u[2] >= 0x8B && u[2] <= 0x8F) || (u[2] >= 0xA8 && u[2] <= 0xAE);
	return u[1] == 0x81 && u[2] >= 0xA0 && u[2] <= 0xA9;
}

static void put_escaped(struct line *l, const char *text, size_t bytes)
{
	char code[8];

	for (size_t i = 0; i < bytes; i++)
		line_put(l, code, (size_t)snprintf(code, sizeof code, "\\x%02x", (unsigned char)text[i]));
}

static void put_safe(struct line *l, const char *text, size_t bytes)
{
	for (size_t at = 0; at < bytes;) {
		unsigned char c = (unsigned char)text[at];
		size_t n = sequence_bytes(text + at, bytes - at);

		if (!n || is_treacherous(text + at, n) || c < 0x20 || c == 0x7F) {
			n = n ? n : 1;
			put_escaped(l, text + at, n);
		} else {
			line_put(l, text + at, n);
		}
		at += n;
	}
}

/* A word of a stranger: cut at a character's border. */
static void put_word(struct line *l, const char *text, size_t bytes)
{
	size_t cut = bytes;

	if (bytes > WORD_BYTES) {
		cut = WORD_BYTES;
		while (cut > WORD_BYTES - 4 && ((unsigned char)text[cut] & 0xC0) == 0x80)
			cut--;
	}
	put_safe(l, text, cut);
	if (cut < bytes)
		line_put(l, "...", 3);
}

/* One conversion of a printf format, taken apart. */
struct spec {
	char text[SPEC_BYTES]; /* as snprintf wants it, stars replaced by their numbers */
	int precision;         /* -1: none */
	char length;           /* 0, 'l', 'L' (long long), 'z', 'j', 't', 'h' */
	char kind;
};

static const char *read_number(const char *format, va_list *list, int *value)
{
	*value = 0;
	if (*format == '*') {
		*value = va_arg(*list, int);
		return format + 1;
	}
	for (; *format >= '0' && *format <= '9'; format++)
		*value = *value < 1000 ? *value * 10 + (*format - '0') : *value;
	return format;
}

/* format stands behind the percent sign; returns what follows the conversion. */
static const char *read_spec(const char *format, va_list *list, struct spec *s)
{
	size_t flags = strspn(format, "-+ #0");
	const char *flag = format, *length;
	int width = 0;

	format = read_number(format + flags, list, &width);
	s->precision = -1;
	if (*format == '.')
		format = read_number(format + 1, list, &s->precision);
	length = format;
	format += strspn(format, "hlLzjt");
	s->length = length == format ? 0 : *length == 'l' && length[1] == 'l' ? 'L' : *length;
	s->kind = *format;
	/* A field wider than a line would only push the words out of it. */
	width = width > NUMBER_BYTES / 2 ? NUMBER_BYTES / 2 : width;
	assert(flags < 6 && format - length <= 2);
	snprintf(s->text, sizeof s->text, "%%%.*s", (int)flags, flag);
	if (width)
		snprintf(s->text + strlen(s->text), sizeof s->text - strlen(s->text), "%d", width);
	if (s->precision >= 0)
		snprintf(s->text + strlen(s->text), sizeof s->text - strlen(s->text), ".%d",
			 s->precision < 60 ? s->precision : 60);
	snprintf(s->text + strlen(s->text), sizeof s->text - strlen(s->text), "%.*s%c", (int)(format - length), length,
		 s->kind);
	return *format ? format + 1 : format;
}

static void put_integer(struct line *l, const struct spec *s, va_list *list)
{
	char out[NUMBER_BYTES];
	int n;

	switch (s->length) {
	case 'l':
		n = snprintf(out, sizeof out, s->text, va_arg(*list, long));
		break;
	case 'L':
		n = snprintf(out, sizeof out, s->text, va_arg(*list, long long));
		break;
	case 'z':
		n = snprintf(out, sizeof out, s->text, va_arg(*list, size_t));
		break;
	case 'j':
		n = snprintf(out, sizeof out, s->text, va_arg(*list, intmax_t));
		break;
	case 't':
		n = snprintf(out, sizeof out, s->text, va_arg(*list, ptrdiff_t));
		break;
	default:
		n = snprintf(out, sizeof out, s->text, va_arg(*list, int));
	}
	line_put(l, out, (size_t)n < sizeof out ? (size_t)n : sizeof out - 1);
}

static void put_conversion(struct line *l, const struct spec *s, va_list *list)
{
	char out[NUMBER_BYTES];
	const char *word;
	int n;

	switch (s->kind) {
	case 's':
		word = va_arg(*list, const char *);
		word = word ? word : "(none)";
		put_word(l, word, s->precision >= 0 ? strnlen(word, (size_t)s->precision) : strlen(word));
		break;
	case 'c':
		*out = (char)va_arg(*list, int);
		put_safe(l, out, 1);
		break;
	case 'f':
	case 'g':
	case 'e':
		n = snprintf(out, sizeof out, s->text, va_arg(*list, double));
		line_put(l, out, (size_t)n < sizeof out ? (size_t)n : sizeof out - 1);
		break;
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		put_integer(l, s, list);
		break;
	case '%':
		line_put(l, "%", 1);
		break;
	default:
		assert(!"a conversion that diagnose does not know");
	}
}

static void line_format(struct line *l, const char *format, va_list *list)
{
	while (*format) {
		size_t plain = strcspn(format, "%");
		struct spec s;

		put_safe(l, format, plain);
		format += plain;
		if (!*format)
			break;
		format = read_spec(format + 1, list, &s);
		put_conversion(l, &s, list);
	}
}

void diagnostics_init(struct diagnostics *d, struct arena *a)
{
	*d = (struct diagnostics){ .arena = a };
}

void diagnostics_free(struct diagnostics *d)
{
	free(d->items);
	d->items = NULL;
	d->count = d->room = d->errors_kept = 0;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same(const struct diagnostic *a, const struct diagnostic *b)
{
	return a->severity == b->severity && a->place.line == b->place.line && a->place.column == b->place.column &&
	       same_text(a->place.file, b->place.file) && same_text(a->code, b->code) && same_text(a->text, b->text);
}

void diagnostics_forget_repeated(struct diagnostics *d, size_t from)
{
	size_t kept = from < d->count ? from : d->count;

	for (size_t i = kept; i < d->count; i++) {
		bool error = d->items[i].severity == SEVERITY_ERROR, is_repeated = false;

		for (size_t k = 0; k < from && !is_repeated; k++)
			is_repeated = is_same(&d->items[i], &d->items[k]);
		if (!is_repeated) {
			d->items[kept++] = d->items[i];
			continue;
		}
		d->errors -= error;
		d->errors_kept -= error;
		d->warnings -= d->items[i].severity == SEVERITY_WARNING;
	}
	d->count = kept;
}

/* Room for one more, which is then counted as kept or dropped. */
static bool has_room(struct diagnostics *d, enum severity severity)
{
	bool error = severity == SEVERITY_ERROR;
	size_t kept = error ? d->errors_kept : d->count - d->errors_kept;

	if (kept >= LIMIT_DIAGNOSTICS) {
		d->dropped++;
		return false;
	}
	d->errors_kept += error;
	return true;
}

struct diagnostic *diagnose(struct diagnostics *d, enum severity severity, const char *code, struct place place,
			    const char *format, ...)
{
	struct diagnostic *added;
	struct line line = { .count = 0 };
	va_list list;

	d->errors += severity == SEVERITY_ERROR;
	d->warnings += severity == SEVERITY_WARNING;
	if (!has_room(d, severity))
		return NULL;
	va_start(list, format);
	line_format(&line, format, &list);
	va_end(list);
	added = array_add(d);
	*added = (struct diagnostic){
		.code = code,
		.severity = severity,
		.place = place,
		.text = arena_text(d->arena, line.text, line.count),
	};
	return added;
}

void diagnostics_append(struct diagnostics *d, const struct diagnostics *more)
{
	d->errors += more->errors;
	d->warnings += more->warnings;
	d->dropped += more->dropped;
	for (size_t i = 0; i < more->count; i++) {
		struct diagnostic copy = more->items[i];

		if (!has_room(d, copy.severity))
			continue;
		copy.text = arena_text(d->arena, copy.text, strlen(copy.text));
		*array_add(d) = copy;
	}
}

/* What qsort needs beside the diagnostic: the rank of its file, and where it stood. */
struct ranked {
	struct diagnostic diagnostic;
	size_t file, position;
};

static bool same_file(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static int by_place(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	struct place p = a->diagnostic.place, q = b->diagnostic.place;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (p.line != q.line)
		return p.line < q.line ? -1 : 1;
	if (p.column != q.column)
		return p.column < q.column ? -1 : 1;
	return a->position < b->position ? -1 : 1;
}

void diagnostics_sort(struct diagnostics *d)
{
	struct ranked *ranked;

	if (d->count < 2)
		return;
	ranked = memory_new(d->count * sizeof *ranked);
	for (size_t i = 0; i < d->count; i++) {
		size_t file = 0;

		while (!same_file(d->items[file].place.file, d->items[i].place.file))
			file++;
		ranked[i] = (struct ranked){ d->items[i], file, i };
	}
	qsort(ranked, d->count, sizeof *ranked, by_place);
	for (size_t i = 0; i < d->count; i++)
		d->items[i] = ranked[i].diagnostic;
	free(ranked);
}
