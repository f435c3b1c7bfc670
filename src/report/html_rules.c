/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules on the HTML page: by status, each with its source quoted, what it says, and what was measured against it.
 * On a telephone each row of a table becomes a small card; the words of the column's head come from data-label.
 */
#include "report/html.h"
#include "report/say.h"

#include <string.h>

/* How many findings of one statement are shown. The JSON has them all. */
static const size_t rows_shown[FINDING_STATUSES] = {
	[FINDING_BROKEN] = 40,     [FINDING_UNKNOWN] = 25, [FINDING_DUE] = 25,         [FINDING_WAIVED] = 15,
	[FINDING_NOTIFIABLE] = 15, [FINDING_HOLDS] = 3,    [FINDING_NOT_IN_FORCE] = 3,
};

enum {
	WITNESSES_SHOWN = 4,
	ROWS_TOGETHER = 5,
};

static void put_date(struct html *h, const char *before, int32_t days)
{
	char date[11];

	if (days == DATE_NONE)
		return;
	date_print(days, date);
	html_raw(h, "<li>%s <time datetime=\"%s\">%s</time></li>", before, date, date);
}

static void put_rule_head(struct html *h, const struct entry *e)
{
	const struct finding *f = e->findings[0];

	html_raw(h, "<h4>");
	html_put(h, f->rule);
	html_raw(h, " <span class=\"of\">");
	html_put(h, f->policy);
	html_raw(h, "</span></h4>\n");
	if (e->told) {
		html_raw(h, "<p class=\"small told\">Its source is quoted above.</p>\n");
		return;
	}
	html_quote(h, f);
	html_raw(h, "<ul class=\"facts\">");
	put_date(h, "to be met by", f->by);
	put_date(h, "in force from", f->in_force);
	put_date(h, "in force until", f->until);
	if (f->grade) {
		html_raw(h, "<li>source graded ");
		html_put(h, f->grade);
		html_raw(h, "</li>");
	}
	html_raw(h, "</ul>\n");
	if (f->note && *f->note)
		html_tag(h, "p", f->note);
}

static void put_cell(struct html *h, const char *label, const char *class, const char *text)
{
	html_raw(h, "<td data-label=\"%s\" class=\"%s%s\">", label, class, *text ? "" : " void");
	html_put(h, text);
	html_raw(h, "</td>");
}

static void put_remarks(struct html *h, const struct finding *f)
{
	const char *remark = say_remark(h->arena, f), *witnesses = say_witnesses(h->arena, f, WITNESSES_SHOWN);
	bool explain = !say_is_all(f) && f->explanation && *f->explanation;

	html_raw(h, "<td data-label=\"Remarks\" class=\"why%s\">", explain || *remark || *witnesses ? "" : " void");
	if (explain)
		html_class(h, "p", "what", f->explanation);
	/* Dates are in the rule's head. */
	if (*remark && f->status != FINDING_DUE && f->status != FINDING_NOT_IN_FORCE)
		html_tag(h, "p", remark);
	if (*witnesses)
		html_class(h, "p", "ids", witnesses);
	html_raw(h, "</td>");
}

static const char *scale_end(struct html *h, const struct finding *f, int64_t scale)
{
	char digits[32];

	if (f->measured != UNIT_SHARE)
		return say_amount(h->arena, scale / MICRO * MICRO);
	ppb_print_percent(scale, digits);
	return arena_text(h->arena, digits, strlen(digits));
}

/* Columns of which no row of a statement has anything are left out. */
struct columns {
	int64_t scale; /* of the bars; 0: none */
	bool excess, remarks;
};

static bool has_remarks(struct html *h, const struct finding *f)
{
	return f->witnesses_kept || (!say_is_all(f) && *f->explanation) ||
	       (*say_remark(h->arena, f) && f->status != FINDING_DUE && f->status != FINDING_NOT_IN_FORCE);
}

