/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan on the terminal: what came out, what it costs and how sure that is; then each change - what, where, at what price,
 * by when, because of which rules - when what is done, and what each bound costs. Or why nothing offered helps.
 */
#include "report/report.h"
#include "report/say.h"
#include "report/text.h"

#include <string.h>

enum { INDENT = 2, HANGING = 6, LEAST_WIDTH = 40, FACTS = 20, LACKING = 5 };

struct page {
	struct terminal t;
	const struct plan *plan;
	const struct assessment *a;
};

static const char *money(struct page *p, wide micro)
{
	return say_money(p->t.arena, p->plan->currency, micro);
}

static void say(struct page *p, const char *text)
{
	terminal_paragraph(&p->t, INDENT, text);
}

static void put_verdict(struct page *p)
{
	static const struct {
		enum ink ink;
		const char *head, *text;
	} words[] = {
		[PLAN_NOTHING] = { INK_GREEN, "NOTHING TO MEND", "Every rule holds." },
		[PLAN_FOUND] = { INK_YELLOW, "A PLAN WAS FOUND", "With these changes every rule holds." },
		[PLAN_IMPOSSIBLE] = { INK_RED, "NOT MANAGEABLE", "Nothing that is offered mends what is broken." },
		[PLAN_UNDETERMINED] = { INK_MAGENTA, "UNDETERMINED",
					"With these changes nothing is broken any more, but what is unknown decides "
					"the rest." },
		[PLAN_NONE_FOUND] = { INK_RED, "NO PLAN WAS FOUND", "None was found, and none was proven impossible." },
	};
	char date[11];

	terminal_ink(&p->t, words[p->plan->status].ink);
	sink_text(p->t.sink, words[p->plan->status].head);
	terminal_ink(&p->t, INK_PLAIN);
	terminal_line(&p->t);
	terminal_line(&p->t);
	if (p->a->of->title)
		say(p, p->a->of->title);
	date_print(p->a->of->on, date);
	say(p, arena_printf(p->t.arena, "As of %s, the %s network", date, p->a->of->network));
	if (p->a->synthetic)
		say(p, "SYNTHETIC DATA: some of what was judged is invented");
	terminal_line(&p->t);
	say(p, p->plan->undated ? say_plan_undated() : words[p->plan->status].text);
	for (size_t i = 0; i < p->plan->obstacle_count; i++)
		say(p, arena_printf(p->t.arena, "The last order tried would have broken %s/%s in %s.",
				    p->plan->obstacles[i].policy, p->plan->obstacles[i].rule,
				    p->plan->obstacles[i].quarter));
}

static void put_sureness(struct page *p)
{
	const struct plan *plan = p->plan;
	char percent[32];

	if (plan->has_bound && plan->gap_ppb) {
		ppb_print_percent((plan->gap_ppb + 99999) / 100000 * 100000, percent);
		say(p, arena_printf(p->t.arena, "No plan can be more than %s cheaper: proven in integers.%s", percent,
				    plan->proof == SOLVE_PROOF_LIBRARY ? " The solver CBC says that none is cheaper."
								       : ""));
	} else if (plan->has_bound) {
		say(p, "No plan can be cheaper: proven in integers.");
	}
	if (plan->uncertain_ppb) {
		ppb_print_percent((plan->uncertain_ppb + 4999999) / 10000000 * 10000000, percent);
		say(p, arena_printf(p->t.arena, "Costs are uncertain by %s: plans within %s are equivalent.", percent,
				    percent));
	}
	if (plan->assumed)
		say(p, "Some prices have no source: they are assumed.");
}

static void put_cost(struct page *p)
{
	const struct plan *plan = p->plan;
	const char *range = "";

	if (plan->cost.low != plan->cost.high)
		range = arena_printf(p->t.arena, " (%s to %s)", say_money(p->t.arena, "", plan->cost.low),
				     money(p, plan->cost.high));
	say(p, arena_printf(p->t.arena, "Cost: %s%s.", money(p, plan->cost.likely), range));
	put_sureness(p);
	if (plan->border_count)
		say(p, arena_printf(
			       p->t.arena, "%zu of %s between clusters have two vendors, which is %s of the cost; %s.",
			       plan->borders, say_count(p->t.arena, plan->border_count, "border"),
			       money(p, plan->border_cost.likely), say_count(p->t.arena, plan->islands, "island")));
	if (plan->clusters_formed)
		say(p, arena_printf(p->t.arena, "No file has clusters: %zu were formed of neighbouring sites.",
				    plan->clusters_formed));
}

/* ---- changes ------------------------------------------------------------------------------------------------------------ */

