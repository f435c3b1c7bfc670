/* SPDX-License-Identifier: Apache-2.0 */
/* An inventory that traffic proposes, for a terminal and as JSON. */
#include "report/report.h"
#include "report/say.h"
#include "report/terminal.h"

#include <string.h>

enum { INDENT = 2, LEAST_WIDTH = 60, ID = 14, FUNCTION = 10, POINT = 9, NUMBER = 16, OTHERS_SHOWN = 10 };

static const char *addresses_of(struct arena *a, const struct watch_discovered_element *e)
{
	struct sink *s = sink_to_memory(a);
	size_t count;

	for (size_t i = 0; i < e->address_count; i++) {
		char text[46];

		wire_address_print(&e->addresses[i], text);
		sink_printf(s, "%s%s", i ? " " : "", text);
	}
	return sink_memory(s, &count);
}

static void put_elements(struct terminal *t, const struct watch_discovered *f)
{
	terminal_heading(t, INK_BOLD, "ELEMENTS", "from what");
	for (size_t i = 0; i < f->element_count; i++) {
		const struct watch_discovered_element *e = &f->elements[i];

		terminal_spaces(t, INDENT);
		terminal_cell(t, e->id, ID - 1, false);
		terminal_spaces(t, 1);
		terminal_cell(t, e->function, FUNCTION - 1, false);
		terminal_spaces(t, 1);
		terminal_wrap(t, INDENT + ID + FUNCTION, INDENT + ID + FUNCTION,
			      arena_printf(t->arena, "%s  (%s)%s%s%s%s", addresses_of(t->arena, e), e->basis,
					   *e->name ? " calls itself " : "", e->name,
					   *e->vendor_id ? " of enterprise " : "", e->vendor_id));
	}
	terminal_line(t);
}

static void put_links(struct terminal *t, const struct watch_discovered *f)
{
	terminal_heading(t, INK_BOLD, "LINKS", "packets");
	for (size_t i = 0; i < f->link_count; i++) {
		const struct watch_discovered_link *l = &f->links[i];
		unsigned rest = t->width - INDENT - ID - POINT - NUMBER;

		terminal_spaces(t, INDENT);
		terminal_cell(t, f->elements[l->a].id, ID - 1, false);
		terminal_spaces(t, 1);
		terminal_cell(t, l->reference_point, POINT - 1, false);
		terminal_spaces(t, 1);
		terminal_cell(t, f->elements[l->b].id, rest, false);
		terminal_cell(t, say_number(t->arena, l->packets), NUMBER, true);
		sink_char(t->sink, '\n');
	}
	terminal_line(t);
}

static void put_rest(struct terminal *t, const struct report_discovered *r)
{
	const struct watch_discovered *f = r->found;
	struct arena *a = t->arena;
	size_t sharing = 0;

	terminal_heading(t, INK_BOLD, "NOT TOLD BY TRAFFIC", "");
	terminal_paragraph(t, INDENT, "vendors that did not register, products, versions and sites: fill them in");
	for (size_t i = 0; i < f->element_count; i++)
		sharing += f->elements[i].sharing > 0;
	if (sharing)
		terminal_paragraph(
			t, INDENT,
			arena_printf(a, "%s share addresses with others: what they say to each other is not seen",
				     say_count(a, sharing, "element")));
	for (size_t i = 0; i < f->other_count && i < OTHERS_SHOWN; i++) {
		char text[46];

		wire_address_print(&f->others[i].address, text);
		terminal_paragraph(
			t, INDENT,
			arena_printf(a, "what %s is: %s", text, say_count(a, f->others[i].packets, "packet")));
	}
	if (f->other_count > OTHERS_SHOWN)
		terminal_paragraph(
			t, INDENT,
			arena_printf(a, "what %s more are", say_count(a, f->other_count - OTHERS_SHOWN, "address")));
	if (r->encrypted + r->truncated + r->malformed + r->not_understood + r->dropped)
		terminal_paragraph(
			t, INDENT,
			arena_printf(a,
				     "what stood in frames that could not be read: %s encrypted, %s truncated, %s "
				     "malformed, %s of unknown kind, %s dropped",
				     say_number(a, r->encrypted), say_number(a, r->truncated),
				     say_number(a, r->malformed), say_number(a, r->not_understood),
				     say_number(a, r->dropped)));
	if (f->dropped)
		terminal_paragraph(t, INDENT, arena_printf(a, "%s found no room", say_number(a, f->dropped)));
}

