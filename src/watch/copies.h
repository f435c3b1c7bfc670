/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copies: where user payload was last seen. A datagram is told by a keyed hash of what a copy can't change without being
 * another datagram: addresses, ports, TCP sequence number and the first bytes of the payload; hop counts, checksums,
 * lengths and everything that was wrapped around it are left out. It can be found by the payload alone as well: who
 * sends that on under other addresses is told so. The table has a fixed limit and a window of time; what it had to forget
 * sooner is counted. The key comes from the first frames, times and all: the same capture gives the same bytes, and
 * nobody knows it beforehand.
 */
#ifndef PROVISO_WATCH_COPIES_H
#define PROVISO_WATCH_COPIES_H

#include "watch/internal.h"

enum watch_place_kind {
	WATCH_PLACE_NONE,
	WATCH_PLACE_TUNNEL, /* in GTP-U: row of a tunnel */
	WATCH_PLACE_OTHER,  /* wrapped in something else: row of the pair that carries it */
	WATCH_PLACE_BARE,   /* as it is, between two addresses that are no element's: the tap */
};

struct watch_place { /* packed in 32 bits in the table */
	enum watch_place_kind kind;
	uint32_t row;
};

struct watch_sighting {       /* one datagram of a subscriber in one frame */
	struct watch_note note; /* tags and check of the payload's first bytes, and of these with addresses, ports, sequence */
	uint64_t number;        /* among all payloads */
	struct watch_place place;
	uint8_t frame; /* index in the batch */
	uint8_t hops;   /* 0: not read, in a tunnel */
	bool is_body;   /* by its payload alone, whatever its addresses */
	bool is_cooked; /* Linux cooked capture: packets come once for each interface */
};

enum { WATCH_SIGHTINGS = 4 * WIRE_BATCH };

struct watch_copies;

struct watch_copies *watch_copies_new(struct watch *, int64_t window_ms);
/* What a note has of a frame that is told in brief. */
void watch_copies_note(const struct watch_copies_key *, const struct wire_batch *, unsigned frame, struct watch_note *);
/*
 * Adds the sightings of a frame to the count that its batch has, in WATCH_SIGHTINGS of them; returns how many there are
 * now. What is remembered of each is on its way then: some frames later it is there.
 */
unsigned watch_copies_find(struct watch *, struct watch_copies *, const struct wire_batch *, unsigned frame,
			   const struct watch_mark *, struct watch_sighting *, unsigned count);

struct watch_before {
	struct watch_place place; /* where it was seen first within the window; NONE: not seen */
	uint8_t bare_hops;        /* of its last bare sighting */
	bool was_bare;
	bool same_end;  /* of a payload alone: one of its addresses is the one that it had before */
	int32_t ago_ms; /* negative: an earlier time stamp than that one's */
};
/* Remembers the sighting and says where the same datagram was before. */
struct watch_before watch_copies_meet(struct watch *, struct watch_copies *, const struct watch_sighting *,
				      int64_t now_ns);

#endif
