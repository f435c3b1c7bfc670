/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML page: one file that needs no network and no script. The verdict first, then the answer in plain words, what
 * there is to do, the rules, where, who, what is not known and what the answer rests on.
 */
#include "report/html.h"
#include "report/glyph.h"
#include "report/report.h"
#include "report/say.h"

#include <assert.h>

enum { RULES_IN_SHORT = 6 };

void html_raw(struct html *h, const char *format, ...)
{
	char text[1024];
	va_list list;
	int bytes;

	va_start(list, format);
	bytes = vsnprintf(text, sizeof text, format, list);
	va_end(list);
	/* Only the page's own markup and numbers come here: longer is our own mistake. */
	assert(bytes >= 0 && (size_t)bytes < sizeof text);
	sink_put(h->sink, text, (size_t)bytes);
}

void html_put(struct html *h, const char *text)
{
	glyph_html(h->sink, text);
}

void html_tag(struct html *h, const char *tag, const char *text)
{
	html_raw(h, "<%s>", tag);
	html_put(h, text);
	html_raw(h, "</%s>\n", tag);
}

void html_class(struct html *h, const char *tag, const char *class, const char *text)
{
	html_raw(h, "<%s class=\"%s\">", tag, class);
	html_put(h, text);
	html_raw(h, "</%s>", tag);
}

void html_section(struct html *h, const char *id, const char *heading, bool of_data)
{
	assert(h->section_count < MOST_SECTIONS);
	h->sections[h->section_count].id = id;
	h->sections[h->section_count++].heading = heading;
	html_raw(h, "<section id=\"%s\">\n<h2>%s%s</h2>\n", id, heading,
		 of_data && h->a->synthetic ? " <span class=\"badge\">SYNTHETIC DATA</span>" : "");
}

void html_quote(struct html *h, const struct finding *f)
{
	if (f->source && *f->source) {
		html_raw(h, "<blockquote>&ldquo;");
		html_put(h, f->source);
		html_raw(h, "&rdquo;</blockquote>\n");
	} else {
		html_raw(h, "<p class=\"small\">No source is given for this rule.</p>\n");
	}
}

/* ---- the answer in plain words ---------------------------------------------------------------------------------- */

/* "access-share is broken: limit ... per region - worst is Auckland: 48.2%, 54 sites too many, and 14 more regions." */
static void put_rule_in_short(struct html *h, const struct entry *e)
{
	const struct finding *f = e->findings[0];
	const char *measure = say_measure(h->arena, f), *excess = say_excess(h->arena, f);
	bool named = *f->subject || *f->group, explain = !say_is_all(f) && *f->explanation;

	html_raw(h, "<li><b>");
	html_put(h, f->rule);
	html_raw(h, "</b> is broken: <code>");
	html_put(h, f->statement);
	html_raw(h, "</code> &ndash; %s", e->count > 1 ? "worst is " : "");
	if (named && !explain) {
		html_put(h, say_label(h->arena, f));
		html_raw(h, ": ");
	}
	html_put(h, explain ? f->explanation : *measure ? measure : say_status_meaning(f->status));
	if (*excess && !explain) {
		html_raw(h, ", ");
		html_put(h, excess);
	}
	if (e->count > 1) {
		html_raw(h, ", ");
		html_put(h, say_more(h->arena, e, 1));
	}
	html_raw(h, ".</li>\n");
}

static void put_broken_in_short(struct html *h)
{
	const struct block *broken = digest_block(h->d, FINDING_BROKEN);
	size_t shown = 0;

	for (size_t i = 0; i < broken->entry_count && shown < RULES_IN_SHORT; i++, shown++)
		put_rule_in_short(h, &broken->entries[i]);
	if (shown < broken->entry_count)
		html_tag(h, "li",
			 arena_printf(h->arena, "%zu more statements are broken; they are listed with the rules.",
				      broken->entry_count - shown));
}

