/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A measure against its bound, as a bar:
 *
 *     |##########/////        |:::::::::::::|     # surely, / possibly, | the bound, : where the measure may not be
 *
 * The bars of one statement share a scale, so that they can be compared by eye.
 */
#include "report/html.h"
#include "report/say.h"

enum {
	SHARE_OF_BAR = 1000, /* positions are in thousandths */
};

/* The end of the scale: the whole where shares are large, else a round share a little beyond the greatest. */
static int64_t share_scale(int64_t greatest)
{
	static const int64_t percents[] = { 1, 2, 5, 10, 20, 50 };

	for (size_t i = 0; i < sizeof percents / sizeof *percents; i++)
		if (greatest <= percents[i] * (PPB / 100) * 9 / 10)
			return percents[i] * (PPB / 100);
	return PPB;
}

int64_t html_measure_scale(const struct entry *e)
{
	const struct finding *first = e->findings[0];
	int64_t greatest = first->bound;

	/* Against a bound of nought a bar says nothing that the number does not say. */
	if (!first->bound_op || first->measured == UNIT_NONE || first->bound <= 0)
		return 0;
	for (size_t i = 0; i < e->count; i++)
		if (e->findings[i]->high != INT64_MAX && e->findings[i]->high > greatest)
			greatest = e->findings[i]->high;
	if (first->measured == UNIT_SHARE)
		return share_scale(greatest);
	/* A quarter beyond the greatest, in whole things. */
	return greatest > INT64_MAX / 2 ? greatest : (greatest + greatest / 4 + MICRO - 1) / MICRO * MICRO;
}

static int position(int64_t value, int64_t scale)
{
	if (value <= 0)
		return 0;
	return value >= scale ? SHARE_OF_BAR : (int)((wide)value * SHARE_OF_BAR / scale);
}

static void put_rect(struct html *h, const char *class, int from, int to, int y, int height)
{
	if (to > from)
		html_raw(h, "<rect class=\"%s\" x=\"%d.%d%%\" width=\"%d.%d%%\" y=\"%d\" height=\"%d\"/>", class,
			 from / 10, from % 10, (to - from) / 10, (to - from) % 10, y, height);
}

void html_measure_bar(struct html *h, const struct finding *f, int64_t scale)
{
	int low = position(f->low, scale), high = position(f->high, scale), bound = position(f->bound, scale);
	bool at_most = f->bound_op && f->bound_op[0] == '<';

	html_raw(h, "<svg class=\"bar\" width=\"100%%\" height=\"20\" role=\"img\"><title>");
	html_put(h, arena_printf(h->arena, "%s: %s, %s", say_label(h->arena, f), say_measure(h->arena, f),
				 say_bound(h->arena, f)));
	html_raw(h, "</title><rect class=\"track\" x=\"0\" y=\"3\" width=\"100%%\" height=\"14\"/>");
	put_rect(h, "no", at_most ? bound : 0, at_most ? SHARE_OF_BAR : bound, 3, 14);
	put_rect(h, "sure", 0, low, 6, 8);
	put_rect(h, "may", low, high, 6, 8);
	html_raw(h, "<rect class=\"bound\" x=\"%d.%d%%\" y=\"0\" width=\"2\" height=\"20\"%s/></svg>", bound / 10,
		 bound % 10, bound >= SHARE_OF_BAR ? " transform=\"translate(-2)\"" : "");
}
