/* SPDX-License-Identifier: Apache-2.0 */
/*
 * second-speaker and owner-surprised: two who speak with one control address.
 *
 * A PFCP entity numbers its requests one after the other (TS 29.244 clause 7.2.2.2) and its packets come the same way
 * (so with the same number of hops). A request far off the series, after which the series goes on where it was, is
 * somebody else's. Both signs together are likely; one of them alone, or a series that never goes on, may be a second
 * process or a new route. A restart (recovery time stamp, association set-up) begins a series anew.
 */
#include "watch/internal.h"

#include <stdlib.h>

enum { SPEAKERS = 1 << 16, HELD = 32, NUMBERS = 1 << 24, HALF = 1 << 23, FIRST_SESSION_MESSAGE = 50, KEPT = 16384 };

struct held { /* a request off the series, until the series goes on */
	struct watch_alarm alarm;
	uint32_t sequence;
	uint8_t hops;
	uint16_t type;
};

struct speaker {            /* requests of one address to another */
	uint32_t last;      /* of the series */
	uint32_t in_series; /* requests so far */
	uint8_t hops;       /* of the series */
	uint8_t held_count;
	int64_t restarted_ns;
	struct held held[HELD];
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

static struct speaker *speaker_of(struct watch *w, struct own *own, const struct watch_heard *h)
{
	uint32_t row;

	if (h->pair >= own->room) {
		uint32_t room = own->room ? own->room : 64;

		while (room <= h->pair)
			room *= 2;
		own->of_pair = arena_grow(w->arena, own->of_pair, own->room * sizeof *own->of_pair,
					  room * sizeof *own->of_pair);
		own->room = room;
	}
	row = own->of_pair[h->pair];
	if (!row) {
		row = watch_rows_add(&own->speakers, w->arena);
		if (row == WATCH_NONE)
			return NULL;
		((struct speaker *)own->speakers.items)[row] = (struct speaker){ 0 };
		own->of_pair[h->pair] = ++row;
	}
	return &((struct speaker *)own->speakers.items)[row - 1];
}

static int32_t ahead(uint32_t sequence, uint32_t last)
{
	uint32_t d = (sequence - last) & (NUMBERS - 1);

	return d >= HALF ? (int32_t)d - NUMBERS : (int32_t)d;
}

static void tell(struct watch *w, const struct speaker *s)
{
	for (unsigned i = 0; i < s->held_count; i++) {
		const struct held *h = &s->held[i];
		struct watch_alarm a = h->alarm;

		/* a restart is told in answers too, and one direction may have none */
		a.certainty = h->hops != s->hops && !watch_frame_is_half(w, a.frame) ? WATCH_LIKELY : WATCH_UNKNOWN;
		if (watch_alarm(w, "second-speaker", &a))
			watch_explain(w,
				      "%s with sequence number %u%s, between requests of the same address that count "
				      "on from %u%s: two "
				      "speak with one address",
				      wire_message_name(WIRE_PFCP, h->type) ? wire_message_name(WIRE_PFCP, h->type)
									    : "a request",
				      h->sequence, h->hops != s->hops ? " and another number of hops" : "", s->last,
				      h->hops != s->hops ? "" : " (the hops are the same)");
	}
}

static void begin_series(struct speaker *s, const struct watch_heard *h)
{
	s->last = h->message->sequence;
	s->hops = h->level->hops;
	s->in_series = 1;
	s->held_count = 0;
}

static void hold(struct watch *w, struct speaker *s, const struct watch_heard *h)
{
	if (s->held_count == HELD) {
		/* so many that this is the series by now: a restart that was not seen */
		int64_t series = watch_limit(w, WATCH_SPEAKER_SERIES);

		if (s->in_series < series) {
			begin_series(s, h);
			return;
		}
		for (unsigned i = 1; i < HELD; i++)
			s->held[i - 1] = s->held[i];
		s->held_count--;
	}
	s->held[s->held_count++] = (struct held){
		.alarm = { .from = h->from,
			   .to = h->to,
			   .detail = h->session == WATCH_NONE ? 0 : watch_session_at(w, h->session)->user_seid,
			   .time_ns = h->now_ns,
			   .frame = h->frame,
			   .packets = 1 },
		.sequence = h->message->sequence,
		.hops = h->level->hops,
		.type = h->message->type,
	};
}

static void heard(struct watch *w, void *state, const struct watch_heard *h)
{
	int64_t window = watch_limit(w, WATCH_SPEAKER_WINDOW);
	struct speaker *s;
	int32_t d;

	if (h->message->protocol != WIRE_PFCP || !(h->message->kind & WIRE_REQUEST) || h->retold ||
	    h->from == WATCH_NONE || h->to == WATCH_NONE || h->pair == WATCH_NONE || !h->level)
		return;
	s = speaker_of(w, state, h);
	if (!s)
		return;
	if (!s->in_series || watch_peer_at(w, h->from)->restarted_ns > s->restarted_ns) {
		begin_series(s, h);
		s->restarted_ns = watch_peer_at(w, h->from)->restarted_ns;
		return;
	}
	d = ahead(h->message->sequence, s->last);
	if (llabs(d) > window) {
		hold(w, s, h);
		return;
	}
	if (s->held_count && h->level->hops == s->hops) {
		tell(w, s);
		s->held_count = 0;
	}
	if (d > 0)
		s->last = h->message->sequence;
	s->hops = s->in_series < 4 ? h->level->hops : s->hops;
	s->in_series++;
}

const struct watch_hooks watch_check_second_speaker = { .begin = begin, .heard = heard };
