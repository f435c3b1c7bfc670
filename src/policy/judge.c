/* SPDX-License-Identifier: Apache-2.0 */
/* judge: a policy against a network, start to end; then what the date and the present network make of what is broken. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policy/eval.h"

static int by_key(const struct finding *x, const struct finding *y)
{
	int c = strcmp(x->policy, y->policy);
	c = c ? c : strcmp(x->rule, y->rule);
	c = c ? c : strcmp(x->statement, y->statement);
	c = c ? c : strcmp(x->subject, y->subject);
	return c ? c : strcmp(x->group, y->group);
}

static int by_key_void(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int c = by_key(x, y);
	return c ? c : (int)x->place.line - (int)y->place.line;
}

static bool in_force(const struct rule *r, int32_t on)
{
	return (r->in_force == DATE_NONE || r->in_force <= on) && (r->until == DATE_NONE || on <= r->until);
}

typedef void (*stage)(struct evaluation *, struct statement *);

static void each_statement(struct evaluation *e, stage (*of)(const struct rule_kind *))
{
	for (size_t i = 0; i < e->policy->rules.count; i++)
		for (struct statement *s = e->policy->rules.items[i]->statements; s; s = s->next) {
			stage f = of(s->kind);
			if (f)
				f(e, s);
		}
}

static stage stage_prepare(const struct rule_kind *k)
{
	return k->prepare;
}
static stage stage_ask(const struct rule_kind *k)
{
	return k->ask;
}

static void judge_statements(struct evaluation *e)
{
	for (size_t i = 0; i < e->policy->rules.count; i++) {
		const struct rule *r = e->policy->rules.items[i];
		e->asleep = !in_force(r, e->q->on + e->q->ahead);
		for (struct statement *s = r->statements; s; s = s->next)
			if (s->kind->judge)
				s->kind->judge(e, s);
	}
	e->asleep = false;
}

static void warn_vacuous(struct evaluation *e)
{
	const char *last = NULL;
	for (size_t i = 0; i < e->out->count; i++) {
		const struct finding *f = &e->out->items[i];
		if (!f->vacuous || f->statement == last)
			continue;
		last = f->statement;
		diagnose(e->q->diagnostics, SEVERITY_WARNING, "vacuous-rule", f->place,
			 "rule \"%s\": nothing in this network is in the set that "
			 "\"%s\" speaks of, so it holds without weight",
			 f->rule, f->statement);
	}
}

void evaluation_free(struct evaluation *e)
{
	for (size_t i = 0; i < e->sums.count; i++) {
		free(e->sums.items[i]->columns.items);
		free(e->sums.items[i]->own.items);
	}
	free(e->axes.items);
	free(e->atoms.items);
	free(e->nodes.items);
	free(e->sets.items);
	free(e->columns.items);
	free(e->sums.items);
	free(e->groupings.items);
	free(e->wishes.items);
	free(e->silences.items);
	unknown_free(e);
	arena_free(e->scratch);
}

void evaluation_begin(struct evaluation *e, const struct policy *p, const struct policy_question *q,
		      struct findings *out)
{
	*e = (struct evaluation){ .policy = p,
				  .q = q,
				  .net = q->net,
				  .arena = q->arena,
				  .scratch = arena_new(),
				  .out = out,
				  .elements = q->net->table[NET_ELEMENTS].rows };
}

static int by_silence(const void *a, const void *b)
{
	const struct policy_silence *x = a, *y = b;
	int c = strcmp(x->subject, y->subject);
	c = c ? c : strcmp(x->attribute, y->attribute);
	return c ? c : strcmp(x->value, y->value);
}

/* Each once, however many atoms met it. */
static void keep_silences(struct evaluation *e)
{
	size_t count = e->silences.count, kept = 0;
	if (count)
		qsort(e->silences.items, count, sizeof *e->silences.items, by_silence);
	e->out->silences = arena_array(e->arena, count + 1, sizeof *e->out->silences);
	for (size_t i = 0; i < count; i++)
		if (!kept || by_silence(&e->out->silences[kept - 1], &e->silences.items[i]))
			e->out->silences[kept++] = e->silences.items[i];
	e->out->silence_count = kept;
}

void policy_judge(const struct policy *p, const struct policy_question *q, struct findings *out)
{
	struct evaluation e;
	evaluation_begin(&e, p, q, out);
	assert(out->count == 0);
	each_statement(&e, stage_prepare);
	classes_make(&e);
	each_statement(&e, stage_ask);
	sums_make(&e);
	judge_statements(&e);
	for (size_t i = 0; i < p->rules.count; i++) {
		const struct rule *r = p->rules.items[i];
		if (in_force(r, q->on + q->ahead))
			continue;
		for (size_t k = 0; k < out->count; k++)
			if (out->items[k].rule == r->name)
				out->items[k].status = FINDING_NOT_IN_FORCE;
	}
	witnesses_make(&e);
	unknown_make(&e);
	keep_silences(&e);
	if (out->count)
		qsort(out->items, out->count, sizeof *out->items, by_key_void);
	if (!q->brief)
		warn_vacuous(&e);
	evaluation_free(&e);
}

int policy_member(const struct policy *p, const struct policy_question *q, const char *set, uint32_t element)
{
	const struct set *s = policy_find_set(p, set);
	if (!s)
		return -1;
	struct findings none = { 0 };
	struct evaluation e;
	evaluation_begin(&e, p, q, &none);
	uint32_t node = bind_expr(&e, s->document, s->expr);
	classes_make(&e);
	uint8_t v = node_of_element(&e, node, element);
	evaluation_free(&e);
	return v == YES ? 1 : v == NO ? 0 : 2;
}

/* ---- dates ----------------------------------------------------------------------------------------------------------------- */

static const struct finding *find_same(const struct findings *all, const struct finding *f)
{
	size_t low = 0, high = all->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (by_key(&all->items[middle], f) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < all->count && !by_key(&all->items[low], f) ? &all->items[low] : NULL;
}

/* Is the breach larger than it is today? A finding that today's network does not have was no breach there. */
static bool is_worse(const struct finding *now, const struct finding *before)
{
	if (!before || (before->status != FINDING_BROKEN && before->status != FINDING_DUE &&
			before->status != FINDING_UNKNOWN && before->status != FINDING_WAIVED))
		return true;
	if (now->measured == UNIT_NONE || !now->bound_op)
		return now->witness_count > before->witness_count;
	return now->bound_op[0] == '<' ? now->low > before->low : now->high < before->high;
}

void policy_settle(struct findings *all, const struct findings *present, const struct policy *p, int32_t on)
{
	for (size_t i = 0; i < all->count; i++) {
		struct finding *f = &all->items[i];
		if (f->status != FINDING_BROKEN || f->by == DATE_NONE || on > f->by)
			continue;
		bool may_grow = false;
		for (size_t k = 0; k < p->rules.count; k++)
			may_grow =
				may_grow || (!strcmp(p->rules.items[k]->name, f->rule) && p->rules.items[k]->may_grow);
		f->worsened = present && !may_grow && is_worse(f, find_same(present, f));
		if (!f->worsened)
			f->status = FINDING_DUE;
	}
}
