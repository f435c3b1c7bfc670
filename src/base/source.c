/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources: an input read once from front to back, and hashed as it passes, so that the hash in a verdict is of the very
 * bytes that were judged, not of what a second read might find.
 */
#include "base/base.h"
#include "base/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	READ_AHEAD = 64 << 10, /* first guess where the size of the input is not known */
	STOP_PAUSE_MS = 500,   /* a writer that was asked to stop too has written all it had by then */
};

struct source {
	const char *name;
	int fd;               /* -1: memory, or closed */
	int stop;             /* readable once reading is to end; -1: none */
	bool stopping, ended; /* it was asked to end, and did */
	int error;
	const char *memory;
	size_t left;     /* of memory */
	size_t expected; /* bytes, as the file system says; 0: unknown */
	bool closed;
	EVP_MD_CTX *hash; /* NULL once closed, or where none was wanted */
	char hex[65];     /* once closed */
};

static void close_at_free(void *context)
{
	source_close(context);
}

static struct source *new_source(struct arena *a, const char *shown, int fd)
{
	struct source *s = arena_alloc(a, sizeof *s);

	s->name = arena_text(a, shown, strlen(shown));
	s->fd = fd;
	s->stop = -1;
	s->hash = EVP_MD_CTX_new();
	if (!s->hash || !EVP_DigestInit_ex(s->hash, EVP_sha256(), NULL))
		memory_out("SHA-256 is not available");
	arena_at_free(a, close_at_free, s);
	return s;
}

struct source *source_open(struct arena *a, const char *path, const char *shown, int *error)
{
	struct stat st;
	struct source *s;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*error = 0;
	if (fd < 0) {
		*error = errno;
		return NULL;
	}
	if (fstat(fd, &st) < 0 || S_ISDIR(st.st_mode)) {
		*error = S_ISDIR(st.st_mode) ? EISDIR : errno;
		close(fd);
		return NULL;
	}
	s = new_source(a, shown, fd);
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		s->expected = (size_t)st.st_size;
	return s;
}

struct source *source_of_descriptor(struct arena *a, int fd, const char *shown)
{
	struct stat st;
	struct source *s = new_source(a, shown, fd);

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		s->expected = (size_t)st.st_size;
	return s;
}

void source_stop_at(struct source *s, int fd)
{
	s->stop = fd;
}

struct source *source_of_memory(struct arena *a, const char *shown, const void *bytes, size_t count)
{
	struct source *s = new_source(a, shown, -1);

	s->memory = bytes;
	s->left = s->expected = count;
	return s;
}

const char *source_name(const struct source *s)
{
	return s->name;
}

size_t source_expected(const struct source *s)
{
	return s->expected;
}

static ptrdiff_t read_memory(struct source *s, void *into, size_t room)
{
	size_t n = s->left < room ? s->left : room;

	if (n)
		memcpy(into, s->memory, n);
	s->memory += n;
	s->left -= n;
	return (ptrdiff_t)n;
}

/* Takes what made the stop readable, so that the next time is told from this one. */
static void take_stop(struct source *s)
{
	char bytes[512];

	while (read(s->stop, bytes, sizeof bytes) < 0 && errno == EINTR)
		;
}

/*
 * Waits for bytes; false where reading is to end. Asked to stop once, it goes on with what still comes without a pause,
 * because whoever writes into the pipe was asked too, and has some left; asked twice, it ends at once.
 */
static bool wait_for(struct source *s)
{
	struct pollfd polled[] = { { s->fd, POLLIN, 0 }, { s->stop, POLLIN, 0 } };

	for (;;) {
		int ready = poll(polled, 2, s->stopping ? STOP_PAUSE_MS : -1);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return ready < 0; /* read says what is wrong */
		if (polled[1].revents) {
			take_stop(s);
			if (s->stopping)
				return false;
			s->stopping = true;
			continue;
		}
		return true;
	}
}

ptrdiff_t source_read(struct source *s, void *into, size_t room)
{
	ptrdiff_t n;

	if (s->error || s->closed || s->ended)
		return s->error ? -1 : 0;
	if (s->memory) {
		n = read_memory(s, into, room);
	} else if (s->stop >= 0 && !wait_for(s)) {
		s->ended = true;
		n = 0;
	} else {
		do
			n = read(s->fd, into, room);
		while (n < 0 && errno == EINTR);
	}
	if (n < 0)
		s->error = errno;
	else if (n > 0 && s->hash)
		EVP_DigestUpdate(s->hash, into, (size_t)n);
	return n;
}

int source_error(const struct source *s)
{
	return s->error;
}

char *source_all(struct source *s, struct arena *a, size_t limit, size_t *count)
{
	size_t room = s->expected ? s->expected + 1 : READ_AHEAD, used = 0;
	char *text;

	/* One byte more than allowed is room enough to see that there is too much. */
	room = room > limit ? limit + 1 : room;
	text = arena_alloc(a, room + 1);
	for (;;) {
		ptrdiff_t n = source_read(s, text + used, room - used);

		if (n < 0)
			return NULL;
		if (n == 0)
			break;
		used += (size_t)n;
		if (used > limit) {
			s->error = EFBIG;
			return NULL;
		}
		if (used == room) {
			size_t more = room > limit / 2 ? limit + 1 : room * 2;

			text = arena_grow(a, text, room + 1, more + 1);
			room = more;
		}
	}
	text[used] = 0;
	*count = used;
	return text;
}

void source_without_hash(struct source *s)
{
	EVP_MD_CTX_free(s->hash);
	s->hash = NULL;
}

void source_close(struct source *s)
{
	if (!s || s->closed)
		return;
	if (s->hash)
		source_sha256(s, s->hex);
	EVP_MD_CTX_free(s->hash);
	s->hash = NULL;
	s->closed = true;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

void source_sha256(const struct source *s, char hex[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE] = { 0 };
	EVP_MD_CTX *copy;

	if (!s->hash) {
		memcpy(hex, s->hex, sizeof s->hex);
		return;
	}
	/* Finishing a context ends it; a copy lets the reading go on. */
	copy = EVP_MD_CTX_new();
	if (!copy || !EVP_MD_CTX_copy_ex(copy, s->hash) || !EVP_DigestFinal_ex(copy, digest, NULL))
		memory_out("SHA-256 is not available");
	EVP_MD_CTX_free(copy);
	hex_print(digest, 32, hex);
}
