/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wanted: an offer that nobody made would have made a plan possible - for one function, from a vendor of whom nothing is known:
 * then the fewest elements that it would have to be for. Where none alone would, the fewest functions are named for which offers
 * together would.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

enum {
	MOST_ELEMENTS = 20000,    /* beyond, nothing is tried: each is a plan of its own */
	MOST_TOGETHER = 64,       /* sets of functions that are tried */
	NEAR_ENOUGH = PPB / 1000, /* of the fewest elements */
};

static void *one_more(struct arena *a, const void *items, size_t count, size_t size)
{
	char *new = arena_array(a, count + 2, size);

	if (count)
		memcpy(new, items, count * size);
	return new;
}

/* The network with a vendor of whom nothing is known. */
static struct net *net_with_vendor(struct arena *a, const struct net *net)
{
	struct net *out = arena_alloc(a, sizeof *out);
	struct net_table *t = &out->table[NET_VENDORS];
	uint32_t row;

	*out = *net;
	row = t->rows;
	t->columns = one_more(a, t->columns, t->column_count, sizeof *t->columns);
	for (size_t i = 0; i < t->column_count; i++) {
		struct net_column *c = &t->columns[i];

		if (c->codes) {
			c->codes = one_more(a, c->codes, row, sizeof *c->codes);
			c->codes[row] = CODE_UNKNOWN;
		}
		if (c->measures) {
			c->measures = one_more(a, c->measures, row, sizeof *c->measures);
			c->measures[row] = MEASURE_UNKNOWN;
		}
	}
	t->ids = one_more(a, t->ids, row, sizeof *t->ids);
	t->ids[row] = strs_id(net->strs, "another vendor");
	t->lines = one_more(a, t->lines, row, sizeof *t->lines);
	t->files = one_more(a, t->files, row, sizeof *t->files);
	t->rows = row + 1;
	return out;
}

struct functions {
	uint32_t *items;
	size_t count;
};

/* All that is offered costs nothing, and the new ones a piece: so the fewest pieces are sought. */
static struct plan_offers *offers_with(struct arena *a, const struct plan_offers *all, uint32_t vendor,
				       const struct functions *functions)
{
	struct plan_offers *out = arena_alloc(a, sizeof *out);

	*out = *all;
	out->line_count = 0;
	out->offers = arena_array(a, all->offer_count + functions->count + 1, sizeof *out->offers);
	if (all->offer_count)
		memcpy(out->offers, all->offers, all->offer_count * sizeof *out->offers);
	for (size_t k = 0; k < all->offer_count; k++) {
		out->offers[k].cost = (struct plan_money){ 0, 0, 0 };
		out->offers[k].region_fixed = out->offers[k].running_per_year = 0;
	}
	for (size_t i = 0; i < functions->count; i++)
		out->offers[out->offer_count++] = (struct plan_offer){ .name = "missing",
								       .what = PLAN_SWAP,
								       .vendor = vendor,
								       .product = CODE_UNKNOWN,
								       .version = CODE_UNKNOWN,
								       .function = functions->items[i],
								       .words = "",
								       .cost = { MICRO, MICRO, MICRO },
								       .from = DATE_NONE,
								       .until = DATE_NONE,
								       .per_quarter = -1,
								       .minimum = -1,
								       .regions = "",
								       .evidence_kind = "",
								       .lead_days = -1,
								       .source = "" };
	return out;
}

struct wanted { /* of one function */
	size_t elements;
	bool fewest; /* proven to be; of several functions nothing is */
	struct {
		uint32_t *items;
		size_t count, room;
	} regions; /* texts, each once */
};

static struct wanted count_wanted(struct planning *p, const struct chosen *c, uint32_t offer)
{
	struct wanted w = { .elements = 0 };

	for (uint32_t u = 0; u < p->units.count; u++)
		for (uint32_t k = 0; k < p->units.items[u].members; k++) {
			uint32_t s = state_of(p, &p->options.items[c->option[u]], k), region;
			size_t i = 0;

			if (p->offer_of[s] != offer)
				continue;
			w.elements++;
			region = region_of(p, p->origin[s]);
			while (i < w.regions.count && w.regions.items[i] != region)
				i++;
			if (i == w.regions.count)
				*array_add(&w.regions) = region;
		}
	return w;
}

static void print_wanted(struct planning *p, struct sink *s, uint32_t function, const struct wanted *w)
{
	enum { NAMED = 5 };

	sink_printf(s, "an offer for function %s of another vendor", net_functions[function].name);
	for (size_t i = 0; i < w->regions.count && w->regions.count <= NAMED; i++) {
		uint32_t region = w->regions.items[i];

		sink_text(s, i ? (i + 1 == w->regions.count ? " and " : ", ")
			       : (w->regions.count == 1 ? " in region " : " in regions "));
		sink_text(s, CODE_IS_KNOWN(region) ? strs_text(p->base->strs, region) : "(unknown)");
	}
	if (w->regions.count > NAMED)
		sink_printf(s, " in %zu regions", w->regions.count);
	sink_printf(s, ", for %s%zu element%s", w->fewest ? "at least " : "", w->elements, w->elements == 1 ? "" : "s");
}

