/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way for the frame that nearly all of a mobile network's traffic is made of: Ethernet, IPv4, UDP, a G-PDU
 * with at most a PDU Session Container, and one whole datagram of a subscriber. Everything is checked that the long way
 * (link.c, ip.c, transport.c, gtpu.c) checks; the first thing that is not as it should be sends the frame there, before
 * anything was counted. So this file decides nothing on its own, and a test holds the two against each other.
 *
 *   0            14               34         42            50                   58
 * | Ethernet 14 | IPv4 without options 20 | UDP 8 | GTP-U 8 | [4 + container 4] | IPv4 20 or IPv6 40 | UDP 8 or TCP 20
 *
 * It goes in two steps. The first reads the frame in words of eight bytes, of which several fields are checked at once,
 * and keeps what tells the tunnel. The second takes the headers apart, which costs three times as much, and is gone only
 * for the frames that somebody wants to look at.
 */
#include "wire/decode.h"

#include <endian.h>
#include <string.h>

enum {
	AT_TYPE = 12,
	AT_IP = 14,
	AT_UDP = AT_IP + 20,
	AT_GTPU = AT_UDP + 8,
	AT_OPTIONAL = AT_GTPU + 8,
	LEAST = AT_OPTIONAL + 20 + 8, /* bytes in the shortest frame that is taken */
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

static inline uint64_t get64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return be64toh(v);
}

/* The last eight bytes of an IPv4 address as a wire_address has it. */
static inline uint64_t mapped_half(const uint8_t *four)
{
	return htobe64(UINT64_C(0xffff) << 32 | get32(four));
}

/* ---- the first step: is it such a frame, and whose tunnel is it? ---- */

/*
 * The bytes of the GTP-U header, 0: not plain. With optional fields there may be a PDU Session Container of one unit
 * (TS 38.415 clause 5.5.3), as the only extension header.
 *
 *   8                 10         11      12           13          14      15
 * | sequence number 2 | N-PDU 1 | 0x85 | 1 (4 bytes) | PDU type.. | QFI.. | 0: none follows |
 */
static inline uint32_t header_bytes(const uint8_t *g)
{
	uint64_t optional;

	if (!(g[0] & 7))
		return 8;
	optional = get64(g + 8);
	if (!(g[0] & 4) || !(optional >> 32 & 0xff))
		return 12;
	return (optional & 0xffff0000ff) == ((uint64_t)CONTAINER << 32 | 1u << 24) ? 16 : 0;
}

/*
 * The bytes of the subscriber's UDP or TCP header, 0: not plain. Plain are ports and lengths that are whole, and nothing
 * that is looked into wherever it is found.
 */
static inline uint32_t transport_bytes(const struct wire *w, uint8_t transport, const uint8_t *p, uint32_t length)
{
	uint32_t header = 8;

	if (transport == IP_UDP) {
		if (length < 8 || get16(p + 4) != length)
			return 0;
	} else if (transport == IP_TCP) {
		header = length < 20 ? 0 : (p[12] >> 4) * 4u;
		if (header < 20 || header > length)
			return 0;
	} else {
		return 0;
	}
	return protocol_is_watched(w, transport, get16(p), get16(p + 2)) ? 0 : header;
}

/* The subscriber's datagram of length bytes, all of them captured: the bytes of its headers, 0: not plain. */
static inline uint32_t inner_headers(const struct wire *w, const uint8_t *p, uint32_t length)
{
	uint32_t header = 0, transport = 0;
	uint64_t begin = get64(p);

	/* version and length of the header, length of the datagram, no fragment; the other two flags are not looked at */
	if ((begin & 0xff00ffff00003fff) == (UINT64_C(0x45) << 56 | (uint64_t)length << 32))
		transport = transport_bytes(w, p[9], p + (header = 20), length - 20);
	else if (p[0] >> 4 == 6 && length > 40 && (begin >> 16 & 0xffff) + 40 == length)
		transport = transport_bytes(w, p[6], p + (header = 40), length - 40);
	return transport ? header + transport : 0;
}

static inline bool brief_read(const struct wire *w, const struct wire_frame *f, struct wire_brief *out)
{
	const uint8_t *p = f->bytes, *g = p + AT_GTPU;
	uint32_t total, header, inner;
	uint64_t begin, middle, udp;

	if (f->captured < LEAST || f->captured != f->length || f->link != 1)
		return false;
	begin = get64(p +
		      AT_TYPE); /* ether type 2, version and header 1, service 1, total length 2, identification 2 */
	middle = get64(p + AT_IP + 6); /* flags and fragment 2, hops 1, protocol 1, checksum 2, source 2 of 4 */
	udp = get64(p + AT_UDP);       /* ports 2 and 2, length 2, checksum 2 */
	total = begin >> 16 & 0xffff;
	if (begin >> 40 != (ETHER_IPV4 << 8 | 0x45) || (middle & 0x3fff00ff00000000) != (uint64_t)IP_UDP << 32 ||
	    total < LEAST - AT_IP || total > f->length - AT_IP || (udp >> 16 & 0xffff) != total - 20 ||
	    ((udp >> 32 & 0xffff) != PORT_GTPU && udp >> 48 != PORT_GTPU))
		return false;
	/* version 1, GTP and not GTP', whatever optional fields; the type; the length behind these eight bytes */
	if ((get32(g) & 0xf0ffffff) != (0x30u << 24 | G_PDU << 16 | (total - 36)))
		return false;
	header = header_bytes(g);
	if (!header || total < 28 + header + 20 + 8)
		return false;
	inner = inner_headers(w, g + header, total - 28 - header);
	if (!inner)
		return false;
	*out = (struct wire_brief){ .source = mapped_half(p + AT_IP + 12),
				    .destination = mapped_half(p + AT_IP + 16),
				    .teid = get32(g + 4),
				    .inner_bytes = (uint16_t)(total - 28 - header),
				    .inner = (uint8_t)(AT_GTPU + header),
				    .payload = (uint8_t)inner };
	return true;
}

