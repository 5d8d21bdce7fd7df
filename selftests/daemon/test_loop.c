// SPDX-License-Identifier: GPL-2.0
/* The loop by itself: what each operation ends with, on either engine. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "dbgportd/loop/clock.h"

/* An operation whose result is remembered. */
struct op {
	struct event ev;
	int done;
	int res;
	int fd;
};

static void op_done(struct event *ev, int res)
{
	struct op *op = container_of(ev, struct op, ev);

	op->done++;
	op->res = res;
}

FIXTURE(loop)
{
	struct op op;
	struct op other;
	int fd[2];
};

FIXTURE_SETUP(loop)
{
	ASSERT_EQ(0, loop_init(ENGINE));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, self->fd));
	memset(&self->op, 0, sizeof(self->op));
	self->op.ev.done = op_done;
	self->other = self->op;
}

FIXTURE_TEARDOWN(loop)
{
	loop_exit();
}

#define WAIT_FOR(op) ASSERT_TRUE(drive_until((op).done))

TEST_F(loop, is_on_the_engine_that_was_asked_for)
{
	EXPECT_EQ(0, strncmp(ENGINE, loop_engine(), strlen(ENGINE)));
	EXPECT_EQ(-EINVAL, loop_init("other"));
	ASSERT_EQ(0, loop_init(ENGINE));
}

/* Each VM may have timers, and a file what is read and what is written. */
TEST_F(loop, more_is_under_way_than_files_may_be_open)
{
	const struct rlimit few = { 64, 64 };
	static struct op timers[100], polls[100];

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &few));
	for (int i = 0; i < 100; i++) {
		timers[i].ev.done = op_done;
		polls[i].ev.done = op_done;
		loop_timeout(&timers[i].ev, 1);
		loop_poll(&polls[i].ev, self->fd[0], POLLIN);
	}
	loop_poll(&self->op.ev, self->fd[0], POLLOUT);
	WAIT_FOR(self->op);
	EXPECT_EQ(POLLOUT, self->op.res);
	EXPECT_EQ(0, polls[0].done);
	ASSERT_EQ(1, write(self->fd[1], "x", 1));
	for (int i = 0; i < 100; i++) {
		WAIT_FOR(timers[i]);
		EXPECT_EQ(-ETIME, timers[i].res);
		WAIT_FOR(polls[i]);
		EXPECT_EQ(POLLIN, polls[i].res);
	}
}

TEST_F(loop, a_timeout_takes_its_time)
{
	__u64 begin = drive_clock();

	loop_timeout(&self->op.ev, 50);
	EXPECT_TRUE(self->op.ev.busy);
	WAIT_FOR(self->op);
	EXPECT_EQ(-ETIME, self->op.res);
	EXPECT_FALSE(self->op.ev.busy);
	EXPECT_LE(49, drive_clock() - begin);
	EXPECT_GT(1000, drive_clock() - begin);
	EXPECT_LE(begin + 49, loop_now());
}

TEST_F(loop, waiting_is_not_polling)
{
	int turns = 0;

	loop_poll(&self->other.ev, self->fd[0], POLLIN);
	loop_timeout(&self->op.ev, 100);
	for (; !self->op.done; turns++)
		ASSERT_EQ(0, loop_turn());
	EXPECT_GE(3, turns);
}

TEST_F(loop, timeouts_end_in_their_order)
{
	loop_timeout(&self->op.ev, 100);
	loop_timeout(&self->other.ev, 20);
	WAIT_FOR(self->other);
	EXPECT_EQ(0, self->op.done);
	WAIT_FOR(self->op);
}

TEST_F(loop, what_is_there_is_read)
{
	char buf[16] = "";

	ASSERT_EQ(5, write(self->fd[1], "hello", 5));
	loop_read(&self->op.ev, self->fd[0], buf, sizeof(buf));
	WAIT_FOR(self->op);
	EXPECT_EQ(5, self->op.res);
	EXPECT_STREQ("hello", buf);
}

/* Whether it waits or says -EAGAIN is the engine's affair; it holds nobody up. */
TEST_F(loop, reading_nothing_stops_nobody)
{
	char buf[16];

	loop_read(&self->op.ev, self->fd[0], buf, sizeof(buf));
	loop_timeout(&self->other.ev, 20);
	WAIT_FOR(self->other);
	if (self->op.done)
		EXPECT_EQ(-EAGAIN, self->op.res);
}

TEST_F(loop, the_end_of_a_file_is_0)
{
	char buf[16];

	close(self->fd[1]);
	loop_read(&self->op.ev, self->fd[0], buf, sizeof(buf));
	WAIT_FOR(self->op);
	EXPECT_EQ(0, self->op.res);
}

