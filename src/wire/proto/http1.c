/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1, RFC 9112, as some cores speak their service-based interfaces (3GPP TS 29.500 clause 5.2.1 wants HTTP/2): the
 * lines of a request or response told as HTTP/2 has them, with :method and :path or :status, and a body whose length is
 * given. Bodies in chunks, and those that end with the connection, are not read; it goes on at the next head.
 *
 * head: METHOD SP path SP HTTP/1.x CRLF, or HTTP/1.x SP status SP text CRLF; then name: value CRLF ...; CRLF
 */
#include "wire/stream.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { HEAD_MOST = 16384, NAME_MOST = 64, MESSAGE_HEADERS = 1, MESSAGE_DATA = 0 };

static const char *const methods[] = { "GET ", "PUT ", "POST ", "PATCH ", "DELETE ", "OPTIONS ", "HEAD " };

/* Behind the method and its space; NULL: these are no request's first bytes. */
static const uint8_t *behind_method(const uint8_t *p, size_t count)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		size_t length = strlen(methods[i]);

		if (count > length && memcmp(p, methods[i], length) == 0)
			return p + length;
	}
	return NULL;
}

bool http1_looks(const uint8_t *p, size_t count)
{
	const uint8_t *path = behind_method(p, count);

	return path ? *path == '/' || *path == '*' || *path == 'h' : count >= 7 && memcmp(p, "HTTP/1.", 7) == 0;
}

/* So few bytes that a head may begin with them all the same: who sends it a byte at a time is heard as well. */
static bool may_look(const uint8_t *p, size_t count)
{
	if (count < 7 && memcmp(p, "HTTP/1.", count) == 0)
		return true;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (count <= strlen(methods[i]) && memcmp(p, methods[i], count) == 0)
			return true;
	return false;
}

/* TS 29.501 clause 4.4.1: the name of a service is n, the function's, and what it is for behind a hyphen. */
bool http1_asks_service(const uint8_t *p, size_t count)
{
	const uint8_t *path = behind_method(p, count), *end = p + count, *slash;

	if (!path || end - path < 4 || path[0] != '/' || path[1] != 'n')
		return false;
	slash = memchr(path + 1, '/', (size_t)(end - path) - 1);
	return slash && memchr(path + 1, '-', (size_t)(slash - path) - 1);
}

/* The next line without its end; false where there is none. */
static bool next_line(struct cursor *c, struct cursor *line)
{
	const uint8_t *end = memchr(c->at, '\n', cursor_left(c));

	if (!end)
		return false;
	*line = cursor_of(c->at, (size_t)(end - c->at));
	if (cursor_left(line) && line->end[-1] == '\r')
		line->end--;
	cursor_take(c, (size_t)(end - c->at) + 1);
	return true;
}

static void put(struct scribe *s, const char *name, const uint8_t *value, size_t count)
{
	http_text(s, WIRE_HEADER_NAME, (const uint8_t *)name, strlen(name));
	http_text(s, WIRE_HEADER_VALUE, value, count);
}

static bool first_line(struct scribe *s, struct cursor line, bool is_request)
{
	const uint8_t *space = memchr(line.at, ' ', cursor_left(&line)), *second;
	size_t left;

	if (!space)
		return false;
	left = (size_t)(line.end - space) - 1;
	second = memchr(space + 1, ' ', left);
	if (is_request)
		put(s, ":method", line.at, (size_t)(space - line.at));
	put(s, is_request ? ":path" : ":status", space + 1, second ? (size_t)(second - space) - 1 : left);
	return !is_request || second;
}

