// SPDX-License-Identifier: GPL-2.0
/* The loop on poll(2), for where io_uring is refused. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/engine.h"
#include "lib/clock.h"

/* The longest that a write to a file which others share may hold us up. */
#define BRIEF_US	10000

enum poll_kind {
	KIND_READ,
	KIND_WRITE_SHARED,
	KIND_POLL,
	KIND_WATCH,
	KIND_TIMEOUT,
	KIND_DONE,		/* only done() is still to be called */
};

/* Newest first; what is begun in a turn is looked at in the next one. */
static struct event *pending;
static struct pollfd *fds;
static size_t fds_size;
/* Of each file: its number in @fds, if that one has it in this turn. */
static unsigned int *number_of;
static size_t files;

static void interrupt(int sig)
{
	(void)sig;
}

static int poll_init(void)
{
	/* Not SA_RESTART: it is there to end a write(). */
	const struct sigaction action = { .sa_handler = interrupt };

	pending = NULL;
	return sigaction(SIGALRM, &action, NULL) ? -errno : 0;
}

static void poll_exit(void)
{
	free(fds);
	fds = NULL;
	fds_size = 0;
	free(number_of);
	number_of = NULL;
	files = 0;
}

static void finish(struct event *ev, int res)
{
	ev->op.kind = KIND_DONE;
	ev->op.mask = 0;
	ev->op.res = res;
}

static void begin(struct event *ev, const struct poll_op *op)
{
	ev->busy = true;
	ev->op = *op;
	ev->op.next = pending;
	pending = ev;
	/* To poll(2) that is no mistake, but nothing to wait for. */
	if (op->mask && op->fd < 0)
		finish(ev, -EBADF);
}

static void poll_read(struct event *ev, int fd, void *buf, unsigned int len)
{
	begin(ev, &(struct poll_op){ .kind = KIND_READ, .fd = fd, .buf = buf, .len = len });
}

static void poll_write_shared(struct event *ev, int fd, const void *buf, unsigned int len)
{
	begin(ev, &(struct poll_op){
		.kind = KIND_WRITE_SHARED, .mask = POLLOUT, .fd = fd, .buf = (void *)buf,
		.len = len < PIPE_BUF ? len : PIPE_BUF });
}

static void poll_poll(struct event *ev, int fd, short mask)
{
	begin(ev, &(struct poll_op){ .kind = KIND_POLL, .mask = mask, .fd = fd });
}

static void poll_watch(struct event *ev, int fd, short mask)
{
	begin(ev, &(struct poll_op){ .kind = KIND_WATCH, .mask = mask, .fd = fd });
}

static void poll_timeout(struct event *ev, unsigned int ms)
{
	const __u64 end_ns = clock_ns(CLOCK_MONOTONIC) + ms * NSEC_PER_MSEC;

	begin(ev, &(struct poll_op){ .kind = KIND_TIMEOUT, .end_ns = end_ns });
}

static void poll_cancel(struct event *ev)
{
	if (ev->op.kind != KIND_DONE)
		finish(ev, -ECANCELED);
}

static int result(ssize_t n)
{
	return n < 0 ? -errno : n;
}

static int read_now(const struct poll_op *op)
{
	const struct iovec iov = { .iov_base = op->buf, .iov_len = op->len };

	return result(preadv2(op->fd, &iov, 1, -1, RWF_NOWAIT));
}

/*
 * There is room, so a pipe takes this without waiting, unless another writer
 * was faster, and so does mostly a terminal.  Where it does wait, the timer
 * ends that, again and again: it may come before the waiting has begun.
 */
static int write_briefly(const struct poll_op *op)
{
	const struct itimerval on = {
		.it_value = { .tv_usec = BRIEF_US }, .it_interval = { .tv_usec = BRIEF_US },
	};
	const struct itimerval off = { 0 };
	int res;

	setitimer(ITIMER_REAL, &on, NULL);
	res = result(write(op->fd, op->buf, op->len));
	setitimer(ITIMER_REAL, &off, NULL);
	return res;
}

/* What needs no waiting, or has waited long enough. */
static void attempt(struct event *ev, short revents, __u64 now)
{
	const struct poll_op *op = &ev->op;

	if (op->mask && !revents)
		return;
	if (revents & POLLNVAL)
		finish(ev, -EBADF);
	else if (op->kind == KIND_READ)
		finish(ev, read_now(op));
	else if (op->kind == KIND_WRITE_SHARED)
		finish(ev, write_briefly(op));
	else if (op->kind == KIND_POLL)
		finish(ev, revents);
	else if (op->kind == KIND_WATCH)
		ev->op.res = revents;
	else if (op->kind == KIND_TIMEOUT && now >= op->end_ns)
		finish(ev, -ETIME);
}

