// SPDX-License-Identifier: GPL-2.0
/* Files that block, fill up, and go away. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <kselftest_harness.h>

#include "daemon/drive.h"
#include "dbgportd/stream.h"

#define BOUND	65536

static int died_of;
static bool closed;

static void on_died(struct stream *s, int err)
{
	(void)s;
	died_of = err;
}

static void on_closed(struct stream *s)
{
	(void)s;
	closed = true;
}

FIXTURE(stream)
{
	struct stream s;
	int fd[2];
};

FIXTURE_VARIANT(stream)
{
	enum stream_kind kind;
	int flags;
};

/* A pipe that others may share, and one whose descriptor is ours alone. */
FIXTURE_VARIANT_ADD(stream, shared)
{
	.kind = STREAM_SHARED,
};

FIXTURE_VARIANT_ADD(stream, nonblock)
{
	.kind = STREAM_NONBLOCK,
	.flags = O_NONBLOCK,
};

/* Somebody else has set O_NONBLOCK on what we share. */
FIXTURE_VARIANT_ADD(stream, shared_nonblock)
{
	.kind = STREAM_SHARED,
	.flags = O_NONBLOCK,
};

FIXTURE_SETUP(stream)
{
	signal(SIGPIPE, SIG_IGN);
	ASSERT_EQ(0, loop_init(ENGINE));
	ASSERT_EQ(0, pipe(self->fd));
	ASSERT_EQ(0, fcntl(self->fd[1], F_SETFL, variant->flags));
	memset(&self->s, 0, sizeof(self->s));
	self->s.eol = "\n";
	self->s.died = on_died;
	self->s.closed = on_closed;
	stream_init(&self->s, self->fd[1], variant->kind, BOUND, "pipe");
}

FIXTURE_TEARDOWN(stream)
{
	close(self->fd[0]);
	if (!self->s.closing)
		stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	loop_exit();
}

static void put(struct stream *s, const char *text)
{
	stream_put(s, text, strlen(text));
}

/* Read what is in the pipe, up to @size, driving the loop until @want came. */
static size_t receive(int fd, char *buf, size_t size, size_t want)
{
	size_t len = 0;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	drive_until(({
		ssize_t n = read(fd, buf + len, size - 1 - len);

		if (n > 0)
			len += n;
		len >= want;
	}));
	buf[len] = '\0';
	return len;
}

TEST_F(stream, what_is_put_is_written)
{
	char buf[64];

	put(&self->s, "hello ");
	put(&self->s, "world\n");
	receive(self->fd[0], buf, sizeof(buf), 12);
	EXPECT_STREQ("hello world\n", buf);
	EXPECT_TRUE(drive_until(stream_is_empty(&self->s)));
	EXPECT_EQ(0, self->s.dropped);
}

TEST_F(stream, a_full_pipe_does_not_stop_the_loop)
{
	static char line[100];
	__u64 begin = drive_clock();

	memset(line, 'x', sizeof(line));
	line[99] = '\n';
	for (int i = 0; i < 5000; i++) {
		stream_put(&self->s, line, sizeof(line));
		streams_flush();
	}
	drive_for(50);
	EXPECT_GT(PATIENCE_MS / 2, drive_clock() - begin);
	EXPECT_FALSE(stream_is_empty(&self->s));
}

TEST_F(stream, what_did_not_fit_is_said_and_everything_else_comes_in_order)
{
	static char got[1024 * 1024];
	char line[16], *p, *note;
	unsigned long long dropped;
	int next = 0, found, n;

	for (n = 0; n < 60000; n++) {
		snprintf(line, sizeof(line), "%07d\n", n);
		put(&self->s, line);
		if (!(n % 100))
			streams_flush();
	}
	drive_for(20);
	fcntl(self->fd[0], F_SETFL, O_NONBLOCK);
	p = got;
	drive_until(({
		ssize_t r = read(self->fd[0], p, got + sizeof(got) - 1 - p);

		if (r > 0)
			p += r;
		stream_is_empty(&self->s);
	}));
	p += receive(self->fd[0], p, got + sizeof(got) - p, 0);

	note = strstr(got, "\n[… ");
	ASSERT_NE(NULL, note);
	found = sscanf(note, "\n[… %llu bytes dropped …]\n", &dropped);
	ASSERT_EQ(1, found);
	EXPECT_EQ(0, dropped % 8);
	EXPECT_EQ(dropped, self->s.dropped);
	for (p = got; *p; p += 8) {
		if (*p == '\n' || *p == '[') {
			p = strstr(p, "…]\n") + strlen("…]\n");
			next += dropped / 8;
		}
		ASSERT_EQ(next, atoi(p));
		next++;
	}
	EXPECT_EQ(60000, next);
}

