/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a message says of who spoke: the side of a procedure, the addresses that are the speaker's own, the name it gives
 * itself. A claim is taken only from the one it is about.
 */
#include "watch/discover.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { NGAP_PORT = 38412, S1AP_PORT = 36412, F1AP_PORT = 38472, E1AP_PORT = 38462, E2AP_PORT = 37464 };
enum { PFCP_ESTABLISHMENT = 50, PFCP_MODIFICATION = 52, PFCP_DELETION = 54, PFCP_REPORT = 56, PFCP_NODE_REPORT = 12 };
enum { PFCP_UP_FEATURES = 43, PFCP_CP_FEATURES = 89 }; /* TS 29.244 clauses 8.2.25, 8.2.58 */
enum {
	F_TEID_S1U_ENB = 0,
	F_TEID_S1U_SGW = 1,
	F_TEID_S5U_SGW = 4,
	F_TEID_S5U_PGW = 5,
	F_TEID_S5_SGW = 6,
	F_TEID_S5_PGW = 7,
	F_TEID_S11_MME = 10,
	F_TEID_S11_SGW = 11
}; /* TS 29.274 clause 8.22 */
enum { MODIFY_BEARER = 34, CREATE_BEARER = 95 };		       /* table 6.1-1 */
/* Diameter's applications (TS 29.230 table 5.2.1) and commands: who sends the request to whom. */
enum {
	DIAMETER_GY = 4,
	DIAMETER_CX = 16777216,
	DIAMETER_SH = 16777217,
	DIAMETER_RX = 16777236,
	DIAMETER_GX = 16777238,
	DIAMETER_S6A = 16777251,
	DIAMETER_S13 = 16777252,
	DIAMETER_SWM = 16777264,
	DIAMETER_SWX = 16777265,
	DIAMETER_S6B = 16777272,
};
enum { CAPABILITIES = 257, WATCHDOG = 280, DISCONNECT = 282 }; /* commands between neighbours, which no agent passes on */
enum { ORIGIN_HOST = 264, ROUTE_RECORD = 282 };		       /* AVPs; the latter is an agent's (RFC 6733 clause 6.7.1) */
static const struct diameter_row {
	uint32_t application;
	uint16_t command;
	uint8_t asks, answers; /* enum heard */
} diameter_rows[] = {
	/* TS 29.272: update and authentication, purge, notify; and what the HSS begins: cancel, insert, delete, reset */
	{ DIAMETER_S6A, 316, HEARD_S6A_MME, HEARD_HSS },
	{ DIAMETER_S6A, 318, HEARD_S6A_MME, HEARD_HSS },
	{ DIAMETER_S6A, 321, HEARD_S6A_MME, HEARD_HSS },
	{ DIAMETER_S6A, 323, HEARD_S6A_MME, HEARD_HSS },
	{ DIAMETER_S6A, 317, HEARD_HSS, HEARD_S6A_MME },
	{ DIAMETER_S6A, 319, HEARD_HSS, HEARD_S6A_MME },
	{ DIAMETER_S6A, 320, HEARD_HSS, HEARD_S6A_MME },
	{ DIAMETER_S6A, 322, HEARD_HSS, HEARD_S6A_MME },
	{ DIAMETER_S13, 324, HEARD_S6A_MME, HEARD_EIR },
	/* TS 29.212 clause 5.6: credit control, and re-authorisation from the PCRF */
	{ DIAMETER_GX, 272, HEARD_GX_PGW, HEARD_PCRF },
	{ DIAMETER_GX, 258, HEARD_PCRF, HEARD_GX_PGW },
	/* TS 29.214 clause 5.6: authorise, end, and from the PCRF re-authorise, abort */
	{ DIAMETER_RX, 265, HEARD_AF, HEARD_PCRF },
	{ DIAMETER_RX, 275, HEARD_AF, HEARD_PCRF },
	{ DIAMETER_RX, 258, HEARD_PCRF, HEARD_AF },
	{ DIAMETER_RX, 274, HEARD_PCRF, HEARD_AF },
	/* TS 32.299: by whom is asked is any function that charges */
	{ DIAMETER_GY, 272, HEARD_KINDS, HEARD_OCS },
	/* TS 29.228 clause 6.1, TS 29.229: user authorisation and location info by the I-CSCF, the rest with the S-CSCF */
	{ DIAMETER_CX, 300, HEARD_I_CSCF, HEARD_HSS },
	{ DIAMETER_CX, 302, HEARD_I_CSCF, HEARD_HSS },
	{ DIAMETER_CX, 301, HEARD_S_CSCF, HEARD_HSS },
	{ DIAMETER_CX, 303, HEARD_S_CSCF, HEARD_HSS },
	{ DIAMETER_CX, 304, HEARD_HSS, HEARD_S_CSCF },
	{ DIAMETER_CX, 305, HEARD_HSS, HEARD_S_CSCF },
	/* TS 29.329: user data, profile update, subscribe; push notification */
	{ DIAMETER_SH, 306, HEARD_IMS_AS, HEARD_HSS },
	{ DIAMETER_SH, 307, HEARD_IMS_AS, HEARD_HSS },
	{ DIAMETER_SH, 308, HEARD_IMS_AS, HEARD_HSS },
	{ DIAMETER_SH, 309, HEARD_HSS, HEARD_IMS_AS },
	/* TS 29.273 */
	{ DIAMETER_SWX, 303, HEARD_AAA, HEARD_HSS },
	{ DIAMETER_SWX, 301, HEARD_AAA, HEARD_HSS },
	{ DIAMETER_SWX, 304, HEARD_HSS, HEARD_AAA },
	{ DIAMETER_SWX, 305, HEARD_HSS, HEARD_AAA },
	{ DIAMETER_S6B, 265, HEARD_S6B_PGW, HEARD_AAA },
	{ DIAMETER_SWM, 268, HEARD_EPDG, HEARD_AAA },
};

