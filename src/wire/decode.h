/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of wire: what one decoder may do. A decoder reads a cursor and writes through a scribe - it begins a message,
 * adds fields, says what was wrong - so that places, limits and counters are kept in one place, decode.c.
 */
#ifndef PROVISO_WIRE_DECODE_H
#define PROVISO_WIRE_DECODE_H

#include "wire/wire.h"

enum { /* IP protocol numbers (IANA) */
       IP_ICMP = 1,
       IP_IPV4 = 4,
       IP_TCP = 6,
       IP_UDP = 17,
       IP_IPV6 = 41,
       IP_ROUTING = 43,
       IP_FRAGMENT = 44,
       IP_GRE = 47,
       IP_ESP = 50,
       IP_AH = 51,
       IP_ICMPV6 = 58,
       IP_NO_NEXT = 59,
       IP_OPTIONS = 60,
       IP_HOPOPT = 0,
       IP_SCTP = 132,
       IP_MOBILITY = 135,
       IP_HIP = 139,
       IP_SHIM6 = 140,
};
enum {
	ETHER_IPV4 = 0x0800,
	ETHER_ARP = 0x0806,
	ETHER_BRIDGED = 0x6558,
	ETHER_VLAN = 0x8100,
	ETHER_IPV6 = 0x86dd,
	ETHER_QINQ = 0x88a8,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_UP = 0x8848,
	ETHER_QINQ_OLD = 0x9100,
	ETHER_ERSPAN = 0x88be,
	ETHER_ERSPAN_III = 0x22eb,
};
enum { PORT_GTPU = 2152, PORT_VXLAN = 4789, PORT_IPSEC = 4500 };
enum { LAYER_MESSAGE, LAYER_ELEMENT, LAYER_LINK, LAYER_ETHER, LAYER_IP, LAYER_EXTENSION }; /* wire_kind.layer */

struct datagrams;
struct parts;
struct streams;

enum {
	PORT_SLOTS = 256,
	PORT_BITS = 2048, /* four lines of the cache; one port in 80 is taken for one of them */
};

struct wire {
	struct wire_counters counters;
	struct datagrams *datagrams;
	struct parts *parts;
	struct streams *streams;
	bool inside, brief;
	wire_note_taker *take_notes; /* NULL: nobody wants any */
	const void *notes_for;
	struct port_row {
		uint16_t port; /* 0: free */
		uint8_t protocol;
	} ports[3][PORT_SLOTS]; /* UDP, TCP, SCTP: by port, open addressing */
	/* Of UDP and TCP: a bit for each PORT_BITS'th port at which something is that no subscriber's datagram is taken for. */
	uint64_t watched[2][PORT_BITS / 64];
};

struct scribe {
	struct wire *wire;
	struct wire_batch *batch;
	struct wire_packet *packet;
	struct wire_level *level; /* NULL before the first IP header */
	struct wire_message *message;
	uint16_t frame, open; /* open: the group that fields are added to, WIRE_NO_PARENT */
	uint8_t depth;
	uint16_t carrier;   /* index of the message that carries the next one, WIRE_NO_PARENT */
	uint32_t ppid, tsn; /* of the SCTP chunk that carries the next message */
	uint16_t stream;
	struct wire_message no_message; /* written to where the table is full */
	struct wire_field no_field;
};

/* A new message over these bytes; ends the one before. Never NULL. */
struct wire_message *scribe_begin(struct scribe *, enum wire_protocol, const uint8_t *bytes, size_t count);
/* Counts the message: each begin has one end. */
void scribe_end(struct scribe *);
/* Where the table is full: the place for a field that nobody reads, counted. */
struct wire_field *scribe_no_field(struct scribe *);
/* A new field, zeroed but for what, type, parent, depth. Never NULL; valid until the batch ends. */
static inline struct wire_field *scribe_field(struct scribe *s, enum wire_what what, uint16_t type)
{
	struct wire_batch *b = s->batch;
	bool has_room = b->field_count < WIRE_FIELDS && s->message != &s->no_message;
	struct wire_field *f = has_room ? &b->fields[b->field_count++] : scribe_no_field(s);

	*f = (struct wire_field){ .what = (uint16_t)what, .type = type, .parent = s->open, .depth = s->depth };
	return f;
}
static inline struct wire_field *scribe_number(struct scribe *s, enum wire_what what, uint16_t type, uint64_t number)
{
	struct wire_field *f = scribe_field(s, what, type);

	f->number = number;
	return f;
}
static inline struct wire_field *scribe_bytes(struct scribe *s, enum wire_what what, uint16_t type, struct cursor c)
{
	struct wire_field *f = scribe_field(s, what, type);

	f->bytes = c.at;
	f->length = (uint32_t)cursor_left(&c);
	return f;
}
/* Fields that follow are members of the last one added, until scribe_close is called with what open returned. */
uint32_t scribe_open(struct scribe *);
void scribe_close(struct scribe *, uint32_t opened);
/* The first fault counts, but malformed replaces a lesser one. at: where in the message, or NULL. */
void scribe_fault(struct scribe *, enum wire_fault, const uint8_t *at);
/* The same for a frame without a message. */
void packet_fault(struct wire_packet *, enum wire_fault);
void level_fault(struct scribe *, struct wire_level *, enum wire_fault); /* of a level's headers, and so of the frame */
/* Counts a type that nobody here understands. */
void count_kind(struct wire *, enum wire_protocol, uint8_t layer, uint16_t type);
void scribe_unknown(struct scribe *, uint8_t layer, uint16_t type); /* and says so of the message */
/* Room in the batch for unpacked text, or NULL (counted). */
uint8_t *scribe_text(struct scribe *, size_t bytes);

