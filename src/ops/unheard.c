/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an interface lost before anybody could hear it: /proc/net/dev (proc_net(5)), whose column "drop" of the receiving
 * side is what an adapter had no buffer for and what a core's queue had no room for (rx_missed_errors and rx_dropped,
 * Documentation/networking/statistics.rst of Linux). The file is held open, because later none can be opened.
 *
 *     Inter-|   Receive                                                |  Transmit
 *      face |bytes    packets errs drop fifo frame compressed multicast|bytes ...
 *      eth1: 12345        67    0    8    0     0          0         0 ...
 */
#include "ops/unheard.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 20, DROP_COLUMN = 3 };

struct unheard {
	int fd;
	const char *const *interfaces;
	size_t count;
	char *text;       /* MOST_BYTES: some 8,000 interfaces */
	uint64_t *before; /* of each */
};

static void close_at_free(void *context)
{
	struct unheard *u = context;

	close(u->fd);
}

/* All of the file, which comes in pieces. */
static void read_again(struct unheard *u)
{
	size_t at = 0;
	ssize_t got;

	while (at < MOST_BYTES - 1 && (got = pread(u->fd, u->text + at, MOST_BYTES - 1 - at, (off_t)at)) > 0)
		at += (size_t)got;
	u->text[at] = 0;
}

/* The row of an interface, behind its name; NULL where it is not there any more. */
static const char *find_row(const struct unheard *u, const char *interface)
{
	size_t length = strlen(interface);

	for (const char *line = u->text, *end; (end = strchr(line, '\n')); line = end + 1) {
		const char *name = line + strspn(line, " ");

		if (strncmp(name, interface, length) == 0 && name[length] == ':')
			return name + length + 1;
	}
	return NULL;
}

static uint64_t dropped_in(const char *columns)
{
	char *end;

	for (unsigned i = 0; i < DROP_COLUMN; i++, columns = end)
		strtoull(columns, &end, 10);
	return strtoull(columns, NULL, 10);
}

struct unheard *unheard_open(struct arena *a, const char *const *interfaces, size_t count)
{
	struct unheard *u;
	int fd = open("/proc/net/dev", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	u = arena_alloc(a, sizeof *u);
	*u = (struct unheard){ .fd = fd, .interfaces = interfaces, .count = count, .text = arena_alloc(a, MOST_BYTES) };
	arena_at_free(a, close_at_free, u);
	u->before = arena_array(a, count, sizeof *u->before);
	read_again(u);
	for (size_t i = 0; i < count; i++) {
		const char *row = find_row(u, interfaces[i]);

		if (!row)
			return NULL;
		u->before[i] = dropped_in(row);
	}
	return u;
}

bool unheard_count(struct unheard *u, uint64_t *frames)
{
	*frames = 0;
	read_again(u);
	for (size_t i = 0; i < u->count; i++) {
		const char *row = find_row(u, u->interfaces[i]);
		uint64_t now = row ? dropped_in(row) : 0;

		if (!row || now < u->before[i]) /* it went away, or it is another one of that name */
			return false;
		*frames += now - u->before[i];
	}
	return true;
}