static void put_row(struct html *h, const struct finding *f, const struct columns *columns)
{
	const char *fraction = say_fraction(h->arena, f);

	html_raw(h, "<tr><th scope=\"row\">");
	html_put(h, say_label(h->arena, f));
	html_raw(h, "</th><td data-label=\"Measured\" class=\"num\"><b>");
	html_put(h, say_measure(h->arena, f));
	html_raw(h, "</b>");
	if (*fraction) {
		html_raw(h, "<span class=\"of\">");
		html_put(h, fraction);
		html_raw(h, "</span>");
	}
	html_raw(h, "</td>");
	if (columns->scale) {
		html_raw(h, "<td class=\"bar\">");
		if (!f->vacuous)
			html_measure_bar(h, f, columns->scale);
		html_raw(h, "</td>");
	}
	if (columns->excess)
		put_cell(h, "Beyond the bound", "excess", say_excess(h->arena, f));
	if (columns->remarks)
		put_remarks(h, f);
	html_raw(h, "</tr>\n");
}

static void put_statement(struct html *h, const struct entry *e)
{
	const struct finding *worst = e->findings[0];
	size_t most = rows_shown[worst->status], shown = e->count <= most + 1 ? e->count : most;
	struct columns columns = { .scale = html_measure_scale(e) };
	const char *bound = say_bound(h->arena, worst);

	for (size_t i = 0; i < shown; i++) {
		columns.excess |= *say_excess(h->arena, e->findings[i]) != 0;
		columns.remarks |= has_remarks(h, e->findings[i]);
	}
	/* On paper, what is short stays on one page. */
	html_raw(h, "<div class=\"statement%s\">\n<table class=\"findings\"><caption><code>",
		 shown <= ROWS_TOGETHER ? " short-one" : "");
	html_put(h, worst->statement);
	html_raw(h, "</code>");
	if (*bound) {
		html_raw(h, " <span class=\"limit\">");
		html_put(h, bound);
		html_raw(h, "</span>");
	}
	html_raw(h, "</caption>\n<thead><tr><th scope=\"col\">For</th><th scope=\"col\">Measured</th>");
	if (columns.scale) {
		html_raw(h, "<th scope=\"col\" class=\"bar\"><span class=\"ends\"><span>0</span><span>");
		html_put(h, scale_end(h, worst, columns.scale));
		html_raw(h, "</span></span></th>");
	}
	html_raw(h, "%s%s</tr></thead>\n<tbody>\n", columns.excess ? "<th scope=\"col\">Beyond the bound</th>" : "",
		 columns.remarks ? "<th scope=\"col\">Remarks</th>" : "");
	for (size_t i = 0; i < shown; i++)
		put_row(h, e->findings[i], &columns);
	html_raw(h, "</tbody></table>\n");
	if (shown < e->count)
		html_class(h, "p", "small",
			   arena_printf(h->arena, "%s; they are less far out. The JSON lists them all.",
					say_more(h->arena, e, shown)));
	html_raw(h, "</div>\n");
}

static void put_block(struct html *h, const struct block *b)
{
	const char *name = finding_status_name(b->status);

	if (!b->findings)
		return;
	html_raw(h,
		 "<section class=\"status %s\" id=\"status-%s\">\n<h3><span class=\"chip\">%s</span> <span "
		 "class=\"of\">%s, %s</span></h3>\n",
		 name, name, say_status(b->status), say_count(h->arena, b->rules, "rule"),
		 say_count(h->arena, b->findings, "finding"));
	html_class(h, "p", "meaning", say_status_meaning(b->status));
	for (size_t i = 0; i < b->entry_count; i++) {
		if (b->entries[i].opens_rule) {
			html_raw(h, "<article>\n");
			put_rule_head(h, &b->entries[i]);
		}
		put_statement(h, &b->entries[i]);
		if (b->entries[i].ends_rule)
			html_raw(h, "</article>\n");
	}
	html_raw(h, "</section>\n");
}

void html_rules(struct html *h)
{
	html_section(h, "rules", "The rules", true);
	html_raw(h, "<p class=\"small\">In a bar, the solid part is certain and the hatched part possible, as "
		    "long as facts are unknown. The upright line is the bound; the shaded side is where the measure "
		    "may not be.</p>\n");
	for (size_t i = 0; i < FINDING_STATUSES; i++)
		put_block(h, &h->d->blocks[i]);
	html_raw(h, "</section>\n");
}
