// SPDX-License-Identifier: GPL-2.0
/* Files that block, fill up, and go away. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "dbgportd/sink/regular.h"
#include "dbgportd/sink/writer_process.h"
#include "dbgportd/stream/stream.h"

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
	ASSERT_EQ(0, fcntl(self->fd[0], F_SETFL, O_NONBLOCK));
	ASSERT_EQ(0, fcntl(self->fd[1], F_SETFL, variant->flags));
	memset(&self->s, 0, sizeof(self->s));
	self->s.notice = &drop_notice_lf;
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

TEST_F(stream, what_is_put_is_written)
{
	put(&self->s, "hello ");
	put(&self->s, "world\n");
	EXPECT_COMES("hello world\n", self->fd[0]);
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
	drive_receive(self->fd[0], got, sizeof(got), sizeof(got) - 1);

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
	stream_hold(&self->s, true);
	put(&self->s, "kept\n");
	drive_for(20);
	EXPECT_FALSE(stream_is_empty(&self->s));
	stream_hold(&self->s, false);
	EXPECT_COMES("kept\n", self->fd[0]);
}

TEST_F(stream, closing_gives_up_what_is_held)
{
	stream_hold(&self->s, true);
	put(&self->s, "kept\n");
	stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	EXPECT_EQ(5, self->s.dropped);
}

/* Half a line before a note would look like a whole one to a program. */
TEST_F(stream, a_slow_reader_gets_whole_lines_and_the_number_of_those_missing)
{
	static char got[4 * 1024 * 1024], line[3001];
	static const struct drop_notice json = { "{\"dropped\":", "}\n" };
	unsigned long long dropped = 0, n, seen = 0;
	int next = 0, x;
	bool gap = false;
	__u64 put = 0;
	size_t len = 0;
	char *p, *end;

	self->s.notice = &json;
	for (int i = 0; i < 3000; i++) {
		size_t size = 20 + i * 37 % 2980;

		memset(line, ' ', size);
		line[sprintf(line, "{\"x\":%d", i)] = ' ';
		memcpy(line + size - 2, "}\n", 2);
		stream_put(&self->s, line, size);
		put += size;
		streams_flush();
		if (i % 10)
			continue;
		drive_for(1);
		n = read(self->fd[0], got + len, 5000);
		if ((ssize_t)n > 0)
			len += n;
	}
	EXPECT_TRUE(drive_until(({
		ssize_t r = read(self->fd[0], got + len, sizeof(got) - 1 - len);

		if (r > 0)
			len += r;
		r <= 0 && stream_is_empty(&self->s);
	})));
	got[len] = '\0';
	for (p = got; *p; p = end + 1) {
		end = strchr(p, '\n');
		ASSERT_NE(NULL, end);
		ASSERT_EQ('{', p[0]);
		ASSERT_EQ('}', end[-1]);
		if (sscanf(p, "{\"dropped\":%llu}", &n) == 1) {
			dropped += n;
			gap = true;
			continue;
		}
		ASSERT_EQ(NULL, memchr(p + 1, '{', end - p - 1));
		x = atoi(p + strlen("{\"x\":"));
		/* It is said where they are missing, and nowhere else. */
		ASSERT_EQ(gap, x > next);
		ASSERT_LE(next, x);
		next = x + 1;
		gap = false;
		seen += end + 1 - p;
	}
	EXPECT_LT(0, dropped);
	EXPECT_EQ(self->s.dropped, dropped);
	EXPECT_EQ(put, seen + dropped);
	EXPECT_EQ(put, self->s.put);
	EXPECT_EQ(put, self->s.out);
}

