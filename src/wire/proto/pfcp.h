/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PFCP's tables: what an information element is, what a message or a group must hold.
 */
#ifndef PROVISO_WIRE_PROTO_PFCP_H
#define PROVISO_WIRE_PROTO_PFCP_H

#include <stdbool.h>
#include <stdint.h>

enum { PFCP_ELEMENTS = 321, PFCP_MESSAGES = 58, PFCP_MUST = 4 };

enum pfcp_kind {
	PFCP_NONE, /* no row */
	PFCP_GROUP,
	PFCP_BYTES,
	PFCP_TEXT,
	PFCP_COUNTED, /* a length octet or two, then bytes */
	PFCP_NUMBER,
	PFCP_TIME,
	PFCP_RULE,
	PFCP_CAUSE,
	PFCP_INTERFACE,
	PFCP_F_TEID,
	PFCP_F_SEID,
	PFCP_NODE,
	PFCP_INSTANCE,
	PFCP_ACTION,
	PFCP_OUTER_CREATION,
	PFCP_OUTER_REMOVAL,
	PFCP_UE_ADDRESS,
	PFCP_RECOVERY,
	PFCP_PEER,
	PFCP_QFI,
	PFCP_SUBSCRIBER,
	PFCP_FAILED_RULE,
	PFCP_UP_RESOURCE,
};

struct pfcp_element {
	const char *name, *clause;
	enum pfcp_kind kind;
	uint16_t min, max; /* bytes; max 0: as long as it likes */
	bool fixed;        /* longer is malformed; otherwise it is an extension of a later release: not understood */
};

extern const struct pfcp_element pfcp_elements[PFCP_ELEMENTS];
/* What must stand in a message, and in a group, by type; 0: no more. */
extern const uint8_t pfcp_messages_must[PFCP_MESSAGES][PFCP_MUST], pfcp_groups_must[PFCP_ELEMENTS][PFCP_MUST];

#endif
