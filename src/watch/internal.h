/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of watch: its tables, and what a check may see and do. A new check is one file in check/ and one row in
 * checks.c: its functions are called at the moments that struct watch_hooks names, with a state of its own.
 */
#ifndef PROVISO_WATCH_INTERNAL_H
#define PROVISO_WATCH_INTERNAL_H

#include "watch/watch.h"

#include <assert.h>
#include <stddef.h>

#define WATCH_NONE UINT32_MAX /* no row */
#define WATCH_NS_PER_S 1000000000LL
#define WATCH_NS_PER_MS 1000000LL
#define WATCH_NS_PER_MINUTE (60 * WATCH_NS_PER_S)

/*
 * Zeroes a row of constant size by stores. For over 80 bytes compilers take an instruction for strings, which takes longer to
 * begin than all of them.
 */
static inline __attribute__((always_inline)) void watch_zero(void *at, size_t bytes)
{
	enum { AT_ONCE = 64 };
	size_t done = 0;

	for (; done + AT_ONCE <= bytes; done += AT_ONCE)
		__builtin_memset((uint8_t *)at + done, 0, AT_ONCE);
	__builtin_memset((uint8_t *)at + done, 0, bytes - done);
}

/* ---- index: from a key to a row of somebody's array -------------------------------------------------------------- */

/*
 * Open addressing; a slot is 0 or 32 bits of the hash << 32 | row + 1. The rows are the caller's, and so are the keys. The
 * chain starts at bits that are made from the same 32, so that an index can grow without looking at the keys.
 */
struct watch_index {
	uint64_t *slots;
	uint32_t mask, used;
};
/* A hash as the index wants it: 32 bits of it above, where the chain starts below. */
static inline uint64_t watch_index_hash(uint64_t hash)
{
	uint32_t bits = (uint32_t)hash;

	return (uint64_t)bits << 32 | bits;
}
void watch_index_init(struct watch_index *, struct arena *);
/* The same with room for so many rows: it grows only beyond them. */
void watch_index_init_for(struct watch_index *, struct arena *, uint32_t rows);
void watch_index_put(struct watch_index *, struct arena *, uint64_t hash, uint32_t row);
void watch_index_remove(struct watch_index *, uint64_t hash, uint32_t row); /* nothing where it is not there */
/* The first slot of a hash; the next one behind it. WATCH_NONE at the end of the chain. */
#define WATCH_INDEX_EACH(index, hash, row)                                                                             \
	for (uint32_t at_ = (uint32_t)(hash) & (index)->mask, row;                                                     \
	     (index)->slots[at_] && (row = (uint32_t)(index)->slots[at_] - 1, true); at_ = (at_ + 1) & (index)->mask)  \
		if ((index)->slots[at_] >> 32 == (hash) >> 32)

static inline void watch_index_fetch(const struct watch_index *index, uint64_t hash)
{
	__builtin_prefetch(&index->slots[(uint32_t)hash & index->mask], 1);
}

/* The first row of a hash, WATCH_NONE: it may be another's, with the same 32 bits. */
static inline uint32_t watch_index_guess(const struct watch_index *index, uint64_t hash)
{
	WATCH_INDEX_EACH(index, hash, row)
	return row;
	return WATCH_NONE;
}

/* ---- rows that grow up to a capacity ------------------------------------------------------------------------------ */

struct watch_rows {
	void *items;
	uint32_t count, room, most;
	uint32_t size;
};
void watch_rows_init(struct watch_rows *, uint32_t size, uint32_t most);
/* A new row, zeroed; WATCH_NONE where the table is full. Addresses of rows hold until the next one is added. */
uint32_t watch_rows_add(struct watch_rows *, struct arena *);

/* ---- peers: addresses ----------------------------------------------------------------------------------------------- */

enum watch_role { /* what an address was heard to be: bits */
	WATCH_ROLE_PFCP_CP = 1,	  /* it asks for sessions or set up an association as control plane */
	WATCH_ROLE_PFCP_UP = 2,
	WATCH_ROLE_AMF = 4,
	WATCH_ROLE_GNB = 8,	  /* NGAP's other side */
	WATCH_ROLE_MME = 16,
	WATCH_ROLE_ENB = 32,
	WATCH_ROLE_USER_PLANE = 64, /* an end of user-plane tunnels: named in a message, or sends or receives G-PDUs */
	WATCH_ROLE_GTPC = 128,
	WATCH_ROLE_CORE_TUNNEL = 256,	/* a core end (UPF, SGW, PGW) of tunnels, by a message */
	WATCH_ROLE_ACCESS_TUNNEL = 512, /* an access end (gNB, eNB), by a message */
	WATCH_ROLE_CU = 1024, WATCH_ROLE_DU = 2048,
	WATCH_ROLE_SBI = 4096,
};

enum watch_known_by { /* how an address came to its element */
	WATCH_BY_NOTHING,
	WATCH_BY_ADDRESS,  /* it stands in elements.csv */
	WATCH_BY_PREFIX,
	WATCH_BY_IDENTITY, /* node id, SCTP address list, F-TEID of a declared element, NRF profile */
};

struct watch_peer {
	struct wire_address address;
	uint32_t element;	 /* row of the network, WATCH_NONE */
	uint8_t known_by;	 /* enum watch_known_by */
	bool is_network;	 /* speaks or is named in a protocol of the network's own */
	bool name_seen;		 /* gave a name that no element has */
	bool identity_seen;	 /* said who it is, and that is nobody declared */
	bool is_li;
	bool named;		 /* its owner named it as an end of tunnels: a base station, a gateway, not only a FAR */
	uint16_t roles;		 /* enum watch_role */
	uint32_t controller;	 /* of a user-plane address: the peer that named it in its messages; WATCH_NONE */
	int64_t first_ns, last_ns;
	int64_t set_up_ns;	 /* its last association set-up (PFCP, NG, S1) that was answered; 0: never seen */
	uint64_t node;		 /* hash of its PFCP node id, 0 none: addresses of one node are one */
	bool older_peers;	 /* somebody controls it whose association was set up before the capture */
	uint32_t recovery;	 /* unix_s of its last recovery time stamp, 0 none */
	int64_t restarted_ns;	 /* when the recovery time stamp was seen to change */
	uint64_t packets_sent, packets_received, bytes_sent, bytes_received;
	uint32_t next_of_element; /* peers of one element are chained, WATCH_NONE */
};

