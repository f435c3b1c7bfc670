/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The watch: a batch through its stages. First every frame's tunnel is looked for ahead of time, so that waits for
 * memory overlap; then, in the order of the frames, each is attributed, tracked and judged; then the checks that want
 * whole batches see it. Every frame ends with one reason in its mark.
 */
#include "watch/internal.h"

#include <string.h>

enum { GTPU_G_PDU = 255, ETHER_IPV4 = 0x0800, ETHER_IPV6 = 0x86dd };

static void want(struct watch_wants *wants, bool wanted, size_t row)
{
	if (wanted && wants->count < sizeof wants->rows)
		wants->rows[wants->count++] = (uint8_t)row;
}

static void begin_checks(struct watch *w)
{
	w->own = arena_array(w->arena, watch_check_count(), sizeof *w->own);
	for (size_t i = 0; i < watch_check_count(); i++) {
		const struct watch_hooks *h = watch_checks[i].hooks;

		want(&w->batch, h->batch, i);
		want(&w->pair, h->pair, i);
		want(&w->heard, h->heard, i);
		want(&w->event, h->event, i);
		want(&w->minute_over, h->minute, i);
		want(&w->leave, h->leave, i);
		want(&w->finish, h->finish, i);
		if (h->begin)
			w->own[i] = h->begin(w);
	}
}

struct watch *watch_new(struct arena *a, const struct watch_options *options)
{
	struct watch *w = arena_alloc(a, sizeof *w);
	int64_t *thresholds = arena_array(a, watch_threshold_count() + 1, sizeof *thresholds);
	uint32_t tunnels = options->most_tunnels ? options->most_tunnels : WATCH_TUNNELS,
		 sessions = options->most_sessions ? options->most_sessions : WATCH_SESSIONS;

	w->arena = a;
	w->minute_end_ns = INT64_MIN;
	w->free_rule = w->free_user = WATCH_NONE;
	w->options = *options;
	for (size_t i = 0; i < watch_threshold_count(); i++)
		thresholds[i] = options->thresholds ? options->thresholds[i] : watch_threshold_at(i)->value;
	w->thresholds = thresholds;
	watch_rows_init(&w->li_hours, WATCH_LI_HOUR_BYTES, WATCH_LI_HOURS);
	watch_rows_init(&w->peers, sizeof(struct watch_peer), WATCH_PEERS);
	watch_rows_init(&w->pairs, sizeof(struct watch_pair), WATCH_PAIRS);
	watch_rows_init(&w->tunnels, sizeof(struct watch_tunnel), tunnels);
	watch_rows_init(&w->stories, sizeof(struct watch_tunnel_story), tunnels);
	watch_rows_init(&w->sessions, sizeof(struct watch_session), sessions);
	watch_rows_init(&w->rules, sizeof(struct watch_rule), WATCH_RULES);
	watch_index_init(&w->peer_index, a);
	watch_index_init(&w->pair_index, a);
	watch_index_init(&w->tunnel_index, a);
	watch_index_init(&w->session_index, a);
	watch_rows_init(&w->caps, sizeof(struct watch_finding), WATCH_FINDINGS);
	watch_findings_init(w);
	watch_users_init(w);
	watch_points_init(w);
	watch_attribution_init(w);
	watch_tapped_init(w);
	watch_policy_init(w);
	begin_checks(w);
	for (size_t i = 0; i < w->options.tap_count; i++)
		w->unwraps |= w->options.taps[i].outer != WATCH_OUTER_NONE;
	return w;
}

/* ---- one frame ---- */

static enum watch_reason reason_without_levels(const struct wire_packet *p)
{
	if (p->messages)
		return WATCH_JUDGED; /* NGAP and the like without anything below */
	if (p->fault == WIRE_TRUNCATED)
		return WATCH_CUT;
	if (p->ether_type && p->ether_type != ETHER_IPV4 && p->ether_type != ETHER_IPV6)
		return WATCH_NOT_IP;
	return WATCH_UNDECODABLE;
}

