/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a valid document on file? Each claim that could be one goes through the same steps, and the one that gets furthest
 * is the nearest miss, which the answer names: an old report for another version is worth knowing about. A test report
 * speaks only for the version it names; one that names none speaks for none.
 */
#include "evidence/index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Steps in the order they are taken. MEETS is the end. */
enum step {
	STEP_NONE,
	STEP_VERSION,
	STEP_TIME,
	STEP_REPLACED,
	STEP_GRADE,
	STEP_AGE,
	STEP_INDEPENDENT,
	STEP_COVERS,
	STEP_RESULT,
	MEETS
};

struct asking {
	const struct evidence *evidence;
	const struct index *index;
	const struct evidence_need *need;
	struct claim_kind kind;
	struct arena *arena;
	/* what was found so far */
	enum step furthest;
	uint32_t claim;  /* that got there */
	uint32_t *valid; /* claims that meet everything, or everything but a good result */
	size_t valid_count, valid_room;
};

/* ---- versions ---------------------------------------------------------------------------------------------------- */

static bool extends_to(const struct evidence_need *need, const struct claim *claim)
{
	switch (need->extends) {
	case EXTENDS_BUILD:
		return claim->build && need->build && !strcasecmp(claim->build, need->build);
	case EXTENDS_VERSION:
		break;
	case EXTENDS_RELEASE:
		return need->version && claim->version && version_same_release(claim->version, need->version);
	case EXTENDS_PATCHES:
		if (!need->version || !claim->version || !version_same_release(claim->version, need->version))
			return false;
		if (!strcmp(claim->version, need->version))
			return true;
		return version_compare(claim->version, need->version) < 0 && claim->dated != DATE_NONE &&
		       date_add_duration(claim->dated, need->extends_for, 1) >= need->on;
	}
	return need->version && claim->version && !strcmp(claim->version, need->version);
}

static bool speaks_for_version(const struct asking *a, const struct claim *claim)
{
	if (a->kind.for_version)
		return (claim->about == ABOUT_PRODUCT || claim->about == ABOUT_ELEMENT) && extends_to(a->need, claim);
	return !claim->version || extends_to(a->need, claim);
}

/* ---- independence ------------------------------------------------------------------------------------------------ */

static bool same_name(const struct asking *a, uint32_t knower, const char *name)
{
	uint32_t folded = find_folded(a->index->strs, name);

	return name[0] && strcmp(name, "none") && (folded == knower || name_that_counts(a->index, folded) == knower);
}

/* Who stands at the head of a group need not be a vendor: then its name is what its members share. */
static bool same_group(const struct net *net, uint32_t v, uint32_t w)
{
	const struct net_column *owner = net_column(net, NET_VENDORS, "owner_name");
	uint32_t name;

	v = net_group_of(net, v);
	w = net_group_of(net, w);
	name = owner && owner->codes ? owner->codes[v] : CODE_UNKNOWN;
	return v == w || (CODE_IS_KNOWN(name) && owner->codes[w] == name);
}

/* Whether the knower is a vendor of the group, by id, name or the name of its owner. */
static bool is_of_group(const struct asking *a, uint32_t knower, uint32_t vendor)
{
	static const char *const columns[] = { "name", "owner_name", "owner" };
	const struct net *net = a->need->net;
	char text[48];

	for (uint32_t v = 0; v < net->table[NET_VENDORS].rows; v++) {
		if (!same_group(net, v, vendor))
			continue;
		if (same_name(a, knower, net_id(net, NET_VENDORS, v)))
			return true;
		for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
			const struct net_column *column = net_column(net, NET_VENDORS, columns[i]);

			if (column && same_name(a, knower, net_cell(net, NET_VENDORS, column, v, text)))
				return true;
		}
	}
	return false;
}

static bool is_independent(const struct asking *a, uint32_t i)
{
	const struct filed *filed = &a->index->filed[i];
	uint32_t vendor;

	if (filed->anonymous || a->evidence->claims[i].independence == INDEPENDENCE_DENIED || !a->need->vendor)
		return false;
	if (same_name(a, filed->knower, a->need->vendor))
		return false;
	if (!a->need->net)
		return true;
	vendor = net_find_text(a->need->net, NET_VENDORS, a->need->vendor);
	return vendor == CODE_UNKNOWN || !is_of_group(a, filed->knower, vendor);
}

/* ---- results ----------------------------------------------------------------------------------------------------- */

