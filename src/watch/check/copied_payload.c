/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copied-payload: user payload that was seen where its session's own path does not lead. Most payload is rightly seen
 * more than once: on N3 and then on N6, on S1-U and then S5-U, on both sides of a router, sent again after a loss or a
 * handover. So the question is not whether it was seen twice but whether the second place follows from the first:
 *
 *     tunnel to tunnel   the same session's, or on from where the first one ended, or for a handover: as it should be.
 *                        From the same sender to somebody whom no session names, or to an element that no declared link
 *                        leads to: a copy.
 *     wrapped otherwise  (GRE, VXLAN, IP in IP, UDP, TCP) by an element to an address that is nobody's, or to an element
 *                        without a link for user traffic: a copy.
 *     other addresses    by a user-plane function to somebody else than the datagram's own ends (who translates one
 *                        address keeps the other): as if wrapped.
 *     bare               once, before the tunnel to the access or after the tunnel to the core: N6. Twice on one tap
 *                        with one hop count, after the tunnel to the access, or on a tap that is declared to see other
 *                        links: a copy, perhaps.
 *
 * Without an inventory no more is said than "unknown", but for a second tunnel to an address that no session names. Few
 * packets of one path are no copy yet: the threshold copy-packets.
 */
#include "watch/copies.h"

#include <string.h>

enum { PATHS = 4096, BEHIND = 16 };

struct path {              /* one way that copies take */
	uint32_t from, to; /* peers, WATCH_NONE */
	uint8_t kind, certainty;
	uint64_t packets;
	int64_t delay_ms;
	uint64_t frames[WATCH_FRAMES];
	int64_t times_ns[WATCH_FRAMES];
};

struct state {
	struct watch_copies *copies; /* NULL: switched off */
	struct watch_rows paths;
	struct watch_index path_index, link_index; /* paths; declared links that user traffic may take, by their ends */
	bool any_link;
	const uint32_t *a, *b; /* ends of links */
};

struct verdict {
	enum { FINE, COPY } is;
	enum watch_certainty certainty;
	uint32_t from, to;
	uint8_t kind; /* enum watch_place_kind */
};

/* ---- what is declared ---- */

static uint64_t ends_hash(uint32_t a, uint32_t b)
{
	uint32_t ends[2] = { a < b ? a : b, a < b ? b : a };

	return watch_index_hash(hash_bytes(ends, sizeof ends));
}

static bool carries_users(uint32_t point)
{
	const char *protocol = CODE_IS_KNOWN(point) ? net_reference_points[point].protocol : NULL;

	return !CODE_IS_KNOWN(point) || (protocol && (strcmp(protocol, "GTP-U") == 0 || strcmp(protocol, "IP") == 0));
}

static void read_links(struct watch *w, struct state *s)
{
	const struct net *net = w->options.net;
	size_t count = net ? net->table[NET_LINKS].rows : 0;
	const struct net_column *points = count ? net_column(net, NET_LINKS, "reference_point") : NULL;

	if (!count)
		return;
	watch_index_init_for(&s->link_index, w->arena, (uint32_t)count);
	s->any_link = true;
	s->a = net_column(net, NET_LINKS, "a")->codes;
	s->b = net_column(net, NET_LINKS, "b")->codes;
	for (uint32_t i = 0; i < count; i++)
		if (carries_users(points ? points->codes[i] : CODE_UNKNOWN))
			watch_index_put(&s->link_index, w->arena, ends_hash(s->a[i], s->b[i]), i);
}

static bool are_linked(const struct state *s, uint32_t x, uint32_t y)
{
	uint64_t hash = ends_hash(x, y);

	if (!s->any_link)
		return true; /* nobody says what is not */
	WATCH_INDEX_EACH(&s->link_index, hash, row)
	if ((s->a[row] == x && s->b[row] == y) || (s->a[row] == y && s->b[row] == x))
		return true;
	return false;
}

/* Interception, by its list or by its function: nothing is said of what goes there. */
static bool is_interception(const struct watch *w, uint32_t peer)
{
	const struct net_function *f = watch_function_of(w, peer);

	return peer != WATCH_NONE && (watch_peer_at(w, peer)->is_li || (f && f->layer == LAYER_INTERCEPTION));
}

