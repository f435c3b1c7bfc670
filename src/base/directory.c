/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names in a folder, sorted, so that what is read from it does not depend on the file system's order.
 */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct names {
	struct dirent_name *items;
	size_t count, room;
};

static int by_name(const void *left, const void *right)
{
	const struct dirent_name *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* Links are followed: a case may be put together from them. */
static char kind_of(int folder, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type == DT_REG)
		return 'f';
	if (entry->d_type == DT_DIR)
		return 'd';
	if (fstatat(folder, entry->d_name, &st, 0) < 0)
		return 'o';
	return S_ISREG(st.st_mode) ? 'f' : S_ISDIR(st.st_mode) ? 'd' : 'o';
}

static int read_names(struct arena *a, DIR *folder, struct names *names)
{
	struct dirent *entry;

	while ((errno = 0, entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		*array_add(names) = (struct dirent_name){
			arena_text(a, entry->d_name, strlen(entry->d_name)),
			kind_of(dirfd(folder), entry),
		};
	}
	return errno;
}

int directory_list(struct arena *a, const char *path, struct dirent_name **out, size_t *count)
{
	struct names names = { 0 };
	DIR *folder = opendir(path);
	int error;

	*out = NULL;
	*count = 0;
	if (!folder)
		return -1;
	error = read_names(a, folder, &names);
	closedir(folder);
	if (!error && names.count) {
		qsort(names.items, names.count, sizeof *names.items, by_name);
		*out = arena_array(a, names.count, sizeof **out);
		memcpy(*out, names.items, names.count * sizeof **out);
		*count = names.count;
	}
	free(names.items);
	errno = error;
	return error ? -1 : 0;
}
