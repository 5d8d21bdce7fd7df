// SPDX-License-Identifier: GPL-2.0
/* The listening socket and its clients, good and bad. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "dbgportd/loop/clock.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/settings.h"

FIXTURE(listener)
{
	struct sink_settings set;
	struct sink_request rq;
	struct sink *sink;
	char dir[64];
	char path[80];
	char why[512];
};

#define OPEN() sink_unix.open(&self->rq, self->why, sizeof(self->why))

FIXTURE_SETUP(listener)
{
	drive_without_log();
	signal(SIGPIPE, SIG_IGN);
	umask(022);
	ASSERT_EQ(0, loop_init(ENGINE));
	snprintf(self->dir, sizeof(self->dir), "/tmp/test_unix.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->path, sizeof(self->path), "%s/vm-1", self->dir);
	self->set = (struct sink_settings){ .scrollback = 4096, .queue = 65536, .linger = 1 };
	self->rq = (struct sink_request){
		.kind = &sink_unix, .path = self->path, .vm = "vm-1", .set = &self->set,
		.raw = true,
	};
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink) TH_LOG("%s", self->why);
}

FIXTURE_TEARDOWN(listener)
{
	if (self->sink) {
		sinks_hurry();
		sink_unix.close(self->sink);
	}
	EXPECT_TRUE(drive_until(!sinks_open()));
	/* Nothing is left behind. */
	unlink(self->path);
	EXPECT_EQ(0, rmdir(self->dir));
	loop_exit();
}

