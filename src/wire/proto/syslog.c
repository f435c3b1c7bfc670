/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog, RFC 5424 and 3164: priority in angle brackets, then text. Told by facility and severity; the text stays
 * where it is.
 */
#include "wire/decode.h"

enum { PRIORITY_MOST = 191 };

void decode_syslog(struct scribe *s, struct cursor c)
{
	struct wire_message *m = scribe_begin(s, WIRE_SYSLOG, c.at, cursor_left(&c));
	unsigned priority = 0, digits = 0;
	uint8_t ch = cursor_u8(&c);

	while (ch == '<' && digits < 4 && cursor_left(&c) && *c.at >= '0' && *c.at <= '9') {
		priority = priority * 10 + (cursor_u8(&c) - '0');
		digits++;
	}
	if (ch != '<' || !digits || digits > 3 || cursor_u8(&c) != '>' || priority > PRIORITY_MOST) {
		scribe_fault(s, WIRE_BAD_ENCODING, m->bytes);
	} else {
		m->type = (uint16_t)priority;
		scribe_number(s, WIRE_NUMBER, 0, priority);
		scribe_bytes(s, WIRE_BODY, 0, c);
	}
	scribe_end(s);
}
