// SPDX-License-Identifier: GPL-2.0
/* Reading /dev/dbgport by io_uring. */
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define WRITES	8

FIXTURE(uring) {
	struct io_uring ring;
	struct code code;
	struct guest *guest;
	struct dbgport_record rec[64];
	struct io_uring_cqe *cqe;
	unsigned int vm;
	int fd;
};

FIXTURE_VARIANT(uring) {
	int oflags;
	unsigned int setup;
};

FIXTURE_VARIANT_ADD(uring, plain) { };
FIXTURE_VARIANT_ADD(uring, nonblocking_file) { .oflags = O_NONBLOCK };
FIXTURE_VARIANT_ADD(uring, deferred_task_work) {
	.setup = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
};

FIXTURE_SETUP(uring)
{
	int ret;

	module_fresh("");
	ret = io_uring_queue_init(8, &self->ring, variant->setup);
	/* Both flags came with 6.1. */
	if (ret == -EINVAL && variant->setup)
		SKIP(return, "this kernel's io_uring does not defer task work");
	ASSERT_EQ(0, ret);
	self->fd = reader_open(variant->oflags, DBGPORT_SUB_CLAIM);
	code_count(&self->code, 0xe9, WRITES);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
	ASSERT_EQ(sizeof(self->rec[0]),
		  read(self->fd, self->rec, sizeof(self->rec)));
}

FIXTURE_TEARDOWN(uring)
{
	guest_free(self->guest);
}

static void submit_read(struct io_uring *ring, int fd, void *buf, size_t len,
			unsigned long tag)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_read(sqe, fd, buf, len, -1);
	io_uring_sqe_set_data64(sqe, tag);
	io_uring_submit(ring);
}

/* Nothing has completed; let deferred work run first. */
static bool is_pending(struct io_uring *ring)
{
	struct __kernel_timespec now = { 0 };
	struct io_uring_cqe *cqe;

	return io_uring_wait_cqe_timeout(ring, &cqe, &now) == -ETIME;
}

TEST_F(uring, read_completes_at_once_if_there_is_something)
{
	guest_run(self->guest);
	submit_read(&self->ring, self->fd, self->rec, sizeof(self->rec), 1);
	ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &self->cqe));
	EXPECT_EQ(WRITES * sizeof(self->rec[0]), self->cqe->res);
	EXPECT_EQ(WRITES - 1, self->rec[WRITES - 1].value);
}

TEST_F(uring, read_waits_and_completes_when_the_guest_writes)
{
	submit_read(&self->ring, self->fd, self->rec, sizeof(self->rec), 1);
	EXPECT_TRUE(is_pending(&self->ring));
	guest_run(self->guest);
	ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &self->cqe));
	EXPECT_LE((int)sizeof(self->rec[0]), self->cqe->res);
	EXPECT_EQ(DBGPORT_WRITE, self->rec[0].type);
	EXPECT_EQ(0, self->rec[0].seq);
}

TEST_F(uring, reads_one_after_another_give_the_whole_stream)
{
	size_t size = sizeof(self->rec[0]), got = 0;
	int i;

	guest_start(self->guest);
	while (got < WRITES * size) {
		submit_read(&self->ring, self->fd, (char *)self->rec + got,
			    2 * size, 1);
		ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &self->cqe));
		ASSERT_LT(0, self->cqe->res);
		got += self->cqe->res;
		io_uring_cqe_seen(&self->ring, self->cqe);
	}
	guest_wait(self->guest);
	for (i = 0; i < WRITES; i++)
		EXPECT_EQ(i, self->rec[i].value);
}

TEST_F(uring, two_reads_pending_share_the_records)
{
	struct stream rest = { 0 };
	struct dbgport_record other[64];
	ssize_t total = 0;
	int i;

	submit_read(&self->ring, self->fd, self->rec, sizeof(self->rec), 1);
	submit_read(&self->ring, self->fd, other, sizeof(other), 2);
	guest_run(self->guest);
	for (i = 0; i < 2; i++) {
		struct dbgport_record *rec;
		int n;

		ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &self->cqe));
		ASSERT_LT(0, self->cqe->res);
		rec = self->cqe->user_data == 1 ? self->rec : other;
		for (n = self->cqe->res / sizeof(*rec); n; n--, rec++)
			total += rec->vm == self->vm;
		io_uring_cqe_seen(&self->ring, self->cqe);
		/* If this one took everything, the other one gets the end. */
		guest_free(self->guest);
		self->guest = NULL;
	}
	reader_drain(self->fd, &rest);
	for (i = 0; i < (int)rest.len; i++)
		total += rest.rec[i].vm == self->vm;
	EXPECT_EQ(WRITES + 1, total);
	stream_free(&rest);
}

