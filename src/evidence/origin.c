/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who knows it. Claims are independent only if their knowers differ, whatever chains they came through: two people who
 * relay one body's knowledge are one origin, and five newspapers that repeat a sixth are one too. Where the knower is
 * anonymous, the first publisher with a name stands in for it: two unnamed voices in one newspaper may be one voice.
 */
#include "evidence/index.h"

#include <string.h>
#include <strings.h>

enum {
	LONGEST_NAME = 1024
}; /* bytes of a name that are compared: beyond it names are the same if they begin the same */

/* Small letters (ASCII), single spaces, none at the ends. Returns the bytes written. */
static size_t fold(const char *name, char out[LONGEST_NAME])
{
	size_t n = 0;

	for (const char *p = name; *p && n < LONGEST_NAME - 1; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p == '\t' ? ' ' : *p;

		if (c == ' ' && (n == 0 || out[n - 1] == ' '))
			continue;
		out[n++] = c;
	}
	while (n && out[n - 1] == ' ')
		n--;
	return n;
}

uint32_t fold_name(struct strs *strs, const char *name)
{
	char folded[LONGEST_NAME];
	size_t bytes = fold(name, folded);

	return strs_add(strs, folded, bytes);
}

uint32_t find_folded(const struct strs *strs, const char *name)
{
	char folded[LONGEST_NAME];
	size_t bytes = fold(name, folded);

	return strs_find(strs, folded, bytes);
}

/* "anonymous", "anonymous 1", "Anonymous official": a voice without a name. */
bool name_is_anonymous(const char *name)
{
	static const char word[] = "anonymous";

	if (strncasecmp(name, word, sizeof word - 1))
		return false;
	name += sizeof word - 1;
	return *name == '\0' || *name == ' ' || *name == '-';
}

void file_origin(struct evidence *evidence, const struct claim *claim, struct filed *filed)
{
	struct strs *strs = index_of(evidence)->strs;
	uint32_t *names = arena_array(evidence->arena, claim->through_count + 1, sizeof *names);
	const char *publisher = NULL;

	filed->name_count = 0;
	if (claim->from)
		names[filed->name_count++] = fold_name(strs, claim->from);
	for (size_t i = 0; i < claim->through_count; i++) {
		names[filed->name_count++] = fold_name(strs, claim->through[i]);
		if (!publisher && !name_is_anonymous(claim->through[i]))
			publisher = claim->through[i];
	}
	filed->names = names;
	filed->anonymous = !claim->from || name_is_anonymous(claim->from);
	if (!filed->anonymous)
		filed->shown = strs_id(strs, claim->from);
	else if (publisher)
		filed->shown = strs_id(strs, arena_printf(evidence->arena, "anonymous via %s", publisher));
	else
		filed->shown = strs_id(strs, "anonymous");
	filed->knower = fold_name(strs, strs_text(strs, filed->shown));
}

bool claim_is_left_out(const struct filed *filed, const uint32_t *without, size_t without_count)
{
	for (uint32_t i = 0; i < filed->name_count; i++)
		for (size_t k = 0; k < without_count; k++)
			if (filed->names[i] == without[k])
				return true;
	return false;
}
