/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON out (RFC 8259): a streaming writer that always leaves well-formed text, whatever bytes it is given. What is not
 * UTF-8 becomes U+FFFD.
 */
#include "base/base.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

void json_init(struct json *j, struct sink *sink)
{
	*j = (struct json){ .sink = sink };
}

static void new_line(struct json *j)
{
	if (j->compact)
		return;
	sink_char(j->sink, '\n');
	for (int i = 0; i < j->depth; i++)
		sink_put(j->sink, "  ", 2);
}

/* Whatever has to stand before a value or a key. */
static void begin(struct json *j)
{
	if (j->keyed) {
		j->keyed = false;
		return;
	}
	if (j->after)
		sink_put(j->sink, ", ", j->compact ? 2 : 1);
	if (j->depth)
		new_line(j);
	assert(j->depth || !j->after);
}

static void open_level(struct json *j, char bracket)
{
	begin(j);
	sink_char(j->sink, bracket);
	j->depth++;
	j->after = false;
}

static void close_level(struct json *j, char bracket)
{
	assert(j->depth > 0 && !j->keyed);
	j->depth--;
	if (j->after)
		new_line(j);
	sink_char(j->sink, bracket);
	j->after = true;
}

void json_object(struct json *j)
{
	open_level(j, '{');
}

void json_object_end(struct json *j)
{
	close_level(j, '}');
}

void json_array(struct json *j)
{
	open_level(j, '[');
}

void json_array_end(struct json *j)
{
	close_level(j, ']');
}

static void put_special(struct sink *s, unsigned char c)
{
	/* RFC 8259, section 7: the characters with a short form of their own. */
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *found = NULL;

	for (const char *p = shorts; *p && !found; p += 2)
		if ((unsigned char)*p == c)
			found = p;
	if (found) {
		sink_char(s, '\\');
		sink_char(s, found[1]);
	} else if (c < 0x20) {
		sink_printf(s, "\\u%04x", c);
	} else {
		sink_text(s, "\xEF\xBF\xBD");
	}
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static void put_string(struct sink *s, const char *text, size_t bytes)
{
	size_t good = utf8_check(text, bytes);

	sink_char(s, '"');
	for (size_t at = 0; at < bytes;) {
		size_t from = at;

		/* Up to good all bytes above 0x7F are parts of well-formed sequences. */
		while (at < good && (is_plain((unsigned char)text[at]) || ((unsigned char)text[at] & 0x80)))
			at++;
		sink_put(s, text + from, at - from);
		if (at == bytes)
			break;
		put_special(s, (unsigned char)text[at++]);
		if (at > good)
			good = at + utf8_check(text + at, bytes - at);
	}
	sink_char(s, '"');
}

void json_key(struct json *j, const char *key)
{
	assert(j->depth > 0 && !j->keyed);
	begin(j);
	put_string(j->sink, key, strlen(key));
	sink_put(j->sink, ": ", 2);
	j->keyed = true;
	j->after = true;
}

static void put_literal(struct json *j, const char *text)
{
	begin(j);
	sink_text(j->sink, text);
	j->after = true;
}

void json_text(struct json *j, const char *text)
{
	if (text)
		json_text_n(j, text, strlen(text));
	else
		json_null(j);
}

void json_text_n(struct json *j, const char *text, size_t bytes)
{
	begin(j);
	put_string(j->sink, text, bytes);
	j->after = true;
}

void json_int(struct json *j, int64_t value)
{
	char out[24];

	snprintf(out, sizeof out, "%" PRId64, value);
	put_literal(j, out);
}

void json_bool(struct json *j, bool value)
{
	put_literal(j, value ? "true" : "false");
}

void json_null(struct json *j)
{
	put_literal(j, "null");
}

void json_micro(struct json *j, wide micro)
{
	char out[48];

	micro_print(micro, out);
	put_literal(j, out);
}

void json_share(struct json *j, int64_t ppb)
{
	uint64_t size = ppb < 0 ? -(uint64_t)ppb : (uint64_t)ppb;
	char out[32];

	snprintf(out, sizeof out, "%s%" PRIu64 ".%09" PRIu64, ppb < 0 ? "-" : "", size / PPB, size % PPB);
	put_literal(j, out);
}

void json_date(struct json *j, int32_t days)
{
	char out[11];

	if (days == DATE_NONE) {
		json_null(j);
		return;
	}
	date_print(days, out);
	json_text(j, out);
}

void json_end(struct json *j)
{
	assert(j->depth == 0 && !j->keyed && j->after);
	sink_char(j->sink, '\n');
	j->after = false;
}
