/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promise: evidence that can be obtained is a claim of kind `planned`, which counts where a case assumes its plan. Of two
 * offers of the same kind for the same product and version only the cheaper one is worth asking about.
 */
#include <string.h>

#include "plan/model.h"

static bool same_evidence(const struct plan_offer *a, const struct plan_offer *b)
{
	return a->product == b->product && a->version == b->version && !strcmp(a->evidence_kind, b->evidence_kind);
}

static bool is_worth(const struct planning *p, size_t k)
{
	const struct plan_offers *all = p->task->offers;
	const struct plan_offer *o = &all->offers[k];

	if (o->what != PLAN_EVIDENCE || (o->until != DATE_NONE && o->until < p->task->on))
		return false;
	for (size_t i = 0; i < all->offer_count; i++) {
		const struct plan_offer *x = &all->offers[i];
		bool cheaper = x->cost.likely < o->cost.likely || (x->cost.likely == o->cost.likely && i < k);

		if (i != k && x->what == PLAN_EVIDENCE && same_evidence(x, o) && cheaper &&
		    !(x->until != DATE_NONE && x->until < p->task->on))
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
}
