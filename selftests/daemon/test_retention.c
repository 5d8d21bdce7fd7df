// SPDX-License-Identifier: GPL-2.0
/* Which files of all VMs stay on disk: by total= and max-age=. */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/settings.h"

#define DAY_S	(24 * 60 * 60)

FIXTURE(retention)
{
	struct sink_settings set;
	char dir[64];
	char pattern[80];
};

FIXTURE_SETUP(retention)
{
	drive_without_log();
	signal(SIGPIPE, SIG_IGN);
	ASSERT_EQ(0, loop_init(ENGINE));
	snprintf(self->dir, sizeof(self->dir), "/tmp/test_retention.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->pattern, sizeof(self->pattern), "%s/*.log", self->dir);
	self->set = (struct sink_settings){ 0 };
}

FIXTURE_TEARDOWN(retention)
{
	char command[128];

	EXPECT_TRUE(drive_until(!sinks_open()));
	loop_exit();
	snprintf(command, sizeof(command), "rm -rf %s", self->dir);
	EXPECT_EQ(0, system(command));
}

static const char *path_of(const char *dir, const char *vm)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s.log", dir, vm);
	return path;
}

static struct sink *open_log(const char *dir, const char *pattern,
			     const struct sink_settings *set, const char *vm)
{
	const struct sink_request rq = {
		.kind = &sink_file, .path = path_of(dir, vm), .pattern = pattern, .vm = vm,
		.set = set,
	};
	char why[512];

	return sink_file.open(&rq, why, sizeof(why));
}

#define LOG_OF(vm) open_log(self->dir, self->pattern, &self->set, vm)

/* @bytes of lines; afterwards some time has gone by for the file system, too. */
static void write_log(struct sink *sink, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += 10)
		drive_put(sink, "123456789\n");
	drive_settle(&sink->stream);
	drive_for(20);
}

static void close_log(struct sink *sink)
{
	sink_file.close(sink);
	drive_for(20);
}

/* What the files in a directory have together. */
static size_t sum_of(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t sum = 0;

	while (d && (entry = readdir(d))) {
		struct stat st;

		if (!fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		    S_ISREG(st.st_mode))
			sum += st.st_size;
	}
	if (d)
		closedir(d);
	return sum;
}

#define IS_THERE(vm) (!access(path_of(self->dir, vm), F_OK))

static void make_file(const char *path, size_t bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	if (ftruncate(fd, bytes))
		err(1, "%s", path);
	close(fd);
}

static void make_old(const char *path, time_t seconds)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };

	clock_gettime(CLOCK_REALTIME, &times[1]);
	times[1].tv_sec -= seconds;
	utimensat(AT_FDCWD, path, times, 0);
}

TEST_F(retention, a_total_is_of_all_vms_that_ever_were)
{
	char vm[16];

	self->set.total = 50000;
	for (int i = 0; i < 20; i++) {
		struct sink *sink;

		snprintf(vm, sizeof(vm), "vm-%d", i);
		sink = LOG_OF(vm);
		ASSERT_NE(NULL, sink);
		write_log(sink, 9000);
		close_log(sink);
		EXPECT_GE(50000, sum_of(self->dir));
	}
	/* The oldest go, and no more than must. */
	EXPECT_FALSE(IS_THERE("vm-0"));
	EXPECT_FALSE(IS_THERE("vm-14"));
	EXPECT_TRUE(IS_THERE("vm-16"));
	EXPECT_TRUE(IS_THERE("vm-19"));
}

TEST_F(retention, rotated_files_of_other_vms_go_too)
{
	struct sink *sink;

	self->set.total = 50000;
	self->set.size = 16384;
	sink = LOG_OF("loud");
	write_log(sink, 45000);
	close_log(sink);
	sink = LOG_OF("next");
	write_log(sink, 15000);
	EXPECT_GE(50000, sum_of(self->dir));
	EXPECT_TRUE(IS_THERE("loud"));
	write_log(sink, 30000);
	close_log(sink);
	EXPECT_GE(50000, sum_of(self->dir));
	EXPECT_FALSE(IS_THERE("loud"));
	EXPECT_TRUE(IS_THERE("next"));
}

