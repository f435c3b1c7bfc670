/* SPDX-License-Identifier: Apache-2.0 */
/*
 * byte-balance: a user-plane function passes on what it receives; from its own addresses it has little to say. One that
 * sends more of its own than it received over all interfaces that were seen, headers left out, has another source. Its
 * G-PDUs are what it passes on and count as received only: the other side of them, the radio or N6, has addresses that
 * are nobody's. Where none of its tunnels was seen, or a tap heard one direction, no more is said than "unknown".
 */
#include "watch/internal.h"

struct balance {                          /* of an element */
	uint64_t sent, received, tunnels; /* payload bytes */
	uint64_t most;
	uint32_t pair; /* that carried most of what it sent */
	bool is_half;  /* some of it was heard in one direction only: what it received is not known */
};

static bool passes_on(const struct watch *w, uint32_t element)
{
	const struct net_function *f = watch_element_row(w, element);

	return f && f->routes_user_traffic && f->plane != PLANE_CONTROL;
}

static void add(struct watch *w, struct balance *all, uint32_t row)
{
	const struct watch_pair *p = watch_pair_at(w, row);
	uint32_t from = watch_element_of(w, p->from), to = watch_element_of(w, p->to);
	bool is_tunnels = p->service.protocol == WIRE_GTPU;

	if (watch_peer_at(w, p->from)->is_li || watch_peer_at(w, p->to)->is_li || from == to)
		return;
	if (watch_frame_is_half(w, p->first_frame)) {
		if (to != WATCH_NONE)
			all[to].is_half = true;
		if (from != WATCH_NONE)
			all[from].is_half = true;
	}
	if (to != WATCH_NONE) {
		all[to].received += p->payload;
		all[to].tunnels += is_tunnels ? p->payload : 0;
	}
	if (from == WATCH_NONE || is_tunnels)
		return;
	all[from].sent += p->payload;
	if (p->payload > all[from].most) {
		all[from].most = p->payload;
		all[from].pair = row;
	}
}

static void finish(struct watch *w, void *own)
{
	size_t count = w->options.net ? w->options.net->table[NET_ELEMENTS].rows : 0;
	struct balance *all = arena_array(w->arena, count + 1, sizeof *all);

	(void)own;
	for (uint32_t i = 0; count && i < w->pairs.count; i++)
		add(w, all, i);
	for (uint32_t e = 0; e < count; e++) {
		const struct balance *b = &all[e];
		uint64_t allowed = b->received / 100 * (uint64_t)watch_limit(w, WATCH_BALANCE_PERCENT);
		const struct watch_pair *p = b->most ? watch_pair_at(w, b->pair) : NULL;
		struct watch_alarm a = { .certainty = b->tunnels && !b->is_half ? WATCH_LIKELY : WATCH_UNKNOWN };

		if (!p || !passes_on(w, e) || b->sent < (uint64_t)watch_limit(w, WATCH_BALANCE_BYTES) ||
		    b->sent <= allowed)
			continue;
		a.from = p->from;
		a.to = p->to;
		a.time_ns = p->first_ns;
		a.frame = p->first_frame;
		a.packets = p->packets;
		if (watch_alarm(w, "byte-balance", &a))
			watch_explain(w, "%s sent %llu bytes of its own and received %llu; most of it went to %s",
				      watch_peer_name(w, p->from), (unsigned long long)b->sent,
				      (unsigned long long)b->received, watch_peer_name(w, p->to));
	}
}

const struct watch_hooks watch_check_byte_balance = { .finish = finish };
