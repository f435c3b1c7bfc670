/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States: a network in which each element also stands as everything that is offered for it. A policy asked about this one
 * tells what every choice does, in one pass and in its own words.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

static const uint32_t *codes(const struct net *net, const char *column)
{
	return net_column(net, NET_ELEMENTS, column)->codes;
}

static bool has_word(const char *list, const char *word, size_t bytes)
{
	while (*list) {
		size_t n = strcspn(list, " ");

		if (n == bytes && !memcmp(list, word, n))
			return true;
		list += n;
		list += strspn(list, " ");
	}
	return false;
}

static bool carries(const struct planning *p, uint32_t element, const char *word, size_t bytes)
{
	uint32_t site = codes(p->task->net, "site")[element];
	char text[48];

	for (size_t i = 0; i < p->word_count; i++) {
		bool of_site = i >= p->site_words;

		if (of_site && !CODE_IS_KNOWN(site))
			continue;
		if (has_word(net_cell(p->task->net, of_site ? NET_SITES : NET_ELEMENTS, p->words[i],
				      of_site ? site : element, text),
			     word, bytes))
			return true;
	}
	return false;
}

static bool carries_all(const struct planning *p, uint32_t element, const char *words)
{
	while (*words) {
		size_t n = strcspn(words, " ");

		if (n && !carries(p, element, words, n))
			return false;
		words += n;
		words += strspn(words, " ");
	}
	return true;
}

static bool in_regions(const struct net *net, uint32_t element, const char *regions)
{
	uint32_t site = codes(net, "site")[element], code;
	const char *region;

	if (!*regions)
		return true;
	if (!CODE_IS_KNOWN(site))
		return false;
	code = net_column(net, NET_SITES, "region")->codes[site];
	if (!CODE_IS_KNOWN(code))
		return false;
	region = strs_text(net->strs, code);
	return !strcmp(region, regions) || has_word(regions, region, strlen(region));
}

static bool in_time(const struct planning *p, const struct plan_offer *o)
{
	if (o->until != DATE_NONE && o->until < p->task->on)
		return false;
	return o->from == DATE_NONE || p->task->until == DATE_NONE || o->from <= p->task->until;
}

bool offer_fits(const struct planning *p, const struct plan_offer *o, uint32_t i)
{
	const struct net *net = p->task->net;
	uint32_t vendor = codes(net, "vendor")[i], product = codes(net, "product")[i],
		 version = codes(net, "version")[i];

	if (o->what == PLAN_EVIDENCE || !in_time(p, o))
		return false;
	if (CODE_IS_KNOWN(o->function) && codes(net, "function")[i] != o->function)
		return false;
	if (o->what == PLAN_UPGRADE && (vendor != o->vendor || (CODE_IS_KNOWN(o->product) && product != o->product)))
		return false;
	return in_regions(net, i, o->regions) && carries_all(p, i, o->words) &&
	       !(o->what == PLAN_UPGRADE && version == o->version);
}

/* A swap for what stands there already is none. */
static bool changes_nothing(const struct planning *p, const struct plan_offer *o, uint32_t i)
{
	const struct net *net = p->task->net;
	uint32_t product = CODE_IS_KNOWN(o->product) ? o->product : CODE_NONE;

	return o->what == PLAN_SWAP && codes(net, "vendor")[i] == o->vendor && codes(net, "product")[i] == product &&
	       codes(net, "version")[i] == o->version;
}

static void find_words(struct planning *p)
{
	for (int of_sites = 0; of_sites < 2; of_sites++) {
		const struct net_table *t = &p->task->net->table[of_sites ? NET_SITES : NET_ELEMENTS];

		if (of_sites)
			p->site_words = p->word_count;
		for (size_t i = 0; i < t->column_count && p->word_count < 60; i++) {
			const struct net_column *c = &t->columns[i];
			bool spoken = c->type == TYPE_TEXT || c->type == TYPE_WORDS || c->type == TYPE_TECHNOLOGY ||
				      c->type == TYPE_LAYER;

			if (spoken && strcmp(c->name, "version"))
				p->words[p->word_count++] = c;
		}
	}
}

static uint32_t *grown(struct planning *p, const uint32_t *old, uint32_t rows)
{
	uint32_t *new = arena_array(p->arena, (size_t)rows + 1, sizeof *new);

	for (uint32_t i = 0; i < rows; i++)
		new[i] = old[p->origin[i]];
	return new;
}

static void set_state(struct net_table *t, const struct plan_offer *o, uint32_t row, int32_t on)
{
	for (size_t i = 0; i < t->column_count; i++) {
		struct net_column *c = &t->columns[i];

		if (!strcmp(c->name, "version"))
			c->codes[row] = o->version;
		if (o->what == PLAN_UPGRADE)
			continue;
		if (!strcmp(c->name, "vendor"))
			c->codes[row] = o->vendor;
		if (!strcmp(c->name, "product"))
			c->codes[row] = CODE_IS_KNOWN(o->product) ? o->product : CODE_NONE;
		if (!strcmp(c->name, "since"))
			c->codes[row] = (uint32_t)((o->from != DATE_NONE && o->from > on ? o->from : on) + 719162);
	}
}

