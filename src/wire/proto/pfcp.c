/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PFCP, 3GPP TS 29.244: every message as a tree of its information elements, read by the table in pfcp_table.c.
 *
 *  0               3    5    6    7
 * | version = 1 | spare | FO | MP | S |  message type  |        length without these four bytes        |
 * | [session endpoint identifier, 8 bytes, if S]                                                        |
 * | sequence number, 3 bytes                                   | [priority 4 bits if MP] spare         |
 * | elements: type 2, length 2, [enterprise 2 if type >= 32768], value                                  |
 */
#include "wire/decode.h"
#include "wire/proto/pfcp.h"

#include <string.h>

enum { FOLLOW_ON = 4, PRIORITY = 2, HAS_SEID = 1, VENDOR_TYPES = 32768, FIRST_SESSION_MESSAGE = 50, BUNDLED = 64 };
enum { VERSION_NOT_SUPPORTED = 11 };
#define NTP_TO_UNIX_S 2208988800u /* seconds from 1900 to 1970 (RFC 5905) */

const char *pfcp_message_name(uint16_t type)
{
	static const char *const names[] = {
		[1] = "Heartbeat Request",
		[2] = "Heartbeat Response",
		[3] = "PFD Management Request",
		[4] = "PFD Management Response",
		[5] = "Association Setup Request",
		[6] = "Association Setup Response",
		[7] = "Association Update Request",
		[8] = "Association Update Response",
		[9] = "Association Release Request",
		[10] = "Association Release Response",
		[11] = "Version Not Supported Response",
		[12] = "Node Report Request",
		[13] = "Node Report Response",
		[14] = "Session Set Deletion Request",
		[15] = "Session Set Deletion Response",
		[16] = "Session Set Modification Request",
		[17] = "Session Set Modification Response",
		[50] = "Session Establishment Request",
		[51] = "Session Establishment Response",
		[52] = "Session Modification Request",
		[53] = "Session Modification Response",
		[54] = "Session Deletion Request",
		[55] = "Session Deletion Response",
		[56] = "Session Report Request",
		[57] = "Session Report Response",
	};

	return type < sizeof names / sizeof *names ? names[type] : NULL;
}

const char *pfcp_element_name(uint16_t type, const char **clause)
{
	if (type >= PFCP_ELEMENTS || !pfcp_elements[type].name)
		return NULL;
	if (clause)
		*clause = pfcp_elements[type].clause;
	return pfcp_elements[type].name;
}

static uint64_t number_of(struct cursor *c, size_t bytes)
{
	const uint8_t *p = cursor_take(c, bytes);
	uint64_t v = 0;

	for (size_t i = 0; p && i < bytes; i++)
		v = v << 8 | p[i];
	return v;
}

static void take_v4(struct wire_address *a, struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 4);

	if (p)
		set_v4(a, p);
}

static void take_v6(struct wire_address *a, struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 16);

	if (p)
		set_v6(a, p);
}

/* clause 8.2.3: V4 = 1, V6 = 2, CH = 4, CHID = 8. Chosen by the user plane: no TEID and no addresses. */
static void read_f_teid(struct scribe *s, struct wire_field *f, struct cursor *c)
{
	f->flags = cursor_u8(c);
	f->end = WIRE_END_CORE;
	if (f->flags & 4) {
		f->end = WIRE_END_CHOOSE;
		if (f->flags & 8)
			f->extra = cursor_u8(c);
		if (!(f->flags & 3))
			scribe_fault(s, WIRE_BAD_VALUE, f->bytes);
		return;
	}
	f->number = cursor_u32(c);
	if (f->flags & 1)
		take_v4(&f->v4, c);
	if (f->flags & 2)
		take_v6(&f->v6, c);
	if (!(f->flags & 3))
		scribe_fault(s, WIRE_BAD_VALUE, f->bytes);
}

