/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1, RFC 9112, as some cores speak their service-based interfaces (3GPP TS 29.500 clause 5.2.1 wants HTTP/2): the
 * lines of a request or response told as HTTP/2 has them, with :method and :path or :status, and a body whose length is
 * given or that comes in chunks, as far as all of it can wait. A body that ends with the connection is not read; it goes
 * on at the next head.
 *
 * head: METHOD SP path SP HTTP/1.x CRLF, or HTTP/1.x SP status SP text CRLF; then name: value CRLF ...; CRLF
 * chunk: size in hex ;extensions CRLF, so many bytes, CRLF; the last has size 0 and no bytes, and lines as in a head follow
 *
 * A line may end in LF alone (clause 2.2), but what follows the bytes of a chunk is CRLF (clause 7.1).
 */
#include "wire/stream.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { HEAD_MOST = 16384, NAME_MOST = 64, LINE_MOST = 1024, UNANSWERED = 64, MESSAGE_HEADERS = 1, MESSAGE_DATA = 0 };

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

/* RFC 9112 clause 6.1: the last coding is what tells where the body ends. */
static bool ends_in_chunked(const uint8_t *p, const uint8_t *end)
{
	static const char word[] = "chunked";
	enum { BYTES = sizeof word - 1 };

	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return end - p >= BYTES && strncasecmp((const char *)end - BYTES, word, BYTES) == 0;
}

/*
 * Names in small letters, as HTTP/2 has them (RFC 9113 clause 8.2.1). A length that is given besides chunks does not hold
 * (RFC 9112 clause 6.3).
 */
static bool header_line(struct scribe *s, struct cursor line, struct text *t)
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
		t->body = number_of(value, (size_t)(line.end - value));
	if (strcmp(name, "transfer-encoding") == 0)
		t->in_chunks = ends_in_chunked(value, line.end);
	return true;
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

static void begin_body(struct scribe *s, const struct stream *st, unsigned side)
{
	begin(s, st, side, MESSAGE_DATA, "HTTP/1.1 body");
}

static void pass_over(struct scribe *s, struct stream *st, unsigned side)
{
	st->side[side].text.is_long = true;
	begin_body(s, st, side);
	scribe_fault(s, WIRE_TOO_MANY, NULL);
	scribe_end(s);
}

/* ---- which answers have a body, RFC 9112 clause 6.3 ---- */

static void ask(struct stream *st, struct cursor line)
{
	if (st->unanswered == UNANSWERED)
		return;
	st->heads |= (uint64_t)(cursor_left(&line) >= 5 && memcmp(line.at, "HEAD ", 5) == 0) << st->unanswered++;
}

/* Answers come in the order of their requests (clause 9.3.2). Nothing follows 1xx, 204, 304 and what answers HEAD. */
static bool answer_has_body(struct stream *st, struct cursor line)
{
	const uint8_t *status = memchr(line.at, ' ', cursor_left(&line));
	bool is_head = st->heads & 1;

	if (!status || line.end - status < 4)
		return true;
	if (status[1] == '1') { /* and the answer itself is still to come */
		st->is_text = memcmp(status + 1, "101", 3) != 0;
		return false;
	}
	st->heads >>= 1;
	st->unanswered -= st->unanswered > 0;
	return !is_head && memcmp(status + 1, "204", 3) != 0 && memcmp(status + 1, "304", 3) != 0;
}

/* ---- heads, bodies and chunks: each false where more has to come ---- */

/* Looks at those whole lines that it has not seen; true behind an empty one. */
static bool find_end(struct text *t, const struct cursor *c)
{
	struct cursor at = *c, line;

	cursor_take(&at, t->scanned);
	while (next_line(&at, &line)) {
		t->scanned = (uint32_t)(at.at - c->at);
		if (!cursor_left(&line))
			return true;
	}
	return false;
}

static void tell_head(struct scribe *s, struct stream *st, unsigned side, struct cursor head)
{
	bool is_request = behind_method(head.at, cursor_left(&head)), is_fine, has_body = true;
	struct text t = { 0 };
	struct cursor line = { 0 };

	st->client = (uint8_t)(is_request ? side : !side);
	begin(s, st, side, MESSAGE_HEADERS, is_request ? "HTTP/1.1 request" : "HTTP/1.1 response");
	is_fine = next_line(&head, &line) && first_line(s, line, is_request);
	if (is_request)
		ask(st, line);
	else
		has_body = answer_has_body(st, line);
	while (is_fine && next_line(&head, &line) && cursor_left(&line))
		is_fine = header_line(s, line, &t);
	if (t.in_chunks)
		t.body = 0;
	st->side[side].text = has_body ? t : (struct text){ 0 };
	if (!is_fine)
		scribe_fault(s, WIRE_BAD_VALUE, NULL);
	scribe_end(s);
	if (st->side[side].text.body > STREAM_BYTES)
		pass_over(s, st, side);
}

static bool read_head(struct scribe *s, struct stream *st, unsigned side, struct cursor *c)
{
	struct text *t = &st->side[side].text;
	uint32_t bytes;

	if (find_end(t, c)) {
		bytes = t->scanned;
		tell_head(s, st, side, cursor_of(c->at, bytes));
		cursor_take(c, bytes);
		return true;
	}
	if (cursor_left(c) <= HEAD_MOST)
		return false;
	packet_fault(s->packet, WIRE_TOO_MANY);
	cursor_take(c, cursor_left(c));
	*t = (struct text){ 0 };
	return true;
}

