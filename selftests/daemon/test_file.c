// SPDX-License-Identifier: GPL-2.0
/* The file sink: how it opens, what stays on disk, and who may move it away. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/writer.h"

FIXTURE(file)
{
	struct sink_settings set;
	struct sink_request rq;
	struct sink *sink;
	char dir[64];
	char path[80];
	char why[512];
};

FIXTURE_SETUP(file)
{
	drive_without_log();
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	umask(022);
	ASSERT_EQ(0, loop_init(ENGINE));
	snprintf(self->dir, sizeof(self->dir), "/tmp/test_file.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->path, sizeof(self->path), "%s/log", self->dir);
	memset(&self->set, 0, sizeof(self->set));
	self->rq = (struct sink_request){
		.kind = &sink_file, .path = self->path, .pattern = self->path,
		.vm = "vm-1", .set = &self->set,
	};
	self->sink = NULL;
}

FIXTURE_TEARDOWN(file)
{
	char command[128];

	if (self->sink)
		sink_file.close(self->sink);
	EXPECT_TRUE(drive_until(!sinks_open()));
	loop_exit();
	snprintf(command, sizeof(command), "rm -rf %s", self->dir);
	EXPECT_EQ(0, system(command));
}

#define OPEN() sink_file.open(&self->rq, self->why, sizeof(self->why))

/* The whole file, NUL-terminated; NULL: there is none. */
static char *content(const char *path)
{
	static char buf[4 * 1024 * 1024];
	int fd = open(path, O_RDONLY | O_NOFOLLOW);
	ssize_t len = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	if (fd >= 0)
		close(fd);
	if (len < 0)
		return NULL;
	buf[len] = '\0';
	return buf;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_mode & 0777;
}

TEST_F(file, what_was_there_stays)
{
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_put(self->sink, "one\n");
	streams_flush();
	sink_file.close(self->sink);
	EXPECT_TRUE(drive_until(!sinks_open()));
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_put(self->sink, "two\n");
	drive_settle(&self->sink->stream);
	EXPECT_STREQ("one\ntwo\n", content(self->path));
}

TEST_F(file, is_shared_unless_it_is_a_vms_own)
{
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	EXPECT_FALSE(self->sink->shared);
	sink_file.close(self->sink);
	self->rq.vm = NULL;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	EXPECT_TRUE(self->sink->shared);
}

TEST_F(file, its_mode_is_what_was_asked_for)
{
	umask(077);
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	EXPECT_EQ(0600, mode_of(self->path));
	sink_file.close(self->sink);
	EXPECT_TRUE(drive_until(!sinks_open()));
	unlink(self->path);

	/* What the user said is not for umask to change. */
	self->set.mode = 0664;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	EXPECT_EQ(0664, mode_of(self->path));
	EXPECT_EQ(077, umask(022));
}

TEST_F(file, a_link_is_not_followed)
{
	char victim[100];

	snprintf(victim, sizeof(victim), "%s/victim", self->dir);
	ASSERT_EQ(0, symlink(victim, self->path));
	EXPECT_EQ(NULL, OPEN());
	EXPECT_NE(NULL, strstr(self->why, "is a symbolic link, which is not followed"));
	EXPECT_EQ(-1, access(victim, F_OK));
}

TEST_F(file, directories_are_not_made)
{
	char path[100];

	snprintf(path, sizeof(path), "%s/none/log", self->dir);
	self->rq.path = path;
	EXPECT_EQ(NULL, OPEN());
	EXPECT_NE(NULL, strstr(self->why, "there is no such directory; make it first"));
}

/* What the reader at @fd gets, NUL-terminated. */
static const char *take_from(int fd)
{
	static char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf) - 1);

	buf[n > 0 ? n : 0] = '\0';
	return buf;
}

TEST_F(file, a_fifo_is_not_rotated)
{
	int fd;

	ASSERT_EQ(0, mkfifo(self->path, 0600));
	fd = open(self->path, O_RDONLY | O_NONBLOCK);
	self->set.size = 4096;
	EXPECT_EQ(NULL, OPEN());
	EXPECT_NE(NULL, strstr(self->why, "size=, total= and max-age= are for regular files"));
	close(fd);
}

