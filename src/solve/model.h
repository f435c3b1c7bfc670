/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model as the room's files see it: arrays by unit, option, row, mark, count and border, each with its entries in one
 * pool, in the order of adding.
 */
#ifndef PROVISO_SOLVE_MODEL_H
#define PROVISO_SOLVE_MODEL_H

#include "solve/solve.h"

struct model_row {
	enum solve_sense sense;
	uint32_t rule;
	wide bound;
	size_t from, count; /* in entry_option, entry_value */
};

struct model_mark {
	int64_t fee;
	size_t from, count; /* in mark_option */
};

struct model_count {
	uint32_t at_least, rule;
	size_t from, count; /* in count_mark */
};

struct model_border {
	uint32_t a, b;
	int64_t cost;
};

struct model_forbid {
	uint32_t option, rule;
};

/* An array that grows in the model's arena. */
struct model_room {
	size_t count, room;
};

struct solve_model {
	struct arena *arena;
	uint32_t *first; /* of each unit, its first option */
	int64_t *cost;   /* of each option */
	uint32_t *label;
	uint32_t *owner; /* of each option, its unit */
	struct model_forbid *forbid;
	struct model_row *row;
	uint32_t *entry_option;
	int64_t *entry_value;
	struct model_mark *mark;
	uint32_t *mark_option;
	struct model_count *counts;
	uint32_t *count_mark;
	struct model_border *border;
	struct model_room units, costs, labels, owners, forbids, rows, entry_options, entry_values, marks, mark_options,
		counted, count_marks, borders;
};

static inline uint32_t model_end(const struct solve_model *m, uint32_t unit)
{
	return unit + 1 < m->units.count ? m->first[unit + 1] : (uint32_t)m->costs.count;
}

/* Is this rule in force? off is by rule number, NULL: all are; parts without a rule always are. */
static inline bool model_holds(const bool *off, uint32_t rule)
{
	return !off || rule == SOLVE_NO_RULE || !off[rule];
}

/*
 * What a certificate is worth where the rules of `off` (NULL: none) do not count: total in 2^-shift micro-money, and the
 * price of every option (NULL: not wanted). false: it does not fit or it overflows. *closed: a unit without options or a
 * count beyond its marks proves all by itself.
 */
bool certificate_total(const struct solve_model *, const struct solve_certificate *, const bool *off, wide *price,
		       wide *total, bool *closed);
/* The least multiple of step that is at least total / 2^shift. */
wide certificate_round_up(wide total, unsigned shift, int64_t step);
bool certificate_bound(const struct solve_model *, const struct solve_certificate *, const bool *off, wide *bound);

#endif
