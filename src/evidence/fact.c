/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What claims add up to. Claims of one fact (about, subject, version, attribute) are sorted side by side; those of one
 * knower with one value are an origin's row; rows that count are the support of their value. A value is believed where
 * its support reaches what the kind of one of its claims asks for; the believed value with the most support is the
 * fact, and a tie is a conflict. `none-found` is no value like others: it says how a search ended, so it never outvotes
 * what somebody did find, and it is never "no". Everything is sorted by text, so that the order of reading changes
 * nothing.
 */
#include "evidence/index.h"

#include <stdlib.h>
#include <string.h>

/* One claim on its way into a fact: ranks of texts in bytewise order, so that numbers sort as the texts do. */
struct row {
	uint32_t about, subject, version, attribute; /* the fact */
	uint32_t knower, value;                      /* the origin's row */
	uint32_t name, claim;
};

/* A row of an origin while it is weighed. */
struct voice {
	uint32_t knower, value;  /* ids */
	uint32_t first, count;   /* rows, from the fact's first */
	uint32_t passing;        /* claims that count */
	uint32_t needed;         /* the least that one of them asks for */
	bool claimed;            /* in time and no plan: good enough or not */
	bool judgement, planned; /* all that count are */
	bool supports;
};

struct tally {
	const struct voice **voices; /* of one value */
	size_t count;
	uint32_t value, support, needed;
	bool believed, claimed, circular;
};

struct weigh {
	struct evidence *evidence;
	struct index *index;
	const uint32_t *ranks; /* id to rank */
	uint32_t *shown;       /* knower to the spelling that is shown */
	uint32_t none_found;
	/* room for the largest fact, used again and again */
	struct voice *voices;
	const struct voice **by_value;
	struct tally *tallies;
	struct circles circles;
};

static int by_fact(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

#define ORDER(field)                                                                                                   \
	if (x->field != y->field)                                                                                      \
	return x->field < y->field ? -1 : 1
	ORDER(about);
	ORDER(subject);
	ORDER(version);
	ORDER(attribute);
	ORDER(knower);
	ORDER(value);
	ORDER(name);
#undef ORDER
	return 0;
}

static bool same_fact(const struct row *x, const struct row *y)
{
	return x->about == y->about && x->subject == y->subject && x->version == y->version &&
	       x->attribute == y->attribute;
}

static int by_value(const void *a, const void *b)
{
	const struct voice *x = *(const struct voice *const *)a, *y = *(const struct voice *const *)b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->first < y->first ? -1 : 1;
}

/* ---- origins ----------------------------------------------------------------------------------------------------- */

static void count_claim(const struct weigh *w, struct voice *voice, const struct row *row)
{
	const struct claim *claim = &w->evidence->claims[row->claim];
	const struct claim_kind *kind = kind_of_claim(w->evidence, w->index->filed[row->claim].kind);
	bool planned = is_planned_kind(claim->kind);
	uint32_t needed = planned ? 1 : kind->origins_needed;

	voice->claimed = voice->claimed || claim->standing == CLAIM_COUNTS || claim->standing == CLAIM_BELOW;
	if (claim->standing != CLAIM_COUNTS)
		return;
	voice->judgement = kind->judgement && (voice->judgement || !voice->passing);
	voice->planned = planned && (voice->planned || !voice->passing);
	if (!voice->passing || needed < voice->needed)
		voice->needed = needed;
	voice->passing++;
}

/* The rows of origins of one fact, and which of them support: good enough, and not contradicted by the same body. */
static size_t hear(struct weigh *w, const struct row *rows, size_t count)
{
	size_t n = 0, end;

	for (size_t i = 0; i < count; i = end, n++) {
		const struct filed *filed = &w->index->filed[rows[i].claim];

		w->voices[n] = (struct voice){ .knower = filed->knower, .value = filed->value, .first = (uint32_t)i };
		for (end = i; end < count && rows[end].knower == rows[i].knower && rows[end].value == rows[i].value;
		     end++)
			count_claim(w, &w->voices[n], &rows[end]);
		w->voices[n].count = (uint32_t)(end - i);
	}
	for (size_t i = 0; i < n; i = end) {
		uint32_t now = 0, then = 0; /* values it stands by, and values it plans */

		for (end = i; end < n && w->voices[end].knower == w->voices[i].knower; end++) {
			now += w->voices[end].passing && !w->voices[end].planned;
			then += w->voices[end].passing && w->voices[end].planned;
		}
		for (size_t k = i; k < end; k++)
			w->voices[k].supports =
				w->voices[k].passing && (then ? then == 1 && w->voices[k].planned : now == 1);
	}
	return n;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* How many of the voices that support a value are independent of each other; planned ones may be left out. */
static uint32_t count_independent(struct weigh *w, const struct row *rows, const struct tally *t, bool planned_too)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->voices[i]->supports && (planned_too || !t->voices[i]->planned))
			circles_add(&w->circles, w->index->filed[rows[t->voices[i]->first].claim].stand);
	for (size_t i = 0; i < t->count && w->circles.count > 1; i++) {
		const struct voice *voice = t->voices[i];

		if (!voice->supports || (!planned_too && voice->planned))
			continue;
		for (uint32_t k = voice->first; k < voice->first + voice->count; k++) {
			const struct filed *filed = &w->index->filed[rows[k].claim];

			if (w->evidence->claims[rows[k].claim].standing != CLAIM_COUNTS)
				continue;
			for (uint32_t n = 0; n < filed->name_count; n++)
				circles_pass(&w->circles, circles_add(&w->circles, filed->stand), filed->names[n]);
		}
	}
	return circles_close(&w->circles);
}

