/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape: networks made of another's rows - with each element also as everything it might become, with elements added or taken
 * away, with fewer links. Only what the policy reads is made: columns, ids, places, elements by site, and whom each row was.
 */
#include <string.h>

#include "plan/model.h"

static uint32_t *picked(struct arena *a, const uint32_t *old, const uint32_t *from, uint32_t rows)
{
	uint32_t *new = arena_array(a, (size_t)rows + 1, sizeof *new);

	for (uint32_t i = 0; i < rows; i++)
		new[i] = old[from[i]];
	return new;
}

static void pick_table(struct arena *a, const struct net *net, enum net_table_name name, const uint32_t *from,
		       uint32_t rows, struct net_table *to)
{
	const struct net_table *t = &net->table[name];

	*to = *t;
	to->rows = rows;
	to->find_slots = NULL;
	to->columns = arena_array(a, t->column_count + 1, sizeof *to->columns);
	for (size_t i = 0; i < t->column_count; i++) {
		to->columns[i] = t->columns[i];
		if (t->columns[i].codes)
			to->columns[i].codes = picked(a, t->columns[i].codes, from, rows);
		if (t->columns[i].measures) {
			to->columns[i].measures = arena_array(a, (size_t)rows + 1, sizeof *to->columns[i].measures);
			for (uint32_t k = 0; k < rows; k++)
				to->columns[i].measures[k] = t->columns[i].measures[from[k]];
		}
	}
	if (t->ids)
		to->ids = picked(a, t->ids, from, rows);
	to->lines = picked(a, t->lines, from, rows);
	to->files = arena_array(a, (size_t)rows + 1, sizeof *to->files);
	for (uint32_t i = 0; i < rows; i++)
		to->files[i] = t->files[from[i]];
}

struct net *net_with_rows(struct arena *a, const struct net *net, const uint32_t *from, uint32_t rows)
{
	struct net *out = arena_alloc(a, sizeof *out);

	*out = *net;
	pick_table(a, net, NET_ELEMENTS, from, rows, &out->table[NET_ELEMENTS]);
	out->present_element = arena_array(a, (size_t)rows + 1, sizeof *out->present_element);
	for (uint32_t i = 0; i < rows; i++)
		out->present_element[i] = net->present_element ? net->present_element[from[i]] : from[i];
	return out;
}

void net_index_sites(struct arena *a, struct net *net)
{
	const uint32_t *site = net_column(net, NET_ELEMENTS, "site")->codes;
	uint32_t sites = net->table[NET_SITES].rows, rows = net->table[NET_ELEMENTS].rows;
	uint32_t *first = arena_array(a, (size_t)sites + 2, sizeof *first);

	net->site_elements = arena_array(a, (size_t)rows + 1, sizeof *net->site_elements);
	for (uint32_t i = 0; i < rows; i++)
		if (CODE_IS_KNOWN(site[i]))
			first[site[i] + 2]++;
	for (uint32_t s = 0; s < sites; s++)
		first[s + 2] += first[s + 1];
	for (uint32_t i = 0; i < rows; i++)
		if (CODE_IS_KNOWN(site[i]))
			net->site_elements[first[site[i] + 1]++] = i;
	net->site_first = first;
}

const struct net *net_with_links(struct arena *a, const struct net *net, const bool *kept)
{
	struct net *out = arena_alloc(a, sizeof *out);
	uint32_t rows = net->table[NET_LINKS].rows, count = 0;
	uint32_t *from = arena_array(a, (size_t)rows + 1, sizeof *from);

	for (uint32_t i = 0; i < rows; i++)
		if (kept[i])
			from[count++] = i;
	*out = *net;
	pick_table(a, net, NET_LINKS, from, count, &out->table[NET_LINKS]);
	return out;
}

/* ---- as a choice leaves it ----------------------------------------------------------------------------------------- */

static uint32_t state_chosen(const struct planning *p, const uint32_t *choice, uint32_t element)
{
	uint32_t u = p->unit_of[element];

	return u == NO_UNIT ? element : state_of(p, &p->options.items[choice[u]], p->place_of[element]);
}

/* Every element stands where it stood: only what it is differs. */
static struct net *same_rows(struct planning *p, struct arena *a, const uint32_t *states)
{
	static const char *const changing[] = { "vendor", "product", "version", "since" };
	const struct net *net = p->base;
	struct net *out = arena_alloc(a, sizeof *out);
	struct net_table *t = &out->table[NET_ELEMENTS];

