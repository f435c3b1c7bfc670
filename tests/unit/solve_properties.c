/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has to hold whatever the numbers are: the same bytes with any number of threads, twice the cost for twice the costs,
 * the same cost in any order, conflicts that can't spare a rule, prices of bounds that agree with solving anew.
 *
 * # proviso-deps: base solve
 */
#include "solve_case.h"

#include <unistd.h>

enum { CASES = 300, STATES = 1000 };

/* ---- larger cases: sites of regions, four vendors, shares ----------------------------------------------------------- */

/* reversed: units, their options and the rows come in the opposite order. */
static struct solve_model *regions(struct arena *arena, uint32_t sites, uint64_t seed, int64_t times, bool reversed)
{
	struct solve_model *m = solve_model_new(arena);
	uint32_t *options = arena_array(arena, (size_t)sites * 4, sizeof *options), marks[4];
	int64_t *values = arena_array(arena, (size_t)sites * 4, sizeof *values),
		(*cost)[4] = arena_array(arena, sites, sizeof *cost);
	int64_t *people = arena_array(arena, sites, sizeof *people);

	for (uint32_t u = 0; u < sites; u++) {
		int64_t keep = case_between(&seed, 0, 9);

		people[u] = case_between(&seed, 100, 3000);
		for (uint32_t v = 0; v < 4; v++) {
			int64_t swap = case_between(&seed, 20000, 90000) * 1000;

			cost[u][v] = (v == 0 && keep < 6) || (int64_t)v == keep - 5 ? 0 : swap;
		}
	}
	for (uint32_t u = 0; u < sites; u++) {
		solve_unit_add(m);
		for (uint32_t v = 0; v < 4; v++)
			solve_option_add(m, times * cost[reversed ? sites - 1 - u : u][reversed ? 3 - v : v], v);
	}
	for (uint32_t r = 0; r < sites / 50; r++) {
		uint32_t region = reversed ? sites / 50 - 1 - r : r;

		for (uint32_t v = 0; v < 4; v++) {
			int64_t sum = 0;

			for (uint32_t i = 0; i < 50; i++) {
				uint32_t u = region * 50 + i;

				options[i] = reversed ? 4 * (sites - 1 - u) + 3 - v : 4 * u + v;
				values[i] = people[u];
				sum += people[u];
			}
			solve_row_add(m, SOLVE_AT_MOST, sum * 45 / 100, 1, options, values, 50);
			marks[v] = solve_mark_add(m, v == 3 ? times * 30000000 : 0, options, 50);
		}
		solve_count_add(m, 3, 2, marks, 4);
	}
	return m;
}

static void same_result(const struct solve_result *a, const struct solve_result *b)
{
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->proof, b->proof);
	assert_true(a->cost == b->cost && a->bound == b->bound);
	assert_int_equal(a->work_done, b->work_done);
	assert_int_equal(a->units, b->units);
	assert_memory_equal(a->choice, b->choice, a->units * sizeof *a->choice);
	assert_int_equal(a->certificate->shift, b->certificate->shift);
	assert_memory_equal(a->certificate->row, b->certificate->row,
			    a->certificate->rows * sizeof *a->certificate->row);
	assert_int_equal(a->certificate->fee_count, b->certificate->fee_count);
}

static void threads_change_nothing(void **state)
{
	struct arena *a = arena_new();
	struct solve_model *m = regions(a, 12000, 5, 1, false);
	struct solve_settings one = { .gap_ppb = 1000000, .threads = 1, .no_library = true }, two = one;

	(void)state;
	two.threads = 3;
	same_result(solve(a, m, &one), solve(a, m, &two));
	same_result(solve(a, m, &one), solve(a, m, &one));
	arena_free(a);
}

