/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to do, what is not known, and what the answer rests on: the tables of the HTML page besides the rules.
 */
#include "report/html.h"
#include "report/confirmed.h"
#include "report/say.h"

#include <string.h>

enum {
	FACTS_SHOWN = 40,
	NAMES_SHOWN = 20,
	WITNESSES_SHOWN = 20,
	NOTICES_SHOWN = 40,
	DATES_SHOWN = 40,
};

static void put_when(struct html *h, int32_t days, const char *without)
{
	char date[11];

	if (days == DATE_NONE) {
		html_raw(h, "%s", without);
		return;
	}
	date_print(days, date);
	html_raw(h, "<time datetime=\"%s\">%s</time>", date, date);
}

/* A change of a plan may mend more than the rule that its proviso names. */
static void put_other_rules(struct html *h, const struct proviso *p)
{
	const char *named = arena_printf(h->arena, "%s/%s", p->policy, p->rule);

	for (size_t i = 0; p->id && h->plan && i < h->plan->change_count; i++) {
		const struct plan_change *c = &h->plan->changes[i];

		for (size_t k = 0; k < c->mend_count && !strcmp(c->id, p->id); k++)
			if (strcmp(c->mends[k], named)) {
				html_raw(h, "<br>");
				html_class(h, "span", "of", arena_printf(h->arena, "also %s", c->mends[k]));
			}
	}
}

static void put_proviso(struct html *h, const struct proviso *p)
{
	html_raw(h, "<tr><th scope=\"row\">");
	if (p->id)
		html_raw(h, "%s: ", p->id);
	html_put(h, p->what);
	if (p->where && *p->where) {
		html_raw(h, "<br>");
		html_class(h, "span", "of", p->where);
	}
	html_raw(h, "</th><td data-label=\"Cost\" class=\"num\">");
	if (p->has_cost)
		html_put(h, say_money(h->arena, h->a->remedy ? h->a->remedy->currency : "", p->cost));
	html_raw(h, "</td><td data-label=\"Who\">");
	html_put(h, p->who ? p->who : "operator");
	html_raw(h, "</td><td data-label=\"By\">");
	put_when(h, p->by, h->a->of->present ? "before the proposal is carried out" : "now");
	html_raw(h, "</td><td data-label=\"Closed by\">");
	html_put(h, p->closes ? p->closes : "");
	html_raw(h, "</td><td data-label=\"Because of\">");
	html_put(h, *p->rule ? arena_printf(h->arena, "%s/%s", p->policy, p->rule) : "the other changes");
	if (p->source && *p->source) {
		html_raw(h, "<br><q>");
		html_put(h, p->source);
		html_raw(h, "</q>");
	}
	put_other_rules(h, p);
	html_raw(h, "</td></tr>\n");
}

static void put_provisos(struct html *h)
{
	bool open = h->a->verdict == VERDICT_UNDETERMINED;

	if (!h->a->proviso_count || h->a->verdict == VERDICT_FAILS || h->a->verdict == VERDICT_NOT_MANAGEABLE)
		return;
	html_section(h, "provisos", open ? "The provisos, should it pass" : "The provisos", false);
	if (h->a->remedy && h->a->remedy->found)
		html_tag(h, "p", say_cost(h->arena, h->a->remedy));
	html_raw(h, "<table class=\"cards\"><caption>%s</caption>\n"
		    "<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Cost</th><th scope=\"col\">Who</th><th "
		    "scope=\"col\">By</th><th "
		    "scope=\"col\">Closed by</th>"
		    "<th scope=\"col\">Because of</th></tr></thead>\n<tbody>\n",
		 open ? "Conditions that stand besides what is not known yet" : "Conditions under which the answer is yes");
	for (size_t i = 0; i < h->a->proviso_count; i++)
		put_proviso(h, &h->a->provisos[i]);
	html_raw(h, "</tbody></table>\n</section>\n");
}

static void put_notice(struct html *h, const struct finding *f)
{
	html_raw(h, "<li><b>Notify ");
	html_put(h, f->authority ? f->authority : "the authority");
	html_raw(h, "</b> of %s ", say_count(h->arena, f->witness_count, "element"));
	html_class(h, "span", "of", say_rule(h->arena, f));
	html_class(h, "p", "ids", say_witnesses(h->arena, f, WITNESSES_SHOWN));
	html_raw(h, "</li>\n");
}

