/* SPDX-License-Identifier: Apache-2.0 */
/*
 * served: population served under loss of each of eight vendors, against igraph 0.10, on one thread. A site has one
 * element here, so both sides have the same nodes and edges. igraph gets the faster of two ways: the subgraph of what
 * survives and its components, or one breadth-first search restricted to what survives; everything around its calls
 * (masks, sums) is plain C and counts little. Ours includes the policy and its sets, and builds no graph; igraph's time is
 * taken with and without building its graph. Both must come to the same eight numbers, or the benchmark fails. Once with
 * the links from the core outwards, as inventories list them, once with the links in no order.
 *
 *     served [ELEMENTS]         default 1000000 with three links an element
 */
#include "loaded.h"
#include "stopwatch.h"

#include <igraph/igraph.h>
#include <stdlib.h>
#include <string.h>

enum { OURS_ROUNDS = 9, RIVAL_ROUNDS = 3 };

static const char policy[] =
	"policy once\nrule lose-one\n  source \"benchmark\"\n  require 65% of population served without any vendor\n";

/* ---- what igraph is asked ---------------------------------------------------------------------------------------------- */

/* Which functions an access element needs, as bits over generated_functions: by its technology. */
static uint32_t needs(uint8_t technology)
{
	static const char *const epc[] = { "MME", "SGW", "PGW", "HSS" }, *const sa[] = { "AMF", "SMF", "UPF", "UDM", "AUSF" };
	uint32_t mask = 0;
	for (int f = 0; f < 9; f++) {
		for (int i = 0; technology == TECHNOLOGY_4G && i < 4; i++)
			mask |= strcmp(generated_functions[f].name, epc[i]) ? 0 : 1u << f;
		for (int i = 0; technology == TECHNOLOGY_5G_SA && i < 5; i++)
			mask |= strcmp(generated_functions[f].name, sa[i]) ? 0 : 1u << f;
	}
	return mask;
}

/* Population of the sites whose component holds all they need. component: by element, -1 where it fell. */
static uint64_t served(const struct generated *g, const int32_t *component, uint32_t components)
{
	uint32_t *has = calloc(components + 1, sizeof *has);
	if (!has)
		exit(EXIT_INTERNAL);
	for (uint32_t i = 0; i < g->tier_from[TIER_METRO]; i++)
		if (component[i] >= 0)
			has[component[i]] |= 1u << g->element[i].function;
	uint32_t of[TECHNOLOGY_COUNT] = { [TECHNOLOGY_4G] = needs(TECHNOLOGY_4G), [TECHNOLOGY_5G_SA] = needs(TECHNOLOGY_5G_SA) };
	uint64_t population = 0;
	for (uint32_t i = g->tier_from[TIER_ACCESS]; i < g->elements; i++) {
		const struct generated_element *e = &g->element[i];
		if (component[i] >= 0 && (has[component[i]] & of[e->technology]) == of[e->technology])
			population += g->site[e->site].population;
	}
	free(has);
	return population;
}

static void must(igraph_error_t status)
{
	if (status != IGRAPH_SUCCESS) {
		fprintf(stderr, "served: igraph: %s\n", igraph_strerror(status));
		exit(EXIT_INTERNAL);
	}
}

static void build(const struct generated *g, igraph_t *graph)
{
	igraph_vector_int_t edges;
	must(igraph_vector_int_init(&edges, 2 * (igraph_integer_t)g->links));
	for (uint32_t i = 0; i < g->links; i++) {
		VECTOR(edges)[2 * (size_t)i] = g->link[i].a;
		VECTOR(edges)[2 * (size_t)i + 1] = g->link[i].b;
	}
	must(igraph_create(graph, &edges, g->elements, IGRAPH_UNDIRECTED));
	igraph_vector_int_destroy(&edges);
}

static void survivors(const struct generated *g, uint8_t vendor, igraph_vector_int_t *kept)
{
	must(igraph_vector_int_init(kept, g->elements));
	igraph_integer_t count = 0;
	for (uint32_t i = 0; i < g->elements; i++)
		if (g->element[i].vendor != vendor)
			VECTOR(*kept)[count++] = i;
	must(igraph_vector_int_resize(kept, count));
}

static uint64_t by_subgraph(const struct generated *g, const igraph_t *graph, uint8_t vendor, int32_t *component)
{
	igraph_vector_int_t kept, membership;
	igraph_integer_t components;
	igraph_t left;
	survivors(g, vendor, &kept);
	must(igraph_vector_int_init(&membership, 0));
	must(igraph_induced_subgraph(graph, &left, igraph_vss_vector(&kept), IGRAPH_SUBGRAPH_AUTO));
	must(igraph_connected_components(&left, &membership, NULL, &components, IGRAPH_WEAK));
	memset(component, 0xff, g->elements * sizeof *component);
	for (igraph_integer_t i = 0; i < igraph_vector_int_size(&kept); i++) /* new numbers are in the order of the old */
		component[VECTOR(kept)[i]] = (int32_t)VECTOR(membership)[i];
	igraph_destroy(&left);
	igraph_vector_int_destroy(&kept);
	igraph_vector_int_destroy(&membership);
	return served(g, component, (uint32_t)components);
}

