/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sums: how much of a measure falls to which columns of classes in which group. Whatever is summed - elements, or sites, which
 * count once - is first told by its pattern: the wanted columns that it is in, as bits. There are few patterns, so one pass over
 * the things for each grouping adds their measures up by group and pattern, and only then patterns go to their columns.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policy/eval.h"

enum { BLOCK = 2048, MOST_CELLS = 1 << 20 /* of group x pattern: beyond, each thing goes to its columns by itself */ };

/* ---- what is summed ------------------------------------------------------------------------------------------------------- */

void measure_refuse_negative(struct evaluation *e, const struct statement *s, enum net_table_name table,
			     const struct net_column *c)
{
	for (size_t i = 0; i < e->sums.count; i++)
		if (e->sums.items[i]->values == c->measures)
			return; /* looked at before */
	for (uint32_t i = 0; i < e->net->table[table].rows; i++)
		if (c->measures[i] < 0 && c->measures[i] != MEASURE_UNKNOWN) {
			struct place place = net_place(e->net, table, i);
			document_diagnose(s->document, e->q->diagnostics, SEVERITY_ERROR, "negative-measure",
					  s->measure_token,
					  "no share can be taken of \"%s\": %s:%u has less than nothing of it", c->name,
					  place.file, place.line);
			return;
		}
}

/* One cell that is no number makes a column one of words: which, is what somebody who meant numbers has to know. */
static bool measure_is_words(struct evaluation *e, const struct statement *s, enum net_table_name table,
			     const struct net_column *c)
{
	if (!c || !c->codes)
		return false;
	for (uint32_t row = 0; row < e->net->table[table].rows; row++) {
		char text[48];
		const char *cell = net_cell(e->net, table, c, row, text);
		int64_t micro;
		if (!CODE_IS_KNOWN(c->codes[row]) || measure_parse(cell, strlen(cell), &micro) == NUMBER_OK)
			continue;
		struct place place = net_place(e->net, table, row);
		document_diagnose(s->document, e->q->diagnostics, SEVERITY_WARNING, "unknown-measure", s->measure_token,
				  "\"%s\" is a column of words, because of \"%s\" at %s:%u: shares of it are unknown",
				  s->measure_token->text, cell, place.file, place.line);
		return true;
	}
	return false;
}

static enum measure_kind measure_find(struct evaluation *e, const struct statement *s, const char *measure,
				      const int64_t **values)
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
		measure_refuse_negative(e, s, NET_ELEMENTS, c);
		*values = c->measures;
		return MEASURE_ELEMENT_COLUMN;
	}
	c = strncmp(measure, "element.", 8) ? net_column(e->net, NET_SITES, name) : NULL;
	if (c && c->type == TYPE_MEASURE) {
		measure_refuse_negative(e, s, NET_SITES, c);
		*values = c->measures;
		return MEASURE_SITE_COLUMN;
	}
	if (!of_site && measure_is_words(e, s, NET_ELEMENTS, net_column(e->net, NET_ELEMENTS, name)))
		return MEASURE_MISSING;
	if (measure_is_words(e, s, NET_SITES, c))
		return MEASURE_MISSING;
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
	*sum = (struct sum){ .kind = kind,
			     .values = values,
			     .grouping = g,
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

/* ---- columns that several sums want ---------------------------------------------------------------------------------------- */

struct wanted {
	uint32_t *columns, count; /* bit of a pattern -> column */
	uint32_t *bit_of;         /* column -> bit, NO_COLUMN */
	uint32_t words;
};

static struct wanted wanted_by(struct evaluation *e, struct sum *const *sums, size_t count)
{
	struct wanted w = { .columns = arena_array(e->scratch, e->columns.count + 1, sizeof(uint32_t)),
			    .bit_of = arena_array(e->scratch, e->columns.count + 1, sizeof(uint32_t)) };
	memset(w.bit_of, 0xff, e->columns.count * sizeof *w.bit_of);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sums[i]->columns.count; j++) {
			uint32_t column = sums[i]->columns.items[j];
			if (w.bit_of[column] != NO_COLUMN)
				continue;
			w.bit_of[column] = w.count;
			w.columns[w.count++] = column;
		}
	w.words = (w.count + 63) / 64;
	return w;
}

