/* SPDX-License-Identifier: Apache-2.0 */
/*
 * budget: an amount of money as people write one on a command line - 5000000, 10,000,000 NZD, 2.5M EUR - and for how long.
 */
#include "ops/planning.h"

#include <string.h>

enum { MOST_DIGITS = 40 };

/* A thousands comma stands before each three digits, or nowhere. */
static bool take_number(const char **at, int64_t *micro)
{
	char digits[MOST_DIGITS];
	size_t count = 0, group = 0;
	bool commas = false, fraction = false;

	for (; **at >= '0' && **at <= '9' ? true : **at == ',' || **at == '.'; (*at)++) {
		if (count == MOST_DIGITS || (fraction && **at == ','))
			return false;
		if (**at == ',' && (!group || group > 3 || (commas && group != 3)))
			return false;
		if (**at == '.' && commas && group != 3)
			return false;
		commas |= **at == ',';
		fraction |= **at == '.';
		group = **at == ',' ? 0 : group + 1;
		if (**at != ',')
			digits[count++] = **at;
	}
	return !(commas && !fraction && group != 3) && measure_parse(digits, count, micro) == NUMBER_OK;
}

static int64_t take_scale(const char **at)
{
	static const struct {
		const char *word;
		int64_t scale;
	} scales[] = { { "k", 1000 }, { "M", 1000000 }, { "bn", 1000000000 } };
	const char *from = *at + strspn(*at, " ");

	for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
		size_t bytes = strlen(scales[i].word);

		if (!strncmp(from, scales[i].word, bytes) && strchr(" /", from[bytes])) {
			*at = from + bytes;
			return scales[i].scale;
		}
	}
	return 1;
}

bool budget_parse(struct arena *a, const char *text, struct budget *budget)
{
	const char *at = text;

	*budget = (struct budget){ .currency = "" };
	if (!take_number(&at, &budget->micro) || __builtin_mul_overflow(budget->micro, take_scale(&at), &budget->micro))
		return false;
	at += strspn(at, " ");
	if (strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3) {
		budget->currency = arena_printf(a, "%.3s", at);
		at += 3;
	}
	at += strspn(at, " ");
	return budget->micro > 0 && (!*at || !strcmp(at, "/quarter"));
}
