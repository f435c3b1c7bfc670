/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What taps.csv decides. A tap that hears one direction, or one frame in so many, misses orders and answers; frames that
 * are cut shorter than it says were not all seen; of a link that passes no tap it says nothing that it was not seen. And
 * the other way round: which pairs passed which tap, for the checks that hold the two against each other.
 */
#include "watch/tapped.h"

#include <string.h>
#include <strings.h>

static const struct watch_tap *tap_at(const struct watch *w, size_t tap)
{
	return &w->options.taps[tap];
}

/* ---- at the start ---- */

/* What orders tunnels: a link that is not known to carry users or management alone may. */
static bool may_order(const struct watch_tap *tap)
{
	static const char *const others[] = { "GTP-U", "IP", "SSH", "NETCONF", "SNMP", "DNS", "HTTPS" };

	if (!tap->link_count)
		return true;
	for (size_t i = 0; i < tap->link_count; i++) {
		uint32_t point = tap->links[i].point;
		const char *protocol = CODE_IS_KNOWN(point) ? net_reference_points[point].protocol : NULL;
		bool orders = true;

		for (size_t k = 0; protocol && k < sizeof others / sizeof *others; k++)
			orders &= strcasecmp(protocol, others[k]) != 0;
		if (orders)
			return true;
	}
	return false;
}

static bool passes(const struct watch_tap *tap, const struct watch_passing *p)
{
	for (size_t i = 0; i < tap->link_count; i++)
		if (tap->links[i].link == p->link && (CODE_IS_KNOWN(p->link) || tap->links[i].point == p->point))
			return true;
	return false;
}

static bool same_links(const struct watch_tap *a, const struct watch_tap *b)
{
	for (size_t i = 0; i < a->link_count; i++)
		if (!passes(b, &a->links[i]))
			return false;
	for (size_t i = 0; i < b->link_count; i++)
		if (!passes(a, &b->links[i]))
			return false;
	return true;
}

/* The tap that hears the other direction of a one-way tap's links: a pair of monitor ports. */
static const struct watch_tap *other_half(const struct watch *w, const struct watch_tap *tap)
{
	for (size_t i = 0; i < w->options.tap_count; i++) {
		const struct watch_tap *other = tap_at(w, i);

		if (other->declared && other->direction != WATCH_BOTH_WAYS && other->direction != tap->direction &&
		    other->side == tap->side && same_links(tap, other))
			return other;
	}
	return NULL;
}

/* The two clocks that may be furthest from each other. */
static int64_t clocks_apart(const struct watch *w)
{
	int64_t worst = 0, next = 0;

	for (size_t i = 0; w->options.tap_count > 1 && i < w->options.tap_count; i++) {
		int64_t error = tap_at(w, i)->clock_error_ns;

		if (error > worst) {
			next = worst;
			worst = error;
		} else if (error > next) {
			next = error;
		}
	}
	return worst + next;
}

static void begin_tap(struct watch *w, struct watch_tapped *t, size_t i)
{
	const struct watch_tap *tap = tap_at(w, i), *other;

	t->declared |= tap->declared;
	t->undeclared |= !tap->declared;
	t->follows |= tap->link_count || tap->side != WATCH_SIDE_UNKNOWN;
	if (tap->sampled > 1 && may_order(tap))
		t->orders_missing = true;
	if (tap->direction == WATCH_BOTH_WAYS)
		return;
	other = other_half(w, tap);
	t->taps[i].is_half = !other;
	t->half |= !other;
	if (may_order(tap) && !other)
		t->orders_missing = true;
}

void watch_tapped_init(struct watch *w)
{
	struct watch_tapped *t = arena_alloc(w->arena, sizeof *t);

	w->tapped = t;
	t->taps = arena_array(w->arena, w->options.tap_count + 1, sizeof *t->taps);
	watch_rows_init(&t->rows, sizeof(struct watch_passed), WATCH_PASSED);
	for (size_t i = 0; i < w->options.tap_count; i++)
		begin_tap(w, t, i);
	t->apart_ns = clocks_apart(w);
}

/* ---- each batch ---- */

