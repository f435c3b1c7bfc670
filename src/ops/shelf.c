/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shelf: policies that are known by name, from the installed folder. A program that runs from where it was built
 * finds those of its source tree; PROVISO_POLICIES names another folder.
 */
#include "ops/case.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of the running program, or NULL. */
static const char *program_folder(struct arena *a)
{
	char path[4096];
	ssize_t bytes = readlink("/proc/self/exe", path, sizeof path);

	if (bytes <= 0 || bytes == (ssize_t)sizeof path)
		return NULL;
	return path_folder(a, arena_text(a, path, (size_t)bytes));
}

const char *shelf_folder(struct arena *a)
{
	static const char *const beside[] = { "/../share/proviso/policies", "/../policies" };
	const char *named = getenv("PROVISO_POLICIES"), *program = program_folder(a);

	if (named && *named)
		return named;
	for (size_t i = 0; program && i < sizeof beside / sizeof *beside; i++) {
		const char *path = arena_printf(a, "%s%s", program, beside[i]);
		char *real = path_is_folder(path) ? realpath(path, NULL) : NULL;

		if (real) {
			path = arena_text(a, real, strlen(real));
			free(real);
			return path;
		}
	}
	return PROVISO_POLICIES;
}

/* "a/b", "b.proviso" are paths, "uk-ncsc-2020" is a name. */
static bool is_path(const char *word)
{
	size_t bytes = strlen(word);

	return strchr(word, '/') || (bytes > 8 && strcmp(word + bytes - 8, ".proviso") == 0);
}

const char *shelf_path(struct arena *a, const char *word, const char *from_file)
{
	if (is_path(word))
		return path_beside(a, word, from_file);
	return arena_printf(a, "%s/%s.proviso", shelf_folder(a), word);
}

/* ---- documents --------------------------------------------------------------------------------------------------- */

static struct document *open_included(void *context, const char *name, const char *from_file)
{
	struct documents *documents = context;
	struct call *call = documents->inputs->call;
	const char *path = shelf_path(call->arena, name, from_file);

	/* Who includes it says so, with the place. */
	if (access(path, F_OK) < 0) {
		call_failed(call, EXIT_MISSING_INPUT);
		return NULL;
	}
	return documents_open(documents, path);
}

static void free_items(void *context)
{
	struct documents *documents = context;

	free(documents->items);
}

struct documents *documents_new(struct inputs *inputs)
{
	struct documents *documents = arena_alloc(inputs->call->arena, sizeof *documents);

	documents->inputs = inputs;
	documents->opener = (struct policy_opener){ open_included, documents };
	arena_at_free(inputs->call->arena, free_items, documents);
	return documents;
}

/*
 * One file is one document however many names lead to it: what includes itself by another spelling of its path is a
 * circle all the same, and no mistake is told twice.
 */
static struct opened *find_opened(struct documents *documents, const char *path, struct stat *st)
{
	bool there = stat(path, st) == 0;

	for (size_t i = 0; i < documents->count; i++) {
		struct opened *opened = &documents->items[i];

		if (there ? opened->device == st->st_dev && opened->file == st->st_ino
			  : strcmp(opened->path, path) == 0)
			return opened;
	}
	return NULL;
}

struct document *documents_open(struct documents *documents, const char *path)
{
	struct call *call = documents->inputs->call;
	struct stat st = { 0 };
	struct opened *opened = find_opened(documents, path, &st);
	struct document *document = NULL;
	struct source *source;

	if (opened)
		return opened->document;
	source = inputs_open(documents->inputs, path);
	if (source) {
		document = document_parse(call->arena, source, &call->diagnostics);
		source_close(source);
	}
	*array_add(documents) =
		(struct opened){ arena_text(call->arena, path, strlen(path)), st.st_dev, st.st_ino, document };
	return document;
}

/* ---- policies ---------------------------------------------------------------------------------------------------- */

/* The policy on the shelf that a name may have meant, or NULL. */
static const char *nearest_on_shelf(struct arena *a, const char *word)
{
	struct dirent_name *names;
	const char **candidates;
	size_t count, known = 0;

	if (directory_list(a, shelf_folder(a), &names, &count) < 0)
		return NULL;
	candidates = arena_array(a, count + 1, sizeof *candidates);
	for (size_t i = 0; i < count; i++) {
		size_t bytes = strlen(names[i].name);

		if (is_path(names[i].name))
			candidates[known++] = arena_text(a, names[i].name, bytes - strlen(".proviso"));
	}
	return nearest_text(word, candidates, known);
}

/* "there is no policy "uk-ncsc-2021" in ... (did you mean ...?)" */
static const char *why_missing(struct arena *a, const char *word, const char *path)
{
	const char *nearest;

	if (is_path(word))
		return arena_printf(a, "%s does not exist", path);
	nearest = nearest_on_shelf(a, word);
	if (nearest)
		return arena_printf(a, "there is no policy \"%s\" in %s (did you mean \"%s\"?)", word, shelf_folder(a),
				    nearest);
	return arena_printf(a, "there is no policy \"%s\" in %s (a file is named by its path, ./NAME.proviso)", word,
			    shelf_folder(a));
}

struct policy *policy_load(struct documents *documents, const char *word, const struct document *from,
			   const struct token *at)
{
	struct call *call = documents->inputs->call;
	const char *path = shelf_path(call->arena, word, from ? from->file : NULL);
	struct document *document;

	if (access(path, F_OK) < 0) {
		if (from)
			document_diagnose(from, &call->diagnostics, SEVERITY_ERROR, "missing-input", at, "%s",
					  why_missing(call->arena, word, path));
		else
			call_fail(call, EXIT_MISSING_INPUT, "missing-input", "%s",
				  why_missing(call->arena, word, path));
		call_failed(call, EXIT_MISSING_INPUT);
		return NULL;
	}
	document = documents_open(documents, path);
	if (!document)
		return NULL;
	return policy_read(call->arena, &call->diagnostics, &documents->opener, document);
}

static void set_param(struct call *call, struct policy *const *policies, size_t count, const char *given)
{
	const char *equals = strchr(given, '='), *name;
	bool known = false;

	if (!equals || equals == given) {
		call_fail(call, EXIT_USAGE, "bad-param", "--param needs NAME=VALUE, and \"%s\" is not", given);
		return;
	}
	name = arena_text(call->arena, given, (size_t)(equals - given));
	for (size_t i = 0; i < count; i++) {
		if (!policy_has_param(policies[i], name))
			continue;
		known = true;
		if (!policy_set_param(policies[i], &call->diagnostics, name, equals + 1))
			call_failed(call, EXIT_USAGE);
	}
	if (!known)
		call_fail(call, EXIT_USAGE, "unknown-param", "no policy of this case has a param \"%s\"", name);
}

void policies_set_params(struct call *call, struct policy *const *policies, size_t count)
{
	size_t given;
	const char **params = call_options(call, "param", &given);

	for (size_t i = 0; i < given; i++) {
		size_t name = strcspn(params[i], "="), before = 0;

		while (before < i && (strncmp(params[before], params[i], name) || params[before][name] != '='))
			before++;
		if (before < i)
			call_fail(call, EXIT_USAGE, "option-twice", "--param %.*s is given twice", (int)name,
				  params[i]);
		else
			set_param(call, policies, count, params[i]);
	}
}
