/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PFCP, TS 29.244: associations, sessions, and of their rules what says where packets go - PDRs with the tunnel ends
 * that a user plane receives on, FARs with the ends that it sends to. A tunnel counts as ordered when it is named; what
 * a request changes in a session holds once the answer accepts it.
 */
#include "watch/internal.h"

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
enum { /* elements, table 8.1.2-1 */
       CREATE_PDR = 1,
       CREATE_FAR = 3,
       FORWARDING = 4,
       DUPLICATING = 5,
       CREATED_PDR = 8,
       UPDATE_PDR = 9,
       UPDATE_FAR = 10,
       UPDATE_FORWARDING = 11,
       REMOVE_PDR = 15,
       REMOVE_FAR = 16,
       UP_FEATURES = 43,
       PDR_ID = 56,
       UPDATE_DUPLICATING = 105,
       FAR_ID = 108,
};
enum { ACCEPTED = 1, UNKNOWN_CONTEXT = 65, ASSOCIATION_MISSING = 72 }; /* causes, table 8.2.1-1 */
enum { RING = 1 << 14, INTERFACE_ACCESS = 0, NOT_SAID = 255 };

enum change_kind { CHANGE_CREATE, CHANGE_UPDATE, CHANGE_REMOVE, CHANGE_CREATED };

struct change { /* one rule as a message has it: two lines of the cache */
	uint8_t kind;
	bool has_action, has_outer, has_interface, has_copy_outer, has_tunnel, chosen;
	uint32_t copy_teid; /* of duplicating parameters */
	struct wire_address copy_address;
	struct watch_rule rule;
	struct wire_address v6; /* of a tunnel end that has both */
	struct wire_address ue_v4, ue_v6;
	uint8_t ue_bits;
	uint64_t instance;
};
static_assert(sizeof(struct change) == 128, "two lines");

struct watch_pfcp {
	struct change *ring; /* RING of them: alone, they fill one huge page to its end */
	uint64_t head;
};

/* ---- rules of a message ---- */

static int change_of(uint16_t type, enum watch_rule_kind *kind)
{
	switch (type) {
	case CREATE_PDR:
	case UPDATE_PDR:
	case REMOVE_PDR:
	case CREATED_PDR:
		*kind = WATCH_RULE_PDR;
		return type == CREATE_PDR   ? CHANGE_CREATE
		       : type == UPDATE_PDR ? CHANGE_UPDATE
		       : type == REMOVE_PDR ? CHANGE_REMOVE
					    : CHANGE_CREATED;
	case CREATE_FAR:
	case UPDATE_FAR:
	case REMOVE_FAR:
		*kind = WATCH_RULE_FAR;
		return type == CREATE_FAR ? CHANGE_CREATE : type == UPDATE_FAR ? CHANGE_UPDATE : CHANGE_REMOVE;
	default:
		return -1;
	}
}

static struct wire_address either(const struct wire_field *f)
{
	return wire_address_is_none(&f->v4) ? f->v6 : f->v4;
}

static void take_far_field(struct change *c, const struct wire_field *f, bool is_copy)
{
	struct watch_rule *r = &c->rule;

	if (f->what == WIRE_APPLY_ACTION) {
		r->action = (uint16_t)f->number;
		c->has_action = true;
	} else if (f->what == WIRE_INTERFACE && !is_copy) {
		r->interface = (uint8_t)f->number;
		c->has_interface = true;
	} else if (f->what == WIRE_OUTER_CREATION && is_copy) {
		c->copy_teid = (uint32_t)f->number;
		c->copy_address = either(f);
		c->has_copy_outer = true;
	} else if (f->what == WIRE_OUTER_CREATION) {
		r->teid = (uint32_t)f->number;
		r->address = either(f);
		c->v6 = f->v6;
		c->has_outer = true;
	}
}

static void take_pdr_field(struct change *c, const struct wire_field *f)
{
	if (f->what == WIRE_TUNNEL) {
		c->has_tunnel = f->end != WIRE_END_CHOOSE;
		c->chosen = f->end == WIRE_END_CHOOSE;
		c->rule.teid = (uint32_t)f->number;
		c->rule.address = either(f);
		c->v6 = f->v6;
	} else if (f->what == WIRE_UE_ADDRESS) {
		c->ue_v4 = f->v4;
		c->ue_v6 = f->v6;
		c->ue_bits = (uint8_t)f->extra;
	} else if (f->what == WIRE_INTERFACE) {
		c->rule.interface = (uint8_t)f->number;
		c->has_interface = true;
	} else if (f->what == WIRE_INSTANCE) {
		c->instance = hash_bytes(f->bytes, f->length);
	} else if (f->what == WIRE_RULE && f->type == FAR_ID) {
		c->rule.far = (uint32_t)f->number;
	}
}

