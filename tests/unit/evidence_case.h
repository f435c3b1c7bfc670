/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of evidence share: a small document in, weighed claims out. */
#ifndef PROVISO_TESTS_EVIDENCE_CASE_H
#define PROVISO_TESTS_EVIDENCE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "evidence/evidence.h"

struct evidence_case {
	struct arena *arena;
	struct diagnostics diagnostics;
	struct evidence *evidence;
	int32_t on;
};

static inline int32_t day(const char *text)
{
	int32_t days = DATE_NONE;

	assert_true(date_parse(text, strlen(text), &days));
	return days;
}

static inline void case_read(struct evidence_case *c, const char *text)
{
	struct source *source = source_of_memory(c->arena, "claims.proviso", text, strlen(text));
	struct document *document = document_parse(c->arena, source, &c->diagnostics);

	assert_non_null(document);
	evidence_add(c->evidence, document);
}

static inline void case_weigh(struct evidence_case *c, const char *without)
{
	const char *names[] = { without };
	struct weighing weighing = { .on = c->on, .without = names, .without_count = without != NULL };

	evidence_weigh(c->evidence, &weighing);
}

static inline struct evidence_case *case_new(const char *text)
{
	struct arena *arena = arena_new();
	struct evidence_case *c = arena_alloc(arena, sizeof *c);

	c->arena = arena;
	diagnostics_init(&c->diagnostics, arena);
	c->evidence = evidence_new(arena, &c->diagnostics);
	c->on = day("2024-06-30");
	case_read(c, text);
	case_weigh(c, NULL);
	return c;
}

static inline void case_free(struct evidence_case *c)
{
	struct arena *arena = c->arena;

	diagnostics_free(&c->diagnostics);
	arena_free(arena);
}

/* A case in which nothing was complained about. */
static inline struct evidence_case *case_clean(const char *text)
{
	struct evidence_case *c = case_new(text);

	for (size_t i = 0; i < c->diagnostics.count; i++)
		print_error("%u: %s: %s\n", c->diagnostics.items[i].place.line, c->diagnostics.items[i].code,
			    c->diagnostics.items[i].text);
	assert_int_equal(c->diagnostics.count, 0);
	return c;
}

static inline const struct fact *case_fact(const struct evidence_case *c, enum about_kind about, const char *subject,
					   const char *attribute)
{
	const struct fact *fact = evidence_fact(c->evidence, about, subject, attribute);

	assert_non_null(fact);
	return fact;
}

static inline const struct fact *vendor_fact(const struct evidence_case *c, const char *attribute)
{
	return case_fact(c, ABOUT_VENDOR, "acme", attribute);
}

static inline const struct claim *case_claim(const struct evidence_case *c, const char *name)
{
	uint32_t i = evidence_find(c->evidence, name);

	assert_int_not_equal(i, UINT32_MAX);
	return &c->evidence->claims[i];
}

/* The only diagnostic of a text, by code and a piece of its words. */
static inline void assert_complaint(const char *text, const char *code, const char *words)
{
	struct evidence_case *c = case_new(text);

	if (c->diagnostics.count != 1)
		for (size_t i = 0; i < c->diagnostics.count; i++)
			print_error("%s: %s\n", c->diagnostics.items[i].code, c->diagnostics.items[i].text);
	assert_int_equal(c->diagnostics.count, 1);
	assert_string_equal(c->diagnostics.items[0].code, code);
	if (!strstr(c->diagnostics.items[0].text, words))
		fail_msg("\"%s\" is not in \"%s\"", words, c->diagnostics.items[0].text);
	case_free(c);
}

#endif