/* Room for one more in @fds, and for @fd in @number_of. */
static int make_room(size_t count, int fd)
{
	if (count == fds_size) {
		struct pollfd *more = reallocarray(fds, 2 * count + 16, sizeof(*fds));

		if (!more)
			return -ENOMEM;
		fds = more;
		fds_size = 2 * count + 16;
	}
	if ((size_t)fd >= files) {
		size_t size = 2 * (size_t)fd + 16;
		unsigned int *more = reallocarray(number_of, size, sizeof(*number_of));

		if (!more)
			return -ENOMEM;
		memset(more + files, 0, (size - files) * sizeof(*more));
		number_of = more;
		files = size;
	}
	return 0;
}

/*
 * One entry for each file: poll(2) takes no more than files may be open, and there
 * are more operations than that: timeouts, and two on one file.
 */
static int fill_fds(size_t *count)
{
	size_t n = 0;

	for (struct event *ev = pending; ev; ev = ev->op.next) {
		struct poll_op *op = &ev->op;

		if (!op->mask)
			continue;
		if (make_room(n, op->fd))
			return -ENOMEM;
		op->at = number_of[op->fd];
		if (op->at >= n || fds[op->at].fd != op->fd) {
			op->at = n++;
			number_of[op->fd] = op->at;
			fds[op->at] = (struct pollfd){ .fd = op->fd };
		}
		fds[op->at].events |= op->mask;
	}
	*count = n;
	return 0;
}

/* What was found of what @op waits for. */
static short found(const struct poll_op *op)
{
	return op->mask ? fds[op->at].revents & (op->mask | POLLERR | POLLHUP | POLLNVAL) : 0;
}

/* How long there is nothing to do but to wait for files; -1: for ever. */
static __s64 patience_ns(void)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC), end = ~0ULL;

	for (struct event *ev = pending; ev; ev = ev->op.next) {
		if (ev->op.mask)
			continue;
		if (ev->op.kind != KIND_TIMEOUT || ev->op.end_ns <= now)
			return 0;
		if (ev->op.end_ns < end)
			end = ev->op.end_ns;
	}
	return end == ~0ULL ? -1 : (__s64)(end - now);
}

static void call_done(struct event *list)
{
	while (list) {
		struct event *ev = list;

		list = ev->op.next;
		ev->busy = false;
		ev->done(ev, ev->op.res);
	}
}

/* No event leaves the list meanwhile, and new ones come in front. */
static void call_watchers(void)
{
	for (struct event *ev = pending; ev; ev = ev->op.next) {
		int res = ev->op.res;

		if (ev->op.kind != KIND_WATCH || !res)
			continue;
		ev->op.res = 0;
		ev->done(ev, res);
	}
}

static int poll_turn(void)
{
	__s64 ns = patience_ns();
	const struct timespec wait = {
		.tv_sec = ns / (__s64)NSEC_PER_SEC, .tv_nsec = ns % (__s64)NSEC_PER_SEC,
	};
	struct event *done = NULL, **link = &pending;
	size_t count;
	__u64 now;
	int err;

	err = fill_fds(&count);
	if (err)
		return err;
	if (ppoll(fds, count, ns < 0 ? NULL : &wait, NULL) < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	loop_now_update();
	now = clock_ns(CLOCK_MONOTONIC);

	while (*link) {
		struct event *ev = *link;

		attempt(ev, found(&ev->op), now);
		if (ev->op.kind == KIND_DONE) {
			*link = ev->op.next;
			ev->op.next = done;
			done = ev;
		} else {
			link = &ev->op.next;
		}
	}
	call_done(done);
	call_watchers();
	return 0;
}

static const char *poll_about(void)
{
	return "";
}

const struct engine engine_poll = {
	.name = "poll",
	.about = poll_about,
	.init = poll_init,
	.exit = poll_exit,
	.read = poll_read,
	.write_shared = poll_write_shared,
	.poll = poll_poll,
	.watch = poll_watch,
	.timeout = poll_timeout,
	.cancel = poll_cancel,
	.turn = poll_turn,
};
