/* SPDX-License-Identifier: Apache-2.0 */
/*
 * F1AP, 3GPP TS 38.473 clause 9.4: the tunnels of data radio bearers between CU and DU, node names, causes. The
 * numbers of the rows are ProtocolIE-IDs (clause 9.4.7).
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

/* 9.3.1.2 */
TYPE cause_radio = { .kind = APER_ENUMERATED, .extensible = true, .high = 10 };
TYPE cause_transport = { .kind = APER_ENUMERATED, .extensible = true, .high = 1 };
TYPE cause_protocol = { .kind = APER_ENUMERATED, .extensible = true, .high = 6 };
TYPE cause_misc = { .kind = APER_ENUMERATED, .extensible = true, .high = 4 };
static const struct aper_member cause_members[] = { SILENT(cause_radio), SILENT(cause_transport),
						    SILENT(cause_protocol), SILENT(cause_misc),
						    SILENT(aper_one_element) };
TYPE cause = { .kind = APER_CAUSE, APER_MEMBERS(cause_members) };

TYPE gnb_du = { .kind = APER_INTEGER, .high = UINT64_C(68719476735) };
TYPE drb = { .kind = APER_INTEGER, .extensible = true, .low = 1, .high = 32 };
TYPE channel = { .kind = APER_INTEGER, .extensible = true, .low = 1, .high = 32 };
TYPE priority = { .kind = APER_INTEGER, .high = 15 };
TYPE bit_rate = { .kind = APER_INTEGER, .extensible = true, .high = UINT64_C(4000000000000) };

/* 9.3.1.19 E-UTRAN QoS, 9.3.1.45 DRB information comes as an extension by name */
SEQUENCE(retention, SILENT(priority), SILENT(aper_enum2), SILENT(aper_enum2), APER_EXTENSIONS);
SEQUENCE(guaranteed, SILENT(bit_rate), SILENT(bit_rate), SILENT(bit_rate), SILENT(bit_rate), APER_EXTENSIONS);
SEQUENCE(eutran_qos, SILENT(aper_u8), SILENT(retention), SILENT_OPTIONAL(guaranteed), APER_EXTENSIONS);
CHOICE(qos, SILENT(eutran_qos));
SEQUENCE(ul_configuration, SILENT(aper_enum3e), APER_EXTENSIONS);

CHOICE(tunnel, SILENT(aper_gtp_tunnel));
SEQUENCE(core_item, { .type = &tunnel, .what = APER_SILENT, .end = WIRE_END_CORE }, APER_EXTENSIONS);
LIST(core_tunnels, 1, 2, core_item);
SEQUENCE(access_item, { .type = &tunnel, .what = APER_SILENT, .end = WIRE_END_ACCESS }, APER_EXTENSIONS);
LIST(access_tunnels, 1, 2, access_item);

#define DRB SAYS(drb, WIRE_PDU_SESSION)
SEQUENCE(to_be_set_up, DRB, SILENT(qos), SILENT(core_tunnels), SILENT(aper_enum4e), SILENT_OPTIONAL(ul_configuration),
	 SILENT_OPTIONAL(aper_enum2e), APER_EXTENSIONS);
SEQUENCE(to_be_modified, DRB, SILENT_OPTIONAL(qos), SILENT(core_tunnels), SILENT_OPTIONAL(ul_configuration),
	 APER_EXTENSIONS);
SEQUENCE(set_up, DRB, SILENT_OPTIONAL(channel), SILENT(access_tunnels), APER_EXTENSIONS);
SEQUENCE(only_drb, DRB, APER_EXTENSIONS);
SEQUENCE(modified_confirm, DRB, SILENT(core_tunnels), APER_EXTENSIONS);
SEQUENCE(failed, DRB, { .type = &cause, .what = WIRE_CAUSE, .optional = true }, APER_EXTENSIONS);
SEQUENCE(required, DRB, SILENT(access_tunnels), APER_EXTENSIONS);
LIST(items, 1, 64, aper_one_element);

static const struct aper_row rows[] = {
	[0] = { &cause, WIRE_CAUSE, 0 },
	[7] = { &aper_diagnostics, WIRE_GROUP, 0 },
	[12] = { &failed, WIRE_GROUP, 0 },
	[13] = { &items, WIRE_GROUP, 0 },
	[14] = { &failed, WIRE_GROUP, 0 },
	[15] = { &items, WIRE_GROUP, 0 },
	[16] = { &failed, WIRE_GROUP, 0 },
	[17] = { &items, WIRE_GROUP, 0 },
	[18] = { &modified_confirm, WIRE_GROUP, 0 },
	[19] = { &items, WIRE_GROUP, 0 },
	[20] = { &set_up, WIRE_GROUP, 0 },
	[21] = { &items, WIRE_GROUP, 0 },
	[22] = { &required, WIRE_GROUP, 0 },
	[23] = { &items, WIRE_GROUP, 0 },
	[24] = { &only_drb, WIRE_GROUP, 0 },
	[25] = { &items, WIRE_GROUP, 0 },
	[26] = { &set_up, WIRE_GROUP, 0 },
	[27] = { &items, WIRE_GROUP, 0 },
	[28] = { &set_up, WIRE_GROUP, 0 },
	[29] = { &items, WIRE_GROUP, 0 },
	[30] = { &to_be_modified, WIRE_GROUP, 0 },
	[31] = { &items, WIRE_GROUP, 0 },
	[32] = { &only_drb, WIRE_GROUP, 0 },
	[33] = { &items, WIRE_GROUP, 0 },
	[34] = { &to_be_set_up, WIRE_GROUP, 0 },
	[35] = { &items, WIRE_GROUP, 0 },
	[36] = { &to_be_set_up, WIRE_GROUP, 0 },
	[37] = { &items, WIRE_GROUP, 0 },
	[40] = { &aper_u32, WIRE_CORE_UE, 0 },
	[41] = { &aper_u32, WIRE_RAN_UE, 0 },
	[42] = { &gnb_du, WIRE_NODE, 0 },
	[45] = { &aper_name, WIRE_NAME, 0 },
	[82] = { &aper_name, WIRE_NAME, 0 },
};

void decode_f1ap(struct scribe *s, struct cursor c)
{
	static const struct aper_protocol f1ap = {
		WIRE_F1AP, rows, sizeof rows / sizeof *rows, f1ap_element_name, f1ap_message_name, 4
	};

	aper_decode(s, &f1ap, c);
}
