/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire: from a capture to what was said - frames, headers, tunnels, and the messages of the control plane as flat
 * trees of fields. Knows no networks and no rules.
 *
 *     struct wire_capture *c = wire_capture_open(a, source, &options, &d);
 *     struct wire *w = wire_new(a);
 *     struct wire_batch *b = wire_batch_new(a);
 *     while (wire_read(&c, 1, b))                     up to 64 frames, of several captures in the order of time
 *             wire_decode(w, b), use(b);              b->packets[i].levels[l], b->messages[m], b->fields[f]
 *
 * Nothing is allocated for a packet: all of a batch lies in tables of fixed size, and what did not fit is counted.
 * Every frame ends in exactly one row of wire_counters.frames, every message in one of wire_counters.messages:
 * understood, not understood (and by which type), malformed (and how). Bytes that a length field leaves over are
 * malformed, never skipped.
 *
 * Owner: all pointers into a batch (bytes, text) hold until the next wire_read of that batch. Times are nanoseconds
 * since 1970-01-01 UTC. Addresses are 16 bytes, IPv4 as ::ffff:a.b.c.d. All numbers are in the order of the machine.
 */
#ifndef PROVISO_WIRE_H
#define PROVISO_WIRE_H

#include "base/base.h"

/* ---- limits: each has a counter ---------------------------------------------------------------------------------- */

enum {
	WIRE_BATCH = 64,	      /* frames that go through the stages together: their headers fit the first cache */
	WIRE_LEVELS = 5,	      /* IP headers in one frame: link, GTP-U, another GTP-U, one tunnel more, and one to tell */
	WIRE_MESSAGES = 1024,	      /* messages in one batch: 16 a frame; bundling rarely has over 4 */
	WIRE_FIELDS = 16384,	      /* fields in one batch: 256 a frame; a large PFCP set-up has about 120 */
	WIRE_DEPTH = 8,		      /* groups within groups; PFCP uses 4 */
	WIRE_TEXT = 256 << 10,	      /* bytes a batch for what had to be unpacked: names, header lists, joined fragments */
	WIRE_FRAME_BYTES = 262144,    /* the longest frame that is kept: tcpdump's own snap length */
	WIRE_DATAGRAMS = 64,	      /* IP datagrams waiting for fragments, each up to 64 KiB in 16 pieces */
	WIRE_FRAGMENTS = 16,
	WIRE_SCTP_PARTS = 64,	      /* SCTP user messages waiting for chunks */
	WIRE_STREAMS = 1024,	      /* TCP connections followed for TLS, HTTP and others */
	WIRE_UNKNOWN_KINDS = 512,     /* distinct unknown types counted by type; the others together */
	WIRE_NOTE_BYTES = 16,	      /* what whoever judges may keep of a frame beforehand */
};

struct wire_address {
	uint8_t bytes[16]; /* all zero: none */
};
bool wire_address_is_v4(const struct wire_address *);
static inline bool wire_address_is_none(const struct wire_address *a)
{
	uint64_t halves[2];

	__builtin_memcpy(halves, a->bytes, sizeof halves);
	return !(halves[0] | halves[1]);
}
void wire_address_print(const struct wire_address *, char out[46]);

/* ---- protocols: one file each in wire/proto ---------------------------------------------------------------------- */

enum wire_protocol {
	WIRE_NONE, /* nothing recognised */
	WIRE_SCTP, WIRE_GTPU, WIRE_GTPV1C, WIRE_GTPV2C, WIRE_GTP_PRIME, WIRE_PFCP,
	WIRE_NGAP, WIRE_S1AP, WIRE_F1AP, WIRE_XNAP, WIRE_X2AP, WIRE_E1AP, WIRE_E2AP, WIRE_NAS_5GS, WIRE_NAS_EPS,
	WIRE_HTTP, WIRE_TLS, WIRE_DTLS, WIRE_DNS, WIRE_ICMP, WIRE_NTP, WIRE_SSH, WIRE_NETCONF, WIRE_SNMP, WIRE_SYSLOG,
	WIRE_DIAMETER, WIRE_ESP, WIRE_IKE, WIRE_ARP,
	WIRE_PROTOCOLS,
};
const char *wire_protocol_name(enum wire_protocol); /* "PFCP" */

