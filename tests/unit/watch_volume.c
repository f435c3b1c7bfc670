/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What elements say of their own: names, echoes, calls and volumes that carry something else, on both sides of each
 * threshold, and the shares of what is carried.
 *
 * # proviso-deps: base lang wire net evidence policy watch
 */
#include "watch_frames.h"

enum { AMF = 0x0a000005, OSS = 0x0a000009 };

static const char *const inventory = "-- vendors.csv\nvendor\nelm\nbirch\n"
				     "-- sites.csv\nsite\nx\n"
				     "-- elements.csv\nelement,site,function,vendor,addresses\n"
				     "gnb,x,gNB,elm,10.0.0.1\nupf,x,UPF,elm,10.0.0.2\nupf2,x,UPF,birch,10.0.0.3\n"
				     "smf,x,SMF,elm,10.0.0.4\namf,x,AMF,elm,10.0.0.5\noss,x,OSS,elm,10.0.0.9\n";

struct trial {
	struct net_case c;
	struct feed f;
};

static void trial_open(struct trial *t)
{
	memset(t, 0, sizeof *t);
	case_load(&t->c, inventory);
	assert_non_null(t->c.net);
	t->f.options = (struct watch_options){ .net = t->c.net, .strs = t->c.strs };
	feed_open(&t->f);
}

/* Ends it: packets of the check's findings that are at least so certain. */
static uint64_t trial_end(struct trial *t, const char *check, enum watch_certainty least)
{
	uint64_t packets = packets_of(feed_end(&t->f), check, least, NULL);

	arena_free(t->f.arena);
	case_free(&t->c);
	return packets;
}

/* ---- dns-tunnel ---- */

static struct bytes query(uint32_t n, const char *label, const char *domain)
{
	struct bytes b = { .count = 0 };
	char text[128];
	const char *at = text;

	snprintf(text, sizeof text, "%s%08x.%s", label, n, domain);
	put(&b, n, 2);
	put(&b, 0x0100, 2);
	put(&b, 0x0001000000000000, 8);
	while (*at) {
		size_t length = strcspn(at, ".");

		put(&b, length, 1);
		for (size_t i = 0; i < length; i++)
			put(&b, (uint8_t)at[i], 1);
		at += length + (at[length] == '.');
	}
	put(&b, 0x0000010001, 5);
	return in_udp(SMF, 0x0a000035, 50000, 53, &b);
}

static uint64_t names(uint32_t count, bool different, const char *label, const char *domain)
{
	struct trial t;

	trial_open(&t);
	for (uint32_t n = 0; n < count; n++) {
		struct bytes q = query(different ? n : 0, label, domain);

		feed(&t.f, n * S, &q);
	}
	return trial_end(&t, "dns-tunnel", WATCH_LIKELY);
}

static void names_that_carry(void **state)
{
	const char *label = "0123456789012345678901234567890123456789"; /* with eight digits more: 48 bytes and a dot */

	(void)state;
	assert_in_range(names(50, true, label, "example.net"), 45, 50); /* a name may share its bit with another */
	assert_int_equal(names(45, true, label, "example.net"), 0);
	assert_int_equal(names(100, false, label, "example.net"), 0);
	assert_int_equal(names(100, true, "short", "example.net"), 0);
	assert_int_equal(names(100, true, label, "mnc001.mcc001.3gppnetwork.org"), 0);
}

/* ---- icmp-tunnel ---- */

static uint64_t echoes(uint32_t count, bool fresh, size_t bytes)
{
	struct trial t;

	trial_open(&t);
	for (uint32_t n = 0; n < count; n++) {
		struct bytes b = { .count = 0 }, filling = user_bytes(fresh ? n : 0, bytes), e;

		put(&b, 0x08000000, 4);
		put(&b, 0x00070000 + n, 4);
		put(&b, n, 8); /* ping's time */
		put(&b, n * 7, 8);
		put_all(&b, &filling);
		e = in_ip(UPF, STRANGER, 1, 64, &b);
		feed(&t.f, n * S, &e);
	}
	return trial_end(&t, "icmp-tunnel", WATCH_LIKELY);
}

static void echoes_that_carry(void **state)
{
	(void)state;
	assert_int_equal(echoes(20, true, 900), 20);
	assert_int_equal(echoes(19, true, 900), 0);
	assert_int_equal(echoes(60, false, 900), 0); /* ping -s: a time and the same pattern */
	assert_int_equal(echoes(60, true, 16), 0);
}

/* ---- beacon ---- */

static uint64_t calls(uint32_t count, uint32_t to, uint16_t port, unsigned jitter_s, size_t bytes,
		      enum watch_certainty least)
{
	struct trial t;

	trial_open(&t);
	for (uint32_t n = 0; n < count; n++) {
		struct bytes b = user_bytes(n, bytes), c = in_udp(AMF, to, 50000, port, &b);

		feed(&t.f, n * 60 * S + (n * 37 % (jitter_s + 1)) * S, &c);
	}
	return trial_end(&t, "beacon", least);
}

