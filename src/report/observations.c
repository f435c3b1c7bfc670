/* SPDX-License-Identifier: Apache-2.0 */
/* Observations that were kept: who talked to whom, over what, how much and when, for a terminal and as JSON. */
#include "report/glyph.h"
#include "report/report.h"
#include "report/say.h"
#include "report/terminal.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 2, LEAST_WIDTH = 60, NUMBER = 15, POINT = 10, SHARE = 7, TIME = 16 };

static void minute_print(int64_t minute, char out[REPORT_TIME])
{
	report_time(minute * 60000000000, out);
	out[16] = 0; /* YYYY-MM-DDTHH:MM */
}

static const char *grouped(struct arena *a, uint64_t number)
{
	char *text = arena_alloc(a, 64);

	micro_print_grouped((wide)number * MICRO, text);
	return text;
}

static const char *share_of(struct arena *a, uint64_t part, uint64_t whole)
{
	int64_t tenths = whole ? (int64_t)(((wide)part * 1000 + whole / 2) / whole) : 0;

	return arena_printf(a, "%d.%d%%", (int)(tenths / 10), (int)(tenths % 10));
}

static void put_numbers(struct terminal *t, uint64_t packets, uint64_t bytes)
{
	terminal_cell(t, grouped(t->arena, packets), NUMBER - 3, true);
	terminal_cell(t, grouped(t->arena, bytes), NUMBER + 1, true);
}

/* A name that has no room in its column has lines of its own, above: an address that is cut is nobody's. */
static void put_name(struct terminal *t, const char *name, unsigned cells)
{
	bool fits = glyph_cells(name) < cells;

	if (!fits)
		terminal_paragraph(t, INDENT, name);
	terminal_spaces(t, INDENT);
	terminal_cell(t, fits ? name : "", cells, false);
}

static void put_ends(struct terminal *t, const struct report_observed *g, unsigned cells)
{
	bool fits = glyph_cells(g->from) < cells && glyph_cells(g->to) < cells;

	if (!fits)
		terminal_paragraph(t, INDENT, arena_printf(t->arena, "%s to %s", g->from, g->to));
	terminal_spaces(t, INDENT);
	terminal_cell(t, fits ? g->from : "", cells, false);
	terminal_cell(t, fits ? g->to : "", cells, false);
}

static void put_row(struct terminal *t, const struct report_observations *o, const struct report_observed *g)
{
	uint64_t whole = o->all.bytes_sent * (o->by == REPORT_BY_ELEMENT ? 2 : 1);
	unsigned left = t->width - INDENT - (NUMBER - 3) - (NUMBER + 1) - SHARE;
	char time[REPORT_TIME];

	if (o->by == REPORT_BY_PAIR) {
		put_ends(t, g, (left - POINT) / 2);
		terminal_cell(t, g->point, left - 2 * ((left - POINT) / 2), false);
		put_numbers(t, g->packets_sent, g->bytes_sent);
	} else if (o->by == REPORT_BY_ELEMENT) {
		put_name(t, g->from, t->width - INDENT - 2 * (NUMBER + 1) - SHARE);
		terminal_cell(t, grouped(t->arena, g->bytes_sent), NUMBER + 1, true);
		terminal_cell(t, grouped(t->arena, g->bytes_received), NUMBER + 1, true);
	} else {
		terminal_spaces(t, INDENT);
		minute_print(g->first, time);
		time[o->by == REPORT_BY_DAY ? 10 : TIME] = 0;
		terminal_cell(t, o->by == REPORT_BY_POINT ? g->from : time, left, false);
		put_numbers(t, g->packets_sent, g->bytes_sent);
	}
	terminal_cell(t, share_of(t->arena, g->bytes_sent + g->bytes_received, whole), SHARE, true);
	sink_char(t->sink, '\n');
}