uint64_t briefs_read(const struct wire *w, const struct wire_batch *b)
{
	uint64_t briefs = 0;

	for (unsigned i = 0; i < b->frame_count; i++)
		briefs |= (uint64_t)brief_read(w, &b->frames[i], &b->briefs[i]) << i;
	return briefs;
}

/* ---- the second step: its headers taken apart ---- */

/* Every member by itself: a whole struct of zeros costs more than all the rest. */
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

/* Two stores: the second reads as one where addresses are compared and hashed in halves. */
static inline void set_mapped(struct wire_address *a, uint64_t half)
{
	uint64_t halves[2] = { 0, half };

	memcpy(a->bytes, halves, sizeof halves);
}

static void unfold_gtpu(struct wire_gtpu *out, const uint8_t *g, uint32_t header)
{
	const uint8_t *q = g + 8;

	*out = (struct wire_gtpu){ .type = G_PDU, .teid = get32(g + 4), .header = (uint16_t)header };
	if (!(g[0] & 7))
		return;
	out->flags = (uint8_t)((g[0] & 2 ? WIRE_GTPU_SEQUENCE : 0) | (g[0] & 1 ? WIRE_GTPU_N_PDU : 0));
	out->sequence = (uint16_t)get16(q);
	out->n_pdu = q[2];
	if (header == 12)
		return;
	out->flags |= WIRE_GTPU_SESSION;
	if (q[5] >> 4 == 1)
		out->flags |= WIRE_GTPU_UPLINK;
	else if (q[6] & 0x40)
		out->flags |= WIRE_GTPU_RQI;
	out->qfi = q[6] & 0x3f;
}

/* Ports, and what is behind the header; the flags of TCP. */
static void unfold_transport(struct wire_level *l, const uint8_t *p, uint32_t length)
{
	uint32_t header = 8;

	l->source_port = (uint16_t)get16(p);
	l->destination_port = (uint16_t)get16(p + 2);
	if (l->transport == IP_TCP) {
		header = (p[12] >> 4) * 4u;
		l->tcp_sequence = get32(p + 4);
		l->tcp_flags = p[13];
	}
	l->payload = p + header;
	l->payload_bytes = l->payload_length = length - header;
}

void brief_unfold_inner(const struct wire_frame *f, const struct wire_brief *brief, struct wire_level *l)
{
	const uint8_t *p = f->bytes + brief->inner;
	uint32_t header = 20;

	if (p[0] == 0x45) {
		set_level(l, NULL, 0, p[9], p[8], WIRE_IN_GTPU, brief->teid);
		set_mapped(&l->source, mapped_half(p + 12));
		set_mapped(&l->destination, mapped_half(p + 16));
		l->ip_id = get16(p + 4);
	} else {
		header = 40;
		set_level(l, NULL, 0, p[6], p[7], WIRE_IN_GTPU, brief->teid);
		set_v6(&l->source, p + 8);
		set_v6(&l->destination, p + 24);
		l->ip_id = 0;
	}
	l->ip_bytes = brief->inner_bytes;
	l->protocol = WIRE_NONE;
	memset(&l->gtpu, 0, sizeof l->gtpu);
	unfold_transport(l, p + header, brief->inner_bytes - header);
}

void brief_ends(const struct wire_frame *f, const struct wire_brief *brief, struct wire_ends *out)
{
	const uint8_t *p = f->bytes + brief->inner;

	if (p[0] == 0x45) {
		out->source[0] = out->destination[0] = 0;
		out->source[1] = mapped_half(p + 12);
		out->destination[1] = mapped_half(p + 16);
		out->transport = p[9];
		p += 20;
	} else {
		memcpy(out->source, p + 8, 16);
		memcpy(out->destination, p + 24, 16);
		out->transport = p[6];
		p += 40;
	}
	out->source_port = (uint16_t)get16(p);
	out->destination_port = (uint16_t)get16(p + 2);
	out->tcp_sequence = out->transport == IP_TCP ? get32(p + 4) : 0;
}

void brief_unfold(const struct wire *w, const struct wire_frame *f, const struct wire_brief *brief,
		  struct wire_packet *out)
{
	const uint8_t *p = f->bytes, *g = p + AT_GTPU;
	struct wire_level *l = &out->levels[0];
	uint32_t total = get16(p + AT_IP + 2);

	unfold_gtpu(&l->gtpu, g, brief->inner - AT_GTPU);
	brief_unfold_inner(f, brief, &out->levels[1]);
	out->levels[1].protocol = (uint8_t)protocol_by_ports(w, &out->levels[1]);
	set_level(l, g, total - 28, IP_UDP, p[AT_IP + 8], WIRE_IN_LINK, 0);
	set_mapped(&l->source, brief->source);
	set_mapped(&l->destination, brief->destination);
	l->source_port = (uint16_t)get16(p + AT_UDP);
	l->destination_port = (uint16_t)get16(p + AT_UDP + 2);
	l->ip_bytes = total;
	l->ip_id = get16(p + AT_IP + 4);
	l->protocol = WIRE_GTPU;
	out->vlan[0] = out->vlan[1] = 0;
	out->mpls = 0;
	out->ether_type = ETHER_IPV4;
	out->direction = 255;
	out->count = 2;
	out->fault = WIRE_FINE;
	out->protocol = WIRE_GTPU;
	out->first = out->messages = 0;
}
