/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a plan: shown, or written as a case of its own. Private to ops. */
#ifndef PROVISO_OPS_PLANNED_H
#define PROVISO_OPS_PLANNED_H

#include "ops/case.h"
#include "plan/plan.h"

/* The case with the plan carried out, in a folder that is not there yet; failed where that can't be done. */
void planned_case_write(struct case_loaded *, const struct plan *, const char *folder);

#endif