/* [class * words]: the wanted columns that a class is in */
static uint64_t *bits_of_classes(struct evaluation *e, const struct wanted *w)
{
	uint64_t *bits = arena_array(e->scratch, (size_t)e->class_count * w->words + 1, sizeof *bits);
	for (uint32_t bit = 0; bit < w->count; bit++)
		for (uint64_t word = 0; word < e->class_words; word++)
			for (uint64_t left = e->columns.items[w->columns[bit]][word]; left; left &= left - 1) {
				size_t c = (size_t)word * 64 + (size_t)__builtin_ctzll(left);
				bits[c * w->words + bit / 64] |= (uint64_t)1 << (bit & 63);
			}
	return bits;
}

/* ---- patterns: each once ---------------------------------------------------------------------------------------------------- */

struct patterns {
	struct evaluation *e;
	uint32_t words, count;
	struct {
		uint64_t *items;
		size_t count, room;
	} bits; /* [pattern * words] */
	uint32_t *slots;
	size_t slot_count;
};

static size_t pattern_hash(const uint64_t *bits, uint32_t words)
{
	uint64_t h = 0;
	for (uint32_t w = 0; w < words; w++)
		h = (h ^ bits[w]) * 0x9E3779B97F4A7C15u;
	return (size_t)(h >> 17);
}

static void patterns_grow(struct patterns *p)
{
	size_t count = p->slot_count ? p->slot_count * 2 : 1024;
	uint32_t *slots = arena_array(p->e->scratch, count, sizeof *slots);
	for (uint32_t i = 0; i < p->count; i++) {
		size_t s = pattern_hash(p->bits.items + (size_t)i * p->words, p->words) & (count - 1);
		while (slots[s])
			s = (s + 1) & (count - 1);
		slots[s] = i + 1;
	}
	p->slots = slots;
	p->slot_count = count;
}

static uint32_t pattern_of(struct patterns *p, const uint64_t *bits)
{
	if ((size_t)p->count * 2 >= p->slot_count)
		patterns_grow(p);
	size_t s = pattern_hash(bits, p->words) & (p->slot_count - 1);
	for (; p->slots[s]; s = (s + 1) & (p->slot_count - 1))
		if (!memcmp(p->bits.items + (size_t)(p->slots[s] - 1) * p->words, bits, p->words * sizeof *bits))
			return p->slots[s] - 1;
	for (uint32_t w = 0; w < p->words; w++)
		*array_add(&p->bits) = bits[w];
	p->slots[s] = ++p->count;
	return p->count - 1;
}

/* ---- a batch: sums over the same things in the same groups -------------------------------------------------------------------- */

struct cell {
	wide amount;
	uint32_t unknown; /* things of unknown measure */
};

struct batch {
	struct evaluation *e;
	const struct grouping *grouping;
	struct sum **sums;
	size_t sum_count;
	struct wanted wanted;
	struct patterns patterns;
	uint32_t things;
	const uint32_t *kind_of;    /* thing -> its kind: an element's class, a site's pattern among all sites */
	const uint32_t *pattern_of; /* kind -> pattern */
	const uint32_t *site_of;    /* elements in groups of sites; else NULL */
};

static void result_make(struct evaluation *e, struct sum *sum)
{
	uint32_t rows = 0;
	sum->local = arena_array(e->scratch, e->columns.count + 1, sizeof *sum->local);
	memset(sum->local, 0xff, e->columns.count * sizeof *sum->local);
	for (size_t i = 0; i < sum->columns.count; i++)
		if (sum->local[sum->columns.items[i]] == NO_COLUMN)
			sum->local[sum->columns.items[i]] = rows++;
	sum->amounts = arena_array(e->scratch, (size_t)rows * sum->grouping->count + 1, sizeof *sum->amounts);
	sum->rows = rows;
}

/* What a pattern holds in a group goes to the sum's columns among its bits. */
static void add_bits(struct evaluation *e, const struct wanted *w, struct sum *sum, const uint64_t *bits,
		     uint32_t group, struct cell cell)
{
	uint32_t groups = sum->grouping->count;
	if (cell.unknown && !sum->unknown)
		sum->unknown = arena_array(e->scratch, (size_t)sum->rows * groups + 1, sizeof *sum->unknown);
	for (uint32_t word = 0; word < w->words; word++)
		for (uint64_t left = bits[word]; left; left &= left - 1) {
			uint32_t row = sum->local[w->columns[word * 64 + (uint32_t)__builtin_ctzll(left)]];
			if (row == NO_COLUMN)
				continue;
			sum->amounts[(size_t)row * groups + group] += cell.amount;
			if (cell.unknown)
				sum->unknown[(size_t)row * groups + group] += cell.unknown;
		}
}

