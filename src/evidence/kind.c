/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds of subjects and kinds of claims, and what is asked of each kind before it is believed. The default is a table;
 * a case changes a row with a `believe` clause:
 *
 *     believe report with 2 origins at C3
 *     believe audit with 1 origin at B2 or ungraded
 *     believe statement never
 */
#include "evidence/index.h"

#include <string.h>

static const char *const about_names[ABOUT_KINDS] = {
	[ABOUT_VENDOR] = "vendor",     [ABOUT_PRODUCT] = "product",   [ABOUT_ELEMENT] = "element",
	[ABOUT_SITE] = "site",         [ABOUT_FUNCTION] = "function", [ABOUT_COUNTRY] = "country",
	[ABOUT_OPERATOR] = "operator", [ABOUT_PROPOSAL] = "proposal", [ABOUT_CONCLUSION] = "conclusion",
};

const char *about_kind_name(enum about_kind about)
{
	return about_names[about];
}

/* name, origins, reliability, credibility, ungraded as issued, for a version only, judgement, help */
const struct claim_kind claim_kinds[] = {
	{ "law", 1, 'B', 2, true, false, false, "an act in force: its text says so" },
	{ "decision", 1, 'B', 2, true, false, false, "an authority decided, by an instrument, with a scope" },
	{ "proceeding", 1, 'B', 2, true, false, false, "a court or an authority has opened or closed a case" },
	{ "audit", 1, 'B', 2, true, false, false, "an auditor examined an organisation or a process" },
	{ "nesas-audit", 1, 'B', 2, true, false, false,
	  "a GSMA NESAS audit of development and life cycle (FS.15, FS.16)" },
	{ "test-report", 1, 'B', 2, true, true, false, "a laboratory tested one version of a product" },
	{ "scas", 1, 'B', 2, true, true, false,
	  "the result of one 3GPP security assurance specification, of a version" },
	{ "advisory", 1, 'B', 2, true, true, false,
	  "an issuer's advisory or VEX statement about versions of a product" },
	{ "bill-of-materials", 1, 'B', 2, true, true, false, "what a version of a product holds inside" },
	{ "mitigation-strategy", 1, 'B', 2, true, false, false, "a document that says how a risk is kept small" },
	{ "probe", 1, 'F', 6, true, false, true,
	  "somebody looked: shown as that body's judgement, with what it covered" },
	{ "assessment", 1, 'F', 6, true, false, true, "somebody judged: shown as that body's judgement" },
	{ "statement", 2, 'C', 3, false, false, false, "somebody said so" },
	{ "report", 2, 'C', 3, false, false, false, "somebody reported it" },
	{ "incident", 2, 'C', 3, false, false, false, "something happened, as reported" },
	{ "promise", 0, 'F', 6, true, false, false, "open until somebody else says that it was kept; never a fact" },
	{ "planned", 0, 'F', 6, true, false, false, "what would be so if the plan were carried out; never a fact" },
};
const size_t claim_kind_count = sizeof claim_kinds / sizeof *claim_kinds;

/* A kind that only a policy and a claim know: a document, believed as issued. */
static const struct claim_kind other_kind = { "", 1, 'B', 2, true, false, false, "" };

const struct claim_kind *claim_kind_find(const char *name)
{
	for (size_t i = 0; i < claim_kind_count; i++)
		if (!strcmp(claim_kinds[i].name, name))
			return &claim_kinds[i];
	return NULL;
}

bool is_planned_kind(const char *kind)
{
	return !strcmp(kind, "planned") || !strcmp(kind, "promise");
}

/* ---- overrides ------------------------------------------------------------------------------------------------------
 */

struct believe {
	struct believe *next; /* the later clause stands first and wins */
	struct claim_kind row;
};

const struct claim_kind *kind_of_name(const struct evidence *evidence, const char *kind, struct arena *arena)
{
	const struct claim_kind *row = claim_kind_find(kind);
	struct claim_kind *other;

	for (const struct believe *b = evidence->believe; b; b = b->next)
		if (!strcmp(b->row.name, kind))
			return &b->row;
	if (row)
		return row;
	other = arena_alloc(arena, sizeof *other);
	*other = other_kind;
	other->name = arena_text(arena, kind, strlen(kind));
	return other;
}

/* Kinds are few and claims are many: each kind is looked up once. */
void kinds_settle(struct evidence *evidence)
{
	struct index *index = index_of(evidence);

	index->kinds = arena_array(evidence->arena, strs_count(index->strs), sizeof(struct claim_kind *));
	for (uint32_t i = 0; i < evidence->claim_count; i++) {
		uint32_t kind = index->filed[i].kind;

		if (!index->kinds[kind])
			index->kinds[kind] = kind_of_name(evidence, strs_text(index->strs, kind), evidence->arena);
	}
}

