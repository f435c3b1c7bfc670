/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names: what the words of a set expression mean in a network: every leaf becomes an atom over an axis.
 */
#include <assert.h>
#include <string.h>

#include "policy/eval.h"

static uint32_t rows_of(const struct net *net, enum net_table_name t)
{
	return net->table[t].rows;
}

/* ---- evidence about rows -------------------------------------------------------------------------------------------------------- */

/* Of an owner what is said of vendors counts too: it is one, or might be. */
static const char *silence_means(struct evaluation *e, const char *prefix, const char *attribute)
{
	bool owner = !strcmp(prefix, "owner");
	for (size_t i = 0; i < e->policy->absents.count; i++) {
		const struct absent *a = &e->policy->absents.items[i];
		const char *dot = strchr(a->path, '.');
		if (dot && !strcmp(dot + 1, attribute) && strlen(prefix) == (size_t)(dot - a->path) &&
		    !strncmp(a->path, prefix, strlen(prefix)))
			return a->value;
	}
	return owner ? silence_means(e, "vendor", attribute) : NULL;
}

static uint8_t test_fact(struct evaluation *e, const struct test *t, enum about_kind about, const char *prefix,
			 const char *subject, const char *attribute)
{
	if (t->open)
		return MAYBE;
	const struct fact *f = e->q->evidence ? evidence_fact(e->q->evidence, about, subject, attribute) : NULL;
	if (f && !f->silent)
		return f->status == FACT_KNOWN ? test_text(t, f->value) : MAYBE;
	const char *value = silence_means(e, prefix, attribute);
	if (!value)
		return MAYBE;
	*array_add(&e->silences) =
		(struct policy_silence){ arena_printf(e->arena, "%s/%s", about_kind_name(about), subject),
					 arena_text(e->arena, attribute, strlen(attribute)), value };
	return test_text(t, value);
}

static void facts_of_countries(struct evaluation *e, const struct test *t, const char *attribute, uint8_t *out)
{
	const struct net_column *c = net_column(e->net, NET_VENDORS, "jurisdiction");
	for (uint32_t i = 0; i < rows_of(e->net, NET_VENDORS); i++) {
		uint32_t code = c ? c->codes[i] : CODE_UNKNOWN;
		out[i] = code == CODE_UNKNOWN ? MAYBE
			 : code == CODE_NONE
				 ? NO
				 : test_fact(e, t, ABOUT_COUNTRY, "country", strs_text(e->net->strs, code), attribute);
	}
}

static void facts_of_owners(struct evaluation *e, const struct test *t, const char *attribute, uint8_t *out)
{
	const struct net_column *owner = net_column(e->net, NET_VENDORS, "owner"),
				*name = net_column(e->net, NET_VENDORS, "owner_name");
	for (uint32_t i = 0; i < rows_of(e->net, NET_VENDORS); i++) {
		uint32_t code = owner ? owner->codes[i] : CODE_UNKNOWN, text = name ? name->codes[i] : CODE_UNKNOWN;
		if (CODE_IS_KNOWN(code))
			out[i] = test_fact(e, t, ABOUT_VENDOR, "owner", net_id(e->net, NET_VENDORS, code), attribute);
		else if (CODE_IS_KNOWN(text))
			out[i] = test_fact(e, t, ABOUT_VENDOR, "owner", strs_text(e->net->strs, text), attribute);
		else
			out[i] = code == CODE_NONE ? NO : MAYBE;
	}
}

static void facts_of_rows(struct evaluation *e, const struct test *t, enum net_table_name table, enum about_kind about,
			  const char *prefix, const char *attribute, uint8_t *out)
{
	for (uint32_t i = 0; i < rows_of(e->net, table); i++)
		out[i] = test_fact(e, t, about, prefix, net_id(e->net, table, i), attribute);
}

/* ---- functions' own properties ------------------------------------------------------------------------------------------------------ */

static const char *yesno(bool b)
{
	return b ? "yes" : "no";
}