/* clause 8.2.37: V6 = 1, V4 = 2; the other way round than in an F-TEID. */
static void read_f_seid(struct scribe *s, struct wire_field *f, struct cursor *c)
{
	f->flags = cursor_u8(c);
	f->number = cursor_u64(c);
	if (f->flags & 2)
		take_v4(&f->v4, c);
	if (f->flags & 1)
		take_v6(&f->v6, c);
	if (!(f->flags & 3))
		scribe_fault(s, WIRE_BAD_VALUE, f->bytes);
}

/* Labels with their lengths before them become text with dots. Not a name in labels: left as it is. */
static void read_labels(struct scribe *s, struct wire_field *f, struct cursor *c)
{
	size_t count = cursor_left(c);
	const uint8_t *p = c->at, *end = p + count;
	uint8_t *text;

	for (const uint8_t *q = p; q < end; q += *q + 1)
		if (*q == 0 || *q >= end - q)
			goto as_it_is;
	text = count > 1 ? scribe_text(s, count - 1) : NULL;
	if (!text)
		goto as_it_is;
	memcpy(text, p + 1, count - 1);
	for (const uint8_t *q = p + *p + 1; q < end; q += *q + 1)
		text[q - p - 1] = '.';
	f->bytes = text;
	f->length = (uint32_t)count - 1;
as_it_is:
	cursor_take(c, count);
}

/* clause 8.2.38: 0 IPv4, 1 IPv6, 2 a domain name in labels. */
static void read_node(struct scribe *s, struct wire_field *f, struct cursor *c)
{
	f->flags = cursor_u8(c) & 15;
	if (f->flags == 0)
		take_v4(&f->v4, c);
	else if (f->flags == 1)
		take_v6(&f->v6, c);
	else if (f->flags == 2)
		read_labels(s, f, c);
	else
		scribe_fault(s, WIRE_BAD_VALUE, f->bytes);
}

/*
 * clause 8.2.56, description of two octets: 5/1 GTP-U/UDP/IPv4, 5/2 GTP-U/UDP/IPv6, 5/3 UDP/IPv4, 5/4 UDP/IPv6, 5/5
 * IPv4, 5/6 IPv6, 5/7 C-TAG, 5/8 S-TAG; 6/1 N19, 6/2 N6, 6/3 and 6/4 multicast.
 */
static void read_outer_creation(struct scribe *s, struct wire_field *f, struct cursor *c)
{
	f->flags = cursor_u16(c);
	if (f->flags & 0x0300)
		f->number = cursor_u32(c);
	if (f->flags & 0x1500)
		take_v4(&f->v4, c);
	if (f->flags & 0x2a00)
		take_v6(&f->v6, c);
	if (f->flags & 0x0c00)
		f->extra = cursor_u16(c);
	if (f->flags & 0x4000)
		cursor_u24(c);
	if (f->flags & 0x8000)
		cursor_u24(c);
	if (!f->flags)
		scribe_fault(s, WIRE_BAD_VALUE, f->bytes);
}

/* clause 8.2.62: V6 = 1, V4 = 2, S/D = 4, IPv6D = 8, CHV4 = 16, CHV6 = 32, IP6PL = 64. */
static void read_ue_address(struct wire_field *f, struct cursor *c)
{
	f->flags = cursor_u8(c);
	if (f->flags & 2 && !(f->flags & 16))
		take_v4(&f->v4, c);
	if (f->flags & 1 && !(f->flags & 32)) {
		take_v6(&f->v6, c);
		f->extra = 64;
	}
	if (f->flags & 8)
		f->extra = 64u - cursor_u8(c) % 65; /* bits delegated to the user shorten the prefix */
	if (f->flags & 64)
		f->extra = cursor_u8(c);
}

