/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-not-yours: a PFCP session changed or deleted by a peer that did not set it up and is none of its pool, and the
 * user plane obeyed. A controller that takes a session over says so with an F-SEID of its own (TS 29.244 clause
 * 5.22.3): then it is told as not known, once, and it owns the session too. So is the release of an association that is somebody else's.
 */
#include "watch/internal.h"

static void event(struct watch *w, void *own, const struct watch_event *e)
{
	const struct watch_session *s = e->session == WATCH_NONE ? NULL : watch_session_at(w, e->session);
	struct watch_alarm a;

	(void)own;
	if (!s || s->older || watch_same_pool(w, s->control, e->from) || s->taken_by == e->from)
		return;
	a = (struct watch_alarm){ .certainty = e->takes_over ? WATCH_UNKNOWN : WATCH_LIKELY,
				  .from = e->from,
				  .to = e->to,
				  .things = "session",
				  .thing = s->user_seid,
				  .time_ns = e->asked_ns,
				  .frame = e->asked_frame,
				  .packets = 1 };
	if (watch_alarm(w, "session-not-yours", &a))
		watch_explain(w, "session 0x%llx, set up by %s, was %s by %s, and %s accepted",
			      (unsigned long long)s->user_seid, watch_peer_name(w, s->control),
			      e->kind == WATCH_SESSION_OVER ? "deleted" : "changed", watch_peer_name(w, e->from),
			      watch_peer_name(w, e->to));
}

const struct watch_hooks watch_check_session_not_yours = {
	.events = WATCH_OF(WATCH_SESSION_CHANGED) | WATCH_OF(WATCH_SESSION_OVER), .event = event
};
