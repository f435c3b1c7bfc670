/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of functions and reference points: that they are whole, that what policies and examples name is there,
 * and the classification of rows whose answer the law or a report gives.
 *
 * # proviso-deps: base net
 */
#include "net_case.h"

static bool is_name(const char *name, const char *extra)
{
	if (!*name)
		return false;
	for (; *name; name++)
		if (!((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
		      (*name >= '0' && *name <= '9') || strchr(extra, *name)))
			return false;
	return true;
}

static void test_functions_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < net_function_count; i++) {
		const struct net_function *f = &net_functions[i];

		assert_true(is_name(f->name, "-"));
		assert_true(f->title && *f->title && f->source && *f->source);
		assert_true(f->layer < LAYER_COUNT);
		assert_int_equal(f->external, f->layer == LAYER_EXTERNAL);
		assert_int_equal(net_function_find(f->name), i);
		/* No layer may be mistaken for a function in a policy. */
		assert_int_equal(net_layer_find(f->name), CODE_UNKNOWN);
	}
}

/* 3GPP TS 29.510 V18 clause 6.1.6.3.3, as the OpenAPI file spells it. */
static void test_nf_types(void **state)
{
	static const char *const types[] = {
		"NRF",     "UDM",      "AMF",      "SMF",        "AUSF",   "NEF",   "PCF",      "SMSF",      "NSSF",
		"UDR",     "LMF",      "GMLC",     "5G_EIR",     "SEPP",   "UPF",   "N3IWF",    "AF",        "UDSF",
		"BSF",     "CHF",      "NWDAF",    "PCSCF",      "CBCF",   "HSS",   "UCMF",     "SOR_AF",    "SPAF",
		"MME",     "SCSAS",    "SCEF",     "SCP",        "NSSAAF", "ICSCF", "SCSCF",    "DRA",       "IMS_AS",
		"AANF",    "5G_DDNMF", "NSACF",    "MFAF",       "EASDF",  "DCCF",  "MB_SMF",   "TSCTSF",    "ADRF",
		"GBA_BSF", "CEF",      "MB_UPF",   "NSWOF",      "PKMF",   "MNPF",  "SMS_GMSC", "SMS_IWMSC", "MBSF",
		"MBSTF",   "PANF",     "IP_SM_GW", "SMS_ROUTER", "DCSF",   "MRF",   "MRFP",     "MF",        "SLPKMF",
	};

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (net_function_find(types[i]) == CODE_UNKNOWN)
			fail_msg("%s", types[i]);
}

static void test_functions_by_name(void **state)
{
	static const char *const names[] = {
		"OSS",
		"EMS",
		"NFVI",
		"MANO",
		"gNB-CU-CP",
		"gNB-DU",
		"ng-eNB",
		"en-gNB",
		"near-RT-RIC",
		"SGW-C",
		"PGW-U",
		"E-SMLC",
		"BTS",
		"BSC",
		"NodeB",
		"RNC",
		"MSC-S",
		"MGW",
		"HLR",
		"SGSN",
		"GGSN",
		"STP",
		"SMSC",
		"OLT",
		"ONT",
		"BNG",
		"DSLAM",
		"P-CSCF",
		"TAS",
		"IBCF",
		"SBC",
		"router",
		"switch",
		"DWDM",
		"microwave",
		"core-router",
		"cell-site-router",
		"firewall",
		"DNS",
		"NTP",
		"NMS",
		"SMO",
		"AAA",
		"PKI",
		"jump-host",
		"SIEM",
		"billing",
		"SDN-controller",
		"NFVO",
		"VNFM",
		"VIM",
		"hypervisor",
		"CaaS",
		"server",
		"ADMF",
		"LEMF",
		"MDF",
		"POI",
		"SEG",
		"SecGW",
		"IPS",
		"internet",
		"vendor-support",
		"roaming-partner",
		"IPX",
		"cloud-provider",
		"interception-agency",
		"RRU",
		"BBU",
		"TNGF",
		"W-AGF",
	};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (net_function_find(names[i]) == CODE_UNKNOWN)
			fail_msg("%s", names[i]);
	assert_int_equal(net_function_find("gNodeB"), net_function_find("gNB"));
	assert_int_equal(net_function_find("gnb-cu-cp"), net_function_find("gNB-CU-CP"));
	assert_int_equal(net_function_find("BSF-of-bread"), CODE_UNKNOWN);
	assert_int_equal(net_function_find(""), CODE_UNKNOWN);
	assert_string_equal(net_function_nearest("AMFF"), "AMF");
	assert_null(net_function_nearest("toaster-oven"));
	/* Names that differ by a letter's case must not shadow each other: the exact one is meant. */
	assert_string_equal(net_functions[net_function_find("SCP")].title, "Service Communication Proxy");
}

static const struct net_function *function(const char *name)
{
	return &net_functions[net_function_find(name)];
}

