/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of a live watch that opens things: a packet socket for each interface, a descriptor for signals and one for
 * the end of the time. A signal ends the run like the end of the time: nothing more is taken, what was taken is judged,
 * and the result is as complete as that of a file.
 */
#include "ops/live.h"
#include "ops/unheard.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
	SIGNALS,
	TIMER,
	EXTRA,          /* descriptors besides the interfaces' */
	LAST_MS = 100,  /* the ring gives its last block over some 20 ms after the last frame */
	WAIT_MS = 1000, /* at most between two looks */
};

struct live {
	struct call *call;
	const char **names;
	size_t count;
	struct pollfd polled[EXTRA + LIVE_INTERFACES];
	struct wire_live *lives[LIVE_INTERFACES];
	enum wire_live_state states[LIVE_INTERFACES]; /* the worst that was met */
	struct unheard *unheard;                      /* NULL: nobody tells */
	bool unheard_known;
	uint64_t unheard_frames;
	bool stopped;
};

static void close_at_free(void *context)
{
	struct live *l = context;

	for (size_t i = 0; i < EXTRA + LIVE_INTERFACES; i++)
		if (l->polled[i].fd >= 0)
			close(l->polled[i].fd);
}

/* "60s", "90", "5m", "2h" to seconds; 0: no duration. */
static uint64_t seconds_of(const char *text)
{
	char *end;
	unsigned long long number;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || number > 1000000000)
		return 0;
	if (strcmp(end, "m") == 0)
		return number * 60;
	if (strcmp(end, "h") == 0)
		return number * 3600;
	return !*end || strcmp(end, "s") == 0 ? number : 0;
}

static bool set_timer(struct live *l)
{
	const char *word = call_option(l->call, "duration");
	struct itimerspec when = { 0 };

	if (!word)
		return true;
	when.it_value.tv_sec = (time_t)seconds_of(word);
	if (!when.it_value.tv_sec) {
		call_fail(l->call, EXIT_USAGE, "bad-duration",
			  "--duration needs a time such as 60s, 5m or 2h, and \"%s\" is none", word);
		return false;
	}
	l->polled[TIMER].fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return l->polled[TIMER].fd >= 0 && timerfd_settime(l->polled[TIMER].fd, 0, &when, NULL) == 0;
}

int live_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd >= 0 && sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool take_signals(struct live *l)
{
	l->polled[SIGNALS].fd = live_signals();
	return l->polled[SIGNALS].fd >= 0;
}

static bool fail(struct live *l, const char *name, int error)
{
	if (error == EPERM || error == EACCES)
		call_fail(l->call, EXIT_NO_PERMISSION, "no-permission",
			  "%s can't be heard: capturing needs CAP_NET_RAW (sudo, or setcap cap_net_raw+ep)", name);
	else if (error == ENODEV || error == ENXIO)
		call_fail(l->call, EXIT_MISSING_INPUT, "missing-input", "there is no interface \"%s\"", name);
	else if (error == EAFNOSUPPORT)
		call_fail(l->call, EXIT_BAD_INPUT, "unknown-link", "%s has a kind of link that is not read", name);
	else
		call_fail(l->call, EXIT_INTERNAL, "live-failed", "%s can't be heard: %s", name, strerror(error));
	return false;
}

static bool open_interface(struct live *l, size_t i)
{
	const char *name = l->names[i], *why, *expression = call_option(l->call, "filter");
	struct wire_filter filter = { 0 };
	struct ifreq request = { 0 };
	unsigned index;
	int fd, error;

	if (strlen(name) >= sizeof request.ifr_name)
		return fail(l, name, ENODEV);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail(l, name, errno);
	l->polled[EXTRA + i].fd = fd;
	memcpy(request.ifr_name, name, strlen(name));
	index = if_nametoindex(name);
	if (!index || ioctl(fd, SIOCGIFHWADDR, &request) < 0)
		return fail(l, name, errno);
	if (expression &&
	    !wire_filter_compile(l->call->arena, expression, request.ifr_hwaddr.sa_family, &filter, &why)) {
		call_fail(l->call, EXIT_USAGE, "bad-filter", "--filter \"%s\": %s", expression, why);
		return false;
	}
	l->lives[i] = wire_live_open(l->call->arena, fd, index, request.ifr_hwaddr.sa_family, &filter, &error);
	return l->lives[i] || fail(l, name, error);
}

struct live *live_open(struct call *call)
{
	struct live *l = arena_alloc(call->arena, sizeof *l);