static enum watch_reason reason_of_headers(const struct wire_level *l)
{
	if (l->flags & WIRE_LEVEL_FRAGMENT && !(l->flags & WIRE_LEVEL_JOINED))
		return WATCH_IN_PIECES;
	if (l->fault == WIRE_TRUNCATED)
		return WATCH_CUT;
	if (wire_fault_is_malformed(l->fault) && !(l->flags & WIRE_LEVEL_PORTS) && !l->payload)
		return WATCH_UNDECODABLE;
	return WATCH_JUDGED;
}

static void new_pair(struct watch *w, uint32_t pair)
{
	watch_points(w, watch_pair_at(w, pair));
	for (uint8_t i = 0; i < w->pair.count; i++) {
		unsigned row = w->pair.rows[i];

		watch_checks[row].hooks->pair(w, w->own[row], pair);
	}
}

static void count_pair(struct watch *w, const struct wire_batch *b, unsigned i, const struct wire_level *l,
		       struct watch_mark *mark)
{
	const struct wire_frame *f = &b->frames[i];
	enum watch_reason reason;

	mark->pair = watch_pair_get(w, l, mark->frame, f->time_ns, &reason);
	if (reason == WATCH_STRANGERS && b->packets[i].messages && watch_sbi_meet(w, b, i, l))
		mark->pair = watch_pair_get(w, l, mark->frame, f->time_ns, &reason);
	mark->reason = (uint8_t)reason;
	if (mark->pair == WATCH_NONE)
		return;
	if (!l->protocol && b->packets[i].messages)
		watch_pair_at(w, mark->pair)->heard = b->messages[b->packets[i].first].protocol;
	watch_pair_count(w, mark->pair, &(struct watch_counts){ 1, f->length, l->payload_length }, f->time_ns);
	if (l->protocol == WIRE_ESP)
		mark->reason = WATCH_UNREADABLE;
	if (l->protocol == WIRE_ICMP)
		watch_track_unreachable(w, l, watch_pair_at(w, mark->pair)->from, f->time_ns);
}

static void track(struct watch *w, struct watch_heard *h)
{
	switch (h->message->protocol) {
	case WIRE_PFCP:
		watch_track_pfcp(w, h);
		return;
	case WIRE_NGAP:
	case WIRE_S1AP:
	case WIRE_F1AP:
		watch_track_ran(w, h);
		return;
	case WIRE_GTPV2C:
		watch_track_gtpc(w, h);
		return;
	case WIRE_SCTP:
		watch_track_sctp(w, h);
		return;
	default:
		return;
	}
}

static void hear(struct watch *w, const struct wire_batch *b, unsigned i, const struct watch_mark *mark)
{
	const struct wire_packet *p = &b->packets[i];

	for (unsigned m = p->first; m < (unsigned)p->first + p->messages; m++) {
		struct watch_heard h = {
			.batch = b,
			.packet = p,
			.message = &b->messages[m],
			.fields = &b->fields[b->messages[m].first],
			.now_ns = b->frames[i].time_ns,
			.frame = mark->frame,
			.from = mark->from,
			.to = mark->to,
			.pair = mark->pair,
			.session = WATCH_NONE,
		};

		h.level = p->count ? &p->levels[h.message->level] : NULL;
		if (p->count &&
		    h.message->level != mark->level) /* what users say to each other: nobody's of the network */
			h.from = h.to = h.pair = WATCH_NONE;
		if (!p->count || h.message->level == mark->level)
			track(w, &h);
		if (h.session != WATCH_NONE)
			watch_session_at(w, h.session)->heard_ns = h.now_ns;
		w->counters.control_messages +=
			watch_is_network(h.message->protocol) || h.message->protocol == WIRE_HTTP2;
		for (uint8_t k = 0; k < w->heard.count; k++) {
			unsigned row = w->heard.rows[k];

			watch_checks[row].hooks->heard(w, w->own[row], &h);
		}
	}
}

