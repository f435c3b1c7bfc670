/* SPDX-License-Identifier: Apache-2.0 */
/*
 * served: `require p% of M served for SERVICE without any vendor|...|SET` - take each away and see which sites still reach what
 * they need. All scenarios go through the network together: a word an element, a bit a scenario. Links have no direction, so reaching
 * is being in one component: the main one, flooded once for all scenarios from an element of a needed function, and whatever
 * other components still have all that a service needs, looked at one by one. What may or may not fall has two scenarios, low (it
 * falls) and high (it stands).
 *
 * Private to the rule: served.c reads and judges it, served_falls.c says what falls, served_reach.c what still reaches what it
 * needs, served_finding.c what is told of it.
 */
#ifndef PROVISO_POLICY_RULE_SERVED_H
#define PROVISO_POLICY_RULE_SERVED_H

#include "policy/rule/flood.h"
#include "policy/rule/kinds.h"

enum { NEEDS_MAX = 64, SERVICES_MAX = 16, NO_SERVICE = 255, OPEN_SERVICE = 254 };

struct need { /* a service as this network can be asked for it */
	const char *name;
	uint32_t technology;
	uint64_t functions; /* bits over served.functions */
};

struct served {
	uint32_t subject;
	struct need needs[SERVICES_MAX];
	size_t need_count;
	uint32_t functions[NEEDS_MAX]; /* all that some service needs and the network has */
	uint32_t function_count;
	const char *missing;     /* "UDM, AUSF": needed, but the network has none */
	uint8_t *function_place; /* function -> 1 + its place in functions[], 0: not needed */
	uint8_t *service_of;     /* element -> need, NO_SERVICE, OPEN_SERVICE */
	const int64_t *values;   /* the measure; NULL counts */
	bool by_element, measure_missing;
	const uint32_t *function, *layer, *technology, *anchor, *host, *manager; /* columns of the elements */
	bool hosts;                                                              /* somebody is hosted on something */
};

/* One thing that is taken away. */
struct scenario {
	const char *name;
	uint32_t party;
};

struct source { /* an element of a needed function */
	uint32_t element;
	uint8_t place; /* of its function among the needed ones */
};

struct missing { /* one of the facts that are missing; alone: there is no other */
	const char *subject, *attribute;
	bool alone;
};

struct flood {
	struct evaluation *e;
	const struct statement *s;
	const struct served *w;
	const uint8_t *linked; /* by element; NULL: no links were declared */
	struct scenario *scenarios;
	size_t scenario_count;
	const uint32_t *of_class; /* class -> party, CODE_UNKNOWN, CODE_NONE; NULL: it is not told by the class */
	uint32_t *party;          /* any version: of the element */
	uint32_t *within;         /* any version: the product an element of unknown version is of */
	uint32_t *party_within;   /* and the product of a party */
	const uint8_t *set;       /* SET: class values */
	const uint32_t *managers; /* party of vendor, for `or managed by` */
	bool doubled;             /* low and high differ */
	bool told;                /* what is missing has been told; then it is: */
	struct missing missing;   /* the first of it; subject NULL: nothing is */
	uint32_t *alive_of_class; /* room for served_alive */
	struct cell *cells;       /* reach: in the main component of what survives */
	uint32_t *queue,
		*seen; /* scenarios in which a node was looked at beside the main component; made when needed */
	struct {
		struct source *items;
		size_t count, room;
	} sources;
	uint32_t exists[SERVICES_MAX];   /* scenarios in which all that a service needs survives somewhere */
	uint32_t main_has[SERVICES_MAX]; /* ... and in the main component */
	uint32_t *beside[SERVICES_MAX];  /* node -> scenarios in which another component has it all; NULL: none does */
};

/* Bits of a batch: scenario k has bit k (low) and, where low and high differ, bit count + k (high). */
struct batch {
	size_t from, count, width;
	uint32_t all, low;      /* all bits; the low ones */
	uint32_t *bit_of_party; /* party -> k + 1, 0: not in this batch */
};

/* served_falls.c: the scenarios of a statement, by what it takes away */
void served_parties(struct flood *);
/* Fills the cells: who survives in which scenario; nobody is reached yet. */
void served_alive(struct flood *, const struct batch *);

/* served_reach.c: what hangs together, and which services can be had there */
void served_reach(struct flood *, const struct batch *);

/* served_finding.c */
struct tally {
	wide total, *lost; /* by bit */
	size_t *lost_unknown, total_unknown;
	size_t things; /* sites or elements in scope */
};

void served_tally(const struct flood *, const struct batch *, struct tally *);
void served_findings(struct flood *, const struct batch *, const struct tally *); /* of all its scenarios */

/* Scenarios in which an element has all that a service needs. What needs nothing has it wherever it survives. */
static inline uint32_t has_all(const struct flood *f, uint32_t i, size_t need)
{
	uint32_t alive = f->cells[i].alive;
	if (!f->w->needs[need].functions)
		return alive;
	if (!f->linked)
		return alive & f->exists[need];
	uint32_t bits = f->cells[i].reach & f->main_has[need];
	return f->beside[need] ? bits | f->beside[need][i] : bits;
}

/* The same for an access element that may lack any link: whether that reaches anything is open. */
static inline uint32_t has_all_if_linked(const struct flood *f, uint32_t i, size_t need, uint32_t high)
{
	if (f->linked && !f->linked[i])
		return f->cells[i].alive & f->exists[need] & high;
	return has_all(f, i, need);
}

static inline uint32_t element_served(const struct flood *f, const struct batch *b, uint32_t i)
{
	uint8_t service = f->w->service_of[i];
	uint32_t high = f->doubled ? b->all & ~b->low : 0;
	if (service == OPEN_SERVICE)
		return f->cells[i].alive & high;
	uint32_t bits = has_all_if_linked(f, i, service, high);
	if (f->w->needs[service].technology == TECHNOLOGY_5G_NSA) {
		uint32_t anchor = f->w->anchor[i];
		bits &= CODE_IS_KNOWN(anchor)    ? has_all_if_linked(f, anchor, service, high)
			: anchor == CODE_UNKNOWN ? high
						 : 0;
	}
	return bits;
}

#endif
