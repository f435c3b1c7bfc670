/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which reference points a pair may be: those whose protocol is what was heard and whose ends are the functions of the
 * two elements. Where an inventory does not say what stands there, the roles that the addresses were heard in do.
 */
#include "watch/internal.h"

#include <string.h>
#include <strings.h>

bool watch_is_of_core(const char *function)
{
	uint32_t row = net_function_find(function);

	return !CODE_IS_KNOWN(row) || net_functions[row].layer == LAYER_CORE;
}

/* Is this function one of "gNB, ng-eNB, N3IWF"? "any function of the 5G core" takes all that stand in a core. */
static bool is_among(const char *list, const char *function)
{
	size_t bytes = strlen(function);

	if (strcmp(list, "any function of the 5G core") == 0)
		return watch_is_of_core(function);
	if (strncmp(list, "any", 3) == 0)
		return true;
	for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
		while (*at == ' ')
			at++;
		if (strncasecmp(at, function, bytes) == 0 && (at[bytes] == 0 || at[bytes] == ',' || at[bytes] == ' '))
			return true;
		/* one element that is both halves: a gNB is a gNB-CU and a gNB-DU, an SGW an SGW-U */
		if (strncasecmp(at, function, bytes) == 0 && at[bytes] == '-')
			return true;
	}
	return false;
}

static const char *heard_as(const struct watch *w, uint32_t peer)
{
	const struct watch_peer *p = watch_peer_at(w, peer);
	const char *function = watch_element_function(w, p->element);

	if (function)
		return function;
	if (p->roles & (WATCH_ROLE_GNB | WATCH_ROLE_ACCESS_TUNNEL))
		return p->roles & WATCH_ROLE_ENB ? "eNB" : "gNB";
	if (p->roles & WATCH_ROLE_ENB)
		return "eNB";
	if (p->roles & (WATCH_ROLE_PFCP_UP | WATCH_ROLE_CORE_TUNNEL))
		return "UPF";
	if (p->roles & WATCH_ROLE_PFCP_CP)
		return "SMF";
	if (p->roles & WATCH_ROLE_AMF)
		return "AMF";
	return p->roles & WATCH_ROLE_MME ? "MME" : NULL;
}

/* The table's names of protocols as numbers, once: 255 where wire has no such protocol. */
void watch_points_init(struct watch *w)
{
	w->point_protocols = arena_array(w->arena, net_reference_point_count + 1, sizeof *w->point_protocols);
	for (size_t i = 0; i < net_reference_point_count; i++) {
		const char *name = net_reference_points[i].protocol;

		w->point_protocols[i] = UINT8_MAX;
		if (i && name == net_reference_points[i - 1].protocol) { /* rows of one protocol stand together */
			w->point_protocols[i] = w->point_protocols[i - 1];
			continue;
		}
		for (unsigned p = 1; name && p < WIRE_PROTOCOLS; p++)
			if (strcasecmp(name, wire_protocol_name((enum wire_protocol)p)) == 0)
				w->point_protocols[i] = (uint8_t)p;
	}
}

static bool speaks(const struct watch *w, uint32_t row, const struct watch_service *s, enum wire_protocol protocol)
{
	const struct net_reference_point *r = &net_reference_points[row];

	if (!r->protocol)
		return false;
	if (protocol == WIRE_NONE)
		return r->port && r->port == s->port;
	if (protocol == WIRE_TLS && (w->point_protocols[row] == WIRE_HTTP || strcmp(r->protocol, "HTTPS") == 0))
		return true;
	return w->point_protocols[row] == protocol;
}

enum { ANSWERS = 256, MOST = sizeof((struct watch_pair *)0)->points / sizeof(uint16_t) };

struct watch_points_answer { /* the last of its place in the table: a few kinds of pairs make up nearly all */
	const char *a, *b;   /* names of functions: all from tables, so that the place tells them */
	struct watch_service service;
	uint8_t speaks;
	uint8_t count;
	bool is_used;
	uint16_t points[MOST];
};

/* Do these two functions stand at the two ends of the reference point? What is not known may be. */
static bool fits(const struct net_reference_point *r, const char *a, const char *b)
{
	if (!r->a || !r->b || !r->a[0] || !r->b[0])
		return true; /* a point of management has no functions at its ends that would have to match */
	return (!a || is_among(r->a, a)) && (!b || is_among(r->b, b));
}

bool watch_may_speak(const struct watch *w, const struct watch_service *service, const char *function, uint32_t other)
{
	const char *b = other == WATCH_NONE ? NULL : heard_as(w, other);

	for (uint32_t i = 0; i < net_reference_point_count; i++) {
		const struct net_reference_point *r = &net_reference_points[i];

		if (speaks(w, i, service, (enum wire_protocol)service->protocol) &&
		    (fits(r, function, b) || fits(r, b, function)))
			return true;
	}
	return false;
}

static void find_points(const struct watch *w, struct watch_pair *p, const char *a, const char *b)
{
	p->point_count = 0;
	for (uint32_t i = 0; i < net_reference_point_count && p->point_count < MOST; i++) {
		const struct net_reference_point *r = &net_reference_points[i];

		if (!speaks(w, i, &p->service, watch_pair_speaks(p)))
			continue;
		if (a && b && !fits(r, a, b) && !fits(r, b, a))
			continue;
		if (!(a && b) && p->point_count && p->service.protocol != WIRE_PFCP)
			continue; /* nobody knows which of several: the first stands for the protocol */
		p->points[p->point_count++] = (uint16_t)i;
	}
	if (!(a && b) && p->service.protocol == WIRE_GTPU)
		p->point_count = 0;
}

void watch_points(struct watch *w, struct watch_pair *p)
{
	const char *a = heard_as(w, p->from), *b = heard_as(w, p->to);
	enum wire_protocol speaks = watch_pair_speaks(p);
	uint64_t key[4] = { (uintptr_t)a, (uintptr_t)b,
			    (uint64_t)p->service.protocol << 24 | (uint64_t)p->service.transport << 16 |
				    p->service.port,
			    speaks };
	struct watch_points_answer *x;

	if (!w->points)
		w->points = arena_array(w->arena, ANSWERS, sizeof *w->points);
	x = &w->points[hash_bytes(key, sizeof key) % ANSWERS];
	if (!x->is_used || x->a != a || x->b != b || x->speaks != speaks ||
	    memcmp(&x->service, &p->service, sizeof x->service) != 0) {
		find_points(w, p, a, b);
		*x = (struct watch_points_answer){ .a = a,
						   .b = b,
						   .service = p->service,
						   .speaks = (uint8_t)speaks,
						   .count = p->point_count,
						   .is_used = true };
		memcpy(x->points, p->points, sizeof x->points);
		return;
	}
	p->point_count = x->count;
	memcpy(p->points, x->points, sizeof p->points);
}

int watch_point_way(const struct watch *w, uint32_t point, uint32_t from, uint32_t to)
{
	const struct net_reference_point *r = &net_reference_points[point];
	const char *a = heard_as(w, from), *b = heard_as(w, to);

	if (!a || !b || !r->a || !r->b)
		return 0;
	return (is_among(r->a, a) && is_among(r->b, b)) - (is_among(r->a, b) && is_among(r->b, a));
}
