/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses of elements: IPv4 and IPv6 addresses, prefixes of them, MAC addresses, names. What looks like a number but
 * is none would silently match nothing on the wire, so it is refused here.
 */
#include "net/stage.h"

#include <arpa/inet.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Up to four digits, at most most. */
static bool decimal(const char *text, size_t bytes, unsigned most)
{
	unsigned value = 0;

	if (bytes < 1 || bytes > 4 || (bytes > 1 && *text == '0'))
		return false;
	for (size_t i = 0; i < bytes; i++) {
		if (!is_digit(text[i]))
			return false;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	return value <= most;
}

static bool ipv4(const char *text, size_t bytes)
{
	const char *end = text + bytes;

	for (int part = 0; part < 4; part++) {
		const char *from = text;

		while (text < end && *text != '.')
			text++;
		if (!decimal(from, (size_t)(text - from), 255))
			return false;
		if ((text == end) != (part == 3))
			return false;
		text++;
	}
	return true;
}

static bool ipv6(const char *text, size_t bytes)
{
	char copy[INET6_ADDRSTRLEN + 1];
	struct in6_addr address;

	if (bytes >= sizeof copy)
		return false;
	memcpy(copy, text, bytes);
	copy[bytes] = 0;
	return inet_pton(AF_INET6, copy, &address) == 1;
}

static bool mac(const char *text, size_t bytes)
{
	if (bytes != 17)
		return false;
	for (size_t i = 0; i < bytes; i++)
		if (i % 3 == 2 ? text[i] != ':' : !is_hex(text[i]))
			return false;
	return true;
}

static bool plain_valid(const char *word, size_t bytes)
{
	const char *slash = memchr(word, '/', bytes);
	size_t address = slash ? (size_t)(slash - word) : bytes, behind = slash ? bytes - address - 1 : 0;
	bool colon = false, letters = false, others = false;

	for (size_t i = 0; i < bytes; i++) {
		if (word[i] == ',' || word[i] == ';')
			return false; /* a list is parted by spaces: the whole of it is no address, and no name */
		colon |= word[i] == ':';
		letters |= is_hex(word[i]) && !is_digit(word[i]);
		others |= !is_hex(word[i]) && word[i] != ':' && word[i] != '.' && word[i] != '/';
	}
	if (others || (letters && !colon))
		return true; /* a name */
	if (!colon)
		return ipv4(word, address) && (!slash || decimal(slash + 1, behind, 32));
	if (!slash && mac(word, bytes))
		return true;
	return ipv6(word, address) && (!slash || decimal(slash + 1, behind, 128));
}

/* 100 or, of two tags, 100.7: numbers that IEEE 802.1Q has for VLANs. */
static bool vlans(const char *text, size_t bytes)
{
	const char *dot = memchr(text, '.', bytes);
	size_t outer = dot ? (size_t)(dot - text) : bytes;

	return decimal(text, outer, 4094) && text[0] != '0' &&
	       (!dot || (decimal(dot + 1, bytes - outer - 1, 4094) && dot[1] != '0'));
}

bool address_valid(const char *word, size_t bytes)
{
	const char *percent = memchr(word, '%', bytes);

	if (percent) { /* an IPv4 address in a VLAN: IPv6 addresses are not used twice */
		size_t address = (size_t)(percent - word);

		return is_digit(*word) && memchr(word, '.', address) && plain_valid(word, address) &&
		       vlans(percent + 1, bytes - address - 1);
	}
	return plain_valid(word, bytes);
}
