/* SPDX-License-Identifier: Apache-2.0 */
/*
 * owner-surprised: a session was deleted in its owner's name and the deletion accepted, and then the owner goes on using
 * it. Who deletes twice may only be untidy; who changes what he has deleted did not delete it.
 */
#include "watch/internal.h"

enum { MODIFICATION = 52 };

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	const struct watch_session *s;
	struct watch_ending end;
	struct watch_alarm a;

	(void)own;
	if (!(h->message->kind & WIRE_REQUEST) || h->retold || h->session == WATCH_NONE)
		return;
	s = watch_session_at(w, h->session);
	if (s->protocol != WIRE_PFCP || s->state != WATCH_OVER || h->message->id != s->user_seid ||
	    s->control != h->from)
		return;
	end = watch_ending_of(w, s);
	if (h->now_ns - end.over_ns <
	    watch_limit(w, WATCH_SURPRISE_AFTER) * WATCH_NS_PER_MS + watch_clock_error(w, h->frame, end.over_frame))
		return;
	if (watch_peer_at(w, s->user)->restarted_ns > end.over_ns ||
	    watch_peer_at(w, s->control)->restarted_ns > end.over_ns)
		return;
	a = (struct watch_alarm){ .certainty = h->message->type == MODIFICATION ? WATCH_LIKELY : WATCH_UNKNOWN,
				  .from = h->from,
				  .to = h->to,
				  .things = "session",
				  .thing = s->user_seid,
				  .time_ns = h->now_ns,
				  .frame = h->frame,
				  .packets = 1 };
	if (watch_alarm(w, "owner-surprised", &a))
		watch_explain(w, "%s %s session 0x%llx, whose deletion %s accepted %lld ms before (frame %llu)",
			      watch_peer_name(w, h->from), h->message->type == MODIFICATION ? "changes" : "deletes",
			      (unsigned long long)s->user_seid, watch_peer_name(w, h->to),
			      (long long)((h->now_ns - end.over_ns) / WATCH_NS_PER_MS),
			      (unsigned long long)(end.over_frame & 0xffffffffffffull));
}

const struct watch_hooks watch_check_owner_surprised = { .hears = WATCH_OF(WIRE_PFCP),
							  .pfcp = WATCH_PFCP_REQUESTS & WATCH_PFCP_SESSION,
							  .heard = heard };
