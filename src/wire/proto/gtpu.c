/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GTP-U, 3GPP TS 29.281 (and 38.415 for the PDU Session Container): the header of every G-PDU on the fast path, the
 * other messages as fields.
 *
 *  0           3   4   5   6   7
 * | version=1 | PT | 0 | E | S | PN |   message type   |           length            |
 * |                                  TEID                                           |
 * | [sequence number              | N-PDU number | next extension header type]      |   if E, S or PN
 * | [length in fours | content ... | next extension header type] ...                |   if E
 */
#include "wire/decode.h"

enum {
	G_PDU = 255,
	END_MARKER = 254,
	ERROR_INDICATION = 26,
	ECHO_REQUEST = 1,
	ECHO_RESPONSE = 2,
	SUPPORTED_EXTENSIONS = 31,
	TUNNEL_STATUS = 253
};
enum { EXTENSION_LIMIT = 32 };
enum { E_FLAG = 4, S_FLAG = 2, PN_FLAG = 1 };

const char *gtpu_message_name(uint16_t type)
{
	switch (type) {
	case ECHO_REQUEST:
		return "Echo Request";
	case ECHO_RESPONSE:
		return "Echo Response";
	case ERROR_INDICATION:
		return "Error Indication";
	case SUPPORTED_EXTENSIONS:
		return "Supported Extension Headers Notification";
	case TUNNEL_STATUS:
		return "Tunnel Status";
	case END_MARKER:
		return "End Marker";
	case G_PDU:
		return "G-PDU";
	default:
		return NULL;
	}
}

/* TS 29.281 clause 5.2.1-1: the types; which bytes a number is made of is each one's clause 5.2.2. */
static const char *extension_name(uint8_t type)
{
	switch (type) {
	case 0x01:
		return "MBMS support indication";
	case 0x02:
		return "MS Info Change Reporting support indication";
	case 0x03:
	case 0x82:
		return "Long PDCP PDU Number";
	case 0x20:
		return "Service Class Indicator";
	case 0x40:
		return "UDP Port";
	case 0x81:
		return "RAN Container";
	case 0x83:
		return "Xw RAN Container";
	case 0x84:
		return "NR RAN Container";
	case 0x85:
		return "PDU Session Container";
	case 0xc0:
		return "PDCP PDU Number";
	case 0xc1:
		return "Suspend Request";
	case 0xc2:
		return "Suspend Response";
	default:
		return NULL;
	}
}

static uint32_t extension_number(uint8_t type, const uint8_t *p, size_t count)
{
	if (type == 0x85 && count >= 2)
		return (uint32_t)(p[0] >> 4) << 8 | (p[1] & 0x3f);
	if (type == 0x20 && count >= 1)
		return p[0];
	if ((type == 0x40 || type == 0xc0) && count >= 2)
		return (uint32_t)p[0] << 8 | p[1];
	if ((type == 0x03 || type == 0x82) && count >= 3) /* 18 bits */
		return (uint32_t)(p[0] & 3) << 16 | (uint32_t)p[1] << 8 | p[2];
	return 0;
}

size_t wire_gtpu_extensions(const uint8_t *bytes, size_t count, struct wire_extension *out, size_t room)
{
	struct cursor c = cursor_of(bytes, count);
	const uint8_t *p = cursor_take(&c, 12);
	size_t found = 0;
	uint8_t type;

	if (!p || !(p[0] & E_FLAG))
		return 0;
	for (type = p[11]; type && found < EXTENSION_LIMIT; found++) {
		size_t length = cursor_u8(&c) * (size_t)4;
		const uint8_t *content = length ? cursor_take(&c, length - 1) : NULL;

		if (!content)
			break;
		if (found < room)
			out[found] = (struct wire_extension){ type, extension_name(type), content, (uint32_t)length - 2,
							      extension_number(type, content, length - 2) };
		type = content[length - 2];
	}
	return found;
}