/* By its function, else by what it was heard to do. */
static bool is_user_plane(const struct watch *w, uint32_t peer)
{
	const struct net_function *f = watch_function_of(w, peer);

	return f ? f->routes_user_traffic
		 : watch_peer_at(w, peer)->roles & (WATCH_ROLE_PFCP_UP | WATCH_ROLE_CORE_TUNNEL |
						    WATCH_ROLE_ACCESS_TUNNEL | WATCH_ROLE_USER_PLANE);
}

/* ---- two tunnels ---- */

struct side {
	uint32_t row, from, to; /* peers */
	const struct watch_tunnel *tunnel;
	const struct watch_tunnel_story *story;
	bool is_ordered;
};

static bool take_side(const struct watch *w, uint32_t row, struct side *s)
{
	s->row = row;
	s->tunnel = watch_tunnel_at(w, row);
	s->story = watch_story_at(w, row);
	s->is_ordered = s->tunnel->flags & WATCH_TUNNEL_ORDERED;
	if (s->tunnel->pair == WATCH_NONE)
		return false;
	s->from = watch_pair_at(w, s->tunnel->pair)->from;
	s->to = watch_pair_at(w, s->tunnel->pair)->to;
	return true;
}

static bool is_named(const struct watch *w, uint32_t peer)
{
	return watch_peer_at(w, peer)->roles & (WATCH_ROLE_CORE_TUNNEL | WATCH_ROLE_ACCESS_TUNNEL);
}

/* Whether the datagram is of the tunnel's own subscriber; -1 where no address is known. */
static int is_of_session(const struct watch *w, const struct side *s, const struct wire_level *x)
{
	const struct watch_session *session;

	if (watch_story_user(w, s->story) == WATCH_NONE)
		return -1;
	session = watch_session_at(w, s->story->user);
	if (!wire_address_is_none(&session->ue_v4) && wire_address_is_v4(&x->source))
		return watch_address_is(&session->ue_v4, &x->source) ||
		       watch_address_is(&session->ue_v4, &x->destination);
	if (!wire_address_is_none(&session->ue_v6) && !wire_address_is_v4(&x->source))
		return memcmp(&session->ue_v6, &x->source, 8) == 0 || memcmp(&session->ue_v6, &x->destination, 8) == 0;
	return -1;
}

/* Both were ordered: a copy only where the one is this subscriber's and the other surely another's. */
static struct verdict both_ordered(const struct watch *w, const struct side *o, const struct side *c,
				   const struct wire_level *x)
{
	struct verdict v = { .is = COPY,
			     .certainty = w->options.net ? WATCH_LIKELY : WATCH_UNKNOWN,
			     .from = c->from,
			     .to = c->to,
			     .kind = WATCH_PLACE_TUNNEL };

	if (is_of_session(w, o, x) != 1 || is_of_session(w, c, x) != 0)
		v.is = FINE;
	return v;
}

static enum watch_certainty by_inventory(const struct watch *w, const struct state *s, const struct side *o,
					 const struct side *c)
{
	uint32_t sender = watch_element_of(w, c->from), receiver = watch_element_of(w, c->to);

	if (!w->options.net)
		return WATCH_UNKNOWN;
	if (receiver == WATCH_NONE)
		return watch_element_of(w, o->to) != WATCH_NONE ? WATCH_LIKELY : WATCH_UNKNOWN;
	/* at an address of several elements nobody can tell which of them spoke */
	if (sender != WATCH_NONE && sender != receiver && !are_linked(s, sender, receiver) &&
	    !watch_peer_is_shared(w, c->from) && !watch_peer_is_shared(w, c->to))
		return WATCH_LIKELY;
	/* one sender, one receiver, two tunnels at once, and only one of them ordered */
	if (!watch_orders_may_be_missing(w) && o->is_ordered && !c->is_ordered && o->from == c->from && o->to == c->to)
		return WATCH_LIKELY;
	return WATCH_UNKNOWN;
}

/*
 * A second tunnel to an address that no session names, by somebody all of whose tunnels should have been named: a UPF
 * whose rules were seen, or an access node that sends one packet twice.
 */
