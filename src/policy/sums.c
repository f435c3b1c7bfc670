/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sums: how much of a measure falls to which columns of classes in which group. Whatever is summed - elements, or sites, which
 * count once - is first told by its pattern: the wanted columns that it is in, as bits; and of parties, of which there may be as
 * many as things, a list of the columns in which it is other than in their bases. There are few patterns, so one pass over the
 * things for each grouping adds their measures up by group and pattern, and only then patterns go to their columns.
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
	const struct column *c = &e->columns.items[column];
	*array_add(&sum->columns) = column;
	if (!c->bits)
		*array_add(&sum->columns) = c->base;
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
	uint32_t *bit_of;         /* column -> bit, of a party's that of its base; NO_COLUMN */
	uint32_t words;           /* of bits; behind them a pattern has the number of its list */
	uint32_t *first,
		*apart; /* columns of parties that class c is in otherwise than in their bases: apart[first[c]] .. */
};

static void wanted_apart(struct evaluation *e, struct wanted *w, const uint32_t *columns, uint32_t count)
{
	w->first = arena_array(e->scratch, (size_t)e->class_count + 2, sizeof *w->first);
	uint32_t *at = w->first + 1, all = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct column *c = &e->columns.items[columns[i]];
		w->bit_of[columns[i]] = w->bit_of[c->base];
		all += c->count;
		for (uint32_t k = 0; k < c->count; k++)
			if (c->classes[k] + 1 < e->class_count)
				at[c->classes[k] + 1]++;
	}
	for (uint32_t c = 1; c < e->class_count; c++)
		at[c] += at[c - 1];
	w->apart = arena_array(e->scratch, (size_t)all + 1, sizeof *w->apart);
	for (uint32_t i = 0; i < count; i++) {
		const struct column *c = &e->columns.items[columns[i]];
		for (uint32_t k = 0; k < c->count; k++)
			w->apart[at[c->classes[k]]++] = columns[i];
	}
}

static struct wanted wanted_by(struct evaluation *e, struct sum *const *sums, size_t count)
{
	struct wanted w = { .columns = arena_array(e->scratch, e->columns.count + 1, sizeof(uint32_t)),
			    .bit_of = arena_array(e->scratch, e->columns.count + 1, sizeof(uint32_t)) };
	uint32_t *apart = arena_array(e->scratch, e->columns.count + 1, sizeof *apart), apart_count = 0;
	memset(w.bit_of, 0xff, e->columns.count * sizeof *w.bit_of);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sums[i]->columns.count; j++) {
			uint32_t column = sums[i]->columns.items[j];
			if (w.bit_of[column] != NO_COLUMN)
				continue;
			if (e->columns.items[column].bits) {
				w.bit_of[column] = w.count;
				w.columns[w.count++] = column;
			} else {
				w.bit_of[column] = 0; /* told below: its base is wanted too */
				apart[apart_count++] = column;
			}
		}
	w.words = (w.count + 63) / 64;
	wanted_apart(e, &w, apart, apart_count);
	return w;
}

/* [class * words]: the wanted columns that a class is in */
static uint64_t *bits_of_classes(struct evaluation *e, const struct wanted *w)
{
	uint64_t *bits = arena_array(e->scratch, (size_t)e->class_count * w->words + 1, sizeof *bits);
	for (uint32_t bit = 0; bit < w->count; bit++)
		for (uint64_t word = 0; word < e->class_words; word++)
			for (uint64_t left = e->columns.items[w->columns[bit]].bits[word]; left; left &= left - 1) {
				size_t c = (size_t)word * 64 + (size_t)__builtin_ctzll(left);
				bits[c * w->words + bit / 64] |= (uint64_t)1 << (bit & 63);
			}
	return bits;
}

/* ---- lists: what a thing is in otherwise than in the bases, each list once ------------------------------------------------------- */

struct lists { /* number 0 is the empty one; an item is column * 2, and 1 where the thing is in the base alone */
	struct evaluation *e;
	struct {
		uint32_t *items;
		size_t count, room;
	} all;
	struct {
		struct list_place {
			size_t from;
			uint32_t count;
		} * items;
		size_t count, room;
	} places;
	uint32_t *slots; /* number, 0: free */
	size_t slot_count;
};

static size_t list_hash(const uint32_t *items, size_t count)
{
	return (size_t)hash_bytes(items, count * sizeof *items);
}

