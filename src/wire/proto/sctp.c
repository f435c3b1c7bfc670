/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SCTP, RFC 9260: all chunks of a packet, the addresses of a set-up (multi-homing), and user messages put together
 * from their parts, within bounds. A user message goes to the protocol of its payload protocol identifier, before that
 * of its port.
 *
 * Chunk: type 1, flags 1, length 2 (header counted, padding not), value, padded to four.
 */
#include "wire/decode.h"

#include <string.h>

enum {
	DATA = 0,
	INIT = 1,
	INIT_ACK = 2,
	SACK = 3,
	HEARTBEAT = 4,
	HEARTBEAT_ACK = 5,
	ABORT = 6,
	SHUTDOWN = 7,
	ERROR = 9,
	I_DATA = 64,
	ASCONF_ACK = 128,
	ASCONF = 193
};
enum { PARAMETER_V4 = 5, PARAMETER_V6 = 6, ADD_ADDRESS = 0xc001, DELETE_ADDRESS = 0xc002, PRIMARY_ADDRESS = 0xc004 };
enum { FLAG_END = 1, FLAG_BEGIN = 2, PART_BYTES = 65536 };

struct part {
	struct wire_address source, destination;
	uint16_t source_port, destination_port, stream;
	uint16_t vlan[2]; /* networks with the same addresses may be told apart by it alone */
	uint32_t tag, ppid, first_tsn, next_tsn, bytes; /* the run of parts that is here: TSNs from first up to next */
	bool begins, ends;                              /* its first part begins the message, its last one ends it */
	enum { PART_EMPTY, PART_WAITING, PART_WHOLE } state;
	int64_t time_ns;
	uint8_t *buffer;
};

struct parts {
	struct arena *arena;
	bool any_whole;
	struct part items[WIRE_SCTP_PARTS];
};

struct parts *parts_new(struct arena *a)
{
	struct parts *all = arena_alloc(a, sizeof *all);

	all->arena = a;
	return all;
}

void parts_next_batch(struct parts *all)
{
	if (!all->any_whole)
		return;
	for (size_t i = 0; i < WIRE_SCTP_PARTS; i++)
		if (all->items[i].state == PART_WHOLE)
			all->items[i].state = PART_EMPTY;
	all->any_whole = false;
}

const char *sctp_chunk_name(uint16_t type)
{
	static const char *const names[] = {
		"DATA",  "INIT",     "INIT ACK",          "SACK",  "HEARTBEAT",   "HEARTBEAT ACK",
		"ABORT", "SHUTDOWN", "SHUTDOWN ACK",      "ERROR", "COOKIE ECHO", "COOKIE ACK",
		"ECNE",  "CWR",      "SHUTDOWN COMPLETE", "AUTH"
	};

	if (type < sizeof names / sizeof *names)
		return names[type];
	switch (type) {
	case I_DATA:
		return "I-DATA";
	case ASCONF_ACK:
		return "ASCONF ACK";
	case 130:
		return "RE-CONFIG";
	case 132:
		return "PAD";
	case 192:
		return "FORWARD TSN";
	case ASCONF:
		return "ASCONF";
	case 194:
		return "I-FORWARD TSN";
	default:
		return NULL;
	}
}

const char *sctp_parameter_name(uint16_t type, const char **clause)
{
	static const struct {
		uint16_t type;
		const char *name, *clause;
	} rows[] = {
		{ 1, "Heartbeat Info", "RFC 9260 3.3.5" },
		{ PARAMETER_V4, "IPv4 Address", "RFC 9260 3.3.2.1.1" },
		{ PARAMETER_V6, "IPv6 Address", "RFC 9260 3.3.2.1.2" },
		{ 7, "State Cookie", "RFC 9260 3.3.3.1" },
		{ 8, "Unrecognized Parameter", "RFC 9260 3.3.3.2" },
		{ 9, "Cookie Preservative", "RFC 9260 3.3.2.1.3" },
		{ 11, "Host Name Address", "RFC 9260 3.3.2.1.4" },
		{ 12, "Supported Address Types", "RFC 9260 3.3.2.1.5" },
		{ 13, "Outgoing SSN Reset Request", "RFC 6525 4.1" },
		{ 14, "Incoming SSN Reset Request", "RFC 6525 4.2" },
		{ 15, "SSN/TSN Reset Request", "RFC 6525 4.3" },
		{ 16, "Re-configuration Response", "RFC 6525 4.4" },
		{ 17, "Add Outgoing Streams", "RFC 6525 4.5" },
		{ 18, "Add Incoming Streams", "RFC 6525 4.6" },
		{ 0x8000, "ECN Capable", "RFC 9260 A" },
		{ 0x8002, "Random", "RFC 4895 3.1" },
		{ 0x8003, "Chunk List", "RFC 4895 3.2" },
		{ 0x8004, "Requested HMAC Algorithm", "RFC 4895 3.3" },
		{ 0x8005, "Padding", "RFC 4820 4" },
		{ 0x8008, "Supported Extensions", "RFC 5061 4.2.7" },
		{ 0xc000, "Forward TSN Supported", "RFC 3758 3.1" },
		{ ADD_ADDRESS, "Add IP Address", "RFC 5061 4.2.1" },
		{ DELETE_ADDRESS, "Delete IP Address", "RFC 5061 4.2.2" },
		{ 0xc003, "Error Cause Indication", "RFC 5061 4.2.3" },
		{ PRIMARY_ADDRESS, "Set Primary Address", "RFC 5061 4.2.4" },
		{ 0xc005, "Success Indication", "RFC 5061 4.2.5" },
		{ 0xc006, "Adaptation Layer Indication", "RFC 5061 4.2.6" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].type == type) {
			if (clause)
				*clause = rows[i].clause;
			return rows[i].name;
		}
	return NULL;
}