TEST_F(loop, an_error_is_a_negative_errno)
{
	char buf[16];

	loop_read(&self->op.ev, -1, buf, sizeof(buf));
	loop_write_shared(&self->other.ev, -1, buf, sizeof(buf));
	WAIT_FOR(self->op);
	WAIT_FOR(self->other);
	EXPECT_EQ(-EBADF, self->op.res);
	EXPECT_EQ(-EBADF, self->other.res);
}

TEST_F(loop, what_is_written_arrives)
{
	char buf[16] = "";

	loop_write_shared(&self->op.ev, self->fd[0], "one", 3);
	WAIT_FOR(self->op);
	EXPECT_EQ(3, self->op.res);
	loop_write_shared(&self->other.ev, self->fd[0], "two", 3);
	WAIT_FOR(self->other);
	EXPECT_EQ(3, self->other.res);
	EXPECT_EQ(6, read(self->fd[1], buf, sizeof(buf)));
	EXPECT_STREQ("onetwo", buf);
}

TEST_F(loop, a_poll_tells_what_is_ready)
{
	loop_poll(&self->op.ev, self->fd[0], POLLIN);
	drive_for(20);
	EXPECT_EQ(0, self->op.done);
	ASSERT_EQ(1, write(self->fd[1], "x", 1));
	WAIT_FOR(self->op);
	EXPECT_EQ(POLLIN, self->op.res);
}

TEST_F(loop, a_poll_tells_of_a_hangup)
{
	loop_poll(&self->op.ev, self->fd[0], POLLIN);
	drive_for(20);
	close(self->fd[1]);
	WAIT_FOR(self->op);
	EXPECT_TRUE(self->op.res & POLLHUP);
}

