/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unknown: which missing facts keep findings open, and which of them would close one alone. An element whose membership is
 * open names the atoms that make it so; a finding whose open elements all wait for one and the same fact is closed by it.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policy/eval.h"

enum { FACTS_KEPT = 1000, FACTS_SEEN = 200000, OPEN_ATOMS = 16 };

struct open_fact {
	const char *subject, *attribute;
	size_t elements, elements_now; /* of the best pass, of this pass */
	uint32_t last_element;
	struct {
		const char **items;
		size_t count, room;
	} settles;
};

struct unknown_table {
	struct {
		struct open_fact *items;
		size_t count, room;
	} facts;
	uint32_t *slots;
	size_t slot_count;
	size_t dropped;
	/* by finding: the one fact all its open elements wait for, or MIXED */
	uint32_t *waits;
	size_t wait_count;
};

enum { WAITS_NONE = UINT32_MAX, WAITS_MIXED = UINT32_MAX - 1 };

static void fact_settle_elements(struct open_fact *f)
{
	f->elements = f->elements > f->elements_now ? f->elements : f->elements_now;
	f->elements_now = 0;
}

static size_t fact_hash(const char *subject, const char *attribute)
{
	return (size_t)(hash_bytes(subject, strlen(subject)) * 31 + hash_bytes(attribute, strlen(attribute)));
}

static void facts_grow(struct evaluation *e, struct unknown_table *t)
{
	size_t count = t->slot_count ? t->slot_count * 2 : 1024;
	t->slots = arena_array(e->scratch, count, sizeof *t->slots);
	t->slot_count = count;
	for (size_t i = 0; i < t->facts.count; i++) {
		size_t s = fact_hash(t->facts.items[i].subject, t->facts.items[i].attribute) & (count - 1);
		while (t->slots[s])
			s = (s + 1) & (count - 1);
		t->slots[s] = (uint32_t)i + 1;
	}
}

/* The number of a fact, or WAITS_MIXED where there are too many to keep apart. */
static uint32_t fact_number(struct evaluation *e, const char *subject, const char *attribute)
{
	struct unknown_table *t = e->unknown;
	if (t->facts.count * 2 >= t->slot_count)
		facts_grow(e, t);
	size_t s = fact_hash(subject, attribute) & (t->slot_count - 1);
	for (; t->slots[s]; s = (s + 1) & (t->slot_count - 1)) {
		const struct open_fact *f = &t->facts.items[t->slots[s] - 1];
		if (!strcmp(f->subject, subject) && !strcmp(f->attribute, attribute))
			return t->slots[s] - 1;
	}
	if (t->facts.count >= FACTS_SEEN) {
		t->dropped++;
		return WAITS_MIXED;
	}
	*array_add(&t->facts) = (struct open_fact){ .subject = arena_text(e->arena, subject, strlen(subject)),
						    .attribute = arena_text(e->arena, attribute, strlen(attribute)),
						    .last_element = UINT32_MAX };
	t->slots[s] = (uint32_t)t->facts.count;
	return (uint32_t)t->facts.count - 1;
}

static struct unknown_table *table_of(struct evaluation *e)
{
	if (!e->unknown) {
		e->unknown = arena_alloc(e->scratch, sizeof *e->unknown);
		e->unknown->wait_count = 0;
	}
	return e->unknown;
}

static uint32_t *waits_of(struct evaluation *e, size_t finding)
{
	struct unknown_table *t = table_of(e);
	if (finding >= t->wait_count) {
		size_t count = e->out->count + 64;
		uint32_t *more = arena_array(e->scratch, count, sizeof *more);
		memset(more, 0xff, count * sizeof *more);
		if (t->wait_count)
			memcpy(more, t->waits, t->wait_count * sizeof *more);
		t->waits = more;
		t->wait_count = count;
	}
	return &t->waits[finding];
}

static uint32_t waits_for(uint32_t before, uint32_t fact)
{
	return before == WAITS_NONE || before == fact ? fact : WAITS_MIXED;
}

