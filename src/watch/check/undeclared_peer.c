/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undeclared-peer: a protocol of the network between a declared element and an address that is nobody's. Who stands
 * there may have said so (node id, base station's id and name, SCTP addresses, tunnel ends that a declared element
 * names): then the address is its; certain is only an identity that is nobody's either. An SCTP endpoint tries all paths
 * of an association (RFC 9260 clause 8.3), so an address that was heard in such trials alone may be another one of
 * somebody's who is declared.
 */
#include "watch/internal.h"

enum { SCTP = 132, SCTP_HEARTBEAT = 4, SCTP_HEARTBEAT_ACK = 5 };

struct own {
	bool *has_spoken; /* by pair: more than trials of a path */
	uint32_t room;
};

static void *begin(struct watch *w)
{
	return w->options.net ? arena_alloc(w->arena, sizeof(struct own)) : NULL;
}

static void heard(struct watch *w, void *state, const struct watch_heard *h)
{
	struct own *own = state;

	if (!own || h->pair == WATCH_NONE || watch_pair_at(w, h->pair)->service.transport != SCTP ||
	    (h->message->protocol == WIRE_SCTP &&
	     (h->message->type == SCTP_HEARTBEAT || h->message->type == SCTP_HEARTBEAT_ACK)))
		return;
	if (h->pair >= own->room) {
		uint32_t room = own->room ? own->room : 64;

		while (room <= h->pair)
			room *= 2;
		own->has_spoken = arena_grow(w->arena, own->has_spoken, own->room * sizeof *own->has_spoken,
					     room * sizeof *own->has_spoken);
		own->room = room;
	}
	own->has_spoken[h->pair] = true;
}

static bool tries_a_path(const struct own *own, uint32_t pair, const struct watch_pair *p)
{
	return p->service.transport == SCTP && (pair >= own->room || !own->has_spoken[pair]);
}

static bool gave_identity(const struct watch *w, uint32_t peer)
{
	return watch_peer_at(w, peer)->identity_seen || (watch_peer_at(w, peer)->name_seen && w->names_match);
}

static void judge(struct watch *w, const struct own *own, uint32_t row)
{
	const struct watch_pair *p = watch_pair_at(w, row);
	uint32_t from = watch_element_of(w, p->from), to = watch_element_of(w, p->to);
	uint32_t stranger = from == WATCH_NONE ? p->from : p->to, began = watch_pair_began(w, p);
	struct watch_alarm a = { .certainty = gave_identity(w, stranger)  ? WATCH_CERTAIN
					      : tries_a_path(own, row, p) ? WATCH_UNKNOWN
									  : WATCH_LIKELY,
				 .from = began,
				 .to = began == p->from ? p->to : p->from,
				 .detail = p->service.protocol,
				 .time_ns = p->first_ns,
				 .frame = p->first_frame,
				 .packets = p->packets };
	size_t may_be;

	if (from != WATCH_NONE && to != WATCH_NONE)
		return;
	a.certainty = watch_stranger(w, &p->service, stranger == p->from ? p->to : p->from, a.certainty, &may_be);
	if (watch_alarm(w, "undeclared-peer", &a))
		watch_explain(w, "%s with %s, which is %s%s%s", wire_protocol_name(p->service.protocol),
			      watch_peer_name(w, stranger),
			      from == to ? "no declared element's, nor is the other end" : "no declared element's",
			      gave_identity(w, stranger)  ? "; the identity that it gave is nobody's either"
			      : tries_a_path(own, row, p) ? "; only the path was tried, which may be another of a "
							    "known association's"
							  : "",
			      watch_may_be(w, may_be));
}

static void finish(struct watch *w, void *own)
{
	for (uint32_t i = 0; own && i < w->pairs.count; i++) {
		const struct watch_pair *p = watch_pair_at(w, i);

		if (p->packets && watch_is_network(p->service.protocol))
			judge(w, own, i);
	}
}

const struct watch_hooks watch_check_undeclared_peer = {
	.hears = ~(WATCH_OF(WIRE_PFCP) | WATCH_OF(WIRE_GTPU)), .begin = begin, .heard = heard, .finish = finish
};
