/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Link, IP and transport headers, tunnels, fragments: each picture from its standard, and each thing that can be wrong
 * with it.
 *
 * # proviso-deps: base wire
 */
#include "wire_frames.h"

#define MAC                  "020000000001 020000000002 "
#define V4(length, protocol) "4500" length "0001 0000 40" protocol "0000 0a000001 0a000002 "

static void ports_behind_tags(void **state)
{
	struct bench t;
	const struct wire_packet *p;

	(void)state;
	bench_open(&t);
	/* QinQ: 0x88a8 tag 100, 0x8100 tag 200 (priority 3 above it), IPv4 */
	p = decode(&t, LINK_ETHERNET, WIRE_NONE, MAC "88a8 0064 8100 60c8 0800" V4("001c", "11") "3039 2345 0008 0000");
	assert_int_equal(p->fault, WIRE_FINE);
	assert_int_equal(p->vlan[0], 100);
	assert_int_equal(p->vlan[1], 200);
	assert_int_equal(p->ether_type, 0x0800);
	assert_int_equal(p->count, 1);
	assert_v4(&p->levels[0].source, "10.0.0.1");
	assert_v4(&p->levels[0].destination, "10.0.0.2");
	assert_int_equal(p->levels[0].source_port, 0x3039);
	assert_int_equal(p->levels[0].destination_port, 0x2345);
	/* MPLS: label 16, bottom of stack; then IPv4 */
	p = decode(&t, LINK_ETHERNET, WIRE_NONE, MAC "8847 00010140" V4("001c", "11") "3039 2345 0008 0000");
	assert_int_equal(p->mpls, 16);
	assert_int_equal(p->levels[0].destination_port, 0x2345);
	/* a pseudowire (RFC 4448) with a control word, without one, and without one to a router's address of 00 00 0c (HSRP) */
	p = decode(&t, LINK_ETHERNET, WIRE_NONE, MAC "8847 00010140 00000007" MAC "0800" V4("001c", "11") "3039 2345 0008 0000");
	assert_int_equal(p->count, 1);
	assert_int_equal(p->levels[0].destination_port, 0x2345);
	p = decode(&t, LINK_ETHERNET, WIRE_NONE, MAC "8847 00010140" MAC "0800" V4("001c", "11") "3039 2345 0008 0000");
	assert_int_equal(p->count, 1);
	assert_int_equal(p->levels[0].destination_port, 0x2345);
	p = decode(&t, LINK_ETHERNET, WIRE_NONE,
		   MAC "8847 00010140 00000c07ac01 020000000002 8100 0007 0800" V4("001c", "11") "3039 2345 0008 0000");
	assert_int_equal(p->count, 1);
	assert_int_equal(p->levels[0].destination_port, 0x2345);
	p = decode(&t, LINK_ETHERNET, WIRE_NONE, MAC "4242 00");
	assert_int_equal(p->fault, WIRE_NOT_UNDERSTOOD);
	assert_int_equal(wire_counters(t.wire)->kinds[0].type, 0x4242);
	bench_close(&t);
}

static void wrong_lengths(void **state)
{
	static const struct {
		const char *hex;
		enum wire_fault fault;
	} rows[] = {
		{ V4("001c", "11") "3039 2345 0008 0000", WIRE_FINE },
		{ V4("0020", "11") "3039 2345 0008 0000", WIRE_BAD_LENGTH },  /* total length beyond the frame */
		{ V4("0010", "11") "3039 2345 0008 0000", WIRE_BAD_LENGTH },  /* shorter than its header */
		{ V4("001c", "11") "3039 2345 0009 0000", WIRE_BAD_LENGTH },  /* UDP longer than the datagram */
		{ V4("001c", "11") "3039 2345 0007 0000", WIRE_BAD_LENGTH },  /* shorter than its own header */
		{ V4("001d", "11") "3039 2345 0008 0000 00", WIRE_TRAILING }, /* a byte that UDP does not count */
		{ V4("001a", "11") "3039 2345 0008", WIRE_SHORT },
		{ "4400001c 00010000 40110000 0a000001 0a000002 3039 2345 0008 0000",
		  WIRE_BAD_LENGTH }, /* header of 16 bytes */
		{ V4("0028", "06") "3039 2345 00000001 00000000 5002 0000 0000 0000", WIRE_FINE },
		{ V4("0028", "06") "3039 2345 00000001 00000000 4002 0000 0000 0000",
		  WIRE_BAD_LENGTH }, /* TCP header of 16 */
		{ V4("0028", "06") "3039 2345 00000001 00000000 6002 0000 0000 0000",
		  WIRE_BAD_LENGTH }, /* beyond the segment */
	};
	struct bench t;

	(void)state;
	bench_open(&t);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (decode(&t, LINK_RAW, WIRE_NONE, rows[i].hex)->fault != rows[i].fault)
			fail_msg("row %zu: %s", i, wire_fault_name(t.b->packets[0].fault));
	bench_close(&t);
}

