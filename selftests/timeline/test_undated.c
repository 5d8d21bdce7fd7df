// SPDX-License-Identifier: GPL-2.0
/* Lines without a time between those that have one. */
#include "timeline/one_boot.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/same_lines.h"
#include "dbgportctl/boot/undated.h"

static void undated(const char *bytes)
{
	boot_add_undated(boot, bytes, strlen(bytes));
}

/*
 * All that is listed, a word each: marks as 10:text, lines without a time as -:text, with an
 * exclamation mark where they begin a phase.
 */
static const char *listed(void)
{
	static char said[1024];
	size_t len = 0, next = 0;

	*said = '\0';
	for (size_t i = 0; i <= boot->marks; i++) {
		const struct mark *mark = &boot->mark[i];

		for (; next < boot->undateds && boot->undated[next].before == i; next++)
			len += snprintf(said + len, sizeof(said) - len, "%s-:%s%s", len ? " " : "",
					boot->undated[next].text,
					boot->undated[next].begins ? "!" : "");
		if (i < boot->marks)
			len += snprintf(said + len, sizeof(said) - len, "%s%lld:%s", len ? " " : "",
					mark->time_ns, mark->text ?: mark->component);
	}
	return next == boot->undateds ? said : "some stand nowhere";
}

/* It ends, and this is listed. */
#define EXPECT_LISTED(said) do {		\
	EXPECT_EQ(0, boot_finish(boot, -1));	\
	EXPECT_STREQ(said, listed());		\
} while (0)

TEST_F(boot, lines_that_all_have_a_time_are_there_once)
{
	firmware(10, "a\nb\r\n");
	firmware(20, "c\n");
	undated("a\r\nb\r\nc\r\n");
	EXPECT_LISTED("10:a 10:b 20:c");
}

TEST_F(boot, lines_between_two_that_have_a_time_stand_there)
{
	firmware(10, "a\n");
	code("Firmware", 0x01, 15);
	firmware(20, "d\n");
	serial(30, "Linux version 6.12.0\n");
	undated("0\na\nb\nc\nd\ne\nf");
	EXPECT_LISTED("-:0 10:a -:b -:c 15:Firmware 20:d -:e -:f 30:Linux version 6.12.0");
}

TEST_F(boot, without_any_in_common_they_are_behind_the_firmwares_first_mark)
{
	serial(5, "whatever\n");
	code("Firmware", 0x01, 10);
	code("Firmware", 0x02, 20);
	code("Kernel", 0x40, 30);
	undated("a\nb\n");
	EXPECT_LISTED("5:whatever 10:Firmware -:a -:b 20:Firmware 30:Kernel");
}

TEST_F(boot, text_on_the_firmware_port_is_the_firmwares)
{
	firmware(10, "x\n");
	firmware(20, "y\n");
	undated("a\n");
	EXPECT_LISTED("10:x -:a 20:y");
}

TEST_F(boot, without_a_mark_of_the_firmware_they_are_before_all_others)
{
	code("Custom", 0x99, 5);
	code("Kernel", 0x40, 30);
	code("Firmware", 0x01, 40);
	undated("a\nb\n");
	EXPECT_LISTED("-:a -:b 5:Custom 30:Kernel 40:Firmware");
}

TEST_F(boot, a_boot_may_have_nothing_else)
{
	undated("a\nb\n");
	EXPECT_LISTED("-:a -:b");
	EXPECT_EQ(0, boot->total_ns);
	EXPECT_EQ(1, boot->phases);
}

TEST_F(boot, an_empty_log_changes_nothing)
{
	firmware(10, "x\n");
	undated("\r\n\n");
	EXPECT_LISTED("10:x");
}

TEST_F(boot, lines_that_come_again_are_those_in_the_same_order)
{
	firmware(10, "x\n");
	firmware(20, "x\n");
	firmware(30, "a\n");
	firmware(40, "x\n");
	undated("x\nx\na\nb\nx\nx\n");
	EXPECT_LISTED("10:x 20:x 30:a -:b -:x 40:x");
}

TEST_F(boot, nothing_but_the_same_line)
{
	firmware(10, "x\n");
	firmware(20, "x\n");
	undated("x\nx\nx\nx\n");
	EXPECT_LISTED("-:x -:x 10:x 20:x");
}

/* Were the first x taken for the only one, all before it would be there twice. */
TEST_F(boot, what_a_ring_has_lost_on_a_port_comes_from_the_log)
{
	firmware(50, "c\n");
	firmware(60, "x\n");
	firmware(70, "d\n");
	undated("a\nx\nb\nc\nx\nd\n");
	EXPECT_LISTED("-:a -:x -:b 50:c 60:x 70:d");
}

TEST_F(boot, what_the_log_has_lost_is_on_the_port)
{
	firmware(10, "a\n");
	firmware(20, "x\n");
	firmware(30, "b\n");
	firmware(40, "x\n");
	firmware(50, "c\n");
	undated("x\nc\nd\n");
	EXPECT_LISTED("10:a 20:x 30:b 40:x 50:c -:d");
}

TEST_F(boot, lines_in_another_order_are_others)
{
	firmware(10, "a\n");
	firmware(20, "b\n");
	firmware(30, "c\n");
	undated("c\na\nb\n");
	EXPECT_LISTED("-:c 10:a 20:b 30:c");
}

TEST_F(boot, long_lines_are_cut_at_the_same_place)
{
	char line[3002];

	memset(line, 'x', sizeof(line) - 2);
	memcpy(line + sizeof(line) - 2, "\n", 2);
	firmware(10, line);
	undated(line);
	EXPECT_EQ(0, boot_finish(boot, -1));
	EXPECT_EQ(3, boot->marks);
	EXPECT_EQ(0, boot->undateds);
}

