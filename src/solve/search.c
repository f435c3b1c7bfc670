/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a search: one move changes a few rows, marks, counts and borders, all of it exactly. */
#include "solve/search.h"

#include <string.h>

struct search *search_new(struct arena *a, const struct problem *p)
{
	struct search *s = arena_alloc(a, sizeof *s);
	size_t *counted = arena_array(a, (size_t)p->rows + 1, sizeof *counted);

	s->p = p;
	s->choice = arena_array(a, (size_t)p->units + 1, sizeof *s->choice);
	s->use = arena_array(a, (size_t)p->rows + 1, sizeof *s->use);
	s->bearers = arena_array(a, (size_t)p->marks + 1, sizeof *s->bearers);
	s->borne = arena_array(a, (size_t)p->counts + 1, sizeof *s->borne);
	s->size = arena_array(a, (size_t)p->rows + 1, sizeof *s->size);
	for (size_t k = 0; k < p->entry_first[p->options]; k++) {
		double value = (double)p->entry_value[k];

		s->size[p->entry_row[k]] += value < 0 ? -value : value;
		counted[p->entry_row[k]] += value != 0;
	}
	for (uint32_t i = 0; i < p->rows; i++)
		s->size[i] = counted[i] ? s->size[i] / (double)counted[i] : 1;
	return s;
}

static void bear(struct search *s, uint32_t mark)
{
	const struct problem *p = s->p;

	if (s->bearers[mark]++)
		return;
	s->cost += p->fee[mark];
	for (size_t i = p->mark_link_first[mark]; i < p->mark_link_first[mark + 1]; i++) {
		uint32_t c = p->link_count[p->mark_link[i]];

		if (++s->borne[c] == p->count[c].at_least)
			s->broken--;
	}
}

static void lose(struct search *s, uint32_t mark)
{
	const struct problem *p = s->p;

	if (--s->bearers[mark])
		return;
	s->cost -= p->fee[mark];
	for (size_t i = p->mark_link_first[mark]; i < p->mark_link_first[mark + 1]; i++) {
		uint32_t c = p->link_count[p->mark_link[i]];

		if (s->borne[c]-- == p->count[c].at_least)
			s->broken++;
	}
}

void search_set(struct search *s, const uint32_t *choice)
{
	const struct problem *p = s->p;

	if (choice != s->choice)
		memcpy(s->choice, choice, (size_t)p->units * sizeof *choice);
	memset(s->use, 0, (size_t)p->rows * sizeof *s->use);
	memset(s->bearers, 0, (size_t)p->marks * sizeof *s->bearers);
	memset(s->borne, 0, (size_t)p->counts * sizeof *s->borne);
	s->cost = 0;
	s->broken = p->counts;
	for (uint32_t u = 0; u < p->units; u++) {
		uint32_t o = s->choice[u];

		s->cost += p->cost[o];
		for (size_t k = p->entry_first[o]; k < p->entry_first[o + 1]; k++)
			s->use[p->entry_row[k]] += p->entry_value[k];
		for (size_t k = p->mark_first[o]; k < p->mark_first[o + 1]; k++)
			bear(s, p->option_mark[k]);
	}
	for (uint32_t i = 0; i < p->rows; i++)
		s->broken += s->use[i] > p->bound[i];
	for (size_t i = 0; i < p->model->borders.count; i++) {
		const struct model_border *b = &p->model->border[i];

		if (p->label[s->choice[b->a]] != p->label[s->choice[b->b]])
			s->cost += b->cost;
	}
}

static wide border_change(const struct search *s, uint32_t from, uint32_t to)
{
	const struct problem *p = s->p;
	uint32_t unit = p->owner[to];
	wide change = 0;

	if (p->label[from] == p->label[to])
		return 0;
	for (size_t i = p->neighbour_first[unit]; i < p->neighbour_first[unit + 1]; i++) {
		uint32_t other = p->label[s->choice[p->neighbour[i].unit]];

		if (other == p->label[from])
			change += p->neighbour[i].cost;
		else if (other == p->label[to])
			change -= p->neighbour[i].cost;
	}
	return change;
}

