/* SPDX-License-Identifier: Apache-2.0 */
/* forbid: `forbid S in T [when new|changed] [from DATE]` - no element may be in both. */
#include "policy/rule/kinds.h"

struct forbid {
	uint32_t member; /* S and T and when */
	uint32_t left;   /* the same without what is waived */
	uint32_t target;
	struct sum *sum;
	struct term all, rest;
};

bool forbid_parse(struct reader *r, struct policy *p, struct statement *s)
{
	(void)p;
	const struct token *first = r->at;
	s->subject = reader_expr(r);
	if (!s->subject)
		return true;
	s->subject_text = clause_text(s->policy->arena, first, r->at);
	if (!parse_target(r, s) || !parse_when(r, s))
		return true;
	if (reader_take(r, "from"))
		reader_date(r, "a day", &s->from);
	return true;
}

void forbid_prepare(struct evaluation *e, struct statement *s)
{
	struct forbid *w = arena_alloc(e->scratch, sizeof *w);
	s->work = w;
	w->target = bind_target(e, s);
	w->member = node_and(e, node_and(e, bind_subject(e, s), w->target), bind_when(e, s));
	w->left = node_and(e, w->member, node_not(e, bind_waived(e, s)));
}

void forbid_ask(struct evaluation *e, struct statement *s)
{
	struct forbid *w = s->work;
	uint32_t all = node_constant(e, YES);
	w->sum = sum_of(e, s, "elements", grouping_of(e, s));
	w->all = term_of_nodes(e, w->member, all);
	w->rest = term_of_nodes(e, w->left, w->target);
	sum_wants_term(e, w->sum, &w->all);
	sum_wants_term(e, w->sum, &w->rest);
}

static void forbid_explain(struct evaluation *e, const struct statement *s, struct finding *f, bool possible)
{
	const char *count = rule_count(e, f);
	const char *where = s->target ? "of the target" : "of the network";
	if (f->vacuous)
		f->explanation = "there is no element that the rule speaks of";
	else if (f->status == FINDING_HOLDS)
		f->explanation = arena_printf(e->arena, "no element %s is in %s", where, s->subject_text);
	else
		f->explanation = arena_printf(e->arena, "%s element%s %s %s in %s, none is allowed", count,
					      f->low == f->high && f->low == MICRO ? "" : "s", where,
					      f->low == f->high && f->low == MICRO ? "is" : "are", s->subject_text);
	(void)possible;
}

static void forbid_waive(struct evaluation *e, const struct statement *s, struct finding *f)
{
	const uint8_t *member = node_by_class(e, ((const struct forbid *)s->work)->member);
	uint32_t *elements = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *elements);
	size_t count = 0;
	for (uint32_t i = 0; i < e->elements; i++)
		if (member[e->class_of[i]] != NO)
			elements[count++] = i;
	finding_waive(e, s, f, elements, count);
}

void forbid_judge(struct evaluation *e, struct statement *s)
{
	struct forbid *w = s->work;
	struct finding *f = finding_add(e, s, NULL, NULL);
	f->measured = UNIT_COUNT;
	f->unit = f->numerator_unit = "elements";
	f->low = (int64_t)sum_at(w->sum, w->all.n_low, 0);
	f->high = (int64_t)sum_at(w->sum, w->all.n_high, 0);
	f->bound_op = "<=";
	f->vacuous = sum_at(w->sum, w->rest.target_high, 0) == 0;
	finding_decide(f, true);
	f->surplus = f->low;
	if (waiver_of(e, s) && f->high > 0) {
		int64_t low = (int64_t)sum_at(w->sum, w->rest.n_low, 0),
			high = (int64_t)sum_at(w->sum, w->rest.n_high, 0);
		if (!high)
			forbid_waive(e, s, f);
		else
			f->status = low ? FINDING_BROKEN : FINDING_UNKNOWN;
		f->beaten_anyhow = f->status == FINDING_BROKEN;
	}
	forbid_explain(e, s, f, false);
	if (f->status == FINDING_HOLDS)
		return;
	uint32_t node = f->status == FINDING_WAIVED ? w->member : w->left;
	uint8_t bit = f->low > 0 && f->status != FINDING_UNKNOWN ? 1 : 2;
	wish_witnesses(e, f, (struct witness_wish){ .node = node, .bit = bit, .grouping = w->sum->grouping });
	if (f->status == FINDING_UNKNOWN)
		unknown_wish(e, f, (struct unknown_wish){ .node = w->left, .grouping = w->sum->grouping });
}
