/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sinks, sources, files that appear whole or not at all, folders. Full disks and closed pipes are ordinary tests.
 *
 * # proviso-deps: base
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/base.h"

struct made {
	struct arena *arena;
	char folder[64];
};

static int setup(void **state)
{
	struct made *m = calloc(1, sizeof *m);

	m->arena = arena_new();
	strcpy(m->folder, "/tmp/proviso-files-XXXXXX");
	*state = m;
	return mkdtemp(m->folder) ? 0 : -1;
}

static int teardown(void **state)
{
	struct made *m = *state;
	struct dirent_name *names;
	size_t count;

	directory_list(m->arena, m->folder, &names, &count);
	for (size_t i = 0; i < count; i++)
		remove(arena_printf(m->arena, "%s/%s", m->folder, names[i].name));
	rmdir(m->folder);
	arena_free(m->arena);
	free(m);
	return 0;
}

static char *path_of(struct made *m, const char *name)
{
	return arena_printf(m->arena, "%s/%s", m->folder, name);
}

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* The whole file, or "(none)". */
static const char *file_text(struct made *m, const char *path)
{
	int error;
	size_t count;
	struct source *s = source_open(m->arena, path, path, &error);

	return s ? source_all(s, m->arena, 1 << 20, &count) : "(none)";
}

static size_t names_in(struct made *m)
{
	struct dirent_name *names;
	size_t count;

	assert_int_equal(directory_list(m->arena, m->folder, &names, &count), 0);
	return count;
}

static void memory_sink(void **state)
{
	struct made *m = *state;
	struct sink *s = sink_to_memory(m->arena);
	char *large = malloc(3 << 20);
	size_t count;

	assert_string_equal(sink_memory(s, &count), "");
	assert_int_equal(count, 0);
	sink_text(s, "abc");
	sink_char(s, 'd');
	sink_printf(s, " %d", 42);
	sink_put(s, "\0x", 2);
	assert_memory_equal(sink_memory(s, &count), "abcd 42\0x", 10);
	assert_int_equal(count, 9);
	memset(large, 'L', 3 << 20);
	large[(3 << 20) - 1] = 0;
	sink_printf(s, "%s|", large);
	sink_put(s, large, (3 << 20) - 1);
	for (int i = 0; i < 5000; i++)
		sink_char(s, 'c');
	assert_int_equal(strlen(sink_memory(s, &count) + 9), 2 * ((3 << 20) - 1) + 1 + 5000);
	assert_int_equal(count, 9 + 2 * ((3 << 20) - 1) + 1 + 5000);
	assert_int_equal(sink_flush(s), 0);
	free(large);
}

static void descriptor_sink(void **state)
{
	struct made *m = *state;
	char *path = path_of(m, "out"), *large = arena_alloc(m->arena, 200001);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	struct sink *s = sink_to_fd(m->arena, fd);
	const char *text;

	for (int i = 0; i < 20000; i++)
		sink_printf(s, "%06d\n", i);
	memset(large, 'x', 200000);
	sink_text(s, large);
	sink_char(s, '!');
	assert_int_equal(sink_flush(s), 0);
	assert_int_equal(sink_flush(s), 0);
	close(fd);
	text = file_text(m, path);
	assert_int_equal(strlen(text), 140000 + 200001);
	assert_memory_equal(text + 139993, "019999\nxxx", 10);
	assert_int_equal(text[340000], '!');
}

static void failing_sinks(void **state)
{
	struct made *m = *state;
	int full = open("/dev/full", O_WRONLY), ends[2];
	struct sink *s = sink_to_fd(m->arena, full);

	sink_text(s, "x");
	assert_int_equal(sink_flush(s), ENOSPC);
	/* It sticks, and nothing more is tried. */
	for (int i = 0; i < 100000; i++)
		sink_text(s, "more");
	assert_int_equal(sink_flush(s), ENOSPC);
	close(full);

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	s = sink_to_fd(m->arena, ends[1]);
	sink_text(s, "x");
	assert_int_equal(sink_flush(s), EPIPE);
	close(ends[1]);
	s = sink_to_fd(m->arena, 9999);
	sink_text(s, "x");
	assert_int_equal(sink_flush(s), EBADF);
}

