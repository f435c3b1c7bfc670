/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An inventory proposed from traffic: every address of the outer headers with the roles it was heard in, addresses that
 * one speaker calls its own joined to one element, links from who spoke which protocol with whom. Only what somebody said
 * of himself or did is taken; what nothing tells stays unknown.
 */
#include "watch/discover.h"

#include <stdlib.h>
#include <string.h>

enum { ADDRESSES = WATCH_PEERS, PAIRS = WATCH_PAIRS, BELOW = 1 << 16, IP_SCTP = 132 };

struct watch_discovery *watch_discovery_new(struct arena *a)
{
	struct watch_discovery *d = arena_alloc(a, sizeof *d);

	d->arena = a;
	d->seed = hash_seed();
	watch_rows_init(&d->found, sizeof(struct found), ADDRESSES);
	watch_rows_init(&d->pairs, sizeof(struct found_pair), PAIRS);
	watch_rows_init(&d->below, sizeof(struct found_below), BELOW);
	watch_index_init(&d->found_index, a);
	watch_index_init(&d->pair_index, a);
	return d;
}

/* ---- addresses ------------------------------------------------------------------------------------------------------ */

/* Nobody's own: unspecified, broadcast, multicast. */
static bool is_nobodys(const struct wire_address *a)
{
	if (wire_address_is_none(a))
		return true;
	if (!wire_address_is_v4(a))
		return a->bytes[0] == 0xff;
	return a->bytes[12] == 0 || a->bytes[12] >= 224;
}

uint32_t found_of(struct watch_discovery *d, const struct wire_address *address)
{
	uint64_t hash;
	uint32_t new_row;

	if (is_nobodys(address))
		return WATCH_NONE;
	hash = watch_index_hash(hash_seeded(address, sizeof *address, d->seed));
	WATCH_INDEX_EACH(&d->found_index, hash, row)
	if (memcmp(&found_at(d, row)->address, address, sizeof *address) == 0)
		return row;
	new_row = watch_rows_add(&d->found, d->arena);
	if (new_row == WATCH_NONE) {
		d->dropped++;
		return WATCH_NONE;
	}
	found_at(d, new_row)->address = *address;
	found_at(d, new_row)->parent = new_row;
	watch_index_put(&d->found_index, d->arena, hash, new_row);
	return new_row;
}

uint32_t found_group(const struct watch_discovery *d, uint32_t row)
{
	while (found_at(d, row)->parent != row)
		row = found_at(d, row)->parent;
	return row;
}

void found_join(struct watch_discovery *d, uint32_t a, uint32_t b)
{
	if (a == WATCH_NONE || b == WATCH_NONE)
		return;
	a = found_group(d, a);
	b = found_group(d, b);
	/* the earlier stays first, so that nothing rests on the order of joins */
	if (a < b)
		found_at(d, b)->parent = a;
	else
		found_at(d, a)->parent = b;
}

/* ---- pairs ----------------------------------------------------------------------------------------------------------- */

/* SCTP says by its ports what it carries, also in packets that carry nothing just now. */
static uint8_t protocol_of(const struct wire_packet *p)
{
	static const struct {
		uint16_t port;
		uint8_t protocol;
	} ports[] = {
		{ 38412, WIRE_NGAP }, { 36412, WIRE_S1AP }, { 38472, WIRE_F1AP }, { 38422, WIRE_XNAP },
		{ 36422, WIRE_X2AP }, { 38462, WIRE_E1AP }, { 37464, WIRE_E2AP },
	};
	const struct wire_level *l = &p->levels[0];

	for (size_t i = 0; l->transport == IP_SCTP && i < sizeof ports / sizeof *ports; i++)
		if (l->source_port == ports[i].port || l->destination_port == ports[i].port)
			return ports[i].protocol;
	if (l->protocol == WIRE_NONE || l->transport == IP_SCTP)
		return p->count == 1 ? p->protocol : WIRE_NONE;
	return l->protocol;
}