struct speaking {
	struct watch_discovery *d;
	const struct wire_batch *b;
	const struct wire_message *m;
	const struct wire_level *level;
	uint32_t from, to;
};

#define EACH_FIELD(s, f)                                                                                               \
	for (const struct wire_field *f = (s)->b->fields + (s)->m->first;                                              \
	     f < (s)->b->fields + (s)->m->first + (s)->m->count; f++)

/* The address of a field, WATCH_NONE where it has none. */
static uint32_t address_of(const struct speaking *s, const struct wire_field *f)
{
	uint32_t v4 = found_of(s->d, &f->v4), v6 = found_of(s->d, &f->v6);

	if (v4 != WATCH_NONE && v6 != WATCH_NONE)
		found_join(s->d, v4, v6);
	return v4 != WATCH_NONE ? v4 : v6;
}

/* The name that the speaker gives itself, as far as it can be printed. */
static void take_name(const struct speaking *s, const struct wire_field *f)
{
	struct found *who = s->from == WATCH_NONE ? NULL : found_at(s->d, s->from);

	if (!who || who->name[0] || !f->length || f->length >= FOUND_NAME)
		return;
	for (uint32_t i = 0; i < f->length; i++)
		if (!isgraph(f->bytes[i]) || f->bytes[i] == ',' || f->bytes[i] == '"')
			return;
	memcpy(who->name, f->bytes, f->length);
	who->name[f->length] = 0;
}

/* Both ends by who has the registered port; without it by what the message is. */
static void both_sides(const struct speaking *s, uint16_t port, bool request_of_client, enum heard client,
		       enum heard server)
{
	bool from_server = s->level->source_port == port,
	     to_server = s->level->destination_port == port || (!from_server && request_of_client);

	if (from_server == to_server)
		return;
	found_hear(s->d, s->from, from_server ? server : client);
	found_hear(s->d, s->to, from_server ? client : server);
}

