/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copies: see copies.h. Buckets of four entries fill one line of the cache each, so that a packet waits once. An entry
 * lies in the bucket of its payload, where the payload alone finds it too; where another datagram with the same first
 * bytes lies there already (they are common: the same request, zeros), in the bucket of the whole.
 *
 * Where more comes than the table holds for the window, only one payload in 2, 4, 8 ... is looked at, chosen by its hash:
 * the same ones wherever they are seen, so that a copy of many packets is found all the same, and the table stays where
 * the cache can help.
 */
#include "watch/copies.h"

#include <assert.h>
#include <string.h>

enum {
	WAYS = 4,
	FIRST_BUCKETS = 1 << 10,
	MOST_BUCKETS = WATCH_COPIES / WAYS,
	MOST_LEVEL = 8,    /* bits of a tag that choose */
	SCAN_LOOSELY = 16, /* so far in a datagram is believed without its checksum: a short header, a length */
	MOST_BEHIND = 16,  /* bytes that may follow it then */
	FREE_BUCKETS = 1 << 14,             /* up to here the table grows before anything is forgotten */
	SCAN_UDP = 64,                      /* a tunnel's own header ends before this */
	CHANGE_AFTER = 2 * WATCH_SIGHTINGS, /* payloads */
	MOST_INSIDE = 4,                    /* datagrams looked for in one payload */
	IP_ICMP = 1,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_ICMPV6 = 58,
	LINK_COOKED = 113,
	LINK_COOKED_2 = 276,
};

struct entry {
	uint32_t tag;   /* 0: empty. The bucket is made from it, so that the table can grow */
	uint32_t place; /* hops of the last bare sighting << 24 (0: none) | kind << 22 | row */
	uint32_t time_ms;
	uint16_t check;  /* of the whole hash */
	uint8_t ends[2]; /* a byte of each address's hash */
};
enum { ROW_BITS = 22 };
static_assert(WATCH_TUNNELS <= 1 << ROW_BITS && WATCH_PAIRS <= 1 << ROW_BITS, "a place fits an entry");

struct watch_copies {
	struct entry (*buckets)[WAYS];
	uint32_t count, full;   /* buckets; how often one was full since the table grew or took less */
	unsigned level;         /* one payload in 1 << level is looked at */
	uint32_t put, since_ms; /* entries made since then */
	int32_t window_ms;
	const struct watch_copies_key *key;
	unsigned level_before; /* of the payloads before this one */
	uint64_t change_at;
};

struct watch_copies *watch_copies_new(struct watch *w, int64_t window_ms)
{
	struct watch_copies *c = arena_alloc(w->arena, sizeof *c);

	c->count = FIRST_BUCKETS;
	c->buckets = arena_array(w->arena, c->count, sizeof *c->buckets);
	c->window_ms = (int32_t)window_ms;
	c->key = &w->noting.copies;
	w->noting.copies = (struct watch_copies_key){ .seed = hash_bytes(w->options.key, sizeof w->options.key),
						      .most = (uint32_t)watch_limit(w, WATCH_COPY_BYTES),
						      .least = (uint32_t)watch_limit(w, WATCH_COPY_LEAST) };
	return c;
}

/* ---- hashes ---- */

static bool is_chosen(unsigned level, uint32_t tag)
{
	return level == 0 || tag >> (32 - level) == 0;
}

/*
 * The level that holds for a payload, by its number. A change holds from a payload on that is in no batch yet, so that
 * where batches end decides nothing.
 */
static unsigned level_at(const struct watch_copies *c, uint64_t number)
{
	return number < c->change_at ? c->level_before : c->level;
}

static void change_level(struct watch_copies *c, uint64_t number, unsigned level)
{
	if (number < c->change_at)
		return;
	c->level_before = c->level;
	c->level = level;
	c->change_at = number + CHANGE_AFTER;
}

/* Of how many bytes the payload is told by; 0: there is too little. */
static inline uint32_t body_bytes(const struct watch_copies_key *key, uint32_t length, uint32_t captured)
{
	uint32_t body = length < key->most ? length : key->most;

	return length < key->least || captured < body ? 0 : body;
}

/* Of what a copy can't change, by the hash of its payload: that is secret, and so a seed for the rest. */
static inline uint64_t whole_hash(const struct wire_ends *e, uint64_t body)
{
	return hash_seeded(e, offsetof(struct wire_ends, transport) + 1, body ^ e->tcp_sequence);
}

static inline uint8_t end_hash(uint64_t seed, uint64_t half)
{
	return (uint8_t)(((half ^ seed) * 0x9e3779b97f4a7c15u) >> 56);
}

