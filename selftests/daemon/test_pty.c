// SPDX-License-Identifier: GPL-2.0
/* The pty sink and its clients, coming and going. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "dbgportd/loop/clock.h"
#include "dbgportd/service/rundir.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/settings.h"

static struct sink_settings set;

static struct sink *open_pty(const char *name, const struct drop_notice *notice)
{
	const struct sink_request rq = {
		.kind = &sink_pty, .path = "", .name = name, .vm = "vm-1", .set = &set,
		.raw = !notice, .notice = notice,
	};
	char why[512];

	return sink_pty.open(&rq, why, sizeof(why));
}

static bool no_inotify;

/* In place of libc's: as where fs.inotify.max_user_instances are in use. */
int inotify_init1(int flags)
{
	if (!no_inotify)
		return syscall(SYS_inotify_init1, flags);
	errno = EMFILE;
	return -1;
}

FIXTURE(pty)
{
	char base[64];
	char link[256];
	struct sink *sink;
};

FIXTURE_VARIANT(pty)
{
	bool no_inotify;
};

FIXTURE_VARIANT_ADD(pty, told_by_inotify) { .no_inotify = false };
FIXTURE_VARIANT_ADD(pty, without_inotify) { .no_inotify = true };

FIXTURE_SETUP(pty)
{
	char dir[128], why[512] = "";

	drive_without_log();
	no_inotify = variant->no_inotify;
	ASSERT_EQ(0, loop_init(ENGINE));
	snprintf(self->base, sizeof(self->base), "/tmp/test_pty.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->base));
	snprintf(dir, sizeof(dir), "%s/run", self->base);
	ASSERT_EQ(0, rundir_open(dir, why, sizeof(why)));
	snprintf(self->link, sizeof(self->link), "%s/vm-1.console", dir);
	self->sink = open_pty("console", NULL);
	ASSERT_NE(NULL, self->sink);
}

FIXTURE_TEARDOWN(pty)
{
	if (self->sink) {
		sinks_hurry();
		sink_pty.close(self->sink);
	}
	EXPECT_TRUE(drive_until(!sinks_open()));
	/* Nothing is left behind. */
	EXPECT_EQ(-1, access(self->link, F_OK));
	rundir_close();
	EXPECT_EQ(0, rmdir(self->base));
	loop_exit();
}

static int client(const char *link)
{
	return open(link, O_RDWR | O_NOCTTY | O_NONBLOCK);
}

/* Somebody who comes to @path now gets @text. */
#define EXPECT_CLIENT_GETS(text, path) do {		\
	int fd = client(path);				\
							\
	ASSERT_LE(0, fd);				\
	EXPECT_COMES(text, fd);				\
	close(fd);					\
} while (0)

TEST_F(pty, shows_what_was_said_before_anyone_came)
{
	int fd;

	drive_put(self->sink, "early words\r\n");
	drive_for(20);
	fd = client(self->link);
	ASSERT_LE(0, fd);
	EXPECT_COMES("early words\r\n", fd);
	drive_put(self->sink, "later words\n");
	EXPECT_COMES("later words\n", fd);
	close(fd);
}

TEST_F(pty, passes_every_byte_unchanged)
{
	int fd = client(self->link);

	ASSERT_LE(0, fd);
	EXPECT_TRUE(drive_every_byte(self->sink, fd));
	close(fd);
}

TEST_F(pty, keeps_the_newest_and_says_what_it_dropped)
{
	static char got[100000];
	unsigned long long dropped;
	char line[16];
	size_t len;
	int fd, end, first, found;

	for (int i = 0; i < 20000; i++) {
		snprintf(line, sizeof(line), "%07d\n", i);
		drive_put(self->sink, line);
		if (!(i % 1000))
			streams_flush();
	}
	fd = client(self->link);
	ASSERT_LE(0, fd);
	len = drive_receive(fd, got, sizeof(got), sizeof(got) - 1);
	found = sscanf(got, "\r\n[… %llu bytes dropped …]\r\n%n%d", &dropped, &end, &first);
	ASSERT_EQ(2, found);
	EXPECT_EQ(dropped / 8, first);
	EXPECT_EQ(20000 * 8, dropped + len - end);
	EXPECT_GE(65536, len - end);
	EXPECT_LT(60000, len - end);
	EXPECT_STREQ("0019999\n", got + len - 8);
	close(fd);
}

