/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules on the terminal page:
 *
 *     BROKEN -------------------------------------------------- 1 rule, 17 findings
 *
 *       ncsc-2020/access-share
 *         limit high-risk to 35% of sites in access-part per region
 *           Auckland   48.2%  at most 35%  54 sites too many
 *           Waikato    41.0%  at most 35%  12 sites too many
 *           and 15 more regions
 *           e.g. gnb-akl-1, gnb-akl-2, gnb-akl-3 and 194 more
 *         "NCSC, advice of 28 January 2020"
 *
 * A rule with hundreds of findings shows the worst and says how many more there are. The status is the heading's word:
 * colour only repeats it.
 */
#include "report/glyph.h"
#include "report/say.h"
#include "report/text.h"

#include <string.h>

enum {
	INDENT_RULE = 2,
	INDENT_STATEMENT = 4,
	INDENT_ROW = 6,
	GAP = 2,
	LEAST_LABEL = 10,
	WITNESSES_SHOWN = 3,
};

/* How a status is shown: how many findings of a statement, and whether with explanation and witnesses. */
static const struct {
	enum ink ink;
	size_t rows;
	bool detail, witnesses;
} manner[FINDING_STATUSES] = {
	[FINDING_BROKEN] = { INK_RED, 5, true, true },           [FINDING_UNKNOWN] = { INK_MAGENTA, 5, true, false },
	[FINDING_DUE] = { INK_YELLOW, 5, true, true },           [FINDING_WAIVED] = { INK_BLUE, 3, false, true },
	[FINDING_NOTIFIABLE] = { INK_BLUE, 3, false, true },     [FINDING_HOLDS] = { INK_GREEN, 1, false, false },
	[FINDING_NOT_IN_FORCE] = { INK_FAINT, 1, false, false },
};

/* The cells of one finding, and what the longest of each column among those shown needs. */
struct row {
	const char *label, *measure, *bound, *excess;
};
struct row_widths {
	unsigned label, measure, bound, excess;
};

static struct row row_of(struct arena *arena, const struct finding *f)
{
	/* What is judged as a whole needs no name. */
	const char *label = *f->subject || *f->group ? say_label(arena, f) : "";

	return (struct row){ label, say_measure(arena, f), say_bound(arena, f), say_excess(arena, f) };
}

static void widen(unsigned *width, const char *text)
{
	unsigned cells = glyph_cells(text);

	if (cells > *width)
		*width = cells;
}

static struct row_widths widths_of(struct terminal *t, const struct entry *e, size_t shown)
{
	struct row_widths w = { 0 };

	for (size_t i = 0; i < shown; i++) {
		struct row r = row_of(t->arena, e->findings[i]);

		widen(&w.label, r.label);
		widen(&w.measure, r.measure);
		widen(&w.bound, r.bound);
		widen(&w.excess, r.excess);
	}
	return w;
}

/* A row whose names are too long for columns: in words. */
static void put_loose_row(struct terminal *t, const struct row *r)
{
	const char *parts[] = { r->measure, r->bound, r->excess };
	struct sink *s = sink_to_memory(t->arena);
	bool after = false;

	sink_text(s, *r->label ? r->label : "whole network");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (!*parts[i])
			continue;
		sink_text(s, after ? ", " : ": ");
		sink_text(s, parts[i]);
		after = true;
	}
	terminal_spaces(t, INDENT_ROW);
	terminal_wrap(t, INDENT_ROW, INDENT_ROW + GAP, sink_memory(s, NULL));
}

static void put_row(struct terminal *t, const struct row *r, const struct row_widths *w)
{
	const struct {
		const char *text;
		unsigned cells;
		bool right;
	} columns[] = { { r->label, w->label, false },
			{ r->measure, w->measure, true },
			{ r->bound, w->bound, false },
			{ r->excess, w->excess, false } };
	unsigned pending = INDENT_ROW;

	/* The last column that holds something is not filled up: no line ends in spaces. */
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		unsigned cells = glyph_cells(columns[i].text);

		if (!columns[i].cells)
			continue;
		if (!cells) {
			pending += columns[i].cells + GAP;
			continue;
		}
		terminal_spaces(t, pending);
		if (columns[i].right && cells < columns[i].cells)
			terminal_spaces(t, columns[i].cells - cells);
		terminal_cell(t, columns[i].text, cells < columns[i].cells ? cells : columns[i].cells, false);
		pending = GAP + (columns[i].right || cells >= columns[i].cells ? 0 : columns[i].cells - cells);
	}
	terminal_line(t);
}