TEST_F(stream, a_reader_that_goes_away_is_noticed_once)
{
	close(self->fd[0]);
	put(&self->s, "into the void\n");
	EXPECT_TRUE(drive_until(self->s.dead));
	EXPECT_EQ(EPIPE, died_of);
	died_of = 0;
	put(&self->s, "more\n");
	drive_for(20);
	EXPECT_EQ(0, died_of);
	EXPECT_EQ(14 + 5, self->s.dropped);
}

TEST_F(stream, closing_writes_what_is_there)
{
	char buf[64];

	put(&self->s, "last words\n");
	stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	EXPECT_EQ(11, read(self->fd[0], buf, sizeof(buf)));
	EXPECT_EQ(0, read(self->fd[0], buf, sizeof(buf)));
}

TEST_F(stream, what_is_held_waits)
{
	char buf[64];

	stream_hold(&self->s, true);
	put(&self->s, "kept\n");
	drive_for(20);
	EXPECT_FALSE(stream_is_empty(&self->s));
	stream_hold(&self->s, false);
	receive(self->fd[0], buf, sizeof(buf), 5);
	EXPECT_STREQ("kept\n", buf);
}

TEST_F(stream, closing_gives_up_what_is_held)
{
	stream_hold(&self->s, true);
	put(&self->s, "kept\n");
	stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	EXPECT_EQ(5, self->s.dropped);
}

FIXTURE(disk)
{
	struct stream s;
	char path[64];
};

FIXTURE_SETUP(disk)
{
	int fd;

	drive_without_log();
	signal(SIGXFSZ, SIG_IGN);
	ASSERT_EQ(0, loop_init(ENGINE));
	snprintf(self->path, sizeof(self->path), "/tmp/test_stream.XXXXXX");
	fd = mkostemp(self->path, O_APPEND);
	ASSERT_LE(0, fd);
	memset(&self->s, 0, sizeof(self->s));
	self->s.died = on_died;
	self->s.closed = on_closed;
	ASSERT_EQ(STREAM_REGULAR, stream_kind_of(fd));
	stream_init(&self->s, fd, STREAM_REGULAR, BOUND, self->path);
}

FIXTURE_TEARDOWN(disk)
{
	if (!self->s.closing)
		stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	loop_exit();
	unlink(self->path);
}

/* The file size limit stands for a full disk: the same way back and forth. */
static void set_space(rlim_t bytes)
{
	const struct rlimit r = { bytes, RLIM_INFINITY };

	setrlimit(RLIMIT_FSIZE, &r);
}

static off_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : st.st_size;
}

TEST_F(disk, what_is_put_in_a_turn_is_in_the_file_after_it)
{
	put(&self->s, "hello ");
	put(&self->s, "world\n");
	EXPECT_EQ(0, size_of(self->path));
	streams_flush();
	EXPECT_EQ(12, size_of(self->path));
}

TEST_F(disk, a_full_disk_is_waited_for_and_nothing_is_lost)
{
	set_space(10);
	put(&self->s, "0123456789abcdef");
	streams_flush();
	EXPECT_EQ(10, size_of(self->path));
	EXPECT_TRUE(self->s.full);
	EXPECT_FALSE(self->s.dead);
	put(&self->s, "ghij");
	streams_flush();
	EXPECT_EQ(10, size_of(self->path));

	set_space(RLIM_INFINITY);
	EXPECT_TRUE(drive_until(stream_is_empty(&self->s)));
	EXPECT_EQ(20, size_of(self->path));
	EXPECT_FALSE(self->s.full);
	EXPECT_EQ(0, self->s.dropped);
}

TEST_F(disk, while_it_is_full_memory_is_bounded_and_drops_are_counted)
{
	static char line[100];

	memset(line, 'x', sizeof(line));
	line[99] = '\n';
	set_space(0);
	for (int i = 0; i < 10000; i++) {
		stream_put(&self->s, line, sizeof(line));
		streams_flush();
	}
	EXPECT_LE(self->s.queue.size, BOUND);
	set_space(RLIM_INFINITY);
	EXPECT_TRUE(drive_until(stream_is_empty(&self->s)));
	EXPECT_LT(0, self->s.dropped);
	EXPECT_EQ(10000 * sizeof(line), self->s.dropped + size_of(self->path));
	EXPECT_EQ(0, self->s.dropped % sizeof(line));
}

TEST_F(disk, closing_does_not_wait_for_space)
{
	set_space(0);
	put(&self->s, "lost\n");
	streams_flush();
	stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	EXPECT_EQ(5, self->s.dropped);
}

TEST_HARNESS_MAIN