TEST_F(retention, what_others_have_there_stays)
{
	struct sink *sink;

	make_file(path_of(self->dir, "mine"), 80000);
	make_old(path_of(self->dir, "mine"), 100 * DAY_S);
	self->set.total = 50000;
	self->set.max_age = DAY_S;
	sink = LOG_OF("web");
	write_log(sink, 45000);
	close_log(sink);
	EXPECT_TRUE(IS_THERE("mine"));
	EXPECT_LT(80000 + 20000, sum_of(self->dir));
}

TEST_F(retention, one_that_is_being_written_to_stays)
{
	struct sink *quiet, *loud;

	self->set.total = 50000;
	self->set.max_age = DAY_S;
	quiet = LOG_OF("quiet");
	write_log(quiet, 100);
	make_old(path_of(self->dir, "quiet"), 2 * DAY_S);
	loud = LOG_OF("loud");
	write_log(loud, 90000);
	EXPECT_TRUE(IS_THERE("quiet"));
	EXPECT_GE(50000, sum_of(self->dir));
	write_log(quiet, 100);
	close_log(quiet);
	close_log(loud);
	EXPECT_TRUE(IS_THERE("quiet"));
}

TEST_F(retention, where_all_are_being_written_to_the_largest_begins_anew)
{
	struct sink *sinks[6];
	char vm[16];

	self->set.total = 50000;
	self->set.size = 16384;
	for (int i = 0; i < 6; i++) {
		snprintf(vm, sizeof(vm), "vm-%d", i);
		sinks[i] = LOG_OF(vm);
		ASSERT_NE(NULL, sinks[i]);
		write_log(sinks[i], 9000 + 1000 * i);
		EXPECT_GE(50000, sum_of(self->dir));
	}
	/* Which was not the smallest. */
	for (int i = 0; i < 6; i++)
		close_log(sinks[i]);
	EXPECT_LT(30000, sum_of(self->dir));
	EXPECT_TRUE(IS_THERE("vm-0"));
	EXPECT_TRUE(IS_THERE("vm-5"));
}

TEST_F(retention, files_go_when_they_are_older_than_their_age)
{
	static const char *const vms[] = { "old", "young" };
	struct sink *sink;

	self->set.max_age = 7 * DAY_S;
	for (int i = 0; i < 2; i++) {
		sink = LOG_OF(vms[i]);
		write_log(sink, 100);
		close_log(sink);
	}
	make_old(path_of(self->dir, "old"), 8 * DAY_S);
	make_old(path_of(self->dir, "young"), 6 * DAY_S);
	sink = LOG_OF("new");
	write_log(sink, 100);
	close_log(sink);
	EXPECT_FALSE(IS_THERE("old"));
	EXPECT_TRUE(IS_THERE("young"));
	EXPECT_TRUE(IS_THERE("new"));
}

TEST_F(retention, symbolic_links_and_what_is_behind_them_stay)
{
	char outside[80];
	struct sink *sink;

	self->set.max_age = DAY_S;
	sink = LOG_OF("victim");
	write_log(sink, 100);
	close_log(sink);
	snprintf(outside, sizeof(outside), "%s/victim", self->dir);
	ASSERT_EQ(0, rename(path_of(self->dir, "victim"), outside));
	make_old(outside, 9 * DAY_S);
	ASSERT_EQ(0, symlink(outside, path_of(self->dir, "link")));
	sink = LOG_OF("web");
	write_log(sink, 100);
	close_log(sink);
	EXPECT_TRUE(IS_THERE("link"));
	EXPECT_EQ(0, access(outside, F_OK));
}

TEST_HARNESS_MAIN
