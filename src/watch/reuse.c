/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are taken again. A table that is full gives the row of a session or tunnel that ended longer ago than anything
 * about it is asked for; or, after a day in which nothing was heard of it, of one whose end nobody has told. A hand goes
 * round the table, a few rows for each new one, so that no packet waits for long; where none of these may go, the new
 * one is turned away and counted, as before. Time is the capture's: the same packets give the same rows.
 */
#include "watch/internal.h"

enum { LOOKED_AT = 64 };

/* Nothing about a session or tunnel is asked for when it has been over for so long. */
static int64_t grace_ns(const struct watch *w)
{
	int64_t ms = watch_limit(w, WATCH_REUSE_AFTER), window = 2 * watch_limit(w, WATCH_COPY_WINDOW),
		late = 2 * watch_limit(w, WATCH_ENDED_GRACE), again = 2 * watch_limit(w, WATCH_REQUEST_AGAIN);

	ms = ms < window ? window : ms;
	ms = ms < again ? again : ms;
	return (ms < late ? late : ms) * WATCH_NS_PER_MS;
}

static int64_t idle_ns(const struct watch *w)
{
	return watch_limit(w, WATCH_SESSION_IDLE) * WATCH_NS_PER_MS;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The hand goes on by a few rows, to the first that may go; WATCH_NONE: none of these may. */
static uint32_t look_on(const struct watch *w, uint32_t *hand, uint32_t count,
			bool (*may_go)(const struct watch *, uint32_t row))
{
	for (uint32_t i = 0; i < LOOKED_AT && i < count; i++) {
		uint32_t row = *hand;

		*hand = row + 1 < count ? row + 1 : 0;
		if (may_go(w, row))
			return row;
	}
	return WATCH_NONE;
}

/* ---- sessions ---- */

static int64_t last_packet_ns(const struct watch *w, const struct watch_session *s)
{
	int64_t last = 0;

	for (uint32_t t = s->first_tunnel; t != WATCH_NONE; t = watch_story_at(w, t)->next)
		last = later(last, watch_tunnel_at(w, t)->last_ns);
	return last;
}

static bool session_may_go(const struct watch *w, uint32_t row)
{
	const struct watch_session *s = watch_session_at(w, row);
	int64_t heard = later(later(s->heard_ns, s->asked_ns), watch_ending_of(w, s).over_ns), quiet = w->now_ns - heard;

	if (s->is_kept || quiet <= grace_ns(w))
		return false;
	if (s->state == WATCH_ASKED || !watch_session_lives(w, row)) /* a restart ends them without a message */
		return w->now_ns - last_packet_ns(w, s) > grace_ns(w);
	return quiet > idle_ns(w) && w->now_ns - last_packet_ns(w, s) > idle_ns(w);
}

static void drop_session(struct watch *w, uint32_t row)
{
	struct watch_session *s = watch_session_at(w, row);
	enum wire_protocol protocol = (enum wire_protocol)s->protocol;

	watch_index_remove(&w->session_index, watch_session_hash(w, protocol, s->control, s->control_seid), row);
	watch_index_remove(&w->session_index, watch_session_hash(w, protocol, s->user, s->user_seid), row);
	watch_user_drop(w, row);
	for (uint32_t t = s->first_tunnel, next; t != WATCH_NONE; t = next) {
		next = watch_story_at(w, t)->next;
		watch_story_at(w, t)->session = watch_story_at(w, t)->next = WATCH_NONE;
	}
	for (uint32_t r = s->first_rule, next; r != WATCH_NONE; r = next) {
		next = watch_rule_at(w, r)->next;
		watch_rule_at(w, r)->next = w->free_rule;
		w->free_rule = r;
	}
	s->life++;
}

uint32_t watch_session_retake(struct watch *w)
{
	uint32_t row = look_on(w, &w->session_hand, w->sessions.count, session_may_go);

	if (row == WATCH_NONE)
		return row;
	w->counters.sessions_again++;
	w->counters.silent_again += watch_session_lives(w, row) && watch_session_at(w, row)->state != WATCH_ASKED;
	drop_session(w, row);
	return row;
}

/* ---- tunnels ---- */

/* A session named it, and is over: the other side's end, too, is then in use no more, whatever its own protocol says. */
static bool is_orphan(const struct watch *w, const struct watch_tunnel_story *s)
{
	uint32_t user = watch_story_user(w, s);

	return s->user != WATCH_NONE && (user == WATCH_NONE || !watch_session_lives(w, user));
}

static bool tunnel_may_go(const struct watch *w, uint32_t row)
{
	const struct watch_tunnel *t = watch_tunnel_at(w, row);
	const struct watch_tunnel_story *s = watch_story_at(w, row);
	int64_t quiet = w->now_ns - later(later(t->last_ns, s->ended_ns), s->ordered_ns);

	if (t->flags & (WATCH_TUNNEL_FRESH | WATCH_TUNNEL_KEPT) || quiet <= grace_ns(w))
		return false;
	if (!(t->flags & WATCH_TUNNEL_ENDED) && !is_orphan(w, s) &&
	    (quiet <= idle_ns(w) || (s->session != WATCH_NONE && !session_may_go(w, s->session))))
		return false;
	return !watch_tunnel_is_doubtful(w, row);
}

static void drop_tunnel(struct watch *w, uint32_t row)
{
	struct watch_tunnel *t = watch_tunnel_at(w, row);
	const struct watch_tunnel_story *s = watch_story_at(w, row);
	const uint32_t both = WATCH_TUNNEL_USED | WATCH_TUNNEL_ORDERED;

	for (uint8_t i = 0; i < w->leave.count; i++)
		watch_checks[w->leave.rows[i]].hooks->leave(w, w->own[w->leave.rows[i]], row);
	w->counters.tunnels_ordered += (t->flags & both) == both;
	watch_index_remove(&w->tunnel_index, watch_tunnel_hash(w, &t->to, t->teid), row);
	if (s->session == WATCH_NONE)
		return;
	for (uint32_t *at = &watch_session_at(w, s->session)->first_tunnel; *at != WATCH_NONE;
	     at = &watch_story_at(w, *at)->next)
		if (*at == row) {
			*at = s->next;
			return;
		}
}

uint32_t watch_tunnel_retake(struct watch *w)
{
	uint32_t row = look_on(w, &w->tunnel_hand, w->tunnels.count, tunnel_may_go);

	if (row == WATCH_NONE)
		return row;
	w->counters.tunnels_again++;
	w->counters.silent_again +=
		!(watch_tunnel_at(w, row)->flags & WATCH_TUNNEL_ENDED) && !is_orphan(w, watch_story_at(w, row));
	drop_tunnel(w, row);
	return row;
}
