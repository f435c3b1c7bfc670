/* SPDX-License-Identifier: Apache-2.0 */
/*
 * links: `allow A to B over I`, `deny A to B over I`, `deny rest` and `forbid A reaching B over I` as sets over elements, for
 * who sees pairs rather than declared links. First match in file order decides; the caller does the matching, because it knows who started.
 */
#include <string.h>

#include "policy/rule/kinds.h"

static bool is_reach(const struct statement *s)
{
	return !strcmp(s->kind->name, "reach");
}

static bool is_link(const struct statement *s)
{
	return !strcmp(s->kind->name, "link") || is_reach(s);
}

static bool is_everything(const struct evaluation *e, uint32_t node)
{
	return e->nodes.items[node].kind == NODE_CONST && e->nodes.items[node].constant == YES;
}

struct link_nodes {
	uint32_t a, b, waived;
};

static struct policy_link fill(struct evaluation *e, struct statement *s, const struct link_nodes *n)
{
	const struct rule *r = s->rule;
	int32_t day = e->q->on + e->q->ahead;
	struct policy_link l = { .policy = s->policy->name,
				 .rule = r->name,
				 .statement = s->text,
				 .by = r->by,
				 .place = s->place,
				 .source = r->source ? r->source : s->policy->source,
				 .grade = r->grade,
				 .note = r->note,
				 .allow = s->allow,
				 .rest = s->rest,
				 .reach = is_reach(s),
				 .over = s->over,
				 .over_count = s->over_count };
	l.in_force = (r->in_force == DATE_NONE || r->in_force <= day) && (r->until == DATE_NONE || day <= r->until);
	l.a = node_by_element(e, n->a);
	l.b = node_by_element(e, n->b);
	l.a_is_any = is_everything(e, n->a);
	l.b_is_any = is_everything(e, n->b);
	l.waived = node_by_element(e, n->waived);
	return l;
}

struct policy_link *policy_links(const struct policy *p, const struct policy_question *q, size_t *count)
{
	struct findings none = { 0 };
	struct evaluation e;
	size_t most = 0, n = 0;
	for (size_t i = 0; i < p->rules.count; i++)
		most += p->rules.items[i]->statement_count;
	struct policy_link *links = arena_array(q->arena, most + 1, sizeof *links);
	evaluation_begin(&e, p, q, &none);
	struct link_nodes *nodes = arena_array(e.scratch, most + 1, sizeof *nodes);
	for (size_t i = 0; i < p->rules.count; i++)
		for (struct statement *s = p->rules.items[i]->statements; s; s = s->next)
			if (is_link(s))
				nodes[n++] =
					(struct link_nodes){ s->rest ? node_constant(&e, YES) : bind_subject(&e, s),
							     s->rest ? node_constant(&e, YES) : bind_target(&e, s),
							     bind_waived(&e, s) };
	classes_make(&e);
	*count = n;
	n = 0;
	for (size_t i = 0; i < p->rules.count; i++)
		for (struct statement *s = p->rules.items[i]->statements; s; s = s->next)
			if (is_link(s))
				links[n] = fill(&e, s, &nodes[n]), n++;
	evaluation_free(&e);
	return links;
}
