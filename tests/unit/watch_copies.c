/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of user payload: every way in which it is rightly seen twice stays quiet, and every way in which a copy is sent
 * is found - as unknown where nobody said who belongs to the network, as likely where an inventory does.
 *
 * # proviso-deps: base lang wire net evidence policy watch
 */
#include "watch_frames.h"

static const char *const inventory =
	"-- vendors.csv\nvendor\nelm\n"
	"-- sites.csv\nsite\nx\n"
	"-- elements.csv\nelement,site,function,vendor,addresses\n"
	"gnb,x,gNB,elm,10.0.0.1\nupf,x,UPF,elm,10.0.0.2\nupf2,x,UPF,elm,10.0.0.3\nsmf,x,SMF,elm,10.0.0.4\n"
	"-- links.csv\na,b,reference_point\ngnb,upf,N3\nupf,upf2,N9\nsmf,upf,N4\n";

/* Sends the n-th datagram where it belongs, and then again by the way that is tried. */
typedef void (*way)(struct feed *, int64_t now_ns, const struct bytes *datagram);

static void to_n6(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	feed(f, now_ns + MS, d);
}

static void on_the_same_way(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes again = in_gtpu(GNB, UPF, 1, d);

	feed(f, now_ns + 300 * MS, &again); /* sent again after a loss, or heard on both sides of a switch */
}

static void on_n9(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes on = in_gtpu(UPF, UPF2, 9, d);

	feed(f, now_ns + MS, &on);
	feed(f, now_ns + 2 * MS, d);
}

static void too_late(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes copy = in_ip(UPF, STRANGER, 4, 64, d);

	feed(f, now_ns + 11 * S, &copy);
}

static void in_gre(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes b = { .count = 0 }, copy;

	put(&b, 0x00000800, 4);
	put_all(&b, d);
	copy = in_ip(UPF, STRANGER, 47, 64, &b);
	feed(f, now_ns + MS, &copy);
}

static void in_vxlan(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes b = { .count = 0 }, copy;

	put(&b, 0x0800000000000700, 8);
	put(&b, 0, 12);
	put(&b, 0x0800, 2);
	put_all(&b, d);
	copy = in_udp(UPF, STRANGER, 50000, 4789, &b);
	feed(f, now_ns + MS, &copy);
}

static void in_ip_nine_seconds_later(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes copy = in_ip(UPF, STRANGER, 4, 64, d);

	feed(f, now_ns + 9 * S, &copy);
}

static void in_udp_behind_a_header(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes b = of_text("header: "), copy;

	put_all(&b, d);
	copy = in_udp(UPF, STRANGER, 50000, 4500, &b);
	feed(f, now_ns + MS, &copy);
}

static void in_tcp_somewhere(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes b = user_bytes(99, 333), copy;

	put_all(&b, d);
	copy = in_tcp(UPF, STRANGER, 50000, 443, 1, &b);
	feed(f, now_ns + MS, &copy);
}

static void cut_short_with_another_hop_count(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes b = *d, copy;

	b.at[8] = 3;
	b.count -= 100;
	copy = in_udp(UPF, STRANGER, 50000, 9000, &b);
	feed(f, now_ns + MS, &copy);
}

static void under_other_addresses(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes b = { .count = d->count - 28 }, copy;

	memcpy(b.at, d->at + 28, b.count);
	copy = in_udp(UPF, STRANGER, 50000, 9000, &b);
	feed(f, now_ns + MS, &copy);
}

static void in_another_tunnel(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes copy = in_gtpu(GNB, STRANGER, 0x99, d);

	feed(f, now_ns + MS, &copy);
}

static void to_an_element_without_a_link(struct feed *f, int64_t now_ns, const struct bytes *d)
{
	struct bytes copy = in_ip(UPF, SMF, 4, 64, d);

	feed(f, now_ns + MS, &copy);
}