static void cut_is_not_malformed(void **state)
{
	struct bench t;
	const struct wire_packet *p = NULL;

	(void)state;
	bench_open(&t);
	for (uint32_t captured = 1; captured < 28; captured++) {
		t.b->frame_count = 0;
		add_frame(&t, LINK_RAW, WIRE_NONE, V4("001c", "11") "3039 2345 0008 0000", captured);
		wire_decode(t.wire, t.b);
		p = &t.b->packets[0];
		assert_int_equal(p->fault, WIRE_TRUNCATED);
	}
	assert_true(p->levels[0].flags & WIRE_LEVEL_CUT);
	bench_close(&t);
}

/* RFC 8200: hop-by-hop of 8 bytes, fragment header with offset 0 and no more: a whole datagram. */
static void v6_extensions(void **state)
{
	struct bench t;
	const struct wire_packet *p;

	(void)state;
	bench_open(&t);
	p = decode(&t, LINK_RAW, WIRE_NONE,
		   "60000000 0018 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002"
		   "2c00 000000000000 1100 0000 00000007 3039 2345 0008 0000");
	assert_int_equal(p->fault, WIRE_FINE);
	assert_int_equal(p->levels[0].transport, 17);
	assert_int_equal(p->levels[0].ip_id, 7);
	assert_int_equal(p->levels[0].hops, 64);
	assert_int_equal(p->levels[0].destination_port, 0x2345);
	assert_true(p->levels[0].flags & WIRE_LEVEL_OPTIONS);
	assert_v4(&p->levels[0].source, "2001:db8::1");
	/* an extension header longer than the packet */
	p = decode(&t, LINK_RAW, WIRE_NONE,
		   "60000000 0008 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002 11ff "
		   "000000000000");
	assert_int_equal(p->fault, WIRE_BAD_LENGTH);
	bench_close(&t);
}

/* Two fragments of one datagram of 24 bytes: 16 and 8. */
#define FIRST "45000024 0007 2000 4011 0000 0a000001 0a000002 3039 2345 0018 0000 0102030405060708"
#define LAST  "4500001c 0007 0002 4011 0000 0a000001 0a000002 1112131415161718"

static void fragments(void **state)
{
	struct bench t;
	const struct wire_packet *p;

	(void)state;
	bench_open(&t);
	add_frame(&t, LINK_RAW, WIRE_NONE, LAST, 0); /* in the wrong order */
	add_frame(&t, LINK_RAW, WIRE_NONE, LAST, 0); /* twice, as a tap brings it */
	add_frame(&t, LINK_RAW, WIRE_NONE, FIRST, 0);
	wire_decode(t.wire, t.b);
	p = t.b->packets;
	assert_int_equal(p[0].fault, WIRE_FRAGMENT);
	assert_int_equal(p[1].fault, WIRE_FRAGMENT);
	assert_int_equal(p[2].fault, WIRE_FINE);
	assert_true(p[2].levels[0].flags & WIRE_LEVEL_JOINED);
	assert_int_equal(p[2].levels[0].destination_port, 0x2345);
	assert_int_equal(p[2].levels[0].payload_bytes, 16);
	assert_int_equal(p[2].levels[0].payload[8], 0x11);
	bench_close(&t);
}

/* The same addresses and number in two VLANs: two datagrams, each whole with its own pieces. */
static void fragments_of_two_vlans(void **state)
{
	static const char *const first[] = { MAC "8100 0007 0800" FIRST, MAC "8100 0008 0800" FIRST };
	static const char last[] = MAC "8100 0008 0800 4500001c 0007 0002 4011 0000 0a000001 0a000002 2122232425262728";
	struct bench t;
	const struct wire_packet *p;

	(void)state;
	bench_open(&t);
	add_frame(&t, 1, WIRE_NONE, first[0], 0);
	add_frame(&t, 1, WIRE_NONE, last, 0);
	add_frame(&t, 1, WIRE_NONE, first[1], 0);
	add_frame(&t, 1, WIRE_NONE, MAC "8100 0007 0800" LAST, 0);
	wire_decode(t.wire, t.b);
	p = t.b->packets;
	assert_int_equal(p[0].fault, WIRE_FRAGMENT);
	assert_int_equal(p[1].fault, WIRE_FRAGMENT);
	assert_int_equal(p[2].fault, WIRE_FINE);
	assert_int_equal(p[2].levels[0].payload[8], 0x21);
	assert_int_equal(p[3].fault, WIRE_FINE);
	assert_int_equal(p[3].levels[0].payload[8], 0x11);
	bench_close(&t);
}