static bool is_word_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(word, *words))
			return true;
	return false;
}

/* 1: good, -1: bad, 0: says neither. */
static int good_or_bad(const struct claim *claim)
{
	static const char *const good[] = { "yes", "passed", "pass", "compliant", "fulfilled", NULL };
	static const char *const bad[] = { "no", "failed", "fail", "not-compliant", "not-fulfilled", "rejected", NULL };

	if (!claim->attribute)
		return 0;
	return is_word_of(claim->value, good) ? 1 : is_word_of(claim->value, bad) ? -1 : 0;
}

/* Of these attributes a bad value means that the document does not give what was asked for. */
static bool is_bad_result(const struct claim *claim)
{
	static const char *const results[] = { "result", "outcome", "verdict", "passed", NULL };

	if (!claim->attribute || good_or_bad(claim) >= 0)
		return false;
	return is_word_of(claim->attribute, results) || !strncmp(claim->attribute, "scas:", 5) ||
	       !strncmp(claim->attribute, "nesas:", 6);
}

static int by_attribute(const void *x, const void *y)
{
	const struct claim *a = *(const struct claim *const *)x, *b = *(const struct claim *const *)y;
	int order = strcmp(a->attribute, b->attribute);

	return order ? order : good_or_bad(a) - good_or_bad(b);
}

/* Does one valid claim say yes (passed) where another says no (failed)? */
static bool contradict(const struct asking *a)
{
	const struct claim **claims = arena_array(a->arena, a->valid_count, sizeof *claims);
	size_t n = 0;

	for (size_t i = 0; i < a->valid_count; i++) {
		const struct claim *claim = &a->evidence->claims[a->valid[i]];

		if (good_or_bad(claim))
			claims[n++] = claim;
	}
	qsort(claims, n, sizeof *claims, by_attribute);
	for (size_t i = 1; i < n; i++)
		if (!strcmp(claims[i]->attribute, claims[i - 1]->attribute) &&
		    good_or_bad(claims[i]) != good_or_bad(claims[i - 1]))
			return true;
	return false;
}

/* ---- the steps --------------------------------------------------------------------------------------------------- */

static bool covers_enough(const struct evidence_need *need, const struct claim *claim)
{
	if (need->covers < 0)
		return true;
	if (claim->covers < need->covers)
		return false;
	return !need->covers_what || (claim->covers_what && !strcmp(claim->covers_what, need->covers_what));
}

static enum step stopped_at(const struct asking *a, uint32_t i)
{
	const struct claim *claim = &a->evidence->claims[i];
	const struct evidence_need *need = a->need;
	bool planned = is_planned_kind(claim->kind);

	if (!speaks_for_version(a, claim))
		return STEP_VERSION;
	if (!planned && !claim_in_time(claim, need->on))
		return STEP_TIME;
	if (claim->standing == CLAIM_SUPERSEDED)
		return STEP_REPLACED;
	if (!planned && (!a->kind.origins_needed || (a->kind.judgement && a->index->filed[i].anonymous) ||
			 !kind_accepts(&a->kind, claim->reliability, effective_credibility(claim))))
		return STEP_GRADE;
	if (!planned && need->not_before != DATE_NONE && (claim->dated == DATE_NONE || claim->dated < need->not_before))
		return STEP_AGE;
	if (need->independent && !is_independent(a, i))
		return STEP_INDEPENDENT;
	if (!covers_enough(need, claim))
		return STEP_COVERS;
	return is_bad_result(claim) ? STEP_RESULT : MEETS;
}

/* Of SCAS results only that of the specification which applies to the function; where that is not known, any. */
static bool is_applicable(const struct asking *a, const struct claim *claim)
{
	if (strcmp(claim->kind, "scas") || !claim->attribute || strncmp(claim->attribute, "scas:", 5))
		return true;
	if (strstr(claim->attribute, ":cases"))
		return false;
	return !a->need->function || !strcmp(claim->attribute + 5, scas_of_function(a->need->function).ts);
}

static bool is_of_kind(const struct asking *a, const struct claim *claim)
{
	if (!strcmp(claim->kind, a->need->kind))
		return !is_planned_kind(claim->kind) && is_applicable(a, claim);
	return a->index->weighing.assume_plan && !strcmp(claim->kind, "planned") && claim->plans &&
	       !strcmp(claim->plans, a->need->kind);
}

/* Of two that got equally far the later one, of one day the one whose name comes first; and what is there before what
 * is planned. */
