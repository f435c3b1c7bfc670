/* SPDX-License-Identifier: Apache-2.0 */
/*
 * # proviso-deps: base lang
 *
 * Set expressions: precedence, membership and whose `in` it is, relations, and how deep they may be.
 */
#include "lang_text.h"

/* Reads the head `set x = EXPRESSION`; the caller goes on with the reader. */
static const struct expr *open_expr(struct text *t, struct reader *reader, const char *expression)
{
	size_t bytes = strlen(expression) + sizeof "set x = ";
	char *text = malloc(bytes);

	snprintf(text, bytes, "set x = %s", expression);
	text_open(t, text);
	free(text);
	*reader = text_reader(t, 0, -1);
	return reader_expr(reader);
}

static void expect(const char *expression, const char *nesting)
{
	struct reader reader;
	struct text t;
	const struct expr *expr = open_expr(&t, &reader, expression);

	assert_string_equal(text_said(&t), "");
	assert_string_equal(text_expr(&t, expr), nesting);
	assert_true(reader_end(&reader));
	text_close(&t);
}

/* The expression, and the first word that is not its own. */
static void expect_stop(const char *expression, const char *nesting, const char *next)
{
	struct reader reader;
	struct text t;
	const struct expr *expr = open_expr(&t, &reader, expression);

	assert_string_equal(text_said(&t), "");
	assert_string_equal(text_expr(&t, expr), nesting);
	assert_true(reader_sees(&reader, next));
	text_close(&t);
}

static void expect_said(const char *expression, const char *said)
{
	struct reader reader;
	struct text t;

	open_expr(&t, &reader, expression);
	reader_end(&reader);
	assert_true(reader.bad);
	assert_string_equal(text_said(&t), said);
	text_close(&t);
}

static void not_binds_before_and_before_or(void **state)
{
	(void)state;
	expect("a", "a");
	expect("vendor.designated", "vendor.designated");
	expect("a or b and not c", "(or a (and b (not c)))");
	expect("a and b or c and d", "(or (and a b) (and c d))");
	expect("not a and b", "(and (not a) b)");
	expect("not (a and b)", "(not (and a b))");
	expect("(a or b) and c", "(and (or a b) c)");
	expect("not not a", "(not (not a))");
	expect("((a))", "a");
}

static void is_and_in(void **state)
{
	(void)state;
	expect("layer is core", "(in layer core)");
	expect("layer is not core", "(not (in layer core))");
	expect("layer is not core and b", "(and (not (in layer core)) b)");
	expect("not layer is core", "(not (in layer core))");
	expect("function in (OSS, EMS)", "(in function OSS EMS)");
	expect("function in (OSS)", "(in function OSS)");
	expect("function not in (OSS, EMS) or b", "(or (not (in function OSS EMS)) b)");
	expect("technology in (2G, 5G-SA)", "(in technology 2G 5G-SA)");
	expect("version is 1.20", "(in version 1.20)");
	expect("vendor.name is \"a and b\"", "(in vendor.name a and b)");
	expect("version in (\"1\", 2, 3%, 2023-01-28)", "(in version 1 2 3% 2023-01-28)");
}

static void comparisons(void **state)
{
	(void)state;
	expect("since < 2020-01-01", "(< since 2020-01-01)");
	expect("traffic<=5 or traffic > 7", "(or (<= traffic 5) (> traffic 7))");
	expect("vendor.owner-share >= 25%", "(>= vendor.owner-share 25%)");
	expect("not version < 1.2", "(not (< version 1.2))");
}

static void relations(void **state)
{
	(void)state;
	expect("managed by vendor.designated", "(managed-by vendor.designated)");
	expect("hosted on (a or b) and c", "(and (hosted-on (or a b)) c)");
	expect("part of layer is core", "(part-of (in layer core))");
	expect("contains managed by a", "(contains (managed-by a))");
	expect("not contains a or b", "(or (not (contains a)) b)");
	/* Alone, the first word of a relation is a name like any other. */
	expect("managed or part and hosted", "(or managed (and part hosted))");
}

static void whose_in_it_is(void **state)
{
	(void)state;
	expect_stop("high-risk in core-part", "high-risk", "in");
	expect_stop("a or b in core-part", "(or a b)", "in");
	expect_stop("high-risk in (core-part or b)", "high-risk", "in");
	expect_stop("high-risk in (layer is core)", "high-risk", "in");
	expect_stop("high-risk in (function in (OSS))", "high-risk", "in");
	expect_stop("high-risk in ((a))", "high-risk", "in");
	expect_stop("high-risk in (not a)", "high-risk", "in");
	expect_stop("high-risk in (since < 2020-01-01)", "high-risk", "in");
	expect_stop("high-risk in (managed by a)", "high-risk", "in");
	expect_stop("high-risk in (contains a)", "high-risk", "in");
	expect_stop("function in (OSS) in core-part", "(in function OSS)", "in");
	expect("a in (contains, managed)", "(in a contains managed)");
	expect_stop("a to 35%", "a", "to");
	expect_stop("layer is access per region", "(in layer access)", "per");
	expect_stop("a when new or changed", "a", "when");
	expect_stop("a not b", "a", "not");
}

