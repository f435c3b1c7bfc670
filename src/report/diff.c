/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two assessments side by side: the verdicts, each finding that is not the same with what explains it, then the facts
 * and the rows that differ. "Why" is told from what was compared, never guessed: a number that changed, an element
 * that is counted now and the cells of its row that changed, the words of the rule, the date.
 */
#include "report/report.h"
#include "report/say.h"
#include "report/terminal.h"

#include <string.h>

enum {
	INDENT = 2,
	HANGING = 4,
	LEAST_WIDTH = 40,
	ELEMENTS_SHOWN = 6, /* of those that explain one finding */
	ROWS_SHOWN = 40,    /* of each table */
	FACTS_SHOWN = 40,
};

/* ---- why --------------------------------------------------------------------------------------------------------- */

struct reasons {
	struct arena *arena;
	const struct report_diff *diff;
	const char **items;
	size_t count;
};

enum { MOST_REASONS = 8 + 2 * (ELEMENTS_SHOWN + 1) };

static void add_reason(struct reasons *r, const char *text)
{
	if (r->count < MOST_REASONS)
		r->items[r->count++] = text;
}

static void explain_rule(struct reasons *r, const struct finding *a, const struct finding *b)
{
	const char *bound_before = say_bound(r->arena, a), *bound_after = say_bound(r->arena, b);
	char before[11], after[11];

	if (strcmp(a->statement, b->statement) != 0)
		add_reason(r, arena_printf(r->arena, "the rule says \"%s\" instead of \"%s\"", b->statement,
					   a->statement));
	else if (*bound_before && *bound_after && strcmp(bound_before, bound_after) != 0)
		add_reason(r, arena_printf(r->arena, "its bound is %s instead of %s", bound_after, bound_before));
	if (a->by != b->by) {
		date_print(a->by, before);
		date_print(b->by, after);
		add_reason(r, arena_printf(r->arena, "it has to be met by %s instead of %s",
					   b->by == DATE_NONE ? "now" : after, a->by == DATE_NONE ? "now" : before));
	}
	if (b->worsened && !a->worsened)
		add_reason(r, "the proposal makes it worse, so its later date does not help");
	if (b->status == FINDING_WAIVED && a->status != FINDING_WAIVED)
		add_reason(r, say_remark(r->arena, b));
	else if (a->status == FINDING_WAIVED && b->status != FINDING_WAIVED)
		add_reason(r, arena_printf(r->arena, "it was %s", say_remark(r->arena, a)));
}

static void explain_numbers(struct reasons *r, const struct finding *a, const struct finding *b)
{
	const char *before = say_fraction(r->arena, a), *after = say_fraction(r->arena, b);

	if (*before && *after && strcmp(before, after) != 0)
		add_reason(r, arena_printf(r->arena, "%s instead of %s", after, before));
}

static void explain_date(struct reasons *r, const struct finding *a, const struct finding *b)
{
	int32_t before = r->diff->before.of->of->on, after = r->diff->after.of->of->on;
	char from[11], to[11];

	if (before == after || a->status == b->status)
		return;
	date_print(before, from);
	date_print(after, to);
	add_reason(r, arena_printf(r->arena, "judged as of %s instead of %s", to, from));
}

/*
 * Cells of one element's row that differ: "vendor acme -> nordtel, version 1 -> 2", or "new row"; "" where none does.
 */
