/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the model's lists by row and mark to lists by option: the engine asks what changes when one unit chooses another
 * option, so what an option touches has to lie together.
 */
#include "solve/problem.h"

#include <stdlib.h>

/* Closes forbidden options and numbers the others. Returns, by the model's option, the number here or NONE. */
static uint32_t *number_options(struct problem *p, struct arena *scratch)
{
	const struct solve_model *m = p->model;
	uint32_t *here = arena_array(scratch, m->costs.count + 1, sizeof *here), next = 0;

	for (size_t i = 0; i < m->forbids.count; i++)
		if (model_holds(p->off, m->forbid[i].rule))
			here[m->forbid[i].option] = NONE;
	p->first = arena_array(p->arena, (size_t)p->units + 1, sizeof *p->first);
	for (uint32_t u = 0; u < p->units; u++) {
		p->first[u] = next;
		for (uint32_t o = m->first[u]; o < model_end(m, u); o++)
			if (here[o] != NONE)
				here[o] = next++;
		p->closed = p->closed || p->first[u] == next;
	}
	p->first[p->units] = p->options = next;
	return here;
}

static void copy_options(struct problem *p, const uint32_t *here)
{
	const struct solve_model *m = p->model;

	p->origin = arena_array(p->arena, (size_t)p->options + 1, sizeof *p->origin);
	p->owner = arena_array(p->arena, (size_t)p->options + 1, sizeof *p->owner);
	p->cost = arena_array(p->arena, (size_t)p->options + 1, sizeof *p->cost);
	p->label = arena_array(p->arena, (size_t)p->options + 1, sizeof *p->label);
	for (size_t i = 0; i < m->costs.count; i++)
		if (here[i] != NONE) {
			p->origin[here[i]] = (uint32_t)i;
			p->owner[here[i]] = m->owner[i];
			p->cost[here[i]] = m->cost[i];
			p->label[here[i]] = m->label[i];
		}
}

static void take_rows(struct problem *p)
{
	const struct solve_model *m = p->model;

	p->row_here = arena_array(p->arena, m->rows.count + 1, sizeof *p->row_here);
	p->row_origin = arena_array(p->arena, m->rows.count + 1, sizeof *p->row_origin);
	p->bound = arena_array(p->arena, m->rows.count + 1, sizeof *p->bound);
	for (uint32_t i = 0; i < m->rows.count; i++) {
		p->row_here[i] = NONE;
		if (!model_holds(p->off, m->row[i].rule))
			continue;
		p->bound[p->rows] = m->row[i].sense == SOLVE_AT_MOST ? m->row[i].bound : -m->row[i].bound;
		p->row_origin[p->rows] = i;
		p->row_here[i] = p->rows++;
	}
}

/* Running sums: what was counted at [i + 1] becomes where i begins. */
static void accumulate(size_t *first, size_t count)
{
	for (size_t i = 0; i < count; i++)
		first[i + 1] += first[i];
}

/* Calls of this for row after row, twice: first counting, then filling. An option named twice in a row gets one entry. */
static void place_row(struct problem *p, uint32_t row, const uint32_t *here, uint32_t *last, size_t *at)
{
	const struct solve_model *m = p->model;
	const struct model_row *r = &m->row[p->row_origin[row]];

	for (size_t k = r->from; k < r->from + r->count; k++) {
		uint32_t o = here[m->entry_option[k]];
		int64_t value = r->sense == SOLVE_AT_MOST ? m->entry_value[k] : -m->entry_value[k];

		if (o == NONE)
			continue;
		if (last[o] != row + 1) {
			last[o] = row + 1;
			if (!at) {
				p->entry_first[o + 1]++;
				continue;
			}
			p->entry_row[at[o]] = row;
			p->entry_value[at[o]++] = value;
		} else if (at) {
			p->entry_value[at[o] - 1] += value;
		}
	}
}

