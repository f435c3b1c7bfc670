/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a frame to its first IP header: link types (tcpdump.org/linktypes.html), VLAN tags (IEEE 802.1Q, 802.1ad), MPLS
 * labels (RFC 3032), and Wireshark's exported PDUs, whose addresses stand in tags instead of headers.
 */
#include "wire/decode.h"

#include <string.h>

enum { /* LINKTYPE_ */
       LINK_NULL = 0,
       LINK_ETHERNET = 1,
       LINK_RAW_OLD = 12,
       LINK_RAW_OLDER = 14,
       LINK_RAW = 101,
       LINK_LOOP = 108,
       LINK_COOKED = 113,
       LINK_USER_FIRST = 147,
       LINK_USER_LAST = 162,
       LINK_IPV4 = 228,
       LINK_IPV6 = 229,
       LINK_UPPER_PDU = 252,
       LINK_COOKED_2 = 276,
};
enum { TAGS = 8, LABELS = 16 }; /* more is no network's work */
enum {                          /* epan/exported_pdu.h */
       TAG_END = 0,
       TAG_DISSECTOR = 12,
       TAG_V4_SOURCE = 20,
       TAG_V4_DESTINATION = 21,
       TAG_V6_SOURCE = 22,
       TAG_V6_DESTINATION = 23,
       TAG_PORT_TYPE = 24,
       TAG_SOURCE_PORT = 25,
       TAG_DESTINATION_PORT = 26,
};

static void short_of(struct scribe *s, bool cut)
{
	packet_fault(s->packet, cut ? WIRE_TRUNCATED : WIRE_SHORT);
}

/*
 * An Ethernet frame, with a control word before it or not (RFC 4448 clause 4.6): 16 bits of zeros and a sequence number. Some
 * stations' addresses begin with such zeros, too; then the frame's type tells.
 */
static void read_pseudowire(struct scribe *s, struct cursor c, uint32_t wire_bytes, uint8_t carrier, uint32_t tunnel)
{
	struct cursor type = c;
	uint16_t word = cursor_u16(&type), known;

	cursor_take(&type, 10);
	known = cursor_u16(&type);
	if (!word && known != ETHER_IPV4 && known != ETHER_IPV6 && known != ETHER_VLAN && known != ETHER_QINQ) {
		cursor_u32(&c);
		wire_bytes -= wire_bytes < 4 ? wire_bytes : 4;
	}
	read_ethernet(s, c, wire_bytes, carrier, tunnel);
}

/* MPLS: label 20 bits, class 3, bottom of stack 1, time to live 8. What lies below is told by its first four bits. */
static void read_mpls(struct scribe *s, struct cursor c, uint32_t wire_bytes, uint8_t carrier, uint32_t tunnel)
{
	for (unsigned i = 0; i < LABELS; i++) {
		uint32_t label = cursor_u32(&c);

		if (c.bad)
			return short_of(s, wire_bytes >= 4);
		wire_bytes -= wire_bytes < 4 ? wire_bytes : 4;
		if (!s->packet->mpls)
			s->packet->mpls = label >> 12;
		if (label & 0x100) {
			unsigned version = cursor_left(&c) ? *c.at >> 4 : 0;

			if (version == 4 || version == 6)
				return read_network(s, version == 4 ? ETHER_IPV4 : ETHER_IPV6, c, wire_bytes, carrier,
						    tunnel);
			return read_pseudowire(s, c, wire_bytes, carrier, tunnel);
		}
	}
	count_kind(s->wire, WIRE_NONE, LAYER_ETHER, ETHER_MPLS);
	packet_fault(s->packet, WIRE_NOT_UNDERSTOOD);
}

