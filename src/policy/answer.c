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

void witness_add(struct evaluation *e, struct finding *f, uint32_t element)
{
	f->witness_count++;
	witness_offer(e, f, net_id(e->net, NET_ELEMENTS, element));
}

void witnesses_set(struct evaluation *e, struct finding *f, const uint32_t *elements, size_t count)
{
	f->witness_count = count;
	for (size_t i = 0; i < count && !e->q->brief; i++)
		witness_offer(e, f, net_id(e->net, NET_ELEMENTS, elements[i]));
}

/*
 * Wishes for the same elements, whatever their group, are of one family. Those of an unknown party may be each party's: they are a
 * family too, gathered once and added to whoever asked for what is possibly of his.
 */
struct bag { /* the witnesses of a family in a group are gathered in the finding of the first wish for them, if there is one */
	uint32_t family, group;
	struct finding *into;
};

struct gathering {
	struct evaluation *e;
	const struct grouping *grouping;
	struct {
		struct witness_wish *items; /* the first of each */
		size_t count, room;
	} families;
	struct {
		struct bag *items;
		size_t count, room;
	} bags;
	uint32_t *family_slots, *bag_slots; /* open addressing: 1 + place */
	size_t slot_count;
};

static size_t slot_of_numbers(uint64_t a, uint64_t b, size_t slot_count)
{
	uint64_t h = (a * 0x9E3779B97F4A7C15u ^ b) * 0xD6E8FEB86659FD93u;
	return (size_t)(h >> 24) & (slot_count - 1);
}

static uint32_t family_of(struct gathering *g, const struct witness_wish *w)
{
	uint64_t what = (uint64_t)w->node << 2 | w->bit;
	size_t s = slot_of_numbers(what ^ (uint64_t)(uintptr_t)w->parties << 8, w->party, g->slot_count);
	for (; g->family_slots[s]; s = (s + 1) & (g->slot_count - 1)) {
		const struct witness_wish *o = &g->families.items[g->family_slots[s] - 1];
		if (o->node == w->node && o->bit == w->bit && o->parties == w->parties && o->party == w->party)
			return g->family_slots[s] - 1;
	}
	*array_add(&g->families) = *w;
	g->family_slots[s] = (uint32_t)g->families.count;
	return (uint32_t)g->families.count - 1;
}

static size_t bag_slot(const struct gathering *g, uint32_t family, uint32_t group)
{
	size_t s = slot_of_numbers(family, group, g->slot_count);
	while (g->bag_slots[s] && (g->bags.items[g->bag_slots[s] - 1].family != family ||
				   g->bags.items[g->bag_slots[s] - 1].group != group))
		s = (s + 1) & (g->slot_count - 1);
	return s;
}

/* Where the witnesses that are wished for are gathered: in `into`, or where somebody else wished for them before. */
static struct finding *bag_of(struct gathering *g, const struct witness_wish *w, struct finding *into)
{
	uint32_t family = family_of(g, w);
	size_t s = bag_slot(g, family, w->group);
	if (!g->bag_slots[s]) {
		into = into ? into : arena_array(g->e->scratch, 1, sizeof *into);
		*array_add(&g->bags) = (struct bag){ family, w->group, into };
		g->bag_slots[s] = (uint32_t)g->bags.count;
	}
	return g->bags.items[g->bag_slots[s] - 1].into;
}

static bool unknown_too(const struct witness_wish *w)
{
	return w->parties && w->bit == 2 && w->party != CODE_UNKNOWN;
}

static struct witness_wish of_unknown(const struct witness_wish *w)
{
	struct witness_wish u = *w;
	u.party = CODE_UNKNOWN;
	return u;
}

struct number_list { /* families that a class takes part in */
	uint32_t *items;
	size_t count, room;
};

