/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sums: how much of a measure falls to which classes in which group. Elements are summed by their class; sites count once,
 * so a site is first reduced to the columns it has an element in, and sites that agree are summed together.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policy/eval.h"

/* ---- groups ----------------------------------------------------------------------------------------------------------- */

struct group_slots { /* code -> group + 1 */
	uint32_t *codes, *groups;
	size_t room, count;
};

static size_t group_slot(const struct group_slots *t, uint32_t code)
{
	size_t i = (code * 0x9E3779B9u) >> 7 & (t->room - 1);
	while (t->groups[i] && t->codes[i] != code)
		i = (i + 1) & (t->room - 1);
	return i;
}

static void group_slots_grow(struct evaluation *e, struct group_slots *t)
{
	struct group_slots more = { .room = t->room ? t->room * 4 : 1024, .count = t->count };
	more.codes = arena_array(e->scratch, more.room, sizeof *more.codes);
	more.groups = arena_array(e->scratch, more.room, sizeof *more.groups);
	for (size_t i = 0; i < t->room; i++)
		if (t->groups[i]) {
			size_t at = group_slot(&more, t->codes[i]);
			more.codes[at] = t->codes[i];
			more.groups[at] = t->groups[i];
		}
	*t = more;
}

static const char *group_name(struct evaluation *e, enum net_table_name table, const struct net_column *c, uint32_t row)
{
	char text[48];
	if (!CODE_IS_KNOWN(c->codes[row]))
		return c->codes[row] == CODE_UNKNOWN ? "(unknown)" : "(none)";
	const char *cell = net_cell(e->net, table, c, row, text);
	return cell == text ? arena_text(e->arena, text, strlen(text)) : cell;
}

static void group_column(struct evaluation *e, struct grouping *g, enum net_table_name table, const struct net_column *c)
{
	enum { SMALL = 4096 };
	uint32_t rows = e->net->table[table].rows, last = 0, last_group = UINT32_MAX;
	uint32_t *small = arena_array(e->scratch, SMALL, sizeof *small); /* code -> group + 1, for small codes */
	struct group_slots slots = { 0 };
	struct { const char **items; size_t count, room; } names = { 0 };
	g->group = arena_array(e->scratch, (size_t)rows + 1, sizeof *g->group);
	for (uint32_t i = 0; i < rows; i++) {
		uint32_t code = c->codes[i];
		if (code == last && last_group != UINT32_MAX) { /* rows mostly come in blocks */
			g->group[i] = last_group;
			continue;
		}
		if (code < SMALL && small[code]) {
			g->group[i] = small[code] - 1;
			continue;
		}
		if (slots.count * 2 >= slots.room)
			group_slots_grow(e, &slots);
		size_t at = group_slot(&slots, code);
		if (!slots.groups[at]) {
			*array_add(&names) = group_name(e, table, c, i);
			slots.codes[at] = code;
			slots.groups[at] = (uint32_t)names.count;
			slots.count++;
		}
		last = code;
		g->group[i] = last_group = slots.groups[at] - 1;
		if (code < SMALL)
			small[code] = slots.groups[at];
	}
	g->count = (uint32_t)names.count;
	g->names = arena_array(e->scratch, names.count + 1, sizeof *g->names);
	if (names.count)
		memcpy(g->names, names.items, names.count * sizeof *g->names);
	free(names.items);
}

static void group_by_site(struct evaluation *e, struct grouping *g)
{
	uint32_t rows = e->net->table[NET_SITES].rows;
	g->of_sites = true;
	g->group = arena_array(e->scratch, (size_t)rows + 1, sizeof *g->group);
	g->names = arena_array(e->scratch, (size_t)rows + 1, sizeof *g->names);
	g->count = rows;
	for (uint32_t i = 0; i < rows; i++) {
		g->group[i] = i;
		g->names[i] = net_id(e->net, NET_SITES, i);
	}
}

