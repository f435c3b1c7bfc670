/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How each vendor is drawn: a shape on the map, a hatching in the bars, and a colour that only repeats what shape and
 * hatching say, so that a black and white print is as good. Colours after Okabe and Ito, told apart by people who
 * don't see red or green, darkened until each stands out on white.
 */
#include "report/html.h"

#include <inttypes.h>

static const struct {
	enum shape shape;
	const char *fill, *stroke;  /* of the mark */
	const char *id;             /* of the pattern */
	const char *ground, *lines; /* of the pattern: its colour, and SVG drawn upon it in a tile of 8 by 8 */
} looks[LOOKS] = {
	{ SHAPE_CIRCLE, "#0b5fa5", "none", "v0", "#0b5fa5", "" },
	{ SHAPE_SQUARE, "#d98200", "none", "v1", "#f0a830",
	  "<path d='M-2 2l4-4M0 8l8-8M6 10l4-4' stroke='#5b3600' stroke-width='1.6'/>" },
	{ SHAPE_TRIANGLE, "#00775a", "none", "v2", "#00775a",
	  "<circle cx='2' cy='2' r='1.3' fill='#fff'/><circle cx='6' cy='6' r='1.3' fill='#fff'/>" },
	{ SHAPE_DIAMOND, "#a8457f", "none", "v3", "#d690b8",
	  "<path d='M-2 6l4 4M0 0l8 8M6-2l4 4' stroke='#5f1d45' stroke-width='1.6'/>" },
	{ SHAPE_PLUS, "none", "#b83a10", "v4", "#fff", "<path d='M0 2h8M0 6h8' stroke='#b83a10' stroke-width='2'/>" },
	{ SHAPE_WEDGE, "#2f94cf", "none", "v5", "#9fd3f2",
	  "<path d='M2 0v8M6 0v8' stroke='#12597f' stroke-width='1.4'/>" },
	{ SHAPE_CROSS, "none", "#222", "v6", "#fff", "<path d='M0 0l8 8M8 0l-8 8' stroke='#222' stroke-width='1.4'/>" },
	{ SHAPE_SQUARE, "#fff", "#666", "vo", "#bdbdbd", "" },
	{ SHAPE_TARGET, "#fff", "#111", "vs", "#fff", "" },
	{ SHAPE_CIRCLE, "#fff", "#444", "vu", "#fff", "<circle cx='4' cy='4' r='1' fill='#777'/>" },
	{ SHAPE_POINT, "#9a9a9a", "none", "vb", "#eee", "" },
};

static void circle(struct html *h, int32_t x, int32_t y, int32_t r)
{
	html_raw(h,
		 "M%" PRId32 " %" PRId32 "a%" PRId32 " %" PRId32 " 0 1 0 %" PRId32 " 0a%" PRId32 " %" PRId32
		 " 0 1 0 -%" PRId32 " 0z",
		 x - r, y, r, r, 2 * r, r, r, 2 * r);
}

void shape_path(struct html *h, enum shape shape, int32_t x, int32_t y, int32_t r)
{
	int32_t d = 2 * r, tall = r * 17 / 10;

	switch (shape) {
	case SHAPE_CIRCLE:
		circle(h, x, y, r);
		break;
	case SHAPE_TARGET:
		circle(h, x, y, r);
		circle(h, x, y, r / 4 + 1);
		break;
	case SHAPE_POINT:
		circle(h, x, y, r / 3 + 3);
		break;
	case SHAPE_SQUARE:
		html_raw(h, "M%d %dh%dv%dh-%dz", x - r * 9 / 10, y - r * 9 / 10, d * 9 / 10, d * 9 / 10, d * 9 / 10);
		break;
	case SHAPE_TRIANGLE:
		html_raw(h, "M%d %dl%d %dh-%dz", x, y - r, r, tall, d);
		break;
	case SHAPE_WEDGE:
		html_raw(h, "M%d %dl%d -%dh-%dz", x, y + r, r, tall, d);
		break;
	case SHAPE_DIAMOND:
		html_raw(h, "M%d %dl%d %d-%d %d-%d-%dz", x, y - r, r, r, r, r, r, r);
		break;
	case SHAPE_PLUS:
		html_raw(h, "M%d %dh%dM%d %dv%d", x - r, y, d, x, y - r, d);
		break;
	case SHAPE_CROSS:
		html_raw(h, "M%d %dl%d %dM%d %dl%d -%d", x - r, y - r, d, d, x - r, y + r, d, d);
		break;
	}
}

void look_mark(struct html *h, unsigned look, int32_t x, int32_t y, int32_t r)
{
	shape_path(h, looks[look].shape, x, y, r);
}

void look_path(struct html *h, unsigned look)
{
	html_raw(h, "fill=\"%s\" stroke=\"%s\" stroke-width=\"14\"", looks[look].fill, looks[look].stroke);
}

void look_patterns(struct html *h)
{
	html_raw(h, "<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n");
	for (unsigned i = 0; i < LOOKS; i++)
		html_raw(h,
			 "<pattern id=\"%s\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect "
			 "width=\"8\" height=\"8\" "
			 "fill=\"%s\"/>%s</pattern>\n",
			 looks[i].id, looks[i].ground, looks[i].lines);
	/* Where a measure may not be, and where it may lie as long as facts are unknown. */
	html_raw(h, "<pattern id=\"no\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" "
		    "height=\"6\" fill=\"#e4e6e9\"/>"
		    "<path d=\"M-1 1l2-2M0 6l6-6M5 7l2-2\" stroke=\"#9a9da3\"/></pattern>\n"
		    "<pattern id=\"may\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect width=\"5\" "
		    "height=\"5\" fill=\"#fff\"/>"
		    "<path d=\"M-1 4l2 2M0 0l5 5M4-1l2 2\" stroke=\"#333\" stroke-width=\"1.3\"/></pattern>\n");
	html_raw(h, "</defs></svg>\n");
}

const char *look_fill(unsigned look)
{
	static const char *const fills[LOOKS] = { "url(#v0)", "url(#v1)", "url(#v2)", "url(#v3)",
						  "url(#v4)", "url(#v5)", "url(#v6)", "url(#vo)",
						  "url(#vs)", "url(#vu)", "url(#vb)" };

	return fills[look];
}

void look_swatch(struct html *h, unsigned look, bool mark, bool bar)
{
	if (mark) {
		html_raw(h, "<svg class=\"swatch\" width=\"16\" height=\"16\" viewBox=\"0 0 160 160\" "
			    "aria-hidden=\"true\"><path ");
		look_path(h, look);
		html_raw(h, " d=\"");
		look_mark(h, look, 80, 80, 52);
		html_raw(h, "\"/></svg>");
	}
	if (bar)
		html_raw(h,
			 "<svg class=\"swatch\" width=\"26\" height=\"16\" aria-hidden=\"true\"><rect x=\".5\" "
			 "y=\".5\" width=\"25\" height=\"15\" "
			 "fill=\"%s\" stroke=\"#222\"/></svg>",
			 look_fill(look));
}