static const struct watch_result *watched(struct feed *f, const struct net_case *c, way way, bool cooked)
{
	memset(&f->options, 0, sizeof f->options);
	if (c) {
		f->options.net = c->net;
		f->options.strs = c->strs;
	}
	feed_open(f);
	f->link = cooked ? FEED_COOKED : FEED_ETHERNET;
	for (uint32_t n = 0; n < 5; n++) {
		int64_t now_ns = n * 20 * S;
		struct bytes d = user_datagram(n, true), g = in_gtpu(GNB, UPF, 1, &d);

		feed(f, now_ns, &g);
		way(f, now_ns, &d);
	}
	return feed_end(f);
}

static void right_twice_is_quiet(void **state)
{
	static const way ways[] = { to_n6, on_the_same_way, on_n9, too_late };
	struct net_case c;
	struct feed f;

	(void)state;
	case_load(&c, inventory);
	assert_non_null(c.net);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		for (unsigned k = 0; k < 4; k++) {
			const struct watch_result *r = watched(&f, k & 1 ? &c : NULL, ways[i], k & 2);

			if (packets_of(r, "copied-payload", WATCH_UNKNOWN, NULL))
				fail_msg("way %zu%s", i, k & 1 ? " with an inventory" : "");
			arena_free(f.arena);
		}
	case_free(&c);
}

static void copies_are_found(void **state)
{
	static const struct {
		way way;
		bool is_declared; /* to an element: nothing can be said without an inventory */
	} ways[] = { { in_gre, false },
		     { in_vxlan, false },
		     { in_ip_nine_seconds_later, false },
		     { in_udp_behind_a_header, false },
		     { in_tcp_somewhere, false },
		     { cut_short_with_another_hop_count, false },
		     { under_other_addresses, false },
		     { in_another_tunnel, false },
		     { to_an_element_without_a_link, true } };
	struct net_case c;
	struct feed f;

	(void)state;
	case_load(&c, inventory);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		const struct watch_finding *first = NULL;
		const struct watch_result *r = watched(&f, &c, ways[i].way, false);

		if (packets_of(r, "copied-payload", WATCH_LIKELY, &first) != 5)
			fail_msg("way %zu with an inventory", i);
		assert_string_equal(first->wire.peer, ways[i].is_declared ? "smf" : "203.0.113.66");
		assert_string_equal(first->finding.subject, ways[i].way == in_another_tunnel ? "gnb" : "upf");
		assert_int_equal(first->wire.frame_count, 5);
		assert_int_equal(first->wire.frames[0], 2);
		arena_free(f.arena);
		r = watched(&f, NULL, ways[i].way, false);
		if (packets_of(r, "copied-payload", WATCH_LIKELY, NULL))
			fail_msg("way %zu is likely without an inventory", i);
		if (packets_of(r, "copied-payload", WATCH_UNKNOWN, NULL) != 5)
			fail_msg("way %zu is not found without an inventory", i);
		arena_free(f.arena);
	}
	case_free(&c);
}

/* Two of one way are told and decide nothing; interception is not told at all. */
static void few_and_intercepted(void **state)
{
	struct wire_address address = { .bytes = { [10] = 0xff, [11] = 0xff, [12] = 203, 0, 113, 0x42 } };
	struct watch_li li = { &address, 1 };
	struct net_case c;
	struct feed f = { .arena = NULL };

	(void)state;
	case_load(&c, inventory);
	for (unsigned k = 0; k < 2; k++) {
		const struct watch_result *r;

		f.options = (struct watch_options){ .net = c.net, .strs = c.strs, .li = k ? &li : NULL };
		feed_open(&f);
		for (uint32_t n = 0; n < (k ? 5 : 2); n++) {
			struct bytes d = user_datagram(n, true), g = in_gtpu(GNB, UPF, 1, &d);

			feed(&f, n * S, &g);
			in_gre(&f, n * S, &d);
		}
		r = feed_end(&f);
		assert_int_equal(packets_of(r, "copied-payload", WATCH_LIKELY, NULL), 0);
		assert_int_equal(packets_of(r, "copied-payload", WATCH_UNKNOWN, NULL), k ? 0 : 2);
		arena_free(f.arena);
	}
	case_free(&c);
}

