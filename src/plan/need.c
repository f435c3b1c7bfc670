/* SPDX-License-Identifier: Apache-2.0 */
/*
 * need: which documents a choice rests on. Each state that a rule asks evidence for is asked about: is it on file, and if not, which
 * of the documents that are offered would do? Of several any one will, so the cheapest together are chosen.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/build.h"

/* What a state needs to be obtained: nothing; one of these; or something that only a judgement of all together can tell. */
struct demand {
	enum { DEMAND_NONE, DEMAND_ONE_OF, DEMAND_JUDGED } kind;
	const uint32_t *offers;
	uint32_t count; /* 0: nothing helps */
};

/* In the quarter that is looked at, if it is obtained at all; what is settled is, or is not. */
static bool is_obtained_by_then(const struct building *x, uint32_t offer)
{
	if (x->settled && !x->settled->evidence[offer])
		return false;
	return x->at == AT_END || quarter_of_evidence(x->p, &x->p->task->offers->offers[offer]) <= (size_t)x->at;
}

static bool does(struct building *x, const struct evidence *evidence, uint32_t state)
{
	uint32_t claim;

	return policy_row_evidence(x->row, evidence, state, x->arena, &claim) == POLICY_ROW_GOOD;
}

/* Worth asking about for a product: documents of the kind about it. */
static uint32_t documents_about(const struct building *x, uint32_t product, uint32_t *out)
{
	const struct plan_offers *all = x->p->task->offers;
	uint32_t count = 0;

	for (uint32_t k = 0; k < all->offer_count; k++)
		if (x->p->claim_of[k] != UINT32_MAX && all->offers[k].product == product &&
		    !strcmp(all->offers[k].evidence_kind, x->row->need.kind))
			out[count++] = k;
	return count;
}

static struct demand demand_of(struct building *x, uint32_t state)
{
	const struct policy_row *r = x->row;
	uint32_t claim, count, kept = 0, *offers;
	bool alone = false;
	enum policy_row_answer answer = policy_row_evidence(r, x->p->task->evidence, state, x->arena, &claim);

	if (answer == POLICY_ROW_GOOD ||
	    (x->tier == TIER_NOT_BROKEN && (r->target[state] != 3 || answer == POLICY_ROW_OPEN)))
		return (struct demand){ .kind = DEMAND_NONE };
	if (!x->p->full || !does(x, x->p->full, state))
		return (struct demand){ .kind = DEMAND_ONE_OF };
	offers = arena_array(x->arena, x->p->task->offers->offer_count + 1, sizeof *offers);
	count = documents_about(x, net_column(x->p->wide, NET_ELEMENTS, "product")->codes[state], offers);
	for (uint32_t i = 0; i < count; i++) {
		if (count > 1 && !does(x, evidence_of_rank(x->p, x->p->rank_of[offers[i]]), state))
			continue;
		alone = true;
		if (is_obtained_by_then(x, offers[i]))
			offers[kept++] = offers[i];
	}
	return (struct demand){ alone ? DEMAND_ONE_OF : DEMAND_JUDGED, offers, kept };
}

/* Whoever chooses the option has one of the documents obtained: it is paid for once, however many need it. */
static void needs_one_of(struct building *x, uint32_t option, const struct demand *d)
{
	struct line row = { .constant = 0 };

	if (d->count == 1)
		*array_add(&x->needs) = (struct need){ d->offers[0], option };
	if (d->count == 1 && !x->budgeted)
		return;
	line_add(&row, option, 1); /* a budget has to see whether it is paid for */
	for (uint32_t i = 0; i < d->count; i++)
		line_add(&row, x->b->obtained[d->offers[i]], -1);
	line_to_row(x, &row, SOLVE_AT_MOST, 0, x->rule);
	line_free(&row, 1);
}

static int by_need(const void *a, const void *b)
{
	const struct need *x = a, *y = b;

	return x->offer != y->offer ? (x->offer < y->offer ? -1 : 1)
				    : (x->option > y->option) - (x->option < y->option);
}

