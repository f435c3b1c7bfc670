/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policies' allow, deny and `forbid A reaching B` against what was heard: each pair of declared elements once, with the
 * reference points that it may be. Of the last what speaks directly is a path; one by way of others no pair shows. A finding a rule's statement and pair of elements. Undeclared ends are the checks' business, not the
 * policy's: no set of a policy has them.
 */
#include "watch/internal.h"

#include <string.h>

enum { NO = 0, MAYBE = 2, YES = 3 }; /* Kleene's, as policy has them */

struct watch_policy {
	const struct policy_link *links;
	size_t count;
	struct watch_policy *next;
};

static uint8_t both_not(uint8_t v)
{
	return (uint8_t)(((v & 1) ^ 1) << 1 | ((v >> 1) ^ 1));
}

void watch_policy_init(struct watch *w)
{
	for (size_t i = w->options.net ? w->options.policy_count : 0; i-- > 0;) {
		struct policy_question q = { .net = w->options.net,
					     .evidence = w->options.evidence,
					     .on = w->options.on,
					     .threads = 1,
					     .strs = w->options.strs,
					     .arena = w->arena,
					     .diagnostics = w->options.diagnostics,
					     .brief = true };
		struct watch_policy *p = arena_alloc(w->arena, sizeof *p);

		p->links = policy_links(w->options.policies[i], &q, &p->count);
		p->next = w->policy;
		w->policy = p;
	}
}

/* SBI is what all service-based reference points are: whoever names it means N8 and N11, too. */
static bool covers(uint32_t wide, uint32_t point)
{
	const struct net_reference_point *w = &net_reference_points[wide], *p = &net_reference_points[point];

	return wide == point ||
	       (strcmp(w->name, "SBI") == 0 && w->protocol && p->protocol && strcmp(w->protocol, p->protocol) == 0);
}

static uint8_t over(const struct policy_link *l, const struct watch_pair *p)
{
	uint8_t value = NO;

	if (!l->over_count)
		return YES;
	if (!p->point_count)
		return MAYBE;
	for (unsigned i = 0; i < p->point_count; i++)
		for (size_t k = 0; k < l->over_count; k++)
			if (covers(l->over[k], p->points[i]))
				value = YES;
	/* all that it may be is one of those: surely; some of it: possibly */
	for (unsigned i = 0; i < p->point_count && value == YES; i++) {
		bool is_one = false;

		for (size_t k = 0; k < l->over_count; k++)
			is_one |= covers(l->over[k], p->points[i]);
		if (!is_one)
			value = MAYBE;
	}
	return value;
}

/* Is an end in a set that the rule of `deny rest` names? */
static uint8_t rest(const struct watch_policy *p, size_t at, uint32_t a, uint32_t b)
{
	uint8_t value = NO;
	bool named = false;

	for (size_t i = 0; i < p->count; i++) {
		const struct policy_link *l = &p->links[i];

		if (l->rest || l->reach || strcmp(l->rule, p->links[at].rule) != 0)
			continue;
		if (!l->a_is_any)
			value |= l->a[a] | l->a[b];
		if (!l->b_is_any)
			value |= l->b[a] | l->b[b];
		named |= !l->a_is_any || !l->b_is_any;
	}
	return named ? value : YES;
}

/* One end in either set, whoever began: a path has no direction. */
static uint8_t reaches(const struct policy_link *l, const struct watch_pair *pair, uint32_t a, uint32_t b)
{
	return ((l->a[a] & l->b[b]) | (l->a[b] & l->b[a])) & over(l, pair);
}

/* starter known: a is who began; else either way. */
static uint8_t matches(const struct watch_policy *p, size_t at, const struct watch_pair *pair, uint32_t a, uint32_t b,
		       bool known)
{
	const struct policy_link *l = &p->links[at];
	uint8_t ends;

	if (l->rest)
		return rest(p, at, a, b);
	ends = l->a[a] & l->b[b];
	if (!known)
		ends |= l->a[b] & l->b[a];
	return ends & over(l, pair);
}

static void tell(struct watch *w, const struct policy_link *l, uint32_t row, uint8_t denied, uint8_t waived)
{
	const struct watch_pair *p = watch_pair_at(w, row);
	uint32_t from = watch_pair_began(w, p),
		 to = from == p->from ? p->to : p->from; /* both directions are one finding */
	bool shared = watch_peer_is_shared(w, from) || watch_peer_is_shared(w, to);
	struct watch_alarm a = { .certainty = denied == YES && !shared ? WATCH_CERTAIN : WATCH_UNKNOWN,
				 .from = from,
				 .to = to,
				 .time_ns = p->first_ns,
				 .frame = p->first_frame,
				 .packets = p->packets };

	if (!watch_alarm_of_rule(w, l, waived == YES, &a))
		return;
	if (l->reach)
		watch_explain(
			w, "%s speaks %s%s%s with %s: %s", watch_peer_name(w, from),
			watch_pair_speaks(p) ? wire_protocol_name(watch_pair_speaks(p)) : "IP",
			p->point_count ? " over " : "", p->point_count ? net_reference_points[p->points[0]].name : "",
			watch_peer_name(w, to),
			denied != YES ? "a path that the rule may forbid: the reference point or a set is not known"
			: shared      ? "a path that the rule forbids, unless another element of the same address spoke"
				      : "a path that the rule forbids");
	else
		watch_explain(w, "%s speaks %s%s%s to %s, which the rule %s", watch_peer_name(w, from),
			      watch_pair_speaks(p) ? wire_protocol_name(watch_pair_speaks(p)) : "IP",
			      p->point_count ? " over " : "",
			      p->point_count ? net_reference_points[p->points[0]].name : "", watch_peer_name(w, to),
			      denied != YES ? "may deny: the reference point or a set is not known"
			      : shared      ? "denies, unless another element of the same address spoke"
					    : "denies");
}

static void judge(struct watch *w, const struct watch_policy *p, uint32_t row)
{
	const struct watch_pair *pair = watch_pair_at(w, row);
	/* TCP and SCTP: the service's side did not start. Of datagrams nobody can tell from one direction. */
	bool known = pair->service.transport != 17 && pair->service.port;
	uint32_t from = watch_element_of(w, pair->from), to = watch_element_of(w, pair->to);
	uint32_t a = pair->from_serves ? to : from, b = pair->from_serves ? from : to;
	const char *rule = NULL;
	uint8_t left = YES;

	for (size_t i = 0; i < p->count; i++) {
		const struct policy_link *l = &p->links[i];
		uint8_t m;

		if (l->reach) {
			m = reaches(l, pair, from, to);
			if (m && l->in_force)
				tell(w, l, row, m, l->waived[from] | l->waived[to]);
			continue;
		}
		if (!rule || strcmp(rule, l->rule) != 0) {
			rule = l->rule;
			left = YES;
		}
		m = left & matches(p, i, pair, a, b, known);
		if (m && !l->allow && l->in_force)
			tell(w, l, row, m, l->waived[from] | l->waived[to]);
		left &= both_not(m);
	}
}

void watch_policy_finish(struct watch *w)
{
	for (const struct watch_policy *p = w->policy; p; p = p->next)
		for (uint32_t i = 0; i < w->pairs.count; i++) {
			const struct watch_pair *pair = watch_pair_at(w, i);
			uint32_t from = watch_element_of(w, pair->from), to = watch_element_of(w, pair->to);

			if (from != WATCH_NONE && to != WATCH_NONE && from != to && pair->packets)
				judge(w, p, i);
		}
}