static bool is_client(const struct speaking *s, enum heard client, enum heard server)
{
	const struct found *f = s->from == WATCH_NONE ? NULL : found_at(s->d, s->from);

	return f && found_heard(f, client) && !found_heard(f, server);
}

/* What a generation calls the base station, its controller and the user plane's ends; NGAP and S1AP are alike in the rest. */
struct ran {
	uint16_t port, setup; /* setup: the procedure with which the station begins */
	enum heard station, controller, core, access;
};
static const struct ran ngap = { NGAP_PORT, 21, HEARD_GNB, HEARD_AMF, HEARD_CORE_5G, HEARD_ACCESS_5G };
static const struct ran s1ap = { S1AP_PORT, 17, HEARD_ENB, HEARD_MME, HEARD_CORE_4G, HEARD_ACCESS_4G };

static void hear_ran(const struct speaking *s, const struct ran *r)
{
	both_sides(s, r->port, s->m->type == r->setup && s->m->kind == WIRE_REQUEST, r->station, r->controller);
	EACH_FIELD(s, f)
	{
		if (f->what == WIRE_NODE)
			take_name(s, f);
		if (f->what != WIRE_TUNNEL)
			continue;
		if (f->end == WIRE_END_CORE)
			found_hear(s->d, address_of(s, f), r->core);
		if (f->end != WIRE_END_ACCESS)
			continue;
		found_hear(s->d, address_of(s, f), r->access);
		if (is_client(s, r->station, r->controller))
			found_join(s->d, s->from, address_of(s, f));
	}
}

static void remember_below(const struct speaking *s, uint32_t user)
{
	struct found_below *b;
	uint32_t row;

	if (user == WATCH_NONE || s->from == WATCH_NONE)
		return;
	for (row = s->d->below.count; row-- > 0 && row + 64 > s->d->below.count;) {
		b = (struct found_below *)s->d->below.items + row;
		if (b->control == s->from && b->user == user)
			return; /* said before, of late */
	}
	row = watch_rows_add(&s->d->below, s->d->arena);
	if (row != WATCH_NONE)
		((struct found_below *)s->d->below.items)[row] = (struct found_below){ s->from, user };
}

static void hear_f1ap(const struct speaking *s)
{
	both_sides(s, F1AP_PORT, false, HEARD_DU, HEARD_CU);
	EACH_FIELD(s, f)
	{
		if (f->what == WIRE_NODE)
			take_name(s, f);
		if (f->what == WIRE_TUNNEL && f->end == WIRE_END_ACCESS && is_client(s, HEARD_DU, HEARD_CU))
			found_join(s->d, s->from, address_of(s, f));
		else if (f->what == WIRE_TUNNEL && f->end == WIRE_END_CORE)
			remember_below(s, address_of(s, f));
	}
}

static void hear_pfcp(const struct speaking *s)
{
	bool of_session = s->m->type >= PFCP_ESTABLISHMENT && s->m->type <= PFCP_DELETION + 1,
	     of_report = s->m->type == PFCP_REPORT || s->m->type == PFCP_REPORT + 1 || s->m->type == PFCP_NODE_REPORT ||
			 s->m->type == PFCP_NODE_REPORT + 1,
	     request = s->m->kind == WIRE_REQUEST, from_control = of_session ? request : !request;

	/* Associations and heartbeats are begun by either side; what a side can do tells which it is. */
	EACH_FIELD(s, f)
	if (!of_session && (f->type == PFCP_UP_FEATURES || f->type == PFCP_CP_FEATURES) && f->depth == 0)
		found_hear(s->d, s->from, f->type == PFCP_UP_FEATURES ? HEARD_UP : HEARD_CP);
	if (!of_session && !of_report)
		return;
	found_hear(s->d, s->from, from_control ? HEARD_CP : HEARD_UP);
	found_hear(s->d, s->to, from_control ? HEARD_UP : HEARD_CP);
	EACH_FIELD(s, f)
	{
		if (f->what == WIRE_NODE && s->m->type <= PFCP_ESTABLISHMENT + 1) {
			take_name(s, f);
			found_join(s->d, s->from, address_of(s, f));
		} else if (f->what == WIRE_SESSION && s->m->type <= PFCP_ESTABLISHMENT + 1) {
			found_join(s->d, s->from, address_of(s, f));
		} else if (f->what == WIRE_TUNNEL && f->end != WIRE_END_CHOOSE) {
			/* F-TEIDs are the user plane's own ends, whoever has chosen them (clause 8.2.3) */
			found_join(s->d, from_control ? s->to : s->from, address_of(s, f));
		} else if (f->what == WIRE_UE_ADDRESS && f->extra == 0) {
			found_hear(s->d, address_of(s, f), HEARD_SUBSCRIBER);
		}
	}
}

