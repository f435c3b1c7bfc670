/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IPv4 with its options (RFC 791), IPv6 with its extension headers (RFC 8200). Two lengths go side by side all the
 * way: what the headers say, and what was captured; only the first can be wrong.
 */
#include "wire/decode.h"

enum { EXTENSIONS = 16 }; /* headers between IPv6 and the transport; the standard order has seven */

struct fragment {
	uint32_t offset; /* bytes */
	bool more, is;
};

/* Cuts what is behind the datagram (Ethernet padding), and tells what is missing. */
static void set_length(struct scribe *s, struct wire_level *l, uint32_t length)
{
	if (length > l->payload_length) {
		level_fault(s, l, WIRE_BAD_LENGTH);
		length = l->payload_length;
	} else if (length < l->payload_length && l->carrier != WIRE_IN_LINK && l->carrier != WIRE_IN_ETHERNET_PDU &&
		   l->carrier != WIRE_IN_VXLAN) {
		level_fault(s, l, WIRE_TRAILING);
	}
	l->payload_length = length;
	if (l->payload_bytes > length)
		l->payload_bytes = length;
	if (l->payload_bytes < length)
		l->flags |= WIRE_LEVEL_CUT;
}

static void short_of(struct scribe *s, struct wire_level *l, uint32_t wanted)
{
	level_fault(s, l, l->payload_length >= wanted ? WIRE_TRUNCATED : WIRE_SHORT);
	l->transport = 0;
	l->payload_bytes = l->payload_length = 0;
}

static void step_over(struct wire_level *l, uint32_t bytes)
{
	l->payload += bytes;
	l->payload_bytes -= bytes;
	l->payload_length -= bytes;
}

/*
 *  0       4       8               16    19                      31
 * | ver=4 |  ihl  | type of service |        total length         |
 * |         identification          |flags|   fragment offset     |
 * |      ttl      |    protocol     |       header checksum       |
 * |                       source, then destination                |
 */
static bool read_v4(struct scribe *s, struct wire_level *l, struct fragment *f)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);
	const uint8_t *p = cursor_take(&c, 20);
	uint32_t header, total, pieces;

	if (!p)
		return short_of(s, l, 20), false;
	header = (p[0] & 15u) * 4;
	total = (uint32_t)p[2] << 8 | p[3];
	if (p[0] >> 4 != 4)
		return level_fault(s, l, WIRE_BAD_VERSION), false;
	if (total == 0) /* left to the network card (TSO): as long as the frame */
		total = l->payload_length;
	if (header < 20 || total < header)
		return level_fault(s, l, WIRE_BAD_LENGTH), false;
	l->ip_bytes = total;
	l->ip_id = (uint32_t)p[4] << 8 | p[5];
	l->hops = p[8];
	l->transport = p[9];
	set_v4(&l->source, p + 12);
	set_v4(&l->destination, p + 16);
	set_length(s, l, total);
	if (header > l->payload_bytes)
		return short_of(s, l, header), false;
	if (header > 20)
		l->flags |= WIRE_LEVEL_OPTIONS;
	pieces = (uint32_t)p[6] << 8 | p[7];
	f->offset = (pieces & 0x1fff) * 8;
	f->more = pieces & 0x2000;
	f->is = f->offset || f->more;
	step_over(l, header);
	return true;
}

/* One extension header: next header 1, length 1 in units of eight bytes without the first eight (AH: RFC 4302, in fours). */
static bool read_extension(struct scribe *s, struct wire_level *l, struct fragment *f)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);
	const uint8_t *p = cursor_take(&c, 8);
	uint32_t bytes;

	if (!p)
		return short_of(s, l, 8), false;
	if (l->transport == IP_FRAGMENT) {
		f->offset = ((uint32_t)p[2] << 8 | p[3]) & 0xfff8;
		f->more = p[3] & 1;
		f->is = true;
		l->ip_id = (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 | (uint32_t)p[6] << 8 | p[7];
		bytes = 8;
	} else {
		bytes = l->transport == IP_AH ? (p[1] + 2u) * 4 : (p[1] + 1u) * 8;
	}
	if (bytes > l->payload_length)
		return level_fault(s, l, WIRE_BAD_LENGTH), false;
	if (bytes > l->payload_bytes)
		return short_of(s, l, bytes), false;
	l->transport = p[0];
	l->flags |= WIRE_LEVEL_OPTIONS;
	step_over(l, bytes);
	return true;
}

static bool is_extension(uint8_t next)
{
	switch (next) {
	case IP_HOPOPT:
	case IP_ROUTING:
	case IP_FRAGMENT:
	case IP_AH:
	case IP_OPTIONS:
	case IP_MOBILITY:
	case IP_HIP:
	case IP_SHIM6:
		return true;
	default:
		return false;
	}
}

static bool read_extensions(struct scribe *s, struct wire_level *l, struct fragment *f, bool v6)
{
	for (unsigned i = 0; v6 ? is_extension(l->transport) : l->transport == IP_AH; i++) {
		if (i == EXTENSIONS)
			return level_fault(s, l, WIRE_TOO_DEEP), false;
		if (!read_extension(s, l, f))
			return false;
		if (f->is && f->offset) /* what follows is inside the first fragment's data */
			return true;
	}
	return true;
}

/* Version 4 bits, class 8, flow label 20; payload length 16, next header 8, hop limit 8; source, destination. */
static bool read_v6(struct scribe *s, struct wire_level *l)
{
	struct cursor c = cursor_of(l->payload, l->payload_bytes);
	const uint8_t *p = cursor_take(&c, 40);
	uint32_t total;

	if (!p)
		return short_of(s, l, 40), false;
	if (p[0] >> 4 != 6)
		return level_fault(s, l, WIRE_BAD_VERSION), false;
	total = 40 + ((uint32_t)p[4] << 8 | p[5]);
	if (total == 40 && p[6] != IP_NO_NEXT) /* jumbogram or left to the network card */
		total = l->payload_length;
	l->ip_bytes = total;
	l->transport = p[6];
	l->hops = p[7];
	set_v6(&l->source, p + 8);
	set_v6(&l->destination, p + 24);
	set_length(s, l, total);
	step_over(l, 40);
	return true;
}

void read_ip(struct scribe *s, struct wire_level *l, bool v6)
{
	struct fragment f = { 0 };

	if (v6 ? !read_v6(s, l) : !read_v4(s, l, &f))
		return;
	/* A later fragment of IPv4 has no headers of its own behind the IP header. */
	if (!f.offset && (v6 || l->transport == IP_AH) && !read_extensions(s, l, &f, v6))
		return;
	if (f.is) {
		l->flags |= WIRE_LEVEL_FRAGMENT;
		if (!datagrams_add(s, l, f.offset, f.more))
			return;
		if (v6 && is_extension(l->transport) && !read_extensions(s, l, &f, v6))
			return;
	}
	read_transport(s, l);
}
