/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics for people:
 *
 *     nz.proviso:14:12: error: no set is named "hig-risk" (did you mean "high-risk"?)
 *         forbid hig-risk in core-part
 *                ^~~~~~~~
 *     1 error
 *
 * Columns of a place count bytes; the caret stands under what the reader sees, so tabs, combining marks and wide
 * characters are measured. Of a line that is longer than the terminal the part around the caret is shown.
 */
#include "report/glyph.h"
#include "report/report.h"

#include <string.h>

enum {
	LEAST_WIDTH = 40, /* a window narrower than this shows nothing */
	TAB = 8,
	MARK = 3, /* cells of the "..." where a line was cut */
};

static const char reset[] = "\033[0m", bold[] = "\033[1m", red[] = "\033[1;31m", magenta[] = "\033[1;35m",
		  cyan[] = "\033[1;36m", green[] = "\033[1;32m";

static const char *severity_name(enum severity severity)
{
	return severity == SEVERITY_ERROR ? "error" : severity == SEVERITY_WARNING ? "warning" : "note";
}

static void put_clean(struct sink *s, const char *text)
{
	struct glyph g;

	while (glyph_next(&text, &g))
		sink_put(s, g.bytes, g.count);
}

static void put_place(struct sink *s, const struct place *p)
{
	if (!p->file)
		return;
	put_clean(s, p->file);
	if (p->line)
		sink_printf(s, ":%u", p->line);
	if (p->line && p->column)
		sink_printf(s, ":%u", p->column);
	sink_text(s, ": ");
}

/* The line as it is shown, and the cells in which the caret stands. */
struct picture {
	unsigned from, to; /* cells underlined: [from, to) */
	unsigned total;
};

/* Cells of a glyph that begins at the cell `at`: a tab reaches to the next multiple of TAB. */
static unsigned cells_at(const char *text, const struct glyph *g, unsigned at)
{
	return *text == '\t' ? TAB - at % TAB : g->cells;
}

static struct picture measure_line(const struct diagnostic *d)
{
	size_t first = d->place.column - 1, last = first + (d->width ? d->width : 1), offset = 0;
	const char *at = d->source;
	struct picture p = { UINT32_MAX, 0, 0 };
	struct glyph g;

	for (const char *begin = at; glyph_next(&at, &g); begin = at) {
		unsigned cells = cells_at(begin, &g, p.total);
		size_t from = offset;

		offset += (size_t)(at - begin);
		if (offset > first && from < last) {
			if (p.from == UINT32_MAX)
				p.from = p.total;
			p.to = p.total + cells;
		}
		p.total += cells;
	}
	/* Something that is missing at the end of the line is pointed at just behind it. */
	if (p.from == UINT32_MAX)
		p.from = p.total;
	if (p.to <= p.from)
		p.to = p.from + 1;
	return p;
}

/* The cells of the line that are shown: all where they fit, else those around the caret. */
static void choose_window(const struct picture *p, unsigned width, unsigned *from, unsigned *to)
{
	unsigned end = p->to > p->total ? p->to : p->total, underlined = p->to - p->from, before;

	*from = 0;
	*to = end;
	if (end <= width)
		return;
	width -= 2 * MARK;
	before = underlined < width ? (width - underlined) / 2 : 0;
	*from = p->from > before ? p->from - before : 0;
	if (*from + width > end)
		*from = end - width;
	*to = *from + width;
}

static void put_window(struct sink *s, const char *text, unsigned from, unsigned to, unsigned total)
{
	unsigned cell = 0;
	struct glyph g;

	sink_text(s, from ? "..." : "");
	for (const char *begin = text; glyph_next(&text, &g) && cell < to; begin = text) {
		unsigned cells = cells_at(begin, &g, cell);

		if (*begin != '\t' && cell >= from && cell + cells <= to) {
			sink_put(s, g.bytes, g.count);
		} else {
			/* A tab, or half of a wide character at the edge. */
			for (unsigned c = cell; c < cell + cells; c++)
				if (c >= from && c < to)
					sink_char(s, ' ');
		}
		cell += cells;
	}
	sink_text(s, to < total ? "...\n" : "\n");
}

static void put_source(const struct diagnostic *d, const struct report_style *style, unsigned width, struct sink *s)
{
	static const char indent[] = "  ";
	struct picture p = measure_line(d);
	unsigned from, to, stop;

	choose_window(&p, width - (unsigned)strlen(indent), &from, &to);
	stop = p.to < to ? p.to : to;
	sink_text(s, indent);
	put_window(s, d->source, from, to, p.total);
	sink_text(s, indent);
	for (unsigned c = from ? from - MARK : from; c < p.from; c++)
		sink_char(s, ' ');
	sink_text(s, style->colour ? green : "");
	sink_char(s, '^');
	for (unsigned c = p.from + 1; c < stop; c++)
		sink_char(s, '~');
	sink_text(s, style->colour ? reset : "");
	sink_char(s, '\n');
}

static void put_summary(const struct diagnostics *all, struct sink *s)
{
	if (!all->errors && !all->warnings)
		return;
	if (all->errors)
		sink_printf(s, "%zu error%s", all->errors, all->errors == 1 ? "" : "s");
	if (all->warnings)
		sink_printf(s, "%s%zu warning%s", all->errors ? ", " : "", all->warnings,
			    all->warnings == 1 ? "" : "s");
	if (all->dropped)
		sink_printf(s, " (%zu of them not shown)", all->dropped);
	sink_char(s, '\n');
}

void report_diagnostics(const struct diagnostics *all, const struct report_style *style, struct sink *s)
{
	static const char *const colours[] = { red, magenta, cyan };
	unsigned width = !style->width ? 80 : style->width < LEAST_WIDTH ? LEAST_WIDTH : style->width;

	for (size_t i = 0; i < all->count; i++) {
		const struct diagnostic *d = &all->items[i];

		sink_text(s, style->colour ? bold : "");
		put_place(s, &d->place);
		sink_text(s, style->colour ? colours[d->severity] : "");
		sink_printf(s, "%s:", severity_name(d->severity));
		sink_text(s, style->colour ? reset : "");
		sink_char(s, ' ');
		put_clean(s, d->text);
		sink_char(s, '\n');
		if (d->source && d->place.column)
			put_source(d, style, width, s);
	}
	put_summary(all, s);
}

static void json_diagnostic(struct json *j, const struct diagnostic *d)
{
	json_object(j);
	json_key(j, "code");
	json_text(j, d->code);
	json_key(j, "severity");
	json_text(j, severity_name(d->severity));
	json_key(j, "file");
	json_text(j, d->place.file);
	json_key(j, "line");
	json_int(j, d->place.line);
	json_key(j, "column");
	json_int(j, d->place.column);
	json_key(j, "text");
	json_text(j, d->text);
	json_object_end(j);
}

void report_diagnostics_json(const struct diagnostics *all, int exit_status, struct sink *s)
{
	struct json j;
	char text[48];

	json_init(&j, s);
	json_object(&j);
	json_key(&j, "exit");
	json_int(&j, exit_status);
	json_key(&j, "diagnostics");
	json_array(&j);
	for (size_t i = 0; i < all->count; i++)
		json_diagnostic(&j, &all->items[i]);
	if (all->dropped) {
		snprintf(text, sizeof text, "%zu more are not shown", all->dropped);
		json_diagnostic(&j,
				&(struct diagnostic){ .code = "not-shown", .severity = SEVERITY_NOTE, .text = text });
	}
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}
