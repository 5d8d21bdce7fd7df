// SPDX-License-Identifier: GPL-2.0
/* Tables as a terminal shows them. */
#include <stdio.h>

#include "lib/harness.h"

#include "dbgportctl/cli/table.h"

/* What a table of two columns becomes, the second to the right. */
static const char *printed(const char *const cells[])
{
	static char text[1024];
	struct table t = { .columns = 2, .right = { [1] = true } };
	FILE *to = tmpfile(), *before = stdout;
	size_t n;

	if (!to)
		abort();
	for (; *cells; cells++)
		table_add(&t, "%s", *cells);
	stdout = to;
	table_print(&t);
	stdout = before;
	rewind(to);
	n = fread(text, 1, sizeof(text) - 1, to);
	text[n] = '\0';
	fclose(to);
	return text;
}

#define PRINTED(...)	printed((const char *const[]){ __VA_ARGS__, NULL })

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

TEST_HARNESS_MAIN
