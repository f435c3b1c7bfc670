/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quarter: the time from the plan's date to its horizon, in whole quarters, and what has to hold when. In a quarter a
 * statement binds if its rule is in force on some day of it and
 *   it holds as things stand (nothing may be broken on the way), or
 *   its `by` date passes before the quarter ends, or
 *   it comes to count after the plan's date (a later in-force date, a waiver that ends) and has no later `by` date.
 * Any other that is due must not be worse after the quarter than as things stand: cut.c judges it.
 */
#include <string.h>
#include <stdlib.h>

#include "plan/model.h"

static const char *name_of_quarter(struct arena *a, int32_t day)
{
	char text[11];
	int month;

	date_print(day, text);
	month = atoi(text + 5);
	return arena_printf(a, "%.4s-Q%d", text, (month + 2) / 3);
}

void quarters_make(struct planning *p)
{
	int32_t on = p->task->on;
	size_t count = 0;

	if (p->task->until == DATE_NONE)
		return;
	while (count < MOST_QUARTERS && date_add_months(on, (int32_t)(count + 1) * 3) - 1 <= p->task->until) {
		struct plan_quarter *q = &p->quarters[count];

		q->from = date_add_months(on, (int32_t)count * 3);
		q->to = date_add_months(on, (int32_t)(count + 1) * 3) - 1;
		q->name = name_of_quarter(p->arena, q->from);
		count++;
	}
	p->quarter_count = count;
}

int32_t day_of(const struct planning *p, moment at)
{
	if (at == AT_END)
		return p->task->until != DATE_NONE && p->task->until > p->task->on ? p->task->until : p->task->on;
	return p->quarters[at].to;
}

/* Ordered by its first day at the latest, there and working by its last. */
bool offer_in_quarter(const struct planning *p, const struct plan_offer *o, size_t quarter)
{
	const struct plan_quarter *q = &p->quarters[quarter];
	int32_t from = o->from != DATE_NONE && o->from > p->task->on ? o->from : p->task->on;

	if (o->until != DATE_NONE && o->until < q->from)
		return false;
	if (o->lead_days > 0 && o->what != PLAN_EVIDENCE)
		from += o->lead_days < 100000 ? (int32_t)o->lead_days : 100000;
	return from <= q->to;
}

bool option_in_quarter(const struct planning *p, const struct option *o, size_t quarter)
{
	const struct plan_offers *all = p->task->offers;

	if (o->offer != NO_OFFER && !offer_in_quarter(p, &all->offers[o->offer], quarter))
		return false;
	for (uint32_t k = 0; k < p->units.items[o->unit].members; k++) {
		uint32_t offer = p->offer_of[state_of(p, o, k)];

		if (offer != NO_OFFER && !offer_in_quarter(p, &all->offers[offer], quarter))
			return false;
	}
	return true;
}

size_t quarter_of_evidence(const struct planning *p, const struct plan_offer *o)
{
	int32_t day = p->task->on;
	size_t q = 0;

	if (o->lead_days >= 0 && o->lead_days < 100000)
		day += (int32_t)o->lead_days;
	while (q < p->quarter_count && p->quarters[q].to < day)
		q++;
	return q;
}

/* ---- what has to hold --------------------------------------------------------------------------------------------------- */

/* What is not there is in no set. */
static void take_gone(const struct planning *p, struct policy_row *row)
{
	for (uint32_t i = 0; i < p->wide->table[NET_ELEMENTS].rows; i++)
		if (p->gone[i])
			((uint8_t *)(uintptr_t)row->target)[i] = 0;
}

static struct policy_row **rows_on(struct planning *p, int32_t day)
{
	const struct plan_task *t = p->task;
	struct policy_row **rows = arena_array(p->arena, t->policy_count + 1, sizeof *rows);
	struct diagnostics silent;
	struct policy_question q = { .net = p->wide,
				     .evidence = t->evidence,
				     .on = t->on,
				     .ahead = day - t->on,
				     .threads = t->threads,
				     .strs = t->strs,
				     .arena = p->arena,
				     .diagnostics = &silent,
				     .brief = true };

