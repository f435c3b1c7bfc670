/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The classes of the 3GPP network resource models (TS 28.541 5G, 28.659 E-UTRAN, 28.653 UTRAN, 28.656 GERAN, 28.709 EPC,
 * 28.703 core, 28.706 IMS, 28.633 inventory): which of them is an element of a case, which an end of a link. Names that
 * are not in the tables follow the models' own custom: XFunction is a function, EP_X an end point, ExternalX a proxy.
 */
#include "net/import/intake.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct class_row {
	const char *name;
	enum nrm_kind kind;
	const char *function;
	bool own_site;
} classes[] = {
	{ "SubNetwork", NRM_CONTAINER, NULL, false },
	{ "MeContext", NRM_CONTAINER, NULL, false },
	{ "ManagedElement", NRM_MANAGED_ELEMENT, NULL, false },
	{ "ManagementNode", NRM_MANAGEMENT_NODE, "EMS", false },
	{ "VsDataContainer", NRM_VENDOR_DATA, NULL, false },
	{ "ManagedFunction", NRM_OTHER, NULL, false }, /* no function of its own: the classes' common part */
	{ "ResourceFunction", NRM_OTHER, NULL, false },
	{ "BtsSiteMgr", NRM_ELEMENT, "BTS", true },
	{ "GsmCell", NRM_CELL, NULL, false },
	{ "UtranCellFDD", NRM_CELL, NULL, false },
	{ "UtranCellTDDHcr", NRM_CELL, NULL, false },
	{ "UtranCellTDDLcr", NRM_CELL, NULL, false },
	{ "EUtranCellFDD", NRM_CELL, NULL, false },
	{ "EUtranCellTDD", NRM_CELL, NULL, false },
	{ "NRCellDU", NRM_CELL, NULL, false },
	{ "NRCellCU", NRM_CELL, NULL, false },
	{ "InventoryUnitLic", NRM_LICENCE, NULL, false },
	{ "ALink", NRM_LINK, "A", false },
	{ "GbLink", NRM_LINK, "Gb", false },
	{ "IubLink", NRM_LINK, "Iub", false },
	{ "IucsLink", NRM_LINK, "Iu-CS", false },
	{ "IupsLink", NRM_LINK, "Iu-PS", false },
	{ "IubcLink", NRM_LINK, "", false },
	{ "Link_ENB_MME", NRM_LINK, "S1-MME", false },
	{ "Link_HSS_MME", NRM_LINK, "S6a", false },
	{ "Link_MME_MME", NRM_LINK, "S10", false },
	{ "Link_MME_SGSN", NRM_LINK, "S3", false },
	{ "Link_MME_ServingGW", NRM_LINK, "S11", false },
};

/* What a class (without "Function") or a type of managed element is called where it is not called as it is elsewhere. */
static const struct {
	const char *name, *function;
} functions[] = {
	{ "3GPPAAAProxy", "AAA" },
	{ "3GPPAAAServer", "AAA" },
	{ "AMFSet", NULL },
	{ "AS", "IMS-AS" },
	{ "BSS", "BSC" }, /* here a base station system, not business support */
	{ "CsMgw", "MGW" },
	{ "DN", "DN" },
	{ "GNB", "gNB" },
	{ "GNBCU", "gNB-CU" },
	{ "GNBCUCP", "gNB-CU-CP" },
	{ "GNBCUUP", "gNB-CU-UP" },
	{ "GNBDU", "gNB-DU" },
	{ "IPSMGW", "IP-SM-GW" },
	{ "MobileEdgeHost", "MEC" },
	{ "MnpSrf", "MNP-SRF" },
	{ "MscServer", "MSC-S" },
	{ "NGEIR", "5G-EIR" },
	{ "NGEIRF", "5G-EIR" },
	{ "RNS", "RNC" },
	{ "ServingGW", "SGW" },
	{ "Sgw", "STP" }, /* TS 28.702: the signalling gateway of the core */
	{ "SMS", "SMSF" },
	{ "SMSF", "SMSF" },
	{ "SmsGmscIwmsc", "SMS-GMSC" },
};

