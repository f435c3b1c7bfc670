/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SCTP, NGAP, S1AP, GTPv2-C, NAS and the small protocols: values worked out from the standards by hand, and what is
 * wrong.
 *
 * # proviso-deps: base wire
 */
#include "wire_frames.h"

#define V4(length, protocol) "4500" length "0001 0000 40" protocol "0000 0a000001 0a000002 "

/*
 * X.691: NGAP-PDU: extension 0, alternative 00, padding; procedure 29 (PDUSessionResourceSetup); criticality reject
 * 00, padding; the rest's length. Its body: extension 0, padding, three elements (two octets).
 *
 *   10 AMF-UE-NGAP-ID, INTEGER (0..2^40-1): number of octets less one in 3 bits, padding, octets: 00 01
 *   85 RAN-UE-NGAP-ID, INTEGER (0..2^32-1): octets less one in 2 bits, padding: 00 02
 *   74 PDUSessionResourceSetupListSUReq: 1..256 items in 8 bits: 00; the item: extension 0, NAS absent 0, extensions absent 0,
 *      padding; session id 05; S-NSSAI: extension 0, SD absent 0, extensions absent 0, SST 8 bits 00000001, padding: 00 20;
 *      the transfer in an octet string
 *   The transfer: extension, padding: 00; one element: 0001; 139 UL-NGU-UP-TNLInformation; criticality 00; length 10:
 *      choice 0 of two, GTPTunnel: extension 0, extensions absent 0; address: size extension 0, size 32 less 1 in 8 bits:
 *      0 0 0 0 00011111 -> 00000001 1111 0000: 01 f0; c0a80001; TEID 00000007
 */
#define TRANSFER   "00 0001 008b 00 0a 01f0 c0a80001 00000007"
#define SETUP_ITEM "00 05 0020 11" TRANSFER
#define SETUP      "00 1d 00 2a 00 0003 000a 00 02 0001 0055 00 02 0002 004a 00 17 00" SETUP_ITEM

static void ngap_session_setup(void **state)
{
	struct bench t;
	const struct wire_message *m;
	const struct wire_field *f, *tunnel = NULL, *session = NULL;

	(void)state;
	bench_open(&t);
	m = decode_message(&t, WIRE_NGAP, SETUP);
	for (unsigned i = 0; i < m->count; i++) {
		f = field(&t, m, i);
		tunnel = f->what == WIRE_TUNNEL ? f : tunnel;
		session = f->what == WIRE_PDU_SESSION ? f : session;
	}
	assert_string_equal(wire_fault_name(m->fault), "fine");
	assert_string_equal(m->name, "PDUSessionResourceSetup");
	assert_int_equal(m->kind, WIRE_REQUEST);
	assert_int_equal(field(&t, m, 0)->what, WIRE_CORE_UE);
	assert_int_equal(field(&t, m, 0)->number, 1);
	assert_int_equal(field(&t, m, 1)->what, WIRE_RAN_UE);
	assert_int_equal(field(&t, m, 1)->number, 2);
	assert_non_null(session);
	assert_int_equal(session->number, 5);
	assert_non_null(tunnel);
	assert_int_equal(tunnel->number, 7);
	assert_int_equal(tunnel->end, WIRE_END_CORE);
	assert_int_equal(tunnel->type, 139);
	assert_v4(&tunnel->v4, "192.168.0.1");
	bench_close(&t);
}

