/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terminal page: the verdict, why, then the rules by status, then what there is to do, then what is not known and
 * what the answer rests on. 80 columns unless told otherwise; no meaning is in colour alone.
 */
#include "report/text.h"
#include "report/confirmed.h"
#include "report/report.h"
#include "report/say.h"

#include <string.h>

enum {
	INDENT = 2,
	HANGING = 4,
	LEAST_WIDTH = 40,
	FACTS_SHOWN = 10,
	NAMES_SHOWN = 6,
};

static enum ink verdict_ink(enum verdict v)
{
	switch (v) {
	case VERDICT_MANAGEABLE:
		return INK_GREEN;
	case VERDICT_WITH_PROVISOS:
		return INK_YELLOW;
	case VERDICT_UNDETERMINED:
		return INK_MAGENTA;
	case VERDICT_NOT_MANAGEABLE:
	case VERDICT_FAILS:
		break;
	}
	return INK_RED;
}

/* A line of the list that hangs: "  what" and what follows it indented further. */
static void put_item(struct terminal *t, const char *text)
{
	terminal_spaces(t, INDENT);
	terminal_wrap(t, INDENT, HANGING, text);
}

static void put_head(struct terminal *t, const struct assessment *a, const struct digest *d)
{
	char date[11];

	terminal_ink(t, verdict_ink(a->verdict));
	sink_text(t->sink, say_capitals(t->arena, report_verdict_words(a->verdict)));
	terminal_ink(t, INK_PLAIN);
	terminal_line(t);
	terminal_line(t);
	if (a->of->title)
		terminal_paragraph(t, INDENT, a->of->title);
	if (a->of->operator_name)
		terminal_paragraph(t, INDENT, arena_printf(t->arena, "Operator: %s", a->of->operator_name));
	date_print(a->of->on, date);
	terminal_paragraph(t, INDENT, arena_printf(t->arena, "Judged as of %s, the %s network", date, a->of->network));
	if (a->synthetic)
		terminal_paragraph(t, INDENT, "SYNTHETIC DATA: some of what was judged is invented");
	terminal_line(t);
	terminal_paragraph(t, INDENT, say_verdict_reason(t->arena, a, d, false));
	terminal_paragraph(t, INDENT, say_scope(t->arena, a, d));
	terminal_paragraph(t, INDENT, arena_printf(t->arena, "Findings: %s.", say_tally(t->arena, d)));
	if (a->planned)
		terminal_paragraph(t, INDENT, "Evidence that is only planned was counted as if it were there.");
}

static void put_provisos(struct terminal *t, const struct assessment *a)
{
	/* Where the answer is no, conditions of a yes would only mislead; what is due stands with the tasks. */
	if (!a->proviso_count || a->verdict == VERDICT_FAILS || a->verdict == VERDICT_NOT_MANAGEABLE)
		return;
	terminal_line(t);
	terminal_heading(t, INK_BOLD, a->verdict == VERDICT_UNDETERMINED ? "PROVISOS, SHOULD IT PASS" : "PROVISOS",
			 say_count(t->arena, a->proviso_count, "condition"));
	terminal_line(t);
	if (a->remedy && a->remedy->found)
		terminal_paragraph(t, INDENT, say_cost(t->arena, a->remedy));
	for (size_t i = 0; i < a->proviso_count; i++) {
		const struct proviso *p = &a->provisos[i];

		put_item(t, arena_printf(t->arena, "%zu. %s", i + 1, p->what));
		if (p->where && *p->where)
			terminal_paragraph(t, HANGING, arena_printf(t->arena, "where: %s", p->where));
		if (p->has_cost)
			terminal_paragraph(
				t, HANGING,
				arena_printf(t->arena, "cost: %s",
					     say_money(t->arena, a->remedy ? a->remedy->currency : "", p->cost)));
		terminal_paragraph(t, HANGING,
				   arena_printf(t->arena, "who: %s, %s", p->who ? p->who : "operator",
						say_by(t->arena, a, p->by)));
		if (p->closes)
			terminal_paragraph(t, HANGING, arena_printf(t->arena, "closed by: %s", p->closes));
		terminal_paragraph(t, HANGING,
				   !*p->rule ? "because of the other changes"
					     : arena_printf(t->arena, "%s/%s%s%s%s", p->policy, p->rule,
							    p->source ? ", \"" : "", p->source ? p->source : "",
							    p->source ? "\"" : ""));
	}
}