static size_t tally(struct weigh *w, const struct row *rows, size_t voices)
{
	size_t n = 0, end;

	for (size_t i = 0; i < voices; i++)
		w->by_value[i] = &w->voices[i];
	qsort(w->by_value, voices, sizeof *w->by_value, by_value);
	for (size_t i = 0; i < voices; i = end, n++) {
		struct tally *t = &w->tallies[n];

		*t = (struct tally){ .voices = &w->by_value[i], .value = w->by_value[i]->value };
		for (end = i; end < voices && w->by_value[end]->value == t->value; end++) {
			const struct voice *voice = w->by_value[end];

			t->claimed = t->claimed || voice->claimed;
			if (!voice->supports)
				continue;
			if (!t->support++ || voice->needed < t->needed)
				t->needed = voice->needed;
		}
		t->count = end - i;
		if (t->support > 1) {
			t->support = count_independent(w, rows, t, true);
			t->circular = w->circles.circular;
		}
		t->believed = t->support && t->support >= t->needed;
	}
	return n;
}

/* A search that found nothing gives way to whoever found something: it is set aside where another value stands equally.
 */
static void set_aside_none_found(struct weigh *w, size_t tallies)
{
	struct tally *none = NULL;
	bool believed = false, claimed = false;

	for (size_t i = 0; i < tallies; i++) {
		if (w->tallies[i].value == w->none_found) {
			none = &w->tallies[i];
			continue;
		}
		believed = believed || w->tallies[i].believed;
		claimed = claimed || w->tallies[i].claimed;
	}
	if (!none)
		return;
	if (believed)
		none->believed = false;
	if (claimed && !none->believed)
		none->claimed = false;
}

/* Do two different bodies claim different values? */
static bool disagree(const struct weigh *w, size_t tallies)
{
	uint32_t knower = STR_ABSENT, values = 0;
	bool several = false;

	for (size_t i = 0; i < tallies; i++) {
		const struct tally *t = &w->tallies[i];

		if (!t->claimed)
			continue;
		values++;
		for (size_t k = 0; k < t->count; k++) {
			if (!t->voices[k]->claimed)
				continue;
			several = several || (knower != STR_ABSENT && knower != t->voices[k]->knower);
			knower = t->voices[k]->knower;
		}
	}
	return values > 1 && several;
}

/* Decides; returns the tally of the value where it is known. needed: what a believed value has, or the likeliest one
 * lacks. */
static const struct tally *decide(struct weigh *w, size_t tallies, struct fact *fact, uint32_t *needed)
{
	const struct tally *best = NULL, *likeliest = NULL;
	bool tie = false;

	set_aside_none_found(w, tallies);
	for (size_t i = 0; i < tallies; i++) {
		const struct tally *t = &w->tallies[i];

		if (!likeliest || t->support > likeliest->support ||
		    (t->support == likeliest->support && w->ranks[t->value] < w->ranks[likeliest->value]))
			likeliest = t;
		if (!t->believed)
			continue;
		tie = best && (best->support == t->support || (tie && best->support > t->support));
		if (!best || t->support > best->support)
			best = t;
	}
	fact->support = best ? best->support : likeliest->support;
	fact->circular = best ? best->circular : likeliest->circular;
	fact->likeliest = strs_text(w->index->strs, likeliest->value);
	*needed = best ? best->needed : likeliest->support ? likeliest->needed : 0;
	if (best && !tie) {
		fact->status = FACT_KNOWN;
		fact->value = strs_text(w->index->strs, best->value);
		return best;
	}
	fact->status = best || disagree(w, tallies) ? FACT_CONFLICT : FACT_UNKNOWN;
	return NULL;
}

/* ---- what is shown with it --------------------------------------------------------------------------------------- */