void html_short(struct html *h)
{
	const struct findings *all = &h->a->findings;
	const struct block *unknown = digest_block(h->d, FINDING_UNKNOWN),
			   *notices = digest_block(h->d, FINDING_NOTIFIABLE);
	char date[11];

	html_section(h, "short", "In short", false);
	html_raw(h, "<ul class=\"short\">\n");
	html_tag(h, "li", say_scope(h->arena, h->a, h->d));
	put_broken_in_short(h);
	if (h->d->deadline_count) {
		date_print(h->d->deadlines[0]->by, date);
		html_tag(h, "li",
			 arena_printf(h->arena, "%s not met yet and due by a date to come, the first by %s.",
				      h->d->deadline_count == 1
					      ? "1 rule is"
					      : arena_printf(h->arena, "%s are",
							     say_count(h->arena, h->d->deadline_count, "rule")),
				      date));
	}
	if (notices->findings)
		html_tag(h, "li",
			 arena_printf(h->arena, "%s to be made before the proposal is carried out.",
				      notices->findings == 1
					      ? "1 notification has"
					      : arena_printf(h->arena, "%s have",
							     say_count(h->arena, notices->findings, "notification"))));
	if (unknown->findings)
		html_tag(h, "li",
			 arena_printf(h->arena, "%s can't be decided with what is known.%s%s",
				      say_count(h->arena, unknown->rules, "rule"),
				      all->unknown_count ? " The answer to ask for first: " : "",
				      all->unknown_count ? say_question(h->arena, &all->unknown[0]) : ""));
	else if (h->a->verdict == VERDICT_UNDETERMINED && all->unknown_count)
		html_tag(h, "li",
			 arena_printf(h->arena, "What is not known decides. The answer to ask for first: %s",
				      say_question(h->arena, &all->unknown[0])));
	if (h->a->silence_count)
		html_tag(h, "li",
			 arena_printf(
				 h->arena,
				 "%s taken from silence: nobody has stated %s, and a policy takes that for an answer.",
				 h->a->silence_count == 1
					 ? "1 value was"
					 : arena_printf(h->arena, "%s were",
							say_count(h->arena, h->a->silence_count, "value")),
				 h->a->silence_count == 1 ? "it" : "them"));
	if (h->a->planned)
		html_tag(h, "li", "Evidence that is only planned was counted as if it were there.");
	if (h->a->synthetic)
		html_tag(h, "li", "Some of the data is synthetic: invented, and marked so where it stands.");
	html_raw(h, "</ul>\n</section>\n");
}

/* ---- head ------------------------------------------------------------------------------------------------------- */

/* A tick, a tick with conditions, a cross, a question: the verdict without its colour. */
static const char *verdict_icon(enum verdict v)
{
	switch (v) {
	case VERDICT_MANAGEABLE:
		return "<path d='M22 52l20 20 36-44'/>";
	case VERDICT_WITH_PROVISOS:
		return "<path d='M20 46l16 16 28-36'/><path d='M28 78h8M46 78h8M64 78h8'/>";
	case VERDICT_NOT_MANAGEABLE:
	case VERDICT_FAILS:
		return "<path d='M28 28l44 44M72 28l-44 44'/>";
	case VERDICT_UNDETERMINED:
		break;
	}
	return "<path d='M34 38c0-24 34-22 32 0-1 12-16 12-16 26M50 79v1'/>";
}

