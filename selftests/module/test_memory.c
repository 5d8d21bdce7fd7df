// SPDX-License-Identifier: GPL-2.0
/* A VMM whose memory cgroup has no room for its VM's ring. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define WRITES	3000

FIXTURE(memory) {
	char cgroups[32];	/* where cgroup v2 is mounted for us */
	char cgroup[64];
	struct stream stream;
	int fd;
};

static int write_file(const char *dir, const char *name, const char *text)
{
	char path[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

/* The ring would take 64 MiB. */
FIXTURE_SETUP(memory)
{
	module_fresh("ring=4194304");
	snprintf(self->cgroups, sizeof(self->cgroups), "/tmp/dbgport.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->cgroups));
	ASSERT_EQ(0, mount("none", self->cgroups, "cgroup2", 0, NULL));
	ASSERT_EQ(0, write_file(self->cgroups, "cgroup.subtree_control", "+memory"));
	snprintf(self->cgroup, sizeof(self->cgroup), "%s/small", self->cgroups);
	ASSERT_EQ(0, mkdir(self->cgroup, 0755));
	ASSERT_EQ(0, write_file(self->cgroup, "memory.max", "32M"));
	self->fd = reader_open(0, 0);
}

FIXTURE_TEARDOWN(memory)
{
	close(self->fd);
	stream_free(&self->stream);
	rmdir(self->cgroup);
	umount2(self->cgroups, MNT_DETACH);
	rmdir(self->cgroups);
}

/* Run a guest in a process in that cgroup; its status. */
static int run_guest(const char *cgroup, unsigned int vcpus)
{
	int status;

	if (fork() == 0) {
		struct code code = { 0 };
		struct guest *guest;

		if (write_file(cgroup, "cgroup.procs", "0"))
			_exit(99);
		code_count(&code, 0xe9, WRITES);
		code_hlt(&code);
		guest = guest_new(vcpus, &code);
		guest_run(guest);
		_exit(guest_exits(guest, 0xe9) == vcpus * WRITES ? 0 : 98);
	}
	wait(&status);
	return status;
}

static unsigned long long count_lost(const struct stream *s)
{
	unsigned long long lost = 0;

	for (size_t i = 0; i < s->len; i++)
		if (s->rec[i].type == DBGPORT_LOST)
			lost += s->rec[i].count;
	return lost;
}

TEST_F(memory, that_is_not_there_costs_records_and_not_the_vmm)
{
	EXPECT_EQ(0, run_guest(self->cgroup, 1));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(0, stream_count(&self->stream, 1, DBGPORT_WRITE));
	EXPECT_EQ(WRITES, count_lost(&self->stream));
	EXPECT_EQ(1, stream_count(&self->stream, 1, DBGPORT_GONE));
}

TEST_F(memory, is_asked_for_by_many_vcpus_at_once_and_all_go_on_without)
{
	EXPECT_EQ(0, run_guest(self->cgroup, 4));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(4 * WRITES, count_lost(&self->stream));
}

TEST_F(memory, that_is_there_is_taken)
{
	ASSERT_EQ(0, write_file(self->cgroup, "memory.max", "256M"));
	EXPECT_EQ(0, run_guest(self->cgroup, 4));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(4 * WRITES, stream_count(&self->stream, 1, DBGPORT_WRITE));
	EXPECT_EQ(0, count_lost(&self->stream));
}

TEST_HARNESS_MAIN
