// SPDX-License-Identifier: GPL-2.0
/* The loop on io_uring. */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/engine.h"

/* What kernels may know that the headers of a liburing older than 2.3 do not. */
#ifndef IORING_POLL_ADD_MULTI
#define IORING_POLL_ADD_MULTI		0x1
#define IORING_CQE_F_MORE		0x2
#endif
#ifndef IORING_SETUP_COOP_TASKRUN
#define IORING_SETUP_COOP_TASKRUN	0x100
#endif
#ifndef IORING_SETUP_DEFER_TASKRUN
#define IORING_SETUP_SINGLE_ISSUER	0x1000
#define IORING_SETUP_DEFER_TASKRUN	0x2000
#endif

#define ENTRIES		256
/* So that a flood of completions cannot put off the end of the turn. */
#define MAX_PER_TURN	256

/**
 * struct setup - a way to set the ring up
 * @flags: IORING_SETUP_*
 * @name: for people
 */
struct setup {
	unsigned int flags;
	const char *name;
};

/* Best first; kernels that do not know a flag say -EINVAL. */
static const struct setup setups[] = {
	{ IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, ", deferred task work" },
	{ IORING_SETUP_COOP_TASKRUN, ", cooperative task work" },
	{ 0, "" },
};

static struct io_uring ring;
static const struct setup *setup;
static bool has_multishot;

/* As io_uring_prep_poll_multishot(), which came with liburing 2.1. */
static void prep_multishot(struct io_uring_sqe *sqe, int fd, short mask)
{
	io_uring_prep_poll_add(sqe, fd, mask);
	sqe->len = IORING_POLL_ADD_MULTI;
}

/*
 * Whether a poll goes on after its first completion: tried with a pipe that can
 * be written to, since the kernel has no other way to say.
 */
static bool try_multishot(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
	struct io_uring_cqe *cqe;
	bool more = true, has = false;
	int fd[2];

	if (pipe2(fd, O_CLOEXEC))
		return false;
	prep_multishot(sqe, fd[1], POLLOUT);
	io_uring_sqe_set_data(sqe, &has);
	while (more && io_uring_submit_and_wait(&ring, 1) >= 0 &&
	       !io_uring_peek_cqe(&ring, &cqe)) {
		if (io_uring_cqe_get_data(cqe) == &has) {
			more = cqe->flags & IORING_CQE_F_MORE;
			if (more && !has) {
				has = true;
				sqe = io_uring_get_sqe(&ring);
				io_uring_prep_cancel(sqe, &has, 0);
				io_uring_sqe_set_data(sqe, NULL);
			}
		}
		io_uring_cqe_seen(&ring, cqe);
	}
	close(fd[0]);
	close(fd[1]);
	return has;
}

static int uring_init(void)
{
	int ret;

	setup = setups;
	while ((ret = io_uring_queue_init(ENTRIES, &ring, setup->flags)) == -EINVAL &&
	       setup->flags)
		setup++;
	if (ret)
		return ret;
	/* Writers' processes have nothing to do with it. */
	io_uring_ring_dontfork(&ring);
	/* Spares looking up the descriptor at each turn; older kernels cannot. */
#ifdef IORING_ENTER_REGISTERED_RING
	io_uring_register_ring_fd(&ring);
#endif
	has_multishot = try_multishot();
	return 0;
}

static const char *uring_about(void)
{
	static char text[128];

	snprintf(text, sizeof(text), " (liburing " LIBURING_VERSION "%s%s)", setup->name,
		 has_multishot ? ", multishot poll" : "");
	return text;
}

static void uring_exit(void)
{
	io_uring_queue_exit(&ring);
}

static struct io_uring_sqe *get_sqe(void)
{
	struct io_uring_sqe *sqe;

	while (!(sqe = io_uring_get_sqe(&ring)))
		io_uring_submit(&ring);
	return sqe;
}

static struct io_uring_sqe *begin(struct event *ev)
{
	ev->busy = true;
	ev->watch.mask = 0;
	return get_sqe();
}

