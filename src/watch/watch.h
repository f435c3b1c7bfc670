/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch: what the wire showed - who spoke to whom over which reference point, with what session behind it - and which
 * of it the network's declaration and its policy do not allow. Knows no folders and no clock: frames come decoded from
 * wire, time comes with them.
 *
 *     struct watch *w = watch_new(a, &options);
 *     while (wire_read(captures, count, b))
 *             wire_decode(wire, b), watch_batch(w, b);
 *     const struct watch_result *r = watch_finish(w, wire_counters(wire));
 *
 * A batch of 64 frames goes through each stage together: attribute (address to element), track (sessions and tunnels of
 * the control plane), judge (policy and checks), observe (counters per pair, reference point and minute). Tables have a
 * capacity and a counter for what it turned away: nothing is allocated for a packet.
 *
 * Every frame that is read ends in exactly one place: judged, or not judged for one reason (enum watch_reason).
 * Times are nanoseconds since 1970-01-01 UTC, sizes bytes on the wire. Everything returned lives in the arena.
 */
#ifndef PROVISO_WATCH_H
#define PROVISO_WATCH_H

#include "base/base.h"
#include "evidence/evidence.h"
#include "net/net.h"
#include "policy/policy.h"
#include "wire/wire.h"

/* ---- limits: each has a counter in watch_counters ------------------------------------------------------------------ */

enum {
	WATCH_PEERS = 1 << 17,	  /* addresses of the network's elements, declared or not; a nation has some 10^5 */
	WATCH_PAIRS = 1 << 18,	  /* who speaks to whom over what */
	WATCH_TUNNELS = 1 << 22,  /* receiving ends of user-plane tunnels; 128 bytes each */
	WATCH_SESSIONS = 1 << 21, /* control-plane sessions */
	WATCH_RULES = 1 << 23,	  /* PDRs and FARs of all sessions */
	WATCH_REQUESTS = 1 << 16, /* control requests that wait for their answer */
	WATCH_FINDINGS = 10000,	  /* kept apart; what comes after is counted */
	WATCH_FRAMES = 20,	  /* frames that a finding names */
	WATCH_TAPS = 64,	  /* captures that are merged */
	WATCH_COPIES = 1 << 20,	  /* user datagrams remembered to find copies; 16 bytes each */
	WATCH_LI_HOURS = 1 << 16, /* counts of interception by user-plane function and hour */
};

/* ---- what is looked for -------------------------------------------------------------------------------------------- */

/* How sure a finding is; contract: certain, likely, unknown. */
enum watch_certainty { WATCH_UNKNOWN, WATCH_LIKELY, WATCH_CERTAIN };
const char *watch_certainty_name(enum watch_certainty);

/* A row of the table of checks (checks.c), as documents and reports show it. */
struct watch_check {
	const char *name;	     /* "unordered-tunnel"; the finding's rule is builtin/NAME */
	enum watch_certainty most;   /* how sure it can be at best */
	const char *technique;	     /* MITRE FiGHT */
	const char *help;	     /* what is looked for, one line */
	const char *next;	     /* what a person should do next */
};
size_t watch_check_count(void);
const struct watch_check *watch_check_at(size_t);

/* A number that decides: all of them stand in one table (thresholds.c), each with its reason, and can be set. */
struct watch_threshold {
	const char *name; /* "ended-grace", set by --threshold NAME=VALUE */
	const char *unit; /* "ms", "packets", "percent" ... */
	int64_t value;	  /* from the start */
	int64_t least, most;
	const char *why;
};
size_t watch_threshold_count(void);
const struct watch_threshold *watch_threshold_at(size_t);
size_t watch_threshold_find(const char *name); /* SIZE_MAX where there is none */

/* ---- taps: where a capture was taken (taps.csv, doc/watch.md) ------------------------------------------------------- */

