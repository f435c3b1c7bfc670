/* SPDX-License-Identifier: Apache-2.0 */
/*
 * # proviso-deps: base lang
 *
 * What a run of characters is, where it stands, and the one diagnostic that each kind of wrong line gets.
 */
#include "lang_text.h"

static const char *const kind_names[] = { "end", "word", "string", "number", "percent", "date", "sign" };

/* "kind:text" of each token of the only stanza's head. */
static const char *kinds(struct text *t)
{
	struct sink *sink = sink_to_memory(t->arena);
	const struct clause *head = &t->document->stanzas[0].head;
	size_t bytes;

	assert_int_equal(head->tokens[head->count].kind, TOKEN_END);
	for (size_t i = 0; i < head->count; i++)
		sink_printf(sink, "%s%s:%s", i ? " " : "", kind_names[head->tokens[i].kind], head->tokens[i].text);
	return sink_memory(sink, &bytes);
}

static void expect_kinds(const char *text, const char *expected)
{
	struct text t;

	text_open(&t, text);
	assert_string_equal(text_said(&t), "");
	assert_string_equal(kinds(&t), expected);
	text_close(&t);
}

static void expect_said(const char *text, const char *expected)
{
	struct text t;

	text_open(&t, text);
	assert_string_equal(text_said(&t), expected);
	text_close(&t);
}

static int64_t number_of(const char *text)
{
	struct text t;
	int64_t number;

	text_open(&t, text);
	assert_int_equal(t.document->stanzas[0].head.count, 2);
	number = t.document->stanzas[0].head.tokens[1].number;
	text_close(&t);
	return number;
}

static void words_may_begin_with_digits(void **state)
{
	(void)state;
	expect_kinds("x 5G-SA 2G 5G-EIR 1.2.3 2019-report 10.0.0.0/8 fe80::1 a+b _x -site-7",
		     "word:x word:5G-SA word:2G word:5G-EIR word:1.2.3 word:2019-report word:10.0.0.0/8 word:fe80::1 "
		     "word:a+b "
		     "word:_x word:-site-7");
	expect_kinds("x Z\303\274rich 2019-02-20T10:00 2023-1-28 12023-01-28 .5 5. -5",
		     "word:x word:Z\303\274rich word:2019-02-20T10:00 word:2023-1-28 word:12023-01-28 word:.5 word:5. "
		     "word:-5");
}

static void numbers_keep_their_spelling(void **state)
{
	(void)state;
	expect_kinds("x 1.20 24 007 0.5 35% 12.5% 2023-01-28",
		     "word:x number:1.20 number:24 number:007 number:0.5 percent:35% percent:12.5% date:2023-01-28");
	assert_int_equal(number_of("x 24"), 24000000);
	assert_int_equal(number_of("x 1.20"), 1200000);
	assert_int_equal(number_of("x 35%"), 350000000);
	assert_int_equal(number_of("x 12.5%"), 125000000);
	assert_int_equal(number_of("x 1970-01-01"), 0);
	assert_int_equal(number_of("x 2020-02-29"), 18321);
}

/* A version may look like a number that is none. */
static void what_does_not_fit_a_number_is_a_word(void **state)
{
	(void)state;
	expect_kinds("x 1.12345678 99999999999999999999", "word:x word:1.12345678 word:99999999999999999999");
}

static void signs_need_no_spaces(void **state)
{
	(void)state;
	expect_kinds("set a=b<=2,(c)>d>=e<f", "word:set word:a sign:= word:b sign:<= number:2 sign:, sign:( word:c "
					      "sign:) sign:> word:d sign:>= word:e "
					      "sign:< word:f");
}

static void strings(void **state)
{
	(void)state;
	expect_kinds("x \"a # b\" \"\" \"say \\\"no\\\" \\\\\"# c", "word:x string:a # b string: string:say \"no\" \\");
	expect_kinds("x\"a\"b\"c\"d\"e\"", "word:x string:a word:b string:c word:d string:e");
	expect_said("x\n  t \"abc # d\n  u", "2:5+8 bad-string: the string is not closed in its line\n");
	expect_said("x\n  t \"ends \\\"\n", "2:5+8 bad-string: the string is not closed in its line\n");
	expect_said("x \"\\\n", "1:3+2 bad-string: the string is not closed in its line\n");
	expect_said("x \"a\\n\"\n", "1:5+2 bad-string: \\n is no escape: there are \\\" and \\\\\n");
}

