/* SPDX-License-Identifier: Apache-2.0 */
/*
 * S1AP, 3GPP TS 36.413 clause 9.3: bearers with their tunnels, who the node is, causes. The numbers of the rows are
 * ProtocolIE-IDs (clause 9.3.6); each list's items are elements of their own.
 */
#include "wire/proto/aper.h"

#define TYPE static const struct aper_type
#define SEQUENCE(name, ...)                                                                                            \
	static const struct aper_member name##_members[] = { __VA_ARGS__ };                                            \
	TYPE name = { .kind = APER_SEQUENCE, .extensible = true, APER_MEMBERS(name##_members) }
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
#define ADDRESS(e)                                                                                                     \
	{                                                                                                              \
		.type = &aper_address, .what = WIRE_TUNNEL, .end = e                                                   \
	}
#define ADDRESS_OPTIONAL(e)                                                                                            \
	{                                                                                                              \
		.type = &aper_address, .what = WIRE_TUNNEL, .end = e, .optional = true                                 \
	}
#define TEID                                                                                                           \
	{                                                                                                              \
		.type = &aper_teid, .what = APER_TEID                                                                  \
	}
#define TEID_OPTIONAL                                                                                                  \
	{                                                                                                              \
		.type = &aper_teid, .what = APER_TEID, .optional = true                                                \
	}

/* 9.2.1.3 */
TYPE cause_radio = { .kind = APER_ENUMERATED, .extensible = true, .high = 35 };
TYPE cause_transport = { .kind = APER_ENUMERATED, .extensible = true, .high = 1 };
TYPE cause_nas = { .kind = APER_ENUMERATED, .extensible = true, .high = 3 };
TYPE cause_protocol = { .kind = APER_ENUMERATED, .extensible = true, .high = 6 };
TYPE cause_misc = { .kind = APER_ENUMERATED, .extensible = true, .high = 5 };
static const struct aper_member cause_members[] = { SILENT(cause_radio), SILENT(cause_transport), SILENT(cause_nas),
						    SILENT(cause_protocol), SILENT(cause_misc) };
TYPE cause = { .kind = APER_CAUSE, .extensible = true, APER_MEMBERS(cause_members) };

TYPE bearer = { .kind = APER_INTEGER, .extensible = true, .high = 15 };
TYPE u24 = { .kind = APER_INTEGER, .high = 0xffffff };
TYPE priority = { .kind = APER_INTEGER, .high = 15 };
TYPE bit_rate = { .kind = APER_INTEGER, .high = UINT64_C(10000000000) };
TYPE bits20 = { .kind = APER_BITS, .low = 20, .high = 20 };
TYPE bits28 = { .kind = APER_BITS, .low = 28, .high = 28 };

/* 9.2.1.15 E-RAB level QoS parameters */
SEQUENCE(retention, SILENT(priority), SILENT(aper_enum2), SILENT(aper_enum2), APER_EXTENSIONS);
SEQUENCE(guaranteed, SILENT(bit_rate), SILENT(bit_rate), SILENT(bit_rate), SILENT(bit_rate), APER_EXTENSIONS);
SEQUENCE(qos, SILENT(aper_u8), SILENT(retention), SILENT_OPTIONAL(guaranteed), APER_EXTENSIONS);

#define BEARER SAYS(bearer, WIRE_PDU_SESSION)
SEQUENCE(to_be_set_up, BEARER, SILENT(qos), ADDRESS(WIRE_END_CORE), TEID, SAYS_OPTIONAL(aper_octets, WIRE_NAS),
	 APER_EXTENSIONS);
SEQUENCE(to_be_set_up_bearer, BEARER, SILENT(qos), ADDRESS(WIRE_END_CORE), TEID, SAYS(aper_octets, WIRE_NAS),
	 APER_EXTENSIONS);
SEQUENCE(to_be_set_up_handover, BEARER, ADDRESS(WIRE_END_CORE), TEID, SILENT(qos), APER_EXTENSIONS);
SEQUENCE(access_tunnel, BEARER, ADDRESS(WIRE_END_ACCESS), TEID, APER_EXTENSIONS);
SEQUENCE(core_tunnel, BEARER, ADDRESS(WIRE_END_CORE), TEID, APER_EXTENSIONS);
SEQUENCE(admitted, BEARER, ADDRESS(WIRE_END_ACCESS), TEID, ADDRESS_OPTIONAL(WIRE_END_FORWARDING), TEID_OPTIONAL,
	 ADDRESS_OPTIONAL(WIRE_END_FORWARDING), TEID_OPTIONAL, APER_EXTENSIONS);
SEQUENCE(forwarding, BEARER, ADDRESS_OPTIONAL(WIRE_END_FORWARDING), TEID_OPTIONAL,
	 ADDRESS_OPTIONAL(WIRE_END_FORWARDING), TEID_OPTIONAL, APER_EXTENSIONS);
SEQUENCE(to_be_modified, BEARER, SILENT(qos), SAYS(aper_octets, WIRE_NAS), APER_EXTENSIONS);
SEQUENCE(only_bearer, BEARER, APER_EXTENSIONS);
SEQUENCE(bearer_cause, BEARER, SAYS(cause, WIRE_CAUSE), APER_EXTENSIONS);
TYPE items = { .kind = APER_LIST, .low = 1, .high = 256, .of = &aper_one_element };

static const struct aper_member enb_id_members[] = { SAYS(bits20, WIRE_NODE), SAYS(bits28, WIRE_NODE) };
TYPE enb_id = { .kind = APER_CHOICE, .extensible = true, APER_MEMBERS(enb_id_members) };
SEQUENCE(global_enb, SAYS(aper_plmn, WIRE_PLMN), SILENT(enb_id), APER_EXTENSIONS);
SEQUENCE(ue_pair, SAYS(aper_u32, WIRE_CORE_UE), SAYS(u24, WIRE_RAN_UE), APER_EXTENSIONS);
static const struct aper_member ue_ids_members[] = { SILENT(ue_pair), SAYS(aper_u32, WIRE_CORE_UE) };
TYPE ue_ids = { .kind = APER_CHOICE, .extensible = true, APER_MEMBERS(ue_ids_members) };

/* 9.2.3.19, 9.2.3.20: a reset of everything, or of these */
SEQUENCE(connection, SAYS_OPTIONAL(aper_u32, WIRE_CORE_UE), SAYS_OPTIONAL(u24, WIRE_RAN_UE), APER_EXTENSIONS);
static const struct aper_member reset_members[] = { SAYS(aper_enum1e, WIRE_NUMBER), SILENT(items) };
TYPE reset = { .kind = APER_CHOICE, .extensible = true, APER_MEMBERS(reset_members) };

static const struct aper_row rows[] = {
	[0] = { &aper_u32, WIRE_CORE_UE, 0 },
	[2] = { &cause, WIRE_CAUSE, 0 },
	[8] = { &u24, WIRE_RAN_UE, 0 },
	[12] = { &items, WIRE_GROUP, 0 },
	[13] = { &items, WIRE_GROUP, 0 },
	[14] = { &forwarding, WIRE_GROUP, 0 },
	[15] = { &only_bearer, WIRE_GROUP, 0 },
	[16] = { &items, WIRE_GROUP, 0 },
	[17] = { &to_be_set_up_bearer, WIRE_GROUP, 0 },
	[18] = { &items, WIRE_GROUP, 0 },
	[19] = { &items, WIRE_GROUP, 0 },
	[20] = { &admitted, WIRE_GROUP, 0 },
	[21] = { &bearer_cause, WIRE_GROUP, 0 },
	[22] = { &items, WIRE_GROUP, 0 },
	[23] = { &access_tunnel, WIRE_GROUP, 0 },
	[24] = { &items, WIRE_GROUP, 0 },
	[26] = { &aper_octets, WIRE_NAS, 0 },
	[27] = { &to_be_set_up_handover, WIRE_GROUP, 0 },
	[28] = { &items, WIRE_GROUP, 0 },
	[29] = { &items, WIRE_GROUP, 0 },
	[30] = { &items, WIRE_GROUP, 0 },
	[31] = { &items, WIRE_GROUP, 0 },
	[32] = { &items, WIRE_GROUP, 0 },
	[33] = { &items, WIRE_GROUP, 0 },
	[34] = { &items, WIRE_GROUP, 0 },
	[35] = { &bearer_cause, WIRE_GROUP, 0 },
	[36] = { &to_be_modified, WIRE_GROUP, 0 },
	[37] = { &only_bearer, WIRE_GROUP, 0 },
	[39] = { &access_tunnel, WIRE_GROUP, 0 },
	[48] = { &items, WIRE_GROUP, 0 },
	[50] = { &access_tunnel, WIRE_GROUP, 0 },
	[51] = { &items, WIRE_GROUP, 0 },
	[52] = { &to_be_set_up, WIRE_GROUP, 0 },
	[53] = { &items, WIRE_GROUP, 0 },
	[58] = { &aper_diagnostics, WIRE_GROUP, 0 },
	[59] = { &global_enb, WIRE_GROUP, 0 },
	[60] = { &aper_name, WIRE_NODE, 0 },
	[61] = { &aper_name, WIRE_NODE, 0 },
	[69] = { &items, WIRE_GROUP, 0 },
	[88] = { &aper_u32, WIRE_CORE_UE, 0 },
	[91] = { &connection, WIRE_GROUP, 0 },
	[92] = { &reset, WIRE_GROUP, 0 },
	[93] = { &items, WIRE_GROUP, 0 },
	[94] = { &core_tunnel, WIRE_GROUP, 0 },
	[95] = { &items, WIRE_GROUP, 0 },
	[99] = { &ue_ids, WIRE_GROUP, 0 },
	[110] = { &items, WIRE_GROUP, 0 },
	[158] = { &aper_u32, WIRE_CORE_UE, 0 },
	[199] = { &items, WIRE_GROUP, 0 },
	[200] = { &access_tunnel, WIRE_GROUP, 0 },
	[203] = { &items, WIRE_GROUP, 0 },
	[204] = { &only_bearer, WIRE_GROUP, 0 },
};

void decode_s1ap(struct scribe *s, struct cursor c)
{
	static const struct aper_protocol s1ap = {
		WIRE_S1AP, rows, sizeof rows / sizeof *rows, s1ap_element_name, s1ap_message_name, 3
	};

	aper_decode(s, &s1ap, c);
}