/* ---- what can be wrong ------------------------------------------------------------------------------------------- */

enum wire_fault {
	WIRE_FINE,
	WIRE_TRUNCATED,	      /* the capture has fewer bytes than the wire had: not the sender's fault */
	/* malformed */
	WIRE_SHORT,	      /* the bytes end inside a header or a value */
	WIRE_TRAILING,	      /* bytes left over behind the end of a message or value */
	WIRE_BAD_LENGTH,      /* a length field that contradicts what surrounds it, or is outside the table's bounds */
	WIRE_BAD_VERSION,
	WIRE_BAD_VALUE,	      /* a value the standard does not allow */
	WIRE_MISSING,	      /* a mandatory element is absent */
	WIRE_BAD_ENCODING,    /* packed encoding, header compression or text that can't be unpacked */
	WIRE_OVERLAP,	      /* IP fragments that overlap (RFC 5722; RFC 1858) */
	/* not understood, or not all of it */
	WIRE_NOT_UNDERSTOOD,  /* a type this room has no row for; wire_counters.kinds says which */
	WIRE_ENCRYPTED,	      /* seen, not readable */
	WIRE_FRAGMENT,	      /* a piece whose whole is not there (yet) */
	WIRE_NO_CONTEXT,      /* the connection began before the capture did */
	WIRE_TOO_DEEP,	      /* WIRE_LEVELS, WIRE_DEPTH */
	WIRE_TOO_MANY,	      /* another limit above */
	WIRE_FAULTS,
};
const char *wire_fault_name(enum wire_fault);	   /* "bad-length" */
bool wire_fault_is_malformed(enum wire_fault);

/* ---- captures ---------------------------------------------------------------------------------------------------- */

struct wire_capture;

struct wire_options {
	enum wire_protocol user[16]; /* what DLT_USER0 to 15 (147-162) hold: NGAP, S1AP ...; WIRE_NONE: not known */
};

/*
 * A pcap (both byte orders, micro- and nanoseconds, modified) or pcapng file (several sections and interfaces). NULL
 * and a diagnostic (capture-format) where it is neither. Damage further on is diagnosed (capture-damaged,
 * capture-cut-short) and ends the capture; what was read before it counts. options may be NULL. The source has to
 * outlive the capture.
 */
struct wire_capture *wire_capture_open(struct arena *, struct source *, const struct wire_options *, struct diagnostics *);
uint64_t wire_capture_frames(const struct wire_capture *);  /* read so far */
uint64_t wire_capture_skipped(const struct wire_capture *); /* blocks with packets that could not be taken */
uint64_t wire_capture_lost(const struct wire_capture *);    /* what the capturing machine itself says that it dropped */
bool wire_capture_is_damaged(const struct wire_capture *);
uint64_t wire_capture_unread(const struct wire_capture *);  /* then: bytes behind the damage, UINT64_MAX: nobody knows */

struct wire_frame {
	const uint8_t *bytes;
	uint32_t captured, length; /* bytes here, bytes on the wire */
	int64_t time_ns;
	uint64_t number;	   /* in its capture, from 1 */
	uint16_t tap;		   /* which of wire_read's captures */
	uint16_t interface;	   /* pcapng: in its section */
	uint16_t link;		   /* LINKTYPE_ of tcpdump.org */
	uint8_t user;		   /* enum wire_protocol, for LINKTYPE_USER* */
};

/* ---- headers ----------------------------------------------------------------------------------------------------- */

enum wire_carrier { /* what carried an IP header */
	WIRE_IN_LINK, WIRE_IN_GTPU, WIRE_IN_GRE, WIRE_IN_VXLAN, WIRE_IN_IP, WIRE_IN_EXPORT, WIRE_IN_ETHERNET_PDU,
};

