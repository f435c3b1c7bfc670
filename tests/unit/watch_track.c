/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tracker and its checks, at their edges: what orders a tunnel, what ends it, when somebody else speaks, how long two
 * sessions may share an address. Numbers are worked out from TS 29.244 and from the thresholds by hand.
 *
 * # proviso-deps: base lang wire net evidence policy watch
 */
#include "watch_story.h"
#include "watch/internal.h"

enum { MODIFY = 52, DELETE = 54, TEID = 0x501, UP = 0x1001 };

static void the_answer_orders_what_was_chosen(void **state)
{
	struct story s = { 0 };

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 1, "61");
	g_pdu(&s, 20, GNB, UPF, TEID);
	story_finish(&s);
	assert_int_equal(s.result->counters.tunnels_used, 1);
	assert_int_equal(s.result->counters.tunnels_ordered, 1);
	assert_int_equal(s.result->finding_count, 0);
	assert_int_equal(watch_exit(s.result), 0);
	story_end(&s);
}

static void unordered(bool with_set_up, bool declared, unsigned sampled, const char *likely, const char *older)
{
	struct story s = { .tap = { .name = "t", .input = "t", .sampled = sampled, .declared = declared } };

	story_begin(&s);
	if (with_set_up)
		associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 1, "61");
	g_pdu(&s, 5000, GNB, UPF, 0x999);
	story_finish(&s);
	expect(&s, "unordered-tunnel", likely);
	expect(&s, "older-than-capture", older);
	story_end(&s);
}

static void unordered_needs_the_set_up(void **state)
{
	(void)state;
	unordered(true, false, 1, "likely", NULL);
	unordered(true, true, 1, "certain", NULL);
	unordered(true, true, 100, NULL, "unknown"); /* the order may be among the packets left out */
	unordered(false, true, 1, NULL, "unknown");  /* the order may be older */
}

static void what_is_lost_may_be_the_order(void **state)
{
	struct story s = { .dropped = 1 };

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 1, "61");
	g_pdu(&s, 5000, GNB, UPF, 0x999);
	story_finish(&s);
	expect(&s, "unordered-tunnel", NULL);
	expect(&s, "older-than-capture", "unknown");
	story_end(&s);
}

static void ended(int64_t after_ms, const char *answer, const char *certainty)
{
	struct story s = { 0 };

	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 1, "61");
	g_pdu(&s, 20, GNB, UPF, TEID);
	ask(&s, 1000, SMF, UPF, DELETE, UP, 1, 3, "", answer);
	g_pdu(&s, 1001 + after_ms, GNB, UPF, TEID);
	story_finish(&s);
	expect(&s, "ended-tunnel", certainty);
	story_end(&s);
}

static void an_ended_tunnel_has_two_seconds(void **state)
{
	(void)state;
	ended(2000, ACCEPTED, NULL);
	ended(2001, ACCEPTED, "likely");
	ended(9000, NO_CONTEXT, NULL); /* refused: it stands */
}

static void a_tunnel_may_be_ordered_again(void **state)
{
	struct story s = { 0 };

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 1, "61");
	ask(&s, 1000, SMF, UPF, DELETE, UP, 1, 3, "", ACCEPTED);
	establish(&s, 2000, 4, 1, 1, "61"); /* the same numbers, given anew */
	g_pdu(&s, 9000, GNB, UPF, TEID);
	story_finish(&s);
	expect(&s, "ended-tunnel", NULL);
	expect(&s, "address-twice", NULL);
	story_end(&s);
}

static void not_yours(unsigned who, const char *elements, bool deletes, const char *answer, const char *certainty)
{
	struct story s = { 0 };

	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 1, "61");
	ask(&s, 100, who, UPF, deletes ? DELETE : MODIFY, UP, 1, 77, elements, answer);
	story_finish(&s);
	expect(&s, "session-not-yours", certainty);
	story_end(&s);
}

