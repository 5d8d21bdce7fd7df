// SPDX-License-Identifier: GPL-2.0
/* How processes are looked through; what comes of it only KVM can tell. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "lib/harness.h"

#include "lib/running.h"

#define FILES	3000
#define SHARERS	20

static unsigned int links;

/* In the place of libc's: counts. */
ssize_t readlinkat(int dir, const char *path, char *buf, size_t size)
{
	links++;
	return syscall(SYS_readlinkat, dir, path, buf, size);
}

static unsigned int count_links(pid_t after)
{
	pid_t at = 0;

	links = 0;
	if (running_attach_after(-1, after, &at) < 0)
		abort();
	return links;
}

/* Others may open or close some files meanwhile, but not so many. */
TEST(a_large_table_is_looked_through_once_for_all_that_share_it)
{
	struct rlimit limit;
	pid_t pid[SHARERS];
	unsigned int before;
	int null;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = FILES + 100;
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_max = limit.rlim_cur;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	before = count_links(0);
	null = open("/dev/null", O_RDONLY);
	for (int i = 0; i < FILES; i++)
		ASSERT_LE(0, dup(null));
	for (int i = 0; i < SHARERS; i++) {
		pid[i] = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
		ASSERT_LE(0, pid[i]);
		while (!pid[i])
			pause();
	}
	EXPECT_GT(before + FILES + FILES / 2, count_links(0));
	EXPECT_LT(before + FILES / 2, count_links(0));
	for (int i = 0; i < SHARERS; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
}

TEST(those_before_a_process_are_left_out)
{
	unsigned int all = count_links(0);

	EXPECT_GT(all, count_links(getpid() - 1));
	EXPECT_LT(0, count_links(getpid() - 1));
	EXPECT_EQ(0, count_links(0x7fffffff - 1));
}

TEST_HARNESS_MAIN