static void place_entries(struct problem *p, struct arena *scratch, const uint32_t *here)
{
	uint32_t *last = arena_array(scratch, (size_t)p->options + 1, sizeof *last);
	size_t *at = arena_array(scratch, (size_t)p->options + 1, sizeof *at);

	p->entry_first = arena_array(p->arena, (size_t)p->options + 1, sizeof *p->entry_first);
	for (uint32_t i = 0; i < p->rows; i++)
		place_row(p, i, here, last, NULL);
	accumulate(p->entry_first, p->options);
	p->entry_row = arena_array(p->arena, p->entry_first[p->options] + 1, sizeof *p->entry_row);
	p->entry_value = arena_array(p->arena, p->entry_first[p->options] + 1, sizeof *p->entry_value);
	for (uint32_t o = 0; o < p->options; o++) {
		at[o] = p->entry_first[o];
		last[o] = 0;
	}
	for (uint32_t i = 0; i < p->rows; i++)
		place_row(p, i, here, last, at);
}

/* Units by row, ascending and once each. */
static void place_row_units(struct problem *p, struct arena *scratch)
{
	size_t *at = arena_array(scratch, (size_t)p->rows + 1, sizeof *at);
	uint32_t *last = arena_array(scratch, (size_t)p->rows + 1, sizeof *last);

	p->row_first = arena_array(p->arena, (size_t)p->rows + 1, sizeof *p->row_first);
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < p->rows; i++)
			last[i] = NONE;
		for (uint32_t u = 0; u < p->units; u++)
			for (size_t k = p->entry_first[p->first[u]]; k < p->entry_first[p->first[u + 1]]; k++) {
				uint32_t row = p->entry_row[k];

				if (last[row] == u)
					continue;
				last[row] = u;
				if (pass)
					p->row_unit[at[row]++] = u;
				else
					p->row_first[row + 1]++;
			}
		if (pass)
			break;
		accumulate(p->row_first, p->rows);
		p->row_unit = arena_array(p->arena, p->row_first[p->rows] + 1, sizeof *p->row_unit);
		for (uint32_t i = 0; i < p->rows; i++)
			at[i] = p->row_first[i];
	}
}

static void take_counts(struct problem *p)
{
	const struct solve_model *m = p->model;
	size_t links = 0;

	p->count = arena_array(p->arena, m->counted.count + 1, sizeof *p->count);
	p->count_mark = arena_array(p->arena, m->count_marks.count + 1, sizeof *p->count_mark);
	p->link_count = arena_array(p->arena, m->count_marks.count + 1, sizeof *p->link_count);
	p->mark_link_first = arena_array(p->arena, (size_t)p->marks + 1, sizeof *p->mark_link_first);
	for (uint32_t i = 0; i < m->counted.count; i++) {
		const struct model_count *c = &m->counts[i];

		if (!model_holds(p->off, c->rule) || c->at_least == 0)
			continue;
		p->closed = p->closed || c->at_least > c->count;
		p->count[p->counts] = (struct problem_count){ c->at_least, i, links, c->count };
		for (size_t k = 0; k < c->count; k++, links++) {
			p->count_mark[links] = m->count_mark[c->from + k];
			p->link_count[links] = p->counts;
			p->mark_link_first[p->count_mark[links] + 1]++;
		}
		p->counts++;
	}
	p->links = (uint32_t)links;
	accumulate(p->mark_link_first, p->marks);
	p->mark_link = arena_array(p->arena, links + 1, sizeof *p->mark_link);
}

static void place_links(struct problem *p, struct arena *scratch)
{
	size_t *at = arena_array(scratch, (size_t)p->marks + 1, sizeof *at);

	for (uint32_t k = 0; k < p->marks; k++)
		at[k] = p->mark_link_first[k];
	for (uint32_t i = 0; i < p->links; i++)
		p->mark_link[at[p->count_mark[i]]++] = i;
}

/* Marks without a fee that no count in force asks for don't matter. */
static bool mark_matters(const struct problem *p, uint32_t mark)
{
	return p->fee[mark] > 0 || p->mark_link_first[mark] < p->mark_link_first[mark + 1];
}

