/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read out of TCP connections: HTTP/2 headers by RFC 7541's own examples, names in TLS handshakes, SSH's line; bytes
 * that come twice, late or not at all.
 *
 * # proviso-deps: base wire
 */
#include <stdio.h>

#include "wire_frames.h"

/* A TCP segment from 10.0.0.1:0x3039 to 10.0.0.2:port (or back), with this sequence number and these bytes, in a VLAN (0: none). */
static void add_tagged(struct bench *t, unsigned vlan, bool back, unsigned port, uint32_t sequence, const char *hex)
{
	uint8_t bytes[FRAME_MOST];
	char frame[2 * FRAME_MOST], tag[128] = "";
	size_t count = from_hex(hex, bytes);

	if (vlan)
		snprintf(tag, sizeof tag, "020000000001 020000000002 8100 %04x 0800", vlan);
	snprintf(frame, sizeof frame, "%s 4500%04zx000100004006 0000 0a0000%02x 0a0000%02x %04x%04x %08x 00000000 5010 0000 0000 0000 %s",
		 tag, 40 + count, back ? 2 : 1, back ? 1 : 2, back ? port : 0x3039, back ? 0x3039 : port, sequence, hex);
	add_frame(t, vlan ? LINK_ETHERNET : LINK_RAW, WIRE_NONE, frame, 0);
}

static void add_segment(struct bench *t, unsigned port, uint32_t sequence, const char *hex)
{
	add_tagged(t, 0, false, port, sequence, hex);
}

static void assert_text(const struct wire_field *f, const char *text)
{
	assert_int_equal(f->length, strlen(text));
	assert_memory_equal(f->bytes, text, f->length);
}

#define PREFACE "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
#define SETTINGS "000000 04 00 00000000"
/* RFC 7541 C.3.1: GET, http, /, :authority www.example.com (literal, indexed) */
#define FIRST_REQUEST "000014 01 05 00000001 828684410f7777772e6578616d706c652e636f6d"
/* C.3.2: the same by the table, and cache-control: no-cache */
#define SECOND_REQUEST "00000e 01 05 00000003 828684be58086e6f2d6361636865"

static void http2_from_the_start(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_segment(&t, 29510, 1, PREFACE SETTINGS "000014 01 05 0000"); /* a port of nobody's: told by the preface */
	add_segment(&t, 29510, 1, PREFACE SETTINGS "000014 01 05 0000"); /* twice */
	add_segment(&t, 29510, 41, "0001 828684410f7777772e6578616d706c652e636f6d" SECOND_REQUEST);
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 3);
	m = &t.b->messages[1];
	assert_int_equal(m->protocol, WIRE_HTTP);
	assert_int_equal(m->fault, WIRE_FINE);
	assert_int_equal(m->sequence, 1);
	assert_int_equal(m->kind, WIRE_REQUEST);
	assert_int_equal(m->count, 8);
	assert_text(field(&t, m, 0), ":method");
	assert_text(field(&t, m, 1), "GET");
	assert_text(field(&t, m, 6), ":authority");
	assert_text(field(&t, m, 7), "www.example.com");
	m = &t.b->messages[2];
	assert_int_equal(m->count, 10);
	assert_text(field(&t, m, 7), "www.example.com");
	assert_text(field(&t, m, 9), "no-cache");
	bench_close(&t);
}

/* Older than the capture: what the table held is not known, what comes is. */
static void http2_late(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_segment(&t, 7777, 1000, SECOND_REQUEST);
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 1);
	m = &t.b->messages[0];
	assert_int_equal(m->fault, WIRE_FINE);
	assert_int_equal(m->count, 10);
	assert_text(field(&t, m, 1), "GET");
	assert_text(field(&t, m, 6), "?");
	assert_text(field(&t, m, 8), "cache-control");
	bench_close(&t);
}

static void http2_gap_and_damage(void **state)
{
	struct bench t;

	(void)state;
	bench_open(&t);
	add_segment(&t, 7777, 1, PREFACE SETTINGS);
	add_segment(&t, 7777, 500, FIRST_REQUEST); /* bytes are missing before */
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->packets[1].fault, WIRE_FRAGMENT);
	assert_int_equal(t.b->message_count, 2);
	t.b->frame_count = 0;
	add_segment(&t, 7777, 529, "000001 01 05 00000005 ff"); /* an index that goes on behind the block's end */
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->messages[0].fault, WIRE_BAD_ENCODING);
	bench_close(&t);
}