static void ngap_wrong(void **state)
{
	static const struct {
		const char *hex;
		enum wire_fault fault;
	} rows[] = {
		{ "00 0f 00 09 00 0001 0055 00 02 0007", WIRE_FINE },
		{ "00 0f 00 0a 00 0001 0055 00 02 0007", WIRE_SHORT }, /* longer than what is there */
		{ "00 0f 00 09 00 0001 0055 00 02 0007 00", WIRE_TRAILING },
		{ "00 0f 00 0a 00 0001 0055 00 03 0007 00", WIRE_TRAILING }, /* an octet that the value does not need */
		{ "00 0f 00 09 00 0002 0055 00 02 0007", WIRE_SHORT },       /* one element, two announced */
		{ "00 0f 00 08 00 0001 0055 00 01 00", WIRE_SHORT },
		{ "00 c8 00 09 00 0001 0055 00 02 0007", WIRE_NOT_UNDERSTOOD }, /* procedure 200 */
		{ "00 0f 00 09 00 0001 7fff 00 02 0007", WIRE_NOT_UNDERSTOOD }, /* element 32767 */
		{ "60 0f 00 09 00 0001 0055 00 02 0007", WIRE_NOT_UNDERSTOOD }, /* a fourth alternative */
	};
	struct bench t;

	(void)state;
	bench_open(&t);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (decode_message(&t, WIRE_NGAP, rows[i].hex)->fault != rows[i].fault)
			fail_msg("row %zu: %s, not %s", i, wire_fault_name(t.b->messages[0].fault),
				 wire_fault_name(rows[i].fault));
	bench_close(&t);
}

/* 38 NAS-PDU with a registration request in clear (TS 24.501 clause 8.2.6): key set and type 79, identity of 13 octets, type 1 SUCI. */
static void nas_in_ngap(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	decode_message(&t, WIRE_NGAP,
		       "00 0f 00 1b 00 0001 0026 00 14 13 7e 00 41 79 000d 01 00f110 0000 00 00 0000000001 00");
	assert_int_equal(t.b->message_count, 2);
	m = &t.b->messages[1];
	assert_int_equal(m->protocol, WIRE_NAS_5GS);
	assert_int_equal(m->parent, 0);
	assert_string_equal(m->name, "Registration request");
	assert_int_equal(field(&t, m, 0)->what, WIRE_SUBSCRIBER);
	assert_int_equal(field(&t, m, 0)->number, 1);
	/* ciphered: security header 2 */
	decode_message(&t, WIRE_NGAP, "00 0f 00 12 00 0001 0026 00 0b 0a 7e 02 11223344 01 aabbcc");
	assert_int_equal(t.b->messages[1].fault, WIRE_ENCRYPTED);
	assert_int_equal(t.b->messages[1].sequence, 1);
	bench_close(&t);
}

/* TS 36.413: 9 InitialContextSetup successful (0x20): 51 E-RABSetupListCtxtSURes with one 50 item: E-RAB 5, 10.0.0.1, TEID 1. */
static void s1ap_tunnel(void **state)
{
	struct bench t;
	const struct wire_message *m;
	const struct wire_field *f;

	(void)state;
	bench_open(&t);
	/* item: extension 0, extensions absent 0, E-RAB extension 0, id 5 in 4 bits, address extension 0, 31 in 8 bits, padding */
	m = decode_message(&t, WIRE_S1AP, "20 09 00 16 00 0001 0033 40 0f 00 0032 40 0a 0a1f 0a000001 00000001");
	assert_string_equal(wire_fault_name(m->fault), "fine");
	assert_int_equal(m->kind, WIRE_RESPONSE);
	f = field(&t, m, m->count - 1u);
	assert_int_equal(f->what, WIRE_TUNNEL);
	assert_int_equal(f->number, 1);
	assert_int_equal(f->end, WIRE_END_ACCESS);
	assert_v4(&f->v4, "10.0.0.1");
	assert_int_equal(field(&t, m, m->count - 2u)->number, 5);
	bench_close(&t);
}

/* RFC 9260: chunk type 1, length; an INIT with an address more. */
#define SCTP_HEADER "960c 960c 00000001 00000000 "

static void sctp_chunks(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	decode(&t, LINK_RAW, WIRE_NONE,
	       V4("003c", "84") SCTP_HEADER "01 00 001c 00000009 00001000 000a 000a 00000005 0005 0008 0a000063");
	assert_int_equal(t.b->message_count, 1);
	m = &t.b->messages[0];
	assert_string_equal(m->name, "INIT");
	assert_int_equal(m->fault, WIRE_FINE);
	assert_int_equal(m->sequence, 5);
	assert_int_equal(field(&t, m, 0)->number, 9);
	assert_v4(&field(&t, m, 1)->v4, "10.0.0.99");
	/* a chunk shorter than its header; one beyond the packet */
	decode(&t, LINK_RAW, WIRE_NONE, V4("0024", "84") SCTP_HEADER "03 00 0003");
	assert_int_equal(t.b->messages[0].fault, WIRE_BAD_LENGTH);
	decode(&t, LINK_RAW, WIRE_NONE, V4("0024", "84") SCTP_HEADER "03 00 0010");
	assert_int_equal(t.b->messages[0].fault, WIRE_BAD_LENGTH);
	decode(&t, LINK_RAW, WIRE_NONE, V4("0024", "84") SCTP_HEADER "3f 00 0004");
	assert_int_equal(t.b->messages[0].fault, WIRE_NOT_UNDERSTOOD);
	bench_close(&t);
}