TEST_F(file, a_fifo_waits_for_its_first_reader)
{
	int fd;

	ASSERT_EQ(0, mkfifo(self->path, 0600));
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink) TH_LOG("%s", self->why);
	EXPECT_TRUE(self->sink->stream.stalled);
	drive_put(self->sink, "words\n");
	drive_for(20);
	fd = open(self->path, O_RDONLY | O_NONBLOCK);
	EXPECT_TRUE(drive_until(stream_is_empty(&self->sink->stream)));
	EXPECT_STREQ("words\n", take_from(fd));
	EXPECT_FALSE(self->sink->stream.stalled);
	EXPECT_EQ(0, self->sink->stream.dropped);
	close(fd);
}

TEST_F(file, a_fifo_waits_for_a_reader_that_restarts)
{
	int fd;

	ASSERT_EQ(0, mkfifo(self->path, 0600));
	fd = open(self->path, O_RDONLY | O_NONBLOCK);
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	EXPECT_FALSE(self->sink->stream.stalled);
	drive_put(self->sink, "one\n");
	EXPECT_TRUE(drive_until(stream_is_empty(&self->sink->stream)));
	EXPECT_STREQ("one\n", take_from(fd));
	close(fd);
	drive_put(self->sink, "two\n");
	streams_flush();
	EXPECT_FALSE(self->sink->stream.dead);
	EXPECT_EQ(EPIPE, self->sink->stream.last_error);
	fd = open(self->path, O_RDONLY | O_NONBLOCK);
	drive_put(self->sink, "three\n");
	EXPECT_TRUE(drive_until(stream_is_empty(&self->sink->stream)));
	EXPECT_STREQ("two\nthree\n", take_from(fd));
	close(fd);
}

/* As it is when a daemon was killed while it wrote. */
TEST_F(file, a_torn_line_is_ended_first)
{
	int fd = open(self->path, O_WRONLY | O_CREAT, 0600);

	ASSERT_EQ(4, write(fd, "torn", 4));
	close(fd);
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_put(self->sink, "line\n");
	drive_settle(&self->sink->stream);
	EXPECT_STREQ("torn\nline\n", content(self->path));
}

TEST_F(file, raw_bytes_get_nothing_in_between)
{
	int fd = open(self->path, O_WRONLY | O_CREAT, 0600);

	ASSERT_EQ(4, write(fd, "torn", 4));
	close(fd);
	self->rq.raw = true;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_put(self->sink, "bytes");
	drive_settle(&self->sink->stream);
	EXPECT_STREQ("tornbytes", content(self->path));
	EXPECT_EQ(NULL, self->sink->stream.notice);
}

/* Fill it up over a full disk; how many bytes were dropped. */
static __u64 overflow(struct sink *sink)
{
	drive_limit_size(0);
	for (int i = 0; i < 300000; i++) {
		drive_put(sink, "1234567\n");
		if (!(i % 1000))
			drive_settle(&sink->stream);
	}
	drive_limit_size(RLIM_INFINITY);
	drive_until(stream_is_empty(&sink->stream));
	return sink->stream.dropped;
}

TEST_F(file, what_a_full_disk_cost_is_told_in_text_and_json)
{
	unsigned long long said = 0;
	int found;

	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	EXPECT_LT(0, overflow(self->sink));
	found = sscanf(content(self->path), "\n[… %llu bytes dropped …]\n", &said);
	ASSERT_EQ(1, found);
	EXPECT_EQ(self->sink->stream.dropped, said);
	sink_file.close(self->sink);
	EXPECT_TRUE(drive_until(!sinks_open()));
	unlink(self->path);

	self->rq.notice = format_json.drop_notice;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	EXPECT_LT(0, overflow(self->sink));
	found = sscanf(content(self->path), "{\"type\":\"dropped\",\"bytes\":%llu}\n", &said);
	ASSERT_EQ(1, found);
	EXPECT_EQ(self->sink->stream.dropped, said);
}

TEST_F(file, full_block_loses_nothing)
{
	self->set.full = FULL_BLOCK;
	self->set.queue = 65536;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_limit_size(0);
	for (int i = 0; i < 10000; i++)
		drive_put(self->sink, "1234567\n");
	drive_settle(&self->sink->stream);
	EXPECT_TRUE(streams_blocked());
	drive_limit_size(RLIM_INFINITY);
	EXPECT_TRUE(drive_until(!streams_blocked() && stream_is_empty(&self->sink->stream)));
	EXPECT_EQ(0, self->sink->stream.dropped);
	EXPECT_EQ(80000, strlen(content(self->path)));
}

