/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capture files: pcap and pcapng, read into one buffer that is used again and again, so that a frame is touched where
 * it lies. A batch ends where the buffer has to be refilled, because its frames point into it. Of a file that is read ahead
 * of the judge there are several, and the pieces in them may be read by either thread.
 *
 * pcap: draft-ietf-opsawg-pcap; pcapng: draft-ietf-opsawg-pcapng.
 */
#include "wire/decode.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum {
	FRONT = 1 << 20, /* before a piece: what is left of the one before it. The longest block that is kept */
	PIECE = 256 << 10, /* read at once: what was copied is still in the second cache when it is looked at */
	PIECES_AHEAD = 4,
	PAGE = 4096, /* reads go to a page's begin: the kernel copies to odd addresses three times as slowly */
	TRIES = 100, /* for a piece that another thread is reading: mostly it is there sooner than a sleeper is woken */
	SANE_BYTES = 64 << 20, /* a block that says it is longer is damage, not data */
	INTERFACES = 4096,     /* of one pcapng section */
	PCAP_RECORD = 16,
	PCAP_RECORD_MODIFIED = 24,
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_SIMPLE = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	OPTION_RESOLUTION = 9,
	OPTION_OFFSET = 14,
	OPTION_DROPPED = 5,
};

struct interface {
	uint16_t link;
	uint32_t snap_length;
	uint64_t per_second; /* ticks */
	int64_t offset_s;
	uint64_t dropped;
};

enum step { STEP_FRAME, STEP_DRY, STEP_OTHER, STEP_END };

struct piece {
	uint8_t *buffer;
	ptrdiff_t bytes; /* as source_read says */
};

/* The next pieces of a file, read by whichever thread has time: piece n is in item n % PIECES_AHEAD. */
struct pieces {
	pthread_mutex_t lock; /* of the source, and of what is read and ended */
	struct piece items[PIECES_AHEAD];
	_Atomic uint64_t read, taken; /* how many */
	bool ended;
};

struct wire_capture {
	struct source *source;
	struct diagnostics *diagnostics;
	struct wire_options options;
	uint8_t *buffer, *at, *end;
	uint8_t **buffers; /* used in turn; NULL: the one */
	unsigned buffer_count, which;
	struct pieces *ahead; /* NULL: each is read when it is needed */
	bool turned;     /* to the next one for the batch that is read: no frame points into it yet */
	uint8_t *begin;  /* the first byte of what is in the buffer */
	uint64_t offset; /* of begin in the file, bytes */
	uint64_t skip;   /* bytes of a block that is not kept */
	bool ended, damaged, swapped, pcapng, peeked;
	uint32_t record; /* pcap: bytes of a record's header */
	uint32_t fraction_ns;
	uint64_t frames, skipped, lost;
	uint64_t unread; /* bytes behind the damage */
	int64_t time_ns; /* of the last frame: simple packet blocks have none of their own */
	struct interface *interfaces;
	uint32_t interface_count;
	struct wire_frame next;
};