/* Which rules nothing on offer reconciles. */
static void put_conflict(struct terminal *t, const struct assessment *a)
{
	const struct remedy *r = a->remedy;

	if (!r || !r->proven_impossible)
		return;
	terminal_line(t);
	terminal_heading(t, INK_RED,
			 r->conflict_count == 1 ? "A RULE THAT CAN'T HOLD" : "RULES THAT CAN'T HOLD TOGETHER",
			 say_conflict_minimal(r->conflict_count, r->conflict_minimal));
	terminal_line(t);
	for (size_t i = 0; i < r->conflict_count; i++) {
		const struct conflict_rule *c = &r->conflict[i];

		put_item(t, arena_printf(t->arena, "%s/%s%s%s%s", c->policy, c->rule, c->source ? ", \"" : "",
					 c->source ? c->source : "", c->source ? "\"" : ""));
	}
	if (say_conflict_by_solver(r))
		put_item(t, say_conflict_by_cbc(r->conflict_count));
	for (size_t i = 0; i < r->missing_count; i++)
		put_item(t, arena_printf(t->arena, "Possible with %s.", r->missing[i].text));
	if (!r->missing_count)
		put_item(t, "Nothing was found that alone would make a plan possible.");
}

/* What has to be told to whom, and what has to be mended by when. */
static void put_tasks(struct terminal *t, const struct digest *d)
{
	const struct block *notifiable = digest_block(d, FINDING_NOTIFIABLE);
	char date[11];

	if (!notifiable->findings && !d->deadline_count)
		return;
	terminal_line(t);
	terminal_heading(t, INK_BOLD, "WHAT THE OPERATOR HAS TO DO", "");
	terminal_line(t);
	for (size_t i = 0; i < notifiable->entry_count; i++)
		for (size_t k = 0; k < notifiable->entries[i].count; k++) {
			const struct finding *f = notifiable->entries[i].findings[k];

			put_item(t, arena_printf(t->arena, "Notify %s of %s (%s): %s",
						 f->authority ? f->authority : "the authority",
						 say_count(t->arena, f->witness_count, "element"),
						 say_rule(t->arena, f), say_witnesses(t->arena, f, NAMES_SHOWN)));
		}
	for (size_t i = 0; i < d->deadline_count; i++) {
		const struct finding *f = d->deadlines[i];
		const char *excess = say_excess(t->arena, f);

		date_print(f->by, date);
		put_item(t, arena_printf(t->arena, "By %s: meet %s (%s now %s%s%s%s%s)", date, say_rule(t->arena, f),
					 say_label(t->arena, f), say_measure(t->arena, f),
					 *say_bound(t->arena, f) ? ", " : "", say_bound(t->arena, f),
					 *excess ? ", " : "", excess));
	}
}

static void put_unknown_facts(struct terminal *t, const struct assessment *a)
{
	size_t count = a->findings.unknown_count, shown = count <= FACTS_SHOWN + 1 ? count : FACTS_SHOWN;

	if (!count)
		return;
	terminal_line(t);
	terminal_heading(t, INK_MAGENTA, "WHAT WOULD SETTLE IT", "the most useful first");
	terminal_line(t);
	for (size_t i = 0; i < shown; i++) {
		const struct unknown_fact *fact = &a->findings.unknown[i];
		const char *elements = say_count(t->arena, fact->elements, "element");

		put_item(t, arena_printf(t->arena, "%zu. %s", i + 1, say_question(t->arena, fact)));
		terminal_paragraph(t, HANGING,
				   fact->settle_count
					   ? arena_printf(t->arena, "settles %s (%s)",
							  say_list(t->arena, fact->settles, fact->settle_count,
								   fact->settle_count, NAMES_SHOWN),
							  elements)
					   : arena_printf(t->arena, "settles no rule alone (%s)", elements));
	}
	count += a->findings.unknown_dropped;
	if (count > shown)
		put_item(t, arena_printf(t->arena, "and %s more; --questions FILE.csv writes them as a list to send",
					 say_number(t->arena, count - shown)));
}

