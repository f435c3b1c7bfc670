/* SPDX-License-Identifier: Apache-2.0 */
/* missing: what would have made a plan possible - more time, more people, more money, an offer that nobody made. */
#include "plan/model.h"

void missing_make(struct planning *p, struct plan *plan)
{
	(void)p;
	(void)plan;
}