/*
 * Messages about the bearers of a session that is older than the capture name no end of the control plane; whose they are
 * shows in the user plane's ends in them (TS 29.274 tables 7.2.3-2, 7.2.4-2, 7.2.7-2, 7.2.8-2). A create request that has
 * the packet gateway's end alone is the packet gateway's: on S11 there would be the serving gateway's beside it.
 */
static void hear_bearers(const struct speaking *s)
{
	static const struct {
		uint8_t type, interface;
		enum heard from, to;
	} rows[] = {
		{ CREATE_BEARER, F_TEID_S1U_SGW, HEARD_S11_SGW, HEARD_S11_MME },
		{ CREATE_BEARER, F_TEID_S5U_PGW, HEARD_S5_PGW, HEARD_S5_SGW },
		{ CREATE_BEARER + 1, F_TEID_S1U_ENB, HEARD_S11_MME, HEARD_S11_SGW },
		{ CREATE_BEARER + 1, F_TEID_S5U_SGW, HEARD_S5_SGW, HEARD_S5_PGW },
		{ MODIFY_BEARER, F_TEID_S1U_ENB, HEARD_S11_MME, HEARD_S11_SGW },
		{ MODIFY_BEARER + 1, F_TEID_S1U_SGW, HEARD_S11_SGW, HEARD_S11_MME },
	};
	uint32_t interfaces = 0;

	EACH_FIELD(s, f)
	if (f->what == WIRE_TUNNEL && f->extra < 32)
		interfaces |= UINT32_C(1) << f->extra;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].type != s->m->type || !(interfaces >> rows[i].interface & 1))
			continue;
		found_hear(s->d, s->from, rows[i].from);
		found_hear(s->d, s->to, rows[i].to);
		return;
	}
}

static void hear_gtpv2(const struct speaking *s)
{
	static const struct {
		uint8_t interface;
		enum heard heard;
		bool below; /* a user-plane end of the one that says so, if it has the role behind it */
	} rows[] = {
		{ F_TEID_S1U_ENB, HEARD_ACCESS_4G, false }, { F_TEID_S1U_SGW, HEARD_CORE_4G, true },
		{ F_TEID_S5U_SGW, HEARD_S5U_SGW, true },    { F_TEID_S5U_PGW, HEARD_S5U_PGW, true },
		{ F_TEID_S5_SGW, HEARD_S5_SGW, false },     { F_TEID_S5_PGW, HEARD_S5_PGW, false },
		{ F_TEID_S11_MME, HEARD_S11_MME, false },   { F_TEID_S11_SGW, HEARD_S11_SGW, false },
	};

	hear_bearers(s);
	EACH_FIELD(s, f)
	{
		if (f->what != WIRE_TUNNEL && f->what != WIRE_SESSION)
			continue;
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			uint32_t at;

			if (rows[i].interface != f->extra)
				continue;
			at = address_of(s, f);
			found_hear(s->d, at, rows[i].heard);
			if (rows[i].below)
				remember_below(s, at);
			if (f->what == WIRE_SESSION && f->instance == 0 && f->depth == 0)
				found_join(s->d, s->from, at);
		}
	}
}

