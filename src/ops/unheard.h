/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface lost before anybody could hear it. Private to ops. */
#ifndef PROVISO_OPS_UNHEARD_H
#define PROVISO_OPS_UNHEARD_H

#include "ops/call.h"

/*
 * Frames that the kernel counts as dropped between an interface's adapter and whoever listens (the column "drop" of
 * /proc/net/dev), of these interfaces together. Opened before privileges go, asked at any time after. NULL where the
 * machine does not tell of each of them, by that name.
 */
struct unheard *unheard_open(struct arena *, const char *const *interfaces, size_t count);
/* Since it was opened. False where one of them is not told of any more. */
bool unheard_count(struct unheard *, uint64_t *frames);

#endif
