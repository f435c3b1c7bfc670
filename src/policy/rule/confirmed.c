/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confirmed: `require confirmed vendor for 10% of T` - the inventory is the operator's claim; for so many elements of T somebody
 * else has to have said the same.
 */
#include <string.h>

#include "policy/rule/kinds.h"

bool confirmed_parse(struct reader *r, struct policy *p, struct statement *s)
{
	if (!reader_take(r, "confirmed"))
		return false;
	static const char *const words[] = { "vendor", "version", "product" };
	const struct token *what = reader_name(r, "what is confirmed: vendor, product or version");
	if (!what)
		return true;
	if (strcmp(what->text, "vendor") && strcmp(what->text, "version") && strcmp(what->text, "product")) {
		reader_error(r, what, "bad-attribute", words, 3, "expected vendor, product or version, found \"%s\"",
			     what->text);
		return true;
	}
	s->measure = what->text;
	s->at_least = true;
	if (!reader_expect(r, "for") || !parse_amount(r, p, s, &s->share))
		return true;
	if (!s->share) {
		reader_error(r, r->at, "expected-bound", NULL, 0,
			     "expected a percentage of the elements, such as 10%%");
		return true;
	}
	s->bound.share = true;
	if (reader_expect(r, "of"))
		s->target = reader_expr(r);
	return true;
}

void confirmed_prepare(struct evaluation *e, struct statement *s)
{
	uint32_t *node = arena_alloc(e->scratch, sizeof *node);
	*node = bind_target(e, s);
	s->work = node;
}

void confirmed_judge(struct evaluation *e, struct statement *s)
{
	const uint8_t *target = node_by_class(e, *(uint32_t *)s->work);
	wide sure = 0, sure_yes = 0, maybe = 0, maybe_yes = 0;
	uint32_t *missing = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *missing);
	size_t count = 0;
	for (uint32_t i = 0; i < e->elements; i++) {
		uint8_t t = target[e->class_of[i]];
		if (!t)
			continue;
		bool yes = e->q->evidence && evidence_confirmed(e->q->evidence, e->net, i, s->measure);
		sure += t == YES;
		sure_yes += t == YES && yes;
		maybe += t == MAYBE;
		maybe_yes += t == MAYBE && yes;
		if (!yes)
			missing[count++] = i;
	}
	struct finding *f = finding_add(e, s, NULL, NULL);
	f->measured = UNIT_SHARE;
	f->unit = "share";
	f->numerator_unit = "elements";
	f->bound_op = ">=";
	bool known = amount_value(e, &s->bound, &f->bound);
	f->vacuous = sure + maybe == 0;
	f->numerator = sure_yes * MICRO;
	f->denominator = (sure + maybe - maybe_yes) * MICRO;
	f->numerator_high = (sure_yes + maybe_yes) * MICRO;
	f->denominator_high = (sure + maybe_yes) * MICRO;
	/* Where nothing of it counts, nothing of it is unconfirmed. */
	f->low = f->denominator > 0 ? share_ppb(f->numerator, f->denominator) : PPB;
	f->high = f->denominator_high > 0 ? share_ppb(f->numerator_high, f->denominator_high) : PPB;
	finding_decide(f, known);
	finding_waive(e, s, f, NULL, 0);
	f->explanation =
		f->vacuous ? "there is nothing that the rule speaks of"
			   : arena_printf(e->arena, "for %s somebody other than the operator has confirmed the %s",
					  rule_share(e, f), s->measure);
	if (f->status != FINDING_HOLDS)
		witnesses_set(e, f, missing, count);
	if (f->status == FINDING_UNKNOWN)
		unknown_wish(e, f, (struct unknown_wish){ .node = *(uint32_t *)s->work });
}