static struct watch_passed *passed_at(const struct watch_tapped *t, uint32_t row)
{
	return &((struct watch_passed *)t->rows.items)[row];
}

static void meet(struct watch *w, uint32_t pair, const struct wire_frame *f, uint64_t frame)
{
	struct watch_tapped *t = w->tapped;
	uint32_t row;

	if (pair >= t->room) {
		uint32_t room = t->room ? t->room : 256;

		while (room <= pair)
			room *= 2;
		t->first = arena_grow(w->arena, t->first, t->room * sizeof *t->first, room * sizeof *t->first);
		memset(t->first + t->room, 0xff, (room - t->room) * sizeof *t->first);
		t->room = room;
	}
	for (row = t->first[pair]; row != WATCH_NONE; row = passed_at(t, row)->next)
		if (passed_at(t, row)->tap == f->tap) {
			passed_at(t, row)->packets++;
			return;
		}
	row = watch_rows_add(&t->rows, w->arena);
	if (row == WATCH_NONE) {
		w->counters.checks_full++;
		return;
	}
	*passed_at(t, row) = (struct watch_passed){
		.pair = pair, .next = t->first[pair], .tap = f->tap, .packets = 1, .frame = frame, .time_ns = f->time_ns
	};
	t->first[pair] = row;
}

static bool is_wrapped(const struct wire_packet *p, enum watch_outer outer)
{
	static const uint8_t carriers[] = {
		[WATCH_OUTER_VXLAN] = WIRE_IN_VXLAN, [WATCH_OUTER_GRE] = WIRE_IN_GRE, [WATCH_OUTER_IP] = WIRE_IN_IP
	};

	return p->count > 1 && p->levels[1].carrier == carriers[outer];
}

unsigned watch_base_level(const struct watch *w, const struct wire_frame *f, const struct wire_packet *p)
{
	const struct watch_tap *tap = f->tap < w->options.tap_count ? tap_at(w, f->tap) : NULL;

	return tap && tap->outer != WATCH_OUTER_NONE && is_wrapped(p, tap->outer);
}

void watch_tapped_batch(struct watch *w, const struct wire_batch *b)
{
	struct watch_tapped *t = w->tapped;

	for (unsigned i = 0; t->declared && i < b->frame_count; i++) {
		const struct wire_frame *f = &b->frames[i];
		const struct watch_mark *mark = &w->marks[i];
		const struct watch_tap *tap = f->tap < w->options.tap_count ? tap_at(w, f->tap) : NULL;

		if (!tap || !tap->declared)
			continue;
		t->taps[f->tap].frames++;
		if (f->captured < f->length) {
			bool as_said = tap->snap_bytes && f->captured >= tap->snap_bytes;

			t->taps[f->tap].cut += as_said;
			t->taps[f->tap].cut_shorter += !as_said;
		}
		t->taps[f->tap].encrypted += mark->reason == WATCH_UNREADABLE;
		t->taps[f->tap].unwrapped += tap->outer != WATCH_OUTER_NONE && b->packets[i].count &&
					     !is_wrapped(&b->packets[i], tap->outer);
		if (t->follows && mark->pair != WATCH_NONE)
			meet(w, mark->pair, f, mark->frame);
	}
}

/* ---- what is asked ---- */

bool watch_frame_is_half(const struct watch *w, uint64_t frame)
{
	size_t tap = frame >> 48;

	return tap < w->options.tap_count && w->tapped->taps[tap].is_half;
}

bool watch_orders_may_be_missing(const struct watch *w)
{
	return w->tapped->orders_missing;
}

bool watch_taps_are_whole(const struct watch *w)
{
	const struct watch_tapped *t = w->tapped;

	for (size_t i = 0; i < w->options.tap_count; i++)
		if (!tap_at(w, i)->declared || tap_at(w, i)->sampled > 1 || t->taps[i].is_half ||
		    t->taps[i].cut_shorter)
			return false;
	return w->options.tap_count && !w->dropped && !t->orders_missing;
}

int64_t watch_clock_error(const struct watch *w, uint64_t frame_a, uint64_t frame_b)
{
	size_t a = frame_a >> 48, b = frame_b >> 48;

	if (a == b || a >= w->options.tap_count || b >= w->options.tap_count)
		return 0;
	return tap_at(w, a)->clock_error_ns + tap_at(w, b)->clock_error_ns;
}

