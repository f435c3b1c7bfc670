/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DNS, RFC 1035: who asks for what. Names of the question section, the number of answers, and how many bytes lie
 * behind: enough to see a tunnel in it.
 *
 * | id 2 | flags 2 | questions 2 | answers 2 | authorities 2 | additionals 2 | name, type 2, class 2 ... |
 */
#include "wire/decode.h"

#include <string.h>

enum { NAME_BYTES = 255, QUESTIONS = 8 };

/* Labels up to the root; a compressed name can't stand in a question that nothing precedes. */
static size_t read_name(struct cursor *c, uint8_t *out)
{
	size_t used = 0;

	for (;;) {
		uint8_t length = cursor_u8(c);
		const uint8_t *label;

		if (length == 0 || c->bad)
			return used;
		label = length < 64 ? cursor_take(c, length) : NULL;
		if (!label || used + length + 1 > NAME_BYTES) {
			c->bad = true;
			return used;
		}
		if (used)
			out[used++] = '.';
		memcpy(out + used, label, length);
		used += length;
	}
}

void decode_dns(struct scribe *s, struct cursor c)
{
	struct wire_message *m = scribe_begin(s, WIRE_DNS, c.at, cursor_left(&c));
	uint16_t flags, questions, answers;

	m->sequence = cursor_u16(&c);
	flags = cursor_u16(&c);
	questions = cursor_u16(&c);
	answers = cursor_u16(&c);
	cursor_u32(&c);
	m->kind = flags & 0x8000 ? WIRE_RESPONSE : WIRE_REQUEST;
	m->type = flags >> 11 & 15;
	m->name = flags & 0x8000 ? "Response" : "Query";
	if (!c.bad && questions > QUESTIONS)
		scribe_fault(s, WIRE_BAD_VALUE, m->bytes + 4);
	for (unsigned i = 0; i < questions && i < QUESTIONS && !c.bad; i++) {
		uint8_t *text = scribe_text(s, NAME_BYTES + 1), name[NAME_BYTES + 1];
		size_t length = read_name(&c, text ? text : name);
		struct wire_field *f = scribe_field(s, WIRE_NAME, 0);

		if (text) {
			f->bytes = text;
			f->length = (uint32_t)length;
			s->batch->text_bytes -= (uint32_t)(NAME_BYTES + 1 - length);
		}
		f->number = cursor_u16(&c);
		cursor_u16(&c);
	}
	if (c.bad)
		scribe_finish(s, &c);
	else if (cursor_left(&c) || answers)
		scribe_bytes(s, WIRE_BYTES, 0, c)->number = answers;
	scribe_end(s);
}
