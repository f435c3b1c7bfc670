/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html: the parts of the HTML page. Text from files goes through html_put or html_tag only, which escape it; html_raw
 * is for the page's own markup and numbers.
 */
#ifndef PROVISO_REPORT_HTML_H
#define PROVISO_REPORT_HTML_H

#include "plan/plan.h"
#include "report/digest.h"

enum {
	LOOK_VENDORS = 7, /* vendors with a look of their own: more can't be told apart on paper */
	LOOK_OTHER = LOOK_VENDORS,
	LOOK_SEVERAL, /* a site with equipment of more than one vendor */
	LOOK_UNKNOWN,
	LOOK_BARE, /* a site without any element */
	LOOKS,
};

/* The vendors as the pictures show them, and the regions as they group them. */
struct cast {
	uint32_t vendors;         /* that have a look of their own, the one with most elements first */
	const char *names[LOOKS]; /* by look */
	uint8_t *look_of_site;    /* by site row */
	bool access_only;         /* only access elements were counted; false: there are none, so all were */
	uint32_t region_count;
	const char **region_names;   /* by region, bytewise sorted; "(unknown)" for sites without one */
	uint32_t *region_of_site;    /* by site row */
	uint64_t (*elements)[LOOKS]; /* by region and look; LOOK_SEVERAL and LOOK_BARE are 0 */
	uint64_t total[LOOKS];
};

enum { MOST_SECTIONS = 16 };

struct html {
	struct sink *sink;
	struct arena *arena;
	const struct assessment *a;
	const struct digest *d;
	const struct plan *plan; /* NULL: none was sought */
	const struct cast *cast; /* NULL where there is no network to show */
	struct {
		const char *id, *heading;
	} sections[MOST_SECTIONS]; /* so far: the page's contents */
	size_t section_count;
};

void html_raw(struct html *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_put(struct html *, const char *text);                  /* escaped */
void html_tag(struct html *, const char *tag, const char *text); /* <tag>escaped</tag> */
void html_class(struct html *, const char *tag, const char *class, const char *text);
/* <section id><h2>, with a badge where what it shows is made from data and some of that is synthetic. */
void html_section(struct html *, const char *id, const char *heading, bool of_data);
void html_quote(struct html *, const struct finding *); /* a rule's source, quoted */

/* cast.c */
struct cast *cast_of(struct arena *, const struct net *);
/* Another state of the network with the same looks for the same vendors. */
struct cast *cast_like(struct arena *, const struct net *, const struct cast *);
/* look.c: how a look is drawn. Sizes are in units of the map, ten to a pixel. */
enum shape {
	SHAPE_CIRCLE,
	SHAPE_SQUARE,
	SHAPE_TRIANGLE,
	SHAPE_DIAMOND,
	SHAPE_PLUS,
	SHAPE_WEDGE,
	SHAPE_CROSS,
	SHAPE_TARGET,
	SHAPE_POINT
};
void shape_path(struct html *, enum shape, int32_t x, int32_t y, int32_t radius); /* path commands */
void look_mark(struct html *, unsigned look, int32_t x, int32_t y, int32_t radius);
void look_path(struct html *, unsigned look);                        /* attributes of a path of such marks */
void look_patterns(struct html *);                                   /* an SVG of nothing but the fills of all bars */
void look_swatch(struct html *, unsigned look, bool mark, bool bar); /* for a legend */
const char *look_fill(unsigned look);                                /* fill of a bar */

void html_style(struct html *);
void html_short(struct html *);          /* the answer in plain words */
bool html_has_plan(const struct html *); /* with changes */
void html_plan(struct html *);           /* what it costs, when, what each bound costs */
void html_shortages(struct html *);      /* what there can't be enough of */
void html_tasks(struct html *);          /* provisos, dates, notifications */
void html_rules(struct html *);          /* by status, with measure bars */
void html_measure_bar(struct html *, const struct finding *, int64_t scale);
int64_t html_measure_scale(const struct entry *); /* where the bars of a statement end: ppb or micro, 0 for no bars */
void html_map(struct html *);
void html_shares(struct html *);  /* vendors by region, concentration */
void html_unknown(struct html *); /* what is not known, what came from silence */
void html_inputs(struct html *);

#endif
