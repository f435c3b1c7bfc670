/* SPDX-License-Identifier: Apache-2.0 */
/*
 * # proviso-deps: base lang
 *
 * Reading clauses: what is expected, what is said where it is absent and under which bytes the caret stands, and that
 * one run shows the mistakes of all clauses but only the first of each.
 */
#include "lang_text.h"

/* limit SET to PERCENT of WORD in SET [per WORD] */
static void read_limit(struct reader *reader)
{
	static const char *const measures[] = { "sites", "elements", "traffic", "population" };
	const struct token *measure;
	int64_t ppb;

	reader_expect(reader, "limit");
	reader_expr(reader);
	reader_expect(reader, "to");
	reader_percent(reader, "a percentage", &ppb);
	reader_expect(reader, "of");
	measure = reader_name(reader, "a measure");
	if (measure && strcmp(measure->text, "sites") != 0)
		reader_error(reader, measure, "unknown-measure", measures, 4, "\"%s\" is no measure", measure->text);
	reader_expect(reader, "in");
	reader_expr(reader);
	while (!reader_ended(reader)) {
		if (reader_take(reader, "per"))
			reader_name(reader, "a column");
		else
			reader_end(reader);
	}
}

static void expect_limits(const char *clauses, const char *said)
{
	size_t bytes = strlen(clauses) + sizeof "rule a\n";
	char *text = malloc(bytes);
	struct text t;

	snprintf(text, bytes, "rule a\n%s", clauses);
	text_open(&t, text);
	free(text);
	for (size_t c = 0; c < t.document->stanzas[0].count; c++) {
		struct reader reader = text_reader(&t, 0, (int)c);

		read_limit(&reader);
	}
	diagnostics_sort(&t.diagnostics);
	assert_string_equal(text_said(&t), said);
	text_close(&t);
}

static void what_is_right_is_not_said(void **state)
{
	(void)state;
	expect_limits("  limit high-risk to 35% of sites in access-part\n"
		      "  limit a or b to 12.5% of sites in (c or d) per region\n",
		      "");
}

static void what_was_expected_after_what(void **state)
{
	(void)state;
	expect_limits("  limit high-risk tp 35% of sites in b\n",
		      "2:19+2 expected-word: expected \"to\" after the set, found \"tp\" (did you mean \"to\"?)\n");
	expect_limits("\tlimit high-risk 35% of sites in b\n",
		      "2:18+3 expected-word: expected \"to\" after the set, found 35%\n");
	expect_limits("  limit high-risk to 35 of sites in b\n",
		      "2:22+2 expected-percent: expected a percentage after \"to\", found the number 35\n");
	expect_limits("  limit high-risk to \"35%\" of sites in b\n",
		      "2:22+5 expected-percent: expected a percentage after \"to\", found the text \"35%\"\n");
	expect_limits("  limit high-risk to 35%\n",
		      "2:25+1 expected-word: expected \"of\" after 35%, found the end of the line\n");
	expect_limits("  limit high-risk to 35%   # of sites\n",
		      "2:25+1 expected-word: expected \"of\" after 35%, found the end of the line\n");
	expect_limits("  limit a to 35% of 2023-01-28 in b\n",
		      "2:21+10 expected-name: expected a measure after \"of\", found the date 2023-01-28\n");
	expect_limits("  limt a to 35% of sites in b\n",
		      "2:3+4 expected-word: expected \"limit\", found \"limt\" (did you mean \"limit\"?)\n");
	expect_limits("  limit a to 35% of sites in b perr region\n",
		      "2:32+4 expected-end: expected the end of the line after the set, found \"perr\"\n");
	expect_limits("  limit a to 35% of sites in b per region region\n",
		      "2:43+6 expected-end: expected the end of the line after \"region\", found \"region\"\n");
}

static void a_line_that_was_meant_to_go_on(void **state)
{
	(void)state;
	expect_limits("  limit a\n    to 35% of sites in b\n",
		      "2:10+1 expected-word: expected \"to\" after the set, found the end of the line (a line goes on "
		      "only after "
		      "a comma)\n"
		      "3:5+2 expected-word: expected \"limit\", found \"to\"\n");
}