static bool is_nearer(const struct asking *a, enum step step, const struct claim *claim)
{
	const struct claim *best;
	bool planned = is_planned_kind(claim->kind);

	if (a->claim == NO_CLAIM || step != a->furthest)
		return a->claim == NO_CLAIM || step > a->furthest;
	best = &a->evidence->claims[a->claim];
	if (planned != is_planned_kind(best->kind))
		return !planned;
	if (claim->dated != best->dated)
		return claim->dated > best->dated;
	return strcmp(claim->name, best->name) < 0;
}

static void ask_about(struct asking *a, enum about_kind about, const char *subject)
{
	size_t count = 0;
	const uint32_t *claims = subject && subject[0] ? evidence_about(a->evidence, about, subject, &count) : NULL;

	for (size_t i = 0; i < count; i++) {
		const struct claim *claim = &a->evidence->claims[claims[i]];
		enum step step;

		if (claim->standing == CLAIM_WITHOUT || !is_of_kind(a, claim))
			continue;
		step = stopped_at(a, claims[i]);
		if (is_nearer(a, step, claim)) {
			a->claim = claims[i];
			a->furthest = step;
		}
		if (step < STEP_RESULT)
			continue;
		if (a->valid_count == a->valid_room) {
			uint32_t *more = arena_array(a->arena, a->valid_room * 2 + 8, sizeof *more);

			if (a->valid_count)
				memcpy(more, a->valid, a->valid_count * sizeof *more);
			a->valid = more;
			a->valid_room = a->valid_room * 2 + 8;
		}
		a->valid[a->valid_count++] = claims[i];
	}
}

static int by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

static size_t count_origins(const struct asking *a)
{
	uint32_t *knowers = arena_array(a->arena, a->valid_count, sizeof *knowers);
	size_t n = 0, distinct = 0;

	for (size_t i = 0; i < a->valid_count; i++)
		if (!is_bad_result(&a->evidence->claims[a->valid[i]]))
			knowers[n++] = a->index->filed[a->valid[i]].stand;
	qsort(knowers, n, sizeof *knowers, by_number);
	for (size_t i = 0; i < n; i++)
		distinct += !i || knowers[i] != knowers[i - 1];
	return distinct;
}

/* ---- why not ----------------------------------------------------------------------------------------------------- */

static const char *why_not_version(const struct asking *a, const struct claim *claim)
{
	const struct evidence_need *need = a->need;

	if (need->extends == EXTENDS_BUILD)
		return arena_printf(a->arena, "%s %s is for build %s, not %s", claim->kind, claim->name,
				    claim->build ? claim->build : "(not named)",
				    need->build ? need->build : "(not known)");
	if (!claim->version)
		return arena_printf(a->arena, "%s %s names no version, so it speaks for none", claim->kind,
				    claim->name);
	if (!need->version)
		return arena_printf(a->arena, "%s %s is for version %s, and what is installed is not known",
				    claim->kind, claim->name, claim->version);
	if (need->extends == EXTENDS_PATCHES && version_same_release(claim->version, need->version) &&
	    version_compare(claim->version, need->version) < 0)
		return arena_printf(a->arena, "%s %s is for version %s, too long ago to extend to %s", claim->kind,
				    claim->name, claim->version, need->version);
	return arena_printf(a->arena, "%s %s is for version %s, not %s", claim->kind, claim->name, claim->version,
			    need->version);
}

static const char *why_not_covers(const struct asking *a, const struct claim *claim)
{
	const struct evidence_need *need = a->need;
	char has[32], needs[32];

	if (claim->covers < 0)
		return arena_printf(a->arena, "%s %s does not say how much it covers", claim->kind, claim->name);
	ppb_print_percent(claim->covers, has);
	ppb_print_percent(need->covers, needs);
	return arena_printf(a->arena, "%s %s covers %s%s%s, %s%s%s is needed", claim->kind, claim->name, has,
			    claim->covers_what ? " of " : "", claim->covers_what ? claim->covers_what : "", needs,
			    need->covers_what ? " of " : "", need->covers_what ? need->covers_what : "");
}

