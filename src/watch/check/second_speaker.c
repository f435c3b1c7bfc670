/* SPDX-License-Identifier: Apache-2.0 */
/*
 * second-speaker: two who speak with one control address.
 *
 * A PFCP entity numbers its requests one after the other (TS 29.244 clause 7.2.2.2), uses no number for two requests
 * that wait (clause 6.4), and its packets come the same way, with the same number of hops. So the requests of one address
 * to another are sorted into series of numbers that go on. The first that has gone on for a while is the address's own;
 * what stands beside it while it goes on is another's. Likely where there is a second sign: other hops, or numbers that
 * are used again and again for other sessions. Without one it may be a second process behind the same address. A
 * restart (recovery time stamp) begins anew, and a series that never goes on was ended by one that was not seen.
 */
#include "watch/internal.h"

#include <stdlib.h>

enum {
	SPEAKERS = 1 << 16,
	SERIES = 8, /* at most: speaker-rivals */
	HELD = 64,  /* at most: speaker-held */
	NUMBERS = 1 << 24,
	HALF = 1 << 23,
	FIRST_SESSION_MESSAGE = 50,
	NONE = UINT8_MAX
};

struct series {
	uint32_t last;     /* the farthest number */
	uint32_t requests; /* 0: a free place */
	uint32_t advances; /* requests that went on in it */
	uint32_t again;    /* session requests with the number of the one before, about something else */
	uint8_t hops;
	bool is_beside; /* of its requests one came while the address's own series went on */
	int64_t first_ns, last_ns;
};

struct held { /* a request of another series, until it is known what that is */
	int64_t time_ns;
	uint64_t frame, session;
	uint32_t from, to, sequence, packets;
	uint16_t type;
	uint8_t series, hops;
	bool merged; /* it stands for several */
};

struct speaker { /* requests of one address to another */
	struct series series[SERIES];
	struct held held[HELD];
	uint8_t held_count, own; /* own: the series that is the address's, NONE */
	uint8_t used;            /* a bit for each of series that is no free place */
	uint32_t beside_own;     /* advances of the others since it went on */
	int64_t restarted_ns;
};

struct own {
	struct watch_rows speakers;
	uint32_t *of_pair; /* row + 1, by pair */
	uint32_t room;
};

static void *begin(struct watch *w)
{
	struct own *own = arena_alloc(w->arena, sizeof *own);

	watch_rows_init(&own->speakers, sizeof(struct speaker), SPEAKERS);
	return own;
}

static struct speaker *speaker_of(struct watch *w, struct own *own, uint32_t pair)
{
	uint32_t row;

	if (pair >= own->room) {
		uint32_t room = own->room ? own->room : 64;

		while (room <= pair)
			room *= 2;
		own->of_pair = arena_grow(w->arena, own->of_pair, own->room * sizeof *own->of_pair,
					  room * sizeof *own->of_pair);
		own->room = room;
	}
	row = own->of_pair[pair];
	if (!row) {
		row = watch_rows_add(&own->speakers, w->arena);
		if (row == WATCH_NONE) {
			w->counters.checks_full++;
			return NULL;
		}
		((struct speaker *)own->speakers.items)[row] = (struct speaker){ .own = NONE };
		own->of_pair[pair] = ++row;
	}
	return &((struct speaker *)own->speakers.items)[row - 1];
}

static int32_t ahead(uint32_t sequence, uint32_t last)
{
	uint32_t d = (sequence - last) & (NUMBERS - 1);

	return d >= HALF ? (int32_t)d - NUMBERS : (int32_t)d;
}

/* ---- what is told ---- */

/* Numbers that are used again and again, and seldom go on. */
static bool stands_still(const struct watch *w, const struct series *r)
{
	return r->again >= watch_limit(w, WATCH_SPEAKER_AGAIN) && r->again > r->advances;
}

static enum watch_certainty certainty_of(const struct watch *w, const struct speaker *s, const struct held *h)
{
	bool second_sign = h->hops != s->series[s->own].hops || stands_still(w, &s->series[h->series]);