static void several_mistakes_in_one_run(void **state)
{
	(void)state;
	expect_limits("  limit a tp 35 off site im b perr c\n"
		      "  limit a to 2023-02-30\n"
		      "  limit a to 35% of sitess in b perr c\n"
		      "  limit a to 35% of sites in b\n"
		      "  limit to 35% of sites in b\n",
		      "2:11+2 expected-word: expected \"to\" after the set, found \"tp\" (did you mean \"to\"?)\n"
		      "3:14+10 bad-date: 2023-02-30 is not a day of the calendar\n"
		      "4:21+6 unknown-measure: \"sitess\" is no measure (did you mean \"sites\"?)\n"
		      "6:9+2 expected-set: expected a set after \"limit\", found \"to\"\n");
}

static void the_caret_stands_in_the_line(void **state)
{
	const struct diagnostic *d;
	struct reader reader;
	struct text t;

	(void)state;
	text_open(&t, "rule a\n\tlimit x tp \"\303\274\" # c\n");
	reader = text_reader(&t, 0, 0);
	read_limit(&reader);
	assert_int_equal(t.diagnostics.count, 1);
	d = &t.diagnostics.items[0];
	assert_string_equal(d->place.file, "t.proviso");
	assert_int_equal(d->place.line, 2);
	assert_int_equal(d->place.column, 10);
	assert_int_equal(d->width, 2);
	assert_string_equal(d->source, "\tlimit x tp \"\303\274\" # c");
	text_close(&t);
}

static void values(void **state)
{
	const struct token *token, **list;
	struct reader reader;
	int64_t number;
	int32_t days;
	size_t count;
	struct text t;

	(void)state;
	text_open(&t, "x a \"b\" 24 0.5 1.20 2023-01-28 c, \"d\", e f\n");
	reader = text_reader(&t, 0, -1);
	assert_true(reader_take(&reader, "x"));
	assert_false(reader_take(&reader, "x"));
	assert_string_equal(reader_name(&reader, "a name")->text, "a");
	assert_false(reader_sees(&reader, "b"));
	assert_string_equal(reader_string(&reader, "a text")->text, "b");
	assert_true(reader_number(&reader, "a number", &number));
	assert_int_equal(number, 24000000);
	assert_true(reader_number(&reader, "a number", &number));
	assert_int_equal(number, 500000);
	token = reader_value(&reader, "a version");
	assert_string_equal(token->text, "1.20");
	assert_true(reader_date(&reader, "a date", &days));
	assert_int_equal(days, 19385);
	list = reader_list(&reader, "a name", &count);
	assert_int_equal(count, 3);
	assert_string_equal(list[0]->text, "c");
	assert_string_equal(list[1]->text, "d");
	assert_string_equal(list[2]->text, "e");
	assert_true(reader_expect(&reader, "f"));
	assert_true(reader_end(&reader));
	assert_string_equal(text_said(&t), "");
	text_close(&t);
}

static bool name(struct reader *reader)
{
	return reader_name(reader, "a name");
}

static bool title(struct reader *reader)
{
	return reader_string(reader, "a title");
}

static bool value(struct reader *reader)
{
	return reader_value(reader, "a value");
}

static bool number(struct reader *reader)
{
	int64_t micro;

	return reader_number(reader, "a number", &micro);
}

static bool date(struct reader *reader)
{
	int32_t days;

	return reader_date(reader, "a date", &days);
}

static bool list(struct reader *reader)
{
	size_t count;

	return reader_list(reader, "a name", &count);
}

static bool duration(struct reader *reader)
{
	struct duration found;

	return reader_duration(reader, &found);
}

/* What one call says of what stands after `x`; afterwards the clause is at its end and stays silent. */
static void expect_said(const char *text, bool (*call)(struct reader *), const char *said)
{
	struct reader reader;
	struct text t;

	text_open(&t, text);
	reader = text_reader(&t, 0, -1);
	reader_take(&reader, "x");
	assert_false(call(&reader));
	assert_true(reader.bad);
	assert_true(reader_ended(&reader));
	assert_false(reader_expect(&reader, "y"));
	assert_false(reader_end(&reader));
	assert_null(reader_expr(&reader));
	assert_string_equal(text_said(&t), said);
	text_close(&t);
}