/* ---- pairs: one direction of who speaks to whom over what ------------------------------------------------------------ */

struct watch_service {
	uint8_t protocol;  /* enum wire_protocol */
	uint8_t transport; /* IP protocol */
	uint16_t port;	   /* the service's: the known one, else the lower */
};

struct watch_pair { /* two lines of the cache: the first is all that a look-up touches, the second is counted in */
	struct wire_address from_address, to_address; /* the peers' own */
	struct watch_service service;
	uint32_t from, to; /* peers */
	uint8_t heard;	   /* enum wire_protocol: what its messages were, where its port says nothing */
	bool from_serves;  /* the service's port is from's: to started */
	uint8_t point_count;
	uint8_t judged;	   /* policy and declaration have been asked */
	uint8_t tellings;  /* how often its counters were observed, up to 2 */
	bool is_met;	   /* the hooks for its first packet were called */
	uint16_t overhead; /* bytes of its frames that are not payload, where they are counted by tunnel */
	uint16_t points[4]; /* rows of net_reference_points that it may be, most fitting first */
	uint32_t reverse;  /* the pair of the other direction, WATCH_NONE */
	uint64_t packets, bytes;
	uint64_t payload;  /* bytes above the outer transport header; G-PDUs: above GTP-U's */
	int64_t first_ns, last_ns;
	uint64_t first_frame; /* tap << 48 | number */
	uint64_t minute_packets, minute_bytes;
};
static_assert(offsetof(struct watch_pair, packets) == 64 && sizeof(struct watch_pair) == 128, "two lines");

/* ---- tunnels: one receiving end ---------------------------------------------------------------------------------------- */

enum { /* watch_tunnel.flags */
	WATCH_TUNNEL_ORDERED = 1,	/* a message named it, and that was accepted or is the answer itself */
	WATCH_TUNNEL_ENDED = 2,		/* released, and not ordered again */
	WATCH_TUNNEL_USED = 4,		/* carried a G-PDU */
	WATCH_TUNNEL_FORWARDING = 8,	/* for a handover only */
	WATCH_TUNNEL_LI = 16,
	WATCH_TUNNEL_KEPT = 64,		/* a check will ask for it at the end: its row is not taken again */
	WATCH_TUNNEL_SEVERAL = 128,	/* more than one sent into it */
	WATCH_TUNNEL_HONEST = 256,	/* one of them is named: spoofed_source.c */
	WATCH_TUNNEL_FRESH = 32,	/* carried a G-PDU in this minute: watch.fresh has it */
	/* the upper WATCH_LOOK_BITS: packets that were added up, modulo WATCH_LOOK_INSIDE */
	WATCH_TUNNEL_LOOK = WATCH_TUNNEL_ENDED, /* any of these: the packet takes the slow path */
};

enum { WATCH_G_PDU = 255 }; /* wire_gtpu.type */
/* One G-PDU in so many is looked into: that waits for memory once more. */
enum { WATCH_LOOK_BITS = 3, WATCH_LOOK_INSIDE = 1 << WATCH_LOOK_BITS };

struct watch_tunnel { /* hot: one line of the cache for a G-PDU */
	struct wire_address to, from; /* from: who mostly sends into it */
	uint32_t teid;
	uint32_t pair;	    /* of from and to, WATCH_NONE */
	uint32_t flags;
	uint32_t packets;   /* these two: since the last time that they were added to the story and the pair */
	uint64_t bytes;
	int64_t last_ns;    /* of its last G-PDU */
};

/* Does the row need nothing but its counters, and no check its packets? */
static inline bool watch_tunnel_goes_on(const struct watch_tunnel *t)
{
	const uint32_t wanted = WATCH_TUNNEL_USED | WATCH_TUNNEL_FRESH;

	return (t->flags & (WATCH_TUNNEL_LOOK | wanted)) == wanted;
}
/* Is the next packet one of those that are looked into? */
static inline bool watch_tunnel_is_turn(const struct watch_tunnel *t)
{
	return (t->packets + (t->flags >> (32 - WATCH_LOOK_BITS))) % WATCH_LOOK_INSIDE == 0;
}

struct watch_tunnel_story { /* cold, same row, one line of the cache too */
	uint32_t user;	    /* the last PFCP session that named it: whose packets it carries; WATCH_NONE */
	uint32_t session;   /* WATCH_NONE */
	uint32_t next;	    /* of the session */
	uint8_t end;	    /* enum wire_end */
	uint8_t bearer;	    /* PDU session or E-RAB of the session */
	uint16_t user_life; /* watch_session.life of user, when it named it: watch_story_user */
	int64_t ordered_ns; /* the first of several orders */
	int64_t ended_ns;
	int64_t first_ns;   /* first G-PDU */
	uint64_t first_frame, ended_frame;
	uint64_t packets;   /* what its pair knows already: watch_tunnels_fold */
};
static_assert(sizeof(struct watch_tunnel) == 64 && sizeof(struct watch_tunnel_story) == 64, "a line each");

/* ---- sessions ---------------------------------------------------------------------------------------------------------- */

enum watch_state { WATCH_ASKED, WATCH_LIVE, WATCH_OVER, WATCH_REFUSED };