/* All of PATH.9 … PATH.1, PATH in one string; @largest and @sum in bytes. */
static char *history(const char *path, size_t *largest, size_t *sum)
{
	static char all[8 * 1024 * 1024];
	char name[128], *text;
	size_t len = 0;

	*largest = 0;
	for (int n = 9; n >= 0; n--) {
		snprintf(name, sizeof(name), n ? "%s.%d" : "%s", path, n);
		text = content(name);
		if (!text)
			continue;
		memcpy(all + len, text, strlen(text));
		len += strlen(text);
		if (strlen(text) > *largest)
			*largest = strlen(text);
	}
	all[len] = '\0';
	*sum = len;
	return all;
}

/* Lines numbered from the first one, of many lengths, some turns apart. */
static int put_lines(struct sink *sink, int first, int count)
{
	char line[200], filler[100];

	memset(filler, 'x', sizeof(filler));
	for (int i = first; i < first + count; i++) {
		snprintf(line, sizeof(line), "%07d %.*s\n", i, i * 7 % 100, filler);
		drive_put(sink, line);
		if (!(i % 13))
			drive_settle(&sink->stream);
	}
	drive_settle(&sink->stream);
	return first + count;
}

/* Number of the first line, if all lines up to @end follow it; else -1. */
static int follow(const char *text, int end)
{
	int first = atoi(text), next = first;

	for (; *text; text = strchr(text, '\n') + 1) {
		if (atoi(text) != next++ || !strchr(text, '\n'))
			return -1;
	}
	return next == end ? first : -1;
}

TEST_F(file, is_rotated_by_size_at_line_ends_and_nothing_is_lost)
{
	size_t largest, sum;
	char name[128];

	self->set.size = 16384;
	self->set.keep = 9;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	put_lines(self->sink, 1000, 1500);
	EXPECT_EQ(1000, follow(history(self->path, &largest, &sum), 2500));
	EXPECT_GE(16384, largest);
	EXPECT_LT(14000, largest);
	for (int n = 5; n >= 1; n--) {
		snprintf(name, sizeof(name), "%s.%d", self->path, n);
		ASSERT_NE(NULL, content(name));
		EXPECT_EQ('\n', content(name)[strlen(content(name)) - 1]);
		EXPECT_EQ(0640, mode_of(name));
	}
}

TEST_F(file, goes_on_with_the_rotation_of_the_daemon_before)
{
	size_t largest, sum;

	self->set.size = 16384;
	self->set.keep = 9;
	for (int i = 0; i < 5; i++) {
		self->sink = OPEN();
		ASSERT_NE(NULL, self->sink);
		put_lines(self->sink, 1000 + 200 * i, 200);
		sink_file.close(self->sink);
		EXPECT_TRUE(drive_until(!sinks_open()));
	}
	self->sink = NULL;
	EXPECT_EQ(1000, follow(history(self->path, &largest, &sum), 2000));
	EXPECT_GE(16384, largest);
}

TEST_F(file, never_takes_more_of_the_disk_than_its_total)
{
	size_t largest, sum, most = 0;
	int next = 1000;

	self->set.size = 16384;
	self->set.keep = 9;
	self->set.total = 50000;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	for (int i = 0; i < 200; i++) {
		next = put_lines(self->sink, next, 10);
		EXPECT_LT(0, follow(history(self->path, &largest, &sum), next));
		ASSERT_GE(50000, sum);
		if (sum > most)
			most = sum;
	}
	/* And uses what it may. */
	EXPECT_LT(48000, most);
	EXPECT_LT(50000 - 16384 - 1000, sum);
}

TEST_F(file, a_total_smaller_than_a_file_rotates_it_earlier)
{
	size_t largest, sum;
	int next = 1000;

	self->set.size = 1024 * 1024;
	self->set.total = 20000;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	for (int i = 0; i < 100; i++) {
		next = put_lines(self->sink, next, 10);
		EXPECT_LT(0, follow(history(self->path, &largest, &sum), next));
		ASSERT_GE(20000, sum);
		ASSERT_GE(10000, largest);
	}
}

