/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "24 months", "90 days": spans of time as laws write them. Months and days are kept apart, because how many days a
 * month has is known only when a date is there to count from.
 */
#include "lang/token.h"

#include <string.h>

enum {
	DAY_FIRST = -719162,                  /* 0001-01-01, counted from 1970-01-01 */
	DAY_LAST = 2932896,                   /* 9999-12-31 */
	DURATION_DAYS = DAY_LAST - DAY_FIRST, /* more reaches out of the calendar from any day */
	DURATION_MONTHS = 9999 * 12,
};

static const struct unit {
	const char *one, *many;
	int32_t months, days;
} units[] = {
	{ "day", "days", 0, 1 },
	{ "week", "weeks", 0, 7 },
	{ "month", "months", 1, 0 },
	{ "year", "years", 12, 0 },
};

static const struct unit *find_unit(const struct token *token)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (token_is_word(token, units[i].one) || token_is_word(token, units[i].many))
			return &units[i];
	}
	return NULL;
}

bool reader_duration(struct reader *reader, struct duration *duration)
{
	static const char *const names[] = { "days", "weeks", "months", "years", "day", "week", "month", "year" };
	const struct token *number = reader->at;
	const struct unit *unit;
	int64_t micro, count;

	*duration = (struct duration){ 0, 0 };
	if (!reader_number(reader, "a duration such as 24 months", &micro))
		return false;
	unit = find_unit(reader->at);
	if (!unit) {
		reader_expected(reader, "expected-unit", names, sizeof names / sizeof *names,
				"days, weeks, months or years");
		return false;
	}
	count = micro / MICRO;
	if (micro % MICRO) {
		reader_error(reader, number, "bad-duration", NULL, 0, "%s is not a whole number of %s", number->text,
			     unit->many);
		return false;
	}
	if (unit->days ? count > DURATION_DAYS / unit->days : count > DURATION_MONTHS / unit->months) {
		reader_error(reader, number, "bad-duration", NULL, 0, "%s %s are longer than the calendar",
			     number->text, unit->many);
		return false;
	}
	reader->at++;
	duration->months = (int32_t)count * unit->months;
	duration->days = (int32_t)count * unit->days;
	return true;
}

static int32_t clip(int64_t days)
{
	return days < DAY_FIRST ? DAY_FIRST : days > DAY_LAST ? DAY_LAST : (int32_t)days;
}

int32_t date_add_duration(int32_t days, struct duration duration, int sign)
{
	int64_t months = sign < 0 ? -(int64_t)duration.months : duration.months;
	int64_t further = sign < 0 ? -(int64_t)duration.days : duration.days;
	int year, month, day;
	int64_t target;

	if (days == DATE_NONE)
		return DATE_NONE;
	days = clip(days);
	date_parts(days, &year, &month, &day);
	target = (int64_t)year * 12 + (month - 1) + months;
	if (target < 12)
		return DAY_FIRST;
	if (target >= (int64_t)10000 * 12)
		return DAY_LAST;
	return clip((int64_t)date_add_months(days, (int32_t)months) + further);
}
