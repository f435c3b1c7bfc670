/* SPDX-License-Identifier: Apache-2.0 */
/* assess: every policy of a case against its network; findings of all of them in one list, the unknown facts in one ranking. */
#include <stdlib.h>
#include <string.h>

#include "assess/internal.h"

static int by_key(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int c = strcmp(x->policy, y->policy);
	c = c ? c : strcmp(x->rule, y->rule);
	c = c ? c : strcmp(x->statement, y->statement);
	c = c ? c : strcmp(x->subject, y->subject);
	c = c ? c : strcmp(x->group, y->group);
	return c ? c : (int)x->place.line - (int)y->place.line;
}

static int by_use(const void *a, const void *b)
{
	const struct unknown_fact *x = a, *y = b;
	if (x->settle_count != y->settle_count)
		return x->settle_count > y->settle_count ? -1 : 1;
	if (x->elements != y->elements)
		return x->elements > y->elements ? -1 : 1;
	int c = strcmp(x->subject, y->subject);
	return c ? c : strcmp(x->attribute, y->attribute);
}

static int by_fact(const void *a, const void *b)
{
	const struct unknown_fact *x = a, *y = b;
	int c = strcmp(x->subject, y->subject);
	return c ? c : strcmp(x->attribute, y->attribute);
}

void assess_rank_unknown(struct arena *a, struct findings *all)
{
	if (!all->unknown_count)
		return;
	qsort(all->unknown, all->unknown_count, sizeof *all->unknown, by_fact);
	size_t kept = 0;
	for (size_t i = 0; i < all->unknown_count; i++) {
		struct unknown_fact *f = &all->unknown[i], *into = kept ? &all->unknown[kept - 1] : NULL;
		if (!into || by_fact(into, f)) {
			all->unknown[kept++] = *f;
			continue;
		}
		const char **names = arena_array(a, into->settle_count + f->settle_count + 1, sizeof *names);
		if (into->settle_count)
			memcpy(names, into->settles, into->settle_count * sizeof *names);
		if (f->settle_count)
			memcpy(names + into->settle_count, f->settles, f->settle_count * sizeof *names);
		into->settles = names;
		into->settle_count += f->settle_count;
		into->elements = into->elements > f->elements ? into->elements : f->elements;
	}
	all->unknown_count = kept;
	qsort(all->unknown, kept, sizeof *all->unknown, by_use);
}

static int by_silence(const void *a, const void *b)
{
	const struct policy_silence *x = a, *y = b;
	int c = strcmp(x->subject, y->subject);
	c = c ? c : strcmp(x->attribute, y->attribute);
	return c ? c : strcmp(x->value, y->value);
}

void assess_join(struct arena *a, struct findings *all, const struct findings *more)
{
	for (size_t i = 0; i < more->count; i++)
		*array_add(all) = more->items[i];
	struct unknown_fact *unknown = arena_array(a, all->unknown_count + more->unknown_count + 1, sizeof *unknown);
	struct policy_silence *silences =
		arena_array(a, all->silence_count + more->silence_count + 1, sizeof *silences);
	if (all->unknown_count)
		memcpy(unknown, all->unknown, all->unknown_count * sizeof *unknown);
	if (more->unknown_count)
		memcpy(unknown + all->unknown_count, more->unknown, more->unknown_count * sizeof *unknown);
	if (all->silence_count)
		memcpy(silences, all->silences, all->silence_count * sizeof *silences);
	if (more->silence_count)
		memcpy(silences + all->silence_count, more->silences, more->silence_count * sizeof *silences);
	all->unknown = unknown;
	all->unknown_count += more->unknown_count;
	all->unknown_dropped += more->unknown_dropped;
	all->silences = silences;
	all->silence_count += more->silence_count;
}

static bool has_due_dates(const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].status == FINDING_BROKEN && f->items[i].by != DATE_NONE)
			return true;
	return false;
}

/* Policies know nothing of each other: each is judged in a thread, if there are several, into an arena of its own. */
struct judging {
	const struct assessment_case *of;
	struct arena *arena;
	struct diagnostics said;
	struct findings now, before;
};

static void judge_policy(struct judging *j, const struct policy *p)
{
	const struct assessment_case *c = j->of;
	struct policy_question q = { .net = c->net,
				     .evidence = c->evidence,
				     .on = c->on,
				     .threads = c->threads,
				     .strs = c->strs,
				     .arena = j->arena,
				     .diagnostics = &j->said,
				     .focus = c->focus };
	policy_judge(p, &q, &j->now);
	bool compare = c->present && has_due_dates(&j->now);
	if (compare) { /* what is due must not get worse: today's network is judged by the same policy, without a word */
		struct diagnostics silent;
		diagnostics_init(&silent, j->arena);
		q.net = c->present;
		q.diagnostics = &silent;
		q.brief = true;
		policy_judge(p, &q, &j->before);
		diagnostics_free(&silent);
	}
	policy_settle(&j->now, compare ? &j->before : NULL, p, c->on);
}