/* A cursor that ran out: WIRE_TRUNCATED where the capture is short, else WIRE_SHORT. A cursor with bytes left: WIRE_TRAILING. */
void scribe_finish(struct scribe *, const struct cursor *);

/* The next length bytes, or, where there are fewer, what is left: the fault is said and the rest can be read all the same. */
struct cursor scribe_part(struct scribe *, struct cursor *, size_t length);

/* ---- protocols ---- */

struct protocol {
	const char *name;
	uint16_t udp[2], tcp[2], sctp; /* ports, 0: none */
	uint32_t ppid[2];
	bool users; /* the world's rather than the network's own: inside user tunnels only on request */
	void (*decode)(struct scribe *, struct cursor); /* a whole datagram or SCTP user message; NULL: by name only */
	const char *(*message)(uint16_t type);
	const char *(*element)(uint16_t type, const char **clause);
};
extern const struct protocol protocols[WIRE_PROTOCOLS];
void protocol_ports(struct wire *);
enum wire_protocol protocol_by_ports(const struct wire *, const struct wire_level *);
/* May one of these UDP or TCP ports be the network's own, or what carries another tunnel? */
static inline bool protocol_is_watched(const struct wire *w, uint8_t transport, uint32_t from, uint32_t to)
{
	const uint64_t *bits = w->watched[transport != IP_UDP];

	from %= PORT_BITS;
	to %= PORT_BITS;
	return (bits[from / 64] >> from % 64 | bits[to / 64] >> to % 64) & 1;
}
enum wire_protocol protocol_by_ppid(uint32_t ppid);
enum wire_protocol protocol_by_name(const uint8_t *name, size_t count); /* Wireshark's dissector names */

/* ---- stages ---- */

/* fast.c: the frame that is most of all: a bit for each. The others have to go the long way; nothing was counted yet. */
uint64_t briefs_read(const struct wire *, const struct wire_batch *);
void brief_unfold(const struct wire *, const struct wire_frame *, const struct wire_brief *, struct wire_packet *);
void brief_unfold_inner(const struct wire_frame *, const struct wire_brief *, struct wire_level *);
void brief_ends(const struct wire_frame *, const struct wire_brief *, struct wire_ends *);
void read_headers(struct scribe *); /* link.c: frame to levels */
void read_network(struct scribe *, uint16_t ether_type, struct cursor, uint32_t wire_bytes, uint8_t carrier,
		  uint32_t tunnel);
void read_ethernet(struct scribe *, struct cursor, uint32_t wire_bytes, uint8_t carrier, uint32_t tunnel);
void read_ip(struct scribe *, struct wire_level *, bool v6); /* ip.c: a level whose payload is the whole datagram */
void read_transport(struct scribe *, struct wire_level *);   /* transport.c: behind the IP headers */
void set_v4(struct wire_address *, const uint8_t *four);
void set_v6(struct wire_address *, const uint8_t *sixteen);

struct datagrams *datagrams_new(struct arena *);
void datagrams_next_batch(struct datagrams *);
/* Adds a fragment to its datagram; true when it is whole: the level then has the payload of all. */
bool datagrams_add(struct scribe *, struct wire_level *, uint32_t offset, bool more);

/* capture.c: reads into so many buffers in turn, so that frames stay while others are read. */
void capture_buffers(struct arena *, struct wire_capture *, unsigned count);
/* All of it is there already; of a pipe the next bytes may take their time. */
bool capture_is_whole(const struct wire_capture *);
/*
 * From here on another thread may read the next piece of such a file by capture_read_ahead, which is false where none is to
 * be read or a thread is at it. After capture_buffers.
 */
void capture_share(struct arena *, struct wire_capture *);
bool capture_read_ahead(struct wire_capture *);

struct parts *parts_new(struct arena *);
void parts_next_batch(struct parts *);

struct streams *streams_new(struct arena *);
void streams_add(struct scribe *, const struct wire_level *); /* a TCP segment of a port that is followed */

void gtpu_header(struct scribe *, struct wire_level *);
void decode_sctp(struct scribe *, struct cursor); /* from the common header on */
void decode_gtpu(struct scribe *, struct cursor);
void decode_gtpc(struct scribe *, struct cursor); /* both versions */
void decode_pfcp(struct scribe *, struct cursor);
void decode_ngap(struct scribe *, struct cursor);
void decode_s1ap(struct scribe *, struct cursor);
void decode_f1ap(struct scribe *, struct cursor);
void decode_nas_5gs(struct scribe *, struct cursor);
void decode_dns(struct scribe *, struct cursor);
void decode_icmp(struct scribe *, struct cursor);
void decode_ntp(struct scribe *, struct cursor);
void decode_snmp(struct scribe *, struct cursor);
void decode_syslog(struct scribe *, struct cursor);
void decode_diameter(struct scribe *, struct cursor);

const char *sctp_chunk_name(uint16_t type);
const char *gtpu_message_name(uint16_t type);
const char *gtpv2_message_name(uint16_t type);
const char *pfcp_message_name(uint16_t type);
const char *ngap_message_name(uint16_t type);
const char *s1ap_message_name(uint16_t type);
const char *f1ap_message_name(uint16_t type);
const char *nas_5gs_message_name(uint16_t type);
const char *tls_message_name(uint16_t type);
const char *sctp_parameter_name(uint16_t type, const char **clause);
const char *gtpv2_element_name(uint16_t type, const char **clause);
const char *pfcp_element_name(uint16_t type, const char **clause);
const char *ngap_element_name(uint16_t type, const char **clause);
const char *s1ap_element_name(uint16_t type, const char **clause);
const char *f1ap_element_name(uint16_t type, const char **clause);

#endif
