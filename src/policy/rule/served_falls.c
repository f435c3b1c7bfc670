/* SPDX-License-Identifier: Apache-2.0 */
/* served: what is taken away in which scenario, and who falls with it. */
#include "policy/rule/served.h"

#include <stdlib.h>

/* ---- what is taken away ---------------------------------------------------------------------------------------------------------- */

static uint64_t version_key(uint32_t product, uint32_t version)
{
	return (uint64_t)product << 32 | version;
}

struct version_slot {
	uint64_t key;
	uint32_t element, party;
};

static int by_version_key(const void *a, const void *b)
{
	uint64_t x = ((const struct version_slot *)a)->key, y = ((const struct version_slot *)b)->key;
	return x < y ? -1 : x > y;
}

static void version_scenario(struct flood *f, uint32_t product, const char *name)
{
	f->party_within[f->scenario_count] = product;
	f->scenarios[f->scenario_count] = (struct scenario){ name, (uint32_t)f->scenario_count };
	f->scenario_count++;
}

/* Products of which no version is known anywhere: all that is of them may be of one, and fall together. */
static void versions_unknown(struct flood *f, const uint32_t *product, const uint32_t *version)
{
	struct evaluation *e = f->e;
	bool *told = arena_array(e->scratch, (size_t)e->net->table[NET_PRODUCTS].rows + 1, sizeof *told);
	for (size_t i = 0; i < f->scenario_count; i++)
		told[f->party_within[i]] = true;
	for (uint32_t i = 0; i < e->elements; i++) {
		if (!CODE_IS_KNOWN(product[i]) || version[i] != CODE_UNKNOWN || told[product[i]])
			continue;
		told[product[i]] = true;
		version_scenario(f, product[i],
				 arena_printf(e->arena, "%s (unknown)", net_id(e->net, NET_PRODUCTS, product[i])));
	}
	if (!f->scenario_count && f->doubled)
		version_scenario(f, CODE_UNKNOWN, "(unknown)");
}

/* Parties are versions of products; an element of unknown version may be any of its product's, of unknown product any at all. */
static void parties_by_version(struct flood *f)
{
	struct evaluation *e = f->e;
	const uint32_t *product = net_column(e->net, NET_ELEMENTS, "product")->codes,
		       *version = net_column(e->net, NET_ELEMENTS, "version")->codes;
	struct version_slot *known = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *known);
	size_t count = 0;
	f->within = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *f->within);
	f->party = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *f->party);
	for (uint32_t i = 0; i < e->elements; i++) {
		f->within[i] = product[i];
		bool open = product[i] == CODE_UNKNOWN || (CODE_IS_KNOWN(product[i]) && version[i] == CODE_UNKNOWN);
		f->party[i] = open ? CODE_UNKNOWN : CODE_NONE;
		f->doubled = f->doubled || open;
		if (CODE_IS_KNOWN(product[i]) && CODE_IS_KNOWN(version[i]))
			known[count++] = (struct version_slot){ version_key(product[i], version[i]), i, 0 };
	}
	qsort(known, count, sizeof *known, by_version_key);
	f->scenarios = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *f->scenarios);
	f->party_within = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *f->party_within);
	for (size_t i = 0; i < count; i++) {
		if (!i || known[i].key != known[i - 1].key) {
			uint32_t p = product[known[i].element];
			version_scenario(f, p,
					 arena_printf(e->arena, "%s %s", net_id(e->net, NET_PRODUCTS, p),
						      strs_text(e->net->strs, version[known[i].element])));
		}
		f->party[known[i].element] = (uint32_t)f->scenario_count - 1;
	}
	versions_unknown(f, product, version);
}

static void parties_by_vendor(struct flood *f)
{
	struct evaluation *e = f->e;
	struct parties *p = parties_of(e, f->s->any);
	bool *there = arena_array(e->scratch, (size_t)p->count + 1, sizeof *there);
	const uint32_t *manager = net_column(e->net, NET_ELEMENTS, "managed_by")->codes;
	for (uint32_t c = 0; c < e->class_count; c++) {
		uint32_t of = p->of_class[c];
		f->doubled = f->doubled || of == CODE_UNKNOWN;
		if (CODE_IS_KNOWN(of))
			there[of] = true;
	}
	for (uint32_t i = 0; i < e->elements && f->s->with_managed; i++) {
		uint32_t by = CODE_IS_KNOWN(manager[i]) ? p->of_vendor[manager[i]] : manager[i];
		if (CODE_IS_KNOWN(by))
			there[by] = true;
		f->doubled = f->doubled || by == CODE_UNKNOWN;
	}
	f->of_class = p->of_class;
	if (f->s->with_managed)
		f->managers = p->of_vendor;
	f->scenarios = arena_array(e->scratch, (size_t)p->count + 1, sizeof *f->scenarios);
	for (uint32_t i = 0; i < p->count; i++)
		if (there[i])
			f->scenarios[f->scenario_count++] = (struct scenario){ p->names[i], i };
	if (!f->scenario_count && f->doubled) /* all there are may be one nobody named */
		f->scenarios[f->scenario_count++] = (struct scenario){ "(unknown)", p->count };
}

