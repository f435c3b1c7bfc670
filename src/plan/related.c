/* SPDX-License-Identifier: Apache-2.0 */
/*
 * related: what a rule about single elements says of one of them rests on it, and on what it is hosted on or part of. Where
 * such a rule is broken, a change of anything else leaves it so: a cut for each witness names no more than that.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/cut.h"

static const char *const relations[] = { "hosted_on", "part_of" };

static uint32_t element_called(const struct planning *p, const char *id)
{
	uint32_t e = net_find_text(p->task->net, NET_ELEMENTS, id);

	for (uint32_t i = p->real; i < p->elements && !CODE_IS_KNOWN(e); i++)
		e = strcmp(net_id(p->base, NET_ELEMENTS, i), id) ? e : i;
	return e;
}

/* By element the first of all that hang together with it, upwards and downwards, however often. */
static const uint32_t *first_related(struct planning *p)
{
	bool more = !p->first_related;

	if (more)
		p->first_related = arena_array(p->arena, (size_t)p->elements + 1, sizeof *p->first_related);
	for (uint32_t e = 0; e < p->elements && more; e++)
		p->first_related[e] = e;
	while (more) {
		more = false;
		for (size_t c = 0; c < sizeof relations / sizeof *relations; c++) {
			const uint32_t *to = net_column(p->base, NET_ELEMENTS, relations[c])->codes;

			for (uint32_t e = 0; e < p->elements; e++) {
				uint32_t *a = &p->first_related[e],
					 *b = CODE_IS_KNOWN(to[e]) ? &p->first_related[to[e]] : a;

				more = more || *a != *b;
				*a = *b = *a < *b ? *a : *b;
			}
		}
	}
	return p->first_related;
}

static bool *related_to(struct planning *p, struct arena *a, uint32_t element)
{
	const uint32_t *first = first_related(p);
	bool *related = arena_array(a, (size_t)p->elements + 1, sizeof *related);

	for (uint32_t e = 0; e < p->elements; e++)
		related[e] = first[e] == first[element];
	return related;
}

bool *spoken_of(struct planning *p, struct arena *a, const struct policy_row *r)
{
	const uint32_t *first = first_related(p);
	bool *any = arena_array(a, (size_t)p->elements + 1, sizeof *any);

	for (uint32_t s = 0; s < p->wide->table[NET_ELEMENTS].rows; s++)
		if (r->target[s])
			any[first[p->origin[s]]] = true;
	for (uint32_t e = 0; e < p->elements; e++)
		any[e] = any[first[e]];
	return any;
}

size_t witnesses_related(const struct breach *b, struct arena *a, size_t row, bool *related[MOST_WITNESSES])
{
	struct planning *p = b->p;
	struct findings all;
	size_t count = 0;

	if (b->row->kind != POLICY_ROW_FORBID && b->row->kind != POLICY_ROW_EVIDENCE)
		return 0;
	findings_by_policy(p, a, b->policy, b->net, b->evidence, false, b->ahead, NULL, &all);
	for (size_t i = 0; i < all.count; i++) {
		const struct finding *f = &all.items[i];

		if (!finding_is_bad(f, b->tier) || row_of_finding(p, b->policy, f) != row)
			continue;
		for (size_t k = 0; k < f->witnesses_kept && count < MOST_WITNESSES; k++)
			related[count++] = related_to(p, a, element_called(p, f->witnesses[k]));
	}
	free(all.items);
	return count;
}