static void twice_the_cost(void **state)
{
	(void)state;
	for (uint32_t sites = 100; sites <= 6400; sites *= 8) {
		struct arena *a = arena_new();
		struct solve_settings s = { .gap_ppb = 1000000, .no_library = true };
		struct solve_result *once = solve(a, regions(a, sites, 7, 1, false), &s);
		struct solve_result *twice = solve(a, regions(a, sites, 7, 2, false), &s);

		assert_true(once->choice && twice->choice);
		assert_true(twice->cost == 2 * once->cost);
		assert_true(twice->bound == 2 * once->bound);
		arena_free(a);
	}
}

static void any_order(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 4; seed++) {
		struct arena *a = arena_new();
		struct solve_result *forth = solve(a, regions(a, 200, seed, 1, false), NULL);
		struct solve_result *back = solve(a, regions(a, 200, seed, 1, true), NULL);

		assert_int_equal(forth->status, SOLVE_OPTIMAL);
		assert_int_equal(back->status, SOLVE_OPTIMAL);
		assert_true(forth->cost == back->cost);
		arena_free(a);
	}
}

static void larger_within_the_gap(void **state)
{
	struct arena *a = arena_new();
	struct solve_model *m = regions(a, 5000, 11, 1, false);
	struct solve_result *r = solve(a, m, &(struct solve_settings){ .gap_ppb = 20000000, .no_library = true });
	struct solve_breach breach;
	wide cost, bound;

	(void)state;
	assert_int_equal(r->status, SOLVE_WITHIN);
	assert_int_equal(r->proof, SOLVE_PROOF_CERTIFICATE);
	solve_judge(m, r->choice, &cost, &breach);
	assert_int_equal(breach.part, SOLVE_PART_NONE);
	assert_true(cost == r->cost);
	assert_true(solve_certificate_bound(m, r->certificate, &bound) && bound == r->bound);
	assert_true(r->cost - r->bound <= r->cost / 50);
	/* A certificate with one number changed still bounds, or is refused; it never bounds above what is possible. */
	for (uint32_t i = 0; i < r->certificate->rows; i += 37) {
		r->certificate->row[i] = r->certificate->row[i] * 3 / 2 + 12345;
		assert_true(!solve_certificate_bound(m, r->certificate, &bound) || bound <= r->cost);
	}
	r->certificate->row[0] = -1;
	assert_false(solve_certificate_bound(m, r->certificate, &bound));
	arena_free(a);
}

/* ---- conflicts ---------------------------------------------------------------------------------------------------------- */

static void conflicts_can_spare_nothing(void **state)
{
	unsigned found = 0, rays = 0;

	(void)state;
	for (uint64_t seed = 0; seed < CASES; seed++) {
		struct arena *a = arena_new();
		struct solve_case c;
		struct solve_conflict *conflict;
		bool off[CASE_OPTIONS + CASE_ROWS + CASE_COUNTS];
		int64_t best;

		case_fill(&c, seed, STATES);
		conflict = solve_conflict(a, solve_case_model(a, &c), NULL);
		if (case_best(&c, NULL, &best)) {
			assert_int_equal(conflict->proof, SOLVE_PROOF_NONE);
			assert_int_equal(conflict->count, 0);
		} else {
			assert_true(conflict->minimal && conflict->count > 0);
			found++;
			rays += conflict->proof == SOLVE_PROOF_CERTIFICATE;
			memset(off, true, sizeof off);
			for (size_t i = 0; i < conflict->count; i++)
				off[conflict->rules[i]] = false;
			assert_false(case_best(&c, off, &best));
			for (size_t i = 0; i < conflict->count; i++) {
				off[conflict->rules[i]] = true;
				assert_true(case_best(&c, off, &best));
				off[conflict->rules[i]] = false;
			}
		}
		arena_free(a);
	}
	print_message("%u conflicts, %u by a ray\n", found, rays);
	assert_true(found >= 40 && rays >= 10);
}