/* Two NGAP messages in one packet, by payload protocol identifier 60, though the ports are not NGAP's. */
#define NGAP_DATA(tsn, flags, ppid)                                                                                    \
	"00 " flags " 001d " tsn " 0001 0000 " ppid "00 0f 00 09 00 0001 0055 00 02 0007 000000"

static void bundled_by_ppid(void **state)
{
	struct bench t;

	(void)state;
	bench_open(&t);
	decode(&t, LINK_RAW, WIRE_NONE,
	       V4("0060", "84") "1000 1001 00000001 00000000" NGAP_DATA("00000010", "03", "0000003c")
		       NGAP_DATA("00000011", "03", "0000003c"));
	assert_int_equal(t.b->message_count, 2);
	assert_int_equal(t.b->messages[1].protocol, WIRE_NGAP);
	assert_int_equal(t.b->messages[1].fault, WIRE_FINE);
	assert_int_equal(t.b->messages[1].sequence, 0x11);
	assert_int_equal(t.b->messages[1].stream, 1);
	assert_int_equal(t.b->messages[1].ppid, 60);
	bench_close(&t);
}

/* One message in three parts, which come as second, third, first. */
#define PART(tsn, flags, bytes) V4("0034", "84") SCTP_HEADER "00 " flags " 0014 " tsn " 0001 0000 0000003c" bytes

/* The same ends, tag and numbers in two VLANs: two messages, each of its own parts. */
static void parts_of_two_vlans(void **state)
{
#define IN_VLAN(tag, tsn, flags, bytes) "020000000001 020000000002 8100 " tag " 0800" PART(tsn, flags, bytes)
	struct bench t;

	(void)state;
	bench_open(&t);
	add_frame(&t, LINK_ETHERNET, WIRE_NONE, IN_VLAN("0007", "00000010", "02", "00 15 00 08"), 0);
	add_frame(&t, LINK_ETHERNET, WIRE_NONE, IN_VLAN("0008", "00000010", "02", "00 0f 00 08"), 0);
	add_frame(&t, LINK_ETHERNET, WIRE_NONE, IN_VLAN("0008", "00000011", "00", "00 0001 00"), 0);
	add_frame(&t, LINK_ETHERNET, WIRE_NONE, IN_VLAN("0007", "00000011", "00", "00 0001 00"), 0);
	add_frame(&t, LINK_ETHERNET, WIRE_NONE, IN_VLAN("0007", "00000012", "01", "55 00 01 08"), 0);
	add_frame(&t, LINK_ETHERNET, WIRE_NONE, IN_VLAN("0008", "00000012", "01", "55 00 01 07"), 0);
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->message_count, 2);
	assert_int_equal(t.b->messages[0].type, 0x15);
	assert_int_equal(t.b->messages[0].frame, 4);
	assert_int_equal(t.b->messages[0].bytes[11], 8);
	assert_int_equal(t.b->messages[1].type, 0x0f);
	assert_int_equal(t.b->messages[1].frame, 5);
	assert_int_equal(t.b->messages[1].bytes[11], 7);
	bench_close(&t);
#undef IN_VLAN
}