	/* a restart is told in answers too, and one direction may have none */
	return second_sign && !watch_frame_is_half(w, h->frame) ? WATCH_LIKELY : WATCH_UNKNOWN;
}

static void tell_one(struct watch *w, const struct speaker *s, const struct held *h)
{
	const struct series *other = &s->series[h->series], *own = &s->series[s->own];
	const char *name = wire_message_name(WIRE_PFCP, h->type);
	bool other_hops = h->hops != own->hops, again = stands_still(w, other);
	struct watch_alarm a = { .certainty = certainty_of(w, s, h),
				 .from = h->from,
				 .to = h->to,
				 .things = h->session ? "session" : NULL,
				 .thing = h->session,
				 .more_things = h->merged,
				 .time_ns = h->time_ns,
				 .frame = h->frame,
				 .packets = h->packets };

	if (watch_alarm(w, "second-speaker", &a))
		watch_explain(w,
			      "two speak with one address: %s with sequence number %u%s%s, between requests that count "
			      "on from %u%s",
			      name ? name : "a request", h->sequence,
			      again ? ", used again for one session after the other" : "",
			      other_hops ? again ? ", and another number of hops" : " and another number of hops" : "",
			      own->last, other_hops || again ? "" : " (the hops are the same)");
}

/* Those that are known to stand beside the address's own series; at_least: the others wait for a second sign. */
static void tell(struct watch *w, struct speaker *s, enum watch_certainty at_least)
{
	unsigned kept = 0;

	for (unsigned i = 0; s->own != NONE && i < s->held_count; i++) {
		const struct held *h = &s->held[i];

		if (s->series[h->series].is_beside && h->series != s->own && certainty_of(w, s, h) >= at_least)
			tell_one(w, s, h);
		else
			s->held[kept++] = *h;
	}
	if (s->own != NONE)
		s->held_count = (uint8_t)kept;
}

static void forget(struct speaker *s, unsigned series)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < s->held_count; i++)
		if (s->held[i].series != series)
			s->held[kept++] = s->held[i];
	s->held_count = (uint8_t)kept;
}

/* One more; where there is no place, the last of its series counts for it, or else the first of all makes room. */
static void hold(struct speaker *s, const struct watch *w, const struct watch_heard *h, unsigned series,
		 uint32_t packets)
{
	const struct watch_session *session = h->session == WATCH_NONE ? NULL : watch_session_at(w, h->session);
	unsigned room = (unsigned)watch_limit(w, WATCH_SPEAKER_HELD);

	for (unsigned i = room; s->held_count == room && i-- > 0;)
		if (s->held[i].series == series && s->held[i].hops == h->level->hops) {
			s->held[i].packets += packets;
			s->held[i].merged |= session != NULL;
			return;
		}
	if (s->held_count == room) {
		for (unsigned i = 1; i < room; i++)
			s->held[i - 1] = s->held[i];
		s->held_count--;
	}
	s->held[s->held_count++] = (struct held){
		.time_ns = h->now_ns,
		.frame = h->frame,
		.session = !session             ? 0
			   : session->user_seid ? session->user_seid
						: session->control_seid,
		.from = h->from,
		.to = h->to,
		.sequence = h->message->sequence,
		.packets = packets,
		.type = h->message->type,
		.series = (uint8_t)series,
		.hops = h->level->hops,
	};
}

/* ---- series ---- */

/* The nearest one that the number may belong to, NONE. */
static unsigned series_find(const struct watch *w, const struct speaker *s, const struct watch_heard *h)
{
	int64_t nearest = watch_limit(w, WATCH_SPEAKER_WINDOW) + 1;
	unsigned found = NONE;

	for (unsigned left = s->used; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);
		int64_t d = llabs((long long)ahead(h->message->sequence, s->series[i].last));

		if (d < nearest && (i == s->own || s->series[i].hops == h->level->hops)) {
			nearest = d;
			found = i;
		}
	}
	return found;
}

