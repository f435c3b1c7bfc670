/* SPDX-License-Identifier: Apache-2.0 */
/* What taps.csv decides, and which pair passed which tap. Private to watch. */
#ifndef PROVISO_WATCH_TAPPED_H
#define PROVISO_WATCH_TAPPED_H

#include "watch/internal.h"

enum { WATCH_PASSED = 1 << 19 }; /* pairs by tap: most pass one or two */

struct watch_tap_count {
	uint64_t frames;
	uint64_t cut, cut_shorter; /* of them to the declared snap length, and to less or without one */
	uint64_t encrypted;
	uint64_t unwrapped; /* without the outer encapsulation that is declared */
	bool is_half;       /* one direction, and no other tap hears the other one */
};

struct watch_passed {        /* a pair at a tap */
	uint32_t pair, next; /* of the pair */
	uint16_t tap;
	uint64_t packets, frame; /* the first one's */
	int64_t time_ns;
};

struct watch_tapped {
	struct watch_tap_count *taps;
	bool declared, undeclared; /* some tap has a row in taps.csv, some has none */
	bool half, orders_missing;
	bool follows;          /* which pairs pass which tap is wanted */
	uint32_t *first, room; /* rows by pair, WATCH_NONE */
	struct watch_rows rows;
	int64_t apart_ns; /* any two of the clocks, at most */
};

size_t watch_passed_count(const struct watch *);
const struct watch_passed *watch_passed_at(const struct watch *, size_t row);

#endif
