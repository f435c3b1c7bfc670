/* SPDX-License-Identifier: Apache-2.0 */
/* schedule: see schedule.h */
#include "schedule.h"

#include <math.h>

enum { OPTIONS = 1 + (PLAN_VENDORS - 1) * PLAN_QUARTERS, DEADLINE = 6 };

static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int64_t between(uint64_t *state, int64_t low, int64_t high)
{
	return low + (int64_t)(draw(state) % (uint64_t)(high - low + 1));
}

struct schedule schedule_make(struct arena *a, uint32_t sites, uint32_t regions, uint64_t seed)
{
	struct schedule w = { .regions = regions, .clusters = sites / 100 };
	uint64_t s = seed * 77 + 1;

	w.wide = (uint32_t)ceil(sqrt(w.clusters));
	w.region = arena_array(a, w.clusters, sizeof *w.region);
	w.now = arena_array(a, w.clusters, sizeof *w.now);
	w.sites = arena_array(a, w.clusters, sizeof *w.sites);
	w.population = arena_array(a, w.clusters, sizeof *w.population);
	w.price = arena_array(a, w.clusters, sizeof *w.price);
	for (uint32_t i = 0; i < w.clusters; i++) {
		w.region[i] = (uint32_t)((uint64_t)i * regions / w.clusters);
		w.sites[i] = between(&s, 50, 150);
		w.population[i] = w.sites[i] * between(&s, 300, 3000);
		w.price[i] = between(&s, 40, 110);
		/* Vendors stand in patches: as the cluster before, or as the one below, or anew. */
		w.now[i] = between(&s, 0, 9) < 5 ? 0 : (uint32_t)between(&s, 1, PLAN_VENDORS - 1);
		if (i && between(&s, 0, 9) < 4)
			w.now[i] = w.now[i - 1];
		else if (i >= w.wide && between(&s, 0, 9) < 5)
			w.now[i] = w.now[i - w.wide];
	}
	return w;
}

static uint32_t vendor_of(const struct schedule *w, uint32_t cluster, uint32_t k)
{
	uint32_t v = k ? (k - 1) / PLAN_QUARTERS : w->now[cluster];

	return k && v >= w->now[cluster] ? v + 1 : v;
}

static uint32_t quarter_of(uint32_t k)
{
	return k ? (k - 1) % PLAN_QUARTERS : PLAN_QUARTERS;
}

static int64_t swap_cost(const struct schedule *w, uint32_t cluster, uint32_t k)
{
	return k ? w->sites[cluster] * (w->price[cluster] + 3 * vendor_of(w, cluster, k)) : 0;
}

/* Later is a little cheaper: 1 % a quarter. */
static int64_t option_cost(const struct schedule *w, uint32_t cluster, uint32_t k)
{
	return swap_cost(w, cluster, k) * MICRO / 100 * (100 - (int64_t)(quarter_of(k) % PLAN_QUARTERS));
}

struct row {
	uint32_t *options;
	int64_t *values;
	size_t count;
};

static void add(struct row *r, uint32_t cluster, uint32_t k, int64_t value)
{
	r->options[r->count] = cluster * OPTIONS + k;
	r->values[r->count++] = value;
}

static void close_row(struct solve_model *m, struct row *r, int64_t bound, uint32_t rule)
{
	solve_row_add(m, SOLVE_AT_MOST, bound, rule, r->options, r->values, r->count);
	r->count = 0;
}

/* Budget, and deliveries of each vendor, in each quarter; crews in each region too. */
static void add_flows(struct solve_model *m, const struct schedule *w, struct row *r)
{
	int64_t sites = 0, money = 0;

	for (uint32_t i = 0; i < w->clusters; i++) {
		sites += w->sites[i];
		money += w->sites[i] * w->price[i];
	}
	for (uint32_t q = 0; q < PLAN_QUARTERS; q++) {
		for (uint32_t i = 0; i < w->clusters; i++)
			for (uint32_t k = 1; k < OPTIONS; k++)
				if (quarter_of(k) == q)
					add(r, i, k, swap_cost(w, i, k));
		close_row(m, r, money / 24, 10);
		for (uint32_t v = 0; v < PLAN_VENDORS; v++) {
			for (uint32_t i = 0; i < w->clusters; i++)
				for (uint32_t k = 1; k < OPTIONS; k++)
					if (quarter_of(k) == q && vendor_of(w, i, k) == v)
						add(r, i, k, w->sites[i]);
			close_row(m, r, sites / 40, 11);
		}
		for (uint32_t region = 0; region < w->regions; region++) {
			for (uint32_t i = 0; i < w->clusters; i++)
				for (uint32_t k = 1; k < OPTIONS && w->region[i] == region; k++)
					if (quarter_of(k) == q)
						add(r, i, k, w->sites[i]);
			close_row(m, r, 3 * sites / w->regions / PLAN_QUARTERS, 12);
		}
	}
}

