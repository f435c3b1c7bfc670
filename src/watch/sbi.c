/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What HTTP messages of the service-based architecture say (TS 29.500, 29.510): method and path, consumer, NF type and
 * vendor of a registration. Read by the checks of check/sbi*.c.
 */
#include "watch/internal.h"

#include <string.h>

static bool is_text(const struct wire_field *f, const char *text)
{
	return f->length == strlen(text) && memcmp(f->bytes, text, f->length) == 0;
}

bool watch_header(const struct watch_heard *h, const char *name, char *out, size_t room)
{
	for (uint16_t i = 0; i + 1 < h->message->count; i++) {
		const struct wire_field *value = &h->fields[i + 1];
		size_t count = value->length < room - 1 ? value->length : room - 1;

		if (h->fields[i].what != WIRE_HEADER_NAME || !is_text(&h->fields[i], name) ||
		    value->what != WIRE_HEADER_VALUE)
			continue;
		memcpy(out, value->bytes, count);
		out[count] = 0;
		return true;
	}
	return false;
}

/* "namf-comm" of "/namf-comm/v1/ue-contexts/...", or "" */
void watch_service_name(const char *path, char out[40])
{
	size_t count = strcspn(path + (*path == '/'), "/?");

	out[0] = 0;
	if (*path != '/' || path[1] != 'n' || count >= 40 || !memchr(path + 1, '-', count))
		return;
	memcpy(out, path + 1, count);
	out[count] = 0;
}

bool watch_sbi_meet(struct watch *w, const struct wire_batch *b, unsigned frame, const struct wire_level *l)
{
	const struct wire_packet *p = &b->packets[frame];
	int64_t now_ns = b->frames[frame].time_ns;

	for (unsigned m = p->first; m < (unsigned)p->first + p->messages; m++) {
		struct watch_heard h = { .message = &b->messages[m], .fields = &b->fields[b->messages[m].first] };
		char path[128], service[40];

		if (h.message->protocol != WIRE_HTTP || !watch_header(&h, ":path", path, sizeof path))
			continue;
		watch_service_name(path, service);
		if (!service[0])
			continue;
		watch_peer_network(w, &l->source, WATCH_ROLE_SBI, now_ns);
		watch_peer_network(w, &l->destination, WATCH_ROLE_SBI, now_ns);
		return true;
	}
	return false;
}

/* The value of a text member "name": "value" in JSON, wherever it stands first; enough for members that occur once. */
bool watch_json_member(const uint8_t *bytes, size_t count, const char *name, char *out, size_t room)
{
	char key[64];
	size_t length = (size_t)snprintf(key, sizeof key, "\"%s\"", name), used = 0;
	const uint8_t *at = count ? memmem(bytes, count, key, length) : NULL, *end = bytes + count;

	if (!at)
		return false;
	for (at += length; at < end && (*at == ' ' || *at == ':' || *at == '\n' || *at == '\t' || *at == '\r'); at++)
		;
	if (at == end || *at != '"')
		return false;
	for (at++; at < end && *at != '"' && *at != '\\' && used + 1 < room; at++)
		out[used++] = (char)*at;
	out[used] = 0;
	return at < end && *at == '"';
}
