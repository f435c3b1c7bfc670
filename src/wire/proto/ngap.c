/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NGAP, 3GPP TS 38.413 clause 9.4: which elements become fields. What has no type here is told by name with its bytes;
 * the numbers of the rows are ProtocolIE-IDs (clause 9.4.7).
 */
#include "wire/proto/aper.h"

#define TYPE static const struct aper_type
#define SEQUENCE(name, ...)                                                                                            \
	static const struct aper_member name##_members[] = { __VA_ARGS__ };                                            \
	TYPE name = { .kind = APER_SEQUENCE, .extensible = true, APER_MEMBERS(name##_members) }
#define CHOICE(name, ...)                                                                                              \
	static const struct aper_member name##_members[] = { __VA_ARGS__,                                              \
							     { .type = &aper_one_element, .what = APER_SILENT } };     \
	TYPE name = { .kind = APER_CHOICE, APER_MEMBERS(name##_members) }
#define LIST(name, from, to, type) TYPE name = { .kind = APER_LIST, .low = from, .high = to, .of = &type }
#define IN_OCTETS(name, type)      TYPE name = { .kind = APER_CONTAINING, .high = UINT64_MAX, .of = &type }
#define SILENT(t)                                                                                                      \
	{                                                                                                              \
		.type = &t, .what = APER_SILENT                                                                        \
	}
#define SILENT_OPTIONAL(t)                                                                                             \
	{                                                                                                              \
		.type = &t, .what = APER_SILENT, .optional = true                                                      \
	}
#define SAYS(t, w)                                                                                                     \
	{                                                                                                              \
		.type = &t, .what = w                                                                                  \
	}
#define SAYS_OPTIONAL(t, w)                                                                                            \
	{                                                                                                              \
		.type = &t, .what = w, .optional = true                                                                \
	}
#define AT(t, e)                                                                                                       \
	{                                                                                                              \
		.type = &t, .what = APER_SILENT, .end = e                                                              \
	}
#define AT_OPTIONAL(t, e)                                                                                              \
	{                                                                                                              \
		.type = &t, .what = APER_SILENT, .end = e, .optional = true                                            \
	}

/* Cause: 9.3.1.2; the highest value of each group's root. */
TYPE cause_radio = { .kind = APER_ENUMERATED, .extensible = true, .high = 44 };
TYPE cause_transport = { .kind = APER_ENUMERATED, .extensible = true, .high = 1 };
TYPE cause_nas = { .kind = APER_ENUMERATED, .extensible = true, .high = 3 };
TYPE cause_protocol = { .kind = APER_ENUMERATED, .extensible = true, .high = 6 };
TYPE cause_misc = { .kind = APER_ENUMERATED, .extensible = true, .high = 5 };
static const struct aper_member cause_members[] = { SILENT(cause_radio), SILENT(cause_transport),
						    SILENT(cause_nas),   SILENT(cause_protocol),
						    SILENT(cause_misc),  SILENT(aper_one_element) };
TYPE cause = { .kind = APER_CAUSE, APER_MEMBERS(cause_members) };

TYPE core_ue = { .kind = APER_INTEGER, .high = UINT64_C(1099511627775) }; /* 9.3.3.1 */
TYPE qos_flow = { .kind = APER_INTEGER, .extensible = true, .high = 63 };
TYPE drb = { .kind = APER_INTEGER, .extensible = true, .low = 1, .high = 32 };
TYPE network_instance = { .kind = APER_INTEGER, .extensible = true, .low = 1, .high = 256 };
TYPE sst = { .kind = APER_OCTETS, .low = 1, .high = 1 };
TYPE bits6 = { .kind = APER_BITS, .low = 6, .high = 6 };
TYPE bits8 = { .kind = APER_BITS, .low = 8, .high = 8 };
TYPE bits10 = { .kind = APER_BITS, .low = 10, .high = 10 };
TYPE bits16 = { .kind = APER_BITS, .low = 16, .high = 16 };
TYPE bits18 = { .kind = APER_BITS, .low = 18, .high = 18 };
TYPE bits20 = { .kind = APER_BITS, .low = 20, .high = 20 };
TYPE bits21 = { .kind = APER_BITS, .low = 21, .high = 21 };
TYPE bits22to32 = { .kind = APER_BITS, .low = 22, .high = 32 };

/* 9.3.2.2 UP Transport Layer Information; which end it is, is said by the element around it */
CHOICE(tunnel, SILENT(aper_gtp_tunnel));
SEQUENCE(slice, SILENT(sst), SILENT_OPTIONAL(aper_plmn), APER_EXTENSIONS); /* SD: three octets as well */

SEQUENCE(flow_with_cause_item, SAYS(qos_flow, WIRE_QOS_FLOW), SAYS(cause, WIRE_CAUSE), APER_EXTENSIONS);
LIST(flows_with_cause, 1, 64, flow_with_cause_item);
SEQUENCE(flow_item, SAYS(qos_flow, WIRE_QOS_FLOW), APER_EXTENSIONS);
LIST(flows, 1, 64, flow_item);
SEQUENCE(associated_flow, SAYS(qos_flow, WIRE_QOS_FLOW), SILENT_OPTIONAL(aper_enum2e), APER_EXTENSIONS);
LIST(associated_flows, 1, 64, associated_flow);
SEQUENCE(admitted_flow, SAYS(qos_flow, WIRE_QOS_FLOW), SILENT_OPTIONAL(aper_enum1e), APER_EXTENSIONS);
LIST(admitted_flows, 1, 64, admitted_flow);
SEQUENCE(security_result, SILENT(aper_enum2e), SILENT(aper_enum2e), APER_EXTENSIONS);
SEQUENCE(security_indication, SILENT(aper_enum3e), SILENT(aper_enum3e), SILENT_OPTIONAL(aper_enum2e), APER_EXTENSIONS);
SEQUENCE(up_security, SILENT(security_result), SILENT(security_indication), APER_EXTENSIONS);

SEQUENCE(flows_of_tunnel, SILENT(tunnel), SILENT(associated_flows), APER_EXTENSIONS);
SEQUENCE(flows_of_tunnel_item, SILENT(flows_of_tunnel), APER_EXTENSIONS);
LIST(flows_of_tunnels, 1, 3, flows_of_tunnel_item);
SEQUENCE(tunnel_item, SILENT(tunnel), APER_EXTENSIONS);
LIST(tunnels, 1, 3, tunnel_item);
SEQUENCE(tunnel_pair, AT(tunnel, WIRE_END_CORE), AT(tunnel, WIRE_END_ACCESS), APER_EXTENSIONS);
LIST(tunnel_pairs, 1, 3, tunnel_pair);
LIST(tunnel_modify_list, 1, 4, tunnel_pair);
SEQUENCE(drb_forwarding, SILENT(drb), AT_OPTIONAL(tunnel, WIRE_END_FORWARDING),
	 AT_OPTIONAL(tunnel, WIRE_END_FORWARDING), APER_EXTENSIONS);
LIST(drb_forwardings, 1, 32, drb_forwarding);

/* 9.3.4: the transfers between SMF and NG-RAN, in octet strings */
TYPE elements = { .kind = APER_CONTAINER, .low = 0, .high = 65535 };
SEQUENCE(elements_transfer, SILENT(elements));
SEQUENCE(setup_response, AT(flows_of_tunnel, WIRE_END_ACCESS), AT_OPTIONAL(flows_of_tunnels, WIRE_END_ACCESS),
	 SILENT_OPTIONAL(security_result), SILENT_OPTIONAL(flows_with_cause), APER_EXTENSIONS);
SEQUENCE(cause_and_diagnostics, SAYS(cause, WIRE_CAUSE), SILENT_OPTIONAL(aper_diagnostics), APER_EXTENSIONS);
SEQUENCE(modify_response, AT_OPTIONAL(tunnel, WIRE_END_ACCESS), AT_OPTIONAL(tunnel, WIRE_END_CORE),
	 SILENT_OPTIONAL(flows), AT_OPTIONAL(flows_of_tunnels, WIRE_END_ACCESS), SILENT_OPTIONAL(flows_with_cause),
	 APER_EXTENSIONS);
SEQUENCE(modify_indication, AT(flows_of_tunnel, WIRE_END_ACCESS), AT_OPTIONAL(flows_of_tunnels, WIRE_END_ACCESS),
	 APER_EXTENSIONS);
SEQUENCE(modify_confirm, SILENT(flows), AT(tunnel, WIRE_END_CORE), SILENT_OPTIONAL(tunnel_pairs),
	 SILENT_OPTIONAL(flows_with_cause), APER_EXTENSIONS);
SEQUENCE(only_cause, SAYS(cause, WIRE_CAUSE), APER_EXTENSIONS);
SEQUENCE(nothing, APER_EXTENSIONS);
SEQUENCE(path_switch, AT(tunnel, WIRE_END_ACCESS), SILENT_OPTIONAL(aper_enum1e), SILENT_OPTIONAL(up_security),
	 SILENT(flows), APER_EXTENSIONS);
SEQUENCE(path_switch_answer, AT_OPTIONAL(tunnel, WIRE_END_CORE), SILENT_OPTIONAL(security_indication), APER_EXTENSIONS);
SEQUENCE(handover_required, SILENT_OPTIONAL(aper_enum1e), APER_EXTENSIONS);
SEQUENCE(handover_command, AT_OPTIONAL(tunnel, WIRE_END_FORWARDING), SILENT_OPTIONAL(flows),
	 SILENT_OPTIONAL(drb_forwardings), APER_EXTENSIONS);
SEQUENCE(handover_answer, AT(tunnel, WIRE_END_ACCESS), AT_OPTIONAL(tunnel, WIRE_END_FORWARDING),
	 SILENT_OPTIONAL(security_result), SILENT(admitted_flows), SILENT_OPTIONAL(flows_with_cause),
	 SILENT_OPTIONAL(drb_forwardings), APER_EXTENSIONS);

/* The lists of PDU sessions: session id, sometimes NAS and slice, and a transfer */
#define SESSION SAYS(aper_u8, WIRE_PDU_SESSION)
#define SESSIONS(name, transfer)                                                                                       \
	IN_OCTETS(name##_octets, transfer);                                                                            \
	SEQUENCE(name##_item, SESSION, SILENT(name##_octets), APER_EXTENSIONS);                                        \
	LIST(name, 1, 256, name##_item)

IN_OCTETS(elements_octets, elements_transfer);
SEQUENCE(setup_item, SESSION, SAYS_OPTIONAL(aper_octets, WIRE_NAS), SILENT(slice), SILENT(elements_octets),
	 APER_EXTENSIONS);
LIST(setup_list, 1, 256, setup_item);
SEQUENCE(modify_item, SESSION, SAYS_OPTIONAL(aper_octets, WIRE_NAS), SILENT(elements_octets), APER_EXTENSIONS);
LIST(modify_list, 1, 256, modify_item);
SEQUENCE(handover_item, SESSION, SILENT(slice), SILENT(elements_octets), APER_EXTENSIONS);
LIST(handover_list, 1, 256, handover_item);
SEQUENCE(session_item, SESSION, APER_EXTENSIONS);
LIST(session_list, 1, 256, session_item);
SESSIONS(setup_answers, setup_response);
SESSIONS(causes_and_diagnostics, cause_and_diagnostics);
SESSIONS(modify_answers, modify_response);
SESSIONS(modify_indications, modify_indication);
SESSIONS(modify_confirms, modify_confirm);
SESSIONS(causes, only_cause);
SESSIONS(release_answers, nothing);
SESSIONS(path_switches, path_switch);
SESSIONS(path_switch_answers, path_switch_answer);
SESSIONS(handovers_required, handover_required);
SESSIONS(handover_commands, handover_command);
SESSIONS(handover_answers, handover_answer);

/* 9.3.1.5 Global RAN Node ID, 9.3.3.3 GUAMI; UE-NGAP-IDs of 9.2.2.5 */
CHOICE(gnb_id, SAYS(bits22to32, WIRE_NODE));
SEQUENCE(global_gnb, SAYS(aper_plmn, WIRE_PLMN), SILENT(gnb_id), APER_EXTENSIONS);
CHOICE(ng_enb_id, SAYS(bits20, WIRE_NODE), SAYS(bits18, WIRE_NODE), SAYS(bits21, WIRE_NODE));
SEQUENCE(global_ng_enb, SAYS(aper_plmn, WIRE_PLMN), SILENT(ng_enb_id), APER_EXTENSIONS);
CHOICE(n3iwf_id, SAYS(bits16, WIRE_NODE));
SEQUENCE(global_n3iwf, SAYS(aper_plmn, WIRE_PLMN), SILENT(n3iwf_id), APER_EXTENSIONS);
CHOICE(ran_node, SILENT(global_gnb), SILENT(global_ng_enb), SILENT(global_n3iwf));
SEQUENCE(guami, SAYS(aper_plmn, WIRE_PLMN), SAYS(bits8, WIRE_NUMBER), SAYS(bits10, WIRE_NUMBER),
	 SAYS(bits6, WIRE_NUMBER), APER_EXTENSIONS);
SEQUENCE(served_guami, SILENT(guami), SAYS_OPTIONAL(aper_name, WIRE_NODE), APER_EXTENSIONS);
LIST(served_guamis, 1, 256, served_guami);
SEQUENCE(ue_pair, SAYS(core_ue, WIRE_CORE_UE), SAYS(aper_u32, WIRE_RAN_UE), APER_EXTENSIONS);
CHOICE(ue_ids, SILENT(ue_pair), SAYS(core_ue, WIRE_CORE_UE));

/* RESET TYPE of 9.2.6.11: everything, or these connections */
SEQUENCE(connection, SAYS_OPTIONAL(core_ue, WIRE_CORE_UE), SAYS_OPTIONAL(aper_u32, WIRE_RAN_UE), APER_EXTENSIONS);
LIST(connections, 1, 65536, connection);
CHOICE(reset, SAYS(aper_enum1e, WIRE_NUMBER), SILENT(connections));

static const struct aper_row rows[] = {
	[1] = { &aper_name, WIRE_NODE, 0 },
	[10] = { &core_ue, WIRE_CORE_UE, 0 },
	[15] = { &cause, WIRE_CAUSE, 0 },
	[19] = { &aper_diagnostics, WIRE_GROUP, 0 },
	[27] = { &ran_node, WIRE_GROUP, 0 },
	[28] = { &guami, WIRE_GROUP, 0 },
	[38] = { &aper_octets, WIRE_NAS, 0 },
	[40] = { &core_ue, WIRE_CORE_UE, 0 },
	[53] = { &handover_answers, WIRE_GROUP, 0 },
	[54] = { &causes_and_diagnostics, WIRE_GROUP, 0 },
	[55] = { &causes_and_diagnostics, WIRE_GROUP, 0 },
	[56] = { &causes_and_diagnostics, WIRE_GROUP, 0 },
	[57] = { &causes, WIRE_GROUP, 0 },
	[58] = { &causes_and_diagnostics, WIRE_GROUP, 0 },
	[59] = { &handover_commands, WIRE_GROUP, 0 },
	[60] = { &session_list, WIRE_GROUP, 0 },
	[61] = { &handovers_required, WIRE_GROUP, 0 },
	[62] = { &modify_confirms, WIRE_GROUP, 0 },
	[63] = { &modify_indications, WIRE_GROUP, 0 },
	[64] = { &modify_list, WIRE_GROUP, 0 },
	[65] = { &modify_answers, WIRE_GROUP, 0 },
	[68] = { &causes, WIRE_GROUP, 0 },
	[69] = { &causes, WIRE_GROUP, 0 },
	[70] = { &release_answers, WIRE_GROUP, 0 },
	[71] = { &setup_list, WIRE_GROUP, 0 },
	[72] = { &setup_answers, WIRE_GROUP, 0 },
	[73] = { &handover_list, WIRE_GROUP, 0 },
	[74] = { &setup_list, WIRE_GROUP, 0 },
	[75] = { &setup_answers, WIRE_GROUP, 0 },
	[76] = { &path_switches, WIRE_GROUP, 0 },
	[77] = { &path_switch_answers, WIRE_GROUP, 0 },
	[78] = { &causes, WIRE_GROUP, 0 },
	[79] = { &causes, WIRE_GROUP, 0 },
	[82] = { &aper_name, WIRE_NODE, 0 },
	[85] = { &aper_u32, WIRE_RAN_UE, 0 },
	[88] = { &reset, WIRE_GROUP, 0 },
	[96] = { &served_guamis, WIRE_GROUP, 0 },
	[100] = { &core_ue, WIRE_CORE_UE, 0 },
	[111] = { &connections, WIRE_GROUP, 0 },
	[114] = { &ue_ids, WIRE_GROUP, 0 },
	[126] = { &tunnels, WIRE_GROUP, WIRE_END_CORE },
	[128] = { &tunnel, WIRE_GROUP, WIRE_END_ACCESS },
	[129] = { &network_instance, WIRE_NUMBER, 0 },
	[131] = { &causes_and_diagnostics, WIRE_GROUP, 0 },
	[132] = { &causes_and_diagnostics, WIRE_GROUP, 0 },
	[133] = { &session_list, WIRE_GROUP, 0 },
	[137] = { &flows_with_cause, WIRE_GROUP, 0 },
	[139] = { &tunnel, WIRE_GROUP, WIRE_END_CORE },
	[140] = { &tunnel_modify_list, WIRE_GROUP, 0 },
	[152] = { &tunnels, WIRE_GROUP, WIRE_END_FORWARDING },
	[154] = { &tunnel_pairs, WIRE_GROUP, 0 },
	[155] = { &flows_of_tunnels, WIRE_GROUP, WIRE_END_ACCESS },
	[164] = { &tunnel, WIRE_GROUP, WIRE_END_FORWARDING },
	[172] = { &tunnels, WIRE_GROUP, WIRE_END_FORWARDING },
	[183] = { &tunnels, WIRE_GROUP, WIRE_END_ACCESS },
	[185] = { &tunnel_pairs, WIRE_GROUP, 0 },
	[186] = { &tunnels, WIRE_GROUP, WIRE_END_CORE },
	[192] = { &tunnel, WIRE_GROUP, WIRE_END_ACCESS },
	[193] = { &flows_of_tunnel, WIRE_GROUP, WIRE_END_ACCESS },
	[195] = { &tunnel, WIRE_GROUP, WIRE_END_CORE },
};

void decode_ngap(struct scribe *s, struct cursor c)
{
	static const struct aper_protocol ngap = {
		WIRE_NGAP, rows, sizeof rows / sizeof *rows, ngap_element_name, ngap_message_name, 3
	};

	aper_decode(s, &ngap, c);
}
