/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tunnels: the receiving ends of the user plane, by address and TEID. A G-PDU costs one look-up here, and no other: the
 * row holds who sent last and which pair that is. When it was ordered, by whom and when released stands in a second
 * row beside it, which is touched only when something happens.
 */
#include "watch/internal.h"

#include <string.h>

static uint32_t find(const struct watch *w, const struct wire_address *to, uint32_t teid, uint64_t hash)
{
	WATCH_INDEX_EACH(&w->tunnel_index, hash, row)
	{
		const struct watch_tunnel *t = watch_tunnel_at(w, row);

		if (t->teid == teid && watch_address_is(&t->to, to))
			return row;
	}
	return WATCH_NONE;
}

uint32_t watch_tunnel_find(const struct watch *w, const struct wire_address *to, uint32_t teid)
{
	return find(w, to, teid, watch_tunnel_hash(w, to, teid));
}

static uint32_t add(struct watch *w, const struct wire_address *to, uint32_t teid, uint64_t hash)
{
	uint32_t row = watch_rows_add(&w->tunnels, w->arena);

	if (row != WATCH_NONE)
		watch_rows_add(&w->stories, w->arena);
	else
		row = watch_tunnel_retake(w);
	if (row == WATCH_NONE) {
		w->counters.tunnels_full++;
		return WATCH_NONE;
	}
	watch_index_put(&w->tunnel_index, w->arena, hash, row);
	*watch_tunnel_at(w, row) = (struct watch_tunnel){ .to = *to, .teid = teid, .pair = WATCH_NONE };
	*watch_story_at(w, row) =
		(struct watch_tunnel_story){ .session = WATCH_NONE, .user = WATCH_NONE, .next = WATCH_NONE };
	w->counters.tunnels++;
	return row;
}

uint32_t watch_tunnel_order(struct watch *w, const struct wire_address *to, uint32_t teid, uint32_t session,
			    enum wire_end end, int64_t now_ns)
{
	return watch_tunnel_order_of(w, to, teid, watch_tunnel_hash(w, to, teid), session, end, now_ns);
}

uint32_t watch_tunnel_order_of(struct watch *w, const struct wire_address *to, uint32_t teid, uint64_t hash,
			       uint32_t session, enum wire_end end, int64_t now_ns)
{
	uint32_t row = find(w, to, teid, hash);
	struct watch_tunnel_story *s;
	struct watch_tunnel *t;

	if (row == WATCH_NONE)
		row = add(w, to, teid, hash);
	if (row == WATCH_NONE)
		return row;
	s = watch_story_at(w, row);
	t = watch_tunnel_at(w, row);
	if ((t->flags & (WATCH_TUNNEL_ORDERED | WATCH_TUNNEL_ENDED)) != WATCH_TUNNEL_ORDERED && !s->ordered_ns)
		s->ordered_ns = now_ns;
	if (!t->packets) /* it is in use, if not yet in sight */
		t->last_ns = now_ns;
	t->flags |= WATCH_TUNNEL_ORDERED;
	t->flags &= ~(uint32_t)WATCH_TUNNEL_ENDED;
	s->ended_ns = 0;
	s->end = (uint8_t)end;
	if (end == WIRE_END_FORWARDING)
		t->flags |= WATCH_TUNNEL_FORWARDING;
	if (session != WATCH_NONE && s->session == WATCH_NONE) {
		struct watch_session *owner = watch_session_at(w, session);

		s->session = session;
		s->next = owner->first_tunnel;
		owner->first_tunnel = row;
	}
	return row;
}

void watch_tunnel_user(struct watch *w, uint32_t tunnel, uint32_t session)
{
	if (tunnel == WATCH_NONE)
		return;
	watch_story_at(w, tunnel)->user = session;
	watch_story_at(w, tunnel)->user_life = session == WATCH_NONE ? 0 : watch_session_at(w, session)->life;
}

void watch_tunnel_end(struct watch *w, uint32_t tunnel, int64_t now_ns, uint64_t frame)
{
	struct watch_tunnel_story *s = watch_story_at(w, tunnel);

	watch_tunnel_at(w, tunnel)->flags |= WATCH_TUNNEL_ENDED;
	s->ended_ns = now_ns;
	s->ended_frame = frame;
}

/* ---- counting: by tunnel alone, and once a minute to the pairs ---- */

