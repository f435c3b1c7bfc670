/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what this room tells - faults, meanings, protocols - and addresses as text.
 */
#include "wire/decode.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t v4_prefix[12] = { [10] = 0xff, [11] = 0xff };

void set_v4(struct wire_address *a, const uint8_t *four)
{
	memcpy(a->bytes, v4_prefix, 12);
	memcpy(a->bytes + 12, four, 4);
}

void set_v6(struct wire_address *a, const uint8_t *sixteen)
{
	memcpy(a->bytes, sixteen, 16);
}

bool wire_address_is_v4(const struct wire_address *a)
{
	return memcmp(a->bytes, v4_prefix, 12) == 0;
}

void wire_address_print(const struct wire_address *a, char out[46])
{
	if (wire_address_is_none(a))
		memcpy(out, "none", 5);
	else if (wire_address_is_v4(a))
		inet_ntop(AF_INET, a->bytes + 12, out, 46);
	else
		inet_ntop(AF_INET6, a->bytes, out, 46);
}

const char *wire_fault_name(enum wire_fault fault)
{
	static const char *const names[WIRE_FAULTS] = {
		[WIRE_FINE] = "fine",
		[WIRE_TRUNCATED] = "truncated",
		[WIRE_SHORT] = "short",
		[WIRE_TRAILING] = "trailing",
		[WIRE_BAD_LENGTH] = "bad-length",
		[WIRE_BAD_VERSION] = "bad-version",
		[WIRE_BAD_VALUE] = "bad-value",
		[WIRE_MISSING] = "missing",
		[WIRE_BAD_ENCODING] = "bad-encoding",
		[WIRE_OVERLAP] = "overlap",
		[WIRE_NOT_UNDERSTOOD] = "not-understood",
		[WIRE_ENCRYPTED] = "encrypted",
		[WIRE_FRAGMENT] = "fragment",
		[WIRE_NO_CONTEXT] = "no-context",
		[WIRE_TOO_DEEP] = "too-deep",
		[WIRE_TOO_MANY] = "too-many",
	};

	return fault < WIRE_FAULTS ? names[fault] : NULL;
}

const char *wire_what_name(enum wire_what what)
{
	static const char *const names[WIRE_WHATS] = {
		[WIRE_BYTES] = "bytes",
		[WIRE_UNKNOWN] = "unknown",
		[WIRE_GROUP] = "group",
		[WIRE_NUMBER] = "number",
		[WIRE_TEXT_VALUE] = "text",
		[WIRE_ADDRESS] = "address",
		[WIRE_CAUSE] = "cause",
		[WIRE_NODE] = "node",
		[WIRE_RECOVERY] = "recovery",
		[WIRE_SESSION] = "session",
		[WIRE_TUNNEL] = "tunnel",
		[WIRE_UE_ADDRESS] = "ue-address",
		[WIRE_RULE] = "rule",
		[WIRE_APPLY_ACTION] = "apply-action",
		[WIRE_INTERFACE] = "interface",
		[WIRE_INSTANCE] = "instance",
		[WIRE_OUTER_CREATION] = "outer-creation",
		[WIRE_OUTER_REMOVAL] = "outer-removal",
		[WIRE_PDU_SESSION] = "pdu-session",
		[WIRE_QOS_FLOW] = "qos-flow",
		[WIRE_CORE_UE] = "core-ue",
		[WIRE_RAN_UE] = "ran-ue",
		[WIRE_SUBSCRIBER] = "subscriber",
		[WIRE_PLMN] = "plmn",
		[WIRE_NAS] = "nas",
		[WIRE_NAME] = "name",
		[WIRE_HEADER_NAME] = "header-name",
		[WIRE_HEADER_VALUE] = "header-value",
		[WIRE_BODY] = "body",
	};

	return what < WIRE_WHATS ? names[what] : NULL;
}

const char *wire_protocol_name(enum wire_protocol protocol)
{
	return protocol < WIRE_PROTOCOLS ? protocols[protocol].name : NULL;
}

const char *wire_message_name(enum wire_protocol protocol, uint16_t type)
{
	return protocol < WIRE_PROTOCOLS && protocols[protocol].message ? protocols[protocol].message(type) : NULL;
}

const char *wire_element_name(enum wire_protocol protocol, uint16_t type, const char **clause)
{
	if (clause)
		*clause = NULL;
	return protocol < WIRE_PROTOCOLS && protocols[protocol].element ? protocols[protocol].element(type, clause)
									: NULL;
}