TEST_F(pty, survives_clients_and_repeats_nothing)
{
	char text[32];

	for (int i = 0; i < 5; i++) {
		int fd;

		snprintf(text, sizeof(text), "absent %d\n", i);
		drive_put(self->sink, text);
		drive_for(10);
		fd = client(self->link);
		ASSERT_LE(0, fd);
		EXPECT_COMES(text, fd);
		close(fd);
		drive_for(50);
	}
}

TEST_F(pty, waits_until_a_client_has_set_up_the_terminal)
{
	struct termios t;
	int fd;

	drive_put(self->sink, "early words\n");
	fd = client(self->link);
	ASSERT_LE(0, fd);
	drive_for(20);
	/* As tio and screen do. */
	ASSERT_EQ(0, tcgetattr(fd, &t));
	cfmakeraw(&t);
	ASSERT_EQ(0, tcsetattr(fd, TCSAFLUSH, &t));
	ASSERT_EQ(0, tcflush(fd, TCIOFLUSH));
	EXPECT_COMES("early words\n", fd);
	close(fd);
}

TEST_F(pty, is_raw_again_for_the_next_client)
{
	struct termios t;
	int fd = client(self->link);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tcgetattr(fd, &t));
	EXPECT_EQ(0, t.c_lflag & (ECHO | ICANON | ISIG));
	EXPECT_EQ(0, t.c_oflag & OPOST);
	t.c_lflag |= ECHO | ICANON;
	t.c_oflag |= OPOST;
	ASSERT_EQ(0, tcsetattr(fd, TCSANOW, &t));
	drive_for(20);
	close(fd);
	/* It is noticed at the next look, if nobody tells. */
	drive_for(variant->no_inotify ? 150 : 50);

	fd = client(self->link);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tcgetattr(fd, &t));
	EXPECT_EQ(0, t.c_lflag & (ECHO | ICANON));
	EXPECT_EQ(0, t.c_oflag & OPOST);
	close(fd);
}

TEST_F(pty, discards_what_a_client_types)
{
	static char typed[65536];
	int fd = client(self->link);
	size_t sent = 0;

	ASSERT_LE(0, fd);
	memset(typed, 'x', sizeof(typed));
	drive_for(20);
	/* More than the pty holds: somebody must be reading it. */
	EXPECT_TRUE(drive_until(({
		ssize_t n = write(fd, typed + sent, sizeof(typed) - sent);

		if (n > 0)
			sent += n;
		sent == sizeof(typed);
	})));
	drive_put(self->sink, "not an echo\n");
	EXPECT_COMES("not an echo\n", fd);
	close(fd);
}

TEST_F(pty, a_client_that_does_not_read_stops_nobody)
{
	static char line[100];
	int fd = client(self->link);
	__u64 begin;

	ASSERT_LE(0, fd);
	memset(line, 'x', sizeof(line));
	line[99] = '\n';
	drive_for(200);
	begin = drive_clock();
	for (int i = 0; i < 20000; i++) {
		self->sink->ops->put(self->sink, line, sizeof(line));
		if (!(i % 100))
			drive_for(1);
	}
	EXPECT_GT(PATIENCE_MS / 2, drive_clock() - begin);
	EXPECT_GE(65536, self->sink->stream.backlog.queue.size);
	EXPECT_LT(0, self->sink->stream.backlog.queue.dropped);
	close(fd);
}