static const char *why_not_grade(const struct asking *a, const struct claim *claim)
{
	char grade[9];

	if (!a->kind.origins_needed)
		return arena_printf(a->arena, "claims of kind %s are not believed in this case", a->kind.name);
	if (a->kind.judgement && a->index->filed[a->claim].anonymous)
		return arena_printf(a->arena, "%s %s names nobody whose judgement it is", claim->kind, claim->name);
	return arena_printf(a->arena, "%s %s is %s%s, %c%u or better is needed", claim->kind, claim->name,
			    claim->reliability ? "graded " : "", grade_text(claim, grade), a->kind.reliability,
			    a->kind.credibility);
}

static const char *why_not_time(const struct asking *a, const struct claim *claim)
{
	char day[11];

	if (claim->dated != DATE_NONE && claim->dated > a->need->on) {
		date_print(claim->dated, day);
		return arena_printf(a->arena, "%s %s is dated later, %s", claim->kind, claim->name, day);
	}
	date_print(claim->valid_until, day);
	return arena_printf(a->arena, "%s %s was valid until %s", claim->kind, claim->name, day);
}

static const char *why_not_age(const struct asking *a, const struct claim *claim)
{
	char day[11], needed[11];

	if (claim->dated == DATE_NONE)
		return arena_printf(a->arena, "%s %s is not dated", claim->kind, claim->name);
	date_print(claim->dated, day);
	date_print(a->need->not_before, needed);
	return arena_printf(a->arena, "%s %s is of %s, before %s", claim->kind, claim->name, day, needed);
}

static const char *what_is_asked_about(const struct asking *a)
{
	const struct evidence_need *need = a->need;

	if (need->product)
		return subject_text(a->arena, ABOUT_PRODUCT, need->product, need->version);
	if (need->element)
		return subject_text(a->arena, ABOUT_ELEMENT, need->element, NULL);
	if (need->vendor)
		return subject_text(a->arena, ABOUT_VENDOR, need->vendor, NULL);
	return need->function ? subject_text(a->arena, ABOUT_FUNCTION, need->function, NULL) : "it";
}

static const char *why_not(const struct asking *a, size_t origins)
{
	const struct claim *claim;

	if (a->claim == NO_CLAIM)
		return arena_printf(a->arena, "no %s for %s is on file", a->need->kind, what_is_asked_about(a));
	claim = &a->evidence->claims[a->claim];
	switch (a->furthest) {
	case STEP_VERSION:
		return why_not_version(a, claim);
	case STEP_TIME:
		return why_not_time(a, claim);
	case STEP_REPLACED:
		return arena_printf(a->arena, "%s %s has been replaced by a later one of %s", claim->kind, claim->name,
				    claim->origin);
	case STEP_GRADE:
		return why_not_grade(a, claim);
	case STEP_AGE:
		return why_not_age(a, claim);
	case STEP_INDEPENDENT:
		return arena_printf(a->arena, "%s %s is from %s, which is not independent of vendor %s", claim->kind,
				    claim->name, claim->origin, a->need->vendor ? a->need->vendor : "(not known)");
	case STEP_COVERS:
		return why_not_covers(a, claim);
	case STEP_RESULT:
		return arena_printf(a->arena, "%s %s says %s = %s", claim->kind, claim->name, claim->attribute,
				    claim->value);
	case STEP_NONE:
	case MEETS:
		break;
	}
	return arena_printf(a->arena, "%s %s has %zu independent origin%s, %u are needed", claim->kind, claim->name,
			    origins, origins == 1 ? "" : "s", a->kind.origins_needed);
}

struct evidence_answer evidence_ask(const struct evidence *evidence, const struct evidence_need *need,
				    struct arena *arena)
{
	struct asking a = {
		.evidence = evidence, .index = index_of(evidence), .need = need, .arena = arena, .claim = NO_CLAIM
	};
	struct evidence_answer answer = { .claim = NO_CLAIM, .why = "" };
	size_t origins;

	assert(a.index->weighed);
	a.kind = *kind_of_name(evidence, need->kind, arena);
	ask_about(&a, ABOUT_PRODUCT, need->product);
	ask_about(&a, ABOUT_ELEMENT, need->element);
	ask_about(&a, ABOUT_VENDOR, need->vendor);
	ask_about(&a, ABOUT_FUNCTION, need->function);
	origins = count_origins(&a);
	answer.claim = a.claim;
	answer.conflict = contradict(&a);
	answer.met = a.furthest == MEETS && origins >= a.kind.origins_needed;
	answer.planned = answer.met && is_planned_kind(evidence->claims[a.claim].kind);
	if (!answer.met)
		answer.why = why_not(&a, origins);
	return answer;
}
