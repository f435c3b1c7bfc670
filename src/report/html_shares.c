/* SPDX-License-Identifier: Apache-2.0 */
/* Who supplies what: the vendors' shares of each region as bars, and how concentrated the network is, in figures. */
#include "report/html.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

enum {
	REGIONS_SHOWN = 30,
	VENDORS_SHOWN = 6, /* of one row of the table of concentration */
};

struct region_row {
	const char *name;
	uint64_t elements[LOOKS], all;
};

static int compare_rows(const void *left, const void *right)
{
	const struct region_row *a = left, *b = right;

	if (a->all != b->all)
		return a->all > b->all ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int thousandths(uint64_t part, uint64_t all)
{
	return all ? (int)((wide)part * 1000 / all) : 0;
}

static void put_bar(struct html *h, const struct region_row *r)
{
	struct sink *title = sink_to_memory(h->arena);
	uint64_t before = 0;

	for (unsigned look = 0; look < LOOKS; look++)
		if (r->elements[look])
			sink_printf(title, "%s%s %s", title && sink_memory(title, NULL)[0] ? ", " : "",
				    h->cast->names[look],
				    say_share(h->arena, share_ppb((wide)r->elements[look], (wide)r->all), -1));
	html_raw(h, "<svg class=\"stack\" width=\"100%%\" height=\"20\" role=\"img\"><title>");
	html_put(h, sink_memory(title, NULL));
	html_raw(h, "</title>");
	for (unsigned look = 0; look < LOOKS; look++) {
		int from = thousandths(before, r->all), to = thousandths(before + r->elements[look], r->all);

		before += r->elements[look];
		if (to > from)
			html_raw(h, "<rect x=\"%d.%d%%\" width=\"%d.%d%%\" height=\"20\" fill=\"%s\"/>", from / 10,
				 from % 10, (to - from) / 10, (to - from) % 10, look_fill(look));
	}
	html_raw(h, "</svg>");
}

static void put_region(struct html *h, const struct region_row *r, bool whole)
{
	unsigned most = 0;

	for (unsigned look = 1; look < LOOKS; look++)
		if (r->elements[look] > r->elements[most])
			most = look;
	html_raw(h, "<tr%s><th scope=\"row\">", whole ? " class=\"whole\"" : "");
	html_put(h, r->name);
	html_raw(h, "</th><td class=\"num\" data-label=\"Elements\">%s</td><td class=\"bar\">",
		 say_number(h->arena, r->all));
	put_bar(h, r);
	html_raw(h, "</td><td data-label=\"Largest\">");
	html_put(h, h->cast->names[most]);
	html_raw(h, "%s %s</td></tr>\n", most == LOOK_OTHER ? ", together" : "",
		 say_share(h->arena, share_ppb((wide)r->elements[most], (wide)r->all), -1));
}

static void add_to(struct region_row *sum, const struct region_row *r)
{
	for (unsigned look = 0; look < LOOKS; look++)
		sum->elements[look] += r->elements[look];
	sum->all += r->all;
}

static void put_regions(struct html *h)
{
	const struct cast *cast = h->cast;
	struct region_row *rows = arena_array(h->arena, (size_t)cast->region_count + 1, sizeof *rows);
	struct region_row whole = { .name = "Whole network" }, rest = { 0 };
	uint32_t count = 0, shown;

	for (uint32_t r = 0; r < cast->region_count; r++) {
		struct region_row *row = &rows[count];

		*row = (struct region_row){ .name = cast->region_names[r] };
		for (unsigned look = 0; look < LOOKS; look++) {
			row->elements[look] = cast->elements[r][look];
			row->all += cast->elements[r][look];
		}
		count += row->all > 0;
	}
	qsort(rows, count, sizeof *rows, compare_rows);
	shown = count <= REGIONS_SHOWN + 1 ? count : REGIONS_SHOWN;
	for (unsigned look = 0; look < LOOKS; look++) {
		whole.elements[look] = cast->total[look];
		whole.all += cast->total[look];
	}
	if (!whole.all)
		return;
	html_raw(h, "<table class=\"shares\"><caption>%s by vendor and region</caption>\n",
		 cast->access_only ? "Access elements" : "Elements");
	html_raw(h,
		 "<thead><tr><th scope=\"col\">Region</th><th scope=\"col\">Elements</th><th scope=\"col\" "
		 "class=\"bar\"><span class=\"ends\">"
		 "<span>0</span><span>100%%</span></span></th><th scope=\"col\">Largest</th></tr></thead>\n<tbody>\n");
	put_region(h, &whole, true);
	for (uint32_t i = 0; i < shown; i++)
		put_region(h, &rows[i], false);
	for (uint32_t i = shown; i < count; i++)
		add_to(&rest, &rows[i]);
	rest.name = arena_printf(h->arena, "%u smaller regions", count - shown);
	if (rest.all)
		put_region(h, &rest, false);
	html_raw(h, "</tbody></table>\n");
}

static void put_legend(struct html *h)
{
	html_raw(h, "<ul class=\"legend\">");
	for (unsigned look = 0; look < LOOKS; look++) {
		if (!h->cast->total[look])
			continue;
		html_raw(h, "<li>");
		look_swatch(h, look, false, true);
		html_put(h, h->cast->names[look]);
		html_raw(h, "</li>");
	}
	html_raw(h, "</ul>\n");
}

static void put_metric(struct html *h, const struct metric *m)
{
	html_raw(h, "<tr><th scope=\"row\">");
	html_put(h, m->layer);
	html_raw(h, "</th><td data-label=\"Measure\">");
	html_put(h, m->measure);
	html_raw(h,
		 "</td><td data-label=\"Effective vendors\" class=\"num\">%s</td><td data-label=\"HHI\" class=\"num\">",
		 say_amount(h->arena, (m->effective_micro + 5000) / 10000 * 10000));
	html_raw(h, "%d.%03d</td><td data-label=\"Shares\">", (int)((m->hhi + 500000) / PPB),
		 (int)((m->hhi + 500000) / 1000000 % 1000));
	for (size_t i = 0; i < m->share_count && i < VENDORS_SHOWN; i++) {
		html_raw(h, "%s", i ? ", " : "");
		html_put(h, m->shares[i].vendor);
		html_raw(h, " %s", say_share(h->arena, m->shares[i].share, -1));
	}
	if (m->share_count > VENDORS_SHOWN)
		html_raw(h, " and %zu more", m->share_count - VENDORS_SHOWN);
	html_raw(h, "</td></tr>\n");
}

static void put_metrics(struct html *h)
{
	if (!h->a->metric_count)
		return;
	html_raw(h, "<table class=\"cards\"><caption>Concentration</caption>\n<thead><tr><th "
		    "scope=\"col\">Layer</th><th scope=\"col\">Measure</th>"
		    "<th scope=\"col\">Effective vendors</th><th scope=\"col\">HHI</th><th "
		    "scope=\"col\">Shares</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < h->a->metric_count; i++)
		put_metric(h, &h->a->metrics[i]);
	html_raw(h, "</tbody></table>\n<p class=\"small\">HHI is the sum of the squared shares: 1 where one vendor has "
		    "everything. Its inverse says how many "
		    "vendors of equal size would be as concentrated.</p>\n");
}

void html_shares(struct html *h)
{
	if (!h->cast && !h->a->metric_count)
		return;
	html_section(h, "vendors", "Who supplies what", true);
	if (h->cast) {
		put_legend(h);
		put_regions(h);
	}
	put_metrics(h);
	html_raw(h, "</section>\n");
}
