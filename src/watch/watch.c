/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The watch: what each frame goes through, and the end. In the order of the frames each is attributed, tracked and judged,
 * and ends with one reason in its mark; batch.c is before it, and does most of them by itself.
 */
#include "watch/internal.h"

#include <string.h>

enum { ETHER_IPV4 = 0x0800, ETHER_IPV6 = 0x86dd };

static void want(struct watch_wants *wants, bool wanted, size_t row)
{
	if (!wanted)
		return;
	assert(wants->count < sizeof wants->rows);
	wants->rows[wants->count++] = (uint8_t)row;
}

static void begin_checks(struct watch *w)
{
	w->own = arena_array(w->arena, watch_check_count(), sizeof *w->own);
	for (size_t i = 0; i < watch_check_count(); i++) {
		const struct watch_hooks *h = watch_checks[i].hooks;

		want(&w->batch, h->batch, i);
		want(&w->pair, h->pair, i);
		for (unsigned p = 0; p < WIRE_PROTOCOLS; p++)
			want(&w->heard[p], h->heard && (!h->hears || h->hears >> p & 1), i);
		for (unsigned m = 0; m < sizeof w->heard_pfcp / sizeof *w->heard_pfcp; m++)
			want(&w->heard_pfcp[m],
			     h->heard && (!h->hears || h->hears >> WIRE_PFCP & 1) && (!h->pfcp || h->pfcp >> m & 1), i);
		for (unsigned e = 0; e < WATCH_EVENTS; e++)
			want(&w->event[e], h->event && (!h->events || h->events >> e & 1), i);
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
	w->before_probe = WATCH_NOT_KNOWN;
	w->free_rule = w->free_user = WATCH_NONE;
	w->options = *options;
	w->noting.seed = options->seed;
	for (size_t i = 0; i < watch_threshold_count(); i++)
		thresholds[i] = options->thresholds ? options->thresholds[i] : watch_threshold_at(i)->value;
	w->thresholds = thresholds;
	watch_rows_init(&w->li_hours, WATCH_LI_HOUR_BYTES, WATCH_LI_HOURS);
	watch_rows_init(&w->peers, sizeof(struct watch_peer), WATCH_PEERS);
	watch_rows_init(&w->pairs, sizeof(struct watch_pair), WATCH_PAIRS);
	watch_rows_init(&w->tunnels, sizeof(struct watch_tunnel), tunnels);
	watch_rows_init(&w->stories, sizeof(struct watch_tunnel_story), tunnels);
	watch_rows_init(&w->sessions, sizeof(struct watch_session), sessions);
	watch_rows_init(&w->endings, sizeof(struct watch_ending), sessions);
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

	if (wire_address_is_none(&l->source) && wire_address_is_none(&l->destination)) { /* a message without all below it */
		mark->reason = WATCH_UNDECODABLE;
		return;
	}
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

static void tell_checks(struct watch *w, const struct watch_heard *h)
{
	const struct wire_message *m = h->message;
	bool by_type = m->protocol == WIRE_PFCP && m->type < sizeof w->heard_pfcp / sizeof *w->heard_pfcp;
	const struct watch_wants *wants = by_type ? &w->heard_pfcp[m->type] : &w->heard[m->protocol];

	for (uint8_t i = 0; i < wants->count; i++) {
		unsigned row = wants->rows[i];

		watch_checks[row].hooks->heard(w, w->own[row], h);
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
			watch_is_network(h.message->protocol) || h.message->protocol == WIRE_HTTP;
		tell_checks(w, &h);
	}
}

/* False where the pair is new to the tunnel. */
static bool count_g_pdu(struct watch *w, const struct wire_frame *f, const struct wire_packet *p,
			struct watch_mark *mark, uint64_t hash)
{
	bool met = watch_g_pdu(w, f, p, mark, hash);

	if (mark->reason == WATCH_JUDGED) {
		w->counters.g_pdus++;
		w->counters.g_pdu_bytes += f->length;
	}
	return !met;
}

void watch_frame(struct watch *w, const struct wire_batch *b, unsigned i, uint64_t hash)
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
		if (l->protocol == WIRE_GTPU && l->gtpu.type == WATCH_G_PDU)
			is_known = count_g_pdu(w, f, p, mark, hash);
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

/* ---- the end ---- */

/* Was something of the control plane not read that was there? */
static bool has_gaps(const struct watch *w, const struct wire_counters *wire)
{
	static const uint8_t orders[] = { WIRE_PFCP, WIRE_NGAP, WIRE_S1AP, WIRE_F1AP, WIRE_GTPV2C, WIRE_SCTP };
	uint64_t lost = w->dropped + wire->fields_dropped + wire->messages_dropped + wire->datagrams_dropped +
			wire->parts_dropped + w->counters.tunnels_full + w->counters.silent_again;

	lost += w->interrupted;
	if (w->before_probe != WATCH_NOT_KNOWN)
		lost += w->before_probe;
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

void watch_interrupted(struct watch *w, size_t inputs)
{
	w->interrupted = inputs;
}

void watch_before_probe(struct watch *w, uint64_t frames)
{
	w->before_probe = frames;
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
