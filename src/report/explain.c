/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One rule, or one element, in plain words: what was counted, against what, from which line of which file, and what
 * would change it. What is told is what the assessment holds; where it keeps only the first elements of many, it says
 * so.
 */
#include "report/report.h"
#include "report/say.h"
#include "report/terminal.h"

#include <string.h>

enum {
	INDENT = 2,
	HANGING = 4,
	DEEP = 6,
	LEAST_WIDTH = 40,
	FINDINGS_SHOWN = 20, /* of one rule; the grave ones first */
	FACTS_SHOWN = 8,
};

static const char *place_text(struct arena *a, struct place p)
{
	if (!p.file)
		return "";
	return p.line ? arena_printf(a, "%s:%u", p.file, p.line) : p.file;
}

static const char *cell(struct arena *a, const struct net *net, enum net_table_name table, const char *column,
			uint32_t row)
{
	const struct net_column *c = net_column(net, table, column);
	char text[48];
	const char *shown = c ? net_cell(net, table, c, row, text) : "";

	return arena_text(a, shown, strlen(shown));
}

/* "gNB of acme at akl-001 (network/elements.csv:14)" */
static const char *element_in_words(struct arena *a, const struct net *net, uint32_t row)
{
	const char *function = cell(a, net, NET_ELEMENTS, "function", row),
		   *vendor = cell(a, net, NET_ELEMENTS, "vendor", row);
	const char *version = cell(a, net, NET_ELEMENTS, "version", row),
		   *product = cell(a, net, NET_ELEMENTS, "product", row);
	const char *site = cell(a, net, NET_ELEMENTS, "site", row);

	return arena_printf(a, "%s of %s%s%s%s%s%s%s (%s)", *function ? function : "unknown function",
			    *vendor ? vendor : "unknown vendor", *product ? ", " : "", product, *version ? " " : "",
			    version, *site ? " at " : "", site, place_text(a, net_place(net, NET_ELEMENTS, row)));
}

/* ---- what would change it ---------------------------------------------------------------------------------------- */

/*
 * How much could be added before a bound from above is reached, or taken before one from below is: micro, -1 not
 * known.
 */
static wide room_left(const struct finding *f)
{
	wide at_bound;

	if (f->measured == UNIT_COUNT)
		return f->bound_op[0] == '<' ? (wide)f->bound - f->high : (wide)f->low - f->bound;
	if (f->measured != UNIT_SHARE || f->denominator_high <= 0)
		return -1;
	/* Measures stay below 2^97, so the product fits. */
	at_bound = f->denominator_high * f->bound / PPB;
	return f->bound_op[0] == '<' ? at_bound - f->numerator_high : -1;
}

static const char *change_of_holding(struct arena *a, const struct finding *f)
{
	wide left = f->bound_op ? room_left(f) : -1;

	if (f->vacuous)
		return "it holds because there was nothing to judge; it is decided as soon as the network has such "
		       "elements";
	if (!f->bound_op || (f->measured == UNIT_COUNT && f->bound_op[0] == '<' && !f->bound))
		return "it is broken by the first that does what it forbids";
	if (left < 0)
		return arena_printf(a, "it is broken when the measure passes its bound, %s", say_bound(a, f));
	if (!left)
		return f->bound_op[0] == '<' ? "it is at its bound: any more breaks it"
					     : "it is at its bound: any fewer breaks it";
	if (f->measured == UNIT_COUNT)
		return arena_printf(a, "it is %s away from its bound", say_amount(a, left));
	return arena_printf(a, "it is broken when more than %s %s join those that count, all else unchanged",
			    say_amount(a, left), f->numerator_unit ? f->numerator_unit : "");
}