static void reliefs_are_what_they_say(void **state)
{
	unsigned asked = 0;

	(void)state;
	for (uint64_t seed = 0; seed < CASES; seed++) {
		struct arena *a = arena_new();
		uint32_t candidates[CASE_OPTIONS], *reliefs, count = 0;
		struct solve_case c;
		size_t found, at = 0;
		int64_t best;

		case_fill(&c, seed, STATES);
		for (uint32_t o = 0; o < c.options; o++)
			if (c.forbidden[o])
				candidates[count++] = o;
		if (count && !case_best(&c, NULL, &best)) {
			found = solve_reliefs(a, solve_case_model(a, &c), NULL, candidates, count, &reliefs);
			for (uint32_t i = 0; i < count; i++) {
				c.forbidden[candidates[i]] = false;
				if (case_best(&c, NULL, &best))
					assert_int_equal(reliefs[at++], candidates[i]);
				c.forbidden[candidates[i]] = true;
			}
			assert_int_equal(at, found);
			asked++;
		}
		arena_free(a);
	}
	assert_true(asked >= 20);
}

/* ---- prices, cuts, limits --------------------------------------------------------------------------------------------------- */

static void prices_of_bounds(void **state)
{
	unsigned priced = 0;

	(void)state;
	for (uint64_t seed = 0; seed < CASES; seed++) {
		struct arena *a = arena_new();
		struct solve_settings s = { 0 };
		struct solve_case c;
		struct solve_model *m;
		int64_t best;

		case_fill(&c, seed, STATES);
		m = solve_case_model(a, &c);
		s.start = solve(a, m, NULL);
		for (uint32_t i = 0; s.start->choice && i < c.rows; i++)
			for (int by = -3; by <= 3; by += 6) {
				struct solve_result *r = solve_row_price(a, m, i, c.bound[i] + by, &s);
				bool any;

				c.bound[i] += by;
				any = case_best(&c, NULL, &best);
				assert_int_equal(r->status, any ? SOLVE_OPTIMAL : SOLVE_INFEASIBLE);
				assert_true(!any || r->cost == best);
				c.bound[i] -= by;
				assert_true(solve_row_bound(m, i) == c.bound[i]);
				priced++;
			}
		arena_free(a);
	}
	assert_true(priced > CASES);
}

/* Rows added one by one, each time going on from the last result: the same as all at once. */
static void cuts_go_on_from_before(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < CASES; seed++) {
		struct arena *a = arena_new();
		struct solve_case c;
		struct solve_model *m;
		uint32_t options[CASE_OPTIONS], rows;
		int64_t values[CASE_OPTIONS], best;
		struct solve_result *last;

		case_fill(&c, seed, STATES);
		rows = c.rows;
		c.rows = 0;
		m = solve_case_model(a, &c);
		last = solve(a, m, NULL);
		for (c.rows = 1; c.rows <= rows; c.rows++) {
			uint32_t i = c.rows - 1;
			bool any;

			for (uint32_t o = 0; o < c.options; o++) {
				options[o] = o;
				values[o] = c.value[i][o];
			}
			solve_row_add(m, c.at_least[i] ? SOLVE_AT_LEAST : SOLVE_AT_MOST, c.bound[i], SOLVE_NO_RULE,
				      options, values, c.options);
			last = solve(a, m, &(struct solve_settings){ .start = last });
			any = case_best(&c, NULL, &best);
			assert_int_equal(last->status, any ? SOLVE_OPTIMAL : SOLVE_INFEASIBLE);
			assert_true(!any || last->cost == best);
		}
		arena_free(a);
	}
}

struct patience {
	unsigned asked, until;
};

static bool stop(void *context)
{
	struct patience *p = context;

	return ++p->asked >= p->until;
}

static void stops_when_told(void **state)
{
	struct arena *a = arena_new();
	struct solve_model *m = regions(a, 3000, 3, 1, false);

	(void)state;
	for (unsigned until = 1; until < 200; until = until * 3 / 2 + 1) {
		struct patience p = { 0, until };
		struct solve_result *r = solve(a, m, &(struct solve_settings){ .stop = stop, .context = &p });
		struct solve_breach breach = { 0 };

		assert_true(r->stopped || p.asked < until);
		assert_true(p.asked <= until);
		if (r->choice)
			solve_judge(m, r->choice, NULL, &breach);
		assert_int_equal(breach.part, SOLVE_PART_NONE);
	}
	arena_free(a);
}

