/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PFCP by 3GPP TS 29.244: a session establishment written out by hand, each value of it, and each thing that can be
 * wrong.
 *
 * # proviso-deps: base wire
 */
#include "wire_frames.h"

/* Elements: type 2, length 2, value */
#define NODE_ID              "003c 0005 00 0a000003"                  /* 8.2.38: IPv4 10.0.0.3 */
#define CP_SEID              "0039 000d 02 0000000000000005 0a000003" /* 8.2.37: V4 is bit 2 */
#define F_TEID               "0015 0009 01 00000007 0a000004"         /* 8.2.3: V4 is bit 1 */
#define CHOSEN               "0015 0002 0d 2a"                        /* CH, CHID, V4: id 42, no TEID */
#define UE                   "005d 0005 02 0a2d0002"                  /* 8.2.62: 10.45.0.2 */
#define PDI(teid, length)    "0002 " length "0014 0001 00" teid "0016 0009 08 696e7465726e6574" UE
#define PDR                  "0001 0042 0038 0002 0001" PDI(F_TEID, "0028") "006c 0004 00000001 001d 0004 000000ff"
#define OUTER                "0054 000a 0100 00000009 0a000009" /* 8.2.56: GTP-U/UDP/IPv4, TEID 9 */
#define FORWARDING           "0004 0013 002a 0001 00" OUTER     /* to access */
#define DUPLICATING          "0005 0013 002a 0001 04" OUTER     /* to lawful interception */
#define FAR                  "0003 003b 006c 0004 00000001 002c 0001 12" FORWARDING DUPLICATING /* FORW and DUPL */
#define SESSION(length, ies) "21 32 " length " 0000000000000000 000100 00" ies

static void establishment(void **state)
{
	struct bench t;
	const struct wire_message *m;
	const struct wire_field *f;
	unsigned tunnels = 0, outers = 0;

	(void)state;
	bench_open(&t);
	m = decode_message(&t, WIRE_PFCP, SESSION("00ab", NODE_ID CP_SEID PDR FAR));
	assert_string_equal(m->name, "Session Establishment Request");
	assert_string_equal(wire_fault_name(m->fault), "fine");
	assert_int_equal(m->kind, WIRE_REQUEST);
	assert_int_equal(m->sequence, 0x100);
	assert_true(m->has_id);
	assert_int_equal(m->count, 20);
	f = field(&t, m, 0);
	assert_int_equal(f->what, WIRE_NODE);
	assert_v4(&f->v4, "10.0.0.3");
	f = field(&t, m, 1);
	assert_int_equal(f->what, WIRE_SESSION);
	assert_int_equal(f->number, 5);
	assert_v4(&f->v4, "10.0.0.3");
	for (unsigned i = 0; i < m->count; i++) {
		f = field(&t, m, i);
		if (f->what == WIRE_TUNNEL) {
			tunnels++;
			assert_int_equal(f->number, 7);
			assert_int_equal(f->end, WIRE_END_CORE);
			assert_v4(&f->v4, "10.0.0.4");
			assert_int_equal(field(&t, m, f->parent)->type, 2); /* in the PDI, which is in the PDR */
			assert_int_equal(field(&t, m, field(&t, m, f->parent)->parent)->type, 1);
			assert_int_equal(f->depth, 2);
		} else if (f->what == WIRE_OUTER_CREATION) {
			outers++;
			assert_int_equal(f->number, 9);
			assert_v4(&f->v4, "10.0.0.9");
			assert_int_equal(field(&t, m, f->parent)->type, outers == 1 ? 4 : 5);
		} else if (f->what == WIRE_APPLY_ACTION) {
			assert_int_equal(f->number, WIRE_ACTION_FORW | WIRE_ACTION_DUPL);
		} else if (f->what == WIRE_INSTANCE) {
			assert_int_equal(f->length, 8);
			assert_memory_equal(f->bytes, "internet", 8);
		} else if (f->what == WIRE_UE_ADDRESS) {
			assert_v4(&f->v4, "10.45.0.2");
		}
	}
	assert_int_equal(tunnels, 1);
	assert_int_equal(outers, 2);
	bench_close(&t);
}

/* One element inside a heartbeat shows each element's own faults: the message is complete before it. */
#define HEARTBEAT(length, ies) "20 01 " length " 000001 00 0060 0004 e0000000" ies

