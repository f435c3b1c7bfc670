/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which order the variables of a sparse symmetric matrix are eliminated, so that little fills up: least degree first. A variable
 * that is gone leaves an element, the set of those it touched; whoever is in an element touches all in it (P. R. Amestoy,
 * T. A. Davis, I. S. Duff, An approximate minimum degree ordering algorithm, 1996: the quotient graph and its bound of the degree).
 * All of it integers: the order is the same on any machine.
 */
#include "solve/cholesky.h"

#include <stdlib.h>
#include <string.h>

enum { NOBODY = UINT32_MAX };

struct part { /* of a list in items */
	size_t from;
	uint32_t count;
};

struct ordering {
	uint32_t n;
	uint32_t *touches;  /* variables, by variable: only ever fewer */
	struct part *touch; /* by variable */
	struct {
		uint32_t *items;
		size_t count, room;
	} sets;           /* of elements */
	struct part *set; /* by element, which is called as the variable that left it */
	struct {
		uint32_t *items;
		size_t count, room;
	} * in;                    /* elements, by variable */
	bool *gone, *absorbed;     /* variables, elements */
	uint32_t *mark, *beyond;   /* by variable: in the pivot's set; by element: how many of it are beyond that */
	uint32_t *seen;            /* by element: the pivot for which beyond was begun */
	uint32_t *degree, *bucket; /* by variable; by degree the first variable */
	uint32_t *next, *previous;
	uint32_t least;
};

static void bucket_remove(struct ordering *o, uint32_t i)
{
	if (o->previous[i] != NOBODY)
		o->next[o->previous[i]] = o->next[i];
	else
		o->bucket[o->degree[i]] = o->next[i];
	if (o->next[i] != NOBODY)
		o->previous[o->next[i]] = o->previous[i];
}

static void bucket_add(struct ordering *o, uint32_t i, uint32_t degree)
{
	o->degree[i] = degree;
	o->previous[i] = NOBODY;
	o->next[i] = o->bucket[degree];
	if (o->next[i] != NOBODY)
		o->previous[o->next[i]] = i;
	o->bucket[degree] = i;
	o->least = degree < o->least ? degree : o->least;
}

static void ordering_make(struct ordering *o, struct arena *a, uint32_t n, const uint64_t *pairs, size_t count)
{
	size_t room = (size_t)n + 1, at = 0;

	*o = (struct ordering){ .n = n };
	o->touches = arena_array(a, 2 * count + 1, sizeof *o->touches);
	o->touch = arena_array(a, room, sizeof *o->touch);
	o->set = arena_array(a, room, sizeof *o->set);
	o->in = arena_array(a, room, sizeof *o->in);
	o->gone = arena_array(a, room, sizeof *o->gone);
	o->absorbed = arena_array(a, room, sizeof *o->absorbed);
	o->mark = arena_array(a, room, sizeof *o->mark);
	o->beyond = arena_array(a, room, sizeof *o->beyond);
	o->seen = arena_array(a, room, sizeof *o->seen);
	o->degree = arena_array(a, room, sizeof *o->degree);
	o->bucket = arena_array(a, room, sizeof *o->bucket);
	o->next = arena_array(a, room, sizeof *o->next);
	o->previous = arena_array(a, room, sizeof *o->previous);
	for (size_t i = 0; i < count; i++) {
		o->touch[pairs[i] >> 32].count++;
		o->touch[(uint32_t)pairs[i]].count++;
	}
	for (uint32_t i = 0; i < n; i++) {
		o->touch[i].from = at;
		at += o->touch[i].count;
		o->touch[i].count = 0;
	}
	for (size_t i = 0; i < count; i++)
		for (int end = 0; end < 2; end++) {
			uint32_t x = end ? (uint32_t)pairs[i] : (uint32_t)(pairs[i] >> 32),
				 y = end ? (uint32_t)(pairs[i] >> 32) : (uint32_t)pairs[i];

			o->touches[o->touch[x].from + o->touch[x].count++] = y;
		}
	memset(o->bucket, 0xff, room * sizeof *o->bucket);
	o->least = n;
	for (uint32_t i = n; i-- > 0;)
		bucket_add(o, i, o->touch[i].count);
}

