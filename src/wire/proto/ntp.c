/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NTP, RFC 5905 clause 7.3: version, mode and stratum of a packet of 48 bytes and more.
 */
#include "wire/decode.h"

enum { HEADER = 48, MODE_CLIENT = 3, MODE_SERVER = 4, MODE_CONTROL = 6 };

void decode_ntp(struct scribe *s, struct cursor c)
{
	struct wire_message *m = scribe_begin(s, WIRE_NTP, c.at, cursor_left(&c));
	uint8_t first = cursor_u8(&c);
	unsigned version = first >> 3 & 7, mode = first & 7;

	m->type = (uint16_t)mode;
	m->kind = mode == MODE_CLIENT ? WIRE_REQUEST : mode == MODE_SERVER ? WIRE_RESPONSE : 0;
	if (!c.bad && (version == 0 || version > 4))
		scribe_fault(s, WIRE_BAD_VERSION, m->bytes);
	if (mode < MODE_CONTROL) {
		scribe_number(s, WIRE_NUMBER, 1, cursor_u8(&c)); /* stratum */
		cursor_take(&c, HEADER - 2);
	}
	if (c.bad)
		scribe_finish(s, &c);
	else if (cursor_left(&c)) /* extension fields, authentication code, or a control message's own */
		scribe_bytes(s, WIRE_BYTES, 0, c);
	scribe_end(s);
}