static void values_that_are_absent(void **state)
{
	(void)state;
	expect_said("x 24", name, "1:3+2 expected-name: expected a name after \"x\", found the number 24\n");
	expect_said("x a", title, "1:3+1 expected-string: expected a title after \"x\", found \"a\"\n");
	expect_said("x", value, "1:2+1 expected-value: expected a value after \"x\", found the end of the line\n");
	expect_said("x (", value, "1:3+1 expected-value: expected a value after \"x\", found \"(\"\n");
	expect_said("x a", number, "1:3+1 expected-number: expected a number after \"x\", found \"a\"\n");
	expect_said("x 0.1234567", number, "1:3+9 bad-number: \"0.1234567\" has more than six decimals\n");
	expect_said("x 99999999999999", number, "1:3+14 bad-number: \"99999999999999\" is too large for a number\n");
	expect_said("x 2023-1-28", date, "1:3+9 expected-date: expected a date after \"x\", found \"2023-1-28\"\n");
	expect_said("x a, 24", list, "1:6+2 expected-name: expected a name after \",\", found the number 24\n");
	expect_said("x a", duration,
		    "1:3+1 expected-number: expected a duration such as 24 months after \"x\", found \"a\"\n");
	expect_said("x 24 moths", duration,
		    "1:6+5 expected-unit: expected days, weeks, months or years after the number 24, found \"moths\" "
		    "(did you mean "
		    "\"months\"?)\n");
	expect_said("x 1.5 years", duration, "1:3+3 bad-duration: 1.5 is not a whole number of years\n");
	expect_said("x 10000 years", duration, "1:3+5 bad-duration: 10000 years are longer than the calendar\n");
}

static void warnings_leave_the_clause_good(void **state)
{
	struct reader reader;
	struct text t;

	(void)state;
	text_open(&t, "x a b");
	reader = text_reader(&t, 0, -1);
	reader_warning(&reader, &reader.at[1], "names-a-vendor", "\"%s\" is a vendor's name", reader.at[1].text);
	assert_false(reader.bad);
	assert_string_equal(text_said(&t), "1:3+1 warning names-a-vendor: \"a\" is a vendor's name\n");
	document_diagnose(t.document, &t.diagnostics, SEVERITY_ERROR, "unknown", &reader.at[2], "no %s", "b");
	assert_string_equal(text_said(&t),
			    "1:3+1 warning names-a-vendor: \"a\" is a vendor's name\n1:5+1 unknown: no b\n");
	text_close(&t);
}

static int32_t day(const char *text)
{
	int32_t days;

	assert_true(date_parse(text, strlen(text), &days));
	return days;
}

static void expect_shift(const char *from, const char *duration, int sign, const char *to)
{
	char head[64], out[11];
	struct duration d;
	struct reader reader;
	struct text t;

	snprintf(head, sizeof head, "x %s", duration);
	text_open(&t, head);
	reader = text_reader(&t, 0, -1);
	reader_take(&reader, "x");
	assert_true(reader_duration(&reader, &d));
	assert_true(reader_end(&reader));
	date_print(date_add_duration(day(from), d, sign), out);
	assert_string_equal(out, to);
	text_close(&t);
}

static void durations(void **state)
{
	(void)state;
	expect_shift("2024-01-31", "1 month", 1, "2024-02-29");
	expect_shift("2024-03-31", "1 month", -1, "2024-02-29");
	expect_shift("2024-01-31", "24 months", -1, "2022-01-31");
	expect_shift("2024-02-29", "1 year", 1, "2025-02-28");
	expect_shift("2024-02-29", "2 years", 1, "2026-02-28");
	expect_shift("2024-02-28", "2 days", 1, "2024-03-01");
	expect_shift("2024-01-01", "1 day", -1, "2023-12-31");
	expect_shift("2024-01-01", "6 weeks", 1, "2024-02-12");
	expect_shift("2024-01-01", "0 days", 1, "2024-01-01");
	expect_shift("2024-01-01", "9999 years", 1, "9999-12-31");
	expect_shift("2024-01-01", "9999 years", -1, "0001-01-01");
	expect_shift("2024-01-01", "3652058 days", -1, "0001-01-01");
	expect_shift("0001-01-31", "1 month", -1, "0001-01-01");
	expect_shift("9999-11-30", "1 month", 1, "9999-12-30");
	expect_shift("9999-12-01", "1 month", 1, "9999-12-31");
	assert_int_equal(date_add_duration(DATE_NONE, (struct duration){ 1, 0 }, 1), DATE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_right_is_not_said),
		cmocka_unit_test(what_was_expected_after_what),
		cmocka_unit_test(a_line_that_was_meant_to_go_on),
		cmocka_unit_test(several_mistakes_in_one_run),
		cmocka_unit_test(the_caret_stands_in_the_line),
		cmocka_unit_test(values),
		cmocka_unit_test(values_that_are_absent),
		cmocka_unit_test(warnings_leave_the_clause_good),
		cmocka_unit_test(durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
