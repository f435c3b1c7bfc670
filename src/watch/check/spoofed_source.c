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

static void add(struct watch *w, uint32_t tunnel, const struct wire_address *from, const struct watch_mark *mark,
		int64_t now_ns)
{
	uint64_t hash = watch_tunnel_hash(w, from, tunnel);
	uint32_t row;

	WATCH_INDEX_EACH(&w->others->index, hash, old)
	if (other_at(w, old)->tunnel == tunnel && watch_address_is(&other_at(w, old)->from, from))
		return;
	row = watch_rows_add(&w->others->rows, w->arena);
	if (row == WATCH_NONE)
		return;
	watch_tunnel_at(w, tunnel)->flags |= WATCH_TUNNEL_KEPT;
	*other_at(w, row) = (struct other){ tunnel, *from, now_ns, mark->frame };
	watch_index_put(&w->others->index, w->arena, hash, row);
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

static bool is_named(const struct watch *w, const struct wire_address *a)
{
	uint32_t peer = watch_peer_find(w, a);

	return peer != WATCH_NONE &&
	       (watch_peer_at(w, peer)->named || watch_element_of(w, peer) != WATCH_NONE ||
		watch_peer_at(w, peer)->roles & (WATCH_ROLE_ACCESS_TUNNEL | WATCH_ROLE_CORE_TUNNEL));
}

/*
 * Tunnels into which somebody sends whom somebody names. Where there is none, addresses are translated on the way, and a
 * second one says nothing.
 */
static bool *honest_tunnels(struct watch *w)
{
	bool *honest = arena_array(w->arena, (size_t)w->tunnels.count + 1, sizeof *honest);

	for (uint32_t i = 0; i < w->others->rows.count; i++)
		if (is_named(w, &other_at(w, i)->from))
			honest[other_at(w, i)->tunnel] = true;
	return honest;
}

static void finish(struct watch *w, void *own)
{
	const bool *honest = w->others->rows.count ? honest_tunnels(w) : NULL;

	(void)own;
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

		if (!honest[o->tunnel] || is_named(w, &o->from))
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
