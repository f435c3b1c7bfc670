/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP connections, as far as TLS handshakes, HTTP and a few others need them: bytes in order, each once. What is
 * lost is not waited for: reading goes on where the next frame seems to begin, and that is counted. The table is small
 * and the oldest of a row makes place; memory is taken for a connection that is read, not for a packet.
 *
 * Networks with the same addresses may be told apart by their VLANs alone. But the two directions of one connection may
 * be in two of them, so each side has its own, from its first frame on.
 */
#include "wire/stream.h"

#include <stdlib.h>
#include <string.h>

enum { WAYS = 4, ROWS = WIRE_STREAMS / WAYS, TCP_SYN = 2, TCP_RST = 4, TCP_FIN = 1 };

struct streams {
	uint64_t seed, clock;
	struct stream items[ROWS][WAYS];
};

void stream_finish(struct stream *st, unsigned side)
{
	struct side *d = &st->side[side];

	free(d->bytes);
	http2_forget(d);
	*d = (struct side){ .done = true, .synced = true };
}

static void forget(struct stream *st)
{
	stream_finish(st, 0);
	stream_finish(st, 1);
	memset(st, 0, sizeof *st);
}

static void forget_all(void *context)
{
	struct streams *all = context;

	for (unsigned i = 0; i < ROWS; i++)
		for (unsigned k = 0; k < WAYS; k++)
			if (all->items[i][k].protocol)
				forget(&all->items[i][k]);
}

struct streams *streams_new(struct arena *a)
{
	struct streams *all = arena_alloc(a, sizeof *all);

	all->seed = hash_seed();
	arena_at_free(a, forget_all, all);
	return all;
}

/* Which side of a connection sends: the lower address and port is side 0. */
static unsigned sender(const struct wire_level *l)
{
	int order = memcmp(&l->source, &l->destination, 16);

	return order > 0 || (order == 0 && l->source_port > l->destination_port);
}

static uint32_t tags_of(const struct wire_packet *p)
{
	return (uint32_t)p->vlan[0] << 16 | p->vlan[1];
}

/* How well a segment fits; 0: it is another connection's. */
static unsigned fits(const struct stream *st, const struct wire_level *l, unsigned from, uint32_t tags)
{
	if (!st->protocol || st->port[from] != l->source_port || st->port[!from] != l->destination_port ||
	    memcmp(&st->address[from], &l->source, 16) != 0 || memcmp(&st->address[!from], &l->destination, 16) != 0)
		return 0;
	if (st->tags[from] != STREAM_NO_TAGS)
		return st->tags[from] == tags ? 3 : 0;
	if (st->tags[!from] == tags)
		return 2;
	return !(l->tcp_flags & (TCP_RST | TCP_SYN)); /* these would end it */
}

static struct stream *row_of(struct streams *all, const struct wire_level *l, unsigned from)
{
	struct {
		struct wire_address a, b;
		uint16_t p, q;
	} key = { from ? l->destination : l->source, from ? l->source : l->destination,
		  from ? l->destination_port : l->source_port, from ? l->source_port : l->destination_port };

	return all->items[hash_seeded(&key, sizeof key, all->seed) % ROWS];
}

static enum wire_protocol protocol_of(const struct scribe *s, const struct wire_level *l)
{
	const uint8_t *p = l->payload;
	enum wire_protocol by_port;

	if (http2_looks(p, l->payload_bytes) || http1_asks_service(p, l->payload_bytes))
		return WIRE_HTTP;
	if (tls_looks(p, l->payload_bytes))
		return WIRE_TLS;
	by_port = protocol_by_ports(s->wire, l);
	if (l->payload_bytes >= 4 && memcmp(p, "SSH-", 4) == 0)
		return by_port == WIRE_NETCONF ? WIRE_NETCONF : WIRE_SSH;
	return by_port;
}

static bool is_followed(enum wire_protocol p)
{
	return p == WIRE_HTTP || p == WIRE_TLS || p == WIRE_SSH || p == WIRE_NETCONF || p == WIRE_DIAMETER;
}

/* Who opened it: the one that sends the first bytes of the protocol, else the one whose port is not the protocol's. */
static uint8_t client_of(const struct scribe *s, const struct wire_level *l, unsigned from)
{
	if (http2_looks(l->payload, l->payload_bytes))
		return (uint8_t)from;
	if (tls_looks(l->payload, l->payload_bytes))
		return (uint8_t)(l->payload[5] == 1 ? from : !from);
	(void)s;
	return (uint8_t)(l->source_port < l->destination_port ? !from : from);
}

static struct stream *find(struct scribe *s, const struct wire_level *l, unsigned from)
{
	struct streams *all = s->wire->streams;
	struct stream *row = row_of(all, l, from), *place = row, *found = NULL;
	uint32_t tags = tags_of(s->packet);
	enum wire_protocol p;
	unsigned best = 0;

