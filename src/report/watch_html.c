/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a watch found, as one HTML file: the answer, the findings with what to do next, what was seen and what not, the
 * packets. The same style as the page of an assessment.
 */
#include "report/html.h"
#include "report/report.h"
#include "report/say.h"

#include <string.h>

enum { MOST_SHOWN = 500, NAMES_SHOWN = 12 };

static const char *const words[] = { "Can't be decided", "Likely", "Certain" };
static const char *const classes[] = { "unknown", "due", "broken" };

static void put_head(struct html *h, const struct report_watch *w)
{
	const struct watch_result *r = w->result;
	const char *title = w->title ? w->title : "What the wire showed";

	html_raw(h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	html_put(h, title);
	html_raw(h, ": watch</title>\n");
	html_style(h);
	html_raw(h, "</head>\n<body>\n<header>\n<div class=\"inner top\"><h1>");
	html_put(h, title);
	html_raw(h,
		 "</h1></div>\n<div class=\"verdict %s\"><div class=\"inner\"><div><div>The wire</div><p "
		 "class=\"word\">%s</p>"
		 "<p class=\"reason\">",
		 r->alarms                ? "not-manageable"
		 : r->coverage.too_little ? "undetermined"
					  : "manageable",
		 r->alarms                ? r->coverage.element_count ? "Does not keep to what is declared"
								      : "Traffic that has to be explained"
		 : r->coverage.too_little ? "Nothing found, but too little seen to say so"
					  : "Nothing found");
	html_put(h, say_list(h->arena, w->inputs, w->input_count, w->input_count, NAMES_SHOWN));
	if (r->coverage.first_ns) {
		html_raw(h, "<br>");
		html_put(h, say_period(h->arena, r->coverage.first_ns, r->coverage.last_ns));
	}
	html_raw(h, "</p></div></div></div>\n</header>\n<main>\n");
}

static void put_times(struct html *h, const struct finding_wire *f)
{
	char first[REPORT_TIME], last[REPORT_TIME];

	report_time(f->first_ns, first);
	report_time(f->last_ns, last);
	first[19] = last[19] = 0;
	if (f->first_ns)
		html_tag(h, "li",
			 strcmp(first, last) == 0 ? arena_printf(h->arena, "%s UTC", first)
						  : arena_printf(h->arena, "%s to %s UTC", first, last));
}

/* "frames 65, 66 of n3.pcap; frame 12 of n4.pcap": each with the capture that it is of. */
static void put_frames(struct html *h, const struct finding_wire *f)
{
	struct sink *said = sink_to_memory(h->arena);
	size_t count;

	for (size_t i = 0, end; i < f->frame_count; i = end) {
		for (end = i + 1; end < f->frame_count && strcmp(f->taps[end], f->taps[i]) == 0; end++)
			;
		sink_printf(said, "%sframe%s ", i ? "; " : "", end - i == 1 ? "" : "s");
		for (size_t k = i; k < end; k++)
			sink_printf(said, "%s%llu", k > i ? ", " : "", (unsigned long long)f->frames[k]);
		sink_printf(said, " of %s", f->taps[i]);
	}
	if (f->frame_count)
		html_class(h, "p", "ids", sink_memory(said, &count));
}

static void put_finding(struct html *h, const struct watch_finding *f)
{
	html_raw(h, "<article class=\"%s\">\n<h4>", classes[f->certainty]);
	html_put(h, arena_printf(h->arena, "%s: %s%s%s", f->finding.rule, f->finding.subject,
				 f->wire.peer[0] ? " to " : "", f->wire.peer));
	html_raw(h, "</h4>\n<ul class=\"facts\">\n");
	html_tag(h, "li", words[f->certainty]);
	if (f->wire.vendor)
		html_tag(h, "li", arena_printf(h->arena, "vendor %s", f->wire.vendor));
	put_times(h, &f->wire);
	html_tag(h, "li", say_count(h->arena, f->wire.packets, "packet"));
	if (f->wire.technique)
		html_tag(h, "li", arena_printf(h->arena, "MITRE FiGHT %s", f->wire.technique));
	html_raw(h, "</ul>\n");
	html_tag(h, "p", f->finding.explanation);
	if (f->finding.source)
		html_quote(h, &f->finding);
	put_frames(h, &f->wire);
	if (f->wire.next)
		html_tag(h, "p", arena_printf(h->arena, "Next: %s.", f->wire.next));
	html_raw(h, "</article>\n");
}

static void put_findings(struct html *h, const struct watch_result *r)
{
	html_raw(h, "<section id=\"findings\">\n<h2>Findings</h2>\n");
	if (!r->finding_count)
		html_tag(h, "p", "None.");
	for (int certainty = WATCH_CERTAIN; certainty >= WATCH_UNKNOWN; certainty--) {
		size_t count = 0;

		for (size_t i = 0; i < r->finding_count; i++)
			count += (int)r->findings[i].certainty == certainty;
		if (!count)
			continue;
		html_raw(h, "<div class=\"status %s\"><h3><span class=\"chip\">%s</span> %s</h3>\n", classes[certainty],
			 words[certainty], say_number(h->arena, count));
		for (size_t i = 0, shown = 0; i < r->finding_count && shown < MOST_SHOWN; i++)
			if ((int)r->findings[i].certainty == certainty) {
				put_finding(h, &r->findings[i]);
				shown++;
			}
		if (count > MOST_SHOWN)
			html_tag(h, "p",
				 arena_printf(h->arena, "and %s more; the JSON has them all",
					      say_number(h->arena, count - MOST_SHOWN)));
		html_raw(h, "</div>\n");
	}
	html_raw(h, "</section>\n");
}

static void put_row(struct html *h, const char *name, uint64_t value)
{
	html_raw(h, "<tr><th>");
	html_put(h, name);
	html_raw(h, "</th><td class=\"num\">%s</td></tr>\n", say_number(h->arena, value));
}

static void put_seen(struct html *h, const char *what, const struct watch_seen *seen, size_t count, size_t are_seen)
{
	const char **names = arena_array(h->arena, count + 1, sizeof *names);
	const char **hidden = arena_array(h->arena, count + 1, sizeof *hidden);
	size_t missing = 0, out_of_sight = 0;

	if (!count)
		return;
	for (size_t i = 0; i < count; i++)
		if (seen[i].is_out_of_sight)
			hidden[out_of_sight++] = seen[i].id;
		else if (!seen[i].is_seen)
			names[missing++] = seen[i].id;
	html_tag(h, "p",
		 arena_printf(h->arena, "%s of %s declared %s seen%s%s%s%s.", say_number(h->arena, are_seen),
			      say_number(h->arena, count), what, missing ? "; not seen: " : "",
			      say_list(h->arena, names, missing, missing, NAMES_SHOWN),
			      out_of_sight ? "; where no tap sees: " : "",
			      say_list(h->arena, hidden, out_of_sight, out_of_sight, NAMES_SHOWN)));
}

static void put_coverage(struct html *h, const struct watch_result *r)
{
	const struct watch_counters *n = &r->counters;

	html_raw(h, "<section id=\"seen\">\n<h2>What was seen, and what can't be said</h2>\n");
	put_seen(h, "elements", r->coverage.elements, r->coverage.element_count, r->coverage.elements_seen);
	put_seen(h, "links", r->coverage.links, r->coverage.link_count, r->coverage.links_seen);
	html_raw(h, "<ul>\n");
	for (size_t i = 0; i < r->coverage.cannot_count; i++)
		html_tag(h, "li", r->coverage.cannot[i]);
	html_raw(h, "</ul>\n</section>\n<section id=\"packets\">\n<h2>Packets</h2>\n<table>\n<tbody>\n");
	put_row(h, "read", n->read);
	put_row(h, "judged", n->judged);
	for (unsigned i = WATCH_JUDGED + 1; i < WATCH_REASONS; i++)
		if (n->not_judged[i])
			put_row(h, arena_printf(h->arena, "not judged: %s", watch_reason_name((enum watch_reason)i)),
				n->not_judged[i]);
	put_row(h, "control messages", n->control_messages);
	put_row(h, "user packets in tunnels", n->g_pdus);
	put_row(h, "tunnels that carried packets", n->tunnels_used);
	put_row(h, "of them ordered", n->tunnels_ordered);
	html_raw(h, "</tbody>\n</table>\n</section>\n");
}

static void put_inputs(struct html *h, const struct report_watch *w)
{
	html_raw(h, "<section id=\"inputs\">\n<h2>What it rests on</h2>\n<table class=\"inputs\">\n<tbody>\n");
	for (size_t i = 0; i < w->hashed_count; i++) {
		html_raw(h, "<tr><th>");
		html_put(h, w->hashed[i].path);
		html_raw(h, "</th><td>");
		html_tag(h, "code", w->hashed[i].sha256[0] ? w->hashed[i].sha256 : "not hashed (--hash)");
		html_raw(h, "</td></tr>\n");
	}
	html_raw(h, "</tbody>\n</table>\n</section>\n</main>\n</body>\n</html>\n");
}

void report_watch_html(const struct report_watch *w, struct sink *out)
{
	struct html h = { .sink = out, .arena = arena_new() };

	put_head(&h, w);
	put_findings(&h, w->result);
	put_coverage(&h, w->result);
	put_inputs(&h, w);
	arena_free(h.arena);
}