/* Larger is weaker. What is not graded stands between what is good enough by default and what is not. */
static uint32_t weakness(const struct claim *claim)
{
	uint32_t grade = claim->reliability && claim->credibility
				 ? (uint32_t)(claim->reliability - 'A') * 6 + effective_credibility(claim) - 1u
				 : 3 * 6 - 1;
	uint32_t chain = claim->through_count > 255 ? 255 : (uint32_t)claim->through_count;

	return grade << 8 | chain;
}

/* The claim that holds least and that others do not hold up: of the origins with fewest claims, the worst graded. */
static uint32_t weakest_claim(const struct weigh *w, const struct fact *fact, const struct row *rows, size_t voices,
			      const struct tally *value)
{
	uint32_t found = NO_CLAIM, fewest = UINT32_MAX, worst = 0;

	if (fact->status == FACT_UNKNOWN)
		return NO_CLAIM;
	for (size_t i = 0; i < voices; i++) {
		const struct voice *voice = &w->voices[i];
		bool counts = fact->support ? voice->supports : voice->claimed;

		if (!counts || (value && voice->value != value->value) || voice->passing > fewest)
			continue;
		if (voice->passing < fewest)
			worst = 0;
		fewest = voice->passing;
		for (uint32_t k = voice->first; k < voice->first + voice->count; k++) {
			const struct claim *claim = &w->evidence->claims[rows[k].claim];

			if (claim->standing != CLAIM_COUNTS && (fact->support || claim->standing != CLAIM_BELOW))
				continue;
			if (weakness(claim) + 1 > worst) {
				worst = weakness(claim) + 1;
				found = rows[k].claim;
			}
		}
	}
	return found;
}

static void say_on_what_it_rests(struct weigh *w, struct fact *fact, const struct row *rows, const struct tally *value)
{
	uint32_t as_things_are = 0, needed = UINT32_MAX, named = 0;
	const char *whose = NULL;
	bool judgement = true;

	for (size_t i = 0; i < value->count; i++) {
		const struct voice *voice = value->voices[i];

		if (!voice->supports)
			continue;
		if (!voice->planned) {
			as_things_are++;
			needed = voice->needed < needed ? voice->needed : needed;
		}
		judgement = judgement && voice->judgement;
		if (judgement && named < 3)
			whose = arena_printf(w->evidence->arena, "%s%s%s", whose ? whose : "", whose ? ", " : "",
					     strs_text(w->index->strs, w->shown[voice->knower]));
		named++;
	}
	if (as_things_are > 1)
		as_things_are = count_independent(w, rows, value, false);
	fact->planned = as_things_are == 0 || as_things_are < needed;
	if (judgement)
		fact->judgement_of =
			named > 3 ? arena_printf(w->evidence->arena, "%s and %u more", whose, named - 3) : whose;
}

static void fill_origins(const struct weigh *w, struct fact *fact, const struct row *rows, size_t count, size_t voices,
			 struct origin *origins, uint32_t *claims)
{
	uint32_t stands = 0; /* values of this body that are no plan and not replaced since */

	for (size_t i = 0; i < count; i++)
		claims[i] = rows[i].claim;
	fact->claims = claims;
	fact->claim_count = count;
	fact->origins = origins;
	fact->origin_count = voices;
	for (size_t i = 0; i < voices; i++) {
		const struct voice *voice = &w->voices[i];
		bool first = !i || w->voices[i - 1].knower != voice->knower;

		origins[i] = (struct origin){
			.name = strs_text(w->index->strs, w->shown[voice->knower]),
			.value = strs_text(w->index->strs, voice->value),
			.claims = claims + voice->first,
			.claim_count = voice->count,
			.supports = voice->supports,
		};
		fact->origin_names += first;
		stands = (first ? 0 : stands) + (voice->claimed && !voice->planned);
		fact->discrepancy = fact->discrepancy || stands > 1;
	}
}

/* What is said too late, no longer, or only planned is not said on that day. A voice that is not believed is heard. */
static bool is_silent(const struct weigh *w, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		switch (w->evidence->claims[rows[i].claim].standing) {
		case CLAIM_COUNTS:
		case CLAIM_BELOW:
		case CLAIM_NO_DECISION:
			return false;
		default:
			break;
		}
	return true;
}