static int client(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool has_ended(int fd)
{
	char c;

	return drive_until(!read(fd, &c, 1));
}

TEST_F(listener, clients_get_what_was_said_and_then_what_comes)
{
	int fd;

	drive_put(self->sink, "early ");
	drive_for(20);
	fd = client(self->path);
	ASSERT_LE(0, fd);
	EXPECT_COMES("early ", fd);
	drive_put(self->sink, "later");
	EXPECT_COMES("later", fd);
	close(fd);
}

/* So a daemon that is started anew reads it once more. */
TEST_F(listener, what_nobody_has_had_still_waits)
{
	const struct stream *s = &self->sink->stream;
	int fd;

	drive_put(self->sink, "early");
	drive_for(20);
	EXPECT_EQ(5, s->put - s->out);
	drive_count(self->sink, 2000);
	EXPECT_EQ(4096, s->put - s->out);
	fd = client(self->path);
	ASSERT_LE(0, fd);
	EXPECT_TRUE(drive_until(s->put == s->out));
	drive_put(self->sink, "later");
	EXPECT_EQ(s->put, s->out);
	close(fd);
	drive_for(50);
	drive_put(self->sink, "again");
	EXPECT_EQ(5, s->put - s->out);
}

TEST_F(listener, every_client_gets_all_of_it)
{
	int fd[3];

	drive_put(self->sink, "one ");
	for (int i = 0; i < 3; i++) {
		fd[i] = client(self->path);
		ASSERT_LE(0, fd[i]);
		drive_for(20);
	}
	drive_put(self->sink, "two");
	for (int i = 0; i < 3; i++) {
		EXPECT_COMES("one two", fd[i]);
		close(fd[i]);
	}
	drive_for(50);
	fd[0] = client(self->path);
	EXPECT_COMES("one two", fd[0]);
	close(fd[0]);
}

TEST_F(listener, every_byte_comes_unchanged)
{
	int fd = client(self->path);

	ASSERT_LE(0, fd);
	drive_for(20);
	EXPECT_TRUE(drive_every_byte(self->sink, fd));
	close(fd);
}

TEST_F(listener, scrollback_is_the_newest_and_says_what_it_lacks)
{
	unsigned long long dropped;
	char buf[8192];
	int fd, at, first, found;

	drive_count(self->sink, 2000);
	fd = client(self->path);
	ASSERT_LE(0, fd);
	drive_receive(fd, buf, sizeof(buf), sizeof(buf) - 1);
	found = sscanf(buf, "\n[… %llu bytes dropped …]\n%n%d", &dropped, &at, &first);
	ASSERT_EQ(2, found);
	EXPECT_EQ(dropped / 8, first);
	EXPECT_EQ(16000, dropped + strlen(buf + at));
	EXPECT_GE(4096, strlen(buf + at));
	EXPECT_LT(3800, strlen(buf + at));
	/* Nobody lost anything by that. */
	EXPECT_EQ(0, self->sink->stream.dropped);
	EXPECT_EQ(0, streams_dropped());
	close(fd);
}

TEST_F(listener, keeps_nothing_where_it_was_told_so)
{
	int fd;

	sinks_hurry();
	sink_unix.close(self->sink);
	EXPECT_TRUE(drive_until(!sinks_open()));
	self->set.scrollback = SINK_NO_SCROLLBACK;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_put(self->sink, "before");
	drive_for(20);
	fd = client(self->path);
	ASSERT_LE(0, fd);
	drive_for(20);
	drive_put(self->sink, "now");
	EXPECT_COMES("now", fd);
	close(fd);
}

TEST_F(listener, who_may_connect_is_what_was_asked_for)
{
	struct stat st;

	ASSERT_EQ(0, stat(self->path, &st));
	EXPECT_EQ(0660, st.st_mode & 0777);
	sinks_hurry();
	sink_unix.close(self->sink);
	EXPECT_TRUE(drive_until(!sinks_open()));
	self->set.mode = 0666;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	ASSERT_EQ(0, stat(self->path, &st));
	EXPECT_EQ(0666, st.st_mode & 0777);
	EXPECT_EQ(022, umask(022));
}

TEST_F(listener, a_client_that_does_not_read_costs_nobody_else_anything)
{
	static char got[4 * 1024 * 1024];
	int stuck = client(self->path), fd = client(self->path);
	char line[16], *p = got;
	size_t want = 0;
	__u64 begin;

	ASSERT_LE(0, stuck);
	ASSERT_LE(0, fd);
	drive_for(20);
	begin = drive_clock();
	for (int i = 0; i < 200000; i++) {
		snprintf(line, sizeof(line), "%07d\n", i);
		drive_put(self->sink, line);
		want += 8;
		if (i % 1000)
			continue;
		streams_flush();
		p += drive_receive(fd, p, got + sizeof(got) - p, want - (p - got));
	}
	streams_flush();
	p += drive_receive(fd, p, got + sizeof(got) - p, want - (p - got));
	EXPECT_GT(PATIENCE_MS, drive_clock() - begin);
	ASSERT_EQ(1600000, p - got);
	for (int i = 0; i < 200000; i++)
		ASSERT_EQ(i, atoi(got + 8 * i));
	/* What the stuck one lacks is counted, and it is told. */
	EXPECT_LT(0, self->sink->stream.dropped);
	EXPECT_LT(0, stream_waiting(&self->sink->stream));
	EXPECT_GE(2 * 65536, stream_waiting(&self->sink->stream));
	drive_until(({
		ssize_t n = read(stuck, got, sizeof(got) - 1);

		got[n > 0 ? n : 0] = '\0';
		strstr(got, " bytes dropped …]\n");
	}));
	EXPECT_NE(NULL, strstr(got, "\n[… "));
	close(fd);
	close(stuck);
}

TEST_F(listener, a_client_that_dies_hurts_nobody)
{
	int fd = client(self->path), dead = client(self->path);

	ASSERT_LE(0, dead);
	drive_for(20);
	close(dead);
	drive_put(self->sink, "one");
	drive_for(20);
	drive_put(self->sink, "two");
	EXPECT_COMES("onetwo", fd);
	EXPECT_EQ(0, self->sink->stream.last_error);
	close(fd);
}

TEST_F(listener, what_clients_send_is_thrown_away)
{
	static char sent[1024 * 1024];
	int fd = client(self->path);
	size_t len = 0;

	ASSERT_LE(0, fd);
	EXPECT_TRUE(drive_until(({
		ssize_t n = write(fd, sent + len, sizeof(sent) - len);

		if (n > 0)
			len += n;
		len == sizeof(sent);
	})));
	drive_put(self->sink, "no echo");
	EXPECT_COMES("no echo", fd);
	close(fd);
}

/* As "socat -u" and "nc < /dev/null" do. */
TEST_F(listener, a_client_may_say_that_it_sends_no_more)
{
	int fd = client(self->path);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, shutdown(fd, SHUT_WR));
	drive_for(50);
	drive_put(self->sink, "still here");
	EXPECT_COMES("still here", fd);
	close(fd);
}

