/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that wait for their answers: by who asked whom with which sequence number. Four to a bucket; the oldest makes
 * room. A request that comes a second time is a retransmission, or the same frame on another interface.
 */
#include "watch/internal.h"

#include <string.h>

enum { BUCKET = 4, AGAIN_S = 20 }; /* TS 29.244 clause 6.4: T1 times N1; 3 s times 3 and more in practice */

struct watch_requests {
	struct watch_request slots[WATCH_REQUESTS / BUCKET][BUCKET];
};

static struct watch_request *bucket_of(const struct watch *w, uint32_t from, uint32_t to, const struct wire_message *m)
{
	uint32_t key[4] = { from, to, m->sequence, m->protocol };
	uint64_t hash = hash_seeded(key, sizeof key, w->options.seed);

	return w->requests->slots[hash % (WATCH_REQUESTS / BUCKET)];
}

static bool is_it(const struct watch_request *r, uint32_t from, uint32_t to, const struct wire_message *m)
{
	return r->is_used && r->from == from && r->to == to && r->sequence == m->sequence && r->protocol == m->protocol;
}

struct watch_request *watch_request_new(struct watch *w, struct watch_heard *h)
{
	const struct wire_message *m = h->message;
	struct watch_request *bucket, *oldest;

	if (!w->requests)
		w->requests = arena_alloc(w->arena, sizeof *w->requests);
	bucket = oldest = bucket_of(w, h->from, h->to, m);

	for (unsigned i = 0; i < BUCKET; i++) {
		struct watch_request *r = &bucket[i];

		if (is_it(r, h->from, h->to, m) && r->type == m->type &&
		    h->now_ns - r->time_ns < AGAIN_S * WATCH_NS_PER_S) {
			h->retold = true;
			h->session = r->session;
			return NULL;
		}
		if (!r->is_used || (oldest->is_used && r->time_ns < oldest->time_ns))
			oldest = r;
	}
	if (oldest->is_used && !oldest->is_answered && h->now_ns - oldest->time_ns < AGAIN_S * WATCH_NS_PER_S)
		w->counters.requests_full++;
	*oldest = (struct watch_request){ .from = h->from,
					  .to = h->to,
					  .sequence = m->sequence,
					  .protocol = m->protocol,
					  .type = m->type,
					  .is_used = true,
					  .session = WATCH_NONE,
					  .time_ns = h->now_ns,
					  .frame = h->frame };
	return oldest;
}

struct watch_request *watch_request_of(struct watch *w, struct watch_heard *h)
{
	struct watch_request *bucket = w->requests ? bucket_of(w, h->to, h->from, h->message) : NULL, *found = NULL;

	for (unsigned i = 0; bucket && i < BUCKET; i++)
		if (is_it(&bucket[i], h->to, h->from, h->message) && (!found || bucket[i].time_ns > found->time_ns))
			found = &bucket[i];
	if (!found)
		return NULL;
	h->session = found->session;
	if (found->is_answered) {
		h->retold = true;
		return NULL;
	}
	found->is_answered = true;
	return found;
}