static struct cell cell_of(const int64_t *values, uint32_t row)
{
	int64_t v = values ? values[row] : MICRO;
	return v == MEASURE_UNKNOWN ? (struct cell){ 0, 1 } : (struct cell){ v, 0 };
}

static void batch_one_by_one(struct batch *b)
{
	for (uint32_t i = 0; i < b->things; i++) {
		const uint64_t *bits =
			b->patterns.bits.items + (size_t)b->pattern_of[b->kind_of[i]] * b->patterns.words;
		uint32_t group = group_of_row(b->grouping, b->site_of ? b->site_of[i] : i);
		for (size_t s = 0; s < b->sum_count; s++)
			add_bits(b->e, &b->wanted, b->sums[s], bits, group, cell_of(b->sums[s]->values, i));
	}
}

/* Where in [group * patterns + pattern] each thing of a block belongs. */
static void block_cells(const struct batch *b, uint32_t from, uint32_t count, uint32_t *cell)
{
	const uint32_t *kind = b->kind_of + from;
	const struct grouping *g = b->grouping;
	uint32_t patterns = b->patterns.count;
	if (!g->codes)
		for (uint32_t i = 0; i < count; i++)
			cell[i] = b->pattern_of[kind[i]];
	else if (b->site_of)
		for (uint32_t i = 0; i < count; i++)
			cell[i] = group_of_row(g, b->site_of[from + i]) * patterns + b->pattern_of[kind[i]];
	else
		for (uint32_t i = 0; i < count; i++)
			cell[i] = group_of_row(g, from + i) * patterns + b->pattern_of[kind[i]];
}

/*
 * Amounts of one sum by cell. Things add to 64 bits, next things to another lane, so that none waits for the one before. It is
 * known how much they can have come to: what might not fit, and what is unknown, goes to the wide cells instead.
 */
struct tally {
	int64_t *lanes;    /* [cell * LANES + lane] */
	uint64_t at_most;  /* in any lane */
	struct cell *wide; /* NULL: not needed so far */
};

enum { LANES = 2 };

static void add_wide(struct batch *b, struct tally *t, const int64_t *values, const uint32_t *at, uint32_t count)
{
	if (!t->wide)
		t->wide =
			arena_array(b->e->scratch, (size_t)b->patterns.count * b->grouping->count + 1, sizeof *t->wide);
	for (uint32_t i = 0; i < count; i++) {
		struct cell c = cell_of(values, i);
		t->wide[at[i]].amount += c.amount;
		t->wide[at[i]].unknown += c.unknown;
	}
}

static void add_block(struct batch *b, struct tally *t, const int64_t *values, const uint32_t *at, uint32_t count)
{
	int64_t each = values ? 0 : MICRO; /* none is more than all their bits together */
	for (uint32_t i = 0; values && i < count; i++)
		each |= values[i];
	uint64_t more = (uint64_t)each * BLOCK;
	if (each < 0 || each > INT64_MAX / BLOCK || more > (uint64_t)INT64_MAX - t->at_most) {
		add_wide(b, t, values, at, count);
		return;
	}
	t->at_most += more;
	uint32_t i = 0;
	for (; i + LANES <= count; i += LANES)
		for (uint32_t lane = 0; lane < LANES; lane++)
			t->lanes[at[i + lane] * LANES + lane] += values ? values[i + lane] : MICRO;
	for (; i < count; i++)
		t->lanes[at[i] * LANES] += values ? values[i] : MICRO;
}

static struct cell tally_cell(const struct tally *t, size_t at)
{
	struct cell cell = t->wide ? t->wide[at] : (struct cell){ 0 };
	for (uint32_t lane = 0; lane < LANES; lane++)
		cell.amount += t->lanes[at * LANES + lane];
	return cell;
}

