/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach: `forbid S reaching T over I, ...` - no path from S to T whose links' reference points are all in I; transit through any
 * element. Links have no direction, so a path is being in one component of those links; a path has at least one link.
 */
#include "policy/rule/kinds.h"

struct reach {
	uint32_t subject, target, waived;
};

bool reach_parse(struct reader *r, struct policy *p, struct statement *s)
{
	(void)p;
	const struct token *first = r->at;
	struct diagnostics silent;
	diagnostics_init(&silent, r->arena);
	struct reader look = *r; /* the row before `forbid` looks ahead without a word */
	look.diagnostics = &silent;
	bool ours = reader_expr(&look) && reader_sees(&look, "reaching");
	diagnostics_free(&silent);
	if (!ours)
		return false;
	s->subject = reader_expr(r);
	s->subject_text = clause_text(s->policy->arena, first, r->at);
	reader_take(r, "reaching");
	s->target = reader_expr(r);
	if (s->target)
		parse_over(r, s);
	return true;
}

void reach_prepare(struct evaluation *e, struct statement *s)
{
	struct reach *w = arena_alloc(e->scratch, sizeof *w);
	s->work = w;
	w->subject = bind_subject(e, s);
	w->target = bind_target(e, s);
	w->waived = bind_waived(e, s);
}

static uint32_t root(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

static bool carries(const struct statement *s, uint32_t point)
{
	for (size_t i = 0; i < s->over_count; i++)
		if (s->over[i] == point)
			return true;
	return s->over_count == 0;
}

/* Components of the links that surely (bit 1) or possibly (bit 2) carry one of the reference points. */
static uint32_t *components(struct evaluation *e, const struct statement *s, uint8_t bit)
{
	const struct net_table *links = &e->net->table[NET_LINKS];
	const struct net_column *a = net_column(e->net, NET_LINKS, "a"), *b = net_column(e->net, NET_LINKS, "b"),
				*point = net_column(e->net, NET_LINKS, "reference_point");
	uint32_t *parent = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *parent);
	for (uint32_t i = 0; i < e->elements; i++)
		parent[i] = i;
	for (uint32_t i = 0; i < links->rows; i++) {
		uint32_t code = point ? point->codes[i] : CODE_UNKNOWN;
		bool over = s->over_count == 0 ||
			    (code == CODE_UNKNOWN ? bit == 2 : CODE_IS_KNOWN(code) && carries(s, code));
		if (!over)
			continue;
		uint32_t x = root(parent, a->codes[i]), y = root(parent, b->codes[i]);
		if (x != y)
			parent[x > y ? x : y] = x > y ? y : x;
	}
	return parent;
}

/* Elements of S from which an element of T other than themselves can be reached. */
static size_t reaching(struct evaluation *e, const struct statement *s, uint8_t bit, const uint8_t *except,
		       uint32_t *out)
{
	const struct reach *w = s->work;
	const uint8_t *subject = node_by_class(e, w->subject), *target = node_by_class(e, w->target);
	uint32_t *parent = components(e, s, bit),
		 *targets = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *targets);
	size_t count = 0;
	for (uint32_t i = 0; i < e->elements; i++)
		if (target[e->class_of[i]] & bit)
			targets[root(parent, i)]++;
	for (uint32_t i = 0; i < e->elements; i++) {
		uint32_t c = e->class_of[i];
		uint32_t others = targets[root(parent, i)] - ((target[c] & bit) != 0);
		if ((subject[c] & bit) && others && !(except && (except[c] & (bit == 1 ? 2 : 1))))
			out[count++] = i;
	}
	return count;
}

