/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Networks that use the same addresses, told apart by VLAN. An address that elements.csv has as 10.0.0.1%100 gets a name
 * of its own, an address that nobody can send from, and wherever packets and messages speak of it, that name is put in
 * its place before anybody looks:
 *
 *     ff 0f | outer 12 bits, inner 12 bits | 00 00 00 00 00 | ff ff | a.b.c.d
 *
 * Which is meant: the one in the frame's own VLAN (both tags, the outer, the inner); else, because control and user plane
 * seldom share a VLAN, the only one there is; else the only one whose network the frame is of. A network is what the
 * VLANs of an element make one. Where that leaves several it stays what it is, an address of all of them.
 */
#include "watch/internal.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TAGS = 4096, MARK_0 = 0xff, MARK_1 = 0x0f };

struct watch_vlans {
	uint32_t *tags;        /* outer << 12 | inner, sorted once all are there */
	uint32_t *network;     /* of each: the row of another of its network, at last of the first */
	uint32_t *element_tag; /* of each element, one of its tags; WATCH_NONE */
	size_t count;
	struct watch_rows known; /* struct known: addresses that were asked about */
	struct watch_index index;
};

struct known {
	struct wire_address address;
	uint32_t all, only; /* how many VLANs have it; the row of one of them */
};

static bool is_named(const struct wire_address *a)
{
	return a->bytes[0] == MARK_0 && a->bytes[1] == MARK_1 && a->bytes[10] == 0xff && a->bytes[11] == 0xff;
}

void watch_vlan_name(struct wire_address *a, uint32_t tags)
{
	a->bytes[0] = MARK_0;
	a->bytes[1] = MARK_1;
	a->bytes[2] = (uint8_t)(tags >> 16);
	a->bytes[3] = (uint8_t)(tags >> 8);
	a->bytes[4] = (uint8_t)tags;
}

uint32_t watch_vlan_unname(struct wire_address *a)
{
	uint32_t tags;

	if (!is_named(a))
		return 0;
	tags = (uint32_t)a->bytes[2] << 16 | (uint32_t)a->bytes[3] << 8 | a->bytes[4];
	memset(a->bytes, 0, 10);
	return tags;
}

/* ---- the inventory's ---- */

