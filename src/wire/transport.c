/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind the IP headers: UDP, TCP and SCTP ports, and the tunnels that carry another frame or datagram:
 * GTP-U, GRE (RFC 2784, 2890), ERSPAN, VXLAN (RFC 7348), IP in IP (RFC 2003, 2473). ESP is seen and not read.
 */
#include "wire/decode.h"

static void short_of(struct scribe *s, struct wire_level *l, uint32_t wanted)
{
	level_fault(s, l, l->payload_length >= wanted ? WIRE_TRUNCATED : WIRE_SHORT);
}

static void step_over(struct wire_level *l, uint32_t bytes)
{
	l->payload += bytes;
	l->payload_bytes -= bytes;
	l->payload_length -= bytes;
}

static void read_ports(struct wire_level *l, const uint8_t *p)
{
	l->source_port = (uint16_t)(p[0] << 8 | p[1]);
	l->destination_port = (uint16_t)(p[2] << 8 | p[3]);
	l->flags |= WIRE_LEVEL_PORTS;
}

/* Flags 8 (I = 0x08), reserved 24, network identifier 24, reserved 8. */
static void read_vxlan(struct scribe *s, struct wire_level *l)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);
	const uint8_t *p = cursor_take(&c, 8);

	if (!p)
		return short_of(s, l, 8);
	if (!(p[0] & 8))
		return;
	read_ethernet(s, c, l->payload_length - 8, WIRE_IN_VXLAN, (uint32_t)p[4] << 16 | (uint32_t)p[5] << 8 | p[6]);
}

/* RFC 3948: four zero bytes before IKE; ESP has an index there; a single 0xff keeps the translation alive. */
static void read_udp_ipsec(struct scribe *s, struct wire_level *l)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);

	if (cursor_left(&c) == 1)
		return;
	if (cursor_u32(&c) == 0 && !c.bad) {
		step_over(l, 4);
		l->protocol = WIRE_IKE;
		return;
	}
	l->protocol = WIRE_ESP;
	packet_fault(s->packet, WIRE_ENCRYPTED);
}

static void read_udp(struct scribe *s, struct wire_level *l)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);
	const uint8_t *p = cursor_take(&c, 8);
	uint32_t length;

	if (!p)
		return short_of(s, l, 8);
	read_ports(l, p);
	length = (uint32_t)p[4] << 8 | p[5];
	if (length == 0 && l->payload_length > 65535)
		length = l->payload_length; /* RFC 2675 */
	if (length < 8 || length > l->payload_length) {
		level_fault(s, l, WIRE_BAD_LENGTH);
		length = l->payload_length;
	} else if (length < l->payload_length) {
		level_fault(s, l, WIRE_TRAILING);
	}
	l->payload_length = length;
	if (l->payload_bytes > length)
		l->payload_bytes = length;
	step_over(l, 8);
	if (l->destination_port == PORT_GTPU || l->source_port == PORT_GTPU)
		return gtpu_header(s, l);
	if (l->destination_port == PORT_VXLAN)
		return read_vxlan(s, l);
	if (l->destination_port == PORT_IPSEC || l->source_port == PORT_IPSEC)
		return read_udp_ipsec(s, l);
	l->protocol = (uint8_t)protocol_by_ports(s->wire, l);
}

static void read_tcp(struct scribe *s, struct wire_level *l)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);
	const uint8_t *p = cursor_take(&c, 20);
	uint32_t header;

	if (!p)
		return short_of(s, l, 20);
	read_ports(l, p);
	l->tcp_sequence = (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 | (uint32_t)p[6] << 8 | p[7];
	l->tcp_flags = p[13];
	header = (p[12] >> 4) * 4u;
	if (header < 20 || header > l->payload_length)
		return level_fault(s, l, WIRE_BAD_LENGTH);
	if (header > l->payload_bytes)
		return short_of(s, l, header);
	step_over(l, header);
	l->protocol = (uint8_t)protocol_by_ports(s->wire, l);
}

