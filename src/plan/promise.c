/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promise: evidence that can be obtained is a claim of kind `planned`, which counts where a case assumes its plan. Of two
 * offers of the same document from the same source a dearer one is only worth asking about where it is there sooner.
 */
#include <string.h>

#include "plan/model.h"

static bool same_kind(const struct plan_offer *a, const struct plan_offer *b)
{
	return a->product == b->product && !strcmp(a->evidence_kind, b->evidence_kind);
}

static int32_t day_of_document(const struct planning *p, const struct plan_offer *o)
{
	return p->task->on + (o->lead_days >= 0 && o->lead_days < 100000 ? (int32_t)o->lead_days : 0);
}

static bool is_offered(const struct planning *p, const struct plan_offer *o)
{
	return o->what == PLAN_EVIDENCE && !(o->until != DATE_NONE && o->until < p->task->on) &&
	       !(p->task->until != DATE_NONE && day_of_document(p, o) > p->task->until);
}

static bool is_worth(const struct planning *p, size_t k)
{
	const struct plan_offers *all = p->task->offers;
	const struct plan_offer *o = &all->offers[k];

	if (!is_offered(p, o))
		return false;
	for (size_t i = 0; i < all->offer_count; i++) {
		const struct plan_offer *x = &all->offers[i];
		int64_t dearer = o->cost.likely - x->cost.likely;
		int32_t later = day_of_document(p, o) - day_of_document(p, x);

		if (i == k || !is_offered(p, x) || !same_kind(x, o) || x->version != o->version || !*o->source ||
		    strcmp(x->source, o->source))
			continue;
		later = p->task->until == DATE_NONE ? 0 : later; /* nobody asks when */
		if (dearer >= 0 && later >= 0 && (dearer || later || i < k))
			return false;
	}
	return true;
}

struct claim claim_of_offer(struct planning *p, const struct plan_offer *o)
{
	const struct net *net = p->task->net;
	struct claim c;

	claim_init(&c);
	c.name = arena_printf(p->arena, "plan-%s", o->name);
	c.about = ABOUT_PRODUCT;
	c.subject = net_id(net, NET_PRODUCTS, o->product);
	c.version = CODE_IS_KNOWN(o->version) ? strs_text(net->strs, o->version) : NULL;
	c.kind = "planned";
	c.plans = o->evidence_kind;
	c.from = *o->source ? o->source : arena_printf(p->arena, "offer %s", o->name);
	if (o->lead_days >= 0 && o->lead_days < 100000)
		c.due = p->task->on + (int32_t)o->lead_days;
	return c;
}

static struct evidence *copy_of(struct planning *p, struct arena *a)
{
	const struct evidence *old = p->task->evidence;
	struct diagnostics *silent = arena_alloc(a, sizeof *silent);
	struct evidence *new;

	diagnostics_init(silent, a);
	new = evidence_new(a, silent);
	new->operator_name = old->operator_name;
	new->believe = old->believe;
	for (size_t i = 0; i < old->claim_count; i++)
		if (p->task->weighing.assume_plan || strcmp(old->claims[i].kind, "planned"))
			evidence_add_claim(new, &old->claims[i]);
	return new;
}

/* Is it there by the day? What does not say when is there at once. */
static bool is_there_by(const struct planning *p, const struct plan_offer *o, int32_t by)
{
	return o->lead_days < 0 || o->lead_days >= 100000 || p->task->on + (int32_t)o->lead_days <= by;
}

const struct evidence *evidence_with(struct planning *p, struct arena *a, const bool *chosen, uint32_t *claim_of,
				     int32_t by)
{
	struct weighing w = p->task->weighing;
	struct evidence *new;
	bool any = false;

	for (size_t k = 0; chosen && k < p->task->offers->offer_count; k++)
		any = any || (chosen[k] && is_there_by(p, &p->task->offers->offers[k], by));
	if (!any)
		return p->task->evidence;
	new = copy_of(p, a);
	for (size_t k = 0; k < p->task->offers->offer_count; k++)
		if (chosen[k] && is_there_by(p, &p->task->offers->offers[k], by)) {
			struct claim c = claim_of_offer(p, &p->task->offers->offers[k]);
			uint32_t number = (uint32_t) new->claim_count;

			if (evidence_add_claim(new, &c) && claim_of)
				claim_of[k] = number;
		}
	w.assume_plan = true;
	evidence_weigh(new, &w);
	return new;
}

static void ranks_make(struct planning *p, const bool *worth)
{
	const struct plan_offers *all = p->task->offers;

	p->rank_of = arena_array(p->arena, all->offer_count + 1, sizeof *p->rank_of);
	for (size_t k = 0; k < all->offer_count; k++) {
		for (size_t i = 0; i < k && worth[k]; i++)
			p->rank_of[k] += worth[i] && same_kind(&all->offers[i], &all->offers[k]);
		if (p->rank_of[k] >= p->rank_count)
			p->rank_count = p->rank_of[k] + 1;
	}
	p->of_rank = arena_array(p->arena, (size_t)p->rank_count + 1, sizeof *p->of_rank);
}

const struct evidence *evidence_of_rank(struct planning *p, uint32_t rank)
{
	size_t count = p->task->offers->offer_count;
	bool *chosen;

	if (p->of_rank[rank])
		return p->of_rank[rank];
	chosen = arena_array(p->scratch, count + 1, sizeof *chosen);
	for (size_t k = 0; k < count; k++)
		chosen[k] = p->claim_of[k] != UINT32_MAX && p->rank_of[k] == rank;
	return p->of_rank[rank] = evidence_with(p, p->arena, chosen, NULL, INT32_MAX);
}

void promises_make(struct planning *p)
{
	size_t count = p->task->offers->offer_count;
	bool *all = arena_array(p->scratch, count + 1, sizeof *all);
	bool any = false;

	p->claim_of = arena_array(p->arena, count + 1, sizeof *p->claim_of);
	for (size_t k = 0; k < count; k++) {
		p->claim_of[k] = UINT32_MAX;
		all[k] = is_worth(p, k);
		any = any || all[k];
	}
	p->full = any && p->task->evidence ? (struct evidence *)evidence_with(p, p->arena, all, p->claim_of, INT32_MAX)
					   : NULL;
	ranks_make(p, all);
}
