/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States: a network in which each element also stands as everything that is offered for it. A policy asked about this one
 * tells what every choice does, in one pass and in its own words.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

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
	uint32_t site = p->cells.site[element];
	char text[48];

	for (size_t i = 0; i < p->word_count; i++) {
		bool of_site = i >= p->site_words;

		if (of_site && !CODE_IS_KNOWN(site))
			continue;
		if (has_word(net_cell(p->base, of_site ? NET_SITES : NET_ELEMENTS, p->words[i],
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

static bool names_region(const char *regions, const char *region)
{
	return !strcmp(region, regions) || has_word(regions, region, strlen(region));
}

static bool in_regions(const struct planning *p, uint32_t element, const char *regions)
{
	uint32_t code = region_of(p, element);

	return !*regions || (CODE_IS_KNOWN(code) && names_region(regions, strs_text(p->base->strs, code)));
}

static bool in_time(const struct planning *p, const struct plan_offer *o)
{
	if (o->until != DATE_NONE && o->until < p->task->on)
		return false;
	return o->from == DATE_NONE || p->task->until == DATE_NONE || o->from <= p->task->until;
}

/* Others that stay would hang in the air. */
static bool is_referred_to(const struct planning *p, uint32_t i)
{
	const struct net_table *t = &p->base->table[NET_ELEMENTS];

	for (size_t c = 0; c < t->column_count; c++)
		for (uint32_t k = 0; t->columns[c].type == TYPE_ELEMENT && k < p->elements; k++)
			if (t->columns[c].codes[k] == i)
				return true;
	return false;
}

static bool fits_what(const struct planning *p, const struct plan_offer *o, uint32_t i)
{
	uint32_t vendor = p->cells.vendor[i], product = p->cells.product[i], version = p->cells.version[i];
	bool same_product = !CODE_IS_KNOWN(o->product) || product == o->product;

	if (i >= p->real) /* it might be added: by the vendor that the pair names */
		return o->what == PLAN_SWAP &&
		       (!CODE_IS_KNOWN(p->extra_vendor[i - p->real]) || o->vendor == p->extra_vendor[i - p->real]);
	if (o->what == PLAN_SWAP)
		return true;
	if (o->what == PLAN_UPGRADE)
		return vendor == o->vendor && same_product && version != o->version;
	return o->what == PLAN_REMOVE && p->removable && p->removable[i] && same_product &&
	       (!CODE_IS_KNOWN(o->vendor) || vendor == o->vendor) && !is_referred_to(p, i);
}

bool offer_fits(const struct planning *p, const struct plan_offer *o, uint32_t i)
{
	if (!in_time(p, o) || (CODE_IS_KNOWN(o->function) && p->cells.function[i] != o->function))
		return false;
	return fits_what(p, o, i) && in_regions(p, i, o->regions) && carries_all(p, i, o->words);
}

static bool link_carries(const struct planning *p, uint32_t link, const uint32_t ends[2], const char *word,
			 size_t bytes)
{
	const struct net_table *t = &p->base->table[NET_LINKS];
	char text[48];

	for (size_t i = 0; i < t->column_count; i++)
		if (t->columns[i].type != TYPE_MEASURE && t->columns[i].type != TYPE_ELEMENT &&
		    has_word(net_cell(p->base, NET_LINKS, &t->columns[i], link, text), word, bytes))
			return true;
	return carries(p, ends[0], word, bytes) || carries(p, ends[1], word, bytes);
}

/* One end has the function, the vendor and the region; the link or an end carries each of the words. */
bool offer_fits_link(const struct planning *p, const struct plan_offer *o, uint32_t link)
{
	uint32_t ends[2];
	bool end = false;

	if (o->what != PLAN_RESTRICT || !in_time(p, o))
		return false;
	ends[0] = net_column(p->base, NET_LINKS, "a")->codes[link];
	ends[1] = net_column(p->base, NET_LINKS, "b")->codes[link];
	if (CODE_IS_KNOWN(o->reference_point) &&
	    net_column(p->base, NET_LINKS, "reference_point")->codes[link] == o->reference_point)
		return false;
	for (int i = 0; i < 2; i++)
		end = end || ((!CODE_IS_KNOWN(o->function) || p->cells.function[ends[i]] == o->function) &&
			      (!CODE_IS_KNOWN(o->vendor) || p->cells.vendor[ends[i]] == o->vendor) &&
			      (!CODE_IS_KNOWN(o->product) || p->cells.product[ends[i]] == o->product) &&
			      in_regions(p, ends[i], o->regions));
	for (const char *word = o->words; end && *word;) {
		size_t n = strcspn(word, " ");

		end = !n || link_carries(p, link, ends, word, n);
		word += n;
		word += strspn(word, " ");
	}
	return end;
}

uint32_t region_of(const struct planning *p, uint32_t element)
{
	uint32_t site = p->cells.site[element];

	return CODE_IS_KNOWN(site) ? p->cells.region[site] : CODE_UNKNOWN;
}

/* A swap for what stands there already is none. */
static bool changes_nothing(const struct planning *p, const struct plan_offer *o, uint32_t i)
{
	uint32_t product = CODE_IS_KNOWN(o->product) ? o->product : CODE_NONE;

	return i < p->real && o->what == PLAN_SWAP && p->cells.vendor[i] == o->vendor &&
	       p->cells.product[i] == product && p->cells.version[i] == o->version;
}

void cells_make(struct planning *p)
{
	const struct {
		const char *name;
		const uint32_t **to;
	} columns[] = { { "site", &p->cells.site },       { "function", &p->cells.function },
			{ "vendor", &p->cells.vendor },   { "product", &p->cells.product },
			{ "version", &p->cells.version }, { "since", &p->cells.since } };

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		*columns[i].to = net_column(p->base, NET_ELEMENTS, columns[i].name)->codes;
	p->cells.region = net_column(p->base, NET_SITES, "region")->codes;
}

static const uint32_t *offers_for(struct planning *p, const char *region, uint32_t *count)
{
	const struct plan_offers *all = p->task->offers;
	uint32_t *list = arena_array(p->arena, all->offer_count + 1, sizeof *list);

	for (uint32_t k = 0; k < all->offer_count; k++)
		if (!*all->offers[k].regions || (region && names_region(all->offers[k].regions, region)))
			list[(*count)++] = k;
	return list;
}

/* Sites of one region share a list. */
static void there_make(struct planning *p)
{
	uint32_t sites = p->base->table[NET_SITES].rows, codes = strs_count(p->base->strs);
	uint32_t *first = arena_array(p->scratch, (size_t)codes + 1, sizeof *first); /* code -> site + 1 */
	const uint32_t **offers = arena_array(p->arena, (size_t)sites + 1, sizeof *offers);
	uint32_t *counts = arena_array(p->arena, (size_t)sites + 1, sizeof *counts);

	offers[sites] = offers_for(p, NULL, &counts[sites]);
	for (uint32_t s = 0; s < sites; s++) {
		uint32_t code = p->cells.region[s], like = CODE_IS_KNOWN(code) ? first[code] : sites + 1;

		if (like) {
			offers[s] = offers[like - 1];
			counts[s] = counts[like - 1];
			continue;
		}
		first[code] = s + 1;
		offers[s] = offers_for(p, strs_text(p->base->strs, code), &counts[s]);
	}
	p->there.offers = offers;
	p->there.counts = counts;
}

const uint32_t *offers_there(const struct planning *p, uint32_t element, uint32_t *count)
{
	uint32_t site = p->cells.site[element];

	site = CODE_IS_KNOWN(site) ? site : p->base->table[NET_SITES].rows;
	*count = p->there.counts[site];
	return p->there.offers[site];
}

static void find_words(struct planning *p)
{
	for (int of_sites = 0; of_sites < 2; of_sites++) {
		const struct net_table *t = &p->base->table[of_sites ? NET_SITES : NET_ELEMENTS];

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

static void set_state(struct net_table *t, const struct plan_offer *o, uint32_t row, int32_t on, bool known)
{
	for (size_t i = 0; i < t->column_count; i++) {
		struct net_column *c = &t->columns[i];

		if (!strcmp(c->name, "version") && o->what != PLAN_REMOVE)
			c->codes[row] = o->version;
		if (o->what != PLAN_SWAP)
			continue;
		if (!strcmp(c->name, "vendor"))
			c->codes[row] = o->vendor;
		if (!strcmp(c->name, "product"))
			c->codes[row] = CODE_IS_KNOWN(o->product) ? o->product : known ? CODE_NONE : CODE_UNKNOWN;
		if (!strcmp(c->name, "since"))
			c->codes[row] = (uint32_t)((o->from != DATE_NONE && o->from > on ? o->from : on) + 719162);
	}
}

/* The wide network: the elements, then their clones. */
static void widen(struct planning *p)
{
	uint32_t rows = p->elements + (uint32_t)p->clones.count;
	struct net *wide = net_with_rows(p->arena, p->base, p->origin, rows);

	p->gone = arena_array(p->arena, (size_t)rows + 1, sizeof *p->gone);
	for (uint32_t i = p->real; i < p->elements; i++)
		p->gone[i] = true;
	for (uint32_t i = p->elements; i < rows; i++) {
		const struct plan_offer *o = &p->task->offers->offers[p->offer_of[i]];

		set_state(&wide->table[NET_ELEMENTS], o, i, p->task->on, p->offer_of[i] < p->hypothetical);
		p->gone[i] = o->what == PLAN_REMOVE;
		p->shapes = p->shapes || p->gone[i] || p->origin[i] >= p->real;
	}
	wide->present = p->task->present ? p->task->present : p->task->net;
	p->wide = wide;
}

void states_make(struct planning *p)
{
	const struct plan_offers *all = p->task->offers;
	uint32_t rows;

	there_make(p);
	find_words(p);
	p->first_clone = arena_array(p->arena, (size_t)p->elements + 2, sizeof *p->first_clone);
	for (uint32_t i = 0; i < p->elements; i++) {
		uint32_t count;
		const uint32_t *offers = offers_there(p, i, &count);

		p->first_clone[i] = p->elements + (uint32_t)p->clones.count;
		for (uint32_t k = 0; k < count; k++)
			if (offer_fits(p, &all->offers[offers[k]], i) &&
			    !changes_nothing(p, &all->offers[offers[k]], i))
				*array_add(&p->clones) = offers[k];
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

void removable_make(struct planning *p)
{
	const struct plan_task *t = p->task;
	bool *any = NULL;

	for (size_t i = 0; i < t->policy_count; i++) {
		struct diagnostics silent;
		struct policy_question q = { .net = p->base,
					     .evidence = t->evidence,
					     .on = t->on,
					     .threads = t->threads,
					     .strs = t->strs,
					     .arena = p->arena,
					     .diagnostics = &silent,
					     .brief = true };
		const bool *some;

		diagnostics_init(&silent, p->arena);
		some = policy_removable(t->policies[i], &q);
		diagnostics_free(&silent);
		if (!some)
			continue;
		any = any ? any : arena_array(p->arena, (size_t)p->elements + 1, sizeof *any);
		for (uint32_t e = 0; e < p->real; e++)
			any[e] = any[e] || some[e];
	}
	p->removable = any;
}