/* False where the pair is new to the tunnel. */
static bool count_g_pdu(struct watch *w, const struct wire_frame *f, const struct wire_level *l,
			struct watch_mark *mark, uint64_t hash)
{
	bool met = watch_g_pdu(w, f, l, mark, hash);

	if (mark->reason == WATCH_JUDGED) {
		w->counters.g_pdus++;
		w->counters.g_pdu_bytes += f->length;
	}
	return !met;
}

static void one_frame(struct watch *w, const struct wire_batch *b, unsigned i, uint64_t hash)
{
	const struct wire_frame *f = &b->frames[i];
	const struct wire_packet *p = &b->packets[i];
	struct watch_mark *mark = &w->marks[i];
	const struct wire_level *l = &p->levels[mark->level];
	bool is_known = false; /* nothing is new about the pair: its row need not be looked at */

	w->now_ns = f->time_ns;
	if (f->time_ns >= w->minute_end_ns)
		watch_minutes_end(w, f->time_ns, false);
	if (!p->count)
		mark->reason = (uint8_t)reason_without_levels(p);
	else
		mark->reason = (uint8_t)reason_of_headers(l);
	if (p->count && w->options.li && watch_li_packet(w, p, f->time_ns)) {
		w->counters.not_judged[mark->reason = WATCH_INTERCEPTION]++;
		return;
	}
	if (p->count && mark->reason == WATCH_JUDGED) {
		if (l->protocol == WIRE_GTPU && l->gtpu.type == GTPU_G_PDU)
			is_known = count_g_pdu(w, f, l, mark, hash);
		else
			count_pair(w, b, i, l, mark);
	}
	if (mark->pair != WATCH_NONE && (!is_known || p->messages)) {
		struct watch_pair *pair = watch_pair_at(w, mark->pair);

		mark->from = pair->from;
		mark->to = pair->to;
		if (!pair->is_met) {
			pair->is_met = true;
			new_pair(w, mark->pair);
		}
	}
	if (p->messages)
		hear(w, b, i, mark);
	if (mark->reason == WATCH_JUDGED)
		w->counters.judged++;
	else
		w->counters.not_judged[mark->reason]++;
}

/* ---- a batch ---- */

struct ahead {                       /* of each frame of a batch */
	uint64_t hashes[WIRE_BATCH]; /* of the tunnel of a G-PDU; 0: it is none */
	uint32_t rows[WIRE_BATCH];   /* guessed: nothing follows from them */
};

/* Nothing in it but a user's datagram, whatever it says: no check of whole batches has anything to look at. */
static inline bool is_ordinary(const struct wire_packet *p, unsigned level)
{
	return p->fault == WIRE_FINE && p->count == level + 2 && !watch_is_network(p->levels[level + 1].protocol);
}

/* Marks of all frames; what of the index a G-PDU needs is on its way then. */
static void begin_marks(struct watch *w, const struct wire_batch *b, struct ahead *ahead)
{
	int64_t first = w->first_ns, last = w->last_ns;
	uint64_t bytes = 0;

	if (!w->base_ns && b->frame_count)
		w->base_ns = first = b->frames[0].time_ns;
	for (unsigned i = 0; i < b->frame_count; i++) {
		const struct wire_frame *f = &b->frames[i];
		const struct wire_packet *p = &b->packets[i];
		struct watch_mark *mark = &w->marks[i];
		const struct wire_level *l;

		*mark = (struct watch_mark){ .level = w->unwraps ? (uint8_t)watch_base_level(w, f, p) : 0,
					     .pair = WATCH_NONE,
					     .tunnel = WATCH_NONE,
					     .from = WATCH_NONE,
					     .to = WATCH_NONE,
					     .frame = (uint64_t)f->tap << 48 | f->number };
		l = &p->levels[mark->level];
		ahead->hashes[i] = 0;
		if (p->count && l->protocol == WIRE_GTPU && l->gtpu.type == GTPU_G_PDU) {
			ahead->hashes[i] = watch_tunnel_hash(w, &l->destination, l->gtpu.teid);
			__builtin_prefetch(&w->tunnel_index.slots[(uint32_t)ahead->hashes[i] & w->tunnel_index.mask]);
		}
		first = f->time_ns < first ? f->time_ns : first;
		last = f->time_ns > last ? f->time_ns : last;
		bytes += f->length;
	}
	w->first_ns = first;
	w->last_ns = last;
	w->counters.bytes += bytes;
}