static inline uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) ? (uint32_t)(hash >> 32) : 1;
}

/* Of a datagram, by the hash of its payload. The tag of the whole is chosen or not as that of the payload is. */
static inline void note_whole(uint64_t seed, const struct wire_ends *e, uint64_t body, struct watch_note *out)
{
	const uint32_t chosen = ~(UINT32_MAX >> MOST_LEVEL);
	uint64_t whole = whole_hash(e, body);
	uint32_t tag = (tag_of(whole) & ~chosen) | (tag_of(body) & chosen);

	out->body = tag_of(body);
	out->whole = tag ? tag : 1;
	out->check = (uint16_t)whole;
	out->ends[0] = end_hash(seed, e->source[1]);
	out->ends[1] = end_hash(seed, e->destination[1]);
}

/* The hash of what a frame that is told in brief carries for its subscriber; false where that is too little. */
static inline bool hash_payload(const struct watch_copies_key *key, const struct wire_batch *b, unsigned frame,
				uint64_t *body)
{
	uint32_t length;
	const uint8_t *payload = wire_brief_payload(b, frame, &length);
	uint32_t bytes = body_bytes(key, length, length);

	if (bytes)
		*body = hash_seeded(payload, bytes, key->seed);
	return bytes;
}

void watch_copies_note(const struct watch_copies_key *key, const struct wire_batch *b, unsigned frame,
		       struct watch_note *out)
{
	struct wire_ends ends;
	uint64_t body;

	out->body = 0;
	if (!hash_payload(key, b, frame, &body))
		return;
	wire_brief_ends(b, frame, &ends);
	note_whole(key->seed, &ends, body, out);
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
		if (total < 28 || !is_datagram(l) || (exact ? !checksum_holds(p) : total + MOST_BEHIND < bytes))
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
		if (total < 48 || total + MOST_BEHIND < bytes || !is_datagram(l))
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

static struct entry *bucket_of(const struct watch_copies *c, uint32_t tag)
{
	return c->buckets[tag & (c->count - 1)];
}

struct finder {
	struct watch *w;
	const struct wire_batch *b;
	struct watch_copies *copies;
	struct watch_sighting *out; /* WATCH_SIGHTINGS */
	unsigned count;
};

/* Counts a payload; true where it is chosen, and then its bucket is on its way. tag 0: it is too short. */
static bool choose(struct finder *f, uint32_t tag)
{
	struct watch_counters *n = &f->w->counters;

	if (f->count == WATCH_SIGHTINGS || !tag) {
		n->payloads_short++;
		return false;
	}
	f->out[f->count].number = n->payloads++;
	if (!is_chosen(level_at(f->copies, f->out[f->count].number), tag)) {
		n->payloads_left_out++;
		return false;
	}
	__builtin_prefetch(bucket_of(f->copies, tag), 1);
	return true;
}

static void keep(struct finder *f, unsigned frame, const struct watch_note *note, uint8_t hops,
		 struct watch_place place, bool is_body)
{
	struct watch_sighting *x = &f->out[f->count++];
	uint16_t link = f->b->frames[frame].link;