void report_discovered_text(const struct report_discovered *r, const struct report_style *style, struct sink *out)
{
	const struct watch_discovered *f = r->found;
	struct arena *a = arena_new();
	struct terminal t = { .sink = out,
			      .arena = a,
			      .width = style->width < LEAST_WIDTH ? LEAST_WIDTH : style->width,
			      .colour = style->colour };
	char first[REPORT_TIME], last[REPORT_TIME];

	terminal_wrap(&t, 0, 0,
		      arena_printf(a, "%s and %s, inferred from traffic", say_count(a, f->element_count, "element"),
				   say_count(a, f->link_count, "link")));
	if (f->frames) {
		report_time(f->first_ns, first);
		report_time(f->last_ns, last);
		first[19] = last[19] = 0;
		terminal_paragraph(
			&t, INDENT,
			arena_printf(a, "%s from %s to %s UTC", say_count(a, f->frames, "frame"), first, last));
	}
	if (r->output)
		terminal_paragraph(&t, INDENT,
				   arena_printf(a, "written to %s: a case, to be reviewed row by row", r->output));
	terminal_line(&t);
	if (f->element_count)
		put_elements(&t, f);
	if (f->link_count)
		put_links(&t, f);
	put_rest(&t, r);
	arena_free(a);
}

/* ---- JSON ---------------------------------------------------------------------------------------------------------- */

static void put_number(struct json *j, const char *key, uint64_t value)
{
	json_key(j, key);
	json_int(j, (int64_t)value);
}

static void put_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void put_address(struct json *j, const struct wire_address *a)
{
	char text[46];

	wire_address_print(a, text);
	json_text(j, text);
}

static void json_elements(struct json *j, const struct watch_discovered *f)
{
	json_key(j, "elements");
	json_array(j);
	for (size_t i = 0; i < f->element_count; i++) {
		const struct watch_discovered_element *e = &f->elements[i];

		json_object(j);
		put_text(j, "element", e->id);
		put_text(j, "function", e->function);
		put_text(j, "called", *e->name ? e->name : NULL);
		put_text(j, "vendor_id", *e->vendor_id ? e->vendor_id : NULL);
		json_key(j, "addresses");
		json_array(j);
		for (size_t k = 0; k < e->address_count; k++)
			put_address(j, &e->addresses[k]);
		json_array_end(j);
		put_text(j, "basis", e->basis);
		put_number(j, "packets", e->packets);
		put_number(j, "sharing", e->sharing);
		json_object_end(j);
	}
	json_array_end(j);
}

static void json_links(struct json *j, const struct watch_discovered *f)
{
	json_key(j, "links");
	json_array(j);
	for (size_t i = 0; i < f->link_count; i++) {
		const struct watch_discovered_link *l = &f->links[i];

		json_object(j);
		put_text(j, "a", f->elements[l->a].id);
		put_text(j, "b", f->elements[l->b].id);
		put_text(j, "reference_point", l->reference_point);
		put_number(j, "packets", l->packets);
		put_number(j, "bytes", l->bytes);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "others");
	json_array(j);
	for (size_t i = 0; i < f->other_count; i++) {
		json_object(j);
		json_key(j, "address");
		put_address(j, &f->others[i].address);
		put_number(j, "packets", f->others[i].packets);
		put_number(j, "bytes", f->others[i].bytes);
		json_object_end(j);
	}
	json_array_end(j);
}

static void json_coverage(struct json *j, const struct report_discovered *r)
{
	char time[REPORT_TIME];

	json_key(j, "coverage");
	json_object(j);
	report_time(r->found->first_ns, time);
	put_text(j, "first", r->found->frames ? time : NULL);
	report_time(r->found->last_ns, time);
	put_text(j, "last", r->found->frames ? time : NULL);
	put_number(j, "frames", r->found->frames);
	put_number(j, "subscribers", r->found->subscribers);
	put_number(j, "encrypted", r->encrypted);
	put_number(j, "truncated", r->truncated);
	put_number(j, "malformed", r->malformed);
	put_number(j, "not_understood", r->not_understood);
	put_number(j, "dropped", r->dropped);
	put_number(j, "no_room", r->found->dropped);
	json_object_end(j);
}

void report_discovered_json(const struct report_discovered *r, struct sink *out)
{
	struct json j;

	json_init(&j, out);
	json_object(&j);
	put_text(&j, "output", r->output);
	json_key(&j, "inputs");
	json_array(&j);
	for (size_t i = 0; i < r->input_count; i++) {
		json_object(&j);
		put_text(&j, "path", r->inputs[i].path);
		put_text(&j, "sha256", r->inputs[i].sha256);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_elements(&j, r->found);
	json_links(&j, r->found);
	json_coverage(&j, r);
	json_object_end(&j);
	json_end(&j);
}
