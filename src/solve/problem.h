/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model as the engine reads it: open options only, each with its rows and marks beside it, rows all "at most", parts of
 * rules that are out of force gone. Numbers of options and rows here are the problem's own; origin leads back.
 */
#ifndef PROVISO_SOLVE_PROBLEM_H
#define PROVISO_SOLVE_PROBLEM_H

#include "solve/model.h"

#define NONE UINT32_MAX

struct problem_count {
	uint32_t at_least, origin;
	size_t from, count; /* in count_mark, count_link */
};

struct problem_neighbour {
	uint32_t unit, border;
	int64_t cost;
};

struct problem {
	const struct solve_model *model;
	const bool *off;
	struct arena *arena;
	bool closed; /* a unit has no open option, or a count fewer marks than it wants: nothing is possible */
	uint32_t units, options, rows, marks, counts, links;
	uint32_t *first;  /* units + 1 */
	uint32_t *origin; /* of each open option, its number in the model */
	uint32_t *owner;
	int64_t *cost;
	uint32_t *label;
	size_t *entry_first; /* options + 1 */
	uint32_t *entry_row;
	int64_t *entry_value; /* "at most": values of at-least rows are negated */
	wide *bound;
	uint32_t *row_origin;
	uint32_t *row_here; /* of each row of the model; NONE where its rule is off */
	size_t *row_first;  /* rows + 1: which units have a say in a row */
	uint32_t *row_unit;
	size_t *mark_first; /* options + 1: the marks that an option bears, those that matter */
	uint32_t *option_mark;
	int64_t *fee;         /* of each mark */
	size_t *bearer_first; /* marks + 1: the open options that bear it */
	uint32_t *bearer;     /* ascending within each mark */
	size_t *holder_first; /* marks + 1: the units that can bear a mark with a fee */
	uint32_t *holder_unit;
	size_t *holder_bearer; /* of each holder, where its options begin in bearer */
	struct problem_count *count;
	uint32_t *count_mark;    /* by link: which mark */
	uint32_t *link_count;    /* by link: of which count. A link is a (count, mark) pair */
	size_t *mark_link_first; /* marks + 1 */
	uint32_t *mark_link;
	size_t *neighbour_first; /* units + 1 */
	struct problem_neighbour *neighbour;
	size_t *slot_first; /* borders + 1: the labels on either side of each border, ascending; a slot is a place here */
	uint32_t *slot_label;
	int64_t step; /* every cost is a multiple of it */
	double scale; /* a typical difference between two costs, micro-money; at least 1 */
};

struct problem *problem_new(struct arena *, const struct solve_model *, const bool *off);
size_t problem_holder_end(const struct problem *, uint32_t mark, size_t holder); /* where its options end */
/* The slot of a label at a border; the label is one of an open option on either side. */
size_t problem_slot(const struct problem *, uint32_t border, uint32_t label);

#endif
