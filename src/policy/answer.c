/* SPDX-License-Identifier: Apache-2.0 */
/* answer: findings are written here - bounds decided, waivers applied, witnesses gathered in one pass for all findings. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policy/eval.h"

const char *finding_status_name(enum finding_status s)
{
	static const char *const names[] = {
		"holds", "broken", "due", "unknown", "waived", "notifiable", "not-in-force"
	};
	return names[s];
}

bool amount_value(const struct evaluation *e, const struct amount *a, int64_t *value)
{
	*value = a->value;
	if (!a->param)
		return true;
	const struct param *p = policy_find_param(e->policy, a->param->name);
	*value = p->value.number;
	return p->given && p->value.kind == (a->share ? TOKEN_PERCENT : TOKEN_NUMBER);
}

struct finding *finding_add(struct evaluation *e, const struct statement *s, const char *subject, const char *group)
{
	struct finding *f = array_add(e->out);
	const struct rule *r = s->rule;
	*f = (struct finding){
		.policy = s->policy->name,
		.rule = r->name,
		.statement = s->text,
		.kind = s->kind->name,
		.subject = subject ? subject : "",
		.group = group ? group : "",
		.unit = "",
		.by = r->by,
		.in_force = r->in_force,
		.until = r->until,
		.source = r->source ? r->source : s->policy->source,
		.grade = r->grade,
		.note = r->note,
		.place = s->place,
		.explanation = "",
		.numerator_unit = "",
	};
	int64_t value;
	if (s->bound.param && !amount_value(e, &s->bound, &value))
		f->bound_param = s->bound.param->name;
	return f;
}

static int compare_bound(const struct finding *f, int64_t value, wide n, wide d)
{
	if (f->measured == UNIT_SHARE && d > 0)
		return share_compare(n, d, f->bound);
	return value < f->bound ? -1 : value > f->bound;
}

void finding_decide(struct finding *f, bool bound_known)
{
	if (!bound_known) {
		f->bound_op = NULL; /* there is nothing to hold it against */
		f->status = f->vacuous ? FINDING_HOLDS : FINDING_UNKNOWN;
		return;
	}
	if (f->vacuous) {
		f->status = FINDING_HOLDS;
		return;
	}
	bool most = f->bound_op[0] == '<';
	int low = compare_bound(f, f->low, f->numerator, f->denominator);
	int high = compare_bound(f, f->high, f->numerator_high, f->denominator_high);
	bool low_ok = most ? low <= 0 : low >= 0, high_ok = most ? high <= 0 : high >= 0;
	f->status = low_ok && high_ok ? FINDING_HOLDS : low_ok || high_ok ? FINDING_UNKNOWN : FINDING_BROKEN;
	f->beaten_anyhow = f->status == FINDING_BROKEN;
}

/* ---- waivers ------------------------------------------------------------------------------------------------------------ */

static bool waives(const struct evaluation *e, const struct waiver *w, const struct statement *s)
{
	return !strcmp(w->rule, s->rule->name) && e->q->on + e->q->ahead <= w->until &&
	       (!w->set || s->kind->waived_by_element);
}

const struct waiver *waiver_of(const struct evaluation *e, const struct statement *s)
{
	const struct waiver *best = NULL;
	for (size_t i = 0; i < e->policy->waivers.count; i++) {
		const struct waiver *w = &e->policy->waivers.items[i];
		if (!waives(e, w, s))
			continue;
		bool whole = !w->set, best_whole = best && !best->set;
		if (!best || (whole && !best_whole) ||
		    (whole == best_whole && (whole ? w->until > best->until : w->until < best->until)))
			best = w;
	}
	return best;
}

uint32_t bind_waived(struct evaluation *e, const struct statement *s)
{
	uint32_t node = node_constant(e, NO);
	if (!e->waiver_nodes)
		e->waiver_nodes = arena_array(e->scratch, e->policy->waivers.count + 1, sizeof *e->waiver_nodes);
	for (size_t i = 0; i < e->policy->waivers.count; i++) {
		const struct waiver *w = &e->policy->waivers.items[i];
		if (!waives(e, w, s))
			continue;
		e->waiver_nodes[i] = bind_expr(e, w->document, w->set);
		node = node_or(e, node, e->waiver_nodes[i]);
	}
	return node;
}

static int by_end(const void *x, const void *y)
{
	const struct finding_waiver *a = x, *b = y;
	int order = a->until < b->until ? -1 : a->until > b->until;
	order = order ? order : strcmp(a->by, b->by);
	return order ? order : strcmp(a->because, b->because);
}

static bool takes_any(struct evaluation *e, size_t waiver, const uint32_t *elements, size_t count)
{
	const uint8_t *values = node_by_class(e, e->waiver_nodes[waiver]);
	for (size_t i = 0; i < count; i++)
		if (values[e->class_of[elements[i]]] != NO)
			return true;
	return false;
}

