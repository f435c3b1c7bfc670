/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Common Security Advisory Framework 2.0 (OASIS standard of 18 November 2022): what the files of the importer share. A
 * document is checked against the shape its schema gives it (section 3) and the mandatory tests (section 6.1) before a
 * word of it is believed; the tests are named by their numbers in what is said about it.
 */
#ifndef PROVISO_EVIDENCE_CSAF_H
#define PROVISO_EVIDENCE_CSAF_H

#include "evidence/import/import.h"

/* Where in the document: a chain of steps on the stack, spelled out only when there is something to say. */
struct csaf_path {
	const struct csaf_path *up;
	const char *key; /* NULL: an item of a list */
	size_t item;
};
const char *csaf_pointer(struct arena *, const struct csaf_path *); /* "/vulnerabilities/0/cve" (RFC 6901) */

/* A product as the product tree defines it. */
struct csaf_product {
	uint32_t id; /* in csaf->ids */
	const char *full_name;
	const char *vendor, *name, *version; /* of the branches above it; NULL where none says */
	bool range;                          /* the version is a range, which the model has no place for */
	uint32_t part, whole;                /* of a relationship: the two products it joins; STR_ABSENT otherwise */
	uint8_t seen;                        /* 0 not yet, 1 on the way, 2 done: for circles */
};

struct csaf_group {
	uint32_t id;
	const json_t *products;
};

struct csaf {
	struct import_file *file;
	json_t *root;
	const json_t *document, *tracking, *tree, *vulnerabilities; /* the last two may be NULL */
	struct strs *ids, *group_ids;                               /* product ids and group ids */
	struct csaf_product *products;
	size_t product_count, product_room;
	uint32_t *product_of_id; /* by id: index into products + 1, 0 none */
	size_t id_room;
	struct csaf_group *groups;
	size_t group_count;
	size_t visits;     /* by csaf_each_product so far */
	struct strs *seen; /* what may stand once in the document, under a key that says where: see csaf_twice */
};

/*
 * A number for each product, all forgotten at once: documents may have as many vulnerabilities as products, and a table
 * of products for each vulnerability would be the square of a stranger's number.
 */
struct csaf_marks {
	const struct csaf *csaf;
	uint32_t *round, *value; /* by product */
	uint32_t now;
};

struct csaf_marks csaf_marks(const struct csaf *);
void csaf_forget(struct csaf_marks *);
/* The mark of a product, 0 at first; NULL where no product has the id. */
uint32_t *csaf_mark(struct csaf_marks *, const char *id);
/* Was this key here before? */
bool csaf_twice(struct csaf *, const char *key);

/* csaf_shape.c: section 3, what has to be there and of what kind; false and refused where it is not */
bool csaf_check_shape(struct import_file *, const json_t *root);

/* csaf_product.c: the product tree; 6.1.1 to 6.1.5, 6.1.13, 6.1.25, 6.1.31 */
void csaf_read_products(struct csaf *);
const struct csaf_product *csaf_product(const struct csaf *, const char *id); /* NULL where none is defined */
/* Calls see(context, product id) for every product that the object names in product_ids and in group_ids. */
void csaf_each_product(struct csaf *, const json_t *object, void (*see)(void *, const char *), void *context);

/* csaf_tracking.c: 6.1.14, 6.1.16 to 6.1.22, 6.1.30 */
void csaf_check_tracking(struct csaf *);

/* csaf_profile.c: 6.1.12, 6.1.15, 6.1.26 to 6.1.28 */
void csaf_check_profile(struct csaf *);

/* csaf_vulnerability.c: 6.1.6 to 6.1.11, 6.1.23, 6.1.24, 6.1.29, 6.1.32, 6.1.33 */
void csaf_check_vulnerabilities(struct csaf *);

/* cvss.c: 6.1.8 to 6.1.10. NULL where the score is right, else what is wrong; *test is the test's number. */
const char *cvss_mistake(struct arena *, const json_t *score, int major, const char **test);

/* cwe.c: the name of a weakness, NULL where our table does not have it */
const char *cwe_name(const char *id);

#endif
