/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that seem to come before what they answer: each direction of a link on a tap of its own (the two ports of a
 * splitter), whose clocks may be apart. Such an answer is kept for as long as the two clocks may be from each other, and is
 * heard when its request is; what happens at both is then at the later of the two times.
 *
 * Kept are few and small ones: an answer to a session's set-up has some twenty fields. What does not fit is counted as a
 * request that found no room.
 */
#include "watch/internal.h"

#include <string.h>

enum {
	KEPT = 512,   /* at once: the answers of some milliseconds */
	FIELDS = 256, /* of one */
	BYTES = 4096
};

struct kept {
	bool is_kept;
	struct watch_heard heard; /* its message and fields are those below */
	struct wire_message message;
	struct wire_field *fields; /* FIELDS; once a place, for good */
	uint8_t *bytes;
};

struct watch_early {
	struct kept items[KEPT];
	uint32_t next;
};

/* The message's own bytes come first; what was unpacked elsewhere follows. */
static bool copy(struct kept *k, const struct watch_heard *h)
{
	const struct wire_message *m = h->message;
	size_t used = m->length;

	if (m->count > FIELDS || m->length > BYTES)
		return false;
	k->heard = *h;
	k->message = *m;
	if (m->length)
		memcpy(k->bytes, m->bytes, m->length);
	for (uint16_t i = 0; i < m->count; i++) {
		struct wire_field *f = &k->fields[i];

		*f = h->fields[i];
		if (!f->length)
			continue;
		if (f->bytes >= m->bytes && f->bytes + f->length <= m->bytes + m->length) {
			f->bytes = k->bytes + (f->bytes - m->bytes);
			continue;
		}
		if (f->length > BYTES - used)
			return false;
		memcpy(k->bytes + used, f->bytes, f->length);
		f->bytes = k->bytes + used;
		used += f->length;
	}
	k->message.bytes = k->bytes;
	k->heard.message = &k->message;
	k->heard.fields = k->fields;
	k->heard.batch = NULL;
	k->heard.packet = NULL;
	k->heard.level = NULL;
	return true;
}

void watch_early_keep(struct watch *w, const struct watch_heard *h)
{
	int64_t error = watch_clocks_apart(w);
	struct kept *k;

	if (!error)
		return;
	if (!w->early)
		w->early = arena_alloc(w->arena, sizeof *w->early);
	k = &w->early->items[w->early->next++ % KEPT];
	if (k->is_kept && h->now_ns - k->heard.now_ns <= error)
		w->counters.requests_full++;
	if (!k->fields) {
		k->fields = arena_array(w->arena, FIELDS, sizeof *k->fields);
		k->bytes = arena_alloc(w->arena, BYTES);
	}
	k->is_kept = copy(k, h);
	w->counters.requests_full += !k->is_kept;
}

bool watch_early_of(struct watch *w, const struct watch_heard *h, struct watch_heard *answer)
{
	for (unsigned i = 0; w->early && i < KEPT; i++) {
		struct kept *k = &w->early->items[i];

		if (!k->is_kept || k->heard.from != h->to || k->heard.to != h->from ||
		    k->message.sequence != h->message->sequence || k->message.protocol != h->message->protocol ||
		    h->now_ns - k->heard.now_ns > watch_clock_error(w, h->frame, k->heard.frame))
			continue;
		*answer = k->heard;
		answer->now_ns = h->now_ns;
		answer->retold = false;
		k->is_kept = false;
		return true;
	}
	return false;
}
