/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch. First every frame's tunnel is looked for ahead of time, so that the waits for memory overlap. Then come the
 * frames in their order: nearly all are one more G-PDU of a tunnel with nothing wrong and nothing new, and are counted in
 * the tunnel's row alone, from what the decoder tells in brief; the others go through watch_frame. At last the checks
 * that want whole batches see it.
 */
#include "watch/internal.h"

struct ahead {                       /* of each frame of a batch */
	uint64_t hashes[WIRE_BATCH]; /* of the tunnel of a G-PDU; 0: it is none */
	uint32_t rows[WIRE_BATCH];   /* guessed: nothing follows from them */
};

static inline bool is_brief(const struct wire_batch *b, unsigned i)
{
	return b->brief >> i & 1;
}

static inline void begin_mark(struct watch *w, const struct wire_frame *f, unsigned i, unsigned level)
{
	w->marks[i] = (struct watch_mark){ .level = (uint8_t)level,
					   .pair = WATCH_NONE,
					   .tunnel = WATCH_NONE,
					   .from = WATCH_NONE,
					   .to = WATCH_NONE,
					   .frame = (uint64_t)f->tap << 48 | f->number };
}

/* What is told in brief will go the long way. */
static void unfold(struct watch *w, struct wire_batch *b, unsigned i)
{
	wire_unfold(b, i);
	begin_mark(w, &b->frames[i], i, 0);
}

/* ---- ahead ---- */

/* Marks a frame that is taken apart; the hash of its tunnel. */
static uint64_t begin_packet(struct watch *w, const struct wire_batch *b, unsigned i)
{
	const struct wire_packet *p = &b->packets[i];
	unsigned level = w->unwraps ? watch_base_level(w, &b->frames[i], p) : 0;
	const struct wire_level *l = &p->levels[level];

	begin_mark(w, &b->frames[i], i, level);
	if (!p->count || l->protocol != WIRE_GTPU || l->gtpu.type != WATCH_G_PDU)
		return 0;
	return watch_tunnel_hash(w, &l->destination, l->gtpu.teid);
}

static inline uint64_t hash_brief(const struct watch *w, const struct wire_batch *b, unsigned i)
{
	const struct wire_brief *brief = &b->briefs[i];

	if (b->noted >> i & 1)
		return watch_index_hash(((const struct watch_note *)b->notes)[i].tunnel);
	return watch_tunnel_hash_halves(w->options.seed, 0, brief->destination, brief->teid);
}

/* What of the index a G-PDU needs is on its way then. */
static void begin(struct watch *w, const struct wire_batch *b, struct ahead *ahead)
{
	const struct watch_index *index = &w->tunnel_index;
	int64_t first = w->first_ns, last = w->last_ns;
	uint64_t bytes = 0;

	if (!w->base_ns && b->frame_count)
		w->base_ns = first = b->frames[0].time_ns;
	for (unsigned i = 0; i < b->frame_count; i++) {
		const struct wire_frame *f = &b->frames[i];

		ahead->hashes[i] = is_brief(b, i) ? hash_brief(w, b, i) : begin_packet(w, b, i);
		__builtin_prefetch(&index->slots[(uint32_t)ahead->hashes[i] & index->mask]);
		first = f->time_ns < first ? f->time_ns : first;
		last = f->time_ns > last ? f->time_ns : last;
		bytes += f->length;
	}
	w->first_ns = first;
	w->last_ns = last;
	w->counters.bytes += bytes;
}

static void fetch_rows(const struct watch *w, const struct wire_batch *b, struct ahead *ahead)
{
	for (unsigned i = 0; i < b->frame_count; i++) {
		uint64_t hash = ahead->hashes[i];
		uint32_t row = ahead->rows[i] = hash ? watch_index_guess(&w->tunnel_index, hash) : WATCH_NONE;

		if (row != WATCH_NONE)
			__builtin_prefetch(watch_tunnel_at(w, row), 1);
	}
}

static inline bool has_sender(const struct watch *w, const struct watch_tunnel *t, const struct wire_batch *b,
			      unsigned i)
{
	return is_brief(b, i) ? wire_address_half(&t->from) == b->briefs[i].source
			      : watch_address_is(&t->from, &b->packets[i].levels[w->marks[i].level].source);
}

