/* SPDX-License-Identifier: Apache-2.0 */
/* notify: `notify "AUTHORITY" of T when new|changed` lists what has to be notified; it never changes the verdict. */
#include "policy/rule/kinds.h"

struct notice {
	uint32_t target, told; /* T; what of it is new or changed */
};

bool notify_parse(struct reader *r, struct policy *p, struct statement *s)
{
	(void)p;
	const struct token *t = reader_string(r, "the authority, in quotes");
	if (!t || !reader_expect(r, "of"))
		return true;
	s->authority = t->text;
	s->target = reader_expr(r);
	if (s->target)
		parse_when(r, s);
	return true;
}

void notify_prepare(struct evaluation *e, struct statement *s)
{
	struct notice *w = arena_alloc(e->scratch, sizeof *w);
	w->target = bind_target(e, s);
	w->told = node_and(e, w->target, bind_when(e, s));
	s->work = w;
}

void notify_judge(struct evaluation *e, struct statement *s)
{
	const struct notice *w = s->work;
	const uint8_t *target = node_by_class(e, w->target), *values = node_by_class(e, w->told);
	size_t low = 0, high = 0, all = 0;
	for (uint32_t i = 0; i < e->elements; i++) {
		all += target[e->class_of[i]] != NO;
		low += values[e->class_of[i]] == YES;
		high += values[e->class_of[i]] != NO;
	}
	struct finding *f = finding_add(e, s, NULL, NULL);
	f->measured = UNIT_COUNT;
	f->unit = f->numerator_unit = "elements";
	f->low = (int64_t)low * MICRO;
	f->high = (int64_t)high * MICRO;
	f->authority = s->authority;
	f->vacuous = !all;
	f->status = high ? FINDING_NOTIFIABLE : FINDING_HOLDS; /* what might have to be told had better be told */
	if (!high) {
		f->explanation = arena_printf(e->arena, "nothing has to be notified to %s", s->authority);
		return;
	}
	f->explanation = arena_printf(e->arena, "%s element%s to be notified to %s", rule_count(e, f),
				      high == 1 ? "" : "s", s->authority);
	wish_witnesses(e, f, (struct witness_wish){ .node = w->told, .bit = 2, .grouping = grouping_of(e, s) });
}
