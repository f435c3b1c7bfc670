/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sinks: buffered bytes to a descriptor or to memory. The first failure sticks and what follows is thrown away, so that
 * writers need no checks of their own: sink_flush tells at the end.
 */
#include "base/base.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum {
	FD_BUFFER = 64 << 10,
	FIRST_MEMORY = 1 << 10,
};

struct sink {
	struct arena *arena;
	int fd; /* -1: memory */
	int error;
	char *buffer;
	size_t count, room;
};

struct sink *sink_to_fd(struct arena *a, int fd)
{
	struct sink *s = arena_alloc(a, sizeof *s);

	*s = (struct sink){ .arena = a, .fd = fd, .buffer = arena_alloc(a, FD_BUFFER), .room = FD_BUFFER };
	return s;
}

struct sink *sink_to_memory(struct arena *a)
{
	struct sink *s = arena_alloc(a, sizeof *s);

	*s = (struct sink){ .arena = a, .fd = -1, .buffer = arena_alloc(a, FIRST_MEMORY), .room = FIRST_MEMORY };
	return s;
}

/* True where the write is worth another attempt. */
static bool may_retry(int fd, int error)
{
	struct pollfd waiting = { .fd = fd, .events = POLLOUT };

	if (error == EINTR)
		return true;
	/* A descriptor that somebody else made non-blocking: a terminal shared with another program. */
	if (error == EAGAIN || error == EWOULDBLOCK)
		return poll(&waiting, 1, -1) > 0 || errno == EINTR;
	return false;
}

static void write_out(struct sink *s, const char *bytes, size_t count)
{
	while (count && !s->error) {
		ssize_t n = write(s->fd, bytes, count);

		if (n > 0) {
			bytes += n;
			count -= (size_t)n;
		} else if (n == 0) {
			s->error = EIO;
		} else if (!may_retry(s->fd, errno)) {
			s->error = errno;
		}
	}
}

/* Leaves one byte free for the zero of sink_memory. */
static void grow_memory(struct sink *s, size_t count)
{
	size_t room = s->room;

	while (room - s->count <= count) {
		assert(room <= PTRDIFF_MAX / 2);
		room *= 2;
	}
	if (room == s->room)
		return;
	s->buffer = arena_grow(s->arena, s->buffer, s->room, room);
	s->room = room;
}

void sink_put(struct sink *s, const void *bytes, size_t count)
{
	if (s->fd < 0) {
		grow_memory(s, count);
	} else if (count > s->room - s->count) {
		write_out(s, s->buffer, s->count);
		s->count = 0;
		if (count >= s->room) {
			write_out(s, bytes, count);
			return;
		}
	}
	if (count)
		memcpy(s->buffer + s->count, bytes, count);
	s->count += count;
}

void sink_text(struct sink *s, const char *text)
{
	sink_put(s, text, strlen(text));
}

void sink_char(struct sink *s, char c)
{
	if (s->count + 1 < s->room)
		s->buffer[s->count++] = c;
	else
		sink_put(s, &c, 1);
}

void sink_printf(struct sink *s, const char *format, ...)
{
	char small[512];
	va_list list;
	int bytes;

	va_start(list, format);
	bytes = vsnprintf(small, sizeof small, format, list);
	va_end(list);
	assert(bytes >= 0);
	if ((size_t)bytes < sizeof small) {
		sink_put(s, small, (size_t)bytes);
		return;
	}
	char *large = arena_alloc(s->arena, (size_t)bytes + 1);

	va_start(list, format);
	vsnprintf(large, (size_t)bytes + 1, format, list);
	va_end(list);
	sink_put(s, large, (size_t)bytes);
	arena_release(s->arena, large, (size_t)bytes + 1);
}

int sink_flush(struct sink *s)
{
	if (s->fd >= 0) {
		write_out(s, s->buffer, s->count);
		s->count = 0;
	}
	return s->error;
}

const char *sink_memory(struct sink *s, size_t *count)
{
	assert(s->fd < 0);
	s->buffer[s->count] = 0;
	if (count)
		*count = s->count;
	return s->buffer;
}

void sink_html(struct sink *s, const char *text)
{
	for (;;) {
		size_t plain = strcspn(text, "&<>\"'");

		sink_put(s, text, plain);
		text += plain;
		switch (*text++) {
		case '&':
			sink_text(s, "&amp;");
			break;
		case '<':
			sink_text(s, "&lt;");
			break;
		case '>':
			sink_text(s, "&gt;");
			break;
		case '"':
			sink_text(s, "&quot;");
			break;
		case '\'':
			sink_text(s, "&#39;");
			break;
		default:
			return;
		}
	}
}
