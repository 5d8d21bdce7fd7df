// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/harness.h"

#include "dbgportd/service/rundir.h"

FIXTURE(rundir)
{
	char base[64];
	char dir[128];
	char why[512];
};

FIXTURE_SETUP(rundir)
{
	snprintf(self->base, sizeof(self->base), "/tmp/test_rundir.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->base));
	snprintf(self->dir, sizeof(self->dir), "%s/run", self->base);
	self->why[0] = '\0';
}

FIXTURE_TEARDOWN(rundir)
{
	char command[128];

	rundir_close();
	snprintf(command, sizeof(command), "rm -r %s", self->base);
	EXPECT_EQ(0, system(command));
}

static const char *target(const char *dir, const char *name)
{
	static char to[256];
	char path[256];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	n = readlink(path, to, sizeof(to) - 1);
	if (n < 0)
		return NULL;
	to[n] = '\0';
	return to;
}

TEST_F(rundir, is_made_and_removed)
{
	struct stat st;

	ASSERT_EQ(0, rundir_open(self->dir, self->why, sizeof(self->why)));
	ASSERT_EQ(0, stat(self->dir, &st));
	EXPECT_TRUE(S_ISDIR(st.st_mode));
	rundir_close();
	EXPECT_EQ(-1, stat(self->dir, &st));
}

TEST_F(rundir, that_was_there_stays)
{
	struct stat st;

	ASSERT_EQ(0, mkdir(self->dir, 0755));
	ASSERT_EQ(0, rundir_open(self->dir, self->why, sizeof(self->why)));
	rundir_close();
	EXPECT_EQ(0, stat(self->dir, &st));
}

TEST_F(rundir, belongs_to_one_daemon_at_a_time)
{
	char expect[256];
	int status;
	pid_t pid;

	ASSERT_EQ(0, rundir_open(self->dir, self->why, sizeof(self->why)));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		int ret = rundir_open(self->dir, self->why, sizeof(self->why));

		snprintf(expect, sizeof(expect),
			 "--run-dir %s: another dbgportd uses it; give this one another --run-dir",
			 self->dir);
		_exit(ret == -1 && !strcmp(expect, self->why) ? 0 : 1);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);

	rundir_close();
	EXPECT_EQ(0, rundir_open(self->dir, self->why, sizeof(self->why)));
}

TEST_F(rundir, that_cannot_be_made_is_named)
{
	char path[256], expect[512];

	snprintf(path, sizeof(path), "%s/no/such", self->base);
	EXPECT_EQ(-1, rundir_open(path, self->why, sizeof(self->why)));
	snprintf(expect, sizeof(expect), "--run-dir %s: No such file or directory", path);
	EXPECT_STREQ(expect, self->why);
	EXPECT_EQ(-1, rundir_open("/dev/null", self->why, sizeof(self->why)));
	EXPECT_STREQ("--run-dir /dev/null: Not a directory", self->why);
}

TEST_F(rundir, what_is_no_link_of_ours_is_not_replaced)
{
	char path[256];
	struct stat st;

	ASSERT_EQ(0, rundir_open(self->dir, self->why, sizeof(self->why)));
	snprintf(path, sizeof(path), "%s/file", self->dir);
	ASSERT_EQ(0, mknod(path, S_IFREG | 0600, 0));
	EXPECT_EQ(NULL, rundir_link("file", "/dev/pts/1001"));
	EXPECT_EQ(EEXIST, errno);
	EXPECT_EQ(0, lstat(path, &st));
	EXPECT_TRUE(S_ISREG(st.st_mode));
	ASSERT_EQ(0, unlink(path));
	ASSERT_EQ(0, symlink("elsewhere", path));
	EXPECT_EQ(NULL, rundir_link("file", "/dev/pts/1001"));
	EXPECT_STREQ("elsewhere", target(self->dir, "file"));
	unlink(path);
}

TEST_F(rundir, links_are_made_replaced_and_removed)
{
	ASSERT_EQ(0, rundir_open(self->dir, self->why, sizeof(self->why)));
	ASSERT_NE(NULL, rundir_link("vm.console", "/dev/pts/1001"));
	EXPECT_STREQ("/dev/pts/1001", target(self->dir, "vm.console"));
	ASSERT_NE(NULL, rundir_link("vm.console", "/dev/pts/1002"));
	EXPECT_STREQ("/dev/pts/1002", target(self->dir, "vm.console"));
	/* The older one's end does not take the newer one's link away. */
	rundir_unlink("vm.console", "/dev/pts/1001");
	EXPECT_STREQ("/dev/pts/1002", target(self->dir, "vm.console"));
	rundir_unlink("vm.console", "/dev/pts/100");
	EXPECT_STREQ("/dev/pts/1002", target(self->dir, "vm.console"));
	rundir_unlink("vm.console", "/dev/pts/1002");
	EXPECT_EQ(NULL, target(self->dir, "vm.console"));
}

TEST_F(rundir, what_a_killed_daemon_left_is_cleared)
{
	char path[256];

	ASSERT_EQ(0, mkdir(self->dir, 0755));
	snprintf(path, sizeof(path), "%s/dead.console", self->dir);
	ASSERT_EQ(0, symlink("/dev/pts/1001", path));
	snprintf(path, sizeof(path), "%s/other", self->dir);
	ASSERT_EQ(0, symlink("/tmp", path));
	ASSERT_EQ(0, rundir_open(self->dir, self->why, sizeof(self->why)));
	EXPECT_EQ(NULL, target(self->dir, "dead.console"));
	EXPECT_STREQ("/tmp", target(self->dir, "other"));
}

TEST_HARNESS_MAIN
