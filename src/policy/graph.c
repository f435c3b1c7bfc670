/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph: links as adjacency, both ways, with a hub for each site that has several elements (elements of one site are
 * joined). Elements keep their numbers; hubs follow.
 */
#include "policy/eval.h"

struct graph *graph_of(struct evaluation *e)
{
	if (e->graph)
		return e->graph;
	const struct net *net = e->net;
	const struct net_table *links = &net->table[NET_LINKS];
	const uint32_t *a = net_column(net, NET_LINKS, "a")->codes, *b = net_column(net, NET_LINKS, "b")->codes;
	uint32_t sites = net->table[NET_SITES].rows, n = e->elements;
	struct graph *g = arena_alloc(e->scratch, sizeof *g);
	uint32_t *hub = arena_array(e->scratch, (size_t)sites + 1, sizeof *hub);
	g->nodes = n;
	for (uint32_t s = 0; s < sites; s++)
		hub[s] = net->site_first[s + 1] - net->site_first[s] > 1 ? g->nodes++ : CODE_NONE;
	g->first = arena_array(e->scratch, (size_t)g->nodes + 2, sizeof *g->first);
	uint32_t *count = g->first + 1;
	for (uint32_t i = 0; i < links->rows; i++) {
		count[a[i]]++;
		count[b[i]]++;
	}
	for (uint32_t s = 0; s < sites; s++)
		for (uint32_t k = net->site_first[s]; hub[s] != CODE_NONE && k < net->site_first[s + 1]; k++) {
			count[hub[s]]++;
			count[net->site_elements[k]]++;
		}
	for (uint32_t i = 0; i < g->nodes; i++)
		g->first[i + 1] += g->first[i];
	g->to = arena_array(e->scratch, (size_t)g->first[g->nodes] + 1, sizeof *g->to);
	uint32_t *at = arena_array(e->scratch, (size_t)g->nodes + 1, sizeof *at);
	for (uint32_t i = 0; i < g->nodes; i++)
		at[i] = g->first[i];
	for (uint32_t i = 0; i < links->rows; i++) {
		g->to[at[a[i]]++] = b[i];
		g->to[at[b[i]]++] = a[i];
	}
	for (uint32_t s = 0; s < sites; s++)
		for (uint32_t k = net->site_first[s]; hub[s] != CODE_NONE && k < net->site_first[s + 1]; k++) {
			uint32_t i = net->site_elements[k];
			g->to[at[hub[s]]++] = i;
			g->to[at[i]++] = hub[s];
		}
	return e->graph = g;
}

const uint8_t *linked_of(struct evaluation *e)
{
	const struct net *net = e->net;
	const uint32_t *a = net_column(net, NET_LINKS, "a")->codes, *b = net_column(net, NET_LINKS, "b")->codes;
	if (e->linked)
		return e->linked;
	e->linked = arena_alloc(e->scratch, (size_t)e->elements + 1);
	for (uint32_t i = 0; i < net->table[NET_LINKS].rows; i++)
		e->linked[a[i]] = e->linked[b[i]] = 1;
	for (uint32_t s = 0; s < net->table[NET_SITES].rows; s++) {
		const uint32_t *at = net->site_elements + net->site_first[s],
			       *end = net->site_elements + net->site_first[s + 1];
		uint8_t any = 0;
		for (const uint32_t *p = at; p < end; p++)
			any |= e->linked[*p];
		for (const uint32_t *p = at; p < end; p++)
			e->linked[*p] = any;
	}
	return e->linked;
}