/* The helpers of liburing clear user_data: set it last. */
static void commit(struct io_uring_sqe *sqe, struct event *ev)
{
	io_uring_sqe_set_data(sqe, ev);
}

static void uring_read(struct event *ev, int fd, void *buf, unsigned int len)
{
	struct io_uring_sqe *sqe = begin(ev);

	io_uring_prep_read(sqe, fd, buf, len, -1);
	commit(sqe, ev);
}

/* A kernel worker writes: it may be blocked without blocking us. */
static void uring_write_shared(struct event *ev, int fd, const void *buf, unsigned int len)
{
	struct io_uring_sqe *sqe = begin(ev);

	io_uring_prep_write(sqe, fd, buf, len, -1);
	io_uring_sqe_set_flags(sqe, IOSQE_ASYNC);
	commit(sqe, ev);
}

static void uring_poll(struct event *ev, int fd, short mask)
{
	struct io_uring_sqe *sqe = begin(ev);

	io_uring_prep_poll_add(sqe, fd, mask);
	commit(sqe, ev);
}

static void arm(struct event *ev)
{
	struct io_uring_sqe *sqe = get_sqe();

	if (has_multishot)
		prep_multishot(sqe, ev->watch.fd, ev->watch.mask);
	else
		io_uring_prep_poll_add(sqe, ev->watch.fd, ev->watch.mask);
	ev->watch.armed = true;
	commit(sqe, ev);
}

static void uring_watch(struct event *ev, int fd, short mask)
{
	ev->busy = true;
	ev->watch = (struct uring_watch){ .fd = fd, .mask = mask };
	arm(ev);
}

static void uring_timeout(struct event *ev, unsigned int ms)
{
	struct io_uring_sqe *sqe = begin(ev);

	ev->ts.tv_sec = ms / 1000;
	ev->ts.tv_nsec = ms % 1000 * 1000000LL;
	io_uring_prep_timeout(sqe, &ev->ts, 0, 0);
	commit(sqe, ev);
}

static void uring_cancel(struct event *ev)
{
	struct io_uring_sqe *sqe;

	ev->watch.cancelled = true;
	if (ev->watch.mask && !ev->watch.armed)
		return;
	sqe = get_sqe();
	io_uring_prep_cancel(sqe, ev, 0);
	commit(sqe, NULL);
}

static void finish(struct event *ev, int res)
{
	ev->busy = false;
	ev->done(ev, res);
}

/* Where the kernel does not go on by itself, the poll is begun anew. */
static void watch_done(struct event *ev, int res, bool more)
{
	if (res < 0) {
		finish(ev, res);
		return;
	}
	ev->watch.armed = more;
	ev->done(ev, res);
	if (more)
		return;
	if (ev->watch.cancelled)
		finish(ev, -ECANCELED);
	else
		arm(ev);
}

static int uring_turn(void)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_submit_and_wait(&ring, 1);

	/* Full completion queue: what is below makes room. */
	if (ret < 0 && ret != -EINTR && ret != -EBUSY && ret != -EAGAIN)
		return ret;
	loop_now_update();

	for (int i = 0; i < MAX_PER_TURN && !io_uring_peek_cqe(&ring, &cqe); i++) {
		struct event *ev = io_uring_cqe_get_data(cqe);
		bool more = cqe->flags & IORING_CQE_F_MORE;
		int res = cqe->res;

		io_uring_cqe_seen(&ring, cqe);
		if (ev && ev->watch.mask)
			watch_done(ev, res, more);
		else if (ev)
			finish(ev, res);
	}
	return 0;
}

const struct engine engine_uring = {
	.name = "uring",
	.about = uring_about,
	.init = uring_init,
	.exit = uring_exit,
	.read = uring_read,
	.write_shared = uring_write_shared,
	.poll = uring_poll,
	.watch = uring_watch,
	.timeout = uring_timeout,
	.cancel = uring_cancel,
	.turn = uring_turn,
};
