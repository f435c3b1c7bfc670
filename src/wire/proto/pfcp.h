/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PFCP's tables: what an information element is, what a message or a group must hold.
 */
#ifndef PROVISO_WIRE_PROTO_PFCP_H
#define PROVISO_WIRE_PROTO_PFCP_H

#include <stdbool.h>
#include <stdint.h>

enum { PFCP_ELEMENTS = 321, PFCP_MUST = 4 };

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

struct pfcp_mandatory {
	uint16_t type; /* of message or group */
	uint16_t must[PFCP_MUST];
};

extern const struct pfcp_element pfcp_elements[PFCP_ELEMENTS];
extern const struct pfcp_mandatory pfcp_messages_must[], pfcp_groups_must[];
extern const unsigned pfcp_messages_must_count, pfcp_groups_must_count;

#endif
