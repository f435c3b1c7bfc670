/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many of several voices that say the same are independent. A paper and an unnamed voice in that paper are one, since
 * the paper stands in for who has no name. And voices that have it from each other, round a circle of any length, may
 * all repeat one of them, so they are one too: A knows, says B; B knows, says A.
 */
#include "evidence/index.h"

#include <stdlib.h>
#include <string.h>

void circles_init(struct circles *c, struct arena *arena, uint32_t names, size_t voices, size_t arcs)
{
	*c = (struct circles){
		.group_of = arena_array(arena, names, sizeof *c->group_of),
		.named = arena_array(arena, voices, sizeof *c->named),
		.left = arena_array(arena, voices, sizeof *c->left),
		.queue = arena_array(arena, voices, sizeof *c->queue),
		.gone = arena_array(arena, voices, sizeof *c->gone),
		.arcs = arena_array(arena, arcs, sizeof *c->arcs),
	};
}

uint32_t circles_add(struct circles *c, uint32_t stand)
{
	if (!c->group_of[stand]) {
		c->named[c->count++] = stand;
		c->group_of[stand] = c->count;
	}
	return c->group_of[stand] - 1;
}

void circles_pass(struct circles *c, uint32_t group, uint32_t name)
{
	uint32_t to = c->group_of[name];

	if (to && to - 1 != group)
		c->arcs[c->arc_count++] = (struct arc){ group, to - 1 };
}

static int by_end(const void *a, const void *b)
{
	const struct arc *x = a, *y = b;

	return x->from != y->from ? (x->from < y->from ? -1 : 1) : x->to < y->to ? -1 : x->to > y->to;
}

/* Takes away, one after another, every group that no arc of a group still there leads to. */
static void take_ends(struct circles *c)
{
	uint32_t head = 0, tail = 0;

	qsort(c->arcs, c->arc_count, sizeof *c->arcs, by_end);
	memset(c->left, 0, c->count * sizeof *c->left);
	for (size_t i = 0; i < c->arc_count; i++)
		c->left[c->arcs[i].to] += !c->gone[c->arcs[i].from];
	for (uint32_t g = 0; g < c->count; g++)
		if (!c->gone[g] && !c->left[g])
			c->queue[tail++] = g;
	while (head < tail) {
		uint32_t g = c->queue[head++];
		size_t low = 0, high = c->arc_count;

		c->gone[g] = true;
		while (low < high) {
			size_t middle = (low + high) / 2;

			if (c->arcs[middle].from < g)
				low = middle + 1;
			else
				high = middle;
		}
		for (; low < c->arc_count && c->arcs[low].from == g; low++)
			if (!--c->left[c->arcs[low].to] && !c->gone[c->arcs[low].to])
				c->queue[tail++] = c->arcs[low].to;
	}
}

static uint32_t root_of(uint32_t *parent, uint32_t g)
{
	while (parent[g] != g) {
		parent[g] = parent[parent[g]];
		g = parent[g];
	}
	return g;
}

/* Groups that are left and hang together become one; returns by how many there are fewer then. */
static uint32_t join(struct circles *c)
{
	uint32_t joined = 0;

	for (uint32_t g = 0; g < c->count; g++)
		c->left[g] = g;
	for (size_t i = 0; i < c->arc_count; i++) {
		uint32_t a, b;

		if (c->gone[c->arcs[i].from] || c->gone[c->arcs[i].to])
			continue;
		a = root_of(c->left, c->arcs[i].from);
		b = root_of(c->left, c->arcs[i].to);
		joined += a != b;
		c->left[a > b ? a : b] = a < b ? a : b;
	}
	return joined;
}

uint32_t circles_close(struct circles *c)
{
	uint32_t independent = c->count;

	memset(c->gone, 0, c->count * sizeof *c->gone);
	if (c->arc_count > 1) {
		take_ends(c);
		for (size_t i = 0; i < c->arc_count; i++) {
			uint32_t from = c->arcs[i].from;

			c->arcs[i].from = c->arcs[i].to;
			c->arcs[i].to = from;
		}
		take_ends(c);
		independent -= join(c);
	}
	c->circular = independent < c->count;
	for (uint32_t g = 0; g < c->count; g++)
		c->group_of[c->named[g]] = 0;
	c->count = 0;
	c->arc_count = 0;
	return independent;
}
