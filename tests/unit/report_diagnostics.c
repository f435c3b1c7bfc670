/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics on the terminal: where the caret stands under tabs, wide and combining characters, and in long lines.
 *
 * # proviso-deps: base lang solve net evidence policy assess plan report
 */
#include "report_case.h"

struct shown {
	struct arena *arena;
	struct diagnostics all;
};

static int setup(void **state)
{
	struct shown *s = calloc(1, sizeof *s);

	s->arena = arena_new();
	diagnostics_init(&s->all, s->arena);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct shown *s = *state;

	diagnostics_free(&s->all);
	arena_free(s->arena);
	free(s);
	return 0;
}

static void add(struct shown *s, uint32_t column, const char *source, uint32_t width)
{
	struct diagnostic *d =
		diagnose(&s->all, SEVERITY_ERROR, "x", (struct place){ "p.proviso", 3, column }, "wrong");

	d->source = source;
	d->width = width;
}

static const char *print(struct shown *s, bool colour)
{
	struct report_style style = { .colour = colour };
	struct sink *sink = sink_to_memory(s->arena);

	report_diagnostics(&s->all, &style, sink);
	return sink_memory(sink, NULL);
}

static void caret_under_a_word(void **state)
{
	struct shown *s = *state;

	add(s, 8, "forbid hig-risk in core", 8);
	assert_string_equal(print(s, false), "p.proviso:3:8: error: wrong\n"
					     "  forbid hig-risk in core\n"
					     "         ^~~~~~~~\n"
					     "1 error\n");
}

static void tabs_are_as_wide_as_shown(void **state)
{
	struct shown *s = *state;

	/* A tab in column 1 reaches to cell 8, the one behind "ab" to cell 16. */
	add(s, 5, "\tab\tcd", 2);
	assert_string_equal(print(s, false), "p.proviso:3:5: error: wrong\n"
					     "          ab      cd\n"
					     "                  ^~\n"
					     "1 error\n");
}

static void wide_and_combining_characters(void **state)
{
	struct shown *s = *state;

	/* Two cells for the ideograph (3 bytes), one for e with a combining macron (1 + 2 bytes). */
	add(s, 7,
	    "\xE9\x80\x9A"
	    "e\xCC\x84"
	    "xyz",
	    3);
	assert_string_equal(print(s, false), "p.proviso:3:7: error: wrong\n"
					     "  \xE9\x80\x9A"
					     "e\xCC\x84"
					     "xyz\n"
					     "     ^~~\n"
					     "1 error\n");
}

static void something_missing_at_the_end(void **state)
{
	struct shown *s = *state;

	add(s, 10, "forbid in", 1);
	add(s, 4000000000u, "forbid in", 4000000000u);
	assert_string_equal(print(s, false), "p.proviso:3:10: error: wrong\n"
					     "  forbid in\n"
					     "           ^\n"
					     "p.proviso:3:4000000000: error: wrong\n"
					     "  forbid in\n"
					     "           ^\n"
					     "2 errors\n");
}

static void long_lines_are_windowed(void **state)
{
	struct shown *s = *state;
	char line[1001];
	const char *text, *source, *caret;

	memset(line, 'a', sizeof line - 1);
	memcpy(line + 500, "WRONG", 5);
	line[1000] = 0;
	add(s, 501, line, 5);
	text = print(s, false);
	source = strchr(text, '\n') + 1;
	caret = strchr(source, '\n') + 1;
	assert_int_equal(caret - source - 1, 80);
	assert_memory_equal(source, "  ...aaa", 8);
	assert_memory_equal(caret - 5, "a...\n", 5);
	assert_int_equal(strstr(source, "WRONG") - source, strchr(caret, '^') - caret);
	assert_has(caret, "^~~~~\n");
}

/* A word that is longer than the terminal, at each end of the line. */
static void long_words_fill_the_window(void **state)
{
	struct shown *s = *state;
	char line[1001];

	memset(line, 'a', sizeof line - 1);
	line[1000] = 0;
	add(s, 1, line, 1000);
	add(s, 1000, line, 1);
	for (const char *at = print(s, false), *end; (end = strchr(at, '\n')); at = end + 1)
		assert_true(end - at <= 80);
}

static void places_in_part(void **state)
{
	struct shown *s = *state;

	diagnose(&s->all, SEVERITY_ERROR, "x", (struct place){ 0 }, "no file");
	diagnose(&s->all, SEVERITY_WARNING, "x", (struct place){ "a.csv", 0, 0 }, "whole file");
	diagnose(&s->all, SEVERITY_NOTE, "x", (struct place){ "a.csv", 2, 0 }, "whole line");
	diagnose(&s->all, SEVERITY_WARNING, "x", (struct place){ "a\033[1m.csv", 2, 1 }, "escape\r\n");
	assert_string_equal(print(s, false),
			    "error: no file\n"
			    "a.csv: warning: whole file\n"
			    "a.csv:2: note: whole line\n"
			    /* The text of a diagnostic is made visible when it is written, its place here. */
			    "a\xEF\xBF\xBD[1m.csv:2:1: warning: escape\\x0d\\x0a\n"
			    "1 error, 2 warnings\n");
}

static void colour_only_where_asked(void **state)
{
	struct shown *s = *state;

	add(s, 1, "x", 1);
	assert_lacks(print(s, false), "\033");
	assert_has(print(s, true), "\033[1;31merror:\033[0m wrong\n");
}

static void what_is_not_shown_is_counted(void **state)
{
	struct shown *s = *state;

	for (int i = 0; i < LIMIT_DIAGNOSTICS + 7; i++)
		diagnose(&s->all, SEVERITY_ERROR, "x", (struct place){ "a.csv", 1, 0 }, "again");
	assert_has(print(s, false), "\n1007 errors (7 of them not shown)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(caret_under_a_word, setup, teardown),
		cmocka_unit_test_setup_teardown(tabs_are_as_wide_as_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(wide_and_combining_characters, setup, teardown),
		cmocka_unit_test_setup_teardown(something_missing_at_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(long_lines_are_windowed, setup, teardown),
		cmocka_unit_test_setup_teardown(long_words_fill_the_window, setup, teardown),
		cmocka_unit_test_setup_teardown(places_in_part, setup, teardown),
		cmocka_unit_test_setup_teardown(colour_only_where_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_shown_is_counted, setup, teardown),
	};

	return cmocka_run_group_tests_name("report diagnostics", tests, NULL, NULL);
}
