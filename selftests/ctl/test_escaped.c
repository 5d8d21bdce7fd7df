// SPDX-License-Identifier: GPL-2.0
/* What a guest sends, made harmless as it comes. */
#include <stdio.h>
#include <string.h>

#include "lib/harness.h"

#include "captured.h"
#include "dbgportctl/console/escaped.h"

/* What @text becomes if it comes in parts of @size bytes. */
static const char *printed(const char *text, size_t size)
{
	FILE *before = capture_begin();
	size_t len = strlen(text), n;
	struct escaped e = { .len = 0 };

	for (size_t at = 0; at < len; at += n) {
		n = len - at < size ? len - at : size;
		escaped_print(&e, text + at, n);
	}
	return capture_end(before);
}

static const char hostile[] =
	"one\r\n"
	"\033]0;title\a \033[31mred\033[0m ä\xff\r\r\n"
	"half\rline\n"
	"\n"
	"login: ";

static const char harmless[] =
	"one\n"
	"<1b>]0;title<07> red ä<ff>\n"
	"half<0d>line\n"
	"\n"
	"login: ";

TEST(lines_stay_and_nothing_else_does_anything)
{
	EXPECT_STREQ(harmless, printed(hostile, sizeof(hostile)));
}

TEST(however_they_are_divided)
{
	for (size_t size = 1; size < sizeof(hostile); size++)
		EXPECT_STREQ(harmless, printed(hostile, size));
}

TEST(what_makes_sense_only_with_more_waits_for_it)
{
	EXPECT_STREQ("a", printed("a\xc3", 9));
	EXPECT_STREQ("a", printed("a\033[3", 9));
	EXPECT_STREQ("a", printed("a\r", 9));
}

TEST(much_at_once)
{
	char text[2001], expected[2001];

	memset(text, 'x', 2000);
	text[2000] = '\0';
	for (int i = 255; i < 2000; i += 256)
		memcpy(text + i, "ä", 2);
	memcpy(expected, text, sizeof(text));
	EXPECT_STREQ(expected, printed(text, sizeof(text)));
}

TEST_HARNESS_MAIN
