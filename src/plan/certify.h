/* SPDX-License-Identifier: Apache-2.0 */
/* certify: what a search rests on, for other eyes. Private to the room. */
#ifndef PROVISO_PLAN_CERTIFY_H
#define PROVISO_PLAN_CERTIFY_H

#include "plan/model.h"

/* JSON in the result's arena: the model of what is done (not of when), the multipliers, the choice if there is one. */
const char *certify(struct planning *, enum tier, const struct built *, const struct solve_result *);

#endif
