// SPDX-License-Identifier: GPL-2.0
/* Who may see which VM. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "user.h"
#include "harness.h"

#define UID_A	40001
#define UID_B	40002

FIXTURE(permission) {
	struct code code;
	struct stream stream;
	unsigned int vm;	/* a VM of UID_A's */
	pid_t vmm;
	int leave;		/* closing it ends that VM */
};

FIXTURE_SETUP(permission)
{
	int ready[2], leave[2], fd;
	char byte;

	module_fresh("");
	/* Here the mode of the files must not be what decides. */
	ASSERT_EQ(0, chmod(DBGPORT_DEVICE, 0666));
	ASSERT_EQ(0, chmod("/dev/kvm", 0666));
	code_count(&self->code, 0xe9, 3);
	code_hlt(&self->code);

	ASSERT_EQ(0, pipe(ready));
	ASSERT_EQ(0, pipe(leave));
	self->vmm = fork();
	if (self->vmm == 0) {
		struct guest *guest;

		become(UID_A, -1);
		guest = guest_new(1, &self->code);
		guest_run(guest);
		close(leave[1]);
		if (write(ready[1], "", 1) == 1 && read(leave[0], &byte, 1) == 0)
			_exit(0);
		_exit(1);
	}
	close(leave[0]);
	self->leave = leave[1];
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	fd = reader_open(0, 0);
	self->vm = reader_next_vm(fd, 0);
	ASSERT_NE(0, self->vm);
	close(fd);
}

FIXTURE_TEARDOWN(permission)
{
	close(self->leave);
	waitpid(self->vmm, NULL, 0);
	stream_free(&self->stream);
}

/* Exit status of a child that runs @block as @uid with @cap. */
#define as_user(uid, cap, block) ({					\
	int status_ = -1;						\
	pid_t child_ = fork();						\
	if (child_ == 0) {						\
		become(uid, cap);					\
		block;							\
		_exit(1);						\
	}								\
	waitpid(child_, &status_, 0);					\
	WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;			\
})

/* How many writes a new reader sees: 100 + that; 200: not even the VM. */
static void exit_with_writes(unsigned int vm)
{
	struct stream stream = { 0 };
	int fd = reader_open(0, 0);

	reader_drain(fd, &stream);
	if (!reader_next_vm(fd, 0) && !stream.len)
		_exit(200);
	_exit(100 + stream_count(&stream, vm, DBGPORT_WRITE));
}

TEST_F(permission, own_user_sees_the_vm)
{
	EXPECT_EQ(103, as_user(UID_A, -1, exit_with_writes(self->vm)));
}

TEST_F(permission, other_user_sees_nothing)
{
	EXPECT_EQ(200, as_user(UID_B, -1, exit_with_writes(self->vm)));
}

TEST_F(permission, cap_sys_ptrace_sees_all)
{
	EXPECT_EQ(103, as_user(UID_B, CAP_SYS_PTRACE,
			       exit_with_writes(self->vm)));
}

TEST_F(permission, other_capabilities_do_not_help)
{
	EXPECT_EQ(200, as_user(UID_B, CAP_SYS_ADMIN,
			       exit_with_writes(self->vm)));
}

TEST_F(permission, root_without_cap_sys_ptrace_sees_its_own_only)
{
	EXPECT_EQ(200, as_user(0, -1, exit_with_writes(self->vm)));
}

TEST_F(permission, cap_sys_ptrace_in_a_user_namespace_does_not_help)
{
	EXPECT_EQ(200, as_user(UID_B, -1, {
		if (unshare(CLONE_NEWUSER))
			_exit(98);
		exit_with_writes(self->vm);
	}));
}

TEST_F(permission, ioctls_about_another_users_vm_are_refused)
{
	unsigned int vm = self->vm;

	EXPECT_EQ(0, as_user(UID_B, -1, {
		struct dbgport_vm_info info;
		struct dbgport_seek seek = { .vm = vm };
		int fd = reader_open(0, 0);

		if (reader_vm_info(fd, vm, &info) != -EPERM)
			_exit(2);
		if (ioctl(fd, DBGPORT_SEEK, &seek) == 0 || errno != EPERM)
			_exit(3);
		if (reader_vm_info(fd, vm + 1, &info) != -ENOENT)
			_exit(4);
		_exit(0);
	}));
}

TEST_F(permission, another_users_reader_claims_nothing)
{
	struct dbgport_vm_info info;
	int look = reader_open(0, 0);
	int ready[2];
	char byte;
	pid_t child;

	ASSERT_EQ(0, pipe(ready));
	child = fork();
	if (child == 0) {
		become(UID_B, -1);
		reader_open(0, DBGPORT_SUB_CLAIM);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	ASSERT_EQ(0, reader_vm_info(look, self->vm, &info));
	EXPECT_FALSE(info.flags & DBGPORT_VM_CLAIMED);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

TEST_F(permission, is_decided_at_the_open)
{
	int fd = reader_open(0, 0);

	/* The file was opened by one who may; that is what counts. */
	EXPECT_EQ(3, as_user(UID_B, -1, {
		reader_drain(fd, &self->stream);
		_exit(stream_count(&self->stream, self->vm, DBGPORT_WRITE));
	}));
	close(fd);
}

TEST_F(permission, information_has_the_vmms_uid_and_pid)
{
	struct dbgport_vm_info info;
	int fd = reader_open(0, 0);

	ASSERT_EQ(0, reader_vm_info(fd, self->vm, &info));
	EXPECT_EQ(UID_A, info.uid);
	EXPECT_EQ(self->vmm, info.pid);
	EXPECT_STREQ("test_permission", info.comm);
}

TEST_F(permission, pid_is_0_where_the_vmm_has_none)
{
	struct dbgport_vm_info info;
	int status, fd;
	pid_t child;

	/* The first child after this is in a pid namespace of its own. */
	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	child = fork();
	if (child == 0) {
		become(UID_A, -1);
		fd = reader_open(0, 0);
		if (reader_vm_info(fd, self->vm, &info))
			_exit(2);
		_exit(info.pid == 0 ? 0 : 3);
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

TEST_F(permission, dead_vms_are_hidden_as_well)
{
	close(self->leave);
	self->leave = -1;
	waitpid(self->vmm, NULL, 0);
	EXPECT_EQ(200, as_user(UID_B, -1, exit_with_writes(self->vm)));
	EXPECT_EQ(103, as_user(UID_A, -1, exit_with_writes(self->vm)));
}

TEST_F(permission, to_open_it_is_for_128_times_a_user)
{
	int first = open(DBGPORT_DEVICE, O_RDONLY);

	EXPECT_EQ(128, as_user(UID_B, -1, {
		int n = 0;

		while (open(DBGPORT_DEVICE, O_RDONLY) >= 0)
			n++;
		_exit(errno == EMFILE ? n : 1);
	}));
	EXPECT_LE(0, first);
	close(first);
	EXPECT_EQ(103, as_user(UID_A, -1, exit_with_writes(self->vm)));
	EXPECT_EQ(129, as_user(0, CAP_SYS_PTRACE, {
		for (int n = 0; n < 129; n++)
			if (open(DBGPORT_DEVICE, O_RDONLY) < 0)
				_exit(1);
		_exit(129);
	}));
}

TEST_HARNESS_MAIN
