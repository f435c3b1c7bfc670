/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way through a G-PDU against the long one. Only Ethernet frames take the short way, so that the same datagram
 * as LINKTYPE_RAW is the oracle: made G-PDUs, then with one to three bytes changed, cut, and lengthened, and whatever
 * is read of them has to be the same to the last member. So has what is told in brief first and unfolded then.
 *
 * # proviso-deps: base wire
 */
#include "wire_frames.h"

enum { ROUNDS = 200000, HEADER = 14 };

static uint64_t next(uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random;
}

/* Outer IPv4, UDP 2152, GTP-U; behind it what differs. Lengths are set below. */
#define OUTER "020000000001 020000000002 0800 4500 0000 0001 4000 40 11 0000 0a000001 0a000002 0868 0868 0000 0000 "
#define UDP4  "4500 0000 0007 4000 3f 11 0000 0b000001 cb007101 9c40 01bb 0000 0000 0102030405060708090a0b0c"
#define TCP4                                                                                                           \
	"4500 0000 0007 4000 3f 06 0000 0b000001 cb007101 9c40 01bb 00000001 00000002 5018 ffff 0000 0000 "            \
	"01020304"
#define UDP6                                                                                                           \
	"60000000 0000 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002 9c40 01bb 0000 0000 "   \
	"01020304"
#define TCP6                                                                                                           \
	"60000000 0000 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002 9c40 0035 "             \
	"00000001 00000002 5018 ffff 0000 0000 01020304"

static const char *const plain[] = {
	OUTER "34ff 0000 00001234 00000085 01100900" UDP4, /* uplink, QFI 9 */
	OUTER "34ff 0000 00001234 00000085 01004900" TCP4, /* downlink, RQI */
	OUTER "30ff 0000 00001234" UDP4,
	OUTER "32ff 0000 00001234 00050000" TCP4, /* sequence number */
	OUTER "36ff 0000 00001234 00050085 01100900" UDP6,
	OUTER "34ff 0000 00001234 00000000" TCP6, /* E without an extension header */
	OUTER "38ff 0000 00001234" UDP4,          /* the spare bit is not looked at */
};
static const char *const other[] = {
	OUTER "34ff 0000 00001234 000000c0 01000500" UDP4,           /* PDCP PDU number */
	OUTER "34ff 0000 00001234 00000085 0110 09c0 01000500" UDP4, /* two extension headers */
	OUTER "34ff 0000 00001234 00000085 02100900 00000000" UDP4,  /* a long container */
	OUTER "30fe 0000 00001234" UDP4,                             /* end marker */
	OUTER "30ff 0000 00001234 4600 0000 0007 4000 3f 11 0000 0b000001 cb007101 00000000 9c40 01bb 0000 "
	      "0000", /* options */
	OUTER "30ff 0000 00001234 4500 0000 0007 2000 3f 11 0000 0b000001 cb007101 9c40 01bb 0000 0000 "
	      "00000000",                                                                                /* fragment */
	OUTER "30ff 0000 00001234 4500 0000 0007 4000 3f 01 0000 0b000001 cb007101 0800 0000 0001 0001", /* ICMP */
	OUTER "30ff 0000 00001234 4500 0000 0007 4000 3f 11 0000 0b000001 cb007101 9c40 0868 0000 0000 "
	      "30ff0000 00000001", /* GTP-U inside */
	OUTER "30ff 0000 00001234 4500 0000 0007 4000 3f 11 0000 0b000001 cb007101 2265 2265 0000 0000 "
	      "20010000 00000100",
	OUTER "30ff 0000 00001234 020000000003 020000000004 0800" UDP4, /* Ethernet inside */
};

static void set16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* Lengths of the outer headers, and of the inner ones where they begin at once behind GTP-U's. */
static void set_lengths(uint8_t *p, size_t count)
{
	size_t inner;

	set16(p + 16, count - 14);
	set16(p + 38, count - 34);
	set16(p + 44, count - 50);
	for (inner = 50; inner < 70 && inner + 40 <= count; inner++)
		if ((p[inner] == 0x45 || p[inner] == 0x46) && p[inner + 5] == 7) {
			size_t header = (p[inner] & 15) * 4u;

			set16(p + inner + 2, count - inner);
			if (p[inner + 9] == 17)
				set16(p + inner + header + 4, count - inner - header);
			return;
		} else if (p[inner] == 0x60 && p[inner + 7] == 0x40) {
			set16(p + inner + 4, count - inner - 40);
			if (p[inner + 6] == 17)
				set16(p + inner + 44, count - inner - 40);
			return;
		}
}

