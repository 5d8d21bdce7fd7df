// SPDX-License-Identifier: GPL-2.0
/* Where the daemon keeps things if nobody says. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/harness.h"

#include "lib/default_dir.h"

/* Nobody's, who is not logged in either. */
#define USER	4000000

/* As who runs the tests, if that is not root already. */
static void become_user(void)
{
	if (!geteuid() && seteuid(USER))
		abort();
}

FIXTURE(default_dir)
{
};

FIXTURE_SETUP(default_dir)
{
	unsetenv("RUNTIME_DIRECTORY");
	unsetenv("XDG_RUNTIME_DIR");
}

FIXTURE_TEARDOWN(default_dir)
{
}

TEST_F(default_dir, a_service_has_the_one_that_was_made_for_it)
{
	setenv("RUNTIME_DIRECTORY", "/run/dbgport", 1);
	EXPECT_STREQ("/run/dbgport", default_run_dir());
	become_user();
	setenv("XDG_RUNTIME_DIR", "/run/user/1000", 1);
	EXPECT_STREQ("/run/dbgport", default_run_dir());
}

TEST_F(default_dir, of_several_it_has_the_first)
{
	setenv("RUNTIME_DIRECTORY", "/run/a:/run/b", 1);
	EXPECT_STREQ("/run/a", default_run_dir());
}

TEST_F(default_dir, a_user_has_a_directory_below_that_of_the_login)
{
	become_user();
	setenv("XDG_RUNTIME_DIR", "/run/user/1000", 1);
	EXPECT_STREQ("/run/user/1000/dbgport", default_run_dir());
}

TEST_F(default_dir, a_user_without_a_login_has_none)
{
	if (geteuid())
		SKIP(return, "only root can be a user who is not logged in");
	become_user();
	EXPECT_EQ(NULL, default_run_dir());
	setenv("XDG_RUNTIME_DIR", "", 1);
	EXPECT_EQ(NULL, default_run_dir());
}

TEST_F(default_dir, a_login_counts_without_its_variable)
{
	char dir[64];

	if (geteuid())
		SKIP(return, "only root can make a directory in /run/user");
	if (access("/run/user", F_OK) && mkdir("/run/user", 0755))
		SKIP(return, "there is no /run/user");
	snprintf(dir, sizeof(dir), "/run/user/%u", USER);
	ASSERT_EQ(0, mkdir(dir, 0700));
	EXPECT_EQ(0, chown(dir, USER, USER));
	become_user();
	EXPECT_STREQ("/run/user/4000000/dbgport", default_run_dir());
	EXPECT_EQ(0, seteuid(0));
	/* Somebody else's is not taken. */
	EXPECT_EQ(0, chown(dir, 0, 0));
	become_user();
	EXPECT_EQ(NULL, default_run_dir());
	EXPECT_EQ(0, seteuid(0));
	EXPECT_EQ(0, rmdir(dir));
}

TEST_F(default_dir, what_outlives_the_host_is_elsewhere)
{
	setenv("STATE_DIRECTORY", "/var/lib/a:/var/lib/b", 1);
	EXPECT_STREQ("/var/lib/a", default_state_dir());
	unsetenv("STATE_DIRECTORY");
	if (!geteuid())
		EXPECT_STREQ("/var/lib/dbgport", default_state_dir());
	become_user();
	setenv("HOME", "/home/me", 1);
	setenv("XDG_STATE_HOME", "/state", 1);
	EXPECT_STREQ("/state/dbgport", default_state_dir());
	unsetenv("XDG_STATE_HOME");
	EXPECT_STREQ("/home/me/.local/state/dbgport", default_state_dir());
	unsetenv("HOME");
	EXPECT_EQ(NULL, default_state_dir());
}

TEST_HARNESS_MAIN
