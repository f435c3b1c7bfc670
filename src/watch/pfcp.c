/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PFCP, TS 29.244: associations, sessions, and of their rules what says where packets go - PDRs with the tunnel ends
 * that a user plane receives on, FARs with the ends that it sends to. A tunnel counts as ordered when it is named; what
 * a request changes in a session holds once the answer accepts it.
 */
#include "watch/said.h"

#include <string.h>

enum { /* message types, table 7.3-1 */
       HEARTBEAT = 1,
       HEARTBEAT_ANSWER = 2,
       ASSOCIATION_SETUP = 5,
       ASSOCIATION_RELEASE = 9,
       SET_DELETION = 14,
       ESTABLISHMENT = 50,
       ESTABLISHMENT_ANSWER = 51,
       MODIFICATION = 52,
       DELETION = 54,
       REPORT = 56,
};
enum { UP_FEATURES = 43 }; /* element, table 8.1.2-1 */
enum { ACCEPTED = 1, UNKNOWN_CONTEXT = 65, ASSOCIATION_MISSING = 72 }; /* causes, table 8.2.1-1 */
enum { RING = 1 << 14, INTERFACE_ACCESS = 0 };

struct change { /* one rule of a request that waits for its answer: a line of the cache */
	uint64_t instance;
	struct wire_address address; /* PDR: the subscriber's IPv4; FAR: to where it copies */
	struct wire_address ue_v6;
	uint32_t id, teid, place;    /* as in watch_rule */
	uint16_t action;
	uint8_t change, kind, interface, ue_bits; /* as in watch_said */
	bool has_action, has_end;
};
static_assert(sizeof(struct change) <= 64, "a line");

struct watch_pfcp {
	struct change *ring; /* RING of them: alone, they fill half a huge page to its end */
	uint64_t head;
};

/* ---- orders: liberal, because a tunnel that is named anywhere was at least spoken of ---- */

/* The tunnel's row; *peer: whose address it is. WATCH_NONE both where there is no address, or no room for it. */
static uint32_t order(struct watch *w, const struct wire_address *to, uint32_t teid, uint64_t hash, uint32_t session,
		      enum wire_end end, int64_t now_ns, uint32_t by, uint32_t *peer)
{
	*peer = watch_peer_network(w, to,
				   WATCH_ROLE_USER_PLANE |
					   (end == WIRE_END_CORE ? WATCH_ROLE_CORE_TUNNEL : WATCH_ROLE_ACCESS_TUNNEL),
				   now_ns);
	if (*peer == WATCH_NONE)
		return WATCH_NONE;
	if (end == WIRE_END_CORE) {
		watch_peer_at(w, *peer)->controller = by;
		watch_peer_at(w, *peer)->named = true;
		watch_peer_is(w, *peer, watch_element_of(w, by));
	}
	return watch_tunnel_order_of(w, to, teid, hash, session, end, now_ns);
}

/* Of a rule towards interception a count is kept, and nothing of the rule. */
static void hide_interception(struct watch *w, struct watch_said *s, uint32_t user, int64_t now_ns)
{
	bool main = s->has_end && watch_is_li(w, &s->end), copy = s->has_copy && watch_is_li(w, &s->copy);

	if (s->kind != WATCH_RULE_FAR || !(main || copy))
		return;
	watch_li_rule(w, &watch_peer_at(w, user)->address, now_ns);
	s->action &= (uint16_t)~WIRE_ACTION_DUPL;
	s->has_copy = false;
	memset(&s->copy, 0, sizeof s->copy);
	if (main) {
		s->has_end = false;
		memset(&s->end, 0, sizeof s->end);
	}
}

