/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GTP-C in both versions that share port 2123: GTPv2-C (3GPP TS 29.274), whose F-TEIDs order the tunnels of S1-U,
 * S5/S8-U and of 5G without a 5G core, and GTPv1-C (TS 29.060) as far as its header, tunnel identifiers and addresses.
 *
 * v2: | version=2 (3) | P | T | MP | spare 2 | type | length 2 | [TEID 4] | sequence 3 | spare 1 | elements |
 *     element: type 1, length 2, spare 4 bits and instance 4 bits, value
 * v1: | version=1 (3) | PT | 0 | E | S | PN | type | length 2 | TEID 4 | [sequence 2, N-PDU 1, next 1] | elements |
 */
#include "wire/decode.h"

#include <string.h>

enum {
	IE_IMSI = 1,
	IE_CAUSE = 2,
	IE_RECOVERY = 3,
	IE_APN = 71,
	IE_EBI = 73,
	IE_ADDRESS = 74,
	IE_MEI = 75,
	IE_MSISDN = 76,
	IE_PAA = 79,
	IE_F_TEID = 87,
	IE_BEARER_CONTEXT = 93,
	IE_PDN_CONNECTION = 109,
	IE_PDN_TYPE = 99,
	IE_FQDN = 136,
	IE_RAT = 82,
	IE_OVERLOAD = 180,
	IE_LOAD = 181,
	IE_REMOTE_UE = 191
};
enum {
	V1_CAUSE = 1,
	V1_IMSI = 2,
	V1_RECOVERY = 14,
	V1_TEID_DATA = 16,
	V1_TEID_CONTROL = 17,
	V1_ADDRESS = 133,
	V1_TABLE = 128
};

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

/* 8.22: the interface types of user planes, and whose end each is; all others are control planes'. */
static const uint8_t user_ends[64] = {
	[0] = WIRE_END_ACCESS,      /* S1-U eNodeB */
	[1] = WIRE_END_CORE,        /* S1-U SGW */
	[2] = WIRE_END_ACCESS,      /* S12 RNC */
	[3] = WIRE_END_CORE,        /* S12 SGW */
	[4] = WIRE_END_CORE,        /* S5/S8 SGW */
	[5] = WIRE_END_CORE,        /* S5/S8 PGW */
	[15] = WIRE_END_CORE,       /* S4 SGSN */
	[16] = WIRE_END_CORE,       /* S4 SGW */
	[19] = WIRE_END_FORWARDING, /* eNodeB, gNodeB: downlink data forwarding */
	[20] = WIRE_END_FORWARDING, /* eNodeB: uplink data forwarding */
	[21] = WIRE_END_FORWARDING, /* RNC */
	[22] = WIRE_END_FORWARDING, /* SGSN */
	[23] = WIRE_END_FORWARDING, /* SGW, UPF: downlink data forwarding */
	[28] = WIRE_END_FORWARDING, /* SGW, UPF: uplink data forwarding */
	[29] = WIRE_END_CORE,       /* Sn SGSN */
	[31] = WIRE_END_ACCESS,     /* S2b-U ePDG */
	[33] = WIRE_END_CORE,       /* S2b-U PGW */
	[34] = WIRE_END_ACCESS,     /* S2a TWAN */
	[37] = WIRE_END_CORE,       /* S2a PGW */
	[38] = WIRE_END_CORE,       /* S11 MME */
	[39] = WIRE_END_CORE,       /* S11 SGW */
};

/* V4, V6, interface type 6 bits; TEID or GRE key; addresses. */
static void read_f_teid(struct wire_field *f, struct cursor *c)
{
	f->flags = cursor_u8(c);
	f->extra = f->flags & 0x3f;
	f->number = cursor_u32(c);
	if (f->flags & 0x80)
		take_v4(&f->v4, c);
	if (f->flags & 0x40)
		take_v6(&f->v6, c);
	f->end = user_ends[f->extra];
	f->what = f->end ? WIRE_TUNNEL : WIRE_SESSION;
}

/* 8.14: PDN type 3 bits: 1 IPv4, 2 IPv6, 3 both, 4 none, 5 Ethernet. */
static void read_paa(struct wire_field *f, struct cursor *c)
{
	f->flags = cursor_u8(c) & 7;
	if (f->flags == 2 || f->flags == 3) {
		f->extra = cursor_u8(c);
		take_v6(&f->v6, c);
	}
	if (f->flags == 1 || f->flags == 3)
		take_v4(&f->v4, c);
	if (f->flags > 3)
		cursor_take(c, cursor_left(c));
}

