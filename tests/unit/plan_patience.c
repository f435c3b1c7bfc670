/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random small cases, ended at some moment: whatever is said by then is so. What is so is what is said where nobody ends it
 * (plan_brute.c holds that against every choice there is): no plan is cheaper than the cheapest, no bound is above it, and
 * nothing is called impossible or undetermined that is not. Where time is limited and not used up, the answer is the same.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan
 */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "plan_written.h"

#include "plan_seeds.h"

#ifdef __SANITIZE_ADDRESS__
enum { CASES = 20 };
#else
enum { CASES = 400 };
#endif

enum { MOMENTS = 16, NEVER_ENDS = INT32_MAX };

struct patience {
	int asked, until;
};

struct tally {
	int cases, ended, by_status[PLAN_NONE_FOUND + 1], dearer;
};

static bool stops(void *context)
{
	struct patience *p = context;

	return ++p->asked > p->until;
}

static double hour(void *context)
{
	(void)context;
	return 3600;
}

struct said {
	enum plan_status status;
	int64_t cost;
	int asked;
};

/* Asked so often whether it ends, it does. best: what is so, or NULL. */
static struct said say(const struct small *s, int until, const struct said *best, struct tally *t)
{
	struct loaded l;
	struct patience patience = { 0, until };
	struct plan_task *task;
	struct plan *plan;
	struct said said = { .status = PLAN_NONE_FOUND };

	load(&l, s, NULL, NULL, NULL);
	task = task_of(&l, s, 1);
	task->stop = stops;
	task->context = &patience;
	task->seconds_left = best ? hour : NULL;
	task->brief = true;
	plan = plan_make(l.arena, task, &l.diagnostics);
	if (plan)
		said = (struct said){ plan->status, plan->cost.likely, patience.asked };
	if (best && plan && plan->has_bound && best->status == PLAN_FOUND)
		assert_true(plan->bound <= best->cost);
	if (best && plan)
		t->by_status[plan->status]++;
	unload(&l);
	return said;
}

static void one_case(uint64_t seed, void *tally)
{
	struct tally *t = tally;
	struct small s;
	struct said best, now;

	make_case(&s, seed);
	if (s.element_count > ELEMENTS)
		return;
	best = say(&s, NEVER_ENDS, NULL, t);
	if (best.status == PLAN_NOTHING || best.status == PLAN_NONE_FOUND)
		return;
	t->cases++;
	now = say(&s, NEVER_ENDS, &best, t);
	if (now.status != best.status || now.cost != best.cost)
		fail_msg("seed %llu: %s at %lld, and with time enough %s at %lld", (unsigned long long)seed,
			 plan_status_name(best.status), (long long)best.cost, plan_status_name(now.status),
			 (long long)now.cost);
	for (int k = 0; k < MOMENTS && k < now.asked; k++) {
		int asked = now.asked > MOMENTS ? now.asked * k / MOMENTS : k;
		struct said early = say(&s, asked, &best, t);

		if (early.status != PLAN_NONE_FOUND && (early.status != best.status || early.cost < best.cost))
			fail_msg("seed %llu, asked %d times: %s at %lld, but it is %s at %lld", (unsigned long long)seed,
				 asked, plan_status_name(early.status), (long long)early.cost,
				 plan_status_name(best.status), (long long)best.cost);
		t->ended++;
		t->dearer += early.status == PLAN_FOUND && early.cost > best.cost;
		if (getenv("PLAN_TRACE") && early.status == PLAN_NONE_FOUND && best.status == PLAN_FOUND)
			fprintf(stderr, "seed %llu moment %d of %d\n", (unsigned long long)seed, asked, now.asked);
	}
}

static void test_ended(void **state)
{
	struct tally t = { 0 };
	int cases = each_seed(CASES, one_case, &t.cases, &t);

	(void)state;
	print_message("%d cases, ended %d times: found %d, dearer %d, impossible %d, undetermined %d, open %d\n", t.cases,
		      t.ended, t.by_status[PLAN_FOUND], t.dearer, t.by_status[PLAN_IMPOSSIBLE],
		      t.by_status[PLAN_UNDETERMINED], t.by_status[PLAN_NONE_FOUND]);
	assert_true(cases < CASES || (t.dearer >= CASES / 40 && t.by_status[PLAN_NONE_FOUND] >= CASES / 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_ended) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