static const char *row_changes(struct reasons *r, const char *element)
{
	const struct report_diff *d = r->diff;
	struct sink *s = sink_to_memory(r->arena);
	size_t low = 0, high = d->row_count;
	bool any = false;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct net_change *c = &d->rows[middle];

		if (c->table < NET_ELEMENTS || (c->table == NET_ELEMENTS && strcmp(c->id, element) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < d->row_count && d->rows[low].table == NET_ELEMENTS && !strcmp(d->rows[low].id, element); low++) {
		const struct net_change *c = &d->rows[low];

		if (c->kind == CHANGE_CELL)
			sink_printf(s, "%s%s %s -> %s", any ? ", " : "", c->column, *c->before ? c->before : "(empty)",
				    *c->after ? c->after : "(empty)");
		else
			sink_text(s, c->kind == CHANGE_ADDED ? "a new row" : "its row is gone");
		any = true;
	}
	return sink_memory(s, NULL);
}

static bool has_witness(const struct finding *f, const char *element)
{
	for (size_t i = 0; i < f->witnesses_kept; i++)
		if (strcmp(f->witnesses[i], element) == 0)
			return true;
	return false;
}

/* Of a finding only the smallest witnesses are kept: one behind the last kept may have been there all the same. */
static bool surely_no_witness(const struct finding *f, const char *element)
{
	if (has_witness(f, element))
		return false;
	return f->witnesses_kept == f->witness_count || strcmp(element, f->witnesses[f->witnesses_kept - 1]) < 0;
}

/* A share that holds keeps no witnesses: that it has none says nothing about who is counted. */
static bool tells_who(const struct finding *f)
{
	return f->witness_count || f->measured == UNIT_NONE || (f->measured == UNIT_COUNT && !f->low && !f->high);
}

/* The elements that one side counts and the other does not; where the other does not tell, those whose rows differ. */
static void explain_witnesses(struct reasons *r, const struct finding *has, const struct finding *lacks,
			      const char *one, const char *more)
{
	bool sure = tells_who(lacks);
	size_t found = 0;

	for (size_t i = 0; i < has->witnesses_kept; i++) {
		const char *changes = row_changes(r, has->witnesses[i]);

		if (sure ? !surely_no_witness(lacks, has->witnesses[i]) : !*changes)
			continue;
		if (found++ == ELEMENTS_SHOWN) {
			add_reason(r, more);
			return;
		}
		add_reason(r, sure ? arena_printf(r->arena, "%s %s%s%s", has->witnesses[i], one, *changes ? ": " : "",
						  changes)
				   : arena_printf(r->arena, "%s: %s", has->witnesses[i], changes));
	}
}

static struct reasons reasons_of(struct arena *arena, const struct report_diff *diff, const struct report_difference *d)
{
	struct reasons r = { arena, diff, arena_array(arena, MOST_REASONS, sizeof *r.items), 0 };

	if (!d->before || !d->after) {
		const char *side = d->before ? diff->before.name : diff->after.name;

		add_reason(&r, arena_printf(arena, "there is such a finding only in %s", side));
		return r;
	}
	explain_rule(&r, d->before, d->after);
	explain_date(&r, d->before, d->after);
	explain_numbers(&r, d->before, d->after);
	explain_witnesses(&r, d->after, d->before, "is counted now", "more elements are");
	explain_witnesses(&r, d->before, d->after, "is no longer counted", "more elements are no longer counted");
	return r;
}

/* ---- for people -------------------------------------------------------------------------------------------------- */

static const char *finding_state(struct arena *a, const struct finding *f)
{
	const char *measure = say_measure(a, f), *bound = say_bound(a, f);

	return arena_printf(a, "%s%s%s%s%s%s", finding_status_name(f->status), *measure || *bound ? " (" : "", measure,
			    *measure && *bound ? ", " : "", bound, *measure || *bound ? ")" : "");
}

static void put_difference(struct terminal *t, const struct report_diff *diff, const struct report_difference *d)
{
	const struct finding *any = d->after ? d->after : d->before;
	struct reasons reasons = reasons_of(t->arena, diff, d);
	const char *before = d->before ? finding_state(t->arena, d->before) : "not there";
	const char *after = d->after ? finding_state(t->arena, d->after) : "not there";

	terminal_spaces(t, INDENT);
	terminal_ink(t, INK_BOLD);
	terminal_wrap(t, INDENT, HANGING,
		      arena_printf(t->arena, "%s: %s", say_rule(t->arena, any), say_label(t->arena, any)));
	terminal_ink(t, INK_PLAIN);
	terminal_paragraph(t, HANGING, any->statement);
	if (strcmp(before, after) != 0)
		terminal_paragraph(t, HANGING, arena_printf(t->arena, "%s -> %s", before, after));
	else
		terminal_paragraph(t, HANGING, arena_printf(t->arena, "%s on both sides, by other elements", after));
	for (size_t i = 0; i < reasons.count; i++) {
		terminal_spaces(t, HANGING);
		terminal_wrap(t, HANGING, HANGING + 2, arena_printf(t->arena, "- %s", reasons.items[i]));
	}
	if (!reasons.count && d->after && d->after->explanation)
		terminal_paragraph(t, HANGING, d->after->explanation);
}

static void put_findings(struct terminal *t, const struct report_diff *d)
{
	terminal_line(t);
	terminal_heading(t, INK_BOLD, "FINDINGS THAT DIFFER",
			 arena_printf(t->arena, "%s, %s the same", say_number(t->arena, d->finding_count),
				      say_number(t->arena, d->same)));
	for (size_t i = 0; i < d->finding_count; i++) {
		terminal_line(t);
		put_difference(t, d, &d->findings[i]);
	}
	if (!d->finding_count)
		terminal_paragraph(t, INDENT, "None.");
}

static const char *fact_value(const struct fact *f)
{
	if (!f)
		return "nobody says anything";
	return f->status == FACT_KNOWN ? f->value : f->status == FACT_CONFLICT ? "in conflict" : "unknown";
}

static void put_facts(struct terminal *t, const struct report_diff *d)
{
	if (!d->fact_count)
		return;
	terminal_line(t);
	terminal_heading(t, INK_BOLD, "FACTS THAT DIFFER", say_number(t->arena, d->fact_count));
	terminal_line(t);
	for (size_t i = 0; i < d->fact_count && i < FACTS_SHOWN; i++) {
		const struct fact *any = d->facts[i].after ? d->facts[i].after : d->facts[i].before;

		terminal_spaces(t, INDENT);
		terminal_wrap(t, INDENT, HANGING,
			      arena_printf(t->arena, "%s %s%s%s, %s: %s -> %s", about_kind_name(any->about),
					   any->subject, any->version ? " at " : "", any->version ? any->version : "",
					   any->attribute, fact_value(d->facts[i].before),
					   fact_value(d->facts[i].after)));
	}
	if (d->fact_count > FACTS_SHOWN)
		terminal_paragraph(t, INDENT,
				   arena_printf(t->arena, "and %s more; --json lists all",
						say_number(t->arena, d->fact_count - FACTS_SHOWN)));
}

static void put_row(struct terminal *t, const struct net_change *c)
{
	const char *what;

	if (c->kind == CHANGE_CELL)
		what = arena_printf(t->arena, "%s: %s %s -> %s", c->id, c->column, *c->before ? c->before : "(empty)",
				    *c->after ? c->after : "(empty)");
	else
		what = arena_printf(t->arena, "%s %s", c->kind == CHANGE_ADDED ? "+" : "-", c->id);
	terminal_spaces(t, INDENT);
	terminal_wrap(t, INDENT, HANGING, what);
}

static void put_rows(struct terminal *t, const struct report_diff *d)
{
	for (size_t i = 0; i < d->row_count;) {
		enum net_table_name table = d->rows[i].table;
		size_t end = i;

		while (end < d->row_count && d->rows[end].table == table)
			end++;
		terminal_line(t);
		terminal_heading(t, INK_BOLD,
				 say_capitals(t->arena, arena_printf(t->arena, "%s", net_table_file(table))),
				 say_count(t->arena, end - i, "difference"));
		terminal_line(t);
		for (size_t k = i; k < end && k < i + ROWS_SHOWN; k++)
			put_row(t, &d->rows[k]);
		if (end - i > ROWS_SHOWN)
			terminal_paragraph(t, INDENT,
					   arena_printf(t->arena, "and %s more; --json lists all",
							say_number(t->arena, end - i - ROWS_SHOWN)));
		i = end;
	}
}

static void put_side(struct terminal *t, const char *label, const struct report_side *side)
{
	char date[11];

	date_print(side->of->of->on, date);
	terminal_spaces(t, INDENT);
	terminal_wrap(t, INDENT, HANGING,
		      arena_printf(t->arena, "%s  %s: %s (as of %s, the %s network)", label, side->name,
				   report_verdict_words(side->of->verdict), date, side->of->of->network));
}

void report_diff_text(const struct report_diff *d, const struct report_style *style, struct sink *s)
{
	struct arena *arena = arena_new();
	struct terminal t = { s, arena, style->width ? style->width : 80, style->colour };
	bool verdict_differs = d->before.of->verdict != d->after.of->verdict;

	t.width = t.width < LEAST_WIDTH ? LEAST_WIDTH : t.width;
	terminal_ink(&t, INK_BOLD);
	sink_text(s, verdict_differs    ? "ANOTHER VERDICT"
		     : d->finding_count ? "THE SAME VERDICT, OTHER FINDINGS"
					: "THE SAME FINDINGS");
	terminal_ink(&t, INK_PLAIN);
	sink_text(s, "\n\n");
	put_side(&t, "before", &d->before);
	put_side(&t, "after ", &d->after);
	put_findings(&t, d);
	put_facts(&t, d);
	put_rows(&t, d);
	arena_free(arena);
}

/* ---- as JSON ----------------------------------------------------------------------------------------------------- */

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void side_json(struct json *j, const char *key, const struct report_side *side)
{
	json_key(j, key);
	json_object(j);
	key_text(j, "name", side->name);
	key_text(j, "verdict", verdict_name(side->of->verdict));
	json_key(j, "on");
	json_date(j, side->of->of->on);
	key_text(j, "network", side->of->of->network);
	json_object_end(j);
}

static void finding_or_null(struct json *j, const char *key, const struct finding *f)
{
	json_key(j, key);
	if (f)
		report_finding_json(f, j);
	else
		json_null(j);
}

static void findings_json(struct json *j, const struct report_diff *d, struct arena *arena)
{
	json_key(j, "findings");
	json_array(j);
	for (size_t i = 0; i < d->finding_count; i++) {
		struct reasons reasons = reasons_of(arena, d, &d->findings[i]);

		json_object(j);
		finding_or_null(j, "before", d->findings[i].before);
		finding_or_null(j, "after", d->findings[i].after);
		json_key(j, "why");
		json_array(j);
		for (size_t k = 0; k < reasons.count; k++)
			json_text(j, reasons.items[k]);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void fact_json(struct json *j, const char *key, const struct fact *f)
{
	static const char *const names[] = {
		[FACT_UNKNOWN] = "unknown", [FACT_KNOWN] = "known", [FACT_CONFLICT] = "conflict"
	};

	json_key(j, key);
	if (!f) {
		json_null(j);
		return;
	}
	json_object(j);
	key_text(j, "status", names[f->status]);
	key_text(j, "value", f->value);
	json_object_end(j);
}

static void facts_json(struct json *j, const struct report_diff *d, struct arena *arena)
{
	json_key(j, "facts");
	json_array(j);
	for (size_t i = 0; i < d->fact_count; i++) {
		const struct fact *any = d->facts[i].after ? d->facts[i].after : d->facts[i].before;

		json_object(j);
		key_text(j, "subject", arena_printf(arena, "%s/%s", about_kind_name(any->about), any->subject));
		key_text(j, "attribute", any->attribute);
		fact_json(j, "before", d->facts[i].before);
		fact_json(j, "after", d->facts[i].after);
		json_object_end(j);
	}
	json_array_end(j);
}

static void rows_json(struct json *j, const struct report_diff *d)
{
	static const char *const kinds[] = {
		[CHANGE_ADDED] = "added", [CHANGE_REMOVED] = "removed", [CHANGE_CELL] = "cell"
	};

	json_key(j, "rows");
	json_array(j);
	for (size_t i = 0; i < d->row_count; i++) {
		const struct net_change *c = &d->rows[i];

		json_object(j);
		key_text(j, "kind", kinds[c->kind]);
		key_text(j, "table", net_table_singular(c->table));
		key_text(j, "id", c->id);
		key_text(j, "column", c->kind == CHANGE_CELL ? c->column : NULL);
		key_text(j, "before", c->kind == CHANGE_CELL ? c->before : NULL);
		key_text(j, "after", c->kind == CHANGE_CELL ? c->after : NULL);
		json_object_end(j);
	}
	json_array_end(j);
}

static void inputs_json(struct json *j, const struct report_diff *d)
{
	json_key(j, "inputs");
	json_array(j);
	for (size_t i = 0; i < d->input_count; i++) {
		json_object(j);
		key_text(j, "path", d->inputs[i].path);
		key_text(j, "before", d->inputs[i].before);
		key_text(j, "after", d->inputs[i].after);
		json_object_end(j);
	}
	json_array_end(j);
}

void report_diff_json(const struct report_diff *d, struct sink *s)
{
	struct arena *arena = arena_new();
	struct json j;

	json_init(&j, s);
	json_object(&j);
	side_json(&j, "before", &d->before);
	side_json(&j, "after", &d->after);
	json_key(&j, "same");
	json_int(&j, (int64_t)d->same);
	findings_json(&j, d, arena);
	facts_json(&j, d, arena);
	rows_json(&j, d);
	inputs_json(&j, d);
	json_object_end(&j);
	json_end(&j);
	arena_free(arena);
}