static void read_sctp(struct scribe *s, struct wire_level *l)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);
	const uint8_t *p = cursor_take(&c, 12);

	if (!p)
		return short_of(s, l, 12);
	read_ports(l, p);
	l->protocol = WIRE_SCTP;
}

/*
 * What a switch mirrors to somewhere else (draft-foschiano-erspan-03): an Ethernet frame, behind nothing (type I, without a
 * sequence number), version 4, VLAN 12, class 3, 2, 1, session 10, index 32 (II), or the same up to the session, time stamp 32,
 * group 16, 13 bits, 2 bits, and 1 that says whether 8 more bytes follow (III).
 */
static void read_mirrored(struct scribe *s, struct wire_level *l, struct cursor c, bool has_header, bool is_third)
{
	uint32_t session = has_header ? cursor_u32(&c) & 0x3ff : 0;

	if (has_header)
		cursor_u32(&c);
	if (is_third && cursor_u32(&c) & 1)
		cursor_take(&c, 8);
	if (c.bad)
		return short_of(s, l, l->payload_bytes + 1);
	read_ethernet(s, c, l->payload_length - (uint32_t)(c.at - l->payload), WIRE_IN_GRE, session);
}

/* |C|R|K|S|s|recursion|flags|version| protocol type | [checksum, offset] | [key] | [sequence] */
static void read_gre(struct scribe *s, struct wire_level *l)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);
	uint16_t flags = cursor_u16(&c), type = cursor_u16(&c);
	uint32_t key = 0, header;

	if (flags & 0xc000)
		cursor_u32(&c);
	if (flags & 0x2000)
		key = cursor_u32(&c);
	if (flags & 0x1000)
		cursor_u32(&c);
	if (c.bad)
		return short_of(s, l, 16);
	header = (uint32_t)(c.at - l->payload);
	if ((flags & 7) != 0 || flags & 0x4000) { /* version 1 is PPTP's; routing was withdrawn */
		count_kind(s->wire, WIRE_NONE, LAYER_IP, IP_GRE);
		return level_fault(s, l, WIRE_NOT_UNDERSTOOD);
	}
	if (type == ETHER_BRIDGED)
		return read_ethernet(s, c, l->payload_length - header, WIRE_IN_GRE, key);
	if (type == ETHER_ERSPAN || type == ETHER_ERSPAN_III)
		return read_mirrored(s, l, c, type == ETHER_ERSPAN_III || flags & 0x1000, type == ETHER_ERSPAN_III);
	read_network(s, type, c, l->payload_length - header, WIRE_IN_GRE, key);
}

static void read_inner_ip(struct scribe *s, struct wire_level *l, uint16_t ether_type)
{
	read_network(s, ether_type, cursor_of(l->payload, l->payload_bytes), l->payload_length, WIRE_IN_IP, 0);
}

void read_transport(struct scribe *s, struct wire_level *l)
{
	switch (l->transport) {
	case IP_UDP:
		return read_udp(s, l);
	case IP_TCP:
		return read_tcp(s, l);
	case IP_SCTP:
		return read_sctp(s, l);
	case IP_ICMP:
	case IP_ICMPV6:
		l->protocol = WIRE_ICMP;
		return;
	case IP_GRE:
		return read_gre(s, l);
	case IP_IPV4:
		return read_inner_ip(s, l, ETHER_IPV4);
	case IP_IPV6:
		return read_inner_ip(s, l, ETHER_IPV6);
	case IP_ESP:
		l->protocol = WIRE_ESP;
		packet_fault(s->packet, WIRE_ENCRYPTED);
		return;
	case IP_NO_NEXT:
		return;
	default:
		count_kind(s->wire, WIRE_NONE, LAYER_IP, l->transport);
		packet_fault(s->packet, WIRE_NOT_UNDERSTOOD);
	}
}
