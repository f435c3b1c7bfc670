/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a claim counts on its own, before it is added up with others: in time, not left out, more than a plan, graded
 * well enough. Two passes, because "confirmed by other sources" (credibility 1) is true only if there is another origin
 * that says the same, and a body's later word replaces its earlier one only if it is good enough to be believed itself.
 */
#include "evidence/index.h"

#include <stdlib.h>
#include <string.h>

static const char *const standing_names[CLAIM_STANDINGS] = {
	[CLAIM_COUNTS] = "counts",    [CLAIM_BELOW] = "below-threshold",      [CLAIM_NOT_YET] = "not-yet",
	[CLAIM_EXPIRED] = "expired",  [CLAIM_SUPERSEDED] = "superseded",      [CLAIM_PLANNED] = "planned",
	[CLAIM_WITHOUT] = "left-out", [CLAIM_NO_DECISION] = "not-a-decision",
};

const char *claim_standing_name(enum claim_standing standing)
{
	return standing_names[standing];
}

/* A range counts from its first day: only what is certainly later is left out. */
bool claim_in_time(const struct claim *claim, int32_t on)
{
	if (on == DATE_NONE)
		return true;
	return (claim->dated == DATE_NONE || claim->dated <= on) &&
	       (claim->valid_until == DATE_NONE || claim->valid_until >= on);
}

static bool says_designated(const struct claim *claim)
{
	return claim->about == ABOUT_VENDOR && claim->attribute && !strcmp(claim->attribute, "designated");
}

/* Everything but the grade. CLAIM_COUNTS: go on. */
static enum claim_standing stand_outwardly(const struct evidence *evidence, uint32_t i, const uint32_t *without,
					   size_t without_count)
{
	const struct index *index = index_of(evidence);
	const struct claim *claim = &evidence->claims[i];

	if (claim_is_left_out(&index->filed[i], without, without_count))
		return CLAIM_WITHOUT;
	if (is_planned_kind(claim->kind)) {
		/* A plan that is assumed to be carried out may lie after the day; a promise stays a promise. */
		return index->weighing.assume_plan && !strcmp(claim->kind, "planned") ? CLAIM_COUNTS : CLAIM_PLANNED;
	}
	if (index->weighing.on != DATE_NONE && claim->dated != DATE_NONE && claim->dated > index->weighing.on)
		return CLAIM_NOT_YET;
	if (!claim_in_time(claim, index->weighing.on))
		return CLAIM_EXPIRED;
	if (says_designated(claim) && strcmp(claim->kind, "decision") && strcmp(claim->kind, "law"))
		return CLAIM_NO_DECISION;
	return CLAIM_COUNTS;
}

static enum claim_standing stand_by_grade(const struct evidence *evidence, uint32_t i)
{
	const struct claim *claim = &evidence->claims[i];
	const struct filed *filed = &index_of(evidence)->filed[i];
	const struct claim_kind *row = kind_of_claim(evidence, filed->kind);

	if (!strcmp(claim->kind, "planned"))
		return CLAIM_COUNTS;
	if (!row->origins_needed || (row->judgement && filed->anonymous))
		return CLAIM_BELOW;
	return kind_accepts(row, claim->reliability, effective_credibility(claim)) ? CLAIM_COUNTS : CLAIM_BELOW;
}

/* ---- order: who says what about the same thing, side by side ----------------------------------------------------- */

struct said {
	uint32_t subject, version, attribute, value, kind, knower, stand, claim;
	uint32_t about;
};

static int by_statement(const void *a, const void *b)
{
	const struct said *x = a, *y = b;

#define ORDER(field)                                                                                                   \
	if (x->field != y->field)                                                                                      \
	return x->field < y->field ? -1 : 1
	ORDER(subject);
	ORDER(about);
	ORDER(version);
	ORDER(attribute);
	ORDER(value);
	ORDER(stand);
	ORDER(kind);
	ORDER(claim);
	return 0;
}

static int by_body(const void *a, const void *b)
{
	const struct said *x = a, *y = b;

	ORDER(subject);
	ORDER(about);
	ORDER(version);
	ORDER(attribute);
	ORDER(knower);
	ORDER(kind);
	ORDER(claim);
#undef ORDER
	return 0;
}

static bool same_thing(const struct said *x, const struct said *y)
{
	return x->subject == y->subject && x->about == y->about && x->version == y->version &&
	       x->attribute == y->attribute;
}

/* A document without `says` says that it exists: others of its kind about the same subject may confirm it. */
static uint32_t value_or_kind(const struct filed *filed)
{
	return filed->attribute ? filed->value : filed->kind;
}