static void place_marks(struct problem *p, struct arena *scratch, const uint32_t *here)
{
	const struct solve_model *m = p->model;
	size_t *at = arena_array(scratch, (size_t)p->options + 1, sizeof *at);

	p->mark_first = arena_array(p->arena, (size_t)p->options + 1, sizeof *p->mark_first);
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t k = 0; k < p->marks; k++) {
			const struct model_mark *mark = &m->mark[k];

			for (size_t i = mark->from; mark_matters(p, k) && i < mark->from + mark->count; i++) {
				uint32_t o = here[m->mark_option[i]];

				if (o == NONE)
					continue;
				if (pass)
					p->option_mark[at[o]++] = k;
				else
					p->mark_first[o + 1]++;
			}
		}
		if (pass)
			break;
		accumulate(p->mark_first, p->options);
		p->option_mark = arena_array(p->arena, p->mark_first[p->options] + 1, sizeof *p->option_mark);
		for (uint32_t o = 0; o < p->options; o++)
			at[o] = p->mark_first[o];
	}
}

static void place_bearers(struct problem *p, struct arena *scratch)
{
	size_t *at = arena_array(scratch, (size_t)p->marks + 1, sizeof *at), entries = p->mark_first[p->options];

	p->bearer_first = arena_array(p->arena, (size_t)p->marks + 1, sizeof *p->bearer_first);
	p->bearer = arena_array(p->arena, entries + 1, sizeof *p->bearer);
	for (size_t i = 0; i < entries; i++)
		p->bearer_first[p->option_mark[i] + 1]++;
	accumulate(p->bearer_first, p->marks);
	for (uint32_t k = 0; k < p->marks; k++)
		at[k] = p->bearer_first[k];
	for (uint32_t o = 0; o < p->options; o++)
		for (size_t i = p->mark_first[o]; i < p->mark_first[o + 1]; i++)
			p->bearer[at[p->option_mark[i]]++] = o;
}

static void place_holders(struct problem *p)
{
	size_t holders = 0;

	p->holder_first = arena_array(p->arena, (size_t)p->marks + 1, sizeof *p->holder_first);
	for (uint32_t k = 0; k < p->marks; k++)
		holders += p->fee[k] ? p->bearer_first[k + 1] - p->bearer_first[k] : 0;
	p->holder_unit = arena_array(p->arena, holders + 1, sizeof *p->holder_unit);
	p->holder_bearer = arena_array(p->arena, holders + 2, sizeof *p->holder_bearer);
	holders = 0;
	for (uint32_t k = 0; k < p->marks; k++) {
		for (size_t i = p->bearer_first[k]; p->fee[k] && i < p->bearer_first[k + 1]; i++) {
			uint32_t unit = p->owner[p->bearer[i]];

			if (holders == p->holder_first[k] || p->holder_unit[holders - 1] != unit) {
				p->holder_unit[holders] = unit;
				p->holder_bearer[holders++] = i;
			}
		}
		p->holder_first[k + 1] = holders;
	}
}

/* Where the options of a holder end. */
size_t problem_holder_end(const struct problem *p, uint32_t mark, size_t holder)
{
	return holder + 1 < p->holder_first[mark + 1] ? p->holder_bearer[holder + 1] : p->bearer_first[mark + 1];
}

static void place_borders(struct problem *p, struct arena *scratch)
{
	const struct solve_model *m = p->model;
	size_t *at = arena_array(scratch, (size_t)p->units + 1, sizeof *at);

	p->neighbour_first = arena_array(p->arena, (size_t)p->units + 1, sizeof *p->neighbour_first);
	for (size_t i = 0; i < m->borders.count; i++) {
		p->neighbour_first[m->border[i].a + 1]++;
		p->neighbour_first[m->border[i].b + 1]++;
	}
	accumulate(p->neighbour_first, p->units);
	p->neighbour = arena_array(p->arena, 2 * m->borders.count + 1, sizeof *p->neighbour);
	for (uint32_t u = 0; u < p->units; u++)
		at[u] = p->neighbour_first[u];
	for (uint32_t i = 0; i < m->borders.count; i++) {
		const struct model_border *b = &m->border[i];

		p->neighbour[at[b->a]++] = (struct problem_neighbour){ b->b, i, b->cost };
		p->neighbour[at[b->b]++] = (struct problem_neighbour){ b->a, i, b->cost };
	}
}

