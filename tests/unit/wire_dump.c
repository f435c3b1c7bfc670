/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the wire room reads of a capture, as lines for a comparison with another decoder: with arguments FILE [--user
 * N=NAME] it prints, without it tests that the lines are what they should be for one made frame.
 *
 *     M frame protocol type sequence id has-id kind level fault        a message
 *     F what type depth number v4 v6 extra flags end            its fields
 *     G frame level teid type extensions                        a GTP-U header
 *     P frame fault levels                                      a frame
 *
 * # proviso-deps: base wire
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"
#include "wire/wire.h"

static void print_address(struct sink *out, const struct wire_address *a)
{
	char text[46];

	wire_address_print(a, text);
	sink_printf(out, " %s", text);
}

static void print_one_message(struct sink *out, const struct wire_batch *b, const struct wire_message *m)
{
	sink_printf(out, "M %llu %s %u %u %llu %u %u %u %s\n", (unsigned long long)b->frames[m->frame].number,
		    wire_protocol_name(m->protocol), m->type, m->sequence, (unsigned long long)m->id, m->has_id,
		    m->kind, m->level, wire_fault_name(m->fault));
	for (unsigned i = m->first; i < (unsigned)m->first + m->count; i++) {
		const struct wire_field *f = &b->fields[i];

		sink_printf(out, "F %s %u %u %llu", wire_what_name(f->what), f->type, f->depth,
			    (unsigned long long)f->number);
		print_address(out, &f->v4);
		print_address(out, &f->v6);
		sink_printf(out, " %u %u %u ", f->extra, f->flags, f->end);
		for (uint32_t k = 0; k < f->length && k < 64; k++)
			sink_printf(out, "%02x", f->bytes[k]);
		sink_char(out, '\n');
	}
}

static void print_gtpu(struct sink *out, const struct wire_batch *b, unsigned frame, unsigned level)
{
	const struct wire_level *l = &b->packets[frame].levels[level];
	struct wire_extension x[8];
	size_t count = wire_gtpu_extensions(l->payload, l->payload_bytes, x, 8);

	sink_printf(out, "G %llu %u %u %u", (unsigned long long)b->frames[frame].number, level, l->gtpu.teid,
		    l->gtpu.type);
	for (size_t i = 0; i < count && i < 8; i++)
		sink_printf(out, " %u:%u", x[i].type, x[i].number);
	sink_char(out, '\n');
}

static void print_batch(struct sink *out, const struct wire_batch *b)
{
	for (unsigned i = 0; i < b->frame_count; i++) {
		const struct wire_packet *p = &b->packets[i];

		sink_printf(out, "P %llu %s", (unsigned long long)b->frames[i].number, wire_fault_name(p->fault));
		for (unsigned l = 0; l < p->count; l++) {
			print_address(out, &p->levels[l].source);
			print_address(out, &p->levels[l].destination);
		}
		sink_char(out, '\n');
		for (unsigned l = 0; l < p->count; l++)
			if (p->levels[l].gtpu.type)
				print_gtpu(out, b, i, l);
		for (unsigned m = p->first; m < (unsigned)p->first + p->messages; m++)
			print_one_message(out, b, &b->messages[m]);
	}
}

static bool dump(struct arena *a, struct source *source, const struct wire_options *options, struct sink *out)
{
	struct diagnostics d;
	struct wire_capture *c;
	struct wire *w = wire_new(a);
	struct wire_batch *b = wire_batch_new(a);

	diagnostics_init(&d, a);
	c = wire_capture_open(a, source, options, &d);
	wire_look_inside(w, true);
	while (c && wire_read(&c, 1, b)) {
		wire_decode(w, b);
		print_batch(out, b);
	}
	for (size_t i = 0; i < d.count; i++)
		sink_printf(out, "D %s %s\n", d.items[i].code, d.items[i].text);
	for (uint32_t i = 0; i < wire_counters(w)->kind_count; i++) {
		const struct wire_kind *k = &wire_counters(w)->kinds[i];

		sink_printf(out, "K %s %u %u %llu\n", wire_protocol_name(k->protocol), k->layer, k->type,
			    (unsigned long long)k->count);
	}
	diagnostics_free(&d);
	return c != NULL;
}

static int dump_file(int count, char **words)
{
	struct arena *a = arena_new();
	struct sink *out = sink_to_fd(a, 1);
	struct wire_options options = { 0 };
	struct source *source;
	int error, status = 1;

	for (int i = 2; i + 1 < count; i += 2)
		for (unsigned p = 0; p < WIRE_PROTOCOLS; p++)
			if (strchr(words[i + 1], '=') &&
			    strcmp(strchr(words[i + 1], '=') + 1, wire_protocol_name(p)) == 0)
				options.user[(unsigned)atoi(words[i + 1]) % 16] = p;
	source = source_open(a, words[1], words[1], &error);
	if (source)
		status = !dump(a, source, &options, out);
	if (sink_flush(out))
		status = 1;
	arena_free(a);
	return status;
}

/* A heartbeat request by TS 29.244 clause 7.4.2.1: recovery time stamp 0xe0000000 less 2208988800 is 1549107584. */
static void one_frame(void **state)
{
	static const uint8_t
		file[] = {
			0xd4, 0xc3, 0xb2, 0xa1, 2, 0,  4,  0, 0,  0,  0, 0, 0,    0,  0, 0, 0xff, 0xff, 0,
			0,    101,  0,    0,    0, /* pcap, raw IP */
			1,    0,    0,    0,    2, 0,  0,  0, 44, 0,  0, 0, 44,   0,  0, 0, 0x45, 0,    0,
			44,   0,    1,    0,    0, 64, 17, 0, 0,  10, 0, 0, 1,    10, 0, 0, 2, /* IPv4 10.0.0.1 to 10.0.0.2 */
			0x22, 0x65, 0x22, 0x65, 0, 24, 0,  0,                                  /* UDP 8805 */
			0x20, 1,    0,    12,   0, 0,  7,  0, 0,  96, 0, 4, 0xe0, 0,  0, 0,
		};
	struct arena *a = arena_new();
	struct sink *out = sink_to_memory(a);
	size_t count;

	(void)state;
	assert_true(dump(a, source_of_memory(a, "made", file, sizeof file), NULL, out));
	assert_string_equal(sink_memory(out, &count), "P 1 fine 10.0.0.1 10.0.0.2\n"
						      "M 1 PFCP 1 7 0 0 1 0 fine\n"
						      "F recovery 96 0 1549107584 none none 0 0 0 e0000000\n");
	arena_free(a);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(one_frame) };

	return count > 1 ? dump_file(count, words) : cmocka_run_group_tests(tests, NULL, NULL);
}