static void overlapping_fragments(void **state)
{
	struct bench t;

	(void)state;
	bench_open(&t);
	add_frame(&t, LINK_RAW, WIRE_NONE, FIRST, 0);
	/* offset 8 instead of 16: its first eight bytes are said twice, differently */
	add_frame(&t, LINK_RAW, WIRE_NONE, "4500001c 0007 0001 4011 0000 0a000001 0a000002 1112131415161718", 0);
	wire_decode(t.wire, t.b);
	assert_int_equal(t.b->packets[1].fault, WIRE_OVERLAP);
	bench_close(&t);
}

#define MIRRORED MAC "0800" V4("001c", "11") "3039 2345 0008 0000"

static void tunnels(void **state)
{
	static const char *const mirrored[] = {
		V4("0042", "2f") "0000 88be" MIRRORED,
		V4("004e", "2f") "1000 88be 00000001 1007 002a 00000000" MIRRORED,
		V4("0052", "2f") "1000 22eb 00000001 2007 002a 00000001 0000 0000" MIRRORED,
		V4("005a", "2f") "1000 22eb 00000001 2007 002a 00000001 0000 0001 0000000000000001" MIRRORED,
	};
	struct bench t;
	const struct wire_packet *p;

	(void)state;
	bench_open(&t);
	/* GRE with key 0xcafe, carrying IPv4 */
	p = decode(&t, LINK_RAW, WIRE_NONE,
		   V4("0038", "2f") "2000 0800 0000cafe" V4("001c", "11") "3039 2345 0008 0000");
	assert_int_equal(p->fault, WIRE_FINE);
	assert_int_equal(p->count, 2);
	assert_int_equal(p->levels[1].carrier, WIRE_IN_GRE);
	assert_int_equal(p->levels[1].tunnel, 0xcafe);
	/* ERSPAN types I, II, III and III with its platform's header; session 42 */
	for (size_t i = 0; i < sizeof mirrored / sizeof *mirrored; i++) {
		p = decode(&t, LINK_RAW, WIRE_NONE, mirrored[i]);
		assert_int_equal(p->fault, WIRE_FINE);
		assert_int_equal(p->count, 2);
		assert_int_equal(p->levels[1].carrier, WIRE_IN_GRE);
		assert_int_equal(p->levels[1].tunnel, i ? 42 : 0);
		assert_int_equal(p->levels[1].destination_port, 0x2345);
	}
	p = decode(&t, LINK_RAW, WIRE_NONE, V4("0020", "2f") "1000 88be 00000001 1007 002a");
	assert_int_equal(p->fault, WIRE_SHORT);
	/* VXLAN network 0x1234, an Ethernet frame */
	p = decode(&t, LINK_RAW, WIRE_NONE,
		   V4("004e", "11") "3039 12b5 003a 0000 08000000 00123400" MAC
				    "0800" V4("001c", "11") "3039 2345 0008 0000");
	assert_int_equal(p->fault, WIRE_FINE);
	assert_int_equal(p->levels[1].carrier, WIRE_IN_VXLAN);
	assert_int_equal(p->levels[1].tunnel, 0x1234);
	/* IP in IP */
	p = decode(&t, LINK_RAW, WIRE_NONE, V4("0030", "04") V4("001c", "11") "3039 2345 0008 0000");
	assert_int_equal(p->levels[1].carrier, WIRE_IN_IP);
	/* ESP: seen, not read */
	p = decode(&t, LINK_RAW, WIRE_NONE, V4("001c", "32") "00000001 00000001");
	assert_int_equal(p->fault, WIRE_ENCRYPTED);
	assert_int_equal(p->levels[0].protocol, WIRE_ESP);
	/* six IP headers are one too many */
	p = decode(&t, LINK_RAW, WIRE_NONE,
		   V4("0078", "04") V4("0064", "04") V4("0050", "04") V4("003c", "04") V4("0028", "04")
			   V4("0014", "3b"));
	assert_int_equal(p->fault, WIRE_TOO_DEEP);
	bench_close(&t);
}

/* TS 29.281 clause 5.1: 0x34 version 1, GTP, E; extension 0x85 of one unit: PDU type 1, QFI 9. */
#define INNER            V4("001c", "11") "3039 2345 0008 0000"
#define GTPU_UDP(length) "0868 0868" length "0000"

