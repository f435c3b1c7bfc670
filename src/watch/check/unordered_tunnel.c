/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unordered-tunnel and older-than-capture: user packets into a tunnel end that no control message has named.
 *
 * Most such tunnels are innocent: their order came before the capture began. So it is told as trouble only where the
 * association that would have ordered it was set up within the capture, and then all orders since are known; anything
 * else is older than the capture, or can't be told, and that is what is said. Judged at the end, because an order may
 * come after the first packets.
 */
#include "watch/internal.h"

bool watch_is_covered(const struct watch *w, uint32_t peer, int64_t before_ns)
{
	const struct watch_peer *p = watch_peer_at(w, peer);

	if (p->controller != WATCH_NONE)
		p = watch_peer_at(w, p->controller);
	return p->set_up_ns && p->set_up_ns < before_ns && !p->older_peers;
}

/* TEIDs, each once, of tunnels that are judged: is a tunnel of this number ordered at some address? */
struct numbers {
	struct watch_index index;
	struct number {
		uint32_t teid;
		bool is_ordered;
	} * rows;
	uint32_t count;
};

static struct number *number_of(const struct numbers *n, uint64_t hash, uint32_t teid)
{
	WATCH_INDEX_EACH(&n->index, hash, row)
	if (n->rows[row].teid == teid)
		return &n->rows[row];
	return NULL;
}

static uint64_t number_hash(const struct watch *w, uint32_t teid)
{
	return watch_index_hash(watch_hash(w, teid, 0));
}

enum side { SIDE_UNKNOWN, SIDE_ACCESS, SIDE_CORE };

/* By what messages said of the address; else by what it is declared to be, because a station may have one for Xn or X2 alone. */
static enum side side_of(const struct watch *w, uint32_t peer)
{
	const uint16_t access = WATCH_ROLE_ACCESS_TUNNEL | WATCH_ROLE_GNB | WATCH_ROLE_ENB,
		       core = WATCH_ROLE_CORE_TUNNEL;
	uint16_t roles = watch_peer_at(w, peer)->roles;
	const struct net_function *function;

	if (roles & core)
		return SIDE_CORE;
	if (roles & access)
		return SIDE_ACCESS;
	function = watch_function_of(w, peer);
	if (!function)
		return SIDE_UNKNOWN;
	return function->layer == LAYER_ACCESS ? SIDE_ACCESS : SIDE_CORE;
}

/*
 * Between base stations (X2-U, Xn-U: forwarding in a handover, split bearers) tunnels are ordered in X2AP and XnAP, which
 * are read by name only. Without an inventory the one that no message names may be the other's address for it.
 */
static bool is_among_stations(const struct watch *w, const struct watch_pair *p)
{
	enum side from = side_of(w, p->from), to = side_of(w, p->to);

	if (!w->options.net && from != SIDE_CORE && to != SIDE_CORE)
		return from == SIDE_ACCESS || to == SIDE_ACCESS;
	return from == SIDE_ACCESS && to == SIDE_ACCESS;
}

static bool is_trouble(const struct watch *w, uint32_t row, bool number_is_known)
{
	const struct watch_pair *pair = watch_pair_at(w, watch_tunnel_at(w, row)->pair);
	int64_t first = watch_story_at(w, row)->first_ns;

	if (w->has_gaps || watch_orders_may_be_missing(w) || is_among_stations(w, pair))
		return false;
	for (size_t i = 0; i < w->options.tap_count; i++)
		if (w->options.taps[i].sampled > 1)
			return false;
	if (watch_peer_at(w, pair->to)->named)
		return watch_is_covered(w, pair->to, first);
	/* to where nobody has tunnels: trouble where all that the sender was told is known */
	return !number_is_known && watch_is_covered(w, pair->from, first) && watch_peer_at(w, pair->from)->named;
}