void read_network(struct scribe *s, uint16_t ether_type, struct cursor c, uint32_t wire_bytes, uint8_t carrier,
		  uint32_t tunnel)
{
	struct wire_packet *p = s->packet;
	unsigned tags = 0;

	while (ether_type == ETHER_VLAN || ether_type == ETHER_QINQ || ether_type == ETHER_QINQ_OLD) {
		uint16_t tag = cursor_u16(&c);

		ether_type = cursor_u16(&c);
		if (c.bad)
			return short_of(s, wire_bytes >= 4);
		wire_bytes -= wire_bytes < 4 ? wire_bytes : 4;
		if (tags < 2 && carrier == WIRE_IN_LINK)
			p->vlan[tags] = tag & 0xfff;
		if (++tags > TAGS)
			return packet_fault(p, WIRE_TOO_DEEP);
	}
	if (carrier == WIRE_IN_LINK)
		p->ether_type = ether_type;
	switch (ether_type) {
	case ETHER_IPV4:
	case ETHER_IPV6: {
		struct wire_level *l;

		if (p->count == WIRE_LEVELS)
			return packet_fault(p, WIRE_TOO_DEEP);
		l = &p->levels[p->count++];
		memset(l, 0, sizeof *l);
		l->carrier = carrier;
		l->tunnel = tunnel;
		l->payload = c.at;
		l->payload_bytes = (uint32_t)cursor_left(&c);
		l->payload_length = wire_bytes;
		return read_ip(s, l, ether_type == ETHER_IPV6);
	}
	case ETHER_MPLS:
	case ETHER_MPLS_UP:
		return read_mpls(s, c, wire_bytes, carrier, tunnel);
	case ETHER_ARP:
		p->protocol = WIRE_ARP;
		return;
	default: /* below 0x600 it is a length: IEEE 802.2 */
		count_kind(s->wire, WIRE_NONE, LAYER_ETHER, ether_type < 0x600 ? 0 : ether_type);
		packet_fault(p, WIRE_NOT_UNDERSTOOD);
	}
}

void read_ethernet(struct scribe *s, struct cursor c, uint32_t wire_bytes, uint8_t carrier, uint32_t tunnel)
{
	uint16_t type;

	cursor_take(&c, 12);
	type = cursor_u16(&c);
	if (c.bad)
		return short_of(s, wire_bytes >= 14);
	read_network(s, type, c, wire_bytes - 14, carrier, tunnel);
}

/* BSD loopback: the address family in the order of the capturing machine, or in network order. */
static void read_null(struct scribe *s, struct cursor c, uint32_t wire_bytes)
{
	uint32_t family = cursor_u32(&c);

	if (c.bad)
		return short_of(s, wire_bytes >= 4);
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
		return read_network(s, ETHER_IPV4, c, wire_bytes - 4, WIRE_IN_LINK, 0);
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		return read_network(s, ETHER_IPV6, c, wire_bytes - 4, WIRE_IN_LINK, 0);
	default:
		count_kind(s->wire, WIRE_NONE, LAYER_LINK, (uint16_t)family);
		packet_fault(s->packet, WIRE_NOT_UNDERSTOOD);
	}
}

static void read_raw(struct scribe *s, struct cursor c, uint32_t wire_bytes)
{
	if (!cursor_left(&c))
		return short_of(s, wire_bytes > 0);
	read_network(s, *c.at >> 4 == 6 ? ETHER_IPV6 : ETHER_IPV4, c, wire_bytes, WIRE_IN_LINK, 0);
}

/* Linux cooked: packet type 2, hardware type 2, address length 2, address 8, protocol 2. */
static void read_cooked(struct scribe *s, struct cursor c, uint32_t wire_bytes)
{
	uint16_t type = cursor_u16(&c), protocol;

	s->packet->direction = (uint8_t)type;
	cursor_take(&c, 12);
	protocol = cursor_u16(&c);
	if (c.bad)
		return short_of(s, wire_bytes >= 16);
	read_network(s, protocol, c, wire_bytes - 16, WIRE_IN_LINK, 0);
}

/* Version 2: protocol 2, reserved 2, interface 4, hardware type 2, packet type 1, address length 1, address 8. */
static void read_cooked_2(struct scribe *s, struct cursor c, uint32_t wire_bytes)
{
	uint16_t protocol = cursor_u16(&c);

	cursor_take(&c, 8);
	s->packet->direction = cursor_u8(&c);
	cursor_take(&c, 9);
	if (c.bad)
		return short_of(s, wire_bytes >= 20);
	read_network(s, protocol, c, wire_bytes - 20, WIRE_IN_LINK, 0);
}

/* A message without headers: one level that has nothing but the payload. */
static struct wire_level *bare_level(struct scribe *s)
{
	struct wire_level *l = &s->packet->levels[s->packet->count++];