static void kept_or_dropped(void **state)
{
	struct made *m = *state;
	char *path = path_of(m, "report.json");
	struct outfile *o;
	struct stat st;
	mode_t mask = umask(0);
	int error;

	umask(mask);
	o = outfile_open(m->arena, path, &error);
	assert_non_null(o);
	sink_text(outfile_sink(o), "whole");
	assert_string_equal(file_text(m, path), "(none)");
	assert_int_equal(outfile_keep(o), 0);
	assert_string_equal(file_text(m, path), "whole");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0666 & ~mask);
	assert_int_equal(names_in(m), 1);

	/* The old one stands until the new one is kept. */
	assert_int_equal(chmod(path, 0640), 0);
	o = outfile_open(m->arena, path, &error);
	sink_text(outfile_sink(o), "half");
	assert_int_equal(sink_flush(outfile_sink(o)), 0);
	assert_int_equal(names_in(m), 2);
	outfile_drop(o);
	outfile_drop(o);
	assert_int_equal(names_in(m), 1);
	assert_string_equal(file_text(m, path), "whole");

	o = outfile_open(m->arena, path, &error);
	sink_text(outfile_sink(o), "second");
	assert_int_equal(outfile_keep(o), 0);
	assert_string_equal(file_text(m, path), "second");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(outfile_keep(o), EBADF);
	outfile_drop(NULL);

	/* Settled it is whole and not there yet; a failure shows then. */
	o = outfile_open(m->arena, path, &error);
	sink_text(outfile_sink(o), "third");
	assert_int_equal(outfile_settle(o), 0);
	assert_string_equal(file_text(m, path), "second");
	assert_int_equal(names_in(m), 2);
	assert_int_equal(outfile_keep(o), 0);
	assert_string_equal(file_text(m, path), "third");
	o = outfile_open(m->arena, path, &error);
	assert_int_equal(outfile_settle(o), 0);
	outfile_drop(o);
	assert_int_equal(names_in(m), 1);
	assert_int_equal(outfile_keep(o), EBADF);
}

static void not_kept(void **state)
{
	struct made *m = *state;
	struct arena *a = arena_new();
	char *path = path_of(m, "x"), *folder = path_of(m, "folder");
	struct outfile *o;
	int error;

	/* Forgotten: the arena's end drops it. */
	o = outfile_open(a, path, &error);
	sink_text(outfile_sink(o), "forgotten");
	arena_free(a);
	assert_int_equal(names_in(m), 0);

	assert_null(outfile_open(m->arena, path_of(m, "nowhere/x"), &error));
	assert_int_equal(error, ENOENT);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_null(outfile_open(m->arena, folder, &error));
	assert_int_equal(error, EISDIR);
	assert_null(outfile_open(m->arena, "", &error));
	assert_int_equal(error, ENOENT);

	/* A sink that fails keeps the old file: its descriptor is closed under it. */
	put_file(path, "old");
	o = outfile_open(m->arena, path, &error);
	sink_text(outfile_sink(o), "new");
	int full = open("/dev/full", O_WRONLY);
	for (int fd = 3; fd < 64; fd++) {
		char link[64], target[200];
		ssize_t n;

		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		n = readlink(link, target, sizeof target - 1);
		if (n > 0 && (target[n] = 0, strstr(target, "/.x.")))
			assert_int_equal(dup2(full, fd), fd);
	}
	close(full);
	assert_int_equal(outfile_keep(o), ENOSPC);
	assert_string_equal(file_text(m, path), "old");
	assert_int_equal(names_in(m), 2);
}