static void weigh_one(struct weigh *w, const struct row *rows, size_t count, struct fact *fact, struct origin *origins,
		      uint32_t *claims)
{
	const struct filed *filed = &w->index->filed[rows[0].claim];
	size_t voices = hear(w, rows, count);
	const struct tally *value;
	uint32_t needed;

	*fact = (struct fact){
		.about = (enum about_kind)rows[0].about,
		.subject = strs_text(w->index->strs, filed->subject),
		.attribute = strs_text(w->index->strs, filed->attribute),
		.version = filed->version == STR_EMPTY ? NULL : strs_text(w->index->strs, filed->version),
		.weakest = NO_CLAIM,
	};
	fact->silent = is_silent(w, rows, count);
	value = decide(w, tally(w, rows, voices), fact, &needed);
	fill_origins(w, fact, rows, count, voices, origins, claims);
	if (value)
		say_on_what_it_rests(w, fact, rows, value);
	fact->weakest = weakest_claim(w, fact, rows, voices, value);
	fact->why = why_of_fact(w->evidence, fact, needed);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

static size_t sort_rows(const struct weigh *w, struct row *rows)
{
	size_t n = 0;

	for (uint32_t i = 0; i < w->evidence->claim_count; i++) {
		const struct claim *claim = &w->evidence->claims[i];
		const struct filed *filed = &w->index->filed[i];

		if (!claim->attribute || claim->standing == CLAIM_WITHOUT)
			continue;
		rows[n++] = (struct row){
			.about = claim->about,
			.subject = w->ranks[filed->subject],
			.version = w->ranks[filed->version],
			.attribute = w->ranks[filed->attribute],
			.knower = w->ranks[filed->knower],
			.value = w->ranks[filed->value],
			.name = w->ranks[filed->name],
			.claim = i,
		};
	}
	qsort(rows, n, sizeof *rows, by_fact);
	return n;
}

/* Of the spellings of one name the one that comes first, wherever it was read. */
static void choose_spellings(struct weigh *w)
{
	uint32_t count = strs_count(w->index->strs);

	w->shown = arena_array(w->evidence->arena, count, sizeof *w->shown);
	memset(w->shown, 0xff, count * sizeof *w->shown);
	for (uint32_t i = 0; i < w->evidence->claim_count; i++) {
		const struct filed *filed = &w->index->filed[i];
		uint32_t *shown = &w->shown[filed->knower];

		if (*shown == STR_ABSENT || w->ranks[filed->shown] < w->ranks[*shown])
			*shown = filed->shown;
	}
}

static void index_facts(struct evidence *evidence, const struct row *rows, const size_t *firsts)
{
	struct index *index = index_of(evidence);

	slots_reserve(&index->facts, evidence->arena, evidence->fact_count);
	index->fact_keys = arena_array(evidence->arena, evidence->fact_count, sizeof *index->fact_keys);
	for (uint32_t i = 0; i < evidence->fact_count; i++) {
		const struct row *row = &rows[firsts[i]];
		const struct filed *filed = &index->filed[row->claim];
		uint32_t at = (uint32_t)mix_numbers(row->about, filed->subject, filed->version, filed->attribute);

		index->fact_keys[i][0] = row->about;
		index->fact_keys[i][1] = filed->subject;
		index->fact_keys[i][2] = filed->version;
		index->fact_keys[i][3] = filed->attribute;
		for (at &= index->facts.mask; index->facts.at[at]; at = (at + 1) & index->facts.mask)
			;
		index->facts.at[at] = i + 1;
	}
}

void weigh_facts(struct evidence *evidence, const uint32_t *ranks)
{
	struct weigh w = { .evidence = evidence, .index = index_of(evidence), .ranks = ranks };
	struct row *rows = arena_array(evidence->arena, evidence->claim_count, sizeof *rows);
	size_t count = sort_rows(&w, rows), largest = 0, facts = 0, longest = 0, *firsts;
	struct origin *origins = arena_array(evidence->arena, count, sizeof *origins);
	uint32_t *claims = arena_array(evidence->arena, count, sizeof *claims);
	struct fact *all;

	firsts = arena_array(evidence->arena, count + 1, sizeof *firsts);
	for (size_t i = 0; i < count; i++)
		if (!i || !same_fact(&rows[i - 1], &rows[i]))
			firsts[facts++] = i;
	firsts[facts] = count;
	for (size_t i = 0; i < facts; i++) {
		size_t names = 0;

		for (size_t k = firsts[i]; k < firsts[i + 1]; k++)
			names += w.index->filed[rows[k].claim].name_count;
		longest = names > longest ? names : longest;
		largest = firsts[i + 1] - firsts[i] > largest ? firsts[i + 1] - firsts[i] : largest;
	}
	circles_init(&w.circles, evidence->arena, strs_count(w.index->strs), largest, longest);
	w.voices = arena_array(evidence->arena, largest, sizeof *w.voices);
	w.by_value = arena_array(evidence->arena, largest, sizeof *w.by_value);
	w.tallies = arena_array(evidence->arena, largest, sizeof *w.tallies);
	w.none_found = strs_find(w.index->strs, "none-found", strlen("none-found"));
	choose_spellings(&w);
	all = arena_array(evidence->arena, facts, sizeof *all);
	for (size_t i = 0; i < facts; i++)
		weigh_one(&w, rows + firsts[i], firsts[i + 1] - firsts[i], &all[i], origins + firsts[i],
			  claims + firsts[i]);
	evidence->facts = all;
	evidence->fact_count = facts;
	index_facts(evidence, rows, firsts);
}
