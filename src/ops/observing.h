/* SPDX-License-Identifier: Apache-2.0 */
/* What a watch observes, kept in a folder as it goes (proviso watch --observations). Private to ops. */
#ifndef PROVISO_OPS_OBSERVING_H
#define PROVISO_OPS_OBSERVING_H

#include "ops/call.h"
#include "store/store.h"

struct observing;

/* A new segment in the folder, which is made where it is missing. NULL and failed. net may be NULL. */
struct observing *observing_open(struct call *, const char *folder, const struct net *);
/* For watch_options.observe; the context is the observing. Each minute that has ended is in the file. */
void observing_take(void *context, const struct watch_observation *);
/* The rest; failed where the disk was full. Blocks that were written stay readable. */
void observing_close(struct observing *);

#endif
