/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a capture, watched with an inventory, interception, an encapsulation and two taps whose clocks are apart,
 * with an inventory and small tables, and with nothing: every frame ends in one place, every tunnel, pair and session lies
 * in its table, and a finding has what its shape promises. Where ordinary G-PDUs are told in brief the result is the same,
 * and where the decoder takes notes of them beforehand.
 *
 * # proviso-deps: base lang wire net evidence policy watch
 */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "watch/watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static const char elements[] = "element,site,function,vendor,group,addresses\n"
			       "gnb1,a,gNB,x,,10.1.1.1 10.1.1.2\n"
			       "amf1,a,AMF,x,pool,10.2.1.1 10.2.1.2\n"
			       "smf1,a,SMF,y,,10.2.2.1 10.2.2.2\n"
			       "upf1,a,UPF,y,,10.3.1.1 10.3.1.2 10.3.1.3\n"
			       "net,a,DN,,,203.0.113.0/24 2001:db8::/32\n";
static const char links[] = "a,b,reference_point\ngnb1,amf1,N2\ngnb1,upf1,N3\n";
static const char vendors[] = "vendor\nx\ny\n", sites[] = "site\na\n";

static void check(bool holds)
{
	if (!holds)
		abort();
}

static const struct net *inventory(struct arena *a, struct strs *strs, struct diagnostics *d)
{
	struct net_input inputs[] = {
		{ NET_VENDORS, source_of_memory(a, "vendors.csv", vendors, sizeof vendors - 1) },
		{ NET_SITES, source_of_memory(a, "sites.csv", sites, sizeof sites - 1) },
		{ NET_ELEMENTS, source_of_memory(a, "elements.csv", elements, sizeof elements - 1) },
		{ NET_LINKS, source_of_memory(a, "links.csv", links, sizeof links - 1) },
	};
	struct net *proposed;

	return net_load(a, strs, d, inputs, 4, NULL, 0, &proposed);
}

struct outcome {
	struct watch_counters counters;
	uint64_t observed, bytes, findings;
};

static void observe(void *context, const struct watch_observation *o)
{
	struct outcome *out = context;

	check(o->packets > 0 && o->reference_point && o->protocol);
	out->observed += o->packets;
	out->bytes += o->bytes;
}

static void check_result(const struct watch_result *r, const struct wire_counters *n, uint64_t observed)
{
	uint64_t sum = r->counters.judged, frames = 0;

	for (unsigned i = 0; i < WATCH_REASONS; i++)
		sum += r->counters.not_judged[i];
	for (unsigned i = 0; i < WIRE_FAULTS; i++)
		frames += n->frames[i];
	check(sum == r->counters.read && frames == r->counters.read && observed <= r->counters.read);
	check(r->counters.tunnels_ordered <= r->counters.tunnels_used &&
	      r->counters.tunnels_used <= r->counters.tunnels);
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct watch_finding *f = &r->findings[i];

		check(f->finding.subject && f->wire.peer && f->finding.explanation && f->finding.wire == &f->wire);
		check(f->wire.frame_count <= WATCH_FRAMES && f->wire.first_ns <= f->wire.last_ns);
	}
	watch_exit(r);
}

static uint64_t digest(const struct watch_result *r)
{
	uint64_t sum = r->finding_count;

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct watch_finding *f = &r->findings[i];
		uint64_t key[3] = { sum, f->certainty, f->wire.packets };

		sum = hash_seeded(f->finding.explanation, strlen(f->finding.explanation), hash_bytes(key, sizeof key));
	}
	return sum;
}

enum way { WHOLE, BRIEF, NOTED };
enum with { NOTHING, INVENTORY, ALL }; /* ALL: interception, an encapsulation and a second tap too */

