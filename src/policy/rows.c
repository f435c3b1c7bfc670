/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows: the rules of a policy as primitives, for a planner - which element is in which set, whose it is, in which group, what
 * it weighs - without judging anything. A planner asks this of a network in which each element also stands as everything it
 * might become, and so knows what every choice does to every rule.
 */
#include <string.h>

#include "policy/rule/kinds.h"

struct row_nodes {
	uint32_t subject, target, when, waived;
};

static bool depends(const struct evaluation *e, uint32_t node)
{
	const struct node *n = &e->nodes.items[node];
	switch (n->kind) {
	case NODE_CONST:
		return false;
	case NODE_ATOM:
		return e->atoms.items[n->atom].from == FROM_RELATION;
	case NODE_NOT:
		return depends(e, n->left);
	default:
		return depends(e, n->left) || depends(e, n->right);
	}
}

static enum policy_row_kind kind_of(const struct statement *s)
{
	enum subject_kind kind;
	const char *name = s->kind->name;
	if (!strcmp(name, "forbid"))
		return POLICY_ROW_FORBID;
	if (!strcmp(name, "limit"))
		return !s->share && counts_distinct(s->measure, &kind) ? POLICY_ROW_DISTINCT : POLICY_ROW_LIMIT;
	if (!strcmp(name, "diversity"))
		return POLICY_ROW_DISTINCT;
	if (!strcmp(name, "evidence"))
		return POLICY_ROW_EVIDENCE;
	if (!strcmp(name, "confirmed"))
		return POLICY_ROW_CONFIRMED;
	if (!strcmp(name, "served") && s->during_change)
		return POLICY_ROW_CHANGING;
	if (!strcmp(name, "served"))
		return s->any == SUBJECT_VERSION ? POLICY_ROW_OTHER : POLICY_ROW_SERVED;
	return !strcmp(name, "link") || !strcmp(name, "reach") ? POLICY_ROW_PATHS : POLICY_ROW_OTHER;
}

static struct row_nodes bind_row(struct evaluation *e, struct statement *s)
{
	const struct waiver *waiver = waiver_of(e, s);
	struct row_nodes n = { .subject =
				       s->any == SUBJECT_SET && !s->rest ? bind_subject(e, s) : node_constant(e, YES),
			       .target = bind_target(e, s),
			       .when = bind_when(e, s),
			       .waived = node_constant(e, NO) };
	if (waiver && waiver->set)
		n.waived = bind_waived(e, s);
	return n;
}

static void fill_parties(struct evaluation *e, const struct statement *s, struct policy_row *row)
{
	enum subject_kind kind = s->any;
	if (row->kind == POLICY_ROW_DISTINCT)
		counts_distinct(s->measure, &kind);
	if (kind == SUBJECT_SET || kind == SUBJECT_VERSION)
		return;
	const struct parties *p = parties_of(e, kind);
	row->any = true;
	row->party_count = p->count;
	row->party_names = arena_array(e->arena, (size_t)p->count + 1, sizeof *row->party_names);
	for (uint32_t i = 0; i < p->count; i++)
		row->party_names[i] = p->names[i];
	uint32_t *party = arena_array(e->arena, (size_t)e->elements + 1, sizeof *party);
	for (uint32_t i = 0; i < e->elements; i++)
		party[i] = p->of_class[e->class_of[i]];
	row->party = party;
}

static void fill_group(struct evaluation *e, const struct statement *s, struct policy_row *row)
{
	const struct grouping *g = grouping_of(e, s);
	const uint32_t *site_of = net_column(e->net, NET_ELEMENTS, "site")->codes;
	row->group_count = g->count;
	if (!g->codes)
		return;
	uint32_t *group = arena_array(e->arena, (size_t)e->elements + 1, sizeof *group);
	for (uint32_t i = 0; i < e->elements; i++)
		group[i] = group_of_element(g, site_of, i);
	row->group = group;
}