struct watch_session { /* two lines of the cache: the first is all that a look-up touches */
	uint8_t protocol;     /* WIRE_PFCP, WIRE_NGAP, WIRE_S1AP, WIRE_F1AP, WIRE_GTPV2C */
	uint8_t state;	      /* enum watch_state */
	bool older;	      /* its set-up was before the capture */
	bool is_kept;	      /* a check will ask for it at the end: its row is not taken again */
	uint8_t ue_v6_bits;
	uint16_t life;	      /* how often the row was taken again */
	uint32_t control, user; /* peers: who owns it, and whose it is (UPF; gNB, eNB) */
	uint64_t control_seid, user_seid; /* PFCP; NGAP and the like: core's and access's id of the user */
	uint32_t first_tunnel, first_rule;
	int64_t asked_ns, live_ns;
	int64_t heard_ns;     /* of the last message about it */
	struct wire_address ue_v4, ue_v6; /* the latter by its prefix */
	uint64_t instance;    /* hash of the network instance, 0 none */
	uint64_t asked_frame;
	uint32_t changes;     /* accepted modifications */
	uint32_t taken_by;    /* peer that took it over with an F-SEID of its own (TS 29.244 clause 5.22.3), WATCH_NONE */
	uint32_t ending;      /* its row of watch_ending + 1, 0: none yet; it stays the row's when that is taken again */
};
static_assert(offsetof(struct watch_session, ue_v4) == 64 && sizeof(struct watch_session) == 128, "two lines");

struct watch_ending { /* of a session that ends: most of those that are known do not, yet */
	int64_t leaving_ns;   /* its owner asked for its end; 0: nobody did */
	int64_t over_ns;      /* 0: it is not over */
	uint64_t over_frame;
};

enum watch_rule_kind { WATCH_RULE_PDR, WATCH_RULE_FAR };

/* Addresses that rules name are peers'; two that had no room among the peers are not told apart. */
#define WATCH_NO_PEER (UINT32_MAX - 1)

struct watch_rule { /* small: a session has some. Of PDRs only those with a tunnel end are kept: the others decide nothing */
	uint32_t id, next;    /* of the session */
	uint32_t teid;	      /* PDR: local F-TEID; FAR: outer header creation */
	uint32_t place;	      /* its address: a peer, WATCH_NO_PEER, or WATCH_NONE where there is none */
	uint16_t action;      /* WIRE_ACTION_* */
	uint8_t interface;    /* destination interface, 255: not said */
	uint8_t kind : 4;     /* enum watch_rule_kind */
	uint8_t is_gone : 4;
};
static_assert(sizeof(struct watch_rule) == 20, "three to a line");

/* ---- what is told to checks ---------------------------------------------------------------------------------------------- */

/* One control-plane message with whom it is from and to. */
struct watch_heard {
	const struct wire_batch *batch;
	const struct wire_packet *packet;
	const struct wire_level *level;
	const struct wire_message *message;
	const struct wire_field *fields; /* message->count of them */
	int64_t now_ns;
	uint64_t frame;	   /* tap << 48 | number */
	uint32_t from, to; /* peers, WATCH_NONE */
	uint32_t pair;
	uint32_t session;  /* the one it is about, WATCH_NONE: none known */
	uint32_t cause;	   /* of an answer; 0: none said */
	bool retold;	   /* the same frame's message was seen just before (a copy on another interface, a retransmission) */
	uint32_t repeated; /* how often so */
};

enum watch_event_kind {
	WATCH_ASSOCIATED,    /* an association was set up and accepted: from asked to */
	WATCH_RESTARTED,     /* to's recovery time stamp changed; its sessions are gone */
	WATCH_SESSION_ASKED, /* set-up requested */
	WATCH_SESSION_LIVE,  /* accepted */
	WATCH_SESSION_CHANGED, /* a modification was accepted */
	WATCH_SESSION_OVER,  /* a deletion was accepted */
	WATCH_SESSION_LOST,  /* the user plane says that it has no such session */
	WATCH_RULE_SET,	     /* a FAR that names an address or duplicates is new or changed, as accepted: rule says which */
	WATCH_EVENTS,
};

struct watch_event {
	enum watch_event_kind kind;
	int64_t now_ns;
	uint64_t frame;	       /* of the answer */
	uint64_t asked_frame;  /* of the request; 0: not seen */
	int64_t asked_ns;
	uint32_t from, to;     /* peers: who asked whom */
	uint32_t session, rule; /* rows, WATCH_NONE */
	struct wire_address copy; /* WATCH_RULE_SET of a FAR: to where it duplicates; all zero: it does not say */
	bool takes_over;	/* the request brought an F-SEID of the asker's own */
	const struct watch_rule *before; /* WATCH_RULE_SET: as it was; NULL where it is new */
};

/* What attribution and tracking found out about each frame of a batch. */
struct watch_mark {
	uint8_t reason;	 /* enum watch_reason */
	uint8_t level;	 /* of the packet: the one that is the network's own */
	bool g_pdu;	 /* level 0 is a G-PDU, tunnel is its row */
	uint32_t pair, tunnel; /* WATCH_NONE */
	uint32_t from, to;     /* WATCH_NONE; of a G-PDU look at the pair: watch_mark_from, watch_mark_to */
	uint64_t frame;
};

/* notes.c: what of an ordinary G-PDU follows from its frame and from what never changes; in wire_batch.notes. */
struct watch_note {
	uint32_t tunnel;      /* half of its hash: watch_index_hash */
	uint32_t body, whole; /* these four for copies.h; body 0: too little payload */
	uint16_t check;
	uint8_t ends[2];
};

struct watch_copies_key { /* how payload is told: copies.h */
	uint64_t seed;
	uint32_t most, least; /* copy-bytes, copy-least; most 0: copies are not looked for */
};

