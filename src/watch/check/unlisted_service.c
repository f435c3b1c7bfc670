/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unlisted-service: a service-based request (TS 29.501 clause 4.4.1: /namf-comm/v1/...) to a producer that has no such
 * service by its profile, or whose declared function is another's. A proxy (SCP, SEPP) answers for all; a notification goes
 * to whoever has subscribed, under a path of his own choice (clause 4.6.2), and asks for no service.
 */
#include "watch/internal.h"

#include <string.h>

static const struct {
	const char *prefix, *function;
} services[] = { { "namf-", "AMF" },      { "nsmf-", "SMF" },     { "nudm-", "UDM" },   { "nudr-", "UDR" },
		 { "nausf-", "AUSF" },    { "npcf-", "PCF" },     { "nnrf-", "NRF" },   { "nnssf-", "NSSF" },
		 { "nnef-", "NEF" },      { "nchf-", "CHF" },     { "nsmsf-", "SMSF" }, { "nlmf-", "LMF" },
		 { "nbsf-", "BSF" },      { "nnwdaf-", "NWDAF" }, { "nudsf-", "UDSF" }, { "ngmlc-", "GMLC" },
		 { "n5g-eir-", "5G-EIR" } };

static const char *function_of(const char *service)
{
	for (size_t i = 0; i < sizeof services / sizeof *services; i++)
		if (strncmp(service, services[i].prefix, strlen(services[i].prefix)) == 0)
			return services[i].function;
	return NULL;
}

static bool is_notification(const char *path)
{
	return strstr(path, "notify") || strstr(path, "callback");
}

static const struct watch_nf *profile_of(const struct watch *w, uint32_t peer)
{
	const struct watch_nrf *nrf = w->options.nrf;

	for (size_t i = 0; nrf && i < nrf->count; i++)
		for (size_t k = 0; k < nrf->items[i].address_count; k++)
			if (watch_address_is(&nrf->items[i].addresses[k], &watch_peer_at(w, peer)->address))
				return &nrf->items[i];
	return NULL;
}

static bool is_proxy(const struct watch *w, uint32_t peer, const struct watch_nf *nf)
{
	const char *type = nf && nf->type ? nf->type : "";

	return strcmp(type, "SCP") == 0 || strcmp(type, "SEPP") == 0 || watch_peer_has_function(w, peer, "SCP") ||
	       watch_peer_has_function(w, peer, "SEPP");
}

static bool lists(const struct watch_nf *nf, const char *service)
{
	for (size_t i = 0; i < nf->service_count; i++)
		if (strcmp(nf->services[i], service) == 0)
			return true;
	return false;
}

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	char path[512], service[40];
	const struct watch_nf *nf;
	const char *declared, *wanted;
	struct watch_alarm a = { .certainty = WATCH_LIKELY,
				 .from = h->from,
				 .to = h->to,
				 .time_ns = h->now_ns,
				 .frame = h->frame,
				 .packets = 1 };

	(void)own;
	if (h->message->protocol != WIRE_HTTP || !(h->message->kind & WIRE_REQUEST) || h->to == WATCH_NONE ||
	    !watch_header(h, ":path", path, sizeof path) || is_notification(path))
		return;
	watch_service_name(path, service);
	wanted = function_of(service);
	nf = wanted ? profile_of(w, h->to) : NULL;
	declared = watch_element_function(w, watch_element_of(w, h->to));
	if (!wanted || is_proxy(w, h->to, nf))
		return;
	if (nf && nf->service_count ? lists(nf, service) : !declared || watch_peer_has_function(w, h->to, wanted))
		return;
	a.detail = hash_bytes(service, strlen(service));
	if (watch_alarm(w, "unlisted-service", &a))
		watch_explain(w, "%s asks %s for %s, which %s", watch_peer_name(w, h->from), watch_peer_name(w, h->to),
			      service,
			      nf && nf->service_count ? "is not in its profile" : "is another function's service");
}

const struct watch_hooks watch_check_unlisted_service = { .hears = WATCH_OF(WIRE_HTTP), .heard = heard };
