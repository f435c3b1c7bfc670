/* SPDX-License-Identifier: Apache-2.0 */
/* Cells to base stations to sites: what reading and placing share. Private to the importer. */
#ifndef PROVISO_NET_OPENCELLID_H
#define PROVISO_NET_OPENCELLID_H

#include "net/import/intake.h"

enum oci_radio { OCI_LTE, OCI_NR, OCI_UMTS, OCI_GSM, OCI_RADIOS };

struct oci_node {         /* LTE, NR: a base station; UMTS, GSM: a cell, until it is known what stands beside it */
	uint64_t key;     /* radio, MCC, MNC, number: see opencellid.c */
	int32_t lat, lon; /* micro-degrees, of the first cell */
	int64_t lat_sum, lon_sum; /* what the others are off the first, added up */
	uint32_t cells;
	uint32_t area, name, file; /* area + 1, 0: not said or several; interned name, file */
	uint64_t seen[4];          /* LTE: which of its 256 cells were read */
};

struct oci {
	struct intake *in;
	struct oci_node *nodes;
	size_t node_count, node_room;
	uint64_t *cells; /* keys of the cells of NR that were read; open addressing, 0 free */
	size_t cell_count, cell_room;
	uint32_t *slots; /* of nodes by key: number + 1 */
	size_t slot_room;
	uint32_t names[1000 * 1000]; /* by MCC * 1000 + MNC: the operator's name as the files say it, interned */
	uint32_t only;               /* MCC * 1000 + MNC + 1; 0: all */
	uint32_t gnb_bits, radius;   /* of a gNB's number, of 36; metres */
};

static inline enum oci_radio oci_radio_of(uint64_t key)
{
	return (enum oci_radio)(key >> 56 & 7);
}
static inline uint32_t oci_operator_of(uint64_t key) /* MCC * 1000 + MNC */
{
	return (uint32_t)(key >> 36 & 0xfffff);
}
static inline uint64_t oci_number_of(uint64_t key)
{
	return key & 0xfffffffff;
}

/* Base stations to sites: rows. */
void oci_place(struct oci *);

#endif