static void finding_waits(struct evaluation *e, size_t finding, uint32_t fact)
{
	uint32_t *w = waits_of(e, finding);
	*w = waits_for(*w, fact);
}

void unknown_wish(struct evaluation *e, const struct finding *f, struct unknown_wish w)
{
	if (e->q->brief || e->asleep)
		return;
	table_of(e);
	w.finding = (size_t)(f - e->out->items);
	*array_add(&e->unknown_wishes) = w;
}

void unknown_fact_add(struct evaluation *e, const struct finding *f, const char *subject, const char *attribute,
		      size_t elements, bool alone)
{
	if (e->q->brief || e->asleep)
		return;
	table_of(e);
	uint32_t n = fact_number(e, subject, attribute);
	if (n == WAITS_MIXED)
		return;
	struct open_fact *fact = &e->unknown->facts.items[n];
	fact->elements = fact->elements > elements ? fact->elements : elements;
	finding_waits(e, (size_t)(f - e->out->items), alone ? n : WAITS_MIXED);
}

/* ---- the open atoms of an element ------------------------------------------------------------------------------------------ */

static void add_open(uint32_t *open, size_t *count, uint32_t fact)
{
	for (size_t i = 0; i < *count; i++)
		if (open[i] == fact)
			return;
	if (*count < OPEN_ATOMS)
		open[(*count)++] = fact;
}

static uint32_t fact_of_vendor_row(struct evaluation *e, const struct atom *a, uint32_t row, char *text, size_t room)
{
	const char *column = a->from == FROM_COUNTRY ? "jurisdiction" : "owner";
	const struct net_column *c = net_column(e->net, NET_VENDORS, column);
	uint32_t code = c ? c->codes[row] : CODE_UNKNOWN;
	if (code == CODE_UNKNOWN) {
		snprintf(text, room, "vendor/%s", net_id(e->net, NET_VENDORS, row));
		return fact_number(e, text, column);
	}
	if (a->from == FROM_COUNTRY)
		snprintf(text, room, "country/%s", strs_text(e->net->strs, code));
	else
		snprintf(text, room, "vendor/%s", CODE_IS_KNOWN(code) ? net_id(e->net, NET_VENDORS, code) : "");
	return fact_number(e, text, a->attribute);
}

static uint32_t fact_of_atom(struct evaluation *e, const struct atom *a, uint32_t element)
{
	char text[512];
	const struct axis *x = &e->axes.items[a->axis];
	if (a->param) {
		snprintf(text, sizeof text, "param/%s", a->param->name);
		return fact_number(e, text, "value");
	}
	uint32_t product =
		a->from == FROM_BUILD ? net_column(e->net, NET_ELEMENTS, "product")->codes[element] : CODE_UNKNOWN;
	if (a->from == FROM_BUILD && CODE_IS_KNOWN(product)) {
		snprintf(text, sizeof text, "product/%s", net_id(e->net, NET_PRODUCTS, product));
		return fact_number(e, text, a->attribute);
	}
	uint32_t code = x->direct ? CODE_UNKNOWN : x->codes[element];
	if (CODE_IS_KNOWN(code) && (a->from == FROM_COUNTRY || a->from == FROM_OWNER))
		return fact_of_vendor_row(e, a, code, text, sizeof text);
	if (CODE_IS_KNOWN(code) && a->from == FROM_ROW) {
		snprintf(text, sizeof text, "%s/%s", net_table_singular(x->table), net_id(e->net, x->table, code));
		return fact_number(e, text, a->attribute);
	}
	snprintf(text, sizeof text, "element/%s", net_id(e->net, NET_ELEMENTS, element));
	return fact_number(e, text, a->from == FROM_BUILD ? "product" : x->direct ? a->attribute : x->via);
}

static void open_atoms(struct evaluation *e, uint32_t node, uint32_t element, uint32_t *open, size_t *count)
{
	if (node_of_element(e, node, element) != MAYBE)
		return;
	const struct node n = e->nodes.items[node];
	if (n.kind == NODE_ATOM) {
		add_open(open, count, fact_of_atom(e, &e->atoms.items[n.atom], element));
	} else if (n.kind != NODE_CONST) {
		open_atoms(e, n.left, element, open, count);
		if (n.kind != NODE_NOT)
			open_atoms(e, n.right, element, open, count);
	}
}

