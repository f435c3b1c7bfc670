/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malformed: a message of the network's own protocols that its standard does not allow, as wire has it. One finding a
 * sender, receiver, message and fault. Of messages that the capture has cut nothing is said. Bytes left over behind a
 * whole message, and values that are reserved, come from common software every day (padded NGAP, end markers): they are
 * told and decide nothing.
 */
#include "watch/internal.h"

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	const struct wire_message *m = h->message;
	struct watch_alarm a = {
		.certainty = m->fault == WIRE_TRAILING || m->fault == WIRE_BAD_VALUE || m->fault == WIRE_BAD_VERSION
				     ? WATCH_UNKNOWN
				     : WATCH_CERTAIN,
		.from = h->from,
		.to = h->to,
		.detail = (uint64_t)m->protocol << 32 | (uint64_t)m->type << 8 | m->fault,
		.time_ns = h->now_ns,
		.frame = h->frame,
		.packets = 1,
	};

	(void)own;
	if (!wire_fault_is_malformed(m->fault) ||
	    !watch_service_is_network((struct watch_service){ .protocol = m->protocol }))
		return;
	if (watch_alarm(w, "malformed", &a))
		watch_explain(w, "%s %s: %s at byte %u", wire_protocol_name(m->protocol), m->name ? m->name : "message",
			      wire_fault_name(m->fault), m->fault_at);
}

const struct watch_hooks watch_check_malformed = { .heard = heard };