static const struct net_column *column_of_vendor(struct evaluation *e, const char *name)
{
	const struct net_column *of = net_column(e->net, NET_VENDORS, name), *vendor = net_column(e->net, NET_ELEMENTS, "vendor");
	if (!of || !of->codes)
		return NULL;
	struct net_column *c = arena_alloc(e->scratch, sizeof *c);
	*c = *of;
	c->codes = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *c->codes);
	for (uint32_t i = 0; i < e->elements; i++)
		c->codes[i] = CODE_IS_KNOWN(vendor->codes[i]) ? of->codes[vendor->codes[i]] : vendor->codes[i];
	return c;
}

const struct grouping *grouping_of(struct evaluation *e, const struct statement *s)
{
	const char *per = s->per;
	for (size_t i = 0; i < e->groupings.count; i++) {
		const char *other = e->groupings.items[i]->per;
		if ((!per && !other) || (per && other && !strcmp(per, other)))
			return e->groupings.items[i];
	}
	struct grouping *g = arena_alloc(e->scratch, sizeof *g);
	*g = (struct grouping){ .per = per, .count = 1 };
	*array_add(&e->groupings) = g;
	if (!per)
		return g;
	const char *name = !strncmp(per, "element.", 8) ? per + 8 : per;
	const struct net_column *c = strncmp(per, "site.", 5) ? net_column(e->net, NET_ELEMENTS, name) : NULL;
	if (!strcmp(name, "site")) {
		group_by_site(e, g);
	} else if (c && c->codes) {
		group_column(e, g, NET_ELEMENTS, c);
	} else if (!strncmp(per, "vendor.", 7) && (c = column_of_vendor(e, per + 7))) {
		group_column(e, g, NET_ELEMENTS, c);
	} else if ((c = net_column(e->net, NET_SITES, !strncmp(per, "site.", 5) ? per + 5 : per)) && c->codes) {
		g->of_sites = true;
		group_column(e, g, NET_SITES, c);
	} else {
		g->missing = true;
		document_diagnose(s->document, e->q->diagnostics, SEVERITY_WARNING, "unknown-column", s->per_token,
				  "no file of the network has a column \"%s\" to group by: everything is in the group (unknown)", per);
		g->names = arena_array(e->scratch, 1, sizeof *g->names);
		g->names[0] = "(unknown)";
	}
	return g;
}

static inline uint32_t group_of_element(const struct evaluation *e, const struct grouping *g, const uint32_t *site_of, uint32_t element)
{
	(void)e;
	return !g->group ? 0 : g->group[g->of_sites ? site_of[element] : element];
}

/* ---- what is summed ------------------------------------------------------------------------------------------------------- */

static enum measure_kind measure_find(struct evaluation *e, const struct statement *s, const char *measure, const int64_t **values)
{
	*values = NULL;
	if (!strcmp(measure, "elements"))
		return MEASURE_ELEMENTS;
	if (!strcmp(measure, "sites"))
		return MEASURE_SITES;
	bool of_site = !strncmp(measure, "site.", 5);
	const char *name = of_site ? measure + 5 : !strncmp(measure, "element.", 8) ? measure + 8 : measure;
	const struct net_column *c = of_site ? NULL : net_column(e->net, NET_ELEMENTS, name);
	if (c && c->type == TYPE_MEASURE) {
		*values = c->measures;
		return MEASURE_ELEMENT_COLUMN;
	}
	c = strncmp(measure, "element.", 8) ? net_column(e->net, NET_SITES, name) : NULL;
	if (c && c->type == TYPE_MEASURE) {
		*values = c->measures;
		return MEASURE_SITE_COLUMN;
	}
	document_diagnose(s->document, e->q->diagnostics, SEVERITY_WARNING, "unknown-measure", s->measure_token,
			  "no file of the network has a measure \"%s\": shares of it are unknown", measure);
	return MEASURE_MISSING;
}