/* The same ends and numbers in two VLANs are two connections; the answers of the second come in a third VLAN. */
static void http2_in_two_vlans(void **state)
{
	static const char head[] = PREFACE "000014 01 05 00000001 8286";
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_tagged(&t, 7, false, 29510, 1, head);
	add_tagged(&t, 8, false, 29510, 1, head);
	add_tagged(&t, 8, false, 29510, 36, "84410f7777772e6578616d706c652e6f7267");   /* www.example.org */
	add_tagged(&t, 7, false, 29510, 36, "84410f7777772e6578616d706c652e636f6d");   /* www.example.com */
	add_tagged(&t, 5, true, 29510, 1, "");
	t.bytes[4][18 + 33] = 0x12; /* SYN, ACK: another one begins in a fourth VLAN */
	add_tagged(&t, 7, true, 29510, 1, "000001 01 05 00000001 88");		       /* 200 */
	add_tagged(&t, 9, true, 29510, 1, "000001 01 05 00000001 8d");		       /* 404 */
	add_tagged(&t, 9, true, 29510, 11, "000001 01 05 00000003 88");
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 5);
	m = t.b->messages;
	assert_int_equal(m[0].frame, 2);
	assert_text(field(&t, &m[0], 7), "www.example.org");
	assert_int_equal(m[1].frame, 3);
	assert_text(field(&t, &m[1], 7), "www.example.com");
	assert_text(field(&t, &m[2], 1), "200");
	assert_text(field(&t, &m[3], 1), "404");
	assert_text(field(&t, &m[4], 1), "200");
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(m[i].fault, WIRE_FINE);
		assert_int_equal(m[i].reversed, i > 1);
	}
	bench_close(&t);
}

static void add_text(struct bench *t, bool back, uint32_t sequence, const char *text)
{
	char hex[2 * FRAME_MOST] = "";

	for (size_t i = 0; text[i]; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned)(uint8_t)text[i]);
	add_tagged(t, 0, back, 8080, sequence, hex);
}

/* RFC 9112: a request in two segments, its body, an answer in chunks, and what comes behind a gap. */
static void http1_messages(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_text(&t, false, 1, "PUT /nudr-dr/v1/x HTTP/1.1\r\nUser-AGENT:  UDM");
	add_text(&t, false, 44, "\r\ncontent-length: 4\r\n\r\nab");
	add_text(&t, false, 69, "cdGET /nudr-dr/v1/y HTTP/1.1\r\n\r\n");
	add_text(&t, true, 1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
	add_text(&t, true, 56, "0\r\n\r\n");
	add_text(&t, true, 61, "HTTP/1.1 204 No Content\r\nno colon here\r\n\r\n");
	add_text(&t, false, 300, "GET /nudr-dr/v1/z HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc");
	add_text(&t, false, 900, "POST /nudr-dr/v1/w HTTP/1.1\r\n\r\n"); /* the rest of the nine is among what is missing */
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 8);
	m = t.b->messages;
	assert_int_equal(m[0].frame, 1);
	assert_int_equal(m[0].kind, WIRE_REQUEST);
	assert_int_equal(m[0].count, 8);
	assert_text(field(&t, &m[0], 0), ":method");
	assert_text(field(&t, &m[0], 1), "PUT");
	assert_text(field(&t, &m[0], 3), "/nudr-dr/v1/x");
	assert_text(field(&t, &m[0], 4), "user-agent");
	assert_text(field(&t, &m[0], 5), "UDM");
	assert_int_equal(m[1].frame, 2);
	assert_int_equal(field(&t, &m[1], 0)->what, WIRE_BODY);
	assert_text(field(&t, &m[1], 0), "abcd");
	assert_text(field(&t, &m[2], 3), "/nudr-dr/v1/y");
	assert_int_equal(m[3].kind, WIRE_RESPONSE);
	assert_true(m[3].reversed);
	assert_text(field(&t, &m[3], 0), ":status");
	assert_text(field(&t, &m[3], 1), "200");
	assert_int_equal(m[4].frame, 4);
	assert_true(m[4].reversed);
	assert_text(field(&t, &m[4], 0), "abc");
	assert_int_equal(m[5].frame, 5);
	assert_int_equal(m[5].fault, WIRE_BAD_VALUE);
	assert_int_equal(m[6].frame, 6);
	assert_text(field(&t, &m[7], 3), "/nudr-dr/v1/w");
	assert_int_equal(t.b->packets[7].fault, WIRE_FRAGMENT);
	bench_close(&t);
}

