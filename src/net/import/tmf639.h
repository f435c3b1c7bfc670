/* SPDX-License-Identifier: Apache-2.0 */
/* TMF639: resources as they are kept until all files have been read. Private to import/. All texts are interned. */
#ifndef PROVISO_NET_TMF639_H
#define PROVISO_NET_TMF639_H

#include "net/import/intake.h"

enum { TMF_RELATIONS = 1000 }; /* of one resource */

enum tmf_relation {
	RELATION_NONE,
	RELATION_HOST, /* the other one hosts it */
	RELATION_LINK,
	RELATION_PART,  /* the other one is inside it */
	RELATION_WHOLE, /* the other way round */
};

struct tmf_related {
	enum tmf_relation relation;
	uint32_t id;
};

struct tmf_resource {
	uint32_t id, name, type, category, label, vendor, manager, version, product, site, latitude, longitude, state,
		since;
	uint32_t managed_type, of_function, far, other_far, remote, address, file;
	struct tmf_related *relations;
	size_t relation_count, relation_room;
	/* when rows are made */
	const char *key; /* the id of its element: a distinguished name where it has one */
	struct nrm_class class;
	uint32_t managed; /* the resource of its managed element, or what it is inside; CODE_UNKNOWN none */
	uint32_t row, cells,
		elements; /* row of its element; cells below it; elements below it (of a managed element) */
	bool is_out;      /* left out already */
};

/* One more, zeroed. */
struct tmf_resource *tmf_resource(struct intake *);
void tmf_relation(struct intake *, struct tmf_resource *, enum tmf_relation, uint32_t id);

#endif
