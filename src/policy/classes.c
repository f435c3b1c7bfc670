/* SPDX-License-Identifier: Apache-2.0 */
/*
 * classes: elements that agree on every atom are one class. One pass over the columns finds the classes; sets, terms and
 * parties are then a matter of classes, of which there are few.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policy/eval.h"

enum { BLOCK = 2048, DIRECT_KEYS = 1 << 18, SMALL_AXIS = 4096 /* slots */ };

/* ---- signatures: slots of an axis that no atom tells apart are the same -------------------------------------------------- */

/* Signatures so far and an atom's values make new signatures, numbered as they come. */
static void refine(struct evaluation *e, struct axis *x, const uint8_t *values)
{
	uint32_t *table = arena_array(e->scratch, (size_t)x->signatures * 4, sizeof *table), next = 0;
	for (uint32_t s = 0; s < x->slots; s++) {
		uint32_t *at = &table[(size_t)x->signature[s] * 4 + values[s]];
		if (!*at)
			*at = ++next;
		x->signature[s] = *at - 1;
	}
	x->signatures = next;
}

static void signatures_refine(struct evaluation *e, uint32_t axis)
{
	struct axis *x = &e->axes.items[axis];
	x->signature = arena_array(e->scratch, x->slots, sizeof *x->signature);
	x->signatures = 1;
	for (size_t i = 0; i < e->atoms.count; i++)
		if (e->atoms.items[i].axis == axis)
			refine(e, x, e->atoms.items[i].values);
	x->slot_of = arena_array(e->scratch, x->signatures, sizeof *x->slot_of);
	for (uint32_t s = x->slots; s-- > 0;)
		x->slot_of[x->signature[s]] = s;
}

/* A large table with few atoms: their values side by side say it all, and take a byte a row. */
static void signatures_pack(struct evaluation *e, uint32_t axis)
{
	struct axis *x = &e->axes.items[axis];
	unsigned shift = 0;
	x->narrow = arena_alloc(e->scratch, x->slots);
	x->signatures = 1u << 2 * x->atoms;
	for (size_t i = 0; i < e->atoms.count; i++) {
		const uint8_t *values = e->atoms.items[i].values;
		if (e->atoms.items[i].axis != axis)
			continue;
		for (uint32_t s = 0; s < x->slots; s++)
			x->narrow[s] |= (uint8_t)(values[s] << shift);
		shift += 2;
	}
	x->slot_of = arena_array(e->scratch, x->signatures, sizeof *x->slot_of);
	for (uint32_t s = 0; s < x->signatures; s++) {
		const uint8_t *first = memchr(x->narrow, (int)s, x->slots);
		x->slot_of[s] = first ? (uint32_t)(first - x->narrow) : SLOT_UNKNOWN;
	}
}

static void signatures_make(struct evaluation *e, uint32_t axis)
{
	struct axis *x = &e->axes.items[axis];
	x->signatures = x->slots;
	if (x->direct || x->identity)
		return;
	if (x->slots > SMALL_AXIS && x->atoms <= AXIS_PACKED)
		signatures_pack(e, axis);
	else
		signatures_refine(e, axis);
}

static inline uint32_t signature_of(const struct axis *x, uint32_t element)
{
	uint32_t slot = x->direct ? x->direct[element] : slot_of_code(x->codes[element]);
	return x->narrow ? x->narrow[slot] : x->signature ? x->signature[slot] : slot;
}

/* ---- keys: one number for an element's signatures on all axes --------------------------------------------------------------- */

static uint64_t strides_make(struct evaluation *e)
{
	uint64_t all = 1;
	for (uint32_t i = 0; i < e->axes.count; i++) {
		signatures_make(e, i);
		struct axis *x = &e->axes.items[i];
		x->stride = all;
		if (__builtin_mul_overflow(all, x->signatures, &all))
			return 0;
	}
	return all;
}

/* Signatures times their strides are added up, axis by axis, over a block of elements that stays in the cache. */
static void add_axis(const struct axis *x, const uint64_t *scaled, size_t from, size_t count, uint64_t *keys)
{
	if (x->direct) {
		for (size_t i = 0; i < count; i++)
			keys[i] += x->direct[from + i] * x->stride;
		return;
	}
	const uint32_t *codes = x->codes + from;
	if (x->narrow)
		for (size_t i = 0; i < count; i++)
			keys[i] += x->narrow[slot_of_code(codes[i])] * x->stride;
	else if (scaled)
		for (size_t i = 0; i < count; i++)
			keys[i] += scaled[slot_of_code(codes[i])];
	else
		for (size_t i = 0; i < count; i++)
			keys[i] += slot_of_code(codes[i]) * x->stride;
}

