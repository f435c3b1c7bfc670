/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the PFCP messages of a batch say, as far as watch follows it: read once, before the first of them is heard, so that
 * what they will look at can be fetched for all of them together (ahead.c), and is then at hand (pfcp.c).
 */
#ifndef PROVISO_WATCH_SAID_H
#define PROVISO_WATCH_SAID_H

#include "watch/internal.h"

enum watch_change { WATCH_CHANGE_CREATE, WATCH_CHANGE_UPDATE, WATCH_CHANGE_REMOVE, WATCH_CHANGE_CREATED };
enum { WATCH_NOT_SAID = 255 };

struct watch_said { /* one rule, as a message has it: two lines of the cache */
	uint64_t hash;		     /* watch_tunnel_hash of end and teid, where it has an end */
	uint64_t instance;	     /* hash of a PDR's network instance, 0 none */
	struct wire_address end, v6; /* PDR: local F-TEID; FAR: outer header creation. v6: of an end that has both */
	struct wire_address ue_v4, ue_v6;
	struct wire_address copy;    /* of duplicating parameters */
	uint32_t id, teid, copy_teid;
	uint16_t action;	     /* WIRE_ACTION_* */
	uint8_t change;		     /* enum watch_change */
	uint8_t kind;		     /* enum watch_rule_kind */
	uint8_t interface;	     /* WATCH_NOT_SAID */
	uint8_t ue_bits;
	bool has_action, has_end, has_copy;
};
static_assert(sizeof(struct watch_said) <= 128, "two lines");

struct watch_told { /* a message */
	bool is_read;
	uint16_t session, cause, node, recovery; /* the first field of each, counted from 1; 0: it has none */
	uint16_t count;
	struct watch_said *rules; /* count of them; they hold until the batch ends */
};

/* Reads one message of a batch. NULL where there are too many (then it is read when it is heard). */
const struct watch_told *watch_told_read(struct watch *, const struct wire_batch *, unsigned message);
void watch_told_begin(struct watch *, const struct wire_batch *);
const struct watch_told *watch_told_at(const struct watch *, unsigned message); /* of the batch; NULL where it is not read */
/* What is known of a message that is heard: it may belong to no batch any more. Holds until the next call. */
const struct watch_told *watch_told_of(struct watch *, const struct watch_heard *);

static inline const struct wire_field *watch_told_field(const struct watch_heard *h, uint16_t place)
{
	return place ? &h->fields[place - 1] : NULL;
}

#endif
