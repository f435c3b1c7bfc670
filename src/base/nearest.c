/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Did you mean": the nearest known name by edit distance, where swapping two neighbours counts as one edit (optimal
 * string alignment). Suggests nothing rather than something far-fetched.
 */
#include "base/base.h"

#include <string.h>

enum { LONGEST = 64 }; /* bytes: longer names are not typed by hand */

/* People write "amf" and mean "AMF". */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The distance, or a number above limit as soon as it is sure to be above. */
static unsigned distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes, unsigned limit)
{
	unsigned rows[3][LONGEST + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];

	for (unsigned j = 0; j <= b_bytes; j++)
		before[j] = last[j] = j;
	for (size_t i = 1; i <= a_bytes; i++) {
		unsigned best = row[0] = (unsigned)i, *oldest = before;

		for (size_t j = 1; j <= b_bytes; j++) {
			char c = lower(a[i - 1]), d = lower(b[j - 1]);

			row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (c != d));
			if (i > 1 && j > 1 && c == lower(b[j - 2]) && lower(a[i - 2]) == d)
				row[j] = least(row[j], before[j - 2] + 1);
			best = least(best, row[j]);
		}
		if (best > limit)
			return limit + 1;
		before = last;
		last = row;
		row = oldest;
	}
	return last[b_bytes];
}

const char *nearest_text(const char *text, const char *const *candidates, size_t count)
{
	size_t bytes = strnlen(text, LONGEST + 1);
	/* A third of the letters may be wrong, but not more than three, and in a word of two none can be called a slip. */
	unsigned limit = (unsigned)(bytes / 3 < 3 ? bytes / 3 : 3);
	const char *nearest = NULL;

	if (bytes > LONGEST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other = strnlen(candidates[i], LONGEST + 1);
		unsigned d;

		if (other > LONGEST || (other > bytes ? other - bytes : bytes - other) > limit)
			continue;
		d = distance(text, bytes, candidates[i], other, limit);
		if (d > limit)
			continue;
		nearest = candidates[i];
		if (d == 0)
			break;
		/* Only a nearer one may take its place: of equals the first is taken. */
		limit = d - 1;
	}
	return nearest;
}
