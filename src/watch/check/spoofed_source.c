/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spoofed-source: user packets into a known tunnel from an address that the session does not name and nobody has named
 * as an end of tunnels, beside packets from the one that it does name. A new base station in a handover names its own
 * address, so who is judged is judged at the end. Or from the right station, but the address inside is another session's
 * of the same network instance; a network behind the UE has addresses that are no session's.
 */
#include "watch/internal.h"

enum { KEPT = 65536 };

struct other {
	uint32_t tunnel;
	struct wire_address from;
	int64_t time_ns;
	uint64_t frame;
};

struct watch_others {
	struct watch_rows rows;
	struct watch_index index; /* by tunnel and sender: each once */
};

static void *begin(struct watch *w)
{
	struct watch_others *others = arena_alloc(w->arena, sizeof *others);

	watch_rows_init(&others->rows, sizeof(struct other), KEPT);
	watch_index_init(&others->index, w->arena);
	w->others = others;
	return others;
}

static struct other *other_at(const struct watch *w, uint32_t row)
{
	return &((struct other *)w->others->rows.items)[row];
}

/* Who is named stays named. */
static bool is_named(const struct watch *w, uint32_t peer)
{
	const uint16_t ends = WATCH_ROLE_ACCESS_TUNNEL | WATCH_ROLE_CORE_TUNNEL;

	return peer != WATCH_NONE && (watch_peer_at(w, peer)->named || watch_element_of(w, peer) != WATCH_NONE ||
				      watch_peer_at(w, peer)->roles & ends);
}

static void add(struct watch *w, uint32_t tunnel, uint32_t pair, int64_t now_ns, uint64_t frame)
{
	const struct wire_address *from = &watch_pair_at(w, pair)->from_address;
	uint64_t hash;
	uint32_t row;

	if (is_named(w, watch_pair_at(w, pair)->from)) {
		watch_tunnel_at(w, tunnel)->flags |= WATCH_TUNNEL_HONEST;
		return;
	}
	if (w->others->rows.count == KEPT) { /* who stands in it already is not told from who is new: that would wait for memory */
		w->counters.checks_full++;
		return;
	}
	hash = watch_tunnel_hash(w, from, tunnel);
	WATCH_INDEX_EACH(&w->others->index, hash, old)
	if (other_at(w, old)->tunnel == tunnel && watch_address_is(&other_at(w, old)->from, from))
		return;
	row = watch_rows_add(&w->others->rows, w->arena);
	watch_tunnel_at(w, tunnel)->flags |= WATCH_TUNNEL_KEPT;
	*other_at(w, row) = (struct other){ tunnel, *from, now_ns, frame };
	watch_index_put(&w->others->index, w->arena, hash, row);
}

void watch_tunnel_second(struct watch *w, uint32_t tunnel, uint32_t pair, int64_t now_ns, uint64_t frame)
{
	const struct watch_tunnel_story *s = watch_story_at(w, tunnel);
	struct watch_tunnel *t = watch_tunnel_at(w, tunnel);

	if (s->end != WIRE_END_CORE)
		return;
	if (!(t->flags & WATCH_TUNNEL_SEVERAL))
		add(w, tunnel, t->pair, s->first_ns, s->first_frame);
	t->flags |= WATCH_TUNNEL_SEVERAL;
	add(w, tunnel, pair, now_ns, frame);
}

/* Behind the level of the tunnel stands what it carries; nothing, where that is no IP. */
void watch_inner_look(struct watch *w, uint32_t tunnel, const struct wire_level *inner, const struct watch_mark *mark,
		      int64_t now_ns)
{
	const struct watch_tunnel_story *s = watch_story_at(w, tunnel);
	const struct watch_session *own;
	uint32_t other;
	struct watch_alarm a;

	if (inner->carrier != WIRE_IN_GTPU || !wire_address_is_v4(&inner->source))
		return;
	own = watch_session_at(w, s->session);
	if (wire_address_is_none(&own->ue_v4) || watch_address_is(&own->ue_v4, &inner->source))
		return;
	other = watch_user_find(w, &inner->source, own->instance, own->user);
	if (other == WATCH_NONE || other == s->session || !watch_session_lives(w, other))
		return;
	a = (struct watch_alarm){ .certainty = WATCH_LIKELY,
				  .from = watch_mark_from(w, mark),
				  .to = watch_mark_to(w, mark),
				  .things = "tunnel",
				  .thing = watch_tunnel_at(w, tunnel)->teid,
				  .time_ns = now_ns,
				  .frame = mark->frame,
				  .packets = 1 };
	if (watch_alarm(w, "spoofed-source", &a))
		watch_explain(
			w, "in tunnel 0x%08x of session 0x%llx come packets from %s, the UE address of session 0x%llx",
			watch_tunnel_at(w, tunnel)->teid, (unsigned long long)own->user_seid,
			watch_user_address(w, &inner->source),
			(unsigned long long)watch_session_at(w, other)->user_seid);
}

/*
 * Tunnels into which somebody sends whom somebody names. Where there is none, addresses are translated on the way, and a
 * second one says nothing.
 */
static void find_honest(struct watch *w)
{
	for (uint32_t i = 0; i < w->others->rows.count; i++)
		if (is_named(w, watch_peer_find(w, &other_at(w, i)->from)))
			watch_tunnel_at(w, other_at(w, i)->tunnel)->flags |= WATCH_TUNNEL_HONEST;
}

static void finish(struct watch *w, void *own)
{
	(void)own;
	find_honest(w);
	for (uint32_t i = 0; i < w->others->rows.count; i++) {
		const struct other *o = other_at(w, i);
		const struct watch_tunnel *t = watch_tunnel_at(w, o->tunnel);
		struct watch_alarm a = { .certainty = watch_orders_may_be_missing(w) ? WATCH_UNKNOWN : WATCH_LIKELY,
					 .from = watch_peer_find(w, &o->from),
					 .to = watch_peer_find(w, &t->to),
					 .things = "tunnel",
					 .thing = t->teid,
					 .time_ns = o->time_ns,
					 .frame = o->frame,
					 .packets = 1 };
		const struct watch_service gtpu = { .protocol = WIRE_GTPU };
		size_t may_be;

		if (!(t->flags & WATCH_TUNNEL_HONEST) || is_named(w, a.from))
			continue;
		a.certainty = watch_stranger(w, &gtpu, a.to, a.certainty, &may_be);
		if (watch_alarm(w, "spoofed-source", &a))
			watch_explain(w,
				      "user packets into tunnel 0x%08x of %s from %s, which no session and no base "
				      "station names%s",
				      t->teid, watch_peer_name(w, a.to), watch_address_text(w, &o->from),
				      watch_may_be(w, may_be));
	}
}

const struct watch_hooks watch_check_spoofed_source = { .begin = begin, .finish = finish };
