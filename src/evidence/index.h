/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this room share: claims filed by numbers instead of texts, so that weighing sorts and compares
 * integers. Everything lives in the arena of the evidence.
 */
#ifndef PROVISO_EVIDENCE_INDEX_H
#define PROVISO_EVIDENCE_INDEX_H

#include "evidence/evidence.h"

#define NO_CLAIM UINT32_MAX
#define NO_FACT  UINT32_MAX

/* One claim as numbers: ids in index->strs, STR_EMPTY where the claim says nothing. */
struct filed {
	uint32_t name, subject, version, attribute, value, kind;
	uint32_t knower; /* the origin without regard to case: what two claims share if they are not independent */
	uint32_t shown;  /* the origin as this claim spells it */
	uint32_t stand;  /* who answers for it: the knower, or the publisher who stands in for an anonymous one */
	bool anonymous;
	uint32_t *names; /* knower and chain without regard to case, for --without */
	uint32_t name_count;
};

/* Open addressing over numbers that somebody else's array holds; 0 is empty, n + 1 is item n. */
struct slots {
	uint32_t *at;
	uint32_t mask, used;
};

/* Every claim about one subject, in order of name. */
struct subject_claims {
	enum about_kind about;
	uint32_t subject;
	uint32_t first, count; /* in index->by_subject */
};

struct index {
	struct strs *strs;
	struct filed *filed; /* beside evidence->claims */
	size_t filed_room;
	struct slots names; /* claims by name */
	uint32_t *same;     /* by id of a folded name: the name of the same body that counts, 0: itself */
	size_t same_room;

	/* since the last weighing */
	const struct claim_kind **kinds; /* by id of the kind's name, NULL where no claim has it */
	bool weighed;
	struct weighing weighing;
	struct slots facts;
	uint32_t (*fact_keys)[4]; /* about, subject, version, attribute of each fact */
	uint32_t *by_subject;     /* claims sorted by about, subject, name */
	struct subject_claims *subjects;
	size_t subject_count;
	struct slots subject_slots;
};

static inline struct index *index_of(const struct evidence *evidence)
{
	return evidence->index;
}

uint64_t mix_numbers(uint32_t a, uint32_t b, uint32_t c, uint32_t d);
void slots_reserve(struct slots *, struct arena *, size_t count);

/* kind.c: the row that holds, with the overrides of `believe`; never NULL (kinds of nobody's table are documents). By
 * the number of the kind in index->strs once kinds_settle has been called, by its name always. */
void kinds_settle(struct evidence *);
const struct claim_kind *kind_of_claim(const struct evidence *, uint32_t kind);
const struct claim_kind *kind_of_name(const struct evidence *, const char *kind, struct arena *);
/* Is a grade at or above the threshold of the row? credibility is the effective one. */
bool kind_accepts(const struct claim_kind *, char reliability, uint8_t credibility);
uint8_t effective_credibility(const struct claim *);
bool is_planned_kind(const char *kind);
bool read_grade(struct reader *, char *reliability, uint8_t *credibility);
void warn_of_kind(struct reader *, const struct token *kind); /* where no table has it */

/* origin.c */
uint32_t fold_name(struct strs *, const char *);         /* id of the name in small letters, single spaces */
uint32_t find_folded(const struct strs *, const char *); /* the same without adding; STR_ABSENT */
bool name_is_anonymous(const char *);
void file_origin(struct evidence *, const struct claim *, struct filed *);
/* Says that both names are one body's; the second counts. */
void names_are_one(struct evidence *, const char *name, const char *counts);
uint32_t name_that_counts(const struct index *, uint32_t folded);
void settle_names(struct evidence *); /* before weighing: every name becomes the one that counts */
bool claim_is_left_out(const struct filed *, const uint32_t *without, size_t without_count);

/* circle.c: how many of several voices are independent. Add voices, then say who passed on whose word, then close. */
struct arc {
	uint32_t from, to; /* the word of group `from` came through group `to` */
};
struct circles {
	uint32_t *group_of; /* by id of a name: 1 + its group, 0: none */
	uint32_t *named;    /* by group: its name */
	uint32_t *left, *queue;
	bool *gone;
	struct arc *arcs;
	size_t arc_count;
	uint32_t count;
	bool circular; /* some of the last that were closed have it from each other */
};
void circles_init(struct circles *, struct arena *, uint32_t names, size_t voices, size_t arcs);
uint32_t circles_add(struct circles *, uint32_t stand);                /* its group */
void circles_pass(struct circles *, uint32_t group, uint32_t through); /* after every voice has been added */
uint32_t circles_close(struct circles *);                              /* independent ones; empties it */

/* stand.c: whether each claim counts on its own */
void stand_claims(struct evidence *);
bool claim_in_time(const struct claim *, int32_t on);

/* fact.c */
void weigh_facts(struct evidence *, const uint32_t *ranks);
/* promise.c */
void close_promises(struct evidence *);

/* why.c */
const char *why_of_fact(const struct evidence *, const struct fact *, uint32_t needed);
const char *grade_text(const struct claim *, char out[9]); /* "B2" or "ungraded" */
const char *subject_text(struct arena *, enum about_kind, const char *subject, const char *version);

/* stanza.c: the clauses of an `evidence` stanza */
bool stanza_claim(struct evidence *, const struct document *, const struct stanza *, struct claim *);

#endif