/* One end of a rule, and whose packets go there; the peer of its address. */
static uint32_t order_end(struct watch *w, const struct watch_said *s, const struct wire_address *to, uint64_t hash,
			  uint32_t session, uint32_t user, int64_t now_ns)
{
	uint32_t peer = WATCH_NONE, tunnel = WATCH_NONE;

	if (wire_address_is_none(to))
		return WATCH_NONE;
	if (s->kind == WATCH_RULE_PDR)
		tunnel = order(w, to, s->teid, hash, session, WIRE_END_CORE, now_ns, user, &peer);
	else if (!watch_is_li(w, &s->end))
		tunnel = order(w, to, s->teid, hash, WATCH_NONE,
			       s->interface == INTERFACE_ACCESS ? WIRE_END_ACCESS : WIRE_END_UNKNOWN, now_ns,
			       WATCH_NONE, &peer);
	if (tunnel == WATCH_NONE) /* nobody ordered it, but it may be there */
		tunnel = watch_tunnel_find(w, to, s->teid);
	watch_tunnel_user(w, tunnel, session);
	return peer == WATCH_NONE ? WATCH_NO_PEER : peer;
}

/* Returns the place of the rule's address: watch_rule. */
static uint32_t order_said(struct watch *w, const struct watch_said *s, uint32_t session, uint32_t user, int64_t now_ns)
{
	uint32_t place = WATCH_NONE, peer;

	if (s->has_end) {
		place = order_end(w, s, &s->end, s->hash, session, user, now_ns);
		if (!watch_address_is(&s->v6, &s->end))
			order_end(w, s, &s->v6, watch_tunnel_hash(w, &s->v6, s->teid), session, user, now_ns);
	}
	if (s->kind == WATCH_RULE_FAR && s->has_copy && !watch_is_li(w, &s->copy))
		order(w, &s->copy, s->copy_teid, watch_tunnel_hash(w, &s->copy, s->copy_teid), WATCH_NONE,
		      WIRE_END_UNKNOWN, now_ns, WATCH_NONE, &peer);
	return place;
}

static struct change change_of(const struct watch_said *s, uint32_t place)
{
	return (struct change){ .instance = s->instance,
				.address = s->kind == WATCH_RULE_PDR ? s->ue_v4 : s->copy,
				.ue_v6 = s->ue_v6,
				.id = s->id,
				.teid = s->teid,
				.place = place,
				.action = s->action,
				.change = s->change,
				.kind = s->kind,
				.interface = s->interface,
				.ue_bits = s->ue_bits,
				.has_action = s->has_action,
				.has_end = s->has_end };
}

/* ---- changes that were accepted ---- */

static uint32_t rule_find(const struct watch *w, const struct watch_session *s, unsigned kind, uint32_t id)
{
	for (uint32_t r = s->first_rule; r != WATCH_NONE; r = watch_rule_at(w, r)->next)
		if (watch_rule_at(w, r)->kind == kind && watch_rule_at(w, r)->id == id)
			return r;
	return WATCH_NONE;
}

static void remove_rule(struct watch *w, uint32_t session, uint32_t rule, const struct watch_heard *h)
{
	struct watch_rule *r = watch_rule_at(w, rule);
	uint32_t tunnel;

	r->is_gone = true;
	if (r->kind != WATCH_RULE_PDR || r->place >= WATCH_NO_PEER)
		return;
	for (uint32_t o = watch_session_at(w, session)->first_rule; o != WATCH_NONE; o = watch_rule_at(w, o)->next) {
		const struct watch_rule *other = watch_rule_at(w, o);

		if (!other->is_gone && other->kind == WATCH_RULE_PDR && other->teid == r->teid &&
		    other->place == r->place)
			return;
	}
	tunnel = watch_tunnel_find(w, &watch_peer_at(w, r->place)->address, r->teid);
	if (tunnel != WATCH_NONE && watch_story_at(w, tunnel)->session == session)
		watch_tunnel_end(w, tunnel, h->now_ns, h->frame);
}

static void merge(struct watch_rule *r, const struct change *c)
{
	r->is_gone = false;
	if (c->has_action)
		r->action = c->action;
	if (c->interface != WATCH_NOT_SAID)
		r->interface = c->interface;
	if (c->has_end) {
		r->teid = c->teid;
		r->place = c->place;
	}
}

static void take_user_address(struct watch_session *s, const struct change *c)
{
	if (!wire_address_is_none(&c->address))
		s->ue_v4 = c->address;
	if (!wire_address_is_none(&c->ue_v6)) {
		s->ue_v6 = c->ue_v6;
		s->ue_v6_bits = c->ue_bits;
	}
	/* the instance of the packets' far side names whose addresses they are; the access side's is the transport's */
	if (c->instance && (!s->instance || c->interface == 1))
		s->instance = c->instance;
}

