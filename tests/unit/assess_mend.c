/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plan makes of a verdict: each way that a search can end, with rules broken, due and unknown.
 *
 * # proviso-deps: base lang net evidence policy assess
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "assess/assess.h"

struct mended {
	struct arena *arena;
	struct finding findings[4];
	struct assessment a;
};

static void begin(struct mended *m, const enum finding_status *statuses, size_t count)
{
	static const struct finding_waiver waiver = { 20000, "because", "somebody" };

	*m = (struct mended){ .arena = arena_new() };
	for (size_t i = 0; i < count; i++)
		m->findings[i] = (struct finding){ .policy = "p",
						   .rule = "r",
						   .statement = "forbid a in b",
						   .subject = "",
						   .group = "",
						   .status = statuses[i],
						   .by = statuses[i] == FINDING_DUE ? 20000 : DATE_NONE,
						   .waivers = &waiver,
						   .waiver_count = statuses[i] == FINDING_WAIVED };
	m->a.findings.items = m->findings;
	m->a.findings.count = count;
}

static enum verdict mend(const struct remedy *remedy, size_t *provisos, size_t count, ...)
{
	enum finding_status statuses[4];
	struct mended m;
	enum verdict verdict;
	va_list list;

	va_start(list, count);
	for (size_t i = 0; i < count; i++)
		statuses[i] = (enum finding_status)va_arg(list, int);
	va_end(list);
	begin(&m, statuses, count);
	assess_mend(m.arena, &m.a, remedy);
	verdict = m.a.verdict;
	if (provisos)
		*provisos = m.a.proviso_count;
	arena_free(m.arena);
	return verdict;
}

static const struct proviso swap = { .policy = "p", .rule = "r", .what = "replace 1 element", .by = DATE_NONE };
static const struct remedy whole = { .found = true, .whole = true, .provisos = &swap, .proviso_count = 1 };
static const struct remedy part = { .found = true, .provisos = &swap, .proviso_count = 1 };
static const struct remedy impossible = { .proven_impossible = true };
static const struct remedy unfinished = { .status = "none-found" };

static void what_is_broken(void **state)
{
	size_t provisos;

	(void)state;
	assert_int_equal(mend(NULL, &provisos, 1, FINDING_BROKEN), VERDICT_FAILS);
	assert_int_equal(provisos, 0);
	assert_int_equal(mend(&whole, &provisos, 2, FINDING_BROKEN, FINDING_HOLDS), VERDICT_WITH_PROVISOS);
	assert_int_equal(provisos, 1);
	assert_int_equal(mend(&impossible, &provisos, 1, FINDING_BROKEN), VERDICT_NOT_MANAGEABLE);
	assert_int_equal(provisos, 0);
	assert_int_equal(mend(&unfinished, &provisos, 1, FINDING_BROKEN), VERDICT_FAILS);
	assert_int_equal(provisos, 0);
}

static void what_is_broken_and_stays_open(void **state)
{
	struct unknown_fact ours = { .subject = "element/a", .attribute = "vendor" },
			    more[] = { { .subject = "element/a", .attribute = "vendor" },
				       { .subject = "vendor/b", .attribute = "designated", .elements = 3 } };
	struct remedy open = part;
	struct mended m;

	(void)state;
	open.unknown = more;
	open.unknown_count = 2;
	assert_int_equal(mend(&part, NULL, 2, FINDING_BROKEN, FINDING_HOLDS), VERDICT_UNDETERMINED);
	begin(&m, (enum finding_status[]){ FINDING_BROKEN }, 1);
	m.a.findings.unknown = &ours;
	m.a.findings.unknown_count = 1;
	assess_mend(m.arena, &m.a, &open);
	assert_int_equal(m.a.verdict, VERDICT_UNDETERMINED);
	assert_int_equal(m.a.findings.unknown_count, 2);
	assert_string_equal(m.a.findings.unknown[0].subject, "vendor/b");
	assert_string_equal(m.a.findings.unknown[1].subject, "element/a");
	arena_free(m.arena);
}

/* A plan under which every rule surely holds decides what is unknown today; one under which something stays open does not. */
static void what_is_unknown(void **state)
{
	(void)state;
	assert_int_equal(mend(&whole, NULL, 2, FINDING_BROKEN, FINDING_UNKNOWN), VERDICT_WITH_PROVISOS);
	assert_int_equal(mend(&part, NULL, 2, FINDING_BROKEN, FINDING_UNKNOWN), VERDICT_UNDETERMINED);
	assert_int_equal(mend(&impossible, NULL, 2, FINDING_BROKEN, FINDING_UNKNOWN), VERDICT_NOT_MANAGEABLE);
	assert_int_equal(mend(&unfinished, NULL, 2, FINDING_BROKEN, FINDING_UNKNOWN), VERDICT_FAILS);
	assert_int_equal(mend(NULL, NULL, 1, FINDING_UNKNOWN), VERDICT_UNDETERMINED);
	assert_int_equal(mend(&whole, NULL, 2, FINDING_DUE, FINDING_UNKNOWN), VERDICT_UNDETERMINED);
}

/* What is due is a proviso by itself; where a plan mends it, the plan's changes are. */
static void what_is_due(void **state)
{
	size_t provisos;

	(void)state;
	assert_int_equal(mend(NULL, &provisos, 1, FINDING_DUE), VERDICT_WITH_PROVISOS);
	assert_int_equal(provisos, 1);
	assert_int_equal(mend(&whole, &provisos, 1, FINDING_DUE), VERDICT_WITH_PROVISOS);
	assert_int_equal(provisos, 1);
	assert_int_equal(mend(&impossible, &provisos, 1, FINDING_DUE), VERDICT_WITH_PROVISOS);
	assert_int_equal(provisos, 1);
	assert_int_equal(mend(&whole, &provisos, 2, FINDING_DUE, FINDING_WAIVED), VERDICT_WITH_PROVISOS);
	assert_int_equal(provisos, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_broken),
		cmocka_unit_test(what_is_broken_and_stays_open),
		cmocka_unit_test(what_is_unknown),
		cmocka_unit_test(what_is_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
