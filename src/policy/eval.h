/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eval: a policy bound to a network. Private to the room.
 *
 * Every property a set can ask of is an atom over one axis: a column of codes (function, vendor, site ...), or one value an
 * element. Elements that agree on all atoms are one class; there are few classes however many elements there are, so sets are
 * evaluated a class at a time, in three values, whatever their form. One pass gives every element its class; one pass over the
 * elements (or over the sites) sums what the rules ask for by class and group; the rest is arithmetic over classes.
 */
#ifndef PROVISO_POLICY_EVAL_H
#define PROVISO_POLICY_EVAL_H

#include "policy/program.h"

/* Kleene's three values: bit 0 surely, bit 1 possibly. */
enum { NO = 0, MAYBE = 2, YES = 3 };
static inline uint8_t kleene_not(uint8_t v)
{
	return (uint8_t)(((v & 1) ^ 1) << 1 | ((v >> 1) ^ 1));
}

#define NO_COLUMN UINT32_MAX

/* Where a missing value of an atom would have to be asked for. */
enum fact_from {
	FROM_ELEMENT, /* (element/e, attribute) */
	FROM_ROW, /* (vendor/x, attribute): the row of `table` the axis leads to; an unknown code is (element/e, via) */
	FROM_COUNTRY,  /* (country/XA, attribute) of the vendor's jurisdiction */
	FROM_OWNER,    /* (vendor/owner, attribute) */
	FROM_PARAM,    /* (param/p, value) */
	FROM_BUILD,    /* (product/p, attribute) of the element's product; without one (element/e, product) */
	FROM_RELATION, /* an element elsewhere: (element/e, attribute) is all that can be said */
};

/* A slot is what an axis tells apart: of a column its code, with CODE_NONE and CODE_UNKNOWN before the rows. */
enum { SLOT_NONE, SLOT_UNKNOWN, SLOT_ROWS };
static inline uint32_t slot_of_code(uint32_t code)
{
	return code + SLOT_ROWS; /* the two are the last of 32 bits */
}
static inline uint32_t code_of_slot(uint32_t slot)
{
	return slot - SLOT_ROWS;
}

enum { AXIS_PACKED = 4 }; /* atoms in the bytes of one axis, two bits each */

struct axis {
	const uint32_t *codes; /* an element's code; NULL: direct */
	uint8_t *direct;       /* an element's slot: the values of its atoms side by side */
	const char *via;       /* the element's column */
	enum net_table_name table;
	bool has_table;
	uint32_t slots, atoms;
	bool identity; /* classes keep the slot itself apart, for `any vendor` */
	/* made with the classes: slots that no atom tells apart have one signature */
	uint8_t *narrow; /* slot -> signature: the values of up to AXIS_PACKED atoms side by side; of large tables */
	uint32_t *signature; /* slot -> signature; neither: it is the slot */
	uint32_t signatures;
	uint32_t *slot_of; /* signature -> a slot that has it; NULL: it is the slot */
	uint64_t stride;
};

struct atom {
	const char *key; /* canonical text: equal text is the same atom */
	uint32_t axis;
	uint8_t *values; /* by slot */
	enum fact_from from;
	const char *attribute;
	const struct param *param; /* FROM_PARAM */
};

enum node_kind { NODE_CONST, NODE_ATOM, NODE_NOT, NODE_AND, NODE_OR };
struct node {
	enum node_kind kind;
	uint8_t constant;
	uint32_t atom, left, right;
	uint8_t *by_class; /* memo */
};

/*
 * What is summed over classes: a set of them, as bits; or, as there may be as many parties as elements, what sets one party
 * apart from a column of bits that is the same for all. Equal ones are one column.
 */
struct column {
	uint64_t *bits;          /* NULL: it is the column `base`, but of ... */
	const uint32_t *classes; /* ... these, in order, it has those that the base has not, and no other */
	uint32_t base, count;
};

/* Columns for counting, of the target and of subject and target. */
struct term {
	uint32_t target_high; /* possibly in T */
	uint32_t n_low, d_low, n_high, d_high;
};