static void put_heads(struct terminal *t, enum report_observed_by by)
{
	unsigned left = t->width - INDENT - (NUMBER - 3) - (NUMBER + 1) - SHARE, each = (left - POINT) / 2;

	terminal_spaces(t, INDENT);
	terminal_ink(t, INK_FAINT);
	if (by == REPORT_BY_PAIR) {
		terminal_cell(t, "from", each, false);
		terminal_cell(t, "to", each, false);
		terminal_cell(t, "over", left - 2 * each, false);
	} else if (by == REPORT_BY_ELEMENT) {
		terminal_cell(t, "element or address", t->width - INDENT - 2 * (NUMBER + 1) - SHARE, false);
	} else {
		terminal_cell(t, by == REPORT_BY_POINT ? "over" : "UTC", left, false);
	}
	terminal_cell(t, by == REPORT_BY_ELEMENT ? "bytes sent" : "packets",
		      by == REPORT_BY_ELEMENT ? NUMBER + 1 : NUMBER - 3, true);
	terminal_cell(t, by == REPORT_BY_ELEMENT ? "received" : "bytes", NUMBER + 1, true);
	terminal_cell(t, "share", SHARE, true);
	terminal_ink(t, INK_PLAIN);
	sink_char(t->sink, '\n');
}

void report_observations_text(const struct report_observations *o, const struct report_style *style, struct sink *out)
{
	struct arena *a = arena_new();
	struct terminal t = { .sink = out,
			      .arena = a,
			      .width = style->width < LEAST_WIDTH ? LEAST_WIDTH : style->width,
			      .colour = style->colour };
	char first[REPORT_TIME], last[REPORT_TIME];

	terminal_wrap(&t, 0, 0,
		      arena_printf(a, "%s: %s, %s", o->folder, say_count(a, o->segments, "segment"),
				   say_count(a, o->rows, "row")));
	if (!o->group_count) {
		terminal_paragraph(&t, INDENT, "nothing of what was asked for");
	} else {
		minute_print(o->all.first, first);
		minute_print(o->all.last, last);
		terminal_paragraph(&t, INDENT,
				   arena_printf(a, "from %s to %s UTC: %s packets, %s bytes", first, last,
						grouped(a, o->all.packets_sent), grouped(a, o->all.bytes_sent)));
		terminal_line(&t);
		put_heads(&t, o->by);
		for (size_t i = 0; i < o->shown; i++)
			put_row(&t, o, &o->groups[i]);
		if (o->shown < o->group_count)
			terminal_paragraph(&t, INDENT,
					   arena_printf(a, "and %s more (--top 0 shows all)",
							say_number(a, o->group_count - o->shown)));
	}
	arena_free(a);
}

/* ---- JSON ---------------------------------------------------------------------------------------------------------- */

static void put_time(struct json *j, const char *key, int64_t minute, bool known)
{
	char text[REPORT_TIME];

	minute_print(minute, text);
	strcat(text, "Z");
	json_key(j, key);
	json_text(j, known ? text : NULL);
}

static void put_counts(struct json *j, const struct report_observed *g, bool known)
{
	put_time(j, "first", g->first, known);
	put_time(j, "last", g->last, known);
	json_key(j, "packets_sent");
	json_int(j, (int64_t)g->packets_sent);
	json_key(j, "bytes_sent");
	json_int(j, (int64_t)g->bytes_sent);
	json_key(j, "packets_received");
	json_int(j, (int64_t)g->packets_received);
	json_key(j, "bytes_received");
	json_int(j, (int64_t)g->bytes_received);
}

static void put_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

void report_observations_json(const struct report_observations *o, struct sink *out)
{
	struct json j;

	json_init(&j, out);
	json_object(&j);
	put_text(&j, "folder", o->folder);
	json_key(&j, "segments");
	json_int(&j, (int64_t)o->segments);
	json_key(&j, "rows");
	json_int(&j, (int64_t)o->rows);
	put_text(&j, "by", o->by_name);
	json_key(&j, "all");
	json_object(&j);
	put_counts(&j, &o->all, o->group_count > 0);
	json_object_end(&j);
	json_key(&j, "group_count");
	json_int(&j, (int64_t)o->group_count);
	json_key(&j, "groups");
	json_array(&j);
	for (size_t i = 0; i < o->shown; i++) {
		const struct report_observed *g = &o->groups[i];

		json_object(&j);
		put_text(&j, "from", o->by == REPORT_BY_PAIR ? g->from : NULL);
		put_text(&j, "to", g->to);
		put_text(&j, "point", o->by == REPORT_BY_POINT ? g->from : g->point);
		put_text(&j, "protocol", g->protocol);
		put_text(&j, "element", o->by == REPORT_BY_ELEMENT ? g->from : NULL);
		put_counts(&j, g, true);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}
