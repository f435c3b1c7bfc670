/* SPDX-License-Identifier: Apache-2.0 */
/* Words from files for those who print a page of their own: harmless for a terminal, folded at its width. */
#include "report/report.h"
#include "report/terminal.h"

void report_fold(struct sink *s, unsigned width, unsigned first, unsigned indent, const char *text)
{
	struct terminal t = { .sink = s, .width = width };

	terminal_wrap(&t, first, indent, text);
}
