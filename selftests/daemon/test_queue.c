// SPDX-License-Identifier: GPL-2.0
#include "lib/harness.h"

#include "dbgportd/stream/queue.h"

#define BOUND	8192

/* Everything in @q as one string; empties it. */
static const char *take_all(struct queue *q)
{
	static char out[BOUND + 1];
	struct iovec iov[2];
	size_t len = 0;
	int count = queue_peek(q, iov);

	for (int i = 0; i < count; i++) {
		memcpy(out + len, iov[i].iov_base, iov[i].iov_len);
		len += iov[i].iov_len;
	}
	queue_skip(q, len);
	out[len] = '\0';
	return out;
}

FIXTURE(queue)
{
	struct queue q;
};

FIXTURE_SETUP(queue)
{
	queue_init(&self->q, BOUND);
}

FIXTURE_TEARDOWN(queue)
{
	queue_free(&self->q);
}

TEST_F(queue, gives_back_what_it_took_in_order)
{
	char in[BOUND + 1], expect[BOUND + 1];
	size_t at = 0;

	/* Odd sizes, so that it wraps and grows in the middle of a put. */
	for (int round = 0; round < 500; round++) {
		size_t n = (round * 37) % 4001;

		for (size_t i = 0; i < n; i++)
			in[i] = 'a' + at++ % 23;
		memcpy(expect, in, n);
		expect[n] = '\0';
		queue_put(&self->q, in, n / 2);
		queue_put(&self->q, in + n / 2, n - n / 2);
		ASSERT_STREQ(expect, take_all(&self->q));
	}
	EXPECT_EQ(0, self->q.dropped);
}

TEST_F(queue, never_holds_more_than_its_bound)
{
	char in[1000];

	memset(in, 'x', sizeof(in));
	for (int i = 0; i < 100; i++) {
		queue_put(&self->q, in, sizeof(in));
		ASSERT_LE(self->q.len, BOUND);
		ASSERT_EQ((i + 1) * sizeof(in), self->q.len + self->q.dropped);
	}
}

TEST_F(queue, drops_whole_old_lines)
{
	char line[32];
	const char *rest;

	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "line %04d\n", i);
		queue_put(&self->q, line, strlen(line));
	}
	EXPECT_EQ(1000 * 10, self->q.len + self->q.dropped);
	rest = take_all(&self->q);
	EXPECT_EQ(0, strncmp(rest, "line ", 5));
	EXPECT_STREQ("line 0999\n", rest + strlen(rest) - 10);
}

TEST_F(queue, drops_long_lines_whole)
{
	static char line[BOUND / 2];
	const char *rest;

	memset(line, 'x', sizeof(line));
	line[0] = '<';
	line[sizeof(line) - 1] = '\n';
	queue_put(&self->q, line, sizeof(line));
	queue_put(&self->q, line, sizeof(line));
	queue_put(&self->q, "new\n", 4);
	EXPECT_EQ(sizeof(line), self->q.dropped);
	rest = take_all(&self->q);
	EXPECT_EQ('<', rest[0]);
	EXPECT_STREQ("new\n", rest + sizeof(line));
}

TEST_F(queue, drops_whole_paragraphs)
{
	char text[32];
	const char *rest;
	int last = -1;

	self->q.paragraphs = true;
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "A=%04d\nB=%04d\n\n", i, i);
		queue_put(&self->q, text, strlen(text));
	}
	EXPECT_LT(0, self->q.dropped);
	EXPECT_EQ(0, self->q.dropped % 15);
	rest = take_all(&self->q);
	last = atoi(rest + strlen("A="));
	EXPECT_EQ(self->q.dropped / 15, last);
}

TEST_F(queue, gives_memory_back_that_it_needs_no_more)
{
	static char in[1024 * 1024];

	self->q.bound = sizeof(in);
	queue_put(&self->q, in, sizeof(in));
	queue_shrink(&self->q);
	EXPECT_EQ(sizeof(in), self->q.len);
	queue_skip(&self->q, sizeof(in));
	queue_shrink(&self->q);
	EXPECT_EQ(sizeof(in), self->q.size);
	queue_put(&self->q, "less", 4);
	EXPECT_STREQ("less", take_all(&self->q));
	queue_shrink(&self->q);
	EXPECT_EQ(0, self->q.size);
	queue_put(&self->q, "again", 5);
	EXPECT_STREQ("again", take_all(&self->q));
}

TEST_F(queue, keeps_the_end_of_what_is_larger_than_itself)
{
	static char in[3 * BOUND];

	memset(in, 'x', sizeof(in));
	in[sizeof(in) - 1] = 'E';
	queue_put(&self->q, "old", 3);
	queue_put(&self->q, in, sizeof(in));
	EXPECT_EQ(3 + sizeof(in) - BOUND, self->q.dropped);
	EXPECT_EQ(BOUND, self->q.len);
	EXPECT_EQ('E', take_all(&self->q)[BOUND - 1]);
}

TEST_HARNESS_MAIN
