/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From roles to functions, and from two functions and a protocol to a reference point. Where several functions share an
 * address, each of them is one.
 */
#include "watch/discover.h"

#include <string.h>

struct list {
	const char **out;
	size_t count;
};

static void add(struct list *l, const char *function)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->out[i], function) == 0)
			return;
	if (l->count < DISCOVERED_FUNCTIONS)
		l->out[l->count++] = function;
}

static bool has(const struct found *all, enum heard h)
{
	return found_heard(all, h);
}

static bool serves(const struct found *all, const char *function)
{
	for (uint8_t i = 0; i < all->service_count; i++)
		if (strcmp(net_functions[all->services[i]].name, function) == 0)
			return true;
	return false;
}

/* A control plane of PFCP: which of the three, by what else it speaks. */
static const char *control_of(const struct found *all)
{
	if (has(all, HEARD_S11_SGW) || has(all, HEARD_S5_SGW))
		return "SGW-C";
	return has(all, HEARD_S5_PGW) && !serves(all, "SMF") ? "PGW-C" : "SMF";
}

/* Its user plane: as the tunnels say, else as its control plane is. */
static const char *user_of(const struct watch_discovery *d, uint32_t group, const struct found *all)
{
	if (has(all, HEARD_CORE_5G))
		return "UPF";
	if (has(all, HEARD_CORE_4G) || has(all, HEARD_S5U_SGW))
		return "SGW-U";
	for (uint32_t i = 0; i < d->pairs.count; i++) {
		const struct found_pair *p = (struct found_pair *)d->pairs.items + i;
		uint32_t a = found_group(d, p->a), b = found_group(d, p->b);
		const struct found *peer;

		if (p->protocol != WIRE_PFCP || (a != group && b != group) || a == b)
			continue;
		peer = found_at(d, a == group ? b : a);
		if (has(peer, HEARD_CP) && strcmp(control_of(peer), "PGW-C") == 0)
			return "PGW-U";
		if (has(peer, HEARD_CP) && strcmp(control_of(peer), "SGW-C") == 0)
			return "SGW-U";
	}
	return "UPF";
}

static void add_access(struct list *l, const struct found *all)
{
	if (has(all, HEARD_CU_CP))
		add(l, "gNB-CU-CP");
	else if (has(all, HEARD_CU))
		add(l, "gNB-CU");
	else if (has(all, HEARD_GNB) || has(all, HEARD_ACCESS_5G))
		add(l, "gNB");
	if (has(all, HEARD_CU_UP))
		add(l, "gNB-CU-UP");
	if (has(all, HEARD_DU))
		add(l, "gNB-DU");
	if (has(all, HEARD_ENB) || has(all, HEARD_ACCESS_4G))
		add(l, "eNB");
	if (has(all, HEARD_RIC))
		add(l, "near-RT-RIC");
}

static void add_gateways(struct list *l, const struct watch_discovery *d, uint32_t group, const struct found *all)
{
	bool sgw = has(all, HEARD_S11_SGW) || has(all, HEARD_S5_SGW), pgw = has(all, HEARD_S5_PGW);

	if (has(all, HEARD_CP))
		add(l, control_of(all));
	if (has(all, HEARD_UP))
		add(l, user_of(d, group, all));
	if (has(all, HEARD_CP) || has(all, HEARD_UP))
		return;
	if (sgw)
		add(l, "SGW");
	if (pgw)
		add(l, "PGW");
	if (!sgw && !pgw && (has(all, HEARD_CORE_4G) || has(all, HEARD_S5U_SGW)))
		add(l, "SGW-U");
	if (!sgw && !pgw && has(all, HEARD_S5U_PGW))
		add(l, "PGW-U");
	if (has(all, HEARD_CORE_5G))
		add(l, "UPF");
	/* TS 29.212 clause 4.3.3: what enforces rules on Gx is the packet gateway */
	if (!sgw && !pgw && !has(all, HEARD_DRA) && (has(all, HEARD_GX_PGW) || has(all, HEARD_S6B_PGW)))
		add(l, "PGW");
}

/* An agent passes on what others ask and answer (RFC 6733 clause 2.8): none of that is its own. */
static bool is_agents(const struct found *all, enum heard h)
{
	return has(all, HEARD_DRA) && h >= HEARD_HSS && h < HEARD_DRA;
}