static void put_deadline(struct html *h, const struct finding *f)
{
	const char *excess = say_excess(h->arena, f);

	html_raw(h, "<li><b>By ");
	put_when(h, f->by, "");
	html_raw(h, "</b> meet ");
	html_class(h, "span", "of", say_rule(h->arena, f));
	html_raw(h, ": ");
	html_put(h, arena_printf(h->arena, "%s now %s, %s%s%s", say_label(h->arena, f), say_measure(h->arena, f),
				 say_bound(h->arena, f), *excess ? ", " : "", excess));
	html_raw(h, "</li>\n");
}

static void put_left_out(struct html *h, size_t count, size_t shown)
{
	if (count > shown)
		html_raw(h, "<li>and %s more: the JSON lists them all</li>\n", say_number(h->arena, count - shown));
}

static void put_conflict(struct html *h)
{
	const struct remedy *r = h->a->remedy;

	if (!r || !r->proven_impossible)
		return;
	html_section(h, "conflict", say_conflict(r->conflict_count), false);
	html_raw(h, "<p>Nothing that is offered lets %s%s%s:</p>\n<ul class=\"tasks\">\n",
		 r->conflict_count == 1 ? "this rule hold" : "these rules hold at once",
		 r->conflict_minimal ? ", " : "", say_conflict_minimal(r->conflict_count, r->conflict_minimal));
	for (size_t i = 0; i < r->conflict_count; i++) {
		html_raw(h, "<li><b>");
		html_put(h, arena_printf(h->arena, "%s/%s", r->conflict[i].policy, r->conflict[i].rule));
		html_raw(h, "</b>");
		if (r->conflict[i].source) {
			html_raw(h, " <q>");
			html_put(h, r->conflict[i].source);
			html_raw(h, "</q>");
		}
		html_raw(h, "</li>\n");
	}
	html_raw(h, "</ul>\n");
	if (say_conflict_by_solver(r))
		html_raw(h, "<p>%s</p>\n", say_conflict_by_cbc(r->conflict_count));
	for (size_t i = 0; i < r->missing_count; i++) {
		html_raw(h, "<p>Possible with ");
		html_put(h, r->missing[i].text);
		html_raw(h, ".</p>\n");
	}
	if (!r->missing_count)
		html_raw(h, "<p>Nothing was found that alone would make a plan possible.</p>\n");
	html_raw(h, "</section>\n");
}

void html_tasks(struct html *h)
{
	const struct block *notices = digest_block(h->d, FINDING_NOTIFIABLE);
	size_t shown = 0;

	put_provisos(h);
	put_conflict(h);
	html_shortages(h);
	if (!notices->findings && !h->d->deadline_count)
		return;
	html_section(h, "tasks", "What the operator has to do", false);
	html_raw(h, "<ul class=\"tasks\">\n");
	for (size_t i = 0; i < h->d->deadline_count && i < DATES_SHOWN; i++)
		put_deadline(h, h->d->deadlines[i]);
	put_left_out(h, h->d->deadline_count, DATES_SHOWN);
	for (size_t i = 0; i < notices->entry_count; i++)
		for (size_t k = 0; k < notices->entries[i].count && shown < NOTICES_SHOWN; k++, shown++)
			put_notice(h, notices->entries[i].findings[k]);
	put_left_out(h, notices->findings, shown);
	html_raw(h, "</ul>\n</section>\n");
}

static void put_facts(struct html *h)
{
	const struct findings *all = &h->a->findings;
	size_t count = all->unknown_count + all->unknown_dropped,
	       shown = all->unknown_count < FACTS_SHOWN ? all->unknown_count : FACTS_SHOWN;

	if (!count) {
		html_raw(h, "<p>No unknown fact decides whether a rule holds.</p>\n");
		return;
	}
	html_raw(h, "<table class=\"cards\"><caption>Facts that would settle something, the most useful "
		    "first</caption>\n<thead><tr>"
		    "<th scope=\"col\">Question</th><th scope=\"col\">Settles</th><th "
		    "scope=\"col\">Elements</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < shown; i++) {
		const struct unknown_fact *f = &all->unknown[i];

		html_raw(h, "<tr><th scope=\"row\">");
		html_put(h, say_question(h->arena, f));
		html_raw(h, "</th><td data-label=\"Settles\">");
		html_put(h, f->settle_count
				    ? say_list(h->arena, f->settles, f->settle_count, f->settle_count, NAMES_SHOWN)
				    : "no rule alone");
		html_raw(h, "</td><td data-label=\"Elements\" class=\"num\">%s</td></tr>\n",
			 say_number(h->arena, f->elements));
	}
	html_raw(h, "</tbody></table>\n");
	if (count > shown)
		html_raw(h,
			 "<p class=\"small\">and %s more: <code>proviso assess --questions FILE.csv</code> writes them "
			 "as a list to send.</p>\n",
			 say_number(h->arena, count - shown));
}