static const char *function_property(uint32_t f, const char *name)
{
	const struct net_function *n = &net_functions[f];
	if (!strcmp(name, "layer"))
		return net_layer_name(n->layer);
	if (!strcmp(name, "plane"))
		return net_plane_name(n->plane);
	if (!strcmp(name, "eu_sensitivity"))
		return net_sensitivity_name(n->eu_sensitivity);
	if (!strcmp(name, "security_critical"))
		return yesno(n->security_critical);
	if (!strcmp(name, "oversees"))
		return yesno(n->oversees);
	if (!strcmp(name, "routes_user_traffic"))
		return yesno(n->routes_user_traffic);
	if (!strcmp(name, "sees_payload"))
		return yesno(n->sees_payload);
	if (!strcmp(name, "remotely_disruptable"))
		return yesno(n->remotely_disruptable);
	if (!strcmp(name, "external"))
		return yesno(n->external);
	return NULL;
}

/* ---- paths ---------------------------------------------------------------------------------------------------------------------------- */

struct leaf { /* what a path was found to be */
	struct evaluation *e;
	const struct document *document;
	const struct expr *expr;
	const char *key;
	struct test test;
};

/* Where nobody said which row, and where there is none. */
static uint32_t leaf_on_axis(struct leaf *l, const char *column, uint8_t *values, enum fact_from from,
			     const char *attribute)
{
	uint32_t axis = axis_of_column(l->e, column);
	values[SLOT_UNKNOWN] = MAYBE;
	values[SLOT_NONE] = NO;
	return node_atom(l->e, (struct atom){ .key = l->key,
					      .axis = axis,
					      .values = values,
					      .from = l->test.open ? FROM_PARAM : from,
					      .attribute = attribute,
					      .param = l->test.open });
}

/* A value for each slot of an axis of so many rows. */
static uint8_t *slots(struct leaf *l, uint32_t rows)
{
	return arena_alloc(l->e->scratch, (size_t)rows + SLOT_ROWS);
}

static uint32_t leaf_row(struct leaf *l, const char *column, enum net_table_name table, const struct net_column *c)
{
	uint32_t rows = rows_of(l->e->net, table);
	uint8_t *values = slots(l, rows);
	test_rows(l->e->net, c, &l->test, rows, values + SLOT_ROWS);
	return leaf_on_axis(l, column, values, FROM_ROW, c->name);
}

static uint32_t leaf_vendor(struct leaf *l, const char *column, const char *attribute)
{
	uint32_t rows = rows_of(l->e->net, NET_VENDORS);
	const struct net_column *c = net_column(l->e->net, NET_VENDORS, attribute);
	if (!strcmp(attribute, "owner")) { /* a name is as good as a row: compare what people wrote */
		const struct net_column *name = net_column(l->e->net, NET_VENDORS, "owner_name");
		c = name ? name : c;
	}
	if (c)
		return leaf_row(l, column, NET_VENDORS, c);
	uint8_t *values = slots(l, rows);
	facts_of_rows(l->e, &l->test, NET_VENDORS, ABOUT_VENDOR, "vendor", attribute, values + SLOT_ROWS);
	return leaf_on_axis(l, column, values, FROM_ROW, attribute);
}

static uint32_t leaf_element_column(struct leaf *l, const struct net_column *c)
{
	struct evaluation *e = l->e;
	switch (c->type) {
	case TYPE_FUNCTION:
	case TYPE_LAYER:
	case TYPE_TECHNOLOGY:
	case TYPE_VENDOR:
	case TYPE_PRODUCT: {
		uint32_t axis = axis_of_column(e, c->name), slot_count = e->axes.items[axis].slots;
		uint32_t *all = arena_array(e->scratch, slot_count, sizeof *all);
		for (uint32_t s = 0; s < slot_count; s++)
			all[s] = code_of_slot(s);
		struct net_column identity = { .name = c->name, .type = c->type, .codes = all };
		uint8_t *values = arena_alloc(e->scratch, slot_count);
		test_rows(e->net, &identity, &l->test, slot_count, values);
		return node_atom(e, (struct atom){ .key = l->key,
						   .axis = axis,
						   .values = values,
						   .from = l->test.open ? FROM_PARAM : FROM_ELEMENT,
						   .attribute = c->name,
						   .param = l->test.open });
	}
	default: {
		uint8_t *values = element_values(e);
		test_rows(e->net, c, &l->test, e->elements, values);
		uint32_t n = node_direct(e, l->key, values, l->test.open ? FROM_PARAM : FROM_ELEMENT, c->name);
		e->atoms.items[e->atoms.count - 1].param = l->test.open;
		return n;
	}
	}
}

