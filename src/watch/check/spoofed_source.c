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

static void *begin(struct watch *w)
{
	struct watch_rows *others = arena_alloc(w->arena, sizeof *others);

	watch_rows_init(others, sizeof(struct other), KEPT);
	w->others = others;
	return others;
}

static void add(struct watch *w, uint32_t tunnel, const struct wire_address *from, const struct watch_mark *mark,
		int64_t now_ns)
{
	uint32_t row = watch_rows_add(w->others, w->arena);

	if (row != WATCH_NONE)
		((struct other *)w->others->items)[row] = (struct other){ tunnel, *from, now_ns, mark->frame };
}

void watch_tunnel_second(struct watch *w, uint32_t tunnel, const struct wire_address *first, const struct wire_level *l,
			 const struct watch_mark *mark, int64_t now_ns)
{
	const struct watch_tunnel_story *s = watch_story_at(w, tunnel);

	if (s->end != WIRE_END_CORE || watch_address_is(first, &l->source))
		return;
	add(w, tunnel, first, mark, s->first_ns);
	add(w, tunnel, &l->source, mark, now_ns);
}

/* outer is one of a packet's levels; where one follows, its IP header is what the tunnel carries. */
void watch_inner_look(struct watch *w, uint32_t tunnel, const struct wire_level *outer, const struct watch_mark *mark,
		      int64_t now_ns)
{
	const struct wire_level *inner = outer + 1;
	const struct watch_tunnel_story *s = watch_story_at(w, tunnel);
	const struct watch_session *own;
	uint32_t other;
	struct watch_alarm a;

	if (s->end != WIRE_END_CORE || s->session == WATCH_NONE || inner->carrier != WIRE_IN_GTPU ||
	    !wire_address_is_v4(&inner->source))
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
				  .detail = watch_tunnel_at(w, tunnel)->teid,
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

static bool is_named(const struct watch *w, const struct wire_address *a)
{
	uint32_t peer = watch_peer_find(w, a);

	return peer != WATCH_NONE &&
	       (watch_peer_at(w, peer)->named || watch_element_of(w, peer) != WATCH_NONE ||
		watch_peer_at(w, peer)->roles & (WATCH_ROLE_ACCESS_TUNNEL | WATCH_ROLE_CORE_TUNNEL));
}

/* Does the session send to some named address that also sends into the tunnel? Else addresses are translated on the way. */
static bool has_honest_sender(const struct watch *w, uint32_t tunnel)
{
	for (uint32_t i = 0; i < w->others->count; i++) {
		const struct other *o = &((struct other *)w->others->items)[i];

		if (o->tunnel == tunnel && is_named(w, &o->from))
			return true;
	}
	return false;
}

static void finish(struct watch *w, void *own)
{
	(void)own;
	for (uint32_t i = 0; i < w->others->count; i++) {
		const struct other *o = &((struct other *)w->others->items)[i];
		const struct watch_tunnel *t = watch_tunnel_at(w, o->tunnel);
		struct watch_alarm a = { .certainty = WATCH_LIKELY,
					 .from = watch_peer_find(w, &o->from),
					 .to = watch_peer_find(w, &t->to),
					 .detail = t->teid,
					 .time_ns = o->time_ns,
					 .frame = o->frame,
					 .packets = 1 };

		if (is_named(w, &o->from) || !has_honest_sender(w, o->tunnel))
			continue;
		if (watch_alarm(w, "spoofed-source", &a))
			watch_explain(w,
				      "user packets into tunnel 0x%08x of %s from %s, which no session and no base "
				      "station names",
				      t->teid, watch_peer_name(w, a.to), watch_address_text(w, &o->from));
	}
}

const struct watch_hooks watch_check_spoofed_source = { .begin = begin, .finish = finish };