TEST_F(stream, out_does_not_pass_what_has_not_been_written)
{
	static char line[1000];
	__u64 taken;

	memset(line, 'x', sizeof(line));
	line[999] = '\n';
	for (int i = 0; i < 100; i++) {
		stream_put(&self->s, line, sizeof(line));
		drive_for(1);
	}
	drive_for(20);
	/* The pipe is full, and the queue has not dropped anything yet. */
	EXPECT_EQ(0, self->s.dropped);
	EXPECT_EQ(100000, self->s.put);
	EXPECT_GE(self->s.written, self->s.out);
	EXPECT_EQ(self->s.put - self->s.out, stream_waiting(&self->s));
	EXPECT_LE(100000 - self->s.written, stream_waiting(&self->s));
	taken = self->s.out;
	stream_put(&self->s, line, sizeof(line));
	streams_flush();
	EXPECT_EQ(taken, self->s.out);
}

static const struct stream *seen_closing;

static void on_seen(const struct stream *s)
{
	seen_closing = closed ? NULL : s;
}

TEST_F(stream, its_end_is_seen_before_it_is_closed)
{
	streams_on_close(on_seen);
	put(&self->s, "last words\n");
	stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	EXPECT_EQ(&self->s, seen_closing);
	EXPECT_EQ(self->s.put, self->s.out);
	streams_on_close(NULL);
}

/* A daemon that starts again must take it from the module once more. */
TEST_F(stream, what_closing_gives_up_is_not_out)
{
	static char big[BOUND];

	put(&self->s, "kept\n");
	stream_hold(&self->s, true);
	stream_put(&self->s, big, sizeof(big) / 2);
	stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	EXPECT_EQ(0, self->s.out);
	EXPECT_EQ(self->s.put, self->s.dropped);
}

TEST_F(stream, closing_waits_no_longer_than_its_patience)
{
	static char big[BOUND];

	self->s.patience_ms = 100;
	for (int i = 0; i < 4; i++) {
		stream_put(&self->s, big, sizeof(big));
		drive_for(5);
	}
	stream_close(&self->s);
	drive_for(50);
	EXPECT_FALSE(closed);
	EXPECT_TRUE(drive_until(closed));
}

TEST_F(stream, when_nothing_may_be_dropped_it_blocks_half_full)
{
	static char big[BOUND / 4];

	streams_block_all();
	EXPECT_FALSE(streams_blocked());
	for (int i = 0; i < 64 && !streams_blocked(); i++) {
		stream_put(&self->s, big, sizeof(big));
		drive_for(2);
	}
	EXPECT_TRUE(streams_blocked());
	EXPECT_EQ(0, self->s.dropped);
	/* Nobody is there: that would never end. */
	stream_hold(&self->s, true);
	EXPECT_FALSE(streams_blocked());
	stream_hold(&self->s, false);
	EXPECT_TRUE(streams_blocked());
	stream_kill(&self->s, EIO);
	EXPECT_FALSE(streams_blocked());
	EXPECT_EQ(EIO, self->s.last_error);
}

static void on_opened(struct regular *r, const struct writer_reply *reply, int fd)
{
	if (reply->err || fd >= 0)
		stream_kill(r->stream, EIO);
}

/* A file of its own at @path, which is filled in. */
static int on_disk(struct stream *s, char path[64])
{
	static struct regular regular;
	int fd;

	snprintf(path, 64, "/tmp/test_stream.XXXXXX");
	fd = mkostemp(path, O_APPEND);
	if (fd < 0 || stream_kind_of(fd) != STREAM_REGULAR)
		return -1;
	s->closed = on_closed;
	regular = (struct regular){
		.stream = s, .path = "", .fd = fd, .process = writer_process, .opened = on_opened,
	};
	return stream_init(s, fd, STREAM_REGULAR, BOUND, path) ?: regular_begin(&regular) ?:
	       !regular_wait_open(&regular, PATIENCE_MS);
}

FIXTURE(disk)
{
	struct stream s;
	char path[64];
};

FIXTURE_SETUP(disk)
{
	drive_without_log();
	signal(SIGXFSZ, SIG_IGN);
	ASSERT_EQ(0, loop_init(ENGINE));
	self->s.died = on_died;
	ASSERT_EQ(0, on_disk(&self->s, self->path));
}