static void family_classes(struct evaluation *e, const struct witness_wish *w, uint32_t family,
			   struct number_list *of_class)
{
	const uint8_t *values = node_by_class(e, w->node);
	bool listed = w->parties && CODE_IS_KNOWN(w->party);
	uint32_t from = listed ? w->parties->first[w->party] : 0,
		 to = listed ? w->parties->first[w->party + 1] : e->class_count;
	for (uint32_t k = from; k < to; k++) {
		uint32_t c = listed ? w->parties->classes[k] : k;
		if ((values[c] & w->bit) && (!w->parties || w->parties->of_class[c] == w->party))
			*array_add(&of_class[c]) = family;
	}
}

/* One pass over the elements fills all bags. */
static void bags_fill(struct gathering *g)
{
	struct evaluation *e = g->e;
	const uint32_t *site_of = net_column(e->net, NET_ELEMENTS, "site")->codes;
	struct number_list *of_class = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *of_class);
	for (uint32_t f = 0; f < g->families.count; f++)
		family_classes(e, &g->families.items[f], f, of_class);
	for (uint32_t i = 0; i < e->elements; i++) {
		const struct number_list *l = &of_class[e->class_of[i]];
		if (!l->count)
			continue;
		uint32_t group = group_of_element(g->grouping, site_of, i);
		for (size_t k = 0; k < l->count; k++) {
			uint32_t bag = g->bag_slots[bag_slot(g, l->items[k], group)];
			if (bag)
				witness_add(e, g->bags.items[bag - 1].into, i);
		}
	}
	for (uint32_t c = 0; c < e->class_count; c++)
		free(of_class[c].items);
}

static void witnesses_copy(struct finding *f, const struct finding *from)
{
	f->witness_count = from->witness_count;
	f->has_focus = from->has_focus;
	f->witnesses_kept = from->witnesses_kept;
	memcpy(f->witnesses, from->witnesses, sizeof f->witnesses);
}

static void witnesses_add(struct evaluation *e, struct finding *f, const struct finding *more)
{
	f->witness_count += more->witness_count;
	for (size_t i = 0; i < more->witnesses_kept; i++)
		witness_offer(e, f, more->witnesses[i]);
	f->has_focus |= more->has_focus;
}

static void witnesses_of_grouping(struct evaluation *e, const struct grouping *grouping)
{
	struct gathering g = { .e = e, .grouping = grouping, .slot_count = 64 };
	struct {
		const struct witness_wish **items;
		size_t count, room;
	} wishes = { 0 };
	for (size_t i = 0; i < e->wishes.count; i++)
		if (e->wishes.items[i].grouping == grouping)
			*array_add(&wishes) = &e->wishes.items[i];
	if (!wishes.count)
		return;                         /* nobody asked for elements of these groups */
	while (g.slot_count < wishes.count * 4) /* at most two bags a wish */
		g.slot_count *= 2;
	g.family_slots = arena_array(e->scratch, g.slot_count, sizeof *g.family_slots);
	g.bag_slots = arena_array(e->scratch, g.slot_count, sizeof *g.bag_slots);
	for (size_t i = 0; i < wishes.count; i++) {
		const struct witness_wish *w = wishes.items[i], unknown = of_unknown(w);
		bag_of(&g, w, &e->out->items[w->finding]);
		if (unknown_too(w))
			bag_of(&g, &unknown, NULL);
	}
	bags_fill(&g);
	for (size_t i = 0; i < wishes.count; i++) { /* nothing is added to a bag before all have copied it */
		const struct witness_wish *w = wishes.items[i];
		struct finding *f = &e->out->items[w->finding], *from = bag_of(&g, w, NULL);
		if (f != from)
			witnesses_copy(f, from);
	}
	for (size_t i = 0; i < wishes.count; i++) {
		const struct witness_wish *w = wishes.items[i], unknown = of_unknown(w);
		if (unknown_too(w))
			witnesses_add(e, &e->out->items[w->finding], bag_of(&g, &unknown, NULL));
	}
	free(wishes.items);
	free(g.families.items);
	free(g.bags.items);
}

void witnesses_make(struct evaluation *e)
{
	for (size_t i = 0; i < e->groupings.count; i++)
		witnesses_of_grouping(e, e->groupings.items[i]);
}