enum { /* wire_level.flags */
	WIRE_LEVEL_OPTIONS = 1,	    /* IPv4 options or IPv6 extension headers stand in between */
	WIRE_LEVEL_FRAGMENT = 2,    /* a fragment; ports and what follows only once it is whole */
	WIRE_LEVEL_JOINED = 4,	    /* the last fragment came with this frame: the payload is the whole datagram's */
	WIRE_LEVEL_CUT = 8,	    /* payload_bytes < payload_length: the capture is short */
	WIRE_LEVEL_PORTS = 16,	    /* source_port and destination_port were read */
};

enum { /* wire_gtpu.flags */
	WIRE_GTPU_SEQUENCE = 1, WIRE_GTPU_N_PDU = 2,
	WIRE_GTPU_SESSION = 4, /* a PDU Session Container was there (TS 38.415) */
	WIRE_GTPU_UPLINK = 8,  /* its PDU type is 1 */
	WIRE_GTPU_RQI = 16,
	WIRE_GTPU_OTHER = 32,  /* other extension headers too: wire_gtpu_extensions */
};

struct wire_gtpu { /* TS 29.281 clause 5; type 0: none here */
	uint8_t type;	     /* 255 G-PDU, 254 end marker, 26 error indication, 1 and 2 echo, 31 supported extensions */
	uint8_t flags;
	uint8_t qfi;	     /* QoS flow, where WIRE_GTPU_SESSION */
	uint8_t n_pdu;
	uint32_t teid;
	uint16_t sequence;
	uint16_t header;     /* bytes before the T-PDU or the information elements, counted from the GTP-U header's first */
};

struct wire_level { /* one IP header and what stands above it */
	struct wire_address source, destination;
	uint16_t source_port, destination_port; /* UDP, TCP, SCTP */
	uint8_t transport;	/* IP protocol number behind extension headers */
	uint8_t hops;		/* TTL or hop limit */
	uint8_t carrier;	/* enum wire_carrier */
	uint8_t flags;
	uint32_t tunnel;	/* what identifies the carrier: TEID, GRE key, VXLAN network identifier */
	uint32_t ip_bytes;	/* length of the datagram by its header */
	uint32_t ip_id;		/* IPv4 identification, or the fragment header's */
	const uint8_t *payload; /* behind the transport's header; behind the IP header where there is no transport known */
	uint32_t payload_bytes;	/* captured */
	uint32_t payload_length; /* by the headers */
	uint32_t tcp_sequence;
	uint8_t tcp_flags;
	uint8_t protocol;	/* enum wire_protocol: what the payload is taken for */
	uint8_t fault;		/* enum wire_fault: the first in this level's own headers */
	struct wire_gtpu gtpu;	/* UDP port 2152 */
};

struct wire_packet { /* one for each frame of a batch, same index */
	uint16_t vlan[2];	/* outer, inner; 0 none. 12 bits */
	uint32_t mpls;		/* the top label, 0 none */
	uint16_t ether_type;	/* behind VLAN tags and labels */
	uint8_t direction;	/* Linux cooked: packet type (0 to us, 4 sent by us); 255 not known */
	uint8_t count;		/* levels */
	uint8_t fault;		/* enum wire_fault: the first that was met in headers or messages */
	uint8_t protocol;	/* enum wire_protocol of the innermost that was recognised */
	uint16_t first, messages; /* in the batch */
	struct wire_level levels[WIRE_LEVELS];
};

/*
 * What a mobile network's frames nearly all are, in brief: a whole G-PDU between two IPv4 addresses with one datagram of a
 * subscriber, who speaks with the world. All of it was checked; its headers are taken apart only where somebody wants to
 * look at them (wire_unfold), because for most that costs more than all the rest.
 */
