/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small cases for the tests of solve, kept as plain arrays of the test's own: made at random, turned into a model, solved by
 * trying every choice, and a certificate's bound worked out from them by the sums that solve.h writes down. Nothing here
 * calls the engine but solve_case_model.
 */
#ifndef PROVISO_TESTS_SOLVE_CASE_H
#define PROVISO_TESTS_SOLVE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "solve/solve.h"

enum { CASE_UNITS = 12, CASE_OPTIONS = 64, CASE_ROWS = 8, CASE_MARKS = 8, CASE_COUNTS = 4, CASE_BORDERS = 16 };

struct solve_case {
	uint32_t units, options, rows, marks, counts, borders;
	uint32_t first[CASE_UNITS + 1];
	int64_t cost[CASE_OPTIONS];
	uint32_t label[CASE_OPTIONS];
	bool forbidden[CASE_OPTIONS];
	bool at_least[CASE_ROWS];
	int64_t bound[CASE_ROWS], value[CASE_ROWS][CASE_OPTIONS];
	int64_t fee[CASE_MARKS];
	bool bears[CASE_MARKS][CASE_OPTIONS];
	uint32_t wanted[CASE_COUNTS];
	bool counted[CASE_COUNTS][CASE_MARKS];
	uint32_t a[CASE_BORDERS], b[CASE_BORDERS];
	int64_t crossing[CASE_BORDERS];
};

static inline uint64_t case_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline int64_t case_between(uint64_t *state, int64_t low, int64_t high)
{
	return low + (int64_t)(case_random(state) % (uint64_t)(high - low + 1));
}

static inline void case_add_rows(struct solve_case *c, uint64_t *s)
{
	c->rows = (uint32_t)case_between(s, 0, 4);
	for (uint32_t i = 0; i < c->rows; i++) {
		int64_t size = case_between(s, 0, 3) ? 9 : 900000, sum = 0;

		c->at_least[i] = case_between(s, 0, 2) == 0;
		for (uint32_t o = 0; o < c->options; o++) {
			c->value[i][o] =
				case_between(s, 0, 2) ? case_between(s, case_between(s, 0, 3) ? 0 : -size, size) : 0;
			sum += c->value[i][o];
		}
		c->bound[i] = sum * (int64_t)c->units / c->options +
			      case_between(s, -2 * size, size * (c->at_least[i] ? 1 : 2));
	}
}

static inline void case_add_marks(struct solve_case *c, uint64_t *s)
{
	c->marks = case_between(s, 0, 1) ? (uint32_t)case_between(s, 1, 6) : 0;
	for (uint32_t k = 0; k < c->marks; k++) {
		c->fee[k] = case_between(s, 0, 1) ? case_between(s, 0, 60) : 0;
		for (uint32_t o = 0; o < c->options; o++)
			c->bears[k][o] = case_between(s, 0, 3) == 0;
	}
	c->counts = c->marks ? (uint32_t)case_between(s, 0, 3) : 0;
	for (uint32_t i = 0; i < c->counts; i++) {
		uint32_t members = 0;

		for (uint32_t k = 0; k < c->marks; k++)
			members += c->counted[i][k] = case_between(s, 0, 2) > 0;
		c->wanted[i] = (uint32_t)case_between(s, 0, members);
	}
}

/* About states choices at most; every feature in some cases and not in others. */
static inline void case_fill(struct solve_case *c, uint64_t seed, uint64_t states)
{
	uint64_t s = seed, product = 1;
	int64_t step = case_between(&s, 0, 1) ? 1 : 1000000;

	memset(c, 0, sizeof *c);
	while (c->units < CASE_UNITS && c->options + 5 < CASE_OPTIONS) {
		uint32_t count = (uint32_t)case_between(&s, 1, 5);

		if (product * count > states)
			break;
		product *= count;
		for (uint32_t k = 0; k < count; k++, c->options++) {
			c->cost[c->options] = case_between(&s, case_between(&s, 0, 9) ? 0 : -30, 99) * step;
			c->label[c->options] = (uint32_t)case_between(&s, 0, 3);
			c->forbidden[c->options] = case_between(&s, 0, 14) == 0;
		}
		c->first[++c->units] = c->options;
	}
	if (c->units == 0) {
		c->options = 1;
		c->first[++c->units] = 1;
	}
	case_add_rows(c, &s);
	case_add_marks(c, &s);
	c->borders = c->units > 1 && case_between(&s, 0, 2) == 0 ? (uint32_t)case_between(&s, 1, 12) : 0;
	for (uint32_t i = 0; i < c->borders; i++) {
		c->a[i] = (uint32_t)case_between(&s, 0, c->units - 1);
		c->b[i] = (c->a[i] + (uint32_t)case_between(&s, 1, c->units - 1)) % c->units;
		c->crossing[i] = case_between(&s, 0, 40);
	}
}

