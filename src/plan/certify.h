/* SPDX-License-Identifier: Apache-2.0 */
/* certify: what a search rests on, for other eyes. Private to the room. */
#ifndef PROVISO_PLAN_CERTIFY_H
#define PROVISO_PLAN_CERTIFY_H

#include "plan/model.h"

/*
 * JSON in the result's arena: the model of what is done (not of when), the multipliers, the choice if there is one. It stays
 * open until certify_end says when it is done (NULL: never) and returns the text; NULL: nothing was certified.
 */
void certify(struct planning *, enum tier, const struct built *, const struct solve_result *);
const char *certify_end(struct planning *, const struct chosen *);

#endif
