/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proviso import of documents: they become claims, one .proviso file a document. What the format has no place for is
 * left out and counted; a document that breaks its own standard is refused with the reason.
 */
#include "ops/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct document_of {
	const char *path, *output; /* output NULL: printed */
	struct imported *imported;
};

/* The digest that NAME.sha256 (or so) beside the document promises, or NULL where there is no such file. */
static const char *promised(struct call *call, const char *path, const char *ending, const char *hash, size_t digits)
{
	const char *name = strrchr(path, '/'), *beside = arena_printf(call->arena, "%s.%s", path, ending), *digest;
	struct source *source;
	size_t bytes;
	char *text;
	int error;

	source = source_open(call->arena, beside, beside, &error);
	if (!source)
		return NULL;
	text = source_all(source, call->arena, LIMIT_LINE, &bytes);
	source_close(source);
	digest = text ? checksum_of(call->arena, text, bytes, name ? name + 1 : path, digits) : NULL;
	if (!digest)
		diagnose(&call->diagnostics, SEVERITY_ERROR, "bad-checksum", (struct place){ beside, 0, 0 },
			 "holds no %s of %s", hash, name ? name + 1 : path);
	return digest;
}

/* The document as the file of its claims names it. */
static const char *told_name(struct call *call, const char *path, const char *folder)
{
	const char *name = strrchr(path, '/');
	size_t bytes = folder ? strlen(folder) : 0;

	while (bytes > 1 && folder[bytes - 1] == '/')
		bytes--;
	if (!folder)
		return path;
	if (strncmp(path, folder, bytes) == 0 && path[bytes] == '/')
		return arena_text(call->arena, path + bytes + 1, strlen(path + bytes + 1));
	return name ? name + 1 : path;
}

static const char *output_path(struct call *call, const char *path, const char *folder)
{
	const char *name = strrchr(path, '/'), *dot;

	name = name ? name + 1 : path;
	dot = strrchr(name, '.');
	return path_join(call->arena, folder,
			 arena_printf(call->arena, "%.*s.proviso",
				      dot && dot > name ? (int)(dot - name) : (int)strlen(name), name));
}

static bool import_document(struct call *call, const struct importer *importer, const char *path, struct document_of *d)
{
	const char *folder = call_option(call, "output");
	size_t errors = call->diagnostics.errors;
	struct checksums checksums;
	struct source *source;
	int error;

	source = source_open(call->arena, path, path, &error);
	if (!source) {
		call_fail_reading(call, path, error);
		return false;
	}
	d->path = path;
	d->output = folder ? output_path(call, path, folder) : NULL;
	checksums.sha256 = promised(call, path, "sha256", "SHA-256", 64);
	checksums.sha512 = promised(call, path, "sha512", "SHA-512", 128);
	d->imported = evidence_import(call->arena, importer, source, &checksums, &call->diagnostics);
	source_close(source);
	if (!d->imported || d->imported->refused || call->diagnostics.errors > errors)
		return false;
	for (size_t i = 0; i < d->imported->count; i++)
		if (d->imported->claims[i].file)
			d->imported->claims[i].file = told_name(call, path, folder);
	return true;
}

/* A mistake where no other document gave a claim either: an empty import must not look like a success. */
static void tell_empty(struct call *call, const struct document_of *documents, size_t count, enum severity severity)
{
	for (size_t i = 0; i < count; i++) {
		const struct import_balance *b = &documents[i].imported->balance;
		const struct import_reason *first = b->reason_count ? &b->reasons[0] : NULL;
		struct place place = { documents[i].path, 0, 0 };

		if (first)
			diagnose(&call->diagnostics, severity, "nothing-imported", place,
				 "nothing in it becomes a claim: %zu object%s read, %zu %s, e.g. %s", b->read,
				 b->read == 1 ? "" : "s", first->count, first->reason,
				 first->example ? first->example : "-");
		else
			diagnose(&call->diagnostics, severity, "nothing-imported", place,
				 "nothing in it becomes a claim: no object was read");
	}
}

static int by_output(const void *a, const void *b)
{
	const struct document_of *const *x = a, *const *y = b;
	int order = strcmp((*x)->output, (*y)->output);

	return order ? order : strcmp((*x)->path, (*y)->path);
}

