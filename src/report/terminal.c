/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the terminal page: wrapped, cut and aligned by what a terminal shows, not by bytes. */
#include "report/terminal.h"
#include "report/glyph.h"

#include <string.h>

void terminal_ink(struct terminal *t, enum ink ink)
{
	static const char *const codes[] = {
		[INK_PLAIN] = "\033[0m",  [INK_BOLD] = "\033[1m",     [INK_FAINT] = "\033[2m",
		[INK_RED] = "\033[1;31m", [INK_GREEN] = "\033[32m",   [INK_YELLOW] = "\033[33m",
		[INK_BLUE] = "\033[34m",  [INK_MAGENTA] = "\033[35m",
	};

	if (t->colour)
		sink_text(t->sink, codes[ink]);
}

void terminal_line(struct terminal *t)
{
	sink_char(t->sink, '\n');
}

void terminal_spaces(struct terminal *t, unsigned count)
{
	while (count--)
		sink_char(t->sink, ' ');
}

/* Cells of the word that begins at text, and where it ends. Leading spaces are not part of it. */
static unsigned word_cells(const char *text, const char **end)
{
	unsigned cells = 0;
	struct glyph g;

	for (const char *at = text; *end = at, glyph_next(&at, &g) && g.bytes[0] != ' ';)
		cells += g.cells;
	return cells;
}

static const char *skip_spaces(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

/* One word, broken where even a line of its own is too short. Returns the cells now used in the line. */
static unsigned put_word(struct terminal *t, const char *text, const char *end, unsigned used, unsigned indent)
{
	struct glyph g;

	while (text < end && glyph_next(&text, &g)) {
		if (used + g.cells > t->width) {
			sink_char(t->sink, '\n');
			terminal_spaces(t, indent);
			used = indent;
		}
		sink_put(t->sink, g.bytes, g.count);
		used += g.cells;
	}
	return used;
}

void terminal_wrap(struct terminal *t, unsigned first, unsigned indent, const char *text)
{
	unsigned used = first;
	bool begun = false;

	for (text = skip_spaces(text); *text;) {
		const char *end;
		unsigned cells = word_cells(text, &end);

		if (begun && used + 1 + cells > t->width) {
			sink_char(t->sink, '\n');
			terminal_spaces(t, indent);
			used = indent;
		} else if (begun) {
			sink_char(t->sink, ' ');
			used++;
		} else if (used > indent && used + cells > t->width) {
			sink_char(t->sink, '\n');
			terminal_spaces(t, indent);
			used = indent;
		}
		used = put_word(t, text, end, used, indent);
		begun = true;
		text = skip_spaces(end);
	}
	sink_char(t->sink, '\n');
}

void terminal_paragraph(struct terminal *t, unsigned indent, const char *text)
{
	terminal_spaces(t, indent);
	terminal_wrap(t, indent, indent, text);
}

void terminal_cell(struct terminal *t, const char *text, unsigned cells, bool right)
{
	static const char cut[] = "...";
	unsigned needed = glyph_cells(text), room = cells, used = 0;
	struct glyph g;

	if (needed > cells)
		room = cells > strlen(cut) ? cells - (unsigned)strlen(cut) : 0;
	else if (right)
		terminal_spaces(t, cells - needed);
	while (used <= room && glyph_next(&text, &g) && used + g.cells <= room) {
		sink_put(t->sink, g.bytes, g.count);
		used += g.cells;
	}
	if (needed > cells) {
		sink_text(t->sink, cells > strlen(cut) ? cut : "");
		used += cells > strlen(cut) ? (unsigned)strlen(cut) : 0;
		terminal_spaces(t, cells - used);
	} else if (!right) {
		terminal_spaces(t, cells - needed);
	}
}

void terminal_heading(struct terminal *t, enum ink ink, const char *text, const char *at_right)
{
	unsigned left = glyph_cells(text), right = glyph_cells(at_right), rest;

	terminal_ink(t, ink == INK_PLAIN ? INK_BOLD : ink);
	sink_text(t->sink, text);
	terminal_ink(t, INK_PLAIN);
	rest = left + right + 3 < t->width ? t->width - left - right - (right ? 2 : 1) : 0;
	if (rest)
		sink_char(t->sink, ' ');
	terminal_ink(t, INK_FAINT);
	for (unsigned i = 0; i < rest; i++)
		sink_char(t->sink, '-');
	terminal_ink(t, INK_PLAIN);
	if (rest && right) {
		sink_char(t->sink, ' ');
		sink_text(t->sink, at_right);
	}
	sink_char(t->sink, '\n');
}
