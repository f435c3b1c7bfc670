/* SPDX-License-Identifier: Apache-2.0 */
/* internal: what the files of this room give each other. */
#ifndef PROVISO_ASSESS_INTERNAL_H
#define PROVISO_ASSESS_INTERNAL_H

#include "assess/assess.h"

enum verdict verdict_of(const struct findings *, const struct remedy *, bool planned);
void metrics_make(struct arena *, struct assessment *);
/* Was anything that is only planned counted for a finding? */
bool rests_on_plans(struct arena *, const struct assessment *);
void provisos_make(struct arena *, struct assessment *, const struct remedy *);
/* Findings of all policies of a case for one of its networks, sorted; present (may be NULL) decides what is worsened. */
void judge_all(struct arena *, const struct assessment_case *, struct assessment *, struct diagnostics *);

#endif