/* Rows that all touch each other: one step of the climb takes longer than anybody waits. A first choice is owed, but not at any price. */
static void what_is_owed_ends(void **state)
{
	enum { UNITS = 1500, ROWS = 1500, TOUCHED = 30, MOST_LOOKS = 2 * UNITS * 300 + 3000000 };
	struct arena *a = arena_new();
	struct solve_model *m = solve_model_new(a);
	struct patience p = { 0, 1 };
	struct solve_settings settings = { .stop = stop, .context = &p, .no_library = true };
	struct solve_result *r;
	uint64_t seed = 1;

	(void)state;
	for (uint32_t u = 0; u < UNITS; u++) {
		solve_unit_add(m);
		solve_option_add(m, 0, SOLVE_NO_LABEL);
		solve_option_add(m, case_between(&seed, 1, 9) * MICRO, SOLVE_NO_LABEL);
	}
	for (uint32_t i = 0; i < ROWS; i++) {
		uint32_t options[TOUCHED];
		int64_t values[TOUCHED];

		for (uint32_t k = 0; k < TOUCHED; k++) {
			options[k] = 2 * (UNITS / TOUCHED * k + (uint32_t)case_between(&seed, 0, UNITS / TOUCHED - 1)) + 1;
			values[k] = case_between(&seed, 1, 9);
		}
		solve_row_add(m, SOLVE_AT_LEAST, 30, SOLVE_NO_RULE, options, values, TOUCHED);
	}
	r = solve(a, m, &settings);
	print_message("%llu looks after patience ended\n", (unsigned long long)r->work_done);
	assert_true(r->stopped && r->choice);
	assert_true(r->work_done < MOST_LOOKS);
	p.asked = 0;
	settings.at_once = true;
	r = solve(a, m, &settings);
	print_message("%llu looks at once\n", (unsigned long long)r->work_done);
	assert_true(r->stopped && !r->choice);
	assert_true(r->work_done < 2 * UNITS * 30);
	arena_free(a);
}

static void work_is_a_limit(void **state)
{
	struct arena *a = arena_new();
	struct solve_model *m = regions(a, 3000, 3, 1, false);
	struct solve_result *r = solve(a, m, &(struct solve_settings){ .work = 200000 });

	(void)state;
	assert_true(r->exhausted && !r->stopped);
	assert_true(r->work_done < 1000000);
	arena_free(a);
}

