/* SPDX-License-Identifier: Apache-2.0 */
/* text: the parts of the terminal page. */
#ifndef PROVISO_REPORT_TEXT_H
#define PROVISO_REPORT_TEXT_H

#include "report/digest.h"
#include "report/terminal.h"

/* One status: its rules, each with its statements, measures and source. Nothing where no finding has the status. */
void text_block(struct terminal *, const struct block *);

#endif
