/* SPDX-License-Identifier: Apache-2.0 */
/*
 * management-egress: an element's own address speaks with the world outside the inventory, and not about the network's
 * own protocols: a login, an update, a report home. Elements that translate or route users' packets have such traffic
 * of their users' under their own address, so of them it is not known.
 */
#include "watch/internal.h"

static bool is_public_v4(const uint8_t *p)
{
	return !(p[0] == 10 || p[0] == 127 || p[0] == 0 || p[0] >= 224 || (p[0] == 172 && (p[1] & 0xf0) == 16) ||
		 (p[0] == 192 && p[1] == 168) || (p[0] == 169 && p[1] == 254) || (p[0] == 100 && (p[1] & 0xc0) == 64));
}

/* RFC 6890: what is no private, shared, link-local, loopback or multicast address. */
static bool is_public(const struct wire_address *a)
{
	if (wire_address_is_v4(a))
		return is_public_v4(a->bytes + 12);
	return (a->bytes[0] & 0xe0) == 0x20;
}

static bool routes_users(const struct watch *w, uint32_t element)
{
	const struct net_function *f = watch_element_row(w, element);

	return !f || (f->routes_user_traffic && f->layer != LAYER_ACCESS);
}

/* So does another element that is declared at the same address. */
static bool routes_there(const struct watch *w, uint32_t peer)
{
	for (uint32_t i = 0; watch_peer_is_shared(w, peer) && i < net_function_count; i++)
		if (net_functions[i].routes_user_traffic && net_functions[i].layer != LAYER_ACCESS &&
		    watch_peer_has_function(w, peer, net_functions[i].name))
			return true;
	return routes_users(w, watch_element_of(w, peer));
}

/* Nobody's packets leave under an address that only the control plane uses. */
static bool is_control(const struct watch_peer *p)
{
	const uint16_t user = WATCH_ROLE_USER_PLANE | WATCH_ROLE_CORE_TUNNEL | WATCH_ROLE_ACCESS_TUNNEL;

	return p->roles &
		       (WATCH_ROLE_PFCP_CP | WATCH_ROLE_PFCP_UP | WATCH_ROLE_AMF | WATCH_ROLE_MME | WATCH_ROLE_GTPC) &&
	       !(p->roles & user);
}

static void judge(struct watch *w, const struct watch_pair *p)
{
	uint32_t from = watch_element_of(w, p->from), to = watch_element_of(w, p->to);
	uint32_t own = from != WATCH_NONE ? p->from : p->to, other = own == p->from ? p->to : p->from;
	const struct watch_peer *outside = watch_peer_at(w, other);
	bool outside_began = (own == p->from) == p->from_serves;
	struct watch_alarm a = { .certainty = WATCH_LIKELY,
				 .from = outside_began ? other : own,
				 .to = outside_began ? own : other,
				 .detail = (uint64_t)p->service.transport << 16 | p->service.port,
				 .time_ns = p->first_ns,
				 .frame = p->first_frame,
				 .packets = p->packets };

	if ((from == WATCH_NONE) == (to == WATCH_NONE) || watch_peer_at(w, own)->known_by != WATCH_BY_ADDRESS ||
	    !p->service.port)
		return;
	if (!is_public(&outside->address) || (routes_there(w, own) && !is_control(watch_peer_at(w, own))))
		a.certainty = WATCH_UNKNOWN;
	if (watch_alarm(w, "management-egress", &a))
		watch_explain(w, "%s (%s port %u) %s %s, which is not in the inventory",
			      p->service.protocol ? wire_protocol_name(p->service.protocol) : "traffic",
			      p->service.transport == 6    ? "TCP"
			      : p->service.transport == 17 ? "UDP"
							   : "SCTP",
			      p->service.port, outside_began ? "is served to" : "goes to", watch_peer_name(w, other));
}

static void finish(struct watch *w, void *own)
{
	(void)own;
	for (uint32_t i = 0; w->options.net && i < w->pairs.count; i++) {
		const struct watch_pair *p = watch_pair_at(w, i);

		if (p->packets && !watch_is_network(p->service.protocol) && p->service.protocol != WIRE_ICMP)
			judge(w, p);
	}
}

const struct watch_hooks watch_check_management_egress = { .finish = finish };
