/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs: who speaks to whom over what, one direction each, with counters for the whole watch and for the minute that is
 * running. Only what concerns the network has a row: one end is an element's, or both speak a protocol of its own.
 */
#include "watch/internal.h"

#include <string.h>

enum { IP_UDP = 17, IP_TCP = 6, IP_SCTP = 132, DYNAMIC_PORTS = 32768 };

struct pair_key {
	struct wire_address from, to;
	struct watch_service service;
};

static uint8_t protocol_of_sctp(uint16_t port)
{
	switch (port) {
	case 38412:
		return WIRE_NGAP;
	case 36412:
		return WIRE_S1AP;
	case 38472:
		return WIRE_F1AP;
	case 38422:
		return WIRE_XNAP;
	case 36422:
		return WIRE_X2AP;
	case 38462:
		return WIRE_E1AP;
	case 3868:
		return WIRE_DIAMETER;
	default:
		return WIRE_NONE;
	}
}

/* Which of two ports is the service's: the one that protocols are registered at, else the lower one. */
static struct watch_service service_of(const struct wire_level *l, bool *from_serves)
{
	struct watch_service s = { .protocol = l->protocol, .transport = l->transport };
	uint16_t low, high;

	*from_serves = false;
	if (!(l->flags & WIRE_LEVEL_PORTS))
		return s;
	low = l->source_port < l->destination_port ? l->source_port : l->destination_port;
	high = l->source_port < l->destination_port ? l->destination_port : l->source_port;
	if (l->transport == IP_SCTP) {
		s.port = protocol_of_sctp(high) ? high : low;
		if (protocol_of_sctp(s.port))
			s.protocol = protocol_of_sctp(s.port);
	} else if (s.protocol == WIRE_GTPU) {
		s.port = 2152;
	} else if (s.protocol == WIRE_PFCP) {
		s.port = 8805;
	} else if (low < DYNAMIC_PORTS) {
		s.port = low;
	}
	*from_serves = s.port && l->source_port == s.port && l->destination_port != s.port;
	return s;
}

static bool key_is(const struct watch *w, uint32_t row, const struct pair_key *k)
{
	const struct watch_pair *p = watch_pair_at(w, row);

	return watch_address_is(&p->from_address, &k->from) && watch_address_is(&p->to_address, &k->to) &&
	       memcmp(&p->service, &k->service, sizeof k->service) == 0;
}

static uint32_t find(const struct watch *w, const struct pair_key *k, uint64_t hash)
{
	WATCH_INDEX_EACH(&w->pair_index, hash, row)
	if (key_is(w, row, k))
		return row;
	return WATCH_NONE;
}

static uint64_t key_hash(const struct watch *w, const struct pair_key *k)
{
	uint64_t from = watch_hash(w, wire_address_half(&k->from), watch_address_high(&k->from)),
		 to = watch_hash(w, wire_address_half(&k->to), watch_address_high(&k->to)), service;

	static_assert(sizeof k->service <= sizeof service, "one word");
	service = (uint64_t)k->service.protocol << 24 | (uint64_t)k->service.transport << 16 | k->service.port;
	return watch_index_hash(watch_hash(w, watch_hash(w, from, to), service));
}

static void link_reverse(struct watch *w, const struct pair_key *k, uint32_t row)
{
	struct pair_key back = { k->to, k->from, k->service };
	uint32_t other = find(w, &back, key_hash(w, &back));

	watch_pair_at(w, row)->reverse = other;
	if (other != WATCH_NONE)
		watch_pair_at(w, other)->reverse = row;
}

/* A pair of strangers has no row: neither is an element's, and they speak nothing of the network's own. */
static bool concerns_us(const struct watch *w, const struct pair_key *k)
{
	uint32_t a, b;

	if (watch_is_network(k->service.protocol))
		return true;
	a = watch_peer_find(w, &k->from);
	b = watch_peer_find(w, &k->to);
	return (a != WATCH_NONE && watch_peer_at(w, a)->is_network) ||
	       (b != WATCH_NONE && watch_peer_at(w, b)->is_network);
}

