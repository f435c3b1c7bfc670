/* SPDX-License-Identifier: Apache-2.0 */
/* vary: a policy with other bounds, to ask what each of them costs. */
#include <string.h>

#include "policy/program.h"

static bool is_meant(const size_t *statements, size_t count, size_t number)
{
	for (size_t i = 0; i < count; i++)
		if (statements[i] == number)
			return true;
	return false;
}

static struct statement *with_bound(struct arena *a, const struct statement *s, int64_t bound)
{
	struct statement *own = arena_alloc(a, sizeof *own);

	*own = *s;
	own->bound.param = NULL;
	own->bound.value = bound;
	return own;
}

struct policy *policy_with_bounds(struct arena *a, const struct policy *p, const size_t *statements, size_t count,
				  int64_t bound)
{
	struct policy *copy = arena_alloc(a, sizeof *copy);
	size_t number = 0;

	*copy = *p;
	copy->rules.items = arena_array(a, p->rules.count + 1, sizeof *copy->rules.items);
	for (size_t i = 0; i < p->rules.count; i++) {
		struct rule *rule = arena_alloc(a, sizeof *rule);
		struct statement **link = &rule->statements;

		*rule = *p->rules.items[i];
		copy->rules.items[i] = rule;
		for (const struct statement *s = *link; s; s = s->next, number++) {
			struct statement *own = with_bound(a, s, bound);

			if (!is_meant(statements, count, number))
				own->bound = s->bound;
			own->rule = rule;
			*link = own;
			link = &own->next;
		}
	}
	return copy;
}
