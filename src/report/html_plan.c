/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan on the page: how sure its cost is, in plain words; cost against time as a picture and a table; what each rule's
 * bound costs. What has to be done stands with the provisos, where it is done on the maps.
 */
#include "report/html.h"
#include "report/say.h"

#include <string.h>

enum { CHART_WIDTH = 1000, CHART_HEIGHT = 380, CHART_FOOT = 60, CHART_LEFT = 20, CHART_TOP = 60, MOST_LABELS = 5 };

bool html_has_plan(const struct html *h)
{
	return h->plan && h->cast && h->plan->change_count &&
	       (h->plan->status == PLAN_FOUND || h->plan->status == PLAN_UNDETERMINED);
}

static const char *money(struct html *h, wide micro)
{
	return say_money(h->arena, h->plan->currency, micro);
}

/* ---- how sure ----------------------------------------------------------------------------------------------------------- */

/* Upwards, to a hundredth of a percent. */
static const char *percent_up(struct html *h, int64_t ppb)
{
	char text[32];

	ppb_print_percent((ppb + 99999) / 100000 * 100000, text);
	return arena_printf(h->arena, "%s", text);
}

static int64_t uncertainty(const struct plan *plan)
{
	wide above = (wide)plan->cost.high - plan->cost.likely, below = (wide)plan->cost.likely - plan->cost.low;
	wide most = above > below ? above : below;

	if (plan->uncertain_ppb || plan->cost.likely <= 0)
		return plan->uncertain_ppb;
	return share_ppb(most, plan->cost.likely);
}

static void put_sureness(struct html *h)
{
	const struct plan *plan = h->plan;
	int64_t uncertain = uncertainty(plan);
	char percent[32];

	html_raw(h, "<ul class=\"short\">\n<li>It costs <b>");
	html_put(h, money(h, plan->cost.likely));
	html_raw(h, "</b>");
	if (plan->cost.low != plan->cost.high)
		html_put(h, arena_printf(h->arena, ", from %s to %s", money(h, plan->cost.low),
					 money(h, plan->cost.high)));
	html_raw(h, ".</li>\n");
	if (plan->has_bound)
		html_tag(h, "li",
			 plan->gap_ppb ? arena_printf(h->arena, "No plan can be more than %s cheaper. That is proven.",
						      percent_up(h, plan->gap_ppb))
				       : "No plan can be cheaper. That is proven.");
	if (plan->proof == SOLVE_PROOF_LIBRARY)
		html_tag(h, "li", "The solver CBC says that none is cheaper; that rests on its word.");
	if (uncertain) {
		ppb_print_percent((uncertain + 4999999) / 10000000 * 10000000, percent);
		html_tag(h, "li",
			 arena_printf(h->arena, "Costs are uncertain by %s: plans within %s are equivalent.", percent,
				      percent));
	}
	if (plan->assumed)
		html_tag(h, "li", "Some prices have no source: they are assumed.");
	if (plan->assume_plan)
		html_tag(h, "li", "It counts on evidence that is still to be obtained.");
	if (plan->border_count)
		html_tag(h, "li",
			 arena_printf(h->arena, "%zu of %s between clusters have two vendors, which is %s of the cost.",
				      plan->borders, say_count(h->arena, plan->border_count, "border"),
				      money(h, plan->border_cost.likely)));
	if (plan->time_limited)
		html_tag(h, "li", "The search was ended before it was done: on another machine the result may differ.");
	html_raw(h, "</ul>\n");
}

/* ---- what is short ------------------------------------------------------------------------------------------------------ */

void html_shortages(struct html *h)
{
	const struct plan *plan = h->plan;

	if (!plan || !plan->shortage_count)
		return;
	html_section(h, "short-of", "What is short", true);
	html_raw(h, "<p>Whatever is chosen, this is not enough. Each is proven by itself.</p>\n<ul class=\"tasks\">\n");
	for (size_t i = 0; i < plan->shortage_count; i++)
		html_tag(h, "li", say_shortage(h->arena, &plan->shortages[i]));
	html_raw(h, "</ul>\n</section>\n");
}

/* ---- cost against time -------------------------------------------------------------------------------------------------- */

static int at_height(wide part, wide all)
{
	return all > 0 ? (int)(part * (CHART_HEIGHT - CHART_TOP) / all) : 0;
}