	*l = (struct live){ .call = call };
	l->names = call_options(call, "live", &l->count);
	if (!l->count)
		return NULL;
	if (l->count > LIVE_INTERFACES) {
		call_fail(call, EXIT_USAGE, "too-many-captures", "%zu interfaces, more than %d", l->count,
			  LIVE_INTERFACES);
		return NULL;
	}
	for (size_t i = 0; i < EXTRA + LIVE_INTERFACES; i++)
		l->polled[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	arena_at_free(call->arena, close_at_free, l);
	for (size_t i = 0; i < l->count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(l->names[i], l->names[k]) == 0) {
				call_fail(call, EXIT_USAGE, "capture-twice",
					  "--live %s is named twice: each of its frames would count twice",
					  l->names[i]);
				return NULL;
			}
	for (size_t i = 0; i < l->count; i++)
		if (!open_interface(l, i))
			return NULL;
	l->unheard = unheard_open(call->arena, l->names, l->count);
	if (!set_timer(l) || !take_signals(l)) {
		if (!call->failure)
			call_fail(call, EXIT_INTERNAL, "live-failed", "no timer or signals: %s", strerror(errno));
		return NULL;
	}
	return l;
}

/* Nothing more is taken. An interface that can't be told so is closed to us anyhow when the rest has been read. */
static void stop(struct live *l)
{
	for (size_t i = 0; i < l->count; i++)
		wire_live_stop(l->lives[i]);
	l->unheard_known = l->unheard && unheard_count(l->unheard, &l->unheard_frames);
	l->stopped = true;
}

/* An interface that is down may come back, one that is gone doesn't: where all are, it is over. */
static void look_at_interfaces(struct live *l)
{
	size_t gone = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (l->polled[EXTRA + i].revents & POLLERR || l->states[i] == WIRE_LIVE_DOWN)
			l->states[i] = wire_live_state(l->lives[i]);
		gone += l->states[i] == WIRE_LIVE_GONE;
	}
	if (gone == l->count)
		stop(l);
}

size_t live_read(struct live *l, struct wire_ahead *ahead, struct wire_batch *batch)
{
	for (;;) {
		size_t count = wire_live_read(l->lives, l->count, batch);
		int ready;

		/* An end that has come is heard even while frames never stop. */
		if (count && !l->stopped && poll(l->polled, EXTRA, 0) > 0)
			stop(l);
		if (count)
			return count;
		if (ahead && !wire_ahead_settle(ahead))
			return 0;
		for (size_t i = 0; i < l->count; i++)
			wire_live_done(l->lives[i]);
		ready = l->stopped ? poll(l->polled + EXTRA, l->count, LAST_MS)
				   : poll(l->polled, EXTRA + l->count, WAIT_MS);
		if (l->stopped && ready == 0)
			return 0;
		if (!l->stopped && (l->polled[SIGNALS].revents || l->polled[TIMER].revents))
			stop(l);
		if (!l->stopped)
			look_at_interfaces(l);
	}
}

static size_t read_live(void *context, struct wire_ahead *ahead, struct wire_batch *batch)
{
	return live_read(context, ahead, batch);
}

struct wire_ahead *live_ahead(struct live *l, struct arena *arena, struct wire *wire)
{
	for (size_t i = 0; i < l->count; i++)
		wire_live_hold(l->lives[i], WIRE_AHEAD);
	return wire_ahead_of(arena, wire, read_live, l);
}

uint64_t live_lost(struct live *l)
{
	uint64_t all = 0;

	for (size_t i = 0; i < l->count; i++) {
		uint64_t received, lost;

		wire_live_count(l->lives[i], &received, &lost);
		all += lost;
	}
	return all;
}

bool live_unheard(const struct live *l, uint64_t *frames)
{
	*frames = l->unheard_frames;
	return l->unheard_known;
}

size_t live_interrupted(struct live *l)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (l->states[i] == WIRE_LIVE_UP)
			continue;
		count++;
		diagnose(&l->call->diagnostics, SEVERITY_WARNING, "interface-down", (struct place){ l->names[i], 0, 0 },
			 l->states[i] == WIRE_LIVE_GONE ? "the interface went away while it was heard"
							: "the interface was down for a time while it was heard");
	}
	return count;
}

size_t live_sockets(const struct live *l, int sockets[LIVE_INTERFACES])
{
	for (size_t i = 0; i < l->count; i++)
		sockets[i] = l->polled[EXTRA + i].fd;
	return l->count;
}

const char *const *live_names(const struct live *l, size_t *count)
{
	*count = l->count;
	return l->names;
}
