/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doc/watch.md holds what it says: every check and every threshold of the program has its row there, with the words the
 * program has, and no row is about one that the program has not.
 *
 * # proviso-deps: base lang wire net evidence policy watch
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"
#include "watch/watch.h"

static char *page_of(struct arena *arena)
{
	const char *root = getenv("PROVISO_SOURCE");
	const char *path = arena_printf(arena, "%s/doc/watch.md", root ? root : ".");
	struct source *source;
	size_t count;
	int error;

	source = source_open(arena, path, path, &error);
	assert_non_null(source);
	return source_all(source, arena, 1 << 20, &count);
}

static void expect_row(const char *page, const char *row)
{
	if (!strstr(page, row))
		fail_msg("doc/watch.md misses the row\n%s", row);
}

/* Rows of the table under a heading, without head and rule. */
static size_t rows_under(const char *page, const char *heading)
{
	const char *at = strstr(page, heading);
	size_t count = 0;

	assert_non_null(at);
	at = strstr(at, "\n| ---");
	assert_non_null(at);
	for (at = strchr(at + 1, '\n') + 1; *at == '|'; at = strchr(at, '\n') + 1)
		count++;
	return count;
}

static void checks_are_there(void **state)
{
	struct arena *arena = arena_new();
	const char *page = page_of(arena);

	(void)state;
	for (size_t i = 0; i < watch_check_count(); i++) {
		const struct watch_check *c = watch_check_at(i);

		expect_row(page, arena_printf(arena, "| `%s` | %s | %s | %s | %s |\n", c->name, watch_certainty_name(c->most),
					      c->technique ? c->technique : "", c->help, c->next));
	}
	assert_int_equal(rows_under(page, "## What is looked for"), watch_check_count());
	arena_free(arena);
}

static void thresholds_are_there(void **state)
{
	struct arena *arena = arena_new();
	const char *page = page_of(arena);

	(void)state;
	for (size_t i = 0; i < watch_threshold_count(); i++) {
		const struct watch_threshold *t = watch_threshold_at(i);

		expect_row(page, arena_printf(arena, "| `%s` | %lld | %s | %s |\n", t->name, (long long)t->value, t->unit, t->why));
		assert_true(t->least <= t->value && t->value <= t->most);
		assert_int_equal(watch_threshold_find(t->name), i);
	}
	assert_int_equal(rows_under(page, "## Thresholds"), watch_threshold_count());
	arena_free(arena);
}

static void checks_are_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < watch_check_count(); i++)
		assert_true(strcmp(watch_check_at(i - 1)->name, watch_check_at(i)->name) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_are_there),
		cmocka_unit_test(thresholds_are_there),
		cmocka_unit_test(checks_are_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
