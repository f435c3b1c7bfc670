/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of a small case, and of the same with fewer of its rules. */
#ifndef PROVISO_TESTS_PLAN_FEWER_H
#define PROVISO_TESTS_PLAN_FEWER_H

#include "plan_written.h"

static struct plan *plan_of(struct loaded *l, const struct small *s, unsigned threads)
{
	return plan_make(l->arena, task_of(l, s, threads), &l->diagnostics);
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