/* The rows of the tunnels, and of new ones and those with another sender the pairs; of some the story and the session. */
static void fetch_rows(const struct watch *w, const struct wire_batch *b, struct ahead *ahead)
{
	const struct wire_level *met[WIRE_BATCH];
	uint32_t looks[WIRE_BATCH];
	unsigned count = 0, look_count = 0;

	for (unsigned i = 0; i < b->frame_count; i++) {
		uint64_t hash = ahead->hashes[i];
		uint32_t row = ahead->rows[i] = hash ? watch_index_guess(&w->tunnel_index, hash) : WATCH_NONE;

		if (row != WATCH_NONE)
			__builtin_prefetch(watch_tunnel_at(w, row), 1);
	}
	for (unsigned i = 0; i < b->frame_count; i++) {
		const struct wire_level *l = &b->packets[i].levels[w->marks[i].level];
		uint32_t row = ahead->rows[i];
		const struct watch_tunnel *t = row == WATCH_NONE ? NULL : watch_tunnel_at(w, row);

		if (t && t->packets % WATCH_LOOK_INSIDE == 0) {
			__builtin_prefetch(watch_story_at(w, row), 1);
			looks[look_count++] = row;
		}
		if (ahead->hashes[i] && (!t || !watch_address_is(&t->from, &l->source)))
			met[count++] = l;
	}
	if (count)
		watch_pairs_fetch(w, met, count);
	for (unsigned i = 0; i < look_count; i++) {
		uint32_t session = watch_story_at(w, looks[i])->session;

		if (session != WATCH_NONE)
			__builtin_prefetch(&watch_session_at(w, session)->ue_v4);
	}
}

/* Nearly all frames: one more G-PDU of a tunnel, with nothing wrong and nothing new. */
static inline bool again(struct watch *w, const struct wire_frame *f, const struct wire_packet *p, uint32_t row,
			 struct watch_mark *mark)
{
	const uint32_t wanted = WATCH_TUNNEL_USED | WATCH_TUNNEL_FRESH;
	const struct wire_level *l = &p->levels[mark->level];
	struct watch_tunnel *t;

	if (row == WATCH_NONE || p->messages || l->flags != WIRE_LEVEL_PORTS || l->fault != WIRE_FINE ||
	    f->time_ns >= w->minute_end_ns)
		return false;
	if (w->options.li && watch_li_meets(w->options.li, p))
		return false;
	t = watch_tunnel_at(w, row);
	if (t->teid != l->gtpu.teid || !watch_address_is(&t->to, &l->destination) ||
	    !watch_address_is(&t->from, &l->source) || t->packets % WATCH_LOOK_INSIDE == 0 ||
	    (t->flags & (WATCH_TUNNEL_LOOK | wanted)) != wanted)
		return false;
	t->packets++;
	t->bytes += f->length;
	t->last_ns = f->time_ns;
	mark->g_pdu = true;
	mark->tunnel = row;
	mark->pair = t->pair;
	mark->reason = WATCH_JUDGED;
	return true;
}