TEST_F(boot, they_are_harmless)
{
	firmware(10, "\033[0mhello\n");
	undated("hello\n\033[31m\033[2J\xff\n");
	EXPECT_LISTED("10:hello -:<1b>[2J<ff>");
}

TEST_F(boot, phases_that_only_they_tell_have_no_time)
{
	firmware(10, "SecCoreStartupWithStack(\n");
	code("Kernel", 0x40, 30);
	undated("SecCoreStartupWithStack(\nInstall PPI:1\nInstall PPI:2\n");
	EXPECT_LISTED("10:SecCoreStartupWithStack( -:Install PPI:1! -:Install PPI:2 30:Kernel");
	ASSERT_EQ(3, boot->phases);
	EXPECT_STREQ("SEC", boot->phase[1].name);
	EXPECT_EQ(1, boot->phase[1].lines);
	EXPECT_EQ(30, boot->phase[1].end_ns);
	EXPECT_STREQ("PEI", boot->undated[0].component);
	EXPECT_STREQ("PEI", boot->undated[1].component);
}

TEST_F(boot, what_is_behind_its_end_is_dropped)
{
	firmware(10, "a\n");
	code("Kernel", 0x40, 20);
	firmware(30, "c\n");
	undated("a\nb\nc\nd\n");
	EXPECT_EQ(0, boot_finish(boot, 0x40));
	EXPECT_STREQ("10:a -:b 20:Kernel", listed());
}

TEST_F(boot, of_a_log_without_an_end_the_last_bytes_count)
{
	size_t n = UNDATED_BYTES + 3;
	char *bytes = malloc(n);

	ASSERT_NE(NULL, bytes);
	memset(bytes, '\n', n);
	bytes[0] = 'a';
	bytes[n - 1] = 'z';
	boot_add_undated(boot, bytes, n);
	free(bytes);
	EXPECT_LISTED("-:z");
}

/* So many bytes of lines that it would take minutes to compare each with each. */
#define HOSTILE_BYTES	(128 * 1024)

static char *many(const char *(*line)(size_t i))
{
	char *bytes = malloc(HOSTILE_BYTES + 1);
	size_t n = 0;

	for (size_t i = 0; bytes && n + strlen(line(i)) + 1 <= HOSTILE_BYTES; i++)
		n += sprintf(bytes + n, "%s\n", line(i));
	return bytes;
}

static const char *same_line(size_t i)
{
	(void)i;
	return "x";
}

static const char *two_in_turn(size_t i)
{
	return i % 2 ? "x" : "y";
}

static const char *rising(size_t i)
{
	static char line[32];

	sprintf(line, "%zx", i);
	return line;
}

static const char *falling(size_t i)
{
	static char line[32];

	sprintf(line, "%zx", HOSTILE_BYTES - i);
	return line;
}

/* Return: how many lines of the first kind are left beside those of the second one. */
static size_t left_of(const char *(*ours)(size_t i), const char *(*theirs)(size_t i))
{
	char *log = many(ours), *port = many(theirs);
	size_t left;

	boots_drop_last(&boots);
	boot = boots_get(&boots, "", 1, 1000000);
	boot_add_undated(boot, log, strlen(log));
	firmware(10, port);
	if (boot_order(boot))
		return SIZE_MAX;
	boot_join_undated(boot);
	left = boot->undateds;
	free(log);
	free(port);
	return left;
}

/* Which takes a second, but on a busy machine. */
TEST_F_TIMEOUT(boot, hostile_logs_take_no_longer_than_sorting_them, 120)
{
	EXPECT_EQ(0, left_of(same_line, same_line));
	EXPECT_EQ(0, left_of(rising, rising));
	EXPECT_EQ(HOSTILE_BYTES / 4, left_of(two_in_turn, same_line));
	EXPECT_EQ(HOSTILE_BYTES / 4, left_of(same_line, two_in_turn));
	EXPECT_NE(0, left_of(rising, falling));
	EXPECT_NE(0, left_of(falling, two_in_turn));
}

/* Of @count lines of one letter each, which are the same as which. */
static const char *same_letters(const char *ours, const char *theirs)
{
	static char said[256];
	const char *line[2][32];
	char letters[2][64];
	size_t same[32], len = 0;

	for (int side = 0; side < 2; side++) {
		const char *from = side ? theirs : ours;

		for (size_t i = 0; from[i]; i++) {
			letters[side][2 * i] = from[i];
			letters[side][2 * i + 1] = '\0';
			line[side][i] = &letters[side][2 * i];
		}
	}
	same_lines(same, line[0], strlen(ours), line[1], strlen(theirs));
	for (size_t i = 0; ours[i]; i++)
		len += same[i] == SAME_NONE ? sprintf(said + len, "-") :
					      sprintf(said + len, "%zu", same[i]);
	said[len] = '\0';
	return said;
}

TEST(same_lines_rise)
{
	EXPECT_STREQ("", same_letters("", ""));
	EXPECT_STREQ("--", same_letters("ab", ""));
	EXPECT_STREQ("", same_letters("", "ab"));
	EXPECT_STREQ("012", same_letters("abc", "abc"));
	EXPECT_STREQ("-0-", same_letters("abc", "b"));
	EXPECT_STREQ("-01", same_letters("xab", "abx"));
	EXPECT_STREQ("0-2", same_letters("aba", "aca"));
	EXPECT_STREQ("01-", same_letters("xya", "xyxy"));
	EXPECT_STREQ("---012", same_letters("bcxaxd", "axd"));
}

TEST_HARNESS_MAIN
