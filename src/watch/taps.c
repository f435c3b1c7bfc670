/* SPDX-License-Identifier: Apache-2.0 */
/*
 * taps.csv: where each capture was taken, and how good it is. Without it nothing that rests on absence or order is
 * certain. Every word of it is checked here; what each decides stands in tapped.c.
 */
#include "watch/watch.h"

#include <stdlib.h>
#include <string.h>

enum column { TAP, INPUT, LINKS, SIDE, DIRECTION, SNAP, SAMPLING, DEDUPLICATED, ENCAPSULATION, CLOCK_ERROR, COLUMNS };
enum { MOST_LINKS = 256 }; /* of one tap: more than that pass one wire as a reference point */

static const char *const names[COLUMNS] = { "tap",  "input",    "links",        "side",          "direction",
					    "snap", "sampling", "deduplicated", "encapsulation", "clock_error_ms" };

struct reader_of_taps {
	struct arena *arena;
	struct diagnostics *diagnostics;
	const struct net *net; /* NULL: none */
	const char *file;
	size_t at[COLUMNS]; /* SIZE_MAX: no such column */
	const struct csv_cell *cells;
	size_t cell_count, header_count;
};

static struct place place_of(const struct reader_of_taps *r, const struct csv_cell *c)
{
	return (struct place){ r->file, c->line, c->column };
}

static bool read_header(struct reader_of_taps *r)
{
	r->header_count = r->cell_count;
	for (unsigned i = 0; i < COLUMNS; i++)
		r->at[i] = SIZE_MAX;
	for (size_t k = 0; k < r->cell_count; k++) {
		char *text = arena_text(r->arena, r->cells[k].text, r->cells[k].bytes);
		const char *nearest = nearest_text(text, names, COLUMNS);
		unsigned i = 0;

		while (i < COLUMNS && strcmp(names[i], text) != 0)
			i++;
		if (i < COLUMNS && r->at[i] == SIZE_MAX)
			r->at[i] = k;
		else if (i < COLUMNS)
			diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &r->cells[k]),
				 "the column \"%s\" is there twice", text);
		else
			diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &r->cells[k]),
				 "a tap has no column \"%s\"%s%s%s", text, nearest ? " (did you mean \"" : "",
				 nearest ? nearest : "", nearest ? "\"?)" : "");
	}
	for (unsigned i = TAP; i <= INPUT; i++)
		if (r->at[i] == SIZE_MAX)
			diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", (struct place){ r->file, 1, 0 },
				 "the column \"%s\" is missing", names[i]);
	return r->at[TAP] != SIZE_MAX && r->at[INPUT] != SIZE_MAX;
}

static const char *text_of(const struct reader_of_taps *r, enum column c)
{
	const struct csv_cell *cell = r->at[c] < r->cell_count ? &r->cells[r->at[c]] : NULL;

	return cell ? arena_text(r->arena, cell->text, cell->bytes) : "";
}

static bool number_of(struct reader_of_taps *r, enum column c, int64_t least, int64_t *value)
{
	const char *text = text_of(r, c);
	int64_t micro;

	if (!text[0])
		return false;
	if (measure_parse(text, strlen(text), &micro) != NUMBER_OK || micro % MICRO || micro / MICRO < least ||
	    micro / MICRO > UINT32_MAX) {
		diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &r->cells[r->at[c]]),
			 "%s is a whole number from %lld on, not \"%s\"", names[c], (long long)least, text);
		return false;
	}
	*value = micro / MICRO;
	return true;
}

/* A word of a list, from 0; -1 where the cell is empty, or holds no such word, which is diagnosed. */
static int word_of(struct reader_of_taps *r, enum column c, const char *const *words, size_t word_count)
{
	const char *text = text_of(r, c), *nearest, *all = "";

	if (!text[0])
		return -1;
	for (unsigned i = 0; i < word_count; i++)
		if (strcmp(words[i], text) == 0)
			return (int)i;
	nearest = nearest_text(text, words, word_count);
	for (unsigned i = 0; i < word_count; i++)
		all = arena_printf(r->arena, "%s%s%s", all, i == 0 ? "" : i + 1 < word_count ? ", " : " or ", words[i]);
	diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &r->cells[r->at[c]]),
		 "%s is %s, not \"%s\"%s%s%s", names[c], all, text, nearest ? " (did you mean \"" : "",
		 nearest ? nearest : "", nearest ? "\"?)" : "");
	return -1;
}

/* A reference point, or a link of the inventory by its id. */
static bool find_passing(const struct net *net, const char *word, struct watch_passing *p)
{
	const struct net_column *points;

	*p = (struct watch_passing){ net_reference_point_find(word), CODE_UNKNOWN };
	if (CODE_IS_KNOWN(p->point))
		return true;
	p->link = net && net->table[NET_LINKS].rows ? net_find_text(net, NET_LINKS, word) : CODE_UNKNOWN;
	if (!CODE_IS_KNOWN(p->link))
		return false;
	points = net_column(net, NET_LINKS, "reference_point");
	p->point = points ? points->codes[p->link] : CODE_UNKNOWN;
	return true;
}