static uint32_t leaf_new(struct leaf *l, bool changed)
{
	struct evaluation *e = l->e;
	uint8_t *values = element_values(e);
	const uint32_t *present = e->net->present_element;
	for (uint32_t i = 0; i < e->elements; i++)
		values[i] = !present                                    ? NO
			    : present[i] == CODE_UNKNOWN                ? (changed ? NO : YES)
			    : changed && net_element_changed(e->net, i) ? YES
									: NO;
	return node_direct(e, l->key, values, FROM_ELEMENT, changed ? "changed" : "new");
}

static uint32_t leaf_unknown_column(struct leaf *l, const char *name)
{
	document_diagnose(l->document, l->e->q->diagnostics, SEVERITY_WARNING, "unknown-column", l->expr->path,
			  "no file of the network has a column \"%s\": what rests on it is unknown", name);
	uint8_t *values = element_values(l->e);
	memset(values, MAYBE, l->e->elements);
	return node_direct(l->e, l->key, values, FROM_ELEMENT, name);
}

static uint32_t leaf_function(struct leaf *l, const char *property)
{
	if (!function_property(0, property)) {
		static const char *const words[] = { "layer",          "plane",
						     "eu_sensitivity", "security_critical",
						     "oversees",       "routes_user_traffic",
						     "sees_payload",   "remotely_disruptable",
						     "external" };
		const char *near = nearest_text(property, words, 9);
		document_diagnose(l->document, l->e->q->diagnostics, SEVERITY_ERROR, "unknown-property", l->expr->path,
				  "functions have no property \"%s\"%s%s%s", property, near ? " (did you mean \"" : "",
				  near ? near : "", near ? "\"?)" : "");
		return node_constant(l->e, MAYBE);
	}
	uint8_t *values = slots(l, (uint32_t)net_function_count);
	for (uint32_t f = 0; f < net_function_count; f++)
		values[SLOT_ROWS + f] = test_text(&l->test, function_property(f, property));
	return leaf_on_axis(l, "function", values, FROM_ELEMENT, property);
}

static uint32_t leaf_element_fact(struct leaf *l, const char *attribute)
{
	struct evaluation *e = l->e;
	uint8_t *values = element_values(e);
	facts_of_rows(e, &l->test, NET_ELEMENTS, ABOUT_ELEMENT, "element", attribute, values);
	return node_direct(e, l->key, values, FROM_ELEMENT, attribute);
}

/* ---- a product at its version, and what is inside it ----------------------------------------------------------------------------- */

struct build_leaf {
	struct leaf *leaf;
	const char *attribute;
};

static uint8_t fact_of_build(void *context, const char *product, const char *version)
{
	struct build_leaf *b = context;
	struct evaluation *e = b->leaf->e;
	const struct fact *f = e->q->evidence ? evidence_fact_at(e->q->evidence, product, version, b->attribute) : NULL;
	if (f && !b->leaf->test.open)
		return f->status == FACT_KNOWN ? test_text(&b->leaf->test, f->value) : MAYBE;
	return test_fact(e, &b->leaf->test, ABOUT_PRODUCT, "product", product, b->attribute);
}

/* One part inside: its own properties, or what is known of its vendor. */
static uint8_t test_part(struct build_leaf *b, const struct part *p)
{
	const char *a = b->attribute;
	const struct test *t = &b->leaf->test;
	const char *own = !strcmp(a, "product")        ? p->product
			  : !strcmp(a, "version")      ? p->version
			  : !strcmp(a, "vendor")       ? p->vendor
			  : !strcmp(a, "jurisdiction") ? p->jurisdiction
						       : NULL;
	if (own)
		return t->open ? MAYBE : test_text(t, own);
	if (!strcmp(a, "version") || !strcmp(a, "vendor") || !strcmp(a, "jurisdiction") || !p->vendor)
		return MAYBE;
	return test_fact(b->leaf->e, t, ABOUT_VENDOR, "vendor", p->vendor, a);
}