/* Writes the changes of a message into the ring; returns how many. */
static uint32_t read_changes(struct watch *w, const struct watch_heard *h, uint64_t *first)
{
	struct watch_pfcp *p = w->pfcp;
	struct change *c = NULL;
	bool in_copy = false;

	*first = p->head;
	for (uint16_t i = 0; i < h->message->count; i++) {
		const struct wire_field *f = &h->fields[i];
		enum watch_rule_kind kind;
		int what;

		if (f->depth == 0) {
			what = f->what == WIRE_GROUP ? change_of(f->type, &kind) : -1;
			c = what < 0 ? NULL : &p->ring[p->head++ % RING];
			if (c)
				*c = (struct change){
					.kind = (uint8_t)what,
					.rule = { .kind = (uint8_t)kind, .next = WATCH_NONE, .interface = NOT_SAID }
				};
			in_copy = false;
			continue;
		}
		if (!c)
			continue;
		if (f->depth == 1)
			in_copy = f->what == WIRE_GROUP && (f->type == DUPLICATING || f->type == UPDATE_DUPLICATING);
		if (f->what == WIRE_RULE && f->depth == 1 &&
		    f->type == (c->rule.kind == WATCH_RULE_PDR ? PDR_ID : FAR_ID))
			c->rule.id = (uint32_t)f->number;
		else if (c->rule.kind == WATCH_RULE_FAR)
			take_far_field(c, f, in_copy);
		else
			take_pdr_field(c, f);
	}
	return (uint32_t)(p->head - *first);
}

/* ---- orders: liberal, because a tunnel that is named anywhere was at least spoken of ---- */

static void order(struct watch *w, const struct wire_address *to, uint32_t teid, uint32_t session, enum wire_end end,
		  int64_t now_ns, uint32_t by)
{
	uint32_t peer;

	if (wire_address_is_none(to))
		return;
	peer = watch_peer_network(w, to,
				  WATCH_ROLE_USER_PLANE |
					  (end == WIRE_END_CORE ? WATCH_ROLE_CORE_TUNNEL : WATCH_ROLE_ACCESS_TUNNEL),
				  now_ns);
	if (peer == WATCH_NONE)
		return;
	if (end == WIRE_END_CORE) {
		watch_peer_at(w, peer)->controller = by;
		watch_peer_at(w, peer)->named = true;
		watch_peer_is(w, peer, watch_element_of(w, by));
	}
	watch_tunnel_order(w, to, teid, session, end, now_ns);
}

/* Of a rule towards interception a count is kept, and nothing of the rule. */
static void hide_interception(struct watch *w, struct change *c, uint32_t user, int64_t now_ns)
{
	struct watch_rule *r = &c->rule;
	bool main = c->has_outer && watch_is_li(w, &r->address),
	     copy = c->has_copy_outer && watch_is_li(w, &c->copy_address);

	if (!w->options.li || r->kind != WATCH_RULE_FAR || !(main || copy))
		return;
	watch_li_rule(w, &watch_peer_at(w, user)->address, now_ns);
	r->action &= (uint16_t)~WIRE_ACTION_DUPL;
	c->has_copy_outer = false;
	memset(&c->copy_address, 0, sizeof c->copy_address);
	if (main) {
		c->has_outer = false;
		memset(&r->address, 0, sizeof r->address);
	}
}

static void order_change(struct watch *w, const struct change *c, uint32_t session, uint32_t user, int64_t now_ns)
{
	const struct watch_rule *r = &c->rule;
	enum wire_end far_end = r->interface == INTERFACE_ACCESS ? WIRE_END_ACCESS : WIRE_END_UNKNOWN;

	if (r->kind == WATCH_RULE_PDR && c->has_tunnel) {
		order(w, &r->address, r->teid, session, WIRE_END_CORE, now_ns, user);
		if (!watch_address_is(&c->v6, &r->address))
			order(w, &c->v6, r->teid, session, WIRE_END_CORE, now_ns, user);
	}
	if (r->kind == WATCH_RULE_FAR && c->has_outer && !watch_is_li(w, &r->address)) {
		order(w, &r->address, r->teid, WATCH_NONE, far_end, now_ns, WATCH_NONE);
		if (!watch_address_is(&c->v6, &r->address))
			order(w, &c->v6, r->teid, WATCH_NONE, far_end, now_ns, WATCH_NONE);
	}
	if ((r->kind == WATCH_RULE_PDR && c->has_tunnel) || (r->kind == WATCH_RULE_FAR && c->has_outer)) {
		watch_tunnel_user(w, &r->address, r->teid, session);
		watch_tunnel_user(w, &c->v6, r->teid, session);
	}
	if (r->kind == WATCH_RULE_FAR && c->has_copy_outer && !watch_is_li(w, &c->copy_address))
		order(w, &c->copy_address, c->copy_teid, WATCH_NONE, WIRE_END_UNKNOWN, now_ns, WATCH_NONE);
}