/* The parts' rules are 0, 1, 2 ... in the order forbids, rows, counts. */
static inline struct solve_model *solve_case_model(struct arena *arena, const struct solve_case *c)
{
	struct solve_model *m = solve_model_new(arena);
	uint32_t options[CASE_OPTIONS], marks[CASE_MARKS], rule = 0;
	int64_t values[CASE_OPTIONS];

	for (uint32_t u = 0; u < c->units; u++) {
		solve_unit_add(m);
		for (uint32_t o = c->first[u]; o < c->first[u + 1]; o++)
			solve_option_add(m, c->cost[o], c->label[o]);
	}
	for (uint32_t o = 0; o < c->options; o++)
		if (c->forbidden[o])
			solve_forbid_add(m, o, rule++);
	for (uint32_t i = 0; i < c->rows; i++) {
		size_t n = 0;

		for (uint32_t o = 0; o < c->options; o++)
			if (c->value[i][o]) {
				options[n] = o;
				values[n++] = c->value[i][o];
			}
		solve_row_add(m, c->at_least[i] ? SOLVE_AT_LEAST : SOLVE_AT_MOST, c->bound[i], rule++, options, values,
			      n);
	}
	for (uint32_t k = 0; k < c->marks; k++) {
		size_t n = 0;

		for (uint32_t o = 0; o < c->options; o++)
			if (c->bears[k][o])
				options[n++] = o;
		solve_mark_add(m, c->fee[k], options, n);
	}
	for (uint32_t i = 0; i < c->counts; i++) {
		size_t n = 0;

		for (uint32_t k = 0; k < c->marks; k++)
			if (c->counted[i][k])
				marks[n++] = k;
		solve_count_add(m, c->wanted[i], rule++, marks, n);
	}
	for (uint32_t i = 0; i < c->borders; i++)
		solve_border_add(m, c->a[i], c->b[i], c->crossing[i]);
	return m;
}

static inline bool case_borne(const struct solve_case *c, uint32_t mark, const uint32_t *choice)
{
	for (uint32_t u = 0; u < c->units; u++)
		if (c->bears[mark][choice[u]])
			return true;
	return false;
}

/* off: rules that don't count, in the order of solve_case_model; NULL: all do. */
static inline bool case_keeps(const struct solve_case *c, const uint32_t *choice, const bool *off)
{
	uint32_t rule = 0;

	for (uint32_t o = 0; o < c->options; o++)
		if (c->forbidden[o] && !(off && off[rule++]))
			for (uint32_t u = 0; u < c->units; u++)
				if (choice[u] == o)
					return false;
	for (uint32_t i = 0; i < c->rows; i++) {
		int64_t sum = 0;

		if (off && off[rule++])
			continue;
		for (uint32_t u = 0; u < c->units; u++)
			sum += c->value[i][choice[u]];
		if (c->at_least[i] ? sum < c->bound[i] : sum > c->bound[i])
			return false;
	}
	for (uint32_t i = 0; i < c->counts; i++) {
		uint32_t borne = 0;

		if (off && off[rule++])
			continue;
		for (uint32_t k = 0; k < c->marks; k++)
			borne += c->counted[i][k] && case_borne(c, k, choice);
		if (borne < c->wanted[i])
			return false;
	}
	return true;
}

static inline uint32_t case_rules(const struct solve_case *c)
{
	uint32_t rules = c->rows + c->counts;

	for (uint32_t o = 0; o < c->options; o++)
		rules += c->forbidden[o];
	return rules;
}

static inline int64_t case_cost(const struct solve_case *c, const uint32_t *choice)
{
	int64_t cost = 0;

	for (uint32_t u = 0; u < c->units; u++)
		cost += c->cost[choice[u]];
	for (uint32_t k = 0; k < c->marks; k++)
		cost += case_borne(c, k, choice) ? c->fee[k] : 0;
	for (uint32_t i = 0; i < c->borders; i++)
		cost += c->label[choice[c->a[i]]] != c->label[choice[c->b[i]]] ? c->crossing[i] : 0;
	return cost;
}

