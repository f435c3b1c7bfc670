/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNMP, RFC 1157 and 3412: the version, and that a community string goes in clear; not the string.
 *
 * SEQUENCE { version INTEGER, v1 and v2c: community OCTET STRING, PDU; v3: header SEQUENCE ... } in BER.
 */
#include "wire/decode.h"

enum { TAG_INTEGER = 0x02, TAG_OCTETS = 0x04, TAG_SEQUENCE = 0x30 };

static struct cursor element(struct cursor *c, uint8_t tag)
{
	uint8_t found = cursor_u8(c), first = cursor_u8(c);
	size_t length = first;

	if (first & 0x80) {
		unsigned more = first & 0x7f;

		length = 0;
		if (more == 0 || more > 4)
			c->bad = true;
		while (!c->bad && more--)
			length = length << 8 | cursor_u8(c);
	}
	if (found != tag)
		c->bad = true;
	return cursor_part(c, length);
}

void decode_snmp(struct scribe *s, struct cursor c)
{
	struct wire_message *m = scribe_begin(s, WIRE_SNMP, c.at, cursor_left(&c));
	struct cursor body = element(&c, TAG_SEQUENCE), version = element(&body, TAG_INTEGER);

	m->type = cursor_u8(&version); /* 0: version 1, 1: 2c, 3: 3 */
	if (c.bad || body.bad || version.bad) {
		scribe_fault(s, s->level->flags & WIRE_LEVEL_CUT ? WIRE_TRUNCATED : WIRE_BAD_ENCODING, m->bytes);
		return scribe_end(s);
	}
	m->name = m->type == 0 ? "SNMPv1" : m->type == 1 ? "SNMPv2c" : m->type == 3 ? "SNMPv3" : NULL;
	if (!m->name) {
		scribe_fault(s, WIRE_BAD_VERSION, m->bytes);
	} else if (m->type < 3) {
		element(&body, TAG_OCTETS);
		if (body.bad)
			scribe_fault(s, WIRE_BAD_ENCODING, m->bytes);
		else if (cursor_left(&body))
			scribe_number(s, WIRE_NUMBER, 0,
				      *body.at & 31); /* which PDU: 0 get, 1 next, 2 response, 3 set ... */
	}
	scribe_end(s);
}