static void put_head(struct html *h)
{
	const char *title = h->a->of->title ? h->a->of->title : "Assessment";

	html_raw(h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	html_put(h, title);
	html_raw(h, ": %s</title>\n", report_verdict_words(h->a->verdict));
	html_style(h);
	html_raw(h, "</head>\n<body>\n");
	look_patterns(h);
	html_raw(h, "<header>\n<div class=\"inner top\"><h1>");
	html_put(h, title);
	html_raw(h, "</h1>%s</div>\n", h->a->synthetic ? "<span class=\"badge\">SYNTHETIC DATA</span>" : "");
	html_raw(h,
		 "<div class=\"verdict %s\"><div class=\"inner\"><svg viewBox=\"0 0 100 100\" fill=\"none\" "
		 "stroke=\"#fff\" stroke-linecap=\"round\" stroke-width=\"9\" "
		 "aria-hidden=\"true\"><circle cx=\"50\" cy=\"50\" r=\"45\" "
		 "stroke-width=\"6\"/>%s</svg>\n<div><div>The verdict</div><p class=\"word\">%s</p>"
		 "<p class=\"reason\">",
		 verdict_name(h->a->verdict), verdict_icon(h->a->verdict),
		 arena_printf(h->arena, "%c%s", report_verdict_words(h->a->verdict)[0] - 'a' + 'A',
			      report_verdict_words(h->a->verdict) + 1));
	html_put(h, say_verdict_reason(h->arena, h->a, h->d, h->plan != NULL));
	html_raw(h, "</p></div></div></div>\n</header>\n<main>\n");
}

static void put_about(struct html *h)
{
	char date[11];

	date_print(h->a->of->on, date);
	html_raw(h, "<dl class=\"about\"><div><dt>Operator</dt><dd>");
	html_put(h, h->a->of->operator_name ? h->a->of->operator_name : "not named");
	html_raw(h,
		 "</dd></div><div><dt>Judged as of</dt><dd><time "
		 "datetime=\"%s\">%s</time></dd></div><div><dt>Network</dt><dd>",
		 date, date);
	html_put(h, h->a->of->network);
	html_raw(h, "</dd></div><div><dt>Data</dt><dd>%s</dd></div></dl>\n",
		 h->a->synthetic ? "synthetic, in part or whole" : "as the operator states it");
	html_raw(h, "<ul class=\"tiles\">\n");
	for (size_t i = 0; i < FINDING_STATUSES; i++) {
		const struct block *b = &h->d->blocks[i];
		const char *name = finding_status_name(b->status);

		if (b->findings)
			html_raw(h, "<li class=\"%s\"><a href=\"#status-%s\"><b>%s</b>%s</a></li>\n", name, name,
				 say_number(h->arena, b->findings), say_status(b->status));
	}
	html_raw(h, "</ul>\n");
}

static void put_contents(struct html *h)
{
	html_raw(h, "<nav class=\"contents\" aria-label=\"Contents\">");
	for (size_t i = 0; i < h->section_count; i++)
		html_raw(h, "<a href=\"#%s\">%s</a>", h->sections[i].id, h->sections[i].heading);
	html_raw(h, "</nav>\n");
}

void report_html(const struct assessment *a, const struct plan *plan, struct sink *s)
{
	struct arena *arena = arena_new();
	struct html h = { .sink = s,
			  .arena = arena,
			  .a = a,
			  .plan = plan,
			  .d = digest_findings(arena, a),
			  .cast = a->of->net ? cast_of(arena, a->of->net) : NULL };
	const char *sections;
	size_t count;

	put_head(&h);
	put_about(&h);
	h.sink = sink_to_memory(arena); /* what there is tells the contents, which stand before it */
	html_short(&h);
	html_tasks(&h);
	html_plan(&h);
	html_rules(&h);
	html_map(&h);
	html_shares(&h);
	html_unknown(&h);
	html_inputs(&h);
	sections = sink_memory(h.sink, &count);
	h.sink = s;
	put_contents(&h);
	sink_put(s, sections, count);
	html_raw(&h,
		 "<footer>Made by proviso %s. proviso judges what it is given: whether the inputs are true is not in "
		 "this page. "
		 "<code>proviso explain</code> shows for each rule what was counted, from which line of which "
		 "file.</footer>\n</main>\n</body>\n</html>\n",
		 a->version ? a->version : "");
	arena_free(arena);
}