/* The first vendor's sites at the end of quarters from the deadline on; every vendor's people in each region at the end. */
static void add_limits(struct solve_model *m, const struct schedule *w, struct row *r)
{
	int64_t sites = 0;

	for (uint32_t i = 0; i < w->clusters; i++)
		sites += w->sites[i];
	for (uint32_t q = DEADLINE - 1; q < PLAN_QUARTERS; q++) {
		for (uint32_t i = 0; i < w->clusters; i++)
			for (uint32_t k = 0; k < OPTIONS; k++)
				if ((vendor_of(w, i, k) == 0 && quarter_of(k) <= q) ||
				    (w->now[i] == 0 && quarter_of(k) > q) || (w->now[i] == 0 && k == 0))
					add(r, i, k, w->sites[i]);
		close_row(m, r, sites * 35 / 100, 13);
	}
	for (uint32_t region = 0; region < w->regions; region++)
		for (uint32_t v = 0; v < PLAN_VENDORS; v++) {
			int64_t people = 0;

			for (uint32_t i = 0; i < w->clusters; i++) {
				if (w->region[i] != region)
					continue;
				people += w->population[i];
				for (uint32_t k = 0; k < OPTIONS; k++)
					if (vendor_of(w, i, k) == v)
						add(r, i, k, w->population[i]);
			}
			close_row(m, r, people * 60 / 100, 14);
		}
}

static void add_marks(struct solve_model *m, const struct schedule *w, struct row *r)
{
	for (uint32_t region = 0; region < w->regions; region++) {
		uint32_t marks[PLAN_VENDORS];

		for (uint32_t v = 0; v < PLAN_VENDORS; v++) {
			bool present = false;

			for (uint32_t i = 0; i < w->clusters; i++)
				for (uint32_t k = 0; k < OPTIONS && w->region[i] == region; k++)
					if (vendor_of(w, i, k) == v) {
						add(r, i, k, 1);
						present = present || w->now[i] == v;
					}
			marks[v] = solve_mark_add(m, present ? 0 : 900 * (int64_t)MICRO, r->options, r->count);
			r->count = 0;
		}
		solve_count_add(m, 2, 15, marks, PLAN_VENDORS);
	}
}

static uint32_t neighbours(const struct schedule *w, uint32_t i, uint32_t list[4])
{
	uint32_t n = 0;

	if (i % w->wide)
		list[n++] = i - 1;
	if (i >= w->wide)
		list[n++] = i - w->wide;
	if (i % w->wide + 1 < w->wide && i + 1 < w->clusters)
		list[n++] = i + 1;
	if (i + w->wide < w->clusters)
		list[n++] = i + w->wide;
	return n;
}

struct solve_model *schedule_model(struct arena *a, const struct schedule *w)
{
	struct solve_model *m = solve_model_new(a);
	struct arena *scratch = arena_new();
	struct row r = { arena_array(scratch, (size_t)w->clusters * OPTIONS, sizeof *r.options),
			 arena_array(scratch, (size_t)w->clusters * OPTIONS, sizeof *r.values), 0 };

	for (uint32_t i = 0; i < w->clusters; i++) {
		solve_unit_add(m);
		for (uint32_t k = 0; k < OPTIONS; k++)
			solve_option_add(m, option_cost(w, i, k), vendor_of(w, i, k));
	}
	add_flows(m, w, &r);
	add_limits(m, w, &r);
	add_marks(m, w, &r);
	for (uint32_t i = 0; i < w->clusters; i++) {
		uint32_t list[4], n = neighbours(w, i, list);

		for (uint32_t k = 0; k < n; k++)
			if (list[k] < i)
				solve_border_add(m, i, list[k], 150 * (int64_t)MICRO);
	}
	arena_free(scratch);
	return m;
}

uint32_t schedule_islands(const struct schedule *w, const uint32_t *choice)
{
	uint32_t islands = 0;

	for (uint32_t i = 0; i < w->clusters; i++) {
		uint32_t list[4], n = neighbours(w, i, list), same = 0;

		for (uint32_t k = 0; k < n; k++)
			same += vendor_of(w, list[k], choice[list[k]] - list[k] * OPTIONS) ==
				vendor_of(w, i, choice[i] - i * OPTIONS);
		islands += same == 0;
	}
	return islands;
}