static void test_classes(void **state)
{
	(void)state;
	/*
	 * The core's sensitivity is critical, the radio's high, transport's moderate to high (EU assessment, section
	 * B).
	 */
	assert_int_equal(function("AMF")->eu_sensitivity, SENSITIVITY_CRITICAL);
	assert_int_equal(function("MANO")->eu_sensitivity, SENSITIVITY_CRITICAL);
	assert_int_equal(function("gNB")->eu_sensitivity, SENSITIVITY_HIGH);
	assert_int_equal(function("router")->eu_sensitivity, SENSITIVITY_MODERATE_HIGH);
	assert_int_equal(function("billing")->eu_sensitivity, SENSITIVITY_MODERATE_HIGH);
	assert_int_equal(function("firewall")->eu_sensitivity, SENSITIVITY_MODERATE_HIGH);
	/* A user plane function is core wherever it stands. */
	assert_int_equal(function("UPF")->layer, LAYER_CORE);
	assert_true(function("UPF")->routes_user_traffic && function("UPF")->sees_payload);
	/* Oversight: element managers, orchestrators, jump boxes, security gateways, audit (UK Code, glossary). */
	assert_true(function("EMS")->oversees && function("MANO")->oversees && function("jump-host")->oversees);
	assert_true(function("SEG")->oversees && function("SIEM")->oversees && function("OSS")->oversees);
	assert_false(function("gNB")->oversees || function("AMF")->oversees);
	assert_false(function("gNB")->security_critical);
	assert_true(function("AMF")->security_critical);
	/* Payload is in the clear where PDCP ends: in the central unit, not in the distributed one. */
	assert_false(function("gNB-DU")->sees_payload);
	assert_true(function("gNB-CU-UP")->sees_payload);
	assert_true(function("LEMF")->external && function("internet")->external);
	assert_int_equal(function("ADMF")->layer, LAYER_INTERCEPTION);
}

static void test_reference_points_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < net_reference_point_count; i++) {
		const struct net_reference_point *p = &net_reference_points[i];

		assert_true(is_name(p->name, "-"));
		assert_true(p->a && p->b && p->transport && p->protocol && p->source);
		assert_int_equal(net_reference_point_find(p->name), i);
		if (p->ppid)
			assert_non_null(strstr(p->transport, "SCTP"));
	}
}

static void test_reference_points_by_name(void **state)
{
	static const struct {
		const char *name;
		unsigned port, ppid;
	} points[] = {
		{ "N2", 38412, 60 },   { "NG-C", 38412, 60 }, { "N3", 2152, 0 },        { "N4", 8805, 0 },
		{ "Xn-C", 38422, 61 }, { "F1-C", 38472, 62 }, { "E1", 38462, 64 },      { "S1-MME", 36412, 18 },
		{ "X2", 36422, 27 },   { "Sx", 8805, 0 },     { "S11", 2123, 0 },       { "Gx", 3868, 46 },
		{ "SGs", 29118, 0 },   { "SBc", 29168, 24 },  { "SLs", 9082, 29 },      { "Ga", 3386, 0 },
		{ "ssh", 22, 0 },      { "sftp", 22, 0 },     { "netconf", 830, 0 },    { "snmp", 161, 0 },
		{ "syslog", 514, 0 },  { "https", 443, 0 },   { "dns", 53, 0 },         { "ntp", 123, 0 },
		{ "ptp", 319, 0 },     { "radius", 1812, 0 }, { "diameter", 3868, 46 }, { "tacacs", 49, 0 },
		{ "ldap", 389, 0 },    { "bgp", 179, 0 },     { "gnmi", 9339, 0 },      { "telnet", 23, 0 },
		{ "ftp", 21, 0 },      { "ip", 0, 0 },        { "O1", 830, 0 },         { "A1", 443, 0 },
		{ "E2", 37464, 70 },   { "X1", 0, 0 },        { "X2-LI", 0, 0 },        { "X3", 0, 0 },
		{ "SBI", 0, 0 },       { "N32", 443, 0 },     { "N96", 0, 0 },          { "M3UA", 2905, 3 },
		{ "Iuh", 29169, 19 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		uint32_t row = net_reference_point_find(points[i].name);

		if (row == CODE_UNKNOWN || net_reference_points[row].port != points[i].port ||
		    net_reference_points[row].ppid != points[i].ppid)
			fail_msg("%s", points[i].name);
	}
	/* E-UTRAN's X2 and the X2 of interception are two. */
	assert_int_not_equal(net_reference_point_find("X2"), net_reference_point_find("X2-LI"));
	assert_int_equal(net_reference_point_find("NETCONF"), net_reference_point_find("netconf"));
	assert_int_equal(net_reference_point_find("X9"), CODE_UNKNOWN);
	assert_string_equal(net_reference_point_nearest("netcomf"), "netconf");
}

static void test_closed_lists(void **state)
{
	(void)state;
	for (int i = 0; i < LAYER_COUNT; i++)
		assert_int_equal(net_layer_find(net_layer_name((enum net_layer)i)), i);
	for (int i = 0; i < TECHNOLOGY_COUNT; i++)
		assert_int_equal(net_technology_find(net_technology_name((enum net_technology)i)), i);
	assert_int_equal(net_layer_find("Core"), CODE_UNKNOWN);
	assert_string_equal(net_plane_name(PLANE_BOTH), "both");
	assert_string_equal(net_sensitivity_name(SENSITIVITY_MODERATE_HIGH), "moderate-high");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions_are_whole),
		cmocka_unit_test(test_nf_types),
		cmocka_unit_test(test_functions_by_name),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_reference_points_are_whole),
		cmocka_unit_test(test_reference_points_by_name),
		cmocka_unit_test(test_closed_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
