/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an element does: the functions that elements.csv and policies may name, with what the law and the coordinated
 * risk assessments ask about each. The 5G core's names are the NF types of 3GPP TS 29.510 clause 6.1.6.3.3 with `-`
 * for `_`.
 *
 * How a row is classified (the columns of struct net_function):
 *   layer               by what the function is for, not where it stands: a UPF at a base station's mast is core
 *   security_critical   its compromise is likely to have a material impact on the network or a material part of it: the
 *                       Electronic Communications (Security Measures) Regulations 2022 (UK SI 2022/933) reg 2. A single
 *                       base station is not, what controls many of them is
 *   oversees            network oversight function: oversees and controls security critical functions (UK
 *                       Telecommunications Security Code of Practice, glossary)
 *   eu_sensitivity      the category of its group in the EU coordinated risk assessment of 9 October 2019, section B;
 *                       what that table does not speak of (fixed access) has none
 *   routes_user_traffic, sees_payload, remotely_disruptable
 *                       the three questions of 47 U.S.C. 1601(b)(2): can it route or redirect user data traffic, does
 *                       it permit visibility into user data or packets, can the network be disrupted remotely by it
 * The source names where the function itself is defined. Rows whose function or classification is not certain enough
 * to be called a fact are marked unverified.
 */
#include "net/net.h"

#include <string.h>
#include <strings.h>

#define CORE                                                                                                           \
	.layer = LAYER_CORE, .eu_sensitivity = SENSITIVITY_CRITICAL, .security_critical = true,                        \
	.remotely_disruptable = true
#define CORE_CONTROL CORE, .plane = PLANE_CONTROL
#define CORE_USER    CORE, .plane = PLANE_USER, .routes_user_traffic = true, .sees_payload = true
#define CORE_BOTH    CORE, .plane = PLANE_BOTH, .routes_user_traffic = true, .sees_payload = true
/* Carries or stores what users say (messages, calls) without routing their packets. */
#define CORE_CONTENT CORE, .plane = PLANE_BOTH, .sees_payload = true
/* Supports the core without being able to take it down. */
#define CORE_SUPPORT .layer = LAYER_CORE, .eu_sensitivity = SENSITIVITY_CRITICAL, .plane = PLANE_CONTROL

#define RAN         .layer = LAYER_ACCESS, .eu_sensitivity = SENSITIVITY_HIGH, .remotely_disruptable = true
#define RAN_BOTH    RAN, .plane = PLANE_BOTH, .routes_user_traffic = true, .sees_payload = true
#define RAN_USER    RAN, .plane = PLANE_USER, .routes_user_traffic = true, .sees_payload = true
#define RAN_CONTROL RAN, .plane = PLANE_CONTROL
/* Radio and baseband parts: user data passes ciphered, PDCP ends behind them (TS 38.401 clause 6.1.2). */
#define RAN_CIPHERED RAN, .plane = PLANE_BOTH, .routes_user_traffic = true

#define FIXED                                                                                                          \
	.layer = LAYER_ACCESS, .eu_sensitivity = SENSITIVITY_NONE, .remotely_disruptable = true, .plane = PLANE_USER,  \
	.routes_user_traffic = true, .sees_payload = true

#define TRANSPORT                                                                                                      \
	.layer = LAYER_TRANSPORT, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH, .remotely_disruptable = true
#define TRANSPORT_PACKETS TRANSPORT, .plane = PLANE_USER, .routes_user_traffic = true, .sees_payload = true
#define TRANSPORT_BITS    TRANSPORT, .plane = PLANE_USER, .routes_user_traffic = true, .sees_payload = true
#define TRANSPORT_SERVICE TRANSPORT, .plane = PLANE_CONTROL

#define MANAGES  .layer = LAYER_MANAGEMENT, .plane = PLANE_MANAGEMENT, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH
#define OVERSEES MANAGES, .security_critical = true, .oversees = true, .remotely_disruptable = true
#define MANO_PART                                                                                                      \
	.layer = LAYER_MANAGEMENT, .plane = PLANE_MANAGEMENT, .eu_sensitivity = SENSITIVITY_CRITICAL,                  \
	.security_critical = true, .oversees = true, .remotely_disruptable = true
/* What others run on can read and change all that they do. */
#define HOSTS                                                                                                          \
	.layer = LAYER_MANAGEMENT, .plane = PLANE_BOTH, .eu_sensitivity = SENSITIVITY_CRITICAL,                        \
	.security_critical = true, .oversees = true, .routes_user_traffic = true, .sees_payload = true,                \
	.remotely_disruptable = true

#define INTERCEPTS .layer = LAYER_INTERCEPTION, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH, .security_critical = true
#define SECURES                                                                                                        \
	.layer = LAYER_SECURITY, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH, .security_critical = true,               \
	.remotely_disruptable = true
#define SECURES_TRAFFIC SECURES, .plane = PLANE_USER, .routes_user_traffic = true, .sees_payload = true
#define OUTSIDE         .layer = LAYER_EXTERNAL, .plane = PLANE_NONE, .external = true