struct sum *sum_of(struct evaluation *e, const struct statement *s, const char *measure, const struct grouping *g)
{
	const int64_t *values;
	enum measure_kind kind = measure_find(e, s, measure, &values);
	for (size_t i = 0; i < e->sums.count; i++) {
		struct sum *sum = e->sums.items[i];
		if (sum->kind == kind && sum->values == values && sum->grouping == g)
			return sum;
	}
	struct sum *sum = arena_alloc(e->scratch, sizeof *sum);
	*sum = (struct sum){ .kind = kind, .values = values, .grouping = g,
			     .counted_by_site = kind == MEASURE_SITES || kind == MEASURE_SITE_COLUMN };
	*array_add(&e->sums) = sum;
	return sum;
}

void sum_wants(struct evaluation *e, struct sum *sum, uint32_t column)
{
	(void)e;
	*array_add(&sum->columns) = column;
}

void sum_wants_term(struct evaluation *e, struct sum *sum, const struct term *t)
{
	sum_wants(e, sum, t->target_high);
	sum_wants(e, sum, t->n_low);
	sum_wants(e, sum, t->d_low);
	sum_wants(e, sum, t->n_high);
	sum_wants(e, sum, t->d_high);
}

/* The wanted columns, each once, get rows of the result; row lists by class say where a class's share goes. */
struct rows_of_class {
	uint32_t *first, *rows; /* class c: rows[first[c]] .. rows[first[c + 1] - 1] */
};

static uint32_t locals_make(struct evaluation *e, struct sum *sum)
{
	sum->local = arena_array(e->scratch, e->columns.count + 1, sizeof *sum->local);
	memset(sum->local, 0xff, e->columns.count * sizeof *sum->local);
	uint32_t rows = 0;
	for (size_t i = 0; i < sum->columns.count; i++)
		if (sum->local[sum->columns.items[i]] == NO_COLUMN)
			sum->local[sum->columns.items[i]] = rows++;
	return rows;
}

static struct rows_of_class rows_make(struct evaluation *e, const uint32_t *local)
{
	struct rows_of_class r = { arena_array(e->scratch, (size_t)e->class_count + 2, sizeof(uint32_t)), NULL };
	for (int fill = 0; fill < 2; fill++) {
		for (size_t col = 0; col < e->columns.count; col++) {
			if (local[col] == NO_COLUMN)
				continue;
			for (uint64_t w = 0; w < e->class_words; w++)
				for (uint64_t bits = e->columns.items[col][w]; bits; bits &= bits - 1) {
					uint32_t c = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
					if (fill)
						r.rows[r.first[c]++] = local[col];
					else
						r.first[c + 1]++;
				}
		}
		if (!fill) {
			for (uint32_t c = 0; c < e->class_count; c++)
				r.first[c + 1] += r.first[c];
			r.rows = arena_array(e->scratch, (size_t)r.first[e->class_count] + 1, sizeof *r.rows);
		}
	}
	for (uint32_t c = e->class_count; c > 0; c--)
		r.first[c] = r.first[c - 1];
	r.first[0] = 0;
	return r;
}

/* ---- elements ------------------------------------------------------------------------------------------------------------------ */

enum { BY_CLASS_LIMIT = 1 << 20 }; /* cells of class x group up to which summing by class first is cheaper */

static bool has_unknown(const int64_t *values, size_t count)
{
	enum { AT_ONCE = 1024 };
	for (size_t from = 0; values && from < count; from += AT_ONCE) { /* no branch inside, so that it takes several at a time */
		size_t to = from + AT_ONCE < count ? from + AT_ONCE : count;
		int unknown = 0;
		for (size_t i = from; i < to; i++)
			unknown |= values[i] == MEASURE_UNKNOWN;
		if (unknown)
			return true;
	}
	return false;
}

/* What classes hold by group, [group * classes + class], goes to the rows of the classes' columns. */
static void spread(struct sum *sum, const struct rows_of_class *r, uint32_t classes, const wide *amounts, const uint32_t *unknown)
{
	uint32_t groups = sum->grouping->count;
	for (uint32_t g = 0; g < groups; g++)
		for (uint32_t c = 0; c < classes; c++) {
			wide amount = amounts[(size_t)g * classes + c];
			uint32_t missing = unknown ? unknown[(size_t)g * classes + c] : 0;
			if (!amount && !missing)
				continue;
			for (uint32_t at = r->first[c]; at < r->first[c + 1]; at++) {
				sum->amounts[(size_t)r->rows[at] * groups + g] += amount;
				if (missing)
					sum->unknown[(size_t)r->rows[at] * groups + g] += missing;
			}
		}
}

