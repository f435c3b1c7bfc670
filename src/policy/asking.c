/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asking: which rules rest on a fact. A rule does where an expression of its own, or of a set that it names, asks for
 * the attribute of such a subject, or where it requires a document of a kind that the fact's claims are.
 */
#include "policy/program.h"

#include <string.h>

struct search {
	const struct policy *policy;
	const struct policy_fact *fact;
	bool *seen; /* by set: looked into */
};

/* What a path's first word speaks of. A part is a product inside another, and its vendor. */
static bool is_of(const char *head, size_t length, enum about_kind about)
{
	static const struct {
		const char *head;
		enum about_kind about;
	} heads[] = {
		{ "vendor", ABOUT_VENDOR },   { "managed_by", ABOUT_VENDOR }, { "owner", ABOUT_VENDOR },
		{ "part", ABOUT_VENDOR },     { "part", ABOUT_PRODUCT },      { "country", ABOUT_COUNTRY },
		{ "product", ABOUT_PRODUCT }, { "site", ABOUT_SITE },         { "element", ABOUT_ELEMENT },
	};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (heads[i].about == about && strlen(heads[i].head) == length && !strncmp(heads[i].head, head, length))
			return true;
	return false;
}

static bool path_asks(const struct search *s, const char *path)
{
	static const char inside[] = "contains:";
	const char *dot = strchr(path, '.');

	if (!dot)
		return s->fact->about == ABOUT_ELEMENT && !strcmp(path, s->fact->attribute);
	if (!is_of(path, (size_t)(dot - path), s->fact->about))
		return false;
	return !strcmp(dot + 1, s->fact->attribute) ||
	       (!strncmp(path, "part.", 5) && !strncmp(s->fact->attribute, inside, sizeof inside - 1));
}

static bool expr_asks(struct search *, const struct expr *);

static bool set_asks(struct search *s, const char *name)
{
	for (size_t i = 0; i < s->policy->sets.count; i++) {
		const struct set *set = s->policy->sets.items[i];

		if (strcmp(set->name, name) != 0 || s->seen[i])
			continue;
		s->seen[i] = true;
		return expr_asks(s, set->expr);
	}
	return false;
}

static bool expr_asks(struct search *s, const struct expr *x)
{
	if (!x)
		return false;
	if (x->path && (path_asks(s, x->path->text) || (x->kind == EXPR_NAME && set_asks(s, x->path->text))))
		return true;
	return expr_asks(s, x->left) || expr_asks(s, x->right);
}

static bool kind_is_asked(const struct policy_fact *f, const char *kind)
{
	for (size_t i = 0; i < f->kind_count; i++)
		if (!strcmp(f->kinds[i], kind))
			return true;
	return false;
}

static bool rule_asks(struct search *s, const struct rule *r)
{
	memset(s->seen, 0, s->policy->sets.count);
	if (expr_asks(s, r->may_remove))
		return true;
	for (const struct statement *t = r->statements; t; t = t->next)
		if (expr_asks(s, t->subject) || expr_asks(s, t->target) ||
		    (t->evidence_kind && kind_is_asked(s->fact, t->evidence_kind)))
			return true;
	for (size_t i = 0; i < s->policy->waivers.count; i++) {
		const struct waiver *w = &s->policy->waivers.items[i];

		if (!strcmp(w->rule, r->name) && expr_asks(s, w->set))
			return true;
	}
	return false;
}

const char **policy_asking(const struct policy *p, struct arena *arena, const struct policy_fact *fact, size_t *count)
{
	const char **names = arena_array(arena, p->rules.count + 1, sizeof *names);
	struct search s = { p, fact, arena_alloc(arena, p->sets.count + 1) };

	*count = 0;
	for (size_t i = 0; i < p->rules.count; i++)
		if (rule_asks(&s, p->rules.items[i]))
			names[(*count)++] = arena_printf(arena, "%s/%s", p->name, p->rules.items[i]->name);
	return names;
}
