// SPDX-License-Identifier: GPL-2.0
/* Line assembly: what a shared sink shows of what vCPUs wrote. */
#include <kselftest_harness.h>

#include "daemon/drive.h"
#include "dbgportd/lines.h"

FIXTURE(lines)
{
	struct memory_sink out;
	struct lines vm1, vm2;
};

FIXTURE_SETUP(lines)
{
	ASSERT_EQ(0, loop_init(ENGINE));
	memory_init(&self->out);
	lines_init(&self->vm1, &self->out.sink, "vm1");
	lines_init(&self->vm2, &self->out.sink, "vm2");
}

FIXTURE_TEARDOWN(lines)
{
	lines_end(&self->vm1);
	lines_end(&self->vm2);
	loop_exit();
}

static void say(struct lines *lines, int vcpu, const char *text)
{
	/* A byte at a time, as guests do. */
	for (; *text; text++)
		lines_put(lines, vcpu, text, 1);
}

/* As if everything unfinished had been quiet for long. */
static void quiet(void)
{
	lines_quiet(loop_now() + LINES_QUIET_MS);
}

TEST_F(lines, a_line_is_shown_at_its_end)
{
	say(&self->vm1, 0, "hello");
	EXPECT_STREQ("", self->out.text);
	say(&self->vm1, 0, "\n");
	EXPECT_STREQ("hello\n", self->out.text);
}

TEST_F(lines, empty_lines_stay)
{
	say(&self->vm1, 0, "\na\n\n\nb\n");
	EXPECT_STREQ("\na\n\n\nb\n", self->out.text);
}

TEST_F(lines, carriage_returns_at_line_ends_vanish)
{
	say(&self->vm1, 0, "a\r\nb\n\rc\r\r\n");
	EXPECT_STREQ("a\nb\nc\n", self->out.text);
}

TEST_F(lines, carriage_returns_elsewhere_are_shown)
{
	say(&self->vm1, 0, "fake\rtrue\n");
	EXPECT_STREQ("fake<0d>true\n", self->out.text);
}

TEST_F(lines, lines_of_different_vcpus_do_not_mix)
{
	say(&self->vm1, 0, "aa");
	say(&self->vm1, 1, "bb");
	say(&self->vm1, 0, "aa\n");
	say(&self->vm1, 300, "cc\n");
	say(&self->vm1, 1, "bb\n");
	EXPECT_STREQ("aaaa\ncc\nbbbb\n", self->out.text);
}

TEST_F(lines, a_quiet_line_is_shown_and_continued)
{
	say(&self->vm1, 0, "login: ");
	quiet();
	EXPECT_STREQ("login: ", self->out.text);
	say(&self->vm1, 0, "root\n");
	EXPECT_STREQ("login: root\n", self->out.text);
}

TEST_F(lines, a_line_that_is_not_quiet_waits)
{
	say(&self->vm1, 0, "login: ");
	lines_quiet(loop_now() + LINES_QUIET_MS - 1);
	EXPECT_STREQ("", self->out.text);
}

TEST_F(lines, the_timer_shows_a_quiet_line)
{
	say(&self->vm1, 0, "login: ");
	EXPECT_TRUE(drive_until(self->out.len));
	EXPECT_STREQ("login: ", self->out.text);
}

TEST_F(lines, a_broken_line_is_marked_and_continued_on_a_new_one)
{
	say(&self->vm1, 0, "progress 10%");
	quiet();
	say(&self->vm1, 1, "other\n");
	say(&self->vm1, 0, " 20%\n");
	EXPECT_STREQ("progress 10%…\nother\n… 20%\n", self->out.text);
}

TEST_F(lines, a_broken_line_that_then_ends_needs_no_more)
{
	say(&self->vm1, 0, "done");
	quiet();
	say(&self->vm1, 1, "other\n");
	say(&self->vm1, 0, "\nnext\n");
	EXPECT_STREQ("done…\nother\nnext\n", self->out.text);
}

