/* SPDX-License-Identifier: Apache-2.0 */
/* copies: see copies.h. Buckets of four entries fill one line of the cache each, so that a packet waits once. */
#include "watch/copies.h"

#include <string.h>

enum {
	WAYS = 4,
	FIRST_BUCKETS = 1 << 10,
	MOST_BUCKETS = WATCH_COPIES / WAYS,
	BODY = 64,       /* bytes of payload that tell a datagram: more costs time, and a copy cut short has these */
	LEAST_BODY = 16, /* shorter payloads repeat by themselves: keep-alives, acknowledgements */
	BODY_ALONE = 4,  /* of so many datagrams one is remembered by its payload alone as well */
	SCAN_UDP = 64,   /* a tunnel's own header ends before this */
	MOST_INSIDE = 4, /* datagrams looked for in one payload */
	IP_ICMP = 1,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_ICMPV6 = 58,
	LINK_COOKED = 113,
	LINK_COOKED_2 = 276,
};

struct entry {
	uint32_t tag;   /* 0: empty. The bucket is made from it, so that the table can grow */
	uint32_t place; /* kind << 30 | row */
	uint32_t time_ms;
	uint16_t check; /* more bits of the hash */
	union {
		struct {
			uint8_t bare_hops, flags;
		};
		uint8_t ends[2]; /* of a payload alone: a byte of each address's hash */
	};
};
enum { WAS_BARE = 1 };

struct watch_copies {
	struct entry (*buckets)[WAYS];
	uint32_t count, full; /* buckets; how often one was full since the table grew */
	int32_t window_ms;
};

struct watch_copies *watch_copies_new(struct watch *w, int64_t window_ms)
{
	struct watch_copies *c = arena_alloc(w->arena, sizeof *c);

	c->count = FIRST_BUCKETS;
	c->buckets = arena_array(w->arena, c->count, sizeof *c->buckets);
	c->window_ms = (int32_t)window_ms;
	return c;
}

/* ---- hashes ---- */

/* 0 where there is too little to tell it by. */
static uint64_t fingerprint(const struct watch *w, const struct wire_level *l)
{
	/* source, destination, ports and transport stand together: 37 bytes that begin the level */
	const size_t ends = offsetof(struct wire_level, transport) + 1;
	uint32_t body = l->payload_length < BODY ? l->payload_length : BODY;
	uint64_t hash;

	if (body < LEAST_BODY || l->payload_bytes < body ||
	    (l->flags & WIRE_LEVEL_FRAGMENT && !(l->flags & WIRE_LEVEL_JOINED)))
		return 0;
	hash = hash_seeded(l, ends, w->options.seed);
	hash = hash_seeded(l->payload, body, hash ^ l->tcp_sequence);
	return hash ? hash : 1;
}

/*
 * By the payload alone. Only of one in BODY_ALONE, by a part of the hash, so that it is the same one wherever it is seen:
 * 0 of the others, and of what is too short for so weak a name.
 */
static uint64_t body_fingerprint(const struct watch *w, const struct wire_level *l)
{
	uint64_t hash;

	if (l->payload_bytes < BODY || (l->transport != IP_UDP && l->transport != IP_TCP))
		return 0;
	hash = hash_seeded(l->payload, BODY, ~w->options.seed);
	return hash % BODY_ALONE ? 0 : hash;
}

static uint8_t end_hash(const struct watch *w, const struct wire_address *a)
{
	return (uint8_t)hash_seeded(a, sizeof *a, w->options.seed);
}

static bool is_datagram(const struct wire_level *l)
{
	return l->transport == IP_UDP || l->transport == IP_TCP || l->transport == IP_ICMP || l->transport == IP_ICMPV6;
}

/* ---- datagrams in the payload of something that wire does not unwrap ---- */

static bool checksum_holds(const uint8_t *p)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < 20; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	return ((sum + (sum >> 16)) & 0xffff) == 0xffff;
}