/* Two documents of one name would become one file: the second would take the place of the first without a word. */
static void check_outputs(struct call *call, const struct document_of *documents, size_t count)
{
	const struct document_of **sorted = arena_array(call->arena, count, sizeof *sorted);

	for (size_t i = 0; i < count; i++)
		sorted[i] = &documents[i];
	if (!count || !documents[0].output)
		return;
	qsort(sorted, count, sizeof *sorted, by_output);
	for (size_t i = 1; i < count; i++)
		if (!strcmp(sorted[i]->output, sorted[i - 1]->output))
			call_fail(call, EXIT_USAGE, "same-output", "%s and %s would both be written to %s: rename one",
				  sorted[i - 1]->path, sorted[i]->path, sorted[i]->output);
}

static void write_document(struct call *call, const struct document_of *d)
{
	struct outfile *out;
	int error;

	out = outfile_open(call->arena, d->output, &error);
	if (!out) {
		call_fail(call, EXIT_CANT_CREATE, "cannot-create", "%s can't be created: %s", d->output,
			  strerror(error));
		return;
	}
	imported_print(d->imported, outfile_sink(out));
	error = outfile_keep(out);
	if (error)
		call_fail(call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written: %s", d->output,
			  strerror(error));
}

static void print_json(struct call *call, const struct document_of *documents, size_t count)
{
	struct json j;

	json_init(&j, call->world->out);
	json_object(&j);
	json_key(&j, "documents");
	json_array(&j);
	for (size_t i = 0; i < count; i++) {
		const struct import_balance *b = &documents[i].imported->balance;

		json_object(&j);
		json_key(&j, "path");
		json_text(&j, documents[i].path);
		json_key(&j, "output");
		json_text(&j, documents[i].output);
		json_key(&j, "claims");
		json_int(&j, (int64_t)documents[i].imported->count);
		json_key(&j, "read");
		json_int(&j, (int64_t)b->read);
		json_key(&j, "used");
		json_int(&j, (int64_t)b->used);
		json_key(&j, "left_out");
		json_array(&j);
		for (size_t k = 0; k < b->reason_count; k++) {
			json_object(&j);
			json_key(&j, "reason");
			json_text(&j, b->reasons[k].reason);
			json_key(&j, "count");
			json_int(&j, (int64_t)b->reasons[k].count);
			json_key(&j, "example");
			json_text(&j, b->reasons[k].example);
			json_object_end(&j);
		}
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}

static void print_text(struct call *call, const struct document_of *documents, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct import_balance *b = &documents[i].imported->balance;

		if (!documents[i].output) {
			imported_print(documents[i].imported, call->world->out);
			continue;
		}
		sink_printf(call->world->out, "%s: %zu claim%s in %s; %zu of %zu objects used\n", documents[i].path,
			    documents[i].imported->count, documents[i].imported->count == 1 ? "" : "s",
			    documents[i].output, b->used, b->read);
		for (size_t k = 0; k < b->reason_count; k++)
			sink_printf(call->world->out, "    left out: %zu %s, e.g. %s\n", b->reasons[k].count,
				    b->reasons[k].reason, b->reasons[k].example ? b->reasons[k].example : "");
	}
}

int import_documents(struct call *call, const struct importer *importer, const char *const *paths, size_t path_count)
{
	struct document_of *documents = arena_array(call->arena, path_count + 1, sizeof *documents),
			   *empty = arena_array(call->arena, path_count + 1, sizeof *empty);
	size_t count = 0, empty_count = 0;

	for (size_t i = 0; i < path_count; i++) {
		if (!import_document(call, importer, paths[i], &documents[count]))
			continue;
		if (documents[count].imported->count)
			count++;
		else
			empty[empty_count++] = documents[count];
	}
	tell_empty(call, empty, empty_count, count ? SEVERITY_WARNING : SEVERITY_ERROR);
	check_outputs(call, documents, count);
	if (call->failure || call->diagnostics.errors)
		return call_status(call);
	if (count && documents[0].output && !import_make_folder(call, call_option(call, "output")))
		return call->failure;
	for (size_t i = 0; i < count; i++)
		if (documents[i].output)
			write_document(call, &documents[i]);
	if (call->failure)
		return call->failure;
	if (call->json)
		print_json(call, documents, count);
	else
		print_text(call, documents, count);
	return 0;
}
