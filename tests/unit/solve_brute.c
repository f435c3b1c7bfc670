/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thousands of small cases against every choice there is: the verdict, the cost, the bound, and the certificate worked out
 * anew by the test's own integer arithmetic. The same cases with each finish left out, so that every one is tested.
 *
 * # proviso-deps: base solve
 */
#include "solve_case.h"

enum { CASES = 2500, STATES = 4096 };

struct seen {
	unsigned optimal, infeasible, certificate, enumeration, library, open;
};

static void check_certificate(const struct solve_case *c, const struct solve_result *r, bool any, int64_t best)
{
	wide total, step_bound;

	if (!r->certificate)
		return;
	if (r->certificate->ray) {
		assert_int_equal(r->status, SOLVE_INFEASIBLE);
		assert_true(!case_total(c, r->certificate, &total) || total > 0);
		return;
	}
	assert_true(r->has_bound);
	assert_true(case_total(c, r->certificate, &total));
	/* The bound is the total rounded up to a whole step: never more than one step above it. */
	step_bound = r->bound * ((wide)1 << r->certificate->shift);
	assert_true(step_bound >= total);
	if (any) {
		assert_true(total <= best * ((wide)1 << r->certificate->shift));
		assert_true(r->bound <= best);
	}
}

static void check(const struct solve_case *c, const struct solve_model *m, const struct solve_settings *s,
		  struct seen *seen)
{
	struct arena *a = arena_new();
	const struct solve_result *r = solve(a, m, s);
	int64_t best = 0;
	bool any = case_best(c, NULL, &best);

	check_certificate(c, r, any, best);
	if (r->choice) {
		assert_true(case_keeps(c, r->choice, NULL));
		assert_true(r->cost == case_cost(c, r->choice));
		assert_true(any && r->cost >= best);
	}
	if (r->status == SOLVE_OPTIMAL)
		assert_true(any && r->cost == best);
	else if (r->status == SOLVE_INFEASIBLE)
		assert_false(any);
	if (r->proof == SOLVE_PROOF_CERTIFICATE && r->status == SOLVE_OPTIMAL)
		assert_true(r->bound == r->cost);
	seen->optimal += r->status == SOLVE_OPTIMAL;
	seen->infeasible += r->status == SOLVE_INFEASIBLE;
	seen->open += r->status != SOLVE_OPTIMAL && r->status != SOLVE_INFEASIBLE;
	seen->certificate += r->proof == SOLVE_PROOF_CERTIFICATE;
	seen->enumeration += r->proof == SOLVE_PROOF_ENUMERATION;
	seen->library += r->proof == SOLVE_PROOF_LIBRARY;
	arena_free(a);
}

static void run(unsigned cases, const struct solve_settings *settings, struct seen *seen)
{
	for (unsigned i = 0; i < cases; i++) {
		struct arena *a = arena_new();
		struct solve_case c;

		case_fill(&c, i, STATES);
		check(&c, solve_case_model(a, &c), settings, seen);
		arena_free(a);
	}
	print_message(
		"%u cases: %u optimal, %u infeasible, %u open; proof: %u certificate, %u enumeration, %u library\n",
		cases, seen->optimal, seen->infeasible, seen->open, seen->certificate, seen->enumeration,
		seen->library);
}

static void every_choice(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	run(CASES, &(struct solve_settings){ 0 }, &seen);
	assert_int_equal(seen.open, 0);
	assert_true(seen.infeasible >= 200);
	assert_true(seen.enumeration >= 100);
}

static void by_the_library(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	run(CASES / 5, &(struct solve_settings){ .no_enumeration = true }, &seen);
	assert_int_equal(seen.open, 0);
	assert_true(seen.library >= 20);
}

static void by_certificates_alone(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	run(CASES, &(struct solve_settings){ .no_enumeration = true, .no_library = true }, &seen);
	assert_true(seen.certificate >= CASES / 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_choice),
		cmocka_unit_test(by_the_library),
		cmocka_unit_test(by_certificates_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
