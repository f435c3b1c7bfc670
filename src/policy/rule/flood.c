/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First by sweeps over the links as they lie there, to and fro: files list a network mostly from its core outwards, or the
 * other way round, and two sweeps then reach nearly everything. A link whose ends stand in all they survive in is settled
 * and left out from then on. What is not done after some sweeps - links in no order - is walked from node to node, for which
 * the links that are left are turned into lists of neighbours.
 */
#include "policy/rule/flood.h"

#include <stdlib.h>
#include <string.h>

enum { SWEEPS = 4, BLOCK = 4096, AHEAD = 12 };

/* What is left to be looked at: numbers of links, or of sites, items[from] .. items[count - 1]. */
struct left {
	uint32_t *items;
	size_t from, count, room;
};

struct sweep {
	struct evaluation *e;
	struct cell *cells;
	const uint32_t *a, *b; /* ends of the links */
	struct left links, sites;
	uint32_t changed; /* scenarios */
};

static inline bool is_open(const struct cell *c)
{
	return c->reach != c->alive;
}

/* Links in no order lead all over the memory: their ends are fetched some links ahead. */
static inline void fetch_ends(const struct sweep *s, uint32_t link)
{
	__builtin_prefetch(&s->cells[s->a[link]], 1);
	__builtin_prefetch(&s->cells[s->b[link]], 1);
}

static bool join_link(struct sweep *s, uint32_t link)
{
	struct cell *x = &s->cells[s->a[link]], *y = &s->cells[s->b[link]];
	uint32_t both = x->reach | y->reach, at_x = both & x->alive, at_y = both & y->alive;

	s->changed |= (at_x ^ x->reach) | (at_y ^ y->reach);
	x->reach = at_x;
	y->reach = at_y;
	return is_open(x) || is_open(y);
}

static bool join_site(struct sweep *s, uint32_t site)
{
	const struct net *net = s->e->net;
	const uint32_t *at = net->site_elements + net->site_first[site],
		       *end = net->site_elements + net->site_first[site + 1];
	uint32_t all = 0;
	bool open = false;

	for (const uint32_t *p = at; p < end; p++)
		all |= s->cells[*p].reach;
	for (const uint32_t *p = at; p < end; p++) {
		struct cell *c = &s->cells[*p];
		uint32_t here = all & c->alive;

		s->changed |= here ^ c->reach;
		c->reach = here;
		open |= is_open(c);
	}
	return open;
}

/* Room for a block of numbers more. */
static void make_room(struct left *l)
{
	while (l->room < l->count + BLOCK)
		l->items = array_more(l->items, &l->room, l->room, sizeof *l->items);
}

static void first_sweep(struct sweep *s)
{
	const struct net *net = s->e->net;
	uint32_t links = net->table[NET_LINKS].rows, sites = net->table[NET_SITES].rows;

	for (uint32_t from = 0; from < links; from += BLOCK) {
		uint32_t end = links - from < BLOCK ? links : from + BLOCK;

		make_room(&s->links);
		for (uint32_t i = from; i < end; i++) {
			fetch_ends(s, i + AHEAD < links ? i + AHEAD : i);
			s->links.items[s->links.count] = i;
			s->links.count += join_link(s, i);
		}
	}
	for (uint32_t i = 0; i < sites; i++)
		if (net->site_first[i + 1] - net->site_first[i] > 1 && join_site(s, i))
			*array_add(&s->sites) = i;
}

/* Keeps what is open at the end of the arrays; a sweep onwards keeps it at the beginning again. */
static void sweep_back(struct sweep *s)
{
	struct left *l = &s->sites;
	size_t kept = l->count;

	for (size_t i = l->count; i-- > l->from;)
		if (join_site(s, l->items[i]))
			l->items[--kept] = l->items[i];
	l->from = kept;
	l = &s->links;
	kept = l->count;
	for (size_t i = l->count; i-- > l->from;) {
		fetch_ends(s, l->items[i > l->from + AHEAD ? i - AHEAD : i]);
		if (join_link(s, l->items[i]))
			l->items[--kept] = l->items[i];
	}
	l->from = kept;
}

static void sweep_onwards(struct sweep *s)
{
	struct left *l = &s->links;
	size_t kept = 0;

	for (size_t i = l->from; i < l->count; i++) {
		fetch_ends(s, l->items[i + AHEAD < l->count ? i + AHEAD : i]);
		if (join_link(s, l->items[i]))
			l->items[kept++] = l->items[i];
	}
	l->from = 0;
	l->count = kept;
	l = &s->sites;
	kept = 0;
	for (size_t i = l->from; i < l->count; i++)
		if (join_site(s, l->items[i]))
			l->items[kept++] = l->items[i];
	l->from = 0;
	l->count = kept;
}