static void lists_grow(struct lists *l)
{
	size_t count = l->slot_count ? l->slot_count * 2 : 1024;
	uint32_t *slots = arena_array(l->e->scratch, count, sizeof *slots);
	for (uint32_t i = 1; i < l->places.count; i++) {
		const struct list_place *p = &l->places.items[i];
		size_t s = list_hash(l->all.items + p->from, p->count) & (count - 1);
		while (slots[s])
			s = (s + 1) & (count - 1);
		slots[s] = i;
	}
	l->slots = slots;
	l->slot_count = count;
	if (!l->places.count)
		*array_add(&l->places) = (struct list_place){ 0 };
}

static uint32_t list_of(struct lists *l, const uint32_t *items, uint32_t count)
{
	if (!count)
		return 0;
	if (l->places.count * 2 >= l->slot_count)
		lists_grow(l);
	size_t s = list_hash(items, count) & (l->slot_count - 1);
	for (; l->slots[s]; s = (s + 1) & (l->slot_count - 1)) {
		const struct list_place *p = &l->places.items[l->slots[s]];
		if (p->count == count && !memcmp(l->all.items + p->from, items, count * sizeof *items))
			return l->slots[s];
	}
	l->slots[s] = (uint32_t)l->places.count;
	*array_add(&l->places) = (struct list_place){ l->all.count, count };
	for (uint32_t i = 0; i < count; i++)
		*array_add(&l->all) = items[i];
	return l->slots[s];
}

static const uint32_t *list_at(const struct lists *l, uint64_t number, uint32_t *count)
{
	*count = number ? l->places.items[number].count : 0;
	return number ? l->all.items + l->places.items[number].from : NULL;
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
	struct lists *lists; /* of all batches */
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
		if (e->columns.items[sum->columns.items[i]].bits && sum->local[sum->columns.items[i]] == NO_COLUMN)
			sum->local[sum->columns.items[i]] = rows++;
	for (size_t i = 0; i < sum->columns.count; i++) {
		const struct column *c = &e->columns.items[sum->columns.items[i]];
		if (!c->bits)
			sum->local[sum->columns.items[i]] = sum->local[c->base];
	}
	sum->amounts = arena_array(e->scratch, (size_t)rows * sum->grouping->count + 1, sizeof *sum->amounts);
	sum->rows = rows;
}

static size_t own_slot(const struct sum *s, uint32_t column, uint32_t group)
{
	uint64_t key = (uint64_t)column << 32 | group;
	size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20) & (s->own_slot_count - 1);
	for (; s->own_slots[at]; at = (at + 1) & (s->own_slot_count - 1)) {
		const struct own *o = &s->own.items[s->own_slots[at] - 1];
		if (o->column == column && o->group == group)
			break;
	}
	return at;
}

static void own_grow(struct evaluation *e, struct sum *s)
{
	s->own_slot_count = s->own_slot_count ? s->own_slot_count * 2 : 256;
	s->own_slots = arena_array(e->scratch, s->own_slot_count, sizeof *s->own_slots);
	for (size_t i = 0; i < s->own.count; i++)
		s->own_slots[own_slot(s, s->own.items[i].column, s->own.items[i].group)] = (uint32_t)i + 1;
}

static struct own *own_of(struct evaluation *e, struct sum *s, uint32_t column, uint32_t group)
{
	if (s->own.count * 2 >= s->own_slot_count)
		own_grow(e, s);
	if (!s->own_first) {
		s->own_first = arena_array(e->scratch, (size_t)s->grouping->count + 1, sizeof *s->own_first);
		s->own_last = arena_array(e->scratch, e->columns.count + 1, sizeof *s->own_last);
	}
	uint32_t before = s->own_last[column]; /* things mostly come group by group */
	if (before && s->own.items[before - 1].group == group)
		return &s->own.items[before - 1];
	size_t slot = own_slot(s, column, group);
	if (!s->own_slots[slot]) {
		*array_add(&s->own) = (struct own){ .column = column, .group = group, .next = s->own_first[group] };
		s->own_slots[slot] = s->own_first[group] = (uint32_t)s->own.count;
	}
	s->own_last[column] = s->own_slots[slot];
	return &s->own.items[s->own_slots[slot] - 1];
}

/* What a pattern holds in a group goes to the sum's columns among its bits, and more or less of it to those of parties. */
static void add_bits(const struct batch *b, struct sum *sum, const uint64_t *bits, uint32_t group, struct cell cell)
{
	struct evaluation *e = b->e;
	const struct wanted *w = &b->wanted;
	uint32_t groups = sum->grouping->count, count;
	const uint32_t *list = list_at(b->lists, bits[w->words], &count);
	for (uint32_t i = 0; i < count; i++) {
		if (sum->local[list[i] >> 1] == NO_COLUMN)
			continue;
		struct own *own = own_of(e, sum, list[i] >> 1, group);
		bool less = list[i] & 1;
		own->amount += less ? -cell.amount : cell.amount;
		own->unknown += less ? -cell.unknown : cell.unknown;
	}
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
			add_bits(b, b->sums[s], bits, group, cell_of(b->sums[s]->values, i));
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
					add_bits(b, b->sums[s], b->patterns.bits.items + (size_t)p * b->patterns.words,
						 group, cell);
			}
}

