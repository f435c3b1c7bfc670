/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dual as columns: units sorted into classes of one pattern, their costs and values in arrays by unit, so that a sweep
 * over them reads memory front to back; the matrix of second derivatives with its pattern.
 */
#include "solve/dual.h"
#include "solve/run.h"

#include <stdlib.h>
#include <string.h>

enum {
	MOST_SLICES = 16,
	LEAST_SLICE = 4096, /* units: below this a thread costs more than it brings */
	MOST_PAIRS = 40000000,
};

struct sorting {
	struct dual *d;
	struct arena *scratch;
	uint32_t *table, table_bits; /* class number + 1 by hash */
	uint32_t *class_of, *sample; /* of each unit; of each class its first unit */
	uint32_t *counted;
	struct {
		uint32_t *items;
		size_t count, room;
	} one, other;
};

static void put(uint32_t **items, size_t *count, size_t *room, uint32_t value)
{
	if (*count == *room)
		*items = array_more(*items, room, *count, sizeof **items);
	(*items)[(*count)++] = value;
}

/* The pattern of a unit: for each option how many entries, and their variables. */
static void pattern(const struct dual *d, uint32_t unit, uint32_t **items, size_t *count, size_t *room)
{
	const struct problem *p = d->p;

	*count = 0;
	for (uint32_t o = p->first[unit]; o < p->first[unit + 1]; o++) {
		size_t at = *count;

		put(items, count, room, 0);
		for (size_t k = p->entry_first[o]; k < p->entry_first[o + 1]; k++)
			put(items, count, room, p->entry_row[k]);
		for (size_t k = p->mark_first[o]; k < p->mark_first[o + 1]; k++)
			for (size_t i = p->mark_link_first[p->option_mark[k]];
			     i < p->mark_link_first[p->option_mark[k] + 1]; i++)
				if (d->link_variable[p->mark_link[i]] != NONE)
					put(items, count, room, d->link_variable[p->mark_link[i]]);
		(*items)[at] = (uint32_t)(*count - at - 1);
	}
}

static uint32_t class_of(struct sorting *s, uint32_t unit)
{
	uint32_t mask = (1u << s->table_bits) - 1, at;

	pattern(s->d, unit, &s->one.items, &s->one.count, &s->one.room);
	at = (uint32_t)hash_bytes(s->one.items, s->one.count * sizeof *s->one.items) & mask;
	for (; s->table[at]; at = (at + 1) & mask) {
		uint32_t class = s->table[at] - 1;

		pattern(s->d, s->sample[class], &s->other.items, &s->other.count, &s->other.room);
		if (s->one.count == s->other.count &&
		    memcmp(s->one.items, s->other.items, s->one.count * sizeof *s->one.items) == 0)
			return class;
	}
	s->sample[s->d->classes] = unit;
	s->table[at] = ++s->d->classes;
	return s->d->classes - 1;
}

/* Units by class, in their order within each. */
static uint32_t *sort_units(struct sorting *s)
{
	const struct problem *p = s->d->p;
	uint32_t *order = arena_array(s->d->arena, (size_t)p->units + 1, sizeof *order);
	size_t *at;

	while ((1u << s->table_bits) < 2 * p->units + 16)
		s->table_bits++;
	s->table = arena_array(s->scratch, (size_t)1 << s->table_bits, sizeof *s->table);
	s->class_of = arena_array(s->scratch, (size_t)p->units + 1, sizeof *s->class_of);
	s->sample = arena_array(s->scratch, (size_t)p->units + 1, sizeof *s->sample);
	for (uint32_t u = 0; u < p->units; u++)
		s->class_of[u] = class_of(s, u);
	at = arena_array(s->scratch, (size_t)s->d->classes + 2, sizeof *at);
	for (uint32_t u = 0; u < p->units; u++)
		at[s->class_of[u] + 1]++;
	for (uint32_t c = 0; c < s->d->classes; c++)
		at[c + 1] += at[c];
	s->d->class = arena_array(s->d->arena, (size_t)s->d->classes + 1, sizeof *s->d->class);
	for (uint32_t c = 0; c < s->d->classes; c++) {
		s->d->class[c].from = at[c];
		s->d->class[c].count = at[c + 1] - at[c];
	}
	for (uint32_t u = 0; u < p->units; u++)
		order[at[s->class_of[u]]++] = u;
	free(s->one.items);
	return order;
}

static double entry_value(const struct dual *d, uint32_t option, uint32_t entry)
{
	const struct problem *p = d->p;
	size_t k = p->entry_first[option] + entry;

	/* Behind the rows' entries come the links'. */
	return k < p->entry_first[option + 1] ? (double)p->entry_value[k] / d->size[p->entry_row[k]] : -1;
}

static bool same_column(const double *a, const double *b, size_t count)
{
	return memcmp(a, b, count * sizeof *a) == 0;
}