/* ---- from node to node ---------------------------------------------------------------------------------------------- */

/* What still has to be spread, first come first served. */
struct line {
	uint32_t *items;
	uint8_t *queued;
	uint32_t room, head, tail, waiting;
};

static inline void line_push(struct line *q, uint32_t node)
{
	if (q->queued[node])
		return;
	q->queued[node] = 1;
	q->items[q->tail] = node;
	q->tail = q->tail + 1 == q->room ? 0 : q->tail + 1;
	q->waiting++;
}

static inline uint32_t line_pop(struct line *q)
{
	uint32_t node = q->items[q->head];

	q->head = q->head + 1 == q->room ? 0 : q->head + 1;
	q->queued[node] = 0;
	q->waiting--;
	return node;
}

/* Neighbours by what is left: node u has to[first[u]] .. to[first[u + 1] - 1]. Elements, then a hub for each site left. */
struct neighbours {
	uint32_t nodes, *first, *to;
};

/* Calls for both directions of each link, and of each element of a site with the site's hub. */
static void each_pair(const struct sweep *s, void (*call)(struct neighbours *, uint32_t, uint32_t),
		      struct neighbours *n)
{
	const struct net *net = s->e->net;

	for (size_t i = s->links.from; i < s->links.count; i++) {
		uint32_t link = s->links.items[i];

		call(n, s->a[link], s->b[link]);
		call(n, s->b[link], s->a[link]);
	}
	for (size_t i = s->sites.from; i < s->sites.count; i++) {
		uint32_t site = s->sites.items[i], hub = s->e->elements + (uint32_t)(i - s->sites.from);

		for (uint32_t k = net->site_first[site]; k < net->site_first[site + 1]; k++) {
			call(n, hub, net->site_elements[k]);
			call(n, net->site_elements[k], hub);
		}
	}
}

static void count_pair(struct neighbours *n, uint32_t from, uint32_t to)
{
	(void)to;
	n->first[from + 2]++;
}

static void put_pair(struct neighbours *n, uint32_t from, uint32_t to)
{
	n->to[n->first[from + 1]++] = to;
}

static struct neighbours neighbours_make(const struct sweep *s)
{
	struct arena *a = s->e->scratch;
	struct neighbours n = { .nodes = s->e->elements + (uint32_t)(s->sites.count - s->sites.from) };

	n.first = arena_array(a, (size_t)n.nodes + 3, sizeof *n.first);
	each_pair(s, count_pair, &n);
	for (uint32_t i = 2; i < n.nodes + 2; i++)
		n.first[i] += n.first[i - 1];
	n.to = arena_array(a, (size_t)n.first[n.nodes + 1] + 1, sizeof *n.to);
	each_pair(s, put_pair, &n);
	return n;
}

static void walk(struct sweep *s)
{
	struct arena *a = s->e->scratch;
	struct neighbours n = neighbours_make(s);
	struct cell *cells = arena_array(a, (size_t)n.nodes + 1, sizeof *cells);
	struct line q = { .items = arena_array(a, (size_t)n.nodes + 1, sizeof *q.items),
			  .queued = arena_alloc(a, (size_t)n.nodes + 1),
			  .room = n.nodes + 1 };

	memcpy(cells, s->cells, s->e->elements * sizeof *cells);
	for (uint32_t i = 0; i < n.nodes; i++) {
		if (i >= s->e->elements)
			cells[i] = (struct cell){ UINT32_MAX, 0 };
		else if (n.first[i] < n.first[i + 1] && cells[i].reach)
			line_push(&q, i);
	}
	while (q.waiting) {
		uint32_t u = line_pop(&q), reach = cells[u].reach;

		for (uint32_t k = n.first[u]; k < n.first[u + 1]; k++) {
			struct cell *v = &cells[n.to[k]];
			uint32_t more = reach & v->alive & ~v->reach;

			v->reach |= more;
			if (more)
				line_push(&q, n.to[k]);
		}
	}
	memcpy(s->cells, cells, s->e->elements * sizeof *cells);
}

void flood(struct evaluation *e, struct cell *cells)
{
	struct sweep s = { .e = e,
			   .cells = cells,
			   .a = net_column(e->net, NET_LINKS, "a")->codes,
			   .b = net_column(e->net, NET_LINKS, "b")->codes };

	first_sweep(&s);
	for (int i = 1; i < SWEEPS && s.changed; i++) {
		s.changed = 0;
		if (i & 1)
			sweep_back(&s);
		else
			sweep_onwards(&s);
	}
	if (s.changed)
		walk(&s);
	free(s.links.items);
	free(s.sites.items);
}