const struct claim_kind *kind_of_claim(const struct evidence *evidence, uint32_t kind)
{
	return index_of(evidence)->kinds[kind];
}

/*
 * F and 6 are "can't be judged", not worse than E and 5 (AJP-2.1); but what can't be judged reaches no threshold
 * either, so the order of the letters and digits is the order that is needed here.
 */
bool kind_accepts(const struct claim_kind *row, char reliability, uint8_t credibility)
{
	if (!reliability || !credibility)
		return row->ungraded_ok;
	return reliability <= row->reliability && credibility <= row->credibility;
}

uint8_t effective_credibility(const struct claim *claim)
{
	return claim->capped && claim->credibility == 1 ? 2 : claim->credibility;
}

void warn_of_kind(struct reader *reader, const struct token *kind)
{
	const char *names[sizeof claim_kinds / sizeof *claim_kinds];
	const char *nearest;

	if (claim_kind_find(kind->text))
		return;
	for (size_t i = 0; i < claim_kind_count; i++)
		names[i] = claim_kinds[i].name;
	nearest = nearest_text(kind->text, names, claim_kind_count);
	if (nearest)
		reader_warning(reader, kind, "unknown-kind",
			       "\"%s\" is a kind of claim of your own: believed as a document (did you mean \"%s\"?)",
			       kind->text, nearest);
	else
		reader_warning(reader, kind, "unknown-kind",
			       "\"%s\" is a kind of claim of your own: believed as a document", kind->text);
}

bool read_grade(struct reader *reader, char *reliability, uint8_t *credibility)
{
	const struct token *grade = reader_name(reader, "a grade such as B2");

	if (!grade)
		return false;
	if (strlen(grade->text) != 2 || grade->text[0] < 'A' || grade->text[0] > 'F' || grade->text[1] < '1' ||
	    grade->text[1] > '6') {
		reader_error(reader, grade, "bad-grade", NULL, 0,
			     "\"%s\" is no grade: a letter A to F and a digit 1 to 6, such as B2", grade->text);
		return false;
	}
	*reliability = grade->text[0];
	*credibility = (uint8_t)(grade->text[1] - '0');
	return true;
}

static bool read_threshold(struct reader *reader, struct claim_kind *row)
{
	enum { MOST_ORIGINS = 100 }; /* more independent origins than any case has */
	const struct token *number;
	int64_t origins;

	if (reader_take(reader, "never")) {
		row->origins_needed = 0;
		return true;
	}
	reader_take(reader, "with");
	number = reader->at;
	if (!reader_number(reader, "how many origins, or \"never\"", &origins))
		return false;
	if (origins < MICRO || origins > (int64_t)MOST_ORIGINS * MICRO || origins % MICRO) {
		reader_error(reader, number, "bad-number", NULL, 0, "%s origins: a whole number from 1 to %d",
			     number->text, MOST_ORIGINS);
		return false;
	}
	row->origins_needed = (uint8_t)(origins / MICRO);
	if (!reader_take(reader, "origin") && !reader_expect(reader, "origins"))
		return false;
	row->reliability = 'F';
	row->credibility = 6;
	row->ungraded_ok = true;
	if (!reader_take(reader, "at"))
		return true;
	if (!read_grade(reader, &row->reliability, &row->credibility))
		return false;
	row->ungraded_ok = reader_take(reader, "or");
	return !row->ungraded_ok || reader_expect(reader, "ungraded");
}

void evidence_believe(struct evidence *evidence, struct reader *reader)
{
	const struct token *kind = reader_name(reader, "a kind of claim");
	struct believe *believe;

	if (!kind)
		return;
	if (is_planned_kind(kind->text)) {
		reader_error(reader, kind, "bad-believe", NULL, 0, "a claim of kind %s is never a fact", kind->text);
		return;
	}
	if (!claim_kind_find(kind->text))
		warn_of_kind(reader, kind);
	believe = arena_alloc(evidence->arena, sizeof *believe);
	believe->row = *kind_of_name(evidence, kind->text, evidence->arena);
	believe->row.name = arena_text(evidence->arena, kind->text, strlen(kind->text));
	if (!read_threshold(reader, &believe->row) || !reader_end(reader))
		return;
	believe->next = evidence->believe;
	evidence->believe = believe;
	index_of(evidence)->weighed = false;
}
