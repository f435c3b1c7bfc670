/* SPDX-License-Identifier: Apache-2.0 */
/* Which session had a UE address last, by network instance and user-plane function: two networks may use one address. */
#include "watch/internal.h"

struct user {
	struct wire_address address; /* IPv6: the prefix */
	uint64_t instance;
	uint32_t user_plane, session;
};

void watch_users_init(struct watch *w)
{
	watch_index_init(&w->user_index, w->arena);
	watch_rows_init(&w->users, sizeof(struct user), WATCH_SESSIONS);
}

static struct wire_address prefix_of(const struct watch_session *s)
{
	struct wire_address a = s->ue_v6;

	for (unsigned i = s->ue_v6_bits / 8; i < 16; i++)
		a.bytes[i] = i == s->ue_v6_bits / 8u ? a.bytes[i] & (uint8_t)(0xff00 >> s->ue_v6_bits % 8) : 0;
	return a;
}

static uint64_t user_hash(const struct watch *w, const struct wire_address *a, uint64_t instance, uint32_t user_plane)
{
	uint64_t place = watch_hash(w, instance, user_plane);

	return watch_index_hash(watch_hash(w, watch_hash(w, wire_address_half(a), watch_address_high(a)), place));
}

static struct user *user_at(const struct watch *w, uint32_t row)
{
	return &((struct user *)w->users.items)[row];
}

static struct user *find(const struct watch *w, const struct wire_address *a, uint64_t instance, uint32_t user_plane)
{
	uint64_t hash = user_hash(w, a, instance, user_plane);

	WATCH_INDEX_EACH(&w->user_index, hash, row)
	{
		struct user *u = user_at(w, row);

		if (u->instance == instance && u->user_plane == user_plane && watch_address_is(&u->address, a))
			return u;
	}
	return NULL;
}

void watch_user_fetch(const struct watch *w, const struct wire_address *a, uint64_t instance, uint32_t user_plane)
{
	watch_index_fetch(&w->user_index, user_hash(w, a, instance, user_plane));
}

uint32_t watch_user_take(struct watch *w, uint32_t session, bool v6)
{
	const struct watch_session *s = watch_session_at(w, session);
	struct wire_address a = v6 ? prefix_of(s) : s->ue_v4;
	struct user *u = wire_address_is_none(&a) ? NULL : find(w, &a, s->instance, s->user);
	uint32_t row, before;

	if (u) {
		before = u->session;
		u->session = session;
		return before;
	}
	if (wire_address_is_none(&a))
		return WATCH_NONE;
	row = w->free_user;
	if (row != WATCH_NONE)
		w->free_user = user_at(w, row)->session;
	else
		row = watch_rows_add(&w->users, w->arena);
	if (row == WATCH_NONE)
		return row;
	*user_at(w, row) = (struct user){ a, s->instance, s->user, session };
	watch_index_put(&w->user_index, w->arena, user_hash(w, &a, s->instance, s->user), row);
	return WATCH_NONE;
}

static void drop(struct watch *w, uint32_t session, const struct wire_address *a)
{
	const struct watch_session *s = watch_session_at(w, session);
	struct user *u = wire_address_is_none(a) ? NULL : find(w, a, s->instance, s->user);
	uint32_t row;

	if (!u || u->session != session)
		return;
	row = (uint32_t)(u - user_at(w, 0));
	watch_index_remove(&w->user_index, user_hash(w, a, s->instance, s->user), row);
	u->session = w->free_user;
	w->free_user = row;
}

void watch_user_drop(struct watch *w, uint32_t session)
{
	struct wire_address v6 = prefix_of(watch_session_at(w, session));

	drop(w, session, &watch_session_at(w, session)->ue_v4);
	drop(w, session, &v6);
}

uint32_t watch_user_find(const struct watch *w, const struct wire_address *a, uint64_t instance, uint32_t user_plane)
{
	const struct user *u = find(w, a, instance, user_plane);

	return u ? u->session : WATCH_NONE;
}
