/* SPDX-License-Identifier: Apache-2.0 */
/* provisos: the conditions under which the answer is yes - what is due, what is only waived, what a plan found. */
#include <stdlib.h>
#include <string.h>

#include "assess/internal.h"

struct list {
	struct proviso *items;
	size_t count, room;
};

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* A rule with findings for forty regions is one proviso a statement and subject. */
static struct proviso *proviso_for(struct list *l, const struct finding *f, const char *what)
{
	for (size_t i = 0; i < l->count; i++)
		if (same_text(l->items[i].policy, f->policy) && same_text(l->items[i].rule, f->rule) &&
		    same_text(l->items[i].what, what))
			return NULL;
	return array_add(l);
}

static void due(struct arena *a, struct list *l, const struct finding *f)
{
	const char *what = arena_printf(a, "bring \"%s\"%s%s within its bound", f->statement,
					f->subject[0] ? " for " : "", f->subject);
	struct proviso *p = proviso_for(l, f, what);
	if (p)
		*p = (struct proviso){ .policy = f->policy,
				       .rule = f->rule,
				       .what = what,
				       .who = "operator",
				       .by = f->by,
				       .closes = "an assessment in which the rule holds",
				       .source = f->source };
}

static void waived(struct arena *a, struct list *l, const struct finding *f)
{
	const char *what = arena_printf(a, "\"%s\" is waived because %s", f->statement,
					f->waived_because ? f->waived_because : "");
	struct proviso *p = proviso_for(l, f, what);
	if (p)
		*p = (struct proviso){ .policy = f->policy,
				       .rule = f->rule,
				       .what = what,
				       .who = f->waived_by ? f->waived_by : "",
				       .by = f->waived_until,
				       .closes = "the rule holds, or the waiver is renewed",
				       .source = f->source };
}

void provisos_make(struct arena *a, struct assessment *x, const struct remedy *remedy)
{
	struct list l = { 0 };
	for (size_t i = 0; i < x->findings.count; i++) {
		const struct finding *f = &x->findings.items[i];
		if (f->status == FINDING_DUE && !(remedy && remedy->found)) /* a plan mends what is due, and says how */
			due(a, &l, f);
		else if (f->status == FINDING_WAIVED)
			waived(a, &l, f);
	}
	for (size_t i = 0; remedy && remedy->found && i < remedy->proviso_count; i++)
		*array_add(&l) = remedy->provisos[i];
	x->provisos = arena_array(a, l.count + 1, sizeof *x->provisos);
	if (l.count)
		memcpy(x->provisos, l.items, l.count * sizeof *l.items);
	x->proviso_count = l.count;
	free(l.items);
}