struct key_table { /* key -> class + 1 */
	uint64_t *keys;
	uint32_t *classes;
	size_t room, count;
};

static size_t key_slot(const struct key_table *t, uint64_t key)
{
	uint64_t h = key * 0x9E3779B97F4A7C15u;
	size_t mask = t->room - 1, i = (size_t)(h >> 20) & mask;
	while (t->classes[i] && t->keys[i] != key)
		i = (i + 1) & mask;
	return i;
}

static void key_table_grow(struct evaluation *e, struct key_table *t)
{
	struct key_table bigger = { .room = t->room ? t->room * 2 : 1024, .count = t->count };
	bigger.keys = arena_array(e->scratch, bigger.room, sizeof *bigger.keys);
	bigger.classes = arena_array(e->scratch, bigger.room, sizeof *bigger.classes);
	for (size_t i = 0; i < t->room; i++)
		if (t->classes[i]) {
			size_t s = key_slot(&bigger, t->keys[i]);
			bigger.keys[s] = t->keys[i];
			bigger.classes[s] = t->classes[i];
		}
	*t = bigger;
}

struct class_list {
	uint64_t *items;
	size_t count, room;
};

static void classes_by_table(struct class_list *list, uint32_t *table, const uint64_t *keys, size_t count,
			     uint32_t *out)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t c = table[keys[i]];
		if (__builtin_expect(!c, 0)) {
			*array_add(list) = keys[i];
			c = table[keys[i]] = (uint32_t)list->count;
		}
		out[i] = c - 1;
	}
}

static void classes_by_hash(struct evaluation *e, struct class_list *list, struct key_table *t, const uint64_t *keys,
			    size_t count, uint32_t *out)
{
	for (size_t i = 0; i < count; i++) {
		if (t->count * 2 >= t->room)
			key_table_grow(e, t);
		size_t s = key_slot(t, keys[i]);
		if (!t->classes[s]) {
			*array_add(list) = keys[i];
			t->keys[s] = keys[i];
			t->classes[s] = (uint32_t)list->count;
			t->count++;
		}
		out[i] = t->classes[s] - 1;
	}
}

/* Axes so many and fine that their product leaves 64 bits: renumber what has been seen so far and go on with fewer. */
static void classes_by_steps(struct evaluation *e, struct class_list *list)
{
	uint32_t n = e->elements, axes = (uint32_t)e->axes.count;
	uint64_t *keys = arena_array(e->scratch, (size_t)n + 1, sizeof *keys);
	for (uint32_t a = 0; a < axes; a++) {
		const struct axis *x = &e->axes.items[a];
		struct key_table t = { 0 };
		struct class_list seen = { 0 };
		for (uint32_t i = 0; i < n; i++)
			keys[i] = keys[i] * x->signatures + signature_of(x, i);
		classes_by_hash(e, &seen, &t, keys, n, e->class_of);
		for (uint32_t i = 0; i < n; i++)
			keys[i] = e->class_of[i];
		if (a + 1 == axes)
			for (size_t i = 0; i < seen.count; i++)
				*array_add(list) = i;
		free(seen.items);
	}
	/* signatures are then read off an element of each class */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t c = e->class_of[i];
		for (uint32_t a = 0; a < axes; a++) {
			const struct axis *x = &e->axes.items[a];
			if (!e->class_signature)
				e->class_signature =
					arena_array(e->scratch, list->count * axes + 1, sizeof *e->class_signature);
			e->class_signature[(size_t)c * axes + a] = signature_of(x, i);
		}
	}
}