static uint32_t add(struct watch *w, const struct pair_key *k, uint64_t hash, int64_t now_ns)
{
	bool is_network = watch_is_network(k->service.protocol);
	uint32_t from = is_network ? watch_peer_network(w, &k->from, 0, now_ns) : watch_peer_get(w, &k->from, now_ns);
	uint32_t to = is_network ? watch_peer_network(w, &k->to, 0, now_ns) : watch_peer_get(w, &k->to, now_ns);
	uint32_t row;

	if (from == WATCH_NONE || to == WATCH_NONE)
		return WATCH_NONE;
	row = watch_rows_add(&w->pairs, w->arena);
	if (row == WATCH_NONE) {
		w->counters.pairs_full++;
		return row;
	}
	*watch_pair_at(w, row) = (struct watch_pair){
		.from_address = k->from,
		.to_address = k->to,
		.service = k->service,
		.from = from,
		.to = to,
		.reverse = WATCH_NONE,
		.first_ns = now_ns,
	};
	watch_index_put(&w->pair_index, w->arena, hash, row);
	link_reverse(w, k, row);
	w->counters.pairs++;
	return row;
}

uint32_t watch_pair_get(struct watch *w, const struct wire_level *l, uint64_t frame, int64_t now_ns,
			enum watch_reason *reason)
{
	struct pair_key k = { .from = l->source, .to = l->destination };
	bool from_serves;
	uint64_t hash;
	uint32_t row;

	k.service = service_of(l, &from_serves);
	hash = key_hash(w, &k);
	row = find(w, &k, hash);
	*reason = WATCH_JUDGED;
	if (row != WATCH_NONE)
		return row;
	if (!concerns_us(w, &k)) {
		*reason = WATCH_STRANGERS;
		return WATCH_NONE;
	}
	row = add(w, &k, hash, now_ns);
	if (row == WATCH_NONE) {
		*reason = WATCH_NO_ROOM;
		return row;
	}
	watch_pair_at(w, row)->from_serves = from_serves;
	watch_pair_at(w, row)->first_frame = frame;
	return row;
}

uint32_t watch_pair_find(const struct watch *w, const struct wire_level *l)
{
	struct pair_key k = { .from = l->source, .to = l->destination };
	bool from_serves;

	k.service = service_of(l, &from_serves);
	return find(w, &k, key_hash(w, &k));
}

/* What is told in brief is a G-PDU. */
static struct pair_key key_of_brief(const struct wire_brief *brief)
{
	struct pair_key k = { .service = { .protocol = WIRE_GTPU, .transport = IP_UDP, .port = 2152 } };

	memcpy(k.from.bytes + 8, &brief->source, 8);
	memcpy(k.to.bytes + 8, &brief->destination, 8);
	return k;
}

uint32_t watch_pair_of_brief(const struct watch *w, const struct wire_brief *brief)
{
	struct pair_key k = key_of_brief(brief);

	return find(w, &k, key_hash(w, &k));
}

uint64_t watch_pair_hash_of_brief(const struct watch *w, const struct wire_brief *brief)
{
	struct pair_key k = key_of_brief(brief);

	return key_hash(w, &k);
}

uint64_t watch_pair_hash(const struct watch *w, const struct wire_level *l)
{
	struct pair_key k = { .from = l->source, .to = l->destination };
	bool from_serves;

	k.service = service_of(l, &from_serves);
	return key_hash(w, &k);
}

void watch_pairs_fetch(const struct watch *w, const uint64_t *hashes, unsigned count)
{
	const struct watch_index *index = &w->pair_index;
	uint32_t rows[WIRE_BATCH];

	for (unsigned i = 0; i < count; i++)
		__builtin_prefetch(&index->slots[(uint32_t)hashes[i] & index->mask]);
	for (unsigned i = 0; i < count; i++) {
		rows[i] = watch_index_guess(index, hashes[i]);
		if (rows[i] == WATCH_NONE)
			continue;
		__builtin_prefetch(watch_pair_at(w, rows[i]));
		__builtin_prefetch(&watch_pair_at(w, rows[i])->packets, 1);
	}
	for (unsigned i = 0; i < count; i++) {
		if (rows[i] == WATCH_NONE)
			continue;
		__builtin_prefetch(&watch_peer_at(w, watch_pair_at(w, rows[i])->from)->roles);
		__builtin_prefetch(&watch_peer_at(w, watch_pair_at(w, rows[i])->to)->roles);
	}
}