/* The next tenth of a percent at which the rule would hold: a bound rounded to the nearest might still be broken. */
static const char *bound_that_holds(struct arena *a, const struct finding *f)
{
	enum { TENTH = PPB / 1000 };
	bool most = f->bound_op[0] == '<';
	int64_t at = most ? (f->high + TENTH - 1) / TENTH * TENTH : f->low / TENTH * TENTH;
	wide n = most ? f->numerator_high : f->numerator, d = most ? f->denominator_high : f->denominator;

	/* the share was rounded itself */
	if (d > 0 && (most ? share_compare(n, d, at) > 0 : share_compare(n, d, at) < 0))
		at += most ? TENTH : -TENTH;
	char text[32];

	ppb_print_percent(at < 0 ? 0 : at > PPB ? PPB : at, text);
	return arena_printf(a, "%s", text);
}

static const char *change_of_broken(struct arena *a, const struct finding *f)
{
	const char *excess = say_excess(a, f);

	if (*excess && f->measured == UNIT_SHARE)
		return arena_printf(a, "%s: swap or move that much, or set the bound to %s", excess,
				    bound_that_holds(a, f));
	if (*excess)
		return arena_printf(a, "%s", excess);
	if (f->witness_count)
		return arena_printf(a, "swap, move or restrict %s, or have the rule waived",
				    say_count(a, f->witness_count, "element"));
	return "the rule is met, changed, or waived";
}

static const char *what_would_change(struct arena *a, const struct finding *f)
{
	char date[11];

	switch (f->status) {
	case FINDING_HOLDS:
		return change_of_holding(a, f);
	case FINDING_BROKEN:
		return change_of_broken(a, f);
	case FINDING_DUE:
		date_print(f->by, date);
		return arena_printf(a, "it counts as broken after %s; until then: %s", date, change_of_broken(a, f));
	case FINDING_UNKNOWN:
		return "the facts below would decide it";
	case FINDING_WAIVED:
		if (!f->waiver_count)
			return "it counts as broken once it is not waived any more";
		date_print(f->waivers[0].until, date);
		return arena_printf(a, "it counts as broken after %s, the waiver's last day", date);
	case FINDING_NOTIFIABLE:
		return arena_printf(a, "%s has to be told; the verdict does not depend on it",
				    f->authority ? f->authority : "the authority");
	case FINDING_NOT_IN_FORCE:
		if (f->until != DATE_NONE)
			return arena_printf(a, "it counts while it is %s", say_in_force(a, f));
		date_print(f->in_force, date);
		return arena_printf(a, "it counts from %s on", date);
	case FINDING_STATUSES:
		break;
	}
	return "";
}

/* ---- a rule ------------------------------------------------------------------------------------------------------ */

static bool of_rule(const struct report_explanation *e, const struct finding *f)
{
	return strcmp(f->policy, e->policy) == 0 && strcmp(f->rule, e->rule) == 0;
}

static void put_witnesses(struct terminal *t, const struct report_explanation *e, const struct finding *f)
{
	const struct net *net = e->of->of->net;

	if (!f->witness_count)
		return;
	terminal_paragraph(t, HANGING,
			   f->witness_count > f->witnesses_kept
				   ? arena_printf(t->arena, "counted, the first %zu of %s:", f->witnesses_kept,
						  say_number(t->arena, f->witness_count))
				   : "counted:");
	for (size_t i = 0; i < f->witnesses_kept; i++) {
		uint32_t row = net_find_text(net, NET_ELEMENTS, f->witnesses[i]);

		terminal_spaces(t, DEEP);
		terminal_wrap(t, DEEP, DEEP + 2,
			      CODE_IS_KNOWN(row) ? arena_printf(t->arena, "%s: %s", f->witnesses[i],
								element_in_words(t->arena, net, row))
						 : f->witnesses[i]);
	}
}

