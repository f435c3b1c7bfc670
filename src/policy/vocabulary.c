/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vocabulary: which words of a set expression can't mean anything, as far as that can be known without a network, so that
 * `proviso check` finds the mistakes.
 */
#include <string.h>

#include "policy/program.h"

static const char *const yesno_names[] = { "new", "changed", "sensitive", "synthetic", "any", "all" };
static const char *const yesno_paths[] = { "new",       "changed",   "site.sensitive",
					   "sensitive", "synthetic", "site.synthetic" };
static const char *const country_paths[] = { "vendor.jurisdiction", "managed_by.jurisdiction", "part.jurisdiction" };
static const char *const yes_and_no[] = { "yes", "no", "none" };
static const char *const everything_names[] = { "any", "all" };

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(text, words[i]))
			return true;
	return false;
}

static void check_name(const struct policy *p, const struct document *d, struct diagnostics *out, const struct expr *e)
{
	const char *name = e->path->text;
	if (strchr(name, '.') || policy_find_set(p, name) || is_one_of(name, yesno_names, 6))
		return;
	if (CODE_IS_KNOWN(net_function_find(name)) || CODE_IS_KNOWN(net_layer_find(name)))
		return;
	const struct param *param = policy_find_param(p, name);
	if (param)
		return;
	size_t count = 0;
	const char **near = arena_array(p->arena, p->sets.count + net_function_count + LAYER_COUNT + 6, sizeof *near);
	for (size_t i = 0; i < p->sets.count; i++)
		near[count++] = p->sets.items[i]->name;
	for (size_t i = 0; i < net_function_count; i++)
		near[count++] = net_functions[i].name;
	for (int i = 0; i < LAYER_COUNT; i++)
		near[count++] = net_layer_name((enum net_layer)i);
	for (size_t i = 0; i < 6; i++)
		near[count++] = yesno_names[i];
	const char *suggestion = nearest_text(name, near, count);
	document_diagnose(d, out, SEVERITY_ERROR, "unknown-name", e->path, "\"%s\" is no set, function or layer%s%s%s",
			  name, suggestion ? " (did you mean \"" : "", suggestion ? suggestion : "",
			  suggestion ? "\"?)" : "");
}

/* Columns whose values have a size: of another kind of value nothing is more or less, and nothing equals it. */
static void check_sizes(const struct policy *p, const struct document *d, struct diagnostics *out, const struct expr *e,
			const char *path)
{
	static const char *const dates[] = { "since", "product.support_until" };
	static const char *const numbers[] = {
		"site.population", "site.households",       "site.lat", "site.lon", "site.traffic",
		"traffic",         "product.lifetime_years"
	};
	bool date = is_one_of(path, dates, sizeof dates / sizeof *dates);
	bool number = is_one_of(path, numbers, sizeof numbers / sizeof *numbers);
	for (size_t i = 0; i < e->value_count; i++) {
		const struct token *t = e->values[i];
		const struct param *param = policy_find_param(p, t->text);
		enum token_kind kind = param && param->given ? param->value.kind : t->kind;
		bool sized = kind == TOKEN_NUMBER || kind == TOKEN_PERCENT || kind == TOKEN_DATE;
		if ((param && !param->given) || (e->kind == EXPR_IN && !strcmp(t->text, "none")))
			continue;
		if (date && kind != TOKEN_DATE)
			document_diagnose(d, out, SEVERITY_ERROR, "bad-comparison", t,
					  "\"%s\" is a day, and \"%s\" is not one (YYYY-MM-DD)", path, t->text);
		else if (number && kind != TOKEN_NUMBER)
			document_diagnose(d, out, SEVERITY_ERROR, "bad-comparison", t,
					  "\"%s\" is a number, and \"%s\" is not one", path, t->text);
		else if (e->kind == EXPR_COMPARE && !sized)
			document_diagnose(d, out, SEVERITY_ERROR, "bad-comparison", t,
					  "\"%s\" has no size: only numbers, percentages and days are more or less",
					  t->text);
	}
}