static void put_bar(struct html *h, size_t q, int left, int width, wide all)
{
	const struct plan_quarter *quarter = &h->plan->quarters[q];
	int high = at_height(quarter->cost.likely, all), total = at_height(quarter->total.likely, all);
	size_t every = (h->plan->quarter_count + MOST_LABELS - 1) / MOST_LABELS;

	html_raw(h, "<rect class=\"spent\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"><title>", left + width / 8,
		 CHART_HEIGHT - high, width * 3 / 4, high);
	html_put(h, arena_printf(h->arena, "%s: %s, so far %s", quarter->name, money(h, quarter->cost.likely),
				 money(h, quarter->total.likely)));
	html_raw(h, "</title></rect><path class=\"sofar\" d=\"M%d %dh%d\"/>", left, CHART_HEIGHT - total, width);
	if (q % every == 0)
		html_raw(h, "<text x=\"%d\" y=\"%d\"%s>%s</text>\n", q ? left + width / 2 : left, CHART_HEIGHT + 42,
			 q ? " text-anchor=\"middle\"" : "", quarter->name);
}

static void put_chart(struct html *h)
{
	const struct plan *plan = h->plan;
	wide all = plan->quarters[plan->quarter_count - 1].total.likely;
	int width = (CHART_WIDTH - CHART_LEFT) / (int)plan->quarter_count;

	html_raw(h,
		 "<figure class=\"time\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Cost by quarter\">"
		 "<title>Cost by quarter</title>\n",
		 CHART_WIDTH, CHART_HEIGHT + CHART_FOOT);
	for (size_t q = 0; q < plan->quarter_count; q++)
		put_bar(h, q, CHART_LEFT + (int)q * width, width, all);
	html_raw(h, "<path class=\"axis\" d=\"M%d %dH%d\"/><text x=\"%d\" y=\"40\">", CHART_LEFT, CHART_HEIGHT,
		 CHART_WIDTH, CHART_LEFT);
	html_put(h, money(h, all));
	html_raw(h, "</text></svg>\n<figcaption>Bars: what is spent in a quarter. Lines: what has been spent by its "
		    "end, up to all of it. ");
	html_put(h, say_undated_cost(h->arena, plan));
	html_raw(h, "</figcaption></figure>\n");
}

static void put_steps(struct html *h, size_t q)
{
	bool any = false;

	for (size_t i = 0; i < h->plan->step_count; i++) {
		const struct plan_step *s = &h->plan->steps[i];

		if (s->quarter != q)
			continue;
		html_put(h, arena_printf(h->arena, "%s%s (%zu)", any ? ", " : "", h->plan->changes[s->change].id,
					 s->element_count));
		any = true;
	}
}

static void put_quarter(struct html *h, size_t q)
{
	const struct plan_quarter *quarter = &h->plan->quarters[q];

	html_raw(h,
		 "<tr><th scope=\"row\" class=\"quarter\">%s</th><td data-label=\"Elements\" class=\"num\">%s</td>"
		 "<td data-label=\"Cost\" class=\"num\">",
		 quarter->name, say_number(h->arena, quarter->elements));
	html_put(h, money(h, quarter->cost.likely));
	html_raw(h, "</td><td data-label=\"So far\" class=\"num\">");
	html_put(h, money(h, quarter->total.likely));
	html_raw(h, "</td><td data-label=\"Provisos\">");
	put_steps(h, q);
	html_raw(h, "</td></tr>\n");
}

static void put_idle(struct html *h, size_t first, size_t count)
{
	const struct plan_quarter *quarters = h->plan->quarters;

	html_raw(h, "<tr><th scope=\"row\" class=\"quarter\">%s%s%s</th><td colspan=\"4\">nothing</td></tr>\n",
		 quarters[first].name, count > 1 ? " to " : "", count > 1 ? quarters[first + count - 1].name : "");
}

static void put_schedule(struct html *h)
{
	const struct plan *plan = h->plan;

	if (!plan->scheduled || !plan->quarter_count)
		return;
	html_raw(h, "<h3 id=\"when\">When</h3>\n");
	put_chart(h);
	html_raw(h, "<table class=\"cards\"><caption>Quarter by quarter; in none of them is a rule broken that holds "
		    "today</caption>\n<thead><tr><th scope=\"col\">Quarter</th><th scope=\"col\">Elements</th><th "
		    "scope=\"col\">Cost</th><th scope=\"col\">So far</th><th "
		    "scope=\"col\">Provisos</th></tr></thead>\n<tbody>\n");
	for (size_t q = 0, idle; q < plan->quarter_count; q += idle ? idle : 1) {
		idle = say_idle(plan, q);
		if (idle)
			put_idle(h, q, idle);
		else
			put_quarter(h, q);
	}
	html_raw(h, "</tbody></table>\n");
}

