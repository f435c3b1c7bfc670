/* SPDX-License-Identifier: Apache-2.0 */
/*
 * # proviso-deps: base lang solve net evidence policy assess plan report
 *
 * A whole small case in one input: its files one after the other, each behind a line "=== NAME". Everything that an
 * assessment does is done with it: read, check, weigh, judge, on one thread and on three, and printed in every form.
 *
 *     === policy
 *     rule r ...
 *     === network/elements.csv
 *     element,site,function
 */
#include "assess/assess.h"
#include "report/report.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum { MOST_FILES = 16, DAY = 19888 /* 2024-06-14 */ };

struct piece {
	const char *name;
	const char *text;
	size_t bytes;
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* Cuts the input at its "=== NAME" lines; what stands before the first is the policy. */
static size_t cut(struct arena *a, const char *text, size_t bytes, struct piece pieces[MOST_FILES])
{
	const char *end = text + bytes;
	size_t count = 1;

	pieces[0] = (struct piece){ "policy", text, bytes };
	for (const char *at = text; at < end && count < MOST_FILES;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		if (!newline)
			break;
		if (newline - at > 4 && memcmp(at, "=== ", 4) == 0) {
			pieces[count - 1].bytes = (size_t)(at - pieces[count - 1].text);
			pieces[count++] = (struct piece){ arena_text(a, at + 4, (size_t)(newline - at - 4)),
							  newline + 1, (size_t)(end - newline - 1) };
		}
		at = newline + 1;
	}
	return count;
}

static size_t inputs_of(struct arena *a, const struct piece *pieces, size_t count, const char *folder,
			struct net_input *inputs)
{
	size_t found = 0, bytes = strlen(folder);

	for (size_t i = 0; i < count; i++) {
		enum net_table_name table;

		if (strncmp(pieces[i].name, folder, bytes) == 0 && net_table_of_file(pieces[i].name + bytes, &table))
			inputs[found++] = (struct net_input){ table, source_of_memory(a, pieces[i].name, pieces[i].text,
										      pieces[i].bytes) };
	}
	return found;
}

/* No include leads anywhere: a fuzzer has no folder. */
static struct document *open_nothing(void *context, const char *name, const char *from_file)
{
	(void)context, (void)name, (void)from_file;
	return NULL;
}

static const char *judge(struct arena *a, struct assessment_case *c, unsigned threads, struct diagnostics *d)
{
	struct sink *sink = sink_to_memory(a);
	struct assessment *result;

	c->threads = threads;
	result = assess(a, c, NULL, d);
	result->version = "fuzz";
	report_json(result, sink);
	if (threads == 1) {
		struct report_style style = { .colour = true, .width = 60 };

		report_text(result, &style, sink_to_memory(a));
		report_html(result, NULL, sink_to_memory(a));
		report_questions(result, sink_to_memory(a));
	}
	return sink_memory(sink, NULL);
}

static void read_texts(struct arena *a, const struct piece *pieces, size_t count, struct diagnostics *d,
		       struct evidence *e, const struct policy **policies, size_t *policy_count)
{
	static const struct policy_opener nowhere = { open_nothing, NULL };

	for (size_t i = 0; i < count; i++) {
		bool is_policy = strcmp(pieces[i].name, "policy") == 0;
		struct document *document;

		if (!is_policy && strcmp(pieces[i].name, "evidence") != 0)
			continue;
		document = document_parse(a, source_of_memory(a, pieces[i].name, pieces[i].text, pieces[i].bytes), d);
		if (document && is_policy)
			policies[(*policy_count)++] = policy_read(a, d, &nowhere, document);
		else if (document)
			evidence_add(e, document);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *a = arena_new();
	struct piece pieces[MOST_FILES];
	struct net_input present[MOST_FILES], changes[MOST_FILES];
	const struct policy *policies[MOST_FILES];
	struct weighing weighing = { .on = DAY };
	struct report_style plain = { 0 };
	struct diagnostics d;
	struct assessment_case c = { .title = "fuzz", .policies = policies, .on = DAY, .strs = strs_new(a) };
	size_t count = cut(a, (const char *)bytes, size, pieces), present_count, change_count;
	struct net *before, *after = NULL;

	diagnostics_init(&d, a);
	c.evidence = evidence_new(a, &d);
	read_texts(a, pieces, count, &d, c.evidence, policies, &c.policy_count);
	present_count = inputs_of(a, pieces, count, "network/", present);
	change_count = inputs_of(a, pieces, count, "proposal/", changes);
	before = net_load(a, c.strs, &d, present, present_count, changes, change_count, &after);
	c.net = after ? after : before;
	c.present = after ? before : NULL;
	c.network = after ? "proposed" : "present";
	evidence_check(c.evidence, c.net);
	evidence_weigh(c.evidence, &weighing);
	/* What has mistakes is not judged by the program either. */
	if (!d.errors) {
		const char *one = judge(a, &c, 1, &d), *three = judge(a, &c, 3, &d);

		assert(strcmp(one, three) == 0);
	}
	report_diagnostics(&d, &plain, sink_to_memory(a));
	diagnostics_free(&d);
	arena_free(a);
	return 0;
}
