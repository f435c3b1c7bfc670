/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ended-tunnel: user packets into a tunnel whose release was answered longer ago than the grace. Packets under way and
 * end markers need a moment; and two clocks that differ by more than that can't say which came first.
 */
#include "watch/internal.h"

void watch_tunnel_late(struct watch *w, uint32_t tunnel, const struct watch_mark *mark, int64_t now_ns)
{
	const struct watch_tunnel_story *s = watch_story_at(w, tunnel);
	const struct watch_tunnel *t = watch_tunnel_at(w, tunnel);
	const struct watch_pair *pair = watch_pair_at(w, t->pair);
	int64_t grace =
		watch_limit(w, WATCH_ENDED_GRACE) * WATCH_NS_PER_MS + watch_clock_error(w, s->ended_frame, mark->frame);
	size_t tap = mark->frame >> 48;
	struct watch_alarm a = {
		.certainty = watch_taps_are_whole(w) ? WATCH_CERTAIN : WATCH_LIKELY,
		.from = pair->from,
		.to = pair->to,
		.things = "tunnel",
		.thing = t->teid,
		.time_ns = now_ns,
		.frame = mark->frame,
		.packets = 1,
	};

	if (!(t->flags & WATCH_TUNNEL_ENDED) || now_ns - s->ended_ns <= grace)
		return;
	if (watch_orders_may_be_missing(w) || (tap < w->options.tap_count && w->options.taps[tap].sampled > 1))
		return;
	if (watch_alarm(w, "ended-tunnel", &a))
		watch_explain(
			w, "user packets into tunnel 0x%08x of %s %lld ms after its release was answered (frame %llu)",
			t->teid, watch_peer_name(w, pair->to), (long long)((now_ns - s->ended_ns) / WATCH_NS_PER_MS),
			(unsigned long long)(s->ended_frame & 0xffffffffffffull));
}

const struct watch_hooks watch_check_ended_tunnel = { 0 };
