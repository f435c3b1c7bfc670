/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: the argument vector to an operation, its status to the caller. What a terminal is, is known here
 * and nowhere else.
 */
#include "base/base.h"
#include "ops/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH = 80, NARROWEST = 40, WIDEST = 100, THREADS = 256 };

/* A terminal that knows the escape sequences. */
static bool is_terminal(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && !(term && strcmp(term, "dumb") == 0);
}

/* Colour where a terminal shows it and nobody said no (no-color.org). */
static bool wants_colour(int fd)
{
	const char *no = getenv("NO_COLOR");

	return is_terminal(fd) && !(no && *no);
}

static struct report_style style_of(int fd)
{
	struct winsize size;
	unsigned width = WIDTH;

	if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= NARROWEST)
		width = size.ws_col < WIDEST ? size.ws_col : WIDEST;
	return (struct report_style){ .colour = wants_colour(fd), .width = width };
}

/*
 * A closed descriptor is given to the next file that is opened: what belongs on stdout would be written over an input.
 */
static bool hold_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) != fd)
			return false;
	return true;
}

/* An interrupt while somebody wants to know of it; the next one ends the program as always. */
static volatile sig_atomic_t interrupt_came;

static void on_interrupt(int signal)
{
	(void)signal;
	interrupt_came = 1;
}

static void catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
}

static bool was_interrupted(void)
{
	return interrupt_came != 0;
}

int main(int count, char **words)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct arena *arena;
	struct ops_world world;
	int status;

	if (!hold_descriptors())
		return EXIT_INTERNAL;
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write, reported like any other */
	signal(SIGXFSZ, SIG_IGN); /* and so is a file larger than it may be */
	arena = arena_new();
	world = (struct ops_world){
		.out = sink_to_fd(arena, STDOUT_FILENO),
		.err = sink_to_fd(arena, STDERR_FILENO),
		.out_style = style_of(STDOUT_FILENO),
		.err_style = style_of(STDERR_FILENO),
		.err_is_terminal = is_terminal(STDERR_FILENO),
		.catch_interrupts = catch_interrupts,
		.interrupted = was_interrupted,
		.threads = cores < 1         ? 1
			   : cores > THREADS ? THREADS
					     : (unsigned)cores,
	};
	status = ops_run(&world, count > 0 ? (size_t)count - 1 : 0, words + 1);
	arena_free(arena);
	return status;
}
