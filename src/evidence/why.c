/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to people: on what a fact rests, what is missing, what would change it. */
#include "evidence/index.h"

#include <stdlib.h>
#include <string.h>

const char *grade_text(const struct claim *claim, char out[9])
{
	if (!claim->reliability || !claim->credibility)
		return "ungraded";
	out[0] = claim->reliability;
	out[1] = (char)('0' + effective_credibility(claim));
	out[2] = '\0';
	return out;
}

const char *subject_text(struct arena *arena, enum about_kind about, const char *subject, const char *version)
{
	return arena_printf(arena, "%s %s%s%s", about_kind_name(about), subject, version ? " at " : "",
			    version ? version : "");
}

static const char *origins_text(struct arena *arena, size_t count)
{
	return arena_printf(arena, "%zu independent origin%s", count, count == 1 ? "" : "s");
}

/* "FT, NCSC and 3 more": the names that stand for a value, or all names where value is NULL. */
static const char *names_text(struct arena *arena, const struct fact *fact, const char *value, bool supporting)
{
	enum { SHOWN = 4 };
	const char *text = NULL;
	size_t count = 0;

	for (size_t i = 0; i < fact->origin_count; i++) {
		const struct origin *origin = &fact->origins[i];

		if (supporting && !origin->supports)
			continue;
		if (value ? strcmp(origin->value, value) != 0 : i && !strcmp(origin->name, fact->origins[i - 1].name))
			continue;
		if (count++ < SHOWN)
			text = arena_printf(arena, "%s%s%s", text ? text : "", text ? ", " : "", origin->name);
	}
	return count > SHOWN ? arena_printf(arena, "%s and %zu more", text, count - SHOWN) : text ? text : "nobody";
}

static const char *said_values(struct arena *arena, const struct fact *fact)
{
	enum { SHOWN = 4 };
	const char *text = "", *last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < fact->origin_count && count < SHOWN; i++) {
		const struct origin *origin = &fact->origins[i];
		bool before = false;

		for (size_t k = 0; k < i && !before; k++)
			before = !strcmp(fact->origins[k].value, origin->value);
		if (before)
			continue;
		text = arena_printf(arena, "%s%s%s (%s)", text, last ? "; " : "", origin->value,
				    names_text(arena, fact, origin->value, false));
		last = origin->value;
		count++;
	}
	return text;
}

/* The claim that comes closest to counting; of several the first. */
static uint32_t nearest_claim(const struct evidence *evidence, const struct fact *fact)
{
	uint32_t nearest = NO_CLAIM;

	for (size_t i = 0; i < fact->claim_count; i++)
		if (nearest == NO_CLAIM ||
		    evidence->claims[fact->claims[i]].standing < evidence->claims[nearest].standing)
			nearest = fact->claims[i];
	return nearest;
}

/* Why not even one claim counts: the standing of the one that comes closest. */
static const char *why_nothing_counts(const struct evidence *evidence, const struct fact *fact)
{
	static const char *const texts[CLAIM_STANDINGS] = {
		[CLAIM_COUNTS] = "one body is reported with different values",
		[CLAIM_BELOW] = "no claim is graded well enough for its kind",
		[CLAIM_NOT_YET] = "every claim is dated later",
		[CLAIM_EXPIRED] = "every claim has expired",
		[CLAIM_SUPERSEDED] = "every claim has been replaced",
		[CLAIM_PLANNED] = "only plans and promises say so",
		[CLAIM_WITHOUT] = "every claim is left out",
		[CLAIM_NO_DECISION] = "no decision says so",
	};
	uint32_t nearest = nearest_claim(evidence, fact);

	return texts[nearest == NO_CLAIM ? CLAIM_WITHOUT : evidence->claims[nearest].standing];
}

const char *why_of_fact(const struct evidence *evidence, const struct fact *fact, uint32_t needed)
{
	struct arena *arena = evidence->arena;

	switch (fact->status) {
	case FACT_KNOWN:
		return arena_printf(arena, "%s: %s%s (%s), %u needed%s", fact->value,
				    origins_text(arena, fact->support), fact->judgement_of ? ", a judgement" : "",
				    names_text(arena, fact, fact->value, true), needed,
				    fact->planned ? "; as planned" : "");
	case FACT_CONFLICT:
		return arena_printf(arena, "claims disagree: %s", said_values(arena, fact));
	case FACT_UNKNOWN:
		break;
	}
	if (fact->support)
		return arena_printf(arena, "%s, %u needed", origins_text(arena, fact->support), needed);
	return why_nothing_counts(evidence, fact);
}

/* ---- what would change it ---------------------------------------------------------------------------------------- */

