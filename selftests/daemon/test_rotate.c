// SPDX-License-Identifier: GPL-2.0
/* What goes to a file before it is rotated, and which names stay. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/harness.h"

#include "dbgportd/sink/rotate.h"
#include "lib/array.h"

#define SIZE	8192
/* Left free for a line to go on. */
#define RESERVE	(SIZE / 8)

FIXTURE(rotation)
{
	struct rotation r;
	char dir[64];
	char path[80];
};

FIXTURE_SETUP(rotation)
{
	const struct sink_settings set = { .size = SIZE, .keep = 3 };

	snprintf(self->dir, sizeof(self->dir), "/tmp/test_rotate.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->path, sizeof(self->path), "%s/log", self->dir);
	rotation_init(&self->r, self->path, &set);
}

FIXTURE_TEARDOWN(rotation)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", self->dir);
	EXPECT_EQ(0, system(command));
}

static size_t fits(const struct rotation *r, __u64 have, bool at_eol, const char *text)
{
	struct iovec iov = { (void *)text, strlen(text) };

	return rotation_fits(r, have, at_eol, &iov, 1);
}

/* @n bytes in @line, the last one a line end. */
static const char *line_of(size_t n)
{
	static char line[4 * SIZE];

	memset(line, 'x', n);
	line[n - 1] = '\n';
	line[n] = '\0';
	return line;
}

TEST_F(rotation, all_goes_to_a_file_with_room)
{
	EXPECT_EQ(6, fits(&self->r, 0, true, "hello\n"));
	EXPECT_EQ(5, fits(&self->r, 0, true, "hello"));
	EXPECT_EQ(6, fits(&self->r, SIZE / 2, false, "hello\n"));
}

TEST_F(rotation, is_between_lines)
{
	/* The first line fits, the second does not. */
	EXPECT_EQ(4, fits(&self->r, SIZE - 4, true, "abc\nabc\n"));
	EXPECT_EQ(8, fits(&self->r, SIZE - 9, true, "abc\nabc\nabc\n"));
	EXPECT_EQ(0, fits(&self->r, SIZE - 3, true, "abc\n"));
	EXPECT_EQ(0, fits(&self->r, SIZE, true, "abc\n"));
}

TEST_F(rotation, is_between_lines_that_lie_in_pieces)
{
	struct iovec iov[3] = { { "ab", 2 }, { "c\nde", 4 }, { "f\n", 2 } };

	EXPECT_EQ(8, rotation_fits(&self->r, SIZE - 8, true, iov, 3));
	EXPECT_EQ(4, rotation_fits(&self->r, SIZE - 7, true, iov, 3));
	EXPECT_EQ(0, rotation_fits(&self->r, SIZE - 3, true, iov, 3));
}

TEST_F(rotation, a_line_that_was_begun_is_ended_in_its_file)
{
	/* Near the end nothing is begun that would not be ended there. */
	EXPECT_EQ(0, fits(&self->r, SIZE - RESERVE, true, "begun"));
	EXPECT_EQ(5, fits(&self->r, SIZE - RESERVE - 5, true, "begun"));
	EXPECT_EQ(7, fits(&self->r, SIZE - RESERVE, false, " ended\nbegun"));
	EXPECT_EQ(5, fits(&self->r, SIZE - RESERVE, false, " goes"));
}

TEST_F(rotation, a_line_without_end_is_cut_between_turns)
{
	EXPECT_EQ(0, fits(&self->r, SIZE - 4, false, "12345"));
	EXPECT_EQ(5, fits(&self->r, 0, true, "12345"));
}

TEST_F(rotation, no_file_is_larger_than_it_may_be)
{
	EXPECT_EQ(SIZE, fits(&self->r, 0, true, line_of(3 * SIZE)));
	EXPECT_EQ(0, fits(&self->r, SIZE, false, line_of(2 * SIZE)));
	EXPECT_EQ(0, fits(&self->r, 5 * SIZE, true, "x"));
	EXPECT_EQ(0, fits(&self->r, 5 * SIZE, false, "x"));
}