/* WATCH_NONE where there is no room (counted). */
static uint32_t rule_new(struct watch *w, uint32_t session, const struct change *c)
{
	struct watch_session *s = watch_session_at(w, session);
	uint32_t rule = w->free_rule;

	if (rule != WATCH_NONE)
		w->free_rule = watch_rule_at(w, rule)->next;
	else
		rule = watch_rows_add(&w->rules, w->arena);
	if (rule == WATCH_NONE) {
		w->counters.rules_full++;
		return WATCH_NONE;
	}
	*watch_rule_at(w, rule) = (struct watch_rule){ .id = c->id,
						       .kind = c->kind & 15,
						       .next = s->first_rule,
						       .place = WATCH_NONE,
						       .interface = WATCH_NOT_SAID };
	s->first_rule = rule;
	return rule;
}

/* What checks of rules look at: a FAR that sends somewhere, or duplicates. */
static void tell_rule(struct watch *w, const struct change *c, uint32_t rule, const struct watch_rule *before,
		      const struct watch_event *e)
{
	const struct watch_rule *r = watch_rule_at(w, rule);
	struct watch_event set;

	if (r->kind != WATCH_RULE_FAR || c->change == WATCH_CHANGE_CREATED ||
	    (r->place == WATCH_NONE && !(r->action & WIRE_ACTION_DUPL)))
		return;
	set = *e;
	set.kind = WATCH_RULE_SET;
	set.rule = rule;
	set.copy = c->address;
	set.before = before;
	watch_event(w, &set);
}

static void apply(struct watch *w, const struct change *c, uint32_t session, const struct watch_event *e,
		  const struct watch_heard *h)
{
	struct watch_session *s = watch_session_at(w, session);
	uint32_t rule = rule_find(w, s, c->kind, c->id);
	struct watch_rule before = { 0 };
	bool is_new = rule == WATCH_NONE;

	if (c->change == WATCH_CHANGE_REMOVE) {
		if (!is_new)
			remove_rule(w, session, rule, h);
		return;
	}
	if (c->kind == WATCH_RULE_PDR)
		take_user_address(s, c);
	if (is_new && c->kind == WATCH_RULE_PDR && !c->has_end)
		return;
	if (is_new)
		rule = rule_new(w, session, c);
	else
		before = *watch_rule_at(w, rule);
	if (rule == WATCH_NONE)
		return;
	merge(watch_rule_at(w, rule), c);
	tell_rule(w, c, rule, is_new ? NULL : &before, e);
}

/* ---- who is who ---- */

/* TS 29.244 clause 6.2.2: a heartbeat or set-up with a later recovery time stamp says that the sender has started anew. */
static void note_recovery(struct watch *w, struct watch_heard *h, const struct watch_told *t, uint32_t peer)
{
	const struct wire_field *f = watch_told_field(h, t->recovery);
	struct watch_event e = { .kind = WATCH_RESTARTED,
				 .now_ns = h->now_ns,
				 .frame = h->frame,
				 .from = h->from,
				 .to = peer,
				 .session = WATCH_NONE,
				 .rule = WATCH_NONE };
	struct watch_peer *p;

	if (!f || peer == WATCH_NONE)
		return;
	p = watch_peer_at(w, peer);
	if (p->recovery && f->number > p->recovery) {
		p->restarted_ns = h->now_ns;
		p->recovery = (uint32_t)f->number;
		watch_event(w, &e);
	}
	if (!p->recovery)
		p->recovery = (uint32_t)f->number;
}

/*
 * A node id that is a declared element's address or name says whose this address is. But who asks for something and
 * claims to be an element whose addresses are declared, from another address, may be anybody.
 */
