/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lawful interception: of packets and rules that go to it only a count leaves, by user-plane function and hour. They get
 * no pair, tunnel, finding or observation, so nothing else can tell of them. A packet is of it whichever of its headers
 * has the address; what messages between others say of the address is taken out of them before anybody looks, but for
 * the forwarding rules, which are counted.
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

bool watch_li_has(const struct watch_li *li, const struct wire_address *address)
{
	struct wire_address plain = *address, *a = &plain;

	watch_vlan_unname(a);
	for (size_t low = 0, high = li->count; low < high;) {
		size_t middle = (low + high) / 2;
		int order = memcmp(&li->addresses[middle], a, sizeof *a);

		if (!order)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The header that has an address of it; NULL: none of them. */
static const struct wire_level *level_of(const struct watch_li *li, const struct wire_packet *p)
{
	for (unsigned i = 0; i < p->count; i++)
		if (watch_li_has(li, &p->levels[i].source) || watch_li_has(li, &p->levels[i].destination))
			return &p->levels[i];
	return NULL;
}

bool watch_li_meets(const struct watch_li *li, const struct wire_packet *p)
{
	return level_of(li, p) != NULL;
}

bool watch_li_packet(struct watch *w, const struct wire_packet *p, int64_t now_ns)
{
	const struct wire_level *l = level_of(w->options.li, p);
	const struct wire_address *other;
	struct hour *h;

	if (!l)
		return false;
	other = watch_li_has(w->options.li, &l->destination) ? &l->source : &l->destination;
	h = hour_of(w, other, now_ns);
	if (h)
		h->packets++;
	return true;
}

/* An end in both families of which one is listed: as that one alone it is counted, and nothing of the other is told. */
static void make_listed(const struct watch_li *li, struct wire_field *f)
{
	if (!watch_li_has(li, &f->v4) && watch_li_has(li, &f->v6))
		f->v4 = f->v6;
	else if (watch_li_has(li, &f->v4))
		f->v6 = f->v4;
}

static void forget_field(const struct watch_li *li, struct wire_field *f)
{
	if (!watch_li_has(li, &f->v4) && !watch_li_has(li, &f->v6))
		return;
	memset(&f->v4, 0, sizeof f->v4);
	memset(&f->v6, 0, sizeof f->v6);
	f->bytes = NULL;
	f->length = 0;
}

void watch_li_batch(const struct watch *w, struct wire_batch *b)
{
	for (uint32_t i = 0; i < b->field_count; i++)
		if (b->fields[i].what == WIRE_OUTER_CREATION)
			make_listed(w->options.li, &b->fields[i]);
		else
			forget_field(w->options.li, &b->fields[i]);
}

void watch_li_hide(const struct watch_li *li, struct wire_batch *b)
{
	for (unsigned i = 0; i < b->frame_count; i++)
		if (level_of(li, &b->packets[i]))
			b->packets[i].count = b->packets[i].messages = 0;
	for (uint32_t i = 0; i < b->field_count; i++)
		forget_field(li, &b->fields[i]);
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

/* A function's addresses are one. */
static size_t add_up(struct watch_li_hour *list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (kept && by_name_then_hour(&list[kept - 1], &list[i]) == 0) {
			list[kept - 1].packets += list[i].packets;
			list[kept - 1].rules += list[i].rules;
		} else {
			list[kept++] = list[i];
		}
	return kept;
}

/* An element, or an address that is a user-plane function's: what else speaks with interception is its own affair. */
static const char *function_name(const struct watch *w, const struct wire_address *a)
{
	const uint16_t roles = WATCH_ROLE_PFCP_UP | WATCH_ROLE_USER_PLANE | WATCH_ROLE_CORE_TUNNEL;
	uint32_t peer = watch_li_has(w->options.li, a) ? WATCH_NONE : watch_peer_find(w, a);

	if (peer == WATCH_NONE || (watch_element_of(w, peer) == WATCH_NONE && !(watch_peer_at(w, peer)->roles & roles)))
		return "other";
	return watch_peer_name(w, peer);
}

void watch_li_list(struct watch *w, struct watch_result *r)
{
	const struct hour *list = w->li_hours.items;
	struct watch_li_hour *out = arena_array(w->arena, (size_t)w->li_hours.count + 1, sizeof *out);

	for (uint32_t i = 0; i < w->li_hours.count; i++) {
		out[i] = (struct watch_li_hour){ .element = function_name(w, &list[i].function),
						 .hour = list[i].hour,
						 .packets = list[i].packets,
						 .rules = list[i].rules };
	}
	qsort(out, w->li_hours.count, sizeof *out, by_name_then_hour);
	r->li_hours = out;
	r->li_hour_count = add_up(out, w->li_hours.count);
}
