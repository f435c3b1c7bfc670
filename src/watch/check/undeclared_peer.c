/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undeclared-peer: a protocol of the network between a declared element and an address that is nobody's. Who stands
 * there may have said so (node id, base station's id and name, SCTP addresses, tunnel ends that a declared element
 * names): then the address is its; certain is only an identity that is nobody's either.
 */
#include "watch/internal.h"

static bool gave_identity(const struct watch *w, uint32_t peer)
{
	return watch_peer_at(w, peer)->identity_seen || (watch_peer_at(w, peer)->name_seen && w->names_match);
}

static void judge(struct watch *w, const struct watch_pair *p)
{
	uint32_t from = watch_element_of(w, p->from), to = watch_element_of(w, p->to);
	uint32_t stranger = from == WATCH_NONE ? p->from : p->to, other = stranger == p->from ? p->to : p->from;
	struct watch_alarm a = { .certainty = gave_identity(w, stranger) ? WATCH_CERTAIN : WATCH_LIKELY,
				 .from = other,
				 .to = stranger,
				 .detail = p->service.protocol,
				 .time_ns = p->first_ns,
				 .frame = p->first_frame,
				 .packets = p->packets };

	if (from != WATCH_NONE && to != WATCH_NONE)
		return;
	if (watch_alarm(w, "undeclared-peer", &a))
		watch_explain(w, "%s with %s, which is %s%s", wire_protocol_name(p->service.protocol),
			      watch_peer_name(w, stranger),
			      from == to ? "no declared element's, nor is the other end" : "no declared element's",
			      a.certainty == WATCH_CERTAIN ? "; the identity that it gave is nobody's either" : "");
}

static void finish(struct watch *w, void *own)
{
	(void)own;
	for (uint32_t i = 0; w->options.net && i < w->pairs.count; i++) {
		const struct watch_pair *p = watch_pair_at(w, i);

		if (p->packets && watch_is_network(p->service.protocol))
			judge(w, p);
	}
}

const struct watch_hooks watch_check_undeclared_peer = { .finish = finish };
