/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the control messages of a batch will look at - the request that an answer belongs to, sessions, tunnels, the peers
 * at their ends - lies in tables much larger than the cache. Here all of it is fetched for a whole batch at once: first the
 * places in the indexes, then the rows that these point to. Only guesses: nothing follows from what is found here.
 */
#include "watch/internal.h"

/* A message of PFCP that is the network's own, and between whom; false for the others, which are few. */
static bool is_pfcp(const struct watch *w, const struct wire_batch *b, const struct wire_message *m, uint32_t *from,
		    uint32_t *to)
{
	const struct wire_packet *p = &b->packets[m->frame];
	uint32_t pair;

	if (m->protocol != WIRE_PFCP || m->level >= p->count || m->level != w->marks[m->frame].level)
		return false;
	pair = watch_pair_find(w, &p->levels[m->level]);
	if (pair == WATCH_NONE)
		return false;
	*from = watch_pair_at(w, pair)->from;
	*to = watch_pair_at(w, pair)->to;
	return true;
}

/* The end of a tunnel that a field names; false where it names none. */
static bool is_end(const struct wire_field *f, struct wire_address *a)
{
	if (f->what != WIRE_OUTER_CREATION && (f->what != WIRE_TUNNEL || f->end == WIRE_END_CHOOSE))
		return false;
	*a = wire_address_is_none(&f->v4) ? f->v6 : f->v4;
	return true;
}

static void fetch_pairs(const struct watch *w, const struct wire_batch *b)
{
	const struct wire_level *levels[WIRE_BATCH];
	unsigned count = 0;

	for (unsigned i = 0; i < b->message_count && count < WIRE_BATCH; i++) {
		const struct wire_message *m = &b->messages[i];

		if (m->protocol == WIRE_PFCP && m->level < b->packets[m->frame].count)
			levels[count++] = &b->packets[m->frame].levels[m->level];
	}
	watch_pairs_fetch(w, levels, count);
}

void watch_messages_fetch(const struct watch *w, const struct wire_batch *b)
{
	fetch_pairs(w, b);
	for (unsigned i = 0; i < b->message_count; i++) {
		const struct wire_message *m = &b->messages[i];
		bool is_request = m->kind & WIRE_REQUEST;
		struct wire_address a;
		uint32_t from, to;

		if (!is_pfcp(w, b, m, &from, &to))
			continue;
		watch_request_fetch(w, is_request ? from : to, is_request ? to : from, m);
		if (is_request && m->id)
			watch_index_fetch(&w->session_index, watch_session_hash(w, WIRE_PFCP, to, m->id));
		for (unsigned k = m->first; k < (unsigned)m->first + m->count; k++) {
			const struct wire_field *f = &b->fields[k];

			if (f->what == WIRE_SESSION && f->depth == 0)
				watch_index_fetch(&w->session_index, watch_session_hash(w, WIRE_PFCP, from, f->number));
			else if (is_end(f, &a)) {
				watch_index_fetch(&w->tunnel_index, watch_tunnel_hash(w, &a, (uint32_t)f->number));
				watch_index_fetch(&w->peer_index, watch_address_hash(w, &a));
			}
		}
	}
}

void watch_messages_fetch_rows(const struct watch *w, const struct wire_batch *b)
{
	for (unsigned i = 0; i < b->message_count; i++) {
		const struct wire_message *m = &b->messages[i];
		struct wire_address a;

		if (m->protocol != WIRE_PFCP)
			continue;
		for (unsigned k = m->first; k < (unsigned)m->first + m->count; k++) {
			const struct wire_field *f = &b->fields[k];
			uint32_t row;

			if (!is_end(f, &a))
				continue;
			row = watch_index_guess(&w->peer_index, watch_address_hash(w, &a));
			if (row != WATCH_NONE)
				__builtin_prefetch(watch_peer_at(w, row), 1);
			row = watch_index_guess(&w->tunnel_index, watch_tunnel_hash(w, &a, (uint32_t)f->number));
			if (row == WATCH_NONE)
				continue;
			__builtin_prefetch(watch_tunnel_at(w, row), 1);
			__builtin_prefetch(watch_story_at(w, row), 1);
		}
	}
}