static int by_label(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static size_t labels_of(const struct problem *p, uint32_t unit, uint32_t *labels)
{
	uint32_t from = p->first[unit], count = p->first[unit + 1] - from;

	for (uint32_t i = 0; i < count; i++)
		labels[i] = p->label[from + i];
	return count;
}

static void place_slots(struct problem *p, struct arena *scratch)
{
	const struct solve_model *m = p->model;
	uint32_t *labels = arena_array(scratch, 2 * SOLVE_MOST_UNIT_OPTIONS, sizeof *labels);
	struct model_room r = { 0 };

	p->slot_first = arena_array(p->arena, m->borders.count + 1, sizeof *p->slot_first);
	for (size_t i = 0; i < m->borders.count; i++) {
		size_t count = labels_of(p, m->border[i].a, labels), kept = r.count;

		count += labels_of(p, m->border[i].b, labels + count);
		qsort(labels, count, sizeof *labels, by_label);
		if (r.room < r.count + count) {
			size_t room = 2 * r.room + 2 * count;

			p->slot_label =
				arena_grow(p->arena, p->slot_label, r.room * sizeof *labels, room * sizeof *labels);
			r.room = room;
		}
		for (size_t k = 0; k < count; k++)
			if (k == 0 || labels[k] != labels[k - 1])
				p->slot_label[kept++] = labels[k];
		r.count = kept;
		p->slot_first[i + 1] = kept;
	}
}

size_t problem_slot(const struct problem *p, uint32_t border, uint32_t label)
{
	size_t low = p->slot_first[border], high = p->slot_first[border + 1];

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (p->slot_label[middle] <= label)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The mean distance between an option's cost and its unit's cheapest; where all cost the same, the mean of fees and borders. */
static double typical_cost(const struct problem *p)
{
	wide sum = 0, others = 0;

	for (uint32_t u = 0; u < p->units; u++) {
		int64_t least = INT64_MAX;

		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++)
			least = p->cost[o] < least ? p->cost[o] : least;
		for (uint32_t o = p->first[u]; o < p->first[u + 1]; o++) {
			sum += p->cost[o] - least;
			others += p->cost[o] > least;
		}
	}
	if (others)
		return (double)sum / (double)others;
	for (uint32_t k = 0; k < p->marks; k++) {
		sum += p->fee[k];
		others += p->fee[k] > 0;
	}
	for (size_t i = 0; i < p->model->borders.count; i++) {
		sum += p->model->border[i].cost;
		others += p->model->border[i].cost > 0;
	}
	return others ? (double)sum / (double)others : 1;
}

struct problem *problem_new(struct arena *arena, const struct solve_model *m, const bool *off)
{
	struct problem *p = arena_alloc(arena, sizeof *p);
	struct arena *scratch = arena_new();
	uint32_t *here;

	p->model = m;
	p->off = off;
	p->arena = arena;
	p->units = (uint32_t)m->units.count;
	p->marks = (uint32_t)m->marks.count;
	here = number_options(p, scratch);
	copy_options(p, here);
	take_rows(p);
	place_entries(p, scratch, here);
	place_row_units(p, scratch);
	p->fee = arena_array(arena, (size_t)p->marks + 1, sizeof *p->fee);
	for (uint32_t k = 0; k < p->marks; k++)
		p->fee[k] = m->mark[k].fee;
	take_counts(p);
	place_links(p, scratch);
	place_marks(p, scratch, here);
	place_bearers(p, scratch);
	place_holders(p);
	place_borders(p, scratch);
	place_slots(p, scratch);
	p->step = solve_cost_step(m);
	p->scale = typical_cost(p);
	arena_free(scratch);
	return p;
}