/* What of the functions the answer uses, in words; the others go from the list. NULL: none. */
static const char *offers_text(struct planning *p, struct arena *a, const struct answer *x, struct functions *functions)
{
	struct sink *s = sink_to_memory(a);
	size_t used = 0;

	for (size_t i = 0; i < functions->count; i++) {
		struct wanted w = count_wanted(p, &x->chosen, p->hypothetical + (uint32_t)i);

		w.fewest = functions->count == 1 && x->has_bound && x->bound > (wide)(w.elements - 1) * MICRO;
		if (w.elements) {
			sink_text(s, used ? ", together with " : "");
			print_wanted(p, s, functions->items[i], &w);
			functions->items[used++] = functions->items[i];
		}
		free(w.regions.items);
	}
	functions->count = used;
	return used ? sink_memory(s, NULL) : NULL;
}

/* Would offers for these functions leave a plan? In words; the functions that it does without go from the list. */
static const char *try_functions(struct planning *p, struct functions *functions)
{
	struct arena *a = arena_new();
	struct plan_task task = *p->task;
	uint32_t vendor = task.net->table[NET_VENDORS].rows;
	const char *text = NULL;
	struct diagnostics silent;
	struct planning *other;

	diagnostics_init(&silent, a);
	task.net = net_with_vendor(a, task.net);
	task.offers = offers_with(a, p->task->offers, vendor, functions);
	task.budget = 0;
	task.gap_ppb = NEAR_ENOUGH;
	other = planning_new(a, &task, &silent, (uint32_t)p->task->offers->offer_count);
	if (other) {
		struct answer x;

		other->trial = true;
		x = settle(other, TIER_NOT_BROKEN);
		if (x.outcome == OUTCOME_PASSES)
			text = offers_text(other, p->arena, &x, functions);
	}
	diagnostics_free(&silent);
	arena_free(a);
	return text;
}

/* One of those that are needed after the other is left out, as long as the rest will do. */
static const char *without_some(struct planning *p, struct functions *functions, const char *text)
{
	uint32_t *items = arena_array(p->scratch, functions->count + 1, sizeof *items);

	for (size_t i = 0; i < functions->count && !is_over(p);) {
		struct functions fewer = { items, 0 };
		const char *said;

		for (size_t k = 0; k < functions->count; k++)
			if (k != i)
				items[fewer.count++] = functions->items[k];
		said = try_functions(p, &fewer);
		if (!said) {
			i++;
			continue;
		}
		text = said;
		functions->count = fewer.count;
		memcpy(functions->items, items, fewer.count * sizeof *items);
		i = 0;
	}
	return text;
}

/* The next set of so many of them, in the order of their numbers; false: it was the last. */
static bool next_set(size_t *set, size_t size, size_t of)
{
	size_t i = size;

	while (i > 0 && set[i - 1] == of - size + i - 1)
		i--;
	if (!i)
		return false;
	set[i - 1]++;
	for (; i < size; i++)
		set[i] = set[i - 1] + 1;
	return true;
}

/* Smaller sets than the one that is left, the smallest first, as many as are worth trying. */
static const char *smaller_set(struct planning *p, const struct functions *all, size_t than)
{
	size_t *set = arena_array(p->scratch, all->count + 1, sizeof *set), tried = 0;
	uint32_t *items = arena_array(p->scratch, all->count + 1, sizeof *items);

	for (size_t size = 2; size < than; size++) {
		for (size_t i = 0; i < size; i++)
			set[i] = i;
		do {
			struct functions some = { items, size };
			const char *text;

			for (size_t i = 0; i < size; i++)
				items[i] = all->items[set[i]];
			if (tried++ == MOST_TOGETHER || is_over(p))
				return NULL;
			text = try_functions(p, &some);
			if (text)
				return text;
		} while (next_set(set, size, all->count));
	}
	return NULL;
}

static void try_several(struct planning *p, struct plan *plan, const struct functions *all)
{
	struct functions some = { arena_array(p->scratch, all->count + 1, sizeof *some.items), all->count };
	const char *text, *smaller;

	memcpy(some.items, all->items, all->count * sizeof *some.items);
	text = try_functions(p, &some);
	if (!text)
		return;
	text = without_some(p, &some, text);
	smaller = smaller_set(p, all, some.count);
	missing_tell(p, plan, "offers", smaller ? smaller : text);
}

void wanted_make(struct planning *p, struct plan *plan)
{
	bool *seen = arena_array(p->scratch, net_function_count + 1, sizeof *seen), any = false;
	struct functions all = { arena_array(p->scratch, net_function_count + 1, sizeof *all.items), 0 };

	if (p->real > MOST_ELEMENTS)
		return;
	for (uint32_t e = 0; e < p->real && !is_over(p); e++) {
		uint32_t function = element_code(p, "function", e);
		const char *text;

		if (!CODE_IS_KNOWN(function) || seen[function])
			continue;
		seen[function] = true;
		all.items[all.count++] = function;
		text = try_functions(p, &(struct functions){ &function, 1 });
		if (text)
			missing_tell(p, plan, "offer", text);
		any = any || text;
	}
	if (!any && all.count > 1 && !is_over(p))
		try_several(p, plan, &all);
}