static uint32_t number_of(const uint8_t *p, size_t count)
{
	uint64_t n = 0;

	for (size_t i = 0; i < count && isdigit(p[i]) && n < UINT32_MAX; i++)
		n = n * 10 + (uint64_t)(p[i] - '0');
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/*
 * Names in small letters, as HTTP/2 has them (RFC 9113 clause 8.2.1). in_parts: the body comes in chunks, and a length
 * that is given besides does not hold (RFC 9112 clause 6.3).
 */
static bool header_line(struct scribe *s, struct cursor line, uint32_t *body, bool *in_parts)
{
	const uint8_t *colon = memchr(line.at, ':', cursor_left(&line)), *value;
	size_t length = colon ? (size_t)(colon - line.at) : 0;
	char name[NAME_MOST + 1];

	if (!length)
		return false;
	if (length > NAME_MOST)
		return true;
	for (size_t i = 0; i < length; i++)
		name[i] = (char)tolower(line.at[i]);
	name[length] = 0;
	for (value = colon + 1; value < line.end && (*value == ' ' || *value == '\t'); value++)
		;
	put(s, name, value, (size_t)(line.end - value));
	if (strcmp(name, "content-length") == 0)
		*body = number_of(value, (size_t)(line.end - value));
	*in_parts |= strcmp(name, "transfer-encoding") == 0;
	return true;
}

/* RFC 9112 clause 6.3: nothing follows these, whatever length they give. */
static bool has_no_body(struct cursor line)
{
	const uint8_t *status = memchr(line.at, ' ', cursor_left(&line));

	if (!status || line.end - status < 4)
		return false;
	return status[1] == '1' || memcmp(status + 1, "204", 3) == 0 || memcmp(status + 1, "304", 3) == 0;
}

static void begin(struct scribe *s, const struct stream *st, unsigned side, uint16_t type, const char *name)
{
	struct wire_message *m = scribe_begin(s, WIRE_HTTP, NULL, 0);

	m->type = type;
	m->name = name;
	m->sequence = st->port[st->client]; /* one at a time on each connection */
	m->reversed = side != st->client;
	if (type == MESSAGE_HEADERS)
		m->kind = m->reversed ? WIRE_RESPONSE : WIRE_REQUEST;
}

static void read_head(struct scribe *s, struct stream *st, unsigned side, struct cursor head)
{
	bool is_request = behind_method(head.at, cursor_left(&head)), is_fine, is_alone, in_parts = false;
	struct cursor line = { 0 };
	uint32_t body = 0;

	st->client = (uint8_t)(is_request ? side : !side);
	begin(s, st, side, MESSAGE_HEADERS, is_request ? "HTTP/1.1 request" : "HTTP/1.1 response");
	is_fine = next_line(&head, &line) && first_line(s, line, is_request);
	is_alone = !is_request && has_no_body(line);
	while (is_fine && next_line(&head, &line) && cursor_left(&line))
		is_fine = header_line(s, line, &body, &in_parts);
	st->side[side].body = is_alone || in_parts ? 0 : body;
	if (!is_fine)
		scribe_fault(s, WIRE_BAD_VALUE, NULL);
	scribe_end(s);
}

/* What of a body is there: it is told where all of it fits, and passed over where not. false: more has to come. */
static bool read_body(struct scribe *s, struct stream *st, unsigned side, struct cursor *c)
{
	uint32_t *body = &st->side[side].body, here = *body;

	if (here > cursor_left(c)) {
		if (here <= STREAM_BYTES)
			return false;
		*body -= (uint32_t)cursor_left(c);
		cursor_take(c, cursor_left(c));
		return true;
	}
	*body = 0;
	begin(s, st, side, MESSAGE_DATA, "HTTP/1.1 body");
	http_text(s, WIRE_BODY, c->at, here);
	scribe_end(s);
	cursor_take(c, here);
	return true;
}

size_t http1_consume(struct scribe *s, struct stream *st, unsigned side, struct cursor c)
{
	const uint8_t *begin = c.at;

	while (cursor_left(&c)) {
		const uint8_t *end;

		if (st->side[side].body) {
			if (!read_body(s, st, side, &c))
				break;
			continue;
		}
		if (may_look(c.at, cursor_left(&c)))
			break;
		if (!http1_looks(c.at, cursor_left(&c))) { /* of a body that is not read */
			packet_fault(s->packet, WIRE_NOT_UNDERSTOOD);
			cursor_take(&c, cursor_left(&c));
			break;
		}
		end = memmem(c.at, cursor_left(&c), "\r\n\r\n", 4);
		if (!end && cursor_left(&c) > HEAD_MOST) {
			packet_fault(s->packet, WIRE_TOO_MANY);
			cursor_take(&c, cursor_left(&c));
		}
		if (!end)
			break;
		read_head(s, st, side, cursor_of(c.at, (size_t)(end - c.at) + 4));
		cursor_take(&c, (size_t)(end - c.at) + 4);
	}
	return (size_t)(c.at - begin);
}
