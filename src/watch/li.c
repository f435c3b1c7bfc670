/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lawful interception: of packets and rules that go to it only a count leaves, by user-plane function and hour. They get
 * no pair, tunnel, finding or observation, so nothing else can tell of them.
 */
#include "watch/internal.h"

#include <stdlib.h>
#include <string.h>

struct hour {
	struct wire_address function;
	int64_t hour;
	uint64_t packets, rules;
};

static struct hour *hour_of(struct watch *w, const struct wire_address *function, int64_t now_ns)
{
	int64_t hour = now_ns / (3600 * WATCH_NS_PER_S);
	struct hour *list = w->li_hours.items;
	uint32_t row;

	for (uint32_t i = w->li_hours.count; i-- > 0;)
		if (list[i].hour == hour && watch_address_is(&list[i].function, function))
			return &list[i];
	row = watch_rows_add(&w->li_hours, w->arena);
	if (row == WATCH_NONE)
		return NULL;
	list = w->li_hours.items;
	list[row] = (struct hour){ .function = *function, .hour = hour };
	return &list[row];
}

_Static_assert(sizeof(struct hour) == WATCH_LI_HOUR_BYTES, "watch_new makes the rows");

bool watch_li_packet(struct watch *w, const struct wire_level *l, int64_t now_ns)
{
	bool to = w->options.li && watch_is_li(w, &l->destination), from = w->options.li && watch_is_li(w, &l->source);
	struct hour *h = to || from ? hour_of(w, to ? &l->source : &l->destination, now_ns) : NULL;

	if (h)
		h->packets++;
	return to || from;
}

void watch_li_rule(struct watch *w, const struct wire_address *function, int64_t now_ns)
{
	struct hour *h = hour_of(w, function, now_ns);

	if (h)
		h->rules++;
}

static int by_name_then_hour(const void *left, const void *right)
{
	const struct watch_li_hour *a = left, *b = right;
	int order = strcmp(a->element, b->element);

	return order ? order : (a->hour > b->hour) - (a->hour < b->hour);
}

void watch_li_list(struct watch *w, struct watch_result *r)
{
	const struct hour *list = w->li_hours.items;
	struct watch_li_hour *out = arena_array(w->arena, (size_t)w->li_hours.count + 1, sizeof *out);

	for (uint32_t i = 0; i < w->li_hours.count; i++) {
		uint32_t peer = watch_peer_find(w, &list[i].function);

		out[i] =
			(struct watch_li_hour){ .element = peer == WATCH_NONE ? watch_address_text(w, &list[i].function)
									      : watch_peer_name(w, peer),
						.hour = list[i].hour,
						.packets = list[i].packets,
						.rules = list[i].rules };
	}
	qsort(out, w->li_hours.count, sizeof *out, by_name_then_hour);
	r->li_hours = out;
	r->li_hour_count = w->li_hours.count;
}