struct watch_noting { /* what never changes; another thread reads it too */
	uint64_t seed;
	struct watch_copies_key copies;
};

#define WATCH_OF(protocol) (UINT64_C(1) << (protocol)) /* a bit for each enum wire_protocol, or enum watch_event_kind */

/* PFCP's messages by their type, TS 29.244 table 7.3-1: which are requests, which are answers. */
#define WATCH_PFCP(type)   (UINT64_C(1) << (type))
#define WATCH_PFCP_SESSION UINT64_C(0x03fc000000000000) /* 50 to 57 */
#define WATCH_PFCP_REQUESTS                                                                                            \
	(UINT64_C(0x2aa) | WATCH_PFCP(12) | WATCH_PFCP(14) | WATCH_PFCP(16) | (WATCH_PFCP_SESSION & UINT64_C(0x5555555555555555)))
#define WATCH_PFCP_ANSWERS (~WATCH_PFCP_REQUESTS)

struct watch_hooks {
	uint64_t hears, events; /* which messages and events: WATCH_OF; 0: all */
	uint64_t pfcp; /* of PFCP's messages those of these types: a bit each; 0: all */
	void *(*begin)(struct watch *); /* the check's own state, in w->arena; NULL: none needed */
	void (*batch)(struct watch *, void *own, const struct wire_batch *, const struct watch_mark *);
	void (*pair)(struct watch *, void *own, uint32_t pair); /* first packet of a pair */
	void (*heard)(struct watch *, void *own, const struct watch_heard *);
	void (*event)(struct watch *, void *own, const struct watch_event *);
	void (*minute)(struct watch *, void *own, int64_t minute); /* a minute is over; pairs still hold its counters */
	void (*leave)(struct watch *, void *own, uint32_t tunnel); /* its row is about to be taken again */
	void (*finish)(struct watch *, void *own);
};

struct watch_check_row {
	struct watch_check about;
	const struct watch_hooks *hooks;
};
extern const struct watch_check_row watch_checks[]; /* watch_check_count() of them */

/* ---- findings --------------------------------------------------------------------------------------------------------------- */

/*
 * What a check says. The same (check, certainty, from, to, detail) is one finding; its frames and packets add up, and the
 * sessions or tunnels that it is about are counted.
 */