/* Of two frames the second is heard first, at another tap: answers come before their requests. */
static void on_two_taps(struct wire_batch *b)
{
	for (unsigned i = 0; i + 1 < b->frame_count; i += 2) {
		struct wire_frame first = b->frames[i];

		b->frames[i] = b->frames[i + 1];
		b->frames[i].tap = 1;
		b->frames[i + 1] = first;
	}
}

/* Read once: it is the same each time. */
static const struct net *the_inventory(void)
{
	static const struct net *net;
	static struct arena *a;
	struct diagnostics d;

	if (!net) {
		a = arena_new();
		diagnostics_init(&d, a);
		net = inventory(a, strs_new(a), &d);
		check(net && !d.errors);
		diagnostics_free(&d);
	}
	return net;
}

static struct outcome watch_once(const uint8_t *bytes, size_t count, enum with with, enum way way)
{
	struct arena *a = arena_new();
	struct wire_options wire_options = { .user = { [3] = WIRE_S1AP, [5] = WIRE_NGAP, [6] = WIRE_F1AP } };
	struct wire_address li_address = { { 0 } };
	struct watch_li li = { &li_address, 1 };
	struct watch_tap tap = { .name = "fuzz",
				 .input = "fuzz",
				 .sampled = 1,
				 .declared = with == ALL,
				 .clock_error_ns = with == ALL ? 5000000000 : 0,
				 .outer = with == ALL ? WATCH_OUTER_VXLAN : WATCH_OUTER_NONE };
	struct watch_tap taps[] = { tap, tap };
	struct outcome out = { 0 };
	struct diagnostics d;
	struct watch_options o = {
		.diagnostics = &d, .taps = taps, .tap_count = 1, .seed = 7, .observe = observe, .observe_context = &out
	};
	struct wire_capture *c;

	int64_t *thresholds = arena_array(a, watch_threshold_count(), sizeof *thresholds);

	for (size_t i = 0; i < watch_threshold_count(); i++)
		thresholds[i] = watch_threshold_at(i)->value;
	thresholds[watch_threshold_find("copy-window")] = 10; /* its table is most of a run's time */
	o.thresholds = thresholds;
	diagnostics_init(&d, a);
	memcpy(li_address.bytes, (const uint8_t[]){ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 3, 1, 9 }, 16);
	o.strs = strs_new(a);
	if (with != NOTHING)
		o.net = the_inventory();
	if (with == ALL) {
		o.li = &li;
		o.tap_count = 2;
		taps[1].outer = WATCH_OUTER_NONE;
	}
	if (with == INVENTORY) { /* tables that are full soon */
		o.most_tunnels = 24;
		o.most_sessions = 6;
	}
	c = wire_capture_open(a, source_of_memory(a, "fuzz", bytes, count), &wire_options, &d);
	if (c) {
		struct wire *wire = wire_new(a);
		struct wire_batch *b = wire_batch_new(a);
		struct watch *w = watch_new(a, &o);
		const struct watch_result *r;

		wire_be_brief(wire, way != WHOLE);
		if (way == NOTED)
			watch_note_ahead(w, wire);
		while (wire_read(&c, 1, b)) {
			if (with == ALL)
				on_two_taps(b);
			wire_decode(wire, b);
			watch_batch(w, b);
		}
		r = watch_finish(w, wire_counters(wire), 0);
		check_result(r, wire_counters(wire), out.observed);
		out.counters = r->counters;
		out.findings = digest(r);
	}
	diagnostics_free(&d);
	arena_free(a);
	return out;
}

/* By which the seeds take turns, too: each way is a whole run more. */
static enum way other_way(size_t count)
{
	return count % 2 ? BRIEF : NOTED;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	enum way other = other_way(count);

	for (enum with with = NOTHING; with < ALL; with++) {
		struct outcome whole = watch_once(bytes, count, with, WHOLE), same = watch_once(bytes, count, with, other);

		check(memcmp(&same, &whole, sizeof whole) == 0);
	}
	watch_once(bytes, count, ALL, other);
	return 0;
}
