/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping claims: added from documents or by programs, filed by numbers, found by name. Nothing is merged and nothing
 * is dropped; a claim whose name is taken is refused, because a name is how the reports point at it.
 */
#include "evidence/index.h"

#include <assert.h>
#include <string.h>

/* ---- slots ------------------------------------------------------------------------------------------------------- */

uint64_t mix_numbers(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	uint64_t x = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u;

	x ^= x >> 29;
	x += (uint64_t)c << 32 | d;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 32;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 29;
}

/* Empty slots for count items, half full at most. What was in them is gone. */
void slots_reserve(struct slots *slots, struct arena *arena, size_t count)
{
	size_t size = 16;

	assert(count < UINT32_MAX / 4);
	while (size < count * 2)
		size *= 2;
	slots->at = arena_array(arena, size, sizeof *slots->at);
	slots->mask = (uint32_t)size - 1;
	slots->used = 0;
}

/* ---- the store --------------------------------------------------------------------------------------------------- */

struct evidence *evidence_new(struct arena *arena, struct diagnostics *diagnostics)
{
	struct evidence *evidence = arena_alloc(arena, sizeof *evidence);
	struct index *index = arena_alloc(arena, sizeof *index);

	evidence->arena = arena;
	evidence->diagnostics = diagnostics;
	evidence->index = index;
	index->strs = strs_new(arena);
	slots_reserve(&index->names, arena, 64);
	slots_reserve(&index->facts, arena, 0);
	slots_reserve(&index->subject_slots, arena, 0);
	return evidence;
}

static uint32_t *name_slot(const struct index *index, uint32_t name)
{
	uint32_t at = (uint32_t)mix_numbers(name, 0, 0, 0) & index->names.mask;

	while (index->names.at[at] && index->filed[index->names.at[at] - 1].name != name)
		at = (at + 1) & index->names.mask;
	return &index->names.at[at];
}

uint32_t evidence_find(const struct evidence *evidence, const char *name)
{
	const struct index *index = index_of(evidence);
	uint32_t id = strs_find(index->strs, name, strlen(name));

	return id == STR_ABSENT ? NO_CLAIM : *name_slot(index, id) - 1; /* an empty slot is 0, and 0 - 1 is NO_CLAIM */
}

static void names_grow(struct evidence *evidence)
{
	struct index *index = index_of(evidence);

	if (index->names.used * 2 <= index->names.mask)
		return;
	slots_reserve(&index->names, evidence->arena, (size_t)index->names.mask + 2);
	for (size_t i = 0; i < evidence->claim_count; i++)
		*name_slot(index, index->filed[i].name) = (uint32_t)i + 1;
	index->names.used = (uint32_t)evidence->claim_count;
}

/* Room for so many more. Arenas give nothing back, so it at least doubles: at most as much again is wasted. */
static void make_room(struct evidence *evidence, size_t more)
{
	struct index *index = index_of(evidence);
	size_t room = evidence->claim_room * 2;
	struct claim *claims;
	struct filed *filed;

	if (evidence->claim_count + more <= evidence->claim_room)
		return;
	if (room < evidence->claim_count + more)
		room = evidence->claim_count + more;
	claims = arena_array(evidence->arena, room, sizeof *claims);
	filed = arena_array(evidence->arena, room, sizeof *filed);
	if (evidence->claim_count) {
		memcpy(claims, evidence->claims, evidence->claim_count * sizeof *claims);
		memcpy(filed, index->filed, evidence->claim_count * sizeof *filed);
	}
	evidence->claims = claims;
	evidence->claim_room = room;
	index->filed = filed;
	index->filed_room = room;
}

static uint32_t id_or_empty(struct strs *strs, const char *text)
{
	return text ? strs_id(strs, text) : STR_EMPTY;
}

