/* SPDX-License-Identifier: Apache-2.0 */
/* served: which components of what survives still have all that a service needs. */
#include "policy/rule/served.h"

#include <string.h>

/* From one element of a needed function in each scenario: what it reaches is the main component. */
static void flood_main(struct flood *f, const struct batch *b)
{
	uint32_t wanting = b->all;
	for (size_t i = 0; i < f->sources.count && wanting; i++) {
		uint32_t u = f->sources.items[i].element, bits = f->cells[u].alive & wanting;
		if (!f->linked[u])
			continue; /* nothing hangs on it */
		wanting &= ~bits;
		f->cells[u].reach |= bits;
	}
	flood(f->e, f->cells);
}

static bool need_met(const struct need *n, uint64_t functions)
{
	return (n->functions & ~functions) == 0;
}

/* A component beside the main one, in one scenario: its nodes, and the functions it has. */
static size_t component_from(struct flood *f, uint32_t start, uint32_t bit, uint64_t *functions)
{
	const struct graph *g = graph_of(f->e);
	uint32_t elements = f->e->elements;
	size_t count = 0;
	f->seen[start] |= bit;
	f->queue[count++] = start;
	for (size_t at = 0; at < count; at++) {
		uint32_t u = f->queue[at];
		for (uint32_t k = g->first[u]; k < g->first[u + 1]; k++) {
			uint32_t v = g->to[k];
			if ((v < elements && !(f->cells[v].alive & bit)) || (f->seen[v] & bit))
				continue;
			f->seen[v] |= bit;
			f->queue[count++] = v;
		}
	}
	*functions = 0;
	for (size_t at = 0; at < count; at++) {
		uint32_t u = f->queue[at];
		if (u < elements && CODE_IS_KNOWN(f->w->function[u]) && f->w->function_place[f->w->function[u]])
			*functions |= (uint64_t)1 << (f->w->function_place[f->w->function[u]] - 1);
	}
	return count;
}

/* Scenarios in which what the main component left has all that some service needs, if not in one place. */
static uint32_t worth_looking(const struct flood *f, const struct batch *b)
{
	uint32_t outside[NEEDS_MAX] = { 0 }, any = 0;
	for (size_t i = 0; i < f->sources.count; i++) {
		const struct cell *c = &f->cells[f->sources.items[i].element];
		outside[f->sources.items[i].place] |= c->alive & ~c->reach;
	}
	for (size_t k = 0; k < f->w->need_count; k++) {
		uint32_t all = f->w->needs[k].functions ? b->all : 0;
		for (uint64_t left = f->w->needs[k].functions; left; left &= left - 1)
			all &= outside[__builtin_ctzll(left)];
		any |= all;
	}
	return any;
}

static void beside_begin(struct flood *f)
{
	size_t nodes = (size_t)graph_of(f->e)->nodes + 1;
	if (!f->seen) {
		f->seen = arena_array(f->e->scratch, nodes, sizeof *f->seen);
		f->queue = arena_array(f->e->scratch, nodes, sizeof *f->queue);
	}
	memset(f->seen, 0, nodes * sizeof *f->seen);
}

static void flood_beside(struct flood *f, const struct batch *b)
{
	uint32_t worth = worth_looking(f, b);
	if (worth)
		beside_begin(f);
	for (size_t i = 0; i < f->sources.count && worth; i++) {
		uint32_t u = f->sources.items[i].element;
		for (uint32_t left = f->cells[u].alive & ~f->cells[u].reach & worth; left; left &= left - 1) {
			uint32_t bit = left & -left;
			if (f->seen[u] & bit)
				continue;
			uint64_t functions;
			size_t count = component_from(f, u, bit, &functions);
			for (size_t k = 0; k < f->w->need_count; k++) {
				if (!need_met(&f->w->needs[k], functions))
					continue;
				if (!f->beside[k])
					f->beside[k] = arena_array(f->e->scratch, (size_t)graph_of(f->e)->nodes + 1,
								   sizeof *f->beside[k]);
				for (size_t at = 0; at < count; at++)
					f->beside[k][f->queue[at]] |= bit;
			}
		}
	}
}

void served_reach(struct flood *f, const struct batch *b)
{
	uint32_t any[NEEDS_MAX] = { 0 }, main[NEEDS_MAX] = { 0 };
	if (f->linked)
		flood_main(f, b);
	for (size_t i = 0; i < f->sources.count; i++) {
		const struct source *s = &f->sources.items[i];
		any[s->place] |= f->cells[s->element].alive;
		main[s->place] |= f->cells[s->element].reach;
	}
	for (size_t k = 0; k < f->w->need_count; k++) {
		f->exists[k] = f->main_has[k] = b->all;
		for (uint64_t left = f->w->needs[k].functions; left; left &= left - 1) {
			f->exists[k] &= any[__builtin_ctzll(left)];
			f->main_has[k] &= main[__builtin_ctzll(left)];
		}
		if (f->beside[k])
			memset(f->beside[k], 0, (size_t)graph_of(f->e)->nodes * sizeof *f->beside[k]);
	}
	if (f->linked)
		flood_beside(f, b);
}