/* A country is written as in vendors.csv, or it is nobody's. */
static void check_country(const struct document *d, struct diagnostics *out, const struct token *t)
{
	const char *code = t->text;
	if (strlen(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z')
		document_diagnose(d, out, SEVERITY_ERROR, "bad-comparison", t,
				  "a jurisdiction is two capital letters (ISO 3166-1 alpha-2), and \"%s\" is not",
				  code);
	else if (!net_country_known(code))
		document_diagnose(d, out, SEVERITY_WARNING, "unknown-jurisdiction", t,
				  "jurisdiction \"%s\" is no code of ISO 3166-1%s", code,
				  strcmp(code, "UK") ? "" : " (did you mean \"GB\"?)");
}

static void check_values(const struct policy *p, const struct document *d, struct diagnostics *out,
			 const struct expr *e)
{
	const char *path = e->path->text;
	if (policy_find_set(p, path) || is_one_of(path, everything_names, 2)) {
		document_diagnose(d, out, SEVERITY_ERROR, "set-without-values", e->path,
				  "\"%s\" is a set and has no values to compare: "
				  "\"%s in T\", without parentheses, is what is in both",
				  path, path);
		return;
	}
	if (!strncmp(path, "element.", 8))
		path += 8;
	check_sizes(p, d, out, e, path);
	bool vendor = !strcmp(path, "vendor") || !strcmp(path, "managed_by") || !strcmp(path, "vendor.name") ||
		      !strcmp(path, "vendor.owner");
	for (size_t i = 0; i < e->value_count; i++) {
		const struct token *t = e->values[i];
		const char *near = NULL;
		if (policy_find_param(p, t->text))
			continue;
		if (is_one_of(path, yesno_paths, sizeof yesno_paths / sizeof *yesno_paths) &&
		    !is_one_of(t->text, yes_and_no, 3))
			document_diagnose(d, out, SEVERITY_ERROR, "bad-comparison", t,
					  "\"%s\" is yes or no, and \"%s\" is neither", path, t->text);
		if (is_one_of(path, country_paths, sizeof country_paths / sizeof *country_paths) &&
		    strcmp(t->text, "none") != 0)
			check_country(d, out, t);
		if (!strcmp(path, "function") && !CODE_IS_KNOWN(net_function_find(t->text))) {
			near = net_function_nearest(t->text);
			document_diagnose(d, out, SEVERITY_ERROR, "unknown-function", t,
					  "no function is called \"%s\"%s%s%s", t->text,
					  near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
		} else if (!strcmp(path, "layer") && !CODE_IS_KNOWN(net_layer_find(t->text))) {
			document_diagnose(d, out, SEVERITY_ERROR, "unknown-layer", t,
					  "no layer is called \"%s\": core, access, transport, "
					  "management, interception, security, external",
					  t->text);
		} else if (!strcmp(path, "technology") && strcmp(t->text, "none") != 0 &&
			   !CODE_IS_KNOWN(net_technology_find(t->text))) {
			document_diagnose(d, out, SEVERITY_ERROR, "unknown-technology", t,
					  "no technology is called \"%s\": 2G 3G 4G 5G-NSA 5G-SA fixed", t->text);
		} else if (vendor && strcmp(t->text, "none") != 0) {
			document_diagnose(d, out, SEVERITY_WARNING, "rule-names-vendor", t,
					  "names the vendor \"%s\": a rule had better speak of "
					  "properties, so that it survives a change of name",
					  t->text);
		}
	}
}

void expr_check(const struct policy *p, const struct document *d, struct diagnostics *out, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_OR:
	case EXPR_AND:
		expr_check(p, d, out, e->left);
		expr_check(p, d, out, e->right);
		return;
	case EXPR_NOT:
	case EXPR_RELATION:
		expr_check(p, d, out, e->left);
		return;
	case EXPR_NAME:
		check_name(p, d, out, e);
		return;
	case EXPR_IN:
	case EXPR_COMPARE:
		check_values(p, d, out, e);
		return;
	}
}
