/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics: what strangers write can't harm the line it is quoted in; counted beyond the limit; sorted by place.
 *
 * # proviso-deps: base
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"

struct made {
	struct arena *arena;
	struct diagnostics d;
};

static int setup(void **state)
{
	struct made *m = calloc(1, sizeof *m);

	m->arena = arena_new();
	diagnostics_init(&m->d, m->arena);
	*state = m;
	return 0;
}

static int teardown(void **state)
{
	struct made *m = *state;

	diagnostics_free(&m->d);
	arena_free(m->arena);
	free(m);
	return 0;
}

static const struct place here = { "a.csv", 3, 7 };

#define text_of(m, ...) diagnose(&(m)->d, SEVERITY_ERROR, "code", here, __VA_ARGS__)->text

static void formats(void **state)
{
	struct made *m = *state;
	struct diagnostic *d = diagnose(&m->d, SEVERITY_WARNING, "dangling-reference", here, "vendor \"%s\"", "acmee");

	assert_string_equal(d->text, "vendor \"acmee\"");
	assert_string_equal(d->code, "dangling-reference");
	assert_int_equal(d->severity, SEVERITY_WARNING);
	assert_int_equal(d->place.line, 3);
	assert_int_equal(d->place.column, 7);
	assert_null(d->source);
	assert_string_equal(text_of(m, "%d %5d %-4d| %+d %05u %x %X", -1, 2, 3, 4, 5u, 255u, 255u),
			    "-1     2 3   | +4 00005 ff FF");
	assert_string_equal(text_of(m, "%zu %td %ld %llu %" PRId64 " %" PRIu32 " %jd", (size_t)1, (ptrdiff_t)-2, 3l,
				    4ull, INT64_MIN, UINT32_MAX, (intmax_t)5),
			    "1 -2 3 4 -9223372036854775808 4294967295 5");
	assert_string_equal(text_of(m, "%c%% %.1f %s", 'x', 2.25, "end"), "x% 2.2 end");
	assert_string_equal(text_of(m, "[%.*s] [%.3s] [%.0s]", 2, "abc", "defghi", "x"), "[ab] [def] []");
	assert_string_equal(text_of(m, "plain"), "plain");
	assert_int_equal(m->d.errors, 5);
	assert_int_equal(m->d.warnings, 1);
}

static void escapes(void **state)
{
	struct made *m = *state;

	assert_string_equal(text_of(m, "%s", "a\nb\x1b[31m\x7f"), "a\\x0ab\\x1b[31m\\x7f");
	assert_string_equal(text_of(m, "%s", "T\xC4\x81maki"), "T\xC4\x81maki");
	assert_string_equal(text_of(m, "%s", "Nokia\xE9"), "Nokia\\xe9");
	assert_string_equal(text_of(m, "%s",
				    "\xE2\x80\xAE"
				    "drow"),
			    "\\xe2\\x80\\xaedrow"); /* right-to-left override */
	assert_string_equal(text_of(m, "%s",
				    "\xC2\x9B"
				    "31m"),
			    "\\xc2\\x9b31m"); /* CSI as one character */
	assert_string_equal(text_of(m, "%c", 7), "\\x07");
}

static void cuts(void **state)
{
	struct made *m = *state;
	char word[1000], expected[300];
	const char *text;

	memset(word, 'w', sizeof word - 1);
	word[sizeof word - 1] = 0;
	memset(expected, 'w', 200);
	strcpy(expected + 200, "...|");
	assert_string_equal(text_of(m, "%s|", word), expected);
	/* A letter of two bytes on the border is left out whole. */
	memcpy(word + 199, "\xC4\x81", 2);
	strcpy(expected + 199, "...");
	assert_string_equal(text_of(m, "%s", word), expected);
	/* Not zero-terminated: nothing behind the precision is read. */
	char *exact = malloc(5);
	memcpy(exact, "exact", 5);
	assert_string_equal(text_of(m, "%.*s", 5, exact), "exact");
	free(exact);
	memset(word, 1, sizeof word - 1);
	text = text_of(m, "%s%s%s%s%s%s%s%s", word, word, word, word, word, word, word, word);
	assert_true(strlen(text) <= 4003);
	assert_string_equal(text + strlen(text) - 3, "...");
}

static void limit(void **state)
{
	struct made *m = *state;

	for (int i = 0; i < LIMIT_DIAGNOSTICS; i++)
		assert_non_null(diagnose(&m->d, SEVERITY_ERROR, "c", here, "%d", i));
	assert_null(diagnose(&m->d, SEVERITY_ERROR, "c", here, "%s", "more"));
	assert_int_equal(m->d.count, LIMIT_DIAGNOSTICS);
	assert_int_equal(m->d.dropped, 1);
	assert_int_equal(m->d.errors, LIMIT_DIAGNOSTICS + 1);
}

static void warnings_leave_room_for_errors(void **state)
{
	struct made *m = *state;
	struct diagnostics more;

	for (int i = 0; i < LIMIT_DIAGNOSTICS; i++)
		assert_non_null(diagnose(&m->d, i % 2 ? SEVERITY_NOTE : SEVERITY_WARNING, "c", here, "%d", i));
	assert_null(diagnose(&m->d, SEVERITY_WARNING, "c", here, "more"));
	assert_non_null(diagnose(&m->d, SEVERITY_ERROR, "c", here, "an error"));
	diagnostics_init(&more, m->arena);
	diagnose(&more, SEVERITY_WARNING, "c", here, "more");
	diagnose(&more, SEVERITY_ERROR, "c", here, "another");
	diagnostics_append(&m->d, &more);
	diagnostics_free(&more);
	assert_int_equal(m->d.count, LIMIT_DIAGNOSTICS + 2);
	assert_string_equal(m->d.items[LIMIT_DIAGNOSTICS + 1].text, "another");
	assert_int_equal(m->d.dropped, 2);
}

static void sorts(void **state)
{
	struct made *m = *state;
	char same[] = "b.csv";
	static const char expected[] = "0369124758";
	static const struct {
		const char *file;
		uint32_t line, column;
	} places[] = {
		{ "b.csv", 1, 1 }, { "a.csv", 9, 1 }, { "a.csv", 9, 1 }, { "b.csv", 1, 1 }, { "a.csv", 9, 2 },
		{ NULL, 0, 0 },    { "b.csv", 1, 2 }, { "a.csv", 9, 3 }, { NULL, 0, 1 },    { NULL, 2, 1 },
	};

	for (size_t i = 0; i < 10; i++) {
		/* The same file under another address. */
		const char *file = i == 9 ? same : places[i].file;

		diagnose(&m->d, SEVERITY_ERROR, "c", (struct place){ file, places[i].line, places[i].column }, "%zu",
			 i);
	}
	diagnostics_sort(&m->d);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(m->d.items[i].text[0], expected[i]);
	diagnostics_sort(&m->d);
	assert_int_equal(m->d.items[9].text[0], '8');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(formats, setup, teardown),
		cmocka_unit_test_setup_teardown(escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(cuts, setup, teardown),
		cmocka_unit_test_setup_teardown(limit, setup, teardown),
		cmocka_unit_test_setup_teardown(warnings_leave_room_for_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(sorts, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
