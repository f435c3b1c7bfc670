/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures, bounds and statuses in words. A number that is shown rounded must never contradict the status beside it:
 * 35.004 % against "at most 35 %" is broken, and "35.0%" would look like our mistake.
 */
#include "report/report.h"
#include "report/say.h"

#include <string.h>

const char *say_plural(struct arena *arena, const char *noun)
{
	size_t bytes = strlen(noun);

	if (bytes > 1 && noun[bytes - 1] == 'y' && !strchr("aeiou", noun[bytes - 2]))
		return arena_printf(arena, "%.*sies", (int)bytes - 1, noun);
	if (bytes && noun[bytes - 1] == 's')
		return arena_printf(arena, "%ses", noun);
	return arena_printf(arena, "%ss", noun);
}

const char *say_number(struct arena *arena, size_t count)
{
	char digits[64];

	micro_print_grouped((wide)count * MICRO, digits);
	return arena_text(arena, digits, strlen(digits));
}

const char *say_count(struct arena *arena, size_t count, const char *noun)
{
	return arena_printf(arena, "%s %s", say_number(arena, count), count == 1 ? noun : say_plural(arena, noun));
}

const char *say_period(struct arena *arena, int64_t first_ns, int64_t last_ns)
{
	enum { SECOND = 19 }; /* bytes of a printed time up to there */
	int64_t ms = (last_ns - first_ns) / 1000000;
	char first[REPORT_TIME];

	report_time(first_ns, first);
	first[SECOND] = 0;
	return arena_printf(arena, "from %s UTC, %s.%d seconds", first, say_number(arena, (size_t)(ms / 1000)),
			    (int)(ms / 100 % 10));
}

const char *say_capitals(struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text, strlen(text));

	for (char *c = copy; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return copy;
}

const char *say_list(struct arena *arena, const char *const *names, size_t kept, size_t count, size_t shown)
{
	struct sink *s = sink_to_memory(arena);

	/* "and 1 more" would take the room of the one. */
	if (shown + 1 >= count)
		shown = count;
	if (shown > kept)
		shown = kept;
	for (size_t i = 0; i < shown; i++) {
		sink_text(s, i ? ", " : "");
		sink_text(s, names[i]);
	}
	if (shown && count > shown)
		sink_printf(s, " and %s more", say_number(arena, count - shown));
	return sink_memory(s, NULL);
}

const char *say_amount(struct arena *arena, wide micro)
{
	/* Whole numbers from 100 up, three digits below; rounded half away from zero. */
	wide size = micro < 0 ? -micro : micro;
	wide step = size >= 100 * (wide)MICRO  ? MICRO
		    : size >= 10 * (wide)MICRO ? MICRO / 10
		    : size >= MICRO            ? MICRO / 100
					       : 1;
	char digits[64];

	if (size % MICRO)
		micro = (micro < 0 ? -1 : 1) * ((size + step / 2) / step * step);
	micro_print_grouped(micro, digits);
	return arena_text(arena, digits, strlen(digits));
}

static int side_of(int64_t share, int64_t bound)
{
	return share < bound ? -1 : share > bound;
}

const char *say_share(struct arena *arena, int64_t ppb, int64_t bound)
{
	const int64_t marks[] = { 0, PPB, bound < 0 ? 0 : bound };
	int64_t step = PPB / 1000, rounded = ppb;
	char digits[32];

	for (; step > 100; step /= 10) {
		bool faithful = true;

		rounded = (ppb + step / 2) / step * step;
		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
			faithful &= side_of(rounded, marks[i]) == side_of(ppb, marks[i]);
		if (faithful)
			break;
		rounded = ppb;
	}
	ppb_print_percent(rounded, digits);
	return arena_text(arena, digits, strlen(digits));
}