static enum wire_fault read_extensions(struct scribe *s, struct wire_gtpu *g, struct cursor *c, uint8_t type)
{
	for (unsigned i = 0; type; i++) {
		size_t length = cursor_u8(c) * (size_t)4;
		const uint8_t *p;

		if (c->bad)
			return WIRE_SHORT;
		if (length == 0 || i == EXTENSION_LIMIT)
			return WIRE_BAD_LENGTH;
		p = cursor_take(c, length - 1);
		if (!p)
			return WIRE_SHORT;
		if (type ==
		    0x85) { /* TS 38.415 clause 5.5.2: PDU type 4 bits, flags; in both types the QFI ends the second byte */
			g->flags |= WIRE_GTPU_SESSION;
			if (p[0] >> 4 == 1)
				g->flags |= WIRE_GTPU_UPLINK;
			else if (p[1] & 0x40)
				g->flags |= WIRE_GTPU_RQI;
			g->qfi = p[1] & 0x3f;
		} else {
			g->flags |= WIRE_GTPU_OTHER;
			if (!extension_name(type)) {
				count_kind(s->wire, WIRE_GTPU, LAYER_EXTENSION, type);
				packet_fault(s->packet, WIRE_NOT_UNDERSTOOD);
			}
		}
		type = p[length - 2];
	}
	return WIRE_FINE;
}

static bool is_ip(const uint8_t *p, size_t count, uint32_t length)
{
	if (count >= 20 && p[0] >> 4 == 4)
		return (p[0] & 15) >= 5 && ((uint32_t)p[2] << 8 | p[3]) <= length;
	return count >= 40 && p[0] >> 4 == 6;
}

/* A T-PDU is IP, Ethernet or unstructured; only the session's set-up says which. What looks like neither is counted. */
static void read_t_pdu(struct scribe *s, struct wire_level *l, struct cursor c, uint32_t length)
{
	size_t count = cursor_left(&c);
	uint16_t type;

	if (!length)
		return;
	if (!count)
		return level_fault(s, l, WIRE_TRUNCATED);
	if (is_ip(c.at, count, length))
		return read_network(s, *c.at >> 4 == 4 ? ETHER_IPV4 : ETHER_IPV6, c, length, WIRE_IN_GTPU,
				    l->gtpu.teid);
	type = count >= 14 ? (uint16_t)(c.at[12] << 8 | c.at[13]) : 0;
	if (type == ETHER_IPV4 || type == ETHER_IPV6 || type == ETHER_ARP || type == ETHER_VLAN || type == ETHER_QINQ)
		return read_ethernet(s, c, length, WIRE_IN_ETHERNET_PDU, l->gtpu.teid);
	if (*c.at >> 4 == 4 || *c.at >> 4 == 6)
		return read_network(s, *c.at >> 4 == 4 ? ETHER_IPV4 : ETHER_IPV6, c, length, WIRE_IN_GTPU,
				    l->gtpu.teid);
	count_kind(s->wire, WIRE_GTPU, LAYER_MESSAGE, G_PDU);
	packet_fault(s->packet, WIRE_NOT_UNDERSTOOD);
}

void gtpu_header(struct scribe *s, struct wire_level *l)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);
	const uint8_t *p = cursor_take(&c, 8);
	struct wire_gtpu *g = &l->gtpu;
	enum wire_fault fault = WIRE_FINE;
	uint32_t length;

	l->protocol = WIRE_GTPU;
	if (!p)
		return level_fault(s, l, l->payload_length >= 8 ? WIRE_TRUNCATED : WIRE_SHORT);
	length = ((uint32_t)p[2] << 8 | p[3]) + 8;
	if (p[0] >> 5 != 1 || !(p[0] & 0x10)) /* version 1, protocol type GTP; the spare bit is not looked at */
		return level_fault(s, l, WIRE_BAD_VERSION);
	if (length > l->payload_length) { /* said, and read all the same: a receiver that does not look would take it */
		level_fault(s, l, WIRE_BAD_LENGTH);
		length = l->payload_length;
	} else if (length < l->payload_length) {
		level_fault(s, l, WIRE_TRAILING);
	}
	if (c.at + (length - 8) < c.end)
		c.end = c.at + (length - 8);
	g->type = p[1];
	g->teid = (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 | (uint32_t)p[6] << 8 | p[7];
	if (p[0] & (E_FLAG | S_FLAG | PN_FLAG)) {
		const uint8_t *q = cursor_take(&c, 4);

		if (!q)
			fault = WIRE_SHORT;
		else
			g->sequence = (uint16_t)(q[0] << 8 | q[1]), g->n_pdu = q[2];
		g->flags |= (p[0] & S_FLAG ? WIRE_GTPU_SEQUENCE : 0) | (p[0] & PN_FLAG ? WIRE_GTPU_N_PDU : 0);
		if (q && p[0] & E_FLAG)
			fault = read_extensions(s, g, &c, q[3]);
	}
	g->header = (uint16_t)(c.at - l->payload);
	if (fault) /* a cut capture ends as early as a wrong length does */
		return level_fault(s, l, l->flags & WIRE_LEVEL_CUT ? WIRE_TRUNCATED : fault);
	if (g->type == G_PDU)
		read_t_pdu(s, l, c, length - g->header);
}