int64_t watch_clocks_apart(const struct watch *w)
{
	return w->tapped->apart_ns;
}

bool watch_link_is_in_sight(const struct watch *w, uint32_t link, uint32_t point)
{
	if (w->tapped->undeclared || !CODE_IS_KNOWN(point))
		return true;
	for (size_t i = 0; i < w->options.tap_count; i++) {
		const struct watch_tap *tap = tap_at(w, i);
		struct watch_passing all = { point, CODE_UNKNOWN }, one = { point, link };

		if (tap->side != WATCH_SIDE_ENCRYPTED && (!tap->link_count || passes(tap, &all) || passes(tap, &one)))
			return true;
	}
	return false;
}

size_t watch_passed_count(const struct watch *w)
{
	return w->tapped->rows.count;
}

const struct watch_passed *watch_passed_at(const struct watch *w, size_t row)
{
	return passed_at(w->tapped, (uint32_t)row);
}

/* ---- what is said of it ---- */

typedef void say_fn(struct watch *, struct watch_coverage *, bool holds, const char *sentence);

static const char *count_text(struct watch *w, uint64_t count, uint64_t all)
{
	return arena_printf(w->arena, "%llu of %llu frames", (unsigned long long)count, (unsigned long long)all);
}

static void say_tap(struct watch *w, struct watch_coverage *c, size_t i, say_fn *say)
{
	const struct watch_tap *tap = tap_at(w, i);
	const struct watch_tap_count *n = &w->tapped->taps[i];
	const char *name = tap->name;

	say(w, c, tap->sampled > 1,
	    arena_printf(w->arena, "tap %s has one frame in %u: unordered and ended tunnels can't be told there", name,
			 tap->sampled));
	say(w, c, n->is_half,
	    arena_printf(w->arena,
			 "tap %s hears one direction: what rests on an answer (accepted rules, releases), on what was "
			 "received or on another's numbers can't be told there",
			 name));
	say(w, c, n->cut,
	    arena_printf(w->arena, "tap %s keeps %u bytes: of %s the rest was not read", name, tap->snap_bytes,
			 count_text(w, n->cut, n->frames)));
	say(w, c, n->cut_shorter,
	    arena_printf(w->arena,
			 "tap %s cut %s shorter than taps.csv says: nothing that rests on absence or order is certain",
			 name, count_text(w, n->cut_shorter, n->frames)));
	say(w, c, tap->copies == WATCH_COPIES_TAKEN_OUT,
	    arena_printf(w->arena, "tap %s is deduplicated: a copy that is the same to the last byte was taken out",
			 name));
	say(w, c, tap->side == WATCH_SIDE_CLEAR && n->encrypted,
	    arena_printf(w->arena, "tap %s is on the clear side of its gateway, and %s were encrypted all the same",
			 name, count_text(w, n->encrypted, n->frames)));
	say(w, c, tap->side == WATCH_SIDE_ENCRYPTED,
	    arena_printf(w->arena, "tap %s is on the encrypted side of its gateway: %s were under ESP and not read",
			 name, count_text(w, n->encrypted, n->frames)));
	say(w, c, n->unwrapped,
	    arena_printf(w->arena, "at tap %s %s were not in the outer encapsulation that taps.csv says", name,
			 count_text(w, n->unwrapped, n->frames)));
}

void watch_tapped_say(struct watch *w, struct watch_coverage *c, say_fn *say)
{
	say(w, c, !w->tapped->declared, "no taps.csv was given: nothing that rests on absence or order is certain");
	say(w, c, w->tapped->declared && w->tapped->undeclared,
	    "a capture has no row in taps.csv: nothing that rests on absence or order is certain");
	for (size_t i = 0; i < w->options.tap_count; i++)
		if (tap_at(w, i)->declared)
			say_tap(w, c, i, say);
	say(w, c, w->tapped->orders_missing,
	    "orders of tunnels may have passed unheard, by what taps.csv says: no tunnel is called unordered or ended");
}
