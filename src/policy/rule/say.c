/* SPDX-License-Identifier: Apache-2.0 */
/* say: numbers as sentences say them, the same for every kind of rule. */
#include <string.h>

#include "policy/rule/kinds.h"

/* Two decimals are enough for people; the exact value stands in the measure. */
static void percent(int64_t ppb, char out[32])
{
	ppb_print_percent((ppb + 50000) / 100000 * 100000, out);
}

const char *rule_share(struct evaluation *e, const struct finding *f)
{
	char low[32], high[32], n[64], d[64];
	percent(f->low, low);
	percent(f->high, high);
	if (f->low != f->high)
		return arena_printf(e->arena, "between %s and %s of %s", low, high, f->numerator_unit);
	micro_print_grouped(f->numerator, n);
	micro_print_grouped(f->denominator, d);
	return arena_printf(e->arena, "%s of %s (%s of %s)", low, f->numerator_unit, n, d);
}

const char *rule_count(struct evaluation *e, const struct finding *f)
{
	char low[64], high[64];
	micro_print_grouped(f->low, low);
	micro_print_grouped(f->high, high);
	return f->low == f->high ? arena_printf(e->arena, "%s", low)
				 : arena_printf(e->arena, "between %s and %s", low, high);
}

const char *rule_units(struct evaluation *e, const struct finding *f, int64_t amount)
{
	static const char *const things[] = { "sites", "elements", "vendors", "owners", "jurisdictions" };
	for (size_t i = 0; i < sizeof things / sizeof *things && amount == MICRO; i++)
		if (!strcmp(f->numerator_unit, things[i]))
			return arena_printf(e->arena, "%.*s", (int)strlen(things[i]) - 1, things[i]);
	return f->numerator_unit;
}

const char *rule_group(struct evaluation *e, const struct statement *s, const char *group)
{
	return s->per ? arena_printf(e->arena, " in the %s %s", s->per, group) : "";
}