static const struct {
	const char *name, *point;
	bool to_5g, to_4g;
} ends[] = {
	{ "EP_NgC", "N2", true, false },       { "EP_NgU", "N3", false, false },
	{ "EP_X2C", "X2-C", false, true },     { "EP_X2U", "X2-U", false, true },
	{ "EP_S1C", "S1-MME", false, false },  { "EP_S1U", "S1-U", false, true },
	{ "EP_XnC", "Xn-C", false, false },    { "EP_XnU", "Xn-U", false, false },
	{ "EP_F1C", "F1-C", false, false },    { "EP_F1U", "F1-U", false, false },
	{ "EP_E1", "E1", false, false },       { "EP_S5C", "S5-C", false, false },
	{ "EP_S5U", "S5-U", false, false },    { "EP_SBI_X", "SBI", false, false },
	{ "EP_SBI_IPX", "N32", false, false }, { "EP_MAP_SMSC", "SS7", false, false },
	{ "EP_NLS", "NLs", false, false },     { "EP_IuCS", "Iu-CS", false, false },
	{ "EP_IuPS", "Iu-PS", false, false },  { "EP_RP_EPS", "", false, false },
};

static bool begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

static bool ends_in(const char *name, const char *with)
{
	size_t bytes = strlen(name), tail = strlen(with);

	return bytes > tail && strcmp(name + bytes - tail, with) == 0;
}

const char *nrm_type(struct intake *in, const char *type)
{
	const char *mapped = intake_mapped(in, "function", type, NULL);

	if (mapped)
		return intake_function(in, "function", type);
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (strcasecmp(functions[i].name, type) == 0)
			return functions[i].function;
	return intake_function(in, "function", type);
}

static struct nrm_class end_point(const char *name)
{
	struct nrm_class class = { .kind = NRM_ENDPOINT, .point = "" };
	uint32_t point = net_reference_point_find(name + 3);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strcmp(ends[i].name, name) == 0) {
			class.point = ends[i].point;
			class.radio_to_5g = ends[i].to_5g;
			class.radio_to_4g = ends[i].to_4g;
			return class;
		}
	if (point != CODE_UNKNOWN)
		class.point = net_reference_points[point].name;
	return class;
}

static struct nrm_class function_class(struct intake *in, const char *name)
{
	const char *from = name + (*name == '_'); /* _3GPPAAAServerFunction: no name in XML begins with a digit */
	const char *type = arena_text(in->arena, from, strlen(from) - strlen("Function"));

	return (struct nrm_class){ .kind = NRM_ELEMENT, .function = nrm_type(in, type) };
}

struct nrm_class nrm_class(struct intake *in, const char *name)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strcmp(classes[i].name, name) == 0) {
			bool link = classes[i].kind == NRM_LINK;

			return (struct nrm_class){ .kind = classes[i].kind,
						   .function = link ? NULL : classes[i].function,
						   .point = link                  ? classes[i].function
							    : classes[i].own_site ? "Abis"
										  : NULL,
						   .own_site = classes[i].own_site };
		}
	if (begins(name, "External"))
		return (struct nrm_class){ .kind = NRM_EXTERNAL };
	if (begins(name, "EP_"))
		return end_point(name);
	if (begins(name, "Link_"))
		return (struct nrm_class){ .kind = NRM_LINK, .point = "" };
	if (ends_in(name, "Function"))
		return function_class(in, name);
	if (begins(name, "InventoryUnit") || ends_in(name, "InventoryUnit"))
		return (struct nrm_class){ .kind = NRM_UNIT };
	return (struct nrm_class){ .kind = NRM_OTHER };
}

const char *nrm_technology(const char *function)
{
	static const struct {
		const char *function, *technology;
	} rows[] = {
		{ "eNB", "4G" }, { "HeNB", "4G" }, { "NodeB", "3G" }, { "RNC", "3G" },
		{ "HNB", "3G" }, { "BTS", "2G" },  { "BSC", "2G" },
	};

	for (size_t i = 0; function && i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].function, function) == 0)
			return rows[i].technology;
	return NULL;
}

/* ---- distinguished names (TS 32.300) ------------------------------------------------------------------------------- */

bool nrm_name(const char *name, size_t bytes, bool without_end, char out[NRM_NAME])
{
	size_t n = 0, last = 0; /* last: where the last part begins */
	const char *end = name + bytes;

	while (name < end) {
		const char *comma = memchr(name, ',', (size_t)(end - name)), *to = comma ? comma : end, *next = to + 1;

		while (name < to && isspace((unsigned char)*name))
			name++;
		while (to > name && isspace((unsigned char)to[-1]))
			to--;
		if (n + (size_t)(to - name) + 2 > NRM_NAME)
			return false;
		if (to > name && !(n == 0 && to - name >= 3 && strncasecmp(name, "DC=", 3) == 0)) {
			last = n;
			if (n)
				out[n++] = ',';
			memcpy(out + n, name, (size_t)(to - name));
			n += (size_t)(to - name);
		}
		name = next;
	}
	out[n] = '\0';
	if (without_end && last && strncmp(out + last + 1, "EP_", 3) == 0)
		out[last] = '\0';
	return n > 0;
}