TEST_F(lines, notes_stand_on_lines_of_their_own)
{
	say(&self->vm1, 0, "begun");
	quiet();
	lines_note(&self->out.sink, "vm1", "note", 4);
	say(&self->vm1, 0, "ended\n");
	lines_note(&self->out.sink, NULL, "note", 4);
	EXPECT_STREQ("begun…\nnote\n…ended\nnote\n", self->out.text);
}

TEST_F(lines, labels_begin_each_line_once_they_are_on)
{
	say(&self->vm1, 0, "before\n");
	lines_show_labels();
	say(&self->vm1, 0, "a");
	say(&self->vm2, 0, "b\n");
	say(&self->vm1, 0, "\n");
	quiet();
	lines_note(&self->out.sink, "vm2", "note", 4);
	lines_note(&self->out.sink, NULL, "log", 3);
	EXPECT_STREQ("before\n[vm2] b\n[vm1] a\n[vm2] note\nlog\n", self->out.text);
}

TEST_F(lines, continued_lines_are_labelled_anew)
{
	lines_show_labels();
	say(&self->vm1, 0, "abc");
	quiet();
	say(&self->vm1, 0, "def");
	quiet();
	say(&self->vm2, 0, "x\n");
	say(&self->vm1, 0, "ghi\n");
	EXPECT_STREQ("[vm1] abcdef…\n[vm2] x\n[vm1] …ghi\n", self->out.text);
}

TEST_F(lines, a_sink_of_one_vm_has_no_labels)
{
	self->out.sink.shared = false;
	lines_show_labels();
	say(&self->vm1, 0, "a\n");
	EXPECT_STREQ("a\n", self->out.text);
}

TEST_F(lines, the_end_of_a_vm_ends_its_lines)
{
	say(&self->vm1, 0, "shown");
	quiet();
	say(&self->vm1, 1, "never ended");
	say(&self->vm1, 2, "ended\n");
	lines_end(&self->vm1);
	EXPECT_STREQ("shown…\nended\nnever ended\n", self->out.text);
	EXPECT_EQ(NULL, self->out.sink.unfinished);
	/* Its timer finds nothing of it. */
	quiet();
	EXPECT_STREQ("shown…\nended\nnever ended\n", self->out.text);
}

TEST_F(lines, a_line_without_end_is_shown_in_parts)
{
	char expect[3 * LINES_MAX + 2];

	memset(expect, 'x', sizeof(expect));
	expect[3 * LINES_MAX] = '\0';
	say(&self->vm1, 0, expect);
	EXPECT_EQ(2 * LINES_MAX, self->out.len);
	say(&self->vm1, 0, "\n");
	expect[3 * LINES_MAX] = '\n';
	expect[3 * LINES_MAX + 1] = '\0';
	EXPECT_STREQ(expect, self->out.text);
}

TEST_F(lines, utf8_is_not_torn_by_a_break)
{
	say(&self->vm1, 0, "\xe4\xb8");
	quiet();
	EXPECT_STREQ("", self->out.text);
	say(&self->vm1, 0, "\x96\n");
	EXPECT_STREQ("世\n", self->out.text);
}

TEST_F(lines, utf8_is_not_torn_by_the_length)
{
	char text[LINES_MAX];

	memset(text, 'x', sizeof(text));
	lines_put(&self->vm1, 0, text, LINES_MAX - 1);
	say(&self->vm1, 0, "世\n");
	EXPECT_STREQ("世\n", self->out.text + LINES_MAX - 1);
}

TEST_F(lines, control_bytes_are_shown)
{
	say(&self->vm1, 0, "\033[31mred\n");
	lines_put(&self->vm1, 0, "\0\n", 2);
	EXPECT_STREQ("<1b>[31mred\n<00>\n", self->out.text);
}

TEST_HARNESS_MAIN