static void mistakes(void **state)
{
	(void)state;
	expect_said("", "1:8+1 expected-set: expected a set after \"=\", found the end of the line\n");
	expect_said("or a", "1:9+2 expected-set: expected a set after \"=\", found \"or\"\n");
	expect_said("a or", "1:13+1 expected-set: expected a set after \"or\", found the end of the line\n");
	expect_said("a and 35%", "1:15+3 expected-set: expected a set after \"and\", found 35%\n");
	expect_said("(a or b", "1:16+1 expected-word: expected \")\" after the set, found the end of the line\n");
	expect_said("(a or b c)", "1:17+1 expected-word: expected \")\" after the set, found \"c\"\n");
	expect_said("a)", "1:10+1 expected-end: expected the end of the line after the set, found \")\"\n");
	expect_said("layer iss core", "1:15+3 expected-end: expected the end of the line after the set, found \"iss\" "
				      "(did you mean \"is\"?)\n");
	expect_said("layer is", "1:17+1 expected-value: expected a value after \"is\", found the end of the line\n");
	expect_said("layer is not",
		    "1:21+1 expected-value: expected a value after \"not\", found the end of the line\n");
	expect_said("layer is or", "1:18+2 expected-value: expected a value after \"is\", found \"or\"\n");
	expect_said("layer is (a or b)", "1:18+1 expected-value: expected one value after \"is\", found \"(\" (write "
					 "\"layer in (...)\" for several)\n");
	expect_said("layer = core", "1:15+1 expected-word: \"=\" does not compare: write \"layer is ...\"\n");
	expect_said("f in (A B)", "1:17+1 expected-word: expected \",\" or \")\" after \"A\", found \"B\"\n");
	expect_said("f in (A, )", "1:18+1 expected-value: expected a value after \",\", found \")\"\n");
	expect_said("f in ()", "1:15+1 expected-value: expected a value after \"(\", found \")\"\n");
	expect_said("f <", "1:12+1 expected-value: expected a value after \"<\", found the end of the line\n");
	expect_said("a or\n  b",
		    "1:13+1 expected-set: expected a set after \"or\", found the end of the line (a line goes on "
		    "only after a comma)\n");
}

/* What an expression spans is what a message underlines or quotes, with the parentheses around it. */
static void spans(void **state)
{
	struct reader reader;
	struct text t;
	const struct expr *e;

	(void)state;
	e = open_expr(&t, &reader, "(a or b) and not f in (C, D)");
	assert_string_equal(clause_text(t.arena, e->first, e->last + 1), "(a or b) and not f in (C, D)");
	assert_string_equal(clause_text(t.arena, e->left->first, e->left->last + 1), "(a or b)");
	assert_string_equal(clause_text(t.arena, e->right->first, e->right->last + 1), "not f in (C, D)");
	assert_string_equal(clause_text(t.arena, e->right->left->first, e->right->left->last + 1), "f in (C, D)");
	text_close(&t);
}

/* `part` count times, then `a`, then `end` count times. */
static char *repeated(const char *part, size_t count, const char *end)
{
	size_t a = strlen(part), b = strlen(end);
	char *text = malloc(count * (a + b) + 2), *at = text;

	for (size_t i = 0; i < count; i++, at += a)
		memcpy(at, part, a);
	*at++ = 'a';
	for (size_t i = 0; i < count; i++, at += b)
		memcpy(at, end, b);
	*at = '\0';
	return text;
}

static void expect_depth(const char *part, const char *end, size_t count, uint32_t column)
{
	char *text = repeated(part, count, end);
	struct reader reader;
	struct text t;
	const struct expr *expr = open_expr(&t, &reader, text);

	if (!column) {
		assert_non_null(expr);
		assert_true(reader_end(&reader));
	} else {
		assert_null(expr);
		assert_int_equal(t.diagnostics.count, 1);
		assert_string_equal(t.diagnostics.items[0].code, "too-deep");
		assert_string_equal(t.diagnostics.items[0].text,
				    "more than 200 parentheses, nots and relations within one another");
		assert_int_equal(t.diagnostics.items[0].place.column, column);
	}
	text_close(&t);
	free(text);
}

static void nesting_is_bounded(void **state)
{
	(void)state;
	expect_depth("(", ")", LIMIT_NESTING, 0);
	expect_depth("(", ")", LIMIT_NESTING + 1, 9 + LIMIT_NESTING + 1);
	expect_depth("(", ")", 1000, 9 + LIMIT_NESTING + 1);
	expect_depth("(", ")", 500000, 9 + LIMIT_NESTING + 1);
	expect_depth("not ", "", LIMIT_NESTING, 0);
	expect_depth("not ", "", 100000, 9 + 4 * (LIMIT_NESTING + 1));
	expect_depth("part of ", "", LIMIT_NESTING, 0);
	expect_depth("part of ", "", 100000, 9 + 8 * (LIMIT_NESTING + 1));
	expect_depth("not (", ")", LIMIT_NESTING / 2, 0);
	expect_depth("not (", ")", 1000, 9 + 5 * (LIMIT_NESTING / 2) + 4);
}

static unsigned depth_of(const struct expr *e)
{
	unsigned left = e->left ? depth_of(e->left) : 0, right = e->right ? depth_of(e->right) : 0;

	return 1 + (left > right ? left : right);
}

static void long_chains_stay_shallow(void **state)
{
	static const char *const words[] = { "a or ", "a and " };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = repeated(words[i], 100000, "");
		struct reader reader;
		struct text t;
		const struct expr *expr = open_expr(&t, &reader, text);

		assert_non_null(expr);
		assert_int_equal(depth_of(expr), 18);
		text_close(&t);
		free(text);
	}
	expect("a or b or c or d or e", "(or (or a b) (or c (or d e)))");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_binds_before_and_before_or),
		cmocka_unit_test(is_and_in),
		cmocka_unit_test(comparisons),
		cmocka_unit_test(relations),
		cmocka_unit_test(whose_in_it_is),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(spans),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(long_chains_stay_shallow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
