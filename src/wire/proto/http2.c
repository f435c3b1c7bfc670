/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/2 in clear, RFC 9113, as the service-based interfaces speak it (3GPP TS 29.500): header lists unpacked by
 * libnghttp2 (HPACK, RFC 7541), bodies as they come.
 *
 * frame: length 3, type 1, flags 1, stream 4
 *
 * A connection that was there before the capture has filled its table of headers unseen. The table then starts full of
 * entries "?": what refers to them is told as unknown, and what comes later is right.
 */
#include "wire/stream.h"

#include <nghttp2/nghttp2.h>
#include <string.h>

enum { FRAME_HEADER = 9, FRAME_MOST = 16384, TYPES = 10, PREFACE = 24, TABLE_MOST = 65536, TABLE_DEFAULT = 4096 };
enum { DATA = 0, HEADERS = 1, RESET = 3, SETTINGS = 4, PUSH_PROMISE = 5, GOAWAY = 7, CONTINUATION = 9 };
enum { END_HEADERS = 4, PADDED = 8, PRIORITY = 0x20, ACK = 1, SETTING_TABLE = 1, UNSEEN_ENTRIES = 120 };

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

bool http2_looks(const uint8_t *p, size_t count)
{
	return count >= 16 && memcmp(p, preface, count < PREFACE ? count : PREFACE) == 0;
}

void http2_forget(struct side *d)
{
	if (d->inflater)
		nghttp2_hd_inflate_del(d->inflater);
	d->inflater = NULL;
}

/* 34 bytes of table an entry (RFC 7541 clause 4.1): as many as a table of 4096 bytes takes. */
static void fill_unseen(nghttp2_hd_inflater *inflater)
{
	static const uint8_t entry[] = { 0x40, 1, '?', 1, '?' };

	for (unsigned i = 0; i < UNSEEN_ENTRIES; i++) {
		const uint8_t *at = entry, *end = entry + sizeof entry;
		int flags = 0;

		while (at <= end && !(flags & NGHTTP2_HD_INFLATE_FINAL)) {
			nghttp2_nv nv;
			ssize_t n = nghttp2_hd_inflate_hd2(inflater, &nv, &flags, at, (size_t)(end - at), 1);

			if (n < 0)
				return;
			at += n;
		}
		nghttp2_hd_inflate_end_headers(inflater);
	}
}

static bool make_inflater(struct stream *st, struct side *d)
{
	if (d->inflater)
		return true;
	if (nghttp2_hd_inflate_new(&d->inflater))
		return false;
	if (!st->from_start)
		fill_unseen(d->inflater);
	return true;
}

void http_text(struct scribe *s, enum wire_what what, const uint8_t *p, size_t count)
{
	uint8_t *text = scribe_text(s, count);

	if (!text)
		return scribe_fault(s, WIRE_TOO_MANY, NULL);
	memcpy(text, p, count);
	scribe_bytes(s, what, 0, cursor_of(text, count));
}

static void read_block(struct scribe *s, struct stream *st, struct side *d, struct cursor c, bool final)
{
	int flags = 0;

	if (!make_inflater(st, d))
		return scribe_fault(s, WIRE_TOO_MANY, NULL);
	for (;;) {
		nghttp2_nv nv;
		ssize_t n = nghttp2_hd_inflate_hd2(d->inflater, &nv, &flags, c.at, cursor_left(&c), final);

		if (n < 0) {
			scribe_fault(s, st->from_start ? WIRE_BAD_ENCODING : WIRE_NO_CONTEXT, NULL);
			http2_forget(d);
			st->from_start = false;
			return;
		}
		cursor_take(&c, (size_t)n);
		if (flags & NGHTTP2_HD_INFLATE_EMIT) {
			http_text(s, WIRE_HEADER_NAME, nv.name, nv.namelen);
			http_text(s, WIRE_HEADER_VALUE, nv.value, nv.valuelen);
		}
		if (flags & NGHTTP2_HD_INFLATE_FINAL) {
			nghttp2_hd_inflate_end_headers(d->inflater);
			return;
		}
		if (!(flags & NGHTTP2_HD_INFLATE_EMIT) && !cursor_left(&c))
			return;
	}
}