static void parties_by_set(struct flood *f)
{
	f->set = node_by_class(f->e, f->w->subject);
	for (uint32_t c = 0; c < f->e->class_count; c++)
		f->doubled = f->doubled || f->set[c] == MAYBE;
	f->scenarios = arena_array(f->e->scratch, 1, sizeof *f->scenarios);
	f->scenarios[0] = (struct scenario){ f->s->during_change ? "what is being changed" : f->s->subject_text, 0 };
	f->scenario_count = f->s->during_change && !f->e->q->changing ? 0 : 1;
}

void served_parties(struct flood *f)
{
	if (f->s->any == SUBJECT_SET)
		parties_by_set(f);
	else if (f->s->any == SUBJECT_VERSION)
		parties_by_version(f);
	else
		parties_by_vendor(f);
}

/* ---- who falls ---------------------------------------------------------------------------------------------------- */

static uint32_t fall_of_party(const struct flood *f, const struct batch *b, uint32_t party)
{
	uint32_t k = b->bit_of_party[party];
	if (!k)
		return 0;
	return (uint32_t)1 << (k - 1) | (f->doubled ? (uint32_t)1 << (b->count + k - 1) : 0);
}

static uint32_t low_of_product(const struct flood *f, const struct batch *b, uint32_t product)
{
	uint32_t bits = 0;
	for (size_t k = 0; k < b->count; k++)
		if (product == CODE_UNKNOWN || f->party_within[f->scenarios[b->from + k].party] == product)
			bits |= (uint32_t)1 << k;
	return bits;
}

/* The scenarios in which the elements of a class fall, where the class tells. */
static uint32_t falls_of_class(const struct flood *f, const struct batch *b, uint32_t class)
{
	if (f->set)
		return f->set[class] == YES ? b->all : f->set[class] == MAYBE ? b->low : 0;
	uint32_t party = f->of_class[class];
	return CODE_IS_KNOWN(party) ? fall_of_party(f, b, party) : party == CODE_UNKNOWN ? b->low : 0;
}

/* The scenarios in which an element falls of itself. */
static uint32_t falls(const struct flood *f, const struct batch *b, uint32_t i, const uint32_t *manager)
{
	if (f->s->during_change)
		return f->e->q->changing && f->e->q->changing[i] ? b->all : 0;
	uint32_t bits = 0;
	if (!f->party)
		bits = falls_of_class(f, b, f->e->class_of[i]);
	else if (CODE_IS_KNOWN(f->party[i]))
		bits = fall_of_party(f, b, f->party[i]);
	else if (f->party[i] == CODE_UNKNOWN)
		bits = low_of_product(f, b, f->within[i]);
	if (f->managers && CODE_IS_KNOWN(manager[i])) {
		uint32_t by = f->managers[manager[i]];
		bits |= CODE_IS_KNOWN(by) ? fall_of_party(f, b, by) : by == CODE_UNKNOWN ? b->low : 0;
	} else if (f->managers && manager[i] == CODE_UNKNOWN)
		bits |= b->low;
	return bits;
}

void served_alive(struct flood *f, const struct batch *b)
{
	const struct served *w = f->w;
	struct evaluation *e = f->e;
	bool by_class = !f->party && !f->managers && !f->s->during_change;
	uint32_t *alive = f->alive_of_class;
	for (uint32_t c = 0; c < e->class_count && by_class; c++)
		alive[c] = b->all & ~falls_of_class(f, b, c);
	for (uint32_t i = 0; i < e->elements && by_class; i++)
		f->cells[i] = (struct cell){ alive[e->class_of[i]], 0 };
	for (uint32_t i = 0; i < e->elements && !by_class; i++)
		f->cells[i] = (struct cell){ b->all & ~falls(f, b, i, w->manager), 0 };
	for (uint32_t i = 0; i < e->elements && w->hosts; i++) {
		uint32_t steps = 0;
		for (uint32_t up = w->host[i]; CODE_IS_KNOWN(up) && steps++ < LIMIT_NESTING; up = w->host[up])
			f->cells[i].alive &= b->all & ~falls(f, b, up, w->manager);
	}
}