enum watch_direction { WATCH_BOTH_WAYS, WATCH_A_TO_B, WATCH_B_TO_A }; /* a, b: a link's, or a reference point's */
enum watch_side { WATCH_SIDE_UNKNOWN, WATCH_SIDE_CLEAR, WATCH_SIDE_ENCRYPTED };
enum watch_copies_kept { WATCH_COPIES_UNKNOWN, WATCH_COPIES_KEPT, WATCH_COPIES_TAKEN_OUT };
enum watch_outer { WATCH_OUTER_NONE, WATCH_OUTER_VXLAN, WATCH_OUTER_GRE, WATCH_OUTER_IP };

struct watch_passing { /* what passes a tap: a reference point, or one link of the inventory */
	uint32_t point; /* row of net_reference_points; of a link: its own, CODE_UNKNOWN */
	uint32_t link;	/* row of the network's links, CODE_UNKNOWN: all of the point */
};

struct watch_tap {
	const char *name;
	const char *input; /* file or interface, as given to --read or --live */
	const struct watch_passing *links; /* none: not said, anything may pass */
	size_t link_count;
	enum watch_side side; /* of the security gateway */
	enum watch_direction direction;
	uint32_t snap_bytes; /* 0: whole frames */
	uint32_t sampled;    /* one in so many; 1: all */
	enum watch_copies_kept copies; /* of frames that pass the tap's ports twice */
	enum watch_outer outer;	       /* around everything seen here, and looked through */
	int64_t clock_error_ns;	       /* this clock's distance from the others', at most */
	bool declared;		       /* it has a row in taps.csv; else only name and input hold */
	struct place place;
};
/*
 * Rows of a taps.csv: tap, input, links, side, direction, snap, sampling, deduplicated, encapsulation, clock_error_ms.
 * All mistakes are diagnosed (bad-tap), each at its cell or word. The network, whose links may be named, may be NULL.
 */
struct watch_tap *watch_taps_read(struct arena *, struct source *, const struct net *, struct diagnostics *,
				  size_t *count);

/* ---- what else is known beforehand --------------------------------------------------------------------------------- */

/* Addresses of lawful interception, from a file of its own. Nothing that concerns them leaves but counts. */
struct watch_li {
	const struct wire_address *addresses; /* sorted */
	size_t count;
};
/* One address a line, # comments. Mistakes are diagnosed (bad-interception). */
struct watch_li *watch_li_read(struct arena *, struct source *, struct diagnostics *);
bool watch_li_has(const struct watch_li *, const struct wire_address *);
/* For who is no watch: packets to and from it have nothing in them any more, and no message says its address. */
void watch_li_hide(const struct watch_li *, struct wire_batch *);

/* Profiles of an NRF (TS 29.510 clause 6.1.6.2.2), one or an array or {"nfInstances": [...]}. */
struct watch_nf {
	const char *instance, *type, *vendor, *name; /* nfInstanceId, nfType, vendorId, fqdn or nfInstanceName; NULL: not said */
	const struct wire_address *addresses;
	size_t address_count;
	const char *const *services; /* names of nfServices */
	size_t service_count;
};
struct watch_nrf {
	const struct watch_nf *items;
	size_t count;
};
struct watch_nrf *watch_nrf_read(struct arena *, struct source *, struct diagnostics *);

/* ---- observations: who spoke to whom -------------------------------------------------------------------------------- */

struct watch_observation { /* one pair, one direction, one reference point, one minute */
	int64_t minute;	   /* since 1970, UTC */
	struct wire_address from, to;
	uint32_t from_element, to_element; /* rows of the network, CODE_UNKNOWN */
	const char *reference_point;	   /* "N3"; the protocol's name where none is known */
	const char *protocol;		   /* "GTP-U" */
	uint16_t port;			   /* the service's, 0: none */
	uint64_t packets, bytes;
};

/* ---- one watch ------------------------------------------------------------------------------------------------------- */

