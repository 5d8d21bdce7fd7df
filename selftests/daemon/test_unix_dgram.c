// SPDX-License-Identifier: GPL-2.0
/* Datagrams to listeners that are there, slow, or not there. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "lib/harness.h"

#include "daemon/inbox.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/settings.h"

/* How the kernel answers each write to a socket; 0: as it does. */
static int refused_with;

/* In place of libc's, also for the daemon's parts. */
ssize_t write(int fd, const void *buf, size_t n)
{
	int type;
	socklen_t len = sizeof(type);

	if (refused_with && !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len)) {
		errno = refused_with;
		return -1;
	}
	return syscall(SYS_write, fd, buf, n);
}

FIXTURE(datagrams)
{
	struct sink_settings set;
	struct sink_request rq;
	struct sink *sink;
	struct inbox inbox;
	char why[512];
};

#define OPEN() sink_unix_dgram.open(&self->rq, self->why, sizeof(self->why))

FIXTURE_SETUP(datagrams)
{
	drive_without_log();
	signal(SIGPIPE, SIG_IGN);
	ASSERT_EQ(0, loop_init(ENGINE));
	ASSERT_TRUE(inbox_make(&self->inbox));
	self->set = (struct sink_settings){ .queue = 65536 };
	self->rq = (struct sink_request){
		.kind = &sink_unix_dgram, .path = self->inbox.path, .vm = "vm-1",
		.set = &self->set,
	};
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink) TH_LOG("%s", self->why);
}

FIXTURE_TEARDOWN(datagrams)
{
	inbox_close(&self->inbox);
	if (self->sink)
		sink_unix_dgram.close(self->sink);
	EXPECT_TRUE(drive_until(!sinks_open()));
	EXPECT_TRUE(inbox_remove(&self->inbox));
	loop_exit();
}

TEST_F(datagrams, each_line_is_one)
{
	drive_put(self->sink, "one\n");
	drive_put(self->sink, "two\n");
	drive_put(self->sink, "three in ");
	drive_put(self->sink, "parts\n");
	streams_flush();
	EXPECT_STREQ("one\n", inbox_next(self->inbox.fd));
	EXPECT_STREQ("two\n", inbox_next(self->inbox.fd));
	EXPECT_STREQ("three in parts\n", inbox_next(self->inbox.fd));
	EXPECT_STREQ("", inbox_next(self->inbox.fd));
}

TEST_F(datagrams, an_unfinished_line_is_sent_as_far_as_it_goes)
{
	drive_put(self->sink, "one\nlogin: ");
	streams_flush();
	EXPECT_STREQ("one\n", inbox_next(self->inbox.fd));
	EXPECT_STREQ("login: ", inbox_next(self->inbox.fd));
	drive_put(self->sink, "root\n");
	EXPECT_STREQ("root\n", inbox_next(self->inbox.fd));
}

TEST_F(datagrams, raw_bytes_are_one_a_turn)
{
	static char big[20000];
	struct sink *sink;

	self->rq.raw = true;
	sink = OPEN();
	ASSERT_NE(NULL, sink);
	drive_put(sink, "one\n");
	drive_put(sink, "two\n");
	streams_flush();
	EXPECT_STREQ("one\ntwo\n", inbox_next(self->inbox.fd));
	memset(big, 'x', sizeof(big) - 1);
	drive_put(sink, big);
	streams_flush();
	EXPECT_EQ(16384, strlen(inbox_next(self->inbox.fd)));
	EXPECT_EQ(20000 - 1 - 16384, strlen(inbox_next(self->inbox.fd)));
	sink_unix_dgram.close(sink);
}

TEST_F(datagrams, a_host_without_memory_is_waited_for)
{
	static const int errors[] = { ENOBUFS, ENOMEM };

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		refused_with = errors[i];
		drive_put(self->sink, "word\n");
		streams_flush();
		EXPECT_EQ(errors[i], self->sink->stream.last_error);
		EXPECT_FALSE(self->sink->stream.dead);
		refused_with = 0;
		EXPECT_TRUE(drive_until(stream_is_empty(&self->sink->stream)));
		EXPECT_STREQ("word\n", inbox_next(self->inbox.fd));
	}
	EXPECT_EQ(0, self->sink->stream.dropped);
}

TEST_F(datagrams, a_slow_listener_gets_all_that_the_queue_holds)
{
	/* The kernel holds some ten datagrams for it. */
	drive_count(self->sink, 2000);
	drive_for(20);
	EXPECT_LT(0, stream_waiting(&self->sink->stream));
	for (int i = 0; i < 2000; i++)
		ASSERT_EQ(i, atoi(inbox_next(self->inbox.fd)));
	EXPECT_EQ(0, self->sink->stream.dropped);
	EXPECT_EQ(16000, self->sink->stream.out);
}

