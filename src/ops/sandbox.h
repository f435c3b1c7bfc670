/* SPDX-License-Identifier: Apache-2.0 */
/* What a process that reads strangers' packets may still do. Private to ops. */
#ifndef PROVISO_OPS_SANDBOX_H
#define PROVISO_OPS_SANDBOX_H

#include "ops/call.h"

/*
 * From here on: no user but an ordinary one, no capability, no file but in the folders that results will be written to
 * (count may be 0), and of the system's calls those that reading, judging and writing take; what sockets hear is not
 * answered. What the kernel is too old for is left out and a note (sandbox-part) says so. false and failed where privileges
 * could not be dropped.
 */
bool sandbox_enter(struct call *, const char *const *folders, size_t count, const int *sockets,
		   size_t socket_count);

#endif
