/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undeclared-interface: two declared elements speak over a reference point for which links.csv has no link between them.
 * A link without a reference point declares all; a link of what an element is part of or hosted on counts for it. Of
 * elements without any link nothing is known, so nothing is certain.
 */
#include "watch/internal.h"

struct links {
	const uint32_t *a, *b, *points;
	uint32_t rows;
	bool *has_some; /* by element */
	const uint32_t *part_of;
	struct watch_index index; /* by what both ends are part of */
};

/* What an element is part of, else itself: elements that count for each other have it in common. */
static uint32_t whole_of(const struct links *l, uint32_t element)
{
	return CODE_IS_KNOWN(l->part_of[element]) ? l->part_of[element] : element;
}

static uint64_t ends_hash(const struct links *l, uint32_t a, uint32_t b)
{
	uint32_t x = whole_of(l, a), y = whole_of(l, b), ends[2] = { x < y ? x : y, x < y ? y : x };

	return watch_index_hash(hash_bytes(ends, sizeof ends));
}

static void *begin(struct watch *w)
{
	const struct net *net = w->options.net;
	struct links *l;

	if (!net || !net->table[NET_LINKS].rows)
		return NULL;
	l = arena_alloc(w->arena, sizeof *l);
	l->rows = net->table[NET_LINKS].rows;
	l->a = net_column(net, NET_LINKS, "a")->codes;
	l->b = net_column(net, NET_LINKS, "b")->codes;
	l->points = net_column(net, NET_LINKS, "reference_point")->codes;
	l->part_of = net_column(net, NET_ELEMENTS, "part_of")->codes;
	l->has_some = arena_array(w->arena, (size_t)net->table[NET_ELEMENTS].rows + 1, sizeof *l->has_some);
	watch_index_init_for(&l->index, w->arena, l->rows);
	for (uint32_t i = 0; i < l->rows; i++) {
		l->has_some[l->a[i]] = l->has_some[l->b[i]] = true;
		watch_index_put(&l->index, w->arena, ends_hash(l, l->a[i], l->b[i]), i);
	}
	return l;
}

static bool is_one(const struct links *l, uint32_t element, uint32_t declared)
{
	return element == declared || (CODE_IS_KNOWN(l->part_of[element]) && l->part_of[element] == declared) ||
	       (CODE_IS_KNOWN(l->part_of[declared]) && l->part_of[declared] == element);
}

static bool is_declared(const struct links *l, const struct watch_pair *p, uint32_t from, uint32_t to, bool *any_link)
{
	uint64_t hash = ends_hash(l, from, to);

	WATCH_INDEX_EACH(&l->index, hash, i)
	{
		if (!(is_one(l, from, l->a[i]) && is_one(l, to, l->b[i])) &&
		    !(is_one(l, from, l->b[i]) && is_one(l, to, l->a[i])))
			continue;
		*any_link = true;
		if (!CODE_IS_KNOWN(l->points[i]) || !p->point_count)
			return true;
		for (unsigned k = 0; k < p->point_count; k++)
			if (p->points[k] == l->points[i])
				return true;
	}
	return false;
}

/* What a policy and links.csv speak of: the network's own protocols, and those that manage it. */
static bool is_eligible(const struct watch_pair *p)
{
	switch (watch_pair_speaks(p)) {
	case WIRE_SSH:
	case WIRE_NETCONF:
	case WIRE_SNMP:
	case WIRE_HTTP:
		return true;
	default:
		return watch_is_network(p->service.protocol);
	}
}

static void finish(struct watch *w, void *own)
{
	const struct links *l = own;

	for (uint32_t i = 0; l && i < w->pairs.count; i++) {
		const struct watch_pair *p = watch_pair_at(w, i);
		uint32_t from = watch_element_of(w, p->from), to = watch_element_of(w, p->to);
		bool any_link = false;
		struct watch_alarm a = { .certainty = WATCH_UNKNOWN,
					 .from = p->from < p->to ? p->from : p->to,
					 .to = p->from < p->to ? p->to : p->from,
					 .detail = p->service.protocol,
					 .time_ns = p->first_ns,
					 .frame = p->first_frame,
					 .packets = p->packets };

		if (from == WATCH_NONE || to == WATCH_NONE || from == to || !p->packets || !is_eligible(p) ||
		    is_declared(l, p, from, to, &any_link))
			continue;
		/* at an address of several elements nobody can tell which of them spoke */
		if (l->has_some[from] && l->has_some[to] && !watch_peer_is_shared(w, p->from) &&
		    !watch_peer_is_shared(w, p->to))
			a.certainty = p->point_count || !any_link ? WATCH_CERTAIN : WATCH_LIKELY;
		if (watch_alarm(w, "undeclared-interface", &a))
			watch_explain(w, "%s speaks %s%s%s with %s, and links.csv has no such link between them",
				      watch_peer_name(w, p->from), wire_protocol_name(watch_pair_speaks(p)),
				      p->point_count ? " over " : "",
				      p->point_count ? net_reference_points[p->points[0]].name : "",
				      watch_peer_name(w, p->to));
	}
}

const struct watch_hooks watch_check_undeclared_interface = { .begin = begin, .finish = finish };
