/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reference points: who talks to whom about what, over which transport and port, so that policies can name them and the wire
 * can be compared with the plan. Ports and payload protocol identifiers are the registered ones; what runs on a port that an
 * operator chooses has none (0). An SBI row has HTTP/2 on the port that the NRF's profile tells (3GPP TS 29.500 clause 5.2).
 *
 * Where two standards use one name, the older keeps it: X2 is E-UTRAN's (TS 36.420), the interception interfaces X1, X2, X3
 * (TS 33.127) are X1, X2-LI, X3. Management services are spelt as policies write them, in lower case.
 */
#include "net/net.h"

#include <string.h>
#include <strings.h>

#define NGAP .transport = "SCTP", .port = 38412, .ppid = 60, .protocol = "NGAP"
#define GTP_U .transport = "UDP", .port = 2152, .protocol = "GTP-U"
#define GTP_C2 .transport = "UDP", .port = 2123, .protocol = "GTPv2-C"
#define GTP_C1 .transport = "UDP", .port = 2123, .protocol = "GTPv1-C"
#define PFCP .transport = "UDP", .port = 8805, .protocol = "PFCP"
#define SBI .transport = "TCP", .protocol = "HTTP/2"
#define DIAMETER .transport = "SCTP TCP", .port = 3868, .ppid = 46, .protocol = "Diameter"
#define SIP .transport = "UDP TCP", .port = 5060, .protocol = "SIP"
#define MAP .transport = "SCTP", .port = 2905, .ppid = 3, .protocol = "MAP"
#define H248 .transport = "SCTP", .port = 2944, .ppid = 7, .protocol = "H.248"