void watch_batch(struct watch *w, struct wire_batch *b)
{
	uint64_t special = 0, bytes = 0, count = 0;
	struct ahead ahead;

	if (w->options.li)
		watch_li_batch(w, b);
	watch_vlans_batch(w, b);
	begin_marks(w, b, &ahead);
	if (b->message_count)
		watch_messages_fetch(w, b);
	fetch_rows(w, b, &ahead);
	if (b->message_count)
		watch_messages_fetch_rows(w, b);
	for (unsigned i = 0; i < b->frame_count; i++) {
		const struct wire_packet *p = &b->packets[i];

		if (again(w, &b->frames[i], p, ahead.rows[i], &w->marks[i])) {
			count++;
			bytes += b->frames[i].length;
			special |= (uint64_t)!is_ordinary(p, w->marks[i].level) << i;
		} else {
			one_frame(w, b, i, ahead.hashes[i]);
			special |= (uint64_t)(w->marks[i].reason != WATCH_INTERCEPTION) << i;
		}
	}
	watch_tapped_batch(w, b);
	w->special = special;
	w->counters.judged += count;
	w->counters.g_pdus += count;
	w->counters.g_pdu_bytes += bytes;
	w->counters.read += b->frame_count;
	for (uint8_t i = 0; i < w->batch.count; i++) {
		unsigned row = w->batch.rows[i];

		watch_checks[row].hooks->batch(w, w->own[row], b, w->marks);
	}
}

/* ---- the end ---- */

/* Was something of the control plane not read that was there? */
static bool has_gaps(const struct watch *w, const struct wire_counters *wire)
{
	static const uint8_t orders[] = { WIRE_PFCP, WIRE_NGAP, WIRE_S1AP, WIRE_F1AP, WIRE_GTPV2C, WIRE_SCTP };
	uint64_t lost = w->dropped + wire->fields_dropped + wire->messages_dropped + wire->datagrams_dropped +
			wire->parts_dropped + w->counters.tunnels_full;

	if (w->options.tap_count > 1) /* the others went on without it */
		lost += w->broken_off;
	for (size_t i = 0; i < sizeof orders; i++)
		lost += wire->messages[orders[i]][WIRE_TRUNCATED];
	return lost > 0;
}

void watch_capture_damaged(struct watch *w, uint64_t unread)
{
	w->broken_off++;
	if (__builtin_add_overflow(w->unread, unread, &w->unread))
		w->unread = UINT64_MAX;
}

const struct watch_result *watch_finish(struct watch *w, const struct wire_counters *wire, uint64_t dropped)
{
	struct watch_result *r = arena_alloc(w->arena, sizeof *r);

	w->dropped = dropped;
	w->has_gaps = has_gaps(w, wire);
	if (w->in_minute)
		watch_minutes_end(w, w->last_ns, true);
	for (uint8_t i = 0; i < w->finish.count; i++) {
		unsigned row = w->finish.rows[i];

		watch_checks[row].hooks->finish(w, w->own[row]);
	}
	watch_policy_finish(w);
	for (uint32_t i = 0; i < w->tunnels.count; i++)
		w->counters.tunnels_ordered +=
			(watch_tunnel_at(w, i)->flags & (WATCH_TUNNEL_USED | WATCH_TUNNEL_ORDERED)) ==
			(WATCH_TUNNEL_USED | WATCH_TUNNEL_ORDERED);
	w->counters.peers = w->peers.count;
	watch_shares_list(w, r);
	watch_findings_list(w, r);
	watch_coverage_list(w, wire, dropped, r);
	watch_li_list(w, r);
	r->counters = w->counters;
	return r;
}

int watch_exit(const struct watch_result *r)
{
	if (r->alarms)
		return 1;
	return r->coverage.too_little ? 3 : 0;
}

const char *watch_reason_name(enum watch_reason reason)
{
	static const char *const names[WATCH_REASONS] = {
		[WATCH_JUDGED] = "judged",           [WATCH_NOT_IP] = "not-ip",
		[WATCH_UNDECODABLE] = "undecodable", [WATCH_CUT] = "truncated",
		[WATCH_IN_PIECES] = "fragment",      [WATCH_UNREADABLE] = "encrypted",
		[WATCH_STRANGERS] = "strangers",     [WATCH_INTERCEPTION] = "interception",
		[WATCH_NO_ROOM] = "table-full",
	};

	return names[reason];
}