static void read_labels(struct scribe *s, struct wire_field *f, struct cursor *c)
{
	size_t count = cursor_left(c), used = 0;
	const uint8_t *p = cursor_take(c, count), *end = p ? p + count : NULL;
	uint8_t *text;

	for (const uint8_t *q = p; q < end; q += *q + 1)
		if (*q == 0 || *q >= end - q)
			return;
	text = count > 1 ? scribe_text(s, count - 1) : NULL;
	while (text && p < end) {
		if (used)
			text[used++] = '.';
		memcpy(text + used, p + 1, *p);
		used += *p;
		p += *p + 1;
	}
	if (text) {
		f->bytes = text;
		f->length = (uint32_t)used;
	}
}

static void read_v2_elements(struct scribe *s, struct cursor *c);

static void read_v2_group(struct scribe *s, struct cursor v)
{
	uint32_t before;

	if (s->depth == WIRE_DEPTH)
		return scribe_fault(s, WIRE_TOO_DEEP, v.at);
	before = scribe_open(s);
	read_v2_elements(s, &v);
	scribe_close(s, before);
}

static void read_v2_value(struct scribe *s, struct wire_field *f, struct cursor v)
{
	size_t all = cursor_left(&v);

	switch (f->type) {
	case IE_BEARER_CONTEXT:
	case IE_PDN_CONNECTION:
	case IE_OVERLOAD:
	case IE_LOAD:
	case IE_REMOTE_UE:
		f->what = WIRE_GROUP;
		return read_v2_group(s, v);
	case IE_F_TEID:
		read_f_teid(f, &v);
		break;
	case IE_PAA:
		f->what = WIRE_UE_ADDRESS;
		read_paa(f, &v);
		break;
	case IE_CAUSE:
		f->what = WIRE_CAUSE;
		f->number = cursor_u8(&v);
		f->flags = cursor_u8(&v);
		break;
	case IE_RECOVERY:
		f->what = WIRE_RECOVERY;
		f->number = cursor_u8(&v);
		break;
	case IE_EBI:
		f->what = WIRE_PDU_SESSION;
		f->number = cursor_u8(&v) & 15;
		break;
	case IE_RAT:
	case IE_PDN_TYPE:
		f->what = WIRE_NUMBER;
		f->number = cursor_u8(&v);
		break;
	case IE_ADDRESS:
		f->what = WIRE_ADDRESS;
		if (all == 4)
			take_v4(&f->v4, &v);
		else
			take_v6(&f->v6, &v);
		break;
	case IE_APN:
		f->what = WIRE_INSTANCE;
		read_labels(s, f, &v);
		break;
	case IE_FQDN:
		f->what = WIRE_NAME;
		read_labels(s, f, &v);
		break;
	case IE_IMSI:
	case IE_MEI:
	case IE_MSISDN:
		f->what = WIRE_SUBSCRIBER;
		break;
	default:
		break;
	}
	if (v.bad)
		scribe_fault(s, WIRE_BAD_LENGTH, f->bytes);
}

static void read_v2_elements(struct scribe *s, struct cursor *c)
{
	while (!c->bad && cursor_left(c)) {
		uint8_t type = cursor_u8(c);
		uint16_t length = cursor_u16(c);
		uint8_t instance = cursor_u8(c) & 15;
		struct cursor v = cursor_part(c, length);
		struct wire_field *f;

		if (c->bad)
			break;
		f = scribe_bytes(s, WIRE_BYTES, type, v);
		f->instance = instance;
		if (!gtpv2_element_name(type, NULL)) {
			f->what = WIRE_UNKNOWN;
			scribe_unknown(s, LAYER_ELEMENT, type);
		} else {
			read_v2_value(s, f, v);
		}
	}
	scribe_finish(s, c);
}

/* Table 6.1-1: requests are even from 32 on where a response follows; told by name, which says it without a second table. */
static uint8_t kind_of(const char *name)
{
	if (!name)
		return 0;
	if (strstr(name, "Response") || strstr(name, "Acknowledge") || strstr(name, "Failure"))
		return WIRE_RESPONSE;
	return WIRE_REQUEST;
}

/* 5.5.1: with P a second message follows in the same datagram. */
static void read_v2(struct scribe *s, struct cursor *c)
{
	struct wire_message *m = scribe_begin(s, WIRE_GTPV2C, c->at, cursor_left(c));
	uint8_t flags = cursor_u8(c);
	struct cursor body;

	m->type = cursor_u8(c);
	body = scribe_part(s, c, cursor_u16(c));
	if (!c->bad)
		m->length = (uint32_t)(c->at - m->bytes);
	m->name = gtpv2_message_name(m->type);
	m->kind = kind_of(m->name);
	if (flags & 8) {
		m->id = cursor_u32(&body);
		m->has_id = 1;
	}
	m->sequence = cursor_u24(&body);
	cursor_u8(&body);
	if (!m->name)
		scribe_unknown(s, LAYER_MESSAGE, m->type);
	read_v2_elements(s, &body);
	if (c->bad)
		scribe_finish(s, c);
	else if (cursor_left(c) && !(flags & 0x10))
		scribe_fault(s, WIRE_TRAILING, c->at);
	scribe_end(s);
	if (!(flags & 0x10))
		c->at = c->end;
}