static void direct(void **state)
{
	struct made *m = *state;
	char *path = path_of(m, "target"), *link = path_of(m, "link"), text[16] = "";
	struct outfile *o;
	struct stat st;
	int error, ends[2];

	o = outfile_open(m->arena, "/dev/full", &error);
	assert_non_null(o);
	sink_text(outfile_sink(o), "x");
	assert_int_equal(outfile_keep(o), ENOSPC);
	o = outfile_open(m->arena, "/dev/null", &error);
	sink_text(outfile_sink(o), "x");
	assert_int_equal(outfile_keep(o), 0);

	assert_int_equal(pipe(ends), 0);
	o = outfile_open(m->arena, arena_printf(m->arena, "/dev/fd/%d", ends[1]), &error);
	sink_text(outfile_sink(o), "through");
	assert_int_equal(outfile_keep(o), 0);
	assert_int_equal(read(ends[0], text, sizeof text), 7);
	assert_string_equal(text, "through");
	close(ends[0]);
	close(ends[1]);
	assert_null(outfile_open(m->arena, "/dev/fd/9999", &error));
	assert_int_equal(error, EBADF);

	/* A link stays a link. */
	put_file(path, "old");
	assert_int_equal(symlink("target", link), 0);
	o = outfile_open(m->arena, link, &error);
	sink_text(outfile_sink(o), "new");
	assert_int_equal(outfile_keep(o), 0);
	assert_string_equal(file_text(m, path), "new");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void sources(void **state)
{
	struct made *m = *state;
	char *path = path_of(m, "in"), hex[65], expected[65], bytes[4];
	struct source *s;
	size_t count;
	int error;

	put_file(path, "abcdefgh");
	s = source_open(m->arena, path, "shown.csv", &error);
	assert_non_null(s);
	assert_int_equal(error, 0);
	assert_string_equal(source_name(s), "shown.csv");
	assert_int_equal(source_expected(s), 8);
	assert_int_equal(source_read(s, bytes, 3), 3);
	assert_memory_equal(bytes, "abc", 3);
	source_sha256(s, hex);
	sha256_hex("abc", 3, expected);
	assert_string_equal(hex, expected);
	assert_string_equal(source_all(s, m->arena, 5, &count), "defgh");
	assert_int_equal(count, 5);
	source_close(s);
	source_close(s);
	source_close(NULL);
	source_sha256(s, hex);
	sha256_hex("abcdefgh", 8, expected);
	assert_string_equal(hex, expected);
	assert_int_equal(source_read(s, bytes, 3), 0);

	s = source_open(m->arena, path, path, &error);
	assert_null(source_all(s, m->arena, 7, &count));
	assert_int_equal(source_error(s), EFBIG);
	assert_null(source_open(m->arena, path_of(m, "none"), "none", &error));
	assert_int_equal(error, ENOENT);
	assert_null(source_open(m->arena, m->folder, "folder", &error));
	assert_int_equal(error, EISDIR);

	s = source_of_memory(m->arena, "memory", "xyz", 3);
	assert_int_equal(source_read(s, bytes, 2), 2);
	assert_string_equal(source_all(s, m->arena, 1, &count), "z");
	source_sha256(s, hex);
	sha256_hex("xyz", 3, expected);
	assert_string_equal(hex, expected);
	s = source_of_memory(m->arena, "empty", "", 0);
	assert_string_equal(source_all(s, m->arena, 0, &count), "");
	assert_int_equal(count, 0);
}

/* A size that is not known beforehand: /proc says 0, a pipe nothing. */
static void unknown_size(void **state)
{
	struct made *m = *state;
	struct source *s;
	size_t count;
	int error, ends[2];
	char *text;

	s = source_open(m->arena, "/proc/self/maps", "maps", &error);
	text = source_all(s, m->arena, 1 << 24, &count);
	assert_non_null(text);
	assert_int_equal(strlen(text), count);
	assert_true(count > 100);

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[1], F_SETPIPE_SZ, 1 << 18) < 0, 0);
	text = calloc(1, 150001);
	memset(text, 'p', 150000);
	assert_int_equal(write(ends[1], text, 150000), 150000);
	close(ends[1]);
	s = source_open(m->arena, arena_printf(m->arena, "/dev/fd/%d", ends[0]), "pipe", &error);
	assert_string_equal(source_all(s, m->arena, 1 << 20, &count), text);
	assert_int_equal(count, 150000);
	close(ends[0]);
	free(text);
}

static void folders(void **state)
{
	static const char *const expected[] = { ".hidden", "A", "B", "a", "b", "link", "loop", "\xC4\x81" };
	static const char kinds[] = "fffdffof";
	struct made *m = *state;
	struct dirent_name *names;
	size_t count;

	assert_int_equal(directory_list(m->arena, m->folder, &names, &count), 0);
	assert_int_equal(count, 0);
	put_file(path_of(m, "b"), "");
	put_file(path_of(m, "B"), "");
	put_file(path_of(m, "A"), "");
	put_file(path_of(m, ".hidden"), "");
	put_file(path_of(m, "\xC4\x81"), "");
	assert_int_equal(mkdir(path_of(m, "a"), 0700), 0);
	assert_int_equal(symlink("b", path_of(m, "link")), 0);
	assert_int_equal(symlink("loop", path_of(m, "loop")), 0);
	assert_int_equal(directory_list(m->arena, m->folder, &names, &count), 0);
	assert_int_equal(count, 8);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(names[i].name, expected[i]);
		assert_int_equal(names[i].kind, kinds[i]);
	}
	assert_int_equal(directory_list(m->arena, path_of(m, "none"), &names, &count), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(directory_list(m->arena, path_of(m, "b"), &names, &count), -1);
	assert_int_equal(errno, ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(memory_sink, setup, teardown),
		cmocka_unit_test_setup_teardown(descriptor_sink, setup, teardown),
		cmocka_unit_test_setup_teardown(failing_sinks, setup, teardown),
		cmocka_unit_test_setup_teardown(kept_or_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(not_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(direct, setup, teardown),
		cmocka_unit_test_setup_teardown(sources, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_size, setup, teardown),
		cmocka_unit_test_setup_teardown(folders, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
