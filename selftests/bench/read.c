// SPDX-License-Identifier: GPL-2.0
/*
 * What reading costs the reader, in ns, by each way that there is to read.
 * Where a virtual nanosecond is one instruction, that counts instructions, and
 * gives the same at each run:
 *
 *	selftests/vm/run -i -k 6.12 -- build/selftests/bench/read
 *
 * "flood" is a record of a ring that always has more; "wake" is what a reader
 * who had nothing to read does for the one record that came.
 */
#include <err.h>
#include <liburing.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "clock.h"
#include "guest.h"
#include "module.h"
#include "reader.h"

#define RECORDS		2048
#define BATCH		(RECORDS * sizeof(struct dbgport_record))
#define FLOOD		GUEST_SAY_MAX
#define WAKES		400
/* Provided buffers of the multishot read. */
#define BUFFERS		4
/* Newer than Debian 12's liburing. */
#define OP_READ_MULTISHOT 49

static struct io_uring ring;
static struct io_uring_buf_ring *provided;
static char buf[BUFFERS][BATCH];
static int fd;

/**
 * struct way - one way to read
 * @name: for people
 * @begin: get ready
 * @arm: begin to wait; before the record comes
 * @read: at least one record, which is there or comes; returns bytes, or -errno
 */
struct way {
	const char *name;
	int (*begin)(void);
	void (*arm)(void);
	int (*read)(void);
};

static int setup(void)
{
	return io_uring_queue_init(64, &ring,
				   IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
}

static int wait_cqe(unsigned int *flags)
{
	struct io_uring_cqe *cqe;
	int res, err = io_uring_submit_and_wait(&ring, 1);

	if (err < 0 || io_uring_peek_cqe(&ring, &cqe))
		errx(1, "io_uring: %s", strerror(-err));
	*flags = cqe->flags;
	res = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return res;
}

static void arm_once(void)
{
	io_uring_prep_read(io_uring_get_sqe(&ring), fd, buf[0], BATCH, -1);
	io_uring_submit_and_get_events(&ring);
}

static int read_once(void)
{
	unsigned int flags;
	int res = wait_cqe(&flags);

	/* Submitted with the next wait. */
	io_uring_prep_read(io_uring_get_sqe(&ring), fd, buf[0], BATCH, -1);
	return res;
}

static int begin_multishot(void)
{
	struct io_uring_buf_reg reg = { .ring_entries = BUFFERS };
	void *mem;
	int err = setup();

	if (err)
		return err;
	if (posix_memalign(&mem, 4096, 4096))
		return -ENOMEM;
	provided = mem;
	io_uring_buf_ring_init(provided);
	reg.ring_addr = (unsigned long)provided;
	for (int i = 0; i < BUFFERS; i++)
		io_uring_buf_ring_add(provided, buf[i], BATCH, i,
				      io_uring_buf_ring_mask(BUFFERS), i);
	io_uring_buf_ring_advance(provided, BUFFERS);
	return io_uring_register_buf_ring(&ring, &reg, 0);
}

static void prep_multishot(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	io_uring_prep_rw(OP_READ_MULTISHOT, sqe, fd, NULL, 0, -1);
	sqe->flags |= IOSQE_BUFFER_SELECT;
}

static void arm_multishot(void)
{
	prep_multishot();
	io_uring_submit_and_get_events(&ring);
}

static int read_multishot(void)
{
	unsigned int flags;
	int res = wait_cqe(&flags);
	int id = flags >> IORING_CQE_BUFFER_SHIFT;

	if (res > 0) {
		io_uring_buf_ring_add(provided, buf[id], BATCH, id,
				      io_uring_buf_ring_mask(BUFFERS), 0);
		io_uring_buf_ring_advance(provided, 1);
	}
	if (!(flags & IORING_CQE_F_MORE) && res != -EINVAL)
		prep_multishot();
	return res == -ENOBUFS ? read_multishot() : res;
}

static int read_now(void)
{
	const struct iovec iov = { .iov_base = buf[0], .iov_len = BATCH };
	ssize_t n = preadv2(fd, &iov, 1, -1, RWF_NOWAIT);

	return n < 0 ? -errno : n;
}

static void arm_poll(void)
{
	io_uring_prep_poll_multishot(io_uring_get_sqe(&ring), fd, POLLIN);
	io_uring_submit_and_get_events(&ring);
}

static int read_polled(void)
{
	static bool ready;
	unsigned int flags;
	int n;

	do {
		if (!ready)
			wait_cqe(&flags);
		n = read_now();
		ready = n == BATCH;
	} while (n == -EAGAIN);
	return n;
}

static int begin_ppoll(void)
{
	return 0;
}

static void arm_ppoll(void)
{
}

static int read_ppolled(void)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	if (ppoll(&pfd, 1, NULL, NULL) != 1)
		err(1, "ppoll");
	return read_now();
}

static const struct way ways[] = {
	{ "io_uring: read", setup, arm_once, read_once },
	{ "io_uring: multishot read", begin_multishot, arm_multishot, read_multishot },
	{ "io_uring: multishot poll, preadv2", setup, arm_poll, read_polled },
	{ "ppoll, preadv2", begin_ppoll, arm_ppoll, read_ppolled },
	{ }
};

static void read_all(const struct way *way, size_t records)
{
	size_t got = 0;

	while (got < records) {
		int n = way->read();

		if (n <= 0)
			errx(1, "%s: %s", way->name, strerror(-n));
		got += n / sizeof(struct dbgport_record);
	}
}

static double flood_ns(const struct way *way, struct guest *guest)
{
	static char text[FLOOD];
	unsigned long long start;

	memset(text, 'x', sizeof(text));
	guest_say(guest, text, FLOOD - 1);
	start = now_ns();
	read_all(way, FLOOD - 1);
	return (double)(now_ns() - start) / (FLOOD - 1);
}

static double wake_ns(const struct way *way, struct guest *guest)
{
	unsigned long long sum = 0;

	for (int i = 0; i < WAKES; i++) {
		unsigned long long start;

		guest_say(guest, "x", 1);
		start = now_ns();
		read_all(way, 1);
		sum += now_ns() - start;
	}
	return (double)sum / WAKES;
}

static void show(const struct way *way)
{
	struct code code = { 0 };
	struct guest *guest;

	module_fresh("ring=65536");
	code_say(&code, DBGPORT_CONSOLE_PORT);
	guest = guest_new(1, &code);
	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	guest_say(guest, "x", 1);
	if (way->begin()) {
		printf("# %-36s not on this kernel\n", way->name);
		return;
	}
	way->arm();
	/* ATTACHED, and that. */
	read_all(way, 2);
	wake_ns(way, guest);
	flood_ns(way, guest);
	printf("# %-36s flood %8.1f   wake %8.1f\n", way->name, flood_ns(way, guest),
	       wake_ns(way, guest));
	fflush(stdout);
	if (way->begin != begin_ppoll)
		io_uring_queue_exit(&ring);
	guest_free(guest);
	close(fd);
}

int main(void)
{
	for (const struct way *way = ways; way->name; way++)
		show(way);
	return 0;
}
