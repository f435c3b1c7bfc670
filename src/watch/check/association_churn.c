/* SPDX-License-Identifier: Apache-2.0 */
/*
 * association-churn: set-ups of associations (PFCP, NG, S1, F1), or sessions that are asked for and refused, in numbers
 * that no network in order has. Exhaustion looks like this, and so does a node that can't stay up.
 */
#include "watch/internal.h"

enum {
	PFCP_ASSOCIATION = 5,
	PFCP_ESTABLISHMENT = 50,
	NG_SETUP = 21,
	S1_SETUP = 17,
	F1_SETUP = 1,
	WINDOWS = 4096,
	ACCEPTED = 1
};

struct window { /* of one pair and kind */
	uint64_t key;
	int64_t begun_ns;
	uint64_t first_frame;
	uint32_t count;
	bool is_used;
};

static void *begin(struct watch *w)
{
	return arena_array(w->arena, WINDOWS, sizeof(struct window));
}

static const char *kind_of(const struct watch_heard *h, int64_t *threshold, const struct watch *w)
{
	const struct wire_message *m = h->message;
	bool request = m->kind & WIRE_REQUEST;

	*threshold = watch_limit(w, WATCH_CHURN_ASSOCIATIONS);
	if (m->protocol == WIRE_PFCP && m->type == PFCP_ASSOCIATION && request)
		return "PFCP associations were set up";
	if (m->protocol == WIRE_NGAP && m->type == NG_SETUP && request)
		return "NG interfaces were set up";
	if (m->protocol == WIRE_S1AP && m->type == S1_SETUP && request)
		return "S1 interfaces were set up";
	if (m->protocol == WIRE_F1AP && m->type == F1_SETUP && request)
		return "F1 interfaces were set up";
	*threshold = watch_limit(w, WATCH_CHURN_REFUSALS);
	if (m->protocol == WIRE_PFCP && m->type == PFCP_ESTABLISHMENT + 1 && h->cause > ACCEPTED)
		return "PFCP sessions were asked for and refused";
	return NULL;
}

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	struct window *windows = own, *win;
	int64_t threshold;
	const char *kind = h->retold || h->from == WATCH_NONE ? NULL : kind_of(h, &threshold, w);
	bool answer = kind && h->message->protocol == WIRE_PFCP && h->message->type == PFCP_ESTABLISHMENT + 1;
	uint32_t from, to;
	uint64_t key[2];
	struct watch_alarm a;

	if (!kind)
		return;
	from = answer ? h->to : h->from;
	to = answer ? h->from : h->to;
	key[0] = (uint64_t)from << 32 | to;
	key[1] = (uint64_t)h->message->protocol << 32 | h->message->type;
	win = &windows[hash_bytes(key, sizeof key) % WINDOWS];
	if (!win->is_used || win->key != hash_bytes(key, sizeof key) || h->now_ns - win->begun_ns > 60 * WATCH_NS_PER_S)
		*win = (struct window){ .key = hash_bytes(key, sizeof key),
					.begun_ns = h->now_ns,
					.first_frame = h->frame,
					.is_used = true };
	if (++win->count < threshold)
		return;
	a = (struct watch_alarm){ .certainty = WATCH_LIKELY,
				  .from = from,
				  .to = to,
				  .detail = key[1],
				  .time_ns = h->now_ns,
				  .frame = h->frame,
				  .packets = win->count == threshold ? win->count : 1 };
	if (watch_alarm(w, "association-churn", &a))
		watch_explain(w, "%u times within a minute %s by %s at %s", win->count, kind, watch_peer_name(w, from),
			      watch_peer_name(w, to));
}

const struct watch_hooks watch_check_association_churn = { .begin = begin, .heard = heard };
