/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAS of the 5G system, 3GPP TS 24.501 clause 9: what is in clear - the header, the message type, and in a
 * registration or de-registration the subscriber's identity. A ciphered message is said to be ciphered; one with null
 * ciphering can't be told from it by its header, and is tried.
 *
 * | extended protocol discriminator 0x7e | security header type | ...
 *    security header types 1-4: authentication code 4, sequence number 1, then a NAS message, ciphered in 2 and 4
 */
#include "wire/decode.h"

enum {
	MOBILITY = 0x7e,
	SESSION = 0x2e,
	REGISTRATION_REQUEST = 0x41,
	SERVICE_REQUEST = 0x4c,
	IDENTITY_RESPONSE = 0x5c,
	DEREGISTRATION_REQUEST = 0x45,
	UL_TRANSPORT = 0x67,
	DL_TRANSPORT = 0x68
};

const char *nas_5gs_message_name(uint16_t type)
{
	static const char *const names[] = { /* tables 9.7.1 and 9.7.2 */
		[0x41] = "Registration request",
		[0x42] = "Registration accept",
		[0x43] = "Registration complete",
		[0x44] = "Registration reject",
		[0x45] = "Deregistration request (UE originating)",
		[0x46] = "Deregistration accept (UE originating)",
		[0x47] = "Deregistration request (UE terminated)",
		[0x48] = "Deregistration accept (UE terminated)",
		[0x4c] = "Service request",
		[0x4d] = "Service reject",
		[0x4e] = "Service accept",
		[0x4f] = "Control plane service request",
		[0x54] = "Configuration update command",
		[0x55] = "Configuration update complete",
		[0x56] = "Authentication request",
		[0x57] = "Authentication response",
		[0x58] = "Authentication reject",
		[0x59] = "Authentication failure",
		[0x5a] = "Authentication result",
		[0x5b] = "Identity request",
		[0x5c] = "Identity response",
		[0x5d] = "Security mode command",
		[0x5e] = "Security mode complete",
		[0x5f] = "Security mode reject",
		[0x64] = "5GMM status",
		[0x65] = "Notification",
		[0x66] = "Notification response",
		[0x67] = "UL NAS transport",
		[0x68] = "DL NAS transport",
		[0xc1] = "PDU session establishment request",
		[0xc2] = "PDU session establishment accept",
		[0xc3] = "PDU session establishment reject",
		[0xc5] = "PDU session authentication command",
		[0xc6] = "PDU session authentication complete",
		[0xc7] = "PDU session authentication result",
		[0xc9] = "PDU session modification request",
		[0xca] = "PDU session modification reject",
		[0xcb] = "PDU session modification command",
		[0xcc] = "PDU session modification complete",
		[0xcd] = "PDU session modification command reject",
		[0xd1] = "PDU session release request",
		[0xd2] = "PDU session release reject",
		[0xd3] = "PDU session release command",
		[0xd4] = "PDU session release complete",
		[0xd6] = "5GSM status",
	};

	return type < sizeof names / sizeof *names ? names[type] : NULL;
}

/* 9.11.3.4: a length of two octets, then the identity; its type in the lowest three bits (1 SUCI, 2 5G-GUTI, 4 5G-S-TMSI ...). */
static void read_identity(struct scribe *s, struct cursor *c)
{
	struct cursor v = cursor_part(c, cursor_u16(c));
	struct wire_field *f;

	if (c->bad)
		return;
	f = scribe_bytes(s, WIRE_SUBSCRIBER, 0x77, v);
	f->number = cursor_left(&v) ? *v.at & 7 : 0;
}

static void read_plain_mobility(struct scribe *s, struct cursor *c)
{
	struct wire_message *m = s->message;

	m->type = cursor_u8(c);
	m->name = c->bad ? NULL : nas_5gs_message_name(m->type);
	if (c->bad)
		return scribe_finish(s, c);
	if (!m->name)
		return scribe_unknown(s, LAYER_MESSAGE, m->type);
	if (m->type == REGISTRATION_REQUEST || m->type == SERVICE_REQUEST || m->type == DEREGISTRATION_REQUEST) {
		cursor_u8(c); /* registration or service type and key set */
		read_identity(s, c);
	} else if (m->type == IDENTITY_RESPONSE) {
		read_identity(s, c);
	}
	if (c->bad)
		return scribe_finish(s, c);
	if (cursor_left(c))
		scribe_bytes(s, WIRE_BYTES, 0, cursor_part(c, cursor_left(c)));
}

/* | 0x2e | PDU session id | procedure transaction id | message type | */
static void read_session(struct scribe *s, struct cursor *c)
{
	scribe_number(s, WIRE_PDU_SESSION, 0, cursor_u8(c));
	s->message->sequence = cursor_u8(c);
	s->message->type = cursor_u8(c);
	s->message->name = nas_5gs_message_name(s->message->type);
	if (c->bad)
		return scribe_finish(s, c);
	if (!s->message->name)
		return scribe_unknown(s, LAYER_MESSAGE, s->message->type);
	scribe_bytes(s, WIRE_BYTES, 0, cursor_part(c, cursor_left(c)));
}

static void read_protected(struct scribe *s, struct cursor *c, unsigned header)
{
	cursor_u32(c); /* message authentication code */
	s->message->sequence = cursor_u8(c);
	if (c->bad)
		return scribe_finish(s, c);
	/* In clear (1, 3), or perhaps with null ciphering: then a whole plain message stands there. */
	if (cursor_left(c) >= 3 && c->at[0] == MOBILITY && c->at[1] == 0 && nas_5gs_message_name(c->at[2])) {
		cursor_u16(c);
		return read_plain_mobility(s, c);
	}
	scribe_bytes(s, WIRE_BYTES, 0, cursor_part(c, cursor_left(c)));
	scribe_fault(s, header == 2 || header == 4 ? WIRE_ENCRYPTED : WIRE_NOT_UNDERSTOOD, NULL);
}

void decode_nas_5gs(struct scribe *s, struct cursor c)
{
	struct wire_message *m = scribe_begin(s, WIRE_NAS_5GS, c.at, cursor_left(&c));
	uint8_t discriminator = cursor_u8(&c);

	m->sequence = 0;
	if (discriminator == SESSION) {
		read_session(s, &c);
	} else if (discriminator == MOBILITY) {
		unsigned header = cursor_u8(&c) & 15;

		if (c.bad)
			scribe_finish(s, &c);
		else if (header == 0)
			read_plain_mobility(s, &c);
		else if (header <= 4)
			read_protected(s, &c, header);
		else
			scribe_fault(s, WIRE_BAD_VALUE, c.at - 1);
	} else {
		scribe_unknown(s, LAYER_MESSAGE, discriminator);
	}
	scribe_end(s);
}