static void set_transport(struct wire_level *l, const uint8_t *p, uint32_t bytes, uint32_t length)
{
	uint32_t header = l->transport == IP_UDP ? 8 : l->transport == IP_TCP ? 20 : 0;

	if (l->transport == IP_TCP && bytes >= 20)
		header = (p[12] >> 4) * 4u;
	if (header > bytes || header > length) {
		l->payload_bytes = l->payload_length = 0;
		return;
	}
	if (header >= 4) {
		l->source_port = (uint16_t)(p[0] << 8 | p[1]);
		l->destination_port = (uint16_t)(p[2] << 8 | p[3]);
	}
	if (header >= 20)
		l->tcp_sequence = (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 | (uint32_t)p[6] << 8 | p[7];
	l->payload = p + header;
	l->payload_bytes = bytes - header;
	l->payload_length = length - header;
}

/* An IP datagram that begins here, cut short or not; exact where its checksum has to hold. */
static bool read_datagram(const uint8_t *p, size_t bytes, bool exact, struct wire_level *l)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	uint32_t total;

	memset(l, 0, sizeof *l);
	if (bytes >= 28 && p[0] == 0x45 && !(p[6] & 0x3f) && !p[7]) {
		total = (uint32_t)p[2] << 8 | p[3];
		l->transport = p[9];
		if (total < 28 || !is_datagram(l) || (exact && !checksum_holds(p)))
			return false;
		memcpy(l->source.bytes, mapped, 12);
		memcpy(l->source.bytes + 12, p + 12, 4);
		memcpy(l->destination.bytes, mapped, 12);
		memcpy(l->destination.bytes + 12, p + 16, 4);
		l->hops = p[8];
		if (bytes > total)
			bytes = total;
		set_transport(l, p + 20, (uint32_t)bytes - 20, total - 20);
		return true;
	}
	if (bytes >= 48 && p[0] >> 4 == 6 && !exact) {
		total = ((uint32_t)p[4] << 8 | p[5]) + 40;
		l->transport = p[6];
		if (total < 48 || !is_datagram(l))
			return false;
		memcpy(l->source.bytes, p + 8, 16);
		memcpy(l->destination.bytes, p + 24, 16);
		l->hops = p[7];
		if (bytes > total)
			bytes = total;
		set_transport(l, p + 40, (uint32_t)bytes - 40, total - 40);
		return true;
	}
	return false;
}

/* ---- sightings ---- */

struct finder {
	struct watch *w;
	const struct wire_batch *b;
	struct watch_copies *copies;
	struct watch_sighting *out;
	unsigned count;
};

static void add(struct finder *f, unsigned frame, const struct wire_level *l, struct watch_place place, uint64_t hash,
		bool is_body)
{
	uint16_t link = f->b->frames[frame].link;

	if (f->count == WATCH_SIGHTINGS) {
		f->w->counters.payloads_forgotten++;
		return;
	}
	__builtin_prefetch(f->copies->buckets[(uint32_t)(hash >> 32) & (f->copies->count - 1)], 1);
	f->out[f->count++] = (struct watch_sighting){ .hash = hash,
						      .place = place,
						      .frame = (uint8_t)frame,
						      .hops = l->hops,
						      .is_body = is_body,
						      .is_cooked = link == LINK_COOKED || link == LINK_COOKED_2,
						      .source = l->source,
						      .destination = l->destination };
}

static void see(struct finder *f, unsigned frame, const struct wire_level *l, enum watch_place_kind kind, uint32_t row)
{
	uint64_t hash = fingerprint(f->w, l);

	if (!hash) {
		f->w->counters.payloads_short++;
		return;
	}
	f->w->counters.payloads++;
	add(f, frame, l, (struct watch_place){ kind, row }, hash, false);
}

static void see_body(struct finder *f, unsigned frame, const struct wire_level *l, enum watch_place_kind kind,
		     uint32_t row)
{
	uint64_t hash = body_fingerprint(f->w, l);

	if (hash)
		add(f, frame, l, (struct watch_place){ kind, row }, hash, true);
}

/* Behind the header of UDP at most so far in, in TCP anywhere: it is a stream. */
static void look_inside(struct finder *f, unsigned frame, const struct wire_level *l, uint32_t pair)
{
	const uint8_t *p = l->payload, *end = p + l->payload_bytes, *last = end;
	struct wire_level inner;
	unsigned found = 0;

	if (l->transport == IP_UDP && l->payload_bytes > SCAN_UDP)
		last = p + SCAN_UDP;
	if (l->transport != IP_UDP && l->transport != IP_TCP)
		return;
	for (unsigned at = 0; at < 16 && p + at < last; at++)
		if (read_datagram(p + at, (size_t)(end - p) - at, false, &inner)) {
			see(f, frame, &inner, WATCH_PLACE_OTHER, pair);
			p += at + 20;
			found++;
			break;
		}
	while (found < MOST_INSIDE && p < last && (p = memchr(p, 0x45, (size_t)(last - p)))) {
		if (read_datagram(p, (size_t)(end - p), true, &inner)) {
			see(f, frame, &inner, WATCH_PLACE_OTHER, pair);
			found++;
		}
		p++;
	}
	if (!found)
		see_body(f, frame, l, WATCH_PLACE_OTHER, pair);
}

static void one_frame(struct finder *f, unsigned i, const struct watch_mark *mark)
{
	const struct wire_packet *p = &f->b->packets[i];
	const struct wire_level *base = &p->levels[mark->level], *last = &p->levels[p->count - 1];

	if (mark->g_pdu) {
		if (last != base && is_datagram(last))
			see(f, i, last, WATCH_PLACE_TUNNEL, mark->tunnel);
		see_body(f, i, last, WATCH_PLACE_TUNNEL, mark->tunnel);
		return;
	}
	if (mark->reason != WATCH_JUDGED && mark->reason != WATCH_STRANGERS && mark->reason != WATCH_UNREADABLE)
		return;
	if (last != base) {
		if (mark->pair != WATCH_NONE && is_datagram(last))
			see(f, i, last, WATCH_PLACE_OTHER, mark->pair);
		return;
	}
	if (!is_datagram(base) || watch_service_is_network((struct watch_service){ .protocol = base->protocol }))
		return;
	if (mark->pair != WATCH_NONE)
		look_inside(f, i, base, mark->pair);
	else
		see(f, i, base, WATCH_PLACE_BARE, f->b->frames[i].tap);
}