/* ---- things to patterns --------------------------------------------------------------------------------------------------------- */

/* Of several classes together: what any of them is in. */
struct union_of {
	struct evaluation *e;
	const struct wanted *wanted;
	struct lists *lists;
	const uint64_t *class_bits;
	uint64_t *pattern; /* the answer */
	int32_t *more; /* by column of a party: in how many classes more it is than its base; zeros between questions */
	uint32_t *in_base; /* by bit: of how many of the classes; kept for as long as they are asked about */
	uint32_t *asked;   /* by bit: the number of the question for which in_base was counted */
	uint32_t question;
	struct {
		uint32_t *items;
		size_t count, room;
	} touched; /* columns of parties */
};

static struct union_of union_begin(struct evaluation *e, const struct wanted *w, struct lists *lists,
				   const uint64_t *class_bits)
{
	return (struct union_of){ .e = e,
				  .wanted = w,
				  .lists = lists,
				  .class_bits = class_bits,
				  .pattern = arena_array(e->scratch, (size_t)w->words + 1, sizeof(uint64_t)),
				  .more = arena_array(e->scratch, e->columns.count + 1, sizeof(int32_t)),
				  .in_base = arena_array(e->scratch, (size_t)w->count + 1, sizeof(uint32_t)),
				  .asked = arena_array(e->scratch, (size_t)w->count + 1, sizeof(uint32_t)) };
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static bool class_has(const struct union_of *u, uint32_t class, uint32_t bit)
{
	return u->class_bits[(size_t) class * u->wanted->words + bit / 64] >> (bit & 63) & 1;
}

static int64_t classes_in_base(struct union_of *u, const uint32_t *classes, uint32_t count, uint32_t bit)
{
	if (!(u->pattern[bit / 64] >> (bit & 63) & 1))
		return 0;
	if (u->asked[bit] != u->question) {
		u->asked[bit] = u->question;
		u->in_base[bit] = 0;
		for (uint32_t i = 0; i < count; i++)
			u->in_base[bit] += class_has(u, classes[i], bit);
	}
	return u->in_base[bit];
}

/* The columns of parties that are touched become the list of those that are other than their base. */
static uint32_t list_of_touched(struct union_of *u, const uint32_t *classes, uint32_t count)
{
	uint32_t *items = u->touched.items, kept = 0, last = NO_COLUMN;
	if (u->touched.count > 1)
		qsort(items, u->touched.count, sizeof *items, by_number);
	for (size_t i = 0; i < u->touched.count; i++) {
		uint32_t column = items[i];
		if (column == last)
			continue;
		last = column;
		int64_t in_base = classes_in_base(u, classes, count, u->wanted->bit_of[column]);
		bool in = in_base + u->more[column] > 0;
		u->more[column] = 0;
		if (in != (in_base > 0))
			items[kept++] = column << 1 | !in;
	}
	return list_of(u->lists, items, kept);
}

static const uint64_t *union_of_classes(struct union_of *u, const uint32_t *classes, uint32_t count)
{
	const struct wanted *w = u->wanted;
	memset(u->pattern, 0, ((size_t)w->words + 1) * sizeof *u->pattern);
	u->question++;
	u->touched.count = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t c = classes[i];
		for (uint32_t word = 0; word < w->words; word++)
			u->pattern[word] |= u->class_bits[(size_t)c * w->words + word];
		for (uint32_t k = w->first[c]; k < w->first[c + 1]; k++) {
			uint32_t column = w->apart[k];
			*array_add(&u->touched) = column;
			u->more[column] += class_has(u, c, w->bit_of[column]) ? -1 : 1;
		}
	}
	u->pattern[w->words] = list_of_touched(u, classes, count);
	return u->pattern;
}

/* ---- elements ------------------------------------------------------------------------------------------------------------------ */

static void sum_elements(struct batch *b)
{
	struct evaluation *e = b->e;
	uint64_t *bits = bits_of_classes(e, &b->wanted);
	uint32_t *pattern = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *pattern);
	struct union_of all = union_begin(e, &b->wanted, b->lists, bits);
	for (uint32_t c = 0; c < e->class_count; c++)
		pattern[c] = pattern_of(&b->patterns, union_of_classes(&all, &c, 1));
	b->things = e->elements;
	b->kind_of = e->class_of;
	b->pattern_of = pattern;
	b->site_of = b->grouping->of_sites ? net_column(e->net, NET_ELEMENTS, "site")->codes : NULL;
	batch_run(b);
	free(all.touched.items);
}

