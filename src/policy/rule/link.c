/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link: `allow A to B over I`, `deny A to B over I`, `deny rest` - the declared links against a rule's list, first match in file
 * order. A starts; a declared link has no direction, so it is matched either way. `deny rest` covers links with an end in a set
 * that the rule names.
 */
#include <stdlib.h>

#include "policy/rule/kinds.h"

struct link_work {
	uint32_t a, b, waived;
};

static bool link_parse(struct reader *r, struct statement *s)
{
	if (!s->allow && reader_take(r, "rest")) {
		s->rest = true;
		return true;
	}
	const struct token *first = r->at;
	s->subject = reader_expr(r);
	if (!s->subject)
		return true;
	s->subject_text = clause_text(s->policy->arena, first, r->at);
	if (!reader_expect(r, "to"))
		return true;
	s->target = reader_expr(r);
	if (s->target)
		parse_over(r, s);
	return true;
}

bool link_parse_allow(struct reader *r, struct policy *p, struct statement *s)
{
	(void)p;
	s->allow = true;
	return link_parse(r, s);
}

bool link_parse_deny(struct reader *r, struct policy *p, struct statement *s)
{
	(void)p;
	return link_parse(r, s);
}

void link_prepare(struct evaluation *e, struct statement *s)
{
	struct link_work *w = arena_alloc(e->scratch, sizeof *w);
	s->work = w;
	w->a = s->rest ? node_constant(e, YES) : bind_subject(e, s);
	w->b = s->rest ? node_constant(e, YES) : bind_target(e, s);
	w->waived = bind_waived(e, s);
}

static bool is_link(const struct statement *s)
{
	return s->kind->judge == link_judge || s->kind->parse == link_parse_allow;
}

static bool is_everything(struct evaluation *e, uint32_t node)
{
	return e->nodes.items[node].kind == NODE_CONST && e->nodes.items[node].constant == YES;
}

static uint8_t over_matches(const struct statement *s, uint32_t point)
{
	if (!s->over_count)
		return YES;
	if (point == CODE_UNKNOWN)
		return MAYBE;
	for (size_t i = 0; i < s->over_count; i++)
		if (s->over[i] == point)
			return YES;
	return NO;
}

/* Does `deny rest` speak of this link: is an end in a set that the rule names (`any` names nothing)? */
static uint8_t rest_matches(struct evaluation *e, const struct statement *s, uint32_t ca, uint32_t cb)
{
	uint8_t v = NO;
	bool named = false;
	for (const struct statement *o = s->rule->statements; o; o = o->next) {
		if (!is_link(o) || o->rest)
			continue;
		const struct link_work *w = o->work;
		for (int side = 0; side < 2; side++) {
			uint32_t node = side ? w->b : w->a;
			if (is_everything(e, node))
				continue;
			const uint8_t *m = node_by_class(e, node);
			named = true;
			v |= m[ca] | m[cb];
		}
	}
	return named ? v : YES;
}

static uint8_t link_matches(struct evaluation *e, const struct statement *s, uint32_t ca, uint32_t cb, uint32_t point)
{
	if (s->rest)
		return rest_matches(e, s, ca, cb);
	const struct link_work *w = s->work;
	const uint8_t *a = node_by_class(e, w->a), *b = node_by_class(e, w->b);
	return ((a[ca] & b[cb]) | (a[cb] & b[ca])) & over_matches(s, point);
}

struct link_count {
	size_t low, high;           /* links denied by this statement: surely, possibly */
	size_t left_low, left_high; /* without what is waived */
	struct {
		uint32_t *items;
		size_t count, room;
	} sure, maybe, waived; /* links: left surely, left possibly, waived */
};

static const uint32_t *ends_of(struct evaluation *e, const uint32_t *links, size_t count, size_t *end_count)
{
	const uint32_t *a = net_column(e->net, NET_LINKS, "a")->codes, *b = net_column(e->net, NET_LINKS, "b")->codes;
	bool *seen = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *seen);
	uint32_t *ends = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *ends);
	size_t n = 0;
	for (size_t i = 0; i < count * 2; i++) {
		uint32_t end = i % 2 ? b[links[i / 2]] : a[links[i / 2]];
		if (!seen[end])
			ends[n++] = end;
		seen[end] = true;
	}
	*end_count = n;
	return ends;
}

static void ends_witness(struct evaluation *e, struct finding *f, const uint32_t *links, size_t count)
{
	size_t n;
	const uint32_t *ends = ends_of(e, links, count, &n);
	witnesses_set(e, f, ends, n);
}