static void judge(struct watch *w, uint32_t row, bool number_is_known)
{
	const struct watch_tunnel *t = watch_tunnel_at(w, row);
	const struct watch_tunnel_story *s = watch_story_at(w, row);
	const struct watch_pair *pair = watch_pair_at(w, t->pair);
	bool trouble = is_trouble(w, row, number_is_known);
	struct watch_alarm a = {
		.certainty = trouble ? watch_taps_are_whole(w) ? WATCH_CERTAIN : WATCH_LIKELY : WATCH_UNKNOWN,
		.from = pair->from,
		.to = pair->to,
		.time_ns = s->first_ns,
		.frame = s->first_frame,
		.packets = watch_tunnel_packets(w, row),
	};

	if (trouble && watch_alarm(w, "unordered-tunnel", &a))
		watch_explain(w,
			      "user packets into tunnel 0x%08x of %s, which no control message has named since its "
			      "association "
			      "was set up; more such tunnels between the two are counted here",
			      t->teid, watch_peer_name(w, pair->to));
	if (!trouble && watch_alarm(w, "older-than-capture", &a))
		watch_explain(w,
			      "user packets into tunnel 0x%08x and perhaps others of %s, ordered before the capture or "
			      "out of sight",
			      t->teid, watch_peer_name(w, pair->to));
}

/* Order and packet may come from two taps whose clocks differ by as much as both may err. */
static int64_t clock_errors(const struct watch *w)
{
	int64_t worst = 0;

	for (size_t i = 0; i < w->options.tap_count; i++)
		if (w->options.taps[i].clock_error_ns > worst)
			worst = w->options.taps[i].clock_error_ns;
	return 2 * worst;
}

/* Used, and not ordered by the time that it was. */
static bool is_unordered(const struct watch *w, uint32_t row)
{
	int64_t grace = watch_limit(w, WATCH_ORDER_GRACE) * WATCH_NS_PER_MS + clock_errors(w);
	const struct watch_tunnel *t = watch_tunnel_at(w, row);
	const struct watch_tunnel_story *s = watch_story_at(w, row);

	if (!(t->flags & WATCH_TUNNEL_USED) || t->pair == WATCH_NONE)
		return false;
	return !(t->flags & WATCH_TUNNEL_ORDERED) || s->ordered_ns > s->first_ns + grace;
}

bool watch_tunnel_is_doubtful(const struct watch *w, uint32_t tunnel)
{
	return is_unordered(w, tunnel) && is_trouble(w, tunnel, false);
}

/* Only what is no trouble leaves before the end, when all is known. */
static void leave(struct watch *w, void *own, uint32_t tunnel)
{
	(void)own;
	if (is_unordered(w, tunnel))
		judge(w, tunnel, true);
}

/* Behind address translation the number is all that is left of an order. Looked for only where something rests on it. */
static void find_ordered(struct watch *w, struct numbers *n, const uint32_t *judged, uint32_t count)
{
	watch_index_init(&n->index, w->arena);
	n->rows = arena_array(w->arena, (size_t)count + 1, sizeof *n->rows);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t teid = watch_tunnel_at(w, judged[i])->teid;
		uint64_t hash = number_hash(w, teid);

		if (number_of(n, hash, teid))
			continue;
		n->rows[n->count].teid = teid;
		watch_index_put(&n->index, w->arena, hash, n->count++);
	}
	for (uint32_t i = 0; n->count && i < w->tunnels.count; i++) {
		const struct watch_tunnel *t = watch_tunnel_at(w, i);
		struct number *known =
			t->flags & WATCH_TUNNEL_ORDERED ? number_of(n, number_hash(w, t->teid), t->teid) : NULL;

		if (known)
			known->is_ordered = true;
	}
}

static void finish(struct watch *w, void *own)
{
	uint32_t *judged = arena_array(w->arena, (size_t)w->tunnels.count + 1, sizeof *judged), count = 0;
	struct numbers numbers = { 0 };

	(void)own;
	for (uint32_t i = 0; i < w->tunnels.count; i++)
		if (is_unordered(w, i))
			judged[count++] = i;
	find_ordered(w, &numbers, judged, count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t teid = watch_tunnel_at(w, judged[i])->teid;

		judge(w, judged[i], number_of(&numbers, number_hash(w, teid), teid)->is_ordered);
	}
}

const struct watch_hooks watch_check_unordered_tunnel = { .leave = leave, .finish = finish };
const struct watch_hooks watch_check_older_than_capture = { 0 };