/* ---- sites --------------------------------------------------------------------------------------------------------------------- */

/* What all batches of sites share: the pattern of each site among all columns that any of them wants. */
struct site_kinds {
	struct wanted wanted;
	struct patterns patterns;
	uint32_t *of_site; /* NULL: not made yet */
};

enum { RECENT = 4096, FEW = 7 };

struct recent {              /* the kind of sites whose elements look like so few different classes */
	uint32_t kind_count; /* (1 + kind) * 8 + how many; 0: free */
	uint32_t looks[FEW];
};

/* For each class the first that looks the same to all sums over sites; UINT32_MAX: none of them wants it. */
static uint32_t *looks_make(struct evaluation *e, struct union_of *u)
{
	uint32_t *look = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *look);
	uint32_t *first = arena_array(e->scratch, (size_t)e->class_count + 1, sizeof *first);
	struct patterns patterns = { .e = e, .words = u->wanted->words + 1 };
	for (uint32_t c = 0; c < e->class_count; c++) {
		const uint64_t *bits = union_of_classes(u, &c, 1);
		uint32_t before = patterns.count, p = pattern_of(&patterns, bits);
		if (p == before)
			first[p] = c;
		look[c] = UINT32_MAX;
		for (uint32_t word = 0; word < patterns.words; word++)
			look[c] = bits[word] ? first[p] : look[c];
	}
	free(patterns.bits.items);
	return look;
}

/* The looks that are wanted, as long as there are few; how many there are, or more than FEW. */
static uint32_t looks_of_site(const struct evaluation *e, const uint32_t *look, uint32_t site, uint32_t *out)
{
	const uint32_t *first = e->net->site_first, *element = e->net->site_elements;
	uint32_t count = 0, last = UINT32_MAX;
	for (uint32_t i = first[site]; i < first[site + 1] && count <= FEW; i++) {
		uint32_t of = look[e->class_of[element[i]]];
		out[count] = of;
		count += (of != last) & (of != UINT32_MAX); /* no branch: nobody could tell which way it goes */
		last = of;
	}
	return count;
}

static struct recent *recent_of(struct recent *all, const uint32_t *looks, uint32_t count)
{
	uint64_t h = count;
	for (uint32_t i = 0; i < count; i++)
		h = (h ^ looks[i]) * 0x9E3779B97F4A7C15u;
	return &all[(h >> 40) & (RECENT - 1)];
}

static bool recent_is(const struct recent *r, const uint32_t *looks, uint32_t count)
{
	bool same = r->kind_count && (r->kind_count & 7) == count;
	for (uint32_t i = 0; i < count && same; i++)
		same = r->looks[i] == looks[i];
	return same;
}

/* Most sites have one of few combinations of classes. */
static void kinds_of_sites(struct evaluation *e, struct site_kinds *k, struct union_of *u)
{
	const uint32_t *first = e->net->site_first, *element = e->net->site_elements, *look = looks_make(e, u);
	struct recent *all = arena_array(e->scratch, RECENT, sizeof *all);
	uint32_t *classes = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *classes);
	for (uint32_t s = 0; s < e->net->table[NET_SITES].rows; s++) {
		uint32_t looks[FEW + 1], few = looks_of_site(e, look, s, looks);
		struct recent *r = few <= FEW ? recent_of(all, looks, few) : NULL;
		if (r && recent_is(r, looks, few)) {
			k->of_site[s] = (r->kind_count >> 3) - 1;
			continue;
		}
		for (uint32_t i = first[s]; !r && i < first[s + 1]; i++)
			classes[i - first[s]] = e->class_of[element[i]];
		k->of_site[s] = pattern_of(&k->patterns,
					   union_of_classes(u, r ? looks : classes, r ? few : first[s + 1] - first[s]));
		if (!r)
			continue;
		r->kind_count = (k->of_site[s] + 1) << 3 | few;
		memcpy(r->looks, looks, few * sizeof *looks);
	}
}

static void site_kinds_make(struct evaluation *e, struct site_kinds *k, struct lists *lists)
{
	struct sum **all = arena_array(e->scratch, e->sums.count + 1, sizeof *all);
	size_t count = 0;
	for (size_t i = 0; i < e->sums.count; i++)
		if (e->sums.items[i]->counted_by_site)
			all[count++] = e->sums.items[i];
	k->wanted = wanted_by(e, all, count);
	k->patterns = (struct patterns){ .e = e, .words = k->wanted.words + 1 };
	k->of_site = arena_array(e->scratch, (size_t)e->net->table[NET_SITES].rows + 1, sizeof *k->of_site);
	struct union_of u = union_begin(e, &k->wanted, lists, bits_of_classes(e, &k->wanted));
	kinds_of_sites(e, k, &u);
	free(u.touched.items);
}

