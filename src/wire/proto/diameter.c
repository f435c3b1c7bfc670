/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diameter, RFC 6733 clauses 3 and 4: command, application, who speaks (Origin-Host and Origin-Realm) and the rest by
 * code.
 *
 * | version=1 | length 3 | flags 1 | command 3 | application 4 | hop-by-hop 4 | end-to-end 4 | AVPs |
 * AVP: code 4, flags 1, length 3 (header counted, padding not), [vendor 4], value, padded to four
 */
#include "wire/stream.h"

#include <string.h>

enum {
	ORIGIN_HOST = 264,
	ORIGIN_REALM = 296,
	USER_NAME = 1,
	RESULT_CODE = 268,
	HOST_ADDRESS = 257,
	PRODUCT_NAME = 269,
	VENDOR_ID = 266,
	AVP_VENDOR = 0x80,
	REQUEST = 0x80
};

static void read_avp(struct scribe *s, struct cursor *c)
{
	uint32_t code = cursor_u32(c), flags = cursor_u8(c), length = cursor_u24(c), vendor = 0;
	size_t header = flags & AVP_VENDOR ? 12 : 8, padding = -length & 3;
	struct cursor v;
	struct wire_field *f;

	if (c->bad)
		return;
	if (length < header)
		return scribe_fault(s, WIRE_BAD_LENGTH, c->at), (void)cursor_take(c, cursor_left(c));
	if (flags & AVP_VENDOR)
		vendor = cursor_u32(c);
	v = cursor_part(c, length - header);
	cursor_take(c, padding < cursor_left(c) ? padding : cursor_left(c));
	if (c->bad && v.bad)
		return;
	f = scribe_bytes(s, WIRE_BYTES, (uint16_t)code, v);
	f->instance = vendor;
	if (vendor)
		return;
	if (code == ORIGIN_HOST || code == ORIGIN_REALM)
		f->what = WIRE_NODE;
	else if (code == USER_NAME)
		f->what = WIRE_SUBSCRIBER;
	else if (code == PRODUCT_NAME)
		f->what = WIRE_NAME;
	else if (code == RESULT_CODE || code == VENDOR_ID)
		f->what = code == RESULT_CODE ? WIRE_CAUSE : WIRE_NUMBER, f->number = cursor_u32(&v);
	else if (code == HOST_ADDRESS && f->length == 6)
		f->what = WIRE_ADDRESS, set_v4(&f->v4, f->bytes + 2);
}

void decode_diameter(struct scribe *s, struct cursor c)
{
	struct wire_message *m = scribe_begin(s, WIRE_DIAMETER, c.at, cursor_left(&c));
	uint8_t version = cursor_u8(&c), flags;
	uint32_t length = cursor_u24(&c);

	flags = cursor_u8(&c);
	m->type = (uint16_t)cursor_u24(&c);
	m->kind = flags & REQUEST ? WIRE_REQUEST : WIRE_RESPONSE;
	m->id = cursor_u32(&c); /* application */
	m->has_id = 1;
	m->sequence = cursor_u32(&c); /* hop by hop */
	cursor_u32(&c);
	if (!c.bad && version != 1)
		scribe_fault(s, WIRE_BAD_VERSION, m->bytes);
	else if (!c.bad && length != m->length)
		scribe_fault(s,
			     length < m->length                 ? WIRE_TRAILING
			     : s->level->flags & WIRE_LEVEL_CUT ? WIRE_TRUNCATED
								: WIRE_BAD_LENGTH,
			     m->bytes + 1);
	while (!m->fault && !c.bad && cursor_left(&c))
		read_avp(s, &c);
	if (c.bad)
		scribe_finish(s, &c);
	scribe_end(s);
}

/* Over TCP: messages one after the other, each with its length. */
size_t diameter_consume(struct scribe *s, struct stream *st, unsigned side, struct cursor c)
{
	const uint8_t *begin = c.at;

	while (cursor_left(&c) >= 20) {
		size_t length = (size_t)c.at[1] << 16 | (size_t)c.at[2] << 8 | c.at[3];
		uint8_t *text;

		if (c.at[0] != 1 || length < 20 || length > STREAM_BYTES) {
			stream_finish(st, side);
			packet_fault(s->packet, WIRE_NO_CONTEXT);
			break;
		}
		if (length > cursor_left(&c))
			break;
		text = scribe_text(s, length);
		if (text) {
			memcpy(text, c.at, length);
			decode_diameter(s, cursor_of(text, length));
		}
		cursor_take(&c, length);
	}
	return (size_t)(c.at - begin);
}