static bool read_body(struct scribe *s, struct stream *st, unsigned side, struct cursor *c)
{
	struct text *t = &st->side[side].text;
	size_t here = t->body < cursor_left(c) ? t->body : cursor_left(c);

	if (!t->is_long && here < t->body)
		return false;
	t->body -= (uint32_t)here;
	if (!t->is_long) {
		begin_body(s, st, side);
		http_text(s, WIRE_BODY, c->at, here);
		scribe_end(s);
	} else if (!t->body && !t->in_chunks) {
		t->is_long = false;
	}
	cursor_take(c, here);
	return true;
}

static bool chunk_size(struct cursor line, uint32_t *size)
{
	size_t digits = 0;

	for (*size = 0; digits < cursor_left(&line) && isxdigit(line.at[digits]); digits++) {
		uint8_t c = line.at[digits];

		if (*size >> 26) /* more than anybody means: 1 GiB */
			return false;
		*size = *size << 4 | (uint32_t)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
	}
	return digits && (digits == cursor_left(&line) || memchr("; \t", line.at[digits], 3));
}

static void tell_chunks(struct scribe *s, struct stream *st, unsigned side, struct cursor c)
{
	uint8_t *text = scribe_text(s, cursor_left(&c));
	struct cursor line;
	size_t used = 0;
	uint32_t size;

	begin_body(s, st, side);
	while (text && next_line(&c, &line) && chunk_size(line, &size) && size) {
		memcpy(text + used, c.at, size);
		used += size;
		cursor_take(&c, size + 2);
	}
	if (text)
		scribe_bytes(s, WIRE_BODY, 0, cursor_of(text, used));
	else
		scribe_fault(s, WIRE_TOO_MANY, NULL);
	scribe_end(s);
}

/* What of the chunks need not wait is taken. */
static bool wait_for_more(struct scribe *s, struct stream *st, unsigned side, struct cursor *c)
{
	struct text *t = &st->side[side].text;
	uint32_t seen = t->scanned;

	if (!t->is_long && cursor_left(c) < STREAM_BYTES)
		return false;
	if (!t->is_long)
		pass_over(s, st, side);
	t->scanned = 0;
	cursor_take(c, seen);
	return seen;
}

static bool give_chunks_up(struct scribe *s, struct text *t, struct cursor *c)
{
	packet_fault(s->packet, WIRE_BAD_LENGTH);
	*t = (struct text){ 0 };
	cursor_take(c, cursor_left(c));
	return true;
}

/* A chunk that is not whole yet: where it is too long to wait for, its bytes are passed over as they come. */
static bool begin_chunk(struct scribe *s, struct stream *st, unsigned side, struct cursor *c, size_t head, uint32_t size)
{
	struct text *t = &st->side[side].text;

	if (!t->is_long && head + size + 2 > STREAM_BYTES)
		pass_over(s, st, side);
	if (!t->is_long)
		return wait_for_more(s, st, side, c);
	cursor_take(c, head);
	t->scanned = 0;
	t->body = size + 2;
	return true;
}

static bool end_chunks(struct scribe *s, struct stream *st, unsigned side, struct cursor *c)
{
	struct text *t = &st->side[side].text;
	uint32_t seen;

	if (!find_end(t, c))
		return cursor_left(c) - t->scanned > HEAD_MOST ? give_chunks_up(s, t, c) : wait_for_more(s, st, side, c);
	if (!t->is_long)
		tell_chunks(s, st, side, cursor_of(c->at, t->scanned));
	seen = t->scanned;
	*t = (struct text){ 0 };
	cursor_take(c, seen);
	return true;
}

static bool read_chunks(struct scribe *s, struct stream *st, unsigned side, struct cursor *c)
{
	struct text *t = &st->side[side].text;

	while (!t->in_trailer) {
		struct cursor at = *c, line;
		uint32_t size;

		cursor_take(&at, t->scanned);
		if (!next_line(&at, &line))
			return cursor_left(&at) > LINE_MOST ? give_chunks_up(s, t, c) : wait_for_more(s, st, side, c);
		if (!chunk_size(line, &size))
			return give_chunks_up(s, t, c);
		if (size && cursor_left(&at) < size + 2)
			return begin_chunk(s, st, side, c, (size_t)(at.at - c->at), size);
		t->in_trailer = !size;
		if (size && memcmp(at.at + size, "\r\n", 2) != 0)
			return give_chunks_up(s, t, c);
		t->scanned = (uint32_t)(at.at - c->at) + (size ? size + 2 : 0);
	}
	return end_chunks(s, st, side, c);
}

static bool read_next(struct scribe *s, struct stream *st, unsigned side, struct cursor *c)
{
	const struct text *t = &st->side[side].text;

	if (t->body)
		return read_body(s, st, side, c);
	if (t->in_chunks)
		return read_chunks(s, st, side, c);
	if (*c->at == '\r' || *c->at == '\n') { /* clause 2.2: an empty line before a head */
		cursor_take(c, 1);
		return true;
	}
	if (may_look(c->at, cursor_left(c)))
		return false;
	if (http1_looks(c->at, cursor_left(c)))
		return read_head(s, st, side, c);
	packet_fault(s->packet, WIRE_NOT_UNDERSTOOD); /* of a body that is not read */
	cursor_take(c, cursor_left(c));
	return true;
}

size_t http1_consume(struct scribe *s, struct stream *st, unsigned side, struct cursor c)
{
	const uint8_t *begin = c.at;

	while (cursor_left(&c) && st->is_text && read_next(s, st, side, &c))
		;
	return (size_t)(c.at - begin);
}
