/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Set expressions. Chains of `or` and of `and` are collected in a loop and joined as a balanced tree, so that a set of
 * fifty thousand names is sixteen levels deep for whoever walks it; what truly nests (parentheses, `not`, relations) is
 * bounded by LIMIT_NESTING.
 */
#include "lang/token.h"

#include <stdlib.h>
#include <string.h>

/* Words that never name a set: they join what stands left and right of them, here or in a rule around the expression.
 */
static const char *const reserved[] = { "and", "or", "is", "in", "to", "of", "per", "over", "from", "when", "by" };

static const struct relation {
	const char *first, *second; /* second is NULL where one word is all */
	enum expr_relation relation;
} relations[] = {
	{ "managed", "by", RELATION_MANAGED_BY },
	{ "hosted", "on", RELATION_HOSTED_ON },
	{ "part", "of", RELATION_PART_OF },
	{ "contains", NULL, RELATION_CONTAINS },
};

static const struct {
	const char *sign;
	enum expr_op op;
} comparisons[] = {
	{ "<", OP_LESS },
	{ "<=", OP_LESS_EQUAL },
	{ ">", OP_MORE },
	{ ">=", OP_MORE_EQUAL },
};

static struct expr *read_or(struct reader *, unsigned depth);

static bool among(const struct token *token, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (token_is_word(token, words[i]))
			return true;
	}
	return false;
}

static bool is_reserved(const struct token *token)
{
	return among(token, reserved, sizeof reserved / sizeof *reserved);
}

static const struct relation *relation_at(const struct token *token)
{
	for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
		const struct relation *relation = &relations[i];

		if (token_is_word(token, relation->first) &&
		    (!relation->second || token_is_word(token + 1, relation->second)))
			return relation;
	}
	return NULL;
}

static struct expr *new_expr(struct reader *reader, enum expr_kind kind, const struct token *first,
			     const struct token *last)
{
	struct expr *expr = arena_alloc(reader->arena, sizeof *expr);

	expr->kind = kind;
	expr->first = first;
	expr->last = last;
	return expr;
}

static struct expr *negated(struct reader *reader, const struct expr *operand, const struct token *first)
{
	struct expr *expr;

	if (!operand)
		return NULL;
	expr = new_expr(reader, EXPR_NOT, first, operand->last);
	expr->left = operand;
	return expr;
}

static bool too_deep(struct reader *reader, unsigned depth)
{
	if (depth <= LIMIT_NESTING)
		return false;
	reader_error(reader, reader->at, "too-deep", NULL, 0,
		     "more than %d parentheses, nots and relations within one another", (int)LIMIT_NESTING);
	return true;
}

/* ---- what begins with a path ------------------------------------------------------------------------------------ */

static const struct token *read_value(struct reader *reader)
{
	static const char *const never[] = { "and", "or", "not", "is", "in" };

	if (!among(reader->at, never, sizeof never / sizeof *never))
		return reader_value(reader, "a value");
	reader_expected(reader, "expected-value", NULL, 0, "a value");
	return NULL;
}

static void set_values(struct reader *reader, struct expr *expr, const struct token **values, size_t count)
{
	const struct token **kept = arena_array(reader->arena, count, sizeof *kept);

	memcpy(kept, values, count * sizeof *kept);
	expr->values = kept;
	expr->value_count = count;
}

static struct expr *read_is(struct reader *reader, const struct token *path)
{
	bool no = reader_take(reader, "not");
	const struct token *value;
	struct expr *expr;

	if (reader_sees(reader, "(")) {
		reader_error(reader, reader->at, "expected-value", NULL, 0,
			     "expected one value after \"is\", found \"(\" (write \"%s in (...)\" for several)",
			     path->text);
		return NULL;
	}
	value = read_value(reader);
	if (!value)
		return NULL;
	expr = new_expr(reader, EXPR_IN, path, value);
	expr->path = path;
	set_values(reader, expr, &value, 1);
	return no ? negated(reader, expr, path) : expr;
}

/* "(" value { "," value } ")" */
static struct expr *read_in(struct reader *reader, const struct token *path)
{
	struct {
		const struct token **items;
		size_t count, room;
	} values = { 0 };
	struct expr *expr = NULL;
	const struct token *value;

	reader_expect(reader, "(");
	do {
		value = read_value(reader);
		if (!value)
			goto out;
		*array_add(&values) = value;
	} while (reader_take(reader, ","));
	if (!reader_sees(reader, ")")) {
		reader_expected(reader, "expected-word", NULL, 0, "\",\" or \")\"");
		goto out;
	}
	expr = new_expr(reader, EXPR_IN, path, reader->at++);
	expr->path = path;
	set_values(reader, expr, values.items, values.count);
out:
	free(values.items);
	return expr;
}

/*
 * Whether the `in` at this token asks for membership. It does where a list of values follows; "forbid acme-kit in (core
 * or edge)" goes on with a set in parentheses, and its `in` is the rule's.
 */
