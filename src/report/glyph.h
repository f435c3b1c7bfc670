/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glyph: the only way text from files reaches a terminal or a page. One character at a time, well-formed, visible, with
 * its width; what could steer a terminal or turn a line of text around comes out as U+FFFD.
 */
#ifndef PROVISO_REPORT_GLYPH_H
#define PROVISO_REPORT_GLYPH_H

#include "base/base.h"

struct glyph {
	const char *bytes; /* of the text, or of a constant */
	size_t count;
	unsigned cells; /* columns on a terminal: 0 for combining marks, 2 for wide characters */
};

/* The next glyph of a zero-terminated text, false at its end. */
bool glyph_next(const char **at, struct glyph *);
unsigned glyph_cells(const char *text); /* of the whole text */
/* The text as HTML: harmless, and & < > " ' escaped. */
void glyph_html(struct sink *, const char *text);

#endif
