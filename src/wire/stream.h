/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP connections that are followed, and what a protocol over TCP does with the bytes that came in order.
 */
#ifndef PROVISO_WIRE_STREAM_H
#define PROVISO_WIRE_STREAM_H

#include "wire/decode.h"

struct nghttp2_hd_inflater;

#define STREAM_NO_TAGS UINT32_MAX

enum { STREAM_BYTES = 40 << 10 }; /* waiting in one direction: a TLS record or an HTTP/2 frame of 16 KiB fits twice */

struct text { /* HTTP/1.1: where one direction stands */
	uint32_t body;    /* bytes that are still to come: of a body, or of a chunk that is passed over */
	uint32_t scanned; /* of those that wait: whole chunks, or whole lines of a head */
	bool in_chunks, in_trailer;
	bool is_long; /* more of a body than can wait: it is passed over */
};

struct side {              /* one direction */
	uint32_t next;     /* sequence number expected */
	bool synced, done; /* done: nothing more to be read in this direction */
	uint32_t used;     /* bytes waiting */
	uint8_t *bytes;    /* STREAM_BYTES, NULL until needed */
	struct nghttp2_hd_inflater *inflater;
	struct text text;
};

struct stream {
	struct wire_address address[2];
	uint16_t port[2];
	uint32_t tags[2]; /* the VLANs that each side's frames are in; STREAM_NO_TAGS: it was not heard yet */
	uint8_t protocol; /* enum wire_protocol, WIRE_NONE: free */
	uint8_t client;   /* which side opened it, as far as known */
	bool from_start;
	bool is_text; /* HTTP: 1.1, until a preface of HTTP/2 comes */
	uint8_t unanswered; /* HTTP/1.1: requests, in their order, up to 64 */
	uint64_t heads;     /* and which of them want no body, a bit each, the first is the lowest */
	uint64_t used_at; /* frames counted, for the oldest */
	struct side side[2];
};

/* Nothing more is read of this direction; gives its memory back. */
void stream_finish(struct stream *, unsigned side);

/* Each takes the bytes of one direction in order and says how many it is done with. */
size_t tls_consume(struct scribe *, struct stream *, unsigned side, struct cursor);
size_t http2_consume(struct scribe *, struct stream *, unsigned side, struct cursor);
size_t ssh_consume(struct scribe *, struct stream *, unsigned side, struct cursor);
size_t diameter_consume(struct scribe *, struct stream *, unsigned side, struct cursor);

size_t http1_consume(struct scribe *, struct stream *, unsigned side, struct cursor);

bool tls_looks(const uint8_t *, size_t);
bool http2_looks(const uint8_t *, size_t); /* the client's preface */
bool http1_looks(const uint8_t *, size_t); /* a request's or response's first bytes */
bool http1_asks_service(const uint8_t *, size_t); /* a request for a service of the core */
void http2_forget(struct side *);
/* Text of a header or body, in memory of the batch; where there is none left, it is a fault of the message. */
void http_text(struct scribe *, enum wire_what, const uint8_t *, size_t);

#endif