size_t discover_functions(const struct watch_discovery *d, uint32_t group, const char *out[DISCOVERED_FUNCTIONS])
{
	const struct found *all = found_at(d, group);
	static const struct {
		enum heard heard;
		const char *function;
	} plain[] = {
		{ HEARD_AMF, "AMF" },         { HEARD_MME, "MME" },       { HEARD_S11_MME, "MME" },
		{ HEARD_S6A_MME, "MME" },     { HEARD_HSS, "HSS" },       { HEARD_PCRF, "PCRF" },
		{ HEARD_EIR, "EIR" },         { HEARD_OCS, "OCS" },       { HEARD_AAA, "AAA" },
		{ HEARD_AF, "AF" },           { HEARD_I_CSCF, "I-CSCF" }, { HEARD_S_CSCF, "S-CSCF" },
		{ HEARD_IMS_AS, "IMS-AS" },   { HEARD_EPDG, "ePDG" },     { HEARD_DRA, "DRA" },
		{ HEARD_DNS, "DNS" },         { HEARD_SCP, "SCP" },
	};
	struct list l = { .out = out };

	add_access(&l, all);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (has(all, plain[i].heard) && !is_agents(all, plain[i].heard))
			add(&l, plain[i].function);
	add_gateways(&l, d, group, all);
	/* Behind a proxy stand others: what it is asked for, and as whom it asks, is not its own. */
	for (uint8_t i = 0; !has(all, HEARD_SCP) && i < all->service_count; i++)
		add(&l, net_functions[all->services[i]].name);
	if (!l.count && has(all, HEARD_UPLINK_TO))
		add(&l, "UPF");
	else if (!l.count && has(all, HEARD_UPLINK_FROM))
		add(&l, "gNB");
	return l.count;
}

const char *discover_basis(struct arena *a, const struct found *all)
{
	static const struct {
		uint64_t heard;
		const char *word;
	} words[] = {
#define BIT(h) ((uint64_t)1 << HEARD_##h)
		{ BIT(GNB) | BIT(AMF) | BIT(ACCESS_5G) | BIT(CORE_5G), "NGAP" },
		{ BIT(ENB) | BIT(MME), "S1AP" },
		{ BIT(CU) | BIT(DU), "F1AP" },
		{ BIT(CU_CP) | BIT(CU_UP), "E1AP" },
		{ BIT(RIC) | BIT(E2_NODE), "E2AP" },
		{ BIT(CP) | BIT(UP), "PFCP" },
		{ BIT(S11_MME) | BIT(S11_SGW) | BIT(S5_SGW) | BIT(S5_PGW) | BIT(S5U_SGW) | BIT(S5U_PGW), "GTPv2-C" },
		{ BIT(ACCESS_4G) | BIT(CORE_4G), "S1-U" },
		{ BIT(HSS) | BIT(PCRF) | BIT(S6A_MME) | BIT(GX_PGW) | BIT(S6B_PGW) | BIT(EIR) | BIT(OCS) | BIT(AAA) |
			  BIT(AF) | BIT(I_CSCF) | BIT(S_CSCF) | BIT(IMS_AS) | BIT(EPDG) | BIT(DRA),
		  "Diameter" },
		{ BIT(DNS), "DNS" },
		{ BIT(UPLINK_FROM) | BIT(UPLINK_TO), "GTP-U" },
#undef BIT
	};
	struct sink *s = sink_to_memory(a);
	size_t count;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (all->heard & words[i].heard)
			sink_printf(s, " %s", words[i].word);
	if (all->service_count || found_heard(all, HEARD_SCP))
		sink_text(s, " SBI");
	return sink_memory(s, &count) + (count > 0);
}

/* ---- reference points ------------------------------------------------------------------------------------------------ */

