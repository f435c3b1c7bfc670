/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control-in-user-plane: PFCP, GTP-C, NGAP or GTP itself inside a user's tunnel. A user has no business with them; where
 * a user plane forwards them, the control plane can be reached from a handset.
 */
#include "watch/internal.h"

static void batch(struct watch *w, void *own, const struct wire_batch *b, const struct watch_mark *marks)
{
	(void)own;
	WATCH_EACH_SPECIAL(w, i)
	{
		const struct wire_packet *p = &b->packets[i];
		unsigned inner = marks[i].level + 1u;
		const struct wire_level *l = &p->levels[inner];
		struct watch_alarm a;

		if (!marks[i].g_pdu || p->count <= inner || l->carrier != WIRE_IN_GTPU || !l->protocol ||
		    !watch_is_network(l->protocol))
			continue;
		a = (struct watch_alarm){ .certainty =
						  wire_fault_is_malformed(l->fault) ? WATCH_UNKNOWN : WATCH_CERTAIN,
					  .from = watch_mark_from(w, &marks[i]),
					  .to = watch_mark_to(w, &marks[i]),
					  .detail = l->protocol,
					  .time_ns = b->frames[i].time_ns,
					  .frame = marks[i].frame,
					  .packets = 1 };
		if (watch_alarm(w, "control-in-user-plane", &a))
			watch_explain(w, "%s to %s inside tunnel 0x%08x", wire_protocol_name(l->protocol),
				      watch_address_text(w, &l->destination), p->levels[marks[i].level].gtpu.teid);
	}
}

const struct watch_hooks watch_check_control_in_user_plane = { .batch = batch };
