/* SPDX-License-Identifier: Apache-2.0 */
/* conditions: what an answer depends on, in the JSON of assess and of plan alike. Private to report. */
#ifndef PROVISO_REPORT_CONDITIONS_H
#define PROVISO_REPORT_CONDITIONS_H

#include "assess/assess.h"
#include "base/base.h"

/* "inputs": [{path, sha256}] */
void json_inputs(const struct assessment *, struct json *);
/* "provisos": [{policy, rule, what, who, by, closes, source, where, cost}] */
void json_provisos(const struct proviso *, size_t count, struct json *);

#endif