/* The one that the number belongs to; else a new one, in the place of the one that was not heard for longest. */
static unsigned series_of(struct watch *w, struct speaker *s, const struct watch_heard *h)
{
	unsigned found = series_find(w, s, h), oldest = NONE, most = (unsigned)watch_limit(w, WATCH_SPEAKER_RIVALS);

	if (found != NONE)
		return found;
	for (unsigned i = 0; i < most; i++)
		if (i != s->own && (oldest == NONE || !s->series[i].requests ||
				    (s->series[oldest].requests && s->series[i].last_ns < s->series[oldest].last_ns)))
			oldest = i;
	if (s->series[oldest].requests) {
		tell(w, s, WATCH_UNKNOWN);
		forget(s, oldest);
	}
	s->used |= (uint8_t)(1 << oldest);
	s->series[oldest] =
		(struct series){ .last = h->message->sequence, .hops = h->level->hops, .first_ns = h->now_ns };
	return oldest;
}

static void go_on(struct series *r, const struct watch_heard *h)
{
	int32_t d = ahead(h->message->sequence, r->last);

	if (d > 0) {
		r->last = h->message->sequence;
		r->advances++;
	}
	if (r->requests && d == 0 && !h->retold && h->message->type >= FIRST_SESSION_MESSAGE)
		r->again++;
	if (r->requests < 4)
		r->hops = h->level->hops;
	r->requests++;
	r->last_ns = h->now_ns;
}

/* The address's own series went on: what others have sent since it began was beside it. */
static void own_goes_on(struct watch *w, struct speaker *s)
{
	for (unsigned left = s->used & ~(1u << s->own); left; left &= left - 1) {
		struct series *other = &s->series[__builtin_ctz(left)];

		if (other->last_ns >= s->series[s->own].first_ns)
			other->is_beside = true;
	}
	s->beside_own = 0;
	if (s->held_count)
		tell(w, s, WATCH_LIKELY);
}

static void heard(struct watch *w, void *state, const struct watch_heard *h)
{
	int64_t least = watch_limit(w, WATCH_SPEAKER_SERIES), most_again = watch_limit(w, WATCH_REPEAT_MOST);
	struct speaker *s;
	struct series *r;
	unsigned row;

	if (!(h->message->kind & WIRE_REQUEST) || h->from == WATCH_NONE || h->to == WATCH_NONE ||
	    h->pair == WATCH_NONE || !h->level || (h->retold && h->repeated < most_again))
		return;
	s = speaker_of(w, state, h->pair);
	if (!s)
		return;
	if (watch_peer_at(w, h->from)->restarted_ns > s->restarted_ns) {
		tell(w, s, WATCH_UNKNOWN);
		*s = (struct speaker){ .own = NONE, .restarted_ns = watch_peer_at(w, h->from)->restarted_ns };
	}
	row = series_of(w, s, h);
	r = &s->series[row];
	go_on(r, h);
	if (row == s->own) {
		if (h->level->hops == r->hops)
			own_goes_on(w, s);
		return;
	}
	hold(s, w, h, row, h->retold && h->repeated == most_again ? (uint32_t)most_again : 1);
	s->beside_own += s->own != NONE;
	if (r->is_beside)
		tell(w, s, WATCH_LIKELY); /* whose it is was seen before */
	/* the first that goes on is the address's own; another one where that is heard no more: a restart that was not seen */
	if (r->advances + 1 >= least && (s->own == NONE || s->beside_own >= watch_limit(w, WATCH_SPEAKER_SILENT))) {
		forget(s, row);
		s->own = (uint8_t)row;
		s->beside_own = 0;
		r->is_beside = false;
	}
}

static void finish(struct watch *w, void *state)
{
	struct own *own = state;

	for (uint32_t i = 0; i < own->speakers.count; i++)
		tell(w, &((struct speaker *)own->speakers.items)[i], WATCH_UNKNOWN);
}

const struct watch_hooks watch_check_second_speaker = {
	.hears = WATCH_OF(WIRE_PFCP), .pfcp = WATCH_PFCP_REQUESTS, .begin = begin, .heard = heard, .finish = finish
};