static const char *list_of(struct page *p, const char *const *names, size_t count)
{
	struct sink *s = sink_to_memory(p->t.arena);

	for (size_t i = 0; i < count; i++)
		sink_printf(s, "%s%s", i ? ", " : "", names[i]);
	return sink_memory(s, NULL);
}

static void put_change(struct page *p, size_t i)
{
	const struct plan_change *c = &p->plan->changes[i];
	const struct proviso *about = &p->plan->provisos[i];
	char date[11];

	terminal_spaces(&p->t, INDENT);
	terminal_wrap(&p->t, INDENT, HANGING,
		      arena_printf(p->t.arena, "%-3s %s: %s", c->id, about->what, money(p, c->cost.likely)));
	if (about->where && *about->where)
		terminal_paragraph(&p->t, HANGING, about->where);
	if (c->due != DATE_NONE) {
		date_print(c->due, date);
		terminal_paragraph(&p->t, HANGING, arena_printf(p->t.arena, "by %s", date));
	}
	terminal_paragraph(&p->t, HANGING,
			   c->mend_count
				   ? arena_printf(p->t.arena, "because of %s", list_of(p, c->mends, c->mend_count))
				   : "because of the other changes");
}

static void put_changes(struct page *p)
{
	if (!p->plan->change_count)
		return;
	terminal_line(&p->t);
	terminal_heading(&p->t, INK_BOLD, p->plan->undated ? "CHANGES WITHOUT DATES" : "CHANGES",
			 say_count(p->t.arena, p->plan->change_count, "change"));
	terminal_line(&p->t);
	for (size_t i = 0; i < p->plan->change_count; i++)
		put_change(p, i);
}

/* ---- when --------------------------------------------------------------------------------------------------------------- */

static void put_quarter(struct page *p, size_t q)
{
	const struct plan_quarter *quarter = &p->plan->quarters[q];
	struct sink *s = sink_to_memory(p->t.arena);
	bool any = false;

	for (size_t i = 0; i < p->plan->step_count; i++)
		if (p->plan->steps[i].quarter == q) {
			const struct plan_step *step = &p->plan->steps[i];

			sink_printf(s, "%s%s", any ? ", " : "", p->plan->changes[step->change].id);
			if (step->element_count)
				sink_printf(s, " (%zu)", step->element_count);
			any = true;
		}
	terminal_spaces(&p->t, INDENT);
	terminal_wrap(&p->t, INDENT, HANGING + 5,
		      any ? arena_printf(p->t.arena, "%s  %s, %s, so far %s: %s", quarter->name,
					 say_count(p->t.arena, quarter->elements, "element"),
					 money(p, quarter->cost.likely), money(p, quarter->total.likely),
					 sink_memory(s, NULL))
			  : arena_printf(p->t.arena, "%s  nothing", quarter->name));
}

static void put_schedule(struct page *p)
{
	const struct plan *plan = p->plan;

	if (!plan->scheduled)
		return;
	terminal_line(&p->t);
	terminal_heading(&p->t, INK_BOLD, "WHEN", say_count(p->t.arena, plan->quarter_count, "quarter"));
	terminal_line(&p->t);
	for (size_t i = 0, idle; i < plan->quarter_count; i += idle ? idle : 1) {
		idle = say_idle(plan, i);
		if (idle > 1)
			say(p, arena_printf(p->t.arena, "%s to %s  nothing", plan->quarters[i].name,
					    plan->quarters[i + idle - 1].name));
		else
			put_quarter(p, i);
	}
	if (*say_undated_cost(p->t.arena, plan))
		say(p, say_undated_cost(p->t.arena, plan));
	if (!plan->schedule_decides)
		say(p, "What is done was settled first, then when: nothing that keeps to dates is cheaper.");
}

/* ---- what each bound costs ------------------------------------------------------------------------------------------------- */

static void put_side(struct page *p, const struct plan_price *price, const struct plan_price_side *s)
{
	if (s->asked)
		terminal_paragraph(&p->t, HANGING,
				   arena_printf(p->t.arena, "at %s: %s", say_price_bound(p->t.arena, price, s->bound),
						say_price(p->t.arena, p->plan, s)));
}

static void put_prices(struct page *p)
{
	if (!p->plan->price_count)
		return;
	terminal_line(&p->t);
	terminal_heading(&p->t, INK_BOLD, "WHAT EACH BOUND COSTS", "one step laxer or stricter");
	terminal_line(&p->t);
	for (size_t i = 0; i < p->plan->price_count; i++) {
		const struct plan_price *x = &p->plan->prices[i];

		say(p, arena_printf(p->t.arena, "%s/%s: %s%s%s", x->policy, x->rule, x->statement, x->param ? ", " : "",
				    x->param ? arena_printf(p->t.arena, "%s = %s", x->param,
							    say_price_bound(p->t.arena, x, x->bound))
					     : ""));
		put_side(p, x, &x->laxer);
		put_side(p, x, &x->stricter);
	}
}

