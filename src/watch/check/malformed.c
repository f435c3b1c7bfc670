/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malformed: a message of the network's own protocols that its standard does not allow, as wire has it. One finding a
 * sender, receiver, message and fault. Of messages that the capture has cut nothing is said. Bytes left over behind a
 * whole message, and values that are reserved, come from common software every day (padded NGAP, end markers): they are
 * told and decide nothing.
 */
#include "watch/internal.h"

static enum watch_certainty certainty_of(uint8_t fault)
{
	return fault == WIRE_TRAILING || fault == WIRE_BAD_VALUE || fault == WIRE_BAD_VERSION ? WATCH_UNKNOWN
											      : WATCH_CERTAIN;
}

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	const struct wire_message *m = h->message;
	struct watch_alarm a;

	(void)own;
	if (!wire_fault_is_malformed(m->fault) || !watch_is_network(m->protocol))
		return;
	a = (struct watch_alarm){ .certainty = certainty_of(m->fault),
				  .from = h->from,
				  .to = h->to,
				  .detail = (uint64_t)m->protocol << 32 | (uint64_t)m->type << 8 | m->fault,
				  .time_ns = h->now_ns,
				  .frame = h->frame,
				  .packets = 1 };
	if (a.certainty == WATCH_UNKNOWN) /* one for all of its kinds: it is the software's habit */
		a.detail = m->protocol;
	if (watch_alarm(w, "malformed", &a))
		watch_explain(w, "%s %s: %s at byte %u", wire_protocol_name(m->protocol), m->name ? m->name : "message",
			      wire_fault_name(m->fault), m->fault_at);
}

/* TS 29.281 clause 5.1: the length is without the first eight bytes. Software in wide use counts them all the same. */
static bool counts_its_header(const struct wire_level *l)
{
	uint32_t length = l->payload_bytes >= 4 ? (uint32_t)l->payload[2] << 8 | l->payload[3] : 0;

	return l->fault == WIRE_BAD_LENGTH && length <= l->payload_length;
}

/* What is wrong in the headers of a tunnel: no message comes of it. */
static void batch(struct watch *w, void *own, const struct wire_batch *b, const struct watch_mark *marks)
{
	(void)own;
	WATCH_EACH_SPECIAL(w, i)
	{
		const struct wire_packet *p = &b->packets[i];
		const struct wire_level *l = &p->levels[marks[i].level];
		struct watch_alarm a;

		if (!wire_fault_is_malformed(p->fault) || !p->count || l->protocol != WIRE_GTPU ||
		    !wire_fault_is_malformed(l->fault) || p->messages)
			continue;
		a = (struct watch_alarm){ .certainty = counts_its_header(l) ? WATCH_UNKNOWN : certainty_of(l->fault),
					  .from = watch_mark_from(w, &marks[i]),
					  .to = watch_mark_to(w, &marks[i]),
					  .detail = (uint64_t)WIRE_GTPU << 32 | l->fault,
					  .time_ns = b->frames[i].time_ns,
					  .frame = marks[i].frame,
					  .packets = 1 };
		if (watch_alarm(w, "malformed", &a))
			watch_explain(w, "GTP-U header: %s", wire_fault_name(l->fault));
	}
}

const struct watch_hooks watch_check_malformed = { .heard = heard, .batch = batch };
