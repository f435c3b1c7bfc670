/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of the control plane: rows, how they are found, how they end; and the events that checks hear. */
#include "watch/internal.h"

#include <string.h>

uint64_t watch_session_hash(const struct watch *w, enum wire_protocol protocol, uint32_t at, uint64_t number)
{
	return watch_index_hash(watch_hash(w, (uint64_t)protocol << 32 | at, number));
}

static struct watch_ending *ending_at(const struct watch *w, const struct watch_session *s)
{
	return &((struct watch_ending *)w->endings.items)[s->ending - 1];
}

struct watch_ending watch_ending_of(const struct watch *w, const struct watch_session *s)
{
	return s->ending ? *ending_at(w, s) : (struct watch_ending){ 0 };
}

/* There are as many rows as there are of sessions. */
static struct watch_ending *ending_get(struct watch *w, uint32_t session)
{
	struct watch_session *s = watch_session_at(w, session);

	if (!s->ending) {
		uint32_t row = watch_rows_add(&w->endings, w->arena);

		assert(row != WATCH_NONE);
		s->ending = row + 1;
		*ending_at(w, s) = (struct watch_ending){ 0 };
	}
	return ending_at(w, s);
}

uint32_t watch_session_new(struct watch *w, enum wire_protocol protocol, uint32_t control, uint32_t user,
			   const struct watch_heard *h)
{
	uint32_t row = watch_rows_add(&w->sessions, w->arena), ending;
	struct watch_session *s;
	uint16_t life;

	if (row == WATCH_NONE)
		row = watch_session_retake(w);
	if (row == WATCH_NONE) {
		w->counters.sessions_full++;
		return row;
	}
	w->counters.sessions++;
	s = watch_session_at(w, row);
	if (s->ending)
		*ending_at(w, s) = (struct watch_ending){ 0 };
	life = s->life;
	ending = s->ending;
	watch_zero(s, sizeof *s);
	s->protocol = (uint8_t)protocol;
	s->life = life;
	s->ending = ending;
	s->control = control;
	s->user = user;
	s->first_tunnel = s->first_rule = s->taken_by = WATCH_NONE;
	s->asked_ns = h->now_ns;
	s->asked_frame = h->frame;
	return row;
}

static bool is_at(const struct watch_session *s, enum wire_protocol protocol, uint32_t at, uint64_t number)
{
	return s->protocol == protocol &&
	       ((s->control == at && s->control_seid == number) || (s->user == at && s->user_seid == number));
}

/*
 * Where one number is used again and again at one place, the row of one that has ended, or else the first of many, makes
 * room: only the last ones are ever asked for, and the chain stays short whatever somebody sends.
 */
static bool take_place(struct watch *w, uint32_t session, enum wire_protocol protocol, uint32_t at, uint64_t number,
		       uint64_t hash)
{
	enum { MOST = 16 };
	struct watch_index *index = &w->session_index;
	uint32_t found = WATCH_NONE, slot = 0;
	unsigned count = 0;

	WATCH_INDEX_EACH(index, hash, row)
	{
		bool is_over = is_at(watch_session_at(w, row), protocol, at, number) && !watch_session_lives(w, row);

		if (row == session)
			return true;
		count++;
		if (is_over || row < found) {
			found = row;
			slot = at_;
		}
		if (is_over)
			count = MOST;
		if (count >= MOST)
			break;
	}
	if (count < MOST)
		return false;
	index->slots[slot] = hash >> 32 << 32 | (session + 1);
	return true;
}

void watch_session_index(struct watch *w, uint32_t session, enum wire_protocol protocol, uint32_t at, uint64_t number)
{
	uint64_t hash = watch_session_hash(w, protocol, at, number);

	if (session != WATCH_NONE && !take_place(w, session, protocol, at, number, hash))
		watch_index_put(&w->session_index, w->arena, hash, session);
}

uint32_t watch_session_find(const struct watch *w, enum wire_protocol protocol, uint32_t at, uint64_t number)
{
	uint64_t hash = watch_session_hash(w, protocol, at, number);
	uint32_t found = WATCH_NONE;
	bool lives = false;

	WATCH_INDEX_EACH(&w->session_index, hash, row)
	{
		bool this_lives = watch_session_lives(w, row);

		if (!is_at(watch_session_at(w, row), protocol, at, number) || (lives && !this_lives))
			continue;
		if (found == WATCH_NONE || (this_lives && !lives) || row > found) {
			found = row;
			lives = this_lives;
		}
	}
	return found;
}

bool watch_session_lives(const struct watch *w, uint32_t session)
{
	const struct watch_session *s = watch_session_at(w, session);

	if (s->state == WATCH_OVER || s->state == WATCH_REFUSED)
		return false;
	return (s->control == WATCH_NONE || watch_peer_at(w, s->control)->restarted_ns <= s->asked_ns) &&
	       (s->user == WATCH_NONE || watch_peer_at(w, s->user)->restarted_ns <= s->asked_ns);
}

void watch_session_leaves(struct watch *w, uint32_t session, int64_t now_ns)
{
	ending_get(w, session)->leaving_ns = now_ns;
}

void watch_session_over(struct watch *w, uint32_t session, int64_t now_ns, uint64_t frame)
{
	struct watch_session *s = watch_session_at(w, session);
	struct watch_ending *e;

	if (s->state == WATCH_OVER)
		return;
	s->state = WATCH_OVER;
	e = ending_get(w, session);
	e->over_ns = now_ns;
	e->over_frame = frame;
	for (uint32_t t = s->first_tunnel; t != WATCH_NONE; t = watch_story_at(w, t)->next) {
		const struct watch_tunnel_story *story = watch_story_at(w, t);

		/* what the user plane receives ends with its session; the other side's ends with its own protocol's */
		if (story->session == session && (s->protocol != WIRE_PFCP || story->end == WIRE_END_CORE))
			watch_tunnel_end(w, t, now_ns, frame);
	}
}

void watch_event(struct watch *w, const struct watch_event *e)
{
	const struct watch_wants *wants = &w->event[e->kind];

	for (uint8_t i = 0; i < wants->count; i++) {
		unsigned row = wants->rows[i];

		watch_checks[row].hooks->event(w, w->own[row], e);
	}
}