static void batch_run(struct batch *b)
{
	uint32_t patterns = b->patterns.count, groups = b->grouping->count;
	for (size_t s = 0; s < b->sum_count; s++)
		result_make(b->e, b->sums[s]);
	if ((uint64_t)patterns * groups > MOST_CELLS) {
		batch_one_by_one(b);
		return;
	}
	struct tally *tallies = arena_array(b->e->scratch, b->sum_count + 1, sizeof *tallies);
	for (size_t s = 0; s < b->sum_count; s++)
		tallies[s].lanes =
			arena_array(b->e->scratch, (size_t)patterns * groups * LANES + 1, sizeof *tallies->lanes);
	uint32_t at[BLOCK];
	for (uint32_t from = 0; from < b->things; from += BLOCK) {
		uint32_t count = b->things - from < BLOCK ? b->things - from : BLOCK;
		block_cells(b, from, count, at);
		for (size_t s = 0; s < b->sum_count; s++)
			add_block(b, &tallies[s], b->sums[s]->values ? b->sums[s]->values + from : NULL, at, count);
	}
	for (size_t s = 0; s < b->sum_count; s++)
		for (uint32_t group = 0; group < groups; group++)
			for (uint32_t p = 0; p < patterns; p++) {
				struct cell cell = tally_cell(&tallies[s], (size_t)group * patterns + p);
				if (cell.amount || cell.unknown)
					add_bits(b->e, &b->wanted, b->sums[s],
						 b->patterns.bits.items + (size_t)p * b->patterns.words, group, cell);
			}
}

/* ---- elements ------------------------------------------------------------------------------------------------------------------ */

static void sum_elements(struct batch *b)
{
	struct evaluation *e = b->e;
	uint64_t *bits = bits_of_classes(e, &b->wanted);
	uint32_t *pattern = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *pattern);
	for (uint32_t c = 0; c < e->class_count; c++)
		pattern[c] = pattern_of(&b->patterns, bits + (size_t)c * b->wanted.words);
	b->things = e->elements;
	b->kind_of = e->class_of;
	b->pattern_of = pattern;
	b->site_of = b->grouping->of_sites ? net_column(e->net, NET_ELEMENTS, "site")->codes : NULL;
	batch_run(b);
}

/* ---- sites --------------------------------------------------------------------------------------------------------------------- */

/* What all batches of sites share: the pattern of each site among all columns that any of them wants. */
struct site_kinds {
	struct wanted wanted;
	struct patterns patterns;
	uint32_t *of_site; /* NULL: not made yet */
};

/* Up to 64 columns: a pattern is one word, and most sites have one of few. */
static void kinds_of_a_word(struct evaluation *e, struct site_kinds *k, const uint64_t *class_bits)
{
	enum { RECENT = 256 };
	uint32_t sites = e->net->table[NET_SITES].rows, number[RECENT];
	const uint32_t *first = e->net->site_first, *element = e->net->site_elements;
	uint64_t word[RECENT];
	memset(number, 0xff, sizeof number);
	for (uint32_t s = 0; s < sites; s++) {
		uint64_t bits = 0;
		for (uint32_t i = first[s]; i < first[s + 1]; i++)
			bits |= class_bits[e->class_of[element[i]]];
		size_t at = (bits * 0x9E3779B97F4A7C15u) >> 56;
		if (number[at] == UINT32_MAX || word[at] != bits) {
			number[at] = pattern_of(&k->patterns, &bits);
			word[at] = bits;
		}
		k->of_site[s] = number[at];
	}
}

static void kinds_of_words(struct evaluation *e, struct site_kinds *k, const uint64_t *class_bits)
{
	uint32_t words = k->wanted.words;
	const uint32_t *first = e->net->site_first, *element = e->net->site_elements;
	uint64_t *bits = arena_array(e->scratch, (size_t)words + 1, sizeof *bits);
	for (uint32_t s = 0; s < e->net->table[NET_SITES].rows; s++) {
		memset(bits, 0, words * sizeof *bits);
		for (uint32_t i = first[s]; i < first[s + 1]; i++)
			for (uint32_t w = 0; w < words; w++)
				bits[w] |= class_bits[(size_t)e->class_of[element[i]] * words + w];
		k->of_site[s] = pattern_of(&k->patterns, bits);
	}
}

static void site_kinds_make(struct evaluation *e, struct site_kinds *k)
{
	struct sum **all = arena_array(e->scratch, e->sums.count + 1, sizeof *all);
	size_t count = 0;
	for (size_t i = 0; i < e->sums.count; i++)
		if (e->sums.items[i]->counted_by_site)
			all[count++] = e->sums.items[i];
	k->wanted = wanted_by(e, all, count);
	k->patterns = (struct patterns){ .e = e, .words = k->wanted.words };
	k->of_site = arena_array(e->scratch, (size_t)e->net->table[NET_SITES].rows + 1, sizeof *k->of_site);
	uint64_t *class_bits = bits_of_classes(e, &k->wanted);
	if (k->wanted.words == 1)
		kinds_of_a_word(e, k, class_bits);
	else
		kinds_of_words(e, k, class_bits);
}

