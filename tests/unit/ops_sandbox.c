/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox refuses: a child enters it and then tries what somebody would who had taken it over with a packet. Each thing
 * is also done outside of it first, where it works, so that a refusal is the sandbox's.
 *
 * # proviso-deps: ops
 */
#include "ops/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PART = 255 };

struct scene {
	char inside[64], outside[64]; /* folders that everybody may write to; results go to the first */
	int socket;                   /* heard on */
	int other, listening;         /* sockets from before */
	pid_t parent;                 /* of who tries */
	struct sockaddr_in at;        /* where somebody listens */
};

/* 0 or errno of each attempt, in a child outside and inside of the sandbox. */
typedef int attempt(const struct scene *);

static int done(int result)
{
	return result < 0 ? errno : 0;
}

static int opened(const char *folder, const char *name, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, flags, 0600);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int reads_a_file(const struct scene *s)
{
	(void)s;
	return opened("/etc", "passwd", O_RDONLY);
}

static int reads_itself(const struct scene *s)
{
	(void)s;
	return opened("/proc/self", "maps", O_RDONLY);
}

static int writes_elsewhere(const struct scene *s)
{
	return opened(s->outside, "new", O_WRONLY | O_CREAT);
}

static int writes_a_result(const struct scene *s)
{
	return opened(s->inside, "new", O_WRONLY | O_CREAT);
}

static int moves_a_file_out(const struct scene *s)
{
	char from[128], to[128];

	snprintf(from, sizeof from, "%s/result", s->inside);
	snprintf(to, sizeof to, "%s/result", s->outside);
	return done(rename(from, to));
}

static int makes_a_link(const struct scene *s)
{
	char to[128];

	snprintf(to, sizeof to, "%s/link", s->inside);
	return done(symlink("/etc/passwd", to));
}

static int runs_a_program(const struct scene *s)
{
	char *const words[] = { "true", NULL };

	(void)s;
	execv("/bin/true", words);
	return errno;
}

static int forks_and_runs(const struct scene *s)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(runs_a_program(s));
	return child < 0 || waitpid(child, &status, 0) < 0 ? errno : WEXITSTATUS(status);
}

static int makes_a_socket(const struct scene *s)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)s;
	return done(fd);
}

static int connects(const struct scene *s)
{
	return done(connect(s->other, (const struct sockaddr *)&s->at, sizeof s->at));
}

static int accepts(const struct scene *s)
{
	return listen(s->listening, 1) < 0 ? errno : 0;
}

static int speaks_where_it_hears(const struct scene *s)
{
	return write(s->socket, "x", 1) < 0 ? errno : 0;
}

static int speaks_by_another_number(const struct scene *s)
{
	int copy = fcntl(s->socket, F_DUPFD, 0);

	return copy < 0 || write(copy, "x", 1) < 0 ? errno : 0;
}

static int sends(const struct scene *s)
{
	return send(s->socket, "x", 1, 0) < 0 ? errno : 0;
}

static int traces(const struct scene *s)
{
	(void)s;
	return done((int)ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int signals_others(const struct scene *s)
{
	return done(kill(s->parent, 0));
}

static int signals_threads_of_others(const struct scene *s)
{
	return done((int)syscall(SYS_tgkill, s->parent, s->parent, 0));
}

static int limits_others(const struct scene *s)
{
	struct rlimit limit;

	return done((int)syscall(SYS_prlimit64, s->parent, RLIMIT_CORE, NULL, &limit));
}

static int becomes_root_elsewhere(const struct scene *s)
{
	(void)s;
	return done(unshare(CLONE_NEWUSER));
}

static int becomes_root_again(const struct scene *s)
{
	(void)s;
	return done(setresuid(0, 0, 0));
}

static int types_for_the_user(const struct scene *s)
{
	int fds[2], bytes;

	(void)s;
	return pipe(fds) < 0 ? errno : done(ioctl(fds[0], FIONREAD, &bytes));
}

static void *nothing(void *context)
{
	return context;
}

static int starts_a_thread(const struct scene *s)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, nothing, (void *)(uintptr_t)s);

	return error ? error : pthread_join(thread, NULL);
}

static int finds_the_time(const struct scene *s)
{
	struct timespec now;

	(void)s;
	return done(clock_gettime(CLOCK_REALTIME, &now));
}