FIXTURE_TEARDOWN(disk)
{
	if (!self->s.closing)
		stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	loop_exit();
	unlink(self->path);
}

static off_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : st.st_size;
}

TEST_F(disk, what_is_put_in_a_turn_is_written_then)
{
	put(&self->s, "hello ");
	put(&self->s, "world\n");
	EXPECT_EQ(0, size_of(self->path));
	drive_settle(&self->s);
	EXPECT_EQ(12, size_of(self->path));
}

TEST_F(disk, a_full_disk_is_waited_for_and_nothing_is_lost)
{
	drive_limit_size(10);
	put(&self->s, "0123456789abcdef");
	drive_settle(&self->s);
	EXPECT_EQ(10, size_of(self->path));
	EXPECT_TRUE(self->s.stalled);
	EXPECT_FALSE(self->s.dead);
	put(&self->s, "ghij");
	drive_settle(&self->s);
	EXPECT_EQ(10, size_of(self->path));

	drive_limit_size(RLIM_INFINITY);
	EXPECT_TRUE(drive_until(stream_is_empty(&self->s)));
	EXPECT_EQ(20, size_of(self->path));
	EXPECT_FALSE(self->s.stalled);
	EXPECT_EQ(0, self->s.dropped);
}

TEST_F(disk, while_it_is_full_memory_is_bounded_and_drops_are_counted)
{
	static char line[100];

	memset(line, 'x', sizeof(line));
	line[99] = '\n';
	drive_limit_size(0);
	for (int i = 0; i < 10000; i++) {
		stream_put(&self->s, line, sizeof(line));
		drive_settle(&self->s);
	}
	EXPECT_LE(self->s.backlog.queue.size, BOUND);
	drive_limit_size(RLIM_INFINITY);
	EXPECT_TRUE(drive_until(stream_is_empty(&self->s)));
	EXPECT_LT(0, self->s.dropped);
	EXPECT_EQ(10000 * sizeof(line), self->s.dropped + size_of(self->path));
	EXPECT_EQ(0, self->s.dropped % sizeof(line));
}

static unsigned long writes_of_writer(void)
{
	unsigned long n = 0;
	char path[64], line[64];
	int pid;
	FILE *f;

	if (drive_writers(&pid, 1) != 1)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/io", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f) && sscanf(line, "syscw: %lu", &n) != 1)
		;
	if (f)
		fclose(f);
	return n;
}

TEST_F(disk, a_turn_is_one_write)
{
	unsigned long before;

	for (int turn = 0; turn < 5; turn++) {
		before = writes_of_writer();
		ASSERT_LT(0, before + !turn);
		for (int i = 0; i < BOUND / 8; i++)
			put(&self->s, "1234567\n");
		drive_settle(&self->s);
		EXPECT_EQ(1, writes_of_writer() - before);
	}
	EXPECT_EQ(5 * BOUND, size_of(self->path));
}

TEST_F(disk, a_turn_may_bring_more_than_the_queue_holds)
{
	for (int i = 0; i < 10 * BOUND / 8; i++)
		put(&self->s, "1234567\n");
	drive_settle(&self->s);
	EXPECT_EQ(0, self->s.dropped);
	EXPECT_EQ(10 * BOUND, size_of(self->path));
}

TEST_F(disk, what_fails_is_remembered)
{
	EXPECT_EQ(0, self->s.last_error);
	drive_limit_size(0);
	put(&self->s, "word\n");
	drive_settle(&self->s);
	EXPECT_EQ(EFBIG, self->s.last_error);
	EXPECT_EQ(5, stream_waiting(&self->s));
	EXPECT_EQ(0, self->s.out);
	drive_limit_size(RLIM_INFINITY);
	EXPECT_TRUE(drive_until(stream_is_empty(&self->s)));
	EXPECT_EQ(5, self->s.out);
}

