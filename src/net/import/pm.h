/* SPDX-License-Identifier: Apache-2.0 */
/* Measurements: which counters make the traffic, what was counted, and the sum. Private to import/. */
#ifndef PROVISO_NET_PM_H
#define PROVISO_NET_PM_H

#include "net/import/intake.h"

enum { PM_TERMS = 64 }; /* of the sum that is the traffic */

struct pm_term_row {
	const char *counter;
	int64_t micro; /* bytes that one of it stands for, in 10^-6 */
};

struct pm_period {
	int64_t end_s; /* since 1970-01-01T00:00:00Z */
	uint32_t seconds;
};

struct pm_record {                      /* a counter of an object in a period */
	uint32_t element, object, file; /* element: row of those in the folder; object, file: interned */
	uint32_t seconds;
	int64_t end_s, micro;
	uint32_t order;
	uint8_t term;
};

struct pm {
	struct intake *in;
	struct pm_term_row terms[PM_TERMS];
	size_t term_count;
	struct pm_record *records;
	uint32_t record_count, record_room;
	bool *is_seen;       /* by row of the folder's elements */
	bool is_measurement; /* the file's first element has been looked at */
};

/* NULL and refused where the map's sum can't be read. */
struct pm *pm_new(struct intake *);
int pm_term(const struct pm *, const char *counter, size_t bytes); /* its number, -1: not in the sum */
/* "PT900S" and "2026-03-01T14:15:00+02:00"; false where one of them is none. */
bool pm_period(const char *duration, size_t duration_bytes, const char *end, size_t end_bytes, struct pm_period *);
/* The element of the folder that an object is, or is inside of: its row, CODE_UNKNOWN none. */
uint32_t pm_element(struct pm *, const char *prefix, const char *entity, const char *object);
bool pm_is_seen(const struct pm *, uint32_t element);
void pm_add(struct pm *, uint32_t element, const char *object, uint8_t term, const struct pm_period *, int64_t micro);
/* Adds up: a row of `traffic` for each element that something was counted at. */
void pm_sum(struct pm *);

#endif