TEST_F(uring, short_buffer_is_einval)
{
	submit_read(&self->ring, self->fd, self->rec,
		    sizeof(self->rec[0]) - 1, 1);
	ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &self->cqe));
	EXPECT_EQ(-EINVAL, self->cqe->res);
}

TEST_F(uring, bad_address_is_efault_and_loses_nothing)
{
	guest_run(self->guest);
	submit_read(&self->ring, self->fd, (void *)8, sizeof(self->rec), 1);
	ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &self->cqe));
	EXPECT_EQ(-EFAULT, self->cqe->res);
	EXPECT_EQ(WRITES * sizeof(self->rec[0]),
		  read(self->fd, self->rec, sizeof(self->rec)));
	EXPECT_EQ(0, self->rec[0].value);
}

TEST_F(uring, pending_read_can_be_cancelled)
{
	struct io_uring_sqe *sqe;
	int i;

	submit_read(&self->ring, self->fd, self->rec, sizeof(self->rec), 1);
	sqe = io_uring_get_sqe(&self->ring);
	io_uring_prep_cancel64(sqe, 1, 0);
	io_uring_sqe_set_data64(sqe, 2);
	io_uring_submit(&self->ring);
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &self->cqe));
		EXPECT_EQ(self->cqe->user_data == 1 ? -ECANCELED : 0,
			  self->cqe->res);
		io_uring_cqe_seen(&self->ring, self->cqe);
	}
	guest_run(self->guest);
	EXPECT_EQ(WRITES * sizeof(self->rec[0]),
		  read(self->fd, self->rec, sizeof(self->rec)));
}

TEST_F(uring, file_can_be_closed_with_a_read_pending)
{
	submit_read(&self->ring, self->fd, self->rec, sizeof(self->rec), 1);
	EXPECT_TRUE(is_pending(&self->ring));
	/* The request holds the file; it still completes. */
	close(self->fd);
	guest_run(self->guest);
	ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &self->cqe));
	EXPECT_LE((int)sizeof(self->rec[0]), self->cqe->res);
}

TEST_F(uring, ring_can_be_closed_with_a_read_pending)
{
	int tries;

	submit_read(&self->ring, self->fd, self->rec, sizeof(self->rec), 1);
	EXPECT_TRUE(is_pending(&self->ring));
	close(self->fd);
	io_uring_queue_exit(&self->ring);
	/* The ring's end is asynchronous; then nothing holds the module. */
	guest_free(self->guest);
	self->guest = NULL;
	for (tries = 0; module_unload() == -EAGAIN && tries < 5000; tries++)
		poll(NULL, 0, 1);
	EXPECT_FALSE(module_loaded());
}

TEST_F(uring, poll_tells_of_records)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&self->ring);

	io_uring_prep_poll_add(sqe, self->fd, POLLIN);
	io_uring_submit(&self->ring);
	EXPECT_TRUE(is_pending(&self->ring));
	guest_run(self->guest);
	ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &self->cqe));
	EXPECT_TRUE(self->cqe->res & POLLIN);
}

TEST_F(uring, process_can_be_killed_with_a_read_pending)
{
	int ready[2];
	char byte;
	pid_t child;

	ASSERT_EQ(0, pipe(ready));
	child = fork();
	if (child == 0) {
		struct io_uring ring;
		int fd = reader_open(variant->oflags, DBGPORT_SUB_NEWEST);

		io_uring_queue_init(8, &ring, variant->setup);
		if (read(fd, self->rec, sizeof(self->rec)) < 0)
			_exit(1);
		submit_read(&ring, fd, self->rec, sizeof(self->rec), 1);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	guest_run(self->guest);
	EXPECT_EQ(WRITES * sizeof(self->rec[0]),
		  read(self->fd, self->rec, sizeof(self->rec)));
}

TEST_HARNESS_MAIN