TEST_F(file, bytes_without_line_ends_are_bounded_too)
{
	static char bytes[7000];
	size_t largest, sum;

	memset(bytes, 'x', sizeof(bytes));
	self->rq.raw = true;
	self->set.size = 16384;
	self->set.total = 50000;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	for (int i = 0; i < 100; i++) {
		for (int k = 0; k < i % 10; k++)
			self->sink->ops->put(self->sink, bytes, sizeof(bytes));
		drive_settle(&self->sink->stream);
		history(self->path, &largest, &sum);
		ASSERT_GE(16384, largest);
		ASSERT_GE(50000, sum);
	}
}

TEST_F(file, what_waited_for_a_full_disk_is_rotated_too)
{
	size_t largest, sum;

	self->set.size = 16384;
	self->set.keep = 9;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_limit_size(1000);
	put_lines(self->sink, 1000, 1500);
	EXPECT_TRUE(self->sink->stream.stalled);
	drive_limit_size(RLIM_INFINITY);
	EXPECT_TRUE(drive_until(stream_is_empty(&self->sink->stream)));
	EXPECT_EQ(0, self->sink->stream.dropped);
	EXPECT_EQ(1000, follow(history(self->path, &largest, &sum), 2500));
	EXPECT_GE(16384, largest);
}

TEST_F(file, one_that_cannot_be_rotated_grows_no_further)
{
	size_t largest, sum;
	char name[128];

	self->set.size = 16384;
	self->set.keep = 1;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	/* A directory in the way, with something in it. */
	snprintf(name, sizeof(name), "%s.1", self->path);
	ASSERT_EQ(0, mkdir(name, 0700));
	put_lines(self->sink, 1000, 500);
	history(self->path, &largest, &sum);
	EXPECT_GE(16384, largest);
	EXPECT_TRUE(self->sink->stream.stalled);
	EXPECT_NE(0, self->sink->stream.last_error);
	EXPECT_LT(0, stream_waiting(&self->sink->stream));

	ASSERT_EQ(0, rmdir(name));
	EXPECT_TRUE(drive_until(stream_is_empty(&self->sink->stream)));
	EXPECT_EQ(0, self->sink->stream.dropped);
	EXPECT_LT(0, follow(history(self->path, &largest, &sum), 1500));
}

TEST_F(file, a_link_planted_in_the_way_is_not_followed)
{
	char victim[128], *text;

	snprintf(victim, sizeof(victim), "%s/victim", self->dir);
	self->set.size = 16384;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	put_lines(self->sink, 1000, 100);
	ASSERT_EQ(0, unlink(self->path));
	ASSERT_EQ(0, symlink(victim, self->path));
	put_lines(self->sink, 1100, 300);
	EXPECT_EQ(-1, access(victim, F_OK));
	text = content(self->path);
	ASSERT_NE(NULL, text);
	EXPECT_LT(0, follow(text, 1400));
}

TEST_F(file, one_that_was_moved_away_is_opened_again)
{
	char moved[128];

	snprintf(moved, sizeof(moved), "%s.moved", self->path);
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_put(self->sink, "one\n");
	drive_settle(&self->sink->stream);
	ASSERT_EQ(0, rename(self->path, moved));
	drive_put(self->sink, "two\n");
	drive_settle(&self->sink->stream);
	EXPECT_STREQ("one\ntwo\n", content(moved));
	sink_file.reopen(self->sink);
	drive_put(self->sink, "three\n");
	drive_settle(&self->sink->stream);
	EXPECT_STREQ("one\ntwo\n", content(moved));
	EXPECT_STREQ("three\n", content(self->path));
	/* Once more, with nothing moved. */
	sink_file.reopen(self->sink);
	drive_put(self->sink, "four\n");
	drive_settle(&self->sink->stream);
	EXPECT_STREQ("three\nfour\n", content(self->path));
}

TEST_F(file, opened_again_it_still_knows_its_size)
{
	size_t largest, sum;

	self->set.size = 16384;
	self->set.keep = 9;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	put_lines(self->sink, 1000, 100);
	ASSERT_EQ(0, unlink(self->path));
	sink_file.reopen(self->sink);
	put_lines(self->sink, 1100, 500);
	EXPECT_EQ(1100, follow(history(self->path, &largest, &sum), 1600));
	EXPECT_GE(16384, largest);
	EXPECT_LT(14000, largest);
}