/* Elements lie in blocks of sites and regions, so a group's classes stay in the cache while its elements pass by. */
static void count_elements(struct evaluation *e, const struct grouping *g, wide *into)
{
	const uint32_t *site_of = net_column(e->net, NET_ELEMENTS, "site")->codes;
	uint32_t classes = e->class_count;
	for (uint32_t i = 0; i < e->elements; i++)
		into[(size_t)group_of_element(e, g, site_of, i) * classes + e->class_of[i]] += MICRO;
}

/* What another sum has by class and group, without the groups. */
static const wide *counted_already(const struct evaluation *e, const struct sum *sum, uint32_t *groups)
{
	for (size_t i = 0; i < e->sums.count; i++) {
		const struct sum *o = e->sums.items[i];
		if (o != sum && o->by_class && o->kind == sum->kind && o->values == sum->values && !o->unknown) {
			*groups = o->grouping->count;
			return o->by_class;
		}
	}
	return NULL;
}

static void fold_groups(const wide *from, uint32_t groups, uint32_t classes, wide *into)
{
	for (uint32_t g = 0; g < groups; g++)
		for (uint32_t c = 0; c < classes; c++)
			into[c] += from[(size_t)g * classes + c];
}

static void sum_by_class(struct evaluation *e, struct sum *sum, uint32_t *missing)
{
	const uint32_t *site_of = net_column(e->net, NET_ELEMENTS, "site")->codes;
	const struct grouping *g = sum->grouping;
	uint32_t classes = e->class_count, groups;
	const wide *known = g->group ? NULL : counted_already(e, sum, &groups);
	if (known) {
		fold_groups(known, groups, classes, sum->by_class);
		return;
	}
	if (!sum->values) {
		count_elements(e, g, sum->by_class);
		return;
	}
	for (uint32_t i = 0; i < e->elements; i++) {
		size_t at = (size_t)group_of_element(e, g, site_of, i) * classes + e->class_of[i];
		int64_t v = sum->values[i];
		if (v != MEASURE_UNKNOWN)
			sum->by_class[at] += v;
		else
			missing[at]++;
	}
}

static void sum_elements(struct evaluation *e, struct sum *sum)
{
	const uint32_t *site_of = net_column(e->net, NET_ELEMENTS, "site")->codes;
	const struct grouping *g = sum->grouping;
	uint32_t groups = g->count, rows = locals_make(e, sum);
	bool unknown = has_unknown(sum->values, e->elements);
	sum->amounts = arena_array(e->scratch, (size_t)rows * groups + 1, sizeof *sum->amounts);
	sum->unknown = unknown ? arena_array(e->scratch, (size_t)rows * groups + 1, sizeof *sum->unknown) : NULL;
	struct rows_of_class r = rows_make(e, sum->local);
	if ((uint64_t)e->class_count * groups <= BY_CLASS_LIMIT) {
		size_t cells = (size_t)e->class_count * groups + 1;
		uint32_t *missing = unknown ? arena_array(e->scratch, cells, sizeof *missing) : NULL;
		sum->by_class = arena_array(e->scratch, cells, sizeof *sum->by_class);
		sum_by_class(e, sum, missing);
		spread(sum, &r, e->class_count, sum->by_class, missing);
		return;
	}
	for (uint32_t i = 0; i < e->elements; i++) { /* many groups: straight to the rows */
		uint32_t c = e->class_of[i], group = group_of_element(e, g, site_of, i);
		int64_t v = sum->values ? sum->values[i] : MICRO;
		for (uint32_t at = r.first[c]; at < r.first[c + 1]; at++)
			if (v != MEASURE_UNKNOWN)
				sum->amounts[(size_t)r.rows[at] * groups + group] += v;
			else
				sum->unknown[(size_t)r.rows[at] * groups + group]++;
	}
}

/* ---- sites ---------------------------------------------------------------------------------------------------------------------------- */

