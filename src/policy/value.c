/* SPDX-License-Identifier: Apache-2.0 */
/* value: a value of a column, or of a fact, against what a set expression asks of it. */
#include <string.h>

#include "policy/eval.h"

static bool compare_holds(enum expr_op op, int64_t a, int64_t b)
{
	switch (op) {
	case OP_LESS:
		return a < b;
	case OP_LESS_EQUAL:
		return a <= b;
	case OP_MORE:
		return a > b;
	case OP_MORE_EQUAL:
		return a >= b;
	}
	return false;
}

/* The text of a fact against the test: numbers, percentages and dates by size, the rest by spelling. */
uint8_t test_text(const struct test *t, const char *value)
{
	if (t->open)
		return MAYBE;
	if (t->expr->kind == EXPR_NAME)
		return !strcmp(value, "yes") ? YES : !strcmp(value, "no") ? NO : MAYBE;
	if (t->expr->kind == EXPR_IN) {
		for (size_t i = 0; i < t->count; i++)
			if (!strcmp(value, t->values[i]->text))
				return YES;
		return NO;
	}
	int64_t n;
	int32_t day;
	size_t length = strlen(value);
	const struct token *v = t->values[0];
	if (v->kind == TOKEN_NUMBER && measure_parse(value, length, &n) == NUMBER_OK)
		return compare_holds(t->expr->op, n, v->number) ? YES : NO;
	if (v->kind == TOKEN_PERCENT && percent_parse(value, length, &n) == NUMBER_OK)
		return compare_holds(t->expr->op, n, v->number) ? YES : NO;
	if (v->kind == TOKEN_DATE && date_parse(value, length, &day))
		return compare_holds(t->expr->op, day, v->number) ? YES : NO;
	return MAYBE;
}

static bool equals_number(const struct token *t, int64_t value)
{
	return t->kind == TOKEN_NUMBER && t->number == value;
}

static uint8_t test_measure(const struct test *t, int64_t value)
{
	if (value == MEASURE_UNKNOWN || t->open)
		return MAYBE;
	if (t->expr->kind == EXPR_COMPARE)
		return t->values[0]->kind == TOKEN_NUMBER
			       ? (compare_holds(t->expr->op, value, t->values[0]->number) ? YES : NO)
			       : MAYBE;
	for (size_t i = 0; i < t->count; i++)
		if (equals_number(t->values[i], value))
			return YES;
	return t->expr->kind == EXPR_NAME ? (value != 0 ? YES : NO) : NO;
}

/* What a token means as a code of a column: CODE_UNKNOWN if nothing there can have it. */
static uint32_t code_of_value(const struct net *net, const struct net_column *c, const struct token *t)
{
	const char *text = t->text;
	switch (c->type) {
	case TYPE_TEXT:
	case TYPE_WORDS: {
		uint32_t id = strs_find(net->strs, text, strlen(text));
		return id == STR_ABSENT ? CODE_UNKNOWN : id;
	}
	case TYPE_DATE:
		return t->kind == TOKEN_DATE ? (uint32_t)((int32_t)t->number + 719162) : CODE_UNKNOWN;
	case TYPE_YESNO:
		return !strcmp(text, "yes") ? 1 : !strcmp(text, "no") ? 0 : CODE_UNKNOWN;
	case TYPE_VENDOR:
		return net_find_text(net, NET_VENDORS, text);
	case TYPE_PRODUCT:
		return net_find_text(net, NET_PRODUCTS, text);
	case TYPE_SITE:
		return net_find_text(net, NET_SITES, text);
	case TYPE_ELEMENT:
		return net_find_text(net, NET_ELEMENTS, text);
	case TYPE_FUNCTION:
		return net_function_find(text);
	case TYPE_LAYER:
		return net_layer_find(text);
	case TYPE_TECHNOLOGY:
		return net_technology_find(text);
	case TYPE_REFERENCE:
		return net_reference_point_find(text);
	case TYPE_MEASURE:
		break;
	}
	return CODE_UNKNOWN;
}

static bool list_has(const struct net *net, uint32_t list, uint32_t id)
{
	if (net->list_text[list] == id)
		return true;
	size_t count;
	const uint32_t *words = net_words(net, list, &count);
	for (size_t i = 0; i < count; i++)
		if (words[i] == id)
			return true;
	return false;
}

