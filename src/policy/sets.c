/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sets: how sets rest on one another. A set may name others, but not itself by way of them, and the whole nests no deeper than
 * an expression may, so that whoever walks it later can do so by recursion. Found without a network, for `proviso check`.
 */
#include <string.h>

#include "policy/program.h"

const struct set *policy_find_set(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->sets.count; i++)
		if (!strcmp(p->sets.items[i]->name, name))
			return p->sets.items[i];
	return NULL;
}

enum set_state { SET_NEW, SET_OPEN, SET_DONE };

struct walk {
	const struct policy *policy;
	struct diagnostics *diagnostics;
	bool bad; /* one mistake is enough: what rests on it would be told again and again */
};

static int expr_height(struct walk *w, const struct document *d, const struct expr *x, int depth);

static void walk_error(struct walk *w, const struct document *d, const struct expr *at, const char *code,
		       const char *name)
{
	if (!w->bad && !strcmp(code, "set-circle"))
		document_diagnose(d, w->diagnostics, SEVERITY_ERROR, code, at->first,
				  "the set \"%s\" is defined by itself", name);
	else if (!w->bad)
		document_diagnose(d, w->diagnostics, SEVERITY_ERROR, code, at->first,
				  "more than %d sets, parentheses, nots and relations within one another",
				  LIMIT_NESTING);
	w->bad = true;
}

/* The deepest nesting below a set that is named at depth. */
static int set_height(struct walk *w, const struct document *d, struct set *s, const struct expr *at, int depth)
{
	if (s->state == SET_OPEN)
		walk_error(w, d, at, "set-circle", s->name);
	if (s->state == SET_NEW && !w->bad) {
		s->state = SET_OPEN;
		s->height = s->expr ? expr_height(w, s->document, s->expr, depth) : 0;
		s->state = SET_DONE;
	}
	return s->height;
}

static int expr_height(struct walk *w, const struct document *d, const struct expr *x, int depth)
{
	int height = 0, right = 0;
	if (depth > LIMIT_NESTING)
		walk_error(w, d, x, "too-deep", NULL);
	if (w->bad)
		return 0;
	if (x->kind == EXPR_OR || x->kind == EXPR_AND) {
		height = expr_height(w, d, x->left, depth);
		right = expr_height(w, d, x->right, depth);
	} else if (x->kind == EXPR_NOT || x->kind == EXPR_RELATION) {
		height = 1 + expr_height(w, d, x->left, depth + 1);
	} else if (x->kind == EXPR_NAME) {
		struct set *s = (struct set *)(uintptr_t)policy_find_set(w->policy, x->path->text);
		height = s ? 1 + set_height(w, d, s, x, depth + 1) : 0;
	}
	height = height > right ? height : right;
	if (depth + height > LIMIT_NESTING)
		walk_error(w, d, x, "too-deep", NULL);
	return height;
}

bool sets_check(const struct policy *p, struct diagnostics *diagnostics)
{
	struct walk w = { .policy = p, .diagnostics = diagnostics };
	for (size_t i = 0; i < p->sets.count; i++)
		p->sets.items[i]->state = SET_NEW;
	for (size_t i = 0; i < p->sets.count && !w.bad; i++)
		if (p->sets.items[i]->expr)
			set_height(&w, p->sets.items[i]->document, p->sets.items[i], p->sets.items[i]->expr, 0);
	return !w.bad;
}