static void open_party(struct evaluation *e, enum subject_kind kind, uint32_t element, uint32_t *open, size_t *count)
{
	char text[512];
	uint32_t v = net_column(e->net, NET_ELEMENTS, "vendor")->codes[element];
	if (CODE_IS_KNOWN(v)) {
		snprintf(text, sizeof text, "vendor/%s", net_id(e->net, NET_VENDORS, v));
		add_open(open, count, fact_number(e, text, kind == SUBJECT_JURISDICTION ? "jurisdiction" : "owner"));
	} else {
		snprintf(text, sizeof text, "element/%s", net_id(e->net, NET_ELEMENTS, element));
		add_open(open, count, fact_number(e, text, "vendor"));
	}
}

void unknown_among(struct evaluation *e, const struct finding *f, uint32_t node, const uint32_t *elements,
		   size_t element_count)
{
	if (e->q->brief || e->asleep)
		return;
	struct unknown_table *t = table_of(e);
	const uint8_t *values = node_by_class(e, node);
	uint32_t *alone = arena_array(e->scratch, element_count + 1, sizeof *alone);
	size_t alone_count = 0;
	for (size_t i = 0; i < element_count; i++) {
		uint32_t open[OPEN_ATOMS];
		size_t count = 0;
		if (values[e->class_of[elements[i]]] != MAYBE)
			continue;
		open_atoms(e, node, elements[i], open, &count);
		if (count == 1 && open[0] != WAITS_MIXED) {
			t->facts.items[open[0]].elements_now++;
			alone[alone_count++] = open[0];
		}
		if (count)
			finding_waits(e, (size_t)(f - e->out->items), count == 1 ? open[0] : WAITS_MIXED);
	}
	for (size_t i = 0; i < alone_count; i++)
		fact_settle_elements(&t->facts.items[alone[i]]);
}

/* ---- one pass for all findings that ask the same of the same groups ------------------------------------------------------------- */

static bool same_pass(const struct unknown_wish *a, const struct unknown_wish *b)
{
	return a->node == b->node && a->grouping == b->grouping && a->parties == b->parties;
}

struct pass {
	const struct unknown_wish *like;
	uint32_t *first; /* group -> 1 + index of its first wish */
	uint32_t *next;  /* wish -> 1 + index of the next of the group */
	uint32_t *waits; /* group -> what all of its wishes wait for */
};

static void element_waits(struct evaluation *e, const struct pass *p, uint32_t element, uint32_t group)
{
	uint32_t open[OPEN_ATOMS];
	size_t count = 0;
	open_atoms(e, p->like->node, element, open, &count);
	if (p->like->parties && p->like->parties->of_class[e->class_of[element]] == CODE_UNKNOWN)
		open_party(e, p->like->party_kind, element, open, &count);
	if (!count)
		return;
	if (count == 1 && open[0] != WAITS_MIXED) {
		struct open_fact *f = &e->unknown->facts.items[open[0]];
		f->elements_now++;
	}
	p->waits[group] = waits_for(p->waits[group], count == 1 ? open[0] : WAITS_MIXED);
}

static void pass_run(struct evaluation *e, struct pass *p)
{
	const struct grouping *g = p->like->grouping;
	const uint32_t *site_of = net_column(e->net, NET_ELEMENTS, "site")->codes;
	const uint8_t *values = node_by_class(e, p->like->node);
	for (uint32_t i = 0; i < e->elements; i++) {
		uint32_t c = e->class_of[i];
		bool open = values[c] == MAYBE ||
			    (p->like->parties && values[c] && p->like->parties->of_class[c] == CODE_UNKNOWN);
		if (!open)
			continue;
		uint32_t group = g ? group_of_element(g, site_of, i) : 0;
		if (p->first[group])
			element_waits(e, p, i, group);
	}
	for (uint32_t group = 0; group < (g ? g->count : 1); group++)
		for (uint32_t w = p->waits[group] == WAITS_NONE ? 0 : p->first[group]; w; w = p->next[w - 1])
			finding_waits(e, e->unknown_wishes.items[w - 1].finding, p->waits[group]);
	for (size_t i = 0; i < e->unknown->facts.count; i++)
		fact_settle_elements(&e->unknown->facts.items[i]);
}