static void note_node(struct watch *w, const struct watch_heard *h, const struct watch_told *t, uint32_t peer)
{
	const struct wire_field *f = watch_told_field(h, t->node);
	uint32_t element = WATCH_NONE;
	struct wire_address a;

	if (!f || peer == WATCH_NONE)
		return;
	a = wire_address_is_none(&f->v4) ? f->v6 : f->v4;
	watch_peer_at(w, peer)->node = hash_bytes(f->bytes, f->length) | 1;
	if (!w->options.net || watch_element_of(w, peer) != WATCH_NONE)
		return;
	if (!wire_address_is_none(&a)) {
		element = watch_element_of(w, watch_peer_find(w, &a));
		if (element != WATCH_NONE && h->message->kind & WIRE_REQUEST)
			return;
	} else if (f->length)
		element = watch_element_named(w, (const char *)f->bytes, f->length);
	if (element != WATCH_NONE)
		watch_peer_is(w, peer, element);
	else
		watch_peer_at(w, peer)->identity_seen = true;
}

static void give_role(struct watch *w, uint32_t peer, uint16_t role)
{
	if (peer != WATCH_NONE)
		watch_peer_at(w, peer)->roles |= role;
}

/* ---- requests ---- */

/* Somebody asks for sessions whose association was set up before the capture began. */
static void note_older_peer(struct watch *w, const struct watch_heard *h)
{
	if (!watch_peer_at(w, h->from)->set_up_ns)
		watch_peer_at(w, h->to)->older_peers = true;
}

static uint32_t session_asked(struct watch *w, struct watch_heard *h, const struct watch_told *t)
{
	const struct wire_field *seid = watch_told_field(h, t->session);
	uint32_t row = watch_session_new(w, WIRE_PFCP, h->from, h->to, h);

	if (row == WATCH_NONE)
		return row;
	if (seid) {
		watch_session_at(w, row)->control_seid = seid->number;
		watch_session_index(w, row, WIRE_PFCP, h->from, seid->number);
	}
	return row;
}

/* One whose set-up was before the capture, or was not heard. */
static uint32_t session_older(struct watch *w, struct watch_heard *h)
{
	uint32_t row = watch_session_new(w, WIRE_PFCP, h->from, h->to, h);

	if (row == WATCH_NONE)
		return row;
	watch_session_at(w, row)->older = true;
	watch_session_at(w, row)->state = WATCH_LIVE;
	watch_session_at(w, row)->user_seid = h->message->id;
	watch_session_index(w, row, WIRE_PFCP, h->to, h->message->id);
	return row;
}

/* Its rules: what they name is ordered, and they wait for the answer. */
static void stage(struct watch *w, struct watch_heard *h, const struct watch_told *t, struct watch_request *r)
{
	r->staged = w->pfcp->head;
	r->staged_count = t->count;
	for (uint16_t i = 0; i < t->count; i++) /* they were last written a whole ring ago */
		__builtin_prefetch(&w->pfcp->ring[(w->pfcp->head + i) % RING], 1);
	for (uint16_t i = 0; i < t->count; i++) {
		struct watch_said *s = &t->rules[i];
		uint32_t place;

		if (w->options.li)
			hide_interception(w, s, h->to, h->now_ns);
		place = order_said(w, s, h->session, h->to, h->now_ns);
		w->pfcp->ring[w->pfcp->head++ % RING] = change_of(s, place);
		if (!wire_address_is_none(&s->ue_v4)) /* the answer will ask for it */
			watch_user_fetch(w, &s->ue_v4, s->instance, h->to);
	}
}

