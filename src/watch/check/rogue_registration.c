/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rogue-registration and vendor-differs: a network function registers with the NRF (PUT /nnrf-nfm/v1/nf-instances/ID,
 * TS 29.510 clause 5.2.2.2) that nobody has declared - neither an element of that address, id or name nor a profile of
 * the dump - or gives another vendor (vendorId, clause 6.1.6.2.2) than the inventory has.
 */
#include "watch/internal.h"

#include <string.h>
#include <strings.h>

static bool is_in_dump(const struct watch *w, const char *instance)
{
	const struct watch_nrf *nrf = w->options.nrf;

	for (size_t i = 0; nrf && i < nrf->count; i++)
		if (nrf->items[i].instance && strcasecmp(nrf->items[i].instance, instance) == 0)
			return true;
	return false;
}

/* The vendor whose row says this number in a column vendor_id, or whose id or name it is. */
static bool is_vendor(const struct watch *w, const char *vendor_id, uint32_t vendor)
{
	const struct net *net = w->options.net;
	static const char *const columns[] = { "vendor_id", "name" };
	char text[48];

	if (strcasecmp(net_id(net, NET_VENDORS, vendor), vendor_id) == 0)
		return true;
	for (size_t i = 0; i < 2; i++) {
		const struct net_column *c = net_column(net, NET_VENDORS, columns[i]);

		if (c && strcasecmp(net_cell(net, NET_VENDORS, c, vendor, text), vendor_id) == 0)
			return true;
	}
	return false;
}

static bool has_vendor_ids(const struct watch *w)
{
	return net_column(w->options.net, NET_VENDORS, "vendor_id") != NULL;
}

void watch_compare_vendor(struct watch *w, uint32_t element, uint32_t peer, const char *vendor_id, int64_t now_ns,
			  uint64_t frame)
{
	const uint32_t *vendors = net_column(w->options.net, NET_ELEMENTS, "vendor")->codes;
	struct watch_alarm a = { .certainty = has_vendor_ids(w) ? WATCH_LIKELY : WATCH_UNKNOWN,
				 .from = peer,
				 .to = WATCH_NONE,
				 .subject = net_id(w->options.net, NET_ELEMENTS, element),
				 .time_ns = now_ns,
				 .frame = frame,
				 .packets = frame ? 1 : 0 };

	if (!CODE_IS_KNOWN(vendors[element]) || is_vendor(w, vendor_id, vendors[element]))
		return;
	if (watch_alarm(w, "vendor-differs", &a))
		watch_explain(w, "the NRF has vendor \"%s\" for %s, the inventory \"%s\"", vendor_id, a.subject,
			      net_id(w->options.net, NET_VENDORS, vendors[element]));
}

static void judge(struct watch *w, const struct watch_heard *h, const char *instance)
{
	const struct watch_service service = { .protocol = WIRE_HTTP };
	size_t may_be = 0;
	struct watch_alarm a = { .certainty = watch_stranger(w, &service, h->to, WATCH_LIKELY, &may_be),
				 .from = h->from,
				 .to = h->to,
				 .time_ns = h->now_ns,
				 .frame = h->frame,
				 .packets = 1 };

	a.detail = hash_bytes(instance, strlen(instance));
	if (watch_alarm(w, "rogue-registration", &a))
		watch_explain(w, "%s registers the instance %s, which nobody has declared%s",
			      watch_peer_name(w, h->from), instance, watch_may_be(w, may_be));
}

/* The body comes in a message of its own on the same stream: what it belongs to is kept until then. */
enum { STREAMS = 256 };
struct open_registration {
	uint32_t pair, stream, element;
	bool is_used;
};

static void *begin(struct watch *w)
{
	return arena_array(w->arena, STREAMS, sizeof(struct open_registration));
}

static struct open_registration *stream_of(void *own, const struct watch_heard *h)
{
	return (struct open_registration *)own + (h->pair * 31u + h->message->sequence) % STREAMS;
}

static void on_body(struct watch *w, void *own, const struct watch_heard *h, const struct wire_field *body)
{
	struct open_registration *o = stream_of(own, h);
	char vendor[64];

	if (!o->is_used || o->pair != h->pair || o->stream != h->message->sequence)
		return;
	o->is_used = false;
	if (o->element != WATCH_NONE && watch_json_member(body->bytes, body->length, "vendorId", vendor, sizeof vendor))
		watch_compare_vendor(w, o->element, h->from, vendor, h->now_ns, h->frame);
}

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	static const char resource[] = "/nnrf-nfm/v1/nf-instances/";
	const struct wire_field *body;
	char path[256], method[16], *instance;
	uint32_t element;

	if (h->message->protocol != WIRE_HTTP || h->from == WATCH_NONE || (!w->options.net && !w->options.nrf))
		return;
	body = watch_field(h, WIRE_BODY, 0);
	if (body) {
		on_body(w, own, h, body);
		return;
	}
	if (!watch_header(h, ":method", method, sizeof method) || strcmp(method, "PUT") != 0 ||
	    !watch_header(h, ":path", path, sizeof path) || strncmp(path, resource, sizeof resource - 1) != 0)
		return;
	instance = path + sizeof resource - 1;
	instance[strcspn(instance, "/?")] = 0;
	element = watch_element_of(w, h->from);
	if (element == WATCH_NONE && w->options.net)
		element = watch_element_named(w, instance, strlen(instance));
	if (element == WATCH_NONE && !is_in_dump(w, instance))
		judge(w, h, instance);
	*stream_of(own, h) = (struct open_registration){ h->pair, h->message->sequence, element, true };
}

const struct watch_hooks watch_check_rogue_registration = { .hears = WATCH_OF(WIRE_HTTP),
							    .begin = begin,
							    .heard = heard };
