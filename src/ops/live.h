/* SPDX-License-Identifier: Apache-2.0 */
/* Interfaces that are heard (proviso watch --live). Private to ops. */
#ifndef PROVISO_OPS_LIVE_H
#define PROVISO_OPS_LIVE_H

#include "ops/call.h"
#include "wire/wire.h"

enum { LIVE_INTERFACES = 16 };

struct live;

/*
 * Opens the interfaces of --live with --filter, until --duration is over or SIGINT or SIGTERM comes. NULL and failed, or
 * where there is no --live.
 */
struct live *live_open(struct call *);
/* The next frames, waiting for them; 0 when it is over and all that was taken has been given. ahead: who calls, or NULL. */
size_t live_read(struct live *, struct wire_ahead *ahead, struct wire_batch *);
/* The same on a thread of its own, as wire_ahead_new has it. */
struct wire_ahead *live_ahead(struct live *, struct arena *, struct wire *);
/* Frames that the kernel had no room for, of all interfaces. */
uint64_t live_lost(struct live *);
/* Interfaces that were down for a time or are gone; says so of each. To be asked when all has been read. */
size_t live_interrupted(struct live *);
/* Frames that these lost before anybody could hear them, false where the machine does not tell. */
bool live_unheard(const struct live *, uint64_t *frames);
/* A descriptor that is readable once SIGINT or SIGTERM has come, which end nothing by themselves from now on; -1 and errno. */
int live_signals(void);
/* The sockets that it hears with. */
size_t live_sockets(const struct live *, int sockets[LIVE_INTERFACES]);
const char *const *live_names(const struct live *, size_t *count);

#endif
