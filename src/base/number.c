/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact numbers: decimals as integers of 10^-6, percentages and shares as integers of 10^-9. Shares are compared by
 * cross-multiplication and never pass through a floating point number.
 */
#include "base/base.h"

#include <assert.h>
#include <string.h>

typedef unsigned __int128 uwide;

/* Sums of 64-bit measures over LIMIT_ROWS rows stay below 2^91; from here on products with 10^9 would not fit. */
#define SHARE_LIMIT ((wide)1 << 97)

/* Digits with an optional point as an integer of 10^-decimals; the sign is the caller's. */
static enum number_status fixed_parse(const char *text, size_t count, int decimals, uint64_t *value)
{
	enum number_status status = NUMBER_OK;
	int behind = -1; /* digits behind the point; -1: no point yet */
	bool any = false;

	*value = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned digit = (unsigned char)text[i] - (unsigned)'0';

		if (text[i] == '.' && behind < 0) {
			behind = 0;
			continue;
		}
		if (digit > 9)
			return NUMBER_BAD;
		any = true;
		if (behind >= decimals) {
			if (digit && status == NUMBER_OK)
				status = NUMBER_TOO_FINE;
			continue;
		}
		behind += behind >= 0;
		if (__builtin_mul_overflow(*value, 10u, value) || __builtin_add_overflow(*value, digit, value))
			status = NUMBER_OVERFLOW;
	}
	for (behind = behind < 0 ? 0 : behind; behind < decimals; behind++)
		if (__builtin_mul_overflow(*value, 10u, value))
			status = NUMBER_OVERFLOW;
	return any ? status : NUMBER_BAD;
}

enum number_status measure_parse(const char *text, size_t count, int64_t *micro)
{
	bool minus = count && *text == '-';
	size_t sign = minus || (count && *text == '+');
	uint64_t value;
	enum number_status status = fixed_parse(text + sign, count - sign, 6, &value);

	if (status != NUMBER_OK)
		return status;
	/* INT64_MIN would fit, but stands for "unknown". */
	if (value > INT64_MAX)
		return NUMBER_OVERFLOW;
	*micro = minus ? -(int64_t)value : (int64_t)value;
	return NUMBER_OK;
}

enum number_status percent_parse(const char *text, size_t count, int64_t *ppb)
{
	uint64_t value;
	enum number_status status;

	if (!count || text[count - 1] != '%')
		return NUMBER_BAD;
	status = fixed_parse(text, count - 1, 7, &value);
	if (status != NUMBER_OK)
		return status;
	if (value > INT64_MAX)
		return NUMBER_OVERFLOW;
	*ppb = (int64_t)value;
	return NUMBER_OK;
}

/* Prints value of 10^-decimals with commas where asked for; room must do for 39 digits, sign, point and commas. */
static void fixed_print(wide value, int decimals, bool grouped, char *out)
{
	char backwards[64];
	uwide rest = value < 0 ? -(uwide)value : (uwide)value;
	size_t n = 0;
	int digit = 0;

	for (bool shown = false; digit < decimals; digit++, rest /= 10) {
		unsigned d = (unsigned)(rest % 10);

		shown |= d != 0;
		if (shown)
			backwards[n++] = (char)('0' + d);
	}
	if (n)
		backwards[n++] = '.';
	for (digit = 0; digit == 0 || rest; digit++, rest /= 10) {
		if (grouped && digit && digit % 3 == 0)
			backwards[n++] = ',';
		backwards[n++] = (char)('0' + (unsigned)(rest % 10));
	}
	if (value < 0)
		backwards[n++] = '-';
	for (size_t i = 0; i < n; i++)
		out[i] = backwards[n - 1 - i];
	out[n] = 0;
}

void micro_print(wide micro, char out[48])
{
	fixed_print(micro, 6, false, out);
}

void micro_print_grouped(wide micro, char out[64])
{
	fixed_print(micro, 6, true, out);
}

void ppb_print_percent(int64_t ppb, char out[32])
{
	fixed_print(ppb, 7, false, out);
	strcat(out, "%");
}

int64_t share_ppb(wide numerator, wide denominator)
{
	uwide n = numerator < 0 ? -(uwide)numerator : (uwide)numerator, d = (uwide)denominator, whole, part;

	assert(denominator > 0 && denominator < SHARE_LIMIT && n < (uwide)SHARE_LIMIT);
	whole = n / d;
	/* n % d < 2^97 and 10^9 < 2^30, so the product is below 2^127. An odd d has no exact half: d / 2 may round down. */
	part = (n % d * PPB + d / 2) / d;
	if (whole > INT64_MAX / PPB - 1)
		return numerator < 0 ? -INT64_MAX : INT64_MAX;
	whole = whole * PPB + part;
	return numerator < 0 ? -(int64_t)whole : (int64_t)whole;
}

int share_compare(wide numerator, wide denominator, int64_t ppb)
{
	uwide n = numerator < 0 ? -(uwide)numerator : (uwide)numerator, d = (uwide)denominator, bound, whole, left,
	      right;
	int sign = numerator < 0 ? -1 : 1;

	assert(denominator > 0 && denominator < SHARE_LIMIT && n < (uwide)SHARE_LIMIT);
	if ((numerator < 0) != (ppb < 0))
		return numerator < 0 ? -1 : ppb < 0 ? 1 : 0;
	bound = ppb < 0 ? -(uwide)ppb : (uwide)ppb;
	/* Whole parts first, so that neither product below can exceed 2^97 * 2^30. */
	whole = n / d;
	if (whole != bound / PPB)
		return whole < bound / PPB ? -sign : sign;
	left = n % d * PPB;
	right = bound % PPB * d;
	return left < right ? -sign : left > right ? sign : 0;
}
