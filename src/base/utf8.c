/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8, checked strictly: no overlong forms, no surrogates, nothing above U+10FFFF (RFC 3629, section 4), and no NUL,
 * because texts end in one.
 */
#include "base/base.h"

#include <string.h>

/* Bytes of the well-formed sequence at u, 0 if there is none. RFC 3629, section 4, the table of octets. */
static size_t sequence(const unsigned char *u, size_t left)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t bytes;

	if (u[0] < 0x80)
		return u[0] != 0;
	if (u[0] < 0xC2 || u[0] > 0xF4)
		return 0;
	bytes = u[0] < 0xE0 ? 2 : u[0] < 0xF0 ? 3 : 4;
	if (left < bytes)
		return 0;
	if (u[0] == 0xE0)
		low = 0xA0;
	else if (u[0] == 0xED)
		high = 0x9F;
	else if (u[0] == 0xF0)
		low = 0x90;
	else if (u[0] == 0xF4)
		high = 0x8F;
	if (u[1] < low || u[1] > high)
		return 0;
	for (size_t i = 2; i < bytes; i++)
		if ((u[i] & 0xC0) != 0x80)
			return 0;
	return bytes;
}

/* True where none of the eight bytes is NUL or above 0x7F. */
static bool eight_plain(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof word);
	return !((word | (word - 0x0101010101010101u)) & 0x8080808080808080u);
}

size_t utf8_check(const char *text, size_t count)
{
	size_t at = 0;

	while (at < count) {
		size_t n;

		if (count - at >= 8 && eight_plain(text + at)) {
			at += 8;
			continue;
		}
		n = sequence((const unsigned char *)text + at, count - at);
		if (!n)
			return at;
		at += n;
	}
	return count;
}

/* Marks that stand over or under the letter before them, and what has no width (Unicode 15, general categories Mn, Cf). */
static const struct {
	uint32_t from, to;
} no_width[] = {
	{ 0x0300, 0x036F },   { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x05BF, 0x05BF }, { 0x05C1, 0x05C2 },
	{ 0x05C4, 0x05C5 },   { 0x0610, 0x061A }, { 0x064B, 0x065F }, { 0x0670, 0x0670 }, { 0x06D6, 0x06DC },
	{ 0x06DF, 0x06E4 },   { 0x06E7, 0x06E8 }, { 0x06EA, 0x06ED }, { 0x093C, 0x093C }, { 0x0941, 0x0948 },
	{ 0x094D, 0x094D },   { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E }, { 0x1AB0, 0x1ACE },
	{ 0x1DC0, 0x1DFF },   { 0x200B, 0x200F }, { 0x202A, 0x202E }, { 0x2060, 0x2064 }, { 0x20D0, 0x20F0 },
	{ 0x302A, 0x302D },   { 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xFEFF, 0xFEFF },
	{ 0xE0100, 0xE01EF },
};

static bool has_width(uint32_t point)
{
	for (size_t i = 0; i < sizeof no_width / sizeof *no_width && no_width[i].from <= point; i++)
		if (point <= no_width[i].to)
			return false;
	return true;
}

size_t utf8_width(const char *text, size_t count)
{
	static const unsigned char first_bits[5] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	const unsigned char *u = (const unsigned char *)text;
	size_t width = 0;

	for (size_t at = 0; at < count;) {
		size_t n = sequence(u + at, count - at);
		uint32_t point = u[at];

		/* What is not well-formed is shown as something one column wide. */
		if (n > 1) {
			point &= first_bits[n];
			for (size_t i = 1; i < n; i++)
				point = point << 6 | (u[at + i] & 0x3F);
		}
		width += has_width(point);
		at += n ? n : 1;
	}
	return width;
}
