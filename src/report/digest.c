/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The findings of an assessment in order of reading. A rule `per region` has as many findings as there are regions:
 * readers want to know which is worst and how many there are, so each statement is one entry with its findings ranked.
 */
#include "report/digest.h"

#include <stdlib.h>
#include <string.h>

static const enum finding_status reading_order[FINDING_STATUSES] = {
	FINDING_BROKEN,     FINDING_UNKNOWN, FINDING_DUE,          FINDING_WAIVED,
	FINDING_NOTIFIABLE, FINDING_HOLDS,   FINDING_NOT_IN_FORCE,
};

static int compare_numbers(wide a, wide b)
{
	return a < b ? -1 : a > b;
}

/* How far beyond the bound, negative where within it. What is broken is broken at its best, anything else at its worst.
 */
static wide excess(const struct finding *f)
{
	bool certain = f->status == FINDING_BROKEN || f->status == FINDING_DUE || f->status == FINDING_WAIVED;

	if (!f->bound_op || f->measured == UNIT_NONE)
		return (wide)f->witness_count;
	if (f->bound_op[0] == '>')
		return (wide)f->bound - (certain ? f->high : f->low);
	return (wide)(certain ? f->low : f->high) - f->bound;
}

/* Worst first; what is equally bad stays in the order of the findings, which is fixed. */
static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;
	int order = compare_numbers(excess(b), excess(a));

	if (!order)
		order = compare_numbers(b->surplus, a->surplus);
	if (!order)
		order = compare_numbers((wide)b->witness_count, (wide)a->witness_count);
	return order ? order : a < b ? -1 : a > b;
}

static int compare_deadlines(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;

	return a->by != b->by ? (a->by < b->by ? -1 : 1) : a < b ? -1 : a > b;
}

static bool same_rule(const struct finding *a, const struct finding *b)
{
	return !strcmp(a->policy, b->policy) && !strcmp(a->rule, b->rule);
}

static bool same_statement(const struct finding *a, const struct finding *b)
{
	return same_rule(a, b) && !strcmp(a->statement, b->statement);
}

static void fill_block(struct arena *arena, struct block *b, const struct findings *all)
{
	const struct finding **of_status = arena_array(arena, all->count + 1, sizeof *of_status);

	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].status == b->status)
			of_status[b->findings++] = &all->items[i];
	b->entries = arena_array(arena, b->findings + 1, sizeof *b->entries);
	for (size_t from = 0, to; from < b->findings; from = to) {
		struct entry *e = &b->entries[b->entry_count++];

		for (to = from + 1; to < b->findings && same_statement(of_status[from], of_status[to]);)
			to++;
		e->opens_rule = !from || !same_rule(of_status[from - 1], of_status[from]);
		e->ends_rule = to == b->findings || !same_rule(of_status[from], of_status[to]);
		e->findings = of_status + from;
		e->count = to - from;
		b->rules += e->opens_rule;
	}
	/* Only now, because the runs above rest on the order of the findings. */
	for (size_t i = 0; i < b->entry_count; i++)
		qsort(b->entries[i].findings, b->entries[i].count, sizeof *b->entries[i].findings, compare_findings);
}

/* Rules of an earlier block. Entries of a block are in order of policy and rule, so one walk beside it is enough. */
static void mark_told(struct digest *d)
{
	for (size_t later = 1; later < FINDING_STATUSES; later++)
		for (size_t earlier = 0; earlier < later; earlier++) {
			const struct block *before = &d->blocks[earlier];
			struct block *b = &d->blocks[later];

			for (size_t i = 0, k = 0; i < b->entry_count && k < before->entry_count;) {
				const struct finding *f = b->entries[i].findings[0],
						     *g = before->entries[k].findings[0];
				int order = strcmp(f->policy, g->policy);

				if (!order)
					order = strcmp(f->rule, g->rule);
				b->entries[i].told |= !order;
				if (order <= 0)
					i++;
				else
					k++;
			}
		}
}

static void count_rules(struct digest *d, const struct findings *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->items[i];

		d->policies += !i || strcmp(all->items[i - 1].policy, f->policy) != 0;
		d->rules += !i || !same_rule(&all->items[i - 1], f);
	}
}

static void find_deadlines(struct digest *d)
{
	const struct block *due = digest_block(d, FINDING_DUE);

	for (size_t i = 0; i < due->entry_count; i++)
		if (due->entries[i].opens_rule)
			d->deadlines[d->deadline_count++] = due->entries[i].findings[0];
	qsort(d->deadlines, d->deadline_count, sizeof *d->deadlines, compare_deadlines);
}

static int compare_silences(const void *left, const void *right)
{
	const struct policy_silence *a = left, *b = right;
	int order = strcmp(a->attribute, b->attribute);

	if (!order)
		order = strcmp(a->value, b->value);
	return order ? order : strcmp(a->subject, b->subject);
}

static void group_silences(struct arena *arena, struct digest *d, const struct assessment *a)
{
	struct policy_silence *sorted = arena_array(arena, a->silence_count + 1, sizeof *sorted);
	const char **subjects = arena_array(arena, a->silence_count + 1, sizeof *subjects);

	for (size_t i = 0; i < a->silence_count; i++)
		sorted[i] = a->silences[i];
	qsort(sorted, a->silence_count, sizeof *sorted, compare_silences);
	d->silences = arena_array(arena, a->silence_count + 1, sizeof *d->silences);
	for (size_t i = 0; i < a->silence_count; i++) {
		struct silence_group *g = d->silence_count ? &d->silences[d->silence_count - 1] : NULL;

		subjects[i] = sorted[i].subject;
		if (!g || strcmp(g->attribute, sorted[i].attribute) || strcmp(g->value, sorted[i].value)) {
			g = &d->silences[d->silence_count++];
			*g = (struct silence_group){ sorted[i].attribute, sorted[i].value, subjects + i, 0 };
		}
		g->count++;
	}
}

struct digest *digest_findings(struct arena *arena, const struct assessment *a)
{
	struct digest *d = arena_alloc(arena, sizeof *d);

	for (size_t i = 0; i < FINDING_STATUSES; i++) {
		d->blocks[i].status = reading_order[i];
		fill_block(arena, &d->blocks[i], &a->findings);
	}
	mark_told(d);
	count_rules(d, &a->findings);
	d->vacuous = arena_array(arena, a->findings.count + 1, sizeof *d->vacuous);
	for (size_t i = 0; i < a->findings.count; i++)
		if (a->findings.items[i].vacuous)
			d->vacuous[d->vacuous_count++] = &a->findings.items[i];
	d->deadlines = arena_array(arena, digest_block(d, FINDING_DUE)->entry_count + 1, sizeof *d->deadlines);
	find_deadlines(d);
	group_silences(arena, d, a);
	return d;
}

const struct block *digest_block(const struct digest *d, enum finding_status status)
{
	for (size_t i = 0; i < FINDING_STATUSES; i++)
		if (d->blocks[i].status == status)
			return &d->blocks[i];
	return &d->blocks[0];
}