TEST_F(disk, a_line_that_was_begun_is_ended_before_the_note)
{
	static const struct drop_notice json = { "{\"dropped\":", "}\n" };
	static char line[100], got[4 * BOUND];
	unsigned long long dropped;
	ssize_t len;
	int fd, found;

	self->s.notice = &json;
	memset(line, 'x', sizeof(line));
	line[99] = '\n';
	drive_limit_size(150);
	for (int i = 0; i < 10000; i++) {
		stream_put(&self->s, line, sizeof(line));
		drive_settle(&self->s);
	}
	EXPECT_EQ(150, size_of(self->path));
	drive_limit_size(RLIM_INFINITY);
	EXPECT_TRUE(drive_until(stream_is_empty(&self->s)));
	fd = open(self->path, O_RDONLY);
	len = read(fd, got, sizeof(got) - 1);
	close(fd);
	ASSERT_LT(300, len);
	got[len] = '\0';
	ASSERT_EQ('\n', got[199]);
	found = sscanf(got + 200, "{\"dropped\":%llu}\n", &dropped);
	ASSERT_EQ(1, found);
	EXPECT_EQ(self->s.dropped, dropped);
}

FIXTURE(blocking)
{
	struct stream s;
	char path[64];
};

FIXTURE_SETUP(blocking)
{
	drive_without_log();
	signal(SIGXFSZ, SIG_IGN);
	ASSERT_EQ(0, loop_init(ENGINE));
	self->s.blocks = true;
	ASSERT_EQ(0, on_disk(&self->s, self->path));
}

FIXTURE_TEARDOWN(blocking)
{
	stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	EXPECT_FALSE(streams_blocked());
	loop_exit();
	unlink(self->path);
}

TEST_F(blocking, reading_waits_while_it_holds_more_than_its_bound_and_nothing_is_lost)
{
	static char line[100];

	memset(line, 'x', sizeof(line));
	line[99] = '\n';
	drive_limit_size(0);
	for (int i = 0; i < BOUND / 100; i++)
		stream_put(&self->s, line, sizeof(line));
	drive_settle(&self->s);
	EXPECT_FALSE(streams_blocked());
	/* One more batch. */
	for (int i = 0; i < 3 * BOUND / 100; i++)
		stream_put(&self->s, line, sizeof(line));
	drive_settle(&self->s);
	EXPECT_TRUE(streams_blocked());
	EXPECT_EQ(0, self->s.dropped);

	drive_limit_size(RLIM_INFINITY);
	EXPECT_TRUE(drive_until(!streams_blocked()));
	EXPECT_TRUE(drive_until(stream_is_empty(&self->s)));
	EXPECT_EQ(0, self->s.dropped);
	EXPECT_EQ(self->s.put, size_of(self->path));
}

TEST_F(blocking, a_turn_that_the_disk_takes_blocks_nobody_after_it)
{
	for (int i = 0; i < 3 * BOUND / 8; i++)
		put(&self->s, "1234567\n");
	drive_settle(&self->s);
	EXPECT_FALSE(streams_blocked());
	EXPECT_EQ(3 * BOUND, size_of(self->path));
}

TEST_F(blocking, its_end_is_not_put_off_by_a_full_disk)
{
	static char big[2 * BOUND];

	drive_limit_size(0);
	stream_put(&self->s, big, sizeof(big));
	drive_settle(&self->s);
	stream_put(&self->s, big, sizeof(big));
	EXPECT_TRUE(streams_blocked());
}

TEST_F(disk, closing_does_not_wait_for_space)
{
	drive_limit_size(0);
	put(&self->s, "lost\n");
	drive_settle(&self->s);
	stream_close(&self->s);
	EXPECT_TRUE(drive_until(closed));
	EXPECT_EQ(5, self->s.dropped);
}

TEST_HARNESS_MAIN
