// SPDX-License-Identifier: GPL-2.0
/*
 * Engines for the loop in which nothing happens by itself, and a clock that the
 * linker puts in the place of the real one: a timeout is over when the input
 * says so.
 */
#include <errno.h>
#include <time.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/engine.h"
#include "dbgportd/loop/loop.h"
#include "fuzz.h"

#define NS_PER_MS	1000000ULL
#define BEGIN_MS	1000
/* So many seconds are between the two clocks. */
#define EPOCH_S		1800000000

static __u64 now_ms = BEGIN_MS;
/* In the order in which they were started. */
static struct event *timeouts;

int __wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	ts->tv_sec = now_ms / 1000 + (id == CLOCK_REALTIME ? EPOCH_S : 0);
	ts->tv_nsec = now_ms % 1000 * NS_PER_MS;
	return 0;
}

static const char *about(void)
{
	return "";
}

static int init(void)
{
	return 0;
}

static void take_out(struct event *ev)
{
	struct event **p = &timeouts;

	while (*p != ev)
		p = &(*p)->op.next;
	*p = ev->op.next;
}

static void start_timeout(struct event *ev, unsigned int ms)
{
	struct event **p = &timeouts;

	CHECK(!ev->busy, "one event waits for two things");
	ev->busy = true;
	ev->op.end_ns = (now_ms + ms) * NS_PER_MS;
	ev->op.res = -ETIME;
	ev->op.next = NULL;
	while (*p)
		p = &(*p)->op.next;
	*p = ev;
}

static void cancel(struct event *ev)
{
	ev->op.end_ns = 0;
	ev->op.res = -ECANCELED;
}

static struct event *first_over(void)
{
	struct event *ev = timeouts;

	while (ev && ev->op.end_ns > now_ms * NS_PER_MS)
		ev = ev->op.next;
	return ev;
}

static int turn(void)
{
	struct event *ev;

	loop_now_update();
	while ((ev = first_over())) {
		take_out(ev);
		ev->busy = false;
		ev->done(ev, ev->op.res);
		/* Or this would not end. */
		CHECK(!ev->busy || ev->op.end_ns > now_ms * NS_PER_MS, "it waits for no time");
	}
	return 0;
}

void pass_time(__u64 ms)
{
	now_ms += ms;
	loop_turn();
}

void forget_time(void)
{
	while (timeouts) {
		timeouts->busy = false;
		timeouts = timeouts->op.next;
	}
	now_ms = BEGIN_MS;
	loop_now_update();
}

/* Nothing that a target reaches reads or writes. */

static void no_read(struct event *ev, int fd, void *buf, unsigned int len)
{
	(void)ev;
	(void)buf;
	CHECK(0, "%u bytes are read from %d", len, fd);
}

static void no_write(struct event *ev, int fd, const void *buf, unsigned int len)
{
	(void)ev;
	(void)buf;
	CHECK(0, "%u bytes are written to %d", len, fd);
}

static void no_poll(struct event *ev, int fd, short mask)
{
	(void)ev;
	CHECK(0, "%d is waited for (%x)", fd, mask);
}

#define ENGINE(n)			\
	{				\
		.name = n,		\
		.about = about,		\
		.init = init,		\
		.read = no_read,	\
		.write_shared = no_write, \
		.poll = no_poll,	\
		.watch = no_poll,	\
		.timeout = start_timeout, \
		.cancel = cancel,	\
		.turn = turn,		\
	}

/* Both, so that neither of the real ones is linked. */
const struct engine engine_uring = ENGINE("uring"), engine_poll = ENGINE("poll");

__attribute__((constructor)) static void begin(void)
{
	loop_init(NULL);
}
