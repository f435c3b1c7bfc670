/* SPDX-License-Identifier: Apache-2.0 */
/*
 * volume-out-of-role: functions of the control plane exchange messages, not files. One that fills frame after frame
 * towards another for a minute moves what is not its own. Management may fetch logs and send software: what goes to or
 * comes from it is left out, and so is interception.
 */
#include "watch/internal.h"

static bool may_move_much(const struct net_function *f)
{
	return f->layer == LAYER_MANAGEMENT || f->layer == LAYER_INTERCEPTION || f->plane == PLANE_MANAGEMENT ||
	       f->plane == PLANE_USER || f->plane == PLANE_BOTH || f->routes_user_traffic;
}

static void minute(struct watch *w, void *own, int64_t minute)
{
	(void)own;
	(void)minute;
	for (uint32_t i = 0; i < w->minute_pair_count; i++) {
		const struct watch_pair *p = watch_pair_at(w, w->minute_pairs[i]);
		const struct net_function *from = watch_function_of(w, p->from), *to = watch_function_of(w, p->to);
		struct watch_alarm a = { .certainty = WATCH_LIKELY,
					 .from = p->from,
					 .to = p->to,
					 .time_ns = p->last_ns,
					 .frame = p->first_frame,
					 .packets = p->minute_packets };

		if (!from || may_move_much(from) || (to && to->layer == LAYER_MANAGEMENT) ||
		    watch_peer_at(w, p->to)->is_li)
			continue;
		if (p->minute_bytes < (uint64_t)watch_limit(w, WATCH_ROLE_BYTES) ||
		    p->minute_bytes < p->minute_packets * (uint64_t)watch_limit(w, WATCH_ROLE_FRAME))
			continue;
		if (watch_alarm(w, "volume-out-of-role", &a))
			watch_explain(w,
				      "%s is a function of the control plane (%s) and sent %llu bytes in a minute, "
				      "%llu a frame",
				      watch_peer_name(w, p->from), from->name, (unsigned long long)p->minute_bytes,
				      (unsigned long long)(p->minute_bytes / p->minute_packets));
	}
}

const struct watch_hooks watch_check_volume_out_of_role = { .minute = minute };