static uint64_t by_search(const struct generated *g, const igraph_t *graph, uint8_t vendor, int32_t *component)
{
	igraph_vector_int_t kept, order, distance;
	survivors(g, vendor, &kept);
	must(igraph_vector_int_init(&order, 0));
	must(igraph_vector_int_init(&distance, 0));
	must(igraph_bfs(graph, VECTOR(kept)[0], NULL, IGRAPH_ALL, true, &kept, &order, NULL, NULL, NULL, NULL, &distance, NULL, NULL));
	memset(component, 0xff, g->elements * sizeof *component);
	int32_t current = -1;
	for (igraph_integer_t i = 0; i < igraph_vector_int_size(&order) && VECTOR(order)[i] >= 0; i++) {
		igraph_integer_t node = VECTOR(order)[i];
		current += VECTOR(distance)[node] == 0; /* a new root: a new component */
		component[node] = current;
	}
	igraph_vector_int_destroy(&kept);
	igraph_vector_int_destroy(&order);
	igraph_vector_int_destroy(&distance);
	return served(g, component, (uint32_t)current + 1);
}

struct rival {
	double build_s, subgraph_s, search_s;
	uint64_t population[GENERATED_VENDORS];
};

static struct rival ask_igraph(const struct generated *g)
{
	struct rival r = { 0 };
	double built[RIVAL_ROUNDS], subgraph[RIVAL_ROUNDS], search[RIVAL_ROUNDS];
	int32_t *component = calloc(g->elements, sizeof *component);
	if (!component)
		exit(EXIT_INTERNAL);
	for (int i = 0; i < RIVAL_ROUNDS; i++) {
		igraph_t graph;
		double from = stopwatch_s();
		build(g, &graph);
		built[i] = stopwatch_s() - from;
		from = stopwatch_s();
		for (uint8_t v = 0; v < GENERATED_VENDORS; v++)
			r.population[v] = by_subgraph(g, &graph, v, component);
		subgraph[i] = stopwatch_s() - from;
		from = stopwatch_s();
		for (uint8_t v = 0; v < GENERATED_VENDORS; v++)
			if (by_search(g, &graph, v, component) != r.population[v]) {
				fprintf(stderr, "served: igraph's two ways differ for v%d\n", v);
				exit(1);
			}
		search[i] = stopwatch_s() - from;
		igraph_destroy(&graph);
	}
	free(component);
	r.build_s = median(built, RIVAL_ROUNDS);
	r.subgraph_s = median(subgraph, RIVAL_ROUNDS);
	r.search_s = median(search, RIVAL_ROUNDS);
	return r;
}

/* ---- ours ------------------------------------------------------------------------------------------------------------------ */

static double ask_ours(const struct loaded *l, struct arena *keep, struct findings *findings)
{
	double times[OURS_ROUNDS];
	for (int i = 0; i < OURS_ROUNDS; i++) {
		struct arena *round = keep && i + 1 == OURS_ROUNDS ? keep : arena_new();
		struct findings here = { 0 };
		double from = stopwatch_s();
		judge_text(l, round, policy, strlen(policy), 1, &here);
		times[i] = stopwatch_s() - from;
		if (round == keep)
			*findings = here;
		else
			arena_free(round);
	}
	return median(times, OURS_ROUNDS);
}

static void compare(const struct findings *findings, const struct rival *r)
{
	size_t found = 0, wrong = 0;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *f = &findings->items[i];
		if (f->subject[0] != 'v')
			continue;
		found++;
		uint64_t population = r->population[f->subject[1] - '0'];
		if (f->numerator == (wide)population * MICRO && f->low == f->high)
			continue;
		wrong++;
		fprintf(stderr, "served: without %s: igraph %llu people, ours %lld to %lld of a billion\n", f->subject,
			(unsigned long long)population, (long long)f->low, (long long)f->high);
	}
	if (wrong || found != GENERATED_VENDORS) {
		fprintf(stderr, "served: %zu of %zu results differ\n", wrong, found);
		exit(1);
	}
	printf("  the same %zu numbers from both\n", found);
}

static void shuffle_links(struct generated *g)
{
	uint64_t x = 88172645463325252u;
	for (uint32_t i = g->links; i-- > 1;) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		struct generated_link *other = &g->link[x % (i + 1)], link = g->link[i];
		g->link[i] = *other;
		*other = link;
	}
}

static void measure(const struct generated *g, const char *order)
{
	struct loaded *l = load_generated(g);
	struct arena *a = arena_new();
	struct findings findings = { 0 };
	double ours = ask_ours(l, a, &findings);
	struct rival r = ask_igraph(g);
	double losses = r.search_s < r.subgraph_s ? r.search_s : r.subgraph_s;
	printf("  %s; igraph: graph %.3f s, subgraphs and components %.3f s, restricted searches %.3f s\n", order, r.build_s,
	       r.subgraph_s, r.search_s);
	print_ratio("from edge arrays to the answers", ours, "igraph", r.build_s + losses, 30);
	print_ratio("against igraph without its graph", ours, "igraph", losses, 50);
	compare(&findings, &r);
	loaded_free(l);
	arena_free(a);
}

int main(int count, char **arguments)
{
	struct generated *g = generate(&(struct shape){ .elements = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 10) : 1000000,
							.per_site = 1, .seed = 2 });
	printf("served: loss of each of %d vendors, %u elements, %u links, one thread\n", GENERATED_VENDORS, g->elements, g->links);
	measure(g, "links from the core outwards");
	shuffle_links(g);
	measure(g, "links in no order");
	generated_free(g);
	return 0;
}