static struct said *all_said(const struct evidence *evidence, size_t *count)
{
	const struct index *index = index_of(evidence);
	struct said *said = arena_array(evidence->arena, evidence->claim_count, sizeof *said);

	*count = 0;
	for (uint32_t i = 0; i < evidence->claim_count; i++) {
		const struct filed *f = &index->filed[i];

		if (evidence->claims[i].standing != CLAIM_COUNTS)
			continue;
		said[(*count)++] = (struct said){
			.subject = f->subject,
			.version = f->version,
			.attribute = f->attribute,
			.value = value_or_kind(f),
			.kind = f->kind,
			.knower = f->knower,
			.stand = f->stand,
			.claim = i,
			.about = evidence->claims[i].about,
		};
	}
	return said;
}

/* "Confirmed by other sources" stands only where two independent origins say the same. */
static void cap_credibility(struct evidence *evidence, struct said *said, size_t count)
{
	size_t end;

	qsort(said, count, sizeof *said, by_statement);
	for (size_t i = 0; i < count; i = end) {
		bool alone;

		for (end = i + 1; end < count && same_thing(&said[i], &said[end]) && said[i].value == said[end].value;
		     end++)
			;
		alone = said[i].stand == said[end - 1].stand;
		for (size_t k = i; k < end; k++) {
			struct claim *claim = &evidence->claims[said[k].claim];

			claim->capped = alone && claim->credibility == 1;
		}
	}
}

/*
 * What a body issues is replaced by what it issues later of the same kind about the same thing: a designation is
 * lifted, a status goes from under investigation to fixed, a test is run again. Statements are not: that a body said
 * one thing and then another is a discrepancy that the reader has to see. Only days that are certain can be put in
 * order.
 */
static bool supersedes(const struct evidence *evidence, uint32_t kind, const struct claim *later,
		       const struct claim *earlier)
{
	const struct claim_kind *row = kind_of_claim(evidence, kind);

	if (row->judgement || row->origins_needed != 1 || !strcmp(row->name, "planned"))
		return false;
	if (later->date_inferred || earlier->date_inferred || later->dated == DATE_NONE || earlier->dated == DATE_NONE)
		return false;
	return later->dated > earlier->dated_to;
}

/* Is a the later of two, and of one day's two the one whose value comes first: the order of reading must not matter. */
static bool is_later(const struct claim *a, const struct claim *b)
{
	return a->dated != b->dated ? a->dated > b->dated : strcmp(a->value, b->value) < 0;
}

static void supersede(struct evidence *evidence, struct said *said, size_t count)
{
	const struct index *index = index_of(evidence);
	size_t end;

	qsort(said, count, sizeof *said, by_body);
	for (size_t i = 0; i < count; i = end) {
		const struct claim *last = NULL;

		for (end = i; end < count && same_thing(&said[i], &said[end]) && said[i].knower == said[end].knower &&
			      said[i].kind == said[end].kind;
		     end++) {
			const struct claim *claim = &evidence->claims[said[end].claim];

			if (claim->standing == CLAIM_COUNTS && claim->attribute &&
			    !index->filed[said[end].claim].anonymous && !claim->date_inferred &&
			    claim->dated != DATE_NONE && (!last || is_later(claim, last)))
				last = claim;
		}
		for (size_t k = i; last && k < end; k++) {
			struct claim *claim = &evidence->claims[said[k].claim];

			if (claim->standing == CLAIM_COUNTS && strcmp(claim->value, last->value) &&
			    supersedes(evidence, said[i].kind, last, claim))
				claim->standing = CLAIM_SUPERSEDED;
		}
	}
}

void stand_claims(struct evidence *evidence)
{
	struct index *index = index_of(evidence);
	size_t without_count = index->weighing.without_count, count;
	uint32_t *without = arena_array(evidence->arena, without_count, sizeof *without);
	struct said *said;

	for (size_t i = 0; i < without_count; i++)
		without[i] = name_that_counts(index, find_folded(index->strs, index->weighing.without[i]));
	kinds_settle(evidence);
	for (uint32_t i = 0; i < evidence->claim_count; i++) {
		evidence->claims[i].capped = evidence->claims[i].credibility == 1;
		evidence->claims[i].standing = stand_outwardly(evidence, i, without, without_count);
	}
	said = all_said(evidence, &count);
	cap_credibility(evidence, said, count);
	for (size_t i = 0; i < count; i++)
		evidence->claims[said[i].claim].standing = stand_by_grade(evidence, said[i].claim);
	supersede(evidence, said, count);
}
