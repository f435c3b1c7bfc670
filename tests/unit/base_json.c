/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON out: always well-formed, whatever it is given.
 *
 * # proviso-deps: base
 */
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
	struct sink *sink;
	struct json json;
};

static int setup(void **state)
{
	struct made *m = calloc(1, sizeof *m);

	m->arena = arena_new();
	m->sink = sink_to_memory(m->arena);
	json_init(&m->json, m->sink);
	*state = m;
	return 0;
}

static int teardown(void **state)
{
	struct made *m = *state;

	arena_free(m->arena);
	free(m);
	return 0;
}

static void nested(struct json *j)
{
	json_object(j);
	json_key(j, "verdict");
	json_text(j, "manageable");
	json_key(j, "findings");
	json_array(j);
	json_object(j);
	json_key(j, "low");
	json_share(j, 350000000);
	json_key(j, "bound");
	json_null(j);
	json_object_end(j);
	json_int(j, INT64_MIN);
	json_bool(j, false);
	json_array(j);
	json_array_end(j);
	json_array_end(j);
	json_key(j, "none");
	json_object(j);
	json_object_end(j);
	json_object_end(j);
	json_end(j);
}

static void layout(void **state)
{
	struct made *m = *state;

	nested(&m->json);
	assert_string_equal(sink_memory(m->sink, NULL), "{\n"
							"  \"verdict\": \"manageable\",\n"
							"  \"findings\": [\n"
							"    {\n"
							"      \"low\": 0.350000000,\n"
							"      \"bound\": null\n"
							"    },\n"
							"    -9223372036854775808,\n"
							"    false,\n"
							"    []\n"
							"  ],\n"
							"  \"none\": {}\n"
							"}\n");
}

static void compact(void **state)
{
	struct made *m = *state;

	m->json.compact = true;
	nested(&m->json);
	assert_string_equal(sink_memory(m->sink, NULL),
			    "{\"verdict\": \"manageable\", \"findings\": [{\"low\": 0.350000000, \"bound\": null}, "
			    "-9223372036854775808, false, []], \"none\": {}}\n");
}

static void texts(void **state)
{
	static const struct {
		const char *text;
		size_t bytes;
		const char *written;
	} rows[] = {
		{ "", 0, "\"\"" },
		{ "a\"b\\c/", 6, "\"a\\\"b\\\\c/\"" },
		{ "\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"" },
		{ "\x01\x1f\x7f", 3, "\"\\u0001\\u001f\x7f\"" },
		{ "a\0b", 3, "\"a\\u0000b\"" },
		{ "T\xC4\x81maki \xF0\x9F\x93\xA1", 12, "\"T\xC4\x81maki \xF0\x9F\x93\xA1\"" },
		{ "\xE9!", 2, "\"\xEF\xBF\xBD!\"" },
		{ "\xC4", 1, "\"\xEF\xBF\xBD\"" },
		{ "\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"" }, /* a surrogate */
		{ "\xFF\"\xFE\n\xC4\x81", 6, "\"\xEF\xBF\xBD\\\"\xEF\xBF\xBD\\n\xC4\x81\"" },
	};
	struct made *m = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sink *s = sink_to_memory(m->arena);
		struct json j;

		json_init(&j, s);
		json_text_n(&j, rows[i].text, rows[i].bytes);
		assert_string_equal(sink_memory(s, NULL), rows[i].written);
	}
}

static void values(void **state)
{
	struct made *m = *state;
	struct json *j = &m->json;

	j->compact = true;
	json_array(j);
	json_text(j, NULL);
	json_micro(j, -1250000);
	json_micro(j, (wide)1 << 100);
	json_share(j, PPB);
	json_share(j, -1);
	json_share(j, INT64_MIN);
	json_date(j, 19723);
	json_date(j, DATE_NONE);
	json_bool(j, true);
	json_array_end(j);
	json_end(j);
	assert_string_equal(sink_memory(m->sink, NULL),
			    "[null, -1.25, 1267650600228229401496703.205376, 1.000000000, -0.000000001, "
			    "-9223372036.854775808, \"2024-01-01\", null, true]\n");
}

static void html(void **state)
{
	struct made *m = *state;

	sink_html(m->sink, "<a href=\"x\">R&D's</a>");
	sink_html(m->sink, "");
	assert_string_equal(sink_memory(m->sink, NULL), "&lt;a href=&quot;x&quot;&gt;R&amp;D&#39;s&lt;/a&gt;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(layout, setup, teardown),
		cmocka_unit_test_setup_teardown(compact, setup, teardown),
		cmocka_unit_test_setup_teardown(texts, setup, teardown),
		cmocka_unit_test_setup_teardown(values, setup, teardown),
		cmocka_unit_test_setup_teardown(html, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
