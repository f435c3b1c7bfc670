/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact numbers: parsing to 10^-6, printing back, shares at the edges of 128 bits.
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

static void measures(void **state)
{
	static const struct {
		const char *text;
		enum number_status status;
		int64_t micro;
	} rows[] = {
		{ "0", NUMBER_OK, 0 },
		{ "-0", NUMBER_OK, 0 },
		{ "1", NUMBER_OK, 1000000 },
		{ "+1.25", NUMBER_OK, 1250000 },
		{ "-1.25", NUMBER_OK, -1250000 },
		{ "000123.4500000000", NUMBER_OK, 123450000 },
		{ ".5", NUMBER_OK, 500000 },
		{ "5.", NUMBER_OK, 5000000 },
		{ "0.000001", NUMBER_OK, 1 },
		{ "0.0000001", NUMBER_TOO_FINE, 0 },
		{ "1.0000010", NUMBER_OK, 1000001 },
		{ "9223372036854.775807", NUMBER_OK, INT64_MAX },
		{ "-9223372036854.775807", NUMBER_OK, -INT64_MAX },
		{ "9223372036854.775808", NUMBER_OVERFLOW, 0 },
		{ "-9223372036854.775808", NUMBER_OVERFLOW, 0 },
		{ "18446744073709.551616", NUMBER_OVERFLOW, 0 },
		{ "99999999999999999999999999", NUMBER_OVERFLOW, 0 },
		{ "99999999999999999999999999.0000001", NUMBER_OVERFLOW, 0 },
		{ "99999999999999999999999999x", NUMBER_BAD, 0 },
		{ "0.0000001x", NUMBER_BAD, 0 },
		{ "", NUMBER_BAD, 0 },
		{ "-", NUMBER_BAD, 0 },
		{ "+", NUMBER_BAD, 0 },
		{ ".", NUMBER_BAD, 0 },
		{ "-.", NUMBER_BAD, 0 },
		{ "--1", NUMBER_BAD, 0 },
		{ "1.2.3", NUMBER_BAD, 0 },
		{ "1,5", NUMBER_BAD, 0 },
		{ "1e3", NUMBER_BAD, 0 },
		{ "0x10", NUMBER_BAD, 0 },
		{ " 1", NUMBER_BAD, 0 },
		{ "1 ", NUMBER_BAD, 0 },
		{ "nan", NUMBER_BAD, 0 },
		{ "\xD9\xA1", NUMBER_BAD, 0 }, /* a digit, but not one of ours */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t micro = 0;
		enum number_status status = measure_parse(rows[i].text, strlen(rows[i].text), &micro);

		if (status != rows[i].status || micro != rows[i].micro)
			fail_msg("%s: status %d, %lld", rows[i].text, status, (long long)micro);
	}
	assert_int_equal(measure_parse("12", 1, &(int64_t){ 0 }), NUMBER_OK);
	assert_int_equal(measure_parse(NULL, 0, &(int64_t){ 0 }), NUMBER_BAD);
}

static void percents(void **state)
{
	static const struct {
		const char *text;
		enum number_status status;
		int64_t ppb;
	} rows[] = {
		{ "35%", NUMBER_OK, 350000000 },
		{ "12.5%", NUMBER_OK, 125000000 },
		{ "0%", NUMBER_OK, 0 },
		{ "100%", NUMBER_OK, 1000000000 },
		{ "250%", NUMBER_OK, 2500000000 },
		{ "0.0000001%", NUMBER_OK, 1 },
		{ "0.00000001%", NUMBER_TOO_FINE, 0 },
		{ "33.33333330000%", NUMBER_OK, 333333333 },
		{ "922337203685.4775807%", NUMBER_OK, INT64_MAX },
		{ "922337203685.4775808%", NUMBER_OVERFLOW, 0 },
		{ "35", NUMBER_BAD, 0 },
		{ "%", NUMBER_BAD, 0 },
		{ "", NUMBER_BAD, 0 },
		{ "-5%", NUMBER_BAD, 0 },
		{ "+5%", NUMBER_BAD, 0 },
		{ "35 %", NUMBER_BAD, 0 },
		{ "35%%", NUMBER_BAD, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t ppb = 0;
		enum number_status status = percent_parse(rows[i].text, strlen(rows[i].text), &ppb);

		if (status != rows[i].status || ppb != rows[i].ppb)
			fail_msg("%s: status %d, %lld", rows[i].text, status, (long long)ppb);
	}
}

static void prints(void **state)
{
	wide most = (wide)(~(unsigned __int128)0 >> 1), least = -most - 1;
	char out[64];

	(void)state;
	micro_print(1250000, out);
	assert_string_equal(out, "1.25");
	micro_print(0, out);
	assert_string_equal(out, "0");
	micro_print(-1, out);
	assert_string_equal(out, "-0.000001");
	micro_print(3000000, out);
	assert_string_equal(out, "3");
	micro_print(most, out);
	assert_string_equal(out, "170141183460469231731687303715884.105727");
	micro_print(least, out);
	assert_string_equal(out, "-170141183460469231731687303715884.105728");
	assert_true(strlen(out) < 48);
	micro_print_grouped(1234567500000, out);
	assert_string_equal(out, "1,234,567.5");
	micro_print_grouped(999000000, out);
	assert_string_equal(out, "999");
	micro_print_grouped(-1000000000, out);
	assert_string_equal(out, "-1,000");
	micro_print_grouped(least, out);
	assert_string_equal(out, "-170,141,183,460,469,231,731,687,303,715,884.105728");
	ppb_print_percent(350000000, out);
	assert_string_equal(out, "35%");
	ppb_print_percent(1, out);
	assert_string_equal(out, "0.0000001%");
	ppb_print_percent(INT64_MIN, out);
	assert_string_equal(out, "-922337203685.4775808%");
	assert_true(strlen(out) < 32);
}

static void round_trip(void **state)
{
	uint64_t x = 88172645463325252u;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		int64_t value, back;
		char out[48];

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		value = (int64_t)x >> (i % 64);
		if (value == INT64_MIN)
			continue;
		micro_print(value, out);
		assert_int_equal(measure_parse(out, strlen(out), &back), NUMBER_OK);
		assert_int_equal(back, value);
	}
}