static uint8_t test_code(const struct net *net, const struct net_column *c, const struct test *t,
			 const uint32_t *wanted, bool wants_none, uint32_t code)
{
	if (t->open || code == CODE_UNKNOWN)
		return MAYBE;
	if (code == CODE_NONE)
		return wants_none ? YES : NO;
	if (t->expr->kind == EXPR_NAME) {
		const char *text = c->type == TYPE_WORDS  ? strs_text(net->strs, net->list_text[code])
				   : c->type == TYPE_TEXT ? strs_text(net->strs, code)
							  : NULL;
		return c->type == TYPE_YESNO ? (code ? YES : NO) : text ? test_text(t, text) : MAYBE;
	}
	if (t->expr->kind == EXPR_COMPARE)
		return c->type == TYPE_DATE && CODE_IS_KNOWN(wanted[0])
			       ? (compare_holds(t->expr->op, code, wanted[0]) ? YES : NO)
			       : MAYBE;
	for (size_t i = 0; i < t->count; i++) {
		if (!CODE_IS_KNOWN(wanted[i]))
			continue;
		if (c->type == TYPE_WORDS ? list_has(net, code, wanted[i]) : code == wanted[i])
			return YES;
	}
	return NO;
}

/* The commonest tests, for tables of a million rows: no branch in the loop. */
static void test_codes_in(const uint32_t *codes, const uint32_t *wanted, size_t count, bool wants_none, uint32_t rows,
			  uint8_t *out)
{
	for (uint32_t i = 0; i < rows; i++)
		out[i] = codes[i] == CODE_UNKNOWN ? MAYBE : NO;
	for (size_t k = 0; k < count; k++) {
		uint32_t w = wanted[k];
		for (uint32_t i = 0; i < rows && CODE_IS_KNOWN(w); i++)
			out[i] |= codes[i] == w ? YES : NO;
	}
	for (uint32_t i = 0; i < rows && wants_none; i++)
		out[i] |= codes[i] == CODE_NONE ? YES : NO;
}

void test_dates(const uint32_t *codes, enum expr_op op, uint32_t day, uint32_t rows, uint8_t *out)
{
	/* the days from `from` on, before `to`: codes of real days lie below CODE_NONE */
	uint32_t from = op == OP_MORE ? day + 1 : op == OP_MORE_EQUAL ? day : 0;
	uint32_t to = op == OP_LESS ? day : op == OP_LESS_EQUAL ? day + 1 : CODE_NONE;
	for (uint32_t i = 0; i < rows; i++)
		out[i] = codes[i] == CODE_UNKNOWN ? MAYBE : codes[i] >= from && codes[i] < to ? YES : NO;
}

/* Values of the test for the rows 0..rows of a column. */
void test_rows(const struct net *net, const struct net_column *c, const struct test *t, uint32_t rows, uint8_t *out)
{
	if (c->type == TYPE_MEASURE) {
		for (uint32_t i = 0; i < rows; i++)
			out[i] = test_measure(t, c->measures[i]);
		return;
	}
	uint32_t *wanted = t->wanted;
	bool wants_none = false;
	for (size_t i = 0; i < t->count; i++) {
		wanted[i] = code_of_value(net, c, t->values[i]);
		wants_none = wants_none || !strcmp(t->values[i]->text, "none");
	}
	bool plain = !t->open && c->type != TYPE_WORDS;
	if (plain && t->expr->kind == EXPR_IN)
		test_codes_in(c->codes, wanted, t->count, wants_none, rows, out);
	else if (plain && c->type == TYPE_YESNO && t->expr->kind == EXPR_NAME)
		test_codes_in(c->codes, (uint32_t[]){ 1 }, 1, false, rows, out);
	else if (plain && c->type == TYPE_DATE && t->expr->kind == EXPR_COMPARE && CODE_IS_KNOWN(wanted[0]))
		test_dates(c->codes, t->expr->op, wanted[0], rows, out);
	else
		for (uint32_t i = 0; i < rows; i++)
			out[i] = test_code(net, c, t, wanted, wants_none, c->codes[i]);
}

bool test_of_expr(struct evaluation *e, const struct expr *x, struct test *t)
{
	*t = (struct test){ .expr = x };
	t->values = arena_array(e->scratch, x->value_count + 1, sizeof *t->values);
	t->wanted = arena_array(e->scratch, x->value_count + 1, sizeof *t->wanted);
	for (size_t i = 0; i < x->value_count; i++) {
		const struct token *v = x->values[i];
		const struct param *p = v->kind == TOKEN_WORD ? policy_find_param(e->policy, v->text) : NULL;
		if (p && !p->given)
			t->open = p;
		t->values[t->count++] = p && p->given ? &p->value : v;
	}
	return true;
}
