/* SPDX-License-Identifier: Apache-2.0 */
/*
 * off-link and clear-outside: what passes a tap where taps.csv says that it does not. off-link: a protocol of the
 * network's own on a tap whose links have none of the reference points that it may be, or in the direction that the tap
 * is said not to hear. It takes another way than was declared where another tap has its link; else taps.csv may not say
 * all, or say it the wrong way round, and that is unknown. clear-outside: the same in clear on the encrypted side of a
 * security gateway, so around it (TS 33.501 clauses 9.2 and 9.3: N2 and N3 are protected where they are not in a trusted
 * place).
 */
#include "watch/tapped.h"

static const struct watch_tap *tap_of(const struct watch *w, const struct watch_passed *x)
{
	return &w->options.taps[x->tap];
}

/* Is there a link at the tap that the pair may be? way: as on that link, from its a end to its b end; 0: either. */
static bool is_on_link(const struct watch *w, const struct watch_pair *p, const struct watch_passing *l, int *way)
{
	const struct net *net = w->options.net;
	uint32_t from = watch_element_of(w, p->from), to = watch_element_of(w, p->to), a, b;

	if (!CODE_IS_KNOWN(l->link)) {
		for (unsigned k = 0; k < p->point_count; k++)
			if (p->points[k] == l->point) {
				*way = watch_point_way(w, l->point, p->from, p->to);
				return true;
			}
		return false;
	}
	a = net_column(net, NET_LINKS, "a")->codes[l->link];
	b = net_column(net, NET_LINKS, "b")->codes[l->link];
	*way = (from == a && to == b) - (from == b && to == a);
	return *way != 0;
}

enum verdict { FINE, NO_LINK, WRONG_WAY };

static enum verdict judge(const struct watch *w, const struct watch_tap *tap, const struct watch_pair *p)
{
	enum verdict v = NO_LINK;

	for (size_t i = 0; i < tap->link_count; i++) {
		int way;

		if (!is_on_link(w, p, &tap->links[i], &way))
			continue;
		if (way == 0 || tap->direction == WATCH_BOTH_WAYS || (way > 0) == (tap->direction == WATCH_A_TO_B))
			return FINE;
		v = WRONG_WAY;
	}
	return v;
}

/* Another tap has the pair's link: it is known where it passes, and that is not here. */
static bool is_elsewhere(const struct watch *w, const struct watch_passed *x, const struct watch_pair *p)
{
	for (size_t i = 0; i < w->options.tap_count; i++)
		if (i != x->tap && w->options.taps[i].declared && judge(w, &w->options.taps[i], p) == FINE)
			return true;
	return false;
}

static struct watch_alarm alarm_of(const struct watch *w, const struct watch_passed *x, enum watch_certainty certainty)
{
	const struct watch_pair *p = watch_pair_at(w, x->pair);

	return (struct watch_alarm){ .certainty = certainty,
				     .from = p->from,
				     .to = p->to,
				     .detail = (uint64_t)x->tap << 16 | p->service.protocol,
				     .time_ns = x->time_ns,
				     .frame = x->frame,
				     .packets = x->packets };
}

static const char *said(const struct watch_pair *p)
{
	return p->point_count ? net_reference_points[p->points[0]].name
			      : wire_protocol_name((enum wire_protocol)p->service.protocol);
}

static void off_link(struct watch *w, void *own)
{
	(void)own;
	for (size_t i = 0; i < watch_passed_count(w); i++) {
		const struct watch_passed *x = watch_passed_at(w, i);
		const struct watch_pair *p = watch_pair_at(w, x->pair);
		const struct watch_tap *tap = tap_of(w, x);
		enum verdict v = p->point_count && watch_is_network(p->service.protocol) ? judge(w, tap, p) : FINE;
		struct watch_alarm a = alarm_of(w, x, WATCH_UNKNOWN);

		if (v == FINE || !tap->link_count)
			continue;
		/* whose functions nobody has declared may speak over a point that was taken for another */
		if (v == NO_LINK && is_elsewhere(w, x, p) && watch_element_of(w, p->from) != WATCH_NONE &&
		    watch_element_of(w, p->to) != WATCH_NONE)
			a.certainty = WATCH_LIKELY;
		if (watch_alarm(w, "off-link", &a))
			watch_explain(w, "%s passes tap %s, %s", said(p), tap->name,
				      v == NO_LINK ? "whose links in taps.csv have none for it"
				      : tap->direction == WATCH_A_TO_B
					      ? "from b to a, where taps.csv has from a to b alone"
					      : "from a to b, where taps.csv has from b to a alone");
	}
}

static void clear_outside(struct watch *w, void *own)
{
	(void)own;
	for (size_t i = 0; i < watch_passed_count(w); i++) {
		const struct watch_passed *x = watch_passed_at(w, i);
		const struct watch_pair *p = watch_pair_at(w, x->pair);
		const struct watch_tap *tap = tap_of(w, x);
		struct watch_alarm a = alarm_of(w, x, WATCH_LIKELY);

		if (tap->side != WATCH_SIDE_ENCRYPTED || !watch_is_network(p->service.protocol))
			continue;
		if (watch_alarm(w, "clear-outside", &a))
			watch_explain(w, "%s in clear at tap %s, which is on the encrypted side of a security gateway",
				      said(p), tap->name);
	}
}

const struct watch_hooks watch_check_off_link = { .finish = off_link };
const struct watch_hooks watch_check_clear_outside = { .finish = clear_outside };
