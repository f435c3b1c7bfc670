/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS, RFC 8446 and 5246: what a handshake shows of names - the server's name that the client asks for, the protocols
 * offered, and below version 1.3 the names in the server's certificate. Everything after it is encrypted, and said to
 * be.
 *
 * record: type 1 (20 change cipher, 21 alert, 22 handshake, 23 data), version 2, length 2
 * handshake message: type 1, length 3
 */
#include "wire/stream.h"

#include <string.h>

enum { CHANGE_CIPHER = 20, ALERT = 21, HANDSHAKE = 22, APPLICATION = 23, HEARTBEAT = 24, RECORD_MOST = 16384 + 2048 };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, CERTIFICATE = 11 };
enum { EXTENSION_NAME = 0, EXTENSION_PROTOCOLS = 16, EXTENSION_VERSIONS = 43, NAMES_MOST = 32 };

const char *tls_message_name(uint16_t type)
{
	switch (type) {
	case 0:
		return "HelloRequest";
	case CLIENT_HELLO:
		return "ClientHello";
	case SERVER_HELLO:
		return "ServerHello";
	case 4:
		return "NewSessionTicket";
	case 8:
		return "EncryptedExtensions";
	case CERTIFICATE:
		return "Certificate";
	case 12:
		return "ServerKeyExchange";
	case 13:
		return "CertificateRequest";
	case 14:
		return "ServerHelloDone";
	case 15:
		return "CertificateVerify";
	case 16:
		return "ClientKeyExchange";
	case 20:
		return "Finished";
	case 22:
		return "CertificateStatus";
	default:
		return NULL;
	}
}

bool tls_looks(const uint8_t *p, size_t count)
{
	return count >= 6 && p[0] == HANDSHAKE && p[1] == 3 && p[2] <= 4 &&
	       (p[5] == CLIENT_HELLO || p[5] == SERVER_HELLO);
}

/* The bytes go away with the next segment: what is told of them is copied. */
static void put_text(struct scribe *s, enum wire_what what, uint16_t type, struct cursor c)
{
	size_t count = cursor_left(&c);
	uint8_t *text = count ? scribe_text(s, count) : NULL;

	if (!text)
		return;
	memcpy(text, c.at, count);
	scribe_bytes(s, what, type, cursor_of(text, count));
}

static void read_extension(struct scribe *s, uint16_t type, struct cursor v)
{
	if (type == EXTENSION_NAME && cursor_left(&v)) { /* RFC 6066 clause 3 */
		cursor_u16(&v);
		if (cursor_u8(&v) == 0)
			put_text(s, WIRE_NAME, type, cursor_part(&v, cursor_u16(&v)));
	} else if (type == EXTENSION_PROTOCOLS) { /* RFC 7301 */
		struct cursor list = cursor_part(&v, cursor_u16(&v));

		while (!list.bad && cursor_left(&list))
			put_text(s, WIRE_TEXT_VALUE, type, cursor_part(&list, cursor_u8(&list)));
	} else if (type == EXTENSION_VERSIONS) {
		if (s->message->type == CLIENT_HELLO)
			cursor_u8(&v);
		while (!v.bad && cursor_left(&v) >= 2)
			scribe_number(s, WIRE_NUMBER, type, cursor_u16(&v));
	}
}

/* Version 2, random 32, session id, suites, compression (in the server's: the chosen one of each), extensions. */
static void read_hello(struct scribe *s, struct cursor c)
{
	scribe_number(s, WIRE_NUMBER, 0, cursor_u16(&c));
	cursor_take(&c, 32);
	cursor_part(&c, cursor_u8(&c));
	if (s->message->type == CLIENT_HELLO) {
		cursor_part(&c, cursor_u16(&c));
		cursor_part(&c, cursor_u8(&c));
	} else {
		cursor_take(&c, 3);
	}
	if (!c.bad && cursor_left(&c)) {
		struct cursor all = cursor_part(&c, cursor_u16(&c));

		while (!all.bad && cursor_left(&all)) {
			uint16_t type = cursor_u16(&all);
			struct cursor v = cursor_part(&all, cursor_u16(&all));

			if (!v.bad)
				read_extension(s, type, v);
		}
		c.bad |= all.bad;
	}
	scribe_finish(s, &c);
}