static void count_pair(struct watch_discovery *d, uint32_t a, uint32_t b, uint8_t protocol, uint32_t bytes)
{
	struct {
		uint32_t low, high, protocol;
	} key = { a < b ? a : b, a < b ? b : a, protocol };
	uint64_t hash = watch_index_hash(hash_bytes(&key, sizeof key));
	struct found_pair *p = NULL;
	uint32_t new_row;

	WATCH_INDEX_EACH(&d->pair_index, hash, row)
	{
		struct found_pair *at = (struct found_pair *)d->pairs.items + row;

		if (at->protocol == protocol && ((at->a == a && at->b == b) || (at->a == b && at->b == a))) {
			p = at;
			break;
		}
	}
	if (!p) {
		new_row = watch_rows_add(&d->pairs, d->arena);
		if (new_row == WATCH_NONE) {
			d->dropped++;
			return;
		}
		p = (struct found_pair *)d->pairs.items + new_row;
		*p = (struct found_pair){ .a = a, .b = b, .protocol = protocol };
		watch_index_put(&d->pair_index, d->arena, hash, new_row);
	}
	p->packets++;
	p->bytes += bytes;
}

static void take_packet(struct watch_discovery *d, const struct wire_frame *f, const struct wire_packet *p)
{
	const struct wire_level *l = &p->levels[0];
	uint32_t from, to;

	d->first_ns = d->frames == 0 || f->time_ns < d->first_ns ? f->time_ns : d->first_ns;
	d->last_ns = d->frames == 0 || f->time_ns > d->last_ns ? f->time_ns : d->last_ns;
	d->frames++;
	if (!p->count)
		return;
	from = found_of(d, &l->source);
	to = found_of(d, &l->destination);
	for (unsigned i = 0; i < 2; i++) {
		uint32_t row = i ? to : from;

		if (row != WATCH_NONE) {
			found_at(d, row)->packets++;
			found_at(d, row)->bytes += f->length;
		}
	}
	if (from == WATCH_NONE || to == WATCH_NONE || from == to)
		return;
	count_pair(d, from, to, protocol_of(p), f->length);
	if (l->gtpu.type == 255 && l->gtpu.flags & WIRE_GTPU_UPLINK) {
		found_hear(d, from, HEARD_UPLINK_FROM);
		found_hear(d, to, HEARD_UPLINK_TO);
	}
}

void watch_discovery_batch(struct watch_discovery *d, const struct wire_batch *b)
{
	for (unsigned i = 0; i < b->frame_count; i++)
		take_packet(d, &b->frames[i], &b->packets[i]);
	for (unsigned i = 0; i < b->message_count; i++)
		discover_message(d, b, &b->messages[i]);
}

/* ---- the end: groups to elements ------------------------------------------------------------------------------------- */

/* The user plane that a control plane has named is its own, unless it orders one by PFCP. */
static void join_below(struct watch_discovery *d)
{
	const uint64_t gateway = (uint64_t)1 << HEARD_S11_SGW | (uint64_t)1 << HEARD_S5_SGW,
		       pgw = (uint64_t)1 << HEARD_S5_PGW, unit = (uint64_t)1 << HEARD_CU;

	for (uint32_t i = 0; i < d->below.count; i++) {
		const struct found_below *b = (struct found_below *)d->below.items + i;
		uint64_t heard = 0, user = found_at(d, b->user)->heard;

		for (uint32_t k = 0; k < d->found.count; k++)
			if (found_group(d, k) == found_group(d, b->control))
				heard |= found_at(d, k)->heard;
		if (heard & ((uint64_t)1 << HEARD_CP | (uint64_t)1 << HEARD_CU_CP))
			continue;
		if ((heard & gateway && user & ((uint64_t)1 << HEARD_CORE_4G | (uint64_t)1 << HEARD_S5U_SGW)) ||
		    (heard & pgw && user & (uint64_t)1 << HEARD_S5U_PGW) || heard & unit)
			found_join(d, b->control, b->user);
	}
}