TEST_F(rotation, one_file_has_room_for_another_within_the_total)
{
	struct sink_settings set = { .size = 1024 * 1024, .total = 65536 };
	struct rotation r;

	rotation_init(&r, self->path, &set);
	EXPECT_EQ(32768, r.size);
	set.size = 0;
	set.keep = 7;
	rotation_init(&r, self->path, &set);
	EXPECT_EQ(8192, r.size);
	set.size = 16384;
	rotation_init(&r, self->path, &set);
	EXPECT_EQ(16384, r.size);
}

static void make(const char *path, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || ftruncate(fd, size))
		abort();
	close(fd);
}

/* Size of PATH.@n, PATH for 0; -1: there is none. */
static off_t size_of(const char *path, unsigned int n)
{
	char name[128];
	struct stat st;

	snprintf(name, sizeof(name), n ? "%s.%u" : "%s", path, n);
	return lstat(name, &st) ? -1 : st.st_size;
}

TEST_F(rotation, the_last_ones_stay)
{
	for (int i = 1; i <= 6; i++) {
		make(self->path, i);
		ASSERT_EQ(0, rotation_turn(&self->r));
	}
	EXPECT_EQ(-1, size_of(self->path, 0));
	EXPECT_EQ(6, size_of(self->path, 1));
	EXPECT_EQ(5, size_of(self->path, 2));
	EXPECT_EQ(4, size_of(self->path, 3));
	EXPECT_EQ(-1, size_of(self->path, 4));
	EXPECT_EQ(15, self->r.old);
}

TEST_F(rotation, a_gap_is_filled)
{
	char name[128];

	for (int i = 1; i <= 3; i++) {
		make(self->path, i);
		ASSERT_EQ(0, rotation_turn(&self->r));
	}
	snprintf(name, sizeof(name), "%s.2", self->path);
	ASSERT_EQ(0, unlink(name));
	make(self->path, 4);
	ASSERT_EQ(0, rotation_turn(&self->r));
	EXPECT_EQ(4, size_of(self->path, 1));
	EXPECT_EQ(3, size_of(self->path, 2));
	EXPECT_EQ(1, size_of(self->path, 3));
}

TEST_F(rotation, nothing_turns_where_there_is_no_file)
{
	make(self->path, 1);
	ASSERT_EQ(0, rotation_turn(&self->r));
	EXPECT_EQ(0, rotation_turn(&self->r));
	EXPECT_EQ(1, size_of(self->path, 1));
	EXPECT_EQ(-1, size_of(self->path, 2));
}

/* PATH.@from to PATH.@to, each of its number of bytes and @more. */
static void make_old(const char *path, int from, int to, size_t more)
{
	char name[128];

	for (int n = from; n <= to; n++) {
		snprintf(name, sizeof(name), "%s.%d", path, n);
		make(name, more + n);
	}
}

TEST_F(rotation, what_was_there_before_counts_and_the_oldest_goes_first)
{
	const struct sink_settings set = { .keep = 3, .total = 30000 };

	make_old(self->path, 1, 3, 9000);
	rotation_init(&self->r, self->path, &set);
	EXPECT_EQ(27006, self->r.old);
	EXPECT_EQ(0, rotation_make_room(&self->r, 2994));
	EXPECT_EQ(9003, size_of(self->path, 3));
	EXPECT_EQ(0, rotation_make_room(&self->r, 2995));
	EXPECT_EQ(-1, size_of(self->path, 3));
	EXPECT_EQ(9002, size_of(self->path, 2));
	EXPECT_EQ(0, rotation_make_room(&self->r, 30000));
	EXPECT_EQ(-1, size_of(self->path, 1));
	EXPECT_EQ(0, self->r.old);
}

TEST_F(rotation, those_that_are_too_many_now_go_with_the_next_turn)
{
	make_old(self->path, 1, 12, 100);
	rotation_init(&self->r, self->path, &(struct sink_settings){ .size = SIZE, .keep = 2 });
	EXPECT_EQ(1278, self->r.old);
	EXPECT_EQ(0, rotation_turn(&self->r));
	EXPECT_EQ(112, size_of(self->path, 12));
	make(self->path, 1);
	EXPECT_EQ(0, rotation_turn(&self->r));
	EXPECT_EQ(1, size_of(self->path, 1));
	EXPECT_EQ(101, size_of(self->path, 2));
	for (int n = 3; n <= 12; n++)
		EXPECT_EQ(-1, size_of(self->path, n));
	EXPECT_EQ(102, self->r.old);
}