/* Two counts of which an option serves one and takes from the other, and rows that pull both ways: a repair once went round. */
static void counts_that_pull_each_other(void **state)
{
	static const uint32_t units[] = { 2, 10, 1, 2, 2 },
			      row_options[][10] = { { 6 },  { 0, 14 }, { 2, 3, 4, 5, 7, 8, 9, 10, 14 },
						    { 14 }, { 1, 16 }, { 2, 3, 4, 5, 11, 16 },
						    { 16 } },
			      row_counts[] = { 1, 2, 9, 1, 2, 6, 1 },
			      mark_options[][9] = { { 6 },
						    { 2, 3, 4, 5, 7, 8, 9, 10 },
						    { 2, 3, 4, 5, 11 },
						    { 6 },
						    { 0, 2, 3, 4, 5, 7, 8, 9, 10 },
						    { 1 },
						    { 11 },
						    { 11 },
						    { 11 },
						    { 2, 3, 4, 5, 11 } },
			      mark_counts[] = { 1, 8, 5, 1, 9, 1, 1, 1, 1, 5 }, first[] = { 0, 1, 2 },
			      second[] = { 3, 4, 5, 6, 7, 8, 9 };
	static const int64_t costs[] = { 0, 1, 0, 2, 1, 3, 4, 1, 3, 2, 4, 3, 0, 0, 0, 0, 0 };
	struct arena *a = arena_new();
	struct solve_model *m = solve_model_new(a);
	struct solve_settings settings = { .gap_ppb = PPB / 1000 };

	(void)state;
	for (size_t u = 0, o = 0; u < 5; u++) {
		solve_unit_add(m);
		for (uint32_t k = 0; k < units[u]; k++)
			solve_option_add(m, costs[o++] * MICRO, SOLVE_NO_LABEL);
	}
	for (size_t i = 0; i < 7; i++) {
		bool bounded = row_counts[i] == 1;
		int64_t values[10];

		for (uint32_t k = 0; k < row_counts[i]; k++)
			values[k] = bounded ? 100 : k + 1 == row_counts[i] ? -1 : 1;
		solve_row_add(m, SOLVE_AT_MOST, bounded ? 67 : 0, 0, row_options[i], values, row_counts[i]);
	}
	for (size_t k = 0; k < 10; k++)
		solve_mark_add(m, 0, mark_options[k], mark_counts[k]);
	solve_count_add(m, 2, 1, first, 3);
	solve_count_add(m, 2, 2, second, 7);
	alarm(60);
	assert_int_equal(solve(a, m, &settings)->status, SOLVE_INFEASIBLE);
	alarm(0);
	arena_free(a);
}

static void nothing_at_all(void **state)
{
	struct arena *a = arena_new();
	struct solve_model *m = solve_model_new(a);
	struct solve_result *r = solve(a, m, NULL);

	(void)state;
	assert_int_equal(r->status, SOLVE_OPTIMAL);
	assert_true(r->cost == 0);
	/* A row over nothing, kept and broken. */
	solve_row_add(m, SOLVE_AT_MOST, 0, 0, NULL, NULL, 0);
	assert_int_equal(solve(a, m, NULL)->status, SOLVE_OPTIMAL);
	solve_row_add(m, SOLVE_AT_LEAST, 1, 4, NULL, NULL, 0);
	assert_int_equal(solve(a, m, NULL)->status, SOLVE_INFEASIBLE);
	assert_int_equal(solve_conflict(a, m, NULL)->rules[0], 4);
	arena_free(a);
}

/* Numbers as large as they may be: nothing overflows, and the answer is right. */
static void largest_numbers(void **state)
{
	struct arena *a = arena_new();
	struct solve_model *m = solve_model_new(a);
	uint32_t options[40];
	int64_t values[40];
	struct solve_result *r;

	(void)state;
	for (uint32_t u = 0; u < 20; u++) {
		solve_unit_add(m);
		for (uint32_t k = 0; k < 2; k++) {
			options[2 * u + k] = solve_option_add(m, k ? SOLVE_MOST_COST - u : 0, k);
			values[2 * u + k] = k ? -SOLVE_MOST_VALUE : SOLVE_MOST_VALUE;
		}
	}
	solve_row_add(m, SOLVE_AT_MOST, 0, 0, options, values, 40);
	r = solve(a, m, NULL);
	assert_int_equal(r->status, SOLVE_OPTIMAL);
	assert_true(r->cost == 10 * (wide)SOLVE_MOST_COST - (10 + 11 + 12 + 13 + 14 + 15 + 16 + 17 + 18 + 19));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_change_nothing),
		cmocka_unit_test(twice_the_cost),
		cmocka_unit_test(any_order),
		cmocka_unit_test(larger_within_the_gap),
		cmocka_unit_test(conflicts_can_spare_nothing),
		cmocka_unit_test(reliefs_are_what_they_say),
		cmocka_unit_test(prices_of_bounds),
		cmocka_unit_test(cuts_go_on_from_before),
		cmocka_unit_test(stops_when_told),
		cmocka_unit_test(what_is_owed_ends),
		cmocka_unit_test(work_is_a_limit),
		cmocka_unit_test(counts_that_pull_each_other),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(largest_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