/* clauses 8.2.70, 8.2.128, 8.2.135: remote peer V6 = 1, V4 = 2, DI = 4, NI = 8; the other two V6 = 1, V4 = 2, PPE = 4. */
static void read_peer(struct wire_field *f, struct cursor *c, uint16_t type)
{
	f->flags = cursor_u8(c);
	if (f->flags & 2)
		take_v4(&f->v4, c);
	if (f->flags & 1)
		take_v6(&f->v6, c);
	if (type == 103 && f->flags & 4)
		cursor_part(c, cursor_u16(c));
	if (type == 103 && f->flags & 8)
		cursor_part(c, cursor_u16(c));
}

/* clause 8.2.82 (up to release 16.2): V4 = 1, V6 = 2, TEID range bits 3-5, network instance 6, source interface 7. */
static void read_up_resource(struct wire_field *f, struct cursor *c)
{
	f->flags = cursor_u8(c);
	if (f->flags >> 2 & 7)
		f->number = cursor_u8(c);
	if (f->flags & 1)
		take_v4(&f->v4, c);
	if (f->flags & 2)
		take_v6(&f->v6, c);
	if (f->flags & 0x20)
		cursor_take(c, cursor_left(c) - (f->flags & 0x40 && cursor_left(c) ? 1 : 0));
	if (f->flags & 0x40)
		f->extra = cursor_u8(c) & 15;
}

/* clause 8.2.80: what kind of rule, then its id. */
static void read_failed_rule(struct wire_field *f, struct cursor *c)
{
	static const uint8_t bytes[] = { 2, 4, 4, 4, 1, 2, 1 };

	f->extra = cursor_u8(c) & 31;
	f->number = number_of(c, f->extra < sizeof bytes ? bytes[f->extra] : cursor_left(c) % 9);
}

/* clause 8.2.101: IMSIF, IMEIF, MSISDNF, NAIF, SUPIF, GPSIF, PEIF: each a length and digits or text. */
static void read_user(struct wire_field *f, struct cursor *c)
{
	f->flags = cursor_u8(c);
	for (unsigned bit = 1; bit < 0x80; bit <<= 1)
		if (f->flags & bit)
			cursor_part(c, cursor_u8(c));
}

static void read_value(struct scribe *s, struct wire_field *f, const struct pfcp_element *row, struct cursor *c)
{
	switch (row->kind) {
	case PFCP_F_TEID:
		return read_f_teid(s, f, c);
	case PFCP_F_SEID:
		return read_f_seid(s, f, c);
	case PFCP_NODE:
		return read_node(s, f, c);
	case PFCP_OUTER_CREATION:
		return read_outer_creation(s, f, c);
	case PFCP_UE_ADDRESS:
		return read_ue_address(f, c);
	case PFCP_PEER:
		return read_peer(f, c, f->type);
	case PFCP_UP_RESOURCE:
		return read_up_resource(f, c);
	case PFCP_FAILED_RULE:
		return read_failed_rule(f, c);
	case PFCP_SUBSCRIBER:
		return read_user(f, c);
	case PFCP_INSTANCE:
		return read_labels(s, f, c);
	case PFCP_ACTION: /* octet 5 first, octet 6 above it: the bits of clause 8.2.26 in their order */
		f->number = cursor_u8(c);
		if (cursor_left(c))
			f->number |= (uint64_t)cursor_u8(c) << 8;
		return;
	case PFCP_INTERFACE:
		f->number = cursor_u8(c) & 15;
		return;
	case PFCP_QFI:
		f->number = cursor_u8(c) & 63;
		return;
	case PFCP_OUTER_REMOVAL:
		f->number = cursor_u8(c);
		if (cursor_left(c))
			f->extra = cursor_u8(c); /* extension header deletion */
		return;
	case PFCP_TIME:
	case PFCP_RECOVERY:
		f->number = cursor_u32(c);
		f->number -= f->number >= NTP_TO_UNIX_S ? NTP_TO_UNIX_S : 0;
		return;
	case PFCP_RULE:
	case PFCP_NUMBER:
	case PFCP_CAUSE: {
		size_t left = cursor_left(c), most = row->max && left > row->max ? row->max : left;

		f->extra = (uint32_t)most;
		f->number = number_of(c, most);
		return;
	}
	default:
		cursor_take(c, cursor_left(c));
	}
}