/* Measures that count things, and what one of them is called; any other measure is an amount of something. */
static const struct {
	const char *unit, *one, *many;
} countable[] = {
	{ "sites", "site", "sites" },
	{ "elements", "element", "elements" },
	{ "vendors", "vendor", "vendors" },
	{ "jurisdictions", "jurisdiction", "jurisdictions" },
	{ "owners", "owner", "owners" },
	{ "links", "link", "links" },
	{ "paths", "path", "paths" },
	{ "products", "product", "products" },
	{ "versions", "version", "versions" },
	{ "population", "person", "people" },
	{ "households", "household", "households" },
	{ "claims", "claim", "claims" },
};

/* What is counted, declined for the amount; NULL where the unit is no count. */
static const char *counted(const char *unit, wide micro)
{
	for (size_t i = 0; unit && i < sizeof countable / sizeof *countable; i++)
		if (!strcmp(unit, countable[i].unit) || !strcmp(unit, countable[i].one))
			return micro == MICRO ? countable[i].one : countable[i].many;
	return NULL;
}

static const char *amount_of(struct arena *arena, wide micro, const char *unit)
{
	const char *noun = counted(unit, micro), *digits = say_amount(arena, micro);

	if (noun || !unit || !*unit)
		return noun ? arena_printf(arena, "%s %s", digits, noun) : digits;
	return arena_printf(arena, "%s of %s", digits, unit);
}

const char *say_rule(struct arena *arena, const struct finding *f)
{
	return arena_printf(arena, "%s/%s", f->policy, f->rule);
}

const char *say_label(struct arena *arena, const struct finding *f)
{
	if (*f->subject && *f->group)
		return arena_printf(arena, "%s, %s", f->subject, f->group);
	return *f->subject ? f->subject : *f->group ? f->group : "whole network";
}

const char *say_measure(struct arena *arena, const struct finding *f)
{
	if (f->vacuous)
		return "nothing to judge";
	if (f->measured == UNIT_NONE)
		return "";
	if (f->measured == UNIT_SHARE) {
		int64_t bound = f->bound_op ? f->bound : -1;
		const char *low = say_share(arena, f->low, bound);

		return f->low == f->high ? low : arena_printf(arena, "%s to %s", low, say_share(arena, f->high, bound));
	}
	if (f->low == f->high)
		return amount_of(arena, f->low, f->unit);
	if (f->high == INT64_MAX)
		return arena_printf(arena, "%s or more", amount_of(arena, f->low, f->unit));
	return arena_printf(arena, "%s to %s", say_amount(arena, f->low), amount_of(arena, f->high, f->unit));
}

const char *say_fraction(struct arena *arena, const struct finding *f)
{
	const char *noun;

	if (f->measured != UNIT_SHARE || !f->denominator || f->low != f->high)
		return "";
	noun = counted(f->numerator_unit, f->denominator);
	return arena_printf(arena, "%s of %s%s%s", say_amount(arena, f->numerator), say_amount(arena, f->denominator),
			    noun || f->numerator_unit ? " " : "",
			    noun                ? noun
			    : f->numerator_unit ? f->numerator_unit
						: "");
}

const char *say_bound(struct arena *arena, const struct finding *f)
{
	const char *side;

	if (!f->bound_op || f->measured == UNIT_NONE || f->vacuous)
		return "";
	side = f->bound_op[0] == '>' ? "at least" : "at most";
	if (f->measured == UNIT_SHARE) {
		char digits[32];

		ppb_print_percent(f->bound, digits);
		return arena_printf(arena, "%s %s", side, digits);
	}
	if (!f->bound && f->bound_op[0] == '<')
		return strcmp(f->kind, "evidence") ? "none allowed" : "none may lack it";
	return arena_printf(arena, "%s %s", side, say_amount(arena, f->bound));
}

const char *say_excess(struct arena *arena, const struct finding *f)
{
	const char *unit = f->measured == UNIT_SHARE ? f->numerator_unit : f->unit;
	bool few, many;

	/* Against a bound of nought the measure is the excess. */
	if (f->surplus <= 0 || !f->bound_op || (!f->bound && f->bound_op[0] == '<'))
		return "";
	few = f->bound_op[0] == '>';
	many = counted(unit, f->surplus) != NULL;
	return arena_printf(arena, "%s too %s", amount_of(arena, f->surplus, unit),
			    few    ? (many ? "few" : "little")
			    : many ? "many"
				   : "much");
}