/* Takes all that there is, as who watches must. */
static void drain(struct event *ev, int res)
{
	struct op *op = container_of(ev, struct op, ev);
	char buf[16];

	op_done(ev, res);
	while (res > 0 && recv(op->fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

TEST_F(loop, a_watch_tells_again_and_again)
{
	self->op.ev.done = drain;
	self->op.fd = self->fd[0];
	loop_watch(&self->op.ev, self->fd[0], POLLIN);
	drive_for(20);
	EXPECT_EQ(0, self->op.done);
	for (int i = 1; i <= 100; i++) {
		ASSERT_EQ(1, write(self->fd[1], "x", 1));
		EXPECT_TRUE(drive_until(self->op.done >= i));
		EXPECT_TRUE(self->op.res & POLLIN);
		EXPECT_TRUE(self->op.ev.busy);
	}
	self->op.done = 0;
	drive_for(20);
	EXPECT_EQ(0, self->op.done);
}

TEST_F(loop, a_watch_ends_when_it_is_cancelled)
{
	self->op.ev.done = drain;
	self->op.fd = self->fd[0];
	loop_watch(&self->op.ev, self->fd[0], POLLIN);
	ASSERT_EQ(1, write(self->fd[1], "x", 1));
	WAIT_FOR(self->op);
	loop_cancel(&self->op.ev);
	EXPECT_TRUE(drive_until(!self->op.ev.busy));
	EXPECT_EQ(-ECANCELED, self->op.res);
	self->op.done = 0;
	ASSERT_EQ(1, write(self->fd[1], "x", 1));
	drive_for(20);
	EXPECT_EQ(0, self->op.done);
}

static void cancel_itself(struct event *ev, int res)
{
	drain(ev, res);
	loop_cancel(ev);
}

TEST_F(loop, a_watch_may_end_itself)
{
	self->op.ev.done = cancel_itself;
	self->op.fd = self->fd[0];
	loop_watch(&self->op.ev, self->fd[0], POLLIN);
	ASSERT_EQ(1, write(self->fd[1], "x", 1));
	EXPECT_TRUE(drive_until(!self->op.ev.busy));
	EXPECT_EQ(-ECANCELED, self->op.res);
	EXPECT_EQ(2, self->op.done);
}

static struct event *bystander;

static void cancel_bystander(struct event *ev, int res)
{
	op_done(ev, res);
	loop_cancel(bystander);
}

/* The watch has something to tell at the very moment at which it is ended. */
TEST_F(loop, a_watch_may_be_ended_by_another_operation)
{
	self->op.ev.done = drain;
	self->op.fd = self->fd[0];
	self->other.ev.done = cancel_bystander;
	bystander = &self->op.ev;
	ASSERT_EQ(1, write(self->fd[1], "x", 1));
	loop_poll(&self->other.ev, self->fd[0], POLLIN);
	loop_watch(&self->op.ev, self->fd[0], POLLIN);
	EXPECT_TRUE(drive_until(!self->op.ev.busy));
	EXPECT_EQ(-ECANCELED, self->op.res);
	EXPECT_EQ(1, self->other.done);
}

TEST_F(loop, a_watch_of_no_file_ends)
{
	loop_watch(&self->op.ev, -1, POLLIN);
	EXPECT_TRUE(drive_until(!self->op.ev.busy));
	EXPECT_EQ(-EBADF, self->op.res);
}

TEST_F(loop, what_waits_can_be_cancelled)
{
	loop_poll(&self->op.ev, self->fd[0], POLLIN);
	loop_timeout(&self->other.ev, 100000);
	drive_for(20);
	loop_cancel(&self->op.ev);
	loop_cancel(&self->op.ev);
	loop_cancel(&self->other.ev);
	WAIT_FOR(self->op);
	WAIT_FOR(self->other);
	EXPECT_EQ(-ECANCELED, self->op.res);
	EXPECT_EQ(-ECANCELED, self->other.res);
	drive_for(20);
	EXPECT_EQ(1, self->op.done);
	/* There is nothing left to be cancelled. */
	loop_cancel(&self->op.ev);
	drive_for(20);
	EXPECT_EQ(1, self->op.done);
}

static int rounds;

static void again(struct event *ev, int res)
{
	(void)res;
	if (++rounds < 1000)
		loop_timeout(ev, 0);
}

TEST_F(loop, the_next_operation_may_begin_in_done)
{
	struct event ev = { .done = again };

	loop_timeout(&ev, 0);
	EXPECT_TRUE(drive_until(rounds == 1000));
	EXPECT_FALSE(ev.busy);
}

static struct op *victim;

static void cancel_victim(struct event *ev, int res)
{
	op_done(ev, res);
	loop_cancel(&victim->ev);
}

/* Both are done in the same turn: whoever is called first, each is called once. */
TEST_F(loop, done_may_cancel_what_is_done_too)
{
	victim = &self->other;
	self->op.ev.done = cancel_victim;
	for (int i = 0; i < 2; i++) {
		struct op *first = i ? &self->op : &self->other;
		struct op *second = i ? &self->other : &self->op;

		self->op.done = 0;
		self->other.done = 0;
		loop_poll(&first->ev, self->fd[0], POLLOUT);
		loop_poll(&second->ev, self->fd[0], POLLOUT);
		WAIT_FOR(self->op);
		WAIT_FOR(self->other);
		drive_for(20);
		EXPECT_EQ(1, self->op.done);
		EXPECT_EQ(1, self->other.done);
	}
}

static void count(struct event *ev, int res)
{
	(void)ev;
	(void)res;
	rounds++;
}

TEST_F(loop, a_thousand_operations_at_once)
{
	static struct event many[1000];

	for (int i = 0; i < 1000; i++) {
		many[i].done = count;
		if (i % 2)
			loop_timeout(&many[i], i % 50);
		else
			loop_poll(&many[i], self->fd[0], POLLOUT);
	}
	EXPECT_TRUE(drive_until(rounds == 1000));
}

/* A full pipe that others share: it is written to, and nobody waits for it. */
TEST_F(loop, a_shared_file_that_would_block_holds_nobody_up)
{
	static char buf[200000];
	__u64 begin = drive_clock();
	size_t got = 0;
	int fd[2];

	ASSERT_EQ(0, pipe(fd));
	for (int i = 0; i < 64; i++) {
		struct pollfd room = { .fd = fd[1], .events = POLLOUT };

		if (poll(&room, 1, 0) != 1)
			break;
		ASSERT_EQ(4096, write(fd[1], buf, 4096));
	}
	loop_write_shared(&self->op.ev, fd[1], buf, sizeof(buf));
	drive_for(100);
	EXPECT_GT(1000, drive_clock() - begin);
	EXPECT_EQ(0, self->op.done);
	ASSERT_EQ(0, fcntl(fd[0], F_SETFL, O_NONBLOCK));
	EXPECT_TRUE(drive_until(({
		ssize_t n = read(fd[0], buf, sizeof(buf));

		if (n > 0)
			got += n;
		self->op.done;
	})));
	EXPECT_LT(0, self->op.res);
	EXPECT_LT(4096, got);
}

/* Room for some of it: the rest must not be waited for. */
TEST_F(loop, a_shared_file_with_little_room_holds_nobody_up)
{
	static char buf[1024 * 1024];
	__u64 begin = drive_clock();
	ssize_t got;

	loop_write_shared(&self->op.ev, self->fd[0], buf, sizeof(buf));
	for (int i = 0; i < 1000; i++) {
		drive_for(1);
		if (!self->op.done)
			break;
		ASSERT_LT(0, self->op.res);
		self->op.done = 0;
		loop_write_shared(&self->op.ev, self->fd[0], buf, sizeof(buf));
	}
	EXPECT_EQ(0, self->op.done);
	EXPECT_GT(5000, drive_clock() - begin);
	begin = drive_clock();
	drive_for(50);
	EXPECT_GT(1000, drive_clock() - begin);
	got = recv(self->fd[1], buf, sizeof(buf), MSG_DONTWAIT);
	EXPECT_LT(0, got);
	close(self->fd[1]);
}

TEST_HARNESS_MAIN
