/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work over a range on several threads. Slices are cut by size alone and numbered from the front, so the pieces, and what
 * is merged from them in order, are the same with any number of threads.
 */
#include "base/base.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

enum { MOST_THREADS = 256 };

struct task {
	size_t count, step, slices;
	void (*work)(void *context, size_t slice, size_t from, size_t to);
	void *context;
	atomic_size_t next;
};

static void *run(void *context)
{
	struct task *t = context;
	size_t slice;

	while ((slice = atomic_fetch_add(&t->next, 1)) < t->slices) {
		size_t from = slice * t->step, left = t->count - from;

		t->work(t->context, slice, from, from + (left < t->step ? left : t->step));
	}
	return NULL;
}

void parallel(unsigned threads, size_t count, size_t step,
	      void (*work)(void *context, size_t slice, size_t from, size_t to), void *context)
{
	struct task t = { .count = count, .step = step, .work = work, .context = context };
	pthread_t others[MOST_THREADS];
	unsigned started = 0;

	assert(step > 0);
	t.slices = count / step + (count % step != 0);
	threads = threads > MOST_THREADS ? MOST_THREADS : threads;
	threads = threads > t.slices ? (unsigned)t.slices : threads;
	/* This thread works too. One that can't be started is no failure: the others do its share. */
	while (started + 1 < threads && pthread_create(&others[started], NULL, run, &t) == 0)
		started++;
	run(&t);
	while (started)
		pthread_join(others[--started], NULL);
}
