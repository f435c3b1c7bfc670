/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading and decoding on a thread of their own, ahead of whoever judges: batches come out in the order in which one
 * thread alone would make them, so that the result is the same. A ring of batches lies between the two. What a batch
 * points to has to stay: captures read into several buffers in turn, and where a batch points into what the decoder
 * keeps (joined fragments, TCP streams), the decoder waits until that batch is done with.
 */
#include "wire/decode.h"

#include <pthread.h>

enum { BATCHES_OF_MANY = 2, FEW_CAPTURES = 4 };

struct wire_ahead {
	wire_reader *read;
	void *context;
	struct wire_capture *const *captures; /* NULL: of another reader */
	size_t capture_count;
	struct wire *wire;
	struct wire_batch *batches[WIRE_AHEAD];
	uint64_t room; /* of the batches: how many may be alive */
	pthread_t thread;
	bool is_alone; /* no thread could be started: one after the other */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t made, done; /* batches decoded, and given back */
	bool handed;         /* the judge has batch `done` */
	bool ended, stopped;
};

/* False where nothing more is wanted. */
static bool wait_done(struct wire_ahead *a, uint64_t done)
{
	bool wanted;

	pthread_mutex_lock(&a->lock);
	while (a->done < done && !a->stopped)
		pthread_cond_wait(&a->changed, &a->lock);
	wanted = !a->stopped;
	pthread_mutex_unlock(&a->lock);
	return wanted;
}

static void tell_made(struct wire_ahead *a, bool ended)
{
	pthread_mutex_lock(&a->lock);
	if (ended)
		a->ended = true;
	else
		a->made++;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

static void *run(void *context)
{
	struct wire_ahead *a = context;

	for (uint64_t i = 0;; i++) {
		struct wire_batch *b = a->batches[i % a->room];

		if (!wait_done(a, i < a->room ? 0 : i - a->room + 1))
			return NULL;
		if (!a->read(a->context, a, b))
			break;
		wire_decode(a->wire, b);
		tell_made(a, false);
		if (b->lent && !wait_done(a, i + 1))
			return NULL;
	}
	tell_made(a, true);
	return NULL;
}

static void stop(void *context)
{
	struct wire_ahead *a = context;

	if (!a->is_alone) {
		pthread_mutex_lock(&a->lock);
		a->stopped = true;
		pthread_cond_signal(&a->changed);
		pthread_mutex_unlock(&a->lock);
		pthread_join(a->thread, NULL);
	}
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->lock);
}

static struct wire_ahead *new_ahead(struct arena *arena, struct wire *wire, uint64_t room)
{
	struct wire_ahead *a = arena_alloc(arena, sizeof *a);

	a->wire = wire;
	a->room = room;
	for (uint64_t i = 0; i < a->room; i++)
		a->batches[i] = wire_batch_new(arena);
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	return a;
}

static struct wire_ahead *begin(struct arena *arena, struct wire_ahead *a)
{
	a->is_alone = true;
	arena_at_free(arena, stop,
		      a); /* before the thread begins: the arena may be the decoder's, and then it is the thread's */
	a->is_alone = pthread_create(&a->thread, NULL, run, a) != 0;
	return a;
}

static size_t read_captures(void *context, struct wire_ahead *a, struct wire_batch *b)
{
	(void)context;
	return wire_read(a->captures, a->capture_count, b);
}

struct wire_ahead *wire_ahead_new(struct arena *arena, struct wire *wire, struct wire_capture *const *captures,
				  size_t count)
{
	struct wire_ahead *a = new_ahead(arena, wire, count <= FEW_CAPTURES ? WIRE_AHEAD : BATCHES_OF_MANY);

	a->captures = captures;
	a->capture_count = count;
	a->read = read_captures;
	for (size_t i = 0; i < count; i++)
		capture_buffers(arena, captures[i], (unsigned)a->room + 1);
	return begin(arena, a);
}

struct wire_ahead *wire_ahead_of(struct arena *arena, struct wire *wire, wire_reader *read, void *context)
{
	struct wire_ahead *a = new_ahead(arena, wire, WIRE_AHEAD);

	a->read = read;
	a->context = context;
	return begin(arena, a);
}

bool wire_ahead_settle(struct wire_ahead *a)
{
	return a->is_alone || wait_done(a, a->made); /* made is the reading thread's own */
}

static struct wire_batch *next_alone(struct wire_ahead *a)
{
	if (!a->read(a->context, a, a->batches[0]))
		return NULL;
	wire_decode(a->wire, a->batches[0]);
	return a->batches[0];
}

struct wire_batch *wire_ahead_next(struct wire_ahead *a)
{
	struct wire_batch *b = NULL;

	if (a->is_alone)
		return next_alone(a);
	pthread_mutex_lock(&a->lock);
	/* The one handed out before is given back: made counts from 0, done follows it. */
	if (a->handed) {
		a->done++;
		pthread_cond_signal(&a->changed);
	}
	while (a->made == a->done && !a->ended)
		pthread_cond_wait(&a->changed, &a->lock);
	a->handed = a->made > a->done;
	if (a->handed)
		b = a->batches[a->done % a->room];
	pthread_mutex_unlock(&a->lock);
	return b;
}