static void sum_sites(struct batch *b, struct site_kinds *k)
{
	struct evaluation *e = b->e;
	if (!k->of_site)
		site_kinds_make(e, k);
	uint64_t *bits = arena_array(e->scratch, (size_t)b->wanted.words + 1, sizeof *bits);
	uint32_t *pattern = arena_array(e->scratch, (size_t)k->patterns.count + 1, sizeof *pattern);
	for (uint32_t p = 0; p < k->patterns.count; p++) {
		const uint64_t *all = k->patterns.bits.items + (size_t)p * k->patterns.words;
		memset(bits, 0, b->wanted.words * sizeof *bits);
		for (uint32_t i = 0; i < b->wanted.count; i++) {
			uint32_t bit = k->wanted.bit_of[b->wanted.columns[i]];
			bits[i / 64] |= (all[bit / 64] >> (bit & 63) & 1) << (i & 63);
		}
		pattern[p] = pattern_of(&b->patterns, bits);
	}
	b->things = e->net->table[NET_SITES].rows;
	b->kind_of = k->of_site;
	b->pattern_of = pattern;
	batch_run(b);
}

/* Groups belong to elements: a site counts once in each group it has an element in. */
static void sum_sites_in_groups_of_elements(struct batch *b)
{
	struct evaluation *e = b->e;
	const struct grouping *g = b->grouping;
	uint32_t words = b->wanted.words;
	const uint64_t *class_bits = bits_of_classes(e, &b->wanted);
	uint64_t *bits = arena_array(e->scratch, (size_t)words + 1, sizeof *bits);
	for (size_t s = 0; s < b->sum_count; s++)
		result_make(e, b->sums[s]);
	for (uint32_t site = 0; site < e->net->table[NET_SITES].rows; site++) {
		const uint32_t *at = e->net->site_elements + e->net->site_first[site],
			       *end = e->net->site_elements + e->net->site_first[site + 1];
		for (const uint32_t *p = at; p < end; p++) {
			uint32_t group = group_of_row(g, *p);
			const uint32_t *before = at;
			while (before < p && group_of_row(g, *before) != group)
				before++;
			if (before < p)
				continue; /* this group of the site is done */
			memset(bits, 0, words * sizeof *bits);
			for (const uint32_t *q = p; q < end; q++)
				for (uint32_t w = 0; group_of_row(g, *q) == group && w < words; w++)
					bits[w] |= class_bits[(size_t)e->class_of[*q] * words + w];
			for (size_t s = 0; s < b->sum_count; s++)
				add_bits(e, &b->wanted, b->sums[s], bits, group, cell_of(b->sums[s]->values, site));
		}
	}
}

/* ---- all of them ------------------------------------------------------------------------------------------------------------------ */

void sums_make(struct evaluation *e)
{
	struct site_kinds kinds = { 0 };
	for (size_t i = 0; i < e->groupings.count; i++)
		for (int by_site = 0; by_site < 2; by_site++) {
			struct batch b = { .e = e,
					   .grouping = e->groupings.items[i],
					   .sums = arena_array(e->scratch, e->sums.count + 1, sizeof *b.sums) };
			for (size_t k = 0; k < e->sums.count; k++) {
				struct sum *s = e->sums.items[k];
				if (s->kind != MEASURE_MISSING && s->grouping == b.grouping &&
				    s->counted_by_site == by_site)
					b.sums[b.sum_count++] = s;
			}
			if (!b.sum_count)
				continue;
			b.wanted = wanted_by(e, b.sums, b.sum_count);
			b.patterns = (struct patterns){ .e = e, .words = b.wanted.words };
			if (!by_site)
				sum_elements(&b);
			else if (b.grouping->codes && !b.grouping->of_sites)
				sum_sites_in_groups_of_elements(&b);
			else
				sum_sites(&b, &kinds);
			free(b.patterns.bits.items);
		}
	free(kinds.patterns.bits.items);
}

wide sum_at(const struct sum *s, uint32_t column, uint32_t group)
{
	return s->amounts ? s->amounts[(size_t)s->local[column] * s->grouping->count + group] : 0;
}

uint32_t sum_unknown_at(const struct sum *s, uint32_t column, uint32_t group)
{
	return s->unknown ? s->unknown[(size_t)s->local[column] * s->grouping->count + group] : 0;
}
