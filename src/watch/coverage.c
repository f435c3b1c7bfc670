/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coverage: what was seen of what is declared, how much could not be read, and what therefore can't be said. A clean
 * result is worth as much as this page.
 */
#include "watch/internal.h"

#include <string.h>

enum { SENTENCES = 64 + WATCH_THRESHOLDS + 8 * WATCH_TAPS };

static void see_elements(struct watch *w, struct watch_coverage *c)
{
	const struct net *net = w->options.net;
	size_t count = net ? net->table[NET_ELEMENTS].rows : 0;
	struct watch_seen *seen = arena_array(w->arena, count + 1, sizeof *seen);

	for (size_t e = 0; e < count; e++)
		seen[e].id = net_id(net, NET_ELEMENTS, (uint32_t)e);
	for (uint32_t i = 0; i < w->peers.count; i++) {
		const struct watch_peer *p = watch_peer_at(w, i);

		if (p->element != WATCH_NONE)
			seen[p->element].packets += p->packets_sent + p->packets_received;
	}
	for (size_t e = 0; e < count; e++) {
		seen[e].is_seen = seen[e].packets > 0;
		c->elements_seen += seen[e].is_seen;
	}
	c->elements = seen;
	c->element_count = count;
}

/* Two elements, whichever speaks: a link has no direction. */
static uint64_t ends_hash(uint32_t a, uint32_t b)
{
	uint32_t ends[2] = { a < b ? a : b, a < b ? b : a };

	return watch_index_hash(hash_bytes(ends, sizeof ends));
}

static struct watch_index index_ends(struct watch *w)
{
	struct watch_index index;

	watch_index_init_for(&index, w->arena, w->pairs.count);
	for (uint32_t i = 0; i < w->pairs.count; i++) {
		const struct watch_pair *p = watch_pair_at(w, i);
		uint32_t from = watch_element_of(w, p->from), to = watch_element_of(w, p->to);

		if (from != WATCH_NONE && to != WATCH_NONE)
			watch_index_put(&index, w->arena, ends_hash(from, to), i);
	}
	return index;
}

static uint64_t link_packets(const struct watch *w, const struct watch_index *index, uint32_t a, uint32_t b,
			     uint32_t point)
{
	uint64_t hash = ends_hash(a, b), packets = 0;

	WATCH_INDEX_EACH(index, hash, row)
	{
		const struct watch_pair *p = watch_pair_at(w, row);
		uint32_t from = watch_element_of(w, p->from), to = watch_element_of(w, p->to);

		if (!(from == a && to == b) && !(from == b && to == a))
			continue;
		for (unsigned k = 0; k < p->point_count; k++)
			if (p->points[k] == point || !CODE_IS_KNOWN(point)) {
				packets += p->packets;
				break;
			}
	}
	return packets;
}

/* An element whose links pass no tap can't be seen; one without a link may be anywhere. */
static void sight_elements(struct watch *w, struct watch_coverage *c, const struct net_column *a,
			   const struct net_column *b, const uint32_t *points)
{
	struct watch_seen *seen = (struct watch_seen *)(uintptr_t)c->elements;
	bool *in_sight = arena_array(w->arena, c->element_count + 1, sizeof *in_sight);

	for (uint32_t i = 0; i < c->link_count; i++) {
		bool is_there = watch_link_is_in_sight(w, i, points ? points[i] : CODE_UNKNOWN);

		for (unsigned k = 0; k < 2; k++) {
			uint32_t end = (k ? b : a)->codes[i];

			if (!CODE_IS_KNOWN(end))
				continue;
			in_sight[end] |= is_there;
			seen[end].is_out_of_sight = !seen[end].is_seen;
		}
	}
	for (size_t e = 0; e < c->element_count; e++) {
		seen[e].is_out_of_sight &= !in_sight[e];
		c->elements_out_of_sight += seen[e].is_out_of_sight;
	}
}