static void on_request(struct watch *w, struct watch_heard *h)
{
	const struct watch_told *t;
	struct watch_request *r = watch_request_new(w, h);

	if (!r)
		return;
	t = watch_told_of(w, h);
	switch (h->message->type) {
	case HEARTBEAT:
		note_recovery(w, h, t, h->from);
		return;
	case ASSOCIATION_SETUP:
		note_node(w, h, t, h->from);
		note_recovery(w, h, t, h->from);
		return;
	case ESTABLISHMENT:
		note_older_peer(w, h);
		give_role(w, h->from, WATCH_ROLE_PFCP_CP);
		give_role(w, h->to, WATCH_ROLE_PFCP_UP);
		note_node(w, h, t, h->from);
		h->session = session_asked(w, h, t);
		break;
	case MODIFICATION:
	case DELETION:
		note_older_peer(w, h);
		give_role(w, h->from, WATCH_ROLE_PFCP_CP);
		give_role(w, h->to, WATCH_ROLE_PFCP_UP);
		h->session = watch_session_find(w, WIRE_PFCP, h->to, h->message->id);
		if (h->session == WATCH_NONE)
			h->session = session_older(w, h);
		if (h->message->type == DELETION && h->session != WATCH_NONE &&
		    (watch_session_at(w, h->session)->control == h->from ||
		     watch_session_at(w, h->session)->taken_by == h->from))
			watch_session_leaves(w, h->session, h->now_ns);
		break;
	case REPORT:
		h->session = watch_session_find(w, WIRE_PFCP, h->to, h->message->id);
		break;
	default:
		return;
	}
	watch_request_about(w, r, h->session);
	r->takes_over = h->message->type == MODIFICATION && t->session;
	stage(w, h, t, r);
}

/* ---- answers ---- */

static void association_set_up(struct watch *w, struct watch_heard *h, const struct watch_told *t,
			       const struct watch_event *asked)
{
	struct watch_event e = *asked;

	note_node(w, h, t, h->from);
	note_recovery(w, h, t, h->from);
	if (h->cause != ACCEPTED)
		return;
	/* UP function features tell which side the user plane is (table 7.4.4.1-1); a request has none from a control plane */
	if (watch_field(h, WIRE_BYTES, UP_FEATURES) || watch_field(h, WIRE_NUMBER, UP_FEATURES)) {
		give_role(w, h->from, WATCH_ROLE_PFCP_UP);
		give_role(w, h->to, WATCH_ROLE_PFCP_CP);
	}
	if (h->from != WATCH_NONE)
		watch_peer_at(w, h->from)->set_up_ns = h->now_ns;
	if (h->to != WATCH_NONE)
		watch_peer_at(w, h->to)->set_up_ns = h->now_ns;
	e.kind = WATCH_ASSOCIATED;
	watch_event(w, &e);
}

static void apply_all(struct watch *w, const struct watch_heard *h, const struct watch_told *t,
		      const struct watch_request *r, const struct watch_event *e)
{
	if (w->pfcp->head - r->staged < RING)
		for (uint32_t i = 0; i < r->staged_count; i++)
			apply(w, &w->pfcp->ring[(r->staged + i) % RING], r->session, e, h);
	for (uint16_t i = 0; i < t->count; i++) { /* what the user plane chose */
		uint32_t place = order_said(w, &t->rules[i], r->session, h->from, h->now_ns);
		struct change c = change_of(&t->rules[i], place);

		apply(w, &c, r->session, e, h);
	}
}

static void established(struct watch *w, struct watch_heard *h, const struct watch_told *t,
			const struct watch_request *r, struct watch_event *e)
{
	const struct wire_field *seid = watch_told_field(h, t->session);
	struct watch_session *s = watch_session_at(w, r->session);

	if (h->cause != ACCEPTED) {
		s->state = WATCH_REFUSED;
		return;
	}
	s->state = WATCH_LIVE;
	s->live_ns = h->now_ns;
	if (seid) {
		s->user_seid = seid->number;
		watch_session_index(w, r->session, WIRE_PFCP, h->from, seid->number);
	}
	e->kind = WATCH_SESSION_LIVE;
	apply_all(w, h, t, r, e);
	watch_event(w, e);
}

static void session_answered(struct watch *w, struct watch_heard *h, const struct watch_told *t,
			     const struct watch_request *r, struct watch_event *e)
{
	struct watch_session *s = watch_session_at(w, r->session);

	if (s->older && !s->control_seid && h->message->has_id && h->message->id) {
		s->control_seid = h->message->id;
		watch_session_index(w, r->session, WIRE_PFCP, h->to, h->message->id);
	}
	if (h->cause == UNKNOWN_CONTEXT) {
		e->kind = WATCH_SESSION_LOST;
		watch_event(w, e);
		return;
	}
	if (h->cause != ACCEPTED)
		return;
	if (r->type == MODIFICATION) {
		e->kind = WATCH_SESSION_CHANGED;
		watch_event(w, e);
		apply_all(w, h, t, r, e);
		watch_session_at(w, r->session)->changes++;
		if (r->takes_over)
			watch_session_at(w, r->session)->taken_by = r->from;
	} else {
		e->kind = WATCH_SESSION_OVER;
		watch_event(w, e);
		watch_session_over(w, r->session, h->now_ns, h->frame);
	}
}