struct watch_alarm {
	enum watch_certainty certainty; /* cut down to the check's most */
	uint32_t from, to;		/* peers: who did it, to whom; WATCH_NONE */
	const char *subject, *peer;	/* instead of from's and to's names, where they are no peers; NULL */
	uint64_t detail;		/* tells findings of the same two apart: a protocol, a kind of message; 0: none */
	const char *things;		/* what is counted, "session" or "tunnel"; NULL: nothing */
	uint64_t thing;			/* which of them: a SEID, a TEID */
	bool more_things;		/* and others that nobody kept */
	int64_t time_ns;
	uint64_t frame;			/* 0: none */
	uint64_t packets;
};
/* Where it is new, returns true and the explanation has to be given by watch_explain (a printf of the check's). */
bool watch_alarm(struct watch *, const char *check, const struct watch_alarm *);
/* The same for a statement of a policy. */
bool watch_alarm_of_rule(struct watch *, const struct policy_link *, bool waived, const struct watch_alarm *);
void watch_explain(struct watch *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- the watch ---------------------------------------------------------------------------------------------------------------- */

struct watch_request { /* a control request that waits for its answer */
	uint32_t from, to;
	uint32_t sequence;
	uint32_t session;
	uint8_t protocol;
	bool is_used, is_answered, takes_over;
	uint16_t type;
	uint16_t life; /* watch_session.life of session */
	uint32_t repeated;
	uint32_t staged_count;
	uint64_t staged;  /* where its changes begin in the ring of changes */
	uint64_t content; /* what tells it from another request with its number */
	int64_t time_ns;
	uint64_t frame;
};
static_assert(sizeof(struct watch_request) == 64, "a line each");
struct watch_requests;
struct watch_early;
struct watch_says;

struct watch_findings;
struct watch_others;
struct watch_attribution;
struct watch_tapped;
struct watch_vlans;
struct watch_policy;
struct watch_unplaced;

struct watch {
	struct arena *arena;
	struct watch_options options;
	const int64_t *thresholds;
	struct watch_noting noting;
	struct watch_counters counters;
	int64_t first_ns, last_ns, minute;
	int64_t base_ns;  /* of the first frame that was read: what is kept in milliseconds counts from it */
	bool unwraps;	  /* a tap says what everything is wrapped in */
	bool in_minute;
	bool has_gaps;	  /* some of the control plane was lost, cut or had no room: an order may be among it; known at the end */
	uint64_t dropped; /* before the capture, known at the end */
	uint64_t interrupted; /* inputs that were not heard all the time */
	uint64_t before_probe;       /* frames, WATCH_NOT_KNOWN */
	uint64_t broken_off, unread; /* captures that end before their end, and the bytes behind that; UINT64_MAX: who knows */

	struct watch_rows li_hours;
	struct watch_rows caps; /* struct watch_finding: breaches of the policies' limits of traffic */
	struct watch_rows peers, pairs, tunnels, stories, sessions, endings, rules;
	uint32_t tunnel_hand, session_hand; /* reuse.c: where the next row that may be taken again is looked for */
	uint32_t free_rule, free_user;	    /* chains of rows of sessions whose rows were taken again, WATCH_NONE */
	int64_t now_ns;			    /* of the frame that is looked at */
	struct watch_index peer_index, pair_index, tunnel_index, session_index;
	struct watch_attribution *attribution;
	struct watch_unplaced *unplaced; /* NULL: no inventory */
	struct watch_tapped *tapped;
	struct watch_vlans *vlans; /* NULL: no address of the inventory has a VLAN */
	struct watch_requests *requests;
	struct watch_early *early; /* NULL: none yet */
	struct watch_pfcp *pfcp;
	struct watch_says *says; /* said.c; NULL: no PFCP message yet */
	struct watch_policy *policy;
	struct watch_findings *findings;
	struct watch_mark marks[WIRE_BATCH];
	uint64_t special;	   /* a bit for each frame of the batch that is not just one more G-PDU of a user's */
	bool names_match;	   /* a declared element gave its id as its name: names can be compared */
	struct watch_index user_index; /* users.c */
	struct watch_rows users;
	uint8_t *point_protocols;    /* enum wire_protocol of each row of net_reference_points */
	struct watch_others *others; /* of check/spoofed_source.c: second senders into tunnels */
	void **own; /* states of the checks */
	struct watch_points_answer *points; /* points.c */
	/* checks that want each kind of call, as rows of watch_checks */
	struct watch_wants {
		uint8_t count, rows[63];
	} batch, pair, minute_over, leave, finish, heard[WIRE_PROTOCOLS], heard_pfcp[64], event[WATCH_EVENTS];
	struct watch_last_message *last; /* to tell what is said again: see track.c */
	int64_t minute_end_ns; /* the running minute's; before the first frame INT64_MIN */
	uint32_t *fresh;       /* tunnels that carried G-PDUs in this minute, in order of first appearance */
	uint32_t fresh_count, fresh_room;
	uint32_t *minute_pairs; /* pairs with packets in this minute, in order of first appearance */
	uint32_t minute_pair_count, minute_pair_room;
};

static inline struct watch_peer *watch_peer_at(const struct watch *w, uint32_t row)
{
	return &((struct watch_peer *)w->peers.items)[row];
}
static inline struct watch_pair *watch_pair_at(const struct watch *w, uint32_t row)
{
	return &((struct watch_pair *)w->pairs.items)[row];
}
static inline struct watch_tunnel *watch_tunnel_at(const struct watch *w, uint32_t row)
{
	return &((struct watch_tunnel *)w->tunnels.items)[row];
}
static inline struct watch_tunnel_story *watch_story_at(const struct watch *w, uint32_t row)
{
	return &((struct watch_tunnel_story *)w->stories.items)[row];
}
static inline struct watch_session *watch_session_at(const struct watch *w, uint32_t row)
{
	return &((struct watch_session *)w->sessions.items)[row];
}
/* The session whose packets a tunnel carries, WATCH_NONE: also where its row is another's by now. */
static inline uint32_t watch_story_user(const struct watch *w, const struct watch_tunnel_story *s)
{
	return s->user != WATCH_NONE && watch_session_at(w, s->user)->life == s->user_life ? s->user : WATCH_NONE;
}
static inline struct watch_rule *watch_rule_at(const struct watch *w, uint32_t row)
{
	return &((struct watch_rule *)w->rules.items)[row];
}

/* thresholds.c: by their row, in the order of the table */
enum watch_threshold_row {
#define THRESHOLD(row, ...) row,
#include "watch/thresholds.inc"
#undef THRESHOLD
	WATCH_THRESHOLDS
};
static inline int64_t watch_limit(const struct watch *w, enum watch_threshold_row row)
{
	return w->thresholds[row];
}

/*
 * The hash of a table's key, of two words at a time: two rounds of multiply and fold are as good as needed under a secret
 * seed, and a tenth of a general hash. Keys of more words begin with the hash of the first two.
 */
static inline uint64_t watch_fold(uint64_t a, uint64_t b)
{
	__uint128_t m = (__uint128_t)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}
static inline uint64_t watch_hash_of(uint64_t seed, uint64_t a, uint64_t b)
{
	return watch_fold(watch_fold(a ^ seed ^ 0x9e3779b97f4a7c15ull, b ^ (seed * 0xff51afd7ed558ccdull | 1)) ^ b,
			  0xc4ceb9fe1a85ec53ull);
}
static inline uint64_t watch_hash(const struct watch *w, uint64_t a, uint64_t b)
{
	return watch_hash_of(w->options.seed, a, b);
}
static inline uint64_t watch_address_high(const struct wire_address *a)
{
	uint64_t high;

	__builtin_memcpy(&high, a->bytes, 8);
	return high;
}
static inline uint64_t watch_address_hash(const struct watch *w, const struct wire_address *a)
{
	return watch_index_hash(watch_hash(w, wire_address_half(a), watch_address_high(a)));
}

/* attribute.c */
void watch_attribution_init(struct watch *);
uint32_t watch_peer_find(const struct watch *, const struct wire_address *); /* WATCH_NONE where it is none */
/* The same; a new row where there is none. WATCH_NONE where the table is full (counted). */
uint32_t watch_peer_get(struct watch *, const struct wire_address *, int64_t now_ns);
/* The address speaks a protocol of the network or is named in one. */
uint32_t watch_peer_network(struct watch *, const struct wire_address *, uint16_t roles, int64_t now_ns);
/* An address turns out to be another one of an element's. */
void watch_peer_is(struct watch *, uint32_t peer, uint32_t element);
const char *watch_peer_name(const struct watch *, uint32_t peer); /* element's id, else address; in the arena */
const char *watch_address_text(const struct watch *, const struct wire_address *);
/* A user's address as findings have it: a pseudonym unless identities are wanted. */
const char *watch_user_address(const struct watch *, const struct wire_address *);
const char *watch_pseudonym(const struct watch *, const void *bytes, size_t count);
bool watch_same_element(const struct watch *, uint32_t peer_a, uint32_t peer_b);
/* One element, one pool, one group or set: whoever may act for the other. */
bool watch_same_pool(const struct watch *, uint32_t peer_a, uint32_t peer_b);
const char *watch_element_vendor(const struct watch *, uint32_t element); /* NULL: unknown */
const char *watch_element_function(const struct watch *, uint32_t element); /* NULL: unknown */
const struct net_function *watch_element_row(const struct watch *, uint32_t element); /* its function's; NULL: unknown */
const struct net_function *watch_function_of(const struct watch *, uint32_t peer);    /* NULL: unknown */
uint32_t watch_element_of(const struct watch *, uint32_t peer); /* WATCH_NONE */
/* Has the element, or another one that is declared at the very same address, this function? */
bool watch_peer_has_function(const struct watch *, uint32_t peer, const char *function);
bool watch_peer_is_shared(const struct watch *, uint32_t peer); /* several elements are declared at this address */
bool watch_is_li(const struct watch *, const struct wire_address *);
uint32_t watch_element_named(const struct watch *, const char *name, size_t bytes); /* by id or by domain name */
bool watch_address_read(const char *text, struct wire_address *); /* as files write it, no prefix */

bool watch_is_declared(const struct watch *, const struct wire_address *); /* it, or its prefix, stands in elements.csv */

/* vlans.c: addresses that several networks use; tags: outer << 12 | inner */
void watch_vlan_name(struct wire_address *, uint32_t tags);
uint32_t watch_vlan_unname(struct wire_address *); /* back to what was on the wire; the tags, 0: it was that already */
bool watch_vlan_add(struct watch *, uint32_t tags, uint32_t element); /* false: too many VLANs */
void watch_vlan_join(struct watch *, uint32_t tags, uint32_t element); /* after all were added */
void watch_vlans_batch(struct watch *, struct wire_batch *);

static inline uint32_t watch_mark_from(const struct watch *w, const struct watch_mark *m)
{
	return m->pair == WATCH_NONE ? WATCH_NONE : watch_pair_at(w, m->pair)->from;
}
static inline uint32_t watch_mark_to(const struct watch *w, const struct watch_mark *m)
{
	return m->pair == WATCH_NONE ? WATCH_NONE : watch_pair_at(w, m->pair)->to;
}

/* The frames of the batch that its checks have to look at: all but those that are one more G-PDU with a user's datagram. */
#define WATCH_EACH_SPECIAL(w, i)                                                                                       \
	for (uint64_t left_ = (w)->special; left_; left_ &= left_ - 1)                                                 \
		for (unsigned i = (unsigned)__builtin_ctzll(left_), once_ = 1; once_; once_ = 0)

/* pairs.c */
struct watch_counts {
	uint64_t packets, bytes, payload;
};
uint32_t watch_pair_get(struct watch *, const struct wire_level *, uint64_t frame, int64_t now_ns, enum watch_reason *);
uint64_t watch_pair_hash(const struct watch *, const struct wire_level *);
uint64_t watch_pair_hash_of_brief(const struct watch *, const struct wire_brief *);
/* Fetches what watch_pair_get will look at for these hashes, up to WIRE_BATCH, so that the waits for memory overlap. */
void watch_pairs_fetch(const struct watch *, const uint64_t *hashes, unsigned count);
uint32_t watch_pair_of_brief(const struct watch *, const struct wire_brief *); /* WATCH_NONE */
uint32_t watch_pair_find(const struct watch *, const struct wire_level *); /* WATCH_NONE */
void watch_pair_count(struct watch *, uint32_t pair, const struct watch_counts *, int64_t now_ns);
/* Does the network speak this protocol with itself? */
static inline bool watch_is_network(uint8_t protocol)
{
	const uint64_t protocols =
		UINT64_C(1) << WIRE_GTPU | UINT64_C(1) << WIRE_GTPV1C | UINT64_C(1) << WIRE_GTPV2C |
		UINT64_C(1) << WIRE_GTP_PRIME | UINT64_C(1) << WIRE_PFCP | UINT64_C(1) << WIRE_NGAP |
		UINT64_C(1) << WIRE_S1AP | UINT64_C(1) << WIRE_F1AP | UINT64_C(1) << WIRE_XNAP |
		UINT64_C(1) << WIRE_X2AP | UINT64_C(1) << WIRE_E1AP | UINT64_C(1) << WIRE_E2AP |
		UINT64_C(1) << WIRE_DIAMETER | UINT64_C(1) << WIRE_SCTP;

	static_assert(WIRE_PROTOCOLS <= 64, "a bit for each");
	return protocols >> protocol & 1;
}
/* Who began: the side without the service's port, or of datagrams and equal ports who was heard first. */
uint32_t watch_pair_began(const struct watch *, const struct watch_pair *);
void watch_minutes_end(struct watch *, int64_t now_ns, bool all);

/* points.c: which reference points a pair may be */
bool watch_is_of_core(const char *function); /* by the table of functions; one that is not there may be */
void watch_points_init(struct watch *);
void watch_points(struct watch *, struct watch_pair *);
/* 1: from stands at the a end of this reference point and to at its b end; -1: the other way round; 0: either. */
int watch_point_way(const struct watch *, uint32_t point, uint32_t from, uint32_t to);

/* Could an element of this function have spoken so with the peer `other` (WATCH_NONE: whoever that is)? */
bool watch_may_speak(const struct watch *, const struct watch_service *, const char *function, uint32_t other);

/* unplaced.c: declared elements that no address leads to, so that a stranger may be one of them */
void watch_unplaced_init(struct watch *);
void watch_unplaced_found(struct watch *, uint32_t element); /* an address turned out to be its */
size_t watch_unplaced_count(const struct watch *);
/*
 * How sure it is that a stranger who speaks so with `other` is nobody who is declared: as given where everybody of a function
 * that may has an address; else at most likely where others of the functions of those who have none have one, unknown where
 * nobody has. *may_be: how many have none.
 */
enum watch_certainty watch_stranger(const struct watch *, const struct watch_service *, uint32_t other,
				    enum watch_certainty, size_t *may_be);
const char *watch_may_be(const struct watch *, size_t count); /* "; it may be one of 3 declared elements ...", "" */

/* tunnels.c */
static inline uint64_t watch_tunnel_hash_halves(uint64_t seed, uint64_t high, uint64_t low, uint32_t teid)
{
	return watch_index_hash(watch_hash_of(seed, watch_hash_of(seed, low, high), teid));
}
static inline uint64_t watch_tunnel_hash(const struct watch *w, const struct wire_address *to, uint32_t teid)
{
	return watch_tunnel_hash_halves(w->options.seed, watch_address_high(to), wire_address_half(to), teid);
}
uint32_t watch_tunnel_find(const struct watch *, const struct wire_address *to, uint32_t teid);
/* A message says that this end receives; session may be WATCH_NONE. */
uint32_t watch_tunnel_order(struct watch *, const struct wire_address *to, uint32_t teid, uint32_t session,
			    enum wire_end, int64_t now_ns);
/* The same for whoever has its hash. */
uint32_t watch_tunnel_order_of(struct watch *, const struct wire_address *to, uint32_t teid, uint64_t hash,
			       uint32_t session, enum wire_end, int64_t now_ns);
/* A PFCP session says that the end is its own, or its peer's: its subscriber's packets go there. */
void watch_tunnel_user(struct watch *, uint32_t tunnel, uint32_t session);
void watch_tunnel_end(struct watch *, uint32_t tunnel, int64_t now_ns, uint64_t frame);
/* True where the mark's pair is another one than that of the tunnel's packet before. */
bool watch_g_pdu(struct watch *, const struct wire_frame *, const struct wire_packet *, struct watch_mark *, uint64_t hash);
/*
 * The first G-PDU of a tunnel, or its first of this minute, from what is told in brief: the row is ready to count it and all
 * that follow. False where that takes more than a look at the pair, and nothing was changed.
 */
bool watch_tunnel_begins(struct watch *, const struct wire_frame *, const struct wire_brief *, uint32_t tunnel);
/*
 * A G-PDU of another than who mostly sends into a tunnel that goes on, from what is told in brief: counted for its own pair,
 * which is given back. WATCH_NONE where it is the next's turn to be looked into, or where it takes more: nothing was changed.
 */
uint32_t watch_tunnel_stray(struct watch *, const struct wire_frame *, const struct wire_brief *, uint32_t tunnel);
static inline uint64_t watch_tunnel_packets(const struct watch *w, uint32_t row)
{
	return watch_story_at(w, row)->packets + watch_tunnel_at(w, row)->packets;
}
/* What tunnels carried in the running minute is added to their pairs: G-PDUs are counted by tunnel alone. */
void watch_tunnels_fold(struct watch *);

/* watch.c: all that a frame goes through; hash: of the tunnel, where it is a G-PDU that has a level for it. */
void watch_frame(struct watch *, const struct wire_batch *, unsigned frame, uint64_t hash);

/* ahead.c: what the messages of a batch will look at is fetched, so that the waits for memory overlap; nothing follows. */
void watch_messages_fetch(struct watch *, const struct wire_batch *);
void watch_messages_fetch_rows(const struct watch *, const struct wire_batch *);

/*
 * reuse.c: a row of a table that is full, whose tunnel or session has been over for so long that nothing will ask for it;
 * WATCH_NONE where there is none among those that are looked at. It is in no index any more, and its checks were told.
 */
uint32_t watch_tunnel_retake(struct watch *);
uint32_t watch_session_retake(struct watch *);
/* Judged at the end, and could be an alarm: the row has to stay until then. */
bool watch_tunnel_is_doubtful(const struct watch *, uint32_t tunnel);

/* requests.c: which answer belongs to which request */
/* A request that was heard; NULL where it was heard before (retold is set then). */
struct watch_request *watch_request_new(struct watch *, struct watch_heard *);
/* The request that this answers, once; NULL where there is none, or it was answered before (retold is set then). */
struct watch_request *watch_request_of(struct watch *, struct watch_heard *);
void watch_request_about(const struct watch *, struct watch_request *, uint32_t session); /* WATCH_NONE: about none */
void watch_request_fetch(const struct watch *, uint32_t from, uint32_t to, const struct wire_message *);

/* early.c: an answer that nobody asked for; where clocks may be apart its request may come yet */
void watch_early_keep(struct watch *, const struct watch_heard *);
/* The answer that was kept for this request, as if it came now. Its batch, packet and level are NULL. */
bool watch_early_of(struct watch *, const struct watch_heard *request, struct watch_heard *answer);

/* track: pfcp.c, ran.c (NGAP, S1AP, F1AP), gtpc.c */
void watch_track_pfcp(struct watch *, struct watch_heard *);
void watch_track_unreachable(struct watch *, const struct wire_level *, uint32_t from, int64_t now_ns);
void watch_track_ran(struct watch *, struct watch_heard *);
void watch_track_sctp(struct watch *, const struct watch_heard *);
void watch_track_gtpc(struct watch *, struct watch_heard *);
void watch_event(struct watch *, const struct watch_event *);
uint32_t watch_session_new(struct watch *, enum wire_protocol, uint32_t control, uint32_t user, const struct watch_heard *);
/* Sessions are found by who they are at and the number that they have there; of several the one that lives, else the last. */
void watch_session_index(struct watch *, uint32_t session, enum wire_protocol, uint32_t at, uint64_t number);
uint32_t watch_session_find(const struct watch *, enum wire_protocol, uint32_t at, uint64_t number);
uint64_t watch_session_hash(const struct watch *, enum wire_protocol, uint32_t at, uint64_t number);
bool watch_session_lives(const struct watch *, uint32_t session);
void watch_session_over(struct watch *, uint32_t session, int64_t now_ns, uint64_t frame);
void watch_session_leaves(struct watch *, uint32_t session, int64_t now_ns); /* its owner asks for its end */
struct watch_ending watch_ending_of(const struct watch *, const struct watch_session *);

/* What is called where the packet takes the slow path. */
void watch_tunnel_late(struct watch *, uint32_t tunnel, const struct watch_mark *, int64_t now_ns);
/* Somebody else sends into a tunnel than before: pair is the new one, the row still has the old. */
void watch_tunnel_second(struct watch *, uint32_t tunnel, uint32_t pair, int64_t now_ns, uint64_t frame);
/* Were all the control plane's words about what this address receives within the capture? */
bool watch_is_covered(const struct watch *, uint32_t peer, int64_t before_ns);

/* tapped.c: what taps.csv decides */
void watch_tapped_init(struct watch *);
void watch_tapped_batch(struct watch *, const struct wire_batch *);
/* The level that is the network's own: behind the encapsulation that the tap declares, else the outermost. */
unsigned watch_base_level(const struct watch *, const struct wire_frame *, const struct wire_packet *);
/* The taps are declared, whole and without loss: what rests on absence can be certain. */
bool watch_taps_are_whole(const struct watch *);
bool watch_frame_is_half(const struct watch *, uint64_t frame); /* its tap hears one direction, and nothing the other */
/* A tap misses some of the control plane by what it is: a tunnel without an order, or after its end, may be in order. */
bool watch_orders_may_be_missing(const struct watch *);
/* How far the clocks of two frames' taps may be from each other: nearer events have no order. */
int64_t watch_clock_error(const struct watch *, uint64_t frame_a, uint64_t frame_b);
int64_t watch_clocks_apart(const struct watch *); /* any two of the taps, at most */
/* A tap could have seen this link of the network in clear, or nobody says what taps see. */
bool watch_link_is_in_sight(const struct watch *, uint32_t link, uint32_t point);
void watch_tapped_say(struct watch *, struct watch_coverage *,
		      void (*say)(struct watch *, struct watch_coverage *, bool holds, const char *sentence));

static inline enum wire_protocol watch_pair_speaks(const struct watch_pair *p)
{
	return (enum wire_protocol)(p->service.protocol ? p->service.protocol : p->heard);
}

/* users.c: which session had a UE address last, in a network instance at a user-plane function */
void watch_users_init(struct watch *);
void watch_user_fetch(const struct watch *, const struct wire_address *, uint64_t instance, uint32_t user_plane);
/* The session before this one with its address; WATCH_NONE where it is the first. From now on it is this one. */
uint32_t watch_user_take(struct watch *, uint32_t session, bool v6);
/* WATCH_NONE where no session has the address there. */
uint32_t watch_user_find(const struct watch *, const struct wire_address *, uint64_t instance, uint32_t user_plane);
void watch_user_drop(struct watch *, uint32_t session); /* its addresses are nobody's, where they are not another's by now */
/* Are packets into this tunnel looked into, one in so many? Where they are a subscriber's, of a session that was seen. */
static inline bool watch_wants_look(const struct watch *w, uint32_t tunnel)
{
	const struct watch_tunnel_story *s = watch_story_at(w, tunnel);

	return s->end == WIRE_END_CORE && s->session != WATCH_NONE;
}
void watch_inner_look(struct watch *, uint32_t tunnel, const struct wire_level *inner, const struct watch_mark *,
		      int64_t now_ns);

/* sbi.c */
/* Requests for a service of the core (TS 29.501) make both ends the network's own. */
bool watch_sbi_meet(struct watch *, const struct wire_batch *, unsigned frame, const struct wire_level *);
bool watch_header(const struct watch_heard *, const char *name, char *out, size_t room); /* of an HTTP message */
void watch_service_name(const char *path, char out[40]);
bool watch_json_member(const uint8_t *bytes, size_t count, const char *name, char *out, size_t room);
/* What the NRF has against what the inventory has: check/rogue_registration.c. */
void watch_compare_vendor(struct watch *, uint32_t element, uint32_t peer, const char *vendor_id, int64_t now_ns, uint64_t frame);

/* li.c */
enum { WATCH_LI_HOUR_BYTES = 40 };
bool watch_li_meets(const struct watch_li *, const struct wire_packet *); /* one of its headers has an address of it */
bool watch_li_packet(struct watch *, const struct wire_packet *, int64_t now_ns); /* it was to or from interception, and is counted */
void watch_li_batch(const struct watch *, struct wire_batch *); /* takes out what messages say of it */
void watch_li_rule(struct watch *, const struct wire_address *function, int64_t now_ns);
void watch_li_list(struct watch *, struct watch_result *);

/* policy.c */
void watch_policy_init(struct watch *);
void watch_policy_finish(struct watch *);

/* findings.c, coverage.c, shares.c */
uint32_t watch_check_row(const char *name);
void watch_shares_list(struct watch *, struct watch_result *);
void watch_findings_init(struct watch *);
void watch_findings_list(struct watch *, struct watch_result *);
void watch_coverage_list(struct watch *, const struct wire_counters *, uint64_t dropped, struct watch_result *);

/* fields of a message */
static inline const struct wire_field *watch_field(const struct watch_heard *h, enum wire_what what, uint16_t type)
{
	for (uint16_t i = 0; i < h->message->count; i++)
		if (h->fields[i].what == what && (!type || h->fields[i].type == type))
			return &h->fields[i];
	return NULL;
}
static inline bool watch_address_is(const struct wire_address *a, const struct wire_address *b)
{
	return __builtin_memcmp(a, b, sizeof *a) == 0;
}

#endif