static void hear_diameter(const struct speaking *s)
{
	bool request = s->m->kind == WIRE_REQUEST, is_relayed = false,
	     between_neighbours = s->m->type == CAPABILITIES || s->m->type == WATCHDOG || s->m->type == DISCONNECT;

	EACH_FIELD(s, f)
	is_relayed |= f->type == ROUTE_RECORD && request && !between_neighbours;
	if (is_relayed)
		found_hear(s->d, s->from, HEARD_DRA);
	EACH_FIELD(s, f)
	if (f->what == WIRE_NODE && f->type == ORIGIN_HOST && !is_relayed && s->from != WATCH_NONE) {
		if (between_neighbours) /* what else it was called by may be those whom it speaks for */
			found_at(s->d, s->from)->name[0] = 0;
		take_name(s, f);
	}
	for (size_t i = 0; i < sizeof diameter_rows / sizeof *diameter_rows; i++) {
		const struct diameter_row *r = &diameter_rows[i];

		if (r->application != s->m->id || r->command != s->m->type)
			continue;
		if (r->asks != HEARD_KINDS)
			found_hear(s->d, request ? s->from : s->to, r->asks);
		found_hear(s->d, request ? s->to : s->from, r->answers);
	}
}

/* ---- service-based interface --------------------------------------------------------------------------------------- */

static void hear_service(const struct speaking *s, uint32_t row, const char *text, size_t count)
{
	struct found *f = row == WATCH_NONE ? NULL : found_at(s->d, row);
	char name[24];
	uint32_t function;

	if (!f || count >= sizeof name)
		return;
	memcpy(name, text, count);
	name[count] = 0;
	function = net_function_find(name);
	if (!CODE_IS_KNOWN(function))
		return;
	for (uint8_t i = 0; i < f->service_count; i++)
		if (f->services[i] == function)
			return;
	if (f->service_count < FOUND_SERVICES)
		f->services[f->service_count++] = (uint16_t)function;
}

static bool is_text(const struct wire_field *f, const char *text)
{
	return f->length == strlen(text) && strncasecmp((const char *)f->bytes, text, f->length) == 0;
}

/* "/nudm-sdm/v2/..." is the UDM's (TS 29.501 clause 4.4.1): behind the n, before the hyphen. */
static void hear_path(const struct speaking *s, const struct wire_field *f)
{
	const char *at = (const char *)f->bytes, *end = at + f->length, *hyphen;

	if (f->length < 4 || at[0] != '/' || at[1] != 'n')
		return;
	/* A notification goes to the one that subscribed, under a path that he has chosen (TS 29.501 clause 4.6.2). */
	if (memmem(at, f->length, "notify", 6) || memmem(at, f->length, "callback", 8))
		return;
	hyphen = memchr(at, '-', f->length);
	if (strncmp(at + 1, "n5g-eir", (size_t)(end - at - 1) < 7 ? (size_t)(end - at - 1) : 7) == 0)
		hear_service(s, s->to, "5G-EIR", 6);
	else if (hyphen)
		hear_service(s, s->to, at + 2, (size_t)(hyphen - at - 2));
}

/* A profile that a function registers of itself: its type, its vendor, its addresses (TS 29.510 clause 6.1.6.2.2). */
static void take_profile(const struct speaking *s, const struct watch_nf *nf)
{
	struct found *who = found_at(s->d, s->from);
	bool own = false;

	for (size_t i = 0; i < nf->address_count; i++)
		own |= memcmp(&nf->addresses[i], &who->address, sizeof who->address) == 0;
	if (!own)
		return; /* somebody's who speaks for others */
	for (size_t i = 0; i < nf->address_count; i++)
		found_join(s->d, s->from, found_of(s->d, &nf->addresses[i]));
	if (nf->type)
		hear_service(s, s->from, nf->type, strlen(nf->type));
	who = found_at(s->d, s->from);
	if (nf->vendor && strlen(nf->vendor) < FOUND_VENDOR && strspn(nf->vendor, "0123456789") == strlen(nf->vendor))
		memcpy(who->vendor, nf->vendor, strlen(nf->vendor) + 1);
}