static void put_finding(struct terminal *t, const struct report_explanation *e, const struct finding *f)
{
	const char *measure = say_measure(t->arena, f), *bound = say_bound(t->arena, f),
		   *fraction = say_fraction(t->arena, f);
	const char *remark = say_remark(t->arena, f), *change = what_would_change(t->arena, f);

	terminal_line(t);
	terminal_spaces(t, INDENT);
	terminal_ink(t, INK_BOLD);
	terminal_wrap(t, INDENT, HANGING,
		      arena_printf(t->arena, "%s: %s", say_label(t->arena, f), say_status(f->status)));
	terminal_ink(t, INK_PLAIN);
	if (*measure || *bound)
		terminal_paragraph(t, HANGING,
				   arena_printf(t->arena, "%s%s%s%s%s", measure, *fraction ? ": " : "", fraction,
						*bound && *measure ? "; " : "", bound));
	if (f->explanation)
		terminal_paragraph(t, HANGING, f->explanation);
	if (*remark)
		terminal_paragraph(t, HANGING, remark);
	put_witnesses(t, e, f);
	if (*change)
		terminal_paragraph(t, HANGING, arena_printf(t->arena, "what would change it: %s", change));
}

static bool settles(const struct unknown_fact *fact, const char *rule)
{
	for (size_t i = 0; i < fact->settle_count; i++)
		if (strcmp(fact->settles[i], rule) == 0)
			return true;
	return false;
}

/* Is it about an element that keeps this rule open, or about such an element's vendor? */
static bool bears_on(struct arena *a, const struct report_explanation *e, const struct unknown_fact *fact)
{
	const struct findings *all = &e->of->findings;
	const struct net *net = e->of->of->net;

	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->items[i];

		for (size_t k = 0; of_rule(e, f) && f->status == FINDING_UNKNOWN && k < f->witnesses_kept; k++) {
			uint32_t row = net_find_text(net, NET_ELEMENTS, f->witnesses[k]);
			const char *vendor = CODE_IS_KNOWN(row) ? cell(a, net, NET_ELEMENTS, "vendor", row) : "";

			if (strcmp(fact->subject, arena_printf(a, "element/%s", f->witnesses[k])) == 0 ||
			    strcmp(fact->subject, arena_printf(a, "vendor/%s", vendor)) == 0)
				return true;
		}
	}
	return false;
}

static size_t put_facts(struct terminal *t, const struct report_explanation *e, const char *rule, const char *heading)
{
	const struct findings *all = &e->of->findings;
	size_t found = 0;

	for (size_t i = 0; i < all->unknown_count; i++) {
		const struct unknown_fact *fact = &all->unknown[i];

		if (rule ? !settles(fact, rule) : !bears_on(t->arena, e, fact))
			continue;
		if (!found) {
			terminal_line(t);
			terminal_paragraph(t, INDENT, heading);
		}
		if (found++ >= FACTS_SHOWN)
			continue;
		terminal_spaces(t, HANGING);
		terminal_wrap(t, HANGING, DEEP, arena_printf(t->arena, "- %s", say_question(t->arena, fact)));
	}
	if (found > FACTS_SHOWN)
		terminal_paragraph(t, HANGING, arena_printf(t->arena, "and %zu more", found - FACTS_SHOWN));
	return found;
}

/* The facts that would settle this rule, or where only several of them would, those that keep it open. */
static void put_facts_of_rule(struct terminal *t, const struct report_explanation *e)
{
	if (!put_facts(t, e, arena_printf(t->arena, "%s/%s", e->policy, e->rule), "Facts that would settle it alone:"))
		put_facts(t, e, NULL, "No fact settles it alone. What is not known of the elements that keep it open:");
}

static void put_rule_head(struct terminal *t, const struct report_explanation *e, const struct finding *f)
{
	terminal_ink(t, INK_BOLD);
	terminal_paragraph(t, 0, arena_printf(t->arena, "%s/%s", e->policy, e->rule));
	terminal_ink(t, INK_PLAIN);
	terminal_line(t);
	if (f->source)
		terminal_paragraph(t, INDENT,
				   arena_printf(t->arena, "\"%s\"%s%s", f->source,
						f->grade ? ", certainty of our knowledge of it: " : "",
						f->grade ? f->grade : ""));
	else
		terminal_paragraph(t, INDENT, "The rule names no source.");
	if (f->note)
		terminal_paragraph(t, INDENT, arena_printf(t->arena, "note: %s", f->note));
}