const struct net_function net_functions[] = {
	/* ---- 5G core ---- */
	{ "AMF", "Access and Mobility Management Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.1" },
	{ "SMF", "Session Management Function", CORE_CONTROL, .routes_user_traffic = true,
	  .source = "3GPP TS 23.501 clause 6.2.2" },
	{ "UPF", "User Plane Function", CORE_USER, .source = "3GPP TS 23.501 clause 6.2.3" },
	{ "PCF", "Policy Control Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.4" },
	{ "NEF", "Network Exposure Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.5" },
	{ "NRF", "Network Repository Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.6" },
	{ "UDM", "Unified Data Management", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.7" },
	{ "AUSF", "Authentication Server Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.8" },
	{ "N3IWF", "Non-3GPP Interworking Function", CORE_BOTH, .source = "3GPP TS 23.501 clause 6.2.9" },
	{ "TNGF", "Trusted Non-3GPP Gateway Function", CORE_BOTH, .source = "3GPP TS 23.501 clause 6.2" },
	{ "AF", "Application Function", CORE_SUPPORT, .remotely_disruptable = true,
	  .source = "3GPP TS 23.501 clause 6.2.10" },
	{ "UDR", "Unified Data Repository", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.11" },
	{ "UDSF", "Unstructured Data Storage Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.12" },
	{ "SMSF", "Short Message Service Function", CORE_CONTENT, .source = "3GPP TS 23.501 clause 6.2.13" },
	{ "NSSF", "Network Slice Selection Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.14" },
	{ "5G-EIR", "5G Equipment Identity Register", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.15" },
	{ "LMF", "Location Management Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.16" },
	{ "SEPP", "Security Edge Protection Proxy", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.17" },
	{ "NWDAF", "Network Data Analytics Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.18" },
	{ "SCP", "Service Communication Proxy", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2.19" },
	{ "W-AGF", "Wireline Access Gateway Function", CORE_BOTH, .source = "3GPP TS 23.501 clause 6.2; TS 23.316" },
	{ "TWIF", "Trusted WLAN Interworking Function", CORE_BOTH, .source = "3GPP TS 23.501 clause 6.2" },
	{ "UCMF", "UE Radio Capability Management Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2" },
	{ "NSSAAF", "Network Slice-specific and SNPN Authentication and Authorization Function", CORE_CONTROL,
	  .source = "3GPP TS 23.501 clause 6.2" },
	{ "NSACF", "Network Slice Admission Control Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2" },
	{ "DCCF", "Data Collection Coordination Function", CORE_CONTROL, .source = "3GPP TS 23.288 clause 5A" },
	{ "MFAF", "Messaging Framework Adaptor Function", CORE_CONTROL, .source = "3GPP TS 23.288 clause 5A" },
	{ "ADRF", "Analytics Data Repository Function", CORE_CONTROL, .source = "3GPP TS 23.288 clause 5B" },
	{ "AAnF", "AKMA Anchor Function", CORE_CONTROL, .source = "3GPP TS 33.535 clause 4.2" },
	{ "TSCTSF", "Time Sensitive Communication and Time Synchronization Function", CORE_CONTROL,
	  .source = "3GPP TS 23.501 clause 6.2" },
	{ "EASDF", "Edge Application Server Discovery Function", CORE_CONTROL, .source = "3GPP TS 23.548 clause 5" },
	{ "MB-SMF", "Multicast/Broadcast Session Management Function", CORE_CONTROL,
	  .source = "3GPP TS 23.247 clause 5.3" },
	{ "MB-UPF", "Multicast/Broadcast User Plane Function", CORE_USER, .source = "3GPP TS 23.247 clause 5.3" },
	{ "MBSF", "Multicast/Broadcast Service Function", CORE_CONTROL, .source = "3GPP TS 23.247 clause 5.3" },
	{ "MBSTF", "Multicast/Broadcast Service Transport Function", CORE_USER, .source = "3GPP TS 23.247 clause 5.3" },
	{ "BSF", "Binding Support Function", CORE_CONTROL, .source = "3GPP TS 23.503 clause 6.1.1.2" },
	{ "CHF", "Charging Function", CORE_CONTROL, .source = "3GPP TS 32.240 clause 4" },
	{ "GMLC", "Gateway Mobile Location Centre", CORE_CONTROL, .source = "3GPP TS 23.273 clause 4.3" },
	{ "CBCF", "Cell Broadcast Centre Function", CORE_CONTROL, .source = "3GPP TS 23.041 clause 9" },
	{ "PWS-IWF", "Public Warning System Interworking Function", CORE_CONTROL, .source = "3GPP TS 23.041 clause 9" },
	{ "5G-DDNMF", "5G Direct Discovery Name Management Function", CORE_CONTROL,
	  .source = "3GPP TS 23.304 clause 4.3" },
	{ "PKMF", "ProSe Key Management Function", CORE_CONTROL, .source = "3GPP TS 33.503 clause 4" },
	{ "SLPKMF", "Sidelink Positioning Key Management Function", CORE_CONTROL, .unverified = true,
	  .source = "3GPP TS 29.510 clause 6.1.6.3.3" },
	{ "SOR-AF", "Steering of Roaming Application Function", CORE_CONTROL, .source = "3GPP TS 23.122 annex C" },
	{ "SPAF", "Secured Packet Application Function", CORE_CONTROL, .source = "3GPP TS 29.544" },
	{ "NSWOF", "Non-Seamless WLAN Offload Function", CORE_CONTROL, .source = "3GPP TS 33.501 annex S" },
	{ "GBA-BSF", "Generic Bootstrapping Architecture Bootstrapping Server Function", CORE_CONTROL,
	  .source = "3GPP TS 33.220 clause 4.2" },
	{ "CEF", "Charging Enablement Function", CORE_SUPPORT, .source = "3GPP TS 28.201" },
	{ "MNPF", "Mobile Number Portability Function", CORE_CONTROL, .source = "3GPP TS 23.501 clause 6.2" },
	{ "PANF", "PIN Application Network Function", CORE_SUPPORT, .unverified = true,
	  .source = "3GPP TS 29.510 clause 6.1.6.3.3" },
	{ "PCRF-PCF", "combined PCRF and PCF", CORE_CONTROL, .source = "3GPP TS 23.501 clause 4.3.1" },
	{ "SMF-PGW-C", "combined SMF and PGW-C", CORE_CONTROL, .routes_user_traffic = true,
	  .source = "3GPP TS 23.501 clause 4.3.1" },
	{ "UPF-PGW-U", "combined UPF and PGW-U", CORE_USER, .source = "3GPP TS 23.501 clause 4.3.1" },
	{ "UDM-HSS", "combined UDM and HSS", CORE_CONTROL, .source = "3GPP TS 23.501 clause 4.3.1" },

	/* ---- evolved packet core ---- */
	{ "MME", "Mobility Management Entity", CORE_CONTROL, .source = "3GPP TS 23.401 clause 4.4.2" },
	{ "SGW", "Serving Gateway", CORE_BOTH, .source = "3GPP TS 23.401 clause 4.4.3.2" },
	{ "PGW", "PDN Gateway", CORE_BOTH, .source = "3GPP TS 23.401 clause 4.4.3.3" },
	{ "SGW-C", "Serving Gateway, control plane", CORE_CONTROL, .routes_user_traffic = true,
	  .source = "3GPP TS 23.214 clause 4.2" },
	{ "SGW-U", "Serving Gateway, user plane", CORE_USER, .source = "3GPP TS 23.214 clause 4.2" },
	{ "PGW-C", "PDN Gateway, control plane", CORE_CONTROL, .routes_user_traffic = true,
	  .source = "3GPP TS 23.214 clause 4.2" },
	{ "PGW-U", "PDN Gateway, user plane", CORE_USER, .source = "3GPP TS 23.214 clause 4.2" },
	{ "TDF", "Traffic Detection Function", CORE_USER, .source = "3GPP TS 23.203 clause 6.2.9" },
	{ "HSS", "Home Subscriber Server", CORE_CONTROL, .source = "3GPP TS 23.002 clause 4.1.1.1" },
	{ "PCRF", "Policy and Charging Rules Function", CORE_CONTROL, .source = "3GPP TS 23.203 clause 6.2.1" },
	{ "OCS", "Online Charging System", CORE_CONTROL, .source = "3GPP TS 32.296 clause 4" },
	{ "OFCS", "Offline Charging System", CORE_SUPPORT, .source = "3GPP TS 32.240 clause 4" },
	{ "CGF", "Charging Gateway Function", CORE_SUPPORT, .source = "3GPP TS 32.295 clause 4" },
	{ "EIR", "Equipment Identity Register", CORE_CONTROL, .source = "3GPP TS 23.002 clause 4.1.1" },
	{ "CBC", "Cell Broadcast Centre", CORE_CONTROL, .source = "3GPP TS 23.041 clause 3" },
	{ "E-SMLC", "Evolved Serving Mobile Location Centre", CORE_CONTROL, .source = "3GPP TS 36.305 clause 5" },
	{ "ePDG", "Evolved Packet Data Gateway", CORE_BOTH, .source = "3GPP TS 23.402 clause 4.3.4" },
	{ "TWAG", "Trusted WLAN Access Gateway", CORE_BOTH, .source = "3GPP TS 23.402 clause 16" },
	{ "ANDSF", "Access Network Discovery and Selection Function", CORE_SUPPORT,
	  .source = "3GPP TS 23.402 clause 4.8" },
	{ "SCEF", "Service Capability Exposure Function", CORE_CONTROL, .source = "3GPP TS 23.682 clause 4.4.8" },
	{ "SCS-AS", "Services Capability Server or Application Server", CORE_SUPPORT,
	  .source = "3GPP TS 23.682 clause 4.4" },
	{ "MTC-IWF", "Machine Type Communications Interworking Function", CORE_CONTROL,
	  .source = "3GPP TS 23.682 clause 4.4" },
	{ "DRA", "Diameter Routing Agent", CORE_CONTROL, .source = "3GPP TS 29.213 clause 7; GSMA IR.88" },
	{ "DEA", "Diameter Edge Agent", CORE_CONTROL, .source = "GSMA IR.88" },
	{ "MBMS-GW", "MBMS Gateway", CORE_BOTH, .source = "3GPP TS 23.246 clause 5" },
	{ "BM-SC", "Broadcast Multicast Service Centre", CORE_BOTH, .source = "3GPP TS 23.246 clause 5" },
	{ "MCE", "Multi-cell/multicast Coordination Entity", RAN_CONTROL, .source = "3GPP TS 36.300 clause 15" },

	/* ---- 2G and 3G core ---- */
	{ "MSC", "Mobile-services Switching Centre", CORE_CONTENT, .routes_user_traffic = true,
	  .source = "3GPP TS 23.002 clause 4.1.2" },
	{ "MSC-S", "MSC Server", CORE_CONTROL, .routes_user_traffic = true, .source = "3GPP TS 23.002 clause 4.1.2" },
	{ "GMSC", "Gateway MSC", CORE_CONTENT, .routes_user_traffic = true, .source = "3GPP TS 23.002 clause 4.1.2" },
	{ "MGW", "Media Gateway", CORE_USER, .source = "3GPP TS 23.002 clause 4.1.2" },
	{ "HLR", "Home Location Register", CORE_CONTROL, .source = "3GPP TS 23.002 clause 4.1.1" },
	{ "VLR", "Visitor Location Register", CORE_CONTROL, .source = "3GPP TS 23.002 clause 4.1.1" },
	{ "AuC", "Authentication Centre", CORE_CONTROL, .source = "3GPP TS 23.002 clause 4.1.1" },
	{ "SGSN", "Serving GPRS Support Node", CORE_BOTH, .source = "3GPP TS 23.060 clause 5.4" },
	{ "GGSN", "Gateway GPRS Support Node", CORE_BOTH, .source = "3GPP TS 23.060 clause 5.4" },
	{ "STP", "Signalling Transfer Point", CORE_CONTROL, .source = "ITU-T Q.700; IETF RFC 4666" },
	{ "SMSC", "Short Message Service Centre", CORE_CONTENT, .source = "3GPP TS 23.040 clause 3" },
	{ "SMS-GMSC", "Gateway MSC for the short message service", CORE_CONTENT, .source = "3GPP TS 23.040 clause 3" },
	{ "SMS-IWMSC", "Interworking MSC for the short message service", CORE_CONTENT,
	  .source = "3GPP TS 23.040 clause 3" },
	{ "SMS-router", "SMS Router", CORE_CONTENT, .source = "3GPP TS 23.040 clause 3" },
	{ "IP-SM-GW", "IP Short Message Gateway", CORE_CONTENT, .source = "3GPP TS 23.204 clause 5" },
	{ "MMSC", "Multimedia Messaging Service Centre", CORE_CONTENT, .source = "3GPP TS 23.140 clause 6" },
	{ "SCP-IN", "Service Control Point of the intelligent network (CAMEL gsmSCF)", CORE_CONTROL,
	  .source = "3GPP TS 23.078 clause 3" },
	{ "SMLC", "Serving Mobile Location Centre", CORE_CONTROL, .source = "3GPP TS 43.059 clause 5" },
	{ "USSD-gateway", "Unstructured Supplementary Service Data gateway", CORE_CONTROL, .source = "3GPP TS 23.090" },
	{ "voicemail", "Voice mail system", CORE_CONTENT, .source = "3GPP TS 23.002 clause 4" },
	{ "MNP-SRF", "Signalling Relay Function for mobile number portability", CORE_CONTROL,
	  .source = "3GPP TS 23.066 clause 4" },

	/* ---- IMS ---- */
	{ "P-CSCF", "Proxy Call Session Control Function", CORE_CONTROL, .source = "3GPP TS 23.228 clause 4.6.1" },
	{ "I-CSCF", "Interrogating Call Session Control Function", CORE_CONTROL,
	  .source = "3GPP TS 23.228 clause 4.6.2" },
	{ "S-CSCF", "Serving Call Session Control Function", CORE_CONTROL, .source = "3GPP TS 23.228 clause 4.6.3" },
	{ "E-CSCF", "Emergency Call Session Control Function", CORE_CONTROL, .source = "3GPP TS 23.167 clause 6.2.2" },
	{ "LRF", "Location Retrieval Function", CORE_CONTROL, .source = "3GPP TS 23.167 clause 6.2.3" },
	{ "TAS", "Telephony Application Server", CORE_CONTROL, .source = "3GPP TS 23.228 clause 4.2.4" },
	{ "IMS-AS", "IMS Application Server", CORE_CONTROL, .source = "3GPP TS 23.228 clause 4.2.4" },
	{ "SCC-AS", "Service Centralization and Continuity Application Server", CORE_CONTROL,
	  .source = "3GPP TS 23.237 clause 5.3" },
	{ "MGCF", "Media Gateway Control Function", CORE_CONTROL, .source = "3GPP TS 23.228 clause 4.7" },
	{ "IM-MGW", "IMS Media Gateway", CORE_USER, .source = "3GPP TS 23.002 clause 4a.7" },
	{ "BGCF", "Breakout Gateway Control Function", CORE_CONTROL, .source = "3GPP TS 23.228 clause 4.7" },
	{ "IBCF", "Interconnection Border Control Function", CORE_CONTROL, .source = "3GPP TS 23.228 annex I" },
	{ "TrGW", "Transition Gateway", CORE_USER, .source = "3GPP TS 23.228 annex I" },
	{ "SBC", "Session Border Controller", CORE_BOTH, .source = "IETF RFC 5853" },
	{ "ATCF", "Access Transfer Control Function", CORE_CONTROL, .source = "3GPP TS 23.237 clause 5.3" },
	{ "ATGW", "Access Transfer Gateway", CORE_USER, .source = "3GPP TS 23.237 clause 5.3" },
	{ "MRF", "Media Resource Function", CORE_USER, .source = "3GPP TS 23.228 clause 4.7" },
	{ "MRFC", "Media Resource Function Controller", CORE_CONTROL, .source = "3GPP TS 23.228 clause 4.7" },
	{ "MRFP", "Media Resource Function Processor", CORE_USER, .source = "3GPP TS 23.228 clause 4.7" },
	{ "MF", "Media Function", CORE_USER, .unverified = true, .source = "3GPP TS 23.228 annex AC" },
	{ "DCSF", "Data Channel Signalling Function", CORE_CONTROL, .unverified = true,
	  .source = "3GPP TS 23.228 annex AC" },
	{ "SLF", "Subscription Locator Function", CORE_CONTROL, .source = "3GPP TS 23.228 clause 5.8" },
	{ "ENUM", "E.164 number mapping server", CORE_CONTROL, .source = "IETF RFC 6116" },

	/* ---- NG-RAN, E-UTRAN, and their parts ---- */
	{ "gNB", "NR base station", RAN_BOTH, .source = "3GPP TS 38.300 clause 4.1" },
	{ "gNB-CU", "gNB Central Unit", RAN_BOTH, .security_critical = true, .source = "3GPP TS 38.401 clause 6.1" },
	{ "gNB-CU-CP", "gNB Central Unit, control plane", RAN_CONTROL, .security_critical = true,
	  .source = "3GPP TS 38.401 clause 6.1.2" },
	{ "gNB-CU-UP", "gNB Central Unit, user plane", RAN_USER, .security_critical = true,
	  .source = "3GPP TS 38.401 clause 6.1.2" },
	{ "gNB-DU", "gNB Distributed Unit", RAN_CIPHERED, .source = "3GPP TS 38.401 clause 6.1" },
	{ "gNB-RU", "Radio Unit of a gNB (O-RU)", RAN_CIPHERED,
	  .source = "O-RAN.WG1 O-RAN Architecture Description clause 5" },
	{ "en-gNB", "NR base station of E-UTRA-NR dual connectivity", RAN_BOTH, .source = "3GPP TS 37.340 clause 4.1" },
	{ "ng-eNB", "E-UTRA base station at the 5G core", RAN_BOTH, .source = "3GPP TS 38.300 clause 4.1" },
	{ "ng-eNB-CU", "ng-eNB Central Unit", RAN_BOTH, .security_critical = true,
	  .source = "3GPP TS 37.470 clause 4" },
	{ "ng-eNB-DU", "ng-eNB Distributed Unit", RAN_CIPHERED, .source = "3GPP TS 37.470 clause 4" },
	{ "eNB", "E-UTRA base station", RAN_BOTH, .source = "3GPP TS 36.300 clause 4" },
	{ "HeNB", "Home eNB", RAN_BOTH, .source = "3GPP TS 36.300 clause 4.6" },
	{ "HeNB-GW", "Home eNB Gateway", RAN_BOTH, .security_critical = true, .source = "3GPP TS 36.300 clause 4.6" },
	{ "IAB-node", "Integrated Access and Backhaul node", RAN_CIPHERED, .source = "3GPP TS 38.401 clause 6.1.3" },
	{ "BBU", "Baseband unit", RAN_BOTH, .source = "3GPP TS 38.104 clause 4" },
	{ "RRU", "Remote radio unit", RAN_CIPHERED, .source = "3GPP TS 38.104 clause 4" },
	{ "AAU", "Active antenna unit", RAN_CIPHERED, .source = "3GPP TS 38.104 clause 4" },
	{ "antenna", "Passive antenna system", .layer = LAYER_ACCESS, .plane = PLANE_NONE,
	  .eu_sensitivity = SENSITIVITY_HIGH, .source = "3GPP TS 38.104 clause 4" },
	{ "near-RT-RIC", "Near-real-time RAN Intelligent Controller", RAN_CONTROL, .security_critical = true,
	  .oversees = true, .source = "O-RAN.WG1 O-RAN Architecture Description clause 5" },
	{ "small-cell", "Small cell base station", RAN_BOTH, .source = "3GPP TS 38.300 clause 4.1" },
	{ "repeater", "Radio repeater", RAN_CIPHERED, .source = "3GPP TS 38.106 clause 4" },

	/* ---- GERAN and UTRAN ---- */
	{ "BTS", "Base Transceiver Station", RAN_BOTH, .source = "3GPP TS 23.002 clause 4.2.1" },
	{ "BSC", "Base Station Controller", RAN_BOTH, .security_critical = true,
	  .source = "3GPP TS 23.002 clause 4.2.1" },
	{ "TRAU", "Transcoder and Rate Adaptor Unit", RAN_USER, .source = "3GPP TS 48.060" },
	{ "NodeB", "UTRA base station", RAN_CIPHERED, .source = "3GPP TS 25.401 clause 6" },
	{ "RNC", "Radio Network Controller", RAN_BOTH, .security_critical = true, .source = "3GPP TS 25.401 clause 6" },
	{ "HNB", "Home NodeB", RAN_BOTH, .source = "3GPP TS 25.467 clause 4" },
	{ "HNB-GW", "Home NodeB Gateway", RAN_BOTH, .security_critical = true, .source = "3GPP TS 25.467 clause 4" },

	/* ---- fixed access ---- */
	{ "OLT", "Optical Line Terminal", FIXED, .source = "ITU-T G.984.1 clause 3; BBF TR-156" },
	{ "ONT", "Optical Network Terminal", FIXED, .source = "ITU-T G.984.1 clause 3; BBF TR-156" },
	{ "DSLAM", "Digital Subscriber Line Access Multiplexer", FIXED, .source = "BBF TR-101" },
	{ "CMTS", "Cable Modem Termination System", FIXED, .source = "ITU-T J.122" },
	{ "CPE", "Customer premises equipment", FIXED, .source = "BBF TR-124" },
	{ "5G-RG", "5G Residential Gateway", FIXED, .source = "3GPP TS 23.316 clause 4" },
	{ "WLAN-AP", "WLAN access point", FIXED, .source = "IEEE 802.11" },
	{ "WLAN-controller", "WLAN controller", FIXED, .source = "IETF RFC 5415" },
	{ "BNG", "Broadband Network Gateway", CORE_BOTH, .source = "BBF TR-178 clause 4" },

	/* ---- transport ---- */
	{ "router", "Router", TRANSPORT_PACKETS, .source = "IETF RFC 1812" },
	{ "core-router", "Router of the IP core", TRANSPORT_PACKETS, .security_critical = true,
	  .source = "IETF RFC 1812" },
	{ "edge-router", "Provider edge router", TRANSPORT_PACKETS, .security_critical = true,
	  .source = "IETF RFC 4364 clause 1.2" },
	{ "peering-router", "Router at the border to other networks", TRANSPORT_PACKETS, .security_critical = true,
	  .source = "IETF RFC 4271" },
	{ "aggregation-router", "Router that joins the lines of many sites", TRANSPORT_PACKETS,
	  .source = "BBF TR-221" },
	{ "cell-site-router", "Router at a base station's site", TRANSPORT_PACKETS, .source = "BBF TR-221" },
	{ "route-reflector", "BGP route reflector", TRANSPORT_SERVICE, .security_critical = true,
	  .source = "IETF RFC 4456" },
	{ "switch", "Ethernet switch", TRANSPORT_PACKETS, .source = "IEEE 802.1Q" },
	{ "data-centre-switch", "Switch of a core data centre's fabric", TRANSPORT_PACKETS, .security_critical = true,
	  .source = "IEEE 802.1Q" },
	{ "DWDM", "Dense wavelength division multiplexing terminal", TRANSPORT_BITS, .security_critical = true,
	  .source = "ITU-T G.694.1" },
	{ "ROADM", "Reconfigurable optical add-drop multiplexer", TRANSPORT_BITS, .security_critical = true,
	  .source = "ITU-T G.672" },
	{ "OTN", "Optical transport network cross-connect", TRANSPORT_BITS, .security_critical = true,
	  .source = "ITU-T G.709" },
	{ "microwave", "Microwave radio link terminal", TRANSPORT_BITS, .source = "ETSI EN 302 217" },
	{ "satellite", "Satellite link terminal", TRANSPORT_BITS, .source = "ETSI EN 301 545-2" },
	{ "SDH", "Synchronous digital hierarchy multiplexer", TRANSPORT_BITS, .source = "ITU-T G.707" },
	{ "fronthaul-gateway", "Fronthaul gateway or multiplexer", TRANSPORT_BITS,
	  .source = "O-RAN.WG4 CUS-plane specification clause 13", .unverified = true },
	{ "load-balancer", "Load balancer", TRANSPORT_PACKETS, .source = "IETF RFC 7098" },
	{ "CGNAT", "Carrier-grade NAT", TRANSPORT_PACKETS, .security_critical = true, .source = "IETF RFC 6888" },
	{ "DNS", "Domain name server", TRANSPORT_SERVICE, .security_critical = true, .source = "IETF RFC 1035" },
	{ "DHCP", "Address assignment server", TRANSPORT_SERVICE, .source = "IETF RFC 2131" },
	{ "NTP", "Network time server", TRANSPORT_SERVICE, .source = "IETF RFC 5905" },
	{ "PTP-grandmaster", "Precision time grandmaster clock", TRANSPORT_SERVICE,
	  .source = "IEEE 1588; ITU-T G.8275.1" },
	{ "GNSS-receiver", "Satellite time receiver", TRANSPORT_SERVICE, .source = "ITU-T G.8272" },
	{ "packet-broker", "Network packet broker or tap", TRANSPORT_PACKETS, .source = "IETF RFC 8889",
	  .unverified = true },

	/* ---- management ---- */
	{ "OSS", "Operations support system", OVERSEES,
	  .source = "3GPP TS 32.101 clause 5; UK Code of Practice 2022 glossary" },
	{ "BSS", "Business support system", MANAGES, .source = "TM Forum GB921" },
	{ "EMS", "Element management system", OVERSEES,
	  .source = "3GPP TS 32.101 clause 5; UK Code of Practice 2022 glossary" },
	{ "NMS", "Network management system", OVERSEES, .source = "3GPP TS 32.101 clause 5" },
	{ "MnF", "Management function", OVERSEES, .source = "3GPP TS 28.533 clause 4; TS 33.526" },
	{ "SMO", "Service Management and Orchestration", OVERSEES,
	  .source = "O-RAN.WG1 O-RAN Architecture Description clause 5" },
	{ "non-RT-RIC", "Non-real-time RAN Intelligent Controller", OVERSEES,
	  .source = "O-RAN.WG1 O-RAN Architecture Description clause 5" },
	{ "SON", "Self-organising network server", OVERSEES, .source = "3GPP TS 32.500 clause 4" },
	{ "NSMF", "Network Slice Management Function", OVERSEES, .source = "3GPP TS 28.533 clause 4" },
	{ "ACS", "Auto-configuration server of customer equipment", OVERSEES, .source = "BBF TR-069" },
	{ "AAA", "Authentication, authorisation and accounting server", OVERSEES,
	  .source = "IETF RFC 2865; UK Code of Practice 2022 glossary" },
	{ "directory", "Directory of administrators' accounts", OVERSEES,
	  .source = "IETF RFC 4511; UK Code of Practice 2022 glossary" },
	{ "PAM", "Privileged access management", OVERSEES, .source = "UK Code of Practice 2022 glossary" },
	{ "PKI", "Public key infrastructure", OVERSEES, .source = "3GPP TS 33.310 clause 5" },
	{ "HSM", "Hardware security module", OVERSEES, .source = "FIPS 140-3" },
	{ "jump-host", "Jump host of administrators", OVERSEES, .source = "UK Code of Practice 2022 glossary" },
	{ "PAW", "Privileged access workstation", OVERSEES, .source = "UK Code of Practice 2022 glossary" },
	{ "SIEM", "Security information and event management", OVERSEES,
	  .source = "UK Code of Practice 2022 glossary" },
	{ "probe", "Monitoring probe in the network", MANAGES, .security_critical = true, .oversees = true,
	  .sees_payload = true, .source = "UK Code of Practice 2022 glossary" },
	{ "log-server", "Log server", OVERSEES, .source = "IETF RFC 5424; UK Code of Practice 2022 glossary" },
	{ "configuration-server", "Configuration and software distribution server", OVERSEES,
	  .source = "UK Code of Practice 2022 glossary" },
	{ "backup", "Backup system", OVERSEES, .source = "UK Code of Practice 2022 glossary" },
	{ "billing", "Billing system", MANAGES, .source = "3GPP TS 32.240 clause 4" },
	{ "mediation", "Charging mediation", MANAGES, .source = "3GPP TS 32.240 clause 4" },
	{ "CRM", "Customer relationship management", MANAGES, .source = "TM Forum GB921" },
	{ "OTA", "Over-the-air SIM management server", MANAGES, .security_critical = true,
	  .source = "3GPP TS 23.048; ETSI TS 102 225" },
	{ "SM-DP", "eSIM Subscription Manager Data Preparation", MANAGES, .security_critical = true,
	  .source = "GSMA SGP.22 clause 2" },
	{ "inventory", "Inventory system", MANAGES, .source = "TM Forum TMF639" },
	{ "workforce", "Work and ticket management", MANAGES, .source = "TM Forum GB921" },
	{ "SDN-controller", "Software-defined network controller", MANO_PART,
	  .source = "ONF TR-521; ETSI GS NFV-EVE 005" },
	{ "MANO", "NFV management and orchestration", MANO_PART,
	  .source = "ETSI GS NFV 002 clause 7; ETSI GS NFV-MAN 001 clause 5" },
	{ "NFVO", "NFV orchestrator", MANO_PART, .source = "ETSI GS NFV-MAN 001 clause 5.4" },
	{ "VNFM", "VNF manager", MANO_PART, .source = "ETSI GS NFV-MAN 001 clause 5.4" },
	{ "VIM", "Virtualised infrastructure manager", MANO_PART, .source = "ETSI GS NFV-MAN 001 clause 5.4" },
	{ "WIM", "Wide area infrastructure manager", MANO_PART, .source = "ETSI GS NFV-MAN 001 clause 5.4" },
	{ "CISM", "Container infrastructure service manager", MANO_PART, .source = "ETSI GS NFV-IFA 040" },
	{ "registry", "Registry of software images", MANO_PART, .source = "ETSI GS NFV-IFA 040" },

	/* ---- what the rest runs on ---- */
	{ "NFVI", "NFV infrastructure", HOSTS, .source = "ETSI GS NFV 002 clause 7" },
	{ "hypervisor", "Hypervisor", HOSTS, .source = "ETSI GS NFV-INF 004" },
	{ "CaaS", "Container platform", HOSTS, .source = "ETSI GS NFV-IFA 029" },
	{ "O-Cloud", "O-RAN cloud platform", HOSTS, .source = "O-RAN.WG1 O-RAN Architecture Description clause 5" },
	{ "server", "Server hardware", HOSTS, .source = "ETSI GS NFV-INF 003" },
	{ "BMC", "Baseboard management controller", HOSTS, .source = "IPMI specification 2.0" },
	{ "virtual-switch", "Virtual switch", HOSTS, .source = "ETSI GS NFV-INF 004" },
	{ "storage", "Storage system", .layer = LAYER_MANAGEMENT, .plane = PLANE_BOTH,
	  .eu_sensitivity = SENSITIVITY_CRITICAL, .security_critical = true, .oversees = true, .sees_payload = true,
	  .remotely_disruptable = true, .source = "ETSI GS NFV-INF 003" },
	{ "MEC", "Multi-access edge computing host", HOSTS, .source = "ETSI GS MEC 003 clause 6" },
	{ "power", "Power and cooling control", .layer = LAYER_MANAGEMENT, .plane = PLANE_MANAGEMENT,
	  .remotely_disruptable = true, .eu_sensitivity = SENSITIVITY_NONE, .source = "3GPP TS 28.304" },

	/* ---- lawful interception ---- */
	{ "ADMF", "LI Administration Function", INTERCEPTS, .plane = PLANE_MANAGEMENT, .oversees = true,
	  .source = "3GPP TS 33.127 clause 5" },
	{ "SIRF", "LI System Information Retrieval Function", INTERCEPTS, .plane = PLANE_CONTROL,
	  .source = "3GPP TS 33.127 clause 5" },
	{ "POI", "LI Point of Interception", INTERCEPTS, .plane = PLANE_BOTH, .sees_payload = true,
	  .source = "3GPP TS 33.127 clause 5" },
	{ "TF", "LI Triggering Function", INTERCEPTS, .plane = PLANE_CONTROL, .source = "3GPP TS 33.127 clause 5" },
	{ "MDF", "LI Mediation and Delivery Function", INTERCEPTS, .plane = PLANE_BOTH, .sees_payload = true,
	  .source = "3GPP TS 33.127 clause 5" },
	{ "MDF2", "LI Mediation and Delivery Function for related information", INTERCEPTS, .plane = PLANE_CONTROL,
	  .source = "3GPP TS 33.127 clause 5" },
	{ "MDF3", "LI Mediation and Delivery Function for content", INTERCEPTS, .plane = PLANE_USER,
	  .sees_payload = true, .source = "3GPP TS 33.127 clause 5" },
	{ "LI-gateway", "Interception gateway of a vendor's own kind", INTERCEPTS, .plane = PLANE_BOTH,
	  .sees_payload = true, .source = "ETSI TS 103 221-1" },
	{ "retained-data", "Store of retained traffic data", INTERCEPTS, .plane = PLANE_MANAGEMENT,
	  .source = "ETSI TS 102 657" },

	/* ---- security ---- */
	{ "SEG", "Security gateway", SECURES_TRAFFIC, .oversees = true,
	  .source = "3GPP TS 33.210 clause 4; UK Code of Practice 2022 glossary" },
	{ "firewall", "Firewall", SECURES_TRAFFIC, .oversees = true,
	  .source = "IETF RFC 2979; UK Code of Practice 2022 glossary" },
	{ "IPS", "Intrusion prevention system", SECURES_TRAFFIC, .oversees = true, .source = "NIST SP 800-94" },
	{ "IDS", "Intrusion detection system", SECURES, .plane = PLANE_USER, .oversees = true, .sees_payload = true,
	  .source = "NIST SP 800-94" },
	{ "DDoS-protection", "Scrubbing of denial-of-service traffic", SECURES_TRAFFIC, .source = "IETF RFC 8811" },
	{ "signalling-firewall", "Signalling firewall", SECURES, .plane = PLANE_CONTROL, .oversees = true,
	  .source = "GSMA FS.11; GSMA FS.19" },
	{ "GTP-firewall", "GTP firewall", SECURES_TRAFFIC, .oversees = true, .source = "GSMA FS.20" },
	{ "IPUPS", "Inter-PLMN user plane security", SECURES_TRAFFIC, .source = "3GPP TS 33.501 clause 5.9.3.4" },
	{ "proxy", "Application proxy", SECURES_TRAFFIC, .source = "IETF RFC 9110 clause 3.7" },
	{ "VPN-gateway", "Remote access gateway", SECURES_TRAFFIC, .oversees = true, .source = "IETF RFC 4301" },
	{ "data-diode", "One-way gateway", SECURES, .plane = PLANE_MANAGEMENT, .source = "NIST SP 800-82" },

	/* ---- outside the operator's network ---- */
	{ "internet", "The internet", OUTSIDE, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH,
	  .source = "EU coordinated risk assessment 2019 section B, internetwork exchanges" },
	{ "DN", "Data network behind N6 or SGi", OUTSIDE, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH,
	  .source = "3GPP TS 23.501 clause 4.2.3" },
	{ "roaming-partner", "Network of a roaming partner", OUTSIDE, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH,
	  .source = "EU coordinated risk assessment 2019 section B, internetwork exchanges" },
	{ "IPX", "IP exchange between operators", OUTSIDE, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH,
	  .source = "GSMA IR.34" },
	{ "peer-network", "Network of a peering partner", OUTSIDE, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH,
	  .source = "EU coordinated risk assessment 2019 section B, internetwork exchanges" },
	{ "PSTN", "Public switched telephone network", OUTSIDE, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH,
	  .source = "3GPP TS 23.002 clause 4" },
	{ "vendor-support", "A vendor's remote support", OUTSIDE, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH,
	  .source = "EU 5G toolbox 2020 SM04" },
	{ "managed-service", "A managed service provider's centre", OUTSIDE,
	  .eu_sensitivity = SENSITIVITY_MODERATE_HIGH, .source = "EU 5G toolbox 2020 SM04" },
	{ "cloud-provider", "A public cloud", OUTSIDE, .eu_sensitivity = SENSITIVITY_MODERATE_HIGH,
	  .source = "EU coordinated risk assessment 2019 section B, internetwork exchanges" },
	{ "enterprise", "A business customer's network", OUTSIDE, .eu_sensitivity = SENSITIVITY_NONE,
	  .source = "3GPP TS 23.501 clause 4.2.3" },
	{ "UE", "User equipment", OUTSIDE, .eu_sensitivity = SENSITIVITY_NONE,
	  .source = "3GPP TS 23.501 clause 4.2.3" },
	{ "shared-operator", "The network of an operator that shares sites or spectrum", OUTSIDE,
	  .eu_sensitivity = SENSITIVITY_MODERATE_HIGH, .source = "3GPP TS 23.251 clause 4" },
	{ "interception-agency", "An agency that receives interception product", OUTSIDE,
	  .eu_sensitivity = SENSITIVITY_NONE, .source = "ETSI TS 102 232-1 clause 4" },
	{ "LEMF", "Law Enforcement Monitoring Facility", OUTSIDE, .eu_sensitivity = SENSITIVITY_NONE,
	  .sees_payload = true, .source = "3GPP TS 33.127 clause 5" },
	{ "emergency-centre", "Public safety answering point", OUTSIDE, .eu_sensitivity = SENSITIVITY_NONE,
	  .source = "3GPP TS 23.167 clause 4" },
	{ "office", "The operator's office network", OUTSIDE, .eu_sensitivity = SENSITIVITY_NONE,
	  .source = "UK Code of Practice 2022, management plane" },
};

const size_t net_function_count = sizeof net_functions / sizeof *net_functions;

/* Other spellings of the same thing. */
static const struct {
	const char *alias, *name;
} aliases[] = {
	{ "gNodeB", "gNB" },
	{ "eNodeB", "eNB" },
	{ "SecGW", "SEG" },
	{ "O-RU", "gNB-RU" },
	{ "O-DU", "gNB-DU" },
	{ "O-CU", "gNB-CU" },
	{ "O-CU-CP", "gNB-CU-CP" },
	{ "O-CU-UP", "gNB-CU-UP" },
	{ "RU", "gNB-RU" },
	{ "DU", "gNB-DU" },
	{ "CU", "gNB-CU" },
	{ "RRH", "RRU" },
	{ "PDN-GW", "PGW" },
	{ "S-GW", "SGW" },
	{ "P-GW", "PGW" },
	{ "ONU", "ONT" },
	{ "BRAS", "BNG" },
	{ "EM", "EMS" },
	{ "AKMA-AnF", "AAnF" },
	{ "EIR-5G", "5G-EIR" },
	{ "5GEIR", "5G-EIR" },
	{ "PCSCF", "P-CSCF" },
	{ "ICSCF", "I-CSCF" },
	{ "SCSCF", "S-CSCF" },
	{ "SCSAS", "SCS-AS" },
	{ "jump-box", "jump-host" },
	{ "bastion", "jump-host" },
	{ "gsmSCF", "SCP-IN" },
	{ "data-center-switch", "data-centre-switch" },
	{ "Node-B", "NodeB" },
	{ "NB", "NodeB" },
};

static uint32_t find_row(const char *name, int (*compare)(const char *, const char *))
{
	for (size_t i = 0; i < net_function_count; i++)
		if (compare(net_functions[i].name, name) == 0)
			return (uint32_t)i;
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (compare(aliases[i].alias, name) == 0)
			return find_row(aliases[i].name, strcmp);
	return CODE_UNKNOWN;
}

/* TS 29.510 writes 5G_EIR where we write 5G-EIR. */
static int compare_loosely(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char c = *a == '_' ? '-' : *a, d = *b == '_' ? '-' : *b;

		if (strncasecmp(&c, &d, 1) != 0)
			return 1;
	}
	return *a != *b;
}

uint32_t net_function_find(const char *name)
{
	uint32_t row = find_row(name, strcmp);

	return row != CODE_UNKNOWN ? row : find_row(name, compare_loosely);
}

const char *net_function_nearest(const char *name)
{
	const char *candidates[sizeof net_functions / sizeof *net_functions];

	for (size_t i = 0; i < net_function_count; i++)
		candidates[i] = net_functions[i].name;
	return nearest_text(name, candidates, net_function_count);
}
