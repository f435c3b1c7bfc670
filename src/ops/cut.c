/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frames that findings name, cut out of the captures into one small pcapng file a finding. What people said is not in
 * them unless it is asked for: a frame ends behind the innermost transport header. Its length on the wire stays told.
 */
#include "ops/cut.h"
#include "ops/case.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILES = 1000,           /* findings that get a capture of their own; the rest is counted */
	KEPT_BYTES = 256 << 20, /* of all frames together, which wait in memory for their files */
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	OPTION_COMMENT = 1,
	OPTION_NAME = 2,
	OPTION_RESOLUTION = 9,
	NANOSECONDS = 9,
};

/* One frame that one finding names. */
struct wanted {
	uint32_t finding, tap;
	uint64_t number;
	int64_t time_ns;
	const uint8_t *bytes; /* NULL: not found */
	uint32_t captured, length;
	uint16_t link;
};

struct cut_files {
	const char *folder;
	struct outfile **items;
	size_t count;
	bool is_new; /* the folder was made for them */
};

struct cutting {
	struct call *call;
	const struct cut *cut;
	struct wanted *wanted; /* sorted by tap and number while reading, then by finding and time */
	size_t count, bytes;
	bool full;
};

/* ---- which ---------------------------------------------------------------------------------------------------------- */

static uint32_t tap_of(const struct cut *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->taps[i].name, name) == 0)
			return (uint32_t)i;
	return UINT32_MAX;
}

static int by_place(const void *va, const void *vb)
{
	const struct wanted *a = va, *b = vb;

	if (a->tap != b->tap)
		return a->tap < b->tap ? -1 : 1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return a->finding < b->finding ? -1 : a->finding > b->finding;
}

static int by_finding(const void *va, const void *vb)
{
	const struct wanted *a = va, *b = vb;

	if (a->finding != b->finding)
		return a->finding < b->finding ? -1 : 1;
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return by_place(a, b);
}

