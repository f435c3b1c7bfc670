/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SSH, RFC 4253 clause 4.2, and NETCONF over it (RFC 6242): the line with which each side names its software. All that
 * follows is ciphered.
 */
#include "wire/stream.h"

#include <string.h>

enum { LINE_MOST = 255, LINES_BEFORE = 1024 };

size_t ssh_consume(struct scribe *s, struct stream *st, unsigned side, struct cursor c)
{
	const uint8_t *begin = c.at, *newline;

	while ((newline = memchr(c.at, '\n', cursor_left(&c))) != NULL) {
		size_t count = (size_t)(newline - c.at);
		const uint8_t *line = c.at;

		cursor_take(&c, count + 1);
		if (count && line[count - 1] == '\r')
			count--;
		if (count >= 4 && count <= LINE_MOST && memcmp(line, "SSH-", 4) == 0) {
			struct wire_message *m = scribe_begin(s, st->protocol, NULL, 0);
			uint8_t *text = scribe_text(s, count);

			m->name = "identification";
			m->reversed = side != st->client;
			if (text) {
				memcpy(text, line, count);
				scribe_bytes(s, WIRE_NAME, 0, cursor_of(text, count));
			}
			scribe_end(s);
			stream_finish(st, side);
			return (size_t)(c.at - begin);
		}
	}
	if (cursor_left(&c) > LINES_BEFORE) { /* ciphered already: it began before the capture */
		stream_finish(st, side);
		packet_fault(s->packet, WIRE_NO_CONTEXT);
	}
	return (size_t)(c.at - begin);
}
