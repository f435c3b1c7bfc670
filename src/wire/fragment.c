/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IP fragments put together, within bounds: so many datagrams, so many pieces each, none older than a minute.
 * Fragments that overlap are somebody's attempt to show a monitor other bytes than the receiver (RFC 5722): the
 * datagram is given up and named; a fragment that comes twice unchanged is a tap's or a wireless link's doing and
 * harmless.
 */
#include "wire/decode.h"

#include <string.h>

enum { DATAGRAM_BYTES = 65536 };
#define DATAGRAM_NS (60 * INT64_C(1000000000)) /* RFC 8200 clause 4.5 */

struct piece {
	uint32_t from, to; /* bytes */
};

struct datagram {
	struct wire_address source, destination;
	uint32_t id;
	uint16_t vlan[2]; /* of the frames: networks with the same addresses may be told apart by it alone */
	uint8_t transport, carrier;
	enum { EMPTY, WAITING, WHOLE, SPOILT } state;
	int64_t time_ns;        /* of its first fragment */
	uint32_t tunnel, total; /* 0: the last fragment is not there */
	uint32_t pieces;
	struct piece piece[WIRE_FRAGMENTS];
	uint8_t *bytes;
};

struct datagrams {
	struct arena *arena;
	bool any_whole;
	struct datagram items[WIRE_DATAGRAMS];
};

struct datagrams *datagrams_new(struct arena *a)
{
	struct datagrams *all = arena_alloc(a, sizeof *all);

	all->arena = a;
	return all;
}

/* Whole datagrams are pointed into until their batch ends. */
void datagrams_next_batch(struct datagrams *all)
{
	if (!all->any_whole)
		return;
	for (size_t i = 0; i < WIRE_DATAGRAMS; i++)
		if (all->items[i].state == WHOLE)
			all->items[i].state = EMPTY;
	all->any_whole = false;
}

static bool is_of(const struct datagram *d, const struct wire_packet *p, const struct wire_level *l)
{
	return (d->state == WAITING || d->state == SPOILT) && d->vlan[0] == p->vlan[0] && d->vlan[1] == p->vlan[1] &&
	       d->id == l->ip_id && d->transport == l->transport && d->carrier == l->carrier &&
	       d->tunnel == l->tunnel && memcmp(&d->source, &l->source, 16) == 0 &&
	       memcmp(&d->destination, &l->destination, 16) == 0;
}

static struct datagram *find(struct scribe *s, const struct wire_level *l, int64_t time_ns)
{
	struct datagrams *all = s->wire->datagrams;
	struct datagram *place = NULL;

	for (size_t i = 0; i < WIRE_DATAGRAMS; i++) {
		struct datagram *d = &all->items[i];

		if (is_of(d, s->packet, l) && time_ns - d->time_ns < DATAGRAM_NS)
			return d;
		if (d->state != WHOLE &&
		    (!place || (place->state != EMPTY && (d->state == EMPTY || d->time_ns < place->time_ns))))
			place = d;
	}
	if (!place) /* every one is whole and in use: more than a batch can bring */
		return NULL;
	if (place->state == WAITING)
		s->wire->counters.datagrams_dropped++;
	if (!place->bytes) /* once a place, for good */
		place->bytes = arena_alloc(all->arena, DATAGRAM_BYTES);
	*place = (struct datagram){ .source = l->source,
				    .destination = l->destination,
				    .id = l->ip_id,
				    .vlan = { s->packet->vlan[0], s->packet->vlan[1] },
				    .transport = l->transport,
				    .carrier = l->carrier,
				    .tunnel = l->tunnel,
				    .state = WAITING,
				    .time_ns = time_ns,
				    .bytes = place->bytes };
	return place;
}

/* Whether the piece is new and fits; spoils the datagram where it can't be true. */
static bool add_piece(struct scribe *s, struct datagram *d, struct wire_level *l, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < d->pieces; i++) {
		const struct piece *p = &d->piece[i];

		if (p->from == from && p->to == to && memcmp(d->bytes + from, l->payload, to - from) == 0)
			return false;
		if (from < p->to && p->from < to) {
			d->state = SPOILT;
			level_fault(s, l, WIRE_OVERLAP);
			return false;
		}
	}
	if (d->pieces == WIRE_FRAGMENTS) {
		d->state = SPOILT;
		level_fault(s, l, WIRE_TOO_MANY);
		s->wire->counters.datagrams_dropped++;
		return false;
	}
	d->piece[d->pieces++] = (struct piece){ from, to };
	memcpy(d->bytes + from, l->payload, to - from);
	return true;
}

bool datagrams_add(struct scribe *s, struct wire_level *l, uint32_t offset, bool more)
{
	uint32_t to = offset + l->payload_length, have = 0;
	struct datagram *d;

	if (l->flags & WIRE_LEVEL_CUT || l->payload_bytes < l->payload_length)
		return level_fault(s, l, WIRE_TRUNCATED), false;
	/* RFC 8200 clause 4.5: the length of all but the last is a multiple of eight; the whole fits 65535. */
	if (to >= DATAGRAM_BYTES || l->payload_length == 0 || (more && l->payload_length % 8))
		return level_fault(s, l, WIRE_BAD_LENGTH), false;
	level_fault(s, l, WIRE_FRAGMENT);
	d = find(s, l, s->batch->frames[s->frame].time_ns);
	if (!d || d->state == SPOILT || !add_piece(s, d, l, offset, to))
		return false;
	if (!more)
		d->total = to;
	for (uint32_t i = 0; i < d->pieces; i++) {
		have += d->piece[i].to - d->piece[i].from;
		if (d->total && d->piece[i].to > d->total) {
			d->state = SPOILT;
			return level_fault(s, l, WIRE_OVERLAP), false;
		}
	}
	if (!d->total || have != d->total)
		return false;
	d->state = WHOLE;
	s->wire->datagrams->any_whole = true;
	l->flags |= WIRE_LEVEL_JOINED;
	s->batch->lent = true;
	l->payload = d->bytes;
	l->payload_bytes = l->payload_length = d->total;
	if (l->fault == WIRE_FRAGMENT)
		l->fault = WIRE_FINE;
	if (s->packet->fault == WIRE_FRAGMENT)
		s->packet->fault = WIRE_FINE;
	return true;
}