enum measure_kind { MEASURE_ELEMENTS, MEASURE_SITES, MEASURE_ELEMENT_COLUMN, MEASURE_SITE_COLUMN, MEASURE_MISSING };

struct grouping {
	const char *per;         /* NULL: everything is one group */
	bool missing;            /* no such column */
	bool of_sites;           /* groups are given to sites, else to elements */
	const uint32_t *codes;   /* by site row or element row; NULL: all 0 */
	const uint32_t *of_slot; /* slot of the code -> group; NULL: the codes are the groups */
	uint32_t count;
	const char **names;
};
static inline uint32_t group_of_row(const struct grouping *g, uint32_t row)
{
	uint32_t code = g->codes ? g->codes[row] : 0;
	return g->of_slot ? g->of_slot[slot_of_code(code)] : code;
}
static inline uint32_t group_of_element(const struct grouping *g, const uint32_t *site_of, uint32_t element)
{
	return group_of_row(g, g->of_sites ? site_of[element] : element);
}

struct sum {
	enum measure_kind kind;
	const int64_t *values; /* the measure's column */
	const struct grouping *grouping;
	struct {
		uint32_t *items;
		size_t count, room;
	} columns;       /* wanted */
	uint32_t *local; /* column -> row of the result, of a party's that of the base; NO_COLUMN */
	uint32_t rows;
	wide *amounts;     /* result: [row * groups + group] */
	uint32_t *unknown; /* how many things of unknown measure are in it; NULL: none is unknown */
	struct {
		struct own {
			wide amount;
			uint32_t unknown, column, group;
			uint32_t next; /* 1 + the next of the group; 0: the last */
		} * items;
		size_t count, room;
	} own;               /* and what columns of parties have more (or less) than their base, where they do */
	uint32_t *own_first; /* by group: 1 + its first; NULL: there is none */
	uint32_t *own_slots; /* open addressing over column and group: 1 + place in own */
	size_t own_slot_count;
	uint32_t *own_last; /* by column: 1 + that which was added to last; 0: none */
	bool counted_by_site;
};

struct evaluation {
	const struct policy *policy;
	const struct policy_question *q;
	const struct net *net;
	struct arena *arena, *scratch;
	struct findings *out;
	uint32_t elements;
	struct {
		struct axis *items;
		size_t count, room;
	} axes;
	struct {
		struct atom *items;
		size_t count, room;
	} atoms;
	struct {
		struct node *items;
		size_t count, room;
	} nodes;
	struct {
		struct set_node {
			const struct set *set;
			uint32_t node;
		} * items;
		size_t count, room;
	} sets;
	uint32_t *waiver_nodes; /* by waiver of the policy that bind_waived has met: what it takes out */
	uint8_t *spare_values;  /* a byte for each element that a packed atom left behind */
	uint32_t *class_of;    /* element -> class */
	uint32_t class_count;
	uint32_t *class_signature; /* [class * axes + axis] */
	uint64_t class_words;      /* words of a bit set over classes */
	struct {
		struct column *items;
		size_t count, room;
	} columns;
	uint32_t *column_slots;
	size_t column_slot_count;
	struct {
		struct sum **items;
		size_t count, room;
	} sums;
	struct {
		struct grouping **items;
		size_t count, room;
	} groupings;
	struct {
		struct policy_silence *items;
		size_t count, room;
	} silences;
	struct {
		struct witness_wish *items;
		size_t count, room;
	} wishes;
	struct {
		struct unknown_wish *items;
		size_t count, room;
	} unknown_wishes;
	struct unknown_table *unknown;
	bool asleep;         /* the rule being judged is not in force: nobody needs to be asked for its sake */
	struct graph *graph; /* links as adjacency, made when first asked for */
	uint8_t *linked;     /* by element: it or an element of its site has a link; made when first asked for */
};

/* ---- judge.c ---------------------------------------------------------------------------------------------------------------- */

void evaluation_begin(struct evaluation *, const struct policy *, const struct policy_question *, struct findings *out);
void evaluation_free(struct evaluation *);

/* ---- value.c: what an expression asks of a value -------------------------------------------------------------------------- */