static void gtpu(void **state)
{
	struct bench t;
	const struct wire_packet *p;
	struct wire_extension x[4];

	(void)state;
	bench_open(&t);
	p = decode(&t, LINK_RAW, WIRE_NONE,
		   V4("0048", "11") GTPU_UDP("0034") "34 ff 0024 00000007 0000 00 85 01 10 09 00" INNER);
	assert_int_equal(p->fault, WIRE_FINE);
	assert_int_equal(p->count, 2);
	assert_int_equal(p->levels[0].gtpu.type, 255);
	assert_int_equal(p->levels[0].gtpu.teid, 7);
	assert_int_equal(p->levels[0].gtpu.qfi, 9);
	assert_int_equal(p->levels[0].gtpu.flags, WIRE_GTPU_SESSION | WIRE_GTPU_UPLINK);
	assert_int_equal(p->levels[1].tunnel, 7);
	assert_int_equal(p->levels[1].carrier, WIRE_IN_GTPU);
	assert_int_equal(p->levels[1].destination_port, 0x2345);
	assert_int_equal(wire_gtpu_extensions(p->levels[0].payload, p->levels[0].payload_bytes, x, 4), 1);
	assert_int_equal(x[0].number, 1 << 8 | 9);
	/* an extension of length zero never ends; a length beyond UDP; version 2 */
	p = decode(&t, LINK_RAW, WIRE_NONE,
		   V4("0048", "11") GTPU_UDP("0034") "34 ff 0024 00000007 0000 00 85 00 10 09 00" INNER);
	assert_int_equal(p->fault, WIRE_BAD_LENGTH);
	p = decode(&t, LINK_RAW, WIRE_NONE, V4("0040", "11") GTPU_UDP("002c") "30 ff 0020 00000007" INNER);
	assert_int_equal(p->fault, WIRE_BAD_LENGTH);
	assert_int_equal(p->levels[0].gtpu.teid, 7);
	p = decode(&t, LINK_RAW, WIRE_NONE, V4("0040", "11") GTPU_UDP("002c") "50 ff 001c 00000007" INNER);
	assert_int_equal(p->fault, WIRE_BAD_VERSION);
	bench_close(&t);
}

/* Error indication, clause 7.3.1: TEID data I (16) and peer address (133). */
static void gtpu_error(void **state)
{
	struct bench t;
	const struct wire_message *m;

	(void)state;
	bench_open(&t);
	decode(&t, LINK_RAW, WIRE_NONE,
	       V4("0034", "11") GTPU_UDP("0020") "32 1a 0010 00000000 0000 00 00 10 00000009 85 0004 0a000009");
	assert_int_equal(t.b->message_count, 1);
	m = &t.b->messages[0];
	assert_string_equal(m->name, "Error Indication");
	assert_int_equal(m->fault, WIRE_FINE);
	assert_int_equal(field(&t, m, 0)->what, WIRE_TUNNEL);
	assert_int_equal(field(&t, m, 0)->number, 9);
	assert_v4(&field(&t, m, 1)->v4, "10.0.0.9");
	bench_close(&t);
}

/* The counters of frames add up to the frames. */
static void each_frame_once(void **state)
{
	struct bench t;
	uint64_t sum = 0;

	(void)state;
	bench_open(&t);
	add_frame(&t, LINK_RAW, WIRE_NONE, INNER, 0);
	add_frame(&t, LINK_RAW, WIRE_NONE, FIRST, 0);
	add_frame(&t, LINK_ETHERNET, WIRE_NONE, MAC "0806", 0);
	add_frame(&t, 12345, WIRE_NONE, "00", 0);
	add_frame(&t, LINK_RAW, WIRE_NONE, "45", 0);
	wire_decode(t.wire, t.b);
	for (unsigned i = 0; i < WIRE_FAULTS; i++)
		sum += wire_counters(t.wire)->frames[i];
	assert_int_equal(sum, 5);
	assert_int_equal(wire_counters(t.wire)->frames[WIRE_FINE], 2);
	assert_int_equal(wire_counters(t.wire)->frames[WIRE_FRAGMENT], 1);
	assert_int_equal(wire_counters(t.wire)->frames[WIRE_NOT_UNDERSTOOD], 1);
	assert_int_equal(wire_counters(t.wire)->frames[WIRE_SHORT], 1);
	bench_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_behind_tags),
		cmocka_unit_test(wrong_lengths),
		cmocka_unit_test(cut_is_not_malformed),
		cmocka_unit_test(v6_extensions),
		cmocka_unit_test(fragments),
		cmocka_unit_test(fragments_of_two_vlans),
		cmocka_unit_test(overlapping_fragments),
		cmocka_unit_test(tunnels),
		cmocka_unit_test(gtpu),
		cmocka_unit_test(gtpu_error),
		cmocka_unit_test(each_frame_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
