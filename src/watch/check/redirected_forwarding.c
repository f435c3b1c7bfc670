/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redirected-forwarding: an accepted FAR sends a user's packets to an address (outer header creation, TS 29.244 clause
 * 8.2.56) that is no declared element's. Without an inventory: to one that no base station and no gateway has named as
 * its own, where it went to one that was named before. Judged at the end, when all who name their ends have done so.
 */
#include "watch/internal.h"

enum { KEPT = 65536 };

struct moved {
	struct watch_event e;
	struct wire_address to, before;
	uint32_t teid;
};

struct own {
	struct watch_rows moved;
};

static void *begin(struct watch *w)
{
	struct own *own = arena_alloc(w->arena, sizeof *own);

	watch_rows_init(&own->moved, sizeof(struct moved), KEPT);
	return own;
}

static void event(struct watch *w, void *state, const struct watch_event *e)
{
	struct own *own = state;
	const struct watch_rule *r = e->kind == WATCH_RULE_SET ? watch_rule_at(w, e->rule) : NULL;
	uint32_t row, peer;

	if (!r || r->kind != WATCH_RULE_FAR || wire_address_is_none(&r->address) || watch_is_li(w, &r->address))
		return;
	peer = watch_peer_find(w, &r->address);
	if (peer == WATCH_NONE || watch_element_of(w, peer) != WATCH_NONE)
		return;
	if (e->before && watch_address_is(&e->before->address, &r->address))
		return;
	if (!w->options.net &&
	    (watch_peer_at(w, peer)->named || !e->before || wire_address_is_none(&e->before->address)))
		return;
	row = watch_rows_add(&own->moved, w->arena);
	if (row == WATCH_NONE)
		return;
	((struct moved *)own->moved.items)[row] =
		(struct moved){ .e = *e,
				.to = r->address,
				.before = e->before ? e->before->address : (struct wire_address){ { 0 } },
				.teid = r->teid };
}

static bool is_named(const struct watch *w, const struct wire_address *a)
{
	uint32_t peer = watch_peer_find(w, a);

	return peer != WATCH_NONE && watch_peer_at(w, peer)->named;
}

static void finish(struct watch *w, void *state)
{
	struct own *own = state;

	for (uint32_t i = 0; i < own->moved.count; i++) {
		const struct moved *m = &((struct moved *)own->moved.items)[i];
		uint32_t peer = watch_peer_find(w, &m->to);
		/* named by a base station that is itself undeclared: that is what is told of it */
		struct watch_alarm a = { .certainty = !w->options.net       ? WATCH_LIKELY
						      : is_named(w, &m->to) ? WATCH_UNKNOWN
									    : WATCH_CERTAIN,
					 .from = m->e.from,
					 .to = m->e.to,
					 .detail = hash_bytes(&m->to, sizeof m->to),
					 .things = "session",
					 .thing = watch_session_at(w, m->e.session)->user_seid,
					 .time_ns = m->e.asked_ns,
					 .frame = m->e.asked_frame,
					 .packets = 1 };

		if (peer != WATCH_NONE && watch_element_of(w, peer) != WATCH_NONE)
			continue;
		if (!w->options.net && (is_named(w, &m->to) || !is_named(w, &m->before)))
			continue;
		if (watch_alarm(w, "redirected-forwarding", &a))
			watch_explain(w, "session 0x%llx at %s now sends to %s (TEID 0x%08x), which %s",
				      (unsigned long long)a.thing, watch_peer_name(w, m->e.to),
				      watch_address_text(w, &m->to), m->teid,
				      w->options.net ? "is no declared element's"
						     : "no base station or gateway has named");
	}
}

const struct watch_hooks watch_check_redirected_forwarding = { .begin = begin, .event = event, .finish = finish };
