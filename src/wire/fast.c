/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way for the frame that nearly all of a mobile network's traffic is made of: Ethernet, IPv4, UDP, a G-PDU
 * with at most a PDU Session Container, and one whole datagram of a subscriber. Everything is checked that the long way
 * (link.c, ip.c, transport.c, gtpu.c) checks; the first thing that is not as it should be sends the frame there, before
 * anything was counted. So this file decides nothing on its own, and a test holds the two against each other.
 *
 *   0            14               34         42            50                   58
 * | Ethernet 14 | IPv4 without options 20 | UDP 8 | GTP-U 8 | [4 + container 4] | IPv4 20 or IPv6 40 | UDP 8 or TCP 20
 */
#include "wire/decode.h"

#include <endian.h>
#include <string.h>

enum {
	AT_IP = 14,
	AT_UDP = AT_IP + 20,
	AT_GTPU = AT_UDP + 8,
	AT_OPTIONAL = AT_GTPU + 8,
	LEAST = AT_OPTIONAL + 20 + 8, /* bytes in the shortest frame that is taken */
	PORT_GTPU = 2152,
	PORT_VXLAN = 4789,
	PORT_IPSEC = 4500,
	G_PDU = 255,
	CONTAINER = 0x85,
};

static inline uint32_t get16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, 2);
	return be16toh(v);
}

static inline uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return be32toh(v);
}

/* Two stores: the second reads as one where addresses are compared and hashed in halves. */
static inline void set_mapped(struct wire_address *a, const uint8_t *four)
{
	uint64_t halves[2] = { 0, htobe64(UINT64_C(0xffff) << 32 | get32(four)) };

	memcpy(a->bytes, halves, sizeof halves);
}

/* Every member by itself: a whole struct of zeros costs more than all the rest of this file. */
static inline void set_level(struct wire_level *l, const uint8_t *payload, uint32_t length, uint8_t transport,
			     uint8_t hops, uint8_t carrier, uint32_t tunnel)
{
	l->transport = transport;
	l->hops = hops;
	l->carrier = carrier;
	l->flags = WIRE_LEVEL_PORTS;
	l->tunnel = tunnel;
	l->payload = payload;
	l->payload_bytes = l->payload_length = length;
	l->tcp_sequence = 0;
	l->tcp_flags = 0;
	l->fault = WIRE_FINE;
}

/* IPv4 without options, whole and not a fragment, of exactly or at most length bytes. */
static inline bool is_plain_v4(const uint8_t *p, uint32_t length, bool exactly)
{
	uint32_t total = get16(p + 2);

	return p[0] == 0x45 && (p[6] & 0x3f) == 0 && p[7] == 0 && total >= 20 &&
	       (exactly ? total == length : total <= length);
}

/* The optional fields and the PDU Session Container, as the only extension header. Bytes stepped over, 0: not plain. */
static inline uint32_t read_optional(const uint8_t *g, struct wire_gtpu *out)
{
	const uint8_t *q = g + 8;
	uint8_t flags = (uint8_t)((g[0] & 2 ? WIRE_GTPU_SEQUENCE : 0) | (g[0] & 1 ? WIRE_GTPU_N_PDU : 0));

	out->type = G_PDU;
	out->teid = get32(g + 4);
	if (!(g[0] & 7)) {
		out->flags = out->qfi = out->n_pdu = 0;
		out->sequence = 0;
		return out->header = 8;
	}
	out->sequence = (uint16_t)get16(q);
	out->n_pdu = q[2];
	if (!(g[0] & 4) || !q[3]) {
		out->flags = flags;
		out->qfi = 0;
		return out->header = 12;
	}
	if (q[3] != CONTAINER || q[4] != 1 || q[7])
		return 0;
	flags |= WIRE_GTPU_SESSION;
	if (q[5] >> 4 == 1)
		flags |= WIRE_GTPU_UPLINK;
	else if (q[6] & 0x40)
		flags |= WIRE_GTPU_RQI;
	out->flags = flags;
	out->qfi = q[6] & 0x3f;
	return out->header = 16;
}

