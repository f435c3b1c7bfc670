/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the control messages of a batch will look at - the request that an answer belongs to, sessions, tunnels, the peers
 * at their ends - lies in tables much larger than the cache. Here all of it is fetched for a whole batch at once: first the
 * places in the indexes, then the rows that these point to. Only guesses: nothing follows from what is found here.
 */
#include "watch/said.h"

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

/* A session that is asked about, or set up: where it stands, or will stand, in the index. */
static void fetch_session(const struct watch *w, const struct wire_batch *b, const struct wire_message *m,
			  const struct watch_told *t, uint32_t from, uint32_t to)
{
	if (m->kind & WIRE_REQUEST && m->id)
		watch_index_fetch(&w->session_index, watch_session_hash(w, WIRE_PFCP, to, m->id));
	if (t->session)
		watch_index_fetch(&w->session_index,
				  watch_session_hash(w, WIRE_PFCP, from, b->fields[m->first + t->session - 1].number));
}

void watch_messages_fetch(struct watch *w, const struct wire_batch *b)
{
	watch_told_begin(w, b);
	for (unsigned i = 0; i < b->message_count; i++) {
		const struct wire_message *m = &b->messages[i];
		bool is_request = m->kind & WIRE_REQUEST;
		const struct watch_told *t;
		uint32_t from, to;

		if (!is_pfcp(w, b, m, &from, &to))
			continue;
		watch_request_fetch(w, is_request ? from : to, is_request ? to : from, m);
		t = watch_told_read(w, b, i);
		if (!t)
			continue;
		fetch_session(w, b, m, t, from, to);
		for (uint16_t k = 0; k < t->count; k++) {
			const struct watch_said *s = &t->rules[k];

			if (!s->has_end)
				continue;
			watch_index_fetch(&w->tunnel_index, s->hash);
			watch_index_fetch(&w->peer_index, watch_address_hash(w, &s->end));
		}
	}
}

void watch_messages_fetch_rows(const struct watch *w, const struct wire_batch *b)
{
	for (unsigned i = 0; i < b->message_count; i++) {
		const struct watch_told *t = watch_told_at(w, i);

		for (uint16_t k = 0; t && k < t->count; k++) {
			const struct watch_said *s = &t->rules[k];
			uint32_t row;

			if (!s->has_end)
				continue;
			row = watch_index_guess(&w->peer_index, watch_address_hash(w, &s->end));
			if (row != WATCH_NONE)
				__builtin_prefetch(watch_peer_at(w, row), 1);
			row = watch_index_guess(&w->tunnel_index, s->hash);
			if (row == WATCH_NONE)
				continue;
			__builtin_prefetch(watch_tunnel_at(w, row), 1);
			__builtin_prefetch(watch_story_at(w, row), 1);
		}
	}
}
