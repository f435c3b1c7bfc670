/* SPDX-License-Identifier: Apache-2.0 */
/* A small capture for each finding (proviso watch --cut). Private to ops. */
#ifndef PROVISO_OPS_CUT_H
#define PROVISO_OPS_CUT_H

#include "ops/call.h"

struct cut {
	const struct watch_result *result;
	const char *const *files; /* captures that were watched, in the order of taps */
	const struct watch_tap *taps;
	size_t count;
	const struct wire_options *options; /* that they were read with */
	const struct watch_li *li; /* NULL: none. No frame that has one of its addresses anywhere is cut */
	bool payload; /* keep what stands behind the innermost transport header too */
};

/* Before anything is read: is the folder new, or empty? Files of two runs beside each other would be of neither. */
bool cut_check(struct call *, const char *folder);
/*
 * Reads the captures once more and writes NNNN-CHECK.pcapng with the frames that each finding names; none of them is there
 * before cut_keep. Failed where the folder or a file can't be written, or a capture is not what it was.
 */
struct cut_files *cut_write(struct call *, const char *folder, const struct cut *);
/* Now they are there. Where the call has failed, at whatever, none of them is, nor a folder that was made for them. */
void cut_keep(struct call *, struct cut_files *); /* NULL: nothing */

#endif