	all->clock++;
	for (unsigned i = 0; i < WAYS; i++) {
		unsigned fit = fits(&row[i], l, from, tags);

		if (fit > best) {
			best = fit;
			found = &row[i];
		}
		if (row[i].used_at < place->used_at || !row[i].protocol)
			place = place->protocol ? &row[i] : place;
	}
	if (found) {
		found->tags[from] = tags;
		return found;
	}
	p = l->payload_bytes ? protocol_of(s, l) : WIRE_NONE;
	if (!is_followed(p))
		return NULL;
	if (place->protocol)
		s->wire->counters.streams_dropped++;
	forget(place);
	place->protocol = (uint8_t)p;
	place->address[from] = l->source;
	place->address[!from] = l->destination;
	place->port[from] = l->source_port;
	place->port[!from] = l->destination_port;
	place->tags[from] = tags;
	place->tags[!from] = STREAM_NO_TAGS;
	place->client = client_of(s, l, from);
	place->from_start = http2_looks(l->payload, l->payload_bytes) || tls_looks(l->payload, l->payload_bytes);
	place->side[0].done = place->side[1].done = false;
	place->side[0].synced = place->side[1].synced = false;
	return place;
}

/* What comes next does not follow what was waiting. */
static void lose(struct stream *st, unsigned from)
{
	st->side[from].used = 0;
	st->side[from].text = (struct text){ 0 };
	st->unanswered = 0;
	st->heads = 0;
}

/* Cuts what came before; false where nothing new is left. A gap drops what was waiting. */
static bool in_order(struct scribe *s, struct stream *st, unsigned from, const struct wire_level *l, struct cursor *c)
{
	struct side *d = &st->side[from];
	int32_t ahead = (int32_t)(l->tcp_sequence - d->next);

	if (!d->synced) {
		d->synced = true;
		d->next = l->tcp_sequence;
		ahead = 0;
	}
	if (ahead > 0) {
		lose(st, from);
		packet_fault(s->packet, WIRE_FRAGMENT);
		d->next = l->tcp_sequence;
	} else if (ahead < 0) {
		if ((uint32_t)-ahead >= cursor_left(c))
			return false;
		cursor_take(c, (size_t)-ahead);
	}
	d->next += (uint32_t)cursor_left(c);
	return true;
}

static size_t consume(struct scribe *s, struct stream *st, unsigned from, struct cursor c)
{
	switch (st->protocol) {
	case WIRE_TLS:
		return tls_consume(s, st, from, c);
	case WIRE_HTTP:
		return http2_consume(s, st, from, c);
	case WIRE_DIAMETER:
		return diameter_consume(s, st, from, c);
	default:
		return ssh_consume(s, st, from, c);
	}
}

static void add_bytes(struct scribe *s, struct stream *st, unsigned from, struct cursor c)
{
	struct side *d = &st->side[from];

	if (!d->bytes) {
		d->bytes = malloc(STREAM_BYTES);
		if (!d->bytes)
			return stream_finish(st, from);
	}
	s->batch->lent = true;
	while (!d->done && cursor_left(&c)) {
		size_t room = STREAM_BYTES - d->used, take = cursor_left(&c) < room ? cursor_left(&c) : room, done;

		memcpy(d->bytes + d->used, c.at, take);
		cursor_take(&c, take);
		d->used += (uint32_t)take;
		done = consume(s, st, from, cursor_of(d->bytes, d->used));
		if (d->done)
			return;
		if (!done && d->used == STREAM_BYTES) { /* one thing larger than the buffer */
			s->wire->counters.streams_dropped++;
			packet_fault(s->packet, WIRE_TOO_MANY);
			return stream_finish(st, from);
		}
		d->used -= (uint32_t)done;
		memmove(d->bytes, d->bytes + done, d->used);
	}
}

void streams_add(struct scribe *s, const struct wire_level *l)
{
	unsigned from = sender(l);
	struct stream *st = find(s, l, from);
	struct cursor c = cursor_of(l->payload, l->payload_bytes);

	if (!st)
		return;
	st->used_at = s->wire->streams->clock;
	s->packet->protocol = st->protocol;
	if (l->payload_bytes && !st->side[from].done) {
		if (l->flags & WIRE_LEVEL_CUT) {
			packet_fault(s->packet, WIRE_TRUNCATED);
			st->side[from].synced = false;
			lose(st, from);
		} else if (in_order(s, st, from, l, &c)) {
			add_bytes(s, st, from, c);
		}
	} else if (l->payload_bytes &&
		   (st->protocol == WIRE_TLS || st->protocol == WIRE_SSH || st->protocol == WIRE_NETCONF)) {
		packet_fault(s->packet, WIRE_ENCRYPTED);
	}
	if (l->tcp_flags & (TCP_RST | TCP_SYN))
		forget(st);
}