/* All sums over sites go over them together. A site's pattern is the rows it has an element in, as bits. */
struct site_batch {
	struct evaluation *e;
	struct sum **sums;
	size_t sum_count;
	uint32_t rows, words;
	uint64_t *class_bits;	  /* [class * words] */
	struct { uint64_t *items; size_t count, room; } patterns; /* [pattern * words] */
	uint32_t *slots;
	size_t slot_count, pattern_count;
	uint32_t *pattern;	  /* by site */
	wide *amounts;		  /* [group * patterns + pattern], used again by each sum: fresh memory is dear */
	uint32_t *missing;
	size_t cells;
};

static size_t pattern_hash(const uint64_t *bits, uint32_t words)
{
	uint64_t h = 0;
	for (uint32_t w = 0; w < words; w++)
		h = (h ^ bits[w]) * 0x9E3779B97F4A7C15u;
	return (size_t)(h >> 17);
}

static void patterns_grow(struct site_batch *b)
{
	size_t count = b->slot_count ? b->slot_count * 2 : 4096;
	uint32_t *slots = arena_array(b->e->scratch, count, sizeof *slots);
	for (size_t p = 0; p < b->pattern_count; p++) {
		size_t s = pattern_hash(b->patterns.items + p * b->words, b->words) & (count - 1);
		while (slots[s])
			s = (s + 1) & (count - 1);
		slots[s] = (uint32_t)p + 1;
	}
	b->slots = slots;
	b->slot_count = count;
}

static uint32_t pattern_of(struct site_batch *b, const uint64_t *bits)
{
	if (b->pattern_count * 2 >= b->slot_count)
		patterns_grow(b);
	size_t s = pattern_hash(bits, b->words) & (b->slot_count - 1);
	while (b->slots[s]) {
		const uint64_t *have = b->patterns.items + (size_t)(b->slots[s] - 1) * b->words;
		uint32_t w = 0;
		while (w < b->words && have[w] == bits[w])
			w++;
		if (w == b->words)
			return b->slots[s] - 1;
		s = (s + 1) & (b->slot_count - 1);
	}
	for (uint32_t w = 0; w < b->words; w++)
		*array_add(&b->patterns) = bits[w];
	b->slots[s] = (uint32_t)++b->pattern_count;
	return (uint32_t)b->pattern_count - 1;
}

static void batch_begin(struct site_batch *b)
{
	struct evaluation *e = b->e;
	uint32_t *local = arena_array(e->scratch, e->columns.count + 1, sizeof *local);
	memset(local, 0xff, e->columns.count * sizeof *local);
	for (size_t i = 0; i < b->sum_count; i++)
		for (size_t j = 0; j < b->sums[i]->columns.count; j++)
			if (local[b->sums[i]->columns.items[j]] == NO_COLUMN)
				local[b->sums[i]->columns.items[j]] = b->rows++;
	b->words = (b->rows + 63) / 64;
	b->class_bits = arena_array(e->scratch, (size_t)e->class_count * b->words + 1, sizeof *b->class_bits);
	for (size_t col = 0; col < e->columns.count; col++) {
		if (local[col] == NO_COLUMN)
			continue;
		for (uint64_t w = 0; w < e->class_words; w++)
			for (uint64_t bits = e->columns.items[col][w]; bits; bits &= bits - 1) {
				size_t c = (size_t)w * 64 + (size_t)__builtin_ctzll(bits);
				b->class_bits[c * b->words + local[col] / 64] |= (uint64_t)1 << (local[col] & 63);
			}
	}
	uint32_t sites = e->net->table[NET_SITES].rows;
	for (size_t i = 0; i < b->sum_count; i++) {
		struct sum *s = b->sums[i];
		size_t cells = (size_t)b->rows * s->grouping->count + 1;
		s->local = local;
		s->amounts = arena_array(e->scratch, cells, sizeof *s->amounts);
		if (has_unknown(s->values, sites))
			s->unknown = arena_array(e->scratch, cells, sizeof *s->unknown);
	}
}

