/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso fmt: the canonical form of a file. A file with a mistake is left as it is: what was not understood can't be
 * printed.
 */
#include "ops/case.h"

#include <errno.h>
#include <string.h>

const struct ops_option fmt_options[] = {
	{ "in-place", 'i', NULL, OPS_ONCE, "write the canonical form back into the file, where it differs" },
	OPTION_JSON,
	OPTIONS_END,
};

const struct ops_exit fmt_exits[] = { { 0, "printed, or written" }, EXITS_END };

const char fmt_page[] =
	"Prints .proviso files in canonical form: stanzas apart by one empty line, clauses indented by two, "
	"single spaces, comments kept, long lines folded after commas. Formatting twice changes nothing. Only the "
	"form is looked at; what a clause means is for proviso check.\n"
	"\n"
	"    proviso fmt policy.proviso\n"
	"    proviso fmt --in-place policies/*.proviso\n";

struct formatted {
	const char *path, *text;
	size_t bytes;
	bool changed;
};

/* A table or a text of another kind has words at the beginning of lines too: no form of ours would do it good. */
static bool is_ours(struct call *call, const struct document *document)
{
	const struct token *first;

	for (size_t i = 0; i < document->count; i++) {
		const char *keyword = document->stanzas[i].head.tokens->text;

		if (!strcmp(keyword, "case") || evidence_knows_stanza(keyword) || policy_knows_stanza(keyword))
			return true;
	}
	if (!document->count)
		return true;
	first = document->stanzas[0].head.tokens;
	diagnose(&call->diagnostics, SEVERITY_ERROR, "unknown-stanza", first->place,
		 "no stanza of this file is known: it is no .proviso file");
	return false;
}

/* The bytes as they lie there; read before they are parsed, so that both are of one reading. */
static bool format(struct call *call, const char *path, struct formatted *f)
{
	size_t errors = call->diagnostics.errors, bytes;
	int error;
	struct source *source = source_open(call->arena, path, path, &error);
	struct document *document;
	struct sink *sink;
	char *text;

	if (!source) {
		call_fail_reading(call, path, error);
		return false;
	}
	text = source_all(source, call->arena, LIMIT_POLICY_FILE, &bytes);
	source_close(source);
	if (!text && source_error(source) == EFBIG) {
		call_fail(call, EXIT_BAD_INPUT, "too-large", "%s has more than %d bytes", path, (int)LIMIT_POLICY_FILE);
		return false;
	} else if (!text) {
		call_fail_reading(call, path, source_error(source));
		return false;
	}
	document = document_parse(call->arena, source_of_memory(call->arena, path, text, bytes), &call->diagnostics);
	if (!document || call->diagnostics.errors > errors || !is_ours(call, document))
		return false;
	sink = sink_to_memory(call->arena);
	document_print(document, sink);
	f->path = path;
	f->text = sink_memory(sink, &f->bytes);
	f->changed = f->bytes != bytes || memcmp(f->text, text, bytes) != 0;
	return true;
}

static void write_back(struct call *call, const struct formatted *f)
{
	struct outfile *out;
	int error;

	if (!f->changed)
		return;
	out = outfile_open(call->arena, f->path, &error);
	if (!out) {
		call_fail(call, EXIT_CANT_CREATE, "cannot-create", "%s can't be written: %s", f->path, strerror(error));
		return;
	}
	sink_put(outfile_sink(out), f->text, f->bytes);
	error = outfile_keep(out);
	if (error)
		call_fail(call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written: %s", f->path, strerror(error));
}

static void print_json(struct call *call, const struct formatted *files, size_t count, bool in_place)
{
	struct json j;

	json_init(&j, call->world->out);
	json_object(&j);
	json_key(&j, "files");
	json_array(&j);
	for (size_t i = 0; i < count; i++) {
		json_object(&j);
		json_key(&j, "path");
		json_text(&j, files[i].path);
		json_key(&j, "changed");
		json_bool(&j, files[i].changed);
		if (!in_place) {
			json_key(&j, "text");
			json_text_n(&j, files[i].text, files[i].bytes);
		}
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}

int fmt_run(struct call *call)
{
	struct formatted *files = arena_array(call->arena, call->operand_count, sizeof *files);
	bool in_place = call_option(call, "in-place");
	size_t count = 0;

	for (size_t i = 0; i < call->operand_count; i++)
		count += format(call, call->operands[i], &files[count]);
	if (call_status(call))
		return call_status(call);
	for (size_t i = 0; in_place && i < count; i++)
		write_back(call, &files[i]);
	if (call_status(call))
		return call_status(call);
	if (call->json)
		print_json(call, files, count, in_place);
	for (size_t i = 0; !call->json && !in_place && i < count; i++)
		sink_put(call->world->out, files[i].text, files[i].bytes);
	return 0;
}