TEST_F(listener, one_client_too_many_is_told_so)
{
	int fd[9];

	for (int i = 0; i < 9; i++) {
		fd[i] = client(self->path);
		ASSERT_LE(0, fd[i]);
		drive_for(10);
	}
	EXPECT_COMES("dbgportd: 8 clients are connected already, and clients= allows no more\n",
		     fd[8]);
	EXPECT_TRUE(has_ended(fd[8]));
	drive_put(self->sink, "served");
	for (int i = 0; i < 8; i++)
		EXPECT_COMES("served", fd[i]);
	/* There is room again when one has left, said goodbye or not. */
	shutdown(fd[0], SHUT_WR);
	drive_for(20);
	close(fd[0]);
	drive_for(20);
	fd[8] = client(self->path);
	EXPECT_COMES("served", fd[8]);
	for (int i = 1; i < 9; i++)
		close(fd[i]);
}

TEST_F(listener, without_descriptors_it_waits_and_does_not_spin)
{
	struct rlimit old, none;
	char buf[64];
	clock_t used;
	int fd;

	fd = client(self->path);
	ASSERT_LE(0, fd);
	drive_put(self->sink, "words");
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &old));
	none = old;
	none.rlim_cur = 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	used = clock();
	drive_for(500);
	used = clock() - used;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
	EXPECT_GT(CLOCKS_PER_SEC / 4, used);
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf)));
	EXPECT_TRUE(drive_until(read(fd, buf, sizeof(buf)) == 5));
	close(fd);
}

TEST_F(listener, the_socket_of_a_killed_daemon_is_replaced)
{
	struct sink *sink;
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "%s/stale", self->dir);
	fd = drive_bind(path, SOCK_STREAM);
	ASSERT_EQ(0, listen(fd, 1));
	self->rq.path = path;
	EXPECT_EQ(NULL, OPEN());
	EXPECT_NE(NULL, strstr(self->why, "another process uses this socket"));
	close(fd);
	sink = OPEN();
	ASSERT_NE(NULL, sink);
	fd = client(path);
	EXPECT_LE(0, fd);
	close(fd);
	sinks_hurry();
	sink_unix.close(sink);
	EXPECT_TRUE(drive_until(sinks_open() == 1));
	EXPECT_EQ(-1, access(path, F_OK));
}

TEST_F(listener, what_is_not_a_dead_socket_is_left_alone)
{
	char path[100], content[8] = "";
	struct stat st;
	int fd;

	self->rq.path = path;
	snprintf(path, sizeof(path), "%s/file", self->dir);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	ASSERT_EQ(5, write(fd, "words", 5));
	EXPECT_EQ(NULL, OPEN());
	EXPECT_NE(NULL, strstr(self->why, "is there already and is no socket"));
	EXPECT_EQ(5, pread(fd, content, sizeof(content), 0));
	close(fd);
	EXPECT_EQ(0, unlink(path));

	snprintf(path, sizeof(path), "%s/link", self->dir);
	ASSERT_EQ(0, symlink(self->path, path));
	EXPECT_EQ(NULL, OPEN());
	EXPECT_EQ(0, lstat(path, &st));
	EXPECT_EQ(0, unlink(path));

	/* A datagram socket that somebody has. */
	snprintf(path, sizeof(path), "%s/dgram", self->dir);
	fd = drive_bind(path, SOCK_DGRAM);
	ASSERT_LE(0, fd);
	EXPECT_EQ(NULL, OPEN());
	EXPECT_EQ(0, unlink(path));
	close(fd);

	snprintf(path, sizeof(path), "%s/none/socket", self->dir);
	EXPECT_EQ(NULL, OPEN());
	EXPECT_NE(NULL, strstr(self->why, "there is no such directory; make it first"));
}

TEST_F(listener, a_path_that_is_too_long_is_refused)
{
	char path[200];

	memset(path, 'x', sizeof(path));
	path[199] = '\0';
	self->rq.path = path;
	EXPECT_EQ(NULL, OPEN());
	EXPECT_NE(NULL, strstr(self->why, "too long for a socket: at most 107 bytes"));
}