#define ANY NULL
static const char CORE[] = "any function of the core";
static const struct {
	uint8_t protocol;
	const char *a, *b, *point;
} points[] = {
	{ WIRE_NGAP, "gNB", "AMF", "N2" },
	{ WIRE_NGAP, "gNB-CU", "AMF", "N2" },
	{ WIRE_NGAP, "gNB-CU-CP", "AMF", "N2" },
	{ WIRE_S1AP, "eNB", "MME", "S1-MME" },
	{ WIRE_F1AP, "gNB-CU", "gNB-DU", "F1-C" },
	{ WIRE_F1AP, "gNB-CU-CP", "gNB-DU", "F1-C" },
	{ WIRE_E1AP, "gNB-CU-CP", "gNB-CU-UP", "E1" },
	{ WIRE_XNAP, "gNB", "gNB", "Xn-C" },
	{ WIRE_X2AP, "eNB", "eNB", "X2-C" },
	{ WIRE_PFCP, "SMF", "UPF", "N4" },
	{ WIRE_PFCP, "SGW-C", "SGW-U", "Sxa" },
	{ WIRE_PFCP, "PGW-C", "PGW-U", "Sxb" },
	{ WIRE_GTPU, "gNB", "UPF", "N3" },
	{ WIRE_GTPU, "gNB-CU", "UPF", "N3" },
	{ WIRE_GTPU, "gNB-CU-UP", "UPF", "N3" },
	{ WIRE_GTPU, "UPF", "UPF", "N9" },
	{ WIRE_GTPU, "gNB", "gNB", "Xn-U" },
	{ WIRE_GTPU, "gNB-CU", "gNB-DU", "F1-U" },
	{ WIRE_GTPU, "gNB-CU-UP", "gNB-DU", "F1-U" },
	{ WIRE_GTPU, "eNB", "SGW", "S1-U" },
	{ WIRE_GTPU, "eNB", "SGW-U", "S1-U" },
	{ WIRE_GTPU, "SGW", "PGW", "S5-U" },
	{ WIRE_GTPU, "SGW-U", "PGW-U", "S5-U" },
	{ WIRE_GTPU, "SGW-U", "UPF", "S5-U" },
	{ WIRE_GTPU, "SGW", "UPF", "S5-U" },
	{ WIRE_GTPU, "eNB", "eNB", "X2-U" },
	{ WIRE_GTPV2C, "MME", "SGW", "S11" },
	{ WIRE_GTPV2C, "MME", "SGW-C", "S11" },
	{ WIRE_GTPV2C, "SGW", "PGW", "S5-C" },
	{ WIRE_GTPV2C, "SGW-C", "PGW-C", "S5-C" },
	{ WIRE_GTPV2C, "SGW-C", "SMF", "S5-C" },
	{ WIRE_GTPV2C, "AMF", "MME", "N26" },
	{ WIRE_GTPV2C, "MME", "MME", "S10" },
	{ WIRE_DIAMETER, "MME", "HSS", "S6a" },
	{ WIRE_DIAMETER, "PGW", "PCRF", "Gx" },
	{ WIRE_DIAMETER, "PGW-C", "PCRF", "Gx" },
	{ WIRE_DIAMETER, "SMF", "PCRF", "Gx" },
	{ WIRE_DIAMETER, "PGW", "OCS", "Gy" },
	{ WIRE_DIAMETER, "PGW-C", "OCS", "Gy" },
	{ WIRE_DIAMETER, "SMF", "OCS", "Gy" },
	{ WIRE_DIAMETER, "PGW", "AAA", "S6b" },
	{ WIRE_DIAMETER, "MME", "EIR", "S13" },
	{ WIRE_DIAMETER, "AF", "PCRF", "Rx" },
	{ WIRE_DIAMETER, "I-CSCF", "HSS", "Cx" },
	{ WIRE_DIAMETER, "S-CSCF", "HSS", "Cx" },
	{ WIRE_DIAMETER, "IMS-AS", "HSS", "Sh" },
	{ WIRE_DIAMETER, "AAA", "HSS", "SWx" },
	{ WIRE_DIAMETER, "ePDG", "AAA", "SWm" },
	{ WIRE_DIAMETER, ANY, "DRA", "diameter" },
	{ WIRE_HTTP, CORE, CORE, "SBI" },
	{ WIRE_HTTP, ANY, ANY, "http" },
	{ WIRE_DNS, ANY, "DNS", "dns" },
	{ WIRE_SSH, ANY, ANY, "ssh" },
	{ WIRE_NETCONF, ANY, ANY, "netconf" },
	{ WIRE_SNMP, ANY, ANY, "snmp" },
	{ WIRE_ICMP, ANY, ANY, "icmp" },
};

static bool is(const char *row, const char *function)
{
	return row == ANY || (row == CORE ? watch_is_of_core(function) : strcmp(row, function) == 0);
}

const char *discover_point(enum wire_protocol protocol, const char *a, const char *b, bool *swapped)
{
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		if (points[i].protocol != protocol)
			continue;
		*swapped = !(is(points[i].a, a) && is(points[i].b, b));
		if (!*swapped || (is(points[i].a, b) && is(points[i].b, a)))
			return points[i].point;
	}
	return NULL;
}
