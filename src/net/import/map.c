/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The map that a user gives with --map: `WORDS = TEXT` lines. What is left of the first " = " is looked up whole, without
 * regard to case; what is right of it is the importer's to understand.
 */
#include "net/import/intake.h"

#include <string.h>
#include <strings.h>

enum { MOST_LINES = 100 * 1000, MOST_BYTES = 16 << 20 };

struct map_line {
	const char *words, *text;
	uint32_t line;
	bool used;
};

struct intake_map {
	const char *name;
	struct map_line *lines;
	size_t count;
};

static const char *trimmed(struct arena *arena, const char *from, const char *to)
{
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
		to--;
	return arena_text(arena, from, (size_t)(to - from));
}

/* The sign with a space on each side, so that the words may hold one ("SubNetwork=1"). */
static const char *sign_in(const char *from, const char *to)
{
	for (const char *at = from + 1; at + 1 < to; at++)
		if (*at == '=' && (at[-1] == ' ' || at[-1] == '\t') && (at[1] == ' ' || at[1] == '\t'))
			return at;
	return NULL;
}

static void read_line(struct intake *in, struct intake_map *map, const char *from, const char *to, uint32_t number)
{
	const char *sign = from < to ? sign_in(from, to) : NULL;
	struct map_line *line = &map->lines[map->count];

	if (!*trimmed(in->arena, from, to) || *trimmed(in->arena, from, to) == '#')
		return;
	if (!sign) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", (struct place){ map->name, number, 1 },
			 "expected WORDS = TEXT, with a space on each side of the sign");
		return;
	}
	*line = (struct map_line){ trimmed(in->arena, from, sign), trimmed(in->arena, sign + 1, to), number, false };
	if (!*line->words || !*line->text) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", (struct place){ map->name, number, 1 },
			 "nothing stands %s the sign", *line->words ? "behind" : "before");
		return;
	}
	for (size_t i = 0; i < map->count; i++)
		if (strcasecmp(map->lines[i].words, line->words) == 0) {
			diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", (struct place){ map->name, number, 1 },
				 "\"%s\" is already at line %u", line->words, map->lines[i].line);
			return;
		}
	map->count++;
}

struct intake_map *intake_map_read(struct intake *in, struct source *source)
{
	struct intake_map *map = arena_alloc(in->arena, sizeof *map);
	size_t bytes, errors = in->diagnostics->errors, lines = 1;
	char *text = source_all(source, in->arena, MOST_BYTES, &bytes);
	uint32_t number = 1;

	map->name = source_name(source);
	if (!text || utf8_check(text, bytes) < bytes) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", (struct place){ map->name, 0, 0 },
			 text ? "is not UTF-8 text" : "can't be read, or has more than 16 MiB");
		return NULL;
	}
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	if (lines > MOST_LINES) {
		diagnose(in->diagnostics, SEVERITY_ERROR, "bad-map", (struct place){ map->name, 0, 0 },
			 "has more than %d lines", MOST_LINES);
		return NULL;
	}
	map->lines = arena_array(in->arena, lines, sizeof *map->lines);
	for (const char *at = text; *at; number++) {
		const char *end = strchrnul(at, '\n');

		read_line(in, map, at, end, number);
		at = *end ? end + 1 : end;
	}
	return in->diagnostics->errors == errors ? map : NULL;
}

/* "kind word" against the words of a line. */
static bool matches(const char *words, const char *kind, const char *word)
{
	size_t bytes = strlen(kind);

	if (strncasecmp(words, kind, bytes) != 0)
		return false;
	if (!word)
		return words[bytes] == '\0';
	if (words[bytes] != ' ' && words[bytes] != '\t')
		return false;
	return strcasecmp(words + bytes + strspn(words + bytes, " \t"), word) == 0;
}

const char *intake_mapped(struct intake *in, const char *kind, const char *word, struct place *place)
{
	for (size_t i = 0; in->map && i < in->map->count; i++) {
		struct map_line *line = &in->map->lines[i];

		if (!matches(line->words, kind, word))
			continue;
		line->used = true;
		if (place)
			*place = (struct place){ in->map->name, line->line, 0 };
		return line->text;
	}
	return NULL;
}

bool intake_map_line(struct intake *in, const char *kind, size_t number, const char **rest, const char **text,
		     struct place *place)
{
	size_t bytes = strlen(kind);

	for (size_t i = 0; in->map && i < in->map->count; i++) {
		struct map_line *line = &in->map->lines[i];

		if (strncasecmp(line->words, kind, bytes) != 0 || (line->words[bytes] && line->words[bytes] != ' ') ||
		    number--)
			continue;
		line->used = true;
		*rest = line->words + bytes + strspn(line->words + bytes, " \t");
		*text = line->text;
		*place = (struct place){ in->map->name, line->line, 0 };
		return true;
	}
	return false;
}

bool intake_map_any(const struct intake *in, size_t number, const char **words, const char **text, struct place *place)
{
	if (!in->map || number >= in->map->count)
		return false;
	*words = in->map->lines[number].words;
	*text = in->map->lines[number].text;
	*place = (struct place){ in->map->name, in->map->lines[number].line, 0 };
	return true;
}

void intake_map_end(struct intake *in)
{
	for (size_t i = 0; in->map && i < in->map->count; i++)
		if (!in->map->lines[i].used)
			diagnose(in->diagnostics, SEVERITY_WARNING, "map-not-used",
				 (struct place){ in->map->name, in->map->lines[i].line, 1 },
				 "nothing in the files is called \"%s\"", in->map->lines[i].words);
}