TEST_F(listener, clients_get_the_last_words_of_a_vm_and_its_end)
{
	static char got[200000], big[100000];
	int fd = client(self->path), slow = client(self->path);
	size_t len;

	ASSERT_LE(0, fd);
	drive_for(20);
	memset(big, 'x', 60000);
	memcpy(big + 60000, "last words", 11);
	drive_put(self->sink, big);
	sink_unix.close(self->sink);
	self->sink = NULL;
	len = drive_receive(fd, got, sizeof(got), sizeof(got));
	EXPECT_EQ(60010, len);
	EXPECT_STREQ("last words", got + len - 10);
	EXPECT_TRUE(has_ended(fd));
	EXPECT_EQ(60010, drive_receive(slow, got, sizeof(got), sizeof(got)));
	EXPECT_EQ(-1, access(self->path, F_OK));
	close(fd);
	close(slow);
}

TEST_F(listener, the_last_words_of_a_vm_wait_for_a_client)
{
	int fd;

	drive_put(self->sink, "last words");
	sink_unix.close(self->sink);
	self->sink = NULL;
	drive_for(300);
	fd = client(self->path);
	ASSERT_LE(0, fd);
	EXPECT_COMES("last words", fd);
	EXPECT_TRUE(has_ended(fd));
	EXPECT_TRUE(drive_until(!sinks_open()));
	EXPECT_EQ(-1, access(self->path, F_OK));
	close(fd);
}

TEST_F(listener, but_not_for_ever)
{
	__u64 begin = loop_now();

	drive_put(self->sink, "last words");
	sink_unix.close(self->sink);
	self->sink = NULL;
	drive_for(700);
	EXPECT_EQ(1, sinks_open());
	EXPECT_TRUE(drive_until(!sinks_open()));
	EXPECT_LE(1000, drive_clock() - begin);
	EXPECT_EQ(-1, access(self->path, F_OK));
}

TEST_F(listener, a_stuck_client_does_not_keep_it_for_ever)
{
	static char big[65536];
	int stuck = client(self->path);

	for (int i = 0; i < 20; i++) {
		self->sink->ops->put(self->sink, big, sizeof(big));
		drive_for(5);
	}
	sink_unix.close(self->sink);
	self->sink = NULL;
	drive_for(300);
	EXPECT_EQ(1, sinks_open());
	EXPECT_TRUE(drive_until(!sinks_open()));
	close(stuck);
}

TEST_F(listener, goes_at_once_when_all_was_read)
{
	__u64 begin = drive_clock();
	int fd = client(self->path);

	drive_put(self->sink, "words");
	EXPECT_COMES("words", fd);
	close(fd);
	drive_for(20);
	sink_unix.close(self->sink);
	self->sink = NULL;
	EXPECT_TRUE(drive_until(!sinks_open()));
	EXPECT_GT(800, drive_clock() - begin);
}

TEST_F(listener, a_vm_that_comes_again_has_its_path_at_once)
{
	struct sink *next;
	int fd;

	drive_put(self->sink, "old words");
	sink_unix.close(self->sink);
	drive_for(20);
	EXPECT_EQ(1, sinks_open());
	next = OPEN();
	self->sink = next;
	ASSERT_NE(NULL, next) TH_LOG("%s", self->why);
	drive_put(next, "new words");
	fd = client(self->path);
	ASSERT_LE(0, fd);
	EXPECT_COMES("new words", fd);
	/* The old one goes, and takes nothing of the new one with it. */
	EXPECT_TRUE(drive_until(sinks_open() == 1));
	EXPECT_EQ(0, access(self->path, F_OK));
	close(fd);
}

TEST_F(listener, a_path_that_is_somebody_elses_by_now_stays)
{
	int fd;

	ASSERT_EQ(0, unlink(self->path));
	fd = open(self->path, O_WRONLY | O_CREAT, 0600);
	close(fd);
	sinks_hurry();
	sink_unix.close(self->sink);
	self->sink = NULL;
	EXPECT_TRUE(drive_until(!sinks_open()));
	EXPECT_EQ(0, access(self->path, F_OK));
}

TEST_F(listener, totals_are_of_what_was_put)
{
	drive_put(self->sink, "12345");
	EXPECT_EQ(5, self->sink->stream.put);
	EXPECT_EQ(0, stream_waiting(&self->sink->stream));
}

TEST_HARNESS_MAIN