static void put_confirmed(struct terminal *t, const struct confirmation *c)
{
	if (!c->elements)
		return;
	put_item(t, confirmed_head(t->arena, c));
	if (!confirmed_any(c))
		return;
	for (int of = 0; of < CONFIRMED_KINDS; of++) {
		terminal_spaces(t, HANGING);
		terminal_wrap(t, HANGING, HANGING + 2, confirmed_line(t->arena, c, (enum confirmed_of)of));
	}
	if (*confirmed_foot(t->arena, c))
		terminal_paragraph(t, HANGING, confirmed_foot(t->arena, c));
}

/* What was taken for granted and what was not seen: an answer is worth as much as this part. */
static void put_coverage(struct terminal *t, const struct assessment *a, const struct digest *d)
{
	size_t facts = a->findings.unknown_count + a->findings.unknown_dropped;

	terminal_line(t);
	terminal_heading(t, INK_BOLD, "WHAT THE ANSWER RESTS ON", "");
	terminal_line(t);
	if (facts)
		put_item(t, arena_printf(
				    t->arena, "%s unknown; shares above are intervals where it matters",
				    facts == 1 ? "1 fact is"
					       : arena_printf(t->arena, "%s are", say_count(t->arena, facts, "fact"))));
	else
		put_item(t, "No unknown fact decides whether a rule holds.");
	put_confirmed(t, &a->confirmation);
	if (a->silence_count)
		put_item(t, arena_printf(t->arena,
					 "%s from silence: nobody has stated it, and a policy takes that for an answer",
					 a->silence_count == 1
						 ? "1 value comes"
						 : arena_printf(t->arena, "%s come",
								say_count(t->arena, a->silence_count, "value"))));
	for (size_t i = 0; i < d->silence_count; i++) {
		const struct silence_group *g = &d->silences[i];

		terminal_paragraph(t, HANGING,
				   arena_printf(t->arena, "%s = %s: %s", g->attribute, g->value,
						say_list(t->arena, g->subjects, g->count, g->count, NAMES_SHOWN)));
	}
	if (d->vacuous_count) {
		const char **names = arena_array(t->arena, d->vacuous_count, sizeof *names);
		size_t count = 0;

		for (size_t i = 0; i < d->vacuous_count; i++) {
			const char *name = say_rule(t->arena, d->vacuous[i]);

			if (!count || strcmp(names[count - 1], name))
				names[count++] = name;
		}
		put_item(t, arena_printf(t->arena, "%s had nothing to judge somewhere, and so hold%s there: %s",
					 say_count(t->arena, count, "rule"), count == 1 ? "s" : "",
					 say_list(t->arena, names, count, count, NAMES_SHOWN)));
	}
}

static void put_foot(struct terminal *t, const struct assessment *a, const struct digest *d)
{
	const struct finding *first = NULL;

	for (size_t i = 0; i < FINDING_STATUSES && !first; i++)
		if (d->blocks[i].entry_count)
			first = d->blocks[i].entries[0].findings[0];
	terminal_line(t);
	terminal_paragraph(
		t, 0,
		arena_printf(t->arena, "%s read; --json lists them with their hashes, --report FILE.html makes a page.",
			     say_count(t->arena, a->input_count, "input")));
	if (first)
		terminal_paragraph(t, 0, arena_printf(t->arena, "Next: proviso explain CASE %s", first->rule));
}

void report_text(const struct assessment *a, const struct report_style *style, struct sink *s)
{
	struct arena *arena = arena_new();
	struct digest *d = digest_findings(arena, a);
	struct terminal t = { s, arena, style->width ? style->width : 80, style->colour };

	if (t.width < LEAST_WIDTH)
		t.width = LEAST_WIDTH;
	put_head(&t, a, d);
	put_provisos(&t, a);
	put_conflict(&t, a);
	for (size_t i = 0; i < FINDING_STATUSES; i++)
		text_block(&t, &d->blocks[i]);
	put_tasks(&t, d);
	put_unknown_facts(&t, a);
	put_coverage(&t, a, d);
	put_foot(&t, a, d);
	arena_free(arena);
}
