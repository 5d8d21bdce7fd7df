// SPDX-License-Identifier: GPL-2.0
/* owner=, group= and perm=: whom files, sockets and ptys belong to; needs root. */
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "daemon/scratch.h"
#include "dbgportd/config/routes.h"
#include "dbgportd/service/rundir.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/owner.h"

#define USER	4711
#define GROUP	4712

FIXTURE(owner)
{
	struct scratch s;
	struct sink_settings set;
	struct sink_request rq;
	struct sink *sink;
	char path[64];
	char why[512];
};

FIXTURE_SETUP(owner)
{
	char run[64];

	drive_without_log();
	umask(022);
	if (geteuid())
		SKIP(return, "only root can give files away");
	ASSERT_EQ(0, loop_init(ENGINE));
	scratch_make(&self->s);
	snprintf(self->path, sizeof(self->path), "%s/made", self->s.dir);
	snprintf(run, sizeof(run), "%s/run", self->s.dir);
	ASSERT_EQ(0, rundir_open(run, self->why, sizeof(self->why)));
	self->set = (struct sink_settings){
		.owner = USER + 1, .group = GROUP + 1, .mode = 0620,
	};
	self->rq = (struct sink_request){
		.path = self->path, .pattern = self->path, .name = "console", .vm = "vm-1",
		.set = &self->set,
	};
	self->sink = NULL;
}

FIXTURE_TEARDOWN(owner)
{
	if (geteuid())
		return;
	sinks_hurry();
	if (self->sink)
		self->rq.kind->close(self->sink);
	EXPECT_TRUE(drive_until(!sinks_open()));
	rundir_close();
	scratch_remove(&self->s);
	loop_exit();
}

static struct sink *open_as(struct sink_request *rq, const struct sink_ops *kind)
{
	char why[512];

	rq->kind = kind;
	return kind->open(rq, why, sizeof(why));
}

#define EXPECT_OWNER(user, its_group, bits, path) do {			\
	struct stat st;							\
									\
	ASSERT_EQ(0, stat(path, &st));					\
	EXPECT_EQ((uid_t)(user), st.st_uid);				\
	EXPECT_EQ((gid_t)(its_group), st.st_gid);			\
	EXPECT_EQ(bits, st.st_mode & 0777);				\
} while (0)

/* It is there, and the writer, a process of its own, has given it away. */
static bool is_given_away(const char *path)
{
	struct stat st;

	return !stat(path, &st) && st.st_uid == USER;
}

TEST_F(owner, a_file_that_is_made_is_given_away)
{
	self->sink = open_as(&self->rq, &sink_file);
	ASSERT_NE(NULL, self->sink);
	EXPECT_OWNER(USER, GROUP, 0620, self->path);
	/* And the next one, where others rotate. */
	ASSERT_EQ(0, rename(self->path, scratch_path(&self->s, "old")));
	sink_file.reopen(self->sink);
	EXPECT_TRUE(drive_until(is_given_away(self->path)));
	EXPECT_OWNER(USER, GROUP, 0620, self->path);
}

TEST_F(owner, rotated_files_are_given_away)
{
	self->set.size = 16384;
	self->sink = open_as(&self->rq, &sink_file);
	ASSERT_NE(NULL, self->sink);
	drive_count(self->sink, 3000);
	EXPECT_TRUE(drive_until(!access(scratch_path(&self->s, "made.1"), F_OK)));
	EXPECT_OWNER(USER, GROUP, 0620, scratch_path(&self->s, "made.1"));
	EXPECT_TRUE(drive_until(is_given_away(self->path)));
	EXPECT_OWNER(USER, GROUP, 0620, self->path);
}

TEST_F(owner, a_file_that_is_there_stays_whose_it_is)
{
	scratch_write(&self->s, "made", "x\n", 2);
	self->sink = open_as(&self->rq, &sink_file);
	ASSERT_NE(NULL, self->sink);
	EXPECT_OWNER(0, 0, 0600, self->path);
}

TEST_F(owner, a_group_alone_leaves_the_user)
{
	self->set.owner = 0;
	self->sink = open_as(&self->rq, &sink_file);
	ASSERT_NE(NULL, self->sink);
	EXPECT_OWNER(0, GROUP, 0620, self->path);
}

TEST_F(owner, a_socket_is_given_away)
{
	self->sink = open_as(&self->rq, &sink_unix);
	ASSERT_NE(NULL, self->sink);
	EXPECT_OWNER(USER, GROUP, 0620, self->path);
}

TEST_F(owner, a_pty_is_given_away_and_its_link_leads_to_it)
{
	self->sink = open_as(&self->rq, &sink_pty);
	ASSERT_NE(NULL, self->sink);
	EXPECT_OWNER(USER, GROUP, 0620, scratch_path(&self->s, "run/vm-1.console"));
}

TEST_F(owner, a_pty_may_have_other_bits_alone)
{
	struct stat st;

	self->set = (struct sink_settings){ .mode = 0666 };
	self->sink = open_as(&self->rq, &sink_pty);
	ASSERT_NE(NULL, self->sink);
	ASSERT_EQ(0, stat(scratch_path(&self->s, "run/vm-1.console"), &st));
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0666, st.st_mode & 0777);
}

/* What routes_check_owners() says to an ordinary user; as its exit status, 0 or 1. */
static int ask_as_user(const char *text, char *said, size_t size)
{
	int status, fd[2];
	ssize_t n;

	if (pipe(fd))
		abort();
	if (!fork()) {
		char why[512] = "";
		struct route *r = route_parse(text, "--sink", why, sizeof(why));
		int err = !r || setgid(GROUP) || setgroups(0, NULL) || setuid(USER) ||
			  routes_check_owners(r, why, sizeof(why));

		_exit(write(fd[1], why, strlen(why)) < 0 || err);
	}
	close(fd[1]);
	n = read(fd[0], said, size - 1);
	said[n > 0 ? n : 0] = '\0';
	close(fd[0]);
	wait(&status);
	return WEXITSTATUS(status);
}

TEST_F(owner, what_is_not_permitted_is_refused_before_a_vm_comes)
{
	static const char what[] = "--sink 0xe9:pty,format=raw,owner=0: owner= or group=: ";
	char said[512];

	EXPECT_EQ(1, ask_as_user("0xe9:pty,owner=0", said, sizeof(said)));
	EXPECT_EQ(0, strncmp(said, what, strlen(what)));
	EXPECT_NE(NULL, strstr(said, "Operation not permitted; it takes CAP_CHOWN, or a group"));
	EXPECT_EQ(1, ask_as_user("0xe9:pty,group=0", said, sizeof(said)));
	EXPECT_EQ(0, ask_as_user("0xe9:pty,group=4712,owner=4711", said, sizeof(said)));
	EXPECT_EQ(0, ask_as_user("0xe9:pty,perm=0600", said, sizeof(said)));
}

TEST_HARNESS_MAIN
