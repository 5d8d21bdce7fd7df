// SPDX-License-Identifier: GPL-2.0
/* Who shares an open sink, and when it is closed. */
#include <stddef.h>

#include "lib/harness.h"

#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/sink.h"
#include "lib/array.h"

static int opened, closed;

static struct sink *counted_open(const struct sink_request *rq, char *why, size_t size)
{
	static struct sink sinks[8];

	(void)why;
	(void)size;
	sinks[opened].ops = rq->kind;
	return &sinks[opened++];
}

static void counted_close(struct sink *sink)
{
	(void)sink;
	closed++;
}

static const struct sink_ops counted = {
	.name = "counted", .arg = "PATH", .open = counted_open, .close = counted_close,
};

static const struct sink_ops own = {
	.name = "own", .per_vm = true, .open = counted_open, .close = counted_close,
};

FIXTURE(sink)
{
	struct sink_settings set;
	struct sink_request rq;
	char why[512];
};

FIXTURE_SETUP(sink)
{
	memset(&self->set, 0, sizeof(self->set));
	self->rq = (struct sink_request){ .kind = &counted, .path = "/a", .set = &self->set };
}

FIXTURE_TEARDOWN(sink)
{
}

#define GET() sink_get(&self->rq, self->why, sizeof(self->why))

TEST_F(sink, is_shared_by_those_who_want_the_same)
{
	struct sink *sink = GET();

	ASSERT_NE(NULL, sink);
	EXPECT_EQ(sink, GET());
	EXPECT_EQ(1, opened);
	self->rq.path = "/b";
	EXPECT_NE(sink, GET());
	EXPECT_EQ(2, opened);
	/* The last one closes it. */
	sink_release(&counted, sink);
	EXPECT_EQ(0, closed);
	sink_release(&counted, sink);
	EXPECT_EQ(1, closed);
	self->rq.path = "/a";
	EXPECT_NE(NULL, GET());
	EXPECT_EQ(3, opened);
}

TEST_F(sink, is_nobody_elses_where_each_vm_has_its_own)
{
	struct sink *sink;

	self->rq.kind = &own;
	self->rq.path = "";
	sink = GET();
	EXPECT_NE(sink, GET());
	EXPECT_EQ(2, opened);
	EXPECT_FALSE(sink_is_open_otherwise(&self->rq));
}

TEST_F(sink, is_refused_with_other_settings_whichever)
{
	__u64 *numbers[] = {
		&self->set.queue, &self->set.scrollback, &self->set.linger, &self->set.clients,
		&self->set.mode, &self->set.size, &self->set.keep, &self->set.total,
		&self->set.max_age,
	};

	ASSERT_NE(NULL, GET());
	EXPECT_FALSE(sink_is_open_otherwise(&self->rq));
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		*numbers[i] = 1;
		EXPECT_TRUE(sink_is_open_otherwise(&self->rq));
		EXPECT_EQ(NULL, GET());
		EXPECT_STREQ("/a: is open already, with other settings", self->why);
		*numbers[i] = 0;
	}
	self->set.full = FULL_BLOCK;
	EXPECT_TRUE(sink_is_open_otherwise(&self->rq));
	EXPECT_EQ(NULL, GET());
	self->set.full = FULL_DROP_OLDEST;
	EXPECT_NE(NULL, GET());
	EXPECT_EQ(1, opened);
}

static void look(const struct sink_ops *kind, const char *path, const struct sink *sink, int users,
		 void *arg)
{
	char *text = arg;

	sprintf(text + strlen(text), "%s %s %d %d\n", kind->name, path ?: "-", users,
		sink->ops == kind);
}

TEST_F(sink, can_be_looked_at_while_it_is_open)
{
	char text[256] = "";

	GET();
	GET();
	self->rq.kind = &own;
	self->rq.path = "";
	sink_release(&own, GET());
	GET();
	sinks_each(look, text);
	EXPECT_STREQ("own - 1 1\ncounted /a 2 1\n", text);
}

TEST_HARNESS_MAIN