struct watch_options {
	const struct net *net; /* NULL: no inventory; all that rests on one is left out */
	const struct policy *const *policies;
	size_t policy_count;
	const struct evidence *evidence; /* weighed; NULL without a case */
	int32_t on;			 /* the case's date */
	struct strs *strs;		 /* the case's */
	struct diagnostics *diagnostics;
	const struct watch_tap *taps; /* one for each capture of wire_read, same order */
	size_t tap_count;
	const struct watch_li *li;   /* NULL: none */
	const struct watch_nrf *nrf; /* NULL: none */
	const int64_t *thresholds;   /* watch_threshold_count() of them; NULL: as in the table */
	uint64_t seed;		     /* of tables, secret; nothing that is printed rests on it */
	uint32_t most_tunnels, most_sessions; /* rows of the tables; 0: WATCH_TUNNELS, WATCH_SESSIONS */
	uint8_t key[32];	     /* of pseudonyms: the same key gives the same */
	bool identities;	     /* subscribers as they are, not as pseudonyms */
	bool subscribers;	     /* look inside user tunnels too: wire_look_inside is the caller's to set */
	/* Called in the order of minutes and first appearance; NULL: not wanted. */
	void (*observe)(void *context, const struct watch_observation *);
	void *observe_context;
};

struct watch;

struct watch *watch_new(struct arena *, const struct watch_options *);
/*
 * A decoded batch. Pointers into it are not kept. Where elements.csv has addresses with a VLAN (10.0.0.1%100), these are
 * replaced in the batch by names of their own. Takes the decoder's short word for ordinary G-PDUs (wire_be_brief).
 */
void watch_batch(struct watch *, struct wire_batch *);
/* Lets a decoder on another thread work out beforehand what watch_batch needs of each frame (wire_note). It ends before the watch. */
void watch_note_ahead(const struct watch *, struct wire *);

/* ---- the result ------------------------------------------------------------------------------------------------------ */

/* Why a frame was not judged: the first that holds. */
enum watch_reason {
	WATCH_JUDGED,
	WATCH_NOT_IP,	     /* ARP, LLDP, spanning tree ...: nothing this room judges */
	WATCH_UNDECODABLE,   /* a link type or header that wire can't read */
	WATCH_CUT,	     /* the capture has too few bytes of it */
	WATCH_IN_PIECES,     /* an IP fragment whose others are not there */
	WATCH_UNREADABLE,    /* encrypted: ESP */
	WATCH_STRANGERS,     /* IP between two addresses that are no element's and speak nothing of the network's own */
	WATCH_INTERCEPTION,  /* lawful interception: counted, and that is all */
	WATCH_NO_ROOM,	     /* a table was full */
	WATCH_REASONS,
};
const char *watch_reason_name(enum watch_reason);

struct watch_finding {
	const struct watch_check *check; /* NULL: a rule of a policy */
	enum watch_certainty certainty;
	struct finding finding; /* the shape that assess has; its wire points to what follows */
	struct finding_wire wire;
};

struct watch_counters {
	uint64_t read, judged;
	uint64_t not_judged[WATCH_REASONS]; /* [WATCH_JUDGED] stays 0; read = judged + the rest */
	uint64_t bytes, control_messages;
	uint64_t g_pdus, g_pdu_bytes; /* user traffic in tunnels */
	/* what tables turned away */
	uint64_t peers_full, pairs_full, tunnels_full, sessions_full, rules_full, requests_full, findings_full;
	uint64_t checks_full; /* those of checks, of what they remember */
	uint64_t peers, pairs, tunnels, sessions; /* ever in a table */
	uint64_t tunnels_again, sessions_again;   /* whose rows a full table gave to new ones */
	uint64_t silent_again; /* of both: those whose end nobody had told, and that were silent for session-idle */
	uint64_t payloads;	     /* user datagrams that were compared, to find copies */
	uint64_t payloads_left_out;  /* of them not looked at: more came than can be remembered, and one in 2, 4, 8 ... has to do */
	uint64_t payloads_short;     /* too short, or cut too short, to be told from others */
	uint64_t payloads_forgotten; /* had to make place before their window was over: a late copy would be missed */
	uint64_t tunnels_ordered;		  /* of those that carried packets: with an order behind them */
	uint64_t tunnels_used;
};

struct watch_seen { /* coverage of one declared element or link */
	const char *id;
	bool is_seen;
	bool is_out_of_sight; /* not seen, and by taps.csv no tap could have: it says nothing that it was not seen */
	uint64_t packets;
};

#define WATCH_NOT_KNOWN UINT64_MAX

