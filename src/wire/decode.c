/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch through its stages: headers of all frames first, then the messages of those that have some. Here are also the
 * scribe, through which every decoder writes, and with it the limits and the counters.
 */
#include "wire/decode.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

struct wire *wire_new(struct arena *a)
{
	struct wire *w = arena_alloc(a, sizeof *w);

	w->datagrams = datagrams_new(a);
	w->parts = parts_new(a);
	w->streams = streams_new(a);
	protocol_ports(w);
	return w;
}

const struct wire_counters *wire_counters(const struct wire *w)
{
	return &w->counters;
}

void wire_look_inside(struct wire *w, bool inside)
{
	w->inside = inside;
}

void wire_be_brief(struct wire *w, bool brief)
{
	w->brief = brief;
}

void wire_note(struct wire *w, wire_note_taker *take, const void *whose)
{
	w->take_notes = take;
	w->notes_for = whose;
}

/* ---- faults ---- */

bool wire_fault_is_malformed(enum wire_fault fault)
{
	return fault >= WIRE_SHORT && fault <= WIRE_OVERLAP;
}

/* Malformed weighs more than not understood, that more than fine; of equals the first stays. */
static bool outweighs(enum wire_fault new, enum wire_fault old)
{
	if (old == WIRE_FINE)
		return true;
	return wire_fault_is_malformed(new) && !wire_fault_is_malformed(old);
}

void packet_fault(struct wire_packet *p, enum wire_fault fault)
{
	if (fault && outweighs(fault, p->fault))
		p->fault = (uint8_t)fault;
}

void level_fault(struct scribe *s, struct wire_level *l, enum wire_fault fault)
{
	if (outweighs(fault, l->fault))
		l->fault = (uint8_t)fault;
	packet_fault(s->packet, fault);
}

void scribe_fault(struct scribe *s, enum wire_fault fault, const uint8_t *at)
{
	struct wire_message *m = s->message;

	if (fault && outweighs(fault, m->fault)) {
		m->fault = (uint8_t)fault;
		m->fault_at = m->bytes && at >= m->bytes && at <= m->bytes + m->length ? (uint32_t)(at - m->bytes) : 0;
	}
	packet_fault(s->packet, fault);
}

static bool is_cut(const struct scribe *s)
{
	return s->level ? s->level->flags & WIRE_LEVEL_CUT
			: s->batch->frames[s->frame].captured < s->batch->frames[s->frame].length;
}

void scribe_finish(struct scribe *s, const struct cursor *c)
{
	if (c->bad)
		scribe_fault(s, is_cut(s) ? WIRE_TRUNCATED : WIRE_SHORT, c->end);
	else if (cursor_left(c))
		scribe_fault(s, WIRE_TRAILING, c->at);
}

struct cursor scribe_part(struct scribe *s, struct cursor *c, size_t length)
{
	if (!c->bad && length > cursor_left(c)) {
		scribe_fault(s, is_cut(s) ? WIRE_TRUNCATED : WIRE_SHORT, c->end);
		length = cursor_left(c);
	}
	return cursor_part(c, length);
}

void count_kind(struct wire *w, enum wire_protocol protocol, uint8_t layer, uint16_t type)
{
	struct wire_counters *n = &w->counters;

	for (uint32_t i = 0; i < n->kind_count; i++) {
		struct wire_kind *k = &n->kinds[i];

		if (k->type == type && k->protocol == protocol && k->layer == layer) {
			k->count++;
			return;
		}
	}
	if (n->kind_count == WIRE_UNKNOWN_KINDS)
		n->kinds_dropped++;
	else
		n->kinds[n->kind_count++] = (struct wire_kind){ (uint8_t)protocol, layer, type, 1 };
}

void scribe_unknown(struct scribe *s, uint8_t layer, uint16_t type)
{
	count_kind(s->wire, s->message->protocol, layer, type);
	scribe_fault(s, WIRE_NOT_UNDERSTOOD, NULL);
}

/* ---- messages and fields ---- */

struct wire_message *scribe_begin(struct scribe *s, enum wire_protocol protocol, const uint8_t *bytes, size_t count)
{
	struct wire_batch *b = s->batch;
	struct wire_message *m = &s->no_message;

	if (b->message_count < WIRE_MESSAGES)
		m = &b->messages[b->message_count++];
	else
		s->wire->counters.messages_dropped++;
	*m = (struct wire_message){
		.protocol = (uint8_t)protocol,
		.bytes = bytes,
		.length = (uint32_t)count,
		.frame = s->frame,
		.parent = s->carrier,
		.first = (uint16_t)b->field_count,
		.level = (uint8_t)(s->level ? s->level - s->packet->levels : 0),
		.ppid = s->ppid,
		.stream = s->stream,
		.sequence = s->tsn,
	};
	s->message = m;
	s->open = WIRE_NO_PARENT;
	s->depth = 0;
	return m;
}

void scribe_end(struct scribe *s)
{
	struct wire_message *m = s->message;

	m->count = (uint16_t)(s->batch->field_count - m->first);
	s->wire->counters.messages[m->protocol][m->fault]++;
	s->packet->protocol = m->protocol;
}