/* Many datagrams with the same first bytes do not push each other out: each is found again by its addresses. */
static void same_beginnings(void **state)
{
	enum { MANY = 1000 };
	struct net_case c;
	struct feed f = { .arena = NULL };
	struct bytes body = { .count = 128 };

	(void)state;
	case_load(&c, inventory);
	f.options = (struct watch_options){ .net = c.net, .strs = c.strs };
	feed_open(&f);
	for (uint32_t n = 0; n < MANY; n++) {
		struct bytes d = in_udp(UE + n, SERVER, 40000, 443, &body), g = in_gtpu(GNB, UPF, n + 1, &d);

		feed(&f, n * MS, &g);
	}
	for (uint32_t n = 0; n < MANY; n++) {
		struct bytes d = in_udp(UE + n, SERVER, 40000, 443, &body);

		in_gre(&f, S + n * MS, &d);
	}
	assert_int_equal(packets_of(feed_end(&f), "copied-payload", WATCH_LIKELY, NULL), MANY);
	arena_free(f.arena);
	case_free(&c);
}

/* More than can be remembered: memory stays, what is left out is counted, and a copy of all of it is found all the same. */
static void more_than_fits(void **state)
{
	enum { MANY = 1500000, COPIES = 1000 };
	struct net_case c;
	struct feed f = { .arena = NULL };
	const struct watch_result *r;
	uint64_t found;

	(void)state;
	case_load(&c, inventory);
	f.options = (struct watch_options){ .net = c.net, .strs = c.strs };
	feed_open(&f);
	for (uint32_t n = 0; n < MANY; n++) {
		struct bytes d, g;

		d = user_bytes(n, 64);
		d = in_udp(UE, SERVER, 40000, 443, &d);
		g = in_gtpu(GNB, UPF, 1, &d);
		feed(&f, n * INT64_C(1000), &g);
	}
	for (uint32_t n = MANY - COPIES; n < MANY; n++) {
		struct bytes d = user_bytes(n, 64);

		d = in_udp(UE, SERVER, 40000, 443, &d);
		in_gre(&f, 2 * S + n * INT64_C(1000), &d);
	}
	r = feed_end(&f);
	found = packets_of(r, "copied-payload", WATCH_LIKELY, NULL);
	assert_int_equal(r->counters.payloads, MANY + COPIES);
	assert_in_range(r->counters.payloads_left_out, MANY / 10, MANY * 3 / 4);
	assert_in_range(found, COPIES / 5, COPIES);
	assert_true(arena_bytes(f.arena) < (size_t)64 << 20);
	arena_free(f.arena);
	case_free(&c);
}

/* Where batches end and how frames are told decides nothing, also while the table is too full for all of them. */
static void told_in_any_way(void **state)
{
	enum { MANY = 1200000, WAYS = 5 };
	static const struct {
		unsigned batch;
		int way;
	} ways[WAYS] = { { 0, FEED_WHOLE }, { 7, FEED_WHOLE }, { 61, FEED_BRIEF }, { 0, FEED_NOTED }, { 7, FEED_NOTED } };
	uint64_t left_out[WAYS], found[WAYS];

	(void)state;
	for (unsigned k = 0; k < WAYS; k++) {
		struct feed f = { .arena = NULL, .batch = ways[k].batch, .way = ways[k].way };
		const struct watch_result *r;

		feed_open(&f);
		for (uint32_t n = 0; n < MANY; n++) {
			struct bytes d = user_bytes(n % 500 ? n : n - 100, 64), g;

			d = in_udp(UE, SERVER, 40000, 443, &d);
			g = in_gtpu(GNB, UPF, n % 500 ? 1 : 2, &d);
			feed(&f, n * INT64_C(1000), &g);
		}
		r = feed_end(&f);
		left_out[k] = r->counters.payloads_left_out;
		found[k] = packets_of(r, "copied-payload", WATCH_UNKNOWN, NULL);
		arena_free(f.arena);
	}
	assert_true(left_out[0] > 0 && found[0] > 0);
	for (unsigned k = 1; k < WAYS; k++) {
		assert_int_equal(left_out[k], left_out[0]);
		assert_int_equal(found[k], found[0]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(right_twice_is_quiet), cmocka_unit_test(copies_are_found),
		cmocka_unit_test(few_and_intercepted),  cmocka_unit_test(same_beginnings),
		cmocka_unit_test(more_than_fits),       cmocka_unit_test(told_in_any_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