struct test {
	const struct expr *expr; /* EXPR_IN, EXPR_COMPARE, EXPR_NAME (yes/no) */
	const struct token **values;
	uint32_t *wanted; /* room for a code of each */
	size_t count;
	const struct param *open; /* a param without a value: MAYBE whatever the row holds */
};

bool test_of_expr(struct evaluation *, const struct expr *, struct test *);
uint8_t test_text(const struct test *,
		  const char *value); /* numbers, percentages, dates by size; the rest by spelling */
void test_rows(const struct net *, const struct net_column *, const struct test *, uint32_t rows, uint8_t *out);
void test_dates(const uint32_t *codes, enum expr_op, uint32_t day, uint32_t rows, uint8_t *out);

/* ids.c: warns of ids that the network does not have, where it has one that is near. */
void tell_near_ids(struct evaluation *, const struct document *, const struct expr *, const struct net_column *);

/* ---- nodes.c -------------------------------------------------------------------------------------------------------------- */

uint32_t node_constant(struct evaluation *, uint8_t value);
uint32_t node_pair(struct evaluation *, enum node_kind, uint32_t a, uint32_t b);
uint32_t node_and(struct evaluation *, uint32_t a, uint32_t b);
uint32_t node_or(struct evaluation *, uint32_t a, uint32_t b);
uint32_t node_not(struct evaluation *, uint32_t a);
uint32_t node_atom(struct evaluation *, struct atom);
uint32_t node_known_atom(struct evaluation *, const char *key);   /* UINT32_MAX: there is none yet */
uint32_t axis_of_column(struct evaluation *, const char *column); /* of the elements' table, by its codes */
void want_identity(struct evaluation *, const char *column);
/* An atom with a value of each element, which element_values gave room for: the array is the node's from here on. */
uint8_t *element_values(struct evaluation *); /* contents undefined */
uint32_t node_direct(struct evaluation *, const char *key, uint8_t *values, enum fact_from, const char *attribute);
/* Of one element, without classes: straight down the tree. */
uint8_t node_value_of(struct evaluation *, uint32_t node, uint32_t element);

/* ---- names.c: expressions to nodes --------------------------------------------------------------------------------------- */

uint32_t bind_expr(struct evaluation *, const struct document *, const struct expr *); /* NULL is "everything" */
/* S, T and `when`, `from` of a statement. */
uint32_t bind_subject(struct evaluation *, const struct statement *);
uint32_t bind_target(struct evaluation *, const struct statement *);
uint32_t bind_when(struct evaluation *, const struct statement *);

/* ---- builds.c: a value for each product and version (version NULL: not known) ------------------------------------------------ */

typedef uint8_t (*build_question)(void *context, const char *product, const char *version);
uint8_t *values_by_build(struct evaluation *, build_question, void *context);

/* ---- classes.c ---------------------------------------------------------------------------------------------------------------- */

void classes_make(struct evaluation *);
const uint8_t *node_by_class(struct evaluation *, uint32_t node);
uint8_t *node_by_element(struct evaluation *, uint32_t node); /* in the arena of the result */
static inline uint8_t node_of_element(struct evaluation *e, uint32_t node, uint32_t element)
{
	return node_by_class(e, node)[e->class_of[element]];
}
/* The slot of a class on an axis: exact for identity axes. */
uint32_t class_slot(const struct evaluation *, uint32_t class, uint32_t axis);

/* Whose the elements of a class are, for `any vendor|jurisdiction|owner`. */
struct parties {
	uint32_t count; /* known ones */
	const char **names;
	uint32_t *of_class;  /* party, or CODE_UNKNOWN, or CODE_NONE */
	uint32_t *of_vendor; /* by vendor row */
	uint32_t *first, *classes; /* the classes of party i, in order: classes[first[i]] .. classes[first[i + 1] - 1] */
};
struct parties *parties_of(struct evaluation *, enum subject_kind);

struct term term_of_nodes(struct evaluation *, uint32_t subject, uint32_t target);
/* By party, then one for those of whom it is not known; a party that has nothing in the target has the columns of that one. */
struct term *terms_of_parties(struct evaluation *, const struct parties *, uint32_t target);

