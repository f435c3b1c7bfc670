/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign-controller: somebody who is no declared controller sets up an association or asks for sessions at a declared
 * user plane (PFCP), or a declared base station puts itself under somebody who is none (NGAP, S1AP). Judged at the end,
 * when addresses have said whose they are.
 */
#include "watch/internal.h"

enum {
	ASSOCIATION_SETUP = 5,
	NODE_REPORT = 12,
	SESSION_LAST = 55,
	NG_SETUP = 21,
	S1_SETUP = 17,
	KEPT = 65536,
	ACCEPTED = 1
};

struct asked {
	uint32_t controller, controlled;
	uint8_t protocol;
	bool accepted;
	int64_t time_ns;
	uint64_t frame, count;
};

static void *begin(struct watch *w)
{
	struct watch_rows *rows = arena_alloc(w->arena, sizeof *rows);

	watch_rows_init(rows, sizeof(struct asked), KEPT);
	return w->options.net ? rows : NULL;
}

static void note(struct watch *w, struct watch_rows *rows, const struct watch_heard *h, uint32_t controller,
		 uint32_t controlled, bool accepted)
{
	struct asked *list = rows->items;
	uint32_t row;

	for (uint32_t i = rows->count; i-- > 0;)
		if (list[i].controller == controller && list[i].controlled == controlled &&
		    list[i].protocol == h->message->protocol) {
			list[i].count++;
			list[i].accepted |= accepted;
			return;
		}
	row = watch_rows_add(rows, w->arena);
	if (row == WATCH_NONE)
		w->counters.checks_full++;
	else
		((struct asked *)rows->items)[row] = (struct asked){ controller, controlled, h->message->protocol,
								     accepted,   h->now_ns,  h->frame,
								     1 };
}

/* Who is not a declared controller may be asked about; those who are, most of all, are not kept. */
static bool is_controller(const struct watch *w, uint32_t peer, enum wire_protocol protocol)
{
	static const char *const pfcp[] = { "SMF", "MB-SMF", "SGW", "PGW", "SGW-C", "PGW-C", "TDF-C", NULL };
	static const char *const ngap[] = { "AMF", NULL };
	static const char *const s1ap[] = { "MME", NULL };
	const char *const *names = protocol == WIRE_PFCP ? pfcp : protocol == WIRE_NGAP ? ngap : s1ap;

	for (; *names; names++)
		if (watch_peer_has_function(w, peer, *names))
			return true;
	return false;
}

static void heard(struct watch *w, void *own, const struct watch_heard *h)
{
	const struct wire_message *m = h->message;
	bool pfcp = m->protocol == WIRE_PFCP && m->type >= ASSOCIATION_SETUP && m->type <= SESSION_LAST &&
		    m->type != NODE_REPORT && m->type != NODE_REPORT + 1;
	bool ran =
		(m->protocol == WIRE_NGAP && m->type == NG_SETUP) || (m->protocol == WIRE_S1AP && m->type == S1_SETUP);
	bool request = m->kind & WIRE_REQUEST;
	uint32_t controller, controlled;

	if (!own || (!pfcp && !ran) || h->from == WATCH_NONE || h->to == WATCH_NONE)
		return;
	controller = pfcp == request ? h->from : h->to;
	controlled = controller == h->from ? h->to : h->from;
	/* an association may be set up by the user plane too: then who asks is not the controller */
	if (pfcp && m->type <= ASSOCIATION_SETUP + 1 && watch_peer_at(w, controller)->roles & WATCH_ROLE_PFCP_UP)
		return;
	if (is_controller(w, controller, (enum wire_protocol)m->protocol) ||
	    watch_element_of(w, controlled) == WATCH_NONE)
		return;
	note(w, own, h, controller, controlled, !request && (ran || h->cause == ACCEPTED));
}

static void finish(struct watch *w, void *own)
{
	const struct watch_rows *rows = own;

	for (uint32_t i = 0; rows && i < rows->count; i++) {
		const struct asked *n = &((const struct asked *)rows->items)[i];
		uint32_t element = watch_element_of(w, n->controller);
		const char *function = watch_element_function(w, element);
		struct watch_alarm a = { .certainty = WATCH_LIKELY,
					 .from = n->controller,
					 .to = n->controlled,
					 .detail = n->protocol,
					 .time_ns = n->time_ns,
					 .frame = n->frame,
					 .packets = n->count };
		const struct watch_service service = { .protocol = n->protocol };
		size_t may_be = 0;

		if (is_controller(w, n->controller, (enum wire_protocol)n->protocol))
			continue;
		/* a user plane that calls its controller (TS 29.244 clause 6.2.6.3) is not its controller */
		if (n->protocol == WIRE_PFCP && element != WATCH_NONE && is_controller(w, n->controlled, WIRE_PFCP))
			continue;
		if (element != WATCH_NONE)
			a.certainty = function ? WATCH_CERTAIN : WATCH_UNKNOWN;
		else if (watch_peer_at(w, n->controller)->identity_seen)
			a.certainty = WATCH_CERTAIN;
		if (element == WATCH_NONE)
			a.certainty = watch_stranger(w, &service, n->controlled, a.certainty, &may_be);
		if (watch_alarm(w, "foreign-controller", &a))
			watch_explain(w, "%s controls %s over %s%s, and is %s%s%s", watch_peer_name(w, n->controller),
				      watch_peer_name(w, n->controlled),
				      wire_protocol_name((enum wire_protocol)n->protocol),
				      n->accepted ? ", which accepted" : "",
				      element == WATCH_NONE ? "no declared element" : "declared as ",
				      element == WATCH_NONE ? ""
				      : function            ? function
							    : "an element without a function",
				      watch_may_be(w, may_be));
	}
}

const struct watch_hooks watch_check_foreign_controller = { .hears = WATCH_OF(WIRE_PFCP) | WATCH_OF(WIRE_NGAP) |
								     WATCH_OF(WIRE_S1AP),
							    .begin = begin,
							    .heard = heard,
							    .finish = finish };
