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

struct own {
	struct watch_index index; /* address, instance, user plane -> row of twos: its last session */
	struct watch_rows last, twice;
};

static void *begin(struct watch *w)
{
	struct own *own = arena_alloc(w->arena, sizeof *own);

	watch_index_init(&own->index, w->arena);
	watch_rows_init(&own->last, sizeof(uint32_t), WATCH_SESSIONS);
	watch_rows_init(&own->twice, sizeof(struct twice), KEPT);
	return own;
}

static struct wire_address prefix_of(const struct watch_session *s)
{
	struct wire_address a = s->ue_v6;

	for (unsigned i = s->ue_v6_bits / 8; i < 16; i++)
		a.bytes[i] = i == s->ue_v6_bits / 8u ? a.bytes[i] & (uint8_t)(0xff00 >> s->ue_v6_bits % 8) : 0;
	return a;
}

static bool shares(const struct watch_session *a, const struct watch_session *b, bool v6)
{
	struct wire_address x = v6 ? prefix_of(a) : a->ue_v4, y = v6 ? prefix_of(b) : b->ue_v4;

	return a->user == b->user && a->instance == b->instance && watch_address_is(&x, &y);
}

static void look_up(struct watch *w, struct own *own, const struct watch_event *e, bool v6)
{
	const struct watch_session *s = watch_session_at(w, e->session);
	struct {
		struct wire_address a;
		uint64_t instance, user;
	} key = { v6 ? prefix_of(s) : s->ue_v4, s->instance, s->user };
	uint64_t hash;
	uint32_t row;

	if (wire_address_is_none(&key.a))
		return;
	hash = watch_index_hash(hash_seeded(&key, sizeof key, w->options.seed));
	WATCH_INDEX_EACH(&own->index, hash, at)
	{
		uint32_t *last = &((uint32_t *)own->last.items)[at];
		const struct watch_session *other = watch_session_at(w, *last);

		if (!shares(s, other, v6))
			continue;
		if (*last != e->session && watch_session_lives(w, *last)) {
			row = watch_rows_add(&own->twice, w->arena);
			if (row != WATCH_NONE)
				((struct twice *)own->twice.items)[row] = (struct twice){ *last, e->session, *e };
		}
		*last = e->session;
		return;
	}
	row = watch_rows_add(&own->last, w->arena);
	if (row == WATCH_NONE)
		return;
	((uint32_t *)own->last.items)[row] = e->session;
	watch_index_put(&own->index, w->arena, hash, row);
}

static void event(struct watch *w, void *state, const struct watch_event *e)
{
	if (e->kind != WATCH_SESSION_LIVE)
		return;
	look_up(w, state, e, false);
	look_up(w, state, e, true);
}

/* How long both stood, up to the first end or the last packet. */
static int64_t overlap(const struct watch *w, const struct twice *t)
{
	const struct watch_session *old = watch_session_at(w, t->old), *new = watch_session_at(w, t->new);
	int64_t end = w->last_ns;

	if (old->state == WATCH_OVER && old->over_ns < end)
		end = old->over_ns;
	if (new->state == WATCH_OVER &&new->over_ns < end)
		end = new->over_ns;
	return end - new->live_ns;
}

static void finish(struct watch *w, void *state)
{
	struct own *own = state;
	int64_t grace = watch_limit(w, WATCH_ADDRESS_OVERLAP) * WATCH_NS_PER_MS;

	for (uint32_t i = 0; i < own->twice.count; i++) {
		const struct twice *t = &((struct twice *)own->twice.items)[i];
		const struct watch_session *old = watch_session_at(w, t->old), *new = watch_session_at(w, t->new);
		bool one_controller = watch_same_pool(w, old->control, new->control);
		struct watch_alarm a = { .certainty = WATCH_CERTAIN,
					 .from = new->control,
					 .to = new->user,
					 .detail = new->user_seid,
					 .time_ns = t->e.asked_ns,
					 .frame = t->e.asked_frame,
					 .packets = 1 };

		if (one_controller && overlap(w, t) <= grace)
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

const struct watch_hooks watch_check_address_twice = { .begin = begin, .event = event, .finish = finish };