struct watch_coverage {
	int64_t first_ns, last_ns; /* of all frames; 0: none */
	const struct watch_seen *elements, *links;
	size_t element_count, link_count;
	size_t elements_seen, links_seen;
	size_t elements_out_of_sight, links_out_of_sight;
	uint64_t encrypted, truncated, undecodable, dropped; /* frames; dropped: before they reached us, or with a capture's end */
	uint64_t before_probe;	  /* frames lost before a live capture could have them; WATCH_NOT_KNOWN: nobody told */
	uint64_t broken_off;	  /* captures that end inside a record, or could not be read to their end */
	bool too_little;	  /* contract: a clean result would mean nothing */
	const char *const *cannot; /* what therefore can't be said, a sentence each */
	size_t cannot_count;
};

struct watch_share { /* what a vendor really carries: user-plane bytes of its elements */
	const char *layer, *vendor;
	uint64_t bytes, packets;
	int64_t share_ppb;
};

struct watch_li_hour { /* all that is told of interception */
	const char *element; /* the user-plane function: its id, else its address */
	int64_t hour;	     /* since 1970 */
	uint64_t packets, rules;
};

struct watch_result {
	const struct watch_finding *findings; /* sorted as contract.md has it, then by time */
	size_t finding_count;
	size_t alarms; /* certain or likely, and not waived */
	struct watch_counters counters;
	struct watch_coverage coverage;
	const struct watch_share *shares;
	size_t share_count;
	const struct watch_li_hour *li_hours;
	size_t li_hour_count;
};

/* A capture broke off: inside a record, or where it could not be read on. unread: bytes after that, UINT64_MAX: not known. */
void watch_capture_damaged(struct watch *, uint64_t unread);
/* So many of the inputs were not heard all the time: what came meanwhile, nobody can tell. */
void watch_interrupted(struct watch *, size_t inputs);
/* Frames that an interface lost before it could be heard, by its own counters. Not called: not known. */
void watch_before_probe(struct watch *, uint64_t frames);
/* Ends the watch: what rests on the end (never ordered, never answered) is judged now. dropped: lost before capture. */
const struct watch_result *watch_finish(struct watch *, const struct wire_counters *, uint64_t dropped);
/* 0 nothing, 1 an alarm, 3 none but too little seen. */
int watch_exit(const struct watch_result *);

/* ---- discovery: an inventory proposed from traffic ------------------------------------------------------------------ */

struct watch_discovered_element {
	const char *id;	      /* "upf-1": by function, in the order of first appearance */
	const char *function; /* as net_functions has it */
	const char *name;     /* what it calls itself (AMF name, node id); "" nothing */
	const char *vendor_id; /* the enterprise number in the profile that it registered; "" none */
	const struct wire_address *addresses;
	size_t address_count;
	const char *basis;    /* what the function was read from: "NGAP PFCP"; "GTP-U" alone is weak */
	uint64_t packets;     /* sent and received by its addresses */
	size_t sharing;	      /* other elements with the same addresses: functions that share a host */
};

struct watch_discovered_link {
	size_t a, b; /* elements */
	const char *reference_point; /* "" where nothing tells over what they speak */
	uint64_t packets, bytes; /* both ways */
};

struct watch_discovered_other { /* an address that spoke to elements and whose function nothing told */
	struct wire_address address;
	uint64_t packets, bytes;
};

struct watch_discovered {
	const struct watch_discovered_element *elements;
	size_t element_count;
	const struct watch_discovered_link *links; /* sorted by ends and reference point */
	size_t link_count;
	const struct watch_discovered_other *others; /* most packets first */
	size_t other_count;
	int64_t first_ns, last_ns;
	uint64_t frames;      /* that were read */
	uint64_t subscribers; /* packets from or to subscribers' addresses in clear: they are no elements */
	uint64_t dropped;     /* addresses and pairs that found no room */
};

struct watch_discovery;

struct watch_discovery *watch_discovery_new(struct arena *);
void watch_discovery_batch(struct watch_discovery *, const struct wire_batch *);
const struct watch_discovered *watch_discovery_finish(struct watch_discovery *);

#endif