const struct net_reference_point net_reference_points[] = {
	/* ---- 5G system, not service-based ---- */
	{ "N1", "UE", "AMF", .transport = "NGAP", .protocol = "NAS-5GS", .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N2", "gNB, ng-eNB, N3IWF, TNGF, W-AGF", "AMF", NGAP, .source = "3GPP TS 38.412 clause 7; TS 23.501 clause 4.2.7" },
	{ "N3", "gNB, ng-eNB, N3IWF, TNGF, W-AGF", "UPF", GTP_U, .source = "3GPP TS 38.414; TS 29.281 clause 4.4.2" },
	{ "N4", "SMF", "UPF", PFCP, .source = "3GPP TS 29.244 clause 4.2.2" },
	{ "N6", "UPF", "DN", .transport = "IP", .protocol = "IP", .source = "3GPP TS 23.501 clause 4.2.7; TS 29.561" },
	{ "N9", "UPF", "UPF", GTP_U, .source = "3GPP TS 23.501 clause 4.2.7; TS 29.281 clause 4.4.2" },
	{ "N19", "UPF", "UPF", GTP_U, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N26", "AMF", "MME", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "NWu", "UE", "N3IWF", .transport = "UDP", .port = 500, .protocol = "IKEv2", .source = "3GPP TS 24.502; IETF RFC 7296" },
	{ "N3mb", "MB-UPF", "gNB", GTP_U, .source = "3GPP TS 23.247 clause 5.2" },
	{ "N4mb", "MB-SMF", "MB-UPF", PFCP, .source = "3GPP TS 23.247 clause 5.2" },
	{ "N19mb", "MB-UPF", "UPF", GTP_U, .source = "3GPP TS 23.247 clause 5.2" },
	{ "Xn-C", "gNB, ng-eNB", "gNB, ng-eNB", .transport = "SCTP", .port = 38422, .ppid = 61, .protocol = "XnAP",
	  .source = "3GPP TS 38.422 clause 7" },
	{ "Xn-U", "gNB, ng-eNB", "gNB, ng-eNB", GTP_U, .source = "3GPP TS 38.424" },
	{ "F1-C", "gNB-CU, gNB-CU-CP", "gNB-DU", .transport = "SCTP", .port = 38472, .ppid = 62, .protocol = "F1AP",
	  .source = "3GPP TS 38.472 clause 7" },
	{ "F1-U", "gNB-CU, gNB-CU-UP", "gNB-DU", GTP_U, .source = "3GPP TS 38.474" },
	{ "E1", "gNB-CU-CP", "gNB-CU-UP", .transport = "SCTP", .port = 38462, .ppid = 64, .protocol = "E1AP",
	  .source = "3GPP TS 38.462 clause 7" },
	{ "W1-C", "ng-eNB-CU", "ng-eNB-DU", .transport = "SCTP", .port = 37472, .protocol = "W1AP", .unverified = true,
	  .source = "3GPP TS 37.472 clause 7" },
	{ "W1-U", "ng-eNB-CU", "ng-eNB-DU", GTP_U, .source = "3GPP TS 37.471" },

	/* ---- O-RAN ---- */
	{ "E2", "near-RT-RIC", "gNB-CU, gNB-DU, eNB", .transport = "SCTP", .port = 37464, .ppid = 70, .protocol = "E2AP",
	  .source = "O-RAN.WG3 E2GAP" },
	{ "A1", "SMO, non-RT-RIC", "near-RT-RIC", .transport = "TCP", .port = 443, .protocol = "HTTPS", .source = "O-RAN.WG2 A1TP" },
	{ "O1", "SMO", "gNB, gNB-CU, gNB-DU, near-RT-RIC", .transport = "TCP", .port = 830, .protocol = "NETCONF",
	  .source = "O-RAN.WG10 O1 interface specification" },
	{ "O2", "SMO", "O-Cloud", .transport = "TCP", .port = 443, .protocol = "HTTPS", .source = "O-RAN.WG6 O2 general aspects" },
	{ "fronthaul", "gNB-DU, BBU", "gNB-RU, RRU", .transport = "Ethernet", .protocol = "eCPRI", .source = "O-RAN.WG4 CUS-plane specification" },
	{ "fronthaul-M", "gNB-DU, SMO", "gNB-RU", .transport = "TCP", .port = 830, .protocol = "NETCONF",
	  .source = "O-RAN.WG4 M-plane specification" },
	{ "CPRI", "BBU", "RRU", .transport = "fibre", .protocol = "CPRI", .source = "CPRI specification 7.0" },

	/* ---- 5G core, service-based ---- */
	{ "SBI", "any function of the 5G core", "any function of the 5G core", SBI, .source = "3GPP TS 29.500 clause 5" },
	{ "N5", "PCF", "AF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N7", "SMF", "PCF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N8", "AMF", "UDM", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N10", "SMF", "UDM", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N11", "AMF", "SMF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N11mb", "AMF", "MB-SMF", SBI, .source = "3GPP TS 23.247 clause 5.2" },
	{ "N12", "AMF", "AUSF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N13", "AUSF", "UDM", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N14", "AMF", "AMF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N15", "AMF", "PCF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N16", "SMF", "SMF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N16a", "SMF", "SMF", SBI, .source = "3GPP TS 23.501 clause 5.34" },
	{ "N16mb", "SMF", "MB-SMF", SBI, .source = "3GPP TS 23.247 clause 5.2" },
	{ "N17", "AMF", "5G-EIR", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N18", "any function of the 5G core", "UDSF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N20", "AMF", "SMSF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N21", "SMSF", "UDM", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N22", "AMF", "NSSF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N23", "PCF", "NWDAF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N24", "PCF", "PCF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N27", "NRF", "NRF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N28", "PCF", "CHF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N29", "NEF", "SMF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N30", "PCF", "NEF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N31", "NSSF", "NSSF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N32", "SEPP", "SEPP", .transport = "TCP", .port = 443, .protocol = "HTTP/2", .source = "3GPP TS 29.573 clause 5" },
	{ "N33", "NEF", "AF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N34", "NSSF", "NWDAF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N35", "UDR", "UDM", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N36", "UDR", "PCF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N37", "UDR", "NEF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N38", "SMF", "SMF", SBI, .source = "3GPP TS 23.501 clause 5.34" },
	{ "N40", "SMF", "CHF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N41", "AMF", "CHF", SBI, .source = "3GPP TS 28.541" },
	{ "N42", "AMF", "CHF", SBI, .source = "3GPP TS 28.541" },
	{ "N43", "PCF", "PCF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N50", "AMF", "CBCF", SBI, .source = "3GPP TS 23.041 clause 9" },
	{ "N51", "AMF", "NEF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N52", "NEF", "UDM", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N55", "UCMF", "AMF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N56", "UCMF", "NEF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N57", "UCMF", "AF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N58", "AMF", "NSSAAF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N59", "UDM", "NSSAAF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N60", "AUSF", "NSWOF", SBI, .source = "3GPP TS 33.501 annex S" },
	{ "N61", "AUSF", "AAnF", SBI, .source = "3GPP TS 33.535 clause 4.2; TS 28.541" },
	{ "N62", "AAnF", "AF", SBI, .unverified = true, .source = "3GPP TS 33.535 clause 4.2" },
	{ "N63", "AAnF", "NEF", SBI, .unverified = true, .source = "3GPP TS 33.535 clause 4.2" },
	{ "N80", "AMF", "NSACF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N81", "SMF", "NSACF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N83", "AUSF", "NSSAAF", SBI, .source = "3GPP TS 23.501 clause 4.2.7" },
	{ "N84", "TSCTSF", "PCF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N85", "TSCTSF", "NEF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N86", "TSCTSF", "AF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N87", "TSCTSF", "UDM", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N88", "SMF", "EASDF", SBI, .source = "3GPP TS 23.548 clause 5; TS 28.541" },
	{ "N89", "TSCTSF", "AMF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "N96", "TSCTSF", "NRF", SBI, .source = "3GPP TS 23.501 clause 4.2.7; TS 28.541" },
	{ "NLs", "AMF", "LMF", SBI, .source = "3GPP TS 23.273 clause 4.4" },
	{ "NL2", "GMLC", "AMF", SBI, .source = "3GPP TS 23.273 clause 4.4; TS 28.541" },
	{ "NL5", "GMLC", "NEF", SBI, .source = "3GPP TS 23.273 clause 4.4; TS 28.541" },
	{ "NL6", "GMLC", "UDM", SBI, .source = "3GPP TS 23.273 clause 4.4; TS 28.541" },
	{ "Nnrf", "any function of the 5G core", "NRF", SBI, .source = "3GPP TS 29.510 clause 5" },
	{ "Nscp", "any function of the 5G core", "SCP", SBI, .source = "3GPP TS 23.501 clause 6.2.19" },
	{ "Y4", "5G-RG", "W-AGF", .transport = "Ethernet", .protocol = "PPPoE", .source = "3GPP TS 23.316 clause 4" },

	/* ---- E-UTRAN and EPC ---- */
	{ "S1-MME", "eNB", "MME", .transport = "SCTP", .port = 36412, .ppid = 18, .protocol = "S1AP", .source = "3GPP TS 36.412 clause 7" },
	{ "S1-U", "eNB, en-gNB", "SGW", GTP_U, .source = "3GPP TS 36.414; TS 29.281 clause 4.4.2" },
	{ "X2-C", "eNB, en-gNB", "eNB", .transport = "SCTP", .port = 36422, .ppid = 27, .protocol = "X2AP", .source = "3GPP TS 36.422 clause 7" },
	{ "X2-U", "eNB, en-gNB", "eNB", GTP_U, .source = "3GPP TS 36.424" },
	{ "M1", "MBMS-GW", "eNB", GTP_U, .source = "3GPP TS 36.445" },
	{ "M2", "MCE", "eNB", .transport = "SCTP", .port = 36443, .ppid = 43, .protocol = "M2AP", .source = "3GPP TS 36.442 clause 7" },
	{ "M3", "MCE", "MME", .transport = "SCTP", .port = 36444, .ppid = 44, .protocol = "M3AP", .source = "3GPP TS 36.444" },
	{ "S3", "MME", "SGSN", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "S4", "SGW", "SGSN", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "S5-C", "SGW", "PGW", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "S5-U", "SGW", "PGW", GTP_U, .source = "3GPP TS 29.281 clause 4.4.2" },
	{ "S8-C", "SGW", "PGW", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "S8-U", "SGW", "PGW", GTP_U, .source = "3GPP TS 29.281 clause 4.4.2" },
	{ "S10", "MME", "MME", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "S11", "MME", "SGW", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "S11-U", "MME", "SGW", GTP_U, .source = "3GPP TS 29.274 clause 4.4" },
	{ "S12", "RNC", "SGW", GTP_U, .source = "3GPP TS 29.281 clause 4.4.2" },
	{ "S16", "SGSN", "SGSN", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "S2a", "TWAG", "PGW", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "S2b", "ePDG", "PGW", GTP_C2, .source = "3GPP TS 29.274 clause 4.4" },
	{ "Sv", "MME", "MSC-S", GTP_C2, .source = "3GPP TS 29.280" },
	{ "SWu", "UE", "ePDG", .transport = "UDP", .port = 500, .protocol = "IKEv2", .source = "3GPP TS 33.402 clause 8" },
	{ "SGi", "PGW, PGW-U", "DN", .transport = "IP", .protocol = "IP", .source = "3GPP TS 23.401 clause 4.2.3; TS 29.061" },
	{ "Sx", "SGW-C, PGW-C, TDF", "SGW-U, PGW-U, TDF", PFCP, .source = "3GPP TS 29.244 clause 4.2.2; Sxa, Sxb and Sxc as one" },
	{ "Sxa", "SGW-C", "SGW-U", PFCP, .source = "3GPP TS 29.244 clause 4.2.2" },
	{ "Sxb", "PGW-C", "PGW-U", PFCP, .source = "3GPP TS 29.244 clause 4.2.2" },
	{ "Sxc", "TDF", "TDF", PFCP, .source = "3GPP TS 29.244 clause 4.2.2" },
	{ "Gn", "SGSN", "GGSN", GTP_C1, .source = "3GPP TS 29.060 clause 10" },
	{ "Gp", "SGSN", "GGSN", GTP_C1, .source = "3GPP TS 29.060 clause 10" },
	{ "Gn-U", "SGSN, RNC", "GGSN", GTP_U, .source = "3GPP TS 29.281 clause 4.4.2" },
	{ "Gi", "GGSN", "DN", .transport = "IP", .protocol = "IP", .source = "3GPP TS 29.061" },
	{ "Ga", "any charging trigger function", "CGF", .transport = "UDP TCP", .port = 3386, .protocol = "GTP'", .source = "3GPP TS 32.295 clause 5" },
	{ "SGs", "MME", "MSC-S, VLR", .transport = "SCTP", .port = 29118, .ppid = 0, .protocol = "SGsAP", .source = "3GPP TS 29.118 clause 6" },
	{ "SBc", "CBC", "MME", .transport = "SCTP", .port = 29168, .ppid = 24, .protocol = "SBc-AP", .source = "3GPP TS 29.168 clause 4" },
	{ "SLs", "E-SMLC", "MME", .transport = "SCTP", .port = 9082, .ppid = 29, .protocol = "LCS-AP", .source = "3GPP TS 29.171" },

	/* ---- Diameter ---- */
	{ "S6a", "MME", "HSS", DIAMETER, .source = "3GPP TS 29.272 clause 5" },
	{ "S6b", "PGW", "AAA", DIAMETER, .source = "3GPP TS 29.273 clause 9" },
	{ "S6c", "SMS-GMSC", "HSS", DIAMETER, .source = "3GPP TS 29.338" },
	{ "S6d", "SGSN", "HSS", DIAMETER, .source = "3GPP TS 29.272 clause 5" },
	{ "S6t", "SCEF", "HSS", DIAMETER, .source = "3GPP TS 29.336" },
	{ "S9", "PCRF", "PCRF", DIAMETER, .source = "3GPP TS 29.215" },
	{ "S13", "MME", "EIR", DIAMETER, .source = "3GPP TS 29.272 clause 6" },
	{ "SGd", "MME", "SMS-GMSC", DIAMETER, .source = "3GPP TS 29.338" },
	{ "SLg", "MME", "GMLC", DIAMETER, .source = "3GPP TS 29.172" },
	{ "SLh", "GMLC", "HSS", DIAMETER, .source = "3GPP TS 29.173" },
	{ "SWa", "WLAN-AP", "AAA", DIAMETER, .source = "3GPP TS 29.273 clause 4" },
	{ "SWm", "ePDG", "AAA", DIAMETER, .source = "3GPP TS 29.273 clause 7" },
	{ "SWx", "AAA", "HSS", DIAMETER, .source = "3GPP TS 29.273 clause 8" },
	{ "STa", "TWAG", "AAA", DIAMETER, .source = "3GPP TS 29.273 clause 5" },
	{ "Gx", "PGW, PGW-C", "PCRF", DIAMETER, .source = "3GPP TS 29.212 clause 4" },
	{ "Gxx", "SGW", "PCRF", DIAMETER, .source = "3GPP TS 29.212 clause 4a" },
	{ "Gy", "PGW, PGW-C", "OCS", DIAMETER, .source = "3GPP TS 32.299" },
	{ "Gz", "PGW, PGW-C", "OFCS", DIAMETER, .source = "3GPP TS 32.251" },
	{ "Rf", "any charging trigger function", "OFCS", DIAMETER, .source = "3GPP TS 32.299" },
	{ "Ro", "any charging trigger function", "OCS", DIAMETER, .source = "3GPP TS 32.299" },
	{ "Rx", "P-CSCF, AF", "PCRF", DIAMETER, .source = "3GPP TS 29.214 clause 4" },
	{ "Sd", "PCRF", "TDF", DIAMETER, .source = "3GPP TS 29.212 clause 4b" },
	{ "Sh", "IMS-AS, TAS", "HSS", DIAMETER, .source = "3GPP TS 29.328" },
	{ "Sy", "PCRF", "OCS", DIAMETER, .source = "3GPP TS 29.219" },
	{ "Cx", "I-CSCF, S-CSCF", "HSS", DIAMETER, .source = "3GPP TS 29.228" },
	{ "Dx", "I-CSCF, S-CSCF", "SLF", DIAMETER, .source = "3GPP TS 29.228" },
	{ "Dh", "IMS-AS", "SLF", DIAMETER, .source = "3GPP TS 29.328" },
	{ "Zh", "GBA-BSF", "HSS", DIAMETER, .source = "3GPP TS 29.109" },

	/* ---- IMS ---- */
	{ "Gm", "UE", "P-CSCF", SIP, .source = "3GPP TS 24.229; TS 23.228 clause 4.4" },
	{ "Mw", "P-CSCF, I-CSCF, S-CSCF", "P-CSCF, I-CSCF, S-CSCF", SIP, .source = "3GPP TS 23.228 clause 4.4" },
	{ "ISC", "S-CSCF", "IMS-AS, TAS", SIP, .source = "3GPP TS 23.228 clause 4.4" },
	{ "Mg", "MGCF", "I-CSCF, S-CSCF", SIP, .source = "3GPP TS 23.228 clause 4.4" },
	{ "Mi", "S-CSCF", "BGCF", SIP, .source = "3GPP TS 23.228 clause 4.4" },
	{ "Mj", "BGCF", "MGCF", SIP, .source = "3GPP TS 23.228 clause 4.4" },
	{ "Mk", "BGCF", "BGCF", SIP, .source = "3GPP TS 23.228 clause 4.4" },
	{ "Ml", "E-CSCF", "LRF", SIP, .source = "3GPP TS 23.167 clause 5" },
	{ "Mr", "S-CSCF", "MRFC, MRF", SIP, .source = "3GPP TS 23.228 clause 4.4" },
	{ "Mx", "I-CSCF, S-CSCF, BGCF", "IBCF", SIP, .source = "3GPP TS 23.228 clause 4.4" },
	{ "Ma", "I-CSCF", "IMS-AS", SIP, .source = "3GPP TS 23.228 clause 4.4" },
	{ "Ici", "IBCF", "IBCF", SIP, .source = "3GPP TS 29.165" },
	{ "Izi", "TrGW", "TrGW", .transport = "UDP", .protocol = "RTP", .source = "3GPP TS 29.165" },
	{ "Ut", "UE", "TAS", .transport = "TCP", .port = 443, .protocol = "XCAP", .source = "3GPP TS 24.623" },
	{ "Mb", "any IMS media function", "any IMS media function", .transport = "UDP", .protocol = "RTP", .source = "3GPP TS 23.228 clause 4.4" },
	{ "Mn", "MGCF", "IM-MGW", H248, .source = "3GPP TS 29.332" },
	{ "Mp", "MRFC", "MRFP", H248, .source = "3GPP TS 29.333" },
	{ "Iq", "P-CSCF", "IM-MGW", H248, .source = "3GPP TS 29.334" },
	{ "Ix", "IBCF", "TrGW", H248, .source = "3GPP TS 29.238" },

	/* ---- GERAN, UTRAN and their core ---- */
	{ "Abis", "BTS", "BSC", .transport = "TDM IP", .protocol = "Abis", .source = "3GPP TS 48.058" },
	{ "A", "BSC", "MSC, MSC-S", .transport = "SCTP", .port = 2905, .ppid = 3, .protocol = "BSSAP", .source = "3GPP TS 48.008" },
	{ "Gb", "BSC", "SGSN", .transport = "UDP", .protocol = "NS", .source = "3GPP TS 48.016" },
	{ "Iub", "NodeB", "RNC", .transport = "SCTP UDP", .protocol = "NBAP", .source = "3GPP TS 25.432" },
	{ "Iur", "RNC", "RNC", .transport = "SCTP", .port = 2905, .ppid = 3, .protocol = "RNSAP", .source = "3GPP TS 25.422" },
	{ "Iu-CS", "RNC", "MSC, MSC-S, MGW", .transport = "SCTP", .port = 2905, .ppid = 3, .protocol = "RANAP", .source = "3GPP TS 25.412" },
	{ "Iu-PS", "RNC", "SGSN", .transport = "SCTP", .port = 2905, .ppid = 3, .protocol = "RANAP", .source = "3GPP TS 25.412" },
	{ "Iu-U", "RNC", "SGSN", GTP_U, .source = "3GPP TS 25.414" },
	{ "Iuh", "HNB", "HNB-GW", .transport = "SCTP", .port = 29169, .ppid = 19, .protocol = "RUA", .source = "3GPP TS 25.468" },
	{ "Mc", "MSC-S", "MGW", H248, .source = "3GPP TS 29.232" },
	{ "Nb", "MGW", "MGW", .transport = "UDP", .protocol = "Nb UP", .source = "3GPP TS 29.415" },
	{ "Nc", "MSC-S", "MSC-S", .transport = "SCTP UDP", .protocol = "BICC", .source = "3GPP TS 29.205" },
	{ "C", "GMSC", "HLR", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "D", "VLR", "HLR", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "E", "MSC", "MSC, SMSC", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "F", "MSC", "EIR", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "G", "VLR", "VLR", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "Gc", "GGSN", "HLR", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "Gd", "SGSN", "SMSC", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "Gf", "SGSN", "EIR", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "Gr", "SGSN", "HLR", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "Gs", "SGSN", "MSC, VLR", .transport = "SCTP", .port = 2905, .ppid = 3, .protocol = "BSSAP+", .source = "3GPP TS 29.018" },
	{ "Lg", "MSC, SGSN", "GMLC", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "Lh", "GMLC", "HLR", MAP, .source = "3GPP TS 29.002 clause 7" },
	{ "Le", "GMLC", "AF", .transport = "TCP", .protocol = "MLP", .source = "3GPP TS 23.271 clause 5" },
	{ "CAP", "MSC, SGSN", "SCP-IN", .transport = "SCTP", .port = 2905, .ppid = 3, .protocol = "CAP", .source = "3GPP TS 29.078" },
	{ "SS7", "STP, MSC, HLR", "STP, MSC, HLR", .transport = "SCTP", .port = 2905, .ppid = 3, .protocol = "M3UA", .source = "IETF RFC 4666 clause 1" },
	{ "M2UA", "STP", "STP", .transport = "SCTP", .port = 2904, .ppid = 2, .protocol = "M2UA", .source = "IETF RFC 3331" },
	{ "M3UA", "STP, MSC, HLR", "STP, MSC, HLR", .transport = "SCTP", .port = 2905, .ppid = 3, .protocol = "M3UA", .source = "IETF RFC 4666" },
	{ "SUA", "STP", "STP", .transport = "SCTP", .port = 14001, .ppid = 4, .protocol = "SUA", .source = "IETF RFC 3868" },
	{ "M2PA", "STP", "STP", .transport = "SCTP", .port = 3565, .ppid = 5, .protocol = "M2PA", .source = "IETF RFC 4165" },
	{ "smpp", "SMSC", "AF", .transport = "TCP", .port = 2775, .protocol = "SMPP", .source = "SMPP v3.4; IANA service names" },

	/* ---- lawful interception: no fixed ports, so any peer that is not declared is a finding ---- */
	{ "X1", "ADMF", "POI, MDF, TF", .transport = "TCP", .protocol = "ETSI TS 103 221-1", .source = "3GPP TS 33.127 clause 5; ETSI TS 103 221-1" },
	{ "X2-LI", "POI", "MDF, MDF2", .transport = "TCP", .protocol = "ETSI TS 103 221-2", .source = "3GPP TS 33.127 clause 5; ETSI TS 103 221-2" },
	{ "X3", "POI", "MDF, MDF3", .transport = "TCP", .protocol = "ETSI TS 103 221-2", .source = "3GPP TS 33.127 clause 5; ETSI TS 103 221-2" },
	{ "HI1", "interception-agency", "ADMF", .transport = "TCP", .protocol = "ETSI TS 103 120", .source = "ETSI TS 102 232-1; TS 103 120" },
	{ "HI2", "MDF, MDF2", "LEMF", .transport = "TCP", .protocol = "ETSI TS 102 232", .source = "ETSI TS 102 232-1" },
	{ "HI3", "MDF, MDF3", "LEMF", .transport = "TCP", .protocol = "ETSI TS 102 232", .source = "ETSI TS 102 232-1" },

	/* ---- management and common services ---- */
	{ "ip", "any", "any", .transport = "IP", .protocol = "IP", .source = "IETF RFC 791; RFC 8200" },
	{ "ethernet", "any", "any", .transport = "Ethernet", .protocol = "Ethernet", .source = "IEEE 802.3" },
	{ "optical", "DWDM, ROADM, OTN", "DWDM, ROADM, OTN", .transport = "fibre", .protocol = "OTN", .source = "ITU-T G.709" },
	{ "radio-link", "microwave", "microwave", .transport = "radio", .protocol = "microwave", .source = "ETSI EN 302 217" },
	{ "gpon", "OLT", "ONT", .transport = "fibre", .protocol = "GPON", .source = "ITU-T G.984.3" },
	{ "ssh", "EMS, jump-host", "any", .transport = "TCP", .port = 22, .protocol = "SSH", .source = "IETF RFC 4253" },
	{ "sftp", "EMS, OSS", "any", .transport = "TCP", .port = 22, .protocol = "SFTP", .source = "IETF RFC 4253" },
	{ "telnet", "any", "any", .transport = "TCP", .port = 23, .protocol = "Telnet", .source = "IETF RFC 854" },
	{ "ftp", "any", "any", .transport = "TCP", .port = 21, .protocol = "FTP", .source = "IETF RFC 959" },
	{ "tftp", "any", "any", .transport = "UDP", .port = 69, .protocol = "TFTP", .source = "IETF RFC 1350" },
	{ "http", "any", "any", .transport = "TCP", .port = 80, .protocol = "HTTP", .source = "IETF RFC 9110" },
	{ "https", "any", "any", .transport = "TCP", .port = 443, .protocol = "HTTPS", .source = "IETF RFC 9110" },
	{ "netconf", "EMS, SMO", "any", .transport = "TCP", .port = 830, .protocol = "NETCONF", .source = "IETF RFC 6242" },
	{ "netconf-tls", "EMS, SMO", "any", .transport = "TCP", .port = 6513, .protocol = "NETCONF over TLS", .source = "IETF RFC 7589" },
	{ "netconf-call-home", "any", "EMS, SMO", .transport = "TCP", .port = 4334, .protocol = "NETCONF call home", .source = "IETF RFC 8071" },
	{ "restconf", "EMS, SMO", "any", .transport = "TCP", .port = 443, .protocol = "RESTCONF", .source = "IETF RFC 8040" },
	{ "ves", "any", "SMO", .transport = "TCP", .port = 443, .protocol = "ONAP VES", .source = "3GPP TS 28.532; ONAP VES" },
	{ "gnmi", "EMS, SDN-controller", "any", .transport = "TCP", .port = 9339, .protocol = "gNMI", .source = "IANA service names" },
	{ "snmp", "EMS, NMS", "any", .transport = "UDP", .port = 161, .protocol = "SNMP", .source = "IETF RFC 3411" },
	{ "snmp-trap", "any", "EMS, NMS", .transport = "UDP", .port = 162, .protocol = "SNMP", .source = "IETF RFC 3411" },
	{ "snmp-tls", "EMS, NMS", "any", .transport = "TCP", .port = 10161, .protocol = "SNMP over TLS", .source = "IETF RFC 6353" },
	{ "syslog", "any", "SIEM, log-server", .transport = "UDP", .port = 514, .protocol = "syslog", .source = "IETF RFC 5426" },
	{ "syslog-tls", "any", "SIEM, log-server", .transport = "TCP", .port = 6514, .protocol = "syslog over TLS", .source = "IETF RFC 5425" },
	{ "dns", "any", "DNS", .transport = "UDP TCP", .port = 53, .protocol = "DNS", .source = "IETF RFC 1035" },
	{ "dns-tls", "any", "DNS", .transport = "TCP", .port = 853, .protocol = "DNS over TLS", .source = "IETF RFC 7858" },
	{ "mdns", "any", "any", .transport = "UDP", .port = 5353, .protocol = "mDNS", .source = "IETF RFC 6762" },
	{ "dhcp", "any", "DHCP", .transport = "UDP", .port = 67, .protocol = "DHCP", .source = "IETF RFC 2131" },
	{ "dhcpv6", "any", "DHCP", .transport = "UDP", .port = 547, .protocol = "DHCPv6", .source = "IETF RFC 8415" },
	{ "ntp", "any", "NTP", .transport = "UDP", .port = 123, .protocol = "NTP", .source = "IETF RFC 5905" },
	{ "ptp", "any", "PTP-grandmaster", .transport = "UDP", .port = 319, .protocol = "PTP", .source = "IEEE 1588" },
	{ "radius", "any", "AAA", .transport = "UDP", .port = 1812, .protocol = "RADIUS", .source = "IETF RFC 2865" },
	{ "radius-accounting", "any", "AAA", .transport = "UDP", .port = 1813, .protocol = "RADIUS", .source = "IETF RFC 2866" },
	{ "radius-coa", "AAA", "any", .transport = "UDP", .port = 3799, .protocol = "RADIUS", .source = "IETF RFC 5176" },
	{ "radsec", "any", "AAA", .transport = "TCP", .port = 2083, .protocol = "RADIUS over TLS", .source = "IETF RFC 6614" },
	{ "diameter", "any", "AAA, HSS, DRA", DIAMETER, .source = "IETF RFC 6733" },
	{ "diameter-tls", "any", "AAA, HSS, DRA", .transport = "SCTP TCP", .port = 5868, .ppid = 47, .protocol = "Diameter", .source = "IETF RFC 6733" },
	{ "tacacs", "any", "AAA", .transport = "TCP", .port = 49, .protocol = "TACACS+", .source = "IETF RFC 8907" },
	{ "ldap", "any", "directory, UDR", .transport = "TCP", .port = 389, .protocol = "LDAP", .source = "IETF RFC 4511" },
	{ "ldaps", "any", "directory, UDR", .transport = "TCP", .port = 636, .protocol = "LDAP over TLS", .source = "IANA service names" },
	{ "kerberos", "any", "directory", .transport = "UDP TCP", .port = 88, .protocol = "Kerberos", .source = "IETF RFC 4120" },
	{ "bgp", "router", "router", .transport = "TCP", .port = 179, .protocol = "BGP", .source = "IETF RFC 4271" },
	{ "ospf", "router", "router", .transport = "IP", .protocol = "OSPF", .source = "IETF RFC 2328" },
	{ "isis", "router", "router", .transport = "Ethernet", .protocol = "IS-IS", .source = "ISO/IEC 10589" },
	{ "ldp", "router", "router", .transport = "TCP", .port = 646, .protocol = "LDP", .source = "IETF RFC 5036" },
	{ "rsvp-te", "router", "router", .transport = "IP", .protocol = "RSVP-TE", .source = "IETF RFC 3209" },
	{ "bfd", "router", "router", .transport = "UDP", .port = 3784, .protocol = "BFD", .source = "IETF RFC 5881" },
	{ "mpls", "router", "router", .transport = "Ethernet", .protocol = "MPLS", .source = "IETF RFC 3032" },
	{ "vxlan", "any", "any", .transport = "UDP", .port = 4789, .protocol = "VXLAN", .source = "IETF RFC 7348" },
	{ "geneve", "any", "any", .transport = "UDP", .port = 6081, .protocol = "Geneve", .source = "IETF RFC 8926" },
	{ "gre", "any", "any", .transport = "IP", .protocol = "GRE", .source = "IETF RFC 2784" },
	{ "ipsec", "SEG", "SEG", .transport = "IP", .protocol = "ESP", .source = "IETF RFC 4303" },
	{ "ike", "SEG", "SEG", .transport = "UDP", .port = 500, .protocol = "IKEv2", .source = "IETF RFC 7296" },
	{ "l2tp", "any", "any", .transport = "UDP", .port = 1701, .protocol = "L2TP", .source = "IETF RFC 2661" },
	{ "openflow", "SDN-controller", "switch", .transport = "TCP", .port = 6653, .protocol = "OpenFlow", .source = "IANA service names" },
	{ "ipfix", "any", "any", .transport = "UDP", .port = 4739, .protocol = "IPFIX", .source = "IETF RFC 7011" },
	{ "netflow", "any", "any", .transport = "UDP", .port = 2055, .protocol = "NetFlow", .source = "IETF RFC 3954" },
	{ "sflow", "any", "any", .transport = "UDP", .port = 6343, .protocol = "sFlow", .source = "IANA service names" },
	{ "twamp", "any", "any", .transport = "TCP", .port = 862, .protocol = "TWAMP", .source = "IETF RFC 5357" },
	{ "icmp", "any", "any", .transport = "IP", .protocol = "ICMP", .source = "IETF RFC 792; RFC 4443" },
	{ "kafka", "any", "any", .transport = "TCP", .port = 9092, .protocol = "Kafka", .source = "Apache Kafka documentation" },
	{ "amqp", "any", "any", .transport = "TCP", .port = 5672, .protocol = "AMQP", .source = "IANA service names" },
	{ "mqtt", "any", "any", .transport = "TCP", .port = 1883, .protocol = "MQTT", .source = "IANA service names" },
	{ "ipmi", "VIM", "BMC", .transport = "UDP", .port = 623, .protocol = "RMCP", .source = "IANA service names" },
	{ "redfish", "VIM", "BMC", .transport = "TCP", .port = 443, .protocol = "HTTPS", .source = "DMTF DSP0266" },
	{ "rdp", "jump-host", "any", .transport = "TCP", .port = 3389, .protocol = "RDP", .source = "IANA service names" },
	{ "tr069", "ACS", "CPE, ONT", .transport = "TCP", .port = 7547, .protocol = "CWMP", .source = "BBF TR-069" },
	{ "gsmtap", "any", "any", .transport = "UDP", .port = 4729, .protocol = "GSMTAP", .source = "IANA service names" },
};

const size_t net_reference_point_count = sizeof net_reference_points / sizeof *net_reference_points;

/* Other names of the same point; a name for both planes stands for its control plane. */
static const struct {
	const char *alias, *name;
} aliases[] = {
	{ "NG-C", "N2" },     { "NG", "N2" },	       { "NG-U", "N3" },     { "Xn", "Xn-C" },	      { "F1", "F1-C" },
	{ "W1", "W1-C" },     { "S1", "S1-MME" },      { "S1-C", "S1-MME" }, { "X2", "X2-C" },	      { "S5", "S5-C" },
	{ "S8", "S8-C" },     { "NL1", "NLs" },	       { "IuCS", "Iu-CS" },  { "IuPS", "Iu-PS" },     { "X1-LI", "X1" },
	{ "X3-LI", "X3" },    { "LI-X1", "X1" },       { "LI-X2", "X2-LI" }, { "LI-X3", "X3" },	      { "LI-HI1", "HI1" },
	{ "LI-HI2", "HI2" },  { "LI-HI3", "HI3" },     { "eCPRI", "fronthaul" },		      { "tacacs+", "tacacs" },
	{ "esp", "ipsec" },   { "N32-c", "N32" },      { "N32-f", "N32" },   { "is-is", "isis" },     { "tr-069", "tr069" },
	{ "cwmp", "tr069" },  { "MAP", "SS7" },	       { "SIGTRAN", "SS7" }, { "H.248", "Mc" },	      { "sip", "Mw" },
};

static uint32_t find_row(const char *name, int (*compare)(const char *, const char *))
{
	for (size_t i = 0; i < net_reference_point_count; i++)
		if (compare(net_reference_points[i].name, name) == 0)
			return (uint32_t)i;
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (compare(aliases[i].alias, name) == 0)
			return find_row(aliases[i].name, strcmp);
	return CODE_UNKNOWN;
}

uint32_t net_reference_point_find(const char *name)
{
	uint32_t row = find_row(name, strcmp);

	return row != CODE_UNKNOWN ? row : find_row(name, strcasecmp);
}

const char *net_reference_point_nearest(const char *name)
{
	const char *candidates[sizeof net_reference_points / sizeof *net_reference_points];

	for (size_t i = 0; i < net_reference_point_count; i++)
		candidates[i] = net_reference_points[i].name;
	return nearest_text(name, candidates, net_reference_point_count);
}