/* All that was heard of a group's members goes to its first. */
static void fold(struct watch_discovery *d)
{
	for (uint32_t i = 0; i < d->found.count; i++) {
		struct found *f = found_at(d, i), *first = found_at(d, found_group(d, i));

		if (f == first)
			continue;
		first->heard |= f->heard;
		first->packets += f->packets;
		if (!first->name[0])
			memcpy(first->name, f->name, sizeof f->name);
		if (!first->vendor[0])
			memcpy(first->vendor, f->vendor, sizeof f->vendor);
		for (uint8_t k = 0; k < f->service_count; k++) {
			uint8_t at = 0;

			while (at < first->service_count && first->services[at] != f->services[k])
				at++;
			if (at == first->service_count && at < FOUND_SERVICES)
				first->services[first->service_count++] = f->services[k];
		}
	}
}

struct making {
	struct watch_discovery *d;
	struct arena *arena;
	struct watch_discovered *out;
	struct {
		struct watch_discovered_element *items;
		size_t count, room;
	} elements;
	struct {
		struct watch_discovered_link *items;
		size_t count, room;
	} links;
	struct {
		struct watch_discovered_other *items;
		size_t count, room;
	} others;
	uint32_t *first_element, *element_count; /* by row of found, of groups */
};

static const struct wire_address *addresses_of(struct making *m, uint32_t group, size_t *count)
{
	struct watch_discovery *d = m->d;
	struct wire_address *all;

	*count = 0;
	for (uint32_t i = group; i < d->found.count; i++)
		*count += found_group(d, i) == group;
	all = arena_array(m->arena, *count, sizeof *all);
	*count = 0;
	for (uint32_t i = group; i < d->found.count; i++)
		if (found_group(d, i) == group)
			all[(*count)++] = found_at(d, i)->address;
	return all;
}