static size_t make(const char *hex, uint8_t *p)
{
	size_t count = from_hex(hex, p);

	set_lengths(p, count);
	return count;
}

static void assert_same_level(const struct wire_level *a, const struct wire_level *b, const char *hex)
{
	const struct wire_gtpu *g = &a->gtpu, *h = &b->gtpu;
	bool same = memcmp(&a->source, &b->source, 16) == 0 && memcmp(&a->destination, &b->destination, 16) == 0 &&
		    a->source_port == b->source_port && a->destination_port == b->destination_port &&
		    a->transport == b->transport && a->hops == b->hops && a->carrier == b->carrier &&
		    a->flags == b->flags && a->tunnel == b->tunnel && a->ip_bytes == b->ip_bytes &&
		    a->ip_id == b->ip_id && a->payload_bytes == b->payload_bytes &&
		    a->payload_length == b->payload_length && a->tcp_sequence == b->tcp_sequence &&
		    a->tcp_flags == b->tcp_flags && a->protocol == b->protocol && a->fault == b->fault;

	/* Not the pointers: fragments that were joined lie elsewhere. */
	same = same && (!a->payload_bytes || memcmp(a->payload, b->payload, a->payload_bytes) == 0);
	same = same && g->type == h->type && g->flags == h->flags && g->qfi == h->qfi && g->n_pdu == h->n_pdu &&
	       g->teid == h->teid && g->sequence == h->sequence && g->header == h->header;
	if (!same)
		fail_msg("the two ways differ on a change of %s", hex);
}

struct ways {
	struct bench fast, slow, brief;
};

static void ways_open(struct ways *w, bool inside)
{
	bench_open(&w->fast);
	bench_open(&w->slow);
	bench_open(&w->brief);
	wire_look_inside(w->fast.wire, inside);
	wire_look_inside(w->slow.wire, inside);
	wire_look_inside(w->brief.wire, inside);
	wire_be_brief(w->brief.wire, true);
}

static void ways_close(struct ways *w)
{
	bench_close(&w->fast);
	bench_close(&w->slow);
	bench_close(&w->brief);
}

static void both_ways(struct bench *t, struct bench *u, const uint8_t *bytes, uint32_t captured, uint32_t length,
		      const char *hex)
{
	const struct wire_packet *p = t->b->packets, *q = u->b->packets;

	t->b->frame_count = u->b->frame_count = 1;
	t->b->frames[0] =
		(struct wire_frame){ .bytes = bytes, .captured = captured, .length = length, .link = LINK_ETHERNET };
	u->b->frames[0] = (struct wire_frame){
		.bytes = bytes + HEADER, .captured = captured - HEADER, .length = length - HEADER, .link = LINK_RAW
	};
	wire_decode(t->wire, t->b);
	wire_decode(u->wire, u->b);
	if (p->count != q->count || p->fault != q->fault || p->protocol != q->protocol || p->messages != q->messages ||
	    p->direction != q->direction || p->vlan[0] || p->vlan[1] || p->mpls)
		fail_msg("the two ways differ on a change of %s", hex);
	for (unsigned l = 0; l < p->count; l++)
		assert_same_level(&p->levels[l], &q->levels[l], hex);
}

/* Is what is told in brief of the packet what stands in its headers? Unfolds it; false where it is not told in brief. */
static bool check_brief(struct wire_batch *b, const char *hex)
{
	const struct wire_brief *x = &b->briefs[0];
	const struct wire_level *l = b->packets[0].levels;
	struct wire_level inner = { 0 };
	const uint8_t *payload;
	uint32_t length;

	if (!b->brief)
		return false;
	payload = wire_brief_payload(b, 0, &length);
	wire_unfold_inner(b, 0, &inner);
	assert_int_equal(inner.protocol, WIRE_NONE);
	wire_unfold(b, 0);
	assert_int_equal(b->brief, 0);
	assert_ptr_equal(payload, l[1].payload);
	assert_int_equal(length, l[1].payload_length);
	inner.protocol = l[1].protocol;
	assert_same_level(&inner, &l[1], hex);
	if (x->source != wire_address_half(&l->source) || x->destination != wire_address_half(&l->destination) ||
	    x->teid != l->gtpu.teid || x->inner_bytes != l[1].ip_bytes || !wire_address_is_v4(&l->source) ||
	    !wire_address_is_v4(&l->destination))
		fail_msg("what is told in brief differs on a change of %s", hex);
	return true;
}