/* What keeps it open lies with those that may be on such a path: the elements of S, what they may reach, the links between. */
static void reach_unknown(struct evaluation *e, const struct statement *s, struct finding *f, const uint32_t *maybe,
			  size_t count)
{
	const struct reach *w = s->work;
	const struct net_column *point = net_column(e->net, NET_LINKS, "reference_point");
	const uint32_t *a = net_column(e->net, NET_LINKS, "a")->codes;
	const uint8_t *target = node_by_class(e, w->target);
	uint32_t *sure = components(e, s, 1), *parent = components(e, s, 2);
	uint32_t *targets = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *targets);
	for (uint32_t i = 0; i < e->elements; i++)
		targets[root(sure, i)] += target[e->class_of[i]] == YES;
	bool *part = arena_array(e->scratch, (size_t)e->elements + 1,
				 sizeof *part); /* of such a component; by its root at first */
	for (size_t i = 0; i < count; i++) {
		bool itself = target[e->class_of[maybe[i]]] == YES;
		if (targets[root(sure, maybe[i])] == itself) /* else the path is there, and S alone is open */
			part[root(parent, maybe[i])] = true;
	}
	uint32_t *within = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *within);
	size_t within_count = 0, open = 0;
	for (uint32_t i = 0; i < e->elements; i++) {
		part[i] = part[root(parent, i)];
		if (part[i])
			within[within_count++] = i;
	}
	unknown_among(e, f, w->subject, maybe, count);
	unknown_among(e, f, w->target, within, within_count);
	if (waiver_of(e, s))
		unknown_among(e, f, w->waived, maybe, count);
	for (uint32_t i = 0; i < e->net->table[NET_LINKS].rows && s->over_count && open < 1000; i++)
		if (part[a[i]] && (!point || point->codes[i] == CODE_UNKNOWN)) {
			open++;
			unknown_fact_add(e, f, arena_printf(e->arena, "link/%s", net_link_id(e->net, i, e->arena)),
					 "reference_point", 0, true);
		}
}

void reach_judge(struct evaluation *e, struct statement *s)
{
	const struct reach *w = s->work;
	uint32_t *sure = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *sure);
	uint32_t *maybe = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *maybe);
	const uint8_t *subject = node_by_class(e, w->subject), *target = node_by_class(e, w->target);
	bool any_subject = false, any_target = false;
	for (uint32_t c = 0; c < e->class_count; c++) {
		any_subject = any_subject || subject[c];
		any_target = any_target || target[c];
	}
	size_t low = reaching(e, s, 1, NULL, sure), high = reaching(e, s, 2, NULL, maybe);
	struct finding *f = finding_add(e, s, NULL, NULL);
	f->measured = UNIT_COUNT;
	f->unit = f->numerator_unit = "elements";
	f->low = (int64_t)low * MICRO;
	f->high = (int64_t)high * MICRO;
	f->bound_op = "<=";
	bool linked = e->net->table[NET_LINKS].rows > 0;
	f->vacuous = !linked || !any_subject || !any_target;
	finding_decide(f, true);
	f->surplus = f->low;
	if (waiver_of(e, s) && f->status != FINDING_HOLDS) {
		const uint8_t *waived = node_by_class(e, w->waived);
		size_t left_high = reaching(e, s, 2, waived, maybe), left_low = reaching(e, s, 1, waived, sure);
		if (!left_high)
			finding_waive(e, s, f, maybe, reaching(e, s, 2, NULL, maybe));
		else
			f->status = left_low ? FINDING_BROKEN : FINDING_UNKNOWN;
		f->beaten_anyhow = f->status == FINDING_BROKEN;
		low = left_low;
		high = left_high;
	}
	if (f->status == FINDING_HOLDS) {
		f->explanation = !linked      ? "the case declares no links"
				 : f->vacuous ? "there is nothing that the rule speaks of"
					      : "no declared path leads there";
		return;
	}
	f->explanation = arena_printf(e->arena, "from %s element%s of %s a path of declared links leads to the target",
				      rule_count(e, f), f->high == MICRO ? "" : "s", s->subject_text);
	if (f->status == FINDING_WAIVED)
		witnesses_set(e, f, maybe, reaching(e, s, 2, NULL, maybe));
	else
		witnesses_set(e, f, low ? sure : maybe, low ? low : high);
	if (f->status == FINDING_UNKNOWN)
		reach_unknown(e, s, f, maybe, high);
}