/* ---- what each bound costs ------------------------------------------------------------------------------------------------- */

static void put_side(struct html *h, const char *label, const struct plan_price *p, const struct plan_price_side *s)
{
	html_raw(h, "<td data-label=\"%s\">", label);
	if (s->asked) {
		html_raw(h, "at %s: ", say_price_bound(h->arena, p, s->bound));
		html_put(h, say_price(h->arena, h->plan, s));
	}
	html_raw(h, "</td>");
}

static void put_prices(struct html *h)
{
	const struct plan *plan = h->plan;

	if (!plan->price_count)
		return;
	html_raw(h, "<h3 id=\"prices\">What each rule's bound costs</h3>\n<table class=\"cards\"><caption>The cheapest "
		    "plan, were "
		    "a bound one step laxer or stricter, each solved again</caption>\n<thead><tr><th "
		    "scope=\"col\">Rule</th><th "
		    "scope=\"col\">Bound</th><th scope=\"col\">Laxer</th><th "
		    "scope=\"col\">Stricter</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < plan->price_count; i++) {
		const struct plan_price *p = &plan->prices[i];

		html_raw(h, "<tr><th scope=\"row\">");
		html_put(h, arena_printf(h->arena, "%s/%s", p->policy, p->rule));
		html_raw(h, "<br><code>");
		html_put(h, p->statement);
		html_raw(h, "</code></th><td data-label=\"Bound\" class=\"num\">%s</td>",
			 say_price_bound(h->arena, p, p->bound));
		put_side(h, "Laxer", p, &p->laxer);
		put_side(h, "Stricter", p, &p->stricter);
		html_raw(h, "</tr>\n");
	}
	html_raw(h, "</tbody></table>\n");
}

/* ---- changes for which no dates were found ----------------------------------------------------------------------------------- */

static void put_undated(struct html *h)
{
	const struct plan *plan = h->plan;

	html_section(h, "plan", "Changes without dates", true);
	html_tag(h, "p", say_plan_undated());
	for (size_t i = 0; i < plan->obstacle_count; i++)
		html_tag(h, "p",
			 arena_printf(h->arena, "The last order tried would have broken %s/%s in %s.",
				      plan->obstacles[i].policy, plan->obstacles[i].rule, plan->obstacles[i].quarter));
	put_sureness(h);
	html_raw(h, "<ul class=\"tasks\">\n");
	for (size_t i = 0; i < plan->change_count; i++) {
		html_raw(h, "<li><b>%s</b>: ", plan->changes[i].id);
		html_put(h, arena_printf(h->arena, "%s: %s ", plan->provisos[i].what, money(h, plan->changes[i].cost.likely)));
		html_class(h, "span", "of", plan->provisos[i].where ? plan->provisos[i].where : "");
		html_raw(h, "</li>\n");
	}
	html_raw(h, "</ul>\n");
}

/* Why there is nothing to carry out, where it was not proven that there can't be. */
static void put_none_found(struct html *h)
{
	if (h->plan->undated) {
		put_undated(h);
		return;
	}
	html_section(h, "plan", "The plan", false);
	html_raw(h, "<p>No plan was found, and none was proven impossible. The verdict is what the rules say of the network "
		    "without one.</p>\n");
	if (h->plan->time_limited)
		html_raw(h, "<p>The search was ended before it was done: with more time there may be one.</p>\n");
}

void html_plan(struct html *h)
{
	if (!h->plan)
		return;
	if (h->plan->status == PLAN_NONE_FOUND) {
		put_none_found(h);
	} else if (html_has_plan(h)) {
		html_section(h, "plan", "The plan", true);
		put_sureness(h);
		put_schedule(h);
	} else if (h->plan->price_count) {
		html_section(h, "plan", "Prices", true);
	} else {
		return;
	}
	put_prices(h);
	html_raw(h, "</section>\n");
}
