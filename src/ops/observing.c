/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Observations as they come go into a segment of their own, minute by minute: what ends the run - a full disk, a kill -
 * costs the minute that was not over, nothing before it.
 */
#include "ops/observing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEGMENTS = 1000000 }; /* in one folder: their names have six digits */

struct observing {
	struct call *call;
	const struct net *net;
	struct store_writer *writer;
	const char *path;
	int fd;
	int64_t minute;
	bool failed;
};

static void fail(struct observing *o, int error)
{
	if (!o->failed)
		call_fail(o->call, EXIT_WRITE_FAILED, "write-failed", "%s can't be written: %s", o->path,
			  strerror(error));
	o->failed = true;
}

/* Behind the segments that are there. */
static unsigned first_free(struct call *call, const char *folder)
{
	struct dirent_name *names;
	unsigned free_number = 1;
	size_t count;

	if (directory_list(call->arena, folder, &names, &count) < 0)
		return 1;
	for (size_t i = 0; i < count; i++) {
		unsigned long number = strtoul(names[i].name, NULL, 10);

		if (number >= free_number && number < SEGMENTS)
			free_number = (unsigned)number + 1;
	}
	return free_number;
}

static void close_at_free(void *context)
{
	struct observing *o = context;

	if (o->fd >= 0)
		close(o->fd);
}

struct observing *observing_open(struct call *call, const char *folder, const struct net *net)
{
	struct observing *o = arena_alloc(call->arena, sizeof *o);

	*o = (struct observing){ .call = call, .net = net, .fd = -1 };
	if (mkdir(folder, 0777) < 0 && errno != EEXIST) {
		call_fail(call, EXIT_CANT_CREATE, "cannot-create", "%s can't be created: %s", folder, strerror(errno));
		return NULL;
	}
	for (unsigned n = first_free(call, folder); n < SEGMENTS; n++) {
		o->path = arena_printf(call->arena, "%s/%06u.observations", folder, n);
		o->fd = open(o->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
		if (o->fd >= 0 || errno != EEXIST)
			break;
	}
	if (o->fd < 0) {
		call_fail(call, EXIT_CANT_CREATE, "cannot-create", "%s can't be created: %s", o->path, strerror(errno));
		return NULL;
	}
	arena_at_free(call->arena, close_at_free, o);
	o->writer = store_writer_new(call->arena, o->fd);
	store_flush(o->writer); /* so that it is a segment from now on; a failure stays and is told at the end */
	return o;
}

static const char *element_of(const struct observing *o, uint32_t row)
{
	return o->net && CODE_IS_KNOWN(row) ? net_id(o->net, NET_ELEMENTS, row) : "";
}

void observing_take(void *context, const struct watch_observation *w)
{
	struct observing *o = context;
	struct store_row row = {
		.minute = w->minute,
		.from_element = element_of(o, w->from_element),
		.to_element = element_of(o, w->to_element),
		.reference_point = w->reference_point,
		.protocol = w->protocol,
		.port = w->port,
		.packets = w->packets,
		.bytes = w->bytes,
	};
	int error;

	memcpy(row.from, w->from.bytes, sizeof row.from);
	memcpy(row.to, w->to.bytes, sizeof row.to);
	if (w->minute != o->minute) {
		error = store_flush(o->writer);
		if (error)
			fail(o, error);
	}
	o->minute = w->minute;
	store_add(o->writer, &row);
}

void observing_close(struct observing *o)
{
	int error = store_close(o->writer);

	if (error)
		fail(o, error);
	close(o->fd);
	o->fd = -1;
}
