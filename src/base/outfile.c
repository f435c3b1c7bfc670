/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that appear whole or not at all: written under a name of their own in the same folder, made durable, renamed.
 * A target that is no regular file (a terminal, a pipe, /dev/null) is written directly: there is nothing to replace.
 */
#include "base/base.h"
#include "base/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 100 };

struct outfile {
	int fd; /* -1 once kept or dropped */
	char *path;
	char *temporary; /* NULL: written directly */
	struct sink *sink;
	bool settled; /* all of it is written and closed */
};

static void drop_at_free(void *context)
{
	outfile_drop(context);
}

/* /dev/stdout and its like name a descriptor, whatever stands behind it: reopening would write over what it holds. */
static int descriptor_named(const char *path)
{
	static const struct {
		const char *path;
		int fd;
	} names[] = { { "/dev/stdout", 1 }, { "/dev/stderr", 2 } };
	char *end;
	long fd;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(path, names[i].path) == 0)
			return names[i].fd;
	if (strncmp(path, "/dev/fd/", 8) != 0 || path[8] < '0' || path[8] > '9')
		return -1;
	fd = strtol(path + 8, &end, 10);
	return *end || fd > INT_MAX ? -1 : (int)fd;
}

/* Opens .NAME.UNIQUE beside the path; the kernel applies the umask, as mkstemp would not. */
static int open_temporary(struct arena *a, struct outfile *o, mode_t mode)
{
	const char *slash = strrchr(o->path, '/'), *name = slash ? slash + 1 : o->path;
	int folder = slash ? (int)(name - o->path) : 0;

	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		char unique[17];
		uint64_t seed = hash_seed();

		hex_print(&seed, sizeof seed, unique);
		o->temporary = arena_printf(a, "%.*s.%.200s.%.6s", folder, o->path, name, unique);
		o->fd = open(o->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (o->fd >= 0 || errno != EEXIST)
			break;
	}
	return o->fd < 0 ? errno : 0;
}

/* A link stays a link: what it points to is replaced. */
static char *follow(struct arena *a, const char *path)
{
	char *real = realpath(path, NULL), *copy;

	if (!real)
		return arena_text(a, path, strlen(path));
	copy = arena_text(a, real, strlen(real));
	free(real);
	return copy;
}

static int open_beside(struct arena *a, struct outfile *o, const char *path)
{
	struct stat st;
	int error;

	if (stat(path, &st) < 0) {
		if (errno != ENOENT)
			return errno;
		o->path = arena_text(a, path, strlen(path));
		return open_temporary(a, o, 0666);
	}
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	if (!S_ISREG(st.st_mode)) {
		o->fd = open(path, O_WRONLY | O_CLOEXEC);
		return o->fd < 0 ? errno : 0;
	}
	if (access(path, W_OK) < 0)
		return errno;
	o->path = follow(a, path);
	error = open_temporary(a, o, 0600);
	/* The new file is as private as the one it replaces. */
	if (!error && fchmod(o->fd, st.st_mode & 0777) < 0) {
		error = errno;
		outfile_drop(o);
	}
	return error;
}

struct outfile *outfile_open(struct arena *a, const char *path, int *error)
{
	struct outfile *o = arena_alloc(a, sizeof *o);
	int named = descriptor_named(path);

	o->fd = -1;
	if (named >= 0) {
		o->fd = fcntl(named, F_DUPFD_CLOEXEC, 0);
		*error = o->fd < 0 ? errno : 0;
	} else if (!*path) {
		*error = ENOENT;
	} else {
		*error = open_beside(a, o, path);
	}
	if (*error)
		return NULL;
	o->sink = sink_to_fd(a, o->fd);
	arena_at_free(a, drop_at_free, o);
	return o;
}

struct sink *outfile_sink(struct outfile *o)
{
	return o->sink;
}

/* The folder's entry has to last as well; a file system that can't promise it (or a folder we may not read) is no failure. */
static void sync_folder(struct outfile *o)
{
	char *slash = strrchr(o->path, '/');
	int fd;

	if (slash)
		slash[1] = 0;
	fd = open(slash ? o->path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

int outfile_settle(struct outfile *o)
{
	int error = o->fd < 0 ? EBADF : sink_flush(o->sink), fd = o->fd;

	if (!error && o->temporary && fsync(fd) < 0)
		error = errno;
	o->fd = -1;
	if (fd >= 0 && close(fd) < 0 && !error && errno != EINTR)
		error = errno;
	o->settled = !error;
	if (error)
		outfile_drop(o);
	return error;
}

int outfile_keep(struct outfile *o)
{
	int error = o->settled ? 0 : outfile_settle(o);

	o->settled = false;
	if (error || !o->temporary)
		return error;
	if (rename(o->temporary, o->path) < 0) {
		error = errno;
		outfile_drop(o);
		return error;
	}
	sync_folder(o);
	o->temporary = NULL;
	return 0;
}

void outfile_drop(struct outfile *o)
{
	if (!o)
		return;
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
	o->settled = false;
	if (o->temporary)
		unlink(o->temporary);
	o->temporary = NULL;
}
