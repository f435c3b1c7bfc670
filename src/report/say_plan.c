/* SPDX-License-Identifier: Apache-2.0 */
/* What a bound costs, what is short, and what there is to say of quarters, in the words that the terminal and the page share. */
#include "report/say.h"

const char *say_price_bound(struct arena *arena, const struct plan_price *price, int64_t bound)
{
	char text[48];

	if (price->share)
		ppb_print_percent(bound, text);
	else
		micro_print(bound, text);
	return arena_printf(arena, "%s", text);
}

static bool has_cost(enum plan_status s)
{
	return s == PLAN_NOTHING || s == PLAN_FOUND || s == PLAN_UNDETERMINED;
}

/* What is cheaper may be so only because this search came nearer to the best than the plan's own did. */
static bool is_within_gap(const struct plan *plan, const struct plan_price_side *s, wide more)
{
	wide least = s->has_at_least ? s->at_least : s->likely;

	return more < 0 ? plan->has_bound && s->likely >= plan->bound : least <= plan->cost.likely && more > 0;
}

const char *say_price(struct arena *arena, const struct plan *plan, const struct plan_price_side *s)
{
	wide more = (wide)s->likely - plan->cost.likely;
	const char *cost = say_money(arena, plan->currency, s->likely);

	if (!has_cost(s->status))
		return s->status == PLAN_IMPOSSIBLE ? "there is no plan"
		       : s->time_limited            ? "not finished"
						    : "none was found";
	if (!has_cost(plan->status))
		return arena_printf(arena, "there is a plan, for %s", cost);
	if (s->same || !more)
		return "the same";
	if (is_within_gap(plan, s, more))
		return arena_printf(arena, "%s, no difference that can be told", cost);
	return arena_printf(arena, "%s, %s %s", cost, say_money(arena, plan->currency, more < 0 ? -more : more),
			    more < 0 ? "less" : "more");
}

const char *say_shortage(struct arena *arena, const struct plan_shortage *s)
{
	return arena_printf(arena, "%c%s.", s->text[0] - 'a' + 'A', s->text + 1);
}

size_t say_idle(const struct plan *plan, size_t first)
{
	size_t count = 0;

	for (size_t q = first; q < plan->quarter_count; q++, count++) {
		bool any = plan->quarters[q].elements > 0 || plan->quarters[q].cost.likely;

		for (size_t i = 0; i < plan->step_count && !any; i++)
			any = plan->steps[i].quarter == q;
		if (any)
			break;
	}
	return count;
}

const char *say_undated_cost(struct arena *arena, const struct plan *plan)
{
	if (!plan->scheduled || plan->border_cost.likely <= 0)
		return "";
	return arena_printf(arena, "Borders between clusters cost %s besides, in no quarter.",
			    say_money(arena, plan->currency, plan->border_cost.likely));
}

const char *say_plan_undated(void)
{
	return "Changes were found after which every rule holds, but not when they could be done: no order of them was found "
	       "that keeps every rule, delivery, crew and budget on the way, and none was proven impossible. This is no plan "
	       "that passes.";
}