	*out = *net;
	out->present = p->wide->present;
	out->present_element = p->wide->present_element;
	t->columns = arena_array(a, t->column_count + 1, sizeof *t->columns);
	memcpy(t->columns, net->table[NET_ELEMENTS].columns, t->column_count * sizeof *t->columns);
	for (size_t c = 0; c < sizeof changing / sizeof *changing; c++) {
		const uint32_t *from = net_column(p->wide, NET_ELEMENTS, changing[c])->codes;
		struct net_column *to = (struct net_column *)net_column(out, NET_ELEMENTS, changing[c]);

		to->codes = arena_array(a, (size_t)p->elements + 1, sizeof *to->codes);
		for (uint32_t i = 0; i < p->elements; i++)
			to->codes[i] = from[states[i]];
	}
	return out;
}

/* Links that carry something else than before. */
static void narrow(struct planning *p, struct arena *a, const uint32_t *choice, struct net_table *t)
{
	struct net_column *columns = arena_array(a, t->column_count + 1, sizeof *columns), *to;
	uint32_t *codes = arena_array(a, (size_t)t->rows + 1, sizeof *codes);

	memcpy(columns, t->columns, t->column_count * sizeof *columns);
	for (to = columns; strcmp(to->name, "reference_point");)
		to++;
	memcpy(codes, to->codes, t->rows * sizeof *codes);
	for (size_t u = 0; u < p->units.count; u++) {
		const struct option *o = &p->options.items[choice[u]];

		if (p->units.items[u].link != NO_LINK && o->offer != NO_OFFER)
			codes[p->units.items[u].link] = p->task->offers->offers[o->offer].reference_point;
	}
	to->codes = codes;
	t->columns = columns;
}

/* Elements that point to others point to their new rows. */
static void renumber(struct arena *a, struct net_table *t, const uint32_t *row_of)
{
	for (size_t c = 0; c < t->column_count; c++) {
		uint32_t *codes;

		if (t->columns[c].type != TYPE_ELEMENT)
			continue;
		codes = arena_array(a, (size_t)t->rows + 1, sizeof *codes);
		for (uint32_t i = 0; i < t->rows; i++) {
			uint32_t was = t->columns[c].codes[i];

			codes[i] = CODE_IS_KNOWN(was) ? row_of[was] : was;
		}
		t->columns[c].codes = codes;
	}
}

const struct net *net_of_states(struct planning *p, struct arena *a, const uint32_t *states, const uint32_t *choice)
{
	uint32_t links = p->base->table[NET_LINKS].rows, rows = 0, *from, *row_of;
	const uint32_t *ends[2];
	struct net *out;
	bool *kept;

	if (!p->shapes && p->elements == p->real)
		return same_rows(p, a, states);
	from = arena_array(a, (size_t)p->elements + 1, sizeof *from);
	row_of = arena_array(a, (size_t)p->elements + 1, sizeof *row_of);
	for (uint32_t i = 0; i < p->elements; i++) {
		row_of[i] = p->gone[states[i]] ? CODE_NONE : rows;
		if (!p->gone[states[i]])
			from[rows++] = states[i];
	}
	out = net_with_rows(a, p->wide, from, rows);
	renumber(a, &out->table[NET_ELEMENTS], row_of);
	net_index_sites(a, out);
	kept = arena_array(a, (size_t)links + 1, sizeof *kept);
	for (int e = 0; e < 2; e++)
		ends[e] = net_column(p->base, NET_LINKS, e ? "b" : "a")->codes;
	for (uint32_t i = 0; i < links; i++)
		kept[i] = row_of[ends[0][i]] != CODE_NONE && row_of[ends[1][i]] != CODE_NONE;
	for (size_t u = 0; u < p->units.count; u++)
		if (p->units.items[u].link != NO_LINK && takes_out(p, &p->options.items[choice[u]]))
			kept[p->units.items[u].link] = false;
	if (links)
		narrow(p, a, choice, &out->table[NET_LINKS]);
	out = (struct net *)net_with_links(a, out, kept);
	renumber(a, &out->table[NET_LINKS], row_of);
	return out;
}

const struct net *net_of_choice(struct planning *p, struct arena *a, const uint32_t *choice)
{
	uint32_t *states = arena_array(a, (size_t)p->elements + 1, sizeof *states);

	for (uint32_t i = 0; i < p->elements; i++)
		states[i] = state_chosen(p, choice, i);
	return net_of_states(p, a, states, choice);
}
