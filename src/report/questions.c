/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is unknown and would settle something, as questions to the operator: a CSV with two empty columns. The filled-in
 * file is read back as the operator's claims, so subject and attribute are written as they are.
 */
#include "report/report.h"
#include "report/say.h"

#include <string.h>

/* How one asks: "%s" is the thing, "element gnb-1". Anything else is asked for by its name. */
static const struct {
	const char *attribute, *before, *after;
} askings[] = {
	{ "designated", "Has an authority designated ", " as high risk?" },
	{ "vendor", "Which vendor supplies ", "?" },
	{ "product", "Which product is ", "?" },
	{ "version", "Which version does ", " run?" },
	{ "function", "What is the function of ", "?" },
	{ "technology", "Which technology does ", " serve?" },
	{ "site", "At which site does ", " stand?" },
	{ "region", "In which region is ", "?" },
	{ "since", "Since when (YYYY-MM-DD) has there been ", "?" },
	{ "managed_by", "Which vendor manages ", " (none if nobody but the operator)?" },
	{ "hosted_on", "Which element hosts ", " (none if it stands on its own)?" },
	{ "part_of", "Of which element is this a part: ", " (none if of no other)?" },
	{ "anchor", "Which 4G element anchors ", "?" },
	{ "jurisdiction", "Under the law of which country (ISO 3166-1, two letters) is ", "?" },
	{ "owner", "Who owns ", " (none if nobody but itself)?" },
	{ "support_until", "Until when (YYYY-MM-DD) is there support for ", "?" },
	{ "lat", "What is the latitude (degrees) of ", "?" },
	{ "lon", "What is the longitude (degrees) of ", "?" },
	{ "reference_point", "Over which reference point, such as N2, runs ", "?" },
	{ "links", "To which elements is this linked: ", "? Declare the links in links.csv." },
	{ "population", "How many people are served by ", "?" },
	{ "households", "How many households are served by ", "?" },
};

const char *say_question(struct arena *arena, const struct unknown_fact *fact)
{
	/* "element/gnb-1": what it is and its name; a name may have strokes of its own. */
	const char *slash = fact->subject + strspn(fact->subject, "abcdefghijklmnopqrstuvwxyz");
	const char *thing =
		*slash == '/' ? arena_printf(arena, "%.*s %s", (int)(slash - fact->subject), fact->subject, slash + 1)
			      : fact->subject;

	if (*slash == '/' && !strncmp(fact->subject, "param/", 6))
		return arena_printf(arena, "Which value has the policy's parameter %s?", slash + 1);
	if (!strcmp(fact->subject, "network"))
		return arena_printf(arena, "What is the %s of each site or element? No file has a column of numbers so called.",
				    fact->attribute);
	for (size_t i = 0; i < sizeof askings / sizeof *askings; i++)
		if (!strcmp(fact->attribute, askings[i].attribute))
			return arena_printf(arena, "%s%s%s", askings[i].before, thing, askings[i].after);
	return arena_printf(arena, "What is the %s of %s?", fact->attribute, thing);
}

/*
 * A cell that begins with one of these is a formula to a spreadsheet, and the operator opens this file with one: an
 * apostrophe before it makes it text (OWASP, CSV injection).
 */
static void put_cell(struct sink *s, struct arena *arena, const char *text)
{
	if (*text && strchr("=+-@\t\r", *text))
		text = arena_printf(arena, "'%s", text);
	sink_csv(s, text);
}

static const char *settles(struct arena *arena, const struct unknown_fact *fact)
{
	struct sink *s = sink_to_memory(arena);

	for (size_t i = 0; i < fact->settle_count; i++) {
		sink_text(s, i ? " " : "");
		sink_text(s, fact->settles[i]);
	}
	return sink_memory(s, NULL);
}

void report_questions(const struct assessment *a, struct sink *s)
{
	struct arena *arena = arena_new();

	sink_text(s, "subject,attribute,question,settles,elements,value,source\n");
	for (size_t i = 0; i < a->findings.unknown_count; i++) {
		const struct unknown_fact *fact = &a->findings.unknown[i];

		put_cell(s, arena, fact->subject);
		sink_char(s, ',');
		put_cell(s, arena, fact->attribute);
		sink_char(s, ',');
		put_cell(s, arena, say_question(arena, fact));
		sink_char(s, ',');
		put_cell(s, arena, settles(arena, fact));
		sink_printf(s, ",%zu,,\n", fact->elements);
	}
	arena_free(arena);
}
