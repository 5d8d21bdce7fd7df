// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <liburing.h>
#include <time.h>

#include "dbgportd/loop.h"

#define ENTRIES		256
/* So that a flood of completions cannot put off the end of the turn. */
#define MAX_PER_TURN	256

static struct io_uring ring;
static __u64 now_ms;

static void update_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	now_ms = ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

int loop_init(void)
{
	/* Best first; kernels that do not know a flag say -EINVAL. */
	static const unsigned int flags[] = {
		IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
		IORING_SETUP_COOP_TASKRUN,
		0,
	};
	const unsigned int *f = flags;
	int ret;

	update_now();
	do {
		ret = io_uring_queue_init(ENTRIES, &ring, *f);
	} while (ret == -EINVAL && *f++);
	return ret;
}

void loop_exit(void)
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

void loop_read(struct event *ev, int fd, void *buf, unsigned int len)
{
	struct io_uring_sqe *sqe = begin(ev);

	io_uring_prep_read(sqe, fd, buf, len, -1);
	commit(sqe, ev);
}

void loop_write(struct event *ev, int fd, const void *buf, unsigned int len)
{
	struct io_uring_sqe *sqe = begin(ev);

	io_uring_prep_write(sqe, fd, buf, len, -1);
	commit(sqe, ev);
}

void loop_write_worker(struct event *ev, int fd, const void *buf, unsigned int len)
{
	struct io_uring_sqe *sqe = begin(ev);

	io_uring_prep_write(sqe, fd, buf, len, -1);
	io_uring_sqe_set_flags(sqe, IOSQE_ASYNC);
	commit(sqe, ev);
}

void loop_poll(struct event *ev, int fd, short mask)
{
	struct io_uring_sqe *sqe = begin(ev);

	io_uring_prep_poll_add(sqe, fd, mask);
	commit(sqe, ev);
}

void loop_timeout(struct event *ev, unsigned int ms)
{
	struct io_uring_sqe *sqe = begin(ev);

	ev->ts.tv_sec = ms / 1000;
	ev->ts.tv_nsec = ms % 1000 * 1000000LL;
	io_uring_prep_timeout(sqe, &ev->ts, 0, 0);
	commit(sqe, ev);
}

void loop_cancel(struct event *ev)
{
	struct io_uring_sqe *sqe;

	if (!ev->busy)
		return;
	sqe = get_sqe();
	io_uring_prep_cancel(sqe, ev, 0);
	commit(sqe, NULL);
}

int loop_turn(void)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_submit_and_wait(&ring, 1);

	/* Full completion queue: what is below makes room. */
	if (ret < 0 && ret != -EINTR && ret != -EBUSY && ret != -EAGAIN)
		return ret;
	update_now();

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

__u64 loop_now(void)
{
	return now_ms;
}
