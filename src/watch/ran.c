/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NGAP (TS 38.413), S1AP (TS 36.413), F1AP (TS 38.473): which tunnel ends a base station and the core have named, and
 * when a user's context or one of its sessions was released. A session here is a user's context at one base station.
 */
#include "watch/internal.h"

struct procedures { /* codes of the three, in their specifications' section 9.4.7 or 9.4.3 */
	enum wire_protocol protocol;
	int set_up, reset, context_release, session_release;
	uint16_t core_role, access_role;
	bool ends_at_release; /* both ends of a tunnel are the users' context's own (F1-U) */
};

static const struct procedures table[] = {
	{ WIRE_NGAP, 21, 20, 41, 28, WATCH_ROLE_AMF, WATCH_ROLE_GNB, false },
	{ WIRE_S1AP, 17, 14, 23, 7, WATCH_ROLE_MME, WATCH_ROLE_ENB, false },
	{ WIRE_F1AP, 1, 0, 6, -1, WATCH_ROLE_CU, WATCH_ROLE_DU, true },
};

static const struct procedures *procedures_of(const struct watch_heard *h)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].protocol == (enum wire_protocol)h->message->protocol)
			return &table[i];
	return NULL;
}

/* Which end is the base station (F1: the distributed unit): the one that does not serve. */
static uint32_t access_end(const struct watch *w, const struct watch_heard *h, const struct procedures *p)
{
	if (h->from == WATCH_NONE || h->to == WATCH_NONE || h->pair == WATCH_NONE)
		return WATCH_NONE;
	if (watch_peer_at(w, h->from)->roles & p->access_role)
		return h->from;
	if (watch_peer_at(w, h->to)->roles & p->access_role)
		return h->to;
	return watch_pair_at(w, h->pair)->from_serves ? h->to : h->from;
}

static uint32_t context_of(struct watch *w, const struct watch_heard *h, const struct procedures *p, uint32_t access)
{
	const struct wire_field *ran = watch_field(h, WIRE_RAN_UE, 0), *core = watch_field(h, WIRE_CORE_UE, 0);
	uint32_t other = access == h->from ? h->to : h->from, row;

	if (!ran)
		return core ? watch_session_find(w, p->protocol, other, core->number) : WATCH_NONE;
	row = watch_session_find(w, p->protocol, access, ran->number);
	if (row != WATCH_NONE && watch_session_lives(w, row))
		return row;
	row = watch_session_new(w, p->protocol, other, access, h);
	if (row == WATCH_NONE)
		return row;
	watch_session_at(w, row)->state = WATCH_LIVE;
	watch_session_at(w, row)->live_ns = h->now_ns;
	watch_session_at(w, row)->user_seid = ran->number;
	watch_session_at(w, row)->control_seid = core ? core->number : UINT64_MAX;
	watch_session_index(w, row, p->protocol, access, ran->number);
	if (core)
		watch_session_index(w, row, p->protocol, other, core->number);
	return row;
}

static void note_core_id(struct watch *w, const struct watch_heard *h, const struct procedures *p, uint32_t access)
{
	const struct wire_field *core = watch_field(h, WIRE_CORE_UE, 0);
	struct watch_session *s = h->session == WATCH_NONE ? NULL : watch_session_at(w, h->session);

	if (!core || !s || s->control_seid == core->number)
		return;
	s->control_seid = core->number;
	watch_session_index(w, h->session, p->protocol, access == h->from ? h->to : h->from, core->number);
}

static void order_end(struct watch *w, const struct watch_heard *h, const struct procedures *p, uint32_t access,
		      const struct wire_field *f, const struct wire_address *a, uint8_t bearer)
{
	bool from_access = access != WATCH_NONE && h->from == access;
	/* An end belongs to the context only where its own side names it. */
	bool own = p->ends_at_release || (from_access && f->end == WIRE_END_ACCESS);
	uint16_t role = f->end == WIRE_END_CORE     ? WATCH_ROLE_CORE_TUNNEL
			: f->end == WIRE_END_ACCESS ? WATCH_ROLE_ACCESS_TUNNEL
						    : 0;
	uint32_t peer, tunnel;

	if (wire_address_is_none(a) || watch_is_li(w, a))
		return;
	peer = watch_peer_network(w, a, WATCH_ROLE_USER_PLANE | role, h->now_ns);
	if (peer == WATCH_NONE)
		return;
	watch_peer_at(w, peer)->named = true;
	if (own && from_access) {
		watch_peer_at(w, peer)->controller = access;
		watch_peer_is(w, peer, watch_element_of(w, access));
	}
	tunnel = watch_tunnel_order(w, a, (uint32_t)f->number, own ? h->session : WATCH_NONE, (enum wire_end)f->end,
				    h->now_ns);
	if (tunnel != WATCH_NONE && own)
		watch_story_at(w, tunnel)->bearer = bearer;
}

static void order_all(struct watch *w, const struct watch_heard *h, const struct procedures *p, uint32_t access)
{
	uint8_t bearer = 0;

	for (uint16_t i = 0; i < h->message->count; i++) {
		const struct wire_field *f = &h->fields[i];

		if (f->what == WIRE_PDU_SESSION)
			bearer = (uint8_t)f->number;
		if (f->what != WIRE_TUNNEL)
			continue;
		order_end(w, h, p, access, f, &f->v4, bearer);
		order_end(w, h, p, access, f, &f->v6, bearer);
	}
}

