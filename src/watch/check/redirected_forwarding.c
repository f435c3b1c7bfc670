/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redirected-forwarding: an accepted FAR sends a user's packets to an address (outer header creation, TS 29.244 clause
 * 8.2.56) that is no declared element's. Without an inventory: to one that no base station and no gateway has named as
 * its own, where it went to one that was named before. Judged at the end, when all who name their ends have done so.
 *
 * Certain only where the packets went to a known end before and the base stations say themselves where theirs are. An
 * address without an identity that a session has from its start may be a base station's that nobody has entered: likely.
 * Where no base station's address is declared at all, nothing can be told from one.
 */
#include "watch/internal.h"

enum { KEPT = 65536, CORE = 1 /* TS 29.244 clause 8.2.24 */ };

struct moved {
	struct watch_event e;
	struct wire_address to, before;
	uint32_t teid;
	uint8_t interface;
};

struct own {
	struct watch_rows moved;
	bool access_is_declared; /* the inventory has an address of some base station */
};

static bool has_access(const struct net *net)
{
	const struct net_column *functions = net ? net_column(net, NET_ELEMENTS, "function") : NULL,
				*addresses = net ? net_column(net, NET_ELEMENTS, "addresses") : NULL;

	for (uint32_t i = 0; functions && addresses && i < net->table[NET_ELEMENTS].rows; i++) {
		uint32_t function = functions->codes[i];

		if (CODE_IS_KNOWN(addresses->codes[i]) && CODE_IS_KNOWN(function) &&
		    net_functions[function].layer == LAYER_ACCESS)
			return true;
	}
	return false;
}

static void *begin(struct watch *w)
{
	struct own *own = arena_alloc(w->arena, sizeof *own);

	watch_rows_init(&own->moved, sizeof(struct moved), KEPT);
	own->access_is_declared = has_access(w->options.net);
	return own;
}

static void event(struct watch *w, void *state, const struct watch_event *e)
{
	struct own *own = state;
	const struct watch_rule *r = watch_rule_at(w, e->rule);
	uint32_t row, before = e->before ? e->before->place : WATCH_NONE;
	const struct watch_peer *peer;

	if (r->place >= WATCH_NO_PEER || r->place == before || watch_element_of(w, r->place) != WATCH_NONE)
		return;
	peer = watch_peer_at(w, r->place);
	if (watch_is_li(w, &peer->address))
		return;
	if (!w->options.net && (peer->named || before == WATCH_NONE))
		return;
	row = watch_rows_add(&own->moved, w->arena);
	if (row == WATCH_NONE) {
		w->counters.checks_full++;
		return;
	}
	watch_session_at(w, e->session)->is_kept = true;
	((struct moved *)own->moved.items)[row] =
		(struct moved){ .e = *e,
				.to = peer->address,
				.before = before < WATCH_NO_PEER ? watch_peer_at(w, before)->address
								 : (struct wire_address){ { 0 } },
				.teid = r->teid,
				.interface = r->interface };
}

static bool is_named(const struct watch *w, const struct wire_address *a)
{
	uint32_t peer = watch_peer_find(w, a);

	return peer != WATCH_NONE && watch_peer_at(w, peer)->named;
}

static enum watch_certainty certainty_of(const struct watch *w, const struct own *own, const struct moved *m)
{
	uint32_t before = watch_peer_find(w, &m->before);

	if (!w->options.net)
		return WATCH_LIKELY;
	/* named by a base station that is itself undeclared: that is what is told of it */
	if (is_named(w, &m->to) || (m->interface != CORE && !own->access_is_declared))
		return WATCH_UNKNOWN;
	return is_named(w, &m->before) || (m->interface == CORE && watch_element_of(w, before) != WATCH_NONE)
		       ? WATCH_CERTAIN
		       : WATCH_LIKELY;
}

static void finish(struct watch *w, void *state)
{
	struct own *own = state;

	for (uint32_t i = 0; i < own->moved.count; i++) {
		const struct moved *m = &((struct moved *)own->moved.items)[i];
		uint32_t peer = watch_peer_find(w, &m->to);
		struct watch_alarm a = { .certainty = certainty_of(w, own, m),
					 .from = m->e.from,
					 .to = m->e.to,
					 .detail = hash_bytes(&m->to, sizeof m->to),
					 .things = "session",
					 .thing = watch_session_at(w, m->e.session)->user_seid,
					 .time_ns = m->e.asked_ns,
					 .frame = m->e.asked_frame,
					 .packets = 1 };
		const struct watch_service gtpu = { .protocol = WIRE_GTPU };
		size_t may_be;
		bool is_told;

		if (peer != WATCH_NONE && watch_element_of(w, peer) != WATCH_NONE)
			continue;
		if (!w->options.net && (is_named(w, &m->to) || !is_named(w, &m->before)))
			continue;
		is_told = a.certainty != WATCH_UNKNOWN;
		a.certainty = watch_stranger(w, &gtpu, m->e.to, a.certainty, &may_be);
		if (watch_alarm(w, "redirected-forwarding", &a))
			watch_explain(w, "session 0x%llx at %s now sends to %s (TEID 0x%08x), which %s%s",
				      (unsigned long long)a.thing, watch_peer_name(w, m->e.to),
				      watch_address_text(w, &m->to), m->teid,
				      !w->options.net       ? "no base station or gateway has named"
				      : is_told             ? "is no declared element's"
				      : is_named(w, &m->to) ? "is an undeclared base station's or gateway's"
							    : "may be a base station's: no address of one is declared",
				      is_told ? watch_may_be(w, may_be) : "");
	}
}

const struct watch_hooks watch_check_redirected_forwarding = {
	.events = WATCH_OF(WATCH_RULE_SET), .begin = begin, .event = event, .finish = finish
};