/* Tries every choice; false: none keeps all rules. */
static inline bool case_best(const struct solve_case *c, const bool *off, int64_t *best)
{
	uint32_t choice[CASE_UNITS], u = 0;
	bool any = false;

	*best = 0;
	for (uint32_t i = 0; i < c->units; i++)
		choice[i] = c->first[i];
	while (u < c->units) {
		if ((!any || case_cost(c, choice) < *best) && case_keeps(c, choice, off)) {
			*best = case_cost(c, choice);
			any = true;
		}
		for (u = 0; u < c->units && ++choice[u] == c->first[u + 1]; u++)
			choice[u] = c->first[u];
	}
	return any;
}

static inline wide case_entry(const struct solve_certificate_entry *e, size_t count, uint32_t index, uint32_t key)
{
	for (size_t i = 0; i < count; i++)
		if (e[i].index == index && e[i].key == key)
			return e[i].value;
	return 0;
}

static inline wide case_price(const struct solve_case *c, const struct solve_certificate *t, uint32_t unit,
			      uint32_t option)
{
	wide price = t->ray ? 0 : c->cost[option] * ((wide)1 << t->shift);

	for (uint32_t i = 0; i < t->rows; i++)
		price += (c->at_least[i] ? -1 : 1) * t->row[i] * c->value[i][option];
	for (uint32_t k = 0; k < c->marks; k++) {
		for (uint32_t i = 0; i < c->counts && c->bears[k][option]; i++)
			price -= case_entry(t->count_marks, t->count_mark_count, i, k);
		price += c->bears[k][option] ? case_entry(t->fees, t->fee_count, k, unit) : 0;
	}
	for (uint32_t i = 0; i < c->borders; i++) {
		wide value = case_entry(t->borders, t->border_count, i, c->label[option]);

		price += c->a[i] == unit ? value : c->b[i] == unit ? -value : 0;
	}
	return price;
}

static inline int case_by_value(const void *a, const void *b)
{
	wide x = *(const wide *)a, y = *(const wide *)b;

	return (x > y) - (x < y);
}

/* The parts of the total beside the units. */
static inline wide case_constant(const struct solve_case *c, const struct solve_certificate *t)
{
	wide total = 0;

	for (uint32_t i = 0; i < t->rows; i++)
		total += (c->at_least[i] ? 1 : -1) * t->row[i] * c->bound[i];
	for (uint32_t i = 0; i < c->counts; i++) {
		wide values[CASE_MARKS];
		size_t n = 0;

		for (uint32_t k = 0; k < c->marks; k++)
			if (c->counted[i][k])
				values[n++] = case_entry(t->count_marks, t->count_mark_count, i, k);
		qsort(values, n, sizeof *values, case_by_value);
		for (uint32_t k = 0; k < c->wanted[i]; k++)
			total += values[k];
	}
	for (uint32_t k = 0; k < c->marks; k++) {
		wide left = t->ray ? 0 : (wide)c->fee[k] << t->shift;

		for (size_t i = 0; i < t->fee_count; i++)
			left -= t->fees[i].index == k ? t->fees[i].value : 0;
		total += left < 0 ? left : 0;
	}
	for (uint32_t i = 0; i < c->borders; i++) {
		wide least = 0, most = 0, left = t->ray ? 0 : (wide)c->crossing[i] << t->shift;

		for (size_t k = 0; k < t->border_count; k++)
			if (t->borders[k].index == i) {
				least = t->borders[k].value < least ? t->borders[k].value : least;
				most = t->borders[k].value > most ? t->borders[k].value : most;
			}
		total += left < most - least ? left - (most - least) : 0;
	}
	return total;
}

/* false: a unit has no option left, which proves all by itself. */
static inline bool case_total(const struct solve_case *c, const struct solve_certificate *t, wide *total)
{
	*total = case_constant(c, t);
	for (uint32_t u = 0; u < c->units; u++) {
		bool any = false;
		wide least = 0;

		for (uint32_t o = c->first[u]; o < c->first[u + 1]; o++) {
			wide price = case_price(c, t, u, o);

			if (!c->forbidden[o] && (!any || price < least)) {
				least = price;
				any = true;
			}
		}
		if (!any)
			return false;
		*total += least;
	}
	return true;
}

#endif