static void passes_run(struct evaluation *e)
{
	size_t count = e->unknown_wishes.count;
	bool *done = arena_array(e->scratch, count + 1, sizeof *done);
	for (size_t i = 0; i < count; i++) {
		if (done[i])
			continue;
		struct pass p = { .like = &e->unknown_wishes.items[i] };
		uint32_t groups = p.like->grouping ? p.like->grouping->count : 1;
		p.first = arena_array(e->scratch, groups, sizeof *p.first);
		p.waits = arena_array(e->scratch, groups, sizeof *p.waits);
		memset(p.waits, 0xff, groups * sizeof *p.waits);
		p.next = arena_array(e->scratch, count + 1, sizeof *p.next);
		for (size_t j = i; j < count; j++)
			if (!done[j] && same_pass(p.like, &e->unknown_wishes.items[j])) {
				done[j] = true;
				p.next[j] = p.first[e->unknown_wishes.items[j].group];
				p.first[e->unknown_wishes.items[j].group] = (uint32_t)j + 1;
			}
		pass_run(e, &p);
	}
}

/* ---- ranking ------------------------------------------------------------------------------------------------------------------------- */

static int by_use(const void *a, const void *b)
{
	const struct unknown_fact *x = a, *y = b;
	if (x->settle_count != y->settle_count)
		return x->settle_count > y->settle_count ? -1 : 1;
	if (x->elements != y->elements)
		return x->elements > y->elements ? -1 : 1;
	int c = strcmp(x->subject, y->subject);
	return c ? c : strcmp(x->attribute, y->attribute);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void settle(struct evaluation *e, struct open_fact *f, const struct finding *finding)
{
	const char *name = arena_printf(e->arena, "%s/%s", finding->policy, finding->rule);
	for (size_t i = 0; i < f->settles.count; i++)
		if (!strcmp(f->settles.items[i], name))
			return;
	*array_add(&f->settles) = name;
}

void unknown_make(struct evaluation *e)
{
	struct unknown_table *t = e->unknown;
	if (!t)
		return;
	passes_run(e);
	for (size_t i = 0; i < e->out->count && i < t->wait_count; i++)
		if (t->waits[i] < t->facts.count && e->out->items[i].status == FINDING_UNKNOWN)
			settle(e, &t->facts.items[t->waits[i]], &e->out->items[i]);
	struct unknown_fact *all = arena_array(e->arena, t->facts.count + 1, sizeof *all);
	for (size_t i = 0; i < t->facts.count; i++) {
		struct open_fact *f = &t->facts.items[i];
		if (f->settles.count)
			qsort(f->settles.items, f->settles.count, sizeof *f->settles.items, by_text);
		const char **names = arena_array(e->arena, f->settles.count + 1, sizeof *names);
		if (f->settles.count)
			memcpy(names, f->settles.items, f->settles.count * sizeof *names);
		all[i] = (struct unknown_fact){ f->subject, f->attribute, names, f->settles.count, f->elements };
		free(f->settles.items);
		f->settles.items = NULL;
	}
	if (t->facts.count)
		qsort(all, t->facts.count, sizeof *all, by_use);
	e->out->unknown = all;
	e->out->unknown_count = t->facts.count < FACTS_KEPT ? t->facts.count : FACTS_KEPT;
	e->out->unknown_dropped = t->dropped + t->facts.count - e->out->unknown_count;
}

void unknown_free(struct evaluation *e)
{
	if (e->unknown)
		free(e->unknown->facts.items);
	free(e->unknown_wishes.items);
}