TEST_F(pty, the_last_words_of_a_vm_are_read_before_it_goes)
{
	static char got[70000];
	size_t len = 0;
	int fd = client(self->link);
	bool hung_up = false;

	ASSERT_LE(0, fd);
	drive_count(self->sink, 8000);
	sink_pty.close(self->sink);
	self->sink = NULL;
	drive_for(300);
	EXPECT_TRUE(drive_until(({
		ssize_t n = read(fd, got + len, 1000);

		if (n > 0)
			len += n;
		hung_up = !n || (n < 0 && errno == EIO);
		hung_up;
	})));
	EXPECT_EQ(64000, len);
	close(fd);
}

TEST_F(pty, the_last_words_of_a_vm_wait_for_a_client)
{
	int fd;

	drive_put(self->sink, "last words\n");
	sink_pty.close(self->sink);
	self->sink = NULL;
	drive_for(200);
	fd = client(self->link);
	ASSERT_LE(0, fd);
	EXPECT_COMES("last words\n", fd);
	EXPECT_TRUE(drive_until(!sinks_open()));
	close(fd);
}

TEST_F(pty, goes_at_once_when_all_was_read)
{
	__u64 begin = drive_clock();

	sink_pty.close(self->sink);
	self->sink = NULL;
	EXPECT_TRUE(drive_until(!sinks_open()));
	EXPECT_GT(1000, drive_clock() - begin);
}

TEST_F(pty, two_of_a_vm_have_links_of_their_own)
{
	struct sink *other_sink = open_pty("firmware", NULL);
	char other[256];

	ASSERT_NE(NULL, other_sink);
	snprintf(other, sizeof(other), "%s/run/vm-1.firmware", self->base);
	drive_put(other_sink, "firmware");
	drive_put(self->sink, "console");
	EXPECT_CLIENT_GETS("firmware", other);
	sinks_hurry();
	sink_pty.close(other_sink);
}

TEST_F(pty, two_of_a_vm_and_name_have_links_of_their_own)
{
	struct sink *second = open_pty("console", NULL);
	struct sink *third = open_pty("console", NULL);
	char path[300];

	ASSERT_NE(NULL, second);
	ASSERT_NE(NULL, third);
	drive_put(self->sink, "first");
	drive_put(second, "second");
	drive_put(third, "third");
	snprintf(path, sizeof(path), "%s.2", self->link);
	EXPECT_CLIENT_GETS("second", path);
	snprintf(path, sizeof(path), "%s.3", self->link);
	EXPECT_CLIENT_GETS("third", path);
	EXPECT_CLIENT_GETS("first", self->link);
	sinks_hurry();
	sink_pty.close(second);
	sink_pty.close(third);
}

TEST_F(pty, a_vm_that_comes_again_has_its_link_at_once)
{
	struct sink *next;

	drive_put(self->sink, "last words");
	sink_pty.close(self->sink);
	drive_for(20);
	EXPECT_LT(0, sinks_open());
	next = open_pty("console", NULL);
	ASSERT_NE(NULL, next);
	drive_put(next, "new words");
	EXPECT_CLIENT_GETS("new words", self->link);
	self->sink = next;
}

/* A VM is called as its owner likes. */
TEST_F(pty, takes_no_name_that_is_the_daemons_own)
{
	static const struct sink_settings set;
	const struct sink_request rq = {
		.kind = &sink_pty, .path = "", .name = "json", .vm = "status", .set = &set,
	};
	char path[300], why[512];
	struct stat st;
	struct sink *sink;

	snprintf(path, sizeof(path), "%s/run/status.json", self->base);
	sink = sink_pty.open(&rq, why, sizeof(why));
	ASSERT_NE(NULL, sink);
	EXPECT_EQ(-1, lstat(path, &st));
	strcat(path, ".2");
	EXPECT_EQ(0, lstat(path, &st));
	sink_pty.close(sink);
}