static void shares(void **state)
{
	wide big = ((wide)1 << 97) - 1;

	(void)state;
	assert_int_equal(share_ppb(0, 1), 0);
	assert_int_equal(share_ppb(1, 3), 333333333);
	assert_int_equal(share_ppb(2, 3), 666666667);
	assert_int_equal(share_ppb(1, 1), PPB);
	assert_int_equal(share_ppb(5, 2), 2500000000);
	/* Half up: 0.5, just under, 1.5 of the last place. */
	assert_int_equal(share_ppb(1, 2000000000), 1);
	assert_int_equal(share_ppb(1, 2000000001), 0);
	assert_int_equal(share_ppb(3, 2000000000), 2);
	assert_int_equal(share_ppb(big, big), PPB);
	assert_int_equal(share_ppb(big - 1, big), PPB);
	assert_int_equal(share_ppb((wide)1 << 96, big), 500000000);
	assert_int_equal(share_ppb(1, big), 0);
	assert_int_equal(share_ppb(big, 1), INT64_MAX);
	assert_int_equal(share_ppb(-1, 4), -250000000);
}

static void comparisons(void **state)
{
	wide big = ((wide)1 << 97) - 1, hundred = (wide)100 << 90;

	(void)state;
	assert_int_equal(share_compare(35, 100, 350000000), 0);
	assert_int_equal(share_compare(36, 100, 350000000), 1);
	assert_int_equal(share_compare(34, 100, 350000000), -1);
	assert_int_equal(share_compare(0, 5, 0), 0);
	assert_int_equal(share_compare(1, 3, 333333333), 1);
	assert_int_equal(share_compare(1, 3, 333333334), -1);
	assert_int_equal(share_compare(7, 2, 3500000000), 0);
	assert_int_equal(share_compare(7, 2, 2500000000), 1);
	/* One unit of 2^97 decides. */
	assert_int_equal(share_compare((wide)1 << 96, big, 500000000), 1);
	assert_int_equal(share_compare(((wide)1 << 96) - 1, big, 500000000), -1);
	assert_int_equal(share_compare((wide)35 << 90, hundred, 350000000), 0);
	assert_int_equal(share_compare(((wide)35 << 90) + 1, hundred, 350000000), 1);
	assert_int_equal(share_compare(((wide)35 << 90) - 1, hundred, 350000000), -1);
	assert_int_equal(share_compare(big, big, PPB), 0);
	assert_int_equal(share_compare(big - 1, big, PPB), -1);
	assert_int_equal(share_compare(big, big - 1, PPB), 1);
	assert_int_equal(share_compare(big, 1, INT64_MAX), 1);
	assert_int_equal(share_compare(1, big, INT64_MAX), -1);
	assert_int_equal(share_compare(1, big, 0), 1);
	/* Negative sums come from negative cells. */
	assert_int_equal(share_compare(-1, 4, 0), -1);
	assert_int_equal(share_compare(-1, 4, -250000000), 0);
	assert_int_equal(share_compare(-2, 4, -250000000), -1);
	assert_int_equal(share_compare(-1, 8, -250000000), 1);
	assert_int_equal(share_compare(0, 8, -1), 1);
	assert_int_equal(share_compare(1, 8, INT64_MIN), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures),   cmocka_unit_test(percents), cmocka_unit_test(prints),
		cmocka_unit_test(round_trip), cmocka_unit_test(shares),	  cmocka_unit_test(comparisons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