/* A mark for each document, borne by all that need it and by whatever says that it is obtained. */
void build_needs(struct building *x)
{
	const struct plan_offers *all = x->p->task->offers;
	uint32_t *options, count;
	bool priced = !x->burden || x->burden->money; /* else elements are counted, and a document is none */
	size_t at = 0;

	for (uint32_t k = 0; k < all->offer_count; k++)
		if (x->b->obtained[k] != UINT32_MAX)
			*array_add(&x->needs) = (struct need){ k, x->b->obtained[k] };
	if (x->needs.count)
		qsort(x->needs.items, x->needs.count, sizeof *x->needs.items, by_need);
	options = arena_array(x->arena, x->needs.count + 1, sizeof *options);
	while (at < x->needs.count) {
		uint32_t offer = x->needs.items[at].offer;

		count = 0;
		for (; at < x->needs.count && x->needs.items[at].offer == offer; at++)
			if (!count || options[count - 1] != x->needs.items[at].option)
				options[count++] = x->needs.items[at].option;
		solve_mark_add(x->m, priced ? all->offers[offer].cost.likely : 0, options, count);
		x->b->needed_by[offer] = arena_array(x->arena, (size_t)count + 1, sizeof *options);
		memcpy(x->b->needed_by[offer], options, count * sizeof *options);
		x->b->needed_count[offer] = count;
	}
	free(x->needs.items);
}

/* Answers of alike states are alike: one question for each build, and for each element that has a document of its own. */
struct asked {
	struct asked_key {
		uint32_t vendor, product, version, function, build, element, target;
	} key;
	struct demand demand;
};

struct asked_list {
	struct asked *items;
	size_t count, room;
	bool of_elements; /* some document of the kind is about a single element */
};

static bool has_own_document(const struct building *x, uint32_t state)
{
	const struct evidence *e = x->p->task->evidence;
	size_t count = 0;
	const uint32_t *claims = evidence_about(e, ABOUT_ELEMENT, net_id(x->p->wide, NET_ELEMENTS, state), &count);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(e->claims[claims[i]].kind, x->row->need.kind))
			return true;
	return false;
}

static const struct demand *demand_asked(struct building *x, struct asked_list *list, uint32_t s)
{
	const struct net *net = x->p->wide;
	const struct net_column *build = net_column(net, NET_ELEMENTS, "build");
	struct asked_key key = { net_column(net, NET_ELEMENTS, "vendor")->codes[s],
				 net_column(net, NET_ELEMENTS, "product")->codes[s],
				 net_column(net, NET_ELEMENTS, "version")->codes[s],
				 net_column(net, NET_ELEMENTS, "function")->codes[s],
				 build && build->codes ? build->codes[s] : CODE_UNKNOWN,
				 list->of_elements && has_own_document(x, s) ? x->p->origin[s] : CODE_NONE,
				 x->row->target[s] };
	struct demand demand;

	for (size_t i = 0; i < list->count; i++)
		if (!memcmp(&list->items[i].key, &key, sizeof key))
			return &list->items[i].demand;
	demand = demand_of(x, s);
	*array_add(list) = (struct asked){ key, demand };
	return &list->items[list->count - 1].demand;
}

/* The option is only there where what the state needs is obtained. */
static void state_needs(struct building *x, struct asked_list *list, uint32_t option, uint32_t state)
{
	const struct demand *d = x->row->target[state] ? demand_asked(x, list, state) : NULL;

	if (d && d->kind == DEMAND_JUDGED)
		x->p->unwritten[x->rule] = true;
	if (!d || d->kind != DEMAND_ONE_OF)
		return;
	if (!d->count)
		solve_forbid_add(x->m, option, x->rule);
	else if (!x->settled)
		needs_one_of(x, option, d);
}

void build_evidence(struct building *x)
{
	struct planning *p = x->p;
	const struct evidence *e = p->task->evidence;
	struct asked_list list = { .items = NULL };

	for (size_t i = 0; e && i < e->claim_count && !list.of_elements; i++)
		list.of_elements = e->claims[i].about == ABOUT_ELEMENT && e->claims[i].kind &&
				   !strcmp(e->claims[i].kind, x->row->need.kind);
	for (uint32_t i = 0; i < p->elements; i++)
		if (p->unit_of[i] == NO_UNIT)
			state_needs(x, &list, x->b->constant, i);
	for (uint32_t v = 0; v < x->b->vars.count; v++) {
		const struct var *var = &x->b->vars.items[v];

		for (uint32_t k = 0; k < members_of_var(x, var); k++) {
			uint32_t states[2];

			for (uint32_t i = 0, n = states_of_var(x, var, k, states); i < n; i++)
				state_needs(x, &list, v, states[i]);
		}
	}
	free(list.items);
}