static void read_parameters(struct scribe *s, struct cursor *c);

static void read_parameter(struct scribe *s, uint16_t type, struct cursor v)
{
	struct wire_field *f = scribe_bytes(s, WIRE_BYTES, type, v);

	if (type == PARAMETER_V4 || type == PARAMETER_V6) {
		f->what = WIRE_ADDRESS;
		if (f->length != (type == PARAMETER_V4 ? 4 : 16))
			scribe_fault(s, WIRE_BAD_LENGTH, v.at);
		else if (type == PARAMETER_V4)
			set_v4(&f->v4, f->bytes);
		else
			set_v6(&f->v6, f->bytes);
	} else if (type == ADD_ADDRESS || type == DELETE_ADDRESS || type == PRIMARY_ADDRESS) {
		uint32_t before;

		f->what = WIRE_GROUP;
		f->number = cursor_u32(&v);
		if (s->depth)
			return scribe_fault(s, WIRE_BAD_VALUE, v.at);
		before = scribe_open(s);
		read_parameters(s, &v);
		scribe_close(s, before);
	} else if (!sctp_parameter_name(type, NULL)) {
		f->what = WIRE_UNKNOWN;
		scribe_unknown(s, LAYER_ELEMENT, type);
	}
}

/* Type 2, length 2 (header counted, padding not), value, padded to four; the last one's padding may be missing. */
static void read_parameters(struct scribe *s, struct cursor *c)
{
	while (!c->bad && cursor_left(c)) {
		uint16_t type = cursor_u16(c), length = cursor_u16(c);
		struct cursor v;
		size_t padding;

		if (c->bad || length < 4)
			return scribe_fault(s, WIRE_BAD_LENGTH, c->at);
		v = cursor_part(c, length - 4u);
		if (c->bad)
			return scribe_fault(s, WIRE_BAD_LENGTH, c->end);
		padding = -(unsigned)length & 3;
		cursor_take(c, padding < cursor_left(c) ? padding : cursor_left(c));
		read_parameter(s, type, v);
	}
}

static void read_init(struct scribe *s, struct cursor *c)
{
	scribe_number(s, WIRE_NUMBER, 0, cursor_u32(c)); /* initiate tag */
	cursor_u32(c);                                   /* window */
	cursor_u32(c);                                   /* streams out, in */
	s->message->sequence = cursor_u32(c);
	if (!c->bad)
		read_parameters(s, c);
}

static void read_control(struct scribe *s, uint8_t type, struct cursor c)
{
	switch (type) {
	case INIT:
	case INIT_ACK:
		read_init(s, &c);
		break;
	case ASCONF:
		s->message->sequence = cursor_u32(&c);
		read_parameters(s, &c);
		break;
	case ASCONF_ACK:
		s->message->sequence = cursor_u32(&c);
		read_parameters(s, &c);
		break;
	case SACK:
	case SHUTDOWN:
		s->message->sequence = cursor_u32(&c);
		cursor_take(&c, cursor_left(&c));
		break;
	case ABORT:
	case ERROR:
		if (cursor_left(&c) >= 4)
			scribe_number(s, WIRE_CAUSE, 0, cursor_u16(&c));
		cursor_take(&c, cursor_left(&c));
		break;
	default:
		cursor_take(&c, cursor_left(&c));
	}
	scribe_finish(s, &c);
}

