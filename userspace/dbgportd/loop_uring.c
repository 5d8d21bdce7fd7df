// SPDX-License-Identifier: GPL-2.0
/* The loop on io_uring. */
#include <errno.h>
#include <liburing.h>

#include "dbgportd/engine.h"

#define ENTRIES		256
/* So that a flood of completions cannot put off the end of the turn. */
#define MAX_PER_TURN	256

static struct io_uring ring;

static int uring_init(void)
{
	/* Best first; kernels that do not know a flag say -EINVAL. */
	static const unsigned int flags[] = {
		IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
		IORING_SETUP_COOP_TASKRUN,
		0,
	};
	const unsigned int *f = flags;
	int ret;

	do {
		ret = io_uring_queue_init(ENTRIES, &ring, *f);
	} while (ret == -EINVAL && *f++);
	return ret;
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

static void uring_write(struct event *ev, int fd, const void *buf, unsigned int len)
{
	struct io_uring_sqe *sqe = begin(ev);

	io_uring_prep_write(sqe, fd, buf, len, -1);
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
	struct io_uring_sqe *sqe = get_sqe();

	io_uring_prep_cancel(sqe, ev, 0);
	commit(sqe, NULL);
}

static int uring_turn(void)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_submit_and_wait(&ring, 1);

	/* Full completion queue: what is below makes room. */
	if (ret < 0 && ret != -EINTR && ret != -EBUSY && ret != -EAGAIN)
		return ret;
	loop_update_now();

	for (int i = 0; i < MAX_PER_TURN && !io_uring_peek_cqe(&ring, &cqe); i++) {
		struct event *ev = io_uring_cqe_get_data(cqe);
		int res = cqe->res;

		io_uring_cqe_seen(&ring, cqe);
		if (!ev)
			continue;
		ev->busy = false;
		ev->done(ev, res);
	}
	return 0;
}

const struct engine engine_uring = {
	.name = "uring",
	.about = " (liburing " LIBURING_VERSION ")",
	.init = uring_init,
	.exit = uring_exit,
	.read = uring_read,
	.write = uring_write,
	.write_shared = uring_write_shared,
	.poll = uring_poll,
	.timeout = uring_timeout,
	.cancel = uring_cancel,
	.turn = uring_turn,
};
