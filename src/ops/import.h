/* SPDX-License-Identifier: Apache-2.0 */
/* proviso import: what its files share. Private to ops. */
#ifndef PROVISO_OPS_IMPORT_H
#define PROVISO_OPS_IMPORT_H

#include "ops/case.h"

/* With all folders above; false and call->failure where it can't be. */
bool import_make_folder(struct call *, const char *folder);
/* Documents become claims; exit status. */
int import_documents(struct call *, const struct importer *, const char *const *paths, size_t count);
/* Inventories become tables; exit status. */
int import_network(struct call *, const struct net_importer *, const char *const *paths, size_t count);
/* A step of enriching on CASE/network, the call's operand; path NULL: it reads no file. Exit status. */
int enrich_network(struct call *, const struct net_importer *, const struct net_import_job *told, const char *path);

#endif