/* What keeps it open lies with the links that may be denied: their reference points, and what their ends are. */
static void link_unknown(struct evaluation *e, const struct statement *s, struct finding *f, const struct link_count *n)
{
	const struct net_column *points = net_column(e->net, NET_LINKS, "reference_point");
	size_t count;
	const uint32_t *ends = ends_of(e, n->maybe.items, n->maybe.count, &count);
	bool over = false;
	for (const struct statement *o = s->rule->statements; o; o = o->next) {
		over = over || (is_link(o) && o->over_count);
		if (!is_link(o) || o->rest)
			continue;
		unknown_among(e, f, ((struct link_work *)o->work)->a, ends, count);
		unknown_among(e, f, ((struct link_work *)o->work)->b, ends, count);
	}
	if (waiver_of(e, s))
		unknown_among(e, f, ((struct link_work *)s->work)->waived, ends, count);
	for (size_t i = 0; i < n->maybe.count && over && i < 1000; i++)
		if (!points || points->codes[n->maybe.items[i]] == CODE_UNKNOWN)
			unknown_fact_add(
				e, f,
				arena_printf(e->arena, "link/%s", net_link_id(e->net, n->maybe.items[i], e->arena)),
				"reference_point", 0, true);
}

static void count_links(struct evaluation *e, const struct statement *s, struct link_count *n)
{
	const struct net_table *links = &e->net->table[NET_LINKS];
	const uint32_t *a = net_column(e->net, NET_LINKS, "a")->codes, *b = net_column(e->net, NET_LINKS, "b")->codes;
	const struct net_column *points = net_column(e->net, NET_LINKS, "reference_point");
	const uint8_t *waived = node_by_class(e, ((struct link_work *)s->work)->waived);
	for (uint32_t i = 0; i < links->rows; i++) {
		uint32_t ca = e->class_of[a[i]], cb = e->class_of[b[i]],
			 point = points ? points->codes[i] : CODE_UNKNOWN;
		uint8_t left = YES; /* not matched by an earlier statement */
		for (const struct statement *o = s->rule->statements; o != s; o = o->next)
			if (is_link(o))
				left &= kleene_not(link_matches(e, o, ca, cb, point));
		uint8_t denied = left ? left & link_matches(e, s, ca, cb, point) : NO;
		if (!denied)
			continue;
		uint8_t kept = denied & kleene_not(waived[ca] | waived[cb]);
		n->low += denied == YES;
		n->high++;
		n->left_low += kept == YES;
		n->left_high += kept != NO;
		if (kept == YES)
			*array_add(&n->sure) = i;
		else if (kept == MAYBE)
			*array_add(&n->maybe) = i;
		else
			*array_add(&n->waived) = i;
	}
}

void link_judge(struct evaluation *e, struct statement *s)
{
	struct link_count n = { 0 };
	count_links(e, s, &n);
	struct finding *f = finding_add(e, s, NULL, NULL);
	f->measured = UNIT_COUNT;
	f->unit = f->numerator_unit = "links";
	f->low = (int64_t)n.low * MICRO;
	f->high = (int64_t)n.high * MICRO;
	f->bound_op = "<=";
	f->vacuous = e->net->table[NET_LINKS].rows == 0;
	finding_decide(f, true);
	f->surplus = f->low;
	if (waiver_of(e, s) && f->status != FINDING_HOLDS) {
		size_t count;
		const uint32_t *ends = ends_of(e, n.waived.items, n.waived.count, &count);
		if (!n.left_high)
			finding_waive(e, s, f, ends, count);
		else
			f->status = n.left_low ? FINDING_BROKEN : FINDING_UNKNOWN;
		f->beaten_anyhow = f->status == FINDING_BROKEN;
	}
	if (f->vacuous)
		f->explanation = "the case declares no links";
	else if (f->status == FINDING_HOLDS)
		f->explanation = s->rest ? "every declared link of these functions is allowed"
					 : "no declared link is denied by this line";
	else
		f->explanation = arena_printf(e->arena, "%s declared link%s not allowed", rule_count(e, f),
					      f->high == MICRO ? " is" : "s are");
	if (f->status == FINDING_WAIVED)
		ends_witness(e, f, n.waived.items, n.waived.count);
	else if (f->status != FINDING_HOLDS)
		ends_witness(e, f, n.sure.count ? n.sure.items : n.maybe.items,
			     n.sure.count ? n.sure.count : n.maybe.count);
	if (f->status == FINDING_UNKNOWN)
		link_unknown(e, s, f, &n);
	free(n.sure.items);
	free(n.maybe.items);
	free(n.waived.items);
}