static bool is_to_nobody(const struct watch *w, const struct side *o, const struct side *c)
{
	if (!o->is_ordered || c->is_ordered || is_named(w, c->to) || watch_orders_may_be_missing(w))
		return false;
	if (watch_story_user(w, o->story) != WATCH_NONE && (c->from == o->to || c->from == o->from))
		return watch_peer_at(w, c->from)->roles & (WATCH_ROLE_PFCP_UP | WATCH_ROLE_CORE_TUNNEL);
	return c->from == o->from && watch_peer_at(w, o->from)->roles & WATCH_ROLE_ACCESS_TUNNEL;
}

static struct verdict two_tunnels(const struct watch *w, const struct state *s, uint32_t before, uint32_t now,
				  const struct wire_level *x)
{
	struct verdict v = { .kind = WATCH_PLACE_TUNNEL };
	struct side a, b, *o = &a, *c = &b;

	if (!take_side(w, before, &a) || !take_side(w, now, &b))
		return v;
	if ((a.tunnel->flags | b.tunnel->flags) & WATCH_TUNNEL_FORWARDING)
		return v;
	if (b.is_ordered && !a.is_ordered) {
		o = &b;
		c = &a;
	}
	if (is_interception(w, c->to) || is_interception(w, o->to))
		return v;
	if (a.is_ordered && b.is_ordered) {
		struct verdict first = both_ordered(w, o, c, x);

		return first.is == COPY ? first : both_ordered(w, c, o, x);
	}
	/* Of two that nobody ordered the one to somebody undeclared is the copy. */
	if (!o->is_ordered && watch_element_of(w, o->to) == WATCH_NONE && watch_element_of(w, c->to) != WATCH_NONE) {
		struct side *swap = o;

		o = c;
		c = swap;
	}
	v.certainty = is_to_nobody(w, o, c) ? WATCH_LIKELY : by_inventory(w, s, o, c);
	v.from = c->from;
	v.to = c->to;
	if (v.certainty == WATCH_UNKNOWN && (c->from == o->to || o->from == c->to || o->from != c->from))
		return v; /* on from where the first one ended, or on another stretch of the way: as it should be */
	v.is = COPY;
	return v;
}

/* ---- wrapped in something else, and bare ---- */

static struct verdict wrapped(const struct watch *w, const struct state *s, uint32_t pair)
{
	const struct watch_pair *p = watch_pair_at(w, pair);
	uint32_t sender = watch_element_of(w, p->from), receiver = watch_element_of(w, p->to);
	struct verdict v = {
		.is = COPY, .certainty = WATCH_UNKNOWN, .from = p->from, .to = p->to, .kind = WATCH_PLACE_OTHER
	};

	if (is_interception(w, p->to) || is_interception(w, p->from)) {
		v.is = FINE;
		return v;
	}
	if (!w->options.net || sender == WATCH_NONE ||
	    (receiver != WATCH_NONE && (watch_peer_is_shared(w, p->from) || watch_peer_is_shared(w, p->to))))
		return v;
	if (receiver == WATCH_NONE || (sender != receiver && s->any_link && !are_linked(s, sender, receiver)))
		v.certainty = WATCH_LIKELY;
	else if (s->any_link && sender != receiver)
		v.is = FINE; /* a declared link for user traffic, however it is wrapped there */
	return v;
}

/* Whether the tap is declared, and to see only links on which nothing may be bare. */
static bool tap_has_no_bare(const struct watch *w, uint32_t row)
{
	const struct watch_tap *tap = row < w->options.tap_count ? &w->options.taps[row] : NULL;

	if (!tap || !tap->declared || !tap->link_count)
		return false;
	for (size_t i = 0; i < tap->link_count; i++) {
		uint32_t point = tap->links[i].point;
		const char *protocol = CODE_IS_KNOWN(point) ? net_reference_points[point].protocol : NULL;

		if (!protocol || strcmp(protocol, "IP") == 0)
			return false;
	}
	return true;
}

/* A frame that comes twice may be the tap's own doing: it hears a port on the way in and on the way out. */
static bool tap_keeps_copies(const struct watch *w, uint32_t row)
{
	return row < w->options.tap_count && w->options.taps[row].copies == WATCH_COPIES_KEPT;
}

/* The datagram is bare now, and was in a tunnel; from: who unwrapped it, or is about to wrap it. */
static struct verdict bare(const struct watch *w, const struct watch_before *before, const struct watch_sighting *x)
{
	struct verdict v = { .kind = WATCH_PLACE_BARE, .to = WATCH_NONE, .certainty = WATCH_UNKNOWN };
	struct side t;
	bool downlink;