static void parts_in_any_order(void **state)
{
	struct bench t;

	(void)state;
	bench_open(&t);
	add_frame(&t, LINK_RAW, WIRE_NONE, PART("00000011", "00", "00 0001 00"), 0);
	add_frame(&t, LINK_RAW, WIRE_NONE, PART("00000012", "01", "55 00 01 07"), 0);
	add_frame(&t, LINK_RAW, WIRE_NONE, PART("00000012", "01", "55 00 01 07"), 0);
	add_frame(&t, LINK_RAW, WIRE_NONE, PART("00000010", "02", "00 0f 00 08"), 0);
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->packets[0].fault, WIRE_FRAGMENT);
	assert_int_equal(t.b->message_count, 1);
	assert_int_equal(t.b->messages[0].protocol, WIRE_NGAP);
	assert_int_equal(t.b->messages[0].frame, 3);
	bench_close(&t);
}

/* TS 29.274: create session response with TEID; bearer context (93) with S1-U SGW F-TEID (87, type 1). */
static void gtpv2_tunnel(void **state)
{
	struct bench t;
	const struct wire_message *m;
	const struct wire_field *f;

	(void)state;
	bench_open(&t);
	m = decode_message(&t, WIRE_GTPV2C,
			   "48 21 0024 00000003 000004 00 02 0002 00 1000 5d 0012 00 49 0001 00 05 57 0009 00 81 "
			   "00000019 0a000004");
	assert_string_equal(m->name, "Create Session Response");
	assert_string_equal(wire_fault_name(m->fault), "fine");
	assert_int_equal(m->id, 3);
	assert_int_equal(m->sequence, 4);
	f = field(&t, m, 3);
	assert_int_equal(f->what, WIRE_TUNNEL);
	assert_int_equal(f->number, 0x19);
	assert_int_equal(f->end, WIRE_END_CORE);
	assert_v4(&f->v4, "10.0.0.4");
	assert_int_equal(field(&t, m, 0)->number, 16);
	/* an F-TEID that is too short for its flags */
	m = decode_message(&t, WIRE_GTPV2C, "48 20 0011 00000003 000004 00 57 0005 00 81 00000019");
	assert_int_equal(m->fault, WIRE_BAD_LENGTH);
	m = decode_message(&t, WIRE_GTPV2C, "68 20 0008 00000003 000004 00");
	assert_int_equal(m->fault, WIRE_BAD_VERSION);
	bench_close(&t);
}

static void small_ones(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	m = decode_message(&t, WIRE_DNS, "0001 0100 0001 0000 0000 0000 03 777777 01 61 00 0001 0001");
	assert_int_equal(m->kind, WIRE_REQUEST);
	assert_int_equal(field(&t, m, 0)->length, 5);
	assert_memory_equal(field(&t, m, 0)->bytes, "www.a", 5);
	m = decode_message(&t, WIRE_DNS, "0001 0100 0001 0000 0000 0000 c00c 0001 0001"); /* a pointer to itself */
	assert_int_equal(m->fault, WIRE_SHORT);
	m = decode_message(&t, WIRE_SYSLOG, "3c 313931 3e 61");
	assert_int_equal(m->type, 191);
	assert_int_equal(m->fault, WIRE_FINE);
	assert_int_equal(decode_message(&t, WIRE_SYSLOG, "3c 313932 3e 61")->fault, WIRE_BAD_ENCODING);
	m = decode_message(&t, WIRE_DIAMETER,
			   "01 000020 80 000101 00000000 00000001 00000002 00000108 40 00000c 61616161");
	assert_int_equal(m->type, 257);
	assert_int_equal(m->fault, WIRE_FINE);
	assert_int_equal(field(&t, m, 0)->what, WIRE_NODE);
	assert_int_equal(decode_message(&t, WIRE_DIAMETER,
					"01 000021 80 000101 00000000 00000001 00000002 00000108 40 00000c 61616161")
				 ->fault,
			 WIRE_BAD_LENGTH);
	assert_int_equal(decode_message(&t, WIRE_SNMP, "30 03 02 01 02")->fault, WIRE_BAD_VERSION);
	bench_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ngap_session_setup), cmocka_unit_test(ngap_wrong),   cmocka_unit_test(nas_in_ngap),
		cmocka_unit_test(s1ap_tunnel),        cmocka_unit_test(sctp_chunks),  cmocka_unit_test(bundled_by_ppid),
		cmocka_unit_test(parts_in_any_order), cmocka_unit_test(parts_of_two_vlans), cmocka_unit_test(gtpv2_tunnel), cmocka_unit_test(small_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