static void classes_by_keys(struct evaluation *e, struct class_list *list, uint64_t all)
{
	uint64_t **scaled = arena_array(e->scratch, e->axes.count + 1, sizeof *scaled);
	for (uint32_t a = 0; a < e->axes.count; a++) {
		const struct axis *x = &e->axes.items[a];
		if (!x->signature)
			continue;
		scaled[a] = arena_array(e->scratch, x->slots, sizeof **scaled);
		for (uint32_t s = 0; s < x->slots; s++)
			scaled[a][s] = x->signature[s] * x->stride;
	}
	uint32_t *table = all <= DIRECT_KEYS ? arena_array(e->scratch, all, sizeof *table) : NULL;
	struct key_table hashed = { 0 };
	uint64_t keys[BLOCK];
	for (size_t from = 0; from < e->elements; from += BLOCK) {
		size_t count = e->elements - from < BLOCK ? e->elements - from : BLOCK;
		memset(keys, 0, count * sizeof *keys);
		for (uint32_t a = 0; a < e->axes.count; a++)
			add_axis(&e->axes.items[a], scaled[a], from, count, keys);
		if (table)
			classes_by_table(list, table, keys, count, e->class_of + from);
		else
			classes_by_hash(e, list, &hashed, keys, count, e->class_of + from);
	}
	size_t axes = e->axes.count;
	e->class_signature = arena_array(e->scratch, list->count * axes + 1, sizeof *e->class_signature);
	for (size_t c = 0; c < list->count; c++)
		for (size_t a = 0; a < axes; a++)
			e->class_signature[c * axes + a] =
				(uint32_t)(list->items[c] / e->axes.items[a].stride % e->axes.items[a].signatures);
}

void classes_make(struct evaluation *e)
{
	e->class_of = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *e->class_of);
	struct class_list list = { 0 };
	uint64_t all = strides_make(e);
	if (all)
		classes_by_keys(e, &list, all);
	else
		classes_by_steps(e, &list);
	e->class_count = (uint32_t)list.count;
	e->class_words = (list.count + 63) / 64;
	free(list.items);
}

uint32_t class_slot(const struct evaluation *e, uint32_t class, uint32_t axis)
{
	const struct axis *x = &e->axes.items[axis];
	uint32_t signature = e->class_signature[(size_t) class * e->axes.count + axis];
	return x->slot_of ? x->slot_of[signature] : signature;
}

/* ---- nodes by class --------------------------------------------------------------------------------------------------------------- */

const uint8_t *node_by_class(struct evaluation *e, uint32_t node)
{
	struct node *n = &e->nodes.items[node];
	if (n->by_class)
		return n->by_class;
	uint8_t *v = arena_alloc(e->scratch, (size_t)e->class_count + 1);
	if (n->kind == NODE_CONST) {
		memset(v, n->constant, e->class_count);
	} else if (n->kind == NODE_ATOM) {
		const struct atom *a = &e->atoms.items[n->atom];
		for (uint32_t c = 0; c < e->class_count; c++)
			v[c] = a->values[class_slot(e, c, a->axis)];
	} else {
		const uint8_t *l = node_by_class(e, n->left),
			      *r = n->kind == NODE_NOT ? NULL : node_by_class(e, n->right);
		for (uint32_t c = 0; c < e->class_count; c++)
			v[c] = n->kind == NODE_NOT   ? kleene_not(l[c])
			       : n->kind == NODE_AND ? (l[c] & r[c])
						     : (l[c] | r[c]);
	}
	e->nodes.items[node].by_class = v;
	return v;
}

uint8_t *node_by_element(struct evaluation *e, uint32_t node)
{
	uint8_t *out = arena_alloc(e->arena, (size_t)e->elements + 1);
	const uint8_t *by_class = node_by_class(e, node);

	for (uint32_t i = 0; i < e->elements; i++)
		out[i] = by_class[e->class_of[i]];
	return out;
}

/* ---- columns: sets of classes, equal ones once -------------------------------------------------------------------------------- */

static size_t column_hash(const struct evaluation *e, const struct column *c)
{
	if (c->bits)
		return (size_t)hash_bytes(c->bits, (size_t)e->class_words * sizeof *c->bits);
	return (size_t)hash_bytes(c->classes, c->count * sizeof *c->classes) * 31 + c->base;
}

static bool column_same(const struct evaluation *e, const struct column *x, const struct column *y)
{
	if (!x->bits != !y->bits || x->base != y->base || x->count != y->count)
		return false;
	return x->bits ? !memcmp(x->bits, y->bits, (size_t)e->class_words * sizeof *x->bits)
		       : !memcmp(x->classes, y->classes, x->count * sizeof *x->classes);
}

static void columns_grow(struct evaluation *e)
{
	size_t count = e->column_slot_count = e->column_slot_count ? e->column_slot_count * 2 : 256;
	e->column_slots = arena_array(e->scratch, count, sizeof *e->column_slots);
	for (size_t i = 0; i < e->columns.count; i++) {
		size_t s = column_hash(e, &e->columns.items[i]) & (count - 1);
		while (e->column_slots[s])
			s = (s + 1) & (count - 1);
		e->column_slots[s] = (uint32_t)i + 1;
	}
}