static void a_session_has_an_owner(void **state)
{
	static const char drop[] = "000a 000d 006c 0004 00000001 002c 0001 01"; /* update FAR 1: drop */

	(void)state;
	not_yours(SMF, drop, false, ACCEPTED, NULL);
	not_yours(STRANGER, drop, false, ACCEPTED, "likely");
	not_yours(STRANGER, "", true, ACCEPTED, "likely");
	not_yours(STRANGER, drop, false, NO_CONTEXT, NULL);
	/* who takes over brings an F-SEID of his own */
	not_yours(STRANGER, "0039 000d 02 0000000000000009 0a000042", false, ACCEPTED, "unknown");
}

static void surprised(int64_t after_ms, unsigned type, const char *certainty)
{
	struct story s = { 0 };

	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 1, "61");
	ask(&s, 1000, SMF, UPF, DELETE, UP, 1, 3, "", ACCEPTED);
	ask(&s, 1001 + after_ms, SMF, UPF, type, UP, 1, 4, "", NO_CONTEXT);
	story_finish(&s);
	expect(&s, "owner-surprised", certainty);
	story_end(&s);
}

static void the_owner_is_surprised(void **state)
{
	(void)state;
	surprised(99, MODIFY, NULL); /* it may have crossed the deletion */
	surprised(100, MODIFY, "likely");
	surprised(5000, DELETE, "unknown"); /* untidy, perhaps */
}

static void speaks(unsigned sequence, uint8_t hops, bool goes_on, const char *certainty)
{
	struct story s = { 0 };

	story_begin(&s);
	associate(&s, 0, 1);
	for (unsigned i = 0; i < 10; i++)
		establish(&s, 10 + 10 * i, 2 + i, 1 + i, 1 + i, "61");
	s.hops = hops;
	ask(&s, 500, SMF, UPF, DELETE, UP, 1, sequence, "", ACCEPTED);
	s.hops = HOPS;
	if (goes_on)
		establish(&s, 600, 12, 20, 20, "61");
	story_finish(&s);
	expect(&s, "second-speaker", certainty);
	story_end(&s);
}

static void two_speak_with_one_address(void **state)
{
	(void)state;
	speaks(5000, HOPS + 1, true, "likely");
	speaks(5000, HOPS, true, "unknown");
	speaks(5000, HOPS + 1, false, NULL); /* a restart, for all that is known */
	speaks(11 + 256, HOPS + 1, true, NULL);
	speaks(11 + 257, HOPS + 1, true, "likely");
	speaks(12, HOPS + 1, true, NULL); /* another way, in its series */
}

static void twice_at(const struct watch_tap *tap, const char *instance, int64_t end_ms, int64_t last_ms, const char *certainty)
{
	struct story s = { .tap = *tap };

	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 7, "61");
	establish(&s, 999, 3, 2, 7, instance); /* lives from 1000 on */
	if (end_ms)
		ask(&s, end_ms, SMF, UPF, DELETE, UP, 1, 4, "", ACCEPTED);
	g_pdu(&s, last_ms, GNB, UPF, 0x502);
	story_finish(&s);
	expect(&s, "address-twice", certainty);
	story_end(&s);
}

static void twice(const char *instance, int64_t end_ms, int64_t last_ms, const char *certainty)
{
	const struct watch_tap declared = { .name = "tap", .input = "tap", .sampled = 1, .declared = true };

	twice_at(&declared, instance, end_ms, last_ms, certainty);
}

static void an_address_is_one_sessions(void **state)
{
	const struct watch_tap any = { .name = "tap", .input = "tap", .sampled = 1 };

	(void)state;
	twice_at(&any, "61", 0, 60000, "likely"); /* nobody says that the deletion would have been heard */
	twice("61", 0, 60000, "certain");
	twice("62", 0, 60000, NULL); /* another network instance: its own addresses */
	twice("61", 11000, 60000, NULL);
	twice("61", 11001, 60000, "certain");
	twice("61", 0, 11000, NULL); /* the capture ends before the grace does */
}

static void a_restart_ends_sessions(void **state)
{
	struct story s = { 0 };

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 7, "61");
	ask(&s, 1000, SMF, UPF, 1, -1, -1, 3, START_2024, START_2025); /* the user plane has started anew */
	establish(&s, 2000, 4, 2, 7, "61");
	g_pdu(&s, 60000, GNB, UPF, 0x502);
	story_finish(&s);
	expect(&s, "address-twice", NULL);
	story_end(&s);
}