struct wire_brief {
	uint64_t source, destination; /* the last eight bytes of each wire_address, as they lie in it: wire_address_half */
	uint32_t teid;
	uint16_t inner_bytes; /* length of the subscriber's datagram */
	uint8_t inner;	      /* where in the frame it begins */
	uint8_t payload;      /* and where in it what its UDP or TCP carries */
};
static inline uint64_t wire_address_half(const struct wire_address *a)
{
	uint64_t half;

	__builtin_memcpy(&half, a->bytes + 8, 8);
	return half;
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

/*
 * What a field means, the same in all protocols. In brackets: which members hold it. Fields stand in the order of the
 * message; a group's members follow it and have its index (within the message) as parent.
 */
enum wire_what {
	WIRE_BYTES,	     /* understood by name only [bytes] */
	WIRE_UNKNOWN,	     /* no row in the table [bytes] */
	WIRE_GROUP,	     /* [type], members follow */
	WIRE_NUMBER,	     /* [number] what type says */
	WIRE_TEXT_VALUE,     /* [bytes] what type says, as text */
	WIRE_ADDRESS,	     /* [v4, v6] one more address of the sender, or what type says */
	WIRE_CAUSE,	     /* [number]; NGAP, S1AP, F1AP: group of causes << 16 | value */
	WIRE_NODE,	     /* [v4, v6 or bytes: a domain name] PFCP node id, global gNB id, AMF name */
	WIRE_RECOVERY,	     /* [number] unix_s of the last start, or GTP's restart counter */
	WIRE_SESSION,	     /* [number, v4, v6] F-SEID; GTPv2-C control F-TEID */
	WIRE_TUNNEL,	     /* [number, v4, v6, end] a user-plane tunnel's receiving end: F-TEID, GTP tunnel */
	WIRE_UE_ADDRESS,     /* [v4, v6, extra: prefix bits] */
	WIRE_RULE,	     /* [number, type] PDR, FAR, URR, QER, BAR, MAR id */
	WIRE_APPLY_ACTION,   /* [number] WIRE_ACTION_* */
	WIRE_INTERFACE,	     /* [number] 0 access, 1 core, 2 SGi-LAN or N6-LAN, 3 control plane, 4 LI, 5 5G VN internal */
	WIRE_INSTANCE,	     /* [bytes] network instance, DNN or APN, labels joined by dots */
	WIRE_OUTER_CREATION, /* [number: TEID, v4, v6, flags: description, extra: port] */
	WIRE_OUTER_REMOVAL,  /* [number] */
	WIRE_PDU_SESSION,    /* [number] PDU session id; EPS bearer or E-RAB id; F1 DRB id: type says */
	WIRE_QOS_FLOW,	     /* [number] */
	WIRE_CORE_UE,	     /* [number] AMF-UE-NGAP-ID, MME-UE-S1AP-ID, gNB-CU-UE-F1AP-ID */
	WIRE_RAN_UE,	     /* [number] RAN-UE-NGAP-ID, eNB-UE-S1AP-ID, gNB-DU-UE-F1AP-ID */
	WIRE_SUBSCRIBER,     /* [bytes] SUPI, SUCI, IMSI, GUTI: an identity that must not leave unmasked */
	WIRE_PLMN,	     /* [number] MCC * 1000 + MNC, + 10^6 where the MNC has three digits */
	WIRE_NAS,	     /* [bytes]; a message of its own follows with this one as parent */
	WIRE_NAME,	     /* [bytes] server name, queried name, certificate name, software version */
	WIRE_HEADER_NAME,    /* [bytes] HTTP header, its value follows */
	WIRE_HEADER_VALUE,   /* [bytes] */
	WIRE_BODY,	     /* [bytes] what of a body was put together */
	WIRE_WHATS,
};
const char *wire_what_name(enum wire_what);

enum { /* TS 29.244 clause 8.2.26 */
	WIRE_ACTION_DROP = 0x1, WIRE_ACTION_FORW = 0x2, WIRE_ACTION_BUFF = 0x4, WIRE_ACTION_NOCP = 0x8, WIRE_ACTION_DUPL = 0x10,
	WIRE_ACTION_IPMA = 0x20, WIRE_ACTION_IPMD = 0x40, WIRE_ACTION_DFRT = 0x80, WIRE_ACTION_EDRT = 0x100,
	WIRE_ACTION_BDPN = 0x200, WIRE_ACTION_DDPN = 0x400, WIRE_ACTION_FSSM = 0x800, WIRE_ACTION_MBSU = 0x1000,
};

enum wire_end { /* of WIRE_TUNNEL: who receives there */
	WIRE_END_UNKNOWN,
	WIRE_END_CORE,	     /* UPF, SGW, PGW */
	WIRE_END_ACCESS,     /* gNB, eNB, gNB-DU */
	WIRE_END_FORWARDING, /* during handover only */
	WIRE_END_CHOOSE,     /* the receiver chooses: number and addresses come with the response */
};

struct wire_field {
	uint16_t what;	 /* enum wire_what */
	uint16_t type;	 /* the protocol's own number for it: PFCP IE type, NGAP ProtocolIE-ID, SCTP parameter ... */
	uint16_t parent; /* index within the message, WIRE_NO_PARENT at the top */
	uint8_t depth;	 /* 0 at the top */
	uint8_t end;	 /* enum wire_end; GTPv2-C F-TEID: its interface type is extra */
	uint32_t flags;	 /* the flags octets as they stand */
	uint32_t extra;
	uint64_t number;
	const uint8_t *bytes; /* the value as it stands, or unpacked text; not zero-terminated */
	uint32_t length;
	uint32_t instance; /* GTPv2-C instance, PFCP enterprise number */
	struct wire_address v4, v6;
};
#define WIRE_NO_PARENT UINT16_MAX

enum { WIRE_REQUEST = 1, WIRE_RESPONSE = 2, WIRE_FAILURE = 4 }; /* wire_message.kind; both bits of the last two for a refusal */

struct wire_message {
	const char *name;     /* "Session Establishment Request", "PDUSessionResourceSetup"; static; NULL where unknown */
	uint64_t id;	      /* SEID, TEID or verification tag of the header */
	uint32_t sequence;    /* PFCP, GTP: sequence number; SCTP and what it carries: TSN; DNS, SNMP: id; HTTP/2: stream */
	uint32_t ppid;	      /* SCTP */
	uint16_t stream;      /* SCTP */
	uint16_t type;	      /* message type, procedure code, chunk type, handshake type, operation */
	uint16_t frame;	      /* index in the batch */
	uint16_t parent;      /* message that carried it, WIRE_NO_PARENT */
	uint16_t first, count; /* fields in the batch */
	uint8_t protocol;     /* enum wire_protocol */
	uint8_t level;	      /* which of the packet's levels carried it */
	uint8_t fault;	      /* enum wire_fault */
	uint8_t kind;	      /* WIRE_REQUEST ..., 0 where the protocol has no such thing */
	uint8_t has_id;	      /* id was in the header */
	uint8_t reversed;     /* HTTP, TLS: from the server */
	uint32_t fault_at;    /* offset in bytes of the first fault */
	const uint8_t *bytes;
	uint32_t length;
};

struct wire_batch {
	uint16_t frame_count, message_count;
	uint32_t field_count, text_bytes;
	bool lent;		       /* something in it points to what the decoder keeps: it holds until the next wire_decode */
	uint64_t brief;		       /* a bit for each frame that is told in brief: its packet is not there */
	const struct wire *wire;       /* who decoded it last */
	const void *noted_for;	       /* whose notes these are: wire_note; NULL: nobody's */
	uint64_t noted;		       /* a bit for each frame with a note */
	struct wire_frame *frames;     /* WIRE_BATCH */
	struct wire_packet *packets;   /* WIRE_BATCH */
	struct wire_brief *briefs;     /* WIRE_BATCH */
	struct wire_message *messages; /* WIRE_MESSAGES */
	struct wire_field *fields;     /* WIRE_FIELDS */
	uint8_t *text;		       /* WIRE_TEXT */
	void *notes;		       /* WIRE_BATCH of WIRE_NOTE_BYTES */
};

struct wire_batch *wire_batch_new(struct arena *);
/*
 * The next frames, up to WIRE_BATCH, of one or several captures in the order of time (equal times: of the captures). 0
 * at the end of all. What comes out of order inside one capture stays as it is there.
 */
size_t wire_read(struct wire_capture *const *captures, size_t count, struct wire_batch *);

/* ---- live capture ------------------------------------------------------------------------------------------------ */

struct wire_filter { /* what the kernel takes: struct sock_filter, 8 bytes each */
	void *instructions;
	size_t count; /* 0: everything passes */
};
/* The kind of link that an interface's hardware type (ARPHRD_) gives: LINKTYPE_. false for one that is not read. */
bool wire_link_of_hardware(uint16_t hardware, uint16_t *link);
/* An expression as tcpdump takes it. false: *why it does not compile. */
bool wire_filter_compile(struct arena *, const char *expression, uint16_t hardware, struct wire_filter *, const char **why);

struct wire_live;

/*
 * Makes a receive ring of a packet socket (AF_PACKET, SOCK_RAW, protocol 0) that the caller has opened and closes, and
 * begins to hear an interface. filter may be NULL. NULL and errno on failure (EAFNOSUPPORT: a link that is not read).
 */
struct wire_live *wire_live_open(struct arena *, int fd, unsigned interface_index, uint16_t hardware, const struct wire_filter *, int *error);
/*
 * The next frames that are there, up to WIRE_BATCH, the earliest of several interfaces first; 0 where there are none now:
 * poll the descriptors. frame.tap is the index among the interfaces.
 */
size_t wire_live_read(struct wire_live *const *, size_t count, struct wire_batch *);
/* So many batches (1 from the start, at most WIRE_AHEAD) hold together: the last ones read, the one being read among them. */
void wire_live_hold(struct wire_live *, unsigned batches);
/* None of them is looked into any more. Where nothing came, and before poll, which else tells of what is held. */
void wire_live_done(struct wire_live *);
enum wire_live_state { WIRE_LIVE_UP, WIRE_LIVE_DOWN, WIRE_LIVE_GONE };
/* Whether an interface was down since it was opened, or is gone. To be asked where poll has an error of it, which it takes. */
enum wire_live_state wire_live_state(struct wire_live *);
/* Nothing new is taken from now on; what is in the ring can still be read, the last of it some 20 ms later. 0 or errno. */
int wire_live_stop(struct wire_live *);
/* Frames that passed the filter, and those of them that the kernel had no room for: received - lost = read. */
void wire_live_count(struct wire_live *, uint64_t *received, uint64_t *lost);

/* ---- decoding ---------------------------------------------------------------------------------------------------- */

struct wire; /* what has to be remembered from frame to frame: fragments, SCTP parts, TCP connections, counters */

struct wire *wire_new(struct arena *);
/* Frames of one's own (live capture, tests) go the same way: fill batch->frames and frame_count. */
void wire_decode(struct wire *, struct wire_batch *);
/*
 * Whether what subscribers say to the world inside GTP-U is decoded (DNS, TLS, HTTP, ICMP ...); from the start it is
 * not. The network's own control protocols (PFCP, GTP-C, NGAP ...) are decoded there always: they have no business
 * there.
 */
void wire_look_inside(struct wire *, bool);
/*
 * Whether ordinary G-PDUs are told in brief, where subscribers are not looked at; from the start they are not. Then a
 * frame whose bit is set in batch->brief has no packet before wire_unfold, which clears the bit.
 */
void wire_be_brief(struct wire *, bool);
void wire_unfold(struct wire_batch *, unsigned frame);
/* The level of the subscriber's datagram alone, of a frame whose bit is set; what its ports stand for is not looked up. */
void wire_unfold_inner(const struct wire_batch *, unsigned frame, struct wire_level *);
/* What the subscriber's UDP or TCP carries in such a frame: all of it was captured. */
static inline const uint8_t *wire_brief_payload(const struct wire_batch *b, unsigned frame, uint32_t *length)
{
	const struct wire_brief *brief = &b->briefs[frame];

	*length = (uint32_t)brief->inner_bytes - brief->payload;
	return b->frames[frame].bytes + brief->inner + brief->payload;
}
/* What tells a datagram from others by its headers; halves of addresses as they lie in a wire_address. */
struct wire_ends {
	uint64_t source[2], destination[2];
	uint16_t source_port, destination_port;
	uint8_t transport;
	uint32_t tcp_sequence; /* 0: another transport */
};
/* Those of the subscriber's datagram in such a frame, and of a level. */
void wire_brief_ends(const struct wire_batch *, unsigned frame, struct wire_ends *);
void wire_level_ends(const struct wire_level *, struct wire_ends *);

/*
 * What whoever judges will want to know of each frame that is told in brief and that follows from the frame alone: worked
 * out while the frame is still in the cache, and by the thread that decodes. take is called in wire_decode, and sets notes,
 * noted and noted_for of the batch; whose it gets.
 */
typedef void wire_note_taker(const void *whose, struct wire_batch *);
void wire_note(struct wire *, wire_note_taker *take, const void *whose);

/*
 * Reading and decoding ahead of the judge, on a thread of their own: the same batches in the same order. From here on the
 * captures, the decoder and all that lies in their arenas belong to that thread, until next has returned NULL or arena is
 * freed; a batch holds until the next call.
 */
struct wire_ahead;
struct wire_ahead *wire_ahead_new(struct arena *, struct wire *, struct wire_capture *const *captures, size_t count);
/*
 * The same of whatever gives frames, a live capture mostly. read fills a batch as wire_read does, and is called on that
 * thread; what it fills in has to hold while WIRE_AHEAD - 1 other batches are filled.
 */
enum { WIRE_AHEAD = 16 }; /* half of them take as long to judge as a sleeping thread to be woken */
typedef size_t wire_reader(void *context, struct wire_ahead *, struct wire_batch *);
struct wire_ahead *wire_ahead_of(struct arena *, struct wire *, wire_reader *, void *context);
/* For read: waits until all batches before this one are done with. false: nothing more is wanted, and it has to return 0. */
bool wire_ahead_settle(struct wire_ahead *);
struct wire_batch *wire_ahead_next(struct wire_ahead *); /* decoded; NULL at the end of all */

struct wire_kind { /* a type that was not understood */
	uint8_t protocol;  /* WIRE_NONE: ether type, link type or IP protocol, by layer */
	uint8_t layer;	   /* 0 message, 1 information element, 2 link type, 3 ether type, 4 IP protocol, 5 extension header */
	uint16_t type;
	uint64_t count;
};

struct wire_counters {
	uint64_t frames[WIRE_FAULTS];	/* every frame once, by wire_packet.fault */
	uint64_t bytes;			/* on the wire */
	uint64_t messages[WIRE_PROTOCOLS][WIRE_FAULTS]; /* every message once */
	uint64_t fields_dropped, messages_dropped, text_dropped; /* WIRE_FIELDS, WIRE_MESSAGES, WIRE_TEXT */
	uint64_t datagrams_dropped, parts_dropped, streams_dropped; /* given up for newer ones or for their limits */
	uint64_t kinds_dropped;		/* distinct unknown types beyond WIRE_UNKNOWN_KINDS */
	uint32_t kind_count;
	struct wire_kind kinds[WIRE_UNKNOWN_KINDS]; /* in the order of first appearance */
};
const struct wire_counters *wire_counters(const struct wire *);

/* ---- what is looked at only sometimes ---------------------------------------------------------------------------- */

struct wire_extension { /* GTP-U extension header, TS 29.281 clause 5.2 */
	uint8_t type;	    /* 0x85 PDU session container, 0xc0 PDCP PDU number, 0x40 UDP port, 0x20 service class ... */
	const char *name;   /* NULL where unknown */
	const uint8_t *bytes; /* without length and next type */
	uint32_t length;
	uint32_t number;    /* PDCP number, UDP port, service class; PDU session container: PDU type << 8 | QFI */
};
/* The extension headers of one GTP-U header in their order; bytes is what follows the UDP header. Returns how many there are. */
size_t wire_gtpu_extensions(const uint8_t *bytes, size_t count, struct wire_extension *out, size_t room);

const char *wire_message_name(enum wire_protocol, uint16_t type); /* NULL where unknown or where the type alone does not say */
/* The name of a PFCP IE, NGAP, S1AP, F1AP or GTPv2-C element, NULL where unknown; clause may be NULL. */
const char *wire_element_name(enum wire_protocol, uint16_t type, const char **clause);

#endif