/* The wide network: the elements, then their clones. */
static void widen(struct planning *p)
{
	const struct net *net = p->task->net;
	uint32_t rows = p->elements + (uint32_t)p->clones.count;
	struct net *wide = arena_alloc(p->arena, sizeof *wide);
	struct net_table *t = &wide->table[NET_ELEMENTS];
	const struct net_column *old = net->table[NET_ELEMENTS].columns;

	*wide = *net;
	t->rows = rows;
	t->columns = arena_array(p->arena, t->column_count + 1, sizeof *t->columns);
	for (size_t i = 0; i < t->column_count; i++) {
		t->columns[i] = old[i];
		if (old[i].codes)
			t->columns[i].codes = grown(p, old[i].codes, rows);
		if (old[i].measures) {
			t->columns[i].measures =
				arena_array(p->arena, (size_t)rows + 1, sizeof *t->columns[i].measures);
			for (uint32_t k = 0; k < rows; k++)
				t->columns[i].measures[k] = old[i].measures[p->origin[k]];
		}
	}
	t->ids = grown(p, net->table[NET_ELEMENTS].ids, rows);
	t->lines = grown(p, net->table[NET_ELEMENTS].lines, rows);
	t->files = arena_array(p->arena, (size_t)rows + 1, sizeof *t->files);
	for (uint32_t i = 0; i < rows; i++)
		t->files[i] = net->table[NET_ELEMENTS].files[p->origin[i]];
	wide->present = p->task->present ? p->task->present : net;
	wide->present_element = arena_array(p->arena, (size_t)rows + 1, sizeof *wide->present_element);
	for (uint32_t i = 0; i < rows; i++)
		wide->present_element[i] =
			p->task->present && net->present_element ? net->present_element[p->origin[i]] : p->origin[i];
	for (uint32_t i = p->elements; i < rows; i++)
		set_state(t, &p->task->offers->offers[p->offer_of[i]], i, p->task->on);
	p->wide = wide;
}

void states_make(struct planning *p)
{
	const struct plan_offers *all = p->task->offers;
	uint32_t rows;

	find_words(p);
	p->first_clone = arena_array(p->arena, (size_t)p->elements + 2, sizeof *p->first_clone);
	for (uint32_t i = 0; i < p->elements; i++) {
		p->first_clone[i] = p->elements + (uint32_t)p->clones.count;
		for (size_t k = 0; k < all->offer_count; k++)
			if (offer_fits(p, &all->offers[k], i) && !changes_nothing(p, &all->offers[k], i))
				*array_add(&p->clones) = (uint32_t)k;
	}
	rows = p->elements + (uint32_t)p->clones.count;
	p->first_clone[p->elements] = rows;
	p->origin = arena_array(p->arena, (size_t)rows + 1, sizeof *p->origin);
	p->offer_of = arena_array(p->arena, (size_t)rows + 1, sizeof *p->offer_of);
	for (uint32_t i = 0; i < p->elements; i++) {
		p->origin[i] = i;
		p->offer_of[i] = NO_OFFER;
		for (uint32_t k = p->first_clone[i]; k < p->first_clone[i + 1]; k++) {
			p->origin[k] = i;
			p->offer_of[k] = p->clones.items[k - p->elements];
		}
	}
	widen(p);
}

const struct net *net_of_choice(struct planning *p, struct arena *a, const uint32_t *choice)
{
	static const char *const changing[] = { "vendor", "product", "version", "since" };
	const struct net *net = p->task->net;
	struct net *out = arena_alloc(a, sizeof *out);
	struct net_table *t = &out->table[NET_ELEMENTS];

	*out = *net;
	out->present = p->wide->present;
	out->present_element = p->wide->present_element;
	t->columns = arena_array(a, t->column_count + 1, sizeof *t->columns);
	memcpy(t->columns, net->table[NET_ELEMENTS].columns, t->column_count * sizeof *t->columns);
	for (size_t c = 0; c < sizeof changing / sizeof *changing; c++) {
		const uint32_t *from = codes(p->wide, changing[c]);
		struct net_column *to = (struct net_column *)net_column(out, NET_ELEMENTS, changing[c]);

		to->codes = arena_array(a, (size_t)p->elements + 1, sizeof *to->codes);
		for (uint32_t i = 0; i < p->elements; i++) {
			const struct unit *u = p->unit_of[i] == NO_UNIT ? NULL : &p->units.items[p->unit_of[i]];

			to->codes[i] =
				from[u ? state_of(p, &p->options.items[choice[p->unit_of[i]]], p->place_of[i]) : i];
		}
	}
	return out;
}