static void see_links(struct watch *w, struct watch_coverage *c)
{
	const struct net *net = w->options.net;
	size_t count = net ? net->table[NET_LINKS].rows : 0;
	struct watch_seen *seen = arena_array(w->arena, count + 1, sizeof *seen);
	const struct net_column *a = count ? net_column(net, NET_LINKS, "a") : NULL,
				*b = count ? net_column(net, NET_LINKS, "b") : NULL,
				*column = count ? net_column(net, NET_LINKS, "reference_point") : NULL;
	const uint32_t *points = column ? column->codes : NULL;
	struct watch_index index = index_ends(w);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t point = points ? points[i] : CODE_UNKNOWN;

		seen[i].id = net_link_id(net, i, w->arena);
		seen[i].packets = link_packets(w, &index, a->codes[i], b->codes[i], point);
		seen[i].is_seen = seen[i].packets > 0;
		seen[i].is_out_of_sight = !seen[i].is_seen && !watch_link_is_in_sight(w, i, point);
		c->links_seen += seen[i].is_seen;
		c->links_out_of_sight += seen[i].is_out_of_sight;
	}
	c->links = seen;
	c->link_count = count;
	if (count)
		sight_elements(w, c, a, b, points);
}

static void say(struct watch *w, struct watch_coverage *c, bool holds, const char *sentence)
{
	const char **list = (const char **)(uintptr_t)c->cannot;

	if (!list)
		list = arena_array(w->arena, SENTENCES, sizeof *list);
	c->cannot = list;
	if (holds && c->cannot_count < SENTENCES)
		list[c->cannot_count++] = sentence;
}

static void say_turned_away(struct watch *w, struct watch_coverage *c)
{
	const struct watch_counters *n = &w->counters;
	const struct {
		const char *what;
		uint64_t count;
	} tables[] = {
		{ "new addresses", n->peers_full },        { "new pairs", n->pairs_full },
		{ "new tunnels", n->tunnels_full },        { "new sessions", n->sessions_full },
		{ "new forwarding rules", n->rules_full }, { "one more request that waits", n->requests_full },
		{ "one more finding", n->findings_full },  { "one more thing that a check remembers", n->checks_full },
	};

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		say(w, c, tables[i].count,
		    arena_printf(w->arena, "a table was full and had no room for %s, %llu times: that was not followed",
				 tables[i].what, (unsigned long long)tables[i].count));
}

/* Another number than the table's decides something else. */
static void say_thresholds(struct watch *w, struct watch_coverage *c)
{
	for (size_t i = 0; i < watch_threshold_count(); i++) {
		const struct watch_threshold *t = watch_threshold_at(i);

		say(w, c, w->thresholds[i] != t->value,
		    arena_printf(w->arena, "%s was set to %lld %s instead of %lld", t->name,
				 (long long)w->thresholds[i], t->unit, (long long)t->value));
	}
}

