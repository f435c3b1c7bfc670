/* SPDX-License-Identifier: Apache-2.0 */
/* build: what the files that write rows of the model share. Private to the room. */
#ifndef PROVISO_PLAN_BUILD_H
#define PROVISO_PLAN_BUILD_H

#include "plan/model.h"

struct entry {
	uint32_t option; /* solve's */
	int64_t value;
};

struct line { /* sum over options + constant */
	struct {
		struct entry *items;
		size_t count, room;
	} entries;
	wide constant;
};

struct need { /* of an option for evidence that can be obtained */
	uint32_t offer, option;
};

struct building {
	struct planning *p;
	struct built *b;
	struct solve_model *m;
	struct arena *arena;
	enum tier tier;
	const struct chosen *settled; /* of MODE_WHEN */
	moment at;                    /* of which the rows speak */
	bool during; /* while the quarter lasts: what is changed in it may be found as it was or as it will be */
	const struct policy_row *row;
	uint32_t rule;
	const struct pair_asked *pair; /* in pair.c */
	int64_t n_weight, d_weight;    /* of one unit of the measure */
	int64_t divisor;               /* of the measure's values */
	struct line *lines;            /* by group */
	bool *so;                      /* by option of one unit */
	const struct burden *burden;   /* of what is asked for by then; else NULL */
	bool budgeted;                 /* money a quarter is limited */
	uint32_t *first_user, *users;  /* by offer: vars that use it, ascending; in supply.c */
	struct place because;          /* the line of a file behind rows that no statement asks for */
	struct {
		struct need *items;
		size_t count, room;
	} needs;
};

typedef bool (*test)(const struct building *, uint32_t party, uint32_t state);

void line_free(struct line *, size_t count);
void line_add(struct line *, uint32_t option, int64_t value);
void line_to_row(struct building *, struct line *, enum solve_sense, wide bound, uint32_t rule);

/* "At least one of these": of a site, of a party. */
struct any_of {
	bool always;
	struct {
		uint32_t *items;
		size_t count, room;
	} options; /* solve's, in order of their unit */
	struct {
		size_t *items;
		size_t count, room;
	} starts; /* where a unit's options begin */
};
void any_of_free(struct any_of *);
/* weight > 0: counts where any is chosen; weight < 0 where the model may rely on it only if one is. */
void any_of_to_line(struct building *, struct any_of *, struct line *, int64_t weight);

/* What is weighed once: an element, or the elements of a site. */
struct thing {
	const uint32_t *elements;
	uint32_t count;
	int64_t value; /* MEASURE_UNKNOWN: nobody knows */
};
void any_of_thing(struct building *, const struct thing *, uint32_t group, uint32_t party, test, struct any_of *);

void any_of_unit(struct building *, struct any_of *, uint32_t unit); /* the options for which x->so says so */

/* Our option of a var at the moment that is built for, and the states of a member: two while it is changed. */
uint32_t option_of_var(const struct building *, const struct var *);
uint32_t states_of_var(const struct building *, const struct var *, uint32_t place, uint32_t states[2]);
uint32_t members_of_var(const struct building *, const struct var *);
bool var_is(const struct building *, const struct var *, uint32_t place, uint32_t group, uint32_t party, test);
static inline uint32_t group_of_state(const struct policy_row *r, uint32_t state)
{
	return r->group ? r->group[state] : 0;
}
bool in_numerator(const struct building *, uint32_t party, uint32_t state);
bool in_denominator(const struct building *, uint32_t party, uint32_t state);

void build_limit(struct building *); /* limit.c; what can't be written as rows is judged and cut */
void build_confirmed(struct building *);
/* limit.c: everything that the row's measure weighs; and with it n_weight, d_weight and divisor of a share, false: it can't be told. */
void each_thing(struct building *, void (*call)(struct building *, const struct thing *, void *), void *context);
bool share_to_weights(struct building *);
void build_access(struct building *);   /* access.c */
void build_distinct(struct building *); /* distinct.c */
void build_pairs(struct building *);    /* pair.c */
void build_evidence(struct building *); /* need.c */
void build_needs(struct building *);    /* need.c: after all rows */
void build_linked(struct building *);   /* linked.c: no site of the access network loses its last link */
void windows_to_rows(struct building *, const struct line *whole, const int64_t *has); /* window.c */
/* -1: nobody says. A quarter's own row counts before the one of each quarter. */
int64_t crew_in(const struct planning *, const char *region, size_t quarter);
uint32_t region_code(const struct planning *, const char *region); /* "": ALL_REGIONS; CODE_UNKNOWN: no site is there */
uint32_t elements_in(const struct planning *, const struct option *, uint32_t region); /* changed with it there */
void build_supply(struct building *); /* supply.c: offers, crews, money */

#endif