static void places_are_bytes_from_one(void **state)
{
	const struct token *tokens;
	struct text t;

	(void)state;
	text_open(&t, "\n# c\n\tx\nrule \303\274b \"a\\\"b\" 35%,\n\tz\n");
	assert_string_equal(text_said(&t), "3:2+1 indented-nothing: the line is indented, but no stanza has begun (its "
					   "keyword stands in column 1)\n");
	tokens = t.document->stanzas[0].head.tokens;
	assert_string_equal(tokens[1].place.file, "t.proviso");
	assert_int_equal(tokens[1].place.line, 4);
	assert_int_equal(tokens[1].place.column, 6);
	assert_int_equal(tokens[1].width, 3);
	assert_int_equal(tokens[2].place.column, 10);
	assert_int_equal(tokens[2].width, 6);
	assert_int_equal(tokens[4].place.column, 20);
	assert_int_equal(tokens[5].place.line, 5);
	assert_int_equal(tokens[5].place.column, 2);
	assert_int_equal(tokens[6].kind, TOKEN_END);
	assert_int_equal(tokens[6].place.line, 5);
	assert_int_equal(tokens[6].place.column, 3);
	assert_string_equal(t.document->lines[3], "rule \303\274b \"a\\\"b\" 35%,");
	text_close(&t);
}

static void dates_are_real_days(void **state)
{
	(void)state;
	expect_said("x\n  by 2023-02-30\n", "2:6+10 bad-date: 2023-02-30 is not a day of the calendar\n");
	expect_said("x\n  by 2023-13-01\n", "2:6+10 bad-date: 2023-13-01 is not a day of the calendar\n");
	expect_said("x\n  by 2100-02-29\n", "2:6+10 bad-date: 2100-02-29 is not a day of the calendar\n");
	expect_said("x\n  by 2000-02-29\n", "");
}

static void percentages(void **state)
{
	(void)state;
	expect_said("x\n  a%\n", "2:3+2 bad-number: a% is not a percentage\n");
	expect_said("x\n  1.2.3%\n", "2:3+6 bad-number: 1.2.3% is not a percentage\n");
	expect_said("x\n  35%of\n", "2:3+5 bad-number: 35%of is not a percentage\n");
	expect_said("x\n  35%%\n", "2:3+4 bad-number: 35%% is not a percentage\n");
	expect_said("x\n  0.00000001%\n", "2:3+11 bad-number: 0.00000001% has more than seven decimals\n");
	expect_said("x\n  99999999999999999999%\n", "2:3+21 bad-number: 99999999999999999999% is too large\n");
	expect_said("x\n  35 %\n",
		    "2:6+1 bad-character: % can't stand here (a percentage is written without a space: 35%)\n");
}

static void characters_that_mean_nothing(void **state)
{
	(void)state;
	expect_said("x @\n", "1:3+1 bad-character: @ can't stand here\n");
	expect_said("x 'a'\n", "1:3+1 bad-character: ' can't stand here (strings stand in double quotation marks)\n");
	expect_said("x {\n", "1:3+1 bad-character: { can't stand here (clauses are indented, not bracketed)\n");
	expect_said("x \342\200\234a\342\200\235\n",
		    "1:3+3 bad-character: U+201C can't stand here (a curly quotation mark: write \")\n");
	expect_said("x a\302\240b\n",
		    "1:4+2 bad-character: U+00A0 can't stand here (a no-break space: write a plain one)\n");
	expect_said("x \342\211\244 5\n", "1:3+3 bad-character: U+2264 can't stand here (write <=)\n");
	expect_said("x \033[2J\n", "1:3+1 bad-character: U+001B can't stand here (a control character)\n");
	expect_said("x\ry\n", "1:2+1 bad-character: U+000D can't stand here (a carriage return within a line)\n");
}

/* Quotation marks and dashes are text in a string; what reorders the text around it is not. */
static void characters_that_hide(void **state)
{
	(void)state;
	expect_said("x \"\342\200\234a\342\200\235 \342\200\223\302\240b\" # \342\200\223\n", "");
	expect_said("x \"a\342\200\256b\"\n",
		    "1:5+3 bad-character: U+202E can't stand here (a character that reorders the text around it)\n");
	expect_said("x # \342\201\246b\n",
		    "1:5+3 bad-character: U+2066 can't stand here (a character that reorders the text around it)\n");
}

