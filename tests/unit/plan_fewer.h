/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of a small case, and of the same with fewer of its rules. */
#ifndef PROVISO_TESTS_PLAN_FEWER_H
#define PROVISO_TESTS_PLAN_FEWER_H

#include <time.h>

#include "plan_written.h"

static bool limit_passed(void *context)
{
	struct limit *limit = context;

	limit->passed = limit->passed || (double)clock() / CLOCKS_PER_SEC > limit->seconds;
	return limit->passed;
}

static bool ran_out(const struct small *s)
{
	return s->limit && s->limit->passed;
}

static struct plan *plan_of(struct loaded *l, const struct small *s, unsigned threads)
{
	struct plan_task *task = task_of(l, s, threads);

	task->stop = s->limit ? limit_passed : NULL;
	task->context = s->limit;
	return plan_make(l->arena, task, &l->diagnostics);
}

static void drop_rule(struct small *s, int rule)
{
	char name[24];
	char *policy = rule < s->split ? s->policy : s->more, *from, *to;

	snprintf(name, sizeof name, "\nrule r%d\n", rule);
	from = strstr(policy, name);
	assert_non_null(from);
	to = strstr(from + 1, "\n\n");
	memmove(from, to ? to + 1 : from + strlen(from), to ? strlen(to + 1) + 1 : 1);
}

static enum plan_status status_of(const struct small *s)
{
	struct loaded l;
	struct plan *plan;
	enum plan_status status;

	load(&l, s, NULL, NULL, NULL);
	plan = plan_of(&l, s, 1);
	assert_non_null(plan);
	status = plan->status;
	unload(&l);
	return status;
}

/* The rules of the conflict alone, and without one of them (-1: with all). */
static struct small with_rules(const struct small *s, const struct plan *plan, int without)
{
	struct small out = *s;

	for (int r = 0; r < s->rule_count; r++) {
		bool named = false;
		char name[16];

		snprintf(name, sizeof name, "r%d", r);
		for (size_t i = 0; i < plan->conflict_count; i++)
			named |= !strcmp(plan->conflict[i].rule, name) && (int)i != without;
		if (!named && !s->rules[r].may_remove)
			drop_rule(&out, r);
		else if (!named) /* it says what may be removed, and that stays */
			return (struct small){ 0 };
	}
	return out;
}

#endif