	diagnostics_init(&silent, p->arena);
	for (size_t i = 0; i < t->policy_count; i++) {
		rows[i] = policy_rows(t->policies[i], &q, &p->row_counts[i]);
		for (size_t k = 0; k < p->row_counts[i] && p->shapes; k++)
			take_gone(p, &rows[i][k]);
	}
	diagnostics_free(&silent);
	return rows;
}

static bool weighs(const struct policy_row *r)
{
	return r->in_force && r->counts && !r->waived;
}

/* At the end all has to hold that holds or counts today, and all that counts then. */
void statements_make(struct planning *p)
{
	struct policy_row **today;

	p->row_counts = arena_array(p->arena, p->task->policy_count + 1, sizeof *p->row_counts);
	today = rows_on(p, p->task->on);
	p->end.rows = day_of(p, AT_END) == p->task->on ? today : rows_on(p, day_of(p, AT_END));
	for (size_t i = 0; i < p->task->policy_count; i++)
		p->rule_count += (uint32_t)p->row_counts[i];
	p->end.binds = arena_array(p->arena, (size_t)p->rule_count + 1, sizeof *p->end.binds);
	p->unwritten = arena_array(p->arena, (size_t)p->rule_count + 1, sizeof *p->unwritten);
	p->left_out = arena_array(p->arena, (size_t)p->rule_count + 1, sizeof *p->left_out);
	for (size_t i = 0, n = 0; i < p->task->policy_count; i++)
		for (size_t k = 0; k < p->row_counts[i]; k++, n++) {
			if (!weighs(&p->end.rows[i][k]))
				p->end.rows[i][k] = today[i][k];
			p->end.binds[n] = weighs(&p->end.rows[i][k]);
		}
	p->in_quarter = arena_array(p->arena, p->quarter_count + 1, sizeof *p->in_quarter);
	for (size_t q = 0; q < p->quarter_count; q++) {
		p->in_quarter[q].rows = rows_on(p, p->quarters[q].to);
		p->in_quarter[q].binds = arena_array(p->arena, (size_t)p->rule_count + 1, sizeof(bool));
	}
}

/* Statements that are bad as things stand, if the rules are looked at on a day. */
static void bad_today(struct planning *p, enum tier tier, int32_t day, bool *bad)
{
	struct arena *a = arena_new();
	struct chosen none = chosen_new(p);
	const struct net *net = net_of_choice(p, a, none.option);

	memset(bad, 0, ((size_t)p->rule_count + 1) * sizeof *bad);
	for (size_t i = 0; i < p->task->policy_count; i++) {
		struct findings all;

		findings_by_policy(p, a, i, net, p->task->evidence, true, day - p->task->on, NULL, &all);
		for (size_t k = 0; k < all.count; k++) {
			size_t row =
				finding_is_bad(&all.items[k], tier) ? row_of_finding(p, i, &all.items[k]) : SIZE_MAX;

			if (row != SIZE_MAX)
				bad[statement_number(p, i, row)] = true;
		}
		free(all.items);
	}
	arena_free(a);
}

void statements_bind(struct planning *p, enum tier tier)
{
	struct policy_row **today = p->quarter_count ? rows_on(p, p->task->on) : NULL;
	bool *bad = arena_array(p->scratch, (size_t)p->rule_count + 1, sizeof *bad);

	for (size_t q = 0; q < p->quarter_count; q++) {
		struct statements *s = &p->in_quarter[q];

		bad_today(p, tier, p->quarters[q].to, bad);
		for (size_t i = 0, n = 0; i < p->task->policy_count; i++)
			for (size_t k = 0; k < p->row_counts[i]; k++, n++) {
				const struct policy_row *r = &s->rows[i][k];
				bool new = r->by == DATE_NONE && !weighs(&today[i][k]);

				s->binds[n] = weighs(r) && (!bad[n] || new || r->kind == POLICY_ROW_CHANGING ||
							    (r->by != DATE_NONE && r->by < p->quarters[q].to));
			}
	}
}