static void fill_measure(struct evaluation *e, const struct statement *s, struct policy_row *row)
{
	if (row->kind != POLICY_ROW_LIMIT)
		return;
	struct grouping none = { .count = 1 };
	const struct sum *sum = sum_of(e, s, s->measure, &none);
	row->values = sum->values;
	row->by_site = sum->counted_by_site;
	row->measure_missing = sum->kind == MEASURE_MISSING;
}

static void fill_need(struct evaluation *e, const struct statement *s, struct policy_row *row)
{
	if (row->kind != POLICY_ROW_EVIDENCE)
		return;
	row->need = (struct evidence_need){ .kind = s->evidence_kind,
					    .on = e->q->on,
					    .independent = s->independent,
					    .covers = s->covers,
					    .covers_what = s->covers_what,
					    .extends = s->extends,
					    .extends_for = s->extends_for,
					    .net = e->net,
					    .not_before = s->within_given ? date_add_duration(e->q->on, s->within, -1)
									  : DATE_NONE };
}

static void fill_confirmed(struct evaluation *e, const struct statement *s, struct policy_row *row)
{
	if (row->kind != POLICY_ROW_CONFIRMED)
		return;
	uint8_t *subject = arena_array(e->arena, (size_t)e->elements + 1, sizeof *subject);
	for (uint32_t i = 0; i < e->elements; i++)
		subject[i] =
			row->target[i] && e->q->evidence && evidence_confirmed(e->q->evidence, e->net, i, s->measure)
				? YES
				: NO;
	row->subject = subject;
	row->confirmed = s->measure;
}

static struct policy_row fill_row(struct evaluation *e, struct statement *s, const struct row_nodes *n)
{
	const struct rule *r = s->rule;
	const struct waiver *waiver = waiver_of(e, s);
	struct policy_row row = { .kind = kind_of(s),
				  .policy = s->policy->name,
				  .rule = r->name,
				  .statement = s->text,
				  .by = r->by,
				  .source = r->source ? r->source : s->policy->source,
				  .place = s->place,
				  .at_least = s->at_least,
				  .share = s->share,
				  .group_count = 1,
				  .with_managed = s->with_managed };
	int32_t day = e->q->on + e->q->ahead;
	row.in_force = (r->in_force == DATE_NONE || r->in_force <= day) && (r->until == DATE_NONE || day <= r->until);
	row.counts = strcmp(s->kind->name, "notify") != 0;
	row.waived = waiver && !waiver->set;
	row.exact = !depends(e, n->subject) && !depends(e, n->target) && !depends(e, n->when) && !depends(e, n->waived);
	row.bound_known = amount_value(e, &s->bound, &row.bound);
	row.bound_param = s->bound.param ? s->bound.param->name : NULL;
	row.subject = node_by_element(e, n->subject);
	uint32_t target = n->target;
	if (row.kind == POLICY_ROW_FORBID)
		target = node_and(e, node_and(e, node_and(e, n->subject, target), n->when), node_not(e, n->waived));
	else if (row.kind == POLICY_ROW_EVIDENCE)
		target = node_and(e, target, node_not(e, n->waived));
	else if (row.kind == POLICY_ROW_DISTINCT)
		target = node_and(e, n->subject, target);
	row.target = node_by_element(e, target);
	fill_parties(e, s, &row);
	fill_group(e, s, &row);
	fill_measure(e, s, &row);
	fill_need(e, s, &row);
	fill_confirmed(e, s, &row);
	if (row.kind == POLICY_ROW_SERVED)
		served_row(e, s, &row);
	return row;
}

static size_t count_statements(const struct policy *p)
{
	size_t count = 0;
	for (size_t i = 0; i < p->rules.count; i++)
		count += p->rules.items[i]->statement_count;
	return count;
}