/* ---- version 1: elements up to 127 have fixed lengths by type (TS 29.060 table 37) ---- */

static size_t v1_length(uint8_t type)
{
	static const uint8_t lengths[V1_TABLE] = {
		[1] = 1,  [2] = 8,  [3] = 6,  [4] = 4,  [5] = 4,  [8] = 1,  [9] = 28, [11] = 1, [12] = 3,
		[13] = 1, [14] = 1, [15] = 1, [16] = 4, [17] = 4, [18] = 5, [19] = 1, [20] = 1, [21] = 1,
		[22] = 1, [23] = 1, [24] = 1, [25] = 2, [26] = 2, [27] = 2, [28] = 2, [29] = 1, [127] = 4,
	};

	return lengths[type];
}

static void read_v1_element(struct scribe *s, struct cursor *c)
{
	uint8_t type = cursor_u8(c);
	struct cursor v;
	struct wire_field *f;

	if (type < V1_TABLE && !v1_length(type)) { /* its length is not known, so nothing behind it can be read */
		scribe_bytes(s, WIRE_UNKNOWN, type, cursor_part(c, cursor_left(c)));
		return scribe_unknown(s, LAYER_ELEMENT, type);
	}
	v = cursor_part(c, type < V1_TABLE ? v1_length(type) : cursor_u16(c));
	f = scribe_bytes(s, WIRE_BYTES, type, v);
	if (c->bad)
		return;
	switch (type) {
	case V1_TEID_DATA:
		f->what = WIRE_TUNNEL;
		f->number = cursor_u32(&v);
		break;
	case V1_TEID_CONTROL:
		f->what = WIRE_SESSION;
		f->number = cursor_u32(&v);
		break;
	case V1_CAUSE:
	case V1_RECOVERY:
		f->what = type == V1_CAUSE ? WIRE_CAUSE : WIRE_RECOVERY;
		f->number = cursor_u8(&v);
		break;
	case V1_IMSI:
		f->what = WIRE_SUBSCRIBER;
		break;
	case V1_ADDRESS:
		f->what = WIRE_ADDRESS;
		if (f->length == 4)
			take_v4(&f->v4, &v);
		else if (f->length == 16)
			take_v6(&f->v6, &v);
		break;
	default:
		break;
	}
}

static const char *v1_message_name(uint8_t type)
{
	switch (type) {
	case 1:
		return "Echo Request";
	case 2:
		return "Echo Response";
	case 3:
		return "Version Not Supported";
	case 16:
		return "Create PDP Context Request";
	case 17:
		return "Create PDP Context Response";
	case 18:
		return "Update PDP Context Request";
	case 19:
		return "Update PDP Context Response";
	case 20:
		return "Delete PDP Context Request";
	case 21:
		return "Delete PDP Context Response";
	case 26:
		return "Error Indication";
	case 31:
		return "Supported Extension Headers Notification";
	case 50:
		return "SGSN Context Request";
	case 51:
		return "SGSN Context Response";
	case 52:
		return "SGSN Context Acknowledge";
	default:
		return NULL;
	}
}

static void read_v1(struct scribe *s, struct cursor *c)
{
	struct wire_message *m = scribe_begin(s, WIRE_GTPV1C, c->at, cursor_left(c));
	uint8_t flags = cursor_u8(c);
	struct cursor body;
	uint16_t length;

	m->type = cursor_u8(c);
	m->name = v1_message_name((uint8_t)m->type);
	m->kind = kind_of(m->name);
	length = cursor_u16(c);
	m->id = cursor_u32(c);
	m->has_id = 1;
	body = scribe_part(s, c, length);
	if (flags & 7) {
		m->sequence = cursor_u16(&body);
		cursor_u8(&body);
		if (cursor_u8(&body) && flags & 4) /* extension headers of the control plane: not read */
			scribe_unknown(s, LAYER_EXTENSION, flags);
	}
	if (!m->name)
		scribe_unknown(s, LAYER_MESSAGE, m->type);
	while (m->name && !m->fault && !body.bad && cursor_left(&body))
		read_v1_element(s, &body);
	if (c->bad || body.bad)
		scribe_finish(s, c->bad ? c : &body);
	else if (cursor_left(c))
		scribe_fault(s, WIRE_TRAILING, c->at);
	c->at = c->end;
	scribe_end(s);
}

void decode_gtpc(struct scribe *s, struct cursor c)
{
	for (unsigned i = 0; i < 2 && cursor_left(&c); i++) {
		unsigned version = *c.at >> 5;

		if (version == 2) {
			read_v2(s, &c);
		} else if (version == 1 && *c.at & 0x10) {
			read_v1(s, &c);
		} else {
			scribe_begin(s, WIRE_GTPV2C, c.at, cursor_left(&c));
			scribe_fault(s, WIRE_BAD_VERSION, c.at);
			scribe_end(s);
			return;
		}
	}
}