TEST_F(datagrams, one_that_does_not_listen_holds_up_nobody_and_is_told)
{
	unsigned long long dropped = 0;
	__u64 begin = drive_clock();
	const char *text;
	char line[16];
	int expect = 0;

	for (int i = 0; i < 100000; i++) {
		snprintf(line, sizeof(line), "%07d\n", i);
		drive_put(self->sink, line);
		if (!(i % 1000))
			drive_for(1);
	}
	EXPECT_GT(PATIENCE_MS / 2, drive_clock() - begin);
	EXPECT_LT(0, self->sink->stream.dropped);
	EXPECT_GE(65536, stream_waiting(&self->sink->stream));
	while (expect < 100000) {
		text = inbox_next(self->inbox.fd);
		if (sscanf(text, "[… %llu bytes dropped …]\n", &dropped) == 1) {
			expect += dropped / 8;
			continue;
		}
		ASSERT_EQ(expect, atoi(text));
		ASSERT_EQ(8, strlen(text));
		expect++;
	}
	EXPECT_EQ(self->sink->stream.dropped, dropped);
}

TEST_F(datagrams, a_listener_that_went_away_is_found_when_it_is_back)
{
	drive_put(self->sink, "one\n");
	streams_flush();
	EXPECT_STREQ("one\n", inbox_next(self->inbox.fd));
	inbox_close(&self->inbox);
	drive_put(self->sink, "two\n");
	drive_for(50);
	EXPECT_TRUE(self->sink->stream.stalled);
	EXPECT_EQ(ECONNREFUSED, self->sink->stream.last_error);
	EXPECT_FALSE(self->sink->stream.dead);
	unlink(self->inbox.path);
	drive_for(1200);
	EXPECT_EQ(ENOENT, self->sink->stream.last_error);

	/* What comes meanwhile waits, and goes beyond the bound. */
	EXPECT_EQ(0, self->sink->stream.dropped);
	drive_count(self->sink, 10000);
	EXPECT_LT(10000, self->sink->stream.dropped);
	EXPECT_GE(65536, stream_waiting(&self->sink->stream));

	ASSERT_TRUE(inbox_open(&self->inbox));
	EXPECT_TRUE(drive_until(!self->sink->stream.stalled));
	EXPECT_EQ(0, strncmp(inbox_next(self->inbox.fd), "[… ", strlen("[… ")));
}

TEST_F(datagrams, nobody_need_listen_at_first)
{
	struct sink *sink;
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "%s/later", self->inbox.dir);
	self->rq.path = path;
	sink = OPEN();
	ASSERT_NE(NULL, sink) TH_LOG("%s", self->why);
	EXPECT_EQ(ENOENT, sink->stream.last_error);
	drive_put(sink, "early\n");
	drive_for(20);
	fd = drive_bind(path, SOCK_DGRAM);
	EXPECT_TRUE(drive_until(!sink->stream.stalled));
	EXPECT_STREQ("early\n", inbox_next(fd));
	drive_put(sink, "later\n");
	EXPECT_STREQ("later\n", inbox_next(fd));
	sink_unix_dgram.close(sink);
	EXPECT_TRUE(drive_until(sinks_open() == 1));
	close(fd);
	unlink(path);
}

TEST_F(datagrams, what_is_no_datagram_socket_is_refused)
{
	char path[100];
	int fd;

	self->rq.path = path;
	snprintf(path, sizeof(path), "%s/stream", self->inbox.dir);
	fd = drive_bind(path, SOCK_STREAM);
	ASSERT_EQ(0, listen(fd, 1));
	EXPECT_EQ(NULL, OPEN());
	EXPECT_NE(NULL, strstr(self->why, "is no datagram socket"));
	close(fd);
	unlink(path);

	snprintf(path, sizeof(path), "%s/file", self->inbox.dir);
	close(open(path, O_WRONLY | O_CREAT, 0600));
	EXPECT_EQ(NULL, OPEN());
	EXPECT_NE(NULL, strstr(self->why, "is there already and is no socket"));
	unlink(path);

	snprintf(path, sizeof(path), "%s/link", self->inbox.dir);
	ASSERT_EQ(0, symlink(self->inbox.path, path));
	EXPECT_EQ(NULL, OPEN());
	unlink(path);
}

TEST_F(datagrams, its_end_does_not_wait_for_a_listener)
{
	inbox_close(&self->inbox);
	drive_put(self->sink, "nobody\n");
	drive_for(20);
	sink_unix_dgram.close(self->sink);
	self->sink = NULL;
	drive_for(20);
	EXPECT_EQ(0, sinks_open());
}

TEST_F(datagrams, its_end_waits_for_a_slow_one)
{
	drive_count(self->sink, 100);
	sink_unix_dgram.close(self->sink);
	self->sink = NULL;
	drive_for(50);
	EXPECT_EQ(1, sinks_open());
	for (int i = 0; i < 100; i++)
		ASSERT_EQ(i, atoi(inbox_next(self->inbox.fd)));
	EXPECT_TRUE(drive_until(!sinks_open()));
}

TEST_HARNESS_MAIN