/* RFC 8446: ClientHello with server_name (0) "a.b" and ALPN (16) "h2". */
#define HELLO_BODY "0303" "0000000000000000000000000000000000000000000000000000000000000000" "00" "0002 1301" "01 00"
#define EXTENSIONS "0015 0000 0008 0006 00 0003 612e62 0010 0005 0003 02 6832"

/* Heads that come in pieces, and a body that is cut. */
static void http1_in_pieces(void **state)
{
	static const char *const paths[] = { "/nudr-dr/v1/a", "/nudr-dr/v1/b", "/nudr-dr/v1/a", "/nudr-dr/v1/c" };
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_text(&t, false, 1, "GET /nudr-dr/v1/a HTTP/1.1\r\n\r\n");
	add_text(&t, false, 31, "G");
	add_text(&t, false, 32, "ET ");
	add_text(&t, false, 35, "/nudr-dr/v1/b HTTP/1.1\r\n\r\n");
	add_text(&t, false, 61, "PUT /nudr-dr/v1/a HTTP/1.1\r\nContent-Length: 40\r\n\r\naaaaaaaaaaaaaaaaaaaa");
	add_text(&t, false, 131, "aaaaaaaaaaaaaaaaaaaa");
	t.b->frames[t.b->frame_count - 1].captured -= 5; /* the rest of the body is not known then */
	add_text(&t, false, 151, "GET /nudr-dr/v1/c HTTP/1.1\r\n\r\n");
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 4);
	m = t.b->messages;
	for (unsigned i = 0; i < 4; i++)
		assert_text(field(&t, &m[i], 3), paths[i]);
	bench_close(&t);
}

/* Answers without a body that give a length all the same, and a length beside chunks. */
static void http1_without_body(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_text(&t, false, 1, "GET /nudr-dr/v1/a HTTP/1.1\r\n\r\n");
	add_text(&t, true, 1, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nHTT");
	add_text(&t, true, 52, "P/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 900\r\n\r\n");
	add_text(&t, true, 117, "3\r\nabc\r\n0\r\n\r\n");
	add_text(&t, true, 130, "HTTP/1.1 100 Continue\r\n\r\n");
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 5);
	m = t.b->messages;
	assert_text(field(&t, &m[1], 1), "304");
	assert_text(field(&t, &m[2], 1), "200");
	assert_text(field(&t, &m[3], 0), "abc");
	assert_text(field(&t, &m[4], 1), "100");
	for (unsigned i = 0; i < t.b->frame_count; i++)
		assert_int_equal(t.b->packets[i].fault, WIRE_FINE);
	bench_close(&t);
}

#define ASKED "GET /nudr-dr/v1/x HTTP/1.1\r\n\r\n"

/* RFC 9112 clause 7.1: extensions, trailer fields, sizes in capital letters, and every byte in a segment of its own. */
static void http1_chunks(void **state)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked \r\n\r\n"
				     "3;a=b\r\nabc\r\n0000A\r\n0123456789\r\n1 \r\n\n\r\n0\r\nX: y\r\n\r\n"
				     "HTTP/1.1 404 None\r\n\r\n";
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_text(&t, false, 1, ASKED);
	add_text(&t, true, 1, answer);
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 4);
	m = t.b->messages;
	assert_text(field(&t, &m[1], 1), "200");
	assert_text(field(&t, &m[2], 0), "abc0123456789\n");
	assert_text(field(&t, &m[3], 1), "404");
	bench_close(&t);

	bench_open(&t);
	add_text(&t, false, 1, ASKED);
	wire_decode(t.wire, t.b);
	for (size_t at = 0, told = 0; at < sizeof answer - 1; at++) {
		t.b->frame_count = 0;
		add_text(&t, true, (uint32_t)at + 1, (char[]){ answer[at], 0 });
		wire_decode(t.wire, t.b);
		told += t.b->message_count;
		if (told == 2 && t.b->message_count)
			assert_text(field(&t, &t.b->messages[0], 0), "abc0123456789\n");
		assert_int_equal(t.b->packets[0].fault, WIRE_FINE);
		if (at == sizeof answer - 2)
			assert_int_equal(told, 3);
	}
	bench_close(&t);
}