static void wrong_messages(void **state)
{
	static const struct {
		const char *hex;
		enum wire_fault fault;
	} rows[] = {
		{ HEARTBEAT("000c", ""), WIRE_FINE },
		{ "40 01 000c 000001 00 0060 0004 e0000000", WIRE_BAD_VERSION },
		{ HEARTBEAT("000d", ""), WIRE_SHORT },      /* a length beyond the datagram */
		{ HEARTBEAT("000c", "00"), WIRE_TRAILING }, /* a byte that the length leaves over */
		{ "20 01 0004 000001 00", WIRE_MISSING },   /* table 7.4.2.1-1: recovery time stamp is mandatory */
		{ "20 01 000b 000001 00 0060 0003 e00000", WIRE_BAD_LENGTH }, /* 8.2.65: four octets */
		{ "20 01 000c 000001 00 0060 0005 e0000000", WIRE_SHORT },    /* an element beyond the message */
		{ HEARTBEAT("0011", "0013 0001 01"), WIRE_FINE }, /* cause: one octet, fixed length (8.2.1) */
		{ HEARTBEAT("0012", "0013 0002 0101"), WIRE_BAD_LENGTH },
		{ HEARTBEAT("0011", "008e 0001 01"), WIRE_FINE }, /* 8.2.102: Ethernet PDU session information, a flag */
		{ HEARTBEAT("0014", "0060 0004 e0000000"), WIRE_FINE },
		{ HEARTBEAT("0019", "0015 0009 00 00000007 0a000004"),
		  WIRE_BAD_VALUE },                                              /* an F-TEID with no address flag */
		{ HEARTBEAT("0015", "0015 0005 01 00000007"), WIRE_BAD_LENGTH }, /* V4, but no address */
		{ HEARTBEAT("0012", "0015 0002 0d 2a"), WIRE_FINE },             /* chosen by the user plane */
		{ HEARTBEAT("0011", "0015 0001 04"), WIRE_BAD_VALUE },           /* to be chosen, but of what kind? */
		{ HEARTBEAT("001a", "0015 000a 01 00000007 0a000004 00"),
		  WIRE_NOT_UNDERSTOOD }, /* longer in a later release */
		{ HEARTBEAT("0018", "0054 0008 0100 00000009 0a00"), WIRE_BAD_LENGTH },
		{ HEARTBEAT("0012", "0054 0002 0000"), WIRE_BAD_VALUE },
		{ HEARTBEAT("0010", "7ffe 0000"), WIRE_NOT_UNDERSTOOD },
		{ HEARTBEAT("0012", "8001 0002 1234"), WIRE_NOT_UNDERSTOOD }, /* a vendor's: enterprise 0x1234 */
		{ HEARTBEAT("0018", "0003 0008 006c 0004 00000001"),
		  WIRE_MISSING },                                    /* a FAR without apply action (7.5.2.3) */
		{ HEARTBEAT("0012", "0003 0002 006c"), WIRE_SHORT }, /* half an element inside a group */
		{ "21 01 0014 0000000000000001 000001 00 0060 0004 e0000000",
		  WIRE_BAD_VALUE },                         /* a node's message with a SEID */
		{ "20 36 0004 000001 00", WIRE_BAD_VALUE }, /* a session's without */
		{ "20 63 0004 000001 00", WIRE_NOT_UNDERSTOOD },
	};
	struct bench t;

	(void)state;
	bench_open(&t);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (decode_message(&t, WIRE_PFCP, rows[i].hex)->fault != rows[i].fault)
			fail_msg("row %zu: %s, not %s", i, wire_fault_name(t.b->messages[0].fault),
				 wire_fault_name(rows[i].fault));
	bench_close(&t);
}

static void chosen_by_the_user_plane(void **state)
{
	struct bench t;
	const struct wire_field *f;

	(void)state;
	bench_open(&t);
	f = field(&t, decode_message(&t, WIRE_PFCP, HEARTBEAT("0012", CHOSEN)), 1);
	assert_int_equal(f->what, WIRE_TUNNEL);
	assert_int_equal(f->end, WIRE_END_CHOOSE);
	assert_int_equal(f->extra, 42);
	assert_true(wire_address_is_none(&f->v4));
	bench_close(&t);
}

/* Clause 7.2.2.1: FO (4) says that another message follows. */
static void bundled(void **state)
{
	struct bench t;

	(void)state;
	bench_open(&t);
	decode_message(&t, WIRE_PFCP,
		       "24 01 000c 000001 00 0060 0004 e0000000 20 02 000c 000002 00 0060 0004 e0000000");
	assert_int_equal(t.b->message_count, 2);
	assert_int_equal(t.b->messages[0].fault, WIRE_FINE);
	assert_int_equal(t.b->messages[1].fault, WIRE_FINE);
	assert_int_equal(t.b->messages[1].sequence, 2);
	assert_int_equal(t.b->messages[1].kind, WIRE_RESPONSE);
	decode_message(&t, WIRE_PFCP, "24 01 000c 000001 00 0060 0004 e0000000");
	assert_int_equal(t.b->messages[0].fault, WIRE_SHORT); /* nothing follows */
	bench_close(&t);
}

/* Groups that go deeper than anything real end, and say so. */
static void too_deep(void **state)
{
	struct bench t;

	(void)state;
	bench_open(&t);
	decode_message(&t, WIRE_PFCP,
		       HEARTBEAT("0034", "0002 0024 0002 0020 0002 001c 0002 0018 0002 0014 0002 0010 0002 000c 0002 "
					 "0008 0002 0004 0002 0000"));
	assert_true(t.b->messages[0].fault == WIRE_TOO_DEEP || t.b->messages[0].fault == WIRE_MISSING);
	for (unsigned i = 0; i < t.b->field_count; i++)
		assert_true(t.b->fields[i].depth <= WIRE_DEPTH);
	bench_close(&t);
}

static void names(void **state)
{
	const char *clause;

	(void)state;
	assert_string_equal(wire_element_name(WIRE_PFCP, 84, &clause), "Outer Header Creation");
	assert_string_equal(clause, "8.2.56");
	assert_null(wire_element_name(WIRE_PFCP, 9999, &clause));
	assert_null(wire_message_name(WIRE_PFCP, 99));
	assert_string_equal(wire_message_name(WIRE_PFCP, 57), "Session Report Response");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(establishment),
		cmocka_unit_test(wrong_messages),
		cmocka_unit_test(chosen_by_the_user_plane),
		cmocka_unit_test(bundled),
		cmocka_unit_test(too_deep),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
