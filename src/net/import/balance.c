/* SPDX-License-Identifier: Apache-2.0 */
/* The balance of a run: every foreign object is used, merged or left out, once. */
#include "net/import/intake.h"

#include <stdarg.h>
#include <string.h>

static struct net_import_reason *reason_of(struct arena *arena, struct net_import_reasons *reasons, const char *reason)
{
	for (size_t i = 0; i < reasons->count; i++)
		if (strcmp(reasons->items[i].reason, reason) == 0)
			return &reasons->items[i];
	if (reasons->count == INTAKE_REASONS) {
		reasons->items[INTAKE_REASONS - 1].reason = "other reasons";
		return &reasons->items[INTAKE_REASONS - 1];
	}
	if (reasons->count == reasons->room) {
		size_t room = reasons->room * 2 + 8;
		struct net_import_reason *more = arena_array(arena, room, sizeof *more);

		if (reasons->count)
			memcpy(more, reasons->items, reasons->count * sizeof *more);
		reasons->items = more;
		reasons->room = room;
	}
	reasons->items[reasons->count].reason = arena_text(arena, reason, strlen(reason));
	return &reasons->items[reasons->count++];
}

size_t intake_reason(struct arena *arena, struct net_import_reasons *reasons, const char *reason, const char *example)
{
	struct net_import_reason *row = reason_of(arena, reasons, reason);

	intake_reason_again(arena, reasons, (size_t)(row - reasons->items), example);
	return (size_t)(row - reasons->items);
}

void intake_reason_again(struct arena *arena, struct net_import_reasons *reasons, size_t number, const char *example)
{
	enum { LONGEST = 200 }; /* bytes of an example */
	struct net_import_reason *row = &reasons->items[number];
	size_t bytes = strlen(example);

	row->count++;
	if (row->example_count < NET_IMPORT_EXAMPLES)
		row->examples[row->example_count++] =
			arena_text(arena, example, bytes > LONGEST ? utf8_check(example, LONGEST) : bytes);
}

void intake_used(struct intake *in)
{
	in->imported->balance.read++;
	in->imported->balance.used++;
}

void intake_merged(struct intake *in)
{
	in->imported->balance.read++;
	in->imported->balance.merged++;
}

size_t intake_left_out(struct intake *in, const char *reason, const char *example)
{
	in->imported->balance.read++;
	return intake_reason(in->arena, &in->imported->balance.left_out, reason, example);
}

void intake_note(struct intake *in, const char *reason, const char *example)
{
	intake_reason(in->arena, &in->imported->balance.notes, reason, example);
}

void intake_refuse(struct intake *in, const char *code, uint32_t line, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	text[utf8_check(text, strlen(text))] = '\0'; /* the cut may have gone through a character */
	diagnose(in->diagnostics, SEVERITY_ERROR, code, (struct place){ in->name, line, 0 }, "%s", text);
	in->refused = true;
}
