/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inputs: what an operation opened, so that a result can name all it rests on with its hash. Paths in a result start
 * from the case's folder, so that the same case gives the same bytes wherever it lies.
 */
#include "ops/case.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void free_items(void *context)
{
	struct inputs *inputs = context;

	free(inputs->items);
}

struct inputs *inputs_new(struct call *call, const char *folder)
{
	struct inputs *inputs = arena_alloc(call->arena, sizeof *inputs);

	inputs->call = call;
	inputs->folder = folder;
	arena_at_free(call->arena, free_items, inputs);
	return inputs;
}

/* The part of a path behind the case's folder; NULL where it does not lie in there. */
static const char *within_case(const struct inputs *inputs, const char *path)
{
	size_t bytes = inputs->folder ? strlen(inputs->folder) : 0;

	return bytes && strncmp(path, inputs->folder, bytes) == 0 && path[bytes] == '/' ? path + bytes + 1 : NULL;
}

/* A policy of the shelf is told by its name alone: where the shelf stands is the machine's business. */
static const char *told_path(struct inputs *inputs, const char *path)
{
	struct arena *a = inputs->call->arena;
	const char *shelf = shelf_folder(a);
	size_t bytes = strlen(shelf);

	if (bytes && strncmp(path, shelf, bytes) == 0 && path[bytes] == '/')
		return arena_printf(a, "<policies>/%s", path + bytes + 1);
	return within_case(inputs, path) ? within_case(inputs, path) : path;
}

static struct source *open_any(struct inputs *inputs, const char *path)
{
	int error;
	struct source *source = source_open(inputs->call->arena, path, path, &error);

	if (!source) {
		call_fail_reading(inputs->call, path, error);
		return NULL;
	}
	*array_add(inputs) =
		(struct input){ told_path(inputs, arena_text(inputs->call->arena, path, strlen(path))), source };
	return source;
}

bool inputs_is_file(struct inputs *inputs, const char *path)
{
	if (!path_is_pipe(path))
		return true;
	call_fail(inputs->call, EXIT_BAD_INPUT, "not-a-file", "%s is a pipe or a device: what %s has to be a file", path,
		  within_case(inputs, path) ? "lies in a case's folder" : "another file names");
	return false;
}

struct source *inputs_open(struct inputs *inputs, const char *path)
{
	bool may_be_pipe = !within_case(inputs, path) && call_was_given(inputs->call, path);

	return !may_be_pipe && !inputs_is_file(inputs, path) ? NULL : open_any(inputs, path);
}

struct source *inputs_open_capture(struct inputs *inputs, const char *path)
{
	struct call *call = inputs->call;
	struct source *source;
	int fd;

	if (strcmp(path, "-") != 0)
		return open_any(inputs, path);
	if (isatty(STDIN_FILENO)) {
		call_fail(call, EXIT_USAGE, "no-capture",
			  "- is standard input, and that is a terminal: tcpdump -w - | proviso watch --read -");
		return NULL;
	}
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (fd < 0) {
		call_fail_reading(call, path, errno);
		return NULL;
	}
	source = source_of_descriptor(call->arena, fd, path);
	*array_add(inputs) = (struct input){ path, source };
	return source;
}

static int by_path(const void *left, const void *right)
{
	const struct assessment_input *a = left, *b = right;

	return strcmp(a->path, b->path);
}

const struct assessment_input *inputs_list(struct inputs *inputs, size_t *count)
{
	struct arena *a = inputs->call->arena;
	struct assessment_input *list = arena_array(a, inputs->count + 1, sizeof *list);

	for (size_t i = 0; i < inputs->count; i++) {
		char *hex = arena_alloc(a, 65);

		source_sha256(inputs->items[i].source, hex);
		list[i] = (struct assessment_input){ inputs->items[i].path, hex };
	}
	qsort(list, inputs->count, sizeof *list, by_path);
	*count = inputs->count;
	return list;
}

const char *path_join(struct arena *a, const char *folder, const char *name)
{
	size_t bytes = strlen(folder);

	while (bytes > 1 && folder[bytes - 1] == '/')
		bytes--;
	if (name[0] == '/' || !bytes)
		return arena_text(a, name, strlen(name));
	if (bytes == 1 && folder[0] == '/')
		return arena_printf(a, "/%s", name);
	return arena_printf(a, "%.*s/%s", (int)bytes, folder, name);
}

const char *path_folder(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return "";
	return slash == path ? "/" : arena_text(a, path, (size_t)(slash - path));
}

const char *path_beside(struct arena *a, const char *name, const char *from_file)
{
	return path_join(a, from_file ? path_folder(a, from_file) : "", name);
}

bool path_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool path_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool path_is_pipe(const char *path)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return true;
	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* What stands at a path, or at standard input; false where nothing does. */
static bool look_at(const char *path, struct stat *st)
{
	return (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, st) : stat(path, st)) == 0;
}

static bool same_file(const struct stat *a, const struct stat *b, const char *path_a, const char *path_b)
{
	if (strcmp(path_a, "-") == 0 && strcmp(path_b, "-") == 0)
		return true;
	return S_ISREG(a->st_mode) && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

void inputs_refuse_twice(struct call *call, const char *const *paths, size_t count)
{
	struct stat *stats = arena_array(call->arena, count + 1, sizeof *stats);

	for (size_t i = 0; i < count; i++) {
		if (!look_at(paths[i], &stats[i]))
			memset(&stats[i], 0, sizeof *stats); /* opening it says why */
		for (size_t k = 0; k < i; k++)
			if (same_file(&stats[i], &stats[k], paths[i], paths[k])) {
				call_fail(call, EXIT_USAGE, "capture-twice",
					  "%s is the same file as %s: each of its frames would count twice", paths[i],
					  paths[k]);
				break;
			}
	}
}
