/* SPDX-License-Identifier: Apache-2.0 */
/* proviso test: the `test` stanzas that a policy carries, each a small network and what is expected of it. */
#include "ops/case.h"

#include <string.h>

const struct ops_option test_options[] = { OPTION_JSON, OPTIONS_END };

const struct ops_exit test_exits[] = {
	{ 0, "every test passed" },
	{ 1, "a test failed" },
	EXITS_END,
};

const char test_page[] =
	"Runs the test stanzas of policies: each builds a small network, judges it by the policy it stands in, "
	"and compares what is found with what it expects. Without an operand's test stanzas there is nothing to "
	"fail, and it says so.\n"
	"\n"
	"    proviso test policies/uk-ncsc-2020.proviso\n";

struct tested {
	const char *path;
	struct policy_test_result *results;
	size_t count, failed;
};

static bool run_file(struct call *call, struct documents *documents, const char *word, struct tested *tested)
{
	size_t errors = call->diagnostics.errors;
	struct policy *policy = policy_load(documents, word, NULL, NULL);

	if (!policy || call->diagnostics.errors > errors)
		return false;
	tested->path = word;
	tested->results = assess_run_tests(call->arena, policy, &call->diagnostics, &tested->count);
	for (size_t i = 0; i < tested->count; i++)
		tested->failed += !tested->results[i].passed;
	if (!tested->count)
		diagnose(&call->diagnostics, SEVERITY_WARNING, "no-tests",
			 (struct place){ policy_about(policy).file, 0, 0 }, "the policy carries no tests");
	return true;
}

static void print_text(struct sink *sink, const struct tested *files, size_t count)
{
	size_t passed = 0, failed = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < files[i].count; k++) {
			const struct policy_test_result *r = &files[i].results[k];

			if (r->passed)
				continue;
			sink_printf(sink, "%s:%u: %s failed\n", r->place.file ? r->place.file : files[i].path,
				    r->place.line, r->name);
			if (*r->expected)
				sink_printf(sink, "    expected %s\n    got      %s\n", r->expected, r->got);
			else /* it could not be run */
				sink_printf(sink, "    %s\n", r->got);
		}
		passed += files[i].count - files[i].failed;
		failed += files[i].failed;
	}
	sink_printf(sink, "%zu passed, %zu failed\n", passed, failed);
}

static void print_json(struct sink *sink, const struct tested *files, size_t count)
{
	struct json j;
	size_t passed = 0, failed = 0;

	json_init(&j, sink);
	json_object(&j);
	json_key(&j, "tests");
	json_array(&j);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < files[i].count; k++) {
			const struct policy_test_result *r = &files[i].results[k];

			json_object(&j);
			json_key(&j, "name");
			json_text(&j, r->name);
			json_key(&j, "passed");
			json_bool(&j, r->passed);
			json_key(&j, "file");
			json_text(&j, r->place.file ? r->place.file : files[i].path);
			json_key(&j, "line");
			json_int(&j, r->place.line);
			json_key(&j, "expected");
			json_text(&j, r->expected);
			json_key(&j, "got");
			json_text(&j, r->got);
			json_object_end(&j);
		}
		passed += files[i].count - files[i].failed;
		failed += files[i].failed;
	}
	json_array_end(&j);
	json_key(&j, "passed");
	json_int(&j, (int64_t)passed);
	json_key(&j, "failed");
	json_int(&j, (int64_t)failed);
	json_object_end(&j);
	json_end(&j);
}

int test_run(struct call *call)
{
	struct documents *documents = documents_new(inputs_new(call, NULL));
	struct tested *files = arena_array(call->arena, call->operand_count, sizeof *files);
	size_t count = 0, failed = 0;

	for (size_t i = 0; i < call->operand_count; i++)
		count += run_file(call, documents, call->operands[i], &files[count]);
	if (call_status(call))
		return call_status(call);
	for (size_t i = 0; i < count; i++)
		failed += files[i].failed;
	if (call->json)
		print_json(call->world->out, files, count);
	else
		print_text(call->world->out, files, count);
	return failed ? 1 : 0;
}
