/* SPDX-License-Identifier: Apache-2.0 */
/* What several formats have: vendors, products, sites, functions, addresses, links. */
#include "net/import/intake.h"
#include "net/stage.h"

#include <string.h>
#include <strings.h>

/* Words that stand in a vendor's place where nobody knows it. */
static bool says_nothing(const char *name)
{
	static const char *const words[] = { "", "-", "?", "n/a", "na", "none", "null", "tbd", "unknown", "undefined" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(name, words[i]) == 0)
			return true;
	return false;
}

static const char *squeezed(struct intake *in, const char *text)
{
	char *copy = arena_text(in->arena, text, strlen(text)), *to = copy;

	for (const char *at = copy; *at; at++)
		if ((unsigned char)*at > ' ')
			*to++ = *at;
		else if (to > copy && to[-1] != ' ')
			*to++ = ' ';
	while (to > copy && to[-1] == ' ')
		to--;
	*to = '\0';
	return copy;
}

/* Small letters and digits, "-" between words; other alphabets stay as they are. */
static const char *vendor_id(struct intake *in, const char *name)
{
	enum { LONGEST = 100 };
	size_t bytes = strlen(name), n = 0;
	char *id;

	bytes = bytes > LONGEST ? utf8_check(name, LONGEST) : bytes;
	id = arena_alloc(in->arena, bytes + 1);
	for (size_t i = 0; i < bytes; i++) {
		char c = name[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
			id[n++] = c;
		else if (n && id[n - 1] != '-')
			id[n++] = '-';
	}
	while (n && id[n - 1] == '-')
		n--;
	id[n] = '\0';
	return id;
}

const char *intake_vendor(struct intake *in, const char *name)
{
	const char *clean = squeezed(in, name), *mapped, *id;
	uint32_t row;
	bool new;

	if (says_nothing(clean))
		return NULL;
	mapped = intake_mapped(in, "vendor", clean, NULL);
	id = mapped ? mapped : vendor_id(in, clean);
	if (says_nothing(id))
		return NULL;
	row = intake_row(in, NET_VENDORS, id, &new);
	if (new) {
		intake_cell(in, NET_VENDORS, row, "name", clean);
		intake_cell(in, NET_VENDORS, row, "source", strs_text(in->strs, in->base_name));
	}
	return intake_id(in, NET_VENDORS, row);
}

const char *intake_product(struct intake *in, const char *name, const char *vendor)
{
	const char *clean = squeezed(in, name);
	uint32_t row;
	bool new;

	if (!*clean || !vendor)
		return NULL;
	row = intake_row(in, NET_PRODUCTS, clean, &new);
	/* Two vendors may call a product the same. */
	if (!new &&strcmp(intake_get(in, NET_PRODUCTS, row, "vendor"), vendor) != 0)
		row = intake_row(in, NET_PRODUCTS, arena_printf(in->arena, "%s %s", vendor, clean), &new);
	if (new) {
		intake_cell(in, NET_PRODUCTS, row, "vendor", vendor);
		intake_cell(in, NET_PRODUCTS, row, "source", strs_text(in->strs, in->base_name));
	}
	return intake_id(in, NET_PRODUCTS, row);
}

uint32_t intake_site(struct intake *in, const char *id)
{
	bool new;
	uint32_t row = intake_row(in, NET_SITES, id, &new);

	if (new)
		intake_cell(in, NET_SITES, row, "source", strs_text(in->strs, in->base_name));
	return row;
}

uint32_t intake_element(struct intake *in, const char *id, bool *new)
{
	bool made;
	uint32_t row = intake_row(in, NET_ELEMENTS, id, &made);

	if (made)
		intake_cell(in, NET_ELEMENTS, row, "source", strs_text(in->strs, in->base_name));
	if (new)
		*new = made;
	return row;
}

const char *intake_function(struct intake *in, const char *kind, const char *word)
{
	struct place place;
	const char *mapped = intake_mapped(in, kind, word, &place);
	uint32_t function = net_function_find(mapped ? mapped : word);

	if (function != CODE_UNKNOWN)
		return net_functions[function].name;
	if (mapped) {
		const char *nearest = net_function_nearest(mapped);

		diagnose(in->diagnostics, SEVERITY_ERROR, "unknown-function", place,
			 "function \"%s\" is not known%s%s%s", mapped, nearest ? " (did you mean \"" : "",
			 nearest ? nearest : "", nearest ? "\"?)" : "");
		in->refused = true;
	}
	return NULL;
}

bool intake_link(struct intake *in, const char *a, const char *b, const char *reference_point)
{
	const char *there = arena_printf(in->arena, "%s|%s|%s", a, b, reference_point);
	const char *back = arena_printf(in->arena, "%s|%s|%s", b, a, reference_point);
	uint32_t row;

	if (strcmp(a, b) == 0 || intake_find(in, &in->made[NET_LINKS], there) != CODE_UNKNOWN ||
	    intake_find(in, &in->made[NET_LINKS], back) != CODE_UNKNOWN)
		return false;
	/* The folder may have it the other way round. */
	if (intake_find(in, &in->found[NET_LINKS], back) != CODE_UNKNOWN) {
		const char *other = a;

		there = back;
		a = b;
		b = other;
	}
	row = intake_row(in, NET_LINKS, there, NULL);
	intake_cell(in, NET_LINKS, row, "a", a);
	intake_cell(in, NET_LINKS, row, "b", b);
	intake_cell(in, NET_LINKS, row, "reference_point", reference_point);
	intake_cell(in, NET_LINKS, row, "source", strs_text(in->strs, in->base_name));
	return true;
}

void intake_address(struct intake *in, uint32_t element, const char *address)
{
	size_t bytes = strlen(address);

	if (!bytes)
		return;
	if (strpbrk(address, " \t\r\n") || !address_valid(address, bytes))
		intake_note(in, "an address is none and is not kept",
			    arena_printf(in->arena, "%s: %s", intake_id(in, NET_ELEMENTS, element), address));
	else
		intake_word(in, NET_ELEMENTS, element, "addresses", address);
}

void intake_place(struct intake *in, uint32_t site, const char *latitude, const char *longitude)
{
	int64_t north, east;
	enum number_status a = measure_parse(latitude, strlen(latitude), &north);
	enum number_status b = measure_parse(longitude, strlen(longitude), &east);

	if ((a != NUMBER_OK && a != NUMBER_TOO_FINE) || (b != NUMBER_OK && b != NUMBER_TOO_FINE) ||
	    north > 90 * MICRO || north < -90 * MICRO || east > 180 * MICRO || east < -180 * MICRO) {
		intake_note(in, "latitude or longitude is none and is not kept",
			    arena_printf(in->arena, "%s: %s, %s", intake_id(in, NET_SITES, site), latitude, longitude));
		return;
	}
	intake_cell(in, NET_SITES, site, "lat", latitude);
	intake_cell(in, NET_SITES, site, "lon", longitude);
}