bool say_is_all(const struct finding *f)
{
	static const char *const plain[] = { "limit", "diversity", "forbid", "notify" };

	if (f->vacuous)
		return true;
	/* A bound that is not set is said by the explanation. */
	if (!f->bound_op && f->status == FINDING_UNKNOWN)
		return false;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (!strcmp(f->kind, plain[i]))
			return f->measured != UNIT_NONE;
	return false;
}

const char *say_in_force(struct arena *arena, const struct finding *f)
{
	char from[11], until[11];

	if (f->in_force != DATE_NONE)
		date_print(f->in_force, from);
	if (f->until != DATE_NONE)
		date_print(f->until, until);
	if (f->in_force == DATE_NONE && f->until == DATE_NONE)
		return "";
	return arena_printf(arena, "in force%s%s%s%s", f->in_force == DATE_NONE ? "" : " from ",
			    f->in_force == DATE_NONE ? "" : from, f->until == DATE_NONE ? "" : " until ",
			    f->until == DATE_NONE ? "" : until);
}

static const char *say_waivers(struct arena *arena, const struct finding *f)
{
	const char *text = "waived";

	for (size_t i = 0; i < f->waiver_count; i++) {
		const struct finding_waiver *w = &f->waivers[i];
		char date[11];

		date_print(w->until, date);
		text = arena_printf(arena, "%s%s until %s%s%s%s%s", text, i ? "; and" : "", date, *w->by ? " by " : "",
				    w->by, *w->because ? ": " : "", w->because);
	}
	return text;
}

const char *say_remark(struct arena *arena, const struct finding *f)
{
	char date[11];

	if (f->status == FINDING_WAIVED)
		return say_waivers(arena, f);
	if (f->worsened)
		return "the proposal makes it worse, so its later date does not help";
	if (f->status == FINDING_NOT_IN_FORCE)
		return say_in_force(arena, f);
	if (f->status == FINDING_DUE && f->by != DATE_NONE) {
		date_print(f->by, date);
		return arena_printf(arena, "by %s", date);
	}
	return "";
}

const char *say_witnesses(struct arena *arena, const struct finding *f, size_t shown)
{
	return say_list(arena, f->witnesses, f->witnesses_kept, f->witness_count, shown);
}

/* The column that `per` names: the word after the last one that stands alone. */
static const char *dimension(struct arena *arena, const char *statement)
{
	const char *found = NULL;

	for (const char *at = statement; (at = strstr(at, " per ")); at += 5)
		found = at + 5;
	return found ? arena_text(arena, found, strcspn(found, " ,")) : "group";
}

static const char *subject_noun(const char *statement)
{
	static const char *const nouns[] = { "vendor", "jurisdiction", "owner", "version" };
	const char *any = strstr(statement, "any ");

	for (size_t i = 0; any && i < sizeof nouns / sizeof *nouns; i++)
		if (!strncmp(any + 4, nouns[i], strlen(nouns[i])))
			return nouns[i];
	return "subject";
}

const char *say_more(struct arena *arena, const struct entry *e, size_t shown)
{
	bool groups = false, subjects = false;
	const char *noun = "case", *statement = e->findings[0]->statement;

	for (size_t i = 1; i < e->count; i++) {
		groups |= strcmp(e->findings[i]->group, e->findings[0]->group) != 0;
		subjects |= strcmp(e->findings[i]->subject, e->findings[0]->subject) != 0;
	}
	if (groups && !subjects)
		noun = dimension(arena, statement);
	else if (subjects && !groups)
		noun = subject_noun(statement);
	else if (subjects)
		noun = arena_printf(arena, "pair of %s and %s", subject_noun(statement), dimension(arena, statement));
	if (subjects && groups && e->count - shown != 1)
		noun = arena_printf(arena, "pairs of %s and %s", subject_noun(statement), dimension(arena, statement));
	else if (e->count - shown != 1)
		noun = say_plural(arena, noun);
	return arena_printf(arena, "and %s more %s", say_number(arena, e->count - shown), noun);
}