/* Of the list of all batches what this one wants. */
static uint32_t list_wanted(const struct batch *b, uint64_t number, uint32_t *some)
{
	uint32_t count, kept = 0;
	const uint32_t *all = list_at(b->lists, number, &count);
	for (uint32_t i = 0; i < count; i++)
		if (b->wanted.bit_of[all[i] >> 1] != NO_COLUMN)
			some[kept++] = all[i];
	return list_of(b->lists, some, kept);
}

static void sum_sites(struct batch *b, struct site_kinds *k)
{
	struct evaluation *e = b->e;
	if (!k->of_site)
		site_kinds_make(e, k, b->lists);
	uint64_t *bits = arena_array(e->scratch, (size_t)b->wanted.words + 1, sizeof *bits);
	uint32_t *some = arena_array(e->scratch, e->columns.count + 1, sizeof *some);
	uint32_t *pattern = arena_array(e->scratch, (size_t)k->patterns.count + 1, sizeof *pattern);
	for (uint32_t p = 0; p < k->patterns.count; p++) {
		const uint64_t *all = k->patterns.bits.items + (size_t)p * k->patterns.words;
		memset(bits, 0, b->wanted.words * sizeof *bits);
		for (uint32_t i = 0; i < b->wanted.count; i++) {
			uint32_t bit = k->wanted.bit_of[b->wanted.columns[i]];
			bits[i / 64] |= (all[bit / 64] >> (bit & 63) & 1) << (i & 63);
		}
		bits[b->wanted.words] = list_wanted(b, all[k->wanted.words], some);
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
	struct union_of u = union_begin(e, &b->wanted, b->lists, bits_of_classes(e, &b->wanted));
	uint32_t *classes = arena_array(e->scratch, (size_t)e->elements + 1, sizeof *classes);
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
			uint32_t count = 0;
			for (const uint32_t *q = p; q < end; q++)
				if (group_of_row(g, *q) == group)
					classes[count++] = e->class_of[*q];
			const uint64_t *bits = union_of_classes(&u, classes, count);
			for (size_t s = 0; s < b->sum_count; s++)
				add_bits(b, b->sums[s], bits, group, cell_of(b->sums[s]->values, site));
		}
	}
	free(u.touched.items);
}

/* ---- all of them ------------------------------------------------------------------------------------------------------------------ */

void sums_make(struct evaluation *e)
{
	struct site_kinds kinds = { 0 };
	struct lists lists = { .e = e };
	for (size_t i = 0; i < e->groupings.count; i++)
		for (int by_site = 0; by_site < 2; by_site++) {
			struct batch b = { .e = e,
					   .lists = &lists,
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
			b.patterns = (struct patterns){ .e = e, .words = b.wanted.words + 1 };
			if (!by_site)
				sum_elements(&b);
			else if (b.grouping->codes && !b.grouping->of_sites)
				sum_sites_in_groups_of_elements(&b);
			else
				sum_sites(&b, &kinds);
			free(b.patterns.bits.items);
		}
	free(kinds.patterns.bits.items);
	free(lists.all.items);
	free(lists.places.items);
}

static const struct own *own_at(const struct sum *s, uint32_t column, uint32_t group)
{
	uint32_t at = s->own.count ? s->own_slots[own_slot(s, column, group)] : 0;
	return at ? &s->own.items[at - 1] : NULL;
}

wide sum_at(const struct sum *s, uint32_t column, uint32_t group)
{
	if (!s->amounts)
		return 0;
	const struct own *own = own_at(s, column, group);
	return s->amounts[(size_t)s->local[column] * s->grouping->count + group] + (own ? own->amount : 0);
}

uint32_t sum_unknown_at(const struct sum *s, uint32_t column, uint32_t group)
{
	const struct own *own = own_at(s, column, group);
	return (s->unknown ? s->unknown[(size_t)s->local[column] * s->grouping->count + group] : 0) +
	       (own ? own->unknown : 0);
}

const struct own *sum_own(const struct sum *s, uint32_t group)
{
	return s->own_first && s->own_first[group] ? &s->own.items[s->own_first[group] - 1] : NULL;
}

const struct own *sum_own_next(const struct sum *s, const struct own *own)
{
	return own->next ? &s->own.items[own->next - 1] : NULL;
}