/* Of new tunnels and those with another sender the pairs; of some the story and the session. */
static void fetch_more(const struct watch *w, const struct wire_batch *b, const struct ahead *ahead)
{
	uint64_t met[WIRE_BATCH];
	uint32_t looks[WIRE_BATCH];
	unsigned count = 0, look_count = 0;

	for (unsigned i = 0; i < b->frame_count; i++) {
		uint32_t row = ahead->rows[i];
		const struct watch_tunnel *t = row == WATCH_NONE ? NULL : watch_tunnel_at(w, row);

		if (t && watch_tunnel_is_turn(t)) {
			__builtin_prefetch(watch_story_at(w, row), 1);
			looks[look_count++] = row;
		}
		if (!ahead->hashes[i] || (t && has_sender(w, t, b, i)))
			continue;
		if (t && t->pair != WATCH_NONE) {
			__builtin_prefetch(watch_story_at(w, row), 1);
			if (watch_tunnel_is_turn(t)) { /* what was counted for the one before is added up */
				__builtin_prefetch(watch_pair_at(w, t->pair));
				__builtin_prefetch(&watch_pair_at(w, t->pair)->packets, 1);
			}
		}
		met[count++] = is_brief(b, i) ? watch_pair_hash_of_brief(w, &b->briefs[i])
					      : watch_pair_hash(w, &b->packets[i].levels[w->marks[i].level]);
	}
	if (count)
		watch_pairs_fetch(w, met, count);
	for (unsigned i = 0; i < look_count; i++) {
		if (watch_wants_look(w, looks[i]))
			__builtin_prefetch(&watch_session_at(w, watch_story_at(w, looks[i])->session)->ue_v4);
	}
}

/* ---- one frame ---- */

static inline bool goes_on(const struct watch *w, const struct watch_tunnel *t, int64_t time_ns)
{
	return watch_tunnel_goes_on(t) && time_ns < w->minute_end_ns;
}

static inline bool is_same_brief(const struct watch_tunnel *t, const struct wire_brief *brief)
{
	uint64_t to, from;

	__builtin_memcpy(&to, t->to.bytes, 8);
	__builtin_memcpy(&from, t->from.bytes, 8);
	return t->teid == brief->teid && wire_address_half(&t->to) == brief->destination &&
	       wire_address_half(&t->from) == brief->source && !(to | from);
}

/* The same of a packet that was taken apart. */
static inline bool is_same(const struct watch *w, const struct watch_tunnel *t, const struct wire_packet *p,
			   const struct watch_mark *mark)
{
	const struct wire_level *l = &p->levels[mark->level];

	return !p->messages && l->flags == WIRE_LEVEL_PORTS && l->fault == WIRE_FINE && t->teid == l->gtpu.teid &&
	       watch_address_is(&t->to, &l->destination) && watch_address_is(&t->from, &l->source) &&
	       !(w->options.li && watch_li_meets(w->options.li, p));
}

/* Is the sender who its session says? */
static void look_inside(struct watch *w, const struct wire_batch *b, unsigned i, uint32_t row)
{
	const struct watch_mark *mark = &w->marks[i];
	const struct wire_packet *p = &b->packets[i];
	struct wire_level inner;

	if (is_brief(b, i)) {
		wire_unfold_inner(b, i, &inner);
		watch_inner_look(w, row, &inner, mark, b->frames[i].time_ns);
	} else if (p->count > mark->level + 1) {
		watch_inner_look(w, row, &p->levels[mark->level + 1], mark, b->frames[i].time_ns);
	}
}

/* One in so many is looked into as well. */
static void look(struct watch *w, const struct wire_batch *b, unsigned i, uint32_t row)
{
	if (watch_wants_look(w, row))
		look_inside(w, b, i, row);
	if (watch_tunnel_at(w, row)->packets >= UINT32_MAX - WATCH_LOOK_INSIDE) /* the next goes where they are added up */
		watch_tunnel_at(w, row)->flags &= ~(uint32_t)WATCH_TUNNEL_FRESH;
}