/* Statuses in the order in which people want to read them. */
static const enum finding_status order[] = { FINDING_BROKEN,     FINDING_UNKNOWN, FINDING_DUE,         FINDING_WAIVED,
					     FINDING_NOTIFIABLE, FINDING_HOLDS,   FINDING_NOT_IN_FORCE };

static void put_statement(struct terminal *t, const struct report_explanation *e, const struct finding *of)
{
	const struct findings *all = &e->of->findings;
	size_t shown = 0, count = 0;

	terminal_line(t);
	terminal_paragraph(t, INDENT, of->statement);
	terminal_paragraph(t, INDENT, arena_printf(t->arena, "(%s)", place_text(t->arena, of->place)));
	for (size_t s = 0; s < sizeof order / sizeof *order; s++)
		for (size_t i = 0; i < all->count; i++) {
			const struct finding *f = &all->items[i];

			if (f->status != order[s] || !of_rule(e, f) || strcmp(f->statement, of->statement) != 0)
				continue;
			if (count++ >= FINDINGS_SHOWN)
				continue;
			put_finding(t, e, f);
			shown++;
		}
	if (count > shown) {
		terminal_line(t);
		terminal_paragraph(
			t, INDENT,
			arena_printf(t->arena, "and %s more; --json lists all", say_number(t->arena, count - shown)));
	}
}

static void put_rule(struct terminal *t, const struct report_explanation *e)
{
	const struct findings *all = &e->of->findings;
	const struct finding *last = NULL;

	/* Findings are sorted by rule and statement. */
	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->items[i];

		if (!of_rule(e, f))
			continue;
		if (!last)
			put_rule_head(t, e, f);
		if (!last || strcmp(last->statement, f->statement) != 0)
			put_statement(t, e, f);
		last = f;
	}
	if (!last)
		terminal_paragraph(t, 0,
				   arena_printf(t->arena,
						"%s/%s has nothing to say about this network: no group of it has such "
						"elements",
						e->policy, e->rule));
	put_facts_of_rule(t, e);
}

/* ---- an element -------------------------------------------------------------------------------------------------- */

static void put_row(struct terminal *t, const struct net *net, enum net_table_name table, uint32_t row,
		    const char *label)
{
	const struct net_table *rows = &net->table[table];
	char number[48];

	terminal_line(t);
	terminal_ink(t, INK_BOLD);
	terminal_paragraph(t, 0, arena_printf(t->arena, "%s %s", label, net_id(net, table, row)));
	terminal_ink(t, INK_PLAIN);
	terminal_paragraph(t, INDENT, arena_printf(t->arena, "(%s)", place_text(t->arena, net_place(net, table, row))));
	for (size_t i = 0; i < rows->column_count; i++) {
		const char *text = net_cell(net, table, &rows->columns[i], row, number);

		if (!*text)
			continue;
		terminal_spaces(t, INDENT);
		terminal_wrap(t, INDENT, DEEP, arena_printf(t->arena, "%s: %s", rows->columns[i].name, text));
	}
}

static uint32_t row_of(const struct net *net, const char *column, uint32_t element)
{
	const struct net_column *c = net_column(net, NET_ELEMENTS, column);

	return c && c->codes ? c->codes[element] : CODE_UNKNOWN;
}

static void put_facts_about(struct terminal *t, const struct evidence *evidence, enum about_kind about,
			    const char *subject)
{
	for (size_t i = 0; i < evidence->fact_count; i++) {
		const struct fact *f = &evidence->facts[i];

		if (f->about != about || strcmp(f->subject, subject) != 0)
			continue;
		terminal_spaces(t, INDENT);
		terminal_wrap(t, INDENT, DEEP,
			      arena_printf(t->arena, "%s%s%s: %s (%s)", f->attribute, f->version ? " at " : "",
					   f->version ? f->version : "",
					   f->status == FACT_KNOWN      ? f->value
					   : f->status == FACT_CONFLICT ? "in conflict"
									: "unknown",
					   f->why));
	}
}

