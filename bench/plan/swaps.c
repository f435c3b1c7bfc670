/* SPDX-License-Identifier: Apache-2.0 */
/* swaps: see swaps.h */
#include "swaps.h"

#include <math.h>

static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * 2685821657736338717u;
}

static double part(uint64_t *state)
{
	return (double)(draw(state) >> 11) * 0x1p-53;
}

static void draw_mix(uint64_t *s, double mix[SWAP_VENDORS])
{
	double first = 0.35 + 0.5 * part(s), a = part(s) + 0.1, b = part(s) + 0.1;
	double c = part(s) < 0.2 ? 0 : part(s) + 0.1, rest = (1 - first) / (a + b + c);

	mix[0] = first;
	mix[1] = a * rest;
	mix[2] = b * rest;
	mix[3] = c * rest;
}

static void draw_site(uint64_t *s, const double mix[SWAP_VENDORS], struct swap_site *site)
{
	double z = part(s), cost4, cost5;
	int now4 = 0, now5 = -1;

	for (; now4 < SWAP_VENDORS - 1 && z >= mix[now4]; now4++)
		z -= mix[now4];
	if (part(s) < 0.6) {
		now5 = now4;
		if (part(s) < 0.15)
			now5 = (int)(draw(s) % SWAP_VENDORS);
	}
	z = part(s);
	z += part(s);
	z += part(s);
	site->population = (int64_t)floor(exp(6.5 + 1.1 * (z - 1.5)));
	site->traffic = (int64_t)floor((double)site->population * (0.5 + part(s)));
	cost4 = floor(15 + 40 * part(s));
	cost5 = now5 < 0 ? 0 : floor(25 + 60 * part(s));
	for (int v = 0; v < SWAP_VENDORS; v++)
		site->cost[v] =
			(int64_t)(cost4 * (v != now4) + (now5 >= 0 ? cost5 * (v != now5) : 0) + (v != now4 ? v : 0));
}

struct swaps swaps_make(struct arena *a, uint32_t sites, uint32_t regions, uint64_t seed)
{
	struct swaps w = { sites, regions, arena_array(a, sites, sizeof *w.site) };
	double(*mix)[SWAP_VENDORS] = arena_array(a, regions, sizeof *mix),
	*weight = arena_array(a, regions, sizeof *weight);
	double sum = 0, until;
	uint64_t s = 0x9E3779B97F4A7C15u * (seed + 1);
	uint32_t r = 0;

	for (uint32_t i = 0; i < regions; i++)
		draw_mix(&s, mix[i]);
	for (uint32_t i = 0; i < regions; i++)
		sum += weight[i] = 0.3 + part(&s);
	until = weight[0] / sum * sites;
	for (uint32_t i = 0; i < sites; i++) {
		while (i >= until && r < regions - 1)
			until += weight[++r] / sum * sites;
		w.site[i].region = r;
		draw_site(&s, mix[r], &w.site[i]);
	}
	return w;
}

/* The limits of one region: half the population for each vendor, three vendors. */
static void add_region(struct solve_model *m, const struct swaps *w, uint32_t from, uint32_t to, uint32_t *options,
		       int64_t *values)
{
	uint32_t marks[SWAP_VENDORS];
	int64_t people = 0;

	for (uint32_t i = from; i < to; i++) {
		people += w->site[i].population;
		values[i - from] = w->site[i].population;
	}
	for (uint32_t v = 0; v < SWAP_VENDORS; v++) {
		for (uint32_t i = from; i < to; i++)
			options[i - from] = SWAP_VENDORS * i + v;
		solve_row_add(m, SOLVE_AT_MOST, people / 2, 2, options, values, to - from);
		marks[v] = solve_mark_add(m, 0, options, to - from);
	}
	solve_count_add(m, 3, 3, marks, SWAP_VENDORS);
}

struct solve_model *swaps_model(struct arena *a, const struct swaps *w)
{
	struct solve_model *m = solve_model_new(a);
	struct arena *scratch = arena_new();
	uint32_t *options = arena_array(scratch, w->sites, sizeof *options);
	int64_t *values = arena_array(scratch, w->sites, sizeof *values), traffic = 0;

	for (uint32_t i = 0; i < w->sites; i++) {
		solve_unit_add(m);
		for (uint32_t v = 0; v < SWAP_VENDORS; v++)
			solve_option_add(m, w->site[i].cost[v] * MICRO, v);
		options[i] = SWAP_VENDORS * i;
		values[i] = 1;
	}
	solve_row_add(m, SOLVE_AT_MOST, (int64_t)w->sites * 35 / 100, 0, options, values, w->sites);
	for (uint32_t i = 0; i < w->sites; i++) {
		traffic += w->site[i].traffic;
		values[i] = w->site[i].traffic;
	}
	solve_row_add(m, SOLVE_AT_MOST, traffic * 35 / 100, 1, options, values, w->sites);
	for (uint32_t from = 0, to; from < w->sites; from = to) {
		for (to = from; to < w->sites && w->site[to].region == w->site[from].region; to++)
			continue;
		add_region(m, w, from, to, options, values);
	}
	arena_free(scratch);
	return m;
}