static inline void mark(struct watch *w, const struct wire_batch *b, unsigned i, uint32_t row, uint32_t pair)
{
	const struct wire_frame *f = &b->frames[i];

	w->marks[i] = (struct watch_mark){ .reason = WATCH_JUDGED,
					   .level = is_brief(b, i) ? 0 : w->marks[i].level,
					   .g_pdu = true,
					   .pair = pair,
					   .tunnel = row,
					   .from = WATCH_NONE,
					   .to = WATCH_NONE,
					   .frame = (uint64_t)f->tap << 48 | f->number };
}

static inline void go_on(struct watch *w, struct wire_batch *b, unsigned i, uint32_t row)
{
	struct watch_tunnel *t = watch_tunnel_at(w, row);
	const struct wire_frame *f = &b->frames[i];

	mark(w, b, i, row, t->pair);
	if (watch_tunnel_is_turn(t))
		look(w, b, i, row);
	t->packets++;
	t->bytes += f->length;
	t->last_ns = f->time_ns;
}

/* Nothing in it but a user's datagram, whatever it says: no check of whole batches has anything to look at. */
static inline bool is_ordinary(const struct wire_packet *p, unsigned level)
{
	return p->fault == WIRE_FINE && p->count == level + 2 && !watch_is_network(p->levels[level + 1].protocol);
}

/* Nearly all frames: one more G-PDU of a tunnel. False where it is not, and nothing was counted. */
static inline bool again(struct watch *w, struct wire_batch *b, unsigned i, uint32_t row)
{
	const struct watch_tunnel *t = row == WATCH_NONE ? NULL : watch_tunnel_at(w, row);

	if (!t)
		return false;
	if (is_brief(b, i)) {
		bool on = goes_on(w, t, b->frames[i].time_ns);

		if (!(on && is_same_brief(t, &b->briefs[i]))) {
			uint32_t stray = on ? watch_tunnel_stray(w, &b->frames[i], &b->briefs[i], row) : WATCH_NONE;

			if (stray != WATCH_NONE) {
				mark(w, b, i, row, stray);
				return true;
			}
			if (!watch_tunnel_begins(w, &b->frames[i], &b->briefs[i], row))
				return false;
		}
	} else {
		const struct wire_packet *p = &b->packets[i];

		if (!goes_on(w, t, b->frames[i].time_ns) || !is_same(w, t, p, &w->marks[i]))
			return false;
		w->special |= (uint64_t)!is_ordinary(p, w->marks[i].level) << i;
	}
	go_on(w, b, i, row);
	return true;
}

static void judge(struct watch *w, struct wire_batch *b, const struct ahead *ahead)
{
	uint64_t bytes = 0, others = 0;

	w->special = 0;
	for (unsigned i = 0; i < b->frame_count; i++) {
		if (again(w, b, i, ahead->rows[i])) {
			bytes += b->frames[i].length;
			continue;
		}
		if (is_brief(b, i))
			unfold(w, b, i);
		watch_frame(w, b, i, ahead->hashes[i]);
		others++;
		w->special |= (uint64_t)(w->marks[i].reason != WATCH_INTERCEPTION) << i;
	}
	w->counters.judged += b->frame_count - others;
	w->counters.g_pdus += b->frame_count - others;
	w->counters.g_pdu_bytes += bytes;
	w->counters.read += b->frame_count;
}

void watch_batch(struct watch *w, struct wire_batch *b)
{
	struct ahead ahead;

	if (w->options.li || w->vlans || w->unwraps) /* what their addresses mean is asked of every level */
		while (b->brief)
			wire_unfold(b, (unsigned)__builtin_ctzll(b->brief));
	if (w->options.li)
		watch_li_batch(w, b);
	watch_vlans_batch(w, b);
	if (b->noted_for != &w->noting)
		b->noted = 0;
	begin(w, b, &ahead);
	if (b->message_count)
		watch_messages_fetch(w, b);
	fetch_rows(w, b, &ahead);
	fetch_more(w, b, &ahead);
	if (b->message_count)
		watch_messages_fetch_rows(w, b);
	judge(w, b, &ahead);
	watch_tapped_batch(w, b);
	for (uint8_t i = 0; i < w->batch.count; i++) {
		unsigned row = w->batch.rows[i];

		watch_checks[row].hooks->batch(w, w->own[row], b, w->marks);
	}
}