/*
 * An answer whose request was not heard, or not yet. That an association is there it tells all the same; who asks for
 * sessions right after it needs no older one.
 */
static void unasked(struct watch *w, const struct watch_heard *h, const struct watch_told *t)
{
	if (h->message->type == ASSOCIATION_SETUP + 1 && h->cause == ACCEPTED && watch_clocks_apart(w)) {
		watch_peer_at(w, h->from)->set_up_ns = h->now_ns;
		watch_peer_at(w, h->to)->set_up_ns = h->now_ns;
	}
	watch_early_keep(w, h);
	for (uint16_t i = 0; i < t->count; i++)
		order_said(w, &t->rules[i], WATCH_NONE, h->from, h->now_ns);
}

static void on_answer(struct watch *w, struct watch_heard *h)
{
	const struct watch_told *t = watch_told_of(w, h);
	const struct wire_field *cause = watch_told_field(h, t->cause);
	struct watch_request *r;
	struct watch_event e;

	h->cause = cause ? (uint32_t)cause->number : 0;
	r = watch_request_of(w, h);
	if (!r && !h->retold)
		unasked(w, h, t);
	if (!r)
		return;
	watch_zero(&e, sizeof e);
	e.now_ns = h->now_ns;
	e.frame = h->frame;
	e.asked_frame = r->frame;
	e.asked_ns = r->time_ns;
	e.from = r->from;
	e.to = r->to;
	e.session = r->session;
	e.rule = WATCH_NONE;
	e.takes_over = r->takes_over;
	if (r->type == HEARTBEAT)
		note_recovery(w, h, t, h->from);
	else if (r->type == ASSOCIATION_SETUP)
		association_set_up(w, h, t, &e);
	else if (r->session == WATCH_NONE)
		return;
	else if (r->type == ESTABLISHMENT)
		established(w, h, t, r, &e);
	else if (r->type == MODIFICATION || r->type == DELETION)
		session_answered(w, h, t, r, &e);
}

void watch_track_pfcp(struct watch *w, struct watch_heard *h)
{
	struct watch_heard answer;

	if (h->from == WATCH_NONE || h->to == WATCH_NONE)
		return;
	if (!w->pfcp) {
		w->pfcp = arena_alloc(w->arena, sizeof *w->pfcp);
		w->pfcp->ring = arena_array(w->arena, RING, sizeof *w->pfcp->ring);
	}
	if (h->message->kind & WIRE_REQUEST)
		on_request(w, h);
	else if (h->message->kind & (WIRE_RESPONSE | WIRE_FAILURE))
		on_answer(w, h);
	if (h->message->kind & WIRE_REQUEST && !h->retold && watch_early_of(w, h, &answer))
		on_answer(w, &answer);
}

/*
 * "Port unreachable" (RFC 792 type 3 code 3, RFC 4443 type 1 code 4) about a PFCP request: nobody listens there, so its
 * process has ended, and its sessions with it.
 */
void watch_track_unreachable(struct watch *w, const struct wire_level *l, uint32_t from, int64_t now_ns)
{
	enum { PORT = 8805, V4_QUOTED = 8 + 20, V6_QUOTED = 8 + 40 };
	bool v4 = wire_address_is_v4(&l->source);
	size_t at = (v4 ? V4_QUOTED : V6_QUOTED) + 2;
	const uint8_t *p = l->payload;

	if (l->payload_bytes < at + 2 || p[0] != (v4 ? 3 : 1) || p[1] != (v4 ? 3 : 4))
		return;
	if ((p[at] << 8 | p[at + 1]) == PORT &&
	    watch_peer_at(w, from)->roles & (WATCH_ROLE_PFCP_UP | WATCH_ROLE_PFCP_CP))
		watch_peer_at(w, from)->restarted_ns = now_ns;
}
