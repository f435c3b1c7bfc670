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
	filed->stand = filed->anonymous && publisher ? fold_name(strs, publisher) : filed->knower;
}

/* ---- bodies with two names --------------------------------------------------------------------------------------- */

void names_are_one(struct evidence *evidence, const char *name, const char *counts)
{
	struct index *index = index_of(evidence);
	uint32_t from = fold_name(index->strs, name), to = fold_name(index->strs, counts);

	if (from == to || name_that_counts(index, to) == from)
		return;
	if (from >= index->same_room) {
		size_t room = (size_t)from * 2 + 64;
		uint32_t *more = arena_array(evidence->arena, room, sizeof *more);

		if (index->same_room)
			memcpy(more, index->same, index->same_room * sizeof *more);
		index->same = more;
		index->same_room = room;
	}
	index->same[from] = to;
	index->weighed = false;
}

uint32_t name_that_counts(const struct index *index, uint32_t folded)
{
	return folded < index->same_room && index->same[folded] ? index->same[folded] : folded;
}

void settle_names(struct evidence *evidence)
{
	struct index *index = index_of(evidence);

	if (evidence->operator_name && !name_is_anonymous(evidence->operator_name))
		names_are_one(evidence, "operator", evidence->operator_name);
	for (size_t i = 0; i < evidence->claim_count && index->same_room; i++) {
		struct filed *filed = &index->filed[i];

		filed->knower = name_that_counts(index, filed->knower);
		filed->stand = name_that_counts(index, filed->stand);
		for (uint32_t k = 0; k < filed->name_count; k++)
			filed->names[k] = name_that_counts(index, filed->names[k]);
	}
}

static bool has_name(const struct filed *filed, uint32_t name)
{
	for (uint32_t i = 0; i < filed->name_count; i++)
		if (filed->names[i] == name)
			return true;
	return false;
}

bool evidence_knows_name(const struct evidence *evidence, const char *name, const char **nearest)
{
	const struct index *index = index_of(evidence);
	uint32_t folded = find_folded(index->strs, name);
	size_t count = 0, room = 0;
	const char **names;

	for (size_t i = 0; i < evidence->claim_count; i++) {
		if (has_name(&index->filed[i], folded) || has_name(&index->filed[i], name_that_counts(index, folded)))
			return true;
		room += evidence->claims[i].through_count + 1;
	}
	if (!nearest)
		return false;
	names = arena_array(evidence->arena, room, sizeof *names);
	for (size_t i = 0; i < evidence->claim_count; i++) {
		const struct claim *claim = &evidence->claims[i];

		if (claim->from)
			names[count++] = claim->from;
		for (size_t k = 0; k < claim->through_count; k++)
			names[count++] = claim->through[k];
	}
	*nearest = nearest_text(name, names, count);
	return false;
}

bool claim_is_left_out(const struct filed *filed, const uint32_t *without, size_t without_count)
{
	for (uint32_t i = 0; i < filed->name_count; i++)
		for (size_t k = 0; k < without_count; k++)
			if (filed->names[i] == without[k])
				return true;
	return false;
}