static void fill_column(struct dual *d, struct dual_class *c, uint32_t option, uint32_t entry, double *spare)
{
	const uint32_t *unit = d->order + c->from;
	uint32_t at = c->entry_first[option] + entry;
	double *column = spare;
	bool constant = true;

	for (size_t i = 0; i < c->count; i++) {
		column[i] = entry_value(d, d->p->first[unit[i]] + option, entry);
		constant = constant && column[i] == column[0];
	}
	if (constant) {
		c->constant[at] = column[0];
		return;
	}
	/* Options of one unit often weigh the same in rows of the same kind. */
	for (uint32_t e = 0; e < at; e++)
		if (c->column[e] && same_column(c->column[e], column, c->count)) {
			c->column[at] = c->column[e];
			return;
		}
	column = arena_array(d->arena, c->count, sizeof *column);
	memcpy(column, spare, c->count * sizeof *column);
	c->column[at] = column;
}

static uint32_t local_of(struct dual_class *c, uint32_t variable)
{
	uint32_t i = 0;

	while (i < c->locals && c->local[i] != variable)
		i++;
	if (i == c->locals)
		c->local[c->locals++] = variable;
	return i;
}

static int by_variable(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The variables of a class, ascending, and which of them each entry speaks of. */
static void fill_pattern(struct dual *d, struct dual_class *c, const uint32_t *items)
{
	const uint32_t *at = items;

	c->entry_first = arena_array(d->arena, (size_t)c->options + 1, sizeof *c->entry_first);
	for (uint32_t o = 0; o < c->options; o++) {
		c->entry_first[o + 1] = c->entry_first[o] + *at;
		at += *at + 1;
	}
	c->entries = c->entry_first[c->options];
	c->local = arena_array(d->arena, (size_t)c->entries + 1, sizeof *c->local);
	c->entry_local = arena_array(d->arena, (size_t)c->entries + 1, sizeof *c->entry_local);
	at = items;
	for (uint32_t o = 0; o < c->options; o++, at += *at + 1)
		memcpy(c->local + c->entry_first[o], at + 1, *at * sizeof *at);
	qsort(c->local, c->entries, sizeof *c->local, by_variable);
	for (uint32_t i = 0; i < c->entries; i++)
		if (c->locals == 0 || c->local[c->locals - 1] != c->local[i])
			c->local[c->locals++] = c->local[i];
	at = items;
	for (uint32_t o = 0; o < c->options; o++, at += *at + 1)
		for (uint32_t e = 0; e < *at; e++)
			c->entry_local[c->entry_first[o] + e] = local_of(c, at[1 + e]);
}

static void fill_costs(struct dual *d, struct dual_class *c, const double *extra)
{
	const struct problem *p = d->p;
	const uint32_t *unit = d->order + c->from;

	for (size_t i = 0; i < c->count; i++) {
		uint32_t from = p->first[unit[i]];
		int64_t least = p->cost[from];

		for (uint32_t o = 1; o < c->options; o++)
			least = p->cost[from + o] < least ? p->cost[from + o] : least;
		for (uint32_t o = 0; o < c->options; o++)
			c->cost[o][i] = (double)(p->cost[from + o] - least) / p->scale + (extra ? extra[from + o] : 0);
		d->constant += (double)least / p->scale;
	}
}

void dual_set_extra(struct dual *d, const double *extra)
{
	d->constant = 0;
	for (uint32_t c = 0; c < d->classes; c++)
		fill_costs(d, &d->class[c], extra);
}

static void fill_class(struct sorting *s, struct dual_class *c, double *spare)
{
	struct dual *d = s->d;
	uint32_t sample = d->order[c->from];

	pattern(d, sample, &s->other.items, &s->other.count, &s->other.room);
	c->options = d->p->first[sample + 1] - d->p->first[sample];
	fill_pattern(d, c, s->other.items);
	c->column = arena_array(d->arena, (size_t)c->entries + 1, sizeof *c->column);
	c->constant = arena_array(d->arena, (size_t)c->entries + 1, sizeof *c->constant);
	c->cost = arena_array(d->arena, (size_t)c->options + 1, sizeof *c->cost);
	for (uint32_t o = 0; o < c->options; o++)
		for (uint32_t e = 0; c->entry_first[o] + e < c->entry_first[o + 1]; e++)
			fill_column(d, c, o, e, spare);
	for (uint32_t o = 0; o < c->options; o++)
		c->cost[o] = arena_array(d->arena, c->count, sizeof **c->cost);
	fill_costs(d, c, NULL);
}

static void number_variables(struct dual *d, const bool *count_in)
{
	const struct problem *p = d->p;

	d->variables = p->rows;
	d->link_variable = arena_array(d->arena, (size_t)p->links + 1, sizeof *d->link_variable);
	d->count_variable = arena_array(d->arena, (size_t)p->counts + 1, sizeof *d->count_variable);
	for (uint32_t i = 0; i < p->counts; i++) {
		bool in = count_in && count_in[i];

		for (size_t k = p->count[i].from; k < p->count[i].from + p->count[i].count; k++)
			d->link_variable[k] = in ? d->variables++ : NONE;
		d->count_variable[i] = in ? d->variables++ : NONE;
	}
}

static uint64_t pair_of(uint32_t a, uint32_t b)
{
	return a > b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

/* All pairs of variables that some class or link joins; NULL: too many. */
static uint64_t *join_pairs(struct dual *d)
{
	const struct problem *p = d->p;
	size_t count = p->links, at = 0;
	uint64_t *pairs;

	for (uint32_t i = 0; i < d->classes; i++)
		count += (size_t)d->class[i].locals * d->class[i].locals / 2;
	if (count > MOST_PAIRS)
		return NULL;
	pairs = arena_array(d->arena, count + 1, sizeof *pairs);
	for (uint32_t i = 0; i < d->classes; i++)
		for (uint32_t a = 0; a < d->class[i].locals; a++)
			for (uint32_t b = 0; b < a; b++)
				pairs[at++] = pair_of(d->class[i].local[a], d->class[i].local[b]);
	for (uint32_t i = 0; i < p->links; i++)
		if (d->link_variable[i] != NONE)
			pairs[at++] = pair_of(d->link_variable[i], d->count_variable[p->link_count[i]]);
	d->pair_count = cholesky_sort_pairs(d->variables, pairs, at);
	return pairs;
}

/* Where patience ends meanwhile, there is only a diagonal, and the climb is over before it begins. */
static void make_matrix(struct dual *d, struct run *r)
{
	uint64_t *pairs = join_pairs(d);

	d->matrix = pairs ? cholesky_new(d->arena, d->variables, pairs, d->pair_count, MOST_PAIRS, run_goes_on_within, r)
			  : NULL;
	if (!d->matrix) {
		d->diagonal = true;
		d->pair_count = 0;
		d->matrix = cholesky_new(d->arena, d->variables, NULL, 0, SIZE_MAX, NULL, NULL);
		return;
	}
	d->pairs = pairs;
	for (uint32_t i = 0; i < d->classes; i++) {
		struct dual_class *c = &d->class[i];

		c->place = arena_array(d->arena, dual_pair(c->locals, 0) + 1, sizeof *c->place);
		for (uint32_t a = 0; a < c->locals; a++)
			for (uint32_t b = 0; b <= a; b++)
				c->place[dual_pair(a, b)] =
					cholesky_place(d->matrix, pairs, d->pair_count, c->local[a], c->local[b]);
	}
}

struct dual *dual_new(struct arena *arena, struct run *r, const bool *count_in)
{
	const struct problem *p = r->p;
	struct dual *d = arena_alloc(arena, sizeof *d);
	struct sorting s = { .d = d, .scratch = arena_new() };
	double *spare;

	d->p = p;
	d->arena = arena;
	d->threads = r->settings->threads ? r->settings->threads : 1;
	d->size = r->search->size;
	number_variables(d, count_in);
	d->order = sort_units(&s);
	spare = arena_array(s.scratch, (size_t)p->units + 1, sizeof *spare);
	for (uint32_t c = 0; c < d->classes; c++)
		fill_class(&s, &d->class[c], spare);
	make_matrix(d, r);
	d->step = ((size_t)p->units + MOST_SLICES - 1) / MOST_SLICES;
	d->step = d->step < LEAST_SLICE ? LEAST_SLICE : d->step;
	d->slices = ((size_t)p->units + d->step - 1) / d->step;
	d->sums = arena_array(arena, d->slices * (1 + d->variables + d->matrix->entries) + 1, sizeof *d->sums);
	free(s.other.items);
	arena_free(s.scratch);
	return d;
}

void dual_from_prices(const struct dual *d, const struct prices *q, double *y)
{
	const struct problem *p = d->p;

	for (uint32_t i = 0; i < p->rows; i++)
		y[i] = q->row[i] * d->size[i] / p->scale;
	for (uint32_t i = 0; i < p->links; i++)
		if (d->link_variable[i] != NONE) {
			uint32_t theta = d->count_variable[p->link_count[i]];

			y[d->link_variable[i]] = q->link[i] / p->scale;
			y[theta] = y[d->link_variable[i]] > y[theta] ? y[d->link_variable[i]] : y[theta];
		}
}

void dual_to_prices(const struct dual *d, const double *y, struct prices *q)
{
	const struct problem *p = d->p;

	for (uint32_t i = 0; i < p->rows; i++)
		q->row[i] = y[i] / d->size[i] * p->scale;
	for (uint32_t i = 0; i < p->links; i++)
		q->link[i] = d->link_variable[i] == NONE ? 0 : y[d->link_variable[i]] * p->scale;
}
