/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of discovery: addresses with the roles they were heard in, joined to groups that are one machine's. */
#ifndef PROVISO_WATCH_DISCOVER_H
#define PROVISO_WATCH_DISCOVER_H

#include "watch/internal.h"

/* What an address was heard to be. Bits; the table of discover_functions.c makes functions of them. */
enum heard {
	HEARD_GNB,
	HEARD_AMF,
	HEARD_ENB,
	HEARD_MME,
	HEARD_CU,
	HEARD_DU,
	HEARD_CU_CP,
	HEARD_CU_UP,
	HEARD_RIC,
	HEARD_E2_NODE,
	HEARD_ACCESS_5G,
	HEARD_CORE_5G, /* ends of tunnels in NGAP */
	HEARD_ACCESS_4G,
	HEARD_CORE_4G, /* in S1AP, and S1-U in GTPv2-C */
	HEARD_CP,
	HEARD_UP, /* PFCP */
	HEARD_S11_MME,
	HEARD_S11_SGW,
	HEARD_S5_SGW,
	HEARD_S5_PGW,
	HEARD_S5U_SGW,
	HEARD_S5U_PGW,
	HEARD_HSS, /* from here to the agent: by Diameter alone, and so an agent's for others */
	HEARD_PCRF,
	HEARD_S6A_MME,
	HEARD_GX_PGW,
	HEARD_S6B_PGW,
	HEARD_EIR,
	HEARD_OCS,
	HEARD_AAA,
	HEARD_AF,
	HEARD_I_CSCF,
	HEARD_S_CSCF,
	HEARD_IMS_AS,
	HEARD_EPDG,
	HEARD_DRA,
	HEARD_DNS,
	HEARD_SCP,
	HEARD_UPLINK_FROM,
	HEARD_UPLINK_TO,  /* weak: of a PDU session container alone */
	HEARD_SUBSCRIBER, /* a subscriber's address, not an element's */
	HEARD_KINDS,
};

enum {
	FOUND_SERVICES = 8, /* functions of the service-based interface at one address */
	FOUND_NAME = 64,
	FOUND_VENDOR = 16, /* an enterprise number has six digits (TS 29.510 clause 6.1.6.2.2) */
};

struct found {
	struct wire_address address;
	uint32_t parent; /* of the group; itself: the first of it */
	uint64_t heard;  /* bits of enum heard */
	uint64_t packets, bytes;
	uint16_t services[FOUND_SERVICES]; /* rows of net_functions */
	uint8_t service_count;
	char name[FOUND_NAME];     /* that it calls itself; "" none */
	char vendor[FOUND_VENDOR]; /* vendorId of its own profile; "" none */
};

struct found_pair { /* of one protocol; a speaks first */
	uint32_t a, b;
	uint8_t protocol; /* enum wire_protocol */
	uint64_t packets, bytes;
};

/* The user plane that a control plane named: one machine with it, unless PFCP says that they are two. */
struct found_below {
	uint32_t control, user;
};

struct watch_discovery {
	struct arena *arena;
	struct watch_rows found, pairs, below;
	struct watch_index found_index, pair_index;
	uint64_t seed, frames, dropped;
	int64_t first_ns, last_ns;
};

static inline struct found *found_at(const struct watch_discovery *d, uint32_t row)
{
	return (struct found *)d->found.items + row;
}
/* The row of an address, new where it is new; WATCH_NONE for no address and where there is no room. */
uint32_t found_of(struct watch_discovery *, const struct wire_address *);
uint32_t found_group(const struct watch_discovery *, uint32_t row);
void found_join(struct watch_discovery *, uint32_t a, uint32_t b); /* WATCH_NONE is fine */
static inline bool found_heard(const struct found *f, enum heard h)
{
	return f->heard >> h & 1;
}
static inline void found_hear(struct watch_discovery *d, uint32_t row, enum heard h)
{
	if (row != WATCH_NONE)
		found_at(d, row)->heard |= (uint64_t)1 << h;
}

void discover_message(struct watch_discovery *, const struct wire_batch *, const struct wire_message *);
/*
 * Functions of a group, whose first member has by now all that was heard of any; names as net_functions has them.
 * Returns how many.
 */
enum { DISCOVERED_FUNCTIONS = 16 };
size_t discover_functions(const struct watch_discovery *, uint32_t group, const char *out[DISCOVERED_FUNCTIONS]);
/* The reference point of two functions over a protocol, and whether b comes first in it. NULL: none is known. */
const char *discover_point(enum wire_protocol, const char *a, const char *b, bool *swapped);
/* "NGAP PFCP": what the roles rest on. */
const char *discover_basis(struct arena *, const struct found *all);

#endif