static const struct {
	const char *name;
	attempt *try;
	bool may;   /* inside too */
	bool maybe; /* not everybody may outside: root alone, or no container */
} attempts[] = {
	{ "open a file", reads_a_file, false, false },
	{ "open its own memory's map", reads_itself, false, false },
	{ "create a file elsewhere", writes_elsewhere, false, false },
	{ "create a result", writes_a_result, true, false },
	{ "move a result out", moves_a_file_out, false, false },
	{ "make a link", makes_a_link, false, false },
	{ "execve", runs_a_program, false, false },
	{ "fork and execve", forks_and_runs, false, false },
	{ "socket", makes_a_socket, false, false },
	{ "connect", connects, false, false },
	{ "listen", accepts, false, false },
	{ "write to what it hears on", speaks_where_it_hears, false, false },
	{ "write to a copy of what it hears on", speaks_by_another_number, false, false },
	{ "send on what it hears on", sends, false, false },
	{ "ptrace", traces, false, true },
	{ "kill", signals_others, false, false },
	{ "tgkill", signals_threads_of_others, false, false },
	{ "prlimit", limits_others, false, false },
	{ "unshare", becomes_root_elsewhere, false, true },
	{ "setresuid", becomes_root_again, false, true },
	{ "ioctl of any kind", types_for_the_user, false, false },
	{ "start a thread", starts_a_thread, true, false },
	{ "ask for the time", finds_the_time, true, false },
};

static void make_folder(char *path, size_t room)
{
	const char *base = getenv("TMPDIR");

	snprintf(path, room, "%.40s/sandbox-XXXXXX", base ? base : "/tmp");
	assert_non_null(mkdtemp(path));
	assert_int_equal(chmod(path, 0777), 0);
}

static void remove_files(const char *folder)
{
	static const char *const names[] = { "new", "result", "link" };
	char path[128];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
}

/* A result of before, and sockets, new for each attempt. */
static void set_scene(struct scene *s)
{
	socklen_t size = sizeof s->at;
	int pair[2];

	s->parent = getpid();
	remove_files(s->inside);
	if (*s->outside)
		remove_files(s->outside);
	assert_int_equal(opened(s->inside, "result", O_WRONLY | O_CREAT), 0);
	s->at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	s->listening = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s->listening, (const struct sockaddr *)&s->at, sizeof s->at), 0);
	assert_int_equal(listen(s->listening, 4), 0);
	assert_int_equal(getsockname(s->listening, (struct sockaddr *)&s->at, &size), 0);
	s->other = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	s->socket = pair[0];
}

static void enter(const struct scene *s)
{
	struct arena *a = arena_new();
	struct call call = { .arena = a };
	const char *folder = s->inside;

	diagnostics_init(&call.diagnostics, a);
	if (!sandbox_enter(&call, &folder, 1, &s->socket, 1) || call.diagnostics.count)
		_exit(PART);
}

/* What an attempt comes to in a child: 0 or errno; PART where the sandbox is not all there. */
static int tried(const struct scene *s, attempt *try, bool inside)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (inside)
			enter(s);
		_exit(try(s));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void refuses(void **state)
{
	struct scene s = { 0 };
	unsigned wrong = 0;

	(void)state;
	make_folder(s.inside, sizeof s.inside);
	set_scene(&s);
	if (tried(&s, finds_the_time, true) == PART) {
		remove_files(s.inside);
		rmdir(s.inside);
		print_message("this machine has no Landlock or no seccomp\n");
		skip();
	}
	make_folder(s.outside, sizeof s.outside);
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
		int outside, inside;

		set_scene(&s);
		outside = tried(&s, attempts[i].try, false);
		set_scene(&s);
		inside = tried(&s, attempts[i].try, true);
		if (outside != 0 && !attempts[i].maybe)
			wrong++, print_error("%s: fails outside too: %s\n", attempts[i].name, strerror(outside));
		if (attempts[i].may ? inside != 0 : inside != EPERM && inside != EACCES)
			wrong++, print_error("%s: %d, %s\n", attempts[i].name, inside, strerror(inside));
	}
	remove_files(s.inside);
	remove_files(s.outside);
	rmdir(s.inside);
	rmdir(s.outside);
	assert_int_equal(wrong, 0);
}

/* Also where it was built with LeakSanitizer, which looks for leaks at the end by means that are refused. */
static void ends(void **state)
{
	enum { SECONDS = 60 };
	struct scene s = { 0 };
	int status;
	pid_t child;

	(void)state;
	make_folder(s.inside, sizeof s.inside);
	set_scene(&s);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(SECONDS);
		enter(&s);
		exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	remove_files(s.inside);
	rmdir(s.inside);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == PART)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(refuses), cmocka_unit_test(ends) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
