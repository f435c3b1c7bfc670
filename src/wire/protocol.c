/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of protocols: how each is recognised (by SCTP payload protocol identifier before port, by port, by its
 * first bytes) and who reads it. A new protocol is a file in wire/proto/ and a row here.
 *
 * Ports and identifiers: IANA's registries, and the clauses that the files of wire/proto/ cite.
 */
#include "wire/decode.h"

#include <assert.h>
#include <string.h>

const struct protocol protocols[WIRE_PROTOCOLS] = {
	[WIRE_NONE] = { .name = "unknown" },
	[WIRE_SCTP] = { .name = "SCTP",
			.decode = decode_sctp,
			.message = sctp_chunk_name,
			.element = sctp_parameter_name },
	[WIRE_GTPU] = { .name = "GTP-U", .udp = { 2152 }, .decode = decode_gtpu, .message = gtpu_message_name },
	[WIRE_GTPV1C] = { .name = "GTPv1-C", .decode = decode_gtpc },
	[WIRE_GTPV2C] = { .name = "GTPv2-C",
			  .udp = { 2123 },
			  .decode = decode_gtpc,
			  .message = gtpv2_message_name,
			  .element = gtpv2_element_name },
	[WIRE_GTP_PRIME] = { .name = "GTP'", .udp = { 3386 }, .tcp = { 3386 } },
	[WIRE_PFCP] = { .name = "PFCP",
			.udp = { 8805 },
			.decode = decode_pfcp,
			.message = pfcp_message_name,
			.element = pfcp_element_name },
	[WIRE_NGAP] = { .name = "NGAP",
			.sctp = 38412,
			.ppid = { 60, 66 },
			.decode = decode_ngap,
			.message = ngap_message_name,
			.element = ngap_element_name },
	[WIRE_S1AP] = { .name = "S1AP",
			.sctp = 36412,
			.ppid = { 18 },
			.decode = decode_s1ap,
			.message = s1ap_message_name,
			.element = s1ap_element_name },
	[WIRE_F1AP] = { .name = "F1AP",
			.sctp = 38472,
			.ppid = { 62, 68 },
			.decode = decode_f1ap,
			.message = f1ap_message_name,
			.element = f1ap_element_name },
	[WIRE_XNAP] = { .name = "XnAP", .sctp = 38422, .ppid = { 61, 67 } },
	[WIRE_X2AP] = { .name = "X2AP", .sctp = 36422, .ppid = { 27 } },
	[WIRE_E1AP] = { .name = "E1AP", .sctp = 38462, .ppid = { 64, 69 } },
	[WIRE_E2AP] = { .name = "E2AP", .sctp = 36421, .ppid = { 70, 72 } },
	[WIRE_NAS_5GS] = { .name = "NAS-5GS", .message = nas_5gs_message_name },
	[WIRE_NAS_EPS] = { .name = "NAS-EPS" },
	[WIRE_HTTP] = { .name = "HTTP", .tcp = { 80, 7777 }, .users = true },
	[WIRE_TLS] = { .name = "TLS", .tcp = { 443, 6513 }, .users = true, .message = tls_message_name },
	[WIRE_DTLS] = { .name = "DTLS", .users = true },
	[WIRE_DNS] = { .name = "DNS", .udp = { 53, 5353 }, .tcp = { 53 }, .users = true, .decode = decode_dns },
	[WIRE_ICMP] = { .name = "ICMP", .users = true, .decode = decode_icmp },
	[WIRE_NTP] = { .name = "NTP", .udp = { 123 }, .users = true, .decode = decode_ntp },
	[WIRE_SSH] = { .name = "SSH", .tcp = { 22 }, .users = true },
	[WIRE_NETCONF] = { .name = "NETCONF", .tcp = { 830 }, .users = true },
	[WIRE_SNMP] = { .name = "SNMP", .udp = { 161, 162 }, .users = true, .decode = decode_snmp },
	[WIRE_SYSLOG] = { .name = "syslog", .udp = { 514 }, .tcp = { 6514 }, .users = true, .decode = decode_syslog },
	[WIRE_DIAMETER] = { .name = "Diameter",
			    .tcp = { 3868, 5868 },
			    .sctp = 3868,
			    .ppid = { 46, 47 },
			    .decode = decode_diameter },
	[WIRE_ESP] = { .name = "ESP" },
	[WIRE_IKE] = { .name = "IKE", .udp = { 500 } },
	[WIRE_ARP] = { .name = "ARP" },
};