static uint32_t least_needed(const struct evidence *evidence, const struct fact *fact, const char *value)
{
	uint32_t needed = UINT32_MAX;

	for (size_t i = 0; i < fact->claim_count; i++) {
		const struct claim *claim = &evidence->claims[fact->claims[i]];
		uint32_t kind = index_of(evidence)->filed[fact->claims[i]].kind;
		const struct claim_kind *row = kind_of_claim(evidence, kind);

		if (claim->standing == CLAIM_COUNTS && !strcmp(claim->value, value) && row->origins_needed < needed)
			needed = row->origins_needed;
	}
	return needed;
}

static void say_of_known(const struct evidence *evidence, const struct fact *fact, struct sink *sink)
{
	uint32_t needed = least_needed(evidence, fact, fact->value);
	char grade[9];

	sink_printf(sink, "a conflict, if %u independent origin%s as good %s something else", fact->support,
		    fact->support == 1 ? "" : "s", fact->support == 1 ? "says" : "say");
	if (needed != UINT32_MAX && fact->support >= needed) {
		const char *names = names_text(evidence->arena, fact, fact->value, true);

		if (fact->support == 1)
			sink_printf(sink, "\nunknown, if %s did not count", names);
		else
			sink_printf(sink, "\nunknown, if %u of %s did not count", fact->support - needed + 1, names);
	}
	if (fact->weakest != NO_CLAIM) {
		const struct claim *weakest = &evidence->claims[fact->weakest];

		sink_printf(sink, "\nweakest: %s (%s, %s, from %s)", weakest->name, weakest->kind,
			    grade_text(weakest, grade), weakest->origin);
	}
}

/* Of a fact without any support. */
static void say_of_unsupported(const struct evidence *evidence, const struct fact *fact, struct sink *sink)
{
	uint32_t nearest = nearest_claim(evidence, fact);
	const struct claim *claim = nearest == NO_CLAIM ? NULL : &evidence->claims[nearest];
	const struct claim_kind *row = claim ? kind_of_claim(evidence, index_of(evidence)->filed[nearest].kind) : NULL;
	char day[11];

	switch (claim ? claim->standing : CLAIM_WITHOUT) {
	case CLAIM_COUNTS:
		sink_printf(sink, "known, if %s were reported with one value only and that sufficed", claim->origin);
		return;
	case CLAIM_BELOW:
		if (!row->origins_needed)
			sink_printf(sink, "claims of kind %s are not believed in this case", row->name);
		else if (row->judgement)
			sink_text(sink, "known, if the body whose judgement it is had a name");
		else
			sink_printf(sink, "known, if %u independent origin%s said the same at %c%u or better",
				    row->origins_needed, row->origins_needed == 1 ? "" : "s", row->reliability,
				    row->credibility);
		return;
	case CLAIM_NOT_YET:
		date_print(claim->dated, day);
		sink_printf(sink, "%s counts from %s", claim->name, day);
		return;
	case CLAIM_EXPIRED:
		date_print(claim->valid_until, day);
		sink_printf(sink, "%s was valid until %s: known, if it were issued again", claim->name, day);
		return;
	case CLAIM_PLANNED:
		sink_text(sink, "known, if somebody said that it is so, not that it will be");
		return;
	case CLAIM_NO_DECISION:
		sink_text(sink, "known, if a decision or a law said so");
		return;
	case CLAIM_SUPERSEDED:
	case CLAIM_WITHOUT:
	case CLAIM_STANDINGS:
		break;
	}
	sink_text(sink, "known, if a claim of it counted");
}

const char *evidence_would_change(const struct evidence *evidence, const struct fact *fact, struct arena *arena)
{
	struct sink *sink = sink_to_memory(arena);
	size_t bytes;

	if (fact->status == FACT_KNOWN) {
		say_of_known(evidence, fact, sink);
	} else if (fact->status == FACT_CONFLICT) {
		sink_text(sink, "known, if one more independent origin at or above the threshold takes a side");
		if (fact->weakest != NO_CLAIM)
			sink_printf(sink, ", or %s did not count", evidence->claims[fact->weakest].name);
	} else if (fact->support) {
		const char *value = fact->likeliest;

		sink_printf(sink, "known, if %u more independent origin%s %s \"%s\"",
			    least_needed(evidence, fact, value) - fact->support,
			    least_needed(evidence, fact, value) - fact->support == 1 ? "" : "s",
			    least_needed(evidence, fact, value) - fact->support == 1 ? "says" : "say", value);
	} else {
		say_of_unsupported(evidence, fact, sink);
	}
	return sink_memory(sink, &bytes);
}

int64_t evidence_posterior(int64_t prior_ppb, int64_t detects_ppb)
{
	wide missed = (wide)prior_ppb * (PPB - detects_ppb); /* there, and not found */
	wide absent = (wide)(PPB - prior_ppb) * PPB;         /* not there, and not found */

	if (prior_ppb < 0 || prior_ppb > PPB || detects_ppb < 0 || detects_ppb > PPB || missed + absent == 0)
		return prior_ppb;
	return share_ppb(missed, missed + absent);
}