/* ---- user messages ---- */

static void read_user_message(struct scribe *s, struct cursor data)
{
	enum wire_protocol p = protocol_by_ppid(s->ppid);

	if (p == WIRE_NONE)
		p = protocol_by_ports(s->wire, s->level);
	if (p != WIRE_NONE && protocols[p].decode) {
		protocols[p].decode(s, data);
		return;
	}
	scribe_begin(s, p == WIRE_NONE ? WIRE_SCTP : p, data.at, cursor_left(&data))->name =
		p == WIRE_NONE ? "DATA" : NULL;
	scribe_bytes(s, p == WIRE_NONE ? WIRE_UNKNOWN : WIRE_BYTES, 0, data);
	count_kind(s->wire, WIRE_SCTP, LAYER_MESSAGE, (uint16_t)s->ppid);
	scribe_fault(s, WIRE_NOT_UNDERSTOOD, NULL);
	scribe_end(s);
}

static bool is_of(const struct part *p, const struct scribe *s, uint32_t tag)
{
	const struct wire_level *l = s->level;

	return p->state == PART_WAITING && p->tag == tag && p->stream == s->stream &&
	       p->vlan[0] == s->packet->vlan[0] && p->vlan[1] == s->packet->vlan[1] &&
	       p->source_port == l->source_port && p->destination_port == l->destination_port && memcmp(&p->source, &l->source, 16) == 0 &&
	       memcmp(&p->destination, &l->destination, 16) == 0;
}

/* A run for one more part, free or the oldest; NULL where all are whole and in use. */
static struct part *new_run(struct scribe *s, uint32_t tag)
{
	struct part *place = NULL;
	const struct wire_level *l = s->level;

	for (size_t i = 0; i < WIRE_SCTP_PARTS; i++) {
		struct part *p = &s->wire->parts->items[i];

		if (p->state != PART_WHOLE &&
		    (!place || (place->state != PART_EMPTY && (p->state == PART_EMPTY || p->time_ns < place->time_ns))))
			place = p;
	}
	if (!place)
		return NULL;
	if (place->state == PART_WAITING)
		s->wire->counters.parts_dropped++;
	if (!place->buffer) /* once a place, for good */
		place->buffer = arena_alloc(s->wire->parts->arena, PART_BYTES);
	*place = (struct part){ .source = l->source,
				.destination = l->destination,
				.source_port = l->source_port,
				.destination_port = l->destination_port,
				.stream = s->stream,
				.vlan = { s->packet->vlan[0], s->packet->vlan[1] },
				.tag = tag,
				.ppid = s->ppid,
				.first_tsn = s->tsn,
				.next_tsn = s->tsn,
				.state = PART_WAITING,
				.time_ns = s->batch->frames[s->frame].time_ns,
				.buffer = place->buffer };
	return place;
}

/* Puts bytes before or behind what a run has; false where they do not fit. */
static bool extend(struct part *p, const uint8_t *bytes, size_t count, bool before)
{
	if (count > PART_BYTES - p->bytes)
		return false;
	if (before)
		memmove(p->buffer + count, p->buffer, p->bytes);
	memcpy(p->buffer + (before ? 0 : p->bytes), bytes, count);
	p->bytes += (uint32_t)count;
	return true;
}

/* The run that the part with this TSN goes to, at whichever end; NULL for a new one. is_old: it is there already. */
static struct part *find_run(struct scribe *s, uint32_t tag, uint8_t flags, bool *is_old)
{
	for (size_t i = 0; i < WIRE_SCTP_PARTS; i++) {
		struct part *p = &s->wire->parts->items[i];

		if (!is_of(p, s, tag))
			continue;
		*is_old = (int32_t)(s->tsn - p->first_tsn) >= 0 && (int32_t)(s->tsn - p->next_tsn) < 0;
		if (*is_old || (p->next_tsn == s->tsn && !p->ends && !(flags & FLAG_BEGIN)) ||
		    (p->first_tsn == s->tsn + 1 && !p->begins && !(flags & FLAG_END)))
			return p;
	}
	return NULL;
}

/* The part between two runs makes one of them. */
static bool join_runs(struct scribe *s, struct part *p, uint32_t tag)
{
	for (size_t i = 0; i < WIRE_SCTP_PARTS; i++) {
		struct part *q = &s->wire->parts->items[i];

		if (q == p || !is_of(q, s, tag) || q->first_tsn != p->next_tsn || p->ends ||
		    q->begins)
			continue;
		if (!extend(p, q->buffer, q->bytes, false))
			return false;
		p->next_tsn = q->next_tsn;
		p->ends = q->ends;
		q->state = PART_EMPTY;
	}
	return true;
}