static void add_to_row(struct sum *s, size_t row, uint32_t group, wide amount, uint32_t missing)
{
	size_t at = row * s->grouping->count + group;
	s->amounts[at] += amount;
	if (missing)
		s->unknown[at] += missing;
}

static void add_bits(const struct site_batch *b, struct sum *s, const uint64_t *bits, uint32_t group, wide amount, uint32_t missing)
{
	for (uint32_t w = 0; w < b->words; w++)
		for (uint64_t left = bits[w]; left; left &= left - 1)
			add_to_row(s, (size_t)w * 64 + (size_t)__builtin_ctzll(left), group, amount, missing);
}

/* Groups belong to elements: a site counts once in each group it has an element in. */
static void sum_by_element_groups(const struct site_batch *b, struct sum *sum)
{
	const struct evaluation *e = b->e;
	const uint32_t *group_of = sum->grouping->group;
	uint64_t *bits = arena_array(e->scratch, (size_t)b->words + 1, sizeof *bits);
	for (uint32_t s = 0; s < e->net->table[NET_SITES].rows; s++) {
		const uint32_t *at = e->net->site_elements + e->net->site_first[s], *end = e->net->site_elements + e->net->site_first[s + 1];
		int64_t v = sum->values ? sum->values[s] : MICRO;
		for (const uint32_t *p = at; p < end; p++) {
			uint32_t group = group_of[*p];
			const uint32_t *before = at;
			while (before < p && group_of[*before] != group)
				before++;
			if (before < p)
				continue; /* this group of the site is done */
			memset(bits, 0, b->words * sizeof *bits);
			for (const uint32_t *q = p; q < end; q++)
				for (uint32_t w = 0; group_of[*q] == group && w < b->words; w++)
					bits[w] |= b->class_bits[(size_t)e->class_of[*q] * b->words + w];
			add_bits(b, sum, bits, group, v == MEASURE_UNKNOWN ? 0 : v, v == MEASURE_UNKNOWN);
		}
	}
}

/* Up to 64 rows: a pattern is one word, and most sites have one of few. */
static void patterns_of_a_word(struct site_batch *b)
{
	enum { RECENT = 256 };
	const struct evaluation *e = b->e;
	uint32_t sites = e->net->table[NET_SITES].rows, number[RECENT];
	const uint32_t *first = e->net->site_first, *element = e->net->site_elements;
	uint64_t word[RECENT];
	memset(number, 0xff, sizeof number);
	for (uint32_t s = 0; s < sites; s++) {
		uint64_t bits = 0;
		for (uint32_t k = first[s]; k < first[s + 1]; k++)
			bits |= b->class_bits[e->class_of[element[k]]];
		size_t at = (bits * 0x9E3779B97F4A7C15u) >> 56;
		if (number[at] == UINT32_MAX || word[at] != bits) {
			number[at] = pattern_of(b, &bits);
			word[at] = bits;
		}
		b->pattern[s] = number[at];
	}
}

static void patterns_make(struct site_batch *b)
{
	const struct evaluation *e = b->e;
	uint32_t sites = e->net->table[NET_SITES].rows, last = 0;
	const uint32_t *first = e->net->site_first, *element = e->net->site_elements;
	uint64_t *bits = arena_array(e->scratch, (size_t)b->words + 1, sizeof *bits);
	b->pattern = arena_array(e->scratch, (size_t)sites + 1, sizeof *b->pattern);
	if (b->words == 1) {
		patterns_of_a_word(b);
		return;
	}
	for (uint32_t s = 0; s < sites; s++) {
		for (uint32_t w = 0; w < b->words; w++)
			bits[w] = 0;
		for (uint32_t k = first[s]; k < first[s + 1]; k++) {
			const uint64_t *of = b->class_bits + (size_t)e->class_of[element[k]] * b->words;
			for (uint32_t w = 0; w < b->words; w++)
				bits[w] |= of[w];
		}
		if (!s || memcmp(bits, b->patterns.items + (size_t)last * b->words, b->words * sizeof *bits) != 0)
			last = pattern_of(b, bits);
		b->pattern[s] = last;
	}
}