struct wire_field *scribe_no_field(struct scribe *s)
{
	s->wire->counters.fields_dropped++;
	scribe_fault(s, WIRE_TOO_MANY, NULL);
	return &s->no_field;
}

uint32_t scribe_open(struct scribe *s)
{
	uint32_t before = s->open;

	/* The last field of this message; where the table is full, its last one stands in. */
	s->open = (uint16_t)(s->batch->field_count - 1 - s->message->first);
	s->depth++;
	return before;
}

void scribe_close(struct scribe *s, uint32_t opened)
{
	s->open = (uint16_t)opened;
	s->depth--;
}

uint8_t *scribe_text(struct scribe *s, size_t bytes)
{
	struct wire_batch *b = s->batch;
	uint8_t *text = b->text + b->text_bytes;

	if (bytes > WIRE_TEXT - b->text_bytes) {
		s->wire->counters.text_dropped++;
		return NULL;
	}
	b->text_bytes += (uint32_t)bytes;
	return text;
}

/* ---- stages ---- */

/* The levels of a frame that may have messages, outermost first. */
static void read_messages(struct scribe *s)
{
	struct wire_packet *p = s->packet;

	for (unsigned i = 0; i < p->count; i++) {
		struct wire_level *l = &p->levels[i];
		const struct protocol *row = &protocols[l->protocol];
		bool users = row->users || l->protocol == WIRE_NONE;

		if (l->protocol == WIRE_NONE && l->transport != IP_TCP)
			continue;
		if (users && !s->wire->inside && i > 0 && l->carrier == WIRE_IN_GTPU)
			continue;
		s->level = l;
		s->carrier = WIRE_NO_PARENT;
		s->ppid = s->tsn = s->stream = 0;
		if (l->transport == IP_TCP)
			streams_add(s, l);
		else if (row->decode && (l->protocol != WIRE_GTPU || l->gtpu.type != 255))
			row->decode(s, cursor_of(l->payload, l->payload_bytes));
		else if (!p->protocol)
			p->protocol = l->protocol;
	}
}

static void read_headers_of(struct scribe *s, uint64_t frames)
{
	for (; frames; frames &= frames - 1) {
		s->frame = (uint16_t)__builtin_ctzll(frames);
		s->packet = &s->batch->packets[s->frame];
		memset(s->packet, 0, offsetof(struct wire_packet, levels));
		s->level = NULL;
		read_headers(s);
	}
}

static void read_messages_of(struct scribe *s, uint64_t frames)
{
	for (; frames; frames &= frames - 1) {
		struct wire_packet *p;

		s->frame = (uint16_t)__builtin_ctzll(frames);
		p = s->packet = &s->batch->packets[s->frame];
		p->first = s->batch->message_count;
		read_messages(s);
		p->messages = (uint16_t)(s->batch->message_count - p->first);
		s->wire->counters.frames[p->fault]++;
	}
}

void wire_decode(struct wire *w, struct wire_batch *b)
{
	struct scribe s = { .wire = w, .batch = b, .open = WIRE_NO_PARENT, .carrier = WIRE_NO_PARENT };
	uint64_t all, briefs;

	static_assert(WIRE_BATCH == 64, "a bit for each frame");
	b->wire = w;
	b->message_count = 0;
	b->field_count = b->text_bytes = 0;
	b->lent = false;
	b->noted_for = NULL;
	b->noted = 0;
	datagrams_next_batch(w->datagrams);
	parts_next_batch(w->parts);
	all = b->frame_count ? UINT64_MAX >> (WIRE_BATCH - b->frame_count) : 0;
	b->brief = briefs = briefs_read(w, b);
	if (w->take_notes)
		w->take_notes(w->notes_for, b);
	while (b->brief && (w->inside || !w->brief)) /* somebody is sure to look at them */
		wire_unfold(b, (unsigned)__builtin_ctzll(b->brief));
	for (unsigned i = 0; i < b->frame_count; i++)
		w->counters.bytes += b->frames[i].length;
	read_headers_of(&s, all & ~briefs);
	read_messages_of(&s, w->inside ? all : all & ~briefs);
	if (!w->inside)
		w->counters.frames[WIRE_FINE] += (unsigned)__builtin_popcountll(briefs);
}

void wire_unfold(struct wire_batch *b, unsigned frame)
{
	assert(b->brief >> frame & 1);
	b->brief &= ~(UINT64_C(1) << frame);
	brief_unfold(b->wire, &b->frames[frame], &b->briefs[frame], &b->packets[frame]);
}

void wire_unfold_inner(const struct wire_batch *b, unsigned frame, struct wire_level *out)
{
	assert(b->brief >> frame & 1);
	brief_unfold_inner(&b->frames[frame], &b->briefs[frame], out);
}

void wire_brief_ends(const struct wire_batch *b, unsigned frame, struct wire_ends *out)
{
	brief_ends(&b->frames[frame], &b->briefs[frame], out);
}

void wire_level_ends(const struct wire_level *l, struct wire_ends *out)
{
	memcpy(out->source, &l->source, sizeof out->source);
	memcpy(out->destination, &l->destination, sizeof out->destination);
	out->source_port = l->source_port;
	out->destination_port = l->destination_port;
	out->tcp_sequence = l->tcp_sequence;
	out->transport = l->transport;
}