static size_t find(const struct watch_vlans *v, uint32_t tags)
{
	for (size_t low = 0, high = v->count; low < high;) {
		size_t middle = (low + high) / 2;

		if (v->tags[middle] == tags)
			return middle;
		if (v->tags[middle] < tags)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

static uint32_t network_of(const struct watch_vlans *v, size_t row)
{
	while (v->network[row] != row)
		row = v->network[row];
	return (uint32_t)row;
}

bool watch_vlan_add(struct watch *w, uint32_t tags, uint32_t element)
{
	struct watch_vlans *v = w->vlans;
	size_t at;

	if (!v) {
		size_t elements = w->options.net->table[NET_ELEMENTS].rows;

		w->vlans = v = arena_alloc(w->arena, sizeof *v);
		v->tags = arena_array(w->arena, MOST_TAGS, sizeof *v->tags);
		v->network = arena_array(w->arena, MOST_TAGS, sizeof *v->network);
		v->element_tag = arena_array(w->arena, elements + 1, sizeof *v->element_tag);
		watch_rows_init(&v->known, sizeof(struct known), WATCH_PEERS);
		watch_index_init(&v->index, w->arena);
		memset(v->element_tag, 0xff, (elements + 1) * sizeof *v->element_tag);
	}
	at = find(v, tags);
	if (at == SIZE_MAX) {
		if (v->count == MOST_TAGS)
			return false;
		for (at = v->count++; at > 0 && v->tags[at - 1] > tags; at--)
			v->tags[at] = v->tags[at - 1];
		v->tags[at] = tags;
		v->network[v->count - 1] = (uint32_t)(v->count - 1);
	}
	v->element_tag[element] = tags;
	return true;
}

void watch_vlan_join(struct watch *w, uint32_t tags, uint32_t element)
{
	struct watch_vlans *v = w->vlans;
	uint32_t one = network_of(v, find(v, tags)), other = network_of(v, find(v, v->element_tag[element]));

	v->network[one > other ? one : other] = one < other ? one : other;
}

/* ---- which one is meant ---- */

struct meant { /* what is known of a frame */
	uint32_t tags[3];
	uint32_t networks[5]; /* of its tags and of its two ends */
	unsigned tag_count, network_count;
};

static bool take_if_known(const struct watch *w, struct wire_address *a, uint32_t tags)
{
	struct wire_address named = *a;

	watch_vlan_name(&named, tags);
	if (!watch_is_declared(w, &named))
		return false;
	*a = named;
	return true;
}

static bool is_of(const struct meant *m, uint32_t network)
{
	for (unsigned i = 0; i < m->network_count; i++)
		if (m->networks[i] == network)
			return true;
	return false;
}

/* In how many VLANs the inventory has an address. It does not change, so it is looked for once. */
static struct known known_of(struct watch *w, const struct wire_address *a)
{
	struct watch_vlans *v = w->vlans;
	uint64_t hash = watch_index_hash(hash_seeded(a, sizeof *a, w->options.seed));
	struct known k = { .address = *a };
	uint32_t at;

	WATCH_INDEX_EACH(&v->index, hash, row)
	if (watch_address_is(&((struct known *)v->known.items)[row].address, a))
		return ((struct known *)v->known.items)[row];
	for (uint32_t row = 0; row < v->count; row++) {
		struct wire_address named = *a;

		if (take_if_known(w, &named, v->tags[row])) {
			k.all++;
			k.only = row;
		}
	}
	at = watch_rows_add(&v->known, w->arena);
	if (at != WATCH_NONE) {
		((struct known *)v->known.items)[at] = k;
		watch_index_put(&v->index, w->arena, hash, at);
	}
	return k;
}

static void rename_address(struct watch *w, const struct meant *m, struct wire_address *a)
{
	const struct watch_vlans *v = w->vlans;
	size_t near = 0, nearest = 0;
	struct known k;

	if (!wire_address_is_v4(a))
		return;
	for (unsigned i = 0; i < m->tag_count; i++)
		if (take_if_known(w, a, m->tags[i]))
			return;
	k = known_of(w, a);
	for (size_t row = 0; k.all > 1 && m->network_count && row < v->count; row++) {
		struct wire_address named = *a;

		if (is_of(m, network_of(v, row)) && take_if_known(w, &named, v->tags[row])) {
			near++;
			nearest = row;
		}
	}
	if (k.all == 1 || near == 1)
		take_if_known(w, a, v->tags[k.all == 1 ? k.only : nearest]);
}

static void know_tag(const struct watch_vlans *v, struct meant *m, uint32_t tags)
{
	size_t row = tags ? find(v, tags) : SIZE_MAX;

	if (row == SIZE_MAX)
		return;
	m->tags[m->tag_count++] = tags;
	m->networks[m->network_count++] = network_of(v, row);
}

static void know_end(const struct watch *w, struct meant *m, const struct wire_address *a)
{
	uint32_t peer = watch_peer_find(w, a), element = watch_element_of(w, peer);

	if (element != WATCH_NONE && !watch_peer_is_shared(w, peer) && w->vlans->element_tag[element] != WATCH_NONE)
		m->networks[m->network_count++] = network_of(w->vlans, find(w->vlans, w->vlans->element_tag[element]));
}

static void rename_fields(struct watch *w, const struct wire_batch *b, const struct wire_packet *p, unsigned level,
			  const struct meant *m)
{
	for (unsigned i = p->first; i < (unsigned)p->first + p->messages; i++) {
		const struct wire_message *message = &b->messages[i];

		if (message->level != level)
			continue;
		for (unsigned k = message->first; k < (unsigned)message->first + message->count; k++)
			if (b->fields[k].what != WIRE_UE_ADDRESS && !wire_address_is_none(&b->fields[k].v4))
				rename_address(w, m, &b->fields[k].v4);
	}
}

void watch_vlans_batch(struct watch *w, struct wire_batch *b)
{
	for (unsigned i = 0; w->vlans && i < b->frame_count; i++) {
		struct wire_packet *p = &b->packets[i];
		unsigned level = watch_base_level(w, &b->frames[i], p);
		struct wire_level *l = &p->levels[level];
		struct meant m = { 0 };

		if (p->count <= level)
			continue;
		if (p->vlan[1])
			know_tag(w->vlans, &m, (uint32_t)p->vlan[0] << 12 | p->vlan[1]);
		know_tag(w->vlans, &m, (uint32_t)p->vlan[0] << 12);
		know_tag(w->vlans, &m, (uint32_t)p->vlan[1] << 12);
		rename_address(w, &m, &l->source);
		know_end(w, &m, &l->source);
		rename_address(w, &m, &l->destination);
		know_end(w, &m, &l->destination);
		rename_address(w, &m, &l->source);
		rename_fields(w, b, p, level, &m);
	}
}
