/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from files, made harmless. A name in a network is written by a stranger, perhaps a supplier with an interest in
 * the answer: an escape sequence could recolour the verdict, a right-to-left override could turn "not manageable"
 * around. C0 and C1 controls, line and paragraph separators, bidirectional controls and bytes that are not UTF-8 are
 * each shown as U+FFFD, so that the reader sees that something was there.
 */
#include "report/glyph.h"

static const char replacement[] = "\xEF\xBF\xBD";

struct range {
	uint32_t from, to;
};

/* Unicode 15: category Cc outside ASCII, the bidirectional controls of UAX #9, the separators Zl and Zp, tags. */
static const struct range harmful[] = {
	{ 0x0080, 0x009F }, { 0x061C, 0x061C }, { 0x200E, 0x200F },   { 0x2028, 0x202E },
	{ 0x2066, 0x2069 }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE007F },
};

/* Unicode 15, EastAsianWidth.txt: W and F, rounded to whole blocks. */
static const struct range wide_blocks[] = {
	{ 0x1100, 0x115F },   { 0x2E80, 0x303E },   { 0x3041, 0x33FF },   { 0x3400, 0x4DBF },   { 0x4E00, 0x9FFF },
	{ 0xA000, 0xA4CF },   { 0xA960, 0xA97F },   { 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },
	{ 0xFF00, 0xFF60 },   { 0xFFE0, 0xFFE6 },   { 0x16FE0, 0x18AFF }, { 0x1B000, 0x1B2FF }, { 0x1F300, 0x1F64F },
	{ 0x1F680, 0x1F6FF }, { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t point)
{
	for (size_t i = 0; i < count && ranges[i].from <= point; i++)
		if (point <= ranges[i].to)
			return true;
	return false;
}

/* Bytes of the well-formed character at text, 0 where there is none. */
static size_t sequence(const char *text)
{
	for (size_t n = 1; n <= 4 && text[n - 1]; n++)
		if (utf8_check(text, n) == n)
			return n;
	return 0;
}

static uint32_t code_point(const char *text, size_t count)
{
	static const unsigned char first_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	uint32_t point = (unsigned char)text[0] & first_bits[count];

	for (size_t i = 1; i < count; i++)
		point = point << 6 | ((unsigned char)text[i] & 0x3F);
	return point;
}

bool glyph_next(const char **at, struct glyph *g)
{
	unsigned char first = (unsigned char)**at;
	uint32_t point;

	if (!first)
		return false;
	*g = (struct glyph){ *at, 1, 1 };
	if (first >= 0x20 && first < 0x7F) {
		(*at)++;
		return true;
	}
	if (first == '\t' || first == '\n' || first == '\r') {
		g->bytes = " ";
		(*at)++;
		return true;
	}
	g->count = sequence(*at);
	if (!g->count || first < 0x20 || first == 0x7F) {
		*g = (struct glyph){ replacement, sizeof replacement - 1, 1 };
		(*at)++;
		return true;
	}
	point = code_point(*at, g->count);
	*at += g->count;
	if (in_ranges(harmful, sizeof harmful / sizeof *harmful, point))
		*g = (struct glyph){ replacement, sizeof replacement - 1, 1 };
	else if (in_ranges(wide_blocks, sizeof wide_blocks / sizeof *wide_blocks, point))
		g->cells = 2;
	else
		g->cells = (unsigned)utf8_width(g->bytes, g->count);
	return true;
}

unsigned glyph_cells(const char *text)
{
	struct glyph g;
	unsigned cells = 0;

	while (glyph_next(&text, &g))
		cells += g.cells;
	return cells;
}

void glyph_html(struct sink *s, const char *text)
{
	struct glyph g;

	while (glyph_next(&text, &g)) {
		char one[2] = { g.bytes[0], 0 };

		if (g.count == 1)
			sink_html(s, one);
		else
			sink_put(s, g.bytes, g.count);
	}
}