static bool is_membership(const struct token *in)
{
	static const char *const joining[] = { "and", "or", "is", "in", "not" };
	const struct token *value;

	if (!token_is_word(in, "in") || !token_is_sign(in + 1, "("))
		return false;
	value = in + 2;
	if (token_is_sign(value, "(") || token_is_word(value, "not"))
		return false;
	if (value->kind != TOKEN_WORD)
		return true;
	if (relation_at(value) && !token_is_sign(value + 1, ",") && !token_is_sign(value + 1, ")"))
		return false;
	if (among(value + 1, joining, sizeof joining / sizeof *joining))
		return false;
	return value[1].kind != TOKEN_SIGN || !strchr("<>", value[1].text[0]);
}

static struct expr *read_path(struct reader *reader)
{
	const struct token *path = reader->at++;
	struct expr *expr;

	if (reader_take(reader, "is"))
		return read_is(reader, path);
	if (is_membership(reader->at)) {
		reader->at++;
		return read_in(reader, path);
	}
	if (reader_sees(reader, "not") && is_membership(reader->at + 1)) {
		reader->at += 2;
		return negated(reader, read_in(reader, path), path);
	}
	for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
		const struct token *value;

		if (!reader_take(reader, comparisons[i].sign))
			continue;
		value = read_value(reader);
		if (!value)
			return NULL;
		expr = new_expr(reader, EXPR_COMPARE, path, value);
		expr->op = comparisons[i].op;
		expr->path = path;
		set_values(reader, expr, &value, 1);
		return expr;
	}
	if (reader_sees(reader, "=")) {
		reader_error(reader, reader->at, "expected-word", NULL, 0,
			     "\"=\" does not compare: write \"%s is ...\"", path->text);
		return NULL;
	}
	expr = new_expr(reader, EXPR_NAME, path, path);
	expr->path = path;
	return expr;
}

/* ---- what nests ------------------------------------------------------------------------------------------------- */

static struct expr *read_primary(struct reader *reader, unsigned depth)
{
	const struct token *first = reader->at;
	const struct relation *relation;
	struct expr *expr, *operand;

	if (too_deep(reader, depth))
		return NULL;
	if (reader_take(reader, "(")) {
		expr = read_or(reader, depth + 1);
		if (!expr || !reader_expect(reader, ")"))
			return NULL;
		expr->first = first;
		expr->last = reader->at - 1;
		return expr;
	}
	relation = relation_at(first);
	if (relation) {
		reader->at += relation->second ? 2 : 1;
		operand = read_primary(reader, depth + 1);
		if (!operand)
			return NULL;
		expr = new_expr(reader, EXPR_RELATION, first, operand->last);
		expr->relation = relation->relation;
		expr->left = operand;
		return expr;
	}
	if (first->kind == TOKEN_WORD && !is_reserved(first) && !token_is_word(first, "not"))
		return read_path(reader);
	reader_expected(reader, "expected-set", NULL, 0, "a set");
	return NULL;
}

static struct expr *read_not(struct reader *reader, unsigned depth)
{
	const struct token *first = reader->at;

	if (too_deep(reader, depth))
		return NULL;
	if (reader_take(reader, "not"))
		return negated(reader, read_not(reader, depth + 1), first);
	return read_primary(reader, depth);
}

static struct expr *join(struct reader *reader, enum expr_kind kind, struct expr **parts, size_t count)
{
	struct expr *expr;

	if (count == 1)
		return parts[0];
	expr = new_expr(reader, kind, parts[0]->first, parts[count - 1]->last);
	expr->left = join(reader, kind, parts, count / 2);
	expr->right = join(reader, kind, parts + count / 2, count - count / 2);
	return expr;
}

static struct expr *read_chain(struct reader *reader, unsigned depth, const char *word, enum expr_kind kind,
			       struct expr *(*read_part)(struct reader *, unsigned))
{
	struct {
		struct expr **items;
		size_t count, room;
	} parts = { 0 };
	struct expr *part = read_part(reader, depth);

	if (!part || !reader_sees(reader, word))
		return part;
	*array_add(&parts) = part;
	while (part && reader_take(reader, word)) {
		part = read_part(reader, depth);
		*array_add(&parts) = part;
	}
	if (part)
		part = join(reader, kind, parts.items, parts.count);
	free(parts.items);
	return part;
}

static struct expr *read_and(struct reader *reader, unsigned depth)
{
	return read_chain(reader, depth, "and", EXPR_AND, read_not);
}

static struct expr *read_or(struct reader *reader, unsigned depth)
{
	struct expr *expr = read_chain(reader, depth, "or", EXPR_OR, read_and);

	if (expr)
		reader->after_at = reader->at;
	return expr;
}

const struct expr *reader_expr(struct reader *reader)
{
	return reader->bad ? NULL : read_or(reader, 0);
}
