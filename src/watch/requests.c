/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that wait for their answers: by who asked whom with which sequence number. Four to a bucket; the oldest makes
 * room. A request that comes a second time is a retransmission, or the same frame on another interface. One with the
 * number of another that waits, about another session, is neither: both are kept, and the third takes the second's place.
 */
#include "watch/internal.h"

#include <string.h>

enum { BUCKET = 4 };

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

void watch_request_fetch(const struct watch *w, uint32_t from, uint32_t to, const struct wire_message *m)
{
	const struct watch_request *bucket = w->requests ? bucket_of(w, from, to, m) : NULL;

	for (unsigned i = 0; bucket && i < BUCKET; i++)
		__builtin_prefetch(&bucket[i], 1);
}

/* TS 29.244 clause 6.4: what is sent again is the same in all; whose session it is about and how long it is will do. */
static uint64_t content_of(const struct watch *w, const struct watch_heard *h)
{
	const struct wire_field *seid = watch_field(h, WIRE_SESSION, 0);
	uint64_t id = h->message->has_id ? h->message->id : 0;

	return watch_hash(w, watch_hash(w, id, seid ? seid->number : 0), h->message->length);
}

struct watch_request *watch_request_new(struct watch *w, struct watch_heard *h)
{
	const struct wire_message *m = h->message;
	uint64_t content = content_of(w, h);
	struct watch_request *bucket, *oldest, *same = NULL;
	int64_t again_ns = watch_limit(w, WATCH_REQUEST_AGAIN) * WATCH_NS_PER_MS;
	unsigned count = 0;

	if (!w->requests)
		w->requests = arena_alloc(w->arena, sizeof *w->requests);
	bucket = oldest = bucket_of(w, h->from, h->to, m);

	for (unsigned i = 0; i < BUCKET; i++) {
		struct watch_request *r = &bucket[i];
		bool waits = r->is_used && h->now_ns - r->time_ns < again_ns;

		if (waits && is_it(r, h->from, h->to, m) && r->type == m->type) {
			if (r->content == content) {
				h->retold = true;
				h->repeated = ++r->repeated;
				h->session = r->session;
				return NULL;
			}
			if (!same || r->time_ns > same->time_ns)
				same = r;
			count++;
		}
		if (!r->is_used || r->time_ns < oldest->time_ns)
			oldest = r;
		if (!r->is_used) /* nor are those behind it */
			break;
	}
	if (count > 1)
		oldest = same;
	else if (oldest->is_used && !oldest->is_answered && h->now_ns - oldest->time_ns < again_ns)
		w->counters.requests_full++;
	*oldest = (struct watch_request){ .from = h->from,
					  .to = h->to,
					  .sequence = m->sequence,
					  .protocol = m->protocol,
					  .type = m->type,
					  .is_used = true,
					  .session = WATCH_NONE,
					  .content = content,
					  .time_ns = h->now_ns,
					  .frame = h->frame };
	return oldest;
}

/* Of two that wait, the earlier; but who waits for longer than anything is repeated waits no more. */
static bool is_before(const struct watch_request *a, const struct watch_request *b, int64_t now_ns, int64_t again_ns)
{
	bool a_waits = now_ns - a->time_ns < again_ns, b_waits = now_ns - b->time_ns < again_ns;

	return a_waits && b_waits && !a->is_answered ? a->time_ns < b->time_ns : a->time_ns > b->time_ns;
}

void watch_request_about(const struct watch *w, struct watch_request *r, uint32_t session)
{
	r->session = session;
	r->life = session == WATCH_NONE ? 0 : watch_session_at(w, session)->life;
}

struct watch_request *watch_request_of(struct watch *w, struct watch_heard *h)
{
	struct watch_request *bucket = w->requests ? bucket_of(w, h->to, h->from, h->message) : NULL, *found = NULL;
	int64_t again_ns = watch_limit(w, WATCH_REQUEST_AGAIN) * WATCH_NS_PER_MS;

	/* of two with one number the one that still waits, and has waited longer: the other side takes the second for the first */
	for (unsigned i = 0; bucket && i < BUCKET && bucket[i].is_used; i++) {
		struct watch_request *r = &bucket[i];

		if (!is_it(r, h->to, h->from, h->message))
			continue;
		if (!found || found->is_answered > r->is_answered ||
		    (found->is_answered == r->is_answered && is_before(r, found, h->now_ns, again_ns)))
			found = r;
	}
	if (!found || (found->is_answered && h->now_ns - found->time_ns >= again_ns)) /* that was another, with its number */
		return NULL;
	if (found->session != WATCH_NONE && watch_session_at(w, found->session)->life != found->life)
		found->session = WATCH_NONE; /* too late: its row is another's by now */
	h->session = found->session;
	if (found->is_answered) {
		h->retold = true;
		if (h->now_ns - found->time_ns > watch_clocks_apart(w)) /* or it answers another, which is still to come */
			watch_early_keep(w, h);
		return NULL;
	}
	found->is_answered = true;
	return found;
}
