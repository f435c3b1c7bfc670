/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provisos: the conditions under which the answer is yes - what is due, what is only waived, what is only planned, what a plan
 * found.
 */
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
	for (size_t i = 0; i < f->waiver_count; i++) {
		const struct finding_waiver *w = &f->waivers[i];
		const char *what = arena_printf(a, "\"%s\" is waived because %s", f->statement, w->because);
		struct proviso *p = proviso_for(l, f, what);

		if (p)
			*p = (struct proviso){ .policy = f->policy,
					       .rule = f->rule,
					       .what = what,
					       .who = w->by,
					       .by = w->until,
					       .closes = "the rule holds, or the waiver is renewed",
					       .source = f->source };
	}
}

/* A document, or a statement, that has still to come. */
static void planned(struct arena *a, struct list *l, const struct finding *f, const struct claim *c)
{
	const char *of = c->version ? arena_printf(a, "%s %s", c->subject, c->version) : c->subject;
	const char *says = c->attribute ? arena_printf(a, ", %s = %s", c->attribute, c->value) : "";
	const char *what = arena_printf(a, "obtain what is planned: %s for %s%s (claim %s)",
					c->plans ? c->plans : "evidence", of, says, c->name);
	struct proviso *p = proviso_for(l, f, what);
	if (p)
		*p = (struct proviso){ .policy = f->policy,
				       .rule = f->rule,
				       .what = what,
				       .who = "operator",
				       .by = c->due,
				       .closes = "the document on file, and an assessment without what is planned",
				       .source = f->source };
}

static const struct claim *claim_named(const struct evidence *e, const char *name)
{
	for (size_t i = 0; i < e->claim_count; i++)
		if (!strcmp(e->claims[i].name, name))
			return &e->claims[i];
	return NULL;
}

static const struct claim *plan_behind(const struct evidence *e, const struct fact *f)
{
	for (size_t i = 0; i < f->claim_count; i++)
		if (e->claims[f->claims[i]].plans && same_text(e->claims[f->claims[i]].value, f->value))
			return &e->claims[f->claims[i]];
	return NULL;
}

/* The first of a rule that is called "policy/rule". */
static const struct finding *finding_of(const struct findings *all, const char *name)
{
	const char *slash = strchr(name, '/');

	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->items[i];

		if (!strncmp(f->policy, name, (size_t)(slash - name)) && !f->policy[slash - name] &&
		    !strcmp(f->rule, slash + 1))
			return f;
	}
	return NULL;
}

/* The rules that ask for a fact which is known by what is planned alone. */
static void planned_fact(struct arena *a, struct list *l, const struct assessment *x, const struct fact *fact)
{
	const struct assessment_case *c = x->of;
	const struct claim *claim = plan_behind(c->evidence, fact);

	for (size_t i = 0; claim && i < c->policy_count; i++) {
		const struct policy_fact asked = { fact->about, fact->attribute, NULL, 0 };
		size_t count;
		const char **rules = policy_asking(c->policies[i], a, &asked, &count);

		for (size_t k = 0; k < count; k++) {
			const struct finding *f = finding_of(&x->findings, rules[k]);

			if (f)
				planned(a, l, f, claim);
		}
	}
}

static void all_planned(struct arena *a, struct list *l, const struct assessment *x)
{
	const struct evidence *e = x->of->evidence;

	for (size_t i = 0; i < x->findings.count; i++)
		if (x->findings.items[i].planned)
			planned(a, l, &x->findings.items[i], claim_named(e, x->findings.items[i].planned));
	for (size_t i = 0; i < e->fact_count; i++)
		if (e->facts[i].planned && e->facts[i].status == FACT_KNOWN)
			planned_fact(a, l, x, &e->facts[i]);
}

bool rests_on_plans(struct arena *a, const struct assessment *x)
{
	struct list l = { 0 };

	if (x->of->evidence)
		all_planned(a, &l, x);
	free(l.items);
	return l.count > 0;
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
	if (x->planned)
		all_planned(a, &l, x);
	for (size_t i = 0; remedy && remedy->found && i < remedy->proviso_count; i++)
		*array_add(&l) = remedy->provisos[i];
	x->provisos = arena_array(a, l.count + 1, sizeof *x->provisos);
	if (l.count)
		memcpy(x->provisos, l.items, l.count * sizeof *l.items);
	x->proviso_count = l.count;
	free(l.items);
}