static void set_add(struct ordering *o, uint32_t pivot, uint32_t i)
{
	if (o->gone[i] || o->mark[i] == pivot + 1)
		return;
	o->mark[i] = pivot + 1;
	*array_add(&o->sets) = i;
}

/* The pivot's set: whom it touches, itself or by an element. */
static void set_make(struct ordering *o, uint32_t pivot)
{
	struct part *set = &o->set[pivot];

	set->from = o->sets.count;
	o->mark[pivot] = pivot + 1;
	for (uint32_t k = 0; k < o->touch[pivot].count; k++)
		set_add(o, pivot, o->touches[o->touch[pivot].from + k]);
	for (size_t k = 0; k < o->in[pivot].count; k++) {
		uint32_t e = o->in[pivot].items[k];

		for (uint32_t j = 0; j < o->set[e].count && !o->absorbed[e]; j++)
			set_add(o, pivot, o->sets.items[o->set[e].from + j]);
		o->absorbed[e] = true;
	}
	set->count = (uint32_t)(o->sets.count - set->from);
	o->gone[pivot] = true;
}

/* Of each other element that somebody in the set is in: how many of it are not in the set. */
static void count_beyond(struct ordering *o, uint32_t pivot)
{
	for (uint32_t k = 0; k < o->set[pivot].count; k++) {
		uint32_t i = o->sets.items[o->set[pivot].from + k];

		for (size_t j = 0; j < o->in[i].count; j++) {
			uint32_t e = o->in[i].items[j];

			if (o->absorbed[e])
				continue;
			if (o->seen[e] != pivot + 1) {
				o->seen[e] = pivot + 1;
				o->beyond[e] = 0;
				for (uint32_t m = 0; m < o->set[e].count; m++)
					o->beyond[e] += !o->gone[o->sets.items[o->set[e].from + m]];
			}
			o->beyond[e]--;
		}
	}
}

/* Whoever is in the set now touches the others by it; what the set covers is forgotten. */
static void update(struct ordering *o, uint32_t pivot, uint32_t i, uint32_t left)
{
	struct part *touch = &o->touch[i];
	uint32_t others = o->set[pivot].count - 1, kept = 0;
	size_t elements = 0;
	uint64_t degree = others;

	for (uint32_t k = 0; k < touch->count; k++) {
		uint32_t x = o->touches[touch->from + k];

		if (!o->gone[x] && o->mark[x] != pivot + 1)
			o->touches[touch->from + kept++] = x;
	}
	touch->count = kept;
	for (size_t k = 0; k < o->in[i].count; k++) {
		uint32_t e = o->in[i].items[k];

		if (o->absorbed[e] || !o->beyond[e])
			continue; /* in the pivot's set entirely */
		o->in[i].items[elements++] = e;
		degree += o->beyond[e];
	}
	o->in[i].count = elements;
	*array_add(&o->in[i]) = pivot;
	degree += kept;
	bucket_remove(o, i);
	degree = degree < (uint64_t)o->degree[i] + others ? degree : (uint64_t)o->degree[i] + others;
	bucket_add(o, i, (uint32_t)(degree < left - 1 ? degree : left - 1));
}

bool cholesky_order(struct arena *scratch, uint32_t n, const uint64_t *pairs, size_t count, size_t most, uint32_t *order,
		    bool (*goes_on)(void *context, uint64_t looks), void *context)
{
	struct ordering o;
	bool good = true;

	ordering_make(&o, scratch, n, pairs, count);
	for (uint32_t k = 0; k < n && good; k++) {
		uint32_t pivot;

		while (o.bucket[o.least] == NOBODY)
			o.least++;
		pivot = o.bucket[o.least];
		bucket_remove(&o, pivot);
		set_make(&o, pivot);
		count_beyond(&o, pivot);
		for (uint32_t i = 0; i < o.set[pivot].count; i++)
			update(&o, pivot, o.sets.items[o.set[pivot].from + i], n - 1 - k);
		order[k] = pivot;
		good = o.sets.count + n <= most && (!goes_on || goes_on(context, 0));
	}
	for (uint32_t i = 0; i < n; i++)
		free(o.in[i].items);
	free(o.sets.items);
	return good;
}