/* Ports and what is behind them; false where another look is needed. */
static inline bool read_inner_transport(const struct wire *w, struct wire_level *l, const uint8_t *p, uint32_t length)
{
	uint32_t header = 8, from, to;

	if (length < 8)
		return false;
	from = get16(p);
	to = get16(p + 2);
	if (l->transport == IP_UDP) {
		if (get16(p + 4) != length || from == PORT_GTPU || to == PORT_GTPU || to == PORT_VXLAN ||
		    from == PORT_IPSEC || to == PORT_IPSEC)
			return false;
	} else {
		if (length < 20)
			return false;
		header = (p[12] >> 4) * 4u;
		if (header < 20 || header > length)
			return false;
		l->tcp_sequence = get32(p + 4);
		l->tcp_flags = p[13];
	}
	l->source_port = (uint16_t)from;
	l->destination_port = (uint16_t)to;
	l->payload = p + header;
	l->payload_bytes = l->payload_length = length - header;
	l->protocol = (uint8_t)protocol_by_ports(w, l);
	return true;
}

/* The subscriber's datagram of length bytes, all of them captured. */
static inline bool read_inner(const struct wire *w, struct wire_level *l, const uint8_t *p, uint32_t length,
			      uint32_t teid)
{
	uint32_t header = 20;

	if (is_plain_v4(p, length, true) && (p[9] == IP_UDP || p[9] == IP_TCP)) {
		set_level(l, NULL, 0, p[9], p[8], WIRE_IN_GTPU, teid);
		set_mapped(&l->source, p + 12);
		set_mapped(&l->destination, p + 16);
		l->ip_id = get16(p + 4);
	} else if (p[0] >> 4 == 6 && length > 40 && (p[6] == IP_UDP || p[6] == IP_TCP) && get16(p + 4) + 40 == length) {
		header = 40;
		set_level(l, NULL, 0, p[6], p[7], WIRE_IN_GTPU, teid);
		set_v6(&l->source, p + 8);
		set_v6(&l->destination, p + 24);
		l->ip_id = 0;
	} else {
		return false;
	}
	l->ip_bytes = length;
	memset(&l->gtpu, 0, sizeof l->gtpu);
	return read_inner_transport(w, l, p + header, length - header);
}

bool fast_g_pdu(const struct wire *w, const struct wire_frame *f, struct wire_packet *out)
{
	const uint8_t *p = f->bytes, *udp = p + AT_UDP, *g = p + AT_GTPU;
	struct wire_level *l = &out->levels[0];
	uint32_t total, header;

	if (f->link != 1 || f->captured < LEAST || f->captured != f->length || get16(p + 12) != ETHER_IPV4 ||
	    !is_plain_v4(p + AT_IP, f->length - AT_IP, false) || p[AT_IP + 9] != IP_UDP)
		return false;
	total = get16(p + AT_IP + 2);
	if (total < LEAST - AT_IP || get16(udp + 4) != total - 20 ||
	    (get16(udp + 2) != PORT_GTPU && get16(udp) != PORT_GTPU))
		return false;
	if (g[0] >> 4 != 3 || g[1] != G_PDU || get16(g + 2) + 8 != total - 28)
		return false;
	header = read_optional(g, &l->gtpu);
	if (!header || total < 28 + header + 20)
		return false;
	if (!read_inner(w, &out->levels[1], g + header, total - 28 - header, l->gtpu.teid))
		return false;
	set_level(l, g, total - 28, IP_UDP, p[AT_IP + 8], WIRE_IN_LINK, 0);
	set_mapped(&l->source, p + AT_IP + 12);
	set_mapped(&l->destination, p + AT_IP + 16);
	l->source_port = (uint16_t)get16(udp);
	l->destination_port = (uint16_t)get16(udp + 2);
	l->ip_bytes = total;
	l->ip_id = get16(p + AT_IP + 4);
	l->protocol = WIRE_GTPU;
	out->vlan[0] = out->vlan[1] = 0;
	out->mpls = 0;
	out->ether_type = ETHER_IPV4;
	out->direction = 255;
	out->count = 2;
	out->fault = WIRE_FINE;
	out->protocol = WIRE_NONE;
	return true;
}
