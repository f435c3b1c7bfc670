/* SPDX-License-Identifier: Apache-2.0 */
/*
 * association-churn: set-ups of associations (PFCP, NG, S1, F1), or sessions that are asked for and refused, not answered
 * or never used, in numbers that no network in order has. Exhaustion looks like this, and so does a node that can't stay
 * up. Where no answer of the other side is seen at all, a tap hears one direction only; and sessions of an anchor are
 * ordered once and never changed, so unused ones count only at a pair that has changed most of its sessions before.
 */
#include "watch/internal.h"

#include <stdlib.h>

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

/* ---- sessions that come to nothing: known at the end ---- */

enum outcome { USED, UNANSWERED, UNUSED };

struct asked { /* for a session */
	uint32_t session;
	uint32_t control, user;
	int64_t time_ns;
};

static enum outcome outcome_of(const struct watch *w, const struct watch_session *s)
{
	int64_t settle = watch_limit(w, WATCH_CHURN_SETTLE) * WATCH_NS_PER_MS;

	if (s->state == WATCH_ASKED)
		return w->last_ns - s->asked_ns > settle ? UNANSWERED : USED;
	if (s->state != WATCH_LIVE || s->changes || w->last_ns - s->live_ns <= settle)
		return USED;
	for (uint32_t t = s->first_tunnel; t != WATCH_NONE; t = watch_story_at(w, t)->next)
		if (watch_tunnel_at(w, t)->flags & WATCH_TUNNEL_USED)
			return USED;
	return UNUSED;
}

static int by_pair_then_time(const void *left, const void *right)
{
	const struct asked *a = left, *b = right;

	if (a->control != b->control)
		return a->control < b->control ? -1 : 1;
	if (a->user != b->user)
		return a->user < b->user ? -1 : 1;
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return a->session < b->session ? -1 : a->session > b->session;
}

static void tell_sessions(struct watch *w, const struct asked *list, size_t count, enum outcome what, size_t told)
{
	for (size_t i = 0; i < count; i++) {
		const struct watch_session *s = watch_session_at(w, list[i].session);
		struct watch_alarm a = { .certainty = WATCH_LIKELY,
					 .from = s->control,
					 .to = s->user,
					 .detail = what,
					 .things = "session",
					 .thing = s->control_seid,
					 .time_ns = s->asked_ns,
					 .frame = s->asked_frame,
					 .packets = 1 };

		if (outcome_of(w, s) == what && watch_alarm(w, "association-churn", &a))
			watch_explain(w, "%zu PFCP sessions were asked for within a minute, and %s", told,
				      what == UNANSWERED
					      ? "never answered, though others were"
					      : "accepted, and then neither changed nor used, unlike those before");
	}
}

/*
 * Those that one controller asked one user plane for, by time: is there a minute with too many that came to nothing? One
 * begins with each of them, wherever the capture does; what was asked for before it is how this pair is otherwise, without
 * those that were told already.
 */
static void judge_pair(struct watch *w, const struct asked *list, size_t count, enum outcome what)
{
	int64_t most = watch_limit(w, WATCH_CHURN_REFUSALS), enough = watch_limit(w, WATCH_CHURN_EARLIER),
		share = watch_limit(w, WATCH_CHURN_USED);
	size_t earlier = 0, used = 0, answered = 0, found = 0; /* found: from i up to end */

	for (size_t i = 0; i < count; i++)
		answered += watch_session_at(w, list[i].session)->live_ns != 0;
	for (size_t i = 0, end = 0; i < count;) {
		for (; end < count && list[end].time_ns - list[i].time_ns <= WATCH_NS_PER_MINUTE; end++)
			found += outcome_of(w, watch_session_at(w, list[end].session)) == what;
		if (outcome_of(w, watch_session_at(w, list[i].session)) != what) {
			used++;
		} else if ((int64_t)found >= most &&
			   (what == UNANSWERED ? answered > 0
					       : (int64_t)earlier >= enough &&
							 (int64_t)(used * 100) >= share * (int64_t)earlier)) {
			tell_sessions(w, &list[i], end - i, what, found);
			earlier += end - i - found;
			used += end - i - found;
			i = end;
			found = 0;
			continue;
		} else {
			found--;
		}
		earlier++;
		i++;
	}
}

static void finish(struct watch *w, void *own)
{
	struct asked *list;
	size_t count = 0, nothing = 0;

	(void)own;
	for (uint32_t i = 0; i < w->sessions.count; i++) {
		const struct watch_session *s = watch_session_at(w, i);
		bool is_asked = s->protocol == WIRE_PFCP && !s->older;

		count += is_asked;
		nothing += is_asked && outcome_of(w, s) != USED;
	}
	if ((int64_t)nothing < watch_limit(w, WATCH_CHURN_REFUSALS))
		return;
	list = arena_array(w->arena, count, sizeof *list);
	count = 0;
	for (uint32_t i = 0; i < w->sessions.count; i++) {
		const struct watch_session *s = watch_session_at(w, i);

		if (s->protocol == WIRE_PFCP && !s->older)
			list[count++] = (struct asked){ i, s->control, s->user, s->asked_ns };
	}
	qsort(list, count, sizeof *list, by_pair_then_time);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i; end < count && list[end].control == list[i].control && list[end].user == list[i].user;)
			end++;
		judge_pair(w, &list[i], end - i, UNANSWERED);
		judge_pair(w, &list[i], end - i, UNUSED);
	}
}

const struct watch_hooks watch_check_association_churn = { .hears = WATCH_OF(WIRE_PFCP) | WATCH_OF(WIRE_NGAP) |
								    WATCH_OF(WIRE_S1AP) | WATCH_OF(WIRE_F1AP),
							   .pfcp = WATCH_PFCP(PFCP_ASSOCIATION) |
								   WATCH_PFCP(PFCP_ESTABLISHMENT + 1),
							   .begin = begin,
							   .heard = heard,
							   .finish = finish };