/* One datagram all ways; each has a decoder of its own, for what is kept of fragments. True where it was told in brief. */
static bool all_ways(struct ways *ways, const uint8_t *bytes, uint32_t captured, uint32_t length, const char *hex)
{
	struct bench *t = &ways->fast, *u = &ways->slow, *v = &ways->brief;
	const struct wire_packet *r = v->b->packets;
	bool brief;

	both_ways(t, u, bytes, captured, length, hex);
	v->b->frame_count = 1;
	v->b->frames[0] = t->b->frames[0];
	wire_decode(v->wire, v->b);
	brief = check_brief(v->b, hex);
	if (r->count != t->b->packets->count || r->fault != t->b->packets->fault ||
	    r->protocol != t->b->packets->protocol || r->messages != t->b->packets->messages)
		fail_msg("what is told in brief differs on a change of %s", hex);
	for (unsigned l = 0; l < r->count; l++)
		assert_same_level(&r->levels[l], &t->b->packets->levels[l], hex);
	if (memcmp(wire_counters(t->wire), wire_counters(v->wire), sizeof *wire_counters(t->wire)) != 0)
		fail_msg("counters differ on a change of %s", hex);
	return brief;
}

static void same_as_made(void **state)
{
	uint8_t bytes[FRAME_MOST];

	(void)state;
	for (unsigned inside = 0; inside < 2; inside++) {
		struct ways w;

		ways_open(&w, inside);
		for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
			uint32_t count = (uint32_t)make(plain[i], bytes);
			const struct wire_packet *p = w.fast.b->packets;

			/* where subscribers are looked at, nothing is told in brief */
			assert_int_equal(all_ways(&w, bytes, count, count, plain[i]), !inside);
			assert_int_equal(p->fault, WIRE_FINE);
			assert_int_equal(p->count, 2);
			assert_int_equal(p->levels[0].gtpu.teid, 0x1234);
		}
		for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
			uint32_t count = (uint32_t)make(other[i], bytes);

			assert_false(all_ways(&w, bytes, count, count, other[i]));
		}
		ways_close(&w);
	}
}

static void same_after_changes(void **state)
{
	enum { PLAIN = sizeof plain / sizeof *plain, ALL = PLAIN + sizeof other / sizeof *other };
	uint64_t random = 0x9E3779B97F4A7C15u;
	uint8_t bytes[FRAME_MOST];
	unsigned fine = 0, brief = 0;
	struct ways w;

	(void)state;
	ways_open(&w, false);
	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t which = next(&random) % ALL;
		const char *hex = which < PLAIN ? plain[which] : other[which - PLAIN];
		uint32_t count = (uint32_t)make(hex, bytes), length;

		for (uint64_t n = next(&random) % 3; n; n--) {
			/* not the first: LINKTYPE_RAW has nothing else to tell IPv4 from IPv6 by */
			uint64_t at = HEADER + 1 + next(&random) % (count - HEADER - 1);

			bytes[at] = next(&random) % 2 ? (uint8_t)next(&random)
						      : (uint8_t)(bytes[at] ^ 1u << next(&random) % 8);
		}
		length = count;
		if (next(&random) % 8 == 0) /* padding, or a cut capture */
			length += (uint32_t)(next(&random) % 20);
		if (next(&random) % 8 == 0)
			count -= (uint32_t)(next(&random) % (count - HEADER));
		else
			count = length;
		memset(bytes + count, 0, sizeof bytes - count);
		brief += all_ways(&w, bytes, count, length, hex);
		fine += w.fast.b->packets[0].fault == WIRE_FINE && w.fast.b->packets[0].count == 2;
	}
	assert_true(fine > ROUNDS / 10); /* else the changes leave nothing for the short way */
	assert_true(brief > ROUNDS / 10);
	ways_close(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_made),
		cmocka_unit_test(same_after_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