static void read_links(struct reader_of_taps *r, struct watch_tap *tap)
{
	const struct csv_cell *cell = r->at[LINKS] < r->cell_count ? &r->cells[r->at[LINKS]] : NULL;
	struct watch_passing *links = arena_array(r->arena, MOST_LINKS, sizeof *links);
	const char *text = text_of(r, LINKS);

	for (size_t at = strspn(text, " "), bytes; text[at]; at += bytes + strspn(text + at + bytes, " ")) {
		const char *word, *nearest;
		struct place place = place_of(r, cell);

		bytes = strcspn(text + at, " ");
		word = arena_text(r->arena, text + at, bytes);
		place.column += (uint32_t)at;
		if (tap->link_count == MOST_LINKS) {
			diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place,
				 "more than %d links at one tap: name their reference point instead", MOST_LINKS);
			break;
		}
		if (find_passing(r->net, word, &links[tap->link_count])) {
			tap->link_count++;
			continue;
		}
		nearest = net_reference_point_nearest(word);
		diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place, "\"%s\" is no reference point%s%s%s%s", word,
			 r->net ? ", and no link of the inventory" : ", and without a case there are no links",
			 nearest ? " (did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?)" : "");
	}
	tap->links = links;
}

static void read_row(struct reader_of_taps *r, struct watch_tap *tap)
{
	static const char *const sides[] = { "clear", "encrypted" };
	static const char *const directions[] = { "both", "a-to-b", "b-to-a" };
	static const char *const no_yes[] = { "no", "yes" };
	static const char *const outers[] = { "none", "VXLAN", "GRE", "IP" };
	int64_t value;

	*tap = (struct watch_tap){ .name = text_of(r, TAP),
				   .input = text_of(r, INPUT),
				   .sampled = 1,
				   .declared = true,
				   .place = place_of(r, &r->cells[0]) };
	if (!tap->name[0] || !tap->input[0])
		diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", tap->place,
			 "a tap needs a name and its file or interface");
	read_links(r, tap);
	tap->side = (enum watch_side)(word_of(r, SIDE, sides, 2) + 1);
	tap->copies = (enum watch_copies_kept)(word_of(r, DEDUPLICATED, no_yes, 2) + 1);
	value = word_of(r, DIRECTION, directions, 3);
	tap->direction = value > 0 ? (enum watch_direction)value : WATCH_BOTH_WAYS;
	value = word_of(r, ENCAPSULATION, outers, 4);
	tap->outer = value > 0 ? (enum watch_outer)value : WATCH_OUTER_NONE;
	if (tap->direction != WATCH_BOTH_WAYS && !text_of(r, LINKS)[0])
		diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &r->cells[r->at[DIRECTION]]),
			 "direction \"%s\" is that of a link or reference point, and links names none",
			 text_of(r, DIRECTION));
	if (number_of(r, SNAP, 0, &value))
		tap->snap_bytes = (uint32_t)value;
	if (number_of(r, SAMPLING, 1, &value))
		tap->sampled = (uint32_t)value;
	if (number_of(r, CLOCK_ERROR, 0, &value))
		tap->clock_error_ns = value * 1000000;
}

/* A name, and an input, are one row's. */
static void refuse_twice(struct reader_of_taps *r, const struct watch_tap *taps, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (taps[at].name[0] && strcmp(taps[i].name, taps[at].name) == 0)
			diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &r->cells[r->at[TAP]]),
				 "a tap \"%s\" stands in line %u already", taps[at].name, taps[i].place.line);
		if (taps[at].input[0] && strcmp(taps[i].input, taps[at].input) == 0)
			diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &r->cells[r->at[INPUT]]),
				 "%s is the input of tap \"%s\" already", taps[at].input, taps[i].name);
	}
}

struct watch_tap *watch_taps_read(struct arena *a, struct source *source, const struct net *net, struct diagnostics *d,
				  size_t *count)
{
	struct reader_of_taps r = { .arena = a, .diagnostics = d, .net = net, .file = source_name(source) };
	struct watch_tap *taps = arena_array(a, WATCH_TAPS, sizeof *taps);
	struct csv *csv = csv_open(a, source, d);

	*count = 0;
	if (!csv_row(csv, &r.cells, &r.cell_count) || !read_header(&r))
		return taps;
	while (csv_row(csv, &r.cells, &r.cell_count)) {
		if (r.cell_count > r.header_count)
			diagnose(d, SEVERITY_ERROR, "bad-tap", place_of(&r, &r.cells[r.header_count]),
				 "a row has %zu cells, the header %zu", r.cell_count, r.header_count);
		if (*count == WATCH_TAPS) {
			diagnose(d, SEVERITY_ERROR, "bad-tap", place_of(&r, &r.cells[0]), "more than %d taps",
				 WATCH_TAPS);
			break;
		}
		read_row(&r, &taps[*count]);
		refuse_twice(&r, taps, (*count)++);
	}
	return taps;
}
