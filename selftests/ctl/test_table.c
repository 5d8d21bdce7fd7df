// SPDX-License-Identifier: GPL-2.0
/* Tables as a terminal shows them. */
#include <stdio.h>

#include "lib/harness.h"

#include "captured.h"
#include "dbgportctl/cli/table.h"

/* What a table of two columns, of which the first is cut, becomes in @most columns. */
static const char *printed(size_t most, const char *const cells[])
{
	struct table t = { .columns = 2, .right = { [1] = true }, .most = most };
	FILE *before;

	for (; *cells; cells++)
		table_add(&t, "%s", *cells);
	before = capture_begin();
	table_print(&t);
	return capture_end(before);
}

#define PRINTED(...)	CUT(0, __VA_ARGS__)
#define CUT(most, ...)	printed(most, (const char *const[]){ __VA_ARGS__, NULL })

TEST(columns_are_as_wide_as_their_widest_cell)
{
	EXPECT_STREQ("NAME  PID\n"
		     "web     1\n"
		     "a      22\n", PRINTED("NAME", "PID", "web", "1", "a", "22"));
}

TEST(what_is_seen_of_utf8_counts)
{
	EXPECT_STREQ("NAME    PID\n"
		     "数据库    1\n"
		     "Käse      2\n", PRINTED("NAME", "PID", "数据库", "1", "Käse", "2"));
}

TEST(nothing_does_anything_to_a_terminal)
{
	EXPECT_STREQ("?[2J  ?\n"
		     "????  ä\n", PRINTED("\033[2J", "\xff", "\u202e\a", "ä"));
}

TEST(a_row_that_is_too_long_is_cut_where_it_may_be)
{
	EXPECT_STREQ("NAME        PID\n"
		     "instance-…    1\n"
		     "a            22\n", CUT(15, "NAME", "PID", "instance-0001", "1", "a", "22"));
}

TEST(one_that_fits_is_not_cut)
{
	EXPECT_STREQ("NAME           PID\n"
		     "instance-0001    1\n", CUT(18, "NAME", "PID", "instance-0001", "1"));
}

TEST(wide_characters_are_cut_as_a_whole)
{
	EXPECT_STREQ("NAME       PID\n"
		     "数据库数…    1\n", CUT(14, "NAME", "PID", "数据库数据库", "1"));
	EXPECT_STREQ("NAME       PID\n"
		     "数据库数…    1\n", CUT(15, "NAME", "PID", "数据库数据库", "1"));
}

TEST(something_is_left_of_what_is_cut)
{
	EXPECT_STREQ("NAME      PID\n"
		     "instanc…    1\n", CUT(5, "NAME", "PID", "instance-0001", "1"));
}

TEST_HARNESS_MAIN