static enum wire_what what_of(const struct pfcp_element *row)
{
	static const uint8_t whats[] = {
		[PFCP_NONE] = WIRE_UNKNOWN,
		[PFCP_GROUP] = WIRE_GROUP,
		[PFCP_BYTES] = WIRE_BYTES,
		[PFCP_TEXT] = WIRE_TEXT_VALUE,
		[PFCP_COUNTED] = WIRE_BYTES,
		[PFCP_NUMBER] = WIRE_NUMBER,
		[PFCP_TIME] = WIRE_NUMBER,
		[PFCP_RULE] = WIRE_RULE,
		[PFCP_CAUSE] = WIRE_CAUSE,
		[PFCP_INTERFACE] = WIRE_INTERFACE,
		[PFCP_F_TEID] = WIRE_TUNNEL,
		[PFCP_F_SEID] = WIRE_SESSION,
		[PFCP_NODE] = WIRE_NODE,
		[PFCP_INSTANCE] = WIRE_INSTANCE,
		[PFCP_ACTION] = WIRE_APPLY_ACTION,
		[PFCP_OUTER_CREATION] = WIRE_OUTER_CREATION,
		[PFCP_OUTER_REMOVAL] = WIRE_OUTER_REMOVAL,
		[PFCP_UE_ADDRESS] = WIRE_UE_ADDRESS,
		[PFCP_RECOVERY] = WIRE_RECOVERY,
		[PFCP_PEER] = WIRE_ADDRESS,
		[PFCP_QFI] = WIRE_QOS_FLOW,
		[PFCP_SUBSCRIBER] = WIRE_SUBSCRIBER,
		[PFCP_FAILED_RULE] = WIRE_RULE,
		[PFCP_UP_RESOURCE] = WIRE_ADDRESS,
	};

	return whats[row->kind];
}

/* Which elements stand in a message or group: a bit for each type that may have to. */
struct seen {
	uint64_t types[4];
};

static inline void see(struct seen *seen, uint16_t type)
{
	if (type < 256)
		seen->types[type / 64] |= UINT64_C(1) << type % 64;
}

static void check_must(struct scribe *s, const uint8_t must[PFCP_MUST], const struct seen *seen)
{
	for (unsigned i = 0; i < PFCP_MUST && must[i]; i++)
		if (!(seen->types[must[i] / 64] >> must[i] % 64 & 1))
			scribe_fault(s, WIRE_MISSING, NULL);
}

static struct seen read_elements(struct scribe *s, struct cursor *c);

static void read_group(struct scribe *s, uint16_t type, struct cursor v)
{
	bool is_full = s->batch->field_count == WIRE_FIELDS;
	struct seen seen;
	uint32_t before;

	if (s->depth == WIRE_DEPTH)
		return scribe_fault(s, WIRE_TOO_DEEP, v.at);
	before = scribe_open(s);
	seen = read_elements(s, &v);
	if (!is_full && s->batch->field_count < WIRE_FIELDS)
		check_must(s, pfcp_groups_must[type], &seen);
	scribe_close(s, before);
}

static void read_vendor_element(struct scribe *s, uint16_t type, struct cursor v)
{
	uint16_t enterprise = cursor_u16(&v);
	struct wire_field *f = scribe_bytes(s, WIRE_UNKNOWN, type, v);

	f->instance = enterprise;
	if (v.bad)
		scribe_fault(s, WIRE_BAD_LENGTH, v.at);
	scribe_unknown(s, LAYER_ELEMENT, type);
}

