/* SPDX-License-Identifier: Apache-2.0 */
/*
 * icmp-tunnel: echo messages that carry something else than filling. ping sends a time and then the same pattern again
 * and again, and an answer repeats its request; here the bytes behind the first sixteen are new with every message.
 */
#include "watch/internal.h"

enum { ECHO_HEADER = 8, TIME_BYTES = 16 };

struct talk {                 /* one direction between two addresses */
	uint64_t hash;        /* of the last message's filling */
	uint32_t fresh, told; /* messages whose filling was a new one */
	uint64_t bytes;
	int64_t since_ns; /* of the first in this minute */
	uint64_t frames[WATCH_FRAMES];
	uint32_t frame_count;
};

struct state {
	struct talk *by_pair;
	uint32_t room;
};

static void *begin(struct watch *w)
{
	return arena_alloc(w->arena, sizeof(struct state));
}

static struct talk *talk_at(struct watch *w, struct state *s, uint32_t pair)
{
	if (pair >= s->room) {
		uint32_t room = s->room ? s->room : 64;

		while (room <= pair)
			room *= 2;
		s->by_pair = arena_grow(w->arena, s->by_pair, s->room * sizeof *s->by_pair, room * sizeof *s->by_pair);
		s->room = room;
	}
	return &s->by_pair[pair];
}

static void tell(struct watch *w, const struct watch_heard *h, struct talk *t)
{
	struct watch_alarm a = {
		.certainty = WATCH_LIKELY, .from = h->from, .to = h->to, .time_ns = h->now_ns, .packets = 1
	};

	for (uint32_t i = 0; i < t->frame_count; i++) {
		a.frame = t->frames[i];
		a.packets = i ? 1 : t->fresh - t->told - t->frame_count + 1;
		if (watch_alarm(w, "icmp-tunnel", &a))
			watch_explain(w,
				      "%u echo messages within a minute carried %llu bytes that were new each time%s",
				      t->fresh, (unsigned long long)t->bytes,
				      h->message->level ? ", inside user tunnels" : "");
	}
	t->frame_count = 0;
	t->told = t->fresh;
}

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	const struct wire_message *m = h->message;
	struct talk *t;
	uint64_t hash;

	if (m->protocol != WIRE_ICMP || !m->has_id || h->pair == WATCH_NONE ||
	    m->length < ECHO_HEADER + TIME_BYTES + (uint32_t)watch_limit(w, WATCH_ICMP_BYTES))
		return;
	t = talk_at(w, own, h->pair);
	hash = hash_bytes(m->bytes + ECHO_HEADER + TIME_BYTES, m->length - ECHO_HEADER - TIME_BYTES);
	if (h->now_ns - t->since_ns > WATCH_NS_PER_MINUTE)
		*t = (struct talk){ .since_ns = h->now_ns, .hash = t->hash };
	if (hash == t->hash)
		return;
	t->hash = hash;
	t->fresh++;
	t->bytes += m->length - ECHO_HEADER;
	if (t->frame_count < WATCH_FRAMES)
		t->frames[t->frame_count++] = h->frame;
	if (t->fresh >= (uint32_t)watch_limit(w, WATCH_ICMP_MESSAGES))
		tell(w, h, t);
}

const struct watch_hooks watch_check_icmp_tunnel = { .hears = WATCH_OF(WIRE_ICMP), .begin = begin, .heard = heard };