/* Does some part, at any depth, pass? Where no bill of materials is on file nobody knows what is inside. */
static uint8_t parts_of_build(void *context, const char *product, const char *version)
{
	struct build_leaf *b = context;
	struct evaluation *e = b->leaf->e;
	size_t count = 0;
	struct part *parts =
		e->q->evidence ? evidence_parts(e->q->evidence, e->scratch, product, version, &count) : NULL;
	uint8_t v = count ? NO : MAYBE;
	for (size_t i = 0; i < count; i++)
		v |= test_part(b, &parts[i]);
	return v;
}

static uint32_t leaf_build(struct leaf *l, build_question ask, const char *attribute)
{
	struct build_leaf b = { l, attribute };
	uint8_t *values = values_by_build(l->e, ask, &b);
	bool part = ask == parts_of_build;
	const char *asked = part ? arena_printf(l->e->arena, "part.%s", attribute) : attribute;
	uint32_t n = node_direct(l->e, l->key, values, l->test.open ? FROM_PARAM : FROM_BUILD, asked);
	l->e->atoms.items[l->e->atoms.count - 1].param = l->test.open;
	return n;
}

static uint32_t leaf_dotted(struct leaf *l, const char *head, size_t head_length, const char *tail)
{
	struct evaluation *e = l->e;
	const struct net_column *c;
#define HEAD(word) (head_length == strlen(word) && !strncmp(head, word, head_length))
	if (HEAD("element")) {
		c = net_column(e->net, NET_ELEMENTS, tail);
		return c ? leaf_element_column(l, c) : leaf_element_fact(l, tail);
	}
	if (HEAD("vendor"))
		return leaf_vendor(l, "vendor", tail);
	if (HEAD("managed_by"))
		return leaf_vendor(l, "managed_by", tail);
	if (HEAD("function"))
		return leaf_function(l, tail);
	if (HEAD("site")) {
		c = net_column(e->net, NET_SITES, tail);
		if (c)
			return leaf_row(l, "site", NET_SITES, c);
		uint8_t *values = slots(l, rows_of(e->net, NET_SITES));
		facts_of_rows(e, &l->test, NET_SITES, ABOUT_SITE, "site", tail, values + SLOT_ROWS);
		return leaf_on_axis(l, "site", values, FROM_ROW, tail);
	}
	if (HEAD("product")) {
		c = net_column(e->net, NET_PRODUCTS, tail);
		if (c)
			return leaf_row(l, "product", NET_PRODUCTS, c);
		return leaf_build(l, fact_of_build, tail);
	}
	if (HEAD("part"))
		return leaf_build(l, parts_of_build, tail);
	if (HEAD("country") || HEAD("owner")) {
		bool country = HEAD("country");
		uint8_t *values = slots(l, rows_of(e->net, NET_VENDORS));
		if (country)
			facts_of_countries(e, &l->test, tail, values + SLOT_ROWS);
		else
			facts_of_owners(e, &l->test, tail, values + SLOT_ROWS);
		return leaf_on_axis(l, "vendor", values, country ? FROM_COUNTRY : FROM_OWNER, tail);
	}
#undef HEAD
	static const char *const words[] = { "element", "vendor", "managed_by", "function", "site",
					     "product", "part",   "country",    "owner" };
	char first[64];
	snprintf(first, sizeof first, "%.*s", (int)(head_length < 63 ? head_length : 63), head);
	const char *near = nearest_text(first, words, 9);
	document_diagnose(l->document, e->q->diagnostics, SEVERITY_ERROR, "unknown-path", l->expr->path,
			  "\"%s\" is nothing that has properties: "
			  "element, site, vendor, product, part, function, country, owner, managed_by%s%s%s",
			  first, near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
	return node_constant(e, MAYBE);
}

static uint32_t bind_set(struct evaluation *e, const struct document *d, const struct set *s, const struct expr *at);

static uint32_t bind_name(struct leaf *l, const char *name)
{
	struct evaluation *e = l->e;
	const struct set *s = policy_find_set(e->policy, name);
	if (s)
		return bind_set(e, l->document, s, l->expr);
	if (!strcmp(name, "any") || !strcmp(name, "all"))
		return node_constant(e, YES);
	const struct param *p = policy_find_param(e->policy, name);
	if (p) {
		uint8_t v = !p->given ? MAYBE : !strcmp(p->value.text, "yes") ? YES : NO;
		if (p->given)
			return node_constant(e, v);
		uint8_t *values = element_values(e);
		memset(values, MAYBE, e->elements);
		uint32_t n = node_direct(e, l->key, values, FROM_PARAM, "value");
		e->atoms.items[e->atoms.count - 1].param = p;
		return n;
	}
	uint32_t f = net_function_find(name);
	if (CODE_IS_KNOWN(f)) {
		uint8_t *values = slots(l, (uint32_t)net_function_count);
		values[SLOT_ROWS + f] = YES;
		return leaf_on_axis(l, "function", values, FROM_ELEMENT, "function");
	}
	uint32_t layer = net_layer_find(name);
	if (CODE_IS_KNOWN(layer)) {
		uint8_t *values = slots(l, LAYER_COUNT);
		values[SLOT_ROWS + layer] = YES;
		return leaf_on_axis(l, "layer", values, FROM_ELEMENT, "layer");
	}
	return UINT32_MAX;
}

static uint32_t bind_leaf(struct evaluation *e, const struct document *d, const struct expr *x)
{
	struct leaf l = { .e = e, .document = d, .expr = x };
	const char *path = x->path->text, *dot = strchr(path, '.');
	l.key = clause_text(e->scratch, x->first, x->last + 1);
	uint32_t known = node_known_atom(e, l.key);
	if (known != UINT32_MAX)
		return known;
	test_of_expr(e, x, &l.test);
	if (!dot && x->kind == EXPR_NAME) {
		uint32_t n = bind_name(&l, path);
		if (n != UINT32_MAX)
			return n;
	}
	if (!strcmp(path, "new") || !strcmp(path, "changed"))
		return leaf_new(&l, *path == 'c');
	const struct net_column *c = net_column(e->net, NET_ELEMENTS, path);
	if (!c && !strcmp(path, "element")) {
		struct net_column *ids = arena_alloc(e->scratch, sizeof *ids);
		*ids = (struct net_column){ .name = "element",
					    .type = TYPE_TEXT,
					    .codes = e->net->table[NET_ELEMENTS].ids };
		c = ids;
	}
	if (c) {
		tell_near_ids(e, d, x, c);
		return leaf_element_column(&l, c);
	}
	if (dot)
		return leaf_dotted(&l, path, (size_t)(dot - path), dot + 1);
	c = net_column(e->net, NET_SITES, path);
	if (c)
		return leaf_row(&l, "site", NET_SITES, c);
	return leaf_unknown_column(&l, path);
}

/* ---- relations: who else has a hand in an element ------------------------------------------------------------------------------------- */

/* X through a column of elements, all the way up: hosted on a host that is hosted on X counts. */
static void follow_up(struct evaluation *e, const struct net_column *c, const uint8_t *inner, uint8_t *out)
{
	for (uint32_t i = 0; i < e->elements; i++) {
		uint32_t at = i, steps = 0;
		uint8_t v = NO;
		while (steps++ < LIMIT_NESTING) {
			uint32_t up = c ? c->codes[at] : CODE_UNKNOWN;
			if (up == CODE_UNKNOWN) {
				v |= MAYBE;
				break;
			}
			if (up == CODE_NONE)
				break;
			v |= inner[up];
			if (v == YES)
				break;
			at = up;
		}
		out[i] = v;
	}
}

static void follow_down(struct evaluation *e, const struct net_column *c, const uint8_t *inner, uint8_t *out)
{
	for (uint32_t i = 0; i < e->elements && c; i++) {
		uint32_t at = i, steps = 0;
		while (inner[i] && steps++ < LIMIT_NESTING && CODE_IS_KNOWN(c->codes[at])) {
			at = c->codes[at];
			out[at] |= inner[i];
		}
	}
}

/* An inventory that fills a relation's column nowhere does not keep it: that is said once, and nothing is taken to be related. */
static bool column_is_silent(struct evaluation *e, const struct document *d, const struct expr *x, const char *column)
{
	const struct net_column *c = net_column(e->net, NET_ELEMENTS, column);
	for (uint32_t i = 0; c && i < e->elements; i++)
		if (c->codes[i] != CODE_UNKNOWN)
			return false;
	if (e->elements)
		document_diagnose(d, e->q->diagnostics, SEVERITY_WARNING, "silent-relation", x->first,
				  "no element says what it is %s: taken as none",
				  !strcmp(column, "managed_by")  ? "managed by"
				  : !strcmp(column, "hosted_on") ? "hosted on"
								 : "part of");
	return true;
}

/* Managed by X: X asked of the managing vendor. Only what is asked of vendors can be. */
static uint32_t bind_managed_by(struct evaluation *e, const struct document *d, const struct expr *x)
{
	struct expr *copy;
	switch (x->kind) {
	case EXPR_OR:
	case EXPR_AND: {
		uint32_t a = bind_managed_by(e, d, x->left), b = bind_managed_by(e, d, x->right);
		return node_pair(e, x->kind == EXPR_AND ? NODE_AND : NODE_OR, a, b);
	}
	case EXPR_NOT:
		return node_not(e, bind_managed_by(e, d, x->left));
	case EXPR_NAME: {
		const struct set *s = policy_find_set(e->policy, x->path->text);
		if (s && s->expr)
			return bind_managed_by(e, s->document, s->expr);
		break;
	}
	default:
		break;
	}
	if (x->path && !strncmp(x->path->text, "vendor", 6) && (x->path->text[6] == '.' || !x->path->text[6])) {
		struct token *t = arena_alloc(e->scratch, sizeof *t);
		*t = *x->path;
		t->text = arena_printf(e->scratch, "managed_by%s", x->path->text + 6);
		copy = arena_alloc(e->scratch, sizeof *copy);
		*copy = *x;
		copy->path = t;
		struct leaf l = { .e = e, .document = d, .expr = copy };
		l.key = arena_printf(e->scratch, "managed by %s", clause_text(e->scratch, x->first, x->last + 1));
		uint32_t known = node_known_atom(e, l.key);
		if (known != UINT32_MAX)
			return known;
		test_of_expr(e, copy, &l.test);
		return t->text[10] ? leaf_vendor(&l, "managed_by", t->text + 11)
				   : leaf_element_column(&l, net_column(e->net, NET_ELEMENTS, "managed_by"));
	}
	if (!x->path || strncmp(x->path->text, "country.", 8) != 0) {
		document_diagnose(d, e->q->diagnostics, SEVERITY_ERROR, "not-of-a-vendor", x->first,
				  "\"managed by\" asks something of the managing vendor, such as (vendor.designated); "
				  "this is not asked of a vendor");
		return node_constant(e, MAYBE);
	}
	struct leaf l = { .e = e, .document = d, .expr = x };
	l.key = arena_printf(e->scratch, "managed by %s", clause_text(e->scratch, x->first, x->last + 1));
	test_of_expr(e, x, &l.test);
	uint8_t *values = slots(&l, rows_of(e->net, NET_VENDORS));
	facts_of_countries(e, &l.test, x->path->text + 8, values + SLOT_ROWS);
	return leaf_on_axis(&l, "managed_by", values, FROM_COUNTRY, x->path->text + 8);
}

/* Whoever is managed by nobody is not managed by anybody of whom something is not true. */
static uint32_t bind_managed(struct evaluation *e)
{
	static const char key[] = "managed by (any)";
	uint32_t known = node_known_atom(e, key), axis = axis_of_column(e, "managed_by"),
		 slot_count = e->axes.items[axis].slots;
	if (known != UINT32_MAX)
		return known;
	uint8_t *values = arena_alloc(e->scratch, slot_count);
	memset(values, YES, slot_count);
	values[SLOT_UNKNOWN] = MAYBE;
	values[SLOT_NONE] = NO;
	return node_atom(
		e,
		(struct atom){
			.key = key, .axis = axis, .values = values, .from = FROM_ELEMENT, .attribute = "managed_by" });
}

static uint32_t bind_relation(struct evaluation *e, const struct document *d, const struct expr *x)
{
	if (x->relation == RELATION_MANAGED_BY) {
		if (column_is_silent(e, d, x, "managed_by"))
			return node_constant(e, NO);
		return node_and(e, bind_managed(e), bind_managed_by(e, d, x->left));
	}
	const char *column = x->relation == RELATION_HOSTED_ON ? "hosted_on" : "part_of";
	const struct net_column *c = net_column(e->net, NET_ELEMENTS, column);
	if (column_is_silent(e, d, x, column))
		return node_constant(e, NO);
	const char *key = clause_text(e->scratch, x->first, x->last + 1);
	uint32_t known = node_known_atom(e, key);
	if (known != UINT32_MAX)
		return known;
	uint32_t inner = bind_expr(e, d, x->left);
	uint8_t *of = arena_alloc(e->scratch, (size_t)e->elements + 1), *out = element_values(e);
	memset(out, NO, e->elements);
	for (uint32_t i = 0; i < e->elements; i++) /* there are no classes yet */
		of[i] = node_value_of(e, inner, i);
	if (x->relation == RELATION_CONTAINS)
		follow_down(e, c, of, out);
	else
		follow_up(e, c, of, out);
	return node_direct(e, key, out, FROM_RELATION, column);
}

/* ---- expressions --------------------------------------------------------------------------------------------------------------------------- */

static uint32_t bind_set(struct evaluation *e, const struct document *d, const struct set *s, const struct expr *at)
{
	for (size_t i = 0; i < e->sets.count; i++)
		if (e->sets.items[i].set == s) {
			if (e->sets.items[i].node != UINT32_MAX)
				return e->sets.items[i].node;
			document_diagnose(d, e->q->diagnostics, SEVERITY_ERROR, "set-circle", at->first,
					  "the set \"%s\" is defined by itself", s->name);
			return node_constant(e, MAYBE);
		}
	size_t slot = e->sets.count;
	*array_add(&e->sets) = (struct set_node){ s, UINT32_MAX };
	if (!s->expr)
		document_diagnose(d, e->q->diagnostics, SEVERITY_ERROR, "set-not-filled", at->first,
				  "the set \"%s\" is left open by %s: define it with "
				  "\"set %s = ...\" in a policy that includes it",
				  s->name, s->place.file, s->name);
	uint32_t n = s->expr ? bind_expr(e, s->document, s->expr) : node_constant(e, MAYBE);
	e->sets.items[slot].node = n;
	return n;
}

uint32_t bind_expr(struct evaluation *e, const struct document *d, const struct expr *x)
{
	if (!x)
		return node_constant(e, YES);
	switch (x->kind) {
	case EXPR_OR:
	case EXPR_AND: {
		uint32_t a = bind_expr(e, d, x->left), b = bind_expr(e, d, x->right);
		return node_pair(e, x->kind == EXPR_AND ? NODE_AND : NODE_OR, a, b);
	}
	case EXPR_NOT:
		return node_not(e, bind_expr(e, d, x->left));
	case EXPR_RELATION:
		return bind_relation(e, d, x);
	default:
		return bind_leaf(e, d, x);
	}
}

uint32_t bind_subject(struct evaluation *e, const struct statement *s)
{
	return bind_expr(e, s->document, s->subject);
}

uint32_t bind_target(struct evaluation *e, const struct statement *s)
{
	return bind_expr(e, s->document, s->target);
}

/* `when new|changed` and `from DATE`: a date nobody wrote down is unknown. */
uint32_t bind_when(struct evaluation *e, const struct statement *s)
{
	uint32_t n = node_constant(e, YES);
	struct leaf l = { .e = e, .document = s->document };
	if (s->when_new || s->when_changed) {
		n = node_constant(e, NO);
		for (int changed = 0; changed < 2; changed++) {
			if (!(changed ? s->when_changed : s->when_new))
				continue;
			l.key = changed ? "changed" : "new";
			uint32_t a = node_known_atom(e, l.key);
			n = node_pair(e, NODE_OR, n, a != UINT32_MAX ? a : leaf_new(&l, changed));
		}
	}
	if (s->from != DATE_NONE) {
		const struct net_column *c = net_column(e->net, NET_ELEMENTS, "since");
		uint8_t *values = element_values(e);
		test_dates(c->codes, OP_MORE_EQUAL, (uint32_t)(s->from + 719162), e->elements, values);
		char day[11];
		date_print(s->from, day);
		n = node_and(
			e, n,
			node_direct(e, arena_printf(e->scratch, "since >= %s", day), values, FROM_ELEMENT, "since"));
	}
	return n;
}