/* ---- groups.c ------------------------------------------------------------------------------------------------------------------- */

const struct grouping *grouping_of(struct evaluation *, const struct statement *);

/* ---- sums.c --------------------------------------------------------------------------------------------------------------------- */

/* An error where the column has a negative number: parts of such a sum are no shares. */
void measure_refuse_negative(struct evaluation *, const struct statement *, enum net_table_name,
			     const struct net_column *);
struct sum *sum_of(struct evaluation *, const struct statement *, const char *measure, const struct grouping *);
void sum_wants(struct evaluation *, struct sum *, uint32_t column);
void sum_wants_term(struct evaluation *, struct sum *, const struct term *);
void sums_make(struct evaluation *);
wide sum_at(const struct sum *, uint32_t column, uint32_t group);
uint32_t sum_unknown_at(const struct sum *, uint32_t column, uint32_t group);
/* What columns of parties have in a group beyond their bases, one after the other; NULL: no more. */
const struct own *sum_own(const struct sum *, uint32_t group);
const struct own *sum_own_next(const struct sum *, const struct own *);

/* ---- answer.c: writing findings --------------------------------------------------------------------------------------------------- */

struct finding *finding_add(struct evaluation *, const struct statement *, const char *subject, const char *group);
/* Status of low..high against the bound; explanation must be written after it. */
void finding_decide(struct finding *, bool bound_known);
bool amount_value(const struct evaluation *, const struct amount *, int64_t *value); /* false: a param nobody set */
/* Ask for the elements behind a finding: those of the class column (NO_COLUMN: use extra) in the group. */
struct witness_wish {
	size_t finding;
	uint32_t node; /* elements whose value has `bit` set */
	uint8_t bit;   /* 1 surely, 2 possibly */
	const struct grouping *grouping;
	uint32_t group;
	const struct parties *parties; /* and whose party is `party` (or unknown, with bit 2); NULL: any */
	uint32_t party;
};
void wish_witnesses(struct evaluation *, const struct finding *, struct witness_wish);
void witnesses_make(struct evaluation *);
/* Witnesses that a rule kind found on its own: ids of elements. */
void witnesses_set(struct evaluation *, struct finding *, const uint32_t *elements, size_t count);
void witness_add(struct evaluation *, struct finding *, uint32_t element); /* one more */
/* ---- unknown.c: what would have to be known ------------------------------------------------------------------------------------------ */

struct unknown_wish {
	size_t finding;
	uint32_t node; /* elements for which it is MAYBE ... */
	const struct grouping *grouping;
	uint32_t group;                /* ... of this group */
	const struct parties *parties; /* and, if given, those whose party is unknown while the node is not NO */
	enum subject_kind party_kind;
};
void unknown_wish(struct evaluation *, const struct finding *, struct unknown_wish);
/* The same of these elements alone, each of them once. */
void unknown_among(struct evaluation *, const struct finding *, uint32_t node, const uint32_t *elements, size_t count);
/* A fact that a rule kind names itself; alone: it would close the finding by itself. */
void unknown_fact_add(struct evaluation *, const struct finding *, const char *subject, const char *attribute,
		      size_t elements, bool alone);
void unknown_make(struct evaluation *);
void unknown_free(struct evaluation *);

/* A waiver of a rule on the day, or NULL: one of the whole rule that lasts longest, else that of a part which ends first. */
const struct waiver *waiver_of(const struct evaluation *, const struct statement *);
/* The elements that all waivers of the rule take out on the day. */
uint32_t bind_waived(struct evaluation *, const struct statement *);
/* What is broken or open is waived: by the waiver of the whole rule, else by those that take out some of these elements. */
void finding_waive(struct evaluation *, const struct statement *, struct finding *, const uint32_t *elements, size_t count);

/* ---- graph.c ---------------------------------------------------------------------------------------------------------------------- */

struct graph {
	uint32_t nodes;  /* elements, then one hub for each site with several elements */
	uint32_t *first; /* nodes + 1 */
	uint32_t *to;
};
struct graph *graph_of(struct evaluation *);
const uint8_t *linked_of(struct evaluation *);

#endif