static void a_copy_is_told(void **state)
{
	/* FORW and DUPL, duplicating parameters: to core, GTP-U to 10.0.0.66 */
	/* FORW and DUPL; duplicating parameters: to core, GTP-U to 10.0.0.66 */
	static const char copies[] =
		"000a 0024 006c 0004 00000001 002c 0001 12 0069 0013 002a 0001 01 0054 000a 0100 00000077 0a000042";
	struct wire_address lea = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, STRANGER } };
	struct watch_li li = { &lea, 1 };

	(void)state;
	for (unsigned listed = 0; listed < 2; listed++) {
		struct story s = { .options = { .li = listed ? &li : NULL } };

		story_begin(&s);
		associate(&s, 0, 1);
		establish(&s, 10, 2, 1, 1, "61");
		ask(&s, 100, SMF, UPF, MODIFY, UP, 1, 3, copies, ACCEPTED);
		g_pdu(&s, 200, UPF, STRANGER, 0x77);
		story_finish(&s);
		expect(&s, "duplicated-forwarding", listed ? NULL : "likely");
		assert_int_equal(s.result->counters.not_judged[WATCH_INTERCEPTION], listed);
		assert_int_equal(s.result->li_hour_count, listed);
		if (listed) {
			assert_string_equal(s.result->li_hours[0].element, "10.0.0.4");
			assert_int_equal(s.result->li_hours[0].packets, 1);
			assert_int_equal(s.result->li_hours[0].rules, 1);
			assert_int_equal(s.result->finding_count, 0);
		}
		story_end(&s);
	}
}

/* Addresses without end: the table of peers is full, and every packet is counted all the same. */
static void a_flood_is_bounded(void **state)
{
	enum { FLOOD = WATCH_PEERS + 5000, BEFORE = 5 };
	struct story s = { 0 };
	const struct watch_counters *n;
	uint32_t known;
	char payload[128];

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 1, "61");
	g_pdu(&s, 20, GNB, UPF, TEID);
	for (unsigned i = 0; i < FLOOD; i++) {
		s.t.b->frame_count = 0;
		snprintf(payload, sizeof payload,
			 "4500 0024 0000 0000 40 11 0000 0b%06x 0a000004 0868 0868 0010 0000 30 ff 0000 %08x", i, i);
		add_frame(&s.t, LINK_RAW, WIRE_NONE, payload, 0);
		s.t.b->frames[0].time_ns = s.offset_ns + 100000000 + i;
		wire_decode(s.t.wire, s.t.b);
		watch_batch(s.watch, s.t.b);
	}
	/* who was known before is followed as ever */
	ask(&s, 1000, SMF, UPF, DELETE, UP, 1, 3, "", ACCEPTED);
	g_pdu(&s, 9000, GNB, UPF, TEID);
	story_finish(&s);
	n = &s.result->counters;
	assert_int_equal(n->read, FLOOD + BEFORE + 3);
	assert_int_equal(n->peers, WATCH_PEERS);
	known = 3; /* the two ends of N4, one of N3 as well, and the station */
	assert_int_equal(n->not_judged[WATCH_NO_ROOM], FLOOD - (WATCH_PEERS - known));
	assert_true(n->peers_full >= FLOOD - (WATCH_PEERS - known));
	assert_int_equal(n->judged + n->not_judged[WATCH_NO_ROOM], n->read);
	expect(&s, "ended-tunnel", "likely");
	assert_int_equal(watch_exit(s.result), 1);
	assert_true(arena_bytes(s.t.arena) < 192u << 20);
	story_end(&s);
}

