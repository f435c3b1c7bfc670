/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading and decoding on a thread of their own, ahead of whoever judges: batches come out in the order in which one
 * thread alone would make them, so that the result is the same. A ring of batches lies between the two. What a batch
 * points to has to stay: captures read into several buffers in turn, and where a batch points into what the decoder
 * keeps (joined fragments, TCP streams), the decoder waits until that batch is done with.
 *
 * Copying a file from the kernel is a third of all the work: where the decoder is behind, the judge reads the next piece.
 *
 * How far each side is stands in a counter that it alone changes, so that neither stops the other. Waking a thread costs
 * about as much as a batch: who has nothing to do is woken for several, the decoder when half of the ring is free again,
 * the judge when half of it is full or the decoder has to wait itself. Of a live capture and of a pipe each batch is told
 * at once.
 */
#include "wire/decode.h"

#include <pthread.h>
#include <stdatomic.h>

enum { BATCHES_OF_MANY = 2, FEW_CAPTURES = 4 };

struct side { /* the decoder or the judge */
	pthread_cond_t woken;
	_Atomic uint64_t wakes_at; /* it sleeps: the other's counter at which it is woken; 0: it is awake */
};

struct wire_ahead {
	wire_reader *read;
	void *context;
	struct wire_capture *const *captures; /* NULL: of another reader */
	size_t capture_count;
	struct wire *wire;
	struct wire_batch *batches[WIRE_AHEAD];
	uint64_t room;    /* of the batches: how many may be alive */
	uint64_t told_at; /* batches that the judge is woken for */
	pthread_t thread;
	bool is_alone; /* no thread could be started: one after the other */
	pthread_mutex_t lock;
	struct side decoder, judge;
	_Atomic uint64_t made, done; /* batches decoded, and given back */
	_Atomic bool ended, stopped;
	bool handed; /* the judge has batch `done` */
};

/*
 * Until the counter, which the other side changes, is at least so far, or all is over. At which counter the other wakes is
 * only a hint: what is waited for is least, so that two can't wait for each other.
 */
static void wait(struct wire_ahead *a, struct side *s, const _Atomic uint64_t *counter, uint64_t least,
		 uint64_t wakes_at, const _Atomic bool *over)
{
	pthread_mutex_lock(&a->lock);
	atomic_store(&s->wakes_at, wakes_at);
	while (atomic_load(counter) < least && !atomic_load(over))
		pthread_cond_wait(&s->woken, &a->lock);
	atomic_store(&s->wakes_at, 0);
	pthread_mutex_unlock(&a->lock);
}

/* After the counter or the end was set: both are read again by who goes to sleep, with the lock held. */
static void wake(struct wire_ahead *a, struct side *s, uint64_t counter)
{
	uint64_t wakes_at = atomic_load(&s->wakes_at);

	if (!wakes_at || counter < wakes_at)
		return;
	pthread_mutex_lock(&a->lock); /* from here on it has seen the counter, or it sleeps */
	pthread_mutex_unlock(&a->lock);
	pthread_cond_signal(&s->woken);
}

/* Until so many are given back; where that takes a wait, until enough are. False where nothing more is wanted. */
static bool wait_done(struct wire_ahead *a, uint64_t least, uint64_t enough)
{
	if (atomic_load(&a->done) < least) {
		wake(a, &a->judge, UINT64_MAX); /* it may sleep over fewer than it is woken for */
		wait(a, &a->decoder, &a->done, least, enough, &a->stopped);
	}
	return !atomic_load(&a->stopped);
}

static void *run(void *context)
{
	struct wire_ahead *a = context;

	for (uint64_t i = 0;; i++) {
		struct wire_batch *b = a->batches[i % a->room];

		if (i >= a->room && !wait_done(a, i - a->room + 1, i - a->room / 2))
			return NULL;
		if (atomic_load(&a->stopped) || !a->read(a->context, a, b))
			break;
		wire_decode(a->wire, b);
		atomic_store(&a->made, i + 1);
		wake(a, &a->judge, i + 1);
		if (b->lent && !wait_done(a, i + 1, i + 1))
			return NULL;
	}
	atomic_store(&a->ended, true);
	wake(a, &a->judge, UINT64_MAX);
	return NULL;
}

static void stop(void *context)
{
	struct wire_ahead *a = context;

	if (!a->is_alone) {
		atomic_store(&a->stopped, true);
		wake(a, &a->decoder, UINT64_MAX);
		pthread_join(a->thread, NULL);
	}
	pthread_cond_destroy(&a->decoder.woken);
	pthread_cond_destroy(&a->judge.woken);
	pthread_mutex_destroy(&a->lock);
}

static struct wire_ahead *new_ahead(struct arena *arena, struct wire *wire, uint64_t room)
{
	struct wire_ahead *a = arena_alloc(arena, sizeof *a);

	a->wire = wire;
	a->room = room;
	a->told_at = 1;
	for (uint64_t i = 0; i < a->room; i++)
		a->batches[i] = wire_batch_new(arena);
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->decoder.woken, NULL);
	pthread_cond_init(&a->judge.woken, NULL);
	return a;
}

static struct wire_ahead *begin(struct arena *arena, struct wire_ahead *a)
{
	/* before the thread begins: the arena may be the decoder's, and then it is the thread's */
	arena_at_free(arena, stop, a);
	if (pthread_create(&a->thread, NULL, run, a) != 0)
		a->is_alone = true;
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
	a->told_at = a->room / 2;
	for (size_t i = 0; i < count; i++) {
		capture_buffers(arena, captures[i], (unsigned)a->room + 1);
		if (!capture_is_whole(captures[i]))
			a->told_at = 1;
		else if (count <= FEW_CAPTURES)
			capture_share(arena, captures[i]);
	}
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
	return a->is_alone || wait_done(a, a->made, a->made); /* made is the reading thread's own */
}

static struct wire_batch *next_alone(struct wire_ahead *a)
{
	if (!a->read(a->context, a, a->batches[0]))
		return NULL;
	wire_decode(a->wire, a->batches[0]);
	return a->batches[0];
}

/* One piece of a file, by the judge. */
static bool read_ahead(struct wire_ahead *a)
{
	for (size_t i = 0; i < a->capture_count; i++)
		if (capture_read_ahead(a->captures[i]))
			return true;
	return false;
}

struct wire_batch *wire_ahead_next(struct wire_ahead *a)
{
	uint64_t done;

	if (a->is_alone)
		return next_alone(a);
	done = atomic_load(&a->done);
	/* The one handed out before is given back: made counts from 0, done follows it. */
	if (a->handed) {
		atomic_store(&a->done, ++done);
		wake(a, &a->decoder, done);
	}
	if (atomic_load(&a->made) - done < a->room / 2)
		read_ahead(a);
	if (atomic_load(&a->made) == done)
		wait(a, &a->judge, &a->made, done + 1, done + a->told_at, &a->ended);
	a->handed = atomic_load(&a->made) > done;
	return a->handed ? a->batches[done % a->room] : NULL;
}
