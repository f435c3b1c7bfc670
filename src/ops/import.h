/* SPDX-License-Identifier: Apache-2.0 */
/* proviso import: what its files share. Private to ops. */
#ifndef PROVISO_OPS_IMPORT_H
#define PROVISO_OPS_IMPORT_H

#include "ops/case.h"

/* Documents become claims; exit status. */
int import_documents(struct call *, const struct importer *, const char *const *paths, size_t count);
/* Inventories become tables; exit status. */
int import_network(struct call *, const struct net_importer *, const char *const *paths, size_t count);

#endif