/* Files a claim whose texts live as long as the evidence. False, and nothing is said, where the name is taken. */
static bool file_claim(struct evidence *evidence, const struct claim *claim)
{
	struct index *index = index_of(evidence);
	struct filed filed = { .name = strs_id(index->strs, claim->name) };

	if (*name_slot(index, filed.name))
		return false;
	filed.subject = id_or_empty(index->strs, claim->subject);
	filed.version = id_or_empty(index->strs, claim->version);
	filed.attribute = id_or_empty(index->strs, claim->attribute);
	filed.value = id_or_empty(index->strs, claim->value);
	filed.kind = id_or_empty(index->strs, claim->kind);
	file_origin(evidence, claim, &filed);
	make_room(evidence, 1);
	index->filed[evidence->claim_count] = filed;
	evidence->claims[evidence->claim_count++] = *claim;
	evidence->claims[evidence->claim_count - 1].origin = strs_text(index->strs, filed.shown);
	*name_slot(index, filed.name) = (uint32_t)evidence->claim_count;
	index->names.used++;
	names_grow(evidence);
	index->weighed = false;
	return true;
}

static const char *where_first(const struct evidence *evidence, const char *name)
{
	const struct place *place = &evidence->claims[evidence_find(evidence, name)].place;

	return place->file ? arena_printf(evidence->arena, " (first in %s:%u)", place->file, place->line) : "";
}

/* ---- from documents ---------------------------------------------------------------------------------------------- */

bool evidence_knows_stanza(const char *keyword)
{
	return !strcmp(keyword, "evidence");
}

void evidence_add(struct evidence *evidence, const struct document *document)
{
	make_room(evidence, document->count);
	for (size_t i = 0; i < document->count; i++) {
		const struct stanza *stanza = &document->stanzas[i];
		struct claim claim;

		if (!stanza->head.count || stanza->head.tokens[0].kind != TOKEN_WORD ||
		    !evidence_knows_stanza(stanza->head.tokens[0].text))
			continue;
		if (!stanza_claim(evidence, document, stanza, &claim))
			continue;
		if (!file_claim(evidence, &claim))
			document_diagnose(document, evidence->diagnostics, SEVERITY_ERROR, "duplicate-claim",
					  &stanza->head.tokens[1], "there is a claim named %s already%s", claim.name,
					  where_first(evidence, claim.name));
	}
}

/* ---- by programs ------------------------------------------------------------------------------------------------- */

void claim_init(struct claim *claim)
{
	*claim = (struct claim){
		.dated = DATE_NONE,
		.dated_to = DATE_NONE,
		.valid_until = DATE_NONE,
		.graded_on = DATE_NONE,
		.due = DATE_NONE,
		.covers = -1,
		.detects = -1,
		.delivered_by = NO_CLAIM,
	};
}

static const char *const *keep_all(struct strs *strs, struct arena *arena, const char *const *texts, size_t count)
{
	const char **all = arena_array(arena, count, sizeof *all);

	for (size_t i = 0; i < count; i++)
		all[i] = strs_text(strs, strs_id(strs, texts[i]));
	return all;
}

bool evidence_add_claim(struct evidence *evidence, const struct claim *claim)
{
	struct strs *strs = index_of(evidence)->strs;
	struct claim own = *claim;
	const char **texts[] = {
		&own.name,        &own.subject,   &own.version,       &own.attribute, &own.value,     &own.kind,
		&own.from,        &own.graded_by, &own.covers_what,   &own.build,     &own.file,      &own.sha256,
		&own.tlp,         &own.chosen_by, &own.paid_by,       &own.note,      &own.authority, &own.instrument,
		&own.scope,       &own.advice,    &own.because,       &own.source,    &own.plans,     &own.amount,
		&own.deliverable, &own.delivers,  &own.detects_given,
	};

	if (!own.kind)
		own.kind = "statement";
	if (own.dated_to == DATE_NONE || own.dated_to < own.dated)
		own.dated_to = own.dated;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (*texts[i])
			*texts[i] = strs_text(strs, strs_id(strs, *texts[i]));
	own.through = keep_all(strs, evidence->arena, claim->through, claim->through_count);
	own.factors = keep_all(strs, evidence->arena, claim->factors, claim->factor_count);
	if (file_claim(evidence, &own))
		return true;
	diagnose(evidence->diagnostics, SEVERITY_ERROR, "duplicate-claim", own.place,
		 "there is a claim named %s already%s", own.name, where_first(evidence, own.name));
	return false;
}