static void end_bearers(struct watch *w, const struct watch_heard *h)
{
	for (uint16_t i = 0; i < h->message->count; i++) {
		if (h->fields[i].what != WIRE_PDU_SESSION)
			continue;
		for (uint32_t t = watch_session_at(w, h->session)->first_tunnel; t != WATCH_NONE;
		     t = watch_story_at(w, t)->next)
			if (watch_story_at(w, t)->session == h->session &&
			    watch_story_at(w, t)->bearer == h->fields[i].number)
				watch_tunnel_end(w, t, h->now_ns, h->frame);
	}
}

/* A set-up or reset between two nodes ends all contexts between them (TS 38.413 clause 8.7.1.1). */
static void node_set_up(struct watch *w, const struct watch_heard *h, const struct procedures *p, bool anew)
{
	struct watch_event e = { .kind = WATCH_ASSOCIATED,
				 .now_ns = h->now_ns,
				 .frame = h->frame,
				 .from = h->to,
				 .to = h->from,
				 .session = WATCH_NONE,
				 .rule = WATCH_NONE };
	uint32_t access = access_end(w, h, p);

	if (access == WATCH_NONE)
		return;
	watch_peer_at(w, access)->restarted_ns = h->now_ns - 1;
	if (!anew)
		return;
	watch_peer_at(w, access)->roles |= p->access_role;
	watch_peer_at(w, access == h->from ? h->to : h->from)->roles |= p->core_role;
	watch_peer_at(w, access)->set_up_ns = h->now_ns;
	watch_event(w, &e);
}

/* A base station's own id, where elements.csv has a column gnb_id with the numbers of its stations. */
static uint32_t by_number(const struct watch *w, uint64_t number)
{
	const struct net_column *c = net_column(w->options.net, NET_ELEMENTS, "gnb_id");

	for (uint32_t e = 0; c && c->type == TYPE_MEASURE && e < w->options.net->table[NET_ELEMENTS].rows; e++)
		if (c->measures[e] != MEASURE_UNKNOWN && c->measures[e] / MICRO == (int64_t)number)
			return e;
	return WATCH_NONE;
}

static void note_identity(struct watch *w, const struct watch_heard *h)
{
	bool comparable = w->options.net && net_column(w->options.net, NET_ELEMENTS, "gnb_id"), gave_name = false;
	uint32_t element = WATCH_NONE, own = watch_element_of(w, h->from);

	if (!w->options.net || h->from == WATCH_NONE)
		return;
	for (uint16_t i = 0; i < h->message->count && element == WATCH_NONE; i++) {
		const struct wire_field *f = &h->fields[i];

		if (f->what != WIRE_NODE)
			continue;
		gave_name |= f->type == 82 || f->type == 60; /* id-RANNodeName, id-eNBname */
		element = f->length ? watch_element_named(w, (const char *)f->bytes, f->length) : WATCH_NONE;
		w->names_match |= element != WATCH_NONE && element == own;
		if (element == WATCH_NONE && comparable)
			element = by_number(w, f->number);
	}
	if (own != WATCH_NONE)
		return;
	watch_peer_is(w, h->from, element);
	watch_peer_at(w, h->from)->name_seen |= element == WATCH_NONE && gave_name;
	watch_peer_at(w, h->from)->identity_seen |= element == WATCH_NONE && comparable;
}

/* RFC 9260 clauses 3.3.2.1.1, 3.3.2.1.2: the addresses of INIT and INIT ACK are all the sender's. */
void watch_track_sctp(struct watch *w, const struct watch_heard *h)
{
	enum { INIT = 1, INIT_ACK = 2 };

	if (h->from == WATCH_NONE || (h->message->type != INIT && h->message->type != INIT_ACK))
		return;
	for (uint16_t i = 0; i < h->message->count; i++) {
		const struct wire_field *f = &h->fields[i];
		const struct wire_address *a = wire_address_is_none(&f->v4) ? &f->v6 : &f->v4;
		uint32_t peer;

		if (f->what != WIRE_ADDRESS || wire_address_is_none(a))
			continue;
		peer = watch_peer_network(w, a, 0, h->now_ns);
		watch_peer_is(w, peer, watch_element_of(w, h->from));
		watch_peer_is(w, h->from, watch_element_of(w, peer));
	}
}

void watch_track_ran(struct watch *w, struct watch_heard *h)
{
	const struct procedures *p = procedures_of(h);
	const struct wire_message *m = h->message;
	uint32_t access;

	if (!p)
		return;
	if (m->type == p->set_up) {
		if (m->kind & WIRE_REQUEST && h->from != WATCH_NONE && p->protocol != WIRE_F1AP)
			watch_peer_at(w, h->from)->roles |= p->access_role;
		note_identity(w, h);
	}
	access = access_end(w, h, p);
	if ((m->type == p->set_up || (m->type == p->reset && p->reset)) && m->kind & WIRE_RESPONSE &&
	    !(m->kind & WIRE_FAILURE)) {
		node_set_up(w, h, p, m->type == p->set_up);
		return;
	}
	h->session = context_of(w, h, p, access);
	note_core_id(w, h, p, access);
	order_all(w, h, p, access);
	if (h->session == WATCH_NONE || !(m->kind & WIRE_RESPONSE) || m->kind & WIRE_FAILURE)
		return;
	if (m->type == p->context_release)
		watch_session_over(w, h->session, h->now_ns, h->frame);
	else if (m->type == p->session_release)
		end_bearers(w, h);
}
