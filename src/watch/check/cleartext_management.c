/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleartext-management: an element managed over what anybody on the way can read: telnet, FTP, TFTP, the r-commands,
 * and SNMP before version 3 (RFC 3411), whose password is in each packet.
 */
#include "watch/internal.h"

enum { TCP = 6, UDP = 17, SNMP_V3 = 3 };

static const char *name_of(const struct watch_service *s)
{
	static const struct {
		uint8_t transport;
		uint16_t port;
		const char *name;
	} table[] = { { TCP, 21, "FTP" },    { TCP, 23, "telnet" },  { UDP, 69, "TFTP" },
		      { TCP, 512, "rexec" }, { TCP, 513, "rlogin" }, { TCP, 514, "rsh" } };

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].transport == s->transport && table[i].port == s->port)
			return table[i].name;
	return NULL;
}

static void tell(struct watch *w, uint32_t pair, const char *name, int64_t now_ns, uint64_t frame, uint64_t packets)
{
	const struct watch_pair *p = watch_pair_at(w, pair);
	uint32_t served = p->from_serves ? p->from : p->to, other = p->from_serves ? p->to : p->from;
	bool declared = watch_element_of(w, served) != WATCH_NONE || watch_element_of(w, other) != WATCH_NONE;
	struct watch_alarm a = { .certainty = declared ? WATCH_LIKELY : WATCH_UNKNOWN,
				 .from = served,
				 .to = other,
				 .detail = p->service.port,
				 .time_ns = now_ns,
				 .frame = frame,
				 .packets = packets };

	if (watch_alarm(w, "cleartext-management", &a))
		watch_explain(w, "%s is managed over %s by %s", watch_peer_name(w, served), name,
			      watch_peer_name(w, other));
}

/* SEQUENCE { version INTEGER { 0 v1, 1 v2c, 3 v3 } ... }, BER: 30 length 02 01 version */
static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	const uint8_t *p = h->message->bytes;
	uint32_t at;

	(void)own;
	if (h->message->protocol != WIRE_SNMP || h->pair == WATCH_NONE || h->message->length < 8)
		return;
	at = p[1] & 0x80 ? 2u + (p[1] & 0x7f) : 2u;
	if (at + 3 <= h->message->length && p[at] == 2 && p[at + 1] == 1 && p[at + 2] < SNMP_V3)
		tell(w, h->pair, p[at + 2] ? "SNMP version 2c" : "SNMP version 1", h->now_ns, h->frame, 1);
}

static void finish(struct watch *w, void *own)
{
	(void)own;
	for (uint32_t i = 0; i < w->pairs.count; i++) {
		const struct watch_pair *p = watch_pair_at(w, i);
		const char *name = name_of(&p->service);

		if (name && p->payload)
			tell(w, i, name, p->first_ns, p->first_frame, p->packets);
	}
}

const struct watch_hooks watch_check_cleartext_management = { .hears = WATCH_OF(WIRE_SNMP),
							      .heard = heard,
							      .finish = finish };
