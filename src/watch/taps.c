/* SPDX-License-Identifier: Apache-2.0 */
/*
 * taps.csv: where each capture was taken, and how good it is. Without it nothing that rests on absence or order is
 * certain.
 */
#include "watch/watch.h"

#include <stdlib.h>
#include <string.h>

enum column { TAP, INPUT, LINKS, SIDE, DIRECTION, SNAP, SAMPLING, DEDUPLICATED, ENCAPSULATION, CLOCK_ERROR, COLUMNS };
enum { MOST_LINKS = 32 };

static const char *const names[COLUMNS] = { "tap",  "input",    "links",        "side",          "direction",
					    "snap", "sampling", "deduplicated", "encapsulation", "clock_error_ms" };

struct reader_of_taps {
	struct arena *arena;
	struct diagnostics *diagnostics;
	const char *file;
	size_t at[COLUMNS]; /* SIZE_MAX: no such column */
};

static struct place place_of(const struct reader_of_taps *r, const struct csv_cell *c)
{
	return (struct place){ r->file, c->line, c->column };
}

static bool read_header(struct reader_of_taps *r, const struct csv_cell *cells, size_t count)
{
	for (unsigned i = 0; i < COLUMNS; i++)
		r->at[i] = SIZE_MAX;
	for (size_t k = 0; k < count; k++) {
		char *text = arena_text(r->arena, cells[k].text, cells[k].bytes);
		unsigned i = 0;

		while (i < COLUMNS && strcmp(names[i], text) != 0)
			i++;
		if (i < COLUMNS) {
			r->at[i] = k;
			continue;
		}
		const char *nearest = nearest_text(text, names, COLUMNS);
		diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &cells[k]),
			 "a tap has no column \"%s\"%s%s%s", text, nearest ? " (did you mean \"" : "",
			 nearest ? nearest : "", nearest ? "\"?)" : "");
	}
	for (unsigned i = TAP; i <= INPUT; i++)
		if (r->at[i] == SIZE_MAX)
			diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", (struct place){ r->file, 1, 0 },
				 "the column \"%s\" is missing", names[i]);
	return r->at[TAP] != SIZE_MAX && r->at[INPUT] != SIZE_MAX;
}

static const char *text_of(const struct reader_of_taps *r, const struct csv_cell *cells, size_t count, enum column c)
{
	return r->at[c] < count ? arena_text(r->arena, cells[r->at[c]].text, cells[r->at[c]].bytes) : "";
}

static bool number_of(struct reader_of_taps *r, const struct csv_cell *cells, size_t count, enum column c,
		      int64_t least, int64_t *value)
{
	const char *text = text_of(r, cells, count, c);
	int64_t micro;

	if (!text[0])
		return false;
	if (measure_parse(text, strlen(text), &micro) != NUMBER_OK || micro % MICRO || micro / MICRO < least ||
	    micro / MICRO > UINT32_MAX) {
		diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &cells[r->at[c]]),
			 "%s is a whole number from %lld on, not \"%s\"", names[c], (long long)least, text);
		return false;
	}
	*value = micro / MICRO;
	return true;
}

/* A word of a list; which it is, or 0 and diagnosed. An empty cell is the first. */
static unsigned word_of(struct reader_of_taps *r, const struct csv_cell *cells, size_t count, enum column c,
			const char *const *words, size_t word_count)
{
	const char *text = text_of(r, cells, count, c), *nearest;

	if (!text[0])
		return 0;
	for (unsigned i = 0; i < word_count; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	nearest = nearest_text(text, words, word_count);
	diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", place_of(r, &cells[r->at[c]]),
		 "%s \"%s\" is not known%s%s%s", names[c], text, nearest ? " (did you mean \"" : "",
		 nearest ? nearest : "", nearest ? "\"?)" : "");
	return 0;
}

static void read_links(struct reader_of_taps *r, const char *text, struct watch_tap *tap)
{
	const char **links = arena_array(r->arena, MOST_LINKS, sizeof *links);

	while (*text && tap->link_count < MOST_LINKS) {
		size_t bytes = strcspn(text, " ");

		if (bytes)
			links[tap->link_count++] = arena_text(r->arena, text, bytes);
		text += bytes + strspn(text + bytes, " ");
	}
	tap->links = links;
}

static void read_row(struct reader_of_taps *r, const struct csv_cell *cells, size_t count, struct watch_tap *tap)
{
	static const char *const sides[] = { "unknown", "clear", "encrypted" };
	static const char *const directions[] = { "both", "a-to-b", "b-to-a" };
	static const char *const yes_no[] = { "no", "yes" };
	static const char *const encapsulations[] = { "none", "VXLAN", "GRE", "IP" };
	int64_t value;
	unsigned word;

	*tap = (struct watch_tap){ .name = text_of(r, cells, count, TAP),
				   .input = text_of(r, cells, count, INPUT),
				   .sampled = 1,
				   .declared = true,
				   .place = place_of(r, &cells[0]) };
	if (!tap->name[0] || !tap->input[0])
		diagnose(r->diagnostics, SEVERITY_ERROR, "bad-tap", tap->place,
			 "a tap needs a name and its file or interface");
	read_links(r, text_of(r, cells, count, LINKS), tap);
	tap->side = (enum watch_side)word_of(r, cells, count, SIDE, sides, 3);
	tap->direction = (enum watch_direction)word_of(r, cells, count, DIRECTION, directions, 3);
	tap->deduplicated = word_of(r, cells, count, DEDUPLICATED, yes_no, 2);
	word = word_of(r, cells, count, ENCAPSULATION, encapsulations, 4);
	tap->encapsulation = word ? encapsulations[word] : "";
	if (number_of(r, cells, count, SNAP, 0, &value))
		tap->snap_bytes = (uint32_t)value;
	if (number_of(r, cells, count, SAMPLING, 1, &value))
		tap->sampled = (uint32_t)value;
	if (number_of(r, cells, count, CLOCK_ERROR, 0, &value))
		tap->clock_error_ns = value * 1000000;
}

struct watch_tap *watch_taps_read(struct arena *a, struct source *source, struct diagnostics *d, size_t *count)
{
	struct reader_of_taps r = { .arena = a, .diagnostics = d, .file = source_name(source) };
	struct watch_tap *taps = arena_array(a, WATCH_TAPS, sizeof *taps);
	struct csv *csv = csv_open(a, source, d);
	const struct csv_cell *cells;
	size_t cell_count;

	*count = 0;
	if (!csv_row(csv, &cells, &cell_count) || !read_header(&r, cells, cell_count))
		return taps;
	while (csv_row(csv, &cells, &cell_count)) {
		if (*count == WATCH_TAPS) {
			diagnose(d, SEVERITY_ERROR, "bad-tap", place_of(&r, &cells[0]), "more than %d taps",
				 WATCH_TAPS);
			break;
		}
		read_row(&r, cells, cell_count, &taps[(*count)++]);
	}
	return taps;
}