TEST_F(rotation, what_may_be_anybody_elses_stays)
{
	static const char *const others[] = { ".4x", ".04", ".4.gz", ".old", "4", ".-4", ".2024" };
	char name[128];

	/* Ours are 4 and 5; behind a gap, 7 may be anything. */
	make_old(self->path, 1, 5, 100);
	make_old(self->path, 7, 7, 100);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		snprintf(name, sizeof(name), "%s%s", self->path, others[i]);
		make(name, 1);
	}
	make(self->path, 1);
	EXPECT_EQ(0, rotation_turn(&self->r));
	EXPECT_EQ(102, size_of(self->path, 3));
	EXPECT_EQ(-1, size_of(self->path, 4));
	EXPECT_EQ(-1, size_of(self->path, 5));
	EXPECT_EQ(107, size_of(self->path, 7));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		snprintf(name, sizeof(name), "%s%s", self->path, others[i]);
		EXPECT_EQ(0, access(name, F_OK)) TH_LOG("%s", others[i]);
	}
}

TEST_F(rotation, what_is_no_file_is_not_ours)
{
	char name[128];

	make_old(self->path, 1, 3, 100);
	make_old(self->path, 5, 5, 100);
	snprintf(name, sizeof(name), "%s.4", self->path);
	ASSERT_EQ(0, symlink(self->dir, name));
	make(self->path, 1);
	EXPECT_EQ(0, rotation_turn(&self->r));
	EXPECT_LE(0, size_of(self->path, 4));
	EXPECT_EQ(105, size_of(self->path, 5));
	ASSERT_EQ(0, unlink(name));
	ASSERT_EQ(0, mkdir(name, 0700));
	make(self->path, 1);
	EXPECT_EQ(0, rotation_turn(&self->r));
	EXPECT_LE(0, size_of(self->path, 4));
}

TEST_F(rotation, those_that_are_too_many_count_and_go_first)
{
	const struct sink_settings set = { .keep = 1, .total = 30000 };

	make_old(self->path, 1, 3, 100);
	rotation_init(&self->r, self->path, &set);
	EXPECT_EQ(306, self->r.old);
	EXPECT_EQ(0, rotation_make_room(&self->r, 29694));
	EXPECT_EQ(103, size_of(self->path, 3));
	EXPECT_EQ(0, rotation_make_room(&self->r, 29695));
	EXPECT_EQ(-1, size_of(self->path, 3));
	EXPECT_EQ(102, size_of(self->path, 2));
	EXPECT_EQ(0, rotation_make_room(&self->r, 29798));
	EXPECT_EQ(-1, size_of(self->path, 2));
	EXPECT_EQ(101, size_of(self->path, 1));
}

TEST_F(rotation, links_are_moved_and_removed_not_followed)
{
	const struct sink_settings set = { .keep = 2, .total = 30000 };
	char name[128], victim[128];

	snprintf(victim, sizeof(victim), "%s/victim", self->dir);
	make(victim, 20000);
	snprintf(name, sizeof(name), "%s.1", self->path);
	ASSERT_EQ(0, symlink(victim, name));
	snprintf(name, sizeof(name), "%s.2", self->path);
	ASSERT_EQ(0, symlink(victim, name));
	rotation_init(&self->r, self->path, &set);
	EXPECT_GT(1000, self->r.old);
	make(self->path, 29999);
	EXPECT_EQ(0, rotation_turn(&self->r));
	EXPECT_EQ(29999, size_of(self->path, 1));
	EXPECT_EQ(0, rotation_make_room(&self->r, 30000));
	EXPECT_EQ(-1, size_of(self->path, 1));
	EXPECT_EQ(-1, size_of(self->path, 2));
	EXPECT_EQ(20000, size_of(victim, 0));
}

TEST_HARNESS_MAIN
