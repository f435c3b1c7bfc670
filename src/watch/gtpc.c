/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GTPv2-C (TS 29.274): the user-plane F-TEIDs that its messages name, and sessions from Create Session to Delete Session.
 * GTPv1-C and others name no ends that are read here.
 */
#include "watch/internal.h"

enum { CREATE_SESSION = 32, CREATE_ANSWER = 33, DELETE_SESSION = 36, ACCEPTED_FIRST = 16, ACCEPTED_LAST = 63 };
enum { /* F-TEID interface types, table 8.22 */
       S1U_ENODEB = 0,
       S1U_SGW = 1,
       S5_PGW_USER = 5,
       S11_SGW = 11
};

static bool is_core(uint32_t interface)
{
	return interface != S1U_ENODEB;
}

static void order_end(struct watch *w, const struct watch_heard *h, const struct wire_field *f,
		      const struct wire_address *a, uint32_t session)
{
	uint16_t role = is_core(f->extra) ? WATCH_ROLE_CORE_TUNNEL : WATCH_ROLE_ACCESS_TUNNEL;

	if (wire_address_is_none(a) || watch_is_li(w, a) ||
	    watch_peer_network(w, a, WATCH_ROLE_USER_PLANE | role, h->now_ns) == WATCH_NONE)
		return;
	watch_peer_at(w, watch_peer_find(w, a))->named = true;
	watch_tunnel_order(w, a, (uint32_t)f->number, session, is_core(f->extra) ? WIRE_END_CORE : WIRE_END_ACCESS,
			   h->now_ns);
}

/* The packet gateway's end is not the serving gateway's to release, though its answer on S11 names it. */
static uint32_t owner_of(const struct watch_heard *h, const struct wire_field *f)
{
	bool on_s11 = false;

	for (uint16_t i = 0; i < h->message->count; i++)
		on_s11 |= h->fields[i].what == WIRE_SESSION && h->fields[i].extra == S11_SGW;
	if (h->message->type != CREATE_ANSWER || (on_s11 && f->extra == S5_PGW_USER) || f->extra == S1U_ENODEB)
		return WATCH_NONE;
	return h->session;
}

static void on_request(struct watch *w, struct watch_heard *h)
{
	struct watch_request *r = watch_request_new(w, h);
	const struct wire_field *own = watch_field(h, WIRE_SESSION, 0);

	if (!r)
		return;
	if (h->message->type == CREATE_SESSION) {
		h->session = watch_session_new(w, WIRE_GTPV2C, h->from, h->to, h);
		if (h->session != WATCH_NONE && own) {
			watch_session_at(w, h->session)->control_seid = own->number;
			watch_session_index(w, h->session, WIRE_GTPV2C, h->from, own->number);
		}
	} else if (h->message->has_id) {
		h->session = watch_session_find(w, WIRE_GTPV2C, h->to, h->message->id);
	}
	watch_request_about(w, r, h->session);
}

static void on_answer(struct watch *w, struct watch_heard *h)
{
	const struct wire_field *cause = watch_field(h, WIRE_CAUSE, 0), *own = watch_field(h, WIRE_SESSION, 0);
	const struct watch_request *r = watch_request_of(w, h);
	bool accepted;

	h->cause = cause ? (uint32_t)cause->number : 0;
	if (!r && !h->retold)
		watch_early_keep(w, h);
	accepted = h->cause >= ACCEPTED_FIRST && h->cause <= ACCEPTED_LAST;
	if (!r || r->session == WATCH_NONE)
		return;
	if (r->type == CREATE_SESSION) {
		struct watch_session *s = watch_session_at(w, r->session);

		s->state = accepted ? WATCH_LIVE : WATCH_REFUSED;
		s->live_ns = h->now_ns;
		if (own && accepted) {
			s->user_seid = own->number;
			watch_session_index(w, r->session, WIRE_GTPV2C, h->from, own->number);
		}
	} else if (r->type == DELETE_SESSION && accepted) {
		watch_session_over(w, r->session, h->now_ns, h->frame);
	}
}

static void order_ends(struct watch *w, const struct watch_heard *h)
{
	for (uint16_t i = 0; i < h->message->count; i++) {
		const struct wire_field *f = &h->fields[i];

		if (f->what != WIRE_TUNNEL)
			continue;
		order_end(w, h, f, &f->v4, owner_of(h, f));
		order_end(w, h, f, &f->v6, owner_of(h, f));
	}
}

void watch_track_gtpc(struct watch *w, struct watch_heard *h)
{
	struct watch_heard answer;

	if (h->from == WATCH_NONE || h->to == WATCH_NONE)
		return;
	watch_peer_at(w, h->from)->roles |= WATCH_ROLE_GTPC;
	watch_peer_at(w, h->to)->roles |= WATCH_ROLE_GTPC;
	if (h->message->kind & WIRE_REQUEST)
		on_request(w, h);
	else
		on_answer(w, h);
	order_ends(w, h);
	if (h->message->kind & WIRE_REQUEST && !h->retold && watch_early_of(w, h, &answer)) {
		on_answer(w, &answer);
		order_ends(w, &answer);
	}
}
