/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weighing: from claims to facts, and the look-ups in them. What is compared often is turned into numbers once: each
 * text that a claim uses gets its rank in bytewise order, and sorting claims then touches no text.
 */
#include "evidence/index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- ranks ------------------------------------------------------------------------------------------------------- */

struct ranked {
	uint64_t start; /* the first eight bytes, as a number that sorts as they do: most comparisons end here */
	const char *text;
	uint32_t id;
};

static int by_text(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->text, y->text);
}

static uint64_t start_of(const char *text)
{
	uint64_t start = 0;
	int i = 0;

	while (i < 8 && text[i])
		start = start << 8 | (unsigned char)text[i++];
	return i ? start << (8 * (8 - i)) : 0;
}

/* Rank by id for every text that a claim is filed by; others keep 0. */
static uint32_t *rank_texts(const struct evidence *evidence)
{
	const struct index *index = index_of(evidence);
	uint32_t count = strs_count(index->strs), used = 0;
	uint32_t *ranks = arena_array(evidence->arena, count, sizeof *ranks);
	struct ranked *texts = arena_array(evidence->arena, count, sizeof *texts);

	for (uint32_t i = 0; i < evidence->claim_count; i++) {
		const struct filed *f = &index->filed[i];
		const uint32_t ids[] = { f->name, f->subject, f->version, f->attribute, f->value, f->knower, f->shown };

		for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
			if (ranks[ids[k]])
				continue;
			ranks[ids[k]] = 1;
			texts[used].id = ids[k];
			texts[used].text = strs_text(index->strs, ids[k]);
			texts[used].start = start_of(texts[used].text);
			used++;
		}
	}
	qsort(texts, used, sizeof *texts, by_text);
	for (uint32_t i = 0; i < used; i++)
		ranks[texts[i].id] = i + 1;
	return ranks;
}

/* ---- claims by subject ------------------------------------------------------------------------------------------- */

struct about {
	uint32_t kind, subject, name, claim;
};

static int by_subject(const void *a, const void *b)
{
	const struct about *x = a, *y = b;

	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

static uint32_t *subject_slot(const struct index *index, uint32_t kind, uint32_t subject)
{
	uint32_t at = (uint32_t)mix_numbers(kind, subject, 0, 0) & index->subject_slots.mask;

	for (; index->subject_slots.at[at]; at = (at + 1) & index->subject_slots.mask) {
		const struct subject_claims *s = &index->subjects[index->subject_slots.at[at] - 1];

		if (s->subject == subject && (uint32_t)s->about == kind)
			break;
	}
	return &index->subject_slots.at[at];
}

static void index_subjects(struct evidence *evidence, const uint32_t *ranks)
{
	struct index *index = index_of(evidence);
	size_t count = evidence->claim_count;
	struct about *all = arena_array(evidence->arena, count, sizeof *all);

	for (uint32_t i = 0; i < count; i++)
		all[i] = (struct about){ evidence->claims[i].about, index->filed[i].subject,
					 ranks[index->filed[i].name], i };
	qsort(all, count, sizeof *all, by_subject);
	index->by_subject = arena_array(evidence->arena, count, sizeof *index->by_subject);
	index->subjects = arena_array(evidence->arena, count, sizeof *index->subjects);
	index->subject_count = 0;
	slots_reserve(&index->subject_slots, evidence->arena, count);
	for (uint32_t i = 0; i < count; i++) {
		index->by_subject[i] = all[i].claim;
		if (!i || all[i].subject != all[i - 1].subject || all[i].kind != all[i - 1].kind) {
			index->subjects[index->subject_count] =
				(struct subject_claims){ (enum about_kind)all[i].kind, all[i].subject, i, 0 };
			*subject_slot(index, all[i].kind, all[i].subject) = (uint32_t)++index->subject_count;
		}
		index->subjects[index->subject_count - 1].count++;
	}
}

const uint32_t *evidence_about(const struct evidence *evidence, enum about_kind about, const char *subject,
			       size_t *count)
{
	const struct index *index = index_of(evidence);
	uint32_t id = strs_find(index->strs, subject, strlen(subject)), found;

	assert(index->weighed);
	*count = 0;
	if (id == STR_ABSENT)
		return NULL;
	found = *subject_slot(index, (uint32_t)about, id);
	if (!found)
		return NULL;
	*count = index->subjects[found - 1].count;
	return index->by_subject + index->subjects[found - 1].first;
}

/* ---- facts ------------------------------------------------------------------------------------------------------- */

static const char *const *kept_names(struct evidence *evidence, const struct weighing *weighing)
{
	const char **names = arena_array(evidence->arena, weighing->without_count, sizeof *names);

	for (size_t i = 0; i < weighing->without_count; i++)
		names[i] = arena_text(evidence->arena, weighing->without[i], strlen(weighing->without[i]));
	return names;
}

void evidence_weigh(struct evidence *evidence, const struct weighing *weighing)
{
	struct index *index = index_of(evidence);
	const uint32_t *ranks;

	index->weighing = *weighing;
	index->weighing.without = kept_names(evidence, weighing);
	settle_names(evidence);
	index->weighed = true;
	ranks = rank_texts(evidence);
	index_subjects(evidence, ranks);
	stand_claims(evidence);
	close_promises(evidence);
	weigh_facts(evidence, ranks);
}

static const struct fact *find_fact(const struct evidence *evidence, enum about_kind about, const char *subject,
				    const char *version, const char *attribute)
{
	const struct index *index = index_of(evidence);
	uint32_t key[4] = { (uint32_t)about, strs_find(index->strs, subject, strlen(subject)), STR_EMPTY,
			    strs_find(index->strs, attribute, strlen(attribute)) };
	uint32_t at;

	if (version)
		key[2] = strs_find(index->strs, version, strlen(version));
	if (key[1] == STR_ABSENT || key[2] == STR_ABSENT || key[3] == STR_ABSENT)
		return NULL;
	at = (uint32_t)mix_numbers(key[0], key[1], key[2], key[3]) & index->facts.mask;
	for (; index->facts.at[at]; at = (at + 1) & index->facts.mask)
		if (!memcmp(index->fact_keys[index->facts.at[at] - 1], key, sizeof key))
			return &evidence->facts[index->facts.at[at] - 1];
	return NULL;
}

const struct fact *evidence_fact(const struct evidence *evidence, enum about_kind about, const char *subject,
				 const char *attribute)
{
	return find_fact(evidence, about, subject, NULL, attribute);
}

const struct fact *evidence_fact_at(const struct evidence *evidence, const char *product, const char *version,
				    const char *attribute)
{
	const struct fact *fact = version ? find_fact(evidence, ABOUT_PRODUCT, product, version, attribute) : NULL;

	return fact ? fact : find_fact(evidence, ABOUT_PRODUCT, product, NULL, attribute);
}