	x->note = *note;
	x->place = place;
	x->frame = (uint8_t)frame;
	x->hops = hops;
	x->is_body = is_body;
	x->is_cooked = link == LINK_COOKED || link == LINK_COOKED_2;
}

static void see(struct finder *f, unsigned frame, const struct wire_level *l, enum watch_place_kind kind, uint32_t row,
		bool is_body)
{
	bool is_piece = l->flags & WIRE_LEVEL_FRAGMENT && !(l->flags & WIRE_LEVEL_JOINED);
	const struct watch_copies_key *key = f->copies->key;
	uint32_t bytes = is_piece ? 0 : body_bytes(key, l->payload_length, l->payload_bytes);
	uint64_t body = 0;
	struct watch_note note;
	struct wire_ends ends;

	if (is_body && l->payload_length < key->most)
		bytes = 0;
	if (bytes)
		body = hash_seeded(l->payload, bytes, key->seed);
	if (!choose(f, bytes ? tag_of(body) : 0))
		return;
	wire_level_ends(l, &ends);
	note_whole(key->seed, &ends, body, &note);
	keep(f, frame, &note, l->hops, (struct watch_place){ kind, row }, is_body);
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
	while (found < MOST_INSIDE && p < last && (p = memchr(p, 0x45, (size_t)(last - p)))) {
		if (read_datagram(p, (size_t)(end - p), true, &inner)) {
			see(f, frame, &inner, WATCH_PLACE_OTHER, pair, false);
			found++;
		}
		p++;
	}
	p = l->payload;
	for (unsigned at = 0; !found && at < SCAN_LOOSELY && p + at < end; at++)
		if (read_datagram(p + at, (size_t)(end - p) - at, false, &inner))
			see(f, frame, &inner, WATCH_PLACE_OTHER, pair, false);
	see(f, frame, l, WATCH_PLACE_OTHER, pair, true);
}

/* One more G-PDU, of which the decoder has taken a note. */
static void one_noted(struct finder *f, unsigned i, const struct watch_mark *mark)
{
	const struct watch_note *note = &((const struct watch_note *)f->b->notes)[i];

	if (choose(f, note->body)) /* hops count where a datagram is bare */
		keep(f, i, note, 0, (struct watch_place){ WATCH_PLACE_TUNNEL, mark->tunnel }, false);
}

/* The same without a note. */
static void one_brief(struct finder *f, unsigned i, const struct watch_mark *mark)
{
	const struct watch_copies_key *key = f->copies->key;
	uint64_t body = 0;
	struct watch_note note;
	struct wire_ends ends;

	if (!choose(f, hash_payload(key, f->b, i, &body) ? tag_of(body) : 0))
		return;
	wire_brief_ends(f->b, i, &ends);
	note_whole(key->seed, &ends, body, &note);
	keep(f, i, &note, 0, (struct watch_place){ WATCH_PLACE_TUNNEL, mark->tunnel }, false);
}

static void one_frame(struct finder *f, unsigned i, const struct watch_mark *mark)
{
	const struct wire_packet *p = &f->b->packets[i];
	const struct wire_level *base = &p->levels[mark->level], *last = &p->levels[p->count - 1];

	if (mark->g_pdu) {
		if (last != base && is_datagram(last))
			see(f, i, last, WATCH_PLACE_TUNNEL, mark->tunnel, false);
		return;
	}
	if (mark->reason != WATCH_JUDGED && mark->reason != WATCH_STRANGERS && mark->reason != WATCH_UNREADABLE)
		return;
	if (last != base) {
		if (mark->pair != WATCH_NONE && is_datagram(last))
			see(f, i, last, WATCH_PLACE_OTHER, mark->pair, false);
		return;
	}
	if (!is_datagram(base) || watch_is_network(base->protocol))
		return;
	if (mark->pair != WATCH_NONE)
		look_inside(f, i, base, mark->pair);
	else
		see(f, i, base, WATCH_PLACE_BARE, f->b->frames[i].tap, false);
}

unsigned watch_copies_find(struct watch *w, struct watch_copies *c, const struct wire_batch *b, unsigned frame,
			   const struct watch_mark *mark, struct watch_sighting *out, unsigned count)
{
	struct finder f = { .w = w, .b = b, .copies = c, .out = out, .count = count };

	if (b->noted >> frame & mark->g_pdu)
		one_noted(&f, frame, mark);
	else if (b->brief >> frame & 1)
		one_brief(&f, frame, mark);
	else if (b->packets[frame].count)
		one_frame(&f, frame, mark);
	return f.count;
}

/* ---- the table ---- */

/* In place: half of each bucket's entries move to the bucket as far behind it as the table was long. */
static void grow(struct watch *w, struct watch_copies *c)
{
	uint32_t count = c->count;

	c->buckets =
		arena_grow(w->arena, c->buckets, count * sizeof *c->buckets, 2 * (size_t)count * sizeof *c->buckets);
	c->count = 2 * count;
	c->full = 0;
	for (uint32_t i = 0; i < count; i++) {
		unsigned low = 0, high = 0;

		for (unsigned k = 0; k < WAYS; k++) {
			struct entry e = c->buckets[i][k];

			if (!e.tag)
				continue;
			c->buckets[i][k].tag = 0;
			if (e.tag & count)
				c->buckets[i + count][high++] = e;
			else
				c->buckets[i][low++] = e;
		}
	}
}

/* More room while there may be, then fewer payloads; and more of them again where a window passes with little in it. */
static void adapt(struct watch *w, struct watch_copies *c, uint64_t number, uint32_t now_ms)
{
	if (c->full > c->count / 16) {
		if (c->count < MOST_BUCKETS)
			grow(w, c);
		else if (c->level < MOST_LEVEL)
			change_level(c, number, c->level + 1);
		c->full = 0;
		c->put = 0;
		c->since_ms = now_ms;
	}
	if ((int32_t)(now_ms - c->since_ms) <= c->window_ms)
		return;
	if (c->level && c->put < c->count) /* a quarter of the entries */
		change_level(c, number, c->level - 1);
	c->put = 0;
	c->since_ms = now_ms;
}

/* The place for a new entry: an empty one, one that is over, or else the oldest. */
static struct entry *make_place(struct watch *w, struct watch_copies *c, struct entry *bucket, unsigned level,
				uint32_t now_ms)
{
	struct entry *oldest = bucket;

	for (unsigned k = 0; k < WAYS; k++) {
		if (!bucket[k].tag || !is_chosen(level, bucket[k].tag))
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

static uint32_t pack(const struct watch_sighting *x)
{
	uint32_t hops = x->place.kind == WATCH_PLACE_BARE && !x->is_cooked ? x->hops : 0;

	return hops << 24 | (uint32_t)x->place.kind << ROW_BITS | x->place.row;
}

static struct watch_before unpack(const struct entry *e, uint32_t now_ms)
{
	return (struct watch_before){ .place = { .kind = e->place >> ROW_BITS & 3,
						 .row = e->place & ((1u << ROW_BITS) - 1) },
				      .bare_hops = (uint8_t)(e->place >> 24),
				      .was_bare = e->place >> 24,
				      .ago_ms = (int32_t)(now_ms - e->time_ms) };
}

/* The entry of the same datagram, or of the same payload where no more is known; NULL: none. */
static struct entry *find(const struct watch_copies *c, const struct watch_sighting *x, bool *is_taken)
{
	uint32_t tag = x->note.body;
	struct entry *bucket = bucket_of(c, tag);

	*is_taken = false;
	for (unsigned k = 0; k < WAYS; k++)
		if (bucket[k].tag == tag) {
			if (x->is_body || bucket[k].check == x->note.check)
				return &bucket[k];
			*is_taken = true;
		}
	if (x->is_body || !*is_taken)
		return NULL;
	tag = x->note.whole;
	bucket = bucket_of(c, tag);
	for (unsigned k = 0; k < WAYS; k++)
		if (bucket[k].tag == tag && bucket[k].check == x->note.check)
			return &bucket[k];
	return NULL;
}

static void put(struct watch *w, struct watch_copies *c, const struct watch_sighting *x, bool is_taken, uint32_t now_ms)
{
	uint32_t tag = is_taken ? x->note.whole : x->note.body;
	struct entry *e;

	while (c->count < FREE_BUCKETS && bucket_of(c, tag)[WAYS - 1].tag)
		grow(w, c);
	e = make_place(w, c, bucket_of(c, tag), level_at(c, x->number), now_ms);
	c->put++;
	*e = (struct entry){ .tag = tag,
			     .place = pack(x),
			     .time_ms = now_ms,
			     .check = x->note.check,
			     .ends = { x->note.ends[0], x->note.ends[1] } };
}

static bool has_end(const struct entry *e, uint8_t hash)
{
	return hash == e->ends[0] || hash == e->ends[1];
}

struct watch_before watch_copies_meet(struct watch *w, struct watch_copies *c, const struct watch_sighting *x,
				      int64_t now_ns)
{
	uint32_t now_ms = (uint32_t)((now_ns - w->base_ns) / WATCH_NS_PER_MS);
	struct watch_before before = { 0 };
	bool is_taken;
	struct entry *e;

	adapt(w, c, x->number, now_ms);
	e = find(c, x, &is_taken);
	if (!e) {
		if (!x->is_body)
			put(w, c, x, is_taken, now_ms);
		return before;
	}
	before = unpack(e, now_ms);
	if (before.ago_ms > c->window_ms || before.ago_ms < -c->window_ms) { /* another one by now */
		if (!x->is_body) {
			e->place = pack(x);
			e->time_ms = now_ms;
		}
		return (struct watch_before){ 0 };
	}
	if (x->is_body) {
		before.same_end = has_end(e, x->note.ends[0]) || has_end(e, x->note.ends[1]);
		return before;
	}
	/* A tunnel is the better witness of where the datagram belongs; the hops of a bare one are kept beside it. */
	if (x->place.kind == WATCH_PLACE_TUNNEL && before.place.kind != WATCH_PLACE_TUNNEL)
		e->place = (e->place & 0xff000000u) | (pack(x) & 0xffffffu);
	else if (x->place.kind == WATCH_PLACE_BARE && !x->is_cooked)
		e->place = (e->place & 0xffffffu) | (uint32_t)x->hops << 24;
	return before;
}