static void hear_body(const struct speaking *s, const struct wire_field *f)
{
	static const char key[] = "\"nfInstanceId\"";
	struct arena *a;
	struct diagnostics unheard;
	const struct watch_nrf *nrf;

	if (s->from == WATCH_NONE || f->length < sizeof key || f->bytes[0] != '{' ||
	    !memmem(f->bytes, f->length, key, sizeof key - 1))
		return;
	a = arena_new();
	diagnostics_init(&unheard, a);
	nrf = watch_nrf_read(a, source_of_memory(a, "profile", f->bytes, f->length), &unheard);
	if (nrf->count == 1 && !unheard.errors)
		take_profile(s, &nrf->items[0]);
	diagnostics_free(&unheard);
	arena_free(a);
}

static void hear_http2(const struct speaking *s)
{
	const struct wire_field *name = NULL;
	bool relayed = false;

	if (s->m->reversed)
		return;
	EACH_FIELD(s, f)
	if (f->what == WIRE_BODY)
		hear_body(s, f);
	if (s->m->kind != WIRE_REQUEST)
		return;
	EACH_FIELD(s, f)
	relayed |= f->what == WIRE_HEADER_NAME && is_text(f, "3gpp-sbi-target-apiroot");
	if (relayed)
		found_hear(s->d, s->to, HEARD_SCP);
	EACH_FIELD(s, f)
	{
		if (f->what == WIRE_HEADER_NAME)
			name = f;
		if (f->what != WIRE_HEADER_VALUE || !name)
			continue;
		if (is_text(name, ":path") && !relayed)
			hear_path(s, f);
		if (is_text(name, "user-agent")) { /* "AMF", "SMF-instance ..." (TS 29.500 clause 5.2.2) */
			size_t length = 0;

			while (length < f->length && isalnum(f->bytes[length]))
				length++;
			hear_service(s, s->from, (const char *)f->bytes, length);
		}
	}
}

void discover_message(struct watch_discovery *d, const struct wire_batch *b, const struct wire_message *m)
{
	const struct wire_packet *p = &b->packets[m->frame];
	struct speaking s = { .d = d, .b = b, .m = m };

	if (m->level != 0 || !p->count || (m->fault && wire_fault_is_malformed(m->fault)))
		return; /* inside of tunnels nobody of the network speaks */
	s.level = &p->levels[0];
	s.from = found_of(d, &s.level->source);
	s.to = found_of(d, &s.level->destination);
	switch (m->protocol) {
	case WIRE_SCTP:
		EACH_FIELD(&s, f)
		if (f->what == WIRE_ADDRESS)
			found_join(d, s.from, address_of(&s, f));
		break;
	case WIRE_NGAP:
		hear_ran(&s, &ngap);
		break;
	case WIRE_S1AP:
		hear_ran(&s, &s1ap);
		break;
	case WIRE_F1AP:
		hear_f1ap(&s);
		break;
	case WIRE_E1AP:
		both_sides(&s, E1AP_PORT, false, HEARD_CU_UP, HEARD_CU_CP);
		break;
	case WIRE_E2AP:
		both_sides(&s, E2AP_PORT, false, HEARD_E2_NODE, HEARD_RIC);
		break;
	case WIRE_PFCP:
		hear_pfcp(&s);
		break;
	case WIRE_GTPV2C:
		hear_gtpv2(&s);
		break;
	case WIRE_DIAMETER:
		hear_diameter(&s);
		break;
	case WIRE_HTTP:
		hear_http2(&s);
		break;
	case WIRE_DNS:
		if (m->kind & WIRE_RESPONSE)
			found_hear(d, s.from, HEARD_DNS);
		break;
	default:
		break;
	}
}