static void regular_calls(void **state)
{
	(void)state;
	assert_int_equal(calls(10, STRANGER, 4443, 0, 48, WATCH_LIKELY), 10);
	assert_int_equal(calls(9, STRANGER, 4443, 0, 48, WATCH_UNKNOWN), 0);
	assert_int_equal(calls(30, STRANGER, 4443, 50, 48, WATCH_UNKNOWN),
			 0); /* whenever somebody has something to say */
	assert_int_equal(calls(30, SMF, 4443, 0, 48, WATCH_UNKNOWN), 0);
	assert_int_equal(calls(30, STRANGER, 123, 0, 48, WATCH_LIKELY), 0); /* NTP */
	assert_int_equal(calls(30, STRANGER, 123, 0, 48, WATCH_UNKNOWN), 30);
}

/* ---- byte-balance ---- */

static uint64_t balance(uint32_t received, uint32_t sent, bool in_tunnels, enum watch_certainty least)
{
	struct trial t;

	trial_open(&t);
	for (uint32_t n = 0; n < received; n++) {
		struct bytes b = user_bytes(n, 972), d = in_udp(UE, SERVER, 40000, 443, &b),
			     g = in_tunnels ? in_gtpu(GNB, UPF, 1, &d) : in_udp(GNB, UPF, 40000, 9000, &b);

		feed(&t.f, n * MS, &g);
	}
	for (uint32_t n = 0; n < sent; n++) {
		struct bytes b = user_bytes(~n, 1000), d = in_udp(UPF, STRANGER, 50000, 9000, &b);

		feed(&t.f, 100 * S + n * MS, &d);
	}
	return trial_end(&t, "byte-balance", least);
}

static void more_out_than_in(void **state)
{
	(void)state;
	assert_int_equal(balance(10, 1001, true, WATCH_LIKELY), 1001);
	assert_int_equal(balance(10, 999, true, WATCH_UNKNOWN), 0);    /* below a megabyte */
	assert_int_equal(balance(1000, 1100, true, WATCH_UNKNOWN), 0); /* what came in accounts for it */
	assert_int_equal(balance(10, 1001, false, WATCH_LIKELY), 0);   /* no tunnel seen: no more than unknown */
	assert_int_equal(balance(10, 1001, false, WATCH_UNKNOWN), 1001);
}

/* ---- volume-out-of-role ---- */

static uint64_t volume(uint32_t from, uint32_t to, uint32_t count, size_t bytes)
{
	struct trial t;

	trial_open(&t);
	for (uint32_t n = 0; n < count; n++) {
		struct bytes b = user_bytes(n, bytes), d = in_tcp(from, to, 50000, 7777, n * 1300, &b);

		feed(&t.f, n * MS, &d);
	}
	return trial_end(&t, "volume-out-of-role", WATCH_LIKELY);
}

static void more_than_messages(void **state)
{
	(void)state;
	assert_int_equal(volume(AMF, SMF, 900, 1300), 900);
	assert_int_equal(volume(AMF, SMF, 700, 1300), 0);  /* below a megabyte a minute */
	assert_int_equal(volume(AMF, SMF, 20000, 200), 0); /* many messages */
	assert_int_equal(volume(AMF, OSS, 900, 1300), 0);  /* logs */
	assert_int_equal(volume(UPF, UPF2, 900, 1300), 0); /* moving is what they are for */
}

/* ---- shares ---- */

static void shares_add_up(void **state)
{
	const struct watch_result *r;
	struct trial t;
	uint64_t frames[2] = { 30, 10 };

	(void)state;
	trial_open(&t);
	for (uint32_t n = 0; n < 40; n++) {
		struct bytes d = user_datagram(n, true), g = in_gtpu(GNB, n < frames[0] ? UPF : UPF2, n + 1, &d);

		feed(&t.f, n * MS, &g);
	}
	r = feed_end(&t.f);
	/* access: the gNB, all of elm; core: 30 packets of elm's and 10 of birch's */
	assert_int_equal(r->share_count, 3);
	assert_string_equal(r->shares[0].layer, "access");
	assert_int_equal(r->shares[0].share_ppb, PPB);
	assert_string_equal(r->shares[1].vendor, "birch");
	assert_int_equal(r->shares[1].packets, 10);
	assert_int_equal(r->shares[1].bytes, 10 * (14 + 20 + 8 + 8 + 20 + 8 + 200));
	assert_int_equal(r->shares[1].share_ppb, PPB / 4);
	assert_int_equal(r->shares[2].share_ppb, PPB / 4 * 3);
	arena_free(t.f.arena);
	case_free(&t.c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_carry),   cmocka_unit_test(echoes_that_carry),
		cmocka_unit_test(regular_calls),      cmocka_unit_test(more_out_than_in),
		cmocka_unit_test(more_than_messages), cmocka_unit_test(shares_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