static void choose(struct cutting *c)
{
	const struct watch_result *r = c->cut->result;
	size_t most = 0;

	for (size_t i = 0; i < r->finding_count; i++)
		most += r->findings[i].wire.frame_count;
	c->wanted = arena_array(c->call->arena, most + 1, sizeof *c->wanted);
	for (size_t i = 0; i < r->finding_count && i < FILES; i++) {
		const struct finding_wire *w = &r->findings[i].wire;

		for (size_t k = 0; k < w->frame_count; k++) {
			uint32_t tap = tap_of(c->cut, w->taps[k]);

			if (tap != UINT32_MAX)
				c->wanted[c->count++] =
					(struct wanted){ .finding = (uint32_t)i, .tap = tap, .number = w->frames[k] };
		}
	}
	if (c->count)
		qsort(c->wanted, c->count, sizeof *c->wanted, by_place);
	if (r->finding_count > FILES)
		diagnose(&c->call->diagnostics, SEVERITY_WARNING, "cut-limit", (struct place){ 0 },
			 "of %zu findings the first %d are cut", r->finding_count, FILES);
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

/* Bytes of a frame up to the end of its innermost transport header; of a tunnel without packet inside, its own header. */
static uint32_t headers_of(const struct wire_frame *f, const struct wire_packet *p)
{
	const struct wire_level *l;
	uint32_t link = f->captured < 18 ? f->captured : 18, behind; /* an Ethernet header with a tag */

	if (!p->count)
		return link;
	l = &p->levels[p->count - 1];
	if (!l->payload || l->payload < f->bytes || l->payload > f->bytes + f->captured)
		return link; /* put together from several frames */
	behind = (uint32_t)(l->payload - f->bytes);
	if (l->gtpu.type)
		behind += l->gtpu.header;
	return behind < f->captured ? behind : f->captured;
}

static bool has_bytes(const uint8_t *at, size_t count, const void *wanted, size_t bytes)
{
	return memmem(at, count, wanted, bytes) != NULL;
}

/* Is an address of interception in it, in bytes or as text? That it may be four bytes of something else costs a frame. */
static bool tells_interception(const struct watch_li *li, const uint8_t *at, size_t count)
{
	for (size_t i = 0; li && i < li->count; i++) {
		const struct wire_address *a = &li->addresses[i];
		size_t from = wire_address_is_v4(a) ? 12 : 0;
		char text[46];

		wire_address_print(a, text);
		if (has_bytes(at, count, a->bytes + from, sizeof a->bytes - from) ||
		    has_bytes(at, count, text, strlen(text)))
			return true;
	}
	return false;
}

static void keep(struct cutting *c, struct wanted *w, const struct wire_frame *f, const struct wire_packet *p)
{
	uint32_t captured = c->cut->payload ? f->captured : headers_of(f, p);
	uint8_t *copy;

	if (captured > headers_of(f, p) && tells_interception(c->cut->li, f->bytes, captured))
		captured = headers_of(f, p);
	if (tells_interception(c->cut->li, f->bytes, captured))
		return;

	if (c->bytes + captured > KEPT_BYTES) {
		c->full = true;
		return;
	}
	copy = arena_alloc(c->call->arena, captured + 1);
	memcpy(copy, f->bytes, captured);
	c->bytes += captured;
	w->bytes = copy;
	w->captured = captured;
	w->length = f->length;
	w->time_ns = f->time_ns;
	w->link = f->link;
}

/* The frames from *next on that this capture has. */
static void read_capture(struct cutting *c, struct wire_capture *capture, uint32_t tap, size_t *next)
{
	struct arena *a = arena_new();
	struct wire *wire = wire_new(a);
	struct wire_batch *batch = wire_batch_new(a);

	while (*next < c->count && c->wanted[*next].tap == tap && wire_read(&capture, 1, batch)) {
		wire_decode(wire, batch);
		for (unsigned i = 0; i < batch->frame_count; i++)
			for (; *next < c->count && c->wanted[*next].tap == tap &&
			       c->wanted[*next].number <= batch->frames[i].number;
			     ++*next)
				if (c->wanted[*next].number == batch->frames[i].number)
					keep(c, &c->wanted[*next], &batch->frames[i], &batch->packets[i]);
	}
	arena_free(a);
}

static bool read_captures(struct cutting *c)
{
	struct arena *a = arena_new();
	bool fine = true;

	for (size_t next = 0; fine && next < c->count;) {
		uint32_t tap = c->wanted[next].tap;
		struct diagnostics twice; /* what is wrong with the capture has been said */
		struct wire_capture *capture;
		struct source *source;
		int error;

		source = source_open(a, c->cut->files[tap], c->cut->files[tap], &error);
		if (!source) {
			call_fail_reading(c->call, c->cut->files[tap], error);
			fine = false;
			break;
		}
		source_without_hash(source);
		diagnostics_init(&twice, a);
		capture = wire_capture_open(a, source, c->cut->options, &twice);
		if (capture)
			read_capture(c, capture, tap, &next);
		while (next < c->count && c->wanted[next].tap == tap)
			next++;
		diagnostics_free(&twice);
	}
	arena_free(a);
	if (c->full)
		diagnose(&c->call->diagnostics, SEVERITY_WARNING, "cut-limit", (struct place){ 0 },
			 "the frames of all findings have over %d MiB: some are left out", KEPT_BYTES >> 20);
	return fine;
}

/* ---- writing: draft-ietf-opsawg-pcapng ------------------------------------------------------------------------------ */

static void put(struct sink *s, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		sink_char(s, (char)(value >> (8 * i)));
}

static void put_padded(struct sink *s, const void *bytes, size_t count)
{
	sink_put(s, bytes, count);
	put(s, 0, (unsigned)(-count & 3));
}

static void put_option(struct sink *s, uint16_t code, const void *bytes, size_t count)
{
	put(s, code, 2);
	put(s, count, 2);
	put_padded(s, bytes, count);
}

static void put_block(struct sink *s, uint32_t type, struct sink *body)
{
	size_t count;
	const char *bytes = sink_memory(body, &count);

	put(s, type, 4);
	put(s, count + 12, 4);
	sink_put(s, bytes, count);
	put(s, count + 12, 4);
}

static void put_section(struct arena *a, struct sink *out, const struct watch_finding *f)
{
	struct sink *b = sink_to_memory(a);
	const char *comment = arena_printf(a, "%s (%s): %s", f->wire.check, f->wire.certainty, f->finding.explanation);

	put(b, 0x1a2b3c4d, 4);
	put(b, 1, 2);
	put(b, 0, 2);
	put(b, UINT64_MAX, 8);
	put_option(b, OPTION_COMMENT, comment, strnlen(comment, 4096));
	put(b, 0, 4);
	put_block(out, BLOCK_SECTION, b);
}

static void put_interface(struct arena *a, struct sink *out, const char *name, uint16_t link)
{
	struct sink *b = sink_to_memory(a);
	uint8_t resolution = NANOSECONDS;

	put(b, link, 2);
	put(b, 0, 2);
	put(b, 0, 4);
	put_option(b, OPTION_NAME, name, strnlen(name, 1024));
	put_option(b, OPTION_RESOLUTION, &resolution, 1);
	put(b, 0, 4);
	put_block(out, BLOCK_INTERFACE, b);
}

static void put_packet(struct arena *a, struct sink *out, const struct wanted *w, uint32_t interface)
{
	struct sink *b = sink_to_memory(a);
	const char *comment = arena_printf(a, "frame %llu", (unsigned long long)w->number);

	put(b, interface, 4);
	put(b, (uint64_t)w->time_ns >> 32, 4);
	put(b, (uint64_t)w->time_ns, 4);
	put(b, w->captured, 4);
	put(b, w->length, 4);
	put_padded(b, w->bytes, w->captured);
	put_option(b, OPTION_COMMENT, comment, strlen(comment));
	put(b, 0, 4);
	put_block(out, BLOCK_PACKET, b);
}

/* An interface for each tap and link type among the frames, in the order of their first. */
static void put_file(struct cutting *c, struct sink *out, const struct wanted *w, size_t count)
{
	struct arena *a = arena_new();
	uint32_t interfaces = 0, *number = arena_array(a, count, sizeof *number);

	put_section(a, out, &c->cut->result->findings[w->finding]);
	for (size_t i = 0; i < count; i++) {
		size_t same = 0;

		while (same < i && (w[same].tap != w[i].tap || w[same].link != w[i].link))
			same++;
		number[i] = same < i ? number[same] : interfaces++;
		if (same == i)
			put_interface(a, out, c->cut->taps[w[i].tap].name, w[i].link);
	}
	for (size_t i = 0; i < count; i++)
		put_packet(a, out, &w[i], number[i]);
	arena_free(a);
}

/* Written, and not there yet: NULL and failed where it can't be. */
static struct outfile *write_file(struct cutting *c, const char *path, const struct wanted *w, size_t count)
{
	struct outfile *out;
	int error;

	out = outfile_open(c->call->arena, path, &error);
	if (!out) {
		call_fail(c->call, EXIT_CANT_CREATE, "cannot-create", "%s can't be created: %s", path, strerror(error));
		return NULL;
	}
	put_file(c, outfile_sink(out), w, count);
	error = outfile_settle(out);
	if (!error)
		return out;
	call_fail(c->call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written: %s", path, strerror(error));
	return NULL;
}

bool cut_check(struct call *call, const char *folder)
{
	struct dirent_name *names;
	size_t count;

	if (directory_list(call->arena, folder, &names, &count) < 0) {
		if (errno == ENOENT)
			return true;
		call_fail(call, EXIT_CANT_CREATE, "cannot-create", "%s can't be written to: %s", folder,
			  strerror(errno));
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (names[i].name[0] != '.') {
			call_fail(call, EXIT_CANT_CREATE, "cannot-create",
				  "%s holds %s already: --cut wants a folder of its own, new or empty", folder,
				  names[i].name);
			return false;
		}
	return true;
}

/* All of them are written before the first appears: a full disk leaves none. */
static void write_files(struct cutting *c, struct cut_files *files, size_t found)
{
	struct arena *a = c->call->arena;

	files->items = arena_array(a, FILES, sizeof *files->items);
	for (size_t i = 0, end; i < found && !c->call->failure; i = end) {
		const char *check = c->cut->result->findings[c->wanted[i].finding].wire.check;
		const char *path = arena_printf(a, "%s/%04u-%s.pcapng", files->folder, c->wanted[i].finding + 1, check);

		for (end = i; end < found && c->wanted[end].finding == c->wanted[i].finding; end++)
			;
		files->items[files->count] = write_file(c, path, &c->wanted[i], end - i);
		files->count += files->items[files->count] != NULL;
	}
}

struct cut_files *cut_write(struct call *call, const char *folder, const struct cut *cut)
{
	struct cutting c = { .call = call, .cut = cut };
	struct cut_files *files = arena_alloc(call->arena, sizeof *files);
	size_t found = 0;

	files->folder = folder;
	files->is_new = mkdir(folder, 0777) == 0;
	if (!files->is_new && errno != EEXIST) {
		call_fail(call, EXIT_CANT_CREATE, "cannot-create", "%s can't be created: %s", folder, strerror(errno));
		return files;
	}
	choose(&c);
	if (!c.count || !read_captures(&c))
		return files;
	for (size_t i = 0; i < c.count; i++) /* those that were read, close together */
		if (c.wanted[i].bytes)
			c.wanted[found++] = c.wanted[i];
	if (found)
		qsort(c.wanted, found, sizeof *c.wanted, by_finding);
	write_files(&c, files, found);
	return files;
}

void cut_keep(struct call *call, struct cut_files *files)
{
	for (size_t i = 0; files && i < files->count; i++) {
		int error = call->failure ? 0 : outfile_keep(files->items[i]);

		if (error)
			call_fail(call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written to: %s", files->folder,
				  strerror(error));
		else if (call->failure)
			outfile_drop(files->items[i]);
	}
	if (files && call->failure && files->is_new)
		rmdir(files->folder); /* stays where some of it was kept, or somebody else's is there */
}
