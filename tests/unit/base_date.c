/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates: real days only, counted by hand, and every day there is goes there and back.
 *
 * # proviso-deps: base
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"

static int32_t day(const char *text)
{
	int32_t days = DATE_NONE;

	assert_true(date_parse(text, strlen(text), &days));
	return days;
}

static bool refused(const char *text)
{
	int32_t days = 12345;
	bool parsed = date_parse(text, strlen(text), &days);

	return !parsed && days == 12345;
}

static void known_days(void **state)
{
	(void)state;
	assert_int_equal(day("1970-01-01"), 0);
	assert_int_equal(day("1969-12-31"), -1);
	assert_int_equal(day("1970-03-01"), 59);
	/* Thirty years with the leap days of 72 76 80 84 88 92 96: 30 * 365 + 7. */
	assert_int_equal(day("2000-01-01"), 10957);
	assert_int_equal(day("2000-02-29"), 10957 + 59);
	/* 54 years, leap days up to 2020: 13. */
	assert_int_equal(day("2024-01-01"), 54 * 365 + 13);
	assert_int_equal(day("2024-02-29"), 54 * 365 + 13 + 59);
	assert_int_equal(day("0001-01-01"), DATE_FIRST);
	assert_int_equal(day("9999-12-31"), DATE_LAST);
}

static void not_dates(void **state)
{
	static const char *const texts[] = {
		"",	      "2023-02-30", "2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2024-04-31",
		"2024-13-01", "2024-00-01", "2024-01-00", "2024-01-32", "0000-01-01", "2024-1-01",  "2024-01-1",
		"24-01-01",   "2024/01/01", "2024-01-01 ", " 2024-01-01", "-024-01-01", "2024-01-0a", "2024-+1-01",
		"20240101",   "12024-01-01", "2024-01-01T00:00:00",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!refused(texts[i]))
			fail_msg("accepted %s", texts[i]);
	assert_int_equal(day("2000-02-29") + 1, day("2000-03-01"));
	assert_false(date_parse("2024-01-01\0", 11, &(int32_t){ 0 }));
}

static void every_day(void **state)
{
	int last_year = 0, last_month = 12, last_day = 31;

	(void)state;
	for (int32_t days = DATE_FIRST; days <= DATE_LAST; days++) {
		int year, month, d;
		char text[11];
		int32_t back;

		date_parts(days, &year, &month, &d);
		/* The next day of a calendar: tomorrow, the first of a month, or the first of a year. */
		if (!(year == last_year && month == last_month && d == last_day + 1) &&
		    !(year == last_year && month == last_month + 1 && d == 1 && last_day >= 28) &&
		    !(year == last_year + 1 && month == 1 && d == 1 && last_month == 12 && last_day == 31))
			fail_msg("%d-%d-%d after %d-%d-%d", year, month, d, last_year, last_month, last_day);
		date_print(days, text);
		if (!date_parse(text, 10, &back) || back != days)
			fail_msg("%s is %d, not %d", text, back, days);
		last_year = year;
		last_month = month;
		last_day = d;
	}
	assert_int_equal(last_year, 9999);
}

static void months(void **state)
{
	(void)state;
	assert_int_equal(date_add_months(day("2024-01-31"), 1), day("2024-02-29"));
	assert_int_equal(date_add_months(day("2023-01-31"), 1), day("2023-02-28"));
	assert_int_equal(date_add_months(day("2024-02-29"), 12), day("2025-02-28"));
	assert_int_equal(date_add_months(day("2024-02-29"), -48), day("2020-02-29"));
	assert_int_equal(date_add_months(day("2024-03-31"), -1), day("2024-02-29"));
	assert_int_equal(date_add_months(day("2023-12-15"), 1), day("2024-01-15"));
	assert_int_equal(date_add_months(day("2024-01-15"), -1), day("2023-12-15"));
	assert_int_equal(date_add_months(day("2024-05-31"), 0), day("2024-05-31"));
	assert_int_equal(date_add_months(day("9999-12-31"), 1), DATE_LAST);
	assert_int_equal(date_add_months(day("2024-01-01"), INT32_MAX), DATE_LAST);
	assert_int_equal(date_add_months(day("2024-01-01"), INT32_MIN), DATE_FIRST);
	assert_int_equal(date_add_months(DATE_NONE, 1), DATE_NONE);
}

static void prints(void **state)
{
	char text[11];

	(void)state;
	date_print(0, text);
	assert_string_equal(text, "1970-01-01");
	date_print(DATE_FIRST, text);
	assert_string_equal(text, "0001-01-01");
	date_print(DATE_NONE, text);
	assert_string_equal(text, "unknown");
	/* Beyond the calendar it stays within the eleven bytes. */
	date_print(INT32_MAX, text);
	assert_string_equal(text, "9999-12-31");
	date_print(INT32_MIN + 1, text);
	assert_string_equal(text, "0001-01-01");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days), cmocka_unit_test(not_dates), cmocka_unit_test(every_day),
		cmocka_unit_test(months),     cmocka_unit_test(prints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