unsigned watch_copies_find(struct watch *w, struct watch_copies *c, const struct wire_batch *b,
			   const struct watch_mark *marks, struct watch_sighting *out)
{
	struct finder f = { .w = w, .b = b, .copies = c, .out = out };

	for (unsigned i = 0; i < b->frame_count; i++)
		if (b->packets[i].count)
			one_frame(&f, i, &marks[i]);
	return f.count;
}

/* ---- the table ---- */

static void grow(struct watch *w, struct watch_copies *c)
{
	struct entry(*old)[WAYS] = c->buckets;
	uint32_t count = c->count;

	c->count = 2 * count;
	c->buckets = arena_array(w->arena, c->count, sizeof *c->buckets);
	c->full = 0;
	for (uint32_t i = 0; i < count; i++) {
		unsigned low = 0, high = 0;

		for (unsigned k = 0; k < WAYS; k++) {
			const struct entry *e = &old[i][k];

			if (!e->tag)
				continue;
			if (e->tag & count)
				c->buckets[i + count][high++] = *e;
			else
				c->buckets[i][low++] = *e;
		}
	}
	arena_release(w->arena, old, count * sizeof *old);
}

/* The place for a new entry: an empty one, one that is over, or else the oldest. */
static struct entry *make_place(struct watch *w, struct watch_copies *c, struct entry *bucket, uint32_t now_ms)
{
	struct entry *oldest = bucket;

	for (unsigned k = 0; k < WAYS; k++) {
		if (!bucket[k].tag)
			return &bucket[k];
		if ((int32_t)(bucket[k].time_ms - oldest->time_ms) < 0)
			oldest = &bucket[k];
	}
	if ((int32_t)(now_ms - oldest->time_ms) <= c->window_ms) {
		w->counters.payloads_forgotten++;
		c->full++;
	}
	return oldest;
}

static struct watch_place unpack(uint32_t place)
{
	return (struct watch_place){ (enum watch_place_kind)(place >> 30), place & 0x3fffffff };
}

static void note_ends(const struct watch *w, struct entry *e, const struct watch_sighting *s)
{
	if (s->is_body) {
		e->ends[0] = end_hash(w, &s->source);
		e->ends[1] = end_hash(w, &s->destination);
	}
	if (s->is_body || s->place.kind != WATCH_PLACE_BARE || s->is_cooked)
		return;
	e->flags |= WAS_BARE;
	e->bare_hops = s->hops;
}

static bool is_end(const struct watch *w, const struct entry *e, const struct wire_address *a)
{
	uint8_t hash = end_hash(w, a);

	return hash == e->ends[0] || hash == e->ends[1];
}

struct watch_before watch_copies_meet(struct watch *w, struct watch_copies *c, const struct watch_sighting *s,
				      int64_t now_ns)
{
	uint32_t tag = (uint32_t)(s->hash >> 32) ? (uint32_t)(s->hash >> 32) : 1;
	uint32_t place = (uint32_t)s->place.kind << 30 | (s->place.row & 0x3fffffff);
	uint32_t now_ms = (uint32_t)((now_ns - w->first_ns) / WATCH_NS_PER_MS);
	uint16_t check = (uint16_t)s->hash;
	struct entry *bucket, *e;

	if (c->full > c->count / 16 && c->count < MOST_BUCKETS)
		grow(w, c);
	bucket = c->buckets[tag & (c->count - 1)];
	for (unsigned k = 0; k < WAYS; k++) {
		struct watch_before before;

		e = &bucket[k];
		if (e->tag != tag || e->check != check)
			continue;
		before = (struct watch_before){ .place = unpack(e->place),
						.bare_hops = e->bare_hops,
						.was_bare = !s->is_body && e->flags & WAS_BARE,
						.ago_ms = (int32_t)(now_ms - e->time_ms) };
		if (before.ago_ms > c->window_ms || before.ago_ms < -c->window_ms) {
			e->tag = 0; /* another one by now */
			break;
		}
		if (s->is_body && s->place.kind != WATCH_PLACE_TUNNEL)
			before.same_end = is_end(w, e, &s->source) || is_end(w, e, &s->destination);
		/* A tunnel is the better witness of where the datagram belongs. */
		if (s->place.kind == WATCH_PLACE_TUNNEL && before.place.kind != WATCH_PLACE_TUNNEL)
			e->place = place;
		if (s->place.kind == WATCH_PLACE_TUNNEL || !s->is_body)
			note_ends(w, e, s);
		return before;
	}
	e = make_place(w, c, bucket, now_ms);
	*e = (struct entry){ .tag = tag, .place = place, .time_ms = now_ms, .check = check };
	note_ends(w, e, s);
	return (struct watch_before){ 0 };
}