/* Parts may come in any order (a part that was itself fragmented by IP comes late); each is kept once. */
static void add_part(struct scribe *s, uint32_t tag, uint8_t flags, struct cursor data)
{
	bool is_old = false, before;
	struct part *p = find_run(s, tag, flags, &is_old);

	packet_fault(s->packet, WIRE_FRAGMENT);
	if (is_old)
		return;
	if (!p)
		p = new_run(s, tag);
	before = p && p->next_tsn != s->tsn;
	if (!p || !extend(p, data.at, cursor_left(&data), before)) {
		if (p)
			p->state = PART_EMPTY;
		s->wire->counters.parts_dropped++;
		return;
	}
	p->first_tsn -= before;
	p->next_tsn += !before;
	p->begins |= flags & FLAG_BEGIN;
	p->ends |= flags & FLAG_END;
	if (!join_runs(s, p, tag)) {
		p->state = PART_EMPTY;
		s->wire->counters.parts_dropped++;
	} else if (p->begins && p->ends) {
		p->state = PART_WHOLE;
		s->wire->parts->any_whole = true;
		s->ppid = p->ppid;
		if (s->packet->fault == WIRE_FRAGMENT)
			s->packet->fault = WIRE_FINE;
		s->batch->lent = true;
		read_user_message(s, cursor_of(p->buffer, p->bytes));
	}
}

/* TSN 4, stream 2, sequence 2, payload protocol identifier 4; I-DATA (RFC 8260) has message id 4 in between. */
static void read_data(struct scribe *s, uint32_t tag, uint8_t type, uint8_t flags, struct cursor c)
{
	s->tsn = cursor_u32(&c);
	s->stream = cursor_u16(&c);
	cursor_u16(&c);
	if (type == I_DATA)
		cursor_u32(&c);
	s->ppid = cursor_u32(&c);
	if (c.bad || !cursor_left(&c)) {
		scribe_begin(s, WIRE_SCTP, c.at, 0)->name = sctp_chunk_name(type);
		scribe_fault(s, WIRE_BAD_LENGTH, NULL); /* RFC 9260 clause 3.3.1: a DATA chunk has data */
		scribe_end(s);
	} else if ((flags & (FLAG_BEGIN | FLAG_END)) == (FLAG_BEGIN | FLAG_END)) {
		read_user_message(s, c);
	} else {
		add_part(s, tag, flags, c);
	}
	s->ppid = s->tsn = s->stream = 0;
}

static void read_chunk(struct scribe *s, uint32_t tag, uint8_t type, uint8_t flags, struct cursor v)
{
	struct wire_message *m;

	if (type == DATA || type == I_DATA)
		return read_data(s, tag, type, flags, v);
	m = scribe_begin(s, WIRE_SCTP, v.at, cursor_left(&v));
	m->type = type;
	m->name = sctp_chunk_name(type);
	m->id = tag;
	m->has_id = 1;
	if (m->name)
		read_control(s, type, v);
	else
		scribe_unknown(s, LAYER_MESSAGE, type);
	scribe_end(s);
}

/* One chunk that can't be read: a message of its own says so. */
static void bad_chunk(struct scribe *s, uint8_t type, const struct cursor *c)
{
	scribe_begin(s, WIRE_SCTP, c->at, 0)->type = type;
	scribe_fault(s, s->level->flags & WIRE_LEVEL_CUT ? WIRE_TRUNCATED : WIRE_BAD_LENGTH, NULL);
	scribe_end(s);
}

void decode_sctp(struct scribe *s, struct cursor c)
{
	uint32_t tag;

	cursor_take(&c, 4); /* ports */
	tag = cursor_u32(&c);
	cursor_take(&c, 4); /* checksum: left to the network card, so often not there to be checked */
	while (!c.bad && cursor_left(&c)) {
		uint8_t type = cursor_u8(&c), flags = cursor_u8(&c);
		uint16_t length = cursor_u16(&c);
		struct cursor v =
			c.bad || length < 4 ? (struct cursor){ c.end, c.end, true } : cursor_part(&c, length - 4u);
		size_t padding = -(unsigned)length & 3;

		if (v.bad)
			return bad_chunk(s, type, &c);
		cursor_take(&c, padding < cursor_left(&c) ? padding : cursor_left(&c));
		read_chunk(s, tag, type, flags, v);
	}
}