/* What a column points to is the caller's; it is copied where the column is a new one. */
static uint32_t column_of(struct evaluation *e, struct column c)
{
	if (e->columns.count * 2 >= e->column_slot_count)
		columns_grow(e);
	size_t s = column_hash(e, &c) & (e->column_slot_count - 1);
	for (; e->column_slots[s]; s = (s + 1) & (e->column_slot_count - 1))
		if (column_same(e, &e->columns.items[e->column_slots[s] - 1], &c))
			return e->column_slots[s] - 1;
	size_t bytes = c.bits ? (size_t)e->class_words * sizeof *c.bits : c.count * sizeof *c.classes;
	void *copy = arena_alloc(e->scratch, bytes + 8);
	memcpy(copy, c.bits ? (const void *)c.bits : c.classes, bytes);
	if (c.bits)
		c.bits = copy;
	else
		c.classes = copy;
	*array_add(&e->columns) = c;
	e->column_slots[s] = (uint32_t)e->columns.count;
	return (uint32_t)e->columns.count - 1;
}

static uint32_t column_of_bits(struct evaluation *e, uint64_t *bits)
{
	return column_of(e, (struct column){ .bits = bits });
}

static uint32_t column_apart(struct evaluation *e, uint32_t base, const uint32_t *classes, uint32_t count)
{
	return count ? column_of(e, (struct column){ .base = base, .classes = classes, .count = count }) : base;
}

struct term_bits {
	uint64_t *target_high, *n_low, *d_low, *n_high, *d_high;
};

/*
 * A share's bounds, jointly in numerator and denominator. t is the target's value, n that of S and T, s that of S. What may be
 * in T without being in S can only lower the share (d_low); what may be in both can only raise it (n_high, d_high).
 */
static void term_class(struct term_bits *b, uint32_t c, uint8_t t, uint8_t s)
{
	uint64_t bit = (uint64_t)1 << (c & 63);
	uint8_t n = t & s;
	size_t w = c >> 6;
	b->target_high[w] |= t ? bit : 0;
	b->n_low[w] |= n == YES ? bit : 0;
	b->n_high[w] |= n ? bit : 0;
	b->d_low[w] |= t == YES || (t && s != YES) ? bit : 0;
	b->d_high[w] |= t == YES || n ? bit : 0;
}

static struct term term_finish(struct evaluation *e, struct term_bits *b)
{
	return (struct term){ column_of_bits(e, b->target_high), column_of_bits(e, b->n_low),
			      column_of_bits(e, b->d_low), column_of_bits(e, b->n_high), column_of_bits(e, b->d_high) };
}

static struct term_bits term_begin(struct evaluation *e)
{
	size_t words = (size_t)e->class_words + 1;
	uint64_t *all = arena_array(e->scratch, words * 5, sizeof *all);
	return (struct term_bits){ all, all + words, all + 2 * words, all + 3 * words, all + 4 * words };
}

struct term term_of_nodes(struct evaluation *e, uint32_t subject, uint32_t target)
{
	const uint8_t *s = node_by_class(e, subject), *t = node_by_class(e, target);
	struct term_bits b = term_begin(e);
	for (uint32_t c = 0; c < e->class_count; c++)
		term_class(&b, c, t[c], s[c]);
	return term_finish(e, &b);
}

/*
 * All parties count the same of what is of none of them: it is in the target without being theirs, or may be anybody's. What is
 * surely of a party itself differs: it is in the numerators, and where it is only possibly in the target it is in the denominator
 * that goes with the high one and not in that of the low one (see term_class).
 */
struct term *terms_of_parties(struct evaluation *e, const struct parties *p, uint32_t target)
{
	const uint8_t *t = node_by_class(e, target);
	struct term *terms = arena_array(e->scratch, (size_t)p->count + 1, sizeof *terms);
	struct term_bits b = term_begin(e);
	for (uint32_t c = 0; c < e->class_count; c++)
		term_class(&b, c, t[c], p->of_class[c] == CODE_UNKNOWN ? MAYBE : NO);
	struct term all = terms[p->count] = term_finish(e, &b);
	uint32_t *some = arena_array(e->scratch, ((size_t)e->class_count + 1) * 3, sizeof *some);
	uint32_t *yes = some, *maybe = yes + e->class_count + 1, *any = maybe + e->class_count + 1;
	for (uint32_t i = 0; i < p->count; i++) {
		uint32_t yes_count = 0, maybe_count = 0, any_count = 0;
		for (uint32_t k = p->first[i]; k < p->first[i + 1]; k++) {
			uint32_t c = p->classes[k];
			if (t[c] == NO)
				continue;
			any[any_count++] = c;
			if (t[c] == YES)
				yes[yes_count++] = c;
			else
				maybe[maybe_count++] = c;
		}
		terms[i] = (struct term){ all.target_high, column_apart(e, all.n_low, yes, yes_count),
					  column_apart(e, all.d_low, maybe, maybe_count),
					  column_apart(e, all.n_high, any, any_count),
					  column_apart(e, all.d_high, maybe, maybe_count) };
	}
	return terms;
}

