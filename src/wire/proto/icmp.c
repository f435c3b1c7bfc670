/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ICMP (RFC 792) and ICMPv6 (RFC 4443): type and code, and what an echo carries, which is where tunnels hide.
 */
#include "wire/decode.h"

void decode_icmp(struct scribe *s, struct cursor c)
{
	struct wire_message *m = scribe_begin(s, WIRE_ICMP, c.at, cursor_left(&c));
	uint8_t type = cursor_u8(&c), code = cursor_u8(&c);
	bool v6 = s->level->transport == IP_ICMPV6, request = type == (v6 ? 128 : 8), reply = type == (v6 ? 129 : 0);

	m->type = (uint16_t)(type << 8 | code);
	cursor_u16(&c);
	if (request || reply) {
		m->name = request ? "Echo request" : "Echo reply";
		m->kind = request ? WIRE_REQUEST : WIRE_RESPONSE;
		m->id = cursor_u16(&c);
		m->has_id = 1;
		m->sequence = cursor_u16(&c);
	}
	if (c.bad)
		scribe_finish(s, &c);
	else
		scribe_bytes(s, request || reply ? WIRE_BODY : WIRE_BYTES, type, c);
	scribe_end(s);
}
