/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a watch found, for a terminal: the answer, the findings (certain first), what was seen and what was not, and how
 * many packets that rests on.
 */
#include "report/report.h"
#include "report/say.h"
#include "report/terminal.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 2, HANGING = 4, LEAST_WIDTH = 40, FRAMES_SHOWN = 8, NAMES_SHOWN = 6, UNKNOWN_SHOWN = 20 };

void report_time(int64_t ns, char out[REPORT_TIME])
{
	int64_t seconds = ns / 1000000000;
	char date[11];

	date_print((int32_t)(seconds / 86400), date);
	snprintf(out, REPORT_TIME, "%sT%02d:%02d:%02d.%09dZ", date, (int)(seconds / 3600 % 24),
		 (int)(seconds / 60 % 60), (int)(seconds % 60), (int)(ns % 1000000000));
}

static const char *answer(const struct watch_result *r)
{
	if (r->alarms)
		return r->coverage.element_count ? "FOUND: the wire does not keep to what is declared"
						 : "FOUND: traffic that has to be explained";
	return r->coverage.too_little ? "NOTHING FOUND, BUT TOO LITTLE SEEN TO SAY SO" : "NOTHING FOUND";
}

static void put_head(struct terminal *t, const struct report_watch *w)
{
	const struct watch_coverage *c = &w->result->coverage;

	terminal_ink(t, w->result->alarms ? INK_RED : w->result->coverage.too_little ? INK_MAGENTA : INK_GREEN);
	terminal_wrap(t, 0, 0, answer(w->result));
	terminal_ink(t, INK_PLAIN);
	terminal_line(t);
	if (w->title)
		terminal_paragraph(t, INDENT, w->title);
	terminal_paragraph(t, INDENT, say_list(t->arena, w->inputs, w->input_count, w->input_count, NAMES_SHOWN));
	if (c->first_ns)
		terminal_paragraph(t, INDENT, say_period(t->arena, c->first_ns, c->last_ns));
	terminal_line(t);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* " from 12:00:01 to 12:04:59 UTC", by day where there are several; "" of a moment. */
static const char *times_of(struct terminal *t, const struct finding_wire *w)
{
	enum { DAY = 10, SECOND = 19 }; /* bytes of a printed time up to there */
	char first[REPORT_TIME], last[REPORT_TIME];
	bool one_day;

	report_time(w->first_ns, first);
	report_time(w->last_ns, last);
	first[SECOND] = last[SECOND] = 0;
	one_day = strncmp(first, last, DAY) == 0;
	if (!w->first_ns || strcmp(first, last) == 0)
		return "";
	return arena_printf(t->arena, " from %s to %s UTC", one_day ? first + DAY + 1 : first,
			    one_day ? last + DAY + 1 : last);
}

/* Which capture is told where there are several. */
static const char *frames_of(struct terminal *t, const struct finding_wire *w, bool one)
{
	struct sink *s = sink_to_memory(t->arena);
	size_t count;

	for (size_t i = 0; i < w->frame_count && i < FRAMES_SHOWN; i++) {
		if (i == 0 || strcmp(w->taps[i], w->taps[i - 1]) != 0)
			sink_printf(s, "%s%s%sframe%s ", i ? "; " : "", one ? "" : last_part(w->taps[i]),
				    one ? "" : " ",
				    i + 1 < w->frame_count && strcmp(w->taps[i], w->taps[i + 1]) == 0 ? "s" : "");
		else
			sink_text(s, ", ");
		sink_printf(s, "%llu", (unsigned long long)w->frames[i]);
	}
	if (w->packets > FRAMES_SHOWN)
		sink_printf(s, " and others: %s packets%s", say_number(t->arena, w->packets), times_of(t, w));
	return sink_memory(s, &count);
}

static void put_finding(struct terminal *t, const struct watch_finding *f, bool one)
{
	terminal_spaces(t, INDENT);
	terminal_wrap(t, INDENT, HANGING,
		      arena_printf(t->arena, "%s: %s%s%s%s%s%s", f->wire.check, f->finding.subject,
				   f->wire.vendor ? " (" : "", f->wire.vendor ? f->wire.vendor : "",
				   f->wire.vendor ? ")" : "", f->wire.peer[0] ? " to " : "", f->wire.peer));
	terminal_paragraph(t, HANGING, f->finding.explanation);
	if (f->wire.frame_count)
		terminal_paragraph(t, HANGING, frames_of(t, &f->wire, one));
	if (f->wire.next)
		terminal_paragraph(t, HANGING, arena_printf(t->arena, "next: %s", f->wire.next));
}

static void put_findings(struct terminal *t, const struct report_watch *w, enum watch_certainty certainty)
{
	const struct watch_result *r = w->result;
	static const enum ink inks[] = { INK_MAGENTA, INK_YELLOW, INK_RED };
	size_t count = 0, shown = 0, most = certainty == WATCH_UNKNOWN ? UNKNOWN_SHOWN : SIZE_MAX;

	for (size_t i = 0; i < r->finding_count; i++)
		count += r->findings[i].certainty == certainty;
	if (!count)
		return;
	terminal_heading(t, inks[certainty],
			 say_capitals(t->arena, certainty == WATCH_UNKNOWN ? "can't be decided"
									   : watch_certainty_name(certainty)),
			 say_count(t->arena, count, "finding"));
	for (size_t i = 0; i < r->finding_count && shown < most; i++)
		if (r->findings[i].certainty == certainty) {
			put_finding(t, &r->findings[i], w->input_count == 1);
			shown++;
		}
	if (shown < count)
		terminal_paragraph(t, INDENT,
				   arena_printf(t->arena, "and %s more", say_number(t->arena, count - shown)));
	terminal_line(t);
}

static void put_seen(struct terminal *t, const char *what, const struct watch_seen *seen, size_t count, size_t are_seen)
{
	const char **names = arena_array(t->arena, count + 1, sizeof *names);
	const char **hidden = arena_array(t->arena, count + 1, sizeof *hidden);
	size_t missing = 0, out_of_sight = 0;

	if (!count)
		return;
	for (size_t i = 0; i < count; i++)
		if (seen[i].is_out_of_sight)
			hidden[out_of_sight++] = seen[i].id;
		else if (!seen[i].is_seen)
			names[missing++] = seen[i].id;
	terminal_paragraph(t, INDENT,
			   arena_printf(t->arena, "%s of %s declared %s seen%s%s%s%s", say_number(t->arena, are_seen),
					say_number(t->arena, count), what, missing ? "; not seen: " : "",
					say_list(t->arena, names, missing, missing, NAMES_SHOWN),
					out_of_sight ? "; where no tap sees: " : "",
					say_list(t->arena, hidden, out_of_sight, out_of_sight, NAMES_SHOWN)));
}

static void put_coverage(struct terminal *t, const struct watch_result *r)
{
	terminal_heading(t, INK_BOLD, "SEEN", "");
	put_seen(t, "elements", r->coverage.elements, r->coverage.element_count, r->coverage.elements_seen);
	put_seen(t, "links", r->coverage.links, r->coverage.link_count, r->coverage.links_seen);
	for (size_t i = 0; i < r->coverage.cannot_count; i++) {
		terminal_spaces(t, INDENT);
		terminal_wrap(t, INDENT, HANGING, r->coverage.cannot[i]);
	}
	terminal_line(t);
}

static void put_counters(struct terminal *t, const struct watch_counters *n)
{
	terminal_heading(t, INK_BOLD, "PACKETS", "");
	terminal_paragraph(t, INDENT,
			   arena_printf(t->arena, "%s read, %s judged", say_number(t->arena, n->read),
					say_number(t->arena, n->judged)));
	for (unsigned i = WATCH_JUDGED + 1; i < WATCH_REASONS; i++)
		if (n->not_judged[i])
			terminal_paragraph(t, INDENT,
					   arena_printf(t->arena, "%s not judged: %s",
							say_number(t->arena, n->not_judged[i]),
							watch_reason_name((enum watch_reason)i)));
	terminal_paragraph(t, INDENT,
			   arena_printf(t->arena, "%s; %s in %s, %s of them ordered",
					say_count(t->arena, n->control_messages, "control message"),
					say_count(t->arena, n->g_pdus, "user packet"),
					say_count(t->arena, n->tunnels_used, "tunnel"),
					say_number(t->arena, n->tunnels_ordered)));
}

void report_watch_text(const struct report_watch *w, const struct report_style *style, struct sink *out)
{
	struct arena *a = arena_new();
	unsigned width = style->width ? style->width : 80;
	struct terminal t = {
		.sink = out, .arena = a, .width = width < LEAST_WIDTH ? LEAST_WIDTH : width, .colour = style->colour
	};

	put_head(&t, w);
	put_findings(&t, w, WATCH_CERTAIN);
	put_findings(&t, w, WATCH_LIKELY);
	put_findings(&t, w, WATCH_UNKNOWN);
	put_coverage(&t, w->result);
	put_counters(&t, &w->result->counters);
	arena_free(a);
}
