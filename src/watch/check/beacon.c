/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beacon: an element that calls somebody outside at regular times, with little to say each time. A call is what follows
 * a pause; regular is when the times between calls hardly differ. Only calls to addresses that are no element's count:
 * inside the network heartbeats and polls are the rule. Without an inventory nobody knows who is outside, and nothing is
 * said. Clocks are set regularly (NTP): no more than "unknown".
 */
#include "watch/internal.h"

enum { PORT_NTP = 123 };

struct calls { /* of one pair */
	uint32_t count;
	int64_t last_ns, call_ns; /* last packet, last call's begin */
	double mean_s, squares;   /* of the times between calls (Welford) */
	uint64_t bytes;
	uint64_t frames[WATCH_FRAMES];
};

struct state {
	struct calls *by_pair;
	uint32_t room;
};

static void *begin(struct watch *w)
{
	return arena_alloc(w->arena, sizeof(struct state));
}

static struct calls *calls_at(struct watch *w, struct state *s, uint32_t pair)
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

/* From an element to somebody who is none, and no answer to whom it serves. */
static bool goes_out(const struct watch *w, const struct watch_pair *p)
{
	const struct watch_peer *from = watch_peer_at(w, p->from), *to = watch_peer_at(w, p->to);
	bool answers = p->from_serves && p->reverse != WATCH_NONE && watch_pair_at(w, p->reverse)->packets;

	return !answers && from->element != WATCH_NONE && to->element == WATCH_NONE && !to->is_li &&
	       !watch_is_network(p->service.protocol);
}

static void count(struct calls *c, const struct wire_frame *f, uint64_t frame, int64_t pause_ns)
{
	bool is_call = !c->count || f->time_ns - c->last_ns > pause_ns;

	c->last_ns = f->time_ns;
	c->bytes += f->length;
	if (!is_call)
		return;
	if (c->count) {
		double gap_s = (double)(f->time_ns - c->call_ns) * 1e-9, off = gap_s - c->mean_s;

		c->mean_s += off / c->count;
		c->squares += off * (gap_s - c->mean_s);
	}
	if (c->count < WATCH_FRAMES)
		c->frames[c->count] = frame;
	c->count++;
	c->call_ns = f->time_ns;
}

static void batch(struct watch *w, void *own, const struct wire_batch *b, const struct watch_mark *marks)
{
	int64_t pause_ns = watch_limit(w, WATCH_BEACON_PAUSE) * WATCH_NS_PER_MS;

	if (!w->options.net)
		return;
	WATCH_EACH_SPECIAL(w, i)
	if (!marks[i].g_pdu && marks[i].pair != WATCH_NONE && goes_out(w, watch_pair_at(w, marks[i].pair)))
		count(calls_at(w, own, marks[i].pair), &b->frames[i], marks[i].frame, pause_ns);
}

static bool is_regular(const struct watch *w, const struct calls *c)
{
	double percent = (double)watch_limit(w, WATCH_BEACON_SPREAD);
	double variance = c->count > 2 ? c->squares / (c->count - 2) : 0;

	return c->count >= (uint32_t)watch_limit(w, WATCH_BEACON_CALLS) && c->mean_s > 0 &&
	       variance * 10000 <= percent * percent * c->mean_s * c->mean_s &&
	       c->bytes <= c->count * (uint64_t)watch_limit(w, WATCH_BEACON_BYTES);
}

static void finish(struct watch *w, void *own)
{
	struct state *s = own;

	for (uint32_t i = 0; i < s->room && i < w->pairs.count; i++) {
		const struct calls *c = &s->by_pair[i];
		const struct watch_pair *p = watch_pair_at(w, i);
		struct watch_alarm a = { .certainty = p->service.port != PORT_NTP ? WATCH_LIKELY : WATCH_UNKNOWN,
					 .from = p->from,
					 .to = p->to,
					 .detail = p->service.port };

		if (!is_regular(w, c))
			continue;
		for (uint32_t k = 0; k < c->count && k < WATCH_FRAMES; k++) {
			a.frame = c->frames[k];
			a.packets = k ? 0 : p->packets;
			a.time_ns = k ? c->last_ns : p->first_ns;
			if (watch_alarm(w, "beacon", &a))
				watch_explain(w, "%s called %s %u times, every %.0f s, with %llu bytes each",
					      watch_peer_name(w, p->from), watch_peer_name(w, p->to), c->count,
					      c->mean_s, (unsigned long long)(c->bytes / c->count));
		}
	}
}

const struct watch_hooks watch_check_beacon = { .begin = begin, .batch = batch, .finish = finish };