/* A body of this many bytes, in chunks of at most so many, and what comes behind it. */
static size_t tell_long(struct bench *t, uint32_t bytes, uint32_t chunk, bool *told)
{
	static char rest[1200];
	uint32_t sequence = 1, left = 0;
	size_t answers = 0;
	char text[1300];

	add_text(t, false, 1, ASKED);
	add_text(t, true, sequence, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	sequence += 47;
	memset(rest, 'x', sizeof rest);
	*told = false;
	for (bool last = false; !last; t->b->frame_count = 0) {
		uint32_t now;

		text[0] = 0;
		if (!left && !bytes) {
			last = true;
			strcpy(text, "0\r\n\r\nHTTP/1.1 404 None\r\n\r\n");
		} else if (!left) {
			left = chunk < bytes ? chunk : bytes;
			bytes -= left;
			snprintf(text, sizeof text, "%x\r\n", left);
		}
		now = left < 1000 ? left : 1000;
		left -= now;
		if (!last)
			snprintf(text + strlen(text), sizeof text - strlen(text), "%.*s%s", (int)now, rest, left ? "" : "\r\n");
		add_text(t, true, sequence, text);
		sequence += (uint32_t)strlen(text);
		wire_decode(t->wire, t->b);
		for (unsigned i = 0; i < t->b->message_count; i++) {
			answers += t->b->messages[i].kind == WIRE_RESPONSE;
			*told |= t->b->messages[i].count == 1 && field(t, &t->b->messages[i], 0)->what == WIRE_BODY;
		}
	}
	return answers;
}

/* A body of which not all can wait is passed over, in many chunks and in one, and what follows it is read. */
static void http1_long_body(void **state)
{
	static const struct {
		uint32_t bytes, chunk;
		bool told;
	} cases[] = { { 30000, 30000, true }, { 30000, 100, true }, { 60000, 100, false }, { 60000, 60000, false }, { 60000, 25000, false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bench t;
		bool told;

		bench_open(&t);
		assert_int_equal(tell_long(&t, cases[i].bytes, cases[i].chunk, &told), 2);
		assert_int_equal(told, cases[i].told);
		bench_close(&t);
	}
}

/* What is no chunk ends the reading of chunks; it goes on at the next head. */
static void http1_broken_chunks(void **state)
{
	static const char *const broken[] = { "x\r\n", "\r\n", "3\r\nabcd\r\n", "3\r\nabc\n\r", "100000000\r\n", "3x\r\n" };

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct bench t;

		bench_open(&t);
		add_text(&t, false, 1, ASKED);
		add_text(&t, true, 1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
		add_text(&t, true, 48, broken[i]);
		add_text(&t, true, 48 + (uint32_t)strlen(broken[i]), "HTTP/1.1 404 None\r\n\r\n");
		wire_decode(t.wire, t.b);
		assert_int_equal(t.b->message_count, 3);
		assert_text(field(&t, &t.b->messages[2], 1), "404");
		assert_int_equal(t.b->packets[2].fault, WIRE_BAD_LENGTH);
		assert_int_equal(t.b->packets[3].fault, WIRE_FINE);
		bench_close(&t);
	}
}

/* RFC 9112 clause 2.2: lines that end in LF alone, and an empty line before a head. */
static void http1_bare_lf(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_text(&t, false, 1, "PUT /nudr-dr/v1/a HTTP/1.1\nContent-Length: 2\n");
	add_text(&t, false, 46, "\nab\r\nGET /nudr-dr/v1/b HTTP/1.1\r\nUser-Agent: UDM\n\r\n");
	add_text(&t, false, 98, "GET /nudr-dr/v1/c HTTP/1.1\n\n");
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 4);
	m = t.b->messages;
	assert_text(field(&t, &m[0], 3), "/nudr-dr/v1/a");
	assert_text(field(&t, &m[1], 0), "ab");
	assert_text(field(&t, &m[2], 3), "/nudr-dr/v1/b");
	assert_text(field(&t, &m[2], 5), "UDM");
	assert_text(field(&t, &m[3], 3), "/nudr-dr/v1/c");
	bench_close(&t);
}

/* RFC 9112 clause 6.3: what answers HEAD has the length of what it does not have; answers come in the requests' order. */
static void http1_answers_to_head(void **state)
{
	static const char *const told[] = { "200", "100", "200", "404", "200" };
	struct bench t;
	unsigned answers = 0;

	(void)state;
	bench_open(&t);
	add_text(&t, false, 1, "HEAD /nudr-dr/v1/a HTTP/1.1\r\n\r\nHEAD /nudr-dr/v1/a HTTP/1.1\r\n\r\n");
	add_text(&t, false, 63, "GET /nudr-dr/v1/a HTTP/1.1\r\n\r\nHEAD /nudr-dr/v1/a HTTP/1.1\r\n\r\n");
	add_text(&t, true, 1, "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n");
	add_text(&t, true, 40, "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	add_text(&t, true, 106, "HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nabc");
	add_text(&t, true, 147, "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n");
	wire_decode(t.wire, t.b);
	for (unsigned i = 4; i < t.b->message_count; i++) {
		const struct wire_message *m = &t.b->messages[i];

		assert_int_equal(m->fault, WIRE_FINE);
		if (field(&t, m, 0)->what == WIRE_BODY)
			assert_text(field(&t, m, 0), "abc");
		else
			assert_text(field(&t, m, 1), told[answers++]);
	}
	assert_int_equal(t.b->message_count, 4 + 6);
	assert_int_equal(answers, 5);
	bench_close(&t);
}

/* RFC 9110 clause 7.8: behind 101 it goes on in another protocol, here HTTP/2 (RFC 7540 clause 3.2), by the server first. */
static void http1_to_http2(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_text(&t, false, 1, "GET /nudr-dr/v1/a HTTP/1.1\r\nUpgrade: h2c\r\n\r\n");
	add_text(&t, true, 1, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n");
	add_tagged(&t, 0, true, 8080, 51, SETTINGS);
	add_tagged(&t, 0, false, 8080, 45, PREFACE SETTINGS);
	add_tagged(&t, 0, true, 8080, 60, "000001 01 05 00000001 88"); /* 200 */
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 5);
	m = t.b->messages;
	assert_string_equal(m[2].name, "SETTINGS");
	assert_string_equal(m[3].name, "SETTINGS");
	assert_text(field(&t, &m[4], 1), "200");
	bench_close(&t);
}

static void tls_names(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	add_segment(&t, 8443, 1, "16 0301 0044 01 000040" HELLO_BODY EXTENSIONS);
	add_segment(&t, 8443, 74, "17 0303 0003 aabbcc");
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 1);
	m = &t.b->messages[0];
	assert_string_equal(m->name, "ClientHello");
	assert_string_equal(wire_fault_name(m->fault), "fine");
	assert_int_equal(m->count, 3);
	assert_int_equal(field(&t, m, 1)->what, WIRE_NAME);
	assert_text(field(&t, m, 1), "a.b");
	assert_text(field(&t, m, 2), "h2");
	assert_int_equal(t.b->packets[1].fault, WIRE_ENCRYPTED);
	bench_close(&t);
}

static void ssh_line(void **state)
{
	struct bench t;

	(void)state;
	bench_open(&t);
	add_segment(&t, 830, 1, "5353482d322e302d78 0d0a");
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 1);
	assert_int_equal(t.b->messages[0].protocol, WIRE_NETCONF);
	assert_text(field(&t, &t.b->messages[0], 0), "SSH-2.0-x");
	bench_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http2_from_the_start), cmocka_unit_test(http2_late), cmocka_unit_test(http2_gap_and_damage),
		cmocka_unit_test(http2_in_two_vlans),
		cmocka_unit_test(http1_messages),
		cmocka_unit_test(http1_in_pieces),
		cmocka_unit_test(http1_without_body),
		cmocka_unit_test(http1_chunks),
		cmocka_unit_test(http1_long_body),
		cmocka_unit_test(http1_broken_chunks),
		cmocka_unit_test(http1_bare_lf),
		cmocka_unit_test(http1_answers_to_head),
		cmocka_unit_test(http1_to_http2),
		cmocka_unit_test(tls_names),		cmocka_unit_test(ssh_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