	if (x->is_cooked || before->place.kind != WATCH_PLACE_TUNNEL || !take_side(w, before->place.row, &t))
		return v;
	downlink = watch_peer_at(w, t.to)->roles & WATCH_ROLE_ACCESS_TUNNEL;
	v.from = downlink ? t.from : t.to;
	if (tap_has_no_bare(w, x->place.row)) {
		v.is = COPY;
		v.certainty = w->options.net ? WATCH_LIKELY : WATCH_UNKNOWN;
	} else if (before->was_bare && before->bare_hops == x->hops) {
		v.is = tap_keeps_copies(w, x->place.row) ? FINE : COPY;
	} else if (downlink && !before->was_bare && before->ago_ms >= watch_limit(w, WATCH_COPY_ORDER) &&
		   w->options.net && w->options.tap_count == 1) {
		v.is = COPY; /* on its way to the access already, and now in the open: the wrong order for N6 */
		v.certainty = WATCH_LIKELY;
	}
	return v;
}

/* The payload alone, under other addresses. */
static struct verdict readdressed(const struct watch *w, const struct state *s, const struct watch_before *before,
				  const struct watch_sighting *x)
{
	struct verdict fine = { .is = FINE };

	if (before->place.kind != WATCH_PLACE_TUNNEL || x->place.kind != WATCH_PLACE_OTHER || before->same_end)
		return fine;
	return is_user_plane(w, watch_pair_at(w, x->place.row)->from) ? wrapped(w, s, x->place.row) : fine;
}

/* The datagram of a sighting in a tunnel: it is the innermost. */
static const struct wire_level *datagram_of(const struct wire_batch *b, unsigned frame, struct wire_level *room)
{
	const struct wire_packet *p = &b->packets[frame];

	if (!(b->brief >> frame & 1))
		return &p->levels[p->count - 1];
	wire_unfold_inner(b, frame, room);
	return room;
}

static struct verdict judge(const struct watch *w, const struct state *s, const struct wire_batch *b,
			    const struct watch_before *before, const struct watch_sighting *x)
{
	const struct watch_place *first = &before->place, *second = &x->place;
	struct verdict fine = { .is = FINE };
	struct wire_level room;

	if (x->is_body)
		return readdressed(w, s, before, x);
	if (second->kind == WATCH_PLACE_BARE)
		return bare(w, before, x);
	if (first->kind == second->kind && first->row == second->row)
		return fine;
	if (first->kind == WATCH_PLACE_TUNNEL && second->kind == WATCH_PLACE_TUNNEL)
		return two_tunnels(w, s, first->row, second->row, datagram_of(b, x->frame, &room));
	if (second->kind == WATCH_PLACE_OTHER && first->kind != WATCH_PLACE_OTHER)
		return wrapped(w, s, second->row);
	if (first->kind == WATCH_PLACE_OTHER && second->kind == WATCH_PLACE_TUNNEL)
		return wrapped(w, s, first->row);
	return fine;
}

/* ---- adding up ---- */

static struct path *path_of(struct watch *w, struct state *s, const struct verdict *v)
{
	uint32_t key[3] = { v->from, v->to, (uint32_t)v->kind << 8 | v->certainty };
	uint64_t hash = watch_index_hash(hash_bytes(key, sizeof key));
	uint32_t row;

	WATCH_INDEX_EACH(&s->path_index, hash, old)
	{
		struct path *p = &((struct path *)s->paths.items)[old];

		if (p->from == v->from && p->to == v->to && p->kind == v->kind && p->certainty == v->certainty)
			return p;
	}
	row = watch_rows_add(&s->paths, w->arena);
	if (row == WATCH_NONE) {
		w->counters.findings_full++;
		return NULL;
	}
	watch_index_put(&s->path_index, w->arena, hash, row);
	((struct path *)s->paths.items)[row] =
		(struct path){ .from = v->from, .to = v->to, .kind = v->kind, .certainty = v->certainty };
	return &((struct path *)s->paths.items)[row];
}

