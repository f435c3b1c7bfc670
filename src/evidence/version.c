/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions: dotted components; digits compare as numbers, the rest as text. A release is all but the last component, so
 * that 22.1.3 and 22.1.9 are patches of 22.1. A version without a dot is a release of its own.
 */
#include "evidence/index.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Two runs of digits of any length: the longer one without leading zeros is the larger. */
static int compare_digits(const char **a, const char **b)
{
	size_t x, y;
	int order;

	while (**a == '0')
		(*a)++;
	while (**b == '0')
		(*b)++;
	x = strspn(*a, "0123456789");
	y = strspn(*b, "0123456789");
	order = x != y ? (x < y ? -1 : 1) : memcmp(*a, *b, x);
	*a += x;
	*b += y;
	return order < 0 ? -1 : order > 0;
}

int version_compare(const char *a, const char *b)
{
	while (*a || *b) {
		if (is_digit(*a) && is_digit(*b)) {
			int order = compare_digits(&a, &b);

			if (order)
				return order;
			continue;
		}
		if (*a != *b) {
			/* A component that ends is smaller than one that goes on: 1.2 < 1.2.1, 1.2.1 < 1.2a. */
			if (!*a || !*b)
				return *a ? 1 : -1;
			if (*a == '.' || *b == '.')
				return *a == '.' ? -1 : 1;
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		}
		a++;
		b++;
	}
	return 0;
}

static size_t release_length(const char *version)
{
	const char *dot = strrchr(version, '.');

	return dot ? (size_t)(dot - version) : strlen(version);
}

bool version_same_release(const char *a, const char *b)
{
	size_t length = release_length(a);

	if (!strchr(a, '.') || !strchr(b, '.'))
		return !strcmp(a, b);
	return length == release_length(b) && !memcmp(a, b, length);
}