/*
 * Names in a certificate, without reading all of its structure: the object identifiers of common name (2.5.4.3) and
 * subject alternative name (2.5.29.17) are found by their bytes, the strings behind them by their tags.
 */
static void read_names(struct scribe *s, struct cursor cert)
{
	static const uint8_t common[5] = { 6, 3, 0x55, 4, 3 }, alternative[5] = { 6, 3, 0x55, 0x1d, 0x11 };
	unsigned names = 0;

	for (; cursor_left(&cert) > 8 && names < NAMES_MOST; cert.at++) {
		struct cursor c = cert;

		cursor_take(&c, 5);
		if (memcmp(cert.at, common, 5) == 0) {
			uint8_t tag = cursor_u8(&c);
			struct cursor v = cursor_part(&c, cursor_u8(&c));

			if ((tag == 0x0c || tag == 0x13) && !v.bad)
				put_text(s, WIRE_NAME, CERTIFICATE, v), names++;
		} else if (memcmp(cert.at, alternative, 5) == 0) {
			struct cursor v;

			if (c.at < c.end && *c.at == 1) /* critical */
				cursor_take(&c, 3);
			if (cursor_u8(&c) != 4)
				continue;
			v = cursor_part(&c, cursor_u8(&c)); /* longer ones, of over 127 bytes, have another length */
			if (v.bad || cursor_u8(&v) != 0x30 || cursor_u8(&v) > 127)
				continue;
			while (cursor_left(&v) > 2 && names < NAMES_MOST) {
				uint8_t tag = cursor_u8(&v);
				struct cursor name = cursor_part(&v, cursor_u8(&v));

				if (tag == 0x82 && !name.bad)
					put_text(s, WIRE_NAME, EXTENSION_NAME, name), names++;
			}
		}
	}
}

static void read_certificates(struct scribe *s, struct cursor c)
{
	struct cursor all = cursor_part(&c, cursor_u24(&c)), first = cursor_part(&all, cursor_u24(&all));

	if (first.bad)
		return scribe_finish(s, &first);
	read_names(s, first);
}

static void read_handshake(struct scribe *s, struct cursor c, bool reversed)
{
	while (cursor_left(&c)) {
		struct wire_message *m = scribe_begin(s, WIRE_TLS, c.at, 0);
		struct cursor body;

		m->type = cursor_u8(&c);
		m->name = tls_message_name(m->type);
		m->reversed = reversed;
		body = cursor_part(&c, cursor_u24(&c));
		m->bytes = NULL;
		if (body.bad) /* goes on in the next record, or is encrypted */
			scribe_fault(s, WIRE_ENCRYPTED, NULL);
		else if (!m->name)
			scribe_unknown(s, LAYER_MESSAGE, m->type);
		else if (m->type == CLIENT_HELLO || m->type == SERVER_HELLO)
			read_hello(s, body);
		else if (m->type == CERTIFICATE)
			read_certificates(s, body);
		scribe_end(s);
	}
}

size_t tls_consume(struct scribe *s, struct stream *st, unsigned side, struct cursor c)
{
	const uint8_t *begin = c.at;

	while (cursor_left(&c) >= 5) {
		struct cursor record = c;
		uint8_t type = cursor_u8(&record);
		uint16_t version = cursor_u16(&record), length = cursor_u16(&record);
		struct cursor body;

		if (type < CHANGE_CIPHER || type > HEARTBEAT || version >> 8 != 3 || length > RECORD_MOST) {
			stream_finish(st, side);
			packet_fault(s->packet, WIRE_NO_CONTEXT);
			break;
		}
		if (type != HANDSHAKE && type != ALERT) { /* from here on it is ciphered */
			stream_finish(st, side);
			packet_fault(s->packet, WIRE_ENCRYPTED);
			break;
		}
		body = cursor_part(&record, length);
		if (body.bad)
			break;
		if (type == HANDSHAKE)
			read_handshake(s, body, side != st->client);
		c = record;
	}
	return (size_t)(c.at - begin);
}