	memset(l, 0, sizeof *l);
	l->carrier = WIRE_IN_EXPORT;
	l->payload = s->batch->frames[s->frame].bytes; /* none of them yet */
	return l;
}

static void set_payload(struct wire_level *l, struct cursor c, uint32_t wire_bytes)
{
	l->payload = c.at;
	l->payload_bytes = (uint32_t)cursor_left(&c);
	l->payload_length = wire_bytes;
	if (l->payload_bytes < wire_bytes)
		l->flags |= WIRE_LEVEL_CUT;
}

static void exported_tag(struct wire_level *l, uint16_t tag, struct cursor v)
{
	size_t count = cursor_left(&v);
	static const uint8_t transports[] = { 0, IP_SCTP, IP_TCP, IP_UDP }; /* EXP_PDU_PT_ */

	if (tag == TAG_DISSECTOR) {
		l->protocol = (uint8_t)protocol_by_name(v.at, count);
	} else if ((tag == TAG_V4_SOURCE || tag == TAG_V4_DESTINATION) && count == 4) {
		set_v4(tag == TAG_V4_SOURCE ? &l->source : &l->destination, v.at);
	} else if ((tag == TAG_V6_SOURCE || tag == TAG_V6_DESTINATION) && count == 16) {
		set_v6(tag == TAG_V6_SOURCE ? &l->source : &l->destination, v.at);
	} else if (count == 4) {
		uint32_t number = cursor_u32(&v);

		if (tag == TAG_PORT_TYPE && number < sizeof transports)
			l->transport = transports[number];
		else if (tag == TAG_SOURCE_PORT)
			l->source_port = (uint16_t)number;
		else if (tag == TAG_DESTINATION_PORT)
			l->destination_port = (uint16_t)number;
		if (tag == TAG_SOURCE_PORT || tag == TAG_DESTINATION_PORT)
			l->flags |= WIRE_LEVEL_PORTS;
	}
}

static void read_exported(struct scribe *s, struct cursor c, uint32_t wire_bytes)
{
	struct wire_level *l = bare_level(s);
	const uint8_t *begin = c.at;

	for (;;) {
		uint16_t tag = cursor_u16(&c), length = cursor_u16(&c);
		struct cursor value = cursor_part(&c, length);

		if (c.bad)
			return short_of(s, cursor_left(&c) < wire_bytes);
		if (tag == TAG_END)
			break;
		exported_tag(l, tag, value);
	}
	set_payload(l, c, wire_bytes - (uint32_t)(c.at - begin));
	if (l->protocol == WIRE_NONE) {
		count_kind(s->wire, WIRE_NONE, LAYER_LINK, LINK_UPPER_PDU);
		packet_fault(s->packet, WIRE_NOT_UNDERSTOOD);
	}
	/* The transport's header is not there: what is exported is a message, never a TCP segment. */
	if (l->transport == IP_TCP)
		l->transport = 0;
}

void read_headers(struct scribe *s)
{
	const struct wire_frame *f = &s->batch->frames[s->frame];
	struct cursor c = cursor_of(f->bytes, f->captured);

	s->packet->direction = 255;
	if (f->captured < f->length)
		packet_fault(s->packet, WIRE_TRUNCATED);
	switch (f->link) {
	case LINK_ETHERNET:
		return read_ethernet(s, c, f->length, WIRE_IN_LINK, 0);
	case LINK_COOKED:
		return read_cooked(s, c, f->length);
	case LINK_COOKED_2:
		return read_cooked_2(s, c, f->length);
	case LINK_NULL:
	case LINK_LOOP:
		return read_null(s, c, f->length);
	case LINK_RAW:
	case LINK_RAW_OLD:
	case LINK_RAW_OLDER:
	case LINK_IPV4:
	case LINK_IPV6:
		return read_raw(s, c, f->length);
	case LINK_UPPER_PDU:
		return read_exported(s, c, f->length);
	default:
		break;
	}
	if (f->link >= LINK_USER_FIRST && f->link <= LINK_USER_LAST && f->user != WIRE_NONE) {
		struct wire_level *l = bare_level(s);

		l->protocol = f->user;
		return set_payload(l, c, f->length);
	}
	count_kind(s->wire, WIRE_NONE, LAYER_LINK, f->link);
	packet_fault(s->packet, WIRE_NOT_UNDERSTOOD);
}