static uint16_t get16(const struct wire_capture *c, const uint8_t *p)
{
	return (uint16_t)(c->swapped ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static uint32_t get32(const struct wire_capture *c, const uint8_t *p)
{
	uint32_t v = (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];

	return c->swapped ? __builtin_bswap32(v) : v;
}

static size_t left(const struct wire_capture *c)
{
	return (size_t)(c->end - c->at);
}

/* Bytes from here to the file's end, as its size says; UINT64_MAX where a pipe has none. */
static uint64_t unread_from(const struct wire_capture *c)
{
	uint64_t here = c->offset + (uint64_t)(c->at - c->begin), all = source_expected(c->source);

	if (!all)
		return UINT64_MAX;
	return all > here ? all - here : 0;
}

static enum step damage(struct wire_capture *c, const char *code, const char *what)
{
	struct place place = { .file = source_name(c->source) };

	diagnose(c->diagnostics, SEVERITY_WARNING, code, place,
		 "%s at byte %llu, after %llu frames; what follows is not read", what,
		 (unsigned long long)(c->offset + (uint64_t)(c->at - c->begin)), (unsigned long long)c->frames);
	c->damaged = true;
	c->unread = unread_from(c);
	c->at = c->end;
	c->ended = true;
	return STEP_END;
}

/* As a capture ends that was still being written: one record is not whole. */
static enum step cut_short(struct wire_capture *c)
{
	uint64_t rest = left(c);
	enum step s = damage(c, "capture-cut-short", "the file ends inside a record");

	c->unread = rest;
	return s;
}

/* At a page's begin. */
static uint8_t *new_buffer(struct arena *a)
{
	uint8_t *block = arena_sparse(a, 1, FRONT + PIECE + PAGE);

	return block + (PAGE - (uintptr_t)block % PAGE) % PAGE;
}

static void read_piece(struct wire_capture *c, struct pieces *p)
{
	uint64_t number = atomic_load(&p->read);
	struct piece *piece = &p->items[number % PIECES_AHEAD];

	piece->bytes = source_read(c->source, piece->buffer + FRONT, PIECE);
	p->ended = piece->bytes <= 0;
	atomic_store(&p->read, number + 1);
}

bool capture_read_ahead(struct wire_capture *c)
{
	struct pieces *p = c->ahead;
	bool has_room;

	if (!p || pthread_mutex_trylock(&p->lock) != 0)
		return false;
	has_room = !p->ended && atomic_load(&p->read) - atomic_load(&p->taken) < PIECES_AHEAD;
	if (has_room)
		read_piece(c, p);
	pthread_mutex_unlock(&p->lock);
	return has_room;
}

/* Until piece number is there: read here, where nobody has begun to. */
static void wait_for_piece(struct wire_capture *c, struct pieces *p, uint64_t number)
{
	for (int tries = 0; atomic_load(&p->read) == number; tries++) {
		if (tries == TRIES)
			pthread_mutex_lock(&p->lock);
		else if (pthread_mutex_trylock(&p->lock) != 0) {
			sched_yield();
			continue;
		}
		if (atomic_load(&p->read) == number)
			read_piece(c, p);
		pthread_mutex_unlock(&p->lock);
	}
}

/* Takes a piece whose buffer the frames of a batch will point into; the one that is free again comes in its place. */
static void take_piece(struct wire_capture *c, struct pieces *p, uint64_t number)
{
	struct piece *piece = &p->items[number % PIECES_AHEAD];
	uint8_t *buffer = piece->buffer;

	piece->buffer = c->buffers[c->which];
	c->buffers[c->which] = buffer;
	atomic_store(&p->taken, number + 1);
}

/* What is left moves in front of the next piece: into another buffer, where frames that still hold point into this one. */
static ptrdiff_t next_piece(struct wire_capture *c)
{
	struct pieces *p = c->ahead;
	uint64_t number = p ? atomic_load(&p->taken) : 0;
	size_t have = left(c);
	ptrdiff_t n;

	if (c->buffers && !c->turned) {
		c->turned = true;
		c->which = (c->which + 1) % c->buffer_count;
	}
	c->buffer = p ? p->items[number % PIECES_AHEAD].buffer : c->buffers ? c->buffers[c->which] : c->buffer;
	c->begin = memmove(c->buffer + FRONT - have, c->at, have);
	c->at = c->begin;
	c->end = c->buffer + FRONT;
	if (!p)
		return source_read(c->source, c->end, PIECE);
	wait_for_piece(c, p, number);
	n = p->items[number % PIECES_AHEAD].bytes;
	take_piece(c, p, number);
	return n;
}

/* Reads until count bytes are there or the file ends. */
static bool refill(struct wire_capture *c, size_t count)
{
	size_t room = 0; /* behind the bytes of a pipe, which come a few at a time */

	c->offset += (uint64_t)(c->at - c->begin);
	while (!c->ended && left(c) < count) {
		ptrdiff_t n = room ? source_read(c->source, c->end, room) : next_piece(c);

		if (n < 0)
			damage(c, "read-failed", "reading failed");
		if (n <= 0)
			c->ended = true;
		else
			c->end += n;
		room = c->ahead ? 0 : (size_t)(c->buffer + FRONT + PIECE - c->end);
	}
	return left(c) >= count;
}

/* STEP_OTHER where count bytes are there. */
static enum step need(struct wire_capture *c, size_t count, bool may_refill)
{
	if (left(c) >= count)
		return STEP_OTHER;
	if (!c->ended && !may_refill)
		return STEP_DRY;
	if (!c->ended && refill(c, count))
		return STEP_OTHER;
	if (c->damaged || left(c) == 0)
		return STEP_END;
	return cut_short(c);
}

/* Steps over the rest of a block that is too long to be kept. */
static enum step discard(struct wire_capture *c, bool may_refill)
{
	while (c->skip) {
		size_t n = left(c) < c->skip ? left(c) : (size_t)c->skip;

		c->at += n;
		c->skip -= n;
		if (c->skip) {
			enum step s = need(c, 1, may_refill);

			if (s != STEP_OTHER)
				return s == STEP_END && !c->damaged ? cut_short(c) : s;
		}
	}
	return STEP_OTHER;
}

static enum step keep(struct wire_capture *c, const uint8_t *bytes, uint32_t captured, uint32_t length, uint16_t link,
		      uint32_t interface)
{
	c->frames++;
	c->next = (struct wire_frame){
		.bytes = bytes,
		.captured = captured,
		.length = length < captured ? captured : length,
		.time_ns = c->time_ns,
		.number = c->frames,
		.interface = (uint16_t)interface,
		.link = link,
		.user = (uint8_t)(link >= 147 && link <= 162 ? c->options.user[link - 147] : WIRE_NONE),
	};
	return STEP_FRAME;
}

static enum step pcap_step(struct wire_capture *c, bool may_refill)
{
	enum step s = need(c, c->record, may_refill);
	uint32_t captured;
	const uint8_t *p;

	if (s != STEP_OTHER)
		return s;
	captured = get32(c, c->at + 8);
	if (captured > SANE_BYTES)
		return damage(c, "capture-damaged", "a record says it is longer than any frame");
	if (captured > WIRE_FRAME_BYTES) {
		c->skip = (uint64_t)c->record + captured;
		c->frames++;
		c->skipped++;
		return STEP_OTHER;
	}
	s = need(c, c->record + captured, may_refill);
	if (s != STEP_OTHER)
		return s;
	p = c->at;
	c->at += c->record + captured;
	c->time_ns = (int64_t)get32(c, p) * 1000000000 + (int64_t)get32(c, p + 4) * c->fraction_ns;
	return keep(c, p + c->record, captured, get32(c, p + 12), c->interfaces[0].link, 0);
}

/* ---- pcapng ---- */

static int64_t time_of(const struct interface *i, uint64_t ticks)
{
	unsigned __int128 ns = (unsigned __int128)ticks * 1000000000u / i->per_second;
	int64_t whole;

	if (ns > INT64_MAX / 2 || __builtin_mul_overflow(i->offset_s, 1000000000, &whole) ||
	    __builtin_add_overflow(whole, (int64_t)ns, &whole))
		return 0;
	return whole;
}

/* Options: code, length, value padded to four bytes. call is given those that are whole. */
static void each_option(struct wire_capture *c, const uint8_t *p, size_t count,
			void (*call)(struct wire_capture *, struct interface *, uint16_t, const uint8_t *, uint16_t),
			struct interface *i)
{
	while (count >= 4) {
		uint16_t code = get16(c, p), length = get16(c, p + 2);
		size_t padded = (size_t)4 + ((length + 3u) & ~3u);

		if (code == 0 || padded > count)
			return;
		call(c, i, code, p + 4, length);
		p += padded;
		count -= padded;
	}
}

static void interface_option(struct wire_capture *c, struct interface *i, uint16_t code, const uint8_t *p,
			     uint16_t length)
{
	if (code == OPTION_RESOLUTION && length == 1) {
		unsigned power = p[0] & 0x7f;

		i->per_second = 1;
		/* Finer than 2^-63 or 10^-19 s does not fit: such times would be noise. */
		while (power && i->per_second <= UINT64_MAX / 10) {
			i->per_second *= p[0] & 0x80 ? 2 : 10;
			power--;
		}
	} else if (code == OPTION_OFFSET && length == 8) {
		uint64_t a = get32(c, p), b = get32(c, p + 4);

		i->offset_s = (int64_t)(c->swapped ? a << 32 | b : b << 32 | a);
	}
}

static void statistics_option(struct wire_capture *c, struct interface *i, uint16_t code, const uint8_t *p,
			      uint16_t length)
{
	if (code == OPTION_DROPPED && length == 8) {
		uint64_t a = get32(c, p), b = get32(c, p + 4), dropped = c->swapped ? a << 32 | b : b << 32 | a;

		if (dropped > i->dropped) { /* it counts up from the capture's start */
			c->lost += dropped - i->dropped;
			i->dropped = dropped;
		}
	}
}

static enum step section_block(struct wire_capture *c, const uint8_t *p)
{
	if (get16(c, p + 12) != 1)
		return damage(c, "capture-damaged", "a section of an unknown version");
	c->interface_count = 0;
	c->pcapng = true;
	return STEP_OTHER;
}

static enum step interface_block(struct wire_capture *c, const uint8_t *p, uint32_t length)
{
	struct interface *i;

	if (length < 20)
		return damage(c, "capture-damaged", "an interface block that is too short");
	if (c->interface_count == INTERFACES)
		return STEP_OTHER;
	i = &c->interfaces[c->interface_count++];
	*i = (struct interface){ .link = get16(c, p + 8), .snap_length = get32(c, p + 12), .per_second = 1000000 };
	each_option(c, p + 16, length - 20, interface_option, i);
	return STEP_OTHER;
}

static enum step packet_block(struct wire_capture *c, const uint8_t *p, uint32_t length, bool old)
{
	uint32_t interface, captured;
	const struct interface *i;

	if (length < 32)
		return damage(c, "capture-damaged", "a packet block that is too short");
	interface = old ? get16(c, p + 8) : get32(c, p + 8);
	captured = get32(c, p + 20);
	if (captured > length - 32)
		return damage(c, "capture-damaged", "a packet that is longer than its block");
	if (interface >= c->interface_count || captured > WIRE_FRAME_BYTES) {
		c->frames++;
		c->skipped++;
		return STEP_OTHER;
	}
	i = &c->interfaces[interface];
	c->time_ns = time_of(i, (uint64_t)get32(c, p + 12) << 32 | get32(c, p + 16));
	return keep(c, p + 28, captured, get32(c, p + 24), i->link, interface);
}

static enum step simple_block(struct wire_capture *c, const uint8_t *p, uint32_t length)
{
	uint32_t captured = length - 16, original;

	if (length < 16 || !c->interface_count)
		return damage(c, "capture-damaged", "a packet without an interface");
	original = get32(c, p + 8);
	if (captured > original)
		captured = original;
	if (c->interfaces[0].snap_length && captured > c->interfaces[0].snap_length)
		captured = c->interfaces[0].snap_length;
	return keep(c, p + 12, captured, original, c->interfaces[0].link, 0);
}

/* The byte order magic of a section stands behind its length, so the order has to be known first. */
static bool section_order(struct wire_capture *c, const uint8_t *p)
{
	static const uint8_t little[4] = { 0x4d, 0x3c, 0x2b, 0x1a }, big[4] = { 0x1a, 0x2b, 0x3c, 0x4d };

	c->swapped = memcmp(p + 8, big, 4) == 0;
	return c->swapped || memcmp(p + 8, little, 4) == 0;
}

static enum step block(struct wire_capture *c, const uint8_t *p, uint32_t type, uint32_t length)
{
	if (get32(c, p + length - 4) != length)
		return damage(c, "capture-damaged", "a block whose two lengths differ");
	c->at += length;
	switch (type) {
	case BLOCK_SECTION:
		return length < 28 ? damage(c, "capture-damaged", "a section header that is too short")
				   : section_block(c, p);
	case BLOCK_INTERFACE:
		return interface_block(c, p, length);
	case BLOCK_PACKET:
	case BLOCK_PACKET_OLD:
		return packet_block(c, p, length, type == BLOCK_PACKET_OLD);
	case BLOCK_SIMPLE:
		return simple_block(c, p, length);
	case BLOCK_STATISTICS:
		if (length >= 24 && get32(c, p + 8) < c->interface_count)
			each_option(c, p + 20, length - 24, statistics_option, &c->interfaces[get32(c, p + 8)]);
		return STEP_OTHER;
	default: /* names, secrets, custom blocks: nothing about packets */
		return STEP_OTHER;
	}
}

static enum step pcapng_step(struct wire_capture *c, bool may_refill)
{
	enum step s = need(c, 12, may_refill);
	uint32_t type, length;

	if (s != STEP_OTHER)
		return s;
	type = get32(c, c->at);
	if (type == BLOCK_SECTION && !section_order(c, c->at))
		return damage(c, "capture-damaged", "a section without byte order");
	length = get32(c, c->at + 4);
	if (length < 12 || length % 4 || length > SANE_BYTES)
		return damage(c, "capture-damaged", "a block of an impossible length");
	if (length > FRONT) {
		if (type == BLOCK_PACKET || type == BLOCK_SIMPLE || type == BLOCK_PACKET_OLD) {
			c->frames++;
			c->skipped++;
		}
		c->skip = length;
		return STEP_OTHER;
	}
	s = need(c, length, may_refill);
	return s == STEP_OTHER ? block(c, c->at, type, length) : s;
}

/* ---- opening ---- */

static bool pcap_begin(struct wire_capture *c)
{
	static const struct {
		uint8_t magic[4];
		bool swapped;
		uint32_t fraction_ns, record;
	} kinds[] = {
		{ { 0xd4, 0xc3, 0xb2, 0xa1 }, false, 1000, PCAP_RECORD },
		{ { 0xa1, 0xb2, 0xc3, 0xd4 }, true, 1000, PCAP_RECORD },
		{ { 0x4d, 0x3c, 0xb2, 0xa1 }, false, 1, PCAP_RECORD },
		{ { 0xa1, 0xb2, 0x3c, 0x4d }, true, 1, PCAP_RECORD },
		{ { 0x34, 0xcd, 0xb2, 0xa1 }, false, 1000, PCAP_RECORD_MODIFIED },
		{ { 0xa1, 0xb2, 0xcd, 0x34 }, true, 1000, PCAP_RECORD_MODIFIED },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (memcmp(c->at, kinds[i].magic, 4) == 0) {
			c->swapped = kinds[i].swapped;
			c->fraction_ns = kinds[i].fraction_ns;
			c->record = kinds[i].record;
			c->interfaces[0].link =
				(uint16_t)get32(c, c->at + 20); /* above: how long a check sequence is */
			c->at += 24;
			return true;
		}
	return false;
}

struct wire_capture *wire_capture_open(struct arena *a, struct source *source, const struct wire_options *options,
				       struct diagnostics *diagnostics)
{
	struct wire_capture *c = arena_alloc(a, sizeof *c);
	static const uint8_t section[4] = { 0x0a, 0x0d, 0x0d, 0x0a };

	c->source = source;
	c->diagnostics = diagnostics;
	if (options)
		c->options = *options;
	c->buffer = c->begin = c->at = c->end = new_buffer(a);
	c->interfaces = arena_array(a, INTERFACES, sizeof *c->interfaces);
	refill(c, 28);
	if (left(c) >= 24 && pcap_begin(c))
		return c;
	if (left(c) >= 28 && memcmp(c->at, section, 4) == 0 && section_order(c, c->at)) {
		c->pcapng = true;
		return c;
	}
	if (!c->damaged)
		diagnose(diagnostics, SEVERITY_ERROR, "capture-format", (struct place){ .file = source_name(source) },
			 "this is neither pcap nor pcapng");
	return NULL;
}

void capture_buffers(struct arena *a, struct wire_capture *c, unsigned count)
{
	c->buffers = arena_array(a, count, sizeof *c->buffers);
	c->buffer_count = count;
	c->buffers[0] = c->buffer;
	for (unsigned i = 1; i < count; i++)
		c->buffers[i] = new_buffer(a);
}

static void free_pieces(void *context)
{
	struct pieces *p = context;

	pthread_mutex_destroy(&p->lock);
}

void capture_share(struct arena *a, struct wire_capture *c)
{
	c->ahead = arena_alloc(a, sizeof *c->ahead);
	pthread_mutex_init(&c->ahead->lock, NULL);
	for (unsigned i = 0; i < PIECES_AHEAD; i++)
		c->ahead->items[i].buffer = new_buffer(a);
	arena_at_free(a, free_pieces, c->ahead);
}

bool capture_is_whole(const struct wire_capture *c)
{
	return source_expected(c->source) > 0;
}

uint64_t wire_capture_frames(const struct wire_capture *c)
{
	return c->frames - (c->peeked ? 1 : 0);
}

uint64_t wire_capture_skipped(const struct wire_capture *c)
{
	return c->skipped;
}

uint64_t wire_capture_lost(const struct wire_capture *c)
{
	return c->lost;
}

bool wire_capture_is_damaged(const struct wire_capture *c)
{
	return c->damaged;
}

uint64_t wire_capture_unread(const struct wire_capture *c)
{
	return c->unread;
}

/* ---- batches ---- */

/* Whether c->next is there; STEP_DRY where the buffer would have to be moved first. */
static enum step peek(struct wire_capture *c, bool may_refill)
{
	enum step s = STEP_OTHER;

	if (c->peeked)
		return STEP_FRAME;
	while (s == STEP_OTHER) {
		s = c->skip ? discard(c, may_refill) : STEP_OTHER;
		if (s == STEP_OTHER)
			s = c->pcapng ? pcapng_step(c, may_refill) : pcap_step(c, may_refill);
	}
	c->peeked = s == STEP_FRAME;
	return s;
}

struct wire_batch *wire_batch_new(struct arena *a)
{
	struct wire_batch *b = arena_alloc(a, sizeof *b);

	b->frames = arena_array(a, WIRE_BATCH, sizeof *b->frames);
	b->packets = arena_array(a, WIRE_BATCH, sizeof *b->packets);
	b->briefs = arena_array(a, WIRE_BATCH, sizeof *b->briefs);
	b->messages = arena_sparse(a, WIRE_MESSAGES, sizeof *b->messages);
	b->fields = arena_sparse(a, WIRE_FIELDS, sizeof *b->fields);
	b->text = arena_sparse(a, 1, WIRE_TEXT);
	b->notes = arena_array(a, WIRE_BATCH, WIRE_NOTE_BYTES);
	return b;
}

static void take(struct wire_capture *c, size_t tap, struct wire_batch *b)
{
	struct wire_frame *f = &b->frames[b->frame_count++];

	*f = c->next;
	f->tap = (uint16_t)tap;
	c->peeked = false;
	__builtin_prefetch(f->bytes);
	__builtin_prefetch(f->bytes + 64);
}

/* Most of all captures: one pcap file, whose whole records in the buffer need no look at anything else. */
static void take_records(struct wire_capture *c, struct wire_batch *b)
{
	const uint32_t record = c->record, fraction_ns = c->fraction_ns;
	const uint16_t link = c->interfaces[0].link, first = b->frame_count;
	struct wire_frame *frames = b->frames;
	uint64_t number = c->frames;
	uint8_t *p = c->at, *end = c->end;
	uint16_t n = first;

	if (c->pcapng || c->peeked || c->skip || (link >= 147 && link <= 162))
		return;
	for (; n < WIRE_BATCH && (size_t)(end - p) >= record; n++) {
		uint32_t captured = get32(c, p + 8), length = get32(c, p + 12);

		if (captured > WIRE_FRAME_BYTES || (size_t)(end - p) - record < captured)
			break;
		frames[n] = (struct wire_frame){
			.bytes = p + record,
			.captured = captured,
			.length = length < captured ? captured : length,
			.time_ns = (int64_t)get32(c, p) * 1000000000 + (int64_t)get32(c, p + 4) * fraction_ns,
			.number = ++number,
			.link = link,
		};
		__builtin_prefetch(p + record + 64);
		p += record + captured;
	}
	if (n > first)
		c->time_ns = frames[n - 1].time_ns;
	c->at = p;
	c->frames = number;
	b->frame_count = n;
}

size_t wire_read(struct wire_capture *const *captures, size_t count, struct wire_batch *b)
{
	b->frame_count = b->message_count = 0;
	b->field_count = b->text_bytes = 0;
	/* Only before the first frame of a batch may buffers move. */
	for (size_t i = 0; i < count; i++) {
		captures[i]->turned = false;
		peek(captures[i], true);
	}
	if (count == 1 && captures[0]->peeked) {
		take(captures[0], 0, b);
		take_records(captures[0], b);
	}
	while (b->frame_count < WIRE_BATCH) {
		size_t best = count;

		for (size_t i = 0; i < count; i++) {
			enum step s = peek(captures[i], false);

			if (s == STEP_DRY)
				return b->frame_count;
			if (s == STEP_FRAME &&
			    (best == count || captures[i]->next.time_ns < captures[best]->next.time_ns))
				best = i;
		}
		if (best == count)
			break;
		take(captures[best], best, b);
	}
	return b->frame_count;
}