/* "upf-1": in small letters, numbered by function. */
static const char *id_of(struct making *m, const char *function)
{
	size_t same = 1;
	char *id;

	for (size_t i = 0; i < m->elements.count; i++)
		same += strcmp(m->elements.items[i].function, function) == 0;
	id = arena_printf(m->arena, "%s-%zu", function, same);
	for (char *at = id; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return id;
}

static void make_elements(struct making *m, uint32_t group)
{
	const struct found *all = found_at(m->d, group);
	const char *functions[DISCOVERED_FUNCTIONS];
	size_t count = discover_functions(m->d, group, functions), address_count;
	const struct wire_address *addresses;

	m->first_element[group] = (uint32_t)m->elements.count;
	m->element_count[group] = (uint32_t)count;
	if (!count)
		return;
	addresses = addresses_of(m, group, &address_count);
	for (size_t i = 0; i < count; i++) {
		const char *id = id_of(m, functions[i]);
		struct watch_discovered_element *e = array_add(&m->elements);

		*e = (struct watch_discovered_element){
			.id = id,
			.function = functions[i],
			.name = arena_text(m->arena, all->name, strlen(all->name)),
			.vendor_id = arena_text(m->arena, all->vendor, strlen(all->vendor)),
			.addresses = addresses,
			.address_count = address_count,
			.basis = discover_basis(m->arena, all),
			.packets = all->packets,
			.sharing = count - 1,
		};
	}
}

static void add_link(struct making *m, size_t a, size_t b, const char *point, const struct found_pair *p)
{
	struct watch_discovered_link *l = NULL;

	for (size_t i = m->links.count; i-- > 0 && !l;)
		if (m->links.items[i].a == a && m->links.items[i].b == b &&
		    strcmp(m->links.items[i].reference_point, point) == 0)
			l = &m->links.items[i];
	if (!l) {
		l = array_add(&m->links);
		*l = (struct watch_discovered_link){ .a = a, .b = b, .reference_point = point };
	}
	l->packets += p->packets;
	l->bytes += p->bytes;
}

/* The link between the functions of both ends that this protocol joins; the first pair of functions that it fits. */
static void make_link(struct making *m, const struct found_pair *p)
{
	uint32_t a = found_group(m->d, p->a), b = found_group(m->d, p->b);

	if (a == b)
		return;
	for (uint32_t i = 0; i < m->element_count[a]; i++)
		for (uint32_t k = 0; k < m->element_count[b]; k++) {
			size_t x = m->first_element[a] + i, y = m->first_element[b] + k;
			bool swapped;
			const char *point = discover_point(p->protocol, m->elements.items[x].function,
							   m->elements.items[y].function, &swapped);

			if (point) {
				add_link(m, swapped ? y : x, swapped ? x : y, point, p);
				return;
			}
		}
	/* they speak, over what nothing tells: a link without a reference point declares all */
	if (m->element_count[a] && m->element_count[b])
		add_link(m, m->first_element[a], m->first_element[b], "", p);
}

/* Who spoke to an element and is none. */
static void make_others(struct making *m)
{
	struct watch_discovery *d = m->d;
	bool *near = arena_array(m->arena, d->found.count + 1, sizeof *near);

	for (uint32_t i = 0; i < d->pairs.count; i++) {
		const struct found_pair *p = (struct found_pair *)d->pairs.items + i;
		bool a = m->element_count[found_group(d, p->a)] > 0, b = m->element_count[found_group(d, p->b)] > 0;

		near[p->a] |= b && !a;
		near[p->b] |= a && !b;
	}
	for (uint32_t i = 0; i < d->found.count; i++) {
		const struct found *f = found_at(d, i);

		if (found_heard(f, HEARD_SUBSCRIBER))
			m->out->subscribers += f->packets;
		else if (near[i])
			*array_add(&m->others) = (struct watch_discovered_other){ f->address, f->packets, f->bytes };
	}
}

static int by_ends(const void *va, const void *vb)
{
	const struct watch_discovered_link *a = va, *b = vb;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	if (a->b != b->b)
		return a->b < b->b ? -1 : 1;
	return strcmp(a->reference_point, b->reference_point);
}

static int most_first(const void *va, const void *vb)
{
	const struct watch_discovered_other *a = va, *b = vb;

	if (a->packets != b->packets)
		return a->packets < b->packets ? 1 : -1;
	return memcmp(&a->address, &b->address, sizeof a->address);
}

/* A growing array's items become the arena's, sorted. */
static void *settle(struct arena *a, void *items, size_t count, size_t size, int (*order)(const void *, const void *))
{
	void *kept = arena_array(a, count + 1, size);

	if (count) {
		if (order)
			qsort(items, count, size, order);
		memcpy(kept, items, count * size);
	}
	free(items);
	return kept;
}

const struct watch_discovered *watch_discovery_finish(struct watch_discovery *d)
{
	struct making m = { .d = d, .arena = d->arena, .out = arena_alloc(d->arena, sizeof *m.out) };
	struct watch_discovered *out = m.out;

	m.first_element = arena_array(d->arena, d->found.count + 1, sizeof *m.first_element);
	m.element_count = arena_array(d->arena, d->found.count + 1, sizeof *m.element_count);
	join_below(d);
	fold(d);
	for (uint32_t i = 0; i < d->found.count; i++)
		if (found_group(d, i) == i)
			make_elements(&m, i);
	for (uint32_t i = 0; i < d->pairs.count; i++)
		make_link(&m, (struct found_pair *)d->pairs.items + i);
	make_others(&m);
	out->element_count = m.elements.count;
	out->link_count = m.links.count;
	out->other_count = m.others.count;
	out->elements = settle(d->arena, m.elements.items, m.elements.count, sizeof *m.elements.items, NULL);
	out->links = settle(d->arena, m.links.items, m.links.count, sizeof *m.links.items, by_ends);
	out->others = settle(d->arena, m.others.items, m.others.count, sizeof *m.others.items, most_first);
	out->first_ns = d->first_ns;
	out->last_ns = d->last_ns;
	out->frames = d->frames;
	out->dropped = d->dropped;
	return out;
}