/* ---- signalling messages: clause 7 ---- */

enum {
	IE_RECOVERY = 14,
	IE_TEID = 16,
	IE_PEER_ADDRESS = 133,
	IE_EXTENSION_TYPES = 141,
	IE_STATUS = 230,
	IE_TIME_STAMP = 231,
	IE_PRIVATE = 255
};

static void read_element(struct scribe *s, struct cursor *c)
{
	uint8_t type = cursor_u8(c);
	struct cursor v;
	struct wire_field *f;

	if (type == IE_RECOVERY) {
		scribe_number(s, WIRE_RECOVERY, type, cursor_u8(c));
		return;
	}
	if (type == IE_TEID) {
		scribe_number(s, WIRE_TUNNEL, type, cursor_u32(c));
		return;
	}
	if (type < 128) { /* fixed lengths that are not known: nothing behind can be read */
		scribe_bytes(s, WIRE_UNKNOWN, type, cursor_part(c, cursor_left(c)));
		return scribe_unknown(s, LAYER_ELEMENT, type);
	}
	/* clause 8.1: an extension header type list's length has one byte, all others' two */
	v = cursor_part(c, type == IE_EXTENSION_TYPES ? cursor_u8(c) : cursor_u16(c));
	if (type == IE_PEER_ADDRESS) {
		f = scribe_bytes(s, WIRE_ADDRESS, type, v);
		if (f->length == 4)
			set_v4(&f->v4, f->bytes);
		else if (f->length == 16)
			set_v6(&f->v6, f->bytes);
		else
			scribe_fault(s, WIRE_BAD_LENGTH, v.at);
		return;
	}
	f = scribe_bytes(s, type >= IE_STATUS || type == IE_EXTENSION_TYPES ? WIRE_BYTES : WIRE_UNKNOWN, type, v);
	if (f->what == WIRE_UNKNOWN)
		scribe_unknown(s, LAYER_ELEMENT, type);
}

void decode_gtpu(struct scribe *s, struct cursor c)
{
	const struct wire_gtpu *g = &s->level->gtpu;
	struct wire_message *m;

	if (g->type && cursor_left(&c) >= 8) { /* what the header does not count is trailing, and said so already */
		size_t length = ((size_t)c.at[2] << 8 | c.at[3]) + 8;

		c = cursor_part(&c, length < cursor_left(&c) ? length : cursor_left(&c));
	}
	m = scribe_begin(s, WIRE_GTPU, c.at, cursor_left(&c));
	m->type = g->type;
	m->id = g->teid;
	m->has_id = 1;
	m->sequence = g->sequence;
	m->name = gtpu_message_name(g->type);
	m->kind = g->type == ECHO_REQUEST ? WIRE_REQUEST : g->type == ECHO_RESPONSE ? WIRE_RESPONSE : 0;
	m->fault = s->level->fault == WIRE_TRAILING ? WIRE_TRAILING : WIRE_FINE;
	if (s->level->fault && s->level->fault != WIRE_TRAILING) {
		scribe_fault(s, s->level->fault, NULL);
		return scribe_end(s);
	}
	if (!m->name)
		scribe_unknown(s, LAYER_MESSAGE, g->type);
	cursor_take(&c, g->header);
	while (m->name && cursor_left(&c))
		read_element(s, &c);
	if (m->name)
		scribe_finish(s, &c);
	scribe_end(s);
}