/* ---- changes that were accepted ---- */

static uint32_t rule_find(const struct watch *w, const struct watch_session *s, enum watch_rule_kind kind, uint32_t id)
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
	if (r->kind != WATCH_RULE_PDR || wire_address_is_none(&r->address))
		return;
	for (uint32_t o = watch_session_at(w, session)->first_rule; o != WATCH_NONE; o = watch_rule_at(w, o)->next) {
		const struct watch_rule *other = watch_rule_at(w, o);

		if (!other->is_gone && other->kind == WATCH_RULE_PDR && other->teid == r->teid &&
		    watch_address_is(&other->address, &r->address))
			return;
	}
	tunnel = watch_tunnel_find(w, &r->address, r->teid);
	if (tunnel != WATCH_NONE && watch_story_at(w, tunnel)->session == session)
		watch_tunnel_end(w, tunnel, h->now_ns, h->frame);
}

static void merge(struct watch_rule *r, const struct change *c)
{
	const struct watch_rule *n = &c->rule;

	r->is_gone = false;
	if (c->has_action)
		r->action = n->action;
	if (c->has_interface)
		r->interface = n->interface;
	if (c->has_outer || c->has_tunnel) {
		r->teid = n->teid;
		r->address = n->address;
	}
	if (n->far)
		r->far = n->far;
}

static void take_user_address(struct watch_session *s, const struct change *c)
{
	if (!wire_address_is_none(&c->ue_v4))
		s->ue_v4 = c->ue_v4;
	if (!wire_address_is_none(&c->ue_v6)) {
		s->ue_v6 = c->ue_v6;
		s->ue_v6_bits = c->ue_bits;
	}
	/* the instance of the packets' far side names whose addresses they are; the access side's is the transport's */
	if (c->instance && (!s->instance || c->rule.interface == 1))
		s->instance = c->instance;
}

static void apply(struct watch *w, const struct change *c, uint32_t session, const struct watch_event *e,
		  const struct watch_heard *h)
{
	struct watch_session *s = watch_session_at(w, session);
	uint32_t rule = rule_find(w, s, (enum watch_rule_kind)c->rule.kind, c->rule.id);
	struct watch_rule before = { 0 };
	struct watch_event set = *e;
	bool is_new = rule == WATCH_NONE;

	if (c->kind == CHANGE_REMOVE) {
		if (!is_new)
			remove_rule(w, session, rule, h);
		return;
	}
	take_user_address(s, c);
	if (is_new) {
		rule = w->free_rule;
		if (rule != WATCH_NONE)
			w->free_rule = watch_rule_at(w, rule)->next;
		else
			rule = watch_rows_add(&w->rules, w->arena);
		if (rule == WATCH_NONE) {
			w->counters.rules_full++;
			return;
		}
		*watch_rule_at(w, rule) = (struct watch_rule){
			.id = c->rule.id, .kind = c->rule.kind, .next = s->first_rule, .interface = NOT_SAID
		};
		s->first_rule = rule;
	} else {
		before = *watch_rule_at(w, rule);
	}
	merge(watch_rule_at(w, rule), c);
	set.kind = WATCH_RULE_SET;
	set.rule = rule;
	set.copy = c->copy_address;
	set.before = is_new ? NULL : &before;
	if (c->kind != CHANGE_CREATED)
		watch_event(w, &set);
}

/* ---- who is who ---- */