/* ---- why not ------------------------------------------------------------------------------------------------------------ */

/* Which documents a rule asks for that are not on file today. */
static void put_lacking(struct page *p, const struct plan_conflict_rule *c)
{
	size_t lacking = 0;

	for (size_t i = 0; i < p->a->findings.count; i++) {
		const struct finding *f = &p->a->findings.items[i];

		if (f->status != FINDING_BROKEN && f->status != FINDING_DUE)
			continue;
		if (strcmp(f->kind, "evidence") || strcmp(f->policy, c->policy) || strcmp(f->rule, c->rule))
			continue;
		if (f->explanation && lacking++ < LACKING)
			terminal_paragraph(&p->t, HANGING, f->explanation);
	}
	if (lacking > LACKING)
		terminal_paragraph(&p->t, HANGING, arena_printf(p->t.arena, "and %zu more", lacking - LACKING));
}

static void put_conflict(struct page *p)
{
	const struct plan *plan = p->plan;

	if (!plan->conflict_count)
		return;
	terminal_line(&p->t);
	terminal_heading(&p->t, INK_RED,
			 plan->conflict_count == 1 ? "A RULE THAT CAN'T HOLD" : "RULES THAT CAN'T HOLD TOGETHER",
			 say_conflict_minimal(plan->conflict_count, plan->conflict_minimal));
	terminal_line(&p->t);
	for (size_t i = 0; i < plan->conflict_count; i++) {
		const struct plan_conflict_rule *c = &plan->conflict[i];

		say(p, arena_printf(p->t.arena, "%s/%s%s%s%s", c->policy, c->rule, c->source ? ", \"" : "",
				    c->source ? c->source : "", c->source ? "\"" : ""));
		put_lacking(p, c);
	}
	if (plan->conflict_proof == SOLVE_PROOF_LIBRARY)
		say(p, say_conflict_by_cbc(plan->conflict_count));
	for (size_t i = 0; i < plan->missing_count; i++)
		say(p, arena_printf(p->t.arena, "Possible with %s.", plan->missing[i].text));
	if (plan->status == PLAN_IMPOSSIBLE && !plan->missing_count)
		say(p, "Nothing was found that alone would make a plan possible.");
}

static void put_shortages(struct page *p)
{
	const struct plan *plan = p->plan;

	if (!plan->shortage_count)
		return;
	terminal_line(&p->t);
	terminal_heading(&p->t, INK_RED, "WHAT IS SHORT", "whatever is chosen: proven, each by itself");
	terminal_line(&p->t);
	for (size_t i = 0; i < plan->shortage_count; i++)
		say(p, say_shortage(p->t.arena, &plan->shortages[i]));
}

static void put_unknown(struct page *p)
{
	if (p->plan->status != PLAN_UNDETERMINED || !p->plan->unknown_count)
		return;
	terminal_line(&p->t);
	terminal_heading(&p->t, INK_MAGENTA, "WHAT WOULD SETTLE IT", "the most useful first");
	terminal_line(&p->t);
	for (size_t i = 0; i < p->plan->unknown_count && i < FACTS; i++)
		say(p, say_question(p->t.arena, &p->plan->unknown[i]));
}

static void put_notes(struct page *p)
{
	if (p->plan->assume_plan || p->plan->time_limited || p->plan->exhausted)
		terminal_line(&p->t);
	if (p->plan->assume_plan)
		say(p, "Evidence that is still to be obtained is counted.");
	if (p->plan->time_limited)
		say(p, "It was ended before it was done: on another machine the result may differ.");
}

void report_plan_text(const struct plan *plan, const struct assessment *a, const struct report_style *style,
		      struct sink *s)
{
	struct arena *arena = arena_new();
	struct page p = { { s, arena, style->width ? style->width : 80, style->colour }, plan, a };

	if (p.t.width < LEAST_WIDTH)
		p.t.width = LEAST_WIDTH;
	put_verdict(&p);
	if (plan->status == PLAN_FOUND || plan->status == PLAN_UNDETERMINED || plan->undated)
		put_cost(&p);
	put_changes(&p);
	put_schedule(&p);
	put_conflict(&p);
	put_shortages(&p);
	put_unknown(&p);
	put_prices(&p);
	put_notes(&p);
	arena_free(arena);
}
