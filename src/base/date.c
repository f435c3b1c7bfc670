/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates as days since 1970-01-01 in the proleptic Gregorian calendar, years 1 to 9999. The conversions count in eras of
 * 400 years (146097 days) that begin on 1 March, so that the leap day is the last of its year (Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms").
 */
#include "base/base.h"

#include <string.h>

enum {
	ERA_YEARS = 400,
	ERA_DAYS = 146097,
	EPOCH = 719468, /* days from 0000-03-01 to 1970-01-01 */
};

static int32_t days_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - (ERA_YEARS - 1)) / ERA_YEARS;
	int year_of_era = y - era * ERA_YEARS;
	int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - EPOCH;
}

static int32_t clip(int64_t days)
{
	return days < DATE_FIRST ? DATE_FIRST : days > DATE_LAST ? DATE_LAST : (int32_t)days;
}

void date_parts(int32_t days, int *year, int *month, int *day)
{
	int shifted = clip(days) + EPOCH;
	int era = shifted / ERA_DAYS, day_of_era = shifted % ERA_DAYS;
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int shifted_month = (5 * day_of_year + 2) / 153;

	*day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
	*month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
	*year = year_of_era + era * ERA_YEARS + (*month <= 2);
}

static int month_days(int year, int month)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (leap && month == 2);
}

static bool digits(const char *text, size_t count, int *value)
{
	*value = 0;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

bool date_parse(const char *text, size_t count, int32_t *days)
{
	int year, month, day;

	if (count != 10 || text[4] != '-' || text[7] != '-')
		return false;
	if (!digits(text, 4, &year) || !digits(text + 5, 2, &month) || !digits(text + 8, 2, &day))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
		return false;
	*days = days_of(year, month, day);
	return true;
}

void date_print(int32_t days, char out[11])
{
	int year, month, day;

	if (days == DATE_NONE) {
		memcpy(out, "unknown", sizeof "unknown");
		return;
	}
	date_parts(days, &year, &month, &day);
	for (int i = 3; i >= 0; i--, year /= 10)
		out[i] = (char)('0' + year % 10);
	out[4] = out[7] = '-';
	out[5] = (char)('0' + month / 10);
	out[6] = (char)('0' + month % 10);
	out[8] = (char)('0' + day / 10);
	out[9] = (char)('0' + day % 10);
	out[10] = 0;
}

int32_t date_add_months(int32_t days, int32_t months)
{
	int year, month, day;
	int64_t total;

	if (days == DATE_NONE)
		return DATE_NONE;
	date_parts(days, &year, &month, &day);
	total = (int64_t)year * 12 + (month - 1) + months;
	if (total < 12)
		return DATE_FIRST;
	if (total >= 10000 * 12)
		return DATE_LAST;
	year = (int)(total / 12);
	month = (int)(total % 12) + 1;
	return days_of(year, month, day < month_days(year, month) ? day : month_days(year, month));
}