static void put_silences(struct html *h)
{
	html_raw(h, "<h3>What came from silence</h3>\n");
	if (!h->a->silence_count) {
		html_raw(h, "<p>Nothing: no policy took silence for an answer.</p>\n");
		return;
	}
	html_raw(h, "<p>Nobody has stated these, and a policy says that silence is an answer: a published list does "
		    "not name them.</p>\n<ul>\n");
	for (size_t i = 0; i < h->d->silence_count; i++) {
		const struct silence_group *g = &h->d->silences[i];

		html_raw(h, "<li><b>");
		html_put(h, arena_printf(h->arena, "%s = %s", g->attribute, g->value));
		html_raw(h, "</b> for %s: ", say_count(h->arena, g->count, "subject"));
		html_class(h, "span", "ids", say_list(h->arena, g->subjects, g->count, g->count, NAMES_SHOWN));
		html_raw(h, "</li>\n");
	}
	html_raw(h, "</ul>\n");
}

static void put_vacuous(struct html *h)
{
	if (!h->d->vacuous_count)
		return;
	html_raw(h, "<h3>Rules that had nothing to judge</h3>\n<ul>\n");
	for (size_t i = 0; i < h->d->vacuous_count && i < NAMES_SHOWN; i++) {
		const struct finding *f = h->d->vacuous[i];

		html_raw(h, "<li>");
		html_put(h, say_rule(h->arena, f));
		html_raw(h, ": <code>");
		html_put(h, f->statement);
		html_raw(h, "</code>");
		if (*f->group || *f->subject) {
			html_raw(h, " for ");
			html_put(h, say_label(h->arena, f));
		}
		html_raw(h, "</li>\n");
	}
	put_left_out(h, h->d->vacuous_count, NAMES_SHOWN);
	html_raw(h, "</ul>\n");
}

void html_unknown(struct html *h)
{
	html_section(h, "unknown", "What is not known", false);
	if (h->a->planned)
		html_raw(h, "<p>Evidence that is only planned was counted as if it were there.</p>\n");
	put_facts(h);
	put_silences(h);
	put_vacuous(h);
	html_raw(h, "</section>\n");
}

static void put_confirmed(struct html *h)
{
	const struct confirmation *c = &h->a->confirmation;

	if (!c->elements)
		return;
	html_raw(h, "<h3>The inventory, seen by others</h3>\n<p>");
	html_put(h, confirmed_head(h->arena, c));
	html_raw(h, "</p>\n");
	if (!confirmed_any(c))
		return;
	html_raw(h, "<ul>\n");
	for (int of = 0; of < CONFIRMED_KINDS; of++)
		html_tag(h, "li", confirmed_line(h->arena, c, (enum confirmed_of)of));
	html_raw(h, "</ul>\n");
	if (*confirmed_foot(h->arena, c)) {
		html_raw(h, "<p class=\"small\">");
		html_put(h, confirmed_foot(h->arena, c));
		html_raw(h, "</p>\n");
	}
}

void html_inputs(struct html *h)
{
	html_section(h, "inputs", "What the answer rests on", false);
	put_confirmed(h);
	html_raw(h, "<table class=\"inputs\"><caption>Inputs and their SHA-256</caption>\n<thead><tr>"
		    "<th scope=\"col\">File</th><th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < h->a->input_count; i++) {
		html_raw(h, "<tr><th scope=\"row\">");
		html_put(h, h->a->inputs[i].path);
		html_raw(h, "</th><td><code>");
		html_put(h, h->a->inputs[i].sha256);
		html_raw(h, "</code></td></tr>\n");
	}
	html_raw(h, "</tbody></table>\n<p class=\"small\">The same inputs give the same page, byte for byte, on any "
		    "machine.</p>\n</section>\n");
}