static void fold(struct watch *w, uint32_t row)
{
	struct watch_tunnel *t = watch_tunnel_at(w, row);
	struct watch_tunnel_story *s = watch_story_at(w, row);
	struct watch_counts n = { .packets = t->packets, .bytes = t->bytes };
	uint32_t turn = (t->packets + (t->flags >> (32 - WATCH_LOOK_BITS))) << (32 - WATCH_LOOK_BITS);
	uint64_t overhead;

	if (!n.packets || t->pair == WATCH_NONE)
		return;
	overhead = n.packets * watch_pair_at(w, t->pair)->overhead;
	n.payload = n.bytes > overhead ? n.bytes - overhead : 0;
	watch_pair_count(w, t->pair, &n, t->last_ns);
	s->packets += t->packets;
	t->flags = t->flags << WATCH_LOOK_BITS >> WATCH_LOOK_BITS | turn;
	t->packets = 0;
	t->bytes = 0;
}

void watch_tunnels_fold(struct watch *w)
{
	enum { AHEAD = 16 };

	for (uint32_t i = 0; i < w->fresh_count; i++) {
		if (i + AHEAD < w->fresh_count) {
			__builtin_prefetch(watch_tunnel_at(w, w->fresh[i + AHEAD]), 1);
			__builtin_prefetch(watch_story_at(w, w->fresh[i + AHEAD]), 1);
		}
		fold(w, w->fresh[i]);
		watch_tunnel_at(w, w->fresh[i])->flags &= ~(uint32_t)WATCH_TUNNEL_FRESH;
	}
	w->fresh_count = 0;
}

static void freshen(struct watch *w, uint32_t row)
{
	struct watch_tunnel *t = watch_tunnel_at(w, row);

	if (t->flags & WATCH_TUNNEL_FRESH)
		return;
	if (w->fresh_count == w->fresh_room) {
		uint32_t room = w->fresh_room ? 2 * w->fresh_room : 1024;

		w->fresh = arena_grow(w->arena, w->fresh, w->fresh_room * sizeof *w->fresh, room * sizeof *w->fresh);
		w->fresh_room = room;
	}
	w->fresh[w->fresh_count++] = row;
	t->flags |= WATCH_TUNNEL_FRESH;
}

static uint64_t frame_of(const struct wire_frame *f)
{
	return (uint64_t)f->tap << 48 | f->number;
}

/* Its packets are of this pair from now on: what was counted for the one before is added up. */
static void turn(struct watch *w, uint32_t row, uint32_t pair, const struct wire_frame *f, uint16_t overhead)
{
	struct watch_tunnel *t = watch_tunnel_at(w, row);
	struct watch_pair *p = watch_pair_at(w, pair);

	if (t->pair != WATCH_NONE)
		watch_tunnel_second(w, row, pair, f->time_ns, frame_of(f));
	fold(w, row);
	t->from = p->from_address;
	t->pair = pair;
	p->overhead = overhead;
	watch_peer_at(w, p->from)->roles |= WATCH_ROLE_USER_PLANE;
	watch_peer_at(w, p->to)->roles |= WATCH_ROLE_USER_PLANE;
}

/*
 * A packet of another than who mostly sends into the tunnel is counted for its own pair at once. One in so many, which is
 * looked into as well, makes the row its sender's: in a handover that is soon.
 */
static bool is_stray(const struct watch *w, const struct watch_tunnel *t, uint32_t pair)
{
	return watch_tunnel_goes_on(t) && !watch_tunnel_is_turn(t) && watch_pair_at(w, pair)->is_met;
}

static void count_stray(struct watch *w, uint32_t row, uint32_t pair, const struct wire_frame *f, uint64_t payload)
{
	struct watch_counts n = { .packets = 1, .bytes = f->length, .payload = payload };
	struct watch_tunnel *t = watch_tunnel_at(w, row);

	watch_tunnel_second(w, row, pair, f->time_ns, frame_of(f));
	watch_pair_count(w, pair, &n, f->time_ns);
	watch_story_at(w, row)->packets++;
	t->flags += 1u << (32 - WATCH_LOOK_BITS);
	t->last_ns = f->time_ns;
}

static void first_use(struct watch *w, uint32_t row, const struct wire_frame *f)
{
	watch_tunnel_at(w, row)->flags |= WATCH_TUNNEL_USED;
	watch_story_at(w, row)->first_ns = f->time_ns;
	watch_story_at(w, row)->first_frame = frame_of(f);
	w->counters.tunnels_used++;
}