static void judge_slice(void *context, size_t slice, size_t from, size_t to)
{
	struct judging *all = context;
	(void)slice;
	for (size_t i = from; i < to; i++)
		judge_policy(&all[i], all[i].of->policies[i]);
}

static void free_arena(void *arena)
{
	arena_free(arena);
}

static struct judging *judge_policies(struct arena *a, const struct assessment_case *c)
{
	struct judging *all = arena_array(a, c->policy_count + 1, sizeof *all);
	for (size_t i = 0; i < c->policy_count; i++) {
		all[i] = (struct judging){ .of = c, .arena = arena_new() };
		arena_at_free(a, free_arena, all[i].arena); /* findings point into it */
		diagnostics_init(&all[i].said, all[i].arena);
	}
	parallel(c->threads, c->policy_count, 1, judge_slice, all);
	return all;
}

void judge_all(struct arena *a, const struct assessment_case *c, struct assessment *x, struct diagnostics *d)
{
	struct findings all = { 0 };
	struct judging *each = judge_policies(a, c);
	for (size_t i = 0; i < c->policy_count; i++) {
		assess_join(a, &all, &each[i].now);
		diagnostics_append(d, &each[i].said);
		diagnostics_free(&each[i].said);
		free(each[i].now.items);
		free(each[i].before.items);
	}
	assess_rank_unknown(a, &all);
	struct finding *kept = arena_array(a, all.count + 1, sizeof *kept);
	if (all.count)
		memcpy(kept, all.items, all.count * sizeof *kept);
	free(all.items);
	all.items = kept;
	all.room = all.count;
	qsort(all.items, all.count, sizeof *all.items, by_key);
	if (all.silence_count)
		qsort(all.silences, all.silence_count, sizeof *all.silences, by_silence);
	size_t silences = 0;
	for (size_t i = 0; i < all.silence_count; i++)
		if (!silences || by_silence(&all.silences[silences - 1], &all.silences[i]))
			all.silences[silences++] = all.silences[i];
	all.silence_count = silences;
	x->findings = all;
	x->silences = all.silences;
	x->silence_count = all.silence_count;
	for (size_t i = 0; i < all.count; i++)
		x->by_status[all.items[i].status]++;
}

struct assessment *assess(struct arena *a, const struct assessment_case *c, const struct remedy *remedy,
			  struct diagnostics *d)
{
	struct assessment *x = arena_alloc(a, sizeof *x);
	x->of = c;
	x->synthetic = c->net->synthetic || (c->present && c->present->synthetic);
	judge_all(a, c, x, d);
	x->planned = c->assume_plan && rests_on_plans(a, x);
	assess_mend(a, x, remedy);
	metrics_make(a, x);
	if (c->evidence)
		x->confirmation = evidence_confirmation(c->evidence, c->net);
	else
		x->confirmation.elements = c->net->table[NET_ELEMENTS].rows;
	return x;
}

static bool is_among(const struct unknown_fact *facts, size_t count, const struct unknown_fact *f)
{
	for (size_t i = 0; i < count; i++)
		if (!by_fact(&facts[i], f))
			return true;
	return false;
}

/* What is asked is also what stays open once the plan is carried out: a rule that is broken today asks nothing by itself. */
static void ask_for_plan(struct arena *a, struct findings *all, const struct remedy *remedy)
{
	struct unknown_fact *facts = arena_array(a, all->unknown_count + remedy->unknown_count + 1, sizeof *facts);
	size_t count = all->unknown_count;

	if (count)
		memcpy(facts, all->unknown, count * sizeof *facts);
	for (size_t i = 0; i < remedy->unknown_count; i++)
		if (!is_among(all->unknown, all->unknown_count, &remedy->unknown[i]))
			facts[count++] = remedy->unknown[i];
	qsort(facts, count, sizeof *facts, by_use);
	all->unknown = facts;
	all->unknown_count = count;
}

void assess_mend(struct arena *a, struct assessment *x, const struct remedy *remedy)
{
	x->remedy = remedy;
	x->verdict = verdict_of(&x->findings, remedy, x->planned);
	if (remedy && remedy->found && x->verdict == VERDICT_UNDETERMINED)
		ask_for_plan(a, &x->findings, remedy);
	provisos_make(a, x, remedy);
}
