/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duplicated-forwarding: an accepted FAR that copies a user's packets (apply action DUPL, duplicating parameters; TS
 * 29.244 clauses 8.2.26, 7.5.2.3) to anything but a declared interception function. Without an inventory and a list of
 * those functions it may be one that nobody named.
 */
#include "watch/internal.h"

/* An element that the inventory itself declares to be one. */
static bool is_interception(const struct watch *w, const struct wire_address *a)
{
	const struct net_function *f = watch_function_of(w, watch_peer_find(w, a));

	return f && f->layer == LAYER_INTERCEPTION;
}

static void event(struct watch *w, void *own, const struct watch_event *e)
{
	const struct watch_rule *r = watch_rule_at(w, e->rule);
	struct watch_alarm a;

	(void)own;
	if (!(r->action & WIRE_ACTION_DUPL) || watch_is_li(w, &e->copy))
		return;
	if (is_interception(w, &e->copy))
		return;
	a = (struct watch_alarm){ .certainty = w->options.li || w->options.net ? WATCH_CERTAIN : WATCH_LIKELY,
				  .from = e->from,
				  .to = e->to,
				  .detail = hash_bytes(&e->copy, sizeof e->copy),
				  .things = "session",
				  .thing = watch_session_at(w, e->session)->user_seid,
				  .time_ns = e->asked_ns,
				  .frame = e->asked_frame,
				  .packets = 1 };
	if (watch_alarm(w, "duplicated-forwarding", &a))
		watch_explain(w, "FAR %u of session 0x%llx at %s copies its packets to %s%s", r->id,
			      (unsigned long long)a.thing, watch_peer_name(w, e->to),
			      !wire_address_is_none(&e->copy) ? watch_address_text(w, &e->copy)
							      : "a destination that it does not name",
			      w->options.li ? ", which is no declared interception function" : "");
}

const struct watch_hooks watch_check_duplicated_forwarding = { .events = WATCH_OF(WATCH_RULE_SET), .event = event };