/* ---- parties: vendors, jurisdictions, groups of owners ------------------------------------------------------------------------------------ */

struct party_names { /* a party of each name */
	struct parties *of;
	uint32_t *slots; /* open addressing: 1 + party */
	size_t slot_count;
};

static uint32_t party_named(struct party_names *n, const char *name)
{
	struct parties *p = n->of;
	size_t s = (size_t)hash_bytes(name, strlen(name)) & (n->slot_count - 1);
	for (; n->slots[s]; s = (s + 1) & (n->slot_count - 1))
		if (!strcmp(p->names[n->slots[s] - 1], name))
			return n->slots[s] - 1;
	p->names[p->count] = name;
	n->slots[s] = ++p->count;
	return p->count - 1;
}

static uint32_t party_of_vendor(struct evaluation *e, struct party_names *p, enum subject_kind kind, uint32_t v)
{
	if (kind == SUBJECT_VENDOR)
		return party_named(p, net_id(e->net, NET_VENDORS, v));
	if (kind == SUBJECT_JURISDICTION) {
		const struct net_column *c = net_column(e->net, NET_VENDORS, "jurisdiction");
		uint32_t code = c ? c->codes[v] : CODE_UNKNOWN;
		return CODE_IS_KNOWN(code) ? party_named(p, strs_text(e->net->strs, code)) : code;
	}
	uint32_t top = net_group_of(e->net, v);
	const struct net_column *owner = net_column(e->net, NET_VENDORS, "owner"),
				*name = net_column(e->net, NET_VENDORS, "owner_name");
	uint32_t text = name ? name->codes[top] : CODE_UNKNOWN;
	if (CODE_IS_KNOWN(text))
		return party_named(p, strs_text(e->net->strs, text));
	if (owner && owner->codes[top] == CODE_UNKNOWN && top == v)
		return CODE_UNKNOWN; /* nobody said who owns it */
	return party_named(p, net_id(e->net, NET_VENDORS, top));
}

/* Classes by their party, in the order of the classes. */
static void parties_sort(struct evaluation *e, struct parties *p)
{
	p->first = arena_array(e->scratch, (size_t)p->count + 2, sizeof *p->first);
	p->classes = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *p->classes);
	uint32_t *at = p->first + 1; /* where the next class of a party goes: in the end where the next party begins */
	for (uint32_t c = 0; c < e->class_count; c++)
		if (CODE_IS_KNOWN(p->of_class[c]) && p->of_class[c] + 1 < p->count)
			at[p->of_class[c] + 1]++;
	for (uint32_t i = 1; i < p->count; i++)
		at[i] += at[i - 1];
	for (uint32_t c = 0; c < e->class_count; c++)
		if (CODE_IS_KNOWN(p->of_class[c]))
			p->classes[at[p->of_class[c]]++] = c;
}

struct parties *parties_of(struct evaluation *e, enum subject_kind kind)
{
	uint32_t vendors = e->net->table[NET_VENDORS].rows, axis = axis_of_column(e, "vendor");
	struct parties *p = arena_alloc(e->scratch, sizeof *p);
	p->names = arena_array(e->scratch, (size_t)vendors + 1, sizeof *p->names);
	p->of_vendor = arena_array(e->scratch, (size_t)vendors + 1, sizeof *p->of_vendor);
	p->of_class = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *p->of_class);
	struct party_names names = { .of = p, .slot_count = 64 };
	while (names.slot_count < (size_t)vendors * 2)
		names.slot_count *= 2;
	names.slots = arena_array(e->scratch, names.slot_count, sizeof *names.slots);
	for (uint32_t v = 0; v < vendors; v++)
		p->of_vendor[v] = party_of_vendor(e, &names, kind, v);
	for (uint32_t c = 0; c < e->class_count; c++) {
		uint32_t vendor = code_of_slot(class_slot(e, c, axis));
		p->of_class[c] = CODE_IS_KNOWN(vendor) ? p->of_vendor[vendor] : vendor;
	}
	parties_sort(e, p);
	return p;
}