static void cells_clear(struct site_batch *b, size_t cells)
{
	if (cells <= b->cells) {
		memset(b->amounts, 0, cells * sizeof *b->amounts);
		memset(b->missing, 0, cells * sizeof *b->missing);
		return;
	}
	b->cells = cells;
	b->amounts = arena_array(b->e->scratch, cells, sizeof *b->amounts);
	b->missing = arena_array(b->e->scratch, cells, sizeof *b->missing);
}

static void sum_by_patterns(struct site_batch *b, struct sum *sum)
{
	struct evaluation *e = b->e;
	const struct grouping *g = sum->grouping;
	uint32_t sites = e->net->table[NET_SITES].rows, patterns = (uint32_t)b->pattern_count;
	if ((uint64_t)patterns * g->count > BY_CLASS_LIMIT) { /* many groups: straight to the rows */
		for (uint32_t s = 0; s < sites; s++) {
			int64_t v = sum->values ? sum->values[s] : MICRO;
			add_bits(b, sum, b->patterns.items + (size_t)b->pattern[s] * b->words, g->group ? g->group[s] : 0,
				 v == MEASURE_UNKNOWN ? 0 : v, v == MEASURE_UNKNOWN);
		}
		return;
	}
	cells_clear(b, (size_t)patterns * g->count + 1);
	wide *amounts = b->amounts;
	uint32_t *missing = b->missing;
	for (uint32_t s = 0; s < sites; s++) {
		size_t at = (size_t)(g->group ? g->group[s] : 0) * patterns + b->pattern[s];
		int64_t v = sum->values ? sum->values[s] : MICRO;
		if (v != MEASURE_UNKNOWN)
			amounts[at] += v;
		else
			missing[at]++;
	}
	for (uint32_t group = 0; group < g->count; group++)
		for (uint32_t p = 0; p < patterns; p++) {
			size_t at = (size_t)group * patterns + p;
			if (amounts[at] || missing[at])
				add_bits(b, sum, b->patterns.items + (size_t)p * b->words, group, amounts[at], missing[at]);
		}
}

static void sum_sites(struct evaluation *e)
{
	struct site_batch b = { .e = e, .sums = arena_array(e->scratch, e->sums.count + 1, sizeof *b.sums) };
	for (size_t i = 0; i < e->sums.count; i++)
		if (e->sums.items[i]->counted_by_site)
			b.sums[b.sum_count++] = e->sums.items[i];
	if (!b.sum_count)
		return;
	batch_begin(&b);
	patterns_make(&b);
	uint32_t most = 0;
	for (size_t i = 0; i < b.sum_count; i++)
		most = b.sums[i]->grouping->count > most ? b.sums[i]->grouping->count : most;
	if ((uint64_t)most * b.pattern_count <= BY_CLASS_LIMIT)
		cells_clear(&b, (size_t)most * b.pattern_count + 1);
	for (size_t i = 0; i < b.sum_count; i++)
		if (b.sums[i]->grouping->group && !b.sums[i]->grouping->of_sites)
			sum_by_element_groups(&b, b.sums[i]);
		else
			sum_by_patterns(&b, b.sums[i]);
	free(b.patterns.items);
}

/* Sums with groups first: one without is then a matter of adding them up. */
void sums_make(struct evaluation *e)
{
	for (int grouped = 1; grouped >= 0; grouped--)
		for (size_t i = 0; i < e->sums.count; i++) {
			struct sum *s = e->sums.items[i];
			if (s->kind != MEASURE_MISSING && !s->counted_by_site && (s->grouping->group != NULL) == grouped)
				sum_elements(e, s);
		}
	sum_sites(e);
}

wide sum_at(const struct sum *s, uint32_t column, uint32_t group)
{
	return s->amounts ? s->amounts[(size_t)s->local[column] * s->grouping->count + group] : 0;
}

uint32_t sum_unknown_at(const struct sum *s, uint32_t column, uint32_t group)
{
	return s->unknown ? s->unknown[(size_t)s->local[column] * s->grouping->count + group] : 0;
}
