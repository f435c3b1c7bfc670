/* SPDX-License-Identifier: Apache-2.0 */
/* Every number that decides, each with its reason: thresholds.inc holds them, --threshold sets them. */
#include "watch/internal.h"

#include <string.h>

static const struct watch_threshold rows[] = {
#define THRESHOLD(row, name, unit, value, least, most, why) [row] = { name, unit, value, least, most, why },
#include "watch/thresholds.inc"
#undef THRESHOLD
};

size_t watch_threshold_count(void)
{
	return WATCH_THRESHOLDS;
}

const struct watch_threshold *watch_threshold_at(size_t row)
{
	return &rows[row];
}

size_t watch_threshold_find(const char *name)
{
	for (size_t i = 0; i < WATCH_THRESHOLDS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return i;
	return SIZE_MAX;
}
