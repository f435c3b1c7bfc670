/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identifier-scan: one address tries many tunnel ends of another, a packet or two each, none of them ordered, and is
 * told so by error indications or goes through the numbers in their order. And the same with PFCP sessions that the
 * user plane does not know.
 */
#include "watch/internal.h"

#include <stdlib.h>

enum { ERROR_INDICATION = 26, UNKNOWN_CONTEXT = 65 };

struct tried { /* by pair */
	uint32_t count, near, errors;
	uint32_t last;
	int64_t first_ns;
	uint64_t first_frame, packets;
};

struct own {
	struct tried *by_pair;
	uint32_t room;
};

static void *begin(struct watch *w)
{
	return arena_alloc(w->arena, sizeof(struct own));
}

static struct tried *tried_at(struct watch *w, struct own *own, uint32_t pair)
{
	if (pair >= own->room) {
		uint32_t room = own->room ? own->room : 64;

		while (room <= pair)
			room *= 2;
		own->by_pair = arena_grow(w->arena, own->by_pair, own->room * sizeof *own->by_pair,
					  room * sizeof *own->by_pair);
		own->room = room;
	}
	return &own->by_pair[pair];
}

/* An error indication goes back to whoever sent: it counts for the pair of the other direction. */
static void heard(struct watch *w, void *state, const struct watch_heard *h)
{
	uint32_t back = h->pair == WATCH_NONE ? WATCH_NONE : watch_pair_at(w, h->pair)->reverse;
	bool lost = h->message->protocol == WIRE_PFCP && h->cause == UNKNOWN_CONTEXT && !h->retold;

	if (back == WATCH_NONE)
		return;
	if (h->message->protocol == WIRE_GTPU && h->message->type == ERROR_INDICATION)
		tried_at(w, state, back)->errors++;
	if (!lost)
		return;
	tried_at(w, state, back)->count++;
	tried_at(w, state, back)->errors++;
	if (!tried_at(w, state, back)->first_ns) {
		tried_at(w, state, back)->first_ns = h->now_ns;
		tried_at(w, state, back)->first_frame = h->frame;
	}
}

static void count_tunnel(struct watch *w, struct own *own, uint32_t row)
{
	const struct watch_tunnel *t = watch_tunnel_at(w, row);
	const struct watch_tunnel_story *s = watch_story_at(w, row);
	struct tried *n;

	if ((t->flags & (WATCH_TUNNEL_USED | WATCH_TUNNEL_ORDERED)) != WATCH_TUNNEL_USED || t->pair == WATCH_NONE ||
	    (int64_t)watch_tunnel_packets(w, row) > watch_limit(w, WATCH_SCAN_PACKETS))
		return;
	n = tried_at(w, own, t->pair);
	if (!n->count) {
		n->first_ns = s->first_ns;
		n->first_frame = s->first_frame;
	} else if (labs((long)t->teid - (long)n->last) <= watch_limit(w, WATCH_SCAN_NEAR)) {
		n->near++;
	}
	n->last = t->teid;
	n->packets += watch_tunnel_packets(w, row);
	n->count++;
}

static void leave(struct watch *w, void *state, uint32_t tunnel)
{
	count_tunnel(w, state, tunnel);
}

static void finish(struct watch *w, void *state)
{
	struct own *own = state;
	int64_t least = watch_limit(w, WATCH_SCAN_IDENTIFIERS);

	for (uint32_t i = 0; i < w->tunnels.count; i++)
		count_tunnel(w, own, i);
	for (uint32_t i = 0; i < own->room && i < w->pairs.count; i++) {
		const struct tried *n = &own->by_pair[i];
		const struct watch_pair *p = watch_pair_at(w, i);
		struct watch_alarm a = { .certainty = WATCH_LIKELY,
					 .from = p->from,
					 .to = p->to,
					 .time_ns = n->first_ns,
					 .frame = n->first_frame,
					 .packets = n->packets ? n->packets : n->count };

		bool denied = (int64_t)n->errors * 100 >= watch_limit(w, WATCH_SCAN_ERRORS) * n->count,
		     in_a_run = (int64_t)n->near * 100 >= watch_limit(w, WATCH_SCAN_RUN) * n->count;

		if (n->count < least || !(denied || in_a_run))
			continue;
		if (!denied && watch_orders_may_be_missing(w))
			a.certainty = WATCH_UNKNOWN;
		if (watch_alarm(w, "identifier-scan", &a))
			watch_explain(w, "%s tried %u identifiers at %s that are nobody's; %u answers said so",
				      watch_peer_name(w, p->from), n->count, watch_peer_name(w, p->to), n->errors);
	}
}

const struct watch_hooks watch_check_identifier_scan = { .hears = WATCH_OF(WIRE_PFCP) | WATCH_OF(WIRE_GTPU),
							 .pfcp = WATCH_PFCP_ANSWERS,
							 .begin = begin,
							 .heard = heard,
							 .leave = leave,
							 .finish = finish };