/* The receiver says how large the sender's table may grow: the other direction's. */
static void read_settings(struct scribe *s, struct stream *st, unsigned side, struct cursor c)
{
	while (cursor_left(&c) >= 6) {
		uint16_t name = cursor_u16(&c);
		uint32_t value = cursor_u32(&c);

		scribe_number(s, WIRE_NUMBER, name, value);
		if (name == SETTING_TABLE && value > TABLE_DEFAULT && make_inflater(st, &st->side[!side]))
			nghttp2_hd_inflate_change_table_size(st->side[!side].inflater,
							     value < TABLE_MOST ? value : TABLE_MOST);
	}
	scribe_finish(s, &c);
}

static void strip(struct cursor *c, uint8_t type, uint8_t flags)
{
	size_t padding = flags & PADDED ? cursor_u8(c) : 0;

	if (type == HEADERS && flags & PRIORITY)
		cursor_take(c, 5);
	if (type == PUSH_PROMISE)
		cursor_take(c, 4);
	if (padding > cursor_left(c))
		c->bad = true;
	else
		c->end -= padding;
}

static void read_frame(struct scribe *s, struct stream *st, unsigned side, uint8_t type, uint8_t flags, uint32_t id,
		       struct cursor c)
{
	static const char *const names[TYPES] = {
		"DATA",         "HEADERS", "PRIORITY", "RST_STREAM",    "SETTINGS",
		"PUSH_PROMISE", "PING",    "GOAWAY",   "WINDOW_UPDATE", "CONTINUATION"
	};
	struct wire_message *m;

	if (type != DATA && type != HEADERS && type != SETTINGS && type != PUSH_PROMISE && type != CONTINUATION &&
	    type != GOAWAY)
		return;
	m = scribe_begin(s, WIRE_HTTP, NULL, 0);
	m->type = type;
	m->name = names[type];
	m->sequence = id;
	m->reversed = side != st->client;
	m->kind = type == HEADERS ? m->reversed ? WIRE_RESPONSE : WIRE_REQUEST : 0;
	if (type == DATA || type == HEADERS || type == PUSH_PROMISE)
		strip(&c, type, flags);
	if (c.bad)
		scribe_fault(s, WIRE_BAD_LENGTH, NULL);
	else if (type == DATA && cursor_left(&c))
		http_text(s, WIRE_BODY, c.at, cursor_left(&c));
	else if (type == SETTINGS && !(flags & ACK))
		read_settings(s, st, side, c);
	else if (type == HEADERS || type == PUSH_PROMISE || type == CONTINUATION)
		read_block(s, st, &st->side[side], c, flags & END_HEADERS);
	scribe_end(s);
}

/* Whether a frame can begin here: after a gap, or where the connection is older than the capture. */
static bool plausible(uint32_t length, uint8_t type, uint32_t id)
{
	return length <= FRAME_MOST && type < TYPES && id < 0x80000000u &&
	       (type == SETTINGS ? id == 0 && length % 6 == 0 : true);
}

size_t http2_consume(struct scribe *s, struct stream *st, unsigned side, struct cursor c)
{
	const uint8_t *begin = c.at;

	if (http2_looks(c.at, cursor_left(&c))) {
		if (cursor_left(&c) < PREFACE)
			return 0;
		cursor_take(&c, PREFACE);
		st->is_text = false;
	} else if (st->is_text || http1_looks(c.at, cursor_left(&c))) {
		st->is_text = true;
		return http1_consume(s, st, side, c);
	}
	while (cursor_left(&c) >= FRAME_HEADER) {
		struct cursor f = c;
		uint32_t length = cursor_u24(&f);
		uint8_t type = cursor_u8(&f), flags = cursor_u8(&f);
		uint32_t id = cursor_u32(&f);
		struct cursor body;

		if (!plausible(length, type, id)) { /* not a frame: look again at the next segment */
			packet_fault(s->packet, WIRE_NO_CONTEXT);
			st->from_start = false;
			cursor_take(&c, cursor_left(&c));
			break;
		}
		body = cursor_part(&f, length);
		if (body.bad)
			break;
		read_frame(s, st, side, type, flags, id, body);
		c = f;
	}
	return (size_t)(c.at - begin);
}