struct policy_row *policy_rows(const struct policy *p, const struct policy_question *q, size_t *count)
{
	struct findings none = { 0 };
	struct evaluation e;
	size_t most = count_statements(p);
	struct policy_row *rows = arena_array(q->arena, most + 1, sizeof *rows);
	*count = 0;
	evaluation_begin(&e, p, q, &none);
	struct row_nodes *nodes = arena_array(e.scratch, most + 1, sizeof *nodes);
	size_t n = 0;
	want_identity(&e, "vendor");
	for (size_t i = 0; i < p->rules.count; i++)
		for (struct statement *s = p->rules.items[i]->statements; s; s = s->next)
			nodes[n++] = bind_row(&e, s);
	classes_make(&e);
	n = 0;
	for (size_t i = 0; i < p->rules.count; i++)
		for (struct statement *s = p->rules.items[i]->statements; s; s = s->next)
			rows[n] = fill_row(&e, s, &nodes[n]), n++;
	*count = n;
	evaluation_free(&e);
	return rows;
}

const bool *policy_removable(const struct policy *p, const struct policy_question *q)
{
	struct findings none = { 0 };
	struct evaluation e;
	bool any = false;
	for (size_t i = 0; i < p->rules.count; i++)
		any = any || p->rules.items[i]->may_remove;
	if (!any)
		return NULL;
	evaluation_begin(&e, p, q, &none);
	uint32_t node = node_constant(&e, NO);
	for (size_t i = 0; i < p->rules.count; i++) {
		const struct rule *r = p->rules.items[i];
		int32_t day = q->on + q->ahead;
		bool in_force =
			(r->in_force == DATE_NONE || r->in_force <= day) && (r->until == DATE_NONE || day <= r->until);
		if (r->may_remove && in_force)
			node = node_or(&e, node, bind_expr(&e, r->document, r->may_remove));
	}
	classes_make(&e);
	bool *out = arena_array(q->arena, (size_t)e.elements + 1, sizeof *out);
	for (uint32_t i = 0; i < e.elements; i++)
		out[i] = node_of_element(&e, node, i) == YES;
	evaluation_free(&e);
	return out;
}

enum policy_row_answer policy_row_evidence(const struct policy_row *row, const struct evidence *evidence, uint32_t i,
					   struct arena *a, uint32_t *claim)
{
	const struct net *net = row->need.net;
	uint32_t vendor = net_column(net, NET_ELEMENTS, "vendor")->codes[i],
		 product = net_column(net, NET_ELEMENTS, "product")->codes[i],
		 version = net_column(net, NET_ELEMENTS, "version")->codes[i],
		 function = net_column(net, NET_ELEMENTS, "function")->codes[i];
	const struct claim_kind *kind = claim_kind_find(row->need.kind);
	struct evidence_need need = row->need;
	*claim = UINT32_MAX;
	need.vendor = CODE_IS_KNOWN(vendor) ? net_id(net, NET_VENDORS, vendor) : NULL;
	need.product = CODE_IS_KNOWN(product) ? net_id(net, NET_PRODUCTS, product) : NULL;
	need.version = CODE_IS_KNOWN(version) ? strs_text(net->strs, version) : NULL;
	need.function = CODE_IS_KNOWN(function) ? net_functions[function].name : NULL;
	need.element = net_id(net, NET_ELEMENTS, i);
	const struct net_column *build = net_column(net, NET_ELEMENTS, "build");
	char cell[48];
	need.build = build && build->codes && CODE_IS_KNOWN(build->codes[i])
			     ? net_cell(net, NET_ELEMENTS, build, i, cell)
			     : NULL;
	if (!evidence)
		return POLICY_ROW_BAD;
	struct evidence_answer answer = evidence_ask(evidence, &need, a);
	bool open = product == CODE_UNKNOWN || (version == CODE_UNKNOWN && (!kind || kind->for_version));
	*claim = answer.claim;
	return answer.conflict ? POLICY_ROW_OPEN
	       : answer.met    ? POLICY_ROW_GOOD
	       : open          ? POLICY_ROW_OPEN
			       : POLICY_ROW_BAD;
}
