/* SPDX-License-Identifier: Apache-2.0 */
/*
 * However long a step is, it asks whether it goes on: a solve that is ended at the next question has done little more. Rows
 * that pull against each other, so that repair, jumps and enumeration all have to be ended.
 *
 * # proviso-deps: base solve
 */
#include "solve_case.h"

enum { UNITS = 300, OPTIONS = 6, ROWS = 40, MOST_LOOKS = 150000, MOST_ASKED = 60 };

struct patience {
	int asked, until;
};

static bool stops(void *context)
{
	struct patience *p = context;

	return ++p->asked > p->until;
}

/* tight: a hundredth of what a random choice uses. Beyond some point nothing keeps all rows. */
static struct solve_model *pulling(struct arena *a, uint64_t seed, uint32_t units, int64_t tight)
{
	struct solve_model *m = solve_model_new(a);
	uint32_t count = units * OPTIONS, *options = arena_array(a, count, sizeof *options);
	int64_t *values = arena_array(a, count, sizeof *values);

	for (uint32_t i = 0; i < count; i++) {
		if (i % OPTIONS == 0)
			solve_unit_add(m);
		options[i] = solve_option_add(m, case_between(&seed, 0, 1000) * 1000000, SOLVE_NO_LABEL);
	}
	for (uint32_t r = 0; r < ROWS; r++) {
		int64_t sum = 0;

		for (uint32_t i = 0; i < count; i++)
			sum += values[i] = case_between(&seed, 0, 1000);
		solve_row_add(m, SOLVE_AT_MOST, (wide)sum / OPTIONS * tight / 100, r, options, values, count);
	}
	return m;
}

static uint64_t work_when_ended(const struct solve_model *m, int until, bool *ended)
{
	struct arena *a = arena_new();
	struct patience p = { 0, until };
	struct solve_settings s = { .no_library = true, .at_once = true, .stop = stops, .context = &p };
	struct solve_result *r = solve(a, m, &s);
	uint64_t work = r->work_done;

	*ended = r->stopped;
	arena_free(a);
	return work;
}

static void ask(const struct solve_model *m, const char *what)
{
	uint64_t before = 0;
	bool ended = true;

	for (int until = 0; ended && until < MOST_ASKED; until++) {
		uint64_t work = work_when_ended(m, until, &ended);

		if (work > before + MOST_LOOKS)
			fail_msg("%s: %llu looks between questions %d and %d", what, (unsigned long long)(work - before),
				 until, until + 1);
		before = work;
	}
}

static void test_pulling(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	ask(pulling(a, 1, UNITS, 90), "repair");
	ask(pulling(a, 1, 14, 96), "enumeration");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_pulling) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