void search_move(struct search *s, uint32_t option)
{
	const struct problem *p = s->p;
	uint32_t from = s->choice[p->owner[option]], row;
	struct row_walk w = row_walk(p, from, option);
	wide change;

	if (from == option)
		return;
	s->cost += (wide)p->cost[option] - p->cost[from] + border_change(s, from, option);
	while (row_walk_next(p, &w, &row, &change)) {
		s->broken -= s->use[row] > p->bound[row];
		s->use[row] += change;
		s->broken += s->use[row] > p->bound[row];
	}
	/* New marks first: one that both options bear is never lost in between. */
	for (size_t k = p->mark_first[option]; k < p->mark_first[option + 1]; k++)
		bear(s, p->option_mark[k]);
	for (size_t k = p->mark_first[from]; k < p->mark_first[from + 1]; k++)
		lose(s, p->option_mark[k]);
	s->choice[p->owner[option]] = option;
}

static bool bears(const struct problem *p, uint32_t option, uint32_t mark)
{
	for (size_t k = p->mark_first[option]; k < p->mark_first[option + 1]; k++)
		if (p->option_mark[k] == mark)
			return true;
	return false;
}

wide search_cost_change(const struct search *s, uint32_t option)
{
	const struct problem *p = s->p;
	uint32_t from = s->choice[p->owner[option]];
	wide change = (wide)p->cost[option] - p->cost[from] + border_change(s, from, option);

	for (size_t k = p->mark_first[option]; k < p->mark_first[option + 1]; k++)
		if (s->bearers[p->option_mark[k]] == 0)
			change += p->fee[p->option_mark[k]];
	for (size_t k = p->mark_first[from]; k < p->mark_first[from + 1]; k++)
		if (s->bearers[p->option_mark[k]] == 1 && !bears(p, option, p->option_mark[k]))
			change -= p->fee[p->option_mark[k]];
	return change;
}

/* How much more or fewer marks of a count would be borne. */
static int count_change(const struct search *s, uint32_t count, uint32_t from, uint32_t to)
{
	const struct problem *p = s->p;
	int change = 0;

	for (size_t k = p->mark_first[to]; k < p->mark_first[to + 1]; k++)
		for (size_t i = p->mark_link_first[p->option_mark[k]]; i < p->mark_link_first[p->option_mark[k] + 1];
		     i++)
			change += p->link_count[p->mark_link[i]] == count && s->bearers[p->option_mark[k]] == 0;
	for (size_t k = p->mark_first[from]; k < p->mark_first[from + 1]; k++)
		for (size_t i = p->mark_link_first[p->option_mark[k]]; i < p->mark_link_first[p->option_mark[k] + 1];
		     i++)
			change -= p->link_count[p->mark_link[i]] == count && s->bearers[p->option_mark[k]] == 1 &&
				  !bears(p, to, p->option_mark[k]);
	return change;
}

bool search_allows(const struct search *s, uint32_t option)
{
	const struct problem *p = s->p;
	uint32_t from = s->choice[p->owner[option]], row;
	struct row_walk w = row_walk(p, from, option);
	wide change;

	while (row_walk_next(p, &w, &row, &change))
		if (change > 0 && s->use[row] + change > p->bound[row])
			return false;
	for (size_t k = p->mark_first[from]; k < p->mark_first[from + 1]; k++) {
		uint32_t mark = p->option_mark[k];

		for (size_t i = p->mark_link_first[mark]; s->bearers[mark] == 1 && i < p->mark_link_first[mark + 1];
		     i++) {
			uint32_t c = p->link_count[p->mark_link[i]];

			/* Nothing to spare: the mark may only go if another of the same count comes. */
			if (s->borne[c] <= p->count[c].at_least && count_change(s, c, from, option) < 0)
				return false;
		}
	}
	return true;
}
