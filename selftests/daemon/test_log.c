// SPDX-License-Identifier: GPL-2.0
/* The daemon's messages: levels, the journal's prefixes, limits. */
#include <sys/stat.h>

#include "lib/harness.h"

#include "daemon/scratch.h"
#include "lib/clock.h"
#include "lib/log.h"

FIXTURE(log)
{
	struct scratch scratch;
};

FIXTURE_SETUP(log)
{
	unsetenv("JOURNAL_STREAM");
	scratch_make(&self->scratch);
	scratch_catch(&self->scratch);
}

FIXTURE_TEARDOWN(log)
{
	scratch_remove(&self->scratch);
}

static void say_all(void)
{
	log_error("it broke: %d", 1);
	log_warning("it is missing");
	log_line("it comes");
	log_debug("it is done");
}

TEST_F(log, has_all_but_debug_unless_asked)
{
	say_all();
	EXPECT_STREQ("dbgportd: it broke: 1\ndbgportd: it is missing\ndbgportd: it comes\n",
		     scratch_said(&self->scratch));
}

TEST_F(log, has_what_its_level_wants)
{
	EXPECT_TRUE(log_set_level("error"));
	say_all();
	EXPECT_STREQ("dbgportd: it broke: 1\n", scratch_said(&self->scratch));

	scratch_catch(&self->scratch);
	EXPECT_TRUE(log_set_level("warning"));
	say_all();
	EXPECT_STREQ("dbgportd: it broke: 1\ndbgportd: it is missing\n",
		     scratch_said(&self->scratch));

	scratch_catch(&self->scratch);
	EXPECT_TRUE(log_set_level("debug"));
	say_all();
	EXPECT_NE(NULL, strstr(scratch_said(&self->scratch), "dbgportd: it is done\n"));

	scratch_catch(&self->scratch);
	EXPECT_TRUE(log_set_level(NULL));
	say_all();
	EXPECT_EQ(NULL, strstr(scratch_said(&self->scratch), "it is done"));
}

TEST_F(log, knows_its_levels)
{
	for (int i = 0; log_levels[i]; i++)
		EXPECT_TRUE(log_set_level(log_levels[i]));
	EXPECT_FALSE(log_set_level("loud"));
	EXPECT_FALSE(log_set_level(""));
}

/* As the service manager says which file descriptor is the journal's. */
static void set_stream(int fd, int ino_off)
{
	struct stat st;
	char text[64];

	fstat(fd, &st);
	snprintf(text, sizeof(text), "%lu:%lu", st.st_dev, st.st_ino + ino_off);
	setenv("JOURNAL_STREAM", text, 1);
}

TEST_F(log, begins_with_the_priority_in_the_journal)
{
	log_set_level("debug");
	set_stream(STDERR_FILENO, 0);
	EXPECT_TRUE(log_is_journal(STDERR_FILENO));
	EXPECT_FALSE(log_is_journal(STDIN_FILENO));
	say_all();
	EXPECT_STREQ("<3>dbgportd: it broke: 1\n<4>dbgportd: it is missing\n"
		     "<6>dbgportd: it comes\n<7>dbgportd: it is done\n",
		     scratch_said(&self->scratch));
}

/* Standard error was redirected after the service manager had set the variable. */
TEST_F(log, does_not_where_only_the_variable_says_so)
{
	set_stream(STDERR_FILENO, 1);
	EXPECT_FALSE(log_is_journal(STDERR_FILENO));
	log_line("it comes");
	EXPECT_STREQ("dbgportd: it comes\n", scratch_said(&self->scratch));
	setenv("JOURNAL_STREAM", "nonsense", 1);
	EXPECT_FALSE(log_is_journal(STDERR_FILENO));
}

TEST_F(log, cuts_what_is_too_long)
{
	static char text[5000];
	const char *said;

	memset(text, 'x', sizeof(text) - 1);
	log_line("%s", text);
	said = scratch_said(&self->scratch);
	EXPECT_EQ(1024, strlen(said));
	EXPECT_EQ('\n', said[1023]);
}

static void keep(void *arg, const char *text, size_t n)
{
	strcat(strncat(arg, text, n), "|");
}

TEST_F(log, goes_where_the_program_says)
{
	char kept[2 * (LOG_MAX + 1) + 1] = "", longest[2 * LOG_MAX];

	log_to(keep, kept);
	log_line("it comes");
	EXPECT_STREQ("dbgportd: it comes|", kept);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	kept[0] = '\0';
	log_line("%s", longest);
	EXPECT_EQ(LOG_MAX + 1, strlen(kept));
	EXPECT_STREQ("", scratch_said(&self->scratch));

	log_to(NULL, NULL);
	log_line("it goes");
	EXPECT_STREQ("dbgportd: it goes\n", scratch_said(&self->scratch));
}

static int lines(const char *text)
{
	int n = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		n++;
	}
	return n;
}

static void flood(int n)
{
	for (int i = 0; i < n; i++)
		log_limited(LOG_LEVEL_INFO, "VM %d", i);
}

TEST_F(log, is_not_filled_by_what_others_can_cause)
{
	struct log_limit early = { 0 };

	flood(100000);
	log_line("this is heard");
	EXPECT_EQ(LOG_LIMIT_LINES + 1, lines(scratch_said(&self->scratch)));
	EXPECT_NE(NULL, strstr(scratch_said(&self->scratch), "this is heard"));

	/* When the time is over, how many it were is told, once. */
	scratch_catch(&self->scratch);
	early.since = now_ns() / 1000000 - LOG_LIMIT_MS;
	early.lines = LOG_LIMIT_LINES;
	early.skipped = 99900;
	EXPECT_TRUE(log_may(&early, LOG_LEVEL_INFO));
	EXPECT_TRUE(log_may(&early, LOG_LEVEL_INFO));
	EXPECT_NE(NULL, strstr(scratch_said(&self->scratch), ": 99900\n"));
	EXPECT_EQ(1, lines(scratch_said(&self->scratch)));
}

TEST_HARNESS_MAIN
