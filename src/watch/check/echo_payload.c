/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo-payload: a GTP echo or a PFCP heartbeat that carries more than it needs. TS 29.281 clause 7.2 and TS 29.244
 * clause 7.4.2 give them a counter or a time; what else is in them is said by nobody who keeps to the standard, and
 * passes a firewall that lets echoes through.
 */
#include "watch/internal.h"

enum { ECHO_REQUEST = 1, ECHO_ANSWER = 2 };

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	const struct wire_message *m = h->message;
	int64_t most = watch_limit(w, WATCH_ECHO_BYTES);
	struct watch_alarm a;

	(void)own;
	if ((m->type != ECHO_REQUEST && m->type != ECHO_ANSWER) || m->length <= most || h->from == WATCH_NONE)
		return;
	a = (struct watch_alarm){ .certainty = WATCH_LIKELY,
				  .from = h->from,
				  .to = h->to,
				  .detail = m->protocol,
				  .time_ns = h->now_ns,
				  .frame = h->frame,
				  .packets = 1 };
	if (watch_alarm(w, "echo-payload", &a))
		watch_explain(w, "%s %s of %u bytes, where at most %lld are needed", wire_protocol_name(m->protocol),
			      m->name ? m->name : "echo", m->length, (long long)most);
}

const struct watch_hooks watch_check_echo_payload = { .hears = WATCH_OF(WIRE_GTPU) | WATCH_OF(WIRE_PFCP) |
							       WATCH_OF(WIRE_GTPV2C) | WATCH_OF(WIRE_GTPV1C),
						      .pfcp = WATCH_PFCP(ECHO_REQUEST) | WATCH_PFCP(ECHO_ANSWER),
						      .heard = heard };