static void put_rows(struct terminal *t, const struct entry *e, size_t shown)
{
	struct row_widths w = widths_of(t, e, shown);
	unsigned others = w.measure + w.bound + w.excess + GAP * ((w.measure > 0) + (w.bound > 0) + (w.excess > 0));
	bool loose = INDENT_ROW + LEAST_LABEL + others > t->width;

	if (!loose && w.label > t->width - INDENT_ROW - others)
		w.label = t->width - INDENT_ROW - others;
	for (size_t i = 0; i < shown; i++) {
		struct row r = row_of(t->arena, e->findings[i]);
		const char *remark = say_remark(t->arena, e->findings[i]);

		if (loose)
			put_loose_row(t, &r);
		else
			put_row(t, &r, &w);
		/* What is due says its date in the head of its rule; what several rows have in common is said once. */
		if (*remark && e->findings[i]->status != FINDING_DUE &&
		    e->findings[i]->status != FINDING_NOT_IN_FORCE &&
		    (i + 1 == shown || strcmp(remark, say_remark(t->arena, e->findings[i + 1])) != 0))
			terminal_paragraph(t, INDENT_ROW + GAP, remark);
	}
}

static void put_details(struct terminal *t, const struct entry *e, size_t shown)
{
	const struct finding *worst = e->findings[0];
	const char *witnesses = say_witnesses(t->arena, worst, WITNESSES_SHOWN);

	if (e->count > shown)
		terminal_paragraph(t, INDENT_ROW, say_more(t->arena, e, shown));
	if (manner[worst->status].detail && !say_is_all(worst) && worst->explanation && *worst->explanation)
		terminal_paragraph(t, INDENT_ROW, worst->explanation);
	if (manner[worst->status].witnesses && *witnesses)
		terminal_paragraph(t, INDENT_ROW,
				   arena_printf(t->arena, "%s%s%s", e->count > 1 ? say_label(t->arena, worst) : "",
						e->count > 1 ? ": " : "", witnesses));
}

/* "nz-5g/core                                   by 2026-06-30" */
static void put_rule(struct terminal *t, const struct finding *f)
{
	const char *name = say_rule(t->arena, f), *when = "";
	enum { LEAST_NAME = 8 };
	unsigned room;
	char date[11];

	if (f->status == FINDING_NOT_IN_FORCE) {
		when = say_in_force(t->arena, f);
	} else if (f->by != DATE_NONE) {
		date_print(f->by, date);
		when = arena_printf(t->arena, "by %s", date);
	}
	if (*when && INDENT_RULE + LEAST_NAME + GAP + strlen(when) > t->width) { /* too narrow for both */
		terminal_wrap(t, INDENT_RULE, INDENT_RULE + GAP, name);
		terminal_paragraph(t, INDENT_STATEMENT, when);
		return;
	}
	room = t->width - INDENT_RULE - (*when ? (unsigned)strlen(when) + GAP : 0);
	terminal_spaces(t, INDENT_RULE);
	terminal_ink(t, INK_BOLD);
	terminal_cell(t, name, *when || glyph_cells(name) > room ? room : glyph_cells(name), false);
	terminal_ink(t, INK_PLAIN);
	if (*when) {
		terminal_spaces(t, GAP);
		sink_text(t->sink, when);
	}
	terminal_line(t);
}

static void put_source(struct terminal *t, const struct finding *f)
{
	if (f->source && *f->source)
		terminal_paragraph(t, INDENT_STATEMENT,
				   arena_printf(t->arena, "\"%s\"%s%s", f->source, f->grade ? ", grade " : "",
						f->grade ? f->grade : ""));
	else
		terminal_paragraph(t, INDENT_STATEMENT, "no source is given for this rule");
	if (f->note && *f->note)
		terminal_paragraph(t, INDENT_STATEMENT, arena_printf(t->arena, "Note: %s", f->note));
}

void text_block(struct terminal *t, const struct block *b)
{
	if (!b->findings)
		return;
	terminal_line(t);
	terminal_heading(t, manner[b->status].ink, say_capitals(t->arena, say_status(b->status)),
			 arena_printf(t->arena, "%s, %s", say_count(t->arena, b->rules, "rule"),
				      say_count(t->arena, b->findings, "finding")));
	for (size_t i = 0; i < b->entry_count; i++) {
		const struct entry *e = &b->entries[i];
		size_t most = manner[b->status].rows, shown = e->count <= most + (most > 1) ? e->count : most;

		if (e->opens_rule) {
			terminal_line(t);
			put_rule(t, e->findings[0]);
		}
		terminal_spaces(t, INDENT_STATEMENT);
		terminal_wrap(t, INDENT_STATEMENT, INDENT_STATEMENT + GAP, e->findings[0]->statement);
		put_rows(t, e, shown);
		put_details(t, e, shown);
		if (e->ends_rule && !e->told)
			put_source(t, e->findings[0]);
	}
}