static void put_sets(struct terminal *t, const struct report_explanation *e)
{
	static const char *const words[] = { [1] = "in", [0] = "not in", [2] = "not known whether in" };
	static const int members[] = { 1, 2, 0 };

	if (!e->set_count)
		return;
	terminal_line(t);
	terminal_ink(t, INK_BOLD);
	terminal_paragraph(t, 0, "Sets");
	terminal_ink(t, INK_PLAIN);
	for (size_t m = 0; m < sizeof members / sizeof *members; m++)
		for (size_t i = 0; i < e->set_count; i++) {
			const struct report_membership *s = &e->sets[i];

			if (s->member != members[m])
				continue;
			terminal_spaces(t, INDENT);
			terminal_wrap(t, INDENT, DEEP,
				      arena_printf(t->arena, "%s %s/%s (%s)", words[s->member], s->policy, s->set,
						   place_text(t->arena, s->place)));
		}
}

static void put_rules_of_element(struct terminal *t, const struct report_explanation *e)
{
	const struct findings *all = &e->of->findings;
	size_t found = 0;

	terminal_line(t);
	terminal_ink(t, INK_BOLD);
	terminal_paragraph(t, 0, "Findings that name it");
	terminal_ink(t, INK_PLAIN);
	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->items[i];
		const char *measure = say_measure(t->arena, f);

		if (!f->has_focus)
			continue;
		found++;
		terminal_spaces(t, INDENT);
		terminal_wrap(t, INDENT, DEEP,
			      arena_printf(t->arena, "%s, %s: %s%s%s", say_rule(t->arena, f), say_label(t->arena, f),
					   finding_status_name(f->status), *measure ? ", " : "", measure));
	}
	if (!found)
		terminal_paragraph(t, INDENT, "None.");
}

static void put_questions_about(struct terminal *t, const struct report_explanation *e, const char *subject)
{
	const struct findings *all = &e->of->findings;
	bool any = false;

	for (size_t i = 0; i < all->unknown_count; i++) {
		if (strcmp(all->unknown[i].subject, subject) != 0)
			continue;
		if (!any) {
			terminal_line(t);
			terminal_ink(t, INK_BOLD);
			terminal_paragraph(t, 0, "Not known about it");
			terminal_ink(t, INK_PLAIN);
		}
		any = true;
		terminal_paragraph(t, INDENT, say_question(t->arena, &all->unknown[i]));
	}
}

static void put_element(struct terminal *t, const struct report_explanation *e)
{
	const struct net *net = e->of->of->net;
	const char *id = net_id(net, NET_ELEMENTS, e->element);
	uint32_t site = row_of(net, "site", e->element), vendor = row_of(net, "vendor", e->element);
	uint32_t product = row_of(net, "product", e->element);

	terminal_ink(t, INK_BOLD);
	terminal_paragraph(t, 0, arena_printf(t->arena, "%s: %s", id, element_in_words(t->arena, net, e->element)));
	terminal_ink(t, INK_PLAIN);
	put_row(t, net, NET_ELEMENTS, e->element, "Element");
	put_facts_about(t, e->of->of->evidence, ABOUT_ELEMENT, id);
	if (CODE_IS_KNOWN(site))
		put_row(t, net, NET_SITES, site, "Site");
	if (CODE_IS_KNOWN(product)) {
		put_row(t, net, NET_PRODUCTS, product, "Product");
		put_facts_about(t, e->of->of->evidence, ABOUT_PRODUCT, net_id(net, NET_PRODUCTS, product));
	}
	if (CODE_IS_KNOWN(vendor)) {
		put_row(t, net, NET_VENDORS, vendor, "Vendor");
		put_facts_about(t, e->of->of->evidence, ABOUT_VENDOR, net_id(net, NET_VENDORS, vendor));
	}
	put_sets(t, e);
	put_rules_of_element(t, e);
	put_questions_about(t, e, arena_printf(t->arena, "element/%s", id));
}