/* Between two who have sent each other G-PDUs before. */
static bool meet_brief(struct watch *w, uint32_t row, const struct wire_frame *f, const struct wire_brief *brief)
{
	uint32_t pair = watch_pair_of_brief(w, brief);

	if (pair == WATCH_NONE || !watch_pair_at(w, pair)->is_met)
		return false;
	turn(w, row, pair, f, (uint16_t)(f->length - brief->inner_bytes));
	return true;
}

bool watch_tunnel_begins(struct watch *w, const struct wire_frame *f, const struct wire_brief *brief, uint32_t row)
{
	struct watch_tunnel *t = watch_tunnel_at(w, row);

	if (f->time_ns >= w->minute_end_ns || t->flags & WATCH_TUNNEL_LOOK ||
	    t->packets >= UINT32_MAX - WATCH_LOOK_INSIDE || t->teid != brief->teid ||
	    watch_address_high(&t->to) || wire_address_half(&t->to) != brief->destination)
		return false;
	if ((t->pair == WATCH_NONE || watch_address_high(&t->from) || wire_address_half(&t->from) != brief->source) &&
	    !meet_brief(w, row, f, brief))
		return false;
	if (!(t->flags & WATCH_TUNNEL_USED))
		first_use(w, row, f);
	freshen(w, row);
	return true;
}

uint32_t watch_tunnel_stray(struct watch *w, const struct wire_frame *f, const struct wire_brief *brief, uint32_t row)
{
	const struct watch_tunnel *t = watch_tunnel_at(w, row);
	uint32_t pair;

	if (t->teid != brief->teid || watch_address_high(&t->to) || wire_address_half(&t->to) != brief->destination)
		return WATCH_NONE;
	pair = watch_pair_of_brief(w, brief);
	if (pair == WATCH_NONE || !is_stray(w, t, pair))
		return WATCH_NONE;
	count_stray(w, row, pair, f, brief->inner_bytes);
	return pair;
}

static void mark_g_pdu(struct watch_mark *mark, uint32_t row, uint32_t pair)
{
	mark->g_pdu = true;
	mark->tunnel = row;
	mark->pair = pair;
}

bool watch_g_pdu(struct watch *w, const struct wire_frame *f, const struct wire_packet *p, struct watch_mark *mark,
		 uint64_t hash)
{
	const struct wire_level *l = &p->levels[mark->level];
	uint32_t row = find(w, &l->destination, l->gtpu.teid, hash);
	struct watch_tunnel *t;
	bool met;

	if (row == WATCH_NONE)
		row = add(w, &l->destination, l->gtpu.teid, hash);
	if (row == WATCH_NONE) {
		mark->reason = WATCH_NO_ROOM;
		return false;
	}
	t = watch_tunnel_at(w, row);
	met = t->pair == WATCH_NONE || !watch_address_is(&t->from, &l->source);
	if (met) {
		uint32_t payload = l->payload_length - l->gtpu.header;
		enum watch_reason reason;
		uint32_t pair = watch_pair_get(w, l, mark->frame, f->time_ns, &reason);

		mark->reason = (uint8_t)reason;
		if (pair == WATCH_NONE)
			return false;
		if (is_stray(w, t, pair)) {
			mark_g_pdu(mark, row, pair);
			count_stray(w, row, pair, f, payload);
			return true;
		}
		turn(w, row, pair, f, (uint16_t)(f->length - payload));
	}
	mark_g_pdu(mark, row, t->pair);
	if (t->flags & WATCH_TUNNEL_LOOK)
		watch_tunnel_late(w, row, mark, f->time_ns);
	if (!(t->flags & WATCH_TUNNEL_USED))
		first_use(w, row, f);
	if (watch_tunnel_is_turn(t) && p->count > mark->level + 1 && watch_wants_look(w, row))
		watch_inner_look(w, row, l + 1, mark, f->time_ns);
	freshen(w, row);
	if (t->packets >= UINT32_MAX - WATCH_LOOK_INSIDE) /* before a minute is over: batch.c counts on without asking */
		fold(w, row);
	t->packets++;
	t->bytes += f->length;
	t->last_ns = f->time_ns;
	return met;
}
