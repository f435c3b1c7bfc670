/* SPDX-License-Identifier: Apache-2.0 */
/*
 * # proviso-deps: base lang
 *
 * Lines become clauses and stanzas; what goes on after a comma; what is left out after a mistake.
 */
#include "lang_text.h"

/* Each stanza on a line, its clauses after " | ". */
static const char *outline(struct text *t)
{
	struct sink *sink = sink_to_memory(t->arena);
	size_t bytes;

	for (size_t s = 0; s < t->document->count; s++) {
		const struct stanza *stanza = &t->document->stanzas[s];

		sink_text(sink, clause_text(t->arena, stanza->head.tokens, stanza->head.tokens + stanza->head.count));
		for (size_t c = 0; c < stanza->count; c++)
			sink_printf(sink, " | %s",
				    clause_text(t->arena, stanza->clauses[c].tokens,
						stanza->clauses[c].tokens + stanza->clauses[c].count));
		sink_char(sink, '\n');
	}
	return sink_memory(sink, &bytes);
}

static void expect(const char *text, const char *stanzas, const char *said)
{
	struct text t;

	text_open(&t, text);
	assert_string_equal(outline(&t), stanzas);
	assert_string_equal(text_said(&t), said);
	text_close(&t);
}

static void stanzas_begin_in_column_one(void **state)
{
	(void)state;
	expect("rule a\n  forbid b in c\n\n\tby 2023-01-28 # d\n# e\nrule f\nrule g\n h\n",
	       "rule a | forbid b in c | by 2023-01-28\nrule f\nrule g | h\n", "");
}

static void a_comma_goes_on(void **state)
{
	(void)state;
	expect("rule a\n  allow b to c over d,\n e,  # f\n\n", "rule a\n",
	       "3:3+1 expected-continuation: expected more in the next line after the comma, found an empty line\n");
	expect("rule a\n  allow b over c,\nd,\n# in column 1\n     # more\n\te\n  by 2023-01-28\n",
	       "rule a | allow b over c, d, e | by 2023-01-28\n", "");
	expect("set a = b in (c, # d\n      e)\n  note \"f\"\n", "set a = b in (c, e) | note \"f\"\n", "");
	expect("rule a\n  b,", "rule a\n",
	       "2:4+1 expected-continuation: expected more in the next line after the comma, found the end of the "
	       "file\n");
	expect("rule a\n  b,\n  # c\n", "rule a\n",
	       "2:4+1 expected-continuation: expected more in the next line after the comma, found the end of the "
	       "file\n");
}

static void nothing_but_a_comma_goes_on(void **state)
{
	(void)state;
	expect("set a = b or\n  c\n", "set a = b or | c\n", "");
	expect("rule a\n  b c\n    d\n", "rule a | b c | d\n", "");
}

static void clauses_before_any_stanza_are_said_once(void **state)
{
	(void)state;
	expect("  a\n  b\nrule c\n  d\n", "rule c | d\n",
	       "1:3+1 indented-nothing: the line is indented, but no stanza has begun (its keyword stands in column "
	       "1)\n");
}

static void a_broken_clause_is_left_out(void **state)
{
	(void)state;
	expect("rule a\n  b @\n  c\n  d 2023-02-30,\n   e\n  f\n", "rule a | c | f\n",
	       "2:5+1 bad-character: @ can't stand here\n4:5+10 bad-date: 2023-02-30 is not a day of the calendar\n");
}

/* Its clauses must not fall to the stanza before it; their own mistakes are still said. */
static void a_broken_head_takes_its_clauses_along(void **state)
{
	(void)state;
	expect("rule a\n  b\nrule @\n  c\n  d !\nrule e\n  f\n", "rule a | b\nrule e | f\n",
	       "3:6+1 bad-character: @ can't stand here\n5:5+1 bad-character: ! can't stand here (write: not)\n");
	expect("\"a\"\n  b\nrule c\n", "rule c\n",
	       "1:1+3 expected-keyword: expected the keyword of a stanza in column 1 (clauses are indented)\n");
}

static void a_wrong_comment_spoils_no_clause(void **state)
{
	(void)state;
	expect("rule a\n# \xff\n  b,\n  # \xff\n  c\n", "rule a | b, c\n",
	       "2:3+1 encoding: the byte 0xff is not UTF-8 here\n4:5+1 encoding: the byte 0xff is not UTF-8 here\n");
}

static void text_is_canonical(void **state)
{
	(void)state;
	expect("rule a\n  limit   high-risk to 35% of sites in ( b,c ) \"x \\\" y\"\n",
	       "rule a | limit high-risk to 35% of sites in (b, c) \"x \\\" y\"\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stanzas_begin_in_column_one),
		cmocka_unit_test(a_comma_goes_on),
		cmocka_unit_test(nothing_but_a_comma_goes_on),
		cmocka_unit_test(clauses_before_any_stanza_are_said_once),
		cmocka_unit_test(a_broken_clause_is_left_out),
		cmocka_unit_test(a_broken_head_takes_its_clauses_along),
		cmocka_unit_test(a_wrong_comment_spoils_no_clause),
		cmocka_unit_test(text_is_canonical),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