static void tell(struct watch *w, const struct path *p, enum watch_certainty certainty, uint64_t from, uint64_t to)
{
	static const char *const how[] = {
		[WATCH_PLACE_TUNNEL] = "in a second tunnel",
		[WATCH_PLACE_OTHER] = "inside another protocol",
		[WATCH_PLACE_BARE] = "bare",
	};

	for (uint64_t i = from; i < to; i++) {
		uint64_t at = i < WATCH_FRAMES ? i : WATCH_FRAMES - 1;
		struct watch_alarm a = { .certainty = certainty,
					 .from = p->from,
					 .to = p->to,
					 .detail = p->kind == WATCH_PLACE_TUNNEL ? 0 : p->kind,
					 .time_ns = p->times_ns[at],
					 .frame = p->frames[at],
					 .packets = 1 };

		if (watch_alarm(w, "copied-payload", &a))
			watch_explain(w, "user payload was sent a second time, %s%s%s, %lld ms after it was first seen",
				      how[p->kind], p->to == WATCH_NONE ? "" : ", to ",
				      p->to == WATCH_NONE ? "" : watch_peer_name(w, p->to), (long long)p->delay_ms);
	}
}

static void note(struct watch *w, struct state *s, const struct verdict *v, const struct watch_before *before,
		 int64_t now_ns, uint64_t frame)
{
	struct path *p = path_of(w, s, v);
	uint64_t least = (uint64_t)watch_limit(w, WATCH_COPY_PACKETS), at;

	if (!p)
		return;
	if (!p->packets)
		p->delay_ms = before->ago_ms < 0 ? -before->ago_ms : before->ago_ms;
	at = p->packets < WATCH_FRAMES ? p->packets : WATCH_FRAMES - 1;
	p->frames[at] = frame;
	p->times_ns[at] = now_ns;
	p->packets++;
	if (p->packets == least)
		tell(w, p, (enum watch_certainty)p->certainty, 0, least);
	else if (p->packets > least)
		tell(w, p, (enum watch_certainty)p->certainty, p->packets - 1, p->packets);
}

/* ---- the check ---- */

static void *begin(struct watch *w)
{
	struct state *s = arena_alloc(w->arena, sizeof *s);

	watch_rows_init(&s->paths, sizeof(struct path), PATHS);
	watch_index_init(&s->path_index, w->arena);
	if (!watch_limit(w, WATCH_COPY_WINDOW))
		return s;
	s->copies = watch_copies_new(w, watch_limit(w, WATCH_COPY_WINDOW));
	read_links(w, s);
	return s;
}

static void meet(struct watch *w, struct state *s, const struct wire_batch *b, const struct watch_mark *marks,
		 const struct watch_sighting *x)
{
	int64_t now_ns = b->frames[x->frame].time_ns;
	struct watch_before before = watch_copies_meet(w, s->copies, x, now_ns);
	struct verdict v;

	if (before.place.kind == WATCH_PLACE_NONE)
		return;
	v = judge(w, s, b, &before, x);
	if (v.is == COPY)
		note(w, s, &v, &before, now_ns, marks[x->frame].frame);
}

/* Each sighting is met BEHIND others, so that the wait for what is remembered of it passes with finding those. */
static void batch(struct watch *w, void *own, const struct wire_batch *b, const struct watch_mark *marks)
{
	struct watch_sighting sightings[WATCH_SIGHTINGS];
	struct state *s = own;
	unsigned count = 0, met = 0;

	if (!s->copies)
		return;
	for (unsigned i = 0; i < b->frame_count; i++) {
		count = watch_copies_find(w, s->copies, b, i, &marks[i], sightings, count);
		while (met + BEHIND < count)
			meet(w, s, b, marks, &sightings[met++]);
	}
	while (met < count)
		meet(w, s, b, marks, &sightings[met++]);
}

/* What was too little to be called a copy is told all the same, and decides nothing. */
static void finish(struct watch *w, void *own)
{
	struct state *s = own;

	for (uint32_t i = 0; i < s->paths.count; i++) {
		const struct path *p = &((const struct path *)s->paths.items)[i];

		if (p->packets < (uint64_t)watch_limit(w, WATCH_COPY_PACKETS))
			tell(w, p, WATCH_UNKNOWN, 0, p->packets);
	}
}

const struct watch_hooks watch_check_copied_payload = { .begin = begin, .batch = batch, .finish = finish };
