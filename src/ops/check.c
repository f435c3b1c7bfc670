/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso check: every mistake of every file in one run. What a file is, its stanzas say; a folder is a case, which is
 * loaded whole and not judged.
 */
#include "ops/planning.h"

#include <string.h>

const struct ops_option check_options[] = { OPTION_PARAM, OPTION_JSON, OPTIONS_END };

const struct ops_exit check_exits[] = { { 0, "no mistakes; there may be warnings" }, EXITS_END };

const char check_page[] =
	"Reads policies, evidence and case files and prints every mistake with file, line and column, the line "
	"itself, and what was expected. What a file is, is told by its stanzas. A folder is a case: its networks, "
	"policies, evidence and offers are read and checked against each other, without a verdict.\n"
	"\n"
	"    proviso check policies/nz-ticsa.proviso\n"
	"    proviso check examples/aotearoa\n"
	"\n"
	"Warnings (a rule without a source, a rule that names a vendor) do not change the exit status.\n";

enum kind { KIND_POLICY, KIND_EVIDENCE, KIND_CASE, KINDS };

static const char *const kind_names[KINDS] = { "policy", "evidence", "case" };

static enum kind kind_of_stanza(const char *keyword)
{
	if (strcmp(keyword, "case") == 0)
		return KIND_CASE;
	return evidence_knows_stanza(keyword) ? KIND_EVIDENCE : KIND_POLICY;
}

/* What most stanzas are, so that one misspelled keyword is told as the mistake it is. */
static enum kind kind_of(const struct document *document)
{
	size_t counts[KINDS] = { 0 };
	enum kind most = KIND_POLICY;

	for (size_t i = 0; i < document->count; i++) {
		const char *keyword = document->stanzas[i].head.tokens->text;

		if (kind_of_stanza(keyword) != KIND_POLICY || policy_knows_stanza(keyword))
			counts[kind_of_stanza(keyword)]++;
	}
	for (int i = 0; i < KINDS; i++)
		if (counts[i] > counts[most])
			most = (enum kind)i;
	return most;
}

static void check_file(struct call *call, struct documents *documents, const char *path)
{
	size_t errors = call->diagnostics.errors, warnings = call->diagnostics.warnings;
	struct document *document = documents_open(documents, path);
	struct case_file file;
	struct policy *policy = NULL;
	enum kind kind;

	if (!document)
		return;
	kind = kind_of(document);
	if (kind == KIND_CASE)
		case_file_read(call, document, evidence_new(call->arena, &call->diagnostics), &file);
	else if (kind == KIND_EVIDENCE)
		evidence_read(call, evidence_new(call->arena, &call->diagnostics), document);
	else
		policy = policy_read(call->arena, &call->diagnostics, &documents->opener, document);
	if (policy)
		policies_set_params(call, &policy, 1);
	if (call->json || call->diagnostics.errors > errors)
		return;
	sink_printf(call->world->out, "%s: %s, %s\n", path, kind_names[kind],
		    call->diagnostics.warnings > warnings ? "no errors" : "no mistakes");
}

static void check_case(struct call *call, const char *folder)
{
	struct case_wants wants = { .policies = true };
	size_t errors = call->diagnostics.errors;
	struct case_loaded *c;

	/* A case of evidence alone is whole too. */
	wants.network = path_exists(path_join(call->arena, folder, "network")) ||
			path_exists(path_join(call->arena, folder, "proposal"));
	c = case_load(call, folder, &wants);
	if (c && c->net && case_has_offers(c))
		case_check_offers(c);
	if (c && !call->json && call->diagnostics.errors == errors)
		sink_printf(call->world->out, "%s: case, no errors\n", folder);
}

int check_run(struct call *call)
{
	struct documents *documents = documents_new(inputs_new(call, NULL));

	for (size_t i = 0; i < call->operand_count; i++) {
		if (path_is_folder(call->operands[i]))
			check_case(call, call->operands[i]);
		else
			check_file(call, documents, call->operands[i]);
	}
	if (call->json && call_status(call) == 0) {
		diagnostics_sort(&call->diagnostics);
		report_diagnostics_json(&call->diagnostics, 0, call->world->out);
	}
	return call_status(call);
}