void finding_waive(struct evaluation *e, const struct statement *s, struct finding *f, const uint32_t *elements,
		   size_t count)
{
	const struct waiver *whole = waiver_of(e, s);
	struct finding_waiver *list = arena_array(e->arena, e->policy->waivers.count + 1, sizeof *list);
	if (!whole || (f->status != FINDING_BROKEN && f->status != FINDING_UNKNOWN))
		return;
	f->status = FINDING_WAIVED;
	f->waivers = list;
	for (size_t i = 0; i < e->policy->waivers.count; i++) {
		const struct waiver *w = &e->policy->waivers.items[i];
		if (whole->set ? waives(e, w, s) && takes_any(e, i, elements, count) : w == whole)
			list[f->waiver_count++] =
				(struct finding_waiver){ w->until, w->because ? w->because : "", w->by ? w->by : "" };
	}
	qsort(list, f->waiver_count, sizeof *list, by_end);
}

/* ---- witnesses ------------------------------------------------------------------------------------------------------------- */

void wish_witnesses(struct evaluation *e, const struct finding *f, struct witness_wish w)
{
	if (e->q->brief)
		return;
	w.finding = (size_t)(f - e->out->items);
	*array_add(&e->wishes) = w;
}

/* Keeps the smallest ids bytewise, so that the order of rows does not matter. */
static void witness_offer(struct evaluation *e, struct finding *f, const char *id)
{
	f->has_focus |= e->q->focus && !strcmp(id, e->q->focus);
	size_t n = f->witnesses_kept;
	if (n == FINDING_WITNESSES && strcmp(id, f->witnesses[n - 1]) >= 0)
		return;
	size_t at = 0;
	while (at < n && strcmp(f->witnesses[at], id) < 0)
		at++;
	if (n == FINDING_WITNESSES)
		n--;
	memmove(f->witnesses + at + 1, f->witnesses + at, (n - at) * sizeof *f->witnesses);
	f->witnesses[at] = id;
	f->witnesses_kept = n + 1;
}

void witnesses_set(struct evaluation *e, struct finding *f, const uint32_t *elements, size_t count)
{
	f->witness_count = count;
	for (size_t i = 0; i < count && !e->q->brief; i++)
		witness_offer(e, f, net_id(e->net, NET_ELEMENTS, elements[i]));
}

struct wish_list { /* wishes of one grouping that a class takes part in */
	uint32_t *items;
	size_t count, room;
};

static bool wish_takes(const struct witness_wish *w, uint8_t value, uint32_t class)
{
	if (!(value & w->bit))
		return false;
	if (!w->parties)
		return true;
	uint32_t of = w->parties->of_class[class];
	return of == w->party || (of == CODE_UNKNOWN && w->bit == 2);
}

static void witnesses_of_grouping(struct evaluation *e, const struct grouping *g)
{
	/* table[class] lists the wish families (node, bit, party); a family's finding by group */
	const uint32_t *site_of = net_column(e->net, NET_ELEMENTS, "site")->codes;
	struct family {
		struct witness_wish wish;
		uint32_t *finding_of;
	} *families = NULL;
	size_t count = 0, room = 0;
	for (size_t i = 0; i < e->wishes.count; i++) {
		const struct witness_wish *w = &e->wishes.items[i];
		if (w->grouping != g)
			continue;
		size_t f = 0;
		while (f < count && !(families[f].wish.node == w->node && families[f].wish.bit == w->bit &&
				      families[f].wish.parties == w->parties && families[f].wish.party == w->party))
			f++;
		if (f == count) {
			families = array_more(families, &room, count, sizeof *families);
			families[count++] = (struct family){ *w, arena_array(e->scratch, g->count, sizeof(uint32_t)) };
		}
		/* two statements may ask for the same elements: chain them by giving the second its own family */
		if (families[f].finding_of[w->group]) {
			families = array_more(families, &room, count, sizeof *families);
			families[count] = (struct family){ *w, arena_array(e->scratch, g->count, sizeof(uint32_t)) };
			f = count++;
		}
		families[f].finding_of[w->group] = (uint32_t)w->finding + 1;
	}
	if (!count)
		return; /* nobody asked for elements of these groups */
	struct wish_list *lists = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *lists);
	for (size_t f = 0; f < count; f++) {
		const uint8_t *values = node_by_class(e, families[f].wish.node);
		for (uint32_t c = 0; c < e->class_count; c++)
			if (wish_takes(&families[f].wish, values[c], c))
				*array_add(&lists[c]) = (uint32_t)f;
	}
	for (uint32_t i = 0; i < e->elements; i++) {
		const struct wish_list *l = &lists[e->class_of[i]];
		if (!l->count)
			continue;
		uint32_t group = group_of_element(g, site_of, i);
		const char *id = NULL;
		for (size_t k = 0; k < l->count; k++) {
			uint32_t f = families[l->items[k]].finding_of[group];
			if (!f)
				continue;
			id = id ? id : net_id(e->net, NET_ELEMENTS, i);
			e->out->items[f - 1].witness_count++;
			witness_offer(e, &e->out->items[f - 1], id);
		}
	}
	for (uint32_t c = 0; c < e->class_count; c++)
		free(lists[c].items);
	free(families);
}

void witnesses_make(struct evaluation *e)
{
	for (size_t i = 0; i < e->groupings.count; i++)
		witnesses_of_grouping(e, e->groupings.items[i]);
}