/* ---- minutes ---- */

static void remember(struct watch *w, uint32_t pair)
{
	if (w->minute_pair_count == w->minute_pair_room) {
		uint32_t room = w->minute_pair_room ? 2 * w->minute_pair_room : 256;

		w->minute_pairs = arena_grow(w->arena, w->minute_pairs, w->minute_pair_room * sizeof *w->minute_pairs,
					     room * sizeof *w->minute_pairs);
		w->minute_pair_room = room;
	}
	w->minute_pairs[w->minute_pair_count++] = pair;
}

void watch_pair_count(struct watch *w, uint32_t pair, const struct watch_counts *n, int64_t now_ns)
{
	struct watch_pair *p = watch_pair_at(w, pair);

	if (!p->minute_packets)
		remember(w, pair);
	p->minute_packets += n->packets;
	p->minute_bytes += n->bytes;
	p->packets += n->packets;
	p->bytes += n->bytes;
	p->payload += n->payload;
	if (now_ns > p->last_ns)
		p->last_ns = now_ns;
}

static void tell(struct watch *w, const struct watch_pair *p)
{
	const struct watch_peer *from = watch_peer_at(w, p->from), *to = watch_peer_at(w, p->to);
	const char *protocol = watch_pair_speaks(p)             ? wire_protocol_name(watch_pair_speaks(p))
			       : p->service.transport == IP_TCP ? "TCP"
			       : p->service.transport == IP_UDP ? "UDP"
								: "IP";
	struct watch_observation o = {
		.minute = w->minute,
		.from = from->address,
		.to = to->address,
		.from_element = from->element == WATCH_NONE ? CODE_UNKNOWN : from->element,
		.to_element = to->element == WATCH_NONE ? CODE_UNKNOWN : to->element,
		.protocol = protocol,
		.reference_point = p->point_count ? net_reference_points[p->points[0]].name : protocol,
		.port = p->service.port,
		.packets = p->minute_packets,
		.bytes = p->minute_bytes,
	};

	watch_vlan_unname(&o.from);
	watch_vlan_unname(&o.to);
	if (w->options.observe && !from->is_li && !to->is_li)
		w->options.observe(w->options.observe_context, &o);
}

void watch_minutes_end(struct watch *w, int64_t now_ns, bool all)
{
	int64_t minute = now_ns / WATCH_NS_PER_MINUTE;

	if (!w->in_minute) {
		w->in_minute = true;
		w->minute = minute;
		w->minute_end_ns = (minute + 1) * WATCH_NS_PER_MINUTE;
	}
	if (minute <= w->minute && !all)
		return;
	watch_tunnels_fold(w);
	for (uint8_t i = 0; i < w->minute_over.count; i++) {
		unsigned row = w->minute_over.rows[i];

		watch_checks[row].hooks->minute(w, w->own[row], w->minute);
	}
	for (uint32_t i = 0; i < w->minute_pair_count; i++) {
		struct watch_pair *p = watch_pair_at(w, w->minute_pairs[i]);

		if (p->tellings < 2) { /* what stands at its ends is often heard after its first packet */
			watch_points(w, p);
			p->tellings++;
		}
		tell(w, p);
		watch_peer_at(w, p->from)->packets_sent += p->minute_packets;
		watch_peer_at(w, p->from)->bytes_sent += p->minute_bytes;
		watch_peer_at(w, p->to)->packets_received += p->minute_packets;
		watch_peer_at(w, p->to)->bytes_received += p->minute_bytes;
		p->minute_packets = p->minute_bytes = 0;
	}
	w->minute_pair_count = 0;
	w->minute = minute;
	w->minute_end_ns = (minute + 1) * WATCH_NS_PER_MINUTE;
}

uint32_t watch_pair_began(const struct watch *w, const struct watch_pair *p)
{
	enum { TCP = 6 };
	const struct watch_pair *back = p->reverse == WATCH_NONE ? NULL : watch_pair_at(w, p->reverse);

	if (p->service.transport == TCP && p->service.port)
		return p->from_serves ? p->to : p->from;
	if (!back || !back->packets)
		return p->from;
	if (p->first_ns != back->first_ns)
		return p->first_ns < back->first_ns ? p->from : p->to;
	return p->first_frame < back->first_frame ? p->from : p->to;
}