/* The slot of a port, or the free one where it would be: the table has many more slots than protocols have ports. */
static inline unsigned slot_of(const struct port_row *rows, uint16_t port)
{
	unsigned at = (port ^ port >> 8) % PORT_SLOTS;

	while (rows[at].port && rows[at].port != port)
		at = (at + 1) % PORT_SLOTS;
	return at;
}

static void add_port(struct wire *w, unsigned transport, uint16_t port, unsigned protocol)
{
	struct port_row *row = &w->ports[transport][slot_of(w->ports[transport], port)];

	static_assert(PORT_SLOTS >= 8 * WIRE_PROTOCOLS, "chains are short");
	if (port && !row->port) /* of two protocols at one port the first of the table */
		*row = (struct port_row){ port, (uint8_t)protocol };
}

/* Ports at which a subscriber's datagram needs a look: of the network's own protocols, and of what carries tunnels. */
static void watch_port(struct wire *w, unsigned transport, uint16_t port)
{
	if (port)
		w->watched[transport][port % PORT_BITS / 64] |= UINT64_C(1) << port % 64;
}

void protocol_ports(struct wire *w)
{
	watch_port(w, 0, PORT_VXLAN);
	watch_port(w, 0, PORT_IPSEC);
	for (unsigned i = 0; i < WIRE_PROTOCOLS; i++) {
		for (unsigned k = 0; k < 2; k++) {
			add_port(w, 0, protocols[i].udp[k], i);
			add_port(w, 1, protocols[i].tcp[k], i);
			if (protocols[i].users)
				continue;
			watch_port(w, 0, protocols[i].udp[k]);
			watch_port(w, 1, protocols[i].tcp[k]);
		}
		add_port(w, 2, protocols[i].sctp, i);
	}
}

enum wire_protocol protocol_by_ports(const struct wire *w, const struct wire_level *l)
{
	const struct port_row *rows = w->ports[l->transport == IP_UDP ? 0 : l->transport == IP_TCP ? 1 : 2];
	uint8_t found = rows[slot_of(rows, l->destination_port)].protocol;

	return (enum wire_protocol)(found == WIRE_NONE ? rows[slot_of(rows, l->source_port)].protocol : found);
}

enum wire_protocol protocol_by_ppid(uint32_t ppid)
{
	for (unsigned i = 1; ppid && i < WIRE_PROTOCOLS; i++)
		if (protocols[i].ppid[0] == ppid || protocols[i].ppid[1] == ppid)
			return (enum wire_protocol)i;
	return WIRE_NONE;
}

enum wire_protocol protocol_by_name(const uint8_t *name, size_t count)
{
	static const struct {
		const char *name;
		enum wire_protocol protocol;
	} names[] = {
		{ "ngap", WIRE_NGAP },         { "s1ap", WIRE_S1AP },       { "f1ap", WIRE_F1AP },
		{ "pfcp", WIRE_PFCP },         { "gtpv2", WIRE_GTPV2C },    { "xnap", WIRE_XNAP },
		{ "x2ap", WIRE_X2AP },         { "e1ap", WIRE_E1AP },       { "e2ap", WIRE_E2AP },
		{ "diameter", WIRE_DIAMETER }, { "dns", WIRE_DNS },         { "snmp", WIRE_SNMP },
		{ "ntp", WIRE_NTP },           { "nas-5gs", WIRE_NAS_5GS }, { "nas-eps", WIRE_NAS_EPS },
		{ "syslog", WIRE_SYSLOG },
	};

	while (count && !name[count - 1]) /* padded with zeros */
		count--;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == count && memcmp(names[i].name, name, count) == 0)
			return names[i].protocol;
	return WIRE_NONE;
}