/* One number for session after session: the last is found, and its chain does not grow with each. */
static void one_number_for_many(void **state)
{
	enum { MANY = 60 };
	struct wire_address upf = { .bytes = { [10] = 0xff, [11] = 0xff, [12] = 10, [15] = UPF } };
	struct story s = { 0 };
	uint32_t peer, used;

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	for (unsigned i = 0; i < MANY; i++)
		establish(&s, 10 + 10 * i, 2 + i, 1, 1, "61");
	peer = watch_peer_find(s.watch, &upf);
	used = s.watch->session_index.used;
	assert_int_equal(watch_session_find(s.watch, WIRE_PFCP, peer, UP), MANY - 1);
	assert_true(used <= 2 * 16); /* at both ends */
	ask(&s, 2000, SMF, UPF, DELETE, UP, 1, 100, "", ACCEPTED);
	assert_int_equal(watch_session_find(s.watch, WIRE_PFCP, peer, UP), MANY - 2);
	establish(&s, 3000, 101, 1, 1, "61"); /* in the place of the one that is over */
	assert_int_equal(watch_session_find(s.watch, WIRE_PFCP, peer, UP), MANY);
	assert_int_equal(s.watch->session_index.used, used);
	story_finish(&s);
	assert_int_equal(s.result->counters.sessions, MANY + 1);
	story_end(&s);
}

/* A packet of one subscriber in the other's tunnel is another's; one that has no datagram is nobody's. */
static void an_empty_packet_has_no_sender(void **state)
{
	for (unsigned spoofed = 0; spoofed < 2; spoofed++) {
		struct story s = { 0 };

		(void)state;
		story_begin(&s);
		associate(&s, 0, 1);
		establish(&s, 10, 2, 1, 1, "61");
		establish(&s, 20, 3, 2, 2, "61");
		g_pdu(&s, 100, GNB, UPF, 0x501); /* from 10.45.0.1, whose session this is */
		if (spoofed)
			g_pdu(&s, 200, GNB, UPF, 0x502);
		else
			say(&s, 200, GNB, UPF, GTPU_PORT, "30 ff 0000 00000502");
		story_finish(&s);
		expect(&s, "spoofed-source", spoofed ? "likely" : NULL);
		story_end(&s);
	}
}

/* A capture whose times stand still has no end of a minute: a tunnel's short counters are added up before they are full. */
static void a_minute_that_never_ends(void **state)
{
	enum { PACKETS = 40 };
	struct story s = { 0 };
	struct watch_tunnel *t;
	uint32_t row;

	(void)state;
	story_begin(&s);
	associate(&s, 0, 1);
	establish(&s, 10, 2, 1, 1, "61");
	g_pdu(&s, 100, GNB, UPF, TEID);
	row = watch_tunnel_find(s.watch, &s.t.b->packets[0].levels[0].destination, TEID);
	assert_int_not_equal(row, WATCH_NONE);
	t = watch_tunnel_at(s.watch, row);
	t->packets = UINT32_MAX - 20; /* as if so many had come */
	for (unsigned i = 0; i < PACKETS; i++)
		g_pdu(&s, 100, GNB, UPF, TEID);
	assert_int_equal(watch_tunnel_packets(s.watch, row), (uint64_t)UINT32_MAX - 20 + PACKETS);
	row = t->pair;
	story_finish(&s);
	assert_int_equal(watch_pair_at(s.watch, row)->packets, (uint64_t)UINT32_MAX - 20 + PACKETS);
	story_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answer_orders_what_was_chosen), cmocka_unit_test(unordered_needs_the_set_up),
		cmocka_unit_test(an_ended_tunnel_has_two_seconds),   cmocka_unit_test(a_tunnel_may_be_ordered_again),
		cmocka_unit_test(a_session_has_an_owner),	     cmocka_unit_test(the_owner_is_surprised),
		cmocka_unit_test(two_speak_with_one_address),	     cmocka_unit_test(an_address_is_one_sessions),
		cmocka_unit_test(a_restart_ends_sessions),	     cmocka_unit_test(a_copy_is_told),
		cmocka_unit_test(what_is_lost_may_be_the_order),     cmocka_unit_test(a_flood_is_bounded),
		cmocka_unit_test(one_number_for_many),		     cmocka_unit_test(an_empty_packet_has_no_sender),
		cmocka_unit_test(a_minute_that_never_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