static void say_all(struct watch *w, struct watch_coverage *c)
{
	say_thresholds(w, c);
	say(w, c, !w->counters.control_messages,
	    "no control plane was decoded: whether tunnels were ordered can't be said");
	say(w, c, !w->options.net, "no inventory was given: who is declared and who is not can't be said");
	say(w, c, watch_unplaced_count(w),
	    arena_printf(
		    w->arena,
		    "declared elements without an address in the inventory: %zu of %zu; a stranger may be one of them",
		    watch_unplaced_count(w), c->element_count));
	watch_tapped_say(w, c, say);
	say(w, c, c->encrypted, "what went under encryption was counted and not read");
	say(w, c, c->truncated, "what the capture has cut off was not read");
	say(w, c, c->dropped, "what was lost before it reached the capture was not seen");
	say(w, c, w->interrupted,
	    arena_printf(w->arena,
			 "%llu of %zu interfaces were down or went away while they were heard: what came meanwhile was "
			 "not seen",
			 (unsigned long long)w->interrupted, w->options.tap_count));
	say(w, c, c->before_probe && c->before_probe != WATCH_NOT_KNOWN,
	    arena_printf(w->arena, "before the probe, in the adapter or a queue of the kernel, %llu frames were lost",
			 (unsigned long long)c->before_probe));
	say(w, c, c->broken_off,
	    arena_printf(w->arena,
			 "%llu of %zu captures broke off inside a record or could not be read on: what came after was "
			 "not seen",
			 (unsigned long long)c->broken_off, w->options.tap_count));
	say(w, c, c->element_count > c->elements_seen + c->elements_out_of_sight,
	    "nothing can be said of declared elements that were not seen");
	say(w, c, c->link_count > c->links_seen + c->links_out_of_sight,
	    "nothing can be said of declared links that were not seen");
	say(w, c, c->links_out_of_sight,
	    arena_printf(w->arena,
			 "by taps.csv %zu declared links pass no tap in clear: what they carry was not to be seen",
			 c->links_out_of_sight));
	say_turned_away(w, c);
	say(w, c, w->counters.sessions_again + w->counters.tunnels_again,
	    arena_printf(
		    w->arena,
		    "full tables forgot %llu sessions and %llu tunnels that were over for new ones: what came later "
		    "for one of them was not known any more",
		    (unsigned long long)w->counters.sessions_again, (unsigned long long)w->counters.tunnels_again));
	say(w, c, w->counters.silent_again,
	    arena_printf(w->arena,
			 "of %llu of these nobody had told the end, only long silence: that a tunnel was never ordered "
			 "is then not certain",
			 (unsigned long long)w->counters.silent_again));
	say(w, c, w->counters.payloads_left_out,
	    arena_printf(w->arena,
			 "more user packets came than can be remembered: %llu of %llu were not compared with others",
			 (unsigned long long)w->counters.payloads_left_out, (unsigned long long)w->counters.payloads));
	say(w, c, w->counters.payloads_forgotten,
	    "more user packets came than can be remembered for the whole window: a late copy may have been missed");
	say(w, c, !watch_limit(w, WATCH_COPY_WINDOW), "copies of user payload were not looked for");
	say(w, c, watch_limit(w, WATCH_COPY_WINDOW),
	    arena_printf(
		    w->arena,
		    "a copy of user payload that was encrypted, compressed or sent more than %lld ms later would not "
		    "have been seen",
		    (long long)watch_limit(w, WATCH_COPY_WINDOW)));
	say(w, c, true, "what functions on one host say to each other does not reach a tap");
}

/* Nothing of the control plane, or too many lost: of the frames, or of the bytes of captures that broke off. */
static bool is_too_little(const struct watch *w, uint64_t lost, uint64_t all)
{
	int64_t percent = watch_limit(w, WATCH_LOST_MOST);

	return !w->counters.control_messages || (wide)lost * 100 > (wide)all * percent ||
	       (wide)w->unread * (100 - percent) > (wide)w->counters.bytes * percent;
}

void watch_coverage_list(struct watch *w, const struct wire_counters *wire, uint64_t dropped, struct watch_result *r)
{
	struct watch_coverage *c = &r->coverage;
	uint64_t lost = dropped + w->broken_off; /* the record that is not whole */

	c->first_ns = w->first_ns;
	c->last_ns = w->last_ns;
	c->dropped = lost;
	c->broken_off = w->broken_off;
	c->before_probe = w->before_probe;
	if (c->before_probe != WATCH_NOT_KNOWN)
		lost += c->before_probe;
	c->encrypted = wire->frames[WIRE_ENCRYPTED];
	c->truncated = w->counters.not_judged[WATCH_CUT];
	c->undecodable = w->counters.not_judged[WATCH_UNDECODABLE];
	see_elements(w, c);
	see_links(w, c);
	c->too_little = is_too_little(w, lost + c->truncated + c->undecodable + w->counters.not_judged[WATCH_NO_ROOM],
				      w->counters.read + lost);
	say_all(w, c);
}
