/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict: what the findings add up to, in the order that leaves no choice: broken whatever is unknown; then unknown; then what
 * a plan, a date or a waiver carries; then manageable.
 */
#include "assess/internal.h"

static const struct {
	const char *name;
	int exit;
} verdicts[] = {
	[VERDICT_MANAGEABLE] = { "manageable", 0 },         [VERDICT_WITH_PROVISOS] = { "manageable-with-provisos", 1 },
	[VERDICT_NOT_MANAGEABLE] = { "not-manageable", 2 }, [VERDICT_UNDETERMINED] = { "undetermined", 3 },
	[VERDICT_FAILS] = { "fails-as-it-stands", 4 },
};

const char *verdict_name(enum verdict v)
{
	return verdicts[v].name;
}

int verdict_exit(enum verdict v)
{
	return verdicts[v].exit;
}

static bool is_notice(const struct finding *f)
{
	return f->authority != NULL;
}

enum verdict verdict_of(const struct findings *all, const struct remedy *remedy, bool planned)
{
	bool broken = false, unknown = false, carried = planned;
	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->items[i];
		if (is_notice(f))
			continue;
		broken = broken || f->status == FINDING_BROKEN;
		unknown = unknown || f->status == FINDING_UNKNOWN;
		carried = carried || f->status == FINDING_DUE || f->status == FINDING_WAIVED;
	}
	if (broken && !(remedy && remedy->found))
		return remedy && remedy->proven_impossible ? VERDICT_NOT_MANAGEABLE : VERDICT_FAILS;
	if (broken && remedy->whole) /* what is mended surely, is mended whatever is unknown */
		return VERDICT_WITH_PROVISOS;
	if (broken || unknown) /* with a plan that is not sure, what is unknown decides */
		return VERDICT_UNDETERMINED;
	return carried ? VERDICT_WITH_PROVISOS : VERDICT_MANAGEABLE;
}