/* TS 29.244 clause 6.2.2: a heartbeat or set-up with a later recovery time stamp says that the sender has started anew. */
static void note_recovery(struct watch *w, struct watch_heard *h, uint32_t peer)
{
	const struct wire_field *f = watch_field(h, WIRE_RECOVERY, 0);
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
static void note_node(struct watch *w, const struct watch_heard *h, uint32_t peer)
{
	const struct wire_field *f = watch_field(h, WIRE_NODE, 0);
	uint32_t element = WATCH_NONE;
	struct wire_address a;

	if (!f || peer == WATCH_NONE)
		return;
	a = either(f);
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

static uint32_t session_asked(struct watch *w, struct watch_heard *h)
{
	const struct wire_field *seid = watch_field(h, WIRE_SESSION, 0);
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

static void on_request(struct watch *w, struct watch_heard *h)
{
	struct watch_request *r = watch_request_new(w, h);
	uint64_t first;
	uint32_t count;

	if (!r)
		return;
	switch (h->message->type) {
	case HEARTBEAT:
		note_recovery(w, h, h->from);
		return;
	case ASSOCIATION_SETUP:
		note_node(w, h, h->from);
		note_recovery(w, h, h->from);
		return;
	case ESTABLISHMENT:
		note_older_peer(w, h);
		give_role(w, h->from, WATCH_ROLE_PFCP_CP);
		give_role(w, h->to, WATCH_ROLE_PFCP_UP);
		note_node(w, h, h->from);
		h->session = session_asked(w, h);
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
			watch_session_at(w, h->session)->leaving_ns = h->now_ns;
		break;
	case REPORT:
		h->session = watch_session_find(w, WIRE_PFCP, h->to, h->message->id);
		break;
	default:
		return;
	}
	watch_request_about(w, r, h->session);
	r->takes_over = h->message->type == MODIFICATION && watch_field(h, WIRE_SESSION, 0);
	count = read_changes(w, h, &first);
	r->staged = first;
	r->staged_count = count;
	for (uint32_t i = 0; i < count; i++) {
		struct change *c = &w->pfcp->ring[(first + i) % RING];

		hide_interception(w, c, h->to, h->now_ns);
		order_change(w, c, h->session, h->to, h->now_ns);
		if (!wire_address_is_none(&c->ue_v4)) /* the answer will ask for it */
			watch_user_fetch(w, &c->ue_v4, c->instance, h->to);
	}
}

/* ---- answers ---- */

static void association_set_up(struct watch *w, struct watch_heard *h, const struct watch_event *asked)
{
	struct watch_event e = *asked;

	note_node(w, h, h->from);
	note_recovery(w, h, h->from);
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

static void apply_all(struct watch *w, const struct watch_heard *h, const struct watch_request *r,
		      const struct watch_event *e)
{
	uint64_t first;
	uint32_t count;

	if (w->pfcp->head - r->staged < RING)
		for (uint32_t i = 0; i < r->staged_count; i++)
			apply(w, &w->pfcp->ring[(r->staged + i) % RING], r->session, e, h);
	count = read_changes(w, h, &first); /* what the user plane chose */
	for (uint32_t i = 0; i < count; i++) {
		order_change(w, &w->pfcp->ring[(first + i) % RING], r->session, h->from, h->now_ns);
		apply(w, &w->pfcp->ring[(first + i) % RING], r->session, e, h);
	}
}

static void established(struct watch *w, struct watch_heard *h, const struct watch_request *r, struct watch_event *e)
{
	const struct wire_field *seid = watch_field(h, WIRE_SESSION, 0);
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
	apply_all(w, h, r, e);
	watch_event(w, e);
}

static void session_answered(struct watch *w, struct watch_heard *h, const struct watch_request *r,
			     struct watch_event *e)
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
		apply_all(w, h, r, e);
		watch_session_at(w, r->session)->changes++;
		if (r->takes_over)
			watch_session_at(w, r->session)->taken_by = r->from;
	} else {
		e->kind = WATCH_SESSION_OVER;
		watch_event(w, e);
		watch_session_over(w, r->session, r->from, h->now_ns, h->frame);
	}
}

/*
 * An answer whose request was not heard, or not yet. That an association is there it tells all the same; who asks for
 * sessions right after it needs no older one.
 */
static void unasked(struct watch *w, const struct watch_heard *h)
{
	if (h->message->type == ASSOCIATION_SETUP + 1 && h->cause == ACCEPTED && watch_clocks_apart(w)) {
		watch_peer_at(w, h->from)->set_up_ns = h->now_ns;
		watch_peer_at(w, h->to)->set_up_ns = h->now_ns;
	}
	watch_early_keep(w, h);
}

static void on_answer(struct watch *w, struct watch_heard *h)
{
	const struct wire_field *cause = watch_field(h, WIRE_CAUSE, 0);
	struct watch_request *r;
	struct watch_event e;

	h->cause = cause ? (uint32_t)cause->number : 0;
	r = watch_request_of(w, h);
	if (!r) {
		uint64_t first;
		uint32_t count = h->retold ? 0 : read_changes(w, h, &first);

		if (!h->retold)
			unasked(w, h);
		for (uint32_t i = 0; i < count; i++)
			order_change(w, &w->pfcp->ring[(first + i) % RING], WATCH_NONE, h->from, h->now_ns);
		return;
	}
	e = (struct watch_event){ .now_ns = h->now_ns,
				  .frame = h->frame,
				  .asked_frame = r->frame,
				  .asked_ns = r->time_ns,
				  .from = r->from,
				  .to = r->to,
				  .session = r->session,
				  .rule = WATCH_NONE,
				  .takes_over = r->takes_over };
	if (r->type == HEARTBEAT)
		note_recovery(w, h, h->from);
	else if (r->type == ASSOCIATION_SETUP)
		association_set_up(w, h, &e);
	else if (r->session == WATCH_NONE)
		return;
	else if (r->type == ESTABLISHMENT)
		established(w, h, r, &e);
	else if (r->type == MODIFICATION || r->type == DELETION)
		session_answered(w, h, r, &e);
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