TEST_F(file, where_it_cannot_be_opened_again_the_old_one_goes_on)
{
	char moved[128];

	snprintf(moved, sizeof(moved), "%s.moved", self->path);
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	ASSERT_EQ(0, rename(self->path, moved));
	ASSERT_EQ(0, symlink("elsewhere", self->path));
	sink_file.reopen(self->sink);
	drive_put(self->sink, "word\n");
	drive_settle(&self->sink->stream);
	EXPECT_STREQ("word\n", content(moved));
}

TEST_F(file, opening_again_revives_one_that_failed)
{
	char moved[128];

	snprintf(moved, sizeof(moved), "%s.moved", self->path);
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	stream_kill(&self->sink->stream, EIO);
	drive_put(self->sink, "lost\n");
	streams_flush();
	sink_file.reopen(self->sink);
	drive_put(self->sink, "word\n");
	drive_settle(&self->sink->stream);
	EXPECT_STREQ("word\n", content(self->path));
}

/* As the only one there is, or the last one that was made. */
static int writer(void)
{
	int pid[16], n = drive_writers(pid, 16);

	return n ? pid[n - 1] : 0;
}

TEST_F(file, one_whose_file_system_hangs_leaves_others_alone_and_loses_nothing)
{
	char path[100], dir[80];
	struct sink *other;
	int pid;

	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_put(self->sink, "one\n");
	drive_settle(&self->sink->stream);
	pid = writer();
	ASSERT_EQ(0, kill(pid, SIGSTOP));
	drive_put(self->sink, "two\n");

	snprintf(dir, sizeof(dir), "%s/other", self->dir);
	snprintf(path, sizeof(path), "%s/log", dir);
	ASSERT_EQ(0, mkdir(dir, 0700));
	self->rq.path = path;
	other = OPEN();
	ASSERT_NE(NULL, other);
	drive_put(other, "word\n");
	drive_settle(&other->stream);
	EXPECT_STREQ("word\n", content(path));
	sink_file.close(other);
	EXPECT_TRUE(drive_until(sinks_open() == 1));
	EXPECT_TRUE(drive_until(writers_hang()));
	EXPECT_STREQ("one\n", content(self->path));
	EXPECT_EQ(4, stream_waiting(&self->sink->stream));

	ASSERT_EQ(0, kill(pid, SIGCONT));
	drive_settle(&self->sink->stream);
	EXPECT_STREQ("one\ntwo\n", content(self->path));
	EXPECT_EQ(0, self->sink->stream.dropped);
}

TEST_F(file, one_that_cannot_be_opened_while_its_file_system_hangs_waits)
{
	char path[100];
	struct sink *late;

	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	ASSERT_EQ(0, kill(writer(), SIGSTOP));
	snprintf(path, sizeof(path), "%s/late", self->dir);
	self->rq.path = path;
	late = OPEN();
	ASSERT_NE(NULL, late);
	drive_put(late, "word\n");
	drive_for(20);
	EXPECT_EQ(NULL, content(path));
	ASSERT_EQ(0, kill(writer(), SIGCONT));
	drive_settle(&late->stream);
	EXPECT_STREQ("word\n", content(path));
	sink_file.close(late);
}

TEST_F(file, with_its_file_system_hanging_memory_is_bounded_and_the_oldest_go)
{
	self->set.queue = 65536;
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	ASSERT_EQ(0, kill(writer(), SIGSTOP));
	drive_count(self->sink, 100000);
	EXPECT_LT(0, self->sink->stream.dropped);
	EXPECT_GE(2 * 65536, stream_waiting(&self->sink->stream));
	ASSERT_EQ(0, kill(writer(), SIGCONT));
	drive_settle(&self->sink->stream);
	EXPECT_NE(NULL, strstr(content(self->path), "bytes dropped …]\n"));
	EXPECT_NE(NULL, strstr(content(self->path), "\n0099999\n"));
}

TEST_F(file, nothing_is_lost_with_a_writer_that_is_killed)
{
	self->sink = OPEN();
	ASSERT_NE(NULL, self->sink);
	drive_put(self->sink, "one\n");
	drive_settle(&self->sink->stream);
	ASSERT_EQ(0, kill(writer(), SIGKILL));
	drive_put(self->sink, "two\n");
	EXPECT_TRUE(drive_until(stream_is_empty(&self->sink->stream)));
	EXPECT_STREQ("one\ntwo\n", content(self->path));
	EXPECT_EQ(0, self->sink->stream.dropped);
}

TEST_HARNESS_MAIN
