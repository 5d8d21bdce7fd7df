// SPDX-License-Identifier: GPL-2.0
/* What routes and VMs ask of the sinks. */
#include "lib/harness.h"

#include "dbgportd/config/route.h"
#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/sink.h"
#include "words/format.h"

static const struct entry_vm vm_1 = { .name = "vm-1", .pid = 4711 };

#define WHY_SIZE	512

FIXTURE(request)
{
	struct route *route;
	struct sink_request rq;
	char path[PATH_MAX];
	char why[WHY_SIZE];
};

FIXTURE_SETUP(request)
{
	self->route = NULL;
}

FIXTURE_TEARDOWN(request)
{
	if (self->route)
		route_free(self->route);
}

/* Of the route @text for @vm; what the test has is @route, @rq, @path and @why. */
static int ask(struct route **route, struct sink_request *rq, char path[PATH_MAX], char *why,
	       const char *text, const struct entry_vm *vm)
{
	if (*route)
		route_free(*route);
	*route = route_parse(text, "--sink", why, WHY_SIZE);
	if (!*route)
		return -2;
	return route_sink_request(rq, path, *route, vm, why, WHY_SIZE);
}

#define RESULT(text, vm) \
	ask(&self->route, &self->rq, self->path, self->why, text, vm)

#define ASK(text, vm)	ASSERT_EQ(0, RESULT(text, vm)) TH_LOG("%s", self->why)

TEST_F(request, has_the_path_of_vm_port_and_pid)
{
	ASK("0xe9:file=/tmp/x/%v-%p-%n%%,format=text", &vm_1);
	EXPECT_EQ(self->route->kind, self->rq.kind);
	EXPECT_STREQ("/tmp/x/vm-1-0xe9-4711%", self->rq.path);
	EXPECT_STREQ("vm-1", self->rq.vm);
}

TEST_F(request, is_of_no_vm_where_all_share_the_sink)
{
	ASK("0xe9:file=/tmp/%p", NULL);
	EXPECT_STREQ("/tmp/0xe9", self->rq.path);
	EXPECT_EQ(NULL, self->rq.vm);
	ASK("any:file=/tmp/%p", NULL);
	EXPECT_STREQ("/tmp/any", self->rq.path);
	EXPECT_EQ(NULL, self->rq.vm);
}

TEST_F(request, has_no_path_where_the_kind_takes_none)
{
	ASK("0xe9:pty", &vm_1);
	EXPECT_STREQ("", self->rq.path);
	EXPECT_STREQ("vm-1", self->rq.vm);
	EXPECT_STREQ("console", self->rq.name);
	EXPECT_STREQ("--sink", self->rq.where);
	ASK("0x3f8:pty,name=com1", &vm_1);
	EXPECT_STREQ("com1", self->rq.name);
}

TEST_F(request, has_the_settings_of_the_route)
{
	ASK("0xe9:file=/tmp/x,queue=64K,perm=0600", NULL);
	EXPECT_EQ(65536, self->rq.set->queue);
	EXPECT_EQ(0600, self->rq.set->mode);
}

TEST_F(request, says_what_the_format_makes_of_bytes)
{
	ASK("0xe9:file=/tmp/x,format=raw", NULL);
	EXPECT_TRUE(self->rq.raw);
	EXPECT_EQ(NULL, self->rq.notice);
	ASK("0xe9:stdout,format=unsafe-raw", NULL);
	EXPECT_TRUE(self->rq.raw);
	ASK("0xe9:file=/tmp/x,format=text", NULL);
	EXPECT_FALSE(self->rq.raw);
	EXPECT_EQ(NULL, self->rq.notice);
	ASK("0xe9:file=/tmp/x,format=json", NULL);
	EXPECT_FALSE(self->rq.raw);
	ASSERT_NE(NULL, self->rq.notice);
	EXPECT_STREQ("{\"type\":\"dropped\",\"bytes\":", self->rq.notice->before);
	/* It has no format. */
	ASK("0xe9:journal", NULL);
	EXPECT_FALSE(self->rq.raw);
	EXPECT_EQ(NULL, self->rq.notice);
}

TEST_F(request, is_refused_where_the_path_is_too_long)
{
	char text[PATH_MAX + 64], expect[PATH_MAX + 64];
	int len = PATH_MAX - 3;

	snprintf(text, sizeof(text), "0xe9:file=/%0*d%%v", len - 1, 0);
	EXPECT_EQ(-1, RESULT(text, &vm_1));
	snprintf(expect, sizeof(expect), "%s: the path is too long", strchr(text, ':') + 1);
	EXPECT_EQ(0, strncmp(expect, self->why, sizeof(self->why) - 1));
}

TEST_HARNESS_MAIN