static void read_element(struct scribe *s, uint16_t type, struct cursor v)
{
	static const struct pfcp_element none;
	const struct pfcp_element *row = type < PFCP_ELEMENTS ? &pfcp_elements[type] : &none;
	size_t length = cursor_left(&v);
	struct wire_field *f;

	if (type >= VENDOR_TYPES)
		return read_vendor_element(s, type, v);
	f = scribe_bytes(s, what_of(row), type, v);
	if (row->kind == PFCP_NONE)
		return scribe_unknown(s, LAYER_ELEMENT, type);
	if (length < row->min || (row->fixed && length > row->max))
		return scribe_fault(s, WIRE_BAD_LENGTH, v.at);
	if (row->kind == PFCP_GROUP)
		return read_group(s, type, v);
	read_value(s, f, row, &v);
	if (v.bad)
		scribe_fault(s, WIRE_BAD_LENGTH, v.at);
	else if (cursor_left(&v)) /* a later release made it longer (clause 8.1.1) */
		scribe_unknown(s, LAYER_ELEMENT, type);
}

static struct seen read_elements(struct scribe *s, struct cursor *c)
{
	struct seen seen = { 0 };

	while (!c->bad && cursor_left(c)) {
		const uint8_t *p = cursor_take(c, 4);
		uint16_t type = p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
		struct cursor v = cursor_part(c, p ? (size_t)p[2] << 8 | p[3] : 0);

		if (c->bad)
			break;
		see(&seen, type);
		read_element(s, type, v);
	}
	scribe_finish(s, c);
	return seen;
}

/* One message; false where nothing can follow it. */
static bool read_message(struct scribe *s, struct cursor *c)
{
	struct wire_message *m = scribe_begin(s, WIRE_PFCP, c->at, cursor_left(c));
	uint8_t flags = cursor_u8(c);
	struct cursor body;
	struct seen seen;

	m->type = cursor_u8(c);
	m->name = pfcp_message_name(m->type);
	body = scribe_part(s, c, cursor_u16(c));
	if (!c->bad)
		m->length = (uint32_t)(c->at - m->bytes);
	if (flags >> 5 != 1) {
		scribe_fault(s, m->type == VERSION_NOT_SUPPORTED ? WIRE_FINE : WIRE_BAD_VERSION, m->bytes);
		c->at = c->end;
		return false;
	}
	if (flags & HAS_SEID) {
		m->id = cursor_u64(&body);
		m->has_id = 1;
	}
	m->sequence = cursor_u24(&body);
	cursor_u8(&body);
	/* table 7.3-1: requests are odd up to 10, even from 12 on; 11 is a response */
	if (m->name)
		m->kind = (m->type < 12) == (m->type & 1) && m->type != VERSION_NOT_SUPPORTED ? WIRE_REQUEST
											      : WIRE_RESPONSE;
	if (!m->name)
		scribe_unknown(s, LAYER_MESSAGE, m->type);
	else if (!body.bad && !m->has_id != (m->type < FIRST_SESSION_MESSAGE))
		scribe_fault(s, WIRE_BAD_VALUE, m->bytes);
	seen = read_elements(s, &body);
	if (!m->fault && s->batch->field_count < WIRE_FIELDS && m->type < PFCP_MESSAGES)
		check_must(s, pfcp_messages_must[m->type], &seen);
	if (c->bad)
		scribe_finish(s, c);
	return flags & FOLLOW_ON;
}

/* clause 7.2.2.1: the next message follows where FO is set; otherwise nothing does. */
void decode_pfcp(struct scribe *s, struct cursor c)
{
	for (unsigned i = 0; i < BUNDLED; i++) {
		bool more = read_message(s, &c) && !c.bad;

		if (more && !cursor_left(&c))
			scribe_fault(s, WIRE_SHORT, c.at);
		else if (!more && cursor_left(&c))
			scribe_fault(s, WIRE_TRAILING, c.at);
		scribe_end(s);
		if (!more || !cursor_left(&c))
			return;
	}
}