void report_explanation_text(const struct report_explanation *e, const struct report_style *style, struct sink *s)
{
	struct arena *arena = arena_new();
	struct terminal t = { s, arena, style->width ? style->width : 80, style->colour };

	t.width = t.width < LEAST_WIDTH ? LEAST_WIDTH : t.width;
	if (e->rule)
		put_rule(&t, e);
	else
		put_element(&t, e);
	arena_free(arena);
}

/* ---- as JSON ----------------------------------------------------------------------------------------------------- */

static void key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void place_json(struct json *j, struct place p)
{
	key_text(j, "file", p.file);
	json_key(j, "line");
	json_int(j, p.line);
}

static void row_json(struct json *j, const struct net *net, enum net_table_name table, uint32_t row)
{
	const struct net_table *rows = &net->table[table];
	char number[48];

	json_object(j);
	key_text(j, "id", net_id(net, table, row));
	place_json(j, net_place(net, table, row));
	json_key(j, "cells");
	json_object(j);
	for (size_t i = 0; i < rows->column_count; i++) {
		const char *text = net_cell(net, table, &rows->columns[i], row, number);

		if (*text)
			key_text(j, rows->columns[i].name, text);
	}
	json_object_end(j);
	json_object_end(j);
}

static void row_or_null(struct json *j, const char *key, const struct net *net, enum net_table_name table, uint32_t row)
{
	json_key(j, key);
	if (CODE_IS_KNOWN(row))
		row_json(j, net, table, row);
	else
		json_null(j);
}

static void rule_json(struct json *j, const struct report_explanation *e, struct arena *arena)
{
	const struct findings *all = &e->of->findings;
	const struct net *net = e->of->of->net;

	key_text(j, "policy", e->policy);
	key_text(j, "rule", e->rule);
	json_key(j, "findings");
	json_array(j);
	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->items[i];

		if (!of_rule(e, f))
			continue;
		json_object(j);
		json_key(j, "finding");
		report_finding_json(f, j);
		place_json(j, f->place);
		key_text(j, "would_change", what_would_change(arena, f));
		json_key(j, "witnesses");
		json_array(j);
		for (size_t k = 0; k < f->witnesses_kept; k++) {
			uint32_t row = net_find_text(net, NET_ELEMENTS, f->witnesses[k]);

			if (CODE_IS_KNOWN(row))
				row_json(j, net, NET_ELEMENTS, row);
		}
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void element_json(struct json *j, const struct report_explanation *e)
{
	static const char *const members[] = { "no", "yes", "unknown" };
	const struct findings *all = &e->of->findings;
	const struct net *net = e->of->of->net;

	row_or_null(j, "element", net, NET_ELEMENTS, e->element);
	row_or_null(j, "site", net, NET_SITES, row_of(net, "site", e->element));
	row_or_null(j, "product", net, NET_PRODUCTS, row_of(net, "product", e->element));
	row_or_null(j, "vendor", net, NET_VENDORS, row_of(net, "vendor", e->element));
	json_key(j, "sets");
	json_array(j);
	for (size_t i = 0; i < e->set_count; i++) {
		json_object(j);
		key_text(j, "policy", e->sets[i].policy);
		key_text(j, "set", e->sets[i].set);
		key_text(j, "member", members[e->sets[i].member]);
		place_json(j, e->sets[i].place);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "findings");
	json_array(j);
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].has_focus)
			report_finding_json(&all->items[i], j);
	json_array_end(j);
}

void report_explanation_json(const struct report_explanation *e, struct sink *s)
{
	struct arena *arena = arena_new();
	struct json j;

	json_init(&j, s);
	json_object(&j);
	if (e->rule)
		rule_json(&j, e, arena);
	else
		element_json(&j, e);
	json_object_end(&j);
	json_end(&j);
	arena_free(arena);
}
