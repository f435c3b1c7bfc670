/* SPDX-License-Identifier: Apache-2.0 */
/* terminal: lines of a page that is so many columns wide. Nothing printed through here is wider, whatever the names. */
#ifndef PROVISO_REPORT_TERMINAL_H
#define PROVISO_REPORT_TERMINAL_H

#include "base/base.h"

struct terminal {
	struct sink *sink;
	struct arena *arena;
	unsigned width;
	bool colour;
};

enum ink { INK_PLAIN, INK_BOLD, INK_FAINT, INK_RED, INK_GREEN, INK_YELLOW, INK_BLUE, INK_MAGENTA };

void terminal_ink(struct terminal *, enum ink); /* INK_PLAIN takes it away; nothing without colour */
void terminal_line(struct terminal *);          /* an empty one */
/* Words over as many lines as they need: the first begins at column `first` (already reached: cells written so far are
 * not counted again), the others are indented by `indent`. Ends with a newline. */
void terminal_wrap(struct terminal *, unsigned first, unsigned indent, const char *text);
/* The text indented and wrapped. */
void terminal_paragraph(struct terminal *, unsigned indent, const char *text);
void terminal_spaces(struct terminal *, unsigned count);
/* Exactly `cells` columns: cut with "..." or filled with spaces, at the right or (right = true) at the left. */
void terminal_cell(struct terminal *, const char *text, unsigned cells, bool right);
/* BROKEN ------------------------------- 3 rules */
void terminal_heading(struct terminal *, enum ink, const char *text, const char *at_right);

#endif
