// SPDX-License-Identifier: GPL-2.0
/* A VMM whose memory cgroup has no room for its VM's ring. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define WRITES	3000
#define TRIES	20

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

/* A cgroup for a VMM, and a reader of the module. */
struct small {
	char mount[32];		/* where cgroup v2 is mounted for us */
	char cgroup[64];
	struct stream stream;
	int fd;
};

/* 0 if all is there. */
static int small_set_up(struct small *s, const char *ring, const char *max)
{
	module_fresh(ring);
	snprintf(s->mount, sizeof(s->mount), "/tmp/dbgport.XXXXXX");
	if (!mkdtemp(s->mount) || mount("none", s->mount, "cgroup2", 0, NULL) ||
	    write_file(s->mount, "cgroup.subtree_control", "+memory"))
		return -1;
	snprintf(s->cgroup, sizeof(s->cgroup), "%s/small", s->mount);
	s->fd = reader_open(0, 0);
	return mkdir(s->cgroup, 0755) || write_file(s->cgroup, "memory.max", max);
}

static void small_tear_down(struct small *s)
{
	close(s->fd);
	stream_free(&s->stream);
	rmdir(s->cgroup);
	umount2(s->mount, MNT_DETACH);
	rmdir(s->mount);
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

FIXTURE(memory) {
	struct small small;
};

/* The cgroup never has room for both the ring and the VMM. */
FIXTURE_VARIANT(memory) {
	const char *ring;
	const char *max;
};

FIXTURE_VARIANT_ADD(memory, of_64_mib) {
	.ring = "ring=4194304",
	.max = "32M",
};

FIXTURE_VARIANT_ADD(memory, of_4_mib) {
	.ring = "ring=262144",
	.max = "4M",
};

FIXTURE_SETUP(memory)
{
	ASSERT_EQ(0, small_set_up(&self->small, variant->ring, variant->max));
}

FIXTURE_TEARDOWN(memory)
{
	small_tear_down(&self->small);
}

TEST_F(memory, that_is_not_there_costs_records_and_not_the_vmm)
{
	EXPECT_EQ(0, run_guest(self->small.cgroup, 1));
	reader_drain(self->small.fd, &self->small.stream);
	EXPECT_EQ(0, stream_count(&self->small.stream, 1, DBGPORT_WRITE));
	EXPECT_EQ(WRITES, count_lost(&self->small.stream));
	EXPECT_EQ(1, stream_count(&self->small.stream, 1, DBGPORT_GONE));
}

/*
 * While one of them is refused, none of the others may be killed for want of a
 * page: many tries, since it takes both at the same moment.
 */
TEST_F(memory, is_asked_for_by_many_vcpus_at_once_and_all_go_on_without)
{
	for (unsigned int try = 0; try < TRIES; try++)
		ASSERT_EQ(0, run_guest(self->small.cgroup, 4));
	reader_drain(self->small.fd, &self->small.stream);
	EXPECT_EQ(TRIES * 4 * WRITES, count_lost(&self->small.stream));
}

TEST_F(memory, that_is_there_is_taken)
{
	ASSERT_EQ(0, write_file(self->small.cgroup, "memory.max", "256M"));
	EXPECT_EQ(0, run_guest(self->small.cgroup, 4));
	reader_drain(self->small.fd, &self->small.stream);
	EXPECT_EQ(4 * WRITES, stream_count(&self->small.stream, 1, DBGPORT_WRITE));
	EXPECT_EQ(0, count_lost(&self->small.stream));
}

/*
 * Let the cgroup have memory that nobody needs, as caches are; a file's cache there is
 * only where there is a disk.  Return: who has it.
 */
static pid_t fill_with_free(const char *cgroup)
{
	const size_t size = 11 << 20;
	int made[2];
	pid_t pid;
	char *mem;
	char c;

	if (pipe(made))
		return -1;
	pid = fork();
	if (pid == 0) {
		mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (mem == MAP_FAILED || write_file(cgroup, "cgroup.procs", "0"))
			_exit(99);
		memset(mem, 1, size);
		if (madvise(mem, size, MADV_FREE) || write(made[1], "", 1) != 1)
			_exit(99);
		pause();
	}
	close(made[1]);
	if (read(made[0], &c, 1) != 1) {
		waitpid(pid, NULL, 0);
		pid = -1;
	}
	close(made[0]);
	return pid;
}

static unsigned long long read_number(const char *dir, const char *name)
{
	unsigned long long number = 0;
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	if (f && fscanf(f, "%llu", &number) != 1)
		number = 0;
	if (f)
		fclose(f);
	return number;
}

FIXTURE(cache) {
	struct small small;
};

FIXTURE_SETUP(cache)
{
	ASSERT_EQ(0, small_set_up(&self->small, "ring=262144", "12M"));
}

FIXTURE_TEARDOWN(cache)
{
	small_tear_down(&self->small);
}

/* Memory that nothing but a cache has is taken for a ring of 4 MiB. */
TEST_F(cache, makes_room_for_a_ring)
{
	pid_t owner = fill_with_free(self->small.cgroup);

	ASSERT_LT(0, owner);
	ASSERT_LE(10 << 20, read_number(self->small.cgroup, "memory.current"));
	EXPECT_EQ(0, run_guest(self->small.cgroup, 4));
	kill(owner, SIGKILL);
	waitpid(owner, NULL, 0);
	reader_drain(self->small.fd, &self->small.stream);
	EXPECT_EQ(4 * WRITES, stream_count(&self->small.stream, 1, DBGPORT_WRITE));
	EXPECT_EQ(0, count_lost(&self->small.stream));
}

TEST_HARNESS_MAIN