TEST_F(pty, keeps_as_much_as_it_was_told_to)
{
	static char got[100000];
	unsigned long long dropped;
	char path[300];
	struct sink *sink;
	int fd, end, found;

	set.scrollback = 4096;
	sink = open_pty("console", NULL);
	ASSERT_NE(NULL, sink);
	drive_count(sink, 2000);
	snprintf(path, sizeof(path), "%s.2", self->link);
	fd = client(path);
	ASSERT_LE(0, fd);
	end = drive_receive(fd, got, sizeof(got), sizeof(got) - 1);
	found = sscanf(got, "\r\n[… %llu bytes dropped …]\r\n%n", &dropped, &end);
	ASSERT_EQ(1, found);
	EXPECT_GE(4096, strlen(got + end));
	EXPECT_LT(3800, strlen(got + end));
	EXPECT_EQ(16000, dropped + strlen(got + end));
	close(fd);
	sinks_hurry();
	sink_pty.close(sink);
}

TEST_F(pty, keeps_nothing_where_it_was_told_so)
{
	struct sink *sink;
	char path[300];
	int fd;

	set.scrollback = SINK_NO_SCROLLBACK;
	sink = open_pty("console", NULL);
	ASSERT_NE(NULL, sink);
	drive_put(sink, "before\n");
	drive_for(20);
	EXPECT_EQ(0, stream_waiting(&sink->stream));
	snprintf(path, sizeof(path), "%s.2", self->link);
	fd = client(path);
	ASSERT_LE(0, fd);
	/* It is there, if not set up yet. */
	EXPECT_TRUE(drive_until(({
		drive_put(sink, ".");
		stream_waiting(&sink->stream) || sink->stream.written;
	})));
	drive_put(sink, "now\n");
	EXPECT_TRUE(drive_until(strstr(drive_text(fd, 5), "now\n")));
	close(fd);
	drive_for(50);
	/* More than a terminal takes: some of it waits when the client goes. */
	fd = client(path);
	ASSERT_LE(0, fd);
	EXPECT_TRUE(drive_until(({
		drive_count(sink, 100);
		sink->stream.written && stream_waiting(&sink->stream);
	})));
	close(fd);
	EXPECT_TRUE(drive_until(!stream_waiting(&sink->stream)));
	EXPECT_EQ(sink->stream.put, sink->stream.out);
	/* Nor does it wait for anybody at its end. */
	drive_put(sink, "the end\n");
	sink_pty.close(sink);
	EXPECT_TRUE(drive_until(sinks_open() == 1));
}

TEST_F(pty, lingers_as_long_as_it_was_told_to)
{
	__u64 begin = loop_now();
	struct sink *sink;

	set.linger = 1;
	sink = open_pty("console", NULL);
	ASSERT_NE(NULL, sink);
	drive_put(sink, "that nobody reads");
	sink_pty.close(sink);
	drive_for(700);
	EXPECT_EQ(2, sinks_open());
	EXPECT_TRUE(drive_until(sinks_open() == 1));
	EXPECT_LE(1000, drive_clock() - begin);
}

TEST_F(pty, in_json_a_program_is_told_what_was_dropped)
{
	static char got[100000];
	unsigned long long dropped;
	struct sink *sink;
	char path[300];
	int fd, found;

	sink = open_pty("console", format_json.drop_notice);
	ASSERT_NE(NULL, sink);
	for (int i = 0; i < 10000; i++)
		drive_put(sink, "{\"n\":\"0123456789\"}\n");
	snprintf(path, sizeof(path), "%s.2", self->link);
	fd = client(path);
	ASSERT_LE(0, fd);
	drive_receive(fd, got, sizeof(got), sizeof(got) - 1);
	found = sscanf(got, "{\"type\":\"dropped\",\"bytes\":%llu}\n", &dropped);
	ASSERT_EQ(1, found);
	EXPECT_EQ(0, dropped % 19);
	EXPECT_EQ(190000, dropped + strlen(strchr(got, '\n') + 1));
	close(fd);
	sinks_hurry();
	sink_pty.close(sink);
}

TEST_HARNESS_MAIN
