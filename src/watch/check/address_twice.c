/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address-twice: one UE address (IPv6: one prefix) in two live sessions of one network instance at one user-plane
 * function; packets to it then go to whoever came last. A move between accesses may overlap for a moment (make before
 * break), so sessions of one controller are judged once they have stood side by side for longer than the grace.
 */
#include "watch/internal.h"

enum { KEPT = 65536 };

struct twice {
	uint32_t old, new;
	struct watch_event e;
};

static void *begin(struct watch *w)
{
	struct watch_rows *twice = arena_alloc(w->arena, sizeof *twice);

	watch_rows_init(twice, sizeof(struct twice), KEPT);
	return twice;
}

static void look_up(struct watch *w, struct watch_rows *twice, const struct watch_event *e, bool v6)
{
	uint32_t before = watch_user_take(w, e->session, v6), row;

	if (before == WATCH_NONE || before == e->session || !watch_session_lives(w, before))
		return;
	row = watch_rows_add(twice, w->arena);
	if (row == WATCH_NONE) {
		w->counters.checks_full++;
		return;
	}
	watch_session_at(w, before)->is_kept = watch_session_at(w, e->session)->is_kept = true;
	((struct twice *)twice->items)[row] = (struct twice){ before, e->session, *e };
}

static void event(struct watch *w, void *state, const struct watch_event *e)
{
	look_up(w, state, e, false);
	look_up(w, state, e, true);
}

/* That the older session still stands is so because no end of it was seen. */
static enum watch_certainty sure_of(const struct watch *w)
{
	if (watch_orders_may_be_missing(w))
		return WATCH_UNKNOWN;
	return watch_taps_are_whole(w) ? WATCH_CERTAIN : WATCH_LIKELY;
}

/* How long both stood, up to the first end or the last packet. */
static int64_t overlap(const struct watch *w, const struct twice *t)
{
	const struct watch_session *both[] = { watch_session_at(w, t->old), watch_session_at(w, t->new) };
	int64_t end = w->last_ns;

	for (unsigned i = 0; i < 2; i++) {
		struct watch_ending ending = watch_ending_of(w, both[i]);

		/* that the end was asked for is enough: whoever asked holds the address for free, answered or not */
		if (ending.leaving_ns && ending.leaving_ns < end)
			end = ending.leaving_ns;
		else if (both[i]->state == WATCH_OVER && ending.over_ns < end)
			end = ending.over_ns;
	}
	return end - both[1]->live_ns;
}

static void finish(struct watch *w, void *state)
{
	const struct watch_rows *twice = state;
	int64_t grace = watch_limit(w, WATCH_ADDRESS_OVERLAP) * WATCH_NS_PER_MS;

	for (uint32_t i = 0; i < twice->count; i++) {
		const struct twice *t = &((const struct twice *)twice->items)[i];
		const struct watch_session *old = watch_session_at(w, t->old), *new = watch_session_at(w, t->new);
		bool one_controller = watch_same_pool(w, old->control, new->control);
		struct watch_alarm a = { .certainty = sure_of(w),
					 .from = new->control,
					 .to = new->user,
					 .things = "session",
					 .thing = new->user_seid,
					 .time_ns = t->e.asked_ns,
					 .frame = t->e.asked_frame,
					 .packets = 1 };

		if (one_controller && overlap(w, t) <= grace + watch_clock_error(w, new->asked_frame, watch_ending_of(w, old).over_frame))
			continue;
		if (watch_alarm(w, "address-twice", &a))
			watch_explain(
				w,
				"session 0x%llx has the UE address %s of session 0x%llx, which lives in the same "
				"network instance",
				(unsigned long long)new->user_seid,
				watch_user_address(w, wire_address_is_none(&new->ue_v4) ? &new->ue_v6 : &new->ue_v4),
				(unsigned long long)old->user_seid);
	}
}

const struct watch_hooks watch_check_address_twice = {
	.events = WATCH_OF(WATCH_SESSION_LIVE), .begin = begin, .event = event, .finish = finish
};