static void one_diagnostic_a_line_then_on(void **state)
{
	static const char text[] = "a\n  x\0y @\n  \xff @ \xfe\n  @ 2023-02-30 \"\n  ok\n";
	struct text t;

	(void)state;
	text_open_bytes(&t, text, sizeof text - 1);
	assert_string_equal(text_said(&t), "2:4+1 nul-byte: a NUL byte can't stand in a text\n"
					   "3:3+1 encoding: the byte 0xff is not UTF-8 here\n"
					   "4:3+1 bad-character: @ can't stand here\n");
	assert_int_equal(t.document->stanzas[0].count, 1);
	assert_string_equal(t.document->stanzas[0].clauses[0].tokens[0].text, "ok");
	/* Lines are shown on terminals: bytes that could not be are replaced, columns stay. */
	assert_string_equal(t.document->lines[1], "  x?y @");
	assert_string_equal(t.document->lines[2], "  ? @ ?");
	assert_string_equal(t.diagnostics.items[1].source, "  ? @ ?");
	text_close(&t);
}

static void a_line_of_ten_megabytes(void **state)
{
	size_t bytes = 10 << 20, at;
	char *text = malloc(bytes + 16);
	struct text t;

	(void)state;
	memset(text, 'a', bytes);
	memcpy(text, "a\n  ", 4);
	at = bytes;
	memcpy(text + at, "\n  b\n", 5);
	text_open_bytes(&t, text, at + 5);
	assert_string_equal(text_said(&t), "2:1+1 line-too-long: the line has 10485758 bytes, more than 1048576\n");
	assert_int_equal(strlen(t.diagnostics.items[0].source), 60);
	assert_int_equal(t.document->stanzas[0].count, 1);
	assert_int_equal(t.document->stanzas[0].clauses[0].tokens[0].place.line, 3);
	text_close(&t);
	free(text);
}

static void a_word_of_half_a_megabyte_is_quoted_short(void **state)
{
	size_t bytes = 500000;
	char *text = malloc(bytes + 1);
	struct text t;

	(void)state;
	memset(text, 'a', bytes);
	memcpy(text, "x ", 2);
	text[bytes - 1] = '%';
	text[bytes] = '\0';
	text_open(&t, text);
	assert_int_equal(t.diagnostics.count, 1);
	assert_true(strlen(t.diagnostics.items[0].text) < 100);
	assert_int_equal(t.diagnostics.items[0].width, 499998);
	text_close(&t);
	free(text);
}

static void line_ends_and_byte_order_mark(void **state)
{
	struct text t;

	(void)state;
	text_open(&t, "\357\273\277rule a\r\n\r\n  forbid b in c\r\n  by 2023-01-28");
	assert_string_equal(text_said(&t), "");
	assert_int_equal(t.document->count, 1);
	assert_int_equal(t.document->stanzas[0].head.tokens[0].place.column, 1);
	assert_int_equal(t.document->stanzas[0].count, 2);
	assert_int_equal(t.document->stanzas[0].clauses[0].tokens[3].width, 1);
	assert_string_equal(t.document->lines[2], "  forbid b in c");
	assert_int_equal(t.document->line_count, 4);
	text_close(&t);
}

static void files_that_are_no_text(void **state)
{
	struct text t;
	char *large = malloc(LIMIT_POLICY_FILE + 1);

	(void)state;
	text_open_bytes(&t, "\xff\xfe\x61\x00", 4);
	assert_null(t.document);
	assert_string_equal(text_said(&t), "0:0+0 encoding: the file is UTF-16: save it as UTF-8\n");
	text_close(&t);
	memset(large, '\n', LIMIT_POLICY_FILE + 1);
	text_open_bytes(&t, large, LIMIT_POLICY_FILE + 1);
	assert_null(t.document);
	assert_string_equal(text_said(&t), "0:0+0 too-large: the file has more than 16777216 bytes\n");
	text_close(&t);
	free(large);
	text_open(&t, "");
	assert_non_null(t.document);
	assert_int_equal(t.document->count, 0);
	text_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_may_begin_with_digits),
		cmocka_unit_test(numbers_keep_their_spelling),
		cmocka_unit_test(what_does_not_fit_a_number_is_a_word),
		cmocka_unit_test(signs_need_no_spaces),
		cmocka_unit_test(strings),
		cmocka_unit_test(places_are_bytes_from_one),
		cmocka_unit_test(dates_are_real_days),
		cmocka_unit_test(percentages),
		cmocka_unit_test(characters_that_mean_nothing),
		cmocka_unit_test(characters_that_hide),
		cmocka_unit_test(one_diagnostic_a_line_then_on),
		cmocka_unit_test(a_line_of_ten_megabytes),
		cmocka_unit_test(a_word_of_half_a_megabyte_is_quoted_short),
		cmocka_unit_test(line_ends_and_byte_order_mark),
		cmocka_unit_test(files_that_are_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
