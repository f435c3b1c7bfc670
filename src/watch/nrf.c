/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two lists that come in files of their own: profiles of network functions as an NRF gives them out (TS 29.510 clause
 * 6.1.6.2.2), and addresses of lawful interception.
 */
#include <jansson.h>

#include "watch/internal.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_PROFILES = 100000, MOST_ADDRESSES = 256, MOST_SERVICES = 256, LIST_BYTES = 64 << 20 };

static const char *text_of(struct arena *a, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? arena_text(a, text, strlen(text)) : NULL;
}

/* Where a profile's address can't be taken, its owner would seem to be nobody. */
static void add_addresses(const json_t *list, struct wire_address *out, struct watch_nf *nf, struct diagnostics *d,
			  struct place place)
{
	size_t i;
	const json_t *item;

	json_array_foreach((json_t *)(uintptr_t)list, i, item)
	{
		const char *text = json_string_value(item);

		if (nf->address_count == MOST_ADDRESSES)
			diagnose(d, SEVERITY_WARNING, "profile-left-out", place,
				 "instance %s has more than %d addresses: the others are left out",
				 nf->instance ? nf->instance : "without an id", MOST_ADDRESSES);
		if (nf->address_count == MOST_ADDRESSES)
			return;
		if (text && watch_address_read(text, &out[nf->address_count]))
			nf->address_count++;
		else
			diagnose(d, SEVERITY_WARNING, "profile-left-out", place, "instance %s: \"%s\" is no address",
				 nf->instance ? nf->instance : "without an id", text ? text : "");
	}
}

static void add_services(struct arena *a, const json_t *services, const char **out, size_t *count)
{
	const char *key;
	const json_t *item;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)services, i,
			   item) if (*count < MOST_SERVICES &&
				     (out[*count] = text_of(a, item, "serviceName")))(*count)++;
	if (json_is_object(services)) /* nfServiceList: a map by instance */
		json_object_foreach((json_t *)(uintptr_t)services, key,
				    item) if (*count < MOST_SERVICES &&
					      (out[*count] = text_of(a, item, "serviceName")))(*count)++;
}

static void read_profile(struct arena *a, const json_t *p, struct watch_nf *nf, struct diagnostics *d, struct place place)
{
	struct wire_address *addresses = arena_array(a, MOST_ADDRESSES, sizeof *addresses);
	const char **services = arena_array(a, MOST_SERVICES, sizeof *services);

	*nf = (struct watch_nf){ .instance = text_of(a, p, "nfInstanceId"),
				 .type = text_of(a, p, "nfType"),
				 .vendor = text_of(a, p, "vendorId"),
				 .name = text_of(a, p, "fqdn") };
	if (!nf->name)
		nf->name = text_of(a, p, "nfInstanceName");
	add_addresses(json_object_get(p, "ipv4Addresses"), addresses, nf, d, place);
	add_addresses(json_object_get(p, "ipv6Addresses"), addresses, nf, d, place);
	add_services(a, json_object_get(p, "nfServices"), services, &nf->service_count);
	add_services(a, json_object_get(p, "nfServiceList"), services, &nf->service_count);
	nf->addresses = addresses;
	nf->services = services;
}

struct watch_nrf *watch_nrf_read(struct arena *a, struct source *source, struct diagnostics *d)
{
	struct watch_nrf *nrf = arena_alloc(a, sizeof *nrf);
	struct place place = { .file = source_name(source) };
	const json_t *list, *item;
	struct watch_nf *items;
	json_error_t error;
	size_t bytes, i;
	json_t *root;
	char *text = source_all(source, a, LIST_BYTES, &bytes);

	root = text ? json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error) : NULL;
	if (!root) {
		place.line = text ? (uint32_t)error.line : 0;
		place.column = text ? (uint32_t)error.column : 0;
		diagnose(d, SEVERITY_ERROR, "bad-profiles", place, "%s",
			 text ? error.text : "can't be read, or is larger than 64 MiB");
		return nrf;
	}
	list = json_is_array(root) ? root : json_object_get(root, "nfInstances");
	items = arena_array(a, (list ? json_array_size(list) : 1) + 1, sizeof *items);
	if (!list && json_object_get(root, "nfInstanceId"))
		read_profile(a, root, &items[nrf->count++], d, place);
	json_array_foreach((json_t *)(uintptr_t)list, i, item) if (json_is_object(item) && nrf->count < MOST_PROFILES)
		read_profile(a, item, &items[nrf->count++], d, place);
	if (json_array_size(list) > MOST_PROFILES)
		diagnose(d, SEVERITY_WARNING, "profile-left-out", place, "holds more than %d profiles: the others are left out",
			 MOST_PROFILES);
	if (!nrf->count)
		diagnose(d, SEVERITY_ERROR, "bad-profiles", place, "holds no profile of a network function");
	nrf->items = items;
	json_decref(root);
	return nrf;
}

/* ---- lawful interception ---- */

static int by_bytes(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct wire_address));
}

struct watch_li *watch_li_read(struct arena *a, struct source *source, struct diagnostics *d)
{
	struct watch_li *li = arena_alloc(a, sizeof *li);
	size_t bytes, room = 1;
	char *text = source_all(source, a, LIST_BYTES, &bytes), *line = text;
	struct wire_address *list;

	if (!text || strlen(text) != bytes) { /* what stands behind a zero would not be kept back */
		diagnose(d, SEVERITY_ERROR, "bad-interception", (struct place){ source_name(source), 0, 0 },
			 text ? "is no text: it holds a zero" : "can't be read, or is larger than 64 MiB");
		return li;
	}

	for (const char *p = text; p && (p = strchr(p, '\n')); p++)
		room++;
	list = arena_array(a, room, sizeof *list);
	for (uint32_t number = 1; line && *line; number++) {
		char *end = line + strcspn(line, "\n"), *next = *end ? end + 1 : end;

		*end = 0;
		line[strcspn(line, "#\r")] = 0;
		line += strspn(line, " \t");
		for (size_t last = strlen(line); last && strchr(" \t", line[last - 1]);)
			line[--last] = 0;
		if (*line && watch_address_read(line, &list[li->count]))
			li->count++;
		else if (*line)
			diagnose(d, SEVERITY_ERROR, "bad-interception",
				 (struct place){ source_name(source), number, 0 },
				 "a line holds one IPv4 or IPv6 address, and this one holds something else");
		line = next;
	}
	qsort(list, li->count, sizeof *list, by_bytes);
	li->addresses = list;
	return li;
}
