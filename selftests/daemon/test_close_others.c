// SPDX-License-Identifier: GPL-2.0
/* Which file descriptors a helper process keeps. */
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "lib/harness.h"
#include "lib/close_others.h"

/* Above all that the harness has. */
#define FIRST	100

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

FIXTURE(close_others) { };

FIXTURE_SETUP(close_others)
{
	for (int fd = FIRST; fd < FIRST + 5; fd++)
		ASSERT_EQ(fd, dup2(STDOUT_FILENO, fd));
}

FIXTURE_TEARDOWN(close_others)
{
}

TEST_F(close_others, one_stays_open)
{
	close_others(FIRST, FIRST + 2);
	for (int fd = FIRST; fd < FIRST + 5; fd++)
		EXPECT_EQ(fd == FIRST + 2, is_open(fd));
}

TEST_F(close_others, those_below_stay_open)
{
	close_others(FIRST + 2, FIRST + 3);
	EXPECT_TRUE(is_open(FIRST));
	EXPECT_TRUE(is_open(FIRST + 1));
	EXPECT_FALSE(is_open(FIRST + 2));
	EXPECT_TRUE(is_open(FIRST + 3));
	EXPECT_FALSE(is_open(FIRST + 4));
}

TEST_F(close_others, the_one_may_be_the_lowest)
{
	close_others(FIRST, FIRST);
	EXPECT_TRUE(is_open(FIRST));
	EXPECT_FALSE(is_open(FIRST + 1));
}

TEST_F(close_others, the_one_may_be_below)
{
	close_others(FIRST + 2, FIRST);
	for (int fd = FIRST; fd < FIRST + 5; fd++)
		EXPECT_EQ(fd < FIRST + 2, is_open(fd));
}

TEST_HARNESS_MAIN
